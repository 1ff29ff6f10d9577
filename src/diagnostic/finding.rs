//! Findings: what is wrong with data, or worth a person's look.
//!
//! Findings are an open document. A subject that belongs to a protected person is named by its key, never by a record id.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::code::Code;
use super::code::Severity;
use super::open_text::OpenText;
use crate::base::PersonKey;
use crate::base::Secret;
use crate::base::sha256_hex;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// The whole run.
    Run,
    /// A source instance, such as `procapita/1430`.
    Instance {
        /// Its name.
        instance: OpenText,
    },
    /// One record of a source instance.
    Record {
        /// The source instance.
        instance: OpenText,
        /// The kind of record.
        record_kind: OpenText,
        /// The id that the source gives it.
        record: OpenText,
    },
    /// A person, by key.
    Person {
        /// The person's key.
        person: OpenText,
    },
    /// An account or another object that rules produce, by key.
    Object {
        /// The key.
        object: OpenText,
    },
    /// A person or record whose name must not show; the annex of a plan resolves it.
    Sealed {
        /// An opaque id, `sealed:…`.
        sealed: OpenText,
    },
}

impl Subject {
    /// A person, by key.
    pub fn person(key: PersonKey) -> Self {
        Self::Person {
            person: OpenText::from(key),
        }
    }

    /// A person whose key must not show, by the opaque id that open documents use.
    pub fn sealed(key: PersonKey) -> Self {
        let digest = sha256_hex(key.to_hex().as_bytes());
        let short = OpenText::vouched(digest.get(..16).unwrap_or(&digest));
        Self::Sealed {
            sealed: OpenText::words("sealed:").and(short),
        }
    }

    /// An object, by key.
    pub fn object(key: impl Into<OpenText>) -> Self {
        Self::Object { object: key.into() }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run => formatter.write_str("the run"),
            Self::Instance { instance } => write!(formatter, "source {instance}"),
            Self::Record {
                instance,
                record_kind,
                record,
            } => write!(formatter, "{record_kind} {record} of {instance}"),
            Self::Person { person } => write!(formatter, "person {person}"),
            Self::Object { object } => formatter.write_str(object),
            Self::Sealed { sealed } => formatter.write_str(sealed),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The code of its kind.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// The field, attribute or output concerned, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<OpenText>,
    /// What is wrong, in one sentence.
    pub message: OpenText,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<OpenText>,
    /// The kind and id of the record that it is about, where its subject does not name that: until it is known whose it is.
    #[serde(skip)]
    record: Option<Secret<(String, String)>>,
}

impl Finding {
    /// A finding of a code about a subject.
    pub fn new(code: &'static Code, subject: Subject, message: impl Into<OpenText>) -> Self {
        Self {
            code,
            severity: code.severity,
            subject,
            field: None,
            message: message.into(),
            help: None,
            record: None,
        }
    }

    /// Remembers the record that it is about, which its subject does not name.
    #[must_use]
    pub(crate) fn of_record(mut self, kind: &str, id: &str) -> Self {
        if !matches!(self.subject, Subject::Record { .. }) {
            self.record = Some(Secret::new((String::from(kind), String::from(id))));
        }
        self
    }

    /// The kind and id of that record.
    pub(crate) const fn record(&self) -> Option<&Secret<(String, String)>> {
        self.record.as_ref()
    }

    /// The same without that record, as everybody may see it.
    pub(crate) fn for_everybody(mut self) -> Self {
        self.record = None;
        self
    }

    /// Names the field concerned.
    #[must_use]
    pub fn field(mut self, field: impl Into<OpenText>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<OpenText>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn order(&self) -> (&str, &Subject, Option<&str>, &str) {
        (
            self.code.id,
            &self.subject,
            self.field.as_deref(),
            &self.message,
        )
    }
}

/// Its text is made for people: the code, what is wrong, what it is about, and what to do.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.severity != Severity::Error {
            write!(formatter, "{} ", self.severity)?;
        }
        write!(formatter, "{} {}", self.code.id, self.message)?;
        write!(formatter, "\n  at {}", self.subject)?;
        if let Some(field) = &self.field {
            write!(formatter, ", `{field}`")?;
        }
        if let Some(help) = &self.help {
            write!(formatter, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// A collection of findings, kept in the order of code, subject and field whatever the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    findings: Vec<Finding>,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds many.
    pub fn extend(&mut self, others: Self) {
        self.findings.extend(others.findings);
    }

    /// Puts them in order and drops repetitions.
    pub fn sort(&mut self) {
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.findings.dedup();
    }

    /// All of them.
    pub fn iter(&self) -> core::slice::Iter<'_, Finding> {
        self.findings.iter()
    }

    /// Lets a function change each, to seal subjects for instance.
    pub fn for_each_mut(&mut self, change: impl FnMut(&mut Finding)) {
        self.findings.iter_mut().for_each(change);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = core::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Findings {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.findings)
    }
}
