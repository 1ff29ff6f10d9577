//! Notices: who is told of what, once the step that it tells of is done.
//!
//! What is made here are the notices that would go with the events of this run; the plan takes those whose step it holds.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::codes;
use super::gate;
use super::lifecycle::Life;
use super::scope::RuleScope;
use super::world::Holder;
use super::world::World;
use super::world::sealed_id;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::RowKey;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::AccountKey;
use crate::directory::DesiredNotice;
use crate::directory::NoticeEvent;
use crate::language::Opinion;
use crate::language::Value;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::rules::GatePolicy;
use crate::rules::NoticeRule;
use crate::rules::spec;

/// Computes the notices of a rule.
pub(super) fn compute(
    world: &World<'_>,
    rule: &NoticeRule,
    findings: &mut Findings,
) -> Result<Vec<DesiredNotice>, LimitReached> {
    let event = match rule.on {
        spec::NoticeEvent::Created => NoticeEvent::Created,
        spec::NoticeEvent::Enabled => NoticeEvent::Enabled,
        spec::NoticeEvent::Renamed => NoticeEvent::Renamed,
        spec::NoticeEvent::Disabled => NoticeEvent::Disabled,
    };
    let mut notices = Vec::new();
    for (person, holder) in world.holders.get(rule.account).into_iter().flatten() {
        if !may_happen(world, event, rule, holder) {
            continue;
        }
        let protection = world.population.person(*person).protection;
        let policy = gate::policy(&rule.gate, protection);
        let reasons: Vec<Option<AffiliationRow>> = match rule.each {
            None => alloc::vec![None],
            Some(kind) => holder
                .covered
                .iter()
                .filter(|coverage| {
                    let counts =
                        event == NoticeEvent::Disabled || coverage.enabled.contains(world.as_of);
                    counts && world.population.affiliation(coverage.affiliation).kind == kind
                })
                .map(|coverage| Some(coverage.affiliation))
                .collect(),
        };
        match policy {
            GatePolicy::Pass => {
                for row in reasons {
                    notices.extend(message(world, rule, event, *person, holder, row, findings)?);
                }
            }
            GatePolicy::Task => notices.push(task(world, rule, event, *person, holder, findings)?),
            GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Alias => {}
        }
    }
    Ok(notices)
}

/// Whether the event can happen in this run, or has happened and its notice has not gone out.
fn may_happen(world: &World<'_>, event: NoticeEvent, rule: &NoticeRule, holder: &Holder) -> bool {
    let existing = world.existing(holder);
    let enabled = existing.is_some_and(|account| account.enabled);
    let waiting = world.memory.notices.values().any(|notice| {
        *notice.rule == *rule.name && notice.account == holder.key && notice.done_on.is_none()
    });
    waiting
        || match (event, holder.life) {
            (NoticeEvent::Created, Life::Enabled) => existing.is_none(),
            (NoticeEvent::Enabled, Life::Enabled) => existing.is_some() && !enabled,
            (NoticeEvent::Renamed, Life::Enabled) => existing.is_some() && !holder.adopt,
            (NoticeEvent::Disabled, Life::Disabled) => enabled,
            _ => false,
        }
}

fn message(
    world: &World<'_>,
    rule: &NoticeRule,
    event: NoticeEvent,
    person: PersonRow,
    holder: &Holder,
    row: Option<AffiliationRow>,
    findings: &mut Findings,
) -> Result<Option<DesiredNotice>, LimitReached> {
    let output = alloc::format!("notice.{}", rule.name);
    let mut horizon = Horizon::new(world.as_of);
    let scope = || {
        let scope = RuleScope::of(world, person).primary(rule.account, holder.primary);
        match row {
            Some(row) => scope.affiliation(row),
            None => scope,
        }
    };
    if let Some(when) = &rule.when {
        match world.condition(when, &scope(), &mut horizon)? {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => {
                world.not_computed(findings, person, &output, &error);
                return Ok(None);
            }
        }
    }
    let mut to = None;
    for program in &rule.to {
        if let Ok(Opinion::Value(value)) = world.run(program, &scope(), &mut horizon)? {
            to = recipient(world, person, &value);
        }
        if to.is_some() {
            break;
        }
    }
    if to.is_none() {
        let text = String::from("the notice has nobody with an account in use to go to");
        world.finding(findings, person, &codes::NO_RECIPIENT, &output, text);
    }
    let mut fields = BTreeMap::new();
    for (field, program) in &rule.fields {
        match world.text(program, &scope(), &mut horizon)? {
            Ok(Some(text)) => {
                fields.insert(field.clone(), text);
            }
            Ok(None) => {}
            Err(error) => world.not_computed(
                findings,
                person,
                &alloc::format!("{output}.{field}"),
                &error,
            ),
        }
    }
    Ok(Some(DesiredNotice {
        rule: rule.name.clone(),
        event,
        account: holder.key.clone(),
        reason: row.map_or_else(
            || Text::from(""),
            |row| world.population.affiliation(row).key.clone(),
        ),
        to,
        task: false,
        fields,
        needs: rule.needs.clone(),
    }))
}

/// A task for the protection officer: an opaque reference and nothing else.
fn task(
    world: &World<'_>,
    rule: &NoticeRule,
    event: NoticeEvent,
    person: PersonRow,
    holder: &Holder,
    findings: &mut Findings,
) -> Result<DesiredNotice, LimitReached> {
    let mut fields = BTreeMap::from([(
        Text::from("reference"),
        Text::from(sealed_id(&alloc::format!("{}", holder.key))),
    )]);
    if let Some(officer) = &rule.officer {
        let mut horizon = Horizon::new(world.as_of);
        if let Ok(Some(text)) = world.text(officer, &RuleScope::of_nobody(world), &mut horizon)? {
            fields.insert(Text::from("officer"), text);
        }
    } else {
        let text = String::from("a task for a protected person names no officer");
        world.finding(
            findings,
            person,
            &codes::NO_RECIPIENT,
            &alloc::format!("notice.{}", rule.name),
            text,
        );
    }
    Ok(DesiredNotice {
        rule: rule.name.clone(),
        event,
        account: holder.key.clone(),
        reason: Text::from(""),
        to: None,
        task: true,
        fields,
        needs: rule.needs.clone(),
    })
}

/// The account of a recipient: the first, in the order of the rules' names, that is in use. Nobody is told of oneself.
fn recipient(world: &World<'_>, own: PersonRow, value: &Value) -> Option<AccountKey> {
    let record = match value {
        Value::Optional(Some(inner)) => inner.as_record(),
        value => value.as_record(),
    }?;
    let person = PersonRow::from_row(record.row);
    if person == own {
        return None;
    }
    world
        .holders
        .iter()
        .filter_map(|holders| holders.get(&person))
        .find(|holder| holder.life == Life::Enabled)
        .map(|holder| holder.key.clone())
}
