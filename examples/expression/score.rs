//! What comes of a file of the CEL conformance suite: how many tests come out right, and why the others are not accepted.
//!
//! A test is *outside* where it uses what the profile leaves out: the types and functions of which it has none, values of
//! several types in one list or map, and expressions that run only because the suite switches its checker off. That is decided
//! by the test alone and not by what the language says of it, so that a refusal cannot excuse itself. Error kinds are compared, not only that there is an error;
//! a test that expects an error may be refused by the checker instead.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Write as _;

use folkform::diagnostic::Code;
use folkform::language::Failure;
use serde_json::Value as Json;

use super::question::Answer;
use super::question::answer_to;
use super::tagged::write_type;
use super::tagged::write_value;

/// What came of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The value, type or kind of error that is expected.
    Right,
    /// An error is expected, and the checker refuses the expression before it runs.
    RefusedError(&'static str),
    /// A value or type is expected, and the expression is not accepted: the code, or "line".
    Rejected(&'static str),
    /// Something else came out.
    Wrong(String),
}

/// The verdicts of a file.
#[derive(Debug, Default)]
pub(crate) struct Score {
    inside: Vec<(String, Verdict)>,
    outside: Vec<(String, Verdict)>,
}

/// Scores a file of tests, one on a line.
pub(crate) fn score(file: &str) -> Score {
    let mut score = Score::default();
    for line in file.lines().filter(|line| !line.trim().is_empty()) {
        let Ok(test) = serde_json::from_str::<Json>(line) else {
            let verdict = Verdict::Wrong("the test is no JSON".into());
            score.inside.push((line.into(), verdict));
            continue;
        };
        let word = |key| test.get(key).and_then(Json::as_str).unwrap_or("");
        let name = format!(
            "{}/{}/{}: {}",
            word("file"),
            word("section"),
            word("name"),
            word("expr").escape_debug()
        );
        let verdict = verdict(&test);
        if is_outside(&test) {
            score.outside.push((name, verdict));
        } else {
            score.inside.push((name, verdict));
        }
    }
    score
}

impl Score {
    /// Whether nothing came out wrong.
    pub(crate) fn is_right(&self) -> bool {
        self.wrong().next().is_none()
    }

    /// What came out wrong, with what was expected.
    pub(crate) fn wrong(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().filter_map(|(name, verdict)| match verdict {
            Verdict::Wrong(what) => Some((name.as_str(), what.as_str())),
            _ => None,
        })
    }

    /// Of the tests that use nothing outside the profile: how many are right, and how many there are.
    pub(crate) fn inside(&self) -> (usize, usize) {
        let right = self
            .inside
            .iter()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Right | Verdict::RefusedError(_)));
        (right.count(), self.inside.len())
    }

    fn all(&self) -> impl Iterator<Item = &(String, Verdict)> {
        self.inside.iter().chain(&self.outside)
    }

    fn count(&self, wanted: impl Fn(&Verdict) -> bool) -> usize {
        self.all().filter(|(_, verdict)| wanted(verdict)).count()
    }

    /// How often each code is the reason of a refusal.
    fn by_code(
        &self,
        of: impl Fn(&Verdict) -> Option<&'static str>,
    ) -> BTreeMap<&'static str, usize> {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for code in self.all().filter_map(|(_, verdict)| of(verdict)) {
            let count = counts.entry(code).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }
}

/// As Markdown, for `docs/rules.md`; then, for whoever reads the output, the tests that the figures hide.
impl fmt::Display for Score {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(formatter)?;
        for (name, verdict) in &self.inside {
            if let Verdict::Rejected(code) = verdict {
                writeln!(formatter, "not accepted, {code}: {name}")?;
            }
        }
        for (name, what) in self.wrong() {
            writeln!(formatter, "WRONG {name}\n    {what}")?;
        }
        Ok(())
    }
}

impl Score {
    /// The figures, as they stand in `docs/rules.md`.
    pub(crate) fn table(&self) -> String {
        let total = self.all().count();
        let right = self.count(|verdict| *verdict == Verdict::Right);
        let refused = self.count(|verdict| matches!(verdict, Verdict::RefusedError(_)));
        let rejected = self.count(|verdict| matches!(verdict, Verdict::Rejected(_)));
        let (inside_right, inside) = self.inside();
        let mut table = format!(
            "Of {total} sampled tests {right} give the value, type or kind of error that is expected, {refused} expect an error \
             and are\nrefused before they run, {rejected} are not accepted, and {} are wrong. Of the {inside} that use nothing \
             outside of the\nprofile, {inside_right} are right.\n\n\
             | code | what | not accepted | refused instead of an error |\n|---|---|---|---|\n",
            self.wrong().count()
        );
        let rejected = self.by_code(|verdict| match verdict {
            Verdict::Rejected(code) => Some(code),
            _ => None,
        });
        let refused = self.by_code(|verdict| match verdict {
            Verdict::RefusedError(code) => Some(code),
            _ => None,
        });
        let reasons: BTreeSet<&str> = rejected.keys().chain(refused.keys()).copied().collect();
        for code in reasons {
            let named = Code::all().find(|known| known.id == code);
            let summary = named.map_or("a line that is not taken", |code| code.summary);
            let count = |counts: &BTreeMap<&str, usize>| counts.get(code).copied().unwrap_or(0);
            let _ = writeln!(
                table,
                "| `{code}` | {summary} | {} | {} |",
                count(&rejected),
                count(&refused)
            );
        }
        table
    }
}

/// What comes of one test.
pub(crate) fn verdict(test: &Json) -> Verdict {
    let expected = test.get("expect");
    let part = |key| expected.and_then(|expected| expected.get(key));
    let answer = answer_to(test);
    let rejected = match &answer {
        Answer::Rejected(problems) => problems.first().map(|problem| problem.code.id),
        Answer::Refused(refusal) => Some(refusal.code.map_or("line", |code| code.id)),
        _ => None,
    };
    if let Some(code) = rejected {
        return match part("error") {
            Some(_) => Verdict::RefusedError(code),
            None => Verdict::Rejected(code),
        };
    }
    if let Some(texts) = part("error").and_then(Json::as_array) {
        let texts: Vec<&str> = texts.iter().filter_map(Json::as_str).collect();
        return match &answer {
            Answer::Failed(Failure::Data(error))
                if texts
                    .iter()
                    .any(|text| kinds_of(text).contains(&error.kind.name())) =>
            {
                Verdict::Right
            }
            answer => wrong(&format!("an error: {}", texts.join(", ")), answer),
        };
    }
    if let Some(ty) = part("type") {
        let mut asked = test.clone();
        if let Some(object) = asked.as_object_mut() {
            object.insert("check".into(), Json::Bool(true));
        }
        match answer_to(&asked) {
            Answer::Type(found) if same_type(&write_type(&found), ty) => {}
            answer => return wrong(&format!("the type {ty}"), &answer),
        }
    }
    match (part("value"), &answer) {
        (Some(value), Answer::Value(found)) => {
            let found = write_value(found);
            if found.is_some_and(|found| same_value(&found, value)) {
                Verdict::Right
            } else {
                wrong(&value.to_string(), &answer)
            }
        }
        (None, _) if part("type").is_some() => Verdict::Right,
        (value, answer) => wrong(&format!("{value:?}"), answer),
    }
}

fn wrong(expected: &str, answer: &Answer) -> Verdict {
    Verdict::Wrong(format!("expected {expected}, found {}", answer.to_json()))
}

/// The kinds of error that a text of the suite means. The texts are the wording of one implementation.
fn kinds_of(text: &str) -> &'static [&'static str] {
    let known: [(&str, &[&str]); 12] = [
        ("no such key", &["no_such_key"]),
        ("divide by zero", &["division_by_zero"]),
        ("division by zero", &["division_by_zero"]),
        ("modulus by zero", &["modulus_by_zero"]),
        ("index out of", &["index_out_of_range"]),
        ("substring range", &["index_out_of_range"]),
        ("invalid_argument", &["index_out_of_range"]),
        ("overflow", &["overflow"]),
        ("range", &["overflow"]),
        ("conversion", &["conversion"]),
        ("formatting", &["bad_argument"]),
        // two tests of `||` say this of a division by zero
        ("no matching overload", &["division_by_zero"]),
    ];
    known
        .iter()
        .find(|(part, _)| text.contains(part))
        .map_or(&[], |(_, kinds)| kinds)
}

/// Whether two tagged values are the same, kind for kind; the order of a map says nothing.
fn same_value(one: &Json, two: &Json) -> bool {
    let number = |json: &Json| json.get("double")?.as_str()?.parse::<f64>().ok();
    if let (Some(one), Some(two)) = (number(one), number(two)) {
        return one.to_bits() == two.to_bits() || (one.is_nan() && two.is_nan());
    }
    if let (Some(one), Some(two)) = (list_of(one, "list"), list_of(two, "list")) {
        return one.len() == two.len()
            && one.iter().zip(two).all(|(one, two)| same_value(one, two));
    }
    if let (Some(one), Some(two)) = (list_of(one, "map"), list_of(two, "map")) {
        let entry = |wanted: &Json| {
            two.iter().any(|found| {
                matches!((wanted.as_array(), found.as_array()), (Some(one), Some(two))
                    if one.iter().zip(two).all(|(one, two)| same_value(one, two)))
            })
        };
        return one.len() == two.len() && one.iter().all(entry);
    }
    one == two
}

fn list_of<'json>(json: &'json Json, tag: &str) -> Option<&'json Vec<Json>> {
    json.get(tag)?.as_array()
}

/// Whether a type is the one that is expected. A type parameter that nothing binds is `dyn` there.
fn same_type(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Object(one), Json::Object(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .all(|(key, ty)| two.get(key).is_some_and(|other| same_type(ty, other)))
        }
        (Json::Array(one), Json::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same_type(one, two))
        }
        _ => found == expected,
    }
}

/// Whether a test uses what the profile leaves out, by its words.
fn is_outside(test: &Json) -> bool {
    const TAGS: [&str; 11] = [
        "uint",
        "bytes",
        "null",
        "type",
        "duration",
        "timestamp",
        "dyn",
        "message",
        "wrapper",
        "abstract",
        "null_type",
    ];
    const WORDS: [&str; 26] = [
        "dyn",
        "null",
        "uint",
        "bytes",
        "type",
        "null_type",
        "optional_type",
        "google",
        "timestamp",
        "duration",
        "getFullYear",
        "getMonth",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getHours",
        "getMinutes",
        "getSeconds",
        "getMilliseconds",
        "base64",
        "math",
        "ip",
        "cidr",
        "isIP",
        "isCIDR",
    ];
    let words = words_of(test.get("expr").and_then(Json::as_str).unwrap_or(""));
    let said = |word: &str| words.iter().any(|known| known == word);
    let unchecked = test
        .get("disable_check")
        .and_then(Json::as_bool)
        .unwrap_or(false);
    let expects_value = test
        .get("expect")
        .is_some_and(|expect| expect.get("value").is_some());
    WORDS.iter().any(|word| said(word))
        || said("unsigned literal")
        || said("bytes literal")
        || names_a_type(&words)
        || mixes(&words)
        || (unchecked && expects_value)
        || ["bindings", "type_env", "expect"]
            .iter()
            .filter_map(|key| test.get(*key))
            .any(|json| mentions(json, &TAGS))
}

/// Whether the name of a type stands where it is not called, so as a value.
fn names_a_type(words: &[String]) -> bool {
    let types = ["bool", "int", "double", "string", "map", "list"];
    words.iter().enumerate().any(|(at, word)| {
        let called = words
            .get(at.saturating_add(1))
            .is_some_and(|next| next == "(");
        let field = at
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|before| before == ".");
        types.contains(&word.as_str()) && !called && !field
    })
}

/// Whether a list or map holds literals of several kinds, so that its type would be `dyn`.
fn mixes(words: &[String]) -> bool {
    // for each bracket that is open: whether it is of a literal, and the kinds of its elements or keys and of its values
    let mut open: Vec<(bool, [Option<&str>; 2])> = Vec::new();
    let mut place = None;
    for (at, word) in words.iter().enumerate() {
        let ends = words
            .get(at.saturating_add(1))
            .is_none_or(|next| [",", ":", "]", "}"].contains(&next.as_str()));
        let number = word.starts_with(|letter: char| letter.is_ascii_digit());
        let kind = match word.as_str() {
            "[" => Some("list"),
            "{" => Some("map"),
            "text" if ends => Some("text"),
            "true" | "false" if ends => Some("bool"),
            number_word if number && ends => Some(if number_word.contains('.') {
                "double"
            } else {
                "int"
            }),
            _ => None,
        };
        if let (Some(place), Some(kind), Some((true, kinds))) =
            (place.take(), kind, open.last_mut())
            && let Some(known) = kinds.get_mut::<usize>(place)
        {
            if known.is_some_and(|known| known != kind) {
                return true;
            }
            *known = Some(kind);
        }
        match word.as_str() {
            "[" | "{" | "(" => {
                open.push((word != "(", [None, None]));
                place = Some(0);
            }
            "]" | "}" | ")" => {
                open.pop();
            }
            "," => place = Some(0),
            ":" => place = Some(1),
            _ => {}
        }
    }
    false
}

/// Whether a tag or name of a type stands somewhere in a JSON value.
fn mentions(json: &Json, tags: &[&str]) -> bool {
    match json {
        Json::Object(object) => object.iter().any(|(key, value)| {
            let tagged = object.len() == 1 && tags.contains(&key.as_str());
            let named = matches!(key.as_str(), "ident" | "type" | "list" | "result")
                && value.as_str().is_some_and(|name| tags.contains(&name));
            tagged || named || mentions(value, tags)
        }),
        Json::Array(values) => values.iter().any(|value| mentions(value, tags)),
        _ => false,
    }
}

/// The names and signs of an expression; each text is the word "text", and a literal that the profile leaves out is named.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    while let Some(&letter) = letters.get(at) {
        if of_name(letter) {
            let start = at;
            while letters
                .get(at)
                .copied()
                .is_some_and(|next| of_name(next) || (next == '.' && letter.is_ascii_digit()))
            {
                at = at.saturating_add(1);
            }
            let word: String = letters
                .iter()
                .skip(start)
                .take(at.saturating_sub(start))
                .collect();
            let quoted = matches!(letters.get(at), Some('\'' | '"'));
            let prefix = word.to_ascii_lowercase();
            if quoted && matches!(prefix.as_str(), "b" | "br" | "rb") {
                words.push("bytes literal".into());
            } else if letter.is_ascii_digit() && word.ends_with(['u', 'U']) {
                words.push("unsigned literal".into());
            }
            if quoted && prefix.contains('r') {
                at = end_of_text(&letters, at, false);
                words.push("text".into());
            } else {
                words.push(word);
            }
        } else if matches!(letter, '\'' | '"') {
            at = end_of_text(&letters, at, true);
            words.push("text".into());
        } else if letter.is_whitespace() {
            at = at.saturating_add(1);
        } else {
            words.push(letter.to_string());
            at = at.saturating_add(1);
        }
    }
    words
}

/// The place after a text that begins at a quote.
fn end_of_text(letters: &[char], start: usize, escapes: bool) -> usize {
    let Some(&quote) = letters.get(start) else {
        return start;
    };
    let is_quote = |at: usize| letters.get(at) == Some(&quote);
    let triple = is_quote(start.saturating_add(1)) && is_quote(start.saturating_add(2));
    let width = if triple { 3 } else { 1 };
    let mut at = start.saturating_add(width);
    while let Some(&letter) = letters.get(at) {
        if escapes && letter == '\\' {
            at = at.saturating_add(2);
        } else if (0..width).all(|more| is_quote(at.saturating_add(more))) {
            return at.saturating_add(width);
        } else {
            at = at.saturating_add(1);
        }
    }
    at
}
