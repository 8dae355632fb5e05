//! Values of a structured file into fields of the record, each with the path it came from.
//!
//! A value stands at a place: an element of a tree, and in formats without a tree whatever they are made of (an element of
//! a segment, a cell of a row).

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Element, Tree};
use crate::input::Structured;
use crate::model::{
    Amount, Confidence, Conformance, Date, Decimal, DocId, Document, Evidence, Field, Invoice,
    Method, Ocr, Quantity, Rate, Warning,
};

/// Where a value stands in a file.
pub(in crate::input) trait Place: Copy {
    /// What is asked for the path of a place.
    type File: ?Sized;

    /// The path of the place, as the evidence writes it.
    fn path(self, file: &Self::File) -> String;

    /// The text with white space between words made one space.
    fn text(self) -> String;

    /// The text with its lines kept.
    fn prose(self) -> String {
        self.text()
    }
}

impl<'t> Place for Element<'t> {
    type File = Tree<'t>;

    fn path(self, file: &Tree<'t>) -> String {
        file.path(self)
    }

    fn text(self) -> String {
        Element::text(self)
    }

    fn prose(self) -> String {
        Element::prose(self)
    }
}

/// Takes values out of one file and remembers where each was.
pub(in crate::input) struct Fields<'t, P: Place = Element<'t>> {
    file: &'t P::File,
    /// The document's currency, which amounts are written in.
    currency: Option<String>,
    /// Where in the record the values go: empty, or `line_items[0]`.
    scope: String,
    evidence: BTreeMap<String, Evidence>,
    warnings: Vec<Warning>,
}

/// A structured invoice with what its reader noticed.
pub(in crate::input) struct Reading {
    /// The invoice and its evidence.
    pub(in crate::input) structured: Structured,
    /// Values that stand in the file and could not be understood.
    pub(in crate::input) warnings: Vec<Warning>,
    /// How the file keeps the rules of the profile it declares.
    pub(in crate::input) conformance: Option<Conformance>,
}

impl Reading {
    /// The document it makes of an XML file.
    pub(in crate::input) fn into_document(self, id: &DocId) -> Document {
        self.into_document_of(id, "application/xml", "xml")
    }

    /// The document it makes of a file of this media type, read by this engine.
    pub(in crate::input) fn into_document_of(
        self,
        id: &DocId,
        media_type: &str,
        engine: &str,
    ) -> Document {
        let mut document = Document::new(id.clone());
        document.source.media_type = Some(media_type.to_owned());
        document.ocr = Some(Ocr {
            engine: Some(engine.to_owned()),
            warnings: self.warnings,
            conformance: self.conformance,
            ..Ocr::default()
        });
        document.invoice = Some(self.structured.invoice);
        document.evidence = self.structured.evidence;
        document
    }
}

impl<'t, P: Place> Fields<'t, P> {
    /// Starts on a file whose amounts are in this currency.
    pub(in crate::input) fn new(file: &'t P::File, currency: Option<String>) -> Self {
        Self {
            file,
            currency,
            scope: String::new(),
            evidence: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    /// The document's currency.
    pub(in crate::input) fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }

    /// Ends the work.
    pub(in crate::input) fn finish(self, invoice: Invoice) -> Reading {
        Reading {
            structured: Structured {
                invoice,
                evidence: self.evidence,
            },
            warnings: self.warnings,
            conformance: None,
        }
    }

    /// Works inside a part of the record, such as `line_items[0]`.
    pub(in crate::input) fn within<T>(
        &mut self,
        part: &str,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let length = self.scope.len();
        self.scope = self.key(part);
        let result = work(self);
        self.scope.truncate(length);
        result
    }

    /// One entry of a list for each element.
    pub(in crate::input) fn list<T>(
        &mut self,
        part: &str,
        elements: Vec<P>,
        mut entry: impl FnMut(&mut Self, P) -> T,
    ) -> Vec<T> {
        let mut entries = Vec::with_capacity(elements.len());
        for (index, element) in elements.into_iter().enumerate() {
            entries.push(self.within(&format!("{part}[{index}]"), |f| entry(f, element)));
        }
        entries
    }

    fn key(&self, field: &str) -> String {
        match self.scope.as_str() {
            "" => field.to_owned(),
            scope => format!("{scope}.{field}"),
        }
    }

    /// Remembers that a field was read from an element.
    pub(in crate::input) fn read_from(&mut self, field: &str, element: P) {
        let path = element.path(self.file);
        self.note(field, path, Method::Xml);
    }

    /// Remembers that a field was computed; the text names the operands.
    pub(in crate::input) fn computed(&mut self, field: &str, operands: String) {
        self.note(field, operands, Method::Solver);
    }

    fn note(&mut self, field: &str, text: String, method: Method) {
        let evidence = Evidence {
            text: Some(text),
            method: Some(method),
            confidence: Some(Confidence(1.0)),
            ..Evidence::default()
        };
        self.evidence.insert(self.key(field), evidence);
    }

    /// The same evidence for a field that repeats another of the same part.
    pub(in crate::input) fn repeats(&mut self, field: &str, of: &str) {
        if let Some(evidence) = self.evidence.get(&self.key(of)).cloned() {
            self.evidence.insert(self.key(field), evidence);
        }
    }

    /// The path an element has, to name operands by.
    pub(in crate::input) fn path(&self, element: P) -> String {
        element.path(self.file)
    }

    /// Says that an element stands there whose value could not be understood.
    fn unreadable(&mut self, element: P, what: &str) {
        let path = element.path(self.file);
        self.warn("UNREADABLE_VALUE", format!("`{path}` is not {what}"));
    }

    /// Notes something for people.
    pub(in crate::input) fn warn(&mut self, code: &str, message: String) {
        self.warnings.push(Warning {
            code: code.to_owned(),
            message,
            page: None,
        });
    }

    /// A text on one line.
    pub(in crate::input) fn text(&mut self, field: &str, element: Option<P>) -> Field<String> {
        self.worded(field, element, P::text)
    }

    /// A text with its lines.
    pub(in crate::input) fn prose(&mut self, field: &str, element: Option<P>) -> Field<String> {
        self.worded(field, element, P::prose)
    }

    fn worded(&mut self, field: &str, element: Option<P>, words: fn(P) -> String) -> Field<String> {
        let Some(element) = element else {
            return Field::Null;
        };
        let text = words(element);
        if text.is_empty() {
            return Field::Null;
        }
        self.read_from(field, element);
        Field::Value(text)
    }

    /// A text in several elements, such as first name and surname, with something between them.
    pub(in crate::input) fn joined(
        &mut self,
        field: &str,
        elements: &[Option<P>],
        between: &str,
    ) -> Field<String> {
        let said: Vec<P> = elements
            .iter()
            .flatten()
            .copied()
            .filter(|element| !element.text().is_empty())
            .collect();
        if said.is_empty() {
            return Field::Null;
        }
        let places: Vec<String> = said.iter().map(|element| self.path(*element)).collect();
        self.note(field, places.join(" + "), Method::Xml);
        let texts: Vec<String> = said.into_iter().map(P::text).collect();
        Field::Value(texts.join(between))
    }

    /// A code that stands for one of another list; one without a counterpart is no value.
    pub(in crate::input) fn code(
        &mut self,
        field: &str,
        element: Option<P>,
        list: &[(&str, &str)],
    ) -> Field<String> {
        let text = element.map(P::text).unwrap_or_default();
        let counterpart = list.iter().find(|(code, _)| *code == text);
        let (Some(element), Some((_, meaning))) = (element, counterpart) else {
            return Field::Null;
        };
        self.read_from(field, element);
        Field::Value((*meaning).to_owned())
    }

    /// All texts of a list field that say something.
    pub(in crate::input) fn texts(&mut self, field: &str, elements: Vec<P>) -> Vec<String> {
        let mut texts = Vec::new();
        for element in elements {
            let text = element.prose();
            if !text.is_empty() {
                self.read_from(&format!("{field}[{}]", texts.len()), element);
                texts.push(text);
            }
        }
        texts
    }

    /// An amount in the document's currency.
    pub(in crate::input) fn amount(&mut self, field: &str, element: Option<P>) -> Field<Amount> {
        let amount: Field<Amount> = self.parsed(field, element, "an amount", decimal);
        self.in_currency(amount)
    }

    /// An amount that was computed; the text names the operands.
    pub(in crate::input) fn sum(
        &mut self,
        field: &str,
        amount: Amount,
        operands: String,
    ) -> Field<Amount> {
        self.computed(field, operands);
        self.in_currency(Field::Value(amount))
    }

    /// The sum of amounts: a single one is read, several are added up and named.
    pub(in crate::input) fn add_up(&mut self, field: &str, amounts: &[P]) -> Field<Amount> {
        if let [] | [_] = amounts {
            return self.amount(field, amounts.first().copied());
        }
        let mut sum = Decimal::ZERO;
        let mut operands = Vec::with_capacity(amounts.len());
        for amount in amounts {
            let value = decimal::<Amount>(&amount.text());
            let Some(more) = value.and_then(|value| sum.checked_add(value.decimal())) else {
                self.unreadable(*amount, "an amount that can be added up");
                return Field::Null;
            };
            sum = more;
            operands.push(self.path(*amount));
        }
        self.sum(field, Amount(sum), operands.join(" + "))
    }

    fn in_currency(&self, amount: Field<Amount>) -> Field<Amount> {
        match amount {
            Field::Value(amount) => Field::Value(amount.in_currency(self.currency.as_deref())),
            other => other,
        }
    }

    /// A quantity or a price.
    pub(in crate::input) fn quantity(
        &mut self,
        field: &str,
        element: Option<P>,
    ) -> Field<Quantity> {
        self.parsed(field, element, "a decimal", decimal)
    }

    /// A percentage.
    pub(in crate::input) fn rate(&mut self, field: &str, element: Option<P>) -> Field<Rate> {
        self.parsed(field, element, "a percentage", |text| {
            let rate: Rate = decimal(text.trim_end_matches('%').trim_end())?;
            Some(Rate(rate.decimal().normalize()))
        })
    }

    /// A date: `2026-01-15`, also with a time or a zone behind it, or `20260115`.
    pub(in crate::input) fn date(&mut self, field: &str, element: Option<P>) -> Field<Date> {
        self.parsed(field, element, "a date", date)
    }

    /// A value that has to be understood first.
    pub(in crate::input) fn parsed<T>(
        &mut self,
        field: &str,
        element: Option<P>,
        what: &str,
        parse: fn(&str) -> Option<T>,
    ) -> Field<T> {
        let Some(element) = element else {
            return Field::Null;
        };
        let text = element.text();
        if text.is_empty() {
            return Field::Null;
        }
        let value = parse(&text);
        match value {
            Some(_) => self.read_from(field, element),
            None => self.unreadable(element, what),
        }
        Field::found(value)
    }
}

/// A number as XML Schema writes decimals (a leading plus and a bare point are allowed there).
pub(in crate::input) fn decimal<T: FromStr>(text: &str) -> Option<T> {
    let text = text.strip_prefix('+').unwrap_or(text);
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.')) {
        return None;
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    match text.split_once('.') {
        Some((whole @ ("" | "-"), fraction)) => format!("{whole}0.{fraction}").parse().ok(),
        _ => text.parse().ok(),
    }
}

/// A date as XML Schema or UN/EDIFACT writes it.
pub(in crate::input) fn date(text: &str) -> Option<Date> {
    if text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8])
            .parse()
            .ok();
    }
    let day = text.get(..10)?;
    let rest = &text[10..];
    if rest.is_empty() || rest.starts_with(['T', ' ', 'Z', '+', '-']) {
        day.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
