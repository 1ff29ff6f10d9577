//! The problem of a circle: each edge with its place, and what makes it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Cause;
use super::Dependencies;
use crate::base::Place;
use crate::diagnostic::Problem;
use crate::rules::check::codes;
use crate::rules::compiled::Output;
use crate::rules::spec::RulesetSpec;

/// A circle with more edges shows so many of them.
const MOST_EDGES_SHOWN: usize = 20;

/// A problem for each circle of a graph.
pub(super) fn problems(spec: &RulesetSpec, graph: &Dependencies<'_>) -> Vec<Problem> {
    graph
        .circles()
        .iter()
        .filter_map(|circle| problem(spec, circle))
        .collect()
}

fn problem(spec: &RulesetSpec, circle: &[(&Output, &Output, &Cause<'_>)]) -> Option<Problem> {
    // An edge leads from what is read to what reads it; a person follows the reading, from the first node on.
    let mut edges = circle.iter().rev();
    let (_, first, cause) = edges.next()?;
    let name = title(spec, first);
    let negative = circle.iter().any(|(.., cause)| cause.is_negative());
    let nested = circle
        .iter()
        .all(|(.., cause)| matches!(cause, Cause::Nested(_)));
    let place = place(cause);
    let problem = if nested {
        Problem::new(&codes::CYCLE, place, format!("{name} would be in itself"))
            .help("take one of them out of `nested`")
    } else if negative {
        Problem::new(
            &codes::UNSTRATIFIED,
            place,
            format!("{name} depends on the opposite of itself"),
        )
        .help("what is taken away, or must not hold, has to be known before: let one of them read something else")
    } else {
        Problem::new(&codes::CYCLE, place, format!("{name} depends on itself"))
            .help("let one of them read something else")
    };
    let mut problem = problem;
    for (from, to, cause) in circle.iter().rev().take(MOST_EDGES_SHOWN) {
        problem = problem.label(self::place(cause), label(spec, from, to, cause));
    }
    match circle.len().checked_sub(MOST_EDGES_SHOWN) {
        Some(more) if more > 0 => Some(problem.help(format!(
            "the circle has {} steps; the first {MOST_EDGES_SHOWN} are shown",
            circle.len()
        ))),
        _ => Some(problem),
    }
}

fn place(cause: &Cause<'_>) -> Place {
    match cause {
        // Nothing that an account hangs on depends on it, so this stands in no circle.
        Cause::Account => Place::default(),
        Cause::Reads { read, place, .. } => Place::inside((*place).clone(), read.span.clone()),
        Cause::Union(place)
        | Cause::Intersect(place)
        | Cause::Minus(place)
        | Cause::Needs(place)
        | Cause::Nested(place) => Place::at((*place).clone()),
    }
}

fn label(spec: &RulesetSpec, from: &Output, to: &Output, cause: &Cause<'_>) -> String {
    let (from, to) = (title(spec, from), title(spec, to));
    match cause {
        Cause::Account => format!("{to} hangs on {from}"),
        Cause::Reads { .. } => format!("{to} reads {from}"),
        Cause::Union(_) => format!("{to} adds the members of {from}"),
        Cause::Intersect(_) => format!("{to} asks for the members of {from}"),
        Cause::Minus(_) => format!("{to} takes out the members of {from}"),
        Cause::Needs(_) => format!("{to} needs {from}"),
        Cause::Nested(_) => format!("{to} holds {from}"),
    }
}

/// An output in words.
fn title(spec: &RulesetSpec, output: &Output) -> String {
    fn nth<'s>(mut names: impl Iterator<Item = &'s String>, position: usize) -> &'s str {
        names.nth(position).map_or("", String::as_str)
    }
    let account = |position: usize| nth(spec.accounts.keys(), position);
    match output {
        Output::Account(position) => format!("account `{}`", account(*position)),
        Output::Name(position, name) => {
            format!("name `{name}` of account `{}`", account(*position))
        }
        Output::Attribute(position, name) => {
            format!("attribute `{name}` of account `{}`", account(*position))
        }
        Output::Group(position) => format!("group `{}`", nth(spec.groups.keys(), *position)),
        Output::Licence(position) => {
            format!("licence `{}`", nth(spec.licences.keys(), *position))
        }
        Output::Mailbox(position) => {
            format!("mailbox `{}`", nth(spec.mailboxes.keys(), *position))
        }
        Output::ClassList(position) => {
            format!("class list `{}`", nth(spec.class_lists.keys(), *position))
        }
        Output::Notice(position) => format!("notice `{}`", nth(spec.notices.keys(), *position)),
    }
}
