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
use folkform::directory::AccountKey;
use folkform::directory::AccountState;
use folkform::directory::Directory;
use folkform::directory::Opinion;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::plan::Results;
use folkform::plan::Shown;
use folkform::plan::Step;
use folkform::plan::StepKind;
use folkform::plan::StepResult;
use folkform::source::Snapshot;
use proptest::prelude::*;

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

/// The rules of the cases, with shorter times, and one notice for each account.
fn rules() -> Ruleset {
    let changes = [
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

fn turn() -> impl Strategy<Value = Turn> {
    let results = prop_oneof![
        3 => Just(Vec::new()),
        2 => proptest::collection::vec(0..8_u8, 1..12),
    ];
    (
        prop_oneof![0..4_u64, 1..50_u64],
        proptest::collection::vec(event(), 0..3),
        results,
    )
        .prop_map(|(days, events, results)| Turn {
            days,
            events,
            results,
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
    /// How often each notice went out and was confirmed.
    told: BTreeMap<(AccountKey, String), usize>,
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
    fn new() -> Self {
        let mut directory = Directory::default();
        directory
            .containers
            .insert("DC=sml,DC=test".parse().unwrap());
        Self {
            rules: rules(),
            people: People::default(),
            seen: People::default(),
            directory,
            ledger: Ledger::default(),
            today: NaiveDate::from_ymd_opt(2026, 1, 15).unwrap(),
            witness: Witness::default(),
        }
    }

    fn evaluate(&self, snapshot: &Snapshot, today: NaiveDate) -> Outcome {
        let inputs = Inputs {
            snapshot,
            directory: &self.directory,
            ledger: &self.ledger,
            as_of: today,
            salt: b"histories",
            decisions: &[],
        };
        self.rules.evaluate(&inputs).unwrap()
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
        let outcome = self.evaluate(&snapshot, self.today);
        let plan = outcome.plan();
        if search {
            self.next_change(&outcome, &snapshot)?;
        }
        self.reasons(&plan, &outcome)?;
        let results = self.carry_out(&plan, &turn.results)?;
        let whole = results.all_done();
        let released = plan.release(&Approvals::default(), self.today).unwrap();
        self.ledger = released.settle(&results);
        self.names()?;
        if whole {
            self.as_the_model_says(&outcome)?;
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

    /// The day of the next change is the first on which a run of that day wants something else.
    fn next_change(&self, outcome: &Outcome, snapshot: &Snapshot) -> Result<(), String> {
        let next = outcome.next_change().unwrap();
        let now = plain(outcome);
        for ahead in 1..=DAYS_AHEAD {
            let day = later(self.today, ahead);
            let mut snapshot = snapshot.clone();
            for instance in &mut snapshot.instances {
                instance.as_of = day;
            }
            let changed = plain(&self.evaluate(&snapshot, day)) != now;
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
    fn reasons(&mut self, plan: &Plan, outcome: &Outcome) -> Result<(), String> {
        for step in plan.steps() {
            let Ok(key) = step.object.parse::<AccountKey>() else {
                continue;
            };
            let Some(person) = Self::person(outcome, &key) else {
                return Err(format!("{step:?} is of nobody"));
            };
            match step.kind {
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

    fn person(outcome: &Outcome, key: &AccountKey) -> Option<usize> {
        (0..PEOPLE.len()).find(|person| {
            outcome.person_of_record("heroma/sml", "person", &person.to_string())
                == Some(key.person)
        })
    }

    /// Carries the plan out: each step as the results say, in turn; all that is not said is done.
    fn carry_out(&mut self, plan: &Plan, how: &[u8]) -> Result<Results, String> {
        let released = plan.release(&Approvals::default(), self.today).unwrap();
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
        match step.kind {
            StepKind::CreateAccount => *witness.made.entry(key).or_default() += 1,
            // One that nobody answered, and that was undone before the next run, is nobody's news.
            StepKind::Disable if answered => {
                *witness.ended.entry(key.clone()).or_default() += 1;
                witness.disabled.insert(key, self.today);
            }
            // What it was made of is known again after a run of which everything was done.
            StepKind::ChangeMail => {
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
                if holder != key {
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
    fn as_the_model_says(&mut self, outcome: &Outcome) -> Result<(), String> {
        for (person, (_, name, _)) in PEOPLE.iter().enumerate() {
            let Some(key) = outcome.person_of_record("heroma/sml", "person", &person.to_string())
            else {
                continue;
            };
            let key = AccountKey::new(key, "staff");
            let account = self
                .directory
                .accounts
                .values()
                .find(|account| account.anchor.as_ref() == Some(&key));
            let wanted = self.seen.is_enabled(person, self.today);
            if account.is_some_and(|account| account.enabled) != wanted {
                return Err(format!(
                    "{name} is enabled, or not: the model says {wanted}"
                ));
            }
            let Some(account) = account else { continue };
            let groups = self
                .directory
                .groups
                .values()
                .filter(|group| group.members.contains(&account.id));
            let groups: BTreeSet<&str> = groups
                .filter_map(|group| group.anchor.as_ref())
                .map(|key| &*key.value)
                .collect();
            let active = if wanted {
                self.seen.active_at(person, self.today)
            } else {
                BTreeSet::new()
            };
            if groups != active {
                return Err(format!(
                    "{name} is in {groups:?}, the model says {active:?}"
                ));
            }
            let state = outcome
                .desired()
                .accounts
                .get(&key)
                .map(|account| &account.state);
            if state == Some(&Opinion::Set(AccountState::Enabled)) {
                let now = (
                    self.seen.surname(person).to_owned(),
                    self.seen.employers(person),
                );
                self.witness.basis.insert(key, now);
            }
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
                // One whose making nobody answered, and which had ended when it was seen, is nobody's news.
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

/// What is wanted, without when to look again.
fn plain(outcome: &Outcome) -> String {
    let mut desired = outcome.desired().clone();
    for account in desired.accounts.values_mut() {
        account.recheck_on = None;
    }
    desired.notices.clear();
    desired.to_sealed_json()
}

fn history(turns: &[Turn], search: usize) -> Result<(), String> {
    let mut world = World::new();
    // The source is known before anything befalls.
    let first = Turn {
        days: 0,
        events: Vec::new(),
        results: Vec::new(),
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
        turns in proptest::collection::vec(turn(), 1..9),
        search in 0..8_usize,
    ) {
        if let Err(fault) = history(&turns, search) {
            prop_assert!(false, "{fault}");
        }
    }
}
