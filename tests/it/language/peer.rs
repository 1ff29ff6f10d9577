//! What another implementation of CEL makes of the same expressions.
//!
//! `cel-core` parses, checks and evaluates by itself; only the text and the bindings are shared. Where it departs from the
//! specification, the departure is named in [`Departure`] and the naive evaluator is made to depart likewise: a difference is
//! explained where that gives exactly what `cel-core` gave, and every other one fails.

use std::sync::Arc;

use cel_core::CelType;
use cel_core::Env;
use cel_core::MapActivation;
use cel_core::MapKey;
use cel_core::OptionalValue;
use cel_core::Value;
use cel_core::ValueMap;
use folkform::language::Failure;
use proptest::proptest;

use super::generate::Bindings;
use super::generate::bindings;
use super::generate::variables;
use super::laws::bytes;
use super::naive::Departure;
use super::naive::evaluate_with;
use super::source::Source;
use super::target::drawn;
use super::world::World;
use super::world::same;
use super::written::E;
use super::written::K;
use super::written::T;
use super::written::V;
use crate::trials;

/// What came of an expression.
enum Given {
    Value(V),
    Error(String),
    Refused(String),
}

impl Given {
    fn shown(&self) -> String {
        match self {
            Self::Value(value) => format!("gives {value:?}"),
            Self::Error(error) => format!("fails: {error}"),
            Self::Refused(message) => format!("refuses: {message}"),
        }
    }
}

fn their_type(ty: &T) -> CelType {
    match ty {
        T::Bool => CelType::Bool,
        T::Int => CelType::Int,
        T::Double => CelType::Double,
        T::Text => CelType::String,
        T::Date => CelType::Timestamp,
        T::Person => CelType::map(CelType::String, CelType::Dyn),
        T::List(element) => CelType::list(their_type(element)),
        T::Map(key, value) => CelType::map(their_type(key), their_type(value)),
        T::Optional(inner) => CelType::optional(their_type(inner)),
    }
}

fn their_value(value: &V, bindings: &Bindings) -> Value {
    match value {
        V::Bool(value) => Value::Bool(*value),
        V::Int(number) => Value::Int(*number),
        V::Double(number) => Value::Double(*number),
        V::Text(text) => Value::String(text.as_str().into()),
        V::Date(_) => unreachable!("days are ours"),
        V::Person(row) => {
            let fields = bindings.persons[*row].iter().map(|(name, value)| {
                let key = MapKey::String((*name).into());
                (key, their_value(value, bindings))
            });
            Value::Map(Arc::new(ValueMap::from_entries(fields)))
        }
        V::List(list) => Value::List(
            list.iter()
                .map(|value| their_value(value, bindings))
                .collect(),
        ),
        V::Map(map) => {
            let entries = map.iter().map(|(key, value)| {
                let key = match key {
                    K::Bool(value) => MapKey::Bool(*value),
                    K::Int(number) => MapKey::Int(*number),
                    K::Text(text) => MapKey::String(text.as_str().into()),
                };
                (key, their_value(value, bindings))
            });
            Value::Map(Arc::new(ValueMap::from_entries(entries)))
        }
        V::Optional(None) => Value::optional_none(),
        V::Optional(Some(held)) => Value::optional_some(their_value(held, bindings)),
    }
}

fn their_given(value: &Value) -> Result<V, String> {
    Ok(match value {
        Value::Bool(value) => V::Bool(*value),
        Value::Int(number) => V::Int(*number),
        Value::Double(number) => V::Double(*number),
        Value::String(text) => V::Text(text.to_string()),
        Value::List(list) => V::List(list.iter().map(their_given).collect::<Result<_, _>>()?),
        Value::Map(map) => V::Map(
            map.iter()
                .map(|(key, value)| {
                    let key = match key {
                        MapKey::Bool(value) => K::Bool(*value),
                        MapKey::Int(number) => K::Int(*number),
                        MapKey::String(text) => K::Text(text.to_string()),
                        MapKey::UInt(_) => return Err("a key of another type".into()),
                    };
                    Ok((key, their_given(value)?))
                })
                .collect::<Result<_, String>>()?,
        ),
        Value::Optional(OptionalValue::None) => V::Optional(None),
        Value::Optional(OptionalValue::Some(held)) => V::some(their_given(held)?),
        Value::Error(error) => return Err(format!("{:?}: {}", error.kind, error.message)),
        other => return Err(format!("a value of another kind: {other:?}")),
    })
}

/// A person is a record here and a map there: both by what they hold.
fn plain(value: V, bindings: &Bindings) -> V {
    match value {
        V::Person(row) => V::Map(
            bindings.persons[row]
                .iter()
                .map(|(name, value)| (K::Text((*name).into()), plain(value.clone(), bindings)))
                .collect(),
        ),
        V::List(list) => V::List(
            list.into_iter()
                .map(|value| plain(value, bindings))
                .collect(),
        ),
        V::Map(map) => V::Map(
            map.into_iter()
                .map(|(key, value)| (key, plain(value, bindings)))
                .collect(),
        ),
        V::Optional(Some(held)) => V::some(plain(*held, bindings)),
        value => value,
    }
}

fn theirs(env: &Env, text: &str, bindings: &Bindings) -> Given {
    // its checker loses track of some types, and never comes to an end with others; without it, it evaluates all the same
    let ast = match env.parse_only(text) {
        Ok(ast) => ast,
        Err(error) => return Given::Refused(error.to_string()),
    };
    let program = match env.program(&ast) {
        Ok(program) => program,
        Err(error) => return Given::Refused(error.to_string()),
    };
    let mut activation = MapActivation::new();
    for (name, _) in variables(false) {
        activation.insert(name, their_value(&bindings.variables[name], bindings));
    }
    match their_given(&program.eval(&activation)) {
        Ok(value) => Given::Value(value),
        Err(error) => Given::Error(error),
    }
}

fn ours(world: &World, text: &str, bindings: &Bindings) -> Given {
    match world.compile(text) {
        Err(problems) => Given::Refused(problems[0].message.clone()),
        Ok(program) => match world.run(&program, bindings).0 {
            Ok(value) => Given::Value(plain(value, bindings)),
            Err(Failure::Data(error)) => Given::Error(format!("{:?}", error.kind)),
            Err(Failure::Limit(limit)) => Given::Error(limit.to_string()),
        },
    }
}

/// What explains that the two differ; `None` where they do not.
fn difference(
    world: &World,
    env: &Env,
    expression: &E,
    bindings: &Bindings,
) -> Option<Result<Option<Departure>, String>> {
    let text = expression.written();
    let ours = ours(world, &text, bindings);
    // what may take too many steps is refused by ours alone, and theirs might well take them
    if matches!(&ours, Given::Refused(message) if message.contains(" steps (at most ")) {
        return None;
    }
    let theirs = theirs(env, &text, bindings);
    if equal(&ours, &theirs) {
        return None;
    }
    let departing = |departures: &[Departure]| match evaluate_with(expression, bindings, departures)
    {
        Ok(value) => Given::Value(plain(value, bindings)),
        Err(kind) => Given::Error(format!("{kind:?}")),
    };
    let refused = matches!(ours, Given::Refused(_)) || matches!(theirs, Given::Refused(_));
    if refused || !equal(&departing(&Departure::ALL), &theirs) {
        let (ours, theirs) = (ours.shown(), theirs.shown());
        return Some(Err(format!("{text}\n  ours {ours}\n  theirs {theirs}")));
    }
    let alone = Departure::ALL
        .into_iter()
        .find(|departure| equal(&departing(&[*departure]), &theirs));
    Some(Ok(alone))
}

fn equal(one: &Given, two: &Given) -> bool {
    match (one, two) {
        (Given::Value(one), Given::Value(two)) => same(one, two),
        (Given::Error(_), Given::Error(_)) => true,
        _ => false,
    }
}

fn environment() -> Env {
    let mut env = Env::with_standard_library().with_all_extensions();
    for (name, ty) in variables(false) {
        env.add_variable(name, their_type(&ty));
    }
    env
}

proptest! {
    #![proptest_config(trials::config())]

    #[test]
    fn another_implementation_gives_the_same(bytes in bytes()) {
        let (_, expression, bindings) = drawn(&bytes, false);
        let found = difference(&World::new(), &environment(), &expression, &bindings);
        if let Some(Err(message)) = found {
            proptest::prop_assert!(false, "{}", message);
        }
    }
}

/// Each departure is there, and explains something by itself: one that explains nothing would excuse faults of ours.
#[test]
fn every_departure_shows() {
    let (world, env) = (World::new(), environment());
    let bindings = bindings(&mut Source::new(&[]));
    let person = || Box::new(E::Variable("p"));
    let list = |element: E| Box::new(E::List(vec![(element, false)]));
    let nan = E::Binary(
        "/",
        Box::new(E::Literal(V::Double(0.0))),
        Box::new(E::Literal(V::Double(0.0))),
    );
    let fails = E::Index(list(E::int(1)), Box::new(E::int(7)), false);
    let some = E::Global("optional.of", vec![E::int(1)]);
    let none = E::Literal(V::Optional(None));
    let boss = Box::new(E::Field(person(), "boss", false));
    let split = E::Method("split", Box::new(E::text("ab")), vec![E::text("")]);
    let behind = E::Method(
        "indexOf",
        Box::new(E::text("ab")),
        vec![E::text("a"), E::int(9)],
    );
    let non_zero = E::Global("optional.ofNonZeroValue", vec![none]);
    for (expression, expected) in [
        (
            E::Index(list(E::int(1)), Box::new(E::int(-1)), false),
            Departure::PositionFromEnd,
        ),
        (E::Has(boss, "name"), Departure::HasHidesErrors),
        (split, Departure::EmptyPartsOfSplit),
        (behind, Departure::PositionBehindEnd),
        (
            E::Binary("<", Box::new(nan.clone()), Box::new(nan)),
            Departure::NanHasNoOrder,
        ),
        (
            E::Method("orValue", Box::new(some), vec![fails.clone()]),
            Departure::EagerOr,
        ),
        (
            E::Bind("x".into(), Box::new(fails.clone()), Box::new(E::int(1))),
            Departure::EagerBind,
        ),
        (
            E::Method("hasValue", Box::new(non_zero), vec![]),
            Departure::NoneIsNoZero,
        ),
    ] {
        let found = difference(&world, &env, &expression, &bindings);
        assert_eq!(found, Some(Ok(Some(expected))), "{}", expression.written());
    }
}
