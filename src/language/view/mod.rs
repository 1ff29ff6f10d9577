//! A read-only view of a checked expression, for those who reason about it without running it: lints now, indexes later.
//!
//! It shows what a node *tests*, and of what: conjunctions and disjunctions as they stand, and tests of one subject against
//! constants in one shape, whichever side the constant was written on. What it does not understand it calls opaque, and an
//! opaque condition may turn out any way. It keeps true that a test means what the machine does, errors in the data included.

mod deadline;

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use chrono::NaiveDate;

use super::function::builtin::Builtin;
use super::machine::constant;
use super::program::Mode;
use super::program::Op;
use super::program::Program;
use super::program::Read;
use super::schema::FunctionId;
use super::scope::NodeId;
use super::syntax::tree::Operator;
use super::value::MapKey;
use super::value::Value;

/// A constant part takes at most so many steps to compute; a larger one is opaque.
const STEPS_OF_A_CONSTANT: u64 = 10_000;

/// A node of type bool, seen as a condition.
#[derive(Clone, Debug)]
pub(crate) enum Condition<'p> {
    /// It is always this.
    Known(bool),
    /// It holds where all of these hold, and does not hold where one of them does not, whatever fails beside it.
    All(&'p [NodeId]),
    /// It holds where one of these holds, whatever fails beside it, and does not hold where none does.
    Any(&'p [NodeId]),
    /// It holds where the other does not.
    Not(NodeId),
    /// Where the first holds the second counts, otherwise the third.
    Choice(NodeId, NodeId, NodeId),
    /// It tests one subject against constants.
    Test(Test),
    /// It may turn out any way.
    Opaque,
}

/// A test of one subject. Where the subject cannot be had, neither the test nor its opposite holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test {
    /// What is tested.
    pub(crate) subject: NodeId,
    /// For what.
    pub(crate) relation: Relation,
    /// Whether it holds where the relation does not.
    pub(crate) negated: bool,
    /// The node with the constants, where there is one.
    pub(crate) constants: Option<NodeId>,
}

/// What a subject is tested for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Relation {
    /// It equals one of these.
    OneOf(Vec<Value>),
    /// It is ordered so to this.
    Ordered(Bound, Value),
    /// It is a day between these, both included; one that is not there is open.
    Between(Option<NaiveDate>, Option<NaiveDate>),
    /// The field is there.
    Present,
    /// A function of the host says so, of the subject and of constants: `unit.under("skola")`.
    Host(FunctionId, Vec<Value>),
}

/// On which side of a value a subject lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Below,
    UpTo,
    Above,
    From,
}

impl Bound {
    /// Whether an order of subject and value is meant.
    pub(crate) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Below => order.is_lt(),
            Self::UpTo => order.is_le(),
            Self::Above => order.is_gt(),
            Self::From => order.is_ge(),
        }
    }

    const fn of(operator: Operator) -> Option<Self> {
        match operator {
            Operator::Less => Some(Self::Below),
            Operator::LessOrEqual => Some(Self::UpTo),
            Operator::Greater => Some(Self::Above),
            Operator::GreaterOrEqual => Some(Self::From),
            Operator::Equal
            | Operator::Unequal
            | Operator::In
            | Operator::Times
            | Operator::Divide
            | Operator::Remainder => None,
        }
    }

    const fn turned(self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::UpTo => Self::From,
            Self::Above => Self::Below,
            Self::From => Self::UpTo,
        }
    }
}

/// What a test is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'p> {
    /// A field, by the way from a variable to it.
    Path(&'p Read),
    /// Anything else. In one environment the same text is the same value.
    Other,
}

impl Program {
    /// The node whose value is the answer.
    pub(crate) fn root(&self) -> NodeId {
        self.0.root
    }

    /// A node as a condition.
    pub(crate) fn condition(&self, node: NodeId) -> Condition<'_> {
        match self.0.op(node) {
            Op::Constant(Value::Bool(value)) => Condition::Known(*value),
            Op::And(terms) => Condition::All(terms),
            Op::Or(terms) => Condition::Any(terms),
            Op::Not(operand) => Condition::Not(*operand),
            Op::Choice {
                branches,
                otherwise,
            } => match &**branches {
                [(condition, then)] => Condition::Choice(*condition, *then, *otherwise),
                _ => Condition::Opaque,
            },
            Op::Binary {
                operator,
                left,
                right,
            } => self
                .comparison(*operator, *left, *right)
                .map_or(Condition::Opaque, Condition::Test),
            Op::Field { mode, .. } => Condition::Test(match mode {
                Mode::Present => test(node, Relation::Present),
                Mode::Plain | Mode::Optional => {
                    test(node, Relation::OneOf(alloc::vec![Value::Bool(true)]))
                }
            }),
            Op::Call {
                builtin: Builtin::Within,
                arguments,
            } => self
                .between(arguments)
                .map_or(Condition::Opaque, Condition::Test),
            Op::Host {
                function,
                arguments,
                ..
            } => self
                .host(*function, arguments)
                .map_or(Condition::Opaque, Condition::Test),
            Op::Broken
            | Op::Keep
            | Op::Constant(_)
            | Op::Variable(_)
            | Op::Local(_)
            | Op::Column { .. }
            | Op::Index { .. }
            | Op::Negate(_)
            | Op::Sum { .. }
            | Op::List(_)
            | Op::Map(_)
            | Op::Call { .. }
            | Op::Matches { .. }
            | Op::Format { .. }
            | Op::Otherwise { .. }
            | Op::IfHeld { .. }
            | Op::Bind { .. }
            | Op::Fold { .. } => Condition::Opaque,
        }
    }

    /// What a node is, as the subject of a test.
    pub(crate) fn subject(&self, node: NodeId) -> Subject<'_> {
        match self
            .read_at(&self.span(node))
            .filter(|read| read.variable.is_some() && self.is_path(node, read.steps.len()))
        {
            Some(read) => Subject::Path(read),
            None => Subject::Other,
        }
    }

    /// Whether a node is so many fields away from a variable, with nothing but fields between.
    fn is_path(&self, node: NodeId, steps: usize) -> bool {
        let mut node = node;
        for step in 0..steps {
            node = match self.0.op(node) {
                Op::Field {
                    target,
                    mode,
                    through: false,
                    ..
                } if *mode == Mode::Plain || (*mode == Mode::Present && step == 0) => *target,
                _ => return false,
            };
        }
        steps > 0 && matches!(self.0.op(node), Op::Variable(_))
    }

    /// What was written for a node.
    pub(crate) fn written(&self, node: NodeId) -> &str {
        self.text().get(self.span(node)).unwrap_or_default()
    }

    /// The value of a node that reads nothing.
    pub(crate) fn constant(&self, node: NodeId) -> Option<Value> {
        match self.0.op(node) {
            Op::Constant(value) => Some(value.clone()),
            Op::Variable(_) | Op::Field { .. } | Op::Column { .. } | Op::Local(_) => None,
            _ if self.is_constant(node) => constant(&self.0, node, STEPS_OF_A_CONSTANT),
            _ => None,
        }
    }

    /// The constants that a node is made of, each with its own node, or the whole where that was made once ([`Self::written_in`]).
    pub(crate) fn constants(&self, node: NodeId) -> Vec<(NodeId, Value)> {
        match self.0.op(node) {
            Op::List(elements) => elements
                .iter()
                .filter_map(|(element, _)| Some((*element, self.constant(*element)?)))
                .collect(),
            Op::Map(entries) => entries
                .iter()
                .filter_map(|(key, ..)| Some((*key, self.constant(*key)?)))
                .collect(),
            _ => match self.constant(node) {
                Some(Value::List(values)) => {
                    values.iter().map(|value| (node, value.clone())).collect()
                }
                Some(Value::Map(entries)) => {
                    let keys = entries.keys().map(MapKey::value);
                    keys.map(|key| (node, key)).collect()
                }
                Some(value) => alloc::vec![(node, value)],
                None => Vec::new(),
            },
        }
    }

    /// Where a constant is written out within a list or map that was made once, when it was compiled; the whole where it is not.
    pub(crate) fn written_in(&self, whole: NodeId, value: &Value) -> NodeId {
        let outer = self.span(whole);
        self.nodes()
            .find(|node| {
                let span = self.span(*node);
                *node != whole
                    && outer.start <= span.start
                    && span.end <= outer.end
                    && matches!(self.0.op(*node), Op::Constant(constant) if constant == value)
            })
            .unwrap_or(whole)
    }

    /// Whether what stands at a span stands inside a negation, `!a` or `a != b`.
    pub(crate) fn negates(&self, span: &Range<usize>) -> bool {
        self.nodes().any(|node| {
            let negates = matches!(
                self.0.op(node),
                Op::Not(_)
                    | Op::Binary {
                        operator: Operator::Unequal,
                        ..
                    }
            );
            let whole = self.span(node);
            negates && whole.start <= span.start && span.end <= whole.end
        })
    }

    /// Every conjunction and disjunction, and the conditions of every `? :`: where a part may be dead though the whole is not.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.nodes().flat_map(|node| match self.0.op(node) {
            Op::And(_) => alloc::vec![Part::Conjunction(node)],
            Op::Or(_) => alloc::vec![Part::Disjunction(node)],
            Op::Choice { branches, .. } => branches
                .iter()
                .enumerate()
                .map(|(position, (condition, _))| {
                    Part::Branch(*condition, branches.get(..position).unwrap_or_default())
                })
                .collect(),
            _ => Vec::new(),
        })
    }

    /// What every map that is known is looked into by, and the map: `{"a": 1}[?employment.form]`, `table.employer[?"1430"]`.
    pub(crate) fn lookups(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        self.nodes().filter_map(|node| match self.0.op(node) {
            Op::Index { target, index, .. } => {
                let known = matches!(self.0.op(*target), Op::Map(_) | Op::Constant(Value::Map(_)));
                known.then_some((*index, *target))
            }
            _ => None,
        })
    }

    /// The value of a node that was known when it was compiled.
    pub(crate) fn known(&self, node: NodeId) -> Option<&Value> {
        match self.0.op(node) {
            Op::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a list or map stands in the expression itself, and is not the one value of a field.
    pub(crate) fn is_written_out(&self, node: NodeId) -> bool {
        self.written(node).starts_with(['[', '{'])
    }

    /// Every node, in the order of their numbers.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    fn read_at(&self, span: &Range<usize>) -> Option<&Read> {
        let reads = self.reads();
        let position = reads
            .binary_search_by(|read| (read.span.start, read.span.end).cmp(&(span.start, span.end)))
            .ok()?;
        reads.get(position)
    }

    fn comparison(&self, operator: Operator, left: NodeId, right: NodeId) -> Option<Test> {
        if operator == Operator::In {
            let values = match self.constant(right)? {
                Value::List(values) => values.to_vec(),
                Value::Map(entries) => entries.keys().map(MapKey::value).collect(),
                _ => return None,
            };
            return Some(Test {
                constants: Some(right),
                ..test(left, Relation::OneOf(values))
            });
        }
        let (subject, constant, value, turned) = match (self.constant(left), self.constant(right)) {
            (None, Some(value)) => (left, right, value, false),
            (Some(value), None) => (right, left, value, true),
            _ => return None,
        };
        let relation = match operator {
            Operator::Equal | Operator::Unequal => Relation::OneOf(alloc::vec![value]),
            _ => {
                let bound = Bound::of(operator)?;
                let bound = if turned { bound.turned() } else { bound };
                Relation::Ordered(bound, value)
            }
        };
        Some(Test {
            negated: operator == Operator::Unequal,
            constants: Some(constant),
            ..test(subject, relation)
        })
    }

    fn between(&self, arguments: &[NodeId]) -> Option<Test> {
        let [subject, from, to] = arguments else {
            return None;
        };
        let day = |node: NodeId| match self.constant(node)? {
            Value::Date(day) => Some(Some(day)),
            Value::Optional(None) => Some(None),
            Value::Optional(Some(held)) => held.as_date().map(Some),
            _ => None,
        };
        Some(test(*subject, Relation::Between(day(*from)?, day(*to)?)))
    }

    fn host(&self, function: FunctionId, arguments: &[NodeId]) -> Option<Test> {
        let (subject, constants) = arguments.split_first()?;
        let constants = constants
            .iter()
            .map(|node| self.constant(*node))
            .collect::<Option<Vec<Value>>>()?;
        Some(test(*subject, Relation::Host(function, constants)))
    }

    /// Whether a node reads nothing: no variable, no name that a macro binds, no function of the host. It recurses as deep as
    /// the tree is high, which is limited.
    fn is_constant(&self, node: NodeId) -> bool {
        match self.0.op(node) {
            Op::Constant(_) => true,
            Op::List(elements) => elements
                .iter()
                .all(|(element, _)| self.is_constant(*element)),
            Op::Map(entries) => entries
                .iter()
                .all(|(key, value, _)| self.is_constant(*key) && self.is_constant(*value)),
            Op::Not(operand) | Op::Negate(operand) => self.is_constant(*operand),
            Op::Binary { left, right, .. } => self.is_constant(*left) && self.is_constant(*right),
            Op::Sum { first, rest } => {
                self.is_constant(*first) && rest.iter().all(|(_, term)| self.is_constant(*term))
            }
            Op::Call { arguments, .. } => {
                arguments.iter().all(|argument| self.is_constant(*argument))
            }
            _ => false,
        }
    }
}

/// A part of an expression that is a condition of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'p> {
    /// `a && b`.
    Conjunction(NodeId),
    /// `a || b`.
    Disjunction(NodeId),
    /// The condition of a branch, and the branches before it.
    Branch(NodeId, &'p [(NodeId, NodeId)]),
}

const fn test(subject: NodeId, relation: Relation) -> Test {
    Test {
        subject,
        relation,
        negated: false,
        constants: None,
    }
}
