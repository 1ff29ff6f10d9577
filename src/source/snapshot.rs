//! A snapshot, its source instances and their records.
//!
//! What a record keeps apart: a field that is absent (the source has no opinion), a field without a value (empty on
//! purpose) and a field with one value or several. Records that share a kind and an id are kept: judging them is the work of
//! resolving. `Debug` of a record shows its kind and the names of its fields, nothing else.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use chrono::NaiveDate;

use crate::base::RawText;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;

/// What an instance says about how much of itself it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// Everything there is: what is not in it is gone.
    Complete,
    /// What has changed: what is gone is said to be.
    Delta,
    /// Some of what there is: absence says nothing.
    Partial,
}

impl Promise {
    /// The word for it, in JSON and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Delta => "delta",
            Self::Partial => "partial",
        }
    }

    /// The promise of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Complete, Self::Delta, Self::Partial]
            .into_iter()
            .find(|promise| promise.name() == name)
    }
}

/// All that the sources said, as of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The source instances.
    pub instances: Vec<SourceInstance>,
}

impl Snapshot {
    /// A snapshot of some instances.
    pub fn new(instances: impl IntoIterator<Item = SourceInstance>) -> Self {
        Self {
            instances: instances.into_iter().collect(),
        }
    }

    /// The instance with a name such as `heroma/sml`.
    pub fn instance(&self, name: &str) -> Option<&SourceInstance> {
        self.instances
            .iter()
            .find(|instance| instance.is_named(name))
    }

    /// Puts instances and their records in order, whatever the order in which they came.
    pub fn sort(&mut self) {
        for instance in &mut self.instances {
            instance.sort();
        }
        self.instances.sort_by(|a, b| {
            (&a.source, &a.instance, a.as_of).cmp(&(&b.source, &b.instance, b.as_of))
        });
    }
}

/// One source at one place: the Procapita of one municipality, say.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceInstance {
    /// The source, as the rule file names it.
    pub source: String,
    /// Which of its instances.
    pub instance: String,
    /// How much of itself it gives.
    pub promise: Promise,
    /// The date whose state it gives.
    pub as_of: NaiveDate,
    /// How many records it says it has, where it says so.
    pub count: Option<u64>,
    /// The code of the municipality it belongs to.
    pub municipality: Option<String>,
    /// The kinds of record that it speaks of; all kinds where none is named. Of other kinds absence says nothing.
    pub scope: BTreeSet<String>,
    /// Its records.
    pub records: Vec<Record>,
    /// What could not be read, or was not taken.
    pub set_aside: Findings,
}

/// What was set aside may be about somebody of whom nobody knows yet that they are protected, and does not show.
impl fmt::Debug for SourceInstance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SourceInstance")
            .field("source", &self.source)
            .field("instance", &self.instance)
            .field("promise", &self.promise)
            .field("as_of", &self.as_of)
            .field("count", &self.count)
            .field("municipality", &self.municipality)
            .field("scope", &self.scope)
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}

impl SourceInstance {
    /// An instance without records.
    pub fn new(source: &str, instance: &str, promise: Promise, as_of: NaiveDate) -> Self {
        Self {
            source: source.to_string(),
            instance: instance.to_string(),
            promise,
            as_of,
            count: None,
            municipality: None,
            scope: BTreeSet::new(),
            records: Vec::new(),
            set_aside: Findings::default(),
        }
    }

    /// Says which municipality it belongs to.
    #[must_use]
    pub fn municipality(mut self, code: &str) -> Self {
        self.municipality = Some(code.to_string());
        self
    }

    /// Says that it speaks of a kind of record. Once one is named, it speaks of no other kinds.
    #[must_use]
    pub fn scope(mut self, kind: &str) -> Self {
        self.scope.insert(kind.to_string());
        self
    }

    /// Whether it speaks of a kind of record.
    pub fn speaks_of(&self, kind: &str) -> bool {
        self.scope.is_empty() || self.scope.contains(kind)
    }

    /// Says how many records it should have.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Adds a record.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.records.push(record);
        self
    }

    /// Its name, such as `heroma/sml`.
    pub fn name(&self) -> String {
        alloc::format!("{}/{}", self.source, self.instance)
    }

    /// Whether this is its name.
    pub fn is_named(&self, name: &str) -> bool {
        name.strip_prefix(self.source.as_str())
            .and_then(|rest| rest.strip_prefix('/'))
            == Some(self.instance.as_str())
    }

    /// The instance as the subject of a finding.
    pub fn subject(&self) -> Subject {
        Subject::Instance {
            instance: OpenText::vouched(self.name()),
        }
    }

    /// A record of it as the subject of a finding. The id of a register record is an identity number, so such a record is
    /// named by its instance only.
    pub fn subject_of(&self, kind: &str, id: &str) -> Subject {
        if kind == REGISTER {
            return self.subject();
        }
        Subject::Record {
            instance: OpenText::vouched(self.name()),
            record_kind: OpenText::vouched(kind),
            record: OpenText::vouched(id),
        }
    }

    /// Takes back that it is complete: something of it could not be read, so that absence proves nothing.
    pub fn doubt(&mut self) {
        if self.promise == Promise::Complete {
            self.promise = Promise::Partial;
        }
    }

    /// Puts the records in the order of kind, id and content, and the findings in theirs.
    pub fn sort(&mut self) {
        self.records.sort_by(Record::order);
        self.set_aside.sort();
    }
}

/// The kind of record whose id is an identity number.
pub(crate) const REGISTER: &str = "register";

/// One record of a source: what it says about one person, employment, unit and so on.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The kind, such as `employment`.
    pub kind: String,
    /// The id that the source gives it.
    pub id: String,
    /// Whether the source says that it is gone.
    pub deleted: bool,
    /// The fields. One without values is empty on purpose.
    pub fields: BTreeMap<String, Vec<RawText>>,
}

impl Record {
    /// A record without fields.
    pub fn new(kind: &str, id: &str) -> Self {
        Self {
            kind: kind.to_string(),
            id: id.to_string(),
            deleted: false,
            fields: BTreeMap::new(),
        }
    }

    /// Adds a value to a field.
    #[must_use]
    pub fn with(mut self, name: &str, text: impl Into<RawText>) -> Self {
        self.add(name, text.into());
        self
    }

    /// Says that a field is empty on purpose.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.entry(name.to_string()).or_default();
        self
    }

    /// Says that the record is gone.
    #[must_use]
    pub fn gone(mut self) -> Self {
        self.deleted = true;
        self
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&RawText> {
        self.fields.get(name)?.first()
    }

    /// All values of a field; none both where it is absent and where it is empty on purpose.
    pub fn all(&self, name: &str) -> &[RawText] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// Adds a value to a field.
    pub(crate) fn add(&mut self, name: &str, text: RawText) {
        self.fields.entry(name.to_string()).or_default().push(text);
    }

    /// The order of records: kind, id, gone or not, then names and values, so that not even equal ids leave a choice.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        (&self.kind, &self.id, self.deleted)
            .cmp(&(&other.kind, &other.id, other.deleted))
            .then_with(|| self.values().cmp(&other.values()))
    }

    fn values(&self) -> Vec<(&str, Vec<&str>)> {
        self.fields
            .iter()
            .map(|(name, values)| {
                let values = values.iter().map(RawText::reveal).collect();
                (name.as_str(), values)
            })
            .collect()
    }
}

/// Which fields it fills tells of its person as well, and does not show.
impl fmt::Debug for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Record")
            .field("kind", &self.kind)
            .field("deleted", &self.deleted)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn date() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn debug_shows_kinds_only() {
        let record = Record::new("register", "199902102384")
            .with("surname", "Hemlig")
            .without("middle_name");
        let shown = format!("{record:?}");
        assert!(!shown.contains("1999") && !shown.contains("Hemlig"));
        assert!(shown.contains("register") && !shown.contains("name"));
    }

    #[test]
    fn absent_empty_and_filled_are_three_things() {
        let record = Record::new("person", "1")
            .with("mail", "a@b.test")
            .with("mail", "c@d.test")
            .without("phone");
        assert_eq!(record.all("mail").len(), 2);
        assert!(record.get("phone").is_none() && record.fields.contains_key("phone"));
        assert!(!record.fields.contains_key("sex"));
    }

    #[test]
    fn sorting_forgets_the_order_of_input_even_between_equal_ids() {
        let records = [
            Record::new("person", "2"),
            Record::new("person", "1").with("surname", "Östman"),
            Record::new("person", "1").with("surname", "Alm"),
            Record::new("person", "1").gone(),
            Record::new("employment", "9"),
        ];
        let sorted = |order: &[usize]| {
            let mut instance = SourceInstance::new("heroma", "sml", Promise::Complete, date());
            for &at in order {
                instance = instance.record(records[at].clone());
            }
            instance.sort();
            instance
        };
        assert_eq!(sorted(&[0, 1, 2, 3, 4]), sorted(&[4, 3, 2, 1, 0]));
    }

    #[test]
    fn names_and_subjects() {
        let instance = SourceInstance::new("heroma", "sml", Promise::Complete, date());
        assert!(instance.is_named("heroma/sml") && !instance.is_named("heroma/s"));
        assert_eq!(
            format!("{}", instance.subject_of("employment", "4711")),
            "employment 4711 of heroma/sml"
        );
        assert_eq!(
            instance.subject_of("register", "199902102384"),
            instance.subject()
        );
    }
}
