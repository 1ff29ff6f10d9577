//! Which names an expression may use, by where it stands. All environments number their variables alike.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;

use super::declare::Declared;
use crate::language::Class;
use crate::language::Environment;
use crate::language::Type;
use crate::language::VariableSlot;
use crate::model::AffiliationKind;
use crate::model::RecordKind;
use crate::rules::compiled::Slots;
use crate::rules::spec::RulesetSpec;

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

/// Makes environments.
#[derive(Debug)]
pub(super) struct Environments {
    pub(super) slots: Slots,
    types: Vec<Type>,
    /// The type of `primary`, by account rule.
    primary: Vec<Type>,
    /// Those for each affiliation of an account's holder that were made: many rules have the same.
    each: RefCell<BTreeMap<Each, Arc<Environment>>>,
}

/// Whose affiliations are spoken of: of which account's holders, and of which kind.
type Each = (Option<usize>, Option<AffiliationKind>);

impl Environments {
    pub(super) fn new(spec: &RulesetSpec, declared: &Declared) -> Self {
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
        let primary = declared
            .primary_records
            .iter()
            .take(spec.accounts.len())
            .map(|record| Type::Record(*record))
            .collect();
        Self {
            slots,
            types,
            primary,
            each: RefCell::default(),
        }
    }

    /// For the fields of a source map.
    pub(super) fn source(&self) -> Environment {
        self.of(&["record"], None)
    }

    /// For what is said of one affiliation, before there is an account.
    pub(super) fn affiliation(&self, kinds: &[AffiliationKind]) -> Environment {
        let mut names: Vec<&str> = alloc::vec!["as_of", "person", "register"];
        names.extend(kinds.iter().map(|kind| kind.name()));
        self.of(&names, None)
    }

    /// For what is said of a person, before there is an account.
    pub(super) fn person(&self) -> Environment {
        self.of(&["as_of", "person", "register"], None)
    }

    /// For which existing account is this person's.
    pub(super) fn adoption(&self, account: usize) -> Environment {
        self.of(&["person", "primary", "current"], Some(account))
    }

    /// For what stands where an account lives.
    pub(super) fn account(&self, account: usize) -> Environment {
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
        let build = || {
            let mut names: Vec<&str> =
                alloc::vec!["as_of", "person", "alias", "register", "account"];
            if account.is_some() {
                names.push("primary");
            }
            names.extend(kind.map(AffiliationKind::name));
            Arc::new(self.of(&names, account))
        };
        let mut made = self.each.borrow_mut();
        Arc::clone(made.entry((account, kind)).or_insert_with(build))
    }

    fn of(&self, names: &[&str], account: Option<usize>) -> Environment {
        let mut environment = Environment::new();
        for (name, ty) in NAMES.iter().zip(&self.types) {
            let ty = match account.and_then(|account| self.primary.get(account)) {
                Some(primary) if *name == "primary" => primary.clone(),
                _ => ty.clone(),
            };
            // tables are the same for everybody
            if names.contains(name) || *name == "table" {
                environment.variable(name, ty, Class::Open);
            } else {
                environment.elsewhere(name);
            }
        }
        environment
    }
}
