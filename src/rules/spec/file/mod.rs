//! A rule file as it was read: its text and its tree; and from a place to line and column.
//!
//! It decodes nothing. What it keeps true: a range inside a decoded text is found at the very bytes that the author wrote,
//! through every form of quotes, escapes and line ends.

mod json;
pub(in crate::rules::spec) mod node;
#[cfg(feature = "toml")]
mod toml;

use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Part;
use crate::base::Place;
use crate::base::Segment;
use crate::base::Text;
use crate::diagnostic::Location;
use crate::diagnostic::Position;
use node::Node;
use node::Value;

/// At most so many bytes lie between two known positions.
const STRIDE: usize = 1_024;

/// The text of a rule file, where there is one, and its tree.
#[derive(Clone, Debug)]
pub struct RuleFile {
    text: Option<Text>,
    node: Node,
    /// Known positions, in rising order of their bytes.
    known: Vec<(usize, Position)>,
}

impl RuleFile {
    /// A tree without a text: nothing in it has a line.
    pub fn without_text(node: Node) -> Self {
        Self {
            text: None,
            node,
            known: Vec::new(),
        }
    }

    /// A tree with the text that it was read from.
    pub fn new(text: &str, node: Node) -> Self {
        Self {
            text: Some(Text::from(text)),
            node,
            known: known_positions(text),
        }
    }

    /// The text, where there is one.
    pub const fn text(&self) -> Option<&Text> {
        self.text.as_ref()
    }

    /// The tree.
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// Where a place stands, with line and column.
    pub fn locate(&self, place: &Place) -> Option<Location> {
        let bytes = self.bytes(place)?;
        Some(Location {
            position: self.position(bytes.start)?,
            bytes,
        })
    }

    /// The bytes where a place stands. A whole value is found at its own bytes, a table at its key; what does not exist is found at
    /// the innermost table around it. A range at the root is one of bytes of the file.
    pub fn bytes(&self, place: &Place) -> Option<Range<usize>> {
        let text = self.text.as_deref()?;
        let segments = place.path.segments();
        if segments.is_empty() {
            return Some(match &place.part {
                Part::Bytes(bytes) => bytes.clone(),
                Part::Value | Part::Key => 0..0,
            });
        }
        let mut node = &self.node;
        let mut key = None;
        let mut whole = true;
        for segment in segments {
            let Some((next, next_key)) = step(node, segment) else {
                whole = false;
                break;
            };
            node = next;
            key = next_key;
        }
        let at_key = matches!(node.value, Value::Table(_)) || place.part == Part::Key;
        if at_key && let Some(key) = key {
            return Some(key.clone());
        }
        if whole
            && let (Part::Bytes(inside), Value::Text(decoded), Some(span)) =
                (&place.part, &node.value, &node.span)
            && let Some(raw) = text.get(span.clone())
        {
            let raw = raw_range(raw, decoded, inside);
            return Some(span.start.saturating_add(raw.start)..span.start.saturating_add(raw.end));
        }
        node.span.as_ref().or(key).cloned()
    }

    /// The line and column of a byte of the text.
    pub fn position(&self, offset: usize) -> Option<Position> {
        let text = self.text.as_deref()?;
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

/// The value one step further in, with the bytes of its key.
fn step<'n>(node: &'n Node, segment: &Segment) -> Option<(&'n Node, Option<&'n Range<usize>>)> {
    match (&node.value, segment) {
        (Value::Table(entries), Segment::Key(name)) => {
            let entry = entries.get(name)?;
            Some((&entry.node, entry.key_span.as_ref()))
        }
        (Value::List(nodes), Segment::Index(index)) => Some((nodes.get(*index)?, None)),
        _ => None,
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

/// Where a range of a decoded text stands in the raw token, quotes included, that it was decoded from. It ends after the last
/// letter of the range, and not after what is skipped behind it.
fn raw_range(raw: &str, decoded: &str, wanted: &Range<usize>) -> Range<usize> {
    let mut start = None;
    let mut end = 0;
    for letter in Letters::of(raw, decoded) {
        if letter.decoded_end > wanted.start {
            start = start.or(Some(letter.raw.start));
            if letter.decoded >= wanted.end {
                break;
            }
        }
        end = letter.raw.end;
    }
    let start = start.unwrap_or(end);
    start..end.max(start)
}

/// A letter of a decoded text, and what was written for it.
struct Letter {
    /// The byte of the decoded text where it begins.
    decoded: usize,
    /// And where it ends.
    decoded_end: usize,
    /// Its bytes in the raw token.
    raw: Range<usize>,
}

/// The letters of a decoded text, along the raw token that it was decoded from. After the last one comes an empty one, at the
/// closing quotes.
struct Letters<'t> {
    raw: &'t str,
    decoded: &'t str,
    multi_line: bool,
    escapes: bool,
    at: usize,
    reached: usize,
    ended: bool,
}

impl<'t> Letters<'t> {
    fn of(raw: &'t str, decoded: &'t str) -> Self {
        let multi_line = raw.starts_with("\"\"\"") || raw.starts_with("'''");
        let mut at: usize = if multi_line { 3 } else { 1 };
        if multi_line {
            at = at.saturating_add(line_end(raw.get(at..).unwrap_or_default()));
        }
        Self {
            raw,
            decoded,
            multi_line,
            escapes: raw.starts_with('"'),
            at,
            reached: 0,
            ended: false,
        }
    }
}

impl Iterator for Letters<'_> {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        if self.ended {
            return None;
        }
        let mut rest = self.raw.get(self.at..).unwrap_or_default();
        while self.multi_line && self.escapes {
            let skipped = continuation(rest);
            if skipped == 0 {
                break;
            }
            self.at = self.at.saturating_add(skipped);
            rest = self.raw.get(self.at..).unwrap_or_default();
        }
        let here = self.decoded.get(self.reached..).unwrap_or_default();
        let Some(letter) = here.chars().next() else {
            self.ended = true;
            return Some(Letter {
                decoded: self.reached,
                decoded_end: usize::MAX,
                raw: self.at..self.at,
            });
        };
        let mut width = letter.len_utf8();
        let step = match rest.strip_prefix('\\') {
            Some(escape) if self.escapes => match escape.chars().next() {
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
        let (decoded, raw) = (self.reached, self.at);
        self.reached = decoded.saturating_add(width);
        self.at = raw.saturating_add(step);
        Some(Letter {
            decoded,
            decoded_end: self.reached,
            raw: raw..self.at,
        })
    }
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

#[cfg(all(test, feature = "toml"))]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::arithmetic_side_effects,
        reason = "tests"
    )]

    use super::*;
    use crate::base::Limits;
    use crate::base::Path;
    use alloc::format;
    use alloc::string::String;

    fn file(text: &str) -> RuleFile {
        let (node, problems) = Node::from_toml(text, &Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        RuleFile::new(text, node)
    }

    fn position(file: &RuleFile, place: &Place) -> (usize, usize) {
        let position = file.locate(place).unwrap().position;
        (position.line, position.column)
    }

    fn decoded<'f>(file: &'f RuleFile, key: &str) -> &'f str {
        let Value::Table(entries) = &file.node().value else {
            panic!("no table");
        };
        match &entries.get(key).unwrap().node.value {
            Value::Text(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    /// The line and column of `Ö` inside the decoded text are those of the one that was written, in whatever way.
    #[test]
    fn a_range_in_a_text_is_found_through_every_form_of_string() {
        for (written, line, column) in [
            ("x = 'åäö Ö'", 1, 10),
            ("x = \"åäö Ö\"", 1, 10),
            ("'x' = 'Ö'", 1, 8),
            ("x = 'a\\nÖ'", 1, 9),
            ("x = \"\\u00e5 Ö\"", 1, 13),
            ("x = \"\\U000000e5\\U0001f600Ö\"", 1, 26),
            ("x = \"\\xe5Ö\"", 1, 10),
            ("x = \"\\n\\t\\\\\\\"\\eÖ\"", 1, 16),
            ("x = \"a \\u00d6\"", 1, 8),
            ("x = '''a\nb Ö'''", 2, 3),
            ("x = '''\na\nÖ'''", 3, 1),
            ("x = '''\n\nÖ'''", 3, 1),
            ("x = \"\"\"\na\n\\u00e5Ö\"\"\"", 3, 7),
            ("x = \"\"\"a \\\n   b\\\n\n  Ö\"\"\"", 4, 3),
            ("x = \"\"\"a\\   \n \t Ö\"\"\"", 2, 4),
            ("x = \"\"\"\\\n  Ö\"\"\"", 2, 3),
            ("x = \"\"\"a\\\\Ö\"\"\"", 1, 11),
            ("x = '''\r\na\r\nb Ö'''\r\n", 3, 3),
            ("x = \"\"\"\r\na\r\n\\tÖ\"\"\"\r\n", 3, 3),
            ("x = \"\"\"a \\\r\n  Ö\"\"\"\r\n", 2, 3),
            ("y = 1\r\nx = 'åÖ'", 2, 7),
            ("\u{feff}x = 'Ö'", 1, 6),
        ] {
            let file = file(written);
            let at = decoded(&file, "x").find('Ö').unwrap();
            let place = Place::inside(Path::root().key("x"), at..at + 2);
            assert_eq!(position(&file, &place), (line, column), "{written:?}");
            let bytes = file.locate(&place).unwrap().bytes;
            let written = file.text().unwrap().get(bytes).unwrap();
            assert!(["Ö", "\\u00d6"].contains(&written), "{written:?}");
        }
    }

    #[test]
    fn every_offset_of_a_text_rises_and_the_end_is_the_closing_quote() {
        let file = file("x = \"\"\"\r\nå\\\r\n  b\\u00e5\r\nc\"\"\"\r\n");
        let text = decoded(&file, "x");
        let mut before = 0;
        for at in 0..=text.len() {
            let place = Place::inside(Path::root().key("x"), at..at);
            let offset = file.locate(&place).unwrap().bytes.start;
            assert!(offset >= before, "{at}");
            before = offset;
        }
        assert!(
            file.text()
                .unwrap()
                .get(before..)
                .unwrap()
                .starts_with("\"\"\"")
        );
    }

    #[test]
    fn places_of_values_tables_lists_and_of_what_is_not_there() {
        let file = file(concat!(
            "name = 'x'\n",
            "[account.staff]\n",
            "adopt = ['one',\n  \"två\"]\n",
            "disabled = { container = 'c', hide = true }\n",
            "name.\"my mail\".local = ['l']\n",
            "[[account.staff.primary]]\n",
            "by = 'b'\n",
        ));
        let staff = Path::root().key("account").key("staff");
        let shown = |file: &RuleFile, path: &Path| {
            let (line, column) = position(file, &Place::at(path.clone()));
            format!("{line}:{column}")
        };
        for (path, expected) in [
            (Path::root(), "1:1"),
            (Path::root().key("name"), "1:8"),
            (Path::root().key("account"), "2:2"),
            (staff.clone(), "2:10"),
            (staff.key("sku"), "2:10"),
            (staff.key("adopt"), "3:9"),
            (staff.key("adopt").index(0), "3:10"),
            (staff.key("adopt").index(1), "4:3"),
            (staff.key("adopt").index(9), "3:9"),
            (staff.key("disabled"), "5:1"),
            (staff.key("disabled").key("hide"), "5:38"),
            (staff.key("name").key("my mail"), "6:6"),
            (staff.key("name").key("my mail").key("local"), "6:24"),
            (staff.key("primary").index(0).key("by"), "8:6"),
        ] {
            assert_eq!(shown(&file, &path), expected, "{path}");
        }
        let key = Place::of_key(staff.key("disabled").key("hide"));
        assert_eq!(position(&file, &key), (5, 31));
        // what is not there is found where it should be
        let key = Place::of_key(staff.key("disabled").key("shown"));
        assert_eq!(position(&file, &key), (5, 1));
    }

    #[test]
    fn positions_are_the_same_on_both_sides_of_a_known_one() {
        let mut text = String::from("a = '");
        for _ in 0..STRIDE {
            text.push('å');
        }
        text.push_str("'\nb = 1\n");
        let file = file(&text);
        let place = |key: &str| Place::at(Path::root().key(key));
        assert_eq!(position(&file, &place("a")), (1, 5));
        assert_eq!(position(&file, &place("b")), (2, 5));
        let span = Place::inside(Path::root().key("a"), STRIDE * 2 - 2..STRIDE * 2);
        assert_eq!(position(&file, &span), (1, 5 + STRIDE));
    }

    #[test]
    fn what_came_without_text_has_no_position() {
        let file = RuleFile::without_text(Node::empty());
        assert_eq!(file.locate(&Place::default()), None);
    }
}
