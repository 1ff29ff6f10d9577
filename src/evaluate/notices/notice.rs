//! Notices: who is told of what, once the step that it tells of is done.
//!
//! What is made here are the notices that would go with the events of this run; the plan takes those whose step it holds.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::occasion;
use super::occasion::Occasion;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::RowKey;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::AccountKey;
use crate::directory::DesiredNotice;
use crate::directory::NoticeEvent;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::evaluate::world::sealed_id;
use crate::language::Opinion;
use crate::language::Value;
use crate::model::PersonRow;
use crate::rules::GatePolicy;
use crate::rules::NoticeRule;
use crate::rules::spec;

/// Computes the notices of a rule.
pub(in crate::evaluate) fn compute(
    world: &mut World<'_>,
    rule: &NoticeRule,
    findings: &mut Findings,
) -> Result<Vec<DesiredNotice>, LimitReached> {
    let event = match rule.on {
        spec::NoticeEvent::Created => NoticeEvent::Created,
        spec::NoticeEvent::Enabled => NoticeEvent::Enabled,
        spec::NoticeEvent::Renamed => NoticeEvent::Renamed,
        spec::NoticeEvent::Disabled => NoticeEvent::Disabled,
        spec::NoticeEvent::Renaming => NoticeEvent::Renaming,
        spec::NoticeEvent::Ending => NoticeEvent::Ending,
        spec::NoticeEvent::ReasonAdded => NoticeEvent::ReasonAdded,
        spec::NoticeEvent::ReasonRemoved => NoticeEvent::ReasonRemoved,
    };
    let mut notices = Vec::new();
    let mut horizons = Vec::new();
    for (row, holder) in world.holders(rule.account) {
        let person = holder.person;
        let mut horizon = Horizon::new(world.as_of);
        let occasions = occasion::find(world, rule, event, holder, &mut horizon);
        horizons.push((row, horizon));
        let protection = world.population.person(person).protection;
        match gate::passage(&rule.gate, protection, rule.programs()) {
            GatePolicy::Pass | GatePolicy::Include => {
                for occasion in &occasions {
                    notices.extend(message(
                        world, rule, event, person, holder, occasion, findings,
                    )?);
                }
            }
            GatePolicy::Task => {
                for occasion in as_tasks(event, occasions) {
                    notices.push(task(
                        world, rule, event, person, holder, &occasion, findings,
                    )?);
                }
            }
            GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Alias => {}
        }
    }
    for (row, horizon) in horizons {
        if let Some(holder) = world.holder_mut(rule.account, row) {
            holder.horizon.merge(&horizon);
        }
    }
    Ok(notices)
}

/// Of several affiliations that one event concerns the officer hears once.
fn as_tasks(event: NoticeEvent, occasions: Vec<Occasion>) -> Vec<Occasion> {
    if matches!(event, NoticeEvent::ReasonAdded | NoticeEvent::ReasonRemoved) {
        return occasions;
    }
    let first = occasions.into_iter().next().map(|occasion| {
        let day = occasion
            .reason
            .find('@')
            .and_then(|at| occasion.reason.get(at..));
        Occasion {
            reason: Text::from(day.unwrap_or_default()),
            ..occasion
        }
    });
    first.into_iter().collect()
}

fn message(
    world: &World<'_>,
    rule: &NoticeRule,
    event: NoticeEvent,
    person: PersonRow,
    holder: &Holder,
    occasion: &Occasion,
    findings: &mut Findings,
) -> Result<Option<DesiredNotice>, LimitReached> {
    let output = alloc::format!("notice.{}", rule.name);
    let mut horizon = Horizon::new(world.as_of);
    let scope = || {
        let scope = RuleScope::of(world, person).account(rule.account, holder);
        match occasion.affiliation {
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
            to = recipient(world, holder, &value);
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
        reason: occasion.reason.clone(),
        happened: occasion.happened,
        before: told_before(world, rule, holder, occasion),
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
    occasion: &Occasion,
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
        reason: occasion.reason.clone(),
        happened: occasion.happened,
        before: told_before(world, rule, holder, occasion),
        to: None,
        task: true,
        fields,
        needs: rule.needs.clone(),
    })
}

/// How often the same was told of before: an account that is disabled again is an event of its own.
fn told_before(world: &World<'_>, rule: &NoticeRule, holder: &Holder, occasion: &Occasion) -> u32 {
    let key = DesiredNotice::key_of(&rule.name, &holder.key, &occasion.reason);
    let memory = world.memory.notices.get(&*key);
    memory.map_or(0, |memory| memory.times)
}

/// The account of a recipient: the first, in the order of the rules' names, that is in use. Nobody is told of oneself.
fn recipient(world: &World<'_>, own: &Holder, value: &Value) -> Option<AccountKey> {
    let record = match value {
        Value::Optional(Some(inner)) => inner.as_record(),
        value => value.as_record(),
    }?;
    let person = PersonRow::from_row(record.row);
    if person == own.person {
        return None;
    }
    // Of several accounts of a rule that of the same slot comes first.
    let order = |holder: &Holder| {
        let same = holder.slot_value().is_some() && holder.slot_value() == own.slot_value();
        (!same, holder.slot.as_ref().map(|slot| slot.rank))
    };
    world.holders.iter().find_map(|holders| {
        let living = holders.of(person).map(|(_, holder)| holder);
        living
            .filter(|holder| holder.life == Life::Enabled)
            .min_by_key(|holder| order(holder))
            .map(|holder| holder.key.clone())
    })
}
