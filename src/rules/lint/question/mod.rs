//! Whether conditions can hold together: each is taken apart into tests of subjects, and the tests are held against each other.
//!
//! The answer *never* is certain: what the search does not understand, or does not reach within its bounds, may turn out any
//! way. A condition has three outcomes (it holds, it does not, the data does not say), and a subject that cannot be had is one
//! more of its values, so that errors in the data count as the machine counts them.

mod search;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::domain::Domain;
use super::values::Values;
use crate::base::Text;
use crate::language::Condition;
use crate::language::FieldSlot;
use crate::language::NodeId;
use crate::language::Program;
use crate::language::RecordTypeId;
use crate::language::Relation;
use crate::language::Subject;
use crate::language::Test;
use crate::language::Value;
use crate::language::VariableSlot;
use search::Search;

/// A condition that was taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Formula(usize);

/// How a condition is wanted to turn out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It does not hold, or the data does not say.
    NotTrue,
    /// It holds, or the data does not say.
    NotFalse,
}

impl Wanted {
    const fn of_opposite(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    const fn takes(self, outcome: bool) -> bool {
        match self {
            Self::True | Self::NotFalse => outcome,
            Self::False | Self::NotTrue => !outcome,
        }
    }
}

/// Whether conditions can turn out as wanted, all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Whatever the data is, they do not.
    Never,
    /// Nothing in the rules keeps them from it.
    Can,
    /// A part was not understood.
    Unknown,
}

enum Part {
    Known(bool),
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Not(Formula),
    Choice(Formula),
    /// A subject has one of these values.
    Is(usize, Values),
    /// A subject is there; the record that it is a field of, where that may be absent itself.
    Present(usize, Option<usize>),
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SubjectKey {
    Path(VariableSlot, Vec<(RecordTypeId, FieldSlot)>),
    Text(Text),
}

/// One variable taken for another: what a rule says of each affiliation holds of the primary one.
pub(super) type InPlaceOf = Option<(VariableSlot, VariableSlot)>;

/// Conditions, and the subjects that they test. All must stand in environments whose common names mean the same.
pub(super) struct Question<'a> {
    domain: Domain<'a>,
    parts: Vec<Part>,
    subjects: BTreeMap<SubjectKey, usize>,
    /// By subject: the values that it may have, and whether its values hang on no other subject.
    universes: Vec<(Values, bool)>,
    /// Subjects that stand for something else in the one condition in which they occur.
    own: usize,
}

impl<'a> Question<'a> {
    pub(super) fn new(domain: Domain<'a>) -> Self {
        Self {
            domain,
            parts: Vec::new(),
            subjects: BTreeMap::new(),
            universes: Vec::new(),
            own: 0,
        }
    }

    /// Takes a condition apart. It recurses as deep as the expression is high, which is limited.
    pub(super) fn condition(
        &mut self,
        program: &Program,
        node: NodeId,
        renamed: InPlaceOf,
    ) -> Formula {
        let part = match program.condition(node) {
            Condition::Known(value) => Part::Known(value),
            Condition::All(terms) => Part::All(self.conditions(program, terms, renamed)),
            Condition::Any(terms) => Part::Any(self.conditions(program, terms, renamed)),
            Condition::Not(operand) => Part::Not(self.condition(program, operand, renamed)),
            Condition::Choice(condition, then, otherwise) => {
                let condition = self.condition(program, condition, renamed);
                let opposite = self.part(Part::Not(condition));
                let then = self.condition(program, then, renamed);
                let otherwise = self.condition(program, otherwise, renamed);
                let first = self.part(Part::All(alloc::vec![condition, then]));
                let second = self.part(Part::All(alloc::vec![opposite, otherwise]));
                Part::Choice(self.part(Part::Any(alloc::vec![first, second])))
            }
            Condition::Test(test) => self.test(program, node, &test, renamed),
            Condition::Opaque => self.opaque(program, node, renamed),
        };
        self.part(part)
    }

    /// The condition that a node has a value; `None` where sets cannot say.
    pub(super) fn equals(
        &mut self,
        program: &Program,
        node: NodeId,
        value: &Value,
    ) -> Option<Formula> {
        let subject = self.subject(program, node, None);
        Some(self.part(Part::Is(subject, Values::of(value)?)))
    }

    /// Whether all of these can turn out as wanted at once.
    pub(super) fn ask(&self, wanted: &[(Formula, Wanted)]) -> Answer {
        Search::new(self).answer(wanted)
    }

    /// Whether a condition never holds.
    pub(super) fn never(&self, formulas: &[Formula]) -> bool {
        let wanted: Vec<(Formula, Wanted)> = formulas
            .iter()
            .map(|formula| (*formula, Wanted::True))
            .collect();
        self.ask(&wanted) == Answer::Never
    }

    fn part(&mut self, part: Part) -> Formula {
        let formula = Formula(self.parts.len());
        self.parts.push(part);
        formula
    }

    fn conditions(
        &mut self,
        program: &Program,
        nodes: &[NodeId],
        renamed: InPlaceOf,
    ) -> Vec<Formula> {
        nodes
            .iter()
            .map(|node| self.condition(program, *node, renamed))
            .collect()
    }

    fn test(&mut self, program: &Program, node: NodeId, test: &Test, renamed: InPlaceOf) -> Part {
        let part = if test.relation == Relation::Present {
            let subject = self.subject(program, test.subject, renamed);
            Part::Present(subject, self.record_of(program, test.subject, renamed))
        } else {
            let subject = self.subject(program, test.subject, renamed);
            let universe = self
                .universes
                .get(subject)
                .map_or(&Values::Any, |(universe, _)| universe);
            match Values::related(&test.relation, universe) {
                Some(values) => Part::Is(subject, values),
                None => return self.opaque(program, node, renamed),
            }
        };
        if test.negated {
            Part::Not(self.part(part))
        } else {
            part
        }
    }

    /// A condition of which only this is known: it is the same wherever the same text stands.
    fn opaque(&mut self, program: &Program, node: NodeId, renamed: InPlaceOf) -> Part {
        let subject = self.text(program, node, renamed);
        if let Some((universe, _)) = self.universes.get_mut(subject)
            && *universe == Values::Any
        {
            *universe = Values::truths();
        }
        Part::Is(subject, Values::truth())
    }

    fn subject(&mut self, program: &Program, node: NodeId, renamed: InPlaceOf) -> usize {
        match program.subject(node) {
            Subject::Path(read) => {
                let Some(variable) = read.variable else {
                    return self.text(program, node, renamed);
                };
                let variable = taken_for(variable, renamed);
                let universe = self.domain.of_path(&read.steps);
                self.known(
                    SubjectKey::Path(variable, read.steps.clone()),
                    universe,
                    true,
                )
            }
            Subject::Other => self.text(program, node, renamed),
        }
    }

    /// The subject that is the record of a field.
    fn record_of(&mut self, program: &Program, node: NodeId, renamed: InPlaceOf) -> Option<usize> {
        let Subject::Path(read) = program.subject(node) else {
            return None;
        };
        let (_, record) = read.steps.split_last()?;
        if record.is_empty() {
            return None;
        }
        let variable = taken_for(read.variable?, renamed);
        let key = SubjectKey::Path(variable, record.to_vec());
        Some(self.known(key, Values::Any, true))
    }

    fn text(&mut self, program: &Program, node: NodeId, renamed: InPlaceOf) -> usize {
        let text = program.written(node);
        let key = if renamed.is_some() {
            // Its text may name what stands for something else here.
            self.own = self.own.saturating_add(1);
            Text::from(alloc::format!("{}\u{0}{text}", self.own))
        } else {
            Text::from(text)
        };
        self.known(SubjectKey::Text(key), Values::Any, false)
    }

    fn known(&mut self, key: SubjectKey, universe: Values, understood: bool) -> usize {
        let next = self.universes.len();
        let subject = *self.subjects.entry(key).or_insert(next);
        if subject == next {
            self.universes.push((universe, understood));
        }
        subject
    }
}

fn taken_for(variable: VariableSlot, renamed: InPlaceOf) -> VariableSlot {
    match renamed {
        Some((from, to)) if from == variable => to,
        _ => variable,
    }
}
