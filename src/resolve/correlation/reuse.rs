//! Whether a record id that should never stand for somebody else does so after all.
//!
//! Keeps true: a change of number alone, of name alone or of birth date alone is no sign; only a jump of the birth date or the sex
//! together with the whole name is.

use super::candidates::Candidate;
use crate::base::fold_case;
use crate::identity::IdentityNumber;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::Fact;
use crate::resolve::facts::fact::Fields;
use crate::resolve::facts::fact::Said;
use crate::resolve::facts::fact::World;
use crate::resolve::facts::fact::said;

/// Whether a record of a candidate jumped to another person together with its number.
pub(in crate::resolve) fn looks_reused(
    world: &World<'_>,
    candidate: &Candidate,
    before: &IdentityNumber,
    now: &IdentityNumber,
) -> bool {
    candidate
        .facts
        .iter()
        .map(|row| world.facts.at(*row))
        .any(|fact| {
            fact.before.as_ref().is_some_and(|last| {
                renamed(last, fact)
                    && (born_otherwise(last, fact, before, now) || other_sex(before, now))
            })
        })
}

fn renamed(last: &Fields, fact: &Fact) -> bool {
    ["given_name", "surname"]
        .iter()
        .all(|field| match (said(last, field), fact.said(field)) {
            (Said::Value(one), Said::Value(two)) => fold_case(one) != fold_case(two),
            _ => false,
        })
}

fn born_otherwise(
    last: &Fields,
    fact: &Fact,
    before: &IdentityNumber,
    now: &IdentityNumber,
) -> bool {
    let date = |said: Said<'_>, number: &IdentityNumber| match said {
        Said::Value(text) => convert::birth_date(text)
            .ok()
            .flatten()
            .or_else(|| number.birth_date()),
        Said::Silent | Said::Empty => number.birth_date(),
    };
    let pair = (
        date(said(last, "birth_date"), before),
        date(fact.said("birth_date"), now),
    );
    matches!(pair, (Some(one), Some(two)) if one != two)
}

fn other_sex(before: &IdentityNumber, now: &IdentityNumber) -> bool {
    matches!((before.sex(), now.sex()), (Some(one), Some(two)) if one != two)
}
