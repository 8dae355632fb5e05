//! The document beside itself: for whom it is, and whether page, XML and payment code say the same.

use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::model::{Hundredths, Severity, compact, fold, minor_units};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "NOT_ADDRESSED_TO_US",
        name: "the invoice is for another company",
        severity: Severity::Error,
        weight: Hundredths(40),
        needs: &[],
        check: addressed,
        doc: doc!(
            "Whether the buyer's VAT id or name is one of `company_vat_ids` and `company_names` of the policy. Without these settings it does not run.",
            "An invoice to somebody else is not yours to pay, and its VAT not yours to deduct.",
            "Made out to `Sample Holding AG`, received by `Example GmbH`.",
            "Send it back. If the name is another of yours, add it to `company_names`."
        ),
    },
    super::print::MISMATCH,
    super::payment_code::MISMATCH,
    Rule {
        code: "CURRENCY_AMBIGUOUS",
        name: "the currency could be another one",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[Need::Currency],
        check: ambiguous,
        doc: doc!(
            "Whether the reader noted another currency as a possible reading.",
            "`$` is the sign of twenty currencies; the limit and the payment hang on which.",
            "`$ 100.00` from a vendor without a country.",
            "Look at the vendor's country and bank, and enter the currency."
        ),
    },
];

impl Context<'_> {
    /// What the reader noted under a code.
    pub(super) fn warned(&self, code: &str) -> Option<&crate::model::Warning> {
        self.document
            .ocr
            .as_ref()?
            .warnings
            .iter()
            .find(|warning| warning.code == code)
    }
}

fn addressed(context: &Context<'_>, findings: &mut Findings<'_>) {
    let policy = context.policy;
    if policy.company_names.is_empty() && policy.company_vat_ids.is_empty() {
        findings.skip("no own company is configured");
        return;
    }
    let invoice = context.invoice;
    let vat = invoice
        .buyer_vat
        .text()
        .map(compact)
        .filter(|vat| !vat.is_empty());
    let name = invoice
        .buyer_name
        .text()
        .map(fold)
        .filter(|name| !name.is_empty());
    if vat.is_none() && name.is_none() {
        findings.skip("the invoice names no buyer");
        return;
    }
    let ours = policy.company_vat_ids.iter().any(|id| {
        let id = compact(id);
        // Pages print the id with or without its country.
        vat.as_ref()
            .is_some_and(|vat| *vat == id || (vat.len() >= 7 && id.get(2..) == Some(vat)))
    });
    let named = policy
        .company_names
        .iter()
        .map(|name| fold(name))
        .any(|ours| {
            // The address line may stand before or behind the name.
            name.as_ref()
                .is_some_and(|name| *name == ours || (ours.len() >= 4 && name.contains(&ours)))
        });
    if !ours && !named {
        let buyer = invoice
            .buyer_name
            .text()
            .or(invoice.buyer_vat.text())
            .unwrap_or_default();
        let draft = Draft::new(format!("The invoice is made out to {buyer}")).field("buyer_name");
        let expected = policy
            .company_names
            .first()
            .or(policy.company_vat_ids.first());
        let draft = draft.compare(expected.cloned().unwrap_or_default(), buyer);
        findings.add(draft.suggest("Send it back, or add the name to `company_names`"));
    }
}

/// Confidence from which another reading of the currency is taken for a rival: below it stand stray signs and
/// abbreviations.
const RIVAL: f64 = 0.3;

fn ambiguous(context: &Context<'_>, findings: &mut Findings<'_>) {
    let currency = context.invoice.currency.text().unwrap_or_default();
    let suggestion = "Look at the vendor's country and bank";
    let evidence = context.document.evidence.get("currency");
    let other = evidence
        .into_iter()
        .flat_map(|evidence| &evidence.alternatives)
        .find(|reading| {
            // What the page says beside the XML has a rule of its own.
            let rival =
                reading.method.is_none() && reading.confidence.is_none_or(|it| it.0 >= RIVAL);
            rival && reading.value != currency && minor_units(&reading.value).is_some()
        });
    if let Some(other) = other {
        let draft = Draft::new(format!(
            "The currency could be {currency} or {}",
            other.value
        ))
        .field("currency");
        findings.add(draft.suggest(suggestion));
    } else if let Some(warning) = context.warned("CURRENCY_AMBIGUOUS") {
        findings.add(
            Draft::new(warning.message.clone())
                .field("currency")
                .suggest(suggestion),
        );
    }
}
