//! Protection: the two flags of each person, the strictest of all sources, held against what stood before.
//!
//! Not what flags withhold. Keeps true: what cannot be read counts as standing; a flag that stood for sure goes only by a decision;
//! and what was unreadable is told once for each source instance, not for each person.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::replacing::Replacing;
use crate::base::PersonKey;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::language::Class;
use crate::ledger::FlagMemory;
use crate::model::Flag;
use crate::model::PersonRow;
use crate::model::Protection;
use crate::resolve::build::Told;
use crate::resolve::codes;
use crate::resolve::correlation::persons::Somebody;
use crate::resolve::decision::FlagKind;
use crate::resolve::decision::Transition;
use crate::resolve::decision::TransitionKind;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::Delivery;
use crate::resolve::facts::fact::DeliveryRow;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::Standing;
use crate::resolve::facts::fact::World;
use crate::resolve::facts::fact::instance_subject;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::note::person_subject;

/// What is known of flags before any person is looked at.
pub(in crate::resolve) struct Flags {
    /// Source instances that no longer say what they said: which flag, of which kind of record.
    gone: BTreeSet<(DeliveryRow, String, FlagKind)>,
    /// Source instances with a flag that cannot be read.
    unreadable: BTreeSet<(DeliveryRow, FlagKind)>,
    /// Flags that a decision ends.
    ended: BTreeSet<(PersonKey, FlagKind)>,
    /// Those whom a decision lets be replaced.
    replaced: BTreeSet<PersonKey>,
    /// Who of the newly protected only is concealed.
    replacing: Replacing,
    /// What changed.
    pub(in crate::resolve) transitions: Vec<Transition>,
}

impl Flags {
    /// Looks for columns that are newly missing.
    pub(super) fn new(world: &World<'_>, told: &Told, replacing: Replacing) -> Self {
        let mut gone = BTreeSet::new();
        for (row, delivery) in world
            .deliveries
            .iter()
            .filter(|(_, delivery)| !delivery.frozen)
        {
            let kinds: BTreeSet<&str> = delivery
                .records
                .iter()
                .map(|record| record.kind.as_str())
                .collect();
            for kind in kinds {
                for flag in FlagKind::ALL {
                    if columns_of(delivery, kind, flag)
                        .iter()
                        .any(|column| is_gone(delivery, kind, column))
                    {
                        gone.insert((row, String::from(kind), flag));
                    }
                }
            }
        }
        Self {
            gone,
            unreadable: BTreeSet::new(),
            ended: told.ended.clone(),
            replaced: told.replaced.clone(),
            replacing,
            transitions: Vec::new(),
        }
    }

    /// The flags of a person, and what the ledger is to remember of them.
    pub(in crate::resolve) fn of(
        &mut self,
        as_of: NaiveDate,
        world: &World<'_>,
        row: PersonRow,
        person: &mut Somebody,
        register: &[FactRow],
        notes: &mut Notes,
    ) -> Protection {
        let mut protection = Protection::default();
        for flag in FlagKind::ALL {
            let said = self.said(world, flag, person, register);
            let stood = person.memory.flags.get(flag.name()).cloned();
            let ended = self.ended.contains(&(person.key, flag));
            let stands = match (said, &stood) {
                (Some(said), _) if said.stands() => said,
                (_, Some(stood)) if stood.certain && ended => {
                    self.transitions.push(transition(
                        person.key,
                        TransitionKind::ProtectionEnded(flag),
                    ));
                    Flag::No
                }
                (_, Some(stood)) if stood.certain => {
                    let message = OpenText::words("no source gives the flag ")
                        .quote(flag.name())
                        .and(" any more, and it stays");
                    let finding =
                        Finding::new(&codes::FLAG_OFF_HELD, person_subject(person.key), message)
                            .help("decide whether the protection has ended");
                    notes.about(About::Person(row), Class::Open, finding);
                    Flag::Yes
                }
                // It only counted as standing; it still does for as long as nobody says otherwise.
                (None, Some(_)) if !ended => Flag::Unknown,
                _ => Flag::No,
            };
            if stands.stands() {
                let certain = stands == Flag::Yes;
                let newly = stood.is_none();
                if newly {
                    protection.new = true;
                    self.transitions
                        .push(transition(person.key, TransitionKind::Protected(flag)));
                }
                let known = person
                    .memory
                    .flags
                    .entry(String::from(flag.name()))
                    .or_insert(FlagMemory {
                        certain,
                        since: as_of,
                        waits: false,
                    });
                // What is known for sure from now on may ask for more than what could not be read.
                protection.new |= certain && !known.certain;
                if certain && !known.certain || newly {
                    known.waits = certain && self.replacing.waits(person.key);
                }
                if self.replaced.contains(&person.key) {
                    known.waits = false;
                }
                if known.waits {
                    protection.waits = true;
                    self.transitions.push(transition(
                        person.key,
                        TransitionKind::ReplacementWaits(flag),
                    ));
                }
                // What stood for sure still does when a source becomes unreadable.
                known.certain |= certain;
            } else {
                person.memory.flags.remove(flag.name());
            }
            let stands = match person.memory.flags.get(flag.name()) {
                Some(known) if known.certain => Flag::Yes,
                _ => stands,
            };
            match flag {
                FlagKind::Marking => protection.marking = stands,
                FlagKind::Registration => protection.registration = stands,
            }
        }
        protection
    }

    /// The strictest word of all records; nothing where none has one.
    fn said(
        &mut self,
        world: &World<'_>,
        flag: FlagKind,
        person: &Somebody,
        register: &[FactRow],
    ) -> Option<Flag> {
        let mut strictest: Option<Flag> = None;
        for row in person.facts.iter().chain(register) {
            let fact = world.facts.at(*row);
            if fact.expired {
                continue;
            }
            let said = match fact.text(flag.field()) {
                Some(text) => convert::flag(text),
                None if self.gone.contains(&(
                    fact.delivery,
                    String::from(fact.kind.name()),
                    flag,
                )) =>
                {
                    Flag::Unknown
                }
                None => continue,
            };
            if said == Flag::Unknown && fact.text(flag.field()).is_some() {
                self.unreadable.insert((fact.delivery, flag));
            }
            strictest = Some(strictest.unwrap_or_default().strictest(said));
        }
        strictest
    }

    /// Tells of each source instance once.
    pub(in crate::resolve) fn tell(&self, world: &World<'_>, notes: &mut Notes) {
        self.replacing.tell(world, notes);
        let mut tell =
            |delivery: DeliveryRow, flag: FlagKind, code: &'static Code, message: &'static str| {
                let subject = instance_subject(&world.deliveries.at(delivery).name);
                notes.push(Finding::new(code, subject, message).field(flag.field()));
            };
        for (delivery, flag) in &self.unreadable {
            tell(
                *delivery,
                *flag,
                &codes::FLAG_UNREADABLE,
                "the source instance has a protection flag that cannot be read",
            );
        }
        let gone: BTreeSet<(DeliveryRow, FlagKind)> = self
            .gone
            .iter()
            .map(|(delivery, _, flag)| (*delivery, *flag))
            .collect();
        for (delivery, flag) in &gone {
            tell(
                *delivery,
                *flag,
                &codes::FLAG_COLUMN_GONE,
                "the source instance no longer says who is protected",
            );
        }
    }
}

const fn transition(person: PersonKey, kind: TransitionKind) -> Transition {
    Transition { person, kind }
}

/// The columns from which a kind of record has a flag.
fn columns_of(delivery: &Delivery<'_>, kind: &str, flag: FlagKind) -> Vec<String> {
    match delivery.terms.map(kind) {
        None => alloc::vec![String::from(flag.field())],
        Some(programs) => programs
            .iter()
            .filter(|(field, _)| field == flag.field())
            .flat_map(|(_, program)| program.columns().map(String::from).collect::<Vec<_>>())
            .collect(),
    }
}

/// Whether nearly all records of a kind had a column when they were last accepted, and now none has. A field that only some
/// records ever had is no column.
fn is_gone(delivery: &Delivery<'_>, kind: &str, column: &str) -> bool {
    let records = || delivery.records.iter().filter(|record| record.kind == kind);
    let last = || records().filter_map(|record| record.last);
    let n_last = last().count();
    let n_had = last()
        .filter(|last| last.fields.contains_key(column))
        .count();
    n_last > 0
        && n_had.saturating_mul(10) >= n_last.saturating_mul(9)
        && !records()
            .filter(|record| record.standing == Standing::Present)
            .any(|record| record.fields.contains_key(column))
        && records().any(|record| record.standing == Standing::Present)
}
