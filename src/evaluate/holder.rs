//! Holders: the accounts that persons have or are to have, by account rule, as far as a run has computed them.
//!
//! A person holds one account of a rule or, where the rule has slots, one for each slot. It decides nothing.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::accounts::lifecycle::Coverage;
use super::accounts::lifecycle::Life;
use crate::base::Column;
use crate::base::Horizon;
use crate::base::Text;
use crate::base::row_key;
use crate::directory::AccountKey;
use crate::directory::ObjectId;
use crate::directory::Opinion;
use crate::directory::Slice;
use crate::model::AffiliationRow;
use crate::model::PersonRow;

row_key! {
    /// A row of the holders of one account rule.
    HolderRow
}

/// A person's account under one rule, as far as it is computed.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) key: AccountKey,
    pub(crate) person: PersonRow,
    /// Which of several; none where a person has but one.
    pub(crate) slot: Option<Slot>,
    pub(crate) life: Life,
    pub(crate) slice: Slice,
    /// The object that is, ours or about to be.
    pub(crate) existing: Option<ObjectId>,
    /// Whether the object has another anchor, or none: it becomes ours in this plan.
    pub(crate) adopt: bool,
    /// Whether it is disabled or deleted because its time has come, and for no other cause.
    pub(crate) ended: bool,
    /// What it covers, with the days on which each keeps it enabled.
    pub(crate) covered: Vec<Coverage>,
    pub(crate) primary: Option<AffiliationRow>,
    /// Names by name in the rules.
    pub(crate) names: BTreeMap<Text, Text>,
    /// Names that it will have from a day on.
    pub(crate) next_names: BTreeMap<Text, NextName>,
    pub(crate) name_opinions: BTreeMap<Text, Opinion<Text>>,
    pub(crate) attributes: BTreeMap<Text, Opinion<Vec<Text>>>,
    pub(crate) references: BTreeMap<Text, Opinion<AccountKey>>,
    pub(crate) horizon: Horizon,
}

/// Which of several accounts of one person an account is.
#[derive(Clone)]
pub(crate) struct Slot {
    /// The value that it stands for; none where nothing of the person has it any more.
    pub(crate) value: Option<Text>,
    /// The person's affiliations that belong to it.
    pub(crate) affiliations: Vec<AffiliationRow>,
    /// Where it stands among the person's accounts of the rule; the first is meant where nobody says which.
    pub(crate) rank: usize,
}

/// A name that an account will have.
#[derive(Clone, Debug)]
pub(crate) struct NextName {
    pub(crate) text: Text,
    pub(crate) on: NaiveDate,
}

/// The accounts of one rule.
#[derive(Clone, Default)]
pub(crate) struct Holders {
    all: Column<HolderRow, Holder>,
    of_person: BTreeMap<PersonRow, Vec<HolderRow>>,
    /// Who has none for now, with when that may change.
    without: BTreeMap<PersonRow, Horizon>,
}

impl Holders {
    pub(crate) fn push(&mut self, holder: Holder) -> HolderRow {
        let person = holder.person;
        let row = self.all.push(holder);
        self.of_person.entry(person).or_default().push(row);
        row
    }

    pub(crate) fn get(&self, row: HolderRow) -> Option<&Holder> {
        self.all.get(row)
    }

    pub(crate) fn get_mut(&mut self, row: HolderRow) -> Option<&mut Holder> {
        self.all.get_mut(row)
    }

    /// All of them, person by person.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (HolderRow, &Holder)> {
        self.all.iter()
    }

    /// Says that a person has none, and when that may change.
    pub(crate) fn has_none(&mut self, person: PersonRow, horizon: Horizon) {
        self.without.insert(person, horizon);
    }

    /// When something of these accounts may change, those that nobody has for now included.
    pub(crate) fn horizons(&self) -> impl Iterator<Item = &Horizon> {
        let there = self.all.iter().map(|(_, holder)| &holder.horizon);
        there.chain(self.without.values())
    }

    /// The same of one person.
    pub(crate) fn horizons_of(&self, person: PersonRow) -> impl Iterator<Item = &Horizon> {
        let there = self.of(person).map(|(_, holder)| &holder.horizon);
        there.chain(self.without.get(&person))
    }

    /// Those of a person.
    pub(crate) fn of(&self, person: PersonRow) -> impl Iterator<Item = (HolderRow, &Holder)> {
        let rows = self.of_person.get(&person).into_iter().flatten();
        rows.filter_map(|row| Some((*row, self.all.get(*row)?)))
    }
}

impl Holder {
    /// Whether another account may refer to it: it is in use, or is there while somebody must decide about it.
    pub(crate) const fn can_be_referred_to(&self) -> bool {
        match self.life {
            Life::Enabled => true,
            Life::Held => self.existing.is_some(),
            Life::Pending | Life::Disabled | Life::Deleted => false,
        }
    }

    /// The value that the slot stands for, where the account has one.
    pub(crate) fn slot_value(&self) -> Option<&Text> {
        self.slot.as_ref()?.value.as_ref()
    }
}
