//! How long it takes to compile 10,000 rules, and what an observer costs that looks at nothing.
//!
//! `cargo bench --bench compile` prints three lines. Each figure is the best of several rounds; absolute times depend on the
//! machine. What was made is freed outside the time.
//!
//! - `compile`: the language alone. Each rule is one condition over a small schema; measured is `language::compile` for all of
//!   them, from text to program (tokens, tree, names, types, classes, bound of cost), one call a rule, nothing shared between them.
//! - `load`: the whole way of a rule file in TOML with as many groups over the schema of the model, from text to `Ruleset`: TOML,
//!   decoding, the check with the key and the condition of each group (so two expressions a rule), the proof of protection, the
//!   order of outputs, the digest, and every lint. `expressions` says how many were compiled.
//! - `observe`: evaluation of the first programs without an observer, with one that does nothing, and with one that counts.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark reads a clock and prints what it found"
)]

use std::hint::black_box;
use std::ops::Range;
use std::time::Duration;
use std::time::Instant;

use chrono::NaiveDate;
use folkform::base::Horizon;
use folkform::base::Limits;
use folkform::base::Meter;
use folkform::language::Class;
use folkform::language::DataErrorKind;
use folkform::language::Environment;
use folkform::language::Expected;
use folkform::language::FieldDeclaration;
use folkform::language::FieldSlot;
use folkform::language::NodeId;
use folkform::language::Observer;
use folkform::language::Program;
use folkform::language::RecordRef;
use folkform::language::RecordTypeId;
use folkform::language::Schema;
use folkform::language::Scope;
use folkform::language::Type;
use folkform::language::Value;
use folkform::language::VariableSlot;
use folkform::language::compile;
use folkform::rules::Loader;

const RULES: usize = 10_000;
const ROUNDS: usize = 7;

struct World {
    schema: Schema,
    environment: Environment,
    employment: RecordTypeId,
}

/// Employments at units, as the model has them.
fn world() -> World {
    let mut schema = Schema::new();
    let unit = schema.record("unit");
    let employment = schema.record("employment");
    for name in ["code", "name"] {
        schema.field(unit, FieldDeclaration::new(name, Type::Text, Class::Open));
    }
    let form = schema.enumeration("form", &["permanent", "hourly", "substitute"]);
    for (name, ty) in [
        ("unit", Type::Record(unit)),
        ("form", Type::Enum(form)),
        ("extent", Type::Int),
        ("role", Type::Text),
        ("municipality", Type::Text),
        ("start", Type::Date),
    ] {
        schema.field(employment, FieldDeclaration::new(name, ty, Class::Place));
    }
    let mut environment = Environment::new();
    environment.variable("employment", Type::Record(employment), Class::Open);
    environment.variable("as_of", Type::Today, Class::Open);
    World {
        schema,
        environment,
        employment,
    }
}

/// Conditions of groups, in the mix of shapes that large rule sets have.
fn conditions() -> Vec<String> {
    (0..RULES)
        .map(|rule| {
            let unit = rule % 260;
            let role = rule % 300;
            match rule % 4 {
                0 => format!("employment.unit.code == \"U{unit}\""),
                1 => format!(
                    "employment.role in [\"R{role}\", \"R{}\"] && employment.form != \"hourly\"",
                    role + 1
                ),
                2 => format!("employment.unit.code == \"U{unit}\" && employment.role == \"R{role}\""),
                _ => format!(
                    "employment.municipality == \"143{}\" && employment.role.startsWith(\"R{role}\") && employment.extent >= 500",
                    rule % 3
                ),
            }
        })
        .collect()
}

/// A rule file with as many groups, each with a key and one of the conditions.
fn rule_file(conditions: &[String]) -> String {
    let mut text = String::from(
        r#"
language = 1
name = "Benchmark"
[field.employment.role]
type = "string"
class = "place"
[field.employment.municipality]
type = "string"
class = "place"
[protection.marking]
account = "alias"
group = "omit"
[protection.registration]
account = "exclude"
[account.staff]
covers = { employment = "true" }
[namespace.login]
[account.staff.name.login]
local = ["fold(person.surname).take(8)"]
unique = ["login"]
[account.staff.protected]
name.login.local = ["alias.login"]
"#,
    );
    for (rule, condition) in conditions.iter().enumerate() {
        let group = format!(
            "\n[group.g{rule}]\naccount = \"staff\"\neach = \"employment\"\nkey = '\"sg-g{rule}\"'\nwhen = '{condition}'\n"
        );
        text.push_str(&group);
    }
    text
}

/// The shortest of several rounds. What the work gives is freed after the clock has stopped.
fn best<T>(mut work: impl FnMut() -> T) -> Duration {
    let mut once = || {
        let begin = Instant::now();
        let given = black_box(work());
        let took = begin.elapsed();
        drop(given);
        took
    };
    (0..ROUNDS).map(|_| once()).min().unwrap()
}

struct Rows<'a>(&'a World);

impl Scope for Rows<'_> {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        Ok(if slot.index() == 0 {
            Value::Record(RecordRef {
                kind: self.0.employment,
                row: 0,
            })
        } else {
            Value::Today(0)
        })
    }

    fn field(&self, record: RecordRef, slot: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        let field = self.0.schema.field_at(record.kind, slot).unwrap();
        Ok(Some(match &field.ty {
            Type::Int => Value::Int(1000),
            Type::Enum(id) => Value::Enum(*id, "permanent".into()),
            Type::Record(kind) => Value::Record(RecordRef {
                kind: *kind,
                row: 0,
            }),
            _ => Value::from("U7"),
        }))
    }
}

/// Counts what it is shown.
#[derive(Default)]
struct Counter(u64);

impl Observer for Counter {
    fn value(&mut self, _: NodeId, _: Range<usize>, _: &Value) {
        self.0 = self.0.saturating_add(1);
    }
}

/// Looks, but does nothing: what the calls themselves cost.
struct Idle;

impl Observer for Idle {}

fn run_all<O: Observer>(world: &World, programs: &[Program], observer: &mut O) {
    let mut horizon = Horizon::new(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap());
    for program in programs {
        let mut meter = Meter::new("evaluation_steps", 10_000);
        let given = program.evaluate(&Rows(world), &mut horizon, &mut meter, observer);
        black_box(given.is_ok());
    }
}

/// Microseconds a rule.
fn of_each(took: Duration) -> String {
    let nanoseconds = took.as_nanos() / u128::try_from(RULES).unwrap();
    format!("{}.{:02}", nanoseconds / 1000, nanoseconds % 1000 / 10)
}

fn main() {
    let world = world();
    let texts = conditions();
    let limits = Limits::default();
    let expected = Expected::value(Type::Bool);
    let compile_one = |text: &String| {
        compile(text, &world.schema, &world.environment, &expected, &limits).unwrap()
    };
    let took = best(|| texts.iter().map(compile_one).collect::<Vec<_>>());
    println!("compile rules={RULES} us_per_rule={}", of_each(took));
    let file = rule_file(&texts);
    let mut large = Limits::default();
    large.rule_file_values = 20 * RULES;
    let took = best(|| {
        let loaded = Loader::new().limits(large.clone()).toml(&file);
        loaded.map_err(|problems| problems.to_string()).unwrap()
    });
    println!(
        "load rules={RULES} expressions={} us_per_rule={}",
        2 * RULES,
        of_each(took)
    );
    let programs: Vec<Program> = texts.iter().map(compile_one).collect();
    let none = best(|| run_all(&world, &programs, &mut ()));
    let idle = best(|| run_all(&world, &programs, &mut Idle));
    let mut counter = Counter::default();
    let counting = best(|| run_all(&world, &programs, &mut counter));
    let percent = |time: Duration| time.as_nanos() * 100 / none.as_nanos().max(1);
    println!(
        "observe rules={RULES} none=100% idle={}% counting={}% nodes={}",
        percent(idle),
        percent(counting),
        counter.0
    );
}
