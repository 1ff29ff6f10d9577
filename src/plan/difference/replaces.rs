//! Replacing what the directory shows of somebody who became protected: the step that says so, with the list of all that has to go
//! elsewhere as well, and what waits for it.
//!
//! Not concealing, which waits for nothing. Keeps true: a guard that holds the step holds all that takes the place of something of
//! that account; what is to be cleaned up elsewhere is known before the first of it is gone from the directory.

use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
use super::draft::Now;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::Opinion;
use crate::directory::Purge;
use crate::ledger::Ledger;
use crate::ledger::Replacement;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::settlement::memo::Standing;
use crate::plan::step::Raw;

impl Builder<'_> {
    /// Drafts a step for each account of which something is to be replaced, and lets that wait for it.
    pub(in crate::plan) fn replacements(&mut self, observed: &Ledger) {
        let desired = self.inputs.desired;
        for (key, wanted) in &desired.accounts {
            let memory = observed.memory().accounts.get(key);
            let is_due = memory.is_some_and(|memory| memory.replace == Some(Replacement::Due));
            let is_replaced = is_due || wanted.replaced_by.is_some();
            let (true, Some(Now::There(account, adopt))) = (is_replaced, self.accounts.get(key))
            else {
                continue;
            };
            let (account, adopt) = (*account, *adopt);
            let replacing: Vec<DraftId> = self
                .drafts
                .iter()
                .enumerate()
                .filter(|(_, draft)| replaces(draft, key))
                .map(|(id, _)| id)
                .collect();
            let fresh = wanted
                .replaced_by
                .as_ref()
                .map(|by| self.coming_instead(by));
            match fresh {
                // It stays as it is where nothing can take its place.
                Some(Fresh::Nowhere) => {
                    self.drop_all(&replacing);
                    continue;
                }
                Some(Fresh::Made { in_use, .. }) => self.let_all_wait(&replacing, in_use),
                Some(Fresh::There) | None => {}
            }
            if !is_due {
                continue;
            }
            let made = match fresh {
                Some(Fresh::Made { step, .. }) => Some(step),
                _ => None,
            };
            if replacing.is_empty() && made.is_none() {
                if adopt.is_none() {
                    self.standing.push(Standing::Replaced(key.clone()));
                }
                continue;
            }
            let mut purge = self.purge(account, &replacing);
            if wanted.replaced_by.is_some() {
                purge.names.extend(account.login.clone());
                purge.addresses.extend(account.mail.clone());
                purge.addresses.extend(account.aliases.iter().cloned());
            }
            let texts: BTreeSet<Text> = purge.all().cloned().collect();
            let change = Change::Purge {
                account: key.clone(),
                purge,
                by: wanted.replaced_by.clone(),
            };
            let draft = Draft::new(
                Phase::Releases,
                StepKind::Replace,
                key,
                &wanted.slice,
                change,
            )
            .values(Raw::list(texts), Raw::Nothing)
            .need(adopt);
            let step = self.push_account(key, draft);
            self.let_all_wait(&replacing, step);
            self.let_all_wait(made.as_slice(), step);
        }
    }

    /// How far an account is that takes the place of another one.
    fn coming_instead(&self, by: &AccountKey) -> Fresh {
        let wanted = self.inputs.desired.accounts.get(by);
        let is_asked_for =
            wanted.is_some_and(|wanted| wanted.state == Opinion::Set(AccountState::Enabled));
        match self.accounts.get(by) {
            Some(Now::Made(step)) => {
                let object = by.to_string();
                let mut drafts = self.drafts.iter();
                let in_use = drafts
                    .position(|draft| draft.kind == StepKind::Enable && draft.object == object);
                Fresh::Made {
                    step: *step,
                    in_use: in_use.unwrap_or(*step),
                }
            }
            Some(Now::Nowhere) if is_asked_for => Fresh::Nowhere,
            _ => Fresh::There,
        }
    }

    fn let_all_wait(&mut self, drafts: &[DraftId], step: DraftId) {
        for id in drafts {
            if let Some(draft) = self.drafts.get_mut(*id) {
                draft.needs.insert(step);
            }
        }
    }

    fn drop_all(&mut self, drafts: &[DraftId]) {
        for id in drafts {
            if let Some(draft) = self.drafts.get_mut(*id) {
                draft.dropped = true;
            }
        }
    }

    /// What the directory shows of an account and the plan takes away: to be cleaned up wherever it was copied to.
    fn purge(&self, account: &Account, replacing: &[DraftId]) -> Purge {
        let mut purge = Purge::default();
        let changes = replacing.iter().filter_map(|id| self.drafts.get(*id));
        for draft in changes {
            match &draft.change {
                Change::SetLogin { .. } => purge.names.extend(account.login.clone()),
                Change::Move { .. } => {
                    purge.names.insert(Text::from(account.dn.to_string()));
                }
                Change::Disable { .. } => {
                    purge.names.extend(account.login.clone());
                    purge.addresses.extend(account.mail.clone());
                    purge.addresses.extend(account.aliases.iter().cloned());
                }
                Change::ChangeMail { .. } => purge.addresses.extend(account.mail.clone()),
                Change::RemoveAlias { alias, .. } => {
                    purge.addresses.insert(alias.clone());
                }
                Change::SetAttribute { name, .. } => {
                    let mut known = account.attributes.iter();
                    let held = known.find(|(known, _)| known.eq_ignore_ascii_case(name));
                    purge.names.extend(
                        held.into_iter()
                            .flat_map(|(_, values)| values.iter().cloned()),
                    );
                }
                Change::RemoveMember { group, .. } => {
                    let group = self.our_groups.get(group);
                    purge.groups.extend(group.map(|group| group.name.clone()));
                }
                Change::RemoveRow { list, .. } => {
                    let list = self.inputs.directory.class_lists.get(list);
                    purge.lists.extend(list.map(|list| list.name.clone()));
                }
                _ => {}
            }
        }
        purge
    }
}

/// How far an account is that takes the place of another one.
#[derive(Clone, Copy)]
enum Fresh {
    /// It is there, or its person is to have none for now.
    There,
    /// It is made, and then put in use, by which steps.
    Made { step: DraftId, in_use: DraftId },
    /// It is asked for, and cannot be made.
    Nowhere,
}

/// Whether a draft puts something in the place of what an account shows, or takes it away. What is urgent, what makes the account ours
/// and what only adds to it does not.
fn replaces(draft: &Draft, key: &AccountKey) -> bool {
    let kind = matches!(
        draft.kind,
        StepKind::Park
            | StepKind::Move
            | StepKind::RenameLogin
            | StepKind::ChangeMail
            | StepKind::AddAlias
            | StepKind::RemoveAlias
            | StepKind::SetAttribute
            | StepKind::SetReference
            | StepKind::Disable
            | StepKind::RemoveMember
            | StepKind::RemoveRow
            | StepKind::WriteRow
            | StepKind::ChangeLicences
            | StepKind::SetMailbox
    );
    kind && !draft.urgent && !draft.dropped && draft.subject.account.as_ref() == Some(key)
}
