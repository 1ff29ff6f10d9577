//! Decoding of the whole and of its declarations: tables, fields, protection, sources, merging, the register, namespaces.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Decoder;
use super::Fields;
use super::account::read_account;
use super::lint::read_lint;
use super::output::read_class_list;
use super::output::read_group;
use super::output::read_guard;
use super::output::read_licence;
use super::output::read_mailbox;
use super::output::read_notice;
use super::read_distinct;
use super::read_map;
use super::value::read_bool;
use super::value::read_cell;
use super::value::read_count;
use super::value::read_days;
use super::value::read_expression;
use super::value::read_named;
use super::value::read_notice_policy;
use super::value::read_policy;
use super::value::read_replacing;
use super::value::read_share;
use super::value::read_text;
use super::value::read_version;
use super::value::read_word;
use crate::base::Path;
use crate::rules::spec::file::node::Node;
use crate::rules::spec::file::node::Value;
use crate::rules::spec::lint::LintSpec;
use crate::rules::spec::ruleset::CauseSpec;
use crate::rules::spec::ruleset::FieldClass;
use crate::rules::spec::ruleset::FieldSpec;
use crate::rules::spec::ruleset::FieldType;
use crate::rules::spec::ruleset::MergeSpec;
use crate::rules::spec::ruleset::NamespaceSpec;
use crate::rules::spec::ruleset::OutputKind;
use crate::rules::spec::ruleset::ProtectionSpec;
use crate::rules::spec::ruleset::RegisterSpec;
use crate::rules::spec::ruleset::RowSpec;
use crate::rules::spec::ruleset::RulesetSpec;
use crate::rules::spec::ruleset::TableSpec;
use crate::rules::spec::source::AbsentSpec;
use crate::rules::spec::source::AfterHold;
use crate::rules::spec::source::Ends;
use crate::rules::spec::source::Ids;
use crate::rules::spec::source::MappingSpec;
use crate::rules::spec::source::SourceRequireSpec;
use crate::rules::spec::source::SourceSpec;
use crate::rules::spec::value::Named;
use crate::rules::spec::value::Policy;
use crate::rules::spec::word::Word;

/// The version of the rule language that is spoken here.
const LANGUAGE: i64 = 1;

pub(super) fn read_ruleset(decoder: &mut Decoder, node: &Node) -> Option<RulesetSpec> {
    let root = Path::root();
    let mut fields = Fields::open(decoder, node, &root)?;
    let language = fields.need(decoder, "language", read_language);
    let name = fields.need(decoder, "name", read_text);
    let protection = fields.get(decoder, "protection", read_protection);
    let register = fields.get(decoder, "register", read_register);
    let lint = fields.get(decoder, "lint", read_lint);
    let spec = RulesetSpec {
        language: language.unwrap_or(LANGUAGE),
        name: name.unwrap_or_default(),
        tables: fields.map(decoder, "table", read_table),
        fields: fields.map(decoder, "field", |decoder, node, path| {
            read_map(decoder, node, path, read_field)
        }),
        protection: protection.unwrap_or_else(|| ProtectionSpec {
            place: root.key("protection"),
            ..ProtectionSpec::default()
        }),
        sources: fields.map(decoder, "source", read_source),
        merge: fields.map(decoder, "merge", read_merge),
        register: register.unwrap_or_else(|| RegisterSpec {
            place: root.key("register"),
            ..RegisterSpec::default()
        }),
        accounts: fields.map(decoder, "account", read_account),
        namespaces: fields.map(decoder, "namespace", read_namespace),
        groups: fields.map(decoder, "group", read_group),
        licences: fields.map(decoder, "licence", read_licence),
        mailboxes: fields.map(decoder, "mailbox", read_mailbox),
        class_lists: fields.map(decoder, "class_list", read_class_list),
        notices: fields.map(decoder, "notice", read_notice),
        guards: fields.map(decoder, "guard", read_guard),
        lint: lint.unwrap_or_else(|| LintSpec {
            place: root.key("lint"),
            ..LintSpec::default()
        }),
    };
    fields.close(decoder);
    Some(spec)
}

fn read_language(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<i64> {
    read_version(decoder, node, path, LANGUAGE)
}

fn read_table(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<TableSpec> {
    Some(TableSpec {
        rows: read_map(decoder, node, path, |decoder, node, path| {
            Some(RowSpec {
                columns: read_map(decoder, node, path, read_cell)?,
                place: path.clone(),
            })
        })?,
        place: path.clone(),
    })
}

fn read_field(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<FieldSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    fields.either(decoder, "type", "table", true);
    let plain = fields.get(decoder, "type", read_word);
    let table = fields.get(decoder, "table", read_named);
    let class = fields.get(decoder, "class", read_word);
    fields.close(decoder);
    let holds = match (plain, table) {
        (Some(plain), None) => FieldType::Plain(plain),
        (_, Some(table)) => FieldType::Row(table),
        (None, None) => return None,
    };
    Some(FieldSpec {
        holds,
        class: class.unwrap_or(FieldClass::Personal),
        place: path.clone(),
    })
}

fn read_protection(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<ProtectionSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let marking = fields.get(decoder, "marking", read_policies);
    let registration = fields.get(decoder, "registration", read_policies);
    let replace = fields.get(decoder, "replace", read_replacing);
    let replace_most = fields.get(decoder, "replace_most", read_count);
    fields.close(decoder);
    Some(ProtectionSpec {
        marking: marking.unwrap_or_default(),
        registration: registration.unwrap_or_default(),
        replace: replace.unwrap_or_default(),
        replace_most,
        place: path.clone(),
    })
}

fn read_policies(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<BTreeMap<OutputKind, Policy>> {
    let mut fields = Fields::open(decoder, node, path)?;
    let mut policies = BTreeMap::new();
    for (key, kind) in OutputKind::ALL {
        let policy = if *kind == OutputKind::Notice {
            fields.get(decoder, key, read_notice_policy)
        } else {
            fields.get(decoder, key, read_policy)
        };
        if let Some(policy) = policy {
            policies.insert(*kind, policy);
        }
    }
    fields.close(decoder);
    Some(policies)
}

fn read_source(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<SourceSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let ids = fields.get(decoder, "ids", read_word);
    let ends = fields.get(decoder, "ends", read_word);
    let overrides = fields.get(decoder, "override", read_bool);
    let source = SourceSpec {
        ids: ids.unwrap_or(Ids::Stable),
        ends: ends.unwrap_or(Ends::Inclusive),
        overrides: overrides.unwrap_or(false),
        gives: fields.names(decoder, "gives"),
        require: fields.get(decoder, "require", read_source_require),
        absent: fields.get(decoder, "absent", read_absent),
        municipality: fields.get(decoder, "municipality", read_text),
        map: fields.map(decoder, "map", |decoder, node, path| {
            Some(MappingSpec {
                fields: read_map(decoder, node, path, read_expression)?,
                place: path.clone(),
            })
        }),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(source)
}

fn read_source_require(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<SourceRequireSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let require = SourceRequireSpec {
        max_age: fields.get(decoder, "max_age", read_days),
        min_share_of_last: fields.get(decoder, "min_share_of_last", read_share),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(require)
}

fn read_absent(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<AbsentSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let hold = fields.need(decoder, "hold", read_days);
    let then = fields.get(decoder, "then", read_word);
    fields.close(decoder);
    Some(AbsentSpec {
        hold: hold?,
        then: then.unwrap_or(AfterHold::End),
        place: path.clone(),
    })
}

/// Sources in their order; or a table with them and with how old their word may be.
fn read_merge(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<MergeSpec> {
    let mut max_age = None;
    let sources = if let Value::Table(_) = node.value {
        let mut fields = Fields::open(decoder, node, path)?;
        let sources = fields.need(decoder, "sources", read_sources);
        max_age = fields.get(decoder, "max_age", read_days);
        fields.close(decoder);
        sources?
    } else {
        read_sources(decoder, node, path)?
    };
    Some(MergeSpec {
        sources,
        max_age,
        place: path.clone(),
    })
}

fn read_sources(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Vec<Named>> {
    read_distinct(decoder, node, path, true, read_named, |name| name)
}

fn read_register(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<RegisterSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let register = RegisterSpec {
        max_age: fields.get(decoder, "max_age", read_days),
        causes: fields.map(decoder, "cause", read_cause),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(register)
}

/// One effect for everybody, or by population, with `default` for the rest.
fn read_cause(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<CauseSpec> {
    let mut populations = BTreeMap::new();
    let effect = if let Value::Text(_) = node.value {
        Some(read_word(decoder, node, path)?)
    } else {
        populations = read_map(decoder, node, path, read_word)?;
        populations.remove("default")
    };
    Some(CauseSpec {
        effect,
        populations,
        place: path.clone(),
    })
}

fn read_namespace(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<NamespaceSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let namespace = NamespaceSpec {
        holds: fields.names(decoder, "holds"),
        reserved: fields.names(decoder, "reserved"),
        unwanted: fields.names(decoder, "unwanted"),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(namespace)
}
