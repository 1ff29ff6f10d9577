//! Pupils: schools, classes, changes of school and of number.

use folkform::directory::AccountKey;
use folkform::plan::StepKind;

use super::TALE;
use super::attribute;
use super::class_lists;
use super::is_member;
use super::known_as;
use super::later;
use super::names;
use super::steps;
use super::wanted;

#[test]
fn a_pupil_at_two_schools_has_one_account_and_stands_in_one_class_list() {
    let run = &TALE.run;
    let doris = known_as(run, "extens/1484", "e311f7f3-1ab2-5c40-866c-8e2beeb227aa");
    names(run, doris, "pupil");
    assert_eq!(
        class_lists(run, doris),
        ["class:extens/1484:375fdc98-2602-5b78-989d-facdae416b5f"]
    );
    assert!(is_member(
        run,
        "school:sg-pupils-1484-vidden",
        doris,
        "pupil"
    ));
    assert!(is_member(
        run,
        "school:sg-pupils-1484-graklipp",
        doris,
        "pupil"
    ));
}

#[test]
fn a_pupil_who_changes_municipality_is_one_person_at_both_schools_while_they_overlap() {
    let run = &TALE.run;
    let otto = known_as(
        run,
        "procapita/1430",
        "7eed4e91-02cc-5d4d-9b0e-b2435d8c0df1",
    );
    assert_eq!(
        otto,
        known_as(run, "extens/1427", "a4975c22-a863-542e-bb29-d6f0aec5f3d0")
    );
    names(run, otto, "pupil");
    let (old, new) = (
        "school:sg-pupils-1430-tallmo",
        "school:sg-pupils-1427-havskam",
    );
    assert!(is_member(run, old, otto, "pupil") && is_member(run, new, otto, "pupil"));
    let last = later(2026, 11, 29);
    assert!(is_member(&last, old, otto, "pupil") && is_member(&last, new, otto, "pupil"));
    let after = later(2026, 11, 30);
    assert!(!is_member(&after, old, otto, "pupil") && is_member(&after, new, otto, "pupil"));
    assert_eq!(names(&after, otto, "pupil"), names(run, otto, "pupil"));
}

#[test]
fn a_temporary_number_that_becomes_a_personal_number_changes_no_account() {
    let record = "ea4ed969-2c4a-5b44-b941-5fcaefce13b4";
    let run = &TALE.run;
    let tyra = known_as(run, "procapita/1430", record);
    assert_eq!(tyra, known_as(&TALE.pilot, "procapita/1430", record));
    assert_eq!(names(run, tyra, "pupil"), names(&TALE.pilot, tyra, "pupil"));
    assert_eq!(
        steps(&TALE.pilot, StepKind::CreateAccount, tyra, "pupil").len(),
        1
    );
    assert!(steps(run, StepKind::CreateAccount, tyra, "pupil").is_empty());
    assert!(steps(run, StepKind::DeleteAccount, tyra, "pupil").is_empty());
    assert!(steps(run, StepKind::Disable, tyra, "pupil").is_empty());
    let ledger: serde_json::Value =
        serde_json::from_str(&TALE.after.ledger.to_sealed_json()).unwrap();
    let numbers = &ledger["persons"][tyra.to_string()]["numbers"];
    let numbers: Vec<&str> = numbers
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["number"].as_str().unwrap())
        .collect();
    assert!(
        numbers.contains(&"201410312381"),
        "the history has the number"
    );
    assert!(
        numbers.iter().any(|number| number.contains("20141031TF02")),
        "and the one before"
    );
}

#[test]
fn equal_temporary_numbers_in_two_municipalities_are_two_persons() {
    let run = &TALE.run;
    let ture = known_as(
        run,
        "procapita/1430",
        "0c61e062-67c6-5d56-a648-4c9aff261c2b",
    );
    let tage = known_as(run, "extens/1484", "207067bd-568e-5bd0-baeb-8abc7c6ada7d");
    assert_ne!(ture, tage);
    assert_eq!(names(run, ture, "pupil").0, "turtal");
    assert_eq!(names(run, tage, "pupil").0, "taghav");
}

#[test]
fn a_name_in_arabic_script_gives_ascii_names_and_is_shown_as_it_is_written() {
    let run = &TALE.run;
    let person = known_as(run, "extens/1484", "79e985c9-eee4-5885-ba70-58c0846f0715");
    let (login, mail) = names(run, person, "pupil");
    assert!(login.is_ascii() && !login.is_empty(), "{login}");
    assert!(
        mail.is_ascii() && mail.ends_with("@elev.lysekil.se"),
        "{mail}"
    );
    let shown = attribute(wanted(run, person, "pupil").unwrap(), "displayName").unwrap();
    assert!(shown.contains("ليان") && shown.contains("البحر"));
}

#[test]
fn a_name_of_eighty_letters_fits_the_directory_and_is_shown_whole() {
    let run = &TALE.run;
    let person = known_as(run, "extens/1427", "0aca3d55-1709-5b69-830f-348f8d3d7238");
    let (login, mail) = names(run, person, "pupil");
    assert!(login.chars().count() <= 20, "{login}");
    assert!(mail.split('@').next().unwrap().len() <= 64, "{mail}");
    let shown = attribute(wanted(run, person, "pupil").unwrap(), "displayName").unwrap();
    assert!(shown.chars().count() > 80 && shown.ends_with(" Långström"));
    let account = super::actual(person, "pupil");
    let name = account.dn.rdn().unwrap().value().to_owned();
    assert!(name.chars().count() <= 64, "{name}");
}

#[test]
fn a_cancelled_enrolment_gives_no_account() {
    let run = &TALE.run;
    let inez = known_as(run, "extens/1427", "e6fc065b-1d17-531d-bcb7-f8580ac474f0");
    assert!(wanted(run, inez, "pupil").is_none());
    let object = AccountKey::new(inez, "pupil").to_string();
    assert!(run.plan.steps().iter().all(|step| step.object != object));
}
