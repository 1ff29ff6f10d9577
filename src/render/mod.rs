//! What real targets take: sealed documents made of a released plan.

mod ldif;
mod ldif_options;
mod ldif_text;
#[cfg(test)]
mod tests;

pub use ldif::to_ldif;
pub use ldif_options::ExchangeHybrid;
pub use ldif_options::LdifOptions;
