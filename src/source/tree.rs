//! A document as it stands, before anybody asks what it means: nothing, text, list or map.
//!
//! It reads JSON and XML alike (of XML, elements and attributes are keys, an attribute with `@` before its name, text with
//! the name `$text`, and an element that stands several times is a key that stands several times). Reading it never fails
//! on what a document holds, only on its syntax; so one odd value costs no more than itself. Depth is bounded: what lies
//! deeper is skipped without recursion and stands as [`Tree::TooDeep`].

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::DeserializeSeed;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::base::RawText;

/// How deep a document may be nested. The deepest known format needs nine.
const MOST_DEPTH: usize = 32;

/// One value of a document.
#[derive(Clone, Debug)]
pub enum Tree {
    /// Nothing.
    Null,
    /// A text, number or truth value.
    Text(RawText),
    /// A list.
    List(Vec<Tree>),
    /// Keys and values in the order in which they stand; a key may stand more than once.
    Map(Vec<(Key, Tree)>),
    /// What lies too deep to be read.
    TooDeep,
}

/// A key. It comes from the document, so it does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key under which the text of an element stands.
    pub(crate) fn text() -> Self {
        Self(String::from("$text"))
    }

    /// The key itself, to be compared with known ones; never to be shown.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[key]")
    }
}

impl Tree {
    /// Reads a whole document that is no scalar. Unlike [`Tree::deserialize`] it passes over what stands before the root
    /// element of XML.
    pub(crate) fn deserialize_root<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("document", &[], AtDepth(0))
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AtDepth(0).deserialize(deserializer)
    }
}

/// Reads one value at a depth.
#[derive(Clone, Copy)]
struct AtDepth(usize);

impl<'de> DeserializeSeed<'de> for AtDepth {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        if self.0 >= MOST_DEPTH {
            return IgnoredAny::deserialize(deserializer).map(|_| Tree::TooDeep);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AtDepth {
    type Value = Tree;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a document")
    }
    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(RawText::new(text)))
    }
    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(RawText::new(text)))
    }
    fn visit_bytes<E>(self, _bytes: &[u8]) -> Result<Tree, E> {
        Ok(Tree::TooDeep)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Text(RawText::new(if value {
            "true"
        } else {
            "false"
        })))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Text(RawText::new(alloc::format!("{value}"))))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Text(RawText::new(alloc::format!("{value}"))))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Text(RawText::new(alloc::format!("{value}"))))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(AtDepth(self.0.saturating_add(1)))? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(AtDepth(self.0.saturating_add(1)))?;
            map.push((Key(key), value));
        }
        Ok(Tree::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn json_and_xml_give_the_same_kind_of_tree() {
        let json: Tree =
            serde_json::from_str(r#"{"a": [1, true, null, 2.0], "b": {"c": "Hemlig"}}"#).unwrap();
        assert_eq!(
            format!("{json:?}"),
            "Map([([key], List([Text(‹secret›), Text(‹secret›), Null, Text(‹secret›)])), \
             ([key], Map([([key], Text(‹secret›))]))])"
        );
        let xml: Tree =
            quick_xml::de::from_str(r#"<x><a n="1">Hemlig</a><b/><a>Dold</a></x>"#).unwrap();
        let Tree::Map(entries) = xml else { panic!() };
        let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "a"]);
        let Tree::Map(inner) = &entries[0].1 else {
            panic!()
        };
        let keys: Vec<&str> = inner.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["@n", "$text"]);
    }

    #[test]
    fn depth_costs_nothing_but_itself() {
        let deep = format!("<r>{}{}</r>", "<a>".repeat(20_000), "</a>".repeat(20_000));
        assert!(matches!(
            quick_xml::de::from_str::<Tree>(&deep),
            Ok(Tree::Map(_))
        ));
        let nested = format!("{}{}", "[".repeat(60), "]".repeat(60));
        assert!(matches!(
            serde_json::from_str::<Tree>(&nested),
            Ok(Tree::List(_))
        ));
    }
}
