//! The walk over a program that counts, of every node, the steps that the machine takes at most.
//!
//! It goes where the machine goes, with the most that values can be in place of values.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::language::cost::Extent;
use crate::language::cost::Sizes;
use crate::language::cost::charge;
use crate::language::cost::charge_result;
use crate::language::cost::is_deep;
use crate::language::cost::matching;
use crate::language::cost::size::Size;
use crate::language::cost::size::result;
use crate::language::cost::size::together;
use crate::language::cost::text_steps;
use crate::language::cost::wide;
use crate::language::function::builtin::Builtin;
use crate::language::function::pattern::MOST_WEIGHT;
use crate::language::program::Compiled;
use crate::language::program::Fold;
use crate::language::program::Mode;
use crate::language::program::Op;
use crate::language::scope::NodeId;
use crate::language::syntax::tree::Operator;
use crate::language::value::Value;

/// The most steps that a program takes.
pub(crate) fn bound(program: &Compiled, sizes: Sizes) -> u64 {
    let mut walk = Walk {
        program,
        sizes,
        locals: Vec::new(),
    };
    walk.node(program.root).0
}

/// One walk; it recurses as deep as the tree is high.
struct Walk<'a> {
    program: &'a Compiled,
    sizes: Sizes,
    locals: Vec<Size>,
}

impl Walk<'_> {
    /// The steps of a node with all below it, and the most that its value can be.
    fn node(&mut self, node: NodeId) -> (u64, Size) {
        let (steps, size) = self.inside(node);
        (steps.saturating_add(1), size)
    }

    /// The most that a value can be which is built. What is constant, read or handed on may be larger.
    fn built(&self, size: Size) -> Size {
        size.at_most(wide(self.program.value_size))
    }

    /// All nodes one after another.
    fn all(&mut self, nodes: impl IntoIterator<Item = NodeId>) -> (u64, Vec<Size>) {
        let mut steps = 0_u64;
        let mut sizes = Vec::new();
        for node in nodes {
            let (more, size) = self.node(node);
            steps = steps.saturating_add(more);
            sizes.push(size);
        }
        (steps, sizes)
    }

    fn given(&self, node: NodeId) -> Size {
        let given = &self.program.given;
        given
            .binary_search_by_key(&node, |(known, _)| *known)
            .ok()
            .and_then(|at| given.get(at))
            .map_or(Size::Plain, |(_, ty)| Size::of_type(ty, self.sizes))
    }

    /// A constant of the schema was measured once, and may be large.
    fn constant(&self, node: NodeId, value: &Value) -> Size {
        let measured = &self.program.measured;
        measured
            .binary_search_by_key(&node, |(known, _)| *known)
            .ok()
            .and_then(|at| measured.get(at))
            .map_or_else(|| Size::of_value(value), |(_, size)| size.clone())
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one short arm for each kind of node, and nothing else"
    )]
    fn inside(&mut self, node: NodeId) -> (u64, Size) {
        let program = self.program;
        match program.op(node) {
            Op::Broken | Op::Keep => (0, Size::Plain),
            Op::Constant(value) => (0, self.constant(node, value)),
            Op::Variable(_) => (0, self.given(node)),
            Op::Local(local) => (0, self.locals.get(*local).cloned().unwrap_or(Size::Plain)),
            Op::Field { target, .. } => (self.node(*target).0, self.given(node)),
            Op::Column { target, .. } => (self.node(*target).0, Size::Text(wide(self.sizes.text))),
            Op::Index {
                target,
                index,
                mode,
                ..
            } => {
                let (steps, size) = self.node(*target);
                // a position in what is never there is not looked at
                let (more, key) = if index == target {
                    (0, Size::Plain)
                } else {
                    self.node(*index)
                };
                let found = match mode {
                    Mode::Present => Size::Plain,
                    _ => size.element(),
                };
                let key = text_steps(key.text());
                (steps.saturating_add(more).saturating_add(key), found)
            }
            Op::Not(operand) | Op::Negate(operand) => (self.node(*operand).0, Size::Plain),
            Op::And(terms) | Op::Or(terms) => {
                let steps = terms.iter().fold(0_u64, |steps, term| {
                    steps.saturating_add(self.node(*term).0)
                });
                (steps, Size::Plain)
            }
            Op::Binary {
                operator,
                left,
                right,
            } => {
                let (steps, left) = self.node(*left);
                let (more, right) = self.node(*right);
                let own = match operator {
                    Operator::In => match &right {
                        Size::List(items, element) => left
                            .comparison(element)
                            .saturating_add(1)
                            .saturating_mul(*items),
                        _ => text_steps(left.text()),
                    },
                    _ => left.comparison(&right),
                };
                (steps.saturating_add(more).saturating_add(own), Size::Plain)
            }
            Op::Sum { first, rest } => {
                let terms = core::iter::once(*first).chain(rest.iter().map(|(_, term)| *term));
                let (steps, sizes) = self.all(terms);
                let own = sizes.iter().fold(0_u64, |own, size| {
                    own.saturating_add(charge_result(size.extent(false)))
                });
                (steps.saturating_add(own), self.built(together(&sizes)))
            }
            Op::Choice {
                branches,
                otherwise,
            } => {
                let mut conditions = 0_u64;
                let mut most = 0_u64;
                let mut size = Size::Plain;
                for (condition, then) in branches {
                    conditions = conditions.saturating_add(self.node(*condition).0);
                    let (steps, then) = self.node(*then);
                    most = most.max(conditions.saturating_add(steps));
                    size = size.join(then);
                }
                let (steps, last) = self.node(*otherwise);
                (most.max(conditions.saturating_add(steps)), size.join(last))
            }
            Op::List(elements) => {
                let (steps, sizes) = self.all(elements.iter().map(|(element, _)| *element));
                let items = wide(sizes.len());
                let element = sizes.into_iter().fold(Size::Plain, Size::join);
                (steps, Size::list(items, element))
            }
            Op::Map(entries) => {
                let (steps, keys) = self.all(entries.iter().map(|(key, ..)| *key));
                let (more, values) = self.all(entries.iter().map(|(_, value, _)| *value));
                let own = keys
                    .iter()
                    .fold(0_u64, |own, key| own.saturating_add(text_steps(key.text())));
                let key = keys.iter().map(Size::text).max().unwrap_or(0);
                let value = values.into_iter().fold(Size::Plain, Size::join);
                let size = Size::Map(wide(entries.len()), key, Arc::new(value));
                (steps.saturating_add(more).saturating_add(own), size)
            }
            Op::Call { builtin, arguments } => self.builtin(*builtin, arguments),
            Op::Host {
                cost, arguments, ..
            } => {
                let (steps, _) = self.all(arguments.iter().copied());
                (steps.saturating_add(*cost), self.given(node))
            }
            Op::Matches { text, pattern } => {
                let (steps, size) = self.node(*text);
                let own = matching(size.text(), pattern.weight);
                (steps.saturating_add(own), Size::Plain)
            }
            Op::Format {
                template,
                arguments,
                spread,
            } => {
                let (steps, template) = self.node(*template);
                let (more, sizes) = self.all(arguments.iter().copied());
                let shown = sizes.iter().fold(template.text(), |shown, size| {
                    let spread = if *spread { size.items() } else { 0 };
                    shown.saturating_add(size.shown()).saturating_add(spread)
                });
                let size = self.built(Size::Text(shown));
                let spread = sizes.iter().map(Size::items).max().unwrap_or(0);
                let sorted = sizes.iter().fold(0_u64, |sorted, size| {
                    sorted.saturating_add(size.key_order())
                });
                let own = text_steps(template.text())
                    .saturating_add(text_steps(size.text()))
                    .saturating_add(spread)
                    .saturating_add(sorted);
                (steps.saturating_add(more).saturating_add(own), size)
            }
            Op::Otherwise { options, .. } => {
                let (steps, sizes) = self.all(options.iter().copied());
                (steps, sizes.into_iter().fold(Size::Plain, Size::join))
            }
            Op::IfHeld {
                optional: value,
                local,
                body,
                ..
            }
            | Op::Bind { local, value, body } => {
                let (steps, size) = self.node(*value);
                self.locals.truncate(*local);
                self.locals.push(size);
                let (more, size) = self.node(*body);
                self.locals.truncate(*local);
                (steps.saturating_add(more), size)
            }
            Op::Fold {
                fold,
                range,
                local,
                pairs,
                filter,
                body,
            } => self.fold(*fold, *range, (*local, *pairs), (*filter, *body)),
        }
    }

    fn fold(
        &mut self,
        fold: Fold,
        range: NodeId,
        (local, pairs): (usize, bool),
        (filter, body): (Option<NodeId>, NodeId),
    ) -> (u64, Size) {
        let (steps, range) = self.node(range);
        let items = range.items();
        let is_map = matches!(range, Size::Map(..));
        self.locals.truncate(local);
        if is_map {
            self.locals.push(range.key());
        }
        if !is_map && pairs {
            self.locals.push(Size::Plain);
        }
        if pairs || !is_map {
            self.locals.push(range.element());
        }
        let filter = filter.map_or(0, |filter| self.node(filter).0);
        let (body, made) = self.node(body);
        self.locals.truncate(local);
        let kept = if is_map { range.key() } else { range.element() };
        let each = filter.saturating_add(body).saturating_add(1);
        let (own, size) = match fold {
            Fold::All | Fold::Exists | Fold::ExistsOne => (0, Size::Plain),
            Fold::Map => (0, Size::list(items, made)),
            Fold::Filter => (0, Size::list(items, kept)),
            Fold::MapEntries => {
                let key = range.key().text();
                let own = items.saturating_mul(text_steps(key));
                (own, Size::Map(items, key, Arc::new(made)))
            }
            Fold::Merge => {
                let entries = items.saturating_mul(made.items());
                let key = made.key().text();
                let own = entries.saturating_mul(text_steps(key).saturating_add(1));
                (own, Size::Map(entries, key, Arc::new(made.element())))
            }
            Fold::SortBy => {
                let key = Extent {
                    text: items.saturating_mul(made.text()),
                    items,
                };
                (charge(Builtin::Sort, [key]), Size::list(items, kept))
            }
        };
        let all = items.saturating_mul(each);
        (steps.saturating_add(all).saturating_add(own), size)
    }

    fn builtin(&mut self, builtin: Builtin, arguments: &[NodeId]) -> (u64, Size) {
        let (steps, sizes) = self.all(arguments.iter().copied());
        let deep = is_deep(builtin);
        let extents = sizes.iter().map(|size| size.extent(deep));
        let number = |at: usize| match self.program.op(*arguments.get(at)?) {
            Op::Constant(Value::Int(number)) => Some(u64::try_from(*number).unwrap_or(0)),
            _ => None,
        };
        let size = result(builtin, &sizes, number(1), wide(self.program.value_size));
        let (size, made) = if builtin.hands_on() {
            (size, 0)
        } else {
            let size = self.built(size);
            let made = charge_result(size.extent(false));
            (size, made)
        };
        let own = match builtin {
            Builtin::Distinct => {
                let given = sizes.first().unwrap_or(&Size::Plain);
                let items = given.items();
                let element = given.element();
                let each = element.comparison(&element).saturating_add(1);
                items.saturating_mul(items).saturating_mul(each)
            }
            Builtin::Matches => matching(sizes.first().map_or(0, Size::text), MOST_WEIGHT),
            _ => 0,
        };
        let steps = steps
            .saturating_add(charge(builtin, extents))
            .saturating_add(own)
            .saturating_add(made);
        (steps, size)
    }
}
