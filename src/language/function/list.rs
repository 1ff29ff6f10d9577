//! What the functions on lists, maps and optionals do.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::language::function::builtin::Builtin;
use crate::language::function::date::days_value;
use crate::language::function::text::Builder;
use crate::language::function::text::count;
use crate::language::scope::DataErrorKind;
use crate::language::value::Value;
use crate::language::value::compare_numbers;

/// Runs a function whose first argument is a list.
pub(crate) fn apply(
    builtin: Builtin,
    list: &Arc<[Value]>,
    arguments: &[Value],
    limit: usize,
) -> Result<Value, DataErrorKind> {
    let number = |at: usize| arguments.get(at).and_then(Value::as_int);
    let value = match builtin {
        Builtin::Size => Value::Int(i64::try_from(list.len()).unwrap_or(i64::MAX)),
        Builtin::Reverse => Value::list(list.iter().rev().cloned()),
        Builtin::Join => {
            let separator = arguments
                .get(1)
                .and_then(Value::as_text)
                .map_or("", |text| text);
            let mut built = Builder::new(limit);
            for (position, value) in list.iter().enumerate() {
                if position > 0 {
                    built.push(separator)?;
                }
                built.push(value.as_text().map_or("", |text| text))?;
            }
            built.finish()
        }
        Builtin::Take => Value::list(list.iter().take(count(number(1))?).cloned()),
        Builtin::TakeLast => {
            let skipped = list.len().saturating_sub(count(number(1))?);
            Value::list(list.iter().skip(skipped).cloned())
        }
        Builtin::First => Value::Optional(list.first().cloned().map(Arc::new)),
        Builtin::Last => Value::Optional(list.last().cloned().map(Arc::new)),
        Builtin::Sort => {
            let mut sorted: Vec<Value> = list.to_vec();
            sorted.sort_by(order);
            Value::list(sorted)
        }
        Builtin::Sum => Value::Int(sum(list)?),
        Builtin::SumDoubles => Value::Double(sum_of_doubles(list)),
        Builtin::SumDays => days_value(sum(list)?)?,
        Builtin::Flatten => {
            let mut flat = Vec::new();
            for inner in list.iter().filter_map(Value::as_list) {
                if flat.len().saturating_add(inner.len()) > limit {
                    return Err(DataErrorKind::TooLarge);
                }
                flat.extend_from_slice(inner);
            }
            Value::list(flat)
        }
        Builtin::Slice => {
            let range = count(number(1))?..count(number(2))?;
            let slice = list.get(range).ok_or(DataErrorKind::IndexOutOfRange)?;
            Value::list(slice.iter().cloned())
        }
        _ => return Err(DataErrorKind::WrongType),
    };
    Ok(value)
}

/// The order of two values of one type that may be sorted. A number with a fraction may not: some such are no number, and have
/// no place in an order.
pub(crate) fn order(one: &Value, two: &Value) -> Ordering {
    compare(one, two).unwrap_or(Ordering::Equal)
}

/// The order of two values of one type that has an order.
pub(crate) fn compare(one: &Value, two: &Value) -> Option<Ordering> {
    match (one, two) {
        (Value::Text(one), Value::Text(two)) => Some(one.cmp(two)),
        (Value::Date(one), Value::Date(two)) => Some(one.cmp(two)),
        (Value::Bool(one), Value::Bool(two)) => Some(one.cmp(two)),
        (Value::Days(one), Value::Days(two)) | (Value::Today(one), Value::Today(two)) => {
            Some(one.cmp(two))
        }
        (one, two) => compare_numbers(one, two),
    }
}

/// Whether a value is what `optional.ofNonZeroValue` takes for nothing.
pub(crate) fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::Int(number) | Value::Days(number) => *number == 0,
        Value::Double(number) => *number == 0.0,
        Value::Text(text) => text.is_empty(),
        Value::List(values) => values.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Optional(held) => held.is_none(),
        _ => false,
    }
}

/// All numbers, or numbers of days, together; in the order of the list, so that the same list overflows or does not.
fn sum(list: &[Value]) -> Result<i64, DataErrorKind> {
    list.iter()
        .filter_map(Value::as_int)
        .try_fold(0_i64, i64::checked_add)
        .ok_or(DataErrorKind::Overflow)
}

/// All numbers with fractions together, in the order of the list.
fn sum_of_doubles(list: &[Value]) -> f64 {
    let numbers = list.iter().filter_map(|value| match value {
        Value::Double(number) => Some(*number),
        _ => None,
    });
    numbers.fold(0.0, |sum, number| sum + number)
}
