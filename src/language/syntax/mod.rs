//! Texts to trees and back: tokens, literals, the parser and the printer.
//!
//! Nothing here knows a type or a name. What is wrong with the form of a text is reported here, all at once; what its names
//! mean is for `check`.

pub(crate) mod literal;
mod operand;
pub(crate) mod parser;
pub(crate) mod print;
pub(crate) mod token;
pub(crate) mod tree;
pub(crate) mod word;
