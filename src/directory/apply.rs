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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    use super::super::change::ObjectRef;
    use super::super::key::AccountKey;
    use super::super::key::ClassListKey;
    use super::super::key::GroupKey;
    use crate::base::PersonKey;
    use crate::directory::ObjectId;

    fn text(text: &str) -> Text {
        Text::from(text)
    }

    fn account(number: u8) -> AccountKey {
        AccountKey::new(
            PersonKey::mint(b"", &[core::str::from_utf8(&[number]).unwrap()]),
            "staff",
        )
    }

    fn group(name: &str) -> GroupKey {
        GroupKey {
            rule: text("unit"),
            value: text(name),
        }
    }

    fn dn(name: &str) -> Dn {
        Dn::parse(name).unwrap()
    }

    fn create(number: u8, login: &str) -> Change {
        Change::CreateAccount {
            account: account(number),
            dn: dn("OU=Ort,DC=test").child("CN", login).unwrap(),
            login: text(login),
        }
    }

    /// Two accounts with addresses and a group, all made by changes.
    fn start() -> Directory {
        let mut directory = Directory::default();
        let mail = |number, mail: &str| Change::ChangeMail {
            account: account(number),
            mail: Some(text(mail)),
            keep_old: false,
        };
        for change in [
            Change::CreateContainer {
                dn: dn("OU=Ort,DC=test"),
            },
            Change::CreateContainer {
                dn: dn("OU=Inre,OU=Ort,DC=test"),
            },
            create(1, "as1"),
            create(2, "as2"),
            mail(1, "a@sml.se"),
            mail(2, "b@sml.se"),
            Change::AddAlias {
                account: account(2),
                alias: text("c@sml.se"),
            },
            Change::CreateGroup {
                group: group("g"),
                dn: dn("CN=sg,OU=Ort,DC=test"),
                name: text("sg"),
            },
            Change::AddMember {
                group: group("g"),
                member: ObjectRef::Account(account(1)),
            },
            Change::SetReference {
                object: ObjectRef::Account(account(2)),
                name: text("manager"),
                to: Some(ObjectRef::Account(account(1))),
            },
            Change::SetReference {
                object: ObjectRef::Group(group("g")),
                name: text("managedBy"),
                to: Some(ObjectRef::Account(account(1))),
            },
        ] {
            assert_eq!(directory.apply(&change), Ok(()), "{change:?}");
        }
        directory
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one row for each refusal")]
    fn what_a_directory_refuses_is_refused_and_changes_nothing() {
        let list = ClassListKey {
            rule: text("class"),
            group: text("x"),
        };
        let (one, none) = (
            ObjectRef::Account(account(1)),
            ObjectRef::Account(account(9)),
        );
        let sku = BTreeSet::from([text("a3")]);
        for (change, refused) in [
            (
                Change::CreateContainer {
                    dn: dn("OU=Ort,DC=test"),
                },
                Refused::NameTaken,
            ),
            (
                Change::CreateContainer {
                    dn: dn("OU=x,OU=y,DC=test"),
                },
                Refused::NoParent,
            ),
            (create(1, "as9"), Refused::ObjectExists),
            (create(3, "Ås1"), Refused::NameTaken),
            (
                Change::CreateAccount {
                    account: account(3),
                    dn: dn("CN=x,OU=Ort,DC=test"),
                    login: text(""),
                },
                Refused::Empty,
            ),
            (
                Change::CreateAccount {
                    account: account(3),
                    dn: dn("CN=x,OU=Ort,DC=test"),
                    login: text("SG"),
                },
                Refused::LoginTaken,
            ),
            (
                Change::CreateAccount {
                    account: account(3),
                    dn: dn("CN=x,OU=Bort,DC=test"),
                    login: text("x"),
                },
                Refused::NoParent,
            ),
            (
                Change::AdoptAccount {
                    object: ObjectId(text("x")),
                    account: account(3),
                    from: None,
                },
                Refused::NoObject,
            ),
            (
                Change::AdoptAccount {
                    object: ObjectId(text(&alloc::format!("account:{}", account(1)))),
                    account: account(3),
                    from: None,
                },
                Refused::AnchorTaken,
            ),
            (
                Change::MergeAccounts {
                    account: account(9),
                    retired: account(1),
                },
                Refused::NoTarget,
            ),
            (
                Change::MergeAccounts {
                    account: account(1),
                    retired: account(9),
                },
                Refused::NoObject,
            ),
            (
                Change::Move {
                    object: one.clone(),
                    to: dn("CN=AS2,OU=Ort,DC=test"),
                },
                Refused::NameTaken,
            ),
            (
                Change::Move {
                    object: one.clone(),
                    to: dn("CN=x,OU=Bort,DC=test"),
                },
                Refused::NoParent,
            ),
            (
                Change::Move {
                    object: none.clone(),
                    to: dn("CN=x,OU=Ort,DC=test"),
                },
                Refused::NoObject,
            ),
            (
                Change::SetLogin {
                    account: account(1),
                    login: text("AS2"),
                },
                Refused::LoginTaken,
            ),
            (
                Change::ChangeMail {
                    account: account(1),
                    mail: Some(text("C@sml.se")),
                    keep_old: false,
                },
                Refused::AddressTaken,
            ),
            (
                Change::AddAlias {
                    account: account(1),
                    alias: text("A@sml.se"),
                },
                Refused::AddressTaken,
            ),
            (
                Change::RemoveAlias {
                    account: account(1),
                    alias: text("a@sml.se"),
                },
                Refused::Absent,
            ),
            (
                Change::SetAttribute {
                    object: one.clone(),
                    name: text("title"),
                    values: Vec::from([text("")]),
                },
                Refused::Empty,
            ),
            (
                Change::SetReference {
                    object: one.clone(),
                    name: text("manager"),
                    to: Some(none.clone()),
                },
                Refused::NoTarget,
            ),
            (
                Change::Enable {
                    account: account(9),
                },
                Refused::NoObject,
            ),
            (
                Change::RenameGroup {
                    group: group("g"),
                    name: text("as1"),
                },
                Refused::LoginTaken,
            ),
            (
                Change::AddMember {
                    group: group("g"),
                    member: one.clone(),
                },
                Refused::Present,
            ),
            (
                Change::AddMember {
                    group: group("g"),
                    member: none.clone(),
                },
                Refused::NoTarget,
            ),
            (
                Change::RemoveMember {
                    group: group("g"),
                    member: ObjectRef::Account(account(2)),
                },
                Refused::Absent,
            ),
            (
                Change::ChangeLicences {
                    account: account(1),
                    add: BTreeSet::new(),
                    remove: sku,
                    without: BTreeMap::new(),
                },
                Refused::Absent,
            ),
            (
                Change::ChangeLicences {
                    account: account(1),
                    add: BTreeSet::new(),
                    remove: BTreeSet::new(),
                    without: BTreeMap::from([(text("a3"), BTreeSet::from([text("chat")]))]),
                },
                Refused::Absent,
            ),
            (
                Change::WriteRow {
                    list: list.clone(),
                    account: account(1),
                    columns: BTreeMap::new(),
                },
                Refused::NoObject,
            ),
            (
                Change::WriteRow {
                    list: list.clone(),
                    account: account(9),
                    columns: BTreeMap::new(),
                },
                Refused::NoTarget,
            ),
            (Change::RemoveClassList { list }, Refused::NoObject),
        ] {
            let mut directory = start();
            assert_eq!(directory.apply(&change), Err(refused), "{change:?}");
            assert!(directory == start(), "{change:?}");
        }
    }

    #[test]
    fn a_deletion_takes_memberships_and_references_along() {
        let mut directory = start();
        directory
            .apply(&Change::DeleteAccount {
                account: account(1),
            })
            .unwrap();
        assert!(
            directory
                .groups
                .values()
                .all(|group| group.members.is_empty() && group.references.is_empty())
        );
        assert!(
            directory
                .accounts
                .values()
                .all(|account| account.references.is_empty())
        );
        // Its names are free again.
        assert_eq!(directory.apply(&create(3, "AS1")), Ok(()));
    }

    #[test]
    fn a_promoted_alias_is_an_alias_no_more_and_the_old_address_stays_if_it_shall() {
        let mut directory = start();
        let change = Change::ChangeMail {
            account: account(2),
            mail: Some(text("C@sml.se")),
            keep_old: true,
        };
        directory.apply(&change).unwrap();
        let anchored = directory.anchored_accounts();
        let changed = anchored[&account(2)];
        assert_eq!(changed.mail.as_deref(), Some("C@sml.se"));
        assert_eq!(changed.aliases, BTreeSet::from([text("b@sml.se")]));
    }

    #[test]
    fn what_stands_beneath_an_object_moves_with_it() {
        let mut directory = start();
        let below = dn("CN=under,CN=as1,OU=Ort,DC=test");
        let mut child = directory.anchored_accounts()[&account(2)].clone();
        child.dn = below;
        directory.accounts.insert(child.id.clone(), child);
        let object = ObjectRef::Account(account(1));
        directory
            .apply(&Change::Move {
                object,
                to: dn("CN=as1,OU=Inre,OU=Ort,DC=test"),
            })
            .unwrap();
        let moved = directory.anchored_accounts()[&account(2)].dn.clone();
        assert_eq!(moved, dn("CN=under,CN=as1,OU=Inre,OU=Ort,DC=test"));
        assert_eq!(
            directory.apply(&Change::DeleteAccount {
                account: account(1)
            }),
            Err(Refused::HasChildren)
        );
    }

    #[test]
    fn attribute_names_ignore_case() {
        let mut directory = start();
        let object = ObjectRef::Account(account(1));
        let set = |name: &str, values| Change::SetAttribute {
            object: object.clone(),
            name: text(name),
            values,
        };
        directory
            .apply(&set("title", Vec::from([text("a")])))
            .unwrap();
        directory
            .apply(&set("Title", Vec::from([text("b")])))
            .unwrap();
        assert_eq!(
            directory.anchored_accounts()[&account(1)].attributes.len(),
            1
        );
        directory.apply(&set("TITLE", Vec::new())).unwrap();
        assert!(
            directory.anchored_accounts()[&account(1)]
                .attributes
                .is_empty()
        );
    }
}
