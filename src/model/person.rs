//! What the engine itself knows of a person; the person's fields stand in the population's columns.

use chrono::NaiveDate;
use serde::Serialize;

use super::protection::Protection;
use crate::base::PersonKey;
use crate::base::row_key;

row_key! {
    /// A row of the table of persons.
    PersonRow
}

/// What the population register says of a person's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The register knows the number, and the names agree.
    Verified,
    /// The register knows the number, and a name or a birth date differs.
    Conflicting,
    /// The register was asked and does not know the number.
    NotFound,
    /// The register knows the number as deregistered.
    Deregistered,
    /// The answer is older than the rules allow.
    Stale,
    /// The register has not been asked, or cannot know such a number.
    NotAsked,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 6] = [
        Self::Verified,
        Self::Conflicting,
        Self::NotFound,
        Self::Deregistered,
        Self::Stale,
        Self::NotAsked,
    ];

    /// The word in rules.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "Verified",
            Self::Conflicting => "Conflicting",
            Self::NotFound => "NotFound",
            Self::Deregistered => "Deregistered",
            Self::Stale => "Stale",
            Self::NotAsked => "NotAsked",
        }
    }
}

/// A person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The key.
    pub(crate) key: PersonKey,
    /// The protection flags.
    pub(crate) protection: Protection,
    /// What the register says.
    pub(crate) verdict: Verdict,
    /// A stated cause for disabling at once: the day from which it holds (a confirmed death, or a cause for which the rules
    /// say `disable`).
    pub(crate) stopped_from: Option<NaiveDate>,
    /// Whether a person must decide something first; nothing of this person's changes until then.
    pub(crate) held: bool,
}
