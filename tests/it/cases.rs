//! Cases as data: every folder below `tests/cases/` that holds a `case.toml` is played, and its runs are held against the laws.
//!
//! How a case is written stands in `tests/cases/README.md`. `FOLKFORM_CASE=text` plays only those whose name holds the text.

mod case;
mod drift;
mod expect;
mod facts;
mod history;
pub(crate) mod laws;
mod matrix;
pub(crate) mod run;
mod snapshot;

use std::fs;
use std::path::Path;

use case::Found;

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The files of a folder of the crate: what each is called, without its ending, and what it holds; in the order of their names.
pub(crate) fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    let mut texts: Vec<(String, String)> = files.collect();
    texts.sort();
    texts
}

fn all() -> Vec<Found> {
    case::all(&root()).unwrap_or_else(|fault| panic!("{fault}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "which cases are played is the tester's choice"
)]
fn asked_for() -> String {
    std::env::var("FOLKFORM_CASE").unwrap_or_default()
}

fn faults(found: &Found) -> Vec<String> {
    let faults = history::play(found).unwrap_or_else(|fault| vec![fault]);
    let name = &found.name;
    faults
        .into_iter()
        .map(|fault| format!("{name}: {fault}"))
        .collect()
}

#[test]
fn every_case_holds() {
    let asked = asked_for();
    let cases: Vec<Found> = all()
        .into_iter()
        .filter(|found| found.name.contains(&asked))
        .collect();
    assert!(!cases.is_empty(), "no case is named `{asked}`");
    let (one, other) = cases.split_at(cases.len() / 2);
    let faults: Vec<String> = std::thread::scope(|scope| {
        let halves = [one, other]
            .map(|half| scope.spawn(move || half.iter().flat_map(faults).collect::<Vec<String>>()));
        halves
            .into_iter()
            .flat_map(|half| half.join().unwrap())
            .collect()
    });
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_matrix_is_fresh() {
    matrix::assert_fresh(&root(), &all());
}

#[test]
fn no_cell_that_matters_is_empty() {
    let faults = matrix::faults(&root(), &all());
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// A case of the rules and the snapshot of a topic.
fn planted(text: &str) -> Vec<String> {
    let of_topic = |name| fs::read_to_string(root().join("lifecycle").join(name)).unwrap();
    let found = Found {
        name: String::from("planted"),
        case: match toml::from_str(text) {
            Ok(case) => case,
            Err(error) => return vec![error.to_string()],
        },
        rules: of_topic("rules.toml"),
        snapshot: of_topic("snapshot.txt"),
    };
    faults(&found)
}

#[test]
fn a_case_that_is_wrong_fails_and_says_how() {
    let good = planted(
        "title = \"t\"\n[[run]]\non = \"2026-06-01\"\nexpect.account.chris.staff = \"enabled\"\n",
    );
    assert_eq!(good, [""; 0]);
    for (rest, message) in [
        ("on = \"2026-06-01\"", "no run of the case expects anything"),
        (
            "on = \"2026-06-01\"\nexpect = { account = {} }",
            "asserts nothing",
        ),
        (
            "on = \"2026-06-01\"\nexpect.step = []",
            "`step` is nothing that can be expected",
        ),
        (
            "on = \"2026-06-01\"\nexpect.steps = [\"disable tove/staff\"]",
            "there is no `disable tove/staff`",
        ),
        (
            "on = \"2026-06-01\"\nexpect.steps = [\"…\"]",
            "`…` alone asserts nothing",
        ),
        (
            "on = \"2026-06-01\"\nexpect.account.tove.staff = \"enabled\"",
            "account.tove.staff: there is none",
        ),
        (
            "on = \"2026-06-01\"\nexpects = 1",
            "unknown field `expects`",
        ),
        (
            "on = \"2026-06-01\"\nresults = { x = \"failed\" }\nexpect.steps = []",
            "no released step begins with `x`",
        ),
        ("on = \"1 June\"\nexpect.steps = []", "that is no day"),
    ] {
        let faults = planted(&format!("title = \"t\"\n[[run]]\n{rest}\n")).join("\n");
        assert!(faults.contains(message), "{rest} gives {faults:?}");
    }
    let tove = "heroma/sml\n employment 2 @tove number=198412022389 given_name=Tove surname=Berg employer=1430 unit=1430-a start=2026-01-01";
    for (rest, message) in [
        ("state = \"disabled\"", "expected `disabled`, is `enabled`"),
        ("stat = \"disabled\"", "there is no field `stat`"),
        ("set.title = \"x\"", "expected `x`, is `none`"),
        ("groups = []", "there is `unit:1430-a` as well"),
    ] {
        let run = format!(
            "title = \"t\"\n[[run]]\non = \"2026-06-01\"\nsnapshot = '''{tove}'''\n[run.expect.account.tove.staff]\n{rest}\n"
        );
        let faults = planted(&run).join("\n");
        assert!(faults.contains(message), "{rest} gives {faults:?}");
        assert!(faults.contains("the plan was:"), "{faults}");
    }
}
