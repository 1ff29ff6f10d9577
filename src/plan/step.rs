//! One step of a plan: what it does, why, what must hold before it, and who holds it back.
//!
//! What a step shows is open: where a withheld value belongs stands `sealed:…`, which the annex of the plan resolves. The
//! change itself, with real values, is reached only from a released plan.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

use serde::Serialize;
use serde::Serializer;

use super::cause::CauseKind;
use super::cause::Reason;
use super::kind::Phase;
use super::kind::StepKind;
#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::directory::AccountKey;
use crate::directory::Change;
use crate::directory::Shield;
use crate::directory::Slice;

/// A value as an open document shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// There is none.
    Nothing,
    /// A text.
    Text(String),
    /// Several.
    List(Vec<String>),
    /// A value that is withheld: the id by which the annex of the plan knows it.
    Sealed(String),
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) | Self::Sealed(text) => serializer.serialize_str(text),
            Self::List(texts) => serializer.collect_seq(texts),
        }
    }
}

/// What must hold of an object before a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// Its value is what the step says of before.
    AsBefore,
    /// No other object holds the value that the step sets.
    Free,
}

/// Something that must hold before a step, so that a stored plan is carried out as it was meant or not at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Precondition {
    /// Of which object, by key.
    pub object: String,
    /// What.
    pub is: Condition,
}

/// The guard that holds a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldBy {
    /// The guard.
    pub guard: StepKind,
    /// The slice; none for the total over all slices.
    pub slice: Option<Slice>,
}

/// One step.
#[derive(Clone, PartialEq, Serialize)]
pub struct Step {
    /// What names it in results: the same in every plan that holds this step.
    pub id: String,
    /// The part of the plan.
    pub phase: Phase,
    /// What is done.
    pub kind: StepKind,
    /// The object that it is counted for, by key; for a membership or a row the account.
    pub object: String,
    /// The attribute, the group, the class list or the rule of the notice; `sealed:…` where that is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is there before.
    pub before: Shown,
    /// What is there after.
    pub after: Shown,
    /// Whom a guard counts it with.
    pub slice: Slice,
    /// Whether it belongs to the urgent part, which no guard counts or holds.
    pub urgent: bool,
    /// What changed.
    pub cause: CauseKind,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What must hold before it.
    pub preconditions: Vec<Precondition>,
    /// Steps that must be done before it.
    pub depends_on: Vec<String>,
    /// Steps with the same unit are released together or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Who holds it, where no approval is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<HeldBy>,
    /// Whether it is about a protected person.
    #[serde(skip)]
    pub(super) of_protected: bool,
    /// What protects the person of the account that it changes, from what the change would write.
    #[serde(skip)]
    pub(super) shield: Option<(AccountKey, Shield)>,
    #[serde(skip)]
    pub(super) change: Change,
    /// Names that nobody holds any more when it is done.
    #[serde(skip)]
    pub(super) retires: Vec<(NameOf, Text)>,
    /// An old address that becomes an alias by it.
    #[serde(skip)]
    pub(super) kept: Option<Text>,
    /// The positions of the steps in `depends_on`.
    #[serde(skip)]
    pub(super) needs: Vec<usize>,
}

impl Step {
    /// Whether guards count it. The first address of an account changes nothing that anybody has.
    pub(super) fn counts(&self) -> bool {
        let first_mail = self.kind == StepKind::ChangeMail && self.before == Shown::Nothing;
        !self.urgent && !first_mail
    }
}

/// Which of the two names of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameOf {
    Login,
    Mail,
}

impl NameOf {
    /// The name in the rules.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Mail => "mail",
        }
    }
}

/// A real value, before it is decided how it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Nothing,
    Text(Text),
    List(Vec<Text>),
}

impl Raw {
    pub(super) fn text(text: &impl ToString) -> Self {
        Self::Text(Text::from(text.to_string()))
    }

    pub(super) fn of(text: Option<&Text>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(text.clone()))
    }

    pub(super) fn list(texts: impl IntoIterator<Item: Borrow<Text>>) -> Self {
        let texts: Vec<Text> = texts
            .into_iter()
            .map(|text| text.borrow().clone())
            .collect();
        if texts.is_empty() {
            Self::Nothing
        } else {
            Self::List(texts)
        }
    }

    /// The value in the open.
    pub(super) fn shown(&self) -> Shown {
        match self {
            Self::Nothing => Shown::Nothing,
            Self::Text(text) => Shown::Text(text.to_string()),
            Self::List(texts) => Shown::List(texts.iter().map(ToString::to_string).collect()),
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(test)]
        if Leak::Debug.is_planted() {
            return write!(formatter, "{:?}", self.retires);
        }
        write!(formatter, "Step({} {})", self.kind, self.object)
    }
}
