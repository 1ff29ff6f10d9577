//! Drafts of records: what an author has said of one, and which of it must be described elsewhere in the scenario.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::source::Record;

/// A record on its way. Its `Debug` shows no value, like that of a record.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) kind: String,
    pub(super) id: String,
    fields: BTreeMap<String, Vec<String>>,
    /// Fields that refer to something which the author says is not there.
    pub(super) loose: BTreeSet<&'static str>,
}

impl Draft {
    pub(super) fn new(kind: &str, id: &str) -> Self {
        Self {
            kind: String::from(kind),
            id: String::from(id),
            fields: BTreeMap::new(),
            loose: BTreeSet::new(),
        }
    }

    /// Sets the one value of a field.
    pub(super) fn set(&mut self, field: &str, text: &str) {
        self.fields
            .insert(String::from(field), vec![String::from(text)]);
    }

    /// Adds a value to a field.
    pub(super) fn add(&mut self, field: &str, text: &str) {
        self.fields
            .entry(String::from(field))
            .or_default()
            .push(String::from(text));
    }

    /// The value of a field.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.first().map(String::as_str)
    }

    /// The record.
    pub(super) fn record(&self) -> Record {
        let mut record = Record::new(&self.kind, &self.id);
        for (field, values) in &self.fields {
            for value in values {
                record = record.with(field, value.as_str());
            }
        }
        record
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Draft({} {}, {:?})",
            self.kind,
            self.id,
            self.fields.keys()
        )
    }
}

/// Methods of a builder that set one field each.
macro_rules! text_fields {
    ($($(#[doc = $doc:literal])+ $method:ident = $field:literal;)*) => {
        $(
            $(#[doc = $doc])+
            #[must_use]
            pub fn $method(mut self, text: &str) -> Self {
                self.draft.set($field, text);
                self
            }
        )*
    };
}

/// Methods of a builder that set one day each.
macro_rules! day_fields {
    ($($(#[doc = $doc:literal])+ $method:ident = $field:literal;)*) => {
        $(
            $(#[doc = $doc])+
            #[must_use]
            #[track_caller]
            pub fn $method(mut self, text: &str) -> Self {
                let day = $crate::testing::message::day(text);
                self.draft.set($field, &alloc::format!("{day}"));
                self
            }
        )*
    };
}

pub(super) use day_fields;
pub(super) use text_fields;
