//! Groups that can only be empty, whoever the persons are.
//!
//! A condition that never holds is left to its own lint; what follows from it for other groups is said here.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use super::shadow::Choice;
use super::shadow::comes_before;
use crate::base::Path;
use crate::diagnostic::Problem;
use crate::rules::compiled::GroupRule;
use crate::rules::compiled::Output;
use crate::rules::spec::GroupSpec;
use crate::rules::spec::Named;

/// Why nobody is in a group.
struct Empty<'a> {
    because: String,
    place: &'a Path,
    label: Option<(&'a Path, &'static str)>,
}

/// Looks at all groups in the order of what they are made of; `never` are those whose condition never holds.
pub(super) fn look(rules: Rules<'_>, never: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
    let groups = Groups::of(rules);
    // By group: the account rules whose accounts may be in it.
    let mut members: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for output in rules.compiled.strata.iter().flatten() {
        let Output::Group(position) = output else {
            continue;
        };
        let Some((rule, (name, spec))) = groups.at(*position) else {
            continue;
        };
        let never = never.contains(name.as_str());
        // Who is in a group that carries a licence is what the licence says.
        let mut licences = rules.compiled.licences.iter();
        if licences.any(|licence| licence.through == Some(*position)) {
            continue;
        }
        let why = groups.why_empty(rules, rule, spec, &members);
        let nobody = never && rule.nested.is_empty();
        let accounts = if nobody || why.is_some() {
            BTreeSet::new()
        } else {
            possible(rule, &members)
        };
        members.insert(*position, accounts);
        if let Some(why) = why.filter(|_| !never) {
            let mut problem = Problem::new(
                &codes::ALWAYS_EMPTY,
                why.place.clone(),
                format!("group `{name}` can only be empty: {}", why.because),
            );
            if let Some((place, text)) = why.label {
                problem = problem.label(place.clone(), text);
            }
            problems.push(problem.help("take the group away, or mend what it is made of"));
        }
    }
}

/// The account rules whose accounts may be in a group.
fn possible(rule: &GroupRule, members: &BTreeMap<usize, BTreeSet<usize>>) -> BTreeSet<usize> {
    let of = |groups: &[usize]| -> BTreeSet<usize> {
        groups
            .iter()
            .filter_map(|group| members.get(group))
            .flatten()
            .copied()
            .collect()
    };
    let mut accounts = of(&rule.union);
    accounts.extend(rule.account);
    if !rule.intersect.is_empty() {
        let others = of(&rule.intersect);
        accounts.retain(|account| others.contains(account));
    }
    accounts
}

struct Groups<'a> {
    rules: &'a [GroupRule],
    specs: Vec<(&'a String, &'a GroupSpec)>,
}

impl<'a> Groups<'a> {
    fn of(rules: Rules<'a>) -> Self {
        Self {
            rules: &rules.compiled.groups,
            specs: rules.compiled.spec.groups.iter().collect(),
        }
    }

    fn at(&self, position: usize) -> Option<(&'a GroupRule, (&'a String, &'a GroupSpec))> {
        Some((self.rules.get(position)?, *self.specs.get(position)?))
    }

    fn why_empty(
        &self,
        rules: Rules<'a>,
        rule: &'a GroupRule,
        spec: &'a GroupSpec,
        members: &BTreeMap<usize, BTreeSet<usize>>,
    ) -> Option<Empty<'a>> {
        if !rule.nested.is_empty() {
            return None;
        }
        if rule.account.is_none() && rule.union.is_empty() {
            return Some(Empty {
                because: String::from("it has no account and adds no other group"),
                place: &spec.place,
                label: None,
            });
        }
        if possible(rule, members).is_empty() {
            let list = if rule.intersect.is_empty() {
                &spec.union
            } else {
                &spec.intersect
            };
            return Some(Empty {
                because: String::from(if rule.intersect.is_empty() {
                    "what it adds is empty"
                } else {
                    "none of its accounts can be in what `intersect` asks for"
                }),
                place: list.first().map_or(&spec.place, |name| &name.place),
                label: None,
            });
        }
        self.taken_out(rules, rule, spec)
    }

    /// The group that takes out everybody who is in.
    fn taken_out(
        &self,
        rules: Rules<'a>,
        rule: &'a GroupRule,
        spec: &'a GroupSpec,
    ) -> Option<Empty<'a>> {
        if !rule.union.is_empty() {
            return None;
        }
        let own = choice(rule, &spec.place)?;
        let named: BTreeMap<&str, &Named> = spec
            .minus
            .iter()
            .map(|name| (name.text.as_str(), name))
            .collect();
        rule.minus.iter().find_map(|position| {
            let (other, (name, other_spec)) = self.at(*position)?;
            let whole = other.minus.is_empty() && other.intersect.is_empty();
            // A key that cannot be computed would keep somebody out of it.
            let certain = other.key.constant(other.key.root()).is_some();
            let first = choice(other, &other_spec.place)?;
            (whole && certain && first.account == own.account && comes_before(rules, &first, &own))
                .then(|| Empty {
                    because: format!("whoever is in it is in `{name}` as well, which is taken out"),
                    place: named
                        .get(name.as_str())
                        .map_or(&spec.place, |name| &name.place),
                    label: Some((&other_spec.place, "this is taken out")),
                })
        })
    }
}

fn choice<'a>(rule: &'a GroupRule, place: &'a Path) -> Option<Choice<'a>> {
    Some(Choice {
        name: &rule.name,
        place,
        when: rule.when.as_ref(),
        each: rule.each,
        window: Some(&rule.window),
        gate: &rule.gate,
        account: rule.account?,
    })
}
