//! Assertions about one account of one person.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::checked::Checked;
use super::message::fail;
use super::message::unknown;
use super::snapshot;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::ClassListKey;
use crate::directory::DesiredAccount;
use crate::directory::Dn;
use crate::directory::Opinion;
use crate::evaluate::Life;
use crate::rules::AccountRule;

/// An account about which something is asserted. An assertion that does not hold panics, with the reasons of what is instead.
#[derive(Debug)]
pub struct AccountCheck<'c> {
    checked: &'c Checked,
    /// The person, as the author names it.
    person: String,
    key: AccountKey,
    rule: &'c AccountRule,
    life: Option<Life>,
}

impl<'c> AccountCheck<'c> {
    #[track_caller]
    pub(super) fn new(checked: &'c Checked, person: &str, rule: &str) -> Self {
        let accounts = &checked.scenario.rules.compiled().accounts;
        let Some(position) = accounts.iter().position(|known| *known.name == *rule) else {
            fail(&unknown(
                "account rule",
                rule,
                accounts.iter().map(|known| &*known.name),
            ));
        };
        let Some(known) = accounts.get(position) else {
            fail("the account rule is gone");
        };
        let key = checked.key(person);
        Self {
            checked,
            person: String::from(person),
            key: checked
                .outcome
                .account_of(key, position)
                .unwrap_or_else(|| AccountKey::new(key, rule)),
            rule: known,
            life: checked.outcome.life(key, position),
        }
    }

    /// One can log in to it.
    #[track_caller]
    pub fn is_enabled(&self) -> &Self {
        self.stands(
            self.state() == Some(AccountState::Enabled),
            "it to be enabled",
        )
    }

    /// It is there, and nobody can log in to it.
    #[track_caller]
    pub fn is_disabled(&self) -> &Self {
        self.stands(
            self.state() == Some(AccountState::Disabled),
            "it to be disabled",
        )
    }

    /// Its time is over, and it is deleted.
    #[track_caller]
    pub fn is_deleted(&self) -> &Self {
        self.stands(
            self.state() == Some(AccountState::Deleted),
            "it to be deleted",
        )
    }

    /// It stays as it is, and is not created where it is not there, until data comes or somebody decides.
    #[track_caller]
    pub fn is_held(&self) -> &Self {
        self.stands(self.life == Some(Life::Held), "it to be held")
    }

    /// It is not there, and is not wanted on this day.
    #[track_caller]
    pub fn does_not_exist(&self) -> &Self {
        let gone = self.wanted().is_none() && self.current().is_none();
        self.stands(gone, "it not to exist")
    }

    /// A name, an attribute, a reference to another person of the scenario, `container` or `mailbox` has this one value when
    /// the plan is carried out.
    #[track_caller]
    pub fn has(&self, field: &str, value: &str) -> &Self {
        self.has_values(field, &[value])
    }

    /// An attribute has these values, in any order.
    #[track_caller]
    pub fn has_values(&self, field: &str, values: &[&str]) -> &Self {
        let found = self.values(field);
        let sorted = |values: &[String]| values.iter().cloned().collect::<BTreeSet<String>>();
        let wanted: Vec<String> = values.iter().map(ToString::to_string).collect();
        if sorted(&found) != sorted(&wanted) {
            self.fail(
                &format!("`{field}` to be {}", quoted(&wanted)),
                &format!("it is {}", quoted(&found)),
                Some(field),
            );
        }
        self
    }

    /// A name, an attribute or a reference has no value when the plan is carried out.
    #[track_caller]
    pub fn has_no(&self, field: &str) -> &Self {
        self.has_values(field, &[])
    }

    /// The rules have no opinion about a name, an attribute or a reference: what stands in the directory stays.
    #[track_caller]
    pub fn keeps(&self, field: &str) -> &Self {
        self.known(field);
        if !matches!(self.opinion(field), Said::Keep) {
            let found = self.values(field);
            self.fail(
                &format!("`{field}` to be left as it is"),
                &format!("it becomes {}", quoted(&found)),
                Some(field),
            );
        }
        self
    }

    /// It has this address beside the primary one.
    #[track_caller]
    pub fn has_alias(&self, address: &str) -> &Self {
        if !self.addresses().contains(address) {
            self.fail_about_aliases(&format!("`{address}` to be an alias"));
        }
        self
    }

    /// It does not have this address beside the primary one.
    #[track_caller]
    pub fn has_no_alias(&self, address: &str) -> &Self {
        if self.addresses().contains(address) {
            self.fail_about_aliases(&format!("`{address}` not to be an alias"));
        }
        self
    }

    /// It is hidden from address lists.
    #[track_caller]
    pub fn is_hidden(&self) -> &Self {
        if !self.hidden() {
            self.fail("it to be hidden from address lists", "it shows there", None);
        }
        self
    }

    /// It shows in address lists.
    #[track_caller]
    pub fn is_shown(&self) -> &Self {
        if self.hidden() {
            self.fail("it to show in address lists", "it is hidden there", None);
        }
        self
    }

    /// It is a member of the group of a rule for a value of its key.
    #[track_caller]
    pub fn in_group(&self, rule: &str, value: &str) -> &Self {
        if !self.groups(rule).contains(value) {
            self.fail_about_groups(
                &format!("it to be a member of `{value}` by `group.{rule}`"),
                rule,
            );
        }
        self
    }

    /// It is no member of the group of a rule for a value of its key.
    #[track_caller]
    pub fn not_in_group(&self, rule: &str, value: &str) -> &Self {
        if self.groups(rule).contains(value) {
            self.fail_about_groups(
                &format!("it to be no member of `{value}` by `group.{rule}`"),
                rule,
            );
        }
        self
    }

    /// It is a member of no group of a rule.
    #[track_caller]
    pub fn in_no_group(&self, rule: &str) -> &Self {
        if !self.groups(rule).is_empty() {
            self.fail_about_groups(
                &format!("it to be a member of no group by `group.{rule}`"),
                rule,
            );
        }
        self
    }

    /// The licence of a rule is given.
    #[track_caller]
    pub fn has_licence(&self, rule: &str) -> &Self {
        if !self.licence(rule) {
            self.fail(
                &format!("it to get `licence.{rule}`"),
                "it does not",
                Some(&format!("licence.{rule}")),
            );
        }
        self
    }

    /// The licence of a rule is not given.
    #[track_caller]
    pub fn has_no_licence(&self, rule: &str) -> &Self {
        if self.licence(rule) {
            self.fail(
                &format!("it not to get `licence.{rule}`"),
                "it does",
                Some(&format!("licence.{rule}")),
            );
        }
        self
    }

    /// It has a row in the class list of a rule for a school group of the scenario.
    #[track_caller]
    pub fn on_class_list(&self, rule: &str, group: &str) -> &Self {
        if !self.listed(rule, group) {
            let output = format!("class_list.{rule}");
            self.fail(
                &format!("a row for it in the list of `{group}` by `{output}`"),
                "there is none",
                Some(&output),
            );
        }
        self
    }

    /// It has no row in the class list of a rule for a school group of the scenario.
    #[track_caller]
    pub fn not_on_class_list(&self, rule: &str, group: &str) -> &Self {
        if self.listed(rule, group) {
            let output = format!("class_list.{rule}");
            self.fail(
                &format!("no row for it in the list of `{group}` by `{output}`"),
                "there is one",
                Some(&output),
            );
        }
        self
    }

    fn wanted(&self) -> Option<&DesiredAccount> {
        self.checked.outcome.desired().accounts.get(&self.key)
    }

    /// The account as it stands in the directory before the plan.
    fn current(&self) -> Option<&Account> {
        let directory = &self.checked.scenario.directory;
        let adopted = || directory.accounts.get(self.wanted()?.adopt.as_ref()?);
        directory
            .anchored_accounts()
            .remove(&self.key)
            .or_else(adopted)
    }

    /// What it is when the plan is carried out.
    fn state(&self) -> Option<AccountState> {
        let of_current = || {
            let enabled = self.current()?.enabled;
            Some(if enabled {
                AccountState::Enabled
            } else {
                AccountState::Disabled
            })
        };
        match self.wanted().map(|wanted| &wanted.state) {
            Some(Opinion::Set(state)) => Some(*state),
            Some(Opinion::Clear) => None,
            Some(Opinion::Keep(_)) | None => of_current(),
        }
    }

    fn hidden(&self) -> bool {
        match self.wanted().map(|wanted| &wanted.hidden) {
            Some(Opinion::Set(hidden)) => *hidden,
            Some(Opinion::Clear) => false,
            Some(Opinion::Keep(_)) | None => self.current().is_some_and(|account| account.hidden),
        }
    }

    /// The addresses beside the primary one when the plan is carried out.
    fn addresses(&self) -> BTreeSet<String> {
        let (current, wanted) = (self.current(), self.wanted());
        let kept = current.into_iter().flat_map(|account| &account.aliases);
        let withdrawn =
            |address: &Text| wanted.is_some_and(|wanted| wanted.withdrawn.contains(address));
        kept.filter(|address| !withdrawn(address))
            .chain(wanted.into_iter().flat_map(|wanted| &wanted.aliases))
            .map(ToString::to_string)
            .collect()
    }

    /// Sees to it that a field is one of the rule.
    #[track_caller]
    fn known(&self, field: &str) {
        let built_in = ["container", "mailbox"].into_iter();
        let names = self.rule.names.iter().map(|name| &*name.name);
        let attributes = self
            .rule
            .attributes
            .iter()
            .map(|attribute| &*attribute.name);
        let known = built_in.chain(names).chain(attributes);
        if !known.clone().any(|name| name == field) {
            fail(&unknown(
                &format!("name or attribute of `account.{}`", self.rule.name),
                field,
                known,
            ));
        }
    }

    fn opinion(&self, field: &str) -> Said {
        let Some(wanted) = self.wanted() else {
            return Said::Keep;
        };
        match field {
            "container" => said(&wanted.container, |dn: &Dn| vec![dn.to_string()]),
            "login" => said(&wanted.login, one),
            "mail" => said(&wanted.mail, one),
            "mailbox" => said(&wanted.mailbox, one),
            name => match (wanted.references.get(name), wanted.attributes.get(name)) {
                (Some(reference), _) => said(reference, |key| {
                    vec![self.checked.in_words(&key.person.to_hex())]
                }),
                (None, Some(attribute)) => said(attribute, |texts| {
                    texts.iter().map(ToString::to_string).collect()
                }),
                (None, None) if wanted.clear_others => Said::Values(Vec::new()),
                (None, None) => Said::Keep,
            },
        }
    }

    /// The values of a field when the plan is carried out.
    #[track_caller]
    fn values(&self, field: &str) -> Vec<String> {
        self.known(field);
        match (self.opinion(field), self.current()) {
            (Said::Values(values), _) => values,
            (Said::Keep, None) => Vec::new(),
            (Said::Keep, Some(account)) => match field {
                "container" => account
                    .dn
                    .parent()
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
                "login" => account.login.iter().map(ToString::to_string).collect(),
                "mail" => account.mail.iter().map(ToString::to_string).collect(),
                "mailbox" => account.mailbox.iter().map(ToString::to_string).collect(),
                name => {
                    let attribute = account
                        .attributes
                        .iter()
                        .find(|(known, _)| known.eq_ignore_ascii_case(name));
                    let reference = account
                        .references
                        .iter()
                        .find(|(known, _)| known.eq_ignore_ascii_case(name));
                    let texts = attribute
                        .into_iter()
                        .flat_map(|(_, texts)| texts)
                        .map(ToString::to_string);
                    texts
                        .chain(reference.map(|(_, id)| id.to_string()))
                        .collect()
                }
            },
        }
    }

    /// The values of the keys of the groups of a rule that it is a member of.
    #[track_caller]
    fn groups(&self, rule: &str) -> BTreeSet<String> {
        let rules = &self.checked.scenario.rules.compiled().groups;
        if !rules.iter().any(|known| *known.name == *rule) {
            fail(&unknown(
                "group rule",
                rule,
                rules.iter().map(|known| &*known.name),
            ));
        }
        let groups = self.checked.outcome.desired().groups.iter();
        groups
            .filter(|(key, _)| *key.rule == *rule)
            .filter(|(_, group)| matches!(group.members.get(&self.key), Some(Opinion::Set(()))))
            .map(|(key, _)| key.value.to_string())
            .collect()
    }

    #[track_caller]
    fn licence(&self, rule: &str) -> bool {
        let rules = &self.checked.scenario.rules.compiled().licences;
        let Some(known) = rules.iter().find(|known| *known.name == *rule) else {
            fail(&unknown(
                "licence rule",
                rule,
                rules.iter().map(|known| &*known.name),
            ));
        };
        if let Some(carrier) = known.through {
            let groups = &self.checked.scenario.rules.compiled().groups;
            let carrier = groups.get(carrier).map(|group| &*group.name);
            return carrier.is_some_and(|carrier| !self.groups(carrier).is_empty());
        }
        match self
            .wanted()
            .and_then(|wanted| wanted.licences.get(&known.sku))
        {
            Some(Opinion::Set(())) => true,
            Some(Opinion::Clear) => false,
            Some(Opinion::Keep(_)) | None => self
                .current()
                .is_some_and(|account| account.licences.contains(&known.sku)),
        }
    }

    #[track_caller]
    fn listed(&self, rule: &str, group: &str) -> bool {
        let rules = &self.checked.scenario.rules.compiled().class_lists;
        if !rules.iter().any(|known| *known.name == *rule) {
            fail(&unknown(
                "class list rule",
                rule,
                rules.iter().map(|known| &*known.name),
            ));
        }
        if !self.checked.scenario.groups.contains_key(group) {
            let groups = self.checked.scenario.groups.keys().map(String::as_str);
            fail(&unknown("school group", group, groups));
        }
        let key = ClassListKey {
            rule: Text::from(rule),
            group: Text::from(format!(
                "{}/{}:{group}",
                snapshot::SOURCE,
                snapshot::INSTANCE
            )),
        };
        let lists = &self.checked.outcome.desired().class_lists;
        lists
            .get(&key)
            .is_some_and(|list| list.rows.contains_key(&self.key))
    }

    #[track_caller]
    fn stands(&self, holds: bool, expected: &str) -> &Self {
        if !holds {
            let instead = match (self.life, self.state()) {
                (Some(Life::Held), Some(_)) => "it is held as it is",
                (Some(Life::Held), None) => "it is held, and not created",
                (_, Some(AccountState::Enabled)) => "it is enabled",
                (_, Some(AccountState::Disabled)) => "it is disabled",
                (_, Some(AccountState::Deleted)) => "it is deleted",
                (_, None) => "it does not exist",
            };
            self.fail(expected, instead, None);
        }
        self
    }

    #[track_caller]
    fn fail_about_groups(&self, expected: &str, rule: &str) -> ! {
        let groups: Vec<String> = self.groups(rule).into_iter().collect();
        let instead = format!("its groups by that rule are {}", quoted(&groups));
        self.fail(expected, &instead, Some(&format!("group.{rule}")));
    }

    #[track_caller]
    fn fail_about_aliases(&self, expected: &str) -> ! {
        let addresses: Vec<String> = self.addresses().into_iter().collect();
        self.fail(
            expected,
            &format!("its aliases are {}", quoted(&addresses)),
            Some("mail"),
        );
    }

    /// Ends the test, with the reasons of an output: a whole one such as `group.unit`, or a field of the account.
    #[track_caller]
    fn fail(&self, expected: &str, instead: &str, output: Option<&str>) -> ! {
        let account = format!("account.{}", self.rule.name);
        let output = match output {
            None | Some("container") => account.clone(),
            Some(output) if output.contains('.') => String::from(output),
            Some("mailbox") => self.mailbox_output().unwrap_or_else(|| account.clone()),
            Some(field) => format!("{account}.{field}"),
        };
        let reasons = self.checked.reasons(&self.person, self.key.person, &output);
        fail(&format!(
            "`{account}` of `{}` on {}: expected {expected}, but {instead}\n{reasons}",
            self.person,
            self.checked.outcome.as_of()
        ));
    }

    /// The first mailbox rule of the account.
    fn mailbox_output(&self) -> Option<String> {
        let compiled = self.checked.scenario.rules.compiled();
        let of_account = |account: usize| {
            compiled
                .accounts
                .get(account)
                .is_some_and(|known| known.name == self.rule.name)
        };
        let rule = compiled
            .mailboxes
            .iter()
            .find(|rule| of_account(rule.account))?;
        Some(format!("mailbox.{}", rule.name))
    }
}

/// What the rules say of a field.
enum Said {
    Values(Vec<String>),
    Keep,
}

fn said<T>(opinion: &Opinion<T>, texts: impl Fn(&T) -> Vec<String>) -> Said {
    match opinion {
        Opinion::Set(value) => Said::Values(texts(value)),
        Opinion::Clear => Said::Values(Vec::new()),
        Opinion::Keep(_) => Said::Keep,
    }
}

fn one(text: &Text) -> Vec<String> {
    vec![text.to_string()]
}

fn quoted(values: &[String]) -> String {
    if values.is_empty() {
        return String::from("nothing");
    }
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    quoted.join(", ")
}
