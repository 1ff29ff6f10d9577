//! What everybody gets, held against a naive evaluator that knows only the documentation: random rule sets, random people, and
//! runs that follow each other.
//!
//! `town` makes them up, `written` says them in the words of the crate, `naive`, `names` and `outputs` find out day by day what must
//! come of them, and `seen` brings what the crate wants into the same form.

mod naive;
mod names;
mod outputs;
mod seen;
mod town;
mod written;

use std::collections::BTreeSet;
use std::fmt::Write;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::base::PersonKey;
use folkform::base::Text;
use folkform::directory::AccountKey;
use folkform::directory::DesiredAccount;
use folkform::directory::Directory;
use folkform::directory::Opinion;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Results;
use folkform::plan::StepResult;
use folkform::source::Snapshot;
use proptest::prelude::*;

use crate::trials;
use naive::Memory;
use naive::World;
use outputs::Facts;
use outputs::wanted;
use seen::People;
use town::Town;
use town::town;
use written::date;

const SALT: &[u8] = b"oracle";

/// How far the day of the next change is searched for.
const DAYS_AHEAD: i64 = 100;

/// After so many plans of one day nothing is left to do.
const MOST_PLANS: usize = 3;

/// A town on its way through its runs.
struct Play<'a> {
    town: &'a Town,
    rules: Ruleset,
    directory: Directory,
    ledger: Ledger,
    memory: Memory,
}

impl<'a> Play<'a> {
    fn new(town: &'a Town) -> Result<Self, String> {
        let text = written::rules(&town.rules);
        let rules = Ruleset::from_toml(&text).map_err(|problems| format!("{problems}\n{text}"))?;
        let mut directory = Directory::default();
        directory
            .containers
            .insert("DC=sml,DC=test".parse().unwrap());
        Ok(Self {
            town,
            rules,
            directory,
            ledger: Ledger::default(),
            memory: Memory::default(),
        })
    }

    fn evaluate(&self, snapshot: &Snapshot, day: i64) -> Outcome {
        let inputs = Inputs {
            snapshot,
            directory: &self.directory,
            ledger: &self.ledger,
            as_of: date(day),
            salt: SALT,
            decisions: &[],
        };
        self.rules.evaluate(&inputs).unwrap()
    }

    fn run(&mut self, run: usize, today: i64) -> Result<(), String> {
        let snapshot = written::snapshot(self.town, run, today);
        let outcome = self.evaluate(&snapshot, today);
        let (facts, surnames) = self.town.told(run);
        let key = |person: usize| {
            let id = format!("p{person}");
            outcome
                .person_of_record("heroma/sml", "person", &id)
                .unwrap()
                .to_hex()
        };
        let persons: Vec<String> = (0..town::GIVEN.len()).map(key).collect();
        let people: People = persons
            .iter()
            .enumerate()
            .map(|(person, key)| (key.clone(), person))
            .collect();
        let keys = self.town.facts.iter().enumerate().map(|(number, fact)| {
            let kind = written::name(fact.kind);
            PersonKey::mint(SALT, &["heroma/sml", kind, &number.to_string()]).to_hex()
        });
        let keys: Vec<String> = keys.collect();
        let mut world = World {
            town: self.town,
            facts,
            surnames,
            today,
            persons: &persons,
            keys: &keys,
        };
        // What is asked for once the first is done (an account that is kept for no day) is done as well.
        let mut outcome = outcome;
        for _ in 0..MOST_PLANS {
            let (expected, memory) = wanted(&world, &self.memory);
            let found = seen::facts(outcome.desired(), &people);
            differ(&expected, &found)?;
            let is_done = outcome.plan().is_empty();
            self.carry_out(&outcome, date(today))?;
            self.memory = memory;
            outcome = self.evaluate(&snapshot, today);
            if is_done {
                break;
            }
        }
        if !outcome.plan().is_empty() {
            return Err(format!("{MOST_PLANS} plans leave something to do"));
        }

        // By time alone: all is done that was to be, and remembered.
        let (expected, _) = wanted(&world, &self.memory);
        let mut by_search = None;
        for day in today + 1..=today + DAYS_AHEAD {
            world.today = day;
            let (later, _) = wanted(&world, &self.memory);
            if differ(&expected, &later).is_err() {
                by_search = Some(date(day));
                self.looked_at(&outcome, &people, (&expected, &later), date(day))?;
                break;
            }
        }
        let next = outcome.next_change().unwrap();
        if next.filter(|next| *next <= date(today + DAYS_AHEAD)) != by_search {
            return Err(format!(
                "the next change is on {by_search:?}, and not on {next:?}"
            ));
        }
        Ok(())
    }

    /// An account that changes on a day must say that it is to be looked at by then. What hangs on others as well is left out: the
    /// name that one gets which does not have it yet depends on who else asks.
    fn looked_at(
        &self,
        outcome: &Outcome,
        people: &People,
        (now, later): (&Facts, &Facts),
        day: NaiveDate,
    ) -> Result<(), String> {
        let there = self.directory.anchored_accounts();
        let has_its_names = |key: &AccountKey, wanted: &DesiredAccount| {
            let is_so = |wanted: &Opinion<Text>, has: &Option<Text>| {
                wanted.set().is_none_or(|name| has.as_ref() == Some(name))
            };
            there.get(key).is_some_and(|account| {
                is_so(&wanted.login, &account.login) && is_so(&wanted.mail, &account.mail)
            })
        };
        let accounts = outcome.desired().accounts.iter();
        for (key, account) in accounts.filter(|(key, account)| has_its_names(key, account)) {
            let name = format!("account {} ", seen::account(people, key));
            let of = |facts: &Facts| -> Facts {
                let own = |field: &str| {
                    let field = field.strip_prefix(&name);
                    field.is_some_and(|field| field != "manager" && !field.starts_with("SKU"))
                };
                let of = facts.iter().filter(|(field, _)| own(field));
                of.map(|(field, text)| (field.clone(), text.clone()))
                    .collect()
            };
            let changes = differ(&of(now), &of(later)).is_err();
            if changes && account.recheck_on.is_none_or(|recheck| recheck > day) {
                let recheck = account.recheck_on;
                return Err(format!("{name}changes on {day}, before {recheck:?}"));
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, outcome: &Outcome, today: NaiveDate) -> Result<(), String> {
        let released = outcome
            .plan()
            .release(&Approvals::default(), today)
            .unwrap();
        let mut results = Results::default();
        for step in released.steps() {
            let applied = self.directory.apply(step.change());
            applied.map_err(|error| format!("{:?} is refused: {error:?}", step.shown()))?;
            results.set(step.id(), StepResult::Done { object_id: None });
        }
        self.ledger = released.settle(&results);
        Ok(())
    }
}

/// What two say differently. No opinion is as good as none, whatever its cause, and so is an empty list.
fn differ(expected: &Facts, found: &Facts) -> Result<(), String> {
    let mut text = String::new();
    let said = |facts: &Facts, name: &str| {
        let of = facts
            .get(name)
            .filter(|text| !text.starts_with("keep") && !text.is_empty());
        of.cloned()
    };
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    for name in names {
        let (one, other) = (said(expected, name), said(found, name));
        if one != other {
            write!(text, "\n  {name}: expected {one:?}, found {other:?}").unwrap();
        }
    }
    if text.is_empty() { Ok(()) } else { Err(text) }
}

fn agrees(town: &Town) -> Result<(), String> {
    let mut play = Play::new(town)?;
    let mut today = 0;
    for run in 0..=town.turns.len() {
        if run > 0 {
            today += town.turns[run - 1].days;
        }
        play.run(run, today).map_err(|fault| {
            let mut text = format!("run {run} on {}: {fault}\n", date(today));
            for (number, fact) in town.told(run).0.iter().enumerate() {
                writeln!(text, "  {number}: {fact:?}").unwrap();
            }
            text + &written::rules(&town.rules)
        })?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 3000, ..trials::config() })]

    #[test]
    fn the_naive_evaluator_agrees(town in town()) {
        if let Err(fault) = agrees(&town) {
            prop_assert!(false, "{fault}");
        }
    }
}
