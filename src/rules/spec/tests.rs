//! Whole files: one that uses every key, one with many mistakes; the same rules as TOML and as JSON.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;

use super::CauseEffect;
use super::Days;
use super::FieldClass;
use super::GuardEffect;
use super::Ids;
use super::Numbering;
use super::Ownership;
use super::PolicyKind;
use super::RulesetSpec;
use super::Share;
use super::Word;
use crate::base::Limits;
use crate::base::Path;
use crate::diagnostic::Problems;

const EVERYTHING: &str = r#"
language = 1
name = "SML"

[table.employer]
"1430" = { name = "Munkedals kommun", size = 12, own = true }

[field.employment.benefit_group]
type = "string"
class = "place"
[field.employment.employer]
table = "employer"

[protection.marking]
account = "alias"
group = "omit"
licence = { policy = "include", because = "tells nothing more", review = 2027-01-31 }
class_list = "omit"
notice = { policy = "task", officer = 'employment.unit.head' }
[protection.registration]
account = "exclude"
name = "alias"
attribute = "omit"
mailbox = "omit"

[source.heroma]
ids = "reused"
ends = "exclusive"
override = true
gives = ["employment"]
require = { max_age = "3d", min_share_of_last = "90.5%" }
absent = { hold = "3d", then = "keep" }
municipality = "1430"
[source.heroma.map.employment]
number = 'record.PERSNR'
start = 'date(record.FROM)'
[source.register]
require = {}

[merge]
given_name = ["register", "heroma"]

[register]
max_age = "30d"
[register.cause]
AV = "disable"
UV = "hold"

[account.staff]
population = "employees"
covers = { employment = 'employment.form != "hourly"' }
lead = "2w"
grace = { by = "employment.form", substitute = "30d", default = "7d" }
bridge = "1m"
retain = "180d"
min_disabled = "90d"
require = { at = "create", that = 'register.verified' }
primary = [{ by = 'employment.main', descending = true }, { by = 'employment.extent' }]
settle = "14d"
container = 'primary.employer.ou'
adopt = ['current.employeeNumber == person.number']
was = ["employee"]
hide = 'true'
[account.staff.disabled]
container = '"OU=Disabled"'
hide = true
[account.staff.name.login]
local = ['fold(person.given_name)', 'fold(person.surname)']
number = { from = 2, width = 3 }
unique = ["login"]
reserve = "10y"
longest = 20
[account.staff.name.mail]
local = ['fold(person.given_name)']
domain = 'primary.employer.domain'
unique = ["address"]
follow = ["surname", "given_name", "employer", "number", "unit"]
alias = "2y"
[account.staff.set]
displayName = 'person.given_name'
mobile = { value = 'person.phone', own = "initial" }
[account.staff.protected]
container = '"OU=Staff"'
others = "keep"
name.login = { local = ['alias.login'], number = {} }
name.mail = { local = ['alias.mail'], domain = '"sml.se"' }
set.displayName = 'alias.name'

[namespace.login]
holds = ["account.*.login"]
reserved = ["admin"]
[namespace.address]

[group.unit]
account = "staff"
each = "employment"
key = 'employment.unit.code'
when = 'true'
name = '"sg-" + key'
container = '"OU=Groups"'
minus = ["a"]
union = ["b"]
intersect = ["c"]
nested = ["d"]
window = "enabled"
membership = "ours"
hidden = true
description = '"Members of a unit"'
protected = { policy = "include", because = "members are hidden" }
keep_empty = "30d"
[group.both]
union = ["unit"]

[licence.staff-a3]
account = "staff"
sku = "M365EDU_A3_FACULTY"
when = 'true'
each = "employment"
exclusive = { set = "m365", over = "person", priority = 10 }
seats = 1200
window = "enabled"
protected = "omit"

[mailbox.exchange]
account = "staff"
when = 'true'
kind = "on-premises"
protected = "omit"

[class_list.class]
account = "pupil"
each = "enrolment"
when = 'true'
show = { login = 'account.pupil.login' }
window = "enabled"
protected = "omit"
[class_list.plain]
account = "pupil"

[notice.welcome]
on = "account.created"
account = "staff"
each = "employment"
when = 'true'
to = ['employment.manager']
fields = { login = 'account.staff.login' }
needs = ["first-credential"]
protected = { policy = "task", officer = 'employment.unit.head' }

[guard.disable]
most = 25
share = "5%"
min_base = 30
per = "7d"
effect = "all"
season = { from = "08-01", to = "08-31", most = 400, share = "40%" }

[lint]
allow = [{ code = "R510", at = "group.unit.when", because = "one of few" }]
"#;

/// Loads without a problem.
fn load(text: &str) -> RulesetSpec {
    let decoded = RulesetSpec::from_toml(text, &Limits::default());
    assert!(decoded.problems.is_empty(), "{:?}", decoded.problems);
    decoded.spec.unwrap()
}

fn load_json(json: &serde_json::Value) -> RulesetSpec {
    let decoded = RulesetSpec::from_json(&json.to_string(), &Limits::default());
    assert!(decoded.problems.is_empty(), "{:?}", decoded.problems);
    decoded.spec.unwrap()
}

/// All that a spec holds, except places.
pub(super) fn without_places(spec: &RulesetSpec) -> String {
    let place = regex::Regex::new(r"place: Path\(\[[^\]]*\]\)").unwrap();
    place.replace_all(&format!("{spec:?}"), "").into_owned()
}

fn problems(text: &str) -> String {
    let decoded = RulesetSpec::from_toml(text, &Limits::default());
    let mut problems = Problems::default();
    problems.extend(decoded.problems);
    problems.finish(
        None,
        |place| decoded.file.bytes(place),
        |offset| decoded.file.position(offset),
        100,
    );
    format!("{problems}\n")
}

#[test]
fn what_is_encoded_decodes_to_the_same() {
    let spec = load(EVERYTHING);
    let json = spec.to_json();
    let again = load_json(&json);
    assert_eq!(without_places(&spec), without_places(&again));
    assert_eq!(json, again.to_json());
    // What is written in its shortest form has the same places as well.
    assert_eq!(again, load_json(&again.to_json()));
    let least = serde_json::json!({ "language": 1, "name": "least" });
    assert_eq!(load_json(&least).to_json(), least);
}

/// Rules that a program built have no places, and what they say must not hang on them.
#[test]
fn what_was_built_without_places_survives_as_well() {
    let mut built = load(EVERYTHING);
    let mut account = built.accounts["staff"].clone();
    account.place = Path::root();
    account.population.place = Path::root();
    let mut list = built.class_lists["class"].clone();
    list.place = Path::root();
    list.each.place = Path::root();
    built.accounts.insert(String::from("staff"), account);
    built.class_lists.insert(String::from("class"), list);
    let again = load_json(&built.to_json());
    assert_eq!(without_places(&built), without_places(&again));
}

/// Wherever a file breaks off, it is read without a panic, and every problem has a line.
#[test]
fn a_file_that_breaks_off_anywhere() {
    for end in (0..EVERYTHING.len()).step_by(3) {
        let text = EVERYTHING.get(..end).unwrap();
        let decoded = RulesetSpec::from_toml(text, &Limits::default());
        for problem in &decoded.problems {
            assert!(decoded.file.locate(&problem.place).is_some());
        }
        if decoded.problems.is_empty() {
            let spec = decoded.spec.unwrap();
            assert_eq!(
                without_places(&spec),
                without_places(&load_json(&spec.to_json()))
            );
        }
    }
}

/// TOML and JSON with the same tree give the same rules, places included.
#[test]
fn json_and_toml_give_the_same() {
    let value: toml::Value = toml::from_str(EVERYTHING).unwrap();
    let mut json = serde_json::to_value(&value).unwrap();
    // JSON has no dates.
    *json
        .pointer_mut("/protection/marking/licence/review")
        .unwrap() = serde_json::Value::from("2027-01-31");
    assert_eq!(load(EVERYTHING), load_json(&json));
}

#[test]
fn everything_is_read_as_it_is_written() {
    let spec = load(EVERYTHING);
    let staff = &spec.accounts["staff"];
    assert_eq!(staff.population.text, "employees");
    assert_eq!(staff.lead.as_ref().unwrap().default, Days(14));
    let grace = staff.grace.as_ref().unwrap();
    assert_eq!(grace.by.as_ref().unwrap().text, "employment.form");
    assert_eq!(
        (grace.default, grace.values["substitute"]),
        (Days(7), Days(30))
    );
    assert_eq!(grace.values.len(), 1);
    let login = &staff.names["login"];
    assert_eq!(login.number, Some(Numbering { from: 2, width: 3 }));
    assert_eq!(login.reserve, Some(Days(3_650)));
    assert_eq!(staff.names["mail"].follow.len(), 5);
    assert_eq!(staff.set["mobile"].own, Ownership::Initial);
    assert_eq!(staff.set["displayName"].own, Ownership::Always);
    let protected = staff.protected.as_ref().unwrap();
    assert_eq!(
        protected.names["login"].number,
        Some(Numbering { from: 1, width: 1 })
    );
    assert_eq!(protected.set["displayName"].text, "alias.name");
    assert_eq!(
        format!("{}", protected.set["displayName"].place),
        "account.staff.protected.set.displayName"
    );
    let heroma = &spec.sources["heroma"];
    assert_eq!((heroma.ids, heroma.overrides), (Ids::Reused, true));
    assert_eq!(
        heroma.require.as_ref().unwrap().min_share_of_last,
        Some(Share(905))
    );
    assert_eq!(spec.register.causes["UV"].effect, Some(CauseEffect::Hold));
    assert_eq!(spec.class_lists["plain"].each.text, "membership");
    assert_eq!(
        spec.fields["employment"]["employer"].class,
        FieldClass::Personal
    );
    let licence = &spec.protection.marking[&super::OutputKind::Licence];
    assert_eq!(licence.kind, PolicyKind::Include);
    assert_eq!(format!("{:?}", licence.review), "Some(2027-01-31)");
    let guard = &spec.guards["disable"];
    assert_eq!((guard.most, guard.effect), (Some(25), GuardEffect::All));
    assert_eq!(format!("{}", guard.season.as_ref().unwrap().to), "08-31");
    assert_eq!(
        load("language = 1\nname = 'x'\n[account.staff]\n").accounts["staff"]
            .population
            .text,
        "staff"
    );
}

#[test]
fn every_mistake_at_once_with_its_place() {
    let found = problems(
        r#"
langage = 1
name = 7
[field.employment.a]
class = "secret"
[field.employment.b]
type = "string"
table = "employer"
[protection.marking]
account = "hide"
group = "include"
licence = { policy = "omit", officer = 'x' }
mailbox = "task"
acount = "omit"
[source.heroma]
ids = "stabel"
require = { max_age = "3 days", min_share_of_last = "150%" }
absent = { then = "end" }
[merge]
surname = ["a", "b", "a"]
number = []
[account.staff]
lead = 14
grace = { by = 'x', hourly = "1x" }
retain = "101y"
primary = ['x', { descending = true }]
bridge = ["14d"]
[account.staff.name.login]
local = []
longest = 0
follow = ["surnam", "unit", "unit"]
number = { width = 2.5 }
[account.staff.name.mail]
[account.staff.set]
title = { valu = 'x', own = "allways" }
[licence.a]
seats = -1
[notice.n]
on = "account.create"
account = "staff"
to = 'x'
[guard.disable]
per = "7d"
season = { from = "02-30", to = "8-1", most = 1 }
[group]
unit = "x"
[colour]
"#,
    );
    let expected = include_str!("mistakes.txt");
    assert_eq!(found, expected, "{found}");
}

#[test]
fn a_problem_in_one_place_loses_nothing_elsewhere() {
    let text = EVERYTHING.replace("priority = 10", "priority = 'x'");
    let decoded = RulesetSpec::from_toml(&text, &Limits::default());
    assert_eq!(decoded.problems.len(), 1);
    let licence = &decoded.spec.unwrap().licences["staff-a3"];
    assert!(licence.exclusive.is_none());
    assert_eq!(licence.seats, Some(1_200));
}

#[test]
fn null_is_as_if_the_key_were_not_there() {
    let spec = load_json(&serde_json::json!({
        "language": 1, "name": "x", "group": { "g": { "when": null } }, "guard": null,
    }));
    assert!(spec.groups["g"].when.is_none());
    let decoded = RulesetSpec::from_json(r#"{ "language": 1, "name": null }"#, &Limits::default());
    assert_eq!(
        decoded.problems.first().unwrap().message,
        "missing key `name`"
    );
    assert!(
        RulesetSpec::from_json("[]", &Limits::default())
            .spec
            .is_none()
    );
}

#[test]
fn an_unknown_version_of_the_language_is_a_problem() {
    assert_eq!(
        problems("language = 2\nname = 'x'\n"),
        "1:12: R115 unknown version of the rule language\n  at language\n  help: write `language = 1`\n"
    );
}

#[test]
fn words_are_told_apart_and_lead_back() {
    fn check<W: Word + core::fmt::Debug>() {
        let words: BTreeSet<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
        assert_eq!(words.len(), W::ALL.len());
        for (word, value) in W::ALL {
            assert_eq!(W::from_word(word), Some(*value));
            assert_eq!(value.word(), *word);
        }
    }
    check::<super::OutputKind>();
    check::<PolicyKind>();
    check::<super::FollowReason>();
    check::<super::NoticeEvent>();
}
