//! How many newly protected persons a run may replace: whoever goes beyond is concealed, and waits for a decision.
//!
//! Concealing is never limited. Keeps true: where one source instance protects more persons with accounts at once than may be
//! replaced in a run, nobody whom only it protects is replaced, and that is a finding of the highest severity; what waits goes on
//! waiting until somebody decides. How many a run replaces in all is for a guard of the plan.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;

use crate::base::PersonKey;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::ledger::Memory;
use crate::model::Flag;
use crate::resolve::codes;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::correlation::persons::Somebody;
use crate::resolve::decision::FlagKind;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::DeliveryRow;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::World;
use crate::resolve::facts::fact::instance_subject;
use crate::resolve::note::Notes;

/// Who waits to be replaced, of those who are newly protected.
#[derive(Default)]
pub(super) struct Replacing {
    most: u64,
    waiting: BTreeSet<PersonKey>,
    /// Source instances that protect too many at once.
    flooding: BTreeSet<DeliveryRow>,
}

impl Replacing {
    /// Looks at everybody before anybody is judged.
    pub(super) fn new(
        world: &World<'_>,
        persons: &Persons,
        memory: &Memory,
        registered: impl Fn(&Somebody) -> alloc::vec::Vec<FactRow>,
        most: u64,
    ) -> Self {
        let with_account: BTreeSet<PersonKey> = memory
            .accounts
            .iter()
            .filter(|(_, account)| account.created_on.is_some())
            .map(|(key, _)| memory.owner(key))
            .collect();
        let mut sources: BTreeMap<PersonKey, BTreeSet<DeliveryRow>> = BTreeMap::new();
        for (_, person) in persons.all.iter() {
            // Of somebody without an account there is nothing to replace. Where nobody is known yet, accounts may be taken over.
            if !memory.persons.is_empty() && !with_account.contains(&person.key) {
                continue;
            }
            let register = registered(person);
            for flag in FlagKind::ALL {
                let stood = person.memory.flags.get(flag.name());
                if stood.is_some_and(|stood| stood.certain) {
                    continue;
                }
                let says = |row: &&FactRow| {
                    let fact = world.facts.at(**row);
                    let said = fact.text(flag.field()).filter(|_| !fact.expired);
                    said.is_some_and(|text| convert::flag(text) == Flag::Yes)
                };
                let rows = person.facts.iter().chain(&register).filter(says);
                let of: BTreeSet<DeliveryRow> =
                    rows.map(|row| world.facts.at(*row).delivery).collect();
                if !of.is_empty() {
                    sources.entry(person.key).or_default().extend(of);
                }
            }
        }
        let mut counts: BTreeMap<DeliveryRow, u64> = BTreeMap::new();
        for delivery in sources.values().flatten() {
            let count = counts.entry(*delivery).or_default();
            *count = count.saturating_add(1);
        }
        let flooding: BTreeSet<DeliveryRow> = counts
            .into_iter()
            .filter(|(_, count)| *count > most)
            .map(|(delivery, _)| delivery)
            .collect();
        let waiting: BTreeSet<PersonKey> = sources
            .iter()
            .filter(|(_, of)| of.iter().all(|delivery| flooding.contains(delivery)))
            .map(|(key, _)| *key)
            .collect();
        Self {
            most,
            waiting,
            flooding,
        }
    }

    /// Whether somebody who is newly protected waits.
    pub(super) fn waits(&self, person: PersonKey) -> bool {
        self.waiting.contains(&person)
    }

    /// Tells of each source instance once, and of no person.
    pub(super) fn tell(&self, world: &World<'_>, notes: &mut Notes) {
        let instances = self
            .flooding
            .iter()
            .map(|delivery| instance_subject(&world.deliveries.at(*delivery).name));
        for subject in instances {
            let message = OpenText::words("more than ").and(self.most).and(
                " persons with accounts are protected at once; all are concealed, and nobody is replaced",
            );
            notes.push(Finding::new(&codes::FLAG_FLOOD, subject, message).help(
                "find out whether the source is right; then decide whose accounts are replaced",
            ));
        }
    }
}
