//! A directory in the hands of whoever carries out changes: the work behind [`Directory::apply`].
//!
//! It is exactly as strict as `apply`, and keeps what is needed to find a clash without looking at every object.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::actual::Account;
use super::actual::Directory;
use super::actual::Group;
use super::actual::ObjectId;
use super::apply::Refused;
use super::apply::spelled_as;
use super::change::Change;
use super::change::ObjectRef;
use super::class_list;
use super::dn::Dn;
use super::held::Held;
use super::key::AccountKey;
use super::key::GroupKey;
use crate::base::Text;
use crate::base::fold_case;

/// A directory that is being changed, with what is needed to find a clash quickly.
pub(crate) struct Workbench<'a> {
    directory: &'a mut Directory,
    accounts: BTreeMap<AccountKey, ObjectId>,
    groups: BTreeMap<GroupKey, ObjectId>,
    logins: Held<String>,
    addresses: Held<String>,
    names: Held<Dn>,
}

impl<'a> Workbench<'a> {
    /// Takes a directory in hand.
    pub(crate) fn new(directory: &'a mut Directory) -> Self {
        let mut bench = Self {
            accounts: BTreeMap::new(),
            groups: BTreeMap::new(),
            logins: Held::default(),
            addresses: Held::default(),
            names: Held::default(),
            directory,
        };
        for (id, account) in &bench.directory.accounts {
            if let Some(anchor) = &account.anchor {
                bench
                    .accounts
                    .entry(anchor.clone())
                    .or_insert_with(|| id.clone());
            }
            if let Some(login) = &account.login {
                bench.logins.take(fold_case(login), id);
            }
            for address in account.mail.iter().chain(&account.aliases) {
                bench.addresses.take(fold_case(address), id);
            }
            bench.names.take(account.dn.clone(), id);
        }
        for (id, group) in &bench.directory.groups {
            if let Some(anchor) = &group.anchor {
                bench
                    .groups
                    .entry(anchor.clone())
                    .or_insert_with(|| id.clone());
            }
            bench.logins.take(fold_case(&group.name), id);
            bench.names.take(group.dn.clone(), id);
        }
        bench
    }

    /// Where an object stands now.
    pub(crate) fn dn(&self, object: &ObjectRef) -> Option<&Dn> {
        let id = self.id(object)?;
        let account = self.directory.accounts.get(&id).map(|account| &account.dn);
        account.or_else(|| self.directory.groups.get(&id).map(|group| &group.dn))
    }

    /// One of our accounts as it is now.
    pub(crate) fn account(&self, key: &AccountKey) -> Option<&Account> {
        self.directory.accounts.get(self.accounts.get(key)?)
    }

    /// Carries out one change, or changes nothing.
    pub(crate) fn apply(&mut self, change: &Change) -> Result<(), Refused> {
        match change {
            Change::CreateContainer { dn } => self.create_container(dn),
            Change::CreateAccount { account, dn, login } => self.create_account(account, dn, login),
            Change::AdoptAccount {
                object,
                account,
                from,
            } => self.adopt(object, account, from.as_ref()),
            Change::MergeAccounts { account, retired } => self.merge(account, retired),
            Change::Move { object, to } => self.relocate(object, to),
            Change::SetLogin { account, login } => self.set_login(account, login),
            Change::ChangeMail {
                account,
                mail,
                keep_old,
            } => self.change_mail(account, mail.as_ref(), *keep_old),
            Change::AddAlias { account, alias } => self.add_alias(account, alias),
            Change::RemoveAlias { account, alias } => self.remove_alias(account, alias),
            Change::SetAttribute {
                object,
                name,
                values,
            } => self.set_attribute(object, name, values),
            Change::SetReference { object, name, to } => {
                self.set_reference(object, name, to.as_ref())
            }
            Change::SetHidden { account, hidden } => self
                .account_mut(account)
                .map(|account| account.hidden = *hidden),
            Change::Enable { account } => self
                .account_mut(account)
                .map(|account| account.enabled = true),
            Change::Disable { account } => self
                .account_mut(account)
                .map(|account| account.enabled = false),
            Change::DeleteAccount { account } => self.delete(&ObjectRef::Account(account.clone())),
            Change::CreateGroup { group, dn, name } => self.create_group(group, dn, name),
            Change::RenameGroup { group, name } => self.rename_group(group, name),
            Change::DeleteGroup { group } => self.delete(&ObjectRef::Group(group.clone())),
            Change::AddMember { group, member } => self.add_member(group, member),
            Change::RemoveMember { group, member } => self.remove_member(group, member),
            Change::ChangeLicences {
                account,
                add,
                remove,
                without,
            } => self.change_licences(account, add, remove, without),
            Change::SetMailbox { account, mailbox } => self
                .account_mut(account)
                .map(|account| account.mailbox.clone_from(mailbox)),
            Change::CreateClassList { .. }
            | Change::RenameClassList { .. }
            | Change::RemoveClassList { .. }
            | Change::WriteRow { .. }
            | Change::RemoveRow { .. } => {
                let lists = &mut self.directory.class_lists;
                class_list::change(lists, change, |account| self.accounts.contains_key(account))
            }
            Change::Purge { account, .. } => match self.account(account) {
                Some(_) => Ok(()),
                None => Err(Refused::NoObject),
            },
            Change::Notice(_) => Ok(()),
        }
    }

    fn id(&self, object: &ObjectRef) -> Option<ObjectId> {
        match object {
            ObjectRef::Account(key) => self.accounts.get(key).cloned(),
            ObjectRef::Group(key) => self.groups.get(key).cloned(),
            ObjectRef::Object(id) => Some(id.clone()),
        }
    }

    /// The id of an object that is there.
    fn existing(&self, object: &ObjectRef) -> Option<ObjectId> {
        self.id(object).filter(|id| {
            self.directory.accounts.contains_key(id) || self.directory.groups.contains_key(id)
        })
    }

    fn account_mut(&mut self, key: &AccountKey) -> Result<&mut Account, Refused> {
        let id = self.accounts.get(key).ok_or(Refused::NoObject)?;
        self.directory.accounts.get_mut(id).ok_or(Refused::NoObject)
    }

    fn group_mut(&mut self, key: &GroupKey) -> Result<&mut Group, Refused> {
        let id = self.groups.get(key).ok_or(Refused::NoObject)?;
        self.directory.groups.get_mut(id).ok_or(Refused::NoObject)
    }

    /// Whether an object can stand at a name: its container exists, nothing else stands there.
    fn room_at(&self, dn: &Dn, who: Option<&ObjectId>) -> Result<(), Refused> {
        if !self.directory.has_container_above(dn) {
            return Err(Refused::NoParent);
        }
        if self.directory.containers.contains(dn) || !self.names.free(dn, who) {
            return Err(Refused::NameTaken);
        }
        Ok(())
    }

    fn create_container(&mut self, dn: &Dn) -> Result<(), Refused> {
        self.room_at(dn, None)?;
        self.directory.containers.insert(dn.clone());
        Ok(())
    }

    fn create_account(&mut self, key: &AccountKey, dn: &Dn, login: &Text) -> Result<(), Refused> {
        let id = ObjectId(Text::from(alloc::format!("account:{key}")));
        if self.accounts.contains_key(key) || self.directory.accounts.contains_key(&id) {
            return Err(Refused::ObjectExists);
        }
        if login.is_empty() {
            return Err(Refused::Empty);
        }
        self.room_at(dn, None)?;
        if !self.logins.free(&fold_case(login), None) {
            return Err(Refused::LoginTaken);
        }
        self.accounts.insert(key.clone(), id.clone());
        self.logins.take(fold_case(login), &id);
        self.names.take(dn.clone(), &id);
        let account = Account {
            id: id.clone(),
            anchor: Some(key.clone()),
            dn: dn.clone(),
            login: Some(login.clone()),
            mail: None,
            aliases: BTreeSet::new(),
            enabled: false,
            hidden: false,
            attributes: BTreeMap::new(),
            references: BTreeMap::new(),
            licences: BTreeSet::new(),
            services_off: BTreeMap::new(),
            mailbox: None,
        };
        self.directory.accounts.insert(id, account);
        Ok(())
    }

    fn adopt(
        &mut self,
        object: &ObjectId,
        key: &AccountKey,
        from: Option<&AccountKey>,
    ) -> Result<(), Refused> {
        let account = self
            .directory
            .accounts
            .get_mut(object)
            .ok_or(Refused::NoObject)?;
        if account.anchor.as_ref() != from || self.accounts.contains_key(key) {
            return Err(Refused::AnchorTaken);
        }
        account.anchor = Some(key.clone());
        if let Some(from) = from
            && self.accounts.get(from) == Some(object)
        {
            self.accounts.remove(from);
        }
        self.accounts.insert(key.clone(), object.clone());
        Ok(())
    }

    fn merge(&mut self, key: &AccountKey, retired: &AccountKey) -> Result<(), Refused> {
        if self.account(key).is_none() || key == retired {
            return Err(Refused::NoTarget);
        }
        self.account_mut(retired)
            .map(|account| account.enabled = false)
    }

    /// Gives an object another name; what stands beneath it goes with it.
    fn relocate(&mut self, object: &ObjectRef, to: &Dn) -> Result<(), Refused> {
        let id = self.existing(object).ok_or(Refused::NoObject)?;
        let from = self.dn(object).cloned().ok_or(Refused::NoObject)?;
        self.room_at(to, Some(&id))?;
        if to.is_under(&from) {
            return Err(Refused::NoParent);
        }
        let mut moved: BTreeMap<Dn, Dn> = BTreeMap::new();
        moved.insert(from.clone(), to.clone());
        let beneath = |dn: &&Dn| dn.is_under(&from);
        let mut below: Vec<Dn> = self
            .directory
            .containers
            .iter()
            .filter(beneath)
            .cloned()
            .collect();
        below.extend(self.names.keys().filter(beneath).cloned());
        below.sort();
        for dn in below {
            // A parent sorts before what is below it, so its new name is known.
            if let Some(parent) = dn.parent().and_then(|parent| moved.get(&parent)) {
                let new = dn.moved_to(parent);
                moved.insert(dn, new);
            }
        }
        for (old, new) in &moved {
            if self.directory.containers.remove(old) {
                self.directory.containers.insert(new.clone());
            }
        }
        for (old, new) in moved {
            for id in self.names.holders(&old) {
                self.names.give_up(&old, &id);
                self.names.take(new.clone(), &id);
                if let Some(account) = self.directory.accounts.get_mut(&id) {
                    account.dn = new.clone();
                }
                if let Some(group) = self.directory.groups.get_mut(&id) {
                    group.dn = new.clone();
                }
            }
        }
        Ok(())
    }

    fn set_login(&mut self, key: &AccountKey, login: &Text) -> Result<(), Refused> {
        let id = self.accounts.get(key).cloned().ok_or(Refused::NoObject)?;
        if login.is_empty() {
            return Err(Refused::Empty);
        }
        if !self.logins.free(&fold_case(login), Some(&id)) {
            return Err(Refused::LoginTaken);
        }
        let old = self.account_mut(key)?.login.replace(login.clone());
        if let Some(old) = old {
            self.logins.give_up(&fold_case(&old), &id);
        }
        self.logins.take(fold_case(login), &id);
        Ok(())
    }

    fn change_mail(
        &mut self,
        key: &AccountKey,
        mail: Option<&Text>,
        keep_old: bool,
    ) -> Result<(), Refused> {
        let id = self.accounts.get(key).cloned().ok_or(Refused::NoObject)?;
        if let Some(mail) = mail {
            if mail.is_empty() {
                return Err(Refused::Empty);
            }
            if !self.addresses.free(&fold_case(mail), Some(&id)) {
                return Err(Refused::AddressTaken);
            }
        }
        let account = self.account_mut(key)?;
        let old = core::mem::replace(&mut account.mail, mail.cloned());
        if let Some(mail) = mail {
            let folded = fold_case(mail);
            account.aliases.retain(|alias| fold_case(alias) != folded);
            self.addresses.take(folded, &id);
        }
        if let Some(old) =
            old.filter(|old| mail.is_none_or(|mail| fold_case(mail) != fold_case(old)))
        {
            if keep_old {
                self.account_mut(key)?.aliases.insert(old);
            } else {
                self.addresses.give_up(&fold_case(&old), &id);
            }
        }
        Ok(())
    }

    fn add_alias(&mut self, key: &AccountKey, alias: &Text) -> Result<(), Refused> {
        let id = self.accounts.get(key).cloned().ok_or(Refused::NoObject)?;
        if alias.is_empty() {
            return Err(Refused::Empty);
        }
        if !self.addresses.free(&fold_case(alias), None) {
            return Err(Refused::AddressTaken);
        }
        self.account_mut(key)?.aliases.insert(alias.clone());
        self.addresses.take(fold_case(alias), &id);
        Ok(())
    }

    fn remove_alias(&mut self, key: &AccountKey, alias: &Text) -> Result<(), Refused> {
        let id = self.accounts.get(key).cloned().ok_or(Refused::NoObject)?;
        let folded = fold_case(alias);
        let account = self.account_mut(key)?;
        if !account.aliases.iter().any(|held| fold_case(held) == folded) {
            return Err(Refused::Absent);
        }
        account.aliases.retain(|held| fold_case(held) != folded);
        self.addresses.give_up(&folded, &id);
        Ok(())
    }

    fn set_attribute(
        &mut self,
        object: &ObjectRef,
        name: &Text,
        values: &[Text],
    ) -> Result<(), Refused> {
        let id = self.existing(object).ok_or(Refused::NoObject)?;
        if values.iter().any(|value| value.is_empty()) {
            return Err(Refused::Empty);
        }
        let account = self
            .directory
            .accounts
            .get_mut(&id)
            .map(|account| &mut account.attributes);
        let attributes = match account {
            Some(attributes) => attributes,
            None => {
                &mut self
                    .directory
                    .groups
                    .get_mut(&id)
                    .ok_or(Refused::NoObject)?
                    .attributes
            }
        };
        let spelled = spelled_as(attributes.keys(), name);
        if values.is_empty() {
            attributes.remove(&spelled);
        } else {
            attributes.insert(spelled, values.to_vec());
        }
        Ok(())
    }

    fn set_reference(
        &mut self,
        object: &ObjectRef,
        name: &Text,
        to: Option<&ObjectRef>,
    ) -> Result<(), Refused> {
        let to = match to {
            Some(to) => Some(self.existing(to).ok_or(Refused::NoTarget)?),
            None => None,
        };
        let id = self.existing(object).ok_or(Refused::NoObject)?;
        let directory = &mut *self.directory;
        let references = match directory.accounts.get_mut(&id) {
            Some(account) => &mut account.references,
            None => {
                &mut directory
                    .groups
                    .get_mut(&id)
                    .ok_or(Refused::NoObject)?
                    .references
            }
        };
        let spelled = spelled_as(references.keys(), name);
        match to {
            Some(to) => references.insert(spelled, to),
            None => references.remove(&spelled),
        };
        Ok(())
    }

    /// Deletes an object; its memberships and the references to it go with it.
    fn delete(&mut self, object: &ObjectRef) -> Result<(), Refused> {
        let id = self.existing(object).ok_or(Refused::NoObject)?;
        let dn = self.dn(object).cloned().ok_or(Refused::NoObject)?;
        let beneath = |other: &Dn| other.is_under(&dn);
        if self.names.keys().any(beneath) || self.directory.containers.iter().any(beneath) {
            return Err(Refused::HasChildren);
        }
        self.names.give_up(&dn, &id);
        if let Some(account) = self.directory.accounts.remove(&id) {
            if let Some(login) = &account.login {
                self.logins.give_up(&fold_case(login), &id);
            }
            for address in account.mail.iter().chain(&account.aliases) {
                self.addresses.give_up(&fold_case(address), &id);
            }
            if let Some(anchor) = &account.anchor {
                self.accounts.remove(anchor);
            }
        }
        if let Some(group) = self.directory.groups.remove(&id) {
            self.logins.give_up(&fold_case(&group.name), &id);
            if let Some(anchor) = &group.anchor {
                self.groups.remove(anchor);
            }
        }
        for group in self.directory.groups.values_mut() {
            group.members.remove(&id);
            group.references.retain(|_, target| *target != id);
        }
        for account in self.directory.accounts.values_mut() {
            account.references.retain(|_, target| *target != id);
        }
        Ok(())
    }

    fn create_group(&mut self, key: &GroupKey, dn: &Dn, name: &Text) -> Result<(), Refused> {
        let id = ObjectId(Text::from(alloc::format!("group:{key}")));
        if self.groups.contains_key(key) || self.directory.groups.contains_key(&id) {
            return Err(Refused::ObjectExists);
        }
        if name.is_empty() {
            return Err(Refused::Empty);
        }
        self.room_at(dn, None)?;
        if !self.logins.free(&fold_case(name), None) {
            return Err(Refused::LoginTaken);
        }
        self.groups.insert(key.clone(), id.clone());
        self.logins.take(fold_case(name), &id);
        self.names.take(dn.clone(), &id);
        let group = Group {
            id: id.clone(),
            anchor: Some(key.clone()),
            dn: dn.clone(),
            name: name.clone(),
            attributes: BTreeMap::new(),
            members: BTreeSet::new(),
            references: BTreeMap::new(),
        };
        self.directory.groups.insert(id, group);
        Ok(())
    }

    fn rename_group(&mut self, key: &GroupKey, name: &Text) -> Result<(), Refused> {
        let id = self.groups.get(key).cloned().ok_or(Refused::NoObject)?;
        if name.is_empty() {
            return Err(Refused::Empty);
        }
        if !self.logins.free(&fold_case(name), Some(&id)) {
            return Err(Refused::LoginTaken);
        }
        let old = core::mem::replace(&mut self.group_mut(key)?.name, name.clone());
        self.logins.give_up(&fold_case(&old), &id);
        self.logins.take(fold_case(name), &id);
        Ok(())
    }

    fn add_member(&mut self, key: &GroupKey, member: &ObjectRef) -> Result<(), Refused> {
        let member = self.existing(member).ok_or(Refused::NoTarget)?;
        let added = self.group_mut(key)?.members.insert(member);
        added.then_some(()).ok_or(Refused::Present)
    }

    fn remove_member(&mut self, key: &GroupKey, member: &ObjectRef) -> Result<(), Refused> {
        let member = self.id(member).ok_or(Refused::Absent)?;
        let removed = self.group_mut(key)?.members.remove(&member);
        removed.then_some(()).ok_or(Refused::Absent)
    }

    fn change_licences(
        &mut self,
        key: &AccountKey,
        add: &BTreeSet<Text>,
        remove: &BTreeSet<Text>,
        without: &BTreeMap<Text, BTreeSet<Text>>,
    ) -> Result<(), Refused> {
        let account = self.account_mut(key)?;
        let licences = &mut account.licences;
        if !add.is_disjoint(licences) {
            return Err(Refused::Present);
        }
        if !remove.is_subset(licences) {
            return Err(Refused::Absent);
        }
        let stays =
            |sku: &Text| add.contains(sku) || (licences.contains(sku) && !remove.contains(sku));
        if !without.keys().all(stays) {
            return Err(Refused::Absent);
        }
        licences.retain(|sku| !remove.contains(sku));
        licences.extend(add.iter().cloned());
        account.services_off.retain(|sku, _| !remove.contains(sku));
        account.services_off.extend(without.clone());
        account
            .services_off
            .retain(|_, services| !services.is_empty());
        Ok(())
    }
}
