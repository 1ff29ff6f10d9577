//! Who is told of what, and of which events there is to tell.

pub(super) mod notice;
pub(super) mod occasion;
