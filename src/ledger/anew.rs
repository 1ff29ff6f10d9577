//! Accounts that were made anew: the keys that they have, and whose they are.
//!
//! Such a key is minted with the host's secret, as that of a person is, so that nobody who reads the directory finds from it the account
//! in whose place the new one stands. Only the ledger says whose it is; where that is lost, a run finds it again with the secret.

use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::Serialize;

use super::memory::Memory;
use crate::base::PersonKey;
use crate::directory::AccountKey;

/// How often accounts of one person are looked for that were made anew, where a ledger is lost.
const MOST_LOOKED_FOR: u32 = 9;

/// Whose accounts have a key that is no person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Anew {
    /// The person for whom the first account was made.
    pub(crate) of: PersonKey,
    /// Which account of theirs it is; the first is 1, and has the person's own key.
    pub(crate) generation: u32,
}

impl Anew {
    /// The key that stands for it.
    fn key(self, salt: &[u8]) -> PersonKey {
        let (person, generation) = (self.of.to_hex(), self.generation.to_string());
        PersonKey::mint(salt, &["account made anew", &person, &generation])
    }
}

impl Memory {
    /// Whose an account is: the person for whom it was made, or who that one turned out to be.
    pub(crate) fn owner(&self, account: &AccountKey) -> PersonKey {
        self.surviving(self.lineage(account.person).of)
    }

    /// For whom the accounts under a key were made, and which of theirs they are.
    pub(crate) fn lineage(&self, key: PersonKey) -> Anew {
        let first = Anew {
            of: key,
            generation: 1,
        };
        self.anew.get(&key).copied().unwrap_or(first)
    }

    /// The key of the account that takes the place of one.
    pub(crate) fn next_key(&self, salt: &[u8], account: &AccountKey) -> (PersonKey, Anew) {
        let before = self.lineage(account.person);
        let next = Anew {
            generation: before.generation.saturating_add(1),
            ..before
        };
        (next.key(salt), next)
    }

    /// Finds again whose the accounts are whose keys nobody knows, since the ledger was lost.
    pub(crate) fn recognise(
        &mut self,
        salt: &[u8],
        anchors: impl Iterator<Item = PersonKey>,
        is_person: impl Fn(PersonKey) -> bool,
        persons: impl Iterator<Item = PersonKey>,
    ) {
        let is_known = |key: &PersonKey| {
            is_person(*key)
                || self.persons.contains_key(key)
                || self.merged.contains_key(key)
                || self.anew.contains_key(key)
        };
        let unknown: BTreeSet<PersonKey> = anchors.filter(|key| !is_known(key)).collect();
        if unknown.is_empty() {
            return;
        }
        let gone: Vec<PersonKey> = self.merged.keys().copied().collect();
        for of in persons.chain(gone) {
            for generation in 2..=MOST_LOOKED_FOR {
                let anew = Anew { of, generation };
                let key = anew.key(salt);
                if unknown.contains(&key) {
                    self.anew.insert(key, anew);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_has_a_key_of_its_own_and_one_owner() {
        let person = PersonKey::mint(b"salt", &["a"]);
        let first = AccountKey::new(person, "staff");
        let mut memory = Memory::default();
        let (key, anew) = memory.next_key(b"salt", &first);
        memory.anew.insert(key, anew);
        let second = AccountKey::new(key, "staff");
        let (third, last) = memory.next_key(b"salt", &second);
        assert_eq!((anew.generation, last.generation), (2, 3));
        assert_eq!(last.of, person);
        assert_eq!(memory.owner(&second), person);
        assert!(key != person && third != key && third != person);
        assert!(memory.next_key(b"another", &first).0 != key);
    }

    #[test]
    fn a_lost_ledger_is_found_again_with_the_secret() {
        let person = PersonKey::mint(b"salt", &["a"]);
        let other = PersonKey::mint(b"salt", &["b"]);
        let first = AccountKey::new(person, "staff");
        let (key, anew) = Memory::default().next_key(b"salt", &first);
        let mut lost = Memory::default();
        let anchors = [key, other, person].into_iter();
        let is_person = |key| key == person;
        lost.recognise(b"salt", anchors, is_person, [person].into_iter());
        assert_eq!(lost.anew.len(), 1);
        assert_eq!(lost.anew.get(&key), Some(&anew));
    }
}
