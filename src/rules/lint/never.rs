//! Conditions that never hold, and parts of conditions that never count: they never hold, always hold, or come too late.
//!
//! Only what is certain is said: see `question`. A condition that is never met because of a literal that no table contains is
//! left to the lint of that literal.

use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

use super::Rules;
use super::codes;
use super::conditions::Asked;
use super::conditions::Placed;
use super::question::Answer;
use super::question::Formula;
use super::question::Question;
use super::question::Wanted;
use crate::base::Path;
use crate::base::Place;
use crate::diagnostic::Problem;
use crate::language::Condition;
use crate::language::NodeId;
use crate::language::Part;

/// Of longer conjunctions the two terms that contradict each other are not looked for.
const MOST_TERMS: usize = 64;
/// Of larger expressions only the whole is looked at.
const MOST_NODES: usize = 2_000;
/// So many branches before one are asked whether they leave it anything.
const MOST_BRANCHES: usize = 32;

/// Looks at one expression; whether it may hold, where it is a condition.
pub(super) fn look(rules: Rules<'_>, placed: &Placed<'_>, problems: &mut Vec<Problem>) -> bool {
    let program = placed.program;
    let mut seen: Vec<Range<usize>> = Vec::new();
    if placed
        .asked
        .is_some_and(|asked| asked.picks && asked.account.is_none())
    {
        problems.push(
            Problem::new(
                &codes::CONTRADICTION,
                placed.place.clone(),
                format!(
                    "the condition of {} is never asked, since it has no account",
                    placed.rule
                ),
            )
            .help("add `account = \"…\"`, or take the condition away"),
        );
        return true;
    }
    if let Some(asked) = &placed.asked
        && let Some(problem) = whole(rules, placed, asked)
    {
        problems.push(problem);
        return false;
    }
    if program.len() > MOST_NODES {
        return true;
    }
    for part in program.parts() {
        let (Part::Conjunction(node) | Part::Disjunction(node) | Part::Branch(node, _)) = part;
        let span = program.span(node);
        let is_seen = |outer: &Range<usize>| outer.start <= span.start && span.end <= outer.end;
        if seen.iter().any(is_seen) {
            continue;
        }
        let is_root = placed.asked.is_some() && node == program.root();
        let problem = match part {
            // It was looked at as a whole.
            Part::Conjunction(_) if is_root => None,
            Part::Conjunction(node) => {
                dead(rules, placed, node, "these conditions never hold together")
            }
            Part::Disjunction(node) => always(rules, placed, node),
            Part::Branch(node, before) => dead(
                rules,
                placed,
                node,
                "this condition never holds, so what follows it is never taken",
            )
            .or_else(|| taken_before(rules, placed, node, before)),
        };
        if let Some(problem) = problem {
            problems.push(problem);
            seen.push(span);
        }
    }
    true
}

/// A part that never holds.
fn dead(rules: Rules<'_>, placed: &Placed<'_>, node: NodeId, text: &str) -> Option<Problem> {
    let mut question = rules.question();
    let formula = question.condition(placed.program, node, None);
    question.never(&[formula]).then(|| {
        let problem = Problem::new(&codes::CONTRADICTION, at(placed, node), text);
        because(rules, placed, node, problem).help("take the part away, or mend the condition")
    })
}

/// A disjunction of which one term or another always holds.
fn always(rules: Rules<'_>, placed: &Placed<'_>, node: NodeId) -> Option<Problem> {
    let mut question = rules.question();
    let formula = question.condition(placed.program, node, None);
    (question.ask(&[(formula, Wanted::False)]) == Answer::Never).then(|| {
        Problem::new(
            &codes::CONTRADICTION,
            at(placed, node),
            "one or the other of these conditions always holds",
        )
        .help("write `&&` if both are meant to hold, or take the part away")
    })
}

fn at(placed: &Placed<'_>, node: NodeId) -> Place {
    Place::inside(placed.place.clone(), placed.program.span(node))
}

/// A condition as a whole.
fn whole(rules: Rules<'_>, placed: &Placed<'_>, asked: &Asked) -> Option<Problem> {
    let program = placed.program;
    let root = program.root();
    let mut question = rules.question();
    let condition = question.condition(program, root, None);
    if question.never(&[condition]) {
        let problem = Problem::new(
            &codes::NEVER,
            placed.place.clone(),
            format!("the condition of {} never holds", placed.rule),
        );
        return Some(
            because(rules, placed, root, problem).help("mend the condition, or take the rule away"),
        );
    }
    let primary = rules.compiled.slots.primary;
    if !program.variables().any(|slot| slot == primary) {
        return None;
    }
    let (given, place) = premise(rules, asked.account, &mut question)?;
    question.never(&[condition, given]).then(|| {
        Problem::new(
            &codes::NEVER,
            placed.place.clone(),
            format!(
                "the condition of {} never holds of its account",
                placed.rule
            ),
        )
        .label(
            place.clone(),
            "the account is only for those of whom this holds",
        )
        .help("mend one of the two conditions")
    })
}

/// What holds of the primary affiliation of every account of a rule, with its place.
pub(super) fn premise<'a>(
    rules: Rules<'a>,
    account: Option<usize>,
    question: &mut Question<'a>,
) -> Option<(Formula, &'a Path)> {
    let account = rules.compiled.accounts.get(account?)?;
    let spec = rules.compiled.spec.accounts.get(&*account.name)?;
    let slots = &rules.compiled.slots;
    // The primary affiliation is one of those that the account covers; where it covers one kind, the condition is known.
    let mut covers = account.covers.iter();
    let (kind, program) = covers.next().filter(|_| account.covers.len() == 1)?;
    let primary = Some((slots.affiliation(*kind), slots.primary));
    let formula = question.condition(program, program.root(), primary);
    Some((formula, &spec.covers.get(kind.name())?.place))
}

/// Shows which terms of a conjunction contradict each other.
fn because(rules: Rules<'_>, placed: &Placed<'_>, node: NodeId, problem: Problem) -> Problem {
    let program = placed.program;
    let Condition::All(terms) = program.condition(node) else {
        return problem;
    };
    if terms.len() > MOST_TERMS {
        return problem;
    }
    let mut question = rules.question();
    let formulas: Vec<(NodeId, Formula)> = terms
        .iter()
        .map(|term| (*term, question.condition(program, *term, None)))
        .collect();
    for (position, (node, one)) in formulas.iter().enumerate() {
        if question.never(&[*one]) {
            return problem.label(at(placed, *node), "this never holds");
        }
        for (other, two) in formulas.iter().take(position) {
            if question.never(&[*one, *two]) {
                return problem
                    .label(at(placed, *other), "where this holds")
                    .label(at(placed, *node), "this does not");
            }
        }
    }
    problem
}

/// A branch that those before it leave nothing.
fn taken_before(
    rules: Rules<'_>,
    placed: &Placed<'_>,
    node: NodeId,
    before: &[(NodeId, NodeId)],
) -> Option<Problem> {
    if before.is_empty() || before.len() > MOST_BRANCHES {
        return None;
    }
    let program = placed.program;
    let mut question = rules.question();
    let mut wanted = alloc::vec![(question.condition(program, node, None), Wanted::True)];
    for (condition, _) in before {
        wanted.push((question.condition(program, *condition, None), Wanted::False));
    }
    (question.ask(&wanted) == Answer::Never).then(|| {
        let mut problem = Problem::new(
            &codes::CONTRADICTION,
            at(placed, node),
            "this condition never counts: what comes before it takes all for which it holds",
        );
        if let [(condition, _)] = before {
            problem = problem.label(at(placed, *condition), "this comes before");
        }
        problem.help("put the narrower condition first")
    })
}
