//! What is remembered of accounts, their names, of groups and of notices.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use crate::directory::AccountKey;
use crate::directory::NoticeEvent;

/// An account, as the ledger knows it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AccountMemory {
    /// When its creation (or adoption) was confirmed.
    pub(crate) created_on: Option<NaiveDate>,
    /// When its disabling was confirmed; empty while it is enabled.
    pub(crate) disabled_on: Option<NaiveDate>,
    /// When its deletion was confirmed.
    pub(crate) deleted_on: Option<NaiveDate>,
    /// The names it holds, by name in the rules (`login`, `mail`).
    pub(crate) names: BTreeMap<String, HeldName>,
    /// The names that it waits to take, by name in the rules.
    pub(crate) coming: BTreeMap<String, ComingName>,
    /// Old addresses that it still holds, with the day on which each is given up.
    pub(crate) aliases: BTreeMap<String, NaiveDate>,
    /// The affiliation that is primary, so that another does not displace it too soon.
    pub(crate) primary: Option<Incumbent>,
    /// The municipality and population it was last counted with.
    pub(crate) slice: Option<(String, String)>,
    /// The last wanted state as digests by output, to tell causes apart: of what the rules said, and of what they read.
    pub(crate) wanted: BTreeMap<String, String>,
    /// Attributes that are set once, and have not been seen set yet.
    pub(crate) unset: BTreeSet<String>,
    /// Whether the person was concealed when last seen.
    pub(crate) concealed: bool,
    /// What has become of all that it showed before its person was protected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replace: Option<Replacement>,
    /// Whether it was there before us: then nobody is told that it was created.
    pub(crate) adopted: bool,
    /// The account that it went over into, once that was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) merged: Option<MergedAccount>,
    /// The account that takes its place, once that was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renewed: Option<AccountKey>,
    /// Its addresses that go over with it, as they were last seen at it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) gives: BTreeSet<String>,
    /// What covered it when it was last seen, by the keys of affiliations.
    pub(crate) seen: BTreeSet<String>,
    /// The same as it was last settled, so that what came or went since is told of once.
    pub(crate) reasons: Option<BTreeSet<String>>,
}

/// Whether what an account showed before its person was protected is replaced.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Replacement {
    /// It is to be.
    Due,
    /// Another account is to take its place, and is not made for now.
    NewAccount,
    /// It is, or there was nothing to replace.
    Done,
}

/// Where an account went that was one of several of one person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MergedAccount {
    /// The account that goes on.
    pub(crate) into: AccountKey,
    /// When that was confirmed.
    pub(crate) on: NaiveDate,
}

/// A name that an account holds.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct HeldName {
    /// The name.
    pub(crate) text: String,
    /// Whether the directory has confirmed it. Until then it stays with its account, but is not reserved after it.
    pub(crate) confirmed: bool,
    /// What it was made from.
    pub(crate) basis: Basis,
    /// Whether it takes the place of another that the account has.
    #[serde(default)]
    pub(crate) renames: bool,
}

/// A name that an account waits to take.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ComingName {
    /// The name.
    pub(crate) text: String,
    /// What it is made from.
    pub(crate) basis: Basis,
    /// Since when the reason for it is known.
    pub(crate) since: NaiveDate,
}

/// What a name was made from, by reason for a change (`surname`, `employer` …): the value then.
pub(crate) type Basis = BTreeMap<String, String>;

/// The primary affiliation of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Incumbent {
    /// The affiliation's key.
    pub(crate) affiliation: String,
    /// Since when.
    pub(crate) since: NaiveDate,
    /// The affiliation that would displace it and since when, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) challenger: Option<(String, NaiveDate)>,
}

/// A name that nobody holds any more.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ReservedName {
    /// The namespace.
    pub(crate) namespace: String,
    /// The name.
    pub(crate) text: String,
    /// Who held it, and may have it back.
    pub(crate) holder: AccountKey,
    /// Until when it goes to nobody else; for ever where there is no day.
    pub(crate) until: Option<NaiveDate>,
}

/// A group, as the ledger knows it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct GroupMemory {
    /// When its creation was confirmed.
    pub(crate) created_on: Option<NaiveDate>,
    /// The name it has.
    pub(crate) name: String,
    /// Since when it has had no member.
    pub(crate) empty_since: Option<NaiveDate>,
}

/// A notice whose event has been confirmed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct NoticeMemory {
    /// What it tells of.
    pub(crate) event: NoticeEvent,
    /// Whose event it is.
    pub(crate) account: AccountKey,
    /// The name of the rule.
    pub(crate) rule: String,
    /// The reason, where the rule speaks of each affiliation.
    pub(crate) reason: String,
    /// When the event was confirmed.
    pub(crate) event_on: NaiveDate,
    /// When the notice was confirmed to have gone out.
    pub(crate) done_on: Option<NaiveDate>,
    /// How often it was, for events that came again.
    #[serde(default)]
    pub(crate) times: u32,
}
