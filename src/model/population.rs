//! A population: persons, affiliations, units and school groups, as columns.
//!
//! A population is made by `resolve` and never changed after. It is a cheap handle, sealed: it has no serial form, and its
//! `Debug` shows counts.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::affiliation::Affiliation;
use super::affiliation::AffiliationKind;
use super::affiliation::AffiliationRow;
use super::cells::Cell;
use super::cells::Cells;
use super::cells::Columns;
use super::cells::Row;
use super::fields::RecordKind;
use super::person::Person;
use super::person::PersonRow;
use super::schema::FieldIndex;
use super::schema::ModelSchema;
use crate::base::Column;
use crate::base::Interner;
use crate::base::PersonKey;
use crate::base::PersonalInterner;
use crate::base::RowKey;
use crate::base::row_key;

row_key! {
    /// A row of the table of units.
    UnitRow
}
row_key! {
    /// A row of the table of school groups.
    SchoolGroupRow
}

/// Persons with all that is known of them on a day.
#[derive(Clone)]
pub struct Population {
    data: Arc<PopulationBuilder>,
}

/// A population that is still being filled.
pub(crate) struct PopulationBuilder {
    schema: Arc<ModelSchema>,
    texts: Interner,
    personal: PersonalInterner,
    columns: Columns,
    persons: Column<PersonRow, Person>,
    affiliations: Column<AffiliationRow, Affiliation>,
    units: Column<UnitRow, Option<UnitRow>>,
    school_groups: Column<SchoolGroupRow, ()>,
    of_person: BTreeMap<PersonRow, Vec<AffiliationRow>>,
}

impl PopulationBuilder {
    /// An empty population.
    pub(crate) fn new(schema: Arc<ModelSchema>) -> Self {
        let columns = schema
            .fields()
            .iter()
            .map(|field| Cells::new(field.cell))
            .collect();
        Self {
            schema,
            texts: Interner::default(),
            personal: PersonalInterner::default(),
            columns,
            persons: Column::new(),
            affiliations: Column::new(),
            units: Column::new(),
            school_groups: Column::new(),
            of_person: BTreeMap::new(),
        }
    }

    /// Adds a person. Persons are added in the order of their keys, so that rows have the same order.
    pub(crate) fn add_person(&mut self, person: Person) -> PersonRow {
        self.persons.push(person)
    }

    /// Adds an affiliation. Affiliations are added in the order of their keys.
    pub(crate) fn add_affiliation(&mut self, affiliation: Affiliation) -> AffiliationRow {
        let person = affiliation.person;
        let row = self.affiliations.push(affiliation);
        self.of_person.entry(person).or_default().push(row);
        row
    }

    /// Adds a unit.
    pub(crate) fn add_unit(&mut self) -> UnitRow {
        self.units.push(None)
    }

    /// Puts a unit below another. The caller has seen to it that there is no circle.
    pub(crate) fn set_unit_parent(&mut self, unit: UnitRow, parent: UnitRow) {
        *self.units.at_mut(unit) = Some(parent);
    }

    /// Adds a school group.
    pub(crate) fn add_school_group(&mut self) -> SchoolGroupRow {
        self.school_groups.push(())
    }

    /// Changes what the engine knows of an affiliation.
    pub(crate) fn affiliation_mut(&mut self, row: AffiliationRow) -> &mut Affiliation {
        self.affiliations.at_mut(row)
    }

    /// Sets a field of a record, by the name of the field. A field that the schema does not have is not taken.
    pub(crate) fn set(&mut self, kind: RecordKind, row: u32, name: &str, cell: Cell) {
        if let Some(index) = self.schema.find(kind, name)
            && let Some(cells) = self.columns.get_mut(usize::from(index.0))
        {
            cells.set(
                Row::from_row(row),
                cell,
                &mut self.texts,
                &mut self.personal,
            );
        }
    }

    /// Ends the filling.
    pub(crate) fn build(self) -> Population {
        Population {
            data: Arc::new(self),
        }
    }
}

impl Population {
    /// How many persons there are.
    pub fn len(&self) -> usize {
        self.data.persons.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many affiliations of a kind there are.
    pub fn count(&self, kind: AffiliationKind) -> usize {
        self.data
            .affiliations
            .values()
            .filter(|affiliation| affiliation.kind == kind)
            .count()
    }

    /// The keys of all persons, in order.
    pub fn keys(&self) -> impl Iterator<Item = PersonKey> {
        self.data.persons.values().map(|person| person.key)
    }

    pub(crate) fn schema(&self) -> &ModelSchema {
        &self.data.schema
    }

    pub(crate) fn persons(&self) -> impl Iterator<Item = (PersonRow, &Person)> {
        self.data.persons.iter()
    }

    pub(crate) fn person(&self, row: PersonRow) -> &Person {
        self.data.persons.at(row)
    }

    /// The row of a person. Persons stand in the order of their keys.
    pub(crate) fn find_person(&self, key: PersonKey) -> Option<PersonRow> {
        let (mut low, mut high) = (0_u32, u32::try_from(self.len()).unwrap_or(u32::MAX));
        while low < high {
            let middle = low.midpoint(high);
            let row = PersonRow::from_row(middle);
            match self.data.persons.get(row)?.key.cmp(&key) {
                core::cmp::Ordering::Less => low = middle.saturating_add(1),
                core::cmp::Ordering::Equal => return Some(row),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    pub(crate) fn affiliation(&self, row: AffiliationRow) -> &Affiliation {
        self.data.affiliations.at(row)
    }

    pub(crate) fn affiliations_of(&self, person: PersonRow) -> &[AffiliationRow] {
        self.data.of_person.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The unit above a unit.
    pub(crate) fn unit_parent(&self, unit: UnitRow) -> Option<UnitRow> {
        *self.data.units.get(unit)?
    }

    /// A field of a record.
    pub(crate) fn cell(&self, index: FieldIndex, row: u32) -> Option<Cell> {
        let cells = self.data.columns.get(usize::from(index.0))?;
        cells.get(Row::from_row(row), &self.data.texts, &self.data.personal)
    }

    /// A field of a record, by name.
    pub(crate) fn value(&self, kind: RecordKind, row: u32, name: &str) -> Option<Cell> {
        self.cell(self.data.schema.find(kind, name)?, row)
    }
}

impl fmt::Debug for Population {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Population({} persons, {} affiliations)",
            self.len(),
            self.data.affiliations.len()
        )
    }
}

impl fmt::Debug for PopulationBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "PopulationBuilder({} persons)",
            self.persons.len()
        )
    }
}
