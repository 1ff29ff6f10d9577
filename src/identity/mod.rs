//! Swedish identity numbers and the lineage that links them into one identity.
//!
//! What it holds: one type for every kind of number that a person can carry in a source, the causes for which the
//! population register takes a number away, called names, incomplete dates, and the pure linking of numbers by evidence.
//!
//! What it does not hold: persons, records, keys or policies. Which evidence there is, and what follows from a cause,
//! is for the layers that use it.
//!
//! What it keeps true: a number is personal. It is never in an error, a `Debug` or a `Display`; the one way to its text
//! is [`IdentityNumber::canonical`].

mod called_name;
mod check_digit;
mod claim;
mod deregistration;
mod error;
mod evidence;
mod interim;
mod kind;
mod lineage;
mod main_number;
mod number;
mod partial_date;
mod personal;
mod reserve;
mod school;
mod spelling;
#[cfg(test)]
mod vectors;

pub use called_name::CalledNameError;
pub use called_name::called_name;
pub use deregistration::DefaultEffect;
pub use deregistration::Deregistration;
pub use error::IdentityError;
pub use evidence::Evidence;
pub use evidence::EvidenceKind;
pub use evidence::HeldLink;
pub use evidence::HoldReason;
pub use evidence::Link;
pub use kind::NumberKind;
pub use kind::Sex;
pub use lineage::Lineage;
pub use lineage::link;
pub use main_number::Standing;
pub use main_number::main_number;
pub use number::IdentityNumber;
pub use partial_date::PartialDate;
pub use partial_date::PartialDateError;
