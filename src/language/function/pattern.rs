//! Regular expressions of `matches`: linear in time, bounded in size.
//!
//! CEL means RE2, where `\d`, `\w`, `\s` and `\b` know only ASCII; the engine's own are wider, so they are written out.

use alloc::string::String;

use regex::Regex;
use regex::RegexBuilder;

/// Bytes that one compiled pattern may take.
const MOST_BYTES: usize = 1 << 18;

/// Compiles a pattern. What is wrong with it is not told, since it may come from data.
pub(crate) fn compile_pattern(pattern: &str) -> Result<Regex, ()> {
    RegexBuilder::new(&ascii_classes(pattern))
        .size_limit(MOST_BYTES)
        .dfa_size_limit(MOST_BYTES)
        .nest_limit(50)
        .build()
        .map_err(|_| ())
}

fn ascii_classes(pattern: &str) -> String {
    let mut written = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            written.push(letter);
            continue;
        }
        match letters.next() {
            Some('d') => written.push_str("[0-9]"),
            Some('D') => written.push_str("[^0-9]"),
            Some('w') => written.push_str("[0-9A-Za-z_]"),
            Some('W') => written.push_str("[^0-9A-Za-z_]"),
            Some('s') => written.push_str("[\\t\\n\\f\\r ]"),
            Some('S') => written.push_str("[^\\t\\n\\f\\r ]"),
            Some('b') => written.push_str("(?-u:\\b)"),
            Some('B') => written.push_str("(?-u:\\B)"),
            Some(other) => {
                written.push('\\');
                written.push(other);
            }
            None => written.push('\\'),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_know_ascii_only() {
        let matches = |pattern: &str, text: &str| compile_pattern(pattern).unwrap().is_match(text);
        assert!(matches(r"^\d+$", "123"));
        assert!(!matches(r"^\d+$", "١٢٣"));
        assert!(!matches(r"^\w+$", "Åsa"));
        assert!(matches(r"^[\d-]+$", "1-2"));
        assert!(matches(r"^Å.a$", "Åsa"));
        assert!(matches(r"\bfoo\b", "a foo b"));
    }

    #[test]
    fn large_ones_are_refused() {
        assert!(compile_pattern("((a{100}){100}){100}").is_err());
        assert!(compile_pattern("(").is_err());
        assert!(compile_pattern(&"(".repeat(60_000)).is_err());
    }
}
