//! Conditions of which nothing can be looked up, so that they are asked about everybody.
//!
//! What can be looked up is a test whose answer is the same on every day and that picks few of many: that a field equals a
//! constant or one of several, that a field is there or not, that a truth value holds, that a unit is under another. A condition needs
//! one such conjunct; a disjunction needs one in each of its terms.

use alloc::format;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use super::conditions::Placed;
use super::values::Values;
use crate::diagnostic::Problem;
use crate::language::Condition;
use crate::language::NodeId;
use crate::language::Program;
use crate::language::Relation;
use crate::language::Subject;
use crate::language::Test;

/// Looks at one expression.
pub(super) fn look(rules: Rules<'_>, placed: &Placed<'_>, problems: &mut Vec<Problem>) {
    let picks = placed.asked.filter(|asked| asked.picks);
    let Some((asked, account)) = picks.and_then(|asked| Some((asked, asked.account?))) else {
        return;
    };
    let program = placed.program;
    if can_be_looked_up(rules, program, program.root(), true) {
        return;
    }
    let whom = if let Some(kind) = asked.each {
        format!("every `{}`", kind.name())
    } else {
        let account = rules.compiled.accounts.get(account);
        let name = account.map_or("", |account| &account.name);
        format!("every account of `{name}`")
    };
    problems.push(
        Problem::new(
            &codes::NOT_INDEXED,
            placed.place.clone(),
            format!(
                "nothing in the condition of {} can be looked up: it is computed for {whom}, in {} steps at most",
                placed.rule,
                program.cost(rules.sizes()),
            ),
        )
        .help("add a conjunct that compares a field with constants by `==` or `in`, or asks whether a unit is `under` another"),
    );
}

/// Whether an index can find those for whom a condition turns out so. It recurses as deep as the expression is high, which is
/// limited.
fn can_be_looked_up(rules: Rules<'_>, program: &Program, node: NodeId, wanted: bool) -> bool {
    let each = |terms: &[NodeId]| {
        terms
            .iter()
            .all(|term| can_be_looked_up(rules, program, *term, wanted))
    };
    let one = |terms: &[NodeId]| {
        terms
            .iter()
            .any(|term| can_be_looked_up(rules, program, *term, wanted))
    };
    match program.condition(node) {
        Condition::Known(_) => true,
        Condition::All(terms) => {
            if wanted {
                one(terms)
            } else {
                each(terms)
            }
        }
        Condition::Any(terms) => {
            if wanted {
                each(terms)
            } else {
                one(terms)
            }
        }
        Condition::Not(operand) => can_be_looked_up(rules, program, operand, !wanted),
        Condition::Test(test) => is_selective(rules, program, &test, wanted != test.negated),
        Condition::Choice(..) | Condition::Opaque => false,
    }
}

fn is_selective(rules: Rules<'_>, program: &Program, test: &Test, wanted: bool) -> bool {
    let Subject::Path(read) = program.subject(test.subject) else {
        return false;
    };
    // What other accounts show is computed anew in each run, and has no column.
    if rules.reads_outputs(read) {
        return false;
    }
    // The other values of a short list are a short list as well.
    let listed = || !matches!(rules.domain().of_path(&read.steps), Values::Any);
    match test.relation {
        Relation::OneOf(_) => wanted || listed(),
        // Of functions only this one has an order that an index can follow.
        Relation::Host(function, _) => wanted && function == rules.compiled.functions.under,
        Relation::Present => true,
        Relation::Ordered(..) => listed(),
        Relation::Between(..) => false,
    }
}
