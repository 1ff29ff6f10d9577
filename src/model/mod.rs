//! The model: a population of persons, their employments and placements, the units and school groups these stand in, and who
//! of them is protected.
//!
//! The one field table ([`fields`]) says of every field its type, its class and where it is kept; it is the schema of the
//! expression language. Nothing here decides anything: `resolve` fills a population, `evaluate` reads it.

mod affiliation;
mod cells;
pub mod fields;
mod person;
mod population;
mod protection;
mod schema;

pub(crate) use affiliation::Affiliation;
pub use affiliation::AffiliationKind;
pub(crate) use affiliation::AffiliationRow;
pub(crate) use cells::Cell;
pub(crate) use cells::Row;
pub(crate) use fields::CellKind;
pub(crate) use fields::FIELDS;
pub use fields::RecordKind;
pub(crate) use person::Follows;
pub(crate) use person::Leaving;
pub(crate) use person::Person;
pub(crate) use person::PersonRow;
pub use person::Verdict;
pub use population::Population;
pub(crate) use population::PopulationBuilder;
pub(crate) use population::SchoolGroupRow;
pub(crate) use population::UnitRow;
pub use protection::Flag;
pub use protection::Protection;
pub(crate) use schema::CustomerField;
pub(crate) use schema::FieldIndex;
pub(crate) use schema::ModelSchema;
pub(crate) use schema::TableDeclaration;
