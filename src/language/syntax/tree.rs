//! The tree of an expression as it was written, in an arena.
//!
//! Nodes hold no positions, so that trees of the same expression are equal however it was spaced; positions stand beside
//! them. Chains of `&&`, `||`, `+ -` and `?:` are one node each, so that long ones are not tall. No node is higher than the
//! limit, which bounds every recursion over the tree.

use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Text;

/// A node of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TreeId(u32);

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// What could not be read; it was reported.
    Error,
    /// A literal.
    Literal(Literal),
    /// A name; `rooted` with a leading dot.
    Name { name: Text, rooted: bool },
    /// A field, `a.b` or `a.?b`.
    Select {
        target: TreeId,
        field: Text,
        optional: bool,
    },
    /// `(a.b)` before a dot: what follows is a field of it, and no part of a longer name.
    Bracketed(TreeId),
    /// A call, `f(a)` or `x.f(a)`.
    Call {
        target: Option<TreeId>,
        rooted: bool,
        name: Text,
        arguments: Vec<TreeId>,
    },
    /// A position or key, `a[b]` or `a[?b]`.
    Index {
        target: TreeId,
        index: TreeId,
        optional: bool,
    },
    /// A list; each element perhaps with a `?`.
    List(Vec<(TreeId, bool)>),
    /// A map; each entry perhaps with a `?`.
    Map(Vec<(TreeId, TreeId, bool)>),
    /// A message value, which only the refusal knows.
    Message {
        name: TreeId,
        fields: Vec<(Text, TreeId, bool)>,
    },
    /// `!a`.
    Not(TreeId),
    /// `-a`.
    Negate(TreeId),
    /// A relation or product.
    Binary {
        operator: Operator,
        left: TreeId,
        right: TreeId,
    },
    /// `a && b && c`.
    And(Vec<TreeId>),
    /// `a || b || c`.
    Or(Vec<TreeId>),
    /// `a + b - c`; true where the term is taken away.
    Sum {
        first: TreeId,
        rest: Vec<(bool, TreeId)>,
    },
    /// `a ? b : c ? d : e`.
    Choice {
        branches: Vec<(TreeId, TreeId)>,
        otherwise: TreeId,
    },
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Unsigned(u64),
    Double(f64),
    Text(Text),
    Bytes(Vec<u8>),
}

/// An operator of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Times,
    Divide,
    Remainder,
}

impl Operator {
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Times => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// Where a node stands: all of it, and the operator or name that it is called by.
#[derive(Clone, Debug)]
pub(crate) struct Spans {
    pub(crate) whole: Range<usize>,
    pub(crate) mark: Range<usize>,
}

/// A node where it stands.
#[derive(Clone, Debug)]
struct Placed {
    node: Node,
    spans: Spans,
    height: usize,
}

/// A tree.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    nodes: Vec<Placed>,
    pub(crate) root: TreeId,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
            && self.nodes.len() == other.nodes.len()
            && self
                .nodes
                .iter()
                .zip(&other.nodes)
                .all(|(one, two)| one.node == two.node)
    }
}

impl Tree {
    /// A tree that holds one [`Node::Error`], which is its root, with room for so many more.
    pub(crate) fn new(room: usize) -> Self {
        let mut tree = Self {
            nodes: Vec::with_capacity(room.saturating_add(1)),
            root: TreeId(0),
        };
        let spans = Spans {
            whole: 0..0,
            mark: 0..0,
        };
        tree.add(Node::Error, 1, spans);
        tree
    }

    /// The node that stands for what could not be read.
    pub(crate) const fn error() -> TreeId {
        TreeId(0)
    }

    pub(crate) fn node(&self, id: TreeId) -> &Node {
        self.nodes
            .get(index(id))
            .map_or(&Node::Error, |placed| &placed.node)
    }

    pub(crate) fn span(&self, id: TreeId) -> Range<usize> {
        self.nodes
            .get(index(id))
            .map_or(0..0, |placed| placed.spans.whole.clone())
    }

    pub(crate) fn mark(&self, id: TreeId) -> Range<usize> {
        self.nodes
            .get(index(id))
            .map_or(0..0, |placed| placed.spans.mark.clone())
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The height that a node would have.
    pub(crate) fn height_of(&self, node: &Node) -> usize {
        let mut highest = 0_usize;
        for_each_child(node, |child| {
            let height = self
                .nodes
                .get(index(child))
                .map_or(0, |placed| placed.height);
            highest = highest.max(height);
        });
        highest.saturating_add(1)
    }

    pub(crate) fn add(&mut self, node: Node, height: usize, spans: Spans) -> TreeId {
        let id = TreeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Placed {
            node,
            spans,
            height,
        });
        id
    }
}

fn index(id: TreeId) -> usize {
    usize::try_from(id.0).unwrap_or(usize::MAX)
}

fn for_each_child(node: &Node, mut seen: impl FnMut(TreeId)) {
    match node {
        Node::Error | Node::Literal(_) | Node::Name { .. } => {}
        Node::Select { target, .. }
        | Node::Bracketed(target)
        | Node::Not(target)
        | Node::Negate(target) => seen(*target),
        Node::Call {
            target, arguments, ..
        } => {
            for id in target.iter().chain(arguments) {
                seen(*id);
            }
        }
        Node::Index { target, index, .. } => {
            seen(*target);
            seen(*index);
        }
        Node::List(elements) => {
            for (id, _) in elements {
                seen(*id);
            }
        }
        Node::Map(entries) => {
            for (key, value, _) in entries {
                seen(*key);
                seen(*value);
            }
        }
        Node::Message { name, fields } => {
            seen(*name);
            for (_, id, _) in fields {
                seen(*id);
            }
        }
        Node::Binary { left, right, .. } => {
            seen(*left);
            seen(*right);
        }
        Node::And(terms) | Node::Or(terms) => {
            for id in terms {
                seen(*id);
            }
        }
        Node::Sum { first, rest } => {
            seen(*first);
            for (_, id) in rest {
                seen(*id);
            }
        }
        Node::Choice {
            branches,
            otherwise,
        } => {
            for (condition, then) in branches {
                seen(*condition);
                seen(*then);
            }
            seen(*otherwise);
        }
    }
}
