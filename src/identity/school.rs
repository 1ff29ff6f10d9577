//! School temporary numbers: a date, two letters (mostly `TF`) and two digits.
//!
//! They have no check digit and tell no sex. Keeps true: the number means something only within one municipality, which
//! is the issuer that the number carries.

use chrono::Datelike;
use chrono::NaiveDate;

use super::error::IdentityError;
use super::kind::NumberKind;
use super::spelling::Spelling;

/// Reads a number whose tail is two letters and two digits, with a century of birth dates or with ten characters.
pub(super) fn read(
    spelling: &Spelling,
    on: NaiveDate,
) -> Result<(NumberKind, [u8; 12]), IdentityError> {
    let is_tf = matches!(spelling.tail, [b'T', b'F', ..]);
    if spelling.century.is_none() && !is_tf {
        return Err(IdentityError::Shape);
    }
    let (_, day) = spelling.month_and_day();
    let born = spelling.born(day, on)?;
    Ok((NumberKind::TF, spelling.canonical(born.year())))
}
