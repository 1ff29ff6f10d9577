//! A rule file as it was read: its text and its tree; and from a place to line and column.
//!
//! It decodes nothing. What it keeps true: a range inside a decoded text is found at the very bytes that the author wrote,
//! through every form of quotes, escapes and line ends.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use super::node::Node;
use super::node::Value;
use crate::base::Path;
use crate::base::Place;
use crate::base::Segment;
use crate::base::Text;
use crate::diagnostic::Position;

/// At most so many bytes lie between two known positions.
const STRIDE: usize = 1_024;

/// The text of a rule file, where there is one, and its tree.
#[derive(Clone, Debug)]
pub struct RuleFile {
    text: Option<Text>,
    node: Node,
    /// Places that are about the key of a value and not about the value.
    keys: BTreeSet<Path>,
    /// Known positions, in rising order of their bytes.
    known: Vec<(usize, Position)>,
}

impl RuleFile {
    /// A tree without a text: nothing in it has a line.
    pub fn without_text(node: Node) -> Self {
        Self {
            text: None,
            node,
            keys: BTreeSet::new(),
            known: Vec::new(),
        }
    }

    /// A tree with the text that it was read from.
    pub fn new(text: &str, node: Node) -> Self {
        Self {
            text: Some(Text::from(text)),
            node,
            keys: BTreeSet::new(),
            known: known_positions(text),
        }
    }

    /// The text, where there is one.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The tree.
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// From now on the place of this path is its key, and not the value after it.
    pub fn point_at_key(&mut self, path: Path) {
        self.keys.insert(path);
    }

    /// Line and column of a place. A whole value is found at its first character, a table at its key; what does not exist is
    /// found at the innermost table around it. A range at the root is one of bytes of the file.
    pub fn position(&self, place: &Place) -> Option<Position> {
        let text = self.text.as_deref()?;
        self.position_of(text, self.offset(text, place)?)
    }

    fn offset(&self, text: &str, place: &Place) -> Option<usize> {
        let segments = place.path.segments();
        if segments.is_empty() {
            return Some(place.span.as_ref().map_or(0, |span| span.start));
        }
        let mut node = &self.node;
        let mut key = None;
        let mut whole = true;
        for segment in segments {
            let (next, next_key) = match (&node.value, segment) {
                (Value::Table(entries), Segment::Key(name)) => match entries.get(name) {
                    Some(entry) => (&entry.node, entry.key_span.as_ref()),
                    None => {
                        whole = false;
                        break;
                    }
                },
                (Value::List(nodes), Segment::Index(index)) => match nodes.get(*index) {
                    Some(node) => (node, None),
                    None => {
                        whole = false;
                        break;
                    }
                },
                _ => {
                    whole = false;
                    break;
                }
            };
            node = next;
            key = next_key;
        }
        let at_key = matches!(node.value, Value::Table(_)) || self.keys.contains(&place.path);
        let start = |span: Option<&Range<usize>>| span.map(|span| span.start);
        if at_key && let Some(key) = key {
            return Some(key.start);
        }
        if whole
            && let (Some(inside), Value::Text(decoded), Some(span)) =
                (&place.span, &node.value, &node.span)
            && let Some(raw) = text.get(span.clone())
        {
            return span
                .start
                .checked_add(raw_offset(raw, decoded, inside.start));
        }
        start(node.span.as_ref()).or_else(|| start(key))
    }

    fn position_of(&self, text: &str, offset: usize) -> Option<Position> {
        let after = self.known.partition_point(|(known, _)| *known <= offset);
        let (from, mut position) = *self.known.get(after.checked_sub(1)?)?;
        for (at, letter) in text.get(from..)?.char_indices() {
            if from.saturating_add(at) >= offset {
                break;
            }
            position = next_position(position, letter);
        }
        Some(position)
    }
}

fn next_position(position: Position, letter: char) -> Position {
    match letter {
        '\n' => Position {
            line: position.line.saturating_add(1),
            column: 1,
        },
        // A mark of the byte order at the start of the file, which no editor shows.
        '\u{feff}' => position,
        _ => Position {
            line: position.line,
            column: position.column.saturating_add(1),
        },
    }
}

fn known_positions(text: &str) -> Vec<(usize, Position)> {
    let mut position = Position { line: 1, column: 1 };
    let mut known = alloc::vec![(0, position)];
    let mut next = STRIDE;
    for (offset, letter) in text.char_indices() {
        if offset >= next {
            known.push((offset, position));
            next = offset.saturating_add(STRIDE);
        }
        position = next_position(position, letter);
    }
    known
}

/// Where byte `wanted` of a decoded text stands in the raw token, quotes included, that it was decoded from.
fn raw_offset(raw: &str, decoded: &str, wanted: usize) -> usize {
    let multi_line = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let escapes = raw.starts_with('"');
    let mut at: usize = if multi_line { 3 } else { 1 };
    if multi_line {
        at = at.saturating_add(line_end(raw.get(at..).unwrap_or_default()));
    }
    let mut reached = 0_usize;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        if multi_line && escapes {
            let skipped = continuation(rest);
            if skipped > 0 {
                at = at.saturating_add(skipped);
                continue;
            }
        }
        let here = decoded.get(reached..).unwrap_or_default();
        let Some(letter) = here.chars().next() else {
            break;
        };
        let mut width = letter.len_utf8();
        let step = match rest.strip_prefix('\\') {
            Some(escape) if escapes => match escape.chars().next() {
                Some('u') => 6,
                Some('U') => 10,
                Some('x') => 4,
                _ => 2,
            },
            _ if rest.starts_with("\r\n") => {
                width = line_end(here).max(1);
                2
            }
            _ => width,
        };
        reached = reached.saturating_add(width);
        if reached > wanted {
            break;
        }
        at = at.saturating_add(step);
    }
    at
}

/// How many bytes the line end takes that stands first, 0 if none does.
fn line_end(text: &str) -> usize {
    if text.starts_with("\r\n") {
        2
    } else {
        usize::from(text.starts_with('\n'))
    }
}

/// How many bytes a backslash at the end of a line takes, with all white space after it; 0 if none stands first.
fn continuation(rest: &str) -> usize {
    let Some(after) = rest.strip_prefix('\\') else {
        return 0;
    };
    let blank = |letter: char| matches!(letter, ' ' | '\t' | '\r' | '\n');
    let next_line = after.trim_start_matches([' ', '\t']);
    if line_end(next_line) == 0 {
        return 0;
    }
    rest.len()
        .saturating_sub(after.trim_start_matches(blank).len())
}
