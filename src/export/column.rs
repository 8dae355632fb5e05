//! Columns as data: a name, and how its cell is filled.

use super::{ExportError, Options};
use crate::model::{Amount, Document};

/// A column of a table.
pub(super) struct Column {
    /// Its name in the header.
    pub(super) name: &'static str,
    /// What stands in it.
    pub(super) cell: fn(&Document) -> Cell,
}

/// What stands in a cell.
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Text of others: neutralised where a spreadsheet would take it for a formula.
    Text(String),
    /// Written by us: an amount, a date, a code. Never neutralised: `-5.00` is a number.
    Plain(String),
}

impl Cell {
    /// Text of others.
    pub(super) fn text(text: Option<&str>) -> Self {
        text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
    }

    /// Something of ours.
    pub(super) fn plain(value: Option<impl ToString>) -> Self {
        value.map_or(Cell::Empty, |value| Cell::Plain(value.to_string()))
    }

    /// An amount with the minor units of the document's currency.
    pub(super) fn amount(document: &Document, amount: Option<Amount>) -> Self {
        let invoice = document.invoice.as_ref();
        let currency = invoice.and_then(|invoice| invoice.currency.text());
        Cell::plain(amount.map(|amount| amount.in_currency(currency)))
    }
}

/// The columns asked for, else those of the table.
pub(super) fn chosen<'a>(
    table: &'a [Column],
    usual: usize,
    options: &Options,
) -> Result<Vec<&'a Column>, ExportError> {
    let Some(names) = &options.columns else {
        return Ok(table.iter().take(usual).collect());
    };
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        let Some(column) = table.iter().find(|column| column.name == name) else {
            let known: Vec<&str> = table.iter().map(|column| column.name).collect();
            return Err(ExportError::UnknownColumn {
                column: name.clone(),
                known: known.join(", "),
            });
        };
        if columns
            .iter()
            .any(|known: &&Column| known.name == column.name)
        {
            return Err(ExportError::Columns);
        }
        columns.push(column);
    }
    if columns.is_empty() {
        return Err(ExportError::Columns);
    }
    Ok(columns)
}
