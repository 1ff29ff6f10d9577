//! The horizon of a result: the first day on which it may no longer hold.
//!
//! Every comparison with `today`, by a rule or by the engine itself, is told to one horizon. A horizon is sound, perhaps
//! early: nothing changes before its day.

use chrono::NaiveDate;

use super::interval::EVER_BEFORE;
use super::interval::FOREVER;
use super::interval::Interval;
use super::interval::shift;

/// The day of a run, and the first later day on which what was computed with it may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    as_of: NaiveDate,
    recheck_on: Option<NaiveDate>,
}

impl Horizon {
    /// A horizon that nothing has narrowed yet.
    pub const fn new(as_of: NaiveDate) -> Self {
        Self {
            as_of,
            recheck_on: None,
        }
    }

    /// The day of the run.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The first day on which something may change; `None` where nothing ever does by itself.
    pub const fn recheck_on(&self) -> Option<NaiveDate> {
        self.recheck_on
    }

    /// Says that something changes on `day`. A day that is not after the day of the run changes nothing more.
    pub fn changes_on(&mut self, day: NaiveDate) {
        if day > self.as_of && day < FOREVER && self.recheck_on.is_none_or(|known| day < known) {
            self.recheck_on = Some(day);
        }
    }

    /// Whether the day of the run is on or after `day`; the answer changes on `day`.
    pub fn reached(&mut self, day: NaiveDate) -> bool {
        self.changes_on(day);
        self.as_of >= day
    }

    /// Whether the day of the run lies in an interval; the answer changes on both its bounds.
    pub fn within(&mut self, interval: Interval) -> bool {
        if interval.start > EVER_BEFORE {
            self.changes_on(interval.start);
        }
        self.changes_on(interval.end);
        interval.contains(self.as_of)
    }

    /// Compares the day of the run with `day`. Before it the answer changes on it, on it the day after, later never.
    pub fn compare(&mut self, day: NaiveDate) -> core::cmp::Ordering {
        self.changes_on(day);
        self.changes_on(shift(day, 1));
        self.as_of.cmp(&day)
    }

    /// Takes over what another horizon of the same day says.
    pub fn merge(&mut self, other: &Self) {
        if let Some(day) = other.recheck_on {
            self.changes_on(day);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn the_earliest_future_day_counts() {
        let mut horizon = Horizon::new(day(10));
        assert!(horizon.reached(day(9)));
        assert_eq!(horizon.recheck_on(), None);
        assert!(!horizon.reached(day(20)));
        assert!(!horizon.within(Interval::new(day(12), day(15))));
        assert_eq!(horizon.recheck_on(), Some(day(12)));
    }

    #[test]
    fn equality_with_today_ends_the_day_after() {
        let mut horizon = Horizon::new(day(10));
        assert!(horizon.compare(day(10)).is_eq());
        assert_eq!(horizon.recheck_on(), Some(day(11)));
    }
}
