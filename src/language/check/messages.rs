//! The words of every problem that the checker reports: one function for each, so that the same fault has the same words.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Limits;
use crate::diagnostic::Code;
use crate::language::codes;
use crate::language::problem::ExpressionProblem;
use crate::language::schema::Overload;
use crate::language::schema::Schema;
use crate::language::schema::Style;
use crate::language::types::Type;

type Span = Range<usize>;

fn problem(code: &'static Code, span: Span, message: impl Into<String>) -> ExpressionProblem {
    ExpressionProblem::new(code, span, message)
}

pub(super) fn unknown_name(span: Span, name: &str, close: Option<&str>) -> ExpressionProblem {
    problem(&codes::UNKNOWN_NAME, span, format!("unknown name `{name}`")).did_you_mean(close)
}

pub(super) fn unknown_field(
    span: Span,
    field: &str,
    record: &str,
    close: Option<&str>,
) -> ExpressionProblem {
    problem(
        &codes::UNKNOWN_FIELD,
        span,
        format!("unknown field `{field}` of `{record}`"),
    )
    .did_you_mean(close)
}

pub(super) fn unknown_function(span: Span, name: &str, close: Option<&str>) -> ExpressionProblem {
    problem(
        &codes::UNKNOWN_FUNCTION,
        span,
        format!("unknown function `{name}`"),
    )
    .did_you_mean(close)
}

pub(super) fn unknown_value(
    span: Span,
    value: &str,
    name: &str,
    close: Option<&str>,
) -> ExpressionProblem {
    problem(
        &codes::UNKNOWN_VALUE,
        span,
        format!("unknown value `{value}` of `{name}`"),
    )
    .did_you_mean(close)
}

pub(super) fn no_field(span: Span, ty: &str, field: &str, function: bool) -> ExpressionProblem {
    let found = problem(
        &codes::SELECTION,
        span,
        format!("`{ty}` has no fields, so no `{field}`"),
    );
    if function {
        found.help(format!("write `.{field}(…)` to call the function"))
    } else {
        found
    }
}

pub(super) fn no_position(span: Span, ty: &str) -> ExpressionProblem {
    problem(
        &codes::SELECTION,
        span,
        format!("`{ty}` has no positions or keys"),
    )
}

pub(super) fn wrong_index(span: Span, wanted: &str, found: &str) -> ExpressionProblem {
    problem(
        &codes::SELECTION,
        span,
        format!("expected `{wanted}` between the brackets, found `{found}`"),
    )
}

/// An operator between two types that it does not take; with the advice that fits them.
pub(super) fn operator(
    schema: &Schema,
    span: Span,
    sign: &str,
    (left, left_span): (&Type, Span),
    (right, right_span): (&Type, Span),
) -> ExpressionProblem {
    let names = (schema.type_name(left), schema.type_name(right));
    let verb = match sign {
        "+" => "add",
        "-" => "subtract",
        "*" => "multiply",
        "/" | "%" => "divide",
        "in" => "look among",
        _ => "compare",
    };
    let found = problem(
        &codes::OPERATOR,
        span,
        format!("`{sign}` cannot {verb} `{}` and `{}`", names.0, names.1),
    )
    .label(left_span, format!("this is `{}`", names.0))
    .label(right_span, format!("this is `{}`", names.1));
    match operator_help(sign, left, right) {
        Some(help) => found.help(help),
        None => found,
    }
}

fn operator_help(sign: &str, left: &Type, right: &Type) -> Option<&'static str> {
    let pair = |test: fn(&Type) -> bool, other: fn(&Type) -> bool| {
        (test(left) && other(right)) || (test(right) && other(left))
    };
    let is_text = |ty: &Type| *ty == Type::Text;
    let is_day = |ty: &Type| matches!(ty, Type::Date | Type::Today);
    if pair(|ty| matches!(ty, Type::Optional(_)), |_| true) {
        return Some("say what stands where there is no value, as in `….orValue(\"\")`");
    }
    if pair(
        |ty| *ty == Type::Today,
        |ty| !matches!(ty, Type::Date | Type::Today | Type::Days),
    ) {
        return Some(TODAY_HELP);
    }
    if pair(is_day, |ty| *ty == Type::Int) && matches!(sign, "+" | "-") {
        return Some("write a number of days as `days(14)`");
    }
    if sign == "-" && is_day(left) && is_day(right) {
        return Some("write `days_between(a, b)`");
    }
    if pair(|ty| *ty == Type::Date, is_text) && sign != "+" {
        return Some("write the day as `date(\"2026-08-31\")`");
    }
    if pair(is_text, |ty| {
        matches!(
            ty,
            Type::Int | Type::Bool | Type::Double | Type::Date | Type::Enum(_) | Type::Nominal(_)
        )
    }) {
        return Some("write `string(…)` to make a text of it");
    }
    if pair(|ty| *ty == Type::Int, |ty| *ty == Type::Double) {
        return Some("write `double(…)` or `int(…)` to make them alike");
    }
    None
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

pub(super) fn condition(span: Span, ty: &str) -> ExpressionProblem {
    problem(
        &codes::CONDITION,
        span,
        format!("expected a condition, found `{ty}`"),
    )
}

pub(super) fn optional_condition(span: Span, ty: &str) -> ExpressionProblem {
    condition(span, ty).help("say what holds where there is no value, as in `….orValue(false)`")
}

pub(super) fn mixed(
    span: Span,
    what: &str,
    (first, first_span): (&str, Span),
    other: &str,
) -> ExpressionProblem {
    problem(
        &codes::MIXED,
        span,
        format!("{what} must have one type, found `{first}` and `{other}`"),
    )
    .label(first_span, format!("this is `{first}`"))
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
}

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
        format!("`{name}` cannot take `{}`", shown(given))
    };
    let mut found = problem(&codes::ARGUMENTS, span, message);
    let mut forms: Vec<String> = overloads
        .iter()
        .map(|overload| match overload.parameters.split_first() {
            Some((first, rest)) if overload.style != Style::Global => {
                format!("`{}.{name}({})`", schema.type_name(first), shown(rest))
            }
            _ => format!("`{name}({})`", shown(&overload.parameters)),
        })
        .collect();
    forms.sort();
    forms.dedup();
    if given.iter().any(|ty| matches!(ty, Type::Optional(_))) {
        found = found.help("say what stands where there is no value, as in `….orValue(\"\")`");
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

pub(super) fn constant(span: Span, message: &'static str) -> ExpressionProblem {
    problem(&codes::CONSTANT, span, message)
}

pub(super) fn keep(span: Span) -> ExpressionProblem {
    problem(&codes::KEEP, span, "`keep()` is no answer here")
}

pub(super) fn keep_inside(span: Span) -> ExpressionProblem {
    keep(span).help("it stands as a branch of the outermost `? :`, as in `c ? keep() : value`")
}

pub(super) fn none_refused(span: Span) -> ExpressionProblem {
    problem(
        &codes::UNHANDLED_NONE,
        span,
        "`none` is no answer here, a value is needed",
    )
}

pub(super) fn unhandled_none(span: Span, ty: &str) -> ExpressionProblem {
    problem(
        &codes::UNHANDLED_NONE,
        span,
        format!("there may be no value, found `{ty}`"),
    )
    .help("say what stands where there is none, as in `….orValue(\"\")`")
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
        (Type::List(_), _) => said.help("write `[…]` to make a list of it"),
        _ => said,
    }
}

/// What the profile leaves out, by the name of a function: the code, what is wrong, what to write instead.
pub(super) fn outside(span: Span, name: &str) -> Option<ExpressionProblem> {
    let (code, message, help): (&'static Code, &str, &str) = match name {
        "uint" => (&codes::UNSIGNED, UNSIGNED, "write `int(…)`"),
        "dyn" => (
            &codes::DYNAMIC,
            "every value has a type here",
            "leave `dyn` out",
        ),
        "bytes" => (&codes::BYTES, BYTES, "use text"),
        "timestamp" | "duration" => (
            &codes::MOMENT,
            MOMENT,
            "use `date(\"2026-08-31\")` and `days(14)`",
        ),
        "getFullYear" | "getMonth" | "getDate" | "getDayOfMonth" | "getDayOfWeek"
        | "getDayOfYear" | "getHours" | "getMinutes" | "getSeconds" | "getMilliseconds" => (
            &codes::MOMENT,
            MOMENT,
            "use `year(…)`, `month(…)` and `day(…)`",
        ),
        "type" => (
            &codes::TYPE_VALUE,
            "types are not values here",
            "types are checked before a rule runs",
        ),
        "ip" | "cidr" | "isIP" | "isCIDR" | "ip.isCanonical" => (
            &codes::NETWORK,
            "network addresses are text here",
            "compare the text",
        ),
        _ if name.starts_with("base64.") => (
            &codes::BYTES,
            BYTES,
            "decode in the source, encode in the target",
        ),
        _ if name.starts_with("math.") => (
            &codes::MATHEMATICS,
            "the math extension is not part of the language",
            "write `a > b ? a : b`, or ask for a function of the host",
        ),
        _ if name.starts_with("net.") => (
            &codes::NETWORK,
            "network addresses are text here",
            "compare the text",
        ),
        _ => return None,
    };
    Some(problem(code, span, message).help(help))
}

/// Whether a name is that of a type in CEL, which has types as values.
pub(super) fn is_type_name(name: &str) -> bool {
    let names = [
        "bool",
        "bytes",
        "double",
        "dyn",
        "int",
        "list",
        "map",
        "null_type",
        "string",
        "type",
        "uint",
    ];
    names.contains(&name)
}

pub(super) fn type_value(span: Span) -> ExpressionProblem {
    problem(&codes::TYPE_VALUE, span, "types are not values here")
        .help("types are checked before a rule runs")
}

const UNSIGNED: &str = "unsigned integers are not part of the language";
const BYTES: &str = "bytes are not part of the language";
const MOMENT: &str = "moments and durations are not part of the language";

pub(super) fn unsigned(span: Span, number: u64) -> ExpressionProblem {
    problem(&codes::UNSIGNED, span, UNSIGNED).help(format!("write `{number}`"))
}

pub(super) fn bytes(span: Span) -> ExpressionProblem {
    problem(&codes::BYTES, span, BYTES).help("write a text, without the `b`")
}

pub(super) fn null(span: Span) -> ExpressionProblem {
    problem(&codes::NULL, span, "there is no null")
        .help("write `none` to clear, `keep()` for no opinion, `has(…)` to test")
}

pub(super) fn message(span: Span) -> ExpressionProblem {
    problem(
        &codes::MESSAGE,
        span,
        "message values are not part of the language",
    )
    .help("write a map, as in `{\"key\": value}`")
}

pub(super) fn too_deep_type(span: Span, most: usize) -> ExpressionProblem {
    problem(
        &codes::LIMIT,
        span,
        format!("the type is nested too deeply (at most {most})"),
    )
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
