//! The one serial form of a directory, and of what is wanted of it.
//!
//! Both are sealed: each comes from a named call. A text that is not a directory gives an error with a place and a kind, never
//! with what stands there.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::Serialize;

use super::actual::Account;
use super::actual::ClassList;
use super::actual::Directory;
use super::actual::Group;
use super::actual::ObjectId;
use super::dn::Dn;
use crate::base::Text;
use crate::base::canonical_json;

/// A text that is not a directory. It says where, never what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// It is not JSON, or a key or the kind of a value is not one of those of a directory.
    #[error("expected a directory, at line {line}, column {column}")]
    Shape {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A value is not what stands at its place.
    #[error("expected {expected} at `{path}`")]
    Value {
        /// The place, such as `accounts[3].dn`.
        path: String,
        /// What belongs there.
        expected: &'static str,
    },
}

impl Directory {
    /// Reads a directory. Keys that are missing are taken as empty; keys that are unknown are refused.
    pub fn from_json(text: &str) -> Result<Self, DirectoryError> {
        let wire: Wire = serde_json::from_str(text).map_err(|error| DirectoryError::Shape {
            line: error.line(),
            column: error.column(),
        })?;
        let mut directory = Self::default();
        for (index, dn) in wire.containers.iter().enumerate() {
            let dn = read_dn(dn, || alloc::format!("containers[{index}]"))?;
            directory.containers.insert(dn);
        }
        for (index, wire) in wire.accounts.into_iter().enumerate() {
            let account = wire.read(&|key: &str| alloc::format!("accounts[{index}].{key}"))?;
            if directory
                .accounts
                .insert(account.id.clone(), account)
                .is_some()
            {
                return Err(repeated(alloc::format!("accounts[{index}].id")));
            }
        }
        for (index, wire) in wire.groups.into_iter().enumerate() {
            let group = wire.read(&|key: &str| alloc::format!("groups[{index}].{key}"))?;
            if directory.accounts.contains_key(&group.id)
                || directory.groups.contains_key(&group.id)
            {
                return Err(repeated(alloc::format!("groups[{index}].id")));
            }
            directory.groups.insert(group.id.clone(), group);
        }
        for (index, wire) in wire.class_lists.into_iter().enumerate() {
            let path = |key: &str| alloc::format!("class_lists[{index}].{key}");
            let key = read(&wire.key, "a class list key `rule:group`", || path("key"))?;
            let mut rows = BTreeMap::new();
            for (index, row) in wire.rows.into_iter().enumerate() {
                let path = || path(&alloc::format!("rows[{index}].account"));
                let account = read(&row.account, "an account key", path)?;
                if rows.insert(account, texts(row.columns)).is_some() {
                    return Err(repeated(path()));
                }
            }
            let list = ClassList {
                name: Text::from(wire.name),
                rows,
            };
            if directory.class_lists.insert(key, list).is_some() {
                return Err(repeated(path("key")));
            }
        }
        Ok(directory)
    }

    /// Writes the directory. **Sealed**: it holds personal values, of protected persons too.
    pub fn to_sealed_json(&self) -> String {
        canonical_json(&Wire::from(self))
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wire {
    containers: Vec<String>,
    accounts: Vec<WireAccount>,
    groups: Vec<WireGroup>,
    class_lists: Vec<WireClassList>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WireAccount {
    id: String,
    anchor: Option<String>,
    dn: String,
    login: Option<String>,
    mail: Option<String>,
    aliases: Vec<String>,
    enabled: bool,
    hidden: bool,
    attributes: BTreeMap<String, Vec<String>>,
    references: BTreeMap<String, String>,
    licences: Vec<String>,
    services_off: BTreeMap<String, Vec<String>>,
    mailbox: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WireGroup {
    id: String,
    anchor: Option<String>,
    dn: String,
    name: String,
    attributes: BTreeMap<String, Vec<String>>,
    members: Vec<String>,
    references: BTreeMap<String, String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WireClassList {
    key: String,
    name: String,
    rows: Vec<WireRow>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WireRow {
    account: String,
    columns: BTreeMap<String, String>,
}

impl WireAccount {
    fn read(self, path: &dyn Fn(&str) -> String) -> Result<Account, DirectoryError> {
        Ok(Account {
            id: read_id(&self.id, || path("id"))?,
            anchor: match filled(self.anchor) {
                Some(anchor) => Some(read(&anchor, "an account key", || path("anchor"))?),
                None => None,
            },
            dn: read_dn(&self.dn, || path("dn"))?,
            login: filled(self.login),
            mail: filled(self.mail),
            aliases: self
                .aliases
                .into_iter()
                .filter_map(|alias| filled(Some(alias)))
                .collect(),
            enabled: self.enabled,
            hidden: self.hidden,
            attributes: read_attributes(self.attributes, || path("attributes"))?,
            references: read_references(self.references),
            licences: self.licences.into_iter().map(Text::from).collect(),
            services_off: self
                .services_off
                .into_iter()
                .filter(|(_, services)| !services.is_empty())
                .map(|(sku, services)| {
                    let services = services.into_iter().map(Text::from);
                    (Text::from(sku), services.collect())
                })
                .collect(),
            mailbox: filled(self.mailbox),
        })
    }
}

impl WireGroup {
    fn read(self, path: &dyn Fn(&str) -> String) -> Result<Group, DirectoryError> {
        Ok(Group {
            id: read_id(&self.id, || path("id"))?,
            anchor: match filled(self.anchor) {
                Some(anchor) => Some(read(&anchor, "a group key `rule:value`", || {
                    path("anchor")
                })?),
                None => None,
            },
            dn: read_dn(&self.dn, || path("dn"))?,
            name: Text::from(self.name),
            attributes: read_attributes(self.attributes, || path("attributes"))?,
            members: self
                .members
                .into_iter()
                .map(|id| ObjectId(Text::from(id)))
                .collect(),
            references: read_references(self.references),
        })
    }
}

impl From<&Directory> for Wire {
    fn from(directory: &Directory) -> Self {
        let lists = |values: &BTreeMap<Text, Vec<Text>>| {
            let strings = |values: &Vec<Text>| values.iter().map(ToString::to_string).collect();
            values
                .iter()
                .map(|(name, values)| (name.to_string(), strings(values)))
                .collect()
        };
        let strings = |values: &BTreeSet<Text>| values.iter().map(ToString::to_string).collect();
        let text = |value: &Option<Text>| value.as_ref().map(ToString::to_string);
        let references = |values: &BTreeMap<Text, ObjectId>| {
            let one = |(name, id): (&Text, &ObjectId)| (name.to_string(), id.to_string());
            values.iter().map(one).collect()
        };
        Self {
            containers: directory
                .containers
                .iter()
                .map(ToString::to_string)
                .collect(),
            accounts: directory
                .accounts
                .values()
                .map(|account| WireAccount {
                    id: account.id.to_string(),
                    anchor: account.anchor.as_ref().map(ToString::to_string),
                    dn: account.dn.to_string(),
                    login: text(&account.login),
                    mail: text(&account.mail),
                    aliases: strings(&account.aliases),
                    enabled: account.enabled,
                    hidden: account.hidden,
                    attributes: lists(&account.attributes),
                    references: references(&account.references),
                    licences: strings(&account.licences),
                    services_off: account
                        .services_off
                        .iter()
                        .map(|(sku, services)| (sku.to_string(), strings(services)))
                        .collect(),
                    mailbox: text(&account.mailbox),
                })
                .collect(),
            groups: directory
                .groups
                .values()
                .map(|group| WireGroup {
                    id: group.id.to_string(),
                    anchor: group.anchor.as_ref().map(ToString::to_string),
                    dn: group.dn.to_string(),
                    name: group.name.to_string(),
                    attributes: lists(&group.attributes),
                    members: group.members.iter().map(ToString::to_string).collect(),
                    references: references(&group.references),
                })
                .collect(),
            class_lists: directory
                .class_lists
                .iter()
                .map(|(key, list)| WireClassList {
                    key: key.to_string(),
                    name: list.name.to_string(),
                    rows: list
                        .rows
                        .iter()
                        .map(|(account, columns)| WireRow {
                            account: account.to_string(),
                            columns: columns
                                .iter()
                                .map(|(name, value)| (name.to_string(), value.to_string()))
                                .collect(),
                        })
                        .collect(),
                })
                .collect(),
        }
    }
}

/// A text that is there and not empty.
fn filled(text: Option<String>) -> Option<Text> {
    text.filter(|text| !text.is_empty()).map(Text::from)
}

fn read_references(references: BTreeMap<String, String>) -> BTreeMap<Text, ObjectId> {
    let references = references.into_iter();
    references
        .map(|(name, id)| (Text::from(name), ObjectId(Text::from(id))))
        .collect()
}

fn texts(columns: BTreeMap<String, String>) -> BTreeMap<Text, Text> {
    columns
        .into_iter()
        .map(|(name, value)| (Text::from(name), Text::from(value)))
        .collect()
}

fn repeated(path: String) -> DirectoryError {
    DirectoryError::Value {
        path,
        expected: "a value that is not repeated",
    }
}

fn read<T: core::str::FromStr>(
    text: &str,
    expected: &'static str,
    path: impl Fn() -> String,
) -> Result<T, DirectoryError> {
    text.parse().map_err(|_| DirectoryError::Value {
        path: path(),
        expected,
    })
}

fn read_dn(text: &str, path: impl Fn() -> String) -> Result<Dn, DirectoryError> {
    let expected = "a distinguished name";
    let dn: Dn = read(text, expected, &path)?;
    if dn.rdn().is_none() {
        return Err(DirectoryError::Value {
            path: path(),
            expected,
        });
    }
    Ok(dn)
}

fn read_id(text: &str, path: impl Fn() -> String) -> Result<ObjectId, DirectoryError> {
    if text.is_empty() {
        return Err(DirectoryError::Value {
            path: path(),
            expected: "the id of an object",
        });
    }
    Ok(ObjectId(Text::from(text)))
}

/// Attributes without empty values. A name with a range would show a long list as a short one, and everything else as gone.
fn read_attributes(
    attributes: BTreeMap<String, Vec<String>>,
    path: impl Fn() -> String,
) -> Result<BTreeMap<Text, Vec<Text>>, DirectoryError> {
    let mut read: BTreeMap<Text, Vec<Text>> = BTreeMap::new();
    for (name, values) in attributes {
        if name.to_ascii_lowercase().contains(";range=") {
            return Err(DirectoryError::Value {
                path: path(),
                expected: "attributes whose ranges have been joined",
            });
        }
        if read.keys().any(|known| known.eq_ignore_ascii_case(&name)) {
            return Err(repeated(path()));
        }
        let values: Vec<Text> = values
            .into_iter()
            .filter_map(|value| filled(Some(value)))
            .collect();
        if !values.is_empty() {
            read.insert(Text::from(name), values);
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const SMALL: &str = r#"{
        "containers": ["OU=Ort,DC=sml,DC=test"],
        "accounts": [
            {"id": "1", "dn": "CN=annber,OU=Ort,DC=sml,DC=test", "login": "annber", "mail": "", "enabled": true,
             "attributes": {"title": ["Lärare"], "info": []}, "references": {"manager": "2"},
             "licences": ["A3"], "services_off": {"A3": ["YAMMER"], "A1": []}},
            {"id": "2", "anchor": "00112233445566778899aabbccddeeff/staff", "dn": "CN=b,OU=Ort,DC=sml,DC=test"}
        ],
        "groups": [{"id": "3", "anchor": "unit:a", "dn": "CN=sg,OU=Ort,DC=sml,DC=test", "name": "sg", "members": ["1"],
            "references": {"managedBy": "2"}}],
        "class_lists": [{"key": "class:ist/1:7b", "name": "7B",
            "rows": [{"account": "00112233445566778899aabbccddeeff/staff", "columns": {"login": "b"}}]}]
    }"#;

    #[test]
    fn a_directory_survives_its_text() {
        let directory = Directory::from_json(SMALL).unwrap();
        assert_eq!(directory.accounts.len(), 2);
        let first = directory.accounts.values().next().unwrap();
        assert!(first.mail.is_none() && !first.attributes.contains_key("info"));
        let text = directory.to_sealed_json();
        assert!(Directory::from_json(&text).unwrap() == directory);
        assert_eq!(Directory::from_json(&text).unwrap().to_sealed_json(), text);
        assert!(Directory::from_json("{}").unwrap() == Directory::default());
    }

    #[test]
    fn an_error_has_a_place_and_no_value() {
        for (text, place) in [
            ("{\"accounts\": [{\"Hemlig\": 1}]}", "line 1"),
            ("{\"accounts\": [{\"id\": {\"Hemlig\": 1}}]}", "line 1"),
            ("{\"containers\": [\"Hemlig\"]}", "containers[0]"),
            (
                "{\"accounts\": [{\"id\": \"1\", \"anchor\": \"Hemlig\"}]}",
                "accounts[0].anchor",
            ),
            (
                "{\"accounts\": [{\"id\": \"1\", \"dn\": \"\"}]}",
                "accounts[0].dn",
            ),
            (
                "{\"accounts\": [{\"dn\": \"CN=Hemlig\"}]}",
                "accounts[0].id",
            ),
            (
                "{\"groups\": [{\"id\": \"1\", \"dn\": \"CN=a\", \"attributes\": {\"member;Range=0-1499\": [\"Hemlig\"]}}]}",
                "groups[0].attributes",
            ),
            (
                "{\"groups\": [{\"id\": \"1\", \"dn\": \"CN=a\", \"attributes\": {\"info\": [\"a\"], \"INFO\": [\"Hemlig\"]}}]}",
                "groups[0].attributes",
            ),
            (
                "{\"accounts\": [{\"id\": \"1\", \"dn\": \"CN=a\"}], \"groups\": [{\"id\": \"1\", \"dn\": \"CN=Hemlig\"}]}",
                "groups[0].id",
            ),
            (
                "{\"class_lists\": [{\"key\": \"Hemlig\"}]}",
                "class_lists[0].key",
            ),
            (
                "{\"class_lists\": [{\"key\": \"a:b\", \"rows\": [{\"account\": \"Hemlig\"}]}]}",
                "class_lists[0].rows[0].account",
            ),
        ] {
            let error = Directory::from_json(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(place), "{shown}");
            assert!(!shown.contains("Hemlig"), "{shown}");
        }
    }
}
