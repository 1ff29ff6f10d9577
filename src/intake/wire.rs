//! How the shapes of documents are declared and read.
//!
//! A wire shape holds only optional texts and lists, and reading one cannot fail: a value of the wrong shape is counted
//! and left out, and so is every name that the shape does not know, or knows and does not use. So nothing is dropped
//! unseen, nothing that a document holds is repeated, and one odd value does not cost a whole document. Counts name only
//! what the shapes themselves name.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::Deserializer;

use crate::base::RawText;
use crate::source::Tree;

/// A document: what was read of it, and a count of what was not.
///
/// Of JSON it is made by [`Document::from_json`]; of XML a host deserializes it, with any crate that gives XML to serde. Only
/// a mistake in the syntax is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<T> {
    /// What was read.
    pub content: T,
    /// What was not.
    pub unread: Unread,
}

/// Where a text is no JSON. It says nothing of what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document is no JSON from line {line}, column {column} on")]
pub struct NoJson {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl<T: Wire> Document<T> {
    /// Reads JSON. It fails on a mistake in the syntax only.
    pub fn from_json(text: &str) -> Result<Self, NoJson> {
        serde_json::from_str(text)
            .map(Self::of)
            .map_err(|error| NoJson {
                line: error.line(),
                column: error.column(),
            })
    }

    fn of(tree: Tree) -> Self {
        let mut unread = Unread::default();
        let content = T::read(tree, ("document", ""), &mut unread).unwrap_or_default();
        Self { content, unread }
    }
}

impl<'de, T: Wire> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tree::deserialize_root(deserializer).map(Self::of)
    }
}

/// Counts of what was not read of a document, by the names that its format has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    counts: BTreeMap<(Why, &'static str, &'static str), u64>,
}

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// It is known and carries no fact.
    NotUsed,
    /// Its name is not known.
    Unknown,
    /// It has another shape.
    Shape,
}

impl Unread {
    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub(super) fn count(&mut self, why: Why, shape: &'static str, name: &'static str) {
        let count = self.counts.entry((why, shape, name)).or_default();
        *count = count.saturating_add(1);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Why, &'static str, &'static str, u64)> + '_ {
        self.counts
            .iter()
            .map(|((why, shape, name), count)| (*why, *shape, *name, *count))
    }
}

/// What can be read from a document. `place` is the shape and the name where it stands.
pub trait Wire: Default {
    #[doc(hidden)]
    fn read(tree: Tree, place: (&'static str, &'static str), unread: &mut Unread) -> Option<Self>;
}

/// Where what was read goes: a place for one or for many.
pub(super) trait Slot {
    fn fill(&mut self, tree: Tree, place: (&'static str, &'static str), unread: &mut Unread);
}

impl<T: Wire> Slot for Option<T> {
    fn fill(&mut self, tree: Tree, place: (&'static str, &'static str), unread: &mut Unread) {
        let tree = match tree {
            Tree::List(mut items) if items.len() == 1 => items.pop().unwrap_or(Tree::Null),
            tree => tree,
        };
        if let Some(value) = T::read(tree, place, unread) {
            if self.is_some() {
                unread.count(Why::Shape, place.0, place.1);
            } else {
                *self = Some(value);
            }
        }
    }
}

impl<T: Wire> Slot for Vec<T> {
    fn fill(&mut self, tree: Tree, place: (&'static str, &'static str), unread: &mut Unread) {
        match tree {
            Tree::List(items) => {
                self.extend(
                    items
                        .into_iter()
                        .filter_map(|item| T::read(item, place, unread)),
                );
            }
            tree => self.extend(T::read(tree, place, unread)),
        }
    }
}

impl Wire for RawText {
    fn read(tree: Tree, place: (&'static str, &'static str), unread: &mut Unread) -> Option<Self> {
        match tree {
            Tree::Null => None,
            Tree::Text(text) => Some(text),
            Tree::Map(entries) => element_text(entries, place, unread),
            Tree::List(_) | Tree::TooDeep => {
                unread.count(Why::Shape, place.0, place.1);
                None
            }
        }
    }
}

/// The text of an element. Attributes that it has besides are counted, but for those of the language of documents.
fn element_text(
    entries: Vec<(crate::source::Key, Tree)>,
    place: (&'static str, &'static str),
    unread: &mut Unread,
) -> Option<RawText> {
    let mut text = None;
    for (key, value) in entries {
        match (key.as_str(), value) {
            (key, Tree::Text(nil)) if is_nil(key, &nil) => return None,
            (key, _) if is_plumbing(key) => {}
            ("$text", Tree::Text(part)) if text.is_none() => text = Some(part),
            ("@restrict", _) => unread.count(Why::NotUsed, place.1, "@restrict"),
            (key, _) if key.starts_with('@') => unread.count(Why::Unknown, place.1, ""),
            _ => {
                unread.count(Why::Shape, place.0, place.1);
                return None;
            }
        }
    }
    Some(text.unwrap_or_default())
}

/// Whether an attribute says that its element is empty on purpose, as nothing rather than as an empty text.
pub(super) fn is_nil(key: &str, value: &RawText) -> bool {
    matches!(key, "@nil" | "@xsi:nil") && super::text::is_true(value)
}

/// Whether a name belongs to the language of documents rather than to a format.
pub(super) fn is_plumbing(key: &str) -> bool {
    matches!(
        key,
        "@xmlns" | "@lang" | "@nil" | "@schemaLocation" | "@noNamespaceSchemaLocation"
    ) || ["@xmlns:", "@xsi:", "@xml:"]
        .iter()
        .any(|prefix| key.starts_with(prefix))
}

/// A protection flag as it stands: it is there, and it has a text or cannot be read.
///
/// Unlike other values, a flag of the wrong shape is not left out, since that would unveil somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flag {
    /// Its text; `None` where it cannot be read.
    pub text: Option<RawText>,
}

impl Wire for Flag {
    fn read(tree: Tree, place: (&'static str, &'static str), unread: &mut Unread) -> Option<Self> {
        if matches!(tree, Tree::Null) {
            return None;
        }
        let text = RawText::read(tree, place, unread);
        Some(Self { text })
    }
}

/// Declares the shape of a part of a document: its fields, each with its names there (of XML, attributes with `@`, the text
/// as `$text`), and in brackets the names that are known and not used.
macro_rules! wire {
    ($(
        $(#[$about:meta])*
        $name:ident as $shape:literal {
            $($field:ident: $kind:ty = $first:literal $(| $other:literal)*,)*
        }
        $([ $($unused:literal),* $(,)? ])?
    )*) => { $(
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name {
            $(
                #[doc = concat!("`", $first, "`.")]
                pub $field: $kind,
            )*
        }

        impl $crate::intake::wire::Wire for $name {
            fn read(
                tree: $crate::source::Tree,
                _: (&'static str, &'static str),
                unread: &mut $crate::intake::wire::Unread,
            ) -> Option<Self> {
                use $crate::intake::wire::Slot;
                use $crate::intake::wire::Why;
                let mut shape = Self::default();
                let entries = $crate::intake::wire::entries(tree, $shape, unread)?;
                for (key, value) in entries {
                    if $crate::intake::wire::is_padding(&key, &value) {
                        continue;
                    }
                    match key.as_str() {
                        $($first $(| $other)* => {
                            shape.$field.fill(value, ($shape, $first), unread);
                        })*
                        $($($unused => unread.count(Why::NotUsed, $shape, $unused),)*)?
                        key if $crate::intake::wire::is_plumbing(key) => {}
                        _ => unread.count(Why::Unknown, $shape, ""),
                    }
                }
                Some(shape)
            }
        }
    )* };
}
pub(super) use wire;

/// The entries of a part: of an object or element; of a text, the text; of anything else none, counted. `None` where there
/// is nothing.
pub(super) fn entries(
    tree: Tree,
    shape: &'static str,
    unread: &mut Unread,
) -> Option<Vec<(crate::source::Key, Tree)>> {
    match tree {
        Tree::Null => None,
        Tree::Map(entries) => {
            let nil = entries.iter().any(
                |(key, value)| matches!(value, Tree::Text(text) if is_nil(key.as_str(), text)),
            );
            (!nil).then_some(entries)
        }
        Tree::Text(text) => Some(alloc::vec![(crate::source::Key::text(), Tree::Text(text))]),
        Tree::List(_) | Tree::TooDeep => {
            unread.count(Why::Shape, shape, "");
            Some(Vec::new())
        }
    }
}

/// Whether an entry is only the white space between elements.
pub(super) fn is_padding(key: &crate::source::Key, value: &Tree) -> bool {
    key.as_str() == "$text" && matches!(value, Tree::Text(text) if super::text::is_blank(text))
}

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub, reason = "the macro makes public shapes")]

    use super::*;

    wire! {
        /// A part.
        Part as "part" {
            id: Option<RawText> = "@id" | "id",
            name: Option<RawText> = "name",
            mails: Vec<RawText> = "mail",
            flag: Vec<Flag> = "flag",
            text: Option<RawText> = "$text" | "value",
            parts: Vec<Inner> = "inner",
        } [ "photo" ]
        /// A part of a part.
        Inner as "inner" {
            id: Option<RawText> = "id",
        }
    }

    fn counted<T>(document: &Document<T>) -> Vec<(Why, &'static str, &'static str, u64)> {
        document.unread.iter().collect()
    }

    #[test]
    fn xml_and_json_read_alike() {
        let xml: Document<Part> = quick_xml::de::from_str(
            r#"<p xmlns="urn:x" id="1">
                <name>Alm</name><mail lang="sv">a</mail><mail>b</mail>
                <inner><id>2</id></inner>
            </p>"#,
        )
        .unwrap();
        let json: Document<Part> = Document::from_json(
            r#"{"id": 1, "name": ["Alm"], "mail": ["a", "b"], "inner": {"id": "2"}, "flag": null}"#,
        )
        .unwrap();
        assert_eq!(xml, json);
        assert!(xml.unread.is_empty());
        assert_eq!(xml.content.mails.len(), 2);
    }

    #[test]
    fn nothing_is_dropped_unseen_and_nothing_is_repeated() {
        let json: Document<Part> = Document::from_json(
            r#"{"Hemlig": "Hemlig", "photo": 1, "name": {"Hemlig": 2}, "mail": [["x"], "b"],
                "id": "1", "@id": "2", "inner": ["Hemlig", [], {"id": "7"}], "flag": ["J", {}, []]}"#,
        )
        .unwrap();
        assert_eq!(
            counted(&json),
            [
                (Why::NotUsed, "part", "photo", 1),
                (Why::Unknown, "inner", "", 1),
                (Why::Unknown, "part", "", 1),
                (Why::Shape, "inner", "", 1),
                (Why::Shape, "part", "@id", 1),
                (Why::Shape, "part", "flag", 1),
                (Why::Shape, "part", "mail", 1),
                (Why::Shape, "part", "name", 1),
            ]
        );
        assert_eq!(json.content.mails.len(), 1);
        assert_eq!(json.content.parts.len(), 3);
        assert_eq!(json.content.flag.len(), 3);
        assert!(!alloc::format!("{json:?}").contains("Hemlig"));
    }

    #[test]
    fn nil_is_nothing_and_an_empty_element_is_an_empty_text() {
        let xml: Document<Part> = quick_xml::de::from_str(
            r#"<p xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><name/><inner xsi:nil="true"/></p>"#,
        )
        .unwrap();
        assert_eq!(xml.content.name, Some(RawText::default()));
        assert!(xml.content.parts.is_empty() && xml.unread.is_empty());
    }

    #[test]
    fn an_attribute_beside_a_text_costs_itself_only() {
        let xml: Document<Part> =
            quick_xml::de::from_str(r#"<p><flag by="Hemlig">J</flag></p>"#).unwrap();
        assert_eq!(xml.content.flag[0].text, Some(RawText::new("J")));
        assert_eq!(counted(&xml), [(Why::Unknown, "flag", "", 1)]);
    }
}
