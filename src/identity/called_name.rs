//! The called name, found by the register's given-name marking.
//!
//! Two digits count the parts of the given names from one; a hyphenated name counts as one part for each half. Keeps true:
//! no error holds a name, and no marking, however wrong, loses the names: the caller falls back to all of them.

use alloc::string::String;
use alloc::vec::Vec;

use thiserror::Error;

use crate::diagnostic::OpenText;

/// Why a marking does not lead to a called name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
#[non_exhaustive]
pub enum CalledNameError {
    /// The marking is not two digits.
    #[error("given-name marking is not two digits")]
    NotTwoDigits,
    /// The marking points beyond the given names.
    #[error("given-name marking points beyond the given names")]
    BeyondNames,
    /// The marking names the same part twice.
    #[error("given-name marking names the same part twice")]
    SamePartTwice,
}

impl From<CalledNameError> for OpenText {
    fn from(error: CalledNameError) -> Self {
        Self::vouched(error)
    }
}

impl CalledNameError {
    /// The stable short code of this reason.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotTwoDigits => "not-two-digits",
            Self::BeyondNames => "beyond-names",
            Self::SamePartTwice => "same-part-twice",
        }
    }
}

/// The called name by the marking. Without a marking (blank or `00`) it is all given names, blanks tidied.
pub fn called_name(given_names: &str, marking: &str) -> Result<String, CalledNameError> {
    let (first, second) = match *marking.trim().as_bytes() {
        [] => (0, 0),
        [first @ b'0'..=b'9', second @ b'0'..=b'9'] => (
            usize::from(first.saturating_sub(b'0')),
            usize::from(second.saturating_sub(b'0')),
        ),
        _ => return Err(CalledNameError::NotTwoDigits),
    };
    if first == 0 && second == 0 {
        return Ok(all_names(given_names));
    }
    if first == second {
        return Err(CalledNameError::SamePartTwice);
    }
    let parts = parts(given_names);
    let mut called = String::new();
    let mut last: usize = 0;
    for place in [first, second] {
        if place == 0 {
            continue;
        }
        let part = place.checked_sub(1).and_then(|idx| parts.get(idx));
        let Some(part) = part else {
            return Err(CalledNameError::BeyondNames);
        };
        if last != 0 {
            let follows = place == last.saturating_add(1) && part.continues;
            called.push(if follows { '-' } else { ' ' });
        }
        called.push_str(part.text);
        last = place;
    }
    Ok(called)
}

struct Part<'a> {
    text: &'a str,
    /// Joined by a hyphen to the part before.
    continues: bool,
}

fn parts(given_names: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for name in given_names.split_whitespace() {
        let halves = name.split('-').filter(|half| !half.is_empty());
        parts.extend(halves.enumerate().map(|(idx, text)| Part {
            text,
            continues: idx > 0,
        }));
    }
    parts
}

fn all_names(given_names: &str) -> String {
    let mut all = String::new();
    for name in given_names.split_whitespace() {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(name);
    }
    all
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::CalledNameError;
    use super::called_name;

    #[test]
    fn follows_the_marking() {
        for (names, marking, called) in [
            ("Eva Mia", "20", "Mia"),
            ("Kjell Olof Stig", "12", "Kjell Olof"),
            ("Hedvig Britt-Marie", "23", "Britt-Marie"),
            ("Sven Jan-Erik", "23", "Jan-Erik"),
            ("Sven Jan-Erik", "20", "Jan"),
            ("Sven Jan-Erik", "12", "Sven Jan"),
            ("Sven Jan-Erik Olof", "34", "Erik Olof"),
            ("Anna--Maria", "12", "Anna-Maria"),
            ("  Eva \u{a0} Mia ", "10", "Eva"),
            ("Kjell Olof", "21", "Olof Kjell"),
            ("Kjell Olof", "02", "Olof"),
        ] {
            assert_eq!(called_name(names, marking).unwrap(), called, "{marking}");
        }
    }

    #[test]
    fn every_marking_of_two_digits_gives_parts_of_the_names_or_says_why_not() {
        let names = [
            "Hedvig", "Britt", "Marie", "Sven", "Jan", "Erik", "Olof", "Per", "Ulf",
        ];
        for n_names in 0..=9 {
            let given = names[..n_names].join(" ");
            for marking in 0..=99_usize {
                let (first, second) = (marking / 10, marking % 10);
                let places = [first, second].into_iter().filter(|place| *place > 0);
                let expected = if marking == 0 {
                    Ok(given.clone())
                } else if first == second {
                    Err(CalledNameError::SamePartTwice)
                } else if first.max(second) > n_names {
                    Err(CalledNameError::BeyondNames)
                } else {
                    let called: Vec<&str> = places.map(|place| names[place - 1]).collect();
                    Ok(called.join(" "))
                };
                let marking = format!("{marking:02}");
                assert_eq!(
                    called_name(&given, &marking),
                    expected,
                    "{n_names} {marking}"
                );
            }
        }
    }

    #[test]
    fn without_a_marking_all_names_are_called() {
        assert_eq!(called_name(" Eva   Mia", "00").unwrap(), "Eva Mia");
        assert_eq!(called_name("Eva Mia", " ").unwrap(), "Eva Mia");
        assert_eq!(called_name("", "").unwrap(), "");
    }

    #[test]
    fn a_wrong_marking_is_told_apart() {
        for (names, marking, error) in [
            ("Eva Mia", "3", CalledNameError::NotTwoDigits),
            ("Eva Mia", "1x", CalledNameError::NotTwoDigits),
            ("Eva Mia", "１０", CalledNameError::NotTwoDigits),
            ("Eva Mia", "30", CalledNameError::BeyondNames),
            ("Eva", "12", CalledNameError::BeyondNames),
            ("", "10", CalledNameError::BeyondNames),
            ("Eva Mia", "11", CalledNameError::SamePartTwice),
        ] {
            assert_eq!(called_name(names, marking), Err(error), "{marking}");
        }
    }
}
