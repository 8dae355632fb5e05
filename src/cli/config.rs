//! `vouch config`: the effective settings.

use std::fmt::Write as _;

use clap::Subcommand;
use serde_json::Value;

use super::keys::KEYS;
use super::origin::Origin;
use super::print;
use super::settings::{Settings, variable};
use crate::ui::{Exit, Failure};

/// Show the effective settings, or check them.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch config show --origin",
    subcommand_required = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show every setting, as a settings file would have it.
    #[command(before_help = "Example:\n  vouch config show --origin")]
    Show {
        /// With each, where it comes from.
        #[arg(long)]
        origin: bool,
    },
    /// Check the settings: ends with 2 and says why if they make no sense.
    #[command(before_help = "Example:\n  vouch config check")]
    Check,
    /// Tell what each setting is for, its variable and its default.
    #[command(before_help = "Example:\n  vouch config keys")]
    Keys,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    match args.verb {
        // They were checked when they were loaded.
        Verb::Check => print("the settings make sense\n"),
        Verb::Keys => print(&keys()),
        Verb::Show { origin } => print(&show(settings, origin)?),
    }
}

fn keys() -> String {
    let mut text = String::new();
    for key in KEYS {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} ({}, default `{}`): {}",
            key.name,
            variable(key.name),
            key.default,
            key.doc
        );
    }
    text.push_str("policy: limits, thresholds, approvers, severities; a table of the settings, or a file of its own (--policy)\n");
    text
}

fn show(settings: &Settings, with_origin: bool) -> Result<String, Failure> {
    let mut text = String::new();
    let comment = |origin: &Origin| {
        if with_origin {
            format!("  # {origin}")
        } else {
            String::new()
        }
    };
    for (name, value) in settings.all() {
        let _ = writeln!(text, "{name} = {:?}{}", value.text, comment(&value.origin));
    }
    let policy =
        serde_json::to_value(&settings.policy).map_err(|error| Failure::new(Exit::Bug, &error))?;
    table(
        "policy",
        &policy,
        &comment(&settings.policy_origin),
        &mut text,
    );
    Ok(text)
}

/// Writes a table and those in it. Numbers keep their digits, which a float between would not.
fn table(path: &str, value: &Value, comment: &str, text: &mut String) {
    let members: Vec<_> = value.as_object().into_iter().flatten().collect();
    let _ = writeln!(text, "\n[{path}]{comment}");
    for (name, member) in &members {
        match member {
            Value::Null | Value::Object(_) => {}
            // Texts, numbers, flags and lists of texts are written alike in JSON and in TOML.
            member => {
                let _ = writeln!(text, "{name} = {member}");
            }
        }
    }
    for (name, member) in members.iter().filter(|(_, member)| member.is_object()) {
        table(&format!("{path}.{name}"), member, "", text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_that_is_shown_is_the_policy_that_is_read() {
        let mut policy = crate::model::Policy::default();
        policy.company_names.push("Halden & \"Marsh\"".to_owned());
        let mut text = String::new();
        let value = serde_json::to_value(&policy).expect("can be written");
        table("policy", &value, "  # here", &mut text);
        assert!(text.contains("auto_approve_limit = 500.00\n"), "{text}");
        let mut read: toml::Table = text.parse().expect("TOML");
        let own = read.remove("policy").expect("a table");
        assert_eq!(own.try_into(), Ok(policy));
    }
}
