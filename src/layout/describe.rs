//! What the record says of the pages besides their text: tables, and pairs of label and value.
//!
//! It is for whoever reads the record; nothing is extracted from it. A table whose header is repeated on the next page
//! is one table.

use super::{Sheet, pairs, region};
use crate::lang::fold;
use crate::model::{Ocr, Table, TablePart};

/// Fills tables and pairs from the words of the pages.
pub fn describe(ocr: &mut Ocr) {
    let mut tables: Vec<Table> = Vec::new();
    let mut found = Vec::new();
    for page in &ocr.pages {
        if page.words.is_empty() {
            continue;
        }
        let sheet = Sheet::new(page);
        let regions = region::regions(&sheet);
        let inside = regions
            .iter()
            .map(|region| region.lines.clone())
            .collect::<Vec<_>>();
        for (place, region) in regions.into_iter().enumerate() {
            join(&mut tables, region.table, place == 0);
        }
        found.extend(pairs::pairs(&sheet, &inside));
    }
    ocr.tables = tables;
    ocr.key_values = found;
}

/// Adds a table; the first of a page goes on with the last of the page before if both have the same header.
fn join(tables: &mut Vec<Table>, table: Table, first: bool) {
    if let Some(last) = tables.last_mut().filter(|last| {
        let ends = last.continued.last().map_or(last.page, |part| part.page);
        first && ends + 1 == table.page && same_header(&last.header, &table.header)
    }) {
        let rows = u32::try_from(last.rows.len()).unwrap_or(u32::MAX);
        let carried = table.carried_forward.iter();
        last.carried_forward
            .extend(carried.map(|row| row.saturating_add(rows)));
        last.rows.extend(table.rows);
        last.continued.push(TablePart {
            page: table.page,
            bbox: table.bbox,
        });
    } else {
        tables.push(table);
    }
}

fn same_header(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| fold(a) == fold(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::page;
    use crate::model::Relation;

    fn described(pages: &[&[&str]]) -> Ocr {
        let mut ocr = Ocr::default();
        for (n, rows) in (1..).zip(pages) {
            let mut page = page(rows);
            page.n = n;
            ocr.pages.push(page);
        }
        describe(&mut ocr);
        ocr
    }

    #[test]
    fn a_table_has_a_header_and_a_cell_for_each_column() {
        let ocr = described(&[&[
            "Invoice 4711",
            "",
            "",
            "Description           Qty     Price      Total",
            "Exchange 2010 licence   2      3.89       7.78",
            "Second article         10     13.89     138.90",
            "in blue",
            "Subtotal                                146.68",
            "",
            "Thank you for your order",
        ]]);
        assert_eq!(ocr.tables.len(), 1, "{:?}", ocr.tables);
        let table = &ocr.tables[0];
        assert_eq!(table.header, ["Description", "Qty", "Price", "Total"]);
        assert_eq!(
            table.rows,
            [
                ["Exchange 2010 licence", "2", "3.89", "7.78"],
                ["Second article in blue", "10", "13.89", "138.90"],
            ]
        );
        assert!(table.bbox.is_some() && table.carried_forward.is_empty());
    }

    #[test]
    fn a_repeated_header_goes_on_with_the_table_and_carried_sums_are_marked() {
        let head = "Description           Qty     Price      Total";
        let ocr = described(&[
            &[
                head,
                "First article           2      3.00       6.00",
                "Carried forward                           6.00",
            ],
            &[
                head,
                "Carried forward                           6.00",
                "Second article          1      4.00       4.00",
            ],
        ]);
        assert_eq!(ocr.tables.len(), 1, "{:?}", ocr.tables);
        let table = &ocr.tables[0];
        assert_eq!(table.rows.len(), 4);
        assert_eq!(table.carried_forward, [1, 2]);
        assert_eq!((table.page, table.continued[0].page), (1, 2));
        // Another header is another table.
        let other = described(&[
            &[head, "First article           2      3.00       6.00"],
            &["Rate        Base       Tax", "19 %        6.00      1.14"],
        ]);
        assert_eq!(other.tables.len(), 2);
    }

    #[test]
    fn labels_known_or_with_a_colon_have_a_value_beside_or_below() {
        let ocr = described(&[&[
            "Invoice number: 4711          Zweck:      Test run",
            "",
            "",
            "Order number",
            "PO-17",
            "",
            "",
            "Nothing here is a label",
        ]]);
        let shown: Vec<(&str, &str, Option<Relation>)> = ocr
            .key_values
            .iter()
            .map(|pair| (pair.key.as_str(), pair.value.as_str(), pair.relation))
            .collect();
        assert_eq!(
            shown,
            [
                ("Invoice number", "4711", Some(Relation::Same)),
                ("Zweck", "Test run", Some(Relation::Left)),
                ("Order number", "PO-17", Some(Relation::Above)),
            ]
        );
    }
}
