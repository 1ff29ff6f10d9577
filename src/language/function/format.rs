//! `format`: texts with places for values, as the string extension of CEL has them.

use alloc::format as text;
use alloc::string::String;
use alloc::vec::Vec;

use crate::language::function::text::Builder;
use crate::language::function::text::as_double;
use crate::language::function::text::plain_text;
use crate::language::scope::DataErrorKind;
use crate::language::value::MapKey;
use crate::language::value::Value;

/// Digits after the point where the template says none.
const PRECISION: usize = 6;

/// The most digits after the point.
const MOST_PRECISION: usize = 100;

/// A template with its places filled.
pub(crate) fn format(
    template: &str,
    arguments: &[Value],
    limit: usize,
) -> Result<Value, DataErrorKind> {
    let mut built = Builder::new(limit);
    let mut arguments = arguments.iter();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('%') {
        built.push(before)?;
        let mut letters = after.chars();
        let mut kind = letters.next();
        let mut precision = PRECISION;
        if kind == Some('.') {
            let digits = letters.as_str();
            let length = digits
                .find(|letter: char| !letter.is_ascii_digit())
                .unwrap_or(digits.len());
            precision = digits
                .get(..length)
                .and_then(|digits| digits.parse().ok())
                .filter(|precision| *precision <= MOST_PRECISION)
                .ok_or(DataErrorKind::BadArgument)?;
            letters = digits.get(length..).unwrap_or("").chars();
            kind = letters.next();
        }
        rest = letters.as_str();
        if kind == Some('%') {
            built.push("%")?;
            continue;
        }
        let value = arguments.next().ok_or(DataErrorKind::BadArgument)?;
        place(&mut built, kind, value, precision)?;
    }
    built.push(rest)?;
    Ok(built.finish())
}

fn place(
    built: &mut Builder,
    kind: Option<char>,
    value: &Value,
    precision: usize,
) -> Result<(), DataErrorKind> {
    match (kind, value) {
        (Some('s'), value) => any(built, value),
        (Some('d'), Value::Int(number)) => built.push(&text!("{number}")),
        (Some('b'), Value::Int(number)) => {
            let sign = if *number < 0 { "-" } else { "" };
            built.push(&text!("{sign}{:b}", number.unsigned_abs()))
        }
        (Some('b'), Value::Bool(value)) => built.push(if *value { "1" } else { "0" }),
        (Some('o'), Value::Int(number)) => {
            let sign = if *number < 0 { "-" } else { "" };
            built.push(&text!("{sign}{:o}", number.unsigned_abs()))
        }
        (Some(kind @ ('x' | 'X')), Value::Int(number)) => {
            let sign = if *number < 0 { "-" } else { "" };
            let digits = text!("{sign}{:x}", number.unsigned_abs());
            built.push(&cased(digits, kind))
        }
        (Some(kind @ ('x' | 'X')), Value::Text(written)) => {
            for byte in written.bytes() {
                built.push(&cased(text!("{byte:02x}"), kind))?;
            }
            Ok(())
        }
        (Some(kind @ ('f' | 'e')), Value::Double(number)) => {
            built.push(&fraction(*number, kind, precision))
        }
        (Some(kind @ ('f' | 'e')), Value::Int(number)) => {
            built.push(&fraction(as_double(*number), kind, precision))
        }
        (Some('d'), Value::Double(number)) => built.push(&decimal(*number)),
        _ => Err(DataErrorKind::BadArgument),
    }
}

/// A number with all its digits and no exponent.
fn decimal(number: f64) -> String {
    if number.is_finite() {
        text!("{number}")
    } else {
        fraction(number, 'f', PRECISION)
    }
}

fn cased(digits: String, kind: char) -> String {
    if kind == 'X' {
        digits.to_ascii_uppercase()
    } else {
        digits
    }
}

fn fraction(number: f64, kind: char, precision: usize) -> String {
    if number.is_nan() {
        return String::from("NaN");
    }
    if number.is_infinite() {
        return String::from(if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        });
    }
    if kind == 'f' {
        return text!("{number:.precision$}");
    }
    let scientific = text!("{number:.precision$e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            text!("{digits}e{sign}{exponent:0>2}")
        }
        None => scientific,
    }
}

/// Any value, also a list or map of them. It recurses as deep as the type, which is limited.
fn any(built: &mut Builder, value: &Value) -> Result<(), DataErrorKind> {
    match value {
        Value::List(values) => {
            built.push("[")?;
            for (position, value) in values.iter().enumerate() {
                built.push(if position > 0 { ", " } else { "" })?;
                any(built, value)?;
            }
            built.push("]")
        }
        Value::Map(entries) => {
            // In the order of the keys as they are written, where 10 comes before 2.
            let written = |key: &MapKey| plain_text(&key.value()).unwrap_or_default();
            let mut sorted: Vec<(String, &Value)> = entries
                .iter()
                .map(|(key, value)| (written(key), value))
                .collect();
            sorted.sort_by(|one, two| one.0.cmp(&two.0));
            built.push("{")?;
            for (position, (key, value)) in sorted.into_iter().enumerate() {
                built.push(if position > 0 { ", " } else { "" })?;
                built.push(&key)?;
                built.push(": ")?;
                any(built, value)?;
            }
            built.push("}")
        }
        Value::Double(number) => built.push(&decimal(*number)),
        value => built.push(&plain_text(value).ok_or(DataErrorKind::BadArgument)?),
    }
}
