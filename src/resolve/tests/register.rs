//! The population register: verdicts, what follows from them, references, and whom to ask about.

use super::*;
use crate::diagnostic::OpenText;
use crate::model::Verdict;
use crate::resolve::LookupCause;
use crate::resolve::codes;

fn post(number: &str, given: &str, surname: &str) -> Record {
    Record::new("register", number)
        .with("given_names", given)
        .with("surname", surname)
}

fn navet(records: Vec<Record>) -> SourceInstance {
    let mut instance = source("navet/sml");
    instance.records = records;
    instance
}

fn alma(number: &str) -> SourceInstance {
    source("heroma/sml")
        .municipality("1430")
        .record(person("a", number, "Alma", "Alm"))
}

fn ruled(extra: &str) -> Case {
    Case::with_rules(&alloc::format!("{RULES}\n{extra}\n"))
}

fn verdict(outcome: &Outcome) -> (Verdict, Option<NaiveDate>, bool) {
    let person = outcome
        .resolution
        .population
        .person(outcome.person("heroma/sml:person:a"));
    (
        person.verdict,
        person.stopped_from("staff"),
        person.is_held("staff"),
    )
}

#[test]
fn six_verdicts() {
    let run = |number: &str, records: Vec<Record>| {
        Case::new().give(alma(number)).give(navet(records)).run()
    };
    let verified = run(ALMA, alloc::vec![post(ALMA, "Alma Eva", "alm")]);
    assert_eq!(verdict(&verified), (Verdict::Verified, None, false));
    let row = crate::base::RowKey::row(verified.person("heroma/sml:person:a"));
    assert_eq!(
        verified
            .text(RecordKind::Register, row, "verdict")
            .as_deref(),
        Some("Verified")
    );
    assert_eq!(
        verified
            .text(RecordKind::Register, row, "verified")
            .as_deref(),
        Some("true")
    );

    let conflicting = run(ALMA, alloc::vec![post(ALMA, "Alma", "Ek")]);
    assert_eq!(verdict(&conflicting).0, Verdict::Conflicting);
    assert!(conflicting.has(&codes::REGISTER_CONFLICT));
    assert_eq!(
        verdict(&run(
            ALMA,
            alloc::vec![post(ALMA, "Alma", "Alm").with("birth_date", "1999-02-00")]
        ))
        .0,
        Verdict::Verified
    );

    let unknown = run(ALMA, alloc::vec![post(BODIL, "Bodil", "Ek")]);
    assert_eq!(verdict(&unknown).0, Verdict::NotFound);
    assert!(unknown.resolution.lookups.is_empty());
    assert_eq!(
        verdict(&run(TF, alloc::vec![post(BODIL, "Bodil", "Ek")])).0,
        Verdict::NotAsked
    );

    let not_asked = Case::new().give(alma(ALMA)).run();
    assert_eq!(verdict(&not_asked).0, Verdict::NotAsked);
    assert_eq!(
        not_asked.resolution.lookups[0].cause(),
        LookupCause::NotAsked
    );
    assert_eq!(not_asked.resolution.lookups[0].number(), ALMA);

    let mut partial = navet(alloc::vec![post(BODIL, "Bodil", "Ek")]);
    partial.promise = Promise::Partial;
    assert_eq!(
        verdict(&Case::new().give(alma(ALMA)).give(partial).run()).0,
        Verdict::NotAsked
    );
}

#[test]
fn an_answer_grows_old() {
    let mut old = navet(alloc::vec![post(ALMA, "Alma", "Alm")]);
    old.as_of = day("2026-10-24");
    let rules = "[register]\nmax_age = \"30d\"";
    let fresh = ruled(rules).give(alma(ALMA)).give(old.clone()).run();
    assert_eq!(verdict(&fresh).0, Verdict::Verified);
    assert_eq!(fresh.horizon.recheck_on(), Some(day("2026-11-24")));
    let stale = ruled(rules)
        .on("2026-11-24")
        .give(alma(ALMA))
        .give(old)
        .run();
    assert_eq!(verdict(&stale).0, Verdict::Stale);
    assert_eq!(stale.resolution.lookups[0].cause(), LookupCause::Stale);
}

#[test]
fn only_a_stated_cause_stops_anybody_and_rules_have_the_last_word() {
    let gone = |cause: &str| {
        navet(alloc::vec![
            post(ALMA, "Alma", "Alm")
                .with("deregistration_cause", cause)
                .with("deregistration_date", "2026-11-20")
        ])
    };
    let by_default = |cause: &str| verdict(&Case::new().give(alma(ALMA)).give(gone(cause)).run());
    assert_eq!(
        by_default("AV"),
        (Verdict::Deregistered, Some(day("2026-11-20")), false)
    );
    for (cause, held) in [
        ("UV", false),
        ("OB", false),
        ("AN", false),
        ("GN", false),
        ("TA", true),
        ("AS", true),
        ("FI", true),
    ] {
        assert_eq!(
            by_default(cause),
            (Verdict::Deregistered, None, held),
            "{cause}"
        );
    }
    let ruled = ruled("[register.cause]\nAV = \"hold\"\nUV = \"disable\"\nTA = \"ignore\"");
    let rules_say = |cause: &str| {
        let case = Case {
            rules: ruled.rules.clone(),
            ..Case::new()
        };
        verdict(&case.give(alma(ALMA)).give(gone(cause)).run())
    };
    assert_eq!(rules_say("AV"), (Verdict::Deregistered, None, true));
    assert_eq!(
        rules_say("UV"),
        (Verdict::Deregistered, Some(day("2026-11-20")), false)
    );
    assert_eq!(rules_say("TA"), (Verdict::Deregistered, None, false));
}

#[test]
fn a_cause_may_lead_to_other_things_for_other_populations() {
    let case = ruled(
        "[account.staff]\ncovers = { employment = 'true' }\ncontainer = '\"OU=X\"'\nname.login.local = ['person.key']\nname.login.unique = [\"login\"]\n\
         [account.pupil]\ncovers = { enrolment = 'true' }\ncontainer = '\"OU=X\"'\nname.login.local = ['person.key']\nname.login.unique = [\"login\"]\n\
         [namespace.login]\n\
         [protection]\nmarking = { account = \"exclude\" }\nregistration = { account = \"exclude\" }\n\
         [register.cause]\nUV = { pupil = \"ignore\", default = \"disable\" }\nunknown = \"hold\"\nTA = { pupil = \"disable\" }",
    );
    let gone = |cause: &str| {
        navet(alloc::vec![
            post(ALMA, "Alma", "Alm")
                .with("deregistration_cause", cause)
                .with("deregistration_date", "2026-11-20")
        ])
    };
    let says = |cause: &str| {
        let case = Case {
            rules: case.rules.clone(),
            ..Case::new()
        };
        let outcome = case.give(alma(ALMA)).give(gone(cause)).run();
        let row = outcome.person("heroma/sml:person:a");
        let person = outcome.resolution.population.person(row);
        ["staff", "pupil"].map(|population| {
            (
                person.stopped_from(population).is_some(),
                person.is_held(population),
            )
        })
    };
    assert_eq!(says("UV"), [(true, false), (false, false)]);
    assert_eq!(says("ZZ"), [(false, true), (false, true)]);
    // For staff the cause leads to what it does by itself.
    assert_eq!(says("TA"), [(false, true), (true, false)]);
    let wrong = Ruleset::from_toml(&alloc::format!(
        "{RULES}\n[register.cause]\nAV = {{ pupils = \"hold\" }}\n"
    ));
    let text = alloc::format!("{}", wrong.unwrap_err());
    assert!(text.contains("unknown population `pupils`"), "{text}");
}

#[test]
fn rules_may_hold_a_number_that_gave_way() {
    let register = || {
        navet(alloc::vec![
            post("197006622398", "Alma", "Alm")
                .with("deregistration_cause", "GS")
                .with("reference_numbers", ALMA),
            post(ALMA, "Alma", "Alm").with("reference_numbers", "197006622398"),
        ])
    };
    let run = |rules: &str| {
        let outcome = ruled(rules)
            .give(alma("197006622398"))
            .give(register())
            .run();
        let row = outcome.person("heroma/sml:person:a");
        outcome.number(row, "text")
    };
    assert_eq!(run("").as_deref(), Some(ALMA));
    let rule = |word: &str| alloc::format!("[register.cause]\nGS = \"{word}\"");
    assert_eq!(run(&rule("relink")).as_deref(), Some(ALMA));
    assert_eq!(run(&rule("hold")).as_deref(), Some("197006622398"));
}

#[test]
fn a_conflict_says_which_fields() {
    let told = |record: Record| {
        let alma = person("a", ALMA, "Alma", "Alm").with("birth_date", "1999-02-10");
        let outcome = Case::new()
            .give(source("heroma/sml").record(alma.with("sex", "female")))
            .give(navet(alloc::vec![record]))
            .run();
        let found = outcome.findings(&codes::REGISTER_CONFLICT);
        let fields = found.iter().map(|finding| finding.field.clone().unwrap());
        fields.collect::<Vec<OpenText>>()
    };
    assert_eq!(
        told(post(ALMA, "Eva", "Ek").with("birth_date", "1999-02-11")),
        ["birth_date", "given_name", "surname"]
    );
    assert!(told(post(ALMA, "Alma", "Alm").with("sex", "K")).is_empty());
    assert_eq!(told(post(ALMA, "Alma", "Alm").with("sex", "male")), ["sex"]);
}

#[test]
fn a_school_that_says_deceased_counts_where_the_register_is_silent() {
    let dead =
        source("heroma/sml").record(person("a", ALMA, "Alma", "Alm").with("status", "Deceased"));
    let silent = Case::new().give(dead.clone()).run();
    assert_eq!(
        verdict(&silent),
        (Verdict::NotAsked, Some(day("2026-11-23")), false)
    );
    let known = Case::new()
        .give(dead)
        .give(navet(alloc::vec![post(ALMA, "Alma", "Alm")]))
        .run();
    assert_eq!(verdict(&known), (Verdict::Verified, None, false));
    assert!(known.has(&codes::DEREGISTERED));
}

#[test]
fn mutual_references_with_one_active_link_and_one_sided_ones_propose() {
    let old = || {
        post(ALMA, "Alma", "Alm")
            .with("reference_number", BODIL)
            .with("deregistration_cause", "GN")
    };
    let new = || post(BODIL, "Alma", "Alm");
    let school = || source("school/a").record(person("x", BODIL, "Alma", "Alm"));
    let mutual = Case::new()
        .give(alma(ALMA))
        .give(school())
        .give(navet(alloc::vec![
            old(),
            new().with("reference_number", ALMA)
        ]))
        .run();
    assert_eq!(mutual.n_persons(), 1);
    let row = mutual.person("heroma/sml:person:a");
    assert_eq!(
        mutual.number(row, "text").as_deref(),
        Some(BODIL),
        "the active one is the main number"
    );
    assert_eq!(verdict(&mutual).0, Verdict::Verified);

    let alone = Case::new()
        .give(alma(ALMA))
        .give(navet(alloc::vec![
            old(),
            new().with("reference_number", ALMA)
        ]))
        .run();
    assert_eq!(
        alone.number(row, "text").as_deref(),
        Some(BODIL),
        "also when no source carries it yet"
    );

    let one_sided = Case::new()
        .give(alma(ALMA))
        .give(school())
        .give(navet(alloc::vec![old(), new()]))
        .run();
    assert_eq!(one_sided.n_persons(), 2);
    assert!(one_sided.has(&codes::LINK_PROPOSED));

    let both_active = navet(alloc::vec![
        post(ALMA, "Alma", "Alm").with("reference_number", BODIL),
        new().with("reference_number", ALMA)
    ]);
    let held = Case::new()
        .give(alma(ALMA))
        .give(school())
        .give(both_active)
        .run();
    assert_eq!(held.n_persons(), 2);
    assert!(held.has(&codes::LINK_HELD));

    let asked = Case::new()
        .give(alma(ALMA))
        .give(navet(alloc::vec![old()]))
        .run();
    assert_eq!(asked.resolution.lookups[0].cause(), LookupCause::Reference);
    assert_eq!(asked.resolution.lookups[0].number(), BODIL);
}
