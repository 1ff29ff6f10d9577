//! The tree that every rule file becomes before it is decoded, whatever it was written in.
//!
//! It knows nothing of rules. Its height is bounded by [`Limits::rule_file_nesting`], so nothing that walks it goes deeper.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use chrono::NaiveDate;

use crate::base::Path;

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
    Table(Entries),
}

/// The entries of a table in the order of their keys, each of which stands once.
///
/// Nearly every table of a rule file holds a few entries, for which a list takes much less memory than a tree of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries(Vec<(String, Entry)>);

impl Entries {
    /// No entries.
    pub const EMPTY: Self = Self(Vec::new());

    /// From entries as they are written. Of several with one key the first stays, and `twice` is told of each of the others.
    pub fn of_written(mut written: Vec<(String, Entry)>, mut twice: impl FnMut(&str)) -> Self {
        written.sort_by(|(key, _), (other, _)| key.cmp(other));
        written.dedup_by(|(later, _), (first, _)| {
            let known = later == first;
            if known {
                twice(later);
            }
            known
        });
        Self(written)
    }

    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        let at = self
            .0
            .binary_search_by(|(known, _)| known.as_str().cmp(key))
            .ok()?;
        self.0.get(at).map(|(_, entry)| entry)
    }

    /// The keys with their entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(key, entry)| (key.as_str(), entry))
    }
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
            value: Value::Table(Entries::EMPTY),
            span: None,
        }
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
