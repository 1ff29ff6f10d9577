//! Cases of resolving, by subject. Here: what they share.
//!
//! Numbers are official test numbers; names and places are invented.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "tests"
)]

mod affiliations;
mod changes;
mod deliveries;
mod foretold;
mod mapping;
mod merging;
mod people;
mod protection;
mod quality;
mod reference;
mod register;

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::Decision;
use super::Resolution;
use super::resolve;
use crate::base::Horizon;
use crate::base::PersonKey;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::ledger::Ledger;
use crate::model::Affiliation;
use crate::model::AffiliationKind;
use crate::model::Cell;
use crate::model::PersonRow;
use crate::model::RecordKind;
use crate::rules::Ruleset;
use crate::source::Promise;
use crate::source::Record;
use crate::source::Snapshot;
use crate::source::SourceInstance;

const ALMA: &str = "199902102384";
const BODIL: &str = "198601112389";
const CARL: &str = "200205162399";
const PUPIL: &str = "201301072383";
const TF: &str = "20130107TF01";

const RULES: &str = r#"
language = 1
name = "resolving"
[table.employer]
"1427" = { name = "Kommun A" }
"1430" = { name = "Kommun B" }
[field.employment.employer]
table = "employer"
[field.person.shoe_size]
type = "int"
class = "open"
[source.heroma]
[source.school]
[source.units]
[source.navet]
[source.old]
ids = "reused"
[source.exclusive]
ends = "exclusive"
[source.keeping]
absent = { hold = "2d", then = "keep" }
[source.strict]
require = { max_age = "3d", min_share_of_last = "90%" }
[source.overrides]
override = true
[source.mapped.map.employment]
id = 'record.NR'
person = 'record.PERSON'
number = 'record.PNR'
given_name = 'record.FIRST'
surname = 'record.LAST'
confidentiality_marking = 'record.SECRET == "" ? none : record.SECRET'
employer = 'record.EMPLOYER'
start = 'date(record.FROM)'
end = 'record.TO == "" ? none : date(record.TO)'
extent = 'per_mille(record.SHARE)'
manager = 'ref("mapped.employment", record.BOSS)'
"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A run: everything that goes in.
struct Case {
    rules: Ruleset,
    instances: Vec<SourceInstance>,
    ledger: Ledger,
    as_of: NaiveDate,
    decisions: Vec<Decision>,
}

/// What came out.
struct Outcome {
    resolution: Resolution,
    horizon: Horizon,
}

impl Case {
    fn new() -> Self {
        Self::with_rules(RULES)
    }

    fn with_rules(rules: &str) -> Self {
        Self {
            rules: Ruleset::from_toml(rules).unwrap_or_else(|problems| panic!("{problems}")),
            instances: Vec::new(),
            ledger: Ledger::default(),
            as_of: day("2026-11-23"),
            decisions: Vec::new(),
        }
    }

    fn on(mut self, text: &str) -> Self {
        self.as_of = day(text);
        self
    }

    fn give(mut self, instance: SourceInstance) -> Self {
        self.instances.push(instance);
        self
    }

    fn decide(mut self, decision: Decision) -> Self {
        self.decisions.push(decision);
        self
    }

    fn run(&self) -> Outcome {
        let mut horizon = Horizon::new(self.as_of);
        let snapshot = Snapshot::new(self.instances.iter().cloned());
        let rules = self.rules.compiled();
        let resolution = resolve(
            rules,
            &snapshot,
            &self.ledger,
            b"salt",
            self.as_of,
            &self.decisions,
            &mut horizon,
        )
        .unwrap();
        Outcome {
            resolution,
            horizon,
        }
    }

    /// The same rules on a later day, after a run.
    fn after(self, outcome: &Outcome, as_of: &str) -> Self {
        Self {
            instances: Vec::new(),
            ledger: Ledger::new(outcome.resolution.memory.clone()),
            as_of: day(as_of),
            ..self
        }
    }
}

impl Outcome {
    fn findings(&self, code: &Code) -> Vec<&Finding> {
        self.resolution
            .findings
            .iter()
            .filter(|finding| finding.code == code)
            .collect()
    }

    fn has(&self, code: &Code) -> bool {
        !self.findings(code).is_empty()
    }

    fn n_persons(&self) -> usize {
        self.resolution.population.len()
    }

    fn keys(&self) -> Vec<PersonKey> {
        self.resolution.population.keys().collect()
    }

    /// The person of a record, by the ledger.
    fn person(&self, token: &str) -> PersonRow {
        self.find(token)
            .unwrap_or_else(|| panic!("nobody has the record {token}"))
    }

    fn find(&self, token: &str) -> Option<PersonRow> {
        let persons = &self.resolution.memory.persons;
        let (key, _) = persons
            .iter()
            .find(|(_, person)| person.records.contains(token))?;
        self.resolution.population.find_person(*key)
    }

    fn text(&self, kind: RecordKind, row: u32, field: &str) -> Option<String> {
        Some(match self.resolution.population.value(kind, row, field)? {
            Cell::Open(text) => text.to_string(),
            Cell::Several(all) => all
                .iter()
                .map(|text| text.reveal().to_string())
                .collect::<Vec<_>>()
                .join(" "),
            Cell::Personal(text) => text.reveal().to_string(),
            Cell::Date(day) => day.to_string(),
            Cell::Count(count) => count.to_string(),
            Cell::Flag(flag) => flag.to_string(),
            Cell::Link(to) => crate::base::RowKey::row(to).to_string(),
        })
    }

    fn says(&self, person: PersonRow, field: &str) -> Option<String> {
        self.text(RecordKind::Person, crate::base::RowKey::row(person), field)
    }

    fn number(&self, person: PersonRow, field: &str) -> Option<String> {
        self.text(RecordKind::Number, crate::base::RowKey::row(person), field)
    }

    fn affiliations(&self, person: PersonRow) -> Vec<&Affiliation> {
        let population = &self.resolution.population;
        population
            .affiliations_of(person)
            .iter()
            .map(|row| population.affiliation(*row))
            .collect()
    }

    /// A field of the only affiliation of a kind that a person has.
    fn of_only(&self, person: PersonRow, kind: AffiliationKind, field: &str) -> Option<String> {
        let population = &self.resolution.population;
        let rows = population.affiliations_of(person).iter();
        let rows: Vec<_> = rows
            .filter(|row| population.affiliation(**row).kind == kind)
            .collect();
        assert_eq!(rows.len(), 1);
        self.text(kind.record(), crate::base::RowKey::row(*rows[0]), field)
    }

    fn everything(&self) -> String {
        let memory = Ledger::new(self.resolution.memory.clone()).to_sealed_json();
        let mut cells = String::new();
        let population = &self.resolution.population;
        for (index, field) in population.schema().fields().iter().enumerate() {
            let n_rows = 64_u32;
            for row in 0..n_rows {
                if let Some(text) = self.text(field.record, row, &field.name) {
                    cells.extend([index.to_string(), row.to_string(), text, String::from("\n")]);
                }
            }
        }
        for (row, person) in population.persons() {
            cells.extend([alloc::format!("{person:?} {:?}\n", self.affiliations(row))]);
        }
        alloc::format!(
            "{memory}\n{cells}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
            self.resolution.findings,
            self.resolution.withheld,
            self.resolution.sealed,
            self.resolution.transitions,
            self.resolution.lookups,
            self.resolution.proposals,
            self.horizon
        )
    }
}

/// An instance of the day of most cases, complete.
fn source(name: &str) -> SourceInstance {
    dated(name, "2026-11-23")
}

fn dated(name: &str, as_of: &str) -> SourceInstance {
    let (source, instance) = name.split_once('/').unwrap();
    SourceInstance::new(source, instance, Promise::Complete, day(as_of))
}

fn person(id: &str, number: &str, given: &str, surname: &str) -> Record {
    Record::new("person", id)
        .with("number", number)
        .with("given_name", given)
        .with("surname", surname)
}

fn employment(id: &str, person: &str) -> Record {
    Record::new("employment", id)
        .with("person", person)
        .with("employer", "1430")
        .with("start", "2020-01-01")
}
