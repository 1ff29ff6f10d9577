//! The key of a person: opaque, minted once, the same for ever.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;

use super::digest;

/// Who a person is to this crate and to the directory: 16 opaque bytes, shown as 32 hexadecimal digits.
///
/// It is minted when a person is first seen, from a salt of the host and the record that was first seen, is kept in the
/// ledger and never recomputed. Nothing about a person can be read from it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey([u8; 16]);

impl PersonKey {
    /// Mints a key. The parts say where the person was first seen: source, record id and, where record ids are used again
    /// for others, the day.
    pub fn mint(salt: &[u8], parts: &[&str]) -> Self {
        let mut bytes = alloc::vec::Vec::from(salt);
        for part in parts {
            // A length before each part, so that no two lists of parts give the same bytes.
            bytes.extend_from_slice(&part.len().to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        Self(digest::sha256_short(&bytes))
    }

    /// The 32 hexadecimal digits.
    pub fn to_hex(self) -> String {
        digest::hex(&self.0)
    }
}

impl fmt::Display for PersonKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_hex())
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PersonKey({self})")
    }
}

/// A text that is not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a person key of 32 hexadecimal digits")]
pub struct NotAPersonKey;

impl FromStr for PersonKey {
    type Err = NotAPersonKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 32 {
            return Err(NotAPersonKey);
        }
        let mut key = [0_u8; 16];
        let mut digits = text.chars();
        for byte in &mut key {
            let mut nibble = || {
                digits
                    .next()
                    .and_then(|digit| digit.to_digit(16))
                    .ok_or(NotAPersonKey)
            };
            let (high, low) = (nibble()?, nibble()?);
            *byte = u8::try_from((high << 4) | low).map_err(|_| NotAPersonKey)?;
        }
        Ok(Self(key))
    }
}

impl Serialize for PersonKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PersonKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text_and_depends_on_every_part() {
        let key = PersonKey::mint(b"salt", &["heroma/sml", "4711"]);
        assert_eq!(key.to_hex().parse(), Ok(key));
        assert_ne!(key, PersonKey::mint(b"other", &["heroma/sml", "4711"]));
        assert_ne!(key, PersonKey::mint(b"salt", &["heroma/sml4", "711"]));
        assert_eq!("xyz".parse::<PersonKey>(), Err(NotAPersonKey));
    }
}
