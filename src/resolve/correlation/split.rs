//! Splitting: a decision that two are two persons, where the ledger has them as one or a record of one tells of the other.
//!
//! Not the decision's other half, which keeps two persons apart that are two already. Keeps true: the person whom the decision
//! names first keeps key and account; records that one source tells of one person are never torn apart; whoever was merged into
//! somebody goes on under the key of before.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::candidates::Candidate;
use super::candidates::Candidates;
use super::known::Known;
use super::known::Whose;
use crate::base::PersonKey;
use crate::identity::IdentityNumber;
use crate::ledger::Memory;
use crate::ledger::NumberMemory;
use crate::ledger::PersonMemory;
use crate::resolve::decision::Decision;
use crate::resolve::decision::Transition;
use crate::resolve::decision::TransitionKind;
use crate::resolve::decision::Whom;
use crate::resolve::setting::Setting;

/// What is remembered once decisions have parted what was one, and what changed by that.
pub(in crate::resolve) struct Parted<'m> {
    pub(in crate::resolve) memory: Cow<'m, Memory>,
    pub(super) transitions: Vec<Transition>,
    /// Records that were taken from somebody, for those who get a key only now.
    taken: Vec<(BTreeSet<String>, PersonKey)>,
}

/// Applies all decisions that keep two apart to what is remembered.
pub(in crate::resolve) fn split<'m>(
    setting: &Setting<'_>,
    candidates: &Candidates,
    memory: &'m Memory,
) -> Parted<'m> {
    let mut parted = Parted {
        memory: Cow::Borrowed(memory),
        transitions: Vec::new(),
        taken: Vec::new(),
    };
    for decision in setting.decisions {
        if let Decision::Apart { one, other } = decision {
            parted.apart(setting, candidates, one, other);
        }
    }
    parted
}

impl Parted<'_> {
    /// From whom records were taken that are nobody's yet.
    pub(super) fn from<'t>(
        &self,
        tokens: &mut impl Iterator<Item = &'t String>,
    ) -> Option<PersonKey> {
        tokens.find_map(|token| {
            let mut taken = self.taken.iter();
            taken
                .find(|(known, _)| known.contains(token))
                .map(|(_, from)| *from)
        })
    }

    fn apart(&mut self, setting: &Setting<'_>, candidates: &Candidates, one: &Whom, other: &Whom) {
        let known = Known::new(&self.memory, setting.as_of);
        let (one, other) = (
            known.whose(one, setting.as_of),
            known.whose(other, setting.as_of),
        );
        let (person, stays, goes) = match (known.person(&one), known.person(&other)) {
            (Some(person), _) => (person, one, other),
            (None, Some(person)) => (person, other, one),
            (None, None) => return,
        };
        let going = Going::find(candidates, &known, person, &stays, &goes);
        if !going.is_empty() {
            self.part(person, going);
        }
    }

    fn part(&mut self, person: PersonKey, going: Going) {
        let before = self.merged_before(person, &going);
        let memory = self.memory.to_mut();
        let Some(stays) = memory.persons.get_mut(&person) else {
            return;
        };
        stays.records.retain(|token| !going.tokens.contains(token));
        stays.numbers.retain(|number| !going.has(number));
        let flags = stays.flags.clone();
        let Some(key) = before else {
            self.taken.push((going.tokens, person));
            return;
        };
        memory.merged.remove(&key);
        let mut back = memory.merged_persons.remove(&key).unwrap_or_default();
        back.records.extend(going.tokens);
        for number in going.numbers {
            if !back.numbers.iter().any(|known| known.is(&number)) {
                back.numbers.push(number);
            }
        }
        // Whoever was protected as one person is protected as two, until somebody decides otherwise.
        for (flag, stood) in flags {
            back.flags.entry(flag).or_insert(stood);
        }
        memory.persons.insert(key, back);
        self.transitions.push(Transition {
            person: key,
            kind: TransitionKind::Split { from: person },
        });
    }

    /// Who of those that were merged into a person had what goes now.
    fn merged_before(&self, person: PersonKey, going: &Going) -> Option<PersonKey> {
        let had = |memory: &PersonMemory| {
            memory
                .records
                .iter()
                .any(|token| going.tokens.contains(token))
                || memory.numbers.iter().any(|number| going.has(number))
        };
        let mut merged = self.memory.merged_persons.iter();
        let found =
            merged.find(|(key, memory)| self.memory.surviving(**key) == person && had(memory));
        found.map(|(key, _)| *key)
    }
}

/// What leaves a person.
struct Going {
    tokens: BTreeSet<String>,
    numbers: Vec<NumberMemory>,
}

impl Going {
    /// What of a person belongs to another side: whatever the records tell that carry its number or its record.
    fn find(
        candidates: &Candidates,
        known: &Known<'_>,
        person: PersonKey,
        stays: &Whose,
        goes: &Whose,
    ) -> Self {
        let (mut tokens, mut numbers) = (BTreeSet::new(), Vec::new());
        let moves = |one: &&Candidate| is_about(goes, one) && !is_about(stays, one);
        let moving: Vec<&Candidate> = candidates.all.iter().filter(moves).collect();
        let own = known.tokens(person);
        for one in &moving {
            tokens.extend(
                one.tokens
                    .iter()
                    .filter(|token| own.contains(*token))
                    .cloned(),
            );
            numbers.extend(one.numbers.iter().cloned());
        }
        if let Whose::Record(token) = goes
            && own.contains(token)
            && !candidates.of_token.contains_key(token)
        {
            tokens.insert(token.clone());
        }
        if let Whose::Number(number) = goes {
            numbers.push(number.clone());
        }
        // A number that a record of whoever stays carries as well stays.
        let claimed = |number: &IdentityNumber| {
            let mut rest = candidates.all.iter().filter(|one| !moves(one));
            matches!(stays, Whose::Number(own) if own == number)
                || rest.any(|one| {
                    one.numbers.contains(number)
                        && one.tokens.iter().any(|token| own.contains(token))
                })
        };
        numbers.retain(|number| !claimed(number));
        let numbers = known
            .numbers_as_kept(person)
            .iter()
            .filter(|kept| numbers.iter().any(|number| kept.names(number)))
            .cloned()
            .collect();
        Self { tokens, numbers }
    }

    fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.numbers.is_empty()
    }

    fn has(&self, number: &NumberMemory) -> bool {
        self.numbers.iter().any(|going| going.is(number))
    }
}

/// Whether the records of a candidate are about one side of a decision. A person as a whole is about all and nothing.
fn is_about(whose: &Whose, one: &Candidate) -> bool {
    match whose {
        Whose::Number(number) => one.numbers.contains(number),
        Whose::Record(token) => one.tokens.contains(token),
        Whose::Person(_) | Whose::Nobody => false,
    }
}
