//! Codes: the stable names of everything that can be reported.
//!
//! Each layer declares its own with `codes!`, in a file named `codes.rs`; `tests/it/tidy.rs` sees that no id is used twice, and
//! `tests/it/codes.rs` that each has its page in `docs/codes` and can really be produced.

use core::fmt;

use serde::Serialize;
use serde::Serializer;

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not meant.
    Warning,
    /// Must be mended: the rule set does not load, or the record is set aside.
    Error,
    /// Must be looked at now.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        })
    }
}

/// One kind of problem or finding.
#[derive(Debug)]
pub struct Code {
    /// The stable id, such as `R101`.
    pub id: &'static str,
    /// The speaking name, such as `unknown-key`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence on what it means.
    pub summary: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Code {}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.id, self.name)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// Declares the codes of a layer, and `ALL` of them in the order in which they stand.
macro_rules! codes {
    ($($constant:ident $id:literal $name:literal $severity:ident $summary:literal;)+) => {
        $(
            #[doc = $summary]
            pub(crate) static $constant: $crate::diagnostic::Code = $crate::diagnostic::Code {
                id: $id,
                name: $name,
                severity: $crate::diagnostic::Severity::$severity,
                summary: $summary,
            };
        )+

        /// All codes of this list.
        pub(crate) static ALL: &[&$crate::diagnostic::Code] = &[$(&$constant),+];
    };
}
pub(crate) use codes;
