//! What a test says when it fails, and the reading of what its author wrote.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::diagnostic::suggest;

/// Ends a test that fails.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion of a test panics")]
pub(super) fn fail(message: &str) -> ! {
    panic!("{message}")
}

/// A day as an author writes it.
#[track_caller]
pub(super) fn day(text: &str) -> NaiveDate {
    match text.parse() {
        Ok(day) => day,
        Err(_) => fail(&format!("`{text}` is no day: write it as `2026-11-23`")),
    }
}

/// Says that something is not there, and which one was perhaps meant.
pub(super) fn unknown<'a>(
    what: &str,
    written: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> String {
    let mut message = format!("there is no {what} `{written}`");
    if let Some(close) = suggest(written, known.clone()) {
        return format!("{message}; did you mean `{close}`?");
    }
    let names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    if !names.is_empty() {
        message = format!("{message}; there is {}", names.join(", "));
    }
    message
}
