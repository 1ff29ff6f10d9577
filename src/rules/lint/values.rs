//! Sets of values: what a subject may still be when some tests of it hold.
//!
//! Whole numbers, days and truth values are ranges of numbers; texts and words are listed, or all but those listed. A set may be
//! larger than what can be, never smaller: what is empty here is empty in truth.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::Datelike;

use crate::base::Text;
use crate::language::Bound;
use crate::language::Relation;
use crate::language::Value;

/// A set of values of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Whatever there is.
    Any,
    /// Numbers, as ranges in order, both ends included, that neither touch nor overlap.
    Numbers(Vec<(i64, i64)>),
    /// These texts.
    Only(BTreeSet<Text>),
    /// All texts but these.
    AllBut(BTreeSet<Text>),
}

impl Values {
    /// The truth values.
    pub(super) fn truths() -> Self {
        Self::Numbers(alloc::vec![(0, 1)])
    }

    /// The truth value `true`.
    pub(super) fn truth() -> Self {
        Self::Numbers(alloc::vec![(1, 1)])
    }

    pub(super) const fn nothing() -> Self {
        Self::Numbers(Vec::new())
    }

    /// The set of one value, if it is of a kind that sets are made of.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(_) | Value::Int(_) | Value::Days(_) | Value::Date(_) => {
                let number = number(value)?;
                Some(Self::Numbers(alloc::vec![(number, number)]))
            }
            Value::Text(text) | Value::Enum(_, text) | Value::Nominal(_, text) => {
                Some(Self::Only(core::iter::once(text.clone()).collect()))
            }
            Value::Double(_)
            | Value::Today(_)
            | Value::Optional(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Record(_) => None,
        }
    }

    /// What a subject is when a relation holds of it, out of a universe; `None` where sets cannot say.
    pub(super) fn related(relation: &Relation, universe: &Self) -> Option<Self> {
        match relation {
            Relation::OneOf(values) => {
                let mut all = Self::nothing();
                for value in values {
                    all.add(&Self::of(value)?)?;
                }
                Some(all)
            }
            Relation::Ordered(bound, value) => {
                if let (Value::Text(text), Self::Only(known)) = (value, universe) {
                    let mut texts = known.clone();
                    texts.retain(|known| bound.holds((**known).cmp(text)));
                    return Some(Self::Only(texts));
                }
                Some(Self::Numbers(
                    range(*bound, number(value)?).into_iter().collect(),
                ))
            }
            Relation::Between(from, to) => {
                let from = from.map_or(i64::MIN, |day| i64::from(day.num_days_from_ce()));
                let to = to.map_or(i64::MAX, |day| i64::from(day.num_days_from_ce()));
                Some(if from <= to {
                    Self::Numbers(alloc::vec![(from, to)])
                } else {
                    Self::nothing()
                })
            }
            Relation::Present | Relation::Host(..) => None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Any | Self::AllBut(_) => false,
            Self::Numbers(ranges) => ranges.is_empty(),
            Self::Only(texts) => texts.is_empty(),
        }
    }

    /// How much work it is to go through it.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Any => 1,
            Self::Numbers(ranges) => ranges.len(),
            Self::Only(texts) | Self::AllBut(texts) => texts.len(),
        }
    }

    /// Everything of the same kind that is not in it.
    pub(super) fn complement(&self) -> Self {
        match self {
            Self::Any => Self::nothing(),
            Self::Only(texts) => Self::AllBut(texts.clone()),
            Self::AllBut(texts) => Self::Only(texts.clone()),
            Self::Numbers(ranges) => {
                let mut others = Vec::with_capacity(ranges.len().saturating_add(1));
                let mut from = Some(i64::MIN);
                for (first, last) in ranges {
                    if let Some(from) = from
                        && from < *first
                    {
                        others.push((from, first.saturating_sub(1)));
                    }
                    from = last.checked_add(1);
                }
                others.extend(from.map(|from| (from, i64::MAX)));
                Self::Numbers(others)
            }
        }
    }

    /// Takes out what is not in the other set as well.
    pub(super) fn narrow(&mut self, other: &Self) {
        let narrowed = match (&mut *self, other) {
            (_, Self::Any) => return,
            (Self::Any, other) => other.clone(),
            (Self::Only(own), Self::Only(other)) => {
                own.retain(|text| other.contains(text));
                return;
            }
            (Self::Only(own), Self::AllBut(other)) => {
                own.retain(|text| !other.contains(text));
                return;
            }
            (Self::AllBut(own), Self::AllBut(other)) => {
                own.extend(other.iter().cloned());
                return;
            }
            (Self::AllBut(own), Self::Only(other)) => Self::Only(
                other
                    .iter()
                    .filter(|text| !own.contains(*text))
                    .cloned()
                    .collect(),
            ),
            (Self::Numbers(own), Self::Numbers(other)) => Self::Numbers(common(own, other)),
            // Sets of two kinds: only one that is empty says anything.
            (_, other) if other.is_empty() => Self::nothing(),
            _ => return,
        };
        *self = narrowed;
    }

    /// Whether a text is in it.
    pub(super) fn has(&self, value: &Value) -> bool {
        let Some(mut one) = Self::of(value) else {
            return true;
        };
        one.narrow(self);
        !one.is_empty()
    }

    /// Adds another set of the same kind.
    fn add(&mut self, other: &Self) -> Option<()> {
        match (&mut *self, other) {
            (Self::Numbers(own), other) if own.is_empty() => *self = other.clone(),
            (Self::Only(own), Self::Only(other)) => own.extend(other.iter().cloned()),
            (Self::Numbers(own), Self::Numbers(other)) => {
                own.extend(other);
                own.sort_unstable();
                let mut joined: Vec<(i64, i64)> = Vec::with_capacity(own.len());
                for (first, last) in own.drain(..) {
                    match joined.last_mut() {
                        Some(before) if first <= before.1.saturating_add(1) => {
                            before.1 = before.1.max(last);
                        }
                        _ => joined.push((first, last)),
                    }
                }
                *own = joined;
            }
            _ => return None,
        }
        Some(())
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Int(number) | Value::Days(number) => Some(*number),
        Value::Date(day) => Some(i64::from(day.num_days_from_ce())),
        _ => None,
    }
}

fn range(bound: Bound, number: i64) -> Option<(i64, i64)> {
    Some(match bound {
        Bound::Below => (i64::MIN, number.checked_sub(1)?),
        Bound::UpTo => (i64::MIN, number),
        Bound::Above => (number.checked_add(1)?, i64::MAX),
        Bound::From => (number, i64::MAX),
    })
}

/// The ranges that two lists of ranges have in common.
fn common(one: &[(i64, i64)], two: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut ranges = Vec::new();
    let (mut left, mut right) = (one.iter().peekable(), two.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let (first, last) = (a.0.max(b.0), a.1.min(b.1));
        if first <= last {
            ranges.push((first, last));
        }
        if a.1 < b.1 {
            left.next();
        } else {
            right.next();
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(ranges: &[(i64, i64)]) -> Values {
        Values::Numbers(ranges.to_vec())
    }

    fn texts(texts: &[&str]) -> BTreeSet<Text> {
        texts.iter().map(|text| Text::from(*text)).collect()
    }

    #[test]
    fn the_complement_of_a_complement_is_the_set() {
        for set in [
            numbers(&[]),
            numbers(&[(i64::MIN, i64::MAX)]),
            numbers(&[(i64::MIN, -3), (5, 5), (7, i64::MAX)]),
            Values::Only(texts(&["a", "b"])),
            Values::AllBut(texts(&[])),
        ] {
            assert_eq!(set.complement().complement(), set);
            let mut both = set.clone();
            both.narrow(&set.complement());
            assert!(both.is_empty(), "{set:?}");
        }
    }

    #[test]
    fn ranges_meet_and_join() {
        let mut set = numbers(&[(0, 10), (20, 30)]);
        set.narrow(&numbers(&[(5, 22), (30, 40)]));
        assert_eq!(set, numbers(&[(5, 10), (20, 22), (30, 30)]));
        let of = |values: &[i64]| {
            let values = values.iter().map(|value| Value::Int(*value)).collect();
            Values::related(&Relation::OneOf(values), &Values::Any)
        };
        assert_eq!(of(&[3, 1, 2, 7]), Some(numbers(&[(1, 3), (7, 7)])));
    }

    #[test]
    fn texts_are_taken_out_of_all() {
        let mut set = Values::Any;
        set.narrow(&Values::AllBut(texts(&["a"])));
        set.narrow(&Values::AllBut(texts(&["b"])));
        set.narrow(&Values::Only(texts(&["a", "b", "c"])));
        assert_eq!(set, Values::Only(texts(&["c"])));
        set.narrow(&Values::Only(texts(&["d"])));
        assert!(set.is_empty());
    }
}
