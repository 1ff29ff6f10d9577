//! Problems of a rule set, each with its place; and their plain rendering.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::code::Code;
use super::code::Severity;
use crate::base::Place;
use crate::base::Text;

/// Line and column in a rule file, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Where something stands in the text of a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The line and column of its beginning.
    pub position: Position,
    /// Its bytes in the text.
    pub bytes: Range<usize>,
}

/// A second place that belongs to a problem, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// Line and column, where the rules came as text.
    pub position: Option<Position>,
    /// The bytes of the text, where there is one.
    pub bytes: Option<Range<usize>>,
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
    /// The bytes of the text, where there is one.
    pub bytes: Option<Range<usize>>,
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
            bytes: None,
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
            bytes: None,
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
    found: Vec<Problem>,
    left_out: usize,
    text: Option<Text>,
}

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    /// Adds many.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.found.extend(problems);
    }

    /// All of them.
    pub fn iter(&self) -> core::slice::Iter<'_, Problem> {
        self.found.iter()
    }

    /// How many there are, with those that were only counted.
    pub fn len(&self) -> usize {
        self.found.len().saturating_add(self.left_out)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether one of them keeps the rule set from loading.
    pub fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|problem| problem.severity >= Severity::Error)
    }

    /// How many were only counted, since too many were found.
    pub const fn left_out(&self) -> usize {
        self.left_out
    }

    /// The rule file that they are about, where it came as text.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Puts the problems in the order of the file, keeps the first `most`, and finds their places in the text: the bytes where
    /// something stands, and the line and column of a byte.
    pub fn finish(
        &mut self,
        text: Option<Text>,
        bytes: impl Fn(&Place) -> Option<Range<usize>>,
        position: impl Fn(usize) -> Option<Position>,
        most: usize,
    ) {
        self.text = text;
        for problem in &mut self.found {
            problem.bytes = bytes(&problem.place);
        }
        self.found.sort_by(|a, b| {
            let order = |problem: &Problem| {
                let start = problem.bytes.as_ref().map(|bytes| bytes.start);
                (start.is_none(), start)
            };
            order(a)
                .cmp(&order(b))
                .then_with(|| a.place.path.cmp(&b.place.path))
                .then_with(|| a.code.id.cmp(b.code.id))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.found.dedup();
        if self.found.len() > most {
            self.left_out = self
                .left_out
                .saturating_add(self.found.len().saturating_sub(most));
            // What keeps rules from loading is not left out for what does not.
            let is_error = |problem: &Problem| problem.severity >= Severity::Error;
            let errors = self
                .found
                .iter()
                .filter(|problem| is_error(problem))
                .count();
            let mut others = most.saturating_sub(errors);
            self.found.retain(|problem| {
                let kept = is_error(problem) || others > 0;
                if !is_error(problem) {
                    others = others.saturating_sub(1);
                }
                kept
            });
            self.found.truncate(most);
        }
        let line_and_column = |bytes: &Option<Range<usize>>| {
            let start = bytes.as_ref().map(|bytes| bytes.start);
            start.and_then(&position)
        };
        for problem in &mut self.found {
            problem.position = line_and_column(&problem.bytes);
            for label in &mut problem.labels {
                label.bytes = bytes(&label.place);
                label.position = line_and_column(&label.bytes);
            }
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
        for (position, problem) in self.found.iter().enumerate() {
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
