//! The shapes of `personnel` version 8.

use alloc::vec::Vec;

use super::person::Privacy;
use super::person::Properties;
use super::person::Telephone;
use crate::base::RawText;
use crate::intake::wire::wire;

wire! {
    /// A document of staff.
    Personnel as "personnel" {
        properties: Option<Properties> = "properties",
        persons: Vec<Employee> = "person",
    } [ "teacherlicenseextract" ]
    /// A member of the staff.
    Employee as "personnel.person" {
        change: Option<RawText> = "@change" | "change",
        id: Option<RawText> = "id",
        number: Option<RawText> = "personid",
        unique_id: Option<RawText> = "uniqueid",
        first_name: Option<RawText> = "firstname",
        middle_name: Option<RawText> = "middlename",
        last_name: Option<RawText> = "lastname",
        email_home: Option<RawText> = "emailhome",
        telephones: Vec<Telephone> = "tel",
        gender: Option<RawText> = "gender",
        birth_date: Option<RawText> = "bday",
        email_work_school: Option<RawText> = "emailworkschool",
        email_work_school_2: Option<RawText> = "emailworkschool2",
        privacy: Vec<Privacy> = "privacy",
        status: Option<RawText> = "status",
        employments: Vec<Employment> = "employment",
    } [
        "adr", "geographickeycode", "municipalitycode", "municipalityname", "nativelanguage", "datasource",
        "teachingqualification", "workarea", "timestamp"
    ]
    /// An employment.
    Employment as "employment" {
        id: Option<RawText> = "id",
        employee_number: Option<RawText> = "employeenumber" | "employmentnumber",
        percent: Option<RawText> = "percent",
        start: Option<RawText> = "start",
        end: Option<RawText> = "end",
        email: Option<RawText> = "email",
        email_2: Option<RawText> = "email2",
        phone: Option<RawText> = "phone",
        title_code: Option<RawText> = "titlecode",
        title_name: Option<RawText> = "titlename",
        kind: Option<RawText> = "type",
        placements: Vec<StaffPlacement> = "placement",
    } [ "years", "externalid" ]
    /// Where somebody works, and as what.
    StaffPlacement as "placement" {
        id: Option<RawText> = "id",
        category: Option<RawText> = "category",
        start: Option<RawText> = "start",
        end: Option<RawText> = "end",
        place: Option<Place> = "place",
        percent: Option<RawText> = "percent",
        title_code: Option<RawText> = "titlecode",
        title_name: Option<RawText> = "titlename",
    } [ "ismaintainedexternally", "externalemploymentinfo", "extunitid", "signature" ]
    /// A place of work.
    Place as "place" {
        id: Option<RawText> = "id" | "$text",
        school_type: Option<RawText> = "schooltype",
    } [ "name", "placetype", "uniqueid", "schoolunit" ]
}
