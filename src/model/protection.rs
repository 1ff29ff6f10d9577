//! Protected identities: two independent flags, and what each withholds.
//!
//! Facts: a confidentiality marking (sekretessmarkering, 22 kap. 1 § OSL) warns and does not say which item is sensitive; a
//! protected population registration (skyddad folkbokföring, 16 § folkbokföringslagen) says that where the person is must not
//! be known.

use core::fmt;

use crate::language::Class;

/// Whether a protection flag stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// No source that can say so does.
    #[default]
    No,
    /// A source that should say could not be read, or sources disagree in a way that cannot be settled: counts as protected,
    /// and conceals only.
    Unknown,
    /// It stands.
    Yes,
}

impl Flag {
    /// The stricter of two.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it counts as standing.
    pub const fn stands(self) -> bool {
        !matches!(self, Self::No)
    }
}

/// The two flags of a person. They are personal: nothing shows them by itself.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Protection {
    /// The confidentiality marking.
    pub marking: Flag,
    /// The protected population registration.
    pub registration: Flag,
    /// Whether it stands newly: what the directory shows is concealed at once.
    pub new: bool,
    /// Whether replacing what the directory shows waits for a decision.
    pub waits: bool,
}

impl Protection {
    /// Whether either flag counts as standing.
    pub const fn stands(&self) -> bool {
        self.marking.stands() || self.registration.stands()
    }

    /// Whether it only conceals and replaces nothing: it stands for lack of a readable answer alone, or replacing waits for a
    /// decision.
    pub const fn conceals_only(&self) -> bool {
        self.stands() && (self.waits || !self.is_certain())
    }

    /// Whether either flag stands for sure.
    pub const fn is_certain(&self) -> bool {
        matches!(self.marking, Flag::Yes) || matches!(self.registration, Flag::Yes)
    }

    /// Whether values of a class are withheld: a marking withholds what is personal, a protected registration where somebody
    /// is as well.
    pub fn withholds(&self, class: Class) -> bool {
        (self.marking.stands() && class >= Class::Personal)
            || (self.registration.stands() && class >= Class::Place)
    }
}

impl fmt::Debug for Protection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Protection(‹secret›)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flag_withholds_its_own() {
        let marking = Protection {
            marking: Flag::Yes,
            ..Protection::default()
        };
        assert!(marking.withholds(Class::Personal) && !marking.withholds(Class::Place));
        let registration = Protection {
            registration: Flag::Unknown,
            ..Protection::default()
        };
        assert!(registration.withholds(Class::Place) && !registration.withholds(Class::Open));
        assert!(registration.conceals_only());
        assert!(!Protection::default().withholds(Class::Registered));
    }
}
