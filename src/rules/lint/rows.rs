//! Rows that are never used, and literals that no table contains.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use super::conditions;
use super::conditions::Placed;
use super::conditions::spans;
use super::values::Values;
use crate::base::Place;
use crate::base::Text;
use crate::diagnostic::Problem;
use crate::diagnostic::suggest;
use crate::language::Condition;
use crate::language::MapKey;
use crate::language::NodeId;
use crate::language::Program;
use crate::language::RecordTypeId;
use crate::language::Subject;
use crate::language::Value;
use crate::model::AffiliationKind;
use crate::rules::compiled::AccountRule;
use crate::rules::compiled::Compiled;
use crate::rules::compiled::Span;
use crate::rules::spec::AccountSpec;
use crate::rules::spec::FieldType;
use crate::rules::spec::TableSpec;
use crate::rules::spec::Timed;

/// Looks for literals in one expression; whether there was one.
pub(super) fn literals(rules: Rules<'_>, placed: &Placed<'_>, problems: &mut Vec<Problem>) -> bool {
    if rules.compiled.tables.is_empty() {
        return false;
    }
    let program = placed.program;
    let before = problems.len();
    for node in program.nodes() {
        if let Condition::Test(test) = program.condition(node)
            && let Some(constants) = test.constants
            && !is_table(program, constants)
        {
            let constants = program.constants(constants);
            compared(rules, placed, test.subject, constants, problems);
        }
    }
    for (subject, map) in program.lookups() {
        if is_table(program, map) {
            looked_up(rules, placed, subject, map, problems);
        } else {
            let keys = program.constants(map);
            compared(rules, placed, subject, keys, problems);
        }
    }
    problems.len() > before
}

/// Whether a node is a table, with all its rows.
fn is_table(program: &Program, node: NodeId) -> bool {
    matches!(program.constant(node), Some(Value::Map(_))) && !program.is_written_out(node)
}

/// Looks at a lookup in a table by a key that is written out.
fn looked_up(
    rules: Rules<'_>,
    placed: &Placed<'_>,
    key: NodeId,
    table: NodeId,
    problems: &mut Vec<Problem>,
) {
    let program = placed.program;
    let (Some(key_value), Some(Value::Map(rows))) =
        (program.constant(key), program.constant(table))
    else {
        return;
    };
    let record = rows.values().next().and_then(Value::as_record);
    if let Some(record) = record
        && let Some(text) = key_value.as_text()
        && !key_value.key().is_some_and(|key| rows.contains_key(&key))
    {
        let known = rows.keys().filter_map(|key| key.value().as_text().cloned());
        let place = Place::inside(placed.place.clone(), program.span(key));
        problems.push(unknown(rules, record.kind, &known.collect(), text, place));
    }
}

fn compared(
    rules: Rules<'_>,
    placed: &Placed<'_>,
    subject: NodeId,
    constants: Vec<(NodeId, Value)>,
    problems: &mut Vec<Problem>,
) {
    let Some((record, known)) = column(rules, placed.program, subject) else {
        return;
    };
    for (node, value) in constants {
        if let Some(text) = value.as_text()
            && !known.contains(text)
        {
            let written = placed.program.written_in(node, &value);
            let place = Place::inside(placed.place.clone(), placed.program.span(written));
            problems.push(unknown(rules, record, &known, text, place));
        }
    }
}

fn unknown(
    rules: Rules<'_>,
    record: RecordTypeId,
    known: &BTreeSet<Text>,
    text: &str,
    place: Place,
) -> Problem {
    let table = rules.domain().table_name(record).map_or("", |name| &**name);
    let problem = Problem::new(
        &codes::UNKNOWN_LITERAL,
        place,
        format!("no row of table `{table}` has {text:?} there"),
    );
    match suggest(text, known.iter().map(|text| &**text)) {
        Some(close) => problem.did_you_mean(Some(close)),
        None => problem.help("compare with what stands in the table, or add the row"),
    }
}

/// The texts that stand in the column of a table that a node reads.
fn column(
    rules: Rules<'_>,
    program: &Program,
    node: NodeId,
) -> Option<(RecordTypeId, BTreeSet<Text>)> {
    let Subject::Path(read) = program.subject(node) else {
        return None;
    };
    let (record, _) = read.steps.last()?;
    rules.domain().table(*record)?;
    match rules.domain().of_path(&read.steps) {
        Values::Only(texts) => Some((*record, texts)),
        Values::Any | Values::Numbers(_) | Values::AllBut(_) => None,
    }
}

/// Looks at tables, and at the rows of durations that differ by a value.
pub(super) fn look(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let spec = &rules.compiled.spec;
    let used: BTreeSet<&str> = spec
        .fields
        .values()
        .flat_map(BTreeMap::values)
        .filter_map(|field| match &field.holds {
            FieldType::Row(table) => Some(table.text.as_str()),
            FieldType::Plain(_) => None,
        })
        .collect();
    for (name, table) in &spec.tables {
        if used.contains(name.as_str()) {
            continue;
        }
        if rules.reads_rows_of(name) {
            unread_rows(rules, name, table, problems);
        } else {
            problems.push(
                Problem::new(
                    &codes::UNUSED_ROW,
                    table.place.clone(),
                    format!("nothing reads table `{name}`, so none of its rows is ever used"),
                )
                .help(format!(
                    "write `table = \"{name}\"` under `[field.RECORD.NAME]`, look a row up as `table.{name}[?key]`, or take the table \
                     away"
                )),
            );
        }
    }
    for (rule, (name, spec)) in rules.compiled.accounts.iter().zip(&spec.accounts) {
        for (key, span, timed) in [
            ("lead", &rule.lead, &spec.lead),
            ("grace", &rule.grace, &spec.grace),
            ("bridge", &rule.bridge, &spec.bridge),
            ("retain", &rule.retain, &spec.retain),
            ("min_disabled", &rule.min_disabled, &spec.min_disabled),
        ] {
            if let Some(timed) = timed {
                unknown_rows(rules, span, timed, problems);
                durations(rules, rule, spec, (name, key), span, timed, problems);
            }
        }
    }
    for (rule, spec) in rules.compiled.accounts.iter().zip(spec.accounts.values()) {
        for name in &rule.names {
            let timed = spec.names.get(&*name.name);
            let timed = timed.and_then(|own| own.alias.as_ref());
            if let Some((span, timed)) = name.alias.as_ref().zip(timed) {
                unknown_rows(rules, span, timed, problems);
            }
        }
    }
    windows(rules, problems);
}

/// Rows of a table that only lookups read, each of which names its row.
fn unread_rows(rules: Rules<'_>, name: &str, table: &TableSpec, problems: &mut Vec<Problem>) {
    let Some(keys) = rules
        .compiled
        .tables
        .get(name)
        .and_then(|known| keys_of(rules, known.record))
    else {
        return;
    };
    for (row, spec) in &table.rows {
        if !keys.contains(&MapKey::Text(Text::from(row.as_str()))) {
            problems.push(
                Problem::new(
                    &codes::UNUSED_ROW,
                    Place::of_key(spec.place.clone()),
                    format!("row {row:?} of table `{name}` is never looked up"),
                )
                .help("every lookup in the table names its row; look this one up as well, or take it away"),
            );
        }
    }
}

/// The keys by which rows of a kind are looked up; none where some expression may read any row.
fn keys_of(rules: Rules<'_>, record: RecordTypeId) -> Option<BTreeSet<MapKey>> {
    let mut keys = BTreeSet::new();
    for placed in conditions::all(rules.compiled) {
        let program = placed.program;
        let lookups: BTreeMap<NodeId, NodeId> =
            program.lookups().map(|(key, table)| (table, key)).collect();
        for node in program.nodes() {
            if program
                .known(node)
                .is_some_and(|value| holds_rows(value, record))
                && !program.is_written_out(node)
            {
                let key = program.constant(*lookups.get(&node)?)?;
                keys.insert(key.key()?);
            }
        }
    }
    Some(keys)
}

/// Whether a value is a table of rows of a kind, or may be one.
fn holds_rows(value: &Value, record: RecordTypeId) -> bool {
    match value {
        Value::Map(rows) => rows
            .values()
            .next()
            .and_then(Value::as_record)
            .is_some_and(|row| row.kind == record),
        Value::Optional(Some(held)) => holds_rows(held, record),
        _ => false,
    }
}

/// Looks at the durations of windows.
fn windows(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let Compiled {
        groups,
        licences,
        class_lists,
        spec,
        ..
    } = rules.compiled;
    let windows = groups
        .iter()
        .zip(spec.groups.values())
        .map(|(rule, spec)| (&rule.window, &spec.window))
        .chain(
            licences
                .iter()
                .zip(spec.licences.values())
                .map(|(rule, spec)| (&rule.window, &spec.window)),
        )
        .chain(
            class_lists
                .iter()
                .zip(spec.class_lists.values())
                .map(|(rule, spec)| (&rule.window, &spec.window)),
        );
    for (window, spec) in windows {
        for (span, timed) in spans(window, spec) {
            unknown_rows(rules, span, timed, problems);
        }
    }
}

/// Durations by a column of a table, for what the column does not hold.
fn unknown_rows(rules: Rules<'_>, span: &Span, timed: &Timed, problems: &mut Vec<Problem>) {
    let Some(by) = &span.by else {
        return;
    };
    let Some((record, known)) = column(rules, by, by.root()) else {
        return;
    };
    for value in timed.values.keys() {
        if !known.contains(value.as_str()) {
            let place = Place::of_key(timed.place.key(value));
            problems.push(unknown(rules, record, &known, value, place));
        }
    }
}

/// Durations by a value that the value cannot have where it is asked for.
fn durations(
    rules: Rules<'_>,
    rule: &AccountRule,
    spec: &AccountSpec,
    (name, key): (&str, &str),
    span: &Span,
    timed: &Timed,
    problems: &mut Vec<Problem>,
) {
    let Some(by) = &span.by else {
        return;
    };
    let slots = &rules.compiled.slots;
    let known = column(rules, by, by.root());
    let kind = AffiliationKind::ALL
        .into_iter()
        .find(|kind| by.variables().any(|slot| slot == slots.affiliation(*kind)));
    for value in timed.values.keys() {
        let unknown = known
            .as_ref()
            .is_some_and(|(_, known)| !known.contains(value.as_str()));
        if unknown {
            continue;
        }
        let Some((kind, covers)) = kind.and_then(|kind| Some((kind, rule.covers.get(&kind)?)))
        else {
            continue;
        };
        let mut question = rules.question();
        let covered = question.condition(covers, covers.root(), None);
        let text = Value::Text(Text::from(value.as_str()));
        if let Some(equals) = question.equals(by, by.root(), &text)
            && question.never(&[covered, equals])
        {
            let mut problem = Problem::new(
                &codes::UNUSED_ROW,
                Place::of_key(timed.place.key(value)),
                format!(
                    "`{key}` of account `{name}` has a row for {value:?}, which the account never covers"
                ),
            )
            .help("take the row away, or cover it");
            if let Some(expression) = spec.covers.get(kind.name()) {
                problem = problem.label(expression.place.clone(), "this leaves it out");
            }
            problems.push(problem);
        }
    }
}
