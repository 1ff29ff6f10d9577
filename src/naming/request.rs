//! What is asked of the allocator and what it answers. Names are personal values and stand in [`Secret`].
//!
//! No decision is taken here.

use alloc::sync::Arc;
use alloc::vec::Vec;

use thiserror::Error;

use crate::base::Secret;
use crate::base::Text;
use crate::diagnostic::OpenText;

/// Digits of the largest number.
pub(super) const MOST_DIGITS: usize = 10;

/// A request for one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The key of whom the name is for. Newcomers are served in the order of their keys, and what one holder has never
    /// stands in the way of another name of the same holder.
    pub holder: Text,
    /// Which name of the holder this is, such as `login`. The requests of one holder are served in the order of it.
    pub name: Text,
    /// All namespaces in which the name must be unique.
    pub namespaces: Vec<Text>,
    /// The name that the holder has, whole. It is kept where it is the holder's or free, whatever the candidates say:
    /// whether a name has to change is for the caller to decide, by leaving this out.
    pub current: Option<Secret<Text>>,
    /// The local part to carry over to a new domain. It is tried before everything but `current`.
    pub keep_local: Option<Secret<Text>>,
    /// Local parts in the order in which they are tried, already folded. Those without a letter are passed over.
    pub candidates: Vec<Secret<Text>>,
    /// How numbers are put after the last candidate that can be used, once all candidates are taken.
    pub number: Option<Numbering>,
    /// What stands after `@`; without it the name is the local part alone.
    pub domain: Option<Text>,
    /// The most characters of a local part. What is longer is cut, a stem also to make room for its number.
    pub longest: usize,
    /// An opaque local part for a holder of whom no candidate can be used.
    pub fallback: Option<Secret<Text>>,
    /// Words that must not stand anywhere in a new local part, already folded.
    pub forbidden: Arc<[Text]>,
}

/// How names are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Numbering {
    /// The first number.
    pub from: u32,
    /// The least number of digits; smaller numbers get zeros before them. More than ten count as ten.
    pub width: usize,
}

/// A name that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The whole name, with its domain.
    pub text: Secret<Text>,
    /// Where it came from.
    pub source: GrantSource,
    /// Whether somebody else holds or has reserved the same name. Only a name that was kept can be contested.
    pub contested: bool,
}

/// Where a name came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum GrantSource {
    /// The current name stays.
    Kept,
    /// The local part stays, with a new domain.
    KeptLocal,
    /// The holder had this name before, or holds it beside another, and would get it anew.
    Returned,
    /// The candidate at this index.
    Candidate(usize),
    /// A candidate with this number after it.
    Numbered(u32),
    /// The opaque name.
    Fallback,
}

/// Why no name was given. It never says what stood in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum Denied {
    /// All candidates are taken.
    #[error("all candidates for the name are taken (at most {allowed} are tried)")]
    Exhausted {
        /// How many candidates were allowed.
        allowed: u32,
    },
    /// No candidate has a letter, and there is no opaque name.
    #[error("no candidate for the name has a letter that can be used")]
    NoUsableLetter,
    /// Each candidate that has a letter has a forbidden word in it, and there is no opaque name.
    #[error("every candidate for the name holds a forbidden word")]
    Forbidden,
}

impl From<Denied> for OpenText {
    fn from(denied: Denied) -> Self {
        Self::vouched(denied)
    }
}

impl Numbering {
    /// The least number of digits, within reason.
    pub(super) fn digits(self) -> usize {
        self.width.min(MOST_DIGITS)
    }
}

impl Request {
    /// A request without candidates, domain or limits. Set the other fields as needed.
    pub fn new(
        holder: impl Into<Text>,
        name: impl Into<Text>,
        namespaces: impl IntoIterator<Item = Text>,
    ) -> Self {
        Self {
            holder: holder.into(),
            name: name.into(),
            namespaces: namespaces.into_iter().collect(),
            current: None,
            keep_local: None,
            candidates: Vec::new(),
            number: None,
            domain: None,
            longest: usize::MAX,
            fallback: None,
            forbidden: Arc::from([]),
        }
    }
}
