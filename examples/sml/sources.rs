//! From the files of a day to a snapshot: one source instance for each system and place.
//!
//! What a system sends becomes records by the crate's intake; which file belongs to which instance is said here.

use chrono::NaiveDate;

use folkform::intake::Document;
use folkform::intake::navet;
use folkform::intake::procapita;
use folkform::intake::ss12000;
use folkform::intake::tabular;
use folkform::source::Promise;
use folkform::source::Snapshot;
use folkform::source::SourceInstance;

use super::files::Fault;
use super::files::Files;

/// The three systems of tables: the source, its file, and how its rows become records.
const TABLES: [(&str, &str, tabular::Layout<'static>); 3] = [
    (
        "heroma",
        "heroma.csv",
        tabular::Layout {
            kind: tabular::Kind::Is("employment"),
            id: &["ANSTNR"],
        },
    ),
    (
        "units",
        "units.csv",
        tabular::Layout {
            kind: tabular::Kind::Is("unit"),
            id: &["CODE"],
        },
    ),
    (
        "overrides",
        "overrides.csv",
        tabular::Layout {
            kind: tabular::Kind::Column("KIND"),
            id: &["ID"],
        },
    ),
];

/// All that the sources say on a day.
pub(super) fn snapshot(files: &Files, as_of: NaiveDate) -> Result<Snapshot, Fault> {
    let complete = |source: &str, instance: &str| {
        SourceInstance::new(source, instance, Promise::Complete, as_of)
    };
    let mut instances = Vec::new();
    for (source, path, layout) in TABLES {
        if files.has(path) {
            let (header, rows) = files.table(path)?;
            let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let instance = complete(source, "sml").count(count);
            instances.push(tabular::read(instance, layout, header, rows));
        }
    }
    instances.push(procapita::read(
        complete("procapita", "1430").municipality("1430"),
        &procapita::Documents {
            persons: files.xml("procapita/person.xml")?,
            personnel: files.xml("procapita/personnel.xml")?,
            organization: files.xml("procapita/organization.xml")?,
        },
    ));
    for municipality in ["1427", "1484"] {
        let path = |list: &str| format!("ss12000-{municipality}/{list}.json");
        if files.has(&path("persons")) {
            let documents = ss12000::Documents {
                persons: files.json(&path("persons"), Document::from_json)?,
                organisations: files.json(&path("organisations"), Document::from_json)?,
                groups: files.json(&path("groups"), Document::from_json)?,
                duties: files.json(&path("duties"), Document::from_json)?,
                ..ss12000::Documents::default()
            };
            let instance = complete("extens", municipality).municipality(municipality);
            instances.push(ss12000::read(instance, &documents));
        }
    }
    let register: Vec<navet::Posts> = files.xml("navet.xml")?;
    instances.push(navet::read(complete("navet", "sml"), &register));
    Ok(Snapshot::new(instances))
}
