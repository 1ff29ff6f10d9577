//! The population register's records, by number.
//!
//! Not verdicts. Keeps true: a record whose number cannot be read is told of by its source instance only, since its id is a number.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::diagnostic::Finding;
use crate::identity::Deregistration;
use crate::identity::IdentityNumber;
use crate::language::Class;
use crate::resolve::codes;
use crate::resolve::correlation::candidates::read_number;
use crate::resolve::days::Days;
use crate::resolve::decision::FlagKind;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::World;
use crate::resolve::note::About;
use crate::resolve::note::Notes;

/// What the register says, by number.
#[derive(Default)]
pub(in crate::resolve) struct Register {
    entries: BTreeMap<IdentityNumber, Entry>,
    /// Whether some instance of the register came complete, so that a number that is not in it is not known.
    pub(in crate::resolve) complete: bool,
}

/// What the register says of one number.
#[derive(Default)]
pub(in crate::resolve) struct Entry {
    /// The records, the most recent instance first.
    pub(in crate::resolve) facts: Vec<FactRow>,
    /// The numbers it refers to.
    pub(in crate::resolve) references: Vec<IdentityNumber>,
    /// Why it is deregistered, where it is.
    pub(in crate::resolve) deregistration: Option<Deregistration>,
    /// Whether a protection flag stands in it.
    pub(in crate::resolve) flagged: bool,
}

impl Entry {
    /// The record that counts.
    pub(in crate::resolve) fn fact(&self) -> Option<FactRow> {
        self.facts.first().copied()
    }
}

impl Register {
    /// Reads all register records that are not gone for good.
    pub(in crate::resolve) fn new(
        world: &World<'_>,
        as_of: NaiveDate,
        days: &mut Days,
        notes: &mut Notes,
    ) -> Self {
        let mut register = Self::default();
        for (row, fact) in world.facts.iter() {
            if fact.kind != FactKind::Register {
                continue;
            }
            let delivery = world.delivery_of(row);
            register.complete |= delivery.complete;
            if !fact.lives() {
                continue;
            }
            let text = fact.text("number").unwrap_or(&fact.id);
            let read = read_number(text, fact.text("number_kind"), delivery, as_of);
            days.number(About::Fact(row), text, read.as_ref());
            let number = match read {
                Ok(number) => number,
                Err(error) => {
                    let finding = Finding::new(&codes::INVALID_NUMBER, world.subject(row), error);
                    notes.about(About::Fact(row), Class::Personal, finding.field("number"));
                    continue;
                }
            };
            register.entries.entry(number).or_default().facts.push(row);
        }
        for entry in register.entries.values_mut() {
            entry.read(world, as_of, days);
        }
        register
    }

    /// What it says of a number.
    pub(in crate::resolve) fn of(&self, number: &IdentityNumber) -> Option<&Entry> {
        self.entries.get(number)
    }

    /// All entries, by number.
    pub(in crate::resolve) fn entries(&self) -> impl Iterator<Item = (&IdentityNumber, &Entry)> {
        self.entries.iter()
    }

    /// Whether a number is active; nothing where the register has not said.
    pub(in crate::resolve) fn is_active(&self, number: &IdentityNumber) -> Option<bool> {
        self.of(number).map(|entry| entry.deregistration.is_none())
    }
}

impl Entry {
    fn read(&mut self, world: &World<'_>, as_of: NaiveDate, days: &mut Days) {
        self.facts
            .sort_by_key(|row| (core::cmp::Reverse(world.delivery_of(*row).as_of), *row));
        for row in &self.facts {
            let fact = world.facts.at(*row);
            self.flagged |= FlagKind::ALL.iter().any(|flag| {
                fact.text(flag.field())
                    .is_some_and(|text| convert::flag(text).stands())
            });
        }
        let Some(row) = self.fact() else {
            return;
        };
        let fact = world.facts.at(row);
        let delivery = world.delivery_of(row);
        self.deregistration = fact
            .text("deregistration_cause")
            .and_then(Deregistration::from_code);
        for field in ["reference_number", "reference_numbers"] {
            for text in fact.all(field) {
                let read = read_number(text, None, delivery, as_of);
                days.number(About::Fact(row), text, read.as_ref());
                if let Ok(number) = read
                    && !self.references.contains(&number)
                {
                    self.references.push(number);
                }
            }
        }
        self.references.sort();
    }
}
