//! What every step of resolving needs from outside: the part of the rules that is about sources, the salt and the day.
//!
//! Not the data. Keeps true: nothing here changes during a run.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::days::Field;
use super::decision::Decision;
use super::decision::FlagKind;
use crate::base::Limits;
use crate::base::Text;
use crate::identity::Deregistration;
use crate::language::Class;
use crate::language::Program;
use crate::language::RecordTypeId;
use crate::language::VariableSlot;
use crate::model::ModelSchema;
use crate::model::Protection;
use crate::model::RecordKind;
use crate::rules::CauseRule;
use crate::rules::Compiled;
use crate::rules::Functions;
use crate::rules::Included;
use crate::rules::MergeRule;
use crate::rules::SourceRules;
use crate::rules::Table;
use crate::rules::spec::AfterHold;
use crate::rules::spec::Ends;
use crate::rules::spec::Ids;

/// What stands around a run.
pub(super) struct Setting<'a> {
    pub(super) schema: &'a Arc<ModelSchema>,
    pub(super) functions: &'a Functions,
    pub(super) limits: &'a Limits,
    pub(super) tables: &'a BTreeMap<Text, Table>,
    pub(super) sources: &'a BTreeMap<String, SourceRules>,
    pub(super) merge: &'a BTreeMap<String, MergeRule>,
    pub(super) register_max_age: Option<i64>,
    pub(super) causes: &'a BTreeMap<String, CauseRule>,
    pub(super) source_record: RecordTypeId,
    pub(super) tables_record: RecordTypeId,
    pub(super) record_slot: VariableSlot,
    pub(super) table_slot: VariableSlot,
    pub(super) as_of_slot: VariableSlot,
    pub(super) salt: &'a [u8],
    pub(super) as_of: NaiveDate,
    pub(super) decisions: &'a [Decision],
    /// How many newly protected persons a run may replace.
    pub(super) most_replaced: u64,
    /// What outputs show on purpose.
    included: Included,
}

/// How many that are where the rules say nothing.
const MOST_REPLACED: u64 = 5;

/// What is agreed with a source.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    /// Whether the rules name it.
    pub(super) declared: bool,
    pub(super) overrides: bool,
    pub(super) max_age: Option<i64>,
    pub(super) min_share: Option<u32>,
    pub(super) hold: i64,
    pub(super) municipality: Option<&'a str>,
    ids: Ids,
    ends: Ends,
    after_hold: AfterHold,
    gives: Option<&'a BTreeSet<String>>,
    maps: Option<&'a BTreeMap<String, Vec<(String, Program)>>>,
}

impl<'a> Setting<'a> {
    /// The part of a rule set that is about sources.
    pub(super) fn new(
        rules: &'a Compiled,
        salt: &'a [u8],
        as_of: NaiveDate,
        decisions: &'a [Decision],
    ) -> Self {
        Self {
            schema: &rules.schema,
            functions: &rules.functions,
            limits: &rules.limits,
            tables: &rules.tables,
            sources: &rules.sources,
            merge: &rules.merge,
            register_max_age: rules.register.max_age,
            causes: &rules.register.causes,
            source_record: rules.source_record,
            tables_record: rules.tables_record,
            record_slot: rules.slots.record,
            table_slot: rules.slots.table,
            as_of_slot: rules.slots.as_of,
            salt,
            as_of,
            decisions,
            included: Included::of(rules),
            most_replaced: rules.spec.protection.replace_most.unwrap_or(MOST_REPLACED),
        }
    }

    /// What is agreed with the source of that name; for one that the rules do not name, what holds by default.
    pub(super) fn terms(&self, source: &str) -> Terms<'a> {
        self.sources
            .get(source)
            .map_or(Terms::BY_DEFAULT, |rules| Terms {
                declared: true,
                ids: rules.ids,
                ends: rules.ends,
                overrides: rules.overrides,
                max_age: rules.max_age,
                min_share: rules.min_share_of_last,
                hold: rules.absent.0,
                after_hold: rules.absent.1,
                municipality: rules.municipality.as_deref(),
                gives: Some(&rules.gives),
                maps: Some(&rules.maps),
            })
    }

    /// What the rules say of a cause of deregistration, where they say something.
    pub(super) fn cause(&self, cause: &Deregistration) -> Option<&'a CauseRule> {
        let unknown = || {
            self.causes
                .get("UNKNOWN")
                .filter(|_| matches!(cause, Deregistration::Unknown(_)))
        };
        self.causes.get(cause.code()).or_else(unknown)
    }

    /// What a field gives away; what nobody has declared counts as personal.
    pub(super) fn class(&self, kind: RecordKind, field: &str) -> Class {
        let declared = || {
            let id = self.schema.record_id(kind)?;
            let slot = self.schema.language.field_named(id, field)?;
            self.schema.language.field_at(id, slot)
        };
        declared().map_or(Class::Personal, |field| field.class)
    }

    /// Whether a field of somebody protected may show: its class is not withheld, or an output shows it on purpose.
    pub(super) fn may_show(&self, (kind, name): &Field, protection: Protection) -> bool {
        let is_flag = |flag: &FlagKind| flag.field() == name;
        let class = match kind {
            // Flags are equal for whoever must learn nothing.
            RecordKind::Person if FlagKind::ALL.iter().any(is_flag) => Class::Open,
            kind => self.class(*kind, name),
        };
        let record = self.schema.record_id(*kind);
        let field = record.and_then(|record| {
            let slot = self.schema.language.field_named(record, name)?;
            Some((record, slot))
        });
        self.included.may_show(field, class, protection)
    }
}

impl<'a> Terms<'a> {
    const BY_DEFAULT: Self = Self {
        declared: false,
        ids: Ids::Stable,
        ends: Ends::Inclusive,
        overrides: false,
        max_age: None,
        min_share: None,
        hold: 3,
        after_hold: AfterHold::End,
        municipality: None,
        gives: None,
        maps: None,
    };

    /// Whether record ids may later stand for somebody else.
    pub(super) fn reused(&self) -> bool {
        self.ids == Ids::Reused
    }

    /// Whether an end is the last day.
    pub(super) fn inclusive(&self) -> bool {
        self.ends == Ends::Inclusive
    }

    /// Whether a record that is gone ends when it was held for long enough.
    pub(super) fn ends_after_hold(&self) -> bool {
        self.after_hold == AfterHold::End
    }

    /// Whether records of a kind are taken.
    pub(super) fn gives(&self, kind: &str) -> bool {
        self.gives
            .is_none_or(|kinds| kinds.is_empty() || kinds.contains(kind))
    }

    /// The map for a kind of record; a kind without one is taken as it is.
    pub(super) fn map(&self, kind: &str) -> Option<&'a [(String, Program)]> {
        self.maps?.get(kind).map(Vec::as_slice)
    }
}
