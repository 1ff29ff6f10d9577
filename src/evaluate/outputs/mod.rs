//! What an account is given besides its names: attributes, groups, licences, a mailbox, a row in a class list.

pub(super) mod attribute;
pub(super) mod class_list;
pub(super) mod exchange;
pub(super) mod group;
pub(super) mod licence;
pub(super) mod mailbox;
