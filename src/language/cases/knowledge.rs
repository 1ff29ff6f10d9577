//! What is known of a program before it runs, and what it may cost.

use super::*;

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
        ("table.unit['a'].name", Class::Open),
        (
            "table.unit[?employment.unit.name].name.orValue('')",
            Class::Place,
        ),
        (
            "table.unit[?person.given_name].name.orValue('')",
            Class::Personal,
        ),
        ("person.given_name in table.unit", Class::Personal),
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
    assert_eq!(
        read("table.unit[?string(x)].name").0,
        ["table.unit.name open 2", "x open 0"]
    );
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
        "! the value is too large"
    );
    let nested = "[1,2,3,4,5,6,7,8,9,10].map(a, ".repeat(8) + "1" + &")".repeat(8);
    assert_eq!(
        opinion(&rows, &nested, &expected).0,
        "refused: expression may take 233333332 steps (at most 10000000)"
    );
    assert_eq!(
        opinion(&rows, "'a'.pad_left(1000000000, 'b')", &expected).0,
        "! the value is too large"
    );
}

/// What is built too large is an error in the data like any other: it is absorbed where others are, and costs no more than the
/// bound says.
#[test]
fn what_is_built_too_large_is_an_error_in_the_data() {
    let mut rows = rows();
    let long = "a,".repeat(500);
    rows.columns
        .insert("LONG", alloc::boxed::Box::leak(long.into_boxed_str()));
    let limits = Limits {
        value_size: 100,
        ..Limits::default()
    };
    let world = &rows.world;
    let expected = Expected::free();
    for (text, wanted) in [
        ("size('a'.pad_left(100, 'b'))", Ok("100")),
        ("'a'.pad_left(101, 'b')", Err(())),
        ("record.LONG.split(',')", Err(())),
        ("record.LONG.lower()", Err(())),
        ("record.LONG.replace('a', 'aaa')", Err(())),
        ("record.LONG + record.LONG", Err(())),
        ("'%s'.format([record.LONG])", Err(())),
        ("[[record.LONG]].map(x, x.join())[0]", Err(())),
        (
            "[1, 2, 3].map(x, [1, 2, 3, 4, 5, 6, 7].map(y, [1, 2, 3, 4, 5])).flatten().flatten()",
            Err(()),
        ),
        ("['a', 'b'].transformMapEntry(i, x, {x: i}).size()", Ok("2")),
        ("record.LONG.lower() == '' || true", Ok("true")),
        ("record.LONG.lower() == '' && false", Ok("false")),
        (
            "[record.LONG].exists(x, x.upper() == '' || x.startsWith('a'))",
            Ok("true"),
        ),
        ("cel.bind(y, record.LONG.lower(), 1)", Ok("1")),
    ] {
        let program = compile(text, &world.schema, &world.environment, &expected, &limits).unwrap();
        let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
        let mut horizon = Horizon::new(day("2026-08-01"));
        let given = program.evaluate(&rows, &mut horizon, &mut meter, &mut ());
        match (given, wanted) {
            (Ok(Opinion::Value(value)), Ok(wanted)) => assert_eq!(shown(&value), wanted, "{text}"),
            (Err(Failure::Data(error)), Err(())) => {
                assert_eq!(error.kind, DataErrorKind::TooLarge, "{text}");
            }
            (given, _) => panic!("{text} gave {given:?}"),
        }
        let met = Sizes {
            text: limits.read_text,
            list: limits.read_list,
        };
        assert!(
            meter.spent() <= program.cost(met),
            "{text}: {} steps",
            meter.spent()
        );
    }
}

/// What is constant may be larger than what is built, and stays so where it is handed on; the bound knows it.
#[test]
fn what_is_handed_on_may_be_larger_than_what_is_built() {
    let rows = rows();
    let limits = Limits {
        value_size: 100,
        ..Limits::default()
    };
    let world = &rows.world;
    let expected = Expected::free();
    let many = format!("[{}]", "7, ".repeat(300));
    let long = format!("'{}'", "a".repeat(1_000));
    for (text, wanted) in [
        (
            format!("optional.of({many}).orValue([]).all(n, n + 1 + 1 > 0)"),
            Some("true"),
        ),
        (
            format!("optional.ofNonZeroValue({many}).orValue([]).all(n, n > 0)"),
            Some("true"),
        ),
        (
            format!("[{many}].first().orValue([]).all(n, n + 1 > 0)"),
            Some("true"),
        ),
        (
            format!("[{many}].last().value().all(n, n + 1 > 0)"),
            Some("true"),
        ),
        (
            format!("optional.of({long}).value().matches('b')"),
            Some("false"),
        ),
        (
            format!("[{long}].map(t, optional.of(t))[0].optMap(t, t.matches('a$')).orValue(false)"),
            Some("true"),
        ),
        (format!("{many}.distinct().all(n, n == 7)"), Some("true")),
        (format!("{many}.transformList(i, n, i).distinct()"), None),
        (format!("{many}.reverse()"), None),
        (
            format!("'%s'.format([{many}.transformMapEntry(i, n, {{i: n}})])"),
            None,
        ),
        (
            format!("'%s'.format([{many}.transformMapEntry(i, n, {{i: n}}).size()])"),
            None,
        ),
    ] {
        let program =
            compile(&text, &world.schema, &world.environment, &expected, &limits).unwrap();
        let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
        let mut horizon = Horizon::new(day("2026-08-01"));
        let given = program.evaluate(&rows, &mut horizon, &mut meter, &mut ());
        match (given, wanted) {
            (Ok(Opinion::Value(value)), Some(wanted)) => {
                assert_eq!(shown(&value), wanted, "{text}");
            }
            (Err(Failure::Data(error)), None) => {
                assert_eq!(error.kind, DataErrorKind::TooLarge, "{text}");
            }
            (given, _) => panic!("{text} gave {given:?}"),
        }
        let bound = program.cost(Sizes { text: 16, list: 2 });
        assert!(
            meter.spent() <= bound,
            "{text}: {} of {bound} steps",
            meter.spent()
        );
    }
}

/// `format` writes maps in the order of their keys, which it takes steps to find.
#[test]
fn an_order_of_keys_takes_steps() {
    let rows = rows();
    let limits = Limits::default();
    let world = &rows.world;
    let keys: Vec<String> = (0..100).map(|key| format!("x + {key}: true")).collect();
    let keys = keys.join(", ");
    let spent = |text: &str| {
        let expected = Expected::free();
        let program = compile(text, &world.schema, &world.environment, &expected, &limits).unwrap();
        let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
        let mut horizon = Horizon::new(day("2026-08-01"));
        let given = program.evaluate(&rows, &mut horizon, &mut meter, &mut ());
        assert!(given.is_ok(), "{text}: {given:?}");
        let bound = program.cost(Sizes { text: 16, list: 2 });
        assert!(
            meter.spent() <= bound,
            "{text}: {} of {bound}",
            meter.spent()
        );
        meter.spent()
    };
    let written = spent(&format!("'%s'.format([[{{{keys}}}]])"));
    let made = spent(&format!("size([[{{{keys}}}]])"));
    assert!(written - made >= 1_600, "{written} and {made}");
}

/// The bound is useful: it is what is taken where everything is as large as said, and little more where a branch is not taken.
#[test]
fn the_bound_is_near_what_is_taken() {
    let rows = rows();
    let limits = Limits::default();
    let world = &rows.world;
    let met = Sizes { text: 16, list: 2 };
    for text in [
        "person.given_name + ' ' + employment.unit.name",
        "person.employments.exists(e, e.form == hourly && e.extent > 500)",
        "person.employments.map(e, e.unit.code).sort().join('-')",
        "table.unit[?person.given_name].name.orValue('')",
        "primary.?unit.?name.orValue(employment.unit.name).lowerAscii().split(' ')",
    ] {
        let expected = Expected::free();
        let program = compile(text, &world.schema, &world.environment, &expected, &limits).unwrap();
        let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
        let mut horizon = Horizon::new(day("2026-08-01"));
        let given = program.evaluate(&rows, &mut horizon, &mut meter, &mut ());
        assert!(given.is_ok(), "{text}");
        let (taken, bound) = (meter.spent(), program.cost(met));
        assert!(taken <= bound, "{text}: {taken} of {bound}");
        assert!(bound <= 10 * taken, "{text}: {taken} of {bound}");
        assert!(bound <= program.cost(Sizes { text: 64, list: 8 }));
    }
}

#[test]
fn a_generated_rule_of_ten_thousand_terms_passes() {
    let rows = rows();
    let many = |first: &str, more: &dyn Fn(usize) -> String| {
        let rest: String = (0..10_000).map(more).collect();
        opinion(&rows, &format!("{first}{rest}"), &Expected::free()).0
    };
    let unit = |number| format!("employment.unit.code == \"9{number}\"");
    let any = many("employment.unit.code == \"u1\"", &|number| {
        format!(" || {}", unit(number))
    });
    assert_eq!(any, "true");
    let none = many("true", &|number| format!(" && !({})", unit(number)));
    assert_eq!(none, "true");
    let pairs = many("false", &|number| {
        format!(" || {} && x == {number}", unit(number))
    });
    assert_eq!(pairs, "false");
    assert_eq!(many("x", &|number| format!(" + {number} - {number}")), "7");
    assert_eq!(many("\"\"", &|_| " + \"a\"".into()).len(), 10_000);
    let all = |more: &dyn Fn(usize) -> String| (0..10_000).map(more).collect::<String>();
    let chosen = all(&|number| format!("x == {number} ? {number} : ")) + "-1";
    assert_eq!(opinion(&rows, &chosen, &Expected::free()).0, "7");
    let among = format!("x in [{}]", all(&|number| format!("{number}, ")));
    assert_eq!(opinion(&rows, &among, &Expected::free()).0, "true");
    let keyed = format!("{{{}}}[x]", all(&|number| format!("{number}: true, ")));
    assert_eq!(opinion(&rows, &keyed, &Expected::free()).0, "true");
}

#[test]
fn a_tall_program_runs_on_a_small_stack() {
    extern crate std;
    let spawn = || {
        std::thread::Builder::new()
            // Frames of a build without optimisation are several times as large.
            .stack_size(if cfg!(debug_assertions) {
                2 * 1024 * 1024
            } else {
                512 * 1024
            })
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
