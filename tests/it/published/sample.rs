//! Documents that hold everything a schema allows, made from the schema itself.
//!
//! A sample is a tree of elements, attributes and values, each with the values that it may have. Leaving out one part, or
//! giving it another value, must change what is read or found; what does not is dropped unseen.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;

/// How deep a sample goes where a type holds itself.
const DEEPEST: usize = 14;

/// An element of a sample; an attribute is one whose name begins with `@`.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) name: String,
    /// The names from the root, parted by `/`.
    pub(super) path: String,
    /// The values that it may have, the one it has first; none for one that only holds others.
    pub(super) values: Vec<String>,
    pub(super) parts: Vec<Part>,
}

impl Part {
    /// This part and all within it.
    pub(super) fn all(&self) -> Vec<&Part> {
        let mut all = vec![self];
        all.extend(self.parts.iter().flat_map(Part::all));
        all
    }

    /// The sample without one part.
    pub(super) fn without(&self, path: &str) -> Part {
        let mut part = self.clone();
        part.parts.retain(|inner| inner.path != path);
        part.parts = part.parts.iter().map(|inner| inner.without(path)).collect();
        part
    }

    /// The sample with another value of one part.
    pub(super) fn with(&self, path: &str, value: &str) -> Part {
        let mut part = self.clone();
        if part.path == path {
            part.values = vec![value.to_owned()];
        }
        let parts = part.parts.iter();
        part.parts = parts.map(|inner| inner.with(path, value)).collect();
        part
    }

    /// As XML.
    pub(super) fn xml(&self) -> String {
        let mut text = format!("<{}", self.name);
        let is_attribute = |part: &&Part| part.name.starts_with('@');
        for attribute in self.parts.iter().filter(is_attribute) {
            let value = attribute.values.first().unwrap();
            write!(text, " {}=\"{value}\"", &attribute.name[1..]).unwrap();
        }
        text.push('>');
        text.extend(self.values.first().map(String::as_str));
        let elements = self.parts.iter().filter(|part| !is_attribute(part));
        text.extend(elements.map(Part::xml));
        write!(text, "</{}>", self.name).unwrap();
        text
    }
}

/// A part of a schema document.
#[derive(Clone, Debug, Default)]
struct Node {
    tag: String,
    of: BTreeMap<String, String>,
    nodes: Vec<Node>,
}

impl Node {
    fn from(start: &BytesStart<'_>) -> Self {
        let of = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let name = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
            (name, attribute.unescape_value().unwrap().into_owned())
        });
        Self {
            tag: String::from_utf8(start.local_name().as_ref().to_vec()).unwrap(),
            of: of.collect(),
            nodes: Vec::new(),
        }
    }

    fn read(text: &str) -> Self {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push(Self::from(&start)),
                Event::Empty(start) => open.last_mut().unwrap().nodes.push(Self::from(&start)),
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().nodes.push(done);
                }
                Event::Eof => return open.remove(0).nodes.remove(0),
                _ => {}
            }
        }
    }

    fn named(&self, tag: &str, name: &str) -> Option<&Self> {
        let mut nodes = self.nodes.iter();
        nodes.find(|node| node.tag == tag && node.of.get("name").is_some_and(|own| own == name))
    }
}

/// Makes the sample of a root element.
pub(super) fn of_schema(
    text: &str,
    root: &str,
    values: &dyn Fn(&str) -> Option<Vec<&'static str>>,
) -> Part {
    let schema = Node::read(text);
    let element = schema.named("element", root).unwrap();
    Maker {
        schema: &schema,
        values,
    }
    .element(element, "", 0)
}

struct Maker<'s> {
    schema: &'s Node,
    /// Values that mean something to a reader, by path.
    values: &'s dyn Fn(&str) -> Option<Vec<&'static str>>,
}

impl Maker<'_> {
    fn element(&self, node: &Node, above: &str, depth: usize) -> Part {
        let node = match node.of.get("ref") {
            Some(name) => self.schema.named("element", name).unwrap(),
            None => node,
        };
        let name = node.of["name"].clone();
        let mut part = Part {
            path: format!("{above}/{name}"),
            name,
            ..Part::default()
        };
        match node.of.get("type") {
            Some(of) => self.typed(of, &mut part, depth),
            None => self.content(node, &mut part, depth),
        }
        self.settle(&mut part);
        part
    }

    /// What means something to a reader counts before what the schema makes up.
    fn settle(&self, part: &mut Part) {
        if let Some(values) = (self.values)(&part.path) {
            part.values = values.into_iter().map(String::from).collect();
        }
    }

    fn typed(&self, of: &str, part: &mut Part, depth: usize) {
        if let Some(plain) = of.strip_prefix("xs:") {
            part.values = plain_values(plain, &part.path);
        } else if let Some(simple) = self.schema.named("simpleType", of) {
            self.content(simple, part, depth);
            self.simple(simple, part);
        } else if let Some(complex) = self.schema.named("complexType", of) {
            self.content(complex, part, depth);
        } else {
            panic!("no type {of} at {}", part.path);
        }
    }

    fn simple(&self, node: &Node, part: &mut Part) {
        for restriction in node.nodes.iter().filter(|node| node.tag == "restriction") {
            let words = restriction.nodes.iter();
            let words = words.filter(|node| node.tag == "enumeration");
            part.values = words.map(|node| node.of["value"].clone()).collect();
            if part.values.is_empty() {
                let base = restriction.of["base"].clone();
                self.typed(&base, part, DEEPEST);
            }
        }
    }

    fn content(&self, node: &Node, part: &mut Part, depth: usize) {
        for inner in &node.nodes {
            match inner.tag.as_str() {
                "element" if depth < DEEPEST => {
                    let made = self.element(inner, &part.path, depth + 1);
                    if !part.parts.iter().any(|known| known.path == made.path) {
                        part.parts.push(made);
                    }
                }
                "attribute" => {
                    let mut attribute = Part {
                        name: format!("@{}", inner.of["name"]),
                        path: format!("{}/@{}", part.path, inner.of["name"]),
                        ..Part::default()
                    };
                    match inner.of.get("type") {
                        Some(of) => self.typed(of, &mut attribute, depth),
                        None => self.content(inner, &mut attribute, depth),
                    }
                    if attribute.values.is_empty() {
                        attribute.values = plain_values("string", &attribute.path);
                    }
                    self.settle(&mut attribute);
                    part.parts.push(attribute);
                }
                "simpleType" => self.simple(inner, part),
                "extension" => {
                    let base = inner.of["base"].clone();
                    self.typed(&base, part, depth);
                    self.content(inner, part, depth);
                }
                _ => self.content(inner, part, depth),
            }
        }
    }
}

/// Values of a plain type, of which texts tell where they stand.
fn plain_values(of: &str, path: &str) -> Vec<String> {
    let values: &[&str] = match of {
        "date" | "dateTime" => &["2026-02-03T00:00:00", "2026-03-04T00:00:00"],
        "boolean" => &["true", "false"],
        "int" | "integer" | "decimal" | "double" | "float" | "positiveInteger" | "short" => {
            &["10", "20"]
        }
        _ => {
            return vec![
                format!("text of {}", path.replace('/', " ").trim()),
                String::from("else"),
            ];
        }
    };
    values.iter().map(|text| (*text).to_owned()).collect()
}
