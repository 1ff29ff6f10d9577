//! What the ledger is to remember of a run: records as accepted, with whose they are, and persons.
//!
//! Only what was seen. Keeps true: what is remembered of accounts, names, groups and notices is not touched here.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::PersonKey;
use crate::diagnostic::Subject;
use crate::ledger::InstanceMemory;
use crate::ledger::Memory;
use crate::ledger::RecordMemory;
use crate::model::PersonRow;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::World;
use crate::resolve::person::register::Register;
use crate::resolve::setting::Setting;

/// Whose each record is.
pub(in crate::resolve) struct Owners {
    by_fact: BTreeMap<FactRow, PersonRow>,
    /// By instance, kind and id of the record.
    by_record: BTreeMap<(String, String, String), PersonRow>,
}

impl Owners {
    /// Whose a fact is.
    pub(in crate::resolve) fn of_fact(&self, fact: FactRow) -> Option<PersonRow> {
        self.by_fact.get(&fact).copied()
    }

    /// Whose the record is that a finding is about.
    pub(in crate::resolve) fn of_subject(&self, subject: &Subject) -> Option<PersonRow> {
        let Subject::Record {
            instance,
            record_kind,
            record,
        } = subject
        else {
            return None;
        };
        let key = [instance, record_kind, record].map(|text| String::from(text.as_str()));
        self.by_record.get(&key.into()).copied()
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
    let mut by_record = BTreeMap::new();
    for (row, fact) in world.facts.iter() {
        let delivery = world.delivery_of(row);
        if let (Some(person), Some(record)) = (by_fact.get(&row), delivery.records.get(fact.record))
        {
            by_record.insert(
                (
                    delivery.name.clone(),
                    record.kind.clone(),
                    record.id.clone(),
                ),
                *person,
            );
        }
    }
    Owners { by_fact, by_record }
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
