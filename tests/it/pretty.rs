//! Problems as a compiler shows them (feature `pretty`): what people see, and that nothing of the plain text is lost.

use folkform::Ruleset;
use folkform::base::Limits;
use folkform::diagnostic::Problems;
use folkform::rules::Loader;

use super::codes::loaded_pages;

fn problems(text: &str) -> Problems {
    Ruleset::from_toml(text).expect_err("the file has mistakes")
}

#[test]
fn twelve_mistakes_with_the_lines_that_they_are_about() {
    let problems = problems(include_str!("../cases/rules/twelve-mistakes/rules.toml"));
    insta::assert_snapshot!(problems.pretty("rules.toml").to_string());
}

#[test]
fn marks_stand_under_what_they_are_about_whatever_comes_before() {
    let text = concat!(
        "language = 1\r\nname = 'a'\r\n[field.person.x]\r\ntable = 'gräns' # 名前\r\n[account.a]\r\n",
        "covers = { employment = \"\"\"\r\n  employment.form == \"å 名\" \\\r\n     && \\u0022å\\u0022 + 1\"\"\" }\r\n",
    );
    let shown = problems(text).pretty("rules.toml").to_string();
    assert!(!shown.contains(['\r', '\u{240d}']));
    insta::assert_snapshot!(shown);
}

#[test]
fn rules_without_a_text_are_shown_with_their_paths() {
    let json =
        r#"{"language": 1, "name": "x", "account": {"a": {"covers": {"employment": "1 + 'a'"}}}}"#;
    let problems = Ruleset::from_json(json).expect_err("a condition is no number");
    insta::assert_snapshot!(problems.pretty("rules.json").to_string(), @r"
    error[L131]: `+` cannot add `int` and `text`
    --> rules.json
     = note: at account.a.covers.employment
     = note: account.a.covers.employment: this is `int`
     = note: account.a.covers.employment: this is `text`
     = help: write `string(…)` to make a text of it
    ");
}

#[test]
fn what_was_only_counted_is_told() {
    let mut limits = Limits::default();
    limits.reported_problems = 1;
    let problems = Loader::new()
        .limits(limits)
        .toml("language = 1\na = 1\nb = 2\nc = 3\n")
        .expect_err("the file has mistakes");
    let shown = problems.pretty("rules.toml").to_string();
    assert!(shown.ends_with("\n\nand 3 more"), "{shown}");
}

#[test]
fn colours_are_asked_for() {
    let problems = problems("language = 1\n");
    assert!(!problems.pretty("rules.toml").to_string().contains('\u{1b}'));
    let coloured = problems.pretty("rules.toml").coloured().to_string();
    assert!(coloured.contains('\u{1b}'));
}

#[test]
fn nothing_that_the_plain_text_says_is_lost() {
    for (id, problems) in loaded_pages() {
        let shown = problems.pretty("rules.toml").to_string();
        let one_line = shown.split_whitespace().collect::<Vec<&str>>().join(" ");
        for problem in &problems {
            assert!(shown.contains(&format!("[{}]", problem.code.id)), "{id}");
            let labels = problem.labels.iter().map(|label| label.text.as_str());
            let help = problem.help.iter().map(String::as_str);
            for text in labels.chain(help).chain([problem.message.as_str()]) {
                assert!(one_line.contains(text), "{id}: {text}\n{shown}");
            }
        }
    }
}
