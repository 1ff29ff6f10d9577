//! Guards as data: what a plan may do without being asked.
//!
//! They count steps, never look at values, and are plain: whoever reads them from rules makes them here. How they are counted
//! stands in `count.rs`. Tighter limits always hold more.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use chrono::Datelike;
use chrono::NaiveDate;
use serde::Serialize;

use super::approval::Approval;
use super::tally::Tally;
use crate::diagnostic::OpenText;
use crate::directory::Slice;
use crate::plan::cause::CauseKind;
use crate::plan::kind::StepKind;

/// What happens when a guard trips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The steps of the slice are held, with all that depends on them; the rest goes on.
    Slice,
    /// Nothing is released but the urgent part.
    All,
    /// There is a finding.
    Warn,
}

/// Other limits between two days of every year, both included. It may go over the turn of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season {
    /// The first day, as month and day.
    pub from: (u32, u32),
    /// The last day, as month and day.
    pub to: (u32, u32),
    /// The greatest count then; where there is none, that of the guard.
    pub most: Option<u64>,
    /// The greatest share then, per mille; where there is none, that of the guard.
    pub share_per_mille: Option<u32>,
}

/// A guard on one kind of step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The kind of step that it counts, and its name.
    pub kind: StepKind,
    /// It trips above this count.
    pub most: Option<u64>,
    /// It trips above this share of the managed objects of a slice, per mille.
    pub share_per_mille: Option<u32>,
    /// Below this many managed objects the share says nothing.
    pub min_base: u64,
    /// So many days of confirmed steps are counted with those of the plan, today included.
    pub per_days: Option<i64>,
    /// What happens when it trips.
    pub effect: Effect,
    /// Other limits in a part of the year.
    pub season: Option<Season>,
    /// The greatest count of creations while nothing in the directory is ours yet; where there is none, a first run is not
    /// guarded. It says nothing of other kinds of step.
    pub first_run: Option<u64>,
}

impl Guard {
    /// A guard without limits: it never trips.
    pub const fn new(kind: StepKind) -> Self {
        Self {
            kind,
            most: None,
            share_per_mille: None,
            min_base: 20,
            per_days: None,
            effect: Effect::Slice,
            season: None,
            first_run: None,
        }
    }

    /// The limits on a day.
    pub(crate) fn limits(&self, day: NaiveDate) -> (Option<u64>, Option<u32>) {
        match self.season.filter(|season| season.holds(day)) {
            Some(season) => (
                season.most.or(self.most),
                season.share_per_mille.or(self.share_per_mille),
            ),
            None => (self.most, self.share_per_mille),
        }
    }
}

impl Season {
    /// Whether a day lies in it.
    pub fn holds(&self, day: NaiveDate) -> bool {
        let day = (day.month(), day.day());
        if self.from <= self.to {
            (self.from..=self.to).contains(&day)
        } else {
            day >= self.from || day <= self.to
        }
    }
}

/// A guard that was reached, with what somebody needs to know who is to approve of it. Counts of the slice that protected persons are
/// in are not told exactly where they are small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trip {
    /// The name of the guard: the kind of step that it counts.
    pub guard: StepKind,
    /// What happens.
    pub effect: Effect,
    /// The slice; none for the total over all slices.
    pub slice: Option<Slice>,
    /// How many steps the plan holds.
    pub count: Tally,
    /// How many were confirmed in the days that it looks back.
    pub confirmed: Tally,
    /// How many managed objects of the slice the directory holds.
    pub base: Tally,
    /// The greatest count that passes.
    pub most: Option<u64>,
    /// The greatest share that passes, per mille.
    pub share_per_mille: Option<u32>,
    /// How many steps have which cause.
    pub causes: BTreeMap<CauseKind, Tally>,
    /// How many steps have a reason in which rule.
    pub rules: BTreeMap<OpenText, Tally>,
    /// The digests of kind and object that an approval must name.
    pub objects: BTreeSet<String>,
}

impl Trip {
    /// An approval of exactly this.
    pub fn approval(&self, until: NaiveDate, by: &str) -> Approval {
        Approval {
            guard: self.guard,
            slice: self.slice.clone(),
            objects: self.objects.clone(),
            until,
            by: by.to_string(),
        }
    }
}

/// Guard, slice, how many steps there are and how many pass, and the commonest causes and rules.
impl fmt::Display for Trip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "guard `{}` was reached ", self.guard)?;
        match &self.slice {
            Some(slice) => write!(
                formatter,
                "in slice `{}/{}`",
                slice.municipality, slice.population
            )?,
            None => formatter.write_str("in total")?,
        }
        let steps = if self.count == Tally::Exact(1) {
            "step"
        } else {
            "steps"
        };
        write!(formatter, ": {} {steps}", self.count)?;
        if self.confirmed != Tally::Exact(0) {
            write!(formatter, " and {} confirmed before", self.confirmed)?;
        }
        let managed = self.base;
        match (self.most, self.share_per_mille) {
            (Some(most), None) => write!(formatter, ", where at most {most} pass")?,
            (None, Some(share)) => write!(
                formatter,
                ", where at most {} of the {managed} managed objects pass",
                per_cent(share)
            )?,
            (Some(most), Some(share)) => write!(
                formatter,
                ", where at most {most} pass, and {} of the {managed} managed objects",
                per_cent(share)
            )?,
            (None, None) => {}
        }
        commonest(formatter, "cause", &self.causes)?;
        commonest(formatter, "rule", &self.rules)
    }
}

/// The three commonest, each with its count.
fn commonest<K: fmt::Display>(
    formatter: &mut fmt::Formatter<'_>,
    what: &str,
    counts: &BTreeMap<K, Tally>,
) -> fmt::Result {
    let mut common: Vec<(Tally, String)> = counts
        .iter()
        .map(|(name, count)| (*count, alloc::format!("`{name}` {count}")))
        .collect();
    common.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    for (index, (_, text)) in common.iter().take(3).enumerate() {
        match index {
            0 => write!(formatter, "; by {what}: {text}")?,
            _ => write!(formatter, ", {text}")?,
        }
    }
    Ok(())
}

/// A share per mille as a text, such as `5%` or `0.5%`.
fn per_cent(share: u32) -> String {
    match (share.div_euclid(10), share.rem_euclid(10)) {
        (whole, 0) => alloc::format!("{whole}%"),
        (whole, tenth) => alloc::format!("{whole}.{tenth}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_may_go_over_the_turn_of_the_year() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let summer = Season {
            from: (8, 1),
            to: (8, 31),
            most: Some(400),
            share_per_mille: None,
        };
        assert!(summer.holds(day(8, 1)) && summer.holds(day(8, 31)));
        assert!(!summer.holds(day(7, 31)) && !summer.holds(day(9, 1)));
        let winter = Season {
            from: (12, 20),
            to: (1, 10),
            ..summer
        };
        assert!(winter.holds(day(12, 31)) && winter.holds(day(1, 10)) && !winter.holds(day(1, 11)));
        let guard = Guard {
            most: Some(5),
            share_per_mille: Some(50),
            season: Some(summer),
            ..Guard::new(StepKind::Disable)
        };
        assert_eq!(guard.limits(day(8, 2)), (Some(400), Some(50)));
        assert_eq!(guard.limits(day(9, 2)), (Some(5), Some(50)));
    }
}
