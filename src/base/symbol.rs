//! Symbols: numbers that stand for texts. Two interners, one for open texts and one for personal ones, so that the two never
//! share a table.
//!
//! A symbol has no order and no serial form, and never leaves the crate: its number depends on the order of arrival.

use core::fmt;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::Secret;
use super::Text;

/// An open text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Symbol(u32);

/// A personal text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PersonalSymbol(u32);

impl fmt::Debug for Symbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Symbol")
    }
}

impl fmt::Debug for PersonalSymbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PersonalSymbol")
    }
}

type Table = IndexSet<Text, FxBuildHasher>;

/// The table of open texts.
#[derive(Clone, Default)]
pub(crate) struct Interner {
    texts: Table,
}

impl Interner {
    /// The symbol of a text.
    pub(crate) fn intern(&mut self, text: &str) -> Symbol {
        Symbol(intern(&mut self.texts, text))
    }

    /// The text of a symbol of this interner.
    pub(crate) fn text(&self, symbol: Symbol) -> Text {
        text(&self.texts, symbol.0)
    }
}

/// The table of personal texts.
#[derive(Clone, Default)]
pub(crate) struct PersonalInterner {
    texts: Table,
}

impl PersonalInterner {
    /// The symbol of a personal text.
    pub(crate) fn intern(&mut self, text: &str) -> PersonalSymbol {
        PersonalSymbol(intern(&mut self.texts, text))
    }

    /// The text of a symbol of this interner, still hidden.
    pub(crate) fn text(&self, symbol: PersonalSymbol) -> Secret<Text> {
        Secret::new(text(&self.texts, symbol.0))
    }
}

impl fmt::Debug for Interner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Interner({} texts)", self.texts.len())
    }
}

impl fmt::Debug for PersonalInterner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PersonalInterner({} texts)", self.texts.len())
    }
}

fn intern(texts: &mut Table, text: &str) -> u32 {
    let index = texts
        .get_index_of(text)
        .unwrap_or_else(|| texts.insert_full(Text::from(text)).0);
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn text(texts: &Table, number: u32) -> Text {
    usize::try_from(number)
        .ok()
        .and_then(|index| texts.get_index(index))
        .map_or_else(|| Text::from(""), Text::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_has_one_symbol() {
        let mut interner = Interner::default();
        let (first, second) = (interner.intern("1430"), interner.intern("1484"));
        assert_eq!(interner.intern("1430"), first);
        assert_ne!(first, second);
        assert_eq!(&*interner.text(second), "1484");
    }

    #[test]
    fn neither_symbol_nor_interner_shows_a_text() {
        let mut interner = PersonalInterner::default();
        let symbol = interner.intern("Hemlig");
        assert!(
            !alloc::format!("{interner:?} {symbol:?} {:?}", interner.text(symbol))
                .contains("Hemlig")
        );
    }
}
