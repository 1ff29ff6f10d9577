//! Who holds a value that only one object may hold: a login, an address, a name under a parent.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::actual::ObjectId;

/// Who holds what. A directory that was not clean from the start may have several holders of one value.
pub(crate) struct Held<K> {
    holders: BTreeMap<K, BTreeSet<ObjectId>>,
}

impl<K> Default for Held<K> {
    fn default() -> Self {
        Self {
            holders: BTreeMap::new(),
        }
    }
}

impl<K: Ord> Held<K> {
    pub(crate) fn take(&mut self, key: K, who: &ObjectId) {
        self.holders.entry(key).or_default().insert(who.clone());
    }

    pub(crate) fn give_up(&mut self, key: &K, who: &ObjectId) {
        if let Some(holders) = self.holders.get_mut(key) {
            holders.remove(who);
            if holders.is_empty() {
                self.holders.remove(key);
            }
        }
    }

    /// Whether nobody else holds it.
    pub(crate) fn free(&self, key: &K, who: Option<&ObjectId>) -> bool {
        self.holders
            .get(key)
            .is_none_or(|holders| holders.iter().all(|holder| Some(holder) == who))
    }

    pub(crate) fn holders(&self, key: &K) -> Vec<ObjectId> {
        self.holders
            .get(key)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.holders.keys()
    }
}
