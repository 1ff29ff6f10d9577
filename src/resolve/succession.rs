//! Succession: the code that outlasts a re-organisation. A unit that replaces another goes on under that one's code, so that what
//! is made for it by that code, such as a group, stays the same object.
//!
//! Not what a unit is called now. Keeps true: what was once settled stays settled when a source no longer speaks of it; of two
//! units that replace one, only one goes on as it.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::codes;
use crate::base::RowKey;
use crate::base::Text;
use crate::model::Cell;
use crate::model::PopulationBuilder;
use crate::model::RecordKind;
use crate::model::UnitRow;
use crate::resolve::facts::cells::Reader;
use crate::resolve::facts::fact::FactRow;

/// A unit that is there today.
struct Living {
    fact: FactRow,
    code: String,
    /// The code that it should go on under.
    claim: String,
}

/// Sets the lasting code of every unit; gives those that are not the units' own, and all that were known before, by municipality
/// and code.
pub(super) fn settle(
    reader: &mut Reader<'_, '_>,
    units: &BTreeMap<FactRow, UnitRow>,
    known: &BTreeMap<String, String>,
    builder: &mut PopulationBuilder,
) -> BTreeMap<String, String> {
    let replaced = replaced(reader, units);
    // Units that another one replaces, one after the other: while they are still there, both go on under one code.
    let mut before: BTreeSet<String> = BTreeSet::new();
    let mut living: BTreeMap<String, Living> = BTreeMap::new();
    for fact in units.keys() {
        let (name, code) = named(reader, *fact);
        let (claim, chain) = claim(&name, &code, &replaced, known);
        before.extend(chain);
        living.entry(name).or_insert(Living {
            fact: *fact,
            code,
            claim,
        });
    }
    let mut lasting = known.clone();
    lasting.retain(|name, _| !living.contains_key(name));
    let mut given: BTreeSet<String> = BTreeSet::new();
    // Whoever has gone on under a code before does so still; then the first by code.
    let mut order: Vec<&String> = living.keys().collect();
    order.sort_by_key(|name| {
        living
            .get(*name)
            .map(|unit| known.get(*name) != Some(&unit.claim))
    });
    for name in order {
        let Some(unit) = living.get(name) else {
            continue;
        };
        let place = name.strip_suffix(unit.code.as_str()).unwrap_or_default();
        let mut code = &unit.claim;
        let is_taken =
            |given: &mut BTreeSet<String>| !given.insert(alloc::format!("{place}{code}"));
        if *code != unit.code && !before.contains(name) && is_taken(&mut given) {
            let message = "another unit goes on as the one that this one replaces";
            reader.note(
                RecordKind::Unit,
                unit.fact,
                &codes::REPLACED_TWICE,
                "replaces",
                message,
            );
            code = &unit.code;
        }
        if *code != unit.code {
            lasting.insert(name.clone(), code.clone());
        }
    }
    for (fact, unit) in units {
        let (name, code) = named(reader, *fact);
        let code = lasting.get(&name).unwrap_or(&code);
        let cell = Cell::Open(Text::from(code.as_str()));
        builder.set(RecordKind::Unit, unit.row(), "lasting_code", cell);
    }
    lasting
}

/// What each unit says that it replaces: the first of its records that says anything counts, also where it says nobody.
fn replaced(
    reader: &Reader<'_, '_>,
    units: &BTreeMap<FactRow, UnitRow>,
) -> BTreeMap<String, Option<String>> {
    let mut replaced = BTreeMap::new();
    for fact in units.keys() {
        let says = reader.world.facts.at(*fact);
        if says.fields.contains_key("replaces") {
            let (name, _) = named(reader, *fact);
            let first = says.text("replaces").map(ToString::to_string);
            replaced.entry(name).or_insert(first);
        }
    }
    replaced
}

/// The code under which a unit should go on, from one replaced unit to the one that that replaced; and those units. A circle
/// leads nowhere.
fn claim(
    name: &str,
    code: &str,
    replaced: &BTreeMap<String, Option<String>>,
    known: &BTreeMap<String, String>,
) -> (String, BTreeSet<String>) {
    let place = name.strip_suffix(code).unwrap_or_default();
    let mut chain: BTreeSet<String> = BTreeSet::new();
    let mut current = String::from(code);
    let mut of = String::from(name);
    loop {
        match replaced.get(&of) {
            Some(Some(before)) => current.clone_from(before),
            Some(None) => return (current, chain),
            None => {
                let lasting = known.get(&of).cloned();
                return (lasting.unwrap_or(current), chain);
            }
        }
        of = alloc::format!("{place}{current}");
        if of == name || !chain.insert(of.clone()) {
            return (String::from(code), BTreeSet::new());
        }
    }
}

/// How a unit is known: by municipality and code; and its code.
fn named(reader: &Reader<'_, '_>, row: FactRow) -> (String, String) {
    let fact = reader.world.facts.at(row);
    let code = fact.text("code").unwrap_or(&fact.id);
    let of_instance = reader.world.delivery_of(row).municipality.as_deref();
    let municipality = fact.text("municipality").or(of_instance);
    let name = alloc::format!("{}/{code}", municipality.unwrap_or_default());
    (name, String::from(code))
}
