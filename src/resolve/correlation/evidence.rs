//! Evidence: what speaks for two identity numbers being one person's, and what holds it.
//!
//! Not the linking. Keeps true: names and birth dates are no evidence; a protection flag on either side, or two lives in one source,
//! hold whatever is not a decision.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::candidates::Candidate;
use super::candidates::Candidates;
use super::known::Known;
use super::known::Whose;
use super::reuse;
use crate::base::PersonKey;
use crate::identity::Evidence;
use crate::identity::EvidenceKind;
use crate::identity::HoldReason;
use crate::identity::IdentityNumber;
use crate::resolve::decision::Decision;
use crate::resolve::facts::fact::DeliveryRow;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::World;
use crate::resolve::facts::fact::token;
use crate::resolve::facts::refs::Reference;
use crate::resolve::person::register::Register;
use crate::resolve::setting::Setting;
use crate::rules::spec::CauseEffect;

/// By number: in which source instances it lives, and as which candidates.
type Living = BTreeMap<IdentityNumber, BTreeMap<DeliveryRow, BTreeSet<usize>>>;

/// What speaks for two numbers being one person's, with all that it is judged by.
pub(in crate::resolve) struct Grounds<'c, 'a> {
    pub(in crate::resolve) setting: &'c Setting<'a>,
    pub(in crate::resolve) world: &'c World<'a>,
    pub(in crate::resolve) candidates: &'c Candidates,
    pub(in crate::resolve) known: &'c Known<'a>,
    register: &'c Register,
    /// By candidate: the persons of the ledger that its records are.
    pub(in crate::resolve) whose: Vec<BTreeSet<PersonKey>>,
    living: Living,
    /// Numbers with a protection flag.
    pub(in crate::resolve) flagged: BTreeSet<IdentityNumber>,
    /// Merge records: the candidate that stays, and the token of the record that it swallowed.
    pub(in crate::resolve) merges: Vec<(usize, String)>,
}

impl<'c, 'a> Grounds<'c, 'a> {
    /// The grounds of a run.
    pub(in crate::resolve) fn new(
        setting: &'c Setting<'a>,
        world: &'c World<'a>,
        candidates: &'c Candidates,
        known: &'c Known<'a>,
        register: &'c Register,
    ) -> Self {
        let mut grounds = Self {
            setting,
            world,
            candidates,
            known,
            register,
            whose: candidates
                .all
                .iter()
                .map(|one| known.of_candidate(one))
                .collect(),
            living: living(world, candidates),
            flagged: flagged(candidates, known, register),
            merges: Vec::new(),
        };
        grounds.merges = grounds.merge_records();
        grounds
    }

    fn merge_records(&self) -> Vec<(usize, String)> {
        let mut merges = Vec::new();
        for (row, fact) in self.world.facts.iter() {
            if fact.kind != FactKind::Person {
                continue;
            }
            let delivery = self.world.deliveries.at(fact.delivery);
            for text in fact.all("merged_record") {
                let swallowed = match Reference::read(text) {
                    Reference::Bare("") => continue,
                    Reference::Bare(id) | Reference::Of { id, .. } => {
                        token(&delivery.name, fact.kind.name(), id)
                    }
                };
                if let Some(position) = self.candidates.of_fact.get(&row) {
                    merges.push((*position, swallowed));
                }
            }
        }
        merges
    }

    /// All evidence, held where something holds it.
    pub(in crate::resolve) fn evidence(&self) -> Vec<Evidence> {
        let mut evidence = self.known.histories();
        for (position, candidate) in self.candidates.all.iter().enumerate() {
            self.of_record(position, candidate, &mut evidence);
        }
        for (position, swallowed) in &self.merges {
            let one = self
                .candidates
                .all
                .get(*position)
                .and_then(|one| one.numbers.first());
            let pair = one.into_iter().flat_map(|one| {
                self.numbers_of_token(swallowed)
                    .into_iter()
                    .map(move |two| (one, two))
            });
            for (one, two) in pair {
                let held = self.reason(one, &two, None);
                push(&mut evidence, EvidenceKind::MergeRecord, one, &two, held);
            }
        }
        for (number, entry) in self.register.entries() {
            for other in &entry.references {
                let back = self
                    .register
                    .of(other)
                    .is_some_and(|other| other.references.contains(number));
                let kind = if back {
                    EvidenceKind::MutualReference {
                        a_active: self.register.is_active(number) == Some(true),
                        b_active: self.register.is_active(other) == Some(true),
                    }
                } else {
                    EvidenceKind::OneSidedReference
                };
                let held = self.reason(number, other, None);
                let held = held.or_else(|| self.held_by_rules(number, other));
                push(&mut evidence, kind, number, other, held);
            }
        }
        for decision in self.setting.decisions {
            let (one, other, apart) = match decision {
                Decision::Same { one, other } => (one, other, false),
                Decision::Apart { one, other } => (one, other, true),
                Decision::EndProtection { .. }
                | Decision::Replace { .. }
                | Decision::Suspend { .. } => continue,
            };
            let numbers = |whom| self.numbers_of(&self.known.whose(whom, self.setting.as_of));
            for one in numbers(one) {
                for other in numbers(other) {
                    push(
                        &mut evidence,
                        EvidenceKind::Decision { apart },
                        &one,
                        &other,
                        None,
                    );
                }
            }
        }
        evidence
    }

    /// A number that gave way is linked to the new one, unless the rules say that its cause is for a person to judge.
    fn held_by_rules(&self, one: &IdentityNumber, two: &IdentityNumber) -> Option<HoldReason> {
        let holds = [one, two].into_iter().any(|number| {
            let cause = self
                .register
                .of(number)
                .and_then(|entry| entry.deregistration.as_ref());
            let rule = cause
                .filter(|cause| cause.is_replaced())
                .and_then(|cause| self.setting.cause(cause));
            rule.is_some_and(|rule| rule.usually == Some(CauseEffect::Hold))
        });
        holds.then_some(HoldReason::HeldByRules)
    }

    /// The same record id with a new number, and records that one source puts together under several numbers.
    fn of_record(&self, position: usize, candidate: &Candidate, evidence: &mut Vec<Evidence>) {
        for pair in candidate.numbers.windows(2) {
            if let [one, two] = pair {
                let held = self.reason(one, two, Some(position));
                push(evidence, EvidenceKind::SameRecord, one, two, held);
            }
        }
        let Some(number) = candidate.numbers.first() else {
            return;
        };
        for key in self.whose.get(position).into_iter().flatten() {
            let numbers = self.known.numbers(*key);
            let Some(before) = numbers.first() else {
                continue;
            };
            if numbers.contains(number) {
                continue;
            }
            let reused = reuse::looks_reused(self.world, candidate, before, number);
            let held = numbers
                .iter()
                .filter_map(|before| self.reason(before, number, Some(position)))
                .chain(reused.then_some(HoldReason::RecordReused))
                .min();
            push(evidence, EvidenceKind::SameRecord, before, number, held);
        }
    }

    /// What holds evidence about two numbers: a flag on either side, or two lives in one source other than the telling record.
    fn reason(
        &self,
        one: &IdentityNumber,
        two: &IdentityNumber,
        telling: Option<usize>,
    ) -> Option<HoldReason> {
        if self.flagged.contains(one) || self.flagged.contains(two) {
            return Some(HoldReason::Protected);
        }
        let (ones, twos) = (self.living.get(one)?, self.living.get(two)?);
        let others = |candidates: &BTreeSet<usize>| -> Vec<usize> {
            candidates
                .iter()
                .copied()
                .filter(|position| Some(*position) != telling)
                .collect()
        };
        let apart = ones.iter().any(|(delivery, ones)| {
            let twos = twos.get(delivery).map(others).unwrap_or_default();
            others(ones)
                .iter()
                .any(|one| twos.iter().any(|two| one != two))
        });
        // A merge in the source itself is no life elsewhere.
        let merged = |position: &usize| {
            self.merges.iter().any(|(stays, gone)| {
                let swallowed = self.candidates.of_token.get(gone);
                stays == position || swallowed == Some(position)
            })
        };
        let is_merge = telling.is_none() && ones.values().flatten().any(merged);
        (apart && !is_merge).then_some(HoldReason::TwoPersonsElsewhere)
    }

    /// The numbers that a record carries, or those of whom the ledger says it is.
    pub(in crate::resolve) fn numbers_of_token(&self, token: &str) -> Vec<IdentityNumber> {
        let candidate = self
            .candidates
            .of_token
            .get(token)
            .and_then(|position| self.candidates.all.get(*position));
        let current = candidate.map(|one| one.numbers.clone()).unwrap_or_default();
        if !current.is_empty() {
            return current;
        }
        let keys = self.known.of_token(token);
        keys.into_iter()
            .flat_map(|key| self.known.numbers(key).iter().cloned())
            .collect()
    }

    fn numbers_of(&self, whose: &Whose) -> Vec<IdentityNumber> {
        match whose {
            Whose::Person(key) => {
                let mut numbers = self.known.numbers(*key).to_vec();
                numbers.truncate(1);
                numbers
            }
            Whose::Number(number) => alloc::vec![number.clone()],
            // Whoever decides means the person that the record was, also when it now carries another number.
            Whose::Record(token) => {
                let known = self.known.of_token(token);
                let before = known
                    .iter()
                    .find_map(|key| self.known.numbers(*key).first().cloned());
                before
                    .or_else(|| self.numbers_of_token(token).into_iter().next())
                    .into_iter()
                    .collect()
            }
            Whose::Nobody => Vec::new(),
        }
    }
}

fn push(
    evidence: &mut Vec<Evidence>,
    kind: EvidenceKind,
    one: &IdentityNumber,
    two: &IdentityNumber,
    held: Option<HoldReason>,
) {
    let piece = Evidence::new(kind, one.clone(), two.clone());
    evidence.push(match held {
        Some(reason) => piece.held(reason),
        None => piece,
    });
}

fn living(world: &World<'_>, candidates: &Candidates) -> Living {
    let mut living = Living::new();
    for (position, candidate) in candidates.all.iter().enumerate() {
        for number in &candidate.numbers {
            let at = living.entry(number.clone()).or_default();
            for row in candidate
                .facts
                .iter()
                .filter(|row| world.facts.at(**row).lives())
            {
                at.entry(world.facts.at(*row).delivery)
                    .or_default()
                    .insert(position);
            }
        }
    }
    living
}

fn flagged(
    candidates: &Candidates,
    known: &Known<'_>,
    register: &Register,
) -> BTreeSet<IdentityNumber> {
    let of_candidates = candidates
        .all
        .iter()
        .filter(|one| one.flagged)
        .flat_map(|one| one.numbers.iter().cloned());
    let of_register = register
        .entries()
        .filter(|(_, entry)| entry.flagged)
        .map(|(number, _)| number.clone());
    of_candidates
        .chain(of_register)
        .chain(known.flagged_numbers())
        .collect()
}
