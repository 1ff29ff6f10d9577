//! Texts of sources as days, numbers, truth values and cells.
//!
//! One reader for each kind of value. Keeps true: no text makes it panic, and what cannot be read is told apart from what is
//! open or empty.

use alloc::string::String;

use chrono::NaiveDate;

use crate::base::Secret;
use crate::base::Text;
use crate::identity::PartialDate;
use crate::identity::Sex;
use crate::model::Cell;
use crate::model::CellKind;
use crate::model::Flag;
use crate::model::ModelSchema;

/// A text that is not what its field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) struct Unreadable;

/// A day; nothing for `9999-12-31`, which means open. A time of day is cut off.
pub(in crate::resolve) fn day(text: &str) -> Result<Option<NaiveDate>, Unreadable> {
    let date = PartialDate::parse(date_part(text)).map_err(|_| Unreadable)?;
    if date.is_open() {
        return Ok(None);
    }
    date.complete().map(Some).ok_or(Unreadable)
}

/// A birth date; nothing where only a part of it is known.
pub(in crate::resolve) fn birth_date(text: &str) -> Result<Option<NaiveDate>, Unreadable> {
    let date = PartialDate::parse(date_part(text)).map_err(|_| Unreadable)?;
    Ok(date.complete())
}

fn date_part(text: &str) -> &str {
    let text = text.trim();
    text.split_once(['T', ' ']).map_or(text, |(date, _)| date)
}

/// A truth value, in the words that sources use.
pub(in crate::resolve) fn truth(text: &str) -> Result<bool, Unreadable> {
    let text = text.trim();
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "j", "ja", "y", "yes", "1"]) {
        Ok(true)
    } else if is(&["false", "n", "nej", "no", "0"]) {
        Ok(false)
    } else {
        Err(Unreadable)
    }
}

/// A protection flag; what is neither yes nor no is unknown.
pub(in crate::resolve) fn flag(text: &str) -> Flag {
    match truth(text) {
        Ok(true) => Flag::Yes,
        Ok(false) => Flag::No,
        Err(Unreadable) => Flag::Unknown,
    }
}

/// The sex, in the words that sources use; nothing where it is not said.
pub(in crate::resolve) fn sex(text: &str) -> Option<Sex> {
    let text = text.trim();
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["female", "f", "kvinna", "k"]) {
        Some(Sex::Female)
    } else if is(&["male", "m", "man"]) {
        Some(Sex::Male)
    } else {
        None
    }
}

/// A text without letters that nobody can see (control characters, marks that turn the direction of writing, spaces without
/// width), a line break as a space; nothing where it has none. What joins letters or keeps them apart in some scripts stays.
pub(in crate::resolve) fn without_unseen(text: &str) -> Option<String> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || !text.chars().any(is_unseen) {
        return None;
    }
    let seen = |letter: char| match letter {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        letter if is_unseen(letter) => None,
        letter => Some(letter),
    };
    Some(text.chars().filter_map(seen).collect())
}

fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A whole number.
pub(in crate::resolve) fn count(text: &str) -> Result<i64, Unreadable> {
    text.trim().parse().map_err(|_| Unreadable)
}

/// A value of a field as it is kept; nothing for an open day.
pub(in crate::resolve) fn cell(
    kind: CellKind,
    text: &str,
    schema: &ModelSchema,
) -> Result<Option<Cell>, Unreadable> {
    Ok(Some(match kind {
        CellKind::Open => Cell::Open(Text::from(text)),
        CellKind::Personal => Cell::Personal(Secret::new(Text::from(text))),
        CellKind::Word(name) => {
            let id = schema.enumeration(name).ok_or(Unreadable)?;
            let values = schema.language.enum_values(id);
            let exact = values.iter().find(|value| ***value == *text);
            let close = || {
                values
                    .iter()
                    .find(|value| value.to_lowercase() == text.to_lowercase())
            };
            Cell::Open(exact.or_else(close).ok_or(Unreadable)?.clone())
        }
        CellKind::Date => match day(text)? {
            Some(day) => Cell::Date(day),
            None => return Ok(None),
        },
        CellKind::Count => Cell::Count(count(text)?),
        CellKind::Flag => Cell::Flag(truth(text)?),
        CellKind::Several | CellKind::Link(_) => return Err(Unreadable),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn days_open_days_and_no_days() {
        assert_eq!(day(" 2026-08-31 "), Ok(Some(ymd(2026, 8, 31))));
        assert_eq!(day("20260831"), Ok(Some(ymd(2026, 8, 31))));
        assert_eq!(day("2026-08-31T00:00:00"), Ok(Some(ymd(2026, 8, 31))));
        assert_eq!(day("9999-12-31"), Ok(None));
        for bad in [
            "2026-02-30",
            "2026-08",
            "soon",
            "",
            "31/8 2026",
            "２０２６-08-31",
        ] {
            assert_eq!(day(bad), Err(Unreadable), "{bad}");
        }
        assert_eq!(birth_date("2019-00-00"), Ok(None));
    }

    #[test]
    fn truth_values_in_the_words_of_sources() {
        for yes in ["true", "J", "ja", "1", " TRUE "] {
            assert_eq!(truth(yes), Ok(true), "{yes}");
        }
        for no in ["false", "N", "nej", "0"] {
            assert_eq!(truth(no), Ok(false), "{no}");
        }
        assert_eq!(flag("unknown"), Flag::Unknown);
        assert_eq!(flag("x"), Flag::Unknown);
    }

    #[test]
    fn letters_that_nobody_sees_are_left_out() {
        for (text, expected) in [
            ("Anna", None),
            ("Åsa Öberg-Ek", None),
            ("اَنا\u{200c}ب 👩\u{200d}🏫", None),
            ("An\0na", Some("Anna")),
            ("\u{202e}anna", Some("anna")),
            ("\u{feff}Å\u{ad}sa\u{200b}", Some("Åsa")),
            ("Rektor\r\nSkolan\tA", Some("Rektor  Skolan A")),
            ("\u{7}", Some("")),
        ] {
            assert_eq!(without_unseen(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn sexes_in_the_words_of_sources() {
        assert_eq!(sex(" K "), Some(Sex::Female));
        assert_eq!(sex("Man"), Some(Sex::Male));
        assert_eq!(sex("okänt"), None);
    }

    #[test]
    fn words_are_found_whatever_their_case() {
        let schema = ModelSchema::new(&[], &[]);
        let word = |text| cell(CellKind::Word("GroupType"), text, &schema);
        assert!(matches!(word("KLASS"), Ok(Some(Cell::Open(text))) if &*text == "Klass"));
        assert!(matches!(word("ÖVRIGT"), Ok(Some(Cell::Open(text))) if &*text == "Övrigt"));
        assert!(matches!(word("Lag"), Err(Unreadable)));
        assert!(matches!(
            cell(CellKind::Count, "7", &schema),
            Ok(Some(Cell::Count(7)))
        ));
        assert!(matches!(
            cell(CellKind::Count, "7,5", &schema),
            Err(Unreadable)
        ));
    }
}
