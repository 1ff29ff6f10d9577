//! A scenario: what a rule author describes, and the run over it.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::checked::Checked;
use super::existing::Existing;
use super::message;
use super::message::fail;
use super::message::unknown;
use super::person::Person;
use super::place::SchoolGroup;
use super::place::Unit;
use super::snapshot;
use crate::base::RawText;
use crate::directory::Directory;
use crate::front::Inputs;
use crate::ledger::Ledger;
use crate::plan::Approvals;
use crate::resolve::Decision;
use crate::rules::Ruleset;
use crate::source::Record;

/// The salt of all scenarios.
pub(super) const SALT: &[u8] = b"scenario";

/// Persons, places and a directory on a day, and the rules that are tried on them.
///
/// What it describes comes as the source instance `scenario/test`, and what the register says as `register/test`: facts that
/// need no map. Rules about sources of your own are tried with [`Scenario::row`].
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(super) rules: Ruleset,
    pub(super) day: Option<NaiveDate>,
    pub(super) units: BTreeMap<String, Unit>,
    pub(super) groups: BTreeMap<String, SchoolGroup>,
    pub(super) persons: BTreeMap<String, Person>,
    /// Records of other sources, by instance.
    pub(super) rows: BTreeMap<String, Vec<Record>>,
    /// What the source of the register's records is called.
    pub(super) register: String,
    /// Municipalities of which there ever was an instance.
    pub(super) issuers: BTreeSet<String>,
    pub(super) directory: Directory,
    pub(super) ledger: Ledger,
    pub(super) approvals: Approvals,
    pub(super) decisions: Vec<Decision>,
}

impl Scenario {
    /// A scenario in which there is nobody, with an empty directory.
    pub fn new(rules: &Ruleset) -> Self {
        Self {
            rules: rules.clone(),
            day: None,
            units: BTreeMap::new(),
            groups: BTreeMap::new(),
            persons: BTreeMap::new(),
            rows: BTreeMap::new(),
            register: String::from("register"),
            issuers: BTreeSet::new(),
            directory: Directory::default(),
            ledger: Ledger::default(),
            approvals: Approvals::default(),
            decisions: Vec::new(),
        }
    }

    /// The day of the run, such as `2026-11-23`.
    #[must_use]
    #[track_caller]
    pub fn on(mut self, day: &str) -> Self {
        self.day = Some(message::day(day));
        self
    }

    /// Describes a unit by its code, anew where it was described before.
    #[must_use]
    pub fn unit(mut self, code: &str, describe: impl FnOnce(Unit) -> Unit) -> Self {
        self.units
            .insert(String::from(code), describe(Unit::new(code)));
        self
    }

    /// Describes a class or another school group by a name of the author's own, anew where it was described before.
    #[must_use]
    pub fn school_group(
        mut self,
        name: &str,
        describe: impl FnOnce(SchoolGroup) -> SchoolGroup,
    ) -> Self {
        self.groups
            .insert(String::from(name), describe(SchoolGroup::new(name)));
        self
    }

    /// Describes a person by a name of the author's own, anew where it was described before.
    #[must_use]
    pub fn person(mut self, name: &str, describe: impl FnOnce(Person) -> Person) -> Self {
        self.persons
            .insert(String::from(name), describe(Person::new(name)));
        self.remember_issuers();
        self
    }

    /// Goes on describing a person: what is not said anew stays.
    #[must_use]
    #[track_caller]
    pub fn change(mut self, name: &str, describe: impl FnOnce(Person) -> Person) -> Self {
        let Some(person) = self.persons.remove(name) else {
            fail(&unknown(
                "person",
                name,
                self.persons.keys().map(String::as_str),
            ));
        };
        self.persons.insert(String::from(name), describe(person));
        self.remember_issuers();
        self
    }

    /// Takes a person out of the source, without a word why: the records are gone, which is held for some days, and then ends.
    #[must_use]
    #[track_caller]
    pub fn without(mut self, name: &str) -> Self {
        if self.persons.remove(name).is_none() {
            fail(&unknown(
                "person",
                name,
                self.persons.keys().map(String::as_str),
            ));
        }
        self
    }

    /// Adds a record of a source of your own, to try its maps: instance (such as `heroma/sml`), kind, record id, columns.
    #[must_use]
    #[track_caller]
    pub fn row(mut self, instance: &str, kind: &str, id: &str, columns: &[(&str, &str)]) -> Self {
        if instance
            .split_once('/')
            .is_none_or(|(source, of)| source.is_empty() || of.is_empty())
        {
            fail(&format!(
                "`{instance}` is no source instance: write it as `source/instance`"
            ));
        }
        let mut record = Record::new(kind, id);
        for (column, text) in columns {
            record = record.with(column, RawText::new(*text));
        }
        let rows = self.rows.entry(String::from(instance)).or_default();
        rows.retain(|known| (known.kind.as_str(), known.id.as_str()) != (kind, id));
        rows.push(record);
        self
    }

    /// Lets the register's records come from the source of that name, for rules that name it in `[merge]`.
    #[must_use]
    pub fn register_from(mut self, source: &str) -> Self {
        self.register = String::from(source);
        self
    }

    /// Puts an account without our anchor into the directory.
    #[must_use]
    #[track_caller]
    pub fn existing(mut self, id: &str, describe: impl FnOnce(Existing) -> Existing) -> Self {
        let account = describe(Existing::new(id)).account;
        self.directory.accounts.insert(account.id.clone(), account);
        self
    }

    /// Starts from this directory.
    #[must_use]
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directory = directory;
        self
    }

    /// Starts from this ledger.
    #[must_use]
    pub fn ledger(mut self, ledger: Ledger) -> Self {
        self.ledger = ledger;
        self
    }

    /// Approvals with which plans are released.
    #[must_use]
    pub fn approvals(mut self, approvals: Approvals) -> Self {
        self.approvals = approvals;
        self
    }

    /// Adds a decision of the host.
    #[must_use]
    pub fn decide(mut self, decision: Decision) -> Self {
        self.decisions.push(decision);
        self
    }

    /// Runs the rules.
    ///
    /// # Panics
    ///
    /// Where the day is missing, where something is referred to that the scenario does not describe, or where a limit is reached.
    #[track_caller]
    pub fn run(&self) -> Checked {
        let Some(as_of) = self.day else {
            fail("the scenario has no day: say `.on(\"2026-11-23\")`");
        };
        let snapshot = match snapshot::of(self, as_of) {
            Ok(snapshot) => snapshot,
            Err(message) => fail(&message),
        };
        let run = self.rules.evaluate(&Inputs {
            snapshot: &snapshot,
            directory: &self.directory,
            ledger: &self.ledger,
            as_of,
            salt: SALT,
            decisions: &self.decisions,
        });
        match run {
            Ok(outcome) => Checked::new(self.clone(), outcome),
            Err(limit) => fail(&format!("{limit}")),
        }
    }

    fn remember_issuers(&mut self) {
        let issuers = self
            .persons
            .values()
            .filter_map(|person| person.issuer.clone());
        self.issuers.extend(issuers);
    }
}
