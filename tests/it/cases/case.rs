//! What a case may say: `tests/cases/README.md` describes it for those who write one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// One case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What it shows, in one sentence.
    pub(super) title: String,
    /// The row of the matrix that it belongs to, and the day that the row is about.
    #[serde(default)]
    pub(super) situation: Option<Situation>,
    /// Another topic whose rules and snapshot it starts from.
    #[serde(default)]
    pub(super) base: Option<String>,
    /// Changes of the topic's rules.
    #[serde(default)]
    pub(super) rules: Edit,
    /// The directory at the start, in the shape of its JSON.
    #[serde(default)]
    pub(super) directory: Option<toml::Table>,
    /// Values of protected persons that a policy `include` lets through.
    #[serde(default)]
    pub(super) shows: Vec<String>,
    /// The runs, in the order of time.
    pub(super) run: Vec<Run>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Situation {
    pub(super) name: String,
    pub(super) day: String,
}

/// A change of a rule file: texts that are replaced, each of which must be there, and text that is added at the end.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Edit {
    pub(super) replace: Vec<(String, String)>,
    pub(super) add: String,
}

/// One run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    /// The day.
    pub(super) on: String,
    /// Lines on top of the snapshot of the run before.
    #[serde(default)]
    pub(super) snapshot: String,
    /// Changes of the rules from this run on.
    #[serde(default)]
    pub(super) rules: Edit,
    /// What somebody has changed in the directory by hand, by key or id of the object.
    #[serde(default)]
    pub(super) drift: toml::Table,
    /// `lost`, or `rebuilt` from the directory.
    #[serde(default)]
    pub(super) ledger: Option<String>,
    /// Decisions of the host, such as `suspend tove 2026-11-24`.
    #[serde(default)]
    pub(super) decisions: Vec<String>,
    /// Guards that are approved of as they were reached here, such as `disable 1430 staff`; kept for later runs.
    #[serde(default)]
    pub(super) approve: Vec<String>,
    /// `all` that no guard holds (nothing said), the `urgent` part, or `nothing`: then only what was seen is remembered.
    #[serde(default)]
    pub(super) release: Option<String>,
    /// How steps go that are not done, by how they begin.
    #[serde(default)]
    pub(super) results: BTreeMap<String, String>,
    /// What must come of it.
    #[serde(default)]
    pub(super) expect: toml::Table,
}

impl Edit {
    pub(super) fn is_empty(&self) -> bool {
        self.replace.is_empty() && self.add.is_empty()
    }

    /// The rules after the change.
    pub(super) fn apply(&self, rules: &str) -> Result<String, String> {
        let mut rules = rules.to_owned();
        for (from, to) in &self.replace {
            if !rules.contains(from) {
                return Err(format!("the rules do not have `{from}`"));
            }
            rules = rules.replace(from, to);
        }
        Ok(format!("{rules}\n{}", self.add))
    }
}

/// A case with the files around it.
pub(super) struct Found {
    /// `topic/case`.
    pub(super) name: String,
    pub(super) case: Case,
    /// The rules before the case's changes.
    pub(super) rules: String,
    /// The lines before the case's own.
    pub(super) snapshot: String,
}

/// All cases below a folder, in the order of their names; a topic without a single case is none.
pub(super) fn all(root: &Path) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    for topic in folders(root) {
        let cases = folders(&topic);
        if !cases.iter().any(|folder| folder.join("case.toml").exists()) {
            continue;
        }
        for folder in cases {
            found.push(one(&topic, &folder)?);
        }
    }
    Ok(found)
}

fn one(topic: &Path, folder: &Path) -> Result<Found, String> {
    let last = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let name = format!("{}/{}", last(topic), last(folder));
    let text = fs::read_to_string(folder.join("case.toml"))
        .map_err(|error| format!("{name}: no case.toml can be read: {error}"))?;
    let case: Case = toml::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
    // A folder with rules of its own starts from nothing but its own.
    let own = folder.join("rules.toml").exists();
    let other = case.base.as_ref().map(|base| topic.with_file_name(base));
    let base = if own {
        folder
    } else {
        other.as_deref().unwrap_or(topic)
    };
    let rules = fs::read_to_string(base.join("rules.toml"))
        .map_err(|error| format!("{name}: no rules.toml can be read: {error}"))?;
    let snapshot = fs::read_to_string(base.join("snapshot.txt")).unwrap_or_default();
    Ok(Found {
        name,
        case,
        rules,
        snapshot,
    })
}

fn folders(of: &Path) -> Vec<std::path::PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(of)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}
