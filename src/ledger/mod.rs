//! The ledger: all that is remembered between runs. It is an input and an output, never a file of ours.
//!
//! It is sealed: it holds names, numbers and the last accepted records of all sources. [`Ledger::to_sealed_json`] is the one
//! call that writes it, [`Ledger::from_json`] the one that reads it.

mod account;
mod anew;
pub(crate) mod codes;
mod memory;
mod person;
mod rebuild;

pub(crate) use account::AccountMemory;
pub(crate) use account::Basis;
pub(crate) use account::ComingName;
pub(crate) use account::HeldName;
pub(crate) use account::Incumbent;
pub(crate) use account::MergedAccount;
pub(crate) use account::NoticeMemory;
pub(crate) use account::Replacement;
pub(crate) use account::ReservedName;
pub(crate) use anew::Anew;
pub(crate) use memory::ConfirmedSteps;
pub(crate) use memory::InstanceMemory;
pub use memory::Ledger;
pub use memory::LedgerError;
pub(crate) use memory::Memory;
pub(crate) use memory::RecordMemory;
pub(crate) use person::FlagMemory;
pub(crate) use person::NumberMemory;
pub(crate) use person::PersonMemory;
