//! How a plan is made: the difference of what is wanted and what is, put into an order in which every prefix is valid.
//!
//! Only what carries our anchor, or is adopted, is touched; only opinions that set or clear make steps.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
use super::draft::Name;
use super::draft::Now;
use super::finish::finish;
use crate::base::Text;
use crate::base::fold_case;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::directory::Change;
use crate::directory::DesiredNotice;
use crate::directory::Dn;
use crate::directory::NoticeEvent;
use crate::directory::NoticeText;
use crate::directory::Slice;
use crate::directory::codes::ANCHOR_TWICE;
use crate::directory::codes::NAME_TWICE;
use crate::plan::document::Plan;
use crate::plan::inputs::PlanInputs;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::step::Raw;

impl Plan {
    /// Makes the plan that turns what is into what is wanted.
    pub fn build(mut inputs: PlanInputs<'_>) -> Self {
        let observed = core::mem::take(&mut inputs.observed);
        let policies = core::mem::take(&mut inputs.name_policies);
        let mut builder = Builder::new(&inputs);
        builder.repeated_anchors();
        builder.repeated_names();
        builder.account_names();
        builder.group_names();
        builder.resolve_names();
        builder.forget_dropped();
        builder.containers();
        builder.account_values();
        builder.group_values();
        builder.class_lists();
        builder.wait_for_merges();
        builder.replacements(&observed);
        let notices = builder.notices();
        finish(builder, notices, observed, policies)
    }
}

/// A notice with the drafts of its event, and its own.
pub(in crate::plan) struct NoticeDraft<'a> {
    pub(in crate::plan) notice: &'a DesiredNotice,
    pub(in crate::plan) events: Vec<DraftId>,
    pub(in crate::plan) step: DraftId,
}

impl<'a> Builder<'a> {
    fn repeated_anchors(&mut self) {
        let directory = self.inputs.directory;
        let mut repeated: BTreeSet<OpenText> = BTreeSet::new();
        for account in directory.accounts.values() {
            let Some(key) = &account.anchor else { continue };
            if self.ours.get(key).is_some_and(|ours| ours.id != account.id) {
                repeated.insert(OpenText::from(key));
            }
        }
        for group in directory.groups.values() {
            let Some(key) = &group.anchor else { continue };
            if self
                .our_groups
                .get(key)
                .is_some_and(|ours| ours.id != group.id)
            {
                repeated.insert(OpenText::from(key));
            }
        }
        for object in repeated {
            let message = "two objects of the directory carry this anchor";
            self.findings.push(
                Finding::new(&ANCHOR_TWICE, Subject::Object { object }, message)
                    .help("remove the anchor from the object that is not meant"),
            );
        }
    }

    /// No directory holds two objects of one name; a list of its objects that does is wrong. Which they are is not said, since
    /// an object that is nobody's may be that of a protected person.
    fn repeated_names(&mut self) {
        let directory = self.inputs.directory;
        let accounts = directory.accounts.values();
        let groups = directory.groups.values();
        let places = accounts
            .clone()
            .map(|account| &account.dn)
            .chain(groups.map(|group| &group.dn));
        let logins =
            accounts.filter_map(|account| account.login.as_ref().map(|login| fold_case(login)));
        for (count, what) in [
            (repetitions(places), "the distinguished name"),
            (repetitions(logins), "the login"),
        ] {
            if count > 0 {
                let message = OpenText::from(count)
                    .and(" objects of the directory have ")
                    .and(what)
                    .and(" that another one has");
                self.findings.push(
                    Finding::new(&NAME_TWICE, Subject::Run, message)
                        .help("look whether an object was listed twice, under two ids"),
                );
            }
        }
    }

    /// Objects whose making was dropped are not there.
    fn forget_dropped(&mut self) {
        let dropped = |step: DraftId| self.drafts.get(step).is_none_or(|draft| draft.dropped);
        for now in self.accounts.values_mut() {
            if matches!(now, Now::Made(step) if dropped(*step)) {
                *now = Now::Nowhere;
            }
        }
        for now in self.groups.values_mut() {
            if matches!(now, Now::Made(step) if dropped(*step)) {
                *now = Now::Nowhere;
            }
        }
    }

    /// Drafts the containers that are needed and missing, parents first.
    fn containers(&mut self) {
        let mut made: BTreeMap<Dn, DraftId> = BTreeMap::new();
        for id in 0..self.drafts.len() {
            let Some(draft) = self.drafts.get(id).filter(|draft| !draft.dropped) else {
                continue;
            };
            let places: Vec<Dn> = draft
                .acquires
                .iter()
                .filter_map(|name| match name {
                    Name::Place(dn) => dn.parent(),
                    _ => None,
                })
                .collect();
            for container in places {
                let need = self.container(&container, &mut made);
                if let Some(draft) = self.drafts.get_mut(id) {
                    draft.needs.extend(need);
                }
            }
        }
    }

    fn container(&mut self, dn: &Dn, made: &mut BTreeMap<Dn, DraftId>) -> Option<DraftId> {
        let mut missing: Vec<Dn> = Vec::new();
        let mut above = Some(dn.clone());
        while let Some(dn) = above.filter(|dn| !self.inputs.directory.has_container(dn)) {
            above = dn.parent();
            missing.push(dn);
        }
        let mut need = None;
        for dn in missing.into_iter().rev() {
            let id = if let Some(id) = made.get(&dn) {
                *id
            } else {
                let change = Change::CreateContainer { dn: dn.clone() };
                let kind = StepKind::CreateContainer;
                let draft =
                    Draft::new(Phase::Containers, kind, &dn, &Slice::default(), change).need(need);
                self.push(draft)
            };
            made.insert(dn, id);
            need = Some(id);
        }
        need
    }

    /// Drafts the notices whose event is in the plan, or was confirmed and not yet told of.
    fn notices(&mut self) -> Vec<NoticeDraft<'a>> {
        let mut events: BTreeMap<(NoticeEvent, alloc::string::String), Vec<DraftId>> =
            BTreeMap::new();
        let mut created: BTreeSet<&str> = BTreeSet::new();
        // The steps by which accounts come into use.
        let mut enabled: BTreeMap<alloc::string::String, DraftId> = BTreeMap::new();
        let standing = self.drafts.iter().enumerate();
        for (id, draft) in standing.filter(|(_, draft)| !draft.dropped) {
            if draft.kind == StepKind::CreateAccount {
                created.insert(&draft.object);
            }
            if draft.kind == StepKind::Enable {
                enabled.insert(draft.object.clone(), id);
            }
        }
        for (id, draft) in self
            .drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| !draft.dropped)
        {
            let new = created.contains(draft.object.as_str());
            let event = match draft.kind {
                StepKind::CreateAccount => NoticeEvent::Created,
                StepKind::Enable if !new => NoticeEvent::Enabled,
                StepKind::RenameLogin if !new => NoticeEvent::Renamed,
                StepKind::ChangeMail
                    if !new && draft.before != Raw::Nothing && draft.after != Raw::Nothing =>
                {
                    NoticeEvent::Renamed
                }
                StepKind::Disable => NoticeEvent::Disabled,
                _ => continue,
            };
            events
                .entry((event, draft.object.clone()))
                .or_default()
                .push(id);
        }
        let mut drafted: BTreeMap<Text, NoticeDraft<'a>> = BTreeMap::new();
        for notice in &self.inputs.desired.notices {
            let key = notice.key();
            let event = events
                .get(&(notice.event, notice.account.to_string()))
                .cloned()
                .unwrap_or_default();
            let pending = self
                .inputs
                .ledger
                .memory()
                .notices
                .get(&*key)
                .is_some_and(|memory| memory.done_on.is_none() && memory.event == notice.event);
            if drafted.contains_key(&key) || (event.is_empty() && !pending && !notice.happened) {
                continue;
            }
            let text = NoticeText {
                key: notice.sending_key(),
                rule: notice.rule.clone(),
                event: notice.event,
                account: notice.account.clone(),
                to: notice.to.clone(),
                task: notice.task,
                fields: notice.fields.clone(),
                needs: notice.needs.clone(),
            };
            let slice = self.slice_of(&notice.account);
            let tail = alloc::format!("{}:{}", notice.rule, notice.reason);
            let to = notice.to.as_ref().map_or(Raw::Nothing, Raw::text);
            let mut draft = Draft::new(
                Phase::Notices,
                StepKind::Notice,
                &notice.account,
                &slice,
                Change::Notice(text),
            )
            .values(Raw::Nothing, to)
            .field(&notice.rule)
            .tail(&tail);
            draft.needs.extend(event.iter().copied());
            if let Some(to) = &notice.to {
                // Nobody hears of anything in an account that is not in use yet.
                let made = self.coming(to);
                draft.dropped = made.is_none();
                draft.needs.extend(made.and_then(|(_, made)| made));
                draft.needs.extend(enabled.get(&to.to_string()));
            }
            let step = self.push_account(&notice.account, draft);
            drafted.insert(
                key,
                NoticeDraft {
                    notice,
                    events: event,
                    step,
                },
            );
        }
        drafted.into_values().collect()
    }
}

/// How many things are the same as one before them.
fn repetitions<T: Ord>(things: impl Iterator<Item = T>) -> usize {
    let mut seen = BTreeSet::new();
    let mut repeated = 0_usize;
    for thing in things {
        if !seen.insert(thing) {
            repeated = repeated.saturating_add(1);
        }
    }
    repeated
}
