//! Persons: each cluster with its key, its numbers and its memory.
//!
//! Not their fields. Keeps true: a key is minted once and never recomputed; of two known persons that are one the earlier seen
//! stays, and the other leads to it; persons stand in the order of their keys.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::candidates::Candidates;
use super::correlate::Cluster;
use super::split::Parted;
use crate::base::Column;
use crate::base::PersonKey;
use crate::diagnostic::Finding;
use crate::identity::IdentityNumber;
use crate::identity::Lineage;
use crate::identity::Standing;
use crate::identity::main_number;
use crate::language::Class;
use crate::ledger::Memory;
use crate::ledger::NumberMemory;
use crate::ledger::PersonMemory;
use crate::model::PersonRow;
use crate::resolve::codes;
use crate::resolve::decision::Transition;
use crate::resolve::decision::TransitionKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::note::person_subject;
use crate::resolve::person::register::Register;
use crate::resolve::setting::Setting;

/// A person, with a key.
pub(in crate::resolve) struct Somebody {
    pub(in crate::resolve) key: PersonKey,
    /// Records that tell of the person, in their order.
    pub(in crate::resolve) facts: Vec<FactRow>,
    /// The main number.
    pub(in crate::resolve) number: Option<IdentityNumber>,
    /// Every number that is or was theirs.
    pub(in crate::resolve) numbers: Vec<IdentityNumber>,
    /// Whether a person must decide something about them first.
    pub(in crate::resolve) held: bool,
    /// What the ledger is to remember.
    pub(in crate::resolve) memory: PersonMemory,
}

/// All persons of a run, and the ways to them.
pub(in crate::resolve) struct Persons {
    /// In the order of their keys.
    pub(in crate::resolve) all: Column<PersonRow, Somebody>,
    pub(in crate::resolve) of_fact: BTreeMap<FactRow, PersonRow>,
    pub(in crate::resolve) of_number: BTreeMap<IdentityNumber, PersonRow>,
    pub(in crate::resolve) transitions: Vec<Transition>,
    /// Keys that went, and the key that each leads to.
    pub(in crate::resolve) merged: BTreeMap<PersonKey, PersonKey>,
    /// Affiliations whose person nothing is known of.
    pub(in crate::resolve) nobodies: Vec<FactRow>,
}

impl Persons {
    /// Puts all persons in the order of their keys.
    fn keep(&mut self, drafts: BTreeMap<PersonKey, Somebody>, notes: &mut Notes) {
        for (key, person) in drafts {
            let facts = person.facts.clone();
            let numbers = person.numbers.clone();
            let merged = self.merged.values().any(|stays| *stays == key);
            let row = self.all.push(person);
            self.of_fact
                .extend(facts.into_iter().map(|fact| (fact, row)));
            for number in numbers.into_iter().filter(IdentityNumber::is_qualified) {
                self.of_number.entry(number).or_insert(row);
            }
            if merged {
                let message = "another person that was known apart turned out to be this one";
                let finding = Finding::new(&codes::PERSONS_MERGED, person_subject(key), message);
                notes.about(About::Person(row), Class::Open, finding);
            }
        }
    }
}

/// Adds the number that the register has put in the place of one that a source still carries.
fn add_active(cluster: &mut Cluster, lineage: &Lineage, register: &Register) {
    let claimed: Vec<IdentityNumber> = cluster.numbers.iter().cloned().collect();
    for number in &claimed {
        let linked = lineage.numbers_of(number).unwrap_or_default();
        let active = linked
            .iter()
            .filter(|other| register.is_active(other) == Some(true));
        cluster.numbers.extend(active.cloned());
    }
}

/// Gives each cluster its key.
pub(in crate::resolve) fn persons(
    setting: &Setting<'_>,
    candidates: &Candidates,
    clusters: Vec<Cluster>,
    lineage: &Lineage,
    register: &Register,
    parted: &Parted<'_>,
    notes: &mut Notes,
) -> Persons {
    let memory: &Memory = &parted.memory;
    let mut taken: BTreeSet<PersonKey> = memory
        .persons
        .keys()
        .chain(memory.merged.keys())
        .copied()
        .collect();
    let mut drafts: BTreeMap<PersonKey, Somebody> = BTreeMap::new();
    let mut persons = Persons {
        all: Column::new(),
        of_fact: BTreeMap::new(),
        of_number: BTreeMap::new(),
        transitions: parted.transitions.clone(),
        merged: BTreeMap::new(),
        nobodies: Vec::new(),
    };
    for mut cluster in clusters {
        add_active(&mut cluster, lineage, register);
        let ones = || {
            cluster
                .candidates
                .iter()
                .filter_map(|position| candidates.all.get(*position))
        };
        let mut facts: Vec<FactRow> = ones().flat_map(|one| one.facts.iter().copied()).collect();
        facts.sort_unstable();
        if cluster.known.is_empty() && !ones().any(|one| one.described) {
            persons.nobodies.extend(facts);
            continue;
        }
        let first_seen =
            |key: &PersonKey| memory.persons.get(key).and_then(|person| person.first_seen);
        let known = cluster.known.iter();
        let first = known.min_by_key(|key| (first_seen(key), **key)).copied();
        let key = first.unwrap_or_else(|| {
            let again = known_again(setting, memory, candidates, &cluster, &taken);
            let (key, others) = match again.split_first() {
                Some((key, others)) => (*key, others),
                None => (mint(setting, candidates, &cluster, &mut taken), &[][..]),
            };
            taken.extend(again.iter().copied());
            let others = others.iter().map(|other| (*other, key));
            persons.merged.extend(others);
            key
        });
        let mut tokens = ones().flat_map(|one| &one.tokens);
        let from = if cluster.known.is_empty() {
            parted.from(&mut tokens)
        } else {
            None
        };
        let mut person = Somebody {
            key,
            facts,
            number: None,
            numbers: Vec::new(),
            held: cluster.held,
            memory: fold(setting, memory, key, &cluster),
        };
        if let Some(from) = from.and_then(|from| memory.persons.get(&from)) {
            // Whoever was protected as one person is protected as two, until somebody decides otherwise.
            person.memory.flags.clone_from(&from.flags);
        }
        for gone in cluster.known.iter().filter(|gone| **gone != key) {
            persons.merged.insert(*gone, key);
            persons.transitions.push(Transition {
                person: *gone,
                kind: TransitionKind::Merged { into: key },
            });
        }
        if cluster.known.is_empty() {
            persons.transitions.push(Transition {
                person: key,
                kind: from.map_or(TransitionKind::Appeared, |from| TransitionKind::Split {
                    from,
                }),
            });
        }
        for token in ones().flat_map(|one| &one.tokens) {
            person.memory.records.insert(token.clone());
        }
        let before = numbered(setting, memory, key, &cluster, register, &mut person);
        if let (Some(before), Some(now)) = (before, &person.number)
            && before != *now
        {
            persons.transitions.push(Transition {
                person: key,
                kind: TransitionKind::NumberChanged {
                    from: before.kind(),
                    to: now.kind(),
                },
            });
        }
        drafts.insert(key, person);
    }
    persons.keep(drafts, notes);
    persons.transitions.sort();
    persons
}

/// The keys that a person had before the ledger was rebuilt: those of accounts that one of the records led to.
fn known_again(
    setting: &Setting<'_>,
    memory: &Memory,
    candidates: &Candidates,
    cluster: &Cluster,
    taken: &BTreeSet<PersonKey>,
) -> Vec<PersonKey> {
    let Some(rebuilt) = &memory.rebuilt else {
        return Vec::new();
    };
    let ones = cluster
        .candidates
        .iter()
        .filter_map(|position| candidates.all.get(*position));
    let tokens: BTreeSet<&str> = ones
        .filter(|one| !one.reused)
        .flat_map(|one| one.tokens.iter().map(String::as_str))
        .collect();
    let mut again: Vec<PersonKey> = Vec::new();
    for token in tokens {
        let parts: Vec<&str> = token.splitn(3, ':').collect();
        let key = PersonKey::mint(setting.salt, &parts);
        if rebuilt.persons.contains(&key) && !taken.contains(&key) && !again.contains(&key) {
            again.push(key);
        }
    }
    again
}

/// A key that nobody has: of the smallest record, and the day where ids are used again.
fn mint(
    setting: &Setting<'_>,
    candidates: &Candidates,
    cluster: &Cluster,
    taken: &mut BTreeSet<PersonKey>,
) -> PersonKey {
    let ones = || {
        cluster
            .candidates
            .iter()
            .filter_map(|position| candidates.all.get(*position))
    };
    let first = ones().min_by_key(|one| &one.first);
    let day = setting.as_of.to_string();
    let mut parts: Vec<&str> = Vec::new();
    if let Some(one) = first {
        parts.extend([
            one.first.0.as_str(),
            one.first.1.as_str(),
            one.first.2.as_str(),
        ]);
        if one.reused {
            parts.push(&day);
        }
    }
    let mut key = PersonKey::mint(setting.salt, &parts);
    let mut again = 1_u64;
    while !taken.insert(key) {
        let count = again.to_string();
        let mut more = parts.clone();
        more.push(&count);
        key = PersonKey::mint(setting.salt, &more);
        again = again.saturating_add(1);
    }
    key
}

/// The memories of all persons of a cluster as one.
fn fold(setting: &Setting<'_>, memory: &Memory, key: PersonKey, cluster: &Cluster) -> PersonMemory {
    let mut folded = memory
        .persons
        .get(&key)
        .cloned()
        .unwrap_or_else(|| PersonMemory {
            first_seen: Some(setting.as_of),
            ..PersonMemory::default()
        });
    for other in cluster.known.iter().filter(|other| **other != key) {
        let Some(other) = memory.persons.get(other) else {
            continue;
        };
        folded.records.extend(other.records.iter().cloned());
        for number in &other.numbers {
            if !folded.numbers.iter().any(|known| known.is(number)) {
                folded.numbers.push(number.clone());
            }
        }
        for (flag, stood) in &other.flags {
            let known = folded
                .flags
                .entry(flag.clone())
                .or_insert_with(|| stood.clone());
            known.certain |= stood.certain;
            known.since = known.since.min(stood.since);
        }
        for (field, alias) in &other.alias {
            folded
                .alias
                .entry(field.clone())
                .or_insert_with(|| alias.clone());
        }
        folded.held_since = [folded.held_since, other.held_since]
            .into_iter()
            .flatten()
            .min();
    }
    folded.held_since = cluster
        .held
        .then(|| folded.held_since.unwrap_or(setting.as_of));
    folded
}

/// All numbers of a person and the main one; gives the main number as it was before this run.
fn numbered(
    setting: &Setting<'_>,
    memory: &Memory,
    key: PersonKey,
    cluster: &Cluster,
    register: &Register,
    person: &mut Somebody,
) -> Option<IdentityNumber> {
    let read = |known: &NumberMemory| {
        let number = known.read(setting.as_of)?;
        Some(Standing {
            active: register.is_active(&number),
            since: Some(known.since),
            number,
        })
    };
    let earlier: Vec<Standing> = memory
        .persons
        .get(&key)
        .map(|person| person.numbers.iter().filter_map(read).collect())
        .unwrap_or_default();
    let before = main_number(&earlier).cloned();
    for number in &cluster.numbers {
        let mut told = NumberMemory {
            number: number.canonical(),
            issuer: number.issuer().map(ToString::to_string),
            kind: None,
            since: setting.as_of,
        };
        let by_spelling = told.read(setting.as_of).map(|read| read.kind());
        if by_spelling != Some(number.kind()) {
            told.kind = Some(number.kind().name().to_string());
        }
        let mut numbers = person.memory.numbers.iter_mut();
        match numbers.find(|known| known.is(&told)) {
            Some(known) if told.kind.is_some() => known.kind = told.kind,
            Some(_) => {}
            None => person.memory.numbers.push(told),
        }
    }
    person
        .memory
        .numbers
        .sort_by(|one, two| (one.since, one).cmp(&(two.since, two)));
    let standings: Vec<Standing> = person.memory.numbers.iter().filter_map(read).collect();
    // What a source still says comes before what one once said.
    let said: Vec<Standing> = standings
        .iter()
        .filter(|one| cluster.numbers.contains(&one.number))
        .cloned()
        .collect();
    person.number = main_number(&said)
        .or_else(|| main_number(&standings))
        .cloned();
    person.numbers = standings
        .into_iter()
        .map(|standing| standing.number)
        .collect();
    before
}
