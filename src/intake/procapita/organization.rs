//! The shapes of `organization` version 12.

use alloc::vec::Vec;

use super::person::Person;
use super::person::Properties;
use super::person::SourcedId;
use crate::base::RawText;
use crate::intake::wire::wire;

wire! {
    /// A document of an organization: persons, groups and memberships.
    Enterprise as "enterprise" {
        properties: Option<Properties> = "properties",
        persons: Vec<Person> = "person",
        groups: Vec<Group> = "group",
        memberships: Vec<Membership> = "membership",
        teachers: Option<TeacherOrganization> = "teacherorganization",
    } [ "comments" ]
    /// A unit, or a class or another school group.
    Group as "group" {
        recstatus: Option<RawText> = "@recstatus" | "recstatus",
        sourced_ids: Vec<SourcedId> = "sourcedid",
        kinds: Vec<GroupType> = "grouptype",
        description: Option<Description> = "description",
        org: Option<Org> = "org",
        timeframe: Option<Timeframe> = "timeframe",
        relationships: Vec<Relationship> = "relationship",
        extension: Option<GroupExtension> = "extension",
    } [ "comments", "enrollcontrol", "email", "url", "groupmembers", "datasource" ]
    /// What kind of group it is.
    GroupType as "grouptype" {
        values: Vec<GroupTypeValue> = "typevalue",
    } [ "scheme" ]
    /// One word of a kind.
    GroupTypeValue as "typevalue" {
        value: Option<RawText> = "$text" | "value",
    } [ "@level", "level" ]
    /// What a group is called.
    Description as "description" {
        short: Option<RawText> = "short",
        long: Option<RawText> = "long",
    } [ "full" ]
    /// The organization behind a unit.
    Org as "org" {
        kind: Option<RawText> = "type",
        id: Option<RawText> = "id",
    } [ "orgname", "orgunit" ]
    /// From when to when.
    Timeframe as "timeframe" {
        begin: Option<RawText> = "begin" | "start",
        end: Option<RawText> = "end",
    } [ "adminperiod" ]
    /// How a group stands to another one: 1 it belongs to it, 2 it contains it, 3 otherwise.
    Relationship as "relationship" {
        relation: Option<RawText> = "@relation" | "relation",
        sourced_id: Option<SourcedId> = "sourcedid",
    } [ "label" ]
    /// What the vendor adds to a group.
    GroupExtension as "group.extension" {
        school_year: Option<RawText> = "schoolyear",
        municipality_code: Option<RawText> = "municipalitycode",
        school_types: Vec<RawText> = "schooltype",
    } [
        "id", "uniqueid", "csncode", "governedby", "municipalityname", "phone", "pcode", "street", "area", "locality",
        "web", "groupusage", "timestamp", "period", "geographickeycode", "email", "officialunitname", "visitingaddress",
        "organizernumber", "vigonumber", "gsinumber", "organizationnumber", "organizationtypecode",
        "organizationtypename", "subgrouptype", "notes", "oidcode", "activitytypecode", "profile", "course", "minutes",
        "points", "inconvenienthours"
    ]
    /// The members of a group.
    Membership as "membership" {
        sourced_id: Option<SourcedId> = "sourcedid",
        members: Vec<Member> = "member",
    } [ "comments", "@complete", "complete" ]
    /// A member: a person, or a group inside the group.
    Member as "member" {
        sourced_id: Option<SourcedId> = "sourcedid",
        kind: Option<RawText> = "idtype",
        roles: Vec<Role> = "role",
    } [ "comments" ]
    /// What a member is, and when.
    Role as "role" {
        recstatus: Option<RawText> = "@recstatus" | "recstatus",
        kind: Option<RawText> = "@roletype" | "roletype",
        status: Option<RawText> = "status",
        timeframe: Option<Timeframe> = "timeframe",
        extension: Option<MembershipExtension> = "extension",
    } [
        "subrole", "userid", "comments", "datetime", "interimresult", "finalresult", "email", "datasource"
    ]
    /// What the vendor adds to a role.
    MembershipExtension as "role.extension" {
        activities: Vec<Activity> = "activity",
        placements: Vec<Placement> = "placement",
        responsibilities: Vec<Dates> = "responsibility",
        mentors: Vec<Dates> = "mentor",
    } [ "proposedunitplacement", "timestamp" ]
    /// A course or subject in which a member takes part.
    Activity as "activity" {
        cancelled: Option<RawText> = "cancelled",
        begin: Option<RawText> = "begin",
        end: Option<RawText> = "end",
    } [
        "coursecode", "courseid", "subjectcode", "subjectid", "recommendedsubjectcode", "hours", "timestamp"
    ]
    /// Where a pupil is placed.
    Placement as "role.placement" {
        school_year: Option<RawText> = "schoolyear",
        program_code: Option<RawText> = "programcode",
        official_program_code: Option<RawText> = "officialprogramcode",
        begin: Option<RawText> = "begin",
        end: Option<RawText> = "end",
    } [ "schoolunitcode", "programprofile", "programvariant", "integratedschooltype", "timestamp" ]
    /// From when to when something is so.
    Dates as "role.period" {
        begin: Option<RawText> = "begin",
        end: Option<RawText> = "end",
    } [ "schoolunitcode", "schoolunitname", "timestamp" ]
    /// Which teachers have which groups.
    TeacherOrganization as "teacherorganization" {
        units: Vec<TeacherUnit> = "unit",
    }
    /// The teachers of a unit.
    TeacherUnit as "teacherorganization.unit" {
        teachers: Vec<Teacher> = "teacher",
    } [ "id", "name" ]
    /// A teacher.
    Teacher as "teacherorganization.teacher" {
        id: Option<RawText> = "id",
        number: Option<RawText> = "personid",
        classes: Vec<SchoolGroup> = "class",
        education_groups: Vec<SchoolGroup> = "educationgroup",
    } [ "name" ]
    /// A group that a teacher has.
    SchoolGroup as "teacherorganization.group" {
        id: Option<RawText> = "id" | "$text",
    } [ "name", "schoolunitcode" ]
}
