//! The tree that every rule file becomes before it is decoded, whatever it was written in.
//!
//! It knows nothing of rules. Its height is bounded by [`Limits::rule_file_nesting`], so nothing that walks it goes deeper.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use chrono::NaiveDate;

use super::messages;
use crate::base::Limits;
use crate::base::Path;
use crate::diagnostic::Problem;

/// A value, and the bytes of the file where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its bytes in the text of the file, quotes included; none where the rules were no text.
    pub span: Option<Range<usize>>,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, without its quotes and escapes.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// A number with decimals, or one too large to be a whole number; no key asks for one.
    Float,
    /// A date.
    Date(NaiveDate),
    /// A time, with or without a date; no key asks for one.
    Time,
    /// Nothing: as if the key were not there.
    Nothing,
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(BTreeMap<String, Entry>),
}

/// A value under a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The bytes of the key in the text of the file.
    pub key_span: Option<Range<usize>>,
    /// The value.
    pub node: Node,
}

impl Value {
    /// What it is called in a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Int(_) => "a whole number",
            Self::Bool(_) => "a truth value",
            Self::Float => "a number that is not whole",
            Self::Date(_) => "a date",
            Self::Time => "a time",
            Self::Nothing => "nothing",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Node {
    /// A table without keys.
    pub const fn empty() -> Self {
        Self {
            value: Value::Table(BTreeMap::new()),
            span: None,
        }
    }

    /// From a JSON value. What is nested too deeply becomes nothing, with a problem.
    pub fn from_json(json: &serde_json::Value, limits: &Limits) -> (Self, Vec<Problem>) {
        let mut reader = JsonReader {
            allowed: limits.rule_file_nesting,
            problems: Vec::new(),
        };
        let node = reader.node(json, Way::Root, 0);
        (node, reader.problems)
    }
}

/// The way to the value that is read. It becomes a path where there is a problem, which is seldom.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    Root,
    Key(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl Way<'_> {
    /// It recurses as deep as a rule file may be nested.
    pub(super) fn path(&self) -> Path {
        match self {
            Self::Root => Path::root(),
            Self::Key(before, key) => before.path().key(key),
            Self::Index(before, index) => before.path().index(*index),
        }
    }
}

struct JsonReader {
    allowed: usize,
    problems: Vec<Problem>,
}

impl JsonReader {
    fn node(&mut self, json: &serde_json::Value, way: Way<'_>, height: usize) -> Node {
        let inner = height.saturating_add(1);
        let value = match json {
            serde_json::Value::Null => Value::Nothing,
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(number) => number.as_i64().map_or(Value::Float, Value::Int),
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Array(_) | serde_json::Value::Object(_) if height > self.allowed => {
                self.problems
                    .push(messages::nested_too_deeply(&way.path(), self.allowed));
                Value::Nothing
            }
            serde_json::Value::Array(values) => Value::List(
                values
                    .iter()
                    .enumerate()
                    .map(|(index, value)| self.node(value, Way::Index(&way, index), inner))
                    .collect(),
            ),
            serde_json::Value::Object(fields) => Value::Table(
                fields
                    .iter()
                    .map(|(key, value)| {
                        let entry = Entry {
                            key_span: None,
                            node: self.node(value, Way::Key(&way, key), inner),
                        };
                        (key.clone(), entry)
                    })
                    .collect(),
            ),
        };
        Node { value, span: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_stops_exactly_at_its_limit() {
        let limits = Limits {
            rule_file_nesting: 2,
            ..Limits::default()
        };
        let (_, problems) = Node::from_json(&serde_json::json!({"a": {"b": [1]}}), &limits);
        assert!(problems.is_empty());
        let (node, problems) = Node::from_json(&serde_json::json!({"a": {"b": [[1]]}}), &limits);
        assert_eq!(problems.len(), 1);
        assert_eq!(
            alloc::format!("{}", problems.first().unwrap()),
            "R114 tables and lists are nested too deeply (at most 2)\n  at a.b[0]"
        );
        assert!(matches!(node.value, Value::Table(_)));
    }
}
