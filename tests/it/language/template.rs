//! `format` as the documentation has it, written a second time.

use folkform::language::DataErrorKind;

use super::written::V;

/// A template with its places filled.
pub(super) fn filled(template: &str, values: &[V]) -> Result<String, DataErrorKind> {
    let mut values = values.iter();
    let mut text = String::new();
    let mut letters = template.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        if letters.next_if_eq(&'%').is_some() {
            text.push('%');
            continue;
        }
        let mut digits = String::from("6");
        if letters.next_if_eq(&'.').is_some() {
            digits.clear();
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
        }
        let digits = digits.parse::<usize>().ok().filter(|digits| *digits <= 100);
        let verb = letters.next();
        let place = digits.zip(verb).zip(values.next());
        let written = place.and_then(|((digits, verb), value)| written(verb, digits, value));
        text.push_str(&written.ok_or(DataErrorKind::BadArgument)?);
    }
    Ok(text)
}

fn written(verb: char, digits: usize, value: &V) -> Option<String> {
    let whole = |number: i64, shown: String| {
        let sign = if number < 0 { "-" } else { "" };
        Some(format!("{sign}{shown}"))
    };
    match (verb, value) {
        ('s', value) => Some(shown(value)),
        ('d', V::Int(_) | V::Double(_)) => Some(shown(value)),
        ('b', V::Bool(truth)) => Some(u8::from(*truth).to_string()),
        ('b', V::Int(number)) => whole(*number, format!("{:b}", number.unsigned_abs())),
        ('o', V::Int(number)) => whole(*number, format!("{:o}", number.unsigned_abs())),
        ('x', V::Int(number)) => whole(*number, format!("{:x}", number.unsigned_abs())),
        ('X', V::Int(number)) => whole(*number, format!("{:X}", number.unsigned_abs())),
        ('x' | 'X', V::Text(text)) => {
            let bytes: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            Some(if verb == 'x' {
                bytes
            } else {
                bytes.to_uppercase()
            })
        }
        ('f' | 'e', V::Int(number)) => fraction(verb, digits, number.to_string().parse().unwrap()),
        ('f' | 'e', V::Double(number)) => fraction(verb, digits, *number),
        _ => None,
    }
}

fn fraction(verb: char, digits: usize, number: f64) -> Option<String> {
    if !number.is_finite() {
        return Some(shown(&V::Double(number)));
    }
    if verb == 'f' {
        return Some(format!("{number:.digits$}"));
    }
    let plain = format!("{number:.digits$e}");
    let (digits, exponent) = plain.split_once('e')?;
    let size = exponent.trim_start_matches('-');
    let sign = if exponent.starts_with('-') { '-' } else { '+' };
    Some(format!("{digits}e{sign}{size:0>2}"))
}

fn shown(value: &V) -> String {
    match value {
        V::Bool(truth) => truth.to_string(),
        V::Int(number) => number.to_string(),
        V::Double(number) if number.is_nan() => "NaN".into(),
        V::Double(f64::INFINITY) => "Infinity".into(),
        V::Double(f64::NEG_INFINITY) => "-Infinity".into(),
        V::Double(number) => number.to_string(),
        V::Text(text) => text.clone(),
        V::Date(day) => day.to_string(),
        V::List(list) => {
            let all: Vec<String> = list.iter().map(shown).collect();
            format!("[{}]", all.join(", "))
        }
        V::Map(map) => {
            let mut all: Vec<(String, String)> = map
                .iter()
                .map(|(key, value)| (shown(&V::from(key)), shown(value)))
                .collect();
            all.sort();
            let all: Vec<String> = all
                .iter()
                .map(|(key, value)| format!("{key}: {value}"))
                .collect();
            format!("{{{}}}", all.join(", "))
        }
        other => unreachable!("{other:?} in a text"),
    }
}
