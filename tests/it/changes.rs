//! Laws about who somebody is: no chain of changes gives another key or costs an account, no order of records matters, and no
//! field, whatever stands in it, is shown.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::base::PersonKey;
use folkform::base::Secret;
use folkform::directory::Directory;
use folkform::identity::IdentityNumber;
use folkform::identity::PartialDate;
use folkform::identity::called_name;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Results;
use folkform::plan::StepKind;
use folkform::plan::StepResult;
use folkform::resolve::Decision;
use folkform::resolve::FlagKind;
use folkform::resolve::Whom;
use folkform::source::Promise;
use folkform::source::Record;
use folkform::source::Snapshot;
use folkform::source::SourceInstance;
use proptest::prelude::*;

use crate::trials;

fn rules() -> Ruleset {
    let text = include_str!("../cases/identity/rules.toml");
    Ruleset::from_toml(text).unwrap_or_else(|problems| panic!("{problems}"))
}

const FIRST: &str = "2026-01-10";

/// Numbers that a pupil may have in turn: temporary ones, then coordination numbers, then personal ones.
const NUMBERS: [&str; 6] = [
    "20130107TF01",
    "20130107TF02",
    "201306782390",
    "201310752389",
    "201301072383",
    "201306232396",
];

/// The number of another pupil, with an account of their own.
const CLASSMATE: &str = "200904142387";

/// What may happen to a pupil from one day to the next.
#[derive(Clone, Copy, Debug)]
enum Change {
    Number(usize),
    Surname(usize),
    Marking(bool),
    Registration(bool),
    /// Somebody decides that a flag has ended.
    FlagEnds,
    Died,
    Emigrated,
    Back,
    /// The school has a second record of the pupil, and merges it.
    Merged,
    /// The school's delivery does not come.
    Missing,
    /// The record is gone for a day.
    Gone,
    /// The pupil moves to the school of the other municipality and back.
    Moves,
    Suspended(bool),
    /// Somebody decides that the pupil and another one of the class are one, or two.
    Same(bool),
    /// Whether somebody approves of what guards hold.
    Approves(bool),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0..NUMBERS.len()).prop_map(Change::Number),
        1 => (0..3_usize).prop_map(Change::Surname),
        1 => any::<bool>().prop_map(Change::Marking),
        1 => any::<bool>().prop_map(Change::Registration),
        1 => Just(Change::FlagEnds),
        1 => Just(Change::Died),
        1 => Just(Change::Emigrated),
        1 => Just(Change::Back),
        1 => Just(Change::Merged),
        1 => Just(Change::Missing),
        1 => Just(Change::Gone),
        1 => Just(Change::Moves),
        1 => any::<bool>().prop_map(Change::Suspended),
        3 => any::<bool>().prop_map(Change::Same),
        2 => any::<bool>().prop_map(Change::Approves),
    ]
}

/// How it stands with the pupil.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what may be so or not, each by itself"
)]
#[derive(Clone, Default)]
struct Pupil {
    number: usize,
    surname: usize,
    marking: bool,
    registration: bool,
    cause: Option<&'static str>,
    merged: bool,
    moved: bool,
    suspended: bool,
    same: Option<bool>,
    approves: bool,
    missing: bool,
    gone: bool,
}

impl Pupil {
    fn take(&mut self, change: Change) {
        (self.missing, self.gone) = (false, false);
        match change {
            Change::Number(number) => self.number = number,
            Change::Surname(surname) => self.surname = surname,
            Change::Marking(stands) => self.marking = stands,
            Change::Registration(stands) => self.registration = stands,
            Change::FlagEnds => {}
            Change::Died => self.cause = Some("AV"),
            Change::Emigrated => self.cause = Some("UV"),
            Change::Back => self.cause = None,
            Change::Merged => self.merged = true,
            Change::Missing => self.missing = true,
            Change::Gone => self.gone = true,
            Change::Moves => self.moved = !self.moved,
            Change::Suspended(stands) => self.suspended = stands,
            Change::Same(same) => self.same = Some(same),
            Change::Approves(approves) => self.approves = approves,
        }
    }

    fn person(&self, id: &str) -> Record {
        let flag = |stands: bool| if stands { "J" } else { "N" };
        Record::new("person", id)
            .with("number", NUMBERS[self.number])
            .with("given_name", "Elof")
            .with("surname", ["Ek", "Alm", "Ask"][self.surname])
            .with("confidentiality_marking", flag(self.marking))
            .with("protected_registration", flag(self.registration))
    }

    fn snapshot(&self, day: NaiveDate) -> Snapshot {
        let instance = |source: &str, name: &str| {
            SourceInstance::new(source, name, Promise::Complete, day).municipality(name)
        };
        let unit = |id: &str| Record::new("unit", id).with("code", id);
        let enrolment = |id: &str, unit: &str| {
            let (own, start) = (
                Record::new("enrolment", id).with("person", "p1"),
                "2025-08-17",
            );
            own.with("unit", unit).with("start", start)
        };
        let mut school = instance("procapita", "1430").record(unit("14300001"));
        if !self.gone {
            let mut person = self.person("p1");
            if self.merged {
                person = person.with("merged_record", "p2");
            }
            school = school.record(person);
            if !self.moved {
                school = school.record(enrolment("e1", "14300001"));
            }
        }
        let classmate = Record::new("person", "p9").with("number", CLASSMATE);
        let classmate = classmate.with("given_name", "Elof").with("surname", "Ek");
        let place = Record::new("enrolment", "e9").with("person", "p9");
        school = school
            .record(classmate)
            .record(place.with("unit", "14300001").with("start", "2025-08-17"));
        let mut other = instance("procapita", "1427").record(unit("14270001"));
        if self.moved {
            let own = self.person("q1").with("id", "q1");
            let own = own.with("birth_date", "2013-01-07");
            let there = Record::new("enrolment", "f1").with("person", "q1");
            let there = there.with("unit", "14270001").with("start", "2025-08-17");
            // A temporary number is nobody's elsewhere, so that only lasting ones move.
            if self.number > 1 {
                other = other.record(own).record(there);
            }
        }
        let mut register = SourceInstance::new("navet", "skv", Promise::Complete, day);
        for number in NUMBERS.iter().skip(2) {
            let mut post = Record::new("register", number).with("given_names", "Elof");
            post = post.with("surname", ["Ek", "Alm", "Ask"][self.surname]);
            if let Some(cause) = self.cause {
                post = post.with("deregistration_cause", cause);
            }
            register = register.record(post);
        }
        let mut instances = vec![other, register];
        if !self.missing {
            instances.push(school);
        }
        Snapshot::new(instances)
    }
}

/// A directory, a ledger, and the days that go by.
struct Town {
    rules: Ruleset,
    directory: Directory,
    ledger: Ledger,
    day: NaiveDate,
}

impl Town {
    fn new() -> Self {
        Self {
            rules: rules(),
            directory: Directory::default(),
            ledger: Ledger::default(),
            day: FIRST.parse().unwrap(),
        }
    }

    /// A night: everything that is released is done.
    fn night(
        &mut self,
        snapshot: &Snapshot,
        decisions: &[Decision],
        approves: bool,
    ) -> (Outcome, Vec<StepKind>) {
        let outcome = self
            .rules
            .evaluate(&Inputs {
                snapshot,
                directory: &self.directory,
                ledger: &self.ledger,
                as_of: self.day,
                salt: b"town",
                decisions,
            })
            .unwrap();
        let plan = outcome.plan();
        let mut approvals = Approvals::default();
        if approves {
            let trips = plan.trips().iter();
            approvals.approvals = trips.map(|trip| trip.approval(self.day, "IT")).collect();
        }
        let released = plan.release(&approvals, self.day).unwrap();
        let mut results = Results::default();
        let mut kinds = Vec::new();
        for step in released.steps() {
            self.directory.apply(step.change()).unwrap();
            results.set(step.id(), StepResult::Done { object_id: None });
            kinds.push(step.shown().kind);
        }
        self.ledger = released.settle(&results);
        self.day = self.day.succ_opt().unwrap();
        (outcome, kinds)
    }
}

impl Town {
    /// The logins of the accounts of ours, by anchor.
    fn logins(&self) -> BTreeMap<String, String> {
        let accounts = self.directory.accounts.values();
        let named = accounts.filter_map(|account| {
            let login = account.login.as_ref().map(ToString::to_string);
            Some((
                account.anchor.as_ref()?.to_string(),
                login.unwrap_or_default(),
            ))
        });
        named.collect()
    }
}

fn person_of(outcome: &Outcome, id: &str) -> Option<PersonKey> {
    outcome.person_of_record("procapita/1430", "person", id)
}

fn record(id: &str) -> Whom {
    Whom::Record {
        instance: String::from("procapita/1430"),
        kind: String::from("person"),
        id: String::from(id),
    }
}

proptest! {
    #![proptest_config(trials::config())]

    #[test]
    fn no_chain_of_changes_gives_another_key_or_costs_an_account(chain in prop::collection::vec(change(), 1..12)) {
        let mut town = Town::new();
        let mut pupil = Pupil::default();
        let (first, _) = town.night(&pupil.snapshot(town.day), &[], false);
        let keys = ["p1", "p9"].map(|id| person_of(&first, id).unwrap());
        let logins = town.logins();
        let mut protected = false;
        for change in chain {
            pupil.take(change);
            let mut decisions = Vec::new();
            if let Change::FlagEnds = change {
                (pupil.marking, pupil.registration) = (false, false);
                decisions.extend(FlagKind::ALL.map(|flag| Decision::EndProtection { person: record("p1"), flag }));
            }
            if pupil.suspended {
                decisions.push(Decision::Suspend { person: record("p1"), from: FIRST.parse().unwrap() });
            }
            let (one, other) = (record("p1"), record("p9"));
            match pupil.same {
                Some(true) => decisions.push(Decision::Same { one, other }),
                Some(false) => decisions.push(Decision::Apart { one, other }),
                None => {}
            }
            let (outcome, kinds) = town.night(&pupil.snapshot(town.day), &decisions, pupil.approves);
            let now = ["p1", "p9"].map(|id| person_of(&outcome, id).unwrap());
            if pupil.same == Some(true) {
                prop_assert_eq!(now, [keys[0].min(keys[1]); 2], "{:?}", change);
            } else {
                prop_assert_eq!(now, keys, "{:?}", change);
            }
            for never in [StepKind::DeleteAccount, StepKind::AdoptAccount] {
                prop_assert!(!kinds.contains(&never), "{:?}: {:?}", change, never);
            }
            if !pupil.approves {
                prop_assert!(!kinds.contains(&StepKind::MergeAccounts), "{:?}", change);
            }
            protected |= pupil.marking || pupil.registration;
            let names = town.logins();
            for (anchor, login) in &logins {
                let now = names.get(anchor);
                // Whoever was protected has had another name in between.
                let same = now == Some(login) || (protected && now.is_some());
                prop_assert!(same, "{:?}: {:?}", change, names);
            }
        }
    }

    #[test]
    fn correlation_is_the_same_for_every_order(
        records in prop::collection::vec((0..3_usize, 0..4_usize, 0..4_usize, 0..5_usize, any::<bool>()), 0..10),
        references in prop::collection::vec((2..6_usize, 2..6_usize), 0..4),
        turn in 0..11_usize,
    ) {
        let day: NaiveDate = FIRST.parse().unwrap();
        let build = |turned: bool| {
            let mut instances: Vec<SourceInstance> = [("heroma", "sml"), ("procapita", "1430"), ("procapita", "1427")]
                .map(|(source, name)| SourceInstance::new(source, name, Promise::Complete, day).municipality("1430"))
                .into();
            for (at, id, number, merged, flag) in &records {
                let mut record = Record::new("person", &format!("r{id}"))
                    .with("number", NUMBERS[number + 1])
                    .with("given_name", "Elof")
                    .with("surname", "Ek");
                if *merged < 4 {
                    record = record.with("merged_record", format!("r{merged}").as_str());
                }
                if *flag && *merged == 4 {
                    record = record.with("confidentiality_marking", "J");
                }
                instances[*at].records.push(record);
            }
            let mut register = SourceInstance::new("navet", "skv", Promise::Complete, day);
            for (from, to) in &references {
                let post = Record::new("register", NUMBERS[*from]).with("reference_numbers", NUMBERS[*to]);
                register.records.push(post);
            }
            instances.push(register);
            if turned {
                let n_instances = instances.len();
                instances.rotate_left(turn % n_instances);
                for instance in &mut instances {
                    instance.records.reverse();
                    let n_records = instance.records.len().max(1);
                    instance.records.rotate_left(turn % n_records % n_records);
                }
            }
            Snapshot::new(instances)
        };
        let told = |snapshot: &Snapshot| {
            let mut town = Town::new();
            let (outcome, _) = town.night(snapshot, &[], false);
            format!(
                "{}\n{:?}\n{:?}\n{:?}\n{}",
                outcome.observed().to_sealed_json(),
                transitions(&outcome),
                outcome.proposals(),
                outcome.findings(),
                outcome.quality(),
            )
        };
        prop_assert_eq!(told(&build(false)), told(&build(true)));
    }

    #[test]
    fn no_field_is_shown_whatever_stands_in_it(
        bytes in prop::collection::vec(any::<u8>(), 0..24),
        kind in prop::sample::select(&["person", "employment", "duty", "enrolment", "membership", "unit", "school_group", "register"][..]),
        field in prop::sample::select(&FIELDS[..]),
        source in prop::sample::select(&["heroma", "procapita", "navet", "overrides", "nowhere"][..]),
    ) {
        const MARK: &str = "Zq7Zq7";
        let text = format!("{MARK}{}", String::from_utf8_lossy(&bytes));
        let hidden = |shown: &str| !shown.contains(MARK);
        let day: NaiveDate = FIRST.parse().unwrap();
        let mut errors = Vec::new();
        if let Err(error) = IdentityNumber::parse_issued(&text, day, Some(&text)) {
            errors.push(format!("{error} {error:?}"));
        }
        if let Err(error) = PartialDate::parse(&text) {
            errors.push(format!("{error} {error:?}"));
        }
        if let Err(error) = called_name(&text, &text) {
            errors.push(format!("{error} {error:?}"));
        }
        prop_assert!(errors.iter().all(|shown| hidden(shown)));
        let plain = |id: &str| {
            Record::new(kind, id)
                .with("number", "199902102384")
                .with("given_name", "Elof")
                .with("surname", "Ek")
                .with("start", "2026-01-01")
        };
        let mut odd = plain("1");
        odd.fields.remove(field);
        let odd = odd.with(field, text.as_str());
        let instance = SourceInstance::new(source, "1430", Promise::Complete, day).record(odd).record(plain("2"));
        let snapshot = Snapshot::new([instance]);
        let whom = Whom::Number { number: Secret::new(text.clone()), issuer: None };
        let decisions = [Decision::Suspend { person: whom, from: day }];
        let mut town = Town::new();
        for _ in 0..2 {
            let (outcome, _) = town.night(&snapshot, &decisions, false);
            let shown = format!(
                "{outcome:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {decisions:?} {snapshot:?} {:?}",
                outcome.findings(),
                outcome.sealed_findings().reveal(),
                outcome.population(),
                outcome.lookups(),
                outcome.transitions(),
                outcome.proposals(),
                outcome.quality(),
                town.ledger,
            );
            prop_assert!(hidden(&shown), "{}", shown);
        }
    }
}

const FIELDS: [&str; 34] = [
    "id",
    "number",
    "given_name",
    "called_name",
    "middle_name",
    "surname",
    "birth_date",
    "sex",
    "mail",
    "phone",
    "confidentiality_marking",
    "protected_registration",
    "status",
    "merged_record",
    "alias_name",
    "alias_login",
    "person",
    "parent",
    "unit",
    "group",
    "role",
    "employer",
    "form",
    "extent",
    "start",
    "end",
    "cancelled",
    "expires",
    "given_names",
    "called_name_marking",
    "deregistration_cause",
    "deregistration_date",
    "reference_numbers",
    "municipality",
];

/// What changed about whom, which does not show by itself.
fn transitions(outcome: &Outcome) -> String {
    let transitions = outcome.transitions().iter();
    let told = transitions.map(|transition| (transition.person, transition.kind));
    format!("{:?}", told.collect::<Vec<_>>())
}
