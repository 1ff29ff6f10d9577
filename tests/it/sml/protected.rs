//! Protected persons: what they get, and that nothing of them stands in an open document.

use std::sync::LazyLock;

use folkform::directory::AccountKey;
use folkform::plan::StepKind;

use super::TALE;
use super::actual;
use super::attribute;
use super::class_lists;
use super::documents;
use super::employee;
use super::files::Day;
use super::is_member;
use super::known_as;
use super::names;
use super::report;
use super::run;
use super::steps;
use super::story;
use super::wanted;
use crate::privacy::forms;

#[test]
fn a_protected_teacher_is_shown_by_an_alias_and_keeps_her_share() {
    let run = &TALE.run;
    let teacher = employee(run, "40198");
    assert_eq!(
        teacher,
        known_as(
            run,
            "procapita/1430",
            "e96e66e9-481b-573d-a3e3-96056c09e9ca"
        )
    );
    assert_eq!(
        names(run, teacher, "staff"),
        ("p7k2m4", "alex.norrsken@sml.se")
    );
    let account = wanted(run, teacher, "staff").unwrap();
    assert_eq!(attribute(account, "displayName"), Some("Alex Norrsken"));
    assert_eq!(
        account.container.set().unwrap().to_string(),
        "OU=Staff,OU=SML,DC=sml,DC=test"
    );
    assert!(account.sealed && account.clear_others);
    assert_eq!(account.hidden.set(), Some(&true));
    assert!(is_member(run, "unit:sg-1430-granback", teacher, "staff"));
    assert!(!is_member(run, "teachers:sg-teachers", teacher, "staff"));
    let actual = actual(teacher, "staff");
    // A marking withholds who she is, and not where she works.
    for personal in ["givenName", "sn", "employeeNumber"] {
        assert!(!actual.attributes.contains_key(personal), "{personal}");
    }
    assert_eq!(attribute(account, "department"), Some("Granbäckskolan"));
}

#[test]
fn of_a_protected_teacher_there_is_a_task_for_the_officer_and_no_message() {
    let run = &TALE.run;
    let teacher = employee(run, "40198");
    let desired = run.outcome.desired().notices.iter();
    let notices: Vec<_> = desired
        .filter(|notice| notice.account.person == teacher)
        .collect();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].task && notices[0].to.is_none());
    assert_eq!(steps(run, StepKind::Notice, teacher, "staff").len(), 1);
}

#[test]
fn a_pupil_with_a_marking_has_an_account_by_alias_and_stands_in_no_list() {
    let run = &TALE.run;
    let pupil = known_as(
        run,
        "procapita/1430",
        "549a4837-3b4a-5a36-88f1-bfe9b8d93649",
    );
    assert_eq!(
        names(run, pupil, "pupil"),
        ("q3h8t5", "kim.vintergata@elev.sml.se")
    );
    let account = wanted(run, pupil, "pupil").unwrap();
    assert_eq!(attribute(account, "displayName"), Some("Kim Vintergata"));
    assert!(account.sealed);
    let key = AccountKey::new(pupil, "pupil");
    let mut groups = run.outcome.desired().groups.values();
    assert!(groups.all(|group| !group.members.contains_key(&key)));
    assert!(class_lists(run, pupil).is_empty());
}

#[test]
fn a_pupil_with_a_protected_registration_is_nowhere() {
    let run = &TALE.run;
    let pupil = known_as(run, "extens/1484", "5385c08e-b184-50d4-b5bb-8418606d1c1e");
    let desired = run.outcome.desired();
    assert!(desired.accounts.keys().all(|key| key.person != pupil));
    assert!(
        run.plan
            .steps()
            .iter()
            .all(|step| !step.object.contains(&pupil.to_string()))
    );
    assert!(
        desired
            .groups
            .keys()
            .all(|key| !key.value.contains("hallebro"))
    );
    let class = "e04ad322-32e1-5910-9c7f-cb857ded012c";
    assert!(
        desired
            .class_lists
            .keys()
            .all(|key| !key.group.contains(class))
    );
}

/// What the sources hold of the three: names, numbers, record ids, and the school and class where there is nobody else.
const WITHHELD: [&str; 26] = [
    "Ingegärd",
    "Rönnlöv",
    "198008182381",
    "19800818-2381",
    "8008182381",
    "800818-2381",
    "1980-08-18",
    "c54bbff7-f444-5c8a-8009-20ddc9bb4345",
    "e96e66e9-481b-573d-a3e3-96056c09e9ca",
    "Tindra",
    "Vasslund",
    "201505082386",
    "20150508-2386",
    "150508-2386",
    "2015-05-08",
    "549a4837-3b4a-5a36-88f1-bfe9b8d93649",
    "Ellinor",
    "Kvarnhage",
    "201505182384",
    "20150518-2384",
    "150518-2384",
    "5385c08e-b184-50d4-b5bb-8418606d1c1e",
    "Hällebro",
    "1484-hallebro",
    "99148404",
    "e04ad322-32e1-5910-9c7f-cb857ded012c",
];

/// Lines that go on in the next one, made whole.
fn unfolded(ldif: &str) -> String {
    ldif.replace("\r\n", "\n").replace("\n ", "")
}

/// All forms of what is withheld, in small letters.
static FORMS: LazyLock<Vec<(&str, Vec<String>)>> = LazyLock::new(|| {
    let lower = |value| {
        forms(value)
            .iter()
            .map(|form| form.to_lowercase())
            .collect()
    };
    WITHHELD
        .into_iter()
        .map(|value| (value, lower(value)))
        .collect()
});

fn leaks(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase();
    FORMS
        .iter()
        .filter(|(_, forms)| forms.iter().any(|form| lower.contains(form.as_str())))
        .map(|(value, _)| *value)
        .collect()
}

#[test]
fn no_open_document_holds_a_value_of_a_protected_person() {
    let rollover = run(&TALE.after, Day::Rollover, story::ROLLOVER);
    let empty = super::with_rules(str::to_owned);
    let from_empty = run(&empty, Day::Ordinary, story::ORDINARY);
    for run in [&TALE.pilot, &TALE.run, &rollover, &from_empty] {
        let ldif = unfolded(&documents::ldif(run).unwrap());
        for (name, text) in [
            ("the plan", run.plan.to_json()),
            ("the findings", documents::findings(run)),
            ("the report", report::report(run)),
            ("the LDIF", ldif),
            (
                "what debugging shows",
                format!("{:?} {:?} {:?}", run.outcome, run.plan, run.snapshot),
            ),
        ] {
            let found = leaks(&text);
            assert!(
                found.is_empty(),
                "{name} of {} holds {found:?}",
                run.plan.as_of()
            );
        }
    }
}

#[test]
fn the_search_for_leaks_finds_one() {
    for text in [
        "sn: Rönnlöv",
        "login ingron, mail ingegard.ronnlov@munkedal.se",
        "sg-pupils-1484-HALLEBRO",
        "sn:: UsO2bm5sw7Z2",
        "sn:: eFLDtm5ubMO2dg==",
        "sn:: eHhSw7ZubmzDtnY=",
        "R\\u00f6nnl\\u00f6v",
    ] {
        assert!(!leaks(text).is_empty(), "{text}");
    }
    assert!(leaks("Alex Norrsken, p7k2m4, 1430-granback").is_empty());
    // The annex is sealed, and is where such a value belongs.
    assert!(!leaks(&TALE.run.outcome.population().len().to_string()).contains(&"Tindra"));
}

#[test]
fn no_protected_person_had_an_account_before_so_that_the_ldif_may_stand_outside() {
    let before = TALE.run.before.anchored_accounts();
    assert!(
        before
            .keys()
            .all(|key| !TALE.run.outcome.is_sealed(key.person))
    );
}
