//! Where a problem of an expression is found: through every form of quotes, escapes and line ends, and without any text at all.
//!
//! Every page with an expression is put into a rule file in each form. What is said must be the same, and the bytes that it is
//! about must be those that were written for the same letters. Line and column are counted anew here.

use std::fmt::Write as _;

use folkform::Ruleset;
use folkform::base::Limits;
use folkform::base::Part;
use folkform::diagnostic::Problem;
use folkform::diagnostic::Problems;
use folkform::rules::spec::RulesetSpec;

/// Something stands before the expression, on its line and above it, whose letters have several bytes.
fn file(written: &str) -> String {
    let base = super::example::BASE.replace("{ value =", "{ \"åäö\" = '\"Ö\"', value =");
    format!("# Åsa\n{}", base.replace(super::example::PLACE, written))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The ways to write a text, each with how its letters are written.
fn forms(text: &str) -> Vec<(&'static str, String)> {
    let numbers = text.chars().fold(String::new(), |mut written, letter| {
        write!(written, "\\u{:04X}", u32::from(letter)).unwrap();
        written
    });
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let mut forms = vec![
        ("multi-line literal", file(&format!("'''{text}'''"))),
        (
            "multi-line literal on a line of its own",
            file(&format!("'''\n{text}'''")),
        ),
        ("basic", file(&format!("\"{}\"", escaped(text)))),
        (
            "multi-line basic",
            file(&format!("\"\"\"\n{}\"\"\"", escaped(text))),
        ),
        (
            "continued",
            file(&format!(
                "\"\"\"\\\n     \\\n  {}\\\n   \"\"\"",
                escaped(text)
            )),
        ),
        ("numbers", file(&format!("\"{numbers}\""))),
        ("carriage returns", crlf(&file(&format!("'''\n{text}'''")))),
        (
            "continued with carriage returns",
            crlf(&file(&format!("\"\"\"\\\n  {}\"\"\"", escaped(text)))),
        ),
    ];
    if !text.contains('\'') {
        forms.push(("literal", file(&format!("'{text}'"))));
    }
    forms
}

/// What is said, and of which letters of the expression.
fn said(problem: &Problem, text: &str) -> (String, String) {
    let Part::Bytes(span) = &problem.place.part else {
        panic!("{problem} is not about a part of the expression")
    };
    assert_eq!(problem.severity, problem.code.severity);
    let path = &problem.place.path;
    let said = format!("{} {path} {}", problem.code.id, problem.message);
    (said, text[span.clone()].to_owned())
}

/// What was written, as the letters that it stands for.
fn decoded(form: &str, written: &str) -> String {
    if form.contains("literal") || form == "carriage returns" {
        return written.to_owned();
    }
    let json = written.replace("\\U", "\\u");
    serde_json::from_str(&format!("\"{json}\"")).unwrap()
}

fn refused(text: &str) -> Problems {
    Ruleset::from_toml(text).expect_err("the page shows a problem")
}

#[test]
fn a_problem_is_found_at_the_very_letters_in_every_form() {
    let mut looked_at = 0;
    for page in super::pages() {
        let block = page.example().remove(0);
        if block.what != "cel" {
            continue;
        }
        let text = block.text.as_str();
        let first = refused(&forms(text)[0].1);
        let expected: Vec<(String, String)> =
            first.iter().map(|problem| said(problem, text)).collect();
        for (form, file) in forms(text) {
            let problems = refused(&file);
            let given: Vec<(String, String)> =
                problems.iter().map(|problem| said(problem, text)).collect();
            assert_eq!(given, expected, "{} {form}", page.id);
            for (problem, (_, letters)) in problems.iter().zip(&expected) {
                let bytes = problem.bytes.clone().unwrap();
                assert_eq!(
                    decoded(form, &file[bytes.clone()]),
                    *letters,
                    "{} {form}",
                    page.id
                );
                let (line, column) = counted(&file, bytes.start);
                let position = problem.position.unwrap();
                assert_eq!(
                    (position.line, position.column),
                    (line, column),
                    "{} {form}",
                    page.id
                );
                for label in &problem.labels {
                    let Part::Bytes(span) = &label.place.part else {
                        panic!("{problem}")
                    };
                    let bytes = label.bytes.clone().unwrap();
                    assert_eq!(
                        decoded(form, &file[bytes]),
                        text[span.clone()],
                        "{} {form}",
                        page.id
                    );
                }
                looked_at += 1;
            }
        }
        // without a text there is no line, but the place in the expression is the same
        let spec = RulesetSpec::from_toml(&forms(text)[0].1, &Limits::default())
            .spec
            .unwrap();
        let problems = Ruleset::from_json(&spec.to_json().to_string()).unwrap_err();
        let given: Vec<(String, String)> =
            problems.iter().map(|problem| said(problem, text)).collect();
        let mut sorted = expected.clone();
        sorted.sort();
        let mut given_sorted = given;
        given_sorted.sort();
        assert_eq!(given_sorted, sorted, "{} in JSON", page.id);
        assert!(problems.iter().all(|problem| problem.position.is_none()));
    }
    assert!(looked_at > 200, "{looked_at}");
}

/// Line and column of a byte, both from 1.
fn counted(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (line, column)
}

/// Pages whose message says all there is to say, so that advice would say it again.
const SPEAK_FOR_THEMSELVES: &[&str] = &[
    "L101", "L103", "R102", "R104", "R109", "R112", "R113", "R114",
];

#[test]
fn whoever_writes_rules_is_told_what_to_write_instead() {
    let without: Vec<String> = super::pages()
        .iter()
        .filter(|page| page.is_about_rules())
        .filter(|page| {
            let problems = match super::example::load(&page.example()[0]).unwrap() {
                Ok(rules) => rules.warnings().clone(),
                Err(problems) => problems,
            };
            problems.iter().any(|problem| problem.help.is_empty())
        })
        .map(|page| page.id.clone())
        .collect();
    assert_eq!(without, SPEAK_FOR_THEMSELVES);
}
