//! From the text of a TOML file to the tree, with every fault of syntax at once.
//!
//! The parser's own words are only used to tell which fault it is; what is said is said in ours. Tables are taken apart
//! without recursion below the limit of nesting, since dotted keys can nest them far deeper than the parser counts.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;
use toml::value::Datetime;

use super::decode::Decoded;
use super::file::RuleFile;
use super::messages;
use super::node::Entry;
use super::node::Node;
use super::node::Value;
use super::ruleset::RulesetSpec;
use crate::base::Limits;
use crate::base::Path;
use crate::diagnostic::Code;
use crate::diagnostic::Problem;
use crate::rules::codes;

impl RulesetSpec {
    /// Reads a rule file in TOML. With a fault of syntax there are no rules, since too much of them may be missing.
    pub fn from_toml(text: &str, limits: &Limits) -> Decoded {
        if text.len() > limits.rule_file_bytes {
            return Decoded {
                spec: None,
                file: RuleFile::without_text(Node::empty()),
                problems: alloc::vec![messages::file_too_large(limits.rule_file_bytes)],
            };
        }
        let (node, problems) = Node::from_toml(text, limits);
        let readable = problems
            .iter()
            .all(|problem| *problem.code == codes::DUPLICATE_KEY);
        let file = RuleFile::new(text, node);
        if readable {
            Decoded::read(file, problems)
        } else {
            Decoded {
                spec: None,
                file,
                problems,
            }
        }
    }
}

impl Node {
    /// From the text of a TOML file. What could not be read is left out, with a problem.
    pub fn from_toml(text: &str, limits: &Limits) -> (Self, Vec<Problem>) {
        let (document, faults) = DeTable::parse_recoverable(text);
        let mut reader = TomlReader {
            allowed: limits.rule_file_nesting,
            problems: Vec::new(),
            left: Vec::new(),
        };
        for fault in faults {
            let bytes = fault.span().unwrap_or(0..0);
            reader
                .problems
                .push(syntax_problem(text, fault.message(), bytes, reader.allowed));
        }
        let table = reader.table(document.into_inner(), &Path::root(), 0);
        reader.dismantle();
        let node = Self {
            value: Value::Table(table),
            span: Some(0..text.len()),
        };
        (node, reader.problems)
    }
}

struct TomlReader<'i> {
    allowed: usize,
    problems: Vec<Problem>,
    /// What was nested too deeply.
    left: Vec<DeValue<'i>>,
}

impl<'i> TomlReader<'i> {
    fn table(&mut self, table: DeTable<'i>, path: &Path, height: usize) -> BTreeMap<String, Entry> {
        let mut entries = BTreeMap::new();
        for (key, value) in table {
            let key_span = key.span();
            let key = String::from(key.into_inner());
            let node = self.node(value, &path.key(&key), height.saturating_add(1));
            entries.insert(
                key,
                Entry {
                    key_span: Some(key_span),
                    node,
                },
            );
        }
        entries
    }

    fn node(&mut self, value: Spanned<DeValue<'i>>, path: &Path, height: usize) -> Node {
        let span = value.span();
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(String::from(text)),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Value::Float, Value::Int),
            DeValue::Float(_) => Value::Float,
            DeValue::Boolean(value) => Value::Bool(value),
            DeValue::Datetime(moment) => date(&moment).map_or(Value::Time, Value::Date),
            value @ (DeValue::Array(_) | DeValue::Table(_)) if height > self.allowed => {
                self.problems
                    .push(messages::nested_too_deeply(path, self.allowed));
                self.left.push(value);
                Value::Nothing
            }
            DeValue::Array(values) => Value::List(
                values
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| {
                        self.node(value, &path.index(index), height.saturating_add(1))
                    })
                    .collect(),
            ),
            DeValue::Table(table) => Value::Table(self.table(table, path, height)),
        };
        Node {
            value,
            span: Some(span),
        }
    }

    fn dismantle(&mut self) {
        while let Some(value) = self.left.pop() {
            match value {
                DeValue::Array(values) => self
                    .left
                    .extend(values.into_iter().map(Spanned::into_inner)),
                DeValue::Table(table) => self
                    .left
                    .extend(table.into_iter().map(|(_, value)| value.into_inner())),
                _ => {}
            }
        }
    }
}

fn date(moment: &Datetime) -> Option<NaiveDate> {
    let date = match moment {
        Datetime {
            date: Some(date),
            time: None,
            offset: None,
        } => date,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(
        i32::from(date.year),
        u32::from(date.month),
        u32::from(date.day),
    )
}

/// What the parser says begins with one of these, and what we say of it.
const FAULTS: &[(&str, &str)] = &[
    (
        "string values must be quoted",
        "a text must stand in quotes",
    ),
    ("missing opening quote", "a text must begin with a quote"),
    (
        "invalid basic string",
        "a text in quotes is not closed, or holds a letter that must be escaped",
    ),
    ("invalid literal string", "a text in quotes is not closed"),
    ("invalid multi-line", "a text in quotes is not closed"),
    ("missing escaped value", "unknown escape after a backslash"),
    (
        "too few unicode value digits",
        "an escape has too few digits",
    ),
    ("unclosed array table", "a table header is not closed"),
    ("unclosed table", "a table header is not closed"),
    ("unclosed inline table", "an inline table is not closed"),
    ("unclosed array", "a list is not closed"),
    ("missing comma", "a comma is missing before this"),
    ("extra comma", "a comma stands where none belongs"),
    ("missing assignment", "`=` is missing after a key"),
    (
        "key with no value",
        "`=` and a value are missing after a key",
    ),
    ("missing value", "a value is missing"),
    ("extra `=`", "`=` stands twice"),
    ("extra assignment", "`=` stands twice"),
    (
        "unexpected `=` in array",
        "a list holds values and not keys",
    ),
    ("missing key", "a key is missing"),
    ("unquoted keys cannot be empty", "a key is missing"),
    (
        "invalid unquoted key",
        "a key with such letters must stand in quotes",
    ),
    ("keys cannot be multi-line", "a key must stand on one line"),
    ("invalid key-value pair", "expected a key, `=` and a value"),
    ("unexpected leading zero", "a number must not begin with 0"),
    (
        "carriage return must be followed by newline",
        "a carriage return stands alone",
    ),
    (
        "unexpected key or value",
        "each key must stand on a line of its own",
    ),
    (
        "unexpected content",
        "each key must stand on a line of its own",
    ),
    (
        "cannot extend value",
        "a key is used as a table, but holds something else",
    ),
];

fn syntax_problem(text: &str, said: &str, bytes: Range<usize>, allowed: usize) -> Problem {
    if said.starts_with("duplicate key") {
        let key = text.get(bytes.clone()).unwrap_or_default();
        let message = format!("key {} is written twice", messages::quoted(key));
        return messages::in_file(&codes::DUPLICATE_KEY, bytes, message);
    }
    if said.contains("recurs") {
        let message = format!("tables and lists are nested too deeply (at most {allowed})");
        return messages::in_file(&codes::NESTED_TOO_DEEPLY, bytes, message);
    }
    let code: &'static Code = &codes::INVALID_SYNTAX;
    let known = FAULTS
        .iter()
        .find(|(theirs, _)| said.starts_with(theirs))
        .map_or("this cannot be read as TOML", |(_, ours)| ours);
    messages::in_file(code, bytes, known)
}
