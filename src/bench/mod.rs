//! Scoring: records against what the documents really say.
//!
//! Truth and records come in as lines of text, a [`Report`] of plain numbers goes out; nothing here reads files. A field is
//! right by what it means, not by its letters: [`compare`] has the rules. A field that the truth does not mention is not
//! scored, since nobody knows. Comparing two names costs the product of their lengths, so truth files are for people's
//! own documents, not for hostile ones.

mod calibrate;
mod compare;
mod gate;
mod judge;
mod pair;
mod read;
mod report;
mod similar;
mod tally;

pub use calibrate::{Band, Calibration, Passed, THRESHOLDS};
pub use gate::{Gate, GateError};
pub use read::{BenchError, Prediction, Truth, predictions, truth};
pub use report::{Miss, Part, Report, Selection, score};
pub use tally::{Counts, Tally};

/// The header fields that are scored, in the order in which they are told.
pub const FIELDS: [&str; 13] = [
    "invoice_number",
    "invoice_date",
    "due_date",
    "currency",
    "vendor_name",
    "buyer_name",
    "vendor_vat",
    "subtotal",
    "vat_amount",
    "total",
    "amount_due",
    "po_reference",
    "iban",
];

/// The list of lines; scored line by line, and not part of the sum over all fields.
pub const LINES: &str = "line_items";

/// The fields without which nothing can be paid: a document is right if all of these are.
pub const KEY: [&str; 4] = ["invoice_number", "invoice_date", "total", "vendor_name"];
