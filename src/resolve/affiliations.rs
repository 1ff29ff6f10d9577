//! Affiliations: employments and placements of persons, with the days on which they are in force.
//!
//! Keeps true: a placement never outlives its parent; a source's inclusive ends become half-open ones here and nowhere else; what
//! ends before it starts is set aside with a finding.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::codes;
use super::days::Days;
use super::note::About;
use super::note::person_subject;
use super::places;
use super::places::Places;
use crate::base::EVER_BEFORE;
use crate::base::FOREVER;
use crate::base::Interval;
use crate::base::PersonKey;
use crate::base::RowKey;
use crate::base::Text;
use crate::base::shift;
use crate::diagnostic::Finding;
use crate::language::Class;
use crate::model::Affiliation;
use crate::model::AffiliationKind;
use crate::model::AffiliationRow;
use crate::model::Cell;
use crate::model::PersonRow;
use crate::model::PopulationBuilder;
use crate::model::RecordKind;
use crate::model::Row;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::facts::cells::Reader;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::Fact;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::Standing;
use crate::resolve::facts::fact::Taken;
use crate::resolve::facts::refs::Found;
use crate::resolve::facts::refs::References;

/// A full leave, in thousandths.
const FULL: i64 = 1000;

/// Fields that are not plain cells.
const APART: &[&str] = &[
    "key",
    "unit",
    "group",
    "parent",
    "manager",
    "hiring_manager",
    "start",
    "end",
    "leave_extent",
];

/// Puts all affiliations into a population, in the order of persons and keys.
pub(super) fn affiliations(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    persons: &Persons,
    places: &Places,
    builder: &mut PopulationBuilder,
    days: &mut Days,
) {
    let mut drafts: BTreeMap<FactRow, Draft> = BTreeMap::new();
    for kind in AffiliationKind::ALL {
        let rows: Vec<FactRow> = reader
            .world
            .facts
            .iter()
            .filter(|(_, fact)| {
                fact.kind == FactKind::Affiliation(kind) && fact.taken == Taken::Whole
            })
            .map(|(row, _)| row)
            .collect();
        for row in rows {
            let Some(person) = persons.of_fact.get(&row).copied() else {
                continue;
            };
            if let Some(draft) = draft(reader, references, persons, &drafts, kind, person, row) {
                drafts.insert(row, draft);
            }
        }
    }
    tell_overlaps(reader, persons, &drafts, days);
    let mut ordered: Vec<(PersonRow, Text, FactRow)> = drafts
        .iter()
        .map(|(row, draft)| (draft.person, draft.key.clone(), *row))
        .collect();
    ordered.sort();
    let mut rows: BTreeMap<FactRow, AffiliationRow> = BTreeMap::new();
    for (person, key, row) in &ordered {
        let Some(draft) = drafts.get(row) else {
            continue;
        };
        let affiliation = builder.add_affiliation(Affiliation {
            key: key.clone(),
            kind: draft.kind,
            person: *person,
            in_force: draft.in_force,
            leave: draft.away.clone(),
            parent: None,
            frozen: draft.frozen,
        });
        rows.insert(*row, affiliation);
    }
    for (row, affiliation) in &rows {
        let Some(draft) = drafts.get(row) else {
            continue;
        };
        let parent = draft.parent.and_then(|parent| rows.get(&parent)).copied();
        builder.affiliation_mut(*affiliation).parent = parent;
        let mut filler = Filler {
            reader,
            references,
            persons,
            places,
            builder,
            kind: draft.kind.record(),
            row: *row,
            to: affiliation.row(),
        };
        filler.fill(draft, parent, days);
    }
}

/// An affiliation on its way.
struct Draft {
    kind: AffiliationKind,
    person: PersonRow,
    key: Text,
    in_force: Interval,
    leave: Vec<Leave>,
    /// The days of full leave, those of what it belongs to among them.
    away: Vec<Interval>,
    parent: Option<FactRow>,
    frozen: bool,
}

/// Days of leave, and how much of the employment they take.
struct Leave {
    days: Interval,
    extent: i64,
}

fn draft(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    persons: &Persons,
    drafts: &BTreeMap<FactRow, Draft>,
    kind: AffiliationKind,
    person: PersonRow,
    row: FactRow,
) -> Option<Draft> {
    let world = reader.world;
    let fact = world.facts.at(row);
    let delivery = world.delivery_of(row);
    let told = interval(fact, "start", "end", delivery.terms.inclusive())?;
    if told.is_empty() {
        reader.note(
            kind.record(),
            row,
            &codes::INVERTED_INTERVAL,
            "end",
            "the record ends before it starts",
        );
        return None;
    }
    let mut in_force = told;
    in_force.end = in_force.end.min(fact.expires.unwrap_or(FOREVER));
    if let Standing::Ended(since) = fact.standing {
        in_force.end = in_force.end.min(since);
    }
    let parent = parent(reader, references, drafts, kind, person, row);
    let belongs_to = parent.and_then(|parent| drafts.get(&parent));
    if let Some(parent) = belongs_to {
        in_force = in_force.intersection(&parent.in_force);
    }
    if in_force.is_empty() {
        return None;
    }
    let leave = leaves(reader, fact, row, delivery.terms.inclusive());
    let full = leave.iter().filter(|leave| leave.extent >= FULL);
    let mut away: Vec<Interval> = full.map(|leave| leave.days).collect();
    away.extend(belongs_to.into_iter().flat_map(|parent| &parent.away));
    let mut parts = alloc::vec![delivery.name.as_str(), fact.kind.name(), fact.id.as_str()];
    let holder = persons.all.at(person).key.to_hex();
    if delivery.terms.reused() {
        parts.push(&holder);
    }
    Some(Draft {
        kind,
        person,
        key: Text::from(PersonKey::mint(reader.setting.salt, &parts).to_hex()),
        in_force,
        leave,
        away,
        parent,
        frozen: fact.frozen,
    })
}

/// The days that two fields tell; nothing where one of them cannot be read, which mapping has seen to.
fn interval(fact: &Fact, start: &str, end: &str, inclusive: bool) -> Option<Interval> {
    let day = |field: &str| fact.text(field).map_or(Ok(None), convert::day);
    let (start, end) = (day(start).ok()?, day(end).ok()?);
    Some(bounds(start, end, inclusive))
}

fn bounds(start: Option<NaiveDate>, end: Option<NaiveDate>, inclusive: bool) -> Interval {
    let end = match end {
        Some(last) if inclusive => shift(last, 1),
        Some(end) => end,
        None => FOREVER,
    };
    Interval::new(start.unwrap_or(EVER_BEFORE), end)
}

fn parent(
    reader: &mut Reader<'_, '_>,
    references: &References<'_>,
    drafts: &BTreeMap<FactRow, Draft>,
    kind: AffiliationKind,
    person: PersonRow,
    row: FactRow,
) -> Option<FactRow> {
    const OF_MEMBERSHIP: &[FactKind] = &[
        FactKind::Affiliation(AffiliationKind::Enrolment),
        FactKind::Affiliation(AffiliationKind::Duty),
    ];
    let kinds: &[FactKind] = match kind {
        AffiliationKind::Employment => return None,
        AffiliationKind::Duty | AffiliationKind::Enrolment => &[FactKind::EMPLOYMENT],
        AffiliationKind::Membership => OF_MEMBERSHIP,
    };
    let fact = reader.world.facts.at(row);
    let found = references.find(reader.world, fact.delivery, fact.text("parent")?, kinds);
    if let Found::One(parent) = found
        && drafts
            .get(&parent)
            .is_some_and(|parent| parent.person == person)
    {
        return Some(parent);
    }
    let message = "what the placement belongs to is not there, or is another person's, and the placement stands alone";
    let finding =
        Finding::new(&codes::PARENT_MISSING, reader.world.subject(row), message).field("parent");
    reader.notes.about(About::Fact(row), Class::Open, finding);
    None
}

/// Leaves: values of the three fields at the same place belong together. A leave without an extent is a full one; one whose
/// fields cannot be read is none.
fn leaves(reader: &mut Reader<'_, '_>, fact: &Fact, row: FactRow, inclusive: bool) -> Vec<Leave> {
    let (starts, ends, extents) = (
        fact.all("leave_start"),
        fact.all("leave_end"),
        fact.all("leave_extent"),
    );
    let n_leaves = starts.len().max(ends.len());
    let mut leaves = Vec::new();
    for position in 0..n_leaves {
        let at = |values: &[String]| {
            let text = values
                .get(position)
                .map(|text| text.trim())
                .unwrap_or_default();
            (!text.is_empty()).then(|| String::from(text))
        };
        let (start, end, extent) = (at(starts), at(ends), at(extents));
        if start.is_none() && end.is_none() {
            continue;
        }
        let day = |text: Option<String>| text.map_or(Ok(None), |text| convert::day(&text));
        let extent = extent.map_or(Ok(FULL), |text| convert::count(&text));
        match (day(start), day(end), extent) {
            (Ok(start), Ok(end), Ok(extent)) => {
                let days = bounds(start, end, inclusive);
                if days.is_empty() {
                    let message = "the leave ends before it starts";
                    reader.note(
                        RecordKind::Employment,
                        row,
                        &codes::INVERTED_INTERVAL,
                        "leave_end",
                        message,
                    );
                } else {
                    leaves.push(Leave { days, extent });
                }
            }
            (start, end, _) => {
                let field = match (start, end) {
                    (Err(_), _) => "leave_start",
                    (_, Err(_)) => "leave_end",
                    _ => "leave_extent",
                };
                reader.note(
                    RecordKind::Employment,
                    row,
                    &codes::UNREADABLE_VALUE,
                    field,
                    "the leave cannot be read",
                );
            }
        }
    }
    leaves
}

/// Two schools on the same days are worth a look: one of the two may not have let go.
fn tell_overlaps(
    reader: &mut Reader<'_, '_>,
    persons: &Persons,
    drafts: &BTreeMap<FactRow, Draft>,
    ahead: &mut Days,
) {
    let as_of = reader.setting.as_of;
    let mut enrolments: BTreeMap<PersonRow, Vec<(Interval, FactRow)>> = BTreeMap::new();
    for (row, draft) in drafts
        .iter()
        .filter(|(_, draft)| draft.kind == AffiliationKind::Enrolment)
    {
        enrolments
            .entry(draft.person)
            .or_default()
            .push((draft.in_force, *row));
    }
    for (person, mut days) in enrolments {
        days.sort_unstable();
        let unit = |row: FactRow| {
            let fact = reader.world.facts.at(row);
            (fact.delivery, fact.text("unit"))
        };
        let mut last: Option<(Interval, FactRow)> = None;
        let mut overlap = false;
        for (next, row) in days {
            if let Some((before, other)) = last {
                let both = next.intersection(&before);
                // What is over is not worth a look any more.
                if !both.is_empty() && unit(row) != unit(other) {
                    overlap |= as_of < both.end;
                    let unit = (RecordKind::Enrolment, String::from("unit"));
                    ahead.changes_on(About::Person(person), Vec::from([unit]), both.end);
                }
            }
            if last.is_none_or(|(before, _)| next.end >= before.end) {
                last = Some((next, row));
            }
        }
        if overlap {
            let subject = person_subject(persons.all.at(person).key);
            let message = "a person is enrolled in two schools on the same days";
            let finding = Finding::new(&codes::OVERLAPPING_ENROLMENTS, subject, message);
            reader
                .notes
                .about(About::Person(person), Class::Place, finding);
        }
    }
}

/// Sets the cells of one affiliation.
struct Filler<'f, 'r, 'a> {
    reader: &'f mut Reader<'r, 'a>,
    references: &'f References<'f>,
    persons: &'f Persons,
    places: &'f Places,
    builder: &'f mut PopulationBuilder,
    kind: RecordKind,
    row: FactRow,
    to: u32,
}

impl Filler<'_, '_, '_> {
    fn fill(&mut self, draft: &Draft, parent: Option<AffiliationRow>, days: &mut Days) {
        self.set("key", Cell::Open(draft.key.clone()));
        for (name, cell) in self.reader.cells(self.kind, self.row, APART) {
            self.set(&name, cell);
        }
        if draft.in_force.start > EVER_BEFORE {
            self.set("start", Cell::Date(draft.in_force.start));
        }
        if let Some(last) = draft.in_force.last_day() {
            self.set("end", Cell::Date(last));
        }
        if let Some(unit) = places::unit(
            self.reader,
            self.references,
            self.places,
            self.kind,
            self.row,
        ) {
            self.link("unit", unit.row());
        }
        match draft.kind {
            AffiliationKind::Employment => {
                for field in ["manager", "hiring_manager"] {
                    let person = places::person(
                        self.reader,
                        self.references,
                        self.persons,
                        self.kind,
                        self.row,
                        field,
                    );
                    if let Some(person) = person {
                        self.link(field, person.row());
                    }
                }
                for leave in &draft.leave {
                    let extent = (RecordKind::Employment, String::from("leave_extent"));
                    let about = About::Person(draft.person);
                    days.changes_within(about, Vec::from([extent]), leave.days);
                }
                let as_of = self.reader.setting.as_of;
                let leave = draft
                    .leave
                    .iter()
                    .filter(|leave| leave.days.contains(as_of))
                    .map(|leave| leave.extent)
                    .max();
                if let Some(extent) = leave {
                    self.set("leave_extent", Cell::Count(extent));
                }
            }
            AffiliationKind::Duty => {
                if let Some(parent) = parent {
                    self.link("parent", parent.row());
                }
            }
            AffiliationKind::Membership => self.group(),
            AffiliationKind::Enrolment => {}
        }
    }

    fn group(&mut self) {
        let world = self.reader.world;
        let fact = world.facts.at(self.row);
        let Some(text) = fact.text("group") else {
            return;
        };
        let found = match self
            .references
            .find(world, fact.delivery, text, &[FactKind::SchoolGroup])
        {
            Found::One(group) if !self.places.groups.contains_key(&group) => Found::Nothing,
            found => found,
        };
        if let Some(group) = places::one(self.reader, self.kind, self.row, "group", found)
            && let Some(group) = self.places.groups.get(&group)
        {
            self.link("group", group.row());
        }
    }

    fn link(&mut self, field: &str, row: u32) {
        self.set(field, Cell::Link(Row::from_row(row)));
    }

    fn set(&mut self, field: &str, cell: Cell) {
        self.builder.set(self.kind, self.to, field, cell);
    }
}
