//! One change of a directory: atomic, typed, with real values.
//!
//! A change is what a host carries out, so it is sealed by nature: its `Debug` shows what is done to which key, no value. It
//! says nothing of order, reasons or guards; those belong to a plan.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use super::actual::ObjectId;
use super::actual::Row;
use super::desired::NoticeEvent;
use super::dn::Dn;
use super::key::AccountKey;
use super::key::ClassListKey;
use super::key::GroupKey;
use crate::base::Text;

/// An object of the directory: one of ours by its key, or any by the directory's own id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectRef {
    /// One of our accounts.
    Account(AccountKey),
    /// One of our groups.
    Group(GroupKey),
    /// Any other object.
    Object(ObjectId),
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(key) => key.fmt(formatter),
            Self::Group(key) => key.fmt(formatter),
            Self::Object(id) => write!(formatter, "object:{id}"),
        }
    }
}

/// A notice as its host sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeText {
    /// What makes it one notice and not another: a host that has sent this key for this event sends it no more.
    pub key: Text,
    /// The rule.
    pub rule: Text,
    /// What it tells of.
    pub event: NoticeEvent,
    /// Whose event it is.
    pub account: AccountKey,
    /// To whom.
    pub to: Option<AccountKey>,
    /// Whether it is a task for the protection officer rather than a message.
    pub task: bool,
    /// What it says.
    pub fields: BTreeMap<Text, Text>,
    /// What the host adds out of band.
    pub needs: Vec<Text>,
}

/// What an account showed and shows no more, for a host to clean up wherever it was copied to.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Purge {
    /// Logins, distinguished names, and values of attributes.
    pub names: BTreeSet<Text>,
    /// Addresses.
    pub addresses: BTreeSet<Text>,
    /// Groups that it is no member of any more, by name.
    pub groups: BTreeSet<Text>,
    /// Class lists that it has no row on any more, by name.
    pub lists: BTreeSet<Text>,
}

impl Purge {
    /// All of it.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Text> {
        let names = self.names.iter().chain(&self.addresses);
        names.chain(&self.groups).chain(&self.lists)
    }
}

impl fmt::Debug for Purge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Purge({} values)", self.all().count())
    }
}

/// One change.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// Make a container.
    CreateContainer {
        /// Where.
        dn: Dn,
    },
    /// Make an account, disabled, with its anchor.
    CreateAccount {
        /// Its key, written to the anchor attribute.
        account: AccountKey,
        /// Where.
        dn: Dn,
        /// The login name.
        login: Text,
    },
    /// Write our anchor to an object that has none, or one that nobody is known by any more.
    AdoptAccount {
        /// The object.
        object: ObjectId,
        /// The key that it gets.
        account: AccountKey,
        /// The key that it has: of a rule that was renamed, or of a person who turned out to be this one.
        from: Option<AccountKey>,
    },
    /// Let an account go over into another one of the same person: nobody logs in with it any more. Its key stays, so that it
    /// can be given back; what else goes over are changes of their own.
    MergeAccounts {
        /// The account that goes on.
        account: AccountKey,
        /// The account that goes over into it.
        retired: AccountKey,
    },
    /// Clean up elsewhere what an account showed of somebody who is protected now: address books, photographs, lists that were
    /// printed. It changes nothing in the directory, where other changes replace it.
    Purge {
        /// Of which account.
        account: AccountKey,
        /// What.
        purge: Purge,
        /// The account that takes its place, where another one does.
        by: Option<AccountKey>,
    },
    /// Rename an object, move it, or both.
    Move {
        /// Which.
        object: ObjectRef,
        /// Its new name.
        to: Dn,
    },
    /// Set the login name.
    SetLogin {
        /// Of which account.
        account: AccountKey,
        /// The name.
        login: Text,
    },
    /// Set or clear the primary address. A new one that was an alias of the same account is an alias no more.
    ChangeMail {
        /// Of which account.
        account: AccountKey,
        /// The address; none clears it.
        mail: Option<Text>,
        /// Whether the old one stays as an alias.
        keep_old: bool,
    },
    /// Add another address.
    AddAlias {
        /// To which account.
        account: AccountKey,
        /// The address.
        alias: Text,
    },
    /// Take another address away.
    RemoveAlias {
        /// From which account.
        account: AccountKey,
        /// The address.
        alias: Text,
    },
    /// Replace all values of an attribute.
    SetAttribute {
        /// Of which object.
        object: ObjectRef,
        /// The attribute.
        name: Text,
        /// The values; none clears it.
        values: Vec<Text>,
    },
    /// Set or clear a reference to another object.
    SetReference {
        /// Of which object.
        object: ObjectRef,
        /// The attribute.
        name: Text,
        /// The object that it refers to; none clears it.
        to: Option<ObjectRef>,
    },
    /// Hide from address lists, or show in them.
    SetHidden {
        /// Which account.
        account: AccountKey,
        /// Whether it is hidden.
        hidden: bool,
    },
    /// Let one log in.
    Enable {
        /// Which account.
        account: AccountKey,
    },
    /// Let nobody log in.
    Disable {
        /// Which account.
        account: AccountKey,
    },
    /// Delete an account.
    DeleteAccount {
        /// Which.
        account: AccountKey,
    },
    /// Make a group with its anchor.
    CreateGroup {
        /// Its key, written to the anchor attribute.
        group: GroupKey,
        /// Where.
        dn: Dn,
        /// Its name among logins.
        name: Text,
    },
    /// Set the name that a group has among logins.
    RenameGroup {
        /// Which group.
        group: GroupKey,
        /// The name.
        name: Text,
    },
    /// Delete a group.
    DeleteGroup {
        /// Which.
        group: GroupKey,
    },
    /// Add a member.
    AddMember {
        /// To which group.
        group: GroupKey,
        /// Whom.
        member: ObjectRef,
    },
    /// Take a member away.
    RemoveMember {
        /// From which group.
        group: GroupKey,
        /// Whom.
        member: ObjectRef,
    },
    /// Give and take licences in one call.
    ChangeLicences {
        /// Which account.
        account: AccountKey,
        /// SKUs to give.
        add: BTreeSet<Text>,
        /// SKUs to take.
        remove: BTreeSet<Text>,
        /// Services that are then switched off, and no others, by SKU.
        without: BTreeMap<Text, BTreeSet<Text>>,
    },
    /// Set or clear the kind of mailbox.
    SetMailbox {
        /// Of which account.
        account: AccountKey,
        /// The kind; none takes it away.
        mailbox: Option<Text>,
    },
    /// Make a class list.
    CreateClassList {
        /// Its key.
        list: ClassListKey,
        /// The name shown to people.
        name: Text,
    },
    /// Set the name of a class list.
    RenameClassList {
        /// Which.
        list: ClassListKey,
        /// The name.
        name: Text,
    },
    /// Remove a class list with its rows.
    RemoveClassList {
        /// Which.
        list: ClassListKey,
    },
    /// Write a row of a class list, new or changed.
    WriteRow {
        /// Of which list.
        list: ClassListKey,
        /// Whose row.
        account: AccountKey,
        /// Its columns.
        columns: Row,
    },
    /// Remove a row of a class list.
    RemoveRow {
        /// Of which list.
        list: ClassListKey,
        /// Whose row.
        account: AccountKey,
    },
    /// Send a notice. It changes nothing in the directory.
    Notice(NoticeText),
}

impl fmt::Debug for NoticeText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NoticeText({})", self.key)
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateContainer { dn } => write!(formatter, "CreateContainer({dn:?})"),
            Self::CreateAccount { account, .. } => write!(formatter, "CreateAccount({account})"),
            Self::AdoptAccount { account, .. } => write!(formatter, "AdoptAccount({account})"),
            Self::MergeAccounts { account, retired } => {
                write!(formatter, "MergeAccounts({retired} into {account})")
            }
            Self::Purge { account, .. } => write!(formatter, "Purge({account})"),
            Self::Move { object, .. } => write!(formatter, "Move({object})"),
            Self::SetLogin { account, .. } => write!(formatter, "SetLogin({account})"),
            Self::ChangeMail { account, .. } => write!(formatter, "ChangeMail({account})"),
            Self::AddAlias { account, .. } => write!(formatter, "AddAlias({account})"),
            Self::RemoveAlias { account, .. } => write!(formatter, "RemoveAlias({account})"),
            Self::SetAttribute { object, name, .. } => {
                write!(formatter, "SetAttribute({object}, {name})")
            }
            Self::SetReference { object, name, .. } => {
                write!(formatter, "SetReference({object}, {name})")
            }
            Self::SetHidden { account, .. } => write!(formatter, "SetHidden({account})"),
            Self::Enable { account } => write!(formatter, "Enable({account})"),
            Self::Disable { account } => write!(formatter, "Disable({account})"),
            Self::DeleteAccount { account } => write!(formatter, "DeleteAccount({account})"),
            Self::CreateGroup { group, .. } => write!(formatter, "CreateGroup({group})"),
            Self::RenameGroup { group, .. } => write!(formatter, "RenameGroup({group})"),
            Self::DeleteGroup { group } => write!(formatter, "DeleteGroup({group})"),
            Self::AddMember { member, .. } => write!(formatter, "AddMember({member})"),
            Self::RemoveMember { member, .. } => write!(formatter, "RemoveMember({member})"),
            Self::ChangeLicences { account, .. } => write!(formatter, "ChangeLicences({account})"),
            Self::SetMailbox { account, .. } => write!(formatter, "SetMailbox({account})"),
            Self::CreateClassList { list, .. } => write!(formatter, "CreateClassList({list})"),
            Self::RenameClassList { list, .. } => write!(formatter, "RenameClassList({list})"),
            Self::RemoveClassList { list } => write!(formatter, "RemoveClassList({list})"),
            Self::WriteRow { account, .. } => write!(formatter, "WriteRow({account})"),
            Self::RemoveRow { account, .. } => write!(formatter, "RemoveRow({account})"),
            Self::Notice(notice) => write!(formatter, "Notice({})", notice.key),
        }
    }
}
