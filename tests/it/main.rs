//! The one test binary.
mod problems;
