//! Problems of a rule set, each with its place; and their plain rendering.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::code::Code;
use super::code::Severity;
use crate::base::Place;

/// Line and column in a rule file, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A second place that belongs to a problem, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// Line and column, where the rules came as text.
    pub position: Option<Position>,
    /// What stands there.
    pub text: String,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The code of its kind.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// Line and column, where the rules came as text.
    pub position: Option<Position>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Vec<String>,
}

impl Problem {
    /// A problem of a code at a place.
    pub fn new(code: &'static Code, place: impl Into<Place>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            place: place.into(),
            position: None,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds the advice "did you mean", where there is something close.
    #[must_use]
    pub fn did_you_mean(self, close: Option<&str>) -> Self {
        match close {
            Some(close) => self.help(alloc::format!("did you mean `{close}`?")),
            None => self,
        }
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, place: impl Into<Place>, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place: place.into(),
            position: None,
            text: text.into(),
        });
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(formatter, "{}:{}: ", position.line, position.column)?;
        }
        if self.severity != Severity::Error {
            write!(formatter, "{} ", self.severity)?;
        }
        write!(formatter, "{} {}", self.code.id, self.message)?;
        if !self.place.path.segments().is_empty() {
            write!(formatter, "\n  at {}", self.place.path)?;
        }
        for label in &self.labels {
            match label.position {
                Some(position) => write!(
                    formatter,
                    "\n  {}:{}: {}",
                    position.line, position.column, label.text
                )?,
                None => write!(formatter, "\n  {}: {}", label.place.path, label.text)?,
            }
        }
        for help in &self.help {
            write!(formatter, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// All problems of a rule set at once. Its text is made for people: one problem after another, each with line and column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    problems: Vec<Problem>,
    left_out: usize,
}

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Adds many.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.problems.extend(problems);
    }

    /// All of them.
    pub fn iter(&self) -> core::slice::Iter<'_, Problem> {
        self.problems.iter()
    }

    /// How many there are, with those that were only counted.
    pub fn len(&self) -> usize {
        self.problems.len().saturating_add(self.left_out)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether one of them keeps the rule set from loading.
    pub fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity >= Severity::Error)
    }

    /// Finds line and column of every place, puts the problems in the order of the file, and keeps the first `most`.
    pub fn finish(&mut self, position: impl Fn(&Place) -> Option<Position>, most: usize) {
        for problem in &mut self.problems {
            problem.position = position(&problem.place);
            for label in &mut problem.labels {
                label.position = position(&label.place);
            }
        }
        self.problems.sort_by(|a, b| {
            let order = |problem: &Problem| (problem.position.is_none(), problem.position);
            order(a)
                .cmp(&order(b))
                .then_with(|| a.place.path.cmp(&b.place.path))
                .then_with(|| a.code.id.cmp(b.code.id))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.problems.dedup();
        if self.problems.len() > most {
            self.left_out = self
                .left_out
                .saturating_add(self.problems.len().saturating_sub(most));
            self.problems.truncate(most);
        }
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = core::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.problems.iter().enumerate() {
            if position > 0 {
                formatter.write_str("\n")?;
            }
            write!(formatter, "{problem}")?;
        }
        if self.left_out > 0 {
            write!(formatter, "\nand {} more", self.left_out)?;
        }
        Ok(())
    }
}

impl core::error::Error for Problems {}
