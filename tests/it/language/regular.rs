//! Regular expressions as the documentation of RE2 has them, matched in the plainest way: the set of all places that can be reached.
//!
//! As much of them as the tests write: letters, `.`, classes, `^`, `$`, groups, `|`, and repetitions. It knows no engine.

/// A part of a pattern.
enum Part {
    Letter(char),
    Any,
    Class(bool, Vec<(char, char)>),
    Start,
    End,
    All(Vec<Part>),
    OneOf(Vec<Part>),
    Repeated(Box<Part>, usize, Option<usize>),
}

/// Whether a pattern is found in a text; none where it is no pattern.
pub(super) fn found(pattern: &str, text: &str) -> Option<bool> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut reader = Reader {
        letters: &letters,
        at: 0,
    };
    let part = reader.alternatives()?;
    if reader.at < letters.len() {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    Some(reached(&part, &text, &vec![true; text.len() + 1]).contains(&true))
}

/// The places that a part leads to from some places.
fn reached(part: &Part, text: &[char], from: &[bool]) -> Vec<bool> {
    let step = |takes: &dyn Fn(char) -> bool| {
        let mut to = vec![false; from.len()];
        for (at, letter) in text.iter().enumerate() {
            to[at + 1] = from[at] && takes(*letter);
        }
        to
    };
    let only = |wanted: usize| {
        let places = from.iter().enumerate();
        places.map(|(at, is)| *is && at == wanted).collect()
    };
    match part {
        Part::Letter(wanted) => step(&|letter| letter == *wanted),
        Part::Any => step(&|letter| letter != '\n'),
        Part::Class(without, ranges) => step(&|letter| {
            let inside = |(first, last): &(char, char)| (*first..=*last).contains(&letter);
            ranges.iter().any(inside) != *without
        }),
        Part::Start => only(0),
        Part::End => only(text.len()),
        Part::All(parts) => parts
            .iter()
            .fold(from.to_vec(), |from, part| reached(part, text, &from)),
        Part::OneOf(parts) => joined(parts.iter().map(|part| reached(part, text, from))),
        Part::Repeated(part, least, most) => {
            let again = |from: &[bool]| reached(part, text, from);
            let mut now = (0..*least).fold(from.to_vec(), |from, _| again(&from));
            let mut all = now.clone();
            // so often as there are letters is enough: what takes none leads nowhere else
            for _ in *least..most.unwrap_or(least + text.len()) {
                now = again(&now);
                let more = joined([all.clone(), now.clone()]);
                if more == all {
                    break;
                }
                all = more;
            }
            all
        }
    }
}

fn joined(all: impl IntoIterator<Item = Vec<bool>>) -> Vec<bool> {
    all.into_iter()
        .reduce(|one, two| one.iter().zip(two).map(|(one, two)| *one || two).collect())
        .unwrap_or_default()
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        self.at += usize::from(is);
        is
    }

    fn alternatives(&mut self) -> Option<Part> {
        let mut all = vec![self.row()?];
        while self.take('|') {
            all.push(self.row()?);
        }
        Some(Part::OneOf(all))
    }

    fn row(&mut self) -> Option<Part> {
        let mut row = Vec::new();
        while let Some(letter) = self.peek().filter(|letter| !matches!(letter, '|' | ')')) {
            self.at += 1;
            let part = match letter {
                '(' => {
                    let inside = self.alternatives()?;
                    self.take(')').then_some(inside)?
                }
                '[' => self.class()?,
                '.' => Part::Any,
                '^' => Part::Start,
                '$' => Part::End,
                '*' | '+' | '?' => return None,
                '\\' => {
                    let sign = self.peek().filter(char::is_ascii_punctuation)?;
                    self.at += 1;
                    Part::Letter(sign)
                }
                letter => Part::Letter(letter),
            };
            row.push(self.repeated(part)?);
        }
        Some(Part::All(row))
    }

    fn repeated(&mut self, part: Part) -> Option<Part> {
        let (least, most) = if self.take('*') {
            (0, None)
        } else if self.take('+') {
            (1, None)
        } else if self.take('?') {
            (0, Some(1))
        } else if let Some((bounds, length)) = self.bounds() {
            self.at += length;
            bounds
        } else {
            return Some(part);
        };
        // lazy ones find the same, and a repetition of a repetition is none
        self.take('?');
        let again = matches!(self.peek(), Some('*' | '+' | '?')) || self.bounds().is_some();
        (!again).then(|| Part::Repeated(Box::new(part), least, most))
    }

    /// `{2}`, `{2,}` or `{2,5}` from here, and how long it is.
    fn bounds(&self) -> Option<((usize, Option<usize>), usize)> {
        let rest: String = self.letters[self.at..].iter().collect();
        let (inside, _) = rest.strip_prefix('{')?.split_once('}')?;
        let number = |digits: &str| {
            let are_digits = digits.chars().all(|digit| digit.is_ascii_digit());
            are_digits.then(|| digits.parse::<usize>().ok()).flatten()
        };
        let bounds = match inside.split_once(',') {
            None => (number(inside)?, Some(number(inside)?)),
            Some((least, "")) => (number(least)?, None),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        Some((bounds, inside.len() + 2))
    }

    fn class(&mut self) -> Option<Part> {
        let without = self.take('^');
        let mut ranges = Vec::new();
        while ranges.is_empty() || self.peek()? != ']' {
            let first = self.peek()?;
            self.at += 1;
            if first == '\\' {
                return None;
            }
            let is_range = self.peek() == Some('-')
                && self
                    .letters
                    .get(self.at + 1)
                    .is_some_and(|next| *next != ']');
            if is_range {
                let last = self.letters[self.at + 1];
                self.at += 2;
                ranges.push((first, last));
            } else {
                ranges.push((first, first));
            }
        }
        self.at += 1;
        Some(Part::Class(without, ranges))
    }
}

#[test]
fn the_plain_way_finds_what_it_should() {
    for (pattern, text, expected) in [
        ("", "", Some(true)),
        ("b", "abc", Some(true)),
        ("^b", "abc", Some(false)),
        ("^a.c$", "abc", Some(true)),
        ("a.c", "a\nc", Some(false)),
        ("^[^a-c]{1,}$", "xyz", Some(true)),
        ("^[^a-c]{1,}$", "xaz", Some(false)),
        ("^(ab|c)*$", "abcab", Some(true)),
        ("^(ab|c)*$", "abca", Some(false)),
        ("^a{2,3}$", "aaaa", Some(false)),
        ("^a{,2}$", "a{,2}", Some(true)),
        ("(a{1,9})|[", "a", None),
        ("a**", "a", None),
        ("a)", "a", None),
        ("a\\", "a", None),
    ] {
        assert_eq!(found(pattern, text), expected, "{pattern} in {text}");
    }
}
