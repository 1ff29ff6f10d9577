//! What the rules of the large example take over its persons, against what was promised when they were compiled.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test reads files and may fail"
)]

extern crate std;

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use std::fs;

use chrono::NaiveDate;

use crate::base::Limits;
use crate::directory::Directory;
use crate::front::outcome::Inputs;
use crate::intake::Document;
use crate::intake::navet;
use crate::intake::procapita;
use crate::intake::ss12000;
use crate::intake::tabular;
use crate::language::Sizes;
use crate::language::watched;
use crate::ledger::Ledger;
use crate::rules::Ruleset;
use crate::source::Promise;
use crate::source::Snapshot;
use crate::source::SourceInstance;

fn file(path: &str) -> String {
    let home = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sml");
    fs::read_to_string(format!("{home}/{path}")).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn table(
    instance: SourceInstance,
    path: &str,
    kind: tabular::Kind<'_>,
    id: &str,
) -> SourceInstance {
    let text = file(path);
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_reader(text.as_bytes());
    let cells =
        |record: &csv::StringRecord| -> Vec<String> { record.iter().map(str::to_owned).collect() };
    let header = cells(reader.headers().unwrap());
    let rows: Vec<Vec<String>> = reader.records().map(|row| cells(&row.unwrap())).collect();
    tabular::read(instance, tabular::Layout { kind, id: &[id] }, header, rows)
}

/// What all sources of the example say on its ordinary day.
fn snapshot(as_of: NaiveDate) -> Snapshot {
    let complete = |source: &str, instance: &str| {
        SourceInstance::new(source, instance, Promise::Complete, as_of)
    };
    let xml = |path: &str| file(&format!("data/procapita/{path}.xml"));
    let mut instances = Vec::from([
        table(
            complete("heroma", "sml"),
            "data/heroma.csv",
            tabular::Kind::Is("employment"),
            "ANSTNR",
        ),
        table(
            complete("units", "sml"),
            "data/units.csv",
            tabular::Kind::Is("unit"),
            "CODE",
        ),
        table(
            complete("overrides", "sml"),
            "data/overrides.csv",
            tabular::Kind::Column("KIND"),
            "ID",
        ),
        procapita::read(
            complete("procapita", "1430").municipality("1430"),
            &procapita::Documents {
                persons: Vec::from([quick_xml::de::from_str(&xml("person")).unwrap()]),
                personnel: Vec::from([quick_xml::de::from_str(&xml("personnel")).unwrap()]),
                organization: Vec::from([quick_xml::de::from_str(&xml("organization")).unwrap()]),
            },
        ),
    ]);
    for municipality in ["1427", "1484"] {
        let list = |list: &str| file(&format!("data/ss12000-{municipality}/{list}.json"));
        let documents = ss12000::Documents {
            persons: Vec::from([Document::from_json(&list("persons")).unwrap()]),
            organisations: Vec::from([Document::from_json(&list("organisations")).unwrap()]),
            groups: Vec::from([Document::from_json(&list("groups")).unwrap()]),
            duties: Vec::from([Document::from_json(&list("duties")).unwrap()]),
            ..ss12000::Documents::default()
        };
        let instance = complete("extens", municipality).municipality(municipality);
        instances.push(ss12000::read(instance, &documents));
    }
    let register: navet::Posts = quick_xml::de::from_str(&file("data/navet.xml")).unwrap();
    instances.push(navet::read(
        complete("navet", "sml"),
        &Vec::from([register]),
    ));
    Snapshot::new(instances)
}

/// Every expression of the example that is evaluated stays within its bound; and the bound is a promise worth something.
///
/// A bound counts texts of 1,024 bytes and lists of 256 values wherever data is read, so it is as far from the count as real names
/// are from that: where a text is looked at letter by letter, about a hundred times. The promise is therefore measured twice: with
/// the sizes that the data really has, where bound and count have to be close, and with those of the limits.
#[test]
fn the_bound_holds_and_is_not_absurd() {
    let rules =
        Ruleset::from_toml(&file("rules.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let snapshot = snapshot(as_of);
    let (directory, ledger) = (Directory::default(), Ledger::default());
    let seen = watched(|| {
        let inputs = Inputs {
            snapshot: &snapshot,
            directory: &directory,
            ledger: &ledger,
            as_of,
            salt: b"costs",
            decisions: &[],
        };
        let outcome = rules.evaluate(&inputs).unwrap();
        assert!(outcome.population().len() > 60);
    });
    let limits = Limits::default();
    let promised = Sizes {
        text: limits.read_text,
        list: limits.read_list,
    };
    // No text of the example that an expression reads is longer.
    let real = Sizes { text: 128, list: 8 };
    let mut most: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
    for (program, spent) in &seen {
        let (close, bound) = (program.cost(real), program.cost(promised));
        assert!(
            *spent <= close,
            "{}: {spent} steps, at most {close}",
            program.text()
        );
        assert!(
            close <= bound && bound <= limits.evaluation_steps,
            "{}",
            program.text()
        );
        let known = most
            .entry(program.text().to_owned())
            .or_insert((0, close, bound));
        known.0 = known.0.max(*spent);
    }
    assert!(most.len() > 60, "{} expressions", most.len());
    assert!(seen.len() > 2_000, "{} evaluations", seen.len());
    let mut report: Vec<String> = Vec::new();
    for (text, (spent, close, bound)) in &most {
        report.push(format!("{spent:>6} {close:>6} {bound:>8} {text}"));
    }
    let worst = |of: fn(&(u64, u64, u64)) -> u64| {
        most.values()
            .map(|counts| of(counts).div_ceil(counts.0.max(1)))
            .max()
            .unwrap_or(0)
    };
    let (close, bound) = (worst(|counts| counts.1), worst(|counts| counts.2));
    std::println!("{}\nclose {close} bound {bound}", report.join("\n"));
    assert!(
        close <= 100,
        "{close} times the count\n{}",
        report.join("\n")
    );
    assert!(
        bound <= 1_000,
        "{bound} times the count\n{}",
        report.join("\n")
    );
}
