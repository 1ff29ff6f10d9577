//! The language's own functions: one table for checker, machine and docs.
//!
//! Functions of CEL keep its names, ours are written with `_`. What is a macro or is evaluated lazily stands in the
//! checker. A signature reads as in the rules' words; `A`, `B` are any type, `named` is an enum or a reference.

use alloc::vec::Vec;

use super::class::Class;
use super::schema::Overload;
use super::schema::Style;
use super::types::NAMED;
use super::types::Type;

/// Which of the language's own functions a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    CharAt,
    IndexOf,
    LastIndexOf,
    LowerAscii,
    UpperAscii,
    Replace,
    Reverse,
    Split,
    Substring,
    Trim,
    TrimStart,
    TrimEnd,
    Join,
    Quote,
    Fold,
    Lower,
    Upper,
    TitleCase,
    Take,
    TakeLast,
    Initial,
    Words,
    PadLeft,
    PadRight,
    ToText,
    ToInt,
    ToDouble,
    ToBool,
    ToDate,
    ToDays,
    AddDays,
    AddMonths,
    DaysBetween,
    Within,
    Year,
    Month,
    Day,
    SchoolYear,
    First,
    Last,
    Distinct,
    Sort,
    Sum,
    Flatten,
    Slice,
    Some,
    SomeNonZero,
    None,
    HasValue,
    HeldValue,
    Coalesce,
}

type Row = (&'static str, Style, &'static str, Builtin, &'static str);

use Style::Both;
use Style::Global;
use Style::Receiver;

/// Name, style, signature, what runs, what it gives.
const TABLE: &[Row] = &[
    (
        "size",
        Both,
        "text -> int",
        Builtin::Size,
        "how many characters a text has",
    ),
    (
        "size",
        Both,
        "list A -> int",
        Builtin::Size,
        "how many values a list has",
    ),
    (
        "size",
        Both,
        "map A B -> int",
        Builtin::Size,
        "how many entries a map has",
    ),
    (
        "contains",
        Receiver,
        "text, text -> bool",
        Builtin::Contains,
        "whether a text stands in another",
    ),
    (
        "startsWith",
        Receiver,
        "text, text -> bool",
        Builtin::StartsWith,
        "whether a text begins with another",
    ),
    (
        "endsWith",
        Receiver,
        "text, text -> bool",
        Builtin::EndsWith,
        "whether a text ends with another",
    ),
    (
        "matches",
        Both,
        "text, text -> bool",
        Builtin::Matches,
        "whether a regular expression is found in a text",
    ),
    (
        "charAt",
        Receiver,
        "text, int -> text",
        Builtin::CharAt,
        "the character at a position, from 0",
    ),
    (
        "indexOf",
        Receiver,
        "text, text -> int",
        Builtin::IndexOf,
        "where a text first stands in another, or -1",
    ),
    (
        "indexOf",
        Receiver,
        "text, text, int -> int",
        Builtin::IndexOf,
        "the same, from a position on",
    ),
    (
        "lastIndexOf",
        Receiver,
        "text, text -> int",
        Builtin::LastIndexOf,
        "where a text last stands in another, or -1",
    ),
    (
        "lastIndexOf",
        Receiver,
        "text, text, int -> int",
        Builtin::LastIndexOf,
        "the same, up to a position",
    ),
    (
        "lowerAscii",
        Receiver,
        "text -> text",
        Builtin::LowerAscii,
        "with `A` to `Z` in lower case, other letters as they are",
    ),
    (
        "upperAscii",
        Receiver,
        "text -> text",
        Builtin::UpperAscii,
        "with `a` to `z` in upper case, other letters as they are",
    ),
    (
        "replace",
        Receiver,
        "text, text, text -> text",
        Builtin::Replace,
        "with one text in the place of another",
    ),
    (
        "replace",
        Receiver,
        "text, text, text, int -> text",
        Builtin::Replace,
        "the same, so many times at most",
    ),
    (
        "reverse",
        Receiver,
        "text -> text",
        Builtin::Reverse,
        "with its characters in reverse order",
    ),
    (
        "reverse",
        Receiver,
        "list A -> list A",
        Builtin::Reverse,
        "with its values in reverse order",
    ),
    (
        "split",
        Receiver,
        "text, text -> list text",
        Builtin::Split,
        "the parts between a separator",
    ),
    (
        "split",
        Receiver,
        "text, text, int -> list text",
        Builtin::Split,
        "the same, so many parts at most",
    ),
    (
        "substring",
        Receiver,
        "text, int -> text",
        Builtin::Substring,
        "from a position on",
    ),
    (
        "substring",
        Receiver,
        "text, int, int -> text",
        Builtin::Substring,
        "from a position on, before another",
    ),
    (
        "trim",
        Receiver,
        "text -> text",
        Builtin::Trim,
        "without white space at both ends",
    ),
    (
        "trim_start",
        Both,
        "text -> text",
        Builtin::TrimStart,
        "without white space at the start",
    ),
    (
        "trim_end",
        Both,
        "text -> text",
        Builtin::TrimEnd,
        "without white space at the end",
    ),
    (
        "join",
        Receiver,
        "list text -> text",
        Builtin::Join,
        "all texts of a list in one",
    ),
    (
        "join",
        Receiver,
        "list text, text -> text",
        Builtin::Join,
        "the same, with a separator",
    ),
    (
        "strings.quote",
        Global,
        "text -> text",
        Builtin::Quote,
        "as a literal in double quotes",
    ),
    (
        "fold",
        Both,
        "text -> text",
        Builtin::Fold,
        "as what logins and addresses may hold: `a` to `z`, digits, `.` and `-`",
    ),
    (
        "lower",
        Both,
        "text -> text",
        Builtin::Lower,
        "in lower case",
    ),
    (
        "upper",
        Both,
        "text -> text",
        Builtin::Upper,
        "in upper case",
    ),
    (
        "title_case",
        Both,
        "text -> text",
        Builtin::TitleCase,
        "each word with its first letter in upper case, the others in lower case; a hyphen begins a word",
    ),
    (
        "take",
        Both,
        "text, int -> text",
        Builtin::Take,
        "the first so many characters, fewer if there are fewer",
    ),
    (
        "take",
        Both,
        "list A, int -> list A",
        Builtin::Take,
        "the first so many values, fewer if there are fewer",
    ),
    (
        "take_last",
        Both,
        "text, int -> text",
        Builtin::TakeLast,
        "the last so many characters, fewer if there are fewer",
    ),
    (
        "take_last",
        Both,
        "list A, int -> list A",
        Builtin::TakeLast,
        "the last so many values, fewer if there are fewer",
    ),
    (
        "initial",
        Both,
        "text -> text",
        Builtin::Initial,
        "the first letter, in upper case; empty for a text without letters",
    ),
    (
        "words",
        Both,
        "text -> list text",
        Builtin::Words,
        "the parts between white space",
    ),
    (
        "pad_left",
        Both,
        "text, int, text -> text",
        Builtin::PadLeft,
        "made so long with a character at the start",
    ),
    (
        "pad_right",
        Both,
        "text, int, text -> text",
        Builtin::PadRight,
        "made so long with a character at the end",
    ),
    (
        "string",
        Global,
        "text -> text",
        Builtin::ToText,
        "the text itself",
    ),
    (
        "string",
        Global,
        "int -> text",
        Builtin::ToText,
        "a number in digits",
    ),
    (
        "string",
        Global,
        "bool -> text",
        Builtin::ToText,
        "`true` or `false`",
    ),
    (
        "string",
        Global,
        "double -> text",
        Builtin::ToText,
        "a number in digits",
    ),
    (
        "string",
        Global,
        "date -> text",
        Builtin::ToText,
        "a day as `2026-08-31`",
    ),
    (
        "string",
        Global,
        "named -> text",
        Builtin::ToText,
        "the text of a value of an enum, or of a reference",
    ),
    (
        "int",
        Global,
        "int -> int",
        Builtin::ToInt,
        "the number itself",
    ),
    (
        "int",
        Global,
        "text -> int",
        Builtin::ToInt,
        "the number that a text of digits says",
    ),
    (
        "int",
        Global,
        "double -> int",
        Builtin::ToInt,
        "a number without its fraction",
    ),
    (
        "int",
        Global,
        "days -> int",
        Builtin::ToInt,
        "how many days",
    ),
    (
        "double",
        Global,
        "double -> double",
        Builtin::ToDouble,
        "the number itself",
    ),
    (
        "double",
        Global,
        "int -> double",
        Builtin::ToDouble,
        "the number as one with a fraction",
    ),
    (
        "double",
        Global,
        "text -> double",
        Builtin::ToDouble,
        "the number that a text says",
    ),
    (
        "bool",
        Global,
        "bool -> bool",
        Builtin::ToBool,
        "the truth value itself",
    ),
    (
        "bool",
        Global,
        "text -> bool",
        Builtin::ToBool,
        "the truth value that a text says",
    ),
    (
        "date",
        Global,
        "text -> date",
        Builtin::ToDate,
        "the day that a text such as `2026-08-31` or `20260831` says",
    ),
    (
        "date",
        Global,
        "date -> date",
        Builtin::ToDate,
        "the day itself",
    ),
    (
        "days",
        Global,
        "int -> days",
        Builtin::ToDays,
        "so many days, to add to a day or take from it",
    ),
    (
        "add_days",
        Both,
        "date, int -> date",
        Builtin::AddDays,
        "a day so many days later",
    ),
    (
        "add_months",
        Both,
        "date, int -> date",
        Builtin::AddMonths,
        "a day so many months later; the last of the month where it has no such day",
    ),
    (
        "days_between",
        Both,
        "date, date -> int",
        Builtin::DaysBetween,
        "the days from the first to the second",
    ),
    (
        "days_between",
        Both,
        "today, date -> int",
        Builtin::DaysBetween,
        "the days from today to a day",
    ),
    (
        "days_between",
        Both,
        "date, today -> int",
        Builtin::DaysBetween,
        "the days from a day to today",
    ),
    (
        "within",
        Both,
        "date, date, date -> bool",
        Builtin::Within,
        "whether a day lies between two days, both included; one that is `none` is open",
    ),
    (
        "within",
        Both,
        "date, date, optional date -> bool",
        Builtin::Within,
        "whether a day lies between two days, both included; one that is `none` is open",
    ),
    (
        "within",
        Both,
        "date, optional date, date -> bool",
        Builtin::Within,
        "whether a day lies between two days, both included; one that is `none` is open",
    ),
    (
        "within",
        Both,
        "date, optional date, optional date -> bool",
        Builtin::Within,
        "whether a day lies between two days, both included; one that is `none` is open",
    ),
    (
        "within",
        Both,
        "today, date, date -> bool",
        Builtin::Within,
        "whether today lies between two days, both included; one that is `none` is open",
    ),
    (
        "within",
        Both,
        "today, date, optional date -> bool",
        Builtin::Within,
        "whether today lies between two days, both included; one that is `none` is open",
    ),
    (
        "within",
        Both,
        "today, optional date, date -> bool",
        Builtin::Within,
        "whether today lies between two days, both included; one that is `none` is open",
    ),
    (
        "within",
        Both,
        "today, optional date, optional date -> bool",
        Builtin::Within,
        "whether today lies between two days, both included; one that is `none` is open",
    ),
    (
        "year",
        Both,
        "date -> int",
        Builtin::Year,
        "the year of a day",
    ),
    ("year", Both, "today -> int", Builtin::Year, "this year"),
    (
        "month",
        Both,
        "date -> int",
        Builtin::Month,
        "the month of a day, from 1",
    ),
    (
        "day",
        Both,
        "date -> int",
        Builtin::Day,
        "the day of its month, from 1",
    ),
    (
        "school_year",
        Both,
        "date -> int",
        Builtin::SchoolYear,
        "the year in which the school year of a day began; it turns on 1 July",
    ),
    (
        "school_year",
        Both,
        "today -> int",
        Builtin::SchoolYear,
        "the year in which this school year began; it turns on 1 July",
    ),
    (
        "first",
        Both,
        "list A -> optional A",
        Builtin::First,
        "the first value, or none",
    ),
    (
        "last",
        Both,
        "list A -> optional A",
        Builtin::Last,
        "the last value, or none",
    ),
    (
        "distinct",
        Both,
        "list A -> list A",
        Builtin::Distinct,
        "each value once, where it first stands",
    ),
    (
        "sort",
        Both,
        "list int -> list int",
        Builtin::Sort,
        "in ascending order",
    ),
    (
        "sort",
        Both,
        "list text -> list text",
        Builtin::Sort,
        "in the order of their characters",
    ),
    (
        "sort",
        Both,
        "list date -> list date",
        Builtin::Sort,
        "in the order of time",
    ),
    (
        "sort",
        Both,
        "list double -> list double",
        Builtin::Sort,
        "in ascending order",
    ),
    (
        "sum",
        Both,
        "list int -> int",
        Builtin::Sum,
        "all numbers together",
    ),
    (
        "flatten",
        Both,
        "list list A -> list A",
        Builtin::Flatten,
        "the values of all lists in one",
    ),
    (
        "slice",
        Receiver,
        "list A, int, int -> list A",
        Builtin::Slice,
        "the values from a position on, before another",
    ),
    (
        "optional.of",
        Global,
        "A -> optional A",
        Builtin::Some,
        "an optional that holds the value",
    ),
    (
        "optional.ofNonZeroValue",
        Global,
        "A -> optional A",
        Builtin::SomeNonZero,
        "the same, but none for what is empty, zero or false",
    ),
    (
        "optional.none",
        Global,
        "-> optional never",
        Builtin::None,
        "an optional that holds none",
    ),
    (
        "hasValue",
        Receiver,
        "optional A -> bool",
        Builtin::HasValue,
        "whether an optional holds a value",
    ),
    (
        "value",
        Receiver,
        "optional A -> A",
        Builtin::HeldValue,
        "the value that an optional holds; an error in the data where it holds none",
    ),
    (
        "coalesce",
        Global,
        "optional A, optional A -> optional A",
        Builtin::Coalesce,
        "the first that holds a value",
    ),
    (
        "coalesce",
        Global,
        "optional A, optional A, optional A -> optional A",
        Builtin::Coalesce,
        "the first that holds a value",
    ),
];

/// The rows of the table as the schema keeps them.
pub(crate) fn own_functions() -> Vec<Overload> {
    TABLE
        .iter()
        .map(|(name, style, signature, builtin, doc)| {
            let (parameters, result) = signature.split_once("->").unwrap_or(("", signature));
            Overload {
                name: (*name).into(),
                style: *style,
                parameters: parameters
                    .split(',')
                    .filter(|parameter| !parameter.trim().is_empty())
                    .map(read_type)
                    .collect(),
                result: read_type(result),
                class: Class::Open,
                cost: 0,
                narrows_today: true,
                builtin: Some(*builtin),
                doc: (*doc).into(),
            }
        })
        .collect()
}

fn read_type(written: &str) -> Type {
    next_type(&mut written.split_whitespace())
}

fn next_type<'a>(words: &mut dyn Iterator<Item = &'a str>) -> Type {
    match words.next() {
        Some("bool") => Type::Bool,
        Some("int") => Type::Int,
        Some("double") => Type::Double,
        Some("text") => Type::Text,
        Some("date") => Type::Date,
        Some("today") => Type::Today,
        Some("days") => Type::Days,
        Some("named") => Type::Parameter(NAMED),
        Some("A") => Type::Parameter(0),
        Some("B") => Type::Parameter(1),
        Some("list") => Type::list(next_type(words)),
        Some("optional") => Type::optional(next_type(words)),
        Some("map") => {
            let key = next_type(words);
            Type::map(key, next_type(words))
        }
        _ => Type::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_reads() {
        for (name, _, signature, ..) in TABLE {
            let unread = signature
                .split(|letter: char| !letter.is_alphabetic())
                .filter(|word| !word.is_empty() && *word != "never")
                .any(|word| read_type(word) == Type::Never);
            assert!(!unread, "{name}: {signature}");
        }
    }
}
