//! Trees to programs: names, types, classes, and the words of every problem.
//!
//! Nothing here runs. What is accepted here can fail later for a reason that lies in the data, and for no other.

mod call;
mod checker;
mod foreign;
mod macros;
mod messages;
mod operator;
mod outside;
mod result;
mod select;
mod template;

pub(crate) use macros::MACROS;
pub(crate) use result::check;
