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
            let Some((next, next_key)) = step(node, segment) else {
                whole = false;
                break;
            };
            node = next;
            key = next_key;
        }
        let at_key = matches!(node.value, Value::Table(_)) || self.keys.contains(&place.path);
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
        node.span.as_ref().or(key).map(|span| span.start)
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
    use alloc::format;
    use alloc::string::String;

    fn file(text: &str) -> RuleFile {
        let (node, problems) = Node::from_toml(text, &Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        RuleFile::new(text, node)
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
            assert_eq!(
                file.position(&place),
                Some(Position { line, column }),
                "{written:?}"
            );
        }
    }

    #[test]
    fn every_offset_of_a_text_rises_and_the_end_is_the_closing_quote() {
        let file = file("x = \"\"\"\r\nå\\\r\n  b\\u00e5\r\nc\"\"\"\r\n");
        let text = decoded(&file, "x");
        let mut before = 0;
        for at in 0..=text.len() {
            let place = Place::inside(Path::root().key("x"), at..at);
            let offset = file.offset(file.text().unwrap(), &place).unwrap();
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
        let mut file = file(concat!(
            "name = 'x'\n",
            "[account.staff]\n",
            "adopt = ['one',\n  \"två\"]\n",
            "disabled = { container = 'c', hide = true }\n",
            "name.\"my mail\".local = ['l']\n",
            "[[account.staff.primary]]\n",
            "by = 'b'\n",
        ));
        let staff = Path::root().key("account").key("staff");
        let position = |file: &RuleFile, path: &Path| {
            let found = file.position(&Place::at(path.clone())).unwrap();
            format!("{}:{}", found.line, found.column)
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
            assert_eq!(position(&file, &path), expected, "{path}");
        }
        file.point_at_key(staff.key("disabled").key("hide"));
        assert_eq!(position(&file, &staff.key("disabled").key("hide")), "5:31");
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
        assert_eq!(file.position(&place("a")).unwrap().column, 5);
        assert_eq!(
            file.position(&place("b")),
            Some(Position { line: 2, column: 5 })
        );
        let span = Place::inside(Path::root().key("a"), STRIDE * 2 - 2..STRIDE * 2);
        assert_eq!(file.position(&span).unwrap().column, 5 + STRIDE);
    }

    #[test]
    fn what_came_without_text_has_no_position() {
        let file = RuleFile::without_text(Node::empty());
        assert_eq!(file.position(&Place::default()), None);
    }
}
