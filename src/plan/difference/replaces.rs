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
use crate::directory::Change;
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
            let (true, Some(Now::There(account, adopt))) = (is_due, self.accounts.get(key)) else {
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
            if replacing.is_empty() {
                if adopt.is_none() {
                    self.standing.push(Standing::Replaced(key.clone()));
                }
                continue;
            }
            let purge = self.purge(account, &replacing);
            let texts: BTreeSet<Text> = purge.all().cloned().collect();
            let change = Change::Purge {
                account: key.clone(),
                purge,
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
            for id in replacing {
                if let Some(draft) = self.drafts.get_mut(id) {
                    draft.needs.insert(step);
                }
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
