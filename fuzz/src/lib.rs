//! The targets of the tests, for libFuzzer. The files are those of `tests/it/language`; nothing is written twice.
#![allow(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a target may fail, and says so by ending; the tests use more of these files"
)]

#[path = "../../tests/it/language/generate.rs"]
mod generate;
#[path = "../../tests/it/language/naive.rs"]
mod naive;
#[path = "../../tests/it/language/regular.rs"]
mod regular;
#[path = "../../tests/it/cases/run.rs"]
mod run;
#[path = "../../tests/it/cases/snapshot.rs"]
mod snapshot;
#[path = "../../tests/it/language/source.rs"]
mod source;
#[path = "../../tests/it/language/target.rs"]
mod target;
#[path = "../../tests/it/language/template.rs"]
mod template;
#[path = "../../tests/it/language/world.rs"]
mod world;
#[path = "../../tests/it/language/written.rs"]
mod written;

/// Runs the target of that name.
pub fn run(name: &str, bytes: &[u8]) {
    let target = target::ALL.iter().find(|(known, _)| *known == name);
    target.expect("the target is one of the table").1(bytes);
}
