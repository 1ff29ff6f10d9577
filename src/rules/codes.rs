//! The codes of everything that can be wrong with the shape of a rule file.
//!
//! What is wrong with its meaning (names, types, classes, dependencies) is found later and has codes of its own.
