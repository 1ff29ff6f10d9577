//! What `+`, `-`, `*`, `/` and `%` do to numbers and days.

use crate::language::function::date::add_days;
use crate::language::function::date::days_value;
use crate::language::function::date::move_today;
use crate::language::scope::DataErrorKind;
use crate::language::syntax::tree::Operator;
use crate::language::value::Value;

/// What `+` gives, and `-` where `minus` is said. Numbers stay in their bounds, days in the calendar.
pub(crate) fn add(one: &Value, two: &Value, minus: bool) -> Result<Value, DataErrorKind> {
    let signed = |days: i64| if minus { days.saturating_neg() } else { days };
    match (one, two) {
        (Value::Int(one), Value::Int(two)) => if minus {
            one.checked_sub(*two)
        } else {
            one.checked_add(*two)
        }
        .map(Value::Int)
        .ok_or(DataErrorKind::Overflow),
        (Value::Double(one), Value::Double(two)) => {
            Ok(Value::Double(if minus { one - two } else { one + two }))
        }
        (Value::Date(day), Value::Days(days)) => add_days(*day, signed(*days)).map(Value::Date),
        (Value::Today(moved), Value::Days(days)) => move_today(*moved, signed(*days)),
        (Value::Days(one), Value::Days(two)) => days_value(one.saturating_add(signed(*two))),
        _ => Err(DataErrorKind::WrongType),
    }
}

/// What `*`, `/` and `%` give.
pub(crate) fn arithmetic(
    operator: Operator,
    one: &Value,
    two: &Value,
) -> Result<Value, DataErrorKind> {
    match (operator, one, two) {
        (Operator::Divide, Value::Int(_), Value::Int(0)) => Err(DataErrorKind::DivisionByZero),
        (Operator::Remainder, Value::Int(_), Value::Int(0)) => Err(DataErrorKind::ModulusByZero),
        (_, Value::Int(one), Value::Int(two)) => match operator {
            Operator::Times => one.checked_mul(*two),
            Operator::Divide => one.checked_div(*two),
            _ => one.checked_rem(*two),
        }
        .map(Value::Int)
        .ok_or(DataErrorKind::Overflow),
        (Operator::Times, Value::Double(one), Value::Double(two)) => Ok(Value::Double(one * two)),
        (Operator::Divide, Value::Double(one), Value::Double(two)) => Ok(Value::Double(one / two)),
        _ => Err(DataErrorKind::WrongType),
    }
}
