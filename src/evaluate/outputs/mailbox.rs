//! Mailboxes: the selection for Exchange and for the cloud, by rule. The first rule that matches, by name, counts.

use alloc::collections::BTreeMap;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::AccountKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::gate;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::rules::spec::Word;

/// Computes the mailbox of every account of whose rule a mailbox rule speaks.
pub(in crate::evaluate) fn compute(
    world: &mut World<'_>,
    findings: &mut Findings,
) -> Result<BTreeMap<AccountKey, Opinion<Text>>, LimitReached> {
    let mut mailboxes: BTreeMap<AccountKey, Opinion<Text>> = BTreeMap::new();
    let mut horizons = alloc::vec::Vec::new();
    for rule in &world.rules.mailboxes {
        for (row, holder) in world.holders(rule.account) {
            // A disabled account keeps its mailbox until it is deleted.
            if holder.life != Life::Enabled {
                continue;
            }
            let protection = world.population.person(holder.person).protection;
            let mut horizon = Horizon::new(world.as_of);
            let policy = gate::passage(&rule.gate, protection, &rule.when);
            let matched = if policy.is_ordinary() {
                let scope = RuleScope::of(world, holder.person).account(rule.account, holder);
                match &rule.when {
                    Some(when) => world.condition(when, &scope, &mut horizon)?,
                    None => Ok(true),
                }
            } else {
                Ok(false)
            };
            horizons.push((rule.account, row, horizon));
            let opinion = match matched {
                _ if gate::stays(protection, policy, holder.existing.is_some()) => {
                    Opinion::Keep(KeepCause::Held)
                }
                Ok(true) => Opinion::Set(Text::from(rule.kind.word())),
                Ok(false) => Opinion::Clear,
                Err(error) => {
                    world.not_computed(findings, holder.person, &rule.output(), &error);
                    Opinion::Keep(KeepCause::Data)
                }
            };
            match (mailboxes.get(&holder.key), &opinion) {
                (Some(Opinion::Set(_)), _) | (Some(Opinion::Keep(_)), Opinion::Clear) => {}
                _ => {
                    mailboxes.insert(holder.key.clone(), opinion);
                }
            }
        }
    }
    for (account, row, horizon) in horizons {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.horizon.merge(&horizon);
        }
    }
    Ok(mailboxes)
}
