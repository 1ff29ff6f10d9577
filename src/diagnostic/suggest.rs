//! Did-you-mean: the candidate closest to what was written; and where none is close, those that there are.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// More candidates than this are not looked at.
const MOST_CANDIDATES: usize = 4_096;

/// Names that a list in a message shows.
const MOST_NAMES: usize = 5;

/// The closest candidate within a third of the length of what was written (at least one edit), never the written text itself.
/// Of two that are equally close, the first in alphabetical order.
pub fn suggest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut edits = Edits::of(written);
    let bound = (edits.written.len() / 3).max(1);
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| *candidate != written)
        .filter_map(|candidate| Some((edits.to(candidate, bound)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Up to five names in the order given, and how many more there are; nothing where there is none.
pub(crate) fn listed(names: &[&str]) -> Option<String> {
    let shown: Vec<String> = names
        .iter()
        .take(MOST_NAMES)
        .map(|name| format!("`{name}`"))
        .collect();
    let (last, before) = shown.split_last()?;
    let more = names.len().saturating_sub(MOST_NAMES);
    Some(match (before, more) {
        ([], 0) => last.clone(),
        (before, 0) => format!("{} and {last}", before.join(", ")),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    })
}

/// Which letters a text has, in a set that takes some for each other.
fn letters(text: impl Iterator<Item = char>) -> u64 {
    text.fold(0, |letters, letter| {
        letters | 1_u64.wrapping_shl(u32::from(letter))
    })
}

/// Counts the edits from what was written to other texts: insert, delete, replace, and swap of neighbours. It keeps the lines of its
/// table, since it is asked for many candidates.
struct Edits {
    written: Vec<char>,
    letters: u64,
    other: Vec<char>,
    before: Vec<usize>,
    last: Vec<usize>,
    now: Vec<usize>,
}

impl Edits {
    fn of(written: &str) -> Self {
        Self {
            written: written.chars().collect(),
            letters: letters(written.chars()),
            other: Vec::new(),
            before: Vec::new(),
            last: Vec::new(),
            now: Vec::new(),
        }
    }

    /// The edits to a text, where there are no more than so many.
    fn to(&mut self, text: &str, bound: usize) -> Option<usize> {
        // a letter has four bytes at most, so most that are too long or too short need not be read
        let length = self.written.len();
        if text.len() < length.saturating_sub(bound)
            || text.len() > length.saturating_add(bound).saturating_mul(4)
        {
            return None;
        }
        // one edit makes or takes away one letter of each text, so this many are needed at least
        let theirs = letters(text.chars());
        let more_here = (self.letters & !theirs).count_ones();
        let missing_here = (theirs & !self.letters).count_ones();
        if usize::try_from(more_here.max(missing_here)).unwrap_or(usize::MAX) > bound {
            return None;
        }
        self.other.clear();
        self.other.extend(text.chars());
        if self.other.len().abs_diff(length) > bound {
            return None;
        }
        self.last.clear();
        self.last.extend(0..=self.other.len());
        let mut previous_letter = None;
        let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
        for (row, letter) in self.written.iter().enumerate() {
            self.now.clear();
            let mut left = row.saturating_add(1);
            self.now.push(left);
            let mut least = left;
            let mut previous_other = None;
            for (column, other) in self.other.iter().enumerate() {
                let next = column.saturating_add(1);
                let mut best = at(&self.last, column).saturating_add(usize::from(letter != other));
                best = best
                    .min(at(&self.last, next).saturating_add(1))
                    .min(left.saturating_add(1));
                if let Some(earlier) = column.checked_sub(1)
                    && previous_letter == Some(other)
                    && previous_other == Some(letter)
                {
                    best = best.min(at(&self.before, earlier).saturating_add(1));
                }
                self.now.push(best);
                left = best;
                least = least.min(best);
                previous_other = Some(other);
            }
            // What follows a line is never less than the least of it, but by a swap, which comes from the line before: one less.
            if least > bound.saturating_add(1) {
                return None;
            }
            core::mem::swap(&mut self.before, &mut self.last);
            core::mem::swap(&mut self.last, &mut self.now);
            previous_letter = Some(letter);
        }
        self.last.last().copied().filter(|edits| *edits <= bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_ones_only_and_never_itself() {
        let candidates = ["employment", "enrolment", "employer", "unit"];
        assert_eq!(suggest("emplyment", candidates), Some("employment"));
        assert_eq!(suggest("unit", candidates), None);
        assert_eq!(suggest("units", candidates), Some("unit"));
        assert_eq!(suggest("zebra", candidates), None);
        assert_eq!(suggest("nuit", candidates), Some("unit"));
    }

    /// The least of all ways to make one text of the other, gone one after another.
    fn by_search(one: &[char], other: &[char]) -> usize {
        let (Some((first, one_rest)), Some((second, other_rest))) =
            (one.split_first(), other.split_first())
        else {
            return one.len().max(other.len());
        };
        let replaced = by_search(one_rest, other_rest).saturating_add(usize::from(first != second));
        let removed = by_search(one_rest, other).saturating_add(1);
        let added = by_search(one, other_rest).saturating_add(1);
        let least = replaced.min(removed).min(added);
        match (one_rest.split_first(), other_rest.split_first()) {
            (Some((third, one_rest)), Some((fourth, other_rest)))
                if first == fourth && third == second =>
            {
                least.min(by_search(one_rest, other_rest).saturating_add(1))
            }
            _ => least,
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::base::trials())]

        #[test]
        fn edits_are_counted_as_by_a_search(
            written in "[abå]{0,6}",
            others in proptest::collection::vec("[abå]{0,6}", 4),
            bound in 0..6_usize,
        ) {
            let letters = |text: &str| text.chars().collect::<Vec<char>>();
            let mut edits = Edits::of(&written);
            for other in &others {
                let all = by_search(&letters(&written), &letters(other));
                let expected = (all <= bound).then_some(all);
                proptest::prop_assert_eq!(edits.to(other, bound), expected, "{} {}", written, other);
            }
        }
    }
}
