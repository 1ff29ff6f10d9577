//! What is read and never written: attributes that the directory owns, and fields that no source gives.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use super::conditions::Placed;
use crate::base::Place;
use crate::diagnostic::Problem;
use crate::language::Read;
use crate::model::CellKind;
use crate::model::FIELDS;
use crate::model::RecordKind;
use crate::rules::spec::Ownership;

/// Fields that are made of others, or of the order of records.
const MADE: &[&str] = &[
    "key",
    "parent",
    "start",
    "end",
    "leave_extent",
    "code",
    "id",
];

/// Looks at what one expression reads.
pub(super) fn look(rules: Rules<'_>, placed: &Placed<'_>, problems: &mut Vec<Problem>) {
    for read in placed.program.reads() {
        let problem = attribute(rules, read).or_else(|| field(rules, read));
        if let Some((text, place, label, help)) = problem {
            let problem = Problem::new(
                &codes::UNWRITTEN,
                Place::inside(placed.place.clone(), read.span.clone()),
                text,
            )
            .help(help);
            problems.push(match place {
                Some(place) => problem.label(place, label),
                None => problem,
            });
        }
    }
}

type Unwritten = (String, Option<Place>, &'static str, &'static str);

/// An attribute that the rules leave to the directory: what stands there is not theirs to read.
fn attribute(rules: Rules<'_>, read: &Read) -> Option<Unwritten> {
    let compiled = rules.compiled;
    let (record, slot) = read.steps.last()?;
    let account = compiled
        .accounts
        .iter()
        .find(|account| account.record == *record)?;
    let field = compiled.schema.language.field_at(*record, *slot)?;
    let attribute = account
        .attributes
        .iter()
        .find(|attribute| attribute.name == field.name)?;
    let spec = compiled
        .spec
        .accounts
        .get(&*account.name)?
        .set
        .get(&*field.name)?;
    let text = match attribute.own {
        Ownership::Never => format!(
            "attribute `{}` of account `{}` is read, and the rules never write it",
            field.name, account.name
        ),
        Ownership::Initial => format!(
            "attribute `{}` of account `{}` is read, and the rules write it only at creation",
            field.name, account.name
        ),
        Ownership::Always => return None,
    };
    Some((
        text,
        Some(Place::at(spec.place.clone())),
        "the directory owns it",
        "read what it is made of instead",
    ))
}

/// A field that no source of the rules gives.
fn field(rules: Rules<'_>, read: &Read) -> Option<Unwritten> {
    let compiled = rules.compiled;
    if compiled.sources.is_empty() {
        return None;
    }
    let last = read.steps.last()?;
    // The last step may be a column of a table: then the field before it is what a source gives.
    let (record, slot) = if compiled.tables.values().any(|table| table.record == last.0) {
        let before = read.steps.len().checked_sub(2)?;
        read.steps.get(before)?
    } else {
        last
    };
    let field = compiled
        .schema
        .by_slot(*record, *slot)
        .and_then(|index| compiled.schema.field(index))?;
    let name = &*field.name;
    if matches!(field.cell, CellKind::Link(_)) || MADE.contains(&name) {
        return None;
    }
    let own = compiled
        .spec
        .fields
        .get(field.record.name())
        .is_some_and(|fields| fields.contains_key(name));
    let of_affiliation = matches!(
        field.record,
        RecordKind::Employment
            | RecordKind::Duty
            | RecordKind::Enrolment
            | RecordKind::Membership
            | RecordKind::Unit
            | RecordKind::SchoolGroup
    );
    let built_in = || {
        FIELDS
            .iter()
            .any(|known| known.record == field.record && known.name == name)
    };
    let of_person = field.record == RecordKind::Person && own && !built_in();
    if !of_affiliation && !of_person {
        return None;
    }
    let gives = |kind: &str| {
        compiled.sources.values().any(|source| {
            (source.gives.is_empty() || source.gives.contains(kind))
                && source
                    .maps
                    .get(kind)
                    .is_none_or(|map| map.iter().any(|(field, _)| field == name))
        })
    };
    let kind = field.record.name();
    let has_source = gives(kind)
        || (field.record == RecordKind::Person
            && ["employment", "duty", "enrolment", "membership", "register"]
                .into_iter()
                .any(gives));
    if has_source {
        return None;
    }
    Some((
        format!("field `{kind}.{name}` is read, and no source of the rules gives it"),
        None,
        "",
        "add it to a map of a source that gives such records",
    ))
}
