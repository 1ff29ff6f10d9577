//! Names: who asks for which, what each was made from, and what a change is allowed to touch.
//!
//! A holder keeps its name unless one of the listed reasons changed. The real name of a protected person never enters the
//! allocation: the alias does.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::basis::ALIAS;
use super::basis::Change;
use super::basis::change;
use super::basis::followed;
use super::basis::same;
use super::made::made;
use super::made::made_from;
use super::made::request;
use super::occupied;
use crate::base::Horizon;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
use crate::base::Secret;
use crate::base::Text;
use crate::base::shift;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::holder::HolderRow;
use crate::evaluate::holder::NextName;
use crate::evaluate::world::World;
use crate::ledger::Basis;
use crate::ledger::ComingName;
use crate::ledger::HeldName;
use crate::model::PersonRow;
use crate::naming::Denied;
use crate::naming::GrantSource;
use crate::naming::Request;
use crate::naming::allocate;
use crate::rules::GatePolicy;
use crate::rules::NameRule;

/// What was given out, to remember.
pub(in crate::evaluate) struct Given {
    pub(in crate::evaluate) account: usize,
    pub(in crate::evaluate) holder: HolderRow,
    pub(in crate::evaluate) name: Text,
    pub(in crate::evaluate) held: HeldName,
    /// The name that the account waits to take.
    pub(in crate::evaluate) coming: Option<ComingName>,
}

/// One who asks.
struct Asker {
    account: usize,
    holder: HolderRow,
    person: PersonRow,
    basis: Basis,
    request: Request,
    horizon: Horizon,
    /// Whether the account is there, so that what it has is confirmed.
    current: Option<Text>,
    /// What the ledger has, for one who may have to wait.
    before: Option<HeldName>,
    /// Since when the reason for a change is known.
    since: NaiveDate,
}

/// Gives out one name of some account rules, for everybody at once.
pub(in crate::evaluate) fn give(
    world: &mut World<'_>,
    account: usize,
    rule: &NameRule,
    findings: &mut Findings,
) -> Result<Vec<Given>, LimitReached> {
    let Parted {
        askers,
        stays,
        horizons,
    } = part(world, account, rule, findings)?;
    let namespaces = occupied::by_others(world, rule);
    #[cfg(test)]
    let namespaces = occupied::and_by_real_names(world, rule, namespaces)?;
    let mut horizon = Horizon::new(world.as_of);
    let requests: Vec<Request> = askers.iter().map(|asker| asker.request.clone()).collect();
    let grants = allocate(&namespaces, &requests, &world.rules.limits, &mut horizon);
    let mut given = Vec::new();
    for (row, own) in horizons {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.horizon.merge(&own);
        }
    }
    for (asker, grant) in askers.into_iter().zip(grants) {
        // Also of one who gets none: a name may become free.
        if let Some(holder) = world.holder_mut(account, asker.holder) {
            holder.horizon.merge(&horizon);
        }
        let text = match grant {
            Ok(grant) => {
                if grant.source == GrantSource::Fallback {
                    let mut candidates = asker.request.candidates.iter();
                    let has_letter =
                        candidates.any(|text| text.reveal().chars().any(char::is_alphabetic));
                    let cause = if has_letter {
                        "each form of the name has an unwanted word in it"
                    } else {
                        "no letter of the name can be used"
                    };
                    let message = OpenText::words(cause)
                        .and(" for ")
                        .quote(rule.called())
                        .and("; an opaque one was given");
                    let code = &codes::UNUSABLE_NAME;
                    world.finding(findings, asker.person, code, rule.called(), message);
                }
                grant.text.reveal().clone()
            }
            Err(denied) => {
                let message = match denied {
                    Denied::NoUsableLetter => {
                        OpenText::words("no letter of the name can be used for ")
                            .quote(rule.called())
                    }
                    denied => OpenText::words("")
                        .quote(rule.called())
                        .and(": ")
                        .and(denied),
                };
                let code = &codes::NO_NAME;
                world.finding(findings, asker.person, code, rule.called(), message);
                continue;
            }
        };
        let mut asker = asker;
        let (text, next, kept) = asker.take(text, rule);
        given.push(kept);
        if let Some(holder) = world.holder_mut(account, asker.holder) {
            if let Some(next) = next {
                holder.next_names.insert(rule.name.clone(), next);
            }
            holder.horizon.merge(&asker.horizon);
            holder
                .name_opinions
                .insert(rule.name.clone(), Opinion::Set(text.clone()));
            holder.names.insert(rule.name.clone(), text);
        }
    }
    for (row, opinion, readable) in stays {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.name_opinions.insert(rule.name.clone(), opinion);
            if let Some(text) = readable {
                holder.names.insert(rule.name.clone(), text);
            }
        }
    }
    Ok(given)
}

impl Asker {
    /// What becomes of a name that was given: it is taken, or the account keeps the one it has and waits.
    fn take(&mut self, text: Text, rule: &NameRule) -> (Text, Option<NextName>, Given) {
        let renames = self
            .current
            .as_ref()
            .is_some_and(|current| *current != text);
        let on = shift(self.since, rule.wait);
        let mut given = Given {
            account: self.account,
            holder: self.holder,
            name: rule.name.clone(),
            held: HeldName {
                text: String::from(&*text),
                confirmed: !renames && self.current.is_some(),
                basis: self.basis.clone(),
                renames,
            },
            coming: None,
        };
        // Whoever becomes protected, or is it no longer, does not wait.
        let may_wait =
            |before: &&HeldName| before.basis.contains_key(ALIAS) == self.basis.contains_key(ALIAS);
        let before = self.before.as_ref().filter(may_wait).cloned();
        if let (Some(before), Some(current)) = (before, self.current.clone())
            && renames
            && *current == *before.text
            && rule.wait > 0
            && !self.horizon.reached(on)
        {
            given.held = before;
            given.coming = Some(ComingName {
                text: String::from(&*text),
                basis: self.basis.clone(),
                since: self.since,
            });
            return (current, Some(NextName { text, on }), given);
        }
        (text, None, given)
    }
}

/// What becomes of a name that nobody asks for: the opinion, and the name where expressions may read it.
type Stays = (HolderRow, Opinion<Text>, Option<Text>);

/// Who asks for a name, whose stays as it is or is left out, and until when that holds.
#[derive(Default)]
struct Parted {
    askers: Vec<Asker>,
    stays: Vec<Stays>,
    horizons: Vec<(HolderRow, Horizon)>,
}

fn part(
    world: &World<'_>,
    account: usize,
    rule: &NameRule,
    findings: &mut Findings,
) -> Result<Parted, LimitReached> {
    let mut parted = Parted::default();
    for (row, holder) in world.holders(account) {
        if holder.life == Life::Pending {
            continue;
        }
        let protection = world.population.person(holder.person).protection;
        let policy = gate::passage(&rule.gate, protection, rule.programs());
        let left_out = matches!(policy, GatePolicy::Exclude | GatePolicy::Omit);
        if holder.life == Life::Enabled {
            if left_out && !protection.conceals_only() {
                parted.stays.push((row, Opinion::Clear, None));
                continue;
            }
            let mut horizon = Horizon::new(world.as_of);
            let asker = ask(world, account, row, holder, rule, &mut horizon, findings)?;
            parted.horizons.push((row, horizon));
            if let Some(asker) = asker {
                parted.askers.push(asker);
                continue;
            }
        }
        if let Some(current) = current(world, holder, rule) {
            // A real name that still stands is read by no expression.
            let readable = may_show(world, holder, rule).then_some(current);
            parted
                .stays
                .push((row, Opinion::Keep(KeepCause::Held), readable));
        }
    }
    Ok(parted)
}

/// Whether the name that an account has may be read: its person is not protected or the name is let through, or it was made of
/// the alias.
fn may_show(world: &World<'_>, holder: &Holder, rule: &NameRule) -> bool {
    let protection = world.population.person(holder.person).protection;
    gate::passage(&rule.gate, protection, rule.programs()).is_ordinary()
        || is_made_of_alias(world, holder, rule)
}

fn is_made_of_alias(world: &World<'_>, holder: &Holder, rule: &NameRule) -> bool {
    world
        .memory
        .accounts
        .get(&holder.key)
        .and_then(|memory| memory.names.get(&*rule.name))
        .is_some_and(|before| before.basis.contains_key(ALIAS))
}

fn ask(
    world: &World<'_>,
    account: usize,
    at: HolderRow,
    holder: &Holder,
    rule: &NameRule,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Result<Option<Asker>, LimitReached> {
    let row = holder.person;
    let person = world.population.person(row);
    let policy = gate::passage(&rule.gate, person.protection, rule.programs());
    let current = current(world, holder, rule);
    // An unreadable flag conceals and replaces nothing.
    if person.protection.conceals_only() && current.is_some() {
        return Ok(None);
    }
    let Some((programs, basis)) = made_from(world, holder, rule, policy) else {
        return Ok(None);
    };
    let output = world.rules.account_output(account);
    let output = output.and(".").and(rule.called());
    let made = match made(world, account, holder, programs, horizon)? {
        Ok(made) => made,
        Err(error) => {
            if let Some(error) = error {
                world.not_computed(findings, row, &output, &error);
            }
            return Ok(None);
        }
    };
    let mut request = request(world, holder, rule, programs, &made, policy);
    let before = world
        .memory
        .accounts
        .get(&holder.key)
        .and_then(|memory| memory.names.get(&*rule.name));
    // A protected person keeps only a name that was made of the alias.
    let made_of_alias = is_made_of_alias(world, holder, rule);
    let same_kind =
        (policy == GatePolicy::Alias) == made_of_alias || before.is_none() && policy.is_ordinary();
    let follow = followed(rule, policy, person.protection);
    let change = before.map_or(Change::Nothing, |before| {
        change(&before.basis, &basis, &follow)
    });
    // A name that was given and is not confirmed yet is the one that the basis belongs to, whatever the directory still has.
    let intended = before
        .filter(|before| !before.confirmed)
        .map(|before| Text::from(before.text.as_str()));
    // So is one that waits for its day, unless there is another reason by now.
    let coming = world
        .memory
        .accounts
        .get(&holder.key)
        .and_then(|memory| memory.coming.get(&*rule.name))
        .filter(|coming| change != Change::Nothing && same(&coming.basis, &basis, &follow));
    #[cfg(test)]
    let coming = coming.filter(|coming| !Leak::Waiting.is_planted() || coming.basis == basis);
    let since = coming.map_or(world.as_of, |coming| coming.since);
    if let Some(coming) = coming {
        request.current = Some(Secret::new(Text::from(coming.text.as_str())));
    } else if let Some(current) = intended.as_ref().or(current.as_ref())
        && same_kind
    {
        match change {
            Change::Nothing => request.current = Some(Secret::new(current.clone())),
            Change::Domain => {
                let local = current.split('@').next().unwrap_or(current);
                request.keep_local = Some(Secret::new(Text::from(local)));
            }
            Change::Local => {}
        }
    }
    // What stays keeps the basis that it was made from, where no reason counts.
    let basis = match (before, change) {
        (Some(before), Change::Nothing) if request.current.is_some() => {
            // Of a reason that nothing is remembered of, what holds now is taken as what it was made from.
            let mut known = basis;
            known.extend(before.basis.clone());
            known
        }
        _ => basis,
    };
    let before = before.cloned();
    Ok(Some(Asker {
        account,
        holder: at,
        person: row,
        basis,
        request,
        horizon: Horizon::new(world.as_of),
        current,
        before,
        since,
    }))
}

/// The name that an account has: in the directory or, before its step is confirmed, as intended.
pub(in crate::evaluate) fn current(
    world: &World<'_>,
    holder: &Holder,
    rule: &NameRule,
) -> Option<Text> {
    let of_object = world
        .existing(holder)
        .and_then(|account| match &*rule.name {
            "login" => account.login.clone(),
            "mail" => account.mail.clone(),
            other => account.attributes.get(other)?.first().cloned(),
        });
    of_object.or_else(|| {
        let memory = world.memory.accounts.get(&holder.key)?;
        memory
            .names
            .get(&*rule.name)
            .map(|held| Text::from(held.text.as_str()))
    })
}
