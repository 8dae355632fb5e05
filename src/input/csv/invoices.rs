//! Rows to invoices.

use std::collections::BTreeMap;

use super::columns::Column;
use super::table::{Datum, Table};
use crate::input::derived;
use crate::input::xml::fields::{Fields, Place as _, Reading};
use crate::lang::lexicon;
use crate::model::{Account, Decimal, Field, Invoice, LineItem, Payment, Quantity, VatBreakdown};

type Cells<'t> = Fields<'t, Datum<'t>>;

/// Words for a credit note, folded, in the languages we read.
const CREDIT_NOTES: &[&str] = &[
    "credit",
    "gutschrift",
    "avoir",
    "abono",
    "rectificativa",
    "credito",
    "creditnota",
    "creditfactuur",
    "koryg",
    "kreditnota",
    "stornorechnung",
];

/// The rows of each invoice, in the order of the file. Rows without a number continue the invoice above if they are lines.
pub(super) fn group(table: &Table) -> Vec<Vec<usize>> {
    let mut invoices: Vec<Vec<usize>> = Vec::new();
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let lines = table.has_lines();
    for row in 0..table.len() {
        let number = table.text(row, Column::InvoiceNumber);
        if number.is_empty() {
            let is_line = lines
                && [Column::Description, Column::ProductCode]
                    .iter()
                    .any(|column| !table.text(row, *column).is_empty());
            match invoices.last_mut() {
                Some(invoice) if is_line => invoice.push(row),
                // A line without an invoice, which a person has to see.
                None if is_line => invoices.push(vec![row]),
                _ => {}
            }
            continue;
        }
        let vendor = match table.text(row, Column::VendorVat) {
            "" => table.text(row, Column::VendorName),
            vat => vat,
        };
        let key = (number.to_owned(), vendor.to_lowercase());
        // Without lines a row is an invoice, also the second of a number.
        if lines && let Some(place) = places.get(&key) {
            invoices[*place].push(row);
            continue;
        }
        places.insert(key, invoices.len());
        invoices.push(vec![row]);
    }
    invoices
}

/// Which columns tell about a line that may tell about either.
pub(super) struct Levels {
    of_lines: Vec<Column>,
}

impl Levels {
    /// A column tells about lines if it varies within an invoice, or is quantity times price wherever both are known; tax
    /// goes with the net amount.
    pub(super) fn of(table: &Table, invoices: &[Vec<usize>]) -> Self {
        let mut of_lines = Vec::new();
        if !table.has_lines() {
            return Self { of_lines };
        }
        let varies = |column: Column| {
            invoices.iter().any(|rows| {
                let mut values = rows.iter().map(|row| table.text(*row, column));
                let first = values.next();
                values.any(|value| Some(value) != first && !value.is_empty())
            })
        };
        let is_product = |column: Column| {
            let mut seen = false;
            let all = (0..table.len()).all(|row| {
                let known = (
                    table.number(row, Column::Quantity),
                    table.number(row, Column::UnitPrice),
                    table.number(row, column),
                );
                let (Some(quantity), Some(price), Some(value)) = known else {
                    return true;
                };
                seen = true;
                let product = quantity.checked_mul(price);
                product.is_some_and(|product| (product - value).abs() <= Decimal::new(1, 2))
            });
            seen && all
        };
        for column in [Column::Net, Column::Gross, Column::Amount] {
            if table.has(column) && (varies(column) || is_product(column)) {
                of_lines.push(column);
            }
        }
        let net = of_lines.contains(&Column::Net);
        if net || !table.has(Column::Net) && varies(Column::Vat) {
            of_lines.push(Column::Vat);
        }
        if varies(Column::VatRate) || !of_lines.is_empty() {
            of_lines.push(Column::VatRate);
        }
        Self { of_lines }
    }

    fn is_of_line(&self, column: Column) -> bool {
        self.of_lines.contains(&column)
    }

    /// The first of the columns that tells about lines, or about invoices.
    fn pick(&self, table: &Table, columns: &[Column], lines: bool) -> Option<Column> {
        let mut all = columns.iter().copied();
        all.find(|column| {
            let neutral = matches!(
                column,
                Column::Net | Column::Vat | Column::Gross | Column::Amount | Column::VatRate
            );
            table.has(*column) && (!neutral || self.is_of_line(*column) == lines)
        })
    }
}

/// The invoice of some rows.
pub(super) fn invoice(table: &Table, rows: &[usize], levels: &Levels) -> Reading {
    let currency = find(table, rows, Column::Currency);
    let code = currency.map(|datum| iso(&datum.text()));
    let mut f: Cells<'_> = Fields::new(&(), code.clone());
    let mut invoice = Invoice::default();
    if let (Some(place), Some(code)) = (currency, code) {
        f.read_from("currency", place);
        invoice.currency = Field::Value(code);
    } else {
        invoice.currency = Field::Null;
    }
    for column in [
        Column::InvoiceDate,
        Column::DueDate,
        Column::Total,
        Column::Currency,
        Column::Iban,
    ] {
        conflict(&mut f, table, rows, column);
    }
    header(&mut f, table, rows, &mut invoice);
    if table.has_lines() {
        for (index, row) in rows.iter().enumerate() {
            let line = f.within(&format!("line_items[{index}]"), |f| {
                line(f, table, *row, levels)
            });
            invoice.line_items.push(line);
        }
    }
    totals(&mut f, table, rows, levels, &mut invoice);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

/// The cell of the first row that has one.
fn find<'t>(table: &'t Table, rows: &[usize], column: Column) -> Option<Datum<'t>> {
    rows.iter().find_map(|row| table.get(*row, column))
}

/// Rows of an invoice that contradict each other are said; the first one is read.
fn conflict(f: &mut Cells<'_>, table: &Table, rows: &[usize], column: Column) {
    let mut values = rows
        .iter()
        .map(|row| table.text(*row, column))
        .filter(|text| !text.is_empty());
    let first = values.next();
    if values.any(|value| Some(value) != first)
        && let Some(place) = find(table, rows, column)
    {
        let path = place.path(&());
        f.warn(
            "CONFLICTING_ROWS",
            format!("the rows of the invoice differ in what `{path}` says"),
        );
    }
}

/// A currency's code, also of its sign or name.
fn iso(text: &str) -> String {
    let upper = text.to_uppercase();
    if upper.len() == 3 && upper.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return upper;
    }
    lexicon()
        .currencies(text)
        .first()
        .map_or(upper, |code| (*code).to_owned())
}

/// A code of UNTDID 1001, or a word for a credit note or an invoice.
fn document_type(text: &str) -> Option<String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return (text.len() == 3).then(|| text.to_owned());
    }
    let folded = crate::lang::fold(text);
    let credit = CREDIT_NOTES.iter().any(|word| folded.contains(word));
    Some(if credit { "381" } else { "380" }.to_owned())
}

fn header<'t>(f: &mut Cells<'t>, table: &'t Table, rows: &[usize], invoice: &mut Invoice) {
    let at = |column: Column| find(table, rows, column);
    invoice.invoice_number = f.text("invoice_number", at(Column::InvoiceNumber));
    invoice.document_type = f.parsed(
        "document_type",
        at(Column::DocumentType),
        "a document type",
        document_type,
    );
    invoice.invoice_date = f.date("invoice_date", at(Column::InvoiceDate));
    invoice.due_date = f.date("due_date", at(Column::DueDate));
    invoice.delivery_date = f.date("delivery_date", at(Column::DeliveryDate));
    let orders = rows
        .iter()
        .filter_map(|row| table.get(*row, Column::PoReference));
    derived::purchase_orders(f, invoice, orders.collect());
    invoice.vendor_name = f.text("vendor_name", at(Column::VendorName));
    invoice.vendor_vat = f.text("vendor_vat", at(Column::VendorVat));
    invoice.buyer_name = f.text("buyer_name", at(Column::BuyerName));
    invoice.buyer_vat = f.text("buyer_vat", at(Column::BuyerVat));
    invoice.payment_terms = f.prose("payment_terms", at(Column::PaymentTerms));
    let (iban, bic, reference) = (
        at(Column::Iban),
        at(Column::Bic),
        at(Column::PaymentReference),
    );
    if iban.is_none() && reference.is_none() {
        invoice.payment = Field::Null;
        return;
    }
    invoice.payment = Field::Value(f.within("payment", |f| {
        let mut payment = Payment {
            reference: f.text("reference", reference),
            ..Payment::default()
        };
        if iban.is_some() {
            payment.accounts.push(f.within("accounts[0]", |f| {
                let mut account = Account {
                    bic: f.text("bic", bic),
                    ..Account::default()
                };
                derived::account_number(f, &mut account, iban, false);
                account
            }));
        }
        payment
    }));
}

fn line<'t>(f: &mut Cells<'t>, table: &'t Table, row: usize, levels: &Levels) -> LineItem {
    let at = |column: Column| table.get(row, column);
    let pick = |columns: &[Column]| levels.pick(table, columns, true).and_then(at);
    let total = pick(&[Column::LineTotal, Column::Net, Column::Amount]);
    let gross = pick(&[Column::Gross]);
    let mut item = LineItem {
        line: f.text("line", at(Column::Line)),
        description: f.prose("description", at(Column::Description)),
        product_code: f.text("product_code", at(Column::ProductCode)),
        quantity: f.quantity("quantity", at(Column::Quantity)),
        unit: f.text("unit", at(Column::Unit)),
        unit_price: f.quantity("unit_price", at(Column::UnitPrice)),
        total: f.amount("total", total.or(gross)),
        vat_rate: f.rate("vat_rate", at(Column::VatRate)),
        vat_amount: f.amount("vat_amount", pick(&[Column::Vat])),
        ..LineItem::default()
    };
    if total.is_none() && gross.is_some() {
        item.prices_include_vat = Field::Value(true);
    }
    if !item.total.is_value()
        && let (Some(quantity), Some(price)) = (item.quantity.get(), item.unit_price.get())
        && let Some(product) = quantity.decimal().checked_mul(Quantity::decimal(price))
    {
        let cents =
            product.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        let places = [at(Column::Quantity), at(Column::UnitPrice)]
            .into_iter()
            .flatten();
        let operands: Vec<String> = places.map(|place| f.path(place)).collect();
        item.total = f.sum("total", cents.into(), operands.join(" × "));
    }
    item
}

/// Totals of the invoice where a column has them, else the sums of the lines.
fn totals<'t>(
    f: &mut Cells<'t>,
    table: &'t Table,
    rows: &[usize],
    levels: &Levels,
    invoice: &mut Invoice,
) {
    let whole = |columns: &[Column]| {
        let column = levels.pick(table, columns, false)?;
        find(table, rows, column)
    };
    let each = |columns: &[Column]| -> Vec<Datum<'t>> {
        let column = levels.pick(table, columns, true);
        let cells = rows.iter().filter_map(|row| table.get(*row, column?));
        cells.collect()
    };
    invoice.subtotal = match whole(&[Column::Subtotal, Column::Net]) {
        Some(net) => f.amount("subtotal", Some(net)),
        None => f.add_up("subtotal", &each(&[Column::LineTotal, Column::Net])),
    };
    invoice.vat_amount = match whole(&[Column::VatAmount, Column::Vat]) {
        Some(vat) => f.amount("vat_amount", Some(vat)),
        None => f.add_up("vat_amount", &vats(&each, levels)),
    };
    invoice.total = match whole(&[Column::Total, Column::Gross, Column::Amount]) {
        Some(total) => f.amount("total", Some(total)),
        None => f.add_up("total", &grosses(&each, levels)),
    };
    if let (false, Some(net), Some(vat)) = (
        invoice.total.is_value(),
        invoice.subtotal.get(),
        invoice.vat_amount.get(),
    ) && let Some(total) = net.decimal().checked_add(vat.decimal())
    {
        invoice.total = f.sum("total", total.into(), "subtotal + vat_amount".to_owned());
    }
    invoice.amount_due = f.amount("amount_due", find(table, rows, Column::AmountDue));
    let rate = find(table, rows, Column::VatRate).filter(|_| !levels.is_of_line(Column::VatRate));
    if rate.is_some() && invoice.vat_amount.is_value() {
        let vat = f.within("vat_breakdown[0]", |f| VatBreakdown {
            rate: f.rate("rate", rate),
            base: f.amount("base", whole(&[Column::Subtotal, Column::Net])),
            amount: f.amount("amount", whole(&[Column::VatAmount, Column::Vat])),
            ..VatBreakdown::default()
        });
        invoice.vat_breakdown.push(vat);
    }
}

fn vats<'t>(each: &impl Fn(&[Column]) -> Vec<Datum<'t>>, levels: &Levels) -> Vec<Datum<'t>> {
    if levels.is_of_line(Column::Vat) {
        each(&[Column::Vat])
    } else {
        Vec::new()
    }
}

fn grosses<'t>(each: &impl Fn(&[Column]) -> Vec<Datum<'t>>, levels: &Levels) -> Vec<Datum<'t>> {
    if levels.is_of_line(Column::Gross) {
        each(&[Column::Gross])
    } else {
        Vec::new()
    }
}
