//! Facts: what records say once they are mapped, as values of the model's types, with the references between them.

pub(super) mod cells;
pub(super) mod convert;
pub(super) mod fact;
pub(super) mod map;
pub(super) mod refs;
