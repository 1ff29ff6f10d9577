//! Proposals: persons that may be one. They are told, and never linked by themselves.
//!
//! Keeps true: nobody protected is ever compared with anybody, since a new identity must not be joined with the old one; whom a
//! decision keeps apart is not proposed again.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::persons::Persons;
use crate::base::fold_case;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::identity::EvidenceKind;
use crate::identity::Lineage;
use crate::language::Class;
use crate::model::Cell;
use crate::model::PersonRow;
use crate::resolve::codes;
use crate::resolve::decision::Proposal;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::note::person_subject;
use crate::resolve::person::merge::Merged;

/// Persons by name and birth date.
#[derive(Default)]
pub(in crate::resolve) struct Likeness {
    by_name: BTreeMap<(String, String, NaiveDate), Vec<PersonRow>>,
}

impl Likeness {
    /// Adds a person by merged fields; who lacks a name or a birth date is like nobody.
    pub(in crate::resolve) fn add(&mut self, row: PersonRow, merged: &Merged) {
        let find = |name: &str| {
            merged
                .iter()
                .find(|(known, _)| **known == *name)
                .map(|(_, cell)| cell)
        };
        let text = |name: &str| match find(name) {
            Some(Cell::Personal(text)) => Some(fold_case(text.reveal())),
            _ => None,
        };
        if let (Some(called), Some(surname), Some(Cell::Date(born))) =
            (text("called_name"), text("surname"), find("birth_date"))
        {
            self.by_name
                .entry((called, surname, *born))
                .or_default()
                .push(row);
        }
    }
}

/// All proposals, and a finding for each.
pub(in crate::resolve) fn proposals(
    alike: &Likeness,
    lineage: &Lineage,
    persons: &Persons,
    apart: &BTreeSet<(PersonRow, PersonRow)>,
    notes: &mut Notes,
) -> Vec<Proposal> {
    let mut proposals: BTreeSet<(EvidenceKind, PersonRow, Option<PersonRow>)> = BTreeSet::new();
    for rows in alike.by_name.values() {
        for pair in rows.windows(2) {
            if let [one, two] = pair {
                proposals.insert((EvidenceKind::Likeness, *one, Some(*two)));
            }
        }
    }
    for link in lineage.proposals() {
        let rows = [&link.a, &link.b].map(|number| persons.of_number.get(number).copied());
        match rows {
            [Some(one), Some(two)] if one != two => {
                proposals.insert((link.kind, one.min(two), Some(one.max(two))));
            }
            [Some(one), None] | [None, Some(one)] => {
                proposals.insert((link.kind, one, None));
            }
            _ => {}
        }
    }
    proposals.retain(|(_, one, two)| two.is_none_or(|two| !apart.contains(&(*one, two))));
    let mut told = Vec::new();
    for (evidence, one, two) in proposals {
        let key = persons.all.at(one).key;
        let what = match two {
            Some(_) => " that another person may be this one",
            None => " that this person may have another identity number",
        };
        let message = OpenText::words("evidence ")
            .quote(evidence.name())
            .and(what);
        let class = if evidence == EvidenceKind::Likeness {
            Class::Personal
        } else {
            Class::Open
        };
        let mut finding = Finding::new(&codes::LINK_PROPOSED, person_subject(key), message);
        if let Some(two) = two {
            let other = persons.all.at(two).key;
            finding = finding.help(
                OpenText::words("decide whether person ")
                    .and(key)
                    .and(" and person ")
                    .and(other)
                    .and(" are one"),
            );
        }
        notes.about(About::Person(one), class, finding);
        told.push(Proposal {
            evidence,
            one: key,
            other: two.map(|two| persons.all.at(two).key),
        });
    }
    told.sort();
    told
}
