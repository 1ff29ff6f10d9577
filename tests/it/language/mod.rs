//! The expression language from outside: what holds of every expression, and what others make of the same ones.
//!
//! `written` is a tree of the tests' own and its text, `generate` makes well-typed ones from bytes, `naive` evaluates them
//! from the documentation alone.

mod generate;
mod hostile;
mod laws;
mod naive;
mod peer;
mod source;
mod target;
mod world;
mod written;

/// How many cases a property takes: few by default, many in one long run.
fn cases() -> u32 {
    std::env::var("FOLKFORM_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(64)
}
