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
    let letters: Vec<char> = written.chars().collect();
    let bound = (letters.len() / 3).max(1);
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| *candidate != written)
        .filter(|candidate| candidate.chars().count().abs_diff(letters.len()) <= bound)
        .filter_map(|candidate| {
            let distance = distance(&letters, &candidate.chars().collect::<Vec<_>>());
            (distance <= bound).then_some((distance, candidate))
        })
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

/// Edits between two texts: insert, delete, replace, and swap of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len().saturating_add(1);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..width).collect();
    let mut previous_letter = None;
    for (row, letter) in a.iter().enumerate() {
        let mut now = Vec::with_capacity(width);
        now.push(row.saturating_add(1));
        let mut previous_other = None;
        for (column, other) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let next = column.saturating_add(1);
            let mut best = at(&last, column).saturating_add(usize::from(letter != other));
            best = best
                .min(at(&last, next).saturating_add(1))
                .min(at(&now, column).saturating_add(1));
            if let Some(earlier) = column.checked_sub(1)
                && previous_letter == Some(other)
                && previous_other == Some(letter)
            {
                best = best.min(at(&before, earlier).saturating_add(1));
            }
            now.push(best);
            previous_other = Some(other);
        }
        before = last;
        last = now;
        previous_letter = Some(letter);
    }
    last.last().copied().unwrap_or(usize::MAX)
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
}
