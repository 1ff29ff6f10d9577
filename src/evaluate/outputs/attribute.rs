//! Attributes of accounts: ordinary or protected, set, cleared or left as they are.

use alloc::vec::Vec;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::RowKey;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::directory::AccountKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::holder::HolderRow;
use crate::evaluate::names::target_limits;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::evaluate::world::shown;
use crate::language;
use crate::language::DataError;
use crate::language::DataErrorKind;
use crate::language::Program;
use crate::language::Value;
use crate::model::PersonRow;
use crate::rules::AttributeRule;
use crate::rules::GatePolicy;
use crate::rules::spec::Ownership;

/// What one attribute comes to.
enum Outcome {
    Text(Opinion<Vec<Text>>),
    Reference(Opinion<AccountKey>),
}

/// Computes one attribute for everybody who holds an account of a rule.
pub(in crate::evaluate) fn compute(
    world: &mut World<'_>,
    account: usize,
    rule: &AttributeRule,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    let mut computed = Vec::new();
    for (row, holder) in world.holders(account) {
        if holder.life != Life::Enabled {
            continue;
        }
        let mut horizon = Horizon::new(world.as_of);
        let result = attribute(world, account, holder, rule, &mut horizon, findings)?;
        computed.push((row, result, horizon));
    }
    for (row, result, horizon) in computed {
        let Some(holder) = world.holder_mut(account, row) else {
            continue;
        };
        holder.horizon.merge(&horizon);
        match result {
            Outcome::Text(opinion) => {
                holder.attributes.insert(rule.name.clone(), opinion);
            }
            Outcome::Reference(opinion) => {
                holder.references.insert(rule.name.clone(), opinion);
            }
        }
    }
    Ok(())
}

/// Whether an attribute that is set once is still to be set: the account is not there yet, or was made and the step that sets it
/// did not go.
pub(in crate::evaluate) fn is_unset(
    world: &World<'_>,
    holder: &Holder,
    rule: &AttributeRule,
) -> bool {
    let Some(account) = world.existing(holder) else {
        return holder.existing.is_none();
    };
    let same = |name: &Text| name.eq_ignore_ascii_case(&rule.name);
    let memory = world.memory.accounts.get(&holder.key);
    memory.is_some_and(|memory| memory.unset.contains(&*rule.name))
        && !account.attributes.keys().any(same)
        && !account.references.keys().any(same)
}

fn attribute(
    world: &World<'_>,
    account: usize,
    holder: &Holder,
    rule: &AttributeRule,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Result<Outcome, LimitReached> {
    let keep = |cause| {
        if rule.reference {
            Outcome::Reference(Opinion::Keep(cause))
        } else {
            Outcome::Text(Opinion::Keep(cause))
        }
    };
    let clear = || {
        if rule.reference {
            Outcome::Reference(Opinion::Clear)
        } else {
            Outcome::Text(Opinion::Clear)
        }
    };
    let row = holder.person;
    let person = world.population.person(row);
    let policy = gate::passage(&rule.gate, person.protection, &rule.ordinary);
    if gate::stays(person.protection, policy, holder.existing.is_some()) {
        return Ok(keep(KeepCause::Held));
    }
    match (rule.own, policy) {
        (Ownership::Never, _) => return Ok(keep(KeepCause::Rule)),
        // What was written once stays, but not where it would go on showing what is withheld.
        (Ownership::Initial, GatePolicy::Pass | GatePolicy::Include)
            if !is_unset(world, holder, rule) =>
        {
            return Ok(keep(KeepCause::Initial));
        }
        _ => {}
    }
    let is_neutral = || gate::is_neutral(world.rules, &rule.ordinary);
    if gate::is_absent(&rule.name, person.protection, policy, is_neutral) {
        return Ok(clear());
    }
    let programs = programs(rule, policy);
    let Some((last, earlier)) = programs.split_last() else {
        return Ok(clear());
    };
    // What stands in the directory may be the real value: where the alternative gives nothing, nothing stays.
    let without = |cause| {
        if policy == GatePolicy::Alias {
            clear()
        } else {
            keep(cause)
        }
    };
    let scope = RuleScope::of(world, row).account(account, holder);
    let output = world.rules.account_output(account);
    let output = output.and(".").and(rule.called());
    for program in earlier {
        match world.run(program, &scope, horizon)? {
            Ok(language::Opinion::Value(value)) if rule.reference => {
                if let Some(opinion) = reference(world, row, &value) {
                    return Ok(Outcome::Reference(opinion));
                }
            }
            Ok(language::Opinion::Value(value)) => {
                if texts(&value) != Opinion::Clear {
                    return Ok(self::value(world, row, rule, &value, &output, findings)
                        .map_or_else(|| without(KeepCause::Limit), Outcome::Text));
                }
            }
            Ok(language::Opinion::Keep) => return Ok(without(KeepCause::Rule)),
            Ok(language::Opinion::None) => {}
            Err(error) if is_missing(&error) => {}
            Err(error) => {
                world.not_computed(findings, row, &output, &error);
                return Ok(without(KeepCause::Data));
            }
        }
    }
    match world.run(last, &scope, horizon)? {
        Ok(language::Opinion::None) => Ok(clear()),
        Ok(language::Opinion::Keep) => Ok(without(KeepCause::Rule)),
        Ok(language::Opinion::Value(value)) if rule.reference => {
            let opinion = reference(world, row, &value);
            if opinion.is_none() {
                dangling(world, row, &output, findings);
            }
            Ok(Outcome::Reference(opinion.unwrap_or(Opinion::Clear)))
        }
        Ok(language::Opinion::Value(value)) => {
            Ok(self::value(world, row, rule, &value, &output, findings)
                .map_or_else(|| without(KeepCause::Limit), Outcome::Text))
        }
        // A reference that leads to nobody is cleared; another value that lacks data stays.
        Err(error) if rule.reference && is_missing(&error) => {
            dangling(world, row, &output, findings);
            Ok(clear())
        }
        Err(error) => {
            world.not_computed(findings, row, &output, &error);
            Ok(without(KeepCause::Data))
        }
    }
}

/// The programs that give the value under a policy, in order.
fn programs(rule: &AttributeRule, policy: GatePolicy) -> Vec<&Program> {
    match policy {
        GatePolicy::Pass | GatePolicy::Include => rule.ordinary.iter().collect(),
        GatePolicy::Alias => {
            let protected = rule.protected.iter();
            protected
                .filter(|program| gate::is_open([*program]))
                .collect()
        }
        GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Task => Vec::new(),
    }
}

const fn is_missing(error: &DataError) -> bool {
    matches!(
        error.kind,
        DataErrorKind::MissingValue | DataErrorKind::Unresolved
    )
}

/// A value of an attribute; none where it is longer than the target takes.
fn value(
    world: &World<'_>,
    row: PersonRow,
    rule: &AttributeRule,
    value: &Value,
    output: &OpenText,
    findings: &mut Findings,
) -> Option<Opinion<Vec<Text>>> {
    let opinion = texts(value);
    if let Opinion::Set(values) = &opinion
        && let Some((longest, length)) = target_limits::over(&rule.name, values)
    {
        let message = OpenText::words("")
            .quote(rule.called())
            .and(" takes at most ")
            .and(longest)
            .and(" characters, and the value has ")
            .and(length);
        world.finding(findings, row, &codes::OVER_LIMIT, output, message);
        return None;
    }
    Some(opinion)
}

fn dangling(world: &World<'_>, row: PersonRow, output: &OpenText, findings: &mut Findings) {
    let message = "what the attribute refers to has no account in use";
    world.finding(findings, row, &codes::DANGLING, output, message);
}

/// The account that a value refers to.
pub(in crate::evaluate) fn referred<'w>(world: &'w World<'_>, value: &Value) -> Option<&'w Holder> {
    let record = match value {
        Value::Record(record) => *record,
        Value::Optional(Some(inner)) => inner.as_record()?,
        _ => return None,
    };
    let mut rules = world.rules.accounts.iter();
    let account = rules.position(|rule| rule.record == record.kind)?;
    world.holder(account, HolderRow::from_row(record.row))
}

/// The account that a value refers to; none where it is nobody's, oneself's, or out of use.
fn reference(world: &World<'_>, own: PersonRow, value: &Value) -> Option<Opinion<AccountKey>> {
    let holder = referred(world, value)?;
    match holder.life {
        // Nobody refers to oneself.
        _ if holder.person == own => None,
        Life::Enabled => Some(Opinion::Set(holder.key.clone())),
        Life::Held => Some(Opinion::Keep(KeepCause::Target)),
        Life::Pending | Life::Disabled | Life::Deleted => None,
    }
}

/// A value as the texts that a directory takes; an empty text is no value.
fn texts(value: &Value) -> Opinion<Vec<Text>> {
    let values: Vec<Text> = match value {
        Value::List(values) => values.iter().filter_map(shown).collect(),
        scalar => shown(scalar).into_iter().collect(),
    };
    let values: Vec<Text> = values.into_iter().filter(|text| !text.is_empty()).collect();
    if values.is_empty() {
        Opinion::Clear
    } else {
        Opinion::Set(values)
    }
}
