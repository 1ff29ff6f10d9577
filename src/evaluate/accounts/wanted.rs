//! What is wanted of one account: all that was computed of it, put together, with its state, its container and its addresses.
//!
//! Not here: what is computed before (life, names, attributes, licences, mailboxes) and what becomes of several accounts of one
//! person. Keeps true: whoever is protected is hidden, whatever the rules say, and nothing of an account that is held has an opinion.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::lifecycle;
use super::lifecycle::Life;
use super::merging;
use super::renewal;
use crate::base::Horizon;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::CONTAINER;
use crate::directory::DesiredAccount;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::directory::Urgency;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::names::name;
use crate::evaluate::notices::occasion;
use crate::evaluate::outputs::attribute;
use crate::evaluate::outputs::group;
use crate::evaluate::outputs::licence;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::shielding;
use crate::evaluate::world::World;
use crate::ledger::AccountMemory;
use crate::ledger::Replacement;
use crate::model::Person;
use crate::rules::AccountRule;
use crate::rules::GatePolicy;
use crate::rules::spec::Ownership;

/// What was settled for all accounts at once.
pub(in crate::evaluate) struct Given<'a> {
    pub(in crate::evaluate) licences: &'a licence::Licences,
    pub(in crate::evaluate) mailboxes: &'a BTreeMap<AccountKey, Opinion<Text>>,
}

/// Puts together what is wanted of an account; none where there is none and none is made.
pub(in crate::evaluate) fn of(
    world: &World<'_>,
    position: usize,
    rule: &AccountRule,
    holder: &Holder,
    given: &Given<'_>,
    findings: &mut Findings,
) -> Result<Option<DesiredAccount>, LimitReached> {
    if holder.life == Life::Pending || (holder.life == Life::Held && holder.existing.is_none()) {
        return Ok(None);
    }
    let mut wish = Wish {
        world,
        rule,
        holder,
        person: world.population.person(holder.person),
        wanted: DesiredAccount::undecided(holder.slice.clone(), KeepCause::Held),
        horizon: holder.horizon,
        findings,
    };
    wish.protected();
    match holder.life {
        Life::Enabled => {
            let scope = RuleScope::of(world, holder.person).account(position, holder);
            wish.enabled(&scope)?;
        }
        Life::Disabled => wish.disabled()?,
        Life::Deleted => wish.wanted.state = Opinion::Set(AccountState::Deleted),
        Life::Held | Life::Pending => {}
    }
    wish.given(given);
    wish.wanted.recheck_on = wish.horizon.recheck_on();
    Ok(Some(wish.wanted))
}

/// What is wanted of one account, while it is put together.
struct Wish<'a> {
    world: &'a World<'a>,
    rule: &'a AccountRule,
    holder: &'a Holder,
    person: &'a Person,
    wanted: DesiredAccount,
    horizon: Horizon,
    findings: &'a mut Findings,
}

impl Wish<'_> {
    /// What holds of it because of who its person is.
    fn protected(&mut self) {
        let (world, holder, person) = (self.world, self.holder, self.person);
        let stands = person.protection.stands();
        self.wanted.sealed = stands;
        self.wanted.shield = shielding::of(world.rules, self.rule, person.protection);
        self.wanted.adopt = holder.adopt.then(|| holder.existing.clone()).flatten();
        let stopped_from = person.stopped_from(&self.rule.population);
        let stopped = stopped_from.is_some_and(|day| day <= world.as_of);
        self.wanted.urgency = if stopped {
            Urgency::Suspend
        } else if stands && (person.protection.new || !was_concealed(world, holder)) {
            Urgency::Conceal
        } else {
            Urgency::None
        };
        if self.is_hidden_by_force() {
            self.wanted.hidden = Opinion::Set(true);
        }
    }

    /// Hidden by force: no ordinary rule switches it off.
    fn is_hidden_by_force(&self) -> bool {
        let by_force = self.person.protection.stands();
        #[cfg(test)]
        let by_force = by_force && !Leak::Hidden.is_planted();
        by_force
    }

    fn enabled(&mut self, scope: &RuleScope<'_>) -> Result<(), LimitReached> {
        let (rule, holder, person) = (self.rule, self.holder, self.person);
        self.wanted.state = Opinion::Set(AccountState::Enabled);
        // An unreadable flag conceals, and moves nothing.
        let stays = person.protection.conceals_only() && holder.existing.is_some();
        if !stays {
            self.container(scope)?;
        }
        if !self.is_hidden_by_force() {
            let hide = match &rule.hide {
                Some(program) => {
                    let hide = self.world.condition(program, scope, &mut self.horizon)?;
                    hide.unwrap_or(false)
                }
                None => false,
            };
            self.wanted.hidden = Opinion::Set(hide);
        }
        let opinion = |name: &str| {
            let known = holder.name_opinions.get(name).cloned();
            known.unwrap_or(Opinion::Keep(KeepCause::Rule))
        };
        self.wanted.login = opinion("login");
        self.wanted.mail = opinion("mail");
        for (name, opinion) in &holder.name_opinions {
            if !matches!(&**name, "login" | "mail") {
                let opinion = opinion.clone().map(|text| alloc::vec![text]);
                self.wanted.attributes.insert(name.clone(), opinion);
            }
        }
        self.wanted.attributes.extend(holder.attributes.clone());
        self.wanted.references.clone_from(&holder.references);
        let policy = gate::policy(&rule.gate, person.protection);
        self.wanted.clear_others = policy == GatePolicy::Alias && rule.clear_others && !stays;
        self.addresses(scope)
    }

    fn container(&mut self, scope: &RuleScope<'_>) -> Result<(), LimitReached> {
        let (world, rule, holder) = (self.world, self.rule, self.holder);
        let program = rule.container.as_ref().and_then(|ordinary| {
            let protected = rule.protected_container.as_ref();
            let (gate, protection) = (&rule.container_gate, self.person.protection);
            let policy = gate::passage(gate, protection, [ordinary]);
            let is_neutral = || gate::is_neutral(world.rules, [ordinary]);
            let absent = gate::is_absent(CONTAINER, protection, policy, is_neutral);
            gate::program(gate, protection, ordinary, protected).filter(|_| !absent)
        });
        let Some(program) = program else {
            return Ok(());
        };
        match world.text(program, scope, &mut self.horizon)? {
            Ok(Some(text)) => {
                let object = OpenText::words("account:").and(&holder.key);
                self.wanted.container = group::parse_container(&text, object, self.findings);
            }
            Ok(None) => {}
            Err(error) => {
                let output = rule.output().and(".container");
                world.not_computed(self.findings, holder.person, &output, &error);
            }
        }
        Ok(())
    }

    fn disabled(&mut self) -> Result<(), LimitReached> {
        let (world, rule) = (self.world, self.rule);
        self.wanted.state = Opinion::Set(AccountState::Disabled);
        if rule.disabled_hide {
            self.wanted.hidden = Opinion::Set(true);
        }
        let key = &self.holder.key;
        merging::put_away(world, rule, key, &mut self.wanted, self.findings)
    }

    fn given(&mut self, given: &Given<'_>) {
        let (world, holder) = (self.world, self.holder);
        if let Some(own) = given.licences.direct.get(&holder.key) {
            self.wanted.licences.clone_from(own);
        }
        if let Some(off) = given.licences.off.get(&holder.key) {
            self.wanted.services_off.clone_from(off);
        }
        if licence::wait_for_location(&mut self.wanted, world.existing(holder)) {
            let message = "the account has no usage location, and its licences wait";
            let output = self.rule.output().and(".licences");
            let code = &codes::NO_LOCATION;
            world.finding(self.findings, holder.person, code, &output, message);
        }
        if let Some(mailbox) = given.mailboxes.get(&holder.key) {
            self.wanted.mailbox = mailbox.clone();
        }
    }

    /// The other addresses: old ones while they are kept, and none of a person whose old names must go.
    fn addresses(&mut self, scope: &RuleScope<'_>) -> Result<(), LimitReached> {
        let (world, holder) = (self.world, self.holder);
        let mut names = self.rule.names.iter();
        let Some(mail) = names.find(|name| &*name.name == "mail") else {
            return Ok(());
        };
        let existing = world.existing(holder);
        let protection = self.person.protection;
        let wanted = &mut self.wanted;
        let policy = gate::passage(&mail.gate, protection, mail.programs());
        if !policy.is_ordinary() {
            if !protection.conceals_only() {
                // What was made of the real name goes: the old primary address and all others.
                let new = wanted.mail.set().cloned();
                wanted.withdrawn = existing
                    .into_iter()
                    .flat_map(|account| account.mail.iter().chain(&account.aliases))
                    .filter(|address| Some(*address) != new.as_ref())
                    .cloned()
                    .collect();
            }
            return Ok(());
        }
        let days = match &mail.alias {
            Some(alias) => Some(lifecycle::span(world, alias, scope, &mut self.horizon)?),
            None => None,
        };
        let memory = world.memory.accounts.get(&holder.key);
        for (address, until) in memory.iter().flat_map(|memory| &memory.aliases) {
            let address = Text::from(address.as_str());
            if Some(&address) == wanted.mail.set() {
                continue;
            }
            // Where no old address is to be kept, none that was is.
            if self.horizon.reached(*until) || days == Some(0) {
                wanted.withdrawn.insert(address);
            } else {
                wanted.aliases.insert(address);
            }
        }
        let current = name::current(world, holder, mail);
        if let (Some(current), Some(new), Some(days)) = (current, wanted.mail.set(), days)
            && days > 0
            && current != *new
            && existing.is_some()
        {
            self.horizon
                .changes_on(crate::base::shift(world.as_of, days));
            wanted.aliases.insert(current);
            wanted.alias_days = Some(days);
        }
        Ok(())
    }
}

/// Takes over into what is remembered of an account what this run has seen of it.
pub(in crate::evaluate) fn remember(
    world: &World<'_>,
    rule: &AccountRule,
    holder: &Holder,
    was_remembered: bool,
    memory: &mut AccountMemory,
) {
    let protection = world.population.person(holder.person).protection;
    memory.concealed = protection.stands();
    memory.replace = replacement(world, rule, holder, memory.replace);
    memory.renewed = None;
    memory.adopted |= holder.adopt;
    // What stood there before anything was remembered was not made by us, as far as anybody knows.
    memory.adopted |= holder.existing.is_some() && !was_remembered;
    memory.seen = occasion::covering(world, holder);
    memory.unset = rule
        .attributes
        .iter()
        .filter(|attribute| attribute.own == Ownership::Initial)
        .filter(|attribute| attribute::is_unset(world, holder, attribute))
        .map(|attribute| String::from(&*attribute.name))
        .collect();
    memory.slice = Some((
        String::from(&*holder.slice.municipality),
        String::from(&*holder.slice.population),
    ));
}

/// What is to become of all that an account showed before its person was protected. Of one that is made for somebody protected there
/// is nothing to replace; of somebody who is only concealed nothing is replaced.
fn replacement(
    world: &World<'_>,
    rule: &AccountRule,
    holder: &Holder,
    before: Option<Replacement>,
) -> Option<Replacement> {
    let protection = world.population.person(holder.person).protection;
    if !protection.stands() {
        return None;
    }
    if holder.existing.is_none() {
        return Some(Replacement::Done);
    }
    if protection.conceals_only() {
        return before;
    }
    if rule.makes_anew(protection) {
        let is_due = renewal::is_due(world, rule, holder);
        return Some(if is_due {
            Replacement::NewAccount
        } else {
            Replacement::Done
        });
    }
    match before {
        Some(Replacement::NewAccount) => Some(Replacement::Due),
        Some(before) if !protection.new => Some(before),
        _ => Some(Replacement::Due),
    }
}

/// Whether the person was concealed when last seen.
fn was_concealed(world: &World<'_>, holder: &Holder) -> bool {
    match (
        world.memory.accounts.get(&holder.key),
        world.existing(holder),
    ) {
        (Some(memory), _) => memory.concealed,
        // What is created now is created concealed.
        (None, None) => true,
        (None, Some(account)) => account.hidden,
    }
}
