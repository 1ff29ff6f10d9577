//! The end of the making of a plan: order, ids, what shows and what does not, causes, reasons, and what guards say.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::build::NoticeDraft;
use super::causes::Causes;
use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::base::sha256_hex;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::directory::AccountKey;
use crate::directory::Change;
use crate::directory::Shield;
use crate::directory::Slice;
use crate::ledger::Ledger;
use crate::plan::cause::Reason;
use crate::plan::codes;
use crate::plan::document::Parts;
use crate::plan::document::Plan;
use crate::plan::guards::approval::Approvals;
use crate::plan::guards::count;
use crate::plan::guards::count::Managed;
use crate::plan::guards::guard::Effect;
use crate::plan::inputs::NamePolicy;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::settlement::memo::Memo;
use crate::plan::settlement::memo::NoticeMemo;
use crate::plan::settlement::memo::Want;
use crate::plan::step::Condition;
use crate::plan::step::Precondition;
use crate::plan::step::Raw;
use crate::plan::step::Shown;
use crate::plan::step::Step;

/// Makes the plan of its drafts.
pub(in crate::plan) fn finish(
    mut builder: Builder<'_>,
    notices: Vec<NoticeDraft<'_>>,
    observed: Ledger,
    policies: BTreeMap<(Text, Text), NamePolicy>,
) -> Plan {
    hasten(&mut builder.drafts);
    let order = order(&builder);
    let positions: BTreeMap<DraftId, usize> = order
        .iter()
        .enumerate()
        .map(|(index, id)| (*id, index))
        .collect();
    let mut annex = BTreeMap::new();
    let causes = Causes::between(
        builder.inputs.ledger.memory(),
        observed.memory(),
        builder.inputs.rules_digest,
    );
    let ids = ids(&builder, &order);
    let mut steps: Vec<Step> = Vec::new();
    for (draft, id) in order.iter().zip(&ids) {
        steps.extend(step(
            &builder, &causes, *draft, id, &positions, &ids, &mut annex,
        ));
    }
    name_units(&mut steps);
    let inputs = builder.inputs;
    let confirmed = &inputs.ledger.memory().confirmed;
    let trips = count::trips(
        &steps,
        inputs.guards,
        &managed(&builder),
        confirmed,
        inputs.as_of,
    );
    let held = count::held(&steps, &trips, &Approvals::default(), inputs.as_of);
    for (step, holder) in steps.iter_mut().zip(held) {
        step.holds = holder;
    }
    for trip in &trips {
        let guard = OpenText::words("[guard.").and(trip.guard.name()).and("]");
        let (code, advice) = match trip.effect {
            Effect::Slice => (
                &codes::GUARD_HOLDS,
                OpenText::words(
                    "look at these steps; approve of them, or raise what may pass under ",
                )
                .quote(guard),
            ),
            Effect::All => (
                &codes::GUARD_REFUSES,
                OpenText::words(
                    "nothing is carried out until somebody approves of these steps, or ",
                )
                .quote(guard)
                .and(" lets more pass"),
            ),
            Effect::Warn => (
                &codes::GUARD_WARNS,
                OpenText::words("nothing is held; look at these steps, or let ")
                    .quote(guard)
                    .and(" pass more"),
            ),
        };
        let finding = Finding::new(code, Subject::Run, OpenText::vouched(trip));
        builder.findings.push(finding.help(advice));
    }
    builder.findings.sort();
    let mut memo = Memo {
        observed,
        policies,
        slices: slices(&builder),
        alias_days: alias_days(&builder),
        wants: BTreeMap::new(),
        standing: core::mem::take(&mut builder.standing),
        notices: Vec::new(),
    };
    memo.notices.extend(notices.into_iter().map(|draft| {
        NoticeMemo {
            notice: draft.notice.clone(),
            events: draft
                .events
                .iter()
                .filter_map(|event| positions.get(event).copied())
                .collect(),
            step: positions.get(&draft.step).copied(),
        }
    }));
    memo.wants = wants(&builder, &positions);
    Plan {
        parts: Arc::new(Parts {
            as_of: inputs.as_of,
            rules: inputs.rules_digest.to_string(),
            recheck_on: inputs.recheck_on,
            steps,
            trips,
            findings: core::mem::take(&mut builder.findings),
            annex,
            memo,
        }),
    }
}

/// What an urgent step needs is urgent.
fn hasten(drafts: &mut [Draft]) {
    let needs: BTreeSet<DraftId> = drafts
        .iter()
        .filter(|draft| draft.urgent)
        .flat_map(|draft| draft.needs.iter().copied())
        .collect();
    for need in needs {
        if let Some(draft) = drafts.get_mut(need) {
            draft.urgent = true;
        }
    }
}

/// The order: the urgent part first, then part by part, by key within a part, and always after what is needed.
fn order(builder: &Builder<'_>) -> Vec<DraftId> {
    let drafts = &builder.drafts;
    let mut missing: BTreeMap<DraftId, usize> = BTreeMap::new();
    let mut dependents: BTreeMap<DraftId, Vec<DraftId>> = BTreeMap::new();
    let mut ready: BTreeSet<(bool, Phase, &str, StepKind, &str, DraftId)> = BTreeSet::new();
    let rank = |draft: &Draft| (!draft.urgent, draft.phase, draft.kind);
    for (id, draft) in drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| !draft.dropped)
    {
        missing.insert(id, draft.needs.len());
        for need in &draft.needs {
            dependents.entry(*need).or_default().push(id);
        }
        if draft.needs.is_empty() {
            let (late, phase, kind) = rank(draft);
            ready.insert((late, phase, &draft.object, kind, &draft.tail, id));
        }
    }
    let mut order = Vec::new();
    while let Some((.., id)) = ready.pop_first() {
        order.push(id);
        for next in dependents.get(&id).into_iter().flatten() {
            let Some(left) = missing.get_mut(next) else {
                continue;
            };
            *left = left.saturating_sub(1);
            if let Some(draft) = drafts.get(*next).filter(|_| *left == 0) {
                let (late, phase, kind) = rank(draft);
                ready.insert((late, phase, &draft.object, kind, &draft.tail, *next));
            }
        }
    }
    order
}

/// Ids in the order of the steps. Where a value must not show, no id is made of it: the steps are numbered instead.
fn ids(builder: &Builder<'_>, order: &[DraftId]) -> Vec<String> {
    let mut numbers: BTreeMap<(StepKind, &str), u64> = BTreeMap::new();
    let mut ids = Vec::new();
    for draft in order.iter().filter_map(|id| builder.drafts.get(*id)) {
        let tail = if draft.seal.tail {
            let number = numbers
                .entry((draft.kind, draft.object.as_str()))
                .or_default();
            *number = number.saturating_add(1);
            format!("#{number}")
        } else {
            draft.tail.clone()
        };
        let text = format!("step\n{}\n{}\n{}", draft.kind, draft.object, tail);
        let mut id = sha256_hex(text.as_bytes());
        id.truncate(32);
        ids.push(id);
    }
    ids
}

fn step(
    builder: &Builder<'_>,
    causes: &Causes,
    draft_id: DraftId,
    id: &str,
    positions: &BTreeMap<DraftId, usize>,
    ids: &[String],
    annex: &mut BTreeMap<String, Raw>,
) -> Option<Step> {
    let draft = builder.drafts.get(draft_id)?;
    let mut seal = |raw: &Raw, sealed: bool, which: &str| -> Shown {
        if !sealed || *raw == Raw::Nothing {
            return raw.shown();
        }
        let mut digest = sha256_hex(format!("sealed\n{id}\n{which}").as_bytes());
        digest.truncate(32);
        let sealed = format!("sealed:{digest}");
        annex.insert(sealed.clone(), raw.clone());
        Shown::Sealed(sealed)
    };
    let before = seal(&draft.before, draft.seal.before, "before");
    let after = seal(&draft.after, draft.seal.after, "after");
    let field = draft.field.as_ref().map(|field| Raw::Text(field.clone()));
    let field = match field.map(|field| seal(&field, draft.seal.field, "field")) {
        Some(Shown::Text(field) | Shown::Sealed(field)) => Some(field),
        _ => None,
    };
    let needs: Vec<usize> = draft
        .needs
        .iter()
        .filter_map(|need| positions.get(need).copied())
        .collect();
    let is_sealed = |key| builder.is_sealed(key);
    let of_protected = draft.subject.account.as_ref().is_some_and(is_sealed);
    let mut reasons = Vec::new();
    if !draft.urgent {
        reasons = (builder.inputs.reasons)(&draft.subject);
        reasons.sort();
        reasons.dedup();
        let sealed = of_protected;
        #[cfg(test)]
        let sealed = sealed && !Leak::Reasons.is_planted();
        if sealed {
            for reason in &mut reasons {
                *reason = Reason {
                    from: None,
                    until: None,
                    ..reason.clone()
                };
            }
        }
    }
    Some(Step {
        id: id.to_string(),
        phase: draft.phase,
        kind: draft.kind,
        object: draft.object.clone(),
        field,
        before,
        after,
        slice: draft.slice.clone(),
        urgent: draft.urgent,
        cause: causes.of(builder, draft),
        reasons,
        preconditions: preconditions(draft),
        depends_on: needs
            .iter()
            .filter_map(|need| ids.get(*need).cloned())
            .collect(),
        unit: positions
            .get(&builder.unit(draft_id))
            .map(ToString::to_string),
        holds: None,
        of_protected,
        shield: shield(builder, draft),
        change: draft.change.clone(),
        retires: draft.retires.clone(),
        kept: draft.kept.clone(),
        needs,
    })
}

/// What protects the person of the account that a step changes.
fn shield(builder: &Builder<'_>, draft: &Draft) -> Option<(AccountKey, Shield)> {
    let key = draft.subject.account.as_ref()?;
    let wanted = builder.inputs.desired.accounts.get(key)?;
    Some((key.clone(), wanted.shield.clone()?))
}

/// Names each unit by its first step, and forgets units of one.
fn name_units(steps: &mut [Step]) {
    let mut units: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        if let Some(unit) = &step.unit {
            units.entry(unit.clone()).or_default().push(index);
        }
    }
    for members in units.values() {
        let first = members
            .first()
            .and_then(|first| steps.get(*first))
            .map(|step| step.id.clone());
        for member in members {
            if let Some(step) = steps.get_mut(*member) {
                step.unit = first.clone().filter(|_| members.len() > 1);
            }
        }
    }
}

/// What must hold before a step, so that a stored plan can be carried out later.
fn preconditions(draft: &Draft) -> Vec<Precondition> {
    let here = |is: Condition| Precondition {
        object: draft.object.clone(),
        is,
    };
    let mut conditions = match &draft.change {
        Change::CreateContainer { .. }
        | Change::CreateAccount { .. }
        | Change::CreateGroup { .. }
        | Change::CreateClassList { .. } => Vec::from([here(Condition::Absent)]),
        Change::Notice(_) => Vec::new(),
        _ => Vec::from([here(Condition::Present), here(Condition::AsBefore)]),
    };
    if !draft.acquires.is_empty() {
        conditions.push(here(Condition::Free));
    }
    conditions
}

fn managed(builder: &Builder<'_>) -> Managed {
    let mut managed = Managed::default();
    for key in builder.ours.keys() {
        let count = managed.accounts.entry(builder.slice_of(key)).or_default();
        *count = count.saturating_add(1);
    }
    for key in builder.our_groups.keys() {
        let slice = builder
            .inputs
            .desired
            .groups
            .get(*key)
            .map_or_else(Slice::default, |group| group.slice.clone());
        let count = managed.groups.entry(slice).or_default();
        *count = count.saturating_add(1);
    }
    managed
}

fn slices(builder: &Builder<'_>) -> BTreeMap<AccountKey, Slice> {
    let accounts = &builder.inputs.desired.accounts;
    accounts
        .iter()
        .map(|(key, wanted)| (key.clone(), wanted.slice.clone()))
        .collect()
}

fn alias_days(builder: &Builder<'_>) -> BTreeMap<AccountKey, i64> {
    let accounts = builder.inputs.desired.accounts.iter();
    accounts
        .filter_map(|(key, wanted)| Some((key.clone(), wanted.alias_days?)))
        .collect()
}

/// What was wanted, with the positions of the steps that make it so.
fn wants(
    builder: &Builder<'_>,
    positions: &BTreeMap<DraftId, usize>,
) -> BTreeMap<AccountKey, BTreeMap<String, Want>> {
    let placed = |want: &Want| {
        let steps: Vec<usize> = want
            .steps
            .iter()
            .filter_map(|step| positions.get(step).copied())
            .collect();
        let blocked = want.blocked || steps.len() < want.steps.len();
        Want {
            digest: want.digest.clone(),
            steps,
            blocked,
        }
    };
    builder
        .wants
        .iter()
        .map(|(key, wants)| {
            let wants = wants
                .iter()
                .map(|(output, want)| (output.clone(), placed(want)))
                .collect();
            (key.clone(), wants)
        })
        .collect()
}
