//! The rules of EN 16931, XRechnung and Peppol that an e-invoice breaks, under codes of our own.
//!
//! The reader of the file ran them (`ocr.conformance`); here their outcome is graded. The official rules are many and most are of
//! one kind: a family of ours stands for a kind, its finding names the official rule. What makes an invoice invalid by law
//! need not keep it from being paid: only sums that are wrong are errors, the rest is to look at, and the policy can set
//! every family otherwise. Within a family the first finding counts, the others inform.

use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::model::{BrokenRule, Hundredths, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "EINVOICE_SUMS",
        name: "the e-invoice breaks a rule on sums of the profile it declares",
        severity: Severity::Error,
        weight: Hundredths(10),
        needs: &[],
        check: |context, findings| report(Family::Sums, context, findings),
        doc: doc!(
            "The official rules on sums of EN 16931: BR-CO-10 to BR-CO-17, and for each VAT category taxable amount and tax (BR-S-08, BR-S-09 and \
             their like), and what Peppol asks of lines and allowances (R040, R120). They run on e-invoices in UBL and CII whose \
             BT-24 names a profile of EN 16931; the rules of the profiles themselves are © CEN, KoSIT and OpenPeppol.",
            "A sum that does not follow from its parts is wrong in one of the two, and the tax office may refuse the deduction.",
            "BR-CO-15: total 119.01, but subtotal 100.00 and VAT 19.00.",
            "Ask the vendor for a corrected invoice; the message says what the rule came to."
        ),
    },
    Rule {
        code: "EINVOICE_VAT",
        name: "the e-invoice breaks a rule on VAT categories",
        severity: Severity::Warning,
        weight: Hundredths(15),
        needs: &[],
        check: |context, findings| report(Family::Vat, context, findings),
        doc: doc!(
            "The official rules on VAT categories other than the sums: ids that a category asks for, rates that it allows, reasons of exemption (BR-S, \
             BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG, BR-B).",
            "Who owes the tax, and whether you may deduct it, hangs on the category and on what has to be stated with it.",
            "BR-AE-02: reverse charge without the VAT id of the buyer.",
            "Ask the vendor for a corrected invoice, or clear the case with your tax adviser."
        ),
    },
    Rule {
        code: "EINVOICE_TERMS",
        name: "the e-invoice lacks a term it must have, or has two that exclude each other",
        severity: Severity::Warning,
        weight: Hundredths(15),
        needs: &[],
        check: |context, findings| report(Family::Terms, context, findings),
        doc: doc!(
            "The official rules on what an invoice must state (BR-01 to BR-65) and on terms that need or exclude each other (BR-CO-03 to BR-CO-09, \
             BR-CO-18 to BR-CO-26).",
            "The law lists what an invoice must state; without it there is no deduction of VAT.",
            "BR-11: no country in the buyer's address.",
            "Ask the vendor for a corrected invoice if the law of your country asks for what is missing."
        ),
    },
    Rule {
        code: "EINVOICE_CODES",
        name: "the e-invoice uses a code that its list does not have",
        severity: Severity::Warning,
        weight: Hundredths(5),
        needs: &[],
        check: |context, findings| report(Family::Codes, context, findings),
        doc: doc!(
            "The official rules on code lists (BR-CL): currencies, countries, kinds of documents, units, ways of payment, identifier schemes.",
            "A code that no list has means nothing to a program, and its writer may have meant something else.",
            "BR-CL-23: unit `STK`, which UN/ECE Recommendation 20 does not have.",
            "Nothing has to be done if the page makes the meaning clear; tell the vendor."
        ),
    },
    Rule {
        code: "EINVOICE_DECIMALS",
        name: "an amount of the e-invoice has more decimals than allowed",
        severity: Severity::Warning,
        weight: Hundredths(5),
        needs: &[],
        check: |context, findings| report(Family::Decimals, context, findings),
        doc: doc!(
            "The official rules on decimals (BR-DEC): amounts of the document have two at most; prices and quantities are free.",
            "Nobody can pay a tenth of a cent, and sums of such amounts differ by rounding.",
            "BR-DEC-18: amount due 119.005.",
            "Compare the sums; tell the vendor."
        ),
    },
    Rule {
        code: "EINVOICE_PROFILE",
        name: "the e-invoice breaks a rule of the national or network profile it declares",
        severity: Severity::Warning,
        weight: Hundredths(5),
        needs: &[],
        check: |context, findings| report(Family::Profile, context, findings),
        doc: doc!(
            "The rules that XRechnung (BR-DE, BR-DEX) and Peppol BIS Billing (PEPPOL-EN16931, PEPPOL-COMMON) add to those of EN 16931, where the \
             e-invoice declares that it keeps them.",
            "Public buyers and networks refuse such invoices; others may pay them.",
            "BR-DE-15: an XRechnung without the buyer's reference.",
            "Send it back if you are bound to the profile. Otherwise set the severity to `info` in the policy."
        ),
    },
];

/// A kind of official rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Sums,
    Vat,
    Terms,
    Codes,
    Decimals,
    Profile,
}

/// Rules on sums that their ids' beginning does not tell from others.
const SUMS: &[&str] = &[
    "BR-CO-10",
    "BR-CO-11",
    "BR-CO-12",
    "BR-CO-13",
    "BR-CO-14",
    "BR-CO-15",
    "BR-CO-16",
    "BR-CO-17",
    "PEPPOL-EN16931-R040",
    "PEPPOL-EN16931-R120",
];

/// The categories of VAT as the ids of their rules name them.
const CATEGORIES: &[&str] = &["S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG", "B"];

impl Family {
    /// The kind of a rule, by its id.
    fn of(rule: &str) -> Self {
        let Some(rest) = rule.strip_prefix("BR-") else {
            return if SUMS.contains(&rule) {
                Family::Sums
            } else {
                Family::Profile
            };
        };
        let (kind, number) = rest.split_once('-').unwrap_or((rest, ""));
        match kind {
            "CO" if SUMS.contains(&rule) => Family::Sums,
            "CO" => Family::Terms,
            "CL" => Family::Codes,
            "DEC" => Family::Decimals,
            _ if CATEGORIES.contains(&kind) && matches!(number, "08" | "09") => Family::Sums,
            _ if CATEGORIES.contains(&kind) => Family::Vat,
            _ if !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_digit()) => {
                Family::Terms
            }
            _ => Family::Profile,
        }
    }
}

fn report(family: Family, context: &Context<'_>, findings: &mut Findings<'_>) {
    let ocr = context.document.ocr.as_ref();
    let Some(conformance) = ocr.and_then(|ocr| ocr.conformance.as_ref()) else {
        findings.skip("the document declares no profile of EN 16931");
        return;
    };
    let mut first = true;
    for broken in &conformance.broken {
        if Family::of(&broken.rule) != family {
            continue;
        }
        let draft = written(broken);
        let official = broken.severity.unwrap_or(Severity::Error);
        if official < Severity::Error {
            // What its own authority only advises.
            findings.grade(draft, Severity::Info);
        } else if first || family == Family::Sums {
            findings.add(draft);
            first = false;
        } else {
            findings.grade(draft, Severity::Info);
        }
    }
}

fn written(broken: &BrokenRule) -> Draft {
    let place = broken.path.as_deref().unwrap_or("the document");
    let times = match broken.times {
        0 | 1 => String::new(),
        times => format!(", in {times} places"),
    };
    let mut draft = Draft::new(format!(
        "{} at {place}{times}: {}",
        broken.rule, broken.message
    ));
    draft.field = broken.path.as_deref().and_then(field);
    if let (Some(expected), Some(actual)) = (&broken.expected, &broken.actual) {
        draft = draft.compare(expected, actual);
    }
    draft.suggest("Ask the vendor for a corrected invoice")
}

/// Business terms and the fields of the record that hold them.
const TERMS: &[(&str, &str)] = &[
    ("BT-1", "invoice_number"),
    ("BT-2", "invoice_date"),
    ("BT-3", "document_type"),
    ("BT-5", "currency"),
    ("BT-6", "vat_currency"),
    ("BT-9", "due_date"),
    ("BT-10", "buyer_reference"),
    ("BT-13", "po_reference"),
    ("BT-20", "payment_terms"),
    ("BT-24", "profile"),
    ("BT-27", "vendor_name"),
    ("BT-31", "vendor_vat"),
    ("BT-32", "vendor_tax_number"),
    ("BT-40", "vendor_address.country"),
    ("BT-44", "buyer_name"),
    ("BT-48", "buyer_vat"),
    ("BT-55", "buyer_address.country"),
    ("BT-81", "payment.means_code"),
    ("BT-84", "iban"),
    ("BT-106", "lines_total"),
    ("BT-107", "allowance_total"),
    ("BT-108", "charge_total"),
    ("BT-109", "subtotal"),
    ("BT-110", "vat_amount"),
    ("BT-112", "total"),
    ("BT-113", "paid_amount"),
    ("BT-114", "rounding"),
    ("BT-115", "amount_due"),
];

/// A group of terms, the list of the record that holds its rows, and the fields of a row by their terms.
type Part = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Terms of a line and of a row of the VAT breakdown, by the group that holds them.
const PARTS: &[Part] = &[
    (
        "BG-25",
        "line_items",
        &[
            ("BT-126", "line"),
            ("BT-129", "quantity"),
            ("BT-130", "unit_code"),
            ("BT-131", "total"),
            ("BT-146", "unit_price"),
            ("BT-151", "vat_category"),
            ("BT-152", "vat_rate"),
            ("BT-153", "description"),
        ],
    ),
    (
        "BG-23",
        "vat_breakdown",
        &[
            ("BT-116", "base"),
            ("BT-117", "amount"),
            ("BT-118", "category"),
            ("BT-119", "rate"),
            ("BT-120", "exemption_reason"),
            ("BT-121", "exemption_code"),
        ],
    ),
];

/// The field of the record that a path of business terms leads to, `BG-25[1]/BT-131` to `line_items[1].total`; both count from 0.
fn field(path: &str) -> Option<String> {
    let of = |terms: &[(&str, &str)], term: &str| {
        let found = terms.iter().find(|(known, _)| *known == term);
        found.map(|(_, field)| (*field).to_owned())
    };
    let last = path.rsplit('/').next()?;
    for (group, part, terms) in PARTS {
        let Some(rest) = path
            .strip_prefix(group)
            .and_then(|rest| rest.strip_prefix('['))
        else {
            continue;
        };
        let number: usize = rest.split_once(']')?.0.parse().ok()?;
        let row = format!("{part}[{number}]");
        return Some(of(terms, last).map_or(row.clone(), |field| format!("{row}.{field}")));
    }
    of(TERMS, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_official_rule_has_its_family() {
        for (rule, family) in [
            ("BR-02", Family::Terms),
            ("BR-65", Family::Terms),
            ("BR-CO-09", Family::Terms),
            ("BR-CO-10", Family::Sums),
            ("BR-CO-17", Family::Sums),
            ("BR-CO-18", Family::Terms),
            ("BR-S-08", Family::Sums),
            ("BR-AE-09", Family::Sums),
            ("BR-IC-12", Family::Vat),
            ("BR-O-01", Family::Vat),
            ("BR-B-01", Family::Vat),
            ("BR-CL-23", Family::Codes),
            ("BR-DEC-18", Family::Decimals),
            ("BR-DE-15", Family::Profile),
            ("BR-DEX-02", Family::Profile),
            ("BR-TMP-2", Family::Profile),
            ("PEPPOL-EN16931-R120", Family::Sums),
            ("PEPPOL-EN16931-R003", Family::Profile),
            ("", Family::Profile),
        ] {
            assert_eq!(Family::of(rule), family, "{rule}");
        }
    }

    #[test]
    fn paths_of_terms_lead_to_fields() {
        for (path, expected) in [
            ("BT-112", Some("total")),
            ("BG-4/BT-31", Some("vendor_vat")),
            ("BG-25[1]/BT-131", Some("line_items[1].total")),
            ("BG-25[0]/BG-30/BT-151", Some("line_items[0].vat_category")),
            ("BG-25[0]", Some("line_items[0]")),
            ("BG-23[2]/BT-116", Some("vat_breakdown[2].base")),
            ("BG-25[]/BT-131", None),
            ("BG-25[x]/BT-131", None),
            ("BT-999", None),
            ("", None),
        ] {
            assert_eq!(field(path).as_deref(), expected, "{path}");
        }
    }
}
