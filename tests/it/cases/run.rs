//! The whole way from one text, for a fuzzer and for the corpus: rules, then for each run a day and what sources deliver by then.
//!
//! Parts are parted by a line of four dashes. It knows no case and expects nothing in particular: only what holds of all rules and all
//! people, and that nothing panics.

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::source::Snapshot;

use super::snapshot::Sources;

/// So many runs are played of a text.
const MOST_RUNS: usize = 4;

/// What stands between two parts.
const BETWEEN: &str = "\n----\n";

/// Plays a text. What does not load, or is no line of a snapshot, ends it; everything that was read before counts.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut parts = text.split(BETWEEN);
    let Some(Ok(rules)) = parts.next().map(Ruleset::from_toml) else {
        return;
    };
    let mut sources = Sources::default();
    let mut directory = Directory::default();
    let mut ledger = Ledger::default();
    for part in parts.take(MOST_RUNS) {
        let (day, lines) = part.split_once('\n').unwrap_or((part, ""));
        let Ok(as_of) = day.trim().parse() else {
            return;
        };
        // A line that cannot be read is left out with those after it.
        let _ = sources.read(lines);
        let start = Start {
            rules: &rules,
            snapshot: sources.on(as_of),
            directory,
            ledger,
            as_of,
        };
        let Some(next) = start.play() else {
            return;
        };
        (directory, ledger) = next;
    }
}

/// What a run starts from.
struct Start<'a> {
    rules: &'a Ruleset,
    snapshot: Snapshot,
    directory: Directory,
    ledger: Ledger,
    as_of: NaiveDate,
}

impl Start<'_> {
    fn evaluate(&self, snapshot: &Snapshot) -> Option<Outcome> {
        let inputs = Inputs {
            snapshot,
            directory: &self.directory,
            ledger: &self.ledger,
            as_of: self.as_of,
            salt: b"run",
            decisions: &[],
        };
        self.rules.evaluate(&inputs).ok()
    }

    /// Evaluates, carries out what is released, and gives what the next run starts from; none where a limit is reached.
    fn play(mut self) -> Option<(Directory, Ledger)> {
        let outcome = self.evaluate(&self.snapshot)?;
        let mut turned = self.snapshot.clone();
        turned.instances.reverse();
        for instance in &mut turned.instances {
            instance.records.reverse();
        }
        let other = self.evaluate(&turned)?;
        assert_eq!(
            documents(&outcome),
            documents(&other),
            "another order of records"
        );
        for key in outcome.population().keys() {
            for account in outcome.desired().accounts.keys() {
                let why = outcome.why(key, &format!("account.{}", account.rule));
                assert!(why.is_none_or(|why| !why.to_string().is_empty()));
            }
        }
        let plan = outcome.plan();
        let Ok(released) = plan.release(&Approvals::default(), self.as_of) else {
            return Some((self.directory, outcome.observed().clone()));
        };
        let results = released.carry_out_on(&mut self.directory);
        let lines = || format!("{:#?}", plan.steps());
        assert!(results.all_done(), "a step is refused: {}", lines());
        self.ledger = released.settle(&results);
        if released.len() == plan.steps().len() {
            let left = self.evaluate(&self.snapshot)?.plan();
            assert!(
                left.is_empty(),
                "after {} there is {:#?}",
                lines(),
                left.steps()
            );
        }
        Some((self.directory, self.ledger))
    }
}

/// All that a run gives, as bytes.
fn documents(outcome: &Outcome) -> [String; 3] {
    let plan = outcome.plan();
    [
        outcome.desired().to_sealed_json(),
        outcome.observed().to_sealed_json(),
        plan.to_json() + &plan.annex() + &format!("{:?}", outcome.findings()),
    ]
}
