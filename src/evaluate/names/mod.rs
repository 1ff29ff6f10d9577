//! Names: who asks for which, which are taken, and what the directory can hold.

pub(super) mod basis;
pub(super) mod made;
pub(super) mod name;
pub(super) mod occupied;
pub(super) mod story;
pub(super) mod target_limits;
