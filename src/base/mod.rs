//! What every other layer stands on: typed keys, symbols and interners, columns, date intervals, text folding,
//! secrets, places, limits and meters.
//!
//! Nothing here knows a person, a rule or a directory.

mod column;
mod digest;
mod fold;
mod horizon;
mod interval;
mod key;
#[cfg(test)]
mod leak;
mod limits;
mod meter;
mod place;
mod secret;
mod symbol;
#[cfg(test)]
mod trials;

pub(crate) use column::Column;
pub(crate) use column::RowKey;
pub(crate) use column::row_key;
pub use digest::canonical_json;
pub(crate) use digest::canonical_value;
pub use digest::sha256_hex;
pub use fold::FOLD_GROWTH;
pub use fold::fold;
pub use fold::fold_case;
pub use horizon::Horizon;
pub use interval::EVER_BEFORE;
pub use interval::FOREVER;
pub use interval::Interval;
pub use interval::IntervalSet;
pub use interval::shift;
pub use key::PersonKey;
#[cfg(test)]
pub(crate) use leak::Leak;
#[cfg(test)]
pub(crate) use leak::while_planted;
pub use limits::Limits;
pub use meter::LimitReached;
pub use meter::Meter;
pub use place::Part;
pub use place::Path;
pub use place::Place;
pub use place::Segment;
pub use secret::RawText;
pub use secret::Secret;
pub(crate) use symbol::Interner;
pub(crate) use symbol::PersonalInterner;
pub(crate) use symbol::PersonalSymbol;
pub(crate) use symbol::Symbol;
#[cfg(test)]
pub(crate) use trials::trials;
#[cfg(test)]
pub(crate) use trials::trials_of;

/// Shared, immutable text: cheap to clone, the same in every thread.
pub type Text = alloc::sync::Arc<str>;
