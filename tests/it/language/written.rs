//! Expressions as the tests make them: a tree of their own, and its text.
//!
//! It shares nothing with the tree of the crate, so that the evaluator beside it can be wrong only by itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// A type that the generator aims at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum T {
    Bool,
    Int,
    Double,
    Text,
    Date,
    Person,
    List(Box<T>),
    Map(Box<T>, Box<T>),
    Optional(Box<T>),
}

impl T {
    pub(super) fn list(element: T) -> Self {
        Self::List(Box::new(element))
    }

    pub(super) fn map(key: T, value: T) -> Self {
        Self::Map(Box::new(key), Box::new(value))
    }

    pub(super) fn optional(inner: T) -> Self {
        Self::Optional(Box::new(inner))
    }
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum K {
    Bool(bool),
    Int(i64),
    Text(String),
}

/// A value.
#[derive(Clone, Debug)]
pub(super) enum V {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    Date(NaiveDate),
    /// A row of persons.
    Person(usize),
    List(Vec<V>),
    Map(BTreeMap<K, V>),
    Optional(Option<Box<V>>),
}

impl V {
    pub(super) fn some(value: V) -> Self {
        Self::Optional(Some(Box::new(value)))
    }

    pub(super) fn key(&self) -> Option<K> {
        match self {
            Self::Bool(value) => Some(K::Bool(*value)),
            Self::Int(number) => Some(K::Int(*number)),
            Self::Text(text) => Some(K::Text(text.clone())),
            _ => None,
        }
    }
}

impl From<&K> for V {
    fn from(key: &K) -> Self {
        match key {
            K::Bool(value) => Self::Bool(*value),
            K::Int(number) => Self::Int(*number),
            K::Text(text) => Self::Text(text.clone()),
        }
    }
}

/// Equality as CEL has it for values of one type.
impl PartialEq for V {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Int(one), Self::Int(two)) => one == two,
            (Self::Double(one), Self::Double(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Date(one), Self::Date(two)) => one == two,
            (Self::Person(one), Self::Person(two)) => one == two,
            (Self::List(one), Self::List(two)) => one == two,
            (Self::Map(one), Self::Map(two)) => one == two,
            (Self::Optional(one), Self::Optional(two)) => one == two,
            _ => false,
        }
    }
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum E {
    Literal(V),
    Variable(&'static str),
    Local(String),
    List(Vec<(E, bool)>),
    Map(Vec<(E, E, bool)>),
    Not(Box<E>),
    Negate(Box<E>),
    Binary(&'static str, Box<E>, Box<E>),
    And(Vec<E>),
    Or(Vec<E>),
    Sum(Box<E>, Vec<(bool, E)>),
    Choice(Box<E>, Box<E>, Box<E>),
    Field(Box<E>, &'static str, bool),
    Has(Box<E>, &'static str),
    Index(Box<E>, Box<E>, bool),
    Global(&'static str, Vec<E>),
    Method(&'static str, Box<E>, Vec<E>),
    Fold(&'static str, Box<E>, Vec<String>, Vec<E>),
    IfHeld(bool, Box<E>, String, Box<E>),
    Bind(String, Box<E>, Box<E>),
}

impl E {
    pub(super) fn text(text: &str) -> Self {
        Self::Literal(V::Text(text.into()))
    }

    pub(super) fn int(number: i64) -> Self {
        Self::Literal(V::Int(number))
    }

    /// The expression as somebody would write it, with more brackets than needed.
    pub(super) fn written(&self) -> String {
        let each = |parts: &[E]| {
            let parts: Vec<String> = parts.iter().map(E::written).collect();
            parts.join(", ")
        };
        let chain = |parts: &[E], sign: &str| {
            let parts: Vec<String> = parts.iter().map(E::tight).collect();
            parts.join(sign)
        };
        match self {
            Self::Literal(value) => literal(value),
            Self::Variable(name) => (*name).into(),
            Self::Local(name) => name.clone(),
            Self::List(elements) => {
                let elements: Vec<String> = elements
                    .iter()
                    .map(|(element, optional)| mark(*optional) + &element.written())
                    .collect();
                format!("[{}]", elements.join(", "))
            }
            Self::Map(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value, optional)| {
                        format!("{}{}: {}", mark(*optional), key.written(), value.written())
                    })
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Self::Not(operand) => format!("!{}", operand.tight()),
            Self::Negate(operand) => format!("-{}", operand.tight()),
            Self::Binary(sign, left, right) => format!("{} {sign} {}", left.tight(), right.tight()),
            Self::And(terms) => chain(terms, " && "),
            Self::Or(terms) => chain(terms, " || "),
            Self::Sum(first, rest) => rest.iter().fold(first.tight(), |text, (minus, term)| {
                format!("{text} {} {}", if *minus { "-" } else { "+" }, term.tight())
            }),
            Self::Choice(condition, then, otherwise) => format!(
                "{} ? {} : {}",
                condition.tight(),
                then.tight(),
                otherwise.tight()
            ),
            Self::Field(target, name, optional) => {
                format!("{}.{}{name}", target.tight(), mark(*optional))
            }
            Self::Has(target, name) => format!("has({}.{name})", target.tight()),
            Self::Index(target, index, optional) => {
                format!("{}[{}{}]", target.tight(), mark(*optional), index.written())
            }
            Self::Global(name, arguments) => format!("{name}({})", each(arguments)),
            Self::Method(name, target, arguments) => {
                format!("{}.{name}({})", target.tight(), each(arguments))
            }
            Self::Fold(name, range, variables, arguments) => format!(
                "{}.{name}({}, {})",
                range.tight(),
                variables.join(", "),
                each(arguments)
            ),
            Self::IfHeld(flat, target, variable, body) => format!(
                "{}.{}({variable}, {})",
                target.tight(),
                if *flat { "optFlatMap" } else { "optMap" },
                body.written()
            ),
            Self::Bind(name, value, body) => {
                format!("cel.bind({name}, {}, {})", value.written(), body.written())
            }
        }
    }

    /// The same in brackets, where something that binds more tightly stands around it.
    fn tight(&self) -> String {
        let open = match self {
            Self::Not(_)
            | Self::Negate(_)
            | Self::Binary(..)
            | Self::And(_)
            | Self::Or(_)
            | Self::Sum(..)
            | Self::Choice(..) => true,
            Self::Literal(V::Int(number)) => *number < 0,
            Self::Literal(V::Double(number)) => number.is_sign_negative(),
            _ => false,
        };
        if open {
            format!("({})", self.written())
        } else {
            self.written()
        }
    }
}

fn mark(optional: bool) -> String {
    String::from(if optional { "?" } else { "" })
}

fn literal(value: &V) -> String {
    match value {
        V::Bool(value) => value.to_string(),
        V::Int(number) => number.to_string(),
        V::Double(number) => format!("{number:?}"),
        V::Text(text) => {
            let escaped = text
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            format!("\"{escaped}\"")
        }
        V::Date(day) => format!("date(\"{day}\")"),
        V::Optional(None) => "optional.none()".into(),
        other => panic!("{other:?} has no literal"),
    }
}
