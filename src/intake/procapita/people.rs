//! Persons, out of all three documents.
//!
//! Documents mean one person where they share a GUID or a unique id; nothing else joins anybody. The record id is the GUID,
//! or else the unique id, or else the id that a source gives, and never an identity number: who has nothing else is set
//! aside. A reference may use any of these ids, as long as it means one person only.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use petgraph::unionfind::UnionFind;

use super::Documents;
use super::person::NameParts;
use super::person::PartName;
use super::person::Person;
use super::person::Privacy;
use super::person::Telephone;
use super::person::UserId;
use super::personnel::Employee;
use super::record_status;
use crate::base::RawText;
use crate::diagnostic::OpenText;
use crate::intake::batch::Batch;
use crate::intake::batch::Flags;
use crate::intake::batch::put;
use crate::intake::batch::state;
use crate::intake::codes;
use crate::intake::navet::SEX;
use crate::intake::text;
use crate::intake::text::Said;
use crate::source::Record;

/// The words for the status of a person.
const STATUS: &[(&str, &str)] = &[
    ("Normal", "active"),
    ("Deceased", "deceased"),
    ("Emigrated", "emigrated"),
];

/// The fields of which a person may have many: documents add to each other there.
const MANY: &[&str] = &["mail", "private_mail", "phone"];

/// All persons of an instance while they are gathered.
#[derive(Debug, Default)]
pub(super) struct People {
    /// The persons whom an id may mean, by every id that a document uses.
    meant: BTreeMap<String, BTreeSet<String>>,
    persons: BTreeMap<String, Gathered>,
}

#[derive(Debug)]
struct Gathered {
    record: Record,
    flags: Flags,
}

/// What one document says about one person.
struct Word {
    /// Which document: a lower one counts before a higher one.
    rank: u8,
    record: Record,
    flags: Flags,
}

/// An id of a person, ordered by how good it is as a record id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    rank: u8,
    text: String,
    /// Whether it means the same person in every document.
    joins: bool,
}

/// Gathers the persons of all documents.
pub(super) fn gather(documents: &Documents, batch: &mut Batch) -> People {
    let persons = documents
        .persons
        .iter()
        .flat_map(|document| &document.content.persons)
        .map(|person| (0, person));
    let listed = documents
        .organization
        .iter()
        .flat_map(|document| &document.content.persons)
        .map(|person| (2, person));
    let staff = documents
        .personnel
        .iter()
        .flat_map(|document| &document.content.persons);
    let mut known: Vec<(u8, &Person)> = persons.collect();
    known.extend(listed.filter(|(_, person)| !only_contact(person, batch)));
    let all_ids: Vec<Vec<Id>> = known
        .iter()
        .map(|(_, person)| ids_of(person))
        .chain(staff.clone().map(ids_of_employee))
        .collect();
    let mut people = People {
        meant: join(&all_ids),
        persons: BTreeMap::new(),
    };
    let mut words = Vec::new();
    for (rank, person) in known {
        words.extend(word_of(person, rank, &people, batch));
    }
    for employee in staff {
        words.extend(word_of_employee(employee, &people, batch));
    }
    words.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.record.order(&b.record)));
    for word in words {
        people.hear(word, batch);
    }
    people
}

/// Joins the ids that mean one person, and finds the record id of each. It does not matter in which order they come.
fn join(all_ids: &[Vec<Id>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for id in all_ids.iter().flatten().filter(|id| id.joins) {
        let next = numbers.len();
        numbers.entry(&id.text).or_insert(next);
    }
    let mut sets = UnionFind::<usize>::new(numbers.len());
    for ids in all_ids {
        let mut joined = ids
            .iter()
            .filter(|id| id.joins)
            .filter_map(|id| numbers.get(id.text.as_str()));
        if let Some(first) = joined.next() {
            for other in joined {
                sets.union(*first, *other);
            }
        }
    }
    let set_of = |ids: &[Id]| {
        let id = ids.iter().find(|id| id.joins)?;
        Some(sets.find(*numbers.get(id.text.as_str())?))
    };
    let mut best: BTreeMap<usize, &Id> = BTreeMap::new();
    for ids in all_ids {
        if let Some(set) = set_of(ids) {
            for id in ids.iter().filter(|id| id.joins) {
                let known = best.entry(set).or_insert(id);
                *known = (*known).min(id);
            }
        }
    }
    let mut meant: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ids in all_ids {
        if let Some(id) = set_of(ids).and_then(|set| best.get(&set)) {
            for own in ids {
                let persons = meant.entry(own.text.clone()).or_default();
                persons.insert(id.text.clone());
            }
        }
    }
    meant
}

impl People {
    /// The record id of a person, by whatever id a document uses, where it means one person only.
    pub(super) fn id(&self, id: Option<&RawText>) -> Option<&str> {
        self.only(&text::id(id)?)
    }

    fn only(&self, id: &str) -> Option<&str> {
        let mut persons = self.meant.get(id)?.iter();
        let one = persons.next()?;
        persons.next().is_none().then_some(one.as_str())
    }

    /// The record id of somebody with some ids.
    fn known_as(&self, ids: &[Id]) -> Option<&str> {
        self.only(&ids.iter().find(|id| id.joins)?.text)
    }

    /// The record id of a member of the staff.
    pub(super) fn employee(&self, employee: &Employee) -> Option<&str> {
        self.known_as(&ids_of_employee(employee))
    }

    /// Takes what a document says about a person. Whoever spoke before counts; only what is missing is added. Somebody is
    /// gone only where all documents say so.
    fn hear(&mut self, word: Word, batch: &mut Batch) {
        let Some(known) = self.persons.get_mut(&word.record.id) else {
            let gathered = Gathered {
                flags: word.flags,
                record: word.record,
            };
            self.persons.insert(gathered.record.id.clone(), gathered);
            return;
        };
        known.flags = known.flags.and(word.flags);
        known.record.deleted &= word.record.deleted;
        for (name, values) in word.record.fields {
            match known.record.fields.get_mut(&name) {
                Some(before) if MANY.contains(&name.as_str()) => {
                    for value in values {
                        if !before.contains(&value) {
                            before.push(value);
                        }
                    }
                }
                Some(before) if !before.is_empty() => {
                    if !values.is_empty() && *before != values {
                        batch.note(
                            &codes::DOCUMENTS_DISAGREE,
                            &known.record,
                            OpenText::vouched(&name),
                            "documents give a person different values",
                        );
                    }
                }
                _ => {
                    known.record.fields.insert(name, values);
                }
            }
        }
    }

    /// Gives the records of all persons.
    pub(super) fn finish(self, batch: &mut Batch) {
        for (_, mut person) in self.persons {
            batch.flags(&mut person.record, person.flags);
            batch.push(person.record);
        }
    }
}

fn id(rank: u8, text: Option<&RawText>, joins: bool) -> Option<Id> {
    let text = text::id(text)?;
    let joins = joins || (rank < 3 && text::is_unique(&text));
    Some(Id { rank, text, joins })
}

/// Where nothing joins, the id that the source gives is at least a record id.
fn settled(mut ids: Vec<Id>) -> Vec<Id> {
    if !ids.iter().any(|id| id.joins) {
        for id in ids.iter_mut().filter(|id| id.rank == 2) {
            id.joins = true;
        }
    }
    ids
}

fn ids_of(person: &Person) -> Vec<Id> {
    let users = person.user_ids.iter().filter_map(|user| {
        let kind = user.kind.as_ref();
        if text::holds(kind, "guid") {
            id(0, user.id.as_ref(), true)
        } else if text::holds(kind, "uniqueid") {
            id(1, user.id.as_ref(), true)
        } else {
            id(3, user.id.as_ref(), false)
        }
    });
    let sourced = person.sourced_ids.iter().filter_map(|sourced| {
        let old = text::holds(sourced.kind.as_ref(), "old")
            || text::holds(sourced.kind.as_ref(), "duplicate");
        id(if old { 4 } else { 2 }, sourced.id.as_ref(), false)
    });
    settled(users.chain(sourced).collect())
}

fn ids_of_employee(employee: &Employee) -> Vec<Id> {
    let ids = [
        id(2, employee.id.as_ref(), false),
        id(1, employee.unique_id.as_ref(), true),
        id(3, employee.number.as_ref(), false),
    ];
    settled(ids.into_iter().flatten().collect())
}

/// Whether somebody is in a document as a contact person and nothing else.
fn only_contact(person: &Person, batch: &mut Batch) -> bool {
    let roles = &person.institution_roles;
    let contact = !roles.is_empty()
        && roles
            .iter()
            .all(|role| text::holds(role.kind.as_ref(), "contact"));
    if contact {
        batch.count(
            &codes::NOT_TAKEN,
            "a contact person of a pupil is not taken",
        );
    }
    contact
}

/// The two flags of a level of privacy; of several the strictest.
fn flags(levels: &[&Privacy]) -> Flags {
    levels
        .iter()
        .map(|privacy| {
            let level = text::filled(privacy.level.as_ref())
                .and_then(|level| text::listed(&level, &["0", "1", "2", "3"]));
            let stands = privacy.stands.text.as_ref().map(text::yes_or_no);
            match (stands, level, privacy.level.is_some()) {
                (Some(Said::No), None, false) | (Some(Said::No), Some("0"), _) => {
                    Flags::both(Said::No)
                }
                (Some(Said::Yes), Some("1"), _) => Flags {
                    marking: Some(Said::Yes),
                    registration: Some(Said::No),
                },
                (Some(Said::Yes), Some("2"), _) => Flags {
                    marking: Some(Said::No),
                    registration: Some(Said::Yes),
                },
                (Some(Said::Yes), _, _) => Flags::both(Said::Yes),
                _ => Flags::both(Said::Unknown),
            }
        })
        .fold(Flags::default(), Flags::and)
}

fn word_of(person: &Person, rank: u8, people: &People, batch: &mut Batch) -> Option<Word> {
    let Some(id) = people.known_as(&ids_of(person)).map(String::from) else {
        batch.lose(&codes::WITHOUT_ID, "a person has no id but a number");
        return None;
    };
    let mut record = Record::new("person", &id);
    record_status::take(&mut record, person.recstatus.as_ref(), batch);
    let number = |user: &&UserId| text::holds(user.kind.as_ref(), "pid");
    let number = person.user_ids.iter().find(number);
    put(
        &mut record,
        "number",
        text::filled(number.and_then(|user| user.id.as_ref())),
    );
    if let Some(parts) = person.name.as_ref().and_then(|name| name.parts.as_ref()) {
        state(&mut record, "given_name", parts.given.as_ref());
        state(&mut record, "surname", parts.family.as_ref());
        middle_name(&mut record, parts, batch);
    }
    if let Some(about) = &person.demographics {
        batch.mapped(&mut record, "sex", about.gender.as_ref(), SEX);
        put(
            &mut record,
            "birth_date",
            text::day(about.birth_date.as_ref()),
        );
    }
    let mails = [&person.email_work_school, &person.email_work_school_2];
    reached(
        &mut record,
        &mails.map(Option::as_ref),
        person.email_home.as_ref(),
        &person.telephones,
    );
    for extension in &person.extension {
        batch.mapped(&mut record, "status", extension.status.as_ref(), STATUS);
    }
    merged(person, &id, &mut record, people, batch);
    let privacy: Vec<&Privacy> = person
        .extension
        .iter()
        .flat_map(|more| &more.privacy)
        .collect();
    Some(Word {
        rank,
        record,
        flags: flags(&privacy),
    })
}

/// The middle name: the part that is said to be one, or else the first of the others. What is left over is told of.
fn middle_name(record: &mut Record, parts: &NameParts, batch: &mut Batch) {
    let is_middle = |part: &&PartName| text::holds(part.kind.as_ref(), "middle");
    let said = parts.part_names.iter().find(is_middle);
    let middle = said.and_then(|part| part.name.as_ref());
    state(
        record,
        "middle_name",
        middle.or_else(|| parts.other.first()),
    );
    let n_taken = usize::from(said.is_some());
    for _ in parts.part_names.iter().skip(n_taken) {
        batch.count(&codes::NOT_USED, "`partname` of `n` is not used");
    }
    let n_taken = usize::from(middle.is_none());
    for _ in parts.other.iter().skip(n_taken) {
        batch.count(&codes::NOT_USED, "`other` of `n` is not used");
    }
}

/// The person whom a person has swallowed, by record id.
fn merged(person: &Person, own: &str, record: &mut Record, people: &People, batch: &mut Batch) {
    let said = record_status::has_swallowed(person.recstatus.as_ref());
    let Some(user) = &person.merged_user else {
        if said {
            batch.note(
                &codes::UNRESOLVED_MERGE,
                record,
                "merged_record",
                "the person swallowed another one, but it is not said whom",
            );
        }
        return;
    };
    let known = people.id(user.id.as_ref()).map(String::from);
    let other = known.or_else(|| {
        text::holds(user.kind.as_ref(), "guid")
            .then(|| text::id(user.id.as_ref()))
            .flatten()
    });
    match other {
        Some(other) if other != own => record.add("merged_record", other.into()),
        Some(_) => {}
        None => batch.note(
            &codes::UNRESOLVED_MERGE,
            record,
            "merged_record",
            "the person swallowed another one that is not known by its id",
        ),
    }
}

fn word_of_employee(employee: &Employee, people: &People, batch: &mut Batch) -> Option<Word> {
    let Some(id) = people.employee(employee) else {
        batch.lose(
            &codes::WITHOUT_ID,
            "a member of the staff has no id but a number",
        );
        return None;
    };
    let mut record = Record::new("person", id);
    record.deleted = deleted(employee);
    put(
        &mut record,
        "number",
        text::filled(employee.number.as_ref()),
    );
    state(&mut record, "given_name", employee.first_name.as_ref());
    state(&mut record, "middle_name", employee.middle_name.as_ref());
    state(&mut record, "surname", employee.last_name.as_ref());
    batch.mapped(&mut record, "sex", employee.gender.as_ref(), SEX);
    put(
        &mut record,
        "birth_date",
        text::day(employee.birth_date.as_ref()),
    );
    let mails = [&employee.email_work_school, &employee.email_work_school_2];
    reached(
        &mut record,
        &mails.map(Option::as_ref),
        employee.email_home.as_ref(),
        &employee.telephones,
    );
    batch.mapped(&mut record, "status", employee.status.as_ref(), STATUS);
    Some(Word {
        rank: 1,
        record,
        flags: flags(&employee.privacy.iter().collect::<Vec<_>>()),
    })
}

/// Whether a delta says that a member of the staff is gone.
pub(super) fn deleted(employee: &Employee) -> bool {
    text::holds(employee.change.as_ref(), "delete")
}

/// How somebody can be reached: at work or school, and privately.
fn reached(
    record: &mut Record,
    mails: &[Option<&RawText>],
    private: Option<&RawText>,
    telephones: &[Telephone],
) {
    for mail in mails {
        put(record, "mail", text::filled(*mail));
    }
    put(record, "private_mail", text::filled(private));
    for telephone in telephones {
        if !text::holds(telephone.kind.as_ref(), "fax") {
            put(record, "phone", text::filled(telephone.number.as_ref()));
        }
    }
}
