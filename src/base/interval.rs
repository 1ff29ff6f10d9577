//! Date intervals, half-open `[start, end)`, and sets of them.
//!
//! Sources say whether their ends are inclusive; inside the crate no end is. Arithmetic saturates, so that no date makes
//! anything overflow.

use alloc::vec::Vec;

use chrono::Days;
use chrono::NaiveDate;

/// The start of what has no start.
pub const EVER_BEFORE: NaiveDate = NaiveDate::MIN;

/// The end of what has no end.
pub const FOREVER: NaiveDate = NaiveDate::MAX;

/// A day some days later (or earlier, when negative). Open bounds stay open; what leaves the calendar stops at its edge.
pub fn shift(day: NaiveDate, days: i64) -> NaiveDate {
    if day == FOREVER || day == EVER_BEFORE {
        return day;
    }
    let distance = Days::new(days.unsigned_abs());
    if days >= 0 {
        day.checked_add_days(distance).unwrap_or(FOREVER)
    } else {
        day.checked_sub_days(distance).unwrap_or(EVER_BEFORE)
    }
}

/// The days from `start` on, before `end`. Empty when `start >= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first day; [`EVER_BEFORE`] where there is none.
    pub start: NaiveDate,
    /// The day after the last; [`FOREVER`] where there is none.
    pub end: NaiveDate,
}

impl Interval {
    /// The days from `start` on, before `end`.
    pub const fn new(start: NaiveDate, end: NaiveDate) -> Self {
        Self { start, end }
    }

    /// From bounds that may be open, where `last` is the last day that belongs to it.
    pub fn from_inclusive(start: Option<NaiveDate>, last: Option<NaiveDate>) -> Self {
        Self {
            start: start.unwrap_or(EVER_BEFORE),
            end: last.map_or(FOREVER, |last| shift(last, 1)),
        }
    }

    /// Whether no day lies in it.
    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    /// Whether `day` lies in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start <= day && day < self.end
    }

    /// The days that both hold.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        }
    }

    /// Longer by `lead` days before and `grace` days after.
    #[must_use]
    pub fn widened(&self, lead: i64, grace: i64) -> Self {
        Self {
            start: shift(self.start, lead.saturating_neg()),
            end: shift(self.end, grace),
        }
    }

    /// The last day, where there is one.
    pub fn last_day(&self) -> Option<NaiveDate> {
        (self.end != FOREVER && !self.is_empty()).then(|| shift(self.end, -1))
    }
}

/// Any number of intervals as a sorted list of ones that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntervalSet {
    intervals: Vec<Interval>,
}

impl IntervalSet {
    /// The union of some intervals, each with a number of days: a gap of up to so many days after it is closed. Of several
    /// that reach to one gap the longest counts.
    pub fn union(intervals: impl IntoIterator<Item = (Interval, i64)>) -> Self {
        let mut sorted: Vec<(Interval, i64)> = intervals
            .into_iter()
            .filter(|(interval, _)| !interval.is_empty())
            .collect();
        sorted.sort_unstable();
        let mut closed: Vec<Interval> = Vec::with_capacity(sorted.len());
        let mut reach = EVER_BEFORE;
        for (interval, bridge) in sorted {
            match closed.last_mut() {
                Some(last) if interval.start <= reach => last.end = last.end.max(interval.end),
                _ => closed.push(interval),
            }
            reach = reach.max(shift(interval.end, bridge.max(0)));
        }
        Self { intervals: closed }
    }

    /// The intervals, in order.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// Whether there is no day in it.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether `day` lies in one of them.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.intervals.iter().any(|interval| interval.contains(day))
    }

    /// The last interval that begins on or before `day`.
    pub fn latest_begun(&self, day: NaiveDate) -> Option<Interval> {
        self.intervals
            .iter()
            .rev()
            .find(|interval| interval.start <= day)
            .copied()
    }

    /// The first interval that begins after `day`.
    pub fn next(&self, day: NaiveDate) -> Option<Interval> {
        self.intervals
            .iter()
            .find(|interval| interval.start > day)
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn an_inclusive_last_day_belongs_to_it() {
        let interval = Interval::from_inclusive(Some(day(8, 1)), Some(day(8, 31)));
        assert!(interval.contains(day(8, 31)));
        assert!(!interval.contains(day(9, 1)));
        assert_eq!(interval.last_day(), Some(day(8, 31)));
    }

    #[test]
    fn gaps_up_to_the_bridge_are_closed_and_no_longer_ones() {
        let first = Interval::new(day(1, 1), day(1, 10));
        let second = Interval::new(day(1, 15), day(1, 20));
        let bridged = |bridge| IntervalSet::union([(second, 0), (first, bridge)]);
        assert_eq!(bridged(5).intervals().len(), 1);
        assert_eq!(bridged(4).intervals().len(), 2);
        // What comes after a gap bridges none before it.
        assert_eq!(
            IntervalSet::union([(second, 9), (first, 0)])
                .intervals()
                .len(),
            2
        );
        // Of two that reach to the gap, the longer bridge counts.
        let within = Interval::new(day(1, 2), day(1, 9));
        let both = [(first, 1), (within, 6), (second, 0)];
        assert_eq!(IntervalSet::union(both).intervals().len(), 1);
    }

    #[test]
    fn open_ends_stay_open_and_nothing_overflows() {
        let open = Interval::from_inclusive(None, None).widened(i64::MAX, i64::MIN);
        assert_eq!(open, Interval::new(EVER_BEFORE, FOREVER));
        assert_eq!(shift(day(1, 1), i64::MIN), EVER_BEFORE);
        assert_eq!(shift(day(1, 1), i64::MAX), FOREVER);
    }
}
