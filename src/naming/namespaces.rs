//! Which names are occupied, namespace by namespace: held now, or reserved until a day for who had them.
//!
//! Names are compared folded ([`fold_case`]), so that `Åsa` and `asa` are one name. It decides nothing about requests.
//! Nothing depends on the order in which names are put in, the horizon included.

use core::fmt;

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::base::FOREVER;
use crate::base::Horizon;
use crate::base::Text;
use crate::base::fold_case;

/// The namespaces by name, with what is occupied in each. A namespace of which nothing is known is empty.
#[derive(Clone, Default)]
pub struct Namespaces {
    by_name: BTreeMap<Text, Occupied>,
}

/// What is occupied in one namespace.
#[derive(Clone, Default)]
struct Occupied {
    claims: BTreeMap<String, Vec<Claim>>,
    by_holder: BTreeMap<Text, BTreeSet<String>>,
}

/// One word on a name. There is at most one of each holder for a name.
#[derive(Clone)]
struct Claim {
    /// `None` is an unmanaged object.
    holder: Option<Text>,
    term: Term,
}

/// How long a claim stands. A later term is a stronger one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    ReservedUntil(NaiveDate),
    Held,
}

/// What the claims on a name mean to one holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The holder has it now.
    pub(super) held: bool,
    /// The last day of the holder's own claim, [`FOREVER`] where it has no end.
    pub(super) own_until: Option<NaiveDate>,
    /// Somebody else holds it or has it reserved.
    pub(super) others: bool,
}

impl Namespaces {
    /// No namespace, nothing occupied.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that a name is in use: by a holder, or by an unmanaged object (`None`).
    pub fn hold(&mut self, namespace: &str, name: &str, holder: Option<Text>) {
        self.claim(namespace, fold_case(name), holder, Term::Held);
    }

    /// Says that a retired name is nobody's but its old holder's before the day `until` ([`FOREVER`]: never anybody else's).
    pub fn reserve(&mut self, namespace: &str, name: &str, holder: Text, until: NaiveDate) {
        let term = Term::ReservedUntil(until);
        self.claim(namespace, fold_case(name), Some(holder), term);
    }

    /// Whether a holder may take a name that it has not: nobody else holds it or has it reserved. The answer may change
    /// when a reservation ends, which the horizon is told.
    pub fn is_free(
        &self,
        namespace: &str,
        name: &str,
        holder: &str,
        horizon: &mut Horizon,
    ) -> bool {
        !self
            .standing(namespace, &fold_case(name), holder, horizon)
            .others
    }

    /// Who has a name on a day: each holder, `None` for an unmanaged object, and whether it is held or only reserved.
    pub fn claims(
        &self,
        namespace: &str,
        name: &str,
        as_of: NaiveDate,
    ) -> Vec<(Option<Text>, bool)> {
        let occupied = self.by_name.get(namespace);
        let claims = occupied.and_then(|occupied| occupied.claims.get(&fold_case(name)));
        let stands = |claim: &&Claim| match claim.term {
            Term::Held => true,
            Term::ReservedUntil(until) => as_of < until,
        };
        let claims = claims.into_iter().flatten().filter(stands);
        claims
            .map(|claim| (claim.holder.clone(), claim.term == Term::Held))
            .collect()
    }

    /// How many names are occupied in a namespace, those included whose reservation has ended.
    pub fn n_occupied(&self, namespace: &str) -> usize {
        self.by_name
            .get(namespace)
            .map_or(0, |occupied| occupied.claims.len())
    }

    pub(super) fn hold_folded(&mut self, namespace: &Text, folded: &str, holder: &Text) {
        let holder = Some(Text::clone(holder));
        self.claim(namespace, String::from(folded), holder, Term::Held);
    }

    /// What the claims on a folded name mean to a holder. All of them are looked at, so that the horizon does not depend
    /// on their order.
    pub(super) fn standing(
        &self,
        namespace: &str,
        folded: &str,
        holder: &str,
        horizon: &mut Horizon,
    ) -> Standing {
        let claims = self
            .by_name
            .get(namespace)
            .and_then(|occupied| occupied.claims.get(folded));
        let mut standing = Standing::default();
        for claim in claims.into_iter().flatten() {
            let until = match claim.term {
                Term::Held | Term::ReservedUntil(FOREVER) => FOREVER,
                Term::ReservedUntil(until) if horizon.reached(until) => continue,
                Term::ReservedUntil(until) => until,
            };
            if claim.holder.as_deref() == Some(holder) {
                standing.held = claim.term == Term::Held;
                standing.own_until = Some(until);
            } else {
                standing.others = true;
            }
        }
        standing
    }

    /// The folded names of a holder in a namespace, in alphabetical order.
    pub(super) fn names_of(&self, namespace: &str, holder: &str) -> impl Iterator<Item = &str> {
        self.by_name
            .get(namespace)
            .and_then(|occupied| occupied.by_holder.get(holder))
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    fn claim(&mut self, namespace: &str, folded: String, holder: Option<Text>, term: Term) {
        if !self.by_name.contains_key(namespace) {
            self.by_name
                .insert(Text::from(namespace), Occupied::default());
        }
        let Some(occupied) = self.by_name.get_mut(namespace) else {
            return;
        };
        if let Some(holder) = &holder {
            let names = occupied.by_holder.entry(Text::clone(holder)).or_default();
            names.insert(folded.clone());
        }
        let claims = occupied.claims.entry(folded).or_default();
        match claims.iter_mut().find(|claim| claim.holder == holder) {
            Some(claim) => claim.term = claim.term.max(term),
            None => claims.push(Claim { holder, term }),
        }
    }
}

impl Standing {
    /// The stronger of two words on one name.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            held: self.held || other.held,
            own_until: self.own_until.max(other.own_until),
            others: self.others || other.others,
        }
    }
}

impl fmt::Debug for Namespaces {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self
            .by_name
            .iter()
            .map(|(name, occupied)| (name, occupied.claims.len()));
        formatter.write_str("Namespaces ")?;
        formatter.debug_map().entries(counts).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn a_reserved_name_is_its_old_holders_only_until_the_day() {
        let mut namespaces = Namespaces::new();
        namespaces.reserve("login", "annber", Text::from("a"), day(20));
        let free = |holder, as_of, horizon: &mut Horizon| {
            *horizon = Horizon::new(as_of);
            namespaces.is_free("login", "AnnBer", holder, horizon)
        };
        let mut horizon = Horizon::new(day(1));
        assert!(free("a", day(19), &mut horizon));
        assert!(!free("b", day(19), &mut horizon));
        assert_eq!(horizon.recheck_on(), Some(day(20)));
        assert!(free("b", day(20), &mut horizon));
        assert_eq!(horizon.recheck_on(), None);
        assert!(namespaces.is_free("address", "annber", "b", &mut horizon));
    }

    #[test]
    fn for_ever_is_for_ever_and_an_unmanaged_object_is_nobodys() {
        let mut namespaces = Namespaces::new();
        namespaces.reserve("login", "annber", Text::from("a"), FOREVER);
        namespaces.hold("login", "root", None);
        let mut horizon = Horizon::new(FOREVER);
        assert!(!namespaces.is_free("login", "annber", "b", &mut horizon));
        assert!(!namespaces.is_free("login", "ROOT", "a", &mut horizon));
    }

    #[test]
    fn the_stronger_claim_of_one_holder_stays_in_either_order() {
        for turned in [false, true] {
            let mut namespaces = Namespaces::new();
            let mut steps = [
                Term::ReservedUntil(day(5)),
                Term::Held,
                Term::ReservedUntil(day(9)),
            ];
            if turned {
                steps.reverse();
            }
            for term in steps {
                let holder = Some(Text::from("a"));
                namespaces.claim("login", String::from("annber"), holder, term);
            }
            let standing = namespaces.standing("login", "annber", "a", &mut Horizon::new(day(20)));
            assert!(standing.held && !standing.others);
            assert_eq!(namespaces.n_occupied("login"), 1);
        }
    }

    #[test]
    fn debug_shows_counts_only() {
        let mut namespaces = Namespaces::new();
        namespaces.hold("login", "hemlig", Some(Text::from("a")));
        assert_eq!(
            alloc::format!("{namespaces:?}"),
            r#"Namespaces {"login": 1}"#
        );
    }
}
