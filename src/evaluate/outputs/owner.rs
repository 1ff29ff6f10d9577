//! Owners of groups: the first of those whom a rule names that has an account in use, where all members give the same.
//!
//! Not here: who is in a group. Keeps true: of members that give different owners nothing is believed, and one who is held stands in
//! nobody else's favour.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;

use super::attribute;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::directory::AccountKey;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::codes;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language;
use crate::language::DataErrorKind;
use crate::rules::GroupRule;

/// Who owns a group, as one of its members has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Account(AccountKey),
    /// None of those who might has an account in use.
    Nobody,
    /// The data does not say.
    Unknown,
}

/// The attribute that says who owns a group.
const OWNER: &str = "managedBy";

/// The first of a rule's owners that has an account in use; one that is held stands in nobody else's favour.
pub(super) fn of_member(
    world: &World<'_>,
    rule: &GroupRule,
    scope: &RuleScope<'_>,
    horizon: &mut Horizon,
) -> Result<Owner, LimitReached> {
    for program in &rule.owner {
        let value = match world.run(program, scope, horizon)? {
            Ok(language::Opinion::Value(value)) => value,
            Ok(language::Opinion::None | language::Opinion::Keep) => continue,
            Err(error)
                if matches!(
                    error.kind,
                    DataErrorKind::MissingValue | DataErrorKind::Unresolved
                ) =>
            {
                continue;
            }
            Err(_) => return Ok(Owner::Unknown),
        };
        let holder = attribute::referred(world, &value);
        match holder.map(|holder| (holder.life, &holder.key)) {
            Some((Life::Enabled, key)) => return Ok(Owner::Account(key.clone())),
            Some((Life::Held, _)) => return Ok(Owner::Unknown),
            _ => {}
        }
    }
    Ok(Owner::Nobody)
}

/// Who owns a group, where a rule says so.
pub(super) fn agreed(
    rule: &GroupRule,
    key: &GroupKey,
    owners: &BTreeSet<Owner>,
    findings: &mut Findings,
) -> BTreeMap<Text, Opinion<AccountKey>> {
    let mut references = BTreeMap::new();
    if rule.owner.is_empty() {
        return references;
    }
    let subject = Subject::Object {
        object: alloc::format!("group:{key}"),
    };
    let mut each = owners.iter();
    let opinion = match (each.next(), each.next()) {
        (Some(Owner::Account(owner)), None) => Opinion::Set(owner.clone()),
        (Some(Owner::Nobody), None) => {
            let message = "none of those who might own the group has an account in use";
            findings.push(Finding::new(&codes::DANGLING, subject, message).field("owner"));
            Opinion::Clear
        }
        (Some(_), Some(_)) => {
            let count = owners.len();
            let message = alloc::format!("members of the group give it {count} different owners");
            findings.push(Finding::new(&codes::MIXED_GROUP, subject, message).field("owner"));
            Opinion::Keep(KeepCause::Data)
        }
        (Some(Owner::Unknown), None) | (None, _) => Opinion::Keep(KeepCause::Data),
    };
    references.insert(Text::from(OWNER), opinion);
    references
}
