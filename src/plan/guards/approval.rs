//! Approvals: what somebody has agreed to that a guard would hold.
//!
//! An approval names guard, slice and the set of objects, so that it covers every later plan whose slice is a subset: a phone
//! number that changes elsewhere does not void it, one more object does.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use super::guard::Trip;
use crate::base::Text;
use crate::base::canonical_json;
use crate::base::sha256_hex;
use crate::directory::Slice;
use crate::plan::kind::StepKind;

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The guard.
    pub guard: StepKind,
    /// The slice; none for the total over all slices.
    pub slice: Option<Slice>,
    /// Digests of kind and object, see [`object_digest`].
    pub objects: BTreeSet<String>,
    /// The last day on which it holds.
    pub until: NaiveDate,
    /// Who gave it.
    pub by: String,
}

/// All approvals that a host has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approvals {
    /// One by one; their order carries no meaning.
    pub approvals: Vec<Approval>,
}

/// A text that is not a list of approvals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a list of approvals, at line {line}, column {column}")]
pub struct ApprovalsError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl Approvals {
    /// Reads a list of `{"guard", "slice": {"municipality", "population"}, "objects", "until", "by"}`. Without a slice an
    /// approval speaks of the total over all slices.
    pub fn from_json(text: &str) -> Result<Self, ApprovalsError> {
        let wire: Vec<WireApproval> =
            serde_json::from_str(text).map_err(|error| ApprovalsError {
                line: error.line(),
                column: error.column(),
            })?;
        let approvals = wire.into_iter().map(WireApproval::read).collect();
        Ok(Self { approvals })
    }

    /// Writes the list.
    pub fn to_json(&self) -> String {
        canonical_json(
            &self
                .approvals
                .iter()
                .map(WireApproval::from)
                .collect::<Vec<_>>(),
        )
    }

    /// Whether a guard that was reached is approved of, on a day.
    pub(crate) fn cover(&self, trip: &Trip, day: NaiveDate) -> bool {
        self.approvals.iter().any(|approval| {
            approval.guard == trip.guard
                && approval.slice == trip.slice
                && day <= approval.until
                && trip.objects.is_subset(&approval.objects)
        })
    }
}

/// The digest by which an approval names an object: SHA-256 of the kind of step, a line feed and the object's key.
pub fn object_digest(kind: StepKind, object: &str) -> String {
    sha256_hex(alloc::format!("{kind}\n{object}").as_bytes())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireApproval {
    guard: StepKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slice: Option<WireSlice>,
    objects: BTreeSet<String>,
    until: NaiveDate,
    by: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSlice {
    #[serde(default)]
    municipality: String,
    #[serde(default)]
    population: String,
}

impl WireApproval {
    fn read(self) -> Approval {
        Approval {
            guard: self.guard,
            slice: self.slice.map(|slice| Slice {
                municipality: Text::from(slice.municipality),
                population: Text::from(slice.population),
            }),
            objects: self.objects,
            until: self.until,
            by: self.by,
        }
    }
}

impl From<&Approval> for WireApproval {
    fn from(approval: &Approval) -> Self {
        Self {
            guard: approval.guard,
            slice: approval.slice.as_ref().map(|slice| WireSlice {
                municipality: String::from(&*slice.municipality),
                population: String::from(&*slice.population),
            }),
            objects: approval.objects.clone(),
            until: approval.until,
            by: approval.by.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approvals_survive_their_text() {
        let digest = object_digest(StepKind::Disable, "a/staff");
        assert_eq!(digest, sha256_hex(b"disable\na/staff"));
        let text = alloc::format!(
            r#"[{{"guard":"disable","slice":{{"municipality":"1430","population":"pupil"}},"objects":["{digest}"],"until":"2026-12-01","by":"anna"}},
                {{"guard":"move","objects":[],"until":"2026-12-01","by":"anna"}}]"#
        );
        let approvals = Approvals::from_json(&text).unwrap();
        assert_eq!(
            Approvals::from_json(&approvals.to_json()),
            Ok(approvals.clone())
        );
        assert!(approvals.approvals[0].slice.is_some() && approvals.approvals[1].slice.is_none());
        let error = Approvals::from_json(r#"[{"guard":"Hemlig"}]"#).unwrap_err();
        assert!(!alloc::format!("{error} {error:?}").contains("Hemlig"));
    }
}
