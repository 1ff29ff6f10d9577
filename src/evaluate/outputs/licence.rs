//! Licences: by rule, one of an exclusive set, and no more than there are seats, holders first.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use core::cmp::Reverse;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::DesiredAccount;
use crate::directory::DesiredGroup;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::window;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::holder::HolderRow;
use crate::evaluate::holder::Holders;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::DataError;
use crate::model::Protection;
use crate::rules::GatePolicy;
use crate::rules::LicenceRule;
use crate::rules::Output;
use crate::rules::spec::Over;

/// The attribute without which a supplier gives no licence.
const LOCATION: &str = "usageLocation";

/// What is wanted of the licences of accounts, and of the groups that carry some.
#[derive(Default)]
pub(in crate::evaluate) struct Licences {
    /// By account and SKU.
    pub(in crate::evaluate) direct: BTreeMap<AccountKey, BTreeMap<Text, Opinion<()>>>,
    /// Services that are switched off, by account and SKU.
    pub(in crate::evaluate) off: BTreeMap<AccountKey, BTreeMap<Text, BTreeSet<Text>>>,
    /// Members of the groups that carry licences, by the position of the group's rule.
    carried: BTreeMap<usize, BTreeMap<AccountKey, Opinion<()>>>,
}

/// Opinions by account and the position of the rule.
type Wanted = BTreeMap<AccountKey, BTreeMap<usize, Opinion<()>>>;

/// Computes all licences.
pub(in crate::evaluate) fn compute(
    world: &mut World<'_>,
    findings: &mut Findings,
) -> Result<Licences, LimitReached> {
    let mut wanted = Wanted::new();
    let mut horizons = alloc::vec::Vec::new();
    for (position, rule) in world.rules.licences.iter().enumerate() {
        for (row, holder) in world.holders(rule.account) {
            let opinion = match holder.life {
                _ if window::may_have(holder, &rule.window) => {
                    let mut horizon = Horizon::new(world.as_of);
                    let protection = world.population.person(holder.person).protection;
                    let policy = gate::passage(&rule.gate, protection, rule.programs());
                    let opinion = match matches(world, rule, holder, &mut horizon)? {
                        _ if gate::stays(protection, policy, holder.existing.is_some()) => {
                            Opinion::Keep(KeepCause::Held)
                        }
                        Ok(true) => Opinion::Set(()),
                        Ok(false) => Opinion::Clear,
                        Err(error) => {
                            world.not_computed(findings, holder.person, &rule.output(), &error);
                            Opinion::Keep(KeepCause::Data)
                        }
                    };
                    horizons.push((rule.account, row, horizon));
                    opinion
                }
                Life::Held => Opinion::Keep(KeepCause::Held),
                Life::Enabled | Life::Disabled => Opinion::Clear,
                Life::Pending | Life::Deleted => continue,
            };
            wanted
                .entry(holder.key.clone())
                .or_default()
                .insert(position, opinion);
        }
    }
    for (account, row, horizon) in horizons {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.horizon.merge(&horizon);
        }
    }
    choose_of_sets(world, &mut wanted);
    hold_together(world, &wanted);
    // What a licence needs is settled before it.
    for output in world.rules.strata.iter().flatten() {
        if let Output::Licence(position) = output
            && let Some(rule) = world.rules.licences.get(*position)
        {
            need(rule, *position, &mut wanted);
            seat(world, rule, *position, &mut wanted, findings);
        }
    }
    Ok(by_sku(world, wanted))
}

/// Whether a rule gives a person's account the licence.
pub(crate) fn matches(
    world: &World<'_>,
    rule: &LicenceRule,
    holder: &Holder,
    horizon: &mut Horizon,
) -> Result<Result<bool, DataError>, LimitReached> {
    let person = holder.person;
    let protection = world.population.person(person).protection;
    if !gate::passage(&rule.gate, protection, rule.programs()).is_ordinary() {
        return Ok(Ok(false));
    }
    let Some(kind) = rule.each else {
        if !window::account_counts(world, &rule.window, holder, horizon)? {
            return Ok(Ok(false));
        }
        let scope = RuleScope::of(world, person).account(rule.account, holder);
        return match &rule.when {
            Some(when) => world.condition(when, &scope, horizon),
            None => Ok(Ok(true)),
        };
    };
    let mut failed = None;
    let mut found = false;
    for row in window::counting(world, &rule.window, holder, kind, horizon)? {
        let scope = RuleScope::of(world, person)
            .account(rule.account, holder)
            .affiliation(row);
        match &rule.when {
            None => found = true,
            Some(when) => match world.condition(when, &scope, horizon)? {
                Ok(matched) => found = found || matched,
                Err(error) => failed = Some(error),
            },
        }
    }
    // One affiliation that gives it decides, whatever the others lack.
    Ok(match failed {
        Some(error) if !found => Err(error),
        _ => Ok(found),
    })
}

/// What comes first in a set: the priority, and of several accounts of one rule the first of the person's.
type Precedence = (i64, Reverse<usize>);

/// A set, for one person or for one account of theirs.
type SetOf = (Text, PersonKey, Option<AccountKey>);

/// Of each exclusive set, the one with the highest priority stays.
fn choose_of_sets(world: &World<'_>, wanted: &mut Wanted) {
    let mut best: BTreeMap<SetOf, (Precedence, AccountKey, usize)> = BTreeMap::new();
    let scope_of = |rule: &LicenceRule, key: &AccountKey| {
        rule.exclusive.as_ref().map(|exclusive| {
            let account = (exclusive.over == Over::Account).then(|| key.clone());
            (
                (exclusive.set.clone(), world.memory.owner(key), account),
                exclusive.priority,
            )
        })
    };
    for (key, licences) in wanted.iter() {
        for (position, opinion) in licences {
            let Some(rule) = world.rules.licences.get(*position) else {
                continue;
            };
            if let (Opinion::Set(()), Some((scope, priority))) = (opinion, scope_of(rule, key)) {
                // Of several accounts of one rule, the first of the person's.
                let rank = rank(world, rule, key);
                let candidate = ((priority, rank), key.clone(), *position);
                match best.get_mut(&scope) {
                    Some(known) if known.0 >= candidate.0 => {}
                    Some(known) => *known = candidate,
                    None => {
                        best.insert(scope, candidate);
                    }
                }
            }
        }
    }
    for (key, licences) in wanted.iter_mut() {
        for (position, opinion) in licences.iter_mut() {
            let Some(rule) = world.rules.licences.get(*position) else {
                continue;
            };
            if let (Opinion::Set(()), Some((scope, _))) = (&*opinion, scope_of(rule, key))
                && best
                    .get(&scope)
                    .is_some_and(|(_, winner, rule)| winner != key || rule != position)
            {
                *opinion = Opinion::Clear;
            }
        }
    }
}

/// What one person or a pool of seats has to share holds until something changes of any of the accounts that share it.
fn hold_together(world: &mut World<'_>, wanted: &Wanted) {
    let mut merged: alloc::vec::Vec<(usize, HolderRow, Horizon)> = alloc::vec::Vec::new();
    for (position, rule) in world.rules.licences.iter().enumerate() {
        let exclusive = rule.exclusive.as_ref();
        if let Some(exclusive) = exclusive.filter(|exclusive| exclusive.over == Over::Person) {
            let sharing = world.rules.licences.iter().filter(|other| {
                let other = other.exclusive.as_ref();
                other.is_some_and(|other| other.set == exclusive.set)
            });
            let accounts: BTreeSet<usize> = sharing.map(|other| other.account).collect();
            for (row, holder) in world.holders(rule.account) {
                let mut horizon = Horizon::new(world.as_of);
                let holders = accounts.iter().filter_map(|own| world.holders.get(*own));
                for known in holders.flat_map(|holders| holders.horizons_of(holder.person)) {
                    horizon.merge(known);
                }
                merged.push((rule.account, row, horizon));
            }
        }
        if rule.seats.is_some() {
            let holds = holders_of(world, rule);
            let mut horizon = Horizon::new(world.as_of);
            let all = world.holders.get(rule.account).into_iter();
            for known in all.flat_map(Holders::horizons) {
                horizon.merge(known);
            }
            // Who has one keeps it.
            let waits = |key: &AccountKey| {
                let opinion = wanted.get(key).and_then(|own| own.get(&position));
                matches!(opinion, Some(Opinion::Set(()))) && !holds.contains(key)
            };
            let waiting = world.holders(rule.account);
            let waiting = waiting.filter(|(_, holder)| waits(&holder.key));
            merged.extend(waiting.map(|(row, _)| (rule.account, row, horizon)));
        }
    }
    for (account, row, horizon) in merged {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.horizon.merge(&horizon);
        }
    }
}

/// Where an account stands among those that its person has of a rule.
fn rank(world: &World<'_>, rule: &LicenceRule, key: &AccountKey) -> Reverse<usize> {
    let mut holders = world
        .person_of(key)
        .into_iter()
        .flat_map(|person| world.holders_of(rule.account, person));
    let own = holders.find(|(_, holder)| holder.key == *key);
    Reverse(own.map_or(0, |(_, holder)| {
        holder.slot.as_ref().map_or(0, |slot| slot.rank)
    }))
}

/// A licence goes only with those that it needs; where one of them stays as it is, so does this one.
fn need(rule: &LicenceRule, position: usize, wanted: &mut Wanted) {
    for licences in wanted.values_mut() {
        if !matches!(licences.get(&position), Some(Opinion::Set(()))) {
            continue;
        }
        let mut opinion = Opinion::Set(());
        for needed in &rule.needs {
            match licences.get(needed) {
                Some(Opinion::Keep(cause)) if opinion.set().is_some() => {
                    opinion = Opinion::Keep(*cause);
                }
                Some(Opinion::Set(()) | Opinion::Keep(_)) => {}
                Some(Opinion::Clear) | None => opinion = Opinion::Clear,
            }
        }
        licences.insert(position, opinion);
    }
}

/// Where there are fewer seats than accounts, those who hold one keep it, and the rest come in the order of their keys.
fn seat(
    world: &World<'_>,
    rule: &LicenceRule,
    position: usize,
    wanted: &mut Wanted,
    findings: &mut Findings,
) {
    let Some(seats) = rule.seats else {
        return;
    };
    let holds = holders_of(world, rule);
    let mut askers: alloc::vec::Vec<(bool, AccountKey)> = wanted
        .iter()
        .filter(|(_, licences)| matches!(licences.get(&position), Some(Opinion::Set(()))))
        .map(|(key, _)| (!holds.contains(key), key.clone()))
        .collect();
    askers.sort();
    let seats = usize::try_from(seats).unwrap_or(usize::MAX);
    if askers.len() <= seats {
        return;
    }
    for (_, key) in askers.into_iter().skip(seats) {
        if let Some(licences) = wanted.get_mut(&key) {
            licences.insert(position, Opinion::Clear);
        }
    }
    findings.push(crate::diagnostic::Finding::new(
        &codes::NO_SEAT,
        crate::diagnostic::Subject::object(rule.output()),
        "there are fewer seats than accounts that should have the licence",
    ));
}

/// Who has a licence in the directory: by itself, or as a member of the group that carries it.
fn holders_of<'w>(world: &'w World<'_>, rule: &LicenceRule) -> BTreeSet<&'w AccountKey> {
    let carrier = rule.through.and_then(|group| {
        world
            .directory
            .anchored_groups()
            .get(&carrier(world, group)?)
            .copied()
    });
    world
        .directory
        .accounts
        .values()
        .filter(|account| {
            account.licences.contains(&rule.sku)
                || carrier.is_some_and(|group| group.members.contains(&account.id))
        })
        .filter_map(|account| Some(world.renewals.last(account.anchor.as_ref()?)))
        .collect()
}

/// The key of a group that carries a licence: there is one for its rule.
fn carrier(world: &World<'_>, group: usize) -> Option<GroupKey> {
    let rule = world.rules.groups.get(group)?;
    let mut horizon = Horizon::new(world.as_of);
    let key = world.text(&rule.key, &RuleScope::of_nobody(world), &mut horizon);
    Some(GroupKey {
        rule: rule.name.clone(),
        value: key.ok()?.ok()??,
    })
}

fn by_sku(world: &World<'_>, wanted: Wanted) -> Licences {
    let mut licences = Licences::default();
    for (key, positions) in wanted {
        let skus = licences.direct.entry(key.clone()).or_default();
        let off = licences.off.entry(key.clone()).or_default();
        for (position, opinion) in positions {
            let Some(rule) = world.rules.licences.get(position) else {
                continue;
            };
            if let Some(group) = rule.through {
                // What a group gives is not given twice.
                let direct = match &opinion {
                    Opinion::Keep(cause) => Opinion::Keep(*cause),
                    Opinion::Set(()) | Opinion::Clear => Opinion::Clear,
                };
                skus.entry(rule.sku.clone()).or_insert(direct);
                let carried = licences.carried.entry(group).or_default();
                carried.insert(key.clone(), opinion);
                continue;
            }
            if opinion.set().is_some() {
                // Of two rules for one SKU, a service is off only where both switch it off.
                off.entry(rule.sku.clone())
                    .and_modify(|known| known.retain(|service| rule.without.contains(service)))
                    .or_insert_with(|| rule.without.clone());
            }
            // Of two rules for one SKU, the one that gives it counts, then the one that leaves it.
            match (skus.get(&rule.sku), &opinion) {
                (Some(Opinion::Set(())), _) | (Some(Opinion::Keep(_)), Opinion::Clear) => {}
                _ => {
                    skus.insert(rule.sku.clone(), opinion);
                }
            }
        }
        off.retain(|sku, services| !services.is_empty() || switches(world, sku));
    }
    licences
}

/// Whether any rule switches services of a SKU off: then those that no rule does are switched on again.
fn switches(world: &World<'_>, sku: &Text) -> bool {
    let mut rules = world.rules.licences.iter();
    rules.any(|rule| rule.sku == *sku && !rule.without.is_empty())
}

impl Licences {
    /// Puts those who get a licence through a group into it; gives the groups that have members by that.
    pub(in crate::evaluate) fn carry(
        &self,
        world: &World<'_>,
        desired: &mut BTreeMap<GroupKey, DesiredGroup>,
    ) -> BTreeSet<GroupKey> {
        let mut filled = BTreeSet::new();
        for rule in &world.rules.licences {
            let Some((through, key, group)) = rule.through.and_then(|through| {
                let key = carrier(world, through)?;
                Some((through, key.clone(), desired.get_mut(&key)?))
            }) else {
                continue;
            };
            group.carries = Some(rule.sku.clone());
            let members = self.carried.get(&through).into_iter().flatten();
            for (member, opinion) in members.filter(|(_, opinion)| **opinion != Opinion::Clear) {
                let person = world.person_of(member);
                let protection = person.map(|person| world.population.person(person).protection);
                let (policy, protection) = match world.rules.groups.get(through).zip(protection) {
                    Some((rule, protection)) => {
                        let policy = gate::passage(&rule.gate, protection, rule.programs());
                        (policy, protection)
                    }
                    None => (GatePolicy::Pass, Protection::default()),
                };
                if policy.is_ordinary() {
                    group.members.insert(member.clone(), opinion.clone());
                } else if gate::stays(protection, policy, true) {
                    // Who is concealed only loses nothing that is there, and gets nothing.
                    let stays = Opinion::Keep(KeepCause::Held);
                    group.members.insert(member.clone(), stays);
                }
            }
            if !group.members.is_empty() {
                filled.insert(key);
            }
        }
        filled
    }
}

/// Where an account is to have a usage location and has none, its licences wait: a supplier refuses one without.
pub(in crate::evaluate) fn wait_for_location(
    wanted: &mut DesiredAccount,
    existing: Option<&Account>,
) -> bool {
    let is_location = |name: &&Text| name.eq_ignore_ascii_case(LOCATION);
    let Some(location) = wanted.attributes.keys().find(is_location) else {
        return false;
    };
    let opinion = wanted.attributes.get(location);
    let there =
        existing.is_some_and(|account| account.attributes.keys().any(|name| is_location(&name)));
    let located = match opinion {
        Some(Opinion::Set(_)) => true,
        Some(Opinion::Keep(_)) => there,
        Some(Opinion::Clear) | None => false,
    };
    let held = |sku: &Text| existing.is_some_and(|account| account.licences.contains(sku));
    let comes = |(sku, opinion): (&Text, &Opinion<()>)| opinion.set().is_some() && !held(sku);
    if located || !wanted.licences.iter().any(comes) {
        return false;
    }
    for opinion in wanted.licences.values_mut() {
        *opinion = Opinion::Keep(KeepCause::Data);
    }
    wanted.services_off.clear();
    true
}
