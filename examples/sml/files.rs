//! The files of a day, as text, and how their bytes are read: CSV, XML and JSON.
//!
//! This is the host's part of the work: the crate itself opens nothing and parses no bytes of sources. It says nothing of what
//! records mean, and its errors name a file, never what stands in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use encoding_rs::Encoding;
use encoding_rs::UTF_8;
use serde::de::DeserializeOwned;

use folkform::intake::Document;
use folkform::intake::NoJson;

/// One of the days that the files describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// Two weeks before: a pilot with a few persons.
    Pilot,
    /// The day itself.
    Ordinary,
    /// After the change of school year.
    Rollover,
}

impl Day {
    /// The folder whose files take the place of those of the same path, and whether all files exist on that day.
    const fn folder(self) -> Option<&'static str> {
        match self {
            Self::Pilot => Some("earlier"),
            Self::Ordinary => None,
            Self::Rollover => Some("rollover"),
        }
    }

    /// The files that exist on that day. The pilot has neither the systems of the other two municipalities nor overrides.
    fn paths(self) -> impl Iterator<Item = &'static str> {
        let everything = [
            "navet.xml",
            "heroma.csv",
            "units.csv",
            "procapita/person.xml",
            "procapita/organization.xml",
            "procapita/personnel.xml",
            "overrides.csv",
            "ss12000-1427/persons.json",
            "ss12000-1427/organisations.json",
            "ss12000-1427/groups.json",
            "ss12000-1427/duties.json",
            "ss12000-1484/persons.json",
            "ss12000-1484/organisations.json",
            "ss12000-1484/groups.json",
            "ss12000-1484/duties.json",
        ];
        let count = if self == Self::Pilot {
            5
        } else {
            everything.len()
        };
        everything.into_iter().take(count)
    }
}

/// The texts of the source files of a day, by path.
#[derive(Clone)]
pub(super) struct Files {
    pub(super) texts: BTreeMap<String, String>,
}

/// What kept a file from being read.
#[derive(Debug)]
pub(super) struct Fault {
    path: String,
    what: String,
}

impl Fault {
    /// A fault of a file.
    pub(super) fn new(path: &str, what: impl fmt::Display) -> Self {
        Self {
            path: path.to_owned(),
            what: what.to_string(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot read `{}`: {}", self.path, self.what)
    }
}

/// The folder of the example.
pub(super) fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sml")
}

/// A text file of the example.
pub(super) fn text(path: &str) -> Result<String, Fault> {
    let bytes = fs::read(home().join(path)).map_err(|error| Fault::new(path, error.kind()))?;
    let (encoding, skip) = Encoding::for_bom(&bytes).unwrap_or((UTF_8, 0));
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes.get(skip..).unwrap_or_default())
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| Fault::new(path, format_args!("it is not {}", encoding.name())))
}

impl Files {
    /// The source files of a day.
    pub(super) fn of(day: Day) -> Result<Self, Fault> {
        let mut texts = BTreeMap::new();
        for path in day.paths() {
            let instead = day
                .folder()
                .map(|folder| format!("data/{folder}/{path}"))
                .filter(|path| home().join(path).exists());
            let found = text(&instead.unwrap_or_else(|| format!("data/{path}")))?;
            texts.insert(path.to_owned(), found);
        }
        Ok(Self { texts })
    }

    /// Whether a file exists on that day.
    pub(super) fn has(&self, path: &str) -> bool {
        self.texts.contains_key(path)
    }

    fn text(&self, path: &str) -> Result<&str, Fault> {
        self.texts
            .get(path)
            .map(String::as_str)
            .ok_or_else(|| Fault::new(path, "it does not exist"))
    }

    /// A table: its header, and its rows.
    pub(super) fn table(&self, path: &str) -> Result<(Vec<String>, Vec<Vec<String>>), Fault> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .flexible(true)
            .from_reader(self.text(path)?.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let fault = |_| Fault::new(path, "it is no table");
        let header = reader.headers().map(cells).map_err(fault)?;
        let rows = reader.records().map(|row| row.map(|row| cells(&row)));
        Ok((header, rows.collect::<Result<_, _>>().map_err(fault)?))
    }

    /// An XML document; none where the file does not exist on that day.
    pub(super) fn xml<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Fault> {
        if !self.has(path) {
            return Ok(Vec::new());
        }
        // What the parser says may hold values, so it is not passed on.
        quick_xml::de::from_str(self.text(path)?)
            .map(|document| vec![document])
            .map_err(|_| Fault::new(path, "it is no XML"))
    }

    /// A JSON document.
    pub(super) fn json<T>(
        &self,
        path: &str,
        read: impl Fn(&str) -> Result<Document<T>, NoJson>,
    ) -> Result<Vec<Document<T>>, Fault> {
        read(self.text(path)?)
            .map(|document| vec![document])
            .map_err(|error| Fault::new(path, error))
    }
}
