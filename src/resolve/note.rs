//! Findings while they are still tied to records and persons, so that sealing can decide last.
//!
//! Keeps true: what depends on a value that is withheld of a protected person never reaches an open finding, not even by
//! being there; what does not is told of an opaque id, without the source it came from.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

#[cfg(test)]
use crate::base::Leak;
use crate::base::PersonKey;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::language::Class;
use crate::model::PersonRow;
use crate::model::Protection;
use crate::resolve::facts::fact::FactRow;

/// Whom a finding is about, if anybody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Nobody,
    Fact(FactRow),
    Person(PersonRow),
}

/// Findings with whom they are about and what their being there gives away.
#[derive(Default)]
pub(super) struct Notes {
    notes: Vec<(Finding, About, Class)>,
}

/// Findings when it is known who is protected.
pub(super) struct Sealed {
    /// For everybody.
    pub(super) open: Findings,
    /// For those who may see protected persons.
    pub(super) withheld: Findings,
    /// Who stands behind each opaque id.
    pub(super) ids: BTreeMap<String, PersonKey>,
}

/// Whose records and findings are, when that is known.
pub(super) struct Ties<'t> {
    pub(super) person_of: &'t dyn Fn(FactRow) -> Option<PersonRow>,
    pub(super) protection_of: &'t dyn Fn(PersonRow) -> Option<(PersonKey, Protection)>,
    /// Whose the record of a finding is.
    pub(super) record_of: &'t dyn Fn(&Finding) -> Option<PersonRow>,
    /// What the record of a finding says of its own protection, where it is nobody's.
    pub(super) own_flags: &'t dyn Fn(About, &Finding) -> Protection,
}

impl Notes {
    /// A finding about nobody in particular.
    pub(super) fn push(&mut self, finding: Finding) {
        self.notes.push((finding, About::Nobody, Class::Open));
    }

    /// A finding about somebody; `class` is that of the values it depends on, open where it depends on none.
    pub(super) fn about(&mut self, about: About, class: Class, finding: Finding) {
        self.notes.push((finding, about, class));
    }

    /// Findings that others made about source records.
    pub(super) fn extend(&mut self, findings: &Findings) {
        for finding in findings {
            self.push(finding.clone());
        }
    }

    /// Parts the findings.
    pub(super) fn seal(self, ties: &Ties<'_>) -> Sealed {
        let mut sealed = Sealed {
            open: Findings::default(),
            withheld: Findings::default(),
            ids: BTreeMap::new(),
        };
        for (finding, about, class) in self.notes {
            let row = match about {
                About::Nobody => (ties.record_of)(&finding),
                About::Fact(fact) => (ties.person_of)(fact).or_else(|| (ties.record_of)(&finding)),
                About::Person(row) => Some(row),
            };
            // What a source's reader sets aside says nothing of its class, so it counts as personal.
            let class = if about == About::Nobody {
                Class::Personal
            } else {
                class
            };
            let somebody = row.and_then(ties.protection_of);
            let key = somebody.map(|(key, _)| key);
            let protection = somebody.map_or_else(
                || (ties.own_flags)(about, &finding),
                |(_, protection)| protection,
            );
            let is_open = !protection.stands();
            #[cfg(test)]
            let is_open = is_open
                || Leak::Findings.is_planted()
                || Leak::Register.is_planted() && finding.record().is_some();
            if is_open {
                sealed.open.push(finding.for_everybody());
                continue;
            }
            let Some(key) = key else {
                // Nobody is known by whose key it could be told.
                sealed.withheld.push(finding);
                continue;
            };
            let subject = Subject::sealed(key);
            sealed.ids.insert(subject.to_string(), key);
            if !protection.withholds(class) {
                let mut open = Finding::new(finding.code, subject, finding.code.summary);
                open.severity = finding.severity;
                sealed.open.push(open);
            }
            sealed.withheld.push(finding);
        }
        sealed.open.sort();
        sealed.withheld.sort();
        sealed
    }
}

/// A person as the subject of a finding.
pub(super) fn person_subject(key: PersonKey) -> Subject {
    Subject::person(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RowKey;
    use crate::model::Flag;
    use crate::resolve::codes;

    fn sealed(marking: Flag, class: Class) -> Sealed {
        let key = PersonKey::mint(b"", &["x"]);
        let mut notes = Notes::default();
        let finding = Finding::new(
            &codes::SOURCES_DISAGREE,
            person_subject(key),
            "`surname` differs in `procapita/1430`",
        );
        notes.about(About::Person(PersonRow::from_row(0)), class, finding);
        let protection = Protection {
            marking,
            ..Protection::default()
        };
        notes.seal(&Ties {
            person_of: &|_| None,
            protection_of: &|_| Some((key, protection)),
            record_of: &|_| None,
            own_flags: &|_, _| Protection::default(),
        })
    }

    #[test]
    fn an_unprotected_person_is_named() {
        let sealed = sealed(Flag::No, Class::Personal);
        assert_eq!((sealed.open.len(), sealed.withheld.len()), (1, 0));
    }

    #[test]
    fn what_depends_on_a_withheld_value_is_not_even_there() {
        let sealed = sealed(Flag::Yes, Class::Personal);
        assert_eq!((sealed.open.len(), sealed.withheld.len()), (0, 1));
    }

    #[test]
    fn the_rest_is_told_of_an_opaque_id_and_names_no_source() {
        let sealed = sealed(Flag::Unknown, Class::Place);
        let open = sealed.open.iter().next().unwrap();
        assert!(
            matches!(&open.subject, Subject::Sealed { sealed } if sealed.starts_with("sealed:"))
        );
        assert!(!open.message.contains("procapita"));
        assert_eq!(sealed.ids.len(), 1);
    }
}
