//! Why an account has the name it has: which candidates come before it, and who has those.
//!
//! Only for whoever asks why: nothing is given out here. What a protected person has or had, and what is only reserved, is told
//! apart by nothing.

use alloc::vec::Vec;

use super::made::made;
use super::made::made_from;
use super::made::request;
use super::occupied;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Text;
use crate::base::fold_case;
use crate::directory::AccountKey;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::world::World;
use crate::ledger::Basis;
use crate::naming::GrantSource;
use crate::naming::Namespaces;
use crate::naming::Request;
use crate::naming::tried;
use crate::rules::NameRule;
use crate::rules::spec::FollowReason;

/// So many candidates are told of one by one.
const TOLD: usize = 5;

/// How a name came about.
pub(crate) struct Story {
    /// The pattern that gives it today, by position in the rule, and the number after it; none where no pattern does any more.
    pub(crate) pattern: Option<(usize, Option<u32>)>,
    /// The first candidates that come before it, with who has each.
    pub(crate) before: Vec<(Text, Taken)>,
    /// How many more come before it.
    pub(crate) more: usize,
    /// What it was made from.
    pub(crate) basis: Basis,
    /// What would change it.
    pub(crate) follow: Vec<FollowReason>,
}

/// Who has a name.
pub(crate) enum Taken {
    /// An account or a group of ours.
    Ours(Text),
    /// An object that is not ours, or a word that is nobody's.
    Nobodys,
    /// It is not told.
    Untold,
    /// Nobody by now.
    Free,
}

/// Tells how the name of an account came about that its person's own data makes.
pub(crate) fn story(
    world: &World<'_>,
    account: usize,
    holder: &Holder,
    rule: &NameRule,
) -> Result<Option<Story>, LimitReached> {
    let protection = world.population.person(holder.person).protection;
    let policy = gate::passage(&rule.gate, protection, rule.programs());
    let name = holder.names.get(&rule.name);
    let Some((name, (programs, now))) =
        name.zip(made_from(world, holder, rule, policy).filter(|_| policy.is_ordinary()))
    else {
        return Ok(None);
    };
    let mut horizon = Horizon::new(world.as_of);
    let Ok(made) = made(world, account, holder, programs, &mut horizon)? else {
        return Ok(None);
    };
    let request = request(world, holder, rule, programs, &made, policy);
    let remembered = world.memory.accounts.get(&holder.key);
    let remembered = remembered.and_then(|memory| memory.names.get(&*rule.name));
    let mut story = Story {
        pattern: None,
        before: Vec::new(),
        more: 0,
        basis: remembered
            .filter(|held| *held.text == **name)
            .map_or(now, |held| held.basis.clone()),
        follow: super::basis::followed(rule, policy, protection),
    };
    let namespaces = occupied::by_others(world, rule);
    let numbers = request
        .number
        .map_or(0, |_| world.rules.limits.name_candidates);
    let pattern_of = |index: usize| made.candidates.get(index).map(|(pattern, _)| *pattern);
    let mut last = None;
    let mut before = Vec::new();
    for (source, text) in tried(&request, numbers) {
        let text = text.reveal();
        let (pattern, number) = match source {
            GrantSource::Candidate(index) => (pattern_of(index), None),
            GrantSource::Numbered(number) => (last, Some(number)),
            _ => (None, None),
        };
        last = pattern;
        if fold_case(text) == fold_case(name) {
            story.pattern = pattern.map(|pattern| (pattern, number));
            break;
        }
        before.push(text.clone());
    }
    // Where no pattern gives it any more, what comes before it is nothing.
    if story.pattern.is_some() {
        story.more = before.len().saturating_sub(TOLD);
        let told = before.into_iter().take(TOLD);
        story.before = told
            .map(|text| {
                let taken = taken(world, holder, &namespaces, &request, &text);
                (text, taken)
            })
            .collect();
    }
    Ok(Some(story))
}

fn taken(
    world: &World<'_>,
    own: &Holder,
    namespaces: &Namespaces,
    request: &Request,
    text: &Text,
) -> Taken {
    let own = own.key.anchor();
    let spaces = request.namespaces.iter();
    let claims: Vec<(Option<Text>, bool)> = spaces
        .flat_map(|space| namespaces.claims(space, text, world.as_of))
        .filter(|(holder, _)| holder.as_ref() != Some(&own))
        .collect();
    let is_open = |holder: &Text| {
        holder.parse::<AccountKey>().map_or(true, |key| {
            world
                .person_of(&key)
                .is_some_and(|person| !world.population.person(person).protection.stands())
        })
    };
    match claims.first() {
        None => Taken::Free,
        Some(_)
            if claims.iter().any(|(holder, held)| {
                !held || holder.as_ref().is_some_and(|holder| !is_open(holder))
            }) =>
        {
            Taken::Untold
        }
        Some((Some(holder), _)) => Taken::Ours(holder.clone()),
        Some((None, _)) => Taken::Nobodys,
    }
}
