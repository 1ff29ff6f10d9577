//! Kinds of identity numbers, and the sex that a number can tell.
//!
//! Not the numbers themselves. The names are stable: rules and documents use them.

/// The kind of an identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// A personal identity number of the population register.
    PersonalNumber,
    /// An immunity number, for members of foreign missions: it is written as a personal number, so only who states the kind knows.
    ImmunityNumber,
    /// A coordination number: the day is written with 60 added, and need not be a date.
    CoordinationNumber,
    /// An interim number: one letter in place of the first digit of the birth number.
    InterimNumber,
    /// A school temporary number, unique in one municipality only.
    TF,
    /// A national reserve number of health care.
    NationalReserveNumber,
    /// A local number with a letter of the issuer's own, unique with that issuer only.
    LocalReserveNumber,
}

impl NumberKind {
    /// Every kind, the most lasting one first.
    pub const ALL: [Self; 7] = [
        Self::PersonalNumber,
        Self::ImmunityNumber,
        Self::CoordinationNumber,
        Self::NationalReserveNumber,
        Self::InterimNumber,
        Self::TF,
        Self::LocalReserveNumber,
    ];

    /// The name that rules and documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PersonalNumber => "Personal",
            Self::ImmunityNumber => "Immunity",
            Self::CoordinationNumber => "Coordination",
            Self::InterimNumber => "Interim",
            Self::TF => "TF",
            Self::NationalReserveNumber => "Reserve",
            Self::LocalReserveNumber => "Local",
        }
    }

    /// The kind that a source states, in our words or in those of Swedish registers (`IMMUNITETSNUMMER`).
    pub fn stated(text: &str) -> Option<Self> {
        let text = text.trim();
        let swedish = [
            ("personnummer", Self::PersonalNumber),
            ("immunitetsnummer", Self::ImmunityNumber),
            ("samordningsnummer", Self::CoordinationNumber),
            ("nationellt reservnummer", Self::NationalReserveNumber),
            ("interimspersonnummer", Self::InterimNumber),
            ("t-nummer", Self::InterimNumber),
            ("tf-nummer", Self::TF),
            ("lokalt reservnummer", Self::LocalReserveNumber),
            ("reservnummer", Self::LocalReserveNumber),
        ];
        let ours = Self::ALL.into_iter().map(|kind| (kind.name(), kind));
        swedish
            .into_iter()
            .chain(ours)
            .find(|(word, _)| text.eq_ignore_ascii_case(word))
            .map(|(_, kind)| kind)
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What people call this kind.
    pub const fn title(self) -> &'static str {
        match self {
            Self::PersonalNumber => "personal identity number",
            Self::ImmunityNumber => "immunity number",
            Self::CoordinationNumber => "coordination number",
            Self::InterimNumber => "interim number",
            Self::TF => "school temporary number",
            Self::NationalReserveNumber => "national reserve number",
            Self::LocalReserveNumber => "local reserve number",
        }
    }

    /// Whether the population register can know numbers of this kind, so that it is worth asking.
    pub const fn in_register(self) -> bool {
        matches!(
            self,
            Self::PersonalNumber | Self::ImmunityNumber | Self::CoordinationNumber
        )
    }

    /// Whether the same text can stand for two persons with two issuers, so that it counts only together with its issuer.
    pub const fn needs_issuer(self) -> bool {
        matches!(
            self,
            Self::InterimNumber | Self::TF | Self::LocalReserveNumber
        )
    }

    /// How lasting this kind is, 0 the most; the main number of an identity is the most lasting one.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::PersonalNumber => 0,
            Self::ImmunityNumber => 1,
            Self::CoordinationNumber => 2,
            Self::NationalReserveNumber => 3,
            Self::InterimNumber => 4,
            Self::TF => 5,
            Self::LocalReserveNumber => 6,
        }
    }
}

/// The sex that a number or a register states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// An even digit.
    Female,
    /// An odd digit.
    Male,
}

impl Sex {
    /// The name that rules and documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Female => "Female",
            Self::Male => "Male",
        }
    }

    /// The sex that an ASCII digit stands for; nothing for any other character.
    pub(super) const fn of_digit(digit: u8) -> Option<Self> {
        match digit {
            b'0' | b'2' | b'4' | b'6' | b'8' => Some(Self::Female),
            b'1' | b'3' | b'5' | b'7' | b'9' => Some(Self::Male),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NumberKind;

    #[test]
    fn names_are_found_again_and_ranks_follow_the_list() {
        for (place, kind) in NumberKind::ALL.into_iter().enumerate() {
            assert_eq!(NumberKind::from_name(kind.name()), Some(kind));
            assert_eq!(usize::from(kind.rank()), place);
        }
        assert_eq!(NumberKind::from_name("tf"), None);
        assert_eq!(NumberKind::stated(" tf "), Some(NumberKind::TF));
        assert_eq!(
            NumberKind::stated("IMMUNITETSNUMMER"),
            Some(NumberKind::ImmunityNumber)
        );
        assert_eq!(NumberKind::stated("passnummer"), None);
        assert!(NumberKind::TF.needs_issuer());
        assert!(!NumberKind::NationalReserveNumber.needs_issuer());
        assert!(NumberKind::CoordinationNumber.in_register());
        assert!(!NumberKind::InterimNumber.in_register());
    }
}
