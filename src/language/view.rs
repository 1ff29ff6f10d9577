//! A read-only view of a checked expression, for those who reason about it without running it.

use core::ops::Range;

use super::program::Op;
use super::program::Program;
use super::scope::NodeId;
use super::syntax::tree::Operator;

impl Program {
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

    /// Every node, in the order of their numbers.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(NodeId)
    }
}
