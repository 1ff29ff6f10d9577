//! A source instance while its records are being made: records, findings, and counts of what is found many times.
//!
//! What concerns one record is a finding of its own; what concerns none, or cannot say which, is counted and becomes one
//! finding, so that findings neither flood nor depend on the order of input.

use alloc::collections::BTreeMap;
use alloc::string::ToString;

use super::codes;
use super::text;
use super::text::Said;
use super::wire::Flag;
use super::wire::Unread;
use super::wire::Why;
use crate::base::RawText;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::source::Promise;
use crate::source::Record;
use crate::source::SourceInstance;

/// An instance in the making.
#[derive(Debug)]
pub(super) struct Batch {
    instance: SourceInstance,
    counts: BTreeMap<(&'static str, OpenText), (&'static Code, u64)>,
}

impl Batch {
    pub(super) fn new(instance: SourceInstance) -> Self {
        Self {
            instance,
            counts: BTreeMap::new(),
        }
    }

    /// The instance, with its records and findings in order.
    pub(super) fn finish(mut self) -> SourceInstance {
        for ((_, message), (code, count)) in core::mem::take(&mut self.counts) {
            let times = if count == 1 {
                OpenText::words("once")
            } else {
                OpenText::from(count).and(" times")
            };
            let message = message.and(" (").and(times).and(")");
            self.instance
                .set_aside
                .push(Finding::new(code, self.instance.subject(), message));
        }
        self.instance.sort();
        self.instance
    }

    pub(super) fn push(&mut self, record: Record) {
        self.instance.records.push(record);
    }

    /// The code of the municipality of the instance.
    pub(super) fn municipality(&self) -> Option<RawText> {
        self.instance.municipality.as_deref().map(RawText::new)
    }

    /// Notes something about one record.
    pub(super) fn note(
        &mut self,
        code: &'static Code,
        record: &Record,
        field: impl Into<OpenText>,
        message: impl Into<OpenText>,
    ) {
        let subject = self.instance.subject_of(&record.kind, &record.id);
        let finding = Finding::new(code, subject, message).field(field);
        self.instance
            .set_aside
            .push(finding.of_record(&record.kind, &record.id));
    }

    /// Counts something that has no record.
    pub(super) fn count(&mut self, code: &'static Code, message: impl Into<OpenText>) {
        self.add(code, message.into(), 1);
    }

    fn add(&mut self, code: &'static Code, message: OpenText, count: u64) {
        let known = self.counts.entry((code.id, message)).or_insert((code, 0));
        known.1 = known.1.saturating_add(count);
    }

    /// Counts something that was lost, so that absence proves nothing any more.
    pub(super) fn lose(&mut self, code: &'static Code, message: &'static str) {
        self.count(code, message);
        self.instance.doubt();
    }

    /// Counts what was not read of a document.
    pub(super) fn unread(&mut self, unread: &Unread) {
        let start = OpenText::words("");
        for (why, shape, name, count) in unread.iter() {
            let (code, message) = match (why, name) {
                (Why::NotUsed, _) => (
                    &codes::NOT_USED,
                    start
                        .clone()
                        .quote(name)
                        .and(" of ")
                        .quote(shape)
                        .and(" is not used"),
                ),
                (Why::Unknown, _) => (
                    &codes::UNKNOWN_PART,
                    start
                        .clone()
                        .quote(shape)
                        .and(" holds a name that is not known"),
                ),
                (Why::Shape, "") => (
                    &codes::UNREADABLE_PART,
                    start
                        .clone()
                        .quote(shape)
                        .and(" has another shape than expected"),
                ),
                (Why::Shape, _) => (
                    &codes::UNREADABLE_PART,
                    start
                        .clone()
                        .quote(name)
                        .and(" of ")
                        .quote(shape)
                        .and(" has another shape than expected"),
                ),
            };
            self.add(code, message, count);
            if why == Why::Shape && name.is_empty() {
                // A whole part is lost, and nobody can say whose it was.
                self.instance.doubt();
            }
        }
    }

    /// Takes the word of a document about how much of its source it gives.
    pub(super) fn only(&mut self, promise: Promise, message: impl Into<OpenText>) {
        if self.instance.promise == Promise::Complete && promise != Promise::Complete {
            self.count(&codes::LESS_THAN_PROMISED, message);
            self.instance.promise = promise;
        }
    }

    /// The share of a text in per cent as a field, or a finding.
    pub(super) fn share(
        &mut self,
        record: &mut Record,
        name: &'static str,
        value: Option<&RawText>,
    ) {
        let Some(value) = text::filled(value) else {
            return;
        };
        match text::per_mille(&value) {
            Some(share) => record.add(name, share.into()),
            None => self.note(
                &codes::UNREADABLE_VALUE,
                record,
                name,
                "extent is no share between 0 and 100 per cent",
            ),
        }
    }

    /// A word of a list as a field. What the list does not know stays as it is, with a finding.
    pub(super) fn listed(
        &mut self,
        record: &mut Record,
        name: &'static str,
        value: Option<&RawText>,
        words: &[&'static str],
    ) {
        let Some(value) = text::filled(value) else {
            return;
        };
        let word = text::listed(&value, words);
        self.word(record, name, value, word);
    }

    /// What a word of a list stands for as a field; an empty one is nothing.
    pub(super) fn mapped(
        &mut self,
        record: &mut Record,
        name: &'static str,
        value: Option<&RawText>,
        words: &[(&'static str, &'static str)],
    ) {
        let Some(value) = text::filled(value) else {
            return;
        };
        let word = text::word(&value, words);
        if word != Some("") {
            self.word(record, name, value, word);
        }
    }

    fn word(
        &mut self,
        record: &mut Record,
        name: &'static str,
        value: RawText,
        word: Option<&'static str>,
    ) {
        if word.is_none() {
            self.note(
                &codes::UNKNOWN_VALUE,
                record,
                name,
                "value is none of those that the format lists",
            );
        }
        record.add(name, word.map_or(value, RawText::new));
    }

    /// The two flags as fields, with a finding where one cannot be read.
    pub(super) fn flags(&mut self, record: &mut Record, flags: Flags) {
        for (name, said) in [
            ("confidentiality_marking", flags.marking),
            ("protected_registration", flags.registration),
        ] {
            if let Some(said) = said {
                record.add(name, said.word().into());
                if said == Said::Unknown {
                    self.note(
                        &codes::UNREADABLE_FLAG,
                        record,
                        name,
                        "protection flag cannot be read",
                    );
                }
            }
        }
    }
}

/// The two protection flags, each said or not. Of two sources of one flag the stricter counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) marking: Option<Said>,
    pub(super) registration: Option<Said>,
}

impl Flags {
    /// Both flags alike.
    pub(super) const fn both(said: Said) -> Self {
        Self {
            marking: Some(said),
            registration: Some(said),
        }
    }

    /// The stricter of each.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            marking: self.marking.max(other.marking),
            registration: self.registration.max(other.registration),
        }
    }

    /// Whether one of them stands, or may stand.
    pub(super) fn any(self) -> bool {
        self.marking.max(self.registration) > Some(Said::No)
    }
}

/// What a flag that says yes or no says; of several the strictest.
pub(super) fn strictest(flags: &[Flag]) -> Option<Said> {
    flags
        .iter()
        .map(|flag| flag.text.as_ref().map_or(Said::Unknown, text::yes_or_no))
        .max()
}

/// A field as it is stated: absent, empty on purpose, or a text.
pub(super) fn state(record: &mut Record, name: &str, value: Option<&RawText>) {
    if value.is_some() {
        match text::filled(value) {
            Some(value) => record.add(name, value),
            None => {
                record.fields.entry(name.to_string()).or_default();
            }
        }
    }
}

/// A field where there is a value.
pub(super) fn put(record: &mut Record, name: &str, value: Option<RawText>) {
    if let Some(value) = value {
        record.add(name, value);
    }
}
