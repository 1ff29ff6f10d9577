//! The population of a run: every step of resolving, in order.
//!
//! Keeps true: persons stand in the order of their keys, affiliations in that of persons and keys, so that rows never depend on the
//! order of input.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::Resolution;
use super::affiliations::affiliations;
use super::alias;
use super::alias::Aliases;
use super::candidates;
use super::cells::Reader;
use super::codes;
use super::correlate;
use super::correlate::Correlated;
use super::decision::Decision;
use super::decision::FlagKind;
use super::decision::Whom;
use super::fact::FactRow;
use super::fact::World;
use super::known::Known;
use super::known::Whose;
use super::likeness;
use super::map;
use super::merge;
use super::note::About;
use super::note::Notes;
use super::persons;
use super::persons::Persons;
use super::persons::Somebody;
use super::places;
use super::promises;
use super::protection::Flags;
use super::refs::References;
use super::register::Register;
use super::remember;
use super::setting::Setting;
use super::verdict;
use super::verdict::Judged;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::RowKey;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::identity::IdentityNumber;
use crate::identity::NumberKind;
use crate::language::Class;
use crate::ledger::Memory;
use crate::model::Cell;
use crate::model::Person;
use crate::model::PersonRow;
use crate::model::PopulationBuilder;
use crate::model::Protection;
use crate::model::RecordKind;
use crate::model::Row;
use crate::source::Snapshot;

/// Resolves a snapshot in a setting.
pub(super) fn run(
    setting: &Setting<'_>,
    snapshot: &Snapshot,
    memory: &Memory,
    horizon: &mut Horizon,
) -> Result<Resolution, LimitReached> {
    let mut notes = Notes::default();
    let deliveries = promises::deliveries(setting, snapshot, memory, horizon, &mut notes);
    let world = map::world(setting, deliveries, horizon, &mut notes)?;
    let references = References::new(&world);
    let candidates = candidates::gather(&world, &references, horizon, &mut notes);
    let register = Register::new(&world, horizon, &mut notes);
    let known = Known::new(memory, setting.as_of);
    let Correlated { clusters, lineage } =
        correlate::correlate(setting, &world, &candidates, &known, &register, &mut notes);
    let mut persons = persons::persons(
        setting,
        &candidates,
        clusters,
        &lineage,
        &register,
        memory,
        &mut notes,
    );
    let told = told(setting, &known, &persons, &mut notes);
    let of_number = |number: &IdentityNumber| {
        let row = persons.of_number.get(number).copied()?;
        Some((row, persons.all.at(row).key))
    };
    correlate::tell_held(&lineage, of_number, &mut notes);
    for fact in &persons.nobodies {
        let message = "the record says nothing of whose it is";
        notes.push(Finding::new(
            &codes::NOBODY_NAMED,
            world.subject(*fact),
            message,
        ));
    }

    let mut builder = PopulationBuilder::new(Arc::clone(setting.schema));
    let mut lookups = Vec::new();
    let mut flags = Flags::new(&world, told.ended.clone());
    let mut alike = likeness::Likeness::default();
    let aliases_before = memory.persons.iter();
    let aliases_before = aliases_before
        .map(|(key, person)| (memory.surviving(*key), alias::remembered(&person.alias)));
    let mut aliases = Aliases::new(&world, &persons, aliases_before);
    let mut protections: Vec<(PersonKey, Protection)> = Vec::new();
    let mut transitions = core::mem::take(&mut persons.transitions);
    let rows: Vec<PersonRow> = persons.all.keys().collect();
    for row in rows {
        let registered = registered(&register, persons.all.at(row));
        let main = persons
            .all
            .at(row)
            .number
            .as_ref()
            .and_then(|number| register.of(number))
            .and_then(|entry| entry.fact());
        let mut judge = verdict::Judge {
            setting,
            world: &world,
            register: &register,
            horizon,
            notes: &mut notes,
            lookups: &mut lookups,
        };
        let judged = judge.of(row, persons.all.at(row));
        let protection = {
            let person = persons.all.at_mut(row);
            flags.of(
                setting,
                &world,
                row,
                person,
                &registered,
                &mut notes,
                &mut transitions,
            )
        };
        let person = persons.all.at(row);
        let merged = merge::fields(setting, &world, row, person, main, &mut notes);
        merge::tell_marking(&world, row, person, main, &mut notes);
        if !protection.stands() {
            alike.add(row, &merged);
        }
        let alias = aliases.of(&world, row, person, &mut notes);
        let suspended = told.suspended.get(&person.key).copied();
        if let Some(from) = suspended {
            horizon.changes_on(from);
        }
        builder.add_person(Person {
            key: person.key,
            protection,
            verdict: judged.verdict,
            stopped_from: [judged.stopped_from, suspended].into_iter().flatten().min(),
            held: person.held || judged.held,
        });
        protections.push((person.key, protection));
        let mut filler = Filler {
            world: &world,
            builder: &mut builder,
            row,
        };
        filler.number(person);
        filler.register(&judged, main, protection);
        for (name, cell) in merged {
            filler.set(RecordKind::Person, &name, cell);
        }
        for (field, text) in &alias {
            filler.set(
                RecordKind::Alias,
                field,
                Cell::Open(Text::from(text.as_str())),
            );
        }
        if protection.stands() {
            let person = persons.all.at_mut(row);
            for (field, text) in alias {
                person
                    .memory
                    .alias
                    .insert(alloc::string::String::from(field), text);
            }
        }
    }
    flags.tell(&world, &mut notes);
    let proposals = likeness::proposals(&alike, &lineage, &persons, &told.apart, &mut notes);

    let mut reader = Reader {
        setting,
        world: &world,
        notes: &mut notes,
    };
    let places = places::places(&mut reader, &references, &persons, &mut builder);
    affiliations(
        &mut reader,
        &references,
        &persons,
        &places,
        &mut builder,
        horizon,
    );

    let protection_of = |row: PersonRow| protections.get(usize::try_from(row.row()).ok()?).copied();
    let whose = remember::records(&world, &persons, &register);
    let person_of = |fact: FactRow| whose.of_fact(fact);
    let sealed = notes.seal(person_of, protection_of, |subject| {
        whose.of_subject(subject)
    });
    lookups.sort();
    lookups.dedup();
    transitions.sort();
    Ok(Resolution {
        population: builder.build(),
        findings: sealed.open,
        withheld: sealed.withheld,
        sealed: sealed.ids,
        memory: remember::memory(setting, &world, persons, &whose, memory),
        transitions,
        lookups,
        proposals,
    })
}

/// What decisions say of persons that have keys.
#[derive(Default)]
struct Told {
    ended: BTreeSet<(PersonKey, FlagKind)>,
    suspended: BTreeMap<PersonKey, NaiveDate>,
    apart: BTreeSet<(PersonRow, PersonRow)>,
}

fn told(setting: &Setting<'_>, known: &Known<'_>, persons: &Persons, notes: &mut Notes) -> Told {
    let mut told = Told::default();
    let by_key: BTreeMap<PersonKey, PersonRow> = persons
        .all
        .iter()
        .map(|(row, person)| (person.key, row))
        .collect();
    let by_token: BTreeMap<&str, PersonRow> = persons
        .all
        .iter()
        .flat_map(|(row, person)| {
            person
                .memory
                .records
                .iter()
                .map(move |token| (token.as_str(), row))
        })
        .collect();
    let find = |whom: &Whom| match known.whose(whom, setting.as_of) {
        Whose::Person(key) => {
            let key = persons.merged.get(&key).copied().unwrap_or(key);
            by_key.get(&key).copied()
        }
        Whose::Number(number) => persons.of_number.get(&number).copied(),
        Whose::Record(token) => by_token.get(token.as_str()).copied(),
        Whose::Nobody => None,
    };
    for decision in setting.decisions {
        let found = match decision {
            Decision::EndProtection { person, flag } => find(person).map(|row| {
                told.ended.insert((persons.all.at(row).key, *flag));
            }),
            Decision::Suspend { person, from } => find(person).map(|row| {
                let known = told
                    .suspended
                    .entry(persons.all.at(row).key)
                    .or_insert(*from);
                *known = (*known).min(*from);
            }),
            Decision::Apart { one, other } => {
                if let (Some(one), Some(other)) = (find(one), find(other)) {
                    told.apart.insert((one.min(other), one.max(other)));
                }
                continue;
            }
            Decision::Same { .. } => continue,
        };
        if found.is_none() {
            let message = "a decision is about somebody who is not in the sources";
            let finding = Finding::new(
                &codes::DECISION_WITHOUT_EFFECT,
                crate::diagnostic::Subject::Run,
                message,
            );
            notes.about(About::Nobody, Class::Open, finding);
        }
    }
    told
}

/// The register's records of all numbers of a person.
fn registered(register: &Register, person: &Somebody) -> Vec<FactRow> {
    let entries = person
        .numbers
        .iter()
        .filter_map(|number| register.of(number));
    entries
        .flat_map(|entry| entry.facts.iter().copied())
        .collect()
}

/// Sets the cells of one person that are not merged.
struct Filler<'f, 'a> {
    world: &'f World<'a>,
    builder: &'f mut PopulationBuilder,
    row: PersonRow,
}

impl Filler<'_, '_> {
    fn number(&mut self, person: &Somebody) {
        let key = Text::from(person.key.to_hex());
        self.set(RecordKind::Person, "key", Cell::Open(key));
        self.set(
            RecordKind::Person,
            "number",
            Cell::Link(Row::from_row(self.row.row())),
        );
        let kind = match person.number.as_ref().map(IdentityNumber::kind) {
            None => "None",
            Some(NumberKind::LocalReserveNumber) => NumberKind::NationalReserveNumber.name(),
            Some(kind) => kind.name(),
        };
        self.set(RecordKind::Number, "kind", Cell::Open(Text::from(kind)));
        let Some(number) = &person.number else {
            return;
        };
        self.set(
            RecordKind::Number,
            "text",
            merge::personal(&number.canonical()),
        );
        if let Some(issuer) = number.issuer() {
            self.set(RecordKind::Number, "issuer", merge::personal(issuer));
        }
        if let Some(day) = number.birth_date() {
            self.set(RecordKind::Number, "birth_date", Cell::Date(day));
        }
    }

    fn register(&mut self, judged: &Judged, main: Option<FactRow>, protection: Protection) {
        let verdict = judged.verdict;
        self.set(
            RecordKind::Register,
            "verdict",
            Cell::Open(Text::from(verdict.name())),
        );
        let verified = verdict == crate::model::Verdict::Verified;
        self.set(RecordKind::Register, "verified", Cell::Flag(verified));
        if let Some(cause) = &judged.deregistration {
            self.set(
                RecordKind::Register,
                "deregistration",
                Cell::Open(Text::from(cause.code())),
            );
        }
        let Some(fact) = main.map(|main| self.world.facts.at(main)) else {
            return;
        };
        // Where a protected person is registered is false or secret: it is not even kept.
        for field in ["municipality", "county"] {
            if let Some(text) = fact.text(field).filter(|_| !protection.stands()) {
                self.set(RecordKind::Register, field, Cell::Open(Text::from(text)));
            }
        }
    }

    fn set(&mut self, kind: RecordKind, field: &str, cell: Cell) {
        self.builder.set(kind, self.row.row(), field, cell);
    }
}
