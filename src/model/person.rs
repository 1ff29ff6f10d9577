//! What the engine itself knows of a person; the person's fields stand in the population's columns.

use alloc::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::protection::Protection;
use crate::base::PersonKey;
use crate::base::Text;
use crate::base::row_key;

row_key! {
    /// A row of the table of persons.
    PersonRow
}

/// What the population register says of a person's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The register knows the number, and the names agree.
    Verified,
    /// The register knows the number, and a name or a birth date differs.
    Conflicting,
    /// The register was asked and does not know the number.
    NotFound,
    /// The register knows the number as deregistered.
    Deregistered,
    /// The answer is older than the rules allow.
    Stale,
    /// The register has not been asked, or cannot know such a number.
    NotAsked,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 6] = [
        Self::Verified,
        Self::Conflicting,
        Self::NotFound,
        Self::Deregistered,
        Self::Stale,
        Self::NotAsked,
    ];

    /// The word in rules.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "Verified",
            Self::Conflicting => "Conflicting",
            Self::NotFound => "NotFound",
            Self::Deregistered => "Deregistered",
            Self::Stale => "Stale",
            Self::NotAsked => "NotAsked",
        }
    }
}

/// A person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The key.
    pub(crate) key: PersonKey,
    /// The protection flags.
    pub(crate) protection: Protection,
    /// What the register says.
    pub(crate) verdict: Verdict,
    /// The day from which the host suspends the person.
    pub(crate) suspended_from: Option<NaiveDate>,
    /// What follows from a stated cause for which the person has left, where there is one.
    pub(crate) leaving: Option<Leaving>,
    /// Whether a person must decide something first; nothing of this person's changes until then.
    pub(crate) held: bool,
}

/// What follows from a cause for which somebody has left: a death, an emigration, a number that was taken away.
#[derive(Clone, Debug)]
pub(crate) struct Leaving {
    /// Since when.
    pub(crate) on: NaiveDate,
    /// Whether it is a death.
    pub(crate) died: bool,
    /// What follows.
    pub(crate) usually: Follows,
    /// What follows for a population of which the rules say something else.
    pub(crate) by_population: BTreeMap<Text, Follows>,
}

/// What follows for accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Follows {
    /// Nothing.
    Nothing,
    /// They stay as they are until somebody has decided.
    Hold,
    /// They are disabled at once.
    Disable,
}

impl Leaving {
    /// What follows for a population.
    pub(crate) fn follows(&self, population: &str) -> Follows {
        self.by_population
            .get(population)
            .copied()
            .unwrap_or(self.usually)
    }

    /// Whether something follows for some population.
    pub(crate) fn somewhere(&self, what: Follows) -> bool {
        self.usually == what || self.by_population.values().any(|one| *one == what)
    }
}

impl Person {
    /// The day from which accounts of a population are disabled for a stated cause: a suspension, or a cause for which the rules
    /// say so.
    pub(crate) fn stopped_from(&self, population: &str) -> Option<NaiveDate> {
        let left = self
            .leaving
            .as_ref()
            .filter(|leaving| leaving.follows(population) == Follows::Disable)
            .map(|leaving| leaving.on);
        [self.suspended_from, left].into_iter().flatten().min()
    }

    /// Whether accounts of a population end because the person has died.
    pub(crate) fn is_dead(&self, population: &str) -> bool {
        let leaving = self.leaving.as_ref();
        leaving
            .is_some_and(|leaving| leaving.died && leaving.follows(population) == Follows::Disable)
    }

    /// Whether accounts of a population stay as they are until somebody has decided.
    pub(crate) fn is_held(&self, population: &str) -> bool {
        let leaving = self.leaving.as_ref();
        self.held || leaving.is_some_and(|leaving| leaving.follows(population) == Follows::Hold)
    }
}
