//! What the functions on texts do. Positions count characters, from 0.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::base::fold;
use crate::language::function::builtin::Builtin;
use crate::language::scope::DataErrorKind;
use crate::language::syntax::print::quote;
use crate::language::value::Value;

/// A text that grows up to a limit.
#[derive(Debug)]
pub(crate) struct Builder {
    text: String,
    room: usize,
}

impl Builder {
    /// An empty text that may have so many characters.
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            room: limit,
        }
    }

    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) -> Result<(), DataErrorKind> {
        let length = if text.len() <= 4 && text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        };
        self.room = self
            .room
            .checked_sub(length)
            .ok_or(DataErrorKind::TooLarge)?;
        self.text.push_str(text);
        Ok(())
    }

    /// The text.
    pub(crate) fn finish(self) -> Value {
        Value::text(self.text)
    }
}

/// Runs a function whose first argument is a text.
pub(crate) fn apply(
    builtin: Builtin,
    text: &str,
    arguments: &[Value],
    limit: usize,
) -> Result<Value, DataErrorKind> {
    let other = |at: usize| {
        arguments
            .get(at)
            .and_then(Value::as_text)
            .map_or("", |text| text)
    };
    let number = |at: usize| arguments.get(at).and_then(Value::as_int);
    let value = match builtin {
        Builtin::Size => Value::Int(length(text)),
        Builtin::Contains => Value::Bool(text.contains(other(1))),
        Builtin::StartsWith => Value::Bool(text.starts_with(other(1))),
        Builtin::EndsWith => Value::Bool(text.ends_with(other(1))),
        Builtin::CharAt => char_at(text, number(1))?,
        Builtin::IndexOf => index_of(text, other(1), number(2))?,
        Builtin::LastIndexOf => last_index_of(text, other(1), number(2))?,
        Builtin::LowerAscii => Value::text(text.to_ascii_lowercase()),
        Builtin::UpperAscii => Value::text(text.to_ascii_uppercase()),
        Builtin::Replace => replace(text, other(1), other(2), number(3), limit)?,
        Builtin::Reverse => Value::text(text.chars().rev().collect::<String>()),
        Builtin::Split => split(text, other(1), number(2)),
        Builtin::Substring => substring(text, number(1), number(2))?,
        Builtin::Trim => Value::from(text.trim()),
        Builtin::TrimStart => Value::from(text.trim_start()),
        Builtin::TrimEnd => Value::from(text.trim_end()),
        Builtin::Quote => Value::text(quote(text)),
        Builtin::Fold => Value::text(fold(text)),
        Builtin::Lower => Value::text(text.to_lowercase()),
        Builtin::Upper => Value::text(text.to_uppercase()),
        Builtin::TitleCase => Value::text(title_case(text)),
        Builtin::Take => {
            let count = count(number(1))?;
            Value::from(text.get(..offset(text, count)).unwrap_or(""))
        }
        Builtin::TakeLast => {
            let count = count(number(1))?;
            let skipped = text.chars().count().saturating_sub(count);
            Value::from(text.get(offset(text, skipped)..).unwrap_or(""))
        }
        Builtin::Initial => Value::text(
            text.chars()
                .find(|letter| letter.is_alphabetic())
                .map_or_else(String::new, |letter| letter.to_uppercase().collect()),
        ),
        Builtin::Words => Value::list(text.split_whitespace().map(Value::from)),
        Builtin::PadLeft | Builtin::PadRight => pad(
            text,
            number(1),
            other(2),
            builtin == Builtin::PadLeft,
            limit,
        )?,
        _ => return Err(DataErrorKind::WrongType),
    };
    Ok(value)
}

/// A number or truth value as a text says it.
pub(crate) fn convert(builtin: Builtin, text: &str) -> Result<Value, DataErrorKind> {
    match builtin {
        Builtin::ToInt => text.parse().ok().map(Value::Int),
        Builtin::ToDouble => {
            // Digits that are too many for a number are out of range, and not what is written as `Infinity`.
            let number: Option<f64> = text.parse().ok();
            let digits = text.bytes().any(|byte| byte.is_ascii_digit());
            number
                .filter(|number| number.is_finite() || !digits)
                .map(Value::Double)
        }
        Builtin::ToBool => match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
    .ok_or(DataErrorKind::Conversion)
}

/// A number with a fraction: the fewest digits that read as the same number, with an exponent below 0.0001 and from a million on.
///
/// CEL leaves open how a double is written. This is what its first implementation gives, cel-go (`common/types/double.go`, `%g` of Go).
pub(crate) fn double_text(number: f64) -> String {
    if number.is_nan() {
        return String::from("NaN");
    }
    if number.is_infinite() {
        return String::from(if number > 0.0 { "+Inf" } else { "-Inf" });
    }
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    match exponent.parse::<i32>() {
        Ok(exponent) if (-4..6).contains(&exponent) => number.to_string(),
        Ok(exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        Err(_) => scientific,
    }
}

/// A number without its fraction, where it lies between the least and the greatest whole number, both left out.
pub(crate) fn whole(number: f64) -> Option<Value> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if !(number > -BOUND && number < BOUND) {
        return None;
    }
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the bounds were checked above; what is cut off is the fraction"
    )]
    let whole = number as i64;
    Some(Value::Int(whole))
}

/// The nearest number that can have a fraction.
pub(crate) fn as_double(number: i64) -> f64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "the nearest double is what the conversion means"
    )]
    let double = number as f64;
    double
}

/// Text of a value in which a text is itself.
pub(crate) fn plain_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => double_text(*number),
        Value::Date(day) => day.format("%Y-%m-%d").to_string(),
        value => String::from(&**value.as_text()?),
    })
}

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// The byte at which the character of a position begins; the length where there are not so many.
fn offset(text: &str, position: usize) -> usize {
    text.char_indices()
        .nth(position)
        .map_or(text.len(), |(offset, _)| offset)
}

/// A position that is in `0..=length`.
fn position(text: &str, number: Option<i64>) -> Result<usize, DataErrorKind> {
    number
        .filter(|number| (0..=length(text)).contains(number))
        .and_then(|number| usize::try_from(number).ok())
        .ok_or(DataErrorKind::IndexOutOfRange)
}

/// A number of characters or values.
pub(crate) fn count(number: Option<i64>) -> Result<usize, DataErrorKind> {
    let number = number.ok_or(DataErrorKind::WrongType)?;
    usize::try_from(number).map_err(|_| DataErrorKind::BadArgument)
}

fn char_at(text: &str, number: Option<i64>) -> Result<Value, DataErrorKind> {
    let position = position(text, number)?;
    Ok(Value::text(
        text.chars().skip(position).take(1).collect::<String>(),
    ))
}

fn characters_before(text: &str, offset: usize) -> Value {
    Value::Int(length(text.get(..offset).unwrap_or("")))
}

/// Whether a text is looked for from, or up to, a place behind the last character. Nothing is found there, which is no error: so it is
/// in cel-go today (`ext/strings.go`), where it was an error before.
fn is_behind(text: &str, wanted: &str, number: Option<i64>) -> bool {
    !wanted.is_empty() && number.is_some_and(|number| number >= length(text))
}

fn index_of(text: &str, wanted: &str, from: Option<i64>) -> Result<Value, DataErrorKind> {
    if is_behind(text, wanted, from) {
        return Ok(Value::Int(-1));
    }
    let from = match from {
        Some(from) => offset(text, position(text, Some(from))?),
        None => 0,
    };
    let found = text.get(from..).and_then(|rest| rest.find(wanted));
    Ok(found.map_or(Value::Int(-1), |found| {
        characters_before(text, from.saturating_add(found))
    }))
}

fn last_index_of(text: &str, wanted: &str, until: Option<i64>) -> Result<Value, DataErrorKind> {
    if is_behind(text, wanted, until) {
        return Ok(Value::Int(-1));
    }
    let until = match until {
        Some(until) => offset(text, position(text, Some(until))?).saturating_add(wanted.len()),
        None => text.len(),
    };
    // the end of the last place where it may stand; not inside a character
    let until = (0..=until.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    let found = text.get(..until).and_then(|head| head.rfind(wanted));
    Ok(found.map_or(Value::Int(-1), |found| characters_before(text, found)))
}

fn replace(
    text: &str,
    old: &str,
    new: &str,
    most: Option<i64>,
    limit: usize,
) -> Result<Value, DataErrorKind> {
    let most = match most {
        Some(most) if most >= 0 => usize::try_from(most).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let mut built = Builder::new(limit);
    let mut done = 0;
    for (at, _) in text.match_indices(old).take(most) {
        built.push(text.get(done..at).unwrap_or(""))?;
        built.push(new)?;
        done = at.saturating_add(old.len());
    }
    built.push(text.get(done..).unwrap_or(""))?;
    Ok(built.finish())
}

fn split(text: &str, separator: &str, most: Option<i64>) -> Value {
    let most = match most {
        Some(most) if most >= 0 => usize::try_from(most).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    if separator.is_empty() {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() && parts.len() < most {
            let last = parts.len().saturating_add(1) == most;
            let end = if last { rest.len() } else { offset(rest, 1) };
            let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            parts.push(Value::from(part));
            rest = after;
        }
        return Value::list(parts);
    }
    Value::list(text.splitn(most, separator).map(Value::from))
}

fn substring(text: &str, from: Option<i64>, until: Option<i64>) -> Result<Value, DataErrorKind> {
    let from = position(text, from)?;
    let until = match until {
        Some(until) => offset(text, position(text, Some(until))?),
        None => text.len(),
    };
    text.get(offset(text, from)..until)
        .map(Value::from)
        .ok_or(DataErrorKind::IndexOutOfRange)
}

fn title_case(text: &str) -> String {
    let mut cased = String::with_capacity(text.len());
    let mut inside = false;
    for letter in text.chars() {
        if inside {
            cased.extend(letter.to_lowercase());
        } else {
            cased.extend(letter.to_uppercase());
        }
        inside = !(letter.is_whitespace() || letter == '-');
    }
    cased
}

fn pad(
    text: &str,
    wanted: Option<i64>,
    filling: &str,
    left: bool,
    limit: usize,
) -> Result<Value, DataErrorKind> {
    if filling.chars().count() != 1 {
        return Err(DataErrorKind::BadArgument);
    }
    let missing = count(wanted)?.saturating_sub(text.chars().count());
    if missing > limit {
        return Err(DataErrorKind::TooLarge);
    }
    let padding = filling.repeat(missing);
    Ok(Value::text(if left {
        [padding.as_str(), text].concat()
    } else {
        [text, padding.as_str()].concat()
    }))
}
