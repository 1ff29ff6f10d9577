//! Enrolments and memberships of `organization`.
//!
//! A pupil is enrolled by a membership in a unit or, where there is none, by one in a class or department; the placements on
//! a role say when and in which school year. A membership of a pupil in a group has the enrolment at its unit as parent,
//! where there is just one that fits.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::Documents;
use super::groups::Bond;
use super::groups::Groups;
use super::groups::one;
use super::people::People;
use crate::base::RawText;
use crate::intake::batch::Batch;
use crate::intake::batch::put;
use crate::intake::codes;
use crate::intake::text;
use crate::source::Record;

/// One record for each unit, group, enrolment and membership.
pub(super) fn read(documents: &Documents, people: &People, batch: &mut Batch) {
    let mut groups = Groups::default();
    for document in &documents.organization {
        for group in &document.content.groups {
            groups.know(group, batch);
        }
    }
    let mut bonds = Vec::new();
    for document in &documents.organization {
        for membership in &document.content.memberships {
            let Some(group) = one(membership.sourced_id.as_ref()) else {
                batch.lose(&codes::WITHOUT_ID, "a membership names no group");
                continue;
            };
            for member in &membership.members {
                groups.join(&group, member, people, &mut bonds, batch);
            }
        }
    }
    taught(documents, people, &mut bonds, batch);
    bonds.sort_by(|a, b| a.order().cmp(&b.order()));
    let enroled = enrolments(&groups, &bonds, batch);
    let mut by_person: BTreeMap<&str, Vec<&Enroled<'_>>> = BTreeMap::new();
    for enrolment in &enroled {
        by_person
            .entry(enrolment.person)
            .or_default()
            .push(enrolment);
    }
    let has_personnel = !documents.personnel.is_empty();
    for bond in &bonds {
        if groups.contacts.contains(&bond.group) {
            batch.count(&codes::NOT_TAKEN, "a group of contact persons is not taken");
        } else if !groups.units.contains_key(&bond.group) {
            let own = by_person
                .get(bond.person.as_str())
                .map_or(&[][..], Vec::as_slice);
            membership(bond, &groups, own, batch);
        } else if bond.role != "pupil" {
            if !has_personnel {
                duty(bond, batch);
            } else if bond.role != "head" {
                batch.count(
                    &codes::NOT_TAKEN,
                    "staff of a unit is taken from the personnel document",
                );
            }
        }
    }
    groups.records(batch);
}

/// What the list of teachers adds: bonds without dates, where there is none yet.
fn taught<'a>(
    documents: &'a Documents,
    people: &'a People,
    bonds: &mut Vec<Bond<'a>>,
    batch: &mut Batch,
) {
    let known: BTreeSet<(String, String)> = bonds
        .iter()
        .filter(|bond| bond.role == "teacher")
        .map(|bond| (bond.group.clone(), bond.person.clone()))
        .collect();
    let mut added = BTreeSet::new();
    for teacher in documents
        .organization
        .iter()
        .filter_map(|document| document.content.teachers.as_ref())
        .flat_map(|teachers| &teachers.units)
        .flat_map(|unit| &unit.teachers)
    {
        let person = people
            .id(teacher.id.as_ref())
            .or_else(|| people.id(teacher.number.as_ref()));
        let Some(person) = person else {
            batch.count(
                &codes::DANGLING_REFERENCE,
                "a teacher of a group is not among the persons",
            );
            continue;
        };
        for group in teacher.classes.iter().chain(&teacher.education_groups) {
            if let Some(id) = text::id(group.id.as_ref()) {
                let key = (id, String::from(person));
                if !known.contains(&key) {
                    added.insert(key);
                }
            }
        }
    }
    bonds.extend(added.into_iter().map(|(group, person)| Bond {
        group,
        person,
        role: "teacher",
        first: None,
        last: None,
        gone: false,
        placements: &[],
    }));
}

/// An enrolment, as far as memberships need to know it.
struct Enroled<'a> {
    id: String,
    person: &'a str,
    unit: &'a str,
    first: Option<RawText>,
    last: Option<RawText>,
}

/// One record for each enrolment. Where a pupil is a member of a unit that says it; else classes and departments do.
fn enrolments<'a>(
    groups: &'a Groups<'_>,
    bonds: &'a [Bond<'a>],
    batch: &mut Batch,
) -> Vec<Enroled<'a>> {
    let pupils = bonds.iter().filter(|bond| bond.role == "pupil");
    let in_units: BTreeSet<(&str, &str)> = pupils
        .clone()
        .filter(|bond| groups.units.contains_key(&bond.group))
        .map(|bond| (bond.person.as_str(), bond.group.as_str()))
        .collect();
    let mut enroled = Vec::new();
    let mut seen = BTreeSet::new();
    for bond in pupils {
        let Some(unit) = groups.unit_of(&bond.group) else {
            continue;
        };
        let direct = unit == bond.group;
        if !direct
            && (!groups.enrols(&bond.group) || in_units.contains(&(bond.person.as_str(), unit)))
        {
            continue;
        }
        let school_type = groups.school_type(&bond.group);
        let whole = [(bond.first.clone(), bond.last.clone(), None)];
        let placed = bond.placements.iter().map(|placement| {
            (
                text::first_day(placement.begin.as_ref()),
                text::last_day(placement.end.as_ref()),
                Some(placement),
            )
        });
        let times: Vec<_> = if bond.placements.is_empty() {
            whole.into_iter().collect()
        } else {
            placed.collect()
        };
        for (first, last, placement) in times {
            let id = text::joined(&[
                Some(&bond.person),
                Some(unit),
                text::part(school_type.as_ref()),
                text::part(first.as_ref()),
            ]);
            let mut record = Record::new("enrolment", &id)
                .with("person", bond.person.as_str())
                .with("unit", unit);
            record.deleted = bond.gone;
            put(&mut record, "school_type", school_type.clone());
            put(&mut record, "start", first.clone());
            put(&mut record, "end", last.clone());
            let year = placement.and_then(|placement| placement.school_year.as_ref());
            let year = text::filled(year).or_else(|| groups.school_year(&bond.group));
            put(&mut record, "school_year", year);
            let program = placement.and_then(|placement| {
                text::filled(placement.official_program_code.as_ref())
                    .or_else(|| text::filled(placement.program_code.as_ref()))
            });
            put(&mut record, "programme", program);
            if direct || seen.insert(id.clone()) {
                batch.push(record);
            }
            enroled.push(Enroled {
                id,
                person: &bond.person,
                unit,
                first,
                last,
            });
        }
    }
    enroled
}

fn membership(bond: &Bond<'_>, groups: &Groups<'_>, own: &[&Enroled<'_>], batch: &mut Batch) {
    let role = (bond.role != "pupil").then_some(bond.role);
    let mut parts = Vec::from([Some(bond.group.as_str()), Some(bond.person.as_str())]);
    parts.extend(role.map(Some));
    parts.push(text::part(bond.first.as_ref()));
    let mut record = Record::new("membership", &text::joined(&parts))
        .with("person", bond.person.as_str())
        .with("group", bond.group.as_str())
        .with("role", bond.role);
    record.deleted = bond.gone;
    put(&mut record, "start", bond.first.clone());
    put(&mut record, "end", bond.last.clone());
    if role.is_none()
        && let Some(unit) = groups.unit_above(&bond.group)
    {
        let there: BTreeMap<&str, &&Enroled<'_>> = own
            .iter()
            .filter(|enrolment| enrolment.unit == unit)
            .map(|enrolment| (enrolment.id.as_str(), enrolment))
            .collect();
        let mut fitting = there.iter().filter(|(_, enrolment)| {
            let (first, last) = (enrolment.first.as_ref(), enrolment.last.as_ref());
            text::lies_between(bond.first.as_ref(), first, last)
        });
        let parent = match (fitting.next(), fitting.next(), there.len()) {
            (Some((id, _)), None, _) => Some(*id),
            (None, _, 1) => there.keys().next().copied(),
            _ => None,
        };
        put(&mut record, "parent", parent.map(RawText::new));
    }
    if !groups.school.contains_key(&bond.group) {
        batch.note(
            &codes::DANGLING_REFERENCE,
            &record,
            "group",
            "the group of a membership is not among the groups",
        );
    }
    batch.push(record);
}

/// A member of the staff of a unit, where no other document says what the duties are.
fn duty(bond: &Bond<'_>, batch: &mut Batch) {
    let id = text::joined(&[
        Some(&bond.group),
        Some(&bond.person),
        Some(bond.role),
        text::part(bond.first.as_ref()),
    ]);
    let mut record = Record::new("duty", &id)
        .with("person", bond.person.as_str())
        .with("unit", bond.group.as_str())
        .with("role", bond.role);
    record.deleted = bond.gone;
    put(&mut record, "start", bond.first.clone());
    put(&mut record, "end", bond.last.clone());
    batch.push(record);
}
