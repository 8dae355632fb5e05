//! Checks: one file a family, rules as data. A rule never changes a document.
//!
//! A rule says what it found, or why it could not look; it never says "passed". All rules run in one pass and in the order
//! of [`RULES`], so that equal documents give equal findings. A rule that cannot run is named in `checks_skipped`, and
//! what has to run for an invoice to pass without a person is laid down by the policy, not here.

/// Puts a rule's documentation together: what it checks, why, an example, how to fix it.
macro_rules! doc {
    ($what:literal, $why:literal, $example:literal, $fix:literal) => {
        concat!(
            "## What it checks\n\n",
            $what,
            "\n\n## Why\n\n",
            $why,
            "\n\n## Example\n\n",
            $example,
            "\n\n## How to fix\n\n",
            $fix,
            "\n"
        )
    };
}

mod arithmetic;
mod basis;
mod conformance;
mod context;
mod dates;
mod document;
mod duplicate;
mod findings;
mod identity;
mod lines;
mod payment_code;
mod payment_reference;
mod plausible;
mod presence;
mod print;
mod reading;
mod reference;
mod reverse_charge;
mod stage;
mod vat;
mod vat_rate;
mod vendor;

pub use context::{Context, Need};
pub use findings::Findings;
pub use stage::Validate;

use std::fmt::Write as _;

use crate::model::{Hundredths, Policy, Severity};

/// A check.
pub struct Rule {
    /// Stable code; never used again for something else.
    pub code: &'static str,
    /// Short name, for lists.
    pub name: &'static str,
    /// How grave its findings are where the policy says nothing.
    pub severity: Severity,
    /// What the first finding of a document adds to the risk.
    pub weight: Hundredths,
    /// What has to be there for it to run.
    pub needs: &'static [Need],
    /// Looks.
    pub check: fn(&Context<'_>, &mut Findings<'_>),
    /// Markdown with the headings of [`HEADINGS`].
    pub doc: &'static str,
}

/// The headings every rule's documentation has, in this order.
pub const HEADINGS: [&str; 4] = ["## What it checks", "## Why", "## Example", "## How to fix"];

/// The families, in the order in which they run.
const FAMILIES: &[&[Rule]] = &[
    presence::RULES,
    lines::RULES,
    arithmetic::RULES,
    vat::RULES,
    reverse_charge::RULES,
    conformance::RULES,
    identity::RULES,
    dates::RULES,
    vendor::RULES,
    duplicate::RULES,
    document::RULES,
    payment_code::RULES,
    reading::RULES,
];

/// All rules, in the order in which they run.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The rule of a code.
pub fn explain(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code == code)
}

/// A policy that names a rule nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy names a rule `{code}`, which does not exist; known are {known}")]
pub struct UnknownRule {
    /// The code it names.
    pub code: String,
    /// The codes there are.
    pub known: String,
}

/// Checks that every rule a policy names exists.
///
/// # Errors
/// The first code that does not.
pub fn check_policy(policy: &Policy) -> Result<(), UnknownRule> {
    let mandatory = policy
        .mandatory_checks
        .iter()
        .flat_map(|wanted| wanted.split('|').map(str::trim));
    let mut named = policy.rules.keys().map(String::as_str).chain(mandatory);
    match named.find(|code| explain(code).is_none()) {
        None => Ok(()),
        Some(code) => Err(UnknownRule {
            code: code.to_owned(),
            known: rules().map(|rule| rule.code).collect::<Vec<_>>().join(", "),
        }),
    }
}

/// The word a severity is written with.
pub const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Off => "off",
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
        Severity::Block => "block",
    }
}

/// The documentation of all rules, as `docs/rules.md` holds it.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The checks of `vouch validate`\n\nWritten by `make generate` from the code; `vouch explain CODE` prints one of them. \
         Severities can be set in the policy: `[policy.rules.CODE] severity = \"off|info|warning|error|block\"`. The weight counts \
         for the first finding of a code; risk above 0.30 or more than two warnings ask for a review. A check that could not \
         run is listed in `checks_skipped` and is never a pass.\n\n| code | severity | weight | finds |\n|---|---|---|---|\n",
    );
    for rule in rules() {
        let severity = severity_name(rule.severity);
        let link = rule.code.to_lowercase();
        let _ = writeln!(
            text,
            "| [`{}`](#{link}) | {severity} | {} | {} |",
            rule.code, rule.weight, rule.name
        );
    }
    for rule in rules() {
        let body = rule
            .doc
            .trim()
            .replace("\n## ", "\n### ")
            .replacen("## ", "### ", 1);
        let _ = write!(
            text,
            "\n## {}\n\n{}: {}.\n\n{body}\n",
            rule.code,
            severity_name(rule.severity),
            rule.name
        );
    }
    text
}

#[cfg(test)]
mod tests;
