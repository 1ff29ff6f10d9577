//! Procapita, later Tieto Education and Edlevo: `person` version 6, `personnel` version 8 and `organization` version 12, in XML.
//!
//! The three documents of one municipality are read together, since each knows a person by other ids: whatever id a
//! document uses, the record has the GUID. Where documents disagree about a person, `person` counts before `personnel` and that
//! before `organization`; of protection flags the strictest counts.

mod groups;
mod organization;
mod people;
mod person;
mod personnel;
mod record_status;
mod schools;
mod staff;

pub use organization::Activity;
pub use organization::Dates;
pub use organization::Description;
pub use organization::Enterprise;
pub use organization::Group;
pub use organization::GroupExtension;
pub use organization::GroupType;
pub use organization::GroupTypeValue;
pub use organization::Member;
pub use organization::Membership;
pub use organization::MembershipExtension;
pub use organization::Org;
pub use organization::Placement;
pub use organization::Relationship;
pub use organization::Role;
pub use organization::SchoolGroup;
pub use organization::Teacher;
pub use organization::TeacherOrganization;
pub use organization::TeacherUnit;
pub use organization::Timeframe;
pub use person::Demographics;
pub use person::InstitutionRole;
pub use person::Name;
pub use person::NameParts;
pub use person::PartName;
pub use person::Person;
pub use person::PersonExtension;
pub use person::PersonRoot;
pub use person::Privacy;
pub use person::Properties;
pub use person::SourcedId;
pub use person::Telephone;
pub use person::UserId;
pub use personnel::Employee;
pub use personnel::Employment;
pub use personnel::Personnel;
pub use personnel::Place;
pub use personnel::StaffPlacement;

use alloc::vec::Vec;

use super::batch::Batch;
use super::text;
use super::wire::Document;
use crate::source::Promise;
use crate::source::SourceInstance;

/// All documents that came from one municipality.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// `person-root`, version 6.
    pub persons: Vec<Document<PersonRoot>>,
    /// `personnel`, version 8.
    pub personnel: Vec<Document<Personnel>>,
    /// `enterprise`, version 12.
    pub organization: Vec<Document<Enterprise>>,
}

/// Fills an instance with the records of some documents.
pub fn read(instance: SourceInstance, documents: &Documents) -> SourceInstance {
    let mut batch = Batch::new(instance);
    for document in &documents.persons {
        batch.unread(&document.unread);
        promise(document.content.properties.as_ref(), &mut batch);
    }
    for document in &documents.personnel {
        batch.unread(&document.unread);
        promise(document.content.properties.as_ref(), &mut batch);
    }
    for document in &documents.organization {
        batch.unread(&document.unread);
        promise(document.content.properties.as_ref(), &mut batch);
    }
    let people = people::gather(documents, &mut batch);
    staff::read(documents, &people, &mut batch);
    schools::read(documents, &people, &mut batch);
    people.finish(&mut batch);
    batch.finish()
}

/// A document that says it is a delta takes back that the instance is complete.
fn promise(properties: Option<&Properties>, batch: &mut Batch) {
    if text::holds(properties.and_then(|known| known.kind.as_ref()), "delta") {
        batch.only(Promise::Delta, "a document says that it gives changes only");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RawText;
    use crate::intake::codes;
    use crate::source::Promise;
    use alloc::format;
    use alloc::string::String;
    use alloc::string::ToString;
    use alloc::vec;

    const PERSON: &str = include_str!("../../../tests/cases/intake/procapita-person.xml");
    const PERSONNEL: &str = include_str!("../../../tests/cases/intake/procapita-personnel.xml");
    const ORGANIZATION: &str =
        include_str!("../../../tests/cases/intake/procapita-organization.xml");

    fn xml<T: crate::intake::wire::Wire>(text: &str) -> Vec<Document<T>> {
        vec![quick_xml::de::from_str(text).unwrap()]
    }

    fn instance() -> SourceInstance {
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        SourceInstance::new("procapita", "1430", Promise::Complete, as_of).municipality("1430")
    }

    fn all() -> SourceInstance {
        let documents = Documents {
            persons: xml(PERSON),
            personnel: xml(PERSONNEL),
            organization: xml(ORGANIZATION),
        };
        read(instance(), &documents)
    }

    fn shown(instance: &SourceInstance, kind: &str) -> Vec<String> {
        instance
            .records
            .iter()
            .filter(|record| record.kind == kind)
            .map(|record| {
                let gone = if record.deleted { " gone" } else { "" };
                let mut text = format!("{}{gone}", record.id);
                for (name, values) in &record.fields {
                    let values: Vec<&str> = values.iter().map(RawText::reveal).collect();
                    text.extend(["; ", name, "=", &values.join(",")]);
                }
                text
            })
            .collect()
    }

    /// What was found beside what is known and not used.
    fn found(instance: &SourceInstance) -> Vec<String> {
        instance
            .set_aside
            .iter()
            .filter(|finding| finding.code != &codes::NOT_USED)
            .map(|finding| {
                format!(
                    "{} {}: {}",
                    finding.code.id, finding.subject, finding.message
                )
            })
            .collect()
    }

    #[test]
    fn people_of_three_documents_become_one_record_each() {
        insta::assert_snapshot!(shown(&all(), "person").join("\n"), @r#"
00000000-0000-4000-8000-00000000000a; birth_date=2010-05-20; confidentiality_marking=true; given_name=Ina Maja; mail=ina@skola.test,ina.e@skola.test; merged_record=00000000-0000-4000-8000-00000000000b; middle_name=Ask; number=201005202385; phone=0000-1; private_mail=ina@hem.test; protected_registration=false; sex=female; status=active; surname=Exempelgran
00000000-0000-4000-8000-00000000000c; birth_date=1986-01-11; confidentiality_marking=false; given_name=Jon; mail=jon@skola.test; middle_name=Ek; number=198601112389; phone=0000-3; private_mail=jon@hem.test; protected_registration=true; sex=male; status=active; surname=Exempelgran
00000000-0000-4000-8000-00000000000d; status=deceased
u-2 gone; confidentiality_marking=false; number=20130101TF01; protected_registration=false; status=emigrated
u-4 gone; number=199909122393
"#);
    }

    #[test]
    fn employments_and_duties() {
        let read = all();
        insta::assert_snapshot!(shown(&read, "employment").join("\n"), @r#"
40300 gone; employee_number=40300; end=2026-10-31; form=Hourly; person=u-4; start=2026-08-01
e-1; employee_number=40205; extent=750; form=UntilFurther; mail=jon.e@skola.test; person=00000000-0000-4000-8000-00000000000c; phone=0000-4; position_code=151010; start=2015-08-13; title=Lärare grundskola
"#);
        insta::assert_snapshot!(shown(&read, "duty").join("\n"), @r#"
40300||2026-08-01 gone; category=OtherPersonnel; employee_number=40300; end=2026-10-31; parent=40300; person=u-4; start=2026-08-01
e-1|1430-tall|2026-08-01; category=OtherPersonnel; employee_number=40205; parent=e-1; person=00000000-0000-4000-8000-00000000000c; position_code=151010; role=Lärare grundskola; start=2026-08-01; title=Lärare grundskola; unit=1430-tall
pl-1; category=TeachingPersonnel; employee_number=40205; end=2027-06-30; extent=500; parent=e-1; person=00000000-0000-4000-8000-00000000000c; position_code=207; role=Lärare; school_type=GR; start=2015-08-13; title=Lärare; unit=1430-gran
"#);
    }

    #[test]
    fn units_groups_enrolments_and_memberships() {
        let read = all();
        insta::assert_snapshot!(shown(&read, "unit").join("\n"), @r#"
1430-gran; code=1430-gran; head=00000000-0000-4000-8000-00000000000c; municipality=1430; name=Granskolan; parent=area-1; school_unit_code=99143001; start=2000-01-01; type=Skola
area-1; code=area-1; municipality=1430; name=Norra området; type=Area
"#);
        insta::assert_snapshot!(shown(&read, "school_group").join("\n"), @r#"
00000000-0000-4000-8000-0000000000c1; end=2027-06-11; name=4A; school_type=GR; school_year=4; start=2026-08-17; type=Klass; unit=1430-gran
old-group gone; name=Engelska 4; type=Undervisning; unit=1430-gran
"#);
        insta::assert_snapshot!(shown(&read, "enrolment").join("\n"), @r#"
00000000-0000-4000-8000-00000000000a|1430-gran|GR|2026-08-17; end=2027-06-11; person=00000000-0000-4000-8000-00000000000a; programme=GR; school_type=GR; school_year=4; start=2026-08-17; unit=1430-gran
"#);
        insta::assert_snapshot!(shown(&read, "membership").join("\n"), @r#"
00000000-0000-4000-8000-0000000000c1|00000000-0000-4000-8000-00000000000a|2026-08-17; end=2027-06-11; group=00000000-0000-4000-8000-0000000000c1; parent=00000000-0000-4000-8000-00000000000a|1430-gran|GR|2026-08-17; person=00000000-0000-4000-8000-00000000000a; role=pupil; start=2026-08-17
00000000-0000-4000-8000-0000000000c1|00000000-0000-4000-8000-00000000000c|mentor|2026-08-10; group=00000000-0000-4000-8000-0000000000c1; person=00000000-0000-4000-8000-00000000000c; role=mentor; start=2026-08-10
00000000-0000-4000-8000-0000000000c1|00000000-0000-4000-8000-00000000000c|other| gone; group=00000000-0000-4000-8000-0000000000c1; person=00000000-0000-4000-8000-00000000000c; role=other
00000000-0000-4000-8000-0000000000c1|00000000-0000-4000-8000-00000000000c|teacher|; group=00000000-0000-4000-8000-0000000000c1; person=00000000-0000-4000-8000-00000000000c; role=teacher
no-such-group|00000000-0000-4000-8000-00000000000c|teacher|; group=no-such-group; person=00000000-0000-4000-8000-00000000000c; role=teacher
old-group|00000000-0000-4000-8000-00000000000a|2026-08-17 gone; end=2026-12-20; group=old-group; parent=00000000-0000-4000-8000-00000000000a|1430-gran|GR|2026-08-17; person=00000000-0000-4000-8000-00000000000a; role=pupil; start=2026-08-17
"#);
    }

    #[test]
    fn every_element_of_the_schemas_is_used_or_counted() {
        let read = all();
        insta::assert_snapshot!(found(&read).join("\n"), @r#"
I104 source procapita/1430: a member of a group is named by an id that is not known (once)
I104 source procapita/1430: a person has no id but a number (once)
I106 source procapita/1430: a member of a group has a role that the format does not list (once)
I106 employment 40300 of procapita/1430: value is none of those that the format lists
I107 duty 40300||2026-08-01 of procapita/1430: the placement names no place
I107 duty e-1|1430-tall|2026-08-01 of procapita/1430: extent is no share between 0 and 100 per cent
I108 person 00000000-0000-4000-8000-00000000000d of procapita/1430: the person swallowed another one, but it is not said whom
I109 person 00000000-0000-4000-8000-00000000000c of procapita/1430: documents give a person different values
I111 source procapita/1430: a member of a group is not among the persons (once)
I111 membership no-such-group|00000000-0000-4000-8000-00000000000c|teacher| of procapita/1430: the group of a membership is not among the groups
I115 source procapita/1430: a contact person of a pupil is not taken (once)
I115 source procapita/1430: a group of contact persons is not taken (once)
I115 source procapita/1430: a guardian or contact person is not taken (once)
I115 source procapita/1430: a relationship of groups that is neither up nor down is not taken (once)
"#);
        // One person has no id but a number, and is lost.
        assert_eq!(read.promise, Promise::Partial);
    }

    #[test]
    fn record_statuses() {
        let told = |attributes: &str, merged: &str| {
            let text = format!(
                "<person-root><person {attributes}><userid useridtype=\"GUID\">p</userid>{merged}</person>\
                 <person><userid useridtype=\"GUID\">q</userid><userid useridtype=\"PID\">197006622398</userid></person>\
                 </person-root>"
            );
            let documents = Documents {
                persons: xml(&text),
                ..Documents::default()
            };
            let read = read(instance(), &documents);
            let record = read.records.iter().find(|record| record.id == "p").unwrap();
            let swallowed = record.get("merged_record").map(RawText::reveal);
            let codes: Vec<&str> = read.set_aside.iter().map(|one| one.code.id).collect();
            format!(
                "{} {} {}",
                record.deleted,
                swallowed.unwrap_or("-"),
                codes.join(",")
            )
        };
        let by_guid = "<mergeduser useridtype=\"GUID\">q</mergeduser>";
        let by_number = "<mergeduser useridtype=\"PID\">197006622398</mergeduser>";
        for (attributes, merged, expected) in [
            ("", "", "false - "),
            ("recstatus=\"1\"", "", "false - "),
            ("recstatus=\"2\"", "", "false - "),
            ("recstatus=\"3\"", "", "true - "),
            ("recstatus=\"4\"", by_guid, "false q "),
            ("recstatus=\"4\"", by_number, "false q "),
            ("recstatus=\"4\"", "", "false - I108"),
            (
                "recstatus=\"4\"",
                "<mergeduser useridtype=\"PID\">199902102384</mergeduser>",
                "false - I108",
            ),
            ("recstatus=\"7\"", "", "false - I106"),
        ] {
            assert_eq!(told(attributes, merged), expected, "{attributes} {merged}");
        }
    }

    #[test]
    fn privacy_levels() {
        let flags = |privacy: &str| {
            let text = format!(
                "<person-root><person><userid useridtype=\"GUID\">p</userid><extension>{privacy}</extension></person></person-root>"
            );
            let documents = Documents {
                persons: xml(&text),
                ..Documents::default()
            };
            let read = read(instance(), &documents);
            let said = |name: &str| {
                let said = read.records[0].get(name).map(RawText::reveal);
                said.unwrap_or("-").to_string()
            };
            format!(
                "{} {}",
                said("confidentiality_marking"),
                said("protected_registration")
            )
        };
        let cases = [
            ("", "- -"),
            ("<privacy>false</privacy>", "false false"),
            ("<privacy level=\"0\">false</privacy>", "false false"),
            ("<privacy>None</privacy>", "false false"),
            ("<privacy level=\"1\">true</privacy>", "true false"),
            ("<privacy level=\"2\">1</privacy>", "false true"),
            ("<privacy level=\"3\">true</privacy>", "true true"),
            ("<privacy>true</privacy>", "true true"),
            ("<privacy level=\"7\">true</privacy>", "true true"),
            ("<privacy level=\"1\">false</privacy>", "unknown unknown"),
            ("<privacy/>", "unknown unknown"),
            ("<privacy><level>1</level></privacy>", "unknown unknown"),
            (
                "<privacy>false</privacy><privacy level=\"1\">true</privacy>",
                "true false",
            ),
        ];
        for (privacy, expected) in cases {
            assert_eq!(flags(privacy), expected, "{privacy}");
        }
    }

    #[test]
    fn statuses_of_groups_and_roles_that_no_format_lists_are_told_of() {
        let told = |from: &str, to: &str| {
            let documents = Documents {
                persons: xml(PERSON),
                personnel: xml(PERSONNEL),
                organization: xml(&ORGANIZATION.replacen(from, to, 1)),
            };
            let read = read(instance(), &documents);
            let n_gone = read.records.iter().filter(|one| one.deleted).count();
            let statuses = read.set_aside.into_iter().filter(|one| {
                one.code.id == "I106" && one.message.contains("status of the record")
            });
            (n_gone, statuses.count())
        };
        assert_eq!(told("", ""), (7, 0));
        let group = ("<group recstatus=\"2\"", "<group recstatus=\"7\"");
        assert_eq!(told(group.0, group.1), (7, 1));
        let group = ("<group recstatus=\"3\"", "<group recstatus=\"7\"");
        assert_eq!(told(group.0, group.1), (6, 1));
        let role = ("<role recstatus=\"3\"", "<role recstatus=\"7\"");
        assert_eq!(told(role.0, role.1), (6, 1));
        let group = ("<group recstatus=\"2\"", "<group recstatus=\"3\"");
        assert_eq!(told(group.0, group.1), (8, 0));
    }

    #[test]
    fn a_delta_takes_completeness_back() {
        for (kind, expected) in [
            ("CompletePersonnel", Promise::Complete),
            ("DeltaPersonnel", Promise::Delta),
        ] {
            let text =
                format!("<personnel><properties><type>{kind}</type></properties></personnel>");
            let documents = Documents {
                personnel: xml(&text),
                ..Documents::default()
            };
            assert_eq!(read(instance(), &documents).promise, expected);
        }
    }

    #[test]
    fn the_order_of_documents_and_elements_does_not_matter() {
        let turned = |text: &str, element: &str| {
            let close = format!("</{element}>");
            let (head, rest) = text.split_at(text.find(&format!("<{element} ")).unwrap());
            let end = rest.rfind(&close).unwrap() + close.len();
            let mut parts: Vec<&str> = rest
                .get(..end)
                .unwrap()
                .split_inclusive(close.as_str())
                .collect();
            parts.reverse();
            format!("{head}{}{}", parts.concat(), rest.get(end..).unwrap())
        };
        let documents = Documents {
            persons: xml(&turned(PERSON, "person")),
            personnel: xml(&turned(PERSONNEL, "person")),
            organization: xml(&turned(ORGANIZATION, "group")),
        };
        assert_eq!(read(instance(), &documents), all());
    }

    #[test]
    fn a_member_who_came_another_time_is_kept() {
        let documents = Documents {
            organization: xml(ORGANIZATION),
            ..Documents::default()
        };
        let read = read(instance(), &documents);
        assert!(shown(&read, "membership").iter().any(|membership| {
            membership.contains("person=00000000-0000-4000-8000-00000000000a; role=pupil")
        }));
        let text = ORGANIZATION.replace("u-3", "00000000-0000-4000-8000-00000000000C");
        let documents = Documents {
            organization: xml(&text),
            ..Documents::default()
        };
        let read = super::read(instance(), &documents);
        assert!(shown(&read, "membership").iter().any(|membership| {
            membership.contains("person=00000000-0000-4000-8000-00000000000c; role=mentor")
        }));
        assert_eq!(
            shown(&read, "duty"),
            [
                "1430-gran|00000000-0000-4000-8000-00000000000c|head|2020-01-01; person=00000000-0000-4000-8000-00000000000c; role=head; start=2020-01-01; unit=1430-gran"
            ]
        );
    }

    #[test]
    fn a_document_cut_short_or_garbled_never_panics() {
        for text in [PERSON, PERSONNEL, ORGANIZATION] {
            for cut in (0..text.len()).step_by(41) {
                let Some((head, tail)) = text.split_at_checked(cut) else {
                    continue;
                };
                for text in [
                    head.to_string(),
                    format!("{head}<å>{tail}"),
                    format!("{head}ÅÄÖ{tail}"),
                ] {
                    let attempt = |text: &str| -> Option<SourceInstance> {
                        let documents = Documents {
                            persons: vec![quick_xml::de::from_str(text).ok()?],
                            personnel: vec![quick_xml::de::from_str(text).ok()?],
                            organization: vec![quick_xml::de::from_str(text).ok()?],
                        };
                        Some(read(instance(), &documents))
                    };
                    drop(attempt(&text));
                }
            }
        }
    }

    #[test]
    fn malformed_input_never_repeats_itself() {
        let documents = [
            "<r>Hemlig</r>",
            "<r><person>Hemlig</person><group>Hemlig</group><membership>Hemlig</membership></r>",
            "<r><person Hemlig=\"Hemlig\"><userid useridtype=\"Hemlig\">Hemlig</userid><name><n><x/></n></name><employment>\
             <percent>Hemlig</percent><placement><place>Hemlig</place></placement></employment></person>\
             <person recstatus=\"4\"><userid useridtype=\"GUID\">p</userid><mergeduser useridtype=\"PID\">Hemlig</mergeduser></person>\
             <group><sourcedid><id>g</id></sourcedid><grouptype><typevalue>Hemlig</typevalue></grouptype></group>\
             <membership><sourcedid><id>g</id></sourcedid><member><sourcedid><id>p</id></sourcedid>\
             <role roletype=\"Hemlig\"/></member></membership></r>",
        ];
        for text in documents {
            let documents = Documents {
                persons: xml(text),
                personnel: xml(text),
                organization: xml(text),
            };
            let read = read(instance(), &documents);
            assert!(!read.set_aside.is_empty());
            assert!(!format!("{:?} {documents:?}", read.set_aside).contains("Hemlig"));
        }
    }
}
