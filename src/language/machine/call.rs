//! The half of the machine that calls functions and binds names: calls, `format`, optionals, comprehensions.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::language::cost;
use crate::language::cost::Extent;
use crate::language::function::builtin::Builtin;
use crate::language::function::date;
use crate::language::function::format::format;
use crate::language::function::list;
use crate::language::function::pattern::Pattern;
use crate::language::function::pattern::compile_pattern;
use crate::language::function::text;
use crate::language::function::text::plain_text;
use crate::language::machine::run::Machine;
use crate::language::machine::run::Result;
use crate::language::machine::run::key_cost;
use crate::language::machine::run::text_cost;
use crate::language::program::Fold;
use crate::language::program::Op;
use crate::language::scope::DataError;
use crate::language::scope::DataErrorKind;
use crate::language::scope::Failure;
use crate::language::scope::NodeId;
use crate::language::scope::Observer;
use crate::language::value::Value;

impl<O: Observer> Machine<'_, O> {
    fn all(&mut self, nodes: &[NodeId]) -> Result<Vec<Value>> {
        nodes.iter().map(|node| self.eval(*node)).collect()
    }

    /// A call of any kind.
    pub(crate) fn call(&mut self, node: NodeId) -> Result {
        let program = self.program;
        match program.op(node) {
            Op::Call { builtin, arguments } => {
                let arguments = self.all(arguments)?;
                self.builtin(node, *builtin, &arguments)
            }
            Op::Host {
                function,
                cost,
                arguments,
            } => {
                let arguments = self.all(arguments)?;
                self.meter.spend(*cost)?;
                let value = self.scope.call(*function, &arguments, self.horizon);
                self.read(node, value)
            }
            Op::Matches { text, pattern } => {
                let text = self.eval(*text)?;
                self.matches(&text, pattern)
            }
            Op::Format {
                template,
                arguments,
                spread,
            } => {
                let template = self.eval(*template)?;
                let mut arguments = self.all(arguments)?;
                if *spread {
                    arguments = arguments
                        .first()
                        .and_then(Value::as_list)
                        .map(<[Value]>::to_vec)
                        .unwrap_or_default();
                }
                self.spend(text_cost(&template))?;
                let sorted = arguments.iter().fold(0_u64, |sorted, value| {
                    sorted.saturating_add(cost::key_order(value))
                });
                self.meter.spend(sorted)?;
                let template = template.as_text().map_or("", |text| text);
                if *spread {
                    self.spend(arguments.len())?;
                }
                let shown = format(template, &arguments, program.value_size)
                    .map_err(|kind| self.fail(node, kind))?;
                self.spend(text_cost(&shown))?;
                Ok(shown)
            }
            _ => Err(self.fail(node, DataErrorKind::WrongType)),
        }
    }

    fn matches(&mut self, text: &Value, pattern: &Pattern) -> Result {
        let text = text.as_text().map_or("", |text| text);
        let steps = cost::matching(cost::wide(text.len()), pattern.weight);
        self.meter.spend(steps)?;
        Ok(Value::Bool(pattern.regex.is_match(text)))
    }

    fn builtin(&mut self, node: NodeId, builtin: Builtin, arguments: &[Value]) -> Result {
        let deep = cost::is_deep(builtin);
        let extents = arguments.iter().map(|value| Extent::of(value, deep));
        self.meter.spend(cost::charge(builtin, extents))?;
        let limit = self.program.value_size;
        let result = match (builtin, arguments.first()) {
            (Builtin::None, _) => Ok(Value::none()),
            (Builtin::Distinct, Some(Value::List(values))) => Ok(self.distinct(values)?),
            (Builtin::Matches, Some(text)) => {
                let pattern = arguments.get(1).and_then(Value::as_text);
                let pattern = pattern.map_or("", |pattern| pattern);
                let compiled = compile_pattern(pattern)
                    .map_err(|()| self.fail(node, DataErrorKind::BadPattern))?;
                return self.matches(text, &compiled);
            }
            (_, Some(first)) => self.on_value(builtin, first, arguments),
            (_, None) => Err(DataErrorKind::WrongType),
        };
        let value = result.map_err(|kind| self.fail(node, kind))?;
        if builtin.hands_on() {
            return Ok(value);
        }
        let size = match &value {
            Value::List(values) => values.len(),
            Value::Text(text) if text.len() > limit => text.chars().count(),
            _ => 0,
        };
        // what is too large is no result, and costs no more than the largest that is one
        let extent = Extent::of(&value, false).at_most(limit);
        self.meter.spend(cost::charge_result(extent))?;
        if size > limit {
            return Err(self.fail(node, DataErrorKind::TooLarge));
        }
        Ok(value)
    }

    fn on_value(
        &mut self,
        builtin: Builtin,
        first: &Value,
        arguments: &[Value],
    ) -> core::result::Result<Value, DataErrorKind> {
        let limit = self.program.value_size;
        match (builtin, first) {
            (Builtin::Some, value) => Ok(Value::some(value.clone())),
            (Builtin::SomeNonZero, value) => Ok(if list::is_zero(value) {
                Value::none()
            } else {
                Value::some(value.clone())
            }),
            (Builtin::HasValue, Value::Optional(held)) => Ok(Value::Bool(held.is_some())),
            (Builtin::HeldValue, Value::Optional(held)) => match held {
                Some(value) => Ok(Value::clone(value)),
                None => Err(DataErrorKind::NoneHeld),
            },
            (Builtin::ToText, value) => plain_text(value)
                .map(Value::text)
                .ok_or(DataErrorKind::WrongType),
            (Builtin::ToInt | Builtin::ToDouble | Builtin::ToBool, value) => {
                convert(builtin, value)
            }
            (Builtin::Size, Value::Map(entries)) => {
                Ok(Value::Int(i64::try_from(entries.len()).unwrap_or(i64::MAX)))
            }
            (
                Builtin::ToDate
                | Builtin::ToDays
                | Builtin::AddDays
                | Builtin::AddMonths
                | Builtin::DaysBetween
                | Builtin::Within
                | Builtin::Year
                | Builtin::Month
                | Builtin::Day
                | Builtin::SchoolYear,
                _,
            ) => date::apply(builtin, arguments, self.horizon),
            (_, Value::List(values)) => list::apply(builtin, values, arguments, limit),
            (_, Value::Text(text)) => text::apply(builtin, text, arguments, limit),
            _ => Err(DataErrorKind::WrongType),
        }
    }

    fn distinct(&mut self, values: &[Value]) -> Result {
        let mut kept: Vec<Value> = Vec::new();
        for value in values {
            let mut known = false;
            for other in &kept {
                self.meter.spend(1)?;
                known = self.equal(value, other)?;
                if known {
                    break;
                }
            }
            if !known {
                kept.push(value.clone());
            }
        }
        Ok(Value::list(kept))
    }

    /// What binds a name, or looks into an optional.
    pub(crate) fn bind(&mut self, node: NodeId) -> Result {
        let program = self.program;
        match program.op(node) {
            Op::Otherwise { options, value } => self.first_held(node, options, *value),
            Op::IfHeld {
                optional,
                local,
                body,
                flat,
            } => match self.eval(*optional)? {
                Value::Optional(Some(held)) => {
                    let value = self.with_local(*local, Ok(Value::clone(&held)), *body)?;
                    Ok(if *flat { value } else { Value::some(value) })
                }
                empty => Ok(empty),
            },
            Op::Bind { local, value, body } => {
                let value = self.bound(*value)?;
                self.with_local(*local, value, *body)
            }
            Op::Fold {
                fold,
                range,
                local,
                pairs,
                filter,
                body,
            } => {
                let range = self.eval(*range)?;
                let result = self.fold(node, *fold, &range, (*local, *pairs), (*filter, *body));
                self.locals.truncate(*local);
                result
            }
            _ => Err(self.fail(node, DataErrorKind::WrongType)),
        }
    }

    /// The first of several optionals that holds something; the last answers where none before it does.
    fn first_held(&mut self, node: NodeId, options: &[NodeId], value: bool) -> Result {
        let Some((last, before)) = options.split_last() else {
            return Err(self.fail(node, DataErrorKind::WrongType));
        };
        for option in before {
            if let Value::Optional(Some(held)) = self.eval(*option)? {
                return Ok(if value {
                    Value::clone(&held)
                } else {
                    Value::Optional(Some(held))
                });
            }
        }
        self.eval(*last)
    }

    fn with_local(
        &mut self,
        local: usize,
        value: core::result::Result<Value, DataError>,
        body: NodeId,
    ) -> Result {
        self.locals.truncate(local);
        self.locals.push(value);
        let result = self.eval(body);
        self.locals.truncate(local);
        result
    }

    fn fold(
        &mut self,
        node: NodeId,
        fold: Fold,
        range: &Value,
        (local, pairs): (usize, bool),
        (filter, body): (Option<NodeId>, NodeId),
    ) -> Result {
        let mut found = Found::default();
        match range {
            Value::List(values) => {
                for (position, value) in values.iter().enumerate() {
                    self.locals.truncate(local);
                    if pairs {
                        let position = i64::try_from(position).unwrap_or(i64::MAX);
                        self.locals.push(Ok(Value::Int(position)));
                    }
                    self.locals.push(Ok(value.clone()));
                    if self.element(node, fold, (filter, body), value, &mut found)? {
                        break;
                    }
                }
            }
            Value::Map(entries) => {
                for (key, value) in entries.iter() {
                    self.locals.truncate(local);
                    let key = key.value();
                    self.locals.push(Ok(key.clone()));
                    if pairs {
                        self.locals.push(Ok(value.clone()));
                    }
                    if self.element(node, fold, (filter, body), &key, &mut found)? {
                        break;
                    }
                }
            }
            _ => return Err(self.fail(node, DataErrorKind::WrongType)),
        }
        if fold == Fold::SortBy {
            let keys = found.keyed.iter().filter_map(|(key, _)| key.as_text());
            let extent = Extent {
                text: keys.fold(0, |sum, key| cost::wide(key.len()).saturating_add(sum)),
                items: cost::wide(found.keyed.len()),
            };
            self.meter.spend(cost::charge(Builtin::Sort, [extent]))?;
        }
        found.finish(fold)
    }

    /// One element; whether no other need be looked at.
    fn element(
        &mut self,
        node: NodeId,
        fold: Fold,
        (filter, body): (Option<NodeId>, NodeId),
        element: &Value,
        found: &mut Found,
    ) -> Result<bool> {
        self.meter.spend(1)?;
        if let Some(filter) = filter
            && !self.truth(filter)?
        {
            return Ok(false);
        }
        match fold {
            Fold::All | Fold::Exists => match self.truth(body) {
                Ok(value) if value == (fold == Fold::Exists) => {
                    found.decided = true;
                    return Ok(true);
                }
                Ok(_) => {}
                Err(Failure::Limit(limit)) => return Err(limit.into()),
                Err(failure) => {
                    found.failed.get_or_insert(failure);
                }
            },
            Fold::ExistsOne => {
                if self.truth(body)? {
                    found.count = found.count.saturating_add(1);
                }
            }
            Fold::Map => {
                let value = self.eval(body)?;
                found.values.push(value);
            }
            Fold::Filter => {
                if self.truth(body)? {
                    found.values.push(element.clone());
                }
            }
            Fold::MapEntries => {
                let value = self.eval(body)?;
                let bound = self.locals.iter().rev().nth(1);
                let key = bound.and_then(|bound| bound.as_ref().ok()?.key());
                let key = key.ok_or_else(|| self.fail(node, DataErrorKind::WrongType))?;
                self.spend(key_cost(&key))?;
                found.entries.insert(key, value);
            }
            Fold::Merge => {
                if let Value::Map(more) = self.eval(body)? {
                    for key in more.keys() {
                        self.spend(key_cost(key).saturating_add(1))?;
                    }
                    let size = found.entries.len().saturating_add(more.len());
                    if size > self.program.value_size {
                        return Err(self.fail(node, DataErrorKind::TooLarge));
                    }
                    for (key, value) in more.iter() {
                        if found.entries.insert(key.clone(), value.clone()).is_some() {
                            return Err(self.fail(body, DataErrorKind::RepeatedKey));
                        }
                    }
                }
            }
            Fold::SortBy => {
                let key = self.eval(body)?;
                found.keyed.push((key, element.clone()));
            }
        }
        Ok(false)
    }
}

/// What a comprehension has found so far.
#[derive(Default)]
struct Found {
    decided: bool,
    failed: Option<Failure>,
    count: usize,
    values: Vec<Value>,
    keyed: Vec<(Value, Value)>,
    entries: BTreeMap<crate::language::value::MapKey, Value>,
}

impl Found {
    fn finish(mut self, fold: Fold) -> Result {
        Ok(match fold {
            Fold::All | Fold::Exists => {
                if !self.decided
                    && let Some(failure) = self.failed
                {
                    return Err(failure);
                }
                Value::Bool(self.decided == (fold == Fold::Exists))
            }
            Fold::ExistsOne => Value::Bool(self.count == 1),
            Fold::Map | Fold::Filter => Value::list(self.values),
            Fold::MapEntries | Fold::Merge => Value::Map(Arc::new(self.entries)),
            Fold::SortBy => {
                self.keyed
                    .sort_by(|(one, _), (two, _)| list::order(one, two));
                Value::list(self.keyed.into_iter().map(|(_, value)| value))
            }
        })
    }
}

fn convert(builtin: Builtin, value: &Value) -> core::result::Result<Value, DataErrorKind> {
    match (builtin, value) {
        (_, Value::Text(text)) => text::convert(builtin, text),
        (Builtin::ToInt, Value::Int(number) | Value::Days(number)) => Ok(Value::Int(*number)),
        (Builtin::ToInt, Value::Double(number)) => {
            text::whole(*number).ok_or(DataErrorKind::Overflow)
        }
        (Builtin::ToDouble, Value::Double(number)) => Ok(Value::Double(*number)),
        (Builtin::ToDouble, Value::Int(number)) => Ok(Value::Double(text::as_double(*number))),
        (Builtin::ToBool, Value::Bool(value)) => Ok(Value::Bool(*value)),
        _ => Err(DataErrorKind::WrongType),
    }
}
