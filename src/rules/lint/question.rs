//! Whether conditions can hold together: each is taken apart into tests of subjects, and the tests are held against each other.
//!
//! The answer *never* is certain: what the search does not understand, or does not reach within its bounds, may turn out any
//! way. A condition has three outcomes (it holds, it does not, the data does not say), and a subject that cannot be had is one
//! more of its values, so that errors in the data count as the machine counts them.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::values::Values;
use crate::base::Text;
use crate::language::Condition;
use crate::language::FieldSlot;
use crate::language::NodeId;
use crate::language::Program;
use crate::language::RecordTypeId;
use crate::language::Relation;
use crate::language::Schema;
use crate::language::Subject;
use crate::language::Test;
use crate::language::Type;
use crate::language::Value;
use crate::language::VariableSlot;
use crate::rules::compiled::Table;

/// Parts that one search looks at, and values that it goes through.
const MOST_WORK: usize = 100_000;
/// Disjunctions that one search decides one inside the other.
const MOST_SPLITS: usize = 40;

/// What is known of the values that subjects may have.
#[derive(Clone, Copy)]
pub(super) struct Domain<'a> {
    pub(super) schema: &'a Schema,
    pub(super) tables: &'a BTreeMap<Text, Table>,
}

/// The steps from one record to the next.
type Steps = [(RecordTypeId, FieldSlot)];

impl<'a> Domain<'a> {
    /// Every value that a field may have, where there is an end to them.
    pub(super) fn of_path(&self, steps: &Steps) -> Values {
        let Some((record, slot)) = steps.last() else {
            return Values::Any;
        };
        if let Some(table) = self.table(*record) {
            return column(table, *slot).unwrap_or(Values::Any);
        }
        match self.schema.field_at(*record, *slot).map(|field| &field.ty) {
            Some(Type::Bool) => Values::truths(),
            Some(Type::Enum(id)) => {
                Values::Only(self.schema.enum_values(*id).iter().cloned().collect())
            }
            _ => Values::Any,
        }
    }

    /// The table whose rows are of a type of record.
    pub(super) fn table(&self, record: RecordTypeId) -> Option<&'a Table> {
        self.tables.values().find(|table| table.record == record)
    }

    /// The name of a table.
    pub(super) fn table_name(&self, record: RecordTypeId) -> Option<&'a Text> {
        self.tables
            .iter()
            .find(|(_, table)| table.record == record)
            .map(|(name, _)| name)
    }
}

/// The values in a column of a table; `None` where they are of a kind that sets are not made of.
fn column(table: &Table, slot: FieldSlot) -> Option<Values> {
    let position = usize::try_from(slot.index()).ok()?;
    let values = table
        .values
        .iter()
        .filter_map(|row| row.get(position)?.clone())
        .collect();
    Values::related(&Relation::OneOf(values), &Values::Any)
}

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
        let mut search = Search {
            question: self,
            states: self.universes.iter().map(|_| None).collect(),
            trail: Vec::new(),
            work: MOST_WORK,
            understood: true,
        };
        if !search.holds(wanted.to_vec(), Vec::new(), 0) {
            Answer::Never
        } else if search.understood {
            Answer::Can
        } else {
            Answer::Unknown
        }
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

/// What is still possible of a subject.
#[derive(Clone)]
struct State {
    /// It cannot be had.
    missing: bool,
    values: Values,
}

struct Search<'q, 'a> {
    question: &'q Question<'a>,
    states: Vec<Option<State>>,
    /// What was there before, to go back.
    trail: Vec<(usize, Option<State>)>,
    work: usize,
    understood: bool,
}

type Goal = (Formula, Wanted);

impl Search<'_, '_> {
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
