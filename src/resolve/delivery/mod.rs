//! Deliveries: what each source instance promised and what came, which records are gone, and what the ledger keeps of it.

pub(super) mod absence;
pub(super) mod promises;
pub(super) mod remember;
