//! Two places that write one thing. Keys of a rule file are unique, so these are the ways that are left: a name and an attribute
//! of one name, names that differ in case only (a directory does not tell them apart), attributes that the directory gets from
//! another key, groups of one name, and rules that take over the same accounts. Mailboxes are looked at in `shadow`.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use crate::base::Path;
use crate::diagnostic::Problem;
use crate::language::Program;
use crate::language::Value;
use crate::rules::spec::AccountSpec;

/// Attributes that a directory gets from another key of an account, and that key.
const FROM_ANOTHER_KEY: &[(&str, &str)] = &[
    ("samaccountname", "name.login"),
    ("mail", "name.mail"),
    ("proxyaddresses", "name.mail"),
];

/// Looks at the whole rule set.
pub(super) fn look(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    for (name, account) in &rules.compiled.spec.accounts {
        attributes(name, account, problems);
    }
    groups(rules, problems);
    taken_over(rules, problems);
}

fn attributes(rule: &str, account: &AccountSpec, problems: &mut Vec<Problem>) {
    // By the name as a directory sees it: how it is written, and where.
    let mut written: BTreeMap<String, (&str, &Path)> = BTreeMap::new();
    let names = account
        .names
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "login" | "mail"))
        .map(|(name, spec)| (name, &spec.place));
    let set = account.set.iter().map(|(name, spec)| (name, &spec.place));
    for (name, place) in names.chain(set) {
        let known = name.to_lowercase();
        if let Some((other, first)) = written.get(&known) {
            let text = if *other == name {
                format!("attribute `{name}` of account `{rule}` is a name as well")
            } else {
                format!(
                    "attributes `{other}` and `{name}` of account `{rule}` are one to a directory"
                )
            };
            problems.push(
                Problem::new(&codes::TWO_WRITERS, place.clone(), text)
                    .label((*first).clone(), "also written here")
                    .help("keep one of them"),
            );
        }
        let key = FROM_ANOTHER_KEY
            .iter()
            .find(|(attribute, _)| *attribute == known)
            .map(|(_, key)| *key);
        let output = key
            .and_then(|key| key.strip_prefix("name."))
            .and_then(|output| account.names.get(output));
        if let (Some(key), Some(output)) = (key, output) {
            problems.push(
                Problem::new(
                    &codes::TWO_WRITERS,
                    place.clone(),
                    format!("a directory gets `{name}` of account `{rule}` from `{key}`"),
                )
                .label(output.place.clone(), "also written here")
                .help("keep one of them"),
            );
        }
        written.entry(known).or_insert((name, place));
    }
}

/// Group rules whose one group has the same name.
fn groups(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let mut named: BTreeMap<String, (&str, &Path)> = BTreeMap::new();
    let specs = &rules.compiled.spec.groups;
    for (rule, (name, spec)) in rules.compiled.groups.iter().zip(specs) {
        let own = rule.display.as_ref().unwrap_or(&rule.key);
        let Some(shown) = constant(own) else {
            continue;
        };
        let place = spec
            .name
            .as_ref()
            .or(spec.key.as_ref())
            .map_or(&spec.place, |expression| &expression.place);
        match named.entry(shown.to_lowercase()) {
            Entry::Occupied(known) => {
                let (other, first) = *known.get();
                problems.push(
                    Problem::new(
                        &codes::TWO_WRITERS,
                        place.clone(),
                        format!(
                            "groups `{other}` and `{name}` have the same name in the directory"
                        ),
                    )
                    .label(first.clone(), "also named so here")
                    .help("give each a name of its own, or put one into the other with `union`"),
                );
            }
            Entry::Vacant(free) => {
                free.insert((name, place));
            }
        }
    }
}

fn constant(program: &Program) -> Option<String> {
    match program.constant(program.root())? {
        Value::Text(text) => Some(String::from(&*text)),
        _ => None,
    }
}

/// Account rules that say of the same earlier rule that they were it, or of one that is still there.
fn taken_over(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let accounts = &rules.compiled.spec.accounts;
    let mut taken: BTreeMap<&str, &Path> = accounts
        .iter()
        .map(|(name, spec)| (name.as_str(), &spec.place))
        .collect();
    for (name, spec) in accounts {
        for was in &spec.was {
            if let Some(other) = taken.insert(&was.text, &was.place) {
                problems.push(
                    Problem::new(
                        &codes::TWO_WRITERS,
                        was.place.clone(),
                        format!(
                            "the accounts of `{}` are not account `{name}`'s alone",
                            was.text
                        ),
                    )
                    .label(other.clone(), "they are this one's as well")
                    .help("name each earlier rule once, and none that is still there"),
                );
            }
        }
    }
}
