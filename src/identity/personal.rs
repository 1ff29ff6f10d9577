//! Numbers of digits only: personal identity numbers and coordination numbers; organisation numbers are told apart here.
//!
//! Keeps true: a coordination number without a real date is a good number that has no birth date, never an error.

use chrono::Datelike;
use chrono::NaiveDate;

use super::check_digit::check_digit;
use super::check_digit::digit_value;
use super::error::IdentityError;
use super::kind::NumberKind;
use super::spelling::Spelling;

/// What is added to the day in a coordination number.
pub(super) const COORDINATION_SHIFT: u8 = 60;

/// Reads a number whose tail is four digits.
pub(super) fn read(
    spelling: &Spelling,
    on: NaiveDate,
    stated: Option<NumberKind>,
) -> Result<(NumberKind, [u8; 12]), IdentityError> {
    let (month, day) = spelling.month_and_day();
    if month >= 20 && matches!(spelling.century, None | Some(16)) {
        return Err(IdentityError::OrganisationNumber);
    }
    let year = spelling.year(on)?;
    let kind = match day {
        60..=91 => NumberKind::CoordinationNumber,
        _ if stated == Some(NumberKind::ImmunityNumber) => NumberKind::ImmunityNumber,
        _ => NumberKind::PersonalNumber,
    };
    let born = match kind {
        NumberKind::CoordinationNumber => {
            coordination_date(spelling, day.saturating_sub(COORDINATION_SHIFT), month, on)
        }
        _ => spelling.born(day, on).map(|_| ()),
    };
    match born {
        // The check digit comes before a date that has not come yet: one wrong digit is the likelier fault.
        Ok(()) | Err(IdentityError::FutureDate | IdentityError::CenturyUnclear) => {}
        Err(other) => return Err(other),
    }
    match spelling.tail {
        [b'0', b'0', b'0', _] => return Err(IdentityError::BirthNumber),
        [n1, n2, n3, check] => {
            let values = spelling.six.into_iter().chain([n1, n2, n3]);
            if check_digit(values.map(digit_value)) != check {
                return Err(IdentityError::CheckDigit);
            }
        }
    }
    born?;
    Ok((kind, spelling.canonical(year)))
}

/// Judges the date of a coordination number: the month is 00-12; a date that exists must have come, else the year.
fn coordination_date(
    spelling: &Spelling,
    day: u8,
    month: u8,
    on: NaiveDate,
) -> Result<(), IdentityError> {
    if month > 12 {
        return Err(IdentityError::NoSuchDate);
    }
    match spelling.born(day, on) {
        Ok(_) => Ok(()),
        Err(IdentityError::NoSuchDate) if spelling.year(on)? <= on.year() => Ok(()),
        Err(IdentityError::NoSuchDate) => Err(IdentityError::FutureDate),
        Err(other) => Err(other),
    }
}
