//! Who is asked at which level.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decision::Level;

/// Who decides: addresses by level, and exceptions by vendor and department.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Approvers {
    /// Who decides where nothing else is said, and on small invoices that are not clean.
    pub default: String,
    /// Up to the manager's limit.
    pub manager: Option<String>,
    /// Up to the director's limit.
    pub director: Option<String>,
    /// Above it.
    pub cfo: Option<String>,
    /// By department (that of the largest part of the invoice), then level.
    pub departments: BTreeMap<String, Ladder>,
    /// By vendor id, then level; goes before departments.
    pub vendors: BTreeMap<String, Ladder>,
}

/// An address for each level that has one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ladder {
    /// Up to the manager's limit.
    pub manager: Option<String>,
    /// Up to the director's limit.
    pub director: Option<String>,
    /// Above it.
    pub cfo: Option<String>,
}

impl Ladder {
    /// The address of a level; `auto` has none.
    pub fn of(&self, level: Level) -> Option<&str> {
        rung(
            level,
            [&self.manager, &self.director, &self.cfo].map(Option::as_deref),
        )
    }
}

impl Approvers {
    /// The address of a level for everyone; `auto` has none.
    pub fn of(&self, level: Level) -> Option<&str> {
        rung(
            level,
            [&self.manager, &self.director, &self.cfo].map(Option::as_deref),
        )
    }
}

fn rung(level: Level, [manager, director, cfo]: [Option<&str>; 3]) -> Option<&str> {
    match level {
        Level::Auto => None,
        Level::Manager => manager,
        Level::Director => director,
        Level::Cfo => cfo,
    }
}

impl Default for Approvers {
    fn default() -> Self {
        Self {
            default: "finance-team@company.com".to_owned(),
            manager: None,
            director: None,
            cfo: Some("cfo@company.com".to_owned()),
            departments: BTreeMap::new(),
            vendors: BTreeMap::new(),
        }
    }
}
