//! `format`: texts with places for values, as the string extension of CEL has them.
//!
//! The checker and the machine read a template by the same [`Pieces`], so that what one of them finds wrong is wrong for the other.

use alloc::format as text;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::language::function::text::Builder;
use crate::language::function::text::as_double;
use crate::language::function::text::plain_text;
use crate::language::scope::DataErrorKind;
use crate::language::types::Type;
use crate::language::value::MapKey;
use crate::language::value::Value;

/// Digits after the point where the template says none.
const PRECISION: usize = 6;

/// The most digits after the point.
const MOST_PRECISION: usize = 100;

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// It stands for itself.
    Text(&'t str),
    /// A value takes its place.
    Place(Place),
}

/// A place for a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its bytes of the template.
    pub(crate) span: Range<usize>,
    /// The letter that says how the value is written; none at the end of the template.
    pub(crate) verb: Option<char>,
    /// Digits after the point; none where what stands there is no number of them that is allowed.
    precision: Option<usize>,
}

impl Place {
    /// Whether it says in a way that there is how a value is written.
    pub(crate) fn is_known(&self) -> bool {
        self.verb.is_some_and(|verb| "sdboxXfe".contains(verb))
    }

    /// Whether it says so many digits after the point as are allowed, or none.
    pub(crate) const fn has_precision(&self) -> bool {
        self.precision.is_some()
    }

    /// Whether a value of a type can stand there.
    pub(crate) fn takes(&self, ty: &Type) -> bool {
        match (self.verb, ty) {
            (_, Type::Never) | (Some('s'), _) => true,
            (Some('d' | 'f' | 'e'), ty) => matches!(ty, Type::Int | Type::Double),
            (Some('b'), ty) => matches!(ty, Type::Int | Type::Bool),
            (Some('o'), ty) => matches!(ty, Type::Int),
            (Some('x' | 'X'), ty) => matches!(ty, Type::Int | Type::Text),
            _ => false,
        }
    }
}

/// The parts of a template, in their order.
pub(crate) struct Pieces<'t> {
    template: &'t str,
    at: usize,
}

impl<'t> Pieces<'t> {
    pub(crate) const fn of(template: &'t str) -> Self {
        Self { template, at: 0 }
    }

    /// The place that begins here, behind its sign.
    fn place(&mut self, after: &str) -> Place {
        let start = self.at;
        let mut rest = after;
        let mut precision = Some(PRECISION);
        if let Some(digits) = rest.strip_prefix('.') {
            let length = digits
                .find(|letter: char| !letter.is_ascii_digit())
                .unwrap_or(digits.len());
            let (digits, behind) = digits.split_at_checked(length).unwrap_or((digits, ""));
            let number: Option<usize> = digits.parse().ok();
            precision = number.filter(|number| *number <= MOST_PRECISION);
            rest = behind;
        }
        let verb = rest.chars().next();
        let behind = rest.len().saturating_sub(verb.map_or(0, char::len_utf8));
        self.at = self.template.len().saturating_sub(behind);
        Place {
            span: start..self.at,
            verb,
            precision,
        }
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let rest = self
            .template
            .get(self.at..)
            .filter(|rest| !rest.is_empty())?;
        let Some(after) = rest.strip_prefix('%') else {
            let length = rest.find('%').unwrap_or(rest.len());
            self.at = self.at.saturating_add(length);
            return rest.get(..length).map(Piece::Text);
        };
        if after.starts_with('%') {
            self.at = self.at.saturating_add(2);
            return Some(Piece::Text("%"));
        }
        Some(Piece::Place(self.place(after)))
    }
}

/// A template with its places filled.
pub(crate) fn format(
    template: &str,
    arguments: &[Value],
    limit: usize,
) -> Result<Value, DataErrorKind> {
    let mut built = Builder::new(limit);
    let mut arguments = arguments.iter();
    for piece in Pieces::of(template) {
        match piece {
            Piece::Text(text) => built.push(text)?,
            Piece::Place(place) => {
                let precision = place.precision.ok_or(DataErrorKind::BadArgument)?;
                let value = arguments.next().ok_or(DataErrorKind::BadArgument)?;
                fill(&mut built, place.verb, value, precision)?;
            }
        }
    }
    Ok(built.finish())
}

fn fill(
    built: &mut Builder,
    verb: Option<char>,
    value: &Value,
    precision: usize,
) -> Result<(), DataErrorKind> {
    match (verb, value) {
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
        // only a template that comes from data gets here, see the checker
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
        value => built.push(&plain_text(value).ok_or(DataErrorKind::WrongType)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(template: &str) -> Vec<String> {
        Pieces::of(template)
            .map(|piece| match piece {
                Piece::Text(written) => text!("{written:?}"),
                Piece::Place(Place {
                    span,
                    verb,
                    precision,
                }) => text!("{span:?} {verb:?} {precision:?}"),
            })
            .collect()
    }

    #[test]
    fn a_template_is_text_and_places() {
        assert_eq!(
            pieces("å%s-%.2f%%%d"),
            [
                "\"å\"",
                "2..4 Some('s') Some(6)",
                "\"-\"",
                "5..9 Some('f') Some(2)",
                "\"%\"",
                "11..13 Some('d') Some(6)",
            ]
        );
        assert_eq!(pieces(""), [""; 0]);
        assert_eq!(pieces("a%"), ["\"a\"", "1..2 None Some(6)"]);
        assert_eq!(
            pieces("%.f%.101e"),
            ["0..3 Some('f') None", "3..9 Some('e') None"]
        );
        assert_eq!(pieces("%.2%"), ["0..4 Some('%') Some(2)"]);
        assert_eq!(pieces("%å"), ["0..3 Some('å') Some(6)"]);
        assert_eq!(pieces("%.5"), ["0..3 None Some(5)"]);
    }
}
