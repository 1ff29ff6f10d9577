//! Class lists: one for each school group, by its record and not its name, with a row for each pupil's account.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::RowKey;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::AccountKey;
use crate::directory::ClassListKey;
use crate::directory::DesiredClassList;
use crate::directory::DesiredRow;
use crate::directory::Row;
use crate::directory::RowState;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::window;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::DataError;
use crate::model::AffiliationKind;
use crate::model::AffiliationRow;
use crate::model::Cell;
use crate::model::RecordKind;
use crate::rules::ClassListRule;

/// Computes the class lists of a rule.
pub(in crate::evaluate) fn compute(
    world: &mut World<'_>,
    rule: &ClassListRule,
    findings: &mut Findings,
) -> Result<BTreeMap<ClassListKey, DesiredClassList>, LimitReached> {
    let mut lists: BTreeMap<ClassListKey, DesiredClassList> = BTreeMap::new();
    let mut horizons = alloc::vec::Vec::new();
    // Accounts whose rows stay where they are.
    let mut kept: BTreeSet<AccountKey> = BTreeSet::new();
    for (at, holder) in world.holders(rule.account) {
        let person = holder.person;
        let protection = world.population.person(person).protection;
        if !(window::may_have(holder, &rule.window) || holder.life == Life::Held)
            || !gate::passage(&rule.gate, protection, rule.programs()).is_ordinary()
        {
            continue;
        }
        let mut horizon = Horizon::new(world.as_of);
        // What is held stays, whatever its affiliations say today.
        let mut stays = holder.life == Life::Held;
        let kind = AffiliationKind::Membership;
        for row in window::counting(world, &rule.window, holder, kind, &mut horizon)? {
            let found = match listed(world, rule, holder, row, &mut horizon)? {
                Ok(found) => found,
                Err(error) => {
                    world.not_computed(findings, person, &rule.output(), &error);
                    stays = true;
                    continue;
                }
            };
            if let Some((key, name)) = found {
                let (columns, complete) =
                    columns(world, rule, holder, row, &mut horizon, findings)?;
                let state = match (holder.life, &holder.existing) {
                    (Life::Held, _) => RowState::Held,
                    // A row that cannot be computed as a whole is not written in parts.
                    _ if !complete => RowState::Held,
                    (_, None) => RowState::Pending,
                    (_, Some(_)) => RowState::Present,
                };
                let list = lists.entry(key).or_insert_with(|| DesiredClassList {
                    slice: holder.slice.clone(),
                    name,
                    rows: BTreeMap::new(),
                });
                // Where a protected person is says nothing of where the list is counted.
                if list.slice.municipality.is_empty() {
                    list.slice = holder.slice.clone();
                }
                list.rows
                    .insert(holder.key.clone(), DesiredRow { state, columns });
            }
        }
        horizons.push((at, horizon));
        if stays {
            kept.insert(holder.key.clone());
        }
    }
    for (at, horizon) in horizons {
        if let Some(holder) = world.holder_mut(rule.account, at) {
            holder.horizon.merge(&horizon);
        }
    }
    // A list of ours that nobody is on any more stays, without rows.
    for (key, existing) in &world.directory.class_lists {
        if key.rule == rule.name {
            let list = lists
                .entry(key.clone())
                .or_insert_with(|| DesiredClassList {
                    slice: crate::directory::Slice::default(),
                    name: existing.name.clone(),
                    rows: BTreeMap::new(),
                });
            for (account, columns) in existing.rows.iter().filter(|(key, _)| kept.contains(key)) {
                list.rows
                    .entry(account.clone())
                    .or_insert_with(|| DesiredRow {
                        state: RowState::Held,
                        columns: columns.clone(),
                    });
            }
        }
    }
    Ok(lists)
}

/// The list that a membership leads to, with its name.
fn listed(
    world: &World<'_>,
    rule: &ClassListRule,
    holder: &Holder,
    row: AffiliationRow,
    horizon: &mut Horizon,
) -> Result<Result<Option<(ClassListKey, Text)>, DataError>, LimitReached> {
    if let Some(when) = &rule.when {
        let scope = RuleScope::of(world, holder.person)
            .account(rule.account, holder)
            .affiliation(row);
        match world.condition(when, &scope, horizon)? {
            Ok(true) => {}
            Ok(false) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        }
    }
    let Some(Cell::Link(group)) =
        world
            .population
            .value(RecordKind::Membership, row.row(), "group")
    else {
        return Ok(Ok(None));
    };
    let open = |name| match world
        .population
        .value(RecordKind::SchoolGroup, group.row(), name)
    {
        Some(Cell::Open(text)) => Some(text),
        _ => None,
    };
    let Some(id) = open("id") else {
        return Ok(Ok(None));
    };
    let key = ClassListKey {
        rule: rule.name.clone(),
        group: id.clone(),
    };
    Ok(Ok(Some((key, open("name").unwrap_or(id)))))
}

/// What a row shows, and whether all of it could be computed.
fn columns(
    world: &World<'_>,
    rule: &ClassListRule,
    holder: &Holder,
    row: AffiliationRow,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Result<(Row, bool), LimitReached> {
    let scope = RuleScope::of(world, holder.person)
        .account(rule.account, holder)
        .affiliation(row);
    let (mut columns, mut complete) = (Row::new(), true);
    for (column, program) in &rule.show {
        match world.text(program, &scope, horizon)? {
            Ok(Some(text)) => {
                columns.insert(column.clone(), text);
            }
            Ok(None) => {}
            Err(error) => {
                let output = rule.column_output(column);
                world.not_computed(findings, holder.person, &output, &error);
                complete = false;
            }
        }
    }
    Ok((columns, complete))
}
