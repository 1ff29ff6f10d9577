//! From a tree to a program: names, types and classes, all problems at once.
//!
//! Every node gets a type and a class. What has a problem gets the type [`Type::Never`], which fits everywhere, so that one
//! fault gives one message. A *hint* is the type that is wanted; it only decides whether a bare name or a text literal is a
//! value of an enum.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::base::Text;
use crate::diagnostic::suggest;
use crate::language::check::call::is_library;
use crate::language::check::messages;
use crate::language::check::outside;
use crate::language::class::Class;
use crate::language::cost::Size;
use crate::language::environment::Environment;
use crate::language::environment::Expected;
use crate::language::environment::VariableSlot;
use crate::language::function::pattern::Pattern;
use crate::language::problem::ExpressionProblem;
use crate::language::program::Op;
use crate::language::program::Read;
use crate::language::schema::EnumId;
use crate::language::schema::Schema;
use crate::language::scope::NodeId;
use crate::language::syntax::tree::Literal;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::Tree;
use crate::language::syntax::tree::TreeId;
use crate::language::syntax::word::value_of_elsewhere;
use crate::language::types::Type;
use crate::language::value::MapKey;
use crate::language::value::Value;

/// The most types that are nested in one type.
pub(super) const MOST_TYPES: usize = 24;

/// A checked node.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) node: NodeId,
    pub(super) ty: Type,
    pub(super) class: Class,
    /// The read that it is, as a position in the list of reads.
    pub(super) read: Option<usize>,
}

/// A name that a macro binds.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) name: Text,
    pub(super) ty: Type,
    pub(super) class: Class,
    pub(super) origin: Option<Read>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of the expression, and none excludes another"
)]
pub(super) struct Checker<'a> {
    /// The expression as it is written.
    pub(super) text: &'a str,
    pub(super) tree: &'a Tree,
    pub(super) schema: &'a Schema,
    pub(super) environment: &'a Environment,
    pub(super) expected: &'a Expected,
    pub(super) problems: Vec<ExpressionProblem>,
    pub(super) ops: Vec<Op>,
    pub(super) given: Vec<(NodeId, Type)>,
    pub(super) measured: Vec<(NodeId, Size)>,
    /// Patterns of `matches` by their text; none for one that is not valid.
    pub(super) patterns: BTreeMap<Text, Option<Arc<Pattern>>>,
    pub(super) spans: Vec<core::ops::Range<usize>>,
    pub(super) locals: Vec<Local>,
    pub(super) reads: Vec<Read>,
    pub(super) variables: BTreeSet<VariableSlot>,
    pub(super) columns: BTreeSet<Text>,
    pub(super) reads_today: bool,
    pub(super) may_clear: bool,
    pub(super) may_keep: bool,
    pub(super) dotted: bool,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        text: &'a str,
        tree: &'a Tree,
        schema: &'a Schema,
        environment: &'a Environment,
        expected: &'a Expected,
    ) -> Self {
        Self {
            text,
            tree,
            schema,
            environment,
            expected,
            problems: Vec::new(),
            ops: Vec::with_capacity(tree.len()),
            given: Vec::new(),
            measured: Vec::new(),
            patterns: BTreeMap::new(),
            spans: Vec::with_capacity(tree.len()),
            locals: Vec::new(),
            reads: Vec::new(),
            variables: BTreeSet::new(),
            columns: BTreeSet::new(),
            reads_today: false,
            may_clear: false,
            may_keep: false,
            dotted: environment
                .variables()
                .iter()
                .any(|variable| variable.name.contains('.')),
        }
    }

    /// Checks a node.
    pub(super) fn check(&mut self, id: TreeId, hint: Option<&Type>) -> Typed {
        let tree = self.tree;
        match tree.node(id) {
            Node::Error => self.broken(id),
            Node::Literal(literal) => self.literal(id, literal, hint),
            Node::Name { name, rooted } => self.name(id, name, *rooted, hint),
            Node::Select {
                target,
                field,
                optional,
            } => self.select(id, *target, field, *optional),
            Node::Call { .. } => self.call(id, hint),
            Node::Index {
                target,
                index,
                optional,
            } => self.index(id, *target, *index, *optional),
            Node::List(elements) => self.list(id, elements, hint),
            Node::Map(entries) => self.map(id, entries, hint),
            Node::Message { .. } => {
                let problem = outside::message(tree.span(id));
                self.refuse(id, problem)
            }
            Node::Bracketed(inner) => self.check(*inner, hint),
            Node::Not(operand) => self.not(id, *operand),
            Node::Negate(operand) => self.negate(id, *operand),
            Node::Binary {
                operator,
                left,
                right,
            } => self.binary(id, *operator, *left, *right),
            Node::And(terms) => self.connect(id, terms, true),
            Node::Or(terms) => self.connect(id, terms, false),
            Node::Sum { first, rest } => self.sum(id, *first, rest),
            Node::Choice {
                branches,
                otherwise,
            } => self.choice(id, branches, *otherwise, hint),
        }
    }

    pub(super) fn report(&mut self, problem: ExpressionProblem) {
        self.problems.push(problem);
    }

    /// Reports a problem; the node then fits everywhere.
    pub(super) fn refuse(&mut self, id: TreeId, problem: ExpressionProblem) -> Typed {
        self.report(problem);
        self.broken(id)
    }

    pub(super) fn broken(&mut self, id: TreeId) -> Typed {
        self.add(id, Op::Broken, Type::Never, Class::Open)
    }

    pub(super) fn push(&mut self, id: TreeId, op: Op) -> NodeId {
        let node = NodeId(u32::try_from(self.ops.len()).unwrap_or(u32::MAX));
        self.ops.push(op);
        self.spans.push(self.tree.span(id));
        node
    }

    pub(super) fn add(&mut self, id: TreeId, op: Op, ty: Type, class: Class) -> Typed {
        let given = matches!(op, Op::Variable(_) | Op::Field { .. } | Op::Host { .. });
        let node = self.push(id, op);
        if given {
            self.given.push((node, ty.clone()));
        }
        let ty = if ty.depth() > MOST_TYPES {
            self.report(messages::too_deep_type(self.tree.span(id), MOST_TYPES));
            Type::Never
        } else {
            ty
        };
        Typed {
            node,
            ty,
            class,
            read: None,
        }
    }

    pub(super) fn type_name(&self, ty: &Type) -> String {
        self.schema.type_name(ty)
    }

    pub(super) fn op(&self, node: NodeId) -> &Op {
        usize::try_from(node.0)
            .ok()
            .and_then(|index| self.ops.get(index))
            .unwrap_or(&Op::Broken)
    }

    pub(super) fn constant(&self, node: NodeId) -> Option<&Value> {
        match self.op(node) {
            Op::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Checks a condition.
    pub(super) fn truth(&mut self, id: TreeId) -> Typed {
        let typed = self.check(id, None);
        match &typed.ty {
            Type::Bool | Type::Never => {}
            other => self.report(messages::condition(self.schema, self.tree.span(id), other)),
        }
        typed
    }

    fn literal(&mut self, id: TreeId, literal: &Literal, hint: Option<&Type>) -> Typed {
        let span = self.tree.span(id);
        let (value, ty) = match literal {
            Literal::Bool(value) => (Value::Bool(*value), Type::Bool),
            Literal::Int(number) => (Value::Int(*number), Type::Int),
            Literal::Double(number) => (Value::Double(*number), Type::Double),
            Literal::Text(text) => match hint {
                Some(Type::Enum(wanted)) => return self.enum_value(id, *wanted, text),
                _ => (Value::Text(text.clone()), Type::Text),
            },
            Literal::Null => return self.refuse(id, outside::null(span)),
            Literal::Unsigned(number) => {
                return self.refuse(id, outside::unsigned(span, *number));
            }
            Literal::Bytes(_) => return self.refuse(id, outside::bytes(span)),
        };
        self.add(id, Op::Constant(value), ty, Class::Open)
    }

    /// A value of an enum, by its text.
    fn enum_value(&mut self, id: TreeId, wanted: EnumId, text: &str) -> Typed {
        let values = self.schema.enum_values(wanted);
        if let Some(value) = values.iter().find(|value| &***value == text) {
            let value = Value::Enum(wanted, value.clone());
            return self.add(id, Op::Constant(value), Type::Enum(wanted), Class::Open);
        }
        let known = values.iter().map(|value| &**value);
        let name = self.type_name(&Type::Enum(wanted));
        let problem = messages::unknown_value(self.tree.span(id), text, &name, known);
        self.refuse(id, problem)
    }

    fn name(&mut self, id: TreeId, name: &Text, rooted: bool, hint: Option<&Type>) -> Typed {
        if !rooted && let Some(typed) = self.local(id, name) {
            return typed;
        }
        if let Some(slot) = self.environment.resolve(name, rooted) {
            return self.variable(id, slot);
        }
        if let Some(Type::Enum(wanted)) = hint {
            return self.enum_value(id, *wanted, name);
        }
        if &**name == "none" {
            let op = Op::Constant(Value::none());
            return self.add(id, op, Type::optional(Type::Never), Class::Open);
        }
        if outside::is_type_name(name) {
            return self.refuse(id, outside::type_value(self.tree.span(id)));
        }
        let span = self.tree.span(id);
        let environment = self.environment;
        if environment.is_elsewhere(name) {
            return self.refuse(
                id,
                messages::name_of_elsewhere(span, name, environment.names()),
            );
        }
        if let Some(help) = value_of_elsewhere(name) {
            let problem = messages::unknown_name(span, name, None);
            return self.refuse(id, problem.help(help));
        }
        if is_library(name) {
            let problem = messages::unknown_name(span, name, None);
            let own = self.functions_of(name);
            let help = own.map_or_else(
                || String::from("it is a library of CEL that is not part of the language"),
                |own| alloc::format!("it begins names of functions: {own}"),
            );
            return self.refuse(id, problem.help(help));
        }
        let bound = self.locals.iter().map(|local| &*local.name);
        let known = bound.chain(environment.names()).chain(["none"]);
        let mut problem = messages::unknown_name(span, name, suggest(name, known));
        if !self.schema.overloads_of(name).is_empty() {
            problem = problem.help(alloc::format!("write `{name}(…)` to call the function"));
        } else if problem.help.is_empty() {
            problem = problem.help(alloc::format!(
                "a text stands in quotes, as in `\"{name}\"`"
            ));
        }
        self.refuse(id, problem)
    }

    fn local(&mut self, id: TreeId, name: &str) -> Option<Typed> {
        let (index, local) = self
            .locals
            .iter()
            .enumerate()
            .rev()
            .find(|(_, local)| &*local.name == name)?;
        let local = local.clone();
        let mut typed = self.add(id, Op::Local(index), local.ty, local.class);
        if let Some(mut read) = local.origin {
            read.span = self.tree.span(id);
            typed.read = Some(self.reads.len());
            self.reads.push(read);
        }
        Some(typed)
    }

    /// Whether a name is bound by a macro or a variable.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.environment.resolve(name, false).is_some()
            || self.locals.iter().any(|local| &*local.name == name)
    }

    pub(super) fn variable(&mut self, id: TreeId, slot: VariableSlot) -> Typed {
        let environment = self.environment;
        let Some(variable) = environment.at(slot) else {
            return self.broken(id);
        };
        self.variables.insert(slot);
        let today = variable.ty.contains(&|ty| *ty == Type::Today);
        self.reads_today |= today;
        let mut typed = self.add(id, Op::Variable(slot), variable.ty.clone(), variable.class);
        typed.read = Some(self.reads.len());
        self.reads.push(Read {
            span: self.tree.span(id),
            path: begun(&variable.name),
            class: variable.class,
            variable: Some(slot),
            steps: Vec::new(),
        });
        typed
    }

    fn list(&mut self, id: TreeId, elements: &[(TreeId, bool)], hint: Option<&Type>) -> Typed {
        let wanted = match hint {
            Some(Type::List(element)) => Some(&**element),
            _ => None,
        };
        let mut common = Common::new("the values of a list");
        let mut class = Class::Open;
        let mut nodes = Vec::with_capacity(elements.len());
        for (element, optional) in elements {
            let typed = self.check(*element, wanted);
            class = class.join(typed.class);
            nodes.push((typed.node, *optional));
            let ty = self.inside(*element, typed.ty, *optional);
            self.common(&mut common, *element, &ty);
        }
        let ty = common.made(Type::list);
        let constants: Option<Vec<Value>> = nodes
            .iter()
            .map(|(node, optional)| self.constant(*node).filter(|_| !optional).cloned())
            .collect();
        let op = match constants {
            Some(values) => Op::Constant(Value::list(values)),
            None => Op::List(nodes.into()),
        };
        self.add(id, op, ty, class)
    }

    /// The type of an element or entry: what an optional holds, where a `?` stands before it.
    fn inside(&mut self, id: TreeId, ty: Type, optional: bool) -> Type {
        match ty {
            Type::Optional(inner) if optional => Type::clone(&inner),
            Type::Never => Type::Never,
            other if optional => {
                let name = self.type_name(&other);
                self.report(messages::not_optional(self.tree.span(id), &name));
                Type::Never
            }
            other => other,
        }
    }

    fn map(
        &mut self,
        id: TreeId,
        entries: &[(TreeId, TreeId, bool)],
        hint: Option<&Type>,
    ) -> Typed {
        let wanted = match hint {
            Some(Type::Map(_, value)) => Some(&**value),
            _ => None,
        };
        let mut keys = Common::new("the keys of a map");
        let mut values = Common::new("the values of a map");
        let mut class = Class::Open;
        let mut nodes = Vec::with_capacity(entries.len());
        let mut seen: Vec<(MapKey, TreeId)> = Vec::new();
        for (key, value, optional) in entries {
            let typed_key = self.check(*key, None);
            if let Type::Bool | Type::Int | Type::Text | Type::Never = typed_key.ty {
                self.common(&mut keys, *key, &typed_key.ty);
            } else {
                let name = self.type_name(&typed_key.ty);
                self.report(messages::map_key(self.tree.span(*key), &name));
            }
            // An entry that may not be there stands twice only where it is there.
            if let Some(constant) = self.constant(typed_key.node).and_then(Value::key)
                && !optional
            {
                seen.push((constant, *key));
            }
            let typed = self.check(*value, wanted);
            class = class.join(typed_key.class).join(typed.class);
            nodes.push((typed_key.node, typed.node, *optional));
            let ty = self.inside(*value, typed.ty, *optional);
            self.common(&mut values, *value, &ty);
        }
        seen.sort_by(|one, two| one.0.cmp(&two.0));
        for (first, second) in seen.iter().zip(seen.iter().skip(1)) {
            if first.0 == second.0 {
                let span = self.tree.span(second.1);
                self.report(messages::repeated_key(span, self.tree.span(first.1)));
            }
        }
        // a map of constants is made once, and not in every run
        let constants: Option<BTreeMap<MapKey, Value>> = nodes
            .iter()
            .map(|(key, value, optional)| {
                let key = self.constant(*key)?.key()?;
                Some((key, self.constant(*value).filter(|_| !optional)?.clone()))
            })
            .collect();
        let op = match constants {
            Some(entries) => Op::Constant(Value::Map(Arc::new(entries))),
            None => Op::Map(nodes.into()),
        };
        let ty = keys.made(|key| values.made(|value| Type::map(key, value)));
        self.add(id, op, ty, class)
    }

    /// Joins a type to those that must be one; reports where it cannot.
    pub(super) fn common(&mut self, common: &mut Common, id: TreeId, ty: &Type) {
        let span = self.tree.span(id);
        if ty.contains(&|ty| *ty == Type::Today) && common.stores {
            self.report(messages::today(span, common.what));
            return;
        }
        if let Some(joined) = common.ty.common(ty) {
            if common.from.is_none() && *ty != Type::Never {
                common.from = Some(id);
            }
            common.ty = joined;
            return;
        }
        let first_span = common
            .from
            .map_or(span.clone(), |from| self.tree.span(from));
        let problem = messages::mixed(self.schema, span, common.what, (&common.ty, first_span), ty);
        common.broken = true;
        self.report(problem);
    }

    /// The names of a chain such as `a.b.c`, where it is one, and whether a dot stands before it.
    pub(super) fn dotted_name(&self, id: TreeId) -> Option<(String, bool)> {
        match self.tree.node(id) {
            Node::Name { name, rooted } => Some((String::from(&**name), *rooted)),
            Node::Select {
                target,
                field,
                optional: false,
            } => {
                let (mut name, rooted) = self.dotted_name(*target)?;
                name.push('.');
                name.push_str(field);
                Some((name, rooted))
            }
            _ => None,
        }
    }
}

/// The beginning of a path, with room for a field or two.
pub(super) fn begun(name: &str) -> String {
    let mut path = String::with_capacity(name.len().saturating_add(ROOM_OF_A_PATH));
    path.push_str(name);
    path
}

/// Bytes that most paths have after the name they begin with.
const ROOM_OF_A_PATH: usize = 24;

/// Types that must be one, and where the first of them stood.
pub(super) struct Common {
    pub(super) ty: Type,
    what: &'static str,
    from: Option<TreeId>,
    stores: bool,
    /// Whether they are not of one type, which was reported.
    broken: bool,
}

impl Common {
    pub(super) const fn new(what: &'static str) -> Self {
        Self {
            ty: Type::Never,
            what,
            from: None,
            stores: true,
            broken: false,
        }
    }

    /// The same, where the day of the run may be among them.
    pub(super) const fn passing(what: &'static str) -> Self {
        Self {
            ty: Type::Never,
            what,
            from: None,
            stores: false,
            broken: false,
        }
    }

    /// What is made of the one type; nothing more is said of it where there is none.
    pub(super) fn made(self, of: impl FnOnce(Type) -> Type) -> Type {
        if self.broken {
            Type::Never
        } else {
            of(self.ty)
        }
    }
}
