//! What the author knows better than a lint, and why.

use alloc::string::String;
use alloc::vec::Vec;

use super::value::Named;
use crate::base::Path;

/// `[lint]`: what is not to be warned of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LintSpec {
    /// The warnings that are allowed.
    pub allow: Vec<AllowSpec>,
    /// Where it stands.
    pub place: Path,
}

/// A warning that is allowed at one place and below it.
#[derive(Clone, Debug, PartialEq)]
pub struct AllowSpec {
    /// The id of the warning, such as `R510`.
    pub code: Named,
    /// The place, as a problem shows it: `group.unit.when`.
    pub at: String,
    /// Why.
    pub because: String,
    /// Where it stands.
    pub place: Path,
}
