//! How an identity number is written: date part, separator, four-character tail, and the year rule for ten characters.
//!
//! Not what the tail means; the kinds read that. Keeps true: only ASCII digits and letters pass, and nothing is guessed:
//! the largest year that is not after the reference year, 100 less with a `+`.

use chrono::Datelike;
use chrono::NaiveDate;

use super::check_digit::ascii;
use super::check_digit::digit_value;
use super::error::IdentityError;

/// A text cut into its parts, not yet judged.
pub(super) struct Spelling {
    /// The first two of twelve characters, as a value from 0 to 99; nothing with ten characters.
    pub(super) century: Option<u8>,
    /// The six date digits.
    pub(super) six: [u8; 6],
    /// The last four characters, upper case.
    pub(super) tail: [u8; 4],
    /// Written with a `+`.
    plus: bool,
}

impl Spelling {
    /// Cuts a text into its parts.
    pub(super) fn read(text: &str) -> Result<Self, IdentityError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(IdentityError::Empty);
        }
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b' ');
        if !text.bytes().all(known) {
            return Err(IdentityError::Character);
        }
        let (head, separator, tail) = cut(text.as_bytes())?;
        if !tail.iter().chain(head).all(u8::is_ascii_alphanumeric) {
            return Err(IdentityError::Separator);
        }
        if !head.iter().all(u8::is_ascii_digit) {
            return Err(IdentityError::Shape);
        }
        let (century, six) = match *head {
            [c1, c2, y1, y2, m1, m2, d1, d2] => (Some(pair(c1, c2)), [y1, y2, m1, m2, d1, d2]),
            [y1, y2, m1, m2, d1, d2] => (None, [y1, y2, m1, m2, d1, d2]),
            _ => return Err(IdentityError::Length),
        };
        let mut tail = tail;
        tail.make_ascii_uppercase();
        Ok(Self {
            century,
            six,
            tail,
            plus: separator == Some(b'+'),
        })
    }

    /// The same, read with this century.
    pub(super) const fn dated(&self, century: u8) -> Self {
        Self {
            century: Some(century),
            six: self.six,
            tail: self.tail,
            plus: self.plus,
        }
    }

    /// The month and the day as written.
    pub(super) const fn month_and_day(&self) -> (u8, u8) {
        let [_, _, m1, m2, d1, d2] = self.six;
        (pair(m1, m2), pair(d1, d2))
    }

    /// The year of birth: as written, or by the year rule relative to the reference date.
    pub(super) fn year(&self, on: NaiveDate) -> Result<i32, IdentityError> {
        let [y1, y2, ..] = self.six;
        let short = i32::from(pair(y1, y2));
        let year = match self.century {
            Some(century @ 18..=20) => i32::from(century).saturating_mul(100).saturating_add(short),
            Some(_) => return Err(IdentityError::Century),
            None => {
                let since = on.year().saturating_sub(short).rem_euclid(100);
                let latest = on.year().saturating_sub(since);
                latest.saturating_sub(if self.plus { 100 } else { 0 })
            }
        };
        if (1800..2100).contains(&year) {
            Ok(year)
        } else {
            Err(IdentityError::Century)
        }
    }

    /// The birth date with this day of the month, which must exist and have come.
    pub(super) fn born(&self, day: u8, on: NaiveDate) -> Result<NaiveDate, IdentityError> {
        let (month, _) = self.month_and_day();
        let date = NaiveDate::from_ymd_opt(self.year(on)?, u32::from(month), u32::from(day))
            .ok_or(IdentityError::NoSuchDate)?;
        if date <= on {
            Ok(date)
        } else if self.century.is_some() {
            Err(IdentityError::FutureDate)
        } else {
            Err(IdentityError::CenturyUnclear)
        }
    }

    /// The twelve characters, with the century of this year.
    pub(super) fn canonical(&self, year: i32) -> [u8; 12] {
        self.canonical_with(u8::try_from(year / 100).unwrap_or(0))
    }

    /// The twelve characters, with these first two.
    pub(super) const fn canonical_with(&self, century: u8) -> [u8; 12] {
        let [y1, y2, m1, m2, d1, d2] = self.six;
        let [t1, t2, t3, t4] = self.tail;
        let (c1, c2) = (ascii(century / 10), ascii(century));
        [c1, c2, y1, y2, m1, m2, d1, d2, t1, t2, t3, t4]
    }
}

/// The value of two ASCII digits.
pub(super) const fn pair(tens: u8, ones: u8) -> u8 {
    digit_value(tens)
        .saturating_mul(10)
        .saturating_add(digit_value(ones))
}

type Parts<'a> = (&'a [u8], Option<u8>, [u8; 4]);

fn cut(text: &[u8]) -> Result<Parts<'_>, IdentityError> {
    let blanks = text.iter().filter(|byte| !byte.is_ascii_alphanumeric());
    let n_blanks = blanks.count();
    match (text.len(), n_blanks) {
        (10 | 12, 0) => match text.split_last_chunk::<4>() {
            Some((head, tail)) => Ok((head, None, *tail)),
            None => Err(IdentityError::Length),
        },
        (11 | 13, 1) => match text.split_last_chunk::<5>() {
            Some((head, [sign @ (b'-' | b'+'), t1, t2, t3, t4])) => {
                Ok((head, Some(*sign), [*t1, *t2, *t3, *t4]))
            }
            _ => Err(IdentityError::Separator),
        },
        (_, 0) => Err(IdentityError::Length),
        (length, n) if matches!(length.saturating_sub(n), 10 | 12) => Err(IdentityError::Separator),
        _ => Err(IdentityError::Length),
    }
}
