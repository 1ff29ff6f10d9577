//! The text of LDIF (RFC 2849): lines, base64, folding. It knows no directory.
//!
//! Only ASCII is written, so that folding never cuts a letter, and no value can begin with `<`, which would make a client read
//! a file.

use alloc::string::String;
use alloc::vec::Vec;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// LDIF in the making.
pub(super) struct LdifText {
    text: String,
    width: Option<usize>,
}

impl LdifText {
    /// An empty file, with lines folded to a width or not at all.
    pub(super) const fn new(width: Option<usize>) -> Self {
        Self {
            text: String::new(),
            width,
        }
    }

    /// Begins a record.
    pub(super) fn record(&mut self, dn: &str, change: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line("dn", dn);
        self.line("changetype", change);
    }

    /// Writes one attribute with one value.
    pub(super) fn line(&mut self, attribute: &str, value: &str) {
        let mut line = String::from(attribute);
        if is_plain(value) {
            line.push_str(": ");
            line.push_str(value);
        } else {
            line.push_str(":: ");
            line.push_str(&base64(value.as_bytes()));
        }
        self.fold(&line, attribute.len().saturating_add(3));
    }

    /// Ends a block of a modification.
    pub(super) fn end_block(&mut self) {
        self.text.push_str("-\n");
    }

    /// Writes a line that is LDIF already.
    pub(super) fn head(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Folds a line of ASCII, never before the first character of its value.
    fn fold(&mut self, line: &str, least: usize) {
        let Some(width) = self.width else {
            self.text.push_str(line);
            self.text.push('\n');
            return;
        };
        let mut room = width.max(least.saturating_add(1));
        for letter in line.chars() {
            if room == 0 {
                self.text.push_str("\n ");
                room = width.max(2).saturating_sub(1);
            }
            self.text.push(letter);
            room = room.saturating_sub(1);
        }
        self.text.push('\n');
    }
}

/// Whether a value can stand as it is.
fn is_plain(value: &str) -> bool {
    !value.starts_with([' ', ':', '<'])
        && !value.ends_with(' ')
        && value
            .bytes()
            .all(|byte| byte < 0x80 && !matches!(byte, 0 | b'\n' | b'\r'))
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three: Vec<u32> = (0..3)
            .map(|at| chunk.get(at).map_or(0, |byte| u32::from(*byte)))
            .collect();
        let bits = three.iter().fold(0_u32, |bits, byte| (bits << 8) | byte);
        for at in 0..4_usize {
            let shift = [18_u32, 12, 6, 0].get(at).copied().unwrap_or(0);
            let index = usize::try_from((bits >> shift) & 0x3f).unwrap_or(0);
            let digit = DIGITS
                .get(index)
                .filter(|_| at <= chunk.len())
                .copied()
                .unwrap_or(b'=');
            text.push(char::from(digit));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::trials_of;

    fn line(value: &str) -> String {
        let mut text = LdifText::new(Some(76));
        text.line("cn", value);
        text.finish()
    }

    #[test]
    fn values_that_cannot_stand_are_base64() {
        for (value, written) in [
            ("Anna", "cn: Anna\n"),
            ("", "cn: \n"),
            ("a:b<c", "cn: a:b<c\n"),
            ("<file", "cn:: PGZpbGU=\n"),
            (":a", "cn:: OmE=\n"),
            (" a", "cn:: IGE=\n"),
            ("a ", "cn:: YSA=\n"),
            ("a\n", "cn:: YQo=\n"),
            ("Åsa", "cn:: w4VzYQ==\n"),
        ] {
            assert_eq!(line(value), written);
        }
    }

    /// Reads what is written here, by the rules of the format and not by this file's.
    fn read(text: &str) -> String {
        let line = text.strip_suffix('\n').unwrap().replace("\n ", "");
        let rest = line.strip_prefix("cn:").unwrap();
        match rest.strip_prefix(": ") {
            None => String::from(rest.strip_prefix(' ').unwrap()),
            Some(encoded) => {
                let mut bits = 0_u32;
                let mut bytes = Vec::new();
                for (at, digit) in encoded.bytes().enumerate() {
                    let value = DIGITS.iter().position(|known| *known == digit).unwrap_or(0);
                    bits = (bits << 6) | u32::try_from(value).unwrap();
                    if at % 4 == 3 {
                        bytes.extend([(bits >> 16) & 255, (bits >> 8) & 255, bits & 255]);
                        bits = 0;
                    }
                }
                let padding = encoded.bytes().filter(|digit| *digit == b'=').count();
                bytes.truncate(bytes.len().saturating_sub(padding));
                String::from_utf8(
                    bytes
                        .into_iter()
                        .map(|byte| u8::try_from(byte).unwrap())
                        .collect(),
                )
                .unwrap()
            }
        }
    }

    proptest! {
        #![proptest_config(trials_of(256))]

        #[test]
        fn what_is_written_reads_as_the_same(value in prop_oneof![".{0,90}", "[ :<a-zÅ\n]{0,6}", "[a-z]{70,80}"]) {
            let text = line(&value);
            prop_assert!(text.is_ascii());
            prop_assert!(text.lines().all(|line| line.len() <= 76));
            prop_assert_eq!(read(&text), value);
        }
    }
}
