//! Employments of `personnel`, and the duties that their placements are.
//!
//! The number of an employment is the one that the personnel system gave it; it stands on employments and duties as
//! `employee_number`, so that mapping rules can make the employment there their parent.

use super::Documents;
use super::people;
use super::people::People;
use super::personnel::Employment;
use super::personnel::StaffPlacement;
use crate::intake::batch::Batch;
use crate::intake::batch::put;
use crate::intake::codes;
use crate::intake::text;
use crate::source::Record;

/// The words for the form of an employment.
const FORMS: &[&str] = &[
    "Other",
    "Project",
    "UntilFurther",
    "Substitute",
    "CertainTime",
    "Unknown",
];

/// The words for the category of a placement.
const CATEGORIES: &[&str] = &["TeachingPersonnel", "OtherPersonnel"];

/// One record for each employment, and one for each of its placements.
pub(super) fn read(documents: &Documents, people: &People, batch: &mut Batch) {
    let staff = documents
        .personnel
        .iter()
        .flat_map(|document| &document.content.persons);
    for employee in staff {
        let Some(person) = people.employee(employee) else {
            continue;
        };
        let gone = people::deleted(employee);
        for employment in &employee.employments {
            let record = record_of(person, gone, employment, batch);
            for placement in &employment.placements {
                duty(person, &record, employment, placement, batch);
            }
            batch.push(record);
        }
    }
}

fn record_of(person: &str, gone: bool, employment: &Employment, batch: &mut Batch) -> Record {
    let first = text::first_day(employment.start.as_ref());
    let id = text::id(employment.id.as_ref())
        .or_else(|| text::id(employment.employee_number.as_ref()))
        .unwrap_or_else(|| text::joined(&[Some(person), text::part(first.as_ref())]));
    let mut record = Record::new("employment", &id).with("person", person);
    record.deleted = gone;
    put(&mut record, "start", first);
    put(&mut record, "end", text::last_day(employment.end.as_ref()));
    batch.listed(&mut record, "form", employment.kind.as_ref(), FORMS);
    let texts = [
        ("employee_number", &employment.employee_number),
        ("title", &employment.title_name),
        ("position_code", &employment.title_code),
        ("mail", &employment.email),
        ("mail", &employment.email_2),
        ("phone", &employment.phone),
    ];
    for (name, value) in texts {
        put(&mut record, name, text::filled(value.as_ref()));
    }
    batch.share(&mut record, "extent", employment.percent.as_ref());
    record
}

fn duty(
    person: &str,
    parent: &Record,
    employment: &Employment,
    placement: &StaffPlacement,
    batch: &mut Batch,
) {
    let place = placement.place.as_ref();
    let unit = text::id(place.and_then(|place| place.id.as_ref()));
    let first = text::first_day(placement.start.as_ref());
    let id = text::id(placement.id.as_ref()).unwrap_or_else(|| {
        text::joined(&[
            Some(&parent.id),
            unit.as_deref(),
            text::part(first.as_ref()),
        ])
    });
    let mut record = Record::new("duty", &id)
        .with("person", person)
        .with("parent", parent.id.as_str());
    record.deleted = parent.deleted;
    put(&mut record, "start", first);
    put(&mut record, "end", text::last_day(placement.end.as_ref()));
    batch.listed(
        &mut record,
        "category",
        placement.category.as_ref(),
        CATEGORIES,
    );
    let title = text::filled(placement.title_name.as_ref())
        .or_else(|| text::filled(employment.title_name.as_ref()));
    let code = text::filled(placement.title_code.as_ref())
        .or_else(|| text::filled(employment.title_code.as_ref()));
    put(&mut record, "role", title.clone());
    put(&mut record, "title", title);
    put(&mut record, "position_code", code);
    put(
        &mut record,
        "employee_number",
        text::filled(employment.employee_number.as_ref()),
    );
    put(
        &mut record,
        "school_type",
        text::filled(place.and_then(|place| place.school_type.as_ref())),
    );
    batch.share(&mut record, "extent", placement.percent.as_ref());
    match unit {
        Some(unit) => record.add("unit", unit.into()),
        None => batch.note(
            &codes::UNREADABLE_VALUE,
            &record,
            "unit",
            "the placement names no place",
        ),
    }
    batch.push(record);
}
