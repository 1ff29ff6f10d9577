//! Checks calls: which overload fits, and what the profile leaves out.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Text;
use crate::diagnostic::listed;
use crate::diagnostic::suggest;
use crate::language::check::checker::Checker;
use crate::language::check::checker::Typed;
use crate::language::check::foreign::instead_of;
use crate::language::check::macros::MACROS;
use crate::language::check::messages;
use crate::language::check::outside;
use crate::language::class::Class;
use crate::language::function::builtin::Builtin;
use crate::language::function::date::read_date;
use crate::language::function::pattern::Pattern;
use crate::language::function::pattern::compile_pattern;
use crate::language::problem::ExpressionProblem;
use crate::language::program::Op;
use crate::language::schema::FunctionId;
use crate::language::schema::Overload;
use crate::language::schema::Style;
use crate::language::scope::NodeId;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::TreeId;
use crate::language::types::Type;
use crate::language::value::Value;

/// Different patterns in one expression: to compile one takes as long as a thousand nodes.
const MOST_PATTERNS: usize = 32;

/// Makes a problem of the bytes that it is about.
type ProblemAt = fn(Range<usize>) -> ExpressionProblem;

impl Checker<'_> {
    pub(super) fn call(&mut self, id: TreeId, hint: Option<&Type>) -> Typed {
        let tree = self.tree;
        let Node::Call {
            target,
            name,
            arguments,
            rooted,
        } = tree.node(id)
        else {
            return self.broken(id);
        };
        let Some(target) = *target else {
            // A name with a dot before it is looked for as it stands, so it is no macro.
            if !rooted && let Some(typed) = self.global_macro(id, name, arguments) {
                return typed;
            }
            return self.function(id, name, None, arguments);
        };
        if let Some(qualified) = self.qualified(target, name) {
            let rooted = self.dotted_name(target).is_some_and(|(_, rooted)| rooted);
            if &*qualified == "cel.bind" && !rooted {
                return self.bind(id, arguments, hint);
            }
            let library = qualified.split('.').next().unwrap_or("");
            if !self.schema.overloads_of(&qualified).is_empty()
                || outside::outside(0..0, &qualified).is_some()
                || is_library(library)
            {
                return self.function(id, &qualified, None, arguments);
            }
        }
        if let Some(typed) = self.receiver_macro(id, target, name, arguments, hint) {
            return typed;
        }
        self.function(id, name, Some(target), arguments)
    }

    /// The name of a function with dots, where no variable of that name hides it.
    fn qualified(&self, target: TreeId, name: &str) -> Option<Text> {
        let (mut qualified, rooted) = self.dotted_name(target)?;
        let first = qualified.split('.').next().unwrap_or("");
        if !rooted && self.is_bound(first) {
            return None;
        }
        qualified.push('.');
        qualified.push_str(name);
        Some(qualified.into())
    }

    fn function(
        &mut self,
        id: TreeId,
        name: &str,
        receiver: Option<TreeId>,
        arguments: &[TreeId],
    ) -> Typed {
        let schema = self.schema;
        let known = schema.overloads_of(name);
        if known.is_empty() {
            return self.no_function(id, name, receiver, arguments);
        }
        let all: Vec<TreeId> = receiver.iter().chain(arguments).copied().collect();
        let fitting: Vec<(FunctionId, &Overload)> = known
            .iter()
            .filter_map(|function| schema.overload(*function).map(|found| (*function, found)))
            .filter(|(_, overload)| {
                let style = match overload.style {
                    Style::Both => true,
                    Style::Global => receiver.is_none(),
                    Style::Receiver => receiver.is_some(),
                };
                style && overload.parameters.len() == all.len()
            })
            .collect();
        let mut given = Vec::with_capacity(all.len());
        let mut class = Class::Open;
        for (position, argument) in all.iter().enumerate() {
            let hint = hint_of(&fitting, position);
            let typed = self.check(*argument, hint);
            class = class.join(typed.class);
            given.push(typed);
        }
        let types: Vec<Type> = given.iter().map(|typed| typed.ty.clone()).collect();
        for (function, overload) in &fitting {
            let mut bound = BTreeMap::new();
            let today = overload.builtin.is_none() && overload.narrows_today;
            let accepted = overload
                .parameters
                .iter()
                .zip(&types)
                .all(|(parameter, ty)| parameter.accepts(ty, &mut bound, today));
            if accepted {
                let ty = overload.result.with(&bound);
                let op = self.call_op(*function, overload, &given);
                return self.add(id, op, ty, class.join(overload.class));
            }
        }
        if let Some(never) = given.iter().find(|typed| typed.ty == Type::Never)
            && !self.problems.is_empty()
        {
            // perhaps it was reported; where it was not, no value helps against a wrong number or type beside it
            return never.clone();
        }
        if types.iter().any(|ty| ty.contains(&|ty| *ty == Type::Today)) {
            let problem = messages::today(self.tree.mark(id), &alloc::format!("`{name}`"));
            return self.refuse(id, problem);
        }
        let overloads: Vec<&Overload> =
            known.iter().filter_map(|id| schema.overload(*id)).collect();
        let mark = self.tree.mark(id);
        let problem =
            messages::arguments(schema, mark, name, &overloads, &types, receiver.is_some());
        self.refuse(id, problem)
    }

    fn call_op(&mut self, function: FunctionId, overload: &Overload, given: &[Typed]) -> Op {
        let arguments: Vec<_> = given.iter().map(|typed| typed.node).collect();
        let Some(builtin) = overload.builtin else {
            return Op::Host {
                function,
                cost: overload.cost,
                arguments: arguments.into(),
            };
        };
        let literal = |at: usize| {
            let typed = given.get(at)?;
            let text = self.constant(typed.node)?.as_text()?.clone();
            Some((typed.node, text))
        };
        match builtin {
            Builtin::Matches => {
                if let (Some(text), Some((node, pattern))) = (given.first(), literal(1)) {
                    match self.pattern(&pattern) {
                        Ok(pattern) => {
                            return Op::Matches {
                                text: text.node,
                                pattern,
                            };
                        }
                        Err(problem) => self.report(problem(self.span_of(node))),
                    }
                }
            }
            Builtin::ToDate => {
                if let Some((node, text)) = literal(0) {
                    match read_date(&text) {
                        Ok(day) => return Op::Constant(Value::Date(day)),
                        Err(_) => self.report(messages::no_day(self.span_of(node))),
                    }
                }
            }
            _ => {}
        }
        Op::Call {
            builtin,
            arguments: arguments.into(),
        }
    }

    /// A pattern that is compiled once, however often it stands in the expression.
    fn pattern(&mut self, pattern: &Text) -> Result<Arc<Pattern>, ProblemAt> {
        let known = match self.patterns.get(pattern) {
            Some(known) => known.clone(),
            None if self.patterns.len() >= MOST_PATTERNS => {
                return Err(|span| messages::too_many_patterns(span, MOST_PATTERNS));
            }
            None => {
                let compiled = compile_pattern(pattern).ok().map(Arc::new);
                self.patterns.insert(pattern.clone(), compiled.clone());
                compiled
            }
        };
        known.ok_or(messages::no_pattern)
    }

    fn span_of(&self, node: NodeId) -> Range<usize> {
        usize::try_from(node.0)
            .ok()
            .and_then(|index| self.spans.get(index))
            .map_or(0..0, Clone::clone)
    }

    fn no_function(
        &mut self,
        id: TreeId,
        name: &str,
        receiver: Option<TreeId>,
        arguments: &[TreeId],
    ) -> Typed {
        let mark = self.tree.mark(id);
        if let Some(problem) = outside::outside(mark.clone(), name) {
            return self.refuse(id, problem);
        }
        let names = self.schema.function_names().chain(MACROS);
        if MACROS.contains(&name) {
            let problem = messages::macro_use(
                mark,
                alloc::format!("`{name}` is not called like this"),
                &macro_form(name),
            );
            return self.refuse(id, problem);
        }
        if let Some((library, _)) = name.split_once('.') {
            let problem = messages::unknown_function(mark, name, suggest(name, names));
            let problem = match (problem.help.is_empty(), self.functions_of(library)) {
                (false, _) => problem,
                (true, Some(own)) => problem.help(alloc::format!("`{library}` has {own}")),
                (true, None) => problem.help(
                    instead_of(name).unwrap_or("this library of CEL is not part of the language"),
                ),
            };
            return self.refuse(id, problem);
        }
        if receiver.is_some() && self.binds(arguments) {
            // A macro whose name is misspelt: the name that it binds is none yet.
            let close = suggest(name, MACROS);
            let help = instead_of(name).filter(|_| close.is_none());
            let problem = messages::unknown_function(mark, name, close);
            let problem = help.into_iter().fold(problem, ExpressionProblem::help);
            return self.refuse(id, problem);
        }
        let mut broken = false;
        for argument in receiver.iter().chain(arguments) {
            broken |= self.check(*argument, None).ty == Type::Never;
        }
        if broken && receiver.is_some() && !self.problems.is_empty() {
            return self.broken(id);
        }
        let problem = match instead_of(name) {
            Some(help) => messages::unknown_function(mark, name, None).help(help),
            None => messages::unknown_function(mark, name, suggest(name, names)),
        };
        self.refuse(id, problem)
    }

    /// Whether arguments begin with a name that means nothing here, and something follows that may speak of it.
    fn binds(&self, arguments: &[TreeId]) -> bool {
        let [first, _, ..] = arguments else {
            return false;
        };
        let Node::Name {
            name,
            rooted: false,
        } = self.tree.node(*first)
        else {
            return false;
        };
        !self.is_bound(name) && &**name != "none" && !self.environment.is_elsewhere(name)
    }

    /// The functions whose names begin with a word and a dot, for a message.
    pub(super) fn functions_of(&self, library: &str) -> Option<String> {
        let own = self.schema.function_names().chain(MACROS);
        let own = own.filter(|name| {
            let rest = name.strip_prefix(library);
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        let mut own: Vec<&str> = own.collect();
        own.sort_unstable();
        own.dedup();
        listed(&own)
    }
}

/// Whether a word begins the names of functions of CEL: they are no values.
pub(super) fn is_library(word: &str) -> bool {
    let libraries = [
        "Optional", "base64", "cel", "encoders", "lists", "math", "net", "optional", "proto",
        "regex", "sets", "strings",
    ];
    libraries.contains(&word)
}

/// How a macro is called.
fn macro_form(name: &str) -> String {
    match name {
        "has" => String::from("has(a.b)"),
        "keep" => String::from("keep()"),
        "coalesce" => String::from("coalesce(a.?b, c)"),
        "cel.bind" => String::from("cel.bind(x, a, …)"),
        "format" => String::from("\"…%s…\".format([a])"),
        "or" => String::from("a.?b.or(a.?c)"),
        "orValue" => String::from("a.?b.orValue(c)"),
        _ if name.starts_with("transform") => alloc::format!("….{name}(k, v, …)"),
        _ => alloc::format!("….{name}(x, …)"),
    }
}

/// The type of a parameter, where all overloads that may be meant agree on it.
fn hint_of<'a>(fitting: &[(FunctionId, &'a Overload)], position: usize) -> Option<&'a Type> {
    let mut wanted = fitting
        .iter()
        .filter_map(|(_, overload)| overload.parameters.get(position));
    let first = wanted.next()?;
    wanted.all(|other| other == first).then_some(first)
}
