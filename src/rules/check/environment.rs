//! Which names an expression may use, by where it stands. All environments number their variables alike.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;

use super::declare::Declared;
use crate::language::Class;
use crate::language::Environment;
use crate::language::RecordTypeId;
use crate::language::Type;
use crate::language::VariableSlot;
use crate::model::AffiliationKind;
use crate::model::RecordKind;
use crate::rules::compiled::Slots;

/// The variables, in the order of their slots.
const NAMES: [&str; 13] = [
    "record",
    "as_of",
    "person",
    "alias",
    "register",
    "primary",
    "employment",
    "duty",
    "enrolment",
    "membership",
    "account",
    "current",
    "table",
];

/// Whether a name is that of a variable somewhere, so that nothing after its dot is a function.
pub(crate) fn is_variable(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Makes environments. Many rules have the same one, which is made once.
#[derive(Debug)]
pub(super) struct Environments {
    pub(super) slots: Slots,
    types: Vec<Type>,
    /// The record of `primary`, by account rule.
    primary: Vec<RecordTypeId>,
    made: RefCell<BTreeMap<Wanted, Arc<Environment>>>,
}

/// What tells environments apart: a bit for each name that can be read, and what `primary` is where that is one of them.
type Wanted = (u16, Option<RecordTypeId>);

impl Environments {
    pub(super) fn new(declared: &Declared) -> Self {
        let schema = &declared.schema;
        let record = |kind| schema.record_type(kind);
        let types = alloc::vec![
            Type::Record(declared.source_record),
            Type::Today,
            record(RecordKind::Person),
            record(RecordKind::Alias),
            record(RecordKind::Register),
            Type::Never,
            record(RecordKind::Employment),
            record(RecordKind::Duty),
            record(RecordKind::Enrolment),
            record(RecordKind::Membership),
            Type::Record(declared.accounts_record),
            Type::Record(declared.current_record),
            Type::Record(declared.tables_record),
        ];
        let mut every = Environment::new();
        let mut slot =
            |name: &str| -> VariableSlot { every.variable(name, Type::Never, Class::Open) };
        let slots = Slots {
            record: slot("record"),
            as_of: slot("as_of"),
            person: slot("person"),
            alias: slot("alias"),
            register: slot("register"),
            primary: slot("primary"),
            employment: slot("employment"),
            duty: slot("duty"),
            enrolment: slot("enrolment"),
            membership: slot("membership"),
            account: slot("account"),
            current: slot("current"),
            table: slot("table"),
        };
        Self {
            slots,
            types,
            primary: declared.primary_records.clone(),
            made: RefCell::default(),
        }
    }

    /// For the fields of a source map.
    pub(super) fn source(&self) -> Arc<Environment> {
        self.of(&["record"], None)
    }

    /// For what is said of one affiliation, before there is an account.
    pub(super) fn affiliation(&self, kinds: &[AffiliationKind]) -> Arc<Environment> {
        let mut names: Vec<&str> = alloc::vec!["as_of", "person", "register"];
        names.extend(kinds.iter().map(|kind| kind.name()));
        self.of(&names, None)
    }

    /// For what is said of a person, before there is an account.
    pub(super) fn person(&self) -> Arc<Environment> {
        self.of(&["as_of", "person", "register"], None)
    }

    /// For which existing account is this person's.
    pub(super) fn adoption(&self, account: usize) -> Arc<Environment> {
        self.of(&["person", "primary", "current"], Some(account))
    }

    /// For what stands where an account lives.
    pub(super) fn account(&self, account: usize) -> Arc<Environment> {
        self.of(
            &["as_of", "person", "alias", "register", "primary", "account"],
            Some(account),
        )
    }

    /// For what is said of each affiliation of an account's holder.
    pub(super) fn each(
        &self,
        account: Option<usize>,
        kind: Option<AffiliationKind>,
    ) -> Arc<Environment> {
        let mut names: Vec<&str> = alloc::vec!["as_of", "person", "alias", "register", "account"];
        if account.is_some() {
            names.push("primary");
        }
        names.extend(kind.map(AffiliationKind::name));
        self.of(&names, account)
    }

    fn of(&self, names: &[&str], account: Option<usize>) -> Arc<Environment> {
        // Tables are the same for everybody.
        let is_read = |name: &str| names.contains(&name) || name == "table";
        let bits = NAMES
            .iter()
            .rev()
            .fold(0_u16, |bits, name| (bits << 1) | u16::from(is_read(name)));
        let primary = account.and_then(|account| self.primary.get(account));
        let build = || {
            let mut environment = Environment::new();
            for (name, ty) in NAMES.iter().zip(&self.types) {
                if !is_read(name) {
                    environment.elsewhere(name);
                    continue;
                }
                let ty = match primary {
                    Some(record) if *name == "primary" => Type::Record(*record),
                    _ => ty.clone(),
                };
                environment.variable(name, ty, Class::Open);
            }
            Arc::new(environment)
        };
        let mut made = self.made.borrow_mut();
        Arc::clone(made.entry((bits, primary.copied())).or_insert_with(build))
    }
}
