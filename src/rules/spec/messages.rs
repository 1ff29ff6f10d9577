//! What is said about the shape of a rule file: one function for each kind of problem.
//!
//! What the author wrote is shown shortened and on one line.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::file::node::Value;
use super::keys::meaning;
use super::word::Word;
use crate::base::Path;
use crate::base::Place;
use crate::diagnostic::Code;
use crate::diagnostic::Problem;
use crate::diagnostic::suggest;
use crate::rules::codes;

/// What the author wrote is shown up to this many characters.
const SHOWN: usize = 60;

/// A key that nobody asks for; and what was meant, where it is said what is known.
pub(super) fn unknown_key(path: &Path, key: &str, known: &[&'static str]) -> Problem {
    let problem = Problem::new(
        &codes::UNKNOWN_KEY,
        Place::of_key(path.key(key)),
        format!("unknown key {}", quoted(key)),
    );
    if let Some(close) = suggest(key, known.iter().copied()) {
        return problem.did_you_mean(Some(close));
    }
    let mut known = known.to_vec();
    known.sort_unstable();
    problem.help(format!("what may stand here is {}", one_of(&known)))
}

pub(super) fn missing_key(path: &Path, key: &str) -> Problem {
    let problem = Problem::new(
        &codes::MISSING_KEY,
        path.clone(),
        format!("missing key `{key}`"),
    );
    explained(problem, path, key)
}

/// With what a key means.
fn explained(problem: Problem, path: &Path, key: &str) -> Problem {
    match meaning(&path.key(key)) {
        Some(meaning) => problem.help(format!("`{key}`: {meaning}")),
        None => problem,
    }
}

pub(super) fn missing_either(path: &Path, one: &str, other: &str) -> Problem {
    let problem = Problem::new(
        &codes::MISSING_KEY,
        path.clone(),
        format!("missing key `{one}` or `{other}`"),
    );
    explained(explained(problem, path, one), path, other)
}

pub(super) fn conflicting(path: &Path, one: &str, other: &str) -> Problem {
    Problem::new(
        &codes::CONFLICTING_KEYS,
        Place::of_key(path.key(other)),
        format!("`{one}` and `{other}` exclude each other"),
    )
    .label(Place::of_key(path.key(one)), format!("`{one}` stands here"))
    .help("take one of them out")
}

pub(super) fn wrong_type(path: &Path, expected: &str, found: &Value) -> Problem {
    Problem::new(
        &codes::WRONG_TYPE,
        path.clone(),
        format!("expected {expected}, found {}", found.kind()),
    )
}

pub(super) fn unknown_word<W: Word>(path: &Path, written: &str) -> Problem {
    let problem = Problem::new(
        &codes::UNKNOWN_WORD,
        path.clone(),
        format!("unknown word {}", quoted(written)),
    );
    let known: Vec<&'static str> = W::ALL.iter().map(|(word, _)| *word).collect();
    match suggest(written, known.iter().copied()) {
        Some(close) => problem.did_you_mean(Some(close)),
        None => problem.help(format!("write {}", one_of(&known))),
    }
}

pub(super) fn bad_duration(path: &Path, written: &str) -> Problem {
    Problem::new(
        &codes::BAD_DURATION,
        path.clone(),
        format!("{} is no duration", quoted(written)),
    )
    .help("write a whole number and one of `d`, `w`, `m`, `y`, such as `14d`")
}

pub(super) fn bad_share(path: &Path, written: &str) -> Problem {
    Problem::new(
        &codes::BAD_SHARE,
        path.clone(),
        format!("{} is no share", quoted(written)),
    )
    .help("write per cent with at most one decimal, such as `5%` or `0.5%`")
}

pub(super) fn bad_date(path: &Path, written: &str, what: &str, like: &str) -> Problem {
    Problem::new(
        &codes::BAD_DATE,
        path.clone(),
        format!("{} is no {what}", quoted(written)),
    )
    .help(format!("write it as `{like}`"))
}

pub(super) fn too_small(path: &Path, what: &str, least: u32) -> Problem {
    Problem::new(
        &codes::OUT_OF_RANGE,
        path.clone(),
        format!("{what} is too small (at least {least})"),
    )
}

pub(super) fn too_large(path: &Path, what: &str, most: &str) -> Problem {
    Problem::new(
        &codes::OUT_OF_RANGE,
        path.clone(),
        format!("{what} is too large (at most {most})"),
    )
}

pub(super) fn repeated(path: &Path, first: &Path, written: &str) -> Problem {
    Problem::new(
        &codes::REPEATED_ENTRY,
        path.clone(),
        format!("{} stands twice in the list", quoted(written)),
    )
    .label(first.clone(), "first written here")
    .help("take one of them out")
}

pub(super) fn empty_list(path: &Path) -> Problem {
    Problem::new(
        &codes::EMPTY_LIST,
        path.clone(),
        "the list needs at least one element",
    )
    .help("write what belongs into it, or take the key out")
}

pub(super) fn unknown_language(path: &Path, known: i64) -> Problem {
    Problem::new(
        &codes::UNKNOWN_LANGUAGE,
        path.clone(),
        "unknown version of the rule language",
    )
    .help(format!("write `language = {known}`"))
}

pub(super) fn missing_reason(path: &Path) -> Problem {
    Problem::new(
        &codes::MISSING_REASON,
        path.clone(),
        "policy `include` gives no reason",
    )
    .help("write `{ policy = \"include\", because = \"…\" }`")
}

pub(super) fn allowed_without_reason(path: &Path) -> Problem {
    Problem::new(
        &codes::MISSING_REASON,
        path.key("because"),
        "an allowance must say why",
    )
    .help("write `because = \"…\"` with the reason")
}

pub(super) fn task_of_no_notice(path: &Path) -> Problem {
    Problem::new(
        &codes::MISPLACED_POLICY,
        path.clone(),
        "policy `task` is only for notices",
    )
    .help("write `exclude`, `omit`, `alias` or `include`")
}

pub(super) fn officer_without_task(path: &Path) -> Problem {
    Problem::new(
        &codes::MISPLACED_POLICY,
        Place::of_key(path.key("officer")),
        "an `officer` stands only beside policy `task`",
    )
    .help("write `policy = \"task\"`, or take the officer out")
}

pub(super) fn file_too_large(allowed: usize) -> Problem {
    Problem::new(
        &codes::FILE_TOO_LARGE,
        Path::root(),
        format!("the rule file is too large (at most {allowed} bytes)"),
    )
}

/// At the first that is too many.
pub(super) fn too_many_values(allowed: usize, bytes: Range<usize>) -> Problem {
    let message = format!("the rule file is too large (at most {allowed} keys and values)");
    in_file(&codes::FILE_TOO_LARGE, bytes, message)
}

pub(super) fn nested_too_deeply(path: &Path, allowed: usize) -> Problem {
    Problem::new(
        &codes::NESTED_TOO_DEEPLY,
        path.clone(),
        format!("tables and lists are nested too deeply (at most {allowed})"),
    )
}

/// A problem of the file itself, at bytes of its text.
pub(super) fn in_file(
    code: &'static Code,
    bytes: Range<usize>,
    message: impl Into<String>,
) -> Problem {
    Problem::new(code, Place::inside(Path::root(), bytes), message)
}

/// A key that stands twice, where nobody knows at which bytes.
pub(super) fn written_twice(table: &Path, key: &str) -> Problem {
    Problem::new(
        &codes::DUPLICATE_KEY,
        Place::of_key(table.key(key)),
        format!("key {} is written twice", quoted(key)),
    )
}

/// What the author wrote, between backticks, on one line and not too long.
pub(super) fn quoted(written: &str) -> String {
    let mut letters = written.chars().map(|letter| match letter {
        '`' => '\'',
        letter if letter.is_control() => ' ',
        letter => letter,
    });
    let mut shown: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// `` `a`, `b` or `c` ``.
fn one_of(words: &[&str]) -> String {
    let mut text = String::new();
    for (position, word) in words.iter().enumerate() {
        if position > 0 {
            let last = position.saturating_add(1) == words.len();
            text.push_str(if last { " or " } else { ", " });
        }
        text.push('`');
        text.push_str(word);
        text.push('`');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_stays_on_one_line_and_short() {
        assert_eq!(quoted("a\nb`c"), "`a b'c`");
        assert_eq!(quoted(&"x".repeat(SHOWN)).chars().count(), SHOWN + 2);
        assert_eq!(quoted(&"x".repeat(SHOWN + 1)).chars().count(), SHOWN + 3);
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
