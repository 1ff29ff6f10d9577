//! The words of what CEL has and the profile leaves out: one message for each, which says what to write instead.

use alloc::format;

use crate::diagnostic::Code;
use crate::language::check::messages::Span;
use crate::language::check::messages::problem;
use crate::language::codes;
use crate::language::problem::ExpressionProblem;

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
        "type" => (&codes::TYPE_VALUE, TYPES, TYPES_HELP),
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
    problem(&codes::TYPE_VALUE, span, TYPES).help(TYPES_HELP)
}

const TYPES: &str = "types are not values here";
const TYPES_HELP: &str =
    "leave the test out: every value has one type, which is checked before a rule runs";
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
