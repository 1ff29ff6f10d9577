//! Drafts of records: what an author has said of one, and which of it must be described elsewhere in the scenario.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;

use crate::base::RawText;
use crate::source::Record;

/// A record on its way. Its `Debug` shows no value, like that of a record.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) record: Record,
    /// Fields that refer to something which the author says is not there.
    pub(super) loose: BTreeSet<&'static str>,
}

impl Draft {
    pub(super) fn new(kind: &str, id: &str) -> Self {
        Self {
            record: Record::new(kind, id),
            loose: BTreeSet::new(),
        }
    }

    /// Sets the one value of a field.
    pub(super) fn set(&mut self, field: &str, text: &str) {
        self.record
            .fields
            .insert(String::from(field), vec![RawText::new(text)]);
    }

    /// Adds a value to a field.
    pub(super) fn add(&mut self, field: &str, text: &str) {
        self.record
            .fields
            .entry(String::from(field))
            .or_default()
            .push(RawText::new(text));
    }

    /// The value of a field. Values of a scenario are invented.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.record.get(field).map(RawText::reveal)
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
