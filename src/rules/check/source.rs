//! Sources: maps from records to facts, and whose word counts.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Checker;
use super::codes;
use super::unknown;
use super::unknown_key;
use crate::diagnostic::Problem;
use crate::language::Class;
use crate::language::Expected;
use crate::language::Program;
use crate::language::Type;
use crate::model::RecordKind;
use crate::rules::compiled::MergeRule;
use crate::rules::compiled::SourceRules;
use crate::rules::spec::AfterHold;
use crate::rules::spec::MappingSpec;
use crate::rules::spec::SourceSpec;

/// Facts that a map may give and that are not fields of the model, by kind of record.
const ENGINE_FIELDS: &[(RecordKind, &[&str])] = &[
    (
        RecordKind::Person,
        &[
            "id",
            "number",
            "number_kind",
            "confidentiality_marking",
            "protected_registration",
            "status",
            "merged_record",
            "alias_name",
            "alias_login",
            "alias_mail",
            "expires",
        ],
    ),
    (
        RecordKind::Employment,
        &[
            "id",
            "person",
            "leave_start",
            "leave_end",
            "leave_extent",
            "expires",
        ],
    ),
    (RecordKind::Duty, &["id", "person", "parent", "expires"]),
    (
        RecordKind::Enrolment,
        &["id", "person", "parent", "cancelled", "expires"],
    ),
    (
        RecordKind::Membership,
        &["id", "person", "parent", "expires"],
    ),
    (RecordKind::Unit, &["id", "replaces", "start", "end"]),
    (RecordKind::SchoolGroup, &["id"]),
    (
        RecordKind::Register,
        &[
            "id",
            "number",
            "number_kind",
            "confidentiality_marking",
            "protected_registration",
            "given_names",
            "called_name_marking",
            "middle_name",
            "surname",
            "birth_date",
            "sex",
            "deregistration_cause",
            "deregistration_date",
            "reference_numbers",
            "municipality",
            "county",
            "notification_name",
            "care_of",
            "address_1",
            "address_2",
            "postcode",
            "city",
        ],
    ),
];

/// The field of a record that holds the identity number.
const NUMBER: &str = "number";

/// Fields that the engine makes by itself.
const MADE_BY_THE_ENGINE: &[&str] = &[
    "key",
    "alias",
    "verdict",
    "verified",
    "deregistration",
    "lasting_code",
];

impl Checker<'_> {
    pub(super) fn sources(&mut self) -> BTreeMap<String, SourceRules> {
        let spec = self.spec;
        spec.sources
            .iter()
            .map(|(name, source)| (name.clone(), self.source(source)))
            .collect()
    }

    fn source(&mut self, source: &SourceSpec) -> SourceRules {
        let environment = self.environments.source();
        let mut maps = BTreeMap::new();
        let known: Vec<&str> = ENGINE_FIELDS.iter().map(|(kind, _)| kind.name()).collect();
        for kind in &source.gives {
            if !known.contains(&kind.text.as_str()) {
                let known = known.iter().copied();
                self.problems.push(unknown("kind of record", kind, known));
            }
        }
        for (kind, map) in &source.map {
            let Some(record) =
                RecordKind::from_name(kind).filter(|kind| known.contains(&kind.name()))
            else {
                self.problems.push(unknown_key(
                    "kind of record",
                    kind,
                    &map.place,
                    known.iter().copied(),
                ));
                continue;
            };
            let mut fields = Vec::new();
            for (field, expression) in &map.fields {
                let names = self.fact_fields(record);
                if !names.iter().any(|known| known == field) {
                    let problem = unknown_key(
                        "field",
                        field,
                        &expression.place,
                        names.iter().map(String::as_str),
                    );
                    self.problems.push(problem);
                    continue;
                }
                if let Some(program) = self.program(
                    expression,
                    &environment,
                    &Expected::any().or_none().or_keep(),
                ) {
                    if !matches!(
                        program.ty(),
                        Type::Text
                            | Type::Int
                            | Type::Bool
                            | Type::Date
                            | Type::List(_)
                            | Type::Never
                    ) {
                        self.wrong_result(
                            expression,
                            program.ty(),
                            "a source map cannot give",
                            "give a text, a list of text, a number, a date or a truth value",
                        );
                    }
                    fields.push((field.clone(), program));
                }
            }
            self.alias_is_made_of_nothing(map, &fields);
            maps.insert(kind.clone(), fields);
        }
        SourceRules {
            ids: source.ids,
            ends: source.ends,
            overrides: source.overrides,
            gives: source.gives.iter().map(|kind| kind.text.clone()).collect(),
            max_age: source
                .require
                .as_ref()
                .and_then(|require| require.max_age)
                .map(|days| days.0),
            min_share_of_last: source
                .require
                .as_ref()
                .and_then(|require| require.min_share_of_last)
                .map(|share| share.0),
            absent: source
                .absent
                .as_ref()
                .map_or((3, AfterHold::End), |absent| (absent.hold.0, absent.then)),
            municipality: source.municipality.clone(),
            maps,
        }
    }

    /// An alias is given by the host and never made of who somebody is: it reads no column that gives a name, a number or the like.
    fn alias_is_made_of_nothing(&mut self, map: &MappingSpec, fields: &[(String, Program)]) {
        let schema = &self.declared.schema;
        let language = &schema.language;
        let tells = |field: &str| {
            let person = schema.record_id(RecordKind::Person);
            let known = person
                .and_then(|person| language.field_at(person, language.field_named(person, field)?));
            NUMBER == field || known.is_some_and(|known| known.class >= Class::Personal)
        };
        let mut problems = Vec::new();
        for (alias, program) in fields {
            if !alias.starts_with("alias_") {
                continue;
            }
            let Some(expression) = map.fields.get(alias) else {
                continue;
            };
            for (field, other) in fields.iter().filter(|(field, _)| tells(field)) {
                let shared = program
                    .columns()
                    .find(|column| other.columns().any(|known| known == *column));
                let Some((column, other)) = shared.zip(map.fields.get(field)) else {
                    continue;
                };
                problems.push(
                    Problem::new(
                        &codes::LEAK,
                        expression.place.clone(),
                        alloc::format!("`{alias}` is made of `{column}`, which gives `{field}` as well"),
                    )
                    .label(other.place.clone(), "here")
                    .help("an alias comes from the host, or is made of the key where there is none; leave it out, or give it a column of its own"),
                );
            }
        }
        for problem in problems {
            self.problems.push(problem);
        }
    }

    /// Every field that a map of a kind may give.
    fn fact_fields(&self, kind: RecordKind) -> Vec<String> {
        let schema = &self.declared.schema;
        let mut names: Vec<String> = schema.names(kind).map(String::from).collect();
        let engine = |kind: RecordKind| {
            ENGINE_FIELDS
                .iter()
                .filter(move |(known, _)| *known == kind)
                .flat_map(|(_, names)| names.iter().copied().map(String::from))
        };
        names.extend(engine(kind));
        // The person's own fields may stand in the record of an affiliation.
        if matches!(
            kind,
            RecordKind::Employment
                | RecordKind::Duty
                | RecordKind::Enrolment
                | RecordKind::Membership
        ) {
            names.extend(schema.names(RecordKind::Person).map(String::from));
            names.extend(
                engine(RecordKind::Person)
                    .filter(|name| name != "status" && name != "merged_record"),
            );
        }
        names.retain(|name| !MADE_BY_THE_ENGINE.contains(&name.as_str()));
        names.sort();
        names.dedup();
        names
    }

    pub(super) fn merge(
        &mut self,
        sources: &BTreeMap<String, SourceRules>,
    ) -> BTreeMap<String, MergeRule> {
        let fields: Vec<String> = self.fact_fields(RecordKind::Person);
        let mut merge = BTreeMap::new();
        for (field, spec) in &self.spec.merge {
            if !fields.contains(field) {
                let problem = unknown_key(
                    "field",
                    field,
                    &spec.place,
                    fields.iter().map(String::as_str),
                );
                self.problems.push(problem);
            }
            for source in &spec.sources {
                if !sources.contains_key(&source.text) {
                    self.problems.push(unknown(
                        "source",
                        source,
                        sources.keys().map(String::as_str),
                    ));
                }
            }
            let sources = spec.sources.iter().map(|source| source.text.clone());
            let rule = MergeRule {
                sources: sources.collect(),
                max_age: spec.max_age.map(|days| days.0),
            };
            merge.insert(field.clone(), rule);
        }
        merge
    }
}
