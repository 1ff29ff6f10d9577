//! The serial form of what is wanted: one sealed call, for hosts that keep it and for tests that compare it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::desired::Desired;
use super::desired::DesiredAccount;
use super::desired::DesiredClassList;
use super::desired::DesiredGroup;
use super::desired::DesiredNotice;
use super::opinion::Opinion;
use crate::base::Text;
use crate::base::canonical_json;

impl Desired {
    /// Writes what is wanted. **Sealed**: it holds personal values, of protected persons too.
    pub fn to_sealed_json(&self) -> String {
        canonical_json(&json!({
            "accounts": object(&self.accounts, account),
            "groups": object(&self.groups, group),
            "class_lists": object(&self.class_lists, class_list),
            "notices": self.notices.iter().map(notice).collect::<Vec<_>>(),
        }))
    }
}

fn account(account: &DesiredAccount) -> Value {
    json!({
        "slice": account.slice,
        "sealed": account.sealed,
        "shield": account.shield.as_ref().map(|shield| json!({
            "registration": shield.registration(),
            "covered": shield.covered(),
        })),
        "state": opinion(&account.state, |state| json!(state)),
        "urgency": account.urgency,
        "adopt": account.adopt.as_ref().map(ToString::to_string),
        "merges": account.merges,
        "replaced_by": account.replaced_by,
        "container": opinion(&account.container, |dn| json!(dn)),
        "login": opinion(&account.login, |login| json!(login)),
        "mail": opinion(&account.mail, |mail| json!(mail)),
        "aliases": account.aliases,
        "alias_days": account.alias_days,
        "withdrawn": account.withdrawn,
        "hidden": opinion(&account.hidden, |hidden| json!(hidden)),
        "attributes": object(&account.attributes, |values| opinion(values, |values| json!(values))),
        "clear_others": account.clear_others,
        "references": object(&account.references, |to| opinion(to, |to| json!(to))),
        "licences": object(&account.licences, |licence| opinion(licence, |()| Value::Bool(true))),
        "services_off": account.services_off,
        "mailbox": opinion(&account.mailbox, |mailbox| json!(mailbox)),
        "recheck_on": account.recheck_on,
    })
}

fn group(group: &DesiredGroup) -> Value {
    json!({
        "slice": group.slice,
        "name": opinion(&group.name, |name| json!(name)),
        "container": opinion(&group.container, |dn| json!(dn)),
        "attributes": object(&group.attributes, |values| opinion(values, |values| json!(values))),
        "members": object(&group.members, |member| opinion(member, |()| Value::Bool(true))),
        "nested": group.nested,
        "carries": group.carries,
        "references": object(&group.references, |to| opinion(to, |to| json!(to))),
        "exact": group.exact,
        "ended": group.ended,
    })
}

fn class_list(list: &DesiredClassList) -> Value {
    json!({
        "slice": list.slice,
        "name": list.name,
        "rows": object(&list.rows, |row| json!({ "state": row.state, "columns": row.columns })),
    })
}

fn notice(notice: &DesiredNotice) -> Value {
    let fields: &BTreeMap<Text, Text> = &notice.fields;
    json!({
        "rule": notice.rule,
        "event": notice.event,
        "account": notice.account,
        "reason": notice.reason,
        "happened": notice.happened,
        "before": notice.before,
        "to": notice.to,
        "task": notice.task,
        "fields": fields,
        "needs": notice.needs,
    })
}

/// A map with its keys as text.
fn object<K: ToString, V>(map: &BTreeMap<K, V>, value: impl Fn(&V) -> Value) -> Value {
    Value::Object(
        map.iter()
            .map(|(key, of)| (key.to_string(), value(of)))
            .collect::<Map<_, _>>(),
    )
}

/// `{"set": …}`, `"clear"` or `{"keep": cause}`.
fn opinion<T>(opinion: &Opinion<T>, value: impl Fn(&T) -> Value) -> Value
where
    T: Sized,
{
    match opinion {
        Opinion::Set(set) => json!({ "set": value(set) }),
        Opinion::Clear => json!("clear"),
        Opinion::Keep(cause) => keep(cause),
    }
}

fn keep(cause: &impl Serialize) -> Value {
    json!({ "keep": cause })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::PersonKey;
    use crate::directory::AccountKey;
    use crate::directory::KeepCause;
    use crate::directory::Slice;

    #[test]
    fn opinions_are_told_apart() {
        let mut wanted = DesiredAccount::undecided(Slice::default(), KeepCause::Data);
        wanted.login = Opinion::Set(Text::from("annber"));
        wanted.mail = Opinion::Clear;
        let mut desired = Desired::default();
        desired.accounts.insert(
            AccountKey::new(PersonKey::mint(b"", &["a"]), "staff"),
            wanted,
        );
        let text = desired.to_sealed_json();
        for part in [
            r#""login":{"set":"annber"}"#,
            r#""mail":"clear""#,
            r#""hidden":{"keep":"data"}"#,
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
