//! The world of one run: all that is read, and what has been computed so far.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Meter;
use crate::base::Text;
use crate::base::sha256_hex;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::Directory;
use crate::directory::ObjectId;
use crate::directory::Opinion;
use crate::directory::Slice;
use crate::evaluate::accounts::lifecycle::Coverage;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::merging;
use crate::evaluate::accounts::merging::Others;
use crate::language::DataError;
use crate::language::Failure;
use crate::language::Program;
use crate::language::Scope;
use crate::language::Value;
use crate::ledger::Memory;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::model::Population;
use crate::rules::Compiled;

/// A person's account under one rule, as far as it is computed.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) key: AccountKey,
    pub(crate) life: Life,
    pub(crate) slice: Slice,
    /// The object that is, ours or about to be.
    pub(crate) existing: Option<ObjectId>,
    /// Whether the object has another anchor, or none: it becomes ours in this plan.
    pub(crate) adopt: bool,
    /// Whether it is disabled or deleted because its time has come, and for no other cause.
    pub(crate) ended: bool,
    /// What it covers, with the days on which each keeps it enabled.
    pub(crate) covered: Vec<Coverage>,
    pub(crate) primary: Option<AffiliationRow>,
    /// Names by name in the rules.
    pub(crate) names: BTreeMap<Text, Text>,
    /// Names that it will have from a day on.
    pub(crate) next_names: BTreeMap<Text, NextName>,
    pub(crate) name_opinions: BTreeMap<Text, Opinion<Text>>,
    pub(crate) attributes: BTreeMap<Text, Opinion<Vec<Text>>>,
    pub(crate) references: BTreeMap<Text, Opinion<AccountKey>>,
    pub(crate) horizon: Horizon,
}

/// A name that an account will have.
#[derive(Clone, Debug)]
pub(crate) struct NextName {
    pub(crate) text: Text,
    pub(crate) on: NaiveDate,
}

/// The world of one run.
pub(crate) struct World<'run> {
    pub(crate) rules: &'run Compiled,
    pub(crate) population: &'run Population,
    pub(crate) directory: &'run Directory,
    /// What is remembered, as resolving left it.
    pub(crate) memory: &'run Memory,
    pub(crate) as_of: NaiveDate,
    /// Accounts that are one of several of their person.
    pub(crate) others: Others,
    /// By account rule: who holds one.
    pub(crate) holders: Vec<BTreeMap<PersonRow, Holder>>,
}

impl<'run> World<'run> {
    pub(crate) fn new(
        rules: &'run Compiled,
        population: &'run Population,
        directory: &'run Directory,
        memory: &'run Memory,
        as_of: NaiveDate,
    ) -> Self {
        let mut world = Self {
            rules,
            population,
            directory,
            memory,
            as_of,
            others: Others::default(),
            holders: rules.accounts.iter().map(|_| BTreeMap::new()).collect(),
        };
        world.others = merging::find(&world);
        world
    }

    /// Whose account it is: that of the person it was made for, or of whom that one turned out to be.
    pub(crate) fn person_of(&self, account: &AccountKey) -> Option<PersonRow> {
        let person = self.memory.surviving(account.person);
        self.population.find_person(person)
    }

    /// The account of a person under a rule.
    pub(crate) fn holder(&self, account: usize, person: PersonRow) -> Option<&Holder> {
        self.holders.get(account)?.get(&person)
    }

    /// The object in the directory that a holder has.
    pub(crate) fn existing(&self, holder: &Holder) -> Option<&'run Account> {
        self.directory.accounts.get(holder.existing.as_ref()?)
    }

    /// Runs a program.
    pub(crate) fn run(
        &self,
        program: &Program,
        scope: &dyn Scope,
        horizon: &mut Horizon,
    ) -> Result<Result<crate::language::Opinion, DataError>, LimitReached> {
        let mut meter = Meter::new("evaluation_steps", self.rules.limits.evaluation_steps);
        match program.evaluate(scope, horizon, &mut meter, &mut ()) {
            Ok(opinion) => Ok(Ok(opinion)),
            Err(Failure::Data(error)) => Ok(Err(error)),
            Err(Failure::Limit(limit)) => Err(limit),
        }
    }

    /// Runs a condition; a data error is no answer.
    pub(crate) fn condition(
        &self,
        program: &Program,
        scope: &dyn Scope,
        horizon: &mut Horizon,
    ) -> Result<Result<bool, DataError>, LimitReached> {
        Ok(self
            .run(program, scope, horizon)?
            .map(|opinion| matches!(opinion, crate::language::Opinion::Value(Value::Bool(true)))))
    }

    /// Runs a program that gives a text, or none.
    pub(crate) fn text(
        &self,
        program: &Program,
        scope: &dyn Scope,
        horizon: &mut Horizon,
    ) -> Result<Result<Option<Text>, DataError>, LimitReached> {
        Ok(self
            .run(program, scope, horizon)?
            .map(|opinion| match opinion {
                crate::language::Opinion::Value(value) => shown(&value),
                crate::language::Opinion::None | crate::language::Opinion::Keep => None,
            }))
    }

    /// What a finding about a person is about: the key, or a sealed id where the person is protected.
    pub(crate) fn subject(&self, person: PersonRow) -> Subject {
        let person = self.population.person(person);
        if person.protection.stands() {
            Subject::Sealed {
                sealed: sealed_id(&person.key.to_hex()),
            }
        } else {
            Subject::Person {
                person: person.key.to_hex(),
            }
        }
    }

    /// A finding that an output could not be computed.
    pub(crate) fn not_computed(
        &self,
        findings: &mut Findings,
        person: PersonRow,
        output: &str,
        error: &DataError,
    ) {
        self.finding(
            findings,
            person,
            &super::codes::NOT_COMPUTED,
            output,
            alloc::format!("`{output}` cannot be computed: {error}"),
        );
    }

    /// A finding about an output of a person.
    pub(crate) fn finding(
        &self,
        findings: &mut Findings,
        person: PersonRow,
        code: &'static Code,
        output: &str,
        message: String,
    ) {
        findings.push(Finding::new(code, self.subject(person), message).field(output));
    }
}

/// The id by which open documents speak of what they must not name.
pub(crate) fn sealed_id(of: &str) -> String {
    let digest = sha256_hex(of.as_bytes());
    alloc::format!("sealed:{}", digest.get(..16).unwrap_or(&digest))
}

/// A scalar as the text that directories take.
pub(crate) fn shown(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) | Value::Enum(_, text) | Value::Nominal(_, text) => Some(text.clone()),
        Value::Int(int) => Some(Text::from(alloc::format!("{int}"))),
        Value::Bool(flag) => Some(Text::from(if *flag { "TRUE" } else { "FALSE" })),
        Value::Date(day) => Some(Text::from(alloc::format!("{}", day.format("%Y-%m-%d")))),
        Value::Optional(Some(inner)) => shown(inner),
        _ => None,
    }
}
