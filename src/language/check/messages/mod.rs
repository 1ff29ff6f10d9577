//! The words of every problem that the checker reports: one function for each, so that the same fault has the same words.

mod operator;
mod template;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Limits;
use crate::diagnostic::Code;
use crate::diagnostic::listed;
use crate::diagnostic::suggest;
use crate::language::codes;
use crate::language::problem::ExpressionProblem;
use crate::language::schema::Overload;
use crate::language::schema::Schema;
use crate::language::schema::Style;
use crate::language::types::Type;

pub(super) use operator::operator;
pub(super) use template::no_place;
pub(super) use template::no_place_for;
pub(super) use template::no_precision;
pub(super) use template::nothing_for;
pub(super) use template::place;

pub(super) type Span = Range<usize>;

pub(super) fn problem(
    code: &'static Code,
    span: Span,
    message: impl Into<String>,
) -> ExpressionProblem {
    ExpressionProblem::new(code, span, message)
}

pub(super) fn unknown_name(span: Span, name: &str, close: Option<&str>) -> ExpressionProblem {
    problem(&codes::UNKNOWN_NAME, span, format!("unknown name `{name}`")).did_you_mean(close)
}

/// A name that can be read in other expressions of the rules.
pub(super) fn name_of_elsewhere<'n>(
    span: Span,
    name: &str,
    here: impl Iterator<Item = &'n str>,
) -> ExpressionProblem {
    let found = problem(
        &codes::UNKNOWN_NAME,
        span,
        format!("`{name}` cannot be read here"),
    );
    match listed(&sorted(here)) {
        Some(names) => found.help(format!("what can be read here is {names}")),
        None => found,
    }
}

pub(super) fn unknown_field<'n>(
    span: Span,
    field: &str,
    record: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> ExpressionProblem {
    let found = problem(
        &codes::UNKNOWN_FIELD,
        span,
        format!("unknown field `{field}` of `{record}`"),
    );
    match suggest(field, known.clone()) {
        Some(close) => found.did_you_mean(Some(close)),
        None => match listed(&sorted(known)) {
            Some(names) => found.help(format!("`{record}` has {names}")),
            None => found.help(format!("`{record}` has no fields")),
        },
    }
}

fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

pub(super) fn unknown_function(span: Span, name: &str, close: Option<&str>) -> ExpressionProblem {
    problem(
        &codes::UNKNOWN_FUNCTION,
        span,
        format!("unknown function `{name}`"),
    )
    .did_you_mean(close)
}

pub(super) fn unknown_value<'n>(
    span: Span,
    value: &str,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> ExpressionProblem {
    let found = problem(
        &codes::UNKNOWN_VALUE,
        span,
        format!("unknown value `{value}` of `{name}`"),
    );
    match (suggest(value, known.clone()), listed(&sorted(known))) {
        (Some(close), _) => found.did_you_mean(Some(close)),
        (None, Some(names)) => found.help(format!("`{name}` is one of {names}")),
        (None, None) => found,
    }
}

pub(super) fn no_field(span: Span, ty: &str, field: &str, function: bool) -> ExpressionProblem {
    let found = problem(
        &codes::SELECTION,
        span,
        format!("`{ty}` has no fields, so no `{field}`"),
    );
    if function {
        found.help(format!("write `.{field}(…)` to call the function"))
    } else if ty.starts_with("map from ") {
        found.help(
            "write the key in brackets, as in `m[1]`; only a map whose keys are texts has fields",
        )
    } else if ty.starts_with("list of ") {
        found.help("write `….map(x, x.…)` for the field of each, or `[0]` for the first")
    } else {
        found.help("only records and maps have fields; leave it out")
    }
}

pub(super) fn no_position(schema: &Schema, span: Span, ty: &Type) -> ExpressionProblem {
    let name = schema.type_name(ty);
    let found = problem(
        &codes::SELECTION,
        span,
        format!("`{name}` has no positions or keys"),
    );
    found.help(match ty {
        Type::Text => "write `….charAt(0)` for a letter, `….split(\",\")[0]` for a part",
        Type::Record(_) => "write the field after a dot, as in `a.name`",
        _ => "only lists and maps have them; leave the brackets out",
    })
}

pub(super) fn wrong_index(
    span: Span,
    is_list: bool,
    wanted: &str,
    found: &str,
) -> ExpressionProblem {
    problem(
        &codes::SELECTION,
        span,
        format!("expected `{wanted}` between the brackets, found `{found}`"),
    )
    .help(match wanted {
        _ if is_list && found == "double" => "write `int(…)` to leave the fraction out",
        _ if is_list => "positions count from 0, as in `[0]`",
        "text" => "write `string(…)` to make a text of it",
        _ => "write a key of the type that the map has",
    })
}

/// What to do with the day of the run.
const TODAY_HELP: &str =
    "compare it with a date, or use `within`, `year`, `school_year` or `days_between`";

pub(super) fn today(span: Span, what: &str) -> ExpressionProblem {
    problem(
        &codes::TODAY,
        span,
        format!("{what} cannot take the day of the run"),
    )
    .help(TODAY_HELP)
}

pub(super) fn operand(span: Span, sign: &str, ty: &str) -> ExpressionProblem {
    problem(
        &codes::OPERATOR,
        span,
        format!("`{sign}` cannot take `{ty}`"),
    )
}

pub(super) fn condition(schema: &Schema, span: Span, ty: &Type) -> ExpressionProblem {
    let name = schema.type_name(ty);
    problem(
        &codes::CONDITION,
        span,
        format!("expected a condition, found `{name}`"),
    )
    .help(match ty {
        Type::Optional(inner) if **inner == Type::Bool => {
            "say what holds where there is no value, as in `….orValue(false)`"
        }
        Type::Optional(_) => "write `….hasValue()` to ask whether there is a value",
        Type::List(_) | Type::Map(..) => "compare how many there are, as in `size(…) > 0`",
        Type::Int | Type::Double => "compare it, as in `… > 0`",
        Type::Date | Type::Today => "compare it, as in `… <= as_of`",
        Type::Record(_) => "compare a field of it, as in `….code == \"skola\"`",
        _ => "compare it, as in `… == \"J\"`",
    })
}

pub(super) fn mixed(
    schema: &Schema,
    span: Span,
    what: &str,
    (first, first_span): (&Type, Span),
    other: &Type,
) -> ExpressionProblem {
    let names = (schema.type_name(first), schema.type_name(other));
    let is_text = |ty: &Type| *ty == Type::Text;
    let (one, two) = match (first, other) {
        (Type::Optional(one), Type::Optional(two)) => (&**one, &**two),
        both => both,
    };
    let help = match (one, two) {
        (Type::Optional(_), _) | (_, Type::Optional(_)) => {
            "write `optional.of(…)` around the other, or `….orValue(…)`"
        }
        (one, two) if is_text(one) || is_text(two) => {
            "write `string(…)` to make a text of the other"
        }
        (Type::Int, Type::Double) | (Type::Double, Type::Int) => {
            "write `double(…)` or `int(…)` to make them alike"
        }
        _ => "give all of them one type",
    };
    problem(
        &codes::MIXED,
        span,
        format!(
            "{what} must have one type, found `{}` and `{}`",
            names.0, names.1
        ),
    )
    .label(first_span, format!("this is `{}`", names.0))
    .help(help)
}

pub(super) fn not_optional(span: Span, ty: &str) -> ExpressionProblem {
    problem(
        &codes::MIXED,
        span,
        format!("expected an optional after `?`, found `{ty}`"),
    )
    .help("leave the `?` out")
}

pub(super) fn map_key(span: Span, ty: &str) -> ExpressionProblem {
    problem(
        &codes::MIXED,
        span,
        format!("a key is `bool`, `int` or `text`, found `{ty}`"),
    )
}

pub(super) fn repeated_key(span: Span, first: Span) -> ExpressionProblem {
    problem(
        &codes::REPEATED_KEY,
        span,
        "the key stands in the map twice",
    )
    .label(first, "it stands here first")
    .help("take one of them out")
}

/// What to do with numbers with fractions that are to be sorted.
pub(super) const NO_ORDER: &str =
    "numbers with a fraction have no order here; write `int(…)`, as in `int(1000.0 * …)`";

/// A call for which no overload fits: how many arguments it wants, or of which types.
pub(super) fn arguments(
    schema: &Schema,
    span: Span,
    name: &str,
    overloads: &[&Overload],
    given: &[Type],
    on_value: bool,
) -> ExpressionProblem {
    let shown = |types: &[Type]| {
        let names: Vec<String> = types.iter().map(|ty| schema.type_name(ty)).collect();
        names.join(", ")
    };
    let style_fits = |overload: &&Overload| match overload.style {
        Style::Both => true,
        Style::Global => !on_value,
        Style::Receiver => on_value,
    };
    let message = if !overloads.iter().any(style_fits) {
        if on_value {
            format!("`{name}` is not called on a value")
        } else {
            format!("`{name}` is called on a value")
        }
    } else if given.is_empty() {
        format!("`{name}` wants arguments")
    } else {
        match given.split_first() {
            Some((first, rest)) if on_value => {
                format!(
                    "there is no `{}.{name}({})`",
                    schema.type_name(first),
                    shown(rest)
                )
            }
            _ => format!("there is no `{name}({})`", shown(given)),
        }
    };
    let mut found = problem(&codes::ARGUMENTS, span, message);
    // where some form takes the first value, the others are of no use
    let takes_first = |overload: &&&Overload| match (overload.parameters.first(), given.first()) {
        (Some(wanted), Some(first)) => wanted.accepts(first, &mut BTreeMap::new(), true),
        _ => false,
    };
    let of_use = overloads.iter().any(|overload| takes_first(&overload));
    let mut forms: Vec<String> = overloads
        .iter()
        .filter(|overload| !of_use || takes_first(overload))
        .map(|overload| match overload.parameters.split_first() {
            Some((first, rest)) if overload.style != Style::Global => {
                format!("`{}.{name}({})`", schema.type_name(first), shown(rest))
            }
            _ => format!("`{name}({})`", shown(&overload.parameters)),
        })
        .collect();
    forms.sort();
    forms.dedup();
    let mut optionals = given.iter().filter(|ty| matches!(ty, Type::Optional(_)));
    if let Some(optional) = optionals.next() {
        found = found.help(in_its_place(optional));
    }
    if name == "contains" && matches!(given.first(), Some(Type::List(_))) {
        found = found.help("write `x in …` to look among the values of a list");
    }
    if name == "sort" && given.first() == Some(&Type::list(Type::Double)) {
        found = found.help(NO_ORDER);
    }
    let more = forms.len().saturating_sub(5);
    forms.truncate(5);
    let tail = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    found.help(format!("it is called as {}{tail}", forms.join(", ")))
}

pub(super) fn macro_use(span: Span, message: String, form: &str) -> ExpressionProblem {
    problem(&codes::MACRO, span, message).help(format!("write `{form}`"))
}

/// A value that `coalesce` always takes, though others stand after it.
pub(super) fn always_there(span: Span, ty: &str) -> ExpressionProblem {
    problem(
        &codes::MACRO,
        span,
        format!("`{ty}` is always there, so nothing after it in `coalesce` counts"),
    )
    .help("write `a.?b` for a field that may be absent, and a plain value last")
}

pub(super) fn no_day(span: Span) -> ExpressionProblem {
    problem(&codes::CONSTANT, span, "the text is no day of the calendar")
        .help("write year, month and day, as in `date(\"2026-08-31\")`")
}

pub(super) fn no_pattern(span: Span) -> ExpressionProblem {
    problem(&codes::CONSTANT, span, "the regular expression is not valid").help(
        "every `(` and `[` is closed, and a sign that stands for itself has a backslash before it; `….contains(\"(\")` looks for \
         a text as it is",
    )
}

pub(super) fn too_many_patterns(span: Span, most: usize) -> ExpressionProblem {
    problem(
        &codes::CONSTANT,
        span,
        format!("an expression has too many different regular expressions (at most {most})"),
    )
    .help("join some of them by `|`, or compare with `in`, `startsWith` or `contains`")
}

/// `keep()` where no expression of the kind may keep.
pub(super) fn keep(span: Span) -> ExpressionProblem {
    problem(&codes::KEEP, span, "`keep()` is no answer here")
        .help("here a value is always needed; only attributes and the fields of a source map may stay as they are")
}

/// `keep()` inside of something else.
pub(super) fn keep_inside(span: Span) -> ExpressionProblem {
    problem(&codes::KEEP, span, "`keep()` is no answer here")
        .help("it stands as a branch of the outermost `? :`, as in `c ? keep() : value`")
}

pub(super) fn none_refused(span: Span, wanted: Option<&Type>) -> ExpressionProblem {
    problem(
        &codes::UNHANDLED_NONE,
        span,
        "`none` is no answer here, a value is needed",
    )
    .help(format!(
        "write a value, such as `{}`",
        in_place_of_none(wanted)
    ))
}

pub(super) fn unhandled_none(schema: &Schema, span: Span, ty: &Type) -> ExpressionProblem {
    let name = schema.type_name(ty);
    let inner = match ty {
        Type::Optional(inner) => Some(&**inner),
        _ => None,
    };
    problem(
        &codes::UNHANDLED_NONE,
        span,
        format!("there may be no value, found `{name}`"),
    )
    .help(format!(
        "say what stands where there is none, as in `….orValue({})`",
        in_place_of_none(inner)
    ))
}

/// What to do with an optional where a value is wanted.
pub(super) fn in_its_place(optional: &Type) -> String {
    let inner = match optional {
        Type::Optional(inner) => Some(&**inner),
        _ => None,
    };
    format!(
        "say what stands where there is no value, as in `….orValue({})`",
        in_place_of_none(inner)
    )
}

/// A value of a type as it is written.
const fn in_place_of_none(ty: Option<&Type>) -> &'static str {
    match ty {
        Some(Type::Bool) => "false",
        Some(Type::Int) => "0",
        Some(Type::Double) => "0.0",
        Some(Type::Date) => "date(\"2026-08-31\")",
        Some(Type::Days) => "days(0)",
        Some(Type::List(_)) => "[]",
        Some(Type::Map(..)) => "{}",
        None | Some(Type::Text) => "\"\"",
        Some(_) => "…",
    }
}

pub(super) fn fraction(span: Span) -> ExpressionProblem {
    problem(
        &codes::FRACTION,
        span,
        "a number with a fraction cannot be a result",
    )
    .help("write `int(…)` to leave the fraction out")
}

pub(super) fn result(
    schema: &Schema,
    span: Span,
    wanted: &Type,
    found: &Type,
) -> ExpressionProblem {
    let said = problem(
        &codes::RESULT,
        span,
        format!(
            "expected `{}`, found `{}`",
            schema.type_name(wanted),
            schema.type_name(found)
        ),
    );
    match (wanted, found) {
        (Type::Text, Type::Int | Type::Bool | Type::Date | Type::Enum(_) | Type::Nominal(_)) => {
            said.help("write `string(…)` to make a text of it")
        }
        (Type::Date, Type::Text) => said.help("write `date(…)` to read a day from it"),
        (Type::Int, Type::Text) => said.help("write `int(…)` to read a number from it"),
        (Type::Bool, Type::Text) => said.help("write `bool(…)`, or compare it, as in `… == \"J\"`"),
        (Type::Bool, found) => {
            let advice = condition(schema, 0..0, found).help;
            advice.into_iter().fold(said, ExpressionProblem::help)
        }
        (Type::List(element), found) if **element == *found => {
            said.help("write `[…]` to make a list of it")
        }
        (wanted, Type::List(element)) if **element == *wanted => {
            let one = format!(
                "write `….first().orValue({})` for one of them",
                in_place_of_none(Some(wanted))
            );
            if *wanted == Type::Text {
                said.help(format!(
                    "{one}, or `….join(\", \")` for all of them in one text"
                ))
            } else {
                said.help(one)
            }
        }
        (wanted, Type::Record(record)) => match schema.field_of(*record, wanted) {
            Some(field) => said.help(format!("write a field of it, as in `….{}`", field.name)),
            None => said,
        },
        _ => said,
    }
}

pub(super) fn too_deep_type(span: Span, most: usize) -> ExpressionProblem {
    problem(
        &codes::LIMIT,
        span,
        format!("the type is nested too deeply (at most {most})"),
    )
    .help("write `….flatten()`, or do with fewer lists in lists")
}

/// A program that could take more steps than are allowed.
pub(crate) fn too_costly(span: Range<usize>, steps: u64, limits: &Limits) -> ExpressionProblem {
    let allowed = limits.evaluation_steps;
    ExpressionProblem::new(
        &codes::COSTLY,
        span,
        format!("expression may take {steps} steps (at most {allowed})"),
    )
    .help(format!(
        "it is counted with lists of {} values and texts of {} bytes; shorten what it goes through, as in `….take(20)`, or \
         avoid a macro in a macro",
        limits.read_list, limits.read_text
    ))
}
