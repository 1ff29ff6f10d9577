//! Assertions about one group.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::checked::Checked;
use super::message::fail;
use super::message::unknown;
use crate::base::Text;
use crate::directory::GroupKey;
use crate::directory::Opinion;

/// A group about which something is asserted. An assertion that does not hold panics, with the reasons of what is instead.
#[derive(Debug)]
pub struct GroupCheck<'c> {
    checked: &'c Checked,
    key: GroupKey,
}

impl<'c> GroupCheck<'c> {
    #[track_caller]
    pub(super) fn new(checked: &'c Checked, rule: &str, value: &str) -> Self {
        let rules = &checked.scenario.rules.compiled().groups;
        if !rules.iter().any(|known| *known.name == *rule) {
            fail(&unknown(
                "group rule",
                rule,
                rules.iter().map(|known| &*known.name),
            ));
        }
        Self {
            checked,
            key: GroupKey {
                rule: Text::from(rule),
                value: Text::from(value),
            },
        }
    }

    /// It is wanted.
    #[track_caller]
    pub fn exists(&self) -> &Self {
        if !self.is_wanted() {
            let groups = self.checked.outcome.desired().groups.keys();
            let values = groups
                .filter(|key| key.rule == self.key.rule)
                .map(|key| &*key.value);
            fail(&unknown(
                &format!("group by `group.{}`", self.key.rule),
                &self.key.value,
                values,
            ));
        }
        self
    }

    /// It is not wanted.
    #[track_caller]
    pub fn does_not_exist(&self) -> &Self {
        if self.is_wanted() {
            fail(&format!(
                "expected `{}` not to exist\n{}",
                self.key.value,
                self.reasons(&self.members())
            ));
        }
        self
    }

    /// It has just these members, by persons of the scenario.
    #[track_caller]
    pub fn has_members(&self, persons: &[&str]) -> &Self {
        let wanted: BTreeSet<String> = persons.iter().map(ToString::to_string).collect();
        let members = self.members();
        if wanted != members {
            let concerned: BTreeSet<String> =
                wanted.symmetric_difference(&members).cloned().collect();
            fail(&format!(
                "the members of `{}` are {}, expected {}\n{}",
                self.key.value,
                listed(&members),
                listed(&wanted),
                self.reasons(&concerned)
            ));
        }
        self
    }

    fn is_wanted(&self) -> bool {
        let groups = &self.checked.outcome.desired().groups;
        groups.get(&self.key).is_some_and(|group| !group.ended)
    }

    fn members(&self) -> BTreeSet<String> {
        let group = self.checked.outcome.desired().groups.get(&self.key);
        let members = group.into_iter().flat_map(|group| &group.members);
        members
            .filter(|(_, opinion)| matches!(opinion, Opinion::Set(())))
            .map(|(key, _)| self.checked.in_words(&key.person.to_hex()))
            .collect()
    }

    /// Why each of some persons is a member, or is not.
    #[track_caller]
    fn reasons(&self, persons: &BTreeSet<String>) -> String {
        let output = format!("group.{}", self.key.rule);
        let of = |person: &String| {
            self.checked
                .reasons(person, self.checked.key(person), &output)
        };
        let reasons: Vec<String> = persons.iter().map(of).collect();
        reasons.join("\n")
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return String::from("nobody");
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
