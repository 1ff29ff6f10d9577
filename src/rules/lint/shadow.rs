//! Rules of an exclusive set of which one always comes before another: licences of one set, mailboxes of one account.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use super::never::premise;
use super::question::Answer;
use super::question::Wanted;
use crate::base::Path;
use crate::diagnostic::Problem;
use crate::language::Program;
use crate::model::AffiliationKind;
use crate::rules::compiled::Gate;
use crate::rules::compiled::GatePolicy;
use crate::rules::compiled::LicenceRule;
use crate::rules::compiled::MailboxRule;
use crate::rules::compiled::Window;
use crate::rules::spec::Over;

/// Of a larger set only so many rules before one are asked whether they leave it anything.
const MOST_BEFORE: usize = 16;

/// And of so large a set that more would be asked than this, fewer.
const MOST_ASKED: usize = 16_384;

/// How many rules before one are asked in a set of so many.
fn asked_before(rules: usize) -> usize {
    let each = MOST_ASKED.checked_div(rules).unwrap_or(MOST_BEFORE);
    each.clamp(1, MOST_BEFORE)
}

/// Looks at all sets.
pub(super) fn look(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    licences(rules, problems);
    mailboxes(rules, problems);
}

/// Whom a rule is about, whichever kind of rule it is.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub(super) name: &'a str,
    pub(super) place: &'a Path,
    pub(super) when: Option<&'a Program>,
    pub(super) each: Option<AffiliationKind>,
    /// On which days; as long as the account is enabled where there is none.
    pub(super) window: Option<&'a Window>,
    pub(super) gate: &'a Gate,
    pub(super) account: usize,
}

/// Licences with their priorities, by set, over what it is, and account.
type LicenceSets<'a> = BTreeMap<(&'a str, Over, usize), Vec<(i64, Choice<'a>)>>;

fn licences(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let mut sets: LicenceSets<'_> = BTreeMap::new();
    let specs = &rules.compiled.spec.licences;
    for (rule, (name, spec)) in rules.compiled.licences.iter().zip(specs) {
        if let Some(exclusive) = &rule.exclusive {
            sets.entry((&exclusive.set, exclusive.over, rule.account))
                .or_default()
                .push((exclusive.priority, licence(rule, name, &spec.place)));
        }
    }
    for ((set, ..), mut choices) in sets {
        choices.sort_by_key(|(priority, _)| core::cmp::Reverse(*priority));
        let most = asked_before(choices.len());
        for (position, (_, choice)) in choices.iter().enumerate() {
            let before = choices.iter().take(position).rev().take(most);
            if let Some((_, first)) = before
                .into_iter()
                .find(|(_, first)| comes_before(rules, first, choice))
            {
                problems.push(
                    Problem::new(
                        &codes::SHADOWED,
                        choice.place.clone(),
                        format!(
                            "licence `{}` is never given: wherever it would be, `{}` of the set `{set}` comes before it",
                            choice.name, first.name
                        ),
                    )
                    .label(first.place.clone(), "this one has the higher priority")
                    .help("give the narrower one the higher priority, or the other one a condition"),
                );
            }
        }
    }
}

fn licence<'a>(rule: &'a LicenceRule, name: &'a str, place: &'a Path) -> Choice<'a> {
    Choice {
        name,
        place,
        when: rule.when.as_ref(),
        each: rule.each,
        window: Some(&rule.window),
        gate: &rule.gate,
        account: rule.account,
    }
}

fn mailboxes(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let mut sets: BTreeMap<usize, Vec<(&MailboxRule, Choice<'_>)>> = BTreeMap::new();
    let specs = &rules.compiled.spec.mailboxes;
    for (rule, (name, spec)) in rules.compiled.mailboxes.iter().zip(specs) {
        let choice = Choice {
            name,
            place: &spec.place,
            when: rule.when.as_ref(),
            each: None,
            window: None,
            gate: &rule.gate,
            account: rule.account,
        };
        sets.entry(rule.account).or_default().push((rule, choice));
    }
    for choices in sets.values() {
        let most = asked_before(choices.len());
        for (position, (rule, choice)) in choices.iter().enumerate() {
            let before = || choices.iter().take(position).rev().take(most);
            if let Some((_, first)) = before().find(|(_, first)| comes_before(rules, first, choice))
            {
                problems.push(
                    Problem::new(
                        &codes::SHADOWED,
                        choice.place.clone(),
                        format!(
                            "mailbox `{}` is never chosen: wherever it would be, `{}` comes before it",
                            choice.name, first.name
                        ),
                    )
                    .label(first.place.clone(), "the first by name counts")
                    .help("give the other one a condition"),
                );
            } else if let Some((_, first)) = before().find(|(other, first)| {
                other.kind != rule.kind && hold_together(rules, first, choice)
            }) {
                problems.push(
                    Problem::new(
                        &codes::TWO_WRITERS,
                        choice.place.clone(),
                        format!(
                            "mailboxes `{}` and `{}` may both hold for one account, and say different things",
                            first.name, choice.name
                        ),
                    )
                    .label(first.place.clone(), "the first by name counts")
                    .help("give them conditions that shut each other out"),
                );
            }
        }
    }
}

/// Whether the first holds wherever the second does.
pub(super) fn comes_before(rules: Rules<'_>, first: &Choice<'_>, second: &Choice<'_>) -> bool {
    let passes =
        |one: GatePolicy, two: GatePolicy| two != GatePolicy::Pass || one == GatePolicy::Pass;
    if !passes(first.gate.marking, second.gate.marking)
        || !passes(first.gate.registration, second.gate.registration)
        || !lasts_as_long(first, second)
    {
        return false;
    }
    let Some(when) = first.when else {
        return true;
    };
    let mut question = rules.question();
    let mut wanted = alloc::vec![(question.condition(when, when.root(), None), Wanted::NotTrue)];
    if let Some(when) = second.when {
        let formula = question.condition(when, when.root(), None);
        wanted.push((formula, Wanted::True));
    }
    if let Some((given, _)) = premise(rules, Some(second.account), &mut question) {
        wanted.push((given, Wanted::True));
    }
    question.ask(&wanted) == Answer::Never
}

/// Whether nothing in their conditions keeps two from holding for one account.
fn hold_together(rules: Rules<'_>, first: &Choice<'_>, second: &Choice<'_>) -> bool {
    let mut question = rules.question();
    let mut wanted = Vec::new();
    for when in [first.when, second.when].into_iter().flatten() {
        let formula = question.condition(when, when.root(), None);
        wanted.push((formula, Wanted::True));
    }
    if let Some((given, _)) = premise(rules, Some(second.account), &mut question) {
        wanted.push((given, Wanted::True));
    }
    question.ask(&wanted) == Answer::Can
}

/// Whether the first counts on every day on which the second does.
fn lasts_as_long(first: &Choice<'_>, second: &Choice<'_>) -> bool {
    match (first.window, second.window) {
        (None | Some(Window::Enabled), Some(Window::Active | Window::Enabled) | None)
            if first.each.is_none() =>
        {
            true
        }
        (Some(Window::Active), Some(Window::Active))
        | (Some(Window::Enabled), Some(Window::Enabled)) => first.each == second.each,
        _ => false,
    }
}
