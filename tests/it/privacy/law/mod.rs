//! The law of silence, for one pair of runs and one set of markers: two runs that differ in what is withheld, all that can come
//! out of them, and where they differ.
//!
//! Not here: how often it is tried. The tests of the crate itself use it as well, to see that planted leaks are caught.

mod dice;
mod documents;
pub(crate) mod forms;
pub(crate) mod marks;
mod narrow;
mod people;
mod rules;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::prelude::v1::*;

use chrono::NaiveDate;
use folkform::Ruleset;
use folkform::base::PersonKey;
use folkform::directory::AccountKey;
use folkform::directory::Directory;
use folkform::directory::Opinion;
use folkform::ledger::Ledger;

use dice::Dice;
pub(crate) use documents::Run;
pub(crate) use documents::run;
use narrow::Theme;

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Two runs that differ in what is withheld, and what is known of them.
pub(crate) struct Pair {
    pub(crate) rules: Ruleset,
    pub(crate) text: String,
    pub(crate) policies: BTreeSet<(&'static str, &'static str, &'static str)>,
    pub(crate) one: Run,
    pub(crate) other: Run,
    pub(crate) persons: Vec<PersonKey>,
    pub(crate) seen: BTreeSet<&'static str>,
    /// Whether the days ahead are looked at too, which takes a while.
    pub(crate) ahead: bool,
}

/// The next rule set that loads, and how many did not before it.
fn loaded(dice: &mut Dice) -> (Ruleset, rules::Drawn, u64) {
    let mut n_refused = 0;
    let theme = Theme::draw(dice);
    loop {
        let drawn = rules::draw(dice, theme);
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

/// How the sources tell of people, and what becomes of rules before they are used.
pub(crate) struct Build {
    /// Whether the sources say who is protected.
    pub(crate) with_flags: bool,
    /// What is done to a rule set that loaded.
    pub(crate) rules: fn(Ruleset) -> Ruleset,
}

impl Build {
    /// As it is.
    pub(crate) const SOUND: Self = Self {
        with_flags: true,
        rules: |rules| rules,
    };
}

pub(crate) fn pair(case: u64) -> (Pair, u64) {
    tried(case, &Build::SOUND)
}

/// A pair of runs of a build, and how many rule sets were refused before it.
pub(crate) fn tried(case: u64, build: &Build) -> (Pair, u64) {
    let mut dice = Dice::of_case(case);
    let (rules, drawn, n_refused) = loaded(&mut dice);
    let rules = (build.rules)(rules);
    let seen_as = |people: &people::People| {
        if build.with_flags {
            people.clone()
        } else {
            people.without_flags()
        }
    };
    let people = people::draw(&mut dice);
    let has_past = drawn.theme.is_narrow() || dice.happens(60);
    let varied = people::vary(&people, &drawn.shown, has_past, &mut dice);
    let (mut directory, mut ledger) = (Directory::default(), Ledger::default());
    let mut seen = BTreeSet::new();
    if has_past {
        seen.insert("with a past");
        (directory, ledger) = past(&rules, &people, drawn.theme, &mut dice);
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

/// What is there before: a run over the same people, of whom most were not protected yet; where the theme asks for it some of what is
/// said of them was different, before that run or in it.
fn past(
    rules: &Ruleset,
    people: &people::People,
    theme: Theme,
    dice: &mut Dice,
) -> (Directory, Ledger) {
    let before = people::unprotected(people, dice);
    let mut directory = Directory::default();
    if theme == Theme::Found {
        directory = people::directory(&before);
    }
    let mut ledger = Ledger::default();
    let mut runs = Vec::from([("2026-11-20", before)]);
    if theme == Theme::Waiting || theme == Theme::Others {
        let (_, before) = &runs[0];
        runs.insert(0, ("2026-11-16", people::elsewhere(before, dice)));
    }
    if theme == Theme::Others {
        runs.pop();
    }
    for (on, people) in runs {
        let as_of = day(on);
        let snapshot = people::snapshot(&people, as_of);
        (directory, ledger) = run(rules, &snapshot, &directory, &ledger, as_of).carried_out();
    }
    (directory, ledger)
}

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
        !run.outcome.sealed_findings().reveal().is_empty(),
        "a finding that is withheld",
    );
    when(
        text.contains("employment.title != "),
        "an account that lives by a title",
    );
    let ledger = run.outcome.observed().to_sealed_json();
    let ledger: String = ledger.split_whitespace().collect();
    when(ledger.contains("\"coming\":{\""), "an address that waits");
    when(text.contains("[group.team]"), "names made of others");
    when(
        text.contains("adopt = ["),
        "accounts found where no rule says where they stand",
    );
    when(
        beings().any(|being| being.is_protected() && being.by_hand.is_some()),
        "an override of a protected person",
    );
    let in_part = |being: &people::Being| {
        let mut stays = being.stays.iter();
        being.stands(1) && stays.any(|stay| stay.place.contains_key("leave_extent"))
    };
    when(beings().any(in_part), "a leave in part that is withheld");
    when(
        !run.outcome.desired().class_lists.is_empty(),
        "a class list",
    );
    when(!run.outcome.desired().notices.is_empty(), "a notice");
    seen.extend(reached(run));
    let mut when = |happens: bool, what| {
        if happens {
            seen.insert(what);
        }
    };
    when(text.contains("value = ['"), "alternatives of an attribute");
    when(
        text.contains("own = \"initial\""),
        "an attribute that is set once",
    );
}

/// What of slots, owners, groups that carry and licences that need others a run is an example of.
pub(crate) fn reached(run: &Run) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::new();
    let mut when = |happens: bool, what| {
        if happens {
            reached.insert(what);
        }
    };
    let desired = run.outcome.desired();
    let slots = |least: usize| {
        let sealed = desired
            .accounts
            .iter()
            .filter(|(_, account)| account.sealed);
        let in_slot = sealed.filter(|(key, _)| !key.slot.is_empty());
        let mut persons: BTreeMap<PersonKey, usize> = BTreeMap::new();
        for (key, _) in in_slot {
            *persons.entry(key.person).or_default() += 1;
        }
        persons.values().any(|n| *n >= least)
    };
    let replaced = desired.accounts.values();
    when(
        replaced.filter_map(|one| one.replaced_by.as_ref()).count() > 0,
        "an account in whose place another one comes",
    );
    when(slots(1), "an account in a slot");
    when(slots(2), "two accounts of a protected person");
    let is_sealed = |key: &AccountKey| desired.accounts.get(key).is_some_and(|one| one.sealed);
    let owns = desired
        .groups
        .values()
        .flat_map(|group| group.references.values());
    when(
        owns.filter_map(Opinion::set).any(is_sealed),
        "a group that a protected person owns",
    );
    let carriers = || {
        desired
            .groups
            .values()
            .filter(|group| group.carries.is_some())
    };
    when(carriers().count() > 0, "a group that carries a licence");
    when(
        carriers()
            .flat_map(|group| group.members.keys())
            .any(is_sealed),
        "a licence of a protected person through a group",
    );
    let gets = |sku: &str| {
        let sealed = desired.accounts.values().filter(|account| account.sealed);
        let mut opinions = sealed.filter_map(|account| account.licences.get(sku));
        opinions.any(|opinion| opinion.set().is_some())
    };
    when(
        gets("phone"),
        "a licence of a protected person that needs another",
    );
    reached
}

/// All documents and outputs of a run.
fn all(pair: &Pair, run: &Run) -> Vec<(&'static str, String)> {
    let mut all = run.open(&pair.persons, &pair.rules, pair.ahead);
    all.extend(run.outputs());
    all
}

/// The kinds of documents and outputs in which two runs differ.
pub(crate) fn differing(pair: &Pair) -> BTreeSet<String> {
    let parts = |run: &Run| {
        let mut parts = all(pair, run);
        parts.extend(run.parts());
        parts
    };
    let (one, other) = (parts(&pair.one), parts(&pair.other));
    let differ = one.iter().zip(&other).filter(|(one, other)| one != other);
    differ.map(|((name, _), _)| (*name).to_owned()).collect()
}

/// Whether two runs differ in one kind of document or output. The parts of what is wanted are looked at first, since they cost little.
pub(crate) fn differs_in(pair: &Pair, kind: &str) -> bool {
    let of = |documents: Vec<(&'static str, String)>| {
        let mut documents = documents.into_iter();
        documents.find(|(name, _)| *name == kind)
    };
    let mut both = [&pair.one, &pair.other].map(|run| of(run.parts()));
    if both.iter().any(Option::is_none) {
        both = [&pair.one, &pair.other].map(|run| of(all(pair, run)));
    }
    let [one, other] = both;
    assert!(one.is_some(), "there is no document `{kind}`");
    one != other
}

/// The first document in which two runs differ, with the first place.
pub(crate) fn difference(pair: &Pair) -> Option<String> {
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
