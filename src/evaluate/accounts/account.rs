//! Accounts: who holds one, where each is in its life, and what is its primary affiliation.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::adoption;
use super::existing::Existing;
use super::existing::ExistingAccounts;
use super::lifecycle;
use super::lifecycle::Life;
use super::primary;
use super::renewal;
use super::renewal::Begun;
use super::slot;
use super::slot::Part;
use crate::base::Horizon;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
use crate::base::RowKey;
use crate::base::Text;
use crate::base::shift;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::directory::AccountKey;
use crate::directory::ObjectId;
use crate::directory::Slice;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::holder::Holders;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::Program;
use crate::ledger::Incumbent;
use crate::model::AffiliationRow;
use crate::model::Cell;
use crate::model::PersonRow;
use crate::model::Protection;
use crate::model::RecordKind;
use crate::rules::AccountRule;
use crate::rules::GatePolicy;
use crate::rules::spec::RequireAt;

/// The accounts of one rule, and the incumbents to remember.
pub(in crate::evaluate) struct Found {
    pub(in crate::evaluate) holders: Holders,
    pub(in crate::evaluate) incumbents: BTreeMap<AccountKey, Incumbent>,
    /// Accounts in whose place another one comes.
    pub(in crate::evaluate) renewed: Vec<Begun>,
}

/// Finds who holds an account of a rule.
pub(in crate::evaluate) fn holders(
    world: &World<'_>,
    position: usize,
    rule: &AccountRule,
    existing: &ExistingAccounts,
    findings: &mut Findings,
) -> Result<Found, LimitReached> {
    let mut found = Found {
        holders: Holders::default(),
        incumbents: BTreeMap::new(),
        renewed: Vec::new(),
    };
    for (person, _) in world.population.persons() {
        let known = existing.get(&(position, person));
        of_person(world, rule, person, known, &mut found, findings)?;
    }
    adopt(
        world,
        position,
        rule,
        existing,
        &mut found.holders,
        findings,
    )?;
    renewal::begin(world, position, rule, &mut found, findings)?;
    Ok(found)
}

/// The accounts of one person: one, or one for each slot.
fn of_person(
    world: &World<'_>,
    rule: &AccountRule,
    row: PersonRow,
    known: Option<&BTreeMap<Text, Existing>>,
    found: &mut Found,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    let person = world.population.person(row);
    if is_excluded(rule, person.protection) {
        for existing in known.into_iter().flat_map(BTreeMap::values) {
            let holder = excluded(world, rule, row, existing, findings);
            #[cfg(test)]
            let holder = and_foretold(world, rule, row, holder)?;
            found.holders.push(holder);
        }
        return Ok(());
    }
    let mut horizon = Horizon::new(world.as_of);
    let mut covered = lifecycle::covered(world, rule, row, &mut horizon)?;
    if covered.coverages.is_empty() && covered.error.is_none() && known.is_none() {
        found.holders.has_none(row, horizon);
        return Ok(());
    }
    let parts = slot::parts(world, rule, row, &mut covered, known, &mut horizon)?;
    if parts.is_empty() {
        found.holders.has_none(row, horizon);
    }
    if let Some(error) = &covered.error {
        world.not_computed(findings, row, &rule.output(), error);
    }
    for part in parts {
        let existing = known.and_then(|known| known.get(&part.mark));
        let mut account = Asked {
            world,
            rule,
            row,
            existing,
            unread: covered.error.is_some(),
            horizon,
        };
        let holder = account.holder(part, &mut found.incumbents, findings)?;
        found.holders.push(holder);
    }
    Ok(())
}

/// One account of a person, while it is found out.
struct Asked<'a> {
    world: &'a World<'a>,
    rule: &'a AccountRule,
    row: PersonRow,
    existing: Option<&'a Existing>,
    /// Whether something of what the person has could not be read.
    unread: bool,
    horizon: Horizon,
}

impl Asked<'_> {
    /// Whether an account that one can log in to may live by a record that is gone and held, of which a rebuilt ledger knows nothing.
    fn may_be_a_gap(&self, horizon: &mut Horizon) -> bool {
        let Some(rebuilt) = &self.world.memory.rebuilt else {
            return false;
        };
        let object = self
            .existing
            .and_then(|existing| self.world.directory.accounts.get(&existing.id));
        let sources = self.world.rules.sources.values();
        let hold = sources.map(|source| source.absent.0).max().unwrap_or(0);
        object.is_some_and(|object| object.enabled) && !horizon.reached(shift(rebuilt.on, hold))
    }

    fn holder(
        &mut self,
        part: Part,
        incumbents: &mut BTreeMap<AccountKey, Incumbent>,
        findings: &mut Findings,
    ) -> Result<Holder, LimitReached> {
        let (world, rule, row, existing) = (self.world, self.rule, self.row, self.existing);
        let person = world.population.person(row);
        let key = world.others.key_of(world, rule, row, &part.mark, existing);
        let output = rule.output();
        let memory = world.memory.accounts.get(&key);
        let mut horizon = self.horizon;
        let stopped_from = person.stopped_from(&rule.population);
        let mut life = lifecycle::life(
            rule,
            &part.coverages,
            memory,
            existing.is_some(),
            stopped_from,
            &mut horizon,
        );
        let stopped = stopped_from.is_some_and(|day| day <= world.as_of);
        // What cannot be read takes nothing away, and gives nothing.
        if self.unread && life != Life::Enabled && !stopped {
            life = Life::Held;
        }
        if life == Life::Disabled && !stopped && self.may_be_a_gap(&mut horizon) {
            held(
                world,
                findings,
                row,
                &output,
                "the ledger was rebuilt, and a record that is gone may be held; the account stays as it is for so long",
            );
            life = Life::Held;
        }
        // A stated cause is not kept waiting by a decision about who somebody is.
        if person.is_held(&rule.population) && !stopped && !matches!(life, Life::Pending) {
            held(
                world,
                findings,
                row,
                &output,
                "a decision about this person is waiting; the account stays as it is",
            );
            life = Life::Held;
        }
        if existing.is_some_and(|existing| existing.twice) && !stopped {
            life = Life::Held;
        }
        if stopped && existing.is_some() {
            let text = "the account is disabled at once, for a cause that a source or the register states, or by a decision";
            world.finding(findings, row, &codes::STOPPED, &output, text);
        }
        let before = memory.and_then(|memory| memory.primary.as_ref());
        let choice = primary::choose(world, rule, row, &part.coverages, before, &mut horizon)?;
        // What is not there yet has nobody who could be displaced.
        if let Some(incumbent) = choice.incumbent.filter(|_| life != Life::Pending) {
            incumbents.insert(key.clone(), incumbent);
        }
        if life == Life::Enabled && !meets_requirement(world, rule, row, existing, &mut horizon)? {
            let message = if existing.is_some() {
                "the requirement of the account rule is not met; the account stays as it is"
            } else {
                "the requirement of the account rule is not met; the account is not created"
            };
            world.finding(findings, row, &codes::REQUIREMENT, &output, message);
            life = Life::Held;
        }
        Ok(Holder {
            slice: slice(
                world,
                rule,
                person.protection,
                choice.primary,
                memory.and_then(|memory| memory.slice.as_ref()),
            ),
            key,
            person: row,
            slot: part.slot,
            life,
            existing: existing.map(|existing| existing.id.clone()),
            adopt: existing.is_some_and(|existing| existing.anchor_anew && !existing.twice),
            ended: !stopped && matches!(life, Life::Disabled | Life::Deleted),
            covered: part.coverages,
            primary: choice.primary,
            names: BTreeMap::new(),
            next_names: BTreeMap::new(),
            name_opinions: BTreeMap::new(),
            attributes: BTreeMap::new(),
            references: BTreeMap::new(),
            horizon,
        })
    }
}

/// The account of somebody whom the rules exclude: disabled, and never deleted by itself. Nothing of what it covers is looked at,
/// not even for when to look again.
fn excluded(
    world: &World<'_>,
    rule: &AccountRule,
    row: PersonRow,
    existing: &Existing,
    findings: &mut Findings,
) -> Holder {
    let person = world.population.person(row);
    let stopped = person
        .stopped_from(&rule.population)
        .is_some_and(|day| day <= world.as_of);
    let (message, life) = if person.protection.conceals_only() && !stopped {
        (
            "the rules exclude this person, which waits; the account is hidden and stays as it is",
            Life::Held,
        )
    } else {
        (
            "the rules exclude this person; the account is disabled, and a person decides what becomes of it",
            Life::Disabled,
        )
    };
    let output = rule.output();
    world.finding(findings, row, &codes::EXCLUDED, &output, message);
    Holder {
        slice: slice(world, rule, person.protection, None, None),
        key: existing.key.clone(),
        person: row,
        slot: None,
        life,
        existing: Some(existing.id.clone()),
        adopt: existing.anchor_anew && !existing.twice,
        ended: false,
        covered: Vec::new(),
        primary: None,
        names: BTreeMap::new(),
        next_names: BTreeMap::new(),
        name_opinions: BTreeMap::new(),
        attributes: BTreeMap::new(),
        references: BTreeMap::new(),
        horizon: Horizon::new(world.as_of),
    }
}

/// A leak: what an account would cover decides when somebody who is excluded is looked at again.
#[cfg(test)]
fn and_foretold(
    world: &World<'_>,
    rule: &AccountRule,
    row: PersonRow,
    mut holder: Holder,
) -> Result<Holder, LimitReached> {
    if Leak::Forecast.is_planted() {
        let horizon = &mut holder.horizon;
        let covered = lifecycle::covered(world, rule, row, horizon)?;
        if !covered.coverages.is_empty()
            && let Some(day) = world.as_of.succ_opt()
        {
            horizon.changes_on(day);
        }
    }
    Ok(holder)
}

/// Whether a protected person is no subject of an account rule. What it lives by is looked at once more: where that would tell
/// what is withheld, there is no account.
pub(crate) fn is_excluded(rule: &AccountRule, protection: Protection) -> bool {
    let lives_by = rule.lives_by();
    match gate::passage(&rule.gate, protection, lives_by.clone()) {
        GatePolicy::Exclude | GatePolicy::Omit => true,
        // An alternative takes the place of what an account shows, not of what it lives by.
        GatePolicy::Alias => lives_by
            .map(Program::class)
            .any(|class| protection.withholds(class)),
        GatePolicy::Task | GatePolicy::Include | GatePolicy::Pass => false,
    }
}

/// Whether what the rule asks of a person holds, where it asks now.
pub(super) fn meets_requirement(
    world: &World<'_>,
    rule: &AccountRule,
    row: PersonRow,
    existing: Option<&Existing>,
    horizon: &mut Horizon,
) -> Result<bool, LimitReached> {
    match &rule.require {
        Some((at, that)) if existing.is_none() || *at == RequireAt::Always => {
            let met = world.condition(that, &RuleScope::of(world, row), horizon)?;
            Ok(met == Ok(true))
        }
        _ => Ok(true),
    }
}

/// Those who need an account and have none take over an existing one, where exactly one fits.
fn adopt(
    world: &World<'_>,
    position: usize,
    rule: &AccountRule,
    existing: &ExistingAccounts,
    holders: &mut Holders,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    let taken: BTreeSet<ObjectId> = existing
        .iter()
        .filter(|((rule, _), _)| *rule == position)
        .flat_map(|(_, slots)| slots.values())
        .map(|existing| existing.id.clone())
        .collect();
    let adoptions = adoption::find(world, position, rule, holders, &taken, findings)?;
    for (row, id) in adoptions.adopted {
        let Some(holder) = holders.get_mut(row) else {
            continue;
        };
        holder.existing = Some(id);
        holder.adopt = true;
        let person = world.population.person(holder.person);
        // What was Pending or held for want of an account has one now.
        if !person.is_held(&rule.population) {
            let mut horizon = holder.horizon;
            holder.life = lifecycle::life(
                rule,
                &holder.covered,
                None,
                true,
                person.stopped_from(&rule.population),
                &mut horizon,
            );
            holder.horizon = horizon;
        }
    }
    for row in adoptions.ambiguous {
        if let Some(holder) = holders.get_mut(row) {
            holder.life = Life::Held;
        }
    }
    Ok(())
}

fn held(
    world: &World<'_>,
    findings: &mut Findings,
    row: PersonRow,
    output: &OpenText,
    message: &'static str,
) {
    world.finding(findings, row, &codes::HELD, output, message);
}

/// Whom a guard counts an account with: the municipality of the primary, or what was known last. Where a protected person is
/// is not told by that: all of them are counted together.
fn slice(
    world: &World<'_>,
    rule: &AccountRule,
    protection: Protection,
    primary: Option<AffiliationRow>,
    before: Option<&(String, String)>,
) -> Slice {
    let stands = protection.stands();
    #[cfg(test)]
    let stands = stands && !(Leak::Slices.is_planted() || Leak::Guards.is_planted());
    let municipality = primary
        .and_then(|row| municipality(world, row))
        .or_else(|| before.map(|(municipality, _)| Text::from(municipality.as_str())))
        .filter(|_| !stands)
        .unwrap_or_else(|| Text::from(""));
    Slice {
        municipality,
        population: rule.population.clone(),
    }
}

/// The municipality of an affiliation: the employer, or where the unit or the school group is.
pub(in crate::evaluate) fn municipality(world: &World<'_>, row: AffiliationRow) -> Option<Text> {
    let population = world.population;
    let kind = population.affiliation(row).kind.record();
    let open = |kind, row, name| match population.value(kind, row, name) {
        Some(Cell::Open(text)) => Some(text),
        _ => None,
    };
    let link = |kind, row, name| match population.value(kind, row, name) {
        Some(Cell::Link(to)) => Some(to.row()),
        _ => None,
    };
    if let Some(employer) = open(kind, row.row(), "employer") {
        return Some(employer);
    }
    let unit = link(kind, row.row(), "unit").or_else(|| {
        let group = link(kind, row.row(), "group")?;
        link(RecordKind::SchoolGroup, group, "unit")
    })?;
    open(RecordKind::Unit, unit, "municipality")
}
