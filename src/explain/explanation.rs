//! An explanation as a value and as text.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::base::Path;
use crate::diagnostic::Audience;
use crate::diagnostic::OpenText;
use crate::diagnostic::Position;

/// One reason for or against an output.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ReasonLine {
    /// Whether it speaks for the output.
    pub holds: bool,
    /// The rule, as `group.unit`.
    pub rule: String,
    /// The place of the rule in the rule file, as a path.
    pub place: String,
    /// Line in the rule file, where the rules came as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The affiliation, by key and kind; never for a protected person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<OpenText>,
    /// The first day on which it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The first day on which it does not hold any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What decides, in words.
    pub because: OpenText,
}

/// Why an output is what it is for somebody.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Who may read it.
    #[serde(skip_serializing_if = "Audience::is_open")]
    pub audience: Audience,
    /// The protected persons whose withheld data it shows, by key: none where it is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shows: Vec<String>,
    /// The person, by key, or a sealed id.
    pub person: String,
    /// The output.
    pub output: String,
    /// What the output is, in words; withheld values show a mark.
    pub is: OpenText,
    /// The reasons, those that hold first.
    pub reasons: Vec<ReasonLine>,
}

/// Whether it is of a cleared explanation cannot be told, so neither what decides nor when shows by itself.
impl fmt::Debug for ReasonLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReasonLine")
            .field("holds", &self.holds)
            .field("rule", &self.rule)
            .field("place", &self.place)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl ReasonLine {
    pub(super) fn new(
        holds: bool,
        rule: String,
        place: &Path,
        because: impl Into<OpenText>,
    ) -> Self {
        Self {
            holds,
            rule,
            place: alloc::format!("{place}"),
            line: None,
            affiliation: None,
            from: None,
            until: None,
            because: because.into(),
        }
    }

    pub(super) fn at(mut self, position: Option<Position>) -> Self {
        self.line = position.map(|position| position.line);
        self
    }
}

impl Explanation {
    /// Whether something speaks for the output.
    pub fn holds(&self) -> bool {
        self.reasons.iter().any(|reason| reason.holds)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.audience.head(&self.shows, formatter)?;
        write!(formatter, "{} of {}: {}", self.output, self.person, self.is)?;
        for reason in &self.reasons {
            let sign = if reason.holds { '+' } else { '-' };
            write!(formatter, "\n  {sign} {}", reason.rule)?;
            match reason.line {
                Some(line) => write!(formatter, " (line {line})")?,
                None => write!(formatter, " ({})", reason.place)?,
            }
            if let Some(affiliation) = &reason.affiliation {
                write!(formatter, ", {affiliation}")?;
            }
            if let Some(from) = reason.from {
                write!(formatter, ", from {from}")?;
            }
            if let Some(until) = reason.until {
                write!(formatter, ", until {until}")?;
            }
            write!(formatter, ": {}", reason.because)?;
        }
        Ok(())
    }
}

/// Of a cleared explanation only whose it is shows by itself.
impl fmt::Debug for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Explanation");
        shown.field("audience", &self.audience);
        shown.field("person", &self.person);
        shown.field("output", &self.output);
        if self.audience.is_open() {
            shown.field("is", &self.is).field("reasons", &self.reasons);
        }
        shown.finish_non_exhaustive()
    }
}
