//! Disjoint sets under bars: joining what belongs together, never what must stay apart.
//!
//! Not what the places stand for. Keeps true: no recursion; a join that would bring two barred places together is refused, also
//! when it would do so through others.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use petgraph::unionfind::UnionFind;

/// Disjoint sets of places, with pairs that must not come together.
pub(in crate::resolve) struct Sets {
    places: UnionFind<usize>,
    /// By the root of a set: places of other sets that must not come into it.
    barred: BTreeMap<usize, Vec<usize>>,
}

impl Sets {
    pub(in crate::resolve) fn new() -> Self {
        Self {
            places: UnionFind::new_empty(),
            barred: BTreeMap::new(),
        }
    }

    /// Adds a place, in a set of its own.
    pub(in crate::resolve) fn add(&mut self) -> usize {
        self.places.new_set()
    }

    /// The place that stands for this one's set.
    pub(in crate::resolve) fn root(&mut self, place: usize) -> usize {
        self.places.try_find_mut(place).unwrap_or(place)
    }

    /// Keeps two places apart from now on. Two that are one already cannot be kept apart.
    pub(in crate::resolve) fn bar(&mut self, one: usize, other: usize) -> bool {
        let (root, other_root) = (self.root(one), self.root(other));
        if root == other_root {
            return false;
        }
        self.barred.entry(root).or_default().push(other);
        self.barred.entry(other_root).or_default().push(one);
        true
    }

    /// Makes one set of two, unless that would bring together what is barred. Each bar stands on both sides, so only the
    /// shorter list is gone through.
    pub(in crate::resolve) fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return true;
        }
        let mut shorter = self.barred.remove(&one).unwrap_or_default();
        let mut longer = self.barred.remove(&other).unwrap_or_default();
        let (mut of_shorter, mut of_longer) = (one, other);
        if shorter.len() > longer.len() {
            core::mem::swap(&mut shorter, &mut longer);
            core::mem::swap(&mut of_shorter, &mut of_longer);
        }
        let is_barred = shorter.iter().any(|&place| self.root(place) == of_longer);
        if is_barred {
            for (root, places) in [(of_shorter, shorter), (of_longer, longer)] {
                if !places.is_empty() {
                    self.barred.insert(root, places);
                }
            }
            return false;
        }
        let _ = self.places.try_union(one, other);
        longer.append(&mut shorter);
        if !longer.is_empty() {
            let root = self.root(one);
            self.barred.insert(root, longer);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::collection::vec;
    use proptest::prelude::any;
    use proptest::prelude::prop_assert_eq;
    use proptest::proptest;

    use super::Sets;
    use crate::base::trials_of;

    #[test]
    fn a_bar_holds_through_others_and_a_long_chain_is_fine() {
        let mut sets = Sets::new();
        let places: Vec<usize> = (0..200_000).map(|_| sets.add()).collect();
        assert!(sets.bar(places[0], places[199_999]));
        for pair in places.windows(2).take(199_998) {
            assert!(sets.join(pair[0], pair[1]));
        }
        assert!(!sets.join(places[199_998], places[199_999]));
        assert_eq!(sets.root(places[0]), sets.root(places[199_998]));
        assert!(!sets.bar(places[0], places[5]));
    }

    proptest! {
        #![proptest_config(trials_of(256))]

        /// Against the plainest way: every bar is looked at for every join.
        #[test]
        fn joins_and_bars_agree_with_going_through_all_bars(
            moves in vec((any::<bool>(), 0..12_usize, 0..12_usize), 0..60)
        ) {
            let mut sets = Sets::new();
            for _ in 0..12 {
                sets.add();
            }
            let mut of: Vec<usize> = (0..12).collect();
            let mut bars: Vec<(usize, usize)> = Vec::new();
            for (is_bar, one, other) in moves {
                let (a, b) = (of[one], of[other]);
                if is_bar {
                    prop_assert_eq!(sets.bar(one, other), a != b);
                    if a != b {
                        bars.push((one, other));
                    }
                } else {
                    let is_refused = a != b && bars.iter().any(|&(x, y)| {
                        (of[x], of[y]) == (a, b) || (of[x], of[y]) == (b, a)
                    });
                    prop_assert_eq!(sets.join(one, other), !is_refused);
                    if !is_refused {
                        of.iter_mut().filter(|set| **set == a).for_each(|set| *set = b);
                    }
                }
                for x in 0..12 {
                    for y in 0..12 {
                        prop_assert_eq!(sets.root(x) == sets.root(y), of[x] == of[y]);
                    }
                }
            }
        }
    }
}
