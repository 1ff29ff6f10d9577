//! What is remembered of a person.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use crate::identity::IdentityNumber;
use crate::identity::NumberKind;

/// A person, as the ledger knows them.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PersonMemory {
    /// The day of the run that saw this person first; of two that turn out to be one, the earlier key stays.
    pub(crate) first_seen: Option<NaiveDate>,
    /// Every record that was ever this person's: `instance:kind:id`.
    pub(crate) records: BTreeSet<String>,
    /// Every number that was ever this person's.
    pub(crate) numbers: Vec<NumberMemory>,
    /// The two protection flags as they stood, by name of the flag (`marking`, `registration`).
    pub(crate) flags: BTreeMap<String, FlagMemory>,
    /// Alias data once used: it is never given up, also after the protection ends. By field of the alias.
    pub(crate) alias: BTreeMap<String, String>,
    /// Since when a requested change of flags, or another decision, waits for a person.
    pub(crate) held_since: Option<NaiveDate>,
    /// The cause for which the register, or else a school system, says that they have left.
    pub(crate) left: Option<String>,
}

/// A number of a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct NumberMemory {
    /// The canonical number.
    pub(crate) number: String,
    /// Who issued it, where it is not unique in Sweden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    /// Its kind, where the spelling alone does not tell it and a source has stated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// When it was first seen.
    pub(crate) since: NaiveDate,
}

impl NumberMemory {
    /// Whether two stand for one number.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (&self.number, &self.issuer) == (&other.number, &other.issuer)
    }

    /// The number, where it can be read.
    pub(crate) fn read(&self, on: NaiveDate) -> Option<IdentityNumber> {
        let stated = self.kind.as_deref().and_then(NumberKind::from_name);
        IdentityNumber::parse_stated(&self.number, on, self.issuer.as_deref(), stated).ok()
    }

    /// Whether it stands for this number.
    pub(crate) fn names(&self, number: &IdentityNumber) -> bool {
        self.issuer.as_deref() == number.issuer() && self.number == number.canonical()
    }
}

/// A protection flag as it stood.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FlagMemory {
    /// Whether it stood for sure (`true`), or only for lack of a readable answer.
    pub(crate) certain: bool,
    /// Since when.
    pub(crate) since: NaiveDate,
    /// Whether replacing what the directory shows waits for a decision.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(crate) waits: bool,
}
