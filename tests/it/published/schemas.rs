//! The schemas of Procapita and SS12000: everything that they allow is read, or a finding says that it is not.

use std::fmt::Write as _;

use chrono::NaiveDate;
use folkform::base::RawText;
use folkform::intake::Document;
use folkform::intake::procapita;
use folkform::intake::ss12000;
use folkform::source::Promise;
use folkform::source::SourceInstance;
use serde_json::Value;
use serde_json::json;

use super::file;
use super::json;
use super::sample::Part;
use super::sample::of_schema;

fn instance(source: &str) -> SourceInstance {
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    SourceInstance::new(source, "1430", Promise::Complete, as_of).municipality("1430")
}

/// All that a reader makes of a document: records with their values, findings, and what is left of the promise.
fn shown(instance: &SourceInstance) -> String {
    let mut text = format!("{:?}\n", instance.promise);
    for record in &instance.records {
        let gone = if record.deleted { " gone" } else { "" };
        text.extend([record.kind.as_str(), " ", record.id.as_str(), gone]);
        for (name, values) in &record.fields {
            let values: Vec<&str> = values.iter().map(RawText::reveal).collect();
            text.extend(["; ", name, "=", &values.join(",")]);
        }
        text.push('\n');
    }
    for finding in &instance.set_aside {
        writeln!(
            text,
            "{} {} {}",
            finding.code.id, finding.subject, finding.message
        )
        .unwrap();
    }
    text
}

/// Whether a part gives no fact by itself: an id that only brings documents together, the word that says which of several ids
/// counts, and the language of a text.
fn only_joins(path: &str) -> bool {
    let paths = [
        "/personnel/person/id",
        "/person-root/person/sourcedid/id",
        "/enterprise/teacherorganization/unit/teacher/personid",
    ];
    paths.contains(&path) || path.ends_with("/@sourcedidtype") || path.ends_with("/@lang")
}

/// The parts of a sample of which neither absence nor another value makes a difference, and that do not stand in a part that
/// is told of as a whole.
fn unseen(sample: &Part, read: &dyn Fn(&Part) -> String) -> Vec<String> {
    let whole = read(sample);
    let told = |part: &Part| {
        let sample = part.path.split('/').filter(|name| !name.is_empty());
        let mut names = sample.collect::<Vec<_>>();
        names.pop();
        names
            .iter()
            .any(|name| whole.contains(&format!("`{name}` of `")))
    };
    let mut unseen = Vec::new();
    for part in sample.all().into_iter().skip(1) {
        let others = part.values.iter().skip(1);
        let changes = read(&sample.without(&part.path)) != whole
            || others
                .clone()
                .any(|value| read(&sample.with(&part.path, value)) != whole);
        if !changes && !told(part) && !only_joins(&part.path) {
            unseen.push(part.path.clone());
        }
    }
    unseen
}

fn xml<T>(sample: &Part) -> Vec<Document<T>>
where
    Document<T>: serde::de::DeserializeOwned,
{
    vec![quick_xml::de::from_str(&sample.xml()).unwrap_or_else(|error| panic!("{error}"))]
}

/// Ids that fit together, so that the parts of a document find each other.
fn fitting(path: &str) -> Option<Vec<&'static str>> {
    let ends = |end: &str| path.ends_with(end);
    let values: &[&str] = match () {
        () if ends("/person/userid") => &["0a1b2c3d-0000-4000-8000-00000000000f"],
        () if ends("/mergeduser") => &["0a1b2c3d-0000-4000-8000-00000000000e", "else"],
        () if ends("/member/sourcedid/id") || ends("/person/sourcedid/id") => &["p1", "p2"],
        () if ends("/group/sourcedid/id") || ends("/membership/sourcedid/id") => &["g1", "g2"],
        () if ends("/role/status") => &["1", "0"],
        () if ends("/activity/cancelled") => &["false", "true"],
        () if ends("/teacher/id") => &["p1", "p9"],
        () if ends("/class/id") => &["g1", "g3"],
        () if ends("/educationgroup/id") => &["g4", "g5"],
        () if ends("/typevalue") => &["Class", "Unit", "ContactGroup"],
        () if ends("/org/id") => &["99143001", "99143002"],
        () if ends("/idtype") => &["1", "2"],
        () if ends("/privacy/@level") => &["1", "2", "3"],
        () if ends("/percent") => &["50", "75"],
        () if ends("/gender") => &["K", "M"],
        () => return None,
    };
    Some(values.to_vec())
}

fn procapita_parts(name: &str, root: &str, read: &dyn Fn(&Part) -> procapita::Documents) {
    let Some(schema) = file(&format!("procapita/{name}.xsd")) else {
        return;
    };
    let sample = of_schema(&schema, root, &fitting);
    let n_parts = sample.all().len() - 1;
    let unseen = unseen(&sample, &|sample| {
        shown(&procapita::read(instance("procapita"), &read(sample)))
    });
    assert!(
        unseen.is_empty(),
        "dropped without a finding:\n{}\nof\n{}",
        unseen.join("\n"),
        sample.xml()
    );
    println!("{name}: {n_parts} elements and attributes, none is dropped without a finding");
}

#[test]
fn procapita_persons() {
    procapita_parts("tieto-edu-person-v6", "person-root", &|sample| {
        procapita::Documents {
            persons: xml(sample),
            ..procapita::Documents::default()
        }
    });
}

#[test]
fn procapita_personnel() {
    procapita_parts("tieto-edu-personnel-v8", "personnel", &|sample| {
        procapita::Documents {
            personnel: xml(sample),
            ..procapita::Documents::default()
        }
    });
}

#[test]
fn procapita_organization() {
    procapita_parts("tieto-edu-organization-v12", "enterprise", &|sample| {
        procapita::Documents {
            organization: xml(sample),
            ..procapita::Documents::default()
        }
    });
}

/// Everything that a JSON schema allows, as one value.
fn everything(schema: &Value, at: &str) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        let mut file = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() {
                file.push('-');
            }
            file.extend(letter.to_lowercase());
        }
        let inner = json(&format!("ss12000/schema/{file}.schema.json")).unwrap();
        return everything(&inner, at);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[words.len() - 1].clone();
    }
    let kind = schema["type"]
        .as_array()
        .map_or(&schema["type"], |kinds| &kinds[0]);
    match kind.as_str() {
        Some("object") => {
            let fields = schema["properties"].as_object().unwrap();
            let fields = fields
                .iter()
                .map(|(name, schema)| (name.clone(), everything(schema, &format!("{at}/{name}"))));
            Value::Object(fields.collect())
        }
        Some("array") => json!([everything(&schema["items"], at)]),
        Some("boolean") => json!(true),
        Some("integer" | "number") => json!(7),
        _ if schema["format"] == "date" || at.ends_with("Date") => json!("2026-02-03"),
        _ if schema["format"] == "uuid" => json!("0a1b2c3d-0000-4000-8000-00000000000f"),
        _ => json!(format!("text of {at}")),
    }
}

/// The places of all values within one, as JSON pointers.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let at = format!("{at}/{name}");
                into.push(at.clone());
                places(value, &at, into);
            }
        }
        Value::Array(items) => {
            for (number, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{number}"), into);
            }
        }
        _ => {}
    }
}

#[test]
fn ss12000_entities() {
    let Some(_) = json("ss12000/schema/person.schema.json") else {
        return;
    };
    let of = |name: &str| everything(&json!({ "$ref": format!("/schemas/{name}") }), name);
    let all = json!({
        "persons": [of("person")],
        "organisations": [of("organisation")],
        "groups": [of("group")],
        "duties": [of("duty")],
        "activities": [of("activity")],
    });
    let read = |all: &Value| {
        let list = |name: &str| json!({ "data": all[name], "pageToken": null }).to_string();
        let documents = ss12000::Documents {
            persons: vec![Document::from_json(&list("persons")).unwrap()],
            organisations: vec![Document::from_json(&list("organisations")).unwrap()],
            groups: vec![Document::from_json(&list("groups")).unwrap()],
            duties: vec![Document::from_json(&list("duties")).unwrap()],
            activities: vec![Document::from_json(&list("activities")).unwrap()],
            ..ss12000::Documents::default()
        };
        shown(&ss12000::read(instance("ss12000"), &documents))
    };
    let whole = read(&all);
    assert!(
        !whole.contains("I102"),
        "a name of the schemas is not known:\n{whole}"
    );
    let mut at = Vec::new();
    places(&all, "", &mut at);
    at.retain(|place| place.matches('/').count() > 2);
    let mut unseen = Vec::new();
    for place in &at {
        let (above, name) = place.rsplit_once('/').unwrap();
        let mut less = all.clone();
        let fields = less.pointer_mut(above).unwrap();
        fields.as_object_mut().unwrap().remove(name);
        let mut private = all.clone();
        *private.pointer_mut(place).unwrap() = json!("Privat");
        let told = |name: &str| whole.contains(&format!("`{name}` of `"));
        let told = place.split('/').any(|name| !name.is_empty() && told(name));
        if !told && [less, private].iter().all(|other| read(other) == whole) {
            unseen.push(place.as_str());
        }
    }
    assert!(
        unseen.is_empty(),
        "dropped without a finding:\n{}\nof\n{all:#}\n{whole}",
        unseen.join("\n")
    );
    println!(
        "ss12000: {} names of the schemas, none is dropped without a finding",
        at.len()
    );
}
