//! The small values that rules are made of: expressions, names, durations, shares, policies.
//!
//! An expression is only its text here. Durations are days and shares per mille, so that nothing is ever a float.

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::fmt;

use chrono::NaiveDate;

use super::word::words;
use crate::base::Path;

/// The text of an expression, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What the author wrote, after the quotes of the file were taken off.
    pub text: String,
    /// Where it stands.
    pub place: Path,
}

/// The name of something else, such as a group, a namespace or a source, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub place: Path,
}

/// A duration in whole days. Written as a number and a unit: `"14d"`, `"2w"` (7 days each), `"6m"` (30 days each),
/// `"10y"` (365 days each).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(pub i64);

/// A share per mille. Written in per cent, with at most one decimal: `"5%"`, `"0.5%"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(pub u32);

/// A day of any year. Written `"08-01"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// The month, 1 to 12.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
}

/// A plain value in the row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// An integer.
    Int(i64),
    /// A truth value.
    Bool(bool),
}

/// One column of one row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The value.
    pub value: Scalar,
    /// Where it stands.
    pub place: Path,
}

/// A duration, or one that depends on the value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    /// What the duration depends on; `None` means that it is always [`Timed::default`].
    pub by: Option<Expression>,
    /// The duration of every value that is not named.
    pub default: Days,
    /// The durations of the values that are named.
    pub values: BTreeMap<String, Days>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// What becomes of an output of a protected person.
    PolicyKind {
        /// Nothing is produced for the person at all.
        Exclude = "exclude",
        /// This output is left out.
        Omit = "omit",
        /// The output shows the alias instead.
        Alias = "alias",
        /// The output is as for everybody; asks for a reason.
        Include = "include",
        /// An opaque task for a named officer, instead of a message. Of notices only.
        Task = "task",
    }
}

/// A policy for protected persons. Written as a word, or as a table with the reason beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// What is done.
    pub kind: PolicyKind,
    /// Why; always there for [`PolicyKind::Include`].
    pub because: Option<String>,
    /// When somebody should look at it again.
    pub review: Option<NaiveDate>,
    /// Who gets the task; only beside [`PolicyKind::Task`].
    pub officer: Option<Expression>,
    /// Where it stands.
    pub place: Path,
}

/// What one output says of protected persons itself, by flag. Written as one policy for both flags, or as a table with
/// `marking` and `registration`.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPolicy {
    /// What holds under a confidentiality marking; the default where nothing is said.
    pub marking: Option<Policy>,
    /// What holds under a protected population registration; the default where nothing is said.
    pub registration: Option<Policy>,
}

words! {
    /// What takes the place of an account that is there, once its person is protected for sure.
    Replacing {
        /// The account itself, with other names and values.
        Rename = "rename",
        /// Another account, made anew; the one that is there is put away.
        NewAccount = "new_account",
    }
}

/// What takes the place of an account, by flag. Written as one word for both flags, or as a table with `marking` and
/// `registration`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplacingByFlag {
    /// Under a confidentiality marking; the default where nothing is said.
    pub marking: Option<Replacing>,
    /// Under a protected population registration; the default where nothing is said.
    pub registration: Option<Replacing>,
}

/// Days in the shortest form without months and years, such as `14d`.
impl fmt::Display for Days {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}d", self.0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 10, self.0 % 10) {
            (whole, 0) => write!(formatter, "{whole}%"),
            (whole, tenth) => write!(formatter, "{whole}.{tenth}%"),
        }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}-{:02}", self.month, self.day)
    }
}
