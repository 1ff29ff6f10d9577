//! The exceptions of a rule set: every `include`, with its reason and the day on which somebody is to look at it again.
//!
//! It judges no reason. What it keeps true: an exception that stands in the rules stands in the list.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::codes;
use crate::base::Path;
use crate::base::Text;
use crate::diagnostic::Problem;
use crate::directory::CONTAINER;
use crate::rules::compiled::Exception;
use crate::rules::compiled::Included;
use crate::rules::spec::OutputKind;
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
        .filter(|(_, policy)| includes(Some(policy)))
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

/// The outputs of accounts of which an exception speaks: their own, or that of their kind.
pub(super) fn included(spec: &RulesetSpec) -> Included {
    let mut included = Included::default();
    for (account, rule) in &spec.accounts {
        let attributes = rule.set.iter();
        let attributes = attributes.map(|(name, set)| {
            let own = set.protected.as_ref();
            (OutputKind::Attribute, name.as_str(), own)
        });
        let names = rule.names.iter();
        let names = names.map(|(name, names)| {
            let own = names.protected.as_ref();
            (OutputKind::Name, name.as_str(), own)
        });
        let container = rule.container.iter();
        let container = container.map(|container| {
            let own = container.protected.as_ref();
            (OutputKind::Container, CONTAINER, own)
        });
        for (kind, name, own) in attributes.chain(names).chain(container) {
            let output = || (Text::from(account.as_str()), lower(name));
            let marking = own.and_then(|own| own.marking.as_ref());
            let registration = own.and_then(|own| own.registration.as_ref());
            let protection = &spec.protection;
            if includes(marking.or_else(|| protection.marking.get(&kind))) {
                included.marking.insert(output());
            }
            if includes(registration.or_else(|| protection.registration.get(&kind))) {
                included.registration.insert(output());
            }
        }
    }
    included
}

fn lower(name: &str) -> Text {
    Text::from(name.to_ascii_lowercase())
}

fn includes(policy: Option<&Policy>) -> bool {
    policy.is_some_and(|policy| policy.kind == PolicyKind::Include)
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
