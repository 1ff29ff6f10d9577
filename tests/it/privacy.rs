//! Silence about the protected: whatever is withheld of them changes nothing that anybody else can see.
//!
//! The law: of two snapshots that differ only in withheld values of protected persons (record ids, links, flags, verdicts and
//! active intervals are equal), all open documents and all outputs of everybody are the same, byte for byte. It is tried on
//! random people under random rule sets; of those most would leak, and do not load.

mod dice;
mod canaries;
mod documents;
mod forms;
mod people;
mod refused;
mod rules;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use folkform::Ruleset;
use folkform::base::PersonKey;
use folkform::directory::Directory;
use folkform::ledger::Ledger;

use crate::trials;
use dice::Dice;
use documents::Run;
use documents::run;
pub(crate) use forms::forms;

/// How many pairs are tried.
fn n_cases() -> u64 {
    trials::count().into()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Two runs that differ in what is withheld, and what is known of them.
struct Pair {
    rules: Ruleset,
    text: String,
    policies: BTreeSet<(&'static str, &'static str, &'static str)>,
    one: Run,
    other: Run,
    persons: Vec<PersonKey>,
    seen: BTreeSet<&'static str>,
    /// Whether the days ahead are looked at too, which takes a while.
    ahead: bool,
}

/// The next rule set that loads, and how many did not before it.
fn loaded(dice: &mut Dice) -> (Ruleset, rules::Drawn, u64) {
    let mut n_refused = 0;
    loop {
        let drawn = rules::draw(dice);
        match Ruleset::from_toml(&drawn.text) {
            Ok(rules) => return (rules, drawn, n_refused),
            Err(problems) => {
                // Only for what could leak, never for a fault of the drawing.
                for problem in &problems {
                    let leak = problem.code.id.starts_with("R40");
                    assert!(leak, "{problems}\n{}", drawn.text);
                }
                n_refused += 1;
            }
        }
    }
}

fn pair(case: u64) -> (Pair, u64) {
    tried(case, Clone::clone)
}

/// A pair; `seen` is how the sources tell of the people.
fn tried(case: u64, seen_as: impl Fn(&people::People) -> people::People) -> (Pair, u64) {
    let mut dice = Dice::of_case(case);
    let (rules, drawn, n_refused) = loaded(&mut dice);
    let people = people::draw(&mut dice);
    let has_past = dice.happens(60);
    let varied = people::vary(&people, &drawn.shown, has_past, &mut dice);
    let (mut directory, mut ledger) = (Directory::default(), Ledger::default());
    let mut seen = BTreeSet::new();
    if has_past {
        seen.insert("with a past");
        let before = people::unprotected(&people, &mut dice);
        let past = run(
            &rules,
            &people::snapshot(&before, day("2026-11-20")),
            &directory,
            &ledger,
            day("2026-11-20"),
        );
        (directory, ledger) = past.carried_out();
    }
    let as_of = day("2026-11-23");
    let now = |people| {
        run(
            &rules,
            &people::snapshot(&seen_as(people), as_of),
            &directory,
            &ledger,
            as_of,
        )
    };
    let (one, other) = (now(&people), now(&varied));
    let persons: Vec<PersonKey> = people
        .beings
        .iter()
        .filter_map(|being| {
            being
                .records()
                .find_map(|(instance, kind, id)| one.outcome.person_of_record(instance, kind, id))
        })
        .collect();
    note(&mut seen, &people, &varied, &one, &drawn.text, as_of);
    let pair = Pair {
        rules,
        text: drawn.text,
        policies: drawn.policies,
        one,
        other,
        persons,
        seen,
        ahead: case.is_multiple_of(8),
    };
    (pair, n_refused)
}

/// What must occur in one case of a hundred, or the law says nothing.
const SITUATIONS: [&str; 14] = [
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
];

/// What a case is an example of.
fn note(
    seen: &mut BTreeSet<&'static str>,
    people: &people::People,
    varied: &people::People,
    run: &Run,
    text: &str,
    as_of: NaiveDate,
) {
    let mut when = |happens: bool, what| {
        if happens {
            seen.insert(what);
        }
    };
    let beings = || people.beings.iter();
    when(
        beings().any(|being| being.stands(0) && !being.stands(1)),
        "a marking",
    );
    when(
        beings().any(|being| being.stands(1) && !being.stands(0)),
        "a protected registration",
    );
    when(
        beings().any(|being| being.stands(0) && being.stands(1)),
        "both flags",
    );
    when(
        beings().any(|being| being.flags.iter().flatten().any(|flag| flag.1 == "?")),
        "an unreadable flag",
    );
    when(
        people::snapshot(people, as_of) != people::snapshot(varied, as_of),
        "a difference in what is withheld",
    );
    when(!run.plan.is_empty(), "something to do");
    when(
        run.plan.steps().iter().any(|step| step.urgent),
        "somebody to conceal",
    );
    when(!run.plan.trips().is_empty(), "a guard that trips");
    let sealed = run
        .outcome
        .desired()
        .accounts
        .values()
        .filter(|account| account.sealed);
    when(sealed.count() > 0, "an account of a protected person");
    when(
        !run.outcome.sealed_findings().is_empty(),
        "a finding that is withheld",
    );
    when(
        text.contains("employment.title != "),
        "an account that lives by a title",
    );
    when(
        !run.outcome.desired().class_lists.is_empty(),
        "a class list",
    );
    when(!run.outcome.desired().notices.is_empty(), "a notice");
}

/// The kinds of open documents, and of outputs as they are wanted.
const KINDS: [&str; 21] = [
    "plan",
    "digest",
    "findings",
    "guards",
    "forecast",
    "explanations",
    "debug",
    "LDIF",
    "account",
    "login",
    "mail",
    "container",
    "slice",
    "attributes",
    "references",
    "licences",
    "mailbox",
    "group",
    "members",
    "class list",
    "notice",
];

/// All documents and outputs of a run.
fn all(pair: &Pair, run: &Run) -> Vec<(&'static str, String)> {
    let mut all = run.open(&pair.persons, &pair.rules, pair.ahead);
    all.extend(run.outputs());
    all
}

/// The kinds of documents and outputs in which two runs differ.
fn differing(pair: &Pair) -> BTreeSet<String> {
    let parts = |run: &Run| {
        let mut parts = all(pair, run);
        parts.extend(run.parts());
        parts
    };
    let (one, other) = (parts(&pair.one), parts(&pair.other));
    let differ = one.iter().zip(&other).filter(|(one, other)| one != other);
    differ.map(|((name, _), _)| (*name).to_owned()).collect()
}

/// The first document in which two runs differ, with the first place.
fn difference(pair: &Pair) -> Option<String> {
    let (one, other) = (all(pair, &pair.one), all(pair, &pair.other));
    for ((name, one), (_, other)) in one.iter().zip(&other) {
        if one != other {
            let at = one
                .char_indices()
                .zip(other.chars())
                .find(|((_, a), b)| a != b)
                .map_or(one.len().min(other.len()), |((at, _), _)| at);
            let around = |text: &str| {
                let boundary = |at: usize| {
                    (0..=at.min(text.len()))
                        .rev()
                        .find(|at| text.is_char_boundary(*at))
                };
                text[boundary(at.saturating_sub(300)).unwrap()..boundary(at + 200).unwrap()]
                    .to_owned()
            };
            return Some(format!("{name}:\n{}\n---\n{}", around(one), around(other)));
        }
    }
    None
}

/// The same pair where no source says that anybody is protected: what an engine without a gate would do.
fn without_gate(case: u64) -> Pair {
    tried(case, people::People::without_flags).0
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
            failures.push(format!("case {case}, {difference}\n{}", pair.text));
            if failures.len() >= 5 {
                break;
            }
        }
    }
    println!(
        "{} pairs, {n_refused} rule sets refused, {coverage:#?}",
        n_cases()
    );
    for situation in SITUATIONS {
        let n_seen = coverage.get(situation).copied().unwrap_or(0);
        assert!(n_seen * 100 >= n_cases(), "{situation}: {n_seen}");
    }
    assert!(
        failures.is_empty(),
        "{} cases differ\n{}",
        failures.len(),
        failures.join("\n=====\n")
    );
}
