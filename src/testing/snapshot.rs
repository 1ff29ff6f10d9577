//! From a scenario to a snapshot, with every reference looked up first.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::draft::Draft;
use super::message::unknown;
use super::person::Person;
use super::person::Registered;
use super::scenario::Scenario;
use crate::source::Promise;
use crate::source::Record;
use crate::source::Snapshot;
use crate::source::SourceInstance;

/// The source of all that a scenario describes.
pub(super) const SOURCE: &str = "scenario";

/// The instance of all that no municipality has issued.
pub(super) const INSTANCE: &str = "test";

/// The snapshot of a day, or what is wrong with the scenario.
pub(super) fn of(scenario: &Scenario, as_of: NaiveDate) -> Result<Snapshot, String> {
    let mut main = instance(SOURCE, INSTANCE, Promise::Complete, as_of);
    for (code, unit) in &scenario.units {
        main.records.push(linked(
            scenario,
            &format!("the unit `{code}`"),
            None,
            &unit.draft,
        )?);
    }
    for (name, group) in &scenario.groups {
        main.records.push(linked(
            scenario,
            &format!("the school group `{name}`"),
            None,
            &group.draft,
        )?);
    }
    let mut instances: Vec<SourceInstance> = scenario
        .issuers
        .iter()
        .map(|issuer| instance(SOURCE, issuer, Promise::Complete, as_of).municipality(issuer))
        .collect();
    let strict = scenario
        .persons
        .values()
        .any(|person| matches!(person.registered, Registered::Unknown));
    let promise = if strict {
        Promise::Complete
    } else {
        Promise::Partial
    };
    let mut register = instance(&scenario.register, INSTANCE, promise, as_of);
    for (name, person) in &scenario.persons {
        let home = match &person.issuer {
            Some(issuer) => instances
                .iter_mut()
                .find(|instance| instance.instance == *issuer)
                .unwrap_or(&mut main),
            None => &mut main,
        };
        for draft in person.drafts() {
            let mut record = linked(scenario, &format!("`{name}`"), Some(person), draft)?;
            if record.kind != "person" {
                record = record.with("person", name.as_str());
            }
            home.records.push(record);
        }
        register.records.extend(register_record(name, person)?);
    }
    instances.push(main);
    instances.push(register);
    for (name, rows) in &scenario.rows {
        let (source, of) = name.split_once('/').unwrap_or((name, INSTANCE));
        let mut rows_of = SourceInstance::new(source, of, Promise::Complete, as_of);
        rows_of.records.clone_from(rows);
        instances.push(rows_of);
    }
    Ok(Snapshot::new(instances))
}

/// Whether an instance is one that scenarios make.
pub(super) fn is_ours(scenario: &Scenario, instance: &str) -> bool {
    instance.split_once('/').is_some_and(|(source, of)| {
        source == SOURCE || (source == scenario.register && of == INSTANCE)
    })
}

/// An instance with one record that speaks of nobody, since one without records would be taken for a broken delivery.
fn instance(source: &str, name: &str, promise: Promise, as_of: NaiveDate) -> SourceInstance {
    SourceInstance::new(source, name, promise, as_of)
        .record(Record::new("school_group", "scenario"))
}

/// The record of a draft, with its references in full.
fn linked(
    scenario: &Scenario,
    whose: &str,
    person: Option<&Person>,
    draft: &Draft,
) -> Result<Record, String> {
    let mut linked = draft.clone();
    let kind = draft.kind.as_str();
    let persons = || scenario.persons.keys().map(String::as_str);
    for field in ["manager", "hiring_manager", "head"] {
        if let Some(person) = draft.text(field) {
            if !scenario.persons.contains_key(person) {
                return Err(missing(whose, field, &unknown("person", person, persons())));
            }
            linked.set(field, &format!("{SOURCE}.person:{person}"));
        }
    }
    let above = if kind == "unit" { "parent" } else { "unit" };
    if let Some(unit) = draft.text(above).filter(|_| !draft.loose.contains("unit")) {
        if !scenario.units.contains_key(unit) {
            let units = scenario.units.keys().map(String::as_str);
            return Err(missing(whose, above, &unknown("unit", unit, units)));
        }
    }
    if let Some(group) = draft.text("group") {
        if !scenario.groups.contains_key(group) {
            let groups = scenario.groups.keys().map(String::as_str);
            return Err(missing(
                whose,
                "group",
                &unknown("school group", group, groups),
            ));
        }
        linked.set("group", &format!("{SOURCE}.school_group:{group}"));
    }
    if let (Some(person), Some(parent)) = (person, draft.text("parent")) {
        let Some(parent) = parent_of(person, kind, parent) else {
            let message = format!("there is no `{parent}` that a {kind} could be a part of");
            return Err(missing(whose, "part_of", &message));
        };
        linked.set("parent", &parent);
    }
    Ok(linked.record())
}

/// The reference to what an affiliation of a person is a part of.
fn parent_of(person: &Person, kind: &str, parent: &str) -> Option<String> {
    let employment = person.employments.get(parent).map(|known| &known.draft);
    let enrolment = person.enrolments.get(parent).map(|known| &known.draft);
    let duty = person.duties.get(parent).map(|known| &known.draft);
    let draft = if kind == "membership" {
        enrolment.or(duty)
    } else {
        employment
    }?;
    Some(format!("{SOURCE}.{}:{}", draft.kind, draft.id))
}

/// What the register says of a person.
fn register_record(name: &str, person: &Person) -> Result<Option<Record>, String> {
    let Registered::Known(draft) = &person.registered else {
        return Ok(None);
    };
    let mut draft = draft.clone();
    let Some(number) = person.draft.text("number") else {
        return Err(format!(
            "the register cannot know `{name}`, who has no number"
        ));
    };
    draft.id = String::from(number);
    draft.set("number", number);
    for (field, of_person) in [
        ("given_names", "given_name"),
        ("surname", "surname"),
        ("birth_date", "birth_date"),
    ] {
        if draft.text(field).is_none()
            && let Some(text) = person.draft.text(of_person)
        {
            draft.set(field, text);
        }
    }
    Ok(Some(draft.record()))
}

fn missing(whose: &str, field: &str, message: &str) -> String {
    format!("{whose} has a `{field}` that the scenario does not describe: {message}")
}
