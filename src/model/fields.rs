//! The one field table: every built-in field of the model, with its kind of cell, its class and what it means.
//!
//! Classes follow one rule: who somebody is is personal, where somebody can be found is a place, and what says neither is open.
//! A path joins its steps, so `unit.name` is open by itself and a place in `employment.unit.name`.

use crate::language::Class;

/// The kinds of record that rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// A person.
    Person,
    /// A person's main identity number.
    Number,
    /// What stands in place of a protected person's names.
    Alias,
    /// What the population register says of a person.
    Register,
    /// An employment.
    Employment,
    /// A duty.
    Duty,
    /// An enrolment.
    Enrolment,
    /// A membership of a school group.
    Membership,
    /// A unit of an organisation.
    Unit,
    /// A class or another school group.
    SchoolGroup,
    /// Another person, of whom rules see the outputs only.
    Other,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Person,
        Self::Number,
        Self::Alias,
        Self::Register,
        Self::Employment,
        Self::Duty,
        Self::Enrolment,
        Self::Membership,
        Self::Unit,
        Self::SchoolGroup,
        Self::Other,
    ];

    /// The word in rules and records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Number => "number",
            Self::Alias => "alias",
            Self::Register => "register",
            Self::Employment => "employment",
            Self::Duty => "duty",
            Self::Enrolment => "enrolment",
            Self::Membership => "membership",
            Self::Unit => "unit",
            Self::SchoolGroup => "school_group",
            Self::Other => "other_person",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How a field is kept, which is also its type in rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Text that is not personal.
    Open,
    /// Text that is personal.
    Personal,
    /// Several personal texts.
    Several,
    /// A word of an enumeration.
    Word(&'static str),
    /// A day.
    Date,
    /// A whole number.
    Count,
    /// A truth value.
    Flag,
    /// A row of another table.
    Link(RecordKind),
}

/// A built-in field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Of which kind of record.
    pub(crate) record: RecordKind,
    /// Its name.
    pub(crate) name: &'static str,
    /// How it is kept.
    pub(crate) cell: CellKind,
    /// What it tells.
    pub(crate) class: Class,
    /// What it means.
    pub(crate) doc: &'static str,
}

const fn field(
    record: RecordKind,
    name: &'static str,
    cell: CellKind,
    class: Class,
    doc: &'static str,
) -> Field {
    Field {
        record,
        name,
        cell,
        class,
        doc,
    }
}

/// Enumerations, with their values.
pub(crate) const ENUMERATIONS: &[(&str, &[&str])] = &[
    (
        "NumberKind",
        &[
            "Personal",
            "Immunity",
            "Coordination",
            "Interim",
            "TF",
            "Reserve",
            "None",
        ],
    ),
    (
        "Verdict",
        &[
            "Verified",
            "Conflicting",
            "NotFound",
            "Deregistered",
            "Stale",
            "NotAsked",
        ],
    ),
    (
        "GroupType",
        &[
            "Undervisning",
            "Klass",
            "Mentor",
            "Provgrupp",
            "Schema",
            "Avdelning",
            "Personalgrupp",
            "Övrigt",
        ],
    ),
];

use CellKind::Count;
use CellKind::Date;
use CellKind::Flag;
use CellKind::Link;
use CellKind::Open as Words;
use CellKind::Personal as Private;
use CellKind::Several;
use CellKind::Word;
use Class::Open;
use Class::Personal;
use Class::Place;
use Class::Registered;
use RecordKind::Alias;
use RecordKind::Duty;
use RecordKind::Employment;
use RecordKind::Enrolment;
use RecordKind::Membership;
use RecordKind::Number;
use RecordKind::Other;
use RecordKind::Person;
use RecordKind::Register;
use RecordKind::SchoolGroup;
use RecordKind::Unit;

/// Every built-in field.
pub(crate) const FIELDS: &[Field] = &[
    field(Person, "key", Words, Open, "the person's opaque key"),
    field(
        Person,
        "number",
        Link(Number),
        Open,
        "the main identity number",
    ),
    field(
        Person,
        "given_name",
        Private,
        Personal,
        "all given names, or the one a source gives",
    ),
    field(
        Person,
        "called_name",
        Private,
        Personal,
        "the given name the person goes by; where no source says, the given name",
    ),
    field(
        Person,
        "middle_name",
        Private,
        Personal,
        "a middle name from before the name law of 2017",
    ),
    field(Person, "surname", Private, Personal, "the surname"),
    field(
        Person,
        "birth_date",
        Date,
        Personal,
        "the birth date; where no source says, the one in the number",
    ),
    field(
        Person,
        "sex",
        Private,
        Personal,
        "the sex that a source gives",
    ),
    field(Person, "mail", Private, Personal, "a private address"),
    field(
        Person,
        "phone",
        Private,
        Personal,
        "a private telephone number",
    ),
    field(
        Person,
        "mails",
        Several,
        Personal,
        "all private addresses that sources give, each once, those of the first source first",
    ),
    field(
        Person,
        "phones",
        Several,
        Personal,
        "all private telephone numbers that sources give, each once, those of the first source first",
    ),
    field(
        Number,
        "kind",
        Word("NumberKind"),
        Open,
        "the kind of number",
    ),
    field(
        Number,
        "text",
        Private,
        Personal,
        "the number, twelve characters",
    ),
    field(
        Number,
        "issuer",
        Private,
        Personal,
        "the municipality that issued a number which is unique only there",
    ),
    field(
        Number,
        "birth_date",
        Date,
        Personal,
        "the birth date in the number",
    ),
    field(
        Alias,
        "name",
        Words,
        Open,
        "the name shown in place of the real one",
    ),
    field(
        Alias,
        "login",
        Words,
        Open,
        "the login name in place of one made from the real name",
    ),
    field(
        Alias,
        "mail",
        Words,
        Open,
        "the local part of an address in place of one made from the real name",
    ),
    field(
        Register,
        "verdict",
        Word("Verdict"),
        Open,
        "what the population register says of the person's data",
    ),
    field(
        Register,
        "verified",
        Flag,
        Open,
        "whether the register knows the number, and the names agree",
    ),
    field(
        Register,
        "deregistration",
        Words,
        Place,
        "the cause of a deregistration, two letters",
    ),
    field(
        Register,
        "municipality",
        Words,
        Registered,
        "the registered municipality; for a protected person no rule can read it",
    ),
    field(
        Register,
        "county",
        Words,
        Registered,
        "the registered county; for a protected person no rule can read it",
    ),
    field(
        Register,
        "notification_name",
        Private,
        Personal,
        "the name as the register writes it on letters, at most 36 signs",
    ),
    field(
        Register,
        "care_of",
        Private,
        Registered,
        "the registered address: care of; for a protected person no rule can read it",
    ),
    field(
        Register,
        "address_1",
        Private,
        Registered,
        "the registered address: its first line; for a protected person no rule can read it",
    ),
    field(
        Register,
        "address_2",
        Private,
        Registered,
        "the registered address: its second line; for a protected person no rule can read it",
    ),
    field(
        Register,
        "postcode",
        Private,
        Registered,
        "the registered address: five digits; for a protected person no rule can read it",
    ),
    field(
        Register,
        "city",
        Private,
        Registered,
        "the registered address: the post town; for a protected person no rule can read it",
    ),
    field(
        Employment,
        "key",
        Words,
        Open,
        "the employment's opaque key",
    ),
    field(
        Employment,
        "employer",
        Words,
        Place,
        "the employer, by code",
    ),
    field(Employment, "unit", Link(Unit), Place, "where the work is"),
    field(Employment, "form", Words, Open, "the form of employment"),
    field(Employment, "title", Words, Place, "the title"),
    field(
        Employment,
        "position_code",
        Words,
        Place,
        "the local code of the position",
    ),
    field(
        Employment,
        "occupational_label",
        Words,
        Place,
        "the AID label",
    ),
    field(
        Employment,
        "extent",
        Count,
        Open,
        "how much of full time, in thousandths",
    ),
    field(
        Employment,
        "main",
        Flag,
        Open,
        "whether it is the main employment",
    ),
    field(
        Employment,
        "is_manager",
        Flag,
        Place,
        "whether the employment leads others",
    ),
    field(Employment, "manager", Link(Other), Place, "the manager"),
    field(
        Employment,
        "hiring_manager",
        Link(Other),
        Place,
        "who hires",
    ),
    field(Employment, "start", Date, Place, "the first day"),
    field(Employment, "end", Date, Place, "the last day"),
    field(
        Employment,
        "leave_extent",
        Count,
        Place,
        "how much of the employment a leave takes, in thousandths",
    ),
    field(Duty, "key", Words, Open, "the duty's opaque key"),
    field(
        Duty,
        "parent",
        Link(Employment),
        Open,
        "the employment it belongs to",
    ),
    field(Duty, "unit", Link(Unit), Place, "where it is done"),
    field(Duty, "role", Words, Place, "the role"),
    field(Duty, "category", Words, Place, "the category of staff"),
    field(Duty, "title", Words, Place, "the title"),
    field(
        Duty,
        "extent",
        Count,
        Open,
        "how much of full time, in thousandths",
    ),
    field(Duty, "start", Date, Place, "the first day"),
    field(Duty, "end", Date, Place, "the last day"),
    field(Enrolment, "key", Words, Open, "the enrolment's opaque key"),
    field(Enrolment, "unit", Link(Unit), Place, "the school"),
    field(
        Enrolment,
        "school_type",
        Words,
        Place,
        "the school type, such as GR",
    ),
    field(Enrolment, "school_year", Count, Place, "the school year"),
    field(Enrolment, "programme", Words, Place, "the programme"),
    field(Enrolment, "start", Date, Place, "the first day"),
    field(Enrolment, "end", Date, Place, "the last day"),
    field(
        Membership,
        "key",
        Words,
        Open,
        "the membership's opaque key",
    ),
    field(
        Membership,
        "group",
        Link(SchoolGroup),
        Place,
        "the school group",
    ),
    field(Membership, "role", Words, Place, "the role in the group"),
    field(Membership, "start", Date, Place, "the first day"),
    field(Membership, "end", Date, Place, "the last day"),
    field(Unit, "code", Words, Open, "the code"),
    field(
        Unit,
        "lasting_code",
        Words,
        Open,
        "the code that outlasts a re-organisation: that of the unit it replaces, else its own",
    ),
    field(Unit, "name", Words, Open, "the name"),
    field(Unit, "type", Words, Open, "the type"),
    field(Unit, "parent", Link(Unit), Open, "the unit above"),
    field(
        Unit,
        "municipality",
        Words,
        Open,
        "the municipality, by code",
    ),
    field(
        Unit,
        "school_unit_code",
        Words,
        Open,
        "the school unit code, eight digits",
    ),
    field(Unit, "head", Link(Other), Open, "who leads it"),
    field(SchoolGroup, "id", Words, Open, "the group's record"),
    field(SchoolGroup, "name", Words, Open, "the name"),
    field(
        SchoolGroup,
        "type",
        Word("GroupType"),
        Open,
        "the type, such as Klass",
    ),
    field(SchoolGroup, "school_type", Words, Open, "the school type"),
    field(SchoolGroup, "school_year", Count, Open, "the school year"),
    field(SchoolGroup, "unit", Link(Unit), Open, "the school"),
    field(SchoolGroup, "start", Date, Open, "the first day"),
    field(SchoolGroup, "end", Date, Open, "the last day"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn every_field_stands_once_and_says_what_it_is() {
        let mut seen = BTreeSet::new();
        for field in FIELDS {
            assert!(
                seen.insert((field.record, field.name)),
                "{:?}.{}",
                field.record,
                field.name
            );
            assert!(!field.doc.is_empty());
            if field.cell == Private {
                assert!(
                    matches!(field.class, Personal | Registered),
                    "{}",
                    field.name
                );
            }
        }
    }
}
