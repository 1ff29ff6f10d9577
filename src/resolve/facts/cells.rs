//! Cells of a record from the fields of a fact, by the field table.
//!
//! Keeps true: a value that cannot be read is a finding about its record and field, and costs nothing else.

use alloc::vec::Vec;

use super::convert;
use super::fact::FactRow;
use super::fact::World;
use crate::base::Text;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::language::Class;
use crate::model::Cell;
use crate::model::CellKind;
use crate::model::FIELDS;
use crate::model::RecordKind;
use crate::resolve::codes;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::setting::Setting;

/// Whether a number counts or measures something, so that it is no number where it is below nothing.
fn is_of_no_less_than_nothing(kind: RecordKind, field: &str) -> bool {
    FIELDS
        .iter()
        .any(|known| known.record == kind && known.name == field)
}

/// Reads the fields of facts.
pub(in crate::resolve) struct Reader<'r, 'a> {
    pub(in crate::resolve) setting: &'r Setting<'a>,
    pub(in crate::resolve) world: &'r World<'a>,
    pub(in crate::resolve) notes: &'r mut Notes,
}

impl Reader<'_, '_> {
    /// All cells of a fact but links and those named.
    pub(in crate::resolve) fn cells(
        &mut self,
        kind: RecordKind,
        row: FactRow,
        but: &[&str],
    ) -> Vec<(Text, Cell)> {
        let fact = self.world.facts.at(row);
        let mut cells = Vec::new();
        for field in self
            .setting
            .schema
            .fields()
            .iter()
            .filter(|field| field.record == kind)
        {
            let name = &*field.name;
            let Some(text) = fact.text(name).filter(|_| !but.contains(&name)) else {
                continue;
            };
            if let CellKind::Link(_) = field.cell {
                continue;
            }
            match convert::cell(field.cell, text, self.setting.schema) {
                Ok(Some(Cell::Count(count)))
                    if count < 0 && is_of_no_less_than_nothing(kind, name) =>
                {
                    self.unreadable(kind, row, name);
                }
                Ok(Some(cell)) => {
                    self.check_row(kind, row, name, field.table.as_deref(), text);
                    cells.push((field.name.clone(), cell));
                }
                Ok(None) => {}
                Err(convert::Unreadable) => self.unreadable(kind, row, name),
            }
        }
        cells
    }

    /// Tells of a value that is not what its field holds.
    pub(in crate::resolve) fn unreadable(&mut self, kind: RecordKind, row: FactRow, field: &str) {
        self.note(
            kind,
            row,
            &codes::UNREADABLE_VALUE,
            field,
            "the value cannot be read as what the field holds",
        );
    }

    /// Tells of a field of a fact.
    pub(in crate::resolve) fn note(
        &mut self,
        kind: RecordKind,
        row: FactRow,
        code: &'static Code,
        field: &str,
        message: impl Into<OpenText>,
    ) {
        let subject = self.world.subject(row);
        let finding = Finding::new(code, subject, message).field(OpenText::vouched(field));
        let class = match kind {
            RecordKind::Unit | RecordKind::SchoolGroup => Class::Open,
            _ => self.setting.class(kind, field),
        };
        self.notes.about(About::Fact(row), class, finding);
    }

    /// A key without a row is a finding, never a guess.
    fn check_row(
        &mut self,
        kind: RecordKind,
        row: FactRow,
        field: &str,
        table: Option<&str>,
        text: &str,
    ) {
        let Some(name) = table else {
            return;
        };
        let known = self
            .setting
            .tables
            .get(name)
            .is_some_and(|table| table.rows.contains_key(text));
        if !known {
            let message = OpenText::words("the table ")
                .quote(OpenText::vouched(name))
                .and(" has no row for the value");
            self.note(kind, row, &codes::NO_SUCH_ROW, field, message);
        }
    }
}
