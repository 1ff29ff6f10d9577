//! Random populations of the real model, and the dice that choose them. No person of them makes sense.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use chrono::Days;
use chrono::NaiveDate;

use super::as_of;
use crate::base::Interval;
use crate::base::PersonKey;
use crate::base::RowKey;
use crate::base::Secret;
use crate::base::Text;
use crate::model::Affiliation;
use crate::model::AffiliationKind;
use crate::model::Cell;
use crate::model::CellKind;
use crate::model::Person;
use crate::model::Population;
use crate::model::PopulationBuilder;
use crate::model::Protection;
use crate::model::RecordKind;
use crate::model::Row;
use crate::model::Verdict;
use crate::rules::Compiled;

/// Choices from bytes; where they end, every choice is the first one.
pub(super) struct Dice<'a>(pub(super) &'a [u8]);

impl Dice<'_> {
    pub(super) fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first).checked_rem(count).unwrap_or(0)
    }

    pub(super) fn pick<'t, T>(&mut self, among: &'t [T]) -> &'t T {
        let at = self.below(among.len());
        among.get(at).unwrap()
    }
}

pub(super) const TEXTS: [&str; 12] = [
    "",
    "a",
    "Åsa",
    "von Å",
    "1430",
    "1484",
    "9999",
    "a,b,,c",
    "2026-08-31",
    "😀é",
    "skola",
    "%s[",
];

fn text(dice: &mut Dice<'_>) -> Text {
    match dice.below(16) {
        // as long as may be read, and longer
        0 => "x".repeat(1_024).into(),
        1 => "é".repeat(600).into(),
        _ => Text::from(*dice.pick(&TEXTS)),
    }
}

fn day(dice: &mut Dice<'_>) -> NaiveDate {
    let days = [0, 1, 30, 365, 40_000, 700_000];
    let later = Days::new(*dice.pick(&days));
    let from = if dice.below(2) == 0 {
        as_of()
    } else {
        NaiveDate::from_ymd_opt(1900, 2, 28).unwrap()
    };
    from.checked_add_days(later).unwrap_or(from)
}

/// Persons with affiliations of all kinds, units below each other, and random cells in every field.
pub(super) fn population(rules: &Compiled, dice: &mut Dice<'_>) -> Population {
    let mut builder = PopulationBuilder::new(rules.schema.clone());
    let units: Vec<u32> = (0..3).map(|_| builder.add_unit().row()).collect();
    for pair in units.windows(2) {
        if let [below, above] = pair
            && dice.below(2) == 0
        {
            builder.set_unit_parent(RowKey::from_row(*below), RowKey::from_row(*above));
        }
    }
    let groups: Vec<u32> = (0..2).map(|_| builder.add_school_group().row()).collect();
    let mut keys: Vec<PersonKey> = (0..3)
        .map(|number: u32| PersonKey::mint(b"s", &[&format!("{number}")]))
        .collect();
    keys.sort();
    let mut rows: BTreeMap<RecordKind, Vec<u32>> =
        BTreeMap::from([(RecordKind::Unit, units), (RecordKind::SchoolGroup, groups)]);
    for key in keys {
        let person = builder.add_person(Person {
            key,
            protection: Protection::default(),
            verdict: *dice.pick(&Verdict::ALL),
            suspended_from: None,
            leaving: None,
            held: false,
        });
        for kind in [
            RecordKind::Person,
            RecordKind::Number,
            RecordKind::Alias,
            RecordKind::Register,
            RecordKind::Other,
        ] {
            rows.entry(kind).or_default().push(person.row());
        }
        for kind in AffiliationKind::ALL {
            let start = day(dice).min(as_of());
            let row = builder.add_affiliation(Affiliation {
                key: format!("{kind}-{}", person.row()).into(),
                kind,
                person,
                in_force: Interval::new(start, as_of().checked_add_days(Days::new(30)).unwrap()),
                leave: Vec::new(),
                parent: None,
                frozen: false,
            });
            rows.entry(kind.record()).or_default().push(row.row());
        }
    }
    for field in rules.schema.fields() {
        for row in rows.get(&field.record).into_iter().flatten() {
            if dice.below(4) == 0 {
                continue;
            }
            let cell = match field.cell {
                CellKind::Open => Cell::Open(text(dice)),
                CellKind::Personal => Cell::Personal(Secret::new(text(dice))),
                CellKind::Several => {
                    // as many as may be read, and more
                    let count = *dice.pick(&[0, 1, 3, 256, 257]);
                    let one = text(dice);
                    Cell::Several((0..count).map(|_| Secret::new(one.clone())).collect())
                }
                CellKind::Word(name) => {
                    let id = rules.schema.enumeration(name).unwrap();
                    Cell::Open(dice.pick(rules.schema.language.enum_values(id)).clone())
                }
                CellKind::Date => Cell::Date(day(dice)),
                CellKind::Count => Cell::Count(*dice.pick(&[0, 1, -1, 1_000, i64::MAX, i64::MIN])),
                CellKind::Flag => Cell::Flag(dice.below(2) == 0),
                CellKind::Link(kind) => match rows.get(&kind) {
                    Some(to) => Cell::Link(Row::from_row(*dice.pick(to))),
                    None => continue,
                },
            };
            builder.set(field.record, *row, &field.name, cell);
        }
    }
    builder.build()
}
