//! The arguments of the program.

use std::path::PathBuf;

use chrono::NaiveDate;

/// How the program is called.
pub(crate) const USAGE: &str = "\
reconcile --rules R.toml --snapshot S.json --directory D.json [--ledger L.json] [--results X.json] [--approvals A.json]
          [--decisions C.json] --as-of YYYY-MM-DD --out DIR [--salt TEXT]

exit code 0: the plan is released; 1: an input is wrong; 2: a guard refuses the plan";

/// What was asked for.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// The rule file.
    pub(crate) rules: PathBuf,
    /// The snapshot.
    pub(crate) snapshot: PathBuf,
    /// The directory.
    pub(crate) directory: PathBuf,
    /// The ledger of the last run.
    pub(crate) ledger: Option<PathBuf>,
    /// The results of the steps.
    pub(crate) results: Option<PathBuf>,
    /// The approvals.
    pub(crate) approvals: Option<PathBuf>,
    /// What people have decided.
    pub(crate) decisions: Option<PathBuf>,
    /// The day.
    pub(crate) as_of: NaiveDate,
    /// Where to write.
    pub(crate) out: PathBuf,
    /// What keys are minted with.
    pub(crate) salt: String,
}

impl Arguments {
    /// Reads the arguments that follow the name of the program.
    pub(crate) fn read(given: impl Iterator<Item = String>) -> Result<Self, String> {
        const NAMES: [&str; 10] = [
            "--rules",
            "--snapshot",
            "--directory",
            "--ledger",
            "--results",
            "--approvals",
            "--decisions",
            "--as-of",
            "--out",
            "--salt",
        ];
        let mut values: [Option<String>; NAMES.len()] = Default::default();
        let mut given = given;
        while let Some(name) = given.next() {
            let place = NAMES
                .iter()
                .position(|known| *known == name)
                .and_then(|position| values.get_mut(position));
            let Some(place) = place else {
                return Err(format!("unknown argument `{name}`\n{USAGE}"));
            };
            let value = given
                .next()
                .ok_or_else(|| format!("`{name}` needs a value\n{USAGE}"))?;
            if place.replace(value).is_some() {
                return Err(format!("`{name}` is given twice\n{USAGE}"));
            }
        }
        let [
            rules,
            snapshot,
            directory,
            ledger,
            results,
            approvals,
            decisions,
            as_of,
            out,
            salt,
        ] = values;
        let needed = |value: Option<String>, name: &str| {
            value.ok_or_else(|| format!("`{name}` is missing\n{USAGE}"))
        };
        let day = needed(as_of, "--as-of")?;
        Ok(Self {
            rules: needed(rules, "--rules")?.into(),
            snapshot: needed(snapshot, "--snapshot")?.into(),
            directory: needed(directory, "--directory")?.into(),
            ledger: ledger.map(PathBuf::from),
            results: results.map(PathBuf::from),
            approvals: approvals.map(PathBuf::from),
            decisions: decisions.map(PathBuf::from),
            as_of: day
                .parse()
                .map_err(|_| format!("`--as-of` is no day such as `2026-11-23`\n{USAGE}"))?,
            out: needed(out, "--out")?.into(),
            salt: salt.unwrap_or_default(),
        })
    }
}
