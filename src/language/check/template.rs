//! Checks `format`: that what is put into a text fits the places of the text, where that is known before it runs.
//!
//! Of a template that is written out, each place is compared with the type of its value, and neither may lack the other. A template
//! from data is filled when it is there; what is wrong with it then is an error in the data.

use alloc::vec::Vec;
use core::ops::Range;

use crate::base::Text;
use crate::language::check::checker::Checker;
use crate::language::check::checker::Typed;
use crate::language::check::messages;
use crate::language::function::format::Piece;
use crate::language::function::format::Pieces;
use crate::language::function::format::Place;
use crate::language::program::Op;
use crate::language::syntax::literal::written_at;
use crate::language::syntax::tree::Literal;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::TreeId;
use crate::language::types::Type;
use crate::language::value::Value;

/// What is put into a template.
enum Given {
    /// Values one by one.
    Each(Vec<(TreeId, Type)>),
    /// So many values of one type as a list holds.
    All(TreeId, Type),
}

impl Checker<'_> {
    /// `format`: its values may each have a type of their own, where they stand in a list literal.
    pub(super) fn format(&mut self, id: TreeId, target: TreeId, argument: TreeId) -> Typed {
        let template = self.check(target, None);
        let mut class = template.class;
        if !matches!(template.ty, Type::Text | Type::Never) {
            let name = self.type_name(&template.ty);
            let problem = messages::operand(self.tree.mark(id), "format", &name);
            return self.refuse(id, problem);
        }
        let elements = match self.tree.node(argument) {
            Node::List(elements) if elements.iter().all(|(_, optional)| !optional) => {
                Some(elements.iter().map(|(element, _)| *element))
            }
            _ => None,
        };
        let mut nodes = Vec::new();
        let given = if let Some(elements) = elements {
            let mut given = Vec::with_capacity(elements.len());
            for element in elements {
                let typed = self.check(element, None);
                class = class.join(typed.class);
                nodes.push(typed.node);
                given.push((element, self.put_into(element, typed.ty)));
            }
            Given::Each(given)
        } else {
            let typed = self.check(argument, None);
            class = class.join(typed.class);
            nodes.push(typed.node);
            let ty = match self.put_into(argument, typed.ty) {
                Type::List(element) => Type::clone(&element),
                Type::Never => Type::Never,
                other => {
                    let name = self.type_name(&other);
                    let span = self.tree.span(argument);
                    self.report(messages::operand(span, "format", &name));
                    Type::Never
                }
            };
            Given::All(argument, ty)
        };
        let constant = self.constant(template.node).and_then(Value::as_text);
        if let Some(constant) = constant.cloned() {
            self.places(target, &constant, &given);
        }
        let op = Op::Format {
            template: template.node,
            arguments: nodes.into(),
            spread: matches!(given, Given::All(..)),
        };
        self.add(id, op, Type::Text, class)
    }

    /// The type of what is put into a text; reports what no text can be made of.
    fn put_into(&mut self, id: TreeId, ty: Type) -> Type {
        let span = self.tree.span(id);
        if ty.contains(&|ty| *ty == Type::Today) {
            self.report(messages::today(span, "`format`"));
            return Type::Never;
        }
        if ty.contains(&|ty| matches!(ty, Type::Record(_) | Type::Optional(_) | Type::Days)) {
            let name = self.type_name(&ty);
            self.report(messages::operand(span, "format", &name));
            return Type::Never;
        }
        ty
    }

    /// Compares the places of a template with what is put into it.
    fn places(&mut self, target: TreeId, template: &Text, given: &Given) {
        let mut count = 0_usize;
        for piece in Pieces::of(template) {
            if let Piece::Place(place) = piece {
                let value = match given {
                    Given::Each(values) => values.get(count).map(|(id, ty)| (*id, ty)),
                    Given::All(id, ty) => Some((*id, ty)),
                };
                self.place(target, &place, value);
                count = count.saturating_add(1);
            }
        }
        if let Given::Each(values) = given
            && let Some((extra, _)) = values.get(count)
        {
            self.report(messages::no_place_for(self.tree.span(*extra)));
        }
    }

    fn place(&mut self, target: TreeId, place: &Place, value: Option<(TreeId, &Type)>) {
        let span = self.inside_of(target, &place.span);
        if !place.is_known() {
            self.report(messages::no_place(span, place.verb));
        } else if !place.has_precision() {
            self.report(messages::no_precision(span));
        } else if let Some((id, ty)) = value {
            if !place.takes(ty) {
                let found = self.type_name(ty);
                let value = self.tree.span(id);
                self.report(messages::place(span, place.verb, &found, value));
            }
        } else {
            self.report(messages::nothing_for(span, place.verb));
        }
    }

    /// The bytes of a part of a text that is written out; all of what gives the text, where it is not.
    fn inside_of(&self, id: TreeId, part: &Range<usize>) -> Range<usize> {
        let whole = self.tree.span(id);
        match self.tree.node(id) {
            Node::Literal(Literal::Text(_)) => {
                let written = self.text.get(whole.clone()).unwrap_or("");
                let at = |byte: usize| whole.start.saturating_add(written_at(written, byte));
                at(part.start)..at(part.end)
            }
            _ => whole,
        }
    }
}
