//! Values while a program runs.
//!
//! `Debug` shows the kind of a value and never the value, since any of them may be personal.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::fmt;

use chrono::NaiveDate;

use crate::base::Text;
use crate::language::function::date::is_day;
use crate::language::function::date::is_days;
use crate::language::schema::EnumId;
use crate::language::schema::NominalId;
use crate::language::schema::RecordTypeId;
use crate::language::types::Type;

/// A record of the host: its type, and a row that only the host's [`Scope`](super::Scope) can read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef {
    /// The type of record.
    pub kind: RecordTypeId,
    /// The row.
    pub row: u32,
}

/// The key of an entry of a map.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MapKey {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(Text),
}

impl MapKey {
    /// The value that it is.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text.clone()),
        }
    }
}

/// A value.
#[derive(Clone)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Double(f64),
    /// A text.
    Text(Text),
    /// A day.
    Date(NaiveDate),
    /// The day of the run, moved by some days.
    Today(i64),
    /// A number of days.
    Days(i64),
    /// A value or none.
    Optional(Option<Arc<Self>>),
    /// Values in an order.
    List(Arc<[Self]>),
    /// Values by key.
    Map(Arc<BTreeMap<MapKey, Self>>),
    /// A record of the host.
    Record(RecordRef),
    /// A value of an enum.
    Enum(EnumId, Text),
    /// Text of a kind of its own.
    Nominal(NominalId, Text),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// A list.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// An optional that holds a value.
    pub fn some(value: Self) -> Self {
        Self::Optional(Some(Arc::new(value)))
    }

    /// An optional that holds none.
    pub const fn none() -> Self {
        Self::Optional(None)
    }

    /// The truth value, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number, if it is one, or the number of days.
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) | Self::Days(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one; also that of an enum or of a text of a kind of its own.
    pub const fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) | Self::Enum(_, text) | Self::Nominal(_, text) => Some(text),
            _ => None,
        }
    }

    /// The day, if it is one.
    pub const fn as_date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The key that it is, if it can be one; an enum is the key of its text.
    pub(crate) fn key(&self) -> Option<MapKey> {
        match self {
            Self::Bool(value) => Some(MapKey::Bool(*value)),
            Self::Int(number) => Some(MapKey::Int(*number)),
            value => value.as_text().map(|text| MapKey::Text(text.clone())),
        }
    }

    /// The values of a list, if it is one.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    /// The record, if it is one.
    pub const fn as_record(&self) -> Option<RecordRef> {
        match self {
            Self::Record(record) => Some(*record),
            _ => None,
        }
    }

    /// Whether it is a value of a type: also all that it holds, and days from year 1 to 9999. No value is of a type that has
    /// parameters.
    pub fn is_of(&self, ty: &Type) -> bool {
        match (self, ty) {
            (Self::Bool(_), Type::Bool)
            | (Self::Int(_), Type::Int)
            | (Self::Double(_), Type::Double)
            | (Self::Text(_), Type::Text)
            | (Self::Optional(None), Type::Optional(_)) => true,
            (Self::Date(day), Type::Date) => is_day(*day),
            (Self::Today(days), Type::Today) | (Self::Days(days), Type::Days) => is_days(*days),
            (Self::Optional(Some(held)), Type::Optional(inner)) => held.is_of(inner),
            (Self::List(values), Type::List(element)) => {
                values.iter().all(|value| value.is_of(element))
            }
            (Self::Map(entries), Type::Map(key, value)) => entries
                .iter()
                .all(|(entry, held)| entry.value().is_of(key) && held.is_of(value)),
            (Self::Record(record), Type::Record(kind)) => record.kind == *kind,
            (Self::Enum(id, _), Type::Enum(known)) => id == known,
            (Self::Nominal(id, _), Type::Nominal(known)) => id == known,
            _ => false,
        }
    }

    /// The word for its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Double(_) => "double",
            Self::Text(_) => "text",
            Self::Date(_) => "date",
            Self::Today(_) => "today",
            Self::Days(_) => "days",
            Self::Optional(_) => "optional",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Record(_) => "record",
            Self::Enum(..) => "enum",
            Self::Nominal(..) => "reference",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<RecordRef> for Value {
    fn from(record: RecordRef) -> Self {
        Self::Record(record)
    }
}

/// Equality as the language has it: numbers on one line, other kinds that differ are unequal, a NaN equals nothing.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Int(one), Self::Int(two))
            | (Self::Days(one), Self::Days(two))
            | (Self::Today(one), Self::Today(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Date(one), Self::Date(two)) => one == two,
            (Self::Record(one), Self::Record(two)) => one == two,
            (Self::Enum(one, text), Self::Enum(two, other)) => one == two && text == other,
            (Self::Nominal(one, text), Self::Nominal(two, other)) => one == two && text == other,
            (Self::Optional(one), Self::Optional(two)) => one == two,
            (Self::List(one), Self::List(two)) => one == two,
            (Self::Map(one), Self::Map(two)) => one == two,
            (one, two) => compare_numbers(one, two) == Some(core::cmp::Ordering::Equal),
        }
    }
}

/// The order of two numbers on one line; `None` where one is none, or no number at all.
pub(crate) fn compare_numbers(one: &Value, two: &Value) -> Option<core::cmp::Ordering> {
    match (one, two) {
        (Value::Int(one), Value::Int(two)) => Some(one.cmp(two)),
        (Value::Double(one), Value::Double(two)) => one.partial_cmp(two),
        (Value::Int(one), Value::Double(two)) => compare_int(*one, *two),
        (Value::Double(one), Value::Int(two)) => {
            compare_int(*two, *one).map(core::cmp::Ordering::reverse)
        }
        _ => None,
    }
}

/// The bounds of what an `i64` holds, as doubles: the lower is exact, the upper is one above.
const LOWEST: f64 = -9_223_372_036_854_775_808.0;
const ABOVE: f64 = 9_223_372_036_854_775_808.0;

fn compare_int(int: i64, double: f64) -> Option<core::cmp::Ordering> {
    if double.is_nan() {
        return None;
    }
    if double >= ABOVE {
        return Some(core::cmp::Ordering::Less);
    }
    if double < LOWEST {
        return Some(core::cmp::Ordering::Greater);
    }
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the bounds were checked above; what is cut off is the fraction"
    )]
    let whole = double as i64;
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "a whole part of a double is a double"
    )]
    let fraction = double - whole as f64;
    Some(int.cmp(&whole).then(if fraction > 0.0 {
        core::cmp::Ordering::Less
    } else if fraction < 0.0 {
        core::cmp::Ordering::Greater
    } else {
        core::cmp::Ordering::Equal
    }))
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "‹{}›", self.kind())
    }
}

impl fmt::Debug for MapKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹key›")
    }
}

impl fmt::Debug for RecordRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹record›")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn debug_shows_the_kind_only() {
        let value = Value::list([Value::from("Hemlig"), Value::Int(1912)]);
        assert_eq!(format!("{value:?}"), "‹list›");
        assert_eq!(format!("{:?}", Value::from("Hemlig")), "‹text›");
        assert_eq!(format!("{:?}", MapKey::Int(1912)), "‹key›");
    }

    #[test]
    fn numbers_stand_on_one_line() {
        assert_eq!(Value::Int(1), Value::Double(1.0));
        assert_ne!(Value::Double(f64::NAN), Value::Double(f64::NAN));
        assert_ne!(Value::Int(i64::MAX), Value::Double(ABOVE));
        assert_eq!(Value::Int(i64::MIN), Value::Double(LOWEST));
        let order = |int, double| compare_numbers(&Value::Int(int), &Value::Double(double));
        assert_eq!(order(-1, -1.5), Some(core::cmp::Ordering::Greater));
        assert_eq!(order(1, 1.5), Some(core::cmp::Ordering::Less));
        assert_ne!(Value::Int(1), Value::from("1"));
    }
}
