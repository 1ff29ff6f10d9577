//! What a rule says about one value: set it, clear it, or have no say.

use core::fmt;

use serde::Serialize;

use crate::base::Secret;

/// Why there is no opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepCause {
    /// The rule says `keep()`.
    Rule,
    /// The attribute is written once, and it was.
    Initial,
    /// The data that the rule reads is missing or wrong; there is a finding.
    Data,
    /// A requirement is not met, or a person must decide; there is a finding.
    Held,
    /// The source that the rule reads is frozen.
    Frozen,
    /// A value goes over a limit of the target; there is a finding.
    Limit,
    /// What the value refers to is held.
    Target,
}

/// An opinion about one value.
#[derive(Clone, PartialEq, Eq)]
pub enum Opinion<T> {
    /// The value is to be this.
    Set(T),
    /// There is to be no value.
    Clear,
    /// What is there stays, whatever it is.
    Keep(KeepCause),
}

/// A value that is set does not show.
impl<T> fmt::Debug for Opinion<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(_) => write!(formatter, "Set({:?})", Secret::new(())),
            Self::Clear => formatter.write_str("Clear"),
            Self::Keep(cause) => write!(formatter, "Keep({cause:?})"),
        }
    }
}

impl<T> Opinion<T> {
    /// The value that is to be set.
    pub const fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Clear | Self::Keep(_) => None,
        }
    }

    /// The same opinion about something made of the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Opinion<U> {
        match self {
            Self::Set(value) => Opinion::Set(change(value)),
            Self::Clear => Opinion::Clear,
            Self::Keep(cause) => Opinion::Keep(cause),
        }
    }

    /// Whether there is no opinion.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep(_))
    }
}
