//! Rules: as plain data, and what may be wrong with them.

pub mod codes;
pub mod spec;
