//! The visible page against the XML inside the same PDF.
//!
//! `extract` lays what it reads on the page beside the XML's values. A page contradicts the XML where that reading is
//! confident and the XML's own value stands nowhere on the pages, in none of the ways it may be spelled: pages show old
//! balances, sums of rates and other people's accounts as well, and a page read badly contradicts nothing.

use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::lang::{dates, lexicon};
use crate::model::{
    Alternative, Amount, Date, Evidence, Hundredths, Invoice, Method, Severity, compact,
};

pub(super) const MISMATCH: Rule = Rule {
    code: "XML_PRINT_MISMATCH",
    name: "the embedded XML says something else than the page",
    severity: Severity::Error,
    weight: Hundredths(40),
    needs: &[Need::Pages],
    check: print,
    doc: doc!(
        "Whether the visible pages of an e-invoice in a PDF contradict its XML in number, issue date, VAT id of the vendor, currency, total, amount \
         due or IBAN: the page is read with confidence as something else (0.80 and more), and the XML's value stands nowhere on the pages, however \
         spelled. Number and total that the pages neither show nor contradict are noted.",
        "The page is what people approve, the XML is what is booked; by law the two are one invoice.",
        "The XML says 1,190.00, the page says 119.00.",
        "Ask the vendor which of the two is right; do not pay before."
    ),
};

const SUGGESTION: &str = "Ask the vendor which of the two is right";

/// A page that is read with less confidence contradicts nothing.
const CONFIDENT: f64 = 0.8;

/// Fewer letters and digits than this are no page to compare with.
const SHORTEST: usize = 20;

/// A compared field, and whether the pages show its value.
struct Compared {
    field: &'static str,
    /// The XML's value, as people read it; `None` where it says nothing, or nothing that pages would show.
    value: fn(&Context<'_>) -> Option<String>,
    shown: fn(&Context<'_>, &Pages) -> bool,
    /// Whether the page's reading is another of the XML's values, taken for this one.
    other: fn(&Invoice, &str) -> bool,
    /// Every page of an invoice shows it, so that its absence is worth a note.
    expected: bool,
}

const COMPARED: &[Compared] = &[
    Compared {
        field: "invoice_number",
        value: |context| context.invoice.invoice_number.text().map(str::to_owned),
        shown: |context, pages| {
            let number = context.invoice.invoice_number.text().unwrap_or_default();
            pages.compact.contains(&compact(number))
        },
        other: |_, _| false,
        expected: true,
    },
    Compared {
        field: "invoice_date",
        value: |context| {
            context
                .invoice
                .invoice_date
                .get()
                .map(|date| date.to_string())
        },
        shown: |context, pages| {
            let date = context.invoice.invoice_date.get();
            date.is_none_or(|date| pages.dates.contains(&date))
        },
        other: |invoice, printed| {
            [
                &invoice.due_date,
                &invoice.delivery_date,
                &invoice.tax_point_date,
                &invoice.period_start,
                &invoice.period_end,
            ]
            .iter()
            .any(|date| date.get().is_some_and(|date| date.to_string() == printed))
        },
        expected: false,
    },
    Compared {
        field: "vendor_vat",
        value: |context| context.invoice.vendor_vat.text().map(str::to_owned),
        shown: |context, pages| {
            let id = compact(context.invoice.vendor_vat.text().unwrap_or_default());
            // Pages print the id with or without its country.
            let bare = id.get(2..).filter(|bare| bare.len() >= 7);
            pages.compact.contains(&id) || bare.is_some_and(|bare| pages.compact.contains(bare))
        },
        other: |invoice, printed| {
            let represented = invoice.tax_representative.value();
            let others = [
                invoice.buyer_vat.text(),
                invoice.vendor_tax_number.text(),
                represented.and_then(|party| party.vat.text()),
            ];
            others
                .iter()
                .flatten()
                .any(|id| compact(id) == compact(printed))
        },
        expected: false,
    },
    Compared {
        field: "currency",
        value: |context| context.invoice.currency.text().map(str::to_owned),
        shown: |context, pages| {
            let currency = context.invoice.currency.text().unwrap_or_default();
            pages.currencies.contains(currency)
        },
        other: |invoice, printed| invoice.vat_currency.text() == Some(printed),
        expected: false,
    },
    Compared {
        field: "total",
        value: |context| money(context, context.invoice.total.get()),
        shown: |context, pages| pages.show(context, context.invoice.total.get()),
        other: |_, _| false,
        expected: true,
    },
    Compared {
        field: "amount_due",
        value: |context| money(context, context.invoice.amount_due.get()),
        shown: |context, pages| pages.show(context, context.invoice.amount_due.get()),
        other: |_, _| false,
        expected: false,
    },
    Compared {
        field: "iban",
        value: |context| context.ibans().first().map(|(_, iban)| iban.clone()),
        shown: |context, pages| {
            let accounts = context.ibans();
            accounts
                .iter()
                .any(|(_, iban)| pages.compact.contains(iban))
        },
        other: |invoice, printed| {
            let payment = invoice.payment.value();
            let debited = payment.and_then(|payment| payment.debited_account.text());
            debited.is_some_and(|debited| compact(debited) == compact(printed))
        },
        expected: false,
    },
];

/// An amount as people read it; a zero due is often not printed at all.
fn money(context: &Context<'_>, amount: Option<Amount>) -> Option<String> {
    let amount = amount?.decimal();
    (!amount.is_zero()).then(|| context.money(amount))
}

fn print(context: &Context<'_>, findings: &mut Findings<'_>) {
    if !context.structured() {
        findings.skip("the invoice was read from the page itself");
        return;
    }
    let pages = Pages::of(context);
    if pages.compact.len() < SHORTEST {
        findings.skip("the pages have no text to compare the XML with");
        return;
    }
    for compared in COMPARED {
        let evidence = context.document.evidence.get(compared.field);
        let from_xml = evidence.filter(|evidence| evidence.method == Some(Method::Xml));
        let (Some(value), Some(evidence)) = ((compared.value)(context), from_xml) else {
            continue;
        };
        if (compared.shown)(context, &pages) {
            continue;
        }
        if let Some(printed) = printed(evidence)
            && !(compared.other)(context.invoice, &printed.value)
        {
            findings.add(contradiction(compared.field, &value, evidence, printed));
        } else if compared.expected {
            let field = compared.field;
            let name = field.replace('_', " ");
            let draft = Draft::new(format!("The {name} {value} of the XML is not on the pages"));
            let draft = draft.field(field).suggest("Look at the page image");
            findings.grade(draft, Severity::Info);
        }
    }
}

/// What the page is confidently read as instead.
fn printed(evidence: &Evidence) -> Option<&Alternative> {
    evidence.alternatives.iter().find(|reading| {
        matches!(reading.method, Some(Method::PdfText | Method::Ocr))
            && reading.confidence.is_some_and(|it| it.0 >= CONFIDENT)
    })
}

fn contradiction(field: &str, value: &str, evidence: &Evidence, printed: &Alternative) -> Draft {
    let element = evidence.text.as_deref().unwrap_or("the XML");
    let page = printed
        .page
        .map_or(String::new(), |page| format!(" {page}"));
    let place = printed.bbox.map_or(String::new(), |bbox| {
        let edges = bbox.rounded().map(|edge| edge.to_string());
        format!(" at [{}]", edges.join(","))
    });
    let name = field.replace('_', " ");
    let message = format!(
        "The {name} is {value} in the XML ({element}) and {} on page{page}{place}",
        printed.value
    );
    let draft = Draft::new(message).field(field);
    draft
        .compare(value, printed.value.clone())
        .suggest(SUGGESTION)
}

/// What stands on the pages, in the forms in which it is looked for.
struct Pages {
    /// Letters and digits only.
    compact: String,
    /// Every reading of every date.
    dates: Vec<Date>,
    /// Every currency that a word or sign may stand for.
    currencies: std::collections::BTreeSet<&'static str>,
    /// See [`amounts`].
    amounts: std::collections::BTreeSet<String>,
}

impl Pages {
    fn of(context: &Context<'_>) -> Self {
        let pages = context.document.ocr.iter().flat_map(|ocr| &ocr.pages);
        let texts = pages.filter_map(|page| page.text.as_deref());
        let text = texts.collect::<Vec<_>>().join("\n");
        let mut days = Vec::new();
        let mut currencies = std::collections::BTreeSet::new();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let found = dates::find(&words).into_iter();
            days.extend(found.flat_map(|date| date.readings.into_iter().map(|(day, _)| day)));
            days.extend(words.iter().filter_map(|word| dates::compact(word)));
            for word in words {
                let sign = word.trim_matches(|c: char| !c.is_alphabetic() && !is_sign(c));
                let runs =
                    word.split(|c: char| c.is_numeric() || c.is_ascii_punctuation() && c != '$');
                for part in runs.chain([word, sign]) {
                    currencies.extend(lexicon().currencies(part));
                }
            }
        }
        Self {
            compact: compact(&text),
            dates: days,
            currencies,
            amounts: amounts(&text),
        }
    }

    /// Tells whether an amount stands on the pages, with whatever marks and sign.
    fn show(&self, context: &Context<'_>, amount: Option<Amount>) -> bool {
        amount.is_none_or(|amount| {
            let amount = context.money(amount.decimal().abs());
            self.amounts.contains(&digits(&amount))
        })
    }
}

fn is_sign(letter: char) -> bool {
    matches!(
        letter,
        '$' | '€' | '£' | '¥' | '₹' | '₺' | '₽' | '₴' | '₪' | '₩'
    )
}

/// The numbers of a page as digits only, with the decimals they were printed with: both `1.190,00` and `1,190.00` are `119000`.
///
/// Thousands may be set apart by spaces, so each number also joins with those before it on its line.
fn amounts(text: &str) -> std::collections::BTreeSet<String> {
    let mut found = std::collections::BTreeSet::new();
    for line in text.lines() {
        let words: Vec<String> = line
            .split(|letter: char| {
                letter.is_whitespace() || letter.is_alphabetic() || "€$£*:()".contains(letter)
            })
            .map(|word| word.chars().filter(char::is_ascii_digit).collect())
            .filter(|word: &String| !word.is_empty())
            .collect();
        for first in 0..words.len() {
            let mut joined = String::new();
            for word in words.iter().skip(first).take(4) {
                joined.push_str(word);
                found.insert(joined.trim_start_matches('0').to_owned());
                found.insert(format!("{}00", joined.trim_start_matches('0')));
            }
        }
    }
    found
}

/// An amount as [`amounts`] holds it.
fn digits(amount: &str) -> String {
    let digits: String = amount.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::{Document, Finding, Past, Policy};

    /// What the rule finds in an invoice of 2 February over 1,190.00 EUR where the page has this text and is read like that.
    fn found(text: &str, field: &str, read: &str, confidence: f64) -> Vec<Finding> {
        let xml = |path: &str| json!({"method": "xml", "text": path, "confidence": 1});
        let mut document = json!({
            "schema": "vouch/1", "id": "d1", "status": "processing",
            "ocr": {"pages": [{"n": 1, "width": 595, "height": 842, "text": text}]},
            "evidence": {
                "invoice_number": xml("/a/ID"), "invoice_date": xml("/a/Date"), "vendor_vat": xml("/a/Vat"),
                "currency": xml("/a/Currency"), "total": xml("/a/Total"), "amount_due": xml("/a/Due"), "iban": xml("/a/IBAN"),
            },
            "invoice": {
                "invoice_number": "RE-2026/001", "invoice_date": "2026-02-02", "due_date": "2026-03-04", "vendor_vat": "DE136695976",
                "currency": "EUR", "total": 1190.00, "amount_due": 1190.00, "iban": "DE89370400440532013000", "buyer_vat": "NL009291477B01"
            }
        });
        document["evidence"][field]["alternatives"] = json!([
            {"value": read, "page": 1, "bbox": [10, 20, 30.5, 40], "method": "pdf_text", "confidence": confidence}
        ]);
        let value: Value = document;
        let document: Document = serde_json::from_value(value).expect("a record");
        let validation = super::super::stage::run(&document, &Past::default(), &Policy::default());
        let all = validation.errors.into_iter().chain(validation.notes);
        all.filter(|finding| finding.code == "XML_PRINT_MISMATCH")
            .collect()
    }

    const PAGE: &str = "Example GmbH USt-IdNr. DE 136 695 976\nRechnung RE-2026/001 vom 2. Februar 2026\nSumme 1.190,00 €\n\
        IBAN DE89 3704 0044 0532 0130 00";

    #[test]
    fn a_page_contradicts_only_where_the_value_stands_nowhere() {
        for (from, to, field, read, confidence, errors) in [
            // The value stands there, however spelled, whatever the reading.
            ("", "", "total", "119.00", 0.99, 0),
            ("1.190,00 €", "EUR 1190.00", "total", "119.00", 0.99, 0),
            ("1.190,00 €", "1 190,00 €", "total", "119.00", 0.99, 0),
            (
                "2. Februar 2026",
                "02/02/2026",
                "invoice_date",
                "2026-02-12",
                0.99,
                0,
            ),
            (
                "2. Februar 2026",
                "20260202",
                "invoice_date",
                "2026-02-12",
                0.99,
                0,
            ),
            (
                "DE 136 695 976",
                "136695976",
                "vendor_vat",
                "DE999999999",
                0.99,
                0,
            ),
            // It does not, and the page is read with confidence.
            ("1.190,00", "119,00", "total", "119.00", 0.99, 1),
            (
                "RE-2026/001",
                "RE-2026/002",
                "invoice_number",
                "RE-2026/002",
                0.9,
                1,
            ),
            (
                "2. Februar",
                "12. Februar",
                "invoice_date",
                "2026-02-12",
                0.9,
                1,
            ),
            (
                "DE 136 695 976",
                "DE 129 273 398",
                "vendor_vat",
                "DE129273398",
                0.9,
                1,
            ),
            ("€", "CHF", "currency", "CHF", 0.9, 1),
            (
                "DE89 3704 0044 0532 0130 00",
                "DE02 1203 0000 0000 2020 51",
                "iban",
                "DE02120300000000202051",
                0.9,
                1,
            ),
            // It does not, but the page is read with doubt, or as something else the XML says.
            ("1.190,00", "119,00", "total", "119.00", 0.7, 0),
            (
                "DE 136 695 976",
                "NL009291477B01",
                "vendor_vat",
                "NL009291477B01",
                0.99,
                0,
            ),
            (
                "2. Februar 2026",
                "4. März 2026",
                "invoice_date",
                "2026-03-04",
                0.99,
                0,
            ),
        ] {
            let text = PAGE.replace(from, to);
            let found = found(&text, field, read, confidence);
            let grave = found
                .iter()
                .filter(|it| it.severity == Some(Severity::Error));
            assert_eq!(grave.count(), errors, "{text} {read}");
        }
    }

    #[test]
    fn both_values_and_both_places_are_named() {
        let found = found(&PAGE.replace("1.190,00", "119,00"), "total", "119.00", 0.99);
        let [finding, due @ ..] = found.as_slice() else {
            panic!("nothing found");
        };
        assert_eq!(
            finding.message,
            "The total is 1190.00 in the XML (/a/Total) and 119.00 on page 1 at [10,20,30.5,40]"
        );
        assert_eq!(finding.field.as_deref(), Some("total"));
        assert_eq!(finding.expected.as_deref(), Some("1190.00"));
        assert_eq!(finding.actual.as_deref(), Some("119.00"));
        // The amount due is not on the page either, but nothing else is.
        assert!(due.is_empty());
    }

    #[test]
    fn what_the_pages_neither_show_nor_contradict_is_noted() {
        let found = found(&PAGE.replace("RE-2026/001", ""), "total", "1190.00", 0.99);
        let noted: Vec<_> = found
            .iter()
            .map(|it| (it.field.as_deref(), it.severity))
            .collect();
        assert_eq!(noted, [(Some("invoice_number"), Some(Severity::Info))]);
    }
}
