//! Documents of source systems in an example: parsed as a host would, and read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use folkform::intake::Document;
use folkform::intake::navet;
use folkform::intake::procapita;
use folkform::intake::ss12000;
use folkform::intake::tabular;
use folkform::source::Promise;
use folkform::source::SourceInstance;
use serde::de::DeserializeOwned;

use super::page::Block;

/// The instance that the documents of an example give.
pub(crate) fn read(blocks: &[Block]) -> SourceInstance {
    let texts: BTreeMap<&str, &str> = blocks
        .iter()
        .map(|block| (block.what.as_str(), block.text.as_str()))
        .collect();
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let instance = |source: &str| {
        SourceInstance::new(source, "1430", Promise::Complete, day).municipality("1430")
    };
    let what = blocks[0].what.as_str();
    if what == "xml navet" {
        navet::read(instance("navet"), &xml(&texts, what))
    } else if what.starts_with("xml procapita") {
        let documents = procapita::Documents {
            persons: xml(&texts, "xml procapita person"),
            personnel: xml(&texts, "xml procapita personnel"),
            organization: xml(&texts, "xml procapita organization"),
        };
        procapita::read(instance("procapita"), &documents)
    } else if what.starts_with("json ss12000") {
        let documents = ss12000::Documents {
            persons: json(&texts, "json ss12000 persons", Document::from_json),
            groups: json(&texts, "json ss12000 groups", Document::from_json),
            duties: json(&texts, "json ss12000 duties", Document::from_json),
            ..ss12000::Documents::default()
        };
        ss12000::read(instance("ss12000"), &documents)
    } else if what == "csv" {
        let layout = tabular::Layout {
            kind: tabular::Kind::Is("employment"),
            id: &["ID"],
        };
        let mut rows = texts[what]
            .lines()
            .map(|line| line.split(';').collect::<Vec<&str>>());
        let header = rows.next().unwrap();
        tabular::read(instance("table"), layout, header, rows)
    } else {
        panic!("nobody knows how to read `{what}`")
    }
}

fn xml<T: DeserializeOwned>(texts: &BTreeMap<&str, &str>, what: &str) -> Vec<T> {
    let text = texts.get(what);
    text.map(|text| quick_xml::de::from_str(text).unwrap())
        .into_iter()
        .collect()
}

fn json<T, E: std::fmt::Debug>(
    texts: &BTreeMap<&str, &str>,
    what: &str,
    read: impl Fn(&str) -> Result<T, E>,
) -> Vec<T> {
    let text = texts.get(what);
    text.map(|text| read(text).unwrap()).into_iter().collect()
}
