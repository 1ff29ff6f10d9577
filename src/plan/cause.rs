//! Why a step stands in a plan: its cause, and the reasons that rules give for it.

use core::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use super::kind::StepKind;
use crate::base::Text;
use crate::diagnostic::OpenText;
use crate::directory::AccountKey;
use crate::directory::ClassListKey;
use crate::directory::GroupKey;

/// What changed, so that a step is needed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// What the sources say.
    Source,
    /// The day.
    Time,
    /// The rules.
    Rules,
    /// The directory was changed by somebody else.
    Drift,
    /// What is remembered: a notice whose event was confirmed earlier.
    Ledger,
    /// Nothing: the rules speak of it for the first time.
    First,
    /// It is not told in open documents, since the step is urgent.
    Urgent,
}

impl CauseKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Time => "time",
            Self::Rules => "rules",
            Self::Drift => "drift",
            Self::Ledger => "ledger",
            Self::First => "first",
            Self::Urgent => "urgent",
        }
    }
}

impl fmt::Display for CauseKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One reason for a step: a rule, and the affiliation that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reason {
    /// The rule, such as `group.unit`.
    pub rule: OpenText,
    /// The key of the affiliation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<OpenText>,
    /// The first day of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The day after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// What a step does to what, for whoever gives its reasons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepSubject {
    /// The kind of step.
    pub kind: StepKind,
    /// The account concerned; for a membership the member.
    pub account: Option<AccountKey>,
    /// The group concerned.
    pub group: Option<GroupKey>,
    /// The class list concerned.
    pub class_list: Option<ClassListKey>,
    /// The attribute, reference or notice concerned.
    pub field: Option<Text>,
}
