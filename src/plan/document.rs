//! The plan as a document: ordered steps, guards that were reached, findings. Open, canonical, with a digest.
//!
//! A plan is always there to read. What may be carried out of it is decided by `release`.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use super::kind::StepKind;
use super::step::Raw;
use super::step::Step;
#[cfg(test)]
use crate::base::Leak;
use crate::base::canonical_json;
use crate::base::sha256_hex;
use crate::diagnostic::Findings;
use crate::plan::guards::guard::Trip;
use crate::plan::settlement::memo::Memo;

/// A plan: what would make the directory as it is wanted.
#[derive(Clone)]
pub struct Plan {
    pub(super) parts: Arc<Parts>,
}

/// How many steps of which kind a plan holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Steps by kind.
    pub steps: BTreeMap<StepKind, u64>,
    /// Those of them that are urgent, by kind.
    pub urgent: BTreeMap<StepKind, u64>,
    /// Those of them that a guard holds, by kind.
    pub held: BTreeMap<StepKind, u64>,
}

/// What a plan consists of; shared with what is released of it.
pub(super) struct Parts {
    pub(super) as_of: NaiveDate,
    pub(super) rules: String,
    pub(super) recheck_on: Option<NaiveDate>,
    pub(super) steps: Vec<Step>,
    pub(super) trips: Vec<Trip>,
    pub(super) findings: Findings,
    pub(super) annex: BTreeMap<String, Raw>,
    pub(super) memo: Memo,
}

impl Plan {
    /// The steps in their order, those that a guard holds too.
    pub fn steps(&self) -> &[Step] {
        &self.parts.steps
    }

    /// The guards that were reached.
    pub fn trips(&self) -> &[Trip] {
        &self.parts.trips
    }

    /// What the plan has to say beside its steps.
    pub fn findings(&self) -> &Findings {
        &self.parts.findings
    }

    /// The day of the run.
    pub fn as_of(&self) -> NaiveDate {
        self.parts.as_of
    }

    /// The first day on which another plan may come out of the same inputs: sound, perhaps early.
    pub fn recheck_on(&self) -> Option<NaiveDate> {
        self.parts.recheck_on
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.parts.steps.is_empty()
    }

    /// The plan as canonical JSON. Open: no withheld value of a protected person stands in it.
    pub fn to_json(&self) -> String {
        canonical_json(&json!({
            "as_of": self.parts.as_of,
            "rules": self.parts.rules,
            "recheck_on": self.parts.recheck_on,
            "steps": self.parts.steps,
            "guards": self.parts.trips,
            "findings": self.parts.findings,
        }))
    }

    /// The SHA-256 digest of the plan's JSON.
    pub fn digest(&self) -> String {
        #[cfg(test)]
        if Leak::Digest.is_planted() {
            let sealed = self.parts.memo.observed.to_sealed_json();
            return sha256_hex(alloc::format!("{}{sealed}", self.to_json()).as_bytes());
        }
        sha256_hex(self.to_json().as_bytes())
    }

    /// What each `sealed:…` of the plan stands for. **Sealed.**
    pub fn annex(&self) -> String {
        let value = |raw: &Raw| match raw {
            Raw::Nothing => Value::Null,
            Raw::Text(text) => json!(text),
            Raw::List(texts) => json!(texts),
        };
        let annex: BTreeMap<&String, Value> = self
            .parts
            .annex
            .iter()
            .map(|(id, raw)| (id, value(raw)))
            .collect();
        canonical_json(&annex)
    }

    /// How many steps of which kind there are.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        let add = |counts: &mut BTreeMap<StepKind, u64>, kind| {
            let count = counts.entry(kind).or_default();
            *count = count.saturating_add(1);
        };
        for step in &self.parts.steps {
            add(&mut summary.steps, step.kind);
            if step.urgent {
                add(&mut summary.urgent, step.kind);
            }
            if step.holds.is_some() {
                add(&mut summary.held, step.kind);
            }
        }
        summary
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return formatter.write_str("nothing to do");
        }
        for (index, (kind, count)) in self.steps.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            write!(formatter, "{count} {kind}")?;
            if let Some(held) = self.held.get(kind) {
                write!(formatter, " ({held} held)")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Plan({}, {})", self.parts.as_of, self.summary())
    }
}
