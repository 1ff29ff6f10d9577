//! Persons of SS12000, and what binds them to units and groups: enrolments, placements, duties and memberships.
//!
//! An enrolment has no id: person, unit, school type and first day make one. A membership of a pupil has the enrolment at the
//! unit of the group as its parent where there is just one that fits, and one of the staff has the duty.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::places::Codes;
use super::places::SCHOOL_TYPES;
use super::places::dates;
use super::places::id;
use super::places::unit;
use super::shape::Activity;
use super::shape::Duty;
use super::shape::Enrolment;
use super::shape::Group;
use super::shape::Person;
use super::shape::Placement;
use super::shape::Reference;
use crate::base::RawText;
use crate::intake::batch::Batch;
use crate::intake::batch::Flags;
use crate::intake::batch::put;
use crate::intake::batch::state;
use crate::intake::codes;
use crate::intake::navet::SEX;
use crate::intake::text;
use crate::intake::text::Said;
use crate::intake::wire::Flag;
use crate::source::Record;

/// The words for the status of a person.
const STATUS: &[(&str, &str)] = &[
    ("Aktiv", "active"),
    ("Utvandrad", "emigrated"),
    ("Avliden", "deceased"),
];

/// The words for the role of a duty.
const DUTY_ROLES: &[&str] = &[
    "Rektor",
    "Lärare",
    "Förskollärare",
    "Barnskötare",
    "Bibliotekarie",
    "Lärarassistent",
    "Fritidspedagog",
    "Annan personal",
    "Studie- och yrkesvägledare",
    "Förstelärare",
    "Kurator",
    "Skolsköterska",
    "Skolläkare",
    "Skolpsykolog",
    "Speciallärare/specialpedagog",
    "Skoladministratör",
    "Övrig arbetsledning",
    "Övrig pedagogisk personal",
    "Förskolechef",
];

/// What a role in a group is called in a membership.
const ASSIGNMENTS: &[(&str, &str)] = &[
    ("Mentor", "mentor"),
    ("Lärare", "teacher"),
    ("Förskollärare", "teacher"),
    ("Barnskötare", "staff"),
    ("Fritidspedagog", "staff"),
    ("Specialpedagog", "staff"),
    ("Elevhälsopersonal", "staff"),
    ("Pedagogisk ledare", "staff"),
    ("Schemaläggare", "staff"),
];

/// An enrolment, as far as memberships need to know it.
#[derive(Debug)]
pub(super) struct Enroled {
    id: String,
    person: String,
    unit: Option<String>,
    school_type: Option<String>,
    group: Option<String>,
    first: Option<RawText>,
    last: Option<RawText>,
}

/// The flags of a marking. It is one word for two flags and names the stronger one, so that the other is not said.
fn flags(markings: &[Flag]) -> Flags {
    markings
        .iter()
        .map(|flag| {
            let word = flag.text.as_ref().and_then(|marking| {
                text::listed(
                    marking,
                    &["Ingen", "Sekretessmarkering", "Skyddad folkbokföring"],
                )
            });
            match word {
                Some("Ingen") => Flags::both(Said::No),
                Some("Sekretessmarkering") => Flags {
                    marking: Some(Said::Yes),
                    registration: None,
                },
                Some(_) => Flags {
                    marking: None,
                    registration: Some(Said::Yes),
                },
                None => Flags::both(Said::Unknown),
            }
        })
        .fold(Flags::default(), Flags::and)
}

/// The flags that stand on references to persons, where they say more than that there is none.
pub(super) fn flags_of_references(
    groups: &[&Group],
    duties: &[&Duty],
    placements: &[&Placement],
) -> BTreeMap<String, Flags> {
    let members = groups
        .iter()
        .flat_map(|group| &group.memberships)
        .filter_map(|membership| membership.person.as_ref());
    let staff = duties.iter().filter_map(|duty| duty.person.as_ref());
    let children = placements.iter().filter_map(|placed| placed.child.as_ref());
    let mut found: BTreeMap<String, Flags> = BTreeMap::new();
    for reference in members.chain(staff).chain(children) {
        let flags = flags(&reference.security_marking);
        if let Some(id) = id(Some(reference))
            && flags.any()
        {
            let known = found.entry(id).or_default();
            *known = known.and(flags);
        }
    }
    found
}

/// One record for each person and one for each enrolment.
pub(super) fn persons(
    persons: &[&Person],
    mut marked: BTreeMap<String, Flags>,
    codes: &Codes,
    batch: &mut Batch,
) -> Vec<Enroled> {
    let mut enroled = Vec::new();
    let on_references = marked.clone();
    for person in persons {
        let Some(id) = text::id(person.id.as_ref()) else {
            batch.lose(&codes::WITHOUT_ID, "a person has no id");
            continue;
        };
        let mut record = Record::new("person", &id);
        let number = person.civic_no.as_ref().and_then(|no| no.value.as_ref());
        put(&mut record, "number", text::filled(number));
        state(&mut record, "given_name", person.given_name.as_ref());
        state(&mut record, "middle_name", person.middle_name.as_ref());
        state(&mut record, "surname", person.family_name.as_ref());
        put(
            &mut record,
            "birth_date",
            text::day(person.birth_date.as_ref()),
        );
        batch.mapped(&mut record, "sex", person.sex.as_ref(), SEX);
        batch.mapped(&mut record, "status", person.person_status.as_ref(), STATUS);
        for email in &person.emails {
            let private = text::holds(email.kind.as_ref(), "privat");
            let field = if private { "private_mail" } else { "mail" };
            put(&mut record, field, text::filled(email.value.as_ref()));
        }
        for phone in &person.phone_numbers {
            put(&mut record, "phone", text::filled(phone.value.as_ref()));
        }
        marked.remove(&id);
        let elsewhere = on_references.get(&id).copied().unwrap_or_default();
        batch.flags(&mut record, flags(&person.security_marking).and(elsewhere));
        batch.push(record);
        for enrolment in &person.enrolments {
            enroled.push(enrolment_of(&id, enrolment, codes, batch));
        }
    }
    for _ in marked {
        batch.count(
            &codes::FLAG_WITHOUT_PERSON,
            "a reference carries a protection flag for a person who is not among the persons",
        );
    }
    enroled
}

fn enrolment_of(person: &str, enrolment: &Enrolment, codes: &Codes, batch: &mut Batch) -> Enroled {
    let place = id(enrolment.enroled_at.as_ref());
    let first = text::first_day(enrolment.start_date.as_ref());
    let last = text::last_day(enrolment.end_date.as_ref());
    let school_type = text::filled(enrolment.school_type.as_ref());
    let listed = school_type
        .as_ref()
        .and_then(|word| text::listed(word, SCHOOL_TYPES));
    let id = text::joined(&[
        Some(person),
        place.as_deref(),
        listed.or_else(|| text::part(school_type.as_ref())),
        text::part(first.as_ref()),
    ]);
    let mut record = Record::new("enrolment", &id).with("person", person);
    put(
        &mut record,
        "unit",
        unit(enrolment.enroled_at.as_ref(), codes),
    );
    batch.listed(
        &mut record,
        "school_type",
        school_type.as_ref(),
        SCHOOL_TYPES,
    );
    put(
        &mut record,
        "school_year",
        text::filled(enrolment.school_year.as_ref()),
    );
    let programme = enrolment.programme.as_ref();
    let named = text::filled(programme.and_then(|programme| programme.display_name.as_ref()))
        .or_else(|| text::filled(programme.and_then(|programme| programme.id.as_ref())));
    let code = text::filled(enrolment.education_code.as_ref());
    if code.is_some() && named.is_some() {
        batch.count(
            &codes::NOT_USED,
            "`programme` of `enrolment` is not used beside `educationCode`",
        );
    }
    put(&mut record, "programme", code.or(named));
    dates(
        &mut record,
        enrolment.start_date.as_ref(),
        enrolment.end_date.as_ref(),
    );
    if let Some(cancelled) = text::filled(enrolment.cancelled.as_ref()) {
        let said = text::yes_or_no(&cancelled);
        if said == Said::Unknown {
            let message = "`cancelled` is neither true nor false";
            batch.note(&codes::UNREADABLE_VALUE, &record, "cancelled", message);
        } else {
            record.add("cancelled", said.word().into());
        }
    }
    let school_type = record
        .get("school_type")
        .and_then(|kind| text::id(Some(kind)));
    batch.push(record);
    Enroled {
        id,
        person: person.to_string(),
        unit: place,
        school_type,
        group: None,
        first,
        last,
    }
}

/// One enrolment for each placement of a child, and a membership where it names a group.
pub(super) fn placements(
    placements: &[&Placement],
    codes: &Codes,
    batch: &mut Batch,
) -> Vec<Enroled> {
    let mut enroled = Vec::new();
    for placement in placements {
        let (Some(key), Some(child)) = (
            text::id(placement.id.as_ref()),
            id(placement.child.as_ref()),
        ) else {
            batch.lose(&codes::WITHOUT_ID, "a placement has no id or no child");
            continue;
        };
        let mut record = Record::new("enrolment", &key).with("person", child.as_str());
        put(
            &mut record,
            "unit",
            unit(placement.placed_at.as_ref(), codes),
        );
        let school_type = placement.school_type.as_ref();
        batch.listed(&mut record, "school_type", school_type, SCHOOL_TYPES);
        dates(
            &mut record,
            placement.start_date.as_ref(),
            placement.end_date.as_ref(),
        );
        let school_type = record
            .get("school_type")
            .and_then(|kind| text::id(Some(kind)));
        batch.push(record);
        let first = text::first_day(placement.start_date.as_ref());
        if let Some(group) = id(placement.group.as_ref()) {
            let key_of_member =
                text::joined(&[Some(&group), Some(&child), text::part(first.as_ref())]);
            let mut member =
                membership(&key_of_member, &child, &group, "pupil").with("parent", key.as_str());
            dates(
                &mut member,
                placement.start_date.as_ref(),
                placement.end_date.as_ref(),
            );
            batch.push(member);
        }
        enroled.push(Enroled {
            id: key,
            person: child,
            unit: id(placement.placed_at.as_ref()),
            school_type,
            group: id(placement.group.as_ref()),
            first,
            last: text::last_day(placement.end_date.as_ref()),
        });
    }
    enroled
}

/// One membership for each member of a group. A placement that names the group has already given one.
pub(super) fn memberships(groups: &[&Group], enroled: &[Enroled], batch: &mut Batch) {
    let mut by_person: BTreeMap<&str, Vec<&Enroled>> = BTreeMap::new();
    for enrolment in enroled {
        by_person
            .entry(&enrolment.person)
            .or_default()
            .push(enrolment);
    }
    for group in groups {
        let Some(key) = text::id(group.id.as_ref()) else {
            continue;
        };
        let staff = text::holds(group.group_type.as_ref(), "personal");
        let unit = id(group.organisation.as_ref());
        let school_type = text::filled(group.school_type.as_ref());
        let school_type = school_type
            .as_ref()
            .and_then(|kind| text::listed(kind, SCHOOL_TYPES));
        for member in &group.memberships {
            let Some(person) = id(member.person.as_ref()) else {
                batch.lose(&codes::WITHOUT_ID, "a member of a group is nobody");
                continue;
            };
            let first = text::first_day(member.start_date.as_ref());
            let own: &[&Enroled] = by_person.get(person.as_str()).map_or(&[], Vec::as_slice);
            if own.iter().any(|placed| {
                placed.group.as_deref() == Some(key.as_str()) && placed.first == first
            }) {
                continue;
            }
            let member_id = text::joined(&[Some(&key), Some(&person), text::part(first.as_ref())]);
            let role = if staff { "staff" } else { "pupil" };
            let mut record = membership(&member_id, &person, &key, role);
            if !staff {
                put(
                    &mut record,
                    "parent",
                    parent(own, unit.as_deref(), school_type, first.as_ref()),
                );
            }
            dates(
                &mut record,
                member.start_date.as_ref(),
                member.end_date.as_ref(),
            );
            batch.push(record);
        }
    }
}

/// The one enrolment at a unit that has the school type and holds on a day; where none fits wholly, the one that fits in
/// part. Of several that fit alike, none.
fn parent(
    own: &[&Enroled],
    unit: Option<&str>,
    school_type: Option<&str>,
    first: Option<&RawText>,
) -> Option<RawText> {
    let unit = unit?;
    let fits = |enrolment: &Enroled, kind: bool, day: bool| {
        enrolment.unit.as_deref() == Some(unit)
            && (!kind || enrolment.school_type.as_deref() == school_type)
            && (!day
                || text::lies_between(first, enrolment.first.as_ref(), enrolment.last.as_ref()))
    };
    for (kind, day) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut fitting = own.iter().filter(|enrolment| fits(enrolment, kind, day));
        if let Some(one) = fitting.next() {
            return match fitting.next() {
                None => Some(one.id.as_str().into()),
                Some(_) => None,
            };
        }
    }
    None
}

/// One record for each duty, and one membership for each of its roles in groups.
pub(super) fn duties(duties: &[&Duty], codes: &Codes, batch: &mut Batch) {
    for duty in duties {
        let Some(key) = text::id(duty.id.as_ref()) else {
            batch.lose(&codes::WITHOUT_ID, "a duty has no id");
            continue;
        };
        let mut record = Record::new("duty", &key);
        let person = id(duty.person.as_ref());
        put(&mut record, "person", person.as_deref().map(RawText::new));
        put(&mut record, "unit", unit(duty.duty_at.as_ref(), codes));
        batch.listed(&mut record, "role", duty.duty_role.as_ref(), DUTY_ROLES);
        batch.share(&mut record, "extent", duty.duty_percent.as_ref());
        dates(
            &mut record,
            duty.start_date.as_ref(),
            duty.end_date.as_ref(),
        );
        batch.push(record);
        for assignment in &duty.assignment_role {
            let word = text::filled(assignment.role.as_ref());
            let role = word
                .as_ref()
                .and_then(|word| text::word(word, ASSIGNMENTS))
                .unwrap_or("staff");
            assigned(
                (&key, person.as_deref()),
                assignment.group.as_ref(),
                role,
                (assignment.start_date.as_ref(), assignment.end_date.as_ref()),
                batch,
            );
        }
    }
}

/// One membership for each duty and group that an activity brings together.
pub(super) fn activities(activities: &[&Activity], duties: &[&Duty], batch: &mut Batch) {
    let persons: BTreeMap<String, Option<String>> = duties
        .iter()
        .filter_map(|duty| Some((text::id(duty.id.as_ref())?, id(duty.person.as_ref()))))
        .collect();
    for activity in activities {
        for teacher in &activity.teachers {
            let Some((duty, person)) =
                id(teacher.duty.as_ref()).and_then(|duty| persons.get_key_value(&duty))
            else {
                batch.count(
                    &codes::DANGLING_REFERENCE,
                    "an activity names a duty that is not among the duties",
                );
                continue;
            };
            for group in &activity.groups {
                let first = teacher.start_date.as_ref();
                let last = teacher.end_date.as_ref();
                assigned(
                    (duty, person.as_deref()),
                    Some(group),
                    "teacher",
                    (
                        first.or(activity.start_date.as_ref()),
                        last.or(activity.end_date.as_ref()),
                    ),
                    batch,
                );
            }
        }
    }
}

/// A membership that a duty gives.
fn assigned(
    (duty, person): (&str, Option<&str>),
    group: Option<&Reference>,
    role: &str,
    (first, last): (Option<&RawText>, Option<&RawText>),
    batch: &mut Batch,
) {
    let (Some(group), Some(person)) = (id(group), person) else {
        batch.lose(
            &codes::WITHOUT_ID,
            "a role in a group names no group, or its duty nobody",
        );
        return;
    };
    let key = text::joined(&[
        Some(&group),
        Some(person),
        Some(role),
        text::part(text::first_day(first).as_ref()),
    ]);
    let mut record = membership(&key, person, &group, role).with("parent", duty);
    dates(&mut record, first, last);
    batch.push(record);
}

fn membership(id: &str, person: &str, group: &str, role: &str) -> Record {
    Record::new("membership", id)
        .with("person", person)
        .with("group", group)
        .with("role", role)
}
