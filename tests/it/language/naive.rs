//! A second evaluator, written from the documentation alone: it walks the tree of the tests, knows no slots, no meter and
//! no shared values, and takes nothing from the crate but the names of its errors.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::Datelike as _;
use chrono::Days;
use chrono::Months;
use chrono::NaiveDate;
use folkform::language::DataErrorKind;

use super::generate::Bindings;
use super::regular;
use super::template;
use super::written::E;
use super::written::V;

type Answer<T = V> = Result<T, DataErrorKind>;

/// Where another implementation departs from the specification. None holds for ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    /// A negative position counts from the end; in CEL it is out of range.
    PositionFromEnd,
    /// `has(e.f)` is false where `e` fails; in CEL that is an error.
    HasHidesErrors,
    /// `split("")` has an empty part at both ends; in CEL the parts are the characters.
    EmptyPartsOfSplit,
    /// To order a NaN is an error; in CEL every such comparison is false.
    NanHasNoOrder,
    /// The argument of `or` and `orValue` is evaluated also where it is not needed.
    EagerOr,
    /// `optional.ofNonZeroValue` takes `none` for a value; CEL does not say, to us it is nothing as `""` and `[]` are.
    NoneIsNoZero,
    /// The value of `cel.bind` fails also where its name is not read.
    EagerBind,
    /// To look for a text from behind the last character is an error, and up to there finds it; in CEL of today nothing is found.
    PositionBehindEnd,
}

impl Departure {
    pub(super) const ALL: [Self; 8] = [
        Self::PositionFromEnd,
        Self::HasHidesErrors,
        Self::EmptyPartsOfSplit,
        Self::NanHasNoOrder,
        Self::EagerOr,
        Self::NoneIsNoZero,
        Self::EagerBind,
        Self::PositionBehindEnd,
    ];
}

/// What an expression gives.
pub(super) fn evaluate(expression: &E, bindings: &Bindings) -> Answer {
    evaluate_with(expression, bindings, &[])
}

/// What an expression gives where the specification is departed from.
pub(super) fn evaluate_with(
    expression: &E,
    bindings: &Bindings,
    departures: &[Departure],
) -> Answer {
    Walk {
        bindings,
        departures,
        names: Vec::new(),
    }
    .value(expression)
}

/// Characters of a text and values of a list that are built.
const MOST_BUILT: usize = 65_536;

struct Walk<'a> {
    bindings: &'a Bindings,
    departures: &'a [Departure],
    names: Vec<(String, Answer)>,
}

impl Walk<'_> {
    fn departs(&self, departure: Departure) -> bool {
        self.departures.contains(&departure)
    }

    /// What a part gives, unless that is larger than anything that is built.
    fn value(&mut self, expression: &E) -> Answer {
        let value = self.whole(expression)?;
        let size = match &value {
            V::Text(text) => text.chars().count(),
            V::List(values) => values.len(),
            _ => 0,
        };
        if size > MOST_BUILT {
            return Err(DataErrorKind::TooLarge);
        }
        Ok(value)
    }

    fn whole(&mut self, expression: &E) -> Answer {
        match expression {
            E::Literal(value) => Ok(value.clone()),
            E::Variable(name) => Ok(self.bindings.variables[name].clone()),
            E::Local(name) => {
                let (_, value) = self
                    .names
                    .iter()
                    .rev()
                    .find(|(known, _)| known == name)
                    .unwrap();
                value.clone()
            }
            E::List(elements) => {
                let mut list = Vec::new();
                for (element, optional) in elements {
                    match self.value(element)? {
                        V::Optional(held) if *optional => list.extend(held.map(|held| *held)),
                        value => list.push(value),
                    }
                }
                Ok(V::List(list))
            }
            E::Map(entries) => {
                let mut map = BTreeMap::new();
                for (key, value, optional) in entries {
                    let key = self.value(key)?.key().unwrap();
                    let value = match self.value(value)? {
                        V::Optional(None) if *optional => continue,
                        V::Optional(Some(held)) if *optional => *held,
                        value => value,
                    };
                    if map.insert(key, value).is_some() {
                        return Err(DataErrorKind::RepeatedKey);
                    }
                }
                Ok(V::Map(map))
            }
            E::Not(operand) => Ok(V::Bool(!self.truth(operand)?)),
            E::Negate(operand) => match self.value(operand)? {
                V::Int(number) => number
                    .checked_neg()
                    .map(V::Int)
                    .ok_or(DataErrorKind::Overflow),
                V::Double(number) => Ok(V::Double(-number)),
                other => unreachable!("-{other:?}"),
            },
            E::Binary(sign, left, right) => {
                let left = self.value(left)?;
                let right = self.value(right)?;
                if self.departs(Departure::NanHasNoOrder)
                    && ["<", "<=", ">", ">="].contains(sign)
                    && let (V::Double(one), V::Double(two)) = (&left, &right)
                    && (one.is_nan() || two.is_nan())
                {
                    return Err(DataErrorKind::BadArgument);
                }
                binary(sign, left, right)
            }
            E::And(terms) => self.chain(terms, false),
            E::Or(terms) => self.chain(terms, true),
            E::Sum(first, rest) => {
                let mut total = self.value(first)?;
                for (minus, term) in rest {
                    total = add(total, self.value(term)?, *minus)?;
                }
                Ok(total)
            }
            E::Choice(condition, then, otherwise) => {
                if self.truth(condition)? {
                    self.value(then)
                } else {
                    self.value(otherwise)
                }
            }
            E::Field(target, name, optional) => match self.value(target)? {
                V::Person(row) => {
                    let found = self.bindings.persons[row].get(name).cloned();
                    if *optional {
                        Ok(V::Optional(found.map(Box::new)))
                    } else {
                        found.ok_or(DataErrorKind::MissingValue)
                    }
                }
                V::Optional(held) => {
                    let found = held.and_then(|held| match *held {
                        V::Person(row) => self.bindings.persons[row].get(name).cloned(),
                        other => unreachable!("{other:?}.{name}"),
                    });
                    Ok(V::Optional(found.map(Box::new)))
                }
                other => unreachable!("{other:?}.{name}"),
            },
            E::Has(target, name) => match self.value(target) {
                Err(_) if self.departs(Departure::HasHidesErrors) => Ok(V::Bool(false)),
                Err(error) => Err(error),
                Ok(V::Person(row)) => Ok(V::Bool(self.bindings.persons[row].contains_key(name))),
                Ok(other) => unreachable!("has({other:?}.{name})"),
            },
            E::Index(target, index, optional) => {
                let target = self.value(target)?;
                let index = self.value(index)?;
                let (found, missing) = match (target, index) {
                    (V::List(list), V::Int(mut at)) => {
                        if at < 0 && self.departs(Departure::PositionFromEnd) {
                            at += i64::try_from(list.len()).unwrap();
                        }
                        (
                            usize::try_from(at)
                                .ok()
                                .and_then(|at| list.get(at).cloned()),
                            DataErrorKind::IndexOutOfRange,
                        )
                    }
                    (V::Map(map), key) => (
                        map.get(&key.key().unwrap()).cloned(),
                        DataErrorKind::NoSuchKey,
                    ),
                    other => unreachable!("index {other:?}"),
                };
                if *optional {
                    Ok(V::Optional(found.map(Box::new)))
                } else {
                    found.ok_or(missing)
                }
            }
            E::Global("coalesce", arguments) => {
                for option in arguments {
                    let value = self.value(option)?;
                    if value != V::Optional(None) {
                        return Ok(value);
                    }
                }
                Ok(V::Optional(None))
            }
            E::Global(name, arguments) => {
                let arguments = self.all(arguments)?;
                if *name == "optional.ofNonZeroValue"
                    && arguments[0] == V::Optional(None)
                    && self.departs(Departure::NoneIsNoZero)
                {
                    return Ok(V::some(V::Optional(None)));
                }
                call(name, arguments)
            }
            E::Method(name @ ("or" | "orValue"), target, arguments) => {
                let V::Optional(held) = self.value(target)? else {
                    unreachable!("{name} of what is no optional")
                };
                if held.is_none() {
                    return self.value(&arguments[0]);
                }
                if self.departs(Departure::EagerOr) {
                    self.value(&arguments[0])?;
                }
                Ok(match held {
                    Some(held) if *name == "orValue" => *held,
                    held => V::Optional(held),
                })
            }
            E::Method(name, target, arguments) => {
                let mut all = vec![self.value(target)?];
                all.extend(self.all(arguments)?);
                if let ("split", [V::Text(text), V::Text(separator), most @ ..]) =
                    (*name, all.as_slice())
                    && separator.is_empty()
                    && self.departs(Departure::EmptyPartsOfSplit)
                {
                    let most = match most {
                        [V::Int(most)] => usize::try_from(*most).unwrap_or(usize::MAX),
                        _ => usize::MAX,
                    };
                    let parts = text.splitn(most, "").map(|part| V::Text(part.into()));
                    return Ok(V::List(parts.collect()));
                }
                if let ("indexOf" | "lastIndexOf", [V::Text(text), V::Text(other), V::Int(at)]) =
                    (*name, all.as_slice())
                    && !other.is_empty()
                    && self.departs(Departure::PositionBehindEnd)
                {
                    let length = i64::try_from(text.chars().count()).unwrap();
                    if *at > length {
                        return Err(DataErrorKind::IndexOutOfRange);
                    }
                    if *at == length && *name == "lastIndexOf" {
                        all.truncate(2);
                    }
                }
                call(name, all)
            }
            E::Fold(name, range, names, arguments) => {
                let range = self.value(range)?;
                self.fold(name, range, names, arguments)
            }
            E::IfHeld(flat, target, name, body) => match self.value(target)? {
                V::Optional(Some(held)) => {
                    let value = self.with(vec![(name.clone(), Ok(*held))], body)?;
                    Ok(if *flat { value } else { V::some(value) })
                }
                none => Ok(none),
            },
            E::Bind(name, value, body) => {
                // what fails, fails where the name is read
                let value = self.value(value);
                if self.departs(Departure::EagerBind) {
                    value.clone()?;
                }
                self.with(vec![(name.clone(), value)], body)
            }
        }
    }

    fn all(&mut self, parts: &[E]) -> Answer<Vec<V>> {
        parts.iter().map(|part| self.value(part)).collect()
    }

    fn truth(&mut self, expression: &E) -> Answer<bool> {
        match self.value(expression)? {
            V::Bool(value) => Ok(value),
            other => unreachable!("{other:?} is no condition"),
        }
    }

    fn with(&mut self, names: Vec<(String, Answer)>, body: &E) -> Answer {
        let before = self.names.len();
        self.names.extend(names);
        let value = self.value(body);
        self.names.truncate(before);
        value
    }

    /// `&&` (decided by false) or `||` (decided by true): one that decides hides every error.
    fn chain(&mut self, terms: &[E], decides: bool) -> Answer {
        let answers: Vec<Answer<bool>> = terms.iter().map(|term| self.truth(term)).collect();
        decided(&answers, decides)
    }

    fn fold(&mut self, name: &str, range: V, names: &[String], arguments: &[E]) -> Answer {
        // each element: what the names stand for, what it is itself, its key
        let mut elements: Vec<(Vec<V>, V, V)> = Vec::new();
        match range {
            V::List(list) => {
                for (at, value) in list.into_iter().enumerate() {
                    let at = V::Int(i64::try_from(at).unwrap());
                    let stand_for = if names.len() == 2 {
                        vec![at.clone(), value.clone()]
                    } else {
                        vec![value.clone()]
                    };
                    elements.push((stand_for, value, at));
                }
            }
            V::Map(map) => {
                for (key, value) in map {
                    let stand_for = if names.len() == 2 {
                        vec![V::from(&key), value]
                    } else {
                        vec![V::from(&key)]
                    };
                    elements.push((stand_for, V::from(&key), V::from(&key)));
                }
            }
            other => unreachable!("{name} over {other:?}"),
        }
        let (filter, body) = match arguments {
            [filter, body] => (Some(filter), body),
            [body] => (None, body),
            other => unreachable!("{name} of {} arguments", other.len()),
        };
        let mut chosen = Vec::new();
        let mut given = Vec::new();
        for (stand_for, element, key) in elements {
            let bound: Vec<(String, Answer)> = names
                .iter()
                .cloned()
                .zip(stand_for.into_iter().map(Ok))
                .collect();
            let pass = match filter {
                Some(filter) => self.with(bound.clone(), filter),
                None => Ok(V::Bool(true)),
            };
            match pass {
                Ok(V::Bool(true)) => {}
                Ok(_) => continue,
                Err(error) => return Err(error),
            }
            let value = self.with(bound, body);
            if !matches!(name, "all" | "exists")
                && let Err(error) = value
            {
                return Err(error);
            }
            chosen.push((element, key));
            given.push(value);
        }
        let truths = || -> Vec<Answer<bool>> {
            given
                .iter()
                .map(|value| value.clone().map(|value| matches!(value, V::Bool(true))))
                .collect()
        };
        match name {
            "all" => decided(&truths(), false),
            "exists" => decided(&truths(), true),
            "exists_one" | "existsOne" => Ok(V::Bool(
                truths()
                    .into_iter()
                    .filter(|truth| *truth == Ok(true))
                    .count()
                    == 1,
            )),
            "filter" => Ok(V::List(
                chosen
                    .into_iter()
                    .zip(truths())
                    .filter(|(_, truth)| *truth == Ok(true))
                    .map(|((element, _), _)| element)
                    .collect(),
            )),
            "map" | "transformList" => Ok(V::List(given.into_iter().map(Result::unwrap).collect())),
            "transformMap" => Ok(V::Map(
                chosen
                    .into_iter()
                    .zip(given)
                    .map(|((_, key), value)| (key.key().unwrap(), value.unwrap()))
                    .collect(),
            )),
            "transformMapEntry" => {
                let mut all = BTreeMap::new();
                for entries in given {
                    let V::Map(entries) = entries.unwrap() else {
                        unreachable!("{name} makes maps")
                    };
                    for (key, value) in entries {
                        if all.insert(key, value).is_some() {
                            return Err(DataErrorKind::RepeatedKey);
                        }
                    }
                }
                Ok(V::Map(all))
            }
            "sort_by" => {
                let mut keyed: Vec<(V, V)> = chosen
                    .into_iter()
                    .zip(given)
                    .map(|((element, _), key)| (key.unwrap(), element))
                    .collect();
                insertion_sort(&mut keyed);
                Ok(V::List(keyed.into_iter().map(|(_, value)| value).collect()))
            }
            other => unreachable!("{other}"),
        }
    }
}

fn decided(answers: &[Answer<bool>], decides: bool) -> Answer {
    if answers.contains(&Ok(decides)) {
        return Ok(V::Bool(decides));
    }
    match answers.iter().find_map(|answer| answer.err()) {
        Some(error) => Err(error),
        None => Ok(V::Bool(!decides)),
    }
}

fn insertion_sort(keyed: &mut [(V, V)]) {
    for end in 1..keyed.len() {
        let mut at = end;
        while at > 0 && order(&keyed[at].0, &keyed[at - 1].0) == Some(Ordering::Less) {
            keyed.swap(at, at - 1);
            at -= 1;
        }
    }
}

fn order(one: &V, two: &V) -> Option<Ordering> {
    match (one, two) {
        (V::Bool(one), V::Bool(two)) => Some(one.cmp(two)),
        (V::Int(one), V::Int(two)) => Some(one.cmp(two)),
        (V::Double(one), V::Double(two)) => one.partial_cmp(two),
        (V::Int(one), V::Double(two)) => on_one_line(*one, *two),
        (V::Double(one), V::Int(two)) => on_one_line(*two, *one).map(Ordering::reverse),
        (V::Text(one), V::Text(two)) => Some(one.chars().cmp(two.chars())),
        (V::Date(one), V::Date(two)) => Some(one.cmp(two)),
        other => unreachable!("order of {other:?}"),
    }
}

/// Numbers of both kinds stand on one line, each exactly where it is.
fn on_one_line(one: i64, two: f64) -> Option<Ordering> {
    if two.is_nan() {
        return None;
    }
    if two.abs() >= 1e19 {
        return 0.0.partial_cmp(&two);
    }
    // below that, the part before the point is a whole number of few digits
    let whole: i128 = format!("{:.0}", two.trunc()).parse().unwrap();
    let rest = 0.0.partial_cmp(&two.fract())?;
    Some(i128::from(one).cmp(&whole).then(rest))
}

fn binary(sign: &str, left: V, right: V) -> Answer {
    let truth = match sign {
        "==" => left == right,
        "!=" => left != right,
        "in" => match right {
            V::List(list) => list.contains(&left),
            V::Map(map) => map.contains_key(&left.key().unwrap()),
            other => unreachable!("in {other:?}"),
        },
        "<" => order(&left, &right) == Some(Ordering::Less),
        "<=" => matches!(order(&left, &right), Some(Ordering::Less | Ordering::Equal)),
        ">" => order(&left, &right) == Some(Ordering::Greater),
        ">=" => matches!(
            order(&left, &right),
            Some(Ordering::Greater | Ordering::Equal)
        ),
        _ => {
            return match (left, right) {
                (V::Int(_), V::Int(0)) if sign == "/" => Err(DataErrorKind::DivisionByZero),
                (V::Int(_), V::Int(0)) if sign == "%" => Err(DataErrorKind::ModulusByZero),
                (V::Int(one), V::Int(two)) => {
                    let (one, two) = (i128::from(one), i128::from(two));
                    // the remainder of the least number by -1 is refused as its quotient is
                    if sign == "%" && one == i128::from(i64::MIN) && two == -1 {
                        return Err(DataErrorKind::Overflow);
                    }
                    narrow(match sign {
                        "*" => one * two,
                        "/" => one / two,
                        _ => one % two,
                    })
                }
                (V::Double(one), V::Double(two)) => {
                    Ok(V::Double(if sign == "*" { one * two } else { one / two }))
                }
                other => unreachable!("{sign} of {other:?}"),
            };
        }
    };
    Ok(V::Bool(truth))
}

fn narrow(number: i128) -> Answer {
    i64::try_from(number)
        .map(V::Int)
        .map_err(|_| DataErrorKind::Overflow)
}

fn add(one: V, two: V, minus: bool) -> Answer {
    match (one, two) {
        (V::Int(one), V::Int(two)) => {
            let (one, two) = (i128::from(one), i128::from(two));
            narrow(if minus { one - two } else { one + two })
        }
        (V::Double(one), V::Double(two)) => {
            Ok(V::Double(if minus { one - two } else { one + two }))
        }
        (V::Text(one), V::Text(two)) => Ok(V::Text(one + &two)),
        (V::List(one), V::List(two)) => Ok(V::List(one.into_iter().chain(two).collect())),
        other => unreachable!("sum of {other:?}"),
    }
}

/// A function: the first argument is the receiver, where it has one.
fn call(name: &str, arguments: Vec<V>) -> Answer {
    match (name, arguments.as_slice()) {
        ("optional.none", []) => Ok(V::Optional(None)),
        ("optional.of", [value]) => Ok(V::some(value.clone())),
        ("optional.ofNonZeroValue", [value]) => {
            let zero = match value {
                V::Bool(value) => !value,
                V::Int(number) => *number == 0,
                V::Double(number) => *number == 0.0,
                V::Text(text) => text.is_empty(),
                V::List(list) => list.is_empty(),
                V::Map(map) => map.is_empty(),
                V::Optional(held) => held.is_none(),
                _ => false,
            };
            Ok(if zero {
                V::Optional(None)
            } else {
                V::some(value.clone())
            })
        }
        ("hasValue", [V::Optional(held)]) => Ok(V::Bool(held.is_some())),
        ("value", [V::Optional(held)]) => held
            .clone()
            .map(|held| *held)
            .ok_or(DataErrorKind::NoneHeld),
        ("size", [V::Text(text)]) => Ok(count(text.chars().count())),
        ("size", [V::Map(map)]) => Ok(count(map.len())),
        ("int", [V::Double(number)]) => {
            let cut = number.trunc();
            if cut > -9_223_372_036_854_775_808.0 && cut < 9_223_372_036_854_775_808.0 {
                Ok(V::Int(format!("{cut:.0}").parse().unwrap()))
            } else {
                Err(DataErrorKind::Overflow)
            }
        }
        ("double", [V::Int(number)]) => Ok(V::Double(number.to_string().parse().unwrap())),
        ("string", [V::Int(number)]) => Ok(V::Text(number.to_string())),
        ("string", [V::Bool(value)]) => Ok(V::Text(value.to_string())),
        ("string", [V::Double(number)]) => Ok(V::Text(digits(*number))),
        (
            "int" | "double" | "bool" | "date",
            [value @ (V::Int(_) | V::Double(_) | V::Bool(_) | V::Date(_))],
        ) => Ok(value.clone()),
        ("string", [V::Date(day)]) => Ok(V::Text(written(*day))),
        ("format", [V::Text(template), V::List(values)]) => {
            template::filled(template, values).map(V::Text)
        }
        (_, [V::Date(day), ..]) => on_day(name, *day, &arguments[1..]),
        (_, [V::List(list), ..]) => on_list(name, list, &arguments[1..]),
        (_, [V::Text(text), ..]) => on_text(name, text, &arguments[1..]),
        other => unreachable!("{other:?}"),
    }
}

fn count(number: usize) -> V {
    V::Int(i64::try_from(number).unwrap())
}

fn written(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

fn in_range(day: Option<NaiveDate>) -> Answer {
    day.filter(|day| (1..=9999).contains(&day.year()))
        .map(V::Date)
        .ok_or(DataErrorKind::Overflow)
}

fn on_day(name: &str, day: NaiveDate, rest: &[V]) -> Answer {
    match (name, rest) {
        ("year", []) => Ok(V::Int(day.year().into())),
        ("month", []) => Ok(V::Int(day.month().into())),
        ("day", []) => Ok(V::Int(day.day().into())),
        ("school_year", []) => Ok(V::Int(i64::from(day.year()) - i64::from(day.month() < 7))),
        ("within", [first, last]) => {
            let day_of = |bound: &V| match bound {
                V::Optional(None) => None,
                V::Optional(Some(held)) => Some((**held).clone()),
                day => Some(day.clone()),
            };
            let after = day_of(first)
                .is_none_or(|first| order(&first, &V::Date(day)) != Some(Ordering::Greater));
            let before =
                day_of(last).is_none_or(|last| order(&last, &V::Date(day)) != Some(Ordering::Less));
            Ok(V::Bool(after && before))
        }
        ("string", []) => Ok(V::Text(written(day))),
        ("days_between", [V::Date(other)]) => Ok(V::Int(
            i64::from(other.num_days_from_ce()) - i64::from(day.num_days_from_ce()),
        )),
        ("add_days", [V::Int(days)]) => {
            let distance = Days::new(days.unsigned_abs());
            in_range(if *days < 0 {
                day.checked_sub_days(distance)
            } else {
                day.checked_add_days(distance)
            })
        }
        ("add_months", [V::Int(months)]) => {
            let Ok(distance) = u32::try_from(months.unsigned_abs()) else {
                return Err(DataErrorKind::Overflow);
            };
            in_range(if *months < 0 {
                day.checked_sub_months(Months::new(distance))
            } else {
                day.checked_add_months(Months::new(distance))
            })
        }
        other => unreachable!("{other:?}"),
    }
}

/// Fewest digits; with an exponent where the first one stands for less than a ten thousandth, or for a million and more.
fn digits(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let size = number.abs();
    if size.is_infinite() {
        return format!("{}Inf", if sign.is_empty() { "+" } else { sign });
    }
    if size == 0.0 || (0.0001..1_000_000.0).contains(&size) {
        return format!("{sign}{size}");
    }
    let written = format!("{size:e}");
    let (digits, exponent) = written.split_once('e').unwrap();
    let below = exponent.starts_with('-');
    let exponent = exponent.trim_start_matches('-');
    format!(
        "{sign}{digits}e{}{exponent:0>2}",
        if below { "-" } else { "+" }
    )
}

fn natural(number: i64) -> Answer<usize> {
    usize::try_from(number).map_err(|_| DataErrorKind::BadArgument)
}

fn on_list(name: &str, list: &[V], rest: &[V]) -> Answer {
    let from_end = |kept: usize| list[list.len().saturating_sub(kept)..].to_vec();
    Ok(match (name, rest) {
        ("size", []) => count(list.len()),
        ("reverse", []) => V::List(list.iter().rev().cloned().collect()),
        ("first", []) => V::Optional(list.first().cloned().map(Box::new)),
        ("last", []) => V::Optional(list.last().cloned().map(Box::new)),
        ("take", [V::Int(kept)]) => V::List(list.iter().take(natural(*kept)?).cloned().collect()),
        ("take_last", [V::Int(kept)]) => V::List(from_end(natural(*kept)?)),
        ("slice", [V::Int(from), V::Int(until)]) => {
            let (from, until) = (natural(*from)?, natural(*until)?);
            if from > until || until > list.len() {
                return Err(DataErrorKind::IndexOutOfRange);
            }
            V::List(list[from..until].to_vec())
        }
        ("distinct", []) => {
            let mut kept: Vec<V> = Vec::new();
            for value in list {
                if !kept.contains(value) {
                    kept.push(value.clone());
                }
            }
            V::List(kept)
        }
        ("sort", []) => {
            let mut keyed: Vec<(V, V)> = list.iter().map(|v| (v.clone(), v.clone())).collect();
            insertion_sort(&mut keyed);
            V::List(keyed.into_iter().map(|(_, value)| value).collect())
        }
        ("sum", []) => {
            let mut total = match list.first() {
                Some(V::Double(_)) => V::Double(0.0),
                _ => V::Int(0),
            };
            for value in list {
                total = add(total, value.clone(), false)?;
            }
            total
        }
        ("flatten", []) => {
            let mut flat = Vec::new();
            for inner in list {
                let V::List(inner) = inner else {
                    unreachable!("flatten of {inner:?}")
                };
                flat.extend(inner.iter().cloned());
            }
            V::List(flat)
        }
        ("join", separator) => {
            let separator = match separator {
                [V::Text(separator)] => separator.as_str(),
                _ => "",
            };
            let texts: Vec<&str> = list
                .iter()
                .map(|value| match value {
                    V::Text(text) => text.as_str(),
                    other => unreachable!("join of {other:?}"),
                })
                .collect();
            V::Text(texts.join(separator))
        }
        other => unreachable!("{other:?}"),
    })
}

/// Functions on texts. Positions count characters.
fn on_text(name: &str, text: &str, rest: &[V]) -> Answer {
    let letters: Vec<char> = text.chars().collect();
    let whole = |letters: &[char]| V::Text(letters.iter().collect());
    let position = |number: i64| match usize::try_from(number) {
        Ok(position) if position <= letters.len() => Ok(position),
        _ => Err(DataErrorKind::IndexOutOfRange),
    };
    Ok(match (name, rest) {
        ("contains", [V::Text(other)]) => V::Bool(text.contains(other.as_str())),
        ("startsWith", [V::Text(other)]) => V::Bool(text.starts_with(other.as_str())),
        ("endsWith", [V::Text(other)]) => V::Bool(text.ends_with(other.as_str())),
        ("matches", [V::Text(pattern)]) => {
            V::Bool(regular::found(pattern, text).ok_or(DataErrorKind::BadPattern)?)
        }
        ("lowerAscii", []) => V::Text(text.chars().map(|c| c.to_ascii_lowercase()).collect()),
        ("upperAscii", []) => V::Text(text.chars().map(|c| c.to_ascii_uppercase()).collect()),
        ("lower", []) => V::Text(text.to_lowercase()),
        ("upper", []) => V::Text(text.to_uppercase()),
        ("title_case", []) => {
            let mut cased = String::new();
            let mut begins = true;
            for letter in letters {
                if begins {
                    cased.extend(letter.to_uppercase());
                } else {
                    cased.extend(letter.to_lowercase());
                }
                begins = letter.is_whitespace() || letter == '-';
            }
            V::Text(cased)
        }
        ("initial", []) => {
            let first = letters.iter().find(|letter| letter.is_alphabetic());
            V::Text(first.map_or(String::new(), |letter| letter.to_uppercase().collect()))
        }
        ("trim", []) => V::Text(text.trim().into()),
        ("trim_start", []) => V::Text(text.trim_start().into()),
        ("trim_end", []) => V::Text(text.trim_end().into()),
        ("reverse", []) => V::Text(letters.iter().rev().collect()),
        ("words", []) => V::List(
            text.split_whitespace()
                .map(|word| V::Text(word.into()))
                .collect(),
        ),
        ("charAt", [V::Int(at)]) => {
            let at = position(*at)?;
            whole(&letters[at..(at + 1).min(letters.len())])
        }
        ("substring", [V::Int(from)]) => whole(&letters[position(*from)?..]),
        ("substring", [V::Int(from), V::Int(until)]) => {
            let (from, until) = (position(*from)?, position(*until)?);
            if from > until {
                return Err(DataErrorKind::IndexOutOfRange);
            }
            whole(&letters[from..until])
        }
        ("take", [V::Int(kept)]) => whole(&letters[..natural(*kept)?.min(letters.len())]),
        ("take_last", [V::Int(kept)]) => {
            whole(&letters[letters.len().saturating_sub(natural(*kept)?)..])
        }
        ("indexOf" | "lastIndexOf", [V::Text(other), from @ ..]) => {
            let other: Vec<char> = other.chars().collect();
            if let [V::Int(from)] = from
                && *from >= i64::try_from(letters.len()).unwrap()
                && !other.is_empty()
            {
                return Ok(V::Int(-1));
            }
            let from = match from {
                [V::Int(from)] => Some(position(*from)?),
                _ => None,
            };
            let stands = |at: &usize| letters[*at..].starts_with(&other);
            let found = if name == "indexOf" {
                (from.unwrap_or(0)..=letters.len()).find(stands)
            } else {
                (0..=from.unwrap_or(letters.len())).rev().find(stands)
            };
            found.map_or(V::Int(-1), count)
        }
        ("replace", [V::Text(old), V::Text(new), most @ ..]) => match most {
            [V::Int(most)] if *most >= 0 => {
                V::Text(text.replacen(old.as_str(), new, usize::try_from(*most).unwrap()))
            }
            _ => V::Text(text.replace(old.as_str(), new)),
        },
        ("split", [V::Text(separator), most @ ..]) => {
            let parts: Vec<String> = if separator.is_empty() {
                letters.iter().map(char::to_string).collect()
            } else {
                text.split(separator.as_str()).map(String::from).collect()
            };
            let parts = match most {
                [V::Int(0)] => vec![],
                [V::Int(most)] if *most > 0 => {
                    let most = usize::try_from(*most).unwrap();
                    if parts.len() > most {
                        let mut first: Vec<String> = parts[..most - 1].to_vec();
                        first.push(parts[most - 1..].join(separator));
                        first
                    } else {
                        parts
                    }
                }
                _ => parts,
            };
            V::List(parts.into_iter().map(V::Text).collect())
        }
        ("pad_left" | "pad_right", [V::Int(width), V::Text(filling)]) => {
            if filling.chars().count() != 1 {
                return Err(DataErrorKind::BadArgument);
            }
            let missing = natural(*width)?.saturating_sub(letters.len());
            if missing > MOST_BUILT {
                return Err(DataErrorKind::TooLarge);
            }
            let padding = filling.repeat(missing);
            V::Text(if name == "pad_left" {
                padding + text
            } else {
                text.to_owned() + &padding
            })
        }
        ("strings.quote", []) => {
            let mut quoted = String::from("\"");
            for letter in letters {
                match letter {
                    '\n' => quoted.push_str("\\n"),
                    '\r' => quoted.push_str("\\r"),
                    '\t' => quoted.push_str("\\t"),
                    '"' | '\\' => quoted.extend(['\\', letter]),
                    letter => quoted.push(letter),
                }
            }
            V::Text(quoted + "\"")
        }
        ("fold", []) => V::Text(folded(text)),
        ("string", []) => V::Text(text.into()),
        ("bool", []) => V::Bool(match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            _ => return Err(DataErrorKind::Conversion),
        }),
        ("double", []) => {
            let number: f64 = text.parse().map_err(|_| DataErrorKind::Conversion)?;
            if number.is_infinite() && text.contains(|letter: char| letter.is_ascii_digit()) {
                return Err(DataErrorKind::Conversion);
            }
            V::Double(number)
        }
        ("int", []) => V::Int(text.parse().map_err(|_| DataErrorKind::Conversion)?),
        ("date", []) => {
            let digits: String = match letters.len() {
                8 => text.into(),
                10 if letters[4] == '-' && letters[7] == '-' => {
                    format!("{}{}{}", &text[..4], &text[5..7], &text[8..])
                }
                _ => return Err(DataErrorKind::Conversion),
            };
            if !digits.chars().all(|digit| digit.is_ascii_digit()) {
                return Err(DataErrorKind::Conversion);
            }
            let part = |from: usize, until: usize| digits[from..until].parse::<u32>().unwrap();
            let year = i32::try_from(part(0, 4)).unwrap();
            let day = NaiveDate::from_ymd_opt(year, part(4, 6), part(6, 8));
            return in_range(day).map_err(|_| DataErrorKind::Conversion);
        }
        other => unreachable!("{other:?}"),
    })
}

/// The table of the documentation, and what it names for all other letters.
fn folded(text: &str) -> String {
    let ascii: String = text
        .chars()
        .map(|letter| match letter {
            'å' | 'ä' | 'Å' | 'Ä' => "a",
            'ö' | 'Ö' => "o",
            'é' | 'É' => "e",
            'ü' | 'Ü' => "u",
            other => any_ascii::any_ascii_char(other),
        })
        .collect();
    let kept = ascii.to_lowercase();
    let mut kept: Vec<char> = kept
        .chars()
        .filter(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '.' | '-'))
        .collect();
    let is_sign = |letter: &char| matches!(letter, '.' | '-');
    kept.dedup_by(|next, before| is_sign(next) && is_sign(before));
    let kept: String = kept.into_iter().collect();
    kept.trim_matches(['.', '-']).into()
}
