//! Problems of one expression, with places inside its text.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Path;
use crate::base::Place;
use crate::diagnostic::Code;
use crate::diagnostic::Problem;

/// One problem of an expression. Whoever knows where the expression stands makes a [`Problem`] of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionProblem {
    /// The code of its kind.
    pub code: &'static Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The bytes of the expression it is about.
    pub span: Range<usize>,
    /// Other bytes that belong to it, and what stands there.
    pub labels: Vec<(Range<usize>, String)>,
    /// What to do.
    pub help: Vec<String>,
}

impl ExpressionProblem {
    /// A problem about some bytes.
    pub fn new(code: &'static Code, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span,
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

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push((span, text.into()));
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

    /// The same problem of the expression that stands at a path of a rule file.
    pub fn at(&self, path: &Path) -> Problem {
        let place = |span: &Range<usize>| Place::inside(path.clone(), span.clone());
        let mut problem = Problem::new(self.code, place(&self.span), self.message.clone());
        for (span, text) in &self.labels {
            problem = problem.label(place(span), text.clone());
        }
        for help in &self.help {
            problem = problem.help(help.clone());
        }
        problem
    }
}
