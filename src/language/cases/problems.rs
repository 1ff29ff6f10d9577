//! What is said of bad expressions.

use super::*;

fn problems(text: &str, expected: &Expected) -> Vec<String> {
    let world = world();
    let limits = Limits::default();
    match compile(text, &world.schema, &world.environment, expected, &limits) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|problem| {
                let written = text.get(problem.span.clone()).unwrap();
                format!(
                    "{} `{written}` {} | {}",
                    problem.code.id,
                    problem.message,
                    problem.help.join(" | ")
                )
            })
            .collect(),
    }
}

/// Holds what is said of each expression.
fn said(table: &[(&str, &[&str])]) {
    let any = Expected::any();
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let given = problems(text, &any);
        if given != *expected {
            wrong.push(format!("{text}\n  {}", given.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What people bring along from other languages and from other libraries of CEL.
#[test]
#[rustfmt::skip]
fn habits_from_elsewhere_get_advice() {
    said(&[
        ("1 === 1", &["L104 `===` `===` is no operator | write `==` to compare"]),
        ("1 !== 2", &["L104 `!==` `!==` is no operator | write `!=` to compare"]),
        ("1 <> 2", &["L104 `<>` `<>` is no operator | write `!=` to compare"]),
        ("1 =< 2", &["L104 `=<` `=<` is no operator | write `<=` to compare"]),
        ("1 => 2", &["L104 `=>` `=>` is no operator | write `>=` to compare"]),
        ("person.?given_name ?? 'x'", &["L104 `??` `??` is no operator | write `a.?b.orValue(c)` for what stands where there is none", "L131 `??` `==` cannot compare `optional text` and `text` | say what stands where there is no value, as in `….orValue(\"\")`"]),
        ("true ?.person", &["L101 `` expected `:`, found the end | write `.?` before a field that may be absent, as in `a.?b`"]),
        ("1_000 + 1", &["L102 `1_000` `1_000` is no number | numbers are written as `1000`, `0.5`, `1e3` or `0xff`"]),
        ("0X1F", &["L102 `0X1F` `0X1F` is no number | numbers are written as `1000`, `0.5`, `1e3` or `0xff`"]),
        ("1.5f", &["L102 `1.5f` `1.5f` is no number | numbers are written as `1000`, `0.5`, `1e3` or `0xff`"]),
        ("1e", &["L102 `1e` `1e` is no number | numbers are written as `1000`, `0.5`, `1e3` or `0xff`"]),
        ("1L > 2", &["L102 `1L` `1L` is no number | numbers are written as `1000`, `0.5`, `1e3` or `0xff`"]),
        ("true and false", &["L101 `and` expected the end, found `and` | write `&&` for and"]),
        ("true OR true", &["L101 `OR` expected the end, found `OR` | write `||` for or"]),
        ("1 not in [1]", &["L101 `not` expected the end, found `not` | write `!(a in b)`, or `!` before what must not hold"]),
        ("# c", &["L104 `#` `#` has no meaning here | a comment begins with `//` and ends with its line", "L121 `c` unknown name `c` | did you mean `x`?"]),
        ("`x`", &["L101 ``x`` expected a value, found `x` | a name in backticks stands after a dot only"]),
        ("[1].map(`x`, `x`)", &["L101 ``x`` expected a value, found `x` | a name in backticks stands after a dot only", "L101 ``x`` expected a value, found `x` | a name in backticks stands after a dot only"]),
        ("True", &["L121 `True` unknown name `True` | write `true`"]),
        ("NULL", &["L121 `NULL` unknown name `NULL` | write `none` to clear, `keep()` for no opinion, `has(…)` to test"]),
        ("not true", &["L121 `not` unknown name `not` | write `!` before what must not hold", "L101 `true` expected the end, found `true` | "]),
        ("nil", &["L121 `nil` unknown name `nil` | write `none` to clear, `keep()` for no opinion, `has(…)` to test"]),
        ("[1].exist(n, n > 0)", &["L123 `exist` unknown function `exist` | did you mean `exists`?"]),
        ("[1].mapp(n, n + 1)", &["L123 `mapp` unknown function `mapp` | did you mean `map`?"]),
        ("[1].where(n, n > 0)", &["L123 `where` unknown function `where` | write `….filter(x, …)`"]),
        ("[1].find(n, n > 0)", &["L123 `find` unknown function `find` | write `….filter(x, …).first()`"]),
        ("[1].flatMap(n, n)", &["L123 `flatMap` unknown function `flatMap` | write `….map(x, …).flatten()`"]),
        ("[1].reduce(n, n)", &["L123 `reduce` unknown function `reduce` | write `….sum()` or `….join(\", \")`"]),
        ("[1].sortBy(n, n)", &["L123 `sortBy` unknown function `sortBy` | did you mean `sort_by`?"]),
        ("optional.unwrap([1])", &["L123 `unwrap` unknown function `optional.unwrap` | did you mean `optional.none`?"]),
        ("Optional.of(1)", &["L123 `of` unknown function `Optional.of` | did you mean `optional.of`?"]),
        ("sets.contains([1], [1])", &["L123 `contains` unknown function `sets.contains` | this library of CEL is not part of the language"]),
        ("lists.range(3)", &["L123 `range` unknown function `lists.range` | this library of CEL is not part of the language"]),
        ("optional.of", &["L121 `optional` unknown name `optional` | it begins names of functions: `optional.none`, `optional.of` and `optional.ofNonZeroValue`"]),
        ("strings", &["L121 `strings` unknown name `strings` | it begins names of functions: `strings.quote`"]),
        ("sets", &["L121 `sets` unknown name `sets` | it is a library of CEL that is not part of the language"]),
        ("regex.extract('a', 'b')", &["L123 `extract` unknown function `regex.extract` | this library of CEL is not part of the language"]),
        ("'%s'.format()", &["L136 `format` `format` is not called like this | write `\"…%s…\".format([a])`"]),
        ("format('%s', [1])", &["L136 `format` `format` is not called like this | write `\"…%s…\".format([a])`"]),
        ("exists(x)", &["L136 `exists` `exists` is not called like this | write `….exists(x, …)`"]),
        ("bind(x, 1, x)", &["L123 `bind` unknown function `bind` | write `cel.bind(x, a, …)`"]),
        ("optMap(x, x, x)", &["L136 `optMap` `optMap` is not called like this | write `….optMap(x, …)`"]),
        ("{1: 2}.a", &["L135 `a` `map from int to int` has no fields, so no `a` | write the key in brackets, as in `m[1]`; only a map whose keys are texts has fields"]),
        ("{1: 2}['a']", &["L135 `'a'` expected `int` between the brackets, found `text` | write a key of the type that the map has"]),
        ("[1][1.5]", &["L135 `1.5` expected `int` between the brackets, found `double` | write `int(…)` to leave the fraction out"]),
        ("optional.of(1).or(1)", &["L141 `1` expected `optional int`, found `int` | write `….orValue(…)` where a value stands in its place"]),
        ("optional.of(1).orValue(optional.of(1))", &["L141 `optional.of(1)` expected `int`, found `optional int` | write `….or(…)` where another optional stands in its place"]),
        ("[none, optional.of(1), optional.of('a')]", &["L133 `optional.of('a')` the values of a list must have one type, found `optional int` and `optional text` | write `string(…)` to make a text of the other"]),
        ("optional.of(1) > 1", &["L131 `>` `>` cannot compare `optional int` and `int` | say what stands where there is no value, as in `….orValue(0)`"]),
        ("size(optional.of([1]))", &["L132 `size` there is no `size(optional list of int)` | say what stands where there is no value, as in `….orValue([])` | it is called as `list of anything.size()`, `map from anything to anything.size()`, `text.size()`"]),
        ("1 in optional.of([1])", &["L131 `in` `in` cannot look among `int` and `optional list of int` | say what stands where there is no value, as in `….orValue([])`"]),
        ("size(optional.of('a'))", &["L132 `size` there is no `size(optional text)` | say what stands where there is no value, as in `….orValue(\"\")` | it is called as `list of anything.size()`, `map from anything to anything.size()`, `text.size()`"]),
        ("x > '18'", &["L131 `>` `>` cannot compare `int` and `text` | write the number without quotes, or `int(…)` to read one from a text"]),
        ("x * '2'", &["L131 `*` `*` cannot multiply `int` and `text` | write the number without quotes, or `int(…)` to read one from a text"]),
        ("x + '2'", &["L131 `+` `+` cannot add `int` and `text` | write `string(…)` to make a text of it"]),
        ("x == '18'", &["L131 `==` `==` cannot compare `int` and `text` | write the number without quotes, or `int(…)` to read one from a text"]),
        ("days(1) + date('2026-01-01')", &["L131 `+` `+` cannot add `days` and `date` | write the day first, as in `… + days(14)`"]),
        ("days(3) > 2", &["L131 `>` `>` cannot compare `days` and `int` | write a number of days as `days(14)`"]),
        ("[1] + 2", &["L131 `+` `+` cannot add `list of int` and `int` | write `[…]` around the value to put it into the list"]),
        ("2 == [1]", &["L131 `==` `==` cannot compare `int` and `list of int` | write `x in …` to look among the values of a list"]),
        ("2 != [1]", &["L131 `!=` `!=` cannot compare `int` and `list of int` | write `!(x in …)` to look among the values of a list"]),
        ("[1].contains(1)", &["L132 `contains` there is no `list of int.contains(int)` | write `x in …` to look among the values of a list | it is called as `text.contains(text)`"]),
        ("'a'.matches('\\d')", &["L102 `\\` an escape that does not exist | a backslash is written `\\\\`, a new line `\\n`, a quotation mark `\\\"`; in `r\"…\"` a backslash stands for itself"]),
        (".has({'a': 1}.a)", &["L136 `has` `has` is not called like this | write `has(a.b)`"]),
        (".cel.bind(n, 1, n)", &["L136 `bind` `cel.bind` is not called like this | write `cel.bind(x, a, …)`"]),
        ("1 // c\r+ 'a'", &["L131 `+` `+` cannot add `int` and `text` | write `string(…)` to make a text of it"]),
    ]);
}

#[test]
#[rustfmt::skip]
fn bad_expressions_get_messages_that_teach() {
    let table: &[(&str, &[&str])] = &[
        (
            "emplyment.unit",
            &["L121 `emplyment` unknown name `emplyment` | did you mean `employment`?"],
        ),
        (
            "employment.unt.name",
            &["L122 `unt` unknown field `unt` of `employment` | did you mean `unit`?"],
        ),
        (
            "tkae('a', 1)",
            &["L123 `tkae` unknown function `tkae` | did you mean `take`?"],
        ),
        (
            "employment.form == hourli",
            &["L124 `hourli` unknown value `hourli` of `form` | did you mean `hourly`?"],
        ),
        (
            "employment.form in ['hourly', 'x']",
            &["L124 `'x'` unknown value `x` of `form` | `form` is one of `hourly`, `permanent` and `substitute`"],
        ),
        (
            "1 + 'a'",
            &["L131 `+` `+` cannot add `int` and `text` | write `string(…)` to make a text of it"],
        ),
        (
            "1 == 1.0",
            &[
                "L131 `==` `==` cannot compare `int` and `double` | write `double(…)` or `int(…)` to make them alike",
            ],
        ),
        (
            "employment.end == '2026-08-31'",
            &[
                "L131 `==` `==` cannot compare `date` and `text` | write the day as `date(\"2026-08-31\")`",
            ],
        ),
        (
            "employment.end + 14",
            &["L131 `+` `+` cannot add `date` and `int` | write a number of days as `days(14)`"],
        ),
        (
            "primary.unit.code == 'a'",
            &[
                "L131 `==` `==` cannot compare `optional text` and `text` | say what stands where there is no value, as in `….orValue(\"\")`",
            ],
        ),
        (
            "string(as_of)",
            &[
                "L137 `string` `string` cannot take the day of the run | compare it with a date, or use `within`, `year`, `school_year` or `days_between`",
            ],
        ),
        (
            "[as_of]",
            &[
                "L137 `as_of` the values of a list cannot take the day of the run | compare it with a date, or use `within`, `year`, `school_year` or `days_between`",
            ],
        ),
        (
            "as_of",
            &[
                "L137 `as_of` a result cannot take the day of the run | compare it with a date, or use `within`, `year`, `school_year` or `days_between`",
            ],
        ),
        (
            "optional.of(as_of)",
            &[
                "L137 `of` `optional.of` cannot take the day of the run | compare it with a date, or use `within`, `year`, `school_year` or `days_between`",
            ],
        ),
        (
            "[1, 'a']",
            &["L133 `'a'` the values of a list must have one type, found `int` and `text` | write `string(…)` to make a text of the other"],
        ),
        (
            "x ? 1 : 2",
            &["L134 `x` expected a condition, found `int` | compare it, as in `… > 0`"],
        ),
        (
            "has(primary.end) && primary.optMap(e, true)",
            &[
                "L134 `primary.optMap(e, true)` expected a condition, found `optional bool` | say what holds where there is no value, as in `….orValue(false)`",
            ],
        ),
        (
            "'a'.size",
            &[
                "L135 `size` `text` has no fields, so no `size` | write `.size(…)` to call the function",
            ],
        ),
        ("x[0]", &["L135 `x` `int` has no positions or keys | only lists and maps have them; leave the brackets out"]),
        (
            "has(x)",
            &["L136 `has` `has` wants one field | write `has(a.b)`"],
        ),
        (
            "[1].map(1, 2)",
            &["L136 `1` expected a plain name to bind | write `x`"],
        ),
        (
            "'a'.take('b')",
            &[
                "L132 `take` there is no `text.take(text)` | it is called as `text.take(int)`",
            ],
        ),
        (
            "startsWith('a', 'b')",
            &[
                "L132 `startsWith` `startsWith` is called on a value | it is called as `text.startsWith(text)`",
            ],
        ),
        (
            "date('2026-02-30')",
            &["L138 `'2026-02-30'` the text is no day of the calendar | write year, month and day, as in `date(\"2026-08-31\")`"],
        ),
        (
            "'a'.matches('(')",
            &["L138 `'('` the regular expression is not valid | every `(` and `[` is closed, and a sign that stands for itself has a backslash before it; `….contains(\"(\")` looks for a text as it is"],
        ),
        (
            "{'a': 1, 'a': 2}",
            &["L139 `'a'` the key stands in the map twice | take one of them out"],
        ),
        (
            "1u",
            &["L111 `1u` unsigned integers are not part of the language | write `1`"],
        ),
        (
            "null",
            &[
                "L112 `null` there is no null | write `none` to clear, `keep()` for no opinion, `has(…)` to test",
            ],
        ),
        (
            "timestamp('a')",
            &[
                "L113 `timestamp` moments and durations are not part of the language | use `date(\"2026-08-31\")` and `days(14)`",
            ],
        ),
        (
            "dyn(1)",
            &["L114 `dyn` every value has a type here | leave `dyn` out"],
        ),
        (
            "b'a'",
            &["L115 `b'a'` bytes are not part of the language | write a text, without the `b`"],
        ),
        (
            "base64.encode('a')",
            &[
                "L115 `encode` bytes are not part of the language | decode in the source, encode in the target",
            ],
        ),
        (
            "a.T{b: 1}",
            &[
                "L116 `a.T{b: 1}` message values are not part of the language | write a map, as in `{\"key\": value}`",
            ],
        ),
        (
            "math.greatest(1, 2)",
            &[
                "L117 `greatest` the math extension is not part of the language | write `a > b ? a : b`, or ask for a function of the host",
            ],
        ),
        (
            "ip('1.1.1.1')",
            &["L118 `ip` network addresses are text here | compare the text"],
        ),
        (
            "type(1)",
            &["L119 `type` types are not values here | leave the test out: every value has one type, which is checked before a rule runs"],
        ),
        (
            "x = 7",
            &["L104 `=` `=` is no operator | write `==` to compare"],
        ),
        (
            "1.5",
            &[
                "L144 `1.5` a number with a fraction cannot be a result | write `int(…)` to leave the fraction out",
            ],
        ),
        (
            "primary.unit.name",
            &[
                "L142 `primary.unit.name` there may be no value, found `optional text` | say what stands where there is none, as in `….orValue(\"\")`",
            ],
        ),
        (
            "none",
            &["L142 `none` `none` is no answer here, a value is needed | write a value, such as `\"\"`"],
        ),
        ("keep()", &["L143 `keep()` `keep()` is no answer here | here a value is always needed; only attributes and the fields of a source map may stay as they are"]),
        (
            "x == 7 ? 'a' : 1",
            &["L141 `1` expected `text`, found `int` | write `string(…)` to make a text of it"],
        ),
        // one cause, one message
        ("x == 7 ? 'a' : [1, 'b']", &["L133 `'b'` the values of a list must have one type, found `int` and `text` | write `string(…)` to make a text of the other"]),
        ("size([1, 2]['a'])", &["L135 `'a'` expected `int` between the brackets, found `text` | positions count from 0, as in `[0]`"]),
        ("size({'a': 1}[1])", &["L135 `1` expected `text` between the brackets, found `int` | write `string(…)` to make a text of it"]),
        ("x == 7 ? 'a' : coalesce(person.?nme, 'b')", &["L122 `nme` unknown field `nme` of `person` | `person` has `employments`, `given_name` and `municipality`"]),
        ("coalesce('a', none)", &["L136 `'a'` `text` is always there, so nothing after it in `coalesce` counts | write `a.?b` for a field that may be absent, and a plain value last"]),
        ("coalesce(primary.end)", &["L136 `coalesce` `coalesce` wants two values or more | write `coalesce(a.?b, a.?c)`"]),
        ("coalesce(primary.end, 'a')", &["L133 `'a'` what `coalesce` chooses from must have one type, found `date` and `text` | write `string(…)` to make a text of the other"]),
        ("person.employments.form", &["L135 `form` `list of employment` has no fields, so no `form` | write `….map(x, x.…)` for the field of each, or `[0]` for the first"]),
        ("elsewhere.name", &["L121 `elsewhere` `elsewhere` cannot be read here | what can be read here is `absent`, `account.staff.mail`, `as_of`, `employment`, `person` and 4 more"]),
        ("'a\\q'", &["L102 `\\` an escape that does not exist | a backslash is written `\\\\`, a new line `\\n`, a quotation mark `\\\"`; in `r\"…\"` a backslash stands for itself"]),
        ("'abc", &["L102 `'` the text is not closed | a text ends with the quotes that it begins with"]),
        ("if (x == 7) 1", &["L105 `if` `if` is a reserved word | write `c ? a : b`"]),
        // a template that is known is compared with what is put into it
        ("'%d'.format(['a'])", &["L132 `%d` `%d` cannot take `text` | write `%s` for a value of any type"]),
        ("'''å\r\n\\u00e5 %d'''.format([x > 1])", &["L132 `%d` `%d` cannot take `bool` | write `%s` for a value of any type"]),
        ("'%s %s'.format(['a'])", &["L132 `%s` there is no value for `%s` | give one value for each place; a percent sign is written `%%`"]),
        ("'%s'.format(['a', 'b'])", &["L132 `'b'` the text has no place for this value | write `%s` where it is to stand, or leave the value out"]),
        ("''.format([x])", &["L132 `x` the text has no place for this value | write `%s` where it is to stand, or leave the value out"]),
        ("'a %q'.format(['a'])", &["L138 `%q` `%q` is no place for a value | write `%s` for any value, `%d` for a number, `%%` for a percent sign"]),
        ("'100%'.format([])", &["L138 `%` a `%` at the end is no place for a value | write `%s` for any value, `%d` for a number, `%%` for a percent sign"]),
        ("'%.2%'.format([x])", &["L138 `%.2%` `%%` is no place for a value | write `%s` for any value, `%d` for a number, `%%` for a percent sign"]),
        ("'%.101f'.format([1.5])", &["L138 `%.101f` the digits after the point are no number from 0 to 100 | write how many there are, as in `%.2f`"]),
        ("'%f'.format(person.employments.map(e, e.unit.name))", &["L132 `%f` `%f` cannot take `text` | write `%s` for a value of any type"]),
        ("'%x'.format([employment.form]) + '%o'.format([true])", &[
            "L132 `%x` `%x` cannot take `form` | write `%s` for a value of any type",
            "L132 `%o` `%o` cannot take `bool` | write `%s` for a value of any type",
        ]),
        ("['%d'][0].format(['a'])", &[]),
        ("'%s'.format([emplyment.x])", &["L121 `emplyment` unknown name `emplyment` | did you mean `employment`?"]),
        // a number with a fraction has no place in an order
        ("[1.0].sort()[0] > 0.0", &["L132 `sort` there is no `list of double.sort()` | numbers with a fraction have no order here; write `int(…)`, as in `int(1000.0 * …)` | it is called as `list of date.sort()`, `list of int.sort()`, `list of text.sort()`"]),
        ("[1].sort_by(n, 1.0 / double(n))[0]", &["L131 `1.0 / double(n)` `sort_by` cannot take `double` | numbers with a fraction have no order here; write `int(…)`, as in `int(1000.0 * …)`"]),
        ("person.employments.sort_by(e, e.form)[0].extent", &["L131 `e.form` `sort_by` cannot take `form` | write `string(…)` to make a text of it"]),
        // what could not be read is told of once
        ("[1].map(if, if)", &["L105 `if` `if` is a reserved word | write `c ? a : b`", "L105 `if` `if` is a reserved word | write `c ? a : b`"]),
        ("[1].exists(Å, true)", &["L101 `Å` `Å` is no name, names hold only `a` to `z`, digits and `_` | write a value as text, `\"Å\"`, and a column in backticks, as in `` record.`Å` ``"]),
        ("cel.bind(in, 1, 2)", &["L101 `in` expected a value, found `in` | "]),
        ("primary.optMap(if, true).orValue(true)", &["L105 `if` `if` is a reserved word | write `c ? a : b`"]),
        ("has(if)", &["L105 `if` `if` is a reserved word | write `c ? a : b`"]),
        ("has(“a”)", &["L104 `“a”` typographic quotes do not enclose a text | write `\"` or `'`"]),
        // a wrong number of values is wrong whatever they are
        ("[].map(y, size(y, y, y))", &["L132 `size` there is no `size(nothing, nothing, nothing)` | it is called as `list of anything.size()`, `map from anything to anything.size()`, `text.size()`"]),
        ("[].map(y, y.matches(1))", &["L132 `matches` there is no `nothing.matches(int)` | it is called as `text.matches(text)`"]),
        ("size(emplyment, 1)", &["L121 `emplyment` unknown name `emplyment` | did you mean `employment`?"]),
        ("size(+, 1)", &["L101 `+` expected a value, found `+` | "]),
        ("size('a',)", &["L101 `,` a call has no comma before its `)` | leave the comma out"]),
        // advice that fits
        ("date('2026-08-31') + '14d'", &["L131 `+` `+` cannot add `date` and `text` | write a number of days as `days(14)`, or `string(…)` to make a text of the day"]),
        ("date('2026-08-31') - '14d'", &["L131 `-` `-` cannot subtract `date` and `text` | write a number of days as `days(14)`"]),
        ("as_of + '14d'", &["L131 `+` `+` cannot add `today` and `text` | write a number of days as `days(14)`"]),
        ("'end: ' + date('2026-08-31')", &["L131 `+` `+` cannot add `text` and `date` | write `string(…)` to make a text of it"]),
        ("'1430' in '1430, 1484'", &["L131 `in` `in` cannot look among `text` and `text` | write `in [\"…\"]` for one of several texts, `….contains(…)` for a part of a text"]),
        ("employment.form in employment.unit.code", &["L131 `in` `in` cannot look among `form` and `text` | write `in [\"…\"]` for one of several texts, `….contains(…)` for a part of a text"]),
        ("1 in [1.0]", &["L131 `in` `in` cannot look among `int` and `list of double` | write `double(…)` or `int(…)` to make them alike"]),
        ("employment.end in ['2026-08-31']", &["L131 `in` `in` cannot look among `date` and `list of text` | write the day as `date(\"2026-08-31\")`"]),
        ("1.5 % 1.0 > 0.1", &["L131 `%` `%` cannot divide `double` and `double` | `%` takes whole numbers, as `int(…)` makes them"]),
        ("{'a': 1}.map(k, v, v + 1)", &["L136 `v` `map` binds one name | write `transformList(k, v, …)`"]),
        ("[1].map(n, emplyment, n)", &["L121 `emplyment` unknown name `emplyment` | did you mean `employment`?"]),
        ("{'a': 1}.exists_one(k, v, v == 1)", &["L136 `exists_one` `exists_one` wants a name and what to do with it | write `existsOne(k, v, …)`"]),
        ("x == 0x", &["L102 `0x` there are no digits after `0x` | write them as `0` to `9` and `a` to `f`, as in `0xff`"]),
        ("'\\ud83d\\ude00'", &["L102 `\\` an escape of half a character | write the whole character, as it is or as in `\\U0001F600`"]),
        (
            "emplyment.unit.name + prson.name + 1",
            &[
                "L121 `emplyment` unknown name `emplyment` | did you mean `employment`?",
                "L121 `prson` unknown name `prson` | did you mean `person`?",
            ],
        ),
        (
            "fold(emplyment.x).take(3) + (1 + 'a') +",
            &[
                "L121 `emplyment` unknown name `emplyment` | did you mean `employment`?",
                "L131 `+` `+` cannot add `int` and `text` | write `string(…)` to make a text of it",
                "L101 `` expected a value, found the end | ",
            ],
        ),
    ];
    said(table);
    let keep = Expected::value(Type::Text).or_keep();
    assert_eq!(
        problems("'a' + keep()", &keep),
        [
            "L143 `keep()` `keep()` is no answer here | it stands as a branch of the outermost `? :`, as in `c ? keep() : value`"
        ]
    );
    assert_eq!(
        problems("x", &keep),
        ["L141 `x` expected `text`, found `int` | write `string(…)` to make a text of it"]
    );
    let text = Expected::value(Type::Text);
    assert_eq!(
        problems("employment.unit", &text),
        ["L141 `employment.unit` expected `text`, found `unit` | write a field of it, as in `….code`"]
    );
    assert_eq!(
        problems("person.employments.map(e, e.unit.name)", &text),
        [
            "L141 `person.employments.map(e, e.unit.name)` expected `text`, found `list of text` | write `….first().orValue(\"\")` for one of them, or `….join(\", \")` for all of them in one text"
        ]
    );
    let truth = Expected::value(Type::Bool);
    assert_eq!(
        problems("x", &truth),
        ["L141 `x` expected `bool`, found `int` | compare it, as in `… > 0`"]
    );
    assert_eq!(
        problems("primary.end", &Expected::value(Type::Date)),
        ["L142 `primary.end` there may be no value, found `optional date` | say what stands where there is none, as in `….orValue(date(\"2026-08-31\"))`"]
    );
}
