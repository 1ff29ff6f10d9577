//! What is: the objects of a directory, as its host read them.
//!
//! Objects with our anchor are ours. All others are occupied ground: their names are taken, and nothing of them is changed.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use super::dn::Dn;
use super::key::AccountKey;
use super::key::ClassListKey;
use super::key::GroupKey;
use crate::base::Text;

/// What the directory itself calls an object for ever: the objectGUID in Active Directory, the id in a cloud directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub Text);

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An account that is.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The directory's own id.
    pub id: ObjectId,
    /// Our key, where the object is ours.
    pub anchor: Option<AccountKey>,
    /// Where it stands. The value of its first part is the common name.
    pub dn: Dn,
    /// The login name (`sAMAccountName`).
    pub login: Option<Text>,
    /// The primary address.
    pub mail: Option<Text>,
    /// All other addresses.
    pub aliases: BTreeSet<Text>,
    /// Whether one can log in.
    pub enabled: bool,
    /// Whether it is hidden from address lists.
    pub hidden: bool,
    /// Other attributes by name, each with its values.
    pub attributes: BTreeMap<Text, Vec<Text>>,
    /// Attributes that refer to another object, by name.
    pub references: BTreeMap<Text, ObjectId>,
    /// Licences that are given to the account itself, by SKU. What it gets through a group does not stand here.
    pub licences: BTreeSet<Text>,
    /// Services that are switched off, by the SKU of their licence.
    pub services_off: BTreeMap<Text, BTreeSet<Text>>,
    /// The kind of mailbox, where there is one.
    pub mailbox: Option<Text>,
}

/// A group that is.
#[derive(Clone, PartialEq, Eq)]
pub struct Group {
    /// The directory's own id.
    pub id: ObjectId,
    /// Our key, where the object is ours.
    pub anchor: Option<GroupKey>,
    /// Where it stands.
    pub dn: Dn,
    /// The name that shares a namespace with logins (`sAMAccountName`).
    pub name: Text,
    /// Other attributes by name.
    pub attributes: BTreeMap<Text, Vec<Text>>,
    /// The members, accounts and groups, by the directory's ids.
    pub members: BTreeSet<ObjectId>,
    /// Attributes that refer to another object, by name: who owns it, `managedBy`.
    pub references: BTreeMap<Text, ObjectId>,
}

/// A row of a class list: column to value.
pub type Row = BTreeMap<Text, Text>;

/// A class list that is.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ClassList {
    /// The name shown to people.
    pub name: Text,
    /// One row for each pupil's account.
    pub rows: BTreeMap<AccountKey, Row>,
}

/// What is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// Containers that exist (organizational units and above).
    pub containers: BTreeSet<Dn>,
    /// Accounts by the directory's id.
    pub accounts: BTreeMap<ObjectId, Account>,
    /// Groups by the directory's id.
    pub groups: BTreeMap<ObjectId, Group>,
    /// Class lists by key.
    pub class_lists: BTreeMap<ClassListKey, ClassList>,
}

impl Directory {
    /// Our accounts by key. Should two objects carry one anchor, the one with the smaller id counts.
    pub fn anchored_accounts(&self) -> BTreeMap<&AccountKey, &Account> {
        self.accounts
            .values()
            .rev()
            .filter_map(|account| account.anchor.as_ref().map(|key| (key, account)))
            .collect()
    }

    /// Our groups by key. Should two objects carry one anchor, the one with the smaller id counts.
    pub fn anchored_groups(&self) -> BTreeMap<&GroupKey, &Group> {
        self.groups
            .values()
            .rev()
            .filter_map(|group| group.anchor.as_ref().map(|key| (key, group)))
            .collect()
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Directory({} containers, {} accounts, {} groups, {} class lists)",
            self.containers.len(),
            self.accounts.len(),
            self.groups.len(),
            self.class_lists.len()
        )
    }
}

/// Objects of a directory show their anchors only.
macro_rules! debug_by_anchor {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({:?})"), self.anchor)
            }
        }
    )*};
}

debug_by_anchor!(Account, Group);

impl fmt::Debug for ClassList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClassList({} rows)", self.rows.len())
    }
}
