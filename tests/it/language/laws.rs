//! What holds of every expression: the naive evaluator agrees, what is accepted gives no error of type and stays within its
//! bound, and printing changes nothing.

use proptest::prelude::any;
use proptest::proptest;
use proptest::strategy::Strategy;

use super::target;
use super::target::agrees;
use super::target::drawn;
use super::world::World;
use crate::trials;

/// Bytes for one expression.
pub(super) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..600)
}

proptest! {
    #![proptest_config(trials::config())]

    #[test]
    fn the_naive_evaluator_agrees(bytes in bytes()) {
        let world = World::new();
        let (_, expression, bindings) = drawn(&bytes, true);
        if let Err(message) = agrees(&world, &expression, &bindings) {
            proptest::prop_assert!(false, "{}", message);
        }
    }
}

proptest! {
    #![proptest_config(trials::config())]

    #[test]
    fn every_target_takes_any_bytes(bytes in bytes()) {
        for (_, target) in target::ALL {
            target(&bytes);
        }
    }

    #[test]
    fn every_target_takes_any_text(text in "[ -~åÄ\n]{0,200}") {
        for (_, target) in target::ALL {
            target(text.as_bytes());
        }
    }

    #[test]
    fn what_looks_like_an_expression_is_read(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..60)) {
        let text = words.concat();
        target::parse(text.as_bytes());
        target::check(text.as_bytes());
    }
}

/// Pieces of expressions: put together in any way, they are mostly wrong, and sometimes right.
const WORDS: &[&str] = &[
    "a",
    "x",
    "p",
    "s",
    "i",
    "is",
    "m",
    "o",
    "1",
    "-1",
    "2.5",
    "'t'",
    "\"u\"",
    "r'\\'",
    "b'b'",
    "1u",
    "true",
    "null",
    "none",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "[?",
    "{",
    "}",
    "{?",
    ",",
    ":",
    "?",
    ".",
    ".?",
    "`f`",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "&&",
    "||",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    " in ",
    "=",
    "&",
    "size",
    "trim",
    ".name",
    ".age",
    ".size()",
    ".map(",
    ".exists(",
    "has(",
    "cel.bind(",
    "optional.of(",
    ".orValue(",
    "keep()",
    "x,",
    " ",
    "\n",
    "//c\n",
    "as_of",
    "date(",
    "'2026-01-01'",
    "T{",
    "å",
    "“",
    ";",
];

/// Inputs of the past that were worth keeping: each is read by the target whose name its file begins with.
#[test]
fn the_corpus_is_taken() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in &paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let (_, target) = target::ALL
            .into_iter()
            .find(|(known, _)| name.starts_with(known))
            .unwrap_or_else(|| panic!("{name} names no target"));
        target(&std::fs::read(path).unwrap());
    }
    assert!(paths.len() >= target::ALL.len());
}
