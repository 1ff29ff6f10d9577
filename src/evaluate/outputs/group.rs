//! Groups: one reason for each affiliation that is active and matches; computed over accounts, and settled between strata.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::directory::AccountKey;
use crate::directory::DesiredGroup;
use crate::directory::Dn;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::directory::Slice;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::window;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::outputs::attribute;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language;
use crate::language::DataError;
use crate::language::DataErrorKind;
use crate::language::Program;
use crate::model::AffiliationRow;
use crate::rules::GroupRule;
use crate::rules::spec::GroupMembership;

/// Why somebody is in a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GroupReason {
    /// The affiliation; none where the rule speaks of the account as such.
    pub(crate) affiliation: Option<AffiliationRow>,
}

/// The groups of one rule while they are gathered.
#[derive(Default)]
pub(in crate::evaluate) struct Gathered {
    groups: BTreeMap<Text, OneGroup>,
    /// Accounts about which the data does not say whether they belong: they stay where they are.
    undecided: BTreeSet<AccountKey>,
    /// The groups that are there or are made, those that are kept without members as well.
    stand: BTreeSet<GroupKey>,
}

#[derive(Default)]
struct OneGroup {
    members: BTreeSet<AccountKey>,
    names: BTreeSet<Text>,
    containers: BTreeSet<Text>,
    descriptions: BTreeSet<Text>,
    owners: BTreeSet<Owner>,
    slice: Option<Slice>,
}

/// Who owns a group, as one of its members has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Account(AccountKey),
    /// None of those who might has an account in use.
    Nobody,
    /// The data does not say.
    Unknown,
}

/// The attribute that says who owns a group.
const OWNER: &str = "managedBy";

/// Members by group rule, for the rules that take others away or add them.
pub(in crate::evaluate) type Settled = BTreeMap<usize, Gathered>;

/// The local step: who belongs to which groups of a rule. What hangs on nobody is told to the horizon.
pub(in crate::evaluate) fn gather(
    world: &mut World<'_>,
    rule: &GroupRule,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Result<Gathered, LimitReached> {
    let mut gathered = Gathered::default();
    if let Some((key, group)) = without_anybody(world, rule, horizon)? {
        gathered.groups.insert(key, group);
    }
    let Some(account) = rule.account else {
        return Ok(gathered);
    };
    let mut horizons = Vec::new();
    for (row, holder) in world.holders(account) {
        if holder.life == Life::Held {
            gathered.undecided.insert(holder.key.clone());
        }
        if !window::may_have(holder, &rule.window) {
            continue;
        }
        let protection = world.population.person(holder.person).protection;
        let policy = gate::passage(&rule.gate, protection, programs(rule));
        if !policy.is_ordinary() {
            if gate::stays(protection, policy, holder.existing.is_some()) {
                gathered.undecided.insert(holder.key.clone());
            }
            continue;
        }
        let mut horizon = Horizon::new(world.as_of);
        let reasons = reasons(world, account, rule, holder, &mut horizon)?;
        for (key, reason) in reasons.found {
            let group = gathered.groups.entry(key).or_default();
            group.members.insert(holder.key.clone());
            let mut scope = RuleScope::of(world, holder.person).account(account, holder);
            if let Some(row) = reason.affiliation {
                scope = scope.affiliation(row);
            }
            describe(world, rule, &scope, group, &mut horizon)?;
            if group.slice.is_none() && !protection.stands() {
                group.slice = Some(holder.slice.clone());
            }
        }
        if let Some(error) = reasons.error {
            world.not_computed(
                findings,
                holder.person,
                &alloc::format!("group.{}", rule.name),
                &error,
            );
            gathered.undecided.insert(holder.key.clone());
        }
        horizons.push((row, horizon));
    }
    for (row, horizon) in horizons {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.horizon.merge(&horizon);
        }
    }
    Ok(gathered)
}

/// The group of a rule that is the same whoever is in it: other groups can make it, without a reason of its own.
fn without_anybody(
    world: &World<'_>,
    rule: &GroupRule,
    horizon: &mut Horizon,
) -> Result<Option<(Text, OneGroup)>, LimitReached> {
    let scope = RuleScope::of_nobody(world);
    let Ok(Some(key)) = world.text(&rule.key, &scope, horizon)? else {
        return Ok(None);
    };
    let mut group = OneGroup::default();
    describe(world, rule, &scope, &mut group, horizon)?;
    let is_told =
        |program: &Option<Program>, texts: &BTreeSet<Text>| program.is_none() || !texts.is_empty();
    let is_whole = is_told(&rule.display, &group.names)
        && is_told(&rule.container, &group.containers)
        && is_told(&rule.description, &group.descriptions);
    Ok((is_whole || rule.account.is_none()).then_some((key, group)))
}

/// All programs of a rule that are run for a member.
fn programs(rule: &GroupRule) -> impl Iterator<Item = &Program> {
    [
        Some(&rule.key),
        rule.when.as_ref(),
        rule.display.as_ref(),
        rule.container.as_ref(),
        rule.description.as_ref(),
    ]
    .into_iter()
    .flatten()
    .chain(&rule.owner)
    .chain(rule.window.programs())
}

/// The groups of a rule that a person is in, with the reasons.
pub(crate) struct Reasons {
    pub(crate) found: Vec<(Text, GroupReason)>,
    pub(crate) error: Option<DataError>,
}

/// Why a person is in which groups of a rule. Also what *why* asks.
pub(crate) fn reasons(
    world: &World<'_>,
    account: usize,
    rule: &GroupRule,
    holder: &Holder,
    horizon: &mut Horizon,
) -> Result<Reasons, LimitReached> {
    let mut reasons = Reasons {
        found: Vec::new(),
        error: None,
    };
    // Whoever asks why must not learn what the gate keeps from the group itself.
    let person = holder.person;
    let protection = world.population.person(person).protection;
    if !gate::passage(&rule.gate, protection, programs(rule)).is_ordinary() {
        return Ok(reasons);
    }
    let Some(kind) = rule.each else {
        if !window::account_counts(world, &rule.window, holder, horizon)? {
            return Ok(reasons);
        }
        let scope = RuleScope::of(world, person).account(account, holder);
        match key(world, rule, &scope, horizon)? {
            Ok(Some(key)) => reasons.found.push((key, GroupReason { affiliation: None })),
            Ok(None) => {}
            Err(error) => reasons.error = Some(error),
        }
        return Ok(reasons);
    };
    for row in window::counting(world, &rule.window, holder, kind, horizon)? {
        let scope = RuleScope::of(world, person)
            .account(account, holder)
            .affiliation(row);
        match key(world, rule, &scope, horizon)? {
            Ok(Some(key)) => reasons.found.push((
                key,
                GroupReason {
                    affiliation: Some(row),
                },
            )),
            Ok(None) => {}
            Err(error) => reasons.error = Some(error),
        }
    }
    Ok(reasons)
}

fn key(
    world: &World<'_>,
    rule: &GroupRule,
    scope: &RuleScope<'_>,
    horizon: &mut Horizon,
) -> Result<Result<Option<Text>, DataError>, LimitReached> {
    if let Some(when) = &rule.when {
        match world.condition(when, scope, horizon)? {
            Ok(true) => {}
            Ok(false) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        }
    }
    world.text(&rule.key, scope, horizon)
}

fn describe(
    world: &World<'_>,
    rule: &GroupRule,
    scope: &RuleScope<'_>,
    group: &mut OneGroup,
    horizon: &mut Horizon,
) -> Result<(), LimitReached> {
    let texts = |program: &Option<Program>, into: &mut BTreeSet<Text>, horizon: &mut Horizon| {
        if let Some(program) = program
            && let Ok(Some(text)) = world.text(program, scope, horizon)?
        {
            into.insert(text);
        }
        Ok(())
    };
    texts(&rule.display, &mut group.names, horizon)?;
    texts(&rule.container, &mut group.containers, horizon)?;
    texts(&rule.description, &mut group.descriptions, horizon)?;
    if !rule.owner.is_empty() {
        group.owners.insert(owner(world, rule, scope, horizon)?);
    }
    Ok(())
}

/// The first of a rule's owners that has an account in use; one that is held stands in nobody else's favour.
fn owner(
    world: &World<'_>,
    rule: &GroupRule,
    scope: &RuleScope<'_>,
    horizon: &mut Horizon,
) -> Result<Owner, LimitReached> {
    for program in &rule.owner {
        let value = match world.run(program, scope, horizon)? {
            Ok(language::Opinion::Value(value)) => value,
            Ok(language::Opinion::None | language::Opinion::Keep) => continue,
            Err(error)
                if matches!(
                    error.kind,
                    DataErrorKind::MissingValue | DataErrorKind::Unresolved
                ) =>
            {
                continue;
            }
            Err(_) => return Ok(Owner::Unknown),
        };
        let holder = attribute::referred(world, &value);
        match holder.map(|holder| (holder.life, &holder.key)) {
            Some((Life::Enabled, key)) => return Ok(Owner::Account(key.clone())),
            Some((Life::Held, _)) => return Ok(Owner::Unknown),
            _ => {}
        }
    }
    Ok(Owner::Nobody)
}

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
        gate::passage(&rule.gate, protection, programs(rule)).is_ordinary()
    })
}

fn one(
    rule: &GroupRule,
    key: &GroupKey,
    group: &OneGroup,
    nested: BTreeSet<GroupKey>,
    findings: &mut Findings,
) -> DesiredGroup {
    let mut single = |texts: &BTreeSet<Text>, what: &str| -> Option<Text> {
        if texts.len() > 1 {
            findings.push(
                Finding::new(
                    &codes::MIXED_GROUP,
                    Subject::Object {
                        object: alloc::format!("group:{key}"),
                    },
                    alloc::format!(
                        "members of the group give it {} different values for its {what}",
                        texts.len()
                    ),
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
        parse_container(&text, &alloc::format!("group:{key}"), findings)
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
    if rule.hidden {
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
    let subject = Subject::Object {
        object: alloc::format!("group:{key}"),
    };
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
            let message = alloc::format!("members of the group give it {count} different owners");
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

/// A container as a distinguished name; a finding where it is none.
pub(in crate::evaluate) fn parse_container(
    text: &str,
    object: &str,
    findings: &mut Findings,
) -> Opinion<Dn> {
    if let Ok(dn) = Dn::parse(text) {
        return Opinion::Set(dn);
    }
    findings.push(
        Finding::new(
            &codes::BAD_CONTAINER,
            Subject::Object {
                object: String::from(object),
            },
            "the container is no distinguished name",
        )
        .field("container")
        .help("write it as `OU=Staff,DC=example,DC=se`"),
    );
    Opinion::Keep(KeepCause::Data)
}
