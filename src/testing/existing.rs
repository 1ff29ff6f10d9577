//! Accounts that stand in the directory before the first run and are not ours: to adopt, or to stay clear of.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec;

use super::message::fail;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::Dn;
use crate::directory::ObjectId;

/// An account without our anchor, as an author describes it.
#[derive(Clone, Debug)]
pub struct Existing {
    pub(super) account: Account,
}

impl Existing {
    #[track_caller]
    pub(super) fn new(id: &str) -> Self {
        let Ok(dn) = Dn::parse("DC=test").and_then(|base| base.child("CN", id)) else {
            fail(&format!("`{id}` is no name of an object"));
        };
        Self {
            account: Account {
                id: ObjectId(Text::from(id)),
                anchor: None,
                dn,
                login: None,
                mail: None,
                aliases: BTreeSet::new(),
                enabled: true,
                hidden: false,
                attributes: BTreeMap::new(),
                references: BTreeMap::new(),
                licences: BTreeSet::new(),
                services_off: BTreeMap::new(),
                mailbox: None,
            },
        }
    }

    /// Its login name.
    #[must_use]
    pub fn login(mut self, login: &str) -> Self {
        self.account.login = Some(Text::from(login));
        self
    }

    /// Its primary address.
    #[must_use]
    pub fn mail(mut self, mail: &str) -> Self {
        self.account.mail = Some(Text::from(mail));
        self
    }

    /// Another address of it.
    #[must_use]
    pub fn alias(mut self, alias: &str) -> Self {
        self.account.aliases.insert(Text::from(alias));
        self
    }

    /// Where it stands; `CN=<id>,DC=test` where nothing is said.
    #[must_use]
    #[track_caller]
    pub fn dn(mut self, dn: &str) -> Self {
        self.account.dn = match Dn::parse(dn) {
            Ok(dn) => dn,
            Err(error) => fail(&format!("`{dn}` is no distinguished name: {error}")),
        };
        self
    }

    /// An attribute with one value.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.account
            .attributes
            .insert(Text::from(name), vec![Text::from(value)]);
        self
    }

    /// That nobody can log in to it.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.account.enabled = false;
        self
    }
}
