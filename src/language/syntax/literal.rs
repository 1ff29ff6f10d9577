//! Texts and bytes as they are written: quotes, prefixes and escapes of CEL.

use alloc::string::String;
use alloc::vec::Vec;
use core::str::Chars;

use crate::language::syntax::token::Token;

/// Where in the literal a fault is, and what it is.
pub(crate) type Fault = (usize, &'static str);

/// What is wrong with an escape of one of the two numbers by which UTF-16 writes a character beyond the first 65,536.
pub(crate) const HALF_A_CHARACTER: &str = "an escape of half a character";

/// Reads a text or bytes literal where one begins: its token, its length in bytes, and what is wrong with it.
pub(crate) fn read_text(rest: &str) -> Option<(Token, usize, Option<Fault>)> {
    let Opening {
        raw,
        bytes,
        quote,
        start,
    } = Opening::read(rest)?;
    if !bytes && quote.len() == 1 {
        // Most texts are short and hold nothing that needs a second look: they are taken as they stand.
        let inside = rest.get(start..)?;
        let end = inside
            .find(|letter: char| quote.contains(letter) || matches!(letter, '\n' | '\r' | '\\'));
        if let Some((text, after)) = end.and_then(|end| inside.split_at_checked(end))
            && after.starts_with(quote)
        {
            let length = start.saturating_add(text.len()).saturating_add(1);
            return Some((Token::Text(text.into()), length, None));
        }
    }
    let mut reader = Reader::new(rest, start, bytes);
    while reader.part(quote, raw) {}
    let token = if bytes {
        Token::Bytes(reader.decoded)
    } else {
        match String::from_utf8(reader.decoded) {
            Ok(text) => Token::Text(text.into()),
            Err(_) => Token::Broken,
        }
    };
    Some((token, reader.at, reader.fault))
}

/// The byte of a literal, as it is written, at which a byte of its text stands.
pub(crate) fn written_at(literal: &str, byte: usize) -> usize {
    let Some(opening) = Opening::read(literal) else {
        return 0;
    };
    let mut reader = Reader::new(literal, opening.start, opening.bytes);
    while reader.decoded.len() < byte && reader.part(opening.quote, opening.raw) {}
    reader.at
}

/// How a literal begins.
struct Opening {
    raw: bool,
    bytes: bool,
    quote: &'static str,
    /// Where what is inside of it begins.
    start: usize,
}

impl Opening {
    fn read(rest: &str) -> Option<Self> {
        let (raw, bytes, prefix_length) = match rest.as_bytes() {
            [b'"' | b'\'', ..] => (false, false, 0),
            [b'r' | b'R', b'"' | b'\'', ..] => (true, false, 1),
            [b'b' | b'B', b'"' | b'\'', ..] => (false, true, 1),
            [b'b' | b'B', b'r' | b'R', b'"' | b'\'', ..] => (true, true, 2),
            _ => return None,
        };
        let quoted = rest.get(prefix_length..)?;
        let quote = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|quote| quoted.starts_with(quote))?;
        Some(Self {
            raw,
            bytes,
            quote,
            start: prefix_length.saturating_add(quote.len()),
        })
    }
}

struct Reader<'a> {
    rest: &'a str,
    at: usize,
    decoded: Vec<u8>,
    bytes: bool,
    fault: Option<Fault>,
}

impl<'a> Reader<'a> {
    const fn new(rest: &'a str, start: usize, bytes: bool) -> Self {
        Self {
            rest,
            at: start,
            decoded: Vec::new(),
            bytes,
            fault: None,
        }
    }

    /// A letter or an escape of the inside, or the end; whether there is more to read.
    fn part(&mut self, quote: &str, raw: bool) -> bool {
        let rest = self.rest.get(self.at..).unwrap_or("");
        if rest.starts_with(quote) {
            self.skip(quote.len());
            return false;
        }
        let Some(letter) = rest.chars().next() else {
            self.fault(0, "the text is not closed");
            return false;
        };
        if quote.len() == 1 && matches!(letter, '\n' | '\r') {
            self.fault(0, "the text is not closed on its line");
            return false;
        }
        match letter {
            '\\' if !raw => self.escape(),
            // However a line ends, in the text it ends in one way. The first implementation of CEL does so, cel-go
            // (`parser/unescape.go`); the specification is silent.
            '\r' => {
                self.push('\n');
                self.skip(if rest.starts_with("\r\n") { 2 } else { 1 });
            }
            letter => self.keep(letter),
        }
        true
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn keep(&mut self, letter: char) {
        self.push(letter);
        self.skip(letter.len_utf8());
    }

    fn push(&mut self, letter: char) {
        let mut buffer = [0; 4];
        self.decoded
            .extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
    }

    fn fault(&mut self, at: usize, message: &'static str) {
        self.fault.get_or_insert((at, message));
    }

    fn escape(&mut self) {
        let start = self.at;
        self.skip(1);
        let mut rest = self.rest.get(self.at..).unwrap_or("").chars();
        let Some(kind) = rest.next() else {
            return;
        };
        self.skip(kind.len_utf8());
        let plain = match kind {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' | '?' | '"' | '\'' | '`' => kind,
            'x' | 'X' => return self.number(start, &rest, 2, 16),
            'u' => return self.number(start, &rest, 4, 16),
            'U' => return self.number(start, &rest, 8, 16),
            '0'..='3' => {
                self.at = self.at.saturating_sub(1);
                let from = self.rest.get(self.at..).unwrap_or("").chars();
                return self.number(start, &from, 3, 8);
            }
            _ => return self.fault(start, "an escape that does not exist"),
        };
        self.push(plain);
    }

    fn number(&mut self, start: usize, rest: &Chars<'_>, digits: usize, radix: u32) {
        let written: String = rest.clone().take(digits).collect();
        let number = (written.chars().count() == digits
            && written.chars().all(|digit| digit.is_digit(radix)))
        .then(|| u32::from_str_radix(&written, radix).ok())
        .flatten();
        let Some(number) = number else {
            return self.fault(start, "an escape that lacks digits");
        };
        self.skip(digits);
        if self.bytes && digits < 4 {
            match u8::try_from(number) {
                Ok(byte) => self.decoded.push(byte),
                Err(_) => self.fault(start, "an escape that is out of range"),
            }
            return;
        }
        match char::from_u32(number) {
            Some(letter) => self.push(letter),
            None if (0xd800..=0xdfff).contains(&number) => self.fault(start, HALF_A_CHARACTER),
            None => self.fault(start, "an escape that is no character"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> String {
        match read_text(written) {
            Some((Token::Text(text), length, None)) if length == written.len() => {
                String::from(&*text)
            }
            other => panic!("{written}: {other:?}"),
        }
    }

    #[test]
    fn escapes() {
        assert_eq!(text(r#""a\n\t\"\\""#), "a\n\t\"\\");
        assert_eq!(text(r"'\x41\u00e5\U0001F431\101'"), "Aå\u{1F431}A");
        assert_eq!(text(r"r'a\n'"), r"a\n");
        assert_eq!(text("'''a'b\n'''"), "a'b\n");
        assert_eq!(text("''"), "");
    }

    /// As it is in cel-go, so that a rule file means the same wherever it was saved.
    #[test]
    fn lines_end_in_one_way() {
        assert_eq!(text("'''a\r\nb\rc\nd'''"), "a\nb\nc\nd");
        assert_eq!(text("r\"\"\"a\r\n\r\n\"\"\""), "a\n\n");
        assert_eq!(text(r"'a\r\n'"), "a\r\n");
    }

    #[test]
    fn a_part_of_a_text_is_found_in_the_literal() {
        for (literal, byte, expected) in [
            ("'abc'", 1, 2),
            (r"'\n\u00e5b'", 3, 9),
            ("r'\\n'", 1, 3),
            ("'''a\r\nb'''", 2, 6),
            ("'ab'", 2, 3),
        ] {
            assert_eq!(written_at(literal, byte), expected, "{literal}");
        }
    }

    #[test]
    fn bytes_are_read_so_that_the_refusal_is_clear() {
        assert!(matches!(
            read_text(r"b'\377'"),
            Some((Token::Bytes(bytes), 7, None)) if bytes == [255]
        ));
    }

    #[test]
    fn faults_have_places() {
        let fault = |written| read_text(written).and_then(|(_, _, fault)| fault);
        assert_eq!(fault("'abc"), Some((0, "the text is not closed")));
        assert_eq!(fault(r"'a\q'"), Some((2, "an escape that does not exist")));
        assert_eq!(fault(r"'\u12'"), Some((1, "an escape that lacks digits")));
        assert_eq!(
            fault(r"'\U00110000'"),
            Some((1, "an escape that is no character"))
        );
        assert_eq!(fault(r"'a\ud83d\ude00'"), Some((2, HALF_A_CHARACTER)));
    }

    #[test]
    fn a_name_is_no_text() {
        assert!(read_text("rb").is_none());
        assert!(read_text("bar").is_none());
    }
}
