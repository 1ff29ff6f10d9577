//! Aliases: what stands in place of a protected person's names.
//!
//! Keeps true: an alias is never made from anything about the person but the opaque key; what was once in use stays, also after the
//! protection; and nobody gets what is somebody else's.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::base::PersonKey;
use crate::base::fold_case;
use crate::diagnostic::Finding;
use crate::language::Class;
use crate::model::PersonRow;
use crate::resolve::codes;
use crate::resolve::correlation::persons::Persons;
use crate::resolve::correlation::persons::Somebody;
use crate::resolve::facts::fact::World;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::note::person_subject;

/// The fields of an alias, in the ledger and in rules, with the field of a source record.
const FIELDS: [(&str, &str); 3] = [
    ("name", "alias_name"),
    ("login", "alias_login"),
    ("mail", "alias_mail"),
];

/// The fewest digits of the key in an alias.
const FEWEST_DIGITS: usize = 7;

/// The alias of a person, by field.
pub(in crate::resolve) type Alias = BTreeMap<&'static str, String>;

/// Who has which alias already, so that no two persons share one.
pub(in crate::resolve) struct Aliases {
    taken: BTreeMap<(&'static str, String), PersonKey>,
}

impl Aliases {
    /// All aliases that are in use, and then those that sources give, in the order of keys.
    pub(in crate::resolve) fn new(
        world: &World<'_>,
        persons: &Persons,
        remembered: impl Iterator<Item = (PersonKey, Alias)>,
    ) -> Self {
        let mut aliases = Self {
            taken: BTreeMap::new(),
        };
        for (key, alias) in remembered {
            for (field, text) in alias {
                aliases
                    .taken
                    .entry((field, fold_case(&text)))
                    .or_insert(key);
            }
        }
        for (_, person) in persons.all.iter() {
            for (field, source) in FIELDS {
                if let Some(text) = given(world, person, source) {
                    aliases
                        .taken
                        .entry((field, fold_case(text)))
                        .or_insert(person.key);
                }
            }
        }
        aliases
    }

    /// The alias of a person: the one in use, the one a source gives, or one made from the key.
    pub(in crate::resolve) fn of(
        &mut self,
        world: &World<'_>,
        row: PersonRow,
        person: &Somebody,
        notes: &mut Notes,
    ) -> Alias {
        let mut alias = Alias::new();
        for (field, source) in FIELDS {
            let given = given(world, person, source);
            let used = person.memory.alias.get(field).map(String::as_str);
            let own =
                given.filter(|text| self.taken.get(&(field, fold_case(text))) == Some(&person.key));
            if let Some(text) = used.or(own) {
                alias.insert(field, text.to_string());
            }
            if given.is_some() && given != alias.get(field).map(String::as_str) {
                let message =
                    "the alias that a source gives is not the one in use, or is somebody else's";
                let finding =
                    Finding::new(&codes::ALIAS_DIFFERS, person_subject(person.key), message)
                        .field(source);
                notes.about(About::Person(row), Class::Open, finding);
            }
        }
        if alias.len() < FIELDS.len() {
            let digits = self.digits(person.key);
            for (field, _) in FIELDS {
                alias.entry(field).or_insert_with(|| made(field, &digits));
            }
            for (field, text) in &alias {
                self.taken
                    .entry((*field, fold_case(text)))
                    .or_insert(person.key);
            }
        }
        alias
    }

    /// As few digits of the key as tell the person from all others.
    fn digits(&self, key: PersonKey) -> String {
        let hex = key.to_hex();
        let all: Vec<char> = hex.chars().collect();
        let free = |digits: &String| {
            FIELDS.iter().all(|(field, _)| {
                let holder = self.taken.get(&(*field, fold_case(&made(field, digits))));
                holder.is_none_or(|holder| *holder == key)
            })
        };
        (FEWEST_DIGITS..=all.len())
            .map(|n_digits| all.iter().take(n_digits).collect::<String>())
            .find(free)
            .unwrap_or(hex)
    }
}

fn made(field: &str, digits: &str) -> String {
    match field {
        "name" => alloc::format!("Användare {digits}"),
        _ => alloc::format!("x{digits}"),
    }
}

fn given<'w>(world: &'w World<'_>, person: &Somebody, field: &str) -> Option<&'w str> {
    person
        .facts
        .iter()
        .map(|row| world.facts.at(*row))
        .filter(|fact| fact.lives())
        .find_map(|fact| fact.text(field))
}

/// The alias that the ledger remembers of a person.
pub(in crate::resolve) fn remembered(alias: &BTreeMap<String, String>) -> Alias {
    FIELDS
        .iter()
        .filter_map(|(field, _)| Some((*field, alias.get(*field)?.clone())))
        .collect()
}
