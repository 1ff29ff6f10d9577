//! What each source instance promised, held against what came: which deliveries are accepted, and which are frozen.
//!
//! Not what records mean. Keeps true: nothing ends because a delivery is missing, old, shrunken or told twice; the one place
//! where texts of source records are looked at as they came is here.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::absence;
use crate::base::Column;
use crate::base::Horizon;
use crate::base::RawText;
use crate::base::shift;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::Subject;
use crate::ledger::InstanceMemory;
use crate::ledger::Memory;
use crate::ledger::RecordMemory;
use crate::resolve::codes;
use crate::resolve::decision::FlagKind;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::Accepted;
use crate::resolve::facts::fact::Delivery;
use crate::resolve::facts::fact::DeliveryRow;
use crate::resolve::facts::fact::Fields;
use crate::resolve::facts::fact::Standing;
use crate::resolve::facts::fact::instance_subject;
use crate::resolve::facts::fact::record_subject;
use crate::resolve::note::Notes;
use crate::resolve::setting::Setting;
use crate::resolve::setting::Terms;
use crate::source::Promise;
use crate::source::REGISTER;
use crate::source::Record;
use crate::source::Snapshot;
use crate::source::SourceInstance;

/// Without a stated share, a delivery with fewer than this many thousandths of the records of the last one is frozen.
const SHARE_BY_DEFAULT: u64 = 900;

/// Without a stated share, the share of fewer records than this says nothing.
const LEAST_BASE: u64 = 20;

/// A declared count that is off by more records than this, and by more than one in a hundred, is off by far.
const FAR_OFF: u64 = 10;

/// All source instances that are known or came, in the order of their names.
pub(in crate::resolve) fn deliveries<'a>(
    setting: &Setting<'a>,
    snapshot: &Snapshot,
    memory: &'a Memory,
    horizon: &mut Horizon,
    notes: &mut Notes,
) -> Column<DeliveryRow, Delivery<'a>> {
    let mut given: BTreeMap<String, Vec<&SourceInstance>> = BTreeMap::new();
    for name in memory.instances.keys() {
        given.insert(name.clone(), Vec::new());
    }
    for instance in &snapshot.instances {
        given.entry(instance.name()).or_default().push(instance);
    }
    let backwards = memory.as_of.is_some_and(|last| setting.as_of < last);
    if backwards {
        let message =
            "the day of the run lies before that of the last run, so that no delivery is accepted";
        notes.push(Finding::new(&codes::RUN_BEFORE_LAST, Subject::Run, message));
    }
    let mut deliveries = Column::new();
    for (name, came) in given {
        let mut judge = Judge {
            setting,
            memory,
            last: memory.instances.get(&name),
            name,
            backwards,
            horizon,
            notes,
        };
        if let Some(delivery) = judge.delivery(&came) {
            deliveries.push(delivery);
        }
    }
    deliveries
}

struct Judge<'j, 'a> {
    setting: &'j Setting<'a>,
    memory: &'a Memory,
    last: Option<&'a InstanceMemory>,
    name: String,
    backwards: bool,
    horizon: &'j mut Horizon,
    notes: &'j mut Notes,
}

impl<'a> Judge<'_, 'a> {
    fn delivery(&mut self, came: &[&SourceInstance]) -> Option<Delivery<'a>> {
        let source = match self.name.split_once('/') {
            Some((source, _)) => source.to_string(),
            None => self.name.clone(),
        };
        let terms = self.setting.terms(&source);
        if !terms.declared {
            self.finding(
                &codes::UNDECLARED_SOURCE,
                "the rules do not name the source of this instance",
            );
        }
        let sorted: Vec<SourceInstance> = came.iter().map(|instance| sorted(instance)).collect();
        for instance in &sorted {
            self.notes.extend(&instance.set_aside);
        }
        let accepted = self.accept(&sorted, &terms);
        let municipality = terms.municipality.map(String::from);
        match (accepted, self.last) {
            (Some((instance, promise)), last) => {
                let records = self.take(instance, promise, last, &terms);
                let n_records = if instance.scope.is_empty() {
                    len(&instance.records)
                } else {
                    let there = |record: &&Accepted<'_>| record.absent_since.is_none();
                    u64::try_from(records.iter().filter(there).count()).unwrap_or(u64::MAX)
                };
                Some(Delivery {
                    municipality: municipality.or_else(|| instance.municipality.clone()),
                    source,
                    terms,
                    as_of: instance.as_of,
                    frozen: false,
                    complete: promise == Promise::Complete && instance.speaks_of(REGISTER),
                    accepted_on: self.setting.as_of,
                    count: match (promise, last) {
                        (Promise::Complete, _) | (_, None) => n_records,
                        (_, Some(last)) => last.count,
                    },
                    records,
                    name: self.name.clone(),
                })
            }
            (None, Some(last)) => {
                let came = sorted
                    .first()
                    .and_then(|instance| instance.municipality.clone());
                let clock = last.accepted_on.unwrap_or(last.as_of);
                let records = last.records.iter().map(as_last).collect();
                let records =
                    absence::judge(records, &terms, Some(clock), self.memory, self.horizon);
                Some(Delivery {
                    municipality: municipality.or_else(|| last.municipality.clone()).or(came),
                    source,
                    terms,
                    as_of: last.as_of,
                    frozen: true,
                    complete: false,
                    accepted_on: clock,
                    count: last.count,
                    records,
                    name: self.name.clone(),
                })
            }
            (None, None) => None,
        }
    }

    /// The delivery that counts, with what it still promises; none where the instance is frozen.
    fn accept<'s>(
        &mut self,
        came: &'s [SourceInstance],
        terms: &Terms<'_>,
    ) -> Option<(&'s SourceInstance, Promise)> {
        let Some((instance, others)) = came.split_first() else {
            self.finding(
                &codes::INSTANCE_MISSING,
                "the source instance did not come and stands as last accepted",
            );
            return None;
        };
        if others.iter().any(|other| other != instance) {
            self.finding(
                &codes::INSTANCE_TWICE,
                "the source instance came twice with different content",
            );
            return None;
        }
        if self.backwards {
            return None;
        }
        if instance.as_of > self.setting.as_of {
            self.horizon.changes_on(instance.as_of);
            self.finding(
                &codes::INSTANCE_FROM_THE_FUTURE,
                "the source instance is dated after the day of the run",
            );
        }
        if self.last.is_some_and(|last| instance.as_of < last.as_of) {
            self.finding(
                &codes::INSTANCE_OLDER,
                "the source instance is older than the one last accepted",
            );
            return None;
        }
        if let Some(most) = terms.max_age
            && self
                .horizon
                .reached(shift(instance.as_of, most.saturating_add(1)))
        {
            self.finding(
                &codes::INSTANCE_TOO_OLD,
                "the source instance is older than the rules allow",
            );
            return None;
        }
        let promise = self.counted(instance)?;
        if promise == Promise::Complete && self.shrunken(instance, terms) {
            self.finding(
                &codes::INSTANCE_SHRUNKEN,
                "the source instance has too few records and stands as last accepted",
            );
            return None;
        }
        if promise == Promise::Delta && self.last.is_none() {
            self.finding(
                &codes::DELTA_WITHOUT_BASE,
                "the source instance holds changes only, and nothing is known of it",
            );
        }
        Some((instance, promise))
    }

    /// Holds the declared count against the records: off by little it is no longer complete, off by far it is not accepted.
    fn counted(&mut self, instance: &SourceInstance) -> Option<Promise> {
        let (Some(declared), n_records) = (instance.count, len(&instance.records)) else {
            return Some(instance.promise);
        };
        let off = declared.abs_diff(n_records);
        if off == 0 {
            return Some(instance.promise);
        }
        self.finding(
            &codes::COUNT_DIFFERS,
            "the source instance does not have as many records as it says",
        );
        if off > FAR_OFF && off.saturating_mul(100) > declared {
            return None;
        }
        Some(match instance.promise {
            Promise::Complete => Promise::Partial,
            other => other,
        })
    }

    fn shrunken(&self, instance: &SourceInstance, terms: &Terms<'_>) -> bool {
        let within = |last: &InstanceMemory| {
            if instance.scope.is_empty() {
                return last.count;
            }
            let there =
                |one: &&RecordMemory| one.absent_since.is_none() && instance.speaks_of(&one.kind);
            u64::try_from(last.records.iter().filter(there).count()).unwrap_or(u64::MAX)
        };
        let Some(last) = self.last.map(within).filter(|last| *last > 0) else {
            return false;
        };
        let n_records = instance
            .records
            .iter()
            .filter(|record| !record.deleted)
            .count();
        let n_records = u64::try_from(n_records).unwrap_or(u64::MAX);
        let share = match terms.min_share {
            Some(share) => u64::from(share),
            None if last >= LEAST_BASE => SHARE_BY_DEFAULT,
            None => 0,
        };
        n_records == 0 || n_records.saturating_mul(1000) < share.saturating_mul(last)
    }

    /// The records that stand after an accepted delivery.
    fn take(
        &mut self,
        instance: &SourceInstance,
        promise: Promise,
        last: Option<&'a InstanceMemory>,
        terms: &Terms<'_>,
    ) -> Vec<Accepted<'a>> {
        let mut known: BTreeMap<(&str, &str), &'a RecordMemory> = BTreeMap::new();
        for record in last.map_or(&[][..], |last| last.records.as_slice()) {
            known.insert((&record.kind, &record.id), record);
        }
        let mut standing: BTreeMap<(String, String), Accepted<'a>> = BTreeMap::new();
        for ((kind, id), copies) in by_id(&instance.records) {
            let before = known.remove(&(kind, id));
            let there: Vec<&Record> = copies
                .iter()
                .copied()
                .filter(|record| !record.deleted)
                .collect();
            let fields = match there.split_first() {
                // Gone, by the source's word: what it said last stands for as long as it is held.
                None => match before {
                    Some(before) => before.fields.clone(),
                    None => continue,
                },
                Some((only, [])) => fields_of(only),
                Some((first, others)) => self.settle(kind, id, first, others, before),
            };
            let absent_since = match (there.is_empty(), before) {
                (false, _) => None,
                (true, before) => before
                    .and_then(|before| before.absent_since)
                    .or(Some(self.setting.as_of)),
            };
            let accepted = accepted(kind, id, fields, before, absent_since);
            standing.insert((kind.to_string(), id.to_string()), accepted);
        }
        for before in known.into_values() {
            let mut accepted = as_last(before);
            if promise == Promise::Complete
                && instance.speaks_of(&before.kind)
                && accepted.absent_since.is_none()
            {
                accepted.absent_since = Some(self.setting.as_of);
            }
            standing.insert((before.kind.clone(), before.id.clone()), accepted);
        }
        let records = standing.into_values().collect();
        let records = absence::judge(records, terms, None, self.memory, self.horizon);
        if records
            .iter()
            .any(|record| record.standing == Standing::Held)
        {
            self.finding(
                &codes::RECORDS_GONE,
                "records are gone from the source instance and are held",
            );
        }
        records
    }

    /// One record out of several of one id: as last accepted, or for a new one what they agree on.
    fn settle(
        &mut self,
        kind: &str,
        id: &str,
        first: &Record,
        others: &[&Record],
        before: Option<&RecordMemory>,
    ) -> Fields {
        let mut fields = fields_of(first);
        if others.iter().all(|other| other.fields == first.fields) {
            return fields;
        }
        let message = "the record stands twice in its source instance with different content";
        let subject = record_subject(&self.name, kind, id);
        let finding = Finding::new(&codes::RECORD_TWICE, subject, message);
        self.notes.push(finding.of_record(kind, id));
        if let Some(before) = before {
            fields = before.fields.clone();
        } else {
            fields.retain(|name, _| {
                others
                    .iter()
                    .all(|other| other.fields.get(name) == first.fields.get(name))
            });
        }
        // Which of them counts or not: of a flag the strictest word does.
        for flag in FlagKind::ALL {
            let copies = core::iter::once(&first).chain(others);
            let words = copies.filter_map(|copy| Some(copy.get(flag.field())?.reveal().trim()));
            let words = words.filter(|word| !word.is_empty());
            let strictest = words.max_by_key(|word| convert::flag(word));
            if let Some(word) = strictest.filter(|word| convert::flag(word).stands()) {
                fields.insert(String::from(flag.field()), Vec::from([String::from(word)]));
            }
        }
        fields
    }

    fn finding(&mut self, code: &'static Code, message: &'static str) {
        let subject = instance_subject(&self.name);
        self.notes.push(Finding::new(code, subject, message));
    }
}

fn sorted(instance: &SourceInstance) -> SourceInstance {
    let mut sorted = instance.clone();
    sorted.sort();
    sorted
}

type Copies<'s> = BTreeMap<(&'s str, &'s str), Vec<&'s Record>>;

fn by_id(records: &[Record]) -> Copies<'_> {
    let mut copies: Copies<'_> = BTreeMap::new();
    for record in records {
        copies
            .entry((&record.kind, &record.id))
            .or_default()
            .push(record);
    }
    copies
}

fn fields_of(record: &Record) -> Fields {
    let texts = |values: &Vec<RawText>| {
        values
            .iter()
            .map(|value| value.reveal().to_string())
            .collect()
    };
    record
        .fields
        .iter()
        .map(|(name, values)| (name.clone(), texts(values)))
        .collect()
}

fn as_last(record: &RecordMemory) -> Accepted<'_> {
    accepted(
        &record.kind,
        &record.id,
        record.fields.clone(),
        Some(record),
        record.absent_since,
    )
}

fn accepted<'a>(
    kind: &str,
    id: &str,
    fields: Fields,
    last: Option<&'a RecordMemory>,
    absent_since: Option<NaiveDate>,
) -> Accepted<'a> {
    Accepted {
        kind: kind.to_string(),
        id: id.to_string(),
        fields,
        last,
        absent_since,
        standing: Standing::Present,
    }
}

fn len(records: &[Record]) -> u64 {
    u64::try_from(records.len()).unwrap_or(u64::MAX)
}
