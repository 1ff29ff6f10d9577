//! From the text of a JSON document to the tree. A key that stands twice and what is nested too deeply are problems, as in TOML.
//!
//! Reading never recurses below the limit of nesting: what lies deeper is passed over without a stack.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserializer;
use serde::de::DeserializeSeed;
use serde::de::Error;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

use super::RuleFile;
use super::node::Entries;
use super::node::Entry;
use super::node::Node;
use super::node::Value;
use super::node::Way;
use crate::base::Limits;
use crate::diagnostic::Problem;
use crate::rules::codes;
use crate::rules::spec::decode::Decoded;
use crate::rules::spec::messages;
use crate::rules::spec::ruleset::RulesetSpec;

impl RulesetSpec {
    /// Reads rules in JSON; a key whose value is `null` is as if it were not there. With a fault of syntax there are no rules.
    pub fn from_json(text: &str, limits: &Limits) -> Decoded {
        Decoded::of_text(text, limits, || {
            let (node, problems) = Node::from_json(text, limits);
            (RuleFile::new(text, node), problems)
        })
    }
}

impl Node {
    /// From the text of a JSON document. What is nested too deeply becomes nothing, and of two values of a key the first counts, each
    /// with a problem.
    pub fn from_json(text: &str, limits: &Limits) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut values = 0;
        let reader = Reader {
            problems: &mut problems,
            values: &mut values,
            limits,
            way: Way::Root,
            height: 0,
        };
        let mut json = serde_json::Deserializer::from_str(text);
        let read = reader.deserialize(&mut json);
        match read.and_then(|node| json.end().map(|()| node)) {
            Ok(node) => (node, problems),
            Err(error) => {
                let at = offset(text, error.line(), error.column());
                let allowed = limits.rule_file_values;
                problems.push(if values > allowed {
                    messages::too_many_values(allowed, at..at)
                } else {
                    let message = "expected a JSON document";
                    messages::in_file(&codes::INVALID_SYNTAX, at..at, message)
                });
                (Self::empty(), problems)
            }
        }
    }
}

/// The byte of a line and column as the parser counts them: lines from 1, and bytes of a line from 1, or 0 before the first.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start = before.fold(0_usize, |sum, line| sum.saturating_add(line.len()));
    let mut at = start
        .saturating_add(column.saturating_sub(1))
        .min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// Reads one value.
struct Reader<'r> {
    problems: &'r mut Vec<Problem>,
    /// How many keys and values were read.
    values: &'r mut usize,
    limits: &'r Limits,
    way: Way<'r>,
    height: usize,
}

impl Reader<'_> {
    /// Whether what lies inside is nested too deeply; a problem where it is.
    fn is_too_deep(&mut self) -> bool {
        let allowed = self.limits.rule_file_nesting;
        let too_deep = self.height > allowed;
        if too_deep {
            self.report(messages::nested_too_deeply(&self.way.path(), allowed));
        }
        too_deep
    }

    /// An error where more keys or values stand in the document than may.
    fn count<E: Error>(&mut self) -> Result<(), E> {
        *self.values = self.values.saturating_add(1);
        if *self.values > self.limits.rule_file_values {
            return Err(E::custom("too many values"));
        }
        Ok(())
    }

    fn report(&mut self, problem: Problem) {
        if self.problems.len() < self.limits.sought_problems() {
            self.problems.push(problem);
        }
    }
}

const fn node(value: Value) -> Node {
    Node { value, span: None }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<Node, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of a rule file")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(node(Value::Nothing))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(node(Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(node(Value::Int(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(node(i64::try_from(value).map_or(Value::Float, Value::Int)))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Node, E> {
        Ok(node(Value::Float))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        Ok(node(Value::Text(String::from(text))))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut values: A) -> Result<Node, A::Error> {
        if self.is_too_deep() {
            while values.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(node(Value::Nothing));
        }
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(Reader {
            problems: &mut *self.problems,
            values: &mut *self.values,
            limits: self.limits,
            way: Way::Index(&self.way, list.len()),
            height: self.height.saturating_add(1),
        })? {
            list.push(value);
        }
        Ok(node(Value::List(list)))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut values: A) -> Result<Node, A::Error> {
        if self.is_too_deep() {
            while values.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(node(Value::Nothing));
        }
        let mut written = Vec::new();
        while let Some(key) = values.next_key::<String>()? {
            self.count()?;
            let inside = Reader {
                problems: &mut *self.problems,
                values: &mut *self.values,
                limits: self.limits,
                way: Way::Key(&self.way, &key),
                height: self.height.saturating_add(1),
            };
            let node = values.next_value_seed(inside)?;
            let key_span = None;
            written.push((key, Entry { key_span, node }));
        }
        let entries = Entries::of_written(written, |key| {
            self.report(messages::written_twice(&self.way.path(), key));
        });
        Ok(node(Value::Table(entries)))
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let decoded = RulesetSpec::from_json(text, &Limits::default());
        let problems = decoded.problems.iter();
        problems.map(ToString::to_string).collect()
    }

    #[test]
    fn nesting_stops_exactly_at_its_limit() {
        let limits = Limits {
            rule_file_nesting: 2,
            ..Limits::default()
        };
        let (_, problems) = Node::from_json(r#"{"a": {"b": [1]}}"#, &limits);
        assert!(problems.is_empty());
        let (node, problems) = Node::from_json(r#"{"a": {"b": [[1], {}]}}"#, &limits);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "R114 tables and lists are nested too deeply (at most 2)\n  at a.b[0]",
                "R114 tables and lists are nested too deeply (at most 2)\n  at a.b[1]",
            ]
        );
        assert!(matches!(node.value, Value::Table(_)));
    }

    #[test]
    fn what_is_nested_far_too_deeply_is_told_of_and_passed_over() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let value = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
            let text = format!(r#"{{"language": 1, "name": "x", "a": {value}, "b": 1, "b": 2}}"#);
            let found = problems(&text);
            let codes: Vec<&str> = found.iter().filter_map(|said| said.get(..4)).collect();
            assert_eq!(codes, ["R114", "R102"], "{found:?}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_no_guess() {
        let guards =
            r#""guard": {"disable": {"most": 1}}, "guard": {"delete_account": {"most": 1}}"#;
        let text = format!(r#"{{"language": 1, "name": "x", {guards}}}"#);
        assert_eq!(
            problems(&text),
            ["R102 key `guard` is written twice\n  at guard"]
        );
        let decoded = RulesetSpec::from_json(&text, &Limits::default());
        assert!(decoded.spec.unwrap().guards.contains_key("disable"));
    }

    #[test]
    fn a_fault_of_syntax_is_found_where_it_stands() {
        for (text, line, column) in [
            ("", 1, 1),
            ("{\"name\": 1,}", 1, 12),
            ("{\"å\": 1,\n  \"b\" 2}", 2, 7),
            ("{\"åäö\" 2}", 1, 8),
            ("{} {}", 1, 4),
            ("{\"a\": 1e999}", 1, 11),
        ] {
            let decoded = RulesetSpec::from_json(text, &Limits::default());
            assert!(decoded.spec.is_none(), "{text}");
            let problem = decoded.problems.first().unwrap();
            assert_eq!(problem.code.id, "R112", "{text}");
            let position = decoded.file.locate(&problem.place).unwrap().position;
            assert_eq!((position.line, position.column), (line, column), "{text}");
        }
    }

    #[test]
    fn a_document_may_hold_as_many_keys_and_values_as_its_limit() {
        let text = "{\"language\": 1,\n \"name\": [[2]]}";
        let read = |rule_file_values| {
            let limits = Limits {
                rule_file_values,
                ..Limits::default()
            };
            RulesetSpec::from_json(text, &limits)
        };
        let is_too_large = |problem: &Problem| problem.code.id == "R113";
        assert!(!read(7).problems.iter().any(is_too_large));
        for (most, column) in [(6, 11), (4, 9), (3, 7)] {
            let refused = read(most);
            assert!(refused.spec.is_none());
            let [problem] = refused.problems.as_slice() else {
                panic!("{:?}", refused.problems);
            };
            let message = format!("the rule file is too large (at most {most} keys and values)");
            assert_eq!(problem.message, message);
            let position = refused.file.locate(&problem.place).unwrap().position;
            assert_eq!((position.line, position.column), (2, column), "{most}");
        }
    }

    #[test]
    fn a_document_may_be_as_large_as_its_limit() {
        let text = r#"{"language": 1, "name": "x"}"#;
        let limits = |rule_file_bytes| Limits {
            rule_file_bytes,
            ..Limits::default()
        };
        assert!(
            RulesetSpec::from_json(text, &limits(text.len()))
                .spec
                .is_some()
        );
        let refused = RulesetSpec::from_json(text, &limits(text.len() - 1));
        assert!(refused.spec.is_none());
        assert_eq!(refused.problems.first().unwrap().code.id, "R113");
    }
}
