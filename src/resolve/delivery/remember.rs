//! What the ledger is to remember of a run: records as accepted, with whose they are, and persons.
//!
//! Only what was seen. Keeps true: what is remembered of accounts, names, groups and notices is not touched here.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::PersonKey;
use crate::diagnostic::Finding;
use crate::diagnostic::Subject;
use crate::ledger::InstanceMemory;
use crate::ledger::Memory;
use crate::ledger::RecordMemory;
use crate::model::Flag;
use crate::model::PersonRow;
use crate::model::Protection;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::decision::FlagKind;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::Fact;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::World;
use crate::resolve::person::register::Register;
use crate::resolve::setting::Setting;

/// The instance, kind and id of a record.
type RecordKey = (String, String, String);

/// Whose each record is.
pub(in crate::resolve) struct Owners {
    by_fact: BTreeMap<FactRow, PersonRow>,
    by_record: BTreeMap<RecordKey, PersonRow>,
    /// The flags of records that are nobody's, where one stands.
    of_nobody: BTreeMap<RecordKey, Protection>,
}

impl Owners {
    /// Whose a fact is.
    pub(in crate::resolve) fn of_fact(&self, fact: FactRow) -> Option<PersonRow> {
        self.by_fact.get(&fact).copied()
    }

    /// Whose the record is that a finding is about.
    pub(in crate::resolve) fn of_finding(&self, finding: &Finding) -> Option<PersonRow> {
        self.by_record.get(&record_of(finding)?).copied()
    }

    /// What a record says of its own protection that is nobody's, where a finding is about it.
    pub(in crate::resolve) fn flags_of(&self, finding: &Finding) -> Protection {
        let flags = record_of(finding).and_then(|key| self.of_nobody.get(&key));
        flags.copied().unwrap_or_default()
    }
}

/// The record that a finding is about.
fn record_of(finding: &Finding) -> Option<RecordKey> {
    match (&finding.subject, finding.record()) {
        (
            Subject::Record {
                instance,
                record_kind,
                record,
            },
            _,
        ) => Some((
            String::from(instance.as_str()),
            String::from(record_kind.as_str()),
            String::from(record.as_str()),
        )),
        (Subject::Instance { instance }, Some(record)) => {
            let (kind, id) = record.reveal();
            Some((String::from(instance.as_str()), kind.clone(), id.clone()))
        }
        _ => None,
    }
}

/// The flags that a record itself says.
pub(in crate::resolve) fn own_flags(fact: &Fact) -> Protection {
    let said = |flag: FlagKind| fact.text(flag.field()).map_or(Flag::No, convert::flag);
    Protection {
        marking: said(FlagKind::Marking),
        registration: said(FlagKind::Registration),
        ..Protection::default()
    }
}

/// Whose all records are, those of the register too.
pub(in crate::resolve) fn records(
    world: &World<'_>,
    persons: &Persons,
    register: &Register,
) -> Owners {
    let mut by_fact = persons.of_fact.clone();
    for (number, entry) in register.entries() {
        if let Some(person) = persons.of_number.get(number) {
            by_fact.extend(entry.facts.iter().map(|fact| (*fact, *person)));
        }
    }
    let (mut by_record, mut of_nobody) = (BTreeMap::new(), BTreeMap::new());
    for (row, fact) in world.facts.iter() {
        let delivery = world.delivery_of(row);
        let Some(record) = delivery.records.get(fact.record) else {
            continue;
        };
        let flags = own_flags(fact);
        let person = by_fact.get(&row);
        if person.is_none() && !flags.stands() {
            continue;
        }
        let key = (
            delivery.name.clone(),
            record.kind.clone(),
            record.id.clone(),
        );
        match person {
            Some(person) => by_record.insert(key, *person).map(|_| ()),
            None => of_nobody.insert(key, flags).map(|_| ()),
        };
    }
    Owners {
        by_fact,
        by_record,
        of_nobody,
    }
}

/// The ledger as observed.
pub(in crate::resolve) fn memory(
    setting: &Setting<'_>,
    world: &World<'_>,
    persons: &Persons,
    owners: &Owners,
    before: &Memory,
) -> Memory {
    let keys: Vec<PersonKey> = persons.all.values().map(|person| person.key).collect();
    let key_of = |row: PersonRow| {
        let position = usize::try_from(crate::base::RowKey::row(row)).ok()?;
        keys.get(position).copied()
    };
    let mut whose: BTreeMap<(crate::resolve::facts::fact::DeliveryRow, usize), PersonKey> =
        BTreeMap::new();
    let mut unsettled = BTreeSet::new();
    for (row, fact) in world.facts.iter() {
        let held = |row: &PersonRow| persons.all.at(*row).held;
        if fact.before.is_some() && owners.of_fact(row).as_ref().is_some_and(held) {
            unsettled.insert((fact.delivery, fact.record));
        }
        if let Some(key) = owners.of_fact(row).and_then(key_of)
            && (fact.kind.tells_of_person() || fact.kind == FactKind::Register)
        {
            whose.insert((fact.delivery, fact.record), key);
        }
    }
    let mut memory = before.clone();
    memory.as_of = Some(
        before
            .as_of
            .map_or(setting.as_of, |last| last.max(setting.as_of)),
    );
    memory.instances = world
        .deliveries
        .iter()
        .map(|(row, delivery)| {
            let records = delivery
                .records
                .iter()
                .enumerate()
                .map(|(position, record)| RecordMemory {
                    kind: record.kind.clone(),
                    id: record.id.clone(),
                    fields: record.fields.clone(),
                    settled: unsettled
                        .contains(&(row, position))
                        .then(|| record.settled().cloned())
                        .flatten(),
                    absent_since: record.absent_since,
                    person: whose.get(&(row, position)).copied(),
                });
            let instance = InstanceMemory {
                as_of: delivery.as_of,
                accepted_on: Some(delivery.accepted_on),
                municipality: delivery.municipality.clone(),
                count: delivery.count,
                records: records.collect(),
            };
            (delivery.name.clone(), instance)
        })
        .collect();
    for (gone, stays) in &persons.merged {
        if let Some(person) = memory.persons.remove(gone) {
            memory.merged_persons.insert(*gone, person);
        }
        memory.merged.insert(*gone, *stays);
    }
    for person in persons.all.values() {
        memory.persons.insert(person.key, person.memory.clone());
    }
    memory
}
