//! How good the data is: by source and municipality how many persons have which verdict, and how often what was found.
//!
//! An open document, made of open findings and of verdicts. Keeps true: of whoever has a protected registration only the
//! municipality of the source instance counts, never one that a field tells; a field shows only where it holds the code of a
//! municipality; nobody is counted twice in one row.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::correlation::persons::Persons;
use super::delivery::remember::Owners;
use super::facts::fact::FactKind;
use super::facts::fact::FactRow;
use super::facts::fact::World;
use super::facts::refs::Found;
use super::facts::refs::References;
#[cfg(test)]
use crate::base::Leak;
use crate::diagnostic::Audience;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::language::Class;
use crate::model::PersonRow;
use crate::model::Protection;
use crate::model::Verdict;

/// The report on the quality of the data of a run. Its `Display` is a table for people.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Quality {
    #[serde(skip_serializing_if = "Audience::is_open")]
    audience: Audience,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shows: Vec<String>,
    rows: BTreeMap<Place, Counts>,
    #[serde(rename = "all")]
    total: Counts,
}

/// Of which source, and of which municipality where that is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The source, as the rules name it.
    pub source: String,
    /// The code of the municipality; empty where it is not known, or withheld.
    pub municipality: String,
}

/// What was counted.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    persons: u64,
    verdicts: BTreeMap<Verdict, u64>,
    findings: BTreeMap<&'static str, u64>,
}

impl Quality {
    /// Who may read it.
    pub const fn audience(&self) -> Audience {
        self.audience
    }

    /// The protected persons whose withheld data it counts, by key: none where it is open.
    pub fn shows(&self) -> &[String] {
        &self.shows
    }

    /// The counts by source and municipality, in order. A person counts in every row that speaks of them.
    pub fn rows(&self) -> impl Iterator<Item = (&Place, &Counts)> {
        self.rows.iter()
    }

    /// The counts of one source and municipality.
    pub fn of(&self, source: &str, municipality: &str) -> Option<&Counts> {
        self.rows.get(&Place {
            source: source.to_string(),
            municipality: municipality.to_string(),
        })
    }

    /// The counts of everything, each person and finding once.
    pub const fn total(&self) -> &Counts {
        &self.total
    }
}

impl Counts {
    /// How many persons there are.
    pub const fn persons(&self) -> u64 {
        self.persons
    }

    /// How many of them have a verdict.
    pub fn verdict(&self, verdict: Verdict) -> u64 {
        self.verdicts.get(&verdict).copied().unwrap_or(0)
    }

    /// How often what a code stands for was found.
    pub fn found(&self, code: &str) -> u64 {
        self.findings.get(code).copied().unwrap_or(0)
    }

    /// The codes of what was found, with how often.
    pub fn findings(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.findings.iter().map(|(code, count)| (*code, *count))
    }

    /// The share of persons whose data the register confirms, in thousandths; nothing where there is nobody.
    pub fn verified_per_mille(&self) -> Option<u64> {
        self.verdict(Verdict::Verified)
            .saturating_mul(1000)
            .checked_div(self.persons)
    }

    fn add_person(&mut self, verdict: Verdict) {
        self.persons = self.persons.saturating_add(1);
        let count = self.verdicts.entry(verdict).or_default();
        *count = count.saturating_add(1);
    }

    fn add_finding(&mut self, code: &'static str) {
        let count = self.findings.entry(code).or_default();
        *count = count.saturating_add(1);
    }
}

/// What the report is made of.
pub(super) struct Measured<'m, 'a> {
    pub(super) world: &'m World<'a>,
    pub(super) references: &'m References<'m>,
    pub(super) persons: &'m Persons,
    pub(super) owners: &'m Owners,
    pub(super) findings: &'m Findings,
    /// What was found in data of protected persons.
    pub(super) withheld: &'m Findings,
}

impl Measured<'_, '_> {
    /// Makes the report. `known` says of each person the verdict and the protection.
    pub(super) fn report(
        &self,
        audience: Audience,
        known: impl Fn(PersonRow) -> (Verdict, Protection),
    ) -> Quality {
        let mut quality = Quality {
            audience,
            ..Quality::default()
        };
        let mut places: BTreeMap<PersonRow, BTreeSet<Place>> = BTreeMap::new();
        let mut rows: BTreeMap<String, PersonRow> = BTreeMap::new();
        for (row, person) in self.persons.all.iter() {
            let (verdict, mut protection) = known(row);
            if protection.stands() && !audience.is_open() {
                quality.shows.push(person.key.to_hex());
                protection = Protection::default();
            }
            let own = self.places(&person.facts, protection);
            quality.total.add_person(verdict);
            for place in &own {
                let counts = quality.rows.entry(place.clone()).or_default();
                counts.add_person(verdict);
            }
            places.insert(row, own);
            rows.insert(person.key.to_hex(), row);
        }
        // What an open report counts of an opaque id, a cleared one counts of the person.
        let open = self.findings.iter();
        let open = open.filter(|finding| {
            audience.is_open() || !matches!(finding.subject, Subject::Sealed { .. })
        });
        let withheld = (!audience.is_open()).then_some(self.withheld);
        for finding in open.chain(withheld.into_iter().flatten()) {
            let code = finding.code.id;
            quality.total.add_finding(code);
            let person = match &finding.subject {
                Subject::Person { person } => rows.get(person.as_str()).copied(),
                _ => self.owners.of_finding(finding),
            };
            let own = person.and_then(|row| places.get(&row));
            match &finding.subject {
                Subject::Person { .. } => {
                    for place in own.into_iter().flatten() {
                        let counts = quality.rows.entry(place.clone()).or_default();
                        counts.add_finding(code);
                    }
                }
                Subject::Record { instance, .. } | Subject::Instance { instance } => {
                    let place = self.place_of(instance, own);
                    quality.rows.entry(place).or_default().add_finding(code);
                }
                Subject::Run | Subject::Object { .. } | Subject::Sealed { .. } => {}
            }
        }
        quality
    }

    /// Where the records of a person stand.
    fn places(&self, facts: &[FactRow], protection: Protection) -> BTreeSet<Place> {
        let mut places = BTreeSet::new();
        for row in facts {
            let fact = self.world.facts.at(*row);
            // Until when an override holds is withheld.
            let is_withheld = protection.withholds(Class::Personal) && fact.expired;
            if !(fact.lives() || is_withheld && fact.is_there()) {
                continue;
            }
            let delivery = self.world.delivery_of(*row);
            let told = || {
                let open = !protection.withholds(Class::Place);
                #[cfg(test)]
                let open = open || Leak::Counts.is_planted();
                self.told(*row).filter(|code| open && is_municipality(code))
            };
            let municipality = delivery.municipality.as_deref().or_else(told);
            places.insert(Place {
                source: delivery.source.clone(),
                municipality: municipality.unwrap_or_default().to_string(),
            });
        }
        // What is known better elsewhere in the same source says nothing by itself.
        let vague: BTreeSet<String> = places
            .iter()
            .filter(|place| !place.municipality.is_empty())
            .map(|place| place.source.clone())
            .collect();
        places.retain(|place| !place.municipality.is_empty() || !vague.contains(&place.source));
        places
    }

    /// The municipality that a record tells: the employer, or where the unit or the school group is.
    fn told(&self, row: FactRow) -> Option<&str> {
        let fact = self.world.facts.at(row);
        if let Some(employer) = fact.text("employer") {
            return Some(employer);
        }
        let mut from = (fact.delivery, fact.text("unit"));
        if let (None, Some(group)) = (from.1, fact.text("group"))
            && let Found::One(group) =
                self.references
                    .find(self.world, fact.delivery, group, &[FactKind::SchoolGroup])
        {
            let group = self.world.facts.at(group);
            from = (group.delivery, group.text("unit"));
        }
        match self.references.unit(self.world, from.0, from.1?) {
            Found::One(unit) => {
                let own = self.world.facts.at(unit).text("municipality");
                own.or(self.world.delivery_of(unit).municipality.as_deref())
            }
            Found::Nothing | Found::Several => None,
        }
    }

    /// Where a finding about an instance or a record of it counts: where its person stands in that source, where that is one
    /// place only.
    fn place_of(&self, instance: &str, own: Option<&BTreeSet<Place>>) -> Place {
        let found = self
            .world
            .deliveries
            .values()
            .find(|delivery| delivery.name == instance);
        let source = instance
            .split_once('/')
            .map_or(instance, |(source, _)| source);
        let of_instance = found.and_then(|delivery| delivery.municipality.clone());
        let of_person = || {
            let mut places = own?.iter().filter(|place| place.source == source);
            let one = places.next()?;
            places.next().is_none().then(|| one.municipality.clone())
        };
        Place {
            source: source.to_string(),
            municipality: of_instance.or_else(of_person).unwrap_or_default(),
        }
    }
}

/// Whether a text is the code of a municipality; nothing else that stands in a field may show.
fn is_municipality(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)?;
        if !self.municipality.is_empty() {
            write!(formatter, " {}", self.municipality)?;
        }
        Ok(())
    }
}

/// Whether it is of a cleared report cannot be told, so only the source shows.
impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Place");
        shown.field("source", &self.source).finish_non_exhaustive()
    }
}

/// The same: small counts tell of persons.
impl fmt::Debug for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Counts").finish_non_exhaustive()
    }
}

/// Of a cleared report only that it is one shows by itself.
impl fmt::Debug for Quality {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Quality");
        shown.field("audience", &self.audience);
        if self.audience.is_open() {
            shown.field("rows", &self.rows).field("total", &self.total);
        }
        shown.finish_non_exhaustive()
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.audience.head(&self.shows, formatter)?;
        let named = self
            .rows
            .iter()
            .map(|(place, counts)| (place.to_string(), counts));
        let all = named.chain([(String::from("all"), &self.total)]);
        writeln!(
            formatter,
            "{:<20} {:>7} {:>9} {:>11} {:>9} {:>12} {:>5} {:>9}  share",
            "source",
            "persons",
            "verified",
            "conflicting",
            "not found",
            "deregistered",
            "stale",
            "not asked"
        )?;
        for (name, counts) in all {
            write!(formatter, "{name:<20} {:>7}", counts.persons)?;
            for (verdict, width) in Verdict::ALL.into_iter().zip([9, 11, 9, 12, 5, 9]) {
                write!(formatter, " {:>width$}", counts.verdict(verdict))?;
            }
            match counts.verified_per_mille() {
                Some(share) => writeln!(formatter, "  {}.{} %", share / 10, share % 10)?,
                None => writeln!(formatter)?,
            }
            if !counts.findings.is_empty() {
                write!(formatter, "   ")?;
                for (code, count) in counts.findings() {
                    write!(formatter, " {code} × {count}")?;
                }
                writeln!(formatter)?;
            }
        }
        Ok(())
    }
}
