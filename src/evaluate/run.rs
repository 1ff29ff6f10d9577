//! One evaluation, stratum by stratum: a local step for everybody, then an exchange.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;

use chrono::NaiveDate;

use super::codes;
use super::gate;
use super::holder::Holder;
use super::holder::HolderRow;
use super::holder::Holders;
use super::scope::RuleScope;
use super::world::World;
use crate::base::Horizon;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
#[cfg(test)]
use crate::base::RowKey;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Desired;
use crate::directory::DesiredAccount;
use crate::directory::Directory;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::directory::Urgency;
use crate::evaluate::accounts::account;
use crate::evaluate::accounts::existing;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::merging;
use crate::evaluate::accounts::slot;
use crate::evaluate::accounts::slot::Moved;
use crate::evaluate::names::name;
use crate::evaluate::notices::notice;
use crate::evaluate::notices::occasion;
use crate::evaluate::outputs::attribute;
use crate::evaluate::outputs::class_list;
use crate::evaluate::outputs::group;
use crate::evaluate::outputs::licence;
use crate::evaluate::outputs::mailbox;
use crate::ledger::Memory;
use crate::ledger::Replacement;
use crate::model::Population;
use crate::model::Protection;
use crate::rules::AccountRule;
use crate::rules::Compiled;
use crate::rules::GatePolicy;
use crate::rules::Output;
use crate::rules::spec::Ownership;

/// What an evaluation gives.
pub(crate) struct Evaluation {
    pub(crate) desired: Desired,
    pub(crate) findings: Findings,
    /// What is remembered after this run, were nothing of it carried out.
    pub(crate) memory: Memory,
    /// The first day on which anything may change by itself.
    pub(crate) recheck_on: Option<NaiveDate>,
}

/// Evaluates rules over a population.
pub(crate) fn evaluate<'run>(
    rules: &'run Compiled,
    population: &'run Population,
    directory: &'run Directory,
    memory: &'run Memory,
    as_of: NaiveDate,
    salt: &'run [u8],
    moved: Moved,
) -> Result<(Evaluation, World<'run>), LimitReached> {
    let mut world = World::new(rules, population, directory, memory, as_of, salt, moved);
    let mut state = State {
        findings: Findings::default(),
        memory: memory.clone(),
        desired: Desired::default(),
        settled: BTreeMap::new(),
        horizon: Horizon::new(as_of),
    };
    let (existing, contested) = existing::find(&world, &mut state.findings);
    world.contested = contested;
    for stratum in &rules.strata {
        for output in stratum {
            state.step(&mut world, output, &existing)?;
        }
    }
    let licences = licence::compute(&mut world, &mut state.findings)?;
    for carrier in licences.carry(&world, &mut state.desired.groups) {
        state.memory.groups.entry(carrier).or_default().empty_since = None;
    }
    let mailboxes = mailbox::compute(&mut world, &mut state.findings)?;
    for (position, rule) in rules.accounts.iter().enumerate() {
        for (row, _) in world.holders(position) {
            state.account(&world, position, rule, row, &licences, &mailboxes)?;
        }
    }
    merging::desire(
        &world,
        &mut state.desired,
        &mut state.memory,
        &mut state.horizon,
        &mut state.findings,
    )?;
    state.unknown_objects(&world);
    state.reviews(rules);
    state.memory.as_of = Some(as_of);
    state.memory.rules = Some(rules.digest.clone());
    state.findings.sort();
    state
        .desired
        .notices
        .sort_by_key(crate::directory::DesiredNotice::key);
    #[cfg(test)]
    if Leak::Order.is_planted() {
        state.desired.notices.sort_by_key(|notice| {
            let row = population.find_person(notice.account.person)?.row();
            let kind = crate::model::RecordKind::Person;
            match population.value(kind, row, "surname")? {
                crate::model::Cell::Personal(text) => Some(text.reveal().clone()),
                _ => None,
            }
        });
    }
    let mut recheck = state.horizon;
    for (_, holder) in world.holders.iter().flat_map(Holders::iter) {
        recheck.merge(&holder.horizon);
    }
    Ok((
        Evaluation {
            desired: state.desired,
            findings: state.findings,
            memory: state.memory,
            recheck_on: recheck.recheck_on(),
        },
        world,
    ))
}

/// The accounts that go on under the key of another slot.
pub(crate) fn moved(
    rules: &Compiled,
    population: &Population,
    directory: &Directory,
    memory: &Memory,
    as_of: NaiveDate,
    salt: &[u8],
) -> Result<Moved, LimitReached> {
    slot::moved(&World::new(
        rules,
        population,
        directory,
        memory,
        as_of,
        salt,
        Moved::default(),
    ))
}

/// What an evaluation builds up.
struct State {
    findings: Findings,
    memory: Memory,
    desired: Desired,
    settled: group::Settled,
    horizon: Horizon,
}

impl State {
    fn step(
        &mut self,
        world: &mut World<'_>,
        output: &Output,
        existing: &existing::ExistingAccounts,
    ) -> Result<(), LimitReached> {
        let rules = world.rules;
        match output {
            Output::Account(position) => {
                if let Some(rule) = rules.accounts.get(*position) {
                    let found =
                        account::holders(world, *position, rule, existing, &mut self.findings)?;
                    for (_, holder) in found.holders.iter().filter(|(_, holder)| holder.adopt) {
                        // What is remembered under another key goes along.
                        let object = world.existing(holder);
                        let anchor = object.and_then(|object| object.anchor.as_ref());
                        let before = anchor.filter(|anchor| **anchor != holder.key);
                        let before = before.and_then(|key| self.memory.accounts.remove(key));
                        if let Some(before) = before {
                            self.memory.accounts.insert(holder.key.clone(), before);
                        }
                    }
                    for (key, incumbent) in found.incumbents {
                        self.memory.accounts.entry(key).or_default().primary = Some(incumbent);
                    }
                    if let Some(holders) = world.holders.get_mut(*position) {
                        *holders = found.holders;
                    }
                }
            }
            Output::Name(position, name) => {
                let rule = rules
                    .accounts
                    .get(*position)
                    .and_then(|rule| rule.names.iter().find(|known| known.name == *name));
                if let Some(rule) = rule {
                    for given in name::give(world, *position, rule, &mut self.findings)? {
                        if let Some(holder) = world.holder(given.account, given.holder) {
                            let memory =
                                self.memory.accounts.entry(holder.key.clone()).or_default();
                            let name = String::from(&*given.name);
                            match given.coming {
                                Some(coming) => memory.coming.insert(name.clone(), coming),
                                None => memory.coming.remove(&name),
                            };
                            memory.names.insert(name, given.held);
                        }
                    }
                }
            }
            Output::Attribute(position, name) => {
                let rule = rules
                    .accounts
                    .get(*position)
                    .and_then(|rule| rule.attributes.iter().find(|known| known.name == *name));
                if let Some(rule) = rule {
                    attribute::compute(world, *position, rule, &mut self.findings)?;
                }
            }
            Output::Group(position) => {
                if let Some(rule) = rules.groups.get(*position) {
                    self.group(world, *position, rule)?;
                }
            }
            Output::ClassList(position) => {
                if let Some(rule) = rules.class_lists.get(*position) {
                    let lists = class_list::compute(world, rule, &mut self.findings)?;
                    self.desired.class_lists.extend(lists);
                }
            }
            Output::Notice(position) => {
                if let Some(rule) = rules.notices.get(*position) {
                    let notices = notice::compute(world, rule, &mut self.findings)?;
                    self.desired.notices.extend(notices);
                }
            }
            // Licences and mailboxes are settled for all rules at once, after the strata: nothing reads them.
            Output::Licence(_) | Output::Mailbox(_) => {}
        }
        Ok(())
    }

    fn group(
        &mut self,
        world: &mut World<'_>,
        position: usize,
        rule: &crate::rules::GroupRule,
    ) -> Result<(), LimitReached> {
        let gathered = group::gather(world, rule, &mut self.findings)?;
        let exchanged = group::settle(
            world,
            position,
            gathered,
            &mut self.settled,
            &mut self.horizon,
            &mut self.findings,
        );
        for (key, since) in exchanged.empty_since {
            let known = self.memory.groups.contains_key(&key);
            if known || since.is_some() {
                self.memory.groups.entry(key).or_default().empty_since = since;
            }
        }
        self.desired.groups.extend(exchanged.desired);
        Ok(())
    }

    /// What is wanted of one account.
    fn account(
        &mut self,
        world: &World<'_>,
        position: usize,
        rule: &AccountRule,
        row: HolderRow,
        licences: &licence::Licences,
        mailboxes: &BTreeMap<AccountKey, Opinion<Text>>,
    ) -> Result<(), LimitReached> {
        let Some(holder) = world.holder(position, row) else {
            return Ok(());
        };
        if holder.life == Life::Pending || (holder.life == Life::Held && holder.existing.is_none())
        {
            return Ok(());
        }
        let person = world.population.person(holder.person);
        let mut wanted = DesiredAccount::undecided(holder.slice.clone(), KeepCause::Held);
        wanted.sealed = person.protection.stands();
        let mut horizon = holder.horizon;
        wanted.adopt = holder.adopt.then(|| holder.existing.clone()).flatten();
        let stopped_from = person.stopped_from(&rule.population);
        let stopped = stopped_from.is_some_and(|day| day <= world.as_of);
        wanted.urgency = if stopped {
            Urgency::Suspend
        } else if person.protection.stands()
            && (person.protection.new || !was_concealed(world, holder))
        {
            Urgency::Conceal
        } else {
            Urgency::None
        };
        // Hidden by force: no ordinary rule switches it off.
        let by_force = person.protection.stands();
        #[cfg(test)]
        let by_force = by_force && !Leak::Hidden.is_planted();
        if by_force {
            wanted.hidden = Opinion::Set(true);
        }
        match holder.life {
            Life::Enabled => {
                self.enabled(world, position, rule, holder, &mut wanted, &mut horizon)?;
            }
            Life::Disabled => {
                wanted.state = Opinion::Set(AccountState::Disabled);
                if rule.disabled_hide {
                    wanted.hidden = Opinion::Set(true);
                }
                merging::put_away(world, rule, &holder.key, &mut wanted, &mut self.findings)?;
            }
            Life::Deleted => wanted.state = Opinion::Set(AccountState::Deleted),
            Life::Held | Life::Pending => {}
        }
        if let Some(own) = licences.direct.get(&holder.key) {
            wanted.licences.clone_from(own);
        }
        if let Some(off) = licences.off.get(&holder.key) {
            wanted.services_off.clone_from(off);
        }
        if licence::wait_for_location(&mut wanted, world.existing(holder)) {
            let message = String::from("the account has no usage location, and its licences wait");
            let output = alloc::format!("account.{}.licences", rule.name);
            let code = &codes::NO_LOCATION;
            world.finding(&mut self.findings, holder.person, code, &output, message);
        }
        if let Some(mailbox) = mailboxes.get(&holder.key) {
            wanted.mailbox = mailbox.clone();
        }
        let is_remembered = world.memory.accounts.contains_key(&holder.key);
        let memory = self.memory.accounts.entry(holder.key.clone()).or_default();
        memory.concealed = person.protection.stands();
        memory.replace = replacement(person.protection, holder, memory.replace);
        memory.adopted |= holder.adopt;
        // What stood there before anything was remembered was not made by us, as far as anybody knows.
        memory.adopted |= holder.existing.is_some() && !is_remembered;
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
        wanted.recheck_on = horizon.recheck_on();
        self.horizon.merge(&horizon);
        self.desired.accounts.insert(holder.key.clone(), wanted);
        Ok(())
    }

    fn enabled(
        &mut self,
        world: &World<'_>,
        position: usize,
        rule: &AccountRule,
        holder: &Holder,
        wanted: &mut DesiredAccount,
        horizon: &mut Horizon,
    ) -> Result<(), LimitReached> {
        let row = holder.person;
        let person = world.population.person(row);
        wanted.state = Opinion::Set(AccountState::Enabled);
        let scope = RuleScope::of(world, row).account(position, holder);
        let container = rule.container.as_ref().and_then(|ordinary| {
            let protected = rule.protected_container.as_ref();
            gate::program(&rule.container_gate, person.protection, ordinary, protected)
        });
        // An unreadable flag conceals, and moves nothing.
        let stays = person.protection.conceals_only() && holder.existing.is_some();
        if let Some(program) = container.filter(|_| !stays) {
            match world.text(program, &scope, horizon)? {
                Ok(Some(text)) => {
                    wanted.container =
                        group::parse_container(&text, &object(holder), &mut self.findings);
                }
                Ok(None) => {}
                Err(error) => world.not_computed(
                    &mut self.findings,
                    row,
                    &alloc::format!("account.{}.container", rule.name),
                    &error,
                ),
            }
        }
        let by_force = person.protection.stands();
        #[cfg(test)]
        let by_force = by_force && !Leak::Hidden.is_planted();
        if !by_force {
            let hide = match &rule.hide {
                Some(program) => world.condition(program, &scope, horizon)?.unwrap_or(false),
                None => false,
            };
            wanted.hidden = Opinion::Set(hide);
        }
        let opinion = |name: &str| {
            holder
                .name_opinions
                .get(name)
                .cloned()
                .unwrap_or(Opinion::Keep(KeepCause::Rule))
        };
        wanted.login = opinion("login");
        wanted.mail = opinion("mail");
        for (name, opinion) in &holder.name_opinions {
            if !matches!(&**name, "login" | "mail") {
                wanted
                    .attributes
                    .insert(name.clone(), opinion.clone().map(|text| alloc::vec![text]));
            }
        }
        wanted.attributes.extend(holder.attributes.clone());
        wanted.references.clone_from(&holder.references);
        let policy = gate::policy(&rule.gate, person.protection);
        wanted.clear_others = policy == GatePolicy::Alias && rule.clear_others && !stays;
        aliases(world, rule, holder, wanted, horizon);
        Ok(())
    }

    /// Exceptions for protected persons that were to be looked at again by now.
    fn reviews(&mut self, rules: &Compiled) {
        for exception in &rules.exceptions {
            if exception
                .review
                .is_some_and(|day| self.horizon.reached(day))
            {
                let text = alloc::format!(
                    "the exception at `{}` was to be looked at again by now",
                    exception.place
                );
                self.findings.push(
                    Finding::new(&codes::REVIEW_DUE, Subject::Run, text)
                        .help("look at its reason, and give another day or take it out"),
                );
            }
        }
    }

    /// Objects of ours of which no rule speaks any more are left alone, and named.
    fn unknown_objects(&mut self, world: &World<'_>) {
        let groups: BTreeSet<&Text> = world.rules.groups.iter().map(|rule| &rule.name).collect();
        let mut unknown: BTreeSet<String> = BTreeSet::new();
        for account in world.directory.accounts.values() {
            if let Some(anchor) = &account.anchor
                && !world.is_known(anchor)
            {
                self.findings.push(
                    Finding::new(
                        &codes::UNKNOWN_OWNER,
                        Subject::Object {
                            object: anchor.to_string(),
                        },
                        "the account carries the key of a person whom neither the sources nor the ledger know; it stays as it is",
                    )
                    .help("look whether a ledger was lost, or remove the account by hand"),
                );
            }
            if let Some(anchor) = &account.anchor
                && existing::rule_named(world, &anchor.rule).is_none()
            {
                unknown.insert(alloc::format!("account rule `{}`", anchor.rule));
            }
        }
        for group in world.directory.groups.values() {
            if let Some(anchor) = &group.anchor
                && !groups.contains(&anchor.rule)
            {
                unknown.insert(alloc::format!("group rule `{}`", anchor.rule));
            }
        }
        for rule in unknown {
            self.findings.push(
                Finding::new(
                    &codes::UNKNOWN_GROUP_RULE,
                    Subject::Run,
                    alloc::format!("objects in the directory are of {rule}, which is not there any more"),
                )
                .help("add `was = [\"…\"]` to the rule that took its place, or remove the objects by hand"),
            );
        }
    }
}

/// What is to become of all that an account showed before its person was protected. Of one that is made for somebody protected there
/// is nothing to replace; of somebody who is only concealed nothing is replaced.
fn replacement(
    protection: Protection,
    holder: &Holder,
    before: Option<Replacement>,
) -> Option<Replacement> {
    if !protection.stands() {
        return None;
    }
    if holder.existing.is_none() {
        return Some(Replacement::Done);
    }
    if protection.conceals_only() {
        return before;
    }
    match before {
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

fn object(holder: &Holder) -> String {
    alloc::format!("account:{}", holder.key)
}

/// The other addresses: old ones while they are kept, and none of a person whose old names must go.
fn aliases(
    world: &World<'_>,
    rule: &AccountRule,
    holder: &Holder,
    wanted: &mut DesiredAccount,
    horizon: &mut Horizon,
) {
    let person = world.population.person(holder.person);
    let Some(mail) = rule.names.iter().find(|name| &*name.name == "mail") else {
        return;
    };
    let existing = world.existing(holder);
    let current = name::current(world, holder, mail);
    let policy = gate::passage(&mail.gate, person.protection, mail.ordinary.all());
    if !policy.is_ordinary() {
        if !person.protection.conceals_only() {
            // What was made of the real name goes: the old primary address and all others.
            let new = wanted.mail.set().cloned();
            wanted.withdrawn = existing
                .into_iter()
                .flat_map(|account| account.mail.iter().chain(&account.aliases))
                .filter(|address| Some(*address) != new.as_ref())
                .cloned()
                .collect();
        }
        return;
    }
    let memory = world.memory.accounts.get(&holder.key);
    for (address, until) in memory.iter().flat_map(|memory| &memory.aliases) {
        let address = Text::from(address.as_str());
        if Some(&address) == wanted.mail.set() {
            continue;
        }
        if horizon.reached(*until) {
            wanted.withdrawn.insert(address);
        } else {
            wanted.aliases.insert(address);
        }
    }
    if let (Some(current), Some(new), Some(days)) = (current, wanted.mail.set(), mail.alias)
        && days > 0
        && current != *new
        && existing.is_some()
    {
        let until = crate::base::shift(world.as_of, days);
        horizon.changes_on(until);
        wanted.aliases.insert(current);
    }
}
