//! What accounts lead to: groups, licences, mailboxes, class lists and notices; and the guards over all of it.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::value::Days;
use super::value::Expression;
use super::value::MonthDay;
use super::value::Named;
use super::value::OwnPolicy;
use super::value::Share;
use super::value::Timed;
use super::word::words;
use crate::base::Path;

words! {
    /// When an output lives, where it has no days of its own.
    WindowWord {
        /// While an affiliation is active.
        Active = "active",
        /// While the account is enabled.
        Enabled = "enabled",
    }
}

/// When an output lives.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowSpec {
    /// By a word; while active where nothing is said.
    Word(WindowWord),
    /// On days of its own.
    Own(Box<WindowDays>),
}

/// So long before the first day and so long after the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowDays {
    /// How long before.
    pub lead: Option<Timed>,
    /// How long after.
    pub grace: Option<Timed>,
}

words! {
    /// Which members of a group are ours to remove.
    GroupMembership {
        /// All: the group has exactly the members that rules give it.
        Exact = "exact",
        /// Only accounts of ours.
        Ours = "ours",
    }
}

/// A rule for groups.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSpec {
    /// The kind of account whose holders are members; none for a group that is only made of other groups.
    pub account: Option<Named>,
    /// The kind of affiliation of which each gives a reason; the person where nothing is said.
    pub each: Option<Named>,
    /// One group for each value; the rule's name where nothing is said.
    pub key: Option<Expression>,
    /// The condition.
    pub when: Option<Expression>,
    /// What the group is called.
    pub name: Option<Expression>,
    /// Where in the directory it stands.
    pub container: Option<Expression>,
    /// Groups whose members are taken out.
    pub minus: Vec<Named>,
    /// Groups whose members are added.
    pub union: Vec<Named>,
    /// Groups of which one must be a member as well.
    pub intersect: Vec<Named>,
    /// Groups that are put into this one in the directory.
    pub nested: Vec<Named>,
    /// When a membership lives; while active where nothing is said.
    pub window: WindowSpec,
    /// Which members are ours to remove; all where nothing is said.
    pub membership: GroupMembership,
    /// Whether its members are hidden.
    pub hidden: bool,
    /// Its description.
    pub description: Option<Expression>,
    /// Who owns it: the first account that is in use.
    pub owner: Vec<Expression>,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// How long it is kept without members.
    pub keep_empty: Option<Days>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// Over what one licence shuts out another.
    Over {
        /// Within one account.
        Account = "account",
        /// Within all accounts of a person.
        Person = "person",
    }
}

/// A set of licences of which one is given.
#[derive(Clone, Debug, PartialEq)]
pub struct ExclusiveSpec {
    /// The name of the set.
    pub set: Named,
    /// Over what; the account where nothing is said.
    pub over: Over,
    /// The highest wins.
    pub priority: i64,
    /// Where it stands.
    pub place: Path,
}

/// A rule for a licence.
#[derive(Clone, Debug, PartialEq)]
pub struct LicenceSpec {
    /// The kind of account that gets it.
    pub account: Named,
    /// What the supplier calls it.
    pub sku: String,
    /// The condition.
    pub when: Option<Expression>,
    /// The kind of affiliation of which each gives a reason.
    pub each: Option<Named>,
    /// The set of which it is one.
    pub exclusive: Option<ExclusiveSpec>,
    /// How many there are.
    pub seats: Option<u64>,
    /// Licences without which it is not given.
    pub needs: Vec<Named>,
    /// Services of it that are switched off.
    pub without: Vec<Named>,
    /// The group whose members get it; it is given to the account itself where nothing is said.
    pub through: Option<Named>,
    /// When it lives; while active where nothing is said.
    pub window: WindowSpec,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// Where a mailbox is kept.
    MailboxKind {
        /// On servers of one's own.
        OnPremises = "on-premises",
        /// With a supplier.
        Remote = "remote",
    }
}

/// A rule for a mailbox.
#[derive(Clone, Debug, PartialEq)]
pub struct MailboxSpec {
    /// The kind of account that gets it.
    pub account: Named,
    /// The condition.
    pub when: Option<Expression>,
    /// Where it is kept; with a supplier where nothing is said.
    pub kind: MailboxKind,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// Where it stands.
    pub place: Path,
}

/// The kind of affiliation of which each gives a line of a class list, where nothing is said.
pub(super) const MEMBERSHIP: &str = "membership";

/// A rule for class lists.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassListSpec {
    /// The kind of account whose holders are listed.
    pub account: Named,
    /// The kind of affiliation of which each gives a line; a membership where nothing is said.
    pub each: Named,
    /// The condition.
    pub when: Option<Expression>,
    /// What a line shows, by column.
    pub show: BTreeMap<String, Expression>,
    /// When a line lives; while active where nothing is said.
    pub window: WindowSpec,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// What a notice is about.
    NoticeEvent {
        /// An account was created.
        Created = "account.created",
        /// An account was enabled.
        Enabled = "account.enabled",
        /// An account got another name.
        Renamed = "account.renamed",
        /// An account was disabled.
        Disabled = "account.disabled",
        /// A name of an account will change.
        Renaming = "account.renaming",
        /// An account will be disabled.
        Ending = "account.ending",
        /// Something more covers an account.
        ReasonAdded = "reason.added",
        /// Something covers an account no longer, while something else does.
        ReasonRemoved = "reason.removed",
    }
}

/// A rule for notices.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeSpec {
    /// What it is about.
    pub on: NoticeEvent,
    /// The kind of account.
    pub account: Named,
    /// The kind of affiliation of which each gives a notice; one for the account where nothing is said.
    pub each: Option<Named>,
    /// The condition.
    pub when: Option<Expression>,
    /// How long before the day; only of [`NoticeEvent::Ending`].
    pub ahead: Option<Days>,
    /// Nothing is told before this day, nor of what happened before it.
    pub since: Option<NaiveDate>,
    /// Whether it also goes out about somebody who has died.
    pub after_death: bool,
    /// Who gets it: the first that is there.
    pub to: Vec<Expression>,
    /// What it says, by field.
    pub fields: BTreeMap<String, Expression>,
    /// What the host adds out of band.
    pub needs: Vec<String>,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// What a guard does when it trips.
    GuardEffect {
        /// Holds the slice and what depends on it.
        Slice = "slice",
        /// Refuses the plan.
        All = "all",
        /// Only warns.
        Warn = "warn",
    }
}

/// A guard over one kind of step.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardSpec {
    /// The most steps.
    pub most: Option<u64>,
    /// The largest share.
    pub share: Option<Share>,
    /// The least base on which a share counts; 20 where nothing is said.
    pub min_base: u64,
    /// Over what time what was confirmed is summed.
    pub per: Option<Days>,
    /// What it does; holds the slice where nothing is said.
    pub effect: GuardEffect,
    /// Other ceilings for a part of the year.
    pub season: Option<SeasonSpec>,
    /// Where it stands.
    pub place: Path,
}

/// Other ceilings for a part of the year, which may run over its turn.
#[derive(Clone, Debug, PartialEq)]
pub struct SeasonSpec {
    /// The first day.
    pub from: MonthDay,
    /// The last day.
    pub to: MonthDay,
    /// The most steps.
    pub most: Option<u64>,
    /// The largest share.
    pub share: Option<Share>,
    /// Where it stands.
    pub place: Path,
}
