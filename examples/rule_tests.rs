//! Tests for rules: a few persons, one day, and what must come of it. A check that does not hold ends the program with the
//! rule, its line and the affiliation that decided.
//!
//! In a project of one's own each of these functions is a `#[test]`. Names and numbers are invented or official test numbers.
#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use folkform::Ruleset;
use folkform::plan::StepKind;
use folkform::testing::Scenario;

/// The rules that are tried.
const RULES: &str = include_str!("sml/rules.toml");

/// What holds of everybody in the municipalities, and of whom it brings along.
type Check = fn(&Scenario);

fn main() {
    let rules = match Ruleset::from_toml(RULES) {
        Ok(rules) => rules,
        Err(problems) => {
            println!("{problems}");
            std::process::exit(1);
        }
    };
    let checks: [(&str, Check); 8] = [
        (
            "a new teacher gets an account, groups, a licence and a mailbox",
            a_new_teacher,
        ),
        ("an account comes fourteen days before the first day", lead),
        (
            "what the last employment gave ends the day after it",
            the_last_day,
        ),
        (
            "a new employer gives a new address, and the old one stays",
            a_new_employer,
        ),
        (
            "whoever the register does not know is held",
            unknown_to_the_register,
        ),
        ("two of one name get two logins", one_name_twice),
        (
            "a pupil is on the list of the class, a protected pupil is not",
            class_list,
        ),
        (
            "a protected teacher works under the alias",
            protected_teacher,
        ),
    ];
    let scenario = municipalities(&rules);
    for (name, check) in checks {
        check(&scenario);
        println!("holds: {name}");
    }
}

/// Units that all checks share.
fn municipalities(rules: &Ruleset) -> Scenario {
    Scenario::new(rules)
        .on("2026-11-23")
        .unit("1430-skola", |unit| {
            unit.name("Skolförvaltningen").municipality("1430")
        })
        .unit("1430-granback", |unit| {
            unit.name("Granbäckskolan")
                .municipality("1430")
                .parent("1430-skola")
        })
        .unit("1484-fyren", |unit| unit.name("Fyren").municipality("1484"))
        .person("head", |person| {
            person
                .number("197705152390")
                .given_name("Dag")
                .surname("Dubbelskog")
                .verified()
                .employment(|job| {
                    job.employer("1430")
                        .unit("1430-skola")
                        .form("permanent")
                        .title("Rektor")
                        .from("2020-01-01")
                })
        })
}

fn a_new_teacher(scenario: &Scenario) {
    let checked = scenario
        .clone()
        .person("anna", |person| {
            person
                .number("198412022389")
                .given_name("Anna")
                .surname("Berg")
                .verified()
                .employment(|job| {
                    job.employer("1430")
                        .unit("1430-granback")
                        .form("permanent")
                        .title("Lärare")
                        .extent(1000)
                        .hiring_manager("head")
                        .from("2026-11-01")
                })
                .duty(|duty| {
                    duty.unit("1430-granback")
                        .role("Lärare")
                        .part_of("1")
                        .from("2026-11-01")
                })
        })
        .run();
    checked
        .account("anna", "staff")
        .is_enabled()
        .has("login", "annber")
        .has("mail", "anna.berg@munkedal.se")
        .has("department", "Granbäckskolan")
        .has("mailbox", "remote")
        .in_group("unit", "sg-1430-granback")
        .in_group("teachers", "sg-teachers")
        .in_no_group("school-leadership")
        .has_licence("staff-a3");
    checked
        .account("head", "staff")
        .in_group("school-leadership", "sg-school-leadership");
    checked
        .plan()
        .has_step(StepKind::CreateAccount, "anna")
        .has_notice("welcome", "anna")
        .has_no_step(StepKind::Disable, "anna");
}

fn lead(scenario: &Scenario) {
    let scenario = scenario.clone().person("nova", |person| {
        person
            .number("199609082384")
            .given_name("Nova")
            .surname("Ny")
            .verified()
            .employment(|job| {
                job.employer("1430")
                    .unit("1430-granback")
                    .form("permanent")
                    .from("2026-12-15")
            })
    });
    scenario
        .clone()
        .on("2026-11-30")
        .run()
        .account("nova", "staff")
        .does_not_exist();
    let checked = scenario.on("2026-12-01").run();
    checked
        .account("nova", "staff")
        .is_enabled()
        .in_no_group("unit");
}

fn the_last_day(scenario: &Scenario) {
    let checked = scenario
        .clone()
        .person("henrik", |person| {
            person
                .number("197907142397")
                .given_name("Henrik")
                .surname("Halv")
                .verified()
                .employment(|job| {
                    job.employer("1430")
                        .unit("1430-granback")
                        .form("permanent")
                        .from("2020-01-01")
                        .to("2026-11-30")
                })
        })
        .on("2026-11-30")
        .run();
    checked
        .account("henrik", "staff")
        .is_enabled()
        .in_group("unit", "sg-1430-granback");
    let checked = checked.carry_out().on("2026-12-01").run();
    checked
        .account("henrik", "staff")
        .is_enabled()
        .in_no_group("unit");
    let checked = checked.carry_out().on("2026-12-08").run();
    checked.account("henrik", "staff").is_disabled();
    checked.plan().has_step(StepKind::Disable, "henrik");
}

fn a_new_employer(scenario: &Scenario) {
    let checked = scenario
        .clone()
        .person("flora", |person| {
            person
                .number("198808132388")
                .given_name("Flora")
                .surname("Flytt")
                .verified()
                .employment(|job| {
                    job.employer("1430")
                        .unit("1430-granback")
                        .form("permanent")
                        .main()
                        .from("2020-01-01")
                })
        })
        .run();
    checked
        .account("flora", "staff")
        .has("mail", "flora.flytt@munkedal.se");
    let checked = checked
        .carry_out()
        .change("flora", |person| {
            person
                .employment_named("1", |job| job.to("2026-12-31"))
                .employment(|job| {
                    job.employer("1484")
                        .unit("1484-fyren")
                        .form("permanent")
                        .main()
                        .from("2027-01-01")
                })
        })
        .on("2027-01-20")
        .run();
    checked
        .account("flora", "staff")
        .has("login", "flofly")
        .has("mail", "flora.flytt@lysekil.se")
        .has_alias("flora.flytt@munkedal.se")
        .has("container", "OU=Lysekil,OU=SML,DC=sml,DC=test");
    checked
        .plan()
        .has_step(StepKind::ChangeMail, "flora")
        .has_no_step(StepKind::RenameLogin, "flora");
}

fn unknown_to_the_register(scenario: &Scenario) {
    let checked = scenario
        .clone()
        .person("olle", |person| {
            person
                .number("198604102395")
                .given_name("Olle")
                .surname("Okänd")
                .unknown_to_register()
                .employment(|job| {
                    job.employer("1430")
                        .unit("1430-granback")
                        .form("permanent")
                        .from("2026-01-01")
                })
        })
        .run();
    checked.account("olle", "staff").is_held().does_not_exist();
    checked.plan().leaves_alone("olle");
}

fn one_name_twice(scenario: &Scenario) {
    let mut scenario = scenario.clone();
    for (name, number) in [("one", "199309212380"), ("other", "199003302388")] {
        scenario = scenario.person(name, |person| {
            person
                .number(number)
                .given_name("Lika")
                .surname("Namn")
                .verified()
                .employment(|job| {
                    job.employer("1484")
                        .unit("1484-fyren")
                        .form("permanent")
                        .from("2026-11-23")
                })
        });
    }
    let checked = scenario.run();
    for name in ["one", "other"] {
        checked
            .account(name, "staff")
            .is_enabled()
            .has("displayName", "Lika Namn");
    }
    checked
        .group("unit", "sg-1484-fyren")
        .has_members(&["one", "other"]);
    // Once given out, names stay with their holders.
    checked.carry_out().on("2026-11-24").run().plan().is_empty();
}

fn class_list(scenario: &Scenario) {
    let pupil =
        |scenario: Scenario, name: &str, number: &str, given_name: &str, protected: bool| {
            scenario.person(name, |person| {
                let person = person
                    .number(number)
                    .given_name(given_name)
                    .surname("Skog")
                    .verified()
                    .enrolment(|school| {
                        school
                            .unit("1430-granback")
                            .school_type("GR")
                            .school_year(5)
                            .from("2026-08-17")
                            .to("2027-06-11")
                    })
                    .membership(|class| {
                        class
                            .group("5B")
                            .role("pupil")
                            .from("2026-08-17")
                            .to("2027-06-11")
                    });
                if protected { person.marking() } else { person }
            })
        };
    let scenario = scenario.clone().school_group("5B", |class| {
        class
            .group_type("Klass")
            .unit("1430-granback")
            .school_year(5)
    });
    let scenario = pupil(scenario, "tyra", "201410312381", "Tyra", false);
    let scenario = pupil(scenario, "tindra", "201505082386", "Tindra", true);
    let checked = scenario.run();
    checked
        .account("tyra", "pupil")
        .is_enabled()
        .in_group("school", "sg-pupils-1430-granback")
        .on_class_list("class", "5B");
    checked
        .account("tindra", "pupil")
        .is_enabled()
        .is_hidden()
        .in_no_group("school")
        .not_on_class_list("class", "5B");
}

fn protected_teacher(scenario: &Scenario) {
    let checked = scenario
        .clone()
        .person("ingegärd", |person| {
            person
                .number("198008182381")
                .given_name("Ingegärd")
                .surname("Rönn")
                .verified()
                .marking()
                .alias("Alex Norrsken", "p7k2m4", "alex.norrsken")
                .employment(|job| {
                    job.employer("1430")
                        .unit("1430-granback")
                        .form("permanent")
                        .from("2020-01-01")
                })
        })
        .run();
    checked
        .account("ingegärd", "staff")
        .is_enabled()
        .is_hidden()
        .has("login", "p7k2m4")
        .has("mail", "alex.norrsken@sml.se")
        .has("displayName", "Alex Norrsken")
        .has_no("sn")
        .has_no("givenName")
        .in_group("unit", "sg-1430-granback");
}
