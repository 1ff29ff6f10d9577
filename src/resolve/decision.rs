//! What goes in and comes out of resolving beside the population: decisions of the host, transitions, proposals, lookups.
//!
//! Keeps true: none shows a number or a name; a lookup is sealed, and its number is given by one call.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::base::PersonKey;
use crate::base::Secret;
use crate::base::Text;
use crate::identity::EvidenceKind;
use crate::identity::NumberKind;

/// Whom a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A person by key.
    Person(PersonKey),
    /// Whoever has this identity number.
    Number {
        /// The number.
        number: Secret<String>,
        /// Who issued it, for kinds that are unique only there.
        issuer: Option<String>,
    },
    /// Whoever this record is about.
    Record {
        /// The source instance, such as `procapita/1430`.
        instance: String,
        /// The kind of record.
        kind: String,
        /// The id that the source gives it.
        id: String,
    },
}

/// A protection flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagKind {
    /// The confidentiality marking.
    Marking,
    /// The protected population registration.
    Registration,
}

impl FlagKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Marking, Self::Registration];

    /// The word in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Marking => "marking",
            Self::Registration => "registration",
        }
    }

    /// The field of a source record.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Marking => "confidentiality_marking",
            Self::Registration => "protected_registration",
        }
    }
}

/// What a person has decided where data alone must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Two are one person.
    Same {
        /// The one.
        one: Whom,
        /// The other.
        other: Whom,
    },
    /// Two are two persons, whatever else speaks for one. It holds for as long as it is given.
    Apart {
        /// The one.
        one: Whom,
        /// The other.
        other: Whom,
    },
    /// A protection flag that no source gives any more goes.
    EndProtection {
        /// Whose.
        person: Whom,
        /// Which.
        flag: FlagKind,
    },
    /// What the directory shows of a protected person, whose protection only conceals for now, is replaced.
    Replace {
        /// Whose.
        person: Whom,
    },
    /// A person's accounts are disabled at once, from a day on. It holds for as long as it is given.
    Suspend {
        /// Whose.
        person: Whom,
        /// From this day on.
        from: NaiveDate,
    },
}

/// What changed about who somebody is. **Sealed** when written: it tells who is protected.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    /// Whom it is about.
    pub person: PersonKey,
    /// What changed.
    pub kind: TransitionKind,
}

/// Who is protected does not show by itself.
impl fmt::Debug for Transition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Transition({:?})", Secret::new(()))
    }
}

/// The kinds of change. Through each of them the person keeps key, account, login, mailbox and memberships.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransitionKind {
    /// First seen.
    Appeared,
    /// Another main number than before: a number that lasts in place of a temporary one, or a corrected one of the same kind.
    NumberChanged {
        /// The kind of the number before.
        from: NumberKind,
        /// The kind of the number now.
        to: NumberKind,
    },
    /// This person, known apart until now, goes on under another key.
    Merged {
        /// The key that stays.
        into: PersonKey,
    },
    /// A decision has parted this person from another one that it was known as.
    Split {
        /// The key that it was known under.
        from: PersonKey,
    },
    /// The register, or else a source, says newly that the person has died.
    Died,
    /// The register, or else a source, says newly that the person has emigrated.
    Emigrated,
    /// It was said that the person had died or emigrated, and is no longer.
    Returned,
    /// A protection flag stands newly.
    Protected(FlagKind),
    /// A protection flag only conceals for now: replacing waits for a decision.
    ReplacementWaits(FlagKind),
    /// A decision ended a protection flag.
    ProtectionEnded(FlagKind),
}

/// Two persons that may be one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    /// What speaks for it.
    pub evidence: EvidenceKind,
    /// The one, the smaller key.
    pub one: PersonKey,
    /// The other; nobody where its number is known to the register only.
    pub other: Option<PersonKey>,
}

/// A value of a field with several, and the source instances that give it. Sealed: its value leaves by [`Origin::value`] only, and
/// sources tell where somebody is.
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    field: String,
    value: Secret<Text>,
    sources: Vec<String>,
}

impl Origin {
    pub(super) fn new(field: &str, value: &str, source: &str) -> Self {
        Self {
            field: String::from(field),
            value: Secret::new(Text::from(value)),
            sources: alloc::vec![String::from(source)],
        }
    }

    pub(super) fn also(&mut self, source: &str) {
        if !self.sources.iter().any(|known| known == source) {
            self.sources.push(String::from(source));
        }
    }

    /// The field: `mails` or `phones`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The value. **Sealed**: personal, of protected persons too.
    pub const fn value(&self) -> &Secret<Text> {
        &self.value
    }

    /// The source instances that give it, the one whose word counts most first. **Sealed**: they tell where somebody is.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Origin({})", self.field)
    }
}

/// Why the register should be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LookupCause {
    /// It has not been asked about the number.
    NotAsked,
    /// Its answer is too old.
    Stale,
    /// It refers to the number from another one.
    Reference,
}

/// A number to ask the register about. Sealed: its number leaves by [`Lookup::number`] only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lookup {
    person: PersonKey,
    cause: LookupCause,
    number: String,
}

impl Lookup {
    pub(super) const fn new(person: PersonKey, cause: LookupCause, number: String) -> Self {
        Self {
            person,
            cause,
            number,
        }
    }

    /// Whom it is about.
    pub const fn person(&self) -> PersonKey {
        self.person
    }

    /// Why.
    pub const fn cause(&self) -> LookupCause {
        self.cause
    }

    /// The number. **Sealed**: personal, of protected persons too.
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Lookup({}, {:?})", self.person, self.cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_shows() {
        let key = PersonKey::mint(b"", &["a"]);
        let lookup = Lookup::new(key, LookupCause::Stale, String::from("199902102384"));
        let whom = Whom::Number {
            number: Secret::new(String::from("199902102384")),
            issuer: None,
        };
        assert!(!alloc::format!("{lookup:?} {whom:?}").contains("1999"));
        assert_eq!(lookup.number(), "199902102384");
    }
}
