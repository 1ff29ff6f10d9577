//! Information classes: what a value may give away about a person.
//!
//! A class says nothing of who may see it: that is policy. Classes are ordered, and whatever is computed from several
//! values has the highest of their classes.

use core::fmt;

use serde::Deserialize;
use serde::Serialize;

/// What a value may give away, from nothing to the most.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Constants, rows of rule tables, aliases, keys.
    #[default]
    Open,
    /// Where somebody can be found: employer, unit, school, class, title, manager, dates.
    Place,
    /// Names, numbers, birth date, sex, contact.
    Personal,
    /// The registered municipality: no policy lets it through for a protected person.
    Registered,
}

impl Class {
    /// The higher of two classes.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        self.max(other)
    }

    /// The word for it in rules.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Place => "place",
            Self::Personal => "personal",
            Self::Registered => "registered",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_never_loses_anything() {
        let all = [
            Class::Open,
            Class::Place,
            Class::Personal,
            Class::Registered,
        ];
        for one in all {
            for other in all {
                assert!(one.join(other) >= one && one.join(other) >= other);
                assert_eq!(one.join(other), other.join(one));
            }
        }
    }
}
