//! Checks operators: which types they take, and what comes out.

use alloc::vec::Vec;

use crate::language::check::checker::Checker;
use crate::language::check::checker::Common;
use crate::language::check::checker::Typed;
use crate::language::check::messages;
use crate::language::class::Class;
use crate::language::program::Op;
use crate::language::syntax::tree::Literal;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::Operator;
use crate::language::syntax::tree::TreeId;
use crate::language::types::Type;

impl Checker<'_> {
    pub(super) fn not(&mut self, id: TreeId, operand: TreeId) -> Typed {
        let typed = self.truth(operand);
        self.add(id, Op::Not(typed.node), Type::Bool, typed.class)
    }

    pub(super) fn negate(&mut self, id: TreeId, operand: TreeId) -> Typed {
        let typed = self.check(operand, None);
        match typed.ty {
            Type::Int | Type::Double | Type::Days | Type::Never => {
                self.add(id, Op::Negate(typed.node), typed.ty, typed.class)
            }
            other => {
                let name = self.type_name(&other);
                let problem = messages::operand(self.tree.mark(id), "-", &name);
                self.refuse(id, problem)
            }
        }
    }

    pub(super) fn connect(&mut self, id: TreeId, terms: &[TreeId], and: bool) -> Typed {
        let mut class = Class::Open;
        let mut nodes = Vec::with_capacity(terms.len());
        for term in terms {
            let typed = self.truth(*term);
            class = class.join(typed.class);
            nodes.push(typed.node);
        }
        let op = if and {
            Op::And(nodes.into())
        } else {
            Op::Or(nodes.into())
        };
        self.add(id, op, Type::Bool, class)
    }

    pub(super) fn choice(
        &mut self,
        id: TreeId,
        branches: &[(TreeId, TreeId)],
        otherwise: TreeId,
        hint: Option<&Type>,
    ) -> Typed {
        let mut common = Common::passing("the branches of `? :`");
        let mut class = Class::Open;
        let mut nodes = Vec::with_capacity(branches.len());
        for (condition, then) in branches {
            let condition = self.truth(*condition);
            let before = Some(common.ty.clone()).filter(|ty| *ty != Type::Never);
            let typed = self.check(*then, hint.or(before.as_ref()));
            class = class.join(condition.class).join(typed.class);
            nodes.push((condition.node, typed.node));
            self.common(&mut common, *then, &typed.ty);
        }
        let before = Some(common.ty.clone()).filter(|ty| *ty != Type::Never);
        let last = self.check(otherwise, hint.or(before.as_ref()));
        self.common(&mut common, otherwise, &last.ty);
        let op = Op::Choice {
            branches: nodes.into(),
            otherwise: last.node,
        };
        self.add(id, op, common.made(|ty| ty), class.join(last.class))
    }

    /// Whether a node may be a value of an enum, if the other side says so.
    fn may_be_enum(&self, id: TreeId) -> bool {
        match self.tree.node(id) {
            Node::Literal(Literal::Text(_)) => true,
            Node::Name { name, .. } => !self.is_bound(name) && &**name != "none",
            Node::List(elements) => elements
                .iter()
                .any(|(element, _)| self.may_be_enum(*element)),
            _ => false,
        }
    }

    /// Checks both sides, the one first that says what the other may be.
    fn sides(&mut self, operator: Operator, left: TreeId, right: TreeId) -> (Typed, Typed) {
        let inner = |ty: &Type| match ty {
            Type::List(element) if operator == Operator::In => Some(Type::clone(element)),
            Type::Map(key, _) if operator == Operator::In => Some(Type::clone(key)),
            _ if operator == Operator::In => None,
            ty => Some(ty.clone()),
        };
        let outer = |ty: &Type| match operator {
            Operator::In => Type::list(ty.clone()),
            _ => ty.clone(),
        };
        if self.may_be_enum(left) && !self.may_be_enum(right) {
            let right = self.check(right, None);
            let hint = inner(&right.ty);
            (self.check(left, hint.as_ref()), right)
        } else {
            let left = self.check(left, None);
            let hint = outer(&left.ty);
            let right = self.check(right, Some(&hint));
            (left, right)
        }
    }

    pub(super) fn binary(
        &mut self,
        id: TreeId,
        operator: Operator,
        left: TreeId,
        right: TreeId,
    ) -> Typed {
        let (one, two) = self.sides(operator, left, right);
        let class = one.class.join(two.class);
        let ty = match operator {
            Operator::Equal | Operator::Unequal => comparable(&one.ty, &two.ty),
            Operator::In => among(&one.ty, &two.ty),
            Operator::Times | Operator::Divide | Operator::Remainder => {
                product(operator, &one.ty, &two.ty)
            }
            _ => ordered(&one.ty, &two.ty),
        };
        let Some(ty) = ty else {
            let problem = messages::operator(
                self.schema,
                self.tree.mark(id),
                operator.sign(),
                (&one.ty, self.tree.span(left)),
                (&two.ty, self.tree.span(right)),
            );
            return self.refuse(id, problem);
        };
        let op = Op::Binary {
            operator,
            left: one.node,
            right: two.node,
        };
        self.add(id, op, ty, class)
    }

    pub(super) fn sum(&mut self, id: TreeId, first: TreeId, rest: &[(bool, TreeId)]) -> Typed {
        let start = self.check(first, None);
        let mut ty = start.ty;
        let mut class = start.class;
        let mut nodes = Vec::with_capacity(rest.len());
        for (position, (minus, term)) in rest.iter().enumerate() {
            let typed = self.check(*term, Some(&ty));
            class = class.join(typed.class);
            nodes.push((*minus, typed.node));
            if let Some(sum) = added(&ty, &typed.ty, *minus) {
                ty = sum;
                continue;
            }
            let span = if position == 0 {
                self.tree.mark(id)
            } else {
                self.tree.span(*term)
            };
            let before = position
                .checked_sub(1)
                .and_then(|before| rest.get(before))
                .map_or(first, |(_, term)| *term);
            let problem = messages::operator(
                self.schema,
                span,
                if *minus { "-" } else { "+" },
                (&ty, self.tree.span(before)),
                (&typed.ty, self.tree.span(*term)),
            );
            self.report(problem);
            ty = Type::Never;
        }
        let op = Op::Sum {
            first: start.node,
            rest: nodes.into(),
        };
        self.add(id, op, ty, class)
    }
}

fn is_today(ty: &Type) -> bool {
    *ty == Type::Today
}

/// Whether two types can be equal.
fn comparable(one: &Type, two: &Type) -> Option<Type> {
    let days = |ty: &Type| matches!(ty, Type::Date | Type::Today);
    if days(one) && days(two) {
        return Some(Type::Bool);
    }
    let common = one.common(two)?;
    (!common.contains(&is_today)).then_some(Type::Bool)
}

fn among(one: &Type, two: &Type) -> Option<Type> {
    let element = match two {
        Type::List(element) => element,
        Type::Map(key, _) => {
            if matches!((one, &**key), (Type::Enum(_), Type::Text)) {
                return Some(Type::Bool);
            }
            key
        }
        Type::Never => return Some(Type::Bool),
        _ => return None,
    };
    let common = one.common(element)?;
    (!common.contains(&is_today)).then_some(Type::Bool)
}

fn ordered(one: &Type, two: &Type) -> Option<Type> {
    let number = |ty: &Type| matches!(ty, Type::Int | Type::Double | Type::Never);
    let days = |ty: &Type| matches!(ty, Type::Date | Type::Today | Type::Never);
    let same = |ty: Type| {
        [one, two]
            .iter()
            .all(|side| **side == ty || **side == Type::Never)
    };
    let fits = (number(one) && number(two))
        || (days(one) && days(two))
        || same(Type::Text)
        || same(Type::Bool)
        || same(Type::Days);
    fits.then_some(Type::Bool)
}

fn product(operator: Operator, one: &Type, two: &Type) -> Option<Type> {
    match one.common(two)? {
        Type::Double if operator != Operator::Remainder => Some(Type::Double),
        ty @ (Type::Int | Type::Never) => Some(ty),
        _ => None,
    }
}

fn added(one: &Type, two: &Type, minus: bool) -> Option<Type> {
    match (one, two) {
        (Type::Date | Type::Today, Type::Days | Type::Never) => return Some(one.clone()),
        (Type::Days, Type::Date | Type::Today) => return None,
        _ => {}
    }
    match one.common(two)? {
        ty @ (Type::Int | Type::Double | Type::Days | Type::Never) => Some(ty),
        Type::Text if !minus => Some(Type::Text),
        ty @ Type::List(_) if !minus => Some(ty),
        _ => None,
    }
}
