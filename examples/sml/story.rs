//! The story of the example: a pilot with a few persons, then the ordinary day, then the change of school year.
//!
//! Each run reads the files of its day, what the directory holds and what the ledger remembers; a plan is released, carried
//! out on a model of the directory, and settled. It prints and writes nothing.

use chrono::NaiveDate;

use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::base::LimitReached;
use folkform::diagnostic::Problems;
use folkform::directory::Directory;
use folkform::directory::Dn;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::plan::Released;
use folkform::source::Snapshot;

use super::files;
use super::files::Day;
use super::files::Fault;
use super::files::Files;
use super::sources;

/// What person keys are minted with. A host keeps one of its own, secret and the same in every run.
const SALT: &[u8] = b"the salt of the example, not for use";

/// The day of the pilot.
pub(super) const PILOT: NaiveDate = day(2026, 11, 9);
/// The day that the ordinary files describe.
pub(super) const ORDINARY: NaiveDate = day(2026, 11, 23);
/// The day after the change of school year.
pub(super) const ROLLOVER: NaiveDate = day(2027, 8, 23);

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

/// Why a run came to nothing.
#[derive(Debug)]
pub(super) enum Stop {
    /// A file cannot be read.
    File(Fault),
    /// The rules have problems.
    Rules(String),
    /// A rule asks for more steps than are allowed.
    Limit(LimitReached),
    /// A guard refuses the whole plan.
    Refused(String),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::File(fault)
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(fault) => fault.fmt(formatter),
            Self::Rules(text) | Self::Refused(text) => formatter.write_str(text),
            Self::Limit(limit) => limit.fmt(formatter),
        }
    }
}

/// What is between two runs: the rules, the directory and the ledger.
#[derive(Clone)]
pub(super) struct World {
    /// The rules.
    pub(super) rules: Ruleset,
    /// The directory as it is.
    pub(super) directory: Directory,
    /// What is remembered.
    pub(super) ledger: Ledger,
}

/// One run.
pub(super) struct Run {
    /// What the sources said.
    pub(super) snapshot: Snapshot,
    /// The directory before it.
    pub(super) before: Directory,
    /// What it came to.
    pub(super) outcome: Outcome,
    /// The plan.
    pub(super) plan: Plan,
    /// What may be carried out of it.
    pub(super) released: Released,
}

impl World {
    /// The rules of a text, a directory with nothing but its base, and an empty ledger.
    pub(super) fn empty(rules: &str) -> Result<Self, Stop> {
        let rules =
            Ruleset::from_toml(rules).map_err(|problems| Stop::Rules(problems.to_string()))?;
        let mut directory = Directory::default();
        directory.containers.extend(Dn::parse("DC=sml,DC=test"));
        Ok(Self {
            rules,
            directory,
            ledger: Ledger::default(),
        })
    }

    /// The rules and the directory of the example before anything has run, and an empty ledger.
    pub(super) fn first() -> Result<Self, Stop> {
        let path = "data/directory.json";
        let directory = Directory::from_json(&files::text(path)?)
            .map_err(|error| Stop::File(Fault::new(path, error)))?;
        Ok(Self {
            directory,
            ..Self::empty(&files::text("rules.toml")?)?
        })
    }

    /// What is probably not meant in the rules.
    pub(super) fn warnings(&self) -> &Problems {
        self.rules.warnings()
    }

    /// The example as it stands after the pilot.
    pub(super) fn after_pilot() -> Result<Self, Stop> {
        let mut world = Self::first()?;
        let run = world.run(&Files::of(Day::Pilot)?, PILOT)?;
        world.carry_out(&run);
        Ok(world)
    }

    /// Reads the files of a day and makes a plan. Nothing is carried out.
    pub(super) fn run(&self, files: &Files, as_of: NaiveDate) -> Result<Run, Stop> {
        self.run_over(sources::snapshot(files, as_of)?, as_of)
    }

    /// Makes a plan for what the sources say.
    pub(super) fn run_over(&self, snapshot: Snapshot, as_of: NaiveDate) -> Result<Run, Stop> {
        let outcome = self
            .rules
            .evaluate(&Inputs {
                snapshot: &snapshot,
                directory: &self.directory,
                ledger: &self.ledger,
                as_of,
                salt: SALT,
                decisions: &[],
            })
            .map_err(Stop::Limit)?;
        let plan = outcome.plan();
        let released = plan
            .release(&Approvals::default(), as_of)
            .map_err(|refusal| Stop::Refused(refusal.to_string()))?;
        Ok(Run {
            snapshot,
            before: self.directory.clone(),
            outcome,
            plan,
            released,
        })
    }

    /// Carries out on the model of the directory what was released, and settles. Says whether every step was done.
    pub(super) fn carry_out(&mut self, run: &Run) -> bool {
        let results = run.released.carry_out_on(&mut self.directory);
        self.ledger = run.released.settle(&results);
        results.all_done()
    }
}
