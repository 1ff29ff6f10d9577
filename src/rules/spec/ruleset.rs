//! The whole of a rule file, and its declarations: tables, fields, protection, merging, the register, namespaces.
//!
//! Maps carry no order, since the order of tables in a file means nothing; only lists do.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::account::AccountSpec;
use super::lint::LintSpec;
use super::output::ClassListSpec;
use super::output::GroupSpec;
use super::output::GuardSpec;
use super::output::LicenceSpec;
use super::output::MailboxSpec;
use super::output::NoticeSpec;
use super::source::SourceSpec;
use super::value::Cell;
use super::value::Days;
use super::value::Named;
use super::value::Policy;
use super::value::ReplacingByFlag;
use super::word::words;
use crate::base::Path;

/// Everything that a rule file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RulesetSpec {
    /// The version of the rule language.
    pub language: i64,
    /// The name of the rule set.
    pub name: String,
    /// `[table.NAME]`: lookups with typed rows.
    pub tables: BTreeMap<String, TableSpec>,
    /// `[field.RECORD.NAME]`: customer fields, by kind of record and name.
    pub fields: BTreeMap<String, BTreeMap<String, FieldSpec>>,
    /// `[protection]`: what holds for protected persons where a rule says nothing of its own.
    pub protection: ProtectionSpec,
    /// `[source.NAME]`: how records of a source become facts.
    pub sources: BTreeMap<String, SourceSpec>,
    /// `[merge]`: whose word counts, by field.
    pub merge: BTreeMap<String, MergeSpec>,
    /// `[register]`: what follows from the population register.
    pub register: RegisterSpec,
    /// `[account.NAME]`.
    pub accounts: BTreeMap<String, AccountSpec>,
    /// `[namespace.NAME]`.
    pub namespaces: BTreeMap<String, NamespaceSpec>,
    /// `[group.NAME]`.
    pub groups: BTreeMap<String, GroupSpec>,
    /// `[licence.NAME]`.
    pub licences: BTreeMap<String, LicenceSpec>,
    /// `[mailbox.NAME]`.
    pub mailboxes: BTreeMap<String, MailboxSpec>,
    /// `[class_list.NAME]`.
    pub class_lists: BTreeMap<String, ClassListSpec>,
    /// `[notice.NAME]`.
    pub notices: BTreeMap<String, NoticeSpec>,
    /// `[guard.STEPKIND]`, by kind of step.
    pub guards: BTreeMap<String, GuardSpec>,
    /// `[lint]`: what is not to be warned of.
    pub lint: LintSpec,
}

/// A table: rows by key.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSpec {
    /// The rows.
    pub rows: BTreeMap<String, RowSpec>,
    /// Where it stands.
    pub place: Path,
}

/// A row of a table: values by column.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSpec {
    /// The values.
    pub columns: BTreeMap<String, Cell>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// The type of a customer field.
    ValueType {
        /// A text.
        Text = "string",
        /// An integer.
        Int = "int",
        /// A truth value.
        Bool = "bool",
        /// A date.
        Date = "date",
    }
}

/// What a customer field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// A plain value.
    Plain(ValueType),
    /// A row of a table.
    Row(Named),
}

words! {
    /// How much a field tells of a person.
    FieldClass {
        /// Nothing.
        Open = "open",
        /// Where somebody can be found.
        Place = "place",
        /// Who somebody is.
        Personal = "personal",
    }
}

/// A customer field of a kind of record.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSpec {
    /// What it holds.
    pub holds: FieldType,
    /// How much it tells; personal where nothing is said.
    pub class: FieldClass,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// The kinds of output that a policy for protected persons can be about.
    OutputKind {
        /// The existence of an account.
        Account = "account",
        /// A unique name.
        Name = "name",
        /// Where in the directory an account stands.
        Container = "container",
        /// An attribute of an account.
        Attribute = "attribute",
        /// The membership of a group.
        Group = "group",
        /// A licence.
        Licence = "licence",
        /// A mailbox.
        Mailbox = "mailbox",
        /// A line of a class list.
        ClassList = "class_list",
        /// A notice.
        Notice = "notice",
    }
}

/// The policies of the whole rule set, by flag and kind of output.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProtectionSpec {
    /// For a confidentiality marking.
    pub marking: BTreeMap<OutputKind, Policy>,
    /// For protected population registration.
    pub registration: BTreeMap<OutputKind, Policy>,
    /// What takes the place of accounts that are there; the accounts themselves under other names where nothing is said.
    pub replace: ReplacingByFlag,
    /// How many newly protected persons with accounts one run may replace; 5 where nothing is said. Concealing has no limit.
    pub replace_most: Option<u64>,
    /// Where it stands.
    pub place: Path,
}

/// Whose word counts for one field, in falling order.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeSpec {
    /// The sources.
    pub sources: Vec<Named>,
    /// An older word counts after all that are younger, whatever their order; none is too old where nothing is said.
    pub max_age: Option<Days>,
    /// Where it stands.
    pub place: Path,
}

words! {
    /// What follows when the register has deregistered somebody.
    CauseEffect {
        /// The account is disabled.
        Disable = "disable",
        /// Everything is held as it is.
        Hold = "hold",
        /// Nothing follows.
        Ignore = "ignore",
        /// The identity follows the reference to the new number, and nothing else follows.
        Relink = "relink",
    }
}

/// What follows from one cause of deregistration.
#[derive(Clone, Debug, PartialEq)]
pub struct CauseSpec {
    /// The effect; what holds by itself where nothing is said.
    pub effect: Option<CauseEffect>,
    /// The effects on accounts of one population, where they differ.
    pub populations: BTreeMap<String, CauseEffect>,
    /// Where it stands.
    pub place: Path,
}

/// What follows from the population register.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterSpec {
    /// How old a word of the register may be.
    pub max_age: Option<Days>,
    /// The effects, by cause of deregistration.
    pub causes: BTreeMap<String, CauseSpec>,
    /// Where it stands.
    pub place: Path,
}

/// A namespace: names that must differ from each other.
#[derive(Clone, Debug, PartialEq)]
pub struct NamespaceSpec {
    /// Patterns of what it holds, such as `account.*.login`.
    pub holds: Vec<Named>,
    /// Words that nobody gets.
    pub reserved: Vec<Named>,
    /// Words that stand in no new name, not even as a part of it.
    pub unwanted: Vec<Named>,
    /// Where it stands.
    pub place: Path,
}
