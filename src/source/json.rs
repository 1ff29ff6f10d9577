//! Reads a snapshot from its own JSON.
//!
//! Only the frame can fail (the text is no JSON, an instance does not say which it is), with path, line and column and never
//! with a word of the text. A record that cannot be read is a finding of its instance, and loses nothing else: one without
//! kind or id is set aside, and since nobody can say which it was, its instance no longer counts as complete.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde_json::error::Category;

use super::codes;
use super::snapshot::Promise;
use super::snapshot::Record;
use super::snapshot::Snapshot;
use super::snapshot::SourceInstance;
use super::tree::Key;
use super::tree::Tree;
use crate::base::Path;
use crate::base::RawText;
use crate::diagnostic::Finding;

/// What a count is.
const NUMBER: &str = "a whole number that is not below 0";

/// Why a text is no snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It is no JSON.
    #[error("the snapshot is no JSON from line {line}, column {column} on ({kind})")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What kind of mistake it is.
        kind: &'static str,
    },
    /// Something of its frame is missing or of the wrong kind.
    #[error("the snapshot must have {expected}{}", at(path))]
    Shape {
        /// Where.
        path: Path,
        /// What should stand there.
        expected: &'static str,
    },
}

/// Where something is wrong; nothing where it is the whole.
fn at(path: &Path) -> String {
    if path.segments().is_empty() {
        String::new()
    } else {
        alloc::format!(" at `{path}`")
    }
}

impl Snapshot {
    /// Reads a snapshot from its own JSON. The order of instances and records in the text does not matter, and a mark of the byte
    /// order before it is passed over.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let tree: Tree = serde_json::from_str(text).map_err(|error| SnapshotError::Syntax {
            line: error.line(),
            column: error.column(),
            kind: match error.classify() {
                Category::Eof => "it ends too early",
                Category::Data => "a value that cannot be read",
                Category::Syntax | Category::Io => "a mistake in its syntax",
            },
        })?;
        let root = Path::root();
        let mut instances = None;
        for (key, value) in map(tree, &root)? {
            match key.as_str() {
                "instances" => instances = Some(value),
                _ => return Err(shape(&root, "no key but `instances`")),
            }
        }
        let path = root.key("instances");
        let mut snapshot = Self::default();
        for (position, tree) in list(instances, &path)?.into_iter().enumerate() {
            snapshot
                .instances
                .push(instance(tree, &path.index(position))?);
        }
        snapshot.sort();
        Ok(snapshot)
    }
}

fn instance(tree: Tree, path: &Path) -> Result<SourceInstance, SnapshotError> {
    let mut source = None;
    let mut name = None;
    let mut promise = None;
    let mut as_of = None;
    let mut count = None;
    let mut municipality = None;
    let mut records = None;
    let mut scope = None;
    let mut unknown = false;
    for (key, value) in map(tree, path)? {
        match key.as_str() {
            "source" => source = Some(value),
            "instance" => name = Some(value),
            "promise" => promise = Some(value),
            "as_of" => as_of = Some(value),
            "count" => count = Some(value),
            "municipality" => municipality = Some(value),
            "records" => records = Some(value),
            "scope" => scope = Some(value),
            _ => unknown = true,
        }
    }
    let word = |tree: Option<Tree>, key: &str| match text(tree) {
        Some(Some(text)) if !text.reveal().is_empty() => Ok(text),
        _ => Err(shape(&path.key(key), "a text")),
    };
    let source = word(source, "source")?;
    let name = word(name, "instance")?;
    let promise = Promise::from_name(word(promise, "promise")?.reveal())
        .ok_or_else(|| shape(&path.key("promise"), "`complete`, `delta` or `partial`"))?;
    let as_of = word(as_of, "as_of")?
        .reveal()
        .parse::<NaiveDate>()
        .map_err(|_| shape(&path.key("as_of"), "a date such as `2026-11-23`"))?;
    let mut instance = SourceInstance::new(source.reveal(), name.reveal(), promise, as_of);
    instance.count = match text(count) {
        None => return Err(shape(&path.key("count"), NUMBER)),
        Some(None) => None,
        Some(Some(count)) => Some(
            count
                .reveal()
                .parse()
                .map_err(|_| shape(&path.key("count"), NUMBER))?,
        ),
    };
    instance.municipality = match text(municipality) {
        None => return Err(shape(&path.key("municipality"), "a text")),
        Some(code) => code.map(|code| String::from(code.reveal())),
    };
    if let Some(scope) = scope {
        let path = path.key("scope");
        for kind in list(Some(scope), &path)? {
            let kind = text(Some(kind)).flatten();
            let kind = kind.ok_or_else(|| shape(&path, "a list of kinds of record"))?;
            instance.scope.insert(String::from(kind.reveal()));
        }
    }
    if unknown {
        let message = "the instance has a key that is not known";
        let finding = Finding::new(&codes::UNKNOWN_KEY, instance.subject(), message);
        instance.set_aside.push(finding);
    }
    for tree in list(records, &path.key("records"))? {
        if let Some(record) = record(tree, &mut instance) {
            instance.records.push(record);
        }
    }
    Ok(instance)
}

/// One record, or a finding instead of it.
fn record(tree: Tree, instance: &mut SourceInstance) -> Option<Record> {
    let mut kind = None;
    let mut id = None;
    let mut deleted = None;
    let mut fields = None;
    let mut unknown = false;
    let mut repeated = false;
    if let Tree::Map(entries) = tree {
        let mut seen = BTreeSet::new();
        repeated = !entries.iter().all(|(key, _)| seen.insert(key.as_str()));
        for (key, value) in entries {
            match key.as_str() {
                "kind" => kind = Some(value),
                "id" => id = Some(value),
                "deleted" => deleted = Some(value),
                "fields" => fields = Some(value),
                _ => unknown = true,
            }
        }
    }
    if repeated {
        // which of the two is meant nobody can say
        let message = "a record has one key twice";
        lost(instance, &codes::RECORD_SET_ASIDE, message);
        return None;
    }
    let filled = |tree| {
        text(tree)
            .flatten()
            .filter(|text| !text.reveal().is_empty())
    };
    let Some(kind) = filled(kind) else {
        let message = "a record does not say of what kind it is";
        lost(instance, &codes::RECORD_SET_ASIDE, message);
        return None;
    };
    let Some(id) = filled(id) else {
        lost(instance, &codes::RECORD_WITHOUT_ID, "a record has no id");
        return None;
    };
    let mut record = Record::new(kind.reveal(), id.reveal());
    let subject = instance.subject_of(&record.kind, &record.id);
    let mut note = |code, field: &'static str, message: &'static str| {
        let finding = Finding::new(code, subject.clone(), message).field(field);
        let finding = finding.of_record(kind.reveal(), id.reveal());
        instance.set_aside.push(finding);
    };
    match text(deleted) {
        Some(None) => {}
        Some(Some(flag)) if flag.reveal() == "false" => {}
        Some(Some(flag)) if flag.reveal() == "true" => record.deleted = true,
        _ => note(
            &codes::UNREADABLE_FIELD,
            "deleted",
            "`deleted` is neither true nor false",
        ),
    }
    if unknown {
        let message = "the record has a key that is not known";
        note(&codes::UNKNOWN_KEY, "record", message);
    }
    match fields {
        None | Some(Tree::Null) => {}
        Some(Tree::Map(entries)) => {
            for (key, value) in entries {
                match values(value) {
                    Some(values) => record
                        .fields
                        .entry(String::from(key))
                        .or_default()
                        .extend(values),
                    None => note(
                        &codes::UNREADABLE_FIELD,
                        "fields",
                        "a field is neither a text, a list of texts nor null",
                    ),
                }
            }
        }
        Some(_) => note(&codes::UNREADABLE_FIELD, "fields", "`fields` is no object"),
    }
    Some(record)
}

/// Notes a record that is lost: absence proves nothing any more.
fn lost(
    instance: &mut SourceInstance,
    code: &'static crate::diagnostic::Code,
    message: &'static str,
) {
    let finding = Finding::new(code, instance.subject(), message);
    instance.set_aside.push(finding);
    instance.doubt();
}

/// A text, or nothing; `None` where it is something else.
#[expect(
    clippy::option_option,
    reason = "the outer one is the reading, the inner one the value"
)]
fn text(tree: Option<Tree>) -> Option<Option<RawText>> {
    match tree {
        None | Some(Tree::Null) => Some(None),
        Some(Tree::Text(text)) => Some(Some(text)),
        Some(_) => None,
    }
}

/// The values of a field; `None` where it is something else.
fn values(tree: Tree) -> Option<Vec<RawText>> {
    match tree {
        Tree::Null => Some(Vec::new()),
        Tree::Text(text) => Some(alloc::vec![text]),
        Tree::List(items) => items
            .into_iter()
            .map(|item| match item {
                Tree::Text(text) => Some(text),
                _ => None,
            })
            .collect(),
        Tree::Map(_) | Tree::TooDeep => None,
    }
}

/// The keys of an object of the frame, where each stands once.
fn map(tree: Tree, path: &Path) -> Result<Vec<(Key, Tree)>, SnapshotError> {
    let Tree::Map(entries) = tree else {
        return Err(shape(path, "an object"));
    };
    let mut seen = BTreeSet::new();
    if entries.iter().all(|(key, _)| seen.insert(key.as_str())) {
        Ok(entries)
    } else {
        Err(shape(path, "every key once"))
    }
}

fn list(tree: Option<Tree>, path: &Path) -> Result<Vec<Tree>, SnapshotError> {
    match tree {
        Some(Tree::List(items)) => Ok(items),
        _ => Err(shape(path, "a list")),
    }
}

fn shape(path: &Path, expected: &'static str) -> SnapshotError {
    SnapshotError::Shape {
        path: path.clone(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    fn frame(records: &str) -> String {
        format!(
            r#"{{"instances":[{{"source":"heroma","instance":"sml","promise":"complete",
            "as_of":"2026-11-23","count":2,"municipality":"1427","records":[{records}]}}]}}"#
        )
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = frame(
            r#"{"kind":"person","id":"2","fields":{"given_name":"Ada","mail":["a@b.test","c@d.test"],"phone":null}},
               {"kind":"person","id":"1","deleted":true,"fields":{}}"#,
        );
        let snapshot = Snapshot::from_json(&text).unwrap();
        let instance = snapshot.instance("heroma/sml").unwrap();
        assert_eq!((instance.count, instance.set_aside.len()), (Some(2), 0));
        assert_eq!(instance.municipality.as_deref(), Some("1427"));
        assert_eq!(instance.records[0].id, "1");
        assert!(instance.records[0].deleted);
        assert_eq!(instance.records[1].all("mail").len(), 2);
        assert!(instance.records[1].fields.contains_key("phone"));
        let sealed = snapshot.to_sealed_json();
        assert_eq!(Snapshot::from_json(&sealed).unwrap(), snapshot);
        assert_eq!(
            Snapshot::from_json(&sealed).unwrap().to_sealed_json(),
            sealed
        );
    }

    #[test]
    fn the_order_of_the_text_does_not_matter() {
        let one = r#"{"kind":"person","id":"1","fields":{"surname":"Alm"}}"#;
        let other = r#"{"kind":"unit","id":"7","fields":{}}"#;
        let forth = Snapshot::from_json(&frame(&format!("{one},{other}"))).unwrap();
        let back = Snapshot::from_json(&frame(&format!("{other},{one}"))).unwrap();
        assert_eq!(forth, back);
    }

    #[test]
    fn a_bad_record_costs_only_itself() {
        let snapshot = Snapshot::from_json(&frame(
            r#""Hemlig", {"id":"3"}, {"kind":"person"}, {"kind":"person","id":""},
            {"kind":"person","id":"4","Hemlig":1,"deleted":"Hemlig","fields":{"surname":{"Hemlig":1},"sex":"female"}},
            {"kind":"person","id":"5","fields":{"surname":"Alm"}}"#,
        ))
        .unwrap();
        let instance = &snapshot.instances[0];
        let ids: Vec<&str> = instance
            .records
            .iter()
            .map(|record| record.id.as_str())
            .collect();
        assert_eq!(ids, ["4", "5"]);
        assert_eq!(instance.records[0].get("sex").unwrap().reveal(), "female");
        assert_eq!(instance.promise, Promise::Partial);
        let found: Vec<&str> = instance
            .set_aside
            .iter()
            .map(|finding| finding.code.id)
            .collect();
        assert_eq!(found, ["S101", "S102", "S103", "S103", "S104"]);
        assert!(!format!("{:?}", instance.set_aside).contains("Hemlig"));
    }

    #[test]
    fn an_error_says_where_and_never_what() {
        let cases = [
            (r#"{"instances":[{"Hemlig"}]}"#, "line 1, column 24"),
            (r#"{"instances":["#, "it ends too early"),
            (r#"["Hemlig"]"#, "the snapshot must have an object"),
            (r#"{"Hemlig":[]}"#, "no key but `instances`"),
            (
                r#"{"instances":[],"instances":[]}"#,
                "must have every key once",
            ),
            (
                r#"{"instances":[{"source":"a","source":"Hemlig","instance":"b","promise":"delta","as_of":"2026-11-23","records":[]}]}"#,
                "every key once at `instances[0]`",
            ),
            (
                r#"{"instances":[{"source":"a","instance":"b","promise":"delta","as_of":"2026-11-23","count":-1,"records":[]}]}"#,
                "a whole number that is not below 0 at `instances[0].count`",
            ),
            (r#"{"instances":{}}"#, "a list at `instances`"),
            (
                r#"{"instances":[{"source":"a","instance":"b","promise":"Hemlig","as_of":"2026-11-23"}]}"#,
                "at `instances[0].promise`",
            ),
            (
                r#"{"instances":[{"source":"a","instance":"b","promise":"delta","as_of":"Hemlig"}]}"#,
                "at `instances[0].as_of`",
            ),
            (
                r#"{"instances":[{"source":"a","instance":"b","promise":"delta","as_of":"2026-11-23","count":"Hemlig"}]}"#,
                "at `instances[0].count`",
            ),
            (
                r#"{"instances":[{"source":"a","instance":"b","promise":"delta","as_of":"2026-11-23"}]}"#,
                "at `instances[0].records`",
            ),
        ];
        for (text, expected) in cases {
            let error = Snapshot::from_json(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(
                !error.contains("Hemlig") && !error.contains("``"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_mark_of_the_byte_order_is_passed_over() {
        let text = frame(r#"{"kind":"person","id":"1","fields":{}}"#);
        let marked = format!("\u{feff}{text}");
        assert_eq!(Snapshot::from_json(&marked), Snapshot::from_json(&text));
        assert!(Snapshot::from_json(&format!("\u{feff}{marked}")).is_err());
    }

    #[test]
    fn a_record_with_one_key_twice_is_set_aside() {
        let snapshot = Snapshot::from_json(&frame(
            r#"{"kind":"person","id":"1","id":"2","fields":{}}, {"kind":"person","id":"3","fields":{}}"#,
        ))
        .unwrap();
        let instance = &snapshot.instances[0];
        assert_eq!((instance.records.len(), instance.set_aside.len()), (1, 1));
        assert_eq!(instance.promise, Promise::Partial);
    }
}
