//! Warnings that the rule file allows, each with its place and a written reason; and allowances that nothing needs.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::codes;
use crate::diagnostic::Problem;
use crate::diagnostic::Severity;
use crate::rules::spec::AllowSpec;

/// Takes away the warnings that are allowed. Where all warnings are known, an allowance that took none away is one itself.
pub(crate) fn allow(problems: &mut Vec<Problem>, allowed: &[AllowSpec], all_known: bool) {
    if allowed.is_empty() {
        return;
    }
    let mut used = alloc::vec![false; allowed.len()];
    problems.retain(|problem| {
        if problem.severity != Severity::Warning {
            return true;
        }
        let path = problem.place.path.to_string();
        let mut kept = true;
        for (allowance, used) in allowed.iter().zip(&mut used) {
            if allowance.code.text == problem.code.id && is_at(&path, &allowance.at) {
                *used = true;
                kept = false;
            }
        }
        kept
    });
    if !all_known {
        return;
    }
    for (allowance, _) in allowed.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(
            Problem::new(
                &codes::UNUSED_ALLOWANCE,
                allowance.place.clone(),
                format!(
                    "there is no {} at `{}` to allow",
                    allowance.code.text, allowance.at
                ),
            )
            .help("take the allowance away"),
        );
    }
}

/// Whether a path is the one that is named, or below it.
fn is_at(path: &str, named: &str) -> bool {
    path.strip_prefix(named)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::is_at;

    #[test]
    fn a_place_is_itself_and_what_is_below_it() {
        assert!(is_at("group.unit.when", "group.unit"));
        assert!(is_at("group.unit", "group.unit"));
        assert!(is_at("group.unit[0]", "group.unit"));
        assert!(!is_at("group.units", "group.unit"));
        assert!(!is_at("group", "group.unit"));
    }
}
