//! Cases of the language as tables: what an expression gives, and what is said of a bad one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::*;
use crate::base::Horizon;
use crate::base::Meter;
use crate::base::Text;

fn day(text: &str) -> NaiveDate {
    functions_date::read_date(text).unwrap()
}

struct World {
    schema: Schema,
    environment: Environment,
    under: FunctionId,
}

/// Persons with employments at units, and a record with open columns.
fn world() -> World {
    let mut schema = Schema::new();
    let unit = schema.record("unit");
    let employment = schema.record("employment");
    let person = schema.record("person");
    let record = schema.record_with_open_columns("record");
    let form = schema.enumeration("form", &["permanent", "hourly", "substitute"]);
    let reference = schema.nominal("reference");
    let open = Class::Open;
    for (name, ty) in [("code", Type::Text), ("name", Type::Text)] {
        schema.field(unit, FieldDeclaration::new(name, ty, open));
    }
    let optional = |name, ty, class| FieldDeclaration::new(name, ty, class).optional();
    schema.field(
        employment,
        FieldDeclaration::new("unit", Type::Record(unit), Class::Place),
    );
    schema.field(
        employment,
        FieldDeclaration::new("form", Type::Enum(form), open),
    );
    schema.field(employment, optional("end", Type::Date, Class::Place));
    schema.field(employment, FieldDeclaration::new("extent", Type::Int, open));
    schema.field(
        employment,
        optional("manager", Type::Nominal(reference), Class::Place),
    );
    schema.field(
        person,
        FieldDeclaration::new("given_name", Type::Text, Class::Personal),
    );
    schema.field(
        person,
        FieldDeclaration::new("employments", Type::list(Type::Record(employment)), open),
    );
    schema.field(
        person,
        FieldDeclaration::new("municipality", Type::Text, Class::Registered),
    );
    let under = schema.function(
        FunctionDeclaration::new("under", alloc::vec![Type::Text], Type::Bool)
            .on(Type::Record(unit)),
    );
    schema.function(FunctionDeclaration::new(
        "ref",
        alloc::vec![Type::Text, Type::Text],
        Type::Nominal(reference),
    ));
    schema.function(FunctionDeclaration::new(
        "is_form",
        alloc::vec![Type::Enum(form)],
        Type::Bool,
    ));
    let mut environment = Environment::new();
    environment.variable("as_of", Type::Today, open);
    environment.variable("person", Type::Record(person), open);
    environment.variable("employment", Type::Record(employment), open);
    environment.variable("primary", Type::optional(Type::Record(employment)), open);
    environment.variable("record", Type::Record(record), open);
    environment.variable("x", Type::Int, open);
    environment.variable("account.staff.mail", Type::Text, Class::Personal);
    environment.variable("absent", Type::Text, open);
    World {
        schema,
        environment,
        under,
    }
}

struct Rows {
    world: World,
    primary: bool,
    columns: BTreeMap<&'static str, &'static str>,
}

impl Scope for Rows {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        let variable = self.world.environment.at(slot).unwrap();
        let row = |row| match &variable.ty {
            Type::Record(kind) => RecordRef { kind: *kind, row },
            _ => RecordRef {
                kind: self.world.schema.record_named("employment").unwrap(),
                row,
            },
        };
        Ok(match &*variable.name {
            "as_of" => Value::Today(0),
            "person" => row(0).into(),
            "employment" => row(1).into(),
            "primary" if self.primary => Value::some(row(2).into()),
            "primary" => Value::none(),
            "record" => row(0).into(),
            "x" => Value::Int(7),
            "account.staff.mail" => Value::from("asa@example.se"),
            _ => return Err(DataErrorKind::MissingValue),
        })
    }

    fn field(&self, record: RecordRef, slot: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        let schema = &self.world.schema;
        let kind = |name: &str| schema.record_named(name).unwrap();
        let field = schema.field_at(record.kind, slot).unwrap();
        let form = |text: &str| match &field.ty {
            Type::Enum(id) => Value::Enum(*id, text.into()),
            _ => panic!("no enum"),
        };
        Ok(Some(match (&*field.name, record.row) {
            ("given_name", _) => Value::from("Åsa"),
            ("municipality", _) => Value::from("1430"),
            ("employments", _) => Value::list([1, 2].map(|row| {
                Value::Record(RecordRef {
                    kind: kind("employment"),
                    row,
                })
            })),
            ("unit", row) => Value::Record(RecordRef {
                kind: kind("unit"),
                row,
            }),
            ("form", 1) => form("permanent"),
            ("form", _) => form("hourly"),
            ("end", 1) => Value::Date(day("2026-08-31")),
            ("extent", row) => Value::Int(i64::from(row) * 500),
            ("code", row) => Value::text(format!("u{row}")),
            ("name", 1) => Value::from("Kungshamns skola"),
            ("name", _) => Value::from("Dingle skola"),
            _ => return Ok(None),
        }))
    }

    fn column(&self, _: RecordRef, name: &str) -> Option<Text> {
        self.columns.get(name).map(|text| (*text).into())
    }

    fn call(
        &self,
        function: FunctionId,
        arguments: &[Value],
        _: &mut Horizon,
    ) -> Result<Value, DataErrorKind> {
        if function == self.world.under {
            let row = arguments[0].as_record().unwrap().row;
            return Ok(Value::Bool(
                row == 1 && arguments[1] == Value::from("skola"),
            ));
        }
        match arguments {
            [Value::Enum(_, text)] => Ok(Value::Bool(&**text == "hourly")),
            [_, Value::Text(id)] => match self.world.schema.type_name(&Type::Text).as_str() {
                "text" if !id.is_empty() => Ok(Value::Nominal(NominalId(0), id.clone())),
                _ => Err(DataErrorKind::Unresolved),
            },
            _ => Err(DataErrorKind::BadArgument),
        }
    }
}

fn rows() -> Rows {
    Rows {
        world: world(),
        primary: true,
        columns: BTreeMap::from([("FORNAMN", "Åsa"), ("Efter namn", "Berg"), ("TOM", "")]),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => format!("{number:?}"),
        Value::Date(day) => day.to_string(),
        Value::Days(days) => format!("{days}d"),
        Value::Today(moved) => format!("today{moved:+}"),
        Value::Optional(None) => "none".into(),
        Value::Optional(Some(value)) => format!("some({})", shown(value)),
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", shown(&machine::key_value(key)), shown(value))
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Record(record) => format!("#{}", record.row),
        Value::Text(text) => text.to_string(),
        Value::Enum(_, text) | Value::Nominal(_, text) => format!("'{text}"),
    }
}

fn opinion(rows: &Rows, text: &str, expected: &Expected) -> (String, Option<NaiveDate>) {
    let limits = Limits::default();
    let world = &rows.world;
    let program = match compile(text, &world.schema, &world.environment, expected, &limits) {
        Ok(program) => program,
        Err(problems) => return (format!("refused: {}", problems[0].message), None),
    };
    let mut horizon = Horizon::new(day("2026-08-01"));
    let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
    let shown = match program.evaluate(rows, &mut horizon, &mut meter, &mut ()) {
        Ok(Opinion::Value(value)) => shown(&value),
        Ok(Opinion::None) => "clear".into(),
        Ok(Opinion::Keep) => "keep".into(),
        Err(failure) => format!("! {failure}"),
    };
    (shown, horizon.recheck_on())
}

fn all_give(table: &[(&str, &str)]) {
    let rows = rows();
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let (given, _) = opinion(&rows, text, &Expected::free());
        if given != *expected {
            wrong.push(format!("{text}\n  gave     {given}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn operators_and_errors_as_in_cel() {
    all_give(&[
        ("1 + 2 * 3 - 4", "3"),
        ("7 / 2", "3"),
        ("-7 % 3", "-1"),
        ("9223372036854775807 + 1", "! the result is out of range"),
        ("-(-9223372036854775808)", "! the result is out of range"),
        ("-9223372036854775808 / -1", "! the result is out of range"),
        ("1 / (x - 7)", "! division by zero"),
        ("1 % (x - 7)", "! remainder of a division by zero"),
        ("1.5 * 2.0", "3.0"),
        ("0.0 / 0.0 == 0.0 / 0.0", "false"),
        ("1 < 1.5 && 2.5 > 2", "true"),
        ("'a' + 'b' + 'c'", "abc"),
        ("[1] + [2, 3] + []", "[1, 2, 3]"),
        ("'a' < 'b' && false < true", "true"),
        ("1 / (x - 7) == 1 && false", "false"),
        ("false && 1 / (x - 7) == 1", "false"),
        ("1 / (x - 7) == 1 || true", "true"),
        ("1 / (x - 7) == 1 || false", "! division by zero"),
        ("x == 7 ? 'a' : string(1 / 0)", "a"),
        ("x == 1 ? 'a' : x == 7 ? 'b' : 'c'", "b"),
        ("!(x == 7)", "false"),
        ("2 in [1, 2] && !(3 in [1, 2]) && 'a' in {'a': 1}", "true"),
        ("[1, 2][1]", "2"),
        ("[1, 2][2]", "! the position is out of range"),
        ("[1, 2][-1]", "! the position is out of range"),
        ("[1, 2][?5].orValue(9)", "9"),
        ("{'a': 1}.a + {'b': 2}['b']", "3"),
        ("{'a': 1}.b", "! the map has no such key"),
        ("{'a': 1}.?b.orValue(3)", "3"),
        ("has({'a': 1}.a) && !has({'a': 1}.b)", "true"),
        ("{'a': 'x'}[?employment.form].orValue('z')", "z"),
        ("{'permanent': 'x'}[employment.form]", "x"),
        ("{x: 1, 7: 2}", "! the map has one key twice"),
        (
            "[1, 2] == [1, 2] && {'a': [1]} == {'a': [1]} && [] == [1][?5].optMap(y, [y]).orValue([])",
            "true",
        ),
        ("[?optional.none(), ?optional.of(1)]", "[1]"),
        ("{?'a': optional.none(), ?'b': optional.of(1)}", "{b: 1}"),
    ]);
}

#[test]
fn macros_and_optionals() {
    all_give(&[
        ("[1, 2, 3].all(y, y > 0)", "true"),
        ("[1, 0, 2].exists(y, 4 / y == 4)", "true"),
        ("[0, 2].exists(y, 4 / y == 4)", "! division by zero"),
        ("[0, 5].all(y, 4 / y == 4)", "false"),
        ("[0, 2].exists_one(y, 4 / y == 2)", "! division by zero"),
        ("[1, 2].exists_one(y, y == 2)", "true"),
        ("[1, 2, 3].map(y, y * y)", "[1, 4, 9]"),
        ("[1, 2, 3].map(y, y > 1, y * y)", "[4, 9]"),
        ("[1, 2, 3].filter(y, y % 2 == 1)", "[1, 3]"),
        ("{'b': 1, 'a': 2}.map(k, k)", "[a, b]"),
        ("['a', 'b'].transformList(i, v, string(i) + v)", "[0a, 1b]"),
        ("{'a': 1}.transformMap(k, v, k + string(v))", "{a: a1}"),
        ("{'a': 1}.exists(k, v, k == 'a' && v == 1)", "true"),
        ("cel.bind(y, x + 1, y * y)", "64"),
        ("[1, 2].map(y, [3, 4].map(z, y * z))", "[[3, 4], [6, 8]]"),
        ("['b', 'a'].sort_by(y, y) == ['b', 'a'].sort()", "true"),
        ("optional.of(1).hasValue()", "true"),
        ("optional.none().hasValue()", "false"),
        ("optional.of(1).optMap(y, y + 1).value()", "2"),
        (
            "optional.of(0).optFlatMap(y, optional.ofNonZeroValue(y)).value()",
            "! the optional holds no value",
        ),
        ("optional.none().or(optional.of(2)).orValue(1 / 0)", "2"),
        ("none.orValue('a')", "a"),
        ("coalesce(none, optional.of('b'), none)", "some(b)"),
        ("primary.unit.name", "some(Dingle skola)"),
        ("primary.end", "none"),
        ("has(primary.end)", "false"),
    ]);
}

#[test]
fn functions_on_texts() {
    all_give(&[
        ("fold('Åsa Öberg')", "asaoberg"),
        ("fold(person.given_name).take(3) + 'x'", "asax"),
        ("'abc'.take(2) + 'abc'.take_last(1) + take('a', 5)", "abca"),
        ("'åsa'.initial() + ' 1'.initial()", "Å"),
        ("' a  b '.words()", "[a, b]"),
        ("'ÅSA-karin BERG'.title_case()", "Åsa-Karin Berg"),
        (
            "'ÅÄÖ'.lower() + 'åäö'.upper() + 'ÅA'.lowerAscii()",
            "åäöÅÄÖÅa",
        ),
        ("'7'.pad_left(3, '0') + '7'.pad_right(3, '-')", "0077--"),
        ("'7'.pad_left(3, '')", "! an argument cannot be used"),
        ("'tacocat'.indexOf('c', 3)", "4"),
        ("'tacocat'.indexOf('x') + 'tacocat'.lastIndexOf('c')", "3"),
        ("'tacocat'.charAt(7) + 'tacocat'.charAt(0)", "t"),
        ("'tacocat'.charAt(8)", "! the position is out of range"),
        ("'åäö'.substring(1, 2) + 'åäö'.substring(2)", "äö"),
        ("'abc'.substring(2, 1)", "! the position is out of range"),
        ("'a,b,c'.split(',')", "[a, b, c]"),
        ("'a,b,c'.split(',', 2)", "[a, b,c]"),
        ("'abc'.split('')", "[a, b, c]"),
        (
            "'a-a'.replace('a', 'b') + 'a-a'.replace('a', 'b', 1)",
            "b-bb-a",
        ),
        ("'ab'.replace('', '-')", "-a-b-"),
        ("['a', 'b'].join('-') + ['c'].join()", "a-bc"),
        ("' a '.trim() + 'åb'.reverse()", "abå"),
        ("size('åäö') + 'a'.size() + size([1]) + size({'a': 1})", "6"),
        (
            "'a1'.matches('^[a-z][0-9]$') && matches('xay', 'a')",
            "true",
        ),
        (
            "'a1'.matches(person.given_name + '[')",
            "! the regular expression is not valid",
        ),
        (
            "'abc'.contains('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')",
            "true",
        ),
        (
            "'%s-%d %x %.2f %%'.format(['a', 12, 255, 1.5])",
            "a-12 ff 1.50 %",
        ),
        (
            "'%s'.format([[1, 2]]) + '%s'.format([{'a': true}])",
            "[1, 2]{a: true}",
        ),
        ("'%d'.format(['a'])", "! an argument cannot be used"),
        ("'%s'.format([])", "! an argument cannot be used"),
        ("strings.quote('a\"b')", "\"a\\\"b\""),
        ("int('12') + int(1.9) + int(days(3))", "16"),
        ("int('1x')", "! the text cannot be converted"),
        ("int(1e30)", "! the result is out of range"),
        (
            "string(12) + string(true) + string(1.5) + string(date('2026-08-31'))",
            "12true1.52026-08-31",
        ),
        (
            "bool('true') && double('1.5') == 1.5 && double(1) == 1.0",
            "true",
        ),
        ("string(employment.form)", "permanent"),
    ]);
}

#[test]
fn functions_on_lists_and_days() {
    all_give(&[
        ("[3, 1, 2].sort()", "[1, 2, 3]"),
        ("['b', 'a', 'b'].distinct()", "[b, a]"),
        ("[1, 2].first().value() + [1, 2].last().value()", "3"),
        ("[].first()", "none"),
        ("[1, 2, 3].sum()", "6"),
        (
            "[9223372036854775807, 1].sum()",
            "! the result is out of range",
        ),
        (
            "[[1], [2]].flatten() + [1, 2, 3].slice(1, 2) + [1, 2].reverse()",
            "[1, 2, 2, 2, 1]",
        ),
        ("[1, 2, 3].take(2) + [1, 2, 3].take_last(1)", "[1, 2, 3]"),
        ("date('2026-08-31') == date('20260831')", "true"),
        ("date(record.TOM)", "! the text cannot be converted"),
        ("date('2026-01-31').add_months(1)", "2026-02-28"),
        ("date('2026-01-31').add_days(1)", "2026-02-01"),
        ("date('2026-01-31') + days(1)", "2026-02-01"),
        ("days_between(date('2026-01-01'), date('2026-02-01'))", "31"),
        ("date('2026-01-01') < date('2026-01-02')", "true"),
        (
            "within(date('2026-01-01'), date('2026-01-01'), date('2026-01-01'))",
            "true",
        ),
        ("within(date('2026-01-01'), none, employment.?end)", "true"),
        (
            "year(date('2026-06-30')) * 10000 + school_year(date('2026-06-30'))",
            "20262025",
        ),
        (
            "month(date('2026-06-30')) * 100 + day(date('2026-06-30'))",
            "630",
        ),
    ]);
}

#[test]
fn records_enums_columns_and_functions_of_the_host() {
    all_give(&[
        ("employment.unit.name", "Kungshamns skola"),
        ("person.employments.map(e, e.unit.code)", "[u1, u2]"),
        (
            "person.employments.exists(e, e.form == hourly && e.extent > 500)",
            "true",
        ),
        ("employment.form == permanent", "true"),
        ("employment.form == 'permanent'", "true"),
        ("'permanent' != employment.form", "false"),
        ("employment.form in [hourly, 'permanent']", "true"),
        ("hourly in person.employments.map(e, e.form)", "true"),
        ("is_form(hourly) && !is_form('permanent')", "true"),
        ("(x == 7 ? employment.form : hourly) == permanent", "true"),
        ("employment.unit.under('skola')", "true"),
        ("employment.manager", "! the field is absent"),
        ("has(employment.manager)", "false"),
        ("employment.?manager", "none"),
        (
            "employment.?manager.orValue(ref('a', 'b')) == ref('a', 'b')",
            "true",
        ),
        (
            "record.FORNAMN + record['Efter namn'] + record.`Efter namn`",
            "ÅsaBergBerg",
        ),
        ("record.EFTERNAMN", "! the source has no such column"),
        (
            "has(record.EFTERNAMN) || record.?EFTERNAMN.orValue('x') == 'x'",
            "true",
        ),
        ("account.staff.mail", "asa@example.se"),
        ("absent", "! the field is absent"),
        ("[1].map(person, person)", "[1]"),
        ("[1].map(x, .x + x)", "[8]"),
    ]);
}

#[test]
fn every_use_of_today_tells_the_horizon() {
    let rows = rows();
    for (text, expected, recheck) in [
        ("as_of >= date('2026-08-10')", "false", Some("2026-08-10")),
        ("as_of > date('2026-08-10')", "false", Some("2026-08-11")),
        ("date('2026-08-10') <= as_of", "false", Some("2026-08-10")),
        ("as_of == date('2026-08-01')", "true", Some("2026-08-02")),
        (
            "as_of >= employment.end - days(14)",
            "false",
            Some("2026-08-17"),
        ),
        (
            "as_of + days(14) >= employment.end",
            "false",
            Some("2026-08-17"),
        ),
        (
            "within(as_of, date('2026-01-01'), employment.?end)",
            "true",
            Some("2026-09-01"),
        ),
        ("within(as_of, none, primary.end)", "true", None),
        ("year(as_of)", "2026", Some("2027-01-01")),
        ("school_year(as_of)", "2026", Some("2027-07-01")),
        (
            "days_between(as_of, employment.end)",
            "30",
            Some("2026-08-02"),
        ),
        ("as_of >= date('2020-01-01')", "true", None),
        (
            "1 / (x - 7) == 1 || as_of < date('2026-08-10')",
            "true",
            Some("2026-08-10"),
        ),
        (
            "(as_of < date('2026-08-10') ? 1 / (x - 7) : 1) == 1 || true",
            "true",
            Some("2026-08-10"),
        ),
        (
            "cel.bind(d, as_of, d < employment.end)",
            "true",
            Some("2026-08-31"),
        ),
    ] {
        let given = opinion(&rows, text, &Expected::free());
        assert_eq!(given, (expected.into(), recheck.map(day)), "{text}");
    }
}

#[test]
fn three_answers() {
    let rows = rows();
    let text = Expected::value(Type::Text).or_none().or_keep();
    for (expression, expected) in [
        ("x == 7 ? none : 'a'", "clear"),
        ("x == 1 ? none : x == 7 ? keep() : 'a'", "keep"),
        ("keep()", "keep"),
        ("none", "clear"),
        ("primary.unit.name", "Dingle skola"),
        ("x == 7 ? primary.unit.name : 'a'", "Dingle skola"),
        ("cel.bind(y, x, y == 7 ? keep() : 'b')", "keep"),
        ("'a'", "a"),
        ("absent", "! the field is absent"),
    ] {
        assert_eq!(
            opinion(&rows, expression, &text).0,
            expected,
            "{expression}"
        );
    }
    let date = Expected::value(Type::Date).or_none();
    let column = "record.TOM == '' ? none : date(record.TOM)";
    assert_eq!(opinion(&rows, column, &date).0, "clear");
    let form = Expected::value(Type::Enum(EnumId(0)));
    assert_eq!(
        opinion(&rows, "x == 7 ? hourly : 'permanent'", &form).0,
        "'hourly"
    );
}

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

#[test]
fn bad_expressions_get_messages_that_teach() {
    let any = Expected::any();
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
            &["L124 `'x'` unknown value `x` of `form` | "],
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
            &["L133 `'a'` the values of a list must have one type, found `int` and `text` | "],
        ),
        (
            "x ? 1 : 2",
            &["L134 `x` expected a condition, found `int` | "],
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
        ("x[0]", &["L135 `x` `int` has no positions or keys | "]),
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
                "L132 `take` `take` cannot take `text, text` | it is called as `list of anything.take(int)`, `text.take(int)`",
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
            &["L138 `'2026-02-30'` the text is no day such as `2026-08-31` | "],
        ),
        (
            "'a'.matches('(')",
            &["L138 `'('` the regular expression is not valid | "],
        ),
        (
            "{'a': 1, 'a': 2}",
            &["L139 `'a'` the key stands in the map twice | "],
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
            &["L119 `type` types are not values here | types are checked before a rule runs"],
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
            &["L142 `none` `none` is no answer here, a value is needed | "],
        ),
        ("keep()", &["L143 `keep()` `keep()` is no answer here | "]),
        (
            "x == 7 ? 'a' : 1",
            &["L141 `1` expected `text`, found `int` | write `string(…)` to make a text of it"],
        ),
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
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let given = problems(text, &any);
        if given != *expected {
            wrong.push(format!("{text}\n  {}", given.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
}

#[test]
fn classes_join_everything_that_is_read() {
    let world = world();
    for (text, class) in [
        ("x", Class::Open),
        ("employment.extent", Class::Open),
        ("employment.unit.name", Class::Place),
        ("employment.unit.name == '' || true", Class::Place),
        ("employment.unit.code == 'a' ? 1 : 2", Class::Place),
        ("has(employment.manager)", Class::Place),
        ("{'a': 1}[?person.given_name].orValue(1)", Class::Personal),
        (
            "person.employments.exists(e, e.unit.name == '')",
            Class::Place,
        ),
        ("[person.given_name].all(n, true)", Class::Personal),
        ("cel.bind(n, person.given_name, 1)", Class::Personal),
        ("size(person.municipality)", Class::Registered),
        ("record.FORNAMN", Class::Personal),
        ("account.staff.mail", Class::Personal),
        ("'%s'.format([employment.unit.name])", Class::Place),
        ("none.orValue(person.given_name)", Class::Personal),
    ] {
        let limits = Limits::default();
        let expected = Expected::any();
        let program = compile(text, &world.schema, &world.environment, &expected, &limits).unwrap();
        assert_eq!(program.class(), class, "{text}");
    }
}

#[test]
fn what_is_read_is_known() {
    let world = world();
    let limits = Limits::default();
    let read = |text: &str| {
        let expected = Expected::free();
        let program = compile(text, &world.schema, &world.environment, &expected, &limits).unwrap();
        let paths: Vec<String> = program
            .reads()
            .iter()
            .map(|read| format!("{} {} {}", read.path, read.class, read.steps.len()))
            .collect();
        let columns: Vec<String> = program.columns().map(String::from).collect();
        (
            paths,
            columns,
            program.reads_today(),
            program.variables().count(),
        )
    };
    assert_eq!(
        read("employment.unit.name + person.employments.map(e, e.unit.code).join()").0,
        [
            "employment.unit.name place 2",
            "person.employments open 1",
            "person.employments.unit.code place 3"
        ]
    );
    assert_eq!(read("record.B + record.A + record['C']").1, ["A", "B", "C"]);
    assert!(read("as_of > employment.end").2);
    assert_eq!(read("x + x").3, 1);
    assert_eq!(read("primary.unit.name").0, ["primary.unit.name place 2"]);
}

#[test]
fn an_allowance_is_never_exceeded() {
    let rows = rows();
    let limits = Limits::default();
    let world = &rows.world;
    let expected = Expected::free();
    let run = |text: &str, steps: u64| {
        let program = compile(text, &world.schema, &world.environment, &expected, &limits).unwrap();
        let mut meter = Meter::new("evaluation_steps", steps);
        let mut horizon = Horizon::new(day("2026-08-01"));
        let result = program.evaluate(&rows, &mut horizon, &mut meter, &mut ());
        (result.is_ok(), meter.spent())
    };
    for text in [
        "1 + 2",
        "[1, 2, 3].map(y, y * 2)",
        "false || x == 7 || 1 / (x - 7) == 1",
    ] {
        let (done, steps) = run(text, 1_000);
        assert!(done);
        assert!(run(text, steps).0, "{text}");
        assert!(!run(text, steps - 1).0, "{text}");
    }
    let mut doubling = String::from("'0123456789abcdef'");
    for _ in 0..40 {
        doubling = format!("cel.bind(y, {doubling}, y + y)");
    }
    assert_eq!(
        opinion(&rows, &doubling, &expected).0,
        "! limit reached: value_size (at most 65536)"
    );
    let nested = "[1,2,3,4,5,6,7,8,9,10].map(a, ".repeat(8) + "1" + &")".repeat(8);
    assert_eq!(
        opinion(&rows, &nested, &expected).0,
        "! limit reached: evaluation_steps (at most 1000000)"
    );
    assert_eq!(
        opinion(&rows, "'a'.pad_left(1000000000, 'b')", &expected).0,
        "! limit reached: value_size (at most 65536)"
    );
}

#[test]
fn a_tall_program_runs_on_a_small_stack() {
    extern crate std;
    #[expect(clippy::disallowed_methods, reason = "the stack must be small")]
    let spawn = || {
        std::thread::Builder::new()
            .stack_size(512 * 1024)
            .spawn(|| {
                let rows = rows();
                let free = Expected::free();
                let tall = "x".to_string() + &" * 1".repeat(198);
                assert_eq!(opinion(&rows, &tall, &free).0, "7");
                let calls = "'a'".to_string() + &".trim()".repeat(198);
                assert_eq!(opinion(&rows, &calls, &free).0, "a");
                let nots = "!".repeat(198) + "true";
                assert_eq!(opinion(&rows, &nots, &free).0, "true");
                let nested = "size([".repeat(48) + &"])".repeat(48);
                assert_eq!(opinion(&rows, &nested, &free).0, "1");
                let folds = "[1].map(a, ".repeat(20) + "1" + &")".repeat(20);
                assert!(opinion(&rows, &folds, &free).0.starts_with("[["));
                let binds = "cel.bind(a, 1, ".repeat(90) + "a" + &")".repeat(90);
                assert_eq!(opinion(&rows, &binds, &free).0, "1");
                let choices = "(true ? ".repeat(90) + "1" + &" : 2)".repeat(90);
                assert_eq!(opinion(&rows, &choices, &free).0, "1");
                let deep = "[".repeat(99) + &"]".repeat(99);
                assert!(
                    opinion(&rows, &deep, &free)
                        .0
                        .starts_with("refused: the type is nested")
                );
            })
            .unwrap()
            .join()
    };
    assert!(spawn().is_ok());
}

#[test]
fn programs_travel_between_threads() {
    fn sent<T: Send + Sync + 'static>() {}
    sent::<Program>();
    sent::<Schema>();
    sent::<Environment>();
    sent::<Value>();
}
