//! An answer in words, for whoever tries an expression by hand.

use std::fmt::Write as _;

use folkform::language::ExpressionProblem;
use folkform::language::MapKey;
use folkform::language::Value;

use super::question::Answer;
use super::tagged::write_type;

/// The answer to an expression, in one or several lines.
pub(crate) fn shown(text: &str, answer: &Answer) -> String {
    match answer {
        Answer::Value(value) => literal(value),
        Answer::Type(ty) => write_type(ty).to_string(),
        Answer::Failed(failure) => format!("error: {failure}"),
        Answer::Refused(refusal) => format!("error: {}", refusal.message),
        Answer::Rejected(problems) => {
            let shown: Vec<String> = problems.iter().map(|found| problem(text, found)).collect();
            shown.join("\n")
        }
    }
}

/// A value as an expression would write it.
fn literal(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => format!("{number:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::Date(day) => format!("date(\"{day}\")"),
        Value::Days(days) => format!("days({days})"),
        Value::Optional(None) => "none".into(),
        Value::Optional(Some(held)) => format!("optional.of({})", literal(held)),
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(literal).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(entry, value)| format!("{}: {}", key(entry), literal(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => format!("a value of the kind {}", other.kind()),
    }
}

fn key(key: &MapKey) -> String {
    match key {
        MapKey::Bool(value) => value.to_string(),
        MapKey::Int(number) => number.to_string(),
        MapKey::Text(text) => format!("{text:?}"),
    }
}

/// A problem with the line it is about, and a mark below the part that is meant.
fn problem(text: &str, problem: &ExpressionProblem) -> String {
    let mut shown = format!("error[{}]: {}", problem.code.id, problem.message);
    let start = problem.span.start.min(text.len());
    let before = text.get(..start).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let line = text
        .get(line_start..)
        .unwrap_or("")
        .lines()
        .next()
        .unwrap_or("");
    let indent = text.get(line_start..start).unwrap_or("").chars().count();
    let marked = text
        .get(problem.span.clone())
        .unwrap_or("")
        .lines()
        .next()
        .map_or(1, |marked| marked.chars().count().max(1));
    let _ = write!(
        shown,
        "\n  {line}\n  {}{}",
        " ".repeat(indent),
        "^".repeat(marked)
    );
    for help in &problem.help {
        let _ = write!(shown, "\n  help: {help}");
    }
    shown
}
