//! The most that a value can be, of whatever kind it is, and what functions make of it.
//!
//! Nothing here knows values of a run but constants; every answer is an upper bound, and grows with what it is asked about.

use alloc::sync::Arc;

use crate::base::FOLD_GROWTH;
use crate::language::cost::Extent;
use crate::language::cost::Sizes;
use crate::language::cost::order_steps;
use crate::language::cost::text_steps;
use crate::language::cost::wide;
use crate::language::function::builtin::Builtin;
use crate::language::types::Type;
use crate::language::value::MapKey;
use crate::language::value::Value;

/// The most that a value can be. An optional is what it holds, and [`Size::Plain`] is no larger than any other.
#[derive(Clone, Debug)]
pub(crate) enum Size {
    Plain,
    Text(u64),
    List(u64, Arc<Self>),
    Map(u64, u64, Arc<Self>),
}

impl Size {
    pub(super) fn list(items: u64, element: Self) -> Self {
        Self::List(items, Arc::new(element))
    }

    pub(super) fn of_type(ty: &Type, sizes: Sizes) -> Self {
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

    pub(crate) fn of_value(value: &Value) -> Self {
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

    pub(super) fn join(self, other: Self) -> Self {
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

    pub(super) fn both(&self, other: &Self) -> Self {
        self.clone().join(other.clone())
    }

    /// Bytes, where it is a text.
    pub(super) const fn text(&self) -> u64 {
        match self {
            Self::Text(bytes) => *bytes,
            _ => 0,
        }
    }

    pub(super) const fn items(&self) -> u64 {
        match self {
            Self::List(items, _) | Self::Map(items, ..) => *items,
            _ => 0,
        }
    }

    /// A value of the list or map.
    pub(super) fn element(&self) -> Self {
        match self {
            Self::List(_, element) | Self::Map(_, _, element) => Self::clone(element),
            _ => Self::Plain,
        }
    }

    pub(super) fn key(&self) -> Self {
        match self {
            Self::Map(_, 0, _) => Self::Plain,
            Self::Map(_, key, _) => Self::Text(*key),
            _ => Self::Plain,
        }
    }

    pub(super) fn extent(&self, deep: bool) -> Extent {
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
    pub(super) fn at_most(self, most: u64) -> Self {
        match self {
            Self::List(items, element) => Self::List(items.min(most), element),
            Self::Text(bytes) => Self::Text(bytes.min(most.saturating_mul(4))),
            other => other,
        }
    }

    /// Steps to find out whether two values are equal.
    pub(super) fn comparison(&self, other: &Self) -> u64 {
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

    /// Steps to bring the keys of all maps in it into an order.
    pub(super) fn key_order(&self) -> u64 {
        match self {
            Self::Plain | Self::Text(_) => 0,
            Self::List(items, element) => items.saturating_mul(element.key_order()),
            Self::Map(items, key, value) => {
                let inside = items.saturating_mul(value.key_order());
                order_steps(*items, items.saturating_mul(*key)).saturating_add(inside)
            }
        }
    }

    /// Bytes of it as `format` writes it.
    pub(super) fn shown(&self) -> u64 {
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

/// What a sum of such values can be.
pub(super) fn together(sizes: &[Size]) -> Size {
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
pub(super) fn result(builtin: Builtin, given: &[Size], number: Option<u64>, most: u64) -> Size {
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
        | Builtin::SumDoubles
        | Builtin::SumDays
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
    }
}
