//! Comparisons with the day of the run that end something as days pass.

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
        let is_today =
            |node: NodeId| matches!(self.0.op(node), Op::Variable(slot) if *slot == today);
        let is_moved = |node: NodeId| {
            matches!(
                self.0.op(node),
                Op::Sum { .. }
                    | Op::Call {
                        builtin: Builtin::AddDays | Builtin::AddMonths,
                        ..
                    }
            )
        };
        match self.0.op(node) {
            Op::Binary {
                operator,
                left,
                right,
            } => {
                let (bound, other) = match (is_today(*left), is_today(*right)) {
                    (true, false) => (Bound::of(*operator), *right),
                    (false, true) => (Bound::of(*operator).map(Bound::turned), *left),
                    _ => return false,
                };
                let ends = match bound {
                    Some(Bound::Below | Bound::UpTo) => !negated,
                    Some(Bound::Above | Bound::From) => negated,
                    None => *operator == Operator::Equal && !negated,
                };
                ends && !is_moved(other)
            }
            Op::Call {
                builtin: Builtin::Within,
                arguments,
            } => match &**arguments {
                [subject, _, to] => {
                    let open = matches!(self.constant(*to), Some(Value::Optional(None)));
                    is_today(*subject) && !negated && !open && !is_moved(*to)
                }
                _ => false,
            },
            _ => false,
        }
    }
}
