//! What the lints are certain of, held against the machine: every value of finite domains, one after another.
//!
//! Conditions are made up over one record. Its fields take every value that a constant of the conditions could tell apart, and
//! absence; so whatever no assignment makes true never is, and what is called possible must be true of one.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::domain::Domain;
use super::question::Answer;
use super::question::Question;
use super::question::Wanted;
use crate::base::Horizon;
use crate::base::Limits;
use crate::base::Meter;
use crate::base::Text;
use crate::base::trials;
use crate::language::Class;
use crate::language::DataErrorKind;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::FieldDeclaration;
use crate::language::FieldSlot;
use crate::language::Opinion;
use crate::language::Program;
use crate::language::RecordRef;
use crate::language::RecordTypeId;
use crate::language::Schema;
use crate::language::Scope;
use crate::language::Type;
use crate::language::Value;
use crate::language::VariableSlot;
use crate::language::compile;
use crate::rules::compiled::Table;

/// The keys of the table, its column `size` and its column `domain`, which the last row lacks.
const ROWS: [(&str, i64, Option<&str>); 3] = [
    ("1427", 1, Some("sotenas.se")),
    ("1430", 2, Some("munkedal.se")),
    ("1484", 2, None),
];

/// Tests of one subject each, by the field that they read.
const TESTS: &[(usize, &str)] = &[
    (0, "x.number < 2"),
    (0, "x.number >= 2"),
    (0, "1 < x.number"),
    (0, "x.number <= 3"),
    (0, "x.number == 2"),
    (0, "x.number != 3"),
    (0, "x.number in [1, 3]"),
    (0, "has(x.number)"),
    (1, "x.text == \"a\""),
    (1, "\"b\" != x.text"),
    (1, "x.text in [\"a\", \"b\"]"),
    (1, "x.text in {\"b\": 1}"),
    (1, "has(x.text)"),
    (1, "x.text.startsWith(\"a\")"),
    (2, "x.word == A"),
    (2, "x.word != B"),
    (2, "x.word in [B, C]"),
    (2, "x.word in []"),
    (3, "x.flag"),
    (3, "x.flag == false"),
    (3, "has(x.flag)"),
    (4, "x.row.key == \"1430\""),
    (4, "x.row.key != \"1484\""),
    (4, "x.row.key == \"9999\""),
    (4, "x.row.domain == \"sotenas.se\""),
    (4, "x.row.domain in [\"sotenas.se\", \"munkedal.se\"]"),
    (4, "x.row.size > 1"),
    (4, "has(x.row.domain)"),
    (4, "has(x.row)"),
    (5, "x.day < date(\"2026-03-02\")"),
    (5, "x.day == date(\"2026-03-0\" + \"2\")"),
    (5, "x.day.within(date(\"2026-03-02\"), none)"),
    (5, "x.day.within(none, date(\"2026-03-01\"))"),
    (5, "has(x.day)"),
    (6, "true"),
    (6, "false"),
];

const FIELDS: usize = 6;

fn condition() -> impl Strategy<Value = String> {
    let test = prop::sample::select(TESTS).prop_map(|(_, test)| String::from(test));
    test.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|terms| format!("({})", terms.join(" && "))),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|terms| format!("({})", terms.join(" || "))),
            inner.clone().prop_map(|term| format!("!({term})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(({a}) ? ({b}) : ({c}))")),
        ]
    })
}

struct World {
    schema: Schema,
    tables: BTreeMap<Text, Table>,
    environment: Environment,
    thing: RecordTypeId,
    row: RecordTypeId,
    values: [Vec<Value>; FIELDS],
}

impl World {
    fn new() -> Self {
        let mut schema = Schema::new();
        let word = schema.enumeration("Word", &["A", "B", "C"]);
        let row = schema.record("table.employer");
        let thing = schema.record("thing");
        let mut field = |record, name, ty: Type| {
            schema.field(
                record,
                FieldDeclaration::new(name, ty, Class::Open).optional(),
            );
        };
        for (name, ty) in [
            ("key", Type::Text),
            ("size", Type::Int),
            ("domain", Type::Text),
        ] {
            field(row, name, ty);
        }
        for (name, ty) in [
            ("number", Type::Int),
            ("text", Type::Text),
            ("word", Type::Enum(word)),
            ("flag", Type::Bool),
            ("row", Type::Record(row)),
            ("day", Type::Date),
        ] {
            field(thing, name, ty);
        }
        let mut environment = Environment::new();
        environment.variable("x", Type::Record(thing), Class::Open);
        let table = Table {
            record: row,
            rows: ROWS
                .iter()
                .zip(0..)
                .map(|((key, ..), number)| (Text::from(*key), number))
                .collect(),
            values: ROWS
                .iter()
                .map(|(key, size, domain)| {
                    alloc::vec![
                        Some(Value::from(*key)),
                        Some(Value::Int(*size)),
                        domain.map(Value::from)
                    ]
                })
                .collect(),
        };
        let day = |day| Value::Date(NaiveDate::from_ymd_opt(2026, 3, day).unwrap());
        Self {
            values: [
                (0..5).map(Value::Int).collect(),
                ["a", "b", "c"].map(Value::from).to_vec(),
                ["A", "B", "C"]
                    .map(|text| Value::Enum(word, Text::from(text)))
                    .to_vec(),
                [true, false].map(Value::Bool).to_vec(),
                (0..3)
                    .map(|row_number| {
                        Value::Record(RecordRef {
                            kind: row,
                            row: row_number,
                        })
                    })
                    .collect(),
                [1, 2, 3].map(day).to_vec(),
            ],
            tables: [(Text::from("employer"), table)].into(),
            schema,
            environment,
            thing,
            row,
        }
    }

    fn compile(&self, text: &str) -> Program {
        compile(
            text,
            &self.schema,
            &self.environment,
            &Expected::value(Type::Bool),
            &Limits::default(),
        )
        .unwrap()
    }

    fn question(&self) -> Question<'_> {
        Question::new(Domain {
            schema: &self.schema,
            tables: &self.tables,
        })
    }

    /// Every assignment of the fields that a text reads; the others are absent.
    fn assignments(&self, text: &str) -> Vec<[Option<Value>; FIELDS]> {
        let mut all: Vec<[Option<Value>; FIELDS]> = alloc::vec![Default::default()];
        for (field, values) in self.values.iter().enumerate() {
            let read = TESTS
                .iter()
                .any(|(of, test)| *of == field && text.contains(test));
            if !read {
                continue;
            }
            let before = all.clone();
            for value in values {
                for assignment in &before {
                    let mut assignment = assignment.clone();
                    assignment[field] = Some(value.clone());
                    all.push(assignment);
                }
            }
        }
        all
    }

    /// What a condition comes to; none where the data does not say.
    fn outcome(&self, program: &Program, assignment: &[Option<Value>; FIELDS]) -> Option<bool> {
        let scope = Assigned {
            world: self,
            assignment,
        };
        let answer = program.evaluate(
            &scope,
            &mut Horizon::new(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()),
            &mut Meter::new("evaluation_steps", 100_000),
            &mut (),
        );
        match answer {
            Ok(Opinion::Value(value)) => value.as_bool(),
            _ => None,
        }
    }
}

struct Assigned<'w> {
    world: &'w World,
    assignment: &'w [Option<Value>; FIELDS],
}

impl Scope for Assigned<'_> {
    fn variable(&self, _: VariableSlot) -> Result<Value, DataErrorKind> {
        Ok(Value::Record(RecordRef {
            kind: self.world.thing,
            row: 0,
        }))
    }

    fn field(&self, record: RecordRef, slot: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        let slot = usize::try_from(slot.index()).unwrap();
        if record.kind == self.world.row {
            let row = usize::try_from(record.row).unwrap();
            return Ok(self.world.tables["employer"].values[row][slot].clone());
        }
        Ok(self.assignment[slot].clone())
    }
}

fn turns_out(outcome: Option<bool>, wanted: Wanted) -> bool {
    match wanted {
        Wanted::True => outcome == Some(true),
        Wanted::False => outcome == Some(false),
        Wanted::NotTrue => outcome != Some(true),
        Wanted::NotFalse => outcome != Some(false),
    }
}

const WANTED: [Wanted; 4] = [
    Wanted::True,
    Wanted::False,
    Wanted::NotTrue,
    Wanted::NotFalse,
];

/// Holds the answer about two conditions at once against every assignment.
fn hold(one: &str, two: &str) -> Result<(), TestCaseError> {
    let world = World::new();
    let programs = [world.compile(one), world.compile(two)];
    let assignments = world.assignments(&format!("{one} {two}"));
    let outcomes: Vec<[Option<bool>; 2]> = assignments
        .iter()
        .map(|assignment| {
            [
                world.outcome(&programs[0], assignment),
                world.outcome(&programs[1], assignment),
            ]
        })
        .collect();
    let mut question = world.question();
    let formulas = [
        question.condition(&programs[0], programs[0].root(), None),
        question.condition(&programs[1], programs[1].root(), None),
    ];
    for first in WANTED {
        for second in WANTED {
            let answer = question.ask(&[(formulas[0], first), (formulas[1], second)]);
            let possible = outcomes
                .iter()
                .any(|[one, two]| turns_out(*one, first) && turns_out(*two, second));
            match answer {
                Answer::Never => prop_assert!(
                    !possible,
                    "said never: {one} {first:?} and {two} {second:?}"
                ),
                Answer::Can => {
                    prop_assert!(possible, "said can: {one} {first:?} and {two} {second:?}");
                }
                Answer::Unknown => {}
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(trials())]

    #[test]
    fn never_and_can_are_certain(one in condition(), two in condition()) {
        hold(&one, &two)?;
    }
}

#[test]
fn every_pair_of_tests_is_decided_as_the_machine_decides() {
    for (_, one) in TESTS {
        for (_, two) in TESTS {
            hold(one, two).unwrap();
        }
    }
}

/// What an author may write by mistake is seen, so that *unknown* is no way out.
#[test]
fn contradictions_are_found() {
    let world = World::new();
    for text in [
        "x.number < 2 && x.number > 1",
        "x.number == 1 && x.number == 2",
        "x.text == \"a\" && x.text == \"b\"",
        "x.text == \"a\" && !(x.text in [\"a\", \"b\"])",
        "x.flag && !x.flag",
        "x.word != A && x.word != B && x.word != C",
        "!has(x.row) && x.row.key == \"1430\"",
        "x.row.key == \"1430\" && x.row.domain == \"sotenas.se\"",
        "x.day < date(\"2026-03-01\") && x.day > date(\"2026-03-01\")",
        "x.text.startsWith(\"a\") && !x.text.startsWith(\"a\")",
        "x.text.size() > 3 && x.text.size() < 3",
        "(x.number == 1 || x.number == 2) && (x.number == 3 || x.number == 4)",
        "x.flag ? x.number > 1 && x.number < 1 : false",
        "x.number in []",
    ] {
        let program = world.compile(text);
        let mut question = world.question();
        let formula = question.condition(&program, program.root(), None);
        assert!(question.never(&[formula]), "{text}");
    }
}

/// Fields of two elements of a list are two subjects, though one way leads to both.
#[test]
fn elements_of_a_list_are_told_apart() {
    let mut world = World::new();
    let things = Type::list(Type::Record(world.thing));
    let thing = world.thing;
    world.schema.field(
        thing,
        FieldDeclaration::new("parts", things, Class::Open).optional(),
    );
    for (text, never) in [
        ("x.parts[0].number == 1 && x.parts[1].number == 2", false),
        ("x.parts[0].number == 1 && x.parts[0].number == 2", true),
        (
            "x.parts.exists(y, y.number == 1) && x.parts.exists(y, y.number == 2)",
            false,
        ),
    ] {
        let program = world.compile(text);
        let mut question = world.question();
        let formula = question.condition(&program, program.root(), None);
        assert_eq!(question.never(&[formula]), never, "{text}");
    }
}

/// The search ends, whatever it is given, and says nothing that it does not know.
#[test]
fn large_conditions_are_bounded() {
    let world = World::new();
    let many: Vec<String> = (0..2_500)
        .map(|number| format!("x.number != {}", 2 * number))
        .collect();
    let splits: Vec<String> = (0..200)
        .map(|number| format!("(x.number == {number} || x.text == \"{number}\")"))
        .collect();
    for (text, expected) in [
        (many.join(" && "), Answer::Unknown),
        (many.join(" || "), Answer::Can),
        (splits.join(" && "), Answer::Never),
    ] {
        let program = world.compile(&text);
        let mut question = world.question();
        let formula = question.condition(&program, program.root(), None);
        assert_eq!(question.ask(&[(formula, Wanted::True)]), expected);
    }
}
