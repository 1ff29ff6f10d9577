//! From texts to texts: the whole run, without a file in it. What it says when something is wrong holds no value of the data.

use std::fmt::Display;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::base::canonical_json;
use folkform::diagnostic::Finding;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::plan::Released;
use folkform::plan::Results;
use folkform::render::LdifOptions;
use folkform::render::to_ldif;
use folkform::resolve::Decision;
use folkform::resolve::LookupCause;
use folkform::source::Snapshot;
use serde_json::json;

use super::changes;

/// What a run reads, as texts.
#[derive(Default)]
pub(crate) struct Texts {
    /// The rules.
    pub(crate) rules: String,
    /// Whether the rules are JSON rather than TOML.
    pub(crate) rules_are_json: bool,
    /// What the sources say.
    pub(crate) snapshot: String,
    /// What is.
    pub(crate) directory: String,
    /// What is remembered; nothing at the first run.
    pub(crate) ledger: Option<String>,
    /// How the steps of the plan went; with it the run settles.
    pub(crate) results: Option<String>,
    /// What somebody agreed to.
    pub(crate) approvals: Option<String>,
    /// What people have decided.
    pub(crate) decisions: Option<String>,
    /// A secret that keys are minted with: the same in every run.
    pub(crate) salt: String,
}

/// What a run gives.
pub(crate) struct Report {
    /// Files by name. Those under `sealed/` hold personal values, of protected persons too.
    pub(crate) files: Vec<(&'static str, String)>,
    /// Files of an earlier run that do not hold any more.
    pub(crate) outdated: Vec<&'static str>,
    /// Lines for people. No value of the data stands in them.
    pub(crate) lines: Vec<String>,
    /// Whether a guard refuses the plan.
    pub(crate) refused: bool,
}

/// Files with what may be carried out: of a plan that is released, and of the urgent part of one that is refused.
const TO_DO: [[&str; 2]; 2] = [
    ["sealed/plan.ldif", "sealed/changes.json"],
    ["sealed/urgent.ldif", "sealed/urgent.json"],
];

/// Runs the rules, releases the plan, and settles where there are results.
pub(crate) fn reconcile(texts: &Texts, as_of: NaiveDate) -> Result<Report, String> {
    let rules = if texts.rules_are_json {
        Ruleset::from_json(&texts.rules)
    } else {
        Ruleset::from_toml(&texts.rules)
    };
    let rules = rules.map_err(|problems| format!("the rules do not load\n{problems}"))?;
    let snapshot =
        Snapshot::from_json(&texts.snapshot).map_err(|error| wrong("--snapshot", &error))?;
    let directory =
        Directory::from_json(&texts.directory).map_err(|error| wrong("--directory", &error))?;
    let ledger = match &texts.ledger {
        Some(text) => Ledger::from_json(text).map_err(|error| wrong("--ledger", &error))?,
        None => Ledger::default(),
    };
    let approvals = match &texts.approvals {
        Some(text) => Approvals::from_json(text).map_err(|error| wrong("--approvals", &error))?,
        None => Approvals::default(),
    };
    let decisions = match &texts.decisions {
        Some(text) => {
            Decision::list_from_json(text).map_err(|error| wrong("--decisions", &error))?
        }
        None => Vec::new(),
    };
    let results = texts.results.as_deref().map(read_results).transpose()?;
    let outcome = rules
        .evaluate(&Inputs {
            snapshot: &snapshot,
            directory: &directory,
            ledger: &ledger,
            as_of,
            salt: texts.salt.as_bytes(),
            decisions: &decisions,
        })
        .map_err(|limit| limit.to_string())?;
    let plan = outcome.plan();
    let mut report = Report {
        files: open_files(&outcome, &plan),
        outdated: Vec::new(),
        lines: vec![
            format!("plan: {}", plan.summary()),
            format!("findings: {}", findings(&outcome, &plan).len()),
        ],
        refused: false,
    };
    report
        .lines
        .extend(plan.trips().iter().map(|trip| format!("held: {trip}")));
    let released = match plan.release(&approvals, as_of) {
        Ok(released) => released,
        Err(refusal) => {
            report.refused = true;
            report.lines.extend(
                refusal
                    .trips()
                    .iter()
                    .map(|trip| format!("refused: {trip}")),
            );
            plan.urgent()
        }
    };
    report.lines.push(format!(
        "released: {} of {} steps",
        released.len(),
        plan.steps().len()
    ));
    report.files.extend(sealed_files(&outcome, &plan));
    let [released_files, urgent_files] = TO_DO;
    let (to_do, outdated) = if report.refused {
        (urgent_files, released_files)
    } else {
        (released_files, urgent_files)
    };
    let ldif = to_ldif(&released, &directory, &LdifOptions::default());
    let ldif = ldif.map_err(|refused| format!("the plan does not fit the directory: {refused}"))?;
    report
        .files
        .extend(to_do.into_iter().zip([ldif, changes::to_json(&released)]));
    report.outdated.extend(outdated);
    let next = match &results {
        Some(results) => settled(&released, results)?,
        None => outcome.observed().clone(),
    };
    report
        .files
        .push(("sealed/ledger.json", next.to_sealed_json()));
    Ok(report)
}

/// What everybody may read who may read a plan.
fn open_files(outcome: &Outcome, plan: &Plan) -> Vec<(&'static str, String)> {
    vec![
        ("plan.json", plan.to_json()),
        ("findings.json", canonical_json(&findings(outcome, plan))),
        ("quality.json", canonical_json(outcome.quality())),
    ]
}

/// What was found, in the data and while the plan was made.
fn findings<'f>(outcome: &'f Outcome, plan: &'f Plan) -> Vec<&'f Finding> {
    outcome
        .findings()
        .iter()
        .chain(plan.findings().iter())
        .collect()
}

/// What holds personal values.
fn sealed_files(outcome: &Outcome, plan: &Plan) -> Vec<(&'static str, String)> {
    let lookups: Vec<serde_json::Value> = outcome
        .lookups()
        .iter()
        .map(|lookup| {
            let cause = match lookup.cause() {
                LookupCause::NotAsked => "not_asked",
                LookupCause::Stale => "stale",
                LookupCause::Reference => "reference",
            };
            json!({ "person": lookup.person(), "cause": cause, "number": lookup.number() })
        })
        .collect();
    let proposals: Vec<serde_json::Value> = outcome
        .proposals()
        .iter()
        .map(|proposal| {
            json!({ "evidence": proposal.evidence.name(), "one": proposal.one, "other": proposal.other })
        })
        .collect();
    vec![
        ("sealed/proposals.json", canonical_json(&proposals)),
        ("sealed/desired.json", outcome.desired().to_sealed_json()),
        ("sealed/annex.json", plan.annex()),
        ("sealed/lookups.json", canonical_json(&lookups)),
    ]
}

/// The next ledger. Results of another plan are refused, since they would be taken for nothing at all.
fn settled(released: &Released, results: &Results) -> Result<Ledger, String> {
    let strange = results
        .iter()
        .filter(|(id, _)| !released.steps().any(|step| step.id() == *id))
        .count();
    if strange > 0 {
        return Err(format!(
            "--results: {strange} of {} results belong to no step that is released; give the same rules, snapshot, directory, \
             ledger, approvals, decisions, date and salt as when the plan was made",
            results.iter().count()
        ));
    }
    Ok(released.settle(results))
}

fn read_results(text: &str) -> Result<Results, String> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        wrong(
            "--results",
            &format!("expected results by the ids of steps, at line {line}, column {column}"),
        )
    })
}

fn wrong(option: &str, error: &impl Display) -> String {
    format!("{option}: {error}")
}
