//! Accounts: who holds one, which object of the directory it is, and where it stands in its life.

pub(super) mod account;
pub(super) mod adoption;
pub(super) mod existing;
pub(super) mod lifecycle;
pub(super) mod merging;
pub(super) mod primary;
pub(super) mod renewal;
pub(super) mod replaced;
pub(super) mod slot;
pub(super) mod wanted;
pub(super) mod window;
