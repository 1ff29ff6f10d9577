//! Why a text is not an identity number: one reason for each refusal.
//!
//! Not the text itself. No variant has a field, so that no message, `Debug` or log can carry what was written.

use thiserror::Error;

use crate::diagnostic::OpenText;

/// Why a text was refused as an identity number. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// There is no text, or only blanks.
    #[error("identity number is empty")]
    Empty,
    /// A character other than the digits 0-9, the letters A-Z and one separator, for example a full-width digit.
    #[error("identity number has a character that no identity number has")]
    Character,
    /// A blank inside, a second separator, or one that does not stand before the last four characters.
    #[error("identity number has a blank or a separator in the wrong place")]
    Separator,
    /// Neither 10 nor 12 characters beside the separator.
    #[error("identity number has neither 10 nor 12 characters")]
    Length,
    /// The letters and digits stand where no kind of number has them.
    #[error("identity number has letters where no kind of number has them")]
    Shape,
    /// The number of an organisation, not of a person.
    #[error("identity number is an organisation number, not a person's")]
    OrganisationNumber,
    /// The first two of twelve digits are no century that its kind can have (18, 19 or 20 for most kinds).
    #[error("identity number has a century that its kind cannot have")]
    Century,
    /// The date part is no date of the calendar.
    #[error("identity number has a date that does not exist")]
    NoSuchDate,
    /// The birth date lies after the reference date.
    #[error("identity number has a birth date after the reference date")]
    FutureDate,
    /// Ten characters, born this year by the year rule, but the day has not come yet: no reading fits.
    #[error("identity number does not tell its century")]
    CenturyUnclear,
    /// The birth number is 000, which is never given.
    #[error("identity number has the birth number 000")]
    BirthNumber,
    /// The check digit does not fit.
    #[error("identity number fails its check digit")]
    CheckDigit,
    /// A letter of no known series, as in the local numbers of one issuer; such a number needs its issuer.
    #[error("identity number has a letter of no known series and no issuer")]
    UnknownSeries,
}

impl From<IdentityError> for OpenText {
    fn from(error: IdentityError) -> Self {
        Self::vouched(error)
    }
}

impl IdentityError {
    /// The stable short code of this reason, for reports and counts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Character => "character",
            Self::Separator => "separator",
            Self::Length => "length",
            Self::Shape => "shape",
            Self::OrganisationNumber => "organisation-number",
            Self::Century => "century",
            Self::NoSuchDate => "no-such-date",
            Self::FutureDate => "future-date",
            Self::CenturyUnclear => "century-unclear",
            Self::BirthNumber => "birth-number",
            Self::CheckDigit => "check-digit",
            Self::UnknownSeries => "unknown-series",
        }
    }
}
