//! Unique names for a batch of requests: logins, addresses, names of groups.
//!
//! A pure allocator. It knows no account and no rule: it takes what is occupied and what is asked for, and says who gets
//! what. It invents nothing (candidates come from the caller) and gives nobody a name that somebody else holds or that is
//! reserved for somebody else. The result depends on no order of requests, of namespaces or of what is occupied
//! (`laws.rs` holds all of this against a plain reference allocator).

mod allocate;
mod asked;
#[cfg(test)]
mod laws;
mod namespaces;
mod numbering;
mod request;

pub use allocate::allocate;
pub use asked::tried;
pub use namespaces::Namespaces;
pub use request::Denied;
pub use request::Grant;
pub use request::GrantSource;
pub use request::Numbering;
pub use request::Request;
