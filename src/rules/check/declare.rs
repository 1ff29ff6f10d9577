//! Declarations: tables, customer fields, and the outputs of accounts, as types of the expression language.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::codes;
use crate::base::Path;
use crate::base::Place;
use crate::base::Text;
use crate::diagnostic::Problem;
use crate::diagnostic::suggest;
use crate::language::Class;
use crate::language::FieldDeclaration;
use crate::language::MapKey;
use crate::language::RecordRef;
use crate::language::RecordTypeId;
use crate::language::Type;
use crate::language::Value;
use crate::model::AffiliationKind;
use crate::model::CellKind;
use crate::model::CustomerField;
use crate::model::ModelSchema;
use crate::model::RecordKind;
use crate::model::TableDeclaration;
use crate::rules::compiled::NEXT;
use crate::rules::compiled::Table;
use crate::rules::functions::Functions;
use crate::rules::host::HostFunction;
use crate::rules::spec::AccountSpec;
use crate::rules::spec::FieldClass;
use crate::rules::spec::FieldType;
use crate::rules::spec::RulesetSpec;
use crate::rules::spec::Scalar;
use crate::rules::spec::TableSpec;
use crate::rules::spec::ValueType;

/// All that expressions may name.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) schema: ModelSchema,
    pub(super) functions: Functions,
    pub(super) tables: BTreeMap<Text, Table>,
    /// The record type of `table`: one field for each table, its rows by key.
    pub(super) tables_record: RecordTypeId,
    pub(super) source_record: RecordTypeId,
    pub(super) current_record: RecordTypeId,
    pub(super) accounts_record: RecordTypeId,
    /// The record type of `account.<rule>`, in the order of the rules.
    pub(super) account_records: Vec<RecordTypeId>,
    /// The record type of `primary` of each account rule: that of its one kind of affiliation, or one of the fields that all
    /// its kinds share.
    pub(super) primary_records: Vec<RecordTypeId>,
}

/// Declares everything that the rules bring with them.
pub(super) fn declare(spec: &RulesetSpec, host: &[HostFunction]) -> (Declared, Vec<Problem>) {
    let mut problems = Vec::new();
    let columns: Vec<(Text, BTreeMap<Text, Type>)> = spec
        .tables
        .iter()
        .map(|(name, table)| {
            (
                Text::from(name.as_str()),
                column_types(name, table, &mut problems),
            )
        })
        .collect();
    let declarations: Vec<TableDeclaration> = columns
        .iter()
        .map(|(name, columns)| TableDeclaration {
            name: name.clone(),
            columns: columns
                .iter()
                .map(|(name, ty)| (name.clone(), ty.clone()))
                .collect(),
        })
        .collect();
    let customer = customer_fields(spec, &mut problems);
    let mut schema = ModelSchema::new(&customer, &declarations);
    let functions = Functions::declare(&mut schema, host);
    let tables: BTreeMap<Text, Table> = columns
        .iter()
        .filter_map(|(name, columns)| {
            let record = schema.table(name)?;
            Some((
                name.clone(),
                rows(record, spec.tables.get(&**name)?, columns),
            ))
        })
        .collect();
    let tables_record = tables_record(&mut schema, &tables);
    let source_record = schema.language.record_with_open_columns("record");
    let current_record = schema.language.record_with_open_columns("current");
    let accounts_record = schema.language.record("accounts");
    let mut account_records = Vec::new();
    for (name, account) in &spec.accounts {
        let record = schema.language.record(&alloc::format!("account.{name}"));
        account_records.push(record);
        schema.language.field(
            accounts_record,
            FieldDeclaration::new(name, Type::Record(record), Class::Open).optional(),
        );
        let waiting = account.names.iter().filter(|(_, name)| name.wait.is_some());
        let next = waiting.map(|(name, _)| alloc::format!("{NEXT}{name}"));
        let own = account.names.keys().chain(account.set.keys()).cloned();
        for output in own.chain(next) {
            schema.language.field(
                record,
                FieldDeclaration::new(&output, Type::Text, Class::Open).optional(),
            );
        }
    }
    if let Some(other) = schema.record_id(RecordKind::Other) {
        schema.language.field(
            other,
            FieldDeclaration::new("account", Type::Record(accounts_record), Class::Open),
        );
    }
    let primary_records = spec
        .accounts
        .iter()
        .map(|(name, account)| primary_record(&mut schema, name, &kinds_meant(account)))
        .collect();
    (
        Declared {
            schema,
            functions,
            tables,
            tables_record,
            source_record,
            current_record,
            accounts_record,
            account_records,
            primary_records,
        },
        problems,
    )
}

/// The kinds of affiliation that an account covers, or is meant to where one is misspelt: a mistake must not make others of
/// what reads them.
pub(super) fn kinds_meant(spec: &AccountSpec) -> Vec<AffiliationKind> {
    let names = || AffiliationKind::ALL.iter().map(|kind| kind.name());
    let mut kinds: Vec<AffiliationKind> = spec
        .covers
        .keys()
        .filter_map(|kind| {
            AffiliationKind::from_name(kind)
                .or_else(|| AffiliationKind::from_name(suggest(kind, names())?))
        })
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn primary_record(
    schema: &mut ModelSchema,
    account: &str,
    covers: &[AffiliationKind],
) -> RecordTypeId {
    let kinds: Vec<RecordTypeId> = covers
        .iter()
        .filter_map(|kind| schema.record_id(kind.record()))
        .collect();
    match kinds.as_slice() {
        [one] => *one,
        [first, others @ ..] => {
            let shared: Vec<FieldDeclaration> = schema
                .language
                .fields(*first)
                .iter()
                .filter(|field| {
                    others.iter().all(|other| {
                        schema
                            .language
                            .fields(*other)
                            .iter()
                            .any(|theirs| theirs.name == field.name && theirs.ty == field.ty)
                    })
                })
                .cloned()
                .collect();
            let record = schema.language.record(&alloc::format!("primary.{account}"));
            for mut field in shared {
                for other in others {
                    for theirs in schema.language.fields(*other) {
                        if theirs.name == field.name {
                            field.class = field.class.join(theirs.class);
                        }
                    }
                }
                schema.language.field(record, field);
            }
            record
        }
        [] => schema.language.record(&alloc::format!("primary.{account}")),
    }
}

/// The type of each column: that of its values, which must agree.
fn column_types(
    name: &str,
    table: &TableSpec,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Text, Type> {
    let mut types: BTreeMap<Text, Type> = BTreeMap::new();
    let mut first: BTreeMap<&str, &Path> = BTreeMap::new();
    for row in table.rows.values() {
        for (column, cell) in &row.columns {
            let ty = match cell.value {
                Scalar::Text(_) => Type::Text,
                Scalar::Int(_) => Type::Int,
                Scalar::Bool(_) => Type::Bool,
            };
            let known = types
                .entry(Text::from(column.as_str()))
                .or_insert_with(|| ty.clone());
            let first = *first.entry(column).or_insert(&cell.place);
            if *known != ty {
                let message =
                    alloc::format!("column `{column}` of table `{name}` holds values of two types");
                problems.push(
                    Problem::new(&codes::MIXED_COLUMN, cell.place.clone(), message)
                        .label(first.clone(), "also written here, as another type")
                        .help("write all of them as texts in quotes, all as numbers, or all as truth values"),
                );
            }
            if column == "key" {
                let place = Place::of_key(cell.place.clone());
                let message = "`key` is the name of a row's own key and cannot be a column";
                problems.push(
                    Problem::new(&codes::MIXED_COLUMN, place, message)
                        .help("give the column another name"),
                );
            }
        }
    }
    types
}

fn rows(record: RecordTypeId, table: &TableSpec, columns: &BTreeMap<Text, Type>) -> Table {
    let mut numbers = BTreeMap::new();
    let mut values = Vec::new();
    for (number, (key, row)) in table.rows.iter().enumerate() {
        let key = Text::from(key.as_str());
        numbers.insert(key.clone(), u32::try_from(number).unwrap_or(u32::MAX));
        let cells = columns.keys().map(|column| {
            row.columns.get(&**column).map(|cell| match &cell.value {
                Scalar::Text(text) => Value::Text(Text::from(text.as_str())),
                Scalar::Int(int) => Value::Int(*int),
                Scalar::Bool(flag) => Value::Bool(*flag),
            })
        });
        values.push(
            core::iter::once(Some(Value::Text(key)))
                .chain(cells)
                .collect(),
        );
    }
    Table {
        record,
        rows: numbers,
        values,
    }
}

/// Declares the type of `table`. Its fields are maps from the key to the row, and are known when an expression is compiled.
fn tables_record(schema: &mut ModelSchema, tables: &BTreeMap<Text, Table>) -> RecordTypeId {
    let record = schema.language.record("table");
    for (name, table) in tables {
        let ty = Type::map(Type::Text, Type::Record(table.record));
        let field =
            FieldDeclaration::new(name, ty, Class::Open).doc("the rows of the table by key");
        let slot = schema.language.field(record, field);
        let rows = table.rows.iter().map(|(key, row)| {
            let row = RecordRef {
                kind: table.record,
                row: *row,
            };
            (MapKey::Text(key.clone()), Value::Record(row))
        });
        let rows = Value::Map(Arc::new(rows.collect()));
        schema.language.fix(record, slot, rows);
    }
    record
}

fn customer_fields(spec: &RulesetSpec, problems: &mut Vec<Problem>) -> Vec<CustomerField> {
    let mut fields = Vec::new();
    for (record, own) in &spec.fields {
        let Some(kind) = RecordKind::from_name(record)
            .filter(|kind| !matches!(kind, RecordKind::Other | RecordKind::Number))
        else {
            let known = RecordKind::ALL.iter().map(|kind| kind.name());
            if !own.is_empty() {
                let path = Path::root().key("field").key(record);
                problems.push(super::unknown_key("record", record, &path, known));
            }
            continue;
        };
        for (name, field) in own {
            let class = match field.class {
                FieldClass::Open => Class::Open,
                FieldClass::Place => Class::Place,
                FieldClass::Personal => Class::Personal,
            };
            let (cell, table) = match &field.holds {
                FieldType::Plain(ValueType::Text) if class == Class::Personal => {
                    (CellKind::Personal, None)
                }
                FieldType::Plain(ValueType::Text) => (CellKind::Open, None),
                FieldType::Plain(ValueType::Int) => (CellKind::Count, None),
                FieldType::Plain(ValueType::Bool) => (CellKind::Flag, None),
                FieldType::Plain(ValueType::Date) => (CellKind::Date, None),
                FieldType::Row(table) => {
                    if !spec.tables.contains_key(&table.text) {
                        problems.push(super::unknown(
                            "table",
                            table,
                            spec.tables.keys().map(String::as_str),
                        ));
                    }
                    (CellKind::Open, Some(Text::from(table.text.as_str())))
                }
            };
            fields.push(CustomerField {
                record: kind,
                name: Text::from(name.as_str()),
                cell,
                class,
                table,
            });
        }
    }
    fields
}
