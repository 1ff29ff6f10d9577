//! The `sml` example: that each of its situations comes out right, by key on the plan, the findings or the desired state.
//!
//! The loading and the story are those of the example program itself.

#[path = "../../examples/sml/documents.rs"]
#[expect(dead_code, reason = "tests write nothing")]
mod documents;
#[path = "../../examples/sml/files.rs"]
mod files;
#[path = "../../examples/sml/report.rs"]
mod report;
#[path = "../../examples/sml/sources.rs"]
mod sources;
#[path = "../../examples/sml/story.rs"]
#[expect(dead_code, reason = "the pilot is run step by step here")]
mod story;

mod bad_data;
mod directory;
mod order;
mod protected;
mod pupils;
mod staff;
mod work;

use std::sync::LazyLock;

use chrono::NaiveDate;
use folkform::base::PersonKey;
use folkform::directory::Account;
use folkform::directory::AccountKey;
use folkform::directory::AccountState;
use folkform::directory::DesiredAccount;
use folkform::directory::GroupKey;
use folkform::directory::Opinion;
use folkform::plan::Step;
use folkform::plan::StepKind;

use files::Day;
use files::Files;
use story::Run;
use story::World;

/// The pilot, the ordinary run, and what is after it.
struct Tale {
    pilot: Run,
    run: Run,
    after: World,
}

/// The story up to the ordinary run, which is carried out.
static TALE: LazyLock<Tale> = LazyLock::new(|| {
    let mut world = World::first().unwrap_or_else(|stop| panic!("{stop}"));
    let pilot = run(&world, Day::Pilot, story::PILOT);
    assert!(world.carry_out(&pilot));
    let run = run(&world, Day::Ordinary, story::ORDINARY);
    assert!(world.carry_out(&run));
    Tale {
        pilot,
        run,
        after: world,
    }
});

/// A run over the files of a day.
fn run(world: &World, day: Day, as_of: NaiveDate) -> Run {
    let files = Files::of(day).unwrap_or_else(|fault| panic!("{fault}"));
    world
        .run(&files, as_of)
        .unwrap_or_else(|stop| panic!("{stop}"))
}

/// A run over the ordinary files on a later day, after the ordinary run.
fn later(year: i32, month: u32, day: u32) -> Run {
    run(&TALE.after, Day::Ordinary, date(year, month, day))
}

/// The rules of the example with more after them, on an empty directory.
fn with_rules(change: impl Fn(&str) -> String) -> World {
    let rules = change(&files::text("rules.toml").unwrap());
    World::empty(&rules).unwrap_or_else(|stop| panic!("{stop}"))
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The person of a row of Heroma.
fn employee(run: &Run, number: &str) -> PersonKey {
    person(run, "heroma/sml", "employment", number)
}

/// The person of a person record of a school system.
fn known_as(run: &Run, instance: &str, id: &str) -> PersonKey {
    person(run, instance, "person", id)
}

fn person(run: &Run, instance: &str, kind: &str, id: &str) -> PersonKey {
    run.outcome
        .person_of_record(instance, kind, id)
        .unwrap_or_else(|| panic!("nobody has {kind} {id} of {instance}"))
}

/// What is wanted of an account.
fn wanted<'a>(run: &'a Run, person: PersonKey, rule: &str) -> Option<&'a DesiredAccount> {
    let key = AccountKey::new(person, rule);
    run.outcome.desired().accounts.get(&key)
}

/// An account that is wanted and enabled: its login and its address.
fn names<'a>(run: &'a Run, person: PersonKey, rule: &str) -> (&'a str, &'a str) {
    let account = wanted(run, person, rule).unwrap_or_else(|| panic!("no {rule} account"));
    assert_eq!(account.state, Opinion::Set(AccountState::Enabled));
    (
        account.login.set().expect("a login"),
        account.mail.set().expect("an address"),
    )
}

/// The one value of an attribute that is wanted.
fn attribute<'a>(account: &'a DesiredAccount, name: &str) -> Option<&'a str> {
    account
        .attributes
        .get(name)?
        .set()?
        .first()
        .map(|text| &**text)
}

/// Whether an account is wanted in a group.
fn is_member(run: &Run, group: &str, person: PersonKey, account: &str) -> bool {
    let key: GroupKey = group.parse().expect("a group key");
    let groups = &run.outcome.desired().groups;
    groups.get(&key).is_some_and(|group| {
        let member = group.members.get(&AccountKey::new(person, account));
        member == Some(&Opinion::Set(()))
    })
}

/// The class lists in which an account has a row.
fn class_lists(run: &Run, person: PersonKey) -> Vec<String> {
    let account = AccountKey::new(person, "pupil");
    let lists = run.outcome.desired().class_lists.iter();
    lists
        .filter(|(_, list)| list.rows.contains_key(&account))
        .map(|(key, _)| key.to_string())
        .collect()
}

/// The steps of a kind on an object.
fn steps<'a>(run: &'a Run, kind: StepKind, person: PersonKey, rule: &str) -> Vec<&'a Step> {
    let object = AccountKey::new(person, rule).to_string();
    let steps = run.plan.steps().iter();
    steps
        .filter(|step| step.kind == kind && step.object == object)
        .collect()
}

/// The codes of the findings whose subject shows as this, each with its field.
fn findings<'a>(run: &'a Run, subject: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let findings = run.outcome.findings().iter();
    findings
        .filter(|finding| finding.subject.to_string() == subject)
        .map(|finding| (finding.code.name, finding.field.as_deref()))
        .collect()
}

/// An account of the directory as it stands after the ordinary run.
fn actual(person: PersonKey, rule: &str) -> &'static Account {
    let key = AccountKey::new(person, rule);
    let accounts = TALE.after.directory.anchored_accounts();
    accounts.get(&key).copied().expect("an account of ours")
}

#[test]
fn nothing_in_the_rules_is_probably_not_meant() {
    let warnings = TALE.after.warnings();
    assert!(warnings.is_empty(), "{warnings}");
}
