//! The tax agency's open test numbers, and the lists that the libraries for personal numbers share.

use chrono::Datelike;
use chrono::NaiveDate;
use folkform::identity::IdentityError;
use folkform::identity::IdentityNumber;
use folkform::identity::NumberKind;
use folkform::identity::Sex;
use serde_json::Value;

use super::json;

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn parse(text: &str) -> Result<IdentityNumber, IdentityError> {
    IdentityNumber::parse(text, on())
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap())
        .collect()
}

/// The ten-digit spelling: `+` from the year on in which the person turns 100.
fn short(number: &str) -> String {
    let born: i32 = number[..4].parse().unwrap();
    let sign = if born + 100 <= on().year() { '+' } else { '-' };
    format!("{}{sign}{}", &number[2..8], &number[8..])
}

/// Reads every number in all its spellings; gives how many have a birth date.
fn all_read(numbers: &[&str], kind: NumberKind) -> usize {
    let mut dated = 0;
    for number in numbers {
        let (date, tail) = number.split_at(8);
        for spelling in [
            (*number).to_string(),
            format!("{date}-{tail}"),
            format!("{date}+{tail}"),
            short(number),
        ] {
            let read = parse(&spelling).unwrap_or_else(|error| panic!("{spelling}: {error}"));
            assert_eq!(read.canonical(), *number, "{spelling}");
            assert_eq!(read.kind(), kind);
        }
        let read = parse(number).unwrap();
        let odd = number.as_bytes()[10] % 2 == 1;
        assert_eq!(read.sex(), Some(if odd { Sex::Male } else { Sex::Female }));
        if let Some(born) = read.birth_date() {
            assert_eq!(born.format("%Y%m").to_string(), number[..6]);
            dated += 1;
        }
    }
    dated
}

/// What became of numbers with one digit changed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Changed {
    refused: usize,
    /// Another century of the same number: the check digit does not cover it, so that this is another number.
    another: usize,
}

/// Changes every digit of every number into every other one. One of the ten digits that the check digit covers is always
/// refused, in both spellings; of the two others a change is a number only where its century can be.
fn one_digit_changed(numbers: &[&str]) -> Changed {
    let mut changed = Changed::default();
    for number in numbers {
        for place in 0..12 {
            for digit in (b'0'..=b'9').filter(|digit| *digit != number.as_bytes()[place]) {
                let mut wrong = number.as_bytes().to_vec();
                wrong[place] = digit;
                let wrong = String::from_utf8(wrong).unwrap();
                match parse(&wrong) {
                    Err(_) => changed.refused += 1,
                    Ok(read) => {
                        assert_eq!(place, 1, "{wrong} of {number}");
                        assert!(matches!(&wrong[..2], "18" | "19" | "20"), "{wrong}");
                        assert_ne!(read, parse(number).unwrap());
                        changed.another += 1;
                    }
                }
                if place > 1 {
                    assert!(parse(&short(&wrong)).is_err(), "{wrong}");
                }
            }
        }
    }
    changed
}

#[test]
fn every_official_personal_number_is_read() {
    let Some(list) = json("identity/skatteverket-testpersonnummer.json") else {
        return;
    };
    let numbers = texts(&list);
    assert_eq!(numbers.len(), 41_493);
    assert_eq!(
        all_read(&numbers, NumberKind::PersonalNumber),
        numbers.len()
    );
    let changed = one_digit_changed(&numbers);
    assert_eq!(changed.refused + changed.another, numbers.len() * 12 * 9);
    println!(
        "{} personal numbers read in 4 spellings; of {} with one digit changed {} are refused, {} are the same of another century",
        numbers.len(),
        numbers.len() * 12 * 9,
        changed.refused,
        changed.another
    );
}

#[test]
fn every_official_coordination_number_is_read() {
    let Some(list) = json("identity/allCoords.json") else {
        return;
    };
    let numbers = texts(&list);
    assert_eq!(numbers.len(), 2_264);
    let dated = all_read(&numbers, NumberKind::CoordinationNumber);
    assert_eq!(numbers.len() - dated, 194);
    let changed = one_digit_changed(&numbers);
    println!(
        "{} coordination numbers read in 4 spellings, {} without a birth date; of {} with one digit changed {} are refused, {} are \
         the same of another century",
        numbers.len(),
        numbers.len() - dated,
        numbers.len() * 12 * 9,
        changed.refused,
        changed.another
    );
}

/// Holds a shared list against the reader; gives how many spellings it has.
fn agrees(list: &Value) -> usize {
    let mut spellings = 0;
    for case in list.as_array().unwrap() {
        let valid = case["valid"].as_bool().unwrap();
        for name in [
            "integer",
            "long_format",
            "short_format",
            "separated_format",
            "separated_long",
        ] {
            let text = match &case[name] {
                // Numbers with a letter have no integer, and the lists say 0.
                Value::Number(number) if number.as_u64() == Some(0) => continue,
                Value::Number(number) => number.to_string(),
                Value::String(text) => text.clone(),
                _ => continue,
            };
            let read = parse(&text);
            assert_eq!(read.is_ok(), valid, "{name} of {case}");
            if let (Ok(read), Some(male)) = (read, case["isMale"].as_bool()) {
                assert_eq!(read.sex() == Some(Sex::Male), male, "{name} of {case}");
                let coordination = read.kind() == NumberKind::CoordinationNumber;
                assert_eq!(coordination, case["type"] == "con");
            }
            spellings += 1;
        }
    }
    spellings
}

#[test]
fn the_shared_lists_agree() {
    for name in ["list", "interim", "orgnumber"] {
        if let Some(list) = json(&format!("identity/{name}.json")) {
            let n_cases = list.as_array().unwrap().len();
            println!(
                "{name}.json: {n_cases} cases, {} spellings agree",
                agrees(&list)
            );
        }
    }
    let Some(structured) = json("identity/structured.json") else {
        return;
    };
    let mut spellings = 0;
    for kinds in structured.as_object().unwrap().values() {
        for by_validity in kinds.as_object().unwrap().values() {
            for (valid, texts) in by_validity.as_object().unwrap() {
                for text in texts.as_array().unwrap() {
                    let text = text.as_str().map_or_else(|| text.to_string(), String::from);
                    assert_eq!(parse(&text).is_ok(), valid == "valid", "{text}");
                    spellings += 1;
                }
            }
        }
    }
    println!("structured.json: {spellings} spellings agree");
}

#[test]
fn the_vectors_of_other_kinds_are_read() {
    let Some(vectors) = json("identity/interim-and-reserve-vectors.json") else {
        return;
    };
    let kinds = [
        ("ladok_interim_valid", Some(NumberKind::InterimNumber)),
        ("ladok_interim_invalid", None),
        ("school_tf", Some(NumberKind::TF)),
        (
            "national_reserve_nrid_valid",
            Some(NumberKind::NationalReserveNumber),
        ),
    ];
    for (name, kind) in kinds {
        let list = texts(&vectors[name]);
        for text in &list {
            let read = parse(text).map(|number| number.kind()).ok();
            assert_eq!(read, kind, "{text}");
        }
        println!("{name}: {} agree", list.len());
    }
}
