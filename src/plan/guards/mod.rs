//! What a plan may do without being asked: guards as data, how they count, and what somebody has approved of.

pub(super) mod approval;
pub(super) mod count;
pub(super) mod guard;
pub(super) mod tally;
