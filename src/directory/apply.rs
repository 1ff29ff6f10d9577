//! The model of a directory: carries out one change after another, as strictly as a real directory does.
//!
//! What a real directory would refuse is refused, and then nothing is changed: parents exist; logins, addresses and names
//! under a parent are held once, over managed and unmanaged objects, whatever their case and diacritics; references exist; a
//! member that is present is not added, one that is absent is not removed. It mends nothing.

use core::borrow::Borrow;

use super::actual::Directory;
use super::change::Change;
use super::dn::Dn;
use super::workbench::Workbench;
use crate::base::Text;

/// Why a directory refuses a change. It holds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The object that is to be changed is not there.
    #[error("the object is not there")]
    NoObject,
    /// The container above is not there.
    #[error("the container above is not there")]
    NoParent,
    /// There is such an object already.
    #[error("there is such an object already")]
    ObjectExists,
    /// Another object carries the anchor, or the object has one.
    #[error("the anchor is in use")]
    AnchorTaken,
    /// Another object has this name under the same parent.
    #[error("the name is taken under this parent")]
    NameTaken,
    /// Another account or group has this login name.
    #[error("the login name is taken")]
    LoginTaken,
    /// Another account has this address, or the same account has it already.
    #[error("the address is taken")]
    AddressTaken,
    /// What is referred to is not there.
    #[error("what is referred to is not there")]
    NoTarget,
    /// What is to be added is there already.
    #[error("what is to be added is there already")]
    Present,
    /// What is to be removed is not there.
    #[error("what is to be removed is not there")]
    Absent,
    /// The object has others beneath it.
    #[error("the object has others beneath it")]
    HasChildren,
    /// A value that must not be empty is.
    #[error("a value that must not be empty is empty")]
    Empty,
}

impl Directory {
    /// Carries out one change, or changes nothing.
    pub fn apply(&mut self, change: &Change) -> Result<(), Refused> {
        Workbench::new(self).apply(change)
    }
}

impl Directory {
    /// Whether the container above a name exists. The parts of a domain (`DC=`) and the root always do.
    pub(crate) fn has_container_above(&self, dn: &Dn) -> bool {
        dn.parent()
            .is_some_and(|parent| self.has_container(&parent))
    }

    /// Whether a container exists. The parts of a domain (`DC=`) and the root always do.
    pub(crate) fn has_container(&self, dn: &Dn) -> bool {
        dn.rdn()
            .is_none_or(|rdn| rdn.attribute().eq_ignore_ascii_case("dc"))
            || self.containers.contains(dn)
    }
}

/// The name as an object already spells it: attribute names ignore case.
pub(crate) fn spelled_as(names: impl IntoIterator<Item: Borrow<Text>>, name: &Text) -> Text {
    let mut names = names.into_iter();
    let found = names.find(|known| known.borrow().eq_ignore_ascii_case(name));
    found.map_or_else(|| name.clone(), |known| known.borrow().clone())
}
