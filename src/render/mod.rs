//! What real targets take: sealed documents made of a released plan.

mod ldif;
mod ldif_text;
#[cfg(test)]
mod tests;

pub use ldif::ExchangeHybrid;
pub use ldif::LdifOptions;
pub use ldif::to_ldif;
