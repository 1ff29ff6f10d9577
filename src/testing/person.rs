//! Persons of a scenario: who they are, what the register says of them, and what they do where.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use super::affiliation::Duty;
use super::affiliation::Employment;
use super::affiliation::Enrolment;
use super::affiliation::Membership;
use super::draft::Draft;
use super::draft::day_fields;
use super::draft::text_fields;
use super::message::day;

/// What the population register says of a person.
#[derive(Clone, Debug)]
pub(super) enum Registered {
    /// It was not asked.
    NotAsked,
    /// It was asked and does not know the number.
    Unknown,
    /// It knows the number. What stands here differs from what the other sources say, or is said by the register only.
    Known(Draft),
}

/// A person, as an author describes one.
#[derive(Clone, Debug)]
pub struct Person {
    pub(super) draft: Draft,
    /// The municipality that issued the number, for kinds that are unique only there.
    pub(super) issuer: Option<String>,
    pub(super) registered: Registered,
    pub(super) employments: BTreeMap<String, Employment>,
    pub(super) duties: BTreeMap<String, Duty>,
    pub(super) enrolments: BTreeMap<String, Enrolment>,
    pub(super) memberships: BTreeMap<String, Membership>,
}

/// The methods for one kind of affiliation.
macro_rules! affiliations {
    ($($kind:ident, $kinds:ident, $named:ident, $type:ident, $word:literal;)*) => {
        $(
            #[doc = concat!("Adds ", $word, ". The first one is named `1`, the second `2`, and so on.")]
            #[must_use]
            pub fn $kind(self, describe: impl FnOnce($type) -> $type) -> Self {
                let name = format!("{}", self.$kinds.len().saturating_add(1));
                self.$named(&name, describe)
            }

            #[doc = concat!("Adds ", $word, " of that name, or goes on describing the one that has it.")]
            #[must_use]
            pub fn $named(mut self, name: &str, describe: impl FnOnce($type) -> $type) -> Self {
                let known = self.$kinds.remove(name);
                let known = known.unwrap_or_else(|| $type::new(&format!("{}.{name}", self.draft.id)));
                self.$kinds.insert(String::from(name), describe(known));
                self
            }
        )*
    };
}

impl Person {
    pub(super) fn new(name: &str) -> Self {
        let mut draft = Draft::new("person", name);
        // A source that stops saying who is protected is taken for a broken one.
        draft.set("confidentiality_marking", "false");
        draft.set("protected_registration", "false");
        Self {
            draft,
            issuer: None,
            registered: Registered::NotAsked,
            employments: BTreeMap::new(),
            duties: BTreeMap::new(),
            enrolments: BTreeMap::new(),
            memberships: BTreeMap::new(),
        }
    }

    text_fields! {
        /// The identity number.
        number = "number";
        /// All given names, or the one that a source gives.
        given_name = "given_name";
        /// The given name that the person goes by.
        called_name = "called_name";
        /// A middle name.
        middle_name = "middle_name";
        /// The surname.
        surname = "surname";
        /// The sex that a source gives.
        sex = "sex";
        /// A private address.
        mail = "mail";
        /// A private telephone number.
        phone = "phone";
    }

    day_fields! {
        /// The birth date; the one in the number where nothing is said.
        birth_date = "birth_date";
    }

    /// A number that is unique only in the municipality that issued it, such as a TF-number.
    #[must_use]
    pub fn number_issued_by(mut self, number: &str, municipality: &str) -> Self {
        self.issuer = Some(String::from(municipality));
        self.number(number)
    }

    /// Any other field, such as a customer field.
    #[must_use]
    pub fn field(mut self, name: &str, text: &str) -> Self {
        self.draft.set(name, text);
        self
    }

    /// That the register knows the number, with the same names.
    #[must_use]
    pub fn verified(mut self) -> Self {
        self.registered = Registered::Known(Draft::new("register", ""));
        self
    }

    /// That the register knows the number, with these names.
    #[must_use]
    pub fn registered_as(self, given_names: &str, surname: &str) -> Self {
        self.register_field("given_names", given_names)
            .register_field("surname", surname)
    }

    /// That the register has deregistered the number, for a cause of two letters such as `AV`, on a day.
    #[must_use]
    #[track_caller]
    pub fn deregistered(self, cause: &str, on: &str) -> Self {
        let on = day(on);
        self.register_field("deregistration_cause", cause)
            .register_field("deregistration_date", &format!("{on}"))
    }

    /// Any field of the register's record.
    #[must_use]
    pub fn register_field(mut self, name: &str, text: &str) -> Self {
        let mut draft = match self.registered {
            Registered::Known(draft) => draft,
            Registered::NotAsked | Registered::Unknown => Draft::new("register", ""),
        };
        draft.set(name, text);
        self.registered = Registered::Known(draft);
        self
    }

    /// That the register was asked and does not know the number. Everybody of whom nothing is said is then unknown to it too,
    /// since the register came complete.
    #[must_use]
    pub fn unknown_to_register(mut self) -> Self {
        self.registered = Registered::Unknown;
        self
    }

    /// A confidentiality marking.
    #[must_use]
    pub fn marking(self) -> Self {
        self.field("confidentiality_marking", "true")
    }

    /// A protected population registration.
    #[must_use]
    pub fn protected_registration(self) -> Self {
        self.field("protected_registration", "true")
    }

    /// That no source gives a protection flag (any more). One that stood stays until a decision ends it.
    #[must_use]
    pub fn unprotected(self) -> Self {
        self.field("confidentiality_marking", "false")
            .field("protected_registration", "false")
    }

    /// What stands in place of the names of a protected person; without it the alias is made of the opaque key.
    #[must_use]
    pub fn alias(self, name: &str, login: &str, mail: &str) -> Self {
        self.field("alias_name", name)
            .field("alias_login", login)
            .field("alias_mail", mail)
    }

    affiliations! {
        employment, employments, employment_named, Employment, "an employment";
        duty, duties, duty_named, Duty, "a duty";
        enrolment, enrolments, enrolment_named, Enrolment, "an enrolment";
        membership, memberships, membership_named, Membership, "a membership of a school group";
    }

    /// All drafts of the person but the register's.
    pub(super) fn drafts(&self) -> impl Iterator<Item = &Draft> {
        core::iter::once(&self.draft)
            .chain(
                self.employments
                    .values()
                    .map(|affiliation| &affiliation.draft),
            )
            .chain(self.duties.values().map(|affiliation| &affiliation.draft))
            .chain(
                self.enrolments
                    .values()
                    .map(|affiliation| &affiliation.draft),
            )
            .chain(
                self.memberships
                    .values()
                    .map(|affiliation| &affiliation.draft),
            )
    }
}
