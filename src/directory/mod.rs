//! The directory as it is and as it should be.

mod dn;
mod dn_text;

pub use dn::Dn;
pub use dn::DnError;
pub use dn::Rdn;
