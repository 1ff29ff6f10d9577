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
use super::codes;
use super::days::Days;
use super::decision::Decision;
use super::decision::FlagKind;
use super::decision::Whom;
use super::note::About;
use super::note::Notes;
use super::note::Sealed;
use super::note::Ties;
use super::places;
use super::quality::Measured;
use super::quality::Quality;
use super::setting::Setting;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::RowKey;
use crate::diagnostic::Audience;
use crate::diagnostic::Finding;
use crate::identity::IdentityNumber;
use crate::language::Class;
use crate::ledger::Memory;
use crate::model::PersonRow;
use crate::model::Population;
use crate::model::PopulationBuilder;
use crate::model::Protection;
use crate::resolve::correlation::candidates;
use crate::resolve::correlation::correlate;
use crate::resolve::correlation::correlate::Correlated;
use crate::resolve::correlation::known::Known;
use crate::resolve::correlation::known::Whose;
use crate::resolve::correlation::likeness;
use crate::resolve::correlation::persons;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::correlation::split;
use crate::resolve::delivery::promises;
use crate::resolve::delivery::remember;
use crate::resolve::delivery::remember::Owners;
use crate::resolve::facts::cells::Reader;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::World;
use crate::resolve::facts::map;
use crate::resolve::facts::refs::References;
use crate::resolve::person::everybody::Everybody;
use crate::resolve::person::merge;
use crate::resolve::person::register::Register;
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
    let mut days = Days::default();
    let world = map::world(setting, deliveries, &mut days, &mut notes)?;
    let references = References::new(&world);
    let candidates = candidates::gather(&world, &references, setting.as_of, &mut days, &mut notes);
    let register = Register::new(&world, setting.as_of, &mut days, &mut notes);
    let parted = split::split(setting, &candidates, memory);
    let memory: &Memory = &parted.memory;
    let known = Known::new(memory, setting.as_of);
    let Correlated { clusters, lineage } =
        correlate::correlate(setting, &world, &candidates, &known, &register, &mut notes);
    let mut persons = persons::persons(
        setting,
        &candidates,
        clusters,
        &lineage,
        &register,
        &parted,
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

    merge::watch_age(setting, &world, horizon);
    let mut builder = PopulationBuilder::new(Arc::clone(setting.schema));
    let mut everybody = Everybody::new(setting, &world, &register, &persons, &told, memory);
    for row in persons.all.keys().collect::<Vec<PersonRow>>() {
        everybody.fill(
            row,
            persons.all.at_mut(row),
            &mut builder,
            horizon,
            &mut notes,
        );
    }
    let filled = everybody.finish(&mut notes);
    let proposals = likeness::proposals(&filled.alike, &lineage, &persons, &told.apart, &mut notes);

    let mut reader = Reader {
        setting,
        world: &world,
        notes: &mut notes,
    };
    let units = &memory.units;
    let places = places::places(&mut reader, &references, &persons, units, &mut builder);
    affiliations(
        &mut reader,
        &references,
        &persons,
        &places,
        &mut builder,
        &mut days,
    );

    let whose = remember::records(&world, &persons, &register);
    let early = Early { days, notes };
    let sealed = early.part(setting, &world, &whose, &filled.protections, horizon);
    let mut transitions = core::mem::take(&mut persons.transitions);
    transitions.extend(filled.transitions);
    transitions.sort();
    let population = builder.build();
    let measured = Measured {
        world: &world,
        references: &references,
        persons: &persons,
        owners: &whose,
        findings: &sealed.open,
        withheld: &sealed.withheld,
    };
    let [quality, cleared] = reports(&measured, &population);
    let mut remembered = remember::memory(setting, &world, &persons, &whose, memory);
    remembered.units = places.lasting;
    Ok(Resolution {
        quality,
        cleared,
        population,
        findings: sealed.open,
        withheld: sealed.withheld,
        sealed: sealed.ids,
        memory: remembered,
        transitions,
        lookups: filled.lookups,
        origins: filled.origins,
        proposals,
    })
}

/// What was told of records and persons before it was known who is protected.
struct Early {
    days: Days,
    notes: Notes,
}

impl Early {
    /// Tells the days that may be told, and parts the findings.
    fn part(
        self,
        setting: &Setting<'_>,
        world: &World<'_>,
        whose: &Owners,
        protections: &[(PersonKey, Protection)],
        horizon: &mut Horizon,
    ) -> Sealed {
        let protection_of =
            |row: PersonRow| protections.get(usize::try_from(row.row()).ok()?).copied();
        let person_of = |fact: FactRow| whose.of_fact(fact);
        let protected = |about: About| match about {
            About::Nobody => Protection::default(),
            About::Person(row) => {
                protection_of(row).map_or_else(Protection::default, |(_, one)| one)
            }
            // Whose a record is may not be known; its own word counts then.
            About::Fact(fact) => match person_of(fact).and_then(protection_of) {
                Some((_, protection)) => protection,
                None => remember::own_flags(world.facts.at(fact)),
            },
        };
        self.days.tell(horizon, protected, |field, protection| {
            setting.may_show(field, protection)
        });
        self.notes.seal(&Ties {
            person_of: &person_of,
            protection_of: &protection_of,
            record_of: &|finding| whose.of_finding(finding),
            own_flags: &|about, finding| match about {
                About::Fact(_) => protected(about),
                About::Person(_) | About::Nobody => whose.flags_of(finding),
            },
        })
    }
}

/// The report on quality, and the one for those who may see protected persons.
fn reports(measured: &Measured<'_, '_>, population: &Population) -> [Quality; 2] {
    [Audience::Open, Audience::Cleared].map(|audience| {
        measured.report(audience, |row| {
            let person = population.person(row);
            (person.verdict, person.protection)
        })
    })
}

/// What decisions say of persons that have keys.
#[derive(Default)]
pub(super) struct Told {
    pub(super) ended: BTreeSet<(PersonKey, FlagKind)>,
    pub(super) replaced: BTreeSet<PersonKey>,
    pub(super) suspended: BTreeMap<PersonKey, NaiveDate>,
    pub(super) apart: BTreeSet<(PersonRow, PersonRow)>,
}

fn told(setting: &Setting<'_>, known: &Known<'_>, persons: &Persons, notes: &mut Notes) -> Told {
    let mut told = Told::default();
    if setting.decisions.is_empty() {
        return told;
    }
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
            Decision::Replace { person } => find(person).map(|row| {
                told.replaced.insert(persons.all.at(row).key);
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
