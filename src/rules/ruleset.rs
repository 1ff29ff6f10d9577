//! A compiled rule set: a cheap handle that any number of threads may share.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use super::compiled::Compiled;
use super::compiled::Exception;
use crate::base::Path;
use crate::base::Place;
use crate::diagnostic::Position;
use crate::diagnostic::Problems;
use crate::language::Schema;
use crate::rules::Loader;

/// Rules that have been checked and compiled. Loading is the only way to get one, so whoever holds it holds rules without
/// problems.
#[derive(Clone)]
pub struct Ruleset {
    compiled: Arc<Compiled>,
}

impl Ruleset {
    /// Loads a rule file in TOML. All problems come at once, each with line and column. A [`Loader`] has limits of your own,
    /// and functions of the host.
    #[cfg(feature = "toml")]
    pub fn from_toml(text: &str) -> Result<Self, Problems> {
        Loader::new().toml(text)
    }

    /// Loads a rule file in JSON, in the same shape.
    pub fn from_json(text: &str) -> Result<Self, Problems> {
        Loader::new().json(text)
    }

    /// The name that the rule file gives itself.
    pub fn name(&self) -> &str {
        &self.compiled.spec.name
    }

    /// Every output that withheld values of protected persons reach on purpose, with the written reason.
    pub fn exceptions(&self) -> &[Exception] {
        &self.compiled.exceptions
    }

    /// What is probably not meant, though it loads.
    pub fn warnings(&self) -> &Problems {
        &self.compiled.warnings
    }

    /// A digest of the rules: two rule sets of one digest say the same.
    pub fn digest(&self) -> String {
        self.compiled.digest.clone()
    }

    /// The names that expressions of these rules may use: records with their fields, words of enumerations, functions.
    pub fn schema(&self) -> &Schema {
        &self.compiled.schema.language
    }

    /// Line and column of a rule, where the rules came as text.
    pub(crate) fn position(&self, path: &Path) -> Option<Position> {
        let location = self.compiled.file.locate(&Place::at(path.clone()))?;
        Some(location.position)
    }

    pub(crate) fn compiled(&self) -> &Arc<Compiled> {
        &self.compiled
    }

    /// The same rules with something changed that no check would let through: for tests of what notices it.
    #[cfg(test)]
    pub(crate) fn unchecked(mut self, change: impl FnOnce(&mut Compiled)) -> Self {
        if let Some(compiled) = Arc::get_mut(&mut self.compiled) {
            change(compiled);
        }
        self
    }

    pub(super) fn new(compiled: Compiled) -> Self {
        Self {
            compiled: Arc::new(compiled),
        }
    }
}

impl fmt::Debug for Ruleset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Ruleset({:?})", self.name())
    }
}
