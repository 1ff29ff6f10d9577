//! One evaluation, stratum by stratum: a local step for everybody, then an exchange.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;

use chrono::NaiveDate;

use super::codes;
use super::gate;
use super::holder::Holder;
use super::holder::Holders;
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
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::directory::Desired;
use crate::directory::Directory;
use crate::evaluate::accounts::account;
use crate::evaluate::accounts::existing;
use crate::evaluate::accounts::merging;
use crate::evaluate::accounts::replaced;
use crate::evaluate::accounts::slot;
use crate::evaluate::accounts::slot::Moved;
use crate::evaluate::accounts::wanted;
use crate::evaluate::accounts::wanted::Given;
use crate::evaluate::names::name;
use crate::evaluate::notices::notice;
use crate::evaluate::outputs::attribute;
use crate::evaluate::outputs::class_list;
use crate::evaluate::outputs::exchange;
use crate::evaluate::outputs::group;
use crate::evaluate::outputs::licence;
use crate::evaluate::outputs::mailbox;
use crate::ledger::Memory;
use crate::model::Population;
use crate::rules::AccountRule;
use crate::rules::Compiled;
use crate::rules::Output;

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
    let given = Given {
        licences: &licences,
        mailboxes: &mailboxes,
    };
    for (position, rule) in rules.accounts.iter().enumerate() {
        for (_, holder) in world.holders(position) {
            state.account(&world, position, rule, holder, &given)?;
        }
    }
    merging::desire(
        &world,
        &mut state.desired,
        &mut state.memory,
        &mut state.horizon,
        &mut state.findings,
    )?;
    replaced::desire(
        &world,
        &mut state.desired,
        &mut state.memory,
        &mut state.findings,
    )?;
    state.unknown_objects(&world);
    state.reviews(rules);
    state.of_others(rules);
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
    for horizon in world.holders.iter().flat_map(Holders::horizons) {
        recheck.merge(horizon);
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
    settled: exchange::Settled,
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
                    for begun in found.renewed {
                        let (old, object) = begun.old();
                        let object = world.directory.accounts.get(object);
                        let anchor = object.and_then(|object| object.anchor.as_ref());
                        let before = anchor.filter(|anchor| *anchor != old);
                        let before = before.and_then(|key| self.memory.accounts.remove(key));
                        if let Some(before) = before {
                            self.memory.accounts.insert(old.clone(), before);
                        }
                        let (fresh, mark) = begun.placed();
                        world.moved.place(fresh, mark);
                        world.renewals.begin(begun, &mut self.memory);
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
        let gathered = group::gather(world, rule, &mut self.horizon, &mut self.findings)?;
        let exchanged = exchange::settle(
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

    /// What is wanted of one account, and what is remembered of it.
    fn account(
        &mut self,
        world: &World<'_>,
        position: usize,
        rule: &AccountRule,
        holder: &Holder,
        given: &Given<'_>,
    ) -> Result<(), LimitReached> {
        let findings = &mut self.findings;
        let Some(wanted) = wanted::of(world, position, rule, holder, given, findings)? else {
            return Ok(());
        };
        if let Some(day) = wanted.recheck_on {
            self.horizon.changes_on(day);
        }
        let is_remembered = world.memory.accounts.contains_key(&holder.key);
        let memory = self.memory.accounts.entry(holder.key.clone()).or_default();
        wanted::remember(world, rule, holder, is_remembered, memory);
        self.desired.accounts.insert(holder.key.clone(), wanted);
        Ok(())
    }

    /// What shows others stands in the directory for as long as nobody changes it, also where the rules no longer read them.
    fn of_others(&mut self, rules: &Compiled) {
        let now = gate::of_others(rules);
        let remembered = &mut self.memory.of_others;
        remembered.extend(now.iter().map(|output| String::from(&**output)));
        let outputs = remembered.iter();
        self.desired.of_others = outputs.map(|output| Text::from(output.as_str())).collect();
    }

    /// Exceptions for protected persons that were to be looked at again by now.
    fn reviews(&mut self, rules: &Compiled) {
        for exception in &rules.exceptions {
            if exception
                .review
                .is_some_and(|day| self.horizon.reached(day))
            {
                let text = OpenText::words("the exception at ")
                    .quote(&exception.place)
                    .and(" was to be looked at again by now");
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
        let mut unknown: BTreeSet<OpenText> = BTreeSet::new();
        for account in world.directory.accounts.values() {
            if let Some(anchor) = &account.anchor
                && !world.is_known(anchor)
            {
                self.findings.push(
                    Finding::new(
                        &codes::UNKNOWN_OWNER,
                        Subject::object(anchor),
                        "the account carries the key of a person whom neither the sources nor the ledger know; it stays as it is",
                    )
                    .help("look whether a ledger was lost, or remove the account by hand"),
                );
            }
            if let Some(anchor) = &account.anchor
                && existing::rule_named(world, &anchor.rule).is_none()
            {
                let rule = OpenText::vouched(&anchor.rule);
                unknown.insert(OpenText::words("account rule ").quote(rule));
            }
        }
        for group in world.directory.groups.values() {
            if let Some(anchor) = &group.anchor
                && !groups.contains(&anchor.rule)
            {
                let rule = OpenText::vouched(&anchor.rule);
                unknown.insert(OpenText::words("group rule ").quote(rule));
            }
        }
        for rule in unknown {
            self.findings.push(
                Finding::new(
                    &codes::UNKNOWN_GROUP_RULE,
                    Subject::Run,
                    OpenText::words("objects in the directory are of ")
                        .and(rule)
                        .and(", which is not there any more"),
                )
                .help("add `was = [\"…\"]` to the rule that took its place, or remove the objects by hand"),
            );
        }
    }
}
