//! Loading rules: within which limits, and with which functions of the host.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::base::Limits;
use crate::diagnostic::Problems;
use crate::language::DataErrorKind;
use crate::language::FunctionDeclaration;
use crate::language::Value;
use crate::rules::Ruleset;
use crate::rules::check;
use crate::rules::functions::is_taken;
use crate::rules::host::FunctionRefused;
use crate::rules::host::HostFunction;
use crate::rules::spec::Decoded;
use crate::rules::spec::RulesetSpec;

/// Loads rules. [`Ruleset::from_toml`] is the short way, without functions of the host and within the usual limits.
///
/// ```
/// use folkform::language::DataErrorKind;
/// use folkform::language::FunctionDeclaration;
/// use folkform::language::Type;
/// use folkform::language::Value;
/// use folkform::rules::Loader;
///
/// // `town.short("Sotenäs kommun")` is `"Sotenäs"`.
/// let short = FunctionDeclaration::new("town.short", vec![Type::Text], Type::Text)
///     .doc("a name of a municipality without what it is")
///     .cost(4);
/// let loader = Loader::new().function(short, |arguments| {
///     let name = arguments.first().and_then(Value::as_text).ok_or(DataErrorKind::BadArgument)?;
///     Ok(Value::from(name.trim_end_matches(" kommun")))
/// })?;
/// assert!(loader.json(r#"{"language": 1, "name": "Example"}"#).is_ok());
/// # Ok::<(), folkform::rules::FunctionRefused>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Loader {
    limits: Limits,
    functions: Vec<HostFunction>,
}

impl Loader {
    /// With the usual limits, and without functions of the host.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the limits, of loading and of running.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Registers a function that rules may call. It must be pure: the same arguments give the same value, always, since what
    /// is computed once is used again. Its declaration becomes part of the digest of the rules; what it computes cannot, so a
    /// function whose meaning changes needs another name.
    ///
    /// Several functions of one name are overloads, as long as the language has none of that name.
    pub fn function(
        mut self,
        declaration: FunctionDeclaration,
        compute: impl Fn(&[Value]) -> Result<Value, DataErrorKind> + Send + Sync + 'static,
    ) -> Result<Self, FunctionRefused> {
        let same = |other: &HostFunction| {
            let known = &other.declaration;
            known.name == declaration.name
                && known.receiver == declaration.receiver
                && known.parameters == declaration.parameters
        };
        if is_taken(&declaration.name) || self.functions.iter().any(same) {
            return Err(FunctionRefused::Taken(String::from(&*declaration.name)));
        }
        self.functions
            .push(HostFunction::new(declaration, Arc::new(compute))?);
        Ok(self)
    }

    /// Loads a rule file in TOML. All problems come at once, each with line and column.
    #[cfg(feature = "toml")]
    pub fn toml(&self, text: &str) -> Result<Ruleset, Problems> {
        self.load(RulesetSpec::from_toml(text, &self.limits))
    }

    /// Loads a rule file in JSON, in the same shape.
    pub fn json(&self, text: &str) -> Result<Ruleset, Problems> {
        self.load(RulesetSpec::from_json(text, &self.limits))
    }

    fn load(&self, decoded: Decoded) -> Result<Ruleset, Problems> {
        check::load(decoded, &self.limits, &self.functions).map(Ruleset::new)
    }
}
