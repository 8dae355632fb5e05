//! The rules of the profile that an e-invoice declares: EN 16931, XRechnung, Peppol BIS Billing, Factur-X.
//!
//! The rules themselves are a library's, which follows the official Schematron and is compared with it by
//! `make peer-check`. They need the file as it came, not the record: which is why they run here and only their outcome
//! travels on. Whether an outcome matters is for the checks of `validate` and the policy to say.

mod mandatory;

use std::panic::{AssertUnwindSafe, catch_unwind};

use en16931::validation::{Check, Finding, Source, rules};
use en16931::{Profile, profiles};

use super::xml::Element;
use crate::model::{BrokenRule, Conformance, Severity};

/// What the identifiers of all profiles of the standard begin with.
const STANDARD: &str = "urn:cen.eu:en16931:2017";

/// Runs the rules of the declared profile over an e-invoice in UBL or CII; `None` where it declares none that is known.
///
/// A message that the library's stricter reader refuses is judged by nobody: what is wrong with it our own reader says.
pub(super) fn judge(xml: &str, root: Element<'_>) -> Option<Conformance> {
    // Our text is decoded already, whatever encoding its declaration names.
    let text = match xml.trim_start().strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or(xml, |(_, rest)| rest),
        None => xml,
    };
    // A fault in the rules must not cost an invoice that can be read.
    catch_unwind(AssertUnwindSafe(|| run(text, root)))
        .ok()
        .flatten()
}

fn run(text: &str, root: Element<'_>) -> Option<Conformance> {
    let invoice = en16931_formats::read(text.as_bytes()).ok()?.invoice;
    let declared = invoice.specification_id.as_deref().map(str::trim);
    let profile = profile(declared)?;
    let report = Check::new(profile).run(&invoice);
    let mut broken = if profile.is_en16931_invoice() {
        mandatory::broken(root)
    } else {
        Vec::new()
    };
    // The model holds no third decimal: where there is one it reckons with zero, and its sums say nothing.
    let too_fine = broken.iter().any(|rule| rule.rule.starts_with("BR-DEC-"));
    let findings = report.findings().iter();
    for finding in findings.filter(|it| is_official(&it.rule) && !(too_fine && it.detail.is_some()))
    {
        match broken.iter_mut().find(|known| known.rule == finding.rule) {
            Some(known) => known.times += 1,
            None => broken.push(written(finding)),
        }
    }
    broken.sort_by(|a, b| a.rule.cmp(&b.rule));
    Some(Conformance {
        profile: profile.id.to_owned(),
        rules: report.rules_checked() as u32,
        broken,
    })
}

/// The profile whose rules an identifier asks for: its own, or those of the standard that it says it keeps.
fn profile(declared: Option<&str>) -> Option<&'static Profile> {
    profiles::classify(declared).profile().or_else(|| {
        declared
            .filter(|id| id.starts_with(STANDARD))
            .map(|_| &profiles::EN16931)
    })
}

/// Rules that are in the official Schematron. The library has some more, of its own and of the standard's older text.
fn is_official(rule: &str) -> bool {
    rules::explain(rule)
        .is_none_or(|rule| matches!(rule.source, Source::Both | Source::ArtefactOnly))
}

fn written(finding: &Finding) -> BrokenRule {
    let detail = finding.detail.as_ref();
    BrokenRule {
        rule: finding.rule.clone(),
        severity: Some(match finding.severity {
            en16931::Severity::Fatal => Severity::Error,
            en16931::Severity::Warning => Severity::Warning,
            en16931::Severity::Info => Severity::Info,
        }),
        path: Some(finding.path.to_string()).filter(|path| !path.is_empty()),
        message: finding.message.clone(),
        expected: detail.map(|detail| detail.expected.clone()),
        actual: detail.map(|detail| detail.actual.clone()),
        times: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::xml::Tree;

    /// A minimal invoice in UBL: 100.00 and 19 % VAT.
    fn ubl(profile: &str, total: &str) -> String {
        format!(
            "<?xml version='1.0' encoding='iso-8859-15'?>\
            <Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2' \
            xmlns:a='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2' \
            xmlns:b='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'>\
            <b:CustomizationID>{profile}</b:CustomizationID><b:ID>R-1</b:ID><b:IssueDate>2026-01-15</b:IssueDate>\
            <b:InvoiceTypeCode>380</b:InvoiceTypeCode><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>\
            <a:AccountingSupplierParty><a:Party><a:PostalAddress><a:Country><b:IdentificationCode>DE</b:IdentificationCode></a:Country></a:PostalAddress>\
            <a:PartyTaxScheme><b:CompanyID>DE136695976</b:CompanyID><a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:PartyTaxScheme>\
            <a:PartyLegalEntity><b:RegistrationName>Müller GmbH</b:RegistrationName></a:PartyLegalEntity></a:Party></a:AccountingSupplierParty>\
            <a:AccountingCustomerParty><a:Party><a:PostalAddress><a:Country><b:IdentificationCode>DE</b:IdentificationCode></a:Country></a:PostalAddress>\
            <a:PartyLegalEntity><b:RegistrationName>Example GmbH</b:RegistrationName></a:PartyLegalEntity></a:Party></a:AccountingCustomerParty>\
            <a:TaxTotal><b:TaxAmount currencyID='EUR'>19.00</b:TaxAmount><a:TaxSubtotal><b:TaxableAmount currencyID='EUR'>100.00</b:TaxableAmount>\
            <b:TaxAmount currencyID='EUR'>19.00</b:TaxAmount><a:TaxCategory><b:ID>S</b:ID><b:Percent>19</b:Percent>\
            <a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:TaxCategory></a:TaxSubtotal></a:TaxTotal>\
            <a:LegalMonetaryTotal><b:LineExtensionAmount currencyID='EUR'>100.00</b:LineExtensionAmount>\
            <b:TaxExclusiveAmount currencyID='EUR'>100.00</b:TaxExclusiveAmount><b:TaxInclusiveAmount currencyID='EUR'>{total}</b:TaxInclusiveAmount>\
            <b:PayableAmount currencyID='EUR'>{total}</b:PayableAmount></a:LegalMonetaryTotal>\
            <a:InvoiceLine><b:ID>1</b:ID><b:InvoicedQuantity unitCode='C62'>1</b:InvoicedQuantity>\
            <b:LineExtensionAmount currencyID='EUR'>100.00</b:LineExtensionAmount><a:Item><b:Name>Widget</b:Name>\
            <a:ClassifiedTaxCategory><b:ID>S</b:ID><b:Percent>19</b:Percent><a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:ClassifiedTaxCategory></a:Item>\
            <a:Price><b:PriceAmount currencyID='EUR'>100.00</b:PriceAmount></a:Price></a:InvoiceLine></Invoice>"
        )
    }

    fn judged(xml: &str) -> Option<Conformance> {
        let tree = Tree::parse(xml).ok()?;
        judge(xml, tree.root())
    }

    fn broken(xml: &str) -> Option<(String, Vec<String>)> {
        let conformance = judged(xml)?;
        assert!(conformance.rules > 0);
        let rules = conformance.broken.into_iter().map(|rule| rule.rule);
        Some((conformance.profile, rules.collect()))
    }

    #[test]
    fn an_invoice_is_judged_by_the_profile_it_declares() {
        let core = |rules: &[&str]| {
            let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
            Some(("EN 16931".to_owned(), rules))
        };
        for (profile, total, expected) in [
            ("urn:cen.eu:en16931:2017", "119.00", core(&[])),
            ("urn:cen.eu:en16931:2017", "119.01", core(&["BR-CO-15"])),
            (
                "urn:cen.eu:en16931:2017",
                "119.001",
                core(&["BR-DEC-14", "BR-DEC-18"]),
            ),
            // A usage of the standard that we have no rules of.
            (
                "urn:cen.eu:en16931:2017#compliant#urn:example",
                "119.01",
                core(&["BR-CO-15"]),
            ),
            ("OIOUBL-2.02", "119.01", None),
            ("", "119.01", None),
        ] {
            assert_eq!(broken(&ubl(profile, total)), expected, "{profile} {total}");
        }
    }

    #[test]
    fn the_rules_of_a_national_profile_run_with_those_of_the_standard() {
        let profile = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";
        let (name, rules) = broken(&ubl(profile, "119.01")).expect("judged");
        assert_eq!(name, "XRechnung 3.0");
        for rule in ["BR-CO-15", "BR-DE-15", "BR-DE-1"] {
            assert!(
                rules.iter().any(|broken| broken == rule),
                "{rule} in {rules:?}"
            );
        }
    }

    #[test]
    fn places_are_counted_and_sums_told() {
        let conformance = judged(&ubl("urn:cen.eu:en16931:2017", "119.01")).expect("judged");
        let [rule] = conformance.broken.as_slice() else {
            panic!("one broken rule");
        };
        assert_eq!((rule.severity, rule.times), (Some(Severity::Error), 1));
        assert_eq!(rule.path.as_deref(), Some("BG-22/BT-112"));
        assert_eq!(rule.expected.as_deref(), Some("119.00"));
        assert_eq!(rule.actual.as_deref(), Some("119.01"));
    }

    #[test]
    fn what_is_no_invoice_is_judged_by_nobody() {
        for xml in ["", "<a/>", "<?xml version='1.0'", "<Invoice/>"] {
            assert!(judged(xml).is_none(), "{xml}");
        }
    }
}
