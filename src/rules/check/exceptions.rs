//! The exceptions of a rule set: every `include`, with its reason and the day on which somebody is to look at it again.
//!
//! It judges no reason. What it keeps true: an exception that stands in the rules stands in the list.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::codes;
use crate::base::Path;
use crate::diagnostic::Problem;
use crate::rules::compiled::Exception;
use crate::rules::spec::OwnPolicy;
use crate::rules::spec::Policy;
use crate::rules::spec::PolicyKind;
use crate::rules::spec::RulesetSpec;

/// All exceptions in the order of the file's keys, and a warning for each that nobody is to look at again.
pub(super) fn list(spec: &RulesetSpec) -> (Vec<Exception>, Vec<Problem>) {
    let mut found: Vec<(&Path, &Policy)> = Vec::new();
    let defaults = [&spec.protection.marking, &spec.protection.registration];
    for policy in defaults.into_iter().flat_map(|policies| policies.values()) {
        found.push((&policy.place, policy));
    }
    for owner in owners(spec) {
        for policy in owner.marking.iter().chain(&owner.registration) {
            found.push((&policy.place, policy));
        }
    }
    let mut exceptions: Vec<Exception> = found
        .into_iter()
        .filter(|(_, policy)| policy.kind == PolicyKind::Include)
        .map(|(place, policy)| Exception {
            place: place.clone(),
            because: policy.because.clone().unwrap_or_default(),
            review: policy.review,
        })
        .collect();
    exceptions.sort_by_key(|exception| exception.place.to_string());
    exceptions.dedup();
    let problems = exceptions
        .iter()
        .filter(|exception| exception.review.is_none())
        .map(|exception| {
            Problem::new(
                &codes::NO_REVIEW,
                exception.place.clone(),
                "nobody is to look at this exception for protected persons again",
            )
            .help("add `review = \"…\"` with the day on which somebody should")
        })
        .collect();
    (exceptions, problems)
}

/// Whatever has a policy of its own.
fn owners(spec: &RulesetSpec) -> impl Iterator<Item = &OwnPolicy> {
    let accounts = spec.accounts.values().flat_map(|account| {
        let protected = account.protected.as_ref();
        protected
            .and_then(|protected| protected.policy.as_ref())
            .into_iter()
            .chain(
                account
                    .container
                    .iter()
                    .filter_map(|container| container.protected.as_ref()),
            )
            .chain(
                account
                    .names
                    .values()
                    .filter_map(|name| name.protected.as_ref()),
            )
            .chain(
                account
                    .set
                    .values()
                    .filter_map(|set| set.protected.as_ref()),
            )
    });
    accounts
        .chain(
            spec.groups
                .values()
                .filter_map(|group| group.protected.as_ref()),
        )
        .chain(
            spec.licences
                .values()
                .filter_map(|licence| licence.protected.as_ref()),
        )
        .chain(
            spec.mailboxes
                .values()
                .filter_map(|mailbox| mailbox.protected.as_ref()),
        )
        .chain(
            spec.class_lists
                .values()
                .filter_map(|list| list.protected.as_ref()),
        )
        .chain(
            spec.notices
                .values()
                .filter_map(|notice| notice.protected.as_ref()),
        )
}
