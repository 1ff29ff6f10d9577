//! The generated bindings as a schema, an environment and a scope of the crate; and what its values are in the tests' words.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use folkform::base::Horizon;
use folkform::base::Limits;
use folkform::base::Meter;
use folkform::language::Class;
use folkform::language::DataErrorKind;
use folkform::language::Environment;
use folkform::language::Expected;
use folkform::language::ExpressionProblem;
use folkform::language::Failure;
use folkform::language::FieldDeclaration;
use folkform::language::FieldSlot;
use folkform::language::MapKey;
use folkform::language::Observer;
use folkform::language::Opinion;
use folkform::language::Program;
use folkform::language::RecordRef;
use folkform::language::RecordTypeId;
use folkform::language::Schema;
use folkform::language::Scope;
use folkform::language::Sizes;
use folkform::language::Type;
use folkform::language::Value;
use folkform::language::VariableSlot;
use folkform::language::compile;

use super::generate::Bindings;
use super::generate::fields;
use super::generate::variables;
use super::written::K;
use super::written::T;
use super::written::V;

/// The largest of what bindings hold.
pub(super) const SIZES: Sizes = Sizes { text: 13, list: 4 };

/// What expressions speak of: one type of record, and the variables.
pub(super) struct World {
    pub(super) schema: Schema,
    pub(super) environment: Environment,
    person: RecordTypeId,
}

impl World {
    pub(super) fn new() -> Self {
        let mut schema = Schema::new();
        let person = schema.record("person");
        for (name, ty, optional) in fields() {
            let field = FieldDeclaration::new(name, own_type(&ty, person), Class::Open);
            schema.field(person, if optional { field.optional() } else { field });
        }
        let mut environment = Environment::new();
        for (name, ty) in variables(true) {
            environment.variable(name, own_type(&ty, person), Class::Open);
        }
        environment.variable("as_of", Type::Today, Class::Open);
        environment.variable("os", Type::list(Type::optional(Type::Text)), Class::Open);
        Self {
            schema,
            environment,
            person,
        }
    }

    pub(super) fn compile(&self, text: &str) -> Result<Program, Vec<ExpressionProblem>> {
        self.compile_within(text, &limits_of(SIZES))
    }

    pub(super) fn compile_within(
        &self,
        text: &str,
        limits: &Limits,
    ) -> Result<Program, Vec<ExpressionProblem>> {
        compile(
            text,
            &self.schema,
            &self.environment,
            &Expected::free(),
            limits,
        )
    }

    /// What a program gives, and the steps that it took.
    pub(super) fn run(&self, program: &Program, bindings: &Bindings) -> (Result<V, Failure>, u64) {
        self.watched(program, bindings, &mut ())
    }

    pub(super) fn watched<O: Observer>(
        &self,
        program: &Program,
        bindings: &Bindings,
        observer: &mut O,
    ) -> (Result<V, Failure>, u64) {
        let rows = Rows {
            world: self,
            bindings,
        };
        let mut horizon = Horizon::new(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap());
        let mut meter = Meter::new("evaluation_steps", u64::MAX);
        let opinion = program.evaluate(&rows, &mut horizon, &mut meter, observer);
        let given = opinion.map(|opinion| match opinion {
            Opinion::Value(value) => seen(&value),
            Opinion::None => V::Optional(None),
            Opinion::Keep => unreachable!("`keep()` is not generated"),
        });
        (given, meter.spent())
    }
}

/// Limits under which values of such sizes are read.
pub(super) fn limits_of(sizes: Sizes) -> Limits {
    let mut limits = Limits::default();
    limits.read_text = sizes.text;
    limits.read_list = sizes.list;
    limits
}

fn own_type(ty: &T, person: RecordTypeId) -> Type {
    match ty {
        T::Bool => Type::Bool,
        T::Int => Type::Int,
        T::Double => Type::Double,
        T::Text => Type::Text,
        T::Date => Type::Date,
        T::Person => Type::Record(person),
        T::List(element) => Type::list(own_type(element, person)),
        T::Map(key, value) => Type::map(own_type(key, person), own_type(value, person)),
        T::Optional(inner) => Type::optional(own_type(inner, person)),
    }
}

struct Rows<'a> {
    world: &'a World,
    bindings: &'a Bindings,
}

impl Rows<'_> {
    fn given(&self, value: &V) -> Value {
        match value {
            V::Bool(value) => Value::Bool(*value),
            V::Int(number) => Value::Int(*number),
            V::Double(number) => Value::Double(*number),
            V::Text(text) => Value::from(text.as_str()),
            V::Date(day) => Value::Date(*day),
            V::Person(row) => Value::Record(RecordRef {
                kind: self.world.person,
                row: u32::try_from(*row).unwrap(),
            }),
            V::List(list) => Value::list(list.iter().map(|value| self.given(value))),
            V::Map(map) => {
                let entries: BTreeMap<MapKey, Value> = map
                    .iter()
                    .map(|(key, value)| {
                        let key = match key {
                            K::Bool(value) => MapKey::Bool(*value),
                            K::Int(number) => MapKey::Int(*number),
                            K::Text(text) => MapKey::Text(text.as_str().into()),
                        };
                        (key, self.given(value))
                    })
                    .collect();
                Value::Map(entries.into())
            }
            V::Optional(held) => match held {
                Some(held) => Value::some(self.given(held)),
                None => Value::none(),
            },
        }
    }
}

impl Scope for Rows<'_> {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        let name = &*self.world.environment.at(slot).unwrap().name;
        Ok(match self.bindings.variables.get(name) {
            Some(value) => self.given(value),
            // a list whose first value tells nothing of the others
            None if name == "os" => {
                let text = self.given(&self.bindings.variables["s"]);
                Value::list([Value::none(), Value::some(text)])
            }
            None => Value::Today(0),
        })
    }

    fn field(&self, record: RecordRef, slot: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        let field = self.world.schema.field_at(record.kind, slot).unwrap();
        let row = usize::try_from(record.row).unwrap();
        let value = self.bindings.persons[row].get(&*field.name);
        Ok(value.map(|value| self.given(value)))
    }
}

/// A value of the crate in the words of the tests.
pub(super) fn seen(value: &Value) -> V {
    match value {
        Value::Bool(value) => V::Bool(*value),
        Value::Int(number) | Value::Days(number) | Value::Today(number) => V::Int(*number),
        Value::Double(number) => V::Double(*number),
        Value::Text(text) | Value::Enum(_, text) | Value::Nominal(_, text) => {
            V::Text(text.to_string())
        }
        Value::Date(day) => V::Date(*day),
        Value::Record(record) => V::Person(usize::try_from(record.row).unwrap()),
        Value::List(list) => V::List(list.iter().map(seen).collect()),
        Value::Map(map) => V::Map(
            map.iter()
                .map(|(key, value)| {
                    let key = match key {
                        MapKey::Bool(value) => K::Bool(*value),
                        MapKey::Int(number) => K::Int(*number),
                        MapKey::Text(text) => K::Text(text.to_string()),
                    };
                    (key, seen(value))
                })
                .collect(),
        ),
        Value::Optional(held) => V::Optional(held.as_ref().map(|held| Box::new(seen(held)))),
    }
}

/// Whether two values are the same to the bit: a NaN is itself, a zero has a sign.
pub(super) fn same(one: &V, two: &V) -> bool {
    match (one, two) {
        (V::Double(one), V::Double(two)) => {
            one.to_bits() == two.to_bits() || (one.is_nan() && two.is_nan())
        }
        (V::List(one), V::List(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (V::Map(one), V::Map(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .zip(two)
                    .all(|((key, one), (other, two))| key == other && same(one, two))
        }
        (V::Optional(Some(one)), V::Optional(Some(two))) => same(one, two),
        (one, two) => one == two,
    }
}
