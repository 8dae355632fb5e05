//! Who decides: limits, levels, approvers, reasons. A pure table.
//!
//! An invoice passes without a person only if everything speaks for it. What speaks against it is an
//! [obstacle](obstacle::Obstacle): each names its reason and what would remove it.

mod amount;
mod approver;
mod obstacle;
mod rates;
mod shown;

pub use rates::{Rates, RatesError};
pub use shown::record_hash;

use amount::Compared;
use obstacle::Obstacle;

use crate::model::{Approval, Digest, Document, Level, Past, Policy, Routing, Status};
use crate::stage::{Stage, StageError, StageId};

/// The approver of what nobody had to look at.
const SYSTEM: &str = "system";

/// The stage `route`.
#[derive(Debug)]
pub struct Route {
    policy: Policy,
    rates: Option<Rates>,
}

impl Route {
    /// Routes by a checked policy; without rates foreign currencies are for people.
    pub fn new(policy: Policy, rates: Option<Rates>) -> Self {
        Self { policy, rates }
    }
}

impl Stage for Route {
    fn id(&self) -> StageId {
        StageId {
            name: "route",
            version: 1,
        }
    }

    fn config(&self) -> Digest {
        let rates = self.rates.as_ref().map(Rates::digest);
        Digest::of_parts([
            self.policy.digest().0.as_slice(),
            rates.as_ref().map_or(&[][..], |digest| digest.0.as_slice()),
        ])
    }

    fn apply(&self, mut document: Document, _past: &Past) -> Result<Document, StageError> {
        if matches!(document.status, Status::Error | Status::SetAside) {
            return Ok(document);
        }
        let now = document.provenance.now;
        if let Some(rates) = &self.rates {
            document
                .provenance
                .reference_hashes
                .insert("fx.csv".to_owned(), rates.digest().to_string());
        }
        let routing = self.decide(&document);
        let auto = routing.auto == Some(true);
        document.routing = Some(routing);
        document.status = if auto {
            Status::Approved
        } else {
            Status::PendingApproval
        };
        document.approval = auto.then(|| Approval {
            approved: Some(true),
            approver: Some(SYSTEM.to_owned()),
            level: Some(Level::Auto),
            decided_at: now,
            record_hash: Some(record_hash(&document)),
            ..Approval::default()
        });
        Ok(document)
    }
}

impl Route {
    fn decide(&self, document: &Document) -> Routing {
        let policy = &self.policy;
        let compared = Compared::of(document, policy, self.rates.as_ref());
        let by_amount = compared.level(policy);
        let obstacles = obstacle::all(document, policy);
        let lifted = by_amount == Level::Auto && !obstacles.is_empty();
        let level = if lifted { Level::Manager } else { by_amount };
        let auto = level == Level::Auto;
        let mut reasons = Vec::new();
        let mut would_be_auto_if = Vec::new();
        if by_amount != Level::Auto {
            reasons.push(compared.above(policy));
            would_be_auto_if.push(compared.cure(policy));
        }
        for obstacle in &obstacles {
            reasons.push(obstacle.reason.clone());
            would_be_auto_if.push(obstacle.cure.clone());
        }
        would_be_auto_if.dedup();
        Routing {
            level: Some(level),
            rule: Some(rule(&compared, by_amount, &obstacles).to_owned()),
            approver: Some(match (auto, lifted) {
                (true, _) => SYSTEM.to_owned(),
                // Small but not clean: for those who look after the exceptions, whatever the department.
                (false, true) => policy.approvers.default.clone(),
                (false, false) => approver::of(document, policy, level),
            }),
            amount_base: compared.base,
            currency_base: Some(policy.base_currency.clone()),
            fx: compared.fx,
            reasons,
            auto: Some(auto),
            due_at: document
                .provenance
                .now
                .filter(|_| !auto)
                .and_then(|now| now.plus_hours(i64::from(policy.approval_timeout_hours))),
            escalations: Vec::new(),
            would_be_auto_if,
        }
    }
}

/// The limit or rule that set the level.
fn rule(compared: &Compared, by_amount: Level, obstacles: &[Obstacle]) -> &'static str {
    if let Some(unknown) = compared.unknown {
        return unknown.name();
    }
    match by_amount {
        Level::Manager => "manager_approve_limit",
        Level::Director => "director_approve_limit",
        Level::Cfo => "above_director_limit",
        Level::Auto => obstacles
            .iter()
            .min_by_key(|obstacle| obstacle.rule)
            .map_or("auto_approve_limit", |obstacle| obstacle.rule.name()),
    }
}

#[cfg(test)]
mod tests;
