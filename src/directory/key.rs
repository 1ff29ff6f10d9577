//! The keys of what rules produce. They are written to the anchor attribute of objects, so they must be the same in every run,
//! and nothing about a person can be read from them.

use core::fmt;
use core::str::FromStr;

use alloc::collections::BTreeMap;
use alloc::string::String;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;

use crate::base::PersonKey;
use crate::base::Text;
use crate::diagnostic::OpenText;

/// An account: a person, an account rule and, where a rule gives a person several accounts, a slot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// Whose it is.
    pub person: PersonKey,
    /// The name of the account rule.
    pub rule: Text,
    /// Which of several; empty where there is one.
    pub slot: Text,
}

impl AccountKey {
    /// The only account of a person under a rule.
    pub fn new(person: PersonKey, rule: &str) -> Self {
        Self {
            person,
            rule: Text::from(rule),
            slot: Text::from(""),
        }
    }

    /// The same account under the name that its rule has now, by the names that rules had before.
    pub(crate) fn under(&self, renamed: &BTreeMap<Text, Text>) -> Self {
        Self {
            rule: renamed.get(&self.rule).unwrap_or(&self.rule).clone(),
            ..self.clone()
        }
    }

    /// The text that is written to the anchor attribute.
    pub fn anchor(&self) -> Text {
        Text::from(alloc::format!("{self}"))
    }
}

/// A group: the rule and the value of its key. The name of the group is an attribute, so a renamed unit keeps its group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// The name of the group rule.
    pub rule: Text,
    /// The value of its key.
    pub value: Text,
}

/// A class list: the rule and the record of the school group, not its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassListKey {
    /// The name of the class list rule.
    pub rule: Text,
    /// The school group, as source instance and record id.
    pub group: Text,
}

/// A text that is not a key of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct NotAKey(&'static str);

impl fmt::Display for AccountKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.person, self.rule)?;
        if !self.slot.is_empty() {
            write!(formatter, "/{}", self.slot)?;
        }
        Ok(())
    }
}

impl From<&AccountKey> for OpenText {
    fn from(key: &AccountKey) -> Self {
        Self::vouched(key)
    }
}

impl FromStr for AccountKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let expected = NotAKey("an account key `person/rule` or `person/rule/slot`");
        let mut parts = text.splitn(3, '/');
        let person = parts
            .next()
            .and_then(|part| part.parse().ok())
            .ok_or(expected)?;
        let rule = parts
            .next()
            .filter(|rule| !rule.is_empty())
            .ok_or(expected)?;
        Ok(Self {
            person,
            rule: Text::from(rule),
            slot: Text::from(parts.next().unwrap_or("")),
        })
    }
}

/// A key of two parts with a colon between them.
macro_rules! pair_key {
    ($name:ident, $first:ident, $second:ident, $expected:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}:{}", self.$first, self.$second)
            }
        }

        impl From<&$name> for OpenText {
            fn from(key: &$name) -> Self {
                Self::vouched(key)
            }
        }

        impl FromStr for $name {
            type Err = NotAKey;

            fn from_str(text: &str) -> Result<Self, NotAKey> {
                let (first, second) = text.split_once(':').ok_or(NotAKey($expected))?;
                Ok(Self {
                    $first: Text::from(first),
                    $second: Text::from(second),
                })
            }
        }
    };
}

pair_key!(GroupKey, rule, value, "a group key `rule:value`");
pair_key!(ClassListKey, rule, group, "a class list key `rule:group`");

/// Keys are written as their text.
macro_rules! key_as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

key_as_text!(AccountKey, GroupKey, ClassListKey);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn keys_survive_their_text() {
        let person = PersonKey::mint(b"", &["x"]);
        let mut account = AccountKey::new(person, "staff");
        assert_eq!(account.to_string().parse(), Ok(account.clone()));
        account.slot = Text::from("1430/b");
        assert_eq!(account.to_string().parse(), Ok(account));
        let group = GroupKey {
            rule: Text::from("unit"),
            value: Text::from("a:b"),
        };
        assert_eq!(group.to_string().parse(), Ok(group));
        assert!("nobody".parse::<AccountKey>().is_err());
    }
}
