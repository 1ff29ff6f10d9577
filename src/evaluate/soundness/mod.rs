//! The promise of the checker, over the real model: what is accepted gives a value of its type or a listed error, within its bound.
//!
//! Expressions are generated as texts over the fields that the model declares, a customer's field and a table among them (`author`).
//! Populations are random: every cell may be absent, long, or a key that no table has (`people`). What is evaluated is seen through
//! the scope of rules itself.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may fail, and reads how many cases it takes"
)]

extern crate std;

mod author;
mod people;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::accounts::slot::Moved;
use super::scope::RuleScope;
use super::world::World;
use crate::base::Horizon;
use crate::base::Limits;
use crate::base::Meter;
use crate::base::trials;
use crate::directory::Directory;
use crate::language::Class;
use crate::language::DataErrorKind;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::Failure;
use crate::language::Opinion;
use crate::language::Sizes;
use crate::language::Type;
use crate::language::Value;
use crate::language::compile;
use crate::ledger::Memory;
use crate::model::AffiliationKind;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::model::Population;
use crate::model::RecordKind;
use crate::rules::Compiled;
use crate::rules::Ruleset;
use author::paths;
use author::written;
use people::Dice;
use people::population;

const RULES: &str = r#"
language = 1
name = "Soundness"
[table.employer]
"1430" = { name = "Munkedal", domain = "munkedal.se", size = 12 }
"1484" = { name = "Lysekil" }
[field.employment.employer]
table = "employer"
[field.employment.grade]
type = "int"
class = "place"
[protection.marking]
account = "exclude"
[protection.registration]
account = "exclude"
[namespace.login]
[account.staff]
covers = { employment = "true" }
[account.staff.name.login]
local = ["fold(person.surname).take(8)"]
unique = ["login"]
"#;

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// All that an expression of an output may name, with the numbering of the rules.
fn environment(rules: &Compiled) -> Environment {
    let slots = &rules.slots;
    let record = |kind| rules.schema.record_type(kind);
    let mut named = BTreeMap::from([
        (slots.record, ("‹record›", Type::Never)),
        (slots.as_of, ("as_of", Type::Today)),
        (slots.person, ("person", record(RecordKind::Person))),
        (slots.alias, ("alias", record(RecordKind::Alias))),
        (slots.register, ("register", record(RecordKind::Register))),
        (
            slots.primary,
            (
                "primary",
                Type::Record(*rules.primary_records.first().unwrap()),
            ),
        ),
        (
            slots.account,
            ("account", Type::Record(rules.accounts_record)),
        ),
        (slots.current, ("‹current›", Type::Never)),
        (slots.table, ("table", Type::Record(rules.tables_record))),
    ]);
    for kind in AffiliationKind::ALL {
        named.insert(
            slots.affiliation(kind),
            (kind.name(), record(kind.record())),
        );
    }
    let mut environment = Environment::new();
    for (slot, (name, ty)) in named {
        assert_eq!(environment.variable(name, ty, Class::Open), slot, "{name}");
    }
    environment
}

/// Whether a value is one of the type.
fn is_of(value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (Value::Bool(_), Type::Bool)
        | (Value::Int(_), Type::Int)
        | (Value::Double(_), Type::Double)
        | (Value::Text(_), Type::Text)
        | (Value::Date(_), Type::Date)
        | (Value::Days(_), Type::Days)
        | (Value::Today(_), Type::Today)
        | (Value::Optional(None), Type::Optional(_)) => true,
        (Value::Enum(one, _), Type::Enum(other)) => one == other,
        (Value::Nominal(one, _), Type::Nominal(other)) => one == other,
        (Value::Record(record), Type::Record(kind)) => record.kind == *kind,
        (Value::Optional(Some(held)), Type::Optional(inner)) => is_of(held, inner),
        (Value::List(values), Type::List(element)) => {
            values.iter().all(|value| is_of(value, element))
        }
        (Value::Map(entries), Type::Map(key, value)) => entries
            .iter()
            .all(|(one, two)| is_of(&one.value(), key) && is_of(two, value)),
        _ => false,
    }
}

/// What came of one expression: whether it was accepted; or what is wrong.
fn sound(
    rules: &Compiled,
    text: &str,
    environment: &Environment,
    population: &Population,
    dice: &mut Dice<'_>,
) -> Result<bool, String> {
    let limits = Limits::default();
    let schema = &rules.schema.language;
    let Ok(program) = compile(text, schema, environment, &Expected::free(), &limits) else {
        return Ok(false);
    };
    let (directory, memory) = (Directory::default(), Memory::default());
    let world = World::new(
        rules,
        population,
        &directory,
        &memory,
        as_of(),
        b"s",
        Moved::default(),
    );
    let bound = program.cost(Sizes {
        text: limits.read_text,
        list: limits.read_list,
    });
    for (person, _) in population.persons() {
        for affiliation in population.affiliations_of(person) {
            let primary = first(population, person, AffiliationKind::Employment)
                .filter(|_| dice.below(4) > 0);
            let scope = RuleScope::of(&world, person)
                .affiliation(*affiliation)
                .primary(0, primary);
            let mut meter = Meter::new("evaluation_steps", u64::MAX);
            let given = program.evaluate(&scope, &mut Horizon::new(as_of()), &mut meter, &mut ());
            if meter.spent() > bound {
                return Err(format!(
                    "{text}\n  took {} steps, at most {bound} were promised",
                    meter.spent()
                ));
            }
            match given {
                Ok(Opinion::Value(value)) if is_of(&value, program.ty()) => {}
                Ok(Opinion::None) => {}
                Ok(other) => {
                    return Err(format!(
                        "{text}\n  gave {other:?}, and promised {:?}",
                        program.ty()
                    ));
                }
                Err(Failure::Data(error)) => match error.kind {
                    DataErrorKind::Other(_)
                    | DataErrorKind::NoOpinion
                    | DataErrorKind::Unresolved => {
                        return Err(format!("{text}\n  failed: {error}"));
                    }
                    _ => {}
                },
                Err(Failure::Limit(limit)) => return Err(format!("{text}\n  {limit}")),
            }
        }
    }
    Ok(true)
}

fn first(
    population: &Population,
    person: PersonRow,
    kind: AffiliationKind,
) -> Option<AffiliationRow> {
    let mut rows = population.affiliations_of(person).iter();
    rows.find(|row| population.affiliation(**row).kind == kind)
        .copied()
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), most.checked_div(2).unwrap_or(0)..most)
}

proptest! {
    #![proptest_config(trials())]

    #[test]
    fn what_is_accepted_is_sound_over_the_model(people in bytes(600), expressions in bytes(4_000)) {
        let ruleset = Ruleset::from_toml(RULES).unwrap_or_else(|problems| panic!("{problems}"));
        let rules = ruleset.compiled();
        let environment = environment(rules);
        let paths = paths(rules, &environment);
        let population = population(rules, &mut Dice(&people));
        let mut dice = Dice(&expressions);
        while !dice.0.is_empty() {
            let text = written(&paths, &mut dice);
            let found = sound(rules, &text, &environment, &population, &mut dice);
            prop_assert!(found.is_ok(), "{}", found.unwrap_err());
        }
    }
}

/// A property over what is accepted proves nothing where nothing is.
#[test]
fn most_of_what_is_written_is_accepted_and_gives_something() {
    let ruleset = Ruleset::from_toml(RULES).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = ruleset.compiled();
    let environment = environment(rules);
    let paths = paths(rules, &environment);
    for ty in [
        "bool",
        "int",
        "text",
        "date",
        "list of text",
        "unit",
        "table.employer",
    ] {
        assert!(
            paths.contains_key(ty),
            "there is no way to a {ty}: {:?}",
            paths.keys()
        );
    }
    let mut seed = 1_u32;
    let bytes: Vec<u8> = core::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    })
    .take(60_000)
    .collect();
    let mut dice = Dice(&bytes);
    let population = population(rules, &mut dice);
    let (mut accepted, mut all) = (0_u32, 0_u32);
    while !dice.0.is_empty() {
        let text = written(&paths, &mut dice);
        all = all.saturating_add(1);
        match sound(rules, &text, &environment, &population, &mut dice) {
            Ok(taken) => accepted = accepted.saturating_add(u32::from(taken)),
            Err(message) => panic!("{message}"),
        }
    }
    assert!(all > 500 && accepted > all / 2, "{accepted} of {all}");
}
