//! Counting: numbers after the last candidate, once all candidates are taken.
//!
//! Numbers are not counted from the start each time: for each stem the first number that may be free is remembered, so that
//! a batch in which everybody has one name is not slow. That changes no result (`laws.rs` compares with a reference that
//! always counts from the start). Who is served when is not decided here.

use alloc::vec::Vec;

use super::allocate::Batch;
use super::asked::Asked;
use super::asked::cut;
use super::asked::has_letter;
use super::request::Grant;
use super::request::GrantSource;
use crate::base::Text;
use crate::base::fold_case;

/// Which numbers are counted together: those of one rendered length after one stem.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NumberRow<'a> {
    namespaces: Vec<&'a Text>,
    domain: Option<&'a Text>,
    stem: &'a str,
    digits: usize,
    start: u32,
}

impl<'a> Batch<'a, '_> {
    pub(super) fn give_numbered(&mut self, asked: &Asked<'a>) -> Option<Grant> {
        let number = asked.request.number?;
        let n_plain = u32::try_from(asked.request.candidates.len()).ok()?;
        let n_numbers = self.name_candidates.checked_sub(n_plain)?;
        let last = number.from.saturating_add(n_numbers.checked_sub(1)?);
        let stem = asked.stem()?;
        let mut start = number.from;
        while start <= last {
            let digits = n_digits(start).max(number.digits());
            let end = largest(digits).min(last);
            let stem = cut(stem, asked.request.longest.checked_sub(digits)?);
            if !has_letter(stem) {
                return None;
            }
            if asked.allows(stem) {
                let row = NumberRow {
                    namespaces: asked.namespaces.clone(),
                    domain: asked.request.domain.as_ref(),
                    stem,
                    digits,
                    start,
                };
                if let Some(grant) = self.give_in_row(asked, row, end) {
                    return Some(grant);
                }
            }
            start = end.checked_add(1)?;
        }
        None
    }

    fn give_in_row(&mut self, asked: &Asked<'a>, row: NumberRow<'a>, end: u32) -> Option<Grant> {
        let next = self.next_numbers.get(&row).copied().unwrap_or(row.start);
        let passed = self.own_number(asked, row.start, next.min(end.saturating_add(1)));
        let mut free = next;
        let mut all_taken = true;
        let mut grant = None;
        for number in passed.into_iter().chain(next..=end) {
            let Some(local) = asked.numbered(number) else {
                break;
            };
            if asked.allows(&local) {
                let source = GrantSource::Numbered(number);
                grant = self.give_if_free(asked, &asked.whole(&local), source);
            } else {
                // Forbidden to this request, perhaps not to the next.
                all_taken = false;
            }
            if all_taken && number >= next {
                free = number.saturating_add(1);
            }
            if grant.is_some() {
                break;
            }
        }
        self.next_numbers.insert(row, free);
        grant
    }

    /// The smallest number of the range with which the holder itself has the name; to all others it is taken.
    fn own_number(&mut self, asked: &Asked<'a>, start: u32, end: u32) -> Option<u32> {
        if start >= end {
            return None;
        }
        let mut own: Vec<u32> = Vec::new();
        for namespace in &asked.namespaces {
            let holder = &asked.request.holder;
            let names = self.given.names_of(namespace, holder);
            for name in names.chain(self.occupied.names_of(namespace, holder)) {
                let local = name.split('@').next().unwrap_or_default();
                own.extend(
                    asked
                        .numbers_in(local)
                        .filter(|number| (start..end).contains(number)),
                );
            }
        }
        own.sort_unstable();
        own.dedup();
        own.into_iter().find(|number| {
            asked.numbered(*number).is_some_and(|local| {
                asked.allows(&local)
                    && !self
                        .standing_in_all(asked, &fold_case(&asked.whole(&local)))
                        .others
            })
        })
    }
}

fn n_digits(number: u32) -> usize {
    number
        .checked_ilog10()
        .and_then(|log| usize::try_from(log).ok())
        .unwrap_or(0)
        .saturating_add(1)
}

/// The largest number of so many digits.
fn largest(digits: usize) -> u32 {
    u32::try_from(digits)
        .ok()
        .and_then(|digits| 10_u32.checked_pow(digits))
        .map_or(u32::MAX, |power| power.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use crate::base::EVER_BEFORE;
    use crate::base::Horizon;
    use crate::base::Limits;
    use crate::base::Secret;
    use crate::base::Text;
    use crate::naming::Denied;
    use crate::naming::Namespaces;
    use crate::naming::Numbering;
    use crate::naming::Request;
    use crate::naming::allocate;
    use alloc::format;
    use alloc::vec::Vec;

    fn text(text: &str) -> Text {
        Text::from(text)
    }

    fn login(holder: &str, local: &str) -> Request {
        Request {
            candidates: Vec::from([Secret::new(text(local))]),
            number: Some(Numbering { from: 2, width: 2 }),
            ..Request::new(holder, "login", [text("login")])
        }
    }

    fn given_within(
        name_candidates: u32,
        namespaces: &Namespaces,
        requests: &[Request],
    ) -> Vec<Result<Text, Denied>> {
        let limits = Limits {
            name_candidates,
            ..Limits::default()
        };
        allocate(
            namespaces,
            requests,
            &limits,
            &mut Horizon::new(EVER_BEFORE),
        )
        .into_iter()
        .map(|answer| answer.map(|grant| Text::clone(grant.text.reveal())))
        .collect()
    }

    fn given(namespaces: &Namespaces, requests: &[Request]) -> Vec<Result<Text, Denied>> {
        given_within(Limits::default().name_candidates, namespaces, requests)
    }

    #[test]
    fn numbers_cut_the_stem_and_keep_their_width() {
        let mut namespaces = Namespaces::new();
        namespaces.hold("login", "annabergma", None);
        for number in 2..=99 {
            namespaces.hold("login", &format!("annaberg{number:02}"), None);
        }
        let request = Request {
            longest: 10,
            ..login("a", "annabergman")
        };
        assert_eq!(given(&namespaces, &[request]), [Ok(text("annaber100"))]);
        namespaces.hold("login", "annab.be", None);
        let dotted = Request {
            longest: 8,
            ..login("b", "annab.berg")
        };
        assert_eq!(given(&namespaces, &[dotted]), [Ok(text("annab02"))]);
        let no_room = Request {
            longest: 2,
            ..login("b", "a-nna")
        };
        namespaces.hold("login", "a", None);
        assert_eq!(
            given(&namespaces, &[no_room]),
            [Err(Denied::Exhausted { allowed: 10_000 })]
        );
    }

    #[test]
    fn so_many_candidates_are_tried_and_no_more() {
        let empty = Namespaces::new();
        let requests = ["a", "b", "c", "d"].map(|holder| login(holder, "annber"));
        assert_eq!(
            given_within(3, &empty, &requests)[2..],
            [Ok(text("annber03")), Err(Denied::Exhausted { allowed: 3 })]
        );
        let numberless = Request {
            number: None,
            ..login("b", "annber")
        };
        assert_eq!(
            given(&empty, &[login("a", "annber"), numberless])[1],
            Err(Denied::Exhausted { allowed: 1 })
        );
    }

    #[test]
    fn a_number_that_is_ones_own_is_not_passed_over() {
        let second = Request {
            name: text("sam"),
            ..login("b", "annber")
        };
        assert_eq!(
            given(
                &Namespaces::new(),
                &[login("a", "annber"), login("b", "annber"), second]
            )[1..],
            [Ok(text("annber02")), Ok(text("annber02"))]
        );
    }

    #[test]
    fn the_largest_number_is_the_last() {
        let edge = |holder| Request {
            number: Some(Numbering {
                from: u32::MAX,
                width: usize::MAX,
            }),
            ..login(holder, "annber")
        };
        assert_eq!(
            given(&Namespaces::new(), &["a", "b", "c"].map(edge)),
            [
                Ok(text("annber")),
                Ok(text("annber4294967295")),
                Err(Denied::Exhausted { allowed: 10_000 })
            ]
        );
    }

    #[test]
    fn a_hundred_thousand_of_one_stem() {
        let requests: Vec<Request> = (0..100_000)
            .map(|index| login(&format!("{index:06}"), "annber"))
            .collect();
        let names = given_within(200_000, &Namespaces::new(), &requests);
        assert_eq!(names.last(), Some(&Ok(text("annber100000"))));
    }
}
