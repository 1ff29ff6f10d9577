//! A released plan as LDIF for Active Directory. **Sealed**: it holds real values, of protected persons too.
//!
//! One record for each step that changes an object, in the order of the plan, each with the name that the object has by then.
//! Licences, class lists and notices are no matter of LDIF. It never makes an account that can log in before the plan says so,
//! sets no password, and writes no comment. What must not be written of a protected person is in no released plan.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::ldif_options::LdifOptions;
use super::ldif_text::LdifText;
use crate::base::Text;
use crate::directory::AccountKey;
use crate::directory::Change;
use crate::directory::Directory;
use crate::directory::Dn;
use crate::directory::ObjectRef;
use crate::directory::Refused;
use crate::directory::Workbench;
use crate::plan::Released;

/// Writes a released plan as LDIF. The directory is the one that the plan was made for: where it refuses a step, so does this.
pub fn to_ldif(
    released: &Released,
    before: &Directory,
    options: &LdifOptions,
) -> Result<String, Refused> {
    let mut directory = before.clone();
    let mut writer = Writer {
        bench: Workbench::new(&mut directory),
        options,
        text: LdifText::new(options.width),
    };
    if options.version {
        writer.text.head("version: 1");
    }
    for step in released.steps() {
        writer.change(step.change())?;
        writer.bench.apply(step.change())?;
    }
    Ok(writer.text.finish())
}

struct Writer<'a> {
    bench: Workbench<'a>,
    options: &'a LdifOptions,
    text: LdifText,
}

/// One block of a modification: what is done to an attribute, and the values.
type Block = (&'static str, String, Vec<String>);

impl Writer<'_> {
    fn change(&mut self, change: &Change) -> Result<(), Refused> {
        match change {
            Change::CreateContainer { dn } => self.create_container(dn),
            Change::CreateAccount { account, dn, login } => {
                let classes = ["top", "person", "organizationalPerson", "user"];
                let mut attributes = self.named(dn, &account.to_string(), login);
                attributes.insert("userAccountControl".to_string(), "514".to_string());
                if self.options.exchange.is_some() {
                    attributes.insert("mailNickname".to_string(), login.to_string());
                }
                self.add(dn, &classes, &attributes);
            }
            Change::CreateGroup { group, dn, name } => {
                let mut attributes = self.named(dn, &group.to_string(), name);
                attributes.insert("groupType".to_string(), "-2147483646".to_string());
                self.add(dn, &["top", "group"], &attributes);
            }
            Change::AdoptAccount {
                object, account, ..
            } => {
                let anchor = replace(&self.options.anchor, [account.to_string()]);
                self.modify(&ObjectRef::Object(object.clone()), Vec::from([anchor]))?;
            }
            Change::Move { object, to } => self.rename(object, to)?,
            Change::SetLogin { account, login } => {
                let mut blocks = Vec::from([replace("sAMAccountName", [login.to_string()])]);
                if self.options.exchange.is_some() {
                    blocks.push(replace("mailNickname", [login.to_string()]));
                }
                self.modify_account(account, blocks)?;
            }
            Change::RenameGroup { group, name } => {
                let block = replace("sAMAccountName", [name.to_string()]);
                self.modify(&ObjectRef::Group(group.clone()), Vec::from([block]))?;
            }
            Change::ChangeMail {
                account,
                mail,
                keep_old,
            } => self.mail(account, mail.as_ref(), *keep_old)?,
            Change::AddAlias { account, alias } => {
                let block = values("add", "proxyAddresses", [alias_value(alias)]);
                self.modify_account(account, Vec::from([block]))?;
            }
            Change::RemoveAlias { account, alias } => {
                let block = values("delete", "proxyAddresses", [alias_value(alias)]);
                self.modify_account(account, Vec::from([block]))?;
            }
            Change::SetAttribute {
                object,
                name,
                values,
            } => {
                let mut texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                texts.sort();
                self.modify(object, Vec::from([replace(name, texts)]))?;
            }
            Change::SetReference { object, name, to } => {
                let to = to.as_ref().map(|to| self.dn_of(to)).transpose()?;
                self.modify(object, Vec::from([replace(name, to)]))?;
            }
            Change::SetHidden { account, hidden } => {
                let value = hidden.then(|| "TRUE".to_string());
                self.modify_account(
                    account,
                    Vec::from([replace("msExchHideFromAddressLists", value)]),
                )?;
            }
            Change::Enable { account } => {
                self.modify_account(
                    account,
                    Vec::from([replace("userAccountControl", ["512".to_string()])]),
                )?;
            }
            Change::Disable { account }
            | Change::MergeAccounts {
                retired: account, ..
            } => {
                let block = replace("userAccountControl", ["514".to_string()]);
                self.modify_account(account, Vec::from([block]))?;
            }
            Change::DeleteAccount { account } => {
                self.delete(&ObjectRef::Account(account.clone()))?;
            }
            Change::DeleteGroup { group } => self.delete(&ObjectRef::Group(group.clone()))?,
            Change::AddMember { group, member } | Change::RemoveMember { group, member } => {
                let adds = matches!(change, Change::AddMember { .. });
                let how = if adds { "add" } else { "delete" };
                self.member(how, &ObjectRef::Group(group.clone()), member)?;
            }
            Change::SetMailbox { account, mailbox } => self.mailbox(account, mailbox.as_ref())?,
            Change::ChangeLicences { .. }
            | Change::CreateClassList { .. }
            | Change::RenameClassList { .. }
            | Change::RemoveClassList { .. }
            | Change::WriteRow { .. }
            | Change::RemoveRow { .. }
            | Change::Purge { .. }
            | Change::Notice(_) => {}
        }
        Ok(())
    }

    /// A name as the target knows it: with what stands behind all of them.
    fn full(&self, dn: &Dn) -> String {
        match &self.options.base {
            Some(base) if dn != base && !dn.is_under(base) => {
                if dn.rdn().is_none() {
                    base.to_string()
                } else {
                    alloc::format!("{dn},{base}")
                }
            }
            _ => dn.to_string(),
        }
    }

    fn dn_of(&self, object: &ObjectRef) -> Result<String, Refused> {
        self.bench
            .dn(object)
            .map(|dn| self.full(dn))
            .ok_or(Refused::NoObject)
    }

    /// The attributes that every new object of ours has.
    fn named(&self, dn: &Dn, anchor: &str, login: &Text) -> BTreeMap<String, String> {
        let name = dn
            .rdn()
            .map(|rdn| rdn.value().to_string())
            .unwrap_or_default();
        BTreeMap::from([
            ("cn".to_string(), name),
            ("sAMAccountName".to_string(), login.to_string()),
            (self.options.anchor.clone(), anchor.to_string()),
        ])
    }

    fn create_container(&mut self, dn: &Dn) {
        let Some(rdn) = dn.rdn() else { return };
        let class = if rdn.attribute().eq_ignore_ascii_case("cn") {
            "container"
        } else {
            "organizationalUnit"
        };
        let attributes = BTreeMap::from([(
            rdn.attribute().to_ascii_lowercase(),
            rdn.value().to_string(),
        )]);
        self.add(dn, &["top", class], &attributes);
    }

    fn add(&mut self, dn: &Dn, classes: &[&str], attributes: &BTreeMap<String, String>) {
        let dn = self.full(dn);
        self.text.record(&dn, "add");
        for class in classes {
            self.text.line("objectClass", class);
        }
        for (attribute, value) in attributes {
            self.text.line(attribute, value);
        }
    }

    fn rename(&mut self, object: &ObjectRef, to: &Dn) -> Result<(), Refused> {
        let from = self.bench.dn(object).ok_or(Refused::NoObject)?;
        let moves = from.parent() != to.parent();
        let dn = self.full(from);
        let rdn = to.rdn().map(ToString::to_string).unwrap_or_default();
        self.text.record(&dn, "modrdn");
        self.text.line("newrdn", &rdn);
        self.text.line("deleteoldrdn", "1");
        if let Some(parent) = to.parent().filter(|_| moves) {
            let parent = self.full(&parent);
            self.text.line("newsuperior", &parent);
        }
        Ok(())
    }

    fn mail(
        &mut self,
        account: &AccountKey,
        mail: Option<&Text>,
        keep_old: bool,
    ) -> Result<(), Refused> {
        let held = self.bench.account(account).ok_or(Refused::NoObject)?;
        let mut remove: Vec<String> = Vec::new();
        let mut add: Vec<String> = Vec::new();
        if let Some(old) = &held.mail {
            remove.push(alloc::format!("SMTP:{old}"));
            if keep_old {
                add.push(alias_value(old));
            }
        }
        if let Some(mail) = mail {
            let folded = crate::base::fold_case(mail);
            remove.extend(
                held.aliases
                    .iter()
                    .filter(|alias| crate::base::fold_case(alias) == folded)
                    .map(alias_value),
            );
            add.push(alloc::format!("SMTP:{mail}"));
        }
        remove.sort();
        add.sort();
        let value = mail.map(ToString::to_string);
        let mut blocks = Vec::from([replace("mail", value.clone())]);
        if !remove.is_empty() {
            blocks.push(values("delete", "proxyAddresses", remove));
        }
        if !add.is_empty() {
            blocks.push(values("add", "proxyAddresses", add));
        }
        if self.options.principal_name {
            match value {
                Some(value) => blocks.push(replace("userPrincipalName", [value])),
                // A replacement without a value is refused for this attribute; the primary address was its value.
                None if held.mail.is_some() => {
                    blocks.push(values("delete", "userPrincipalName", []));
                }
                None => {}
            }
        }
        self.modify_account(account, blocks)
    }

    fn mailbox(&mut self, account: &AccountKey, mailbox: Option<&Text>) -> Result<(), Refused> {
        let Some(exchange) = &self.options.exchange else {
            return Ok(());
        };
        let login = self
            .bench
            .account(account)
            .and_then(|account| account.login.clone());
        let there = mailbox.is_some_and(|kind| **kind == *exchange.kind);
        let target = login
            .filter(|_| there)
            .map(|login| alloc::format!("SMTP:{login}@{}", exchange.tenant));
        let number = |number: &str| there.then(|| number.to_string());
        let blocks = Vec::from([
            replace("msExchRecipientDisplayType", number("-2147483642")),
            replace("msExchRecipientTypeDetails", number("2147483648")),
            replace("msExchRemoteRecipientType", number("1")),
            replace("targetAddress", target),
        ]);
        self.modify_account(account, blocks)
    }

    fn member(
        &mut self,
        how: &'static str,
        group: &ObjectRef,
        member: &ObjectRef,
    ) -> Result<(), Refused> {
        let member = self.dn_of(member)?;
        self.modify(group, Vec::from([values(how, "member", [member])]))
    }

    fn delete(&mut self, object: &ObjectRef) -> Result<(), Refused> {
        let dn = self.dn_of(object)?;
        self.text.record(&dn, "delete");
        Ok(())
    }

    fn modify_account(&mut self, account: &AccountKey, blocks: Vec<Block>) -> Result<(), Refused> {
        self.modify(&ObjectRef::Account(account.clone()), blocks)
    }

    fn modify(&mut self, object: &ObjectRef, mut blocks: Vec<Block>) -> Result<(), Refused> {
        let dn = self.dn_of(object)?;
        let lacks = &self.options.lacks;
        blocks.retain(|(_, attribute, _)| {
            !lacks
                .iter()
                .any(|name| name.eq_ignore_ascii_case(attribute))
        });
        if blocks.is_empty() {
            return Ok(());
        }
        self.text.record(&dn, "modify");
        for (how, attribute, values) in blocks {
            self.text.line(how, &attribute);
            for value in values {
                self.text.line(&attribute, &value);
            }
            self.text.end_block();
        }
        Ok(())
    }
}

fn values(how: &'static str, attribute: &str, values: impl IntoIterator<Item = String>) -> Block {
    (how, attribute.to_string(), values.into_iter().collect())
}

/// A block that leaves exactly these values, whether there were others or none.
fn replace(attribute: &str, texts: impl IntoIterator<Item = String>) -> Block {
    values("replace", attribute, texts)
}

/// An address that is not primary. One that names its kind itself, such as `X500:…`, stands as it is.
fn alias_value(alias: &Text) -> String {
    if alias.contains(':') {
        alias.to_string()
    } else {
        alloc::format!("smtp:{alias}")
    }
}
