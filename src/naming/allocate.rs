//! The allocator: who gets which name.
//!
//! Names are given in four rounds, in each in the order of (holder, name): who holds a name, or asks to keep one that is
//! free, keeps it; a local part follows to a new domain; who comes back gets the old name again; then the
//! newcomers, candidate by candidate and number by number. Nothing is freed by a batch: what is occupied when it begins is
//! occupied when it ends.
//!
//! Not here: what candidates there are, whether a name has to change, and counting (`numbering.rs`). The laws of both are
//! in `laws.rs`.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::asked::Asked;
use super::namespaces::Namespaces;
use super::namespaces::Standing;
use super::numbering::NumberRow;
use super::request::Denied;
use super::request::Grant;
use super::request::GrantSource;
use super::request::Request;
use crate::base::Horizon;
use crate::base::Limits;
use crate::base::Secret;
use crate::base::Text;
use crate::base::fold_case;

/// Gives each request a name or a denial, in the order of the requests. No name that is new to its holder is anybody
/// else's, in what is occupied or in the batch.
pub fn allocate(
    namespaces: &Namespaces,
    requests: &[Request],
    limits: &Limits,
    horizon: &mut Horizon,
) -> Vec<Result<Grant, Denied>> {
    let mut asked: Vec<Asked<'_>> = requests
        .iter()
        .enumerate()
        .map(|(index, request)| Asked::new(index, request))
        .collect();
    asked.sort_by(Asked::before);
    let mut batch = Batch {
        occupied: namespaces,
        given: Namespaces::new(),
        next_numbers: BTreeMap::new(),
        name_candidates: limits.name_candidates,
        horizon,
    };
    let mut answers: Vec<(usize, Result<Grant, Denied>)> = Vec::with_capacity(requests.len());
    for round in Round::ALL {
        asked.retain(|asked| match batch.serve(round, asked) {
            Some(answer) => {
                answers.push((asked.index, answer));
                false
            }
            None => true,
        });
    }
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The rounds in which names are given.
#[derive(Clone, Copy)]
enum Round {
    Keep,
    KeepLocal,
    Return,
    New,
}

impl Round {
    const ALL: [Self; 4] = [Self::Keep, Self::KeepLocal, Self::Return, Self::New];
}

/// A batch under way.
pub(super) struct Batch<'a, 'b> {
    pub(super) occupied: &'a Namespaces,
    pub(super) given: Namespaces,
    /// For each row the first number that nobody was seen to have. A number before it is somebody's.
    pub(super) next_numbers: BTreeMap<NumberRow<'a>, u32>,
    pub(super) name_candidates: u32,
    horizon: &'b mut Horizon,
}

impl<'a> Batch<'a, '_> {
    fn serve(&mut self, round: Round, asked: &Asked<'a>) -> Option<Result<Grant, Denied>> {
        match round {
            Round::Keep => self.keep(asked).map(Ok),
            Round::KeepLocal => self.keep_local(asked).map(Ok),
            Round::Return => self.give_back(asked).map(Ok),
            Round::New => Some(self.give_new(asked)),
        }
    }

    fn keep(&mut self, asked: &Asked<'a>) -> Option<Grant> {
        let text = asked.current()?;
        let folded = fold_case(text);
        let (mut keeps, mut contested) = (true, false);
        for namespace in &asked.namespaces {
            let standing = self.standing(asked, namespace, &folded);
            keeps &= standing.held || !standing.others;
            contested |= standing.others;
        }
        if !keeps {
            return None;
        }
        let mut grant = self.give(asked, text, GrantSource::Kept);
        grant.contested = contested;
        Some(grant)
    }

    fn keep_local(&mut self, asked: &Asked<'a>) -> Option<Grant> {
        let local = asked.keep_local()?;
        self.give_if_free(asked, &asked.whole(local), GrantSource::KeptLocal)
    }

    /// The name that the holder had last, of those that the request could give and that are free but for its holder.
    fn give_back(&mut self, asked: &Asked<'a>) -> Option<Grant> {
        let occupied = self.occupied;
        let mut best: Option<(NaiveDate, String)> = None;
        for namespace in &asked.namespaces {
            for folded in occupied.names_of(namespace, &asked.request.holder) {
                let Some(local) = asked.fitting(folded) else {
                    continue;
                };
                let standing = self.standing_in_all(asked, folded);
                let Some(until) = standing.own_until.filter(|_| !standing.others) else {
                    continue;
                };
                // Of two that end on one day the shorter, then the first by the alphabet.
                let better = best.as_ref().is_none_or(|(best_until, best_local)| {
                    best_until
                        .cmp(&until)
                        .then_with(|| local.len().cmp(&best_local.len()))
                        .then_with(|| local.cmp(best_local))
                        .is_lt()
                });
                if better {
                    best = Some((until, local));
                }
            }
        }
        let (_, local) = best?;
        Some(self.give(asked, &asked.whole(&local), GrantSource::Returned))
    }

    fn give_new(&mut self, asked: &Asked<'a>) -> Result<Grant, Denied> {
        let n_allowed = self.allowed_candidates(asked);
        if asked.usable.is_empty() {
            let Some(fallback) = asked.fallback() else {
                return Err(if asked.has_letter {
                    Denied::Forbidden
                } else {
                    Denied::NoUsableLetter
                });
            };
            let whole = asked.whole(fallback);
            return self
                .give_if_free(asked, &whole, GrantSource::Fallback)
                .ok_or(Denied::Exhausted { allowed: 1 });
        }
        for (index, local) in &asked.usable {
            if u32::try_from(*index).is_ok_and(|index| index < n_allowed) {
                let source = GrantSource::Candidate(*index);
                if let Some(grant) = self.give_if_free(asked, &asked.whole(local), source) {
                    return Ok(grant);
                }
            }
        }
        self.give_numbered(asked)
            .ok_or(Denied::Exhausted { allowed: n_allowed })
    }

    /// How many candidates may be tried, the numbered ones included.
    fn allowed_candidates(&self, asked: &Asked<'a>) -> u32 {
        let n_plain = u32::try_from(asked.request.candidates.len()).unwrap_or(u32::MAX);
        match asked.request.number {
            Some(_) => self.name_candidates,
            None => n_plain.min(self.name_candidates),
        }
    }

    pub(super) fn give_if_free(
        &mut self,
        asked: &Asked<'a>,
        text: &str,
        source: GrantSource,
    ) -> Option<Grant> {
        let standing = self.standing_in_all(asked, &fold_case(text));
        (!standing.others).then(|| self.give(asked, text, source))
    }

    fn give(&mut self, asked: &Asked<'a>, text: &str, source: GrantSource) -> Grant {
        let folded = fold_case(text);
        for namespace in &asked.namespaces {
            self.given
                .hold_folded(namespace, &folded, &asked.request.holder);
        }
        Grant {
            text: Secret::new(Text::from(text)),
            source,
            contested: false,
        }
    }

    fn standing(&mut self, asked: &Asked<'a>, namespace: &str, folded: &str) -> Standing {
        let holder = &asked.request.holder;
        let occupied = self
            .occupied
            .standing(namespace, folded, holder, self.horizon);
        let given = self.given.standing(namespace, folded, holder, self.horizon);
        // A name that the batch gave is nothing that its holder had before.
        Standing {
            own_until: occupied.own_until,
            ..occupied.and(given)
        }
    }

    pub(super) fn standing_in_all(&mut self, asked: &Asked<'a>, folded: &str) -> Standing {
        asked
            .namespaces
            .iter()
            .map(|namespace| self.standing(asked, namespace, folded))
            .fold(Standing::default(), Standing::and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FOREVER;
    use crate::naming::Numbering;
    use alloc::format;
    use alloc::sync::Arc;
    use alloc::vec;

    fn text(text: &str) -> Text {
        Text::from(text)
    }

    fn secret(text: &str) -> Secret<Text> {
        Secret::new(Text::from(text))
    }

    fn horizon() -> Horizon {
        Horizon::new(day(10))
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn login(holder: &str, candidates: &[&str]) -> Request {
        Request {
            candidates: candidates.iter().map(|local| secret(local)).collect(),
            number: Some(Numbering { from: 2, width: 2 }),
            ..Request::new(holder, "login", [text("login")])
        }
    }

    fn mail(holder: &str, domain: &str) -> Request {
        Request {
            candidates: vec![secret("anna.berg")],
            number: Some(Numbering { from: 2, width: 1 }),
            domain: Some(text(domain)),
            ..Request::new(holder, "mail", [text("address")])
        }
    }

    fn given(namespaces: &Namespaces, requests: &[Request]) -> Vec<Result<Text, Denied>> {
        allocate(namespaces, requests, &Limits::default(), &mut horizon())
            .into_iter()
            .map(|answer| answer.map(|grant| Text::clone(grant.text.reveal())))
            .collect()
    }

    fn sources(namespaces: &Namespaces, requests: &[Request]) -> Vec<GrantSource> {
        allocate(namespaces, requests, &Limits::default(), &mut horizon())
            .into_iter()
            .map(|answer| answer.unwrap().source)
            .collect()
    }

    #[test]
    fn newcomers_are_served_by_key_and_answered_in_request_order() {
        let requests = [
            login("c", &["annber"]),
            login("b", &["annber", "anberg"]),
            login("a", &["AnnBer"]),
        ];
        let names = given(&Namespaces::new(), &requests);
        assert_eq!(
            names,
            [Ok(text("annber02")), Ok(text("anberg")), Ok(text("AnnBer"))]
        );
    }

    #[test]
    fn a_holder_keeps_its_name_against_smaller_keys_and_contested() {
        let mut namespaces = Namespaces::new();
        namespaces.hold("login", "annber", Some(text("z")));
        namespaces.hold("login", "carl", Some(text("y")));
        namespaces.hold("login", "carl", None);
        let keeps = |holder: &str, current: &str| Request {
            current: Some(secret(current)),
            ..login(holder, &["other"])
        };
        let requests = [
            login("a", &["annber"]),
            keeps("z", "annber"),
            keeps("y", "carl"),
            keeps("b", "annber"),
            keeps("c", "free"),
            keeps("d", "FREE"),
        ];
        let answers = allocate(&namespaces, &requests, &Limits::default(), &mut horizon());
        let told: Vec<(&str, bool)> = answers
            .iter()
            .map(|answer| answer.as_ref().unwrap())
            .map(|grant| (&**grant.text.reveal(), grant.contested))
            .collect();
        assert_eq!(
            told,
            [
                ("annber02", false),
                ("annber", false),
                ("carl", true),
                ("other", false),
                ("free", false),
                ("other02", false),
            ]
        );
    }

    #[test]
    fn who_comes_back_gets_the_reserved_name_and_nobody_else_does() {
        let mut namespaces = Namespaces::new();
        namespaces.reserve("address", "anna.berg3@x.se", text("b"), day(20));
        namespaces.reserve("address", "anna.berg2@x.se", text("b"), day(15));
        namespaces.reserve("address", "anna.berg4@y.se", text("b"), FOREVER);
        namespaces.reserve("address", "anna.berg@x.se", text("q"), day(9));
        namespaces.reserve("address", "anna.berg5@x.se", text("q"), FOREVER);
        let requests = ["a", "b", "c", "d", "e"].map(|holder| mail(holder, "x.se"));
        let mut horizon = horizon();
        let answers = allocate(&namespaces, &requests, &Limits::default(), &mut horizon);
        let told: Vec<(&str, GrantSource)> = answers
            .iter()
            .map(|answer| answer.as_ref().unwrap())
            .map(|grant| (&**grant.text.reveal(), grant.source))
            .collect();
        assert_eq!(
            told,
            [
                ("anna.berg@x.se", GrantSource::Candidate(0)),
                ("anna.berg3@x.se", GrantSource::Returned),
                ("anna.berg4@x.se", GrantSource::Numbered(4)),
                ("anna.berg6@x.se", GrantSource::Numbered(6)),
                ("anna.berg7@x.se", GrantSource::Numbered(7)),
            ]
        );
        assert_eq!(horizon.recheck_on(), Some(day(15)));
    }

    #[test]
    fn what_the_rule_no_longer_gives_is_not_given_back() {
        let mut namespaces = Namespaces::new();
        namespaces.reserve("login", "annber02", text("a"), FOREVER);
        let returns = |request: Request| sources(&namespaces, &[request])[0];
        assert_eq!(returns(login("a", &["annber"])), GrantSource::Returned);
        let from_3 = Request {
            number: Some(Numbering { from: 3, width: 2 }),
            ..login("a", &["annber"])
        };
        assert_eq!(returns(from_3), GrantSource::Candidate(0));
        let wider = Request {
            number: Some(Numbering { from: 2, width: 3 }),
            ..login("a", &["annber"])
        };
        assert_eq!(returns(wider), GrantSource::Candidate(0));
        assert_eq!(returns(login("a", &["annlund"])), GrantSource::Candidate(0));
    }

    #[test]
    fn a_local_part_follows_to_a_new_domain_before_newcomers_come() {
        let mover = Request {
            keep_local: Some(secret("anna.berg2")),
            ..mail("z", "y.se")
        };
        let mut namespaces = Namespaces::new();
        namespaces.hold("address", "anna.berg2@x.se", Some(text("z")));
        namespaces.hold("address", "anna.berg@y.se", None);
        let requests = [mail("a", "y.se"), mover];
        assert_eq!(
            given(&namespaces, &requests),
            [Ok(text("anna.berg3@y.se")), Ok(text("anna.berg2@y.se"))]
        );
        assert_eq!(sources(&namespaces, &requests)[1], GrantSource::KeptLocal);
        namespaces.hold("address", "anna.berg2@y.se", None);
        assert_eq!(
            given(&namespaces, &requests),
            [Ok(text("anna.berg3@y.se")), Ok(text("anna.berg4@y.se"))]
        );
    }

    #[test]
    fn a_name_is_unique_in_all_its_namespaces_and_never_in_its_holders_way() {
        let mut namespaces = Namespaces::new();
        namespaces.hold("group", "annber", None);
        namespaces.hold("login", "annber02", Some(text("a")));
        let both = Request {
            namespaces: vec![text("login"), text("group")],
            ..login("a", &["annber"])
        };
        let other = Request {
            name: text("sam"),
            ..both.clone()
        };
        assert_eq!(
            given(&namespaces, &[both, other]),
            [Ok(text("annber02")), Ok(text("annber02"))]
        );
    }

    #[test]
    fn what_cannot_be_used_falls_back_or_is_denied() {
        let taken = Namespaces::new();
        let forbidden = Request {
            forbidden: Arc::from([text("nab"), text("")]),
            ..login("a", &["annabe", "annber", "anberg2nab"])
        };
        assert_eq!(
            sources(&taken, core::slice::from_ref(&forbidden)),
            [GrantSource::Candidate(1)]
        );
        let only = Request {
            forbidden: Arc::from([text("ann")]),
            ..login("a", &["annabe"])
        };
        assert_eq!(
            given(&taken, core::slice::from_ref(&only)),
            [Err(Denied::Forbidden)]
        );
        let numbered = Request {
            forbidden: Arc::from([text("r02")]),
            ..login("b", &["annber"])
        };
        assert_eq!(
            given(
                &taken,
                &[login("a", &["annber"]), numbered, login("c", &["annber"])]
            ),
            [
                Ok(text("annber")),
                Ok(text("annber03")),
                Ok(text("annber02"))
            ]
        );
        let empty = login("a", &["", "-1"]);
        assert_eq!(
            given(&taken, core::slice::from_ref(&empty)),
            [Err(Denied::NoUsableLetter)]
        );
        let opaque = Request {
            fallback: Some(secret("u7f3a")),
            ..empty
        };
        let second = Request {
            holder: text("b"),
            ..opaque.clone()
        };
        assert_eq!(
            given(&taken, &[opaque, second]),
            [Ok(text("u7f3a")), Err(Denied::Exhausted { allowed: 1 })]
        );
    }

    #[test]
    fn debug_shows_no_name() {
        let request = Request {
            current: Some(secret("hemlig")),
            keep_local: Some(secret("hemlig")),
            fallback: Some(secret("hemlig")),
            ..login("a", &["hemlig"])
        };
        let answers = allocate(
            &Namespaces::new(),
            core::slice::from_ref(&request),
            &Limits::default(),
            &mut horizon(),
        );
        assert!(!format!("{request:?} {answers:?}").contains("hemlig"));
    }
}
