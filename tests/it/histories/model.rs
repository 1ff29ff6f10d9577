//! People and what befalls them, kept apart from the crate: what a source would say on a day, and what must follow, counted
//! day by day with nothing but the words of `docs/rules.md`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::Days;
use chrono::NaiveDate;
use folkform::source::Promise;
use folkform::source::Record;
use folkform::source::Snapshot;
use folkform::source::SourceInstance;

/// Numbers that the tax agency has set apart for tests, the first one a temporary one, with names that collide.
pub(super) const PEOPLE: &[(&str, &str, &str)] = &[
    ("TF", "Tove", "Berg"),
    ("200205162399", "Tove", "Berg"),
    ("198601112389", "Tora", "Berggren"),
    ("199909122393", "Åsa", "Ek"),
    ("200309182392", "Asa", "Ek"),
];

/// The number that the first one gets in place of the temporary one.
pub(super) const LATER_NUMBER: &str = "199902102384";

pub(super) const SURNAMES: &[&str] = &["Berg", "Ek", "Bergström", "Åkare"];

/// Units with their employers.
pub(super) const UNITS: &[(&str, &str)] =
    &[("1430-a", "1430"), ("1430-b", "1430"), ("1427-a", "1427")];

/// So many units stand in the source beside, that nobody is at: with them gone it is less than half of what it was, and with all
/// people gone it is more.
const OTHER_UNITS: usize = 60;

/// How long a record that is gone is held, and what the rules of the property say of an account.
pub(super) const HOLD: u64 = 3;
pub(super) const LEAD: u64 = 14;
pub(super) const GRACE: u64 = 7;
pub(super) const BRIDGE: u64 = 30;
pub(super) const RETAIN: u64 = 40;
pub(super) const MIN_DISABLED: u64 = 10;

/// An employment as its source has it.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: usize,
    pub(super) person: usize,
    pub(super) unit: usize,
    pub(super) first: NaiveDate,
    pub(super) last: Option<NaiveDate>,
    pub(super) leave: Option<(NaiveDate, NaiveDate)>,
    /// Whether its record is gone from the source, and the first delivery that was taken without it.
    pub(super) is_gone: bool,
    pub(super) gone: Option<NaiveDate>,
    /// Whether a delivery was taken after it had been held long enough: then it has ended.
    pub(super) ended: bool,
}

/// What befalls people between two runs.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Hire {
        person: usize,
        unit: usize,
        ahead: u64,
        days: Option<u64>,
    },
    End {
        job: usize,
        ahead: u64,
    },
    Move {
        job: usize,
        unit: usize,
    },
    Leave {
        job: usize,
        ahead: u64,
        days: u64,
    },
    Marry {
        person: usize,
        surname: usize,
    },
    Number,
    Gone {
        job: usize,
    },
    Back {
        job: usize,
    },
    Missing,
    Shrunk,
    /// A confidentiality marking comes or goes.
    Marking {
        person: usize,
    },
    /// Somebody decides that two are one person.
    Same {
        one: usize,
        other: usize,
    },
}

/// All people.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    pub(super) jobs: Vec<Job>,
    surnames: BTreeMap<usize, usize>,
    /// Who is marked, as their source says.
    marked: BTreeSet<usize>,
    /// Who is decided to be one person.
    pub(super) same: Vec<(usize, usize)>,
    /// Whether the first one has the later number.
    pub(super) numbered: bool,
}

/// How a delivery comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    Missing,
    Shrunk,
}

pub(super) fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap()
}

fn earlier(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap()
}

impl People {
    /// What an event does, on the day of the run that sees it. Gives how the delivery of the day comes.
    pub(super) fn befall(&mut self, event: &Event, today: NaiveDate) -> Delivery {
        let count = self.jobs.len();
        match event {
            Event::Hire {
                person,
                unit,
                ahead,
                days,
            } => {
                let first = later(earlier(today, 10), *ahead);
                self.jobs.push(Job {
                    id: count,
                    person: person % PEOPLE.len(),
                    unit: unit % UNITS.len(),
                    first,
                    last: days.map(|days| later(first, days)),
                    leave: None,
                    is_gone: false,
                    gone: None,
                    ended: false,
                });
            }
            Event::End { job, ahead } if count > 0 => {
                let job = &mut self.jobs[job % count];
                job.last = Some(later(earlier(today, 5), *ahead).max(job.first));
            }
            Event::Move { job, unit } if count > 0 => {
                self.jobs[job % count].unit = unit % UNITS.len();
            }
            Event::Leave { job, ahead, days } if count > 0 => {
                let from = later(today, *ahead);
                self.jobs[job % count].leave = Some((from, later(from, *days)));
            }
            Event::Marry { person, surname } => {
                self.surnames
                    .insert(person % PEOPLE.len(), surname % SURNAMES.len());
            }
            Event::Number => self.numbered = true,
            Event::Gone { job } if count > 0 => {
                self.jobs[job % count].is_gone = true;
            }
            Event::Back { job } if count > 0 => self.jobs[job % count].is_gone = false,
            Event::Marking { person } if self.marked.contains(person) => {
                self.marked.remove(person);
            }
            Event::Marking { person } => {
                self.marked.insert(*person);
            }
            Event::Same { one, other }
                if one != other && self.is_told_of(*one) && self.is_told_of(*other) =>
            {
                self.same.push((*one, *other));
            }
            Event::Missing => return Delivery::Missing,
            Event::Shrunk => return Delivery::Shrunk,
            _ => {}
        }
        Delivery::Whole
    }

    /// The people as a delivery that is taken has them: what is gone from it stands as it was before.
    pub(super) fn taken(&self, before: &Self, today: NaiveDate) -> Self {
        let mut seen = self.clone();
        seen.jobs = Vec::new();
        // The name of whom no source speaks any more stays, and a marking stays until somebody decides.
        let told = |person: &usize| self.is_told_of(*person);
        seen.surnames.retain(|person, _| told(person));
        let kept = before.surnames.iter().filter(|(person, _)| !told(person));
        seen.surnames.extend(kept);
        seen.marked.retain(told);
        seen.marked
            .extend(before.marked.iter().filter(|person| !told(person)));
        for job in &self.jobs {
            let known = before.jobs.iter().find(|known| known.id == job.id);
            match known {
                _ if !job.is_gone => seen.jobs.push(job.clone()),
                Some(known) => {
                    let gone = known.gone.unwrap_or(today);
                    seen.jobs.push(Job {
                        gone: Some(gone),
                        ended: known.ended || later(gone, HOLD) <= today,
                        ..known.clone()
                    });
                }
                None => {}
            }
        }
        seen
    }

    /// Whether a delivery has a record of a person.
    fn is_told_of(&self, person: usize) -> bool {
        self.jobs
            .iter()
            .any(|job| job.person == person && !job.is_gone)
    }

    /// Whose marking is no more, so that somebody may decide to end it.
    pub(super) fn unmarked(&self) -> Vec<usize> {
        let persons = 0..PEOPLE.len();
        persons
            .filter(|person| self.is_told_of(*person) && !self.marked.contains(person))
            .collect()
    }

    /// All that are one person with a person, itself among them.
    pub(super) fn one_with(&self, person: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([person]);
        for _ in PEOPLE {
            for (one, other) in &self.same {
                if found.contains(one) || found.contains(other) {
                    found.extend([*one, *other]);
                }
            }
        }
        found
    }

    pub(super) fn is_marked(&self, person: usize) -> bool {
        self.one_with(person)
            .iter()
            .any(|one| self.marked.contains(one))
    }

    pub(super) fn surname(&self, person: usize) -> &'static str {
        self.surnames
            .get(&person)
            .map_or(PEOPLE[person].2, |surname| SURNAMES[*surname])
    }

    /// The delivery of a day.
    pub(super) fn delivered(&self, today: NaiveDate, how: Delivery) -> Snapshot {
        let mut instance =
            SourceInstance::new("heroma", "sml", Promise::Complete, today).municipality("1430");
        let others = if how == Delivery::Shrunk {
            2
        } else {
            OTHER_UNITS
        };
        let units = UNITS.iter().map(|(code, of)| ((*code).to_owned(), *of));
        for (code, of) in units.chain((0..others).map(|number| (format!("other-{number}"), "1430")))
        {
            let unit = Record::new("unit", &code)
                .with("code", code.as_str())
                .with("name", code.as_str());
            instance = instance.record(unit.with("municipality", of));
        }
        for job in self.jobs.iter().filter(|job| !job.is_gone) {
            let (number, given_name, _) = PEOPLE[job.person];
            let number = match number {
                "TF" if self.numbered => LATER_NUMBER,
                "TF" => "19990210TF01",
                number => number,
            };
            let (unit, employer) = UNITS[job.unit];
            let mut record = Record::new("employment", &format!("{}", job.id))
                .with("person", job.person.to_string())
                .with("employer", employer)
                .with("unit", unit)
                .with("start", job.first.to_string());
            if let Some(last) = job.last {
                record = record.with("end", last.to_string());
            }
            if let Some((from, to)) = job.leave {
                record = record
                    .with("leave_start", from.to_string())
                    .with("leave_end", to.to_string());
                record = record.with("leave_extent", "1000");
            }
            instance = instance.record(record);
            let id = job.person.to_string();
            if !instance
                .records
                .iter()
                .any(|record| record.kind == "person" && record.id == id)
            {
                let person = Record::new("person", &id).with("number", number);
                let marked = self.marked.contains(&job.person).to_string();
                let person = person
                    .with("given_name", given_name)
                    .with("confidentiality_marking", marked);
                instance = instance.record(person.with("surname", self.surname(job.person)));
            }
        }
        Snapshot::new(if how == Delivery::Missing {
            None
        } else {
            Some(instance)
        })
    }
}

/// What the source said last that was taken, as people see it on a day.
impl People {
    fn ends(job: &Job) -> Option<NaiveDate> {
        let gone = job.gone.filter(|_| job.ended);
        let gone = gone.map(|gone| earlier(gone, 1));
        match (job.last, gone) {
            (Some(last), Some(gone)) => Some(last.min(gone)),
            (last, gone) => last.or(gone),
        }
    }

    /// Whether a person's account is enabled on a day.
    pub(super) fn is_enabled(&self, person: usize, today: NaiveDate) -> bool {
        let mut days: Vec<(NaiveDate, Option<NaiveDate>)> = self
            .jobs
            .iter()
            .filter(|job| self.one_with(person).contains(&job.person))
            .map(|job| {
                let end = Self::ends(job);
                (job.first, end)
            })
            .filter(|(first, end)| end.is_none_or(|end| end >= *first))
            .map(|(first, end)| (earlier(first, LEAD), end.map(|end| later(end, GRACE))))
            .collect();
        days.sort();
        let mut reach: Option<Option<NaiveDate>> = None;
        for (first, last) in days {
            if first > today {
                // What comes later counts only where it bridges a gap.
                return matches!(reach, Some(Some(until)) if until < today && first <= later(until, BRIDGE + 1))
                    || matches!(reach, Some(None))
                    || matches!(reach, Some(Some(until)) if until >= today);
            }
            reach = match reach {
                Some(None) => Some(None),
                Some(Some(until)) => Some(last.map(|last| last.max(until))),
                None => Some(last),
            };
        }
        matches!(reach, Some(None)) || matches!(reach, Some(Some(until)) if until >= today)
    }

    /// The units at which a person is active on a day.
    pub(super) fn active_at(&self, person: usize, today: NaiveDate) -> BTreeSet<&'static str> {
        let active = |job: &&Job| {
            self.one_with(person).contains(&job.person)
                && job.first <= today
                && Self::ends(job).is_none_or(|end| today <= end)
                && job
                    .leave
                    .is_none_or(|(from, to)| today < from || today > to)
        };
        self.jobs
            .iter()
            .filter(active)
            .map(|job| UNITS[job.unit].0)
            .collect()
    }

    /// The employers of whom a person has anything to do on a day.
    pub(super) fn employers(&self, person: usize) -> BTreeSet<&'static str> {
        let one = self.one_with(person);
        let of = self.jobs.iter().filter(|job| one.contains(&job.person));
        of.map(|job| UNITS[job.unit].1).collect()
    }
}
