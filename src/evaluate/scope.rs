//! The scope of an expression: slots to values, over the columns of a population and the outputs computed so far.
//!
//! Another person is seen here through that person's outputs only, and these have passed the gate.

use core::cell;

use super::accounts::lifecycle::Life;
use super::holder::Holder;
use super::holder::HolderRow;
use super::world::World;
use crate::base::Horizon;
use crate::base::RowKey;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::Opinion;
use crate::language::DataErrorKind;
use crate::language::FieldSlot;
use crate::language::FunctionId;
use crate::language::RecordRef;
use crate::language::Scope;
use crate::language::Value;
use crate::language::VariableSlot;
use crate::model::AffiliationKind;
use crate::model::AffiliationRow;
use crate::model::Cell;
use crate::model::CellKind;
use crate::model::FieldIndex;
use crate::model::PersonRow;
use crate::model::RecordKind;
use crate::model::UnitRow;
use crate::rules::NEXT;
use crate::rules::Table;

/// What an expression of the rules sees.
pub(crate) struct RuleScope<'a> {
    world: &'a World<'a>,
    person: Option<PersonRow>,
    affiliation: Option<(AffiliationKind, AffiliationRow)>,
    primary: Option<(usize, AffiliationRow)>,
    /// The account that speaks: where several of its rule are a person's, it means itself, and others of its slot.
    own: Option<(usize, &'a Holder)>,
    current: Option<&'a Account>,
    /// Until when that holds which was read of other accounts.
    others: cell::Cell<Horizon>,
}

impl<'a> RuleScope<'a> {
    /// A person.
    pub(crate) const fn of(world: &'a World<'a>, person: PersonRow) -> Self {
        Self {
            world,
            person: Some(person),
            affiliation: None,
            primary: None,
            own: None,
            current: None,
            others: cell::Cell::new(Horizon::new(world.as_of)),
        }
    }

    /// Nobody: for what is the same for all.
    pub(crate) const fn of_nobody(world: &'a World<'a>) -> Self {
        Self {
            world,
            person: None,
            affiliation: None,
            primary: None,
            own: None,
            current: None,
            others: cell::Cell::new(Horizon::new(world.as_of)),
        }
    }

    /// Until when that holds which was read of other accounts.
    pub(crate) const fn others_hold(&self) -> Horizon {
        self.others.get()
    }

    /// With one of the person's affiliations.
    pub(crate) fn affiliation(mut self, row: AffiliationRow) -> Self {
        self.affiliation = Some((self.world.population.affiliation(row).kind, row));
        self
    }

    /// With the primary affiliation of an account.
    pub(crate) fn primary(mut self, account: usize, row: Option<AffiliationRow>) -> Self {
        self.primary = row.map(|row| (account, row));
        self
    }

    /// With an account, and its primary affiliation.
    pub(crate) fn account(self, account: usize, holder: &'a Holder) -> Self {
        let mut scope = self.primary(account, holder.primary);
        scope.own = Some((account, holder));
        scope
    }

    /// With an existing account.
    pub(crate) const fn current(mut self, current: &'a Account) -> Self {
        self.current = Some(current);
        self
    }

    fn model_record(&self, kind: RecordKind, row: u32) -> Result<Value, DataErrorKind> {
        let kind = self
            .world
            .population
            .schema()
            .record_id(kind)
            .ok_or(DataErrorKind::Other("the record is not there"))?;
        Ok(Value::Record(RecordRef { kind, row }))
    }

    fn model_field(&self, index: FieldIndex, row: u32) -> Result<Option<Value>, DataErrorKind> {
        let schema = self.world.population.schema();
        let Some(field) = schema.field(index) else {
            return Ok(None);
        };
        // Rows of these records are rows of persons: there is always one.
        if let CellKind::Link(kind @ RecordKind::Number) = field.cell {
            return self.model_record(kind, row).map(Some);
        }
        let Some(cell) = self.world.population.cell(index, row) else {
            return Ok(None);
        };
        Ok(Some(match (cell, field.cell) {
            (Cell::Open(text), CellKind::Word(name)) => match schema.enumeration(name) {
                Some(id) => Value::Enum(id, text),
                None => Value::Text(text),
            },
            (Cell::Open(text), _) => match &field.table {
                Some(table) => self.row(table, &text)?,
                None => Value::Text(text),
            },
            (Cell::Personal(text), _) => Value::Text(text.reveal().clone()),
            (Cell::Several(all), _) => Value::List(
                all.iter()
                    .map(|text| Value::Text(text.reveal().clone()))
                    .collect(),
            ),
            (Cell::Date(day), _) => Value::Date(day),
            (Cell::Count(count), _) => Value::Int(count),
            (Cell::Flag(flag), _) => Value::Bool(flag),
            (Cell::Link(to), CellKind::Link(kind)) => self.model_record(kind, to.row())?,
            (Cell::Link(_), _) => return Ok(None),
        }))
    }

    fn row(&self, table: &str, key: &str) -> Result<Value, DataErrorKind> {
        let table = self
            .world
            .rules
            .tables
            .get(table)
            .ok_or(DataErrorKind::NoSuchRow)?;
        let row = table
            .rows
            .get(key)
            .copied()
            .ok_or(DataErrorKind::NoSuchRow)?;
        Ok(Value::Record(RecordRef {
            kind: table.record,
            row,
        }))
    }

    /// The account of a rule that is meant of a person, where one is in use: of several the one that speaks, then that of the
    /// same slot, then the first of all.
    fn meant(&self, account: usize, person: PersonRow) -> Option<HolderRow> {
        let living = || {
            let all = self.world.holders_of(account, person);
            let own = self.own.filter(|(position, _)| *position == account);
            let is_own = own.is_some_and(|(_, own)| own.person == person);
            // What refers to another account stays while somebody must decide about that one.
            all.filter(move |(_, holder)| {
                holder.life == Life::Enabled || !is_own && holder.can_be_referred_to()
            })
        };
        if let Some((position, own)) = self.own {
            let itself = |(_, holder): &(HolderRow, &Holder)| {
                position == account && holder.key == own.key && own.person == person
            };
            if position == account && own.person == person {
                return living().find(itself).map(|(row, _)| row);
            }
        }
        let mut others = self.others.get();
        let holders = self.world.holders.get(account).into_iter();
        for horizon in holders.flat_map(|holders| holders.horizons_of(person)) {
            others.merge(horizon);
        }
        self.others.set(others);
        if let Some((_, own)) = self.own {
            let same = |(_, holder): &(HolderRow, &Holder)| {
                holder.slot_value().is_some() && holder.slot_value() == own.slot_value()
            };
            if let Some((row, _)) = living().find(same) {
                return Some(row);
            }
        }
        let rank = |holder: &Holder| holder.slot.as_ref().map(|slot| slot.rank);
        living()
            .min_by_key(|(_, holder)| rank(holder))
            .map(|(row, _)| row)
    }

    /// A field of `account.<rule>`: a name or an attribute that has been computed.
    fn account_field(
        &self,
        account: usize,
        row: u32,
        name: &str,
    ) -> Result<Option<Value>, DataErrorKind> {
        let Some(holder) = self.world.holder(account, HolderRow::from_row(row)) else {
            return Ok(None);
        };
        if let Some(text) = holder.names.get(name) {
            return Ok(Some(Value::Text(text.clone())));
        }
        // What it shows is not known while somebody must decide about it, which is not the same as that it shows nothing.
        if holder.life == Life::Held {
            return Err(DataErrorKind::Other("the account that it reads is held"));
        }
        if let Some(next) = name
            .strip_prefix(NEXT)
            .and_then(|name| holder.next_names.get(name))
        {
            return Ok(Some(Value::Text(next.text.clone())));
        }
        Ok(match holder.attributes.get(name) {
            Some(Opinion::Set(values)) => values.first().cloned().map(Value::Text),
            Some(Opinion::Clear | Opinion::Keep(_)) | None => None,
        })
    }

    fn under(&self, arguments: &[Value]) -> Result<Value, DataErrorKind> {
        let unit = arguments
            .first()
            .and_then(Value::as_record)
            .ok_or(DataErrorKind::BadArgument)?;
        let code = arguments
            .get(1)
            .and_then(Value::as_text)
            .ok_or(DataErrorKind::BadArgument)?;
        let mut current = Some(UnitRow::from_row(unit.row));
        while let Some(row) = current {
            let population = self.world.population;
            let is_named = |field| {
                let known = population.value(RecordKind::Unit, row.row(), field);
                matches!(known, Some(Cell::Open(known)) if known == *code)
            };
            // A unit that took the place of another is meant by the code of that one as well.
            if is_named("code") || is_named("lasting_code") {
                return Ok(Value::Bool(true));
            }
            // Resolving has broken every circle, so this ends.
            current = self.world.population.unit_parent(row);
        }
        Ok(Value::Bool(false))
    }
}

impl Scope for RuleScope<'_> {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        let slots = &self.world.rules.slots;
        let missing = DataErrorKind::MissingValue;
        if slot == slots.as_of {
            return Ok(Value::Today(0));
        }
        if slot == slots.primary {
            let (account, row) = self.primary.ok_or(missing)?;
            let kind = *self
                .world
                .rules
                .primary_records
                .get(account)
                .ok_or(missing)?;
            return Ok(Value::Record(RecordRef {
                kind,
                row: row.row(),
            }));
        }
        if slot == slots.current {
            return Ok(Value::Record(RecordRef {
                kind: self.world.rules.current_record,
                row: 0,
            }));
        }
        if slot == slots.table {
            return Ok(Value::Record(RecordRef {
                kind: self.world.rules.tables_record,
                row: 0,
            }));
        }
        if let Some((kind, row)) = self.affiliation
            && slot == slots.affiliation(kind)
        {
            return self.model_record(kind.record(), row.row());
        }
        let person = self.person.ok_or(missing)?.row();
        if slot == slots.account {
            return Ok(Value::Record(RecordRef {
                kind: self.world.rules.accounts_record,
                row: person,
            }));
        }
        let kind = if slot == slots.person {
            RecordKind::Person
        } else if slot == slots.alias {
            RecordKind::Alias
        } else if slot == slots.register {
            RecordKind::Register
        } else {
            return Err(missing);
        };
        self.model_record(kind, person)
    }

    fn field(&self, record: RecordRef, slot: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        let rules = self.world.rules;
        let schema = self.world.population.schema();
        if let Some(index) = schema.by_slot(record.kind, slot) {
            return self.model_field(index, record.row);
        }
        let position = usize::try_from(slot.index()).unwrap_or(usize::MAX);
        if record.kind == rules.accounts_record {
            // The fields of this record stand in the order of the account rules.
            let row = self.meant(position, PersonRow::from_row(record.row));
            let kind = rules.accounts.get(position).map(|rule| rule.record);
            return Ok(kind.zip(row).map(|(kind, row)| {
                Value::Record(RecordRef {
                    kind,
                    row: row.row(),
                })
            }));
        }
        let Some(field) = schema.language.field_at(record.kind, slot) else {
            return Ok(None);
        };
        if let Some(account) = rules
            .accounts
            .iter()
            .position(|rule| rule.record == record.kind)
        {
            return self.account_field(account, record.row, &field.name);
        }
        if let Some(table) = Table::of(&rules.tables, record.kind) {
            return Ok(table.cell(record.row, slot));
        }
        if record.kind == rules.tables_record {
            return Ok(schema.language.fixed(record.kind, slot).cloned());
        }
        if rules.primary_records.contains(&record.kind) {
            let row = AffiliationRow::from_row(record.row);
            let kind = self.world.population.affiliation(row).kind.record();
            return match schema.find(kind, &field.name) {
                Some(index) => self.model_field(index, record.row),
                None => Ok(None),
            };
        }
        // What is left is another person, who has but one field: the accounts.
        Ok(Some(Value::Record(RecordRef {
            kind: rules.accounts_record,
            row: record.row,
        })))
    }

    fn column(&self, record: RecordRef, name: &str) -> Option<Text> {
        if record.kind != self.world.rules.current_record {
            return None;
        }
        let current = self.current?;
        match name {
            "login" => current.login.clone(),
            "mail" => current.mail.clone(),
            name => current
                .attributes
                .get(name)?
                .first()
                .cloned()
                .or(Some(Text::from(""))),
        }
    }

    fn call(
        &self,
        function: FunctionId,
        arguments: &[Value],
        _horizon: &mut Horizon,
    ) -> Result<Value, DataErrorKind> {
        if function == self.world.rules.functions.under {
            return self.under(arguments);
        }
        self.world.rules.functions.call_pure(function, arguments)
    }
}
