//! The identity numbers that the layer is tested with: official test numbers, published samples of other kinds, and what
//! is refused.
//!
//! Only for tests. Every personal and coordination number here is one of the tax agency's open test numbers, or one of
//! them made wrong in one place.
#![allow(clippy::string_slice, reason = "test numbers are ASCII")]

extern crate std;

use std::format;
use std::string::String;

use chrono::NaiveDate;

use super::error::IdentityError;
use super::kind::NumberKind;
use super::kind::Sex;
use super::number::IdentityNumber;

const F: Sex = Sex::Female;
const M: Sex = Sex::Male;

const PERSONAL: [(&str, Sex); 28] = [
    ("200904292398", M),
    ("201005202385", F),
    ("201301072383", F),
    ("201109282390", M),
    ("201804012399", M),
    ("201306232396", M),
    ("200812132389", F),
    ("199902102384", F),
    ("200205162399", M),
    ("198601112389", F),
    ("198509292390", M),
    ("197908202398", M),
    ("200307252395", M),
    ("202002292387", F),
    ("200802292383", F),
    ("200002292381", F),
    ("198802292394", M),
    ("190011029816", M),
    ("190110259801", F),
    ("190905069803", F),
    ("189108059818", M),
    ("189905129806", F),
    ("189304109813", M),
    ("200904142387", F),
    ("200904142395", M),
    ("196909092394", M),
    ("196909099290", M),
    ("195001182046", F),
];

type Born = Option<(i32, u32, u32)>;

/// With the birth date, where there is one.
const COORDINATION: [(&str, Sex, Born); 16] = [
    ("197006622398", M, Some((1970, 6, 2))),
    ("200606872380", F, Some((2006, 6, 27))),
    ("202309782387", F, Some((2023, 9, 18))),
    ("191603872381", F, Some((1916, 3, 27))),
    ("202312852391", M, Some((2023, 12, 25))),
    ("193400652388", F, None),
    ("194300912385", F, None),
    ("191500882392", M, None),
    ("196402602392", M, None),
    ("192001602396", M, None),
    ("198000602394", M, None),
    ("193100602394", M, None),
    ("192004912388", F, None),
    ("201302892383", F, None),
    ("201902892387", F, None),
    ("194209912387", F, None),
];

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn parse(text: &str) -> Result<IdentityNumber, IdentityError> {
    IdentityNumber::parse(text, on())
}

/// All spellings of a number that leave no doubt in 2026.
fn spellings(number: &str) -> [String; 5] {
    let (date, tail) = number.split_at(8);
    let short = &date[2..];
    let sign = if number < "1927" { '+' } else { '-' };
    [
        String::from(number),
        format!("{date}-{tail}"),
        format!("{date}+{tail}"),
        format!("{short}{sign}{tail}"),
        format!("  {short}{sign}{tail}\n"),
    ]
}

#[test]
fn official_personal_numbers_in_every_spelling() {
    for (number, sex) in PERSONAL {
        for spelling in spellings(number) {
            let read = parse(&spelling).unwrap();
            assert_eq!(read.canonical(), number);
            assert_eq!(read.kind(), NumberKind::PersonalNumber);
            assert_eq!(read.sex(), Some(sex));
            let date = read.birth_date().unwrap().format("%Y%m%d");
            assert_eq!(format!("{date}"), number[..8]);
            assert!(read.check_valid() && read.is_qualified());
        }
    }
}

#[test]
fn official_coordination_numbers_in_every_spelling() {
    for (number, sex, born) in COORDINATION {
        for spelling in spellings(number) {
            let read = parse(&spelling).unwrap();
            assert_eq!(read.canonical(), number);
            assert_eq!(read.kind(), NumberKind::CoordinationNumber);
            assert_eq!(read.sex(), Some(sex));
            let born = born.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
            assert_eq!(read.birth_date(), born);
        }
    }
}

#[test]
fn a_stated_kind_decides_between_kinds_that_are_written_alike_and_nothing_else() {
    let read = |text: &str, stated| {
        IdentityNumber::parse_stated(text, on(), Some("1480"), Some(stated)).unwrap()
    };
    let immunity = read("990210-2384", NumberKind::ImmunityNumber);
    assert_eq!(immunity.kind(), NumberKind::ImmunityNumber);
    assert_eq!(immunity.sex(), Some(F));
    assert!(immunity.birth_date().is_some() && immunity.is_qualified());
    // Who does not state it means the same number.
    assert_eq!(immunity, parse("199902102384").unwrap());
    let local = read("20000101K220", NumberKind::LocalReserveNumber);
    assert_eq!(local.kind(), NumberKind::LocalReserveNumber);
    assert_eq!(local.sex(), None);
    assert_eq!(
        local,
        IdentityNumber::parse_issued("20000101-K220", on(), Some("1480")).unwrap()
    );
    for (text, stated, kind) in [
        (
            "197006622398",
            NumberKind::ImmunityNumber,
            NumberKind::CoordinationNumber,
        ),
        ("199902102384", NumberKind::TF, NumberKind::PersonalNumber),
        ("20130107TF01", NumberKind::PersonalNumber, NumberKind::TF),
        ("20000101T220", NumberKind::TF, NumberKind::InterimNumber),
        (
            "22950606FH20",
            NumberKind::LocalReserveNumber,
            NumberKind::NationalReserveNumber,
        ),
    ] {
        assert_eq!(read(text, stated).kind(), kind, "{text}");
    }
}

#[test]
fn one_wrong_digit_is_refused() {
    let coordination = COORDINATION.iter().map(|(number, ..)| *number);
    for number in PERSONAL
        .iter()
        .map(|(number, _)| *number)
        .chain(coordination)
    {
        // The check digit does not cover the century: of its digits, only the first has no other good value.
        for place in (0..12).filter(|place| *place != 1) {
            for digit in '0'..='9' {
                let mut wrong: String = number.into();
                wrong.replace_range(place..=place, digit.encode_utf8(&mut [0; 4]));
                if wrong == number {
                    continue;
                }
                assert!(parse(&wrong).is_err());
                let short = &wrong[2..];
                assert_eq!(parse(short).is_err(), place > 1);
            }
        }
    }
}

#[test]
fn interim_numbers_of_every_series() {
    for letter in "TRSUWXJKLMN".chars() {
        for spelling in [
            format!("20000101{letter}220"),
            format!("20000101-{letter}220"),
            format!("000101-{letter}220"),
            format!("000101{}220", letter.to_ascii_lowercase()),
        ] {
            let read = parse(&spelling).unwrap();
            assert_eq!(read.canonical(), format!("20000101{letter}220"));
            assert_eq!(read.kind(), NumberKind::InterimNumber);
            assert_eq!(read.birth_date(), NaiveDate::from_ymd_opt(2000, 1, 1));
            assert_eq!(read.sex(), Some(F));
            assert!(read.check_valid());
        }
    }
    let report = parse("20000101-T123").unwrap();
    assert_eq!(report.kind(), NumberKind::InterimNumber);
    assert_eq!(report.sex(), Some(F));
    assert!(!report.check_valid());
}

#[test]
fn letters_of_no_series_need_an_issuer() {
    for text in ["20000101E221", "20000101P220"] {
        assert_eq!(parse(text), Err(IdentityError::UnknownSeries));
        let local = IdentityNumber::parse_issued(text, on(), Some("14")).unwrap();
        assert_eq!(local.kind(), NumberKind::LocalReserveNumber);
        assert_eq!((local.sex(), local.issuer()), (None, Some("14")));
    }
}

#[test]
fn temporary_numbers_belong_to_their_municipality() {
    for (text, canonical) in [
        ("20130101TF01", "20130101TF01"),
        ("20130101-tf01", "20130101TF01"),
        ("130101-TF01", "20130101TF01"),
        ("19140728-TF26", "19140728TF26"),
        ("20130101AB01", "20130101AB01"),
    ] {
        let read = |issuer| IdentityNumber::parse_issued(text, on(), issuer).unwrap();
        let here = read(Some(" 1430 "));
        assert_eq!(
            (here.canonical().as_str(), here.kind()),
            (canonical, NumberKind::TF)
        );
        assert_eq!((here.issuer(), here.sex()), (Some("1430"), None));
        assert!(here.birth_date().is_some());
        assert_eq!(here, read(Some("1430")));
        assert_ne!(here, read(Some("1484")));
        assert_ne!(here, read(None));
        assert!(here.is_qualified() && !read(Some("")).is_qualified());
    }
    // A number of the register is the same whoever hands it on.
    let read = |issuer| IdentityNumber::parse_issued("199902102384", on(), issuer).unwrap();
    assert_eq!(read(Some("1430")), read(Some("1484")));
    assert_eq!(read(Some("1430")).issuer(), None);
}

#[test]
fn national_reserve_numbers() {
    for (text, born, sex) in [
        ("22950606FH20", Some((1995, 6, 6)), Some(F)),
        ("25780404KHD5", Some((1978, 4, 4)), None),
        ("00342145BZ31", None, Some(M)),
        ("00749852BZK0", None, None),
        ("98240301AA06", Some((2024, 3, 1)), Some(F)),
        ("22791109JF40", Some((1979, 11, 9)), Some(F)),
        ("00917250SRC1", None, None),
    ] {
        let read = parse(text).unwrap();
        assert_eq!(read.kind(), NumberKind::NationalReserveNumber);
        assert_eq!(read.canonical(), text);
        let born = born.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        assert_eq!((read.birth_date(), read.sex()), (born, sex));
        let last = if text.ends_with('9') { '8' } else { '9' };
        let wrong = format!("{}{last}", &text[..11]);
        assert_eq!(parse(&wrong), Err(IdentityError::CheckDigit));
    }
    assert_eq!(parse("22950606IH20"), Err(IdentityError::UnknownSeries));
    assert_eq!(parse("22951306FH20"), Err(IdentityError::NoSuchDate));
    assert_eq!(parse("17950606FH20"), Err(IdentityError::Century));
}

#[test]
fn each_refusal_has_its_own_reason() {
    for (text, reason) in [
        ("", IdentityError::Empty),
        (" \t ", IdentityError::Empty),
        ("１９９９０２１０２３８４", IdentityError::Character),
        ("990210–2384", IdentityError::Character),
        ("19990210\u{0}2384", IdentityError::Character),
        ("19990210 2384", IdentityError::Separator),
        ("990210 2384", IdentityError::Separator),
        ("1999-02-10-2384", IdentityError::Separator),
        ("199902-102384", IdentityError::Separator),
        ("0", IdentityError::Length),
        ("19990210238", IdentityError::Length),
        ("1999021023841", IdentityError::Length),
        ("TF9902102384", IdentityError::Shape),
        ("199902102T84", IdentityError::Shape),
        ("199902102TFX", IdentityError::Shape),
        ("990210-AB01", IdentityError::Shape),
        ("992110-2384", IdentityError::OrganisationNumber),
        ("169921102384", IdentityError::OrganisationNumber),
        ("179902102384", IdentityError::Century),
        ("219902102384", IdentityError::Century),
        ("199913102384", IdentityError::NoSuchDate),
        ("199902302384", IdentityError::NoSuchDate),
        ("20130230TF01", IdentityError::NoSuchDate),
        ("197013622398", IdentityError::NoSuchDate),
        ("197006922398", IdentityError::NoSuchDate),
        ("209902102384", IdentityError::FutureDate),
        ("20261224TF01", IdentityError::FutureDate),
        ("261224-TF01", IdentityError::CenturyUnclear),
        ("199902100000", IdentityError::BirthNumber),
        ("199902102385", IdentityError::CheckDigit),
        ("197006622399", IdentityError::CheckDigit),
        ("20000101E221", IdentityError::UnknownSeries),
    ] {
        assert_eq!(parse(text), Err(reason), "{}", reason.code());
        let shown = format!("{reason} {reason:?}");
        assert!(text.trim().len() < 2 || !shown.contains(text));
    }
}

#[test]
fn the_year_rule_turns_on_new_year() {
    let read = |text: &str, year, month, day| {
        let on = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        IdentityNumber::parse(text, on).map(|number| number.canonical())
    };
    let own = |text: &str| Ok(String::from(text));
    // Born 1909-05-06: `+` from the first day of 2009 on, whatever the birthday.
    assert_eq!(read("090506-9803", 2008, 12, 31), own("190905069803"));
    assert_eq!(read("090506+9803", 2009, 1, 1), own("190905069803"));
    // Before the birthday of the year itself `-` fits nobody, and is not guessed.
    assert_eq!(
        read("090506-9803", 2009, 5, 5),
        Err(IdentityError::CenturyUnclear)
    );
    assert_eq!(read("090506-9803", 2009, 5, 6), own("200905069803"));
    assert_eq!(read("0905069803", 2026, 1, 1), own("200905069803"));
    assert_eq!(read("910805+9818", 2026, 1, 1), own("189108059818"));
    // 29 February exists in 2000 and not in 1900.
    assert_eq!(
        read("000229+2381", 2026, 1, 1),
        Err(IdentityError::NoSuchDate)
    );
    // A coordination number without a date has only its year.
    assert_eq!(read("130289-2383", 2013, 1, 1), own("201302892383"));
    assert_eq!(
        read("201302892383", 2012, 12, 31),
        Err(IdentityError::FutureDate)
    );
    assert_eq!(read("201302892383", 2013, 1, 1), own("201302892383"));
    for year in [-262_000, 0, 262_000] {
        assert_eq!(read("990210-2384", year, 1, 1), Err(IdentityError::Century));
    }
}

#[test]
fn nothing_shows_a_number() {
    let number = IdentityNumber::parse_issued("20130101TF01", on(), Some("1430")).unwrap();
    let shown = format!("{number} {number:?} {number:#?}");
    assert_eq!(
        shown,
        "school temporary number IdentityNumber(TF) IdentityNumber(TF)"
    );
}
