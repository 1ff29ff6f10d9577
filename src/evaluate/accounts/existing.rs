//! Which objects of the directory are whose: by anchor, also under a name that an account rule had before, or under the key of a
//! person who turned out to be somebody known.

use alloc::collections::BTreeMap;

use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::Account;
use crate::directory::ObjectId;
use crate::evaluate::codes;
use crate::evaluate::world::World;
use crate::model::PersonRow;

/// An object that is a person's account.
#[derive(Clone)]
pub(in crate::evaluate) struct Existing {
    pub(in crate::evaluate) id: ObjectId,
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
        let Some((rule, person)) = owner(world, account) else {
            continue;
        };
        let anchor_anew = account.anchor.as_ref().is_some_and(|anchor| {
            let key = world.population.person(person).key;
            let name = world.rules.accounts.get(rule).map(|rule| &rule.name);
            anchor.person != key || Some(&anchor.rule) != name
        });
        match found.get_mut(&(rule, person)) {
            None => {
                found.insert(
                    (rule, person),
                    Existing {
                        id: account.id.clone(),
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
                        "two existing accounts are one person's; which one stays must be decided",
                    ),
                );
            }
        }
    }
    found
}

fn owner(world: &World<'_>, account: &Account) -> Option<(usize, PersonRow)> {
    let anchor = account.anchor.as_ref()?;
    let rule = rule_named(world, &anchor.rule)?;
    let person = world
        .population
        .find_person(world.memory.surviving(anchor.person))?;
    Some((rule, person))
}

/// The account rule that has a name, or had it before.
pub(in crate::evaluate) fn rule_named(world: &World<'_>, name: &Text) -> Option<usize> {
    let rules = &world.rules.accounts;
    rules
        .iter()
        .position(|rule| rule.name == *name)
        .or_else(|| rules.iter().position(|rule| rule.was.contains(name)))
}
