//! Names of a day: logins and addresses, who keeps which, what a change touches, and what is taken. As `naive`, from the
//! documentation alone.

use super::naive::Account;
use super::naive::Address;
use super::naive::State;
use super::naive::employer_of;
use super::outputs::Run;
use super::outputs::list;
use super::town::GIVEN;
use super::town::Mail;
use super::town::Of;
use super::town::SURNAMES;
use super::written::PATTERNS;
use super::written::account as rule_name;

const LOGIN: &str = "login";
const ADDRESS: &str = "address";

impl Run<'_> {
    /// Accounts in the order in which they are served: rule by rule, and in each by their keys.
    fn in_turn(&self, accounts: Vec<Account>) -> Vec<Account> {
        let mut accounts = accounts;
        accounts.sort_by_key(|(person, of)| (rule_name(*of), self.world.persons[*person].clone()));
        accounts
    }

    /// Whether a name is free for an account: nobody else has it or gave it up.
    fn is_free(&self, space: &'static str, name: &str, account: Account) -> bool {
        if space == LOGIN && (name == "tovber" || self.is_group_name(name)) {
            return false;
        }
        let holder = self.next.names.get(&(space, name.to_owned()));
        holder.is_none_or(|holder| *holder == account)
    }

    fn is_group_name(&self, name: &str) -> bool {
        (0..self.world.town.rules.groups.len()).any(|rule| name == format!("g{rule}"))
    }

    /// The first free one of a list that goes on with numbers after its last form.
    fn first_free(
        &self,
        space: &'static str,
        account: Account,
        forms: &[String],
        number: impl Fn(usize) -> String,
        whole: impl Fn(&str) -> String,
    ) -> String {
        let numbered = (0..).map(|count| format!("{}{}", forms.last().unwrap(), number(count)));
        forms
            .iter()
            .cloned()
            .chain(numbered)
            .find(|local| self.is_free(space, &whole(local), account))
            .unwrap()
    }

    pub(super) fn logins(&mut self) {
        for account in self.in_turn(self.in_state(State::Enabled)) {
            let kept = self.memory.accounts.get(&account);
            let login = match kept {
                Some(kept) if kept.there => kept.login.clone(),
                _ => {
                    let rule = self.world.rule(account.1);
                    let given = GIVEN[account.0].1;
                    let surname = SURNAMES[self.world.surnames[account.0]].1;
                    let forms = rule.patterns.iter().map(|pattern| {
                        let (_, of_given, of_surname) = PATTERNS[*pattern];
                        let take = |text: &str, count| text.chars().take(count).collect::<String>();
                        take(given, of_given) + &take(surname, of_surname)
                    });
                    let forms: Vec<String> = forms.collect();
                    let width = rule.width;
                    let number = move |count: usize| format!("{:0width$}", count + 1);
                    self.first_free(LOGIN, account, &forms, number, str::to_owned)
                }
            };
            self.next.names.insert((LOGIN, login.clone()), account);
            self.next
                .accounts
                .get_mut(&account)
                .unwrap()
                .login
                .clone_from(&login);
            self.say(account, "login", login);
        }
        for account in self.in_state(State::Disabled) {
            self.say(account, "login", "keep held");
        }
    }

    fn domain(&self, account: Account, mail: &Mail) -> String {
        let by_employer = mail.by_employer
            && account.1 == Of::Staff
            && self.world.rule(account.1).duties.is_none();
        let primary = self.primary(account).filter(|_| by_employer);
        primary
            .map_or("sml.se", |fact| match employer_of(fact) {
                "1427" => "sotenas.se",
                _ => "munkedal.se",
            })
            .to_owned()
    }

    /// The first free local part of an address.
    fn local(&self, account: Account, surname: usize, domain: &str) -> String {
        let form = format!("{}.{}", GIVEN[account.0].1, SURNAMES[surname].1);
        let number = |count: usize| (count + 2).to_string();
        self.first_free(ADDRESS, account, &[form], number, |local| {
            format!("{local}@{domain}")
        })
    }

    /// Addresses, rule by rule: first of those whose local part stays or follows to a new domain, then of all others.
    pub(super) fn addresses(&mut self) {
        let accounts = self.in_turn(self.in_state(State::Enabled));
        for of_rule in accounts.chunk_by(|one, other| one.1 == other.1) {
            let mut others = Vec::new();
            for account in of_rule {
                if self.keeps_local(*account) {
                    self.address(*account);
                } else {
                    others.push(*account);
                }
            }
            for account in others {
                self.address(account);
            }
        }
    }

    /// Which local part and domain an address that is there is to have, and whether the surname is why.
    fn due(&self, account: Account, rule: &Mail, mail: &Address) -> (bool, String) {
        let surname = self.world.surnames[account.0];
        let by_surname = rule.follows_surname && SURNAMES[surname].1 != SURNAMES[mail.surname].1;
        let to = if rule.follows_employer {
            self.domain(account, rule)
        } else {
            mail.domain.clone()
        };
        (by_surname, to)
    }

    fn keeps_local(&self, account: Account) -> bool {
        let Some(rule) = &self.world.rule(account.1).mail else {
            return false;
        };
        let kept = self.memory.accounts.get(&account).filter(|kept| kept.there);
        kept.and_then(|kept| kept.mail.as_ref())
            .is_some_and(|mail| {
                let (by_surname, to) = self.due(account, rule, mail);
                !by_surname && self.is_free(ADDRESS, &format!("{}@{to}", mail.local), account)
            })
    }

    fn address(&mut self, account: Account) {
        let today = self.world.today;
        let Some(rule) = &self.world.rule(account.1).mail else {
            return;
        };
        let surname = self.world.surnames[account.0];
        let kept = self.memory.accounts.get(&account).filter(|kept| kept.there);
        let mut mail = match kept.and_then(|kept| kept.mail.clone()) {
            None => {
                let domain = self.domain(account, rule);
                Address {
                    local: self.local(account, surname, &domain),
                    domain,
                    surname,
                    ..Address::default()
                }
            }
            Some(mut mail) => {
                let (by_surname, to) = self.due(account, rule, &mail);
                let is_free = self.is_free(ADDRESS, &format!("{}@{to}", mail.local), account);
                let local = if by_surname {
                    self.local(account, surname, &to)
                } else if is_free {
                    mail.local.clone()
                } else {
                    self.local(account, mail.surname, &to)
                };
                if (&local, &to) == (&mail.local, &mail.domain) {
                    mail.next = None;
                    if by_surname {
                        mail.surname = surname;
                    }
                } else {
                    let since = match &mail.next {
                        Some((of_local, of_domain, since))
                            if (of_local, of_domain) == (&local, &to) =>
                        {
                            *since
                        }
                        _ => today,
                    };
                    if today - since < rule.wait {
                        mail.next = Some((local, to, since));
                    } else {
                        let old = format!("{}@{}", mail.local, mail.domain);
                        if let Some(days) = rule.alias {
                            mail.aliases.insert(old, today + days);
                        }
                        mail.aliases.remove(&format!("{local}@{to}"));
                        mail.local = local;
                        mail.domain = to;
                        mail.next = None;
                        if by_surname {
                            mail.surname = surname;
                        }
                    }
                }
                mail
            }
        };
        mail.aliases.retain(|_, until| today < *until);
        let address = format!("{}@{}", mail.local, mail.domain);
        self.next.names.insert((ADDRESS, address.clone()), account);
        if let Some((local, domain, _)) = &mail.next {
            self.next
                .names
                .insert((ADDRESS, format!("{local}@{domain}")), account);
        }
        self.say(account, "mail", address);
        self.say(account, "aliases", list(mail.aliases.keys()));
        self.next.accounts.get_mut(&account).unwrap().mail = Some(mail);
    }
}
