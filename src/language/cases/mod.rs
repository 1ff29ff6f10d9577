//! Cases of the language as tables: what an expression gives, and what is said of a bad one; and the small world they are
//! about.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    clippy::match_same_arms,
    reason = "tests"
)]

mod knowledge;
mod printed;
mod problems;
mod values;
mod view;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::*;
use crate::base::Horizon;
use crate::base::Meter;
use crate::base::Text;

pub(super) fn day(text: &str) -> NaiveDate {
    function::date::read_date(text).unwrap()
}

pub(super) struct World {
    pub(super) schema: Schema,
    pub(super) environment: Environment,
    under: FunctionId,
}

/// Persons with employments at units, and a record with open columns.
pub(super) fn world() -> World {
    let mut schema = Schema::new();
    let unit = schema.record("unit");
    let employment = schema.record("employment");
    let person = schema.record("person");
    let record = schema.record_with_open_columns("record");
    let form = schema.enumeration("form", &["permanent", "hourly", "substitute"]);
    let reference = schema.nominal("reference");
    let open = Class::Open;
    for (name, ty) in [("code", Type::Text), ("name", Type::Text)] {
        schema.field(unit, FieldDeclaration::new(name, ty, open));
    }
    let optional = |name, ty, class| FieldDeclaration::new(name, ty, class).optional();
    schema.field(
        employment,
        FieldDeclaration::new("unit", Type::Record(unit), Class::Place),
    );
    schema.field(
        employment,
        FieldDeclaration::new("form", Type::Enum(form), open),
    );
    schema.field(employment, optional("end", Type::Date, Class::Place));
    schema.field(employment, FieldDeclaration::new("extent", Type::Int, open));
    schema.field(
        employment,
        optional("manager", Type::Nominal(reference), Class::Place),
    );
    schema.field(
        person,
        FieldDeclaration::new("given_name", Type::Text, Class::Personal),
    );
    schema.field(
        person,
        FieldDeclaration::new("employments", Type::list(Type::Record(employment)), open),
    );
    schema.field(
        person,
        FieldDeclaration::new("municipality", Type::Text, Class::Registered),
    );
    let under = schema.function(
        FunctionDeclaration::new("under", alloc::vec![Type::Text], Type::Bool)
            .on(Type::Record(unit)),
    );
    schema.function(FunctionDeclaration::new(
        "ref",
        alloc::vec![Type::Text, Type::Text],
        Type::Nominal(reference),
    ));
    schema.function(FunctionDeclaration::new(
        "is_form",
        alloc::vec![Type::Enum(form)],
        Type::Bool,
    ));
    let tables = schema.record("table");
    let mut table = |name: &str, rows: &[(String, u32)]| {
        let ty = Type::map(Type::Text, Type::Record(unit));
        let slot = schema.field(tables, FieldDeclaration::new(name, ty, open));
        let rows = rows.iter().map(|(key, row)| {
            let row = RecordRef {
                kind: unit,
                row: *row,
            };
            (MapKey::Text(key.as_str().into()), Value::Record(row))
        });
        assert!(schema.fix(
            tables,
            slot,
            Value::Map(rows.collect::<BTreeMap<_, _>>().into())
        ));
    };
    table(
        "unit",
        &[
            ("a".into(), 1),
            ("b".into(), 2),
            ("permanent".into(), 1),
            ("Åsa".into(), 2),
        ],
    );
    let many: Vec<(String, u32)> = (0..1_000).map(|row| (format!("k{row}"), row)).collect();
    table("many", &many);
    let mut environment = Environment::new();
    environment.variable("as_of", Type::Today, open);
    environment.variable("person", Type::Record(person), open);
    environment.variable("employment", Type::Record(employment), open);
    environment.variable("primary", Type::optional(Type::Record(employment)), open);
    environment.variable("record", Type::Record(record), open);
    environment.variable("x", Type::Int, open);
    environment.variable("account.staff.mail", Type::Text, Class::Personal);
    environment.variable("absent", Type::Text, open);
    environment.variable("table", Type::Record(tables), open);
    environment.elsewhere("elsewhere");
    World {
        schema,
        environment,
        under,
    }
}

pub(super) struct Rows {
    pub(super) world: World,
    pub(super) primary: bool,
    pub(super) columns: BTreeMap<&'static str, &'static str>,
}

impl Scope for Rows {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        let variable = self.world.environment.at(slot).unwrap();
        let row = |row| match &variable.ty {
            Type::Record(kind) => RecordRef { kind: *kind, row },
            _ => RecordRef {
                kind: self.world.schema.record_named("employment").unwrap(),
                row,
            },
        };
        Ok(match &*variable.name {
            "as_of" => Value::Today(0),
            "person" => row(0).into(),
            "employment" => row(1).into(),
            "primary" if self.primary => Value::some(row(2).into()),
            "primary" => Value::none(),
            "record" => row(0).into(),
            "x" => Value::Int(7),
            "account.staff.mail" => Value::from("asa@example.se"),
            _ => return Err(DataErrorKind::MissingValue),
        })
    }

    fn field(&self, record: RecordRef, slot: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        let schema = &self.world.schema;
        let kind = |name: &str| schema.record_named(name).unwrap();
        let field = schema.field_at(record.kind, slot).unwrap();
        let form = |text: &str| match &field.ty {
            Type::Enum(id) => Value::Enum(*id, text.into()),
            _ => panic!("no enum"),
        };
        Ok(Some(match (&*field.name, record.row) {
            ("given_name", _) => Value::from("Åsa"),
            ("municipality", _) => Value::from("1430"),
            ("employments", _) => Value::list([1, 2].map(|row| {
                Value::Record(RecordRef {
                    kind: kind("employment"),
                    row,
                })
            })),
            ("unit", row) => Value::Record(RecordRef {
                kind: kind("unit"),
                row,
            }),
            ("form", 1) => form("permanent"),
            ("form", _) => form("hourly"),
            ("end", 1) => Value::Date(day("2026-08-31")),
            ("extent", row) => Value::Int(i64::from(row) * 500),
            ("code", row) => Value::text(format!("u{row}")),
            ("name", 1) => Value::from("Kungshamns skola"),
            ("name", _) => Value::from("Dingle skola"),
            _ => return Ok(None),
        }))
    }

    fn column(&self, _: RecordRef, name: &str) -> Option<Text> {
        self.columns.get(name).map(|text| (*text).into())
    }

    fn call(
        &self,
        function: FunctionId,
        arguments: &[Value],
        _: &mut Horizon,
    ) -> Result<Value, DataErrorKind> {
        if function == self.world.under {
            let row = arguments[0].as_record().unwrap().row;
            return Ok(Value::Bool(
                row == 1 && arguments[1] == Value::from("skola"),
            ));
        }
        match arguments {
            [Value::Enum(_, text)] => Ok(Value::Bool(&**text == "hourly")),
            [_, Value::Text(id)] => match self.world.schema.type_name(&Type::Text).as_str() {
                "text" if !id.is_empty() => Ok(Value::Nominal(NominalId(0), id.clone())),
                _ => Err(DataErrorKind::Unresolved),
            },
            _ => Err(DataErrorKind::BadArgument),
        }
    }
}

pub(super) fn rows() -> Rows {
    Rows {
        world: world(),
        primary: true,
        columns: BTreeMap::from([("FORNAMN", "Åsa"), ("Efter namn", "Berg"), ("TOM", "")]),
    }
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => format!("{number:?}"),
        Value::Date(day) => day.to_string(),
        Value::Days(days) => format!("{days}d"),
        Value::Today(moved) => format!("today{moved:+}"),
        Value::Optional(None) => "none".into(),
        Value::Optional(Some(value)) => format!("some({})", shown(value)),
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", shown(&key.value()), shown(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Record(record) => format!("#{}", record.row),
        Value::Text(text) => text.to_string(),
        Value::Enum(_, text) | Value::Nominal(_, text) => format!("'{text}"),
    }
}

pub(super) fn opinion(rows: &Rows, text: &str, expected: &Expected) -> (String, Option<NaiveDate>) {
    let limits = Limits::default();
    let world = &rows.world;
    let program = match compile(text, &world.schema, &world.environment, expected, &limits) {
        Ok(program) => program,
        Err(problems) => return (format!("refused: {}", problems[0].message), None),
    };
    let mut horizon = Horizon::new(day("2026-08-01"));
    let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
    let shown = match program.evaluate(rows, &mut horizon, &mut meter, &mut ()) {
        Ok(Opinion::Value(value)) => shown(&value),
        Ok(Opinion::None) => "clear".into(),
        Ok(Opinion::Keep) => "keep".into(),
        Err(failure) => format!("! {failure}"),
    };
    (shown, horizon.recheck_on())
}

pub(super) fn all_give(table: &[(&str, &str)]) {
    let rows = rows();
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let (given, _) = opinion(&rows, text, &Expected::free());
        if given != *expected {
            wrong.push(format!("{text}\n  gave     {given}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
