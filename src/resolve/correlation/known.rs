//! What the ledger knows of persons, by record and by number.
//!
//! Keeps true: keys are those under which persons go on; in a source that uses record ids again a record is somebody only
//! together with a number.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::candidates::Candidate;
use crate::base::PersonKey;
use crate::identity::Evidence;
use crate::identity::EvidenceKind;
use crate::identity::IdentityNumber;
use crate::ledger::Memory;
use crate::ledger::NumberMemory;
use crate::resolve::decision::Whom;
use crate::resolve::facts::fact::token;

/// Persons of the ledger.
pub(in crate::resolve) struct Known<'m> {
    memory: &'m Memory,
    by_token: BTreeMap<&'m str, BTreeSet<PersonKey>>,
    by_number: BTreeMap<IdentityNumber, PersonKey>,
    numbers: BTreeMap<PersonKey, Vec<IdentityNumber>>,
}

/// Whom a decision is about, as far as that is known.
pub(in crate::resolve) enum Whose {
    Person(PersonKey),
    Number(IdentityNumber),
    Record(String),
    Nobody,
}

impl<'m> Known<'m> {
    /// Reads the ledger.
    pub(in crate::resolve) fn new(memory: &'m Memory, as_of: NaiveDate) -> Self {
        let mut known = Self {
            memory,
            by_token: BTreeMap::new(),
            by_number: BTreeMap::new(),
            numbers: BTreeMap::new(),
        };
        for (key, person) in &memory.persons {
            let key = memory.surviving(*key);
            for token in &person.records {
                known
                    .by_token
                    .entry(token.as_str())
                    .or_default()
                    .insert(key);
            }
            for number in &person.numbers {
                let Some(number) = number.read(as_of) else {
                    continue;
                };
                if number.is_qualified() {
                    known.by_number.entry(number.clone()).or_insert(key);
                }
                let numbers = known.numbers.entry(key).or_default();
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        known
    }

    /// The numbers of a person, as they were seen.
    pub(in crate::resolve) fn numbers(&self, key: PersonKey) -> &[IdentityNumber] {
        self.numbers.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The numbers of a person, as the ledger keeps them.
    pub(super) fn numbers_as_kept(&self, key: PersonKey) -> &'m [NumberMemory] {
        let person = self.memory.persons.get(&key);
        person.map_or(&[], |person| person.numbers.as_slice())
    }

    /// The records of a person, as the ledger names them.
    pub(super) fn tokens(&self, key: PersonKey) -> BTreeSet<String> {
        let person = self.memory.persons.get(&key);
        person.map_or_else(BTreeSet::new, |person| person.records.clone())
    }

    /// Which known person one side of a decision is.
    pub(super) fn person(&self, whose: &Whose) -> Option<PersonKey> {
        match whose {
            Whose::Person(key) => Some(*key),
            Whose::Number(number) => self.owner(number),
            Whose::Record(token) => self.of_token(token).into_iter().next(),
            Whose::Nobody => None,
        }
    }

    /// Who has a number.
    pub(in crate::resolve) fn owner(&self, number: &IdentityNumber) -> Option<PersonKey> {
        self.by_number.get(number).copied()
    }

    /// Who a record is or was.
    pub(in crate::resolve) fn of_token(&self, token: &str) -> BTreeSet<PersonKey> {
        self.by_token.get(token).cloned().unwrap_or_default()
    }

    /// Who the records of a candidate are.
    pub(in crate::resolve) fn of_candidate(&self, candidate: &Candidate) -> BTreeSet<PersonKey> {
        let mut keys = BTreeSet::new();
        for token in &candidate.tokens {
            let mut of_token = self.of_token(token);
            let agrees = |key: &PersonKey| {
                let numbers = self.numbers(*key);
                candidate
                    .numbers
                    .iter()
                    .any(|number| numbers.contains(number))
            };
            if candidate.reused {
                of_token.retain(|key| {
                    agrees(key) || (candidate.numbers.is_empty() && self.numbers(*key).is_empty())
                });
            } else if of_token.len() > 1 && of_token.iter().any(agrees) {
                of_token.retain(agrees);
            }
            keys.extend(of_token.into_iter().next());
        }
        keys
    }

    /// Whether a protection flag stood.
    pub(in crate::resolve) fn is_flagged(&self, key: PersonKey) -> bool {
        self.memory
            .persons
            .get(&key)
            .is_some_and(|person| !person.flags.is_empty())
    }

    /// Numbers of persons for whom a protection flag stood.
    pub(in crate::resolve) fn flagged_numbers(&self) -> impl Iterator<Item = IdentityNumber> {
        self.numbers
            .iter()
            .filter(|(key, _)| self.is_flagged(**key))
            .flat_map(|(_, numbers)| numbers.iter().cloned())
    }

    /// What is one already: the numbers of each person, as evidence as strong as a decision.
    pub(in crate::resolve) fn histories(&self) -> Vec<Evidence> {
        let kind = EvidenceKind::Decision { apart: false };
        let pairs = self.numbers.values().flat_map(|numbers| numbers.windows(2));
        pairs
            .filter_map(|pair| match pair {
                [one, two] => Some(Evidence::new(kind, one.clone(), two.clone())),
                _ => None,
            })
            .collect()
    }

    /// Whom a decision is about.
    pub(in crate::resolve) fn whose(&self, whom: &Whom, as_of: NaiveDate) -> Whose {
        match whom {
            Whom::Person(key) => {
                let key = self.memory.surviving(*key);
                if self.memory.persons.contains_key(&key) {
                    Whose::Person(key)
                } else {
                    Whose::Nobody
                }
            }
            Whom::Number { number, issuer } => {
                match IdentityNumber::parse_issued(number.reveal(), as_of, issuer.as_deref()) {
                    Ok(number) => Whose::Number(number),
                    Err(_) => Whose::Nobody,
                }
            }
            Whom::Record { instance, kind, id } => Whose::Record(token(instance, kind, id)),
        }
    }
}
