//! Digests and canonical JSON: the bytes that a digest is taken of.
//!
//! Canonical here means: keys sorted, no white space, integers only. Never used on values with few possibilities that
//! are personal (an identity number can be found by trying).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;

use serde::Serialize;
use serde_json::Value;
use sha2::Digest;
use sha2::Sha256;

/// The SHA-256 digest of some bytes, as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The first 16 bytes of the SHA-256 digest.
pub(crate) fn sha256_short(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(Sha256::digest(bytes)) {
        *to = from;
    }
    short
}

/// Lower-case hexadecimal digits of some bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        for nibble in [byte >> 4, byte & 0x0f] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// One value as canonical JSON: the keys of every object sorted, no white space.
///
/// A value that JSON cannot carry gives `null`; the document types of this crate are made only of what it can carry.
pub fn canonical_json<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(value) => canonical_value(&value),
        Err(_) => String::from("null"),
    }
}

/// The same of what is JSON already.
pub(crate) fn canonical_value(value: &Value) -> String {
    let mut text = String::new();
    write_sorted(value, &mut text);
    text
}

/// Sorts by itself: whether `serde_json` does depends on a feature that any crate in a build can switch on.
fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            text.push('{');
            if fields.keys().is_sorted() {
                write_fields(fields.iter(), text);
            } else {
                let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
                write_fields(sorted.into_iter(), text);
            }
            text.push('}');
        }
        Value::String(own) => write_text(own, text),
        Value::Array(values) => {
            text.push('[');
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write_sorted(value, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn write_fields<'v>(fields: impl Iterator<Item = (&'v String, &'v Value)>, text: &mut String) {
    for (position, (key, value)) in fields.enumerate() {
        if position > 0 {
            text.push(',');
        }
        write_text(key, text);
        text.push(':');
        write_sorted(value, text);
    }
}

fn write_text(own: &str, text: &mut String) {
    if own
        .bytes()
        .any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'))
    {
        text.push_str(&Value::from(own).to_string());
    } else {
        text.reserve(own.len().saturating_add(2));
        text.push('"');
        text.push_str(own);
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_whatever_the_struct_says() {
        #[derive(Serialize)]
        struct Unsorted {
            zebra: u8,
            apple: BTreeMap<&'static str, u8>,
        }
        let text = canonical_json(&Unsorted {
            zebra: 1,
            apple: BTreeMap::from([("b", 2), ("a", 3)]),
        });
        assert_eq!(text, r#"{"apple":{"a":3,"b":2},"zebra":1}"#);
    }

    #[test]
    fn texts_are_written_as_json_has_them() {
        for text in ["", "å\u{7f}\u{2028}/", "a\"b", "a\\b", "\n\t\u{0}"] {
            assert_eq!(canonical_json(&text), Value::from(text).to_string());
        }
    }

    #[test]
    fn digest_of_nothing_is_the_published_one() {
        assert_eq!(
            sha256_hex(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
