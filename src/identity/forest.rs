//! Disjoint sets, for linking in any order.
//!
//! Not what the places stand for. Keeps true: no recursion, and the work stays close to one step for each call, however
//! long a chain is.

use alloc::vec::Vec;

/// Disjoint sets of places, joined by size; both steps are loops.
#[derive(Clone)]
pub(super) struct Forest {
    parents: Vec<usize>,
    sizes: Vec<usize>,
}

impl Forest {
    pub(super) fn new(n_places: usize) -> Self {
        Self {
            parents: (0..n_places).collect(),
            sizes: alloc::vec![1; n_places],
        }
    }

    /// The place that stands for this one's set. Each step shortens the way.
    pub(super) fn root(&mut self, mut place: usize) -> usize {
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

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let size = |forest: &Self, place: usize| forest.sizes.get(place).copied().unwrap_or(0);
        let (n_a, n_b) = (size(self, a), size(self, b));
        let (above, below) = if n_a >= n_b { (a, b) } else { (b, a) };
        if let Some(slot) = self.parents.get_mut(below) {
            *slot = above;
        }
        if let Some(slot) = self.sizes.get_mut(above) {
            *slot = n_a.saturating_add(n_b);
        }
    }
}
