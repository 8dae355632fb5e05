//! The data of an invoice: plain types, serde, no behaviour beyond their own sums.
//!
//! Nothing here imports another module of ours. The field names are those of the record's schema (`schemas/`), which
//! follow EN 16931 where it has a term.

mod approvers;
mod currency;
mod date;
mod decimal;
mod decision;
mod document;
mod evidence;
mod failure;
mod field;
mod fold;
mod iban;
mod id;
mod invoice;
mod line_item;
mod match_result;
mod ocr;
mod past;
mod payment;
mod policy;
mod source;
mod table;
mod validation;
mod vat_digits;
mod vat_id;

pub use approvers::{Approvers, Ladder};
pub use currency::minor_units;
pub use date::{Date, Instant};
pub use decimal::{Amount, Decimal, Quantity, Rate};
pub use decision::{Approval, Cost, Escalation, Export, Fx, Level, Routing};
pub use document::{Document, Provenance, SCHEMA, Status, Usage};
pub use evidence::{Alternative, Confidence, Considered, Evidence, Method, Rect};
pub use failure::{Failed, FailureClass};
pub use field::Field;
pub use fold::{compact, fold};
pub use iban::{IBAN_LENGTHS, IbanFault, check_iban, iban_length, is_bic, mod97};
pub use id::{Digest, DocId};
pub use invoice::*;
pub use line_item::*;
pub use match_result::{
    Category, CategorySource, MatchMethod, PoLine, PoMatch, PoStatus, RunnerUp, VendorMatch,
    VendorProfile,
};
pub use ocr::{
    BrokenRule, Conformance, KeyValue, Ocr, Page, PageCode, PageMethod, Relation, Signature, Table,
    TablePart, Warning, Word,
};
pub use past::{Earlier, Past, Questions, VendorPast};
pub use payment::*;
pub use policy::{Policy, PolicyError, RuleSettings, Tolerances};
pub use source::{Source, SourceKind};
pub use table::rows;
pub use validation::{Finding, Hundredths, Severity, Skipped, Validation};
pub use vat_id::{
    VAT_ID_FORMS, VatIdFault, check_vat_body, check_vat_id, vat_id_country, vat_id_prefix,
};
