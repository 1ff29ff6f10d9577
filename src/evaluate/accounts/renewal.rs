//! Another account in the place of one that is there, where the rules ask for that when its person becomes protected: whose account
//! is to be made anew, under which key, and what becomes of the one that was there.
//!
//! Not the step that lets it happen, which stands in the plan behind its guard. Keeps true: nobody but who is protected for sure gets
//! another account; the new one has a key from which the old one cannot be found; the old one is concealed at once, gives nothing up
//! before the new one can be made, is never enabled or adopted again, and is never deleted by itself.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::account;
use super::account::Found;
use super::existing;
use super::lifecycle::Life;
use super::merging;
use super::slot;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Desired;
use crate::directory::DesiredAccount;
use crate::directory::DesiredRow;
use crate::directory::KeepCause;
use crate::directory::ObjectId;
use crate::directory::Opinion;
use crate::directory::RowState;
use crate::directory::Slice;
use crate::directory::Urgency;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::holder::HolderRow;
use crate::evaluate::world::World;
use crate::evaluate::world::sealed_id;
use crate::ledger::Anew;
use crate::ledger::Memory;
use crate::ledger::Replacement;
use crate::model::Person;
use crate::rules::AccountRule;
use crate::rules::GatePolicy;
use crate::rules::spec::Ownership;

/// Accounts in whose place another one is, or is to be.
#[derive(Clone, Default)]
pub(crate) struct Renewals {
    by_old: BTreeMap<AccountKey, Renewal>,
}

/// What takes the place of an account.
#[derive(Clone)]
struct Renewal {
    fresh: AccountKey,
    /// The object of the old one, where this run is the first to say so, or nothing that it said was released.
    begun: Option<ObjectId>,
}

/// That another account takes the place of one, as of this run.
pub(in crate::evaluate) struct Begun {
    old: AccountKey,
    object: ObjectId,
    fresh: AccountKey,
    anew: Anew,
    /// The mark of the slot of both, as their person would have it.
    mark: Text,
}

impl Renewals {
    /// Whether another account took the place of this one.
    pub(in crate::evaluate) fn are(&self, key: &AccountKey) -> bool {
        self.by_old.contains_key(key)
    }

    /// The account that stands in the place of one by now: itself, where none took it.
    pub(in crate::evaluate) fn last<'a>(&'a self, key: &'a AccountKey) -> &'a AccountKey {
        let mut last = key;
        // A damaged ledger may hold a circle.
        for _ in 0..self.by_old.len() {
            match self.by_old.get(last) {
                Some(renewal) => last = &renewal.fresh,
                None => break,
            }
        }
        last
    }

    /// Takes up what this run begins.
    pub(in crate::evaluate) fn begin(&mut self, begun: Begun, memory: &mut Memory) {
        memory.anew.insert(begun.fresh.person, begun.anew);
        let renewal = Renewal {
            fresh: begun.fresh,
            begun: Some(begun.object),
        };
        self.by_old.insert(begun.old, renewal);
    }
}

impl Begun {
    /// The new account, and the mark of its slot.
    pub(in crate::evaluate) fn placed(&self) -> (AccountKey, Text) {
        (self.fresh.clone(), self.mark.clone())
    }

    /// The old account, with its object.
    pub(in crate::evaluate) const fn old(&self) -> (&AccountKey, &ObjectId) {
        (&self.old, &self.object)
    }
}

/// Finds those that were released before: as the ledger has them, or since both accounts are there.
pub(in crate::evaluate) fn find(world: &World<'_>) -> Renewals {
    let mut renewals = Renewals::default();
    if world.memory.anew.is_empty() {
        return renewals;
    }
    let mut there: BTreeMap<(usize, PersonKey, Text), BTreeMap<u32, AccountKey>> = BTreeMap::new();
    for account in world.directory.accounts.values() {
        if let Some((rule, _, key)) = existing::owner(world, account) {
            let Anew { of, generation } = world.memory.lineage(key.person);
            let place = (rule, of, world.slot_of(rule, &key));
            there.entry(place).or_default().insert(generation, key);
        }
    }
    for keys in there.values() {
        for (old, fresh) in keys.values().zip(keys.values().skip(1)) {
            let renewal = Renewal {
                fresh: fresh.clone(),
                begun: None,
            };
            renewals.by_old.insert(old.clone(), renewal);
        }
    }
    for (old, memory) in &world.memory.accounts {
        let Some(fresh) = &memory.renewed else {
            continue;
        };
        // What was released and never made is not asked for any more once the protection has ended.
        let made = world.memory.accounts.get(fresh);
        let is_made = made.is_some_and(|made| made.created_on.is_some());
        if is_made || is_replaced_for_sure(world, old) {
            let renewal = Renewal {
                fresh: fresh.clone(),
                begun: None,
            };
            renewals.by_old.entry(old.clone()).or_insert(renewal);
        }
    }
    renewals
}

fn is_replaced_for_sure(world: &World<'_>, key: &AccountKey) -> bool {
    let person = world.person_of(key);
    person.is_some_and(|row| {
        let protection = world.population.person(row).protection;
        protection.stands() && !protection.conceals_only()
    })
}

/// Lets another account take the place of each that is there, in use, and of somebody who became protected.
pub(in crate::evaluate) fn begin(
    world: &World<'_>,
    position: usize,
    rule: &AccountRule,
    found: &mut Found,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    let due: Vec<HolderRow> = found
        .holders
        .iter()
        .filter(|(_, holder)| holder.life == Life::Enabled && is_due(world, rule, holder))
        .map(|(row, _)| row)
        .collect();
    for row in due {
        let Some(holder) = found.holders.get_mut(row) else {
            continue;
        };
        let mark = world.slot_of(position, &holder.key);
        let horizon = &mut holder.horizon;
        let can_be = account::meets_requirement(world, rule, holder.person, None, horizon)?;
        let (Some(object), true) = (holder.existing.clone(), can_be) else {
            let message = "a new account is to take the place of this one, and cannot be made; it is hidden and stays as it is";
            tell_held(world, holder, rule, message, findings);
            holder.life = Life::Held;
            continue;
        };
        let old = holder.key.clone();
        let (person, anew) = world.memory.next_key(world.salt, &old);
        let slot = match holder.slot_value() {
            Some(value) => slot::mark(world, person, value),
            None => Text::from(""),
        };
        let fresh = AccountKey {
            person,
            slot,
            ..old.clone()
        };
        if let Some(incumbent) = found.incumbents.get(&old).cloned() {
            found.incumbents.insert(fresh.clone(), incumbent);
        }
        holder.key = fresh.clone();
        holder.existing = None;
        holder.adopt = false;
        // Of two accounts, both: neither goes over into the other.
        let others = world.others.still_at(world, position, holder.person, &mark);
        let others: Vec<(AccountKey, ObjectId)> = others
            .filter_map(|other| Some((other.clone(), object_of(world, other)?)))
            .collect();
        for (old, object) in core::iter::once((old, object)).chain(others) {
            found.renewed.push(Begun {
                old,
                object,
                fresh: fresh.clone(),
                anew,
                mark: mark.clone(),
            });
        }
    }
    Ok(())
}

fn object_of(world: &World<'_>, key: &AccountKey) -> Option<ObjectId> {
    let mut accounts = world.directory.accounts.values();
    let is_it = |account: &&Account| {
        existing::owner(world, account).is_some_and(|(_, _, owner)| owner == *key)
    };
    accounts.find(is_it).map(|account| account.id.clone())
}

fn tell_held(
    world: &World<'_>,
    holder: &Holder,
    rule: &AccountRule,
    message: &str,
    findings: &mut Findings,
) {
    let output = alloc::format!("account.{}", rule.name);
    let message = String::from(message);
    world.finding(findings, holder.person, &codes::HELD, &output, message);
}

/// Whether another account is to take the place of the one that somebody has: it was made for somebody of whom nothing was withheld.
pub(in crate::evaluate) fn is_due(world: &World<'_>, rule: &AccountRule, holder: &Holder) -> bool {
    let protection = world.population.person(holder.person).protection;
    let Some(object) = world.existing(holder) else {
        return false;
    };
    if !protection.stands() || protection.conceals_only() || !rule.makes_anew(protection) {
        return false;
    }
    let remembered = |key: &AccountKey| world.memory.accounts.get(key);
    let memory = remembered(&holder.key).or_else(|| remembered(object.anchor.as_ref()?));
    let is_done = match memory {
        Some(memory) => memory.replace == Some(Replacement::Done),
        // Where a ledger was lost, what is hidden already was made for somebody protected, as far as anybody knows.
        None => object.anchor.is_some() && object.hidden,
    };
    !is_done || (protection.new && stood_before(world, holder))
}

/// Whether a flag stands newly beside one that stood before. Where a ledger was lost every flag is new, and what was done is not done
/// again.
fn stood_before(world: &World<'_>, holder: &Holder) -> bool {
    let person = world.population.person(holder.person).key;
    let memory = world.memory.persons.get(&person);
    let mut flags = memory.into_iter().flat_map(|memory| memory.flags.values());
    flags.any(|flag| flag.since < world.as_of)
}

/// Says what is wanted of the accounts whose place another one takes.
pub(in crate::evaluate) fn desire(
    world: &World<'_>,
    desired: &mut Desired,
    memory: &mut Memory,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    forget_unmade(world, desired, memory);
    if world.renewals.by_old.is_empty() {
        return Ok(());
    }
    let anchored = world.directory.accounts.values();
    let objects: BTreeMap<AccountKey, &Account> = anchored
        .rev()
        .filter_map(|account| Some((existing::owner(world, account)?.2, account)))
        .collect();
    for (key, renewal) in &world.renewals.by_old {
        let position = existing::rule_named(world, &key.rule);
        let Some((position, rule)) =
            position.and_then(|position| Some((position, world.rules.accounts.get(position)?)))
        else {
            continue;
        };
        let begun = renewal.begun.as_ref();
        let object = begun.and_then(|id| world.directory.accounts.get(id));
        let Some(object) = object.or_else(|| objects.get(key).copied()) else {
            is_gone(key, desired, memory);
            continue;
        };
        let row = world.person_of(key);
        let last = world.renewals.last(key);
        let mut holders = row
            .into_iter()
            .flat_map(|row| world.holders_of(position, row));
        let old = Old {
            world,
            position,
            rule,
            person: row.map(|row| world.population.person(row)),
            fresh: holders
                .find(|(_, holder)| holder.key == *last)
                .map(|(_, holder)| holder),
            key,
            last,
            object,
            is_begun: begun.is_some(),
        };
        let wanted = old.wanted(desired, findings)?;
        old.leave_groups(desired, &wanted);
        old.keep_rows(desired, &wanted);
        old.remember(memory, &renewal.fresh, &wanted);
        desired.accounts.insert(key.clone(), wanted);
    }
    Ok(())
}

/// The names of one that somebody has removed go to nobody while they are reserved.
fn is_gone(key: &AccountKey, desired: &mut Desired, memory: &Memory) {
    let known = memory.accounts.get(key);
    if known.is_some_and(|known| known.created_on.is_some() && known.deleted_on.is_none()) {
        let mut wanted = DesiredAccount::undecided(Slice::default(), KeepCause::Held);
        wanted.sealed = true;
        wanted.state = Opinion::Set(AccountState::Deleted);
        desired.accounts.insert(key.clone(), wanted);
    }
}

/// What was to be made and is not any more, since the protection has ended before it was released, holds no names.
fn forget_unmade(world: &World<'_>, desired: &Desired, memory: &mut Memory) {
    let anew = &memory.anew;
    let there = world.directory.anchored_accounts();
    memory.accounts.retain(|key, account| {
        let made = account.created_on.is_some() || there.contains_key(key);
        made || !anew.contains_key(&key.person) || desired.accounts.contains_key(key)
    });
}

/// An account whose place another one takes.
struct Old<'a> {
    world: &'a World<'a>,
    position: usize,
    rule: &'a AccountRule,
    person: Option<&'a Person>,
    /// The account that stands in its place, where the person is to have one now.
    fresh: Option<&'a Holder>,
    key: &'a AccountKey,
    last: &'a AccountKey,
    object: &'a Account,
    is_begun: bool,
}

impl Old<'_> {
    fn wanted(
        &self,
        desired: &Desired,
        findings: &mut Findings,
    ) -> Result<DesiredAccount, LimitReached> {
        let slice = Slice {
            municipality: Text::from(""),
            population: self.rule.population.clone(),
        };
        let mut wanted = DesiredAccount::undecided(slice, KeepCause::Held);
        // What it shows is of before, also when the protection has ended.
        wanted.sealed = true;
        wanted.hidden = Opinion::Set(true);
        wanted.urgency = self.urgency();
        wanted.recheck_on = self.fresh.and_then(|fresh| fresh.horizon.recheck_on());
        if self.object.anchor.as_ref() != Some(self.key) {
            wanted.adopt = Some(self.object.id.clone());
        }
        if !self.makes_way(desired) {
            let message = "a new account is to take the place of this one, and cannot be made; it is hidden and stays as it is";
            self.tell(
                &codes::HELD,
                message,
                "look at the other findings about it",
                findings,
            );
            return Ok(wanted);
        }
        if !self.is_begun {
            let message = "another account took the place of this one; it is disabled and never deleted by itself";
            let help = "remove it by hand when nothing of it is needed any more";
            self.tell(&codes::REPLACED_ACCOUNT, message, help, findings);
        }
        wanted.replaced_by = Some(self.last.clone());
        wanted.state = Opinion::Set(AccountState::Disabled);
        merging::put_away(self.world, self.rule, self.key, &mut wanted, findings)?;
        self.shows_nothing(&mut wanted);
        self.has_nothing(&mut wanted);
        Ok(wanted)
    }

    fn urgency(&self) -> Urgency {
        let (stands, new, stopped) = self.person.map_or((false, false, None), |person| {
            let (protection, rule) = (person.protection, self.rule);
            (
                protection.stands(),
                protection.new,
                person.stopped_from(&rule.population),
            )
        });
        if stopped.is_some_and(|day| day <= self.world.as_of) {
            Urgency::Suspend
        } else if stands && (new || !self.object.hidden) {
            Urgency::Conceal
        } else {
            Urgency::None
        }
    }

    /// Whether it is put away: the new account is there or can be made, or its person is to have none for now.
    fn makes_way(&self, desired: &Desired) -> bool {
        let Some(fresh) = self.fresh.filter(|fresh| fresh.existing.is_none()) else {
            return true;
        };
        match fresh.life {
            Life::Enabled => desired.accounts.get(&fresh.key).is_some_and(|wanted| {
                wanted.login.set().is_some() && wanted.container.set().is_some()
            }),
            Life::Held => false,
            Life::Pending | Life::Disabled | Life::Deleted => true,
        }
    }

    fn tell(
        &self,
        code: &'static crate::diagnostic::Code,
        message: &str,
        help: &str,
        findings: &mut Findings,
    ) {
        let person = self.world.memory.owner(self.key).to_hex();
        let sealed = sealed_id(&person);
        let finding = Finding::new(code, Subject::Sealed { sealed }, message);
        let output = alloc::format!("account.{}", self.rule.name);
        findings.push(finding.field(&output).help(help));
    }

    /// What rules wrote of its person is cleared. Its names stay, so that nobody else gets them.
    fn shows_nothing(&self, wanted: &mut DesiredAccount) {
        for rule in &self.rule.attributes {
            let is_it = |name: &&Text| name.eq_ignore_ascii_case(&rule.name);
            if rule.own == Ownership::Never {
                continue;
            }
            if let Some(name) = self.object.attributes.keys().find(is_it) {
                wanted.attributes.insert(name.clone(), Opinion::Clear);
            }
            if let Some(name) = self.object.references.keys().find(is_it) {
                wanted.references.insert(name.clone(), Opinion::Clear);
            }
        }
        for name in &self.rule.names {
            let keep = Opinion::Keep(KeepCause::Held);
            wanted.attributes.insert(name.name.clone(), keep);
        }
        wanted.clear_others = self.rule.clear_others
            && self.person.is_some_and(|person| {
                gate::policy(&self.rule.gate, person.protection) == GatePolicy::Alias
            });
    }

    fn has_nothing(&self, wanted: &mut DesiredAccount) {
        let rules = self.world.rules;
        for licence in &rules.licences {
            if licence.account == self.position {
                wanted.licences.insert(licence.sku.clone(), Opinion::Clear);
            }
        }
        if rules
            .mailboxes
            .iter()
            .any(|mailbox| mailbox.account == self.position)
        {
            wanted.mailbox = Opinion::Clear;
        }
    }

    /// It leaves the groups of ours that it is in, once it makes way.
    fn leave_groups(&self, desired: &mut Desired, wanted: &DesiredAccount) {
        let opinion = if wanted.state.is_keep() {
            Opinion::Keep(KeepCause::Held)
        } else {
            Opinion::Clear
        };
        for (key, group) in self.world.directory.anchored_groups() {
            if group.members.contains(&self.object.id)
                && let Some(group) = desired.groups.get_mut(key)
            {
                group.members.insert(self.key.clone(), opinion.clone());
            }
        }
    }

    /// While it does not make way, its rows stay where its person is listed as everybody is.
    fn keep_rows(&self, desired: &mut Desired, wanted: &DesiredAccount) {
        let Some(person) = self.person.filter(|_| wanted.state.is_keep()) else {
            return;
        };
        for (key, list) in &self.world.directory.class_lists {
            let rules = &self.world.rules.class_lists;
            let rule = rules.iter().find(|rule| rule.name == key.rule);
            let stays = rule.is_some_and(|rule| {
                gate::passage(&rule.gate, person.protection, rule.programs()).is_ordinary()
            });
            if let (true, Some(columns), Some(wanted)) = (
                stays,
                list.rows.get(self.key),
                desired.class_lists.get_mut(key),
            ) {
                let row = DesiredRow {
                    state: RowState::Held,
                    columns: columns.clone(),
                };
                wanted.rows.insert(self.key.clone(), row);
            }
        }
    }

    fn remember(&self, memory: &mut Memory, fresh: &AccountKey, wanted: &DesiredAccount) {
        let account = memory.accounts.entry(self.key.clone()).or_default();
        account.concealed = true;
        if !self.is_begun {
            account.renewed = Some(fresh.clone());
        }
        let makes_way = !wanted.state.is_keep();
        account.replace = match account.replace {
            Some(Replacement::Done) if !self.is_begun => Some(Replacement::Done),
            // Of what a lost ledger knew nothing is left to be told.
            None if !self.is_begun => Some(Replacement::Done),
            _ if makes_way => Some(Replacement::Due),
            _ => Some(Replacement::NewAccount),
        };
    }
}
