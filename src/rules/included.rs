//! What outputs show on purpose: the fields of a person's records that an `include` lets through, by flag.
//!
//! It judges nothing; the check has. Keeps true: what chooses the primary of an account, and what its accounts live by, counts where
//! an included output reads the primary, and where the account itself is included.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::compiled::AccountRule;
use super::compiled::Compiled;
use super::compiled::Gate;
use super::compiled::GatePolicy;
use crate::language::Class;
use crate::language::FieldSlot;
use crate::language::Program;
use crate::language::RecordTypeId;
use crate::model::Flag;
use crate::model::Protection;

/// A field of a record.
type Field = (RecordTypeId, FieldSlot);

/// The fields that included outputs read, by flag.
#[derive(Debug, Default)]
pub(crate) struct Included {
    marking: BTreeSet<Field>,
    registration: BTreeSet<Field>,
}

impl Included {
    /// What the outputs of a rule set show on purpose.
    pub(crate) fn of(rules: &Compiled) -> Self {
        let mut included = Self::default();
        for rule in &rules.accounts {
            included.note(
                rules,
                Some(rule),
                &rule.gate,
                rule.lives_by().chain(&rule.hide),
            );
            let containers = rule.container.iter().chain(&rule.disabled_container);
            included.note(rules, Some(rule), &rule.container_gate, containers);
            for name in &rule.names {
                included.note(rules, Some(rule), &name.gate, name.programs());
            }
            for attribute in &rule.attributes {
                included.note(rules, Some(rule), &attribute.gate, &attribute.ordinary);
            }
        }
        let account = |position: usize| rules.accounts.get(position);
        for rule in &rules.groups {
            let account = rule.account.and_then(account);
            included.note(rules, account, &rule.gate, rule.programs());
        }
        for rule in &rules.licences {
            included.note(rules, account(rule.account), &rule.gate, rule.programs());
        }
        for rule in &rules.mailboxes {
            included.note(rules, account(rule.account), &rule.gate, &rule.when);
        }
        for rule in &rules.class_lists {
            included.note(rules, account(rule.account), &rule.gate, rule.programs());
        }
        for rule in &rules.notices {
            included.note(rules, account(rule.account), &rule.gate, rule.programs());
        }
        included
    }

    fn note<'p>(
        &mut self,
        rules: &Compiled,
        account: Option<&AccountRule>,
        gate: &Gate,
        programs: impl IntoIterator<Item = &'p Program>,
    ) {
        let flags = [
            (gate.marking, &mut self.marking),
            (gate.registration, &mut self.registration),
        ];
        let mut flags: Vec<&mut BTreeSet<Field>> = flags
            .into_iter()
            .filter(|(policy, _)| *policy == GatePolicy::Include)
            .map(|(_, fields)| fields)
            .collect();
        if flags.is_empty() {
            return;
        }
        let mut told: Vec<Field> = Vec::new();
        let mut reads_primary = false;
        for read in programs.into_iter().flat_map(Program::reads) {
            reads_primary |= read.variable == Some(rules.slots.primary);
            told.extend(&read.steps);
        }
        if let Some(account) = account.filter(|_| reads_primary) {
            let order = account.primary.iter().map(|key| &key.by);
            let chosen = account.lives_by().chain(order).flat_map(Program::reads);
            told.extend(chosen.flat_map(|read| &read.steps));
        }
        for fields in &mut flags {
            fields.extend(&told);
        }
    }

    /// Whether a field of a protected person may show: no flag that stands withholds its class, or an included output shows it.
    pub(crate) fn may_show(
        &self,
        field: Option<(RecordTypeId, FieldSlot)>,
        class: Class,
        protection: Protection,
    ) -> bool {
        let shown = |fields: &BTreeSet<Field>| field.is_some_and(|field| fields.contains(&field));
        let by_marking = Protection {
            registration: Flag::No,
            ..protection
        };
        let by_registration = Protection {
            marking: Flag::No,
            ..protection
        };
        (!by_marking.withholds(class) || shown(&self.marking))
            && (!by_registration.withholds(class) || shown(&self.registration))
    }
}
