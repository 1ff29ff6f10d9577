//! The ledger as a whole, what it remembers of sources, and its one serial form.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use super::account::AccountMemory;
use super::account::GroupMemory;
use super::account::NoticeMemory;
use super::account::ReservedName;
use super::anew::Anew;
use super::person::PersonMemory;
use super::rebuild::Rebuilt;
use crate::base::PersonKey;
use crate::base::Text;
use crate::base::canonical_json;
use crate::directory::AccountKey;
use crate::directory::GroupKey;
use crate::directory::Slice;

/// All that is remembered between runs.
#[derive(Clone, Default, PartialEq)]
pub struct Ledger {
    memory: Memory,
}

/// A text that is not a ledger. It says where, never what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a ledger as this crate writes it, at line {line}, column {column}")]
pub struct LedgerError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// The contents, for the layers that remember.
///
/// Every field is there in what is written, and no other: a text that is something else must not pass for a ledger in which
/// nothing is remembered.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Memory {
    /// The day of the last run.
    pub(crate) as_of: Option<NaiveDate>,
    /// The digest of the rules of the last run.
    pub(crate) rules: Option<String>,
    /// Persons by key.
    pub(crate) persons: BTreeMap<PersonKey, PersonMemory>,
    /// Keys of persons that turned out to be somebody known: the key that went, the key that stays.
    pub(crate) merged: BTreeMap<PersonKey, PersonKey>,
    /// Those persons as they were when they went, so that a decision can part them again.
    pub(crate) merged_persons: BTreeMap<PersonKey, PersonMemory>,
    /// Source instances by name, such as `heroma/sml`.
    pub(crate) instances: BTreeMap<String, InstanceMemory>,
    /// Accounts.
    pub(crate) accounts: BTreeMap<AccountKey, AccountMemory>,
    /// Names that nobody holds any more and that go to nobody else while they are reserved.
    pub(crate) reserved: Vec<ReservedName>,
    /// The codes that units go on under, where those are not their own: by municipality and code, such as `1430/n`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) units: BTreeMap<String, String>,
    /// The keys of accounts that were made anew.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) anew: BTreeMap<PersonKey, Anew>,
    /// Groups.
    pub(crate) groups: BTreeMap<GroupKey, GroupMemory>,
    /// Notices by their key.
    pub(crate) notices: BTreeMap<String, NoticeMemory>,
    /// Outputs that show, or showed under earlier rules, what accounts of other persons do, such as `account.staff.info`, in lower
    /// case: what stands there may be of somebody who is protected by now.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) of_others: BTreeSet<String>,
    /// That it was rebuilt from the directory, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rebuilt: Option<Rebuilt>,
    /// Counts of confirmed steps by day, for guards that look back.
    pub(crate) confirmed: Vec<ConfirmedSteps>,
}

/// What is remembered of a source instance.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct InstanceMemory {
    /// The day of the last accepted delivery.
    pub(crate) as_of: NaiveDate,
    /// The day of the run that accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) accepted_on: Option<NaiveDate>,
    /// The code of the municipality it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) municipality: Option<String>,
    /// How many records it had when it was last complete.
    pub(crate) count: u64,
    /// Its records as last accepted, in the order of kind and id.
    pub(crate) records: Vec<RecordMemory>,
}

/// A record as last accepted.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordMemory {
    /// The kind of record.
    pub(crate) kind: String,
    /// The id that the source gives it.
    pub(crate) id: String,
    /// Its fields.
    pub(crate) fields: BTreeMap<String, Vec<String>>,
    /// What it said when it was last known whose it is, while a decision about that is waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) settled: Option<BTreeMap<String, Vec<String>>>,
    /// Since when it is gone from the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) absent_since: Option<NaiveDate>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<PersonKey>,
}

/// How many steps of a kind were confirmed on a day, in one slice.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ConfirmedSteps {
    /// The day.
    pub(crate) day: NaiveDate,
    /// The kind of step.
    pub(crate) kind: String,
    /// The slice.
    #[serde(with = "slice_as_texts")]
    pub(crate) slice: Slice,
    /// How many.
    pub(crate) count: u64,
}

impl Ledger {
    /// Reads a ledger that [`Ledger::to_sealed_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, LedgerError> {
        serde_json::from_str(text)
            .map(|memory| Self { memory })
            .map_err(|error| LedgerError {
                line: error.line(),
                column: error.column(),
            })
    }

    /// Writes the ledger. **Sealed**: it holds personal values, of protected persons too.
    pub fn to_sealed_json(&self) -> String {
        canonical_json(&self.memory)
    }

    /// How many persons are known.
    pub fn persons(&self) -> usize {
        self.memory.persons.len()
    }

    pub(crate) const fn new(memory: Memory) -> Self {
        Self { memory }
    }

    pub(crate) const fn memory(&self) -> &Memory {
        &self.memory
    }
}

impl Memory {
    /// The key under which a person goes on: its own, or the one it was merged into.
    pub(crate) fn surviving(&self, key: PersonKey) -> PersonKey {
        let mut current = key;
        // A chain is never longer than the number of merges; a damaged ledger may hold a circle.
        for _ in 0..=self.merged.len() {
            match self.merged.get(&current) {
                Some(next) => current = *next,
                None => break,
            }
        }
        current
    }
}

impl Memory {
    /// Lets what is remembered of accounts follow those that got another key. Where two would have the same one, each stays.
    pub(crate) fn follow_accounts(&mut self, moved: &BTreeMap<AccountKey, AccountKey>) {
        let known = |key: &&AccountKey| self.accounts.contains_key(*key);
        let mut of: BTreeMap<&AccountKey, usize> = BTreeMap::new();
        for to in moved
            .iter()
            .filter(|(from, _)| known(from))
            .map(|(_, to)| to)
        {
            let count = of.entry(to).or_insert_with(|| usize::from(known(&to)));
            *count = count.saturating_add(1);
        }
        let alone = |to: &AccountKey| of.get(to).is_none_or(|count| *count <= 1);
        let moved: BTreeMap<&AccountKey, &AccountKey> =
            moved.iter().filter(|(_, to)| alone(to)).collect();
        for (from, to) in &moved {
            if let Some(memory) = self.accounts.remove(*from) {
                self.accounts.insert(AccountKey::clone(to), memory);
            }
        }
        let now = |key: &mut AccountKey| {
            if let Some(to) = moved.get(key) {
                *key = AccountKey::clone(to);
            }
        };
        for account in self.accounts.values_mut() {
            account.renewed.iter_mut().for_each(now);
        }
        for name in &mut self.reserved {
            now(&mut name.holder);
        }
        for notice in self.notices.values_mut() {
            now(&mut notice.account);
        }
    }

    /// Lets what is remembered of accounts follow rules that got another name: by the names that they had.
    pub(crate) fn follow_rules(&mut self, renamed: &BTreeMap<Text, Text>) {
        let now = |key: &AccountKey| key.under(renamed);
        for key in self.accounts.keys().cloned().collect::<Vec<_>>() {
            if renamed.contains_key(&key.rule)
                && let Some(memory) = self.accounts.remove(&key)
            {
                self.accounts.entry(now(&key)).or_insert(memory);
            }
        }
        for account in self.accounts.values_mut() {
            account.renewed = account.renewed.as_ref().map(now);
        }
        for name in &mut self.reserved {
            name.holder = now(&name.holder);
        }
        for notice in self.notices.values_mut() {
            notice.account = now(&notice.account);
        }
        for (was, now) in renamed {
            let [was, now] =
                [was, now].map(|rule| alloc::format!("account.{}.", rule.to_ascii_lowercase()));
            let outputs = self.of_others.iter();
            let moved = outputs.filter_map(|output| output.strip_prefix(&was));
            let moved: Vec<String> = moved.map(|field| alloc::format!("{now}{field}")).collect();
            self.of_others.extend(moved);
        }
    }

    /// Lets what is remembered of accounts follow their persons where the directory no longer has the account: of two that turned
    /// out to be one, what the survivor's own account remembers counts, and what only the other's does goes over. An account that
    /// is there goes on under the key that it has, so that it is given to nobody else when the two are parted again.
    pub(crate) fn follow_merges(&mut self, there: &BTreeSet<AccountKey>) {
        let now = |memory: &Self, key: &AccountKey| {
            let survivor = memory.surviving(key.person);
            let moves = survivor != key.person && !there.contains(key);
            moves.then(|| AccountKey {
                person: survivor,
                ..key.clone()
            })
        };
        for key in self.accounts.keys().cloned().collect::<Vec<_>>() {
            if let Some(survivor) = now(self, &key)
                && let Some(memory) = self.accounts.remove(&key)
            {
                self.accounts.entry(survivor).or_insert(memory);
            }
        }
        for position in 0..self.reserved.len() {
            let holder = self
                .reserved
                .get(position)
                .map(|name| now(self, &name.holder));
            if let (Some(Some(holder)), Some(name)) = (holder, self.reserved.get_mut(position)) {
                name.holder = holder;
            }
        }
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Ledger({} persons, {} accounts)",
            self.memory.persons.len(),
            self.memory.accounts.len()
        )
    }
}

/// A slice as a pair of texts.
mod slice_as_texts {
    use alloc::string::String;

    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serialize;
    use serde::Serializer;

    use crate::base::Text;
    use crate::directory::Slice;

    pub(super) fn serialize<S: Serializer>(
        slice: &Slice,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        (&*slice.municipality, &*slice.population).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Slice, D::Error> {
        let (municipality, population) = <(String, String)>::deserialize(deserializer)?;
        Ok(Slice {
            municipality: Text::from(municipality),
            population: Text::from(population),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_document_does_not_pass_for_a_ledger() {
        let whole = Ledger::default().to_sealed_json();
        assert!(Ledger::from_json(&whole).is_ok());
        for other in [
            "{}",
            "[]",
            "null",
            r#"{"x": 1}"#,
            r#"{"steps": [], "as_of": "2026-11-23"}"#,
        ] {
            assert!(Ledger::from_json(other).is_err(), "{other}");
        }
        let more = whole.replacen('{', r#"{"steps": [],"#, 1);
        assert!(Ledger::from_json(&more).is_err());
    }

    #[test]
    fn a_ledger_survives_its_text_and_an_error_shows_no_value() {
        let mut memory = Memory::default();
        let (gone, stays) = (PersonKey::mint(b"", &["a"]), PersonKey::mint(b"", &["b"]));
        memory.merged.insert(gone, stays);
        let ledger = Ledger::new(memory);
        let text = ledger.to_sealed_json();
        let read = Ledger::from_json(&text).unwrap();
        assert!(read == ledger);
        assert_eq!(read.memory().surviving(gone), stays);
        let mut memory = read.memory().clone();
        memory
            .accounts
            .insert(AccountKey::new(gone, "staff"), AccountMemory::default());
        memory.follow_merges(&BTreeSet::new());
        let keys: Vec<&AccountKey> = memory.accounts.keys().collect();
        assert_eq!(keys, [&AccountKey::new(stays, "staff")]);
        let error = Ledger::from_json("{\"rules\": [\"Hemlig\"]}").unwrap_err();
        assert!(!alloc::format!("{error} {error:?}").contains("Hemlig"));
    }
}
