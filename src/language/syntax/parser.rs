//! From tokens to a tree: the whole grammar of CEL, all faults at once.
//!
//! What the profile leaves out is parsed as well, so that the checker can say so at the right place. After a fault an
//! error node stands in, the rest up to the next bracket, comma, colon, `&&` or `||` is skipped, and reading goes on. Nesting,
//! height and number of nodes are limited, and after a limit nothing more is built.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Limits;
use crate::base::Text;
use crate::language::codes;
use crate::language::problem::ExpressionProblem;
use crate::language::syntax::token::Spanned;
use crate::language::syntax::token::Token;
use crate::language::syntax::token::tokenize;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::Operator;
use crate::language::syntax::tree::Spans;
use crate::language::syntax::tree::Tree;
use crate::language::syntax::tree::TreeId;
use crate::language::syntax::word::RESERVED;
use crate::language::syntax::word::WORDS;
use crate::language::syntax::word::operator_of_elsewhere;

/// What came of parsing: a tree, and what is wrong with it, in the order of the text.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) tree: Tree,
    pub(crate) problems: Vec<ExpressionProblem>,
    /// Whether a limit was reached, so that the tree is not worth a look.
    pub(crate) stopped: bool,
}

/// Parses an expression.
pub(crate) fn parse(text: &str, limits: &Limits) -> Parsed {
    let mut parser = Parser {
        text,
        limits,
        tokens: Vec::new(),
        at: 0,
        nesting: 0,
        tree: Tree::new(0),
        problems: Vec::new(),
        last_fault: None,
        stopped: false,
    };
    if text.len() > limits.expression_bytes {
        parser.limit("is too long", limits.expression_bytes, "bytes");
    } else {
        let most_tokens = limits.expression_nodes.saturating_mul(TOKENS_OF_NODE);
        let most = limits.reported_problems.max(1);
        (parser.tokens, parser.problems) = tokenize(text, most_tokens, most);
        if parser.problems.len() >= most {
            // so many faults that the rest was not even cut
            parser.stopped = true;
        } else if parser.tokens.len() > most_tokens {
            parser.limit("has too many parts", limits.expression_nodes, "");
        }
        parser.tree = Tree::new(parser.tokens.len().min(USUAL_NODES));
        let root = if parser.stopped {
            Tree::error()
        } else {
            parser.expression()
        };
        if !parser.stopped && *parser.token() != Token::End {
            parser.unexpected("the end");
        }
        parser.tree.root = root;
    }
    parser.problems.sort_by_key(|problem| problem.span.start);
    parser.problems.dedup_by_key(|problem| problem.span.start);
    Parsed {
        tree: parser.tree,
        problems: parser.problems,
        stopped: parser.stopped,
    }
}

/// The most tokens that a node of a reasonable text takes; more are brackets around brackets.
const TOKENS_OF_NODE: usize = 8;

/// Room for so many nodes is made at once; few expressions have more.
const USUAL_NODES: usize = 128;

/// How tightly operators bind, from loose to tight.
mod level {
    pub(crate) const OR: u8 = 0;
    pub(crate) const AND: u8 = 1;
    pub(crate) const RELATION: u8 = 2;
    pub(crate) const SUM: u8 = 3;
    pub(crate) const PRODUCT: u8 = 4;
}

pub(crate) struct Parser<'a> {
    text: &'a str,
    limits: &'a Limits,
    tokens: Vec<Spanned>,
    at: usize,
    nesting: usize,
    pub(crate) tree: Tree,
    problems: Vec<ExpressionProblem>,
    last_fault: Option<usize>,
    stopped: bool,
}

impl Parser<'_> {
    pub(crate) fn token(&self) -> &Token {
        self.tokens
            .get(self.at)
            .map_or(&Token::End, |spanned| &spanned.token)
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(self.text.len()..self.text.len(), Spanned::span)
    }

    /// From `start` to the end of the last token that was taken.
    pub(crate) fn since(&self, start: usize) -> Range<usize> {
        let end = self
            .at
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(start, |spanned| spanned.span().end);
        start..end.max(start)
    }

    pub(crate) fn advance(&mut self) {
        if *self.token() != Token::End {
            self.at = self.at.saturating_add(1);
        }
    }

    pub(crate) fn is(&self, sign: &str) -> bool {
        matches!(self.token(), Token::Sign(known) if *known == sign)
    }

    pub(crate) fn accept(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        if found {
            self.advance();
        }
        found
    }

    pub(crate) fn add(&mut self, node: Node, whole: Range<usize>, mark: Range<usize>) -> TreeId {
        if self.stopped {
            return Tree::error();
        }
        let height = self.tree.height_of(&node);
        if height > self.limits.expression_height {
            self.limit("is nested too deeply", self.limits.expression_height, "");
        } else if self.tree.len() > self.limits.expression_nodes {
            self.limit("has too many parts", self.limits.expression_nodes, "");
        }
        if self.stopped {
            return Tree::error();
        }
        self.tree.add(node, height, Spans { whole, mark })
    }

    fn limit(&mut self, what: &str, allowed: usize, unit: &str) {
        if !self.stopped {
            let space = if unit.is_empty() { "" } else { " " };
            let span = self.span();
            self.problems.push(ExpressionProblem::new(
                &codes::LIMIT,
                span,
                format!("expression {what} (at most {allowed}{space}{unit})"),
            ));
        }
        self.stopped = true;
        self.at = self.tokens.len().saturating_sub(1);
    }

    pub(crate) fn report(&mut self, problem: ExpressionProblem) {
        if self.last_fault != Some(self.at) && !self.stopped {
            self.last_fault = Some(self.at);
            self.problems.push(problem);
        }
    }

    /// Reports that something else was expected, and skips what cannot be read.
    pub(crate) fn unexpected(&mut self, expected: &str) -> TreeId {
        let message = format!("expected {expected}, found {}", self.found());
        let problem = ExpressionProblem::new(&codes::SYNTAX, self.span(), message);
        let problem = match self.token() {
            Token::Quoted(_) => problem.help("a name in backticks stands after a dot only"),
            Token::Name(name) => match operator_of_elsewhere(name) {
                Some(help) => problem.help(help),
                None => problem,
            },
            _ => problem,
        };
        self.fail(problem)
    }

    /// Reports a problem, and skips what cannot be read.
    pub(crate) fn fail(&mut self, problem: ExpressionProblem) -> TreeId {
        self.report(problem);
        self.recover();
        Tree::error()
    }

    pub(crate) fn found(&self) -> String {
        match self.token() {
            Token::End => String::from("the end"),
            Token::Text(_) => String::from("a text"),
            Token::Bytes(_) => String::from("bytes"),
            Token::Int(_) | Token::Unsigned(_) | Token::Double(_) => String::from("a number"),
            Token::Broken => String::from("what is not well formed"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::Name(name) | Token::Quoted(name) if name.len() <= 40 => format!("`{name}`"),
            Token::Name(_) | Token::Quoted(_) => String::from("a name"),
        }
    }

    /// Skips to the next place, at the same depth of brackets, where reading can go on.
    fn recover(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.token() {
                Token::End => return,
                Token::Sign("(" | "[" | "{") => depth = depth.saturating_add(1),
                Token::Sign(")" | "]" | "}") => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return,
                },
                Token::Sign("," | ":" | "&&" | "||") if depth == 0 => return,
                _ => {}
            }
            self.advance();
        }
    }

    pub(crate) fn expression(&mut self) -> TreeId {
        if self.nesting >= self.limits.expression_nesting {
            self.limit("is nested too deeply", self.limits.expression_nesting, "");
            return Tree::error();
        }
        self.nesting = self.nesting.saturating_add(1);
        let start = self.span().start;
        let first = self.binary(level::OR);
        let whole = if self.is("?") {
            self.choice(start, first)
        } else {
            first
        };
        self.nesting = self.nesting.saturating_sub(1);
        whole
    }

    fn choice(&mut self, start: usize, first: TreeId) -> TreeId {
        let mark = self.span();
        let mut branches = Vec::new();
        let mut condition = first;
        while self.accept("?") {
            let then = self.binary(level::OR);
            if !self.accept(":") {
                let message = format!("expected `:`, found {}", self.found());
                let mut problem = ExpressionProblem::new(&codes::SYNTAX, self.span(), message);
                let field = self
                    .text
                    .get(mark.start..)
                    .is_some_and(|rest| rest.starts_with("?."));
                if field {
                    problem =
                        problem.help("write `.?` before a field that may be absent, as in `a.?b`");
                } else if self.is("?") {
                    problem = problem.help("put brackets around the inner `? :`");
                } else {
                    problem = problem.label(mark.clone(), "this `?` wants a `:`");
                }
                self.fail(problem);
                while self.accept(":") {
                    self.recover();
                }
                return Tree::error();
            }
            branches.push((condition, then));
            condition = self.binary(level::OR);
        }
        let node = Node::Choice {
            branches,
            otherwise: condition,
        };
        let whole = self.since(start);
        self.add(node, whole, mark)
    }

    fn operator(&self) -> Option<(u8, Option<Operator>)> {
        let (level, operator) = match self.token() {
            Token::Sign("||") => (level::OR, None),
            Token::Sign("&&") => (level::AND, None),
            Token::Sign("+" | "-") => (level::SUM, None),
            Token::Sign("==") => (level::RELATION, Some(Operator::Equal)),
            Token::Sign("!=") => (level::RELATION, Some(Operator::Unequal)),
            Token::Sign("<") => (level::RELATION, Some(Operator::Less)),
            Token::Sign("<=") => (level::RELATION, Some(Operator::LessOrEqual)),
            Token::Sign(">") => (level::RELATION, Some(Operator::Greater)),
            Token::Sign(">=") => (level::RELATION, Some(Operator::GreaterOrEqual)),
            Token::Sign("*") => (level::PRODUCT, Some(Operator::Times)),
            Token::Sign("/") => (level::PRODUCT, Some(Operator::Divide)),
            Token::Sign("%") => (level::PRODUCT, Some(Operator::Remainder)),
            Token::Name(name) if &**name == "in" => (level::RELATION, Some(Operator::In)),
            _ => return None,
        };
        Some((level, operator))
    }

    fn binary(&mut self, loosest: u8) -> TreeId {
        let start = self.span().start;
        let mut left = self.unary();
        while let Some((level, operator)) = self.operator().filter(|(level, _)| *level >= loosest) {
            let mark = self.span();
            let tighter = level.saturating_add(1);
            let node = match operator {
                Some(operator) => {
                    self.advance();
                    let right = self.binary(tighter);
                    Node::Binary {
                        operator,
                        left,
                        right,
                    }
                }
                None if level == level::SUM => {
                    let mut rest = Vec::new();
                    while self.is("+") || self.is("-") {
                        let minus = self.is("-");
                        self.advance();
                        rest.push((minus, self.binary(tighter)));
                    }
                    Node::Sum { first: left, rest }
                }
                None => {
                    let sign = if level == level::OR { "||" } else { "&&" };
                    let mut terms = alloc::vec![left];
                    while self.accept(sign) {
                        terms.push(self.binary(tighter));
                    }
                    if level == level::OR {
                        Node::Or(terms)
                    } else {
                        Node::And(terms)
                    }
                }
            };
            let whole = self.since(start);
            left = self.add(node, whole, mark);
        }
        left
    }

    fn unary(&mut self) -> TreeId {
        let mut signs = Vec::new();
        while self.is("!") || self.is("-") {
            signs.push((self.is("!"), self.span()));
            self.advance();
        }
        let negative = match (signs.last(), self.token()) {
            (Some((false, mark)), Token::Int(_) | Token::Double(_)) => {
                let start = mark.start;
                signs.pop();
                Some(start)
            }
            _ => None,
        };
        let mut operand = self.postfix(negative);
        while let Some((not, mark)) = signs.pop() {
            let whole = self.since(mark.start);
            let node = if not {
                Node::Not(operand)
            } else {
                Node::Negate(operand)
            };
            operand = self.add(node, whole, mark);
        }
        operand
    }

    pub(crate) fn is_call(&self, id: TreeId) -> bool {
        !matches!(self.tree.node(id), Node::Name { .. } | Node::Select { .. })
    }

    pub(crate) fn name_problem(&self, name: &Text) -> Option<ExpressionProblem> {
        if RESERVED.contains(&&**name) {
            let message = format!("`{name}` is a reserved word");
            let help = match &**name {
                "if" | "else" => "write `c ? a : b`",
                "for" | "while" | "loop" => {
                    "write `….map(x, …)`, `….filter(x, …)` or `….exists(x, …)`"
                }
                "let" | "var" | "const" => "write `cel.bind(name, value, …)`",
                _ => "give it another name",
            };
            return Some(ExpressionProblem::new(&codes::RESERVED, self.span(), message).help(help));
        }
        WORDS.contains(&&**name).then(|| {
            ExpressionProblem::new(
                &codes::SYNTAX,
                self.span(),
                format!("expected a value, found `{name}`"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::syntax::print::print;
    use alloc::string::ToString;

    fn messages(text: &str) -> Vec<String> {
        parse(text, &Limits::default())
            .problems
            .iter()
            .map(|problem| {
                format!(
                    "{}..{} {}",
                    problem.span.start, problem.span.end, problem.message
                )
            })
            .collect()
    }

    /// Parses, prints, parses again: the same tree.
    fn printed(text: &str) -> String {
        let parsed = parse(text, &Limits::default());
        assert_eq!(parsed.problems, [], "{text}");
        let printed = print(&parsed.tree);
        let again = parse(&printed, &Limits::default());
        assert_eq!(again.problems, [], "{printed}");
        assert_eq!(again.tree, parsed.tree, "{text} gave {printed}");
        printed
    }

    #[test]
    fn operators_bind_as_in_cel() {
        for (text, expected) in [
            ("a||b&&c", "a || b && c"),
            ("(a||b)&&c", "(a || b) && c"),
            ("(a&&b)&&c", "(a && b) && c"),
            ("1+2*3-4", "1 + 2 * 3 - 4"),
            ("1-(2-3)", "1 - (2 - 3)"),
            ("2*(3*4)", "2 * (3 * 4)"),
            ("a<b==c", "a < b == c"),
            ("a<(b==c)", "a < (b == c)"),
            ("a?b:c?d:e", "a ? b : c ? d : e"),
            ("a?b:(c?d:e)", "a ? b : (c ? d : e)"),
            ("(a?b:c)?d:e", "(a ? b : c) ? d : e"),
            ("!!a", "!!a"),
            ("--1", "--1"),
            ("-(1)", "-(1)"),
            ("-(1).a", "-(1.a)"),
            ("--1.T{a: 2}", "--1.T{a: 2}"),
            ("--0.T{a: 2}", "-(0.T{a: 2})"),
            ("-1.a", "-1.a"),
            ("(-1).a", "-1.a"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("x in [1,?a,]", "x in [1, ?a]"),
            ("{'a':1,?b:c,}", "{\"a\": 1, ?b: c}"),
            ("a.?b[?0].c(d)[e]", "a.?b[?0].c(d)[e]"),
            ("a.`b-c`", "a.`b-c`"),
            (".a.b(c)", ".a.b(c)"),
            ("((a.b)).c", "(a.b).c"),
            ("(a).b", "(a).b"),
            ("(a.b)[c] + (a.b)", "a.b[c] + a.b"),
            ("(a()).b + (a[0]).b", "a().b + a[0].b"),
            ("a.T{f: 1}", "a.T{f: 1}"),
            ("r'\\n'", "\"\\\\n\""),
            ("b'a' == 1u", "b\"\\x61\" == 1u"),
            ("a.for", "a.for"),
        ] {
            assert_eq!(printed(text), expected, "{text}");
        }
    }

    #[test]
    fn one_message_for_each_fault() {
        for (text, expected) in [
            ("", &["0..0 expected a value, found the end"][..]),
            ("a +", &["3..3 expected a value, found the end"]),
            ("f(a, )", &["3..4 a call has no comma before its `)`"]),
            ("a.f(b,)", &["5..6 a call has no comma before its `)`"]),
            ("[a, ]", &[]),
            ("{a: b, }", &[]),
            ("f(a b)", &["4..5 expected `,` or `)`, found `b`"]),
            ("(a", &["2..2 expected `)`, found the end"]),
            ("a ? b", &["5..5 expected `:`, found the end"]),
            ("a ? b ? c : d : e", &["6..7 expected `:`, found `?`"]),
            ("if", &["0..2 `if` is a reserved word"]),
            ("a.1", &["1..3 expected the end, found a number"]),
            ("a b", &["2..3 expected the end, found `b`"]),
            (
                "f(1 2) && g(* 3)",
                &[
                    "4..5 expected `,` or `)`, found a number",
                    "12..13 expected a value, found `*`",
                ],
            ),
            ("[1, }, 2]", &["4..5 expected a value, found `}`"]),
            ("{1 2}", &["3..4 expected `:`, found a number"]),
            ("9223372036854775808", &["0..19 the number is out of range"]),
            (
                "a = 1 && b = 2",
                &["2..3 `=` is no operator", "11..12 `=` is no operator"],
            ),
        ] {
            assert_eq!(messages(text), expected, "{text}");
        }
    }

    fn limits() -> Limits {
        Limits {
            expression_bytes: 1_000_000,
            ..Limits::default()
        }
    }

    #[test]
    fn hostile_inputs_meet_a_limit() {
        let nested = |open: &str, middle: &str, close: &str, times: usize| {
            open.repeat(times) + middle + &close.repeat(times)
        };
        let limits = limits();
        let refused = |text: &str| {
            let parsed = parse(text, &limits);
            parsed.problems.len() == 1 && parsed.problems[0].code == &codes::LIMIT && parsed.stopped
        };
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{1:", "}"),
            ("size(", ")"),
            ("a[", "]"),
            ("a.b(", ")"),
            ("T{a:", "}"),
        ] {
            let most = limits.expression_nesting - 1;
            assert!(!refused(&nested(open, "1", close, most)), "{open}");
            assert!(refused(&nested(open, "1", close, most + 1)), "{open}");
            assert!(refused(&nested(open, "1", close, 60_000)), "{open}");
            assert!(refused(&nested(open, "", "", 60_000)), "{open}");
        }
        for (first, more) in [
            ("a", "[0]"),
            ("a", ".b"),
            ("a", ".?b"),
            ("a", ".trim()"),
            ("1", "==1"),
            ("1", "*1"),
        ] {
            let most = limits.expression_height - 1;
            let chain = |times: usize| first.to_string() + &more.repeat(times);
            assert!(!refused(&chain(most)), "{more}");
            assert!(refused(&chain(most + 1)), "{more}");
            assert!(refused(&chain(60_000)), "{more}");
        }
        for sign in ["!", "-"] {
            assert!(!refused(&nested(sign, "a", "", 199)), "{sign}");
            assert!(refused(&nested(sign, "a", "", 200)), "{sign}");
            assert!(refused(&nested(sign, "a", "", 60_000)), "{sign}");
        }
    }

    #[test]
    fn long_chains_are_not_tall() {
        let limits = limits();
        for (first, more) in [
            ("1", "+1"),
            ("a", "&&a"),
            ("a", "||a"),
            ("1", "-1"),
            ("a", "?a:a"),
        ] {
            let chain = |times: usize| first.to_string() + &more.repeat(times);
            assert_eq!(parse(&chain(10_000), &limits).problems, [], "{more}");
            let refused = parse(&chain(140_000), &limits).problems;
            assert_eq!(refused.len(), 1, "{more}");
            assert_eq!(
                refused[0].message,
                "expression has too many parts (at most 131072)"
            );
        }
        assert_eq!(
            parse(&"a".repeat(1_000_001), &limits).problems[0].message,
            "expression is too long (at most 1000000 bytes)"
        );
    }
}
