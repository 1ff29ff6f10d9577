//! Reads decisions of the host from JSON.
//!
//! It judges nothing: whom a decision is about, and whether it can be followed, is found when it is used. An error says where
//! it is and never a word of the text, which may hold identity numbers.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::Deserialize;

use super::decision::Decision;
use super::decision::FlagKind;
use super::decision::Whom;
use crate::base::PersonKey;
use crate::base::RawText;
use crate::base::Secret;

/// A text that is not a list of decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a list of decisions, at line {line}, column {column}")]
pub struct DecisionsError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl Decision {
    /// Reads a list of decisions: `{"decide": "same", "one": WHOM, "other": WHOM}`, `"apart"` likewise,
    /// `{"decide": "end_protection", "person": WHOM, "flag": "marking"}`, `{"decide": "replace", "person": WHOM}` and `{"decide": "suspend", "person": WHOM,
    /// "from": DAY}`. A WHOM is `{"person": KEY}`, `{"number": TEXT}` (with an `issuer` for numbers that are unique only
    /// there) or `{"instance": TEXT, "kind": TEXT, "id": TEXT}`.
    ///
    /// # Errors
    ///
    /// [`DecisionsError`] with the place where the list stops being one.
    pub fn list_from_json(text: &str) -> Result<Vec<Self>, DecisionsError> {
        let wire: Vec<WireDecision> =
            serde_json::from_str(text).map_err(|error| DecisionsError {
                line: error.line(),
                column: error.column(),
            })?;
        Ok(wire.into_iter().map(WireDecision::read).collect())
    }
}

#[derive(Deserialize)]
#[serde(tag = "decide", rename_all = "snake_case", deny_unknown_fields)]
enum WireDecision {
    Same { one: WireWhom, other: WireWhom },
    Apart { one: WireWhom, other: WireWhom },
    EndProtection { person: WireWhom, flag: WireFlag },
    Replace { person: WireWhom },
    Suspend { person: WireWhom, from: NaiveDate },
}

impl WireDecision {
    fn read(self) -> Decision {
        match self {
            Self::Same { one, other } => Decision::Same {
                one: one.read(),
                other: other.read(),
            },
            Self::Apart { one, other } => Decision::Apart {
                one: one.read(),
                other: other.read(),
            },
            Self::EndProtection { person, flag } => Decision::EndProtection {
                person: person.read(),
                flag: match flag {
                    WireFlag::Marking => FlagKind::Marking,
                    WireFlag::Registration => FlagKind::Registration,
                },
            },
            Self::Replace { person } => Decision::Replace {
                person: person.read(),
            },
            Self::Suspend { person, from } => Decision::Suspend {
                person: person.read(),
                from,
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireFlag {
    Marking,
    Registration,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WireWhom {
    Person(ByKey),
    Number(ByNumber),
    Record(ByRecord),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByKey {
    person: PersonKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByNumber {
    number: RawText,
    #[serde(default)]
    issuer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByRecord {
    instance: String,
    kind: String,
    id: String,
}

impl WireWhom {
    fn read(self) -> Whom {
        match self {
            Self::Person(by) => Whom::Person(by.person),
            Self::Number(by) => Whom::Number {
                number: Secret::from(by.number),
                issuer: by.issuer,
            },
            Self::Record(by) => Whom::Record {
                instance: by.instance,
                kind: by.kind,
                id: by.id,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_is_read_with_every_way_to_say_whom() {
        let key = PersonKey::mint(b"", &["a"]);
        let text = alloc::format!(
            r#"[
                {{"decide": "same", "one": {{"person": "{key}"}}, "other": {{"number": "199902102384"}}}},
                {{"decide": "apart", "one": {{"number": "20130101TF01", "issuer": "1430"}},
                  "other": {{"instance": "procapita/1430", "kind": "person", "id": "7"}}}},
                {{"decide": "end_protection", "person": {{"person": "{key}"}}, "flag": "registration"}},
                {{"decide": "suspend", "person": {{"person": "{key}"}}, "from": "2026-11-23"}}
            ]"#
        );
        let number = |text: &str, issuer: Option<&str>| Whom::Number {
            number: Secret::new(String::from(text)),
            issuer: issuer.map(String::from),
        };
        let record = Whom::Record {
            instance: String::from("procapita/1430"),
            kind: String::from("person"),
            id: String::from("7"),
        };
        assert_eq!(
            Decision::list_from_json(&text).unwrap(),
            [
                Decision::Same {
                    one: Whom::Person(key),
                    other: number("199902102384", None),
                },
                Decision::Apart {
                    one: number("20130101TF01", Some("1430")),
                    other: record,
                },
                Decision::EndProtection {
                    person: Whom::Person(key),
                    flag: FlagKind::Registration,
                },
                Decision::Suspend {
                    person: Whom::Person(key),
                    from: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
                },
            ]
        );
    }

    #[test]
    fn what_is_no_decision_is_refused_without_a_word_of_it() {
        for text in [
            r#"[{"decide": "Hemlig", "person": {"number": "199902102384"}}]"#,
            r#"[{"decide": "suspend", "person": {"number": "199902102384"}}]"#,
            r#"[{"decide": "suspend", "person": {"number": "199902102384", "kind": "Hemlig"}, "from": "2026-11-23"}]"#,
            r#"[{"decide": "end_protection", "person": {"number": "199902102384"}, "flag": "Hemlig"}]"#,
            r#"[{"decide": "same", "one": {"number": "199902102384"}, "other": {"number": "1"}, "also": "Hemlig"}]"#,
            "Hemlig",
        ] {
            let error = Decision::list_from_json(text).unwrap_err();
            let shown = alloc::format!("{error} {error:?}");
            assert!(
                !shown.contains("Hemlig") && !shown.contains("1999"),
                "{shown}"
            );
        }
    }
}
