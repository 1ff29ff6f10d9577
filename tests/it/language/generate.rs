//! Well-typed expressions and bindings, from bytes.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::source::Source;
use super::written::E;
use super::written::T;
use super::written::V;

/// The variables that every generated expression may read. The last ones are ours: other implementations lack their types.
pub(super) fn variables(ours: bool) -> Vec<(&'static str, T)> {
    let mut variables = vec![
        ("b", T::Bool),
        ("i", T::Int),
        ("j", T::Int),
        ("d", T::Double),
        ("s", T::Text),
        ("t", T::Text),
        ("is", T::list(T::Int)),
        ("ts", T::list(T::Text)),
        ("ds", T::list(T::Double)),
        ("m", T::map(T::Text, T::Int)),
        ("w", T::map(T::Int, T::Text)),
        ("o", T::optional(T::Int)),
        ("u", T::optional(T::Text)),
        ("n", T::list(T::list(T::Int))),
        ("p", T::Person),
        ("ps", T::list(T::Person)),
    ];
    if ours {
        variables.push(("day", T::Date));
        variables.push(("until", T::optional(T::Date)));
    }
    variables
}

/// The fields of a person: name, type, whether it may be absent.
pub(super) fn fields() -> [(&'static str, T, bool); 5] {
    [
        ("name", T::Text, false),
        ("age", T::Int, true),
        ("tags", T::list(T::Text), false),
        ("scores", T::map(T::Text, T::Int), false),
        ("boss", T::Person, true),
    ]
}

/// What the variables are bound to, and the persons that they speak of.
#[derive(Clone, Debug)]
pub(super) struct Bindings {
    pub(super) variables: BTreeMap<&'static str, V>,
    pub(super) persons: Vec<BTreeMap<&'static str, V>>,
}

const PERSONS: usize = 3;

const TEXTS: [&str; 16] = [
    "",
    "a",
    "b",
    "aa",
    "ab a",
    "Åsa",
    "åsa öberg",
    " a\tb ",
    "x,y,,z",
    "😀é",
    "-12",
    "3.5",
    "true",
    "\"q\\",
    "ǅ ŉ ß",
    "2026-08-31",
];
const INTS: [i64; 12] = [
    0,
    1,
    2,
    3,
    -1,
    5,
    10,
    -7,
    100,
    i64::MAX,
    i64::MIN,
    4_611_686_018,
];
const DOUBLES: [f64; 9] = [0.0, 1.0, 1.5, -2.25, 0.1, 1e300, -0.0, 9.3e18, 1e-7];
const PATTERNS: [&str; 6] = ["a", "^a", "b$", "^$", "[a-c]+", "Å"];

pub(super) fn bindings(source: &mut Source<'_>) -> Bindings {
    let persons = (0..PERSONS)
        .map(|row| {
            let mut fields = BTreeMap::from([
                ("name", value(source, &T::Text)),
                ("tags", value(source, &T::list(T::Text))),
                ("scores", value(source, &T::map(T::Text, T::Int))),
            ]);
            if source.flip() {
                fields.insert("age", value(source, &T::Int));
            }
            if row + 1 < PERSONS && source.flip() {
                fields.insert("boss", V::Person(row + 1));
            }
            fields
        })
        .collect();
    let variables = variables(true)
        .into_iter()
        .map(|(name, ty)| (name, value(source, &ty)))
        .collect();
    Bindings { variables, persons }
}

fn day(source: &mut Source<'_>) -> NaiveDate {
    const DAYS: [(i32, u32, u32); 8] = [
        (2026, 8, 31),
        (2026, 1, 1),
        (2024, 2, 29),
        (2026, 7, 1),
        (1999, 12, 31),
        (1, 1, 1),
        (9999, 12, 31),
        (2026, 6, 30),
    ];
    let (year, month, day) = source.pick(&DAYS);
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn value(source: &mut Source<'_>, ty: &T) -> V {
    match ty {
        T::Bool => V::Bool(source.flip()),
        T::Int => V::Int(source.pick(&INTS)),
        T::Double => match source.below(DOUBLES.len() + 3) {
            0 => V::Double(0.5),
            1 => V::Double(f64::NAN),
            2 => V::Double(f64::INFINITY),
            other => V::Double(DOUBLES[other - 3]),
        },
        T::Text => V::Text(source.pick(&TEXTS).into()),
        T::Date => V::Date(day(source)),
        T::Person => V::Person(source.below(PERSONS)),
        T::List(element) => {
            let length = source.below(5);
            V::List((0..length).map(|_| value(source, element)).collect())
        }
        T::Map(key, inner) => {
            let length = source.below(4);
            V::Map(
                (0..length)
                    .map(|_| (value(source, key).key().unwrap(), value(source, inner)))
                    .collect(),
            )
        }
        T::Optional(inner) => {
            if source.flip() {
                V::some(value(source, inner))
            } else {
                V::Optional(None)
            }
        }
    }
}

/// A type of a result.
pub(super) fn some_type(source: &mut Source<'_>, ours: bool) -> T {
    match source.below(if ours { 11 } else { 10 }) {
        0 | 1 => T::Bool,
        2 => T::Int,
        3 => T::Text,
        4 => T::Double,
        5 => T::list(T::Int),
        6 => T::list(T::Text),
        7 => T::map(T::Text, T::Int),
        8 => T::optional(T::Int),
        9 => T::optional(T::Text),
        _ => T::Date,
    }
}

/// Makes one expression.
pub(super) struct Generator<'a, 'b> {
    pub(super) source: &'a mut Source<'b>,
    /// Whether it may use what is ours beside CEL.
    pub(super) ours: bool,
    locals: Vec<(String, T)>,
}

type Made = Box<E>;

impl<'a, 'b> Generator<'a, 'b> {
    pub(super) fn new(source: &'a mut Source<'b>, ours: bool) -> Self {
        Self {
            source,
            ours,
            locals: Vec::new(),
        }
    }

    pub(super) fn expression(&mut self, ty: &T, depth: usize) -> E {
        if depth == 0 || self.source.is_empty() {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        match self.source.below(12) {
            0 => self.leaf(ty),
            1 => E::Choice(
                self.make(&T::Bool, depth),
                self.make(ty, depth),
                self.make(ty, depth),
            ),
            2 => {
                let inner = some_type(self.source, self.ours);
                let value = self.make(&inner, depth);
                let (name, body) = self.with_local(inner, |it| it.expression(ty, depth));
                E::Bind(name, value, Box::new(body))
            }
            3 => self.taken_out(ty, depth),
            _ => self.built(ty, depth),
        }
    }

    fn make(&mut self, ty: &T, depth: usize) -> Made {
        Box::new(self.expression(ty, depth))
    }

    fn with_local<R>(&mut self, ty: T, body: impl FnOnce(&mut Self) -> R) -> (String, R) {
        // two names only, so that inner ones hide outer ones
        let name = String::from(if self.source.flip() { "x" } else { "y" });
        self.locals.push((name.clone(), ty));
        let made = body(self);
        self.locals.pop();
        (name, made)
    }

    /// A literal, a variable or a local name.
    fn leaf(&mut self, ty: &T) -> E {
        let visible: Vec<String> = self
            .locals
            .iter()
            .enumerate()
            .filter(|(at, (name, local))| {
                local == ty && self.locals[at + 1..].iter().all(|(later, _)| later != name)
            })
            .map(|(_, (name, _))| name.clone())
            .collect();
        let bound: Vec<&'static str> = variables(self.ours)
            .into_iter()
            .filter(|(_, known)| known == ty)
            .map(|(name, _)| name)
            .collect();
        let choice = self.source.below(2 + visible.len() * 2 + bound.len());
        if choice >= 2 + bound.len() {
            return E::Local(visible[(choice - 2 - bound.len()) / 2].clone());
        }
        if choice >= 2 {
            return E::Variable(bound[choice - 2]);
        }
        match ty {
            T::Bool => E::Literal(V::Bool(self.source.flip())),
            T::Int => E::int(self.source.pick(&INTS)),
            T::Double => E::Literal(V::Double(self.source.pick(&DOUBLES))),
            T::Text => E::text(self.source.pick(&TEXTS)),
            T::Date => E::Literal(V::Date(day(self.source))),
            T::Person => E::Variable("p"),
            T::List(element) => {
                let length = self.source.below(3);
                // an empty literal has no type of its own, and other implementations then lose track of it
                E::List((0..=length).map(|_| (self.leaf(element), false)).collect())
            }
            T::Map(key, inner) => E::Map(vec![(self.leaf(key), self.leaf(inner), false)]),
            T::Optional(inner) => E::Global("optional.of", vec![self.leaf(inner)]),
        }
    }

    /// A value that is taken out of something larger.
    fn taken_out(&mut self, ty: &T, depth: usize) -> E {
        match self.source.below(7) {
            0 => E::Index(
                self.make(&T::list(ty.clone()), depth),
                self.make(&T::Int, depth),
                false,
            ),
            1 => E::Index(
                self.make(&T::map(T::Text, ty.clone()), depth),
                self.make(&T::Text, depth),
                false,
            ),
            2 => E::Method(
                "orValue",
                self.make(&T::optional(ty.clone()), depth),
                vec![self.expression(ty, depth)],
            ),
            3 => E::Method("value", self.make(&T::optional(ty.clone()), depth), vec![]),
            4 if *ty != T::Person => self.field_of(ty, depth).unwrap_or_else(|| self.leaf(ty)),
            5 => E::Index(
                self.make(&T::map(T::Int, ty.clone()), depth),
                self.make(&T::Int, depth),
                false,
            ),
            _ => self.leaf(ty),
        }
    }

    /// A field of that type, asked for in any way.
    fn field_of(&mut self, ty: &T, depth: usize) -> Option<E> {
        let (inner, optional) = match ty {
            T::Optional(inner) => (&**inner, true),
            ty => (ty, false),
        };
        let (name, ..) = fields().into_iter().find(|(_, known, _)| known == inner)?;
        let person = self.make(&T::Person, depth);
        if optional && self.source.flip() {
            let boss = Box::new(E::Field(person, "boss", true));
            return Some(E::Field(boss, name, self.source.flip()));
        }
        Some(E::Field(person, name, optional))
    }

    fn built(&mut self, ty: &T, depth: usize) -> E {
        match ty {
            T::Bool => self.truth(depth),
            T::Int => self.int(depth),
            T::Double => self.double(depth),
            T::Text => self.text(depth),
            T::Date => self.date(depth),
            T::Person => {
                let person = self.make(&T::Person, depth);
                E::Field(person, "boss", false)
            }
            T::List(element) => self.list(element, depth),
            T::Map(key, inner) => self.map(key, inner, depth),
            T::Optional(inner) => self.optional(inner, depth),
        }
    }

    fn truth(&mut self, depth: usize) -> E {
        const ORDERS: [&str; 4] = ["<", "<=", ">", ">="];
        match self.source.below(if self.ours { 17 } else { 16 }) {
            0 => E::Not(self.make(&T::Bool, depth)),
            1 | 2 => E::And(self.several(&T::Bool, depth)),
            3 | 4 => E::Or(self.several(&T::Bool, depth)),
            5 | 6 => {
                let ty = some_type(self.source, self.ours);
                let sign = self.source.pick(&["==", "!="]);
                E::Binary(sign, self.make(&ty, depth), self.make(&ty, depth))
            }
            7 => {
                let sign = self.source.pick(&ORDERS);
                let types = [T::Int, T::Text, T::Double, T::Bool];
                let ty = self.source.pick(&types);
                E::Binary(sign, self.make(&ty, depth), self.make(&ty, depth))
            }
            8 => {
                let element = self.source.pick(&[T::Int, T::Text]);
                let value = self.make(&element, depth);
                let among = if self.source.flip() {
                    T::list(element)
                } else {
                    T::map(element, T::Int)
                };
                E::Binary("in", value, self.make(&among, depth))
            }
            9 | 10 => {
                let name = self
                    .source
                    .pick(&["all", "exists", "exists_one", "all", "exists"]);
                self.fold(name, depth)
            }
            11 => {
                let name = self.source.pick(&["contains", "startsWith", "endsWith"]);
                let target = self.make(&T::Text, depth);
                E::Method(name, target, vec![self.expression(&T::Text, depth)])
            }
            12 => {
                let pattern = E::text(self.source.pick(&PATTERNS));
                E::Method("matches", self.make(&T::Text, depth), vec![pattern])
            }
            13 => {
                let name = self.source.pick(&["age", "boss", "name", "tags"]);
                E::Has(self.make(&T::Person, depth), name)
            }
            14 => {
                let inner = self.source.pick(&[T::Int, T::Text]);
                E::Method("hasValue", self.make(&T::optional(inner), depth), vec![])
            }
            15 => E::Global("bool", vec![self.expression(&T::Text, depth)]),
            _ => {
                let sign = self.source.pick(&ORDERS);
                E::Binary(sign, self.make(&T::Date, depth), self.make(&T::Date, depth))
            }
        }
    }

    fn several(&mut self, ty: &T, depth: usize) -> Vec<E> {
        let count = 2 + self.source.below(3);
        (0..count).map(|_| self.expression(ty, depth)).collect()
    }

    /// A comprehension that gives a truth value.
    fn fold(&mut self, name: &'static str, depth: usize) -> E {
        let element = self.source.pick(&[T::Int, T::Text, T::Person]);
        match self.source.below(5) {
            0 if element != T::Person => {
                let range = self.make(&T::map(element.clone(), T::Int), depth);
                let (variable, body) =
                    self.with_local(element, |it| it.expression(&T::Bool, depth));
                E::Fold(name, range, vec![variable], vec![body])
            }
            1 if name != "exists_one" => {
                let range = self.make(&T::list(element.clone()), depth);
                self.pairs(name, range, (T::Int, element), |it| {
                    vec![it.expression(&T::Bool, depth)]
                })
            }
            2 if name != "exists_one" && element != T::Person => {
                let range = self.make(&T::map(element.clone(), T::Int), depth);
                self.pairs(name, range, (element, T::Int), |it| {
                    vec![it.expression(&T::Bool, depth)]
                })
            }
            _ => {
                let range = self.make(&T::list(element.clone()), depth);
                let (variable, body) =
                    self.with_local(element, |it| it.expression(&T::Bool, depth));
                E::Fold(name, range, vec![variable], vec![body])
            }
        }
    }

    /// A comprehension with two names, which differ.
    fn pairs(
        &mut self,
        name: &'static str,
        range: Made,
        (first, second): (T, T),
        body: impl FnOnce(&mut Self) -> Vec<E>,
    ) -> E {
        self.locals.push(("k".into(), first));
        self.locals.push(("v".into(), second));
        let body = body(self);
        self.locals.truncate(self.locals.len() - 2);
        E::Fold(name, range, vec!["k".into(), "v".into()], body)
    }

    fn int(&mut self, depth: usize) -> E {
        match self.source.below(if self.ours { 12 } else { 9 }) {
            0 => E::Negate(self.make(&T::Int, depth)),
            1 | 2 => self.sum(&T::Int, depth, true),
            3 => {
                let sign = self.source.pick(&["*", "/", "%"]);
                E::Binary(sign, self.make(&T::Int, depth), self.make(&T::Int, depth))
            }
            4 => {
                let types = [
                    T::Text,
                    T::list(T::Int),
                    T::list(T::Text),
                    T::map(T::Text, T::Int),
                ];
                let ty = self.source.pick(&types);
                if self.source.flip() {
                    E::Global("size", vec![self.expression(&ty, depth)])
                } else {
                    E::Method("size", self.make(&ty, depth), vec![])
                }
            }
            5 => {
                let name = self.source.pick(&["indexOf", "lastIndexOf"]);
                let target = self.make(&T::Text, depth);
                let mut arguments = vec![self.expression(&T::Text, depth)];
                if self.source.flip() {
                    arguments.push(self.expression(&T::Int, depth));
                }
                E::Method(name, target, arguments)
            }
            6 => E::Global("int", vec![self.expression(&T::Text, depth)]),
            7 => E::Global("int", vec![self.expression(&T::Double, depth)]),
            8 => E::Field(self.make(&T::Person, depth), "age", false),
            9 => E::Method("sum", self.make(&T::list(T::Int), depth), vec![]),
            10 => {
                let name = self.source.pick(&["year", "month", "day", "school_year"]);
                E::Method(name, self.make(&T::Date, depth), vec![])
            }
            _ => E::Method(
                "days_between",
                self.make(&T::Date, depth),
                vec![self.expression(&T::Date, depth)],
            ),
        }
    }

    fn sum(&mut self, ty: &T, depth: usize, minus: bool) -> E {
        let first = self.make(ty, depth);
        let count = 1 + self.source.below(3);
        let rest = (0..count)
            .map(|_| (minus && self.source.flip(), self.expression(ty, depth)))
            .collect();
        E::Sum(first, rest)
    }

    fn double(&mut self, depth: usize) -> E {
        match self.source.below(5) {
            0 => E::Negate(self.make(&T::Double, depth)),
            1 => self.sum(&T::Double, depth, true),
            2 => {
                let sign = self.source.pick(&["*", "/"]);
                let left = self.make(&T::Double, depth);
                E::Binary(sign, left, self.make(&T::Double, depth))
            }
            3 => E::Global("double", vec![self.expression(&T::Int, depth)]),
            _ => E::Index(
                Box::new(E::Variable("ds")),
                self.make(&T::Int, depth),
                false,
            ),
        }
    }

    fn text(&mut self, depth: usize) -> E {
        let text = |it: &mut Self| it.expression(&T::Text, depth);
        let int = |it: &mut Self| it.expression(&T::Int, depth);
        match self.source.below(if self.ours { 17 } else { 11 }) {
            0 | 1 => self.sum(&T::Text, depth, false),
            2 => E::Method(
                self.source
                    .pick(&["lowerAscii", "upperAscii", "trim", "reverse"]),
                self.make(&T::Text, depth),
                vec![],
            ),
            3 => E::Method("charAt", self.make(&T::Text, depth), vec![int(self)]),
            4 => {
                let target = self.make(&T::Text, depth);
                let mut arguments = vec![text(self), text(self)];
                if self.source.flip() {
                    arguments.push(int(self));
                }
                E::Method("replace", target, arguments)
            }
            5 => {
                let target = self.make(&T::Text, depth);
                let mut arguments = vec![int(self)];
                if self.source.flip() {
                    arguments.push(int(self));
                }
                E::Method("substring", target, arguments)
            }
            6 => {
                let target = self.make(&T::list(T::Text), depth);
                let arguments = if self.source.flip() {
                    vec![text(self)]
                } else {
                    vec![]
                };
                E::Method("join", target, arguments)
            }
            7 => {
                let ty = self.source.pick(&[T::Int, T::Bool, T::Text]);
                E::Global("string", vec![self.expression(&ty, depth)])
            }
            8 => {
                let (template, ty) =
                    self.source
                        .pick(&[("<%s>", T::Text), ("%d%%", T::Int), ("%s", T::Int)]);
                let value = self.expression(&ty, depth);
                let values = E::List(vec![(value, false)]);
                E::Method("format", Box::new(E::text(template)), vec![values])
            }
            9 => E::Field(self.make(&T::Person, depth), "name", false),
            10 => E::Global("strings.quote", vec![text(self)]),
            11 => {
                let name = self.source.pick(&["take", "take_last"]);
                E::Method(name, self.make(&T::Text, depth), vec![int(self)])
            }
            12 => {
                let name = self
                    .source
                    .pick(&["initial", "title_case", "lower", "upper"]);
                E::Method(name, self.make(&T::Text, depth), vec![])
            }
            13 => {
                let name = self.source.pick(&["trim_start", "trim_end"]);
                E::Method(name, self.make(&T::Text, depth), vec![])
            }
            14 => {
                let name = self.source.pick(&["pad_left", "pad_right"]);
                let width = E::int(self.source.pick(&[0, 1, 4, 9]));
                let filling = E::text(self.source.pick(&["0", "å", ""]));
                E::Method(name, self.make(&T::Text, depth), vec![width, filling])
            }
            15 => E::Global("string", vec![self.expression(&T::Date, depth)]),
            _ => E::Global("fold", vec![text(self)]),
        }
    }

    fn date(&mut self, depth: usize) -> E {
        match self.source.below(3) {
            0 => {
                let target = self.make(&T::Date, depth);
                E::Method("add_days", target, vec![self.expression(&T::Int, depth)])
            }
            1 => {
                let target = self.make(&T::Date, depth);
                E::Method("add_months", target, vec![self.expression(&T::Int, depth)])
            }
            _ => {
                // a constant would be read, and refused, by the checker
                let text = match self.expression(&T::Text, depth) {
                    E::Literal(_) => E::Variable("s"),
                    text => text,
                };
                E::Global("date", vec![text])
            }
        }
    }

    fn list(&mut self, element: &T, depth: usize) -> E {
        let same = T::list(element.clone());
        match self.source.below(if self.ours { 15 } else { 7 }) {
            0 => {
                let count = 1 + self.source.below(3);
                let elements = (0..count)
                    .map(|_| {
                        if self.source.below(4) == 1 {
                            (self.expression(&T::optional(element.clone()), depth), true)
                        } else {
                            (self.expression(element, depth), false)
                        }
                    })
                    .collect();
                E::List(elements)
            }
            1 => self.sum(&same, depth, false),
            2 => {
                let range = self.make(&same, depth);
                let (name, body) =
                    self.with_local(element.clone(), |it| it.expression(&T::Bool, depth));
                E::Fold("filter", range, vec![name], vec![body])
            }
            3 => {
                let from = self.source.pick(&[T::Int, T::Text, T::Person]);
                let range = self.make(&T::list(from.clone()), depth);
                let filtered = self.source.flip();
                let (name, body) = self.with_local(from, |it| {
                    let mut body = Vec::new();
                    if filtered {
                        body.push(it.expression(&T::Bool, depth));
                    }
                    body.push(it.expression(element, depth));
                    body
                });
                E::Fold("map", range, vec![name], body)
            }
            4 => {
                let range = self.make(&T::map(T::Text, T::Int), depth);
                let filtered = self.source.flip();
                self.pairs("transformList", range, (T::Text, T::Int), |it| {
                    let mut body = Vec::new();
                    if filtered {
                        body.push(it.expression(&T::Bool, depth));
                    }
                    body.push(it.expression(element, depth));
                    body
                })
            }
            5 if *element == T::Text => {
                let target = self.make(&T::Text, depth);
                let mut arguments = vec![self.expression(&T::Text, depth)];
                if self.source.flip() {
                    arguments.push(self.expression(&T::Int, depth));
                }
                E::Method("split", target, arguments)
            }
            5 => {
                let range = self.make(&T::list(T::Int), depth);
                self.pairs("transformList", range, (T::Int, T::Int), |it| {
                    vec![it.expression(element, depth)]
                })
            }
            6 | 7 if *element == T::Text && self.source.flip() => {
                E::Field(self.make(&T::Person, depth), "tags", false)
            }
            8 => E::Method("distinct", self.make(&same, depth), vec![]),
            9 if matches!(element, T::Int | T::Text | T::Date) => {
                E::Method("sort", self.make(&same, depth), vec![])
            }
            10 => {
                let name = self.source.pick(&["take", "take_last"]);
                let target = self.make(&same, depth);
                E::Method(name, target, vec![self.expression(&T::Int, depth)])
            }
            11 => {
                let target = self.make(&same, depth);
                let bounds = vec![
                    self.expression(&T::Int, depth),
                    self.expression(&T::Int, depth),
                ];
                E::Method("slice", target, bounds)
            }
            12 => E::Method("flatten", self.make(&T::list(same), depth), vec![]),
            13 if *element == T::Text => E::Method("words", self.make(&T::Text, depth), vec![]),
            14 => {
                let range = self.make(&same, depth);
                let key = self.source.pick(&[T::Int, T::Text, T::Bool]);
                let (name, body) =
                    self.with_local(element.clone(), |it| it.expression(&key, depth));
                E::Fold("sort_by", range, vec![name], vec![body])
            }
            _ if self.ours => E::Method("reverse", self.make(&same, depth), vec![]),
            _ => self.leaf(&same),
        }
    }

    fn map(&mut self, key: &T, inner: &T, depth: usize) -> E {
        match self.source.below(3) {
            0 => {
                let count = 1 + self.source.below(3);
                let entries = (0..count)
                    .map(|at| {
                        // literal keys differ, since the checker refuses one that stands twice
                        let literal = match key {
                            T::Int => E::int(i64::try_from(at).unwrap()),
                            T::Bool => E::Literal(V::Bool(at == 0)),
                            _ => E::text(["a", "b", "Åsa"][at]),
                        };
                        let key = if self.source.below(4) == 1 {
                            let computed = self.expression(key, depth);
                            match computed {
                                E::Literal(_) | E::Negate(_) => literal,
                                computed => computed,
                            }
                        } else {
                            literal
                        };
                        if self.source.below(4) == 1 {
                            let value = self.expression(&T::optional(inner.clone()), depth);
                            (key, value, true)
                        } else {
                            (key, self.expression(inner, depth), false)
                        }
                    })
                    .take(if *key == T::Bool { 2 } else { 3 })
                    .collect();
                E::Map(entries)
            }
            1 => {
                let from = self.source.pick(&[T::Int, T::Text]);
                let range = self.make(&T::map(key.clone(), from.clone()), depth);
                self.pairs("transformMap", range, (key.clone(), from), |it| {
                    vec![it.expression(inner, depth)]
                })
            }
            _ if *key == T::Text && *inner == T::Int => {
                E::Field(self.make(&T::Person, depth), "scores", false)
            }
            _ => self.leaf(&T::map(key.clone(), inner.clone())),
        }
    }

    fn optional(&mut self, inner: &T, depth: usize) -> E {
        let same = T::optional(inner.clone());
        match self.source.below(if self.ours { 10 } else { 8 }) {
            0 => E::Global("optional.of", vec![self.expression(inner, depth)]),
            1 => E::Global(
                "optional.ofNonZeroValue",
                vec![self.expression(inner, depth)],
            ),
            2 => E::Index(
                self.make(&T::list(inner.clone()), depth),
                self.make(&T::Int, depth),
                true,
            ),
            3 => E::Index(
                self.make(&T::map(T::Text, inner.clone()), depth),
                self.make(&T::Text, depth),
                true,
            ),
            4 => {
                let first = self.make(&same, depth);
                E::Method("or", first, vec![self.expression(&same, depth)])
            }
            5 => {
                let from = self.source.pick(&[T::Int, T::Text]);
                let target = self.make(&T::optional(from.clone()), depth);
                let flat = self.source.flip();
                let wanted = if flat { same } else { inner.clone() };
                let (name, body) = self.with_local(from, |it| it.expression(&wanted, depth));
                E::IfHeld(flat, target, name, Box::new(body))
            }
            6 => self
                .field_of(&same, depth)
                .unwrap_or_else(|| self.leaf(&same)),
            7 => E::Choice(
                self.make(&T::Bool, depth),
                self.make(&same, depth),
                Box::new(E::Literal(V::Optional(None))),
            ),
            8 => {
                let name = self.source.pick(&["first", "last"]);
                E::Method(name, self.make(&T::list(inner.clone()), depth), vec![])
            }
            _ => {
                let count = 2 + self.source.below(2);
                let options = (0..count).map(|_| self.expression(&same, depth));
                E::Global("coalesce", options.collect())
            }
        }
    }
}
