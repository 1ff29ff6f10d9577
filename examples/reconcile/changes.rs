//! What is to be done, with real values, as JSON: for hosts that cannot read LDIF, and for what LDIF cannot say (licences,
//! class lists, notices). Sealed.

use folkform::base::canonical_json;
use folkform::directory::Change;
use folkform::directory::NoticeText;
use folkform::plan::Released;
use serde_json::Value;
use serde_json::json;

/// The changes of the released steps, in the order in which they must be carried out.
pub(crate) fn to_json(released: &Released) -> String {
    let changes: Vec<Value> = released
        .steps()
        .map(|step| json!({ "id": step.id(), "depends_on": step.depends_on(), "change": change(step.change()) }))
        .collect();
    canonical_json(&changes)
}

fn change(change: &Change) -> Value {
    match change {
        Change::CreateContainer { dn } => json!({ "do": "create_container", "dn": dn.to_string() }),
        Change::CreateAccount { account, dn, login } => {
            json!({ "do": "create_account", "account": account, "dn": dn.to_string(), "login": login })
        }
        Change::AdoptAccount {
            object, account, ..
        } => {
            json!({ "do": "adopt_account", "object": object.to_string(), "account": account })
        }
        Change::MergeAccounts { account, retired } => {
            json!({ "do": "merge_accounts", "account": account, "retired": retired })
        }
        Change::Move { object, to } => {
            json!({ "do": "move", "object": object.to_string(), "to": to.to_string() })
        }
        Change::SetLogin { account, login } => {
            json!({ "do": "set_login", "account": account, "login": login })
        }
        Change::ChangeMail {
            account,
            mail,
            keep_old,
        } => {
            json!({ "do": "change_mail", "account": account, "mail": mail, "keep_old": keep_old })
        }
        Change::AddAlias { account, alias } => {
            json!({ "do": "add_alias", "account": account, "alias": alias })
        }
        Change::RemoveAlias { account, alias } => {
            json!({ "do": "remove_alias", "account": account, "alias": alias })
        }
        Change::SetAttribute {
            object,
            name,
            values,
        } => {
            json!({ "do": "set_attribute", "object": object.to_string(), "name": name, "values": values })
        }
        Change::SetReference { object, name, to } => {
            let to = to.as_ref().map(ToString::to_string);
            json!({ "do": "set_reference", "object": object.to_string(), "name": name, "to": to })
        }
        Change::SetHidden { account, hidden } => {
            json!({ "do": "set_hidden", "account": account, "hidden": hidden })
        }
        Change::Enable { account } => json!({ "do": "enable", "account": account }),
        Change::Disable { account } => json!({ "do": "disable", "account": account }),
        Change::DeleteAccount { account } => json!({ "do": "delete_account", "account": account }),
        Change::CreateGroup { group, dn, name } => {
            json!({ "do": "create_group", "group": group, "dn": dn.to_string(), "name": name })
        }
        Change::RenameGroup { group, name } => {
            json!({ "do": "rename_group", "group": group, "name": name })
        }
        Change::DeleteGroup { group } => json!({ "do": "delete_group", "group": group }),
        Change::AddMember { group, member } => {
            json!({ "do": "add_member", "group": group, "member": member.to_string() })
        }
        Change::RemoveMember { group, member } => {
            json!({ "do": "remove_member", "group": group, "member": member.to_string() })
        }
        Change::ChangeLicences {
            account,
            add,
            remove,
            without,
        } => {
            json!({ "do": "change_licences", "account": account, "add": add, "remove": remove, "without": without })
        }
        Change::SetMailbox { account, mailbox } => {
            json!({ "do": "set_mailbox", "account": account, "mailbox": mailbox })
        }
        Change::CreateClassList { list, name } => {
            json!({ "do": "create_class_list", "list": list, "name": name })
        }
        Change::RenameClassList { list, name } => {
            json!({ "do": "rename_class_list", "list": list, "name": name })
        }
        Change::RemoveClassList { list } => json!({ "do": "remove_class_list", "list": list }),
        Change::WriteRow {
            list,
            account,
            columns,
        } => {
            json!({ "do": "write_row", "list": list, "account": account, "columns": columns })
        }
        Change::RemoveRow { list, account } => {
            json!({ "do": "remove_row", "list": list, "account": account })
        }
        Change::Purge { account, purge, by } => json!({
            "do": "purge",
            "account": account, "by": by,
            "names": purge.names,
            "addresses": purge.addresses,
            "groups": purge.groups,
            "lists": purge.lists,
        }),
        Change::Notice(text) => notice(text),
    }
}

fn notice(notice: &NoticeText) -> Value {
    json!({
        "do": "notice",
        "key": notice.key,
        "rule": notice.rule,
        "event": notice.event,
        "account": notice.account,
        "to": notice.to,
        "task": notice.task,
        "fields": notice.fields,
        "needs": notice.needs,
    })
}
