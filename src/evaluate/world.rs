//! The world of one run: all that is read, and what has been computed so far.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::holder::Holder;
use super::holder::HolderRow;
use super::holder::Holders;
use super::scope::RuleScope;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Meter;
use crate::base::PersonKey;
use crate::base::Text;
use crate::base::sha256_hex;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::Directory;
use crate::directory::ObjectId;
use crate::evaluate::accounts::merging;
use crate::evaluate::accounts::merging::Others;
use crate::evaluate::accounts::renewal;
use crate::evaluate::accounts::renewal::Renewals;
use crate::evaluate::accounts::slot::Moved;
use crate::language::DataError;
use crate::language::Failure;
use crate::language::Program;
use crate::language::Value;
use crate::ledger::Memory;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::model::Population;
use crate::rules::Compiled;

/// The world of one run.
pub(crate) struct World<'run> {
    pub(crate) rules: &'run Compiled,
    pub(crate) population: &'run Population,
    pub(crate) directory: &'run Directory,
    /// What is remembered, as resolving left it.
    pub(crate) memory: &'run Memory,
    pub(crate) as_of: NaiveDate,
    /// The host's secret that opaque marks are made with.
    pub(crate) salt: &'run [u8],
    /// Accounts that go on under the key of another slot.
    pub(crate) moved: Moved,
    /// Objects of ours of which two say to be the same account.
    pub(crate) contested: BTreeSet<ObjectId>,
    /// Accounts that are one of several of their person.
    pub(crate) others: Others,
    /// Accounts in whose place another one is.
    pub(crate) renewals: Renewals,
    /// By account rule: who holds one.
    pub(crate) holders: Vec<Holders>,
}

impl<'run> World<'run> {
    pub(crate) fn new(
        rules: &'run Compiled,
        population: &'run Population,
        directory: &'run Directory,
        memory: &'run Memory,
        as_of: NaiveDate,
        salt: &'run [u8],
        moved: Moved,
    ) -> Self {
        let mut world = Self {
            rules,
            population,
            directory,
            memory,
            as_of,
            salt,
            moved,
            contested: BTreeSet::new(),
            others: Others::default(),
            renewals: Renewals::default(),
            holders: rules.accounts.iter().map(|_| Holders::default()).collect(),
        };
        world.renewals = renewal::find(&world);
        world.others = merging::find(&world);
        world
    }

    /// Whose account it is: that of the person it was made for, or of whom that one turned out to be.
    pub(crate) fn person_of(&self, account: &AccountKey) -> Option<PersonRow> {
        self.population.find_person(self.memory.owner(account))
    }

    /// Whether the sources or the ledger know the person of an account.
    pub(crate) fn is_known(&self, account: &AccountKey) -> bool {
        let person = self.memory.owner(account);
        self.population.find_person(person).is_some() || self.memory.persons.contains_key(&person)
    }

    /// The mark of the slot that an account of a rule is in, as its person would have it now; empty where the rule has none.
    pub(crate) fn slot_of(&self, rule: usize, key: &AccountKey) -> Text {
        let has_slots = self
            .rules
            .accounts
            .get(rule)
            .is_some_and(|rule| !rule.slots.is_empty());
        if has_slots {
            self.moved.slot(key)
        } else {
            Text::from("")
        }
    }

    /// The account that is in a slot of a person.
    pub(crate) fn holder_in(&self, rule: usize, person: PersonRow, slot: &Text) -> Option<&Holder> {
        let mut holders = self.holders_of(rule, person);
        holders
            .find(|(_, holder)| self.slot_of(rule, &holder.key) == *slot)
            .map(|(_, holder)| holder)
    }

    /// All accounts of a rule.
    pub(crate) fn holders(&self, account: usize) -> impl Iterator<Item = (HolderRow, &Holder)> {
        self.holders
            .get(account)
            .into_iter()
            .flat_map(Holders::iter)
    }

    /// One account of a rule.
    pub(crate) fn holder(&self, account: usize, row: HolderRow) -> Option<&Holder> {
        self.holders.get(account)?.get(row)
    }

    /// One account of a rule, to be changed.
    pub(crate) fn holder_mut(&mut self, account: usize, row: HolderRow) -> Option<&mut Holder> {
        self.holders.get_mut(account)?.get_mut(row)
    }

    /// The accounts of a person under a rule: one, or one for each slot.
    pub(crate) fn holders_of(
        &self,
        account: usize,
        person: PersonRow,
    ) -> impl Iterator<Item = (HolderRow, &Holder)> {
        let holders = self.holders.get(account).into_iter();
        holders.flat_map(move |holders| holders.of(person))
    }

    /// The affiliations that an account may have its reasons from: all of the person, or those of its slot.
    pub(crate) fn affiliations_of<'a>(&'a self, holder: &'a Holder) -> &'a [AffiliationRow] {
        match &holder.slot {
            Some(slot) => &slot.affiliations,
            None => self.population.affiliations_of(holder.person),
        }
    }

    /// The object in the directory that a holder has.
    pub(crate) fn existing(&self, holder: &Holder) -> Option<&'run Account> {
        self.directory.accounts.get(holder.existing.as_ref()?)
    }

    /// The key of each object of ours, as it is or is about to be.
    pub(crate) fn keys(&self) -> BTreeMap<&ObjectId, &AccountKey> {
        let accounts = self.directory.accounts.values();
        let mut keys: BTreeMap<&ObjectId, &AccountKey> = accounts
            .filter_map(|account| Some((&account.id, account.anchor.as_ref()?)))
            .collect();
        for (_, holder) in self.holders.iter().flat_map(Holders::iter) {
            let taken = holder.existing.as_ref();
            keys.extend(
                taken
                    .filter(|id| !self.contested.contains(*id))
                    .map(|id| (id, &holder.key)),
            );
        }
        keys
    }

    /// Runs a program. What it reads of other accounts holds as long as those do.
    pub(crate) fn run(
        &self,
        program: &Program,
        scope: &RuleScope<'_>,
        horizon: &mut Horizon,
    ) -> Result<Result<crate::language::Opinion, DataError>, LimitReached> {
        let mut meter = Meter::new("evaluation_steps", self.rules.limits.evaluation_steps);
        let answer = program.evaluate(scope, horizon, &mut meter, &mut ());
        horizon.merge(&scope.others_hold());
        match answer {
            Ok(opinion) => Ok(Ok(opinion)),
            Err(Failure::Data(error)) => Ok(Err(error)),
            Err(Failure::Limit(limit)) => Err(limit),
        }
    }

    /// Runs a condition; a data error is no answer.
    pub(crate) fn condition(
        &self,
        program: &Program,
        scope: &RuleScope<'_>,
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
        scope: &RuleScope<'_>,
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
            Subject::sealed(person.key)
        } else {
            Subject::person(person.key)
        }
    }

    /// A finding that an output could not be computed.
    pub(crate) fn not_computed(
        &self,
        findings: &mut Findings,
        person: PersonRow,
        output: &OpenText,
        error: &DataError,
    ) {
        self.finding(
            findings,
            person,
            &super::codes::NOT_COMPUTED,
            output,
            OpenText::words("")
                .quote(output)
                .and(" cannot be computed: ")
                .and(error),
        );
    }

    /// A finding about an output of a person.
    pub(crate) fn finding(
        &self,
        findings: &mut Findings,
        person: PersonRow,
        code: &'static Code,
        output: impl Into<OpenText>,
        message: impl Into<OpenText>,
    ) {
        findings.push(Finding::new(code, self.subject(person), message).field(output));
    }
}

/// Whom the opaque ids of findings stand for: those who are protected, and those with accounts that were made anew.
pub(crate) fn sealed_subjects(
    findings: &Findings,
    population: &Population,
    owners: &BTreeSet<PersonKey>,
) -> BTreeMap<String, PersonKey> {
    let sealed: BTreeSet<&str> = findings
        .iter()
        .filter_map(|finding| match &finding.subject {
            Subject::Sealed { sealed } => Some(sealed.as_str()),
            _ => None,
        })
        .collect();
    let protected = population
        .persons()
        .filter(|(_, person)| person.protection.stands() && !sealed.is_empty())
        .map(|(_, person)| person.key);
    protected
        .chain(owners.iter().copied())
        .map(|key| (sealed_id(&key.to_hex()), key))
        .filter(|(id, _)| sealed.contains(id.as_str()))
        .collect()
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
