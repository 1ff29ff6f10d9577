//! Columns: vectors that are indexed by a typed row key, so that a row of one table is never looked up in another.
//!
//! This is the only place in the crate that indexes.

use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

/// The number of a row in one particular table.
pub(crate) trait RowKey: Copy + Eq + Ord {
    /// The key of row `row`.
    fn from_row(row: u32) -> Self;
    /// The number of this row.
    fn row(self) -> u32;
}

/// Declares a row key: a number that only indexes the columns of its own table.
macro_rules! row_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub(crate) struct $name(u32);

        impl $crate::base::RowKey for $name {
            fn from_row(row: u32) -> Self {
                Self(row)
            }
            fn row(self) -> u32 {
                self.0
            }
        }
    };
}
pub(crate) use row_key;

/// One value for each row of a table. Reading a row that was never pushed is a programming error of this crate,
/// which is why keys are only made by pushing or by [`Column::keys`].
pub(crate) struct Column<K, T> {
    values: Vec<T>,
    key: PhantomData<fn(K) -> K>,
}

impl<K: RowKey, T> Column<K, T> {
    /// A column without rows.
    pub(crate) const fn new() -> Self {
        Self {
            values: Vec::new(),
            key: PhantomData,
        }
    }

    /// Adds a row and gives its key. A table is bounded by [`crate::base::Limits::rows`], far below `u32::MAX`;
    /// past it the last key is given again.
    pub(crate) fn push(&mut self, value: T) -> K {
        let row = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value);
        K::from_row(row)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The value of a row, if there is such a row.
    pub(crate) fn get(&self, key: K) -> Option<&T> {
        self.values.get(usize::try_from(key.row()).ok()?)
    }

    /// The value of a row, if there is such a row, to be changed.
    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut T> {
        self.values.get_mut(usize::try_from(key.row()).ok()?)
    }

    /// The value of a row of this table.
    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "row keys are only made by pushing to, or listing, the table that they index"
    )]
    pub(crate) fn at(&self, key: K) -> &T {
        &self.values[key.row() as usize]
    }

    /// The value of a row of this table, to be changed.
    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "row keys are only made by pushing to, or listing, the table that they index"
    )]
    pub(crate) fn at_mut(&mut self, key: K) -> &mut T {
        &mut self.values[key.row() as usize]
    }

    /// All keys, in the order of the rows.
    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = K> + use<K, T> {
        (0..u32::try_from(self.values.len()).unwrap_or(u32::MAX)).map(K::from_row)
    }

    /// All rows in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        self.keys().zip(self.values.iter())
    }

    /// All values in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.values.iter()
    }
}

impl<K, T> Default for Column<K, T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            key: PhantomData,
        }
    }
}

impl<K, T: Clone> Clone for Column<K, T> {
    fn clone(&self) -> Self {
        Self {
            values: self.values.clone(),
            key: PhantomData,
        }
    }
}

impl<K, T> fmt::Debug for Column<K, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Column({} rows)", self.values.len())
    }
}
