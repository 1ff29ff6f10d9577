//! Notices: who is told of what, once the step that it tells of is done.
//!
//! What is made here are the notices that would go with the events of this run; the plan takes those whose step it holds.

use alloc::collections::BTreeMap;
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
        let mut horizon = Horizon::new(world.as_of);
        let occasions = occasion::find(world, rule, event, holder, &mut horizon);
        let protection = world.population.person(holder.person).protection;
        let teller = Teller {
            world,
            rule,
            event,
            holder,
        };
        match gate::passage(&rule.gate, protection, rule.programs()) {
            GatePolicy::Pass | GatePolicy::Include => {
                for occasion in &occasions {
                    notices.extend(teller.message(occasion, &mut horizon, findings)?);
                }
            }
            GatePolicy::Task => {
                for occasion in as_tasks(event, occasions) {
                    notices.push(teller.task(&occasion, findings)?);
                }
            }
            GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Alias => {}
        }
        horizons.push((row, horizon));
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

/// One account, and what a rule tells of it.
struct Teller<'a> {
    world: &'a World<'a>,
    rule: &'a NoticeRule,
    event: NoticeEvent,
    holder: &'a Holder,
}

impl Teller<'_> {
    fn message(
        &self,
        occasion: &Occasion,
        horizon: &mut Horizon,
        findings: &mut Findings,
    ) -> Result<Option<DesiredNotice>, LimitReached> {
        let (world, rule, person) = (self.world, self.rule, self.holder.person);
        let output = rule.output();
        let scope = RuleScope::of(world, person).account(rule.account, self.holder);
        let scope = match occasion.affiliation {
            Some(row) => scope.affiliation(row),
            None => scope,
        };
        if let Some(when) = &rule.when {
            match world.condition(when, &scope, horizon)? {
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
            if let Ok(Opinion::Value(value)) = world.run(program, &scope, horizon)? {
                to = self.recipient(&value, horizon);
            }
            if to.is_some() {
                break;
            }
        }
        if to.is_none() {
            let text = "the notice has nobody with an account in use to go to";
            world.finding(findings, person, &codes::NO_RECIPIENT, &output, text);
        }
        let mut fields = BTreeMap::new();
        for (field, program) in &rule.fields {
            match world.text(program, &scope, horizon)? {
                Ok(Some(text)) => {
                    fields.insert(field.clone(), text);
                }
                Ok(None) => {}
                Err(error) => {
                    let output = rule.field_output(field);
                    world.not_computed(findings, person, &output, &error);
                }
            }
        }
        Ok(Some(DesiredNotice {
            to,
            fields,
            ..self.notice(occasion)
        }))
    }

    /// A task for the protection officer: an opaque reference and nothing else.
    fn task(
        &self,
        occasion: &Occasion,
        findings: &mut Findings,
    ) -> Result<DesiredNotice, LimitReached> {
        let (world, rule) = (self.world, self.rule);
        let mut fields = BTreeMap::from([(
            Text::from("reference"),
            Text::from(sealed_id(&alloc::format!("{}", self.holder.key))),
        )]);
        if let Some(officer) = &rule.officer {
            // A constant holds for ever.
            let mut horizon = Horizon::new(world.as_of);
            let officer = world.text(officer, &RuleScope::of_nobody(world), &mut horizon)?;
            if let Ok(Some(text)) = officer {
                fields.insert(Text::from("officer"), text);
            }
        } else {
            let text = "a task for a protected person names no officer";
            let code = &codes::NO_RECIPIENT;
            world.finding(findings, self.holder.person, code, rule.output(), text);
        }
        Ok(DesiredNotice {
            task: true,
            fields,
            ..self.notice(occasion)
        })
    }

    /// What a message and a task have in common.
    fn notice(&self, occasion: &Occasion) -> DesiredNotice {
        // How often the same was told of before: an account that is disabled again is an event of its own.
        let key = DesiredNotice::key_of(&self.rule.name, &self.holder.key, &occasion.reason);
        let memory = self.world.memory.notices.get(&*key);
        DesiredNotice {
            rule: self.rule.name.clone(),
            event: self.event,
            account: self.holder.key.clone(),
            reason: occasion.reason.clone(),
            happened: occasion.happened,
            before: memory.map_or(0, |memory| memory.times),
            to: None,
            task: false,
            fields: BTreeMap::new(),
            needs: self.rule.needs.clone(),
        }
    }

    /// The account of a recipient: the first, in the order of the rules' names, that is in use. Nobody is told of oneself.
    fn recipient(&self, value: &Value, horizon: &mut Horizon) -> Option<AccountKey> {
        let own = self.holder;
        let record = match value {
            Value::Optional(Some(inner)) => inner.as_record(),
            value => value.as_record(),
        }?;
        let person = PersonRow::from_row(record.row);
        if person == own.person {
            return None;
        }
        let all = &self.world.holders;
        for known in all.iter().flat_map(|holders| holders.horizons_of(person)) {
            horizon.merge(known);
        }
        // Of several accounts of a rule that of the same slot comes first.
        let order = |holder: &Holder| {
            let same = holder.slot_value().is_some() && holder.slot_value() == own.slot_value();
            (!same, holder.slot.as_ref().map(|slot| slot.rank))
        };
        all.iter().find_map(|holders| {
            let living = holders.of(person).map(|(_, holder)| holder);
            living
                .filter(|holder| holder.life == Life::Enabled)
                .min_by_key(|holder| order(holder))
                .map(|holder| holder.key.clone())
        })
    }
}
