//! Functions of the host, from the declaration to an attribute of an account.

use folkform::Ruleset;
use folkform::diagnostic::Problems;
use folkform::language::Class;
use folkform::language::DataErrorKind;
use folkform::language::FunctionDeclaration;
use folkform::language::Type;
use folkform::language::Value;
use folkform::rules::FunctionRefused;
use folkform::rules::Loader;
use folkform::testing::Scenario;

/// Rules with one account, which shows what an expression gives; and another for the protected.
fn rules(loader: &Loader, shown: &str, protected: &str) -> Result<Ruleset, Problems> {
    loader.toml(&format!(
        r#"
language = 1
name = "host"
[protection.marking]
account = "alias"
[protection.registration]
account = "exclude"
[source.heroma.map.employment]
number = 'record.PNR'
given_name = 'record.FNAMN'
surname = 'record.ENAMN'
start = 'date(record.FROM)'
[namespace.login]
holds = ["account.*.login"]
[account.staff]
covers = {{ employment = 'true' }}
container = '"OU=Staff,DC=example,DC=test"'
[account.staff.name.login]
local = ['fold(person.given_name)']
unique = ["login"]
[account.staff.set]
displayName = '{shown}'
[account.staff.protected]
name.login.local = ['alias.login']
set.displayName = '{protected}'
"#
    ))
}

fn scenario(rules: &Ruleset) -> Scenario {
    Scenario::new(rules)
        .on("2026-11-23")
        .unit("skola", |unit| unit.name("Skolan").municipality("1430"))
        .person("anna", |person| {
            person
                .number("198412022389")
                .given_name("Anna")
                .surname("Berg")
                .verified()
                .employment(|job| job.employer("1430").unit("skola").from("2026-01-01"))
        })
}

fn shout() -> FunctionDeclaration {
    FunctionDeclaration::new("town.shout", vec![Type::Text], Type::Text).doc("a text, loudly")
}

fn loudly(arguments: &[Value]) -> Result<Value, DataErrorKind> {
    let text = arguments.first().and_then(Value::as_text);
    let text = text.ok_or(DataErrorKind::BadArgument)?;
    Ok(Value::from(format!("{text}!").as_str()))
}

#[test]
fn a_rule_calls_what_the_host_brings() {
    let loader = Loader::new().function(shout(), loudly).unwrap();
    let rules = rules(&loader, "town.shout(person.given_name)", "alias.name").unwrap();
    scenario(&rules)
        .run()
        .account("anna", "staff")
        .has("displayName", "Anna!");
    let listed = rules.schema().functions();
    assert!(
        listed
            .iter()
            .any(|(signature, _)| signature == "town.shout(text) -> text"),
        "{listed:?}"
    );
}

#[test]
fn a_function_on_a_value_is_called_so() {
    let declaration = FunctionDeclaration::new("loudly", vec![], Type::Text).on(Type::Text);
    let loader = Loader::new().function(declaration, loudly).unwrap();
    let rules = rules(&loader, "person.given_name.loudly()", "alias.name").unwrap();
    scenario(&rules)
        .run()
        .account("anna", "staff")
        .has("displayName", "Anna!");
}

#[test]
fn without_it_or_with_other_types_the_rules_do_not_load() {
    let problems = rules(&Loader::new(), "town.shout(\"a\")", "alias.name").unwrap_err();
    assert!(
        problems.to_string().contains("unknown name `town`"),
        "{problems}"
    );
    let loader = Loader::new().function(shout(), loudly).unwrap();
    let problems = rules(&loader, "town.shout(1)", "alias.name").unwrap_err();
    assert!(
        problems
            .to_string()
            .contains("there is no `town.shout(int)`"),
        "{problems}"
    );
}

#[test]
fn a_value_of_another_type_is_an_error_in_the_data() {
    let loader = Loader::new()
        .function(shout(), |_| Ok(Value::Int(1)))
        .unwrap();
    let rules = rules(&loader, "town.shout(person.given_name)", "alias.name").unwrap();
    let checked = scenario(&rules).run();
    let findings: Vec<String> = checked
        .outcome()
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        findings
            .iter()
            .any(|finding| finding.contains("a function of the host gave a value of another type")),
        "{findings:?}"
    );
}

/// Rules in which a function of the host gives what is shown.
fn with(
    declaration: &FunctionDeclaration,
    shown: &str,
    gives: &'static [fn() -> Value],
) -> Vec<Result<Ruleset, Problems>> {
    let load = |give: &fn() -> Value| {
        let give = *give;
        let loader = Loader::new()
            .function(declaration.clone(), move |_| Ok(give()))
            .unwrap();
        rules(&loader, shown, "alias.name")
    };
    gives.iter().map(load).collect()
}

/// What an account shows, or the finding that it shows nothing.
fn shown(rules: Result<Ruleset, Problems>) -> String {
    let rules = rules.unwrap_or_else(|problems| panic!("{problems}"));
    let checked = scenario(&rules).run();
    let account = checked
        .outcome()
        .desired()
        .accounts
        .values()
        .next()
        .unwrap()
        .clone();
    let found = checked.outcome().findings().iter().map(ToString::to_string);
    let failed: Vec<String> = found
        .filter(|finding| finding.contains("cannot be computed"))
        .collect();
    match account.attributes.get("displayName") {
        Some(folkform::directory::Opinion::Set(values)) => values.join("|"),
        _ => failed.join("|"),
    }
}

#[test]
fn lists_optionals_and_maps_are_taken_and_given() {
    // `town.words("Anna Berg", 2)` and so on, made of what it is given
    let text = |value: &Value| value.as_text().unwrap().to_string();
    let declaration = FunctionDeclaration::new(
        "town.joined",
        vec![
            Type::list(Type::Text),
            Type::optional(Type::Int),
            Type::map(Type::Text, Type::list(Type::Date)),
        ],
        Type::list(Type::optional(Type::Text)),
    )
    .cost(7);
    let loader = Loader::new()
        .function(declaration, move |arguments| {
            let [Value::List(words), Value::Optional(most), Value::Map(days)] = arguments else {
                return Err(DataErrorKind::BadArgument);
            };
            let joined: Vec<String> = words.iter().map(text).collect();
            let count = days
                .values()
                .filter_map(Value::as_list)
                .map(<[Value]>::len)
                .sum::<usize>();
            Ok(Value::list([
                Value::some(Value::from(joined.join("+").as_str())),
                Value::none(),
                most.as_ref().map_or(Value::none(), |most| {
                    let most = most.as_int().unwrap();
                    Value::some(Value::from(format!("{most}/{count}").as_str()))
                }),
            ]))
        })
        .unwrap();
    let given = |most: &str| {
        let call = format!(
            r#"town.joined(["a"] + person.given_name.words(), {most}, {{"x": [date("2026-01-01")], "y": []}})"#
        );
        let expression = format!(r#"{call}.map(x, x.orValue("-")).join(" ")"#);
        shown(rules(&loader, &expression, "alias.name"))
    };
    assert_eq!(given("none"), "a+Anna - -");
    assert_eq!(given("optional.of(4)"), "a+Anna - 4/1");
    let listed = rules(&loader, "person.given_name", "alias.name").unwrap();
    assert!(listed.schema().functions().iter().any(|(signature, _)| {
        signature == "town.joined(list of text, optional int, map from text to list of date) -> list of optional text"
    }));
    for (wrong, said) in [
        (
            r#"town.joined(["a"], 4, {})"#,
            "there is no `town.joined(list of text, int, map from nothing to nothing)`",
        ),
        (
            "town.joined([1], none, {})",
            "there is no `town.joined(list of int",
        ),
        (
            r#"town.joined(["a"], none, {"a": 1})"#,
            "there is no `town.joined(list of text, optional nothing, map from text to int)`",
        ),
    ] {
        let problems = rules(&loader, wrong, "alias.name").unwrap_err().to_string();
        assert!(problems.contains(said), "{problems}");
    }
}

#[test]
fn what_is_given_back_wrongly_is_an_error_in_the_data_however_deep_it_stands() {
    let list = FunctionDeclaration::new("town.f", vec![], Type::list(Type::Text));
    let wrong: &[fn() -> Value] = &[
        || Value::from("a"),
        || Value::list([Value::from("a"), Value::Int(1)]),
        || Value::some(Value::list([])),
        || Value::list([Value::list([Value::from("a")])]),
        || Value::list([Value::none()]),
    ];
    for rules in with(&list, r#"town.f().join("+")"#, wrong) {
        let found = shown(rules);
        assert!(found.contains("gave a value of another type"), "{found}");
    }
    let optional = FunctionDeclaration::new("town.f", vec![], Type::optional(Type::Date));
    let wrong: &[fn() -> Value] = &[
        || Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()),
        || Value::some(Value::from("2026-01-01")),
        || {
            Value::some(Value::some(Value::Date(
                chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            )))
        },
        || {
            Value::some(Value::Date(
                chrono::NaiveDate::from_ymd_opt(12_026, 1, 1).unwrap(),
            ))
        },
        || Value::some(Value::Days(1)),
    ];
    for rules in with(
        &optional,
        r#"string(coalesce(town.f(), date("2026-01-01")))"#,
        wrong,
    ) {
        let found = shown(rules);
        assert!(found.contains("gave a value of another type"), "{found}");
    }
    let days = FunctionDeclaration::new("town.f", vec![], Type::Days);
    let given: &[fn() -> Value] = &[|| Value::Days(4_000_001), || Value::Days(3)];
    let given: Vec<String> = with(&days, "string(int(town.f()))", given)
        .into_iter()
        .map(shown)
        .collect();
    assert!(
        given[0].contains("gave a value of another type"),
        "{given:?}"
    );
    assert_eq!(given[1], "3");
    // of the right type, and larger than what an expression reads
    let large: &[fn() -> Value] = &[
        || Value::list((0..257).map(|_| Value::from("a"))),
        || Value::list([Value::from("a".repeat(1_025).as_str())]),
    ];
    let list = FunctionDeclaration::new("town.f", vec![], Type::list(Type::Text));
    for rules in with(&list, r#"town.f().join("+")"#, large) {
        let found = shown(rules);
        assert!(found.contains("the value is too large"), "{found}");
    }
}

#[test]
fn what_it_costs_and_what_it_may_give_count_before_it_runs() {
    let declaration =
        || FunctionDeclaration::new("town.f", vec![Type::Text], Type::list(Type::Text));
    let load = |declaration: FunctionDeclaration, shown: &str| {
        let loader = Loader::new()
            .function(declaration, |_| Ok(Value::list([])))
            .unwrap();
        rules(&loader, shown, "alias.name")
            .err()
            .map(|problems| problems.to_string())
    };
    assert_eq!(
        load(declaration().cost(9_000_000), r#"town.f("a").join()"#),
        None
    );
    let problems = load(declaration().cost(11_000_000), r#"town.f("a").join()"#).unwrap();
    assert!(problems.contains("L145"), "{problems}");
    let all = r#"person.given_name.split("").map(x, town.f(x).size()).sum() > 0 ? "a" : "b""#;
    assert_eq!(load(declaration().cost(1_000), all), None);
    let problems = load(declaration().cost(100_000), all).unwrap();
    assert!(problems.contains("L145"), "{problems}");
    // each of its lists may have 256 values, so that three in each other are too many
    let nested = r#"town.f("a").all(x, town.f(x).all(y, town.f(y).all(z, town.f(z).size() > 1))) ? "a" : "b""#;
    let problems = load(declaration(), nested).unwrap();
    assert!(problems.contains("L145"), "{problems}");
}

#[test]
fn what_it_gives_away_counts() {
    let load = |class| {
        let loader = Loader::new()
            .function(shout().class(class), loudly)
            .unwrap();
        rules(&loader, "person.given_name", "town.shout(alias.name)")
    };
    assert!(load(Class::Open).is_ok());
    assert!(load(Class::Personal).is_err());
}

#[test]
fn declarations_are_part_of_the_digest() {
    let digest = |loader: &Loader| {
        rules(loader, "person.given_name", "alias.name")
            .unwrap()
            .digest()
    };
    let with = |declaration| Loader::new().function(declaration, loudly).unwrap();
    let none = digest(&Loader::new());
    let one = digest(&with(shout()));
    assert_ne!(none, one);
    assert_eq!(one, digest(&with(shout().doc("said otherwise"))));
    assert_ne!(one, digest(&with(shout().cost(7))));
    assert_ne!(one, digest(&with(shout().class(Class::Place))));
}

#[test]
fn bad_declarations_are_refused_at_once() {
    let refused =
        |declaration: FunctionDeclaration| Loader::new().function(declaration, loudly).unwrap_err();
    let named = |name| FunctionDeclaration::new(name, vec![Type::Text], Type::Text);
    for name in ["", "1a", "a b", "a.", "å", "for", "a.in"] {
        assert_eq!(refused(named(name)), FunctionRefused::Name(name.into()));
    }
    for name in ["fold", "under", "sort_by", "cel.bind", "person.mask"] {
        assert_eq!(refused(named(name)), FunctionRefused::Taken(name.into()));
    }
    for ty in [
        Type::Today,
        Type::list(Type::Today),
        Type::Parameter(0),
        Type::Never,
    ] {
        let declaration = FunctionDeclaration::new("f", vec![ty], Type::Text);
        assert_eq!(refused(declaration), FunctionRefused::Type("f".into()));
    }
    let twice = Loader::new().function(shout(), loudly).unwrap();
    assert!(matches!(
        twice.function(shout(), loudly),
        Err(FunctionRefused::Taken(_))
    ));
}
