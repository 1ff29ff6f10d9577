//! Histories: random hires, ends, moves, leaves, other names and numbers, records that are gone and come back, deliveries that
//! are missing or too small, and steps that fail or are not answered, each carried forward through release and settle.
//!
//! What must hold is counted by a model of its own (`model`), which knows nothing of the crate.

mod model;
mod rebuilt;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::base::PersonKey;
use folkform::base::Secret;
use folkform::directory::Account;
use folkform::directory::AccountKey;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::plan::Released;
use folkform::plan::Results;
use folkform::plan::Shown;
use folkform::plan::Step;
use folkform::plan::StepKind;
use folkform::plan::StepResult;
use folkform::resolve::Decision;
use folkform::resolve::FlagKind;
use folkform::resolve::Whom;
use folkform::source::Snapshot;
use proptest::prelude::*;

use crate::cases::laws::plain;
use crate::cases::laws::valid;
use crate::trials;
use model::Delivery;
use model::Event;
use model::PEOPLE;
use model::People;
use model::later;

const RULES: &str = include_str!("../cases/lifecycle/rules.toml");

/// How far the day of the next change is searched for, day by day.
const DAYS_AHEAD: u64 = 60;

/// The rules of the cases, with shorter times, and one notice for each account; whoever is marked gets another account, or other names.
fn rules(anew: bool) -> Ruleset {
    let replace = if anew { "new_account" } else { "rename" };
    let marking = format!("[protection]\nreplace = \"{replace}\"\n[protection.marking]");
    let changes = [
        ("[protection.marking]", marking.as_str()),
        (
            "retain    = \"180d\"",
            "retain    = \"40d\"\nmin_disabled = \"10d\"",
        ),
        ("settle    = \"14d\"", "settle    = \"3d\""),
        ("each    = \"employment\"\nto ", "to "),
        (
            "['employment.manager', 'employment.unit.head']",
            "['primary.manager']",
        ),
        ("starts = 'employment.start'", "mail = 'account.staff.mail'"),
        (
            "[source.heroma]",
            "[source.heroma]\nrequire.min_share_of_last = \"50%\"",
        ),
    ];
    let text = changes.iter().fold(RULES.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the rules do not have `{from}`");
        text.replace(from, to)
    });
    Ruleset::from_toml(&text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A step of a history: days that pass, what befalls, and how steps of the plan go, in turn.
#[derive(Clone, Debug)]
struct Turn {
    days: u64,
    events: Vec<Event>,
    results: Vec<u8>,
    /// Whether somebody approves of what guards hold.
    approves: bool,
}

fn event() -> impl Strategy<Value = Event> {
    let job = 0..8_usize;
    prop_oneof![
        4 => (0..5_usize, 0..3_usize, 0..40_u64, proptest::option::of(0..90_u64))
            .prop_map(|(person, unit, ahead, days)| Event::Hire { person, unit, ahead, days }),
        3 => (job.clone(), 0..30_u64).prop_map(|(job, ahead)| Event::End { job, ahead }),
        2 => (job.clone(), 0..3_usize).prop_map(|(job, unit)| Event::Move { job, unit }),
        2 => (job.clone(), 0..20_u64, 0..40_u64).prop_map(|(job, ahead, days)| Event::Leave { job, ahead, days }),
        2 => (0..5_usize, 0..4_usize).prop_map(|(person, surname)| Event::Marry { person, surname }),
        1 => Just(Event::Number),
        1 => job.clone().prop_map(|job| Event::Gone { job }),
        1 => job.prop_map(|job| Event::Back { job }),
        1 => Just(Event::Missing),
        1 => Just(Event::Shrunk),
    ]
}

/// The same, and what changes who somebody is or what may be shown of them.
fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        9 => event(),
        1 => (0..5_usize).prop_map(|person| Event::Marking { person }),
        1 => (0..5_usize, 0..5_usize).prop_map(|(one, other)| Event::Same { one, other }),
    ]
}

fn turn(event: impl Strategy<Value = Event>) -> impl Strategy<Value = Turn> {
    let results = prop_oneof![
        3 => Just(Vec::new()),
        2 => proptest::collection::vec(0..8_u8, 1..12),
    ];
    (
        prop_oneof![0..4_u64, 1..50_u64],
        proptest::collection::vec(event, 0..3),
        results,
        any::<bool>(),
    )
        .prop_map(|(days, events, results, approves)| Turn {
            days,
            events,
            results,
            approves,
        })
}

/// What is remembered beside the ledger, to catch it out.
#[derive(Default)]
struct Witness {
    /// Who was ever seen with a name.
    holders: BTreeMap<(&'static str, String), AccountKey>,
    /// What an address was made of: surname and employers then.
    basis: BTreeMap<AccountKey, (String, BTreeSet<&'static str>)>,
    /// Since when an account is disabled, as confirmed.
    disabled: BTreeMap<AccountKey, NaiveDate>,
    /// How often each account was made, whether or not it was answered, and disabled.
    made: BTreeMap<AccountKey, usize>,
    ended: BTreeMap<AccountKey, usize>,
    /// The accounts that were made in the last run without an answer.
    unanswered: BTreeSet<AccountKey>,
    /// How often each notice went out and was confirmed.
    told: BTreeMap<(AccountKey, String), usize>,
    /// Who is behind each key that a person was ever known by, or that stands for them in that of an account which was made anew.
    persons: BTreeMap<PersonKey, usize>,
    /// Those of the second kind: no decision speaks of a person by them.
    of_accounts: BTreeSet<PersonKey>,
    /// The accounts of which a login or an address was seen that is an alias.
    alias: BTreeSet<(&'static str, AccountKey)>,
    /// The accounts whose place another one of the same person takes.
    replaced: BTreeSet<AccountKey>,
}

/// A history on its way.
struct World {
    rules: Ruleset,
    people: People,
    /// The people as the last delivery that was taken has them.
    seen: People,
    directory: Directory,
    ledger: Ledger,
    today: NaiveDate,
    witness: Witness,
}

impl World {
    fn new(anew: bool) -> Self {
        let mut directory = Directory::default();
        directory
            .containers
            .insert("DC=sml,DC=test".parse().unwrap());
        Self {
            rules: rules(anew),
            people: People::default(),
            seen: People::default(),
            directory,
            ledger: Ledger::default(),
            today: NaiveDate::from_ymd_opt(2026, 1, 15).unwrap(),
            witness: Witness::default(),
        }
    }

    fn evaluate(&self, snapshot: &Snapshot, today: NaiveDate) -> Outcome {
        self.evaluate_with(&self.ledger, snapshot, today)
    }

    fn evaluate_with(&self, ledger: &Ledger, snapshot: &Snapshot, today: NaiveDate) -> Outcome {
        let inputs = Inputs {
            snapshot,
            directory: &self.directory,
            ledger,
            as_of: today,
            salt: b"histories",
            decisions: &self.decisions(),
        };
        self.rules.evaluate(&inputs).unwrap()
    }

    /// What people have decided: who is one person, and whose marking ends.
    fn decisions(&self) -> Vec<Decision> {
        let whom = |person: usize| Whom::Record {
            instance: "heroma/sml".to_owned(),
            kind: "person".to_owned(),
            id: person.to_string(),
        };
        let same = self.people.same.iter().map(|(one, other)| Decision::Same {
            one: whom(*one),
            other: whom(*other),
        });
        let unmarked = self.people.unmarked().into_iter();
        let end = unmarked.map(|person| Decision::EndProtection {
            person: whom(person),
            flag: FlagKind::Marking,
        });
        // A new number of somebody marked is never believed without a word.
        let known = self
            .witness
            .persons
            .iter()
            .find(|(key, person)| **person == 0 && !self.witness.of_accounts.contains(key));
        let renumbered = known
            .filter(|_| self.people.numbered)
            .map(|(key, _)| Decision::Same {
                one: Whom::Person(*key),
                other: Whom::Number {
                    number: Secret::new(model::LATER_NUMBER.to_owned()),
                    issuer: None,
                },
            });
        let is_marked = self.people.is_marked(0) || self.seen.is_marked(0);
        let renumbered = renumbered.filter(|_| is_marked);
        same.chain(end).chain(renumbered).collect()
    }

    fn play(&mut self, turn: &Turn, search: bool) -> Result<(), String> {
        self.today = later(self.today, turn.days);
        let mut how = Delivery::Whole;
        for event in &turn.events {
            let of_event = self.people.befall(event, self.today);
            how = if how == Delivery::Whole {
                of_event
            } else {
                how
            };
        }
        let snapshot = self.people.delivered(self.today, how);
        if how == Delivery::Whole {
            self.seen = self.people.taken(&self.seen, self.today);
        }
        self.seen.same.clone_from(&self.people.same);
        let outcome = self.evaluate(&snapshot, self.today);
        let plan = outcome.plan();
        if search {
            self.next_change(&outcome, &snapshot)?;
        }
        for person in 0..PEOPLE.len() {
            let key = outcome.person_of_record("heroma/sml", "person", &person.to_string());
            if let Some(key) = key {
                self.witness.persons.entry(key).or_insert(person);
            }
        }
        for (key, (of, _)) in outcome.sealed_new_accounts().reveal() {
            if let Some(person) = self.witness.persons.get(of).copied() {
                self.witness.persons.entry(*key).or_insert(person);
                self.witness.of_accounts.insert(*key);
            }
        }
        let wanted = outcome.desired().accounts.iter();
        let replaced = wanted.filter(|(_, account)| account.replaced_by.is_some());
        self.witness
            .replaced
            .extend(replaced.map(|(key, _)| key.clone()));
        for key in core::mem::take(&mut self.witness.unanswered) {
            let person = self.witness.persons.get(&key.person);
            // One that had ended when its making was seen is nobody's news.
            if person.is_some_and(|person| !self.seen.is_enabled(*person, self.today)) {
                self.witness.made.remove(&key);
            }
        }
        self.reasons(&plan)?;
        let mut approvals = Approvals::default();
        if turn.approves {
            let until = later(self.today, 30);
            let trips = plan.trips().iter();
            approvals.approvals = trips.map(|trip| trip.approval(until, "somebody")).collect();
        }
        let released = plan.release(&approvals, self.today).unwrap();
        let results = self.carry_out(&released, &turn.results)?;
        let whole = results.all_done() && released.len() == plan.steps().len();
        self.ledger = released.settle(&results);
        self.names()?;
        if whole {
            self.as_the_model_says()?;
            let again = self.evaluate(&snapshot, self.today).plan();
            if !again.is_empty() {
                return Err(format!(
                    "after all is done there is left {:?}",
                    again.steps()
                ));
            }
        }
        Ok(())
    }

    /// The day of the next change is the first on which a run of that day wants something else, with what this one has seen.
    fn next_change(&self, outcome: &Outcome, snapshot: &Snapshot) -> Result<(), String> {
        let next = outcome.next_change().unwrap();
        let now = plain(&self.evaluate_with(outcome.observed(), snapshot, self.today));
        for ahead in 1..=DAYS_AHEAD {
            let day = later(self.today, ahead);
            let mut snapshot = snapshot.clone();
            for instance in &mut snapshot.instances {
                instance.as_of = day;
            }
            let changed = plain(&self.evaluate_with(outcome.observed(), &snapshot, day)) != now;
            if changed || next == Some(day) {
                let agree = changed && next == Some(day);
                return agree.then_some(()).ok_or(format!(
                    "a search finds {day} ({changed}), and not {next:?}"
                ));
            }
        }
        Ok(())
    }

    /// Every step that changes what somebody has must have a reason that the model knows.
    fn reasons(&mut self, plan: &Plan) -> Result<(), String> {
        for step in plan.steps() {
            let Ok(key) = step.object.parse::<AccountKey>() else {
                continue;
            };
            let Some(person) = self.witness.persons.get(&key.person).copied() else {
                return Err(format!("{step:?} is of nobody"));
            };
            // The alias of a marked person comes and goes with the marking, and an account that is one too many ends.
            let by_marking = |name| {
                let is_alias = self.witness.alias.contains(&(name, key.clone()));
                self.seen.is_marked(person) != is_alias
            };
            let is_one_of_several = self.seen.one_with(person).len() > 1;
            match step.kind {
                StepKind::RenameLogin if by_marking("login") => {}
                StepKind::ChangeMail if by_marking("address") || is_one_of_several => {}
                StepKind::Disable if is_one_of_several => {}
                StepKind::Disable if self.witness.replaced.contains(&key) => {}
                StepKind::RenameLogin => {
                    return Err(format!("{step:?}: no reason renames a login"));
                }
                StepKind::ChangeMail if step.before != Shown::Nothing => {
                    let now = (
                        self.seen.surname(person).to_owned(),
                        self.seen.employers(person),
                    );
                    let before = self.witness.basis.get(&key);
                    // Another primary among the same employers is a reason as well.
                    let single = now.1.len() < 2 && before.is_some_and(|before| before.1.len() < 2);
                    if before == Some(&now) && single {
                        return Err(format!(
                            "{step:?}: neither the surname nor the employer changed"
                        ));
                    }
                }
                StepKind::Disable if self.seen.is_enabled(person, self.today) => {
                    return Err(format!("{step:?}: the model has it enabled"));
                }
                StepKind::DeleteAccount => {
                    let since = self.witness.disabled.get(&key);
                    if since.is_none_or(|since| later(*since, model::MIN_DISABLED) > self.today) {
                        return Err(format!("{step:?}: its disabling was confirmed {since:?}"));
                    }
                    if (0..=model::RETAIN).any(|days| {
                        let day = self
                            .today
                            .checked_sub_days(chrono::Days::new(days))
                            .unwrap();
                        days > 0 && days < model::RETAIN && self.seen.is_enabled(person, day)
                    }) {
                        return Err(format!("{step:?}: it was enabled within the retention"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Carries the plan out: each step as the results say, in turn; all that is not said is done.
    fn carry_out(&mut self, released: &Released, how: &[u8]) -> Result<Results, String> {
        let mut results = Results::default();
        for (index, step) in released.steps().enumerate() {
            let ready = step
                .depends_on()
                .iter()
                .all(|id| results.get(id).is_some_and(StepResult::is_done));
            let how = if how.is_empty() {
                0
            } else {
                how[index % how.len()]
            };
            let result = match how {
                _ if !ready => StepResult::Skipped,
                5 => StepResult::Failed,
                6 => StepResult::Unknown,
                _ => {
                    let applied = self.directory.apply(step.change());
                    applied.map_err(|error| format!("{:?} is refused: {error:?}", step.shown()))?;
                    valid(&self.directory)
                        .map_err(|fault| format!("after {:?}: {fault}", step.shown()))?;
                    self.saw(step.shown(), how != 7);
                    if how == 7 {
                        StepResult::Unknown
                    } else {
                        StepResult::Done { object_id: None }
                    }
                }
            };
            results.set(step.id(), result);
        }
        Ok(results)
    }

    fn saw(&mut self, step: &Step, answered: bool) {
        let Ok(key) = step.object.parse::<AccountKey>() else {
            return;
        };
        let witness = &mut self.witness;
        let person = witness.persons.get(&key.person).copied();
        let is_marked = person.is_some_and(|person| self.seen.is_marked(person));
        let mut named = |name| {
            if is_marked {
                witness.alias.insert((name, key.clone()));
            } else {
                witness.alias.remove(&(name, key.clone()));
            }
        };
        match step.kind {
            StepKind::RenameLogin => named("login"),
            StepKind::CreateAccount => {
                named("login");
                if !answered {
                    witness.unanswered.insert(key.clone());
                }
                *witness.made.entry(key).or_default() += 1;
            }
            // One that nobody answered, and that was undone before the next run, is nobody's news.
            StepKind::Disable if answered && !witness.replaced.contains(&key) => {
                *witness.ended.entry(key.clone()).or_default() += 1;
                witness.disabled.insert(key, self.today);
            }
            // What it was made of is known again after a run of which everything was done.
            StepKind::ChangeMail => {
                named("address");
                witness.basis.remove(&key);
            }
            StepKind::Enable => {
                witness.disabled.remove(&key);
            }
            StepKind::Notice if answered => {
                let rule = step.field.clone().unwrap_or_default();
                *witness.told.entry((key, rule)).or_default() += 1;
            }
            _ => {}
        }
    }

    /// Nobody bears a name that another one was seen with.
    fn names(&mut self) -> Result<(), String> {
        let persons = self.witness.persons.clone();
        let is_one_with = |key: &AccountKey, other: &AccountKey| {
            let person = persons.get(&key.person).zip(persons.get(&other.person));
            person.is_some_and(|(one, other)| self.seen.one_with(*one).contains(other))
        };
        for account in self.directory.accounts.values() {
            let Some(key) = &account.anchor else { continue };
            let logins = account.login.iter().map(|login| ("login", login));
            let addresses = account
                .mail
                .iter()
                .chain(&account.aliases)
                .map(|mail| ("address", mail));
            for (space, name) in logins.chain(addresses) {
                let entry = self.witness.holders.entry((space, name.to_lowercase()));
                let holder = entry.or_insert_with(|| key.clone());
                if holder != key && self.witness.replaced.contains(holder) {
                    return Err(format!(
                        "{space} `{name}` was that of an account that is away"
                    ));
                }
                if holder != key && !is_one_with(holder, key) {
                    return Err(format!("{space} `{name}` was another's"));
                }
            }
            if !account.enabled && !self.witness.disabled.contains_key(key) {
                // An answer that did not come is made up for by what the next run sees.
                self.witness.disabled.insert(key.clone(), self.today);
            }
        }
        Ok(())
    }

    /// After a run of which everything was done, accounts and memberships are those of the model.
    fn as_the_model_says(&mut self) -> Result<(), String> {
        let known = |key: &AccountKey| self.witness.persons.get(&key.person);
        let mut bases = Vec::new();
        for (person, (_, name, _)) in PEOPLE.iter().enumerate() {
            let one = self.seen.one_with(person);
            let all = self.directory.accounts.values().filter(|account| {
                let of = account.anchor.as_ref().and_then(known);
                of.is_some_and(|person| one.contains(person))
            });
            let all: Vec<&Account> = all.collect();
            let wanted = self.seen.is_enabled(person, self.today);
            let enabled = all.iter().filter(|account| account.enabled).count();
            if enabled != usize::from(wanted) {
                return Err(format!(
                    "{name} has {enabled} accounts in use, and the model says {wanted}"
                ));
            }
            let is_marked = self.seen.is_marked(person);
            for account in all {
                let groups = self
                    .directory
                    .groups
                    .values()
                    .filter(|group| group.members.contains(&account.id));
                let groups: BTreeSet<&str> = groups
                    .filter_map(|group| group.anchor.as_ref())
                    .map(|key| &*key.value)
                    .collect();
                let active = if account.enabled && !is_marked {
                    self.seen.active_at(person, self.today)
                } else {
                    BTreeSet::new()
                };
                if groups != active {
                    return Err(format!(
                        "{name} is in {groups:?}, the model says {active:?}"
                    ));
                }
                if account.enabled && !is_marked {
                    let surname = self.seen.surname(person).to_owned();
                    bases.push((account.anchor.clone(), surname, self.seen.employers(person)));
                }
            }
        }
        for (key, surname, employers) in bases {
            let made_of = key.map(|key| (key, (surname, employers)));
            self.witness.basis.extend(made_of);
        }
        Ok(())
    }

    /// At the end every event was told of, and none more often than it came.
    fn notices(&self) -> Result<(), String> {
        for (rule, events) in [
            ("welcome", &self.witness.made),
            ("goodbye", &self.witness.ended),
        ] {
            for (key, count) in events {
                // Of an account that is one too many only the approval tells, and of one that is replaced nobody.
                let person = self.witness.persons.get(&key.person);
                if self.witness.replaced.contains(key)
                    || person.is_some_and(|person| self.seen.one_with(*person).len() > 1)
                {
                    continue;
                }
                // Of one that ended before anybody was told of its making only the end is told.
                let account = self
                    .directory
                    .accounts
                    .values()
                    .find(|account| account.anchor.as_ref() == Some(key));
                if rule == "welcome" && !account.is_some_and(|account| account.enabled) {
                    continue;
                }
                let told = self
                    .witness
                    .told
                    .get(&(key.clone(), rule.to_owned()))
                    .copied()
                    .unwrap_or(0);
                if told == 0 {
                    return Err(format!(
                        "{rule} of {key} came {count} times and was never told"
                    ));
                }
            }
        }
        Ok(())
    }
}

fn history(turns: &[Turn], search: usize, anew: bool) -> Result<(), String> {
    let mut world = World::new(anew);
    // The source is known before anything befalls.
    let first = Turn {
        days: 0,
        events: Vec::new(),
        results: Vec::new(),
        approves: true,
    };
    world.play(&first, false)?;
    for (index, turn) in turns.iter().enumerate() {
        world
            .play(turn, index == search)
            .map_err(|fault| format!("turn {index}, {}: {fault}", world.today))?;
    }
    // In the end everything is delivered and done, twice.
    for days in [1, 0] {
        let last = Turn {
            days,
            events: Vec::new(),
            results: Vec::new(),
            approves: true,
        };
        world
            .play(&last, false)
            .map_err(|fault| format!("at last, {}: {fault}", world.today))?;
    }
    world.notices()
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..trials::config() })]

    #[test]
    fn nothing_is_lost_repeated_or_without_a_reason(
        turns in proptest::collection::vec(turn(any_event()), 1..9),
        search in 0..8_usize,
        anew in any::<bool>(),
    ) {
        if let Err(fault) = history(&turns, search, anew) {
            prop_assert!(false, "{fault}");
        }
    }
}
