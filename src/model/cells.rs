//! Cells: the values of one field, for all rows of its table, as one column.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::fields::CellKind;
use crate::base::Column;
use crate::base::Interner;
use crate::base::PersonalInterner;
use crate::base::PersonalSymbol;
use crate::base::RowKey;
use crate::base::Secret;
use crate::base::Symbol;
use crate::base::Text;
use crate::base::row_key;

row_key! {
    /// A row of the table that a field belongs to, whichever that is.
    Row
}

/// One value on its way in or out of a column.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// A text that is not personal.
    Open(Text),
    /// A personal text.
    Personal(Secret<Text>),
    /// Several personal texts.
    Several(Vec<Secret<Text>>),
    /// A day.
    Date(NaiveDate),
    /// A whole number.
    Count(i64),
    /// A truth value.
    Flag(bool),
    /// A row of another table.
    Link(Row),
}

/// The values of one field.
#[derive(Clone, Debug)]
pub(crate) enum Cells {
    /// Open texts.
    Open(Column<Row, Option<Symbol>>),
    /// Personal texts.
    Personal(Column<Row, Option<PersonalSymbol>>),
    /// Several personal texts in each.
    Several(Column<Row, Option<Vec<PersonalSymbol>>>),
    /// Days.
    Date(Column<Row, Option<NaiveDate>>),
    /// Whole numbers.
    Count(Column<Row, Option<i64>>),
    /// Truth values.
    Flag(Column<Row, Option<bool>>),
    /// Rows of other tables.
    Link(Column<Row, Option<Row>>),
}

impl Cells {
    /// An empty column for a kind of cell.
    pub(crate) const fn new(kind: CellKind) -> Self {
        match kind {
            CellKind::Open | CellKind::Word(_) => Self::Open(Column::new()),
            CellKind::Personal => Self::Personal(Column::new()),
            CellKind::Several => Self::Several(Column::new()),
            CellKind::Date => Self::Date(Column::new()),
            CellKind::Count => Self::Count(Column::new()),
            CellKind::Flag => Self::Flag(Column::new()),
            CellKind::Link(_) => Self::Link(Column::new()),
        }
    }

    /// Sets the cell of a row. A cell of another kind than the column's is not taken; the field table keeps the two together.
    pub(crate) fn set(
        &mut self,
        row: Row,
        cell: Cell,
        texts: &mut Interner,
        personal: &mut PersonalInterner,
    ) {
        match (self, cell) {
            (Self::Open(column), Cell::Open(text)) => set(column, row, texts.intern(&text)),
            (Self::Personal(column), Cell::Personal(text)) => {
                set(column, row, personal.intern(text.reveal()));
            }
            (Self::Several(column), Cell::Several(all)) => {
                let all = all.iter().map(|text| personal.intern(text.reveal()));
                set(column, row, all.collect());
            }
            (Self::Date(column), Cell::Date(day)) => set(column, row, day),
            (Self::Count(column), Cell::Count(count)) => set(column, row, count),
            (Self::Flag(column), Cell::Flag(flag)) => set(column, row, flag),
            (Self::Link(column), Cell::Link(to)) => set(column, row, to),
            _ => {}
        }
    }

    /// The cell of a row, where there is a value.
    pub(crate) fn get(
        &self,
        row: Row,
        texts: &Interner,
        personal: &PersonalInterner,
    ) -> Option<Cell> {
        match self {
            Self::Open(column) => (*column.get(row)?).map(|symbol| Cell::Open(texts.text(symbol))),
            Self::Personal(column) => {
                (*column.get(row)?).map(|symbol| Cell::Personal(personal.text(symbol)))
            }
            Self::Several(column) => {
                let all = column.get(row)?.as_ref()?.iter();
                Some(Cell::Several(
                    all.map(|symbol| personal.text(*symbol)).collect(),
                ))
            }
            Self::Date(column) => (*column.get(row)?).map(Cell::Date),
            Self::Count(column) => (*column.get(row)?).map(Cell::Count),
            Self::Flag(column) => (*column.get(row)?).map(Cell::Flag),
            Self::Link(column) => (*column.get(row)?).map(Cell::Link),
        }
    }
}

fn set<T>(column: &mut Column<Row, Option<T>>, row: Row, value: T) {
    let missing = usize::try_from(row.row())
        .unwrap_or(usize::MAX)
        .saturating_add(1)
        .saturating_sub(column.len());
    for _ in 0..missing {
        column.push(None);
    }
    *column.at_mut(row) = Some(value);
}

/// Columns of all fields, in the order of the field table.
pub(crate) type Columns = Vec<Cells>;
