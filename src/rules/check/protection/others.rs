//! What other rules tell through an output: the groups that a group is made of, the licences of its set that come before one, and
//! those that it needs.
//!
//! Whom another rule takes in or out shows in this one, by way of others as well. What that tells is found once for all rules, in
//! time that grows with their number: a rule that is made of one that is made of one, and so on, is nothing special.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::FlagName;
use crate::language::Class;
use crate::rules::check::Checker;
use crate::rules::spec::GroupSpec;
use crate::rules::spec::LicenceSpec;
use crate::rules::spec::Named;
use crate::rules::spec::RulesetSpec;

/// Another rule that decides together with this one.
#[derive(Clone, Copy)]
pub(in crate::rules::check) enum Other<'a> {
    /// A group whose members are taken in or out.
    Group(&'a str),
    /// A licence of the same set that comes first.
    Licence(&'a str),
}

/// What is told of a person with each of the flags, the marking first.
type Told = [Class; 2];

/// What others tell through each rule, by its name.
#[derive(Default)]
pub(in crate::rules::check) struct ToldOfOthers {
    groups: BTreeMap<String, Told>,
    licences: BTreeMap<String, Told>,
}

fn both(one: Told, two: Told) -> Told {
    let ([one_marking, one_registration], [two_marking, two_registration]) = (one, two);
    [
        one_marking.join(two_marking),
        one_registration.join(two_registration),
    ]
}

/// All that a group is made of, in whatever way.
fn made_of(group: &GroupSpec) -> impl Iterator<Item = &Named> {
    let taken_in = group.union.iter().chain(&group.intersect);
    taken_in.chain(&group.minus)
}

/// The rules that decide together with a rule, by way of others as well.
pub(super) fn others_of<'s>(spec: &'s RulesetSpec, rule: Other<'s>) -> Vec<Other<'s>> {
    match rule {
        Other::Group(name) => groups_behind(spec, name),
        Other::Licence(name) => licences_before(spec, name),
    }
}

fn groups_behind<'s>(spec: &'s RulesetSpec, name: &'s str) -> Vec<Other<'s>> {
    let mut behind: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = Vec::from([name]);
    while let Some(group) = left.pop().and_then(|next| spec.groups.get(next)) {
        for other in made_of(group) {
            if spec.groups.contains_key(&other.text) && behind.insert(&other.text) {
                left.push(&other.text);
            }
        }
    }
    behind.into_iter().map(Other::Group).collect()
}

/// The licences that say whether one is given: those of the same set that come before it, and those that it needs; and those that say
/// so of them.
fn licences_before<'s>(spec: &'s RulesetSpec, name: &'s str) -> Vec<Other<'s>> {
    let comes_first = |one: &LicenceSpec, other: &LicenceSpec| {
        let both = one.exclusive.as_ref().zip(other.exclusive.as_ref());
        both.is_some_and(|(one, other)| {
            other.set.text == one.set.text && other.priority > one.priority
        })
    };
    let mut before: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = Vec::from([name]);
    while let Some(licence) = left.pop().and_then(|next| spec.licences.get(next)) {
        let others = spec.licences.iter();
        let first = others.filter(|(_, other)| comes_first(licence, other));
        let needed = licence.needs.iter().map(|needed| needed.text.as_str());
        for other in first.map(|(name, _)| name.as_str()).chain(needed) {
            if spec.licences.contains_key(other) && before.insert(other) {
                left.push(other);
            }
        }
    }
    before.into_iter().map(Other::Licence).collect()
}

/// Passes what each rule tells on to those that are made of it, until nothing rises any more. An edge leads from a rule to one that
/// it is made of.
fn passed_on<'s>(
    own: &BTreeMap<&'s str, Told>,
    edges: impl Iterator<Item = (&'s str, &'s str)>,
) -> BTreeMap<String, Told> {
    let mut into: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (whole, part) in edges {
        into.entry(part).or_default().push(whole);
    }
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    let mut left: Vec<&str> = own.keys().copied().collect();
    while let Some(name) = left.pop() {
        let Some(own) = own.get(name) else {
            continue;
        };
        let behind = told.get(name);
        let passed = behind.map_or(*own, |behind| both(*own, *behind));
        for whole in into.get(name).into_iter().flatten() {
            let known = told.get(*whole).copied().unwrap_or(NOTHING);
            let risen = both(known, passed);
            if risen != known {
                told.insert(String::from(*whole), risen);
                left.push(whole);
            }
        }
    }
    told
}

impl Checker<'_> {
    /// What the rules that decide together with a rule tell of a person with a flag.
    pub(super) fn told_of_others(&self, rule: Option<Other<'_>>, flag: FlagName) -> Class {
        let known = self.told_of_others.get_or_init(|| ToldOfOthers {
            groups: self.groups_told(),
            licences: self.licences_told(),
        });
        let told = match rule {
            Some(Other::Group(name)) => known.groups.get(name),
            Some(Other::Licence(name)) => known.licences.get(name),
            None => None,
        };
        told.map_or(Class::Open, |[marking, registration]| match flag {
            FlagName::Marking => *marking,
            FlagName::Registration => *registration,
        })
    }

    fn told_by_other(&self, other: Other<'_>) -> Told {
        [FlagName::Marking, FlagName::Registration].map(|flag| self.class_of_other(other, flag))
    }

    /// What having a licence over the person tells of there being its account, where that is included.
    fn life_told(&self, account: &Named) -> Told {
        [FlagName::Marking, FlagName::Registration].map(|flag| self.class_of_life(account, flag))
    }

    pub(super) fn class_of_life(&self, account: &Named, flag: FlagName) -> Class {
        let mut known = self.spec.accounts.keys();
        let position = known.position(|known| *known == account.text);
        let life = position.map_or_else(Vec::new, |position| self.included_life(position, flag));
        let classes = life.iter().map(crate::language::Program::class);
        classes.max().unwrap_or(Class::Open)
    }

    fn groups_told(&self) -> BTreeMap<String, Told> {
        let own = self.spec.groups.keys().map(|name| {
            let name = name.as_str();
            (name, self.told_by_other(Other::Group(name)))
        });
        told_of_groups(self.spec, &own.collect())
    }

    fn licences_told(&self) -> BTreeMap<String, Told> {
        let own = self.spec.licences.keys().map(|name| {
            let name = name.as_str();
            (name, self.told_by_other(Other::Licence(name)))
        });
        let accounts = self.spec.licences.values().map(|licence| &licence.account);
        let lives = accounts.map(|account| (account.text.as_str(), self.life_told(account)));
        told_of_licences(self.spec, &own.collect(), &lives.collect())
    }
}

/// What others tell through each group, where each tells what is its own.
fn told_of_groups(spec: &RulesetSpec, own: &BTreeMap<&str, Told>) -> BTreeMap<String, Told> {
    let edges = spec.groups.iter().flat_map(|(name, group)| {
        made_of(group).map(move |part| (name.as_str(), part.text.as_str()))
    });
    passed_on(own, edges)
}

/// The account that a licence hangs on.
fn account_of<'s>(spec: &'s RulesetSpec, licence: &str) -> Option<&'s str> {
    let licence = spec.licences.get(licence)?;
    Some(&licence.account.text)
}

/// What others tell through each licence, where each tells what is its own, and that of another account that its account is there.
fn told_of_licences(
    spec: &RulesetSpec,
    own: &BTreeMap<&str, Told>,
    lives: &BTreeMap<&str, Told>,
) -> BTreeMap<String, Told> {
    let licences = &spec.licences;
    let edges = licences.iter().flat_map(|(name, licence)| {
        let needs = licence.needs.iter();
        needs.map(move |part| (name.as_str(), part.text.as_str()))
    });
    let edges: Vec<(&str, &str)> = edges.collect();
    let mut sets: BTreeMap<&str, BTreeMap<i64, Vec<&str>>> = BTreeMap::new();
    for (name, licence) in licences {
        if let Some(exclusive) = &licence.exclusive {
            let set = sets.entry(&exclusive.set.text).or_default();
            set.entry(exclusive.priority).or_default().push(name);
        }
    }
    // What a licence tells is its own and what others tell through it. A class rises few times, so this ends soon.
    let mut all = own.clone();
    loop {
        let mut told = passed_on(&all, edges.iter().copied());
        for set in sets.values() {
            let mut before = NOTHING;
            let mut accounts: BTreeSet<&str> = BTreeSet::new();
            // Those of one priority do not come before each other.
            for equals in set.values().rev() {
                let mut with = before;
                for name in equals {
                    let known = told.entry(String::from(*name)).or_insert(NOTHING);
                    *known = both(*known, before);
                    let of_others = accounts
                        .iter()
                        .filter(|account| Some(**account) != account_of(spec, name))
                        .filter_map(|account| lives.get(account));
                    *known = of_others.fold(*known, |known, life| both(known, *life));
                    let own = own.get(name).copied().unwrap_or(NOTHING);
                    with = both(with, both(own, *known));
                }
                before = with;
                let seen = equals.iter().filter_map(|name| account_of(spec, name));
                accounts.extend(seen);
            }
        }
        let risen: BTreeMap<&str, Told> = own
            .iter()
            .map(|(name, own)| {
                let behind = told.get(*name).copied().unwrap_or(NOTHING);
                (*name, both(*own, behind))
            })
            .collect();
        if risen == all {
            return told;
        }
        all = risen;
    }
}

/// What others tell where they tell nothing.
const NOTHING: Told = [Class::Open; 2];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]

    use alloc::format;

    use proptest::collection::vec;
    use proptest::option::of;
    use proptest::prelude::*;

    use super::*;
    use crate::base::Limits;
    use crate::base::trials;

    /// So many rules of a kind; a name from there on is one that no rule has.
    const RULES: usize = 8;

    /// A group: what it takes in, what of that it keeps, what it takes out. Names that are not there are said as well.
    type Group = [Vec<usize>; 3];

    /// A licence: the set that it is of with its priority, and those that it needs.
    type Licence = (Option<(usize, i64)>, Vec<usize>);

    fn names() -> impl Strategy<Value = Vec<usize>> {
        // Mostly none, so that there are long ways and not only one knot. No name stands twice.
        let some = vec(0..=RULES, 1..3).prop_map(BTreeSet::from_iter);
        let some = some.prop_map(Vec::from_iter);
        prop_oneof![3 => Just(Vec::new()), 2 => some]
    }

    fn group() -> impl Strategy<Value = Group> {
        [names(), names(), names()]
    }

    fn licence() -> impl Strategy<Value = Licence> {
        (of((0..2_usize, 0..4_i64)), names())
    }

    fn class() -> impl Strategy<Value = Class> {
        prop_oneof![
            4 => Just(Class::Open),
            1 => Just(Class::Place),
            1 => Just(Class::Personal),
            1 => Just(Class::Registered),
        ]
    }

    fn written(groups: &[Group], licences: &[Licence]) -> String {
        let names = |kind: &str, numbers: &[usize]| {
            let names: Vec<String> = numbers.iter().map(|n| format!("\"{kind}{n}\"")).collect();
            names.join(", ")
        };
        let mut lines = Vec::from([String::from("language = 1\nname = \"x\"")]);
        for (number, [union, intersect, minus]) in groups.iter().enumerate() {
            lines.push(format!("[group.g{number}]\naccount = \"a\""));
            for (key, parts) in [("union", union), ("intersect", intersect), ("minus", minus)] {
                lines.push(format!("{key} = [{}]", names("g", parts)));
            }
        }
        for (number, (set, needs)) in licences.iter().enumerate() {
            lines.push(format!(
                "[licence.l{number}]\naccount = \"a\"\nsku = \"s{number}\""
            ));
            lines.push(format!("needs = [{}]", names("l", needs)));
            if let Some((set, priority)) = set {
                lines.push(format!(
                    "exclusive = {{ set = \"s{set}\", priority = {priority} }}"
                ));
            }
        }
        lines.join("\n")
    }

    /// The join of what each of the rules tells that are found by going from one to the next.
    fn by_search(spec: &RulesetSpec, rule: Other<'_>, own: &BTreeMap<&str, Told>) -> Told {
        let others = others_of(spec, rule).into_iter().map(|other| match other {
            Other::Group(name) | Other::Licence(name) => own.get(name).copied(),
        });
        others.flatten().fold(NOTHING, both)
    }

    proptest! {
        #![proptest_config(trials())]

        /// What is passed on along all ways at once is what each way tells that is gone by itself.
        #[test]
        fn passing_on_tells_what_a_search_from_each_rule_finds(
            groups in vec(group(), RULES),
            licences in vec(licence(), RULES),
            tells in vec([class(), class()], 2 * RULES),
        ) {
            let text = written(&groups, &licences);
            let decoded = RulesetSpec::from_toml(&text, &Limits::default());
            prop_assert!(decoded.problems.is_empty(), "{:?}\n{text}", decoded.problems);
            let spec = decoded.spec.unwrap();
            let (of_groups, of_licences) = tells.split_at(RULES);
            let names = spec.groups.keys().map(String::as_str);
            let of_groups: BTreeMap<&str, Told> = names.zip(of_groups.iter().copied()).collect();
            let names = spec.licences.keys().map(String::as_str);
            let of_licences: BTreeMap<&str, Told> = names.zip(of_licences.iter().copied()).collect();
            let found = told_of_groups(&spec, &of_groups);
            for name in spec.groups.keys() {
                let told = found.get(name).copied().unwrap_or(NOTHING);
                prop_assert_eq!(told, by_search(&spec, Other::Group(name), &of_groups), "{}\n{}", name, text);
            }
            let found = told_of_licences(&spec, &of_licences, &BTreeMap::new());
            for name in spec.licences.keys() {
                let told = found.get(name).copied().unwrap_or(NOTHING);
                prop_assert_eq!(told, by_search(&spec, Other::Licence(name), &of_licences), "{}\n{}", name, text);
            }
        }
    }
}
