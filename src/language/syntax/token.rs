//! Tokens of an expression.
//!
//! The whole text is cut at once. What cannot be a token is reported, and a stand-in takes its place, so that the parser goes
//! on.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Text;
use crate::language::codes;
use crate::language::problem::ExpressionProblem;
use crate::language::syntax::literal::HALF_A_CHARACTER;
use crate::language::syntax::literal::read_text;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A name or word.
    Name(Text),
    /// A name in backticks, for fields only.
    Quoted(Text),
    /// A whole number, without its sign: `2^63` is legal right after a minus only.
    Int(u64),
    /// A whole number with a `u`.
    Unsigned(u64),
    /// A number with a fraction or an exponent.
    Double(f64),
    /// A text, decoded.
    Text(Text),
    /// Bytes, decoded.
    Bytes(Vec<u8>),
    /// An operator or a bracket.
    Sign(&'static str),
    /// What was reported already; it stands for a value.
    Broken,
    /// The end.
    End,
}

/// A token and its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Spanned {
    pub(crate) token: Token,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Spanned {
    pub(crate) fn span(&self) -> Range<usize> {
        let wide = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        wide(self.start)..wide(self.end)
    }
}

/// The sign that a text begins with, the longest one.
fn sign(text: &str) -> Option<&'static str> {
    Some(match text.as_bytes() {
        [b'&', b'&', ..] => "&&",
        [b'|', b'|', ..] => "||",
        [b'=', b'=', ..] => "==",
        [b'!', b'=', ..] => "!=",
        [b'<', b'=', ..] => "<=",
        [b'>', b'=', ..] => ">=",
        [b'<', ..] => "<",
        [b'>', ..] => ">",
        [b'+', ..] => "+",
        [b'-', ..] => "-",
        [b'*', ..] => "*",
        [b'/', ..] => "/",
        [b'%', ..] => "%",
        [b'!', ..] => "!",
        [b'?', ..] => "?",
        [b':', ..] => ":",
        [b'.', ..] => ".",
        [b',', ..] => ",",
        [b'(', ..] => "(",
        [b')', ..] => ")",
        [b'[', ..] => "[",
        [b']', ..] => "]",
        [b'{', ..] => "{",
        [b'}', ..] => "}",
        _ => return None,
    })
}

/// A sign of another language that begins as one of ours: the sign that was meant, and what to write.
fn foreign_sign(text: &str) -> Option<(&'static str, &'static str, &'static str)> {
    const SIGNS: [(&str, &str, &str); 6] = [
        ("===", "==", "write `==` to compare"),
        ("!==", "!=", "write `!=` to compare"),
        ("<>", "!=", "write `!=` to compare"),
        ("=<", "<=", "write `<=` to compare"),
        ("=>", ">=", "write `>=` to compare"),
        (
            "??",
            "==",
            "write `a.?b.orValue(c)` for what stands where there is none",
        ),
    ];
    SIGNS
        .into_iter()
        .find(|(wrong, ..)| text.starts_with(wrong))
}

/// So much of what the author wrote as a message has room for.
fn shortened(written: &str) -> &str {
    let end = written.char_indices().nth(40).map(|(end, _)| end);
    written.get(..end.unwrap_or(written.len())).unwrap_or("")
}

/// Room for so many tokens is made at once; few expressions have more.
const USUAL_TOKENS: usize = 256;

/// Cuts a text, whose length is within the limits, into tokens. The last is always [`Token::End`]. After so many
/// tokens or problems it ends, since nobody reads more.
pub(crate) fn tokenize(
    text: &str,
    most_tokens: usize,
    most_problems: usize,
) -> (Vec<Spanned>, Vec<ExpressionProblem>) {
    let mut cutter = Cutter {
        text,
        at: 0,
        tokens: Vec::with_capacity(text.len().div_ceil(2).saturating_add(1).min(USUAL_TOKENS)),
        problems: Vec::new(),
    };
    while cutter.tokens.len() < most_tokens
        && cutter.problems.len() < most_problems
        && cutter.next()
    {}
    cutter.push(Token::End, text.len());
    (cutter.tokens, cutter.problems)
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Spanned>,
    problems: Vec<ExpressionProblem>,
}

impl<'a> Cutter<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn push(&mut self, token: Token, start: usize) {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.tokens.push(Spanned {
            token,
            start: narrow(start),
            end: narrow(self.at),
        });
    }

    fn take(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// Takes the characters from here for which `wanted` says yes.
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|letter| !wanted(letter)).unwrap_or(rest.len());
        self.take(length);
        rest.get(..length).unwrap_or("")
    }

    fn next(&mut self) -> bool {
        self.take_while(|letter| matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{c}'));
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return false;
        };
        if rest.starts_with("//") {
            // `NEWLINE` of the grammar (`doc/langdef.md`): a carriage return ends a line as well.
            self.take_while(|letter| !matches!(letter, '\n' | '\r'));
        } else if let Some((token, length, fault)) = read_text(rest) {
            self.take(length);
            // What a faulty text was meant to say is not known, so nothing is said of it.
            let token = if fault.is_some() {
                Token::Broken
            } else {
                token
            };
            self.push(token, start);
            if let Some((at, message)) = fault {
                let at = start.saturating_add(at);
                let end = self.at.min(at.saturating_add(1)).max(at);
                let end = (end..=self.at)
                    .find(|&end| self.text.is_char_boundary(end))
                    .unwrap_or(self.at);
                let help = if message == HALF_A_CHARACTER {
                    "write the whole character, as it is or as in `\\U0001F600`"
                } else if message.starts_with("an escape") {
                    "a backslash is written `\\\\`, a new line `\\n`, a quotation mark `\\\"`; in `r\"…\"` a backslash stands for itself"
                } else {
                    "a text ends with the quotes that it begins with"
                };
                let problem = ExpressionProblem::new(&codes::LITERAL, at..end, message);
                self.problems.push(problem.help(help));
            }
        } else if first == '_' || first.is_alphabetic() {
            self.name(start);
        } else if first.is_ascii_digit()
            || (first == '.'
                && rest
                    .chars()
                    .nth(1)
                    .is_some_and(|next| next.is_ascii_digit()))
        {
            self.number(start);
        } else if first == '`' {
            self.quoted(start);
        } else if let Some((wrong, right, help)) = foreign_sign(rest) {
            self.take(wrong.len());
            self.push(Token::Sign(right), start);
            let message = format!("`{wrong}` is no operator");
            let problem = ExpressionProblem::new(&codes::SIGN, start..self.at, message);
            self.problems.push(problem.help(help));
        } else if let Some(sign) = sign(rest) {
            self.take(sign.len());
            self.push(Token::Sign(sign), start);
        } else {
            self.foreign(start, first);
        }
        true
    }

    fn name(&mut self, start: usize) {
        let name = self.take_while(|letter| letter == '_' || letter.is_alphanumeric());
        if name.is_ascii() {
            self.push(Token::Name(name.into()), start);
            return;
        }
        self.push(Token::Broken, start);
        self.problems.push(
            ExpressionProblem::new(
                &codes::SYNTAX,
                start..self.at,
                format!("`{name}` is no name, names hold only `a` to `z`, digits and `_`"),
            )
            .help(format!(
                "write a value as text, `\"{name}\"`, and a column in backticks, as in `` record.`{name}` ``"
            )),
        );
    }

    fn number(&mut self, start: usize) {
        let rest = self.rest();
        if rest.starts_with("0x") {
            self.take(2);
            let digits = self.take_while(|letter| letter.is_ascii_hexdigit());
            if digits.is_empty() {
                self.push(Token::Broken, start);
                let message = "there are no digits after `0x`";
                let problem = ExpressionProblem::new(&codes::LITERAL, start..self.at, message);
                self.problems
                    .push(problem.help("write them as `0` to `9` and `a` to `f`, as in `0xff`"));
                return;
            }
            let parsed = u64::from_str_radix(digits, 16).ok();
            return self.whole(start, parsed);
        }
        let digits = self.take_while(|letter| letter.is_ascii_digit());
        let mut fraction = false;
        let mut after = self.rest().chars();
        if after.next() == Some('.') && after.next().is_some_and(|next| next.is_ascii_digit()) {
            self.take(1);
            self.take_while(|letter| letter.is_ascii_digit());
            fraction = true;
        }
        if self.rest().starts_with(['e', 'E']) {
            let sign = usize::from(
                self.rest()
                    .get(1..)
                    .is_some_and(|rest| rest.starts_with(['+', '-'])),
            );
            let mark = sign.saturating_add(1);
            if self
                .rest()
                .get(mark..)
                .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
            {
                self.take(mark);
                self.take_while(|letter| letter.is_ascii_digit());
                fraction = true;
            }
        }
        if !fraction {
            return self.whole(start, digits.parse().ok());
        }
        if self.runs_on(start) {
            return;
        }
        let written = self.text.get(start..self.at).unwrap_or("");
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => self.push(Token::Double(number), start),
            _ => self.out_of_range(start),
        }
    }

    fn whole(&mut self, start: usize, parsed: Option<u64>) {
        let unsigned = self.rest().starts_with(['u', 'U']);
        if unsigned {
            self.take(1);
        }
        if self.runs_on(start) {
            return;
        }
        match parsed {
            Some(number) if unsigned => self.push(Token::Unsigned(number), start),
            Some(number) if number <= i64::MIN.unsigned_abs() => {
                self.push(Token::Int(number), start);
            }
            _ => self.out_of_range(start),
        }
    }

    /// Whether letters follow a number at once, as in numbers of other languages; it is told then.
    fn runs_on(&mut self, start: usize) -> bool {
        let is_letter = |letter: char| letter == '_' || letter.is_alphanumeric();
        let rest = self.rest();
        let more = rest.find(|letter| !is_letter(letter));
        let more = rest.get(..more.unwrap_or(rest.len())).unwrap_or("");
        if more.is_empty() || more == "in" {
            return false;
        }
        self.take(more.len());
        self.push(Token::Broken, start);
        let written = self.text.get(start..self.at).unwrap_or("");
        let message = format!("`{}` is no number", shortened(written));
        let problem = ExpressionProblem::new(&codes::LITERAL, start..self.at, message);
        self.problems
            .push(problem.help("numbers are written as `1000`, `0.5`, `1e3` or `0xff`"));
        true
    }

    fn out_of_range(&mut self, start: usize) {
        self.push(Token::Broken, start);
        self.problems.push(ExpressionProblem::new(
            &codes::LITERAL,
            start..self.at,
            "the number is out of range",
        ));
    }

    fn quoted(&mut self, start: usize) {
        self.take(1);
        let name = self.take_while(|letter| {
            letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-' | '/' | ' ')
        });
        let closed = self.rest().starts_with('`');
        if closed {
            self.take(1);
        } else {
            self.take_while(|letter| letter != '`');
            self.take(usize::from(!self.rest().is_empty()));
        }
        self.push(Token::Quoted(name.into()), start);
        if !closed || name.is_empty() {
            self.problems.push(ExpressionProblem::new(
                &codes::LITERAL,
                start..self.at,
                "a name in backticks holds only letters, digits, `_`, `.`, `-`, `/` and spaces",
            ));
        }
    }

    /// What is no token of ours, but perhaps one of another language.
    fn foreign(&mut self, start: usize, first: char) {
        self.take(first.len_utf8());
        let (message, help) = match first {
            '=' => ("`=` is no operator", Some("write `==` to compare")),
            '&' => (
                "`&` is no operator",
                Some("write `&&` for and, `+` to join texts"),
            ),
            '|' => ("`|` is no operator", Some("write `||` for or")),
            '\u{2018}'..='\u{201f}' | '«' | '»' | '´' => (
                "typographic quotes do not enclose a text",
                Some("write `\"` or `'`"),
            ),
            '≠' => ("`≠` is no operator", Some("write `!=`")),
            '≤' => ("`≤` is no operator", Some("write `<=`")),
            '≥' => ("`≥` is no operator", Some("write `>=`")),
            '#' => (
                "`#` has no meaning here",
                Some("a comment begins with `//` and ends with its line"),
            ),
            ';' => (
                "`;` has no meaning here",
                Some("an expression is one value, without statements"),
            ),
            _ => ("", None),
        };
        let typographic = message.starts_with('t');
        if typographic {
            // the text up to the closing quote is what was meant to be one
            let rest = self.rest();
            if let Some(close) = rest.find([
                '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '»', '«', '´',
            ]) {
                self.take(close);
                let width = self.rest().chars().next().map_or(0, char::len_utf8);
                self.take(width);
            }
        }
        let problem = if message.is_empty() {
            let shown: String = first.escape_debug().collect();
            ExpressionProblem::new(
                &codes::SYNTAX,
                start..self.at,
                format!("`{shown}` has no meaning here"),
            )
        } else {
            ExpressionProblem::new(&codes::SIGN, start..self.at, message)
        };
        self.problems.push(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
        let stand_in = match first {
            '=' => Token::Sign("=="),
            '&' => Token::Sign("&&"),
            '|' => Token::Sign("||"),
            '≠' => Token::Sign("!="),
            '≤' => Token::Sign("<="),
            '≥' => Token::Sign(">="),
            _ if typographic => Token::Broken,
            _ => return,
        };
        self.push(stand_in, start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        let (tokens, problems) = tokenize(text, 99, 9);
        assert_eq!(problems, [], "{text}");
        tokens.into_iter().map(|spanned| spanned.token).collect()
    }

    #[test]
    fn numbers() {
        assert_eq!(tokens("1"), [Token::Int(1), Token::End]);
        assert_eq!(tokens("0xff"), [Token::Int(255), Token::End]);
        assert_eq!(tokens("1u"), [Token::Unsigned(1), Token::End]);
        assert_eq!(tokens("1.5e-3"), [Token::Double(0.0015), Token::End]);
        assert_eq!(tokens(".5"), [Token::Double(0.5), Token::End]);
        assert_eq!(
            tokens("1.a"),
            [
                Token::Int(1),
                Token::Sign("."),
                Token::Name("a".into()),
                Token::End
            ]
        );
        assert_eq!(tokens("9223372036854775808").len(), 2);
        assert_eq!(tokenize("9223372036854775809", 99, 9).1.len(), 1);
        assert_eq!(tokenize("1e999", 99, 9).1.len(), 1);
    }

    #[test]
    fn white_space_and_comments_are_nothing() {
        assert_eq!(
            tokens(" a // b\n\t. b "),
            [
                Token::Name("a".into()),
                Token::Sign("."),
                Token::Name("b".into()),
                Token::End
            ]
        );
    }

    #[test]
    fn signs_of_other_languages_get_advice() {
        for (text, help) in [
            ("a = b", "write `==` to compare"),
            ("a & b", "write `&&` for and, `+` to join texts"),
            ("a | b", "write `||` for or"),
            ("“a”", "write `\"` or `'`"),
        ] {
            let (_, problems) = tokenize(text, 99, 9);
            assert_eq!(problems.len(), 1, "{text}");
            assert_eq!(problems[0].help, [help], "{text}");
        }
    }

    #[test]
    fn names_of_other_letters_get_advice() {
        let (tokens, problems) = tokenize("Förskollärare", 99, 9);
        assert_eq!(tokens[0].token, Token::Broken);
        assert_eq!(problems[0].span, 0.."Förskollärare".len());
    }
}
