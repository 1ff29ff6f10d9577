//! Accounts whose place another one takes, since their persons are protected: what becomes of them.
//!
//! Not whose they are (`renewal`). Keeps true: one is concealed at once, gives nothing up before the new one can be made, keeps its names,
//! is never enabled again, and is never deleted by itself.

use alloc::collections::BTreeMap;

use super::existing;
use super::lifecycle::Life;
use super::merging;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
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
use crate::directory::Opinion;
use crate::directory::RowState;
use crate::directory::Slice;
use crate::directory::Urgency;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::shielding;
use crate::evaluate::world::World;
use crate::ledger::Memory;
use crate::ledger::Replacement;
use crate::model::Person;
use crate::rules::AccountRule;
use crate::rules::GatePolicy;
use crate::rules::spec::Ownership;

/// Says what is wanted of the accounts whose place another one takes.
pub(in crate::evaluate) fn desire(
    world: &World<'_>,
    desired: &mut Desired,
    memory: &mut Memory,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    if memory.anew.is_empty() {
        return Ok(());
    }
    forget_unmade(world, desired, memory);
    if world.renewals.is_empty() {
        return Ok(());
    }
    let anchored = world.directory.accounts.values();
    let objects: BTreeMap<AccountKey, &Account> = anchored
        .rev()
        .filter_map(|account| Some((existing::owner(world, account)?.2, account)))
        .collect();
    for (key, renewal) in world.renewals.iter() {
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
        merging::leave_groups(world, key, object, &wanted.state, desired);
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
        #[cfg(test)]
        {
            wanted.sealed = !Leak::Replaced.is_planted();
        }
        wanted.shield = self
            .person
            .and_then(|person| shielding::of(self.world.rules, self.rule, person.protection));
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
        message: &'static str,
        help: &'static str,
        findings: &mut Findings,
    ) {
        let person = self.world.memory.owner(self.key);
        let finding = Finding::new(code, Subject::sealed(person), message);
        findings.push(finding.field(self.rule.output()).help(help));
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
            // Of what a lost ledger knew nothing is left to be told.
            Some(Replacement::Done) | None if !self.is_begun => Some(Replacement::Done),
            _ if makes_way => Some(Replacement::Due),
            _ => Some(Replacement::NewAccount),
        };
    }
}
