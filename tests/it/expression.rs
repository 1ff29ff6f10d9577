//! The program that answers expressions line by line: our own vectors, what it says of a bad line, and how it scores.
//!
//! With `FOLKFORM_CEL` naming a file of the CEL conformance suite in JSON lines, that file is scored too.

#[path = "../../examples/expression/question.rs"]
mod question;
#[path = "../../examples/expression/score.rs"]
mod score;
#[path = "../../examples/expression/shown.rs"]
mod shown;
#[path = "../../examples/expression/tagged.rs"]
mod tagged;

use question::Answer;
use question::answer;
pub(crate) use question::answer_to;
use serde_json::Value as Json;
use serde_json::json;
pub(crate) use shown::shown;

const RULES: &str = include_str!("../../docs/rules.md");
const VECTORS: &str = include_str!("../cases/language/vectors.jsonl");

/// What a vector expects, against what came of it: the same value, type, kind of error or code.
#[test]
fn vectors_come_out_as_they_say() {
    let mut wrong = Vec::new();
    for line in VECTORS.lines() {
        let vector: Json = serde_json::from_str(line).unwrap();
        let expected = &vector["expect"];
        let found = answer_to(&vector).to_json();
        let right = if expected.get("value").is_some() {
            score::verdict(&vector) == score::Verdict::Right
        } else if let Some(kind) = expected.get("error") {
            found["error"]["kind"] == *kind
        } else if let Some(code) = expected.get("rejected") {
            found["rejected"]["code"] == *code
        } else {
            found == *expected
        };
        if !right {
            wrong.push(format!("{line}\n    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(VECTORS.lines().count() > 100);
}

#[test]
fn a_bad_line_is_refused_in_words() {
    for (line, expected) in [
        ("", "expected a line of JSON"),
        ("[1]", "expected `expr`, a text"),
        (r#"{"expr": 1}"#, "expected `expr`, a text"),
        (
            r#"{"expr": "x", "bindings": {"x": 1}}"#,
            "expected a tagged value",
        ),
        (
            r#"{"expr": "x", "bindings": {"x": {"int": "y"}}}"#,
            "`int` cannot hold what stands after it",
        ),
        (
            r#"{"expr": "x", "bindings": {"x": {"colour": "red"}}}"#,
            "unknown tag or type `colour`",
        ),
        (
            r#"{"expr": "x", "type_env": [{"name": "x", "ident": "int"}], "bindings": {"x": {"string": ""}}}"#,
            "`x` has a value of another type than declared",
        ),
        (r#"{"expr": "x", "as_of": "today"}"#, "`as_of` is a day"),
    ] {
        let found = answer(line).to_json();
        assert_eq!(found["rejected"]["code"], "line", "{line}");
        let message = found["rejected"]["message"].as_str().unwrap();
        assert!(message.starts_with(expected), "{line}: {message}");
    }
}

#[test]
fn by_hand_a_problem_is_marked() {
    let ask = |text: &str| {
        shown(
            text,
            &answer_to(&json!({"expr": text, "as_of": "2026-11-27"})),
        )
    };
    assert_eq!(ask("fold(\"Åsa\")"), "\"asa\"");
    assert_eq!(ask("[date(\"2026-08-31\")]"), "[date(\"2026-08-31\")]");
    assert_eq!(ask("{\"a\": as_of.year()}"), "{\"a\": 2026}");
    assert_eq!(ask("1 / 0"), "error: division by zero");
    insta::assert_snapshot!(ask("\"å\" +\n  lenght(1u)"));
}

/// What is scored as wrong, and what is not: a test with a planted answer.
#[test]
fn the_score_sees_what_is_wrong() {
    let test = |expr: &str, expect: Json| json!({"expr": expr, "expect": expect}).to_string();
    let wrong = [
        test("1 + 1", json!({"value": {"int": "3"}})),
        test("1 + 1", json!({"value": {"double": "2.0"}})),
        test("1 + 1", json!({"error": ["no such key"]})),
        test("1 / 0", json!({"error": ["no such key"]})),
        test("1 / 0", json!({"value": {"int": "0"}})),
        test("1", json!({"value": {"int": "1"}, "type": "double"})),
        test(
            "[1]",
            json!({"value": {"list": [{"int": "1"}, {"int": "1"}]}}),
        ),
    ];
    let score = score::score(&wrong.join("\n"));
    assert_eq!(score.wrong().count(), wrong.len(), "{score}");
    assert_eq!(score.inside(), (0, wrong.len()));
    let right = [
        test("1 / 0", json!({"error": ["divide by zero"]})),
        test("0.0 / 0.0", json!({"value": {"double": "NaN"}})),
        test("\"a\" + 1", json!({"error": ["no such overload"]})),
        test(
            "{1: 2}",
            json!({"value": {"map": [[{"int": "1"}, {"int": "2"}]]}, "type": {"map": ["int", "int"]}}),
        ),
        test("1u", json!({"value": {"uint": "1"}})),
        test("[1, 'a'][0]", json!({"value": {"int": "1"}})),
    ];
    let score = score::score(&right.join("\n"));
    assert!(score.is_right(), "{score}");
    assert_eq!(score.inside(), (4, 4), "{score}");
}

#[test]
fn the_public_suite_has_no_wrong_answer() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the file is not part of the crate"
    )]
    let Ok(path) = std::env::var("FOLKFORM_CEL") else {
        return;
    };
    let score = score::score(&std::fs::read_to_string(path).unwrap());
    println!("{score}");
    assert!(score.is_right());
    assert!(
        RULES.contains(&score.table()),
        "docs/rules.md should have:\n{}",
        score.table()
    );
    let (right, all) = score.inside();
    assert!(right * 100 >= all * 98);
    assert!(matches!(
        answer_to(&json!({"expr": "1", "check": true})),
        Answer::Type(_)
    ));
}
