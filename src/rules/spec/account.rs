//! Accounts: whom they are for, how long they live, what they are called and what they show.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::value::Days;
use super::value::Expression;
use super::value::Named;
use super::value::OwnPolicy;
use super::value::ReplacingByFlag;
use super::value::Timed;
use super::word::words;
use crate::base::Path;

/// A kind of account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountSpec {
    /// The population it is for, as guards and policies see it; the account's own name where nothing is said.
    pub population: Named,
    /// What it lives by: a condition for each kind of affiliation.
    pub covers: BTreeMap<String, Expression>,
    /// What tells apart the accounts that one person has of this rule: an expression for each kind of affiliation.
    pub slot: BTreeMap<String, Expression>,
    /// How long before the first start it is created and enabled.
    pub lead: Option<Timed>,
    /// How long after the last day it stays enabled.
    pub grace: Option<Timed>,
    /// Gaps up to this do not disable.
    pub bridge: Option<Timed>,
    /// How long it stays disabled before it is deleted; 180 days where nothing is said.
    pub retain: Option<Timed>,
    /// How long after the confirmed disabling it is deleted at the earliest.
    pub min_disabled: Option<Timed>,
    /// What must hold for it.
    pub require: Option<RequirementSpec>,
    /// The order that picks the primary affiliation, most important first.
    pub primary: Vec<SortKeySpec>,
    /// How long an incumbent primary affiliation is not displaced.
    pub settle: Option<Days>,
    /// Where in the directory it stands.
    pub container: Option<ContainerSpec>,
    /// Conditions under which an existing account without our anchor is taken over.
    pub adopt: Vec<Expression>,
    /// Earlier names of this rule.
    pub was: Vec<Named>,
    /// Whether it is hidden from address lists.
    pub hide: Option<Expression>,
    /// What changes while it is disabled.
    pub disabled: Option<DisabledSpec>,
    /// `[account.NAME.name.NAME]`: its unique names.
    pub names: BTreeMap<String, NameSpec>,
    /// `[account.NAME.set]`: its attributes.
    pub set: BTreeMap<String, AttributeSpec>,
    /// `[account.NAME.protected]`: what it shows for a protected person.
    pub protected: Option<ProtectedSpec>,
    /// Where it stands.
    pub place: Path,
}

/// Where in the directory an account stands. Written as an expression, or as a table with the policy beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerSpec {
    /// The distinguished name of the container.
    pub value: Expression,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// When a requirement is asked for.
    RequireAt {
        /// Only for the creation.
        Create = "create",
        /// Always; an account that fails it is held as it is.
        Always = "always",
    }
}

/// What must hold for an account.
#[derive(Clone, Debug, PartialEq)]
pub struct RequirementSpec {
    /// When it is asked for; always where nothing is said.
    pub at: RequireAt,
    /// The condition.
    pub that: Expression,
    /// Where it stands.
    pub place: Path,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKeySpec {
    /// What is compared.
    pub by: Expression,
    /// Whether the largest comes first.
    pub descending: bool,
    /// Where it stands.
    pub place: Path,
}

/// What changes while an account is disabled.
#[derive(Clone, Debug, PartialEq)]
pub struct DisabledSpec {
    /// Where in the directory it then stands.
    pub container: Option<Expression>,
    /// Whether it is then hidden from address lists.
    pub hide: bool,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// A reason for which a name may change.
    FollowReason {
        /// The surname changed.
        Surname = "surname",
        /// The given name changed.
        GivenName = "given_name",
        /// The employer changed.
        Employer = "employer",
        /// The identity number changed.
        Number = "number",
        /// The unit changed.
        Unit = "unit",
    }
}

/// A number that makes a name unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// The first number; 1 where nothing is said.
    pub from: u32,
    /// The least number of digits; 1 where nothing is said.
    pub width: u32,
}

/// A unique name of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct NameSpec {
    /// What is tried, in order.
    pub local: Vec<Expression>,
    /// The number that is added to the last of them when all are taken.
    pub number: Option<Numbering>,
    /// What stands after the `@`.
    pub domain: Option<Expression>,
    /// The namespaces in which it must be unique.
    pub unique: Vec<Named>,
    /// The most characters that the part before the `@` may have.
    pub longest: Option<u32>,
    /// How long it is kept for its holder when it is given up.
    pub reserve: Option<Days>,
    /// The reasons for which it changes.
    pub follow: Vec<FollowReason>,
    /// How long the old one stays an alias.
    pub alias: Option<Timed>,
    /// How long a change waits after it is known; not at all where nothing is said.
    pub wait: Option<Days>,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// Who owns an attribute.
    Ownership {
        /// The rules, always.
        Always = "always",
        /// The rules at creation, the directory afterwards.
        Initial = "initial",
        /// The directory.
        Never = "never",
    }
}

/// An attribute of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeSpec {
    /// Its value.
    pub value: Expression,
    /// What it is where that gives none, in order.
    pub otherwise: Vec<Expression>,
    /// Who owns it; the rules, always, where nothing is said.
    pub own: Ownership,
    /// The policy for protected persons.
    pub protected: Option<OwnPolicy>,
    /// Where it stands.
    pub place: Path,
}

impl AttributeSpec {
    /// Its value, and what it is where that gives none.
    pub fn alternatives(&self) -> impl Iterator<Item = &Expression> {
        core::iter::once(&self.value).chain(&self.otherwise)
    }
}

words! {
    /// What becomes of the attributes that a protected account does not name.
    Others {
        /// Those that would carry a withheld value are cleared.
        Clear = "clear",
        /// They stay as they stand.
        Keep = "keep",
    }
}

/// What an account shows for a protected person instead.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtectedSpec {
    /// The policy for the account as such.
    pub policy: Option<OwnPolicy>,
    /// What takes its place where it is there before its person is protected; the default where nothing is said.
    pub replace: Option<ReplacingByFlag>,
    /// Where in the directory it stands.
    pub container: Option<Expression>,
    /// What becomes of all other attributes; cleared where nothing is said.
    pub others: Others,
    /// Its unique names.
    pub names: BTreeMap<String, ProtectedNameSpec>,
    /// Its attributes.
    pub set: BTreeMap<String, Expression>,
    /// Where it stands.
    pub place: Path,
}

/// A unique name of a protected person's account.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtectedNameSpec {
    /// What is tried, in order.
    pub local: Vec<Expression>,
    /// What stands after the `@`.
    pub domain: Option<Expression>,
    /// The number that is added when all are taken.
    pub number: Option<Numbering>,
    /// Where it stands.
    pub place: Path,
}
