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
            .contains("`town.shout` cannot take `int`"),
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
