//! What is to be done about the values of an account that need not be unique.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::DesiredAccount;
use crate::directory::GroupKey;
use crate::directory::ObjectId;
use crate::directory::ObjectRef;
use crate::directory::Opinion;
use crate::plan::codes;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::settlement::memo::Standing;
use crate::plan::step::Raw;

/// A reference that is to be otherwise: the attribute, the object now, the account wanted, the step that makes that.
type ReferenceChange<'a> = (
    Text,
    Option<&'a ObjectId>,
    Option<&'a AccountKey>,
    Option<DraftId>,
);

/// Attributes that are to be otherwise: the spelling of the directory, the values now, the values wanted.
pub(in crate::plan) fn attribute_changes(
    wanted: &BTreeMap<Text, Opinion<Vec<Text>>>,
    actual: Option<&BTreeMap<Text, Vec<Text>>>,
    clear_others: bool,
) -> Vec<(Text, Raw, Vec<Text>)> {
    let mut changes = Vec::new();
    let actual_of = |name: &Text| {
        let found = actual
            .into_iter()
            .flatten()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(known, values)| (known.clone(), values.iter().collect::<BTreeSet<_>>()))
    };
    for (name, opinion) in wanted {
        let values: BTreeSet<&Text> = match opinion {
            Opinion::Set(values) => values.iter().filter(|value| !value.is_empty()).collect(),
            Opinion::Clear => BTreeSet::new(),
            Opinion::Keep(_) => continue,
        };
        let (spelled, held) = actual_of(name).unwrap_or_else(|| (name.clone(), BTreeSet::new()));
        if held != values {
            changes.push((
                spelled,
                Raw::list(held),
                values.into_iter().cloned().collect(),
            ));
        }
    }
    if clear_others {
        for (name, values) in actual.into_iter().flatten() {
            if !wanted.keys().any(|known| known.eq_ignore_ascii_case(name)) {
                changes.push((name.clone(), Raw::list(values), Vec::new()));
            }
        }
    }
    changes.sort_by(|a, b| a.0.cmp(&b.0));
    changes
}

/// Services by the SKU of their licence.
type Services = BTreeMap<Text, BTreeSet<Text>>;

/// The services that must be switched, of the licences that an account will have.
fn services_to_switch(
    wanted: &DesiredAccount,
    licences: &BTreeSet<Text>,
    off: Option<&Services>,
) -> Services {
    let nothing = BTreeSet::new();
    let is_off = |sku: &Text| off.and_then(|off| off.get(sku)).unwrap_or(&nothing);
    wanted
        .services_off
        .iter()
        .filter(|(sku, services)| licences.contains(*sku) && is_off(sku) != *services)
        .map(|(sku, services)| (sku.clone(), services.clone()))
        .collect()
}

/// The services that are off when that is done.
fn services_after(
    licences: &BTreeSet<Text>,
    off: Option<&Services>,
    without: &Services,
) -> Services {
    let mut after = off.cloned().unwrap_or_default();
    after.extend(without.clone());
    after.retain(|sku, _| licences.contains(sku));
    after
}

/// Licences as a step shows them: `A3`, or `A3 without YAMMER`.
fn with_services(licences: &BTreeSet<Text>, off: &Services) -> Raw {
    Raw::list(licences.iter().map(|sku| {
        let services = off.get(sku).filter(|services| !services.is_empty());
        services.map_or_else(
            || sku.clone(),
            |services| {
                let services: Vec<&str> = services.iter().map(|service| &**service).collect();
                Text::from(alloc::format!("{sku} without {}", services.join(", ")))
            },
        )
    }))
}

impl Builder<'_> {
    pub(in crate::plan) fn change_attributes(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
    ) {
        for (name, opinion) in &wanted.attributes {
            let values = match opinion {
                Opinion::Set(values) => Raw::list(values),
                Opinion::Clear => Raw::Nothing,
                Opinion::Keep(_) => continue,
            };
            let output = alloc::format!("attribute.{}", name.to_ascii_lowercase());
            self.want(key, &output, &values.shown());
        }
        let actual = account.map(|account| &account.attributes);
        for (name, before, values) in
            attribute_changes(&wanted.attributes, actual, wanted.clear_others)
        {
            let after = Raw::list(&values);
            let output = alloc::format!("attribute.{}", name.to_ascii_lowercase());
            let want = self.want(key, &output, &after.shown());
            let object = ObjectRef::Account(key.clone());
            let change = Change::SetAttribute {
                object,
                name: name.clone(),
                values,
            };
            let mut draft = Draft::new(
                Phase::Attributes,
                StepKind::SetAttribute,
                key,
                &wanted.slice,
                change,
            )
            .values(before, after)
            .field(&name)
            .need(step);
            draft.want = Some(want);
            draft.seal.before = self.shows_others("account", &key.rule, &name);
            self.push_account(key, draft);
        }
    }

    /// Whether an output shows values of other persons' accounts: what stood before may be of somebody who is protected by now.
    pub(in crate::plan) fn shows_others(&self, kind: &str, rule: &str, name: &str) -> bool {
        let output = alloc::format!("{kind}.{rule}.{name}").to_ascii_lowercase();
        let output = output.trim_end_matches('.');
        #[cfg(test)]
        if Leak::Places.is_planted() && ["login", "mail", "container", "name"].contains(&name) {
            return false;
        }
        self.inputs.desired.of_others.contains(output)
    }

    /// Whether the name of an account in the tree, or where it stands, shows values of other persons' accounts.
    pub(in crate::plan) fn place_shows_others(&self, key: &AccountKey) -> bool {
        ["login", "container"]
            .iter()
            .any(|name| self.shows_others("account", &key.rule, name))
    }

    /// The same of a group.
    pub(in crate::plan) fn group_shows_others(&self, key: &GroupKey) -> bool {
        ["name", "container"]
            .iter()
            .any(|name| self.shows_others("group", &key.rule, name))
    }

    pub(in crate::plan) fn change_references(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
    ) {
        let nothing = BTreeMap::new();
        let actual = account.map_or(&nothing, |account| &account.references);
        let held = |name: &Text| {
            actual
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        let mut changes: Vec<ReferenceChange<'_>> = Vec::new();
        for (name, opinion) in &wanted.references {
            let target = match opinion {
                Opinion::Set(target) => Some(target),
                Opinion::Clear => None,
                Opinion::Keep(_) => continue,
            };
            let want = self.want(
                key,
                &alloc::format!("reference.{}", name.to_ascii_lowercase()),
                &target,
            );
            let (spelled, id) = held(name).map_or((name, None), |(known, id)| (known, Some(id)));
            let Some(target) = target else {
                if id.is_some() {
                    changes.push((spelled.clone(), id, None, None));
                }
                continue;
            };
            let Some((there, made)) = self.coming(target) else {
                self.blocked(Some(&want));
                let message = "the account that is referred to is not there";
                self.finding(&codes::NO_TARGET, key, Some(name), message);
                continue;
            };
            if there.is_none() || there.map(|there| &there.id) != id {
                changes.push((spelled.clone(), id, Some(target), made));
            }
        }
        if wanted.clear_others {
            for (name, id) in actual {
                if !wanted
                    .references
                    .keys()
                    .any(|known| known.eq_ignore_ascii_case(name))
                {
                    changes.push((name.clone(), Some(id), None, None));
                }
            }
        }
        for (name, old, target, made) in changes {
            let before = old.map_or(Raw::Nothing, |id| Raw::text(&self.known(id)));
            let after = target.map_or(Raw::Nothing, Raw::text);
            let want = self.want(
                key,
                &alloc::format!("reference.{}", name.to_ascii_lowercase()),
                &target,
            );
            let to = target.map(|target| ObjectRef::Account(target.clone()));
            let change = Change::SetReference {
                object: ObjectRef::Account(key.clone()),
                name: name.clone(),
                to,
            };
            let mut draft = Draft::new(
                Phase::References,
                StepKind::SetReference,
                key,
                &wanted.slice,
                change,
            )
            .values(before, after)
            .field(&name)
            .need(step)
            .need(made);
            draft.want = Some(want);
            self.push_account(key, draft);
        }
    }

    /// An object by our key, where it has one or gets one.
    pub(in crate::plan) fn known(&self, id: &ObjectId) -> ObjectRef {
        if let Some(key) = self.adopted.get(id) {
            return ObjectRef::Account(AccountKey::clone(key));
        }
        let directory = self.inputs.directory;
        let account = directory
            .accounts
            .get(id)
            .and_then(|account| account.anchor.as_ref());
        let group = directory
            .groups
            .get(id)
            .and_then(|group| group.anchor.as_ref());
        match (account, group) {
            (Some(key), _) if self.ours.get(key).is_some_and(|ours| ours.id == *id) => {
                ObjectRef::Account(key.clone())
            }
            (_, Some(key)) if self.our_groups.get(key).is_some_and(|ours| ours.id == *id) => {
                ObjectRef::Group(key.clone())
            }
            _ => ObjectRef::Object(id.clone()),
        }
    }

    pub(in crate::plan) fn change_hidden(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
    ) -> Option<DraftId> {
        let hidden = match wanted.hidden {
            Opinion::Set(hidden) => hidden,
            Opinion::Clear => false,
            Opinion::Keep(_) => return None,
        };
        let want = self.want(key, "hidden", &hidden);
        let held = account.is_some_and(|account| account.hidden);
        if held == hidden {
            return None;
        }
        let kind = if hidden {
            StepKind::Hide
        } else {
            StepKind::Show
        };
        let change = Change::SetHidden {
            account: key.clone(),
            hidden,
        };
        let mut draft = Draft::new(Phase::Attributes, kind, key, &wanted.slice, change).need(step);
        draft.want = Some(want);
        Some(self.push_account(key, draft))
    }

    pub(in crate::plan) fn change_licences(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
    ) {
        let nothing = BTreeSet::new();
        let held = account.map_or(&nothing, |account| &account.licences);
        let (mut add, mut remove) = (BTreeSet::new(), BTreeSet::new());
        let mut opinions: BTreeMap<&Text, bool> = BTreeMap::new();
        for (sku, opinion) in &wanted.licences {
            let there = held.contains(sku);
            match opinion {
                Opinion::Set(()) if !there => add.insert(sku.clone()),
                Opinion::Clear if there => remove.insert(sku.clone()),
                _ => false,
            };
            if !opinion.is_keep() {
                opinions.insert(sku, opinion.set().is_some());
            }
        }
        if opinions.is_empty() {
            return;
        }
        let want = self.want(key, "licences", &(&opinions, &wanted.services_off));
        let mut after = held.clone();
        after.retain(|sku| !remove.contains(sku));
        after.extend(add.iter().cloned());
        let off = account.map(|account| &account.services_off);
        let without = services_to_switch(wanted, &after, off);
        if add.is_empty() && remove.is_empty() && without.is_empty() {
            return;
        }
        // A service that goes off is taken as a licence is.
        let takes = |(sku, services): (&Text, &BTreeSet<Text>)| {
            let off = off.and_then(|off| off.get(sku));
            held.contains(sku) && !services.is_subset(off.unwrap_or(&nothing))
        };
        let kind = if remove.is_empty() && !without.iter().any(takes) {
            StepKind::AddLicences
        } else {
            StepKind::ChangeLicences
        };
        let then = services_after(&after, off, &without);
        let (before, after) = (
            with_services(held, off.unwrap_or(&BTreeMap::new())),
            with_services(&after, &then),
        );
        let change = Change::ChangeLicences {
            account: key.clone(),
            add,
            remove,
            without,
        };
        let mut draft = Draft::new(Phase::Attributes, kind, key, &wanted.slice, change)
            .values(before, after)
            .need(step);
        // A licence that no rule speaks of shows in what is there after.
        draft.seal.after = self.is_sealed(key);
        draft.want = Some(want);
        // What a licence needs of the account is set before.
        let attributes: Vec<DraftId> = self.attribute_steps(key, "usageLocation");
        draft.needs.extend(attributes);
        self.push_account(key, draft);
    }

    fn attribute_steps(&self, key: &AccountKey, name: &str) -> Vec<DraftId> {
        let output = alloc::format!("attribute.{}", name.to_ascii_lowercase());
        let want = self.wants.get(key).and_then(|wants| wants.get(&output));
        want.map(|want| want.steps.clone()).unwrap_or_default()
    }

    pub(in crate::plan) fn change_mailbox(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
    ) {
        let mailbox = match &wanted.mailbox {
            Opinion::Set(mailbox) => Some(mailbox),
            Opinion::Clear => None,
            Opinion::Keep(_) => return,
        };
        let want = self.want(key, "mailbox", &mailbox);
        let held = account.and_then(|account| account.mailbox.as_ref());
        if held == mailbox {
            return;
        }
        let change = Change::SetMailbox {
            account: key.clone(),
            mailbox: mailbox.cloned(),
        };
        let mut draft = Draft::new(
            Phase::Attributes,
            StepKind::SetMailbox,
            key,
            &wanted.slice,
            change,
        )
        .values(Raw::of(held), Raw::of(mailbox))
        .need(step);
        draft.want = Some(want);
        self.push_account(key, draft);
    }

    /// Drafts the disabling of an account.
    pub(in crate::plan) fn disable(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
    ) -> Option<DraftId> {
        if wanted.state != Opinion::Set(AccountState::Disabled) {
            return None;
        }
        if let Some(merging) = self.merging.get(key) {
            // Going over into another account disables.
            return Some(*merging);
        }
        let want = self.want(key, "state", &AccountState::Disabled);
        if !account.is_some_and(|account| account.enabled) {
            if step.is_none() {
                self.standing.push(Standing::Disabled(key.clone()));
            }
            return None;
        }
        let change = Change::Disable {
            account: key.clone(),
        };
        let kind = StepKind::Disable;
        let mut draft = Draft::new(Phase::Disabling, kind, key, &wanted.slice, change).need(step);
        draft.want = Some(want);
        Some(self.push_account(key, draft))
    }

    /// Drafts the enabling of an account. Nobody is enabled who is to be hidden and is not.
    pub(in crate::plan) fn enable(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
        hide: Option<DraftId>,
    ) {
        if wanted.state != Opinion::Set(AccountState::Enabled) {
            return;
        }
        let want = self.want(key, "state", &AccountState::Enabled);
        if account.is_some_and(|account| account.enabled) {
            if step.is_none() {
                self.standing.push(Standing::Enabled(key.clone()));
            }
            return;
        }
        let change = Change::Enable {
            account: key.clone(),
        };
        let kind = StepKind::Enable;
        let mut draft = Draft::new(Phase::Enabling, kind, key, &wanted.slice, change)
            .need(step)
            .need(hide);
        draft.want = Some(want);
        self.push_account(key, draft);
    }
}
