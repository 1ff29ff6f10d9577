//! Values that must not show by accident.
//!
//! A [`Secret`] has no `Display`, no `Serialize`, no order and no hash; its `Debug` shows a mark. The one way in is
//! [`Secret::reveal`], so that searching for its name finds every place that looks (`docs/security.md` lists them).

use core::fmt;

use alloc::string::String;
use serde::Deserialize;
use serde::Deserializer;

/// A personal value.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Whoever calls this answers for where it goes.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// Another secret made of this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Secret<U> {
        Secret(change(self.0))
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹secret›")
    }
}

/// Text as a source gave it: whatever it holds is taken for personal until a field says what it is.
///
/// It reads any scalar (a number or a truth value becomes its text), so that reading never fails with a message that
/// repeats the value.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct RawText(Secret<String>);

impl RawText {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// The text itself. Whoever calls this answers for where it goes.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl From<RawText> for Secret<String> {
    fn from(text: RawText) -> Self {
        text.0
    }
}

impl fmt::Debug for RawText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<T: Into<String>> From<T> for RawText {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for RawText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyScalar;

        impl serde::de::Visitor<'_> for AnyScalar {
            type Value = RawText;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text, a number or a truth value")
            }
            fn visit_str<E>(self, text: &str) -> Result<RawText, E> {
                Ok(RawText::new(text))
            }
            fn visit_string<E>(self, text: String) -> Result<RawText, E> {
                Ok(RawText::new(text))
            }
            fn visit_bool<E>(self, value: bool) -> Result<RawText, E> {
                Ok(RawText::new(if value { "true" } else { "false" }))
            }
            fn visit_i64<E>(self, value: i64) -> Result<RawText, E> {
                Ok(RawText::new(alloc::format!("{value}")))
            }
            fn visit_u64<E>(self, value: u64) -> Result<RawText, E> {
                Ok(RawText::new(alloc::format!("{value}")))
            }
            fn visit_f64<E>(self, value: f64) -> Result<RawText, E> {
                Ok(RawText::new(alloc::format!("{value}")))
            }
        }

        deserializer.deserialize_any(AnyScalar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn debug_shows_a_mark_only() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "only its Debug is looked at")]
        struct Person {
            name: Secret<&'static str>,
            raw: RawText,
        }
        let person = Person {
            name: Secret::new("Hemlig"),
            raw: RawText::new("Hemlig"),
        };
        let text = format!("{person:?} {person:#?}");
        assert!(!text.contains("Hemlig"));
        assert!(text.contains("‹secret›"));
    }

    #[test]
    fn raw_text_takes_any_scalar() {
        let read: alloc::vec::Vec<RawText> =
            serde_json::from_str(r#"["a", 1, true, 2.5]"#).unwrap();
        let texts: alloc::vec::Vec<&str> = read.iter().map(RawText::reveal).collect();
        assert_eq!(texts, ["a", "1", "true", "2.5"]);
    }
}
