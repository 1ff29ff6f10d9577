//! The language's own functions, as the schema keeps them: read from the one table that checker, machine and docs share.

use alloc::vec::Vec;
use core::str::SplitWhitespace;

use crate::language::class::Class;
use crate::language::function::table::TABLE;
use crate::language::schema::Overload;
use crate::language::types::NAMED;
use crate::language::types::Type;

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
    SumDoubles,
    SumDays,
    Flatten,
    Slice,
    Some,
    SomeNonZero,
    None,
    HasValue,
    HeldValue,
}

impl Builtin {
    /// Whether it hands on what it was given, which is no larger for it: nothing is built.
    pub(crate) const fn hands_on(self) -> bool {
        matches!(
            self,
            Self::First | Self::Last | Self::Some | Self::SomeNonZero | Self::HeldValue
        )
    }
}

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

fn next_type(words: &mut SplitWhitespace<'_>) -> Type {
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
