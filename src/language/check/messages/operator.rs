//! The words of an operator that does not take its sides, and what to write in its place.

use alloc::borrow::Cow;
use alloc::format;

use super::Span;
use super::TODAY_HELP;
use super::in_its_place;
use super::problem;
use crate::language::codes;
use crate::language::problem::ExpressionProblem;
use crate::language::schema::Schema;
use crate::language::types::Type;

/// An operator between two types that it does not take; with the advice that fits them.
pub(in crate::language::check) fn operator(
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

fn operator_help(sign: &str, left: &Type, right: &Type) -> Option<Cow<'static, str>> {
    let optional = [left, right]
        .into_iter()
        .find(|ty| matches!(ty, Type::Optional(_)));
    if let Some(optional) = optional {
        return Some(in_its_place(optional).into());
    }
    if sign == "in" {
        return match right {
            Type::List(element) => operator_help("==", left, element),
            Type::Map(key, _) => operator_help("==", left, key),
            Type::Text => Some(Cow::Borrowed(
                "write `in [\"…\"]` for one of several texts, `….contains(…)` for a part of a text",
            )),
            _ => None,
        };
    }
    help_of_values(sign, left, right).map(Cow::Borrowed)
}

/// The advice for two values that are there.
fn help_of_values(sign: &str, left: &Type, right: &Type) -> Option<&'static str> {
    let pair = |test: fn(&Type) -> bool, other: fn(&Type) -> bool| {
        (test(left) && other(right)) || (test(right) && other(left))
    };
    let is_text = |ty: &Type| *ty == Type::Text;
    let is_day = |ty: &Type| matches!(ty, Type::Date | Type::Today);
    if sign == "%" && *left == Type::Double && *right == Type::Double {
        return Some("`%` takes whole numbers, as `int(…)` makes them");
    }
    if is_day(left) && is_text(right) && matches!(sign, "+" | "-") {
        return Some(if *left == Type::Date && sign == "+" {
            "write a number of days as `days(14)`, or `string(…)` to make a text of the day"
        } else {
            "write a number of days as `days(14)`"
        });
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
    if *left == Type::Days && is_day(right) && sign == "+" {
        return Some("write the day first, as in `… + days(14)`");
    }
    if pair(|ty| *ty == Type::Days, |ty| *ty == Type::Int) {
        return Some("write a number of days as `days(14)`");
    }
    if let Some(help) = help_of_lists(sign, left, right) {
        return Some(help);
    }
    if sign != "+" && pair(is_text, |ty| matches!(ty, Type::Int | Type::Double)) {
        return Some("write the number without quotes, or `int(…)` to read one from a text");
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

/// The advice for a list and one of its values.
fn help_of_lists(sign: &str, left: &Type, right: &Type) -> Option<&'static str> {
    let is_of =
        |list: &Type, value: &Type| matches!(list, Type::List(element) if **element == *value);
    if !is_of(left, right) && !is_of(right, left) {
        return None;
    }
    match sign {
        "+" => Some("write `[…]` around the value to put it into the list"),
        "==" => Some("write `x in …` to look among the values of a list"),
        "!=" => Some("write `!(x in …)` to look among the values of a list"),
        _ => None,
    }
}
