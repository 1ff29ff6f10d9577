//! How many steps a program takes at most, known before it runs.
//!
//! Two walks count the same steps: the machine, over values; and this one, over the most that those values can be. What a
//! function costs stands in one place, [`charge`], which both ask. It never falls when a value grows, so that the count of the
//! machine stays below the bound as long as what the scope gives stays within [`Sizes`]; and the machine refuses what does not.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::base::FOLD_GROWTH;
use crate::language::function::builtin::Builtin;
use crate::language::program::Compiled;
use crate::language::program::Fold;
use crate::language::program::Mode;
use crate::language::program::Op;
use crate::language::scope::NodeId;
use crate::language::syntax::tree::Operator;
use crate::language::types::Type;
use crate::language::value::MapKey;
use crate::language::value::Value;

/// The most that one value of a scope may be. What a program builds itself is bounded by what it is built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of one text.
    pub text: usize,
    /// Values of one list, and entries of one map.
    pub list: usize,
}

impl Sizes {
    /// Whether a value is within them. Lists are of one type, so that the first value tells whether to look at the others.
    pub(crate) fn hold(self, value: &Value) -> bool {
        match value {
            Value::List(values) => {
                let plain = values.first().is_none_or(is_plain);
                values.len() <= self.list && (plain || values.iter().all(|value| self.hold(value)))
            }
            Value::Map(entries) => {
                entries.len() <= self.list
                    && entries.iter().all(|(key, value)| {
                        !matches!(key, MapKey::Text(text) if text.len() > self.text)
                            && self.hold(value)
                    })
            }
            Value::Optional(Some(value)) => self.hold(value),
            value => value.as_text().is_none_or(|text| text.len() <= self.text),
        }
    }
}

fn is_plain(value: &Value) -> bool {
    value.as_text().is_none()
        && !matches!(
            value,
            Value::List(_) | Value::Map(_) | Value::Optional(Some(_))
        )
}

/// How much of a value a function has to look at: bytes of text, values of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) text: u64,
    pub(crate) items: u64,
}

impl Extent {
    /// The extent of a value; where a function looks at all texts of a list, of them together.
    pub(crate) fn of(value: &Value, deep: bool) -> Self {
        match value {
            Value::List(values) => Self {
                text: if deep {
                    let texts = values.iter().filter_map(Value::as_text);
                    texts.fold(0, |sum, text| wide(text.len()).saturating_add(sum))
                } else {
                    0
                },
                items: wide(values.len()),
            },
            value => Self {
                text: value.as_text().map_or(0, |text| wide(text.len())),
                items: 0,
            },
        }
    }
}

pub(crate) fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Steps for so many bytes of text.
pub(crate) const fn text_steps(bytes: u64) -> u64 {
    bytes >> 4
}

/// Whether a function looks at the texts in a list, and not only at the list.
pub(crate) const fn is_deep(builtin: Builtin) -> bool {
    matches!(builtin, Builtin::Sort | Builtin::Join)
}

/// Steps of a function, beside the one of the node: before it works, for what it is given.
pub(crate) fn charge(builtin: Builtin, given: impl IntoIterator<Item = Extent>) -> u64 {
    let steps = given.into_iter().fold(0_u64, |steps, extent| {
        // a pattern that is known only now is compiled, and the text is looked at letter by letter
        let text = match builtin {
            Builtin::Matches => extent.text.saturating_mul(16),
            _ => text_steps(extent.text),
        };
        steps.saturating_add(text).saturating_add(extent.items)
    });
    match builtin {
        // each is compared some sixteen times
        Builtin::Sort => steps.saturating_mul(16),
        Builtin::Matches => steps.saturating_add(4_096),
        _ => steps,
    }
}

/// Steps for what came out, after a function has worked.
pub(crate) fn charge_result(result: Extent) -> u64 {
    text_steps(result.text).saturating_add(result.items)
}

/// The most that a value can be. An optional is what it holds, and [`Size::Plain`] is no larger than any other.
#[derive(Clone, Debug)]
enum Size {
    Plain,
    Text(u64),
    List(u64, Arc<Self>),
    Map(u64, u64, Arc<Self>),
}

impl Size {
    fn list(items: u64, element: Self) -> Self {
        Self::List(items, Arc::new(element))
    }

    fn of_type(ty: &Type, sizes: Sizes) -> Self {
        match ty {
            Type::Text | Type::Enum(_) | Type::Nominal(_) | Type::Parameter(_) => {
                Self::Text(wide(sizes.text))
            }
            Type::Optional(inner) => Self::of_type(inner, sizes),
            Type::List(element) => Self::list(wide(sizes.list), Self::of_type(element, sizes)),
            Type::Map(key, value) => Self::Map(
                wide(sizes.list),
                Self::of_type(key, sizes).text(),
                Arc::new(Self::of_type(value, sizes)),
            ),
            _ => Self::Plain,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Optional(Some(value)) => Self::of_value(value),
            Value::List(values) => {
                let elements = values.iter().map(Self::of_value);
                Self::list(wide(values.len()), elements.fold(Self::Plain, Self::join))
            }
            Value::Map(entries) => {
                let keys = entries.keys().map(|key| match key {
                    MapKey::Text(text) => wide(text.len()),
                    _ => 0,
                });
                let values = entries.values().map(Self::of_value);
                Self::Map(
                    wide(entries.len()),
                    keys.max().unwrap_or(0),
                    Arc::new(values.fold(Self::Plain, Self::join)),
                )
            }
            value => value
                .as_text()
                .map_or(Self::Plain, |text| Self::Text(wide(text.len()))),
        }
    }

    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Plain, other) | (other, Self::Plain) => other,
            (Self::Text(one), Self::Text(two)) => Self::Text(one.max(two)),
            (Self::List(one, element), Self::List(two, other)) => {
                Self::list(one.max(two), element.both(&other))
            }
            (Self::Map(one, key, value), Self::Map(two, other_key, other)) => Self::Map(
                one.max(two),
                key.max(other_key),
                Arc::new(value.both(&other)),
            ),
            (known, _) => known,
        }
    }

    fn both(&self, other: &Self) -> Self {
        self.clone().join(other.clone())
    }

    /// Bytes, where it is a text.
    const fn text(&self) -> u64 {
        match self {
            Self::Text(bytes) => *bytes,
            _ => 0,
        }
    }

    const fn items(&self) -> u64 {
        match self {
            Self::List(items, _) | Self::Map(items, ..) => *items,
            _ => 0,
        }
    }

    /// A value of the list or map.
    fn element(&self) -> Self {
        match self {
            Self::List(_, element) | Self::Map(_, _, element) => Self::clone(element),
            _ => Self::Plain,
        }
    }

    fn key(&self) -> Self {
        match self {
            Self::Map(_, 0, _) => Self::Plain,
            Self::Map(_, key, _) => Self::Text(*key),
            _ => Self::Plain,
        }
    }

    fn extent(&self, deep: bool) -> Extent {
        match self {
            Self::List(items, element) => Extent {
                text: if deep {
                    items.saturating_mul(element.text())
                } else {
                    0
                },
                items: *items,
            },
            Self::Text(text) => Extent {
                text: *text,
                items: 0,
            },
            Self::Plain | Self::Map(..) => Extent::default(),
        }
    }

    /// The same with so many values at most.
    fn at_most(self, most: u64) -> Self {
        match self {
            Self::List(items, element) => Self::List(items.min(most), element),
            Self::Text(bytes) => Self::Text(bytes.min(most.saturating_mul(4))),
            other => other,
        }
    }

    /// Steps to find out whether two values are equal.
    fn comparison(&self, other: &Self) -> u64 {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => text_steps(*one.min(two)),
            (Self::List(one, element), Self::List(two, other)) => element
                .comparison(other)
                .saturating_add(1)
                .saturating_mul(*one.min(two)),
            (Self::Map(one, key, value), Self::Map(two, other_key, other)) => value
                .comparison(other)
                .saturating_add(1)
                .saturating_add(text_steps(*key.min(other_key)))
                .saturating_mul(*one.min(two)),
            _ => 0,
        }
    }

    /// Bytes of it as `format` writes it.
    fn shown(&self) -> u64 {
        let each = |items: u64, one: u64| {
            let one = one.saturating_add(4);
            items.saturating_mul(one).saturating_add(2)
        };
        match self {
            // the longest are a double with all its digits and a hundred more
            Self::Plain => 512,
            // in hexadecimal digits
            Self::Text(bytes) => bytes.saturating_mul(2),
            Self::List(items, element) => each(*items, element.shown()),
            Self::Map(items, _, value) => {
                let key = self.key().shown();
                each(*items, key.saturating_add(value.shown()))
            }
        }
    }
}

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
        let built = wide(self.program.value_size);
        let size = match size {
            // what is constant or read may be larger than what is built
            Size::List(..) | Size::Text(_) if self.is_built(node) => size.at_most(built),
            size => size,
        };
        (steps.saturating_add(1), size)
    }

    fn is_built(&self, node: NodeId) -> bool {
        matches!(
            self.program.op(node),
            Op::Call { .. } | Op::Format { .. } | Op::Sum { .. }
        )
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

    fn inside(&mut self, node: NodeId) -> (u64, Size) {
        let program = self.program;
        match program.op(node) {
            Op::Broken | Op::Keep => (0, Size::Plain),
            Op::Constant(value) => (0, Size::of_value(value)),
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
            Op::And(terms) | Op::Or(terms) => (self.all(terms.iter().copied()).0, Size::Plain),
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
                (steps.saturating_add(own), together(&sizes))
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
            Op::Matches { text, .. } => {
                let (steps, size) = self.node(*text);
                (steps.saturating_add(size.text()), Size::Plain)
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
                let size = Size::Text(shown).at_most(wide(program.value_size));
                let spread = sizes.iter().map(Size::items).max().unwrap_or(0);
                let own = text_steps(template.text())
                    .saturating_add(text_steps(size.text()))
                    .saturating_add(spread);
                (steps.saturating_add(more).saturating_add(own), size)
            }
            Op::Otherwise {
                optional, other, ..
            } => {
                let (steps, size) = self.node(*optional);
                let (more, other) = self.node(*other);
                (steps.saturating_add(more), size.join(other))
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
        let most = wide(self.program.value_size);
        let size = result(builtin, &sizes, number(1), most).at_most(most);
        let own = if builtin == Builtin::Distinct {
            let items = size.items();
            let element = size.element();
            let each = element.comparison(&element).saturating_add(1);
            items.saturating_mul(items).saturating_mul(each)
        } else {
            0
        };
        let steps = steps
            .saturating_add(charge(builtin, extents))
            .saturating_add(own)
            .saturating_add(charge_result(size.extent(false)));
        (steps, size)
    }
}

/// What a sum of such values can be.
fn together(sizes: &[Size]) -> Size {
    let joined = sizes.iter().cloned().fold(Size::Plain, Size::join);
    let sum = |of: &dyn Fn(&Size) -> u64| {
        sizes
            .iter()
            .fold(0_u64, |sum, size| sum.saturating_add(of(size)))
    };
    match joined {
        Size::Text(_) => Size::Text(sum(&Size::text)),
        Size::List(_, element) => Size::List(sum(&Size::items), element),
        other => other,
    }
}

/// The most that a function gives; `number` is its second argument, where that is a known number, and `most` what may be built.
fn result(builtin: Builtin, given: &[Size], number: Option<u64>, most: u64) -> Size {
    let first = given.first().cloned().unwrap_or(Size::Plain);
    let text = first.text();
    let other = |at: usize| given.get(at).map_or(0, Size::text);
    match builtin {
        Builtin::Size
        | Builtin::Contains
        | Builtin::StartsWith
        | Builtin::EndsWith
        | Builtin::Matches
        | Builtin::IndexOf
        | Builtin::LastIndexOf
        | Builtin::ToInt
        | Builtin::ToDouble
        | Builtin::ToBool
        | Builtin::ToDate
        | Builtin::ToDays
        | Builtin::AddDays
        | Builtin::AddMonths
        | Builtin::DaysBetween
        | Builtin::Within
        | Builtin::Year
        | Builtin::Month
        | Builtin::Day
        | Builtin::SchoolYear
        | Builtin::Sum
        | Builtin::None
        | Builtin::HasValue => Size::Plain,
        Builtin::LowerAscii
        | Builtin::UpperAscii
        | Builtin::Reverse
        | Builtin::Substring
        | Builtin::Trim
        | Builtin::TrimStart
        | Builtin::TrimEnd
        | Builtin::Distinct
        | Builtin::Sort
        | Builtin::Slice
        | Builtin::Some
        | Builtin::SomeNonZero
        | Builtin::HeldValue => first,
        Builtin::Take | Builtin::TakeLast => match number {
            Some(number) => first.at_most(number),
            None => first,
        },
        // a letter becomes three at most
        Builtin::CharAt | Builtin::Initial => Size::Text(12),
        Builtin::Lower | Builtin::Upper | Builtin::TitleCase => Size::Text(text.saturating_mul(3)),
        Builtin::Quote => Size::Text(text.saturating_mul(2).saturating_add(2)),
        Builtin::Fold => Size::Text(text.saturating_mul(FOLD_GROWTH)),
        Builtin::Replace => {
            let places = text.saturating_add(1);
            Size::Text(text.saturating_add(places.saturating_mul(other(2))))
        }
        Builtin::Join => {
            let each = first.element().text().saturating_add(other(1));
            Size::Text(first.items().saturating_mul(each))
        }
        Builtin::PadLeft | Builtin::PadRight => {
            let padding = number.unwrap_or(most).saturating_mul(4);
            Size::Text(text.saturating_add(padding))
        }
        Builtin::ToText => Size::Text(text.max(64)),
        Builtin::Split | Builtin::Words => Size::list(text.saturating_add(1), Size::Text(text)),
        Builtin::First | Builtin::Last => first.element(),
        Builtin::Flatten => match first.element() {
            Size::List(items, element) => Size::List(first.items().saturating_mul(items), element),
            other => Size::list(most, other),
        },
        Builtin::Coalesce => given.iter().cloned().fold(Size::Plain, Size::join),
    }
}
