//! Distinguished names (RFC 4514): read, written and compared.
//!
//! Two names are equal when they are so in normal form: attribute types in lower case, values unescaped and folded by
//! [`fold_case`], the pairs of a multi-valued part sorted. The form in which a name was written (letter case, diacritics)
//! is kept and shown; only escapes are written in one way. Names sort with a parent before what is below it.
//!
//! Multi-valued parts are read, and made by nothing here. No schema is known: `CN` and `2.5.4.3` are two types.
//! `parse` of what `Display` shows gives the same name, for every value (`tests`).

use core::cmp::Ordering;
use core::fmt;
use core::hash::Hash;
use core::hash::Hasher;
use core::str::FromStr;

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;

use super::dn_text::Pair;
use super::dn_text::Reader;
use super::dn_text::is_attribute_type;
use super::dn_text::push_escaped;
use crate::base::Secret;
use crate::base::fold_case;

/// The attribute type whose values name the directory; all other values are hidden in `Debug`, since they say who or where somebody is.
const DOMAIN: &str = "dc";

/// A distinguished name. The empty one is the root, above all others.
#[derive(Clone, Default)]
pub struct Dn {
    /// The object itself first, as names are written.
    rdns: Vec<Rdn>,
    /// Normal forms, the top first.
    normal: Vec<String>,
}

/// One part of a distinguished name: how an object is named under its parent.
#[derive(Clone)]
pub struct Rdn {
    first: Pair,
    more: Vec<Pair>,
}

/// Why a text is not a distinguished name. Positions count characters from 0; no value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DnError {
    /// No attribute type where one must be.
    #[error("expected an attribute type at character {at} of the distinguished name")]
    AttributeType {
        /// Where.
        at: usize,
    },
    /// No `=` after an attribute type.
    #[error("expected `=` at character {at} of the distinguished name")]
    EqualsSign {
        /// Where.
        at: usize,
    },
    /// A sign that must be escaped.
    #[error("a sign at character {at} of the distinguished name must be escaped")]
    Unescaped {
        /// Where.
        at: usize,
    },
    /// A backslash before something that it does not escape.
    #[error("unknown escape at character {at} of the distinguished name")]
    Escape {
        /// Where.
        at: usize,
    },
    /// Escaped bytes that are not UTF-8.
    #[error("escapes before character {at} of the distinguished name are not UTF-8")]
    NotUtf8 {
        /// Where the value ends.
        at: usize,
    },
    /// A value in `#` form that is not text.
    #[error("a value in `#` form before character {at} of the distinguished name holds no text")]
    Encoded {
        /// Where the value ends.
        at: usize,
    },
    /// A new value that is empty, but for spaces.
    #[error("a part of a distinguished name needs a value")]
    EmptyValue,
    /// A new value with a control character in it.
    #[error("a part of a distinguished name must not hold control characters")]
    ControlCharacter,
}

impl Dn {
    /// Reads a name. Spaces around the signs between its parts are passed over.
    pub fn parse(text: &str) -> Result<Self, DnError> {
        let mut reader = Reader::new(text);
        reader.skip_spaces();
        let mut rdns = Vec::new();
        if reader.peek().is_some() {
            loop {
                let first = reader.pair()?;
                let mut more = Vec::new();
                while reader.take('+') {
                    more.push(reader.pair()?);
                }
                rdns.push(Rdn { first, more });
                if !reader.take(',') {
                    break;
                }
            }
        }
        let normal = rdns.iter().rev().map(Rdn::normal).collect();
        Ok(Self { rdns, normal })
    }

    /// The name of a child. Spaces at the ends of the value are dropped; control characters are refused.
    pub fn child(&self, attribute: &str, value: &str) -> Result<Self, DnError> {
        if !is_attribute_type(attribute) {
            return Err(DnError::AttributeType { at: 0 });
        }
        let value = value.trim_matches(' ');
        if value.is_empty() {
            return Err(DnError::EmptyValue);
        }
        if value.chars().any(char::is_control) {
            return Err(DnError::ControlCharacter);
        }
        let pair = Pair {
            attribute: String::from(attribute),
            value: String::from(value),
        };
        Ok(self.with(Rdn {
            first: pair,
            more: Vec::new(),
        }))
    }

    /// The name that an object gets when it moves below another parent and keeps its own part.
    #[must_use]
    pub fn moved_to(&self, parent: &Self) -> Self {
        self.rdn()
            .map_or_else(|| parent.clone(), |rdn| parent.with(rdn.clone()))
    }

    /// The name above; the root has none.
    pub fn parent(&self) -> Option<Self> {
        let (_, rdns) = self.rdns.split_first()?;
        let (_, normal) = self.normal.split_last()?;
        Some(Self {
            rdns: Vec::from(rdns),
            normal: Vec::from(normal),
        })
    }

    /// The part that names the object itself; the root has none.
    pub fn rdn(&self) -> Option<&Rdn> {
        self.rdns.first()
    }

    /// All parts, the object itself first.
    pub fn rdns(&self) -> impl DoubleEndedIterator<Item = &Rdn> {
        self.rdns.iter()
    }

    /// How many parts it has.
    pub fn depth(&self) -> usize {
        self.rdns.len()
    }

    /// Whether it stands below another name, at any depth. No name is below itself.
    pub fn is_under(&self, other: &Self) -> bool {
        self.normal.len() > other.normal.len() && self.normal.starts_with(&other.normal)
    }

    fn with(&self, rdn: Rdn) -> Self {
        let mut normal = self.normal.clone();
        normal.push(rdn.normal());
        let mut rdns = Vec::with_capacity(self.rdns.len().saturating_add(1));
        rdns.push(rdn);
        rdns.extend_from_slice(&self.rdns);
        Self { rdns, normal }
    }
}

impl Rdn {
    /// The attribute type as it was written; the first one of a multi-valued part.
    pub fn attribute(&self) -> &str {
        &self.first.attribute
    }

    /// The value without escapes; the first one of a multi-valued part.
    pub fn value(&self) -> &str {
        &self.first.value
    }

    /// Whether there is more than one pair.
    pub fn is_multi_valued(&self) -> bool {
        !self.more.is_empty()
    }

    /// All pairs of attribute type and value, as they were written.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all()
            .map(|pair| (pair.attribute.as_str(), pair.value.as_str()))
    }

    fn all(&self) -> impl Iterator<Item = &Pair> {
        core::iter::once(&self.first).chain(&self.more)
    }

    /// Escaped, so that two parts have one normal form only if they are equal.
    fn normal(&self) -> String {
        let mut pairs: Vec<String> = self
            .all()
            .map(|pair| {
                let mut normal = pair.attribute.to_ascii_lowercase();
                normal.push('=');
                push_escaped(&mut normal, &fold_case(&pair.value));
                normal
            })
            .collect();
        pairs.sort_unstable();
        pairs.join("+")
    }
}

impl PartialEq for Dn {
    fn eq(&self, other: &Self) -> bool {
        self.normal == other.normal
    }
}

impl Eq for Dn {}

impl PartialOrd for Dn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.normal.cmp(&other.normal)
    }
}

impl Hash for Dn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normal.hash(state);
    }
}

impl fmt::Display for Dn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rdn) in self.rdns.iter().enumerate() {
            if index > 0 {
                formatter.write_str(",")?;
            }
            rdn.fmt(formatter)?;
        }
        Ok(())
    }
}

impl fmt::Display for Rdn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pair) in self.all().enumerate() {
            if index > 0 {
                formatter.write_str("+")?;
            }
            let mut value = String::with_capacity(pair.value.len());
            push_escaped(&mut value, &pair.value);
            write!(formatter, "{}={value}", pair.attribute)?;
        }
        Ok(())
    }
}

/// Hides every value that may name a person or a place; `Display` shows all.
impl fmt::Debug for Dn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rdn) in self.rdns.iter().enumerate() {
            if index > 0 {
                formatter.write_str(",")?;
            }
            fmt::Debug::fmt(rdn, formatter)?;
        }
        Ok(())
    }
}

/// Hides every value that may name a person; `Display` shows all.
impl fmt::Debug for Rdn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pair) in self.all().enumerate() {
            if index > 0 {
                formatter.write_str("+")?;
            }
            let attribute = &pair.attribute;
            if attribute.eq_ignore_ascii_case(DOMAIN) {
                let mut value = String::new();
                push_escaped(&mut value, &pair.value);
                write!(formatter, "{attribute}={value}")?;
            } else {
                write!(formatter, "{attribute}={:?}", Secret::new(()))?;
            }
        }
        Ok(())
    }
}

impl FromStr for Dn {
    type Err = DnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Dn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::base::trials_of;

    fn dn(text: &str) -> Dn {
        Dn::parse(text).unwrap()
    }

    #[test]
    fn escapes_are_read_and_written() {
        for (text, value, written) in [
            ("CN=Berg\\, Anna", "Berg, Anna", "CN=Berg\\, Anna"),
            ("CN=Berg\\2c Anna", "Berg, Anna", "CN=Berg\\, Anna"),
            ("CN=\\#1", "#1", "CN=\\#1"),
            ("CN=\\23 1", "# 1", "CN=\\# 1"),
            ("CN=a#b=c", "a#b=c", "CN=a#b=c"),
            ("CN=a\\=b", "a=b", "CN=a=b"),
            ("CN=\\ a \\ ", " a  ", "CN=\\ a \\ "),
            ("CN=  a b  ", "a b", "CN=a b"),
            ("CN=\\ ", " ", "CN=\\ "),
            ("CN=\\c3\\85sa", "Åsa", "CN=Åsa"),
            ("CN=a\\0Ab\\0dc\\00", "a\nb\rc\0", "CN=a\\0Ab\\0Dc\\00"),
            (
                "CN=\\\"\\+\\;\\<\\>\\\\",
                "\"+;<>\\",
                "CN=\\\"\\+\\;\\<\\>\\\\",
            ),
            ("2.5.4.3=#04024869", "Hi", "2.5.4.3=Hi"),
            ("CN=#0C8103C3A561", "åa", "CN=åa"),
            ("CN=", "", "CN="),
        ] {
            let name = dn(text);
            assert_eq!(name.rdn().unwrap().value(), value, "{text}");
            assert_eq!(name.to_string(), written, "{text}");
        }
    }

    #[test]
    fn faults_are_told_with_their_position() {
        for (text, fault) in [
            ("=a", DnError::AttributeType { at: 0 }),
            ("1.=a", DnError::AttributeType { at: 0 }),
            ("C.N=a", DnError::AttributeType { at: 0 }),
            ("CN=a,", DnError::AttributeType { at: 5 }),
            ("CN=a,,OU=b", DnError::AttributeType { at: 5 }),
            ("CN", DnError::EqualsSign { at: 2 }),
            ("CN=a;OU=b", DnError::Unescaped { at: 4 }),
            ("CN=\"a\"", DnError::Unescaped { at: 3 }),
            ("CN=a\\", DnError::Escape { at: 4 }),
            ("CN=a\\/b", DnError::Escape { at: 4 }),
            ("CN=\\ff", DnError::NotUtf8 { at: 6 }),
            ("CN=#0201", DnError::Encoded { at: 8 }),
            ("CN=#0403616", DnError::Encoded { at: 11 }),
            ("CN=#04016162", DnError::Encoded { at: 12 }),
            ("CN=#04 x", DnError::Unescaped { at: 7 }),
        ] {
            assert_eq!(Dn::parse(text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn equality_is_that_of_the_normal_form_and_the_written_form_stays() {
        let (one, two) = (dn("CN=Åsa Berg,OU=Ort"), dn("cn=\\61sa berg , ou = ort"));
        assert_eq!(one, two);
        assert_eq!(one.to_string(), "CN=Åsa Berg,OU=Ort");
        assert_eq!(two.to_string(), "cn=asa berg,ou=ort");
        assert_ne!(dn("CN=a b"), dn("CN=ab"));
        assert_ne!(dn("CN=a\\,OU\\=b"), dn("CN=a,OU=b"));
        assert_ne!(dn("CN=a\\+SN\\=b"), dn("CN=a+SN=b"));
        assert_eq!(dn("CN=a+SN=b"), dn("sn=B+cn=A"));
        assert!(dn("CN=a+SN=b").rdn().unwrap().is_multi_valued());
    }

    #[test]
    fn family_of_a_name() {
        let unit = dn("OU=Ort,DC=sml,DC=test");
        let person = unit.child("CN", "  Berg, Anna ").unwrap();
        assert_eq!(person.to_string(), "CN=Berg\\, Anna,OU=Ort,DC=sml,DC=test");
        assert_eq!(person, dn(&person.to_string()));
        assert_eq!(person.parent(), Some(unit.clone()));
        assert!(person.is_under(&unit) && person.is_under(&dn("dc=TEST")));
        assert!(!unit.is_under(&unit) && !unit.is_under(&person));
        assert!(!dn("CN=a,OU=Bort,DC=test").is_under(&dn("OU=ort,DC=test")));
        let moved = person.moved_to(&dn("OU=Disabled"));
        assert_eq!(moved.to_string(), "CN=Berg\\, Anna,OU=Disabled");
        assert_eq!(Dn::default().parent(), None);
        assert_eq!(dn("DC=test").parent(), Some(Dn::default()));
        assert!(unit.is_under(&dn("  ")));
        assert_eq!(unit.child("CN", "  ").err(), Some(DnError::EmptyValue));
        assert_eq!(
            unit.child("CN", "a\nb").err(),
            Some(DnError::ControlCharacter)
        );
        assert!(unit.child("", "a").is_err() && unit.child("C N", "a").is_err());
    }

    #[test]
    fn a_parent_sorts_before_its_children_and_they_before_its_neighbour() {
        let mut names = [
            dn("OU=a b,DC=test"),
            dn("CN=x,OU=a,DC=test"),
            dn("OU=A,DC=test"),
            dn("DC=test"),
        ];
        names.sort();
        let texts: Vec<String> = names.iter().map(Dn::to_string).collect();
        assert_eq!(
            texts,
            [
                "DC=test",
                "OU=A,DC=test",
                "CN=x,OU=a,DC=test",
                "OU=a b,DC=test"
            ]
        );
    }

    #[test]
    fn debug_and_errors_show_no_person() {
        let name = dn("CN=Hemlig+SN=Hemlig,CN=Hemlig,uid=Hemlig,OU=Ort,DC=test");
        assert_eq!(
            format!("{name:?}"),
            "CN=‹secret›+SN=‹secret›,CN=‹secret›,uid=‹secret›,OU=‹secret›,DC=test"
        );
        let error = serde_json::from_str::<Dn>(r#""CN=Hemlig;x""#).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("Hemlig"));
    }

    #[test]
    fn serial_form_is_the_text() {
        let name = dn("CN=Berg\\, Anna,OU=Ort");
        let json = serde_json::to_string(&name).unwrap();
        assert_eq!(json, r#""CN=Berg\\, Anna,OU=Ort""#);
        assert_eq!(serde_json::from_str::<Dn>(&json).unwrap(), name);
    }

    /// Values in which the signs with a meaning are common.
    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ ,+\"\\\\<>;#=a-cÅ\u{0}\n\r]{0,8}",
            proptest::collection::vec(any::<char>(), 0..8)
                .prop_map(|letters| letters.into_iter().collect()),
        ]
    }

    proptest! {
        #![proptest_config(trials_of(256))]

        #[test]
        fn what_is_shown_reads_as_the_same(parts in proptest::collection::vec(("[A-Za-z][a-z0-9-]{0,3}", value()), 0..4)) {
            let name = parts.iter().fold(Dn::default(), |parent, (attribute, value)| {
                parent.with(Rdn {
                    first: Pair { attribute: attribute.clone(), value: value.clone() },
                    more: Vec::new(),
                })
            });
            let read = dn(&name.to_string());
            prop_assert_eq!(&read, &name);
            let values = |name: &Dn| -> Vec<String> { name.rdns().map(|rdn| String::from(rdn.value())).collect() };
            prop_assert_eq!(values(&read), values(&name));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[CNOU=,+;#\\\\ 0-9a-f\"é\u{0}]{0,24}") {
            if let Ok(name) = Dn::parse(&text) {
                let again = dn(&name.to_string());
                prop_assert_eq!(again.to_string(), name.to_string());
                prop_assert_eq!(again, name);
            }
        }
    }
}
