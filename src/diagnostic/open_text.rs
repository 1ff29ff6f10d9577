//! A text of an open document, as a type.
//!
//! Not who may read what: rules, the gate and the sealing of findings decide that. Keeps true: it is made of words that stand in
//! the source of this crate or of its host, of numbers, days, places in rules and keys of persons, and else of what somebody
//! vouches for by the one call [`OpenText::vouched`] (`docs/security.md` lists who does). No text that a program has read becomes
//! one by itself.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::string::ToString;
use core::fmt;
use core::ops::Deref;

use chrono::NaiveDate;
use serde::Serialize;
use serde::Serializer;

use crate::base::Path;
use crate::base::PersonKey;

/// A text that may stand in an open document.
///
/// ```
/// use folkform::diagnostic::OpenText;
/// let text = OpenText::words("there are ").and(12_u64).and(" of them");
/// assert_eq!(text, "there are 12 of them");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenText(Cow<'static, str>);

impl OpenText {
    /// Words that stand in a source text.
    pub const fn words(words: &'static str) -> Self {
        Self(Cow::Borrowed(words))
    }

    /// The text with another part behind it.
    #[must_use]
    pub fn and(mut self, part: impl Into<Self>) -> Self {
        self.0.to_mut().push_str(&part.into().0);
        self
    }

    /// The text with another part behind it, in the quotes of code.
    #[must_use]
    pub fn quote(self, part: impl Into<Self>) -> Self {
        self.and("`").and(part).and("`")
    }

    /// Parts one after the other, with the same words between any two.
    pub fn joined(parts: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let mut parts = parts.into_iter();
        let first = parts.next().unwrap_or(Self::words(""));
        parts.fold(first, |text, part| text.and(between).and(part))
    }

    /// A text that comes of data or of rules. Whoever calls this answers for it: it is a name that is open by construction, or it
    /// has passed what decides about values.
    pub(crate) fn vouched(text: impl fmt::Display) -> Self {
        Self(Cow::Owned(text.to_string()))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for OpenText {
    fn from(words: &'static str) -> Self {
        Self::words(words)
    }
}

impl From<&Self> for OpenText {
    fn from(text: &Self) -> Self {
        text.clone()
    }
}

impl From<usize> for OpenText {
    fn from(count: usize) -> Self {
        Self(Cow::Owned(count.to_string()))
    }
}

impl From<u64> for OpenText {
    fn from(count: u64) -> Self {
        Self(Cow::Owned(count.to_string()))
    }
}

impl From<u32> for OpenText {
    fn from(count: u32) -> Self {
        Self(Cow::Owned(count.to_string()))
    }
}

impl From<NaiveDate> for OpenText {
    fn from(day: NaiveDate) -> Self {
        Self(Cow::Owned(day.to_string()))
    }
}

impl From<&Path> for OpenText {
    fn from(path: &Path) -> Self {
        Self(Cow::Owned(path.to_string()))
    }
}

impl From<PersonKey> for OpenText {
    fn from(key: PersonKey) -> Self {
        Self(Cow::Owned(key.to_string()))
    }
}

impl From<OpenText> for String {
    fn from(text: OpenText) -> Self {
        text.0.into_owned()
    }
}

impl Deref for OpenText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for OpenText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for OpenText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for OpenText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), formatter)
    }
}

impl fmt::Debug for OpenText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl Serialize for OpenText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_writes_and_shows_as_its_text() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let place = Path::root().key("account").key("staff");
        let parts = [OpenText::from(&place), OpenText::from(3_usize)];
        let text = OpenText::joined(parts, ", ").and(" on ").quote(day);
        let written = "account.staff, 3 on `2026-11-27`";
        assert_eq!(text, written);
        assert_eq!(text.to_string(), written);
        assert_eq!(alloc::format!("{text:?}"), alloc::format!("{written:?}"));
        assert_eq!(
            serde_json::to_string(&text).unwrap(),
            alloc::format!("{written:?}")
        );
        assert_eq!(OpenText::joined([], ", "), "");
    }
}
