//! The stages as the settings ask for them.

use std::path::Path;

use super::settings::Settings;
use crate::enrich::{Enrich, Vendors};
use crate::extract::Extract;
use crate::route::{Rates, Route};
use crate::rules::Validate;
use crate::stage::Stage;
use crate::ui::{Exit, Failure};

/// The four stages of the whole chain.
pub(crate) struct Stages {
    extract: Extract,
    enrich: Enrich,
    validate: Validate,
    route: Route,
}

impl Stages {
    /// Builds them.
    ///
    /// # Errors
    /// If reference data cannot be read.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Failure> {
        Ok(Self {
            extract: extract(settings, false, false),
            enrich: enrich(settings)?,
            validate: validate(settings),
            route: route(settings)?,
        })
    }

    /// In the order of the chain.
    pub(crate) fn chain(&self) -> [&dyn Stage; 4] {
        [&self.extract, &self.enrich, &self.validate, &self.route]
    }
}

/// `extract` as the settings ask for it.
pub(crate) fn extract(settings: &Settings, keep_words: bool, explain: bool) -> Extract {
    Extract::new(crate::extract::Settings {
        min_ocr_confidence: settings.policy.ocr_confidence_threshold,
        keep_words,
        explain,
        ..crate::extract::Settings::default()
    })
}

/// `enrich` with the vendors of the reference data.
///
/// # Errors
/// If the vendor file makes no sense, or the folder was named and is not there.
pub(crate) fn enrich(settings: &Settings) -> Result<Enrich, Failure> {
    let path = settings.reference().join("vendors.csv");
    let vendors = reference(settings, &path)?
        .map(|bytes| Vendors::parse(&bytes))
        .transpose()
        .map_err(|error| {
            Failure::new(Exit::Usage, &error)
                .while_doing(format!("cannot use `{}`", path.display()))
        })?;
    Ok(Enrich::new(vendors))
}

/// `validate` with the policy.
pub(crate) fn validate(settings: &Settings) -> Validate {
    Validate::new(settings.policy.clone())
}

/// `route` with the policy and the exchange rates of the reference data.
///
/// # Errors
/// If the rates make no sense.
pub(crate) fn route(settings: &Settings) -> Result<Route, Failure> {
    let path = settings.reference().join("fx.csv");
    let rates = reference(settings, &path)?
        .map(|bytes| Rates::parse(&bytes))
        .transpose()
        .map_err(|error| {
            Failure::new(Exit::Usage, &error)
                .while_doing(format!("cannot use `{}`", path.display()))
        })?;
    Ok(Route::new(settings.policy.clone(), rates))
}

#[expect(clippy::disallowed_methods, reason = "reference data is read here")]
fn reference(settings: &Settings, path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let folder = settings.reference();
    if settings.reference_is_named() && !folder.is_dir() {
        return Err(Failure::usage(format!(
            "`{}`: no folder of reference data",
            folder.display()
        )));
    }
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(Exit::Usage, &error)
            .while_doing(format!("cannot read `{}`", path.display()))),
    }
}
