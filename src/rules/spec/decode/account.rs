//! Decoding of accounts, their names, attributes and what they show for protected persons.

use alloc::vec::Vec;

use super::Decoder;
use super::Fields;
use super::read_filled_list;
use super::value::read_bool;
use super::value::read_days;
use super::value::read_expression;
use super::value::read_named;
use super::value::read_own_policy;
use super::value::read_replacing;
use super::value::read_size;
use super::value::read_small;
use super::value::read_timed;
use super::value::read_word;
use crate::base::Path;
use crate::base::Segment;
use crate::rules::spec::account::AccountSpec;
use crate::rules::spec::account::AttributeSpec;
use crate::rules::spec::account::ContainerSpec;
use crate::rules::spec::account::DisabledSpec;
use crate::rules::spec::account::NameSpec;
use crate::rules::spec::account::Numbering;
use crate::rules::spec::account::Others;
use crate::rules::spec::account::Ownership;
use crate::rules::spec::account::ProtectedNameSpec;
use crate::rules::spec::account::ProtectedSpec;
use crate::rules::spec::account::RequireAt;
use crate::rules::spec::account::RequirementSpec;
use crate::rules::spec::account::SortKeySpec;
use crate::rules::spec::file::node::Node;
use crate::rules::spec::file::node::Value;
use crate::rules::spec::value::Expression;
use crate::rules::spec::value::Named;

pub(super) fn read_account(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<AccountSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let population = fields.get(decoder, "population", read_named);
    let account = AccountSpec {
        population: population.unwrap_or_else(|| own_name(path)),
        covers: fields.map(decoder, "covers", read_expression),
        slot: fields.map(decoder, "slot", read_expression),
        lead: fields.get(decoder, "lead", read_timed),
        grace: fields.get(decoder, "grace", read_timed),
        bridge: fields.get(decoder, "bridge", read_timed),
        retain: fields.get(decoder, "retain", read_timed),
        min_disabled: fields.get(decoder, "min_disabled", read_timed),
        require: fields.get(decoder, "require", read_requirement),
        primary: fields.list(decoder, "primary", read_sort_key),
        settle: fields.get(decoder, "settle", read_days),
        container: fields.get(decoder, "container", read_container),
        adopt: fields.list(decoder, "adopt", read_expression),
        was: fields.names(decoder, "was"),
        hide: fields.get(decoder, "hide", read_expression),
        disabled: fields.get(decoder, "disabled", read_disabled),
        names: fields.map(decoder, "name", read_name),
        set: fields.map(decoder, "set", read_attribute),
        protected: fields.get(decoder, "protected", read_protected),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(account)
}

/// The name of the table itself, as the name of what it does not name.
fn own_name(path: &Path) -> Named {
    let text = match path.segments().last() {
        Some(Segment::Key(key)) => alloc::string::String::from(&**key),
        _ => alloc::string::String::new(),
    };
    Named {
        text,
        place: path.clone(),
    }
}

fn read_requirement(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<RequirementSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let at = fields.get(decoder, "at", read_word);
    let that = fields.need(decoder, "that", read_expression);
    fields.close(decoder);
    Some(RequirementSpec {
        at: at.unwrap_or(RequireAt::Always),
        that: that?,
        place: path.clone(),
    })
}

fn read_sort_key(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<SortKeySpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let by = fields.need(decoder, "by", read_expression);
    let descending = fields.get(decoder, "descending", read_bool);
    fields.close(decoder);
    Some(SortKeySpec {
        by: by?,
        descending: descending.unwrap_or(false),
        place: path.clone(),
    })
}

fn read_disabled(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<DisabledSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let container = fields.get(decoder, "container", read_expression);
    let hide = fields.get(decoder, "hide", read_bool);
    fields.close(decoder);
    Some(DisabledSpec {
        container,
        hide: hide.unwrap_or(false),
        place: path.clone(),
    })
}

fn read_name(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<NameSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let name = NameSpec {
        local: fields.filled_list(decoder, "local", read_expression),
        number: fields.get(decoder, "number", read_numbering),
        domain: fields.get(decoder, "domain", read_expression),
        unique: fields.names(decoder, "unique"),
        longest: fields.get(decoder, "longest", read_size),
        reserve: fields.get(decoder, "reserve", read_days),
        follow: fields.words(decoder, "follow"),
        alias: fields.get(decoder, "alias", read_timed),
        wait: fields.get(decoder, "wait", read_days),
        protected: fields.get(decoder, "protected", read_own_policy),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(name)
}

fn read_numbering(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Numbering> {
    let mut fields = Fields::open(decoder, node, path)?;
    let from = fields.get(decoder, "from", read_small);
    let width = fields.get(decoder, "width", read_size);
    fields.close(decoder);
    Some(Numbering {
        from: from.unwrap_or(1),
        width: width.unwrap_or(1),
    })
}

/// An expression, or a table with the policy beside it.
fn read_container(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<ContainerSpec> {
    if !matches!(node.value, Value::Table(_)) {
        return Some(ContainerSpec {
            value: read_expression(decoder, node, path)?,
            protected: None,
            place: path.clone(),
        });
    }
    let mut fields = Fields::open(decoder, node, path)?;
    let value = fields.need(decoder, "value", read_expression);
    let protected = fields.get(decoder, "protected", read_own_policy);
    fields.close(decoder);
    Some(ContainerSpec {
        value: value?,
        protected,
        place: path.clone(),
    })
}

/// Expressions of which the first that gives something counts.
struct Alternatives {
    first: Expression,
    rest: Vec<Expression>,
}

/// An expression, or several in order.
fn read_alternatives(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<Alternatives> {
    if matches!(node.value, Value::List(_)) {
        let mut all = read_filled_list(decoder, node, path, read_expression)?.into_iter();
        return Some(Alternatives {
            first: all.next()?,
            rest: all.collect(),
        });
    }
    decoder.takes_also(|decoder| read_filled_list(decoder, node, path, read_expression));
    Some(Alternatives {
        first: read_expression(decoder, node, path)?,
        rest: Vec::new(),
    })
}

/// An expression, several in order, or a table with the owner beside them.
fn read_attribute(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<AttributeSpec> {
    if !matches!(node.value, Value::Table(_)) {
        let Alternatives { first, rest } = read_alternatives(decoder, node, path)?;
        return Some(AttributeSpec {
            value: first,
            otherwise: rest,
            own: Ownership::Always,
            protected: None,
            place: path.clone(),
        });
    }
    let mut fields = Fields::open(decoder, node, path)?;
    let value = fields.need(decoder, "value", read_alternatives);
    let own = fields.get(decoder, "own", read_word);
    let protected = fields.get(decoder, "protected", read_own_policy);
    fields.close(decoder);
    let Alternatives { first, rest } = value?;
    Some(AttributeSpec {
        value: first,
        otherwise: rest,
        own: own.unwrap_or(Ownership::Always),
        protected,
        place: path.clone(),
    })
}

fn read_protected(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<ProtectedSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let others = fields.get(decoder, "others", read_word);
    let protected = ProtectedSpec {
        policy: fields.get(decoder, "policy", read_own_policy),
        replace: fields.get(decoder, "replace", read_replacing),
        container: fields.get(decoder, "container", read_expression),
        others: others.unwrap_or(Others::Clear),
        names: fields.map(decoder, "name", read_protected_name),
        set: fields.map(decoder, "set", read_expression),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(protected)
}

fn read_protected_name(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<ProtectedNameSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let name = ProtectedNameSpec {
        local: fields.filled_list(decoder, "local", read_expression),
        domain: fields.get(decoder, "domain", read_expression),
        number: fields.get(decoder, "number", read_numbering),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(name)
}
