//! What a run came to, and the ways to assert something about it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use core::fmt;

use super::account::AccountCheck;
use super::group::GroupCheck;
use super::message::fail;
use super::message::unknown;
use super::plan::PlanCheck;
use super::scenario::SALT;
use super::scenario::Scenario;
use super::snapshot;
use crate::base::PersonKey;
use crate::diagnostic::Finding;
use crate::diagnostic::Subject;
use crate::explain::Explanation;
use crate::front::Outcome;
use crate::plan::Plan;
use crate::plan::StepResult;
use crate::resolve::codes::UNDECLARED_SOURCE;

/// A run of a scenario.
pub struct Checked {
    pub(super) scenario: Scenario,
    pub(super) outcome: Outcome,
    pub(super) plan: Plan,
    /// What opaque keys stand for, in the author's words.
    words: BTreeMap<String, String>,
}

impl Checked {
    pub(super) fn new(scenario: Scenario, outcome: Outcome) -> Self {
        let plan = outcome.plan();
        let mut words = BTreeMap::new();
        for (name, person) in &scenario.persons {
            let instance = format!(
                "{}/{}",
                snapshot::SOURCE,
                person.issuer.as_deref().unwrap_or(snapshot::INSTANCE)
            );
            for draft in person.drafts() {
                let key = PersonKey::mint(SALT, &[&instance, &draft.kind, &draft.id]).to_hex();
                words.insert(key, draft.id.clone());
            }
            if let Some(key) = outcome.person_of_record(&instance, "person", name) {
                words.insert(key.to_hex(), name.clone());
            }
        }
        Self {
            scenario,
            outcome,
            plan,
            words,
        }
    }

    /// The account of a person under an account rule, whether there is one or not. A person of a [`Scenario::row`] is named by
    /// record, as `heroma/sml:employment:4711`.
    #[track_caller]
    pub fn account(&self, person: &str, rule: &str) -> AccountCheck<'_> {
        AccountCheck::new(self, person, rule)
    }

    /// The group of a rule for a value of its key, whether there is one or not.
    #[track_caller]
    pub fn group(&self, rule: &str, value: &str) -> GroupCheck<'_> {
        GroupCheck::new(self, rule, value)
    }

    /// The plan.
    pub fn plan(&self) -> PlanCheck<'_> {
        PlanCheck::new(self)
    }

    /// Why an output of a person is what it is, or why it is not: `account.staff`, `account.staff.mail`, `group.unit`.
    #[track_caller]
    pub fn why(&self, person: &str, output: &str) -> Explanation {
        let key = self.key(person);
        match self.outcome.why(key, output) {
            Some(explanation) => explanation,
            None => fail(&format!(
                "`{output}` is no output such as `account.staff`, `account.staff.mail` or `group.unit`"
            )),
        }
    }

    /// Asserts that there is a finding of a code, such as `D121`.
    #[track_caller]
    pub fn has_finding(&self, code: &str) -> &Self {
        if !self.findings().any(|finding| finding.code.id == code) {
            fail(&format!(
                "expected a finding {code}, but there is none\n{}",
                self.all_findings()
            ));
        }
        self
    }

    /// Asserts that there is no finding, beside that the rules do not name the sources of the scenario.
    #[track_caller]
    pub fn has_no_findings(&self) -> &Self {
        if self.findings().next().is_some() {
            fail(&format!("expected no findings\n{}", self.all_findings()));
        }
        self
    }

    /// All findings, of the run and of its plan, beside that the rules do not name the sources of the scenario.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let of_ours = |finding: &&Finding| {
            !matches!(&finding.subject, Subject::Instance { instance }
                if finding.code == &UNDECLARED_SOURCE && snapshot::is_ours(&self.scenario, instance))
        };
        let findings = self.outcome.findings().iter().chain(self.plan.findings());
        findings.filter(of_ours)
    }

    /// The outcome itself.
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Carries the plan out and settles: the scenario as it stands afterwards, with its directory and its ledger. What a guard
    /// holds is not carried out.
    ///
    /// # Panics
    ///
    /// Where a guard refuses the plan, or where the model of the directory refuses a step.
    #[track_caller]
    pub fn carry_out(&self) -> Scenario {
        let released = match self
            .plan
            .release(&self.scenario.approvals, self.outcome.as_of())
        {
            Ok(released) => released,
            Err(refusal) => fail(&format!("the plan is not released: {refusal}")),
        };
        let mut next = self.scenario.clone();
        let results = released.carry_out_on(&mut next.directory);
        for step in released.steps() {
            if matches!(results.get(step.id()), Some(StepResult::Failed)) {
                fail(&format!(
                    "the directory refuses a step: {}",
                    self.plan().line(step.shown())
                ));
            }
        }
        next.ledger = released.settle(&results);
        next
    }

    /// The key of a person.
    #[track_caller]
    pub(super) fn key(&self, person: &str) -> PersonKey {
        let find = |instance: &str, kind: &str, id: &str| {
            self.outcome.person_of_record(instance, kind, id)
        };
        let described = core::iter::once(snapshot::INSTANCE)
            .chain(self.scenario.issuers.iter().map(String::as_str))
            .find_map(|instance| {
                find(
                    &format!("{}/{instance}", snapshot::SOURCE),
                    "person",
                    person,
                )
            });
        let of_record = || {
            let mut parts = person.splitn(3, ':');
            find(parts.next()?, parts.next()?, parts.next()?)
        };
        match described.or_else(of_record) {
            Some(key) => key,
            None => fail(&unknown(
                "person",
                person,
                self.scenario.persons.keys().map(String::as_str),
            )),
        }
    }

    /// The reasons for an output, and what was found about the person.
    pub(super) fn reasons(&self, name: &str, person: PersonKey, output: &str) -> String {
        let mut text = String::new();
        if let Some(mut explanation) = self.outcome.why(person, output) {
            explanation.person = String::from(name);
            text.push_str(&explanation.to_string());
        }
        let key = person.to_hex();
        let about = |finding: &&Finding| match &finding.subject {
            Subject::Person { person } => person.as_str() == key,
            Subject::Object { object } => object.starts_with(&key),
            Subject::Record {
                instance, record, ..
            } => {
                let of_person = record
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
                of_person && snapshot::is_ours(&self.scenario, instance)
            }
            Subject::Run | Subject::Instance { .. } | Subject::Sealed { .. } => false,
        };
        for finding in self.findings().filter(about) {
            text.push_str(&line_of(finding));
        }
        self.in_words(&text)
    }

    /// A text with the author's names in place of keys.
    pub(super) fn in_words(&self, text: &str) -> String {
        let mut text = String::from(text);
        for (key, name) in &self.words {
            text = text.replace(key.as_str(), name);
            // Explanations show the beginning of the key of an affiliation.
            if let Some(short) = key.get(..8) {
                for kind in ["employment", "duty", "enrolment", "membership"] {
                    text = text.replace(&format!("{kind} {short},"), &format!("{kind} {name},"));
                    text = text.replace(&format!("{kind} {short}:"), &format!("{kind} {name}:"));
                }
            }
        }
        text
    }

    fn all_findings(&self) -> String {
        let lines: String = self.findings().map(line_of).collect();
        self.in_words(&format!(
            "findings:{}",
            if lines.is_empty() { " none" } else { &lines }
        ))
    }
}

fn line_of(finding: &Finding) -> String {
    let field = finding
        .field
        .as_ref()
        .map(|field| format!(" ({field})"))
        .unwrap_or_default();
    format!(
        "\n  ! {} of {}{field}: {}",
        finding.code, finding.subject, finding.message
    )
}

impl fmt::Debug for Checked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Checked({:?}, {:?})", self.outcome, self.plan)
    }
}
