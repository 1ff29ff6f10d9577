//! Regular expressions of `matches`: linear in time, bounded in size, and of a weight that is known.
//!
//! CEL means RE2, where `\d`, `\w`, `\s` and `\b` know only ASCII; the engine's own are wider, so they are written out.

use alloc::string::String;
use alloc::vec::Vec;
use core::iter::Peekable;
use core::str::Chars;

use regex::Regex;
use regex::RegexBuilder;

/// Bytes that one compiled pattern may take.
const MOST_BYTES: usize = 1 << 18;

/// The most that a pattern may weigh.
pub(crate) const MOST_WEIGHT: u64 = 4_096;

/// A pattern that was compiled.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// How many places a letter of the text may have to be compared at, at most.
    pub(crate) weight: u64,
}

/// Compiles a pattern. What is wrong with it is not told, since it may come from data.
pub(crate) fn compile_pattern(pattern: &str) -> Result<Pattern, ()> {
    let weight = weight(pattern);
    if weight > MOST_WEIGHT {
        return Err(());
    }
    let regex = RegexBuilder::new(&ascii_classes(pattern))
        .size_limit(MOST_BYTES)
        .dfa_size_limit(MOST_BYTES)
        .nest_limit(50)
        .build()
        .map_err(|_| ())?;
    Ok(Pattern { regex, weight })
}

/// How many places a pattern has once its counted repetitions are written out. What is no pattern has some weight too.
fn weight(pattern: &str) -> u64 {
    // of the groups that are open: what stands before the last item, and that item
    let mut open: Vec<(u64, u64)> = Vec::new();
    let (mut before, mut item) = (0_u64, 0_u64);
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = match letter {
            '(' => {
                open.push((before, item));
                (before, item) = (0, 0);
                continue;
            }
            ')' => {
                let inside = before.saturating_add(item);
                (before, item) = open.pop().unwrap_or((0, 0));
                inside
            }
            '{' => {
                let counted = until(&mut letters, '}');
                let most = counted
                    .split(',')
                    .filter_map(|number| number.trim().parse().ok())
                    .max();
                item = item.saturating_mul(most.unwrap_or(1).max(1));
                continue;
            }
            '*' | '+' | '?' | '|' => continue,
            '[' => {
                let inside = until(&mut letters, ']').chars().count();
                u64::try_from(inside).unwrap_or(u64::MAX).saturating_add(1)
            }
            '\\' => match letters.next() {
                // classes of Unicode have many ranges
                Some('p' | 'P') => 64,
                _ => 1,
            },
            _ => 1,
        };
        before = before.saturating_add(item);
        item = next;
    }
    let last = before.saturating_add(item);
    open.iter().fold(last, |sum, (before, item)| {
        sum.saturating_add(*before).saturating_add(*item)
    })
}

/// The letters before the one that closes, which is taken as well.
fn until(letters: &mut Peekable<Chars<'_>>, close: char) -> String {
    let inside = core::iter::from_fn(|| letters.next_if(|letter| *letter != close)).collect();
    letters.next();
    inside
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
        let matches =
            |pattern: &str, text: &str| compile_pattern(pattern).unwrap().regex.is_match(text);
        assert!(matches(r"^\d+$", "123"));
        assert!(!matches(r"^\d+$", "١٢٣"));
        assert!(!matches(r"^\w+$", "Åsa"));
        assert!(matches(r"^[\d-]+$", "1-2"));
        assert!(matches(r"^Å.a$", "Åsa"));
        assert!(matches(r"\bfoo\b", "a foo b"));
    }

    #[test]
    fn a_pattern_weighs_as_much_as_it_is_written_out() {
        for (pattern, expected) in [
            ("", 0),
            ("abc", 3),
            ("a{10}", 10),
            ("ab{2,30}c", 32),
            ("(ab){5}", 10),
            ("((a{10}){10}b){10}", 1_010),
            ("a|b|(c|d){3}", 8),
            ("[0-9]{8}", 32),
            (r"\d{8}", 8),
            (r"a\{9\}", 4),
            (r"\p{L}+", 64),
            ("a{5", 5),
            ("a)b(c", 3),
        ] {
            assert_eq!(weight(pattern), expected, "{pattern}");
        }
        assert!(compile_pattern(&"a".repeat(4_096)).is_ok());
        assert!(compile_pattern(&"a".repeat(4_097)).is_err());
        assert!(compile_pattern("(a{64}){65}").is_err());
    }

    #[test]
    fn large_ones_are_refused() {
        assert!(compile_pattern("((a{100}){100}){100}").is_err());
        assert!(compile_pattern("(").is_err());
        assert!(compile_pattern(&"(".repeat(60_000)).is_err());
    }
}
