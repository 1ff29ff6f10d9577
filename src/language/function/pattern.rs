//! Regular expressions of `matches`: linear in time, bounded in size, and of a weight that is known.
//!
//! CEL means RE2. The engine's own language is close to it, but not the same: its classes know all of Unicode where those of RE2
//! know only ASCII, it has set operations within brackets, more escapes, flags and repetitions. So each pattern is read as RE2
//! reads it and written anew for the engine; what RE2 does not know is refused, and nothing means something else.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem::take;
use core::str::Chars;

use regex::Regex;
use regex::RegexBuilder;

/// Bytes that one compiled pattern may take.
const MOST_BYTES: usize = 1 << 18;
/// How often a part may be repeated, repetitions inside of it included.
const MOST_REPETITIONS: u32 = 1_000;
/// The flags of `(?i)` and `(?i:…)`.
const FLAGS: &str = "imsU-";
/// What may stand between `[:` and `:]`.
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];
/// What may follow `\p`: the general categories of Unicode.
const CATEGORIES: [&str; 37] = [
    "C", "Cc", "Cf", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd",
    "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z",
    "Zl", "Zp", "Zs", "Any", "Cn",
];

/// What a class of Unicode weighs: it has many ranges.
const WEIGHT_OF_A_CATEGORY: u64 = 64;
/// The most that a pattern may weigh.
pub(crate) const MOST_WEIGHT: u64 = 4_096;

/// A pattern that was compiled.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// How many places a letter of the text may have to be compared at, at most.
    pub(crate) weight: u64,
}

/// Compiles a pattern. What is wrong with it is not told, since it may come from data.
pub(crate) fn compile_pattern(pattern: &str) -> Result<Pattern, ()> {
    let (written, weight) = Translator::translate(pattern).ok_or(())?;
    if weight > MOST_WEIGHT {
        return Err(());
    }
    let regex = RegexBuilder::new(&written)
        .size_limit(MOST_BYTES)
        .dfa_size_limit(MOST_BYTES)
        .nest_limit(50)
        .build()
        .map_err(|_| ())?;
    Ok(Pattern { regex, weight })
}

/// How many places some parts have once their counted repetitions are written out.
#[derive(Clone, Copy, Default)]
struct Weight {
    /// Of all but the last of them.
    before: u64,
    /// Of the last one, which a repetition behind it repeats.
    last: u64,
}

impl Weight {
    fn add(&mut self, part: u64) {
        self.before = self.whole();
        self.last = part;
    }

    const fn whole(self) -> u64 {
        self.before.saturating_add(self.last)
    }
}

/// Reads a pattern of RE2, and writes one of the engine. What both refuse may pass: the engine refuses it then.
struct Translator<'p> {
    rest: Chars<'p>,
    written: String,
    /// Of what stands before every open group: how often the most repeated of its parts is repeated, and what it weighs.
    groups: Vec<(u32, Weight)>,
    /// How often the most repeated part so far is repeated, and the last one.
    most: u32,
    last: u32,
    weight: Weight,
    /// Whether a repetition stands right before.
    repeated: bool,
}

impl<'p> Translator<'p> {
    /// The pattern of the engine, and what it weighs.
    fn translate(pattern: &'p str) -> Option<(String, u64)> {
        let mut translator = Self {
            rest: pattern.chars(),
            written: String::with_capacity(pattern.len()),
            groups: Vec::new(),
            most: 1,
            last: 1,
            weight: Weight::default(),
            repeated: false,
        };
        while let Some(letter) = translator.rest.next() {
            translator.part(letter)?;
        }
        Some((translator.written, translator.weight.whole()))
    }

    fn accept(&mut self, wanted: &str) -> bool {
        let after = self.rest.as_str().strip_prefix(wanted);
        if let Some(after) = after {
            self.rest = after.chars();
        }
        after.is_some()
    }

    fn part(&mut self, letter: char) -> Option<()> {
        let repetition = match letter {
            '*' | '+' | '?' => Some((1, "")),
            '{' => self.count(),
            _ => None,
        };
        if let Some((times, written)) = repetition {
            return self.repetition(letter, times, written);
        }
        if letter == '\\' && self.accept("Q\\E") {
            // nothing stands there, so that a repetition behind it repeats what stands before it
            return Some(());
        }
        self.repeated = false;
        match letter {
            '(' => {
                self.groups.push((self.most, take(&mut self.weight)));
                self.most = 1;
                self.written.push('(');
                self.flags()?;
            }
            ')' => {
                let (most, before) = self.groups.pop()?;
                self.last = self.most;
                self.most = most.max(self.last);
                let inside = self.weight.whole();
                self.weight = before;
                self.weight.add(inside);
                self.written.push(')');
                return Some(());
            }
            '|' => {
                self.weight.add(0);
                self.written.push('|');
            }
            '[' => {
                let start = self.rest.as_str();
                let known = self.weight;
                self.brackets()?;
                // every letter and class within the brackets, and the bracket that closes them
                let length = start.len().saturating_sub(self.rest.as_str().len());
                let letters = start.get(..length).unwrap_or("").chars().count();
                let letters = u64::try_from(letters).unwrap_or(u64::MAX);
                let classes = self.weight.whole().saturating_sub(known.whole());
                self.weight = known;
                self.weight.add(letters.saturating_add(classes));
            }
            '\\' => self.escape(false)?,
            // One that is no repetition stands for itself.
            '{' => {
                self.weight.add(1);
                self.written.push_str("\\{");
            }
            other => {
                self.weight.add(1);
                self.written.push(other);
            }
        }
        self.last = 1;
        Some(())
    }

    /// What follows `{`, where it is a repetition: how often at most, and how it is written.
    fn count(&mut self) -> Option<(u32, &'p str)> {
        let rest = self.rest.as_str();
        let (inside, after) = rest.split_once('}')?;
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let number = |digits: &str| {
            let is_number =
                !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
            is_number.then(|| digits.parse().unwrap_or(u32::MAX))
        };
        let least = number(least)?;
        let most = if most.is_empty() {
            least
        } else {
            number(most)?
        };
        self.rest = after.chars();
        let length = inside.len().saturating_add(1);
        Some((least.max(most), rest.get(..length)?))
    }

    fn repetition(&mut self, letter: char, times: u32, written: &str) -> Option<()> {
        // `a**` is an error there, and `a++` may mean something else elsewhere.
        if self.repeated {
            return None;
        }
        self.repeated = true;
        self.last = self.last.saturating_mul(times.max(1));
        self.weight.last = self.weight.last.saturating_mul(u64::from(times.max(1)));
        self.most = self.most.max(self.last);
        if times > MOST_REPETITIONS || self.last > MOST_REPETITIONS {
            return None;
        }
        self.written.push(letter);
        self.written.push_str(written);
        if self.accept("?") {
            self.written.push('?');
        }
        Some(())
    }

    /// What follows `(?`: a name, or flags.
    fn flags(&mut self) -> Option<()> {
        if !self.accept("?") {
            return Some(());
        }
        self.written.push('?');
        let rest = self.rest.as_str();
        if rest.starts_with("P<") || rest.starts_with('<') {
            // The engine says whether the name is one.
            let length = rest.find('>')?;
            self.written.push_str(rest.get(..length)?);
            self.rest = rest.get(length..)?.chars();
            return Some(());
        }
        let length = rest.find([')', ':'])?;
        let flags = rest.get(..length)?;
        if !flags.chars().all(|flag| FLAGS.contains(flag)) {
            return None;
        }
        self.written.push_str(flags);
        self.rest = rest.get(length..)?.chars();
        Some(())
    }

    /// What follows a backslash.
    fn escape(&mut self, in_brackets: bool) -> Option<()> {
        let kind = self.rest.next()?;
        match kind {
            'Q' if !in_brackets => {
                self.quoted();
                return Some(());
            }
            'p' | 'P' => self.weight.add(WEIGHT_OF_A_CATEGORY),
            // within brackets, what is written there is counted
            _ if in_brackets => {}
            _ => self.weight.add(1),
        }
        match kind {
            'd' => self.written.push_str("[0-9]"),
            'D' => self.written.push_str("[^0-9]"),
            'w' => self.written.push_str("[0-9A-Za-z_]"),
            'W' => self.written.push_str("[^0-9A-Za-z_]"),
            's' => self.written.push_str("[\\t\\n\\f\\r ]"),
            'S' => self.written.push_str("[^\\t\\n\\f\\r ]"),
            'b' if !in_brackets => self.written.push_str("(?-u:\\b)"),
            'B' if !in_brackets => self.written.push_str("(?-u:\\B)"),
            place @ ('A' | 'z') if !in_brackets => self.literally(place),
            'p' | 'P' => self.category(kind)?,
            letter @ ('a' | 'f' | 'n' | 'r' | 't' | 'v') => self.literally(letter),
            'x' => self.number()?,
            sign if sign.is_ascii() && !sign.is_ascii_alphanumeric() => self.plain(sign),
            _ => return None,
        }
        Some(())
    }

    fn literally(&mut self, letter: char) {
        self.written.push('\\');
        self.written.push(letter);
    }

    /// A letter that stands for itself.
    fn plain(&mut self, letter: char) {
        if letter.is_ascii_punctuation() && !matches!(letter, '<' | '>') {
            self.written.push('\\');
        }
        self.written.push(letter);
    }

    /// What follows `\Q`: all up to `\E` stands for itself.
    fn quoted(&mut self) {
        while !self.accept("\\E") {
            let Some(letter) = self.rest.next() else {
                return;
            };
            self.weight.add(1);
            self.plain(letter);
        }
    }

    /// What follows `\p`: `L`, `{Lu}` or `{^Lu}`.
    fn category(&mut self, kind: char) -> Option<()> {
        let rest = self.rest.as_str();
        let (name, after) = match rest.strip_prefix('{') {
            Some(inside) => inside.split_once('}')?,
            None => rest.split_at_checked(1)?,
        };
        let (name, negated) = match name.strip_prefix('^') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if !CATEGORIES.contains(&name) {
            return None;
        }
        self.rest = after.chars();
        let kind = if (kind == 'P') == negated {
            "\\p{"
        } else {
            "\\P{"
        };
        for piece in [kind, name, "}"] {
            self.written.push_str(piece);
        }
        Some(())
    }

    /// What follows `[`, up to the bracket that closes it.
    fn brackets(&mut self) -> Option<()> {
        self.written.push('[');
        if self.accept("^") {
            self.written.push('^');
        }
        let mut first = true;
        while first || !self.accept("]") {
            first = false;
            if self.rest.as_str().starts_with("[:") && self.posix()? {
                continue;
            }
            let single = self.letter()?;
            // A bracket right behind the `-` closes, so that the `-` stands for itself.
            let rest = self.rest.as_str();
            if single && rest.starts_with('-') && !rest.starts_with("-]") {
                self.rest.next();
                self.written.push('-');
                // Where it is no single letter, the engine refuses the range.
                self.letter()?;
            }
        }
        self.written.push(']');
        Some(())
    }

    /// A class such as `[:alpha:]`; whether there is one.
    fn posix(&mut self) -> Option<bool> {
        let rest = self.rest.as_str();
        let Some((inside, after)) = rest.get(2..)?.split_once(":]") else {
            return Some(false);
        };
        let name = inside.strip_prefix('^').unwrap_or(inside);
        if !POSIX.contains(&name) {
            return None;
        }
        self.rest = after.chars();
        for piece in ["[:", inside, ":]"] {
            self.written.push_str(piece);
        }
        Some(true)
    }

    /// One letter or escape within brackets; whether a range may begin with it.
    fn letter(&mut self) -> Option<bool> {
        match self.rest.next()? {
            '\\' => {
                let class = self
                    .rest
                    .as_str()
                    .starts_with(|kind| "dDwWsSpP".contains(kind));
                self.escape(true)?;
                Some(!class)
            }
            letter => {
                self.plain(letter);
                Some(true)
            }
        }
    }

    /// What follows `\x`: two digits, or some in braces.
    fn number(&mut self) -> Option<()> {
        self.literally('x');
        let rest = self.rest.as_str();
        let length = match rest.strip_prefix('{') {
            Some(inside) => inside.find('}')?.saturating_add(2),
            None => 2,
        };
        self.written.push_str(rest.get(..length)?);
        self.rest = rest.get(length..)?.chars();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        match compile_pattern(pattern) {
            Ok(pattern) => pattern.regex.is_match(text),
            Err(()) => panic!("{pattern} is refused"),
        }
    }

    #[test]
    fn classes_know_ascii_only() {
        assert!(matches(r"^\d+$", "123"));
        assert!(!matches(r"^\d+$", "١٢٣"));
        assert!(!matches(r"^\w+$", "Åsa"));
        assert!(matches(r"^[\d-]+$", "1-2"));
        assert!(matches(r"^Å.a$", "Åsa"));
        assert!(matches(r"\bfoo\b", "a foo b"));
        assert!(matches(r"^\pL+$", "Åsa"));
        assert!(!matches(r"^\p{^Lu}+$", "Åsa"));
        assert!(matches(r"^[\p{Lu}\d]+$", "Å1"));
    }

    /// What the engine means by a pattern is not always what RE2 means by it.
    #[test]
    fn a_pattern_means_what_it_means_in_re2() {
        for (pattern, yes, no) in [
            // no set operations, and no brackets within brackets
            ("^[a&&b]$", "&", "&&"),
            ("^[a~~b]$", "~", "c"),
            ("^[a[b]]$", "[]", "a"),
            ("^[[]$", "[", "]"),
            ("^[]a]$", "]", "b"),
            ("^[^]a]$", "b", "]"),
            (r"^[\[\]&~^-]+$", "[]&~^-", "a"),
            (r"^[\w-z]+$", "-z", " "),
            ("^[a-c-]+$", "b-", "d"),
            ("^[+--]+$", "+,-", "a"),
            (r"^[\x41-\x{43}]$", "B", "D"),
            (r"^\x41\x{1F600}{2}$", "A😀😀", "A😀"),
            ("^[[:alpha:][:digit:]]+$", "a1", "å"),
            // escapes of signs, and the places of words
            (r"^a\<b\>$", "a<b>", "ab"),
            (r"^a\_b\-c$", "a_b-c", "ab-c"),
            (r"^\Qa.b*\E+$", "a.b**", "axb"),
            // a brace that is no repetition
            ("^a{,2}$", "a{,2}", "aa"),
            ("^a{x}$", "a{x}", "a"),
            ("^{$", "{", ""),
            ("^a{2}$", "aa", "a"),
            ("^a{1,}?$", "aaa", ""),
            // groups and their flags
            ("^(?i)å(?-i:b)$", "Åb", "ÅB"),
            ("^(?P<x>a)(?<y>b)$", "ab", "ba"),
        ] {
            assert!(matches(pattern, yes), "{pattern} finds nothing in {yes}");
            assert!(!matches(pattern, no), "{pattern} finds something in {no}");
        }
    }

    #[test]
    fn what_re2_does_not_know_is_refused() {
        for pattern in [
            "a**",
            "a+*",
            "a++",
            "a{2}{3}",
            "a??+",
            "a{1001}",
            "(a{40}){40}",
            "(?x)a",
            "(?u)a",
            "(?R)a",
            "(?iu:a)",
            "(?=a)",
            "(?#a)",
            r"\u0041",
            r"\U00000041",
            r"\Z",
            r"\q",
            r"\8",
            r"\C",
            r"[\b]",
            r"[\A]",
            r"\p{gc=L}",
            r"\p{Letter}",
            r"\p{Alphabetic}",
            r"\pQ",
            r"\p{",
            "[[:foo:]]",
            "[a--b]",
            r"[a-\d]",
            "[b-a]",
            "[a",
            "[",
            "a)",
            "(",
            "*",
            "a|*",
            r"\",
            "(?P<a>a)(?P<a>b)",
        ] {
            assert!(compile_pattern(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn large_ones_are_refused() {
        assert!(compile_pattern("((a{100}){100}){100}").is_err());
        assert!(compile_pattern("(a{10}){100}").is_ok());
        assert!(compile_pattern(&"(".repeat(60_000)).is_err());
        assert!(compile_pattern(&"[".repeat(60_000)).is_err());
    }

    #[test]
    fn a_pattern_weighs_as_much_as_it_is_written_out() {
        for (pattern, expected) in [
            ("", 0),
            ("abc", 3),
            ("a{10}", 10),
            ("ab{2,30}c", 32),
            ("(ab){5}", 10),
            ("((a{10}){10}b){10}", 1_010),
            ("a|b|(c|d){3}", 8),
            ("[0-9]{8}", 32),
            (r"\d{8}", 8),
            (r"a\{9\}", 4),
            (r"\p{L}+", 64),
            (r"[\p{L}_]", 71),
            ("[]a]", 3),
            // what is no repetition is as heavy as it is written
            ("a{5", 3),
            ("{abc", 4),
            ("{[a-z]{10}", 41),
            ("a{,3}b", 6),
            // what is quoted is no repetition, and nothing more than its letters
            (r"\Qa{9}[\E", 5),
            (r"\Qab\E{3}", 4),
            (r"a\Q\E{3}", 3),
        ] {
            let weight = Translator::translate(pattern).map(|(_, weight)| weight);
            assert_eq!(weight, Some(expected), "{pattern}");
        }
        assert!(compile_pattern(&"a".repeat(4_096)).is_ok());
        assert!(compile_pattern(&"a".repeat(4_097)).is_err());
        assert!(compile_pattern("(a{64}){65}").is_err());
        assert!(compile_pattern(&alloc::format!("{{{}", "a".repeat(4_096))).is_err());
        assert!(compile_pattern("{[a-z0-9åäö]{1000}").is_err());
    }
}
