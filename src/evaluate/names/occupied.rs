//! Names that are taken: by objects of the directory, ours and others, by what the ledger remembers, and by what this run has
//! given out already. Who holds each is said as well, so that holders keep theirs.

use alloc::collections::BTreeMap;

use crate::base::Text;
use crate::directory::AccountKey;
use crate::directory::ObjectId;
use crate::evaluate::world::World;
use crate::naming::Namespaces;
use crate::rules::NameRule;

/// All that is taken in the namespaces of a name.
pub(in crate::evaluate) fn by_others(world: &World<'_>, rule: &NameRule) -> Namespaces {
    let mut namespaces = Namespaces::new();
    for unique in &rule.unique {
        let Some(space) = world.rules.namespaces.get(unique) else {
            continue;
        };
        for word in &space.reserved {
            namespaces.hold(unique, word, None);
        }
        let holds = |name: &str| space.names.iter().any(|(_, known)| &**known == name);
        let keys = world.keys();
        let adopted = adopted(world, &keys);
        for account in world.directory.accounts.values() {
            let holder = keys.get(&account.id).map(|key| key.anchor());
            if holds("login")
                && let Some(login) = &account.login
            {
                namespaces.hold(unique, login, holder.clone());
            }
            if holds("mail") {
                for address in account.mail.iter().chain(&account.aliases) {
                    let owner = world.others.owner_of(address).map(AccountKey::anchor);
                    namespaces.hold(unique, address, owner.or_else(|| holder.clone()));
                }
            }
            for (_, name) in &space.names {
                for value in account.attributes.get(name).into_iter().flatten() {
                    namespaces.hold(unique, value, holder.clone());
                }
            }
        }
        if space.groups {
            for group in world.directory.groups.values() {
                namespaces.hold(
                    unique,
                    &group.name,
                    group
                        .anchor
                        .as_ref()
                        .map(|key| Text::from(alloc::format!("{key}"))),
                );
            }
        }
        for (key, memory) in &world.memory.accounts {
            let key = adopted.get(key).copied().unwrap_or(key);
            for (name, held) in &memory.names {
                if space
                    .names
                    .contains(&(key.rule.clone(), Text::from(name.as_str())))
                {
                    namespaces.hold(unique, &held.text, Some(key.anchor()));
                }
            }
            for (name, coming) in &memory.coming {
                if space
                    .names
                    .contains(&(key.rule.clone(), Text::from(name.as_str())))
                {
                    namespaces.hold(unique, &coming.text, Some(key.anchor()));
                }
            }
            if holds("mail") {
                for alias in memory.aliases.keys() {
                    namespaces.hold(unique, alias, Some(key.anchor()));
                }
            }
        }
        for reserved in &world.memory.reserved {
            if *reserved.namespace == **unique {
                let until = reserved.until.unwrap_or(crate::base::FOREVER);
                namespaces.reserve(unique, &reserved.text, reserved.holder.anchor(), until);
            }
        }
        // Names that this run has given out already, in another name of the same namespace.
        for (position, holders) in world.holders.iter().enumerate() {
            let account = account_name(world, position);
            for (_, holder) in holders.iter() {
                for (name, text) in &holder.names {
                    if space.names.contains(&(account.clone(), name.clone())) {
                        namespaces.hold(unique, text, Some(holder.key.anchor()));
                    }
                }
            }
        }
    }
    namespaces
}

/// The key under which each account goes on that is adopted by another key than its anchor says.
fn adopted<'w>(
    world: &'w World<'_>,
    keys: &BTreeMap<&ObjectId, &'w AccountKey>,
) -> BTreeMap<&'w AccountKey, &'w AccountKey> {
    let accounts = world.directory.accounts.values();
    accounts
        .filter_map(|account| Some((account.anchor.as_ref()?, *keys.get(&account.id)?)))
        .filter(|(anchor, key)| anchor != key)
        .collect()
}

pub(in crate::evaluate) fn account_name(world: &World<'_>, account: usize) -> Text {
    world
        .rules
        .accounts
        .get(account)
        .map_or_else(|| Text::from(""), |rule| rule.name.clone())
}

/// A leak: the real names of protected persons are taken as well.
#[cfg(test)]
pub(in crate::evaluate) fn and_by_real_names(
    world: &World<'_>,
    rule: &NameRule,
    mut namespaces: Namespaces,
) -> Result<Namespaces, crate::base::LimitReached> {
    if !crate::base::Leak::Suffixes.is_planted() {
        return Ok(namespaces);
    }
    for (row, person) in world.population.persons() {
        let scope = crate::evaluate::scope::RuleScope::of(world, row);
        for program in &rule.ordinary.local {
            let mut horizon = crate::base::Horizon::new(world.as_of);
            if person.protection.stands()
                && let Ok(Some(text)) = world.text(program, &scope, &mut horizon)?
            {
                for space in &rule.unique {
                    let name = crate::base::fold(&text);
                    namespaces.hold(space, &name, Some(Text::from(person.key.to_hex())));
                }
            }
        }
    }
    Ok(namespaces)
}
