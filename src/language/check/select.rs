//! Checks fields, columns, positions and keys, and keeps the list of what is read.

use alloc::vec::Vec;

use crate::base::Text;
use crate::language::check::checker::Checker;
use crate::language::check::checker::Typed;
use crate::language::check::checker::begun;
use crate::language::check::messages;
use crate::language::class::Class;
use crate::language::program::Mode;
use crate::language::program::Op;
use crate::language::program::Read;
use crate::language::schema::FieldSlot;
use crate::language::schema::RecordTypeId;
use crate::language::syntax::tree::Literal;
use crate::language::syntax::tree::Node;
use crate::language::syntax::tree::TreeId;
use crate::language::types::Type;
use crate::language::value::Value;

impl Checker<'_> {
    pub(super) fn select(
        &mut self,
        id: TreeId,
        target: TreeId,
        field: &Text,
        optional: bool,
    ) -> Typed {
        if !optional
            && self.dotted
            && let Some(typed) = self.dotted_variable(id)
        {
            return typed;
        }
        let mode = if optional {
            Mode::Optional
        } else {
            Mode::Plain
        };
        self.field(id, target, field, mode)
    }

    /// A variable whose name has dots; the longest name wins, and names that macros bind hide it.
    fn dotted_variable(&mut self, id: TreeId) -> Option<Typed> {
        let (name, rooted) = self.dotted_name(id)?;
        let first = name.split('.').next().unwrap_or("");
        if !rooted && self.locals.iter().any(|local| &*local.name == first) {
            return None;
        }
        let slot = self.environment.resolve(&name, rooted)?;
        Some(self.variable(id, slot))
    }

    /// A field of a record, a column, or an entry of a map.
    pub(super) fn field(&mut self, id: TreeId, target: TreeId, field: &Text, mode: Mode) -> Typed {
        let from = self.check(target, None);
        let (inner, through) = through(&from.ty);
        match inner {
            Type::Never if !through => Typed { read: None, ..from },
            Type::Never => self.of_nothing(id, &from, mode),
            Type::Record(record) => {
                if let Some(slot) = self.schema.field_named(record, field) {
                    return self.known_field(id, &from, (record, slot), mode, through);
                }
                if self.schema.has_open_columns(record) {
                    return self.column(id, &from, field, mode, through);
                }
                let known = self.schema.fields(record).iter().map(|known| &*known.name);
                let name = self.schema.record_name(record);
                let problem = messages::unknown_field(self.tree.mark(id), field, name, known);
                self.refuse(id, problem)
            }
            Type::Map(key, value) if matches!(*key, Type::Text | Type::Never) => {
                let index = self.push(id, Op::Constant(Value::Text(field.clone())));
                let op = Op::Index {
                    target: from.node,
                    index,
                    mode,
                    through,
                };
                self.add(id, op, asked(&value, mode, through), from.class)
            }
            other => {
                let function = !self.schema.overloads_of(field).is_empty();
                let name = self.type_name(&other);
                let problem = messages::no_field(self.tree.mark(id), &name, field, function);
                self.refuse(id, problem)
            }
        }
    }

    /// A field or position of an optional that never holds anything.
    fn of_nothing(&mut self, id: TreeId, from: &Typed, mode: Mode) -> Typed {
        let op = Op::Index {
            target: from.node,
            index: from.node,
            mode,
            through: true,
        };
        self.add(id, op, asked(&Type::Never, mode, true), from.class)
    }

    fn known_field(
        &mut self,
        id: TreeId,
        from: &Typed,
        (record, slot): (RecordTypeId, FieldSlot),
        mode: Mode,
        through: bool,
    ) -> Typed {
        let schema = self.schema;
        let Some(declared) = schema.field_at(record, slot) else {
            return self.broken(id);
        };
        let op = match schema.fixed(record, slot) {
            Some(value) if !through => Op::Constant(match mode {
                Mode::Plain => value.clone(),
                Mode::Optional => Value::some(value.clone()),
                Mode::Present => Value::Bool(true),
            }),
            _ => Op::Field {
                target: from.node,
                slot,
                mode,
                through,
            },
        };
        let class = from.class.join(declared.class);
        let ty = asked(&declared.ty, mode, through);
        let mut typed = self.add(id, op, ty, class);
        if let Some(size) = schema.measured(record, slot)
            && !through
            && mode != Mode::Present
        {
            self.measured.push((typed.node, size.clone()));
        }
        self.reads_today |= declared.ty.contains(&|ty| *ty == Type::Today);
        typed.read = Some(self.read(id, from, record, &declared.name, Some(slot), class));
        typed
    }

    fn column(
        &mut self,
        id: TreeId,
        from: &Typed,
        name: &Text,
        mode: Mode,
        through: bool,
    ) -> Typed {
        let Type::Record(record) = self::through(&from.ty).0 else {
            return self.broken(id);
        };
        let op = Op::Column {
            target: from.node,
            name: name.clone(),
            mode,
            through,
        };
        let class = from.class.join(Class::Personal);
        self.columns.insert(name.clone());
        let mut typed = self.add(id, op, asked(&Type::Text, mode, through), class);
        typed.read = Some(self.read(id, from, record, name, None, class));
        typed
    }

    /// Makes the read of a target one step longer, or begins one where the target is none.
    fn read(
        &mut self,
        id: TreeId,
        from: &Typed,
        record: RecordTypeId,
        name: &str,
        slot: Option<FieldSlot>,
        class: Class,
    ) -> usize {
        let span = self.tree.span(id);
        let index = from.read.unwrap_or_else(|| {
            self.reads.push(Read {
                span: span.clone(),
                path: begun(self.schema.record_name(record)),
                class,
                variable: None,
                steps: Vec::new(),
            });
            self.reads.len().saturating_sub(1)
        });
        if let Some(read) = self.reads.get_mut(index) {
            read.span = span;
            read.path.push('.');
            read.path.push_str(name);
            read.class = class;
            read.steps.extend(slot.map(|slot| (record, slot)));
        }
        index
    }

    pub(super) fn index(
        &mut self,
        id: TreeId,
        target: TreeId,
        index: TreeId,
        optional: bool,
    ) -> Typed {
        let mode = if optional {
            Mode::Optional
        } else {
            Mode::Plain
        };
        let from = self.check(target, None);
        let (inner, through) = through(&from.ty);
        if let Type::Record(record) = inner {
            return self.named_column(id, &from, record, index, mode, through);
        }
        let (wanted, value) = match &inner {
            Type::List(element) => (Type::Int, Type::clone(element)),
            Type::Map(key, value) => (Type::clone(key), Type::clone(value)),
            Type::Never => {
                self.check(index, None);
                if through {
                    return self.of_nothing(id, &from, mode);
                }
                return Typed { read: None, ..from };
            }
            other => {
                self.check(index, None);
                let problem = messages::no_position(self.schema, self.tree.span(target), other);
                return self.refuse(id, problem);
            }
        };
        let key = self.check(index, None);
        let by_text = matches!((&key.ty, &wanted), (Type::Enum(_), Type::Text));
        if wanted.common(&key.ty).is_none() && !by_text {
            let names = (self.type_name(&wanted), self.type_name(&key.ty));
            let span = self.tree.span(index);
            let is_list = matches!(inner, Type::List(_));
            let problem = messages::wrong_index(span, is_list, &names.0, &names.1);
            return self.refuse(id, problem);
        }
        let op = Op::Index {
            target: from.node,
            index: key.node,
            mode,
            through,
        };
        let ty = asked(&value, mode, through);
        let mut typed = self.add(id, op, ty, from.class.join(key.class));
        typed.read = from.read;
        typed
    }

    /// `record["Name of a column"]`.
    fn named_column(
        &mut self,
        id: TreeId,
        from: &Typed,
        record: RecordTypeId,
        index: TreeId,
        mode: Mode,
        through: bool,
    ) -> Typed {
        if self.schema.has_open_columns(record)
            && let Node::Literal(Literal::Text(name)) = self.tree.node(index)
        {
            let name = name.clone();
            if let Some(slot) = self.schema.field_named(record, &name) {
                return self.known_field(id, from, (record, slot), mode, through);
            }
            return self.column(id, from, &name, mode, through);
        }
        let problem = messages::no_position(self.schema, self.tree.span(id), &Type::Record(record));
        self.refuse(id, problem)
    }
}

/// What an optional holds, and whether it was one.
pub(super) fn through(ty: &Type) -> (Type, bool) {
    match ty {
        Type::Optional(inner) => (Type::clone(inner), true),
        ty => (ty.clone(), false),
    }
}

/// The type of a field or position, by how it is asked for.
fn asked(ty: &Type, mode: Mode, through: bool) -> Type {
    match mode {
        Mode::Present => Type::Bool,
        Mode::Plain if !through => ty.clone(),
        Mode::Plain | Mode::Optional => Type::optional(ty.clone()),
    }
}
