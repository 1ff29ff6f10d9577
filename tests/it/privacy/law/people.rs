//! Random people with protection flags of every kind, and the same people with other withheld values.
//!
//! What a law holds equal is equal by construction: record ids, links, flags, verdicts, dates. Names collide often, numbers are
//! official test numbers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::prelude::v1::*;

use chrono::NaiveDate;
use folkform::diagnostic::Findings;
use folkform::directory::Account;
use folkform::directory::Directory;
use folkform::directory::Dn;
use folkform::directory::ObjectId;
use folkform::source::Promise;
use folkform::source::Record;
use folkform::source::Snapshot;
use folkform::source::SourceInstance;

use super::dice::Dice;

/// Two for each person.
const NUMBERS: [&str; 14] = [
    "199902102384",
    "200205162399",
    "198601112389",
    "199909122393",
    "200309182392",
    "198509292390",
    "198508052381",
    "199111142387",
    "197908202398",
    "198605082380",
    "199405202392",
    "198903222381",
    "200307252395",
    "198502172383",
];
const GIVEN: [&str; 5] = ["Åsa", "Anna", "Bo", "Örjan", "Élodie"];
const SURNAMES: [&str; 5] = ["Berg", "Åkerström", "Berg", "von Ögon", "D'Arc"];
const UNITS: [&str; 4] = ["u1", "u2", "u3", "gone"];

/// How a number is spelled: with its century or without.
const SPELLING: &str = "(spelling)";
/// The address that a second record of the register gives, where there is one.
const AGAIN: &str = "(again)";
/// Whether the register's record holds something that no reader takes.
const ODD: &str = "(odd)";

type Fields = BTreeMap<&'static str, String>;

/// An affiliation, or whatever else a record says of a person.
#[derive(Clone)]
pub(super) struct Stay {
    instance: &'static str,
    kind: &'static str,
    id: String,
    open: Fields,
    pub(super) place: Fields,
}

/// A person, as the sources tell of one.
#[derive(Clone)]
pub(super) struct Being {
    pub(super) id: usize,
    /// What the sources say of the marking and of the registration, and which instance says it.
    pub(super) flags: [Option<(&'static str, &'static str)>; 2],
    alias: Option<usize>,
    register: Option<&'static str>,
    /// Whether the register has two records of the person.
    twice: bool,
    pub(super) personal: Fields,
    /// What somebody wrote by hand.
    pub(super) by_hand: Option<Fields>,
    pub(super) stays: Vec<Stay>,
}

/// Everybody.
#[derive(Clone)]
pub(super) struct People {
    pub(super) beings: Vec<Being>,
}

impl People {
    /// The same people, of whom no source says that they are protected.
    pub(super) fn without_flags(&self) -> Self {
        let mut people = self.clone();
        for being in &mut people.beings {
            being.flags = [None, None];
        }
        people
    }
}

impl Being {
    /// Whether a flag counts as standing.
    pub(super) fn stands(&self, flag: usize) -> bool {
        self.flags[flag].is_some_and(|(_, text)| text != "false")
    }

    pub(super) fn is_protected(&self) -> bool {
        self.stands(0) || self.stands(1)
    }

    /// The records by which tests ask for the person: where each is, of which kind, under which id.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.stays
            .iter()
            .map(|stay| (stay.instance, stay.kind, stay.id.as_str()))
    }
}

fn some(dice: &mut Dice, fields: &mut Fields, name: &'static str, percent: usize, among: &[&str]) {
    if dice.happens(percent) {
        fields.insert(name, dice.one_of(among).to_owned());
    }
}

fn personal(dice: &mut Dice, id: usize) -> Fields {
    let mut fields = Fields::new();
    fields.insert("given_name", dice.one_of(&GIVEN).to_owned());
    fields.insert("surname", dice.one_of(&SURNAMES).to_owned());
    some(dice, &mut fields, "called_name", 30, &GIVEN);
    fields.insert("number", NUMBERS[id * 2 + dice.roll(2)].to_owned());
    some(dice, &mut fields, "sex", 40, &["female", "male"]);
    some(
        dice,
        &mut fields,
        "mail",
        40,
        &["anna@home.example", "åsa@hemma.example"],
    );
    some(
        dice,
        &mut fields,
        "phone",
        40,
        &["0700000001", "0700000002"],
    );
    some(dice, &mut fields, "municipality", 80, &["1480", "1430"]);
    some(dice, &mut fields, SPELLING, 30, &["short"]);
    some(dice, &mut fields, "address_1", 50, &["Gatan 1", "Gatan 2"]);
    some(dice, &mut fields, AGAIN, 50, &["Gatan 1", "Gatan 2"]);
    some(dice, &mut fields, ODD, 20, &["odd"]);
    fields
}

/// What a source of manual facts says of somebody for a while; nothing that the register could gainsay.
fn overridden(dice: &mut Dice) -> Fields {
    let mut fields = Fields::new();
    some(
        dice,
        &mut fields,
        "phone",
        70,
        &["0700000003", "0700000004"],
    );
    some(dice, &mut fields, "mail", 50, &["bo@home.example"]);
    some(
        dice,
        &mut fields,
        "expires",
        80,
        &["2026-11-10", "2026-12-05", "2026-12-20", "some day"],
    );
    fields
}

fn place(dice: &mut Dice, kind: &str, id: usize) -> Fields {
    let mut fields = Fields::new();
    some(dice, &mut fields, "unit", 90, &UNITS);
    match kind {
        "employment" => {
            some(dice, &mut fields, "employer", 90, &["1427", "1430", "9999"]);
            some(
                dice,
                &mut fields,
                "title",
                90,
                &["Lärare", "Rektor", "Vakt"],
            );
            some(
                dice,
                &mut fields,
                "is_manager",
                50,
                &["true", "false", "perhaps"],
            );
            some(
                dice,
                &mut fields,
                "review",
                60,
                &["2026-10-01", "2026-12-01", "2027-03-01"],
            );
            if dice.happens(40) {
                let (starts, ends) = dice.one_of(&[
                    ("2026-10-01", "2026-12-15"),
                    ("2026-12-01", "2027-03-31"),
                    ("2027-02-01", "2027-03-31"),
                ]);
                fields.insert("leave_start", starts.to_owned());
                fields.insert("leave_end", ends.to_owned());
                // Never all of it: that somebody is away is not withheld.
                fields.insert(
                    "leave_extent",
                    dice.one_of(&["250", "500", "much"]).to_owned(),
                );
            }
            let manager = (id + 1 + dice.roll(3)) % (NUMBERS.len() / 2);
            if dice.happens(60) {
                fields.insert("manager", format!("hr.person:P{manager}"));
            }
        }
        "enrolment" => {
            some(dice, &mut fields, "school_type", 80, &["GR", "GY"]);
            some(dice, &mut fields, "school_year", 80, &["3", "7", "seventh"]);
        }
        "membership" => {
            fields.remove("unit");
            some(
                dice,
                &mut fields,
                "group",
                95,
                &["school.school_group:G1", "school.school_group:G2"],
            );
            some(dice, &mut fields, "role", 50, &["pupil", "elected"]);
        }
        _ => {
            some(dice, &mut fields, "role", 80, &["Lärare", "Rektor"]);
        }
    }
    fields
}

fn stay(dice: &mut Dice, id: usize, kind: &'static str, number: usize) -> Stay {
    let mut open = Fields::new();
    open.insert("person", format!("P{id}"));
    open.insert(
        "start",
        dice.one_of(&["2025-08-01", "2026-11-25", "2020-01-01"])
            .to_owned(),
    );
    some(
        dice,
        &mut open,
        "end",
        30,
        &["2026-11-20", "2027-06-10", "2026-11-01"],
    );
    if kind == "employment" {
        some(
            dice,
            &mut open,
            "form",
            90,
            &["permanent", "hourly", "elected"],
        );
        some(dice, &mut open, "extent", 80, &["500", "1000"]);
        some(dice, &mut open, "main", 50, &["true", "false"]);
    }
    Stay {
        instance: if kind == "employment" {
            "hr/all"
        } else {
            "school/1430"
        },
        kind,
        id: format!("{kind}-{id}-{number}"),
        open,
        place: place(dice, kind, id),
    }
}

fn being(dice: &mut Dice, id: usize) -> Being {
    let mut stays = Vec::new();
    let what = dice.roll(5);
    if what != 1 {
        for number in 0..=1 + dice.roll(2) {
            stays.push(stay(dice, id, "employment", number));
        }
        if dice.happens(30) {
            stays.push(stay(dice, id, "duty", 0));
        }
    }
    if what <= 1 {
        for number in 0..=dice.roll(2) {
            stays.push(stay(dice, id, "enrolment", number));
        }
        stays.push(stay(dice, id, "membership", 0));
    }
    let flag = |dice: &mut Dice| {
        let text = dice.one_of(&["true", "true", "true", "?", "false"]);
        // The last one is said by whoever says it first.
        let by = dice.one_of(&["hr/all", "school/1430", "register/se"]);
        dice.happens(35).then_some((by, text))
    };
    let flags = [flag(dice), flag(dice)];
    let alias = dice.happens(65).then(|| dice.roll(2));
    let register = dice.one_of(&[Some(""), Some("Annan"), None, Some("")]);
    Being {
        id,
        flags,
        alias,
        register,
        // Of whom it is in doubt already, so that the verdict stays.
        twice: register == Some("Annan") && dice.happens(60),
        personal: personal(dice, id),
        by_hand: dice.happens(25).then(|| overridden(dice)),
        stays,
    }
}

/// Draws everybody.
pub(super) fn draw(dice: &mut Dice) -> People {
    let n_beings = 2 + dice.roll(NUMBERS.len() / 2 - 1);
    People {
        beings: (0..n_beings).map(|id| being(dice, id)).collect(),
    }
}

/// The same people with other withheld values, but for what is shown on purpose. `known` says whether a ledger knows them.
pub(super) fn vary(
    people: &People,
    shown: &BTreeMap<&'static str, BTreeSet<&'static str>>,
    known: bool,
    dice: &mut Dice,
) -> People {
    let mut varied = people.clone();
    for being in &mut varied.beings {
        let stands = [being.stands(0), being.stands(1)];
        let held = |name: &&'static str| {
            // The number that a ledger knows is a link, and the id of a record of the register.
            (known && *name == "number")
                || super::rules::FLAGS
                    .iter()
                    .zip(stands)
                    .any(|(flag, stands)| {
                        stands && shown.get(flag).is_some_and(|shown| shown.contains(name))
                    })
        };
        if being.is_protected() {
            let new = personal(dice, being.id);
            exchange(&mut being.personal, new, &held);
            if let Some(by_hand) = &mut being.by_hand {
                // How long it is said is told by what is shown of it.
                let told = ["phone", "mail", "number", "birth_date"];
                let told = told.iter().any(&held);
                let held = |name: &&'static str| held(name) || (told && *name == "expires");
                exchange(by_hand, overridden(dice), &held);
            }
        }
        if stands[1] {
            for stay in &mut being.stays {
                let new = place(dice, stay.kind, being.id);
                exchange(&mut stay.place, new, &held);
            }
        }
    }
    varied
}

fn exchange(old: &mut Fields, new: Fields, held: &impl Fn(&&'static str) -> bool) {
    old.retain(|name, _| held(name));
    for (name, value) in new {
        if !held(&name) {
            old.insert(name, value);
        }
    }
}

/// The same people with a marker of its own in every withheld field, but for what is shown on purpose; and the markers.
pub(super) fn mark(
    people: &People,
    shown: &BTreeMap<&'static str, BTreeSet<&'static str>>,
) -> (People, Vec<String>) {
    let mut canaries = people.clone();
    let (mut markers, mut days) = (Vec::new(), Vec::new());
    for being in &mut canaries.beings {
        let stands = [being.stands(0), being.stands(1)];
        let is_shown = |name: &str| {
            super::rules::FLAGS
                .iter()
                .zip(stands)
                .any(|(flag, stands)| {
                    stands && shown.get(flag).is_some_and(|shown| shown.contains(name))
                })
        };
        let mut mark = |fields: &mut Fields, number: usize, names: &[&'static str]| {
            for name in names.iter().filter(|name| !is_shown(name)) {
                // Its initial is one that nothing else has.
                let marker = format!("Жånäri{}é{number}ö{name}", being.id);
                fields.insert(name, marker.clone());
                markers.push(marker);
            }
        };
        if being.stands(0) || being.stands(1) {
            let names = [
                "given_name",
                "called_name",
                "surname",
                "sex",
                "mail",
                "phone",
                "municipality",
            ];
            mark(&mut being.personal, 0, &names);
            if let Some(by_hand) = &mut being.by_hand {
                mark(by_hand, 9, &["phone", "mail"]);
            }
        }
        if being.stands(1) {
            for (number, stay) in being.stays.iter_mut().enumerate() {
                let names: &[&str] = match stay.kind {
                    "employment" => &[
                        "unit",
                        "employer",
                        "title",
                        "is_manager",
                        "manager",
                        "review",
                    ],
                    "enrolment" => &["unit", "school_type", "school_year"],
                    "membership" => &["group", "role"],
                    _ => &["unit", "role"],
                };
                mark(&mut stay.place, number, names);
                // A day that nothing else has.
                if !is_shown("start") {
                    let day = format!("19{}-0{}-17", 61 + being.id, 1 + number);
                    stay.open.insert("start", day.clone());
                    days.push(day);
                }
            }
        }
        if being.is_protected() && !is_shown("number") {
            markers.push(being.personal["number"].clone());
        }
    }
    markers.extend(days);
    (canaries, markers)
}

/// The people as they were before any flag stood.
pub(super) fn unprotected(people: &People, dice: &mut Dice) -> People {
    let mut before = people.clone();
    for being in &mut before.beings {
        if dice.happens(60) {
            for flag in &mut being.flags {
                *flag = flag.map(|(by, _)| (by, "false"));
            }
        }
    }
    before
}

/// The people as they were some days before: employers, and names of those who are not protected, were others.
pub(super) fn elsewhere(people: &People, dice: &mut Dice) -> People {
    let mut before = people.clone();
    for being in &mut before.beings {
        if !being.is_protected() && dice.happens(40) {
            let surname = dice.one_of(&SURNAMES).to_owned();
            being.personal.insert("surname", surname);
        }
        for stay in &mut being.stays {
            let is_code = |employer: &&mut String| employer.len() == 4;
            if stay.kind == "membership" && dice.happens(50) {
                stay.open.remove("end");
            }
            if let Some(employer) = stay.place.get_mut("employer").filter(is_code)
                && dice.happens(80)
            {
                let other = if employer == "1430" { "1427" } else { "1430" };
                other.clone_into(employer);
            }
        }
    }
    before
}

/// A directory of others, who have accounts without any anchor of ours, beneath where they work.
pub(super) fn directory(people: &People) -> Directory {
    let mut directory = Directory::default();
    directory.containers.insert("DC=x".parse().unwrap());
    for being in &people.beings {
        let Some(unit) = being.stays.iter().find_map(|stay| stay.place.get("unit")) else {
            continue;
        };
        let number = &being.personal["number"];
        let container: Dn = format!("OU={unit},DC=x").parse().unwrap();
        let name = format!("{}.{}", being.personal["surname"], being.id);
        let account = Account {
            id: ObjectId(format!("x{}", being.id).as_str().into()),
            anchor: None,
            dn: container.child("CN", &name).unwrap(),
            login: Some(name.as_str().into()),
            mail: None,
            aliases: BTreeSet::new(),
            enabled: true,
            hidden: false,
            attributes: [("employeeNumber".into(), [number.as_str().into()].into())].into(),
            references: BTreeMap::new(),
            licences: BTreeSet::new(),
            services_off: BTreeMap::new(),
            mailbox: None,
        };
        directory.containers.insert(container);
        directory.accounts.insert(account.id.clone(), account);
    }
    directory
}

/// What the sources deliver of the people on a day.
pub(super) fn snapshot(people: &People, as_of: NaiveDate) -> Snapshot {
    let instance =
        |source: &str, name: &str| SourceInstance::new(source, name, Promise::Complete, as_of);
    let mut hr = instance("hr", "all");
    let mut school = instance("school", "1430").municipality("1430");
    let mut register = instance("register", "se").record(Record::new("school_group", "nobody"));
    let mut by_hand = instance("fix", "all").record(Record::new("school_group", "nobody"));
    // Who leads a unit is a link.
    for (code, municipality, head) in [
        ("top", "1430", "hr.person:P0"),
        ("u1", "1427", "hr.person:P1"),
        ("u2", "1430", "hr.person:P2"),
        ("u3", "1484", "hr.person:P0"),
    ] {
        let mut unit = Record::new("unit", code)
            .with("code", code)
            .with("head", head)
            .with("name", format!("Enhet {code}"))
            .with("municipality", municipality);
        if code != "top" {
            unit = unit.with("parent", if code == "u3" { "u2" } else { "top" });
        }
        hr.records.push(unit);
    }
    for id in ["G1", "G2"] {
        school.records.push(
            Record::new("school_group", id)
                .with("name", format!("Klass {id}"))
                .with("type", "Klass")
                .with("unit", "u1"),
        );
    }
    for being in &people.beings {
        let id = format!("P{}", being.id);
        let has = |name: &str| being.stays.iter().any(|stay| stay.instance == name);
        for (instance, name) in [(&mut hr, "hr/all"), (&mut school, "school/1430")] {
            if !has(name) {
                continue;
            }
            let mut record = Record::new("person", &id);
            for (field, value) in &being.personal {
                let value = match *field {
                    "municipality" | "address_1" | SPELLING | AGAIN | ODD => continue,
                    "number" => spelled(being),
                    _ => value.clone(),
                };
                record = record.with(field, value.as_str());
            }
            if let Some(alias) = being.alias {
                let alias = being.id * 2 + alias;
                record = record
                    .with("alias_name", format!("Alias {alias}"))
                    .with("alias_login", format!("al{alias}"))
                    .with("alias_mail", format!("alias.{alias}"));
            }
            record = flagged(
                record,
                being,
                name,
                !has("school/1430") || !has("hr/all") || name == "hr/all",
            );
            instance.records.push(record);
        }
        for stay in &being.stays {
            let mut record = Record::new(stay.kind, &stay.id);
            for (field, value) in stay.open.iter().chain(&stay.place) {
                record = record.with(field, value.as_str());
            }
            if stay.instance == "hr/all" {
                hr.records.push(record);
            } else {
                school.records.push(record);
            }
        }
        registered(being, &mut register);
        if let Some(fields) = &being.by_hand {
            let number = being.personal["number"].as_str();
            let mut record =
                Record::new("person", &format!("O{}", being.id)).with("number", number);
            for (field, value) in fields {
                record = record.with(field, value.as_str());
            }
            by_hand.records.push(record);
        }
    }
    Snapshot::new([hr, school, register, by_hand])
}

/// What the register says of somebody, if anything.
fn registered(being: &Being, register: &mut SourceInstance) {
    let Some(other) = being.register else { return };
    let number = &being.personal["number"];
    let name = if other.is_empty() {
        &being.personal["surname"]
    } else {
        other
    };
    let mut record = Record::new("register", number)
        .with("number", number.as_str())
        .with("given_names", being.personal["given_name"].as_str())
        .with("surname", name);
    if let Some(municipality) = being.personal.get("municipality") {
        record = record.with("municipality", municipality.as_str());
    }
    let record = flagged(record, being, "register/se", false);
    let at = |record: &Record, field: &str| {
        let address = being.personal.get(field);
        let record = record.clone();
        address.map_or(record.clone(), |address| {
            record.with("address_1", address.as_str())
        })
    };
    register.records.push(at(&record, "address_1"));
    if being.twice {
        register.records.push(at(&record, AGAIN));
    }
    if being.personal.contains_key(ODD) {
        register.set_aside.extend(set_aside(number, register.as_of));
    }
}

/// The number of somebody, as it is spelled.
fn spelled(being: &Being) -> String {
    let number = &being.personal["number"];
    if being.personal.contains_key(SPELLING) && number.len() == 12 {
        format!("{}-{}", &number[2..8], &number[8..])
    } else {
        number.clone()
    }
}

/// What a reader says of a record of the register that holds something else than texts.
fn set_aside(number: &str, as_of: NaiveDate) -> Findings {
    let text = format!(
        r#"{{"instances": [{{"source": "register", "instance": "se", "promise": "complete", "as_of": "{as_of}", "records": [
            {{"kind": "register", "id": "{number}", "fields": {{"city": {{"name": "odd"}}}}}}
        ]}}]}}"#
    );
    let mut read = Snapshot::from_json(&text).unwrap().instances;
    read.remove(0).set_aside
}

/// The flags that an instance says, with those that no record of another instance says.
fn flagged(mut record: Record, being: &Being, instance: &str, first: bool) -> Record {
    let names = ["confidentiality_marking", "protected_registration"];
    for (name, flag) in names.into_iter().zip(being.flags) {
        let Some((by, text)) = flag else { continue };
        let elsewhere = (by == "register/se" && being.register.is_some())
            || being.stays.iter().any(|stay| stay.instance == by);
        if by == instance || (first && !elsewhere) {
            record = record.with(name, text);
        }
    }
    record
}
