//! The schema that the field table gives to the expression language, with the customer's own fields and tables in it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::fields::CellKind;
use super::fields::ENUMERATIONS;
use super::fields::FIELDS;
use super::fields::RecordKind;
use crate::base::Text;
use crate::language::Class;
use crate::language::EnumId;
use crate::language::FieldDeclaration;
use crate::language::FieldSlot;
use crate::language::RecordTypeId;
use crate::language::Schema;
use crate::language::Type;

/// The position of a field in the field table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FieldIndex(pub(crate) u16);

/// A field of the customer's own, or a built-in field whose values are rows of a table.
#[derive(Clone, Debug)]
pub(crate) struct CustomerField {
    /// Of which kind of record.
    pub(crate) record: RecordKind,
    /// Its name.
    pub(crate) name: Text,
    /// How it is kept.
    pub(crate) cell: CellKind,
    /// What it tells; a built-in field keeps its own class.
    pub(crate) class: Class,
    /// The table whose rows its values are.
    pub(crate) table: Option<Text>,
}

/// A table of the rules, as rules see it.
#[derive(Clone, Debug)]
pub(crate) struct TableDeclaration {
    /// Its name.
    pub(crate) name: Text,
    /// Its columns, beside `key`.
    pub(crate) columns: Vec<(Text, Type)>,
}

/// A field of the model, built-in or the customer's.
#[derive(Clone, Debug)]
pub(crate) struct ModelField {
    /// Of which kind of record.
    pub(crate) record: RecordKind,
    /// Its name.
    pub(crate) name: Text,
    /// How it is kept.
    pub(crate) cell: CellKind,
    /// The table whose rows its values are.
    pub(crate) table: Option<Text>,
}

/// The schema, and the way back from its slots to the field table.
#[derive(Clone, Debug)]
pub(crate) struct ModelSchema {
    /// What expressions are checked against. Layers above add the outputs of accounts to it.
    pub(crate) language: Schema,
    fields: Vec<ModelField>,
    kinds: BTreeMap<RecordKind, RecordTypeId>,
    tables: BTreeMap<Text, RecordTypeId>,
    enumerations: BTreeMap<&'static str, EnumId>,
    by_slot: BTreeMap<(RecordTypeId, FieldSlot), FieldIndex>,
}

impl ModelSchema {
    /// The schema of the built-in fields and the customer's. A customer field of the name of a built-in one only gives it a
    /// table.
    pub(crate) fn new(customer: &[CustomerField], tables: &[TableDeclaration]) -> Self {
        let mut language = Schema::new();
        let kinds: BTreeMap<RecordKind, RecordTypeId> = RecordKind::ALL
            .into_iter()
            .map(|kind| (kind, language.record(kind.name())))
            .collect();
        let enumerations = ENUMERATIONS
            .iter()
            .map(|(name, values)| (*name, language.enumeration(name, values)))
            .collect();
        let mut schema = Self {
            language,
            fields: Vec::new(),
            kinds,
            tables: BTreeMap::new(),
            enumerations,
            by_slot: BTreeMap::new(),
        };
        for table in tables {
            schema.declare_table(table);
        }
        for field in FIELDS {
            let table = customer
                .iter()
                .find(|own| own.record == field.record && *own.name == *field.name)
                .and_then(|own| own.table.clone());
            schema.declare(
                field.record,
                Text::from(field.name),
                field.cell,
                field.class,
                table,
                field.doc,
            );
        }
        for own in customer {
            if schema.find(own.record, &own.name).is_none() {
                schema.declare(
                    own.record,
                    own.name.clone(),
                    own.cell,
                    own.class,
                    own.table.clone(),
                    "a field of your own",
                );
            }
        }
        schema
    }

    /// The record type of a kind of record.
    pub(crate) fn record_type(&self, kind: RecordKind) -> Type {
        self.kinds
            .get(&kind)
            .map_or(Type::Bool, |id| Type::Record(*id))
    }

    /// The id of the record type of a kind of record.
    pub(crate) fn record_id(&self, kind: RecordKind) -> Option<RecordTypeId> {
        self.kinds.get(&kind).copied()
    }

    /// The record type of a table of the rules.
    pub(crate) fn table(&self, name: &str) -> Option<RecordTypeId> {
        self.tables.get(name).copied()
    }

    /// The id of an enumeration of the model.
    pub(crate) fn enumeration(&self, name: &str) -> Option<EnumId> {
        self.enumerations.get(name).copied()
    }

    /// The field of that name.
    pub(crate) fn find(&self, record: RecordKind, name: &str) -> Option<FieldIndex> {
        let position = self
            .fields
            .iter()
            .position(|field| field.record == record && &*field.name == name)?;
        Some(FieldIndex(u16::try_from(position).ok()?))
    }

    /// The field of a slot.
    pub(crate) fn by_slot(&self, record: RecordTypeId, slot: FieldSlot) -> Option<FieldIndex> {
        self.by_slot.get(&(record, slot)).copied()
    }

    /// A field of the table.
    pub(crate) fn field(&self, index: FieldIndex) -> Option<&ModelField> {
        self.fields.get(usize::from(index.0))
    }

    /// All fields in order.
    pub(crate) fn fields(&self) -> &[ModelField] {
        &self.fields
    }

    /// The names of all fields of a kind of record.
    pub(crate) fn names(&self, record: RecordKind) -> impl Iterator<Item = &str> {
        self.fields
            .iter()
            .filter(move |field| field.record == record)
            .map(|field| &*field.name)
    }

    fn declare_table(&mut self, table: &TableDeclaration) {
        let record = self
            .language
            .record(&alloc::format!("table.{}", table.name));
        self.tables.insert(table.name.clone(), record);
        let key = (Text::from("key"), Type::Text);
        for (name, ty) in core::iter::once(&key).chain(&table.columns) {
            self.language.field(
                record,
                FieldDeclaration {
                    name: name.clone(),
                    ty: ty.clone(),
                    class: Class::Open,
                    optional: &**name != "key",
                    doc: Text::from("a column of the table"),
                },
            );
        }
    }

    fn declare(
        &mut self,
        record: RecordKind,
        name: Text,
        cell: CellKind,
        class: Class,
        table: Option<Text>,
        doc: &str,
    ) {
        let ty = match table.as_ref().and_then(|table| self.tables.get(table)) {
            Some(table) => Type::Record(*table),
            None => self.type_of(cell),
        };
        let Some(id) = self.kinds.get(&record).copied() else {
            return;
        };
        let slot = self.language.field(
            id,
            FieldDeclaration {
                name: name.clone(),
                ty,
                class,
                optional: true,
                doc: Text::from(doc),
            },
        );
        let index = FieldIndex(u16::try_from(self.fields.len()).unwrap_or(u16::MAX));
        self.by_slot.insert((id, slot), index);
        self.fields.push(ModelField {
            record,
            name,
            cell,
            table,
        });
    }

    fn type_of(&self, cell: CellKind) -> Type {
        match cell {
            CellKind::Open | CellKind::Personal => Type::Text,
            CellKind::Several => Type::list(Type::Text),
            CellKind::Word(name) => self
                .enumerations
                .get(name)
                .map_or(Type::Text, |id| Type::Enum(*id)),
            CellKind::Date => Type::Date,
            CellKind::Count => Type::Int,
            CellKind::Flag => Type::Bool,
            CellKind::Link(kind) => self.record_type(kind),
        }
    }
}
