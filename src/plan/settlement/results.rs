//! How each step went, as the host says.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;

use serde::Deserialize;
use serde::Serialize;

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// The directory has confirmed it.
    Done {
        /// What the directory calls a new object.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object_id: Option<String>,
    },
    /// The directory has refused it.
    Failed,
    /// It was not tried.
    Skipped,
    /// Nobody knows: the answer did not come.
    Unknown,
}

impl StepResult {
    /// Whether the directory has confirmed it.
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

/// How the steps of a plan went, by their ids. A step without a result counts as not tried; a name that it would have given up is
/// reserved all the same, until the account is to keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Results {
    results: BTreeMap<String, StepResult>,
}

impl Results {
    /// Says how a step went.
    pub fn set(&mut self, id: &str, result: StepResult) {
        self.results.insert(id.to_string(), result);
    }

    /// Says that a step was done.
    pub fn done(&mut self, id: &str) {
        self.set(id, StepResult::Done { object_id: None });
    }

    /// How a step went.
    pub fn get(&self, id: &str) -> Option<&StepResult> {
        self.results.get(id)
    }

    /// All of them by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &StepResult)> {
        self.results
            .iter()
            .map(|(id, result)| (id.as_str(), result))
    }

    /// Whether every step that has a result was done.
    pub fn all_done(&self) -> bool {
        self.results.values().all(StepResult::is_done)
    }
}
