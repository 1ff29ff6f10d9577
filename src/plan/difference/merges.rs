//! Accounts that go over into another one of the same person: the step that says so, and what waits for it.
//!
//! Not who they are. Keeps true: until the step is approved neither account loses or gains anything but what dates, a stated
//! cause or protection ask for; what is urgent never waits.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::ClassListKey;
use crate::directory::GroupKey;
use crate::directory::ObjectId;
use crate::directory::ObjectRef;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::step::Raw;

impl Builder<'_> {
    /// Drafts a step for each account that goes over into another one. Both must be there.
    pub(in crate::plan) fn merge_accounts(&mut self) {
        let desired = self.inputs.desired;
        for (key, wanted) in &desired.accounts {
            for retired in &wanted.merges {
                let (Some((Some(_), one)), Some((Some(_), other)), Some(going)) = (
                    self.coming(key),
                    self.coming(retired),
                    desired.accounts.get(retired),
                ) else {
                    continue;
                };
                let change = Change::MergeAccounts {
                    account: key.clone(),
                    retired: retired.clone(),
                };
                let kind = StepKind::MergeAccounts;
                let mut draft = Draft::new(Phase::Adoptions, kind, retired, &going.slice, change)
                    .values(Raw::Nothing, Raw::text(key))
                    .need(one)
                    .need(other);
                draft.want = Some(self.want(retired, "state", &AccountState::Disabled));
                let step = self.push_account(retired, draft);
                self.merging.insert(retired, step);
            }
        }
    }

    /// Lets everything about both accounts wait for the step, but what has to be done with or without it.
    pub(in crate::plan) fn wait_for_merges(&mut self) {
        let desired = self.inputs.desired;
        for (key, wanted) in &desired.accounts {
            let steps = wanted.merges.iter();
            let steps: BTreeMap<&AccountKey, DraftId> = steps
                .filter_map(|retired| Some((retired, *self.merging.get(retired)?)))
                .collect();
            let mut waits: Vec<(DraftId, DraftId)> = Vec::new();
            for (id, draft) in self.drafts.iter().enumerate() {
                if draft.urgent || draft.kind == StepKind::MergeAccounts {
                    continue;
                }
                let of = draft.subject.account.as_ref();
                for (retired, step) in &steps {
                    let waiting = match of {
                        Some(of) if of == key => !is_asked_for_anyway(draft, wanted.sealed),
                        Some(of) if of == *retired => !self.is_leaving(draft, key, wanted.sealed),
                        _ => self.turns_to(draft, key, retired),
                    };
                    if waiting {
                        waits.push((id, *step));
                    }
                }
            }
            for (id, step) in waits {
                if let Some(draft) = self.drafts.get_mut(id) {
                    draft.needs.insert(step);
                }
            }
        }
    }

    /// Whether a step about an account that goes over takes away what the other one is not to have either, or what shows of
    /// somebody protected.
    fn is_leaving(&self, draft: &Draft, key: &AccountKey, sealed: bool) -> bool {
        match &draft.change {
            Change::AdoptAccount { .. } => true,
            Change::RemoveMember { group, .. } => !self.is_member(group, key),
            Change::RemoveRow { list, .. } => !self.has_row(list, key),
            Change::ChangeMail { .. }
            | Change::RemoveAlias { .. }
            | Change::SetAttribute { .. }
            | Change::SetReference { .. } => sealed,
            _ => false,
        }
    }

    fn is_member(&self, group: &GroupKey, key: &AccountKey) -> bool {
        let wanted = self.inputs.desired.groups.get(group);
        wanted.is_some_and(|wanted| {
            let opinion = wanted.members.get(key);
            opinion.is_some_and(|opinion| opinion.set().is_some() || opinion.is_keep())
        })
    }

    fn has_row(&self, list: &ClassListKey, key: &AccountKey) -> bool {
        let wanted = self.inputs.desired.class_lists.get(list);
        wanted.is_some_and(|wanted| wanted.rows.contains_key(key))
    }

    /// Whether a step about somebody else turns a reference from the one account to the other.
    fn turns_to(&self, draft: &Draft, key: &AccountKey, retired: &AccountKey) -> bool {
        let Change::SetReference { object, name, to } = &draft.change else {
            return false;
        };
        let id = |key: &AccountKey| -> Option<&ObjectId> {
            self.ours.get(key).map(|account| &account.id)
        };
        let references = match object {
            ObjectRef::Account(account) => {
                self.ours.get(account).map(|account| &account.references)
            }
            ObjectRef::Group(group) => self.our_groups.get(group).map(|group| &group.references),
            ObjectRef::Object(_) => None,
        };
        let mut held = references.into_iter().flatten();
        let held = held.find(|(known, _)| known.eq_ignore_ascii_case(name));
        let held = held.map(|(_, id)| id);
        *to == Some(ObjectRef::Account(key.clone())) && held.is_some() && held == id(retired)
    }
}

/// Whether a step about the account that goes on takes away what it would lose as well were it the only one, or replaces what
/// shows of somebody protected.
fn is_asked_for_anyway(draft: &Draft, sealed: bool) -> bool {
    match &draft.change {
        Change::RemoveMember { .. }
        | Change::RemoveRow { .. }
        | Change::RemoveAlias { .. }
        | Change::AdoptAccount { .. } => true,
        Change::ChangeLicences { add, .. } => add.is_empty(),
        Change::Move { .. }
        | Change::SetLogin { .. }
        | Change::ChangeMail { .. }
        | Change::SetAttribute { .. }
        | Change::SetReference { .. }
        | Change::SetHidden { .. } => sealed,
        _ => false,
    }
}
