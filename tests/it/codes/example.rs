//! Runs an example of a page, by the kinds of its blocks, and gives all that is said of it.
//!
//! A rule file is loaded; an expression stands as a value in `base.toml`; a snapshot is a run on its day, after those that stand
//! before it; documents of source systems are read.

use std::fmt;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Ruleset;
use folkform::base::Limits;
use folkform::diagnostic::Finding;
use folkform::diagnostic::Problems;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::resolve::Decision;
use folkform::resolve::Whom;
use folkform::rules::Loader;
use folkform::source::Snapshot;

use super::delivery;
use super::page::Block;

/// Rules in which an expression can stand.
pub(crate) const BASE: &str = include_str!("base.toml");

/// The place of the expression in [`BASE`].
pub(crate) const PLACE: &str = "'the expression'";

/// What was said: the id of a code and the text, one for each problem or finding.
pub(crate) struct Said(Vec<(String, String)>);

impl Said {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids, each once.
    pub(crate) fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.0.iter().map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The texts of one code.
    pub(crate) fn of(&self, id: &str) -> String {
        let texts = self.0.iter().filter(|(known, _)| known == id);
        let texts: Vec<&str> = texts.map(|(_, text)| text.as_str()).collect();
        texts.join("\n")
    }

    fn problems(problems: &Problems) -> Self {
        let said = problems.iter();
        Self(
            said.map(|problem| (problem.code.id.to_owned(), problem.to_string()))
                .collect(),
        )
    }

    fn findings<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let said = findings.into_iter();
        Self(
            said.map(|finding| (finding.code.id.to_owned(), finding.to_string()))
                .collect(),
        )
    }
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return formatter.write_str("(nothing)");
        }
        let texts: Vec<&str> = self.0.iter().map(|(_, text)| text.as_str()).collect();
        formatter.write_str(&texts.join("\n"))
    }
}

/// All that is said of an example.
pub(crate) fn run(blocks: &[Block]) -> Said {
    match load(&blocks[0]) {
        Some(Ok(rules)) => Said::problems(rules.warnings()),
        Some(Err(problems)) => Said::problems(&problems),
        None if blocks.iter().any(|block| block.what.contains("snapshot")) => evaluated(blocks),
        None if blocks[0].what.contains("rebuilt") => rebuilt(&blocks[0]),
        None => Said::findings(&delivery::read(blocks).set_aside),
    }
}

/// What a ledger that is rebuilt from a directory does not know: the kind of the block ends with the day.
fn rebuilt(block: &Block) -> Said {
    let day = block.what.rsplit(' ').next().unwrap_or_default();
    let directory = Directory::from_json(&block.text).unwrap_or_else(|error| panic!("{error}"));
    Said::findings(Ledger::rebuild(&directory, day.parse().unwrap()).1.iter())
}

/// The rules of a block that is a rule file, or an expression in one.
pub(crate) fn load(block: &Block) -> Option<Result<Ruleset, Problems>> {
    let text = block.text.as_str();
    Some(match block.what.as_str() {
        "toml" => Ruleset::from_toml(text),
        "json" => Ruleset::from_json(text),
        "cel" => {
            let quotes = if text.contains("'''") {
                "\"\"\""
            } else {
                "'''"
            };
            Ruleset::from_toml(&BASE.replace(PLACE, &format!("{quotes}{text}{quotes}")))
        }
        what => {
            let (most, of) = what.strip_prefix("toml within ")?.split_once(' ')?;
            let most = most.parse().unwrap();
            let mut limits = Limits::default();
            match of {
                "bytes" => limits.rule_file_bytes = most,
                "keys and values" => limits.rule_file_values = most,
                "account rules" => limits.account_rules = most,
                _ => return None,
            }
            Loader::new().limits(limits).toml(text)
        }
    })
}

/// What the last of some runs found. Each run is carried out and settled before the next.
fn evaluated(blocks: &[Block]) -> Said {
    let text = |what: &str| {
        let found = blocks.iter().find(|block| block.what == what);
        found.map(|block| block.text.as_str())
    };
    let rules = text("toml rules").map_or_else(
        || Ruleset::from_json(r#"{"language": 1, "name": "none"}"#),
        Ruleset::from_toml,
    );
    let rules = rules.unwrap_or_else(|problems| panic!("{problems}"));
    let mut directory = text("json directory").map_or_else(Directory::default, |text| {
        Directory::from_json(text).unwrap_or_else(|error| panic!("{error}"))
    });
    let mut ledger = Ledger::default();
    let mut found = Vec::new();
    for block in blocks {
        let Some(day) = block.what.strip_prefix("json snapshot ") else {
            continue;
        };
        let as_of: NaiveDate = day.parse().unwrap();
        let snapshot = Snapshot::from_json(&block.text).unwrap_or_else(|error| panic!("{error}"));
        let decisions = text(&format!("json decisions {day}")).map(decisions);
        let inputs = Inputs {
            snapshot: &snapshot,
            directory: &directory.clone(),
            ledger: &ledger,
            as_of,
            salt: b"the salt of the pages",
            decisions: &decisions.unwrap_or_default(),
        };
        let outcome = rules.evaluate(&inputs).unwrap();
        let plan = outcome.plan();
        found = outcome.findings().iter().cloned().collect();
        found.extend(plan.findings().iter().cloned());
        ledger = match plan.release(&Approvals::default(), as_of) {
            Ok(released) => {
                let results = released.carry_out_on(&mut directory);
                released.settle(&results)
            }
            Err(_) => outcome.observed().clone(),
        };
    }
    Said::findings(&found)
}

/// Decisions, as pairs of records that are one person.
fn decisions(text: &str) -> Vec<Decision> {
    let pairs: Vec<[[String; 3]; 2]> = serde_json::from_str(text).unwrap();
    let whom = |[instance, kind, id]: [String; 3]| Whom::Record { instance, kind, id };
    pairs
        .into_iter()
        .map(|[one, other]| Decision::Same {
            one: whom(one),
            other: whom(other),
        })
        .collect()
}
