//! What a fuzzer, a property test and the corpus run: ordinary functions of bytes, which end or panic.

use std::sync::LazyLock;

use folkform::Ruleset;
use folkform::base::Limits;
use folkform::language::DataErrorKind;
use folkform::language::ExpressionProblem;
use folkform::language::Failure;
use folkform::language::Sizes;
use folkform::language::canonical;

use super::generate::Bindings;
use super::generate::Generator;
use super::generate::bindings;
use super::generate::some_type;
use super::naive;
use super::run;
use super::source::Source;
use super::world::SIZES;
use super::world::World;
use super::world::limits_of;
use super::world::same;
use super::written::E;
use super::written::T;

/// A function of bytes.
pub(super) type Target = fn(&[u8]);

/// All targets, by name.
pub(super) const ALL: [(&str, Target); 5] = [
    ("parse", parse),
    ("check", check),
    ("load", load),
    ("evaluate", evaluate),
    ("run", run::run),
];

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// A text is refused, or printed so that it is printed the same again.
pub(super) fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let limits = Limits::default();
    match canonical(text, &limits) {
        Ok(printed) => assert!(
            printed.len() > limits.expression_bytes
                || canonical(&printed, &limits).as_ref() == Ok(&printed),
            "{text} is printed as {printed}"
        ),
        Err(problems) => are_within(text, &problems),
    }
}

/// There are problems, and each has a place in the text.
fn are_within(text: &str, problems: &[ExpressionProblem]) {
    assert!(!problems.is_empty());
    for problem in problems {
        let span = problem.span.clone();
        assert!(text.get(span).is_some(), "{text}: {:?}", problem.span);
    }
}

/// A text is refused with places that are in it, or is a program that gives only listed errors.
pub(super) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut narrow = limits_of(NARROW);
    narrow.value_size = 8;
    for (sizes, limits) in [(SIZES, limits_of(SIZES)), (NARROW, narrow)] {
        match WORLD.compile_within(text, &limits) {
            Ok(program) => {
                let bindings = bindings(&mut Source::new(bytes));
                let (given, spent) = WORLD.run(&program, &bindings);
                let bound = program.cost(sizes);
                assert!(spent <= bound, "{text}: {spent} steps, at most {bound}");
                if let Err(failure) = given {
                    assert!(is_listed(&failure), "{text}: {failure}");
                }
            }
            Err(problems) => are_within(text, &problems),
        }
    }
}

/// Less than what bindings hold, so that some of them are too large to be read.
const NARROW: Sizes = Sizes { text: 6, list: 2 };

/// A rule file is loaded, or refused with at least one problem that can be printed.
pub(super) fn load(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for loaded in [Ruleset::from_toml(text), Ruleset::from_json(text)] {
        match loaded {
            Ok(ruleset) => assert!(!ruleset.digest().is_empty()),
            Err(problems) => assert!(!problems.to_string().is_empty()),
        }
    }
}

/// A generated expression is accepted, and the naive evaluator agrees.
pub(super) fn evaluate(bytes: &[u8]) {
    let (_, expression, bindings) = drawn(bytes, true);
    if let Err(message) = agrees(&WORLD, &expression, &bindings) {
        panic!("{message}");
    }
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
        // it may take too many steps, which is no fault of it
        Err(problems) if problems.iter().all(|problem| problem.code.id == "L145") => return Ok(()),
        Err(problems) => return Err(format!("{text}\n  is refused: {}", problems[0].message)),
    };
    let (given, spent) = world.run(&program, bindings);
    let bound = program.cost(SIZES);
    if spent > bound {
        return Err(format!(
            "{text}\n  took {spent} steps, at most {bound} were expected"
        ));
    }
    let expected = naive::evaluate(expression, bindings);
    let equal = match (&given, &expected) {
        (Ok(given), Ok(expected)) => same(given, expected),
        (Err(Failure::Data(error)), Err(expected)) => error.kind == *expected,
        _ => false,
    };
    if !equal {
        return Err(format!(
            "{text}\n  gave     {given:?}\n  expected {expected:?}"
        ));
    }
    let printed =
        canonical(&text, &Limits::default()).map_err(|_| format!("{text} is not printed"))?;
    if canonical(&printed, &Limits::default()).as_ref() != Ok(&printed) {
        return Err(format!(
            "{text}\n  is printed as {printed}\n  and that as something else"
        ));
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

/// Whether what was accepted may fail so: data may do that. An error of type is none of data, and neither is what only hosts say.
pub(super) fn is_listed(failure: &Failure) -> bool {
    match failure {
        Failure::Data(error) => !matches!(
            error.kind,
            DataErrorKind::WrongType
                | DataErrorKind::Other(_)
                | DataErrorKind::NoOpinion
                | DataErrorKind::Unresolved
        ),
        Failure::Limit(_) => true,
    }
}
