//! The expression language from outside: what holds of every expression, and what others make of the same ones.
//!
//! `written` is a tree of the tests' own and its text, `generate` makes well-typed ones from bytes, `naive` evaluates them
//! from the documentation alone.
#![allow(
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::unnecessary_box_returns,
    reason = "tests read a clock, and their tables are long"
)]

mod generate;
mod hostile;
mod laws;
mod naive;
mod peer;
mod regular;
mod source;
mod sweep;
mod target;
mod template;
mod world;
mod written;

use crate::cases::run;
