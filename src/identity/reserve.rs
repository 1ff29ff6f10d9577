//! National reserve numbers of health care: the first two characters are the century plus a multiple of three, or 00
//! when the birth date is not known.
//!
//! Keeps true: 18, 19 and 20 never stand first, which keeps these apart from school temporary numbers.

use chrono::NaiveDate;

use super::check_digit::check_digit;
use super::check_digit::digit_value;
use super::error::IdentityError;
use super::kind::NumberKind;
use super::spelling::Spelling;

/// Letters that the two places of the series never have.
const NEVER: &[u8] = b"IOQVW";

/// Whether these first two characters can be those of a national reserve number.
pub(super) const fn is_prefix(prefix: u8) -> bool {
    matches!(prefix, 0 | 21..=99)
}

/// The century of birth that a prefix stands for; nothing when the birth date is not known.
pub(super) const fn century(prefix: u8) -> Option<u8> {
    match (prefix, prefix % 3) {
        (21..=99, 0) => Some(18),
        (21..=99, 1) => Some(19),
        (21..=99, 2) => Some(20),
        _ => None,
    }
}

/// Reads a number whose tail is two letters, a letter or digit, and a digit.
pub(super) fn read(
    spelling: &Spelling,
    prefix: u8,
    on: NaiveDate,
) -> Result<(NumberKind, [u8; 12]), IdentityError> {
    let [s1, s2, ..] = spelling.tail;
    if NEVER.contains(&s1) || NEVER.contains(&s2) {
        return Err(IdentityError::UnknownSeries);
    }
    if let Some(century) = century(prefix) {
        let (_, day) = spelling.month_and_day();
        spelling.dated(century).born(day, on)?;
    }
    let text = spelling.canonical_with(prefix);
    let [body @ .., check] = text;
    let values = body.into_iter().map(|byte| match byte {
        b'0'..=b'9' => digit_value(byte),
        letter => letter,
    });
    if check_digit(values) != check {
        return Err(IdentityError::CheckDigit);
    }
    Ok((NumberKind::NationalReserveNumber, text))
}
