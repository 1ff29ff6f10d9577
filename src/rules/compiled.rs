//! What rules become when they are checked: programs in place of texts, and every name resolved.
//!
//! `check` is the only maker. What stands here cannot be wrong in itself; only data can be.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::functions::Functions;
use super::spec::AfterHold;
use super::spec::CauseEffect;
use super::spec::Ends;
use super::spec::FollowReason;
use super::spec::GroupMembership;
use super::spec::Ids;
use super::spec::MailboxKind;
use super::spec::NoticeEvent;
use super::spec::Numbering;
use super::spec::Over;
use super::spec::Ownership;
use super::spec::PolicyKind;
use super::spec::Replacing;
use super::spec::ReplacingByFlag;
use super::spec::RequireAt;
use super::spec::RuleFile;
use super::spec::RulesetSpec;
use crate::base::Limits;
use crate::base::Path;
use crate::base::Text;
use crate::diagnostic::Problems;
use crate::language::FieldSlot;
use crate::language::Program;
use crate::language::RecordTypeId;
use crate::language::Value;
use crate::language::VariableSlot;
use crate::model::AffiliationKind;
use crate::model::Flag;
use crate::model::ModelSchema;
use crate::model::Protection;

/// A rule set, checked.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The plain data it was made from.
    pub(crate) spec: RulesetSpec,
    /// The file it came from, which knows lines and columns.
    pub(crate) file: Arc<RuleFile>,
    /// A digest of the plain data, so that a plan can say that the rules changed.
    pub(crate) digest: String,
    /// Warnings.
    pub(crate) warnings: Problems,
    pub(crate) limits: Limits,
    pub(crate) schema: Arc<ModelSchema>,
    pub(crate) functions: Functions,
    pub(crate) tables: BTreeMap<Text, Table>,
    pub(crate) sources: BTreeMap<String, SourceRules>,
    /// Whose word counts, by field; the first is the strongest.
    pub(crate) merge: BTreeMap<String, MergeRule>,
    pub(crate) register: RegisterRules,
    pub(crate) accounts: Vec<AccountRule>,
    pub(crate) namespaces: BTreeMap<Text, Namespace>,
    pub(crate) groups: Vec<GroupRule>,
    pub(crate) licences: Vec<LicenceRule>,
    pub(crate) mailboxes: Vec<MailboxRule>,
    pub(crate) class_lists: Vec<ClassListRule>,
    pub(crate) notices: Vec<NoticeRule>,
    /// The record type of one record of a source.
    pub(crate) source_record: RecordTypeId,
    /// The record type of `table`: one field for each table.
    pub(crate) tables_record: RecordTypeId,
    /// The record type `account` (one field for each account rule) and of each account rule.
    pub(crate) accounts_record: RecordTypeId,
    /// The record type that `current` has in `adopt`: open columns.
    pub(crate) current_record: RecordTypeId,
    /// The record type of `primary`, by account rule: that of its one kind of affiliation, or one of the shared fields.
    pub(crate) primary_records: Vec<RecordTypeId>,
    pub(crate) slots: Slots,
    /// Every `include`.
    pub(crate) exceptions: Vec<Exception>,
    /// Outputs of accounts of which an `include` speaks.
    pub(crate) included: Included,
    /// The strata: outputs in the order in which they are computed.
    pub(crate) strata: Vec<Vec<Output>>,
}

/// The variables of every kind of expression. One numbering serves all, so that a scope needs no table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slots {
    pub(crate) record: VariableSlot,
    pub(crate) as_of: VariableSlot,
    pub(crate) person: VariableSlot,
    pub(crate) alias: VariableSlot,
    pub(crate) register: VariableSlot,
    pub(crate) primary: VariableSlot,
    pub(crate) employment: VariableSlot,
    pub(crate) duty: VariableSlot,
    pub(crate) enrolment: VariableSlot,
    pub(crate) membership: VariableSlot,
    pub(crate) account: VariableSlot,
    pub(crate) current: VariableSlot,
    pub(crate) table: VariableSlot,
}

impl Slots {
    /// The variable of an affiliation's kind.
    pub(crate) const fn affiliation(&self, kind: AffiliationKind) -> VariableSlot {
        match kind {
            AffiliationKind::Employment => self.employment,
            AffiliationKind::Duty => self.duty,
            AffiliationKind::Enrolment => self.enrolment,
            AffiliationKind::Membership => self.membership,
        }
    }
}

/// A table of the rules: rows in the order of their keys.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) record: RecordTypeId,
    /// Row number by key.
    pub(crate) rows: BTreeMap<Text, u32>,
    /// Values by row and column, in the order of the schema's slots (the key first).
    pub(crate) values: Vec<Vec<Option<Value>>>,
}

impl Table {
    /// The table whose rows are of a type of record.
    pub(crate) fn of(tables: &BTreeMap<Text, Self>, record: RecordTypeId) -> Option<&Self> {
        tables.values().find(|table| table.record == record)
    }

    /// A cell of a row; none where the row leaves the column out.
    pub(crate) fn cell(&self, row: u32, slot: FieldSlot) -> Option<Value> {
        let cells = self.values.get(usize::try_from(row).ok()?)?;
        cells.get(usize::try_from(slot.index()).ok()?)?.clone()
    }
}

/// What is asked of a source, and how its records become facts.
#[derive(Clone, Debug)]
pub(crate) struct SourceRules {
    pub(crate) ids: Ids,
    pub(crate) ends: Ends,
    /// Whether it is a source of manual facts, whose records may expire.
    pub(crate) overrides: bool,
    /// The kinds of record that are taken from it; all of them where none is named.
    pub(crate) gives: BTreeSet<String>,
    pub(crate) max_age: Option<i64>,
    pub(crate) min_share_of_last: Option<u32>,
    /// How long a record that is gone is held, and what comes after.
    pub(crate) absent: (i64, AfterHold),
    pub(crate) municipality: Option<String>,
    /// By kind of record: the fields of the fact, each with its program. A kind without a map is taken as it is.
    pub(crate) maps: BTreeMap<String, Vec<(String, Program)>>,
}

/// Whose word counts for one field.
#[derive(Clone, Debug)]
pub(crate) struct MergeRule {
    /// The strongest first.
    pub(crate) sources: Vec<String>,
    /// A word that is older, in days, counts after all others.
    pub(crate) max_age: Option<i64>,
}

/// What the register's answers lead to.
#[derive(Clone, Debug)]
pub(crate) struct RegisterRules {
    pub(crate) max_age: Option<i64>,
    /// By cause of deregistration, in capitals; `UNKNOWN` stands for all that no list has.
    pub(crate) causes: BTreeMap<String, CauseRule>,
}

/// What follows from one cause of deregistration.
#[derive(Clone, Debug)]
pub(crate) struct CauseRule {
    /// For everybody of whom nothing else is said.
    pub(crate) usually: Option<CauseEffect>,
    pub(crate) by_population: BTreeMap<Text, CauseEffect>,
}

/// What stands before a name in the field that shows which one an account will have: `account.staff.next_mail`.
pub(crate) const NEXT: &str = "next_";

/// An output of the rules, as a node of the graph of dependencies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Output {
    /// Whether accounts of a rule exist, and where.
    Account(usize),
    /// A name of an account.
    Name(usize, Text),
    /// An attribute of an account.
    Attribute(usize, Text),
    /// Group members.
    Group(usize),
    /// A licence.
    Licence(usize),
    /// A mailbox.
    Mailbox(usize),
    /// A class list.
    ClassList(usize),
    /// A notice.
    Notice(usize),
}

/// An output that withheld values of protected persons reach on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Where it stands in the rules.
    pub place: Path,
    /// The written reason.
    pub because: String,
    /// The day on which somebody is to look at it again.
    pub review: Option<NaiveDate>,
}

/// Outputs of accounts that the rules include, by flag: the account rule, and the attribute, name or `container` in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Included {
    pub(crate) marking: BTreeSet<(Text, Text)>,
    pub(crate) registration: BTreeSet<(Text, Text)>,
}

/// What holds of one output for a protected person, by flag.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    pub(crate) marking: GatePolicy,
    pub(crate) registration: GatePolicy,
}

/// What holds of one output for a person with one flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GatePolicy {
    /// The person is no subject of it.
    Exclude,
    /// It is left out, and cleared where it stands.
    Omit,
    /// The protected program takes the place of the ordinary one.
    Alias,
    /// A task for the protection officer takes its place (notices only).
    Task,
    /// The ordinary program passes with all that it reads, for a written reason.
    Include,
    /// The ordinary program passes, since it reads nothing that the flag withholds.
    Pass,
}

impl GatePolicy {
    pub(crate) const fn of(kind: PolicyKind) -> Self {
        match kind {
            PolicyKind::Exclude => Self::Exclude,
            PolicyKind::Omit => Self::Omit,
            PolicyKind::Alias => Self::Alias,
            PolicyKind::Include => Self::Include,
            PolicyKind::Task => Self::Task,
        }
    }

    /// Whether the ordinary program runs.
    pub(crate) const fn is_ordinary(self) -> bool {
        matches!(self, Self::Include | Self::Pass)
    }
}

/// A duration, or a table of durations by a finite field.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) default: i64,
    pub(crate) by: Option<Program>,
    pub(crate) values: BTreeMap<Text, i64>,
}

impl Span {
    /// The longest that it may give.
    pub(crate) fn longest(&self) -> i64 {
        self.values.values().copied().fold(self.default, i64::max)
    }
}

/// When an output lives.
#[derive(Clone, Debug)]
pub(crate) enum Window {
    /// While an affiliation is in force and not on full leave.
    Active,
    /// While the account is enabled because of it.
    Enabled,
    /// On days of its own: in force, so long before and so long after, also while the account is disabled by then.
    Own { lead: Span, grace: Span },
}

impl Window {
    /// All programs.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        let spans = match self {
            Self::Own { lead, grace } => Some([lead, grace]),
            Self::Active | Self::Enabled => None,
        };
        spans
            .into_iter()
            .flatten()
            .filter_map(|span| span.by.as_ref())
    }
}

/// An account rule.
#[derive(Clone, Debug)]
pub(crate) struct AccountRule {
    pub(crate) name: Text,
    pub(crate) population: Text,
    pub(crate) covers: BTreeMap<AffiliationKind, Program>,
    /// What tells a person's accounts of the rule apart, by kind of affiliation; empty where there is one.
    pub(crate) slots: BTreeMap<AffiliationKind, Program>,
    pub(crate) lead: Span,
    pub(crate) grace: Span,
    pub(crate) bridge: Span,
    pub(crate) retain: Span,
    pub(crate) min_disabled: Span,
    pub(crate) require: Option<(RequireAt, Program)>,
    /// Keys of the order of affiliations, by kind of affiliation: an expression stands for the kinds that it can read.
    pub(crate) primary: Vec<SortKey>,
    pub(crate) settle: i64,
    pub(crate) container: Option<Program>,
    pub(crate) container_gate: Gate,
    pub(crate) hide: Option<Program>,
    pub(crate) adopt: Vec<Program>,
    pub(crate) was: BTreeSet<Text>,
    pub(crate) disabled_container: Option<Program>,
    pub(crate) disabled_hide: bool,
    pub(crate) names: Vec<NameRule>,
    pub(crate) attributes: Vec<AttributeRule>,
    pub(crate) gate: Gate,
    pub(crate) protected_container: Option<Program>,
    pub(crate) clear_others: bool,
    /// What takes its place where it is there before its person is protected.
    pub(crate) replace: ReplacingByFlag,
    /// The record type of `account.<rule>`.
    pub(crate) record: RecordTypeId,
}

impl AccountRule {
    /// What decides whether somebody has an account, which one, and for how long.
    pub(crate) fn lives_by(&self) -> impl Iterator<Item = &Program> + Clone {
        let spans = [
            &self.lead,
            &self.grace,
            &self.bridge,
            &self.retain,
            &self.min_disabled,
        ];
        let covered = self.covers.values();
        covered
            .chain(spans.into_iter().filter_map(|span| span.by.as_ref()))
            .chain(self.slots.values())
            .chain(self.require.as_ref().map(|(_, that)| that))
    }

    /// Whether another account takes the place of one that is there. A flag that cannot be read replaces nothing.
    pub(crate) fn makes_anew(&self, protection: Protection) -> bool {
        let anew = |flag: Flag, with: Option<Replacing>| {
            flag == Flag::Yes && with == Some(Replacing::NewAccount)
        };
        anew(protection.marking, self.replace.marking)
            || anew(protection.registration, self.replace.registration)
    }
}

/// One key of the order of affiliations.
#[derive(Clone, Debug)]
pub(crate) struct SortKey {
    pub(crate) kind: AffiliationKind,
    pub(crate) by: Program,
    pub(crate) descending: bool,
}

/// A name of an account.
#[derive(Clone, Debug)]
pub(crate) struct NameRule {
    pub(crate) name: Text,
    pub(crate) ordinary: NamePrograms,
    pub(crate) protected: Option<NamePrograms>,
    pub(crate) gate: Gate,
    pub(crate) unique: Vec<Text>,
    pub(crate) longest: usize,
    /// How long it is reserved after it is given up; for ever where there is none.
    pub(crate) reserve: Option<i64>,
    pub(crate) follow: Vec<FollowReason>,
    /// How long an old address stays an alias.
    pub(crate) alias: Option<Span>,
    /// How long a change waits after it is known.
    pub(crate) wait: i64,
    /// Words that stand in no new one, folded.
    pub(crate) unwanted: Arc<[Text]>,
}

impl NameRule {
    /// All programs that are run for somebody who is not protected.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        let alias = self.alias.iter().filter_map(|span| span.by.as_ref());
        self.ordinary.all().chain(alias)
    }
}

/// How a name is made.
#[derive(Clone, Debug)]
pub(crate) struct NamePrograms {
    pub(crate) local: Vec<Program>,
    pub(crate) number: Option<Numbering>,
    pub(crate) domain: Option<Program>,
}

impl NamePrograms {
    /// All programs.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Program> {
        self.local.iter().chain(&self.domain)
    }
}

/// An attribute of an account.
#[derive(Clone, Debug)]
pub(crate) struct AttributeRule {
    pub(crate) name: Text,
    pub(crate) own: Ownership,
    /// What gives its value: the first that gives one. There is at least one.
    pub(crate) ordinary: Vec<Program>,
    pub(crate) protected: Option<Program>,
    pub(crate) gate: Gate,
    /// Whether it refers to another account.
    pub(crate) reference: bool,
}

/// A namespace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Namespace {
    /// Names of accounts that live in it, as (account rule, name).
    pub(crate) names: BTreeSet<(Text, Text)>,
    /// Whether names of groups live in it.
    pub(crate) groups: bool,
    /// Words that nobody gets.
    pub(crate) reserved: Vec<Text>,
}

/// A group rule.
#[derive(Clone, Debug)]
pub(crate) struct GroupRule {
    pub(crate) name: Text,
    /// The account rule, by position.
    pub(crate) account: Option<usize>,
    pub(crate) each: Option<AffiliationKind>,
    pub(crate) key: Program,
    pub(crate) when: Option<Program>,
    pub(crate) display: Option<Program>,
    pub(crate) container: Option<Program>,
    pub(crate) description: Option<Program>,
    /// Accounts of other persons, of which the first that is in use owns it.
    pub(crate) owner: Vec<Program>,
    pub(crate) minus: Vec<usize>,
    pub(crate) union: Vec<usize>,
    pub(crate) intersect: Vec<usize>,
    pub(crate) nested: Vec<usize>,
    pub(crate) window: Window,
    pub(crate) membership: GroupMembership,
    pub(crate) hidden: bool,
    pub(crate) keep_empty: i64,
    pub(crate) gate: Gate,
}

impl GroupRule {
    /// All programs that are run for a member.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        let texts = [
            &self.when,
            &self.display,
            &self.container,
            &self.description,
        ];
        core::iter::once(&self.key)
            .chain(texts.into_iter().flatten())
            .chain(&self.owner)
            .chain(self.window.programs())
    }
}

/// A licence rule.
#[derive(Clone, Debug)]
pub(crate) struct LicenceRule {
    pub(crate) name: Text,
    pub(crate) account: usize,
    pub(crate) sku: Text,
    pub(crate) each: Option<AffiliationKind>,
    pub(crate) when: Option<Program>,
    pub(crate) exclusive: Option<Exclusive>,
    pub(crate) seats: Option<u64>,
    /// Licences that the account must get as well, by position.
    pub(crate) needs: Vec<usize>,
    /// Services that are switched off.
    pub(crate) without: BTreeSet<Text>,
    /// The group that gives it to its members, by position.
    pub(crate) through: Option<usize>,
    pub(crate) window: Window,
    pub(crate) gate: Gate,
}

impl LicenceRule {
    /// All programs.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        self.when.iter().chain(self.window.programs())
    }
}

/// A licence's place in a set of which one is given.
#[derive(Clone, Debug)]
pub(crate) struct Exclusive {
    pub(crate) set: Text,
    pub(crate) over: Over,
    pub(crate) priority: i64,
}

/// A mailbox rule.
#[derive(Clone, Debug)]
pub(crate) struct MailboxRule {
    pub(crate) name: Text,
    pub(crate) account: usize,
    pub(crate) when: Option<Program>,
    pub(crate) kind: MailboxKind,
    pub(crate) gate: Gate,
}

/// A class list rule.
#[derive(Clone, Debug)]
pub(crate) struct ClassListRule {
    pub(crate) name: Text,
    pub(crate) account: usize,
    pub(crate) when: Option<Program>,
    pub(crate) show: BTreeMap<Text, Program>,
    pub(crate) window: Window,
    pub(crate) gate: Gate,
}

impl ClassListRule {
    /// All programs.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        let shown = self.show.values().chain(&self.when);
        shown.chain(self.window.programs())
    }
}

/// A notice rule.
#[derive(Clone, Debug)]
pub(crate) struct NoticeRule {
    pub(crate) name: Text,
    pub(crate) on: NoticeEvent,
    /// How many days before the day that it tells of.
    pub(crate) ahead: i64,
    pub(crate) since: Option<NaiveDate>,
    pub(crate) after_death: bool,
    pub(crate) account: usize,
    pub(crate) each: Option<AffiliationKind>,
    pub(crate) when: Option<Program>,
    pub(crate) to: Vec<Program>,
    pub(crate) fields: BTreeMap<Text, Program>,
    pub(crate) needs: Vec<Text>,
    pub(crate) officer: Option<Program>,
    pub(crate) gate: Gate,
}

impl NoticeRule {
    /// All programs that are run for the person that it is about.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        self.fields.values().chain(&self.when).chain(&self.to)
    }
}

impl Compiled {
    /// The name that each account rule has now, by every name that it had before and that no other rule has.
    pub(crate) fn renamed_accounts(&self) -> BTreeMap<Text, Text> {
        let is_taken = |name: &Text| self.accounts.iter().any(|rule| rule.name == *name);
        let of_rule = |rule: &AccountRule| {
            let now = rule.name.clone();
            rule.was
                .clone()
                .into_iter()
                .map(move |was| (was, now.clone()))
        };
        let renamed = self.accounts.iter().flat_map(of_rule);
        renamed.filter(|(was, _)| !is_taken(was)).collect()
    }
}
