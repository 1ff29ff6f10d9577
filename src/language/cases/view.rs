//! What the view shows of conditions: their shape, and tests in one form whichever way they were written.

use super::*;

fn program(text: &str) -> Program {
    let world = world();
    compile(
        text,
        &world.schema,
        &world.environment,
        &Expected::value(Type::Bool),
        &Limits::default(),
    )
    .unwrap()
}

fn shown_value(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Bool(value) => value.to_string(),
        value => value
            .as_text()
            .map_or_else(|| String::from("…"), ToString::to_string),
    }
}

fn shown_test(program: &Program, test: &Test) -> String {
    let subject = match program.subject(test.subject) {
        Subject::Path(read) => read.path.clone(),
        Subject::Other => format!("‹{}›", program.written(test.subject)),
    };
    let values = |values: &[Value]| {
        let texts: Vec<String> = values.iter().map(shown_value).collect();
        texts.join(", ")
    };
    let relation = match &test.relation {
        Relation::OneOf(given) => format!("in [{}]", values(given)),
        Relation::Ordered(bound, value) => {
            let sign = match bound {
                Bound::Below => "<",
                Bound::UpTo => "<=",
                Bound::Above => ">",
                Bound::From => ">=",
            };
            format!("{sign} {}", shown_value(value))
        }
        Relation::Between(from, to) => {
            let day = |day: &Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
            format!("{}..{}", day(from), day(to))
        }
        Relation::Present => String::from("there"),
        Relation::Host(_, given) => format!("asked with [{}]", values(given)),
    };
    format!(
        "{subject} {}{relation}",
        if test.negated { "not " } else { "" }
    )
}

fn shown(program: &Program, node: NodeId) -> String {
    let all = |nodes: &[NodeId], sign: &str| {
        let terms: Vec<String> = nodes.iter().map(|node| shown(program, *node)).collect();
        format!("({})", terms.join(sign))
    };
    match program.condition(node) {
        Condition::Known(value) => value.to_string(),
        Condition::All(terms) => all(terms, " & "),
        Condition::Any(terms) => all(terms, " | "),
        Condition::Not(operand) => format!("!{}", shown(program, operand)),
        Condition::Choice(condition, then, otherwise) => format!(
            "({} ? {} : {})",
            shown(program, condition),
            shown(program, then),
            shown(program, otherwise)
        ),
        Condition::Test(test) => shown_test(program, &test),
        Condition::Opaque => String::from("opaque"),
    }
}

#[test]
fn conditions_have_one_shape() {
    for (text, expected) in [
        ("employment.extent >= 500", "employment.extent >= 500"),
        ("500 <= employment.extent", "employment.extent >= 500"),
        ("-(1 - 501) > employment.extent", "employment.extent < 500"),
        (
            "'a' != employment.unit.code",
            "employment.unit.code not in [a]",
        ),
        (
            "employment.form in [hourly, permanent] && !(x == 1)",
            "(employment.form in [hourly, permanent] & !‹x› in [1])",
        ),
        (
            "employment.unit.code in {'b': 1, 'a': 2}",
            "employment.unit.code in [a, b]",
        ),
        ("has(employment.end)", "employment.end there"),
        (
            "employment.end < date('2026-03-0' + '2') || x > 3",
            "(employment.end < 2026-03-02 | ‹x› > 3)",
        ),
        (
            "employment.end.within(none, date('2026-03-02'))",
            "employment.end ..2026-03-02",
        ),
        (
            "employment.unit.under('sko' + 'la')",
            "employment.unit asked with [skola]",
        ),
        ("x > 1 ? false : x > 0", "(‹x› > 1 ? false : ‹x› > 0)"),
        // The first employment is another subject than the second.
        (
            "person.employments[0].extent == 3",
            "‹person.employments[0].extent› in [3]",
        ),
        (
            "primary.?extent == optional.of(3)",
            "‹primary.?extent› in […]",
        ),
        // What two subjects have to do with each other is not said.
        ("employment.unit.code == person.given_name", "opaque"),
        ("person.employments.exists(e, e.extent == 3)", "opaque"),
        ("employment.unit.under(person.given_name)", "opaque"),
        ("1 == 1", "opaque"),
        // A constant that cannot be had is none.
        ("employment.extent == 1 / 0", "opaque"),
    ] {
        let program = program(text);
        assert_eq!(shown(&program, program.root()), expected, "{text}");
    }
}

#[test]
fn what_ends_as_days_pass_is_known() {
    let as_of = world().environment.slot("as_of").unwrap();
    for (text, expected) in [
        ("as_of <= employment.end", "as_of <= employment.end"),
        ("x > 1 && employment.end > as_of", "employment.end > as_of"),
        ("!(employment.end < as_of)", "employment.end < as_of"),
        ("as_of == employment.end", "as_of == employment.end"),
        (
            "as_of.within(employment.end, date('2027-01-01'))",
            "as_of.within(employment.end, date('2027-01-01'))",
        ),
        (
            "x > 1 ? as_of < employment.end : true",
            "as_of < employment.end",
        ),
        (
            "days_between(as_of, employment.end) >= 0",
            "days_between(as_of, employment.end) >= 0",
        ),
        (
            "0 < as_of.days_between(employment.end)",
            "0 < as_of.days_between(employment.end)",
        ),
        (
            "!(employment.end.days_between(as_of) > 0)",
            "employment.end.days_between(as_of) > 0",
        ),
        (
            "employment.end.days_between(as_of) < 1",
            "employment.end.days_between(as_of) < 1",
        ),
        (
            "as_of.days_between(employment.end) > -1",
            "as_of.days_between(employment.end) > -1",
        ),
        ("as_of.year() <= 2026", "as_of.year() <= 2026"),
        ("as_of.school_year() == 2026", "as_of.school_year() == 2026"),
        (
            "as_of.year() in [2026, 2027]",
            "as_of.year() in [2026, 2027]",
        ),
        ("!(as_of.year() != 2026)", "as_of.year() != 2026"),
        (
            "employment.end.year() >= as_of.year()",
            "employment.end.year() >= as_of.year()",
        ),
        // a number of days after is a grace, as a day that was moved
        ("days_between(as_of, employment.end) >= -7", ""),
        ("days_between(as_of, employment.end) > -2", ""),
        ("days_between(employment.end, as_of) <= 7", ""),
        ("days_between(employment.end, as_of) < 2", ""),
        ("days_between(as_of, employment.end + days(7)) >= 0", ""),
        ("as_of.year() <= employment.end.year() + 1", ""),
        // what begins as days pass
        ("days_between(as_of, employment.end) <= 0", ""),
        ("days_between(employment.end, as_of) >= 0", ""),
        ("as_of.year() >= 2026", ""),
        ("as_of.school_year() != 2025", ""),
        ("!(as_of.year() in [2025])", ""),
        // nobody knows how many days
        ("days_between(as_of, employment.end) >= x", ""),
        ("as_of >= employment.end", ""),
        ("!(as_of < employment.end)", ""),
        ("as_of <= employment.end + days(7)", ""),
        ("as_of - days(7) <= employment.end", ""),
        ("as_of <= employment.end.add_months(1)", ""),
        ("as_of.within(employment.end, none)", ""),
    ] {
        let program = program(text);
        let found: Vec<&str> = program
            .deadlines(as_of)
            .into_iter()
            .map(|node| program.written(node))
            .collect();
        assert_eq!(found.join("; "), expected, "{text}");
    }
}

#[test]
fn what_stands_in_a_negation_is_known() {
    for (text, expected) in [
        ("employment.extent == 1", false),
        ("employment.extent != 1", true),
        ("!(x > 1 || employment.extent == 1)", true),
        ("!(x > 1) && employment.extent == 1", false),
    ] {
        let program = program(text);
        let reads = program.reads().iter();
        let read = reads
            .clone()
            .find(|read| read.path == "employment.extent")
            .unwrap();
        assert_eq!(program.negates(&read.span), expected, "{text}");
    }
}
