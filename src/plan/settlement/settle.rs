//! Settling: the next ledger, from what was seen and from what was done.
//!
//! Nothing is done without its result: a step that failed, was skipped, or of which nobody knows leaves the ledger as it was
//! seen. Names become reserved when the directory has confirmed that they are given up.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;

use chrono::NaiveDate;

use super::memo::Memo;
use super::memo::Standing;
use super::release::Released;
use super::results::Results;
use super::results::StepResult;
use crate::base::Text;
use crate::base::fold_case;
use crate::base::shift;
use crate::directory::AccountKey;
use crate::directory::Change;
use crate::ledger::AccountMemory;
use crate::ledger::Basis;
use crate::ledger::ConfirmedSteps;
use crate::ledger::HeldName;
use crate::ledger::Ledger;
use crate::ledger::Memory;
use crate::ledger::MergedAccount;
use crate::ledger::NoticeMemory;
use crate::ledger::Replacement;
use crate::ledger::ReservedName;
use crate::plan::kind::StepKind;
use crate::plan::step::NameOf;
use crate::plan::step::Step;

/// What stands before the names of outputs in the digests of what was wanted.
pub(in crate::plan) const WANT: &str = "want:";

/// For how many days counts of confirmed steps are remembered.
const REMEMBERED_DAYS: i64 = 400;

impl Released {
    /// The next ledger. Results of steps that were not released are not looked at.
    pub fn settle(&self, results: &Results) -> Ledger {
        let memo = &self.parts.memo;
        let mut settling = Settling {
            memory: memo.observed.memory().clone(),
            memo,
            as_of: self.parts.as_of,
        };
        for standing in &memo.standing {
            settling.standing(standing);
        }
        let mut done: BTreeSet<usize> = BTreeSet::new();
        for index in &self.positions {
            let Some(step) = self.parts.steps.get(*index) else {
                continue;
            };
            match results.get(&step.id) {
                Some(StepResult::Done { .. }) => {
                    done.insert(*index);
                    settling.step(step);
                }
                // It may have been done all the same, and nobody else must have what it gives up.
                None | Some(StepResult::Unknown) => settling.given_up(step),
                Some(StepResult::Failed | StepResult::Skipped) => {}
            }
        }
        settling.notices(&done);
        settling.wants(&done);
        settling.finish()
    }
}

struct Settling<'a> {
    memory: Memory,
    memo: &'a Memo,
    as_of: NaiveDate,
}

impl Settling<'_> {
    fn account(&mut self, key: &AccountKey) -> &mut AccountMemory {
        self.memory.accounts.entry(key.clone()).or_default()
    }

    fn standing(&mut self, standing: &Standing) {
        let as_of = self.as_of;
        match standing {
            Standing::Named(key, name, text) => self.confirm(key, *name, text),
            Standing::There(key) => {
                let account = self.account(key);
                account.created_on.get_or_insert(as_of);
                account.deleted_on = None;
            }
            Standing::Disabled(key) => {
                self.account(key).disabled_on.get_or_insert(as_of);
            }
            Standing::Enabled(key) => self.account(key).disabled_on = None,
            Standing::Gone(key) => {
                let Some(account) = self.memory.accounts.get_mut(key) else {
                    return;
                };
                if account.created_on.is_none() || account.deleted_on.is_some() {
                    return;
                }
                account.deleted_on = Some(as_of);
                let names = core::mem::take(&mut account.names);
                for name in [NameOf::Login, NameOf::Mail] {
                    if let Some(held) = names.get(name.name()).filter(|held| held.confirmed) {
                        self.retire(key, name, &Text::from(held.text.as_str()));
                    }
                }
            }
            Standing::Replaced(key) => self.account(key).replace = Some(Replacement::Done),
            Standing::Group(key, name) => {
                let group = self.memory.groups.entry(key.clone()).or_default();
                group.created_on.get_or_insert(as_of);
                group.name = name.to_string();
            }
        }
    }

    /// Takes over a step that is done.
    fn step(&mut self, step: &Step) {
        let as_of = self.as_of;
        self.given_up(step);
        match &step.change {
            Change::CreateAccount { account, login, .. } => {
                let memory = self.account(account);
                memory.created_on = Some(as_of);
                memory.adopted = false;
                memory.disabled_on = None;
                memory.deleted_on = None;
                self.confirm(account, NameOf::Login, login);
            }
            Change::AdoptAccount { account, .. } => {
                let memory = self.account(account);
                memory.created_on.get_or_insert(as_of);
                memory.deleted_on = None;
            }
            Change::MergeAccounts { account, retired } => {
                let memory = self.account(retired);
                memory.disabled_on.get_or_insert(as_of);
                memory.merged = Some(MergedAccount {
                    into: account.clone(),
                    on: as_of,
                });
            }
            Change::Purge { account, by, .. } => {
                let memory = self.account(account);
                memory.replace = Some(Replacement::Done);
                memory.renewed.clone_from(by);
            }
            Change::SetLogin { account, login } if step.kind != StepKind::Park => {
                self.confirm(account, NameOf::Login, login);
            }
            Change::ChangeMail {
                account,
                mail,
                keep_old,
            } => {
                if let Some(mail) = mail {
                    self.confirm(account, NameOf::Mail, mail);
                } else if step.kind != StepKind::Park {
                    self.account(account).names.remove(NameOf::Mail.name());
                }
                if let Some(old) = step.kept.as_ref().filter(|_| *keep_old) {
                    self.keep_alias(account, old);
                }
            }
            Change::AddAlias { account, alias } => self.unreserve(account, NameOf::Mail, alias),
            Change::RemoveAlias { account, alias } => {
                let folded = fold_case(alias);
                self.account(account)
                    .aliases
                    .retain(|held, _| fold_case(held) != folded);
            }
            Change::Enable { account } => self.account(account).disabled_on = None,
            Change::Disable { account } => self.account(account).disabled_on = Some(as_of),
            Change::DeleteAccount { account } => {
                let memory = self.account(account);
                memory.deleted_on = Some(as_of);
                memory.names.clear();
                memory.aliases.clear();
            }
            Change::CreateGroup { group, name, .. } => {
                let memory = self.memory.groups.entry(group.clone()).or_default();
                memory.created_on = Some(as_of);
                memory.name = name.to_string();
            }
            Change::RenameGroup { group, name } if step.kind != StepKind::Park => {
                self.memory.groups.entry(group.clone()).or_default().name = name.to_string();
            }
            Change::DeleteGroup { group } => {
                self.memory.groups.remove(group);
            }
            _ => {}
        }
        if step.counts() {
            self.count(step);
        }
    }

    /// Reserves the names that a step gives up. Where the account keeps one after all, it is reserved no longer.
    fn given_up(&mut self, step: &Step) {
        for (name, text) in &step.retires {
            if let Some(key) = account_of(&step.change) {
                self.retire(key, *name, text);
            }
        }
    }

    /// An old address stays an alias for as long as its policy says.
    fn keep_alias(&mut self, key: &AccountKey, old: &Text) {
        if let Some(days) = self.memo.alias_days.get(key) {
            let until = shift(self.as_of, *days);
            self.account(key)
                .aliases
                .entry(old.to_string())
                .or_insert(until);
        }
    }

    /// The directory has confirmed a name: it is held, and reserved for nobody else.
    fn confirm(&mut self, key: &AccountKey, name: NameOf, text: &Text) {
        let folded = fold_case(text);
        let account = self.account(key);
        if name == NameOf::Mail {
            account
                .aliases
                .retain(|alias, _| fold_case(alias) != folded);
        }
        let held = account
            .names
            .entry(name.name().to_string())
            .or_insert_with(|| HeldName {
                text: String::new(),
                confirmed: false,
                basis: Basis::new(),
                renames: false,
            });
        held.text = text.to_string();
        held.confirmed = true;
        held.renames = false;
        self.unreserve(key, name, text);
    }

    fn unreserve(&mut self, key: &AccountKey, name: NameOf, text: &Text) {
        if self.memory.reserved.is_empty() {
            return;
        }
        let folded = fold_case(text);
        let policy = self.memo.policies.get(&policy_key(key, name));
        self.memory.reserved.retain(|reserved| {
            let here = policy.is_none_or(|policy| {
                policy
                    .namespaces
                    .iter()
                    .any(|namespace| **namespace == *reserved.namespace)
            });
            !(here && fold_case(&reserved.text) == folded)
        });
    }

    /// Nobody holds a name any more: it is reserved for its old holder.
    fn retire(&mut self, key: &AccountKey, name: NameOf, text: &Text) {
        let Some(policy) = self.memo.policies.get(&policy_key(key, name)) else {
            return;
        };
        let until = policy.reserve_days.map(|days| shift(self.as_of, days));
        self.unreserve(key, name, text);
        for namespace in &policy.namespaces {
            self.memory.reserved.push(ReservedName {
                namespace: namespace.to_string(),
                text: text.to_string(),
                holder: key.clone(),
                until,
            });
        }
    }

    fn count(&mut self, step: &Step) {
        let as_of = self.as_of;
        let same = |steps: &&mut ConfirmedSteps| {
            steps.day == as_of && steps.kind == step.kind.name() && steps.slice == step.slice
        };
        match self.memory.confirmed.iter_mut().find(same) {
            Some(steps) => steps.count = steps.count.saturating_add(1),
            None => self.memory.confirmed.push(ConfirmedSteps {
                day: as_of,
                kind: step.kind.name().to_string(),
                slice: step.slice.clone(),
                count: 1,
            }),
        }
    }

    fn notices(&mut self, done: &BTreeSet<usize>) {
        for memo in &self.memo.notices {
            let key = memo.notice.key().to_string();
            let by_steps =
                !memo.events.is_empty() && memo.events.iter().all(|event| done.contains(event));
            let known = self.memory.notices.get(&key);
            let waits = known.is_some_and(|known| known.done_on.is_none());
            if (by_steps || memo.notice.happened) && !waits {
                self.memory.notices.insert(
                    key.clone(),
                    NoticeMemory {
                        times: memo.notice.before,
                        event: memo.notice.event,
                        account: memo.notice.account.clone(),
                        rule: memo.notice.rule.to_string(),
                        reason: memo.notice.reason.to_string(),
                        event_on: self.as_of,
                        done_on: None,
                    },
                );
            }
            if memo.step.is_some_and(|step| done.contains(&step))
                && let Some(notice) = self.memory.notices.get_mut(&key)
            {
                notice.done_on = Some(self.as_of);
                notice.times = notice.times.saturating_add(1);
            }
        }
    }

    /// Remembers what was wanted, where it is so now.
    fn wants(&mut self, done: &BTreeSet<usize>) {
        for (key, wants) in &self.memo.wants {
            let Some(account) = self.memory.accounts.get_mut(key) else {
                continue;
            };
            account.wanted.retain(|output, _| {
                output
                    .strip_prefix(WANT)
                    .is_none_or(|output| wants.contains_key(output))
            });
            for (output, want) in wants {
                if !want.blocked && want.steps.iter().all(|step| done.contains(step)) {
                    account
                        .wanted
                        .insert(alloc::format!("{WANT}{output}"), want.digest.clone());
                }
            }
            if let Some(slice) = self.memo.slices.get(key) {
                account.slice =
                    Some((slice.municipality.to_string(), slice.population.to_string()));
            }
        }
    }

    /// Remembers what covers each account; of one that is disabled nothing, so that its return is told of as such.
    fn reasons(&mut self) {
        for account in self.memory.accounts.values_mut() {
            let lives = account.created_on.is_some() && account.deleted_on.is_none();
            account.reasons =
                (lives && account.disabled_on.is_none()).then(|| account.seen.clone());
        }
    }

    fn finish(mut self) -> Ledger {
        self.reasons();
        let oldest = shift(self.as_of, REMEMBERED_DAYS.saturating_neg());
        self.memory.confirmed.retain(|steps| steps.day >= oldest);
        self.memory
            .confirmed
            .sort_by(|a, b| (a.day, &a.kind, &a.slice).cmp(&(b.day, &b.kind, &b.slice)));
        self.memory.reserved.sort();
        self.memory.reserved.dedup();
        Ledger::new(self.memory)
    }
}

fn policy_key(key: &AccountKey, name: NameOf) -> (Text, Text) {
    (key.rule.clone(), Text::from(name.name()))
}

/// Whose account a change is about.
fn account_of(change: &Change) -> Option<&AccountKey> {
    match change {
        Change::SetLogin { account, .. }
        | Change::ChangeMail { account, .. }
        | Change::RemoveAlias { account, .. }
        | Change::DeleteAccount { account } => Some(account),
        _ => None,
    }
}
