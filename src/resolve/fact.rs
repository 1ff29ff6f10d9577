//! Facts: what source records say once they are mapped, and the deliveries they came in.
//!
//! Values are still texts; the one reader of each kind of value stands in `convert`. Nothing here shows a value: there is no
//! `Debug`. Keeps apart: a field without opinion, one that is empty on purpose, and one with a value.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::setting::Terms;
use crate::base::Column;
use crate::base::row_key;
use crate::diagnostic::Subject;
use crate::ledger::RecordMemory;
use crate::model::AffiliationKind;
use crate::model::RecordKind;
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
pub(super) type Fields = BTreeMap<String, Vec<String>>;

/// A source instance as this run takes it.
pub(super) struct Delivery<'a> {
    /// Such as `procapita/1430`.
    pub(super) name: String,
    /// Such as `procapita`.
    pub(super) source: String,
    pub(super) terms: Terms<'a>,
    pub(super) municipality: Option<String>,
    /// The day whose state it gives.
    pub(super) as_of: NaiveDate,
    /// Whether it was not accepted: its records stand as last accepted.
    pub(super) frozen: bool,
    /// Whether it came complete and was accepted, so that what is not in it is not there.
    pub(super) complete: bool,
    /// The day of the run that accepted it last, and how many records it then had.
    pub(super) accepted_on: NaiveDate,
    pub(super) count: u64,
    /// In the order of kind and id, each once.
    pub(super) records: Vec<Accepted<'a>>,
}

/// A record that stands, whether it came or not.
pub(super) struct Accepted<'a> {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) fields: Fields,
    /// As the ledger has it.
    pub(super) last: Option<&'a RecordMemory>,
    /// Since when it is gone from the source.
    pub(super) absent_since: Option<NaiveDate>,
    pub(super) standing: Standing,
}

impl Accepted<'_> {
    /// What it said when it was last known whose it is: of a record that waits for a decision, before it waited.
    pub(super) fn settled(&self) -> Option<&Fields> {
        let last = self.last?;
        Some(last.settled.as_ref().unwrap_or(&last.fields))
    }
}

/// How a record stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It is there.
    Present,
    /// It is gone and held.
    Held,
    /// It is gone for good, and ended on this day.
    Ended(NaiveDate),
}

/// The kinds of facts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FactKind {
    Person,
    Affiliation(AffiliationKind),
    Unit,
    SchoolGroup,
    Register,
}

impl FactKind {
    pub(super) const EMPLOYMENT: Self = Self::Affiliation(AffiliationKind::Employment);

    /// The kind of that name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "person" => Self::Person,
            "unit" => Self::Unit,
            "school_group" => Self::SchoolGroup,
            "register" => Self::Register,
            other => Self::Affiliation(AffiliationKind::from_name(other)?),
        })
    }

    /// The word in records.
    pub(super) const fn name(self) -> &'static str {
        self.record().name()
    }

    /// The kind of record that rules see.
    pub(super) const fn record(self) -> RecordKind {
        match self {
            Self::Person => RecordKind::Person,
            Self::Affiliation(kind) => kind.record(),
            Self::Unit => RecordKind::Unit,
            Self::SchoolGroup => RecordKind::SchoolGroup,
            Self::Register => RecordKind::Register,
        }
    }

    /// Whether a record of this kind is about a person of its source.
    pub(super) const fn tells_of_person(self) -> bool {
        matches!(self, Self::Person | Self::Affiliation(_))
    }
}

/// What a record says.
pub(super) struct Fact {
    pub(super) delivery: DeliveryRow,
    /// Its place among the records of the delivery.
    pub(super) record: usize,
    pub(super) kind: FactKind,
    pub(super) id: String,
    pub(super) fields: Fields,
    /// What it said when it was last known whose it is, where that was something else and it tells of a person.
    pub(super) before: Option<Fields>,
    pub(super) standing: Standing,
    /// Whether it stands as last accepted.
    pub(super) frozen: bool,
    /// The day after the last on which an override holds.
    pub(super) expires: Option<NaiveDate>,
    /// Whether that day has come.
    pub(super) expired: bool,
    pub(super) taken: Taken,
}

/// How much of a record is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// All of it.
    Whole,
    /// What it says of a person; the affiliation is set aside.
    PersonOnly,
    /// Nothing: another record has its id.
    Nothing,
}

/// What a source says of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// Nothing.
    Silent,
    /// That it is empty.
    Empty,
    /// A value.
    Value(&'a str),
}

impl Fact {
    /// What it says of a field; of several values the first that is not blank.
    pub(super) fn said(&self, field: &str) -> Said<'_> {
        said(&self.fields, field)
    }

    /// The value of a field, trimmed, where there is one.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        match self.said(field) {
            Said::Value(text) => Some(text),
            Said::Silent | Said::Empty => None,
        }
    }

    /// All values of a field as they stand, blank ones too, so that fields that go together stay in step.
    pub(super) fn all(&self, field: &str) -> &[String] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether its word counts today: it is neither gone for good nor expired.
    pub(super) const fn lives(&self) -> bool {
        !self.expired
            && !matches!(self.standing, Standing::Ended(_))
            && !matches!(self.taken, Taken::Nothing)
    }
}

/// What some fields say of one of them.
pub(super) fn said<'a>(fields: &'a Fields, field: &str) -> Said<'a> {
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
pub(super) struct World<'a> {
    pub(super) deliveries: Column<DeliveryRow, Delivery<'a>>,
    /// In the order of delivery, kind and id of their records.
    pub(super) facts: Column<FactRow, Fact>,
}

impl<'a> World<'a> {
    pub(super) fn delivery_of(&self, fact: FactRow) -> &Delivery<'a> {
        self.deliveries.at(self.facts.at(fact).delivery)
    }

    /// The record of a fact as the subject of a finding. The id of a register record is an identity number, so such a record
    /// is named by its instance only.
    pub(super) fn subject(&self, fact: FactRow) -> Subject {
        let delivery = self.delivery_of(fact);
        let record = delivery.records.get(self.facts.at(fact).record);
        record.map_or(Subject::Run, |record| {
            record_subject(&delivery.name, &record.kind, &record.id)
        })
    }
}

/// How the ledger names a record.
pub(super) fn token(instance: &str, kind: &str, id: &str) -> String {
    alloc::format!("{instance}:{kind}:{id}")
}

/// A record as the subject of a finding.
pub(super) fn record_subject(instance: &str, kind: &str, id: &str) -> Subject {
    let (source, at) = instance.split_once('/').unwrap_or((instance, ""));
    let promise = crate::source::Promise::Partial;
    SourceInstance::new(source, at, promise, NaiveDate::MIN).subject_of(kind, id)
}
