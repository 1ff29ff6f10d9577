//! From the text of a TOML file to the tree, with every fault of syntax at once.
//!
//! The parser's own words are only used to tell which fault it is; what is said is said in ours. Tables are taken apart
//! without recursion below the limit of nesting, since dotted keys can nest them far deeper than the parser counts.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;
use toml::value::Datetime;
use toml_parser::parser::Event;
use toml_parser::parser::EventKind;
use toml_parser::parser::RecursionGuard;
use toml_parser::parser::parse_document;

use super::RuleFile;
use super::node::Entries;
use super::node::Entry;
use super::node::Node;
use super::node::Value;
use super::node::Way;
use crate::base::Limits;
use crate::diagnostic::Code;
use crate::diagnostic::Problem;
use crate::rules::codes;
use crate::rules::spec::decode::Decoded;
use crate::rules::spec::messages;
use crate::rules::spec::ruleset::RulesetSpec;

/// Lists and inline tables are passed over from this depth on, which takes no stack.
const DEEPEST_READ: u32 = 80;

impl RulesetSpec {
    /// Reads a rule file in TOML. With a fault of syntax there are no rules.
    pub fn from_toml(text: &str, limits: &Limits) -> Decoded {
        Decoded::of_text(text, limits, || {
            let (node, problems) = Node::from_toml(text, limits);
            (RuleFile::new(text, node), problems)
        })
    }
}

impl Node {
    /// From the text of a TOML file. What could not be read is left out, with a problem; of a file with too many values, all.
    pub fn from_toml(text: &str, limits: &Limits) -> (Self, Vec<Problem>) {
        let worth_reading = match worth_reading(text, limits) {
            Ok(text) => text,
            Err(too_many) => {
                let problem = messages::too_many_values(limits.rule_file_values, too_many);
                return (Self::empty(), alloc::vec![problem]);
            }
        };
        let (document, mut faults) = DeTable::parse_recoverable(worth_reading);
        // Of so many that most are left out, the first are told of; and a key that stands twice comes after what cannot be read.
        faults.sort_by_key(is_duplicate);
        faults.truncate(limits.sought_problems());
        let mut reader = TomlReader {
            allowed: limits.rule_file_nesting,
            problems: Vec::new(),
            left: Vec::new(),
        };
        for fault in faults {
            let bytes = fault.span().unwrap_or(0..0);
            reader
                .problems
                .push(syntax_problem(text, fault.message(), bytes, reader.allowed));
        }
        let table = reader.table(document.into_inner(), Way::Root, 0);
        reader.dismantle();
        let node = Self {
            value: Value::Table(table),
            span: Some(0..text.len()),
        };
        (node, reader.problems)
    }
}

/// The text as far as anybody reads it: to the fault of syntax after which nobody looks for more; or where it holds more keys and values
/// than are read at all. Each fault and each value costs the parser time and memory, and there may be one at every other byte; what only
/// counts them is fast.
fn worth_reading<'i>(text: &'i str, limits: &Limits) -> Result<&'i str, Range<usize>> {
    let mut values = 0_usize;
    let mut first_too_many = None;
    let mut count_values = |event: Event| {
        if let EventKind::SimpleKey
        | EventKind::Scalar
        | EventKind::ArrayOpen
        | EventKind::InlineTableOpen = event.kind()
        {
            values = values.saturating_add(1);
            if values > limits.rule_file_values && first_too_many.is_none() {
                first_too_many = Some(event.span());
            }
        }
    };
    let mut left = limits.sought_problems();
    let mut end = text.len();
    let mut count_faults = |fault: toml_parser::ParseError| {
        left = left.saturating_sub(1);
        if left == 0 {
            end = fault.unexpected().map_or(end, |span| span.end().min(end));
        }
    };
    let tokens = toml_parser::Source::new(text).lex().into_vec();
    let mut guarded = RecursionGuard::new(&mut count_values, DEEPEST_READ);
    parse_document(&tokens, &mut guarded, &mut count_faults);
    match first_too_many {
        Some(span) if span.start() < end => Err(span.start()..span.end()),
        _ => Ok(text.get(..end).unwrap_or(text)),
    }
}

struct TomlReader<'i> {
    allowed: usize,
    problems: Vec<Problem>,
    /// What was nested too deeply.
    left: Vec<DeValue<'i>>,
}

impl<'i> TomlReader<'i> {
    fn table(&mut self, table: DeTable<'i>, way: Way<'_>, height: usize) -> Entries {
        let entries = table.into_iter().map(|(key, value)| {
            let key_span = Some(key.span());
            let key = String::from(key.into_inner());
            let node = self.node(value, Way::Key(&way, &key), height.saturating_add(1));
            (key, Entry { key_span, node })
        });
        // No key stands twice: of those in the text the parser keeps one.
        Entries::of_written(entries.collect(), |_| {})
    }

    fn node(&mut self, value: Spanned<DeValue<'i>>, way: Way<'_>, height: usize) -> Node {
        let span = value.span();
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(String::from(text)),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Value::Float, Value::Int),
            DeValue::Float(_) => Value::Float,
            DeValue::Boolean(value) => Value::Bool(value),
            DeValue::Datetime(moment) => date(&moment).map_or(Value::Time, Value::Date),
            value @ (DeValue::Array(_) | DeValue::Table(_)) if height > self.allowed => {
                self.problems
                    .push(messages::nested_too_deeply(&way.path(), self.allowed));
                self.left.push(value);
                Value::Nothing
            }
            DeValue::Array(values) => Value::List(
                values
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| {
                        self.node(value, Way::Index(&way, index), height.saturating_add(1))
                    })
                    .collect(),
            ),
            DeValue::Table(table) => Value::Table(self.table(table, way, height)),
        };
        Node {
            value,
            span: Some(span),
        }
    }

    fn dismantle(&mut self) {
        while let Some(value) = self.left.pop() {
            match value {
                DeValue::Array(values) => self
                    .left
                    .extend(values.into_iter().map(Spanned::into_inner)),
                DeValue::Table(table) => self
                    .left
                    .extend(table.into_iter().map(|(_, value)| value.into_inner())),
                _ => {}
            }
        }
    }
}

fn date(moment: &Datetime) -> Option<NaiveDate> {
    let Datetime {
        date: Some(date),
        time: None,
        offset: None,
    } = moment
    else {
        return None;
    };
    NaiveDate::from_ymd_opt(
        i32::from(date.year),
        u32::from(date.month),
        u32::from(date.day),
    )
}

const UNNAMED: &str = "this cannot be read as TOML";

const NO_NUMBER: &str = "this is no number";

/// What the parser says begins with one of these, and what we say of it.
const FAULTS: &[(&str, &str)] = &[
    (
        "string values must be quoted",
        "a text must stand in quotes",
    ),
    ("missing opening quote", "a text must begin with a quote"),
    (
        "invalid basic string",
        "a text in quotes is not closed, or holds a letter that must be escaped",
    ),
    ("invalid literal string", "a text in quotes is not closed"),
    ("invalid multi-line", "a text in quotes is not closed"),
    ("missing escaped value", "unknown escape after a backslash"),
    (
        "too few unicode value digits",
        "an escape has too few digits",
    ),
    ("unclosed array table", "a table header is not closed"),
    ("unclosed table", "a table header is not closed"),
    ("unclosed inline table", "an inline table is not closed"),
    ("unclosed array", "a list is not closed"),
    ("missing comma", "a comma is missing before this"),
    ("extra comma", "a comma stands where none belongs"),
    ("missing assignment", "`=` is missing after a key"),
    (
        "key with no value",
        "`=` and a value are missing after a key",
    ),
    ("missing value", "a value is missing"),
    ("extra `=`", "`=` stands twice"),
    ("extra assignment", "`=` stands twice"),
    (
        "unexpected `=` in array",
        "a list holds values and not keys",
    ),
    ("missing key", "a key is missing"),
    ("unquoted keys cannot be empty", "a key is missing"),
    (
        "invalid unquoted key",
        "a key with such letters must stand in quotes",
    ),
    ("keys cannot be multi-line", "a key must stand on one line"),
    ("invalid key-value pair", "expected a key, `=` and a value"),
    ("unexpected leading zero", "a number must not begin with 0"),
    (
        "carriage return must be followed by newline",
        "a carriage return stands alone",
    ),
    (
        "unexpected key or value",
        "each key must stand on a line of its own",
    ),
    (
        "unexpected content",
        "each key must stand on a line of its own",
    ),
    (
        "invalid comment",
        "a comment holds a letter that no file may hold",
    ),
    ("invalid boolean", "expected `true` or `false`"),
    ("invalid date", "this is no date"),
    ("invalid time", "this is no time"),
    ("invalid exponent", NO_NUMBER),
    ("invalid hexadecimal", NO_NUMBER),
    ("invalid octal", NO_NUMBER),
    ("invalid binary", NO_NUMBER),
    ("`_` may only", NO_NUMBER),
    ("redundant", NO_NUMBER),
    ("integers with a radix", NO_NUMBER),
    ("radix must", NO_NUMBER),
    (
        "cannot extend value",
        "a key is used as a table, but holds something else",
    ),
];

fn is_duplicate(fault: &toml::de::Error) -> bool {
    fault.message().starts_with("duplicate key")
}

fn syntax_problem(text: &str, said: &str, bytes: Range<usize>, allowed: usize) -> Problem {
    if said.starts_with("duplicate key") {
        let key = text.get(bytes.clone()).unwrap_or_default();
        let message = format!("key {} is written twice", messages::quoted(key));
        return messages::in_file(&codes::DUPLICATE_KEY, bytes, message);
    }
    if said.contains("recurs") {
        let message = format!("tables and lists are nested too deeply (at most {allowed})");
        return messages::in_file(&codes::NESTED_TOO_DEEPLY, bytes, message);
    }
    let code: &'static Code = &codes::INVALID_SYNTAX;
    // Between `=` and the end of the line the parser sees a text without quotes.
    if said.starts_with("string values") && bytes.is_empty() {
        return messages::in_file(code, bytes, "a value is missing");
    }
    let known = FAULTS
        .iter()
        .find(|(theirs, _)| said.starts_with(theirs))
        .map_or(UNNAMED, |(_, ours)| ours);
    messages::in_file(code, bytes, known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Problems;
    use alloc::string::ToString;
    use core::fmt::Write;

    fn problems(text: &str) -> String {
        let limits = Limits::default();
        let decoded = RulesetSpec::from_toml(text, &limits);
        let mut problems = Problems::default();
        problems.extend(decoded.problems);
        problems.finish(
            None,
            |place| decoded.file.bytes(place),
            |offset| decoded.file.position(offset),
            100,
        );
        let mut lines = String::new();
        for problem in &problems {
            let position = problem.position.unwrap();
            let (code, message) = (problem.code.id, &problem.message);
            writeln!(
                lines,
                "{}:{} {code} {message}",
                position.line, position.column
            )
            .unwrap();
        }
        lines
    }

    #[test]
    fn every_fault_of_syntax_at_once_in_our_words() {
        let found = problems(concat!(
            "language = 1\n",
            "name = SML\n",
            "sku = \n",
            "seats = \"\\q\"\n",
            "[account.staff\n",
            "adopt = ['a' 'b']\n",
            "grå = 'x'\n",
        ));
        assert_eq!(
            found,
            concat!(
                "2:8 R112 a text must stand in quotes\n",
                "3:7 R112 a value is missing\n",
                "4:11 R112 unknown escape after a backslash\n",
                "5:15 R112 a table header is not closed\n",
                "6:14 R112 a comma is missing before this\n",
                "7:3 R112 a key with such letters must stand in quotes\n",
            )
        );
    }

    /// Should the parser ever word a fault otherwise, this shows it: every one of these has words of ours.
    #[test]
    fn faults_have_words_of_their_own() {
        for text in [
            "x = \"abc\ny = 1\n",
            "x = 'abc\n",
            "x = \'\'\'abc\n",
            "x = [1, 2\ny = 3\n",
            "x = { a = 1\n",
            "x = { a = 1, , b = 2 }",
            "= 1\n",
            "x 1\n",
            "x = = 1\n",
            "x = 012\n",
            "[a]]\n",
            "[[a]\n",
            "x = 1 y = 2\n",
            "x = 2027-13-45\n",
            "x = 1__0\n",
            "x = tru\n",
            "x = 1\r",
            "x = 1\n[x.y]\n",
            "[[x]]\n[x]\n",
            "}\n",
            "# \u{1}\n",
            "x = 0xZ\n",
            "x = 1e\n",
            "x = +-1\n",
            "x = \"\\u12\"\n",
        ] {
            let (_, problems) = Node::from_toml(text, &Limits::default());
            assert!(!problems.is_empty(), "{text:?}");
            for problem in problems {
                assert_ne!(problem.message, UNNAMED, "{text:?}");
            }
        }
    }

    #[test]
    fn a_key_written_twice_hides_no_other_problem() {
        let found = problems(concat!(
            "language = 1\nname = 'a'\nname = 'b'\n",
            "[mailbox.a]\naccount = 'staff'\n[mailbox.a]\naccount = 'staff'\n",
            "[licence.a]\naccount = 'staff'\n",
        ));
        assert_eq!(
            found,
            concat!(
                "3:1 R102 key `name` is written twice\n",
                "6:10 R102 key `a` is written twice\n",
                "7:1 R102 key `account` is written twice\n",
                "8:10 R103 missing key `sku`\n",
            )
        );
    }

    #[test]
    fn a_table_made_of_something_else_is_said_in_our_words() {
        assert_eq!(
            problems("language = 1\nname = 'a'\nname.x = 1\n"),
            "3:1 R112 a key is used as a table, but holds something else\n"
        );
    }

    #[test]
    fn a_file_may_be_as_large_as_its_limit() {
        let text = "language = 1\nname = 'a'\n";
        let read = |rule_file_bytes| {
            let limits = Limits {
                rule_file_bytes,
                ..Limits::default()
            };
            RulesetSpec::from_toml(text, &limits)
        };
        assert!(read(24).spec.is_some());
        let refused = read(23);
        assert!(refused.spec.is_none());
        assert_eq!(
            refused.problems.first().unwrap().message,
            "the rule file is too large (at most 23 bytes)"
        );
    }

    #[test]
    fn a_file_may_hold_as_many_keys_and_values_as_its_limit() {
        let text = "language = 1\nname = 'a'\n[lint]\nallow = [{ code = 'R501' }]\n";
        let read = |rule_file_values| {
            let limits = Limits {
                rule_file_values,
                ..Limits::default()
            };
            RulesetSpec::from_toml(text, &limits)
        };
        let is_too_large = |problem: &Problem| problem.code.id == "R113";
        assert!(!read(10).problems.iter().any(is_too_large));
        for (most, at) in [(9, "'R501'"), (7, "{"), (6, "["), (4, "lint")] {
            let refused = read(most);
            assert!(refused.spec.is_none());
            let [problem] = refused.problems.as_slice() else {
                panic!("{:?}", refused.problems);
            };
            let message = format!("the rule file is too large (at most {most} keys and values)");
            assert_eq!(problem.message, message);
            let location = refused.file.locate(&problem.place).unwrap();
            assert_eq!(text.get(location.bytes), Some(at));
        }
    }

    #[test]
    fn dotted_keys_far_below_the_limit_neither_load_nor_overflow() {
        let dotted = alloc::vec!["a"; 70].join(".");
        let mut text = String::from("1");
        for _ in 0..70 {
            text = format!("{{ {dotted} = {text} }}");
        }
        let text = format!("language = 1\nname = 'a'\nx = {text}\n");
        let decoded = RulesetSpec::from_toml(&text, &Limits::default());
        assert!(decoded.spec.is_none());
        let problem = decoded.problems.first().unwrap();
        assert_eq!(problem.code.id, "R114");
        assert!(problem.message.ends_with("(at most 32)"));

        let lists = format!("x = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
        let decoded = RulesetSpec::from_toml(&lists, &Limits::default());
        assert!(decoded.spec.is_none());
        assert!(
            decoded
                .problems
                .iter()
                .any(|problem| problem.code.id == "R114")
        );
    }

    #[test]
    fn values_of_every_kind() {
        let (node, problems) = Node::from_toml(
            concat!(
                "a = 0x1F\nb = -1_000\nc = 99999999999999999999\nd = 1.5\ne = true\n",
                "f = 2027-01-31\ng = 2027-01-31T10:00:00Z\nh = 10:00:00\n",
            ),
            &Limits::default(),
        );
        assert!(problems.is_empty());
        let Value::Table(entries) = node.value else {
            panic!("no table");
        };
        let kinds: Vec<String> = entries
            .iter()
            .map(|(_, entry)| match &entry.node.value {
                Value::Int(value) => value.to_string(),
                other => String::from(other.kind()),
            })
            .collect();
        assert_eq!(
            kinds,
            [
                "31",
                "-1000",
                "a number that is not whole",
                "a number that is not whole",
                "a truth value",
                "a date",
                "a time",
                "a time",
            ]
        );
    }
}
