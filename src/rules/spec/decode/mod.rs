//! The decoder: from the tree to the plain data of rules, with every problem of shape at once.
//!
//! It looks nothing up: whether a name means something is found later. What it keeps true: every key that it is not asked for
//! is a problem, and the keys that it suggests are those that it was asked for.

mod account;
mod lint;
mod output;
mod ruleset;
mod value;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Limits;
use crate::base::Path;
use crate::diagnostic::Problem;
use crate::rules::codes;
use crate::rules::spec::file::RuleFile;
use crate::rules::spec::file::node::Entries;
use crate::rules::spec::file::node::Node;
use crate::rules::spec::file::node::Value;
use crate::rules::spec::keys::meaning;
use crate::rules::spec::messages;
use crate::rules::spec::ruleset::RulesetSpec;
use crate::rules::spec::shape::EitherKey;
use crate::rules::spec::shape::KeyShape;
use crate::rules::spec::shape::Shape;
use crate::rules::spec::shape::TableShape;
use crate::rules::spec::value::Named;
use crate::rules::spec::word::Word;
use value::read_named;
use value::read_named_word;

/// What reading a rule file gives: all that could be decoded, and all that is wrong with it.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The rules; what has a problem is left out or empty. None where the file could not be read at all, or has so many problems that
    /// nobody looked for more.
    pub spec: Option<RulesetSpec>,
    /// The file, which knows the line and column of every place.
    pub file: RuleFile,
    /// The problems, in no particular order.
    pub problems: Vec<Problem>,
}

impl Decoded {
    /// From a text that a reader makes a tree of. With a fault of syntax there are no rules, since too much of them may be missing.
    pub(super) fn of_text(
        text: &str,
        limits: &Limits,
        read: impl FnOnce() -> (RuleFile, Vec<Problem>),
    ) -> Self {
        let (file, problems) = if text.len() > limits.rule_file_bytes {
            let too_large = messages::file_too_large(limits.rule_file_bytes);
            (
                RuleFile::without_text(Node::empty()),
                alloc::vec![too_large],
            )
        } else {
            read()
        };
        let is_duplicate = |problem: &Problem| *problem.code == codes::DUPLICATE_KEY;
        if problems.iter().all(is_duplicate) {
            return Self::read(file, problems, limits);
        }
        Self {
            spec: None,
            file,
            problems,
        }
    }

    fn read(file: RuleFile, problems: Vec<Problem>, limits: &Limits) -> Self {
        let mut decoder = Decoder {
            problems,
            most: limits.sought_problems(),
            described: None,
        };
        let spec = ruleset::read_ruleset(&mut decoder, file.node());
        Self {
            // Where nobody looked any further, what was read is no whole.
            spec: spec.filter(|_| decoder.goes_on()),
            file,
            problems: decoder.problems,
        }
    }
}

impl RulesetSpec {
    /// What a rule file may hold. It is the decoder that says so, by the keys and kinds of values that it asks for: so neither a
    /// schema nor a list of keys can differ from what is read.
    pub fn shape() -> Shape {
        let mut decoder = Decoder {
            problems: Vec::new(),
            most: 0,
            described: None,
        };
        decoder.describe(&Path::root(), &|decoder, node, _| {
            ruleset::read_ruleset(decoder, node)
        })
    }
}

/// Collects the problems; or, while no file is read, what the readers ask for.
pub(super) struct Decoder {
    problems: Vec<Problem>,
    /// Once so many were found, nobody looks for more.
    most: usize,
    /// What was asked for at the present place; none while a file is read.
    described: Option<Vec<Shape>>,
}

impl Decoder {
    pub(super) fn report(&mut self, problem: Problem) {
        if self.described.is_none() {
            self.problems.push(problem);
        }
    }

    /// Whether it is worth the while to look for more.
    fn goes_on(&self) -> bool {
        self.problems.len() < self.most
    }

    /// Every reader says here what it takes.
    pub(super) fn takes(&mut self, shape: impl FnOnce() -> Shape) {
        if let Some(described) = &mut self.described {
            let shape = shape();
            if !described.contains(&shape) {
                described.push(shape);
            }
        }
    }

    /// Another form that a value may have, where the reader tells forms apart by more than text and table. It is not read here.
    pub(super) fn takes_also<T>(&mut self, read: impl FnOnce(&mut Self) -> T) {
        if self.described.is_some() {
            read(self);
        }
    }

    /// What a reader takes: all that it asks for where it finds a text, and where it finds a table.
    fn describe<T>(
        &mut self,
        path: &Path,
        read: &impl Fn(&mut Self, &Node, &Path) -> Option<T>,
    ) -> Shape {
        let outer = self.described.replace(Vec::new());
        for value in [Value::Text(String::new()), Value::Table(Entries::EMPTY)] {
            read(self, &Node { value, span: None }, path);
        }
        let inner = core::mem::replace(&mut self.described, outer);
        Shape::one_of(inner.unwrap_or_default())
    }
}

/// A table without keys, in place of one that is only described.
static NOTHING: Entries = Entries::EMPTY;

/// The keys of a table while it is decoded.
pub(super) struct Fields<'n> {
    entries: &'n Entries,
    path: Path,
    asked: Vec<&'static str>,
    shape: TableShape,
}

impl<'n> Fields<'n> {
    /// The keys of a node that must be a table.
    pub(super) fn open(decoder: &mut Decoder, node: &'n Node, path: &Path) -> Option<Self> {
        let entries = if decoder.described.is_some() {
            &NOTHING
        } else {
            table(decoder, node, path)?
        };
        Some(Self {
            entries,
            path: path.clone(),
            asked: Vec::new(),
            shape: TableShape::default(),
        })
    }

    /// Says that one of two keys must be there, and, where they exclude each other, not both.
    pub(super) fn either(
        &mut self,
        decoder: &mut Decoder,
        one: &'static str,
        other: &'static str,
        exclusive: bool,
    ) {
        self.shape.either = Some(EitherKey {
            one,
            other,
            exclusive,
        });
        match (self.node(one).is_some(), self.node(other).is_some()) {
            (false, false) => {
                decoder.report(messages::missing_either(&self.path, one, other));
            }
            (true, true) if exclusive => {
                decoder.report(messages::conflicting(&self.path, one, other));
            }
            _ => {}
        }
    }

    /// The node of a key that may be there.
    fn node(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.entries
            .get(key)
            .map(|entry| &entry.node)
            .filter(|node| node.value != Value::Nothing)
    }

    fn describe<T>(
        &mut self,
        decoder: &mut Decoder,
        key: &'static str,
        needed: bool,
        read: &impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) {
        if decoder.described.is_some() {
            let path = self.path.key(key);
            let shape = decoder.describe(&path, read);
            let described = KeyShape {
                shape,
                needed,
                meaning: meaning(&path).unwrap_or_default(),
            };
            self.shape.keys.insert(key, described);
        }
    }

    /// The value of a key that may be there.
    pub(super) fn get<T>(
        &mut self,
        decoder: &mut Decoder,
        key: &'static str,
        read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    ) -> Option<T> {
        self.describe(decoder, key, false, &read);
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
        self.describe(decoder, key, true, &read);
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
            read_filled_list(decoder, node, path, &read)
        })
        .unwrap_or_default()
    }

    /// The names in a list in which each counts once.
    pub(super) fn names(&mut self, decoder: &mut Decoder, key: &'static str) -> Vec<Named> {
        self.get(decoder, key, |decoder, node, path| {
            read_distinct(decoder, node, path, false, read_named, |name| name)
        })
        .unwrap_or_default()
    }

    /// The words in a list in which each counts once.
    pub(super) fn words<W: Word>(&mut self, decoder: &mut Decoder, key: &'static str) -> Vec<W> {
        let words = self.get(decoder, key, |decoder, node, path| {
            let read = read_named_word::<W>;
            read_distinct(decoder, node, path, false, read, |(name, _)| name)
        });
        let words = words.unwrap_or_default().into_iter();
        words.map(|(_, word)| word).collect()
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
        if decoder.described.is_some() {
            let others = decoder.describe(&self.path.key("…"), &read);
            self.shape.others = Some(Box::new(others));
            let shape = core::mem::take(&mut self.shape);
            decoder.takes(|| Shape::Table(shape));
        }
        // They come in order, so a map is made of all of them faster than of one after another.
        let mut values = Vec::new();
        let asked = core::mem::take(&mut self.asked);
        for (key, entry) in self.entries.iter() {
            if asked.contains(&key) || entry.node.value == Value::Nothing {
                continue;
            }
            if !decoder.goes_on() {
                break;
            }
            if let Some(value) = read(decoder, &entry.node, &self.path.key(key)) {
                values.push((String::from(key), value));
            }
        }
        values.into_iter().collect()
    }

    /// Ends the table: every key that was not asked for is a problem.
    pub(super) fn close(self, decoder: &mut Decoder) {
        decoder.takes(|| Shape::Table(self.shape));
        for (key, _) in self.entries.iter() {
            if !decoder.goes_on() {
                break;
            }
            if !self.asked.contains(&key) {
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
    list(decoder, node, path, ListKind::default(), read)
}

/// The elements of a list that must not be empty.
pub(super) fn read_filled_list<T>(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
) -> Option<Vec<T>> {
    let kind = ListKind {
        filled: true,
        distinct: false,
    };
    list(decoder, node, path, kind, read)
}

/// The elements of a list in which each counts once, by its name; a problem for each repetition.
pub(super) fn read_distinct<T>(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    filled: bool,
    read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
    name: impl Fn(&T) -> &Named,
) -> Option<Vec<T>> {
    let kind = ListKind {
        filled,
        distinct: true,
    };
    let mut first: BTreeMap<String, Path> = BTreeMap::new();
    let mut once = Vec::new();
    for element in list(decoder, node, path, kind, read)? {
        let Named { text, place } = name(&element);
        if let Some(first) = first.get(text) {
            decoder.report(messages::repeated(place, first, text));
        } else {
            first.insert(text.clone(), place.clone());
            once.push(element);
        }
    }
    Some(once)
}

/// What a list must be beside what its elements are.
#[derive(Clone, Copy, Default)]
struct ListKind {
    filled: bool,
    distinct: bool,
}

fn list<T>(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
    ListKind { filled, distinct }: ListKind,
    read: impl Fn(&mut Decoder, &Node, &Path) -> Option<T>,
) -> Option<Vec<T>> {
    if decoder.described.is_some() {
        let of = Box::new(decoder.describe(&path.index(0), &read));
        decoder.takes(|| Shape::List {
            of,
            filled,
            distinct,
        });
    }
    let Value::List(nodes) = &node.value else {
        decoder.report(messages::wrong_type(path, "a list", &node.value));
        return None;
    };
    if filled && nodes.is_empty() {
        decoder.report(messages::empty_list(path));
    }
    let mut elements = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        if !decoder.goes_on() {
            break;
        }
        elements.extend(read(decoder, node, &path.index(index)));
    }
    Some(elements)
}

fn table<'n>(decoder: &mut Decoder, node: &'n Node, path: &Path) -> Option<&'n Entries> {
    if let Value::Table(entries) = &node.value {
        Some(entries)
    } else {
        decoder.report(messages::wrong_type(path, "a table", &node.value));
        None
    }
}
