//! The texts of documents, tidied: trimmed, dates cut to their day, ids in one spelling, words in the spelling of their list.
//!
//! This file is the only one of its layer that looks at a raw text. It changes spelling, never meaning: what it does not
//! understand it hands on as it stands, for resolving to judge.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;

use crate::base::RawText;

/// What a protection flag says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// It does not stand.
    No,
    /// Nobody can tell.
    Unknown,
    /// It stands.
    Yes,
}

impl Said {
    /// The word for it in a record.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::No => "false",
            Self::Unknown => "unknown",
            Self::Yes => "true",
        }
    }
}

/// Whether a text is white space only.
pub(super) fn is_blank(text: &RawText) -> bool {
    text.reveal().trim().is_empty()
}

/// Whether a text says yes.
pub(super) fn is_true(text: &RawText) -> bool {
    yes_or_no(text) == Said::Yes
}

/// What a flag says, in any of the spellings that are in use.
pub(super) fn yes_or_no(text: &RawText) -> Said {
    match text.reveal().trim().to_lowercase().as_str() {
        "true" | "1" | "j" | "ja" | "y" | "yes" => Said::Yes,
        "false" | "0" | "n" | "nej" | "no" | "none" => Said::No,
        _ => Said::Unknown,
    }
}

/// A text without white space around it; `None` where nothing is left.
pub(super) fn filled(text: Option<&RawText>) -> Option<RawText> {
    let text = text?.reveal().trim();
    (!text.is_empty()).then(|| RawText::new(text))
}

/// Whether a text has more than so many signs.
pub(super) fn is_longer(text: &RawText, most: usize) -> bool {
    text.reveal().chars().nth(most).is_some()
}

/// A text of so many digits, blanks taken out.
pub(super) fn digits(text: &RawText, count: usize) -> Option<RawText> {
    let digits: String = text
        .reveal()
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .collect();
    let fits = digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| RawText::new(digits.as_str()))
}

/// An id. Identifiers of the form `{0A1B…}` lose their braces and capitals, which differ from document to document.
pub(super) fn id(text: Option<&RawText>) -> Option<String> {
    let text = text?.reveal().trim();
    if text.is_empty() {
        return None;
    }
    let bare = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(text);
    Some(if is_unique(bare) {
        bare.to_ascii_lowercase()
    } else {
        text.to_string()
    })
}

/// Whether an id has a form that nobody gives twice.
pub(super) fn is_unique(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A day: date-times are cut to their date, eight digits get their hyphens. What is no date stays as it is.
pub(super) fn day(text: Option<&RawText>) -> Option<RawText> {
    let text = text?.reveal().trim();
    if text.is_empty() {
        return None;
    }
    let digits = |part: Option<&str>| {
        part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if text.len() == 8 && digits(Some(text)) {
        return match (text.get(..4), text.get(4..6), text.get(6..)) {
            (Some(year), Some(month), Some(day)) => Some(format!("{year}-{month}-{day}").into()),
            _ => Some(text.into()),
        };
    }
    let date = digits(text.get(..4))
        && text.get(4..5) == Some("-")
        && digits(text.get(5..7))
        && text.get(7..8) == Some("-")
        && digits(text.get(8..10));
    let cut = match text.get(10..11) {
        Some("T" | "t" | " " | "Z" | "+" | "-") if date => text.get(..10),
        _ => None,
    };
    Some(cut.unwrap_or(text).into())
}

/// A first day; the first of all days stands for an open one.
pub(super) fn first_day(text: Option<&RawText>) -> Option<RawText> {
    day(text).filter(|day| day.reveal() != "0001-01-01")
}

/// A last day; the last of all days stands for an open one.
pub(super) fn last_day(text: Option<&RawText>) -> Option<RawText> {
    day(text).filter(|day| day.reveal() != "9999-12-31")
}

/// Whether a day lies between two others, where they are there.
pub(super) fn lies_between(
    day: Option<&RawText>,
    first: Option<&RawText>,
    last: Option<&RawText>,
) -> bool {
    let Some(day) = day.map(RawText::reveal) else {
        return true;
    };
    first.is_none_or(|first| first.reveal() <= day) && last.is_none_or(|last| day <= last.reveal())
}

/// The earliest of some days; nothing where one of them is open.
pub(super) fn earliest(days: impl Iterator<Item = Option<RawText>>) -> Option<RawText> {
    days.collect::<Option<alloc::vec::Vec<_>>>()?
        .into_iter()
        .min_by(|a, b| a.reveal().cmp(b.reveal()))
}

/// The latest of some days; nothing where one of them is open.
pub(super) fn latest(days: impl Iterator<Item = Option<RawText>>) -> Option<RawText> {
    days.collect::<Option<alloc::vec::Vec<_>>>()?
        .into_iter()
        .max_by(|a, b| a.reveal().cmp(b.reveal()))
}

/// The word that a text stands for, by a list of spellings and words; capitals make no difference.
pub(super) fn word(text: &RawText, words: &[(&'static str, &'static str)]) -> Option<&'static str> {
    let text = text.reveal().trim().to_lowercase();
    words
        .iter()
        .find(|(spelling, _)| spelling.to_lowercase() == text)
        .map(|(_, word)| *word)
}

/// A text in the spelling that a list has for it.
pub(super) fn listed(text: &RawText, words: &[&'static str]) -> Option<&'static str> {
    let text = text.reveal().trim().to_lowercase();
    words
        .iter()
        .copied()
        .find(|word| word.to_lowercase() == text)
}

/// Whether a text holds a part, capitals making no difference.
pub(super) fn holds(text: Option<&RawText>, part: &str) -> bool {
    text.is_some_and(|text| text.reveal().to_lowercase().contains(part))
}

/// A share written in per cent, as per mille; `None` where it is none, or more than the whole.
pub(super) fn per_mille(text: &RawText) -> Option<String> {
    let text = text.reveal().trim();
    let (whole, part) = text
        .split_once(['.', ','])
        .map_or((text, ""), |(whole, part)| (whole, part));
    let number = |digits: &str| {
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse::<u64>().ok())
            .flatten()
    };
    let whole = number(whole)?;
    let mut tenths = 0;
    if !part.is_empty() {
        number(part.get(..part.len().min(18))?)?;
        let mut digits = part
            .bytes()
            .map(|digit| u64::from(digit.wrapping_sub(b'0')));
        tenths = digits.next().unwrap_or(0);
        if digits.next().unwrap_or(0) >= 5 {
            tenths = tenths.saturating_add(1);
        }
    }
    let share = whole.saturating_mul(10).saturating_add(tenths);
    (share <= 1000).then(|| share.to_string())
}

/// A code of a municipality: its own four digits, or the two of the county and the two within it.
pub(super) fn municipality(
    county: Option<&RawText>,
    municipality: Option<&RawText>,
) -> Option<RawText> {
    let own = filled(municipality)?;
    let county = filled(county);
    match (own.reveal().len(), county) {
        (2, Some(county)) if county.reveal().len() == 2 => {
            Some(format!("{}{}", county.reveal(), own.reveal()).into())
        }
        (2, _) => None,
        _ => Some(own),
    }
}

/// A code that must be eight digits; `None` where it is something else.
pub(super) fn eight_digits(text: Option<&RawText>) -> Option<RawText> {
    filled(text).filter(|code| {
        let code = code.reveal();
        code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// An id made of several parts, those that are missing left empty.
pub(super) fn joined(parts: &[Option<&str>]) -> String {
    let mut id = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            id.push('|');
        }
        id.push_str(part.unwrap_or_default());
    }
    id
}

/// A day as a part of an id.
pub(super) fn part(day: Option<&RawText>) -> Option<&str> {
    day.map(RawText::reveal)
}

/// A cell of a table as a column name or an id.
pub(super) fn cell(text: &RawText) -> &str {
    text.reveal().trim_start_matches('\u{feff}').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> RawText {
        RawText::new(text)
    }

    #[test]
    fn days() {
        let cases = [
            ("2026-11-23", "2026-11-23"),
            (" 2026-11-23T22:00:00Z ", "2026-11-23"),
            ("2026-11-23 04:00:00", "2026-11-23"),
            ("2026-11-23+01:00", "2026-11-23"),
            ("19800600", "1980-06-00"),
            ("1980-00-00", "1980-00-00"),
            ("2001", "2001"),
            ("0", "0"),
            ("2026-11-230", "2026-11-230"),
            ("åååå-åå-åå!", "åååå-åå-åå!"),
            ("i går", "i går"),
        ];
        for (text, expected) in cases {
            assert_eq!(day(Some(&raw(text))).unwrap().reveal(), expected);
        }
        assert!(last_day(Some(&raw("9999-12-31T00:00:00"))).is_none());
        assert!(first_day(Some(&raw("0001-01-01"))).is_none());
        assert!(day(Some(&raw("  "))).is_none());
    }

    #[test]
    fn shares() {
        let cases = [
            ("75", Some("750")),
            ("75,00", Some("750")),
            ("75.05", Some("751")),
            ("33.3", Some("333")),
            ("100.0", Some("1000")),
            ("0", Some("0")),
            ("100.1", None),
            ("-5", None),
            ("", None),
            ("halv", None),
            ("50.x", None),
            ("99999999999999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(per_mille(&raw(text)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn ids_have_one_spelling() {
        let braced = raw(" {0A1B2C3D-0000-4000-8000-00000000000F} ");
        assert_eq!(
            id(Some(&braced)).unwrap(),
            "0a1b2c3d-0000-4000-8000-00000000000f"
        );
        assert_eq!(id(Some(&raw("CG{X}"))).unwrap(), "CG{X}");
        assert_eq!(id(Some(&raw(" "))), None);
        assert_eq!(joined(&[Some("a"), None, Some("c")]), "a||c");
    }

    #[test]
    fn codes_of_municipalities() {
        let code = |county: &str, own: &str| {
            municipality(Some(&raw(county)), Some(&raw(own)))
                .map(|code| String::from(code.reveal()))
        };
        assert_eq!(code("14", "27").as_deref(), Some("1427"));
        assert_eq!(code("", "1427").as_deref(), Some("1427"));
        assert_eq!(code("", "27"), None);
    }

    #[test]
    fn words_and_flags_forgive_capitals() {
        assert_eq!(
            listed(&raw("UNDERVISNING "), &["Klass", "Undervisning"]),
            Some("Undervisning")
        );
        assert_eq!(listed(&raw("övrigt"), &["Övrigt"]), Some("Övrigt"));
        assert_eq!(yes_or_no(&raw("J")), Said::Yes);
        assert_eq!(yes_or_no(&raw("None")), Said::No);
        assert_eq!(yes_or_no(&raw("")), Said::Unknown);
        assert!(Said::Yes > Said::Unknown && Said::Unknown > Said::No);
    }
}
