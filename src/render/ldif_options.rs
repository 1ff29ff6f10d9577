//! How LDIF is written: what differs from one directory to another.
//!
//! Not the writing. Keeps true: without a choice the file is one that Active Directory takes.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;

use crate::directory::Dn;

/// How LDIF is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LdifOptions {
    /// What stands behind every name that is not below it already, such as `DC=sml,DC=test`.
    pub base: Option<Dn>,
    /// The attribute that holds our anchor.
    pub anchor: String,
    /// Whether the primary address is the `userPrincipalName` too.
    pub principal_name: bool,
    /// Attributes of Exchange beside `proxyAddresses` and `msExchHideFromAddressLists`.
    pub exchange: Option<ExchangeHybrid>,
    /// Attributes that the schema of the target does not have. What is wanted of them is left out, and is the host's to bring
    /// about in another way.
    pub lacks: BTreeSet<String>,
    /// Where lines are folded; without a number they are not.
    pub width: Option<usize>,
    /// Whether the file begins with `version: 1`. Some readers want it, some refuse it.
    pub version: bool,
}

/// Attributes for mailboxes that live in the cloud. The vendor does not support that others write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeHybrid {
    /// The domain of the tenant, such as `example.mail.onmicrosoft.com`.
    pub tenant: String,
    /// The kind of mailbox that gets them.
    pub kind: String,
}

impl Default for LdifOptions {
    fn default() -> Self {
        Self {
            base: None,
            anchor: "extensionAttribute15".to_string(),
            principal_name: true,
            exchange: None,
            lacks: BTreeSet::new(),
            width: Some(76),
            version: false,
        }
    }
}
