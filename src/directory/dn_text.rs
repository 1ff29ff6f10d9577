//! The text of distinguished names: reading part by part, and escaping.
//!
//! It compares nothing and knows no tree. What [`push_escaped`] writes, [`Reader`] reads as the same value (`tests` in
//! `dn.rs`). A fault is told by its position, never with the text.

use alloc::string::String;
use alloc::vec::Vec;

use super::dn::DnError;

/// An attribute type and a value without escapes.
#[derive(Clone)]
pub(super) struct Pair {
    pub(super) attribute: String,
    pub(super) value: String,
}

/// Reads one name from the left to the right.
pub(super) struct Reader<'a> {
    rest: core::str::Chars<'a>,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text.chars(),
            at: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        self.at = self.at.saturating_add(1);
        Some(letter)
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.next();
        }
        there
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.take(' ') {}
    }

    pub(super) fn pair(&mut self) -> Result<Pair, DnError> {
        self.skip_spaces();
        let at = self.at;
        let mut attribute = String::new();
        while let Some(letter) = self.peek().filter(|letter| is_type_letter(*letter)) {
            attribute.push(letter);
            self.next();
        }
        if !is_attribute_type(&attribute) {
            return Err(DnError::AttributeType { at });
        }
        self.skip_spaces();
        if !self.take('=') {
            return Err(DnError::EqualsSign { at: self.at });
        }
        self.skip_spaces();
        let value = if self.take('#') {
            self.encoded_value()?
        } else {
            self.value()?
        };
        Ok(Pair { attribute, value })
    }

    /// A value up to the next `,` or `+`. Spaces at its end belong to it only when escaped.
    fn value(&mut self) -> Result<String, DnError> {
        let mut bytes: Vec<u8> = Vec::new();
        let mut n_spaces = 0_usize;
        while let Some(letter) = self.peek().filter(|letter| !matches!(letter, ',' | '+')) {
            let at = self.at;
            self.next();
            if letter == ' ' {
                n_spaces = n_spaces.saturating_add(1);
                continue;
            }
            bytes.extend(core::iter::repeat_n(b' ', n_spaces));
            n_spaces = 0;
            match letter {
                '\\' => {
                    let escaped = self.escaped().ok_or(DnError::Escape { at })?;
                    bytes.push(escaped);
                }
                '"' | ';' | '<' | '>' | '\0' => return Err(DnError::Unescaped { at }),
                letter => bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        String::from_utf8(bytes).map_err(|_| DnError::NotUtf8 { at: self.at })
    }

    /// What stands after a backslash: a sign, or a byte in two hexadecimal digits.
    fn escaped(&mut self) -> Option<u8> {
        match self.peek()? {
            sign @ (' ' | '"' | '#' | '+' | ',' | ';' | '<' | '=' | '>' | '\\') => {
                self.next();
                u8::try_from(sign).ok()
            }
            _ => self.byte(),
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let high = self.next()?.to_digit(16)?;
        let low = self.next()?.to_digit(16)?;
        u8::try_from((high << 4) | low).ok()
    }

    /// A value after `#`: the bytes of its encoding (BER), of which only the kinds of text are read.
    fn encoded_value(&mut self) -> Result<String, DnError> {
        let mut bytes: Vec<u8> = Vec::new();
        while self.peek().is_some_and(|letter| letter.is_ascii_hexdigit()) {
            bytes.push(self.byte().ok_or(DnError::Encoded { at: self.at })?);
        }
        self.skip_spaces();
        if !matches!(self.peek(), None | Some(',' | '+')) {
            return Err(DnError::Unescaped { at: self.at });
        }
        decoded(&bytes).ok_or(DnError::Encoded { at: self.at })
    }
}

fn is_type_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.')
}

/// A name (a letter, then letters, digits and `-`) or an object identifier (numbers with `.` between them).
pub(super) fn is_attribute_type(text: &str) -> bool {
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        text.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    } else {
        text.split('.')
            .all(|number| !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit()))
    }
}

/// The text of an encoded value: tag (octets, UTF-8, printable or IA5), length, content.
fn decoded(bytes: &[u8]) -> Option<String> {
    let (tag, rest) = bytes.split_first()?;
    if !matches!(tag, 0x04 | 0x0c | 0x13 | 0x16) {
        return None;
    }
    let (length, rest) = rest.split_first()?;
    let (length, content) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let n_octets = usize::from(length & 0x7f);
        let octets = rest
            .get(..n_octets)
            .filter(|_| (1..=4).contains(&n_octets))?;
        let length = octets
            .iter()
            .fold(0_u32, |length, octet| (length << 8) | u32::from(*octet));
        (usize::try_from(length).ok()?, rest.get(n_octets..)?)
    };
    (content.len() == length).then(|| String::from_utf8(Vec::from(content)).ok())?
}

/// Writes a value so that it reads as itself: signs with a backslash, control characters as hexadecimal digits.
pub(super) fn push_escaped(text: &mut String, value: &str) {
    let last = value.chars().count().saturating_sub(1);
    for (index, letter) in value.chars().enumerate() {
        match letter {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => text.push('\\'),
            '#' if index == 0 => text.push('\\'),
            ' ' if index == 0 || index == last => text.push('\\'),
            '\0'..='\x1f' | '\x7f' => {
                let code = u32::from(letter);
                text.push('\\');
                text.extend(
                    [code >> 4, code & 0xf]
                        .into_iter()
                        .filter_map(|digit| char::from_digit(digit, 16))
                        .map(|digit| digit.to_ascii_uppercase()),
                );
                continue;
            }
            _ => {}
        }
        text.push(letter);
    }
}
