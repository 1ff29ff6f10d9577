//! The directory: what is ([`Directory`]) and what is wanted ([`Desired`]). Two types, since a wish is an opinion about some
//! things and says nothing of the rest.
//!
//! Both are sealed: neither has a serial form but the one named call.

mod actual;
mod apply;
mod change;
mod class_list;
pub(crate) mod codes;
mod desired;
mod desired_wire;
mod dn;
mod dn_text;

mod held;
mod key;
mod opinion;
mod satisfied;
mod shield;
mod wire;
mod workbench;

pub use actual::Account;
pub use actual::ClassList;
pub use actual::Directory;
pub use actual::Group;
pub use actual::ObjectId;
pub use actual::Row;
pub use apply::Refused;
pub use change::Change;
pub use change::NoticeText;
pub use change::ObjectRef;
pub use change::Purge;
pub use desired::AccountState;
pub use desired::Desired;
pub use desired::DesiredAccount;
pub use desired::DesiredClassList;
pub use desired::DesiredGroup;
pub use desired::DesiredNotice;
pub use desired::DesiredRow;
pub use desired::NoticeEvent;
pub use desired::RowState;
pub use desired::Slice;
pub use desired::Urgency;
pub use dn::Dn;
pub use dn::DnError;
pub use dn::Rdn;
pub use key::AccountKey;
pub use key::ClassListKey;
pub use key::GroupKey;
pub use key::NotAKey;
pub use opinion::KeepCause;
pub use opinion::Opinion;
pub(crate) use shield::CONTAINER;
pub use shield::Shield;
pub use shield::Shielded;
pub(crate) use shield::says_how_reached;
pub(crate) use shield::says_where;
pub use wire::DirectoryError;
pub(crate) use workbench::Workbench;
