//! Disjoint sets under bars: joining what belongs together, never what must stay apart.
//!
//! Not what the places stand for. Keeps true: no recursion; a join that would bring two barred places together is refused, also
//! when it would do so through others.

use alloc::vec::Vec;

/// Disjoint sets of places, with pairs that must not come together.
pub(in crate::resolve) struct Sets {
    parents: Vec<usize>,
    sizes: Vec<usize>,
    bars: Vec<(usize, usize)>,
}

impl Sets {
    pub(in crate::resolve) const fn new() -> Self {
        Self {
            parents: Vec::new(),
            sizes: Vec::new(),
            bars: Vec::new(),
        }
    }

    /// Adds a place, in a set of its own.
    pub(in crate::resolve) fn add(&mut self) -> usize {
        let place = self.parents.len();
        self.parents.push(place);
        self.sizes.push(1);
        place
    }

    /// The place that stands for this one's set.
    pub(in crate::resolve) fn root(&mut self, mut place: usize) -> usize {
        while let Some(parent) = self.parents.get(place).copied() {
            if parent == place {
                break;
            }
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parents.get_mut(place) {
                *slot = above;
            }
            place = above;
        }
        place
    }

    /// Keeps two places apart from now on. Two that are one already cannot be kept apart.
    pub(in crate::resolve) fn bar(&mut self, one: usize, other: usize) -> bool {
        if self.root(one) == self.root(other) {
            return false;
        }
        self.bars.push((one, other));
        true
    }

    /// Makes one set of two, unless that would bring together what is barred.
    pub(in crate::resolve) fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return true;
        }
        for position in 0..self.bars.len() {
            let Some((a, b)) = self.bars.get(position).copied() else {
                continue;
            };
            let pair = (self.root(a), self.root(b));
            if pair == (one, other) || pair == (other, one) {
                return false;
            }
        }
        let size = |place: usize| self.sizes.get(place).copied().unwrap_or(0);
        let (n_one, n_other) = (size(one), size(other));
        let (above, below) = if n_one >= n_other {
            (one, other)
        } else {
            (other, one)
        };
        if let Some(slot) = self.parents.get_mut(below) {
            *slot = above;
        }
        if let Some(slot) = self.sizes.get_mut(above) {
            *slot = n_one.saturating_add(n_other);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Sets;

    #[test]
    fn a_bar_holds_through_others_and_a_long_chain_is_fine() {
        let mut sets = Sets::new();
        let places: alloc::vec::Vec<usize> = (0..200_000).map(|_| sets.add()).collect();
        assert!(sets.bar(places[0], places[199_999]));
        for pair in places.windows(2).take(199_998) {
            assert!(sets.join(pair[0], pair[1]));
        }
        assert!(!sets.join(places[199_998], places[199_999]));
        assert_eq!(sets.root(places[0]), sets.root(places[199_998]));
        assert!(!sets.bar(places[0], places[5]));
    }
}
