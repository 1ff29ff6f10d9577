//! Writes a snapshot as its own JSON, a sealed document: it holds every value in clear.
//!
//! Keys, instances, records and fields stand in one order, so that equal snapshots give equal bytes. What was set aside is
//! not part of it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;

use super::snapshot::Record;
use super::snapshot::Snapshot;
use crate::base::RawText;

impl Snapshot {
    /// The whole snapshot as JSON, every value in clear. Whoever calls this answers for where it goes.
    pub fn to_sealed_json(&self) -> String {
        let mut sorted = self.clone();
        sorted.sort();
        let instances = sorted
            .instances
            .iter()
            .map(|instance| SealedInstance {
                source: &instance.source,
                instance: &instance.instance,
                promise: instance.promise.name(),
                as_of: alloc::format!("{}", instance.as_of),
                count: instance.count,
                municipality: instance.municipality.as_deref(),
                scope: instance.scope.iter().map(String::as_str).collect(),
                records: instance.records.iter().map(SealedRecord).collect(),
            })
            .collect();
        serde_json::to_string(&SealedSnapshot { instances }).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct SealedSnapshot<'a> {
    instances: Vec<SealedInstance<'a>>,
}

#[derive(Serialize)]
struct SealedInstance<'a> {
    source: &'a str,
    instance: &'a str,
    promise: &'static str,
    as_of: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    municipality: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scope: Vec<&'a str>,
    records: Vec<SealedRecord<'a>>,
}

struct SealedRecord<'a>(&'a Record);

impl Serialize for SealedRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", &self.0.kind)?;
        map.serialize_entry("id", &self.0.id)?;
        if self.0.deleted {
            map.serialize_entry("deleted", &true)?;
        }
        map.serialize_entry("fields", &SealedFields(self.0))?;
        map.end()
    }
}

struct SealedFields<'a>(&'a Record);

impl Serialize for SealedFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.fields.len()))?;
        for (name, values) in &self.0.fields {
            let texts: Vec<&str> = values.iter().map(RawText::reveal).collect();
            match texts.as_slice() {
                [] => map.serialize_entry(name, &())?,
                [text] => map.serialize_entry(name, text)?,
                several => map.serialize_entry(name, several)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Promise;
    use crate::source::Record;
    use crate::source::Snapshot;
    use crate::source::SourceInstance;

    #[test]
    fn the_shape_is_as_the_guide_says() {
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let snapshot = Snapshot::new([SourceInstance::new("a", "b", Promise::Delta, as_of)
            .record(
                Record::new("person", "1")
                    .with("mail", "x")
                    .with("mail", "y")
                    .with("surname", "Alm")
                    .without("phone")
                    .gone(),
            )]);
        assert_eq!(
            snapshot.to_sealed_json(),
            r#"{"instances":[{"source":"a","instance":"b","promise":"delta","as_of":"2026-11-23","records":[{"kind":"person","id":"1","deleted":true,"fields":{"mail":["x","y"],"phone":null,"surname":"Alm"}}]}]}"#
        );
    }
}
