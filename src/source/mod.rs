//! Snapshots of the source systems: instances with their promise, date and records, and their own JSON.
//!
//! A record says what a source said, as text. Nothing here knows what a field means, judges a value or converts one:
//! that is the work of resolving. A snapshot is a sealed document: it has no `Serialize`, and leaves by one named call.

pub(crate) mod codes;
mod json;
mod sealed;
mod snapshot;
mod tree;

pub use json::SnapshotError;
pub use snapshot::Promise;
pub(crate) use snapshot::REGISTER;
pub use snapshot::Record;
pub use snapshot::Snapshot;
pub use snapshot::SourceInstance;
pub(crate) use tree::Key;
pub(crate) use tree::Tree;
