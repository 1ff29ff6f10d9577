//! References: a text such as `heroma.employment:4711`, or a bare record id, to the fact it means.
//!
//! Keeps true: a reference that fits more than one fact is told apart from one that fits none, and neither is guessed.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::fact::DeliveryRow;
use super::fact::FactKind;
use super::fact::FactRow;
use super::fact::Taken;
use super::fact::World;

/// Facts by kind and id, and units by code.
///
/// A unit that several source instances know by one code in one municipality is one unit: its first fact stands for it.
pub(in crate::resolve) struct References<'w> {
    by_id: BTreeMap<(FactKind, &'w str), Vec<FactRow>>,
    by_code: BTreeMap<&'w str, Vec<FactRow>>,
    same_unit: BTreeMap<FactRow, FactRow>,
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) enum Found {
    One(FactRow),
    Nothing,
    Several,
}

/// A reference, taken apart.
pub(in crate::resolve) enum Reference<'t> {
    /// To a record of the same source instance.
    Bare(&'t str),
    /// To a record of a source, or of an instance such as `procapita/1430`.
    Of {
        source: &'t str,
        kind: FactKind,
        id: &'t str,
    },
}

impl<'t> Reference<'t> {
    /// Takes a text apart. What does not begin with a source and a kind of record is a bare record id.
    pub(in crate::resolve) fn read(text: &'t str) -> Self {
        let text = text.trim();
        let parts = text.split_once(':').and_then(|(head, id)| {
            let (source, kind) = head.rsplit_once('.')?;
            Some((source, FactKind::from_name(kind)?, id.trim()))
        });
        match parts {
            Some((source, kind, id)) => Self::Of { source, kind, id },
            None => Self::Bare(text),
        }
    }
}

impl<'w> References<'w> {
    /// Of all facts that are not gone for good.
    pub(in crate::resolve) fn new(world: &'w World<'_>) -> Self {
        let mut references = Self {
            by_id: BTreeMap::new(),
            by_code: BTreeMap::new(),
            same_unit: BTreeMap::new(),
        };
        let mut first_of: BTreeMap<(&str, &str), FactRow> = BTreeMap::new();
        for (row, fact) in world.facts.iter() {
            if fact.taken == Taken::Nothing {
                continue;
            }
            references
                .by_id
                .entry((fact.kind, &fact.id))
                .or_default()
                .push(row);
            if fact.kind == FactKind::Unit
                && fact.lives()
                && let Some(code) = fact.text("code")
            {
                references.by_code.entry(code).or_default().push(row);
                let of_instance = world.delivery_of(row).municipality.as_deref();
                if let Some(municipality) = fact.text("municipality").or(of_instance) {
                    let first = *first_of.entry((code, municipality)).or_insert(row);
                    references.same_unit.insert(row, first);
                }
            }
        }
        references
    }

    /// The fact that stands for a unit.
    pub(in crate::resolve) fn unit_of(&self, fact: FactRow) -> FactRow {
        self.same_unit.get(&fact).copied().unwrap_or(fact)
    }

    /// The fact of one of these kinds, in the order of the kinds, that a text in a delivery means.
    pub(in crate::resolve) fn find(
        &self,
        world: &World<'_>,
        from: DeliveryRow,
        text: &str,
        kinds: &[FactKind],
    ) -> Found {
        match Reference::read(text) {
            Reference::Bare(id) => kinds
                .iter()
                .map(|kind| self.within(world, *kind, id, |delivery| delivery == from))
                .find(|found| *found != Found::Nothing)
                .unwrap_or(Found::Nothing),
            Reference::Of { source, kind, id } if kinds.contains(&kind) => {
                let here = self.within(world, kind, id, |delivery| {
                    delivery == from && is_of(world, delivery, source)
                });
                match here {
                    Found::Nothing => {
                        self.within(world, kind, id, |delivery| is_of(world, delivery, source))
                    }
                    found => found,
                }
            }
            Reference::Of { .. } => Found::Nothing,
        }
    }

    /// The unit that a text in a delivery means: a reference, a record id or code of the same source instance, a record id or code
    /// of the same source, or a code that only one unit has.
    pub(in crate::resolve) fn unit(
        &self,
        world: &World<'_>,
        from: DeliveryRow,
        text: &str,
    ) -> Found {
        let known = self.find(world, from, text, &[FactKind::Unit]);
        if known != Found::Nothing {
            return known;
        }
        let coded = self.by_code.get(text.trim()).map_or(&[][..], Vec::as_slice);
        let source = &world.deliveries.at(from).source;
        let of_instance = self.one(
            coded
                .iter()
                .copied()
                .filter(|row| world.facts.at(*row).delivery == from),
        );
        let of_source = self.one(
            coded
                .iter()
                .copied()
                .filter(|row| world.delivery_of(*row).source == *source),
        );
        [of_instance, of_source, self.one(coded.iter().copied())]
            .into_iter()
            .find(|found| *found != Found::Nothing)
            .unwrap_or(Found::Nothing)
    }

    fn within(
        &self,
        world: &World<'_>,
        kind: FactKind,
        id: &str,
        admits: impl Fn(DeliveryRow) -> bool,
    ) -> Found {
        let rows = self.by_id.get(&(kind, id)).map_or(&[][..], Vec::as_slice);
        self.one(
            rows.iter()
                .copied()
                .filter(|row| admits(world.facts.at(*row).delivery)),
        )
    }

    fn one(&self, rows: impl Iterator<Item = FactRow>) -> Found {
        let mut rows = rows.map(|row| self.unit_of(row));
        match rows.next() {
            None => Found::Nothing,
            Some(first) if rows.all(|row| row == first) => Found::One(first),
            Some(_) => Found::Several,
        }
    }
}

fn is_of(world: &World<'_>, delivery: DeliveryRow, source: &str) -> bool {
    let delivery = world.deliveries.at(delivery);
    delivery.source == source || delivery.name == source
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_id_may_hold_any_sign() {
        assert!(matches!(Reference::read("a|b:c"), Reference::Bare("a|b:c")));
        assert!(matches!(
            Reference::read("v1.2:c"),
            Reference::Bare("v1.2:c")
        ));
        assert!(matches!(
            Reference::read("heroma.employment: 4711"),
            Reference::Of {
                source: "heroma",
                kind: FactKind::EMPLOYMENT,
                id: "4711"
            }
        ));
        assert!(matches!(
            Reference::read("procapita/1430.person:{a:b}"),
            Reference::Of {
                source: "procapita/1430",
                kind: FactKind::Person,
                id: "{a:b}"
            }
        ));
    }
}
