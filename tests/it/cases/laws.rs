//! What holds of every run, whatever a case is about: the laws of the crate that a single run can show.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use folkform::Outcome;
use folkform::diagnostic::Subject;
use folkform::directory::Desired;
use folkform::directory::Directory;
use folkform::directory::ObjectId;
use folkform::directory::Slice;
use folkform::ledger::Ledger;
use folkform::plan::Plan;
use folkform::plan::Results;
use folkform::source::Snapshot;

use super::facts;
use super::facts::Words;
use super::history::Played;
use super::history::Start;
use super::snapshot::Sources;

/// So many places in a plan, evenly chosen, are tried as the place where it stopped.
const MOST_STOPS: usize = 5;

/// Where nothing is said to change, so many days are looked at.
const MOST_DAYS: u64 = 90;

/// Columns whose values are withheld of everybody protected.
const PERSONAL: &[&str] = &[
    "number",
    "given_name",
    "given_names",
    "called_name",
    "middle_name",
    "surname",
    "mail",
    "phone",
];

/// The laws that a run breaks.
pub(super) fn broken(played: &Played, sources: &Sources, shows: &[String]) -> Vec<String> {
    let mut broken = Vec::new();
    broken.extend(ordered(played));
    broken.extend(rechecked(played));
    broken.extend(withheld(played, sources, shows));
    broken.extend(known(played));
    if let Err(fault) = prefixes(played, sources) {
        broken.push(fault);
    }
    broken
}

/// All that a run gives, as bytes.
fn bytes(outcome: &Outcome, plan: &Plan) -> [String; 5] {
    [
        outcome.desired().to_sealed_json(),
        serde_json::to_string(outcome.findings()).unwrap(),
        outcome.observed().to_sealed_json(),
        plan.to_json(),
        plan.annex(),
    ]
}

/// The same input gives the same bytes, and so does the same input in another order.
fn ordered(played: &Played) -> Option<String> {
    let first = bytes(&played.outcome, &played.plan);
    let mut turned = played.start.clone();
    turned.snapshot = reversed(&turned.snapshot);
    turned.decisions.reverse();
    for (start, what) in [
        (&played.start, "a second run"),
        (&turned, "another order of records"),
    ] {
        let outcome = match start.evaluate() {
            Ok(outcome) => outcome,
            Err(limit) => return Some(format!("{what} reaches a limit: {limit}")),
        };
        let again = bytes(&outcome, &outcome.plan());
        let documents = [
            "what is wanted",
            "the findings",
            "the ledger",
            "the plan",
            "the annex",
        ];
        for (document, (one, other)) in documents.iter().zip(first.iter().zip(&again)) {
            if one != other {
                return Some(format!("{what} changes {document}:\n{one}\n{other}"));
            }
        }
    }
    None
}

/// It is said, sealed, whom each opaque id of a finding stands for.
fn known(played: &Played) -> Vec<String> {
    let known = played.outcome.sealed_subjects().reveal();
    let subjects = played.outcome.findings().iter();
    let unknown = subjects.filter_map(|finding| match &finding.subject {
        Subject::Sealed { sealed } if !known.contains_key(sealed.as_str()) => Some(format!(
            "nobody is said to be {sealed}, of whom {} tells",
            finding.code.id
        )),
        _ => None,
    });
    unknown.collect()
}

fn reversed(snapshot: &Snapshot) -> Snapshot {
    let mut snapshot = snapshot.clone();
    snapshot.instances.reverse();
    for instance in &mut snapshot.instances {
        instance.records.reverse();
    }
    snapshot
}

/// No withheld value of a protected person stands in an open document.
fn withheld(played: &Played, sources: &Sources, shows: &[String]) -> Vec<String> {
    let outcome = &played.outcome;
    let mut hidden: BTreeSet<String> = BTreeSet::new();
    let mut open: BTreeSet<String> = shows.iter().map(|text| text.to_lowercase()).collect();
    for (instance, record) in sources.records() {
        let key = outcome.person_of_record(instance, &record.kind, &record.id);
        let sealed = key.is_some_and(|key| outcome.is_sealed(key));
        for (_, texts) in record
            .fields
            .iter()
            .filter(|(name, _)| PERSONAL.contains(&name.as_str()))
        {
            for text in texts.iter().map(|text| text.reveal().to_lowercase()) {
                if sealed && text.len() > 3 {
                    hidden.insert(text)
                } else {
                    open.insert(text)
                };
            }
        }
    }
    if hidden.is_empty() {
        return Vec::new();
    }
    let mut documents = format!(
        "{}\n{}\n{outcome:?}{:?}",
        played.plan.to_json(),
        serde_json::to_string(outcome.findings()).unwrap(),
        played.plan
    );
    for key in outcome.population().keys() {
        for account in outcome
            .desired()
            .accounts
            .keys()
            .filter(|account| account.person == key)
        {
            for output in ["", ".login", ".mail"] {
                let why = outcome.why(key, &format!("account.{}{output}", account.rule));
                documents.extend(why.map(|why| why.to_string()));
            }
        }
    }
    let documents = documents.to_lowercase();
    hidden
        .difference(&open)
        .filter(|value| documents.contains(value.as_str()))
        .map(|value| format!("an open document has the withheld value `{value}`"))
        .collect()
}

/// After every prefix the directory is valid; from every prefix the next run comes to the same end; at the end nothing is left.
fn prefixes(played: &Played, sources: &Sources) -> Result<(), String> {
    let Some(released) = &played.released else {
        return Ok(());
    };
    let words = Words::of(sources, &played.outcome);
    let mut now = played.start.directory.clone();
    valid(&now).map_err(|fault| format!("the directory of the case is not valid: {fault}"))?;
    let mut results = Results::default();
    let mut stops: Vec<(Directory, Results)> = Vec::new();
    let every = released.len().div_ceil(MOST_STOPS).max(1);
    for (index, step) in released.steps().enumerate() {
        let line = facts::line(step.shown(), &words);
        now.apply(step.change())
            .map_err(|error| format!("refused: `{line}`: {error:?}"))?;
        results.done(step.id());
        valid(&now).map_err(|fault| format!("after `{line}`: {fault}"))?;
        if index % every == 0 {
            stops.push((now.clone(), results.clone()));
        }
    }
    untouched(played, &now)?;
    if !played.whole {
        return Ok(());
    }
    let settled = released.settle(&results);
    let end = now.to_sealed_json();
    let sent = notices(&played.plan);
    let (left, _, _) = resume(played, &now, &settled)?;
    if !left.is_empty() {
        let left: Vec<String> = left
            .steps()
            .iter()
            .map(|step| facts::line(step, &words))
            .collect();
        return Err(format!("after all is done the next plan has {left:?}"));
    }
    if !played.outcome.desired().satisfied_by(&now) {
        let held = played
            .plan
            .findings()
            .iter()
            .any(|finding| finding.code.id.starts_with("P10"));
        if !held {
            return Err(String::from("what is wanted is not what came of it"));
        }
    }
    for (directory, results) in stops {
        let (rest, finished, whole) = resume(played, &directory, &released.settle(&results))?;
        let done = played
            .plan
            .steps()
            .iter()
            .filter(|step| results.get(&step.id).is_some());
        let done = done
            .filter(|step| step.kind == folkform::plan::StepKind::Notice)
            .count();
        if whole && finished.to_sealed_json() != end {
            return Err(format!(
                "stopped after {} steps, the next run ends elsewhere:\n{}\n{end}",
                results.iter().count(),
                finished.to_sealed_json()
            ));
        }
        let mut all = notices(&rest);
        all.sort();
        if whole && all.len() + done != sent.len() {
            return Err(format!(
                "stopped after {} steps, the next run sends {all:?} beside {done} of {sent:?}",
                results.iter().count(),
            ));
        }
    }
    Ok(())
}

fn notices(plan: &Plan) -> Vec<String> {
    let steps = plan.steps().iter();
    let steps = steps.filter(|step| step.kind == folkform::plan::StepKind::Notice);
    steps
        .map(|step| format!("{} {:?}", step.object, step.field))
        .collect()
}

/// The next run on the same day: its plan, the directory after it, and whether nothing of it was held.
fn resume(
    played: &Played,
    directory: &Directory,
    ledger: &Ledger,
) -> Result<(Plan, Directory, bool), String> {
    let start = Start {
        directory: directory.clone(),
        ledger: ledger.clone(),
        ..played.start.clone()
    };
    let plan = start.evaluate()?.plan();
    let mut after = directory.clone();
    let Ok(released) = plan.release(&start.approvals, start.as_of) else {
        return Ok((plan, after, false));
    };
    let results = released.carry_out_on(&mut after);
    let whole = released.len() == plan.steps().len() && results.all_done();
    Ok((plan, after, whole))
}

/// What is not ours is as it was.
fn untouched(played: &Played, after: &Directory) -> Result<(), String> {
    let desired = played.outcome.desired();
    let adopted: BTreeSet<&ObjectId> = desired
        .accounts
        .values()
        .filter_map(|account| account.adopt.as_ref())
        .collect();
    for (id, account) in &played.start.directory.accounts {
        let foreign = match &account.anchor {
            None => !adopted.contains(id),
            Some(key) => !desired.accounts.contains_key(key) && !adopted.contains(id),
        };
        if foreign {
            let mut before = account.clone();
            // What refers to an object that is deleted loses the reference, whoever it belongs to.
            before
                .references
                .retain(|_, to| after.accounts.contains_key(to) || after.groups.contains_key(to));
            if after.accounts.get(id) != Some(&before) {
                return Err(format!("account {id} is not ours, and was changed"));
            }
        }
    }
    for (id, group) in &played.start.directory.groups {
        if group
            .anchor
            .as_ref()
            .is_none_or(|key| !desired.groups.contains_key(key))
        {
            let mut before = group.clone();
            before.members.retain(|member| {
                after.accounts.contains_key(member) || after.groups.contains_key(member)
            });
            if after.groups.get(id) != Some(&before) {
                return Err(format!("group {id} is not ours, and was changed"));
            }
        }
    }
    Ok(())
}

/// What holds of every valid directory, looked at object by object.
pub(crate) fn valid(directory: &Directory) -> Result<(), String> {
    let mut names: BTreeMap<(&str, String), String> = BTreeMap::new();
    let mut hold = |space, name: &str, holder: &ObjectId| match names
        .insert((space, name.to_lowercase()), holder.to_string())
    {
        Some(other) => Err(format!(
            "{space} `{name}` is held by {other} and by {holder}"
        )),
        None => Ok(()),
    };
    for (id, account) in &directory.accounts {
        if let Some(login) = &account.login {
            hold("login", login, id)?;
        }
        for address in account.mail.iter().chain(&account.aliases) {
            hold("address", address, id)?;
        }
        hold("dn", &account.dn.to_string(), id)?;
        if let Some(anchor) = &account.anchor {
            hold("anchor", &anchor.to_string(), id)?;
        }
    }
    for (id, group) in &directory.groups {
        hold("login", &group.name, id)?;
        hold("dn", &group.dn.to_string(), id)?;
        if let Some(anchor) = &group.anchor {
            hold("group anchor", &anchor.to_string(), id)?;
        }
    }
    let known =
        |id: &ObjectId| directory.accounts.contains_key(id) || directory.groups.contains_key(id);
    for (id, account) in &directory.accounts {
        if let Some((name, _)) = account.references.iter().find(|(_, to)| !known(to)) {
            return Err(format!("`{name}` of {id} refers to nothing"));
        }
    }
    for (id, group) in &directory.groups {
        if group.members.iter().any(|member| !known(member)) {
            return Err(format!("{id} has a member that is not there"));
        }
    }
    Ok(())
}

/// A run on a day with nothing but the day changed, once what this one has seen is remembered.
fn on(played: &Played, day: NaiveDate) -> Result<Outcome, String> {
    let days = day.signed_duration_since(played.start.as_of);
    let mut start = Start {
        as_of: day,
        ledger: played.outcome.observed().clone(),
        ..played.start.clone()
    };
    for instance in &mut start.snapshot.instances {
        let later = instance.as_of.checked_add_signed(days);
        instance.as_of = later.ok_or("no such day")?;
    }
    start.evaluate()
}

/// Nothing of an account changes before the day on which it is to be looked at again.
fn rechecked(played: &Played) -> Option<String> {
    let now = match on(played, played.start.as_of) {
        Ok(outcome) => by_account(&outcome),
        Err(limit) => return Some(limit),
    };
    let rechecks = |outcome: &Outcome| {
        let accounts = outcome.desired().accounts.iter();
        let days: BTreeMap<String, Option<NaiveDate>> = accounts
            .map(|(key, account)| (key.to_string(), account.recheck_on))
            .collect();
        days
    };
    let rechecks = rechecks(&played.outcome);
    let last = played.start.as_of + chrono::Days::new(MOST_DAYS);
    let eves = rechecks
        .values()
        .map(|day| day.map_or(last, |day| day.min(last)));
    let eves: BTreeSet<NaiveDate> = eves.filter_map(|day| day.pred_opt()).collect();
    for eve in eves.into_iter().filter(|eve| *eve > played.start.as_of) {
        let then = match on(played, eve) {
            Ok(outcome) => by_account(&outcome),
            Err(limit) => return Some(limit),
        };
        let holds = rechecks
            .iter()
            .filter(|(_, day)| day.is_none_or(|day| eve < day));
        for (key, day) in holds {
            let (before, after) = (now.get(key), then.get(key));
            if before != after {
                return Some(format!(
                    "account {key} is to hold until {day:?} and does not on {eve}:\n{before:?}\n{after:?}"
                ));
            }
        }
    }
    None
}

/// What is wanted of each account: of itself, and where it is a member or stands in a list.
fn by_account(outcome: &Outcome) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let desired = outcome.desired();
    for (key, account) in &desired.accounts {
        let mut account = account.clone();
        account.recheck_on = None;
        account.slice = Slice::default();
        let own = found.entry(key.to_string()).or_default();
        let mut alone = Desired::default();
        alone.accounts.insert(key.clone(), account);
        own.push(alone.to_sealed_json());
    }
    for (group, wanted) in &desired.groups {
        for (member, opinion) in &wanted.members {
            let own = found.entry(member.to_string()).or_default();
            own.push(format!("{group}: {opinion:?}"));
        }
    }
    for (list, wanted) in &desired.class_lists {
        for (account, row) in &wanted.rows {
            let own = found.entry(account.to_string()).or_default();
            own.push(format!("{list}: {:?} {:?}", row.state, row.columns));
        }
    }
    found
}

/// Compares the day of the next change with a search day by day.
pub(super) fn day_by_day(played: &Played, next: Option<NaiveDate>) -> Option<String> {
    let now = match on(played, played.start.as_of) {
        Ok(outcome) => plain(&outcome),
        Err(limit) => return Some(limit),
    };
    let ahead = next.map_or(MOST_DAYS, |next| {
        let days = next.signed_duration_since(played.start.as_of).num_days();
        u64::try_from(days).unwrap_or(0)
    });
    for later in 1..=ahead {
        let day = played
            .start
            .as_of
            .checked_add_days(chrono::Days::new(later))?;
        let changed = match on(played, day) {
            Ok(outcome) => plain(&outcome) != now,
            Err(limit) => return Some(limit),
        };
        match (changed, next == Some(day)) {
            (true, true) => return None,
            (true, false) => return Some(format!("something changes on {day} already")),
            (false, true) => return Some(format!("nothing changes on {day}")),
            (false, false) => {}
        }
    }
    None
}

/// What is wanted, without when to look again and whom a guard counts it with.
pub(crate) fn plain(outcome: &Outcome) -> String {
    let mut desired = outcome.desired().clone();
    for account in desired.accounts.values_mut() {
        account.recheck_on = None;
        account.slice = Slice::default();
    }
    for group in desired.groups.values_mut() {
        group.slice = Slice::default();
    }
    for list in desired.class_lists.values_mut() {
        list.slice = Slice::default();
    }
    desired.notices.clear();
    desired.to_sealed_json()
}
