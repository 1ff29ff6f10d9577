//! Everybody: verdict, protection, fields and alias of each person, one after another in the order of keys.
//!
//! Not what any of them is made from. Keeps true: where a protected person is registered is not even kept; an alias that may come into
//! use is remembered.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::alias;
use super::alias::Aliases;
use super::merge;
use super::protection::Flags;
use super::register::Entry;
use super::register::Register;
use super::replacing::Replacing;
use super::verdict;
use super::verdict::Judged;
use super::verdict::Left;
use crate::base::Horizon;
use crate::base::PersonKey;
use crate::base::RowKey;
use crate::base::Text;
use crate::identity::IdentityNumber;
use crate::identity::NumberKind;
use crate::ledger::Memory;
use crate::model::Cell;
use crate::model::Person;
use crate::model::PersonRow;
use crate::model::PopulationBuilder;
use crate::model::Protection;
use crate::model::RecordKind;
use crate::model::Row;
use crate::model::Verdict;
use crate::resolve::build::Told;
use crate::resolve::correlation::likeness::Likeness;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::correlation::persons::Somebody;
use crate::resolve::decision::Lookup;
use crate::resolve::decision::Origin;
use crate::resolve::decision::Transition;
use crate::resolve::decision::TransitionKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::World;
use crate::resolve::note::Notes;
use crate::resolve::setting::Setting;

/// What persons are filled from, and what comes up meanwhile.
pub(in crate::resolve) struct Everybody<'e, 'a> {
    setting: &'e Setting<'a>,
    world: &'e World<'a>,
    register: &'e Register,
    told: &'e Told,
    flags: Flags,
    aliases: Aliases,
    filled: Filled,
}

/// What came up.
#[derive(Default)]
pub(in crate::resolve) struct Filled {
    pub(in crate::resolve) lookups: Vec<Lookup>,
    pub(in crate::resolve) transitions: Vec<Transition>,
    pub(in crate::resolve) alike: Likeness,
    /// Who gives which of several values.
    pub(in crate::resolve) origins: BTreeMap<PersonKey, Vec<Origin>>,
    /// By person, in their order.
    pub(in crate::resolve) protections: Vec<(PersonKey, Protection)>,
}

impl<'e, 'a> Everybody<'e, 'a> {
    /// Before the first person.
    pub(in crate::resolve) fn new(
        setting: &'e Setting<'a>,
        world: &'e World<'a>,
        register: &'e Register,
        persons: &Persons,
        told: &'e Told,
        memory: &Memory,
    ) -> Self {
        let used = memory
            .persons
            .iter()
            .map(|(key, person)| (memory.surviving(*key), alias::remembered(&person.alias)));
        Self {
            setting,
            world,
            register,
            told,
            flags: Flags::new(
                world,
                told,
                Replacing::new(
                    world,
                    persons,
                    memory,
                    |person| registered(register, person),
                    setting.most_replaced,
                ),
            ),
            aliases: Aliases::new(world, persons, used),
            filled: Filled::default(),
        }
    }

    /// Fills the next person.
    pub(in crate::resolve) fn fill(
        &mut self,
        row: PersonRow,
        person: &mut Somebody,
        builder: &mut PopulationBuilder,
        horizon: &mut Horizon,
        notes: &mut Notes,
    ) {
        let main = person
            .number
            .as_ref()
            .and_then(|number| self.register.of(number))
            .and_then(Entry::fact);
        let mut judge = verdict::Judge {
            setting: self.setting,
            world: self.world,
            register: self.register,
            horizon,
            notes,
            lookups: &mut self.filled.lookups,
        };
        let judged = judge.of(row, person);
        let registered = registered(self.register, person);
        let protection = self.flags.of(
            self.setting.as_of,
            self.world,
            row,
            person,
            &registered,
            notes,
        );
        let (merged, origins) = merge::fields(self.setting, self.world, row, person, main, notes);
        if !origins.is_empty() {
            self.filled.origins.insert(person.key, origins);
        }
        merge::tell_marking(self.world, row, person, main, notes);
        if !protection.stands() {
            self.filled.alike.add(row, &merged);
        }
        let alias = self.aliases.of(self.world, row, person, notes);
        let suspended = self.told.suspended.get(&person.key).copied();
        if let Some(from) = suspended {
            horizon.changes_on(from);
        }
        builder.add_person(Person {
            key: person.key,
            protection,
            verdict: judged.verdict,
            suspended_from: suspended,
            leaving: judged.leaving.clone(),
            held: person.held,
        });
        self.tell_leaving(person, &judged);
        self.filled.protections.push((person.key, protection));
        let mut filler = Filler {
            world: self.world,
            builder,
            row,
        };
        filler.number(person);
        filler.register(&judged, main, protection);
        for (name, cell) in merged {
            filler.set(RecordKind::Person, &name, cell);
        }
        for (field, text) in alias {
            filler.set(
                RecordKind::Alias,
                field,
                Cell::Open(Text::from(text.as_str())),
            );
            if protection.stands() {
                person.memory.alias.insert(String::from(field), text);
            }
        }
    }

    /// Tells of somebody who left or came back, and remembers it.
    fn tell_leaving(&mut self, person: &mut Somebody, judged: &Judged) {
        let Some(left) = judged.left else {
            return;
        };
        let before = person.memory.left.take();
        person.memory.left = left.word().map(String::from);
        if before == person.memory.left {
            return;
        }
        let was = |left: Left| before.as_deref() == left.word();
        let kind = match left {
            Left::Died => TransitionKind::Died,
            Left::Emigrated => TransitionKind::Emigrated,
            Left::Not if was(Left::Died) || was(Left::Emigrated) => TransitionKind::Returned,
            Left::Not | Left::Otherwise => return,
        };
        self.filled.transitions.push(Transition {
            person: person.key,
            kind,
        });
    }

    /// After the last person.
    pub(in crate::resolve) fn finish(mut self, notes: &mut Notes) -> Filled {
        self.flags.tell(self.world, notes);
        self.filled.transitions.append(&mut self.flags.transitions);
        self.filled.lookups.sort();
        self.filled.lookups.dedup();
        self.filled
    }
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
        let verified = verdict == Verdict::Verified;
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
        for field in ["care_of", "address_1", "address_2", "postcode", "city"] {
            if let Some(text) = fact.text(field).filter(|_| !protection.stands()) {
                self.set(RecordKind::Register, field, merge::personal(text));
            }
        }
        if let Some(name) = fact.text("notification_name") {
            self.set(
                RecordKind::Register,
                "notification_name",
                merge::personal(name),
            );
        }
    }

    fn set(&mut self, kind: RecordKind, field: &str, cell: Cell) {
        self.builder.set(kind, self.row.row(), field, cell);
    }
}
