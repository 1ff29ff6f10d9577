//! Laws of rule files, over random ones: what is encoded decodes to the same, TOML and JSON say the same however they are
//! spelled, and a letter of an expression is found where it was written.
//!
//! Files are made of what the decoder says that it takes, so a key that is added is tried here without anybody's doing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::Write;

use proptest::prelude::any;
use proptest::prop_assert_eq;
use proptest::proptest;
use serde_json::Map;
use serde_json::Value as Json;

use super::RulesetSpec;
use super::Shape;
use super::TableShape;
use super::tests::without_places;
use crate::base::Limits;
use crate::base::Path;
use crate::base::Place;
use crate::base::trials;

/// A source of choices, the same for the same seed.
struct Choice(u64);

impl Choice {
    fn of(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn one<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.of(from.len())]
    }

    fn text(&mut self) -> String {
        let letters = ["a", "å", "\"", "'", "\\", "名", " ", "\n", "\t", "1", "."];
        (0..self.of(6)).map(|_| self.one(&letters)).collect()
    }

    fn json(&mut self, shape: &Shape) -> Json {
        match shape {
            Shape::Text | Shape::Expression | Shape::Name => Json::from(self.text()),
            Shape::Word(words) => Json::from(self.one(words)),
            Shape::Duration => Json::from(self.one(&["14d", "2w", "0d", "100y", "6m"])),
            Shape::Share => Json::from(self.one(&["5%", "0.5%", "100%"])),
            Shape::Date => Json::from(self.one(&["2027-01-31", "2028-02-29"])),
            Shape::DayOfYear => Json::from(self.one(&["02-29", "08-01"])),
            Shape::Scalar => match self.of(3) {
                0 => Json::from(self.text()),
                1 => Json::from(7),
                _ => Json::from(true),
            },
            Shape::Bool => Json::from(self.of(2) == 0),
            Shape::Int { least, most } => {
                let some = [*least, *most, 3_i64.clamp(*least, *most)];
                Json::from(some[self.of(3)])
            }
            Shape::List {
                of,
                filled,
                distinct,
            } => {
                let count = self.of(3) + usize::from(*filled);
                let mut list: Vec<Json> = Vec::new();
                for _ in 0..count {
                    let element = self.json(of);
                    if !(*distinct && list.contains(&element)) {
                        list.push(element);
                    }
                }
                Json::Array(list)
            }
            Shape::Table(table) => self.table(table),
            Shape::OneOf(shapes) => {
                let shape = &shapes[self.of(shapes.len())];
                self.json(shape)
            }
        }
    }

    fn table(&mut self, table: &TableShape) -> Json {
        let mut keys = Map::new();
        for (key, value) in &table.keys {
            if value.needed || self.of(2) == 0 {
                keys.insert(String::from(*key), self.json(&value.shape));
            }
        }
        if let Some(others) = &table.others {
            for _ in 0..self.of(3) {
                let key = self.one(&["a", "b c", "å", "1430", "staff"]);
                keys.insert(String::from(key), self.json(others));
            }
        }
        Json::Object(keys)
    }

    /// A key as TOML, bare where it may be and at times although it need not.
    fn key(&mut self, key: &str) -> String {
        let bare = key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match self.of(3) {
            0 | 1 if bare && !key.is_empty() => String::from(key),
            2 => format!("'{key}'"),
            _ => format!("\"{key}\""),
        }
    }

    /// A text as TOML in one of its forms, and where each letter was written.
    fn string(&mut self, text: &str) -> (String, Vec<(usize, usize)>) {
        let plain = !text.contains(['\'', '\n', '\r']);
        let form = match self.of(4) {
            0 if plain => "'",
            1 if !text.contains('\'') => "'''",
            2 => "\"\"\"",
            _ => "\"",
        };
        let mut raw = String::from(form);
        if form.len() == 3 && (text.starts_with('\n') || self.of(2) == 0) {
            raw.push_str(self.one(&["\n", "\r\n"]));
        }
        let mut letters = Vec::new();
        for letter in text.chars() {
            if form == "\"\"\"" && !letter.is_whitespace() && self.of(4) == 0 {
                raw.push_str(self.one(&["\\\n  ", "\\ \r\n\n\t"]));
            }
            let start = raw.len();
            let code = u32::from(letter);
            if form.starts_with('\'') {
                raw.push(letter);
            } else {
                match (letter, self.of(5)) {
                    (_, 0) => write!(raw, "\\u{code:04x}").unwrap(),
                    (_, 1) => write!(raw, "\\U{code:08X}").unwrap(),
                    (_, 2) if code < 256 => write!(raw, "\\x{code:02x}").unwrap(),
                    ('\n', _) if form.len() == 3 => raw.push('\n'),
                    ('\n', _) => raw.push_str("\\n"),
                    ('\t', _) => raw.push_str("\\t"),
                    ('"', _) => raw.push_str("\\\""),
                    ('\\', _) => raw.push_str("\\\\"),
                    _ => raw.push(letter),
                }
            }
            letters.push((start, raw.len()));
        }
        raw.push_str(form);
        (raw, letters)
    }

    fn inline(&mut self, value: &Json) -> String {
        match value {
            Json::String(text) => self.string(text).0,
            Json::Array(values) => {
                let values: Vec<String> = values.iter().map(|value| self.inline(value)).collect();
                format!(
                    "[{}]",
                    values.join(self.one(&[", ", ",\n  ", " , # å\r\n"]))
                )
            }
            Json::Object(keys) => {
                let keys: Vec<String> = keys
                    .iter()
                    .map(|(key, value)| format!("{} = {}", self.key(key), self.inline(value)))
                    .collect();
                format!("{{ {} }}", keys.join(", "))
            }
            other => format!("{other}"),
        }
    }

    /// A table as TOML: its keys, then those of its tables that stand under a head of their own.
    fn spelled(&mut self, keys: &Map<String, Json>, head: &str, text: &mut String) {
        let mut below = Vec::new();
        for (key, value) in keys {
            let key = self.key(key);
            match value {
                Json::Object(inner) if self.of(3) > 0 => below.push((key, inner)),
                value => {
                    let end = self.one(&["\n", "\r\n", " # å\n"]);
                    write!(text, "{key} = {}{end}", self.inline(value)).unwrap();
                }
            }
        }
        for (key, inner) in below {
            let head = if head.is_empty() {
                key
            } else {
                format!("{head}.{key}")
            };
            writeln!(text, "[{head}]").unwrap();
            self.spelled(inner, &head, text);
        }
    }
}

fn random(seed: u64) -> (Choice, Json) {
    let mut choice = Choice(seed);
    let json = choice.json(&RulesetSpec::shape());
    (choice, json)
}

proptest! {
    #![proptest_config(trials())]

    #[test]
    fn what_is_encoded_decodes_to_the_same(seed in any::<u64>()) {
        let (_, json) = random(seed);
        let spec = RulesetSpec::from_json(&json.to_string(), &Limits::default()).spec.unwrap();
        let encoded = spec.to_json();
        let again = RulesetSpec::from_json(&encoded.to_string(), &Limits::default()).spec.unwrap();
        prop_assert_eq!(without_places(&spec), without_places(&again));
        prop_assert_eq!(encoded, again.to_json());
    }

    #[test]
    fn toml_and_json_say_the_same_however_they_are_spelled(seed in any::<u64>()) {
        let (mut choice, json) = random(seed);
        let mut text = String::new();
        choice.spelled(json.as_object().unwrap(), "", &mut text);
        let of_json = RulesetSpec::from_json(&json.to_string(), &Limits::default());
        let of_toml = RulesetSpec::from_toml(&text, &Limits::default());
        prop_assert_eq!(of_json.spec, of_toml.spec, "{}", text);
        prop_assert_eq!(of_json.problems, of_toml.problems, "{}", text);
    }

    #[test]
    fn a_letter_is_found_where_it_was_written(seed in any::<u64>()) {
        let mut choice = Choice(seed);
        let text: String = (0..8).map(|_| choice.text()).collect();
        let (raw, letters) = choice.string(&text);
        let before = choice.one(&["", "# å\r\n", "a = '名'\n"]);
        let written = format!("{before}x = {raw}\r\n");
        let (node, problems) = super::Node::from_toml(&written, &Limits::default());
        prop_assert_eq!(problems.len(), 0, "{}", written);
        let file = super::RuleFile::new(&written, node);
        let token = before.len() + 4;
        for ((start, letter), (from, to)) in text.char_indices().zip(letters) {
            let span = start..start + letter.len_utf8();
            let found = file.locate(&Place::inside(Path::root().key("x"), span)).unwrap();
            prop_assert_eq!(found.bytes.clone(), token + from..token + to, "{}", written);
            let lines = written.get(..found.bytes.start).unwrap().split('\n').collect::<Vec<&str>>();
            prop_assert_eq!(found.position.line, lines.len());
            prop_assert_eq!(found.position.column, lines.last().unwrap().chars().count() + 1);
        }
    }
}
