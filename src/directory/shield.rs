//! What a target must not be written of a protected person's account, by the names of outputs alone.
//!
//! Not the gate: that asks what a rule reads, this asks what an output is called, and of whoever made a wish only which outputs an
//! exception, an alternative or a constant covers. Sealed: an open document does not tell who has one. Keeps true: what nobody
//! covers is refused.

use alloc::collections::BTreeSet;
use core::fmt;

use super::change::Change;
use super::change::ObjectRef;
use super::key::AccountKey;
use crate::base::Text;

/// The container, among the outputs of an account.
pub(crate) const CONTAINER: &str = "container";

/// That an account is hidden from address lists.
const HIDDEN: &str = "hidden";

/// Attributes of directories that say how somebody is reached, looks or when they were born. Of a protected person they are absent,
/// whatever class their expression has: a field that was declared open by mistake shows nowhere that everybody looks.
const REACHED_BY: [&str; 33] = [
    "addresses",
    "birthDate",
    "businessPhones",
    "city",
    "dateOfBirth",
    "facsimileTelephoneNumber",
    "faxNumber",
    "homePhone",
    "homePostalAddress",
    "ipPhone",
    "jpegPhoto",
    "l",
    "mobile",
    "mobilePhone",
    "otherHomePhone",
    "otherIpPhone",
    "otherMobile",
    "otherPager",
    "otherTelephone",
    "pager",
    "otherFacsimileTelephoneNumber",
    "phoneNumbers",
    "photo",
    "photos",
    "postalAddress",
    "postalCode",
    "postOfficeBox",
    "registeredAddress",
    "st",
    "street",
    "streetAddress",
    "telephoneNumber",
    "thumbnailPhoto",
];

/// Outputs that say where somebody is. Under a protected population registration they are absent, or the same for everybody.
const WHERE: [&str; 24] = [
    "assistant",
    "class",
    "className",
    "company",
    "companyName",
    CONTAINER,
    "costCenter",
    "department",
    "departmentNumber",
    "division",
    "jobTitle",
    "manager",
    "o",
    "office",
    "officeLocation",
    "organization",
    "ou",
    "physicalDeliveryOfficeName",
    "roomNumber",
    "school",
    "schoolName",
    "schoolUnit",
    "secretary",
    "title",
];

/// Whether an attribute says by its name how somebody is reached, looks or when they were born.
pub(crate) fn says_how_reached(name: &str) -> bool {
    let mut names = REACHED_BY.iter();
    names.any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether an output says by its name where somebody is.
pub(crate) fn says_where(name: &str) -> bool {
    let mut names = WHERE.iter();
    names.any(|known| known.eq_ignore_ascii_case(name))
}

/// What protects the person of an account from what a target would be written.
#[derive(Clone, PartialEq, Eq)]
pub struct Shield {
    /// Whether where the person is must not show either.
    registration: bool,
    /// The outputs that may be written all the same, in lower case.
    covered: BTreeSet<Text>,
}

impl Shield {
    /// The shield of a protected person, which lets through no output that says by its name how somebody is reached and, where a
    /// protected population registration stands, none that says where somebody is.
    pub const fn new(registration: bool) -> Self {
        Self {
            registration,
            covered: BTreeSet::new(),
        }
    }

    /// Lets an output through: an exception with a written reason, an alternative, or a constant speaks of it.
    pub fn cover(&mut self, output: &str) {
        self.covered.insert(Text::from(output.to_ascii_lowercase()));
    }

    /// Whether a protected population registration stands.
    pub(crate) const fn registration(&self) -> bool {
        self.registration
    }

    /// The outputs that may be written all the same.
    pub(crate) const fn covered(&self) -> &BTreeSet<Text> {
        &self.covered
    }

    fn lets_through(&self, output: &str) -> bool {
        let withheld = says_how_reached(output) || (self.registration && says_where(output));
        !withheld || self.covered.contains(&*output.to_ascii_lowercase())
    }

    /// The output that a change would write and must not. What clears is let through.
    pub fn refuses<'c>(&self, change: &'c Change) -> Option<&'c str> {
        let refused = |output: &'c str| (!self.lets_through(output)).then_some(output);
        match change {
            Change::SetAttribute { name, values, .. } if !values.is_empty() => refused(name),
            Change::SetReference {
                name, to: Some(_), ..
            } => refused(name),
            Change::CreateAccount { .. }
            | Change::Move {
                object: ObjectRef::Account(_),
                ..
            } => refused(CONTAINER),
            Change::SetHidden { hidden: false, .. } => Some(HIDDEN),
            _ => None,
        }
    }
}

/// Shows that there is one, and nothing of what it covers.
impl fmt::Debug for Shield {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Shield")
    }
}

/// An output that is kept from the targets, of which account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shielded {
    /// The account.
    pub account: AccountKey,
    /// The output: an attribute, `container` or `hidden`.
    pub output: Text,
}

impl fmt::Display for Shielded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` of account {} is not written: neither an exception nor an alternative speaks of it",
            self.output, self.account
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::PersonKey;
    use crate::directory::Dn;
    use alloc::vec::Vec;

    fn account() -> AccountKey {
        AccountKey::new(PersonKey::mint(b"", &["a"]), "staff")
    }

    fn set(name: &str, values: &[&str]) -> Change {
        Change::SetAttribute {
            object: ObjectRef::Account(account()),
            name: Text::from(name),
            values: values.iter().map(|value| Text::from(*value)).collect(),
        }
    }

    #[test]
    fn names_decide_and_what_is_covered_or_cleared_passes() {
        let moved = Change::Move {
            object: ObjectRef::Account(account()),
            to: Dn::parse("CN=a,OU=Ort").unwrap(),
        };
        let manager = Change::SetReference {
            object: ObjectRef::Account(account()),
            name: Text::from("Manager"),
            to: Some(ObjectRef::Account(account())),
        };
        let shown = Change::SetHidden {
            account: account(),
            hidden: false,
        };
        let changes = [
            set("TelephoneNumber", &["0523"]),
            set("title", &["Rektor"]),
            manager,
            moved,
            shown,
            set("displayName", &["Alias"]),
            set("mobile", &[]),
        ];
        let refused = |shield: &Shield| -> Vec<Text> {
            let refused = changes.iter().filter_map(|change| shield.refuses(change));
            refused.map(Text::from).collect()
        };
        let names =
            |names: &[&str]| -> Vec<Text> { names.iter().map(|n| Text::from(*n)).collect() };
        assert_eq!(
            refused(&Shield::new(false)),
            names(&["TelephoneNumber", "hidden"])
        );
        let mut shield = Shield::new(true);
        assert_eq!(
            refused(&shield),
            names(&["TelephoneNumber", "title", "Manager", "container", "hidden"])
        );
        for output in ["telephonenumber", "Title", "manager", "container", "hidden"] {
            shield.cover(output);
        }
        // Nobody switches hiding off.
        assert_eq!(refused(&shield), names(&["hidden"]));
    }
}
