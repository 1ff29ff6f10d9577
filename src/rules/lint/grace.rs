//! Conditions by date that cut off the grace of an account.
//!
//! An account lives by the affiliations that it covers, and `grace` counts from the last day of each. Where `covers` itself asks
//! about the day of the run, and the answer turns from yes to no as days pass, the affiliation is no longer covered from that day
//! on: the account is disabled at once, whatever `grace` says. A comparison in which one side was moved by days is taken for a
//! grace of the author's own.

use alloc::format;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use crate::base::Place;
use crate::diagnostic::Problem;

/// Looks at all account rules.
pub(super) fn look(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let specs = &rules.compiled.spec.accounts;
    for (rule, (name, spec)) in rules.compiled.accounts.iter().zip(specs) {
        for (kind, covers) in &rule.covers {
            let Some(expression) = spec.covers.get(kind.name()) else {
                continue;
            };
            for node in covers.deadlines(rules.compiled.slots.as_of) {
                let mut problem = Problem::new(
                    &codes::NO_GRACE,
                    Place::inside(expression.place.clone(), covers.span(node)),
                    format!(
                        "when this day has passed, account `{name}` is disabled at once, without grace"
                    ),
                )
                .help("leave the dates to the affiliation, or add days to the date, as in `employment.end + days(7)`");
                if let Some(grace) = &spec.grace {
                    problem = problem.label(
                        grace.place.clone(),
                        "this counts from the last day of an affiliation",
                    );
                }
                problems.push(problem);
            }
        }
    }
}
