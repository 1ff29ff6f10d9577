//! The identity number: one value for every kind, qualified by its issuer where its kind needs that.
//!
//! Not its spelling, which the parser forgets. Keeps true: only [`IdentityNumber::canonical`] gives the text; `Debug` and
//! `Display` name the kind; equality, order and hash include the issuer; there is no serialised form.

use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::hash::Hash;
use core::hash::Hasher;

use chrono::NaiveDate;

use super::error::IdentityError;
use super::interim;
use super::kind::NumberKind;
use super::kind::Sex;
use super::personal;
use super::reserve;
use super::school;
use super::spelling::Spelling;
use super::spelling::pair;

/// A person's identity number, of any kind.
///
/// Equality, order and hash are those of the text and the issuer: the same school temporary number from two municipalities is two
/// numbers, and a number of which only one source states the kind is one. The order is for maps only and never shows.
///
/// ```
/// use chrono::NaiveDate;
/// use folkform::identity::IdentityNumber;
/// use folkform::identity::NumberKind;
///
/// let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
/// let number = IdentityNumber::parse("990210-2384", on)?;
/// assert_eq!(number.kind(), NumberKind::PersonalNumber);
/// assert_eq!(number.canonical(), "199902102384");
/// assert_eq!(number.to_string(), "personal identity number");
/// # Ok::<(), folkform::identity::IdentityError>(())
/// ```
#[derive(Clone)]
pub struct IdentityNumber {
    /// The canonical twelve characters, ASCII digits and upper-case letters.
    text: [u8; 12],
    kind: NumberKind,
    /// Only for kinds that need one.
    issuer: Option<String>,
}

impl IdentityNumber {
    /// Reads a number. The century of a ten-character spelling follows from the year of the reference date.
    pub fn parse(text: &str, on: NaiveDate) -> Result<Self, IdentityError> {
        Self::parse_issued(text, on, None)
    }

    /// Reads a number that this issuer (for schools a municipality code) gave or handed on. Kinds that are unique in all of
    /// Sweden forget the issuer; a blank issuer is none.
    pub fn parse_issued(
        text: &str,
        on: NaiveDate,
        issuer: Option<&str>,
    ) -> Result<Self, IdentityError> {
        Self::parse_stated(text, on, issuer, None)
    }

    /// Reads a number of which somebody states the kind. It decides between kinds that are written alike: an immunity number is
    /// written as a personal number, and some local reserve numbers as interim numbers. Where the spelling says something else,
    /// the spelling counts.
    pub fn parse_stated(
        text: &str,
        on: NaiveDate,
        issuer: Option<&str>,
        stated: Option<NumberKind>,
    ) -> Result<Self, IdentityError> {
        let issuer = issuer.map(str::trim).filter(|issuer| !issuer.is_empty());
        let spelling = Spelling::read(text)?;
        let (kind, text) = read(&spelling, on, issuer.is_some(), stated)?;
        let issuer = issuer.filter(|_| kind.needs_issuer()).map(String::from);
        Ok(Self { text, kind, issuer })
    }

    /// The full text: twelve characters, no separator. This is the one call that gives it.
    pub fn canonical(&self) -> String {
        self.text.iter().copied().map(char::from).collect()
    }

    /// The kind of number.
    pub const fn kind(&self) -> NumberKind {
        self.kind
    }

    /// Who gave the number, for kinds that are unique only there.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The birth date that the number tells. It is a default only: a person's own birth date may differ.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        let [c1, c2, y1, y2, m1, m2, d1, d2, ..] = self.text;
        let written = pair(d1, d2);
        let (century, day) = match self.kind {
            NumberKind::NationalReserveNumber => (reserve::century(pair(c1, c2))?, written),
            NumberKind::CoordinationNumber => (
                pair(c1, c2),
                written.checked_sub(personal::COORDINATION_SHIFT)?,
            ),
            NumberKind::PersonalNumber
            | NumberKind::ImmunityNumber
            | NumberKind::InterimNumber
            | NumberKind::TF
            | NumberKind::LocalReserveNumber => (pair(c1, c2), written),
        };
        let year = i32::from(century)
            .checked_mul(100)?
            .checked_add(i32::from(pair(y1, y2)))?;
        NaiveDate::from_ymd_opt(year, u32::from(pair(m1, m2)), u32::from(day))
    }

    /// The sex that the number tells. School temporary and local numbers tell none.
    pub const fn sex(&self) -> Option<Sex> {
        let [.., digit, _] = self.text;
        match self.kind {
            NumberKind::PersonalNumber
            | NumberKind::ImmunityNumber
            | NumberKind::CoordinationNumber
            | NumberKind::InterimNumber
            | NumberKind::NationalReserveNumber => Sex::of_digit(digit),
            NumberKind::TF | NumberKind::LocalReserveNumber => None,
        }
    }

    /// Whether the check digit fits. Only an interim number can be taken without that: reports to the inspectorate write
    /// any digits after the letter. Kinds without a check digit say yes.
    pub fn check_valid(&self) -> bool {
        self.kind != NumberKind::InterimNumber || interim::check_fits(self.text)
    }

    /// Whether the number tells one person from another: its kind is unique in Sweden, or its issuer is known.
    pub const fn is_qualified(&self) -> bool {
        !self.kind.needs_issuer() || self.issuer.is_some()
    }
}

impl IdentityNumber {
    fn identity(&self) -> ([u8; 12], Option<&str>) {
        (self.text, self.issuer())
    }
}

impl PartialEq for IdentityNumber {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for IdentityNumber {}

impl PartialOrd for IdentityNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for IdentityNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl Hash for IdentityNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityNumber({})", self.kind.name())
    }
}

impl fmt::Display for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.title())
    }
}

/// Tells the kinds apart by the shape of the tail, and hands over to the kind.
fn read(
    spelling: &Spelling,
    on: NaiveDate,
    has_issuer: bool,
    stated: Option<NumberKind>,
) -> Result<(NumberKind, [u8; 12]), IdentityError> {
    let is_letter = spelling.tail.map(|byte| byte.is_ascii_uppercase());
    match (is_letter, spelling.century) {
        ([false, false, false, false], _) => personal::read(spelling, on, stated),
        ([true, false, false, false], _) => interim::read(spelling, on, has_issuer, stated),
        ([true, true, _, false], Some(prefix)) if reserve::is_prefix(prefix) => {
            reserve::read(spelling, prefix, on)
        }
        ([true, true, false, false], _) => school::read(spelling, on),
        _ => Err(IdentityError::Shape),
    }
}
