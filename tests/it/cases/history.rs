//! Plays a case: run after run, each on what the one before has left.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::plan::Released;
use folkform::plan::Results;
use folkform::plan::StepResult;
use folkform::resolve::Decision;
use folkform::resolve::FlagKind;
use folkform::resolve::Whom;
use folkform::source::Snapshot;

use super::case::Found;
use super::case::Run;
use super::drift;
use super::expect::Verdict;
use super::expect::is_of;
use super::facts;
use super::facts::Words;
use super::laws;
use super::snapshot::Sources;

/// The secret of the host of every case.
pub(super) const SALT: &[u8] = b"cases";

/// What a run starts from.
#[derive(Clone)]
pub(super) struct Start {
    pub(super) rules: Ruleset,
    pub(super) snapshot: Snapshot,
    pub(super) directory: Directory,
    pub(super) ledger: Ledger,
    pub(super) decisions: Vec<Decision>,
    pub(super) approvals: Approvals,
    pub(super) as_of: NaiveDate,
}

impl Start {
    pub(super) fn evaluate(&self) -> Result<Outcome, String> {
        let inputs = Inputs {
            snapshot: &self.snapshot,
            directory: &self.directory,
            ledger: &self.ledger,
            as_of: self.as_of,
            salt: SALT,
            decisions: &self.decisions,
        };
        self.rules
            .evaluate(&inputs)
            .map_err(|limit| limit.to_string())
    }
}

/// A run that was played.
pub(super) struct Played {
    pub(super) start: Start,
    pub(super) outcome: Outcome,
    pub(super) plan: Plan,
    pub(super) released: Option<Released>,
    /// Whether everything that was planned was done.
    pub(super) whole: bool,
    pub(super) after: Directory,
    pub(super) ledger: Ledger,
}

/// Plays a case and gives its faults; a case that asserts nothing is one.
pub(super) fn play(found: &Found) -> Result<Vec<String>, String> {
    let case = &found.case;
    if case.title.is_empty() {
        return Err(String::from("a case has a title that says what it shows"));
    }
    let mut text = case.rules.apply(&found.rules)?;
    let mut rules = load(&text)?;
    let mut sources = Sources::default();
    sources.read(&found.snapshot)?;
    let mut directory = match &case.directory {
        None => Directory::default(),
        Some(table) => drift::directory(table)?,
    };
    let mut ledger = Ledger::default();
    let mut approvals = Approvals::default();
    let mut faults = Vec::new();
    for run in &case.run {
        let place = |fault: &str| format!("on {}: {fault}", run.on);
        let mut verdict = Verdict::default();
        if !run.rules.is_empty() {
            text = run.rules.apply(&text).map_err(|fault| place(&fault))?;
            rules = load(&text).map_err(|fault| place(&fault))?;
        }
        sources.read(&run.snapshot).map_err(|fault| place(&fault))?;
        let as_of = run.on.parse().map_err(|_| place("that is no day"))?;
        match run.ledger.as_deref() {
            None => {}
            Some("lost") => ledger = Ledger::default(),
            Some("rebuilt") => ledger = Ledger::rebuild(&directory, as_of).0,
            Some(other) => return Err(place(&format!("a ledger is not `{other}`"))),
        }
        let decisions = run.decisions.iter().map(|text| decision(&sources, text));
        let mut start = Start {
            rules: rules.clone(),
            snapshot: sources.on(as_of),
            directory: directory.clone(),
            ledger: ledger.clone(),
            decisions: decisions
                .collect::<Result<_, _>>()
                .map_err(|fault| place(&fault))?,
            approvals: approvals.clone(),
            as_of,
        };
        if !run.drift.is_empty() {
            let words = Words::of(&sources, &start.evaluate()?);
            start.directory = drift::drifted(&start.directory, &run.drift, &words)
                .map_err(|fault| place(&fault))?;
        }
        let played = one(start, run, &sources).map_err(|fault| place(&fault))?;
        approvals.clone_from(&played.start.approvals);
        expect(&mut verdict, run, &sources, &played).map_err(|fault| place(&fault))?;
        if verdict.asserted() == 0 && verdict.faults.is_empty() && !run.expect.is_empty() {
            verdict.fault(String::from(
                "the run expects something that asserts nothing",
            ));
        }
        if !verdict.faults.is_empty() {
            let words = Words::of(&sources, &played.outcome);
            let steps = played.plan.steps().iter().map(|step| {
                format!(
                    "\n      {}{}",
                    facts::line(step, &words),
                    if step.holds.is_some() { " (held)" } else { "" }
                )
            });
            let steps: String = steps.collect();
            verdict.fault(format!("the plan was:{steps}"));
        }
        let broken = laws::broken(&played, &sources, &case.shows);
        faults.extend(
            verdict
                .faults
                .into_iter()
                .chain(broken)
                .map(|fault| place(&fault)),
        );
        directory = played.after;
        ledger = played.ledger;
    }
    if case.run.iter().all(|run| run.expect.is_empty()) {
        faults.push(String::from("no run of the case expects anything"));
    }
    Ok(faults)
}

fn load(text: &str) -> Result<Ruleset, String> {
    Ruleset::from_toml(text).map_err(|problems| problems.to_string())
}

fn one(mut start: Start, run: &Run, sources: &Sources) -> Result<Played, String> {
    let outcome = start.evaluate()?;
    let plan = outcome.plan();
    let words = Words::of(sources, &outcome);
    for wanted in &run.approve {
        let until = start.as_of.checked_add_days(chrono::Days::new(30)).unwrap();
        let before = start.approvals.approvals.len();
        for trip in plan.trips() {
            let of = trip.slice.as_ref().map_or(String::from("total"), |slice| {
                format!("{} {}", slice.municipality, slice.population)
            });
            if format!("{} {of}", trip.guard) == *wanted {
                start
                    .approvals
                    .approvals
                    .push(trip.approval(until, "the head of IT"));
            }
        }
        if start.approvals.approvals.len() == before {
            return Err(format!("no guard was reached that `{wanted}` names"));
        }
    }
    let refused =
        |wanted: bool| run.expect.get("refused").and_then(toml::Value::as_bool) == Some(wanted);
    let released = match run.release.as_deref() {
        None | Some("all") => match plan.release(&start.approvals, start.as_of) {
            Ok(released) => Some(released),
            Err(_) if refused(true) => Some(plan.urgent()),
            Err(refusal) => return Err(format!("the plan is refused: {refusal}")),
        },
        Some("urgent") => Some(plan.urgent()),
        Some("nothing") => None,
        Some(other) => return Err(format!("nothing is released by the word `{other}`")),
    };
    let mut after = start.directory.clone();
    let mut ledger = outcome.observed().clone();
    let mut whole = released
        .as_ref()
        .is_some_and(|released| released.len() == plan.steps().len());
    if let Some(released) = &released {
        let results = carry_out(released, &mut after, &run.results, &words)?;
        whole &= results.all_done();
        ledger = released.settle(&results);
    }
    Ok(Played {
        start,
        outcome,
        plan,
        released,
        whole,
        after,
        ledger,
    })
}

/// Carries steps out, but for those that the case lets go otherwise.
fn carry_out(
    released: &Released,
    directory: &mut Directory,
    otherwise: &BTreeMap<String, String>,
    words: &Words,
) -> Result<Results, String> {
    let mut results = Results::default();
    let mut used = BTreeSet::new();
    for step in released.steps() {
        let line = facts::line(step.shown(), words);
        let ready = step.depends_on().iter();
        let ready = ready
            .clone()
            .all(|id| results.get(id).is_some_and(StepResult::is_done));
        let how = otherwise.iter().find(|(item, _)| is_of(&line, item, true));
        if let Some((item, _)) = how {
            used.insert(item);
        }
        let how = how.map(|(_, how)| how.as_str());
        let done = StepResult::Done { object_id: None };
        let mut apply = || {
            let applied = directory.apply(step.change());
            applied.map_err(|error| format!("the directory refuses `{line}`: {error:?}"))
        };
        let result = match how {
            _ if !ready => StepResult::Skipped,
            None => apply().map(|()| done)?,
            Some("failed") => StepResult::Failed,
            Some("skipped") => StepResult::Skipped,
            Some("unknown") => StepResult::Unknown,
            Some("unanswered") => apply().map(|()| StepResult::Unknown)?,
            Some(other) => return Err(format!("a step does not end as `{other}`")),
        };
        results.set(step.id(), result);
    }
    match otherwise.keys().find(|item| !used.contains(item)) {
        Some(item) => Err(format!("no released step begins with `{item}`")),
        None => Ok(results),
    }
}

fn expect(
    verdict: &mut Verdict,
    run: &Run,
    sources: &Sources,
    played: &Played,
) -> Result<(), String> {
    let outcome = &played.outcome;
    let words = Words::of(sources, outcome);
    let wanted = facts::wanted(outcome.desired(), &words);
    let actual = facts::actual(&played.after, &words);
    let lists = facts::lists(outcome, &played.plan, &words);
    for (key, expected) in &run.expect {
        match key.as_str() {
            "account" | "group" | "class_list" | "notice" => {
                let short = if key == "account" { "state" } else { "to" };
                verdict.objects(key, expected, short, &wanted[key.as_str()]);
            }
            "then" => {
                for (kind, expected) in expected.as_table().into_iter().flatten() {
                    match actual.get(kind.as_str()) {
                        Some(objects) => verdict.objects(kind, expected, "state", objects),
                        None => {
                            verdict.fault(format!("`then.{kind}` is nothing that a directory has"));
                        }
                    }
                }
            }
            "person" => {
                for (name, fields) in expected.as_table().into_iter().flatten() {
                    let key = facts::person(sources, outcome, name);
                    let facts = key.map(|key| facts::of_person(outcome, key, &words));
                    match (facts, fields.as_table()) {
                        (Some(facts), Some(fields)) => {
                            verdict.fields(&format!("person.{name}"), fields, &facts);
                        }
                        (None, _) => verdict.fault(format!("nobody is `{name}`")),
                        (Some(_), None) => verdict.fault(format!("`person.{name}` is no table")),
                    }
                }
            }
            "same" | "apart" => {
                for pair in expected.as_array().into_iter().flatten() {
                    let names = pair.as_str().unwrap_or_default();
                    let (one, other) = names.split_once(' ').unwrap_or_default();
                    let keys = [one, other].map(|name| facts::person(sources, outcome, name));
                    let same = keys[0].is_some() && keys[0] == keys[1];
                    verdict.value(
                        &format!("{key} {names}"),
                        &true.into(),
                        &(same == (key == "same")).to_string(),
                    );
                }
            }
            "why" => {
                for (about, parts) in expected.as_table().into_iter().flatten() {
                    let (name, output) = about.split_once(' ').unwrap_or_default();
                    let why = facts::person(sources, outcome, name);
                    let why = why.and_then(|key| outcome.why(key, output));
                    let text = why.map_or(String::from("nothing is known"), |why| {
                        words.say(&why.to_string())
                    });
                    verdict.contains(&format!("why `{about}`"), parts, &text);
                }
            }
            "persons" => verdict.value(key, expected, &outcome.population().len().to_string()),
            "refused" => {
                let refused = played
                    .plan
                    .release(&played.start.approvals, played.start.as_of)
                    .is_err();
                verdict.value(key, expected, &refused.to_string());
            }
            "next_change" => {
                let next = outcome.next_change().map_err(|limit| limit.to_string())?;
                let text = next.map_or(String::from("none"), |day| day.to_string());
                verdict.value(key, expected, &text);
                verdict.faults.extend(laws::day_by_day(played, next));
            }
            list => {
                if !verdict.lists(list, expected, &lists) {
                    verdict.fault(format!(
                        "`{list}` is nothing that can be expected, or is no list"
                    ));
                }
            }
        }
    }
    Ok(())
}

/// A decision in a few words.
fn decision(sources: &Sources, text: &str) -> Result<Decision, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let whom = |name: &str| {
        let (instance, kind, id) = sources
            .names
            .get(name)
            .ok_or(format!("nobody is `{name}`"))?;
        let (instance, kind, id) = (instance.clone(), kind.clone(), id.clone());
        Ok::<_, String>(Whom::Record { instance, kind, id })
    };
    match words[..] {
        ["same", one, other] => Ok(Decision::Same {
            one: whom(one)?,
            other: whom(other)?,
        }),
        ["apart", one, other] => Ok(Decision::Apart {
            one: whom(one)?,
            other: whom(other)?,
        }),
        ["end_protection", name, flag] => {
            let flag = FlagKind::ALL.into_iter().find(|known| known.name() == flag);
            let flag = flag.ok_or(format!("`{text}` names no flag"))?;
            Ok(Decision::EndProtection {
                person: whom(name)?,
                flag,
            })
        }
        ["replace", name] => Ok(Decision::Replace {
            person: whom(name)?,
        }),
        ["suspend", name, from] => {
            let from = from.parse().map_err(|_| format!("`{from}` is no day"))?;
            Ok(Decision::Suspend {
                person: whom(name)?,
                from,
            })
        }
        _ => Err(format!("`{text}` is no decision")),
    }
}
