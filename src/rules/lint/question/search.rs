//! The search behind an answer: what must hold narrows what subjects may be, and disjunctions are tried term by term.
//!
//! It is bounded by work and by the number of disjunctions that are decided one inside the other. Where a bound is reached, or a
//! subject is one that hangs on others in a way that is not known, the answer is that nothing is known.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Answer;
use super::Formula;
use super::Part;
use super::Question;
use super::SubjectKey;
use super::Wanted;
use crate::language::FieldSlot;
use crate::language::Type;
use crate::language::VariableSlot;
use crate::rules::lint::domain::Steps;
use crate::rules::lint::values::Values;

/// Parts that one search looks at, and values that it goes through.
const MOST_WORK: usize = 100_000;
/// Disjunctions that one search decides one inside the other.
const MOST_SPLITS: usize = 40;

/// What is still possible of a subject.
#[derive(Clone)]
struct State {
    /// It cannot be had.
    missing: bool,
    values: Values,
}

/// A search for values of all subjects with which conditions turn out as wanted.
pub(super) struct Search<'q, 'a> {
    question: &'q Question<'a>,
    states: Vec<Option<State>>,
    /// What was there before, to go back.
    trail: Vec<(usize, Option<State>)>,
    work: usize,
    understood: bool,
}

type Goal = (Formula, Wanted);

impl<'q, 'a> Search<'q, 'a> {
    pub(super) fn new(question: &'q Question<'a>) -> Self {
        Self {
            question,
            states: question.universes.iter().map(|_| None).collect(),
            trail: Vec::new(),
            work: MOST_WORK,
            understood: true,
        }
    }

    /// Whether all of these can be reached at once.
    pub(super) fn answer(mut self, wanted: &[(Formula, Wanted)]) -> Answer {
        if !self.holds(wanted.to_vec(), Vec::new(), 0) {
            Answer::Never
        } else if self.understood {
            Answer::Can
        } else {
            Answer::Unknown
        }
    }

    /// Whether all goals can be reached at once. It recurses as deep as there are disjunctions to decide, up to a limit.
    fn holds(&mut self, mut goals: Vec<Goal>, mut splits: Vec<Goal>, depth: usize) -> bool {
        while let Some((formula, wanted)) = goals.pop() {
            if !self.works(1) {
                return true;
            }
            let Some(part) = self.question.parts.get(formula.0) else {
                continue;
            };
            match part {
                Part::Known(value) => {
                    if !wanted.takes(*value) {
                        return false;
                    }
                }
                Part::Not(operand) => goals.push((*operand, wanted.of_opposite())),
                Part::Choice(formula) => {
                    // An error of its condition is an error, which its parts do not show.
                    self.understood &= wanted == Wanted::True;
                    if wanted != Wanted::NotFalse {
                        goals.push((*formula, wanted));
                    }
                }
                Part::All(terms) => match wanted {
                    Wanted::True | Wanted::NotFalse => {
                        goals.extend(terms.iter().map(|term| (*term, wanted)));
                    }
                    Wanted::False | Wanted::NotTrue => splits.push((formula, wanted)),
                },
                Part::Any(terms) => match wanted {
                    Wanted::False | Wanted::NotTrue => {
                        goals.extend(terms.iter().map(|term| (*term, wanted)));
                    }
                    Wanted::True | Wanted::NotFalse => splits.push((formula, wanted)),
                },
                Part::Is(subject, values) => {
                    let missing = matches!(wanted, Wanted::NotTrue | Wanted::NotFalse);
                    let is = matches!(wanted, Wanted::True | Wanted::NotFalse);
                    let kept = if is {
                        self.narrow(*subject, missing, values)
                    } else {
                        self.narrow(*subject, missing, &values.complement())
                    };
                    if !kept {
                        return false;
                    }
                }
                Part::Present(subject, record) => {
                    let kept = match wanted {
                        Wanted::True => self.narrow(*subject, false, &Values::Any),
                        Wanted::False => {
                            self.narrow(*subject, true, &Values::nothing())
                                && record
                                    .is_none_or(|record| self.narrow(record, false, &Values::Any))
                        }
                        Wanted::NotTrue => self.narrow(*subject, true, &Values::nothing()),
                        // It is there, or its record is not.
                        Wanted::NotFalse => {
                            self.understood = false;
                            true
                        }
                    };
                    if !kept {
                        return false;
                    }
                }
            }
        }
        let Some((formula, wanted)) = splits.pop() else {
            return self.is_consistent();
        };
        let Some(Part::All(terms) | Part::Any(terms)) = self.question.parts.get(formula.0) else {
            return true;
        };
        if depth >= MOST_SPLITS {
            self.understood = false;
            return true;
        }
        for term in terms {
            if !self.works(splits.len().saturating_add(1)) {
                return true;
            }
            let mark = self.trail.len();
            let one = alloc::vec![(*term, wanted)];
            if self.holds(one, splits.clone(), depth.saturating_add(1)) {
                return true;
            }
            self.undo(mark);
        }
        false
    }

    /// Takes some of the work that is left; where there is none, nothing is known any more.
    fn works(&mut self, work: usize) -> bool {
        let left = self.work.checked_sub(work);
        self.work = left.unwrap_or(0);
        self.understood &= left.is_some();
        left.is_some()
    }

    /// Narrows what a subject may be; whether anything is left.
    fn narrow(&mut self, subject: usize, missing: bool, values: &Values) -> bool {
        let Some((universe, understood)) = self.question.universes.get(subject) else {
            return true;
        };
        self.understood &= understood;
        let Some(slot) = self.states.get_mut(subject) else {
            return true;
        };
        let before = slot.take();
        let mut state = before.clone().unwrap_or_else(|| State {
            missing: true,
            values: universe.clone(),
        });
        state.missing &= missing;
        state.values.narrow(values);
        let kept = state.missing || !state.values.is_empty();
        let work = state.values.size();
        *slot = Some(state);
        self.trail.push((subject, before));
        // Where the work is done, what was found so far still stands.
        self.works(work);
        kept
    }

    fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((subject, before)) = self.trail.pop()
                && let Some(slot) = self.states.get_mut(subject)
            {
                *slot = before;
            }
        }
    }

    /// Whether the subjects go together: what stands below a record needs the record, and columns of a row stand in one row.
    fn is_consistent(&self) -> bool {
        let mut paths: Vec<(VariableSlot, &Steps, &State)> = Vec::new();
        for (key, subject) in &self.question.subjects {
            if let (SubjectKey::Path(variable, steps), Some(Some(state))) =
                (key, self.states.get(*subject))
            {
                paths.push((*variable, steps, state));
            }
        }
        // Subjects stand in the order of their paths, so what is below a record stands right behind it.
        for (position, (variable, steps, state)) in paths.iter().enumerate() {
            let below = paths
                .iter()
                .skip(position.saturating_add(1))
                .take_while(|(other, longer, _)| other == variable && longer.starts_with(steps));
            let absent = state.missing && state.values.is_empty();
            if absent && below.into_iter().any(|(.., below)| !below.missing) {
                return false;
            }
        }
        let mut rows: BTreeMap<(VariableSlot, &Steps), Vec<(FieldSlot, &State)>> = BTreeMap::new();
        for (variable, steps, state) in &paths {
            if let Some(((record, slot), before)) = steps.split_last()
                && self.question.domain.table(*record).is_some()
            {
                rows.entry((*variable, before))
                    .or_default()
                    .push((*slot, state));
            }
        }
        rows.iter().all(|((variable, steps), columns)| {
            let there = columns.iter().any(|(_, state)| !state.missing)
                || paths
                    .iter()
                    .any(|(other, own, state)| other == variable && own == steps && !state.missing);
            !there || self.is_a_row(steps, columns)
        })
    }

    /// Whether a row of the table has in all columns what may stand there.
    fn is_a_row(&self, steps: &Steps, columns: &[(FieldSlot, &State)]) -> bool {
        let field = steps
            .last()
            .and_then(|(record, slot)| self.question.domain.schema.field_at(*record, *slot));
        let Some(Type::Record(record)) = field.map(|field| &field.ty) else {
            return true;
        };
        let Some(table) = self.question.domain.table(*record) else {
            return true;
        };
        table.values.iter().any(|row| {
            columns.iter().all(|(slot, state)| {
                let cell = usize::try_from(slot.index())
                    .ok()
                    .and_then(|position| row.get(position)?.as_ref());
                match cell {
                    Some(value) => state.values.has(value),
                    None => state.missing,
                }
            })
        })
    }
}
