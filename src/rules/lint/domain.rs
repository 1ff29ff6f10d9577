//! The values that a field may have, where there is an end to them: truth values, words of enumerations, rows of tables.

use alloc::collections::BTreeMap;

use super::values::Values;
use crate::base::Text;
use crate::language::FieldSlot;
use crate::language::RecordTypeId;
use crate::language::Relation;
use crate::language::Schema;
use crate::language::Type;
use crate::rules::compiled::Table;

/// What is known of the values that subjects may have.
#[derive(Clone, Copy)]
pub(super) struct Domain<'a> {
    pub(super) schema: &'a Schema,
    pub(super) tables: &'a BTreeMap<Text, Table>,
}

/// The steps from one record to the next.
pub(super) type Steps = [(RecordTypeId, FieldSlot)];

impl<'a> Domain<'a> {
    /// Every value that a field may have, where there is an end to them.
    pub(super) fn of_path(&self, steps: &Steps) -> Values {
        let Some((record, slot)) = steps.last() else {
            return Values::Any;
        };
        if let Some(table) = self.table(*record) {
            return column(table, *slot).unwrap_or(Values::Any);
        }
        match self.schema.field_at(*record, *slot).map(|field| &field.ty) {
            Some(Type::Bool) => Values::truths(),
            Some(Type::Enum(id)) => {
                Values::Only(self.schema.enum_values(*id).iter().cloned().collect())
            }
            _ => Values::Any,
        }
    }

    /// The table whose rows are of a type of record.
    pub(super) fn table(&self, record: RecordTypeId) -> Option<&'a Table> {
        Table::of(self.tables, record)
    }

    /// The name of a table.
    pub(super) fn table_name(&self, record: RecordTypeId) -> Option<&'a Text> {
        self.tables
            .iter()
            .find(|(_, table)| table.record == record)
            .map(|(name, _)| name)
    }
}

/// The values in a column of a table; `None` where they are of a kind that sets are not made of.
fn column(table: &Table, slot: FieldSlot) -> Option<Values> {
    let position = usize::try_from(slot.index()).ok()?;
    let values = table
        .values
        .iter()
        .filter_map(|row| row.get(position)?.clone())
        .collect();
    Values::related(&Relation::OneOf(values), &Values::Any)
}
