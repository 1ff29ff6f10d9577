//! Runs a program: one walk over its nodes, which are already checked.
//!
//! It recurses as deep as the tree is high, which is limited. Each node takes a step of the meter, and what is large takes
//! more. `&&`, `||`, `all` and `exists` absorb errors in the data as CEL says; a limit is never absorbed. The horizon is told of
//! every use of `today`, also of one whose error was absorbed, so that it stays sound.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::base::Horizon;
use crate::base::Meter;
use crate::language::environment::VariableSlot;
use crate::language::function::date::compare_today;
use crate::language::function::list::compare;
use crate::language::function::number::add;
use crate::language::function::number::arithmetic;
use crate::language::function::text::Builder;
use crate::language::program::Compiled;
use crate::language::program::Mode;
use crate::language::program::Op;
use crate::language::schema::FieldSlot;
use crate::language::scope::DataError;
use crate::language::scope::DataErrorKind;
use crate::language::scope::Failure;
use crate::language::scope::NodeId;
use crate::language::scope::Observer;
use crate::language::scope::Opinion;
use crate::language::scope::Scope;
use crate::language::syntax::tree::Operator;
use crate::language::value::MapKey;
use crate::language::value::RecordRef;
use crate::language::value::Value;

/// What a node gives.
pub(crate) type Result<T = Value> = core::result::Result<T, Failure>;

/// Runs a program from its root.
pub(crate) fn run<O: Observer>(
    program: &Compiled,
    scope: &dyn Scope,
    horizon: &mut Horizon,
    meter: &mut Meter,
    observer: &mut O,
) -> Result<Opinion> {
    let mut machine = Machine {
        program,
        scope,
        horizon,
        meter,
        observer,
        locals: Vec::new(),
    };
    machine.answer(program.root)
}

/// The value of a node that reads no variable, no name bound outside of it and no function of the host, if it has one within
/// so many steps.
pub(crate) fn constant(program: &Compiled, node: NodeId, steps: u64) -> Option<Value> {
    let mut machine = Machine {
        program,
        scope: &Nothing,
        horizon: &mut Horizon::new(chrono::NaiveDate::MIN),
        meter: &mut Meter::new("evaluation_steps", steps),
        observer: &mut (),
        locals: Vec::new(),
    };
    machine.eval(node).ok()
}

/// A scope in which nothing can be read.
struct Nothing;

impl Scope for Nothing {
    fn variable(&self, _: VariableSlot) -> core::result::Result<Value, DataErrorKind> {
        Err(DataErrorKind::MissingValue)
    }

    fn field(
        &self,
        _: RecordRef,
        _: FieldSlot,
    ) -> core::result::Result<Option<Value>, DataErrorKind> {
        Err(DataErrorKind::MissingValue)
    }
}

pub(crate) struct Machine<'a, O> {
    pub(crate) program: &'a Compiled,
    pub(crate) scope: &'a dyn Scope,
    pub(crate) horizon: &'a mut Horizon,
    pub(crate) meter: &'a mut Meter,
    pub(crate) observer: &'a mut O,
    /// What names are bound to. A value that `cel.bind` could not compute fails where it is read, and only there.
    pub(crate) locals: Vec<core::result::Result<Value, DataError>>,
}

impl<O: Observer> Machine<'_, O> {
    /// A node whose value is an answer: it may keep, and none clears.
    fn answer(&mut self, node: NodeId) -> Result<Opinion> {
        let program = self.program;
        match program.op(node) {
            Op::Keep => {
                self.meter.spend(1)?;
                Ok(Opinion::Keep)
            }
            Op::Choice {
                branches,
                otherwise,
            } => {
                self.meter.spend(1)?;
                let chosen = self.choose(branches, *otherwise)?;
                self.answer(chosen)
            }
            Op::Bind { local, value, body } => {
                self.meter.spend(1)?;
                let value = self.bound(*value)?;
                self.locals.truncate(*local);
                self.locals.push(value);
                self.answer(*body)
            }
            _ => Ok(match self.eval(node)? {
                Value::Optional(held) if !program.free => match held {
                    Some(value) => Opinion::Value(Value::clone(&value)),
                    None => Opinion::None,
                },
                value => Opinion::Value(value),
            }),
        }
    }

    /// The value of a node.
    pub(crate) fn eval(&mut self, node: NodeId) -> Result {
        self.meter.spend(1)?;
        let result = self.step(node);
        if O::LOOKS {
            match &result {
                Ok(value) => self.observer.value(node, self.program.span(node), value),
                Err(failure) => self.observer.failed(node, self.program.span(node), failure),
            }
        }
        result
    }

    fn step(&mut self, node: NodeId) -> Result {
        let program = self.program;
        match program.op(node) {
            Op::Broken | Op::Keep => Err(self.fail(node, DataErrorKind::WrongType)),
            Op::Constant(value) => Ok(value.clone()),
            Op::Variable(slot) => {
                let value = self.scope.variable(*slot);
                self.read(node, value)
            }
            Op::Local(local) => match self.locals.get(*local) {
                Some(bound) => Ok(bound.clone()?),
                None => Err(self.fail(node, DataErrorKind::WrongType)),
            },
            Op::Field { .. } | Op::Column { .. } | Op::Index { .. } => self.select(node),
            Op::Not(operand) => Ok(Value::Bool(!self.truth(*operand)?)),
            Op::Negate(operand) => self.negate(node, *operand),
            Op::And(terms) => self.connect(terms, false),
            Op::Or(terms) => self.connect(terms, true),
            Op::Binary {
                operator,
                left,
                right,
            } => self.binary(node, *operator, *left, *right),
            Op::Sum { first, rest } => self.sum(node, *first, rest),
            Op::Choice {
                branches,
                otherwise,
            } => {
                let chosen = self.choose(branches, *otherwise)?;
                self.eval(chosen)
            }
            Op::List(elements) => self.list(elements),
            Op::Map(entries) => self.map(node, entries),
            Op::Call { .. } | Op::Host { .. } | Op::Matches { .. } | Op::Format { .. } => {
                self.call(node)
            }
            Op::Otherwise { .. } | Op::IfHeld { .. } | Op::Bind { .. } | Op::Fold { .. } => {
                self.bind(node)
            }
        }
    }

    /// What `cel.bind` binds a name to: a value, or the error in the data that whoever reads the name meets.
    pub(crate) fn bound(&mut self, node: NodeId) -> Result<core::result::Result<Value, DataError>> {
        match self.eval(node) {
            Ok(value) => Ok(Ok(value)),
            Err(Failure::Data(error)) => Ok(Err(error)),
            Err(Failure::Limit(limit)) => Err(limit.into()),
        }
    }

    pub(crate) fn fail(&self, node: NodeId, kind: DataErrorKind) -> Failure {
        DataError {
            kind,
            span: self.program.span(node),
        }
        .into()
    }

    /// What the scope gives, where it is as small as it must be.
    pub(crate) fn read(
        &self,
        node: NodeId,
        value: core::result::Result<Value, DataErrorKind>,
    ) -> Result {
        match value {
            Ok(value) if self.program.sizes.hold(&value) => Ok(value),
            Ok(_) => Err(self.fail(node, DataErrorKind::TooLarge)),
            Err(kind) => Err(self.fail(node, kind)),
        }
    }

    /// Takes steps for handling so much.
    pub(crate) fn spend(&mut self, size: usize) -> Result<()> {
        Ok(self.meter.spend(u64::try_from(size).unwrap_or(u64::MAX))?)
    }

    pub(crate) fn truth(&mut self, node: NodeId) -> Result<bool> {
        let value = self.eval(node)?;
        value
            .as_bool()
            .ok_or_else(|| self.fail(node, DataErrorKind::WrongType))
    }

    fn choose(&mut self, branches: &[(NodeId, NodeId)], otherwise: NodeId) -> Result<NodeId> {
        for (condition, then) in branches {
            if self.truth(*condition)? {
                return Ok(*then);
            }
        }
        Ok(otherwise)
    }

    /// `&&` or `||`: one term that decides is enough, whatever fails beside it.
    fn connect(&mut self, terms: &[NodeId], decides: bool) -> Result {
        let mut failed = None;
        for term in terms {
            match self.truth(*term) {
                Ok(value) if value == decides => return Ok(Value::Bool(decides)),
                Ok(_) => {}
                Err(Failure::Limit(limit)) => return Err(limit.into()),
                Err(failure) => {
                    failed.get_or_insert(failure);
                }
            }
        }
        failed.map_or(Ok(Value::Bool(!decides)), Err)
    }

    fn negate(&mut self, node: NodeId, operand: NodeId) -> Result {
        let negated = match self.eval(operand)? {
            Value::Int(number) => number.checked_neg().map(Value::Int),
            Value::Days(days) => days.checked_neg().map(Value::Days),
            Value::Double(number) => Some(Value::Double(-number)),
            _ => return Err(self.fail(node, DataErrorKind::WrongType)),
        };
        negated.ok_or_else(|| self.fail(node, DataErrorKind::Overflow))
    }

    fn list(&mut self, elements: &[(NodeId, bool)]) -> Result {
        let mut values = Vec::with_capacity(elements.len());
        for (element, optional) in elements {
            match self.eval(*element)? {
                Value::Optional(held) if *optional => {
                    values.extend(held.map(|value| Value::clone(&value)));
                }
                value => values.push(value),
            }
        }
        Ok(Value::list(values))
    }

    fn map(&mut self, node: NodeId, entries: &[(NodeId, NodeId, bool)]) -> Result {
        let mut map = BTreeMap::new();
        for (key, value, optional) in entries {
            let key = self.eval(*key)?;
            let key = key
                .key()
                .ok_or_else(|| self.fail(node, DataErrorKind::WrongType))?;
            let value = match self.eval(*value)? {
                Value::Optional(None) if *optional => continue,
                Value::Optional(Some(value)) if *optional => Value::clone(&value),
                value => value,
            };
            self.spend(key_cost(&key))?;
            if map.insert(key, value).is_some() {
                return Err(self.fail(node, DataErrorKind::RepeatedKey));
            }
        }
        Ok(Value::Map(Arc::new(map)))
    }

    /// A field, column or position.
    fn select(&mut self, node: NodeId) -> Result {
        let program = self.program;
        let (target, mode, through) = match program.op(node) {
            Op::Field {
                target,
                mode,
                through,
                ..
            }
            | Op::Column {
                target,
                mode,
                through,
                ..
            }
            | Op::Index {
                target,
                mode,
                through,
                ..
            } => (*target, *mode, *through),
            _ => return Err(self.fail(node, DataErrorKind::WrongType)),
        };
        let target = match self.eval(target)? {
            Value::Optional(held) if through => match held {
                Some(held) => Value::clone(&held),
                None if mode == Mode::Present => return Ok(Value::Bool(false)),
                None => return Ok(Value::none()),
            },
            target => target,
        };
        let (found, missing) = match program.op(node) {
            Op::Field { slot, .. } => (
                self.field(node, &target, *slot)?,
                DataErrorKind::MissingValue,
            ),
            Op::Column { name, .. } => {
                let column = target
                    .as_record()
                    .and_then(|record| self.scope.column(record, name));
                let column = column.map(|text| self.read(node, Ok(Value::Text(text))));
                (column.transpose()?, DataErrorKind::NoOpinion)
            }
            Op::Index {
                target: range,
                index,
                ..
            } => {
                let index = self.eval(*index)?;
                match self.position(&target, &index)? {
                    (None, DataErrorKind::NoSuchKey) if is_table(program.op(*range)) => {
                        (None, DataErrorKind::NoSuchRow)
                    }
                    found => found,
                }
            }
            _ => (None, DataErrorKind::WrongType),
        };
        match mode {
            Mode::Present => Ok(Value::Bool(found.is_some())),
            Mode::Plain if !through => found.ok_or_else(|| self.fail(node, missing)),
            Mode::Plain | Mode::Optional => Ok(Value::Optional(found.map(Arc::new))),
        }
    }

    fn field(&mut self, node: NodeId, target: &Value, slot: FieldSlot) -> Result<Option<Value>> {
        let record = target
            .as_record()
            .ok_or_else(|| self.fail(node, DataErrorKind::WrongType))?;
        let found = self.scope.field(record, slot);
        let found = found.map_err(|kind| self.fail(node, kind))?;
        found.map(|value| self.read(node, Ok(value))).transpose()
    }

    fn position(
        &mut self,
        target: &Value,
        index: &Value,
    ) -> Result<(Option<Value>, DataErrorKind)> {
        Ok(match target {
            Value::List(values) => {
                let found = index
                    .as_int()
                    .and_then(|index| usize::try_from(index).ok())
                    .and_then(|index| values.get(index));
                (found.cloned(), DataErrorKind::IndexOutOfRange)
            }
            Value::Map(entries) => {
                self.spend(text_cost(index))?;
                let found = index.key().and_then(|key| entries.get(&key).cloned());
                (found, DataErrorKind::NoSuchKey)
            }
            _ => (None, DataErrorKind::WrongType),
        })
    }

    fn binary(&mut self, node: NodeId, operator: Operator, left: NodeId, right: NodeId) -> Result {
        let left = self.eval(left)?;
        let right = self.eval(right)?;
        let truth = match operator {
            Operator::Equal => self.equal_days(&left, &right)?,
            Operator::Unequal => !self.equal_days(&left, &right)?,
            Operator::In => self.is_in(&left, &right)?,
            Operator::Less => self.ordered(node, &left, &right, core::cmp::Ordering::is_lt)?,
            Operator::LessOrEqual => {
                self.ordered(node, &left, &right, core::cmp::Ordering::is_le)?
            }
            Operator::Greater => self.ordered(node, &left, &right, core::cmp::Ordering::is_gt)?,
            Operator::GreaterOrEqual => {
                self.ordered(node, &left, &right, core::cmp::Ordering::is_ge)?
            }
            Operator::Times | Operator::Divide | Operator::Remainder => {
                return arithmetic(operator, &left, &right).map_err(|kind| self.fail(node, kind));
            }
        };
        Ok(Value::Bool(truth))
    }

    /// Equality, where one side may be `today`.
    fn equal_days(&mut self, left: &Value, right: &Value) -> Result<bool> {
        match (left, right) {
            (Value::Today(moved), Value::Date(day)) | (Value::Date(day), Value::Today(moved)) => {
                Ok(compare_today(
                    *moved,
                    *day,
                    core::cmp::Ordering::is_eq,
                    self.horizon,
                ))
            }
            _ => self.equal(left, right),
        }
    }

    /// Equality of two values, with a step for each part.
    pub(crate) fn equal(&mut self, left: &Value, right: &Value) -> Result<bool> {
        match (left, right) {
            (Value::List(one), Value::List(two)) => {
                if one.len() != two.len() {
                    return Ok(false);
                }
                for (one, two) in one.iter().zip(two.iter()) {
                    self.meter.spend(1)?;
                    if !self.equal(one, two)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Map(one), Value::Map(two)) => {
                if one.len() != two.len() {
                    return Ok(false);
                }
                for ((key, one), (other, two)) in one.iter().zip(two.iter()) {
                    self.meter.spend(1)?;
                    self.spend(key_cost(key).min(key_cost(other)))?;
                    if key != other || !self.equal(one, two)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Optional(Some(one)), Value::Optional(Some(two))) => self.equal(one, two),
            _ => {
                self.spend(text_cost(left).min(text_cost(right)))?;
                Ok(left == right)
            }
        }
    }

    fn is_in(&mut self, wanted: &Value, among: &Value) -> Result<bool> {
        match among {
            Value::List(values) => {
                for value in values.iter() {
                    self.meter.spend(1)?;
                    if self.equal(wanted, value)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Map(entries) => {
                self.spend(text_cost(wanted))?;
                Ok(wanted.key().is_some_and(|key| entries.contains_key(&key)))
            }
            _ => Ok(false),
        }
    }

    fn ordered(
        &mut self,
        node: NodeId,
        left: &Value,
        right: &Value,
        wanted: fn(core::cmp::Ordering) -> bool,
    ) -> Result<bool> {
        self.spend(text_cost(left).min(text_cost(right)))?;
        match (left, right) {
            (Value::Today(moved), Value::Date(day)) => {
                Ok(compare_today(*moved, *day, wanted, self.horizon))
            }
            (Value::Date(day), Value::Today(moved)) => Ok(compare_today(
                *moved,
                *day,
                |order| wanted(order.reverse()),
                self.horizon,
            )),
            (Value::Double(number), _) | (_, Value::Double(number)) if number.is_nan() => Ok(false),
            _ => compare(left, right)
                .map(wanted)
                .ok_or_else(|| self.fail(node, DataErrorKind::WrongType)),
        }
    }

    fn sum(&mut self, node: NodeId, first: NodeId, rest: &[(bool, NodeId)]) -> Result {
        let first = self.eval(first)?;
        match first {
            Value::Text(text) => {
                let mut built = Builder::new(self.program.value_size);
                self.append(node, &mut built, &text)?;
                for (_, term) in rest {
                    let term = self.eval(*term)?;
                    if let Some(text) = term.as_text() {
                        self.append(node, &mut built, text)?;
                    }
                }
                Ok(built.finish())
            }
            Value::List(values) => {
                self.spend(values.len())?;
                let mut joined = values.to_vec();
                for (_, term) in rest {
                    let term = self.eval(*term)?;
                    let more = term.as_list().unwrap_or(&[]);
                    self.spend(more.len())?;
                    if joined.len().saturating_add(more.len()) > self.program.value_size {
                        return Err(self.fail(node, DataErrorKind::TooLarge));
                    }
                    joined.extend_from_slice(more);
                }
                Ok(Value::list(joined))
            }
            mut total => {
                for (minus, term) in rest {
                    let term = self.eval(*term)?;
                    total = add(&total, &term, *minus).map_err(|kind| self.fail(node, kind))?;
                }
                Ok(total)
            }
        }
    }

    fn append(&mut self, node: NodeId, built: &mut Builder, text: &str) -> Result<()> {
        self.spend(text.len() >> 4)?;
        built.push(text).map_err(|kind| self.fail(node, kind))
    }
}

/// Whether it is a map of records that was known before: the rows of a table. A map that is written out has none.
fn is_table(op: &Op) -> bool {
    match op {
        Op::Constant(Value::Map(rows)) => rows
            .values()
            .next()
            .is_some_and(|row| row.as_record().is_some()),
        _ => false,
    }
}

/// Steps for reading a key that may be a long text.
pub(crate) fn key_cost(key: &MapKey) -> usize {
    match key {
        MapKey::Text(text) => text.len() >> 4,
        _ => 0,
    }
}

/// Steps for reading a value that may be a long text.
pub(crate) fn text_cost(value: &Value) -> usize {
    value.as_text().map_or(0, |text| text.len() >> 4)
}
