//! From records to facts: by the map programs of their source, or taken as they are.
//!
//! Not what facts mean together. Keeps true: a field that cannot be had loses nothing but itself; an affiliation whose dates
//! cannot be read stands as last accepted, or is set aside when it is new, so that bad data neither gives nor takes away.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::convert;
use super::fact::Accepted;
use super::fact::Delivery;
use super::fact::DeliveryRow;
use super::fact::Fact;
use super::fact::FactKind;
use super::fact::FactRow;
use super::fact::Fields;
use super::fact::Said;
use super::fact::Standing;
use super::fact::Taken;
use super::fact::World;
use super::fact::record_subject;
use super::fact::said;
use crate::base::Column;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Meter;
use crate::base::RowKey;
use crate::base::Text;
use crate::base::shift;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::language::DataErrorKind;
use crate::language::Failure;
use crate::language::FieldSlot;
use crate::language::FunctionId;
use crate::language::Opinion;
use crate::language::Program;
use crate::language::RecordRef;
use crate::language::Scope;
use crate::language::Value;
use crate::language::VariableSlot;
use crate::model::AffiliationKind;
use crate::model::RecordKind;
use crate::resolve::codes;
use crate::resolve::days::Days;
use crate::resolve::days::Field;
use crate::resolve::facts::fact::instance_subject;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::setting::Setting;
use crate::resolve::setting::Terms;
use crate::rules::Table;

/// Maps all records, and ties them to their deliveries.
pub(in crate::resolve) fn world<'a>(
    setting: &Setting<'a>,
    mut deliveries: Column<DeliveryRow, Delivery<'a>>,
    days: &mut Days,
    notes: &mut Notes,
) -> Result<World<'a>, LimitReached> {
    let mut facts: Column<FactRow, Fact> = Column::new();
    let rows: Vec<DeliveryRow> = deliveries.keys().collect();
    for row in rows {
        let delivery = deliveries.at_mut(row);
        let mut mapper = Mapper {
            setting,
            name: delivery.name.clone(),
            terms: delivery.terms,
            frozen: delivery.frozen,
            strange: BTreeSet::new(),
            ids: BTreeSet::new(),
            days,
            notes,
        };
        for (position, record) in delivery.records.iter_mut().enumerate() {
            if let Some(fact) =
                mapper.fact(row, position, FactRow::from_row(row_of(&facts)), record)?
            {
                facts.push(fact);
                if facts.len() > setting.limits.rows {
                    return Err(rows_limit(setting));
                }
            }
        }
    }
    Ok(World { deliveries, facts })
}

/// The row that the next fact gets.
fn row_of(facts: &Column<FactRow, Fact>) -> u32 {
    u32::try_from(facts.len()).unwrap_or(u32::MAX)
}

fn rows_limit(setting: &Setting<'_>) -> LimitReached {
    LimitReached {
        limit: "rows",
        allowed: u64::try_from(setting.limits.rows).unwrap_or(u64::MAX),
    }
}

/// What a record says of a person, as fields that rules read. On which days somebody works or goes to school says an affiliation by
/// being there.
fn carried(kind: FactKind, fields: &Fields) -> Vec<Field> {
    let of = |name: &String| -> Field {
        if let Some(alias) = name.strip_prefix("alias_") {
            return (RecordKind::Alias, String::from(alias));
        }
        if name == "number" {
            return (RecordKind::Number, String::from("text"));
        }
        (RecordKind::Person, name.clone())
    };
    let mut carried: Vec<Field> = fields.keys().map(of).collect();
    if fields.contains_key("number") {
        let birth_date = String::from("birth_date");
        carried.push((RecordKind::Number, birth_date.clone()));
        carried.push((RecordKind::Person, birth_date));
    }
    if let FactKind::Affiliation(affiliation) = kind {
        carried.push((affiliation.record(), String::from("key")));
    }
    carried
}

struct Mapper<'m, 'a> {
    setting: &'m Setting<'a>,
    name: String,
    terms: Terms<'a>,
    frozen: bool,
    /// Kinds of record that have been told of.
    strange: BTreeSet<String>,
    /// Kinds and ids of the facts so far.
    ids: BTreeSet<(FactKind, String)>,
    days: &'m mut Days,
    notes: &'m mut Notes,
}

impl Mapper<'_, '_> {
    fn fact(
        &mut self,
        delivery: DeliveryRow,
        position: usize,
        row: FactRow,
        record: &mut Accepted<'_>,
    ) -> Result<Option<Fact>, LimitReached> {
        let Some(kind) = FactKind::from_name(&record.kind) else {
            if self.strange.insert(record.kind.clone()) {
                let subject = instance_subject(&self.name);
                let message = "the source instance has records of a kind that is not known";
                self.notes
                    .push(Finding::new(&codes::UNKNOWN_RECORD_KIND, subject, message));
            }
            return Ok(None);
        };
        if !self.terms.gives(&record.kind) {
            return Ok(None);
        }
        let mut mapped = self.mapped(record, &record.fields, Some(row))?;
        let mut frozen = self.frozen;
        let mut taken = Taken::Whole;
        if let FactKind::Affiliation(affiliation) = kind
            && !is_dated(affiliation, &mapped)
        {
            self.note(
                row,
                record,
                &codes::RECORD_HELD,
                "the dates of the record cannot be read",
                None,
            );
            taken = Taken::PersonOnly;
            if let Some(known) = record.last {
                let last = self.mapped(record, &known.fields, None)?;
                if is_dated(affiliation, &last) {
                    record.fields = known.fields.clone();
                    mapped = last;
                    frozen = true;
                    taken = Taken::Whole;
                }
            }
        }
        let before = match record.settled() {
            Some(settled) if kind.tells_of_person() && *settled != record.fields => {
                Some(self.mapped(record, settled, None)?.fields)
            }
            _ => None,
        };
        let fields = mapped.fields;
        let id = match said(&fields, "id") {
            Said::Value(id) => id.to_string(),
            Said::Silent | Said::Empty => record.id.clone(),
        };
        if !self.ids.insert((kind, id.clone())) {
            self.note(
                row,
                record,
                &codes::RECORD_TWICE,
                "another record of the source instance maps to the same id",
                Some("id"),
            );
            taken = Taken::Nothing;
        }
        if let FactKind::Affiliation(_) = kind
            && let Said::Value(text) = said(&fields, "cancelled")
            && convert::truth(text) == Ok(true)
        {
            // What was never seen in force never was.
            let never = || match said(&fields, "start") {
                Said::Value(start) => convert::day(start).ok().flatten(),
                Said::Silent | Said::Empty => None,
            };
            let since = match record.last {
                Some(last) => last.absent_since,
                None => never(),
            };
            let since = since.unwrap_or(self.setting.as_of);
            record.absent_since = Some(since);
            record.standing = Standing::Ended(since);
        }
        let over_on = self.expires(row, record, kind, &fields);
        let expired = over_on.is_some_and(|day| self.setting.as_of >= day);
        if let Some(day) = over_on {
            let fields = carried(kind, &fields);
            self.days.changes_on(About::Fact(row), fields, day);
        }
        Ok(Some(Fact {
            delivery,
            record: position,
            kind,
            id,
            standing: record.standing,
            frozen: frozen || record.standing == Standing::Held,
            expires: over_on,
            expired,
            taken,
            before,
            fields,
        }))
    }

    /// The day after the last on which a record of an override source holds.
    fn expires(
        &mut self,
        row: FactRow,
        record: &Accepted<'_>,
        kind: FactKind,
        fields: &Fields,
    ) -> Option<chrono::NaiveDate> {
        if !self.terms.overrides {
            return None;
        }
        let last = if let Said::Value(text) = said(fields, "expires") {
            convert::day(text).unwrap_or_else(|convert::Unreadable| {
                self.note(
                    row,
                    record,
                    &codes::UNREADABLE_VALUE,
                    "the value is not a day",
                    Some("expires"),
                );
                None
            })
        } else {
            None
        };
        if kind == FactKind::EMPLOYMENT
            && last.is_none()
            && !matches!(said(fields, "end"), Said::Value(_))
        {
            let message = "an employment of an override source has neither an end nor a day on which it expires";
            self.note(row, record, &codes::OVERRIDE_WITHOUT_END, message, None);
        }
        last.map(|last| shift(last, 1))
    }

    /// The fields of the fact that a record with these fields is, without letters that nobody can see.
    fn mapped(
        &mut self,
        record: &Accepted<'_>,
        fields: &Fields,
        row: Option<FactRow>,
    ) -> Result<Mapped, LimitReached> {
        let mut mapped = self.answers(record, fields, row)?;
        for (field, values) in &mut mapped.fields {
            let mut cleaned = false;
            for value in values {
                if let Some(seen) = convert::without_unseen(value) {
                    *value = seen;
                    cleaned = true;
                }
            }
            if cleaned && let Some(row) = row {
                let message =
                    "the value holds letters that nobody can see, and is taken without them";
                self.note(row, record, &codes::UNSEEN_LETTERS, message, Some(field));
            }
        }
        Ok(mapped)
    }

    /// What the map of the source makes of the fields of a record, or the fields themselves where there is none.
    fn answers(
        &mut self,
        record: &Accepted<'_>,
        fields: &Fields,
        row: Option<FactRow>,
    ) -> Result<Mapped, LimitReached> {
        let mut mapped = Mapped::default();
        let Some(programs) = self.terms.map(&record.kind) else {
            mapped.fields = fields.clone();
            if self.terms.overrides {
                // Who keeps facts by hand fills in what is to be said, and leaves the rest blank.
                let silent = |name: &str| said(fields, name) == Said::Empty;
                mapped.fields.retain(|name, _| !silent(name));
            }
            return Ok(mapped);
        };
        let scope = RecordScope {
            setting: self.setting,
            fields,
        };
        for (field, program) in programs {
            match self.run(program, &scope)? {
                Answer::Silent => {}
                Answer::Says(values) => {
                    mapped.fields.insert(field.clone(), values);
                }
                Answer::Failed => {
                    mapped.failed.push(field.clone());
                    if let Some(row) = row {
                        let message =
                            "the expression of the source map gives no answer for this record";
                        self.note(row, record, &codes::MAPPING_FAILED, message, Some(field));
                    }
                }
            }
        }
        Ok(mapped)
    }

    fn run(
        &mut self,
        program: &Program,
        scope: &RecordScope<'_, '_>,
    ) -> Result<Answer, LimitReached> {
        let mut meter = Meter::new("evaluation_steps", self.setting.limits.evaluation_steps);
        // No expression of a source map reads the day.
        let mut horizon = Horizon::new(self.setting.as_of);
        Ok(
            match program.evaluate(scope, &mut horizon, &mut meter, &mut ()) {
                Ok(Opinion::Keep) => Answer::Silent,
                Ok(Opinion::None) => Answer::Says(Vec::new()),
                Ok(Opinion::Value(value)) => {
                    let mut values = Vec::new();
                    match texts(&value, &mut values) {
                        Ok(())
                            if self.terms.overrides
                                && values.iter().all(|text| text.trim().is_empty()) =>
                        {
                            Answer::Silent
                        }
                        Ok(()) => Answer::Says(values),
                        Err(convert::Unreadable) => Answer::Failed,
                    }
                }
                Err(Failure::Data(error)) if error.kind == DataErrorKind::NoOpinion => {
                    Answer::Silent
                }
                Err(Failure::Data(_)) => Answer::Failed,
                Err(Failure::Limit(limit)) => return Err(limit),
            },
        )
    }

    fn note(
        &mut self,
        row: FactRow,
        record: &Accepted<'_>,
        code: &'static Code,
        message: &'static str,
        field: Option<&str>,
    ) {
        let subject = record_subject(&self.name, &record.kind, &record.id);
        let mut finding = Finding::new(code, subject, message);
        let mut class = crate::language::Class::Place;
        if let Some(field) = field {
            finding = finding.field(OpenText::vouched(field));
            class = FactKind::from_name(&record.kind)
                .map_or(crate::language::Class::Personal, |kind| {
                    self.setting.class(kind.record(), field)
                });
        }
        self.notes.about(About::Fact(row), class, finding);
    }
}

/// Whether the dates of an affiliation can be read.
fn is_dated(kind: AffiliationKind, mapped: &Mapped) -> bool {
    let fields: &[&str] = match kind {
        AffiliationKind::Enrolment => &["start", "end", "cancelled"],
        _ => &["start", "end"],
    };
    fields.iter().all(|field| {
        !mapped.failed.iter().any(|failed| failed == field)
            && match said(&mapped.fields, field) {
                Said::Value(text) if *field == "cancelled" => convert::truth(text).is_ok(),
                Said::Value(text) => convert::day(text).is_ok(),
                Said::Silent | Said::Empty => true,
            }
    })
}

#[derive(Default)]
struct Mapped {
    fields: Fields,
    /// Fields whose expression gave no answer.
    failed: Vec<String>,
}

enum Answer {
    Silent,
    Says(Vec<String>),
    Failed,
}

/// The texts of a value; an optional that holds none has none.
fn texts(value: &Value, into: &mut Vec<String>) -> Result<(), convert::Unreadable> {
    match value {
        Value::Text(text) | Value::Enum(_, text) | Value::Nominal(_, text) => {
            into.push(text.to_string());
        }
        Value::Int(number) | Value::Days(number) => into.push(number.to_string()),
        Value::Bool(truth) => into.push(truth.to_string()),
        Value::Date(day) => into.push(day.to_string()),
        Value::Optional(None) => {}
        Value::Optional(Some(inner)) => match &**inner {
            Value::Optional(_) | Value::List(_) => return Err(convert::Unreadable),
            inner => texts(inner, into)?,
        },
        Value::List(values) => {
            for value in values.iter() {
                match value {
                    Value::Optional(_) | Value::List(_) => return Err(convert::Unreadable),
                    value => texts(value, into)?,
                }
            }
        }
        Value::Double(_) | Value::Today(_) | Value::Map(_) | Value::Record(_) => {
            return Err(convert::Unreadable);
        }
    }
    Ok(())
}

/// What a map may read: the columns of one record, and tables.
struct RecordScope<'s, 'a> {
    setting: &'s Setting<'a>,
    fields: &'s Fields,
}

impl Scope for RecordScope<'_, '_> {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        if slot == self.setting.record_slot {
            Ok(Value::Record(RecordRef {
                kind: self.setting.source_record,
                row: 0,
            }))
        } else if slot == self.setting.table_slot {
            Ok(Value::Record(RecordRef {
                kind: self.setting.tables_record,
                row: 0,
            }))
        } else if slot == self.setting.as_of_slot {
            Ok(Value::Today(0))
        } else {
            Err(DataErrorKind::MissingValue)
        }
    }

    fn field(&self, record: RecordRef, slot: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        if record.kind == self.setting.tables_record {
            let language = &self.setting.schema.language;
            return Ok(language.fixed(record.kind, slot).cloned());
        }
        let table = Table::of(self.setting.tables, record.kind);
        Ok(table.and_then(|table| table.cell(record.row, slot)))
    }

    fn column(&self, _: RecordRef, name: &str) -> Option<Text> {
        let values = self.fields.get(name)?;
        Some(
            values
                .first()
                .map_or_else(|| Text::from(""), |text| Text::from(text.as_str())),
        )
    }

    fn call(
        &self,
        function: FunctionId,
        arguments: &[Value],
        _: &mut Horizon,
    ) -> Result<Value, DataErrorKind> {
        self.setting.functions.call_pure(function, arguments)
    }
}
