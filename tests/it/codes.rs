//! Every code has its page in `docs/codes`, every page its code, and the example of a page gives exactly that code.
//!
//! A page is a case as data: `docs/codes/README.md` says how it is written. What a reader would see of the example is held in
//! `snapshots/codes`, one text for each code. Nothing here knows what a code means.

mod delivery;
mod example;
mod page;
mod places;

use std::collections::BTreeSet;

use folkform::diagnostic::Code;

use crate::cases::texts;
use page::Page;

/// The pages by id, sorted.
fn pages() -> Vec<Page> {
    let pages = texts("docs/codes").into_iter();
    let pages = pages.filter(|(id, _)| id != "README");
    pages.map(|(id, text)| Page::read(&id, &text)).collect()
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let ids: BTreeSet<String> = Code::all().map(|code| code.id.to_owned()).collect();
    let written: BTreeSet<String> = pages().into_iter().map(|page| page.id).collect();
    let lacking: Vec<&String> = ids.difference(&written).collect();
    let left: Vec<&String> = written.difference(&ids).collect();
    assert!(lacking.is_empty(), "codes without a page: {lacking:?}");
    assert!(left.is_empty(), "pages without a code: {left:?}");
}

#[test]
fn pages_begin_as_their_codes_say() {
    let faults: Vec<String> = pages()
        .iter()
        .filter_map(|page| {
            let code = Code::all().find(|code| code.id == page.id)?;
            let expected = format!(
                "# {} {}\n\n*{}*: {}.\n",
                code.id, code.name, code.severity, code.summary
            );
            (!page.text.starts_with(&expected))
                .then(|| format!("{} should begin with\n{expected}", page.id))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_example_of_every_page_gives_its_code_and_the_mended_one_does_not() {
    let mut faults = Vec::new();
    for page in pages() {
        let given = example::run(&page.example());
        if page.is_about_rules() {
            // What keeps a rule file from loading stands alone, so that nobody wonders which line is meant.
            if given.ids() != [page.id.as_str()] {
                faults.push(format!("{}: the example gives\n{given}", page.id));
            }
            let mended = example::run(&page.mended());
            if !mended.is_empty() {
                faults.push(format!("{}: the mended example gives\n{mended}", page.id));
            }
        } else {
            if !given.ids().contains(&page.id.as_str()) {
                faults.push(format!("{}: the example gives\n{given}", page.id));
            }
            let mended = example::run(&page.mended());
            if mended.ids().contains(&page.id.as_str()) {
                faults.push(format!("{}: the mended example gives\n{mended}", page.id));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn what_is_said_of_every_example() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/codes");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for page in pages() {
            let given = example::run(&page.example()).of(&page.id);
            insta::assert_snapshot!(page.id.as_str(), given);
        }
    });
}

/// The texts of the rule files of all pages: by id, the one with the problem and the mended one.
#[cfg(feature = "schema")]
pub(crate) fn rule_files() -> Vec<(String, String, String)> {
    let pages = pages().into_iter().filter(Page::is_about_rules);
    let files = pages.filter_map(|page| {
        let (given, mended) = (page.example().remove(0), page.mended().remove(0));
        (given.what == "toml").then_some((page.id, given.text, mended.text))
    });
    files.collect()
}

/// The problems of the examples that are rule files.
#[cfg(feature = "pretty")]
pub(crate) fn loaded_pages() -> Vec<(String, folkform::diagnostic::Problems)> {
    pages()
        .into_iter()
        .filter(Page::is_about_rules)
        .filter_map(|page| {
            let problems = match example::load(&page.example()[0])? {
                Ok(rules) => rules.warnings().clone(),
                Err(problems) => problems,
            };
            Some((page.id, problems))
        })
        .collect()
}

#[test]
fn no_text_is_left_of_a_code_that_is_gone() {
    let held: BTreeSet<String> = texts("tests/it/snapshots/codes")
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    let written: BTreeSet<String> = pages().into_iter().map(|page| page.id).collect();
    assert_eq!(held, written);
}

/// The checks above can fail: a page whose example is mended already, and one whose mended example is not.
#[test]
fn a_page_that_shows_something_else_is_seen() {
    let page = Page::read(
        "R101",
        "# R101\n\n## Example\n\n```toml\nlanguage = 1\nname = \"x\"\n```\n\n## The fix\n\n```toml\nlanguage = 1\nnam = \"x\"\n```\n",
    );
    assert!(example::run(&page.example()).is_empty());
    assert_eq!(example::run(&page.mended()).ids(), ["R101", "R103"]);
}
