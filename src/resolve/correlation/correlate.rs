//! Correlation: which candidates, and which persons of the ledger, are one person, by evidence.
//!
//! Not keys and not fields. Keeps true: names and birth dates link nobody; a protection flag on either side, a decision, or two lives
//! elsewhere hold evidence; a record whose new number is held stays with the person it was; nothing depends on any order.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::candidates::Candidate;
use super::candidates::Candidates;
use super::evidence::Grounds;
use super::joining::Sets;
use super::known::Known;
use super::known::Whose;
use crate::base::PersonKey;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::identity::IdentityNumber;
use crate::identity::Lineage;
use crate::identity::link;
use crate::language::Class;
use crate::resolve::codes;
use crate::resolve::decision::Decision;
use crate::resolve::facts::fact::World;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::note::person_subject;
use crate::resolve::person::register::Register;
use crate::resolve::setting::Setting;

/// One person, before it has a key.
#[derive(Default)]
pub(in crate::resolve) struct Cluster {
    /// Positions of candidates.
    pub(in crate::resolve) candidates: Vec<usize>,
    /// Persons of the ledger.
    pub(in crate::resolve) known: BTreeSet<PersonKey>,
    /// Numbers of the candidates that are not held.
    pub(in crate::resolve) numbers: BTreeSet<IdentityNumber>,
    /// Whether evidence about a record of it is held.
    pub(in crate::resolve) held: bool,
}

/// The persons of a run, and what was not linked.
pub(in crate::resolve) struct Correlated {
    pub(in crate::resolve) clusters: Vec<Cluster>,
    pub(in crate::resolve) lineage: Lineage,
}

/// Puts candidates and persons of the ledger together.
pub(in crate::resolve) fn correlate(
    setting: &Setting<'_>,
    world: &World<'_>,
    candidates: &Candidates,
    known: &Known<'_>,
    register: &Register,
    notes: &mut Notes,
) -> Correlated {
    let grounds = Grounds::new(setting, world, candidates, known, register);
    let evidence = grounds.evidence();
    let lineage = link(&evidence);
    let clusters = grounds.join(&lineage, notes);
    Correlated { clusters, lineage }
}

/// Tells of links that were held, now that persons have keys.
pub(in crate::resolve) fn tell_held(
    lineage: &Lineage,
    person_of: impl Fn(&IdentityNumber) -> Option<(crate::model::PersonRow, PersonKey)>,
    notes: &mut Notes,
) {
    for held in lineage.held() {
        let Some((row, key)) = person_of(&held.link.a).or_else(|| person_of(&held.link.b)) else {
            continue;
        };
        let message = OpenText::words("evidence ")
            .quote(held.link.kind.name())
            .and(" that another identity number is this person's is held: ")
            .quote(held.reason.name());
        let finding = Finding::new(&codes::LINK_HELD, person_subject(key), message)
            .help("decide whether the two numbers are one person's");
        notes.about(About::Person(row), Class::Open, finding);
    }
}

impl Grounds<'_, '_> {
    fn join(&self, lineage: &Lineage, notes: &mut Notes) -> Vec<Cluster> {
        let mut joined = Joined {
            sets: Sets::new(),
            candidates: Vec::new(),
            persons: BTreeMap::new(),
            numbers: BTreeMap::new(),
            dropped: BTreeSet::new(),
            held: BTreeSet::new(),
        };
        joined.candidates = self
            .candidates
            .all
            .iter()
            .map(|_| joined.sets.add())
            .collect();
        self.bars(&mut joined, notes);
        for cluster in lineage.clusters() {
            for pair in cluster.windows(2) {
                if let [one, two] = pair {
                    let (one, two) = (
                        joined.number(one, self.known),
                        joined.number(two, self.known),
                    );
                    joined.sets.join(one, two);
                }
            }
        }
        for (position, candidate) in self.candidates.all.iter().enumerate() {
            self.join_candidate(position, candidate, lineage, &mut joined, notes);
        }
        for (position, swallowed) in &self.merges {
            self.join_merged(*position, swallowed, &mut joined);
        }
        for decision in self.setting.decisions {
            if let Decision::Same { one, other } = decision {
                let places = [one, other].map(|whom| {
                    self.place(&self.known.whose(whom, self.setting.as_of), &mut joined)
                });
                let [Some(one), Some(other)] = places else {
                    notes.push(without_effect());
                    continue;
                };
                joined.sets.join(one, other);
            }
        }
        self.clusters(joined)
    }

    /// What a decision keeps apart.
    fn bars(&self, joined: &mut Joined, notes: &mut Notes) {
        for decision in self.setting.decisions {
            if let Decision::Apart { one, other } = decision {
                let places = [one, other]
                    .map(|whom| self.place(&self.known.whose(whom, self.setting.as_of), joined));
                let barred = match places {
                    [Some(one), Some(other)] => joined.sets.bar(one, other),
                    _ => false,
                };
                if !barred {
                    notes.push(without_effect());
                }
            }
        }
    }

    fn join_candidate(
        &self,
        position: usize,
        candidate: &Candidate,
        lineage: &Lineage,
        joined: &mut Joined,
        notes: &mut Notes,
    ) {
        let Some(own) = joined.candidates.get(position).copied() else {
            return;
        };
        let keys: Vec<PersonKey> = self
            .whose
            .get(position)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        for key in &keys {
            let person = joined.person(*key, self.known);
            // The first is the record's own; another one is a merge by the source, which flags hold.
            if keys.first() == Some(key) || !self.is_protected(candidate, *key) {
                joined.sets.join(own, person);
            }
        }
        let base: Vec<IdentityNumber> = keys
            .iter()
            .flat_map(|key| self.known.numbers(*key).iter().cloned())
            .collect();
        let mut base = base.first().cloned();
        for number in &candidate.numbers {
            let owner = self.known.owner(number);
            let strange = owner.is_some_and(|owner| !keys.is_empty() && !keys.contains(&owner));
            let agrees = match &base {
                Some(base) => lineage.is_one(base, number),
                // A known person without a number gets one, unless it is known as another's and a flag stands.
                None => {
                    !(strange && owner.is_some_and(|owner| self.is_protected(candidate, owner)))
                }
            };
            if agrees && joined.claim(own, number, self.known) {
                base.get_or_insert_with(|| number.clone());
                continue;
            }
            joined.dropped.insert((position, number.clone()));
            joined.held.insert(position);
            if let Some(row) = candidate.facts.first() {
                let (code, message) = if keys.is_empty() {
                    (
                        &codes::NUMBERS_DIFFER,
                        "records of one person in one source carry different identity numbers",
                    )
                } else {
                    (
                        &codes::LINK_HELD,
                        "the record carries another identity number than before, which is held",
                    )
                };
                let finding = Finding::new(code, self.world.subject(*row), message)
                    .field("number")
                    .help("decide whether the two numbers are one person's");
                notes.about(About::Fact(*row), Class::Open, finding);
            }
        }
    }

    /// A merge record where a side has no number, so that the lineage of numbers says nothing.
    fn join_merged(&self, position: usize, swallowed: &str, joined: &mut Joined) {
        let Some((own, one)) = joined
            .candidates
            .get(position)
            .copied()
            .zip(self.candidates.all.get(position))
        else {
            return;
        };
        if !one.numbers.is_empty() && !self.numbers_of_token(swallowed).is_empty() {
            return;
        }
        let other = self.candidates.of_token.get(swallowed);
        let protected = |one: &Candidate| {
            one.flagged
                || one
                    .numbers
                    .iter()
                    .any(|number| self.flagged.contains(number))
        };
        if protected(one)
            || other
                .and_then(|other| self.candidates.all.get(*other))
                .is_some_and(protected)
        {
            joined.held.insert(position);
            return;
        }
        if let Some(other) = other.and_then(|other| joined.candidates.get(*other).copied()) {
            joined.sets.join(own, other);
        }
        for key in self.known.of_token(swallowed) {
            if self.known.is_flagged(key) {
                joined.held.insert(position);
            } else {
                let person = joined.person(key, self.known);
                joined.sets.join(own, person);
            }
        }
    }

    fn is_protected(&self, candidate: &Candidate, key: PersonKey) -> bool {
        candidate.flagged || self.known.is_flagged(key)
    }

    fn place(&self, whose: &Whose, joined: &mut Joined) -> Option<usize> {
        match whose {
            Whose::Person(key) => Some(joined.person(*key, self.known)),
            Whose::Number(number) => Some(joined.number(number, self.known)),
            Whose::Record(token) => {
                if let Some(key) = self.known.of_token(token).into_iter().next() {
                    return Some(joined.person(key, self.known));
                }
                let position = self.candidates.of_token.get(token);
                position.and_then(|position| joined.candidates.get(*position).copied())
            }
            Whose::Nobody => None,
        }
    }

    /// In the order of the candidates.
    fn clusters(&self, mut joined: Joined) -> Vec<Cluster> {
        let mut by_root: BTreeMap<usize, usize> = BTreeMap::new();
        let mut clusters: Vec<Cluster> = Vec::new();
        for (position, candidate) in self.candidates.all.iter().enumerate() {
            let Some(place) = joined.candidates.get(position).copied() else {
                continue;
            };
            let at = *by_root.entry(joined.sets.root(place)).or_insert_with(|| {
                clusters.push(Cluster::default());
                clusters.len().saturating_sub(1)
            });
            let numbers = candidate.numbers.iter().cloned();
            let numbers =
                numbers.filter(|number| !joined.dropped.contains(&(position, number.clone())));
            if let Some(cluster) = clusters.get_mut(at) {
                cluster.candidates.push(position);
                cluster.held |= joined.held.contains(&position);
                cluster.numbers.extend(numbers);
            }
        }
        let persons = core::mem::take(&mut joined.persons);
        for (key, place) in persons {
            if let Some(at) = by_root.get(&joined.sets.root(place))
                && let Some(cluster) = clusters.get_mut(*at)
            {
                cluster.known.insert(key);
            }
        }
        clusters
    }
}

/// Places of candidates, persons and numbers, as far as they are joined.
struct Joined {
    sets: Sets,
    candidates: Vec<usize>,
    persons: BTreeMap<PersonKey, usize>,
    numbers: BTreeMap<IdentityNumber, usize>,
    dropped: BTreeSet<(usize, IdentityNumber)>,
    held: BTreeSet<usize>,
}

impl Joined {
    /// The place of a person of the ledger, with all its numbers.
    fn person(&mut self, key: PersonKey, known: &Known<'_>) -> usize {
        if let Some(place) = self.persons.get(&key) {
            return *place;
        }
        let place = self.sets.add();
        self.persons.insert(key, place);
        for number in known.numbers(key) {
            if number.is_qualified() {
                let at = self.number_place(number);
                self.sets.join(place, at);
            }
        }
        place
    }

    /// The place of a number, with whom the ledger says has it.
    fn number(&mut self, number: &IdentityNumber, known: &Known<'_>) -> usize {
        if let Some(owner) = known.owner(number) {
            self.person(owner, known);
        }
        self.number_place(number)
    }

    fn number_place(&mut self, number: &IdentityNumber) -> usize {
        let sets = &mut self.sets;
        *self
            .numbers
            .entry(number.clone())
            .or_insert_with(|| sets.add())
    }

    /// Joins a candidate with a number; one that tells nobody from another joins nobody.
    fn claim(&mut self, own: usize, number: &IdentityNumber, known: &Known<'_>) -> bool {
        if !number.is_qualified() {
            return true;
        }
        let place = self.number(number, known);
        self.sets.join(own, place)
    }
}

fn without_effect() -> Finding {
    let message = "a decision is about somebody who is not known, or asks for what cannot be";
    Finding::new(&codes::DECISION_WITHOUT_EFFECT, Subject::Run, message)
}
