//! Interim numbers (one letter in place of the first digit of the birth number) and the local numbers that look alike.
//!
//! Keeps true: a check digit that does not fit is no refusal, since reports to the inspectorate write any digits; and a
//! letter of no known series stands only together with its issuer.

use chrono::Datelike;
use chrono::NaiveDate;

use super::check_digit::check_digit;
use super::check_digit::digit_value;
use super::error::IdentityError;
use super::kind::NumberKind;
use super::spelling::Spelling;

/// The letters of the interim series.
const SERIES: &[u8] = b"TRSUWXJKLMN";

/// Reads a number whose tail is one letter and three digits.
pub(super) fn read(
    spelling: &Spelling,
    on: NaiveDate,
    has_issuer: bool,
    stated: Option<NumberKind>,
) -> Result<(NumberKind, [u8; 12]), IdentityError> {
    let (_, day) = spelling.month_and_day();
    let [letter, ..] = spelling.tail;
    let kind = if stated == Some(NumberKind::LocalReserveNumber) {
        NumberKind::LocalReserveNumber
    } else if SERIES.contains(&letter) {
        NumberKind::InterimNumber
    } else if has_issuer {
        NumberKind::LocalReserveNumber
    } else {
        return Err(IdentityError::UnknownSeries);
    };
    let born = spelling.born(day, on)?;
    Ok((kind, spelling.canonical(born.year())))
}

/// Whether the check digit of the twelve characters fits, the letter counting as 1.
pub(super) fn check_fits(text: [u8; 12]) -> bool {
    let [_, _, date @ .., _, n2, n3, check] = text;
    let values = date.into_iter().chain([b'1', n2, n3]);
    check_digit(values.map(digit_value)) == check
}
