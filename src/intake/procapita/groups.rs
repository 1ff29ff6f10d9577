//! The groups of `organization`: units and school groups, how they stand to each other, and who is in them.
//!
//! A unit is a group of the kind `Unit`, `Area` or `Organization`. Groups of contact persons are not taken: they are named
//! after the identity number of a pupil.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::organization::Group;
use super::organization::Member;
use super::organization::Placement;
use super::organization::Role;
use super::people::People;
use super::person::SourcedId;
use super::record_status;
use crate::base::RawText;
use crate::intake::batch::Batch;
use crate::intake::batch::put;
use crate::intake::codes;
use crate::intake::text;
use crate::intake::text::Said;
use crate::source::Record;

/// The kinds of groups, in the words that the model has for them.
const GROUP_TYPES: &[(&str, &str)] = &[
    ("Class", "Klass"),
    ("EducationGroup", "Undervisning"),
    ("MentorGroup", "Mentor"),
    ("ScheduleGroup", "Schema"),
    ("ExamGroup", "Provgrupp"),
    ("Department", "Avdelning"),
    ("DepartmentGroup", "Övrigt"),
    ("OtherGroup", "Övrigt"),
];

/// What a role is in a membership; what is empty is nobody of the model.
const ROLES: &[(&str, &str)] = &[
    ("01", "pupil"),
    ("Learner", "pupil"),
    ("Student", "pupil"),
    ("Child", "pupil"),
    ("02", "teacher"),
    ("Instructor", "teacher"),
    ("03", "staff"),
    ("ContentDeveloper", "staff"),
    ("04", "staff"),
    ("Member", "staff"),
    ("05", "head"),
    ("Manager", "head"),
    ("Principal", "head"),
    ("06", "mentor"),
    ("Mentor", "mentor"),
    ("07", "staff"),
    ("Administrator", "staff"),
    ("08", "staff"),
    ("TeachingAssistant", "staff"),
    ("GradeAuthority", "grade_authority"),
    ("Guardian", ""),
    ("OtherResponsible", ""),
    ("Contact", ""),
    ("Trustee", ""),
];

/// All groups of an instance, by id.
#[derive(Debug, Default)]
pub(super) struct Groups<'a> {
    pub(super) units: BTreeMap<String, Vec<&'a Group>>,
    pub(super) school: BTreeMap<String, Vec<&'a Group>>,
    pub(super) contacts: BTreeSet<String>,
    /// What stands above a unit or group.
    pub(super) above: BTreeMap<String, BTreeSet<String>>,
    /// Who leads a unit.
    pub(super) heads: BTreeMap<String, BTreeSet<String>>,
}

/// A membership of a person, still without its place in the model.
pub(super) struct Bond<'a> {
    pub(super) group: String,
    pub(super) person: String,
    pub(super) role: &'static str,
    pub(super) first: Option<RawText>,
    pub(super) last: Option<RawText>,
    pub(super) gone: bool,
    pub(super) placements: &'a [Placement],
}

impl<'a> Groups<'a> {
    pub(super) fn know(&mut self, group: &'a Group, batch: &mut Batch) {
        let Some(id) = own_id(&group.sourced_ids) else {
            batch.lose(&codes::WITHOUT_ID, "a group has no id");
            return;
        };
        for relationship in &group.relationships {
            let relation = text::filled(relationship.relation.as_ref());
            let word = relation.as_ref().map_or(Some("1"), |relation| {
                text::listed(relation, &["1", "2", "3"])
            });
            if let Some(other) = one(relationship.sourced_id.as_ref()) {
                match word {
                    Some("1") => self.stands_below(&id, &other),
                    Some("2") => self.stands_below(&other, &id),
                    _ => batch.count(
                        &codes::NOT_TAKEN,
                        "a relationship of groups that is neither up nor down is not taken",
                    ),
                }
            }
        }
        let word = kind(group)
            .and_then(|kind| text::listed(kind, &["Unit", "Area", "Organization", "ContactGroup"]));
        match word {
            Some("ContactGroup") => {
                self.contacts.insert(id);
            }
            Some(_) => self.units.entry(id).or_default().push(group),
            None => self.school.entry(id).or_default().push(group),
        }
    }

    fn stands_below(&mut self, id: &str, above: &str) {
        self.above
            .entry(id.to_string())
            .or_default()
            .insert(above.to_string());
    }

    /// Takes a member: a group stands below, a person gets a bond.
    pub(super) fn join(
        &mut self,
        group: &str,
        member: &'a Member,
        people: &People,
        bonds: &mut Vec<Bond<'a>>,
        batch: &mut Batch,
    ) {
        let id = member.sourced_id.as_ref().and_then(|id| id.id.as_ref());
        let Some(text_id) = text::id(id) else {
            batch.lose(&codes::WITHOUT_ID, "a member of a group is nobody");
            return;
        };
        let is_group = text::filled(member.kind.as_ref())
            .is_some_and(|kind| text::listed(&kind, &["2", "Group"]).is_some());
        if is_group {
            self.stands_below(&text_id, group);
            return;
        }
        let known = people.id(id);
        if known.is_none() {
            let mut words = member.roles.iter().filter_map(|role| role.kind.as_ref());
            let nobody = words.all(|word| text::word(word, ROLES) == Some(""));
            if self.contacts.contains(group) || (nobody && !member.roles.is_empty()) {
                batch.count(
                    &codes::NOT_TAKEN,
                    "a guardian or contact person is not taken",
                );
                return;
            }
            batch.count(
                &codes::DANGLING_REFERENCE,
                "a member of a group is not among the persons",
            );
        }
        // A person who came another time is still known by an id that nobody gives twice.
        let Some(person) = known.or_else(|| text::is_unique(&text_id).then_some(text_id.as_str()))
        else {
            batch.lose(
                &codes::WITHOUT_ID,
                "a member of a group is named by an id that is not known",
            );
            return;
        };
        if member.roles.is_empty() {
            batch.lose(&codes::UNREADABLE_PART, "a member of a group has no role");
        }
        for role in &member.roles {
            record_status::count_unlisted(role.recstatus.as_ref(), batch);
            match role.kind.as_ref().map(|word| text::word(word, ROLES)) {
                // The schema's own default is that a member learns.
                None => bonds.push(bond(group, person, "pupil", role)),
                Some(Some("")) => {
                    batch.count(
                        &codes::NOT_TAKEN,
                        "a guardian or contact person is not taken",
                    );
                }
                Some(Some(word)) => {
                    let bond = bond(group, person, word, role);
                    if word == "head" && !bond.gone {
                        let heads = self.heads.entry(group.to_string()).or_default();
                        heads.insert(person.to_string());
                    }
                    bonds.push(bond);
                }
                Some(None) => {
                    batch.count(
                        &codes::UNKNOWN_VALUE,
                        "a member of a group has a role that the format does not list",
                    );
                    bonds.push(bond(group, person, "other", role));
                }
            }
        }
    }

    /// The unit to which a unit or group belongs: the one above it, where there is just one.
    pub(super) fn unit_above(&self, id: &str) -> Option<&str> {
        let mut units = self
            .above
            .get(id)?
            .iter()
            .filter(|above| self.units.contains_key(*above));
        let one = units.next()?;
        units.next().is_none().then_some(one.as_str())
    }

    /// The unit of a bond: the group itself, or the one above it.
    pub(super) fn unit_of<'b>(&'b self, group: &'b str) -> Option<&'b str> {
        if self.units.contains_key(group) {
            return Some(group);
        }
        self.unit_above(group)
    }

    /// The school type of a group or unit, where it has just one.
    pub(super) fn school_type(&self, id: &str) -> Option<RawText> {
        let groups = self.school.get(id).or_else(|| self.units.get(id))?;
        let mut types = groups
            .iter()
            .filter_map(|group| group.extension.as_ref())
            .flat_map(|extension| &extension.school_types)
            .filter_map(|kind| text::filled(Some(kind)));
        let one = types.next()?;
        types.all(|other| other == one).then_some(one)
    }

    /// Whether a group is one that enrols its pupils.
    pub(super) fn enrols(&self, id: &str) -> bool {
        let mut kinds = self
            .school
            .get(id)
            .into_iter()
            .flatten()
            .copied()
            .filter_map(kind);
        kinds.any(|word| text::listed(word, &["Class", "Department"]).is_some())
    }

    /// The school year of a group, where it says one.
    pub(super) fn school_year(&self, id: &str) -> Option<RawText> {
        let mut years = self
            .school
            .get(id)
            .into_iter()
            .flatten()
            .filter_map(|group| text::filled(group.extension.as_ref()?.school_year.as_ref()));
        let one = years.next()?;
        years.all(|other| other == one).then_some(one)
    }

    /// One record for each unit and each school group.
    pub(super) fn records(&self, batch: &mut Batch) {
        let known = |id: &String| {
            self.units.contains_key(id)
                || self.school.contains_key(id)
                || self.contacts.contains(id)
        };
        let dangling = self.above.values().flatten().filter(|id| !known(id));
        for _ in dangling {
            batch.count(
                &codes::DANGLING_REFERENCE,
                "a group belongs to one that is not among the groups",
            );
        }
        for (id, units) in &self.units {
            for unit in units {
                unit_record(id, unit, self, batch);
            }
        }
        for (id, same) in &self.school {
            for group in same {
                group_record(id, group, self, batch);
            }
        }
    }
}

impl Bond<'_> {
    /// The order of bonds, whatever the order of input.
    pub(super) fn order(&self) -> impl Ord + '_ {
        let days = (
            text::part(self.first.as_ref()),
            text::part(self.last.as_ref()),
        );
        let years: Vec<_> = self
            .placements
            .iter()
            .map(|placement| text::part(placement.school_year.as_ref()))
            .collect();
        (&self.group, &self.person, self.role, days, self.gone, years)
    }
}

/// The id of a group: the first that is not an old one.
fn own_id(ids: &[SourcedId]) -> Option<String> {
    let old = |id: &SourcedId| {
        text::holds(id.kind.as_ref(), "old") || text::holds(id.kind.as_ref(), "duplicate")
    };
    ids.iter()
        .filter(|id| !old(id))
        .chain(ids)
        .find_map(|id| one(Some(id)))
}

pub(super) fn one(id: Option<&SourcedId>) -> Option<String> {
    text::id(id?.id.as_ref())
}

/// The word for the kind of a group.
fn kind(group: &Group) -> Option<&RawText> {
    group
        .kinds
        .iter()
        .flat_map(|kind| &kind.values)
        .find_map(|value| value.value.as_ref())
}

/// A role as a bond. Without a time of its own it takes that of what the vendor adds.
fn bond<'a>(group: &str, person: &str, word: &'static str, role: &'a Role) -> Bond<'a> {
    let mut first = None;
    let mut last = None;
    let status = text::filled(role.status.as_ref());
    let mut gone = record_status::is_gone(role.recstatus.as_ref())
        || status.is_some_and(|status| text::listed(&status, &["0", "Inactive"]).is_some());
    let mut placements: &[Placement] = &[];
    if let Some(extension) = &role.extension {
        placements = &extension.placements;
        let mut periods: Vec<(Option<&RawText>, Option<&RawText>)> = Vec::new();
        for activity in &extension.activities {
            let cancelled = activity.cancelled.as_ref();
            if cancelled.map(text::yes_or_no) != Some(Said::Yes) {
                periods.push((activity.begin.as_ref(), activity.end.as_ref()));
            }
        }
        gone |= periods.is_empty() && !extension.activities.is_empty();
        for period in extension.responsibilities.iter().chain(&extension.mentors) {
            periods.push((period.begin.as_ref(), period.end.as_ref()));
        }
        for placement in placements {
            periods.push((placement.begin.as_ref(), placement.end.as_ref()));
        }
        first = text::earliest(periods.iter().map(|(begin, _)| text::first_day(*begin)));
        last = text::latest(periods.iter().map(|(_, end)| text::last_day(*end)));
    }
    if let Some(time) = &role.timeframe {
        first = text::first_day(time.begin.as_ref());
        last = text::last_day(time.end.as_ref());
    }
    Bond {
        group: group.to_string(),
        person: person.to_string(),
        role: word,
        first,
        last,
        gone,
        placements,
    }
}

fn unit_record(id: &str, group: &Group, groups: &Groups<'_>, batch: &mut Batch) {
    let mut record = Record::new("unit", id).with("code", id);
    record_status::take(&mut record, group.recstatus.as_ref(), batch);
    named(&mut record, group, batch);
    let of_org = group.org.as_ref().and_then(|org| org.kind.as_ref());
    put(
        &mut record,
        "type",
        text::filled(of_org).or_else(|| text::filled(kind(group))),
    );
    put(
        &mut record,
        "parent",
        groups.unit_above(id).map(RawText::new),
    );
    let extension = group.extension.as_ref();
    put(
        &mut record,
        "municipality",
        text::filled(extension.and_then(|more| more.municipality_code.as_ref()))
            .or_else(|| batch.municipality()),
    );
    put(
        &mut record,
        "school_unit_code",
        text::eight_digits(group.org.as_ref().and_then(|org| org.id.as_ref())),
    );
    let mut heads = groups.heads.get(id).into_iter().flatten();
    if let (Some(head), None) = (heads.next(), heads.next()) {
        record.add("head", head.as_str().into());
    }
    batch.push(record);
}

fn group_record(id: &str, group: &Group, groups: &Groups<'_>, batch: &mut Batch) {
    let mut record = Record::new("school_group", id);
    record_status::take(&mut record, group.recstatus.as_ref(), batch);
    named(&mut record, group, batch);
    if group.org.is_some() {
        batch.count(
            &codes::NOT_USED,
            "`org` of `group` is not used where the group is no unit",
        );
    }
    batch.mapped(&mut record, "type", kind(group), GROUP_TYPES);
    let extension = group.extension.as_ref();
    for school_type in extension.into_iter().flat_map(|more| &more.school_types) {
        put(&mut record, "school_type", text::filled(Some(school_type)));
    }
    put(
        &mut record,
        "school_year",
        text::filled(extension.and_then(|more| more.school_year.as_ref())),
    );
    put(&mut record, "unit", groups.unit_above(id).map(RawText::new));
    batch.push(record);
}

/// Name and time of a unit or group.
fn named(record: &mut Record, group: &Group, batch: &mut Batch) {
    let description = group.description.as_ref();
    let short = text::filled(description.and_then(|named| named.short.as_ref()));
    let long = text::filled(description.and_then(|named| named.long.as_ref()));
    if short.is_some() && long.is_some() {
        batch.count(
            &codes::NOT_USED,
            "`long` of `description` is not used beside `short`",
        );
    }
    put(record, "name", short.or(long));
    if let Some(time) = &group.timeframe {
        put(record, "start", text::first_day(time.begin.as_ref()));
        put(record, "end", text::last_day(time.end.as_ref()));
    }
}
