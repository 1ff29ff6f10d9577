//! Functions of other languages, by the names that people bring along: what to write instead.
//!
//! Names are looked up without regard to case. It is advice only: none of these is a second name for anything.

/// What to write instead of a function that does not exist; `docs/migration.md` has the whole list, product by product.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let help = match last.to_ascii_lowercase().as_str() {
        "len" | "length" | "count" => "write `size(…)`",
        "lcase" | "tolower" | "tolowercase" | "lowercase" => "write `….lower()`",
        "ucase" | "toupper" | "touppercase" | "uppercase" => "write `….upper()`",
        "pcase" | "propercase" | "titlecase" | "capitalize" => "write `….title_case()`",
        "left" => "write `….take(n)`",
        "right" => "write `….take_last(n)`",
        "mid" | "substr" => "write `….substring(start, end)`; positions count from 0",
        "substringbefore" | "substringafter" => {
            "write `….split(\"@\", 2)[?0].orValue(\"\")`; `1` in place of `0` for what comes after"
        }
        "concat" | "concatenate" | "append" => "write `a + b`",
        "ltrim" | "trimstart" => "write `….trim_start()`",
        "rtrim" | "trimend" => "write `….trim_end()`",
        "stripspaces" | "removespaces" => "write `….replace(\" \", \"\")`",
        "leftpad" | "padleft" | "padstart" => "write `….pad_left(n, \"0\")`",
        "rightpad" | "padright" | "padend" => "write `….pad_right(n, \" \")`",
        "instr" => "write `….indexOf(x)`, which counts from 0 and gives -1 where there is none",
        "replacestring" | "replaceall" => "write `….replace(old, new)`",
        "normalizediacritics" | "normalizestring" | "replacechars" | "unaccent" => {
            "write `fold(…)`"
        }
        "word" => "write `….words()[?n].orValue(\"\")`",
        "match" | "regexmatch" => "write `….matches(\"^…$\")`",
        "iif" => "write `c ? a : b`",
        "switch" | "stringswitch" => "write `{\"A\": \"x\"}[?key].orValue(\"y\")`, or a table",
        "ifnull" | "nvl" => "write `a.?b.orValue(…)`",
        "isnull" | "isempty" | "isnullorempty" | "isblank" => {
            "write `!has(a.b)`, or `a.?b.orValue(\"\") == \"\"`"
        }
        "ispresent" | "isnotnull" | "exist" => "write `has(a.b)`",
        "now" | "today" | "datetimenow" => "write `as_of`, the day of the run",
        "dateadd" | "datetimeadd" => "write `….add_days(n)` or `….add_months(n)`",
        "datediff" => "write `days_between(a, b)`",
        "formatdatetime" | "datetimeformat" => "write `string(…)`, or `year`, `month` and `day`",
        "cstr" | "tostring" | "str" => "write `string(…)`",
        "cnum" | "tonum" | "toint" | "parseint" => "write `int(…)`",
        "cbool" | "tobool" => "write `bool(…)`",
        "cdate" | "todate" | "parsedate" | "datetimefromstring" => "write `date(…)`",
        "select" => "write `….map(x, …)`",
        "where" => "write `….filter(x, …)`",
        "any" | "some" => "write `….exists(x, …)`",
        "every" => "write `….all(x, …)`",
        "bind" => "write `cel.bind(x, a, …)`",
        "find" => "write `….filter(x, …).first()`",
        "flatmap" => "write `….map(x, …).flatten()`",
        "reduce" => "write `….sum()` or `….join(\", \")`",
        "sortby" | "orderby" => "write `….sort_by(x, …)`",
        "removeduplicates" | "unique" => "write `….distinct()`",
        "sortlist" | "sorted" => "write `….sort()` or `….sort_by(x, …)`",
        "random" | "randomnum" | "randomstring" | "guid" | "newguid" | "uuid" => {
            "a plan comes out the same twice, so nothing here is random: leave it to the host"
        }
        "selectuniquevalue" | "generateuniquevalue" => {
            "write a name of the account, which is unique by itself"
        }
        _ => return None,
    };
    Some(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::is_own_function;

    #[test]
    fn names_that_people_bring_along_get_advice() {
        for (name, expected) in [
            ("LENGTH", "write `size(…)`"),
            ("String.toUpperCase", "write `….upper()`"),
            ("IIF", "write `c ? a : b`"),
        ] {
            assert_eq!(instead_of(name), Some(expected), "{name}");
        }
        for name in ["size", "take", "fold", "exists", "replace"] {
            assert!(
                is_own_function(name) && instead_of(name).is_none(),
                "{name}"
            );
        }
    }
}
