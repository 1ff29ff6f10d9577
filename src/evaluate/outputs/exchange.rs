//! Groups, the exchange: what other groups add, limit and take away, what members say of a group, and what becomes of groups that
//! nobody is in any more.
//!
//! Who has a reason to be in which group was found before, person by person (`group.rs`). Keeps true: nobody is let in by another
//! group whom the policy of this one keeps out, and those of whom the data says nothing stay where they are.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;

use super::group;
use super::group::Gathered;
use super::group::OneGroup;
use super::group::Owner;
use crate::base::Horizon;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::directory::AccountKey;
use crate::directory::DesiredGroup;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::directory::Slice;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::world::World;
use crate::rules::GroupRule;
use crate::rules::spec::GroupMembership;

/// The attribute that says who owns a group.
const OWNER: &str = "managedBy";

/// Members by group rule, for the rules that take others away or add them.
pub(in crate::evaluate) type Settled = BTreeMap<usize, Gathered>;

/// What the exchange of one rule comes to.
#[derive(Default)]
pub(in crate::evaluate) struct Exchanged {
    pub(in crate::evaluate) desired: BTreeMap<GroupKey, DesiredGroup>,
    /// Since when each group has had no member; none where it has one.
    pub(in crate::evaluate) empty_since: BTreeMap<GroupKey, Option<chrono::NaiveDate>>,
}

/// The exchange: what other groups add, limit and take away, and what becomes of groups that nobody is in any more.
pub(in crate::evaluate) fn settle(
    world: &World<'_>,
    position: usize,
    mut gathered: Gathered,
    settled: &mut Settled,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Exchanged {
    let mut empty_since = BTreeMap::new();
    let Some(rule) = world.rules.groups.get(position) else {
        return Exchanged::default();
    };
    let members_of = |positions: &[usize]| -> BTreeSet<AccountKey> {
        positions
            .iter()
            .filter_map(|other| settled.get(other))
            .flat_map(|other| other.groups.values())
            .flat_map(|group| group.members.iter().cloned())
            .collect()
    };
    let (added, taken) = (members_of(&rule.union), members_of(&rule.minus));
    let limited = (!rule.intersect.is_empty()).then(|| members_of(&rule.intersect));
    // What is not known of one of those groups is not known of this one.
    for other in rule.union.iter().chain(&rule.intersect).chain(&rule.minus) {
        let undecided = settled.get(other).map(|other| other.undecided.clone());
        gathered.undecided.extend(undecided.into_iter().flatten());
    }
    for group in gathered.groups.values_mut() {
        group.members.extend(added.iter().cloned());
        group.members.retain(|member| {
            is_let_in(world, rule, member)
                && !taken.contains(member)
                && limited
                    .as_ref()
                    .is_none_or(|limited| limited.contains(member))
        });
    }
    let nested = nested(rule, settled);
    // A group of accounts is not made for nobody: all who have a reason may have been taken out.
    gathered.groups.retain(|value, group| {
        let key = GroupKey {
            rule: rule.name.clone(),
            value: value.clone(),
        };
        let lives = !group.members.is_empty() || rule.account.is_none() || !nested.is_empty();
        lives || world.directory.anchored_groups().contains_key(&key)
    });
    let mut desired = BTreeMap::new();
    for (value, group) in &gathered.groups {
        let key = GroupKey {
            rule: rule.name.clone(),
            value: value.clone(),
        };
        let wanted = one(rule, &key, group, nested.clone(), findings);
        desired.insert(key.clone(), wanted);
    }
    // Groups in which somebody is whom no rule put there, and whom none takes out.
    let mut of_others: BTreeSet<GroupKey> = BTreeSet::new();
    let keys = world.keys();
    // Groups of ours that no affiliation leads to any more lose their members, and go after a time.
    for (key, existing) in world.directory.anchored_groups() {
        if key.rule != rule.name {
            continue;
        }
        let group = desired.entry(key.clone()).or_insert_with(|| emptied(rule));
        for member in &existing.members {
            let Some(account) = keys.get(member).copied() else {
                let group = world.directory.groups.get(member);
                let is_ours = group.is_some_and(|group| group.anchor.is_some());
                if rule.membership == GroupMembership::Ours && !is_ours {
                    of_others.insert(key.clone());
                }
                continue;
            };
            if gathered.undecided.contains(account)
                || world.contested.contains(member)
                || !world.is_known(account)
            {
                let stays = Opinion::Keep(KeepCause::Data);
                group.members.entry(account.clone()).or_insert(stays);
            } else if rule.membership == GroupMembership::Ours {
                // Others may stay; an account of ours goes with its reasons.
                let goes = Opinion::Clear;
                group.members.entry(account.clone()).or_insert(goes);
            }
        }
    }
    for (key, group) in &mut desired {
        let is_there = |member: &Opinion<()>| !matches!(member, Opinion::Clear);
        let is_empty = !group.members.values().any(is_there) && group.nested.is_empty();
        if is_empty && !of_others.contains(key) {
            let before = world
                .memory
                .groups
                .get(key)
                .and_then(|memory| memory.empty_since);
            let since = before.unwrap_or(world.as_of);
            empty_since.insert(key.clone(), Some(since));
            let is_there = world.directory.anchored_groups().contains_key(key);
            group.ended = is_there
                && rule.account.is_some()
                && horizon.reached(crate::base::shift(since, rule.keep_empty));
        } else {
            empty_since.insert(key.clone(), None);
        }
    }
    let stand = desired.iter().filter(|(_, group)| !group.ended);
    gathered.stand = stand.map(|(key, _)| key.clone()).collect();
    settled.insert(position, gathered);
    Exchanged {
        desired,
        empty_since,
    }
}

/// The groups that stand in each group of a rule.
fn nested(rule: &GroupRule, settled: &Settled) -> BTreeSet<GroupKey> {
    rule.nested
        .iter()
        .filter_map(|other| settled.get(other))
        .flat_map(|other| other.stand.iter().cloned())
        .collect()
}

/// Whether the policy of a group lets an account of another group in.
fn is_let_in(world: &World<'_>, rule: &GroupRule, member: &AccountKey) -> bool {
    let person = world.person_of(member);
    let protection = person.map(|person| world.population.person(person).protection);
    protection.is_none_or(|protection| {
        gate::passage(&rule.gate, protection, rule.programs()).is_ordinary()
    })
}

/// Whether nobody sees who is in a group.
#[cfg_attr(
    not(test),
    allow(unused_variables, reason = "a leak looks at the group")
)]
fn is_hidden(rule: &GroupRule, group: &OneGroup) -> bool {
    #[cfg(test)]
    if group.wanted_by_protected {
        return false;
    }
    rule.hidden
}

fn one(
    rule: &GroupRule,
    key: &GroupKey,
    group: &OneGroup,
    nested: BTreeSet<GroupKey>,
    findings: &mut Findings,
) -> DesiredGroup {
    let mut single = |texts: &BTreeSet<Text>, what: &'static str| -> Option<Text> {
        if texts.len() > 1 {
            findings.push(
                Finding::new(
                    &codes::MIXED_GROUP,
                    Subject::object(OpenText::words("group:").and(key)),
                    OpenText::words("members of the group give it ")
                        .and(texts.len())
                        .and(" different values for its ")
                        .and(what),
                )
                .field(what),
            );
            return None;
        }
        texts.first().cloned()
    };
    let name = if rule.display.is_some() {
        single(&group.names, "name").map_or(Opinion::Keep(KeepCause::Data), Opinion::Set)
    } else {
        Opinion::Set(key.value.clone())
    };
    let container = single(&group.containers, "container");
    let description = single(&group.descriptions, "description");
    let container = container.map_or(Opinion::Keep(KeepCause::Data), |text| {
        group::parse_container(&text, OpenText::words("group:").and(key), findings)
    });
    let mut attributes = BTreeMap::new();
    if rule.description.is_some() {
        attributes.insert(
            Text::from("description"),
            description.map_or(Opinion::Keep(KeepCause::Data), |text| {
                Opinion::Set(alloc::vec![text])
            }),
        );
    }
    if is_hidden(rule, group) {
        attributes.insert(
            Text::from("hideDLMembership"),
            Opinion::Set(alloc::vec![Text::from("TRUE")]),
        );
    }
    let references = owned(rule, key, group, findings);
    DesiredGroup {
        slice: group.slice.clone().unwrap_or_default(),
        name,
        container,
        attributes,
        members: group
            .members
            .iter()
            .map(|member| (member.clone(), Opinion::Set(())))
            .collect(),
        nested,
        references,
        carries: None,
        exact: rule.membership == GroupMembership::Exact,
        ended: false,
    }
}

/// Who owns a group, where a rule says so.
fn owned(
    rule: &GroupRule,
    key: &GroupKey,
    group: &OneGroup,
    findings: &mut Findings,
) -> BTreeMap<Text, Opinion<AccountKey>> {
    let mut references = BTreeMap::new();
    if rule.owner.is_empty() {
        return references;
    }
    let subject = Subject::object(OpenText::words("group:").and(key));
    let mut owners = group.owners.iter();
    let opinion = match (owners.next(), owners.next()) {
        (Some(Owner::Account(owner)), None) => Opinion::Set(owner.clone()),
        (Some(Owner::Nobody), None) => {
            let message = "none of those who might own the group has an account in use";
            findings.push(Finding::new(&codes::DANGLING, subject, message).field("owner"));
            Opinion::Clear
        }
        (Some(_), Some(_)) => {
            let count = group.owners.len();
            let message = OpenText::words("members of the group give it ")
                .and(count)
                .and(" different owners");
            findings.push(Finding::new(&codes::MIXED_GROUP, subject, message).field("owner"));
            Opinion::Keep(KeepCause::Data)
        }
        (Some(Owner::Unknown), None) | (None, _) => Opinion::Keep(KeepCause::Data),
    };
    references.insert(Text::from(OWNER), opinion);
    references
}

fn emptied(rule: &GroupRule) -> DesiredGroup {
    DesiredGroup {
        slice: Slice::default(),
        name: Opinion::Keep(KeepCause::Rule),
        container: Opinion::Keep(KeepCause::Rule),
        attributes: BTreeMap::new(),
        members: BTreeMap::new(),
        nested: BTreeSet::new(),
        references: BTreeMap::new(),
        carries: None,
        exact: rule.membership == GroupMembership::Exact,
        ended: false,
    }
}
