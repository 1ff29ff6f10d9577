//! What holds of every expression: the naive evaluator agrees, what is accepted gives no error of type and stays within its
//! bound, and printing changes nothing.

use folkform::base::Limits;
use folkform::language::DataErrorKind;
use folkform::language::Failure;
use folkform::language::canonical;
use proptest::prelude::ProptestConfig;
use proptest::prelude::any;
use proptest::proptest;
use proptest::strategy::Strategy;

use super::cases;
use super::generate::Bindings;
use super::generate::Generator;
use super::generate::bindings;
use super::generate::some_type;
use super::naive;
use super::source::Source;
use super::world::World;
use super::world::same;
use super::written::E;
use super::written::T;

/// Bytes for one expression.
pub(super) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..600)
}

/// An expression with its type, and what its variables are bound to.
pub(super) fn drawn(bytes: &[u8], ours: bool) -> (T, E, Bindings) {
    let mut source = Source::new(bytes);
    let bindings = bindings(&mut source);
    let ty = some_type(&mut source, ours);
    let depth = 2 + source.below(5);
    let expression = Generator::new(&mut source, ours).expression(&ty, depth);
    (ty, expression, bindings)
}

/// Compiles, runs, and compares with the naive evaluator.
pub(super) fn agrees(world: &World, expression: &E, bindings: &Bindings) -> Result<(), String> {
    let text = expression.written();
    let program = match world.compile(&text) {
        Ok(program) => program,
        Err(problems) => return Err(format!("{text}\n  is refused: {}", problems[0].message)),
    };
    let (given, spent) = world.run(&program, bindings);
    let expected = naive::evaluate(expression, bindings);
    let equal = match (&given, &expected) {
        (Ok(given), Ok(expected)) => same(given, expected),
        (Err(Failure::Data(error)), Err(expected)) => error.kind == *expected,
        _ => false,
    };
    if !equal {
        return Err(format!("{text}\n  gave     {given:?}\n  expected {expected:?}"));
    }
    let printed = canonical(&text, &Limits::default()).map_err(|_| format!("{text} is not printed"))?;
    if canonical(&printed, &Limits::default()).as_ref() != Ok(&printed) {
        return Err(format!("{text}\n  is printed as {printed}\n  and that as something else"));
    }
    let again = world
        .compile(&printed)
        .map_err(|problems| format!("{printed}\n  is refused: {}", problems[0].message))?;
    let (repeated, steps) = world.run(&again, bindings);
    let unchanged = match (&given, &repeated) {
        (Ok(given), Ok(repeated)) => same(given, repeated),
        (Err(Failure::Data(one)), Err(Failure::Data(two))) => one.kind == two.kind,
        _ => false,
    };
    if !unchanged || steps != spent {
        return Err(format!("{text}\n  means something else as {printed}"));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_naive_evaluator_agrees(bytes in bytes()) {
        let world = World::new();
        let (_, expression, bindings) = drawn(&bytes, true);
        if let Err(message) = agrees(&world, &expression, &bindings) {
            proptest::prop_assert!(false, "{}", message);
        }
    }
}

/// The errors that data may cause in what was accepted; all others would be errors of type.
pub(super) fn is_listed(kind: DataErrorKind) -> bool {
    !matches!(kind, DataErrorKind::Other(_) | DataErrorKind::NoOpinion)
}
