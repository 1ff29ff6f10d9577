//! The cause of each step: what changed since the last run, so that the step is needed now.
//!
//! Told apart by what the ledger remembers: digests of what was wanted, the digest of the rules, and the records as they were
//! last accepted. Of a protected person it is never told whether their records changed.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;

use super::draft::Builder;
use super::draft::Draft;
#[cfg(test)]
use crate::base::Leak;
use crate::base::PersonKey;
use crate::directory::Change;
use crate::directory::ObjectRef;
use crate::ledger::InstanceMemory;
use crate::ledger::Memory;
use crate::ledger::RecordMemory;
use crate::plan::cause::CauseKind;
use crate::plan::kind::StepKind;
use crate::plan::settlement::settle::WANT;

/// What changed since the last run.
pub(in crate::plan) struct Causes {
    rules: bool,
    /// Persons whose records, or whose own memory, changed.
    persons: BTreeSet<PersonKey>,
    /// Whether records that are nobody's changed, such as units.
    places: bool,
    protected: BTreeSet<PersonKey>,
}

impl Causes {
    /// Compares what is remembered of the last run with what this run has seen.
    pub(in crate::plan) fn between(before: &Memory, now: &Memory, rules_digest: &str) -> Self {
        let flagged = |memory: &Memory| -> BTreeSet<PersonKey> {
            let flagged = memory.persons.iter();
            flagged
                .filter(|(_, person)| !person.flags.is_empty())
                .map(|(key, _)| *key)
                .collect()
        };
        let protected: BTreeSet<PersonKey> =
            flagged(before).union(&flagged(now)).copied().collect();
        let mut causes = Self {
            rules: before
                .rules
                .as_deref()
                .is_some_and(|rules| rules != rules_digest),
            persons: BTreeSet::new(),
            places: false,
            protected,
        };
        for (key, person) in &now.persons {
            if before.persons.get(key) != Some(person) {
                causes.changed(Some(*key));
            }
        }
        let nothing = BTreeMap::new();
        let instances: BTreeSet<&String> = before
            .instances
            .keys()
            .chain(now.instances.keys())
            .collect();
        for instance in instances {
            let old = before.instances.get(instance).map(records);
            let new = now.instances.get(instance).map(records);
            let (old, new) = (
                old.as_ref().unwrap_or(&nothing),
                new.as_ref().unwrap_or(&nothing),
            );
            for (id, record) in old {
                if new.get(id).is_none_or(|now| !same(record, now)) {
                    causes.changed(record.person);
                }
            }
            for (id, record) in new {
                if old.get(id).is_none_or(|before| !same(before, record)) {
                    causes.changed(record.person);
                }
            }
        }
        // An account is still known by the key of a person who turned out to be somebody known.
        for gone in now.merged.keys() {
            let survivor = now.surviving(*gone);
            for persons in [&mut causes.persons, &mut causes.protected] {
                if persons.contains(&survivor) {
                    persons.insert(*gone);
                }
            }
        }
        for key in now.anew.keys() {
            let owner = now.surviving(now.lineage(*key).of);
            for persons in [&mut causes.persons, &mut causes.protected] {
                if persons.contains(&owner) {
                    persons.insert(*key);
                }
            }
        }
        causes
    }

    fn changed(&mut self, person: Option<PersonKey>) {
        match person {
            Some(person) if self.is_protected(person) => {}
            Some(person) => {
                self.persons.insert(person);
            }
            None => self.places = true,
        }
    }

    fn is_protected(&self, person: PersonKey) -> bool {
        let is_protected = self.protected.contains(&person);
        #[cfg(test)]
        let is_protected = is_protected && !Leak::Causes.is_planted();
        is_protected
    }

    /// The cause of a step.
    pub(in crate::plan) fn of(&self, builder: &Builder<'_>, draft: &Draft) -> CauseKind {
        if draft.urgent {
            return CauseKind::Urgent;
        }
        if let Change::RemoveMember {
            member: ObjectRef::Object(_),
            ..
        } = &draft.change
        {
            // Nobody of ours: somebody else put it there.
            return CauseKind::Drift;
        }
        let memory = builder.inputs.ledger.memory();
        if let Some((account, output)) = &draft.want {
            let before = memory
                .accounts
                .get(account)
                .and_then(|account| account.wanted.get(&alloc::format!("{WANT}{output}")));
            let now = builder
                .wants
                .get(account)
                .and_then(|wants| wants.get(output))
                .map(|want| &want.digest);
            return match before {
                None => CauseKind::First,
                Some(before) if Some(before) == now => CauseKind::Drift,
                Some(_) => self.of_another_wish(draft),
            };
        }
        if draft.kind == StepKind::Notice && draft.needs.is_empty() {
            return CauseKind::Ledger;
        }
        let known = match (&draft.subject.account, &draft.subject.group) {
            (Some(account), _) => memory.accounts.contains_key(account),
            (None, Some(group)) => memory.groups.contains_key(group),
            (None, None) => false,
        };
        if known {
            self.of_another_wish(draft)
        } else {
            CauseKind::First
        }
    }

    /// Why something else is wanted than last time.
    fn of_another_wish(&self, draft: &Draft) -> CauseKind {
        if self.rules {
            return CauseKind::Rules;
        }
        // What hangs on others as well may have changed with any of them.
        let of_others = matches!(
            draft.kind,
            StepKind::SetReference
                | StepKind::AddLicences
                | StepKind::ChangeLicences
                | StepKind::Notice
        );
        let by_source = match &draft.subject.account {
            Some(account) if self.is_protected(account.person) => true,
            Some(account) if !of_others => self.places || self.persons.contains(&account.person),
            _ => self.places || !self.persons.is_empty(),
        };
        if by_source {
            CauseKind::Source
        } else {
            CauseKind::Time
        }
    }
}

fn records(instance: &InstanceMemory) -> BTreeMap<(&str, &str), &RecordMemory> {
    let records = instance.records.iter();
    records
        .map(|record| ((record.kind.as_str(), record.id.as_str()), record))
        .collect()
}

/// Whether a source says the same of a record as before.
fn same(before: &RecordMemory, now: &RecordMemory) -> bool {
    before.fields == now.fields
        && before.absent_since == now.absent_since
        && before.person == now.person
}
