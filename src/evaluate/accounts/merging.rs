//! Several accounts of one person under one rule, since two persons turned out to be one: which of them goes on, and what
//! becomes of the others.
//!
//! Not the step that makes them one, which stands in the plan and waits until somebody approves. Keeps true: an account keeps
//! the key under which it was made, so that it is given to nobody else when a decision parts the two again; what dates, a stated
//! cause and protection ask for holds for all of them at once; one that went over is never deleted because of this.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::existing;
use super::existing::Existing;
use super::lifecycle;
use super::lifecycle::Life;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::Text;
use crate::base::fold_case;
use crate::base::shift;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::CONTAINER;
use crate::directory::Desired;
use crate::directory::DesiredAccount;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::directory::Urgency;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::outputs::group;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::shielding;
use crate::evaluate::world::World;
use crate::ledger::Memory;
use crate::ledger::MergedAccount;
use crate::model::PersonRow;
use crate::rules::AccountRule;
use crate::rules::GatePolicy;

/// One of several accounts of a person, under its key by the name that its rule has now.
type Place = (usize, PersonRow, Text);

/// Accounts that are one of several of their person, and not the one that goes on.
#[derive(Clone, Default)]
pub(crate) struct Others {
    by_place: BTreeMap<Place, Vec<AccountKey>>,
    keys: BTreeSet<AccountKey>,
    /// Where nothing is there of the one that goes on: the key that it has all the same.
    gone: BTreeMap<Place, AccountKey>,
    /// Addresses that went over to another account, and go back since the persons were parted: folded, with whose they are.
    returns: BTreeMap<String, AccountKey>,
}

impl Others {
    /// Whether an account goes over, or went over, into another one.
    pub(in crate::evaluate) fn are(&self, key: &AccountKey) -> bool {
        self.keys.contains(key)
    }

    /// The others that a person has in a slot of a rule and that did not go over yet.
    pub(in crate::evaluate) fn still_at(
        &self,
        world: &World<'_>,
        rule: usize,
        person: PersonRow,
        slot: &Text,
    ) -> impl Iterator<Item = &AccountKey> {
        let others = self.by_place.get(&(rule, person, slot.clone()));
        let others = others.into_iter().flatten();
        others.filter(move |key| went_over(world.memory, person, world, key).is_none())
    }

    /// The key of a person's account: that of the object where there is one.
    pub(in crate::evaluate) fn key_of(
        &self,
        world: &World<'_>,
        rule: &AccountRule,
        person: PersonRow,
        slot: &Text,
        existing: Option<&Existing>,
    ) -> AccountKey {
        if let Some(existing) = existing {
            return existing.key.clone();
        }
        let own = AccountKey {
            slot: slot.clone(),
            ..AccountKey::new(world.population.person(person).key, &rule.name)
        };
        let position = existing::rule_named(world, &rule.name);
        let place = position.map(|position| (position, person, own.slot.clone()));
        let goes_on = place.and_then(|place| self.gone.get(&place));
        world.renewals.last(goes_on.unwrap_or(&own)).clone()
    }

    /// Whose an address is that another account still holds.
    pub(in crate::evaluate) fn owner_of(&self, address: &str) -> Option<&AccountKey> {
        self.returns.get(&fold_case(address))
    }
}

/// Finds them, among persons who were two, and among accounts with slots. The one in use goes on; of two in use, or of two that nobody uses, one that was made anew, and else that of the person who was seen first.
pub(in crate::evaluate) fn find(world: &World<'_>) -> Others {
    let mut found: BTreeMap<Place, BTreeMap<AccountKey, bool>> = BTreeMap::new();
    let gone = world.memory.merged.keys();
    let were_two: BTreeSet<PersonKey> = gone
        .flat_map(|gone| [*gone, world.memory.surviving(*gone)])
        .collect();
    // An account that was made anew is one of its person's like any other.
    let anew = world.memory.anew.iter();
    let anew: BTreeSet<PersonKey> = anew
        .filter(|(_, anew)| were_two.contains(&anew.of))
        .map(|(key, _)| *key)
        .collect();
    let with_slots = world
        .rules
        .accounts
        .iter()
        .any(|rule| !rule.slots.is_empty());
    let anchors = world.directory.accounts.values();
    let concerned = anchors.filter(|account| {
        let anchor = account.anchor.as_ref();
        anchor.is_some_and(|anchor| {
            with_slots
                || !anchor.slot.is_empty()
                || were_two.contains(&anchor.person)
                || anew.contains(&anchor.person)
        })
    });
    for account in concerned {
        if let Some((rule, person, key)) = existing::owner(world, account) {
            if world.renewals.are(&key) {
                continue;
            }
            let place = (rule, person, world.slot_of(rule, &key));
            found
                .entry(place)
                .or_default()
                .entry(key)
                .or_insert(account.enabled);
        }
    }
    let mut others = Others::default();
    for (place, accounts) in found {
        let first = world.population.person(place.1).key;
        let went = |key: &AccountKey| went_over(world.memory, place.1, world, key);
        // One that was made for somebody protected shows nothing of who they are.
        let is_old = |key: &AccountKey| !world.memory.anew.contains_key(&key.person);
        let goes_on = accounts
            .iter()
            .filter(|(key, _)| went(key).is_none())
            .min_by_key(|(key, enabled)| (!**enabled, is_old(key), key.person != first, *key));
        let goes_on = goes_on.map(|(key, _)| key.clone());
        if goes_on.is_none()
            && let Some(went) = accounts.keys().find_map(went)
        {
            others.gone.insert(place.clone(), went.into.clone());
        }
        let rest = accounts.into_keys();
        let rest: Vec<AccountKey> = rest.filter(|key| Some(key) != goes_on.as_ref()).collect();
        others.keys.extend(rest.iter().cloned());
        if !rest.is_empty() {
            others.by_place.insert(place, rest);
        }
    }
    for (key, memory) in &world.memory.accounts {
        if memory.merged.is_some() && !others.are(key) {
            let gives = memory.gives.iter();
            others
                .returns
                .extend(gives.map(|address| (fold_case(address), key.clone())));
        }
    }
    others
}

/// Where an account of a person went, as long as that is still an account of the same person.
fn went_over<'m>(
    memory: &'m Memory,
    person: PersonRow,
    world: &World<'_>,
    key: &AccountKey,
) -> Option<&'m MergedAccount> {
    let merged = memory.accounts.get(key)?.merged.as_ref()?;
    (world.person_of(&merged.into) == Some(person)).then_some(merged)
}

/// Says what is wanted of the others, and what goes over to the one that goes on.
pub(in crate::evaluate) fn desire(
    world: &World<'_>,
    desired: &mut Desired,
    memory: &mut Memory,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    if world.others.by_place.is_empty() && memory.accounts.values().all(|one| one.merged.is_none())
    {
        return Ok(());
    }
    let directory = world.directory.accounts.values();
    let objects: BTreeMap<AccountKey, &Account> = directory
        .rev()
        .filter_map(|account| Some((existing::owner(world, account)?.2, account)))
        .collect();
    for ((position, row, slot), others) in &world.others.by_place {
        let (Some(rule), Some(holder)) = (
            world.rules.accounts.get(*position),
            world.holder_in(*position, *row, slot),
        ) else {
            continue;
        };
        for key in others {
            let Some(object) = objects.get(key).filter(|_| !world.renewals.are(key)) else {
                continue;
            };
            let mut other = Other {
                world,
                rule,
                row: *row,
                holder,
                key,
                object,
                merged: went_over(world.memory, *row, world, key).cloned(),
            };
            other.tell(findings);
            let wanted = other.wanted(desired, memory, horizon, findings)?;
            leave_groups(world, key, object, &wanted.state, desired);
            desired.accounts.insert(key.clone(), wanted);
        }
    }
    give_back(world, desired, memory, &objects);
    Ok(())
}

/// One account that goes over, or went over.
struct Other<'a> {
    world: &'a World<'a>,
    rule: &'a AccountRule,
    row: PersonRow,
    /// The account that goes on.
    holder: &'a Holder,
    key: &'a AccountKey,
    object: &'a Account,
    /// Where it went, once that was confirmed.
    merged: Option<MergedAccount>,
}

impl Other<'_> {
    fn tell(&self, findings: &mut Findings) {
        let (code, message) = match (&self.merged, self.holder.life) {
            (Some(_), _) => (
                &codes::MERGED_ACCOUNT,
                "an account went over into another one of this person; it is disabled and never deleted by itself",
            ),
            (None, Life::Enabled) => (
                &codes::TWO_ACCOUNTS,
                "two accounts are one person's; the step that lets one go over into the other waits until somebody approves",
            ),
            (None, _) => (
                &codes::TWO_ACCOUNTS,
                "two accounts are one person's; neither goes over into the other for now",
            ),
        };
        self.world
            .finding(findings, self.row, code, self.rule.output(), message);
    }

    fn wanted(
        &mut self,
        desired: &mut Desired,
        memory: &mut Memory,
        horizon: &mut Horizon,
        findings: &mut Findings,
    ) -> Result<DesiredAccount, LimitReached> {
        let person = self.world.population.person(self.row);
        let stands = person.protection.stands();
        let mut wanted = DesiredAccount::undecided(self.holder.slice.clone(), KeepCause::Held);
        wanted.sealed = stands;
        wanted.shield = shielding::of(self.world.rules, self.rule, person.protection);
        wanted.recheck_on = self.holder.horizon.recheck_on();
        if self.object.anchor.as_ref() != Some(self.key) {
            wanted.adopt = Some(self.object.id.clone());
        }
        if stands {
            wanted.hidden = Opinion::Set(true);
            let policy = gate::policy(&self.rule.gate, person.protection);
            let replaces = !person.protection.conceals_only() && self.holder.life != Life::Held;
            wanted.clear_others = policy == GatePolicy::Alias && self.rule.clear_others && replaces;
        }
        let stopped_from = person.stopped_from(&self.rule.population);
        if stopped_from.is_some_and(|day| day <= self.world.as_of) {
            wanted.urgency = Urgency::Suspend;
        } else if stands && !self.object.hidden {
            wanted.urgency = Urgency::Conceal;
        }
        let remembered = memory.accounts.entry(self.key.clone()).or_default();
        remembered.concealed = stands;
        if self.is_over(memory, horizon) {
            wanted.state = Opinion::Set(AccountState::Deleted);
        } else if let Life::Enabled | Life::Disabled | Life::Deleted = self.holder.life {
            wanted.state = Opinion::Set(AccountState::Disabled);
            if self.rule.disabled_hide {
                wanted.hidden = Opinion::Set(true);
            }
            put_away(self.world, self.rule, self.key, &mut wanted, findings)?;
            let licences = self.world.rules.licences.iter();
            for licence in licences.filter(|licence| {
                self.world
                    .rules
                    .accounts
                    .get(licence.account)
                    .map(|rule| &rule.name)
                    == Some(&self.rule.name)
            }) {
                wanted.licences.insert(licence.sku.clone(), Opinion::Clear);
            }
        }
        if self.holder.life == Life::Enabled {
            self.give_addresses(desired, &mut wanted, memory, horizon)?;
            if self.merged.is_none()
                && let Some(kept) = desired.accounts.get_mut(&self.holder.key)
            {
                kept.merges.insert(self.key.clone());
            }
        }
        Ok(wanted)
    }

    /// Whether the time of one that never went over is over, as that of the one that would have gone on.
    fn is_over(&self, memory: &Memory, horizon: &mut Horizon) -> bool {
        if self.merged.is_some() || self.holder.life != Life::Deleted {
            return false;
        }
        let person = self.world.population.person(self.row);
        let stopped_from = person.stopped_from(&self.rule.population);
        let own = memory.accounts.get(self.key);
        let covered = &self.holder.covered;
        let life = lifecycle::life(self.rule, covered, own, true, stopped_from, horizon);
        life == Life::Deleted
    }

    /// The addresses go over as aliases, for as long as the rule keeps an old address; those of a protected person go.
    fn give_addresses(
        &self,
        desired: &mut Desired,
        wanted: &mut DesiredAccount,
        memory: &mut Memory,
        horizon: &mut Horizon,
    ) -> Result<(), LimitReached> {
        let Some(mail) = self.rule.names.iter().find(|name| &*name.name == "mail") else {
            return Ok(());
        };
        let protection = self.world.population.person(self.row).protection;
        let policy = gate::passage(&mail.gate, protection, mail.programs());
        let own = self.object.mail.iter().chain(&self.object.aliases);
        if !policy.is_ordinary() {
            if !protection.conceals_only() {
                give_up(self.object, wanted);
            }
            return Ok(());
        }
        let Some(alias) = &mail.alias else {
            return Ok(());
        };
        let position = existing::rule_named(self.world, &self.rule.name).unwrap_or(usize::MAX);
        let scope = RuleScope::of(self.world, self.row).account(position, self.holder);
        let days = lifecycle::span(self.world, alias, &scope, horizon)?;
        give_up(self.object, wanted);
        let remembered = memory.accounts.entry(self.key.clone()).or_default();
        if self.merged.is_none() {
            remembered.gives.clear();
        }
        remembered.gives.extend(own.map(ToString::to_string));
        let since = self
            .merged
            .as_ref()
            .map_or(self.world.as_of, |merged| merged.on);
        let until = shift(since, days);
        let over = horizon.reached(until);
        let Some(kept) = desired.accounts.get_mut(&self.holder.key) else {
            return Ok(());
        };
        let mut own = Horizon::new(self.world.as_of);
        own.changes_on(until);
        own.changes_on(kept.recheck_on.unwrap_or(until));
        kept.recheck_on = own.recheck_on();
        for address in remembered
            .gives
            .iter()
            .map(|text| Text::from(text.as_str()))
        {
            if kept.mail.set() == Some(&address) || kept.withdrawn.contains(&address) {
                continue;
            }
            if over {
                kept.withdrawn.insert(address);
            } else {
                kept.aliases.insert(address);
            }
        }
        Ok(())
    }
}

fn give_up(object: &Account, wanted: &mut DesiredAccount) {
    if object.mail.is_some() {
        wanted.mail = Opinion::Clear;
    }
    wanted.withdrawn.extend(object.aliases.iter().cloned());
}

/// An account that goes leaves the groups of ours that it is in; while nothing is decided of it, it stays in them.
pub(in crate::evaluate) fn leave_groups(
    world: &World<'_>,
    key: &AccountKey,
    object: &Account,
    state: &Opinion<AccountState>,
    desired: &mut Desired,
) {
    let opinion = if state.is_keep() {
        Opinion::Keep(KeepCause::Held)
    } else {
        Opinion::Clear
    };
    for (group, found) in world.directory.anchored_groups() {
        if found.members.contains(&object.id)
            && let Some(wanted) = desired.groups.get_mut(group)
        {
            wanted.members.insert(key.clone(), opinion.clone());
        }
    }
}

/// Where an account of a rule stands that is disabled.
pub(in crate::evaluate) fn put_away(
    world: &World<'_>,
    rule: &AccountRule,
    key: &AccountKey,
    wanted: &mut DesiredAccount,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    let Some(program) = &rule.disabled_container else {
        return Ok(());
    };
    let mut horizon = Horizon::new(world.as_of);
    let text = world.text(program, &RuleScope::of_nobody(world), &mut horizon)?;
    if let Ok(Some(text)) = text {
        let object = OpenText::words("account:").and(key);
        wanted.container = group::parse_container(&text, object, findings);
        // It reads nothing of anybody.
        if let Some(shield) = &mut wanted.shield {
            shield.cover(CONTAINER);
        }
    }
    Ok(())
}

/// What went over to an account goes back where the persons were parted again. It is remembered until it has.
fn give_back(
    world: &World<'_>,
    desired: &mut Desired,
    memory: &mut Memory,
    objects: &BTreeMap<AccountKey, &Account>,
) {
    for (key, account) in &mut memory.accounts {
        let Some(merged) = account.merged.as_ref().filter(|_| !world.others.are(key)) else {
            continue;
        };
        let held: BTreeSet<String> = objects
            .get(&merged.into)
            .into_iter()
            .flat_map(|object| object.mail.iter().chain(&object.aliases))
            .map(|address| fold_case(address))
            .collect();
        account
            .gives
            .retain(|address| held.contains(&fold_case(address)));
        if let Some(holds) = desired.accounts.get_mut(&merged.into) {
            let gives = account.gives.iter().map(|text| Text::from(text.as_str()));
            holds.withdrawn.extend(gives);
        }
        if account.gives.is_empty() {
            account.merged = None;
        }
    }
}
