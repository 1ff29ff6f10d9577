//! The shapes of `person` version 6, which `organization` version 12 uses for its persons too.

use alloc::vec::Vec;

use crate::base::RawText;
use crate::intake::wire::Flag;
use crate::intake::wire::Unread;
use crate::intake::wire::Why;
use crate::intake::wire::Wire;
use crate::intake::wire::entries;
use crate::intake::wire::is_plumbing;
use crate::intake::wire::wire;
use crate::source::Tree;

wire! {
    /// A document of persons.
    PersonRoot as "person-root" {
        properties: Option<Properties> = "properties",
        persons: Vec<Person> = "person",
    } [ "personsearch", "extraattribute", "buscardinfo" ]
    /// What a document says about itself.
    Properties as "properties" {
        kind: Option<RawText> = "type",
    } [
        "datetime", "datasource", "comments", "timeframe", "schooltype", "target", "extension"
    ]
    /// A person.
    Person as "person" {
        recstatus: Option<RawText> = "@recstatus" | "recstatus",
        sourced_ids: Vec<SourcedId> = "sourcedid",
        user_ids: Vec<UserId> = "userid",
        name: Option<Name> = "name",
        demographics: Option<Demographics> = "demographics",
        email_home: Option<RawText> = "emailhome" | "email",
        email_work_school: Option<RawText> = "emailworkschool",
        email_work_school_2: Option<RawText> = "emailworkschool2",
        telephones: Vec<Telephone> = "tel",
        institution_roles: Vec<InstitutionRole> = "institutionrole",
        extension: Vec<PersonExtension> = "extension",
        merged_user: Option<UserId> = "mergeduser",
    } [
        "comments", "datasource", "adr", "url", "photo", "systemrole", "extraattribute"
    ]
    /// The id that a source gives.
    SourcedId as "sourcedid" {
        kind: Option<RawText> = "@sourcedidtype" | "sourcedidtype",
        id: Option<RawText> = "id" | "$text",
    } [ "source" ]
    /// An id of a person, of a kind.
    UserId as "userid" {
        kind: Option<RawText> = "@useridtype" | "useridtype",
        id: Option<RawText> = "$text" | "value",
    } [ "@password", "@pwencryptiontype", "@authenticationtype" ]
    /// The name of a person.
    Name as "name" {
        parts: Option<NameParts> = "n",
    } [ "fn", "sort", "nickname" ]
    /// The parts of a name.
    NameParts as "n" {
        family: Option<RawText> = "family",
        given: Option<RawText> = "given",
        other: Vec<RawText> = "other",
        part_names: Vec<PartName> = "partname",
    } [ "prefix", "suffix" ]
    /// Another part of a name, of a kind.
    PartName as "partname" {
        kind: Option<RawText> = "@partnametype" | "partnametype",
        name: Option<RawText> = "$text" | "value",
    }
    /// Sex and birth date.
    Demographics as "demographics" {
        gender: Option<RawText> = "gender",
        birth_date: Option<RawText> = "bday",
    } [ "disability" ]
    /// A telephone number.
    Telephone as "tel" {
        kind: Option<RawText> = "@teltype" | "teltype",
        number: Option<RawText> = "$text" | "value",
    }
    /// What somebody is at the institution.
    InstitutionRole as "institutionrole" {
        kind: Option<RawText> = "@institutionroletype" | "institutionroletype",
    } [ "@primaryrole", "primaryrole" ]
    /// What the vendor adds to a person.
    PersonExtension as "person.extension" {
        privacy: Vec<Privacy> = "privacy",
        status: Option<RawText> = "status",
    } [
        "geographickeycode", "municipalitycode", "municipalityname", "nativelanguage", "timestamp", "altadr",
        "residentstatus", "newlyarrived", "contactpersons", "children", "extendedinformation"
    ]
}

/// Whether a person is protected, and how: level 1 is a confidentiality marking, 2 a protected registration, 3 both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    /// `@level`.
    pub level: Option<RawText>,
    /// Whether it is so.
    pub stands: Flag,
}

impl Wire for Privacy {
    fn read(tree: Tree, _: (&'static str, &'static str), unread: &mut Unread) -> Option<Self> {
        let mut level = None;
        let mut text = Some(RawText::default());
        for (key, value) in entries(tree, "privacy", unread)? {
            match (key.as_str(), value) {
                ("@level" | "level", Tree::Text(value)) if level.is_none() => level = Some(value),
                ("$text" | "value", Tree::Text(value)) => text = Some(value),
                (key, _) if is_plumbing(key) => {}
                _ => {
                    unread.count(Why::Shape, "privacy", "");
                    text = None;
                    break;
                }
            }
        }
        Some(Self {
            level,
            stands: Flag { text },
        })
    }
}
