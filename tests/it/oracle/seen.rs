//! What the crate wants, as the same plain texts under the same plain names as the oracle's.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use folkform::directory::AccountKey;
use folkform::directory::Desired;
use folkform::directory::DesiredAccount;
use folkform::directory::Opinion;

use super::outputs::Facts;

/// People by the key that the crate gives them.
pub(super) type People = BTreeMap<String, usize>;

fn word(of: &impl serde::Serialize) -> String {
    serde_json::to_value(of)
        .unwrap()
        .as_str()
        .unwrap_or("?")
        .to_owned()
}

fn opinion<T>(of: &Opinion<T>, text: impl FnOnce(&T) -> String) -> String {
    match of {
        Opinion::Set(value) => text(value),
        Opinion::Clear => "clear".into(),
        Opinion::Keep(cause) => format!("keep {}", word(cause)),
    }
}

fn list(of: impl IntoIterator<Item = String>) -> String {
    let of: BTreeSet<String> = of.into_iter().collect();
    of.into_iter().collect::<Vec<_>>().join(" ")
}

pub(super) fn account(people: &People, key: &AccountKey) -> String {
    let person = people.get(&key.person.to_hex());
    let person = person.map_or("nobody".into(), usize::to_string);
    format!("{person}/{}", key.rule)
}

/// Everything that is wanted.
pub(super) fn facts(desired: &Desired, people: &People) -> Facts {
    let mut facts = Facts::new();
    for (key, of) in &desired.accounts {
        let name = format!("account {}", account(people, key));
        for (field, value) in of_account(of, people) {
            facts.insert(format!("{name} {field}"), value);
        }
    }
    for (key, group) in &desired.groups {
        let name = format!("group {key}");
        facts.insert(format!("{name} ended"), group.ended.to_string());
        if group.ended {
            continue;
        }
        let members = group.members.iter().map(|(key, of)| match of {
            Opinion::Set(()) => account(people, key),
            // One that is to go is no member.
            Opinion::Clear => String::new(),
            other @ Opinion::Keep(_) => format!(
                "{} {}",
                account(people, key),
                opinion(other, |()| String::new())
            ),
        });
        let members = members.filter(|member| !member.is_empty());
        facts.insert(format!("{name} members"), list(members));
        facts.insert(
            format!("{name} nested"),
            list(group.nested.iter().map(ToString::to_string)),
        );
        facts.insert(format!("{name} exact"), group.exact.to_string());
        facts.insert(
            format!("{name} name"),
            opinion(&group.name, ToString::to_string),
        );
    }
    for (key, of) in &desired.class_lists {
        let id = key.group.rsplit(':').next().unwrap();
        let rows = of.rows.iter().map(|(key, row)| {
            let columns = row
                .columns
                .iter()
                .map(|(name, text)| format!(",{name}={text}"));
            let columns: String = columns.collect();
            format!("{}({}{columns})", account(people, key), word(&row.state))
        });
        facts.insert(format!("list {id} name"), of.name.to_string());
        facts.insert(format!("list {id} rows"), list(rows));
    }
    facts
}

fn of_account(of: &DesiredAccount, people: &People) -> Facts {
    let mut facts = Facts::from([
        ("state".into(), opinion(&of.state, word)),
        (
            "container".into(),
            opinion(&of.container, ToString::to_string),
        ),
        ("login".into(), opinion(&of.login, ToString::to_string)),
        ("mail".into(), opinion(&of.mail, ToString::to_string)),
        (
            "aliases".into(),
            list(of.aliases.iter().map(ToString::to_string)),
        ),
        ("hidden".into(), opinion(&of.hidden, ToString::to_string)),
        ("mailbox".into(), opinion(&of.mailbox, ToString::to_string)),
    ]);
    for (name, of) in &of.attributes {
        let text = opinion(of, |values| list(values.iter().map(ToString::to_string)));
        facts.insert(name.to_string(), text);
    }
    for (name, of) in &of.references {
        facts.insert(name.to_string(), opinion(of, |key| account(people, key)));
    }
    for (sku, of) in &of.licences {
        facts.insert(sku.to_string(), opinion(of, |()| "set".into()));
    }
    facts
}
