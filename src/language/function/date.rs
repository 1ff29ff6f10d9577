//! What the functions on days do.
//!
//! A `today` is the day of the run, moved by some days. Whoever asks it tells the horizon when the answer changes; nothing
//! else here looks at the day of the run.

use core::cmp::Ordering;

use chrono::Datelike as _;
use chrono::Months;
use chrono::NaiveDate;

use crate::base::EVER_BEFORE;
use crate::base::FOREVER;
use crate::base::Horizon;
use crate::base::shift;
use crate::language::function::builtin::Builtin;
use crate::language::scope::DataErrorKind;
use crate::language::value::Value;

/// The most days that a number of days may be: more than from the first day to the last.
const MOST_DAYS: i64 = 4_000_000;

/// Runs a function whose first argument is a day, or one that makes days.
pub(crate) fn apply(
    builtin: Builtin,
    arguments: &[Value],
    horizon: &mut Horizon,
) -> Result<Value, DataErrorKind> {
    let number = |at: usize| arguments.get(at).and_then(Value::as_int);
    let first = arguments.first().ok_or(DataErrorKind::WrongType)?;
    match (builtin, first) {
        (Builtin::ToDate, Value::Date(day)) => Ok(Value::Date(*day)),
        (Builtin::ToDate, Value::Text(text)) => read_date(text).map(Value::Date),
        (Builtin::ToDays, Value::Int(days)) => days_value(*days),
        (Builtin::AddDays, Value::Date(day)) => {
            let days = number(1).ok_or(DataErrorKind::WrongType)?;
            add_days(*day, days).map(Value::Date)
        }
        (Builtin::AddMonths, Value::Date(day)) => {
            let months = number(1).ok_or(DataErrorKind::WrongType)?;
            add_months(*day, months).map(Value::Date)
        }
        (Builtin::DaysBetween, from) => {
            let to = arguments.get(1).ok_or(DataErrorKind::WrongType)?;
            days_between(from, to, horizon)
        }
        (Builtin::Within, day) => within(day, arguments.get(1), arguments.get(2), horizon),
        (Builtin::Year | Builtin::SchoolYear, day) => {
            let turn = if builtin == Builtin::Year { 1 } else { 7 };
            year_turning(day, turn, horizon)
        }
        (Builtin::Month, Value::Date(day)) => Ok(Value::Int(i64::from(day.month()))),
        (Builtin::Day, Value::Date(day)) => Ok(Value::Int(i64::from(day.day()))),
        _ => Err(DataErrorKind::WrongType),
    }
}

/// The day that a text says, as `2026-08-31` or `20260831`.
pub(crate) fn read_date(text: &str) -> Result<NaiveDate, DataErrorKind> {
    let bytes = text.as_bytes();
    let parts = match bytes.len() {
        10 if bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-') => (0..4, 5..7, 8..10),
        8 => (0..4, 4..6, 6..8),
        _ => return Err(DataErrorKind::Conversion),
    };
    let digits = |range| {
        text.get(range)
            .filter(|digits: &&str| digits.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let read = || {
        let year = digits(parts.0)?.parse().ok()?;
        let month = digits(parts.1)?.parse().ok()?;
        let day = digits(parts.2)?.parse().ok()?;
        NaiveDate::from_ymd_opt(year, month, day)
    };
    read().and_then(held).ok_or(DataErrorKind::Conversion)
}

/// Whether a number of days is one that a value can hold.
pub(crate) fn is_days(days: i64) -> bool {
    (-MOST_DAYS..=MOST_DAYS).contains(&days)
}

/// Whether a day is one that a value can hold: from year 1 to 9999, or one of the open bounds.
pub(crate) fn is_day(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year()) || day == FOREVER || day == EVER_BEFORE
}

/// A number of days as a value.
pub(crate) fn days_value(days: i64) -> Result<Value, DataErrorKind> {
    if is_days(days) {
        Ok(Value::Days(days))
    } else {
        Err(DataErrorKind::Overflow)
    }
}

/// A day moved by some days.
pub(crate) fn add_days(day: NaiveDate, days: i64) -> Result<NaiveDate, DataErrorKind> {
    if day == FOREVER || day == EVER_BEFORE {
        return Ok(day);
    }
    // far moves end at a bound, which only stands for what is open
    Some(shift(day, days))
        .filter(|moved| (1..=9999).contains(&moved.year()))
        .ok_or(DataErrorKind::Overflow)
}

/// `today` moved by some more days.
pub(crate) fn move_today(moved: i64, days: i64) -> Result<Value, DataErrorKind> {
    let moved = moved.checked_add(days).ok_or(DataErrorKind::Overflow)?;
    days_value(moved)?;
    Ok(Value::Today(moved))
}

/// How `today`, moved, compares with a day: whether the order is one of those asked for.
pub(crate) fn compare_today(
    moved: i64,
    day: NaiveDate,
    wanted: impl Fn(Ordering) -> bool,
    horizon: &mut Horizon,
) -> bool {
    let day = shift(day, moved.saturating_neg());
    let less = wanted(Ordering::Less);
    let equal = wanted(Ordering::Equal);
    let greater = wanted(Ordering::Greater);
    if equal == greater {
        // the answer changes on the day
        if horizon.reached(day) { equal } else { less }
    } else if less == equal {
        // the answer changes on the day after
        let after = if day == EVER_BEFORE {
            day
        } else {
            shift(day, 1)
        };
        if horizon.reached(after) {
            greater
        } else {
            less
        }
    } else {
        wanted(horizon.compare(day))
    }
}

/// A day that a value can hold.
fn held(day: NaiveDate) -> Option<NaiveDate> {
    is_day(day).then_some(day)
}

fn add_months(day: NaiveDate, months: i64) -> Result<NaiveDate, DataErrorKind> {
    if day == FOREVER || day == EVER_BEFORE {
        return Ok(day);
    }
    let distance = u32::try_from(months.unsigned_abs()).map_err(|_| DataErrorKind::Overflow)?;
    let moved = if months >= 0 {
        day.checked_add_months(Months::new(distance))
    } else {
        day.checked_sub_months(Months::new(distance))
    };
    moved.and_then(held).ok_or(DataErrorKind::Overflow)
}

fn days_between(from: &Value, to: &Value, horizon: &mut Horizon) -> Result<Value, DataErrorKind> {
    let mut day_of = |value: &Value| match value {
        Value::Date(day) => Some(*day),
        Value::Today(moved) => {
            horizon.changes_on(shift(horizon.as_of(), 1));
            Some(shift(horizon.as_of(), *moved))
        }
        _ => None,
    };
    let from = day_of(from).ok_or(DataErrorKind::WrongType)?;
    let to = day_of(to).ok_or(DataErrorKind::WrongType)?;
    Ok(Value::Int(to.signed_duration_since(from).num_days()))
}

fn within(
    day: &Value,
    first: Option<&Value>,
    last: Option<&Value>,
    horizon: &mut Horizon,
) -> Result<Value, DataErrorKind> {
    let bound = |value: Option<&Value>| match value {
        Some(Value::Date(day)) => Some(*day),
        Some(Value::Optional(Some(inner))) => inner.as_date(),
        _ => None,
    };
    let first = bound(first).unwrap_or(EVER_BEFORE);
    let last = bound(last).unwrap_or(FOREVER);
    let inside = match day {
        Value::Date(day) => first <= *day && *day <= last,
        Value::Today(moved) => {
            compare_today(*moved, first, Ordering::is_ge, horizon)
                && (last == FOREVER || compare_today(*moved, last, Ordering::is_le, horizon))
        }
        _ => return Err(DataErrorKind::WrongType),
    };
    Ok(Value::Bool(inside))
}

/// The year of a day, where the year begins with a month; the year is named by its first day.
fn year_turning(day: &Value, month: u32, horizon: &mut Horizon) -> Result<Value, DataErrorKind> {
    let year_of = |day: NaiveDate| {
        let early = i32::from(day.month() < month);
        day.year().saturating_sub(early)
    };
    let year = match day {
        Value::Date(day) => year_of(*day),
        Value::Today(moved) => {
            let year = year_of(shift(horizon.as_of(), *moved));
            if let Some(turn) = NaiveDate::from_ymd_opt(year.saturating_add(1), month, 1) {
                horizon.changes_on(shift(turn, moved.saturating_neg()));
            }
            year
        }
        _ => return Err(DataErrorKind::WrongType),
    };
    Ok(Value::Int(i64::from(year)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        read_date(text).unwrap()
    }

    #[test]
    fn days_are_read_exactly() {
        assert_eq!(day("2026-08-31"), day("20260831"));
        for text in [
            "2026-8-31",
            "2026-02-30",
            "26-08-31",
            "+026-08-31",
            "0000-01-01",
            "",
        ] {
            assert_eq!(read_date(text), Err(DataErrorKind::Conversion), "{text}");
        }
    }

    /// Steps through days: until the horizon's day, the answer must be what it was.
    fn sound(ask: impl Fn(&mut Horizon) -> Value) {
        let mut changes = 0;
        for start in 0..800 {
            let as_of = shift(day("2025-12-20"), start);
            let mut horizon = Horizon::new(as_of);
            let answer = ask(&mut horizon);
            let until = horizon.recheck_on().unwrap_or(shift(as_of, 400));
            let mut next = as_of;
            while next < until {
                assert_eq!(ask(&mut Horizon::new(next)), answer);
                next = shift(next, 1);
            }
            if ask(&mut Horizon::new(until)) != answer {
                changes = start;
            }
        }
        assert!(
            changes > 0,
            "the answer never changed, so nothing was tested"
        );
    }

    #[test]
    fn the_horizon_is_sound_for_every_use_of_today() {
        let bound = day("2026-08-15");
        for moved in [-40, 0, 14] {
            let wanted: [fn(Ordering) -> bool; 6] = [
                Ordering::is_lt,
                Ordering::is_le,
                Ordering::is_gt,
                Ordering::is_ge,
                Ordering::is_eq,
                Ordering::is_ne,
            ];
            for wanted in wanted {
                sound(|horizon| Value::Bool(compare_today(moved, bound, wanted, horizon)));
            }
            for builtin in [Builtin::Year, Builtin::SchoolYear, Builtin::DaysBetween] {
                let arguments = [Value::Today(moved), Value::Date(bound)];
                sound(|horizon| apply(builtin, &arguments, horizon).unwrap());
            }
            let arguments = [
                Value::Today(moved),
                Value::some(Value::Date(bound)),
                Value::some(Value::Date(shift(bound, 30))),
            ];
            sound(|horizon| apply(Builtin::Within, &arguments, horizon).unwrap());
        }
    }

    #[test]
    fn open_bounds_stay_open() {
        let mut horizon = Horizon::new(day("2026-08-15"));
        let inside = apply(
            Builtin::Within,
            &[Value::Today(0), Value::none(), Value::none()],
            &mut horizon,
        );
        assert_eq!(inside, Ok(Value::Bool(true)));
        assert_eq!(horizon.recheck_on(), None);
        assert_eq!(add_days(FOREVER, 5), Ok(FOREVER));
        for days in [1, i64::MAX] {
            assert_eq!(
                add_days(day("9999-12-31"), days),
                Err(DataErrorKind::Overflow)
            );
        }
        assert_eq!(
            add_days(day("2026-08-31"), i64::MIN),
            Err(DataErrorKind::Overflow)
        );
    }
}
