//! Kinds of step, with the names that they have in documents and in guards, and the parts of a plan.

use core::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;

/// Kinds with their names.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal,)*) => {
        /// A kind of step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum StepKind {
            $($(#[doc = $doc])+ $kind,)*
        }

        impl StepKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Its name in documents, and of its guard.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// A container is made.
    CreateContainer = "create_container",
    /// An account is made, disabled.
    CreateAccount = "create_account",
    /// Our anchor is written to an object that was there.
    AdoptAccount = "adopt_account",
    /// An account goes over into another one of the same person, and nobody logs in with it any more.
    MergeAccounts = "merge_accounts",
    /// What the directory shows of somebody who became protected is replaced; its host cleans up what was copied elsewhere.
    Replace = "replace",
    /// A value gets out of the way for a while, or for good before its object is deleted.
    Park = "park",
    /// An account or a group gets another name under its parent, another parent, or both.
    Move = "move",
    /// An account gets another login.
    RenameLogin = "rename_login",
    /// A group gets another name among logins.
    RenameGroup = "rename_group",
    /// The primary address is set or cleared.
    ChangeMail = "change_mail",
    /// Another address is added.
    AddAlias = "add_alias",
    /// Another address is taken away.
    RemoveAlias = "remove_alias",
    /// An attribute is set or cleared.
    SetAttribute = "set_attribute",
    /// A reference to another account is set or cleared.
    SetReference = "set_reference",
    /// An account is hidden from address lists.
    Hide = "hide",
    /// An account is shown in address lists.
    Show = "show",
    /// One can log in again.
    Enable = "enable",
    /// Nobody can log in any more.
    Disable = "disable",
    /// An account is deleted.
    DeleteAccount = "delete_account",
    /// A group is made.
    CreateGroup = "create_group",
    /// A group is deleted.
    DeleteGroup = "delete_group",
    /// A member is added.
    AddMember = "add_member",
    /// A member is taken away.
    RemoveMember = "remove_member",
    /// Licences are given.
    AddLicences = "add_licences",
    /// At least one licence is taken away; others may be given in the same call.
    ChangeLicences = "change_licences",
    /// The kind of mailbox is set or cleared.
    SetMailbox = "set_mailbox",
    /// A class list is made.
    CreateClassList = "create_class_list",
    /// A class list gets another name.
    RenameClassList = "rename_class_list",
    /// A row of a class list is written.
    WriteRow = "write_row",
    /// A row of a class list is removed.
    RemoveRow = "remove_row",
    /// A notice is sent.
    Notice = "notice",
}

impl StepKind {
    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether it makes an object of ours.
    pub(crate) const fn creates(self) -> bool {
        matches!(self, Self::CreateAccount | Self::CreateGroup)
    }

    /// Whether its share is taken of the groups of a slice; of all other kinds it is taken of the accounts.
    pub(crate) const fn is_of_groups(self) -> bool {
        matches!(
            self,
            Self::CreateGroup | Self::DeleteGroup | Self::RenameGroup
        )
    }
}

impl fmt::Display for StepKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for StepKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for StepKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = alloc::string::String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| D::Error::custom("expected a kind of step"))
    }
}

/// The parts of a plan, in their order. The urgent steps stand before all of them, in the same order among themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Containers that are needed, parents first.
    Containers,
    /// Objects that become ours.
    Adoptions,
    /// What must get out of the way: parked names, addresses at old holders.
    Releases,
    /// Renames and moves.
    Renames,
    /// New accounts, disabled.
    Creations,
    /// Addresses, attributes, licences, mailboxes.
    Attributes,
    /// New groups, and their attributes.
    Groups,
    /// Members that come.
    Additions,
    /// Members that go.
    Removals,
    /// References to other accounts.
    References,
    /// Class lists and their rows.
    ClassLists,
    /// Accounts that are enabled.
    Enabling,
    /// Accounts that are disabled.
    Disabling,
    /// Accounts and groups that are deleted.
    Deletions,
    /// Notices of what was done.
    Notices,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in StepKind::ALL {
            assert_eq!(StepKind::from_name(kind.name()), Some(*kind));
        }
        assert_eq!(StepKind::from_name("destroy"), None);
    }
}
