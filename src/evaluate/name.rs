//! Names: who asks for which, what each was made from, and what a change is allowed to touch.
//!
//! A holder keeps its name unless one of the listed reasons changed. The real name of a protected person never enters the
//! allocation: the alias does.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::codes;
use super::gate;
use super::lifecycle::Life;
use super::scope::RuleScope;
use super::world::Holder;
use super::world::World;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::RowKey;
use crate::base::Secret;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::ledger::Basis;
use crate::ledger::HeldName;
use crate::model::Cell;
use crate::model::PersonRow;
use crate::model::RecordKind;
use crate::naming::Denied;
use crate::naming::GrantSource;
use crate::naming::Namespaces;
use crate::naming::Numbering;
use crate::naming::Request;
use crate::naming::allocate;
use crate::rules::GatePolicy;
use crate::rules::NamePrograms;
use crate::rules::NameRule;
use crate::rules::spec::FollowReason;
use crate::rules::spec::Word;

/// What was given out, to remember.
pub(super) struct Given {
    pub(super) account: usize,
    pub(super) person: PersonRow,
    pub(super) name: Text,
    pub(super) held: HeldName,
}

/// One who asks.
struct Asker {
    account: usize,
    person: PersonRow,
    basis: Basis,
    request: Request,
    horizon: Horizon,
    /// Whether the account is there, so that what it has is confirmed.
    current: Option<Text>,
}

/// Gives out one name of some account rules, for everybody at once.
pub(super) fn give(
    world: &mut World<'_>,
    account: usize,
    rule: &NameRule,
    findings: &mut Findings,
) -> Result<Vec<Given>, LimitReached> {
    let mut askers = Vec::new();
    let mut kept = Vec::new();
    let persons: Vec<PersonRow> = world
        .holders
        .get(account)
        .map(|holders| holders.keys().copied().collect())
        .unwrap_or_default();
    for person in persons {
        let Some(holder) = world.holder(account, person) else {
            continue;
        };
        match holder.life {
            Life::Enabled => {
                if let Some(asker) = ask(world, account, person, holder, rule, findings)? {
                    askers.push(asker);
                } else if let Some(current) = current(world, holder, rule) {
                    kept.push((person, current));
                }
            }
            Life::Disabled | Life::Held | Life::Deleted => {
                if let Some(current) = current(world, holder, rule) {
                    kept.push((person, current));
                }
            }
            Life::Pending => {}
        }
    }
    let namespaces = occupied(world, rule);
    let mut horizon = Horizon::new(world.as_of);
    let requests: Vec<Request> = askers.iter().map(|asker| asker.request.clone()).collect();
    let grants = allocate(&namespaces, &requests, &world.rules.limits, &mut horizon);
    let mut given = Vec::new();
    for (asker, grant) in askers.into_iter().zip(grants) {
        let text = match grant {
            Ok(grant) => {
                if grant.source == GrantSource::Fallback {
                    let message = alloc::format!(
                        "no letter of the name can be used for `{}`; an opaque one was given",
                        rule.name
                    );
                    world.finding(
                        findings,
                        asker.person,
                        &codes::UNUSABLE_NAME,
                        &rule.name,
                        message,
                    );
                }
                grant.text.reveal().clone()
            }
            Err(denied) => {
                let message = match denied {
                    Denied::NoUsableLetter => {
                        alloc::format!("no letter of the name can be used for `{}`", rule.name)
                    }
                    denied => alloc::format!("`{}`: {denied}", rule.name),
                };
                world.finding(findings, asker.person, &codes::NO_NAME, &rule.name, message);
                continue;
            }
        };
        let confirmed = asker.current.as_ref() == Some(&text);
        given.push(Given {
            account: asker.account,
            person: asker.person,
            name: rule.name.clone(),
            held: HeldName {
                text: String::from(&*text),
                confirmed,
                basis: asker.basis,
            },
        });
        if let Some(holder) = world
            .holders
            .get_mut(account)
            .and_then(|holders| holders.get_mut(&asker.person))
        {
            holder.horizon.merge(&asker.horizon);
            holder.horizon.merge(&horizon);
            holder
                .name_opinions
                .insert(rule.name.clone(), Opinion::Set(text.clone()));
            holder.names.insert(rule.name.clone(), text);
        }
    }
    for (person, current) in kept {
        if let Some(holder) = world
            .holders
            .get_mut(account)
            .and_then(|holders| holders.get_mut(&person))
        {
            holder
                .name_opinions
                .insert(rule.name.clone(), Opinion::Keep(KeepCause::Held));
            holder.names.insert(rule.name.clone(), current);
        }
    }
    Ok(given)
}

fn ask(
    world: &World<'_>,
    account: usize,
    row: PersonRow,
    holder: &Holder,
    rule: &NameRule,
    findings: &mut Findings,
) -> Result<Option<Asker>, LimitReached> {
    let person = world.population.person(row);
    let policy = gate::policy(&rule.gate, person.protection);
    let current = current(world, holder, rule);
    // An unreadable flag conceals and replaces nothing.
    let conceals_only = person.protection.conceals_only() && current.is_some();
    let (programs, basis) = match policy {
        _ if conceals_only => return Ok(None),
        GatePolicy::Pass => (&rule.ordinary, basis(world, row, holder, rule)),
        GatePolicy::Alias => match &rule.protected {
            Some(programs) => (
                programs,
                Basis::from([(String::from("alias"), alias_basis(world, row))]),
            ),
            None => return Ok(None),
        },
        GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Task => return Ok(None),
    };
    let mut horizon = Horizon::new(world.as_of);
    let output = alloc::format!("account.{}.{}", account_name(world, account), rule.name);
    let Some((candidates, domain)) = made(
        world,
        account,
        row,
        holder,
        programs,
        &output,
        &mut horizon,
        findings,
    )?
    else {
        return Ok(None);
    };
    let mut request = Request::new(
        holder.key.anchor(),
        rule.name.clone(),
        rule.unique.iter().cloned(),
    );
    let before = world
        .memory
        .accounts
        .get(&holder.key)
        .and_then(|memory| memory.names.get(&*rule.name));
    // A protected person keeps only a name that was made of the alias.
    let made_of_alias = before.is_some_and(|before| before.basis.contains_key("alias"));
    let same_kind = (policy == GatePolicy::Alias) == made_of_alias
        || before.is_none() && policy == GatePolicy::Pass;
    let change = before.map_or(Change::Nothing, |before| {
        change(&before.basis, &basis, &rule.follow)
    });
    // A name that was given and is not confirmed yet is the one that the basis belongs to, whatever the directory still has.
    let intended = before
        .filter(|before| !before.confirmed)
        .map(|before| Text::from(before.text.as_str()));
    if let Some(current) = intended.as_ref().or(current.as_ref())
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
        (Some(before), Change::Nothing) if request.current.is_some() => before.basis.clone(),
        _ => basis,
    };
    request.candidates = candidates.into_iter().map(Secret::new).collect();
    request.number = programs.number.map(|number| Numbering {
        from: number.from,
        width: usize::try_from(number.width).unwrap_or(0),
    });
    request.domain = domain;
    request.longest = rule.longest;
    request.fallback = Some(Secret::new(opaque(world, row)));
    Ok(Some(Asker {
        account,
        person: row,
        basis,
        request,
        horizon,
        current,
    }))
}

/// Candidates for the local part, and the domain; nothing where data is missing.
#[expect(
    clippy::too_many_arguments,
    reason = "one call; a struct would only rename the arguments"
)]
#[expect(clippy::type_complexity, reason = "candidates and a domain, once")]
fn made(
    world: &World<'_>,
    account: usize,
    row: PersonRow,
    holder: &Holder,
    programs: &NamePrograms,
    output: &str,
    horizon: &mut Horizon,
    findings: &mut Findings,
) -> Result<Option<(Vec<Text>, Option<Text>)>, LimitReached> {
    let scope = RuleScope::of(world, row).primary(account, holder.primary);
    let mut candidates = Vec::new();
    let mut error = None;
    for program in &programs.local {
        match world.text(program, &scope, horizon)? {
            Ok(Some(text)) => candidates.push(text),
            Ok(None) => {}
            Err(failed) => error = Some(failed),
        }
    }
    // A pattern that lacks data is passed over while another gives a candidate.
    if let (true, Some(error)) = (candidates.is_empty(), &error) {
        world.not_computed(findings, row, output, error);
        return Ok(None);
    }
    let domain = match &programs.domain {
        None => None,
        Some(program) => match world.text(program, &scope, horizon)? {
            Ok(Some(domain)) => Some(domain),
            Ok(None) => return Ok(None),
            Err(error) => {
                world.not_computed(findings, row, output, &error);
                return Ok(None);
            }
        },
    };
    Ok(Some((candidates, domain)))
}

/// What a reason for a change touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Nothing,
    Domain,
    Local,
}

fn change(before: &Basis, now: &Basis, follow: &[FollowReason]) -> Change {
    let differs = |reason: &FollowReason| {
        let word = reason.word();
        before.contains_key(word) && before.get(word) != now.get(word) && now.contains_key(word)
    };
    let changed: Vec<&FollowReason> = follow.iter().filter(|reason| differs(reason)).collect();
    if changed.is_empty() {
        Change::Nothing
    } else if changed
        .iter()
        .all(|reason| matches!(reason, FollowReason::Employer | FollowReason::Unit))
    {
        Change::Domain
    } else {
        Change::Local
    }
}

/// What a name is made from now, by reason.
fn basis(world: &World<'_>, row: PersonRow, holder: &Holder, rule: &NameRule) -> Basis {
    let mut basis = Basis::new();
    for reason in &rule.follow {
        if let Some(value) = reason_value(world, row, holder, *reason) {
            basis.insert(String::from(reason.word()), value);
        }
    }
    basis
}

fn reason_value(
    world: &World<'_>,
    row: PersonRow,
    holder: &Holder,
    reason: FollowReason,
) -> Option<String> {
    let population = world.population;
    let text = |cell: Option<Cell>| match cell? {
        Cell::Open(text) => Some(String::from(&*text)),
        Cell::Personal(text) => Some(String::from(&**text.reveal())),
        Cell::Link(to) => match population.value(RecordKind::Unit, to.row(), "code")? {
            Cell::Open(code) => Some(String::from(&*code)),
            _ => None,
        },
        Cell::Date(_) | Cell::Count(_) | Cell::Flag(_) => None,
    };
    let of_person = |name| text(population.value(RecordKind::Person, row.row(), name));
    let of_primary = |name| {
        let primary = holder.primary?;
        let kind = population.affiliation(primary).kind.record();
        text(population.value(kind, primary.row(), name))
    };
    match reason {
        FollowReason::Surname => of_person("surname"),
        FollowReason::GivenName => of_person("called_name").or_else(|| of_person("given_name")),
        FollowReason::Number => text(population.value(RecordKind::Number, row.row(), "text")),
        FollowReason::Employer => of_primary("employer").or_else(|| {
            Some(String::from(&*super::account::municipality(
                world,
                holder.primary?,
            )?))
        }),
        FollowReason::Unit => of_primary("unit"),
    }
}

fn alias_basis(world: &World<'_>, row: PersonRow) -> String {
    match world
        .population
        .value(RecordKind::Alias, row.row(), "login")
    {
        Some(Cell::Open(text)) => String::from(&*text),
        _ => String::new(),
    }
}

/// The name that an account has: in the directory or, before its step is confirmed, as intended.
pub(super) fn current(world: &World<'_>, holder: &Holder, rule: &NameRule) -> Option<Text> {
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

/// All that is taken in the namespaces of a name.
fn occupied(world: &World<'_>, rule: &NameRule) -> Namespaces {
    let mut namespaces = Namespaces::new();
    for unique in &rule.unique {
        let Some(space) = world.rules.namespaces.get(unique) else {
            continue;
        };
        for word in &space.reserved {
            namespaces.hold(unique, word, None);
        }
        let holds = |name: &str| space.names.iter().any(|(_, known)| &**known == name);
        let anchors = anchors(world);
        for account in world.directory.accounts.values() {
            let holder = anchors.get(&account.id).cloned();
            if holds("login")
                && let Some(login) = &account.login
            {
                namespaces.hold(unique, login, holder.clone());
            }
            if holds("mail") {
                for address in account.mail.iter().chain(&account.aliases) {
                    namespaces.hold(unique, address, holder.clone());
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
            for (name, held) in &memory.names {
                if space
                    .names
                    .contains(&(key.rule.clone(), Text::from(name.as_str())))
                {
                    namespaces.hold(unique, &held.text, Some(key.anchor()));
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
            for holder in holders.values() {
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

/// Whose each object of the directory is, or is about to be.
fn anchors(world: &World<'_>) -> BTreeMap<crate::directory::ObjectId, Text> {
    let mut anchors: BTreeMap<_, _> = world
        .directory
        .accounts
        .values()
        .filter_map(|account| Some((account.id.clone(), account.anchor.as_ref()?.anchor())))
        .collect();
    for holder in world.holders.iter().flat_map(BTreeMap::values) {
        if let Some(id) = &holder.existing {
            anchors.insert(id.clone(), holder.key.anchor());
        }
    }
    anchors
}

fn account_name(world: &World<'_>, account: usize) -> Text {
    world
        .rules
        .accounts
        .get(account)
        .map_or_else(|| Text::from(""), |rule| rule.name.clone())
}

/// A name that tells nothing: of the person's key.
fn opaque(world: &World<'_>, row: PersonRow) -> Text {
    let key = world.population.person(row).key.to_hex();
    Text::from(alloc::format!("u{}", key.get(..8).unwrap_or(&key)))
}
