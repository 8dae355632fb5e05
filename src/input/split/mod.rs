//! Several invoices in one file of pages: where one ends and the next begins.
//!
//! A scanner with a feeder makes one file of a morning's mail. A page begins an invoice if the one before is complete (its
//! number and its total have been seen) and the page brings a number of its own under a title, with a date or high up, and a
//! total follows; or if its page numbers begin anew. Everything else (terms, lists, carried sums, copies) belongs to the invoice
//! before it: an invoice that is torn apart is worse than two that a person has to part. Interface: pages in, ranges out.

mod marks;

use std::ops::Range;

use super::{Context, recognise};
use crate::model::{Document, Ocr, Page, PageCode, Warning};
use marks::Marks;

/// The documents that pages make: one, or one for each invoice, whose id names its pages.
pub(super) fn documents(
    pages: Vec<Page>,
    warnings: &[Warning],
    codes: &[PageCode],
    context: &mut Context<'_>,
) -> Vec<Document> {
    let marks: Vec<Marks> = match &pages[..] {
        // Most files are one page, which belongs to itself.
        [] | [_] => Vec::new(),
        pages => pages.iter().map(Marks::of).collect(),
    };
    let ranges = ranges(pages.len(), &marks);
    let mut pages = pages.into_iter();
    let mut documents = Vec::new();
    for range in &ranges {
        let pages: Vec<Page> = pages.by_ref().take(range.len()).collect();
        let numbers: Vec<u32> = pages.iter().map(|page| page.n).collect();
        let mut document = Document::new(context.id.clone());
        if let ([first, .., last] | [first @ last], true) = (&numbers[..], ranges.len() > 1) {
            document.id = context.id.part(&format!("#p{first}-{last}"));
            document.source.parent_id = Some(context.id.clone());
        }
        let mut warnings: Vec<Warning> = warnings
            .iter()
            .filter(|warning| warning.page.is_none_or(|page| numbers.contains(&page)))
            .cloned()
            .collect();
        warnings.extend(pages.iter().filter_map(marks::several));
        warnings.extend(doubtful(
            marks.get(range.clone()).unwrap_or_default(),
            &numbers,
        ));
        document.source.pages = Some(pages.len() as u32);
        let engine = context.engine.as_deref_mut();
        let codes = codes.iter().filter(|code| numbers.contains(&code.page));
        document.ocr = Some(Ocr {
            codes: codes.cloned().collect(),
            ..recognise::summary(pages, warnings, engine)
        });
        documents.push(document);
    }
    documents
}

/// Which of so many pages belong together, in order; every page is in one range.
fn ranges(pages: usize, marks: &[Marks]) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    for at in 1..marks.len() {
        let before = &marks[starts.last().copied().unwrap_or(0)..at];
        if begins(before, &marks[at..]) {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([pages]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(a, b)| a..b)
        .collect()
}

/// Tells whether the first of the pages from here on begins an invoice; `before` are those of the invoice so far.
fn begins(before: &[Marks], here: &[Marks]) -> bool {
    let (Some(page), Some(last)) = (here.first(), before.last()) else {
        return false;
    };
    let complete = before.iter().any(|page| page.total) && !last.carries_on;
    if !complete || page.counted.is_some_and(|(k, _)| k > 1) {
        return false;
    }
    let known = |number: &String| {
        let mut numbers = before.iter().flat_map(|page| &page.numbers);
        numbers.any(|other| same(number, other))
    };
    if page.numbers.iter().any(known) {
        return false;
    }
    let told = before
        .iter()
        .any(|page| !page.numbers.is_empty() || (page.title && page.date && page.total));
    let own = told && !page.numbers.is_empty() && !page.list;
    let headed = page.title || page.date || (page.high && !page.other);
    if own && headed && total_follows(here) {
        return true;
    }
    // The number may be unread, but page numbers that begin anew above a title and a total are no list of terms.
    let ended = last.counted.is_some_and(|(k, n)| n == Some(k));
    let anew = page.counted.is_some_and(|(k, n)| k == 1 && n.is_some());
    page.numbers.is_empty() && ended && anew && page.title && page.date && page.total
}

/// Warns of a page that looks like an invoice of its own, though nothing told for certain that it begins one.
fn doubtful(marks: &[Marks], numbers: &[u32]) -> Option<Warning> {
    let mut later = (1..marks.len()).filter(|at| {
        let page = &marks[*at];
        let known = |number: &String| {
            let mut before = marks[..*at].iter().flat_map(|page| &page.numbers);
            before.any(|other| same(number, other))
        };
        let whole = page.title && page.date && page.total && !page.other;
        whole && page.counted.is_none_or(|(k, _)| k == 1) && !page.numbers.iter().any(known)
    });
    let page = later.next().and_then(|at| numbers.get(at)).copied()?;
    Some(Warning {
        code: "SEVERAL_INVOICES".to_owned(),
        message: "the page may be an invoice of its own; it was read as part of the one before it"
            .to_owned(),
        page: Some(page),
    })
}

/// Tells whether two numbers are one: a prefix may be printed on one page and left out on another.
fn same(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    a == b || (2 * short.len() >= long.len() && short.len() > 3 && long.ends_with(short))
}

/// Tells whether a total comes before another number does.
fn total_follows(pages: &[Marks]) -> bool {
    let first = &pages[0];
    let goes_on = |page: &&Marks| {
        let mut numbers = page.numbers.iter();
        page.numbers.is_empty() || numbers.any(|number| first.numbers.contains(number))
    };
    (pages.iter().take_while(goes_on)).any(|page| page.total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::page;

    /// Pages of typewritten text.
    fn typed(texts: &[&str]) -> Vec<Page> {
        let pages = (1..).zip(texts);
        pages
            .map(|(n, text)| Page {
                n,
                ..page::typed(text)
            })
            .collect()
    }

    const ONE: &str = "Brightwater Ltd\nInvoice\nInvoice No. BW-10318\nInvoice date 12.01.2026\nCopier paper 99.00\nTotal EUR 121.77";
    const TWO: &str = "Brightwater Ltd\nInvoice\nInvoice No. BW-10319\nInvoice date 13.01.2026\nToner 149.80\nTotal EUR 184.25";
    const FIRST: &str = "Rechnung\nRechnungsnummer: 4711\nRechnungsdatum: 02.01.2026\nSeite 1 von 2\nPumpe 100,00\nÜbertrag 100,00";
    const LAST: &str = "Rechnungsnummer: 4711\nSeite 2 von 2\nÜbertrag 100,00\nVentil 50,00\nGesamtbetrag 178,50 EUR";
    const TERMS: &str = "Terms and conditions\nPage 1 of 2\nPayment within 30 days of the invoice. The total of each invoice is due.";

    #[test]
    fn invoices_part_where_one_is_complete_and_another_begins() {
        let other = FIRST.replace("4711", "4712");
        let unread = TWO.replace("Invoice No. BW-10319", "Page 1 of 1");
        let counted = format!("{ONE}\nPage 1 of 1");
        for (texts, expected) in [
            (&[ONE][..], &[1][..]),
            (&[ONE, TWO], &[1, 1]),
            (&[ONE, TWO, FIRST, LAST], &[1, 1, 2]),
            (&[FIRST, LAST, ONE], &[2, 1]),
            (&[&counted, &unread], &[1, 1]),
            // One invoice, however its pages look.
            (&[FIRST, LAST], &[2]),
            (&[ONE, ONE], &[2]),
            (&[ONE, TERMS, TERMS], &[3]),
            (&[TERMS, ONE], &[2]),
            (&[&other, LAST], &[2]),
            (&[ONE, "Timesheet\nMon 8.00\nTotal 8.00"], &[2]),
            (
                &[ONE, "Delivery note 88\nInvoice No. 77\nTotal 13.00"],
                &[2],
            ),
            (&[ONE, "Your order No. 77\nTotal 13.00"], &[2]),
            (&[ONE, &ONE.replace("BW-10318", "10318")], &[2]),
        ] {
            let marks: Vec<Marks> = typed(texts).iter().map(Marks::of).collect();
            let ranges = ranges(marks.len(), &marks);
            let pages: Vec<usize> = ranges.iter().map(ExactSizeIterator::len).collect();
            assert_eq!(pages, expected, "{texts:?}");
        }
    }

    #[test]
    fn a_list_of_invoices_is_no_invoice() {
        let list = "Statement\nInvoice No. 1 Invoice No. 2\n12.01.2026 10.00\nTotal 10.00";
        let marks: Vec<Marks> = typed(&[ONE, list]).iter().map(Marks::of).collect();
        assert_eq!(ranges(2, &marks).len(), 1);
    }

    #[test]
    fn what_is_not_certain_is_told() {
        let unread = TWO.replace("Invoice No. BW-10319", "");
        for (texts, page) in [
            ([ONE, &unread], Some(2)),
            ([ONE, ONE], None),
            ([ONE, TERMS], None),
        ] {
            let marks: Vec<Marks> = typed(&texts).iter().map(Marks::of).collect();
            assert_eq!(ranges(2, &marks).len(), 1, "{texts:?}");
            let told = doubtful(&marks, &[1, 2]).and_then(|warning| warning.page);
            assert_eq!(told, page, "{texts:?}");
        }
    }

    #[test]
    fn receipts_beside_each_other_are_told() {
        let line = |left: &str, right: &str| format!("{left:<30}{right}\n");
        let two: String = [
            line("SHOP ONE", "SHOP TWO"),
            line("12.01.2026", "13.01.2026"),
            line("Milk 1.20", "Bread 2.40"),
            line("Total 1.20", "Total 2.40"),
        ]
        .concat();
        let one = "SHOP ONE\nMilk 1.20\nTotal 1.20\nVAT 7%   Total 1.20";
        let code = |text: &str| marks::several(&page::typed(text)).map(|warning| warning.code);
        assert_eq!(code(&two).as_deref(), Some("SEVERAL_INVOICES"));
        assert_eq!(code(one), None);
        assert_eq!(code(ONE), None);
        assert_eq!(
            code(&format!("{ONE}\n\n\n{TWO}")).as_deref(),
            Some("SEVERAL_INVOICES")
        );
    }
}
