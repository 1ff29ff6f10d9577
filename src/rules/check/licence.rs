//! Licences: what each needs, the sets of which one is given, and the groups that carry one.
//!
//! Keeps true: no two of a set have the same priority; what a licence needs can be given to the same account; a group that
//! carries a licence has its members by that licence and by nothing else.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::Checker;
use super::account::placed;
use super::codes;
use super::output::window_placed;
use crate::base::Path;
use crate::base::Text;
use crate::diagnostic::Problem;
use crate::rules::compiled::Exclusive;
use crate::rules::compiled::Gate;
use crate::rules::compiled::GatePolicy;
use crate::rules::compiled::LicenceRule;
use crate::rules::spec::ExclusiveSpec;
use crate::rules::spec::LicenceSpec;
use crate::rules::spec::Named;
use crate::rules::spec::OutputKind;

impl Checker<'_> {
    pub(super) fn licences(&mut self) -> Vec<LicenceRule> {
        let spec = self.spec;
        let mut rules = Vec::new();
        let mut carriers: BTreeMap<&str, &Path> = BTreeMap::new();
        self.equal_priorities();
        self.needs_of_its_set();
        for (name, licence) in &spec.licences {
            if self.is_full() {
                break;
            }
            let Some(account) = self.account_named(&licence.account) else {
                continue;
            };
            let each = self.kind(licence.each.as_ref());
            let environment = self.environments.each(Some(account), each);
            let when = self.optional_condition(licence.when.as_ref(), &environment);
            let kinds = self.kinds(Some(account), each);
            let (window, reads) = self.window(&licence.window, &kinds);
            let mut ordinary = placed(when.as_ref(), licence.when.as_ref());
            ordinary.extend(window_placed(&window, &reads));
            let gate = self.output_gate(
                OutputKind::Licence,
                name,
                &licence.place,
                licence.protected.as_ref(),
                ordinary,
                Some(account),
            );
            let through = self.carrier(name, licence, &gate, &mut carriers);
            let without = licence.without.iter();
            rules.push(LicenceRule {
                name: Text::from(name.as_str()),
                account,
                sku: Text::from(licence.sku.as_str()),
                each,
                when,
                exclusive: licence.exclusive.as_ref().map(|exclusive| Exclusive {
                    set: Text::from(exclusive.set.text.as_str()),
                    over: exclusive.over,
                    priority: exclusive.priority,
                }),
                seats: licence.seats,
                needs: self.needed(name, licence),
                without: without
                    .map(|service| Text::from(service.text.as_str()))
                    .collect(),
                through,
                window,
                gate,
            });
        }
        rules
    }

    /// The licences that one needs. They hang on the same account.
    fn needed(&mut self, name: &str, licence: &LicenceSpec) -> Vec<usize> {
        let spec = self.spec;
        let mut needed = Vec::new();
        for other in &licence.needs {
            let position = self.positions.licences.get(other.text.as_str()).copied();
            let Some((position, found)) = position.zip(spec.licences.get(&other.text)) else {
                let problem = self.unknown_named("licence", other, &spec.licences);
                self.problems.push(problem);
                continue;
            };
            if found.account.text != licence.account.text {
                self.problems.push(
                    Problem::new(
                        &codes::CARRIER,
                        other.place.clone(),
                        alloc::format!(
                            "licence `{name}` needs `{}`, which another account gets",
                            other.text
                        ),
                    )
                    .label(found.account.place.clone(), "of this account")
                    .help("need a licence of the same account"),
                );
            }
            needed.push(position);
        }
        needed
    }

    /// The group that carries a licence: nothing else may say who is in it.
    fn carrier<'s>(
        &mut self,
        name: &str,
        licence: &'s LicenceSpec,
        gate: &Gate,
        carriers: &mut BTreeMap<&'s str, &'s Path>,
    ) -> Option<usize> {
        let through = licence.through.as_ref()?;
        let position = *self.groups_named(core::slice::from_ref(through)).first()?;
        let group = self.spec.groups.get(&through.text)?;
        let made = group.account.is_some()
            || [&group.union, &group.intersect, &group.minus]
                .iter()
                .any(|others| !others.is_empty());
        let others = self.spec.groups.values();
        let read = others
            .flat_map(|other| {
                other
                    .union
                    .iter()
                    .chain(&other.intersect)
                    .chain(&other.minus)
            })
            .find(|other| other.text == through.text);
        let other = if made {
            Some((&group.place, "it has members of its own"))
        } else {
            read.map(|other| (&other.place, "another group is made of it"))
        };
        let other = other.or_else(|| {
            let place = carriers.insert(&through.text, &through.place)?;
            Some((place, "it carries this one"))
        });
        if let Some((place, label)) = other {
            self.problems.push(
                Problem::new(
                    &codes::CARRIER,
                    through.place.clone(),
                    alloc::format!(
                        "group `{}` cannot carry licence `{name}`: the licence alone must say who is in it",
                        through.text
                    ),
                )
                .label(place.clone(), label)
                .help("carry it by a group that has a `container` and no `account`"),
            );
        }
        if !group.hidden && [gate.marking, gate.registration].contains(&GatePolicy::Include) {
            self.visible_members(&through.text, &licence.place);
        }
        Some(position)
    }

    /// A licence that needs one of its own set, itself or through others, can never be given: of a set there is one.
    fn needs_of_its_set(&mut self) {
        let spec = self.spec;
        for (name, licence) in &spec.licences {
            let Some(exclusive) = &licence.exclusive else {
                continue;
            };
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut next: Vec<(&Named, &Named)> =
                licence.needs.iter().map(|own| (own, own)).collect();
            while let Some((own, needed)) = next.pop() {
                let Some(other) = spec.licences.get(&needed.text) else {
                    continue;
                };
                if needed.text == *name || !seen.insert(&needed.text) {
                    continue;
                }
                let set = other.exclusive.as_ref();
                let same = |set: &ExclusiveSpec| {
                    set.set.text == exclusive.set.text && set.over == exclusive.over
                };
                if set.is_some_and(same) {
                    self.problems.push(
                        Problem::new(
                            &codes::CARRIER,
                            own.place.clone(),
                            alloc::format!(
                                "licence `{name}` needs `{}`, which is of the set `{}` as well: of a set only one is given",
                                needed.text, exclusive.set.text
                            ),
                        )
                        .label(other.place.clone(), "the one that it needs")
                        .help("take one of the two out of the set"),
                    );
                    break;
                }
                next.extend(other.needs.iter().map(|further| (own, further)));
            }
        }
    }

    fn equal_priorities(&mut self) {
        let spec = self.spec;
        let mut taken: BTreeMap<(&str, i64), &Path> = BTreeMap::new();
        for (name, licence) in &spec.licences {
            if let Some(exclusive) = &licence.exclusive
                && let Some(other) =
                    taken.insert((&exclusive.set.text, exclusive.priority), &licence.place)
            {
                self.problems.push(
                    Problem::new(
                        &codes::EQUAL_PRIORITY,
                        exclusive.place.clone(),
                        alloc::format!(
                            "licence `{name}` has a priority that another of the set `{}` has",
                            exclusive.set.text
                        ),
                    )
                    .label(other.clone(), "the other one")
                    .help("give each licence of a set a priority of its own"),
                );
            }
        }
    }
}
