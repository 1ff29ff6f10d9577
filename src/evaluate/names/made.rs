//! How a name is made: candidates for its local part, a domain, a number; and what of that is asked of the allocator.
//!
//! Nothing here looks at what is taken.

use alloc::string::String;
use alloc::vec::Vec;

use super::basis::ALIAS;
use super::basis::alias_basis;
use super::basis::basis;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Secret;
use crate::base::Text;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::DataError;
use crate::ledger::Basis;
use crate::model::PersonRow;
use crate::naming::Numbering;
use crate::naming::Request;
use crate::rules::GatePolicy;
use crate::rules::NamePrograms;
use crate::rules::NameRule;

/// How the further accounts of one person are told apart in a namespace, where the rules do not say.
const FURTHER_ACCOUNTS: Numbering = Numbering { from: 2, width: 1 };

/// What the programs of a name give.
pub(in crate::evaluate) struct Made {
    /// Candidates, each with the position of the program that gives it.
    pub(in crate::evaluate) candidates: Vec<(usize, Text)>,
    pub(in crate::evaluate) domain: Option<Text>,
}

/// The programs that make a name under a policy, and what it is made from; none where it is left out.
pub(in crate::evaluate) fn made_from<'r>(
    world: &World<'_>,
    holder: &Holder,
    rule: &'r NameRule,
    policy: GatePolicy,
) -> Option<(&'r NamePrograms, Basis)> {
    let row = holder.person;
    match policy {
        GatePolicy::Pass | GatePolicy::Include => {
            Some((&rule.ordinary, basis(world, row, holder, rule)))
        }
        GatePolicy::Alias => {
            let programs = rule.protected.as_ref();
            let programs = programs.filter(|programs| gate::is_open(programs.all()))?;
            let basis = Basis::from([(String::from(ALIAS), alias_basis(world, row))]);
            Some((programs, basis))
        }
        GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Task => None,
    }
}

/// Candidates for the local part, and the domain; or what data is missing for, where that is an error.
pub(in crate::evaluate) fn made(
    world: &World<'_>,
    account: usize,
    holder: &Holder,
    programs: &NamePrograms,
    horizon: &mut Horizon,
) -> Result<Result<Made, Option<DataError>>, LimitReached> {
    let scope = RuleScope::of(world, holder.person).account(account, holder);
    let mut candidates = Vec::new();
    let mut error = None;
    for (position, program) in programs.local.iter().enumerate() {
        match world.text(program, &scope, horizon)? {
            Ok(Some(text)) => candidates.push((position, text)),
            Ok(None) => {}
            Err(failed) => error = Some(failed),
        }
    }
    // A pattern that lacks data is passed over while another gives a candidate.
    if candidates.is_empty() && error.is_some() {
        return Ok(Err(error));
    }
    let domain = match &programs.domain {
        None => None,
        Some(program) => match world.text(program, &scope, horizon)? {
            Ok(Some(domain)) => Some(domain),
            Ok(None) => return Ok(Err(None)),
            Err(error) => return Ok(Err(Some(error))),
        },
    };
    Ok(Ok(Made { candidates, domain }))
}

/// What is asked of the allocator, but for what the account has already.
pub(in crate::evaluate) fn request(
    world: &World<'_>,
    holder: &Holder,
    rule: &NameRule,
    programs: &NamePrograms,
    made: &Made,
    policy: GatePolicy,
) -> Request {
    let mut request = Request::new(
        holder.key.anchor(),
        rule.name.clone(),
        rule.unique.iter().cloned(),
    );
    let candidates = made.candidates.iter();
    request.candidates = candidates
        .map(|(_, text)| Secret::new(text.clone()))
        .collect();
    let number = programs.number.map(|number| Numbering {
        from: number.from,
        width: usize::try_from(number.width).unwrap_or(0),
    });
    // One alias serves all accounts of a person: in a namespace that they share, all but the first get a number.
    request.number = number.or((policy == GatePolicy::Alias).then_some(FURTHER_ACCOUNTS));
    request.domain.clone_from(&made.domain);
    request.longest = rule.longest;
    request.forbidden = rule.unwanted.clone();
    request.fallback = Some(Secret::new(opaque(world, holder.person)));
    request
}

/// A name that tells nothing: of the person's key.
fn opaque(world: &World<'_>, row: PersonRow) -> Text {
    let key = world.population.person(row).key.to_hex();
    Text::from(alloc::format!("u{}", key.get(..8).unwrap_or(&key)))
}
