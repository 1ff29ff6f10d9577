//! Compares what a case expects with what came: every expectation by key, every fault in one line.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use toml::Table;
use toml::Value;

use super::facts::Fact;
use super::facts::Facts;
use super::facts::Objects;

/// Counts what was asserted and gathers what does not hold.
#[derive(Default)]
pub(super) struct Verdict {
    pub(super) faults: Vec<String>,
    asserted: Cell<usize>,
}

impl Verdict {
    /// How much was asserted.
    pub(super) fn asserted(&self) -> usize {
        self.asserted.get()
    }

    pub(super) fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    fn count(&self) {
        self.asserted.set(self.asserted.get() + 1);
    }

    /// Objects by two keys: `account.tove.staff = "enabled"`, or a table of fields.
    pub(super) fn objects(&mut self, kind: &str, expected: &Value, short: &str, objects: &Objects) {
        let Some(expected) = expected.as_table() else {
            return self.fault(format!("`{kind}` is no table"));
        };
        for (first, seconds) in expected {
            let Some(seconds) = seconds.as_table() else {
                self.fault(format!(
                    "`{kind}.{first}` names no {kind}: it needs two keys"
                ));
                continue;
            };
            for (second, fields) in seconds {
                let path = format!("{kind}.{first}.{second}");
                let found = objects.get(&(first.clone(), second.clone()));
                if found.is_none() && fields.as_str() != Some("none") {
                    let known = objects.keys().map(|(one, other)| format!("{one} {other}"));
                    let known: Vec<String> = known.collect();
                    self.fault(format!("{path}: there is none, only {}", known.join(", ")));
                    continue;
                }
                match fields {
                    Value::Table(fields) => self.fields(&path, fields, found.unwrap()),
                    Value::String(text) if text == "none" => {
                        self.count();
                        if found.is_some() {
                            self.fault(format!("{path}: there should be none"));
                        }
                    }
                    other => self.fact(&format!("{path}.{short}"), other, &found.unwrap()[short]),
                }
            }
        }
    }

    /// Fields of one object. Those of the kinds `set.…`, `ref.…` and `field.…` may be absent; of all others the name is wrong.
    pub(super) fn fields(&mut self, path: &str, expected: &Table, facts: &Facts) {
        for (name, value) in expected {
            match value {
                Value::Table(inner) => {
                    for (of, value) in inner {
                        let fact = facts.get(&format!("{name}.{of}"));
                        let none = Fact::One(String::from("none"));
                        if !["set", "ref", "field"].contains(&name.as_str()) {
                            self.fault(format!("{path}: there is no field `{name}.{of}`"));
                            continue;
                        }
                        self.fact(&format!("{path}.{name}.{of}"), value, fact.unwrap_or(&none));
                    }
                }
                value => {
                    if let Some(fact) = facts.get(name) {
                        self.fact(&format!("{path}.{name}"), value, fact);
                    } else {
                        let known: Vec<&str> = facts.keys().map(String::as_str).collect();
                        let known = known.join(", ");
                        self.fault(format!("{path}: there is no field `{name}`, only {known}"));
                    }
                }
            }
        }
    }

    fn fact(&mut self, path: &str, expected: &Value, fact: &Fact) {
        match (expected, fact) {
            (Value::Array(items), Fact::Many(found)) => {
                let found: Vec<String> = found.iter().cloned().collect();
                self.list(path, items, &found, false);
            }
            (Value::Array(items), Fact::One(found)) if found != "none" => {
                self.list(path, items, std::slice::from_ref(found), false);
            }
            (Value::Array(_), Fact::One(found)) => self.fault(format!("{path}: is `{found}`")),
            (value, Fact::One(found)) => {
                self.count();
                let text = plain(value);
                if text != *found {
                    self.fault(format!("{path}: expected `{text}`, is `{found}`"));
                }
            }
            (value, Fact::Many(found)) => {
                self.fault(format!(
                    "{path}: expected `{}`, are {found:?}",
                    plain(value)
                ));
            }
        }
    }

    /// A list without an order. `"…"` says that there may be more, `"!x"` that there is no such one; an item that `opens`
    /// names all that begin with its words.
    pub(super) fn list(&mut self, path: &str, expected: &[Value], found: &[String], opens: bool) {
        self.count();
        let mut matched = BTreeSet::new();
        let mut open = false;
        let mut wrong = Vec::new();
        for item in expected {
            let Some(item) = item.as_str() else {
                return self.fault(format!("{path}: {item:?} is no text"));
            };
            if item == "…" || item == "..." {
                open = true;
            } else if let Some(unwanted) = item.strip_prefix('!') {
                let there = found.iter().filter(|one| is_of(one, unwanted, opens));
                wrong.extend(there.map(|one| format!("there should be no `{one}`")));
            } else {
                let before = matched.len();
                let of = found.iter().filter(|one| is_of(one, item, opens));
                matched.extend(of);
                if before == matched.len() && !found.iter().any(|one| is_of(one, item, opens)) {
                    wrong.push(format!("there is no `{item}`"));
                }
            }
        }
        if !open {
            let more = found.iter().filter(|one| !matched.contains(one));
            wrong.extend(more.map(|one| format!("there is `{one}` as well")));
        }
        if expected.len() == 1 && open {
            wrong.push(String::from("`…` alone asserts nothing"));
        }
        for fault in wrong {
            self.fault(format!("{path}: {fault}"));
        }
    }

    /// Lists by name.
    pub(super) fn lists(
        &mut self,
        name: &str,
        expected: &Value,
        lists: &BTreeMap<&str, Vec<String>>,
    ) -> bool {
        let (Some(found), Some(items)) = (lists.get(name), expected.as_array()) else {
            return false;
        };
        self.list(name, items, found, true);
        true
    }

    /// A single value.
    pub(super) fn value(&mut self, path: &str, expected: &Value, found: &str) {
        self.fact(path, expected, &Fact::One(found.to_owned()));
    }

    /// Texts of which each must stand in a longer one, or with `!` must not.
    pub(super) fn contains(&mut self, path: &str, expected: &Value, text: &str) {
        let one = std::slice::from_ref(expected);
        for part in expected.as_array().map_or(one, Vec::as_slice) {
            self.count();
            let part = part.as_str().unwrap_or_default();
            let (wanted, part) = part
                .strip_prefix('!')
                .map_or((true, part), |part| (false, part));
            if part.is_empty() || text.contains(part) != wanted {
                let word = if wanted { "lacks" } else { "has" };
                self.fault(format!("{path}: {word} `{part}`:\n{text}"));
            }
        }
    }
}

/// Whether a line is an item, or begins with its words.
pub(super) fn is_of(line: &str, item: &str, opens: bool) -> bool {
    line == item
        || opens
            && line
                .strip_prefix(item)
                .is_some_and(|rest| rest.starts_with([' ', ':']))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}
