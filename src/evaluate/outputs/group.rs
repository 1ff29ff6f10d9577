//! Groups, the local step: one reason for each affiliation that is active and matches, and what each member says of the group.
//!
//! What other groups add and take away, and what becomes of groups that nobody is in, is the exchange (`exchange.rs`).

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::base::Horizon;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::directory::AccountKey;
use crate::directory::Dn;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::directory::Slice;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::window;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::outputs::attribute;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language;
use crate::language::DataError;
use crate::language::DataErrorKind;
use crate::language::Program;
use crate::model::AffiliationRow;
use crate::rules::GroupRule;

/// Why somebody is in a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GroupReason {
    /// The affiliation; none where the rule speaks of the account as such.
    pub(crate) affiliation: Option<AffiliationRow>,
}

/// The groups of one rule while they are gathered.
#[derive(Default)]
pub(in crate::evaluate) struct Gathered {
    pub(super) groups: BTreeMap<Text, OneGroup>,
    /// Accounts about which the data does not say whether they belong: they stay where they are.
    pub(super) undecided: BTreeSet<AccountKey>,
    /// The groups that are there or are made, those that are kept without members as well.
    pub(super) stand: BTreeSet<GroupKey>,
    /// A leak: groups in which somebody would be whom the gate keeps out.
    #[cfg(test)]
    wanted_by_protected: BTreeSet<Text>,
}

#[derive(Default)]
pub(super) struct OneGroup {
    pub(super) members: BTreeSet<AccountKey>,
    pub(super) names: BTreeSet<Text>,
    pub(super) containers: BTreeSet<Text>,
    pub(super) descriptions: BTreeSet<Text>,
    pub(super) owners: BTreeSet<Owner>,
    pub(super) slice: Option<Slice>,
    /// A leak: somebody would be in it whom the gate keeps out.
    #[cfg(test)]
    pub(super) wanted_by_protected: bool,
}

/// Who owns a group, as one of its members has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Account(AccountKey),
    /// None of those who might has an account in use.
    Nobody,
    /// The data does not say.
    Unknown,
}

/// The local step: who belongs to which groups of a rule. What hangs on nobody is told to the horizon.
pub(in crate::evaluate) fn gather(
    world: &mut World<'_>,
    rule: &GroupRule,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Result<Gathered, LimitReached> {
    let mut gathered = Gathered::default();
    if let Some((key, group)) = without_anybody(world, rule, horizon)? {
        gathered.groups.insert(key, group);
    }
    let Some(account) = rule.account else {
        return Ok(gathered);
    };
    let mut horizons = Vec::new();
    for (row, holder) in world.holders(account) {
        if holder.life == Life::Held {
            gathered.undecided.insert(holder.key.clone());
        }
        if !window::may_have(holder, &rule.window) {
            continue;
        }
        let protection = world.population.person(holder.person).protection;
        let policy = gate::passage(&rule.gate, protection, rule.programs());
        if !policy.is_ordinary() {
            if gate::stays(protection, policy, holder.existing.is_some()) {
                gathered.undecided.insert(holder.key.clone());
            }
            #[cfg(test)]
            gathered.note_protected(world, account, rule, holder)?;
            continue;
        }
        let mut horizon = Horizon::new(world.as_of);
        let reasons = reasons(world, account, rule, holder, &mut horizon)?;
        for (key, reason) in reasons.found {
            let group = gathered.groups.entry(key).or_default();
            group.members.insert(holder.key.clone());
            let mut scope = RuleScope::of(world, holder.person).account(account, holder);
            if let Some(row) = reason.affiliation {
                scope = scope.affiliation(row);
            }
            describe(world, rule, &scope, group, &mut horizon)?;
            if group.slice.is_none() && !protection.stands() {
                group.slice = Some(holder.slice.clone());
            }
        }
        if let Some(error) = reasons.error {
            world.not_computed(findings, holder.person, &rule.output(), &error);
            gathered.undecided.insert(holder.key.clone());
        }
        horizons.push((row, horizon));
    }
    for (row, horizon) in horizons {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.horizon.merge(&horizon);
        }
    }
    #[cfg(test)]
    for (key, group) in &mut gathered.groups {
        group.wanted_by_protected = gathered.wanted_by_protected.contains(key);
    }
    Ok(gathered)
}

#[cfg(test)]
impl Gathered {
    /// A leak: in which groups somebody would be whom the gate keeps out.
    fn note_protected(
        &mut self,
        world: &World<'_>,
        account: usize,
        rule: &GroupRule,
        holder: &Holder,
    ) -> Result<(), LimitReached> {
        if !Leak::Visibility.is_planted() {
            return Ok(());
        }
        let mut horizon = Horizon::new(world.as_of);
        for row in world.affiliations_of(holder) {
            let scope = RuleScope::of(world, holder.person)
                .account(account, holder)
                .affiliation(*row);
            let key = key(world, rule, &scope, &mut horizon)?;
            self.wanted_by_protected.extend(key.ok().flatten());
        }
        Ok(())
    }
}

/// The group of a rule that is the same whoever is in it: other groups can make it, without a reason of its own.
fn without_anybody(
    world: &World<'_>,
    rule: &GroupRule,
    horizon: &mut Horizon,
) -> Result<Option<(Text, OneGroup)>, LimitReached> {
    let scope = RuleScope::of_nobody(world);
    let Ok(Some(key)) = world.text(&rule.key, &scope, horizon)? else {
        return Ok(None);
    };
    let mut group = OneGroup::default();
    describe(world, rule, &scope, &mut group, horizon)?;
    let is_told =
        |program: &Option<Program>, texts: &BTreeSet<Text>| program.is_none() || !texts.is_empty();
    let is_whole = is_told(&rule.display, &group.names)
        && is_told(&rule.container, &group.containers)
        && is_told(&rule.description, &group.descriptions);
    Ok((is_whole || rule.account.is_none()).then_some((key, group)))
}

/// The groups of a rule that a person is in, with the reasons.
pub(crate) struct Reasons {
    pub(crate) found: Vec<(Text, GroupReason)>,
    pub(crate) error: Option<DataError>,
}

/// Why a person is in which groups of a rule. Also what *why* asks.
pub(crate) fn reasons(
    world: &World<'_>,
    account: usize,
    rule: &GroupRule,
    holder: &Holder,
    horizon: &mut Horizon,
) -> Result<Reasons, LimitReached> {
    let mut reasons = Reasons {
        found: Vec::new(),
        error: None,
    };
    // Whoever asks why must not learn what the gate keeps from the group itself.
    let person = holder.person;
    let protection = world.population.person(person).protection;
    if !gate::passage(&rule.gate, protection, rule.programs()).is_ordinary() {
        return Ok(reasons);
    }
    let Some(kind) = rule.each else {
        if !window::account_counts(world, &rule.window, holder, horizon)? {
            return Ok(reasons);
        }
        let scope = RuleScope::of(world, person).account(account, holder);
        match key(world, rule, &scope, horizon)? {
            Ok(Some(key)) => reasons.found.push((key, GroupReason { affiliation: None })),
            Ok(None) => {}
            Err(error) => reasons.error = Some(error),
        }
        return Ok(reasons);
    };
    for row in window::counting(world, &rule.window, holder, kind, horizon)? {
        let scope = RuleScope::of(world, person)
            .account(account, holder)
            .affiliation(row);
        match key(world, rule, &scope, horizon)? {
            Ok(Some(key)) => reasons.found.push((
                key,
                GroupReason {
                    affiliation: Some(row),
                },
            )),
            Ok(None) => {}
            Err(error) => reasons.error = Some(error),
        }
    }
    Ok(reasons)
}

fn key(
    world: &World<'_>,
    rule: &GroupRule,
    scope: &RuleScope<'_>,
    horizon: &mut Horizon,
) -> Result<Result<Option<Text>, DataError>, LimitReached> {
    if let Some(when) = &rule.when {
        match world.condition(when, scope, horizon)? {
            Ok(true) => {}
            Ok(false) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        }
    }
    world.text(&rule.key, scope, horizon)
}

fn describe(
    world: &World<'_>,
    rule: &GroupRule,
    scope: &RuleScope<'_>,
    group: &mut OneGroup,
    horizon: &mut Horizon,
) -> Result<(), LimitReached> {
    let texts = |program: &Option<Program>, into: &mut BTreeSet<Text>, horizon: &mut Horizon| {
        if let Some(program) = program
            && let Ok(Some(text)) = world.text(program, scope, horizon)?
        {
            into.insert(text);
        }
        Ok(())
    };
    texts(&rule.display, &mut group.names, horizon)?;
    texts(&rule.container, &mut group.containers, horizon)?;
    texts(&rule.description, &mut group.descriptions, horizon)?;
    if !rule.owner.is_empty() {
        group.owners.insert(owner(world, rule, scope, horizon)?);
    }
    Ok(())
}

/// The first of a rule's owners that has an account in use; one that is held stands in nobody else's favour.
fn owner(
    world: &World<'_>,
    rule: &GroupRule,
    scope: &RuleScope<'_>,
    horizon: &mut Horizon,
) -> Result<Owner, LimitReached> {
    for program in &rule.owner {
        let value = match world.run(program, scope, horizon)? {
            Ok(language::Opinion::Value(value)) => value,
            Ok(language::Opinion::None | language::Opinion::Keep) => continue,
            Err(error)
                if matches!(
                    error.kind,
                    DataErrorKind::MissingValue | DataErrorKind::Unresolved
                ) =>
            {
                continue;
            }
            Err(_) => return Ok(Owner::Unknown),
        };
        let holder = attribute::referred(world, &value);
        match holder.map(|holder| (holder.life, &holder.key)) {
            Some((Life::Enabled, key)) => return Ok(Owner::Account(key.clone())),
            Some((Life::Held, _)) => return Ok(Owner::Unknown),
            _ => {}
        }
    }
    Ok(Owner::Nobody)
}

/// A container as a distinguished name; a finding where it is none.
pub(in crate::evaluate) fn parse_container(
    text: &str,
    object: OpenText,
    findings: &mut Findings,
) -> Opinion<Dn> {
    if let Ok(dn) = Dn::parse(text) {
        return Opinion::Set(dn);
    }
    findings.push(
        Finding::new(
            &codes::BAD_CONTAINER,
            Subject::object(object),
            "the container is no distinguished name",
        )
        .field("container")
        .help("write it as `OU=Staff,DC=example,DC=se`"),
    );
    Opinion::Keep(KeepCause::Data)
}
