//! What a run came to, for people to read.
//!
//! It is an open document: accounts are named by login, those of protected persons by key, and values of persons do not occur.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use folkform::diagnostic::Finding;
use folkform::diagnostic::Severity;
use folkform::directory::AccountKey;
use folkform::directory::AccountState;
use folkform::directory::Change;
use folkform::directory::KeepCause;
use folkform::directory::Opinion;
use folkform::source::SourceInstance;

use super::story::Run;

/// How many subjects of one code are named.
const SUBJECTS: usize = 3;

/// The report of a run.
pub(super) fn report(run: &Run) -> String {
    let mut text = String::new();
    head(run, &mut text);
    summary(run, &mut text);
    notices(run, &mut text);
    held(run, &mut text);
    findings(run, &mut text);
    quality(run, &mut text);
    text
}

/// Adds a line. Writing to a text cannot fail.
macro_rules! line {
    ($text:expr) => {
        $text.push('\n')
    };
    ($text:expr, $($part:tt)*) => {
        writeln!($text, $($part)*).unwrap_or_default()
    };
}

fn head(run: &Run, text: &mut String) {
    line!(text, "Run of {}", run.outcome.as_of());
    line!(text);
    line!(text, "Sources");
    for instance in &run.snapshot.instances {
        line!(text, "  {:<16} {}", instance.name(), kinds(instance));
    }
    let population = run.outcome.population();
    line!(
        text,
        "  together         {} persons; {} numbers to ask the register about",
        population.len(),
        run.outcome.lookups().len()
    );
}

/// How many records of which kind an instance has.
fn kinds(instance: &SourceInstance) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for record in &instance.records {
        let count = counts.entry(&record.kind).or_default();
        *count = count.saturating_add(1);
    }
    let parts: Vec<String> = counts
        .into_iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    parts.join(", ")
}

fn summary(run: &Run, text: &mut String) {
    let summary = run.plan.summary();
    line!(text);
    line!(
        text,
        "Plan: {} steps, digest {}",
        run.plan.steps().len(),
        run.plan.digest()
    );
    for (kind, count) in &summary.steps {
        let mut notes = Vec::new();
        if let Some(urgent) = summary.urgent.get(kind) {
            notes.push(format!("{urgent} urgent"));
        }
        if let Some(held) = summary.held.get(kind) {
            notes.push(format!("{held} held"));
        }
        let notes = if notes.is_empty() {
            String::new()
        } else {
            format!(" ({})", notes.join(", "))
        };
        line!(text, "  {count:>5} {kind}{notes}");
    }
}

/// The notices that go out when the steps that they tell of are done.
fn notices(run: &Run, text: &mut String) {
    let mut by_rule: BTreeMap<(&str, bool), Vec<String>> = BTreeMap::new();
    for step in run.released.steps() {
        if let Change::Notice(notice) = step.change() {
            let about = shown(run, &notice.account);
            let whom = match &notice.to {
                Some(to) if notice.task => format!("a task for {}", shown(run, to)),
                Some(to) => format!("to {}", shown(run, to)),
                None => String::from("a task for the officer"),
            };
            by_rule
                .entry((&notice.rule, notice.task))
                .or_default()
                .push(format!("{about}, {whom}"));
        }
    }
    line!(text);
    line!(text, "Notices, each released by its step");
    let letters = run.released.letters();
    if let Some(most) = letters.iter().map(|letter| letter.notices.len()).max() {
        let count = letters.len();
        line!(
            text,
            "  {count:>5} letters, one for each recipient; the longest holds {most} notices"
        );
    }
    if by_rule.is_empty() {
        line!(text, "  none");
    }
    for ((rule, task), mut lines) in by_rule {
        lines.sort();
        let what = if task { " as a task" } else { "" };
        line!(text, "  {:>5} {rule}{what}", lines.len());
        for one in lines.iter().take(SUBJECTS) {
            line!(text, "        about {one}");
        }
    }
}

/// The login of an account, or its key where that is withheld or there is none.
fn shown(run: &Run, key: &AccountKey) -> String {
    let account = run.outcome.desired().accounts.get(key);
    match account.map(|account| &account.login) {
        Some(Opinion::Set(login)) if !run.outcome.is_sealed(key.person) => login.to_string(),
        _ => key.to_string(),
    }
}

/// What does not happen, and why.
fn held(run: &Run, text: &mut String) {
    line!(text);
    line!(text, "Held");
    for trip in run.plan.trips() {
        line!(text, "  {trip}");
    }
    let mut accounts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (key, account) in &run.outcome.desired().accounts {
        if let Opinion::Keep(cause) = account.state {
            accounts
                .entry(because(cause))
                .or_default()
                .push(shown(run, key));
        }
    }
    let unmet: Vec<String> = run
        .outcome
        .findings()
        .iter()
        .filter(|finding| finding.code.name == "requirement-not-met")
        .map(subject)
        .collect();
    if !unmet.is_empty() {
        line!(
            text,
            "  {:>5} accounts wait until their requirement is met",
            unmet.len()
        );
        for one in unmet.iter().take(SUBJECTS) {
            line!(text, "        {one}");
        }
    }
    if accounts.is_empty() && unmet.is_empty() && run.plan.trips().is_empty() {
        line!(text, "  nothing");
    }
    for (cause, keys) in accounts {
        line!(
            text,
            "  {:>5} accounts stay as they are: {cause}",
            keys.len()
        );
        for key in keys.iter().take(SUBJECTS) {
            line!(text, "        {key}");
        }
    }
    let disabled = run.outcome.desired().accounts.values();
    let disabled = disabled.filter(|account| account.state == Opinion::Set(AccountState::Disabled));
    line!(
        text,
        "  {:>5} accounts are to be disabled, and are deleted when they have been for long enough",
        disabled.count()
    );
}

const fn because(cause: KeepCause) -> &'static str {
    match cause {
        KeepCause::Rule => "a rule says so",
        KeepCause::Initial => "what was written once stays",
        KeepCause::Data => "the data that a rule reads is missing or wrong",
        KeepCause::Held => "a requirement is not met, or a person must decide",
        KeepCause::Frozen => "a source was not delivered as it should be",
        KeepCause::Limit => "a value is longer than the directory takes",
        KeepCause::Target => "what a value refers to is held",
    }
}

/// Findings by code, the worst first.
fn findings(run: &Run, text: &mut String) {
    let mut by_code: BTreeMap<(std::cmp::Reverse<Severity>, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in run.outcome.findings().iter().chain(run.plan.findings()) {
        by_code
            .entry((std::cmp::Reverse(finding.severity), finding.code.id))
            .or_default()
            .push(finding);
    }
    line!(text);
    line!(text, "Findings");
    for ((severity, _), findings) in by_code {
        let Some(first) = findings.first() else {
            continue;
        };
        line!(
            text,
            "  {:>5} {} ({}): {}",
            findings.len(),
            first.code,
            format!("{:?}", severity.0).to_lowercase(),
            first.code.summary
        );
        if severity.0 > Severity::Note {
            let mut subjects: Vec<String> = findings.iter().copied().map(subject).collect();
            subjects.dedup();
            for subject in subjects.iter().take(SUBJECTS) {
                line!(text, "        {subject}");
            }
        }
    }
}

/// How good the data is, by source and municipality.
fn quality(run: &Run, text: &mut String) {
    line!(text);
    line!(text, "Quality of the data");
    for row in run.outcome.quality().to_string().lines() {
        line!(text, "  {row}");
    }
}

fn subject(finding: &Finding) -> String {
    match &finding.field {
        Some(field) => format!("{}, {field}", finding.subject),
        None => finding.subject.to_string(),
    }
}
