//! What is wanted: opinions about accounts, groups and class lists, and the notices that go with them.
//!
//! On what no opinion stands here, nothing is wanted: it stays as it is.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use super::actual::ObjectId;
use super::actual::Row;
use super::dn::Dn;
use super::key::AccountKey;
use super::key::ClassListKey;
use super::key::GroupKey;
use super::opinion::KeepCause;
use super::opinion::Opinion;
use super::shield::Shield;
use crate::base::Text;

/// What an account is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// There, and one can log in.
    Enabled,
    /// There, and nobody can log in.
    Disabled,
    /// Gone.
    Deleted,
}

/// Whom a guard counts a step with: a municipality and a population.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Slice {
    /// The municipality (or other employer), by code; empty where none is known.
    pub municipality: Text,
    /// The population, such as `staff` or `pupil`.
    pub population: Text,
}

/// Why steps of an account stand in the urgent part of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Nothing is urgent.
    None,
    /// A newly protected person is concealed.
    Conceal,
    /// A confirmed death, or a suspension by the host.
    Suspend,
}

/// An account that is wanted, or that is ours and no longer wanted.
#[derive(Clone, PartialEq, Eq)]
pub struct DesiredAccount {
    /// Whom a guard counts it with.
    pub slice: Slice,
    /// Whether a withheld value may stand in what the directory holds of it: its old values are sealed in open documents.
    pub sealed: bool,
    /// What a target must not be written of it, where its person is protected.
    pub shield: Option<Shield>,
    /// What it is to be; a held account stays what it is, and is not created.
    pub state: Opinion<AccountState>,
    /// Whether its steps are urgent.
    pub urgency: Urgency,
    /// An existing object without our anchor that becomes this account.
    pub adopt: Option<ObjectId>,
    /// Accounts of the same person that are to go over into this one. Each is a step that waits until somebody approves.
    pub merges: BTreeSet<AccountKey>,
    /// The account that takes its place, where its person is protected and gets another one. That one is made before this one goes.
    pub replaced_by: Option<AccountKey>,
    /// The container.
    pub container: Opinion<Dn>,
    /// The login name.
    pub login: Opinion<Text>,
    /// The primary address.
    pub mail: Opinion<Text>,
    /// All other addresses: those that must be there. Addresses that stand in the directory and are not named here are
    /// removed only when they stand in `withdrawn`.
    pub aliases: BTreeSet<Text>,
    /// For how many days the primary address that it has stays an alias, where it is given up for another.
    pub alias_days: Option<i64>,
    /// Addresses that must go.
    pub withdrawn: BTreeSet<Text>,
    /// Whether it is hidden from address lists.
    pub hidden: Opinion<bool>,
    /// Attributes.
    pub attributes: BTreeMap<Text, Opinion<Vec<Text>>>,
    /// Every attribute that has no opinion here must go (a protected account with `others = "clear"`).
    pub clear_others: bool,
    /// Attributes that refer to another account.
    pub references: BTreeMap<Text, Opinion<AccountKey>>,
    /// Licences that rules speak of, by SKU: to be there or not.
    pub licences: BTreeMap<Text, Opinion<()>>,
    /// Services that are to be switched off, and no others, by the SKU of their licence; where rules speak of it.
    pub services_off: BTreeMap<Text, BTreeSet<Text>>,
    /// The kind of mailbox.
    pub mailbox: Opinion<Text>,
    /// The first day on which any of this may change by itself, or since something does that it hangs on: another account that it
    /// refers to or shares a licence with, a name that becomes free. It is sound, perhaps early.
    pub recheck_on: Option<NaiveDate>,
}

/// A group that is wanted.
#[derive(Clone, PartialEq, Eq)]
pub struct DesiredGroup {
    /// Whom a guard counts it with.
    pub slice: Slice,
    /// Its name.
    pub name: Opinion<Text>,
    /// Its container.
    pub container: Opinion<Dn>,
    /// Attributes.
    pub attributes: BTreeMap<Text, Opinion<Vec<Text>>>,
    /// The members that rules name: to be there or, when held, to stay as they are.
    pub members: BTreeMap<AccountKey, Opinion<()>>,
    /// Groups that are members.
    pub nested: BTreeSet<GroupKey>,
    /// Attributes that refer to an account: who owns it, `managedBy`.
    pub references: BTreeMap<Text, Opinion<AccountKey>>,
    /// The SKU of the licence that its members get, where it carries one.
    pub carries: Option<Text>,
    /// Whether members that no rule names are removed, ours and others.
    pub exact: bool,
    /// Whether the group itself is to go: it was ours, and no rule makes it any more.
    pub ended: bool,
}

/// What a row of a class list waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// It is to be there.
    Present,
    /// The pupil has no account yet: the row is written when the account's step has succeeded.
    Pending,
    /// What stands there stays.
    Held,
}

/// A row that is wanted.
#[derive(Clone, PartialEq, Eq)]
pub struct DesiredRow {
    /// What it waits for.
    pub state: RowState,
    /// Its columns.
    pub columns: Row,
}

/// A class list that is wanted.
#[derive(Clone, PartialEq, Eq)]
pub struct DesiredClassList {
    /// Whom a guard counts it with.
    pub slice: Slice,
    /// The name shown to people.
    pub name: Text,
    /// Rows by account.
    pub rows: BTreeMap<AccountKey, DesiredRow>,
}

/// What a notice tells of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum NoticeEvent {
    /// An account was created.
    Created,
    /// An account was enabled again.
    Enabled,
    /// The login or the primary address of an account changed.
    Renamed,
    /// An account was disabled.
    Disabled,
    /// A name of an account will change on a day that is known.
    Renaming,
    /// An account will be disabled on a day that is known.
    Ending,
    /// Something more covers an account.
    ReasonAdded,
    /// Something that covered an account does no longer, and something else still does.
    ReasonRemoved,
}

/// A notice that goes out when its event is confirmed. It never holds a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct DesiredNotice {
    /// The rule.
    pub rule: Text,
    /// What it tells of.
    pub event: NoticeEvent,
    /// Whose event it is.
    pub account: AccountKey,
    /// The reason for it, where the rule speaks of each affiliation: the affiliation's key. Part of what makes it one notice.
    pub reason: Text,
    /// Whether the event has come to pass whatever the plan does: by time, or by an earlier step whose answer never came.
    pub happened: bool,
    /// How often the same was told of before.
    pub before: u32,
    /// To whom: the first live account of the rule's list; `None` when there is none (there is a finding).
    pub to: Option<AccountKey>,
    /// Whether it is a task for the protection officer rather than a message.
    pub task: bool,
    /// What it says; for a task nothing but opaque references.
    pub fields: BTreeMap<Text, Text>,
    /// What the host adds out of band.
    pub needs: Vec<Text>,
}

impl DesiredNotice {
    /// What tells its event from others that the rule may have to tell of.
    pub fn key(&self) -> Text {
        Self::key_of(&self.rule, &self.account, &self.reason)
    }

    /// The key of an event.
    pub(crate) fn key_of(rule: &Text, account: &AccountKey, reason: &Text) -> Text {
        Text::from(alloc::format!("{rule}:{account}:{reason}"))
    }

    /// What makes it one notice and not another, for whoever sends it: the same as long as its sending is not confirmed, and
    /// another one when the event comes again.
    pub fn sending_key(&self) -> Text {
        match self.before {
            0 => self.key(),
            before => Text::from(alloc::format!("{}:{before}", self.key())),
        }
    }
}

/// What is wanted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Desired {
    /// Accounts.
    pub accounts: BTreeMap<AccountKey, DesiredAccount>,
    /// Groups.
    pub groups: BTreeMap<GroupKey, DesiredGroup>,
    /// Class lists.
    pub class_lists: BTreeMap<ClassListKey, DesiredClassList>,
    /// Notices that would go with the events of this run.
    pub notices: Vec<DesiredNotice>,
    /// Outputs that show values of other persons' accounts, or did under earlier rules, in lower case: `account.staff.info`, `group.unit.description`,
    /// `class_list.class`. What stands there from before may be of somebody who is protected by now, and shows sealed.
    pub of_others: BTreeSet<Text>,
}

impl DesiredAccount {
    /// An account about which there is no opinion yet, for a cause.
    pub fn undecided(slice: Slice, cause: KeepCause) -> Self {
        Self {
            slice,
            sealed: false,
            shield: None,
            state: Opinion::Keep(cause),
            urgency: Urgency::None,
            adopt: None,
            merges: BTreeSet::new(),
            replaced_by: None,
            container: Opinion::Keep(cause),
            login: Opinion::Keep(cause),
            mail: Opinion::Keep(cause),
            aliases: BTreeSet::new(),
            alias_days: None,
            withdrawn: BTreeSet::new(),
            hidden: Opinion::Keep(cause),
            attributes: BTreeMap::new(),
            clear_others: false,
            references: BTreeMap::new(),
            licences: BTreeMap::new(),
            services_off: BTreeMap::new(),
            mailbox: Opinion::Keep(cause),
            recheck_on: None,
        }
    }
}

impl fmt::Debug for Desired {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Desired({} accounts, {} groups, {} class lists, {} notices)",
            self.accounts.len(),
            self.groups.len(),
            self.class_lists.len(),
            self.notices.len()
        )
    }
}

/// What is wanted of one object shows its kind only: a protected person's values stand here too.
macro_rules! debug_as_kind {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(stringify!($name))
            }
        }
    )*};
}

debug_as_kind!(
    DesiredAccount,
    DesiredGroup,
    DesiredRow,
    DesiredClassList,
    DesiredNotice
);
