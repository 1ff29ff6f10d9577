//! Candidates: the records of one source that the source itself says are one person's, with the numbers they carry.
//!
//! Not persons: which candidates are one person is for the evidence. Keeps true: a school temporary number counts only with the
//! municipality of its source instance, and a number that cannot be read costs nothing but itself.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::joining::Sets;
use crate::diagnostic::Finding;
use crate::identity::IdentityError;
use crate::identity::IdentityNumber;
use crate::identity::NumberKind;
use crate::language::Class;
use crate::resolve::codes;
use crate::resolve::days::Days;
use crate::resolve::decision::FlagKind;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::Delivery;
use crate::resolve::facts::fact::DeliveryRow;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::Said;
use crate::resolve::facts::fact::Taken;
use crate::resolve::facts::fact::World;
use crate::resolve::facts::fact::token;
use crate::resolve::facts::refs::Found;
use crate::resolve::facts::refs::Reference;
use crate::resolve::facts::refs::References;
use crate::resolve::note::About;
use crate::resolve::note::Notes;

/// The records of one person in one source.
pub(in crate::resolve) struct Candidate {
    pub(in crate::resolve) facts: Vec<FactRow>,
    /// How the ledger names its records, and those its records refer to.
    pub(in crate::resolve) tokens: BTreeSet<String>,
    /// The smallest of its records, by instance, kind and id, for minting a key.
    pub(in crate::resolve) first: (String, String, String),
    /// Whether its source uses record ids again.
    pub(in crate::resolve) reused: bool,
    /// Its numbers, that of the person record first.
    pub(in crate::resolve) numbers: Vec<IdentityNumber>,
    /// Whether a record of it gives a protection flag.
    pub(in crate::resolve) flagged: bool,
    /// Whether anything is said of who it is.
    pub(in crate::resolve) described: bool,
}

/// All candidates, and the way from facts and tokens to them.
pub(in crate::resolve) struct Candidates {
    pub(in crate::resolve) all: Vec<Candidate>,
    pub(in crate::resolve) of_fact: BTreeMap<FactRow, usize>,
    pub(in crate::resolve) of_token: BTreeMap<String, usize>,
}

/// A number as a record carries it, with the kind that it states.
pub(in crate::resolve) fn read_number(
    text: &str,
    stated: Option<&str>,
    delivery: &Delivery<'_>,
    on: NaiveDate,
) -> Result<IdentityNumber, IdentityError> {
    let stated = stated.and_then(NumberKind::stated);
    let issuer = delivery.municipality.as_deref();
    IdentityNumber::parse_stated(text, on, issuer, stated)
}

/// Puts the records of each source together as the source does.
pub(in crate::resolve) fn gather(
    world: &World<'_>,
    references: &References<'_>,
    as_of: NaiveDate,
    days: &mut Days,
    notes: &mut Notes,
) -> Candidates {
    let mut gathering = Gathering {
        world,
        sets: Sets::new(),
        places: BTreeMap::new(),
    };
    let told: Vec<FactRow> = world
        .facts
        .iter()
        .filter(|(_, fact)| fact.kind.tells_of_person() && fact.taken != Taken::Nothing)
        .map(|(row, _)| row)
        .collect();
    for row in &told {
        let fact = world.facts.at(*row);
        let own = gathering.place(fact.delivery, fact.kind, &fact.id);
        let Said::Value(text) = fact.said("person") else {
            continue;
        };
        let kinds = PERSON_BEARING;
        let target = match (
            references.find(world, fact.delivery, text, kinds),
            Reference::read(text),
        ) {
            (Found::One(target), _) => {
                let target = world.facts.at(target);
                gathering.place(target.delivery, target.kind, &target.id)
            }
            // The person record is not there, but the source says that there is one.
            (Found::Nothing, Reference::Bare(id)) => {
                gathering.place(fact.delivery, FactKind::Person, id)
            }
            (found, _) => {
                let (code, message) = match found {
                    Found::Several => (
                        &codes::AMBIGUOUS_REFERENCE,
                        "the reference fits more than one record",
                    ),
                    _ => (
                        &codes::UNRESOLVED_REFERENCE,
                        "the reference leads to no record",
                    ),
                };
                let finding = Finding::new(code, world.subject(*row), message).field("person");
                notes.about(About::Fact(*row), Class::Open, finding);
                continue;
            }
        };
        gathering.sets.join(own, target);
    }
    let mut candidates = gathering.candidates(&told);
    number(world, &mut candidates, as_of, days, notes);
    candidates
}

const PERSON_BEARING: &[FactKind] = &[
    FactKind::Person,
    FactKind::EMPLOYMENT,
    FactKind::Affiliation(crate::model::AffiliationKind::Duty),
    FactKind::Affiliation(crate::model::AffiliationKind::Enrolment),
    FactKind::Affiliation(crate::model::AffiliationKind::Membership),
];

type PlaceKey = (DeliveryRow, FactKind, String);

struct Gathering<'g, 'a> {
    world: &'g World<'a>,
    sets: Sets,
    places: BTreeMap<PlaceKey, usize>,
}

impl Gathering<'_, '_> {
    fn place(&mut self, delivery: DeliveryRow, kind: FactKind, id: &str) -> usize {
        let sets = &mut self.sets;
        *self
            .places
            .entry((delivery, kind, String::from(id)))
            .or_insert_with(|| sets.add())
    }

    /// In the order of their smallest records.
    fn candidates(mut self, told: &[FactRow]) -> Candidates {
        let mut all: Vec<Candidate> = Vec::new();
        let mut by_root: BTreeMap<usize, usize> = BTreeMap::new();
        let mut of_token = BTreeMap::new();
        for ((delivery, kind, id), place) in &self.places {
            let root = self.sets.root(*place);
            let delivery = self.world.deliveries.at(*delivery);
            let position = *by_root.entry(root).or_insert_with(|| {
                all.push(Candidate {
                    facts: Vec::new(),
                    tokens: BTreeSet::new(),
                    first: (delivery.name.clone(), String::from(kind.name()), id.clone()),
                    reused: delivery.terms.reused(),
                    numbers: Vec::new(),
                    flagged: false,
                    described: false,
                });
                all.len().saturating_sub(1)
            });
            let token = token(&delivery.name, kind.name(), id);
            if let Some(candidate) = all.get_mut(position) {
                candidate.tokens.insert(token.clone());
            }
            of_token.insert(token, position);
        }
        let mut of_fact = BTreeMap::new();
        for row in told {
            let fact = self.world.facts.at(*row);
            let key = (fact.delivery, fact.kind, fact.id.clone());
            if let Some(place) = self.places.get(&key).copied()
                && let Some(position) = by_root.get(&self.sets.root(place)).copied()
                && let Some(candidate) = all.get_mut(position)
            {
                candidate.facts.push(*row);
                of_fact.insert(*row, position);
            }
        }
        Candidates {
            all,
            of_fact,
            of_token,
        }
    }
}

/// Reads numbers and what else matters for evidence.
fn number(
    world: &World<'_>,
    candidates: &mut Candidates,
    as_of: NaiveDate,
    days: &mut Days,
    notes: &mut Notes,
) {
    for candidate in &mut candidates.all {
        let mut ranked: BTreeSet<(bool, FactKind, FactRow)> = BTreeSet::new();
        for row in &candidate.facts {
            let fact = world.facts.at(*row);
            ranked.insert((!fact.lives(), fact.kind, *row));
            let names = ["given_name", "surname", "called_name", "number"];
            candidate.described |= names.iter().any(|name| fact.text(name).is_some());
            candidate.flagged |= FlagKind::ALL.iter().any(|flag| {
                fact.text(flag.field())
                    .is_some_and(|text| convert::flag(text).stands())
            });
        }
        for (gone, _, row) in ranked {
            let fact = world.facts.at(row);
            let Some(text) = fact.text("number") else {
                continue;
            };
            let stated = fact.text("number_kind");
            let read = read_number(text, stated, world.delivery_of(row), as_of);
            days.number(About::Fact(row), text, read.as_ref());
            match read {
                // The number of a record that is gone counts only where no living one tells a number.
                Ok(_) if gone && !candidate.numbers.is_empty() => {}
                Ok(number) => {
                    if !candidate.numbers.contains(&number) {
                        candidate.numbers.push(number);
                    }
                }
                Err(error) => {
                    let finding = Finding::new(&codes::INVALID_NUMBER, world.subject(row), error)
                        .field("number");
                    notes.about(About::Fact(row), Class::Personal, finding);
                }
            }
        }
    }
}
