//! Comparisons with the day of the run that end something as days pass: of the day itself, of its year or school year, and of the days
//! between it and another.

use alloc::vec::Vec;

use super::Bound;
use super::Condition;
use crate::language::environment::VariableSlot;
use crate::language::function::builtin::Builtin;
use crate::language::program::Op;
use crate::language::program::Program;
use crate::language::scope::NodeId;
use crate::language::syntax::tree::Operator;
use crate::language::value::Value;

impl Program {
    /// Comparisons in which a moment of time ends what they say: that a variable of type `today` is before a day. Where one of the
    /// two was moved by days it is none: somebody thought of what comes after.
    pub(crate) fn deadlines(&self, today: VariableSlot) -> Vec<NodeId> {
        let mut found = Vec::new();
        self.deadlines_below(self.0.root, today, false, &mut found);
        found
    }

    /// It recurses as deep as the tree is high, which is limited.
    fn deadlines_below(
        &self,
        node: NodeId,
        today: VariableSlot,
        negated: bool,
        found: &mut Vec<NodeId>,
    ) {
        match self.condition(node) {
            Condition::All(terms) | Condition::Any(terms) => {
                for term in terms {
                    self.deadlines_below(*term, today, negated, found);
                }
            }
            Condition::Not(operand) => self.deadlines_below(operand, today, !negated, found),
            Condition::Choice(_, then, otherwise) => {
                for part in [then, otherwise] {
                    self.deadlines_below(part, today, negated, found);
                }
            }
            Condition::Known(_) => {}
            Condition::Test(_) | Condition::Opaque => {
                if self.is_deadline(node, today, negated) {
                    found.push(node);
                }
            }
        }
    }

    fn is_deadline(&self, node: NodeId, today: VariableSlot, negated: bool) -> bool {
        match self.0.op(node) {
            Op::Binary {
                operator,
                left,
                right,
            } => {
                let (bound, clock, other) =
                    match (self.clock(*left, today), self.clock(*right, today)) {
                        (Some(clock), None) => (Bound::of(*operator), clock, *right),
                        (None, Some(clock)) => {
                            (Bound::of(*operator).map(Bound::turned), clock, *left)
                        }
                        _ => return false,
                    };
                let bound = match clock {
                    Clock::Until(_) => bound.map(Bound::turned),
                    _ => bound,
                };
                let ends = match bound {
                    Some(Bound::Below | Bound::UpTo) => !negated,
                    Some(Bound::Above | Bound::From) => negated,
                    None => match operator {
                        Operator::Equal | Operator::In => !negated,
                        Operator::Unequal => negated,
                        _ => false,
                    },
                };
                ends && !self.has_grace(clock, bound, other)
            }
            Op::Call {
                builtin: Builtin::Within,
                arguments,
            } => match &**arguments {
                [subject, _, to] => {
                    let open = matches!(self.constant(*to), Some(Value::Optional(None)));
                    self.is_today(*subject, today) && !negated && !open && !self.is_moved(*to)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn is_today(&self, node: NodeId, today: VariableSlot) -> bool {
        matches!(self.0.op(node), Op::Variable(slot) if *slot == today)
    }

    fn is_moved(&self, node: NodeId) -> bool {
        matches!(
            self.0.op(node),
            Op::Sum { .. }
                | Op::Call {
                    builtin: Builtin::AddDays | Builtin::AddMonths,
                    ..
                }
        )
    }

    /// What a node counts as days pass, if it counts anything.
    fn clock(&self, node: NodeId, today: VariableSlot) -> Option<Clock> {
        if self.is_today(node, today) {
            return Some(Clock::Date);
        }
        let Op::Call { builtin, arguments } = self.0.op(node) else {
            return None;
        };
        match (builtin, &**arguments) {
            (Builtin::Year | Builtin::SchoolYear, [day]) if self.is_today(*day, today) => {
                Some(Clock::Date)
            }
            (Builtin::DaysBetween, [from, to]) if self.is_today(*from, today) => {
                Some(Clock::Until(*to))
            }
            (Builtin::DaysBetween, [from, to]) if self.is_today(*to, today) => {
                Some(Clock::Since(*from))
            }
            _ => None,
        }
    }

    /// Whether it was thought of what comes after: a day that was moved, or a number of days after it.
    fn has_grace(&self, clock: Clock, bound: Option<Bound>, other: NodeId) -> bool {
        let (day, sign) = match clock {
            Clock::Date => return self.is_moved(other),
            Clock::Since(day) => (day, 1),
            Clock::Until(day) => (day, -1),
        };
        let Some(Value::Int(days)) = self.constant(other) else {
            // nobody knows how many days
            return true;
        };
        let after = days.saturating_mul(sign);
        let after = match bound {
            Some(Bound::Below | Bound::From) => after.saturating_sub(1),
            _ => after,
        };
        self.is_moved(day) || after > 0
    }
}

/// What counts on as days pass.
#[derive(Clone, Copy)]
enum Clock {
    /// The day itself, or the year that it lies in.
    Date,
    /// The days since a day.
    Since(NodeId),
    /// The days until a day: they become fewer.
    Until(NodeId),
}
