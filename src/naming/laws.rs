//! The laws of the allocator, held against a plain reference that knows no index, no hint and no horizon.
//!
//! Values come from small pools, so that names collide all the time. Tests only.

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use chrono::NaiveDate;
    use proptest::prelude::*;
    use proptest::sample::select;

    use crate::base::FOREVER;
    use crate::base::Horizon;
    use crate::base::Limits;
    use crate::base::Secret;
    use crate::base::Text;
    use crate::base::fold_case;
    use crate::base::trials_of;
    use crate::naming::Denied;
    use crate::naming::Grant;
    use crate::naming::GrantSource;
    use crate::naming::Namespaces;
    use crate::naming::Numbering;
    use crate::naming::Request;
    use crate::naming::allocate;

    /// One thing that is occupied; `until` is set where the name is reserved.
    #[derive(Clone, Debug)]
    struct Taken {
        namespace: Text,
        name: Text,
        holder: Option<Text>,
        until: Option<NaiveDate>,
    }

    type Answer = Result<(String, GrantSource), Denied>;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn as_of() -> NaiveDate {
        day(10)
    }

    fn namespaces_of(taken: &[Taken]) -> Namespaces {
        let mut namespaces = Namespaces::new();
        for one in taken {
            match (&one.holder, one.until) {
                (Some(holder), Some(until)) => {
                    namespaces.reserve(&one.namespace, &one.name, Text::clone(holder), until);
                }
                (holder, _) => namespaces.hold(&one.namespace, &one.name, holder.clone()),
            }
        }
        namespaces
    }

    fn answers(
        taken: &[Taken],
        requests: &[Request],
        limits: &Limits,
    ) -> (Vec<Answer>, Option<NaiveDate>) {
        let mut horizon = Horizon::new(as_of());
        let answers = allocate(&namespaces_of(taken), requests, limits, &mut horizon);
        let answers = answers
            .into_iter()
            .map(|answer| {
                answer.map(|grant: Grant| (String::from(&**grant.text.reveal()), grant.source))
            })
            .collect();
        (answers, horizon.recheck_on())
    }

    // The reference: lists, searched from the start each time.

    fn others(taken: &[Taken], request: &Request, name: &str) -> bool {
        taken
            .iter()
            .any(|one| stands(one, request, name) && one.holder.as_ref() != Some(&request.holder))
    }

    /// Whether something that is occupied concerns a name of a request.
    fn stands(one: &Taken, request: &Request, name: &str) -> bool {
        request.namespaces.contains(&one.namespace)
            && fold_case(&one.name) == fold_case(name)
            && one.until.is_none_or(|until| as_of() < until)
    }

    fn whole(request: &Request, local: &str) -> String {
        match &request.domain {
            Some(domain) => format!("{local}@{domain}"),
            None => String::from(local),
        }
    }

    fn shortened(local: &str, longest: usize) -> String {
        if local.chars().count() <= longest {
            return String::from(local);
        }
        let short: String = local.chars().take(longest).collect();
        String::from(short.trim_end_matches(['.', '-']))
    }

    fn clean(request: &Request, local: &str) -> bool {
        !request.forbidden.iter().any(|word| local.contains(&**word))
    }

    /// All that a request could be given, in order: the candidates, then so many numbers.
    fn wishes(request: &Request, n_numbers: u32) -> Vec<(String, GrantSource)> {
        let mut wishes = Vec::new();
        let mut stem = None;
        for (index, candidate) in request.candidates.iter().enumerate() {
            let local = shortened(candidate.reveal(), request.longest);
            if local.chars().any(char::is_alphabetic) && clean(request, &local) {
                wishes.push((whole(request, &local), GrantSource::Candidate(index)));
                stem = Some(candidate.reveal());
            }
        }
        if let (Some(stem), Some(number)) = (stem, request.number) {
            for value in (number.from..=u32::MAX).take(usize::try_from(n_numbers).unwrap()) {
                let digits = format!("{value:0width$}", width = number.width);
                let Some(room) = request.longest.checked_sub(digits.len()) else {
                    break;
                };
                let stem = shortened(stem, room);
                let local = format!("{stem}{digits}");
                if stem.chars().any(char::is_alphabetic) && clean(request, &local) {
                    wishes.push((whole(request, &local), GrantSource::Numbered(value)));
                }
            }
        }
        wishes
    }

    /// The first of those that are one name.
    fn distinct(wishes: Vec<(String, GrantSource)>) -> Vec<(String, GrantSource)> {
        let mut distinct: Vec<(String, GrantSource)> = Vec::new();
        for wish in wishes {
            if !distinct
                .iter()
                .any(|(name, _)| fold_case(name) == fold_case(&wish.0))
            {
                distinct.push(wish);
            }
        }
        distinct
    }

    fn reference(taken: &[Taken], requests: &[Request], limits: &Limits) -> Vec<Answer> {
        let mut order: Vec<usize> = (0..requests.len()).collect();
        order.sort_by_key(|index| {
            let request = &requests[*index];
            (Text::clone(&request.holder), Text::clone(&request.name))
        });
        let mut all: Vec<Taken> = taken.to_vec();
        let mut results: Vec<Option<Answer>> = requests.iter().map(|_| None).collect();
        for round in 0..5 {
            for index in &order {
                let request = &requests[*index];
                if results[*index].is_some() {
                    continue;
                }
                let Some(answer) = round_of(round, taken, &all, request, limits) else {
                    continue;
                };
                if let Ok((name, _)) = &answer {
                    all.extend(request.namespaces.iter().map(|namespace| Taken {
                        namespace: Text::clone(namespace),
                        name: Text::from(name.as_str()),
                        holder: Some(Text::clone(&request.holder)),
                        until: None,
                    }));
                }
                results[*index] = Some(answer);
            }
        }
        results.into_iter().map(Option::unwrap).collect()
    }

    fn round_of(
        round: u8,
        taken: &[Taken],
        all: &[Taken],
        request: &Request,
        limits: &Limits,
    ) -> Option<Answer> {
        let in_one = |namespace: &Text| Request {
            namespaces: Vec::from([Text::clone(namespace)]),
            ..request.clone()
        };
        match round {
            0 | 1 => {
                let current = &**request.current.as_ref()?.reveal();
                let held = |namespace: &Text| {
                    taken.iter().any(|one| {
                        stands(one, &in_one(namespace), current)
                            && one.until.is_none()
                            && one.holder.as_ref() == Some(&request.holder)
                    })
                };
                let keeps = request.namespaces.iter().all(|namespace| {
                    held(namespace) || (round == 1 && !others(all, &in_one(namespace), current))
                });
                keeps.then(|| Ok((String::from(current), GrantSource::Kept)))
            }
            2 => {
                let local = &**request.keep_local.as_ref()?.reveal();
                let name = whole(request, local);
                (local.len() <= request.longest && !others(all, request, &name))
                    .then_some(Ok((name, GrantSource::KeptLocal)))
            }
            3 => distinct(wishes(request, 300))
                .into_iter()
                .filter(|(name, _)| !others(all, request, name))
                .filter_map(|(name, _)| {
                    let until = taken
                        .iter()
                        .filter(|one| {
                            stands(one, request, &name)
                                && one.holder.as_ref() == Some(&request.holder)
                        })
                        .map(|one| one.until.unwrap_or(FOREVER))
                        .max()?;
                    Some((until, core::cmp::Reverse((name.len(), name))))
                })
                .max()
                .map(|(_, core::cmp::Reverse((_, name)))| Ok((name, GrantSource::Returned))),
            _ => Some(new_name(all, request, limits)),
        }
    }

    fn new_name(all: &[Taken], request: &Request, limits: &Limits) -> Answer {
        let n_plain = u32::try_from(request.candidates.len()).unwrap();
        let wishes = wishes(request, limits.name_candidates.saturating_sub(n_plain));
        if wishes.is_empty() {
            let lettered = request.candidates.iter().any(|local| {
                shortened(local.reveal(), request.longest)
                    .chars()
                    .any(char::is_alphabetic)
            });
            return match &request.fallback {
                Some(local) => Some(whole(request, local.reveal()))
                    .filter(|name| !others(all, request, name))
                    .map(|name| (name, GrantSource::Fallback))
                    .ok_or(Denied::Exhausted { allowed: 1 }),
                None if lettered => Err(Denied::Forbidden),
                None => Err(Denied::NoUsableLetter),
            };
        }
        wishes
            .into_iter()
            .filter(|(_, source)| match source {
                GrantSource::Candidate(index) => {
                    u32::try_from(*index).unwrap() < limits.name_candidates
                }
                _ => true,
            })
            .find(|(name, _)| !others(all, request, name))
            .ok_or(Denied::Exhausted {
                allowed: match request.number {
                    Some(_) => limits.name_candidates,
                    None => n_plain.min(limits.name_candidates),
                },
            })
    }

    // What is tried.

    fn text(of: &'static [&'static str]) -> impl Strategy<Value = Text> {
        select(of).prop_map(Text::from)
    }

    fn secret(of: &'static [&'static str]) -> impl Strategy<Value = Secret<Text>> {
        text(of).prop_map(Secret::new)
    }

    const HOLDERS: &[&str] = &["a", "b", "c", "d", "e", "f"];
    const SPACES: &[&str] = &["login", "address", "group"];
    const LOCALS: &[&str] = &[
        "ann", "Ann", "ann-b", "annb", "ann.bo", "ann1", "77", "", "å",
    ];
    const NAMES: &[&str] = &[
        "ann", "ANN1", "ann2", "ann8", "ann9", "ann10", "ann08", "an10", "an11", "ann@x", "ann2@x",
        "ann-b", "annb", "ann-b2", "annb2", "ann.bo@y", "ann12", "a1", "a2", "a9", "a10", "u1",
    ];

    fn taken() -> impl Strategy<Value = Taken> {
        let until = select(&[None, None, Some(9), Some(10), Some(11), Some(20)][..]);
        (
            text(SPACES),
            text(NAMES),
            proptest::option::of(text(HOLDERS)),
            until,
        )
            .prop_map(|(namespace, name, holder, until)| Taken {
                namespace,
                name,
                until: until
                    .filter(|_| holder.is_some())
                    .map(|until| if until == 20 { FOREVER } else { day(until) }),
                holder,
            })
    }

    fn number() -> impl Strategy<Value = Numbering> {
        (select(&[0, 1, 2, 8, 9, 98][..]), 0..4_usize)
            .prop_map(|(from, width)| Numbering { from, width })
    }

    fn request() -> impl Strategy<Value = Request> {
        use proptest::collection::vec;
        use proptest::option::of;
        let who = (
            text(HOLDERS),
            vec(text(SPACES), 1..3),
            of(secret(NAMES)),
            proptest::option::weighted(0.2, secret(&["ann", "annb2"])),
        );
        let what = (
            vec(secret(LOCALS), 0..3),
            proptest::option::weighted(0.8, number()),
            proptest::option::weighted(0.3, text(&["x", "y"])),
            select(&[1, 2, 3, 4, 6, usize::MAX][..]),
            proptest::option::weighted(0.3, secret(&["u1"])),
            vec(text(&["nn-", "n2", "b"]), 0..2),
        );
        (who, what).prop_map(|(who, what)| Request {
            holder: who.0,
            name: Text::from("login"),
            namespaces: who.1,
            current: who.2,
            keep_local: who.3,
            candidates: what.0,
            number: what.1,
            domain: what.2,
            longest: what.3,
            fallback: what.4,
            forbidden: what.5.into(),
        })
    }

    /// Requests with names of their own, so that the order of service is told by holder and name alone. Every third asks for
    /// what the one before it asks for, so that one holder has more than one name.
    fn requests() -> impl Strategy<Value = Vec<Request>> {
        proptest::collection::vec(request(), 0..14).prop_map(|drawn| {
            let mut requests: Vec<Request> = Vec::new();
            for (index, request) in drawn.into_iter().enumerate() {
                let mut request = match requests.last() {
                    Some(last) if index % 3 == 2 => last.clone(),
                    _ => request,
                };
                request.name = Text::from(format!("name{index:02}").as_str());
                requests.push(request);
            }
            requests
        })
    }

    fn limits() -> impl Strategy<Value = Limits> {
        (0..30_u32).prop_map(|name_candidates| Limits {
            name_candidates,
            ..Limits::default()
        })
    }

    fn taken_list() -> impl Strategy<Value = Vec<Taken>> {
        proptest::collection::vec(taken(), 0..25)
    }

    proptest! {
        #![proptest_config(trials_of(128))]

        #[test]
        fn the_same_as_the_reference(taken in taken_list(), requests in requests(), limits in limits()) {
            let (found, _) = answers(&taken, &requests, &limits);
            prop_assert_eq!(found, reference(&taken, &requests, &limits));
        }

        #[test]
        fn no_order_matters(
            (taken, mixed) in taken_list().prop_flat_map(|taken| (Just(taken.clone()), Just(taken).prop_shuffle())),
            (requests, order) in requests().prop_flat_map(|requests| {
                let order: Vec<usize> = (0..requests.len()).collect();
                (Just(requests), Just(order).prop_shuffle())
            }),
            one_name in any::<bool>(),
        ) {
            let mut requests = requests;
            if one_name {
                for request in &mut requests {
                    request.name = Text::from("login");
                }
            }
            let shuffled: Vec<Request> = order.iter().map(|index| {
                let mut request = requests[*index].clone();
                request.namespaces.reverse();
                request
            }).collect();
            let (one, one_recheck) = answers(&taken, &requests, &Limits::default());
            let (two, two_recheck) = answers(&mixed, &shuffled, &Limits::default());
            let back: Vec<Answer> = order.iter().map(|index| one[*index].clone()).collect();
            prop_assert_eq!(two, back);
            prop_assert_eq!(one_recheck, two_recheck);
        }

        #[test]
        fn nobody_gets_what_is_anothers_and_holders_keep_theirs(taken in taken_list(), requests in requests()) {
            let (found, _) = answers(&taken, &requests, &Limits::default());
            for (request, answer) in requests.iter().zip(&found) {
                if let Some(current) = &request.current {
                    let held = request.namespaces.iter().all(|namespace| taken.iter().any(|one| {
                        one.namespace == *namespace && one.until.is_none() && one.holder.as_ref() == Some(&request.holder)
                            && fold_case(&one.name) == fold_case(current.reveal())
                    }));
                    prop_assert!(!held || matches!(answer, Ok((_, GrantSource::Kept))));
                }
                let Ok((name, source)) = answer else { continue };
                if *source == GrantSource::Kept {
                    continue;
                }
                prop_assert!(!others(&taken, request, name));
                for (other, given) in requests.iter().zip(&found) {
                    let Ok((theirs, _)) = given else { continue };
                    let shared = other.namespaces.iter().any(|namespace| request.namespaces.contains(namespace));
                    prop_assert!(other.holder == request.holder || !shared || fold_case(theirs) != fold_case(name));
                }
            }
        }

        #[test]
        fn what_was_given_stays(taken in taken_list(), requests in requests()) {
            let (first, _) = answers(&taken, &requests, &Limits::default());
            let mut taken = taken;
            let mut requests = requests;
            for (request, answer) in requests.iter_mut().zip(&first) {
                let Ok((name, _)) = answer else { continue };
                request.current = Some(Secret::new(Text::from(name.as_str())));
                taken.extend(request.namespaces.iter().map(|namespace| Taken {
                    namespace: Text::clone(namespace),
                    name: Text::from(name.as_str()),
                    holder: Some(Text::clone(&request.holder)),
                    until: None,
                }));
            }
            let (second, _) = answers(&taken, &requests, &Limits::default());
            for (before, after) in first.iter().zip(&second) {
                match (before, after) {
                    (Ok((before, _)), Ok((after, source))) => {
                        prop_assert_eq!(before, after);
                        prop_assert_eq!(*source, GrantSource::Kept);
                    }
                    (before, after) => prop_assert_eq!(before, after),
                }
            }
        }
    }
}
