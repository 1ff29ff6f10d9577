//! Affiliations: why somebody belongs. An employment, or a placement (duty, enrolment, membership).

use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::fields::RecordKind;
use super::person::PersonRow;
use crate::base::Interval;
use crate::base::Text;
use crate::base::row_key;

row_key! {
    /// A row of the table of affiliations, of whatever kind.
    AffiliationRow
}

/// The kinds of affiliation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AffiliationKind {
    /// A person employed by an employer.
    Employment,
    /// Staff at a unit.
    Duty,
    /// A pupil at a school or preschool.
    Enrolment,
    /// A pupil or staff in a class or another school group.
    Membership,
}

impl AffiliationKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::Employment,
        Self::Duty,
        Self::Enrolment,
        Self::Membership,
    ];

    /// The word in rules and records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Employment => "employment",
            Self::Duty => "duty",
            Self::Enrolment => "enrolment",
            Self::Membership => "membership",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of record that rules see.
    pub const fn record(self) -> RecordKind {
        match self {
            Self::Employment => RecordKind::Employment,
            Self::Duty => RecordKind::Duty,
            Self::Enrolment => RecordKind::Enrolment,
            Self::Membership => RecordKind::Membership,
        }
    }
}

impl fmt::Display for AffiliationKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the engine itself knows of an affiliation; its fields stand in the population's columns.
#[derive(Clone, Debug)]
pub(crate) struct Affiliation {
    /// Its key: opaque, the same in every run.
    pub(crate) key: Text,
    /// The kind.
    pub(crate) kind: AffiliationKind,
    /// Whose it is.
    pub(crate) person: PersonRow,
    /// The days on which it is in force: what the source says, within its parent, and ended where its record is gone for good.
    pub(crate) in_force: Interval,
    /// Days of full leave.
    pub(crate) leave: Vec<Interval>,
    /// The affiliation it hangs on.
    pub(crate) parent: Option<AffiliationRow>,
    /// Whether its source instance is frozen, or its record is gone and held: it stands as last accepted.
    pub(crate) frozen: bool,
}
