//! Assertions about the plan.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::checked::Checked;
use super::message::fail;
use crate::plan::Plan;
use crate::plan::Shown;
use crate::plan::Step;
use crate::plan::StepKind;

/// A plan about which something is asserted. An assertion that does not hold panics, with the steps of the plan instead.
#[derive(Debug)]
pub struct PlanCheck<'c> {
    checked: &'c Checked,
}

impl<'c> PlanCheck<'c> {
    pub(super) const fn new(checked: &'c Checked) -> Self {
        Self { checked }
    }

    /// The plan itself.
    pub const fn get(&self) -> &'c Plan {
        &self.checked.plan
    }

    /// There is nothing to do.
    #[track_caller]
    pub fn is_empty(&self) -> &Self {
        if !self.get().is_empty() {
            fail(&format!(
                "expected a plan without steps\n{}",
                self.lines(self.get().steps().iter())
            ));
        }
        self
    }

    /// There is a step of this kind for an account of a person.
    #[track_caller]
    pub fn has_step(&self, kind: StepKind, person: &str) -> &Self {
        if !self.steps_of(person).any(|step| step.kind == kind) {
            let lines = self.lines(self.steps_of(person));
            fail(&format!(
                "expected a step `{kind}` for `{person}`, but there is none\n{lines}"
            ));
        }
        self
    }

    /// There is no step of this kind for any account of a person.
    #[track_caller]
    pub fn has_no_step(&self, kind: StepKind, person: &str) -> &Self {
        if self.steps_of(person).any(|step| step.kind == kind) {
            let lines = self.lines(self.steps_of(person).filter(|step| step.kind == kind));
            fail(&format!(
                "expected no step `{kind}` for `{person}`\n{lines}"
            ));
        }
        self
    }

    /// There is nothing to do for a person.
    #[track_caller]
    pub fn leaves_alone(&self, person: &str) -> &Self {
        if self.steps_of(person).next().is_some() {
            fail(&format!(
                "expected no step for `{person}`\n{}",
                self.lines(self.steps_of(person))
            ));
        }
        self
    }

    /// There is an urgent step of this kind for an account of a person.
    #[track_caller]
    pub fn has_urgent_step(&self, kind: StepKind, person: &str) -> &Self {
        if !self
            .steps_of(person)
            .any(|step| step.kind == kind && step.urgent)
        {
            let lines = self.lines(self.steps_of(person));
            fail(&format!(
                "expected an urgent step `{kind}` for `{person}`, but there is none\n{lines}"
            ));
        }
        self
    }

    /// A guard holds a step of this kind for an account of a person.
    #[track_caller]
    pub fn holds_back(&self, kind: StepKind, person: &str) -> &Self {
        if !self
            .steps_of(person)
            .any(|step| step.kind == kind && step.holds.is_some())
        {
            let lines = self.lines(self.steps_of(person));
            fail(&format!(
                "expected a step `{kind}` for `{person}` that a guard holds, but there is none\n{lines}"
            ));
        }
        self
    }

    /// A notice of a rule goes out about an account of a person.
    #[track_caller]
    pub fn has_notice(&self, rule: &str, person: &str) -> &Self {
        let is_notice =
            |step: &&Step| step.kind == StepKind::Notice && step.field.as_deref() == Some(rule);
        if !self.steps_of(person).any(|step| is_notice(&step)) {
            let lines = self.lines(self.steps_of(person));
            fail(&format!(
                "expected a notice `{rule}` about `{person}`, but there is none\n{lines}"
            ));
        }
        self
    }

    #[track_caller]
    fn steps_of(&self, person: &str) -> impl Iterator<Item = &'c Step> + use<'c> {
        let key = format!("{}/", self.checked.key(person));
        self.checked
            .plan
            .steps()
            .iter()
            .filter(move |step| step.object.starts_with(&key))
    }

    fn lines<'s>(&self, steps: impl Iterator<Item = &'s Step>) -> String {
        let lines: Vec<String> = steps.map(|step| format!("  {}", self.line(step))).collect();
        if lines.is_empty() {
            return String::from("  no steps");
        }
        lines.join("\n")
    }

    /// A step in one line: what, of whom, from what to what, and why.
    pub(super) fn line(&self, step: &Step) -> String {
        let mut line = format!("{} of {}", step.kind, step.object);
        if let Some(field) = &step.field {
            line = format!("{line} ({field})");
        }
        if step.before != Shown::Nothing || step.after != Shown::Nothing {
            line = format!(
                "{line}: {} becomes {}",
                shown(&step.before),
                shown(&step.after)
            );
        }
        for reason in &step.reasons {
            line = match &reason.affiliation {
                Some(affiliation) => format!("{line}; {} by {affiliation}", reason.rule),
                None => format!("{line}; {}", reason.rule),
            };
        }
        if step.holds.is_some() {
            line.push_str("; held by a guard");
        }
        self.checked.in_words(&line)
    }
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Nothing => String::from("nothing"),
        Shown::Text(text) | Shown::Sealed(text) => text.clone(),
        Shown::List(texts) => texts.join(", "),
    }
}
