//! Counts as an open document shows them: those of protected persons not exactly where they are small.
//!
//! It counts nothing. Keeps true: what is not to show is not in the value either, so that no form of it tells.

use core::fmt;

use serde::Serialize;
use serde::Serializer;

/// How many there are, as far as that may be known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tally {
    /// Fewer than [`Tally::LEAST`], of protected persons.
    Few,
    /// Exactly so many.
    Exact(u64),
}

impl Tally {
    /// From how many on protected persons are counted exactly. A guard that says "1 step held" of a slice which only protected persons
    /// are in tells of one of them.
    pub const LEAST: u64 = 5;

    /// A count of protected persons, or of anybody else.
    pub(in crate::plan) const fn of(count: u64, of_protected: bool) -> Self {
        if of_protected && count < Self::LEAST {
            Self::Few
        } else {
            Self::Exact(count)
        }
    }

    /// The count, where it is told.
    pub const fn exact(self) -> Option<u64> {
        match self {
            Self::Few => None,
            Self::Exact(count) => Some(count),
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Few => write!(formatter, "fewer than {}", Self::LEAST),
            Self::Exact(count) => write!(formatter, "{count}"),
        }
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A number where it is told, else a text.
impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Few => serializer.collect_str(self),
            Self::Exact(count) => serializer.serialize_u64(*count),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn few_protected_persons_are_not_counted_exactly_and_all_others_are() {
        assert_eq!(Tally::of(4, true), Tally::Few);
        assert_eq!(Tally::of(0, true), Tally::of(4, true));
        assert_eq!(Tally::of(5, true), Tally::Exact(5));
        assert_eq!(Tally::of(1, false), Tally::Exact(1));
        assert_eq!(Tally::Few.to_string(), "fewer than 5");
        assert_eq!(alloc::format!("{:?}", Tally::of(3, true)), "fewer than 5");
        let written = |tally| serde_json::to_string(&tally).unwrap();
        assert_eq!(written(Tally::Few), "\"fewer than 5\"");
        assert_eq!(written(Tally::Exact(7)), "7");
    }
}
