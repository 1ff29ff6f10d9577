//! Silence about the protected: whatever is withheld of them changes nothing that anybody else can see.
//!
//! The law: of two snapshots that differ only in withheld values of protected persons (record ids, links, flags, verdicts and
//! active intervals are equal), all open documents and all outputs of everybody are the same, byte for byte. It is tried on
//! random people under random rule sets; of those most would leak, and do not load.

mod canaries;
#[allow(dead_code, reason = "the leaky builds of the crate use the rest")]
mod law;
mod refused;

use std::collections::BTreeMap;

use crate::trials;
use law::Build;
use law::Pair;
use law::difference;
use law::differing;
pub(crate) use law::forms::forms;
use law::pair;
use law::tried;

/// How many pairs are tried.
fn n_cases() -> u64 {
    trials::count().into()
}

/// Of so many cases one in a hundred must be an example of each situation; of fewer, one in so many.
const REACH: u64 = 400;

/// What must occur in one case of two hundred, or the law says nothing.
const SITUATIONS: [&str; 28] = [
    "with a past",
    "a marking",
    "a protected registration",
    "both flags",
    "an unreadable flag",
    "a difference in what is withheld",
    "something to do",
    "somebody to conceal",
    "a guard that trips",
    "an account of a protected person",
    "an account that lives by a title",
    "a finding that is withheld",
    "a class list",
    "a notice",
    "an account in whose place another one comes",
    "an account in a slot",
    "two accounts of a protected person",
    "a group that a protected person owns",
    "a group that carries a licence",
    "a licence of a protected person through a group",
    "a licence of a protected person that needs another",
    "alternatives of an attribute",
    "an attribute that is set once",
    "an address that waits",
    "names made of others",
    "accounts found where no rule says where they stand",
    "an override of a protected person",
    "a leave in part that is withheld",
];

/// The kinds of open documents, and of outputs as they are wanted.
const KINDS: [&str; 27] = [
    "plan",
    "digest",
    "findings",
    "guards",
    "forecast",
    "quality",
    "explanations",
    "debug",
    "LDIF",
    "account",
    "login",
    "mail",
    "container",
    "hidden",
    "slice",
    "attributes",
    "references",
    "licences",
    "mailbox",
    "group",
    "members",
    "owner",
    "nested",
    "carried",
    "needing",
    "class list",
    "notice",
];

/// The same pair where no source says that anybody is protected: what an engine without a gate would do.
fn without_gate(case: u64) -> Pair {
    let build = Build {
        with_flags: false,
        ..Build::SOUND
    };
    tried(case, &build).0
}

#[test]
fn without_a_gate_every_kind_of_document_and_output_tells() {
    let mut telling: BTreeMap<String, u64> = BTreeMap::new();
    for case in 0..n_cases().clamp(200, 400) {
        let pair = without_gate(case);
        for name in differing(&pair) {
            *telling.entry(name).or_default() += 1;
        }
    }
    println!("{telling:#?}");
    let silent: Vec<&str> = KINDS
        .into_iter()
        .filter(|kind| !telling.contains_key(*kind))
        .collect();
    assert!(silent.is_empty(), "nothing would show a leak in {silent:?}");
}

#[test]
fn what_is_withheld_changes_nothing_that_anybody_sees() {
    let mut coverage: BTreeMap<String, u64> = BTreeMap::new();
    let mut n_refused = 0;
    let mut failures = Vec::new();
    for case in 0..n_cases() {
        let (pair, refused) = pair(case);
        n_refused += refused;
        for seen in &pair.seen {
            *coverage.entry((*seen).to_owned()).or_default() += 1;
        }
        for (kind, flag, policy) in &pair.policies {
            *coverage
                .entry(format!("{policy} of {kind} under a {flag}"))
                .or_default() += 1;
        }
        if let Some(difference) = difference(&pair) {
            let kinds = differing(&pair);
            failures.push(format!(
                "case {case}, {kinds:?}, {difference}\n{}",
                pair.text
            ));
            if failures.len() >= 5 {
                break;
            }
        }
    }
    // Few pairs may have no example of something; more are drawn for that alone.
    let unseen = |coverage: &BTreeMap<String, u64>| {
        let mut situations = SITUATIONS.iter();
        situations.any(|situation| !coverage.contains_key(*situation))
    };
    for case in n_cases()..REACH {
        if !unseen(&coverage) {
            break;
        }
        for seen in pair(case).0.seen {
            *coverage.entry(seen.to_owned()).or_default() += 1;
        }
    }
    println!(
        "{} pairs, {n_refused} rule sets refused, {coverage:#?}",
        n_cases()
    );
    assert!(
        failures.is_empty(),
        "{} cases differ\n{}",
        failures.len(),
        failures.join("\n=====\n")
    );
    for situation in SITUATIONS {
        let n_seen = coverage.get(situation).copied().unwrap_or(0);
        let least = if n_cases() < REACH {
            1
        } else {
            n_cases() / 200
        };
        assert!(n_seen >= least, "{situation}: {n_seen}");
    }
}
