//! SS12000 version 2 as school systems give it in JSON: lists of persons, organisations, groups, duties and others.
//!
//! Read leniently, as the standard asks: enums whatever their capitals, dates that are missing as open, names that are not
//! known as a finding. A list whose last page is missing takes back that the instance is complete.

mod people;
mod places;
mod shape;

pub use shape::Activity;
pub use shape::Assignment;
pub use shape::CivicNo;
pub use shape::DeletedEntities;
pub use shape::DeletedIds;
pub use shape::Duty;
pub use shape::Email;
pub use shape::Enrolment;
pub use shape::Group;
pub use shape::GroupMembership;
pub use shape::Organisation;
pub use shape::Page;
pub use shape::Person;
pub use shape::Phone;
pub use shape::Placement;
pub use shape::Programme;
pub use shape::Reference;
pub use shape::Teacher;

use alloc::vec::Vec;

use super::batch::Batch;
use super::codes;
use super::wire::Document;
use crate::diagnostic::OpenText;
use crate::source::Promise;
use crate::source::Record;
use crate::source::SourceInstance;

/// All pages of all lists that came from one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// `persons`.
    pub persons: Vec<Document<Page<Person>>>,
    /// `organisations`.
    pub organisations: Vec<Document<Page<Organisation>>>,
    /// `groups`.
    pub groups: Vec<Document<Page<Group>>>,
    /// `duties`.
    pub duties: Vec<Document<Page<Duty>>>,
    /// `placements`, of preschools and after-school centres.
    pub placements: Vec<Document<Page<Placement>>>,
    /// `activities`.
    pub activities: Vec<Document<Page<Activity>>>,
    /// `deletedEntities`.
    pub deleted: Vec<Document<DeletedEntities>>,
}

/// Fills an instance with the records of some documents.
pub fn read(instance: SourceInstance, documents: &Documents) -> SourceInstance {
    let mut batch = Batch::new(instance);
    let organisations = items(&documents.organisations, "organisations", &mut batch);
    let persons = items(&documents.persons, "persons", &mut batch);
    let groups = items(&documents.groups, "groups", &mut batch);
    let duties = items(&documents.duties, "duties", &mut batch);
    let placements = items(&documents.placements, "placements", &mut batch);
    let activities = items(&documents.activities, "activities", &mut batch);
    let codes = places::codes(&organisations);
    places::units(&organisations, &codes, &mut batch);
    places::groups(&groups, &codes, &mut batch);
    let flags = people::flags_of_references(&groups, &duties, &placements);
    let mut enrolments = people::persons(&persons, flags, &codes, &mut batch);
    enrolments.extend(people::placements(&placements, &codes, &mut batch));
    people::memberships(&groups, &enrolments, &mut batch);
    people::duties(&duties, &codes, &mut batch);
    people::activities(&activities, &duties, &mut batch);
    for document in &documents.deleted {
        batch.unread(&document.unread);
        let ids = document.content.data.iter();
        for (kind, ids) in ids.flat_map(DeletedIds::by_kind) {
            for id in ids {
                match super::text::id(Some(id)) {
                    Some(id) => batch.push(Record::new(kind, &id).gone()),
                    None => batch.lose(&codes::WITHOUT_ID, "a deleted entity has no id"),
                }
            }
        }
    }
    batch.finish()
}

/// The items of all pages of a list. Pages say whether another one follows; if all do, the last one is missing.
fn items<'a, T>(
    pages: &'a [Document<Page<T>>],
    name: &'static str,
    batch: &mut Batch,
) -> Vec<&'a T> {
    for page in pages {
        batch.unread(&page.unread);
    }
    if !pages.is_empty() && pages.iter().all(|page| page.content.goes_on()) {
        let message = OpenText::words("the last page of ")
            .quote(name)
            .and(" is missing");
        batch.only(Promise::Partial, message);
    }
    pages.iter().flat_map(|page| &page.content.data).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RawText;
    use alloc::format;
    use alloc::string::String;

    fn instance() -> SourceInstance {
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        SourceInstance::new("ss12000", "1484", Promise::Complete, as_of).municipality("1484")
    }

    fn documents() -> Documents {
        Documents {
            persons: list(include_str!(
                "../../../tests/cases/intake/ss12000-persons.json"
            )),
            organisations: list(include_str!(
                "../../../tests/cases/intake/ss12000-organisations.json"
            )),
            groups: list(include_str!(
                "../../../tests/cases/intake/ss12000-groups.json"
            )),
            duties: list(include_str!(
                "../../../tests/cases/intake/ss12000-duties.json"
            )),
            ..Documents::default()
        }
    }

    fn list<T: crate::intake::wire::Wire>(json: &str) -> Vec<Document<T>> {
        alloc::vec![Document::from_json(json).unwrap()]
    }

    fn shown(instance: &SourceInstance, kind: &str) -> Vec<String> {
        instance
            .records
            .iter()
            .filter(|record| record.kind == kind)
            .map(|record| {
                let mut text =
                    format!("{}{}", record.id, if record.deleted { " gone" } else { "" });
                for (name, values) in &record.fields {
                    let values: Vec<&str> = values.iter().map(RawText::reveal).collect();
                    text.extend(["; ", name, "=", &values.join(",")]);
                }
                text
            })
            .collect()
    }

    #[test]
    fn a_school_becomes_records() {
        let read = read(instance(), &documents());
        assert_eq!(
            shown(&read, "unit"),
            [
                "o-0; code=o-0; end=2027-06-30; municipality=1484; name=Skolförvaltningen; type=Förvaltning",
                "o-1; code=1484-ek; municipality=1484; name=Ekskolan; parent=o-0; school_unit_code=99148401; type=Skolenhet",
            ]
        );
        assert_eq!(
            shown(&read, "school_group"),
            [
                "g-1; end=2027-06-11; name=4A; school_type=GR; start=2026-08-17; type=Klass; unit=1484-ek",
                "g-2; name=Lag 4; type=Personalgrupp; unit=1484-ek",
            ]
        );
        assert_eq!(
            shown(&read, "enrolment"),
            [
                "p-1|o-1|FTH|2026-08-17; cancelled=true; person=p-1; school_type=FTH; start=2026-08-17; unit=1484-ek",
                "p-1|o-1|GR|2026-08-17; cancelled=false; end=2027-06-11; person=p-1; programme=GR; school_type=GR; school_year=4; start=2026-08-17; unit=1484-ek",
                "p-2|o-9||; person=p-2; unit=o-9",
            ]
        );
        assert_eq!(
            shown(&read, "membership"),
            [
                "g-1|p-1|2026-08-17; group=g-1; parent=p-1|o-1|GR|2026-08-17; person=p-1; role=pupil; start=2026-08-17",
                "g-1|p-2|; group=g-1; person=p-2; role=pupil",
                "g-1|p-3|mentor|2026-08-10; group=g-1; parent=d-1; person=p-3; role=mentor; start=2026-08-10",
                "g-2|p-3|; group=g-2; person=p-3; role=staff",
            ]
        );
        assert_eq!(
            shown(&read, "duty"),
            ["d-1; extent=750; person=p-3; role=Lärare; start=2020-08-10; unit=1484-ek"]
        );
    }

    #[test]
    fn a_person_keeps_what_the_model_knows() {
        let read = read(instance(), &documents());
        assert_eq!(
            shown(&read, "person"),
            [
                "p-1; birth_date=2009-04-29; confidentiality_marking=false; given_name=Egil; mail=egil@skola.test; number=20090429-2398; phone=0000-1; private_mail=egil@hem.test; protected_registration=false; sex=male; status=active; surname=Exempelek",
                "p-2; confidentiality_marking=true; given_name=Frej; number=201005202385; surname=Exempelek",
                "p-3; given_name=Gerd; middle_name=; number=198601112389; protected_registration=true; status=emigrated; surname=Exempelek",
                "p-4; confidentiality_marking=unknown; protected_registration=unknown; surname=Exempelek",
            ]
        );
        let codes: Vec<&str> = read
            .set_aside
            .iter()
            .filter(|finding| finding.code != &codes::NOT_USED)
            .map(|finding| finding.code.id)
            .collect();
        assert_eq!(codes, ["I102", "I105", "I105"]);
    }

    #[test]
    fn a_missing_last_page_takes_completeness_back() {
        let page = |token: &str| {
            Document::from_json(&format!(r#"{{"data":[],"pageToken":{token}}}"#)).unwrap()
        };
        let with = |pages: &[&str]| {
            let documents = Documents {
                persons: pages.iter().map(|token| page(token)).collect(),
                ..Documents::default()
            };
            read(instance(), &documents).promise
        };
        assert_eq!(with(&["\"t1\"", "null"]), Promise::Complete);
        assert_eq!(with(&["null", "\"t1\""]), Promise::Complete);
        assert_eq!(with(&["\"t1\"", "\"t2\""]), Promise::Partial);
    }

    #[test]
    fn placements_activities_and_deletions() {
        let mut documents = documents();
        documents.placements = list(
            r#"[{"id":"pl-1","placedAt":{"id":"o-1"},"group":{"id":"g-3"},"child":{"id":"p-1"},"schoolType":"fs",
                "startDate":"2026-08-01","owners":[],"reason":"Omsorg","maxWeeklyScheduleHours":20}]"#,
        );
        documents.activities = list(
            r#"{"data":[{"id":"a-1","groups":[{"id":"g-1"}],"startDate":"2026-08-17",
                "teachers":[{"duty":{"id":"d-1"},"endDate":"2026-12-20"},{"duty":{"id":"d-9"}}]}]}"#,
        );
        documents.deleted = list(
            r#"{"data":{"persons":["p-8"],"duties":["d-8"],"groups":[],"activitites":["a"]}}"#,
        );
        let read = read(instance(), &documents);
        assert!(shown(&read, "enrolment").contains(&String::from(
            "pl-1; person=p-1; school_type=FS; start=2026-08-01; unit=1484-ek"
        )));
        let memberships = shown(&read, "membership");
        assert!(memberships.contains(&String::from(
            "g-3|p-1|2026-08-01; group=g-3; parent=pl-1; person=p-1; role=pupil; start=2026-08-01"
        )));
        assert!(memberships.contains(&String::from(
            "g-1|p-3|teacher|2026-08-17; end=2026-12-20; group=g-1; parent=d-1; person=p-3; role=teacher; start=2026-08-17"
        )));
        assert!(shown(&read, "person").contains(&String::from("p-8 gone")));
        assert!(shown(&read, "duty").contains(&String::from("d-8 gone")));
    }

    #[test]
    fn a_flag_on_a_reference_to_an_absent_person_is_critical() {
        let mut documents = documents();
        documents.persons.clear();
        let read = read(instance(), &documents);
        let found: Vec<_> = read
            .set_aside
            .iter()
            .filter(|finding| finding.code == &codes::FLAG_WITHOUT_PERSON)
            .collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject, read.subject());
    }

    #[test]
    fn malformed_input_never_repeats_itself() {
        let pages = [
            r#""Hemlig""#,
            r#"["Hemlig", 1, null, [], {"id": {"Hemlig": 1}}]"#,
            r#"{"data": "Hemlig", "Hemlig": {}}"#,
            r#"{"data": [{"id":"p","civicNo":"Hemlig","enrolments":"Hemlig","emails":[3],"securityMarking":["Hemlig"],
                "sex":"Hemlig","personStatus":"Hemlig","birthDate":"Hemlig"}], "pageToken": ["Hemlig"]}"#,
        ];
        for page in pages {
            let documents = Documents {
                persons: list(page),
                organisations: list(page),
                groups: list(page),
                duties: list(page),
                placements: list(page),
                activities: list(page),
                deleted: list(page),
            };
            let read = read(instance(), &documents);
            assert!(!read.set_aside.is_empty());
            assert_eq!(read.promise, Promise::Partial);
            assert!(!format!("{:?} {:?}", read.set_aside, documents).contains("Hemlig"));
        }
    }
}
