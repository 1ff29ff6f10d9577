//! Expressions by hand, and line by line.
//!
//! ```text
//! expression                              JSON lines in, JSON lines out; `question.rs` says what a line may hold
//! expression --ask 'fold("Åsa")'          one expression, answered for people
//! expression --ask 'as_of.year()' --as-of 2026-11-27
//! expression --score conformance.jsonl    what comes of a file of the CEL conformance suite, class by class
//! ```
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program on the command line speaks there"
)]

mod question;
mod score;
mod shown;
mod tagged;

use std::io::BufRead as _;
use std::io::Write as _;
use std::process::ExitCode;

use serde_json::json;

const USAGE: &str = "expression [--ask EXPRESSION [--as-of YYYY-MM-DD] | --score FILE]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => lines(),
        ["--ask", text] => ask(&json!({"expr": text}), text),
        ["--ask", text, "--as-of", day] => ask(&json!({"expr": text, "as_of": day}), text),
        ["--score", path] => score(path),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Answers each line of standard input. An empty line is no question.
fn lines() -> ExitCode {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else {
            return ExitCode::FAILURE;
        };
        if line.trim().is_empty() {
            continue;
        }
        if writeln!(out, "{}", question::answer(&line).to_json()).is_err() {
            // nobody listens any more
            return ExitCode::SUCCESS;
        }
    }
    ExitCode::SUCCESS
}

/// Answers one expression in words; the exit code says whether there is a value.
fn ask(line: &serde_json::Value, text: &str) -> ExitCode {
    let answer = question::answer_to(line);
    println!("{}", shown::shown(text, &answer));
    match answer {
        question::Answer::Value(_) | question::Answer::Type(_) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Scores a file of tests; the exit code says whether none of them is wrong.
fn score(path: &str) -> ExitCode {
    let file = match std::fs::read_to_string(path) {
        Ok(file) => file,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let score = score::score(&file);
    print!("{score}");
    if score.is_right() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
