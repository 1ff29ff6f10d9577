//! Leaky builds: for each kind of output and document one that leaks it, and the law of silence or the search for markers must
//! notice. What no planted leak would make fail proves nothing.
//!
//! A leak of a policy is a rule set that was checked and then changed; any other is planted in the engine itself.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "a test may fail, and says so by ending"
)]

#[path = "../../tests/it/privacy/law/mod.rs"]
#[allow(dead_code, reason = "the tests of the published crate use the rest")]
mod law;

use alloc::vec::Vec;

use crate::Ruleset;
use crate::base::Leak;
use crate::base::while_planted;
use crate::rules::AccountRule;
use crate::rules::Gate;
use crate::rules::GatePolicy;
use crate::rules::spec::Ownership;
use law::Build;
use law::differs_in;
use law::marks::found;
use law::marks::marked;
use law::tried;

/// The most cases that are tried until a leak is caught.
const MOST_CASES: u64 = 400;

/// From which case on a leak is looked for that few cases reach: not long before one that was found to do so. All others are looked for
/// from the first case on.
const RARE: &[(&str, u64)] = &[
    ("the reasons of a name that waits", 180),
    ("others, by way of one's own outputs", 170),
    ("the order of notices", 170),
    ("causes", 110),
    ("licences through a group", 50),
    ("the next change", 110),
];

/// How a leak is noticed, and in which document or output.
#[derive(Clone, Copy)]
enum Notice {
    /// Two runs that differ in what is withheld differ there.
    Difference(&'static str),
    /// A marker stands there.
    Marker(&'static str),
}

struct Leaky {
    what: &'static str,
    rules: fn(Ruleset) -> Ruleset,
    leak: Option<Leak>,
    notice: Notice,
}

const OPENED: Gate = Gate {
    marking: GatePolicy::Include,
    registration: GatePolicy::Include,
};

fn accounts(rules: Ruleset, open: fn(&mut AccountRule)) -> Ruleset {
    rules.unchecked(|compiled| compiled.accounts.iter_mut().for_each(open))
}

fn named(rules: Ruleset, name: fn(&str) -> bool) -> Ruleset {
    rules.unchecked(|compiled| {
        let names = compiled
            .accounts
            .iter_mut()
            .flat_map(|rule| &mut rule.names);
        for rule in names.filter(|rule| name(&rule.name)) {
            rule.gate = OPENED;
        }
    })
}

fn groups(rules: Ruleset) -> Ruleset {
    rules.unchecked(|compiled| {
        compiled
            .groups
            .iter_mut()
            .for_each(|rule| rule.gate = OPENED);
    })
}

/// A leak of a policy.
const fn policy(what: &'static str, rules: fn(Ruleset) -> Ruleset, output: &'static str) -> Leaky {
    Leaky {
        what,
        rules,
        leak: None,
        notice: Notice::Difference(output),
    }
}

/// A leak of the engine.
const fn engine(what: &'static str, leak: Leak, notice: Notice) -> Leaky {
    Leaky {
        what,
        rules: |rules| rules,
        leak: Some(leak),
        notice,
    }
}

/// Leaks by a policy, one for each kind of output.
fn of_policies() -> Vec<Leaky> {
    let attributes: fn(Ruleset) -> Ruleset = |rules| {
        accounts(rules, |rule| {
            rule.attributes
                .iter_mut()
                .for_each(|attribute| attribute.gate = OPENED);
        })
    };
    let licences: fn(Ruleset) -> Ruleset = |rules| {
        rules.unchecked(|compiled| {
            let licences = compiled.licences.iter_mut();
            licences.for_each(|rule| rule.gate = OPENED);
        })
    };
    alloc::vec![
        policy(
            "that there is an account",
            |rules| accounts(rules, |rule| rule.gate = OPENED),
            "account",
        ),
        policy("attributes", attributes, "attributes"),
        policy("references to others", attributes, "references"),
        policy("explanations, by attributes", attributes, "explanations"),
        policy(
            "the container",
            |rules| accounts(rules, |rule| rule.container_gate = OPENED),
            "container",
        ),
        policy("what a target is written", attributes, "LDIF"),
        policy(
            "the login",
            |rules| named(rules, |name| name == "login"),
            "login"
        ),
        policy(
            "addresses",
            |rules| named(rules, |name| name == "mail"),
            "mail"
        ),
        policy("keys and names of groups", groups, "group"),
        policy("members of groups", groups, "members"),
        policy("owners of groups", groups, "owner"),
        policy("groups within groups", groups, "nested"),
        policy("licences", licences, "licences"),
        policy(
            "licences through a group",
            |rules| {
                rules.unchecked(|compiled| {
                    let through = compiled.licences.iter_mut();
                    for rule in through.filter(|rule| rule.through.is_some()) {
                        rule.gate = OPENED;
                        if let Some(carrier) = rule.through {
                            compiled.groups[carrier].gate = OPENED;
                        }
                    }
                })
            },
            "carried",
        ),
        policy(
            "licences by what they need",
            |rules| {
                rules.unchecked(|compiled| {
                    let needed: Vec<usize> = compiled
                        .licences
                        .iter()
                        .flat_map(|rule| rule.needs.clone())
                        .collect();
                    for position in needed {
                        compiled.licences[position].gate = OPENED;
                    }
                })
            },
            "needing",
        ),
        policy(
            "attributes, by what stands where the first gives nothing",
            |rules| {
                accounts(rules, |rule| {
                    let several = rule.attributes.iter_mut();
                    several
                        .filter(|attribute| attribute.ordinary.len() > 1)
                        .for_each(|attribute| attribute.gate = OPENED);
                })
            },
            "attributes",
        ),
        policy(
            "attributes that are set once",
            |rules| {
                accounts(rules, |rule| {
                    let once = rule.attributes.iter_mut();
                    once.filter(|attribute| attribute.own == Ownership::Initial)
                        .for_each(|attribute| attribute.gate = OPENED);
                })
            },
            "attributes",
        ),
        policy(
            "slots",
            |rules| {
                rules.unchecked(|compiled| {
                    let with_slots = compiled.accounts.iter_mut();
                    with_slots
                        .filter(|rule| !rule.slots.is_empty())
                        .for_each(|rule| rule.gate = OPENED);
                })
            },
            "account",
        ),
        policy(
            "mailboxes",
            |rules| {
                rules.unchecked(|compiled| {
                    let mailboxes = compiled.mailboxes.iter_mut();
                    mailboxes.for_each(|rule| rule.gate = OPENED);
                })
            },
            "mailbox",
        ),
        policy(
            "class lists",
            |rules| {
                rules.unchecked(|compiled| {
                    let lists = compiled.class_lists.iter_mut();
                    lists.for_each(|rule| rule.gate = OPENED);
                })
            },
            "class list",
        ),
        policy(
            "notices",
            |rules| {
                rules.unchecked(|compiled| {
                    let notices = compiled.notices.iter_mut();
                    notices.for_each(|rule| rule.gate = OPENED);
                })
            },
            "notice",
        ),
        policy("steps of the plan", groups, "plan"),
    ]
}

/// Leaks of the engine, one for each kind of document.
fn of_the_engine() -> Vec<Leaky> {
    alloc::vec![
        engine(
            "the container that is left alone",
            Leak::Container,
            Notice::Marker("plan")
        ),
        engine(
            "days of what sources say",
            Leak::Days,
            Notice::Difference("days")
        ),
        engine(
            "records of the register",
            Leak::Register,
            Notice::Difference("findings")
        ),
        engine(
            "the reasons of a name that waits",
            Leak::Waiting,
            Notice::Difference("days")
        ),
        engine(
            "others, by way of one's own outputs",
            Leak::OwnOutputs,
            Notice::Marker("plan")
        ),
        engine(
            "others, in names and places",
            Leak::Places,
            Notice::Marker("plan")
        ),
        engine(
            "which of several accounts is the first",
            Leak::Rank,
            Notice::Difference("licences")
        ),
        engine(
            "the visibility of members",
            Leak::Visibility,
            Notice::Difference("visibility")
        ),
        engine("days in reasons", Leak::Reasons, Notice::Marker("plan")),
        engine("previous values", Leak::Sealing, Notice::Marker("plan")),
        engine(
            "explanations",
            Leak::Explanations,
            Notice::Marker("explanations")
        ),
        engine("findings", Leak::Findings, Notice::Difference("findings")),
        engine(
            "slices of guards",
            Leak::Slices,
            Notice::Difference("slice")
        ),
        engine(
            "counts by municipality",
            Leak::Counts,
            Notice::Difference("quality")
        ),
        engine(
            "the order of notices",
            Leak::Order,
            Notice::Difference("notice")
        ),
        engine(
            "suffixes of names",
            Leak::Suffixes,
            Notice::Difference("login")
        ),
        engine("digests", Leak::Digest, Notice::Difference("digest")),
        engine(
            "the key of a new account",
            Leak::NewKey,
            Notice::Difference("plan")
        ),
        engine(
            "what an account showed that is replaced",
            Leak::Replaced,
            Notice::Marker("plan")
        ),
        engine("causes", Leak::Causes, Notice::Difference("plan")),
        engine(
            "what guards tell",
            Leak::Guards,
            Notice::Difference("guards")
        ),
        engine(
            "findings of the plan",
            Leak::Guards,
            Notice::Difference("findings of the plan")
        ),
        engine("`Debug`", Leak::Debug, Notice::Marker("debug")),
        engine("who is hidden", Leak::Hidden, Notice::Difference("hidden")),
        engine(
            "the next change",
            Leak::Forecast,
            Notice::Difference("forecast")
        ),
    ]
}

fn is_caught(leaky: &Leaky, case: u64) -> bool {
    let build = Build {
        rules: leaky.rules,
        ..Build::SOUND
    };
    while_planted(leaky.leak, || match leaky.notice {
        Notice::Difference(output) => differs_in(&tried(case, &build).0, output),
        Notice::Marker(document) => {
            let marked = marked(case, &build);
            let persons: Vec<_> = marked.run.outcome.population().keys().collect();
            let documents = marked.run.open(&persons, &marked.rules, false);
            let (_, text) = documents
                .iter()
                .find(|(name, _)| *name == document)
                .unwrap();
            !found(text, &marked.markers).is_empty()
        }
    })
}

fn uncaught(leaks: &[Leaky]) -> Vec<&'static str> {
    let mut uncaught = Vec::new();
    for leaky in leaks {
        let known = RARE.iter().find(|(what, _)| *what == leaky.what);
        let first = known.map_or(0, |(_, first)| *first);
        let mut cases = first..first + MOST_CASES;
        match cases.find(|case| is_caught(leaky, *case)) {
            Some(case) => println!("{}: caught in case {case}", leaky.what),
            None => uncaught.push(leaky.what),
        }
    }
    uncaught
}

#[test]
fn each_kind_of_leak_is_caught() {
    let (one, other) = (of_policies(), of_the_engine());
    let left: Vec<&str> = std::thread::scope(|scope| {
        let halves = [one, other].map(|half| scope.spawn(move || uncaught(&half)));
        halves
            .into_iter()
            .flat_map(|half| half.join().unwrap())
            .collect()
    });
    assert!(left.is_empty(), "nobody notices {left:?}");
}
