//! The shapes of SS12000: what is read of each entity, and the names that are known and carry no fact of the model.

use alloc::vec::Vec;

use crate::base::RawText;
use crate::intake::text;
use crate::intake::wire::Flag;
use crate::intake::wire::Slot;
use crate::intake::wire::Unread;
use crate::intake::wire::Why;
use crate::intake::wire::Wire;
use crate::intake::wire::wire;
use crate::source::Tree;

/// One page of a list: an object with `data` and `pageToken`, or a bare list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// What to ask the next page with.
    pub page_token: Option<RawText>,
    /// Whether the page could not be read as one.
    pub broken: bool,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            page_token: None,
            broken: false,
        }
    }
}

impl<T> Page<T> {
    /// Whether another page follows, or nobody can tell.
    pub(super) fn goes_on(&self) -> bool {
        self.broken || text::filled(self.page_token.as_ref()).is_some()
    }
}

impl<T: Wire> Wire for Page<T> {
    fn read(tree: Tree, _: (&'static str, &'static str), unread: &mut Unread) -> Option<Self> {
        let mut page = Self::default();
        match tree {
            Tree::List(_) => page.data.fill(tree, ("list", ""), unread),
            Tree::Map(entries) => {
                let mut found = false;
                for (key, value) in entries {
                    match key.as_str() {
                        "data" | "persons" | "organisations" | "groups" | "duties"
                        | "activities" | "placements" => {
                            found = matches!(value, Tree::List(_));
                            page.broken |= !found;
                            page.data.fill(value, ("list", "data"), unread);
                        }
                        "pageToken" => {
                            page.broken |= matches!(value, Tree::List(_) | Tree::TooDeep);
                            page.page_token.fill(value, ("list", "pageToken"), unread);
                        }
                        _ => unread.count(Why::Unknown, "list", ""),
                    }
                }
                page.broken |= !found;
            }
            Tree::Null | Tree::Text(_) | Tree::TooDeep => {
                unread.count(Why::Shape, "list", "");
                page.broken = true;
            }
        }
        Some(page)
    }
}

wire! {
    /// A person.
    Person as "person" {
        id: Option<RawText> = "id",
        given_name: Option<RawText> = "givenName",
        middle_name: Option<RawText> = "middleName",
        family_name: Option<RawText> = "familyName",
        civic_no: Option<CivicNo> = "civicNo",
        birth_date: Option<RawText> = "birthDate",
        sex: Option<RawText> = "sex",
        security_marking: Vec<Flag> = "securityMarking",
        person_status: Option<RawText> = "personStatus",
        emails: Vec<Email> = "emails",
        phone_numbers: Vec<Phone> = "phoneNumbers",
        enrolments: Vec<Enrolment> = "enrolments",
    } [
        "meta", "eduPersonPrincipalNames", "externalIdentifiers", "addresses", "photo", "responsibles", "careOf", "_embedded"
    ]
    /// An identity number.
    CivicNo as "civicNo" {
        value: Option<RawText> = "value" | "$text",
    } [ "nationality" ]
    /// An address of electronic mail.
    Email as "email" {
        value: Option<RawText> = "value" | "$text",
        kind: Option<RawText> = "type",
    }
    /// A telephone number.
    Phone as "phoneNumber" {
        value: Option<RawText> = "value" | "$text",
    } [ "type", "mobile" ]
    /// A reference to something, by its id. References to persons carry the protection flag too.
    Reference as "reference" {
        id: Option<RawText> = "id" | "$text",
        security_marking: Vec<Flag> = "securityMarking",
    } [ "displayName", "name" ]
    /// A reference to a programme, of which the name says more than the id.
    Programme as "programme" {
        id: Option<RawText> = "id" | "$text",
        display_name: Option<RawText> = "displayName" | "name",
    }
    /// A pupil at a school unit.
    Enrolment as "enrolment" {
        enroled_at: Option<Reference> = "enroledAt" | "enrolledAt",
        school_year: Option<RawText> = "schoolYear",
        school_type: Option<RawText> = "schoolType",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
        cancelled: Option<RawText> = "cancelled",
        education_code: Option<RawText> = "educationCode",
        programme: Option<Programme> = "programme",
    } [ "specification" ]
    /// A child at a preschool or after-school centre.
    Placement as "placement" {
        id: Option<RawText> = "id",
        placed_at: Option<Reference> = "placedAt",
        group: Option<Reference> = "group",
        child: Option<Reference> = "child",
        school_type: Option<RawText> = "schoolType",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
    } [ "meta", "owners", "reason", "maxWeeklyScheduleHours", "_embedded" ]
    /// A member of the staff at a unit.
    Duty as "duty" {
        id: Option<RawText> = "id",
        person: Option<Reference> = "person",
        assignment_role: Vec<Assignment> = "assignmentRole",
        duty_at: Option<Reference> = "dutyAt",
        duty_role: Option<RawText> = "dutyRole",
        duty_percent: Option<RawText> = "dutyPercent",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
    } [ "meta", "signature", "hoursPerYear", "_embedded" ]
    /// A role in a group.
    Assignment as "assignmentRole" {
        group: Option<Reference> = "group",
        role: Option<RawText> = "assignmentRoleType",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
    }
    /// A class or another school group.
    Group as "group" {
        id: Option<RawText> = "id",
        display_name: Option<RawText> = "displayName",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
        group_type: Option<RawText> = "groupType",
        school_type: Option<RawText> = "schoolType",
        organisation: Option<Reference> = "organisation",
        memberships: Vec<GroupMembership> = "groupMemberships",
    } [ "meta", "_embedded" ]
    /// A member of a group.
    GroupMembership as "groupMembership" {
        person: Option<Reference> = "person",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
    } [ "id" ]
    /// A school unit, or what stands above one.
    Organisation as "organisation" {
        id: Option<RawText> = "id",
        display_name: Option<RawText> = "displayName",
        organisation_code: Option<RawText> = "organisationCode",
        organisation_type: Option<RawText> = "organisationType",
        parent: Option<Reference> = "parentOrganisation",
        school_unit_code: Option<RawText> = "schoolUnitCode",
        municipality_code: Option<RawText> = "municipalityCode",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
    } [
        "meta", "organisationNumber", "schoolTypes", "address", "addresses", "email", "phoneNumber", "url", "_embedded"
    ]
    /// Teaching or something else that duties give to groups.
    Activity as "activity" {
        id: Option<RawText> = "id",
        groups: Vec<Reference> = "groups",
        teachers: Vec<Teacher> = "teachers",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
    } [
        "meta", "displayName", "activityType", "organisation", "calendarEventsRequired", "comment", "minutesPlanned",
        "parentActivity", "syllabus", "rooms", "resources", "_embedded"
    ]
    /// A duty that takes part in an activity.
    Teacher as "teacher" {
        duty: Option<Reference> = "duty",
        start_date: Option<RawText> = "startDate",
        end_date: Option<RawText> = "endDate",
    } [ "allocationPercent" ]
    /// What has been deleted since the last time.
    DeletedEntities as "deletedEntities" {
        data: Option<DeletedIds> = "data",
        page_token: Option<RawText> = "pageToken",
    }
    /// The ids of what has been deleted.
    DeletedIds as "deletedEntities.data" {
        persons: Vec<RawText> = "persons",
        duties: Vec<RawText> = "duties",
        groups: Vec<RawText> = "groups",
        organisations: Vec<RawText> = "organisations",
        placements: Vec<RawText> = "placements",
    } [
        "activities", "activitites", "programmes", "studyplans", "syllabuses", "schoolUnitOfferings", "calendarEvents",
        "attendances", "attendanceEvents", "attendanceSchedules", "grades", "absences", "aggregatedAttendance",
        "resources", "rooms"
    ]
}

impl DeletedIds {
    /// The ids by the kind of record that they were.
    pub(super) fn by_kind(&self) -> [(&'static str, &[RawText]); 5] {
        [
            ("person", &self.persons),
            ("duty", &self.duties),
            ("school_group", &self.groups),
            ("unit", &self.organisations),
            ("enrolment", &self.placements),
        ]
    }
}
