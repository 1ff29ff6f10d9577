//! The tight half of the grammar: values, and what follows them (fields, calls, positions).

use alloc::vec::Vec;
use core::ops::Range;

use crate::language::codes;
use crate::language::problem::ExpressionProblem;
use crate::language::syntax::parser::Parser;
use crate::language::syntax::token::Token;
use crate::language::syntax::tree::Literal;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::Tree;
use crate::language::syntax::tree::TreeId;

impl Parser<'_> {
    /// A value with its fields, calls and positions; `negative` where a minus that belongs to a number stands before it.
    pub(crate) fn postfix(&mut self, negative: Option<usize>) -> TreeId {
        let start = negative.unwrap_or_else(|| self.span().start);
        let mut value = self.primary(start, negative.is_some());
        loop {
            if self.is(".") {
                value = self.member(start, value);
            } else if self.is("[") {
                value = self.index(start, value);
            } else {
                return value;
            }
        }
    }

    fn literal(&mut self, start: usize, literal: Literal) -> TreeId {
        self.advance();
        let whole = self.since(start);
        self.add(Node::Literal(literal), whole.clone(), whole)
    }

    fn primary(&mut self, start: usize, negative: bool) -> TreeId {
        let token = self.token().clone();
        let open = self.span();
        match token {
            Token::Int(number) => self.int(start, number, negative),
            Token::Double(number) => {
                let number = if negative { -number } else { number };
                self.literal(start, Literal::Double(number))
            }
            Token::Unsigned(number) => self.literal(start, Literal::Unsigned(number)),
            Token::Text(text) => self.literal(start, Literal::Text(text)),
            Token::Bytes(bytes) => self.literal(start, Literal::Bytes(bytes)),
            Token::Broken => {
                self.advance();
                Tree::error()
            }
            Token::Name(name) => match &*name {
                "true" => self.literal(start, Literal::Bool(true)),
                "false" => self.literal(start, Literal::Bool(false)),
                "null" => self.literal(start, Literal::Null),
                _ => self.name(start, false),
            },
            Token::Sign(".") => {
                self.advance();
                match self.token() {
                    Token::Name(_) => self.name(start, true),
                    _ => self.unexpected("a name"),
                }
            }
            Token::Sign("(") => {
                self.advance();
                let inner = self.expression();
                if !self.accept(")") {
                    let problem = self.expected_close(")", open);
                    self.fail(problem);
                    self.accept(")");
                }
                self.bracketed(start, inner)
            }
            Token::Sign("[") => {
                self.advance();
                let mut elements = Vec::new();
                self.items(open.clone(), "]", |parser| {
                    let optional = parser.accept("?");
                    elements.push((parser.expression(), optional));
                });
                let whole = self.since(start);
                self.add(Node::List(elements), whole, open)
            }
            Token::Sign("{") => self.map(start, open),
            Token::Sign(_) | Token::Quoted(_) | Token::End => self.unexpected("a value"),
        }
    }

    /// What stood in brackets. Where it is a name or field and a dot follows, the brackets say something: a name ends there.
    fn bracketed(&mut self, start: usize, inner: TreeId) -> TreeId {
        if !self.is(".") || self.is_call(inner) {
            return inner;
        }
        let whole = self.since(start);
        let mark = self.tree.mark(inner);
        self.add(Node::Bracketed(inner), whole, mark)
    }

    fn expected_close(&self, close: &str, open: Range<usize>) -> ExpressionProblem {
        ExpressionProblem::new(
            &codes::SYNTAX,
            self.span(),
            alloc::format!("expected `{close}`, found {}", self.found()),
        )
        .label(open, "opened here")
    }

    fn int(&mut self, start: usize, number: u64, negative: bool) -> TreeId {
        let signed = if negative {
            0_i64.checked_sub_unsigned(number)
        } else {
            i64::try_from(number).ok()
        };
        if let Some(signed) = signed {
            return self.literal(start, Literal::Int(signed));
        }
        let problem =
            ExpressionProblem::new(&codes::LITERAL, self.span(), "the number is out of range");
        self.report(problem);
        self.advance();
        Tree::error()
    }

    fn map(&mut self, start: usize, open: Range<usize>) -> TreeId {
        self.advance();
        let mut entries = Vec::new();
        self.items(open.clone(), "}", |parser| {
            let optional = parser.accept("?");
            let key = parser.expression();
            let value = if parser.accept(":") {
                parser.expression()
            } else {
                parser.unexpected("`:`")
            };
            entries.push((key, value, optional));
        });
        let whole = self.since(start);
        self.add(Node::Map(entries), whole, open)
    }

    fn name(&mut self, start: usize, rooted: bool) -> TreeId {
        let Token::Name(name) = self.token().clone() else {
            return Tree::error();
        };
        let mark = self.span();
        if let Some(problem) = self.name_problem(&name) {
            return self.fail(problem);
        }
        self.advance();
        let node = if self.is("(") {
            Node::Call {
                target: None,
                rooted,
                name,
                arguments: self.arguments(),
            }
        } else {
            Node::Name { name, rooted }
        };
        let whole = self.since(start);
        let value = self.add(node, whole, mark);
        self.message(start, value)
    }

    fn arguments(&mut self) -> Vec<TreeId> {
        let open = self.span();
        self.advance();
        let mut arguments = Vec::new();
        self.items(open, ")", |parser| arguments.push(parser.expression()));
        arguments
    }

    /// What stands between commas up to a closing bracket, which is taken too. A comma may stand before the bracket, but not in a
    /// call: there the grammar of CEL has none (`doc/langdef.md`, `ExprList`).
    fn items(&mut self, open: Range<usize>, close: &'static str, mut item: impl FnMut(&mut Self)) {
        while !self.is(close) {
            item(self);
            let comma = self.span();
            if self.accept(",") {
                if close == ")" && self.is(close) {
                    let message = "a call has no comma before its `)`";
                    let problem = ExpressionProblem::new(&codes::SYNTAX, comma, message);
                    self.report(problem.help("leave the comma out"));
                }
                continue;
            }
            if !self.is(close) {
                let message = alloc::format!("expected `,` or `{close}`, found {}", self.found());
                let problem = ExpressionProblem::new(&codes::SYNTAX, self.span(), message)
                    .label(open.clone(), "opened here");
                self.fail(problem);
                if self.accept(",") {
                    continue;
                }
            }
            break;
        }
        self.accept(close);
    }

    fn member(&mut self, start: usize, target: TreeId) -> TreeId {
        self.advance();
        let optional = self.accept("?");
        let mark = self.span();
        let (field, quoted) = match self.token().clone() {
            Token::Name(name) if !matches!(&*name, "in" | "true" | "false" | "null") => {
                (name, false)
            }
            Token::Quoted(name) => (name, true),
            _ => return self.unexpected("a field"),
        };
        self.advance();
        let call = self.is("(") && !optional && !quoted;
        let node = if call {
            Node::Call {
                target: Some(target),
                rooted: false,
                name: field,
                arguments: self.arguments(),
            }
        } else {
            Node::Select {
                target,
                field,
                optional,
            }
        };
        let whole = self.since(start);
        let value = self.add(node, whole, mark);
        if call {
            value
        } else {
            self.message(start, value)
        }
    }

    /// A message value, where a `{` follows a name.
    fn message(&mut self, start: usize, name: TreeId) -> TreeId {
        if !self.is("{") || self.is_call(name) {
            return name;
        }
        let open = self.span();
        self.advance();
        let mut fields = Vec::new();
        self.items(open, "}", |parser| {
            let optional = parser.accept("?");
            let (Token::Name(field) | Token::Quoted(field)) = parser.token().clone() else {
                parser.unexpected("a field");
                return;
            };
            parser.advance();
            let value = if parser.accept(":") {
                parser.expression()
            } else {
                parser.unexpected("`:`")
            };
            fields.push((field, value, optional));
        });
        let whole = self.since(start);
        self.add(Node::Message { name, fields }, whole.clone(), whole)
    }

    fn index(&mut self, start: usize, target: TreeId) -> TreeId {
        let open = self.span();
        self.advance();
        let optional = self.accept("?");
        let index = self.expression();
        if !self.accept("]") {
            let problem = self.expected_close("]", open.clone());
            self.fail(problem);
            self.accept("]");
        }
        let whole = self.since(start);
        let node = Node::Index {
            target,
            index,
            optional,
        };
        self.add(node, whole, open)
    }
}
