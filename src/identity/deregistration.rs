//! Causes for which the population register takes a number away, and what each means for an account unless a rule says
//! otherwise.
//!
//! Not the policy: rules have the last word. Keeps true: an unknown code is a value, never an error, and older schemas
//! with their coarser codes are never read as more than they say.

use alloc::string::String;

use super::kind::NumberKind;

/// Longest code that an unknown cause keeps; anything longer is no code and is not kept.
const LONGEST_CODE: usize = 4;

/// Why the register deregistered a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Deregistration {
    /// AV: the person has died.
    Deceased,
    /// UV: the person has emigrated.
    Emigrated,
    /// GN: an old personal number; a reference to the new one exists.
    OldPersonalNumber,
    /// GS: an old coordination number; a reference to the new one exists.
    OldCoordinationNumber,
    /// OB: the person is missing.
    Missing,
    /// TA: technically deregistered.
    TechnicallyDeregistered,
    /// AS: an annulled coordination number.
    AnnulledCoordinationNumber,
    /// AN: another reason, before 2006-09-20.
    OtherReason,
    /// FI: a false identity.
    FalseIdentity,
    /// A of an older schema: died; for a coordination number perhaps only dormant.
    OlderDeceased,
    /// G of an older schema: an old number of either kind.
    OlderReplaced,
    /// O or OO of an older schema: everything else, dormant coordination numbers included. Never to be read as left.
    OlderOther,
    /// A code that is not in the list, kept as written when it can be a code, else empty.
    Unknown(String),
}

/// What a cause does to an account unless a rule says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefaultEffect {
    /// Nothing: people who emigrated may still work or attend.
    Nothing,
    /// A finding, and nothing else.
    Flag,
    /// The identity follows the reference to the new number.
    Relink,
    /// Nothing changes until a person has decided.
    Hold,
    /// The account is disabled at once.
    Disable,
}

impl Deregistration {
    /// The codes of the present schema.
    pub(crate) const CODES: [&'static str; 9] =
        ["AN", "AS", "AV", "FI", "GN", "GS", "OB", "TA", "UV"];

    /// Reads a cause code, also those of older schemas; nothing for a blank one.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_uppercase();
        let cause = match code.as_str() {
            "" => return None,
            "AV" => Self::Deceased,
            "UV" => Self::Emigrated,
            "GN" => Self::OldPersonalNumber,
            "GS" => Self::OldCoordinationNumber,
            "OB" => Self::Missing,
            "TA" => Self::TechnicallyDeregistered,
            "AS" => Self::AnnulledCoordinationNumber,
            "AN" => Self::OtherReason,
            "FI" => Self::FalseIdentity,
            "A" => Self::OlderDeceased,
            "G" => Self::OlderReplaced,
            "O" | "OO" => Self::OlderOther,
            other if is_code(other) => Self::Unknown(code),
            _ => Self::Unknown(String::new()),
        };
        Some(cause)
    }

    /// Reads a cause code from a service known to use an older schema with three values (AV, GN, OO).
    pub fn from_older_code(code: &str) -> Option<Self> {
        Self::from_code(code).map(|cause| match cause {
            Self::Deceased => Self::OlderDeceased,
            Self::OldPersonalNumber | Self::OldCoordinationNumber => Self::OlderReplaced,
            newer => newer,
        })
    }

    /// The code of the register; empty for an unknown cause whose text can be no code.
    pub fn code(&self) -> &str {
        match self {
            Self::Deceased => "AV",
            Self::Emigrated => "UV",
            Self::OldPersonalNumber => "GN",
            Self::OldCoordinationNumber => "GS",
            Self::Missing => "OB",
            Self::TechnicallyDeregistered => "TA",
            Self::AnnulledCoordinationNumber => "AS",
            Self::OtherReason => "AN",
            Self::FalseIdentity => "FI",
            Self::OlderDeceased => "A",
            Self::OlderReplaced => "G",
            Self::OlderOther => "O",
            Self::Unknown(code) => code,
        }
    }

    /// Whether the person behind a number of this kind is surely dead. An older schema writes the same for a dormant
    /// coordination number.
    pub fn confirms_death(&self, kind: NumberKind) -> bool {
        match self {
            Self::Deceased => true,
            Self::OlderDeceased => kind != NumberKind::CoordinationNumber,
            _ => false,
        }
    }

    /// Whether the number only gave way to another one, to which the register refers.
    pub const fn is_replaced(&self) -> bool {
        matches!(
            self,
            Self::OldPersonalNumber | Self::OldCoordinationNumber | Self::OlderReplaced
        )
    }

    /// What this cause does to an account unless a rule says otherwise.
    pub fn default_effect(&self, kind: NumberKind) -> DefaultEffect {
        match self {
            Self::Deceased | Self::OlderDeceased if self.confirms_death(kind) => {
                DefaultEffect::Disable
            }
            Self::Deceased
            | Self::OlderDeceased
            | Self::TechnicallyDeregistered
            | Self::AnnulledCoordinationNumber
            | Self::FalseIdentity => DefaultEffect::Hold,
            Self::Emigrated => DefaultEffect::Nothing,
            Self::OldPersonalNumber | Self::OldCoordinationNumber | Self::OlderReplaced => {
                DefaultEffect::Relink
            }
            Self::Missing | Self::OtherReason | Self::OlderOther | Self::Unknown(_) => {
                DefaultEffect::Flag
            }
        }
    }
}

fn is_code(text: &str) -> bool {
    text.len() <= LONGEST_CODE && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::DefaultEffect;
    use super::Deregistration;
    use crate::identity::kind::NumberKind;

    #[test]
    fn every_code_has_its_effect() {
        let kind = NumberKind::PersonalNumber;
        for (code, effect) in [
            ("AV", DefaultEffect::Disable),
            ("UV", DefaultEffect::Nothing),
            ("GN", DefaultEffect::Relink),
            ("GS", DefaultEffect::Relink),
            ("OB", DefaultEffect::Flag),
            ("TA", DefaultEffect::Hold),
            ("AS", DefaultEffect::Hold),
            ("AN", DefaultEffect::Flag),
            ("FI", DefaultEffect::Hold),
            ("A", DefaultEffect::Disable),
            ("G", DefaultEffect::Relink),
            ("O", DefaultEffect::Flag),
            ("ZZ", DefaultEffect::Flag),
        ] {
            let cause = Deregistration::from_code(code).unwrap();
            assert_eq!(cause.code(), code);
            assert_eq!(cause.default_effect(kind), effect, "{code}");
        }
    }

    #[test]
    fn an_older_death_of_a_coordination_number_is_held() {
        let coordination = NumberKind::CoordinationNumber;
        let newer = Deregistration::from_code("AV").unwrap();
        assert!(newer.confirms_death(coordination));
        for older in [
            Deregistration::from_code("A").unwrap(),
            Deregistration::from_older_code("AV").unwrap(),
        ] {
            assert!(!older.confirms_death(coordination));
            assert!(older.confirms_death(NumberKind::PersonalNumber));
            assert_eq!(older.default_effect(coordination), DefaultEffect::Hold);
        }
        let replaced = Deregistration::from_older_code("GN").unwrap();
        assert_eq!(replaced, Deregistration::OlderReplaced);
        assert!(replaced.is_replaced());
    }

    #[test]
    fn blank_is_none_and_a_text_that_is_no_code_is_not_kept() {
        assert_eq!(Deregistration::from_code("  "), None);
        assert_eq!(
            Deregistration::from_code(" oo "),
            Some(Deregistration::OlderOther)
        );
        let unknown = Deregistration::from_code("Testsson").unwrap();
        assert_eq!(unknown.code(), "");
        let long = Deregistration::from_code("Å").unwrap();
        assert_eq!(long.code(), "");
    }
}
