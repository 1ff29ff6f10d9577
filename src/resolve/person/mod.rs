//! One person after another: whose word counts, what the register says, who is protected and what stands in place of a name.

pub(super) mod alias;
pub(super) mod everybody;
pub(super) mod merge;
pub(super) mod protection;
pub(super) mod register;
mod replacing;
pub(super) mod verdict;
