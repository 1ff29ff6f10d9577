//! What a rule file may hold: keys, kinds of values, words.
//!
//! It is made by the decoder itself, see [`RulesetSpec::shape`](super::RulesetSpec::shape), and says nothing of what names and
//! expressions mean. So it is wider than what loads, and never narrower.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// What may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// The text of an expression.
    Expression,
    /// The name of another part of the rules.
    Name,
    /// One of some words.
    Word(Vec<&'static str>),
    /// A duration, such as `14d`.
    Duration,
    /// A share, such as `5%`.
    Share,
    /// A date.
    Date,
    /// A day of the year, such as `08-01`.
    DayOfYear,
    /// A text, a whole number or a truth value.
    Scalar,
    /// `true` or `false`.
    Bool,
    /// A whole number between two, both included.
    Int {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A list.
    List {
        /// What its elements are.
        of: Box<Self>,
        /// Whether it must have an element.
        filled: bool,
        /// Whether no element may stand twice.
        distinct: bool,
    },
    /// A table.
    Table(TableShape),
    /// One of several.
    OneOf(Vec<Self>),
}

/// The keys of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableShape {
    /// The keys that it knows.
    pub keys: BTreeMap<&'static str, KeyShape>,
    /// Two keys of which one must be there.
    pub either: Option<EitherKey>,
    /// What stands at every other key; none where there may be no other.
    pub others: Option<Box<Shape>>,
}

/// A key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyShape {
    /// What stands there.
    pub shape: Shape,
    /// Whether it must be there.
    pub needed: bool,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

/// Two keys of which one must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EitherKey {
    /// The one.
    pub one: &'static str,
    /// The other.
    pub other: &'static str,
    /// Whether they exclude each other.
    pub exclusive: bool,
}

impl Shape {
    /// Several shapes as one.
    pub(super) fn one_of(mut shapes: Vec<Self>) -> Self {
        match (shapes.pop(), shapes.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                shapes.extend(last);
                Self::OneOf(shapes)
            }
        }
    }
}
