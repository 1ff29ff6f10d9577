//! The words of what is wrong with a template of `format`, and with what is put into it.

use alloc::format;
use alloc::string::String;

use super::Span;
use super::problem;
use crate::language::codes;
use crate::language::problem::ExpressionProblem;

/// The place of a template as it is shown.
fn shown_place(verb: Option<char>) -> String {
    verb.map_or_else(|| String::from("%"), |verb| format!("%{verb}"))
}

/// A `%` after which nothing says how a value is written.
pub(in crate::language::check) fn no_place(span: Span, verb: Option<char>) -> ExpressionProblem {
    let message = match verb {
        Some(_) => format!("`{}` is no place for a value", shown_place(verb)),
        None => String::from("a `%` at the end is no place for a value"),
    };
    problem(&codes::CONSTANT, span, message)
        .help("write `%s` for any value, `%d` for a number, `%%` for a percent sign")
}

pub(in crate::language::check) fn no_precision(span: Span) -> ExpressionProblem {
    problem(
        &codes::CONSTANT,
        span,
        "the digits after the point are no number from 0 to 100",
    )
    .help("write how many there are, as in `%.2f`")
}

/// A place of a template whose value cannot be written so.
pub(in crate::language::check) fn place(
    span: Span,
    verb: Option<char>,
    found: &str,
    value: Span,
) -> ExpressionProblem {
    let place = shown_place(verb);
    problem(
        &codes::ARGUMENTS,
        span,
        format!("`{place}` cannot take `{found}`"),
    )
    .label(value, format!("this is `{found}`"))
    .help("write `%s` for a value of any type")
}

/// A place of a template for which there is no value.
pub(in crate::language::check) fn nothing_for(span: Span, verb: Option<char>) -> ExpressionProblem {
    let place = shown_place(verb);
    problem(
        &codes::ARGUMENTS,
        span,
        format!("there is no value for `{place}`"),
    )
    .help("give one value for each place; a percent sign is written `%%`")
}

/// A value for which a template has no place.
pub(in crate::language::check) fn no_place_for(span: Span) -> ExpressionProblem {
    problem(
        &codes::ARGUMENTS,
        span,
        "the text has no place for this value",
    )
    .help("write `%s` where it is to stand, or leave the value out")
}
