//! The totals: net, VAT, total, amount due, paid, rounding, and VAT by rate.
//!
//! What the labels claim ([`super::sums`]) is settled by arithmetic ([`super::solve`]). A value that is not printed is
//! only written where two printed ones leave no choice, with method `solver` and the operands as its text.

use super::candidate::{Candidate, Proof};
use super::draft::Draft;
use super::rates::{self, Composed};
use super::solve::{Solution, is_rate_of, solve};
use super::sums::{self, Claimed, Role};
use super::till;
use super::unnamed;
use super::view::View;
use crate::lang::Label;
use crate::model::{Amount, Confidence, Decimal, Evidence, Field, Method, Rate, VatBreakdown};

/// Confidence below which a total is a guess, and none is better.
const GUESS: f64 = 0.3;
/// Points below which a total is no better than a guess.
pub(super) const LEAST: f64 = 1.0;

/// Looks for all totals.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let claims = std::mem::take(&mut draft.claims);
    let mut net = sums::ranked_role(view, &claims, Role::Net);
    let mut vat = sums::ranked_role(view, &claims, Role::Vat);
    let mut gross = sums::ranked_role(view, &claims, Role::Gross);
    paid_back(&mut gross);
    largest(&mut gross);
    if draft.receipt {
        till::paid_in_cash(view, &claims, &mut gross);
        if gross.first().is_none_or(|best| best.points < LEAST) {
            gross.extend(till::repeated(view));
        }
    }
    let added = rates::compose(view, &claims, &mut net, &mut vat, &mut gross);
    unnamed::unnamed_total(view, [&mut net, &mut vat, &mut gross]);
    paid_and_due(view, &claims, &mut gross);
    if gross.is_empty() {
        gross.extend(only(view));
    }
    let sums = sums::sums(view, &claims, [&mut net, &mut vat, &mut gross]);
    let solution = solve(&sums);
    let mut writer = Writer {
        view,
        draft,
        adds_up: solution.adds_up && !same_place(&net, &gross, &solution),
    };
    let subtotal = writer.role(
        "subtotal",
        &net,
        solution.net.as_ref().map(|reading| reading.id),
        added.net.as_ref(),
    );
    let tax = writer.role(
        "vat_amount",
        &vat,
        solution.vat.as_ref().map(|reading| reading.id),
        added.vat.as_ref(),
    );
    let chosen = solution.gross.as_ref().map(|reading| reading.id);
    let paid = chosen.filter(|_| writer.draft.receipt).and_then(|chosen| {
        till::rounded(view, &claims, &gross, &gross[chosen]).or_else(|| {
            let paid = till::to_coins(view, &claims, &gross[chosen])?;
            gross.push(paid);
            Some(gross.len() - 1)
        })
    });
    let total = writer.role("total", &gross, paid.or(chosen), None);
    let sure = |evidence: &Evidence| evidence.confidence.is_none_or(|sure| sure.0 >= GUESS);
    let total = total.filter(|_| writer.draft.evidence.get("total").is_none_or(sure));
    if total.is_none() {
        writer.draft.evidence.remove("total");
    }
    let breakdown = rates::rows(view, solution.vat.as_ref().map(|vat| vat.value));
    let (subtotal, tax) = derive(&mut writer, &sums.rates, &vat, [subtotal, tax, total]);
    draft.invoice.subtotal = Field::found(subtotal.map(Amount));
    draft.invoice.vat_amount = Field::found(tax.map(Amount));
    draft.invoice.total = Field::found(total.map(Amount));
    let levied: Decimal = breakdown.iter().map(|row| row.vat).sum();
    if breakdown.len() == 1 && !levied.is_zero() || Some(levied) == tax {
        draft.invoice.vat_breakdown = breakdown
            .into_iter()
            .map(|row| VatBreakdown {
                rate: Field::Value(Rate(row.rate)),
                base: Field::Value(Amount(row.base)),
                amount: Field::Value(Amount(row.vat)),
                ..VatBreakdown::default()
            })
            .collect();
    }
    due(view, draft, &claims, total);
}

/// Tells whether net sum and total are one printed amount, which adds up with nothing.
fn same_place(
    net: &[Candidate<Decimal>],
    gross: &[Candidate<Decimal>],
    solution: &Solution,
) -> bool {
    let (Some(n), Some(g)) = (&solution.net, &solution.gross) else {
        return false;
    };
    net[n.id].place == gross[g.id].place
}

/// Writes chosen amounts with their evidence.
struct Writer<'a, 'b> {
    view: &'a View<'b>,
    draft: &'a mut Draft,
    adds_up: bool,
}

impl Writer<'_, '_> {
    /// The chosen reading of a role, if it is more than a guess.
    fn role(
        &mut self,
        field: &str,
        list: &[Candidate<Decimal>],
        chosen: Option<usize>,
        composed: Option<&Composed>,
    ) -> Option<Decimal> {
        let id = chosen?;
        let chosen = &list[id];
        if !self.adds_up && chosen.points < LEAST {
            return None;
        }
        if let Some(sum) = composed.filter(|sum| sum.id == id) {
            let parts: Vec<String> = sum.parts.iter().map(Decimal::to_string).collect();
            self.derived(
                field,
                parts.join(" + "),
                if self.adds_up { 0.9 } else { 0.7 },
            );
            return Some(chosen.value);
        }
        let mut ranked = vec![chosen.clone()];
        ranked.extend(
            list.iter()
                .filter(|other| other.value != chosen.value)
                .take(2)
                .cloned(),
        );
        let proof = Proof {
            proven: self.adds_up,
            ..Proof::default()
        };
        let evidence = self
            .view
            .evidence_where(field, &ranked, proof, Decimal::to_string)?;
        self.draft.evidence.insert(field.to_owned(), evidence);
        Some(chosen.value)
    }

    /// Evidence of an amount that was derived.
    fn derived(&mut self, field: &str, operands: String, sure: f64) {
        self.draft.evidence.insert(
            field.to_owned(),
            Evidence {
                text: Some(operands),
                method: Some(Method::Solver),
                confidence: Some(Confidence(sure)),
                ..Evidence::default()
            },
        );
    }
}

/// Net and VAT where one of them is not printed, or VAT is printed in parts.
fn derive(
    writer: &mut Writer<'_, '_>,
    rates: &[Decimal],
    vat: &[Candidate<Decimal>],
    [net, tax, total]: [Option<Decimal>; 3],
) -> (Option<Decimal>, Option<Decimal>) {
    let at_rate =
        |base: Decimal, vat: Decimal| rates.iter().any(|rate| is_rate_of(base, *rate, vat));
    match (net, tax, total) {
        (Some(net), tax, Some(total)) if !writer.adds_up && net != total => {
            let rest = total - net;
            let parts = named_parts(writer.view, vat);
            if parts.len() > 1 && parts.iter().sum::<Decimal>() == rest {
                let list: Vec<String> = parts.iter().map(Decimal::to_string).collect();
                writer.derived("vat_amount", list.join(" + "), 0.9);
                return (Some(net), Some(rest));
            }
            if tax.is_none() && at_rate(net, rest) {
                writer.derived("vat_amount", format!("total {total} - subtotal {net}"), 0.8);
                return (Some(net), Some(rest));
            }
            (Some(net), tax)
        }
        (None, Some(tax), Some(total)) if !tax.is_zero() && at_rate(total - tax, tax) => {
            writer.derived("subtotal", format!("total {total} - vat_amount {tax}"), 0.8);
            (Some(total - tax), Some(tax))
        }
        (net, tax, _) => (net, tax),
    }
}

/// Amounts that a VAT label names, each in a line of its own.
fn named_parts(view: &View<'_>, vat: &[Candidate<Decimal>]) -> Vec<Decimal> {
    let mut lines: Vec<(usize, usize)> = Vec::new();
    let mut parts = Vec::new();
    for candidate in vat.iter().filter(|candidate| candidate.points >= 1.5) {
        let page = &view.pages[candidate.place.page];
        let line = page.sheet.segments[page.segment_of[candidate.place.words.start]].line;
        if !lines.contains(&(candidate.place.page, line)) {
            lines.push((candidate.place.page, line));
            parts.push(candidate.value);
        }
    }
    parts
}

/// Takes points from a negative total whose positive twin is named as well: the payment that settled it.
fn paid_back(gross: &mut [Candidate<Decimal>]) {
    /// What it loses.
    const SETTLED: f64 = 2.0;
    let positive: Vec<Decimal> = gross
        .iter()
        .map(|total| total.value)
        .filter(|value| *value > Decimal::ZERO)
        .collect();
    for total in gross.iter_mut() {
        if positive.contains(&-total.value) {
            total.points -= SETTLED;
        }
    }
    gross.sort_by(|a, b| b.points.total_cmp(&a.points));
}

/// Gives the largest of the well-named totals the lead: subtotals are called totals too.
fn largest(gross: &mut [Candidate<Decimal>]) {
    /// What it gains.
    const LEAD: f64 = 0.4;
    let best = gross.first().map_or(0.0, |best| best.points);
    let well = gross
        .iter_mut()
        .filter(|total| total.points >= 2.5 && total.points > best - 1.0);
    if let Some(total) = well.max_by_key(|total| total.value.abs()) {
        total.points += LEAD;
    }
    gross.sort_by(|a, b| b.points.total_cmp(&a.points));
}

/// Total = what was paid + what is due, where all three are printed and labels name the two.
fn paid_and_due(view: &View<'_>, claims: &[Claimed], gross: &mut Vec<Candidate<Decimal>>) {
    /// Points of labels that name them beyond doubt, and of the total they make.
    const NAMED: f64 = 2.5;
    const AGREES: f64 = 2.5;
    let paid = sums::ranked_role(view, claims, Role::Paid);
    let due = sums::ranked_role(view, claims, Role::Due);
    let named = |list: &[Candidate<Decimal>]| -> Option<Decimal> {
        let first = list.first().filter(|first| first.points >= NAMED)?;
        Some(first.value)
    };
    let (Some(paid), Some(due)) = (named(&paid), named(&due)) else {
        return;
    };
    let total = paid.abs() + due;
    if paid.is_zero()
        || gross
            .iter()
            .any(|known| known.value == total && known.points >= AGREES)
    {
        return;
    }
    gross.retain(|known| known.value != total);
    gross.extend(sums::printed(view, total, AGREES));
    gross.sort_by(|a, b| b.points.total_cmp(&a.points));
}

/// The only amount that is printed with a currency, as a total that nothing names.
fn only(view: &View<'_>) -> Option<Candidate<Decimal>> {
    let mut printed = view.pages.iter().flat_map(|page| &page.money);
    let first = printed
        .find(|money| money.is_priced() && money.currency.is_some())?
        .value;
    let mut priced =
        (view.pages.iter().flat_map(|page| &page.money)).filter(|money| money.is_priced());
    let alone = !first.is_zero() && priced.all(|money| money.value == first);
    alone
        .then(|| sums::printed(view, first, LEAST + 0.2))
        .flatten()
}

/// Amount due, paid, rounding, previous balance.
fn due(view: &View<'_>, draft: &mut Draft, claims: &[Claimed], total: Option<Decimal>) {
    /// Points of an amount that a label certainly calls due.
    const CERTAIN: f64 = 2.6;
    /// Points of one that a label rather calls due.
    const NAMED: f64 = 1.6;
    let due_later = |claim: &&Claimed| {
        let page = &view.pages[claim.at.0];
        let word = page.money[claim.at.1].words.start;
        // What is left after a discount for early payment is not what is due, and neither is what its label rather calls
        // a net amount.
        let discounted = page.line_speaks_of(word, Label::CashDiscount);
        let net = claims.iter().any(|other| {
            other.at == claim.at && other.role == Role::Net && other.points >= claim.points
        });
        // A number of days behind `payable` is no amount, and what the net sum was settled to be is not due.
        let money = &page.money[claim.at.1];
        let settled = claim.points < CERTAIN
            && total.is_some()
            && draft.invoice.subtotal.get().map(|net| net.0) == Some(claim.value)
            && total != Some(claim.value);
        let counts = !money.is_priced() && total.is_some_and(|total| total.scale() == 2);
        // A weak label against a total that is known: the column of the lines, or a part.
        let weak = claim.points < NAMED && total.is_some_and(|total| total != claim.value);
        claim.role != Role::Due || !(discounted || net || settled || counts || weak)
    };
    let claims: Vec<Claimed> = claims.iter().filter(due_later).cloned().collect();
    let mut simple = |field: &str, role: Role, least: f64| -> Option<Decimal> {
        let ranked = sums::ranked_role(view, &claims, role);
        let first = ranked.first().filter(|first| first.points >= least)?;
        let value = first.value;
        if let Some(evidence) = view.evidence_of(field, &ranked, Decimal::to_string) {
            draft.evidence.insert(field.to_owned(), evidence);
        }
        Some(value)
    };
    let due = simple("amount_due", Role::Due, 1.2);
    let paid = simple("paid_amount", Role::Paid, 2.0);
    let rounding = simple("rounding", Role::Rounding, 1.5);
    let previous = simple("previous_balance", Role::Previous, 2.0);
    let due = due.or_else(|| {
        let total = total?;
        let (value, text) = match paid {
            Some(paid) if !paid.is_zero() => (
                total - paid.abs(),
                format!("total {total} - paid_amount {}", paid.abs()),
            ),
            _ => (total, format!("total {total}")),
        };
        let sure = draft
            .evidence
            .get("total")
            .and_then(|evidence| evidence.confidence);
        draft.evidence.insert(
            "amount_due".to_owned(),
            Evidence {
                text: Some(text),
                method: Some(Method::Solver),
                confidence: sure.map(|sure| Confidence(sure.0 * 0.9)),
                ..Evidence::default()
            },
        );
        Some(value)
    });
    draft.invoice.amount_due = Field::found(due.map(Amount));
    draft.invoice.paid_amount = Field::found(paid.map(Amount));
    draft.invoice.rounding = Field::found(rounding.map(Amount));
    draft.invoice.previous_balance = Field::found(previous.map(Amount));
}
