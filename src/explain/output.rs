//! The names of outputs, as people write them: `account.staff`, `account.staff.mail`, `group.unit`.

use core::fmt;
use core::str::FromStr;

use alloc::string::String;
use thiserror::Error;

/// The name of an output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutputName {
    /// An account as such.
    Account(String),
    /// A name or an attribute of an account.
    Field(String, String),
    /// The groups of a rule.
    Group(String),
    /// A licence.
    Licence(String),
    /// A mailbox.
    Mailbox(String),
    /// The class lists of a rule.
    ClassList(String),
}

/// A text that names no output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "expected an output such as `account.staff`, `account.staff.mail`, `group.unit`, `licence.a3`, `mailbox.exchange` or `class_list.class`"
)]
pub struct UnknownOutput;

impl FromStr for OutputName {
    type Err = UnknownOutput;

    fn from_str(text: &str) -> Result<Self, UnknownOutput> {
        let (kind, rest) = text.split_once('.').ok_or(UnknownOutput)?;
        if rest.is_empty() {
            return Err(UnknownOutput);
        }
        match kind {
            "account" => Ok(match rest.split_once('.') {
                Some((account, field)) => Self::Field(account.into(), field.into()),
                None => Self::Account(rest.into()),
            }),
            "group" => Ok(Self::Group(rest.into())),
            "licence" => Ok(Self::Licence(rest.into())),
            "mailbox" => Ok(Self::Mailbox(rest.into())),
            "class_list" => Ok(Self::ClassList(rest.into())),
            _ => Err(UnknownOutput),
        }
    }
}

impl fmt::Display for OutputName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => write!(formatter, "account.{account}"),
            Self::Field(account, field) => write!(formatter, "account.{account}.{field}"),
            Self::Group(rule) => write!(formatter, "group.{rule}"),
            Self::Licence(rule) => write!(formatter, "licence.{rule}"),
            Self::Mailbox(rule) => write!(formatter, "mailbox.{rule}"),
            Self::ClassList(rule) => write!(formatter, "class_list.{rule}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn names_survive_their_text() {
        for text in [
            "account.staff",
            "account.staff.mail",
            "group.unit",
            "licence.a3",
            "mailbox.exchange",
            "class_list.class",
        ] {
            assert_eq!(text.parse::<OutputName>().unwrap().to_string(), text);
        }
        assert_eq!("account.".parse::<OutputName>(), Err(UnknownOutput));
        assert_eq!("planet.earth".parse::<OutputName>(), Err(UnknownOutput));
    }
}
