//! What is to be done about groups, their members, and class lists.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::ToString;

use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
use super::draft::Name;
use super::draft::Now;
use super::values::attribute_changes;
#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::base::fold_case;
use crate::directory::AccountKey;
use crate::directory::Change;
use crate::directory::ClassListKey;
use crate::directory::DesiredClassList;
use crate::directory::DesiredGroup;
use crate::directory::Group;
use crate::directory::GroupKey;
use crate::directory::ObjectId;
use crate::directory::ObjectRef;
use crate::directory::Opinion;
use crate::directory::RowState;
use crate::directory::Slice;
use crate::directory::codes::UNKNOWN_MEMBER;
use crate::plan::codes;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::settlement::memo::Standing;
use crate::plan::step::Raw;

impl Builder<'_> {
    /// Finds what becomes of each group, and drafts the steps that take or give up a name.
    pub(in crate::plan) fn group_names(&mut self) {
        let desired = self.inputs.desired;
        for (key, wanted) in &desired.groups {
            let now = match self.our_groups.get(key).copied() {
                Some(group) if wanted.ended => {
                    self.delete_group(key, wanted, group);
                    Now::There(group, None)
                }
                Some(group) => {
                    self.rename_group(key, wanted, group);
                    Now::There(group, None)
                }
                None if wanted.ended => Now::Nowhere,
                None => self
                    .create_group(key, wanted)
                    .map_or(Now::Nowhere, Now::Made),
            };
            self.groups.insert(key, now);
        }
    }

    /// Drafts attributes and members of groups. By now it is known what is made and what is not.
    pub(in crate::plan) fn group_values(&mut self) {
        let desired = self.inputs.desired;
        for (key, wanted) in &desired.groups {
            let Some((group, step)) = self.coming_group(key) else {
                continue;
            };
            let actual = group.map(|group| &group.attributes);
            for (name, before, values) in attribute_changes(&wanted.attributes, actual, false) {
                let after = Raw::list(&values);
                let object = ObjectRef::Group(key.clone());
                let change = Change::SetAttribute {
                    object,
                    name: name.clone(),
                    values,
                };
                let mut draft = Draft::new(
                    Phase::Groups,
                    StepKind::SetAttribute,
                    key,
                    &wanted.slice,
                    change,
                )
                .values(before, after)
                .field(&name)
                .need(step);
                draft.seal.before = self.shows_others("group", &key.rule, &name);
                self.push_group(key, draft);
            }
            self.group_references(key, wanted, group, step);
            self.add_members(key, wanted, group, step);
            if let Some(group) = group {
                self.remove_members(key, wanted, group);
            }
        }
    }

    /// Drafts who owns a group.
    fn group_references(
        &mut self,
        key: &GroupKey,
        wanted: &DesiredGroup,
        group: Option<&Group>,
        step: Option<DraftId>,
    ) {
        for (name, opinion) in &wanted.references {
            let held = group.and_then(|group| {
                let mut references = group.references.iter();
                references.find(|(known, _)| known.eq_ignore_ascii_case(name))
            });
            let (spelled, id) = held.map_or((name, None), |(known, id)| (known, Some(id)));
            let (target, made) = match opinion {
                Opinion::Keep(_) => continue,
                Opinion::Clear if id.is_none() => continue,
                Opinion::Clear => (None, None),
                Opinion::Set(target) => {
                    let Some((there, made)) = self.coming(target) else {
                        let message = "the account that is referred to is not there";
                        self.finding(&codes::NO_TARGET, key, Some(name), message);
                        continue;
                    };
                    if there.is_some() && there.map(|there| &there.id) == id {
                        continue;
                    }
                    (Some(target), made)
                }
            };
            let before = id.map_or(Raw::Nothing, |id| Raw::text(&self.known(id)));
            let change = Change::SetReference {
                object: ObjectRef::Group(key.clone()),
                name: spelled.clone(),
                to: target.map(|target| ObjectRef::Account(target.clone())),
            };
            let kind = StepKind::SetReference;
            let draft = Draft::new(Phase::References, kind, key, &wanted.slice, change)
                .values(before, target.map_or(Raw::Nothing, Raw::text))
                .field(spelled)
                .need(step)
                .need(made);
            self.push_group(key, draft);
        }
    }

    fn push_group(&mut self, key: &GroupKey, mut draft: Draft) -> DraftId {
        draft.subject.group = Some(key.clone());
        self.push(draft)
    }

    fn create_group(&mut self, key: &GroupKey, wanted: &DesiredGroup) -> Option<DraftId> {
        let (Some(container), Some(name)) = (wanted.container.set(), wanted.name.set()) else {
            let message = "the group cannot be made, since its container or its name is held";
            self.finding(&codes::NOT_MADE, key, None, message);
            return None;
        };
        let dn = self.child((key, "name"), container, name)?;
        let change = Change::CreateGroup {
            group: key.clone(),
            dn: dn.clone(),
            name: name.clone(),
        };
        let mut draft = Draft::new(
            Phase::Groups,
            StepKind::CreateGroup,
            key,
            &wanted.slice,
            change,
        )
        .values(Raw::Nothing, Raw::text(&dn));
        draft.acquires.push(Name::Login(fold_case(name)));
        draft.acquires.push(Name::Place(dn));
        Some(self.push_group(key, draft))
    }

    fn delete_group(&mut self, key: &GroupKey, wanted: &DesiredGroup, group: &Group) {
        if self.parents.contains(&group.dn) {
            let message = "the group has objects beneath it and is not deleted";
            return self.finding(&codes::HAS_CHILDREN, key, None, message);
        }
        let change = Change::DeleteGroup { group: key.clone() };
        let mut draft = Draft::new(
            Phase::Deletions,
            StepKind::DeleteGroup,
            key,
            &wanted.slice,
            change,
        )
        .values(Raw::text(&group.dn), Raw::Nothing);
        draft.seal.before = self.group_shows_others(key);
        draft.who = Some(group.id.clone());
        draft.releases.push(Name::Login(fold_case(&group.name)));
        draft.releases.push(Name::Place(group.dn.clone()));
        let id = self.push_group(key, draft);
        self.ending.insert(key.to_string(), id);
    }

    fn rename_group(&mut self, key: &GroupKey, wanted: &DesiredGroup, group: &Group) {
        let mut renaming = None;
        if let Some(name) = wanted.name.set() {
            if fold_case(name) == fold_case(&group.name) {
                self.standing
                    .push(Standing::Group(key.clone(), group.name.clone()));
            } else {
                let change = Change::RenameGroup {
                    group: key.clone(),
                    name: name.clone(),
                };
                let mut draft = Draft::new(
                    Phase::Renames,
                    StepKind::RenameGroup,
                    key,
                    &wanted.slice,
                    change,
                )
                .values(Raw::Text(group.name.clone()), Raw::Text(name.clone()));
                draft.seal.before = self.shows_others("group", &key.rule, "name");
                draft.who = Some(group.id.clone());
                draft.acquires.push(Name::Login(fold_case(name)));
                draft.releases.push(Name::Login(fold_case(&group.name)));
                renaming = Some(self.push_group(key, draft));
            }
        }
        let object = ObjectRef::Group(key.clone());
        let Some(to) = self.destination(
            &object,
            &group.dn,
            wanted.container.set(),
            wanted.name.set(),
        ) else {
            return;
        };
        if self.parents.contains(&group.dn) {
            let message = "the group has objects beneath it and is not moved";
            return self.finding(&codes::HAS_CHILDREN, key, None, message);
        }
        let change = Change::Move {
            object,
            to: to.clone(),
        };
        let mut draft = Draft::new(Phase::Renames, StepKind::Move, key, &wanted.slice, change)
            .values(Raw::text(&group.dn), Raw::text(&to));
        let stays =
            |opinion: bool, output| !opinion && self.shows_others("group", &key.rule, output);
        draft.seal.after = stays(wanted.name.set().is_some(), "name")
            || stays(wanted.container.set().is_some(), "container");
        draft.seal.before = self.group_shows_others(key);
        draft.unit = renaming;
        draft.who = Some(group.id.clone());
        draft.acquires.push(Name::Place(to));
        draft.releases.push(Name::Place(group.dn.clone()));
        self.push_group(key, draft);
    }

    fn add_members(
        &mut self,
        key: &GroupKey,
        wanted: &DesiredGroup,
        group: Option<&Group>,
        step: Option<DraftId>,
    ) {
        let member = |id: &ObjectId| group.is_some_and(|group| group.members.contains(id));
        for (account, opinion) in &wanted.members {
            if opinion.is_keep() {
                continue;
            }
            let want = self.want(
                account,
                &alloc::format!("member.{key}"),
                &opinion.set().is_some(),
            );
            if opinion.set().is_none() {
                continue;
            }
            let Some((there, made)) = self.coming(account) else {
                self.blocked(Some(&want));
                continue;
            };
            if there.is_some_and(|there| member(&there.id)) {
                continue;
            }
            let object = ObjectRef::Account(account.clone());
            let change = Change::AddMember {
                group: key.clone(),
                member: object,
            };
            let slice = self.slice_of(account);
            let mut draft = Draft::new(
                Phase::Additions,
                StepKind::AddMember,
                account,
                &slice,
                change,
            )
            .field(&Text::from(key.to_string()))
            .need(step)
            .need(made);
            draft.want = Some(want);
            draft.subject.group = Some(key.clone());
            let added = self.push_account(account, draft);
            if let Some(sku) = &wanted.carries {
                self.take_after(account, sku, added);
            }
        }
        for nested in &wanted.nested {
            let Some((there, made)) = self.coming_group(nested) else {
                continue;
            };
            if there.is_some_and(|there| member(&there.id)) {
                continue;
            }
            let change = Change::AddMember {
                group: key.clone(),
                member: ObjectRef::Group(nested.clone()),
            };
            let draft = Draft::new(
                Phase::Additions,
                StepKind::AddMember,
                nested,
                &wanted.slice,
                change,
            )
            .field(&Text::from(key.to_string()))
            .need(step)
            .need(made);
            self.push_group(key, draft);
        }
    }

    /// Lets a licence be taken from an account itself only after the group that carries it has the account.
    fn take_after(&mut self, account: &AccountKey, sku: &Text, added: DraftId) {
        for draft in &mut self.drafts {
            if let Change::ChangeLicences {
                account: of,
                remove,
                ..
            } = &draft.change
                && of == account
                && remove.contains(sku)
            {
                draft.needs.insert(added);
            }
        }
    }

    fn remove_members(&mut self, key: &GroupKey, wanted: &DesiredGroup, group: &Group) {
        let mut stay: BTreeSet<&ObjectId> = BTreeSet::new();
        let mut go: BTreeMap<&ObjectId, ObjectRef> = BTreeMap::new();
        for (account, opinion) in &wanted.members {
            let there = match self.accounts.get(account) {
                Some(Now::There(there, _)) => Some(*there),
                Some(_) => None,
                None => self.ours.get(account).copied(),
            };
            let Some(there) = there else { continue };
            if matches!(opinion, Opinion::Clear) && group.members.contains(&there.id) {
                go.insert(&there.id, ObjectRef::Account(account.clone()));
            } else {
                stay.insert(&there.id);
            }
        }
        for nested in &wanted.nested {
            stay.extend(self.our_groups.get(nested).map(|nested| &nested.id));
        }
        let directory = self.inputs.directory;
        let is_our_group = |id: &ObjectId| {
            let group = directory.groups.get(id);
            group.is_some_and(|group| group.anchor.is_some())
        };
        let others = group.members.iter().filter(|id| !stay.contains(id));
        for id in others.filter(|id| wanted.exact || is_our_group(id)) {
            go.entry(id).or_insert_with(|| self.known(id));
        }
        let listed = |member: &ObjectRef| {
            !matches!(member, ObjectRef::Object(id)
                if !directory.accounts.contains_key(id) && !directory.groups.contains_key(id))
        };
        if !go.values().all(listed) {
            let message = "a member is no account and no group of those that the host has listed; it stays where it is";
            self.finding(&UNKNOWN_MEMBER, key, None, message);
        }
        for member in go.into_values().filter(listed) {
            let change = Change::RemoveMember {
                group: key.clone(),
                member: member.clone(),
            };
            let slice = match &member {
                ObjectRef::Account(account) => self.slice_of(account),
                _ => wanted.slice.clone(),
            };
            let mut draft = Draft::new(
                Phase::Removals,
                StepKind::RemoveMember,
                &member,
                &slice,
                change,
            )
            .field(&Text::from(key.to_string()));
            draft.subject.group = Some(key.clone());
            if let ObjectRef::Account(account) = &member {
                // Where somebody was does not show of those of whom nothing shows.
                let sealed = self.is_sealed(account);
                draft.seal.field = sealed;
                draft.seal.tail = sealed;
                if let Some(Now::There(_, step)) = self.accounts.get(account) {
                    draft.needs.extend(*step);
                }
                draft.want = Some(self.want(account, &alloc::format!("member.{key}"), &false));
                self.push_account(account, draft);
            } else {
                self.push(draft);
            }
        }
    }

    /// Drafts class lists and their rows.
    pub(in crate::plan) fn class_lists(&mut self) {
        let desired = self.inputs.desired;
        for (key, wanted) in &desired.class_lists {
            let list = self.inputs.directory.class_lists.get(key);
            let wanted_rows = &wanted.rows;
            let mut made = None;
            match list {
                None => {
                    let change = Change::CreateClassList {
                        list: key.clone(),
                        name: wanted.name.clone(),
                    };
                    let draft = Draft::new(
                        Phase::ClassLists,
                        StepKind::CreateClassList,
                        key,
                        &wanted.slice,
                        change,
                    )
                    .values(Raw::Nothing, Raw::Text(wanted.name.clone()));
                    made = Some(self.push_list(key, draft));
                }
                Some(list) if list.name != wanted.name => {
                    let change = Change::RenameClassList {
                        list: key.clone(),
                        name: wanted.name.clone(),
                    };
                    let draft = Draft::new(
                        Phase::ClassLists,
                        StepKind::RenameClassList,
                        key,
                        &wanted.slice,
                        change,
                    )
                    .values(Raw::Text(list.name.clone()), Raw::Text(wanted.name.clone()));
                    self.push_list(key, draft);
                }
                Some(_) => {}
            }
            self.write_rows(key, wanted, made);
            for (account, row) in list.into_iter().flat_map(|list| &list.rows) {
                if !wanted.rows.contains_key(account) {
                    let change = Change::RemoveRow {
                        list: key.clone(),
                        account: account.clone(),
                    };
                    let mut draft = self
                        .row(StepKind::RemoveRow, key, account, &wanted.slice, change)
                        .values(shown_row(row), Raw::Nothing);
                    draft.seal.before = self.shows_others("class_list", &key.rule, "");
                    #[cfg(test)]
                    if Leak::Rows.is_planted() {
                        draft.seal.before = false;
                    }
                    let id = self.push_account(account, draft);
                    // A row that another one replaces is no concealing.
                    let wanted = desired.accounts.get(account);
                    let by = wanted.and_then(|wanted| wanted.replaced_by.as_ref());
                    if let (Some(_), Some(draft)) = (
                        by.filter(|by| wanted_rows.contains_key(*by)),
                        self.drafts.get_mut(id),
                    ) {
                        draft.urgent = false;
                    }
                }
            }
        }
    }

    fn push_list(&mut self, key: &ClassListKey, mut draft: Draft) -> DraftId {
        draft.subject.class_list = Some(key.clone());
        self.push(draft)
    }

    /// A step about a row. Which list it stands in does not show of those of whom nothing shows.
    fn row(
        &self,
        kind: StepKind,
        key: &ClassListKey,
        account: &AccountKey,
        slice: &Slice,
        change: Change,
    ) -> Draft {
        let known = self
            .inputs
            .desired
            .accounts
            .get(account)
            .map(|wanted| &wanted.slice);
        let sealed = self.is_sealed(account);
        let mut draft = Draft::new(
            Phase::ClassLists,
            kind,
            account,
            known.unwrap_or(slice),
            change,
        )
        .field(&Text::from(key.to_string()));
        draft.seal.field = sealed;
        draft.seal.tail = sealed;
        draft.subject.class_list = Some(key.clone());
        draft
    }

    fn write_rows(&mut self, key: &ClassListKey, wanted: &DesiredClassList, made: Option<DraftId>) {
        let list = self.inputs.directory.class_lists.get(key);
        for (account, row) in &wanted.rows {
            if row.state == RowState::Held {
                continue;
            }
            let want = self.want(account, &alloc::format!("row.{key}"), &row.columns);
            let Some((_, created)) = self.coming(account) else {
                self.blocked(Some(&want));
                continue;
            };
            let held = list.and_then(|list| list.rows.get(account));
            if held == Some(&row.columns) {
                continue;
            }
            let change = Change::WriteRow {
                list: key.clone(),
                account: account.clone(),
                columns: row.columns.clone(),
            };
            let mut draft = self
                .row(StepKind::WriteRow, key, account, &wanted.slice, change)
                .values(
                    held.map_or(Raw::Nothing, shown_row),
                    shown_row(&row.columns),
                )
                .need(made)
                .need(created);
            draft.seal.before = self.shows_others("class_list", &key.rule, "");
            draft.want = Some(want);
            self.push_account(account, draft);
        }
    }
}

fn shown_row(row: &BTreeMap<Text, Text>) -> Raw {
    Raw::List(
        row.iter()
            .map(|(column, value)| Text::from(alloc::format!("{column}={value}")))
            .collect(),
    )
}
