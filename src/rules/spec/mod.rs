//! Rules as plain data: what a rule file says, before anything is checked against anything else.
//!
//! Nothing here is compiled or looked up: expressions are texts, and names of other things are texts with a place. Every
//! way in (TOML, JSON, builders) goes through one decoder, which reports every problem of shape at once; a test holds that
//! what is encoded decodes to the same.

mod account;
mod decode;
mod encode;
mod file;
mod keys;
mod lint;
mod messages;
mod output;
mod ruleset;
#[cfg(feature = "schema")]
mod schema;
mod shape;
mod source;
mod value;
mod word;

pub use account::AccountSpec;
pub use account::AttributeSpec;
pub use account::ContainerSpec;
pub use account::DisabledSpec;
pub use account::FollowReason;
pub use account::NameSpec;
pub use account::Numbering;
pub use account::Others;
pub use account::Ownership;
pub use account::ProtectedNameSpec;
pub use account::ProtectedSpec;
pub use account::RequireAt;
pub use account::RequirementSpec;
pub use account::SortKeySpec;
pub use decode::Decoded;
pub use file::RuleFile;
pub use file::node::Entries;
pub use file::node::Entry;
pub use file::node::Node;
pub use file::node::Value;
pub use lint::AllowSpec;
pub use lint::LintSpec;
pub use output::ClassListSpec;
pub use output::ExclusiveSpec;
pub use output::GroupMembership;
pub use output::GroupSpec;
pub use output::GuardEffect;
pub use output::GuardSpec;
pub use output::LicenceSpec;
pub use output::MailboxKind;
pub use output::MailboxSpec;
pub use output::NoticeEvent;
pub use output::NoticeSpec;
pub use output::Over;
pub use output::SeasonSpec;
pub use output::WindowDays;
pub use output::WindowSpec;
pub use output::WindowWord;
pub use ruleset::CauseEffect;
pub use ruleset::CauseSpec;
pub use ruleset::FieldClass;
pub use ruleset::FieldSpec;
pub use ruleset::FieldType;
pub use ruleset::MergeSpec;
pub use ruleset::NamespaceSpec;
pub use ruleset::OutputKind;
pub use ruleset::ProtectionSpec;
pub use ruleset::RegisterSpec;
pub use ruleset::RowSpec;
pub use ruleset::RulesetSpec;
pub use ruleset::TableSpec;
pub use ruleset::ValueType;
pub use shape::EitherKey;
pub use shape::KeyShape;
pub use shape::Shape;
pub use shape::TableShape;
pub use source::AbsentSpec;
pub use source::AfterHold;
pub use source::Ends;
pub use source::Ids;
pub use source::MappingSpec;
pub use source::SourceRequireSpec;
pub use source::SourceSpec;
pub use value::Cell;
pub use value::Days;
pub use value::Expression;
pub use value::MonthDay;
pub use value::Named;
pub use value::OwnPolicy;
pub use value::Policy;
pub use value::PolicyKind;
pub use value::Replacing;
pub use value::ReplacingByFlag;
pub use value::Scalar;
pub use value::Share;
pub use value::Timed;
pub use word::Word;

#[cfg(all(test, feature = "toml"))]
mod laws;
#[cfg(all(test, feature = "toml"))]
mod tests;
