//! What a host declares: records with typed and classed fields, enums, texts of a kind of their own, functions.
//!
//! It holds no data. The language's own functions are in it from the start, in the same table as the host's.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Text;
use crate::language::class::Class;
use crate::language::cost::Size;
use crate::language::function::builtin::Builtin;
use crate::language::function::builtin::own_functions;
use crate::language::types::Type;
use crate::language::value::Value;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            /// Its number, counted from 0 in the order of declaration.
            pub const fn index(self) -> u32 {
                self.0
            }
        }
    )*};
}

identifiers! {
    /// A type of record.
    RecordTypeId;
    /// A field of a type of record; numbers begin anew in each.
    FieldSlot;
    /// An enum.
    EnumId;
    /// A type of text that equals only its like.
    NominalId;
    /// One overload of a function.
    FunctionId;
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDeclaration {
    /// Its name.
    pub name: Text,
    /// Its type.
    pub ty: Type,
    /// What its value may give away.
    pub class: Class,
    /// Whether it may be absent.
    pub optional: bool,
    /// What it means, in one sentence.
    pub doc: Text,
}

impl FieldDeclaration {
    /// A field that is always there.
    pub fn new(name: &str, ty: Type, class: Class) -> Self {
        Self {
            name: name.into(),
            ty,
            class,
            optional: false,
            doc: "".into(),
        }
    }

    /// The same, but it may be absent.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Says what it means.
    #[must_use]
    pub fn doc(mut self, doc: &str) -> Self {
        self.doc = doc.into();
        self
    }
}

/// A function of the host: pure, typed, with a class and a cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDeclaration {
    /// Its name; several declarations of one name are overloads.
    pub name: Text,
    /// The type it is called on, as in `unit.under("skola")`; it is the first argument then.
    pub receiver: Option<Type>,
    /// The types of its (other) arguments.
    pub parameters: Vec<Type>,
    /// The type of its result.
    pub result: Type,
    /// What the result gives away beyond its arguments.
    pub class: Class,
    /// Steps that one call takes.
    pub cost: u64,
    /// Whether it tells the horizon when its answer changes; only then may it take a `today`.
    pub narrows_today: bool,
    /// What it gives, in one sentence.
    pub doc: Text,
}

impl FunctionDeclaration {
    /// A function that is called by name, `name(a, b)`.
    pub fn new(name: &str, parameters: Vec<Type>, result: Type) -> Self {
        Self {
            name: name.into(),
            receiver: None,
            parameters,
            result,
            class: Class::Open,
            cost: 1,
            narrows_today: false,
            doc: "".into(),
        }
    }

    /// Makes it one that is called on a value.
    #[must_use]
    pub fn on(mut self, receiver: Type) -> Self {
        self.receiver = Some(receiver);
        self
    }

    /// Says what its result gives away beyond its arguments.
    #[must_use]
    pub fn class(mut self, class: Class) -> Self {
        self.class = class;
        self
    }

    /// Says how many steps one call takes; at least one.
    #[must_use]
    pub fn cost(mut self, steps: u64) -> Self {
        self.cost = steps.max(1);
        self
    }

    /// Says what it gives.
    #[must_use]
    pub fn doc(mut self, doc: &str) -> Self {
        self.doc = doc.into();
        self
    }
}

/// How a function may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `f(a, b)`.
    Global,
    /// `a.f(b)`.
    Receiver,
    /// Both.
    Both,
}

/// One overload, the language's own or the host's. A receiver is the first parameter.
#[derive(Clone, Debug)]
pub(crate) struct Overload {
    pub(crate) name: Text,
    pub(crate) style: Style,
    pub(crate) parameters: Vec<Type>,
    pub(crate) result: Type,
    pub(crate) class: Class,
    pub(crate) cost: u64,
    pub(crate) narrows_today: bool,
    /// The language's own; otherwise the scope is called.
    pub(crate) builtin: Option<Builtin>,
    pub(crate) doc: Text,
}

#[derive(Clone, Debug)]
struct RecordType {
    name: Text,
    open_columns: bool,
    fields: Vec<FieldDeclaration>,
    by_name: BTreeMap<Text, FieldSlot>,
}

#[derive(Clone, Debug)]
struct EnumType {
    name: Text,
    values: Vec<Text>,
}

/// Everything an expression may speak of, but its variables.
#[derive(Clone, Debug)]
pub struct Schema {
    records: Vec<RecordType>,
    by_record: BTreeMap<Text, RecordTypeId>,
    enums: Vec<EnumType>,
    nominals: Vec<Text>,
    overloads: Vec<Overload>,
    by_function: BTreeMap<Text, Vec<FunctionId>>,
    /// Fields that have one value, the same in every record.
    /// The one value of a field, and how large it is.
    fixed: BTreeMap<(RecordTypeId, FieldSlot), (Value, Size)>,
}

impl Default for Schema {
    fn default() -> Self {
        Self::new()
    }
}

impl Schema {
    /// A schema with the language's own functions, and no records.
    pub fn new() -> Self {
        let mut schema = Self {
            records: Vec::new(),
            by_record: BTreeMap::new(),
            enums: Vec::new(),
            nominals: Vec::new(),
            overloads: Vec::new(),
            by_function: BTreeMap::new(),
            fixed: BTreeMap::new(),
        };
        for overload in own_functions() {
            schema.add(overload);
        }
        schema
    }

    /// Declares a type of record, or gives the one of that name.
    pub fn record(&mut self, name: &str) -> RecordTypeId {
        if let Some(known) = self.record_named(name) {
            return known;
        }
        let name = Text::from(name);
        self.records.push(RecordType {
            name: name.clone(),
            open_columns: false,
            fields: Vec::new(),
            by_name: BTreeMap::new(),
        });
        let id = RecordTypeId(last_index(self.records.len()));
        self.by_record.insert(name, id);
        id
    }

    /// Declares a type of record of which every name that is no declared field is a column of text. A column that a
    /// record lacks is [`NoOpinion`](super::DataErrorKind::NoOpinion). Columns have the class `personal`, since nobody has
    /// said what they hold.
    pub fn record_with_open_columns(&mut self, name: &str) -> RecordTypeId {
        let id = self.record(name);
        if let Some(record) = self.record_mut(id) {
            record.open_columns = true;
        }
        id
    }

    /// Declares a field. A second declaration of the same name takes the place, and the slot, of the first.
    pub fn field(&mut self, record: RecordTypeId, field: FieldDeclaration) -> FieldSlot {
        let Some(record) = self.record_mut(record) else {
            return FieldSlot(u32::MAX);
        };
        let next = FieldSlot(u32::try_from(record.fields.len()).unwrap_or(u32::MAX));
        let slot = *record.by_name.entry(field.name.clone()).or_insert(next);
        match record.fields.get_mut(position(slot.0)) {
            Some(known) => *known = field,
            None => record.fields.push(field),
        }
        slot
    }

    /// Says that a field has one value, the same in every record: it is a constant of each expression that reads it, of any size,
    /// and the [`Scope`](super::Scope) is not asked. Whether it was taken; one of another type than the field's is not.
    pub fn fix(&mut self, record: RecordTypeId, slot: FieldSlot, value: Value) -> bool {
        let fits = self
            .field_at(record, slot)
            .is_some_and(|field| value.is_of(&field.ty));
        if fits {
            let size = Size::of_value(&value);
            self.fixed.insert((record, slot), (value, size));
        }
        fits
    }

    /// The one value of a field, where it has but one.
    pub(crate) fn fixed(&self, record: RecordTypeId, slot: FieldSlot) -> Option<&Value> {
        self.fixed.get(&(record, slot)).map(|(value, _)| value)
    }

    /// How large the one value of a field is.
    pub(crate) fn measured(&self, record: RecordTypeId, slot: FieldSlot) -> Option<&Size> {
        self.fixed.get(&(record, slot)).map(|(_, size)| size)
    }

    /// Declares an enum, or adds to the one of that name the values it lacks.
    pub fn enumeration(&mut self, name: &str, values: &[&str]) -> EnumId {
        let id = self.enum_named(name).unwrap_or_else(|| {
            self.enums.push(EnumType {
                name: name.into(),
                values: Vec::new(),
            });
            EnumId(last_index(self.enums.len()))
        });
        if let Some(known) = self.enums.get_mut(position(id.0)) {
            for value in values {
                if !known.values.iter().any(|known| &**known == *value) {
                    known.values.push((*value).into());
                }
            }
        }
        id
    }

    /// Declares a type of text that equals only its like, or gives the one of that name.
    pub fn nominal(&mut self, name: &str) -> NominalId {
        if let Some(known) = self.nominals.iter().position(|known| &**known == name) {
            return NominalId(u32::try_from(known).unwrap_or(u32::MAX));
        }
        self.nominals.push(name.into());
        NominalId(last_index(self.nominals.len()))
    }

    /// Declares a function of the host.
    pub fn function(&mut self, declaration: FunctionDeclaration) -> FunctionId {
        self.add(overload_of(declaration))
    }

    /// How a declaration is written, such as `text.take(int) -> text`.
    pub(crate) fn declaration(&self, declaration: &FunctionDeclaration) -> String {
        self.signature(&overload_of(declaration.clone()))
    }

    /// The type of record of that name.
    pub fn record_named(&self, name: &str) -> Option<RecordTypeId> {
        self.by_record.get(name).copied()
    }

    /// The enum of that name.
    pub fn enum_named(&self, name: &str) -> Option<EnumId> {
        self.enums
            .iter()
            .position(|known| &*known.name == name)
            .and_then(|index| u32::try_from(index).ok())
            .map(EnumId)
    }

    /// The name of a type of record.
    pub fn record_name(&self, record: RecordTypeId) -> &str {
        self.records
            .get(position(record.0))
            .map_or("record", |record| &record.name)
    }

    /// The slot of a field of a record.
    pub fn field_named(&self, record: RecordTypeId, name: &str) -> Option<FieldSlot> {
        self.records
            .get(position(record.0))
            .and_then(|record| record.by_name.get(name))
            .copied()
    }

    /// A field of a record.
    pub fn field_at(&self, record: RecordTypeId, slot: FieldSlot) -> Option<&FieldDeclaration> {
        self.fields(record).get(position(slot.0))
    }

    /// The fields of a record, in the order of their slots.
    pub fn fields(&self, record: RecordTypeId) -> &[FieldDeclaration] {
        self.records
            .get(position(record.0))
            .map_or(&[], |record| &record.fields)
    }

    /// The first field of a record that has a type.
    pub(crate) fn field_of(&self, record: RecordTypeId, ty: &Type) -> Option<&FieldDeclaration> {
        self.fields(record).iter().find(|field| field.ty == *ty)
    }

    /// Whether every name is a column of it.
    pub fn has_open_columns(&self, record: RecordTypeId) -> bool {
        self.records
            .get(position(record.0))
            .is_some_and(|record| record.open_columns)
    }

    /// The values of an enum, in the order of declaration.
    pub fn enum_values(&self, id: EnumId) -> &[Text] {
        self.enums
            .get(position(id.0))
            .map_or(&[], |known| &known.values)
    }

    /// A type in the words of the rule language.
    pub fn type_name(&self, ty: &Type) -> String {
        match ty {
            Type::Never => String::from("nothing"),
            Type::Bool => String::from("bool"),
            Type::Int => String::from("int"),
            Type::Double => String::from("double"),
            Type::Text => String::from("text"),
            Type::Date => String::from("date"),
            Type::Today => String::from("today"),
            Type::Days => String::from("days"),
            Type::Optional(inner) => format!("optional {}", self.type_name(inner)),
            Type::List(inner) => format!("list of {}", self.type_name(inner)),
            Type::Map(key, value) => {
                format!(
                    "map from {} to {}",
                    self.type_name(key),
                    self.type_name(value)
                )
            }
            Type::Record(record) => String::from(self.record_name(*record)),
            Type::Enum(id) => self
                .enums
                .get(position(id.0))
                .map_or_else(|| String::from("enum"), |known| String::from(&*known.name)),
            Type::Nominal(id) => self
                .nominals
                .get(position(id.0))
                .map_or_else(|| String::from("reference"), |name| String::from(&**name)),
            Type::Parameter(_) => String::from("anything"),
        }
    }

    /// Every function: its signature as it is written, and what it gives; in alphabetical order.
    pub fn functions(&self) -> Vec<(String, Text)> {
        let mut functions: Vec<(String, Text)> = self
            .overloads
            .iter()
            .map(|overload| (self.signature(overload), overload.doc.clone()))
            .collect();
        functions.sort();
        functions
    }

    /// How an overload is written, such as `text.take(int) -> text`.
    pub(crate) fn signature(&self, overload: &Overload) -> String {
        let names = |types: &[Type]| {
            let names: Vec<String> = types.iter().map(|ty| self.type_name(ty)).collect();
            names.join(", ")
        };
        let result = self.type_name(&overload.result);
        let name = &overload.name;
        match overload.parameters.split_first() {
            Some((first, rest)) if overload.style != Style::Global => {
                let first = self.type_name(first);
                format!("{first}.{name}({}) -> {result}", names(rest))
            }
            _ => format!("{name}({}) -> {result}", names(&overload.parameters)),
        }
    }

    pub(crate) fn overload(&self, id: FunctionId) -> Option<&Overload> {
        self.overloads.get(position(id.0))
    }

    pub(crate) fn overloads_of(&self, name: &str) -> &[FunctionId] {
        self.by_function.get(name).map_or(&[], |ids| ids)
    }

    pub(crate) fn function_names(&self) -> impl Iterator<Item = &str> {
        self.by_function.keys().map(|name| &**name)
    }

    fn add(&mut self, overload: Overload) -> FunctionId {
        let id = FunctionId(u32::try_from(self.overloads.len()).unwrap_or(u32::MAX));
        self.by_function
            .entry(overload.name.clone())
            .or_default()
            .push(id);
        self.overloads.push(overload);
        id
    }

    fn record_mut(&mut self, record: RecordTypeId) -> Option<&mut RecordType> {
        self.records.get_mut(position(record.0))
    }
}

fn overload_of(declaration: FunctionDeclaration) -> Overload {
    let style = match declaration.receiver {
        Some(_) => Style::Receiver,
        None => Style::Global,
    };
    Overload {
        name: declaration.name,
        style,
        parameters: declaration
            .receiver
            .into_iter()
            .chain(declaration.parameters)
            .collect(),
        result: declaration.result,
        class: declaration.class,
        cost: declaration.cost,
        narrows_today: declaration.narrows_today,
        builtin: None,
        doc: declaration.doc,
    }
}

fn position(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn last_index(length: usize) -> u32 {
    u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_declaration_takes_the_slot_of_the_first() {
        let mut schema = Schema::new();
        let unit = schema.record("unit");
        assert_eq!(schema.record("unit"), unit);
        let name = schema.field(unit, FieldDeclaration::new("name", Type::Text, Class::Open));
        let code = schema.field(unit, FieldDeclaration::new("code", Type::Text, Class::Open));
        let again = schema.field(
            unit,
            FieldDeclaration::new("name", Type::Text, Class::Place),
        );
        assert_eq!((name, code), (again, FieldSlot(1)));
        assert_eq!(
            schema.field_at(unit, name).map(|field| field.class),
            Some(Class::Place)
        );
        assert_eq!(
            schema.type_name(&Type::list(Type::Record(unit))),
            "list of unit"
        );
    }
}
