//! Dates of which the register knows only a part, such as `2019-00-00`, `2001` or `0`.
//!
//! Keeps true: a part that is not known is never filled in; `9999-12-31` means open; `Debug` shows only which parts are known, since
//! such a date may be a birth date.

use core::fmt;

use chrono::Datelike;
use chrono::NaiveDate;
use thiserror::Error;

/// A date whose year, month and day may each be unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: Option<u16>,
    month: Option<u8>,
    day: Option<u8>,
}

/// Why a text is not even a part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
#[non_exhaustive]
pub enum PartialDateError {
    /// Neither `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYYMM`, `YYYYMMDD` nor zeros.
    #[error("date is not written as year, month and day")]
    Shape,
    /// The known parts stand for no day of the calendar.
    #[error("date does not exist")]
    NoSuchDate,
}

impl PartialDateError {
    /// The stable short code of this reason.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::NoSuchDate => "no-such-date",
        }
    }
}

impl PartialDate {
    /// Reads a date; zeros stand for what is not known.
    pub fn parse(text: &str) -> Result<Self, PartialDateError> {
        let text = text.trim();
        let (year, month, day) = match *text.as_bytes() {
            [b'0'] => (0, 0, 0),
            [y1, y2, y3, y4] => (number(&[y1, y2, y3, y4])?, 0, 0),
            [y1, y2, y3, y4, b'-', m1, m2] | [y1, y2, y3, y4, m1, m2] => {
                (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, 0)
            }
            [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] | [y1, y2, y3, y4, m1, m2, d1, d2] => (
                number(&[y1, y2, y3, y4])?,
                number(&[m1, m2])?,
                number(&[d1, d2])?,
            ),
            _ => return Err(PartialDateError::Shape),
        };
        let date = Self {
            year: Some(year).filter(|year| *year != 0),
            month: known(month),
            day: known(day),
        };
        if date.can_exist() {
            Ok(date)
        } else {
            Err(PartialDateError::NoSuchDate)
        }
    }

    /// The year, if known.
    pub const fn year(self) -> Option<u16> {
        self.year
    }

    /// The month, if known.
    pub const fn month(self) -> Option<u8> {
        self.month
    }

    /// The day of the month, if known.
    pub const fn day(self) -> Option<u8> {
        self.day
    }

    /// The date, if all of it is known and it is not the open one.
    pub fn complete(self) -> Option<NaiveDate> {
        if self.is_open() {
            return None;
        }
        let (year, month, day) = (self.year?, self.month?, self.day?);
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
    }

    /// Whether this is `9999-12-31`, which stands for no end.
    pub fn is_open(self) -> bool {
        (self.year, self.month, self.day) == (Some(9999), Some(12), Some(31))
    }

    /// Whether nothing at all is known.
    pub const fn is_unknown(self) -> bool {
        self.year.is_none() && self.month.is_none() && self.day.is_none()
    }

    /// Whether no known part speaks against this date.
    pub fn agrees_with(self, date: NaiveDate) -> bool {
        self.year.is_none_or(|year| i32::from(year) == date.year())
            && self
                .month
                .is_none_or(|month| u32::from(month) == date.month())
            && self.day.is_none_or(|day| u32::from(day) == date.day())
    }

    /// Unknown parts take whatever makes the date possible: a leap year, a month of 31 days.
    fn can_exist(self) -> bool {
        let year = i32::from(self.year.unwrap_or(2000));
        let month = u32::from(self.month.unwrap_or(1));
        let day = u32::from(self.day.unwrap_or(1));
        NaiveDate::from_ymd_opt(year, month, day).is_some()
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartialDate")
            .field("year", &self.year.is_some())
            .field("month", &self.month.is_some())
            .field("day", &self.day.is_some())
            .finish()
    }
}

fn number(digits: &[u8]) -> Result<u16, PartialDateError> {
    let mut value: u16 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(PartialDateError::Shape);
        }
        value = value
            .saturating_mul(10)
            .saturating_add(u16::from(digit.saturating_sub(b'0')));
    }
    Ok(value)
}

fn known(part: u16) -> Option<u8> {
    u8::try_from(part).ok().filter(|part| *part != 0)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;

    use chrono::NaiveDate;

    use super::PartialDate;
    use super::PartialDateError;

    #[test]
    fn reads_what_the_register_writes() {
        for (text, year, month, day) in [
            ("2019-00-00", Some(2019), None, None),
            ("0000-00-00", None, None, None),
            ("2001", Some(2001), None, None),
            ("0", None, None, None),
            ("00000000", None, None, None),
            ("201905", Some(2019), Some(5), None),
            ("2019-05", Some(2019), Some(5), None),
            ("20190531", Some(2019), Some(5), Some(31)),
            (" 2019-05-31 ", Some(2019), Some(5), Some(31)),
            ("0000-02-29", None, Some(2), Some(29)),
        ] {
            let date = PartialDate::parse(text).unwrap();
            assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
            assert_eq!(
                date.is_unknown(),
                year.is_none() && month.is_none() && day.is_none()
            );
            assert_eq!(date.complete().is_some(), year.is_some() && day.is_some());
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for (text, error) in [
            ("", PartialDateError::Shape),
            ("19", PartialDateError::Shape),
            ("2019/05/31", PartialDateError::Shape),
            ("2019-5-31", PartialDateError::Shape),
            ("２０１９", PartialDateError::Shape),
            ("2019-13-00", PartialDateError::NoSuchDate),
            ("2019-02-29", PartialDateError::NoSuchDate),
            ("2019-00-32", PartialDateError::NoSuchDate),
        ] {
            assert_eq!(PartialDate::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_last_day_of_all_is_open() {
        let open = PartialDate::parse("9999-12-31").unwrap();
        assert!(open.is_open());
        assert_eq!(open.complete(), None);
        let day = NaiveDate::from_ymd_opt(2019, 5, 31).unwrap();
        let partial = PartialDate::parse("2019-05-00").unwrap();
        assert!(partial.agrees_with(day) && !partial.is_open());
        assert!(!PartialDate::parse("2018").unwrap().agrees_with(day));
        assert!(!format!("{partial:?}").contains("2019"));
    }
}
