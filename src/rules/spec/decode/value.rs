//! Readers of the small values: texts, expressions, durations, shares, words, policies.
//!
//! Each gives nothing where it has reported a problem.

use alloc::string::String;

use chrono::NaiveDate;

use super::Decoder;
use super::Fields;
use crate::base::Path;
use crate::rules::spec::file::node::Node;
use crate::rules::spec::file::node::Value;
use crate::rules::spec::messages;
use crate::rules::spec::shape::Shape;
use crate::rules::spec::value::Cell;
use crate::rules::spec::value::Days;
use crate::rules::spec::value::Expression;
use crate::rules::spec::value::MonthDay;
use crate::rules::spec::value::Named;
use crate::rules::spec::value::OwnPolicy;
use crate::rules::spec::value::Policy;
use crate::rules::spec::value::PolicyKind;
use crate::rules::spec::value::ReplacingByFlag;
use crate::rules::spec::value::Scalar;
use crate::rules::spec::value::Share;
use crate::rules::spec::value::Timed;
use crate::rules::spec::word::Word;

/// The longest duration: a hundred years.
const MOST_DAYS: i64 = 36_500;

/// A year that has every day of every month.
const LEAP_YEAR: i32 = 2000;

pub(super) fn read_text(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<String> {
    decoder.takes(|| Shape::Text);
    text(decoder, node, path, "a text").map(String::from)
}

pub(super) fn read_expression(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<Expression> {
    decoder.takes(|| Shape::Expression);
    Some(Expression {
        text: String::from(text(decoder, node, path, "an expression in quotes")?),
        place: path.clone(),
    })
}

pub(super) fn read_named(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Named> {
    decoder.takes(|| Shape::Name);
    Some(Named {
        text: String::from(text(decoder, node, path, "a name in quotes")?),
        place: path.clone(),
    })
}

pub(super) fn read_bool(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<bool> {
    decoder.takes(|| Shape::Bool);
    if let Value::Bool(value) = node.value {
        return Some(value);
    }
    decoder.report(messages::wrong_type(path, "`true` or `false`", &node.value));
    None
}

pub(super) fn read_int(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<i64> {
    decoder.takes(|| Shape::Int {
        least: i64::MIN,
        most: i64::MAX,
    });
    int(decoder, node, path)
}

/// The version of the rule language, of which one is known.
pub(super) fn read_version(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    known: i64,
) -> Option<i64> {
    decoder.takes(|| Shape::Int {
        least: known,
        most: known,
    });
    let version = int(decoder, node, path)?;
    if version != known {
        decoder.report(messages::unknown_language(path, known));
    }
    Some(version)
}

fn int(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<i64> {
    if let Value::Int(value) = node.value {
        return Some(value);
    }
    decoder.report(messages::wrong_type(path, "a whole number", &node.value));
    None
}

/// A number of things.
pub(super) fn read_count(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<u64> {
    decoder.takes(|| Shape::Int {
        least: 0,
        most: i64::MAX,
    });
    let count = u64::try_from(int(decoder, node, path)?).ok();
    if count.is_none() {
        decoder.report(messages::too_small(path, "the number", 0));
    }
    count
}

/// A small number from 1.
pub(super) fn read_size(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<u32> {
    small(decoder, node, path, 1)
}

/// A small number from 0.
pub(super) fn read_small(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<u32> {
    small(decoder, node, path, 0)
}

pub(super) fn read_word<W: Word>(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<W> {
    decoder.takes(|| Shape::Word(W::ALL.iter().map(|(word, _)| *word).collect()));
    let written = text(decoder, node, path, "a word in quotes")?;
    let word = W::from_word(written);
    if word.is_none() {
        decoder.report(messages::unknown_word::<W>(path, written));
    }
    word
}

/// A word, and where it stands.
pub(super) fn read_named_word<W: Word>(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<(Named, W)> {
    let word: W = read_word(decoder, node, path)?;
    let name = Named {
        text: String::from(word.word()),
        place: path.clone(),
    };
    Some((name, word))
}

pub(super) fn read_days(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Days> {
    decoder.takes(|| Shape::Duration);
    let written = text(decoder, node, path, "a duration such as `\"14d\"`")?;
    let Some(days) = days(written) else {
        decoder.report(messages::bad_duration(path, written));
        return None;
    };
    if days > MOST_DAYS {
        decoder.report(messages::too_large(path, "the duration", "100y"));
        return None;
    }
    Some(Days(days))
}

pub(super) fn read_share(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Share> {
    decoder.takes(|| Shape::Share);
    let written = text(decoder, node, path, "a share such as `\"5%\"`")?;
    let Some(share) = share(written) else {
        decoder.report(messages::bad_share(path, written));
        return None;
    };
    if share > 1_000 {
        decoder.report(messages::too_large(path, "the share", "100%"));
        return None;
    }
    Some(Share(share))
}

/// A date, with or without quotes.
pub(super) fn read_date(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<NaiveDate> {
    decoder.takes(|| Shape::Date);
    if let Value::Date(date) = node.value {
        return Some(date);
    }
    let written = text(decoder, node, path, "a date")?;
    let date = date(written);
    if date.is_none() {
        decoder.report(messages::bad_date(path, written, "date", "2027-01-31"));
    }
    date
}

pub(super) fn read_month_day(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<MonthDay> {
    decoder.takes(|| Shape::DayOfYear);
    let written = text(decoder, node, path, "a day such as `\"08-01\"`")?;
    let day = month_day(written);
    if day.is_none() {
        decoder.report(messages::bad_date(
            path,
            written,
            "day of the year",
            "08-01",
        ));
    }
    day
}

pub(super) fn read_cell(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Cell> {
    decoder.takes(|| Shape::Scalar);
    let value = match &node.value {
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Int(value) => Scalar::Int(*value),
        Value::Bool(value) => Scalar::Bool(*value),
        other => {
            decoder.report(messages::wrong_type(
                path,
                "a text, a whole number or a truth value",
                other,
            ));
            return None;
        }
    };
    Some(Cell {
        value,
        place: path.clone(),
    })
}

/// A duration, or a table of durations by the value of an expression.
pub(super) fn read_timed(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Timed> {
    if !matches!(node.value, Value::Table(_)) {
        return Some(Timed {
            by: None,
            default: read_days(decoder, node, path)?,
            values: alloc::collections::BTreeMap::new(),
            place: path.clone(),
        });
    }
    let mut fields = Fields::open(decoder, node, path)?;
    let by = fields.need(decoder, "by", read_expression);
    let default = fields.need(decoder, "default", read_days);
    let values = fields.rest(decoder, read_days);
    Some(Timed {
        by: Some(by?),
        default: default?,
        values,
        place: path.clone(),
    })
}

/// What an output other than a notice says itself.
pub(super) fn read_own_policy(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<OwnPolicy> {
    own_policy(decoder, node, path, read_policy)
}

/// What a notice says itself.
pub(super) fn read_own_notice_policy(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<OwnPolicy> {
    own_policy(decoder, node, path, read_notice_policy)
}

fn own_policy(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    read: fn(&mut Decoder, &Node, &Path) -> Option<Policy>,
) -> Option<OwnPolicy> {
    let by_flag = matches!(&node.value, Value::Table(entries)
        if entries.get("marking").is_some() || entries.get("registration").is_some());
    if by_flag {
        return policies_by_flag(decoder, node, path, read);
    }
    decoder.takes_also(|decoder| policies_by_flag(decoder, node, path, read));
    let policy = read(decoder, node, path)?;
    Some(OwnPolicy {
        marking: Some(policy.clone()),
        registration: Some(policy),
    })
}

fn policies_by_flag(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    read: fn(&mut Decoder, &Node, &Path) -> Option<Policy>,
) -> Option<OwnPolicy> {
    let mut fields = Fields::open(decoder, node, path)?;
    let own = OwnPolicy {
        marking: fields.get(decoder, "marking", read),
        registration: fields.get(decoder, "registration", read),
    };
    fields.close(decoder);
    (own.marking.is_some() || own.registration.is_some()).then_some(own)
}

/// What takes the place of an account of somebody newly protected.
pub(super) fn read_replacing(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<ReplacingByFlag> {
    if matches!(node.value, Value::Table(_)) {
        return replacing_by_flag(decoder, node, path);
    }
    decoder.takes_also(|decoder| replacing_by_flag(decoder, node, path));
    let both = Some(read_word(decoder, node, path)?);
    Some(ReplacingByFlag {
        marking: both,
        registration: both,
    })
}

fn replacing_by_flag(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<ReplacingByFlag> {
    let mut fields = Fields::open(decoder, node, path)?;
    let by_flag = ReplacingByFlag {
        marking: fields.get(decoder, "marking", read_word),
        registration: fields.get(decoder, "registration", read_word),
    };
    fields.close(decoder);
    (by_flag != ReplacingByFlag::default()).then_some(by_flag)
}

/// A policy of anything but a notice.
pub(super) fn read_policy(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Policy> {
    let policy = read_notice_policy(decoder, node, path)?;
    if policy.kind == PolicyKind::Task {
        decoder.report(messages::task_of_no_notice(path));
        return None;
    }
    Some(policy)
}

/// A policy of a notice, which may also be a task.
pub(super) fn read_notice_policy(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<Policy> {
    let mut policy = Policy {
        kind: PolicyKind::Omit,
        because: None,
        review: None,
        officer: None,
        place: path.clone(),
    };
    let mut named = None;
    if matches!(node.value, Value::Table(_)) {
        let mut fields = Fields::open(decoder, node, path)?;
        named = fields.need(decoder, "policy", read_word);
        policy.because = fields.get(decoder, "because", read_text);
        policy.review = fields.get(decoder, "review", read_date);
        policy.officer = fields.get(decoder, "officer", read_expression);
        fields.close(decoder);
    } else if matches!(node.value, Value::Text(_)) {
        named = read_word(decoder, node, path);
    } else {
        let expected = "a policy or a table with `policy`";
        decoder.report(messages::wrong_type(path, expected, &node.value));
    }
    policy.kind = named?;
    if policy.kind == PolicyKind::Include
        && policy
            .because
            .as_deref()
            .is_none_or(|because| because.trim().is_empty())
    {
        decoder.report(messages::missing_reason(path));
        return None;
    }
    if policy.kind != PolicyKind::Task && policy.officer.is_some() {
        decoder.report(messages::officer_without_task(path));
    }
    Some(policy)
}

fn text<'n>(decoder: &mut Decoder, node: &'n Node, path: &Path, expected: &str) -> Option<&'n str> {
    if let Value::Text(text) = &node.value {
        return Some(text);
    }
    decoder.report(messages::wrong_type(path, expected, &node.value));
    None
}

fn small(decoder: &mut Decoder, node: &Node, path: &Path, least: u32) -> Option<u32> {
    decoder.takes(|| Shape::Int {
        least: i64::from(least),
        most: i64::from(u32::MAX),
    });
    let value = int(decoder, node, path)?;
    if value < i64::from(least) {
        decoder.report(messages::too_small(path, "the number", least));
        return None;
    }
    let small = u32::try_from(value).ok();
    if small.is_none() {
        decoder.report(messages::too_large(path, "the number", "4294967295"));
    }
    small
}

/// A whole number without sign, of digits only.
fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().unwrap_or(i64::MAX))
}

fn days(written: &str) -> Option<i64> {
    let units = [("d", 1), ("w", 7), ("m", 30), ("y", 365)];
    let (number, days) = units
        .iter()
        .find_map(|(unit, days)| Some((written.strip_suffix(unit)?, *days)))?;
    Some(digits(number)?.saturating_mul(days))
}

fn share(written: &str) -> Option<u32> {
    let number = written.strip_suffix('%')?;
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    if tenth.len() != 1 {
        return None;
    }
    let per_mille = digits(whole)?
        .saturating_mul(10)
        .saturating_add(digits(tenth)?);
    Some(u32::try_from(per_mille).unwrap_or(u32::MAX))
}

fn date(written: &str) -> Option<NaiveDate> {
    let (year, rest) = written.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    NaiveDate::from_ymd_opt(
        i32::try_from(digits(year)?).ok()?,
        u32::try_from(digits(month)?).ok()?,
        u32::try_from(digits(day)?).ok()?,
    )
}

fn month_day(written: &str) -> Option<MonthDay> {
    let (month, day) = written.split_once('-')?;
    if (month.len(), day.len()) != (2, 2) {
        return None;
    }
    let (month, day) = (
        u32::try_from(digits(month)?).ok()?,
        u32::try_from(digits(day)?).ok()?,
    );
    NaiveDate::from_ymd_opt(LEAP_YEAR, month, day)?;
    Some(MonthDay { month, day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_days() {
        for (written, expected) in [
            ("14d", Some(14)),
            ("2w", Some(14)),
            ("6m", Some(180)),
            ("10y", Some(3_650)),
            ("0d", Some(0)),
            ("99999999999999999999y", Some(i64::MAX)),
            ("14", None),
            ("d", None),
            ("-1d", None),
            ("+1d", None),
            ("1.5d", None),
            ("14D", None),
            ("14 d", None),
            ("", None),
        ] {
            assert_eq!(days(written), expected, "{written}");
        }
    }

    #[test]
    fn shares_are_per_mille() {
        for (written, expected) in [
            ("5%", Some(50)),
            ("0.5%", Some(5)),
            ("100%", Some(1_000)),
            ("99999999999%", Some(u32::MAX)),
            ("0.25%", None),
            ("0,5%", None),
            ("5", None),
            (".5%", None),
            ("5.%", None),
            ("%", None),
        ] {
            assert_eq!(share(written), expected, "{written}");
        }
        assert_eq!(alloc::format!("{} {}", Share(50), Share(5)), "5% 0.5%");
    }

    #[test]
    fn days_of_the_year_exist_in_some_year() {
        assert_eq!(month_day("02-29"), Some(MonthDay { month: 2, day: 29 }));
        assert_eq!(month_day("02-30"), None);
        assert_eq!(month_day("8-1"), None);
        assert!(date("2027-01-31").is_some());
        assert_eq!(date("2027-02-29"), None);
        assert_eq!(date("27-01-31"), None);
    }
}
