//! The last gate: which of the two programs of an output runs for a person, and whether any does.
//!
//! The check proves that nothing withheld reaches an output that no policy covers. This gate asks once more, program by
//! program, so that a rule set that was not checked as it should have been leaks nothing either. Every program of an output of
//! a person is run by its leave; what it does not let through is left out.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::directory;
use crate::language::Class;
use crate::language::FieldSlot;
use crate::language::Program;
use crate::language::RecordTypeId;
use crate::model::Protection;
use crate::rules::Compiled;
use crate::rules::Gate;
use crate::rules::GatePolicy;
use crate::rules::NEXT;
use crate::rules::NamePrograms;

/// What holds of an output for a person: the stricter of what the standing flags say.
pub(crate) fn policy(gate: &Gate, protection: Protection) -> GatePolicy {
    let marking = if protection.marking.stands() {
        gate.marking
    } else {
        GatePolicy::Pass
    };
    let registration = if protection.registration.stands() {
        gate.registration
    } else {
        GatePolicy::Pass
    };
    marking.min(registration)
}

/// What holds of an output for a person, once its ordinary programs have been looked at: one that reads what is withheld and
/// is not included leaves the output out, whatever the check said.
pub(crate) fn passage<'p>(
    gate: &Gate,
    protection: Protection,
    ordinary: impl IntoIterator<Item = &'p Program>,
) -> GatePolicy {
    let policy = policy(gate, protection);
    let class = ordinary
        .into_iter()
        .map(Program::class)
        .max()
        .unwrap_or_default();
    let blocked = match policy {
        GatePolicy::Pass => protection.withholds(class),
        GatePolicy::Include => protection.stands() && class >= Class::Registered,
        GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Alias | GatePolicy::Task => false,
    };
    if blocked { GatePolicy::Omit } else { policy }
}

/// Whether an output is left out by its name: neither an alternative nor an exception speaks of it, and it says how somebody is
/// reached or, under a protected population registration, where. What reads nothing of anybody says no such place.
pub(crate) fn is_absent(
    name: &str,
    protection: Protection,
    policy: GatePolicy,
    is_neutral: impl FnOnce() -> bool,
) -> bool {
    if policy != GatePolicy::Pass || !protection.stands() {
        return false;
    }
    let withheld = protection.registration.stands() && directory::says_where(name);
    directory::says_how_reached(name) || (withheld && !is_neutral())
}

/// Whether programs give the same for everybody, or what an alias is made of: they read constants, tables and the alias only.
pub(crate) fn is_neutral<'p>(
    rules: &Compiled,
    programs: impl IntoIterator<Item = &'p Program>,
) -> bool {
    let slots = &rules.slots;
    let neutral = [slots.alias, slots.table, slots.as_of].map(Some);
    programs
        .into_iter()
        .flat_map(Program::reads)
        .all(|read| neutral.contains(&read.variable))
}

/// The outputs that show what accounts of other persons do, as rules name them, in lower case. What stands there from before may be
/// of somebody who is protected by now.
pub(crate) fn of_others(rules: &Compiled) -> BTreeSet<Text> {
    let mut shown = Shown {
        rules,
        others: BTreeSet::new(),
        left: Vec::new(),
        by: BTreeMap::new(),
    };
    for rule in &rules.accounts {
        let of = |name: &str| alloc::format!("account.{}.{name}", rule.name);
        for attribute in &rule.attributes {
            let programs = attribute.ordinary.iter().chain(&attribute.protected);
            shown.note(&of(&attribute.name), programs);
        }
        for name in &rule.names {
            let protected = name.protected.iter().flat_map(NamePrograms::all);
            shown.note(&of(&name.name), name.ordinary.all().chain(protected));
        }
        let containers = rule.container.iter().chain(&rule.disabled_container);
        shown.note(
            &of("container"),
            containers.chain(&rule.protected_container),
        );
    }
    for rule in &rules.groups {
        let of = |name: &str| alloc::format!("group.{}.{name}", rule.name);
        shown.note(&of("description"), &rule.description);
        // Where nothing else is said, the key is the name.
        shown.note(&of("name"), rule.display.iter().chain([&rule.key]));
        shown.note(&of("container"), &rule.container);
    }
    for rule in &rules.class_lists {
        let output = alloc::format!("class_list.{}", rule.name);
        shown.note(&output, rule.show.values());
    }
    shown.closed()
}

/// Who shows others, while it is found out.
struct Shown<'r> {
    rules: &'r Compiled,
    others: BTreeSet<Text>,
    /// Outputs whose readers have not been looked at.
    left: Vec<Text>,
    /// By output, the outputs of the same person that read it.
    by: BTreeMap<Text, BTreeSet<Text>>,
}

impl Shown<'_> {
    /// Notes what an output reads.
    fn note<'p>(&mut self, output: &str, programs: impl IntoIterator<Item = &'p Program>) {
        let output = Text::from(output.to_ascii_lowercase());
        for read in programs.into_iter().flat_map(Program::reads) {
            for step in &read.steps {
                let Some(shown) = self.output(*step) else {
                    continue;
                };
                if read.variable == Some(self.rules.slots.account) {
                    self.by.entry(shown).or_default().insert(output.clone());
                } else if self.others.insert(output.clone()) {
                    self.left.push(output.clone());
                }
            }
        }
    }

    /// The output that a field of an account is.
    fn output(&self, (record, slot): (RecordTypeId, FieldSlot)) -> Option<Text> {
        let mut accounts = self.rules.accounts.iter();
        let rule = accounts.find(|rule| rule.record == record)?;
        let field = &self.rules.schema.language.field_at(record, slot)?.name;
        let is_name = |field: &str| rule.names.iter().any(|name| *name.name == *field);
        let next = field.strip_prefix(NEXT).filter(|name| is_name(name));
        let output = alloc::format!("account.{}.{}", rule.name, next.unwrap_or(field));
        Some(Text::from(output.to_ascii_lowercase()))
    }

    /// What reads an output that shows others shows them too.
    fn closed(mut self) -> BTreeSet<Text> {
        #[cfg(test)]
        if Leak::OwnOutputs.is_planted() {
            return self.others;
        }
        while let Some(output) = self.left.pop() {
            for reader in self.by.get(&output).into_iter().flatten() {
                if self.others.insert(reader.clone()) {
                    self.left.push(reader.clone());
                }
            }
        }
        self.others
    }
}

/// Whether an alternative may run: it tells nothing but what is open.
pub(crate) fn is_open<'p>(alternative: impl IntoIterator<Item = &'p Program>) -> bool {
    alternative
        .into_iter()
        .all(|program| program.class() == Class::Open)
}

/// The program that runs for a person, where one does.
pub(crate) fn program<'a>(
    gate: &Gate,
    protection: Protection,
    ordinary: &'a Program,
    protected: Option<&'a Program>,
) -> Option<&'a Program> {
    match passage(gate, protection, [ordinary]) {
        GatePolicy::Pass | GatePolicy::Include => Some(ordinary),
        GatePolicy::Alias => protected.filter(|program| is_open([*program])),
        GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Task => None,
    }
}

/// Whether an output of an account that is there stays as it is, since its person is only concealed: nothing is replaced, and
/// no access is taken away, because of a flag that cannot be read or of one that waits.
pub(crate) const fn stays(protection: Protection, policy: GatePolicy, is_there: bool) -> bool {
    is_there && protection.conceals_only() && !policy.is_ordinary()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Flag;

    #[test]
    fn the_stricter_flag_counts_and_only_where_it_stands() {
        let gate = Gate {
            marking: GatePolicy::Alias,
            registration: GatePolicy::Exclude,
        };
        let mut protection = Protection::default();
        assert_eq!(policy(&gate, protection), GatePolicy::Pass);
        protection.marking = Flag::Yes;
        assert_eq!(policy(&gate, protection), GatePolicy::Alias);
        protection.registration = Flag::Unknown;
        assert_eq!(policy(&gate, protection), GatePolicy::Exclude);
    }

    #[test]
    fn by_its_name_an_output_is_absent_where_nobody_speaks_of_it() {
        let (yes, no) = (|| true, || false);
        let marked = Protection {
            marking: Flag::Unknown,
            ..Protection::default()
        };
        assert!(is_absent("telephonenumber", marked, GatePolicy::Pass, yes));
        assert!(!is_absent(
            "telephoneNumber",
            marked,
            GatePolicy::Include,
            no
        ));
        assert!(!is_absent("telephoneNumber", marked, GatePolicy::Alias, no));
        assert!(!is_absent("displayName", marked, GatePolicy::Pass, no));
        assert!(!is_absent("title", marked, GatePolicy::Pass, no));
        let registered = Protection {
            registration: Flag::Unknown,
            ..Protection::default()
        };
        assert!(is_absent("Title", registered, GatePolicy::Pass, no));
        assert!(!is_absent("title", registered, GatePolicy::Pass, yes));
        assert!(!is_absent("title", registered, GatePolicy::Include, no));
        assert!(!is_absent("displayName", registered, GatePolicy::Pass, no));
        let nobody = Protection::default();
        assert!(!is_absent("l", nobody, GatePolicy::Pass, no));
    }
}
