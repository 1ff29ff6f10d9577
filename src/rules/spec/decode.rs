//! The decoder: from the tree to the plain data of rules, with every problem of shape at once.
//!
//! It looks nothing up: whether a name means something is found later. What it keeps true: every key that it is not asked for
//! is a problem, and the keys that it suggests are those that it was asked for.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::decode_value::read_named;
use super::file::RuleFile;
use super::messages;
use super::node::Entry;
use super::node::Node;
use super::node::Value;
use super::ruleset::RulesetSpec;
use super::value::Named;
use super::word::Word;
use crate::base::Limits;
use crate::base::Path;
use crate::diagnostic::Problem;
use crate::rules::codes;

/// What reading a rule file gives: all that could be decoded, and all that is wrong with it.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The rules; what has a problem is left out or empty. None where the file could not be read at all.
    pub spec: Option<RulesetSpec>,
    /// The file, which knows the line and column of every place.
    pub file: RuleFile,
    /// The problems, in no particular order.
    pub problems: Vec<Problem>,
}

impl Decoded {
    pub(super) fn read(mut file: RuleFile, problems: Vec<Problem>) -> Self {
        let mut decoder = Decoder { problems };
        let spec = super::decode_ruleset::read_ruleset(&mut decoder, file.node());
        for problem in &decoder.problems {
            if *problem.code == codes::UNKNOWN_KEY {
                file.point_at_key(problem.place.path.clone());
            }
        }
        Self {
            spec,
            file,
            problems: decoder.problems,
        }
    }
}

impl RulesetSpec {
    /// Reads rules from JSON; a key whose value is `null` is as if it were not there.
    pub fn from_json(json: &serde_json::Value, limits: &Limits) -> Decoded {
        let (node, problems) = Node::from_json(json, limits);
        let file = RuleFile::without_text(node);
        if problems.is_empty() {
            Decoded::read(file, problems)
        } else {
            Decoded {
                spec: None,
                file,
                problems,
            }
        }
    }
}

/// Collects the problems.
pub(super) struct Decoder {
    problems: Vec<Problem>,
}

impl Decoder {
    pub(super) fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}

/// The keys of a table while it is decoded.
pub(super) struct Fields<'n> {
    entries: &'n BTreeMap<String, Entry>,
    path: Path,
    asked: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The keys of a node that must be a table.
    pub(super) fn open(decoder: &mut Decoder, node: &'n Node, path: &Path) -> Option<Self> {
        let entries = table(decoder, node, path)?;
        Some(Self {
            entries,
            path: path.clone(),
            asked: Vec::new(),
        })
    }

    /// Where the table stands.
    pub(super) const fn path(&self) -> &Path {
        &self.path
    }

    /// The node of a key that may be there.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.entries
            .get(key)
            .map(|entry| &entry.node)
            .filter(|node| node.value != Value::Nothing)
    }

    /// The value of a key that may be there.
    pub(super) fn get<T>(
        &mut self,
        decoder: &mut Decoder,
        key: &'static str,
        read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) -> Option<T> {
        let node = self.node(key)?;
        read(decoder, node, &self.path.key(key))
    }

    /// The value of a key that must be there.
    pub(super) fn need<T>(
        &mut self,
        decoder: &mut Decoder,
        key: &'static str,
        read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) -> Option<T> {
        let Some(node) = self.node(key) else {
            decoder.report(messages::missing_key(&self.path, key));
            return None;
        };
        read(decoder, node, &self.path.key(key))
    }

    /// The elements of a list; none where the key is not there.
    pub(super) fn list<T>(
        &mut self,
        decoder: &mut Decoder,
        key: &'static str,
        read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) -> Vec<T> {
        self.get(decoder, key, |decoder, node, path| {
            read_list(decoder, node, path, &read)
        })
        .unwrap_or_default()
    }

    /// The elements of a list that must be there and must not be empty.
    pub(super) fn filled_list<T>(
        &mut self,
        decoder: &mut Decoder,
        key: &'static str,
        read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) -> Vec<T> {
        self.need(decoder, key, |decoder, node, path| {
            if matches!(&node.value, Value::List(nodes) if nodes.is_empty()) {
                decoder.report(messages::empty_list(path));
            }
            read_list(decoder, node, path, &read)
        })
        .unwrap_or_default()
    }

    /// The names in a list in which each counts once.
    pub(super) fn names(&mut self, decoder: &mut Decoder, key: &'static str) -> Vec<Named> {
        self.get(decoder, key, read_names).unwrap_or_default()
    }

    /// The words in a list in which each counts once.
    pub(super) fn words<W: Word>(&mut self, decoder: &mut Decoder, key: &'static str) -> Vec<W> {
        let mut words = Vec::new();
        for name in self.names(decoder, key) {
            match W::from_word(&name.text) {
                Some(word) => words.push(word),
                None => decoder.report(messages::unknown_word::<W>(&name.place, &name.text)),
            }
        }
        words
    }

    /// The values of a table with free keys; none where the key is not there.
    pub(super) fn map<T>(
        &mut self,
        decoder: &mut Decoder,
        key: &'static str,
        read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) -> BTreeMap<String, T> {
        self.get(decoder, key, |decoder, node, path| {
            read_map(decoder, node, path, &read)
        })
        .unwrap_or_default()
    }

    /// The values of all keys that were not asked for, where the table has free keys beside its own.
    pub(super) fn rest<T>(
        mut self,
        decoder: &mut Decoder,
        read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let mut values = BTreeMap::new();
        let asked = core::mem::take(&mut self.asked);
        for (key, entry) in self.entries {
            if asked.contains(&key.as_str()) || entry.node.value == Value::Nothing {
                continue;
            }
            if let Some(value) = read(decoder, &entry.node, &self.path.key(key)) {
                values.insert(key.clone(), value);
            }
        }
        values
    }

    /// Ends the table: every key that was not asked for is a problem.
    pub(super) fn close(self, decoder: &mut Decoder) {
        for key in self.entries.keys() {
            if !self.asked.contains(&key.as_str()) {
                decoder.report(messages::unknown_key(&self.path, key, &self.asked));
            }
        }
    }
}

/// The values of a table with free keys.
pub(super) fn read_map<T>(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
) -> Option<BTreeMap<String, T>> {
    Some(Fields::open(decoder, node, path)?.rest(decoder, read))
}

/// The elements of a list.
pub(super) fn read_list<T>(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
) -> Option<Vec<T>> {
    let Value::List(nodes) = &node.value else {
        decoder.report(messages::wrong_type(path, "a list", &node.value));
        return None;
    };
    let elements = nodes
        .iter()
        .enumerate()
        .filter_map(|(index, node)| read(decoder, node, &path.index(index)))
        .collect();
    Some(elements)
}

/// The names in a list in which each counts once.
pub(super) fn read_names(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Vec<Named>> {
    let mut first: BTreeMap<String, Path> = BTreeMap::new();
    let mut names = Vec::new();
    for name in read_list(decoder, node, path, read_named)? {
        if let Some(first) = first.get(&name.text) {
            decoder.report(messages::repeated(&name.place, first, &name.text));
        } else {
            first.insert(name.text.clone(), name.place.clone());
            names.push(name);
        }
    }
    Some(names)
}

fn table<'n>(
    decoder: &mut Decoder,
    node: &'n Node,
    path: &Path,
) -> Option<&'n BTreeMap<String, Entry>> {
    if let Value::Table(entries) = &node.value {
        Some(entries)
    } else {
        decoder.report(messages::wrong_type(path, "a table", &node.value));
        None
    }
}
