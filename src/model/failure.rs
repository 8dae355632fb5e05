//! Why our work on a document failed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::field::part;

/// The kind of failure, which decides who can mend it and whether to try again.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The input is what it is: empty, torn, encrypted, of a type we do not read.
    Input,
    /// Someone asked us to slow down.
    RateLimit,
    /// It may work next time.
    Transient,
    /// It will not.
    Permanent,
    /// Something we depend on is missing or down.
    Dependency,
    /// A fault of ours.
    Internal,
}

part! {
    /// The `error` of a line with `status: "error"`.
    #[serde(deny_unknown_fields)]
    pub struct Failed {
        /// The stage that failed.
        pub stage: String,
        /// The kind of failure.
        pub class: Option<FailureClass>,
        /// Stable code, such as `ENCRYPTED_FILE`.
        pub code: String,
        /// For people; names no content of the invoice.
        pub message: String,
        /// Whether the next run tries again.
        pub retryable: Option<bool>,
        /// How often it was tried.
        pub attempts: Option<u32>,
    }
}
