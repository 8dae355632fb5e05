//! Effective settings: flags, then `VOUCH_*`, then `--config`, `./vouch.toml` and the user's own file, then defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::{Global, LogFormat, LogLevel, size};
use super::keys::KEYS;
use super::origin::{Origin, Value};
use crate::model::Policy;
use crate::ui::{Exit, Failure};

/// The effective settings.
#[derive(Debug)]
pub(crate) struct Settings {
    values: BTreeMap<&'static str, Value>,
    /// The policy.
    pub(crate) policy: Policy,
    /// Where the policy came from.
    pub(crate) policy_origin: Origin,
    /// Say only what went wrong.
    pub(crate) quiet: bool,
    /// Draw progress.
    pub(crate) progress: bool,
    verbose: u8,
}

impl Settings {
    /// Collects the settings.
    ///
    /// # Errors
    /// If a file cannot be read, a key is unknown or a value makes no sense.
    pub(crate) fn load(global: &Global) -> Result<Self, Failure> {
        let mut values: BTreeMap<&'static str, Value> = KEYS
            .iter()
            .map(|key| {
                (
                    key.name,
                    Value {
                        text: key.default.to_owned(),
                        origin: Origin::Default,
                    },
                )
            })
            .collect();
        let mut policy = (toml::Table::new(), Origin::Default);
        for path in files(global) {
            let Some(mut table) = read(&path, global.config.as_deref() == Some(path.as_path()))?
            else {
                continue;
            };
            if let Some(own) = table.remove("policy") {
                let toml::Value::Table(own) = own else {
                    return Err(Failure::usage(format!(
                        "{}: `policy` is no table",
                        path.display()
                    )));
                };
                policy = (own, Origin::File(path.clone()));
            }
            flatten("", &toml::Value::Table(table), &mut |name, text| {
                set(&mut values, name, text, Origin::File(path.clone()))
            })
            .map_err(|message| Failure::usage(format!("{}: {message}", path.display())))?;
        }
        for key in KEYS {
            let variable = variable(key.name);
            if let Some(text) = from_environment(&variable) {
                values.insert(
                    key.name,
                    Value {
                        text,
                        origin: Origin::Variable(variable),
                    },
                );
            }
        }
        for (name, text) in flags(global) {
            values.insert(
                name,
                Value {
                    text,
                    origin: Origin::Flag,
                },
            );
        }
        if let Some(path) = &global.policy {
            let mut table = read(path, true)?.unwrap_or_default();
            if let Some(toml::Value::Table(own)) = table.remove("policy") {
                table = own;
            }
            policy = (table, Origin::File(path.clone()));
        }
        let mut effective = policy_of(policy.0, &policy.1)?;
        thresholds(&values, &mut effective)?;
        let settings = Self {
            policy: effective,
            policy_origin: policy.1,
            values,
            quiet: global.quiet,
            progress: !global.no_progress && !global.quiet,
            verbose: global.verbose,
        };
        settings.check()?;
        Ok(settings)
    }

    /// Every setting with its value.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }

    /// Sets a value as a flag of a verb does.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.values
            .get(name)
            .map_or("", |value| value.text.as_str())
    }

    fn number(&self, name: &str) -> Result<u64, Failure> {
        self.text(name).parse().map_err(|_| {
            Failure::usage(format!(
                "`{name}` is `{}`, which is no whole number",
                self.text(name)
            ))
        })
    }

    /// Threads.
    pub(crate) fn jobs(&self) -> usize {
        match self.text("jobs").parse() {
            Ok(jobs) if jobs > 0 => jobs,
            _ => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }

    /// The journal, where one is set.
    pub(crate) fn journal(&self) -> Option<PathBuf> {
        Some(self.text("journal"))
            .filter(|text| !text.is_empty())
            .map(PathBuf::from)
    }

    /// The journal that is used where one is needed and none is set.
    pub(crate) fn journal_or_default(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = self.journal() {
            return Ok(path);
        }
        user_folder("XDG_STATE_HOME", ".local/state")
            .map(|folder| folder.join("vouch/journal"))
            .ok_or_else(|| {
                Failure::usage("no journal is set and there is no home folder for one")
                    .hint("give --journal FILE")
            })
    }

    /// Folder of the reference data.
    pub(crate) fn reference(&self) -> PathBuf {
        PathBuf::from(self.text("reference"))
    }

    /// Whether the folder of the reference data was named by somebody: then it has to be there.
    pub(crate) fn reference_is_named(&self) -> bool {
        self.values
            .get("reference")
            .is_some_and(|value| !matches!(value.origin, Origin::Default))
    }

    /// Largest file; `flag` is the verb's own.
    pub(crate) fn max_size(&self, flag: Option<&str>) -> Result<u64, Failure> {
        let text = flag.unwrap_or_else(|| self.text("ocr.max_size"));
        size(text).ok_or_else(|| {
            Failure::usage(format!("`{text}` is no size"))
                .hint("write 10MB, 512kB or a number of bytes")
        })
    }

    /// Most memory of a reading process, in bytes.
    pub(crate) fn memory(&self) -> Result<u64, Failure> {
        let text = self.text("ocr.memory");
        size(text)
            .ok_or_else(|| Failure::usage(format!("`ocr.memory` is `{text}`, which is no size")))
    }

    /// Longest time for a page and for a document.
    pub(crate) fn times(&self) -> Result<(Duration, Duration), Failure> {
        let seconds = |name| self.number(name).map(Duration::from_secs);
        Ok((
            seconds("ocr.page_seconds")?,
            seconds("ocr.document_seconds")?,
        ))
    }

    /// How the log is written.
    pub(crate) fn log_format(&self) -> crate::ui::log::Format {
        if self.text("log.format") == "json" {
            crate::ui::log::Format::Json
        } else {
            crate::ui::log::Format::Text
        }
    }

    /// Whether a summary goes to standard error as text: where that is JSON, it is an event of the log.
    pub(crate) fn says_summary(&self) -> bool {
        !self.quiet && self.log_format() == crate::ui::log::Format::Text
    }

    /// What the log tells; as JSON the summary too, unless a level is asked for or `-q` is given.
    pub(crate) fn log_level(&self) -> Option<tracing::Level> {
        let asked = |value: &Value| !matches!(value.origin, Origin::Default);
        let set = match self.text("log.level") {
            _ if !self.quiet
                && self.log_format() == crate::ui::log::Format::Json
                && !self.values.get("log.level").is_some_and(asked) =>
            {
                Some(tracing::Level::INFO)
            }
            "off" => None,
            "error" => Some(tracing::Level::ERROR),
            "info" => Some(tracing::Level::INFO),
            "debug" => Some(tracing::Level::DEBUG),
            _ => Some(tracing::Level::WARN),
        };
        match self.verbose {
            0 => set,
            1 => set.max(Some(tracing::Level::INFO)),
            _ => Some(tracing::Level::DEBUG),
        }
    }

    fn check(&self) -> Result<(), Failure> {
        self.max_size(None)?;
        self.memory()?;
        self.times()?;
        let one_of = |name: &str, choices: &[&str]| {
            if choices.contains(&self.text(name)) {
                Ok(())
            } else {
                Err(Failure::usage(format!("`{name}` is `{}`", self.text(name)))
                    .hint(format!("one of {}", choices.join(", "))))
            }
        };
        one_of("ocr.tables", &["true", "false"])?;
        one_of("log.format", &["json", "text"])?;
        one_of("log.level", &["off", "error", "warn", "info", "debug"])?;
        match self.text("jobs") {
            "" => Ok(()),
            text if text.parse::<usize>().is_ok_and(|jobs| jobs > 0) => Ok(()),
            text => {
                Err(Failure::usage(format!("`jobs` is `{text}`")).hint("a whole number from 1"))
            }
        }
    }
}

/// The variable of a setting.
pub(crate) fn variable(name: &str) -> String {
    format!("VOUCH_{}", name.replace('.', "_").to_uppercase())
}

/// A variable of the environment, if it is set to text.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub(crate) fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

fn user_folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    from_environment(variable)
        .map(PathBuf::from)
        .or_else(|| from_environment("HOME").map(|home| Path::new(&home).join(below_home)))
}

/// Settings files, weakest first.
fn files(global: &Global) -> Vec<PathBuf> {
    let user =
        user_folder("XDG_CONFIG_HOME", ".config").map(|folder| folder.join("vouch/config.toml"));
    user.into_iter()
        .chain([PathBuf::from("vouch.toml")])
        .chain(global.config.clone())
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "settings files are read here")]
fn read(path: &Path, required: bool) -> Result<Option<toml::Table>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => return Ok(None),
        Err(error) => {
            return Err(Failure::new(Exit::Usage, &error)
                .while_doing(format!("cannot read `{}`", path.display())));
        }
    };
    text.parse().map(Some).map_err(|error: toml::de::Error| {
        Failure::usage(format!("{}: {}", path.display(), error.message()))
    })
}

fn flatten(
    prefix: &str,
    value: &toml::Value,
    set: &mut dyn FnMut(&str, String) -> Result<(), String>,
) -> Result<(), String> {
    match value {
        toml::Value::Table(table) => table.iter().try_for_each(|(name, value)| {
            let name = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}.{name}")
            };
            flatten(&name, value, set)
        }),
        toml::Value::String(text) => set(prefix, text.clone()),
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => {
            set(prefix, value.to_string())
        }
        _ => Err(format!("`{prefix}` is neither text nor a number")),
    }
}

fn set(
    values: &mut BTreeMap<&'static str, Value>,
    name: &str,
    text: String,
    origin: Origin,
) -> Result<(), String> {
    let Some(key) = KEYS.iter().find(|key| key.name == name) else {
        let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        return Err(format!(
            "unknown key `{name}`; known are policy, {}",
            known.join(", ")
        ));
    };
    values.insert(key.name, Value { text, origin });
    Ok(())
}

fn flags(global: &Global) -> Vec<(&'static str, String)> {
    let path = |path: &PathBuf| path.to_string_lossy().into_owned();
    let mut flags = Vec::new();
    flags.extend(
        global
            .journal
            .as_ref()
            .map(|value| ("journal", path(value))),
    );
    flags.extend(
        global
            .reference
            .as_ref()
            .map(|value| ("reference", path(value))),
    );
    flags.extend(
        global
            .ocr_confidence_threshold
            .as_ref()
            .map(|value| ("ocr_confidence_threshold", value.clone())),
    );
    flags.extend(global.jobs.map(|jobs| ("jobs", jobs.to_string())));
    flags.extend(global.log_format.map(|format| match format {
        LogFormat::Json => ("log.format", "json".to_owned()),
        LogFormat::Text => ("log.format", "text".to_owned()),
    }));
    flags.extend(global.log_level.map(|level| {
        let text = match level {
            LogLevel::Off => "off",
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
        };
        ("log.level", text.to_owned())
    }));
    flags
}

fn policy_of(table: toml::Table, origin: &Origin) -> Result<Policy, Failure> {
    let policy: Policy =
        toml::Value::Table(table)
            .try_into()
            .map_err(|error: toml::de::Error| {
                Failure::usage(format!("{origin}: policy: {}", error.message()))
            })?;
    let refused = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::Usage, error).while_doing(format!("{origin}: the policy makes no sense"))
    };
    policy.check().map_err(|error| refused(&error))?;
    crate::rules::check_policy(&policy).map_err(|error| refused(&error))?;
    Ok(policy)
}

/// Thresholds of confidence that are set outside the policy take its place.
fn thresholds(values: &BTreeMap<&'static str, Value>, policy: &mut Policy) -> Result<(), Failure> {
    for (name, threshold) in [
        ("extract.min_confidence", &mut policy.min_field_confidence),
        ("ocr.min_mean_confidence", &mut policy.min_mean_confidence),
        ("ocr.min_word_confidence", &mut policy.min_word_confidence),
        (
            "ocr_confidence_threshold",
            &mut policy.ocr_confidence_threshold,
        ),
    ] {
        let Some(value) = values.get(name).filter(|value| !value.text.is_empty()) else {
            continue;
        };
        let number = value.text.parse::<f64>().ok();
        *threshold = number
            .filter(|number| (0.0..=1.0).contains(number))
            .ok_or_else(|| {
                Failure::usage(format!("`{name}` is `{}`", value.text))
                    .hint("a number between 0 and 1")
            })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_explained() {
        let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(KEYS.iter().all(|key| !key.doc.is_empty()));
        assert_eq!(variable("ocr.max_size"), "VOUCH_OCR_MAX_SIZE");
    }

    #[test]
    fn thresholds_take_the_place_of_those_of_the_policy() {
        for (name, text, expected) in [
            ("ocr_confidence_threshold", "", Some(0.5)),
            ("ocr_confidence_threshold", "0", Some(0.0)),
            ("ocr_confidence_threshold", "1.0", Some(1.0)),
            ("ocr_confidence_threshold", "1.01", None),
            ("ocr_confidence_threshold", "-0.1", None),
            ("ocr_confidence_threshold", "nan", None),
            ("ocr.min_word_confidence", "70", None),
            ("ocr.min_mean_confidence", "high", None),
            ("extract.min_confidence", "0.92", Some(0.5)),
        ] {
            let value = Value {
                text: text.to_owned(),
                origin: Origin::Flag,
            };
            let mut policy = Policy::default();
            let read = thresholds(&BTreeMap::from([(name, value)]), &mut policy);
            let threshold = read.ok().map(|()| policy.ocr_confidence_threshold);
            assert_eq!(threshold, expected, "{name} = {text}");
            if name == "extract.min_confidence" {
                assert!((policy.min_field_confidence - 0.92).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn unknown_keys_are_refused_with_the_known_ones() {
        let mut values = BTreeMap::new();
        let table: toml::Table = "[ocr]\nmax_sise = 3".parse().expect("TOML");
        let refused = flatten("", &toml::Value::Table(table), &mut |name, text| {
            set(&mut values, name, text, Origin::Default)
        });
        assert!(refused.is_err_and(
            |message| message.contains("`ocr.max_sise`") && message.contains("ocr.max_size")
        ));
    }
}
