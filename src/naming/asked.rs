//! A request made ready for the allocator: which local parts it can give.
//!
//! It knows nothing of what is occupied. It is the one place of this layer that looks into secrets.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::request::GrantSource;
use super::request::MOST_DIGITS;
use super::request::Request;
use crate::base::Secret;
use crate::base::Text;
use crate::base::fold_case;

/// A request, made ready.
pub(super) struct Asked<'a> {
    pub(super) index: usize,
    pub(super) request: &'a Request,
    pub(super) namespaces: Vec<&'a Text>,
    /// The candidates that can be used, cut to length, with their index.
    pub(super) usable: Vec<(usize, &'a str)>,
    /// Whether any candidate has a letter.
    pub(super) has_letter: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn new(index: usize, request: &'a Request) -> Self {
        let mut namespaces: Vec<&Text> = request.namespaces.iter().collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let lettered: Vec<(usize, &str)> = request
            .candidates
            .iter()
            .enumerate()
            .map(|(index, local)| (index, cut(local.reveal(), request.longest)))
            .filter(|(_, local)| has_letter(local))
            .collect();
        let has_letter = !lettered.is_empty();
        let mut usable = lettered;
        usable.retain(|(_, local)| request_allows(request, local));
        Self {
            index,
            request,
            namespaces,
            usable,
            has_letter,
        }
    }

    /// The order of service: by holder and name, then by all else that can make a difference, so that two requests for
    /// one thing are served in the same order wherever they stand.
    pub(super) fn before(&self, other: &Self) -> Ordering {
        let (one, two) = (self.request, other.request);
        one.holder
            .cmp(&two.holder)
            .then_with(|| one.name.cmp(&two.name))
            .then_with(|| self.namespaces.cmp(&other.namespaces))
            .then_with(|| revealed(one.current.as_ref()).cmp(&revealed(two.current.as_ref())))
            .then_with(|| revealed(one.keep_local.as_ref()).cmp(&revealed(two.keep_local.as_ref())))
            .then_with(|| {
                let of = |request: &'a Request| request.candidates.iter().map(Secret::reveal);
                of(one).cmp(of(two))
            })
            .then_with(|| one.number.cmp(&two.number))
            .then_with(|| one.domain.cmp(&two.domain))
            .then_with(|| one.longest.cmp(&two.longest))
            .then_with(|| revealed(one.fallback.as_ref()).cmp(&revealed(two.fallback.as_ref())))
            .then_with(|| one.forbidden.cmp(&two.forbidden))
    }

    pub(super) fn current(&self) -> Option<&'a str> {
        revealed(self.request.current.as_ref())
    }

    /// The local part to carry over, where it is not too long.
    pub(super) fn keep_local(&self) -> Option<&'a str> {
        revealed(self.request.keep_local.as_ref())
            .filter(|local| !local.is_empty() && local.chars().count() <= self.request.longest)
    }

    pub(super) fn fallback(&self) -> Option<&'a str> {
        revealed(self.request.fallback.as_ref())
    }

    /// Whether no forbidden word stands in a local part.
    pub(super) fn allows(&self, local: &str) -> bool {
        request_allows(self.request, local)
    }

    /// A local part with the domain.
    pub(super) fn whole(&self, local: &str) -> String {
        let mut whole = String::from(local);
        if let Some(domain) = &self.request.domain {
            whole.push('@');
            whole.push_str(domain);
        }
        whole
    }

    /// The candidate as it was given that numbers are put after.
    pub(super) fn stem(&self) -> Option<&'a str> {
        let (index, _) = self.usable.last()?;
        let local = self.request.candidates.get(*index)?;
        Some(local.reveal())
    }

    /// The local part with a number after it, where there is room for both.
    pub(super) fn numbered(&self, number: u32) -> Option<String> {
        let width = self.request.number?.digits();
        let digits = alloc::format!("{number:0width$}");
        let room = self.request.longest.checked_sub(digits.len())?;
        let mut local = String::from(cut(self.stem()?, room));
        if !has_letter(&local) {
            return None;
        }
        local.push_str(&digits);
        Some(local)
    }

    /// The local part that this request could give and that is, folded, the local part of `name`.
    pub(super) fn fitting(&self, name: &str) -> Option<String> {
        let mut end = String::new();
        if let Some(domain) = &self.request.domain {
            end.push('@');
            end.push_str(&fold_case(domain));
        }
        let local = name.strip_suffix(end.as_str())?;
        if let Some((_, usable)) = self
            .usable
            .iter()
            .find(|(_, usable)| fold_case(usable) == local)
        {
            return Some(String::from(*usable));
        }
        self.numbers_in(local)
            .filter_map(|number| self.numbered(number))
            .find(|numbered| fold_case(numbered) == local && self.allows(numbered))
    }

    /// The numbers that the digits at the end of a local part can stand for, none below the first.
    pub(super) fn numbers_in(&self, local: &str) -> impl Iterator<Item = u32> {
        let from = self.request.number.map(|number| number.from);
        let mut value = 0_u64;
        let mut factor = 1_u64;
        local
            .chars()
            .rev()
            .map_while(|letter| letter.to_digit(10))
            .take(MOST_DIGITS)
            .map(move |digit| {
                value = value.saturating_add(factor.saturating_mul(u64::from(digit)));
                factor = factor.saturating_mul(10);
                value
            })
            .filter_map(|value| u32::try_from(value).ok())
            .filter(move |number| from.is_some_and(|from| from <= *number))
    }
}

/// The whole names that a request could give, in the order in which they are tried: its candidates, and so many numbers.
pub fn tried(request: &Request, numbers: u32) -> Vec<(GrantSource, Secret<Text>)> {
    let asked = Asked::new(0, request);
    let whole = |local: &str| Secret::new(Text::from(asked.whole(local)));
    let candidates = asked.usable.iter();
    let mut tried: Vec<(GrantSource, Secret<Text>)> = candidates
        .map(|(index, local)| (GrantSource::Candidate(*index), whole(local)))
        .collect();
    let from = request.number.map_or(0, |number| number.from);
    for number in from..from.saturating_add(numbers) {
        let Some(local) = asked.numbered(number) else {
            break;
        };
        tried.push((GrantSource::Numbered(number), whole(&local)));
    }
    tried
}

fn revealed(text: Option<&Secret<Text>>) -> Option<&str> {
    text.map(|text| &**text.reveal())
}

pub(super) fn has_letter(local: &str) -> bool {
    local.chars().any(char::is_alphabetic)
}

fn request_allows(request: &Request, local: &str) -> bool {
    request.forbidden.is_empty() || {
        let folded = fold_case(local);
        !request
            .forbidden
            .iter()
            .any(|word| !word.is_empty() && folded.contains(&**word))
    }
}

/// The first characters of a local part. What is cut does not end with a sign.
pub(super) fn cut(local: &str, longest: usize) -> &str {
    local
        .char_indices()
        .nth(longest)
        .and_then(|(end, _)| local.get(..end))
        .map_or(local, |short| short.trim_end_matches(['.', '-', '_']))
}
