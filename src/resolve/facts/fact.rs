//! Facts: what source records say once they are mapped, and the deliveries they came in.
//!
//! Values are still texts; the one reader of each kind of value stands in `convert`. Nothing here shows a value: there is no
//! `Debug`. Keeps apart: a field without opinion, one that is empty on purpose, and one with a value.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::base::Column;
use crate::base::row_key;
use crate::diagnostic::Subject;
use crate::ledger::RecordMemory;
use crate::model::AffiliationKind;
use crate::model::RecordKind;
use crate::resolve::setting::Terms;
use crate::source::SourceInstance;

row_key! {
    /// A row of the table of deliveries.
    DeliveryRow
}
row_key! {
    /// A row of the table of facts.
    FactRow
}

/// The fields of a record or fact. One without values is empty on purpose.
pub(in crate::resolve) type Fields = BTreeMap<String, Vec<String>>;

/// A source instance as this run takes it.
pub(in crate::resolve) struct Delivery<'a> {
    /// Such as `procapita/1430`.
    pub(in crate::resolve) name: String,
    /// Such as `procapita`.
    pub(in crate::resolve) source: String,
    pub(in crate::resolve) terms: Terms<'a>,
    pub(in crate::resolve) municipality: Option<String>,
    /// The day whose state it gives.
    pub(in crate::resolve) as_of: NaiveDate,
    /// Whether it was not accepted: its records stand as last accepted.
    pub(in crate::resolve) frozen: bool,
    /// Whether it came complete and was accepted, so that what is not in it is not there.
    pub(in crate::resolve) complete: bool,
    /// The day of the run that accepted it last, and how many records it then had.
    pub(in crate::resolve) accepted_on: NaiveDate,
    pub(in crate::resolve) count: u64,
    /// In the order of kind and id, each once.
    pub(in crate::resolve) records: Vec<Accepted<'a>>,
}

/// A record that stands, whether it came or not.
pub(in crate::resolve) struct Accepted<'a> {
    pub(in crate::resolve) kind: String,
    pub(in crate::resolve) id: String,
    pub(in crate::resolve) fields: Fields,
    /// As the ledger has it.
    pub(in crate::resolve) last: Option<&'a RecordMemory>,
    /// Since when it is gone from the source.
    pub(in crate::resolve) absent_since: Option<NaiveDate>,
    pub(in crate::resolve) standing: Standing,
}

impl Accepted<'_> {
    /// What it said when it was last known whose it is: of a record that waits for a decision, before it waited.
    pub(in crate::resolve) fn settled(&self) -> Option<&Fields> {
        let last = self.last?;
        Some(last.settled.as_ref().unwrap_or(&last.fields))
    }
}

/// How a record stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::resolve) enum Standing {
    /// It is there.
    Present,
    /// It is gone and held.
    Held,
    /// It is gone for good, and ended on this day.
    Ended(NaiveDate),
}

/// The kinds of facts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::resolve) enum FactKind {
    Person,
    Affiliation(AffiliationKind),
    Unit,
    SchoolGroup,
    Register,
}

impl FactKind {
    pub(in crate::resolve) const EMPLOYMENT: Self = Self::Affiliation(AffiliationKind::Employment);

    /// The kind of that name.
    pub(in crate::resolve) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "person" => Self::Person,
            "unit" => Self::Unit,
            "school_group" => Self::SchoolGroup,
            "register" => Self::Register,
            other => Self::Affiliation(AffiliationKind::from_name(other)?),
        })
    }

    /// The word in records.
    pub(in crate::resolve) const fn name(self) -> &'static str {
        self.record().name()
    }

    /// The kind of record that rules see.
    pub(in crate::resolve) const fn record(self) -> RecordKind {
        match self {
            Self::Person => RecordKind::Person,
            Self::Affiliation(kind) => kind.record(),
            Self::Unit => RecordKind::Unit,
            Self::SchoolGroup => RecordKind::SchoolGroup,
            Self::Register => RecordKind::Register,
        }
    }

    /// Whether a record of this kind is about a person of its source.
    pub(in crate::resolve) const fn tells_of_person(self) -> bool {
        matches!(self, Self::Person | Self::Affiliation(_))
    }
}

/// What a record says.
pub(in crate::resolve) struct Fact {
    pub(in crate::resolve) delivery: DeliveryRow,
    /// Its place among the records of the delivery.
    pub(in crate::resolve) record: usize,
    pub(in crate::resolve) kind: FactKind,
    pub(in crate::resolve) id: String,
    pub(in crate::resolve) fields: Fields,
    /// What it said when it was last known whose it is, where that was something else and it tells of a person.
    pub(in crate::resolve) before: Option<Fields>,
    pub(in crate::resolve) standing: Standing,
    /// Whether it stands as last accepted.
    pub(in crate::resolve) frozen: bool,
    /// The day after the last on which an override holds.
    pub(in crate::resolve) expires: Option<NaiveDate>,
    /// Whether that day has come.
    pub(in crate::resolve) expired: bool,
    pub(in crate::resolve) taken: Taken,
}

/// How much of a record is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::resolve) enum Taken {
    /// All of it.
    Whole,
    /// What it says of a person; the affiliation is set aside.
    PersonOnly,
    /// Nothing: another record has its id.
    Nothing,
}

/// What a source says of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::resolve) enum Said<'a> {
    /// Nothing.
    Silent,
    /// That it is empty.
    Empty,
    /// A value.
    Value(&'a str),
}

impl Fact {
    /// What it says of a field; of several values the first that is not blank.
    pub(in crate::resolve) fn said(&self, field: &str) -> Said<'_> {
        said(&self.fields, field)
    }

    /// The value of a field, trimmed, where there is one.
    pub(in crate::resolve) fn text(&self, field: &str) -> Option<&str> {
        match self.said(field) {
            Said::Value(text) => Some(text),
            Said::Silent | Said::Empty => None,
        }
    }

    /// All values of a field as they stand, blank ones too, so that fields that go together stay in step.
    pub(in crate::resolve) fn all(&self, field: &str) -> &[String] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether its word counts today: it is neither gone for good nor expired.
    pub(in crate::resolve) const fn lives(&self) -> bool {
        !self.expired && self.is_there()
    }

    /// Whether it is neither gone for good nor another's.
    pub(in crate::resolve) const fn is_there(&self) -> bool {
        !matches!(self.standing, Standing::Ended(_)) && !matches!(self.taken, Taken::Nothing)
    }
}

/// What some fields say of one of them.
pub(in crate::resolve) fn said<'a>(fields: &'a Fields, field: &str) -> Said<'a> {
    match fields.get(field) {
        None => Said::Silent,
        Some(values) => values
            .iter()
            .map(|value| value.trim())
            .find(|value| !value.is_empty())
            .map_or(Said::Empty, Said::Value),
    }
}

/// All deliveries and facts of a run.
pub(in crate::resolve) struct World<'a> {
    pub(in crate::resolve) deliveries: Column<DeliveryRow, Delivery<'a>>,
    /// In the order of delivery, kind and id of their records.
    pub(in crate::resolve) facts: Column<FactRow, Fact>,
}

impl<'a> World<'a> {
    pub(in crate::resolve) fn delivery_of(&self, fact: FactRow) -> &Delivery<'a> {
        self.deliveries.at(self.facts.at(fact).delivery)
    }

    /// The record of a fact as the subject of a finding. The id of a register record is an identity number, so such a record
    /// is named by its instance only.
    pub(in crate::resolve) fn subject(&self, fact: FactRow) -> Subject {
        let delivery = self.delivery_of(fact);
        let record = delivery.records.get(self.facts.at(fact).record);
        record.map_or(Subject::Run, |record| {
            record_subject(&delivery.name, &record.kind, &record.id)
        })
    }
}

/// How the ledger names a record.
pub(in crate::resolve) fn token(instance: &str, kind: &str, id: &str) -> String {
    alloc::format!("{instance}:{kind}:{id}")
}

/// A source instance as the subject of a finding.
pub(in crate::resolve) fn instance_subject(instance: &str) -> Subject {
    named(instance).subject()
}

/// A record as the subject of a finding.
pub(in crate::resolve) fn record_subject(instance: &str, kind: &str, id: &str) -> Subject {
    named(instance).subject_of(kind, id)
}

fn named(instance: &str) -> SourceInstance {
    let (source, at) = instance.split_once('/').unwrap_or((instance, ""));
    let promise = crate::source::Promise::Partial;
    SourceInstance::new(source, at, promise, NaiveDate::MIN)
}
