//! Directories as cases write them, and what somebody changes in one by hand.

use folkform::directory::Directory;
use serde_json::Value;
use serde_json::json;

use super::facts::Words;

/// A directory in the shape of its JSON.
pub(super) fn directory(table: &toml::Table) -> Result<Directory, String> {
    let text = serde_json::to_string(table).map_err(|error| error.to_string())?;
    Directory::from_json(&text).map_err(|error| error.to_string())
}

/// A directory after changes: by the key of an object of ours, or by the id of any. An object that is not there is made where
/// it has a `dn`, and `gone = true` takes one away.
pub(super) fn drifted(
    directory: &Directory,
    drift: &toml::Table,
    words: &Words,
) -> Result<Directory, String> {
    let mut tree: Value = serde_json::from_str(&directory.to_sealed_json()).unwrap();
    for (name, fields) in drift {
        let mut fields = serde_json::to_value(fields).map_err(|error| error.to_string())?;
        let gone = fields
            .as_object_mut()
            .and_then(|fields| fields.remove("gone"));
        let (kind, objects) = ["accounts", "groups", "class_lists"]
            .into_iter()
            .find(|kind| position(&tree[kind], name, words).is_some())
            .map_or(("accounts", None), |kind| {
                (kind, position(&tree[kind], name, words))
            });
        let list = tree[kind].as_array_mut().unwrap();
        match (objects, gone) {
            (Some(position), Some(_)) => {
                let gone = list.remove(position);
                forget(&mut tree, &gone["id"]);
            }
            (Some(position), None) => merge(&mut list[position], fields),
            (None, None) if fields.get("dn").is_some() => {
                let mut object = json!({ "id": name });
                merge(&mut object, fields);
                list.push(object);
            }
            (None, _) => return Err(format!("the directory has no `{name}` that could drift")),
        }
    }
    Directory::from_json(&tree.to_string()).map_err(|error| error.to_string())
}

/// A directory takes what is deleted out of groups and references.
fn forget(tree: &mut Value, id: &Value) {
    for group in tree["groups"].as_array_mut().into_iter().flatten() {
        if let Some(members) = group["members"].as_array_mut() {
            members.retain(|member| member != id);
        }
    }
    for account in tree["accounts"].as_array_mut().into_iter().flatten() {
        if let Some(references) = account["references"].as_object_mut() {
            references.retain(|_, to| to != id);
        }
    }
}

fn position(objects: &Value, name: &str, words: &Words) -> Option<usize> {
    objects.as_array()?.iter().position(|object| {
        ["anchor", "id", "key"]
            .iter()
            .filter_map(|field| object[field].as_str())
            .any(|text| words.say(text) == name)
    })
}

fn merge(object: &mut Value, fields: Value) {
    match (object, fields) {
        (Value::Object(object), Value::Object(fields)) => {
            for (name, value) in fields {
                merge(object.entry(name).or_insert(Value::Null), value);
            }
        }
        (object, value) => *object = value,
    }
}
