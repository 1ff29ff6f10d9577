//! Runs over people who have a marker in every withheld field, and the search for markers.

use std::collections::BTreeSet;
use std::prelude::v1::*;

use folkform::Ruleset;
use folkform::directory::Directory;
use folkform::ledger::Ledger;

use super::Build;
use super::day;
use super::dice::Dice;
use super::documents::Run;
use super::documents::run;
use super::forms::forms;
use super::loaded;
use super::past;
use super::people;

/// A run over marked people.
pub(crate) struct Marked {
    pub(crate) run: Run,
    pub(crate) rules: Ruleset,
    /// The markers, each with all its forms in lower case.
    pub(crate) markers: Vec<(String, Vec<String>)>,
    /// Whether the directory knows them from before they were protected.
    pub(crate) is_known: bool,
}

/// A run of a build over marked people. Half of the times the directory knows them from before they were protected.
pub(crate) fn marked(case: u64, build: &Build) -> Marked {
    let mut dice = Dice::of_case(case);
    let (rules, drawn, _) = loaded(&mut dice);
    let rules = (build.rules)(rules);
    let (people, markers) = people::mark(&people::draw(&mut dice), &drawn.shown);
    let today = day("2026-11-23");
    let (mut directory, mut ledger) = (Directory::default(), Ledger::default());
    let is_known = drawn.theme.is_narrow() || dice.happens(50);
    if is_known {
        (directory, ledger) = past(&rules, &people, drawn.theme, &mut dice);
    }
    let run = run(
        &rules,
        &people::snapshot(&people, today),
        &directory,
        &ledger,
        today,
    );
    let lower = |marker: String| {
        let forms: BTreeSet<String> = forms(&marker)
            .iter()
            .map(|form| form.to_lowercase())
            .collect();
        (marker, forms.into_iter().collect())
    };
    Marked {
        run,
        rules,
        markers: markers.into_iter().map(lower).collect(),
        is_known,
    }
}

/// Which of the markers stand in a text, in whatever form and case.
pub(crate) fn found<'m>(text: &str, markers: &'m [(String, Vec<String>)]) -> Vec<&'m str> {
    let lower = text.to_lowercase();
    let holds = |form: &String| lower.contains(form.as_str());
    markers
        .iter()
        .filter(|(_, forms)| forms.iter().any(holds))
        .map(|(marker, _)| marker.as_str())
        .collect()
}
