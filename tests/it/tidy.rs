//! The shape of the tree, as a test.
//!
//! Each check gives the faults it finds, so that the same check runs over this tree, where it must find none, and over a
//! planted one, where it must find what was planted. Not here: what the compiler and the lints see already.

mod scan;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use scan::File;
use scan::is_of_name;
use scan::line_at;
use scan::words;

/// The layers, the first one first. A layer imports only itself and those above it.
const LAYERS: &[&str] = &[
    "base",
    "diagnostic",
    "identity",
    "language",
    "model",
    "source",
    "directory",
    "ledger",
    "naming",
    "rules",
    "resolve",
    "evaluate",
    "plan",
    "explain",
    "intake",
    "render",
    "front",
    "testing",
];

/// A file has at most so many lines, unless it stands in [`LONG_FILES`].
const LINES: usize = 600;

/// Files that may be longer, each with the reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Names that do not say what a file holds.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "common", "misc", "helper", "helpers", "manager",
];

/// A list of `docs/security.md`: the files that make a call by which something could get out.
struct Callers {
    begin: &'static str,
    end: &'static str,
    /// Whether a file makes the call.
    calls: fn(&File) -> bool,
    /// What its callers do, and what a listed file does that does not.
    does: &'static str,
    does_not: &'static str,
}

/// The files that look into secrets: they call `reveal`, or ask an identity number for its text.
const REVEALS: Callers = Callers {
    begin: "<!-- reveal: begin -->",
    end: "<!-- reveal: end -->",
    calls: |file| {
        calls(&file.code, "reveal")
            || (file.layer() != Some("identity") && calls(&file.code, "canonical"))
    },
    does: "looks into secrets",
    does_not: "looks into none",
};

/// How a text is leaked.
const LEAKS: [&str; 3] = [".leak()", "::leak(", "::leak)"];

/// The files that vouch for a text of an open document, or leak one, so that it passes for words of the source.
const VOUCHES: Callers = Callers {
    begin: "<!-- vouched: begin -->",
    end: "<!-- vouched: end -->",
    calls: |file| calls(&file.code, "vouched") || LEAKS.iter().any(|leak| file.code.contains(leak)),
    does: "vouches for a text",
    does_not: "vouches for none",
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn fault(file: &File, position: usize, message: &str) -> String {
    format!("{}:{}: {message}", file.path, line_at(&file.code, position))
}

/// Upward and hidden paths, and files of no layer.
fn layers(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let Some(layer) = file.layer() else { continue };
        let Some(rank) = LAYERS.iter().position(|&known| known == layer) else {
            faults.push(format!("{}: `{layer}` is no layer", file.path));
            continue;
        };
        for position in words(&file.code, "crate") {
            let rest = &file.code[position + "crate".len()..];
            let Some(rest) = rest.strip_prefix("::") else {
                if rest.starts_with(" as ") {
                    faults.push(fault(file, position, "the crate gets another name"));
                }
                continue;
            };
            let name: String = rest
                .chars()
                .take_while(|&letter| is_of_name(letter))
                .collect();
            if name.is_empty() {
                faults.push(fault(
                    file,
                    position,
                    "a group or a star after `crate::`: one path a line",
                ));
                continue;
            }
            match LAYERS.iter().position(|&known| known == name) {
                None => faults.push(fault(
                    file,
                    position,
                    &format!("`crate::{name}` names no layer"),
                )),
                Some(other) if other > rank => faults.push(fault(
                    file,
                    position,
                    &format!("layer `{layer}` reaches up to layer `{name}`"),
                )),
                Some(_) => {}
            }
        }
        for position in words(&file.code, "super") {
            let rest = &file.code[position + "super".len()..];
            if rest.starts_with("::super") {
                faults.push(fault(
                    file,
                    position,
                    "`super::super`: name the layer instead",
                ));
            } else if file.is_root_of_layer() && rest.starts_with("::") {
                faults.push(fault(
                    file,
                    position,
                    "`super` leaves the layer: name the other layer instead",
                ));
            }
        }
    }
    faults
}

/// Files that are too long, and reasons that have nothing to excuse.
fn lengths(files: &[File], excused: &[(&str, &str)]) -> Vec<String> {
    let long: BTreeMap<&str, usize> = files
        .iter()
        .map(|file| (file.path.as_str(), file.text.lines().count()))
        .filter(|&(_, lines)| lines > LINES)
        .collect();
    let mut faults = Vec::new();
    for (path, lines) in &long {
        if !excused.iter().any(|(excused, _)| excused == path) {
            faults.push(format!(
                "{path}: {lines} lines (at most {LINES}): split it by subject"
            ));
        }
    }
    for (path, reason) in excused {
        if !long.contains_key(path) {
            faults.push(format!("{path}: stands among the long files and is none"));
        }
        if reason.is_empty() {
            faults.push(format!(
                "{path}: stands among the long files without a reason"
            ));
        }
    }
    faults
}

/// Files and folders whose names say nothing.
fn names(root: &Path) -> Vec<String> {
    ["src", "tests", "examples", "benches"]
        .iter()
        .flat_map(|folder| scan::paths(root, folder))
        .filter(|path| {
            path.split('/')
                .any(|part| EMPTY_NAMES.contains(&part.strip_suffix(".rs").unwrap_or(part)))
        })
        .map(|path| format!("{path}: the name does not say what it holds"))
        .collect()
}

/// Ids of codes that are used twice, and codes that are declared where this does not look.
fn codes(files: &[File]) -> Vec<String> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for file in files {
        if file.path.ends_with("/codes.rs") {
            for id in file
                .with_texts
                .split('"')
                .skip(1)
                .step_by(2)
                .filter(|text| is_id(text))
            {
                if let Some(first) = seen.insert(id, &file.path) {
                    faults.push(format!("{}: code `{id}` stands in {first} too", file.path));
                }
            }
        } else if file.path != "src/diagnostic/code.rs" {
            for position in words(&file.code, "Code") {
                let before = file.code[..position].trim_end();
                if file.code[position..].starts_with("Code {") && before.ends_with('=') {
                    faults.push(fault(
                        file,
                        position,
                        "a code is declared outside of a `codes.rs`",
                    ));
                }
            }
        }
    }
    faults
}

/// Whether a text has the form of an id: a capital letter and three digits.
fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4 && bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit)
}

fn calls(code: &str, name: &str) -> bool {
    words(code, name).any(|position| {
        let before = code[..position].trim_end();
        before.ends_with('.') || before.ends_with("::")
    })
}

/// How a list of callers differs from `document`; the last line is what to paste.
fn unlisted(of: &Callers, files: &[File], document: &str) -> Vec<String> {
    let (begin, end) = (of.begin, of.end);
    let callers: BTreeSet<&str> = files
        .iter()
        .filter(|file| (of.calls)(file))
        .map(|file| file.path.as_str())
        .collect();
    let Some((_, rest)) = document.split_once(begin) else {
        return vec![format!("`{begin}` is missing")];
    };
    let Some((list, _)) = rest.split_once(end) else {
        return vec![format!("`{end}` is missing")];
    };
    let listed: BTreeMap<&str, &str> = list
        .lines()
        .filter_map(|line| Some((line.strip_prefix("- `")?.split('`').next()?, line)))
        .collect();
    let mut faults = Vec::new();
    for caller in &callers {
        if !listed.contains_key(caller) {
            faults.push(format!("{caller}: {} and is not listed", of.does));
        }
    }
    for path in listed.keys() {
        if !callers.contains(path) {
            faults.push(format!("{path}: is listed and {}", of.does_not));
        }
    }
    if !faults.is_empty() {
        let lines: Vec<String> = callers
            .iter()
            .map(|caller| {
                listed
                    .get(caller)
                    .map_or(format!("- `{caller}`"), |&line| line.to_owned())
            })
            .collect();
        faults.push(format!("paste this:\n{begin}\n{}\n{end}", lines.join("\n")));
    }
    faults
}

/// What `docs/architecture.md` says and is not so: layers without a paragraph, invariants whose test is not there. A layer
/// that is not there yet is not held to what is said of it.
fn invariants(root: &Path, document: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for layer in LAYERS.iter().filter(|layer| has_layer(root, layer)) {
        if !document.contains(&format!("\n### `{layer}`\n")) {
            faults.push(format!("layer `{layer}` has no paragraph"));
        }
    }
    for (number, line) in document.lines().enumerate() {
        let Some(invariant) = line.strip_prefix("Invariant: ") else {
            continue;
        };
        let named: Vec<&str> = invariant
            .split_once("Guarded by ")
            .map_or(Vec::new(), |(_, guard)| {
                guard.split('`').skip(1).step_by(2).collect()
            });
        let [path, function] = named[..] else {
            faults.push(format!(
                "line {}: an invariant names its file and its test",
                number + 1
            ));
            continue;
        };
        let layer = path
            .strip_prefix("src/")
            .and_then(|path| path.split('/').next());
        if layer.is_some_and(|layer| LAYERS.contains(&layer) && !has_layer(root, layer)) {
            continue;
        }
        let text = fs::read_to_string(root.join(path)).unwrap_or_default();
        if !text.contains(&format!("fn {function}(")) {
            faults.push(format!(
                "line {}: no test `{function}` in `{path}`",
                number + 1
            ));
        }
    }
    faults
}

fn has_layer(root: &Path, layer: &str) -> bool {
    let source = root.join("src");
    source.join(layer).is_dir() || source.join(format!("{layer}.rs")).is_file()
}

/// Features that `document` has no row for, and rows without a feature.
fn features(manifest: &str, document: &str) -> Vec<String> {
    let declared: BTreeSet<&str> = section(manifest, "[features]\n", "\n[")
        .lines()
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .filter(|name| *name != "default" && !name.starts_with('#'))
        .collect();
    let described: BTreeSet<&str> = section(document, "\n## Features\n", "\n## ")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    declared
        .symmetric_difference(&described)
        .map(|name| format!("feature `{name}` stands on one side only"))
        .collect()
}

fn section<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = text.split_once(begin).map_or("", |(_, rest)| rest);
    rest.split_once(end).map_or(rest, |(section, _)| section)
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[track_caller]
fn assert_found(faults: &[String], expected: &[&str]) {
    assert_eq!(faults.len(), expected.len(), "\n{}\n", faults.join("\n"));
    for (found, expected) in faults.iter().zip(expected) {
        assert!(
            found.contains(expected),
            "expected `{expected}` in `{found}`"
        );
    }
}

/// A tree with these files in a folder of its own.
fn plant(name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("tidy")
        .join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

#[test]
fn a_layer_imports_only_layers_above_it() {
    assert_none(&layers(&scan::source(root())));
}

#[test]
fn bad_paths_are_found() {
    let root = plant(
        "layers",
        &[
            ("src/lib.rs", "pub mod base;\npub use crate::plan::Plan;\n"),
            ("src/stray/mod.rs", "//! In no row.\n"),
            (
                "src/naming.rs",
                "use crate::base::A;\nuse super::rules::B;\n",
            ),
            (
                "src/rules/mod.rs",
                "// crate::front\nuse crate::naming::A;\nfn f() -> crate::evaluate::B { crate::rules::g(\"crate::plan\") }\n",
            ),
            (
                "src/rules/check/mod.rs",
                "use super::super::A;\nuse super::B;\nuse crate::{base::C};\n",
            ),
            (
                "src/base/mod.rs",
                "pub(crate) use crate::Plan;\n#[cfg(test)]\nmod laws;\nuse crate::*;\nuse crate as other;\n#[cfg(test)]\nmod tests { use crate::front::X; }\n",
            ),
            ("src/base/laws.rs", "use crate::plan::Plan;\n"),
        ],
    );
    assert_found(
        &layers(&scan::source(&root)),
        &[
            "src/base/mod.rs:1: `crate::Plan` names no layer",
            "src/base/mod.rs:4: a group or a star",
            "src/base/mod.rs:5: the crate gets another name",
            "src/naming.rs:2: `super` leaves the layer",
            "src/rules/check/mod.rs:3: a group or a star",
            "src/rules/check/mod.rs:1: `super::super`",
            "src/rules/mod.rs:3: layer `rules` reaches up to layer `evaluate`",
            "src/stray/mod.rs: `stray` is no layer",
        ],
    );
}

#[test]
fn files_are_short_or_excused() {
    assert_none(&lengths(&scan::source(root()), LONG_FILES));
}

#[test]
fn long_files_are_found() {
    let long = "\n".repeat(LINES + 1);
    let fits = "\n".repeat(LINES);
    let root = plant(
        "lengths",
        &[
            ("src/base/a.rs", &long),
            ("src/base/b.rs", &fits),
            ("src/base/c.rs", &long),
        ],
    );
    assert_found(
        &lengths(
            &scan::source(&root),
            &[("src/base/c.rs", "one table"), ("src/base/b.rs", "")],
        ),
        &[
            "src/base/a.rs: 601 lines",
            "src/base/b.rs: stands among the long files and is none",
            "src/base/b.rs: stands among the long files without a reason",
        ],
    );
}

#[test]
fn names_say_what_is_held() {
    assert_none(&names(root()));
}

#[test]
fn empty_names_are_found() {
    let root = plant(
        "names",
        &[
            ("src/base/utils.rs", ""),
            ("tests/common/people.rs", ""),
            ("src/base/utility.rs", ""),
        ],
    );
    assert_found(
        &names(&root),
        &["src/base/utils.rs", "tests/common/people.rs"],
    );
}

#[test]
fn a_code_has_one_meaning() {
    assert_none(&codes(&scan::source(root())));
}

#[test]
fn repeated_codes_are_found() {
    let root = plant(
        "codes",
        &[
            (
                "src/plan/codes.rs",
                "codes! { A = \"P101\" \"a\": \"as R101\"; B = \"P102\"; } // \"P101\"\n",
            ),
            (
                "src/rules/codes.rs",
                "codes! { C = (\"R101\", \"c\"); D = (\"P102\", \"d\"); E = (\"R101\", \"e\"); }\n",
            ),
            (
                "src/rules/other.rs",
                "static F: Code = Code { id: \"R102\" };\nfn f() -> Code { g() }\n",
            ),
        ],
    );
    assert_found(
        &codes(&scan::source(&root)),
        &[
            "src/rules/codes.rs: code `P102` stands in src/plan/codes.rs too",
            "src/rules/codes.rs: code `R101` stands in src/rules/codes.rs too",
            "src/rules/other.rs:1: a code is declared outside",
        ],
    );
}

#[test]
fn who_looks_into_secrets_is_listed() {
    let (files, document) = (scan::source(root()), document("docs/security.md"));
    assert_none(&unlisted(&REVEALS, &files, &document));
}

#[test]
fn unlisted_looks_into_secrets_are_found() {
    let root = plant(
        "reveals",
        &[
            ("src/base/a.rs", "fn f() { x\n    .reveal(); }\n"),
            ("src/base/b.rs", "fn f() { x.map(Secret::reveal) }\n"),
            (
                "src/base/c.rs",
                "//! [`Secret::reveal`]\nfn reveal() {}\n#[cfg(test)]\nmod tests { fn f() { x.reveal() } }\n",
            ),
            ("src/base/d.rs", "fn f() { number.canonical() }\n"),
            ("src/identity/e.rs", "fn f() { spelling.canonical() }\n"),
        ],
    );
    let (begin, end) = (REVEALS.begin, REVEALS.end);
    let listed = format!("{begin}\n- `src/base/a.rs`: why\n- `src/base/c.rs`\n{end}\n");
    assert_found(
        &unlisted(&REVEALS, &scan::source(&root), &listed),
        &[
            "src/base/b.rs: looks",
            "src/base/d.rs: looks",
            "src/base/c.rs: is listed",
            "- `src/base/a.rs`: why\n- `src/base/b.rs`\n- `src/base/d.rs`\n",
        ],
    );
    assert_found(
        &unlisted(&REVEALS, &scan::source(&root), ""),
        &["is missing"],
    );
}

#[test]
fn who_vouches_for_a_text_is_listed() {
    let (files, document) = (scan::source(root()), document("docs/security.md"));
    assert_none(&unlisted(&VOUCHES, &files, &document));
}

#[test]
fn unlisted_vouching_is_found() {
    let root = plant(
        "vouches",
        &[
            ("src/base/a.rs", "fn f() { OpenText::vouched(x); }\n"),
            ("src/base/b.rs", "fn f() { x.map(OpenText::vouched) }\n"),
            ("src/base/c.rs", "//! [`OpenText::vouched`]\nfn f() {}\n"),
            ("src/base/d.rs", "fn f() { OpenText::words(x.leak()); }\n"),
        ],
    );
    let (begin, end) = (VOUCHES.begin, VOUCHES.end);
    let listed = format!("{begin}\n- `src/base/a.rs`: why\n- `src/base/c.rs`: why\n{end}\n");
    assert_found(
        &unlisted(&VOUCHES, &scan::source(&root), &listed),
        &[
            "src/base/b.rs: vouches",
            "src/base/d.rs: vouches",
            "src/base/c.rs: is listed",
            "- `src/base/a.rs`: why\n- `src/base/b.rs`\n- `src/base/d.rs`\n",
        ],
    );
}

#[test]
fn the_architecture_is_as_described() {
    let document = document("docs/architecture.md");
    assert_none(&invariants(root(), &document));
    assert_none(&features(&self::document("Cargo.toml"), &document));
}

#[test]
fn untrue_descriptions_are_found() {
    let root = plant(
        "invariants",
        &[("src/base/a.rs", "fn holds() {}\n"), ("src/plan.rs", "")],
    );
    let text = concat!(
        "\n### `base`\nInvariant: a. Guarded by `src/base/a.rs`, `holds`.\n",
        "Invariant: b.\nInvariant: c. Guarded by `src/base/a.rs`, `gone`.\n",
        "Invariant: d. Guarded by `src/front/a.rs`, `later`.\n",
    );
    assert_found(
        &invariants(&root, text),
        &[
            "layer `plan` has no paragraph",
            "line 4: an invariant names",
            "line 5: no test `gone`",
        ],
    );
    assert_found(
        &features(
            "[features]\ndefault = [\"a\"]\n# c = no\na = []\nb = []\n\n[dependencies]\nd = \"1\"\n",
            "\n## Features\n| `a` | x |\n| `e` | y |\n",
        ),
        &["`b`", "`e`"],
    );
}
