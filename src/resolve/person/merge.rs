//! Merging: whose word counts, field by field, among the records of one person.
//!
//! Keeps true: no opinion, empty on purpose and a value are three things; a record that is gone speaks only where no living one does;
//! a disagreement is always a finding, which names the sources and never a value; of fields with several values none is lost,
//! and each is known with all who give it.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::base::Horizon;
use crate::base::Secret;
use crate::base::Text;
use crate::base::fold_case;
use crate::base::shift;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::identity::called_name;
use crate::language::Class;
use crate::model::Cell;
use crate::model::CellKind;
use crate::model::PersonRow;
use crate::model::RecordKind;
use crate::resolve::codes;
use crate::resolve::correlation::persons::Somebody;
use crate::resolve::decision::Origin;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::FactKind;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::Said;
use crate::resolve::facts::fact::World;
use crate::resolve::facts::fact::said;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::note::person_subject;
use crate::resolve::setting::Setting;

/// The fields of a person, as merged.
pub(in crate::resolve) type Merged = Vec<(Text, Cell)>;

/// Fields of a person that are not merged from what sources say.
const MADE_HERE: &[&str] = &["key", "number"];

/// Fields that hold all values of another one, with that other.
const SEVERAL: &[(&str, &str)] = &[("mails", "mail"), ("phones", "phone")];

/// Fields of which the register has the first word where no rule says otherwise.
const REGISTERED: &[&str] = &[
    "given_name",
    "called_name",
    "middle_name",
    "surname",
    "birth_date",
];

/// Gone, too old, place in the stated and in the default order, not a record of the person itself: the smallest counts first.
type Rank = (bool, bool, usize, usize, bool);

/// What a record says of a field.
struct Opinion {
    fact: FactRow,
    /// Nothing where it is empty on purpose.
    value: Option<String>,
}

/// What a record says of a field, in its own hands.
enum Word {
    Silent,
    Empty,
    Value(String),
}

impl From<Said<'_>> for Word {
    fn from(said: Said<'_>) -> Self {
        match said {
            Said::Silent => Self::Silent,
            Said::Empty => Self::Empty,
            Said::Value(text) => Self::Value(text.to_string()),
        }
    }
}

/// Merges all fields of a person. `register` is the register's record of the main number.
pub(in crate::resolve) fn fields(
    setting: &Setting<'_>,
    world: &World<'_>,
    row: PersonRow,
    person: &Somebody,
    register: Option<FactRow>,
    notes: &mut Notes,
) -> (Merged, Vec<Origin>) {
    let mut origins = Vec::new();
    let mut merging = Merging {
        setting,
        world,
        row,
        person,
        register,
        notes,
    };
    let mut merged = Merged::new();
    for field in setting
        .schema
        .fields()
        .iter()
        .filter(|field| field.record == RecordKind::Person)
    {
        if let Some((_, one)) = SEVERAL.iter().find(|(several, _)| **several == *field.name) {
            let found = merging.several(&field.name, one);
            if !found.is_empty() {
                let values = found.iter().map(|origin| origin.value().clone());
                merged.push((field.name.clone(), Cell::Several(values.collect())));
            }
            origins.extend(found);
        } else if !MADE_HERE.contains(&&*field.name)
            && let Some(cell) = merging.field(&field.name, field.cell)
        {
            merged.push((field.name.clone(), cell));
        }
    }
    let find = |name: &str, merged: &Merged| {
        merged
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, cell)| cell.clone())
    };
    if find("called_name", &merged).is_none()
        && let Some(given) = find("given_name", &merged)
    {
        merged.push((Text::from("called_name"), given));
    }
    if find("birth_date", &merged).is_none()
        && let Some(day) = person
            .number
            .as_ref()
            .and_then(crate::identity::IdentityNumber::birth_date)
    {
        merged.push((Text::from("birth_date"), Cell::Date(day)));
    }
    (merged, origins)
}

/// What the strongest source other than the register says of a field.
pub(in crate::resolve) fn without_register(
    setting: &Setting<'_>,
    world: &World<'_>,
    row: PersonRow,
    person: &Somebody,
    field: &str,
) -> Option<String> {
    let mut unheard = Notes::default();
    let merging = Merging {
        setting,
        world,
        row,
        person,
        register: None,
        notes: &mut unheard,
    };
    merging.opinions(field).into_iter().next()?.value
}

/// How many signs the register has for all given names and for a surname; what is longer is cut there.
///
/// Source: the field lengths of the register's own pages on names.
const GIVEN_NAMES: usize = 80;
const SURNAME: usize = 60;

/// Whether two given names can be one person's: what one gives is among what the other gives, as far as the register has room.
pub(in crate::resolve) fn given_names_agree(one: &str, two: &str) -> bool {
    let parts = |names: &str| -> Vec<String> {
        let names = tidy(names);
        let kept: String = names.chars().take(GIVEN_NAMES).collect();
        let split = kept.split(|letter: char| letter.is_whitespace() || letter == '-');
        let split = split.filter(|part| !part.is_empty());
        let mut parts: Vec<String> = split.map(fold_case).collect();
        // The last one may be cut in the middle.
        if names.chars().count() >= GIVEN_NAMES && parts.len() > 1 {
            parts.pop();
        }
        parts
    };
    let (one, two) = (parts(one), parts(two));
    let within = |few: &[String], many: &[String]| few.iter().all(|part| many.contains(part));
    within(&one, &two) || within(&two, &one)
}

/// Whether two surnames are the same, as far as the register has room.
pub(in crate::resolve) fn surnames_agree(one: &str, two: &str) -> bool {
    let cut = |name: &str| {
        let kept: String = tidy(name).chars().take(SURNAME).collect();
        fold_case(kept.replace('-', " ").trim_end())
    };
    cut(one) == cut(two)
}

/// A name with single blanks.
fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What tells one value of a field from another: letters whatever their case, and of a telephone number its digits.
fn same_value(text: &str) -> String {
    let is_of_number = |sign: char| sign.is_ascii_digit() || " +-()/".contains(sign);
    if text.chars().all(is_of_number) {
        text.chars().filter(char::is_ascii_digit).collect()
    } else {
        fold_case(text)
    }
}

struct Merging<'m, 'a> {
    setting: &'m Setting<'a>,
    world: &'m World<'a>,
    row: PersonRow,
    person: &'m Somebody,
    register: Option<FactRow>,
    notes: &'m mut Notes,
}

impl Merging<'_, '_> {
    fn field(&mut self, field: &str, kind: CellKind) -> Option<Cell> {
        let mut opinions = self.opinions(field);
        opinions.retain(|opinion| {
            let readable = opinion
                .value
                .as_deref()
                .is_none_or(|text| self.read(field, kind, text).is_ok());
            if !readable {
                let subject = self.world.subject(opinion.fact);
                let message = "the value cannot be read as what the field holds";
                let finding = Finding::new(&codes::UNREADABLE_VALUE, subject, message)
                    .field(OpenText::vouched(field));
                self.notes.about(
                    About::Person(self.row),
                    self.setting.class(RecordKind::Person, field),
                    finding,
                );
            }
            // A birth date of which only a part is known is no opinion.
            let partial = || {
                let text = opinion.value.as_deref()?;
                matches!(self.read(field, kind, text), Ok(None)).then_some(())
            };
            readable && partial().is_none()
        });
        self.tell_disagreement(field, &opinions);
        let text = opinions.into_iter().next()?.value?;
        self.read(field, kind, &text).ok().flatten()
    }

    fn read(
        &self,
        field: &str,
        kind: CellKind,
        text: &str,
    ) -> Result<Option<Cell>, convert::Unreadable> {
        if field == "birth_date" {
            let born = |day: NaiveDate| day <= self.setting.as_of;
            return Ok(convert::birth_date(text)?
                .filter(|day| born(*day))
                .map(Cell::Date));
        }
        convert::cell(kind, text, self.setting.schema)
    }

    /// What is said of a field, the strongest first. All of it is of living records, or all of ones that are gone.
    fn opinions(&self, field: &str) -> Vec<Opinion> {
        let ranked = self.ranked(field, |fact| {
            let known = self.world.facts.at(fact);
            let word = if known.kind == FactKind::Register {
                self.registered(fact, field)
            } else {
                Word::from(known.said(field))
            };
            match word {
                Word::Silent => None,
                Word::Empty => Some(None),
                Word::Value(text) => Some(Some(text)),
            }
        });
        let opinions = ranked.into_iter();
        opinions
            .map(|(_, fact, value)| Opinion { fact, value })
            .collect()
    }

    /// What each record that speaks of a field says, in the order in which the words count.
    fn ranked<T>(
        &self,
        field: &str,
        says: impl Fn(FactRow) -> Option<T>,
    ) -> Vec<(Rank, FactRow, T)> {
        let order = self.setting.merge.get(field);
        let mut ranked: Vec<(Rank, FactRow, T)> = Vec::new();
        let facts = self.person.facts.iter().chain(&self.register);
        for fact in facts {
            let known = self.world.facts.at(*fact);
            let delivery = self.world.delivery_of(*fact);
            if known.expired {
                continue;
            }
            let Some(said) = says(*fact) else { continue };
            let is_register = known.kind == FactKind::Register;
            let names = |entry: &str| {
                entry == delivery.source
                    || (entry == "register" && is_register)
                    || (entry == "override" && delivery.terms.overrides)
            };
            let stated = order.and_then(|rule| rule.sources.iter().position(|entry| names(entry)));
            let old = order
                .and_then(|rule| rule.max_age)
                .is_some_and(|most| too_old_on(delivery.as_of, most) <= self.setting.as_of);
            let by_default = if delivery.terms.overrides {
                0
            } else if is_register && REGISTERED.contains(&field) {
                1
            } else {
                2
            };
            let rank = (
                !known.lives(),
                old,
                stated.unwrap_or(usize::MAX),
                by_default,
                known.kind != FactKind::Person,
            );
            ranked.push((rank, *fact, said));
        }
        // Facts are in the order of the names of their instances, so ties are settled by name, kind and record id.
        ranked.sort_by_key(|(rank, fact, _)| (*rank, *fact));
        let gone = ranked.first().is_some_and(|(rank, ..)| rank.0);
        ranked.retain(|(rank, ..)| rank.0 == gone);
        ranked
    }

    /// All values of a field, each once, with all who give it: those of the first source first.
    fn several(&self, field: &str, one: &str) -> Vec<Origin> {
        let name = if self.setting.merge.contains_key(field) {
            field
        } else {
            one
        };
        let mut opinions = self.ranked(name, |fact| {
            let fact = self.world.facts.at(fact);
            let all = [one, field].into_iter().flat_map(|name| fact.all(name));
            let values = all.map(|text| text.trim().to_string());
            let values: Vec<String> = values.filter(|text| !text.is_empty()).collect();
            (!values.is_empty()).then_some(values)
        });
        // What is too old counts only where nothing younger does.
        let old = opinions.first().is_some_and(|(rank, ..)| rank.1);
        opinions.retain(|(rank, ..)| rank.1 == old);
        let mut found: Vec<(String, Origin)> = Vec::new();
        for (_, fact, values) in opinions {
            let source = &self.world.delivery_of(fact).name;
            for value in values {
                let folded = same_value(&value);
                match found.iter_mut().find(|(known, _)| *known == folded) {
                    Some((_, origin)) => origin.also(source),
                    None => found.push((folded, Origin::new(field, &value, source))),
                }
            }
        }
        found.into_iter().map(|(_, origin)| origin).collect()
    }

    /// What the register says of a field of a person.
    fn registered(&self, fact: FactRow, field: &str) -> Word {
        let fields = &self.world.facts.at(fact).fields;
        match field {
            "given_name" => Word::from(said(fields, "given_names")),
            "called_name" => {
                let (Said::Value(names), Said::Value(marking)) = (
                    said(fields, "given_names"),
                    said(fields, "called_name_marking"),
                ) else {
                    return Word::Silent;
                };
                match called_name(names, marking) {
                    Ok(called) if !called.is_empty() && marking != "00" => Word::Value(called),
                    _ => Word::Silent,
                }
            }
            "middle_name" | "surname" | "birth_date" | "sex" => Word::from(said(fields, field)),
            _ => Word::Silent,
        }
    }

    fn tell_disagreement(&mut self, field: &str, opinions: &[Opinion]) {
        let Some(first) = opinions.first() else {
            return;
        };
        let differs = |other: &&Opinion| match (&first.value, &other.value) {
            (Some(one), Some(two)) => !Self::agree(field, one, two),
            (one, two) => one.is_some() != two.is_some(),
        };
        let Some(other) = opinions.iter().find(differs) else {
            return;
        };
        let name = |opinion: &Opinion| &self.world.delivery_of(opinion.fact).name;
        let same = name(first) == name(other);
        // Names of sources and of fields are open; what they say is not in it.
        let [one, two] = [first, other].map(|opinion| OpenText::vouched(name(opinion)));
        let field = OpenText::vouched(field);
        let start = OpenText::words("");
        let message = match (&first.value, &other.value) {
            (None, _) if !same => start
                .quote(one)
                .and(" says that ")
                .quote(&field)
                .and(" is empty, and ")
                .quote(two)
                .and(" gives a value"),
            (_, None) if !same => start
                .quote(one)
                .and(" gives ")
                .quote(&field)
                .and(" a value, and ")
                .quote(two)
                .and(" says that it is empty"),
            _ if same => OpenText::words("two records of ")
                .quote(one)
                .and(" say different things of ")
                .quote(&field),
            _ => start
                .quote(one)
                .and(" and ")
                .quote(two)
                .and(" say different things of ")
                .quote(&field),
        };
        let finding = Finding::new(
            &codes::SOURCES_DISAGREE,
            person_subject(self.person.key),
            message,
        )
        .field(&field);
        self.notes.about(
            About::Person(self.row),
            self.setting.class(RecordKind::Person, &field),
            finding,
        );
    }

    fn agree(field: &str, one: &str, two: &str) -> bool {
        match field {
            "given_name" | "called_name" => given_names_agree(one, two),
            "surname" => surnames_agree(one, two),
            "phone" | "mail" => same_value(one) == same_value(two),
            "birth_date" => convert::birth_date(one) == convert::birth_date(two),
            _ => fold_case(one) == fold_case(two),
        }
    }
}

/// The days on which words grow too old are told to the horizon.
pub(in crate::resolve) fn watch_age(
    setting: &Setting<'_>,
    world: &World<'_>,
    horizon: &mut Horizon,
) {
    for most in setting.merge.values().filter_map(|rule| rule.max_age) {
        for delivery in world.deliveries.values() {
            horizon.reached(too_old_on(delivery.as_of, most));
        }
    }
}

/// The first day on which what a delivery says is older than this many days.
fn too_old_on(as_of: NaiveDate, most: i64) -> NaiveDate {
    shift(as_of, most.saturating_add(1))
}

/// Tells of a given-name marking that leads nowhere.
pub(in crate::resolve) fn tell_marking(
    world: &World<'_>,
    row: PersonRow,
    person: &Somebody,
    register: Option<FactRow>,
    notes: &mut Notes,
) {
    let Some(fact) = register.map(|fact| world.facts.at(fact)) else {
        return;
    };
    if let (Some(names), Some(marking)) =
        (fact.text("given_names"), fact.text("called_name_marking"))
        && let Err(error) = called_name(names, marking)
    {
        let finding = Finding::new(
            &codes::CALLED_NAME_MARKING,
            person_subject(person.key),
            error,
        )
        .field("called_name");
        notes.about(About::Person(row), Class::Personal, finding);
    }
}

/// A personal text as a cell.
pub(in crate::resolve) fn personal(text: &str) -> Cell {
    Cell::Personal(Secret::new(Text::from(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_agree_when_one_gives_some_of_the_other() {
        assert!(given_names_agree("Anna", "Anna Maria"));
        assert!(given_names_agree("Britt-Marie", "hedvig britt marie"));
        assert!(given_names_agree("Asa", "Åsa"));
        assert!(!given_names_agree("Anna Karin", "Anna Maria"));
        assert!(surnames_agree("Alm-Ek", "alm  ek"));
        assert!(!surnames_agree("Alm", "Ek"));
        // The register has room for so much; what a source gives beyond that is no conflict.
        let long = "Alm".repeat(21);
        let cut: String = long.chars().take(SURNAME).collect();
        assert!(surnames_agree(&long, &cut));
        assert!(!surnames_agree(&long, "Alm"));
        let many =
            "Anna Britta Cecilia Dagny Elisabet Fredrika Gunhild Hedvig Ingeborg Josefina Kristina";
        let cut: String = many.chars().take(GIVEN_NAMES).collect();
        assert!(given_names_agree(many, &cut));
        assert!(!given_names_agree("Xenia", &cut));
    }
}
