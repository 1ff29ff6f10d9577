//! A tree as text again: `parse(print(tree)) == tree`.
//!
//! It keeps no spacing and no comments; brackets stand where the tree needs them.

use alloc::string::String;
use core::fmt;
use core::fmt::Write as _;

use crate::language::syntax::tree::Literal;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::Operator;
use crate::language::syntax::tree::Tree;
use crate::language::syntax::tree::TreeId;

/// The text of a tree.
pub(crate) fn print(tree: &Tree) -> String {
    let mut printer = Printer {
        tree,
        text: String::new(),
    };
    printer.node(tree.root, Tightness::Choice);
    printer.text
}

/// How tightly a node binds, from loose to tight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Choice,
    Or,
    And,
    Relation,
    Sum,
    Product,
    Unary,
    Value,
}

struct Printer<'a> {
    tree: &'a Tree,
    text: String,
}

impl Printer<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Prints a node, in brackets where it binds less tightly than what stands around it.
    fn node(&mut self, id: TreeId, around: Tightness) {
        let bracket = tightness(self.tree.node(id)) < around;
        if bracket {
            self.push("(");
        }
        self.bare(id);
        if bracket {
            self.push(")");
        }
    }

    fn bare(&mut self, id: TreeId) {
        let tree = self.tree;
        match tree.node(id) {
            Node::Error => self.push("?"),
            Node::Literal(literal) => self.literal(literal),
            Node::Name { name, rooted } => self.name(name, *rooted),
            Node::Select {
                target,
                field,
                optional,
            } => {
                self.node(*target, Tightness::Value);
                self.push(if *optional { ".?" } else { "." });
                self.field(field);
            }
            Node::Bracketed(inner) => {
                self.push("(");
                self.node(*inner, Tightness::Choice);
                self.push(")");
            }
            Node::Call {
                target,
                rooted,
                name,
                arguments,
            } => {
                if let Some(target) = target {
                    self.node(*target, Tightness::Value);
                    self.push(".");
                }
                self.name(name, *rooted);
                self.push("(");
                self.separated(arguments, ", ", Tightness::Choice);
                self.push(")");
            }
            Node::Index {
                target,
                index,
                optional,
            } => {
                self.node(*target, Tightness::Value);
                self.push(if *optional { "[?" } else { "[" });
                self.node(*index, Tightness::Choice);
                self.push("]");
            }
            Node::List(_) | Node::Map(_) | Node::Message { .. } => self.collection(id),
            Node::Not(operand) => {
                self.push("!");
                self.node(*operand, Tightness::Unary);
            }
            Node::Negate(operand) => {
                self.push("-");
                // `-1` would be a literal again, and `-(1).f` the field of a literal
                let number = begins_with_number(tree, *operand);
                self.push(if number { "(" } else { "" });
                self.node(*operand, Tightness::Unary);
                self.push(if number { ")" } else { "" });
            }
            Node::Binary { .. }
            | Node::And(_)
            | Node::Or(_)
            | Node::Sum { .. }
            | Node::Choice { .. } => self.operation(id),
        }
    }

    fn collection(&mut self, id: TreeId) {
        let tree = self.tree;
        let mark = |optional: bool| if optional { "?" } else { "" };
        match tree.node(id) {
            Node::List(elements) => {
                self.push("[");
                for (position, (element, optional)) in elements.iter().enumerate() {
                    self.push(if position > 0 { ", " } else { "" });
                    self.push(mark(*optional));
                    self.node(*element, Tightness::Choice);
                }
                self.push("]");
            }
            Node::Map(entries) => {
                self.push("{");
                for (position, (key, value, optional)) in entries.iter().enumerate() {
                    self.push(if position > 0 { ", " } else { "" });
                    self.push(mark(*optional));
                    self.node(*key, Tightness::Choice);
                    self.push(": ");
                    self.node(*value, Tightness::Choice);
                }
                self.push("}");
            }
            Node::Message { name, fields } => {
                self.node(*name, Tightness::Value);
                self.push("{");
                for (position, (field, value, optional)) in fields.iter().enumerate() {
                    self.push(if position > 0 { ", " } else { "" });
                    self.push(mark(*optional));
                    self.field(field);
                    self.push(": ");
                    self.node(*value, Tightness::Choice);
                }
                self.push("}");
            }
            _ => {}
        }
    }

    fn operation(&mut self, id: TreeId) {
        let tree = self.tree;
        match tree.node(id) {
            Node::Binary {
                operator,
                left,
                right,
            } => {
                let own = tightness(tree.node(id));
                let tighter = match own {
                    Tightness::Relation => Tightness::Sum,
                    _ => Tightness::Unary,
                };
                self.node(*left, own);
                let _ = write!(self.text, " {} ", operator.sign());
                self.node(*right, tighter);
            }
            Node::And(terms) => self.separated(terms, " && ", Tightness::Relation),
            Node::Or(terms) => self.separated(terms, " || ", Tightness::And),
            Node::Sum { first, rest } => {
                self.node(*first, Tightness::Product);
                for (minus, term) in rest {
                    self.push(if *minus { " - " } else { " + " });
                    self.node(*term, Tightness::Product);
                }
            }
            Node::Choice {
                branches,
                otherwise,
            } => {
                for (condition, then) in branches {
                    self.node(*condition, Tightness::Or);
                    self.push(" ? ");
                    self.node(*then, Tightness::Or);
                    self.push(" : ");
                }
                self.node(*otherwise, Tightness::Or);
            }
            _ => {}
        }
    }

    fn separated(&mut self, nodes: &[TreeId], between: &str, around: Tightness) {
        for (position, node) in nodes.iter().enumerate() {
            self.push(if position > 0 { between } else { "" });
            self.node(*node, around);
        }
    }

    fn name(&mut self, name: &str, rooted: bool) {
        self.push(if rooted { "." } else { "" });
        self.push(name);
    }

    fn field(&mut self, field: &str) {
        let plain = !matches!(field, "in" | "true" | "false" | "null")
            && field.starts_with(|letter: char| letter == '_' || letter.is_ascii_alphabetic())
            && field
                .chars()
                .all(|letter| letter == '_' || letter.is_ascii_alphanumeric());
        if plain {
            self.push(field);
        } else {
            let _ = write!(self.text, "`{field}`");
        }
    }

    fn show(&mut self, shown: impl fmt::Display) {
        let _ = write!(self.text, "{shown}");
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Null => self.push("null"),
            Literal::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Literal::Int(number) => self.show(number),
            Literal::Unsigned(number) => self.show(format_args!("{number}u")),
            Literal::Double(number) => self.show(format_args!("{number:?}")),
            Literal::Text(text) => self.text.push_str(&quote(text)),
            Literal::Bytes(bytes) => {
                self.push("b\"");
                for byte in bytes {
                    let _ = write!(self.text, "\\x{byte:02x}");
                }
                self.push("\"");
            }
        }
    }
}

/// A text as a literal.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn tightness(node: &Node) -> Tightness {
    match node {
        Node::Choice { .. } => Tightness::Choice,
        Node::Or(_) => Tightness::Or,
        Node::And(_) => Tightness::And,
        Node::Sum { .. } => Tightness::Sum,
        Node::Binary { operator, .. } => match operator {
            Operator::Times | Operator::Divide | Operator::Remainder => Tightness::Product,
            _ => Tightness::Relation,
        },
        Node::Not(_) | Node::Negate(_) => Tightness::Unary,
        _ => Tightness::Value,
    }
}

/// Whether the text of a node begins with a number without a minus.
fn begins_with_number(tree: &Tree, id: TreeId) -> bool {
    match tree.node(id) {
        Node::Literal(Literal::Int(number)) => *number >= 0,
        Node::Literal(Literal::Double(number)) => number.is_sign_positive(),
        Node::Select { target, .. }
        | Node::Index { target, .. }
        | Node::Call {
            target: Some(target),
            ..
        } => begins_with_number(tree, *target),
        Node::Message { name, .. } => begins_with_number(tree, *name),
        _ => false,
    }
}
