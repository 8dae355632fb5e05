//! What stands over the columns, in the languages we read.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::lang::fold;

const TABLE: &str = include_str!("columns.toml");

macro_rules! columns {
    ($($name:ident $key:literal,)*) => {
        /// A field that a column may hold.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Column { $($name,)* }

        impl Column {
            fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Column::$name),)* _ => None }
            }
        }
    };
}
columns! {
    InvoiceNumber "invoice_number",
    DocumentType "document_type",
    InvoiceDate "invoice_date",
    DueDate "due_date",
    DeliveryDate "delivery_date",
    Currency "currency",
    PoReference "po_reference",
    VendorName "vendor_name",
    VendorVat "vendor_vat",
    BuyerName "buyer_name",
    BuyerVat "buyer_vat",
    Iban "iban",
    Bic "bic",
    PaymentReference "payment_reference",
    PaymentTerms "payment_terms",
    Subtotal "subtotal",
    VatAmount "vat_amount",
    Total "total",
    AmountDue "amount_due",
    Net "net",
    Vat "vat",
    Gross "gross",
    Amount "amount",
    VatRate "vat_rate",
    Line "line",
    Description "description",
    ProductCode "product_code",
    Quantity "quantity",
    Unit "unit",
    UnitPrice "unit_price",
    LineTotal "line_total",
}

impl Column {
    /// Its values are numbers.
    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Column::Subtotal
                | Column::VatAmount
                | Column::Total
                | Column::AmountDue
                | Column::Net
                | Column::Vat
                | Column::Gross
                | Column::Amount
                | Column::VatRate
                | Column::Quantity
                | Column::UnitPrice
                | Column::LineTotal
        )
    }

    /// Its values are sums of money.
    pub(super) fn is_money(self) -> bool {
        self.is_number() && !matches!(self, Column::VatRate | Column::Quantity)
    }

    /// Its values are dates.
    pub(super) fn is_date(self) -> bool {
        matches!(
            self,
            Column::InvoiceDate | Column::DueDate | Column::DeliveryDate
        )
    }

    /// It tells about a line and never about an invoice.
    pub(super) fn is_of_line(self) -> bool {
        matches!(
            self,
            Column::Line
                | Column::Description
                | Column::ProductCode
                | Column::Quantity
                | Column::Unit
                | Column::UnitPrice
                | Column::LineTotal
        )
    }
}

/// A column as its header names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The field.
    pub(super) column: Column,
    /// Language of the word.
    pub(super) language: &'static str,
}

/// Words by their letters and digits.
type Words = BTreeMap<String, Vec<Named>>;

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| load(TABLE).expect("the table is checked by a test"))
}

/// Loads the table.
fn load(text: &'static str) -> Result<Words, String> {
    let table: BTreeMap<&'static str, BTreeMap<&'static str, Vec<&'static str>>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let mut words = Words::new();
    for (language, fields) in table {
        for (field, said) in fields {
            let column = Column::from_key(field).ok_or_else(|| format!("`{field}` is no field"))?;
            for word in said {
                let all = words.entry(key(word)).or_default();
                if all.iter().any(|named| named.column != column) {
                    return Err(format!("`{word}` stands under two fields"));
                }
                all.push(Named { column, language });
            }
        }
    }
    Ok(words)
}

/// A header without case, accents, blanks and punctuation; what stands in brackets (a currency, mostly) is left out. The
/// words of `camelCase` need no parting for it.
fn key(header: &str) -> String {
    let bare = header.split(['(', '[']).next().unwrap_or_default();
    let bare = if bare.trim().is_empty() { header } else { bare };
    let marked = bare.replace('%', " percentsign ").replace('#', " ");
    let folded = fold(&marked);
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The field a header names, in the language of most others where several have the word.
pub(super) fn named(header: &str) -> &'static [Named] {
    words().get(&key(header)).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::LANGUAGES;

    #[test]
    fn the_table_loads_and_has_all_languages() {
        let words = load(TABLE).expect("a sound table");
        for language in LANGUAGES {
            for column in [
                Column::InvoiceNumber,
                Column::InvoiceDate,
                Column::VendorName,
                Column::Total,
                Column::Net,
                Column::Vat,
                Column::Quantity,
            ] {
                let has = words
                    .values()
                    .flatten()
                    .any(|named| named.language == language.code && named.column == column);
                assert!(has, "{} {column:?}", language.code);
            }
        }
    }

    #[test]
    fn headers_are_read_however_they_are_written() {
        for (header, column) in [
            ("Invoice Number", Some(Column::InvoiceNumber)),
            ("invoice_no.", Some(Column::InvoiceNumber)),
            ("InvoiceNo", Some(Column::InvoiceNumber)),
            ("*InvoiceNumber", Some(Column::InvoiceNumber)),
            ("Rechnungs-Nr.", Some(Column::InvoiceNumber)),
            ("N° de facture", Some(Column::InvoiceNumber)),
            ("Fälligkeit", Some(Column::DueDate)),
            ("Total (EUR)", Some(Column::Amount)),
            ("VAT %", Some(Column::VatRate)),
            ("VAT", Some(Column::Vat)),
            ("Ilość", Some(Column::Quantity)),
            ("Colour", None),
            ("", None),
        ] {
            let found = named(header).first().map(|named| named.column);
            assert_eq!(found, column, "{header}");
        }
    }
}
