//! Rules: as plain data ([`spec`]), checked, and compiled to what the engine runs ([`Ruleset`]).

pub(crate) mod check;
pub(crate) mod codes;
mod compiled;
mod functions;
mod host;
mod included;
pub(crate) mod lint;
mod loader;
mod open_name;
mod ruleset;
pub mod spec;

#[cfg(test)]
pub(crate) use check::GUARDED;
pub(crate) use compiled::AccountRule;
pub(crate) use compiled::AttributeRule;
pub(crate) use compiled::CauseRule;
pub(crate) use compiled::ClassListRule;
pub(crate) use compiled::Compiled;
pub use compiled::Exception;
pub(crate) use compiled::Gate;
pub(crate) use compiled::GatePolicy;
pub(crate) use compiled::GroupRule;
pub(crate) use compiled::LicenceRule;
pub(crate) use compiled::MergeRule;
pub(crate) use compiled::NEXT;
pub(crate) use compiled::NamePrograms;
pub(crate) use compiled::NameRule;
pub(crate) use compiled::NoticeRule;
pub(crate) use compiled::Output;
pub(crate) use compiled::SortKey;
pub(crate) use compiled::SourceRules;
pub(crate) use compiled::Span;
pub(crate) use compiled::Table;
pub(crate) use compiled::Window;
pub(crate) use functions::Functions;
pub use host::FunctionRefused;
pub(crate) use included::Included;
pub use loader::Loader;
pub use ruleset::Ruleset;
