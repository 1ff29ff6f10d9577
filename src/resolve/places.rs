//! Places: units of organisations and school groups, with what they hang on.
//!
//! Not who is there. Keeps true: no circle of units is left, however long; a record that is gone for good is no place any more.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::codes;
use super::succession;
use crate::base::RowKey;
use crate::base::Text;
use crate::model::AffiliationKind;
use crate::model::Cell;
use crate::model::PersonRow;
use crate::model::PopulationBuilder;
use crate::model::RecordKind;
use crate::model::Row;
use crate::model::SchoolGroupRow;
use crate::model::UnitRow;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::facts::cells::Reader;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::refs::Found;
use crate::resolve::facts::refs::References;

/// The rows of places, by fact.
pub(super) struct Places {
    pub(super) units: BTreeMap<FactRow, UnitRow>,
    pub(super) groups: BTreeMap<FactRow, SchoolGroupRow>,
    /// The codes that units go on under, for the ledger.
    pub(super) lasting: BTreeMap<String, String>,
}

/// The kinds of records that stand for a person where another record refers to one.
pub(super) const PEOPLE: &[FactKind] = &[
    FactKind::EMPLOYMENT,
    FactKind::Person,
    FactKind::Affiliation(AffiliationKind::Duty),
];

/// Puts all units and school groups into a population.
pub(super) fn places(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    persons: &Persons,
    lasting: &BTreeMap<String, String>,
    builder: &mut PopulationBuilder,
) -> Places {
    let of_kind = |reader: &Reader<'_, '_>, kind: FactKind| -> Vec<FactRow> {
        let facts = reader.world.facts.iter();
        facts
            .filter(|(_, fact)| fact.kind == kind && fact.lives())
            .map(|(row, _)| row)
            .collect()
    };
    let mut places = Places {
        units: BTreeMap::new(),
        groups: BTreeMap::new(),
        lasting: BTreeMap::new(),
    };
    for row in of_kind(reader, FactKind::Unit) {
        let known = places.units.get(&references.unit_of(row)).copied();
        places
            .units
            .insert(row, known.unwrap_or_else(|| builder.add_unit()));
    }
    let mut parents: BTreeMap<FactRow, FactRow> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (row, unit) in &places.units {
        if let Some(parent) = unit_cells(
            reader,
            references,
            persons,
            builder,
            (*row, *unit),
            &mut told,
        ) {
            parents.entry(references.unit_of(*row)).or_insert(parent);
        }
    }
    break_circles(reader, &mut parents);
    for (row, parent) in parents {
        if let (Some(unit), Some(parent)) = (places.units.get(&row), places.units.get(&parent)) {
            builder.set_unit_parent(*unit, *parent);
            builder.set(
                RecordKind::Unit,
                unit.row(),
                "parent",
                Cell::Link(Row::from_row(parent.row())),
            );
        }
    }
    places.lasting = succession::settle(reader, &places.units, lasting, builder);
    for row in of_kind(reader, FactKind::SchoolGroup) {
        let group = builder.add_school_group();
        group_cells(reader, references, &places, builder, row, group);
        places.groups.insert(row, group);
    }
    places
}

/// Sets the cells of a unit that no earlier fact about it has told; gives the unit above it.
fn unit_cells(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    persons: &Persons,
    builder: &mut PopulationBuilder,
    (row, unit): (FactRow, UnitRow),
    told: &mut BTreeSet<(UnitRow, Text)>,
) -> Option<FactRow> {
    let world = reader.world;
    let fact = world.facts.at(row);
    let code = fact.text("code").unwrap_or(&fact.id);
    builder.set(
        RecordKind::Unit,
        unit.row(),
        "code",
        Cell::Open(Text::from(code)),
    );
    for (name, cell) in reader.cells(
        RecordKind::Unit,
        row,
        &["code", "lasting_code", "parent", "head"],
    ) {
        if told.insert((unit, name.clone())) {
            builder.set(RecordKind::Unit, unit.row(), &name, cell);
        }
    }
    if let Some(code) = fact.text("school_unit_code")
        && !(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()))
    {
        let message = "the school unit code does not have eight digits";
        reader.note(
            RecordKind::Unit,
            row,
            &codes::SCHOOL_UNIT_CODE,
            "school_unit_code",
            message,
        );
    }
    if let Some(head) = person(reader, references, persons, RecordKind::Unit, row, "head")
        && told.insert((unit, Text::from("head")))
    {
        builder.set(
            RecordKind::Unit,
            unit.row(),
            "head",
            Cell::Link(Row::from_row(head.row())),
        );
    }
    let found = references.unit(world, fact.delivery, fact.text("parent")?);
    one(reader, RecordKind::Unit, row, "parent", found)
}

fn group_cells(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    places: &Places,
    builder: &mut PopulationBuilder,
    row: FactRow,
    group: SchoolGroupRow,
) {
    let world = reader.world;
    let fact = world.facts.at(row);
    let id = alloc::format!("{}:{}", world.delivery_of(row).name, fact.id);
    builder.set(
        RecordKind::SchoolGroup,
        group.row(),
        "id",
        Cell::Open(Text::from(id)),
    );
    for (name, cell) in reader.cells(RecordKind::SchoolGroup, row, &["id", "unit"]) {
        builder.set(RecordKind::SchoolGroup, group.row(), &name, cell);
    }
    if let Some(unit) = unit(reader, references, places, RecordKind::SchoolGroup, row) {
        builder.set(
            RecordKind::SchoolGroup,
            group.row(),
            "unit",
            Cell::Link(Row::from_row(unit.row())),
        );
    }
}

/// The unit that a fact names.
pub(super) fn unit(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    places: &Places,
    kind: RecordKind,
    row: FactRow,
) -> Option<UnitRow> {
    let fact = reader.world.facts.at(row);
    let found = references.unit(reader.world, fact.delivery, fact.text("unit")?);
    let found = match found {
        Found::One(unit) if !places.units.contains_key(&unit) => Found::Nothing,
        found => found,
    };
    let unit = one(reader, kind, row, "unit", found)?;
    places.units.get(&unit).copied()
}

/// The person that a field of a fact refers to.
pub(super) fn person(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    persons: &Persons,
    kind: RecordKind,
    row: FactRow,
    field: &str,
) -> Option<PersonRow> {
    let fact = reader.world.facts.at(row);
    let found = references.find(reader.world, fact.delivery, fact.text(field)?, PEOPLE);
    let found = match found {
        Found::One(target) if !persons.of_fact.contains_key(&target) => Found::Nothing,
        found => found,
    };
    let target = one(reader, kind, row, field, found)?;
    persons.of_fact.get(&target).copied()
}

/// The one fact that was found; anything else is told.
pub(super) fn one(
    reader: &mut Reader<'_, '_>,
    kind: RecordKind,
    row: FactRow,
    field: &str,
    found: Found,
) -> Option<FactRow> {
    match found {
        Found::One(target) => return Some(target),
        Found::Nothing => {
            reader.note(
                kind,
                row,
                &codes::UNRESOLVED_REFERENCE,
                field,
                "the reference leads to no record",
            );
        }
        Found::Several => {
            reader.note(
                kind,
                row,
                &codes::AMBIGUOUS_REFERENCE,
                field,
                "the reference fits more than one record",
            );
        }
    }
    None
}

/// Breaks each circle above its first unit, in the order of facts.
fn break_circles(reader: &mut Reader<'_, '_>, parents: &mut BTreeMap<FactRow, FactRow>) {
    let mut settled: BTreeSet<FactRow> = BTreeSet::new();
    let starts: Vec<FactRow> = parents.keys().copied().collect();
    for start in starts {
        let mut path: Vec<FactRow> = Vec::new();
        let mut on_path: BTreeSet<FactRow> = BTreeSet::new();
        let mut current = Some(start);
        while let Some(unit) = current {
            if settled.contains(&unit) {
                break;
            }
            if !on_path.insert(unit) {
                let circle = path.iter().copied().skip_while(|step| *step != unit);
                if let Some(first) = circle.min() {
                    parents.remove(&first);
                    let message =
                        "the unit lies below itself, and is taken as one without a unit above";
                    reader.note(
                        RecordKind::Unit,
                        first,
                        &codes::UNIT_CIRCLE,
                        "parent",
                        message,
                    );
                }
                break;
            }
            path.push(unit);
            current = parents.get(&unit).copied();
        }
        settled.extend(path);
    }
}
