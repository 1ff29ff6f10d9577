//! All codes, in the order of the layers.

use crate::diagnostic::Code;

/// The lists of every layer.
const LISTS: &[&[&Code]] = &[
    crate::language::codes::ALL,
    crate::source::codes::ALL,
    crate::directory::codes::ALL,
    crate::ledger::codes::ALL,
    crate::rules::codes::ALL,
    crate::rules::check::codes::ALL,
    crate::rules::lint::codes::ALL,
    crate::resolve::codes::ALL,
    crate::evaluate::codes::ALL,
    crate::plan::codes::ALL,
    crate::intake::codes::ALL,
];

impl Code {
    /// Every code that a problem or a finding can have. Each has a page in `docs/codes`, named by its id.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        LISTS.iter().flat_map(|list| list.iter().copied())
    }
}
