//! Checks macros: what binds a name, and what is evaluated only where it is needed.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Text;
use crate::language::check::checker::Checker;
use crate::language::check::checker::Local;
use crate::language::check::checker::Typed;
use crate::language::check::messages;
use crate::language::class::Class;
use crate::language::program::Fold;
use crate::language::program::Mode;
use crate::language::program::Op;
use crate::language::program::Read;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::TreeId;
use crate::language::types::Type;

/// What looks like a function and is none: it binds a name, or looks only where it must.
pub(crate) const MACROS: [&str; 19] = [
    "has",
    "keep",
    "all",
    "exists",
    "exists_one",
    "existsOne",
    "map",
    "filter",
    "transformList",
    "transformMap",
    "transformMapEntry",
    "optMap",
    "optFlatMap",
    "orValue",
    "or",
    "coalesce",
    "format",
    "sort_by",
    "cel.bind",
];

impl Checker<'_> {
    /// `has(a.b)`, `coalesce(a, b)` and `keep()`.
    pub(super) fn global_macro(
        &mut self,
        id: TreeId,
        name: &str,
        arguments: &[TreeId],
    ) -> Option<Typed> {
        match (name, arguments) {
            ("has", arguments) => Some(self.has(id, arguments)),
            ("coalesce", arguments) => Some(self.coalesce(id, arguments)),
            ("keep", []) => {
                let problem = if self.expected.keep {
                    messages::keep_inside(self.tree.span(id))
                } else {
                    messages::keep(self.tree.span(id))
                };
                Some(self.refuse(id, problem))
            }
            _ => None,
        }
    }

    fn has(&mut self, id: TreeId, arguments: &[TreeId]) -> Typed {
        let tree = self.tree;
        if let [argument] = arguments
            && let Node::Select {
                target,
                field,
                optional: false,
            } = tree.node(*argument)
        {
            let typed = self.field(*argument, *target, field, Mode::Present);
            return Typed {
                read: None,
                ..typed
            };
        }
        if let [argument] = arguments
            && matches!(tree.node(*argument), Node::Error)
        {
            return self.broken(id);
        }
        let problem = messages::macro_use(
            tree.mark(id),
            String::from("`has` wants one field"),
            "has(a.b)",
        );
        self.refuse(id, problem)
    }

    /// Comprehensions, what looks into optionals, and `format`.
    pub(super) fn receiver_macro(
        &mut self,
        id: TreeId,
        target: TreeId,
        name: &str,
        arguments: &[TreeId],
        hint: Option<&Type>,
    ) -> Option<Typed> {
        let fold = match (name, arguments.len()) {
            ("all", 2 | 3) => Some(Fold::All),
            ("exists", 2 | 3) => Some(Fold::Exists),
            ("exists_one", 2) | ("existsOne", 2 | 3) => Some(Fold::ExistsOne),
            ("map", 2 | 3) | ("transformList", 3 | 4) => Some(Fold::Map),
            ("filter", 2) => Some(Fold::Filter),
            ("transformMap", 3 | 4) => Some(Fold::MapEntries),
            ("transformMapEntry", 3 | 4) => Some(Fold::Merge),
            ("sort_by", 2) => Some(Fold::SortBy),
            _ => None,
        };
        if let Some(fold) = fold {
            return Some(self.comprehension(id, fold, target, name, arguments));
        }
        match (name, arguments) {
            ("optMap" | "optFlatMap", [variable, body]) => {
                Some(self.if_held(id, target, *variable, *body, name == "optFlatMap"))
            }
            ("or" | "orValue", [other]) => {
                Some(self.otherwise(id, target, *other, name == "orValue", hint))
            }
            ("format", [argument]) => Some(self.format(id, target, *argument)),
            (
                "all" | "exists" | "exists_one" | "existsOne" | "map" | "filter" | "sort_by"
                | "transformList" | "transformMap" | "transformMapEntry" | "optMap" | "optFlatMap",
                _,
            ) => {
                let form = if name == "exists_one" && arguments.len() == 3 {
                    String::from("existsOne(k, v, …)")
                } else if name.starts_with("transform") {
                    format!("{name}(k, v, …)")
                } else {
                    format!("{name}(x, …)")
                };
                let problem = messages::macro_use(
                    self.tree.mark(id),
                    format!("`{name}` wants a name and what to do with it"),
                    &form,
                );
                Some(self.refuse(id, problem))
            }
            _ => None,
        }
    }

    /// The name that an argument of a macro binds.
    fn bound_name(&mut self, id: TreeId, argument: TreeId) -> Option<Text> {
        match self.tree.node(argument) {
            Node::Name {
                name,
                rooted: false,
            } => return Some(name.clone()),
            // what stands there was reported when it was read
            Node::Error => return None,
            _ => {}
        }
        let problem = messages::macro_use(
            self.tree.span(argument),
            String::from("expected a plain name to bind"),
            "x",
        );
        self.refuse(id, problem);
        None
    }

    /// The read that a value is, as the origin of a name bound to it.
    fn origin(&self, typed: &Typed) -> Option<Read> {
        typed.read.and_then(|index| self.reads.get(index)).cloned()
    }

    fn comprehension(
        &mut self,
        id: TreeId,
        fold: Fold,
        target: TreeId,
        name: &str,
        arguments: &[TreeId],
    ) -> Typed {
        let range = self.check(target, None);
        let pairs = name.starts_with("transform")
            || (arguments.len() == 3 && matches!(name, "all" | "exists" | "existsOne"));
        let bound = if pairs { 2 } else { 1 };
        let (first, second) = match &range.ty {
            Type::List(element) if pairs => (Type::Int, Type::clone(element)),
            Type::List(element) => (Type::clone(element), Type::Never),
            Type::Map(key, value) => (Type::clone(key), Type::clone(value)),
            Type::Never => (Type::Never, Type::Never),
            other => {
                let found = self.type_name(other);
                let mut problem = messages::operand(self.tree.mark(id), name, &found);
                if matches!(other, Type::Optional(_)) {
                    problem = problem
                        .help("say what stands where there is no value, as in `….orValue([])`");
                }
                return self.refuse(id, problem);
            }
        };
        if let ("map", [_, second, body]) = (name, arguments)
            && let Node::Name { name, .. } = self.tree.node(*second)
            && !self.is_bound(name)
            && self.speaks_of(*body, name)
        {
            let problem = messages::macro_use(
                self.tree.span(*second),
                String::from("`map` binds one name"),
                "transformList(k, v, …)",
            );
            return self.refuse(id, problem);
        }
        let base = self.locals.len();
        let names = arguments.get(..bound).unwrap_or(&[]);
        if !self.bind_elements(id, &range, names, [first.clone(), second]) {
            self.locals.truncate(base);
            return self.broken(id);
        }
        let rest = arguments.get(bound..).unwrap_or(&[]);
        let (filter, body) = match rest {
            [filter, body] => (Some(self.truth(*filter)), *body),
            [body] => (None, *body),
            _ => return self.broken(id),
        };
        let decides = matches!(
            fold,
            Fold::All | Fold::Exists | Fold::ExistsOne | Fold::Filter
        );
        let typed = if decides {
            self.truth(body)
        } else {
            self.check(body, None)
        };
        self.locals.truncate(base);
        let Some(ty) = self.folded(fold, name, body, first, &typed.ty) else {
            return self.broken(id);
        };
        let mut class = range.class.join(typed.class);
        if let Some(filter) = &filter {
            class = class.join(filter.class);
        }
        let op = Op::Fold {
            fold,
            range: range.node,
            local: base,
            pairs,
            filter: filter.map(|filter| filter.node),
            body: typed.node,
        };
        self.add(id, op, ty, class)
    }

    /// Whether a name is written somewhere in a part of the expression.
    fn speaks_of(&self, id: TreeId, name: &str) -> bool {
        let written = self.text.get(self.tree.span(id)).unwrap_or("");
        let mut words = written.split(|letter: char| letter != '_' && !letter.is_alphanumeric());
        words.any(|word| word == name)
    }

    /// Binds the names of a comprehension to the elements of its range; whether it could.
    fn bind_elements(
        &mut self,
        id: TreeId,
        range: &Typed,
        names: &[TreeId],
        types: [Type; 2],
    ) -> bool {
        let base = self.locals.len();
        let origin = self.origin(range);
        for (argument, ty) in names.iter().zip(types) {
            let Some(name) = self.bound_name(id, *argument) else {
                return false;
            };
            if self
                .locals
                .iter()
                .skip(base)
                .any(|local| local.name == name)
            {
                self.report(messages::macro_use(
                    self.tree.span(*argument),
                    format!("`{name}` is bound twice"),
                    "k, v",
                ));
                return false;
            }
            let origin = origin
                .clone()
                .filter(|_| ty.contains(&|ty| matches!(ty, Type::Record(_))));
            self.locals.push(Local {
                name,
                ty,
                class: range.class,
                origin,
            });
        }
        true
    }

    /// The type of a comprehension over elements of type `kept`, whose body has the type `ty`; reports where there is none.
    fn folded(
        &mut self,
        fold: Fold,
        name: &str,
        body: TreeId,
        kept: Type,
        ty: &Type,
    ) -> Option<Type> {
        let stores = matches!(
            fold,
            Fold::Map | Fold::MapEntries | Fold::Merge | Fold::SortBy
        );
        if stores && ty.contains(&|ty| *ty == Type::Today) {
            let problem = messages::today(self.tree.span(body), &format!("`{name}`"));
            self.report(problem);
            return None;
        }
        let fits = match fold {
            Fold::SortBy => matches!(
                ty,
                Type::Int | Type::Text | Type::Date | Type::Bool | Type::Days | Type::Never
            ),
            Fold::Merge => matches!(ty, Type::Map(..) | Type::Never),
            _ => true,
        };
        if !fits {
            let found = self.type_name(ty);
            let mut problem = messages::operand(self.tree.span(body), name, &found);
            match (fold, ty) {
                (Fold::Merge, _) => {
                    problem = problem.help("write a map of one entry, as in `{v: k}`");
                }
                (_, Type::Double) => problem = problem.help(messages::NO_ORDER),
                (_, Type::Enum(_) | Type::Nominal(_)) => {
                    problem = problem.help("write `string(…)` to make a text of it");
                }
                _ => {}
            }
            self.report(problem);
            return None;
        }
        Some(match fold {
            Fold::All | Fold::Exists | Fold::ExistsOne => Type::Bool,
            Fold::Map => Type::list(ty.clone()),
            Fold::Filter | Fold::SortBy => Type::list(kept),
            Fold::MapEntries => Type::map(kept, ty.clone()),
            Fold::Merge => ty.clone(),
        })
    }

    /// `cel.bind(name, value, body)`.
    pub(super) fn bind(&mut self, id: TreeId, arguments: &[TreeId], hint: Option<&Type>) -> Typed {
        let Some((local, value, body)) = self.bound_value(id, arguments) else {
            return self.broken(id);
        };
        let typed = self.check(body, hint);
        self.locals.truncate(local);
        let op = Op::Bind {
            local,
            value: value.node,
            body: typed.node,
        };
        self.add(id, op, typed.ty, value.class.join(typed.class))
    }

    /// Binds the name of a `cel.bind`; gives its number, its value, and the body that is to be checked with it.
    pub(super) fn bound_value(
        &mut self,
        id: TreeId,
        arguments: &[TreeId],
    ) -> Option<(usize, Typed, TreeId)> {
        let [name, value, body] = arguments else {
            let problem = messages::macro_use(
                self.tree.mark(id),
                String::from("`cel.bind` wants a name, a value and what to do with it"),
                "cel.bind(x, value, …)",
            );
            self.refuse(id, problem);
            return None;
        };
        let value = self.check(*value, None);
        let name = self.bound_name(id, *name)?;
        let local = self.locals.len();
        let origin = self.origin(&value);
        self.locals.push(Local {
            name,
            ty: value.ty.clone(),
            class: value.class,
            origin,
        });
        Some((local, value, *body))
    }

    fn if_held(
        &mut self,
        id: TreeId,
        target: TreeId,
        variable: TreeId,
        body: TreeId,
        flat: bool,
    ) -> Typed {
        let optional = self.check(target, None);
        let Some(inner) = self.held(id, &optional.ty) else {
            return self.broken(id);
        };
        let Some(name) = self.bound_name(id, variable) else {
            return self.broken(id);
        };
        let local = self.locals.len();
        let origin = self.origin(&optional);
        self.locals.push(Local {
            name,
            ty: inner,
            class: optional.class,
            origin,
        });
        let typed = self.check(body, None);
        self.locals.truncate(local);
        if typed.ty.contains(&|ty| *ty == Type::Today) {
            let problem = messages::today(self.tree.span(body), "an optional");
            return self.refuse(id, problem);
        }
        let ty = match typed.ty {
            ty @ (Type::Optional(_) | Type::Never) if flat => ty,
            other if flat => {
                let found = self.type_name(&other);
                let problem = messages::operand(self.tree.span(body), "optFlatMap", &found)
                    .help("write `optMap`");
                return self.refuse(id, problem);
            }
            other => Type::optional(other),
        };
        let op = Op::IfHeld {
            optional: optional.node,
            local,
            body: typed.node,
            flat,
        };
        self.add(id, op, ty, optional.class.join(typed.class))
    }

    /// What an optional holds; reports where it is none.
    fn held(&mut self, id: TreeId, ty: &Type) -> Option<Type> {
        match ty {
            Type::Optional(inner) => Some(Type::clone(inner)),
            Type::Never => Some(Type::Never),
            other => {
                let found = self.type_name(other);
                let Node::Call { name, .. } = self.tree.node(id) else {
                    return None;
                };
                let problem = messages::operand(self.tree.mark(id), name, &found).help(
                    "there is always a value; to read a field that may be absent, write `a.?b`",
                );
                self.report(problem);
                None
            }
        }
    }

    /// `coalesce(a, b, c)`: optionals of one type, of which the last may be a plain value; then so is the result.
    fn coalesce(&mut self, id: TreeId, arguments: &[TreeId]) -> Typed {
        let Some((last, before)) = arguments
            .split_last()
            .filter(|(_, before)| !before.is_empty())
        else {
            let message = String::from("`coalesce` wants two values or more");
            let problem = messages::macro_use(self.tree.mark(id), message, "coalesce(a.?b, a.?c)");
            return self.refuse(id, problem);
        };
        let mut class = Class::Open;
        let mut inner = Type::Never;
        let mut options = Vec::with_capacity(arguments.len());
        let known = self.problems.len();
        let mut value = false;
        for argument in arguments {
            let typed = self.check(*argument, (argument == last).then_some(&inner));
            class = class.join(typed.class);
            options.push(typed.node);
            let span = self.tree.span(*argument);
            let held = match &typed.ty {
                Type::Optional(held) => Type::clone(held),
                // it was reported, or it fails before anything is chosen
                Type::Never => continue,
                plain if argument == last => {
                    value = true;
                    plain.clone()
                }
                plain => {
                    let name = self.type_name(plain);
                    self.report(messages::always_there(span, &name));
                    continue;
                }
            };
            if let Some(common) = inner.common(&held) {
                inner = common;
            } else {
                let first = before.first().map_or(0..0, |first| self.tree.span(*first));
                let what = "what `coalesce` chooses from";
                self.report(messages::mixed(
                    self.schema,
                    span,
                    what,
                    (&inner, first),
                    &held,
                ));
            }
        }
        if self.problems.len() > known {
            return self.broken(id);
        }
        let ty = if value { inner } else { Type::optional(inner) };
        let op = Op::Otherwise {
            options: options.into(),
            value,
        };
        self.add(id, op, ty, class)
    }

    fn otherwise(
        &mut self,
        id: TreeId,
        target: TreeId,
        other: TreeId,
        value: bool,
        hint: Option<&Type>,
    ) -> Typed {
        let wanted = hint
            .filter(|_| value)
            .map(|hint| Type::optional(hint.clone()));
        let optional = self.check(target, wanted.as_ref());
        let Some(inner) = self.held(id, &optional.ty) else {
            self.check(other, None);
            return self.broken(id);
        };
        let wanted = if value { inner } else { Type::optional(inner) };
        let typed = self.check(other, Some(&wanted));
        let Some(ty) = wanted.common(&typed.ty) else {
            let problem = messages::result(self.schema, self.tree.span(other), &wanted, &typed.ty);
            let problem = match (value, &typed.ty) {
                (true, Type::Optional(_)) => {
                    problem.help("write `….or(…)` where another optional stands in its place")
                }
                (false, ty) if !matches!(ty, Type::Optional(_)) => {
                    problem.help("write `….orValue(…)` where a value stands in its place")
                }
                _ => problem,
            };
            return self.refuse(id, problem);
        };
        let op = Op::Otherwise {
            options: [optional.node, typed.node].into(),
            value,
        };
        self.add(id, op, ty, optional.class.join(typed.class))
    }
}
