//! The language's own functions: the one table that declares them, and what each does.
//!
//! Pure functions of values, which know no program. Each gives a value, an error in the data, or says that a limit was
//! reached; what is as large as its input says so before it is built.

pub(crate) mod builtin;
pub(crate) mod date;
pub(crate) mod format;
pub(crate) mod list;
pub(crate) mod number;
pub(crate) mod pattern;
pub(crate) mod table;
pub(crate) mod text;
