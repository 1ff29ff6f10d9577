//! Checks that the result of an expression is an answer to what it is for: a value of the type, `none`, or `keep()`.
//!
//! The branches of the outermost `?:`, and the bodies of the outermost `cel.bind`, are answers of their own: beside a value
//! may stand `none` or `keep()`, and an optional beside both.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::base::Limits;
use crate::language::check::checker::Checker;
use crate::language::check::checker::Typed;
use crate::language::check::messages;
use crate::language::class::Class;
use crate::language::cost::Sizes;
use crate::language::cost::bound;
use crate::language::environment::Environment;
use crate::language::environment::Expected;
use crate::language::problem::ExpressionProblem;
use crate::language::program::Compiled;
use crate::language::program::Op;
use crate::language::program::Program;
use crate::language::schema::Schema;
use crate::language::scope::NodeId;
use crate::language::syntax::parser::Parsed;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::TreeId;
use crate::language::types::Type;

/// Checks what was parsed, and makes a program of it.
pub(crate) fn check(
    text: &str,
    parsed: Parsed,
    schema: &Schema,
    environment: &Environment,
    expected: &Expected,
    limits: &Limits,
) -> Result<Program, Vec<ExpressionProblem>> {
    if parsed.stopped {
        return Err(parsed.problems);
    }
    let mut checker = Checker::new(text, &parsed.tree, schema, environment, expected);
    checker.problems = parsed.problems;
    let answer = checker.answer(parsed.tree.root, &mut None);
    let mut problems = checker.problems;
    if !problems.is_empty() {
        problems.sort_by(|one, two| {
            (one.span.start, one.span.end, one.code.id).cmp(&(
                two.span.start,
                two.span.end,
                two.code.id,
            ))
        });
        problems.dedup();
        problems.truncate(limits.reported_problems);
        return Err(problems);
    }
    // A rule set keeps thousands of programs, most of which read one thing.
    let (mut reads, mut given) = (checker.reads, checker.given);
    reads.shrink_to_fit();
    given.shrink_to_fit();
    reads.sort_by(|one, two| {
        (one.span.start, one.span.end, &one.path).cmp(&(two.span.start, two.span.end, &two.path))
    });
    let compiled = Compiled {
        ops: checker.ops,
        spans: checker.spans,
        root: answer.node,
        value_size: limits.value_size,
        sizes: Sizes {
            text: limits.read_text,
            list: limits.read_list,
        },
        given,
        measured: checker.measured,
        free: expected.free,
        text: text.into(),
        ty: answer.ty,
        class: answer.class,
        reads,
        variables: checker.variables,
        columns: checker.columns,
        reads_today: checker.reads_today,
        may_clear: checker.may_clear,
        may_keep: checker.may_keep,
    };
    let steps = bound(&compiled, compiled.sizes);
    if steps > limits.evaluation_steps {
        return Err(alloc::vec![messages::too_costly(
            0..text.len(),
            steps,
            limits
        )]);
    }
    Ok(Program(Arc::new(compiled)))
}

impl Checker<'_> {
    /// Checks a node that stands where an answer is given; `first` is the type of the answers before it.
    fn answer(&mut self, id: TreeId, first: &mut Option<Type>) -> Typed {
        let tree = self.tree;
        match tree.node(id) {
            Node::Choice {
                branches,
                otherwise,
            } => self.answers(id, branches, *otherwise, first),
            Node::Call {
                target: Some(target),
                name,
                arguments,
                ..
            } if &**name == "bind"
                && matches!(tree.node(*target), Node::Name { name, rooted: false } if &**name == "cel")
                && !self.is_bound("cel") =>
            {
                let Some((local, value, body)) = self.bound_value(id, arguments) else {
                    return self.broken(id);
                };
                let typed = self.answer(body, first);
                self.locals.truncate(local);
                let op = Op::Bind {
                    local,
                    value: value.node,
                    body: typed.node,
                };
                self.add(id, op, typed.ty, value.class.join(typed.class))
            }
            Node::Call {
                target: None,
                name,
                arguments,
                ..
            } if &**name == "keep" && arguments.is_empty() && self.expected.keep => {
                self.may_keep = true;
                self.add(id, Op::Keep, Type::Never, Class::Open)
            }
            _ => self.value_answer(id, first),
        }
    }

    fn answers(
        &mut self,
        id: TreeId,
        branches: &[(TreeId, TreeId)],
        otherwise: TreeId,
        first: &mut Option<Type>,
    ) -> Typed {
        let mut class = Class::Open;
        let mut ty = Type::Never;
        let mut nodes: Vec<(NodeId, NodeId)> = Vec::with_capacity(branches.len());
        for (condition, then) in branches {
            let condition = self.truth(*condition);
            let typed = self.answer(*then, first);
            class = class.join(condition.class).join(typed.class);
            ty = ty.common(&typed.ty).unwrap_or(Type::Never);
            nodes.push((condition.node, typed.node));
        }
        let last = self.answer(otherwise, first);
        ty = ty.common(&last.ty).unwrap_or(Type::Never);
        let op = Op::Choice {
            branches: nodes.into(),
            otherwise: last.node,
        };
        self.add(id, op, ty, class.join(last.class))
    }

    fn value_answer(&mut self, id: TreeId, first: &mut Option<Type>) -> Typed {
        let expected = self.expected;
        let hint = expected.ty.as_ref();
        let mut typed = self.check(id, hint);
        let span = self.tree.span(id);
        if typed.ty.contains(&|ty| *ty == Type::Today) && !expected.free {
            let problem = messages::today(span, "a result");
            return self.refuse(id, problem);
        }
        let wants_optional = expected.free || matches!(hint, Some(Type::Optional(_)));
        if let Type::Optional(inner) = &typed.ty
            && !wants_optional
        {
            if expected.none {
                self.may_clear = true;
                typed.ty = Type::clone(inner);
            } else if **inner == Type::Never {
                let problem = messages::none_refused(span, hint);
                return self.refuse(id, problem);
            } else {
                let problem = messages::unhandled_none(self.schema, span, &typed.ty);
                return self.refuse(id, problem);
            }
        }
        if !expected.free && typed.ty.contains(&|ty| *ty == Type::Double) {
            let problem = messages::fraction(span);
            return self.refuse(id, problem);
        }
        let wanted = hint.or(first.as_ref());
        match wanted {
            Some(wanted) => match wanted.common(&typed.ty) {
                Some(common) if hint.is_none() => *first = Some(common),
                Some(_) => {}
                None => {
                    let problem = messages::result(self.schema, span, wanted, &typed.ty);
                    return self.refuse(id, problem);
                }
            },
            None => *first = Some(typed.ty.clone()),
        }
        if let Some(hint) = hint {
            typed.ty = hint.clone();
        }
        typed
    }
}
