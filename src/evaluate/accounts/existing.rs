//! Which objects of the directory are whose: by anchor, also under a name that an account rule had before, or under the key of a
//! person who turned out to be somebody known. Of several accounts of one person only the one that goes on stands here; what
//! becomes of the others is said in `merging`.

use alloc::collections::BTreeMap;

use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::ObjectId;
use crate::evaluate::codes;
use crate::evaluate::world::World;
use crate::model::PersonRow;

/// An object that is a person's account.
#[derive(Clone)]
pub(in crate::evaluate) struct Existing {
    pub(in crate::evaluate) id: ObjectId,
    /// The key that it has, under the name that its rule has now: that of the person it was made for.
    pub(in crate::evaluate) key: AccountKey,
    /// Whether its anchor must be written anew.
    pub(in crate::evaluate) anchor_anew: bool,
    /// Whether a second object says to be the same account: a person must decide.
    pub(in crate::evaluate) twice: bool,
}

/// Existing accounts by rule and person.
pub(in crate::evaluate) type ExistingAccounts = BTreeMap<(usize, PersonRow), Existing>;

/// Finds the existing account of each person.
pub(in crate::evaluate) fn find(world: &World<'_>, findings: &mut Findings) -> ExistingAccounts {
    let mut found: ExistingAccounts = BTreeMap::new();
    for account in world.directory.accounts.values() {
        let Some((rule, person, key)) = owner(world, account) else {
            continue;
        };
        if world.others.are(&key) {
            continue;
        }
        let anchor_anew = account.anchor.as_ref() != Some(&key);
        match found.get_mut(&(rule, person)) {
            None => {
                found.insert(
                    (rule, person),
                    Existing {
                        id: account.id.clone(),
                        key,
                        anchor_anew,
                        twice: false,
                    },
                );
            }
            Some(first) => {
                first.twice = true;
                world.finding(
                    findings,
                    person,
                    &codes::TWO_ACCOUNTS,
                    "account",
                    alloc::string::String::from(
                        "two objects carry the key of one account; which one stays must be decided",
                    ),
                );
            }
        }
    }
    found
}

/// Whose account an object is, by rule and person, and its key under the name that the rule has now.
pub(in crate::evaluate) fn owner(
    world: &World<'_>,
    account: &Account,
) -> Option<(usize, PersonRow, AccountKey)> {
    let anchor = account.anchor.as_ref()?;
    let rule = rule_named(world, &anchor.rule)?;
    let key = AccountKey {
        rule: world.rules.accounts.get(rule)?.name.clone(),
        ..anchor.clone()
    };
    Some((rule, world.person_of(anchor)?, key))
}

/// The account rule that has a name, or had it before.
pub(in crate::evaluate) fn rule_named(world: &World<'_>, name: &Text) -> Option<usize> {
    let rules = &world.rules.accounts;
    rules
        .iter()
        .position(|rule| rule.name == *name)
        .or_else(|| rules.iter().position(|rule| rule.was.contains(name)))
}
