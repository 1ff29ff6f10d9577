//! What hangs on the accounts of a day: attributes, groups, licences, mailboxes and class lists, and what is to be remembered
//! once all of it is done. As `naive`, from the documentation alone.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::naive::Account;
use super::naive::Kept;
use super::naive::Memory;
use super::naive::State;
use super::naive::World;
use super::naive::employer_of;
use super::town::Fact;
use super::town::GIVEN;
use super::town::Kind;
use super::town::Of;
use super::town::Reasons;
use super::town::SCHOOL_GROUPS;
use super::town::SURNAMES;
use super::town::UNITS;
use super::town::Window;
use super::written::about;
use super::written::account as rule_name;
use super::written::before;
use super::written::mailbox;

/// What is wanted, as plain texts under plain names.
pub(super) type Facts = BTreeMap<String, String>;

struct Life {
    state: State,
    primary: Option<usize>,
}

/// What is wanted on a day, and what is remembered when it is done.
pub(super) fn wanted(world: &World<'_>, memory: &Memory) -> (Facts, Memory) {
    let mut run = Run {
        world,
        memory,
        next: memory.clone(),
        facts: Facts::new(),
        lives: BTreeMap::new(),
    };
    run.lives();
    run.logins();
    run.addresses();
    run.attributes();
    run.mailboxes();
    run.groups();
    run.licences();
    run.class_lists();
    (run.facts, run.next)
}

pub(super) struct Run<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) memory: &'a Memory,
    pub(super) next: Memory,
    facts: Facts,
    lives: BTreeMap<Account, Life>,
}

pub(super) fn label(account: Account) -> String {
    format!("account {}/{}", account.0, rule_name(account.1))
}

pub(super) fn list<T: ToString>(of: impl IntoIterator<Item = T>) -> String {
    let of: BTreeSet<String> = of.into_iter().map(|one| one.to_string()).collect();
    of.into_iter().collect::<Vec<_>>().join(" ")
}

impl Run<'_> {
    pub(super) fn say(&mut self, account: Account, field: &str, value: impl Into<String>) {
        let name = format!("{} {field}", label(account));
        self.facts.insert(name, value.into());
    }

    pub(super) fn in_state(&self, state: State) -> Vec<Account> {
        let of = self.lives.iter().filter(|(_, life)| life.state == state);
        of.map(|(account, _)| *account).collect()
    }

    pub(super) fn primary(&self, account: Account) -> Option<&Fact> {
        self.lives[&account]
            .primary
            .map(|number| self.world.fact(number))
    }

    fn lives(&mut self) {
        for person in 0..GIVEN.len() {
            for of in [Of::Staff, Of::Pupil] {
                let account = (person, of);
                let kept = self.memory.accounts.get(&account);
                let state = self.world.state(account, kept);
                if state == State::None {
                    continue;
                }
                let (primary, rival) = self.world.primary(account, kept);
                self.lives.insert(account, Life { state, primary });
                let word = match state {
                    State::Enabled => "enabled",
                    State::Disabled => "disabled",
                    State::Deleted | State::None => "deleted",
                };
                self.say(account, "state", word);
                let today = self.world.today;
                let next = self.next.accounts.entry(account).or_default();
                next.primary = primary;
                next.rival = rival;
                match state {
                    State::Enabled => {
                        next.there = true;
                        next.disabled = None;
                    }
                    State::Disabled => {
                        next.disabled = Some(next.disabled.unwrap_or(today));
                    }
                    State::Deleted | State::None => {
                        next.there = false;
                        next.disabled = None;
                        next.licences.clear();
                        if let Some(mail) = &mut next.mail {
                            mail.aliases.clear();
                            mail.next = None;
                        }
                    }
                }
            }
        }
    }

    /// Accounts in the order of their keys.
    fn by_key(&self, accounts: Vec<Account>) -> Vec<Account> {
        let mut accounts = accounts;
        accounts.sort_by_key(|(person, of)| (self.world.persons[*person].clone(), rule_name(*of)));
        accounts
    }

    fn attributes(&mut self) {
        for account in self.in_state(State::Disabled) {
            let rule = self.world.rule(account.1);
            let (container, hidden) = if rule.disabled {
                ("OU=Gone,DC=sml,DC=test", "true")
            } else {
                ("keep held", "keep held")
            };
            self.say(account, "container", container);
            self.say(account, "hidden", hidden);
        }
        for account in self.in_state(State::Enabled) {
            let rule = self.world.rule(account.1);
            let plain = account.1 == Of::Staff && rule.duties.is_none();
            let fact = self.primary(account).cloned();
            let Some(fact) = fact else { continue };
            let surname = SURNAMES[self.world.surnames[account.0]].0;
            self.say(
                account,
                "displayName",
                format!("{} {surname}", GIVEN[account.0].0),
            );
            self.say(account, "department", UNITS[fact.unit].1);
            let login = self.next.accounts[&account].login.clone();
            self.say(account, "info", format!("{login}!"));
            let container = if plain {
                format!("OU={},DC=sml,DC=test", employer_of(&fact))
            } else {
                "OU=All,DC=sml,DC=test".into()
            };
            self.say(account, "container", container);
            self.say(account, "hidden", "false");
            if plain {
                self.of_employment(account, &fact);
            }
        }
    }

    /// What only an account that covers nothing but employments shows.
    fn of_employment(&mut self, account: Account, fact: &Fact) {
        let number = self.lives[&account].primary.unwrap();
        let code = if fact.code {
            format!("X{number}")
        } else {
            "clear".into()
        };
        self.say(account, "division", code);
        let is_new = self
            .memory
            .accounts
            .get(&account)
            .is_none_or(|kept| !kept.there);
        let form = super::town::words(Kind::Employment)[fact.word];
        self.say(
            account,
            "employeeType",
            if is_new { form } else { "keep initial" },
        );
        let company = if employer_of(fact) == "1430" {
            "Munkedals kommun"
        } else {
            "keep rule"
        };
        self.say(account, "company", company);
        if self.world.town.rules.managers {
            let manager = fact
                .manager
                .map(|number| (self.world.fact(number).person, Of::Staff));
            let is_there = |manager: &Account| {
                *manager != account
                    && self
                        .lives
                        .get(manager)
                        .is_some_and(|life| life.state == State::Enabled)
            };
            let manager = manager.filter(is_there);
            let text = manager.map_or("clear".into(), |manager| {
                label(manager).replace("account ", "")
            });
            self.say(account, "manager", text);
        }
    }

    fn mailboxes(&mut self) {
        let rules = &self.world.town.rules.mailboxes;
        let staff = |account: &Account| account.1 == Of::Staff && !rules.is_empty();
        for account in self.in_state(State::Enabled).into_iter().filter(staff) {
            let unit = self.primary(account).map(|fact| fact.unit);
            let fits = |not: &Option<usize>| not.is_none() || unit != *not;
            let kind = rules.iter().position(fits).map(mailbox);
            self.say(account, "mailbox", kind.unwrap_or("clear"));
        }
        for account in self.in_state(State::Disabled) {
            self.say(account, "mailbox", "keep held");
        }
    }

    /// The accounts that a rule is for, each with the reasons that count, by the number of a fact.
    fn reasons(&self, reasons: &Reasons) -> Vec<(Account, Vec<usize>)> {
        let about = about(&self.world.town.rules, reasons);
        let mut found = Vec::new();
        for (account, life) in &self.lives {
            // Days of its own go on after the account was disabled.
            let is_own = matches!(reasons.window, Window::Own(..));
            let lives = life.state == State::Enabled || is_own && life.state == State::Disabled;
            if account.1 != reasons.of || !lives {
                continue;
            }
            let world = self.world;
            let counting: Vec<usize> = if let Some(kind) = reasons.each {
                let of = world.of(account.0).into_iter();
                of.filter(|number| world.fact(*number).kind == kind)
                    .filter(|number| world.counts(account.1, &reasons.window, *number, true))
                    .collect()
            } else {
                let is_in = match reasons.window {
                    Window::Enabled => life.state == State::Enabled,
                    _ => world
                        .covered(*account)
                        .into_iter()
                        .any(|number| world.counts(account.1, &reasons.window, number, false)),
                };
                life.primary.filter(|_| is_in).into_iter().collect()
            };
            let holding = counting.into_iter();
            let holding = holding.filter(|number| world.holds(&reasons.when, *number, about));
            let numbers: Vec<usize> = holding.collect();
            if !numbers.is_empty() {
                found.push((*account, numbers));
            }
        }
        found
    }

    fn groups(&mut self) {
        let rules = &self.world.town.rules.groups;
        let today = self.world.today;
        let mut members: Vec<BTreeMap<String, BTreeSet<Account>>> = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let mut groups: BTreeMap<String, BTreeSet<Account>> = BTreeMap::new();
            for (account, reasons) in self.reasons(&rule.reasons) {
                for reason in reasons {
                    let fact = self.world.fact(reason);
                    let key = match fact.kind {
                        _ if !rule.keyed => format!("g{number}"),
                        Kind::Membership => SCHOOL_GROUPS[fact.unit].1.to_owned(),
                        _ => UNITS[fact.unit].0.to_owned(),
                    };
                    groups.entry(key).or_default().insert(account);
                }
            }
            // One that is the same for everybody can be made of others alone.
            if !rule.keyed {
                groups.entry(format!("g{number}")).or_default();
            }
            let all = |other: Option<usize>, members: &[BTreeMap<String, BTreeSet<Account>>]| {
                before(number, other).map(|other| {
                    members[other]
                        .values()
                        .flatten()
                        .copied()
                        .collect::<BTreeSet<_>>()
                })
            };
            for of in groups.values_mut() {
                if let Some(others) = all(rule.union, &members) {
                    of.extend(others);
                }
                if let Some(others) = all(rule.intersect, &members) {
                    of.retain(|account| others.contains(account));
                }
                if let Some(others) = all(rule.minus, &members) {
                    of.retain(|account| !others.contains(account));
                }
            }
            members.push(groups);
        }
        let described = members.clone();
        for (number, key) in self.memory.groups.keys() {
            members[*number].entry(key.clone()).or_default();
        }
        let mut there: Vec<BTreeSet<String>> = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let mut made = BTreeSet::new();
            let of_rule: BTreeSet<String> = before(number, rule.nested)
                .map(|other| {
                    there[other]
                        .iter()
                        .map(|key| format!("g{other}:{key}"))
                        .collect()
                })
                .unwrap_or_default();
            for (key, of) in &members[number] {
                let id = (number, key.clone());
                let is_made = described[number].contains_key(key);
                let nested = if is_made {
                    of_rule.clone()
                } else {
                    BTreeSet::new()
                };
                let is_empty = of.is_empty() && nested.is_empty();
                let since = self.memory.groups.get(&id);
                let name = format!("group g{number}:{key}");
                if is_empty {
                    let Some(since) = since else { continue };
                    let since = since.unwrap_or(today);
                    if today - since >= rule.keep_empty.unwrap_or(30) {
                        self.next.groups.remove(&id);
                        self.facts.insert(format!("{name} ended"), "true".into());
                        continue;
                    }
                    self.next.groups.insert(id, Some(since));
                } else {
                    self.next.groups.insert(id, None);
                }
                made.insert(key.clone());
                let shown = of
                    .iter()
                    .map(|account| label(*account).replace("account ", ""));
                self.facts.insert(format!("{name} ended"), "false".into());
                self.facts.insert(format!("{name} members"), list(shown));
                self.facts.insert(format!("{name} nested"), list(&nested));
                let exact = (!rule.ours).to_string();
                self.facts.insert(format!("{name} exact"), exact);
                let called = if rule.keyed {
                    format!("g{number}-{key}")
                } else {
                    key.clone()
                };
                if is_made {
                    self.facts.insert(format!("{name} name"), called);
                }
            }
            there.push(made);
        }
    }

    fn licences(&mut self) {
        let rules = &self.world.town.rules.licences;
        let mut holders: Vec<BTreeSet<Account>> = rules
            .iter()
            .map(|rule| {
                self.reasons(&rule.reasons)
                    .into_iter()
                    .map(|(account, _)| account)
                    .collect()
            })
            .collect();
        let clone = holders.clone();
        for (number, rule) in rules.iter().enumerate() {
            let Some(over_person) = rule.set else {
                continue;
            };
            holders[number].retain(|account| {
                let beaten = rules.iter().enumerate().any(|(other, of)| {
                    of.set == Some(over_person)
                        && (of.priority, other) > (rule.priority, number)
                        && clone[other].iter().any(|one| {
                            if over_person {
                                one.0 == account.0
                            } else {
                                one == account
                            }
                        })
                });
                !beaten
            });
        }
        for (number, rule) in rules.iter().enumerate() {
            let mut order = self.by_key(holders[number].iter().copied().collect());
            let has = |account: &Account| {
                self.memory
                    .accounts
                    .get(account)
                    .is_some_and(|kept: &Kept| kept.there && kept.licences.contains(&number))
            };
            order.sort_by_key(|account| !has(account));
            let given: BTreeSet<Account> = order
                .into_iter()
                .take(rule.seats.unwrap_or(usize::MAX))
                .collect();
            let all: Vec<(Account, State)> = self
                .lives
                .iter()
                .map(|(account, life)| (*account, life.state))
                .collect();
            for (account, state) in all {
                if account.1 != rule.reasons.of || state == State::Deleted {
                    continue;
                }
                let kept = self.next.accounts.get_mut(&account).unwrap();
                if given.contains(&account) {
                    kept.licences.insert(number);
                } else {
                    kept.licences.remove(&number);
                }
                let word = if given.contains(&account) {
                    "set"
                } else {
                    "clear"
                };
                self.say(account, &format!("SKU{number}"), word);
            }
        }
    }

    fn class_lists(&mut self) {
        let Some((when, window)) = &self.world.town.rules.class_list else {
            return;
        };
        let reasons = Reasons {
            of: Of::Pupil,
            each: Some(Kind::Membership),
            when: when.clone(),
            window: window.clone(),
        };
        let mut rows: BTreeMap<usize, BTreeSet<Account>> = BTreeMap::new();
        for list in &self.memory.lists {
            rows.entry(*list).or_default();
        }
        for (account, numbers) in self.reasons(&reasons) {
            for number in numbers {
                rows.entry(self.world.fact(number).unit)
                    .or_default()
                    .insert(account);
            }
        }
        for (group, accounts) in rows {
            self.next.lists.insert(group);
            let (id, name, _, _) = SCHOOL_GROUPS[group];
            let text = accounts.iter().map(|account| {
                let there = self
                    .memory
                    .accounts
                    .get(account)
                    .is_some_and(|kept| kept.there);
                let state = if there { "present" } else { "pending" };
                let login = &self.next.accounts[account].login;
                format!(
                    "{}({state},login={login})",
                    label(*account).replace("account ", "")
                )
            });
            let text = list(text);
            self.facts
                .insert(format!("list {id} name"), name.to_owned());
            self.facts.insert(format!("list {id} rows"), text);
        }
    }
}
