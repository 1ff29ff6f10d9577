//! Decoding of groups, licences, mailboxes, class lists, notices and guards.

use alloc::boxed::Box;
use alloc::string::String;

use super::Decoder;
use super::Fields;
use super::value::read_bool;
use super::value::read_count;
use super::value::read_date;
use super::value::read_days;
use super::value::read_expression;
use super::value::read_int;
use super::value::read_month_day;
use super::value::read_named;
use super::value::read_own_notice_policy;
use super::value::read_own_policy;
use super::value::read_share;
use super::value::read_text;
use super::value::read_timed;
use super::value::read_word;
use crate::base::Path;
use crate::rules::spec::file::node::Node;
use crate::rules::spec::file::node::Value;
use crate::rules::spec::messages;
use crate::rules::spec::output::ClassListSpec;
use crate::rules::spec::output::ExclusiveSpec;
use crate::rules::spec::output::GroupMembership;
use crate::rules::spec::output::GroupSpec;
use crate::rules::spec::output::GuardEffect;
use crate::rules::spec::output::GuardSpec;
use crate::rules::spec::output::LicenceSpec;
use crate::rules::spec::output::MEMBERSHIP;
use crate::rules::spec::output::MailboxKind;
use crate::rules::spec::output::MailboxSpec;
use crate::rules::spec::output::NoticeEvent;
use crate::rules::spec::output::NoticeSpec;
use crate::rules::spec::output::Over;
use crate::rules::spec::output::SeasonSpec;
use crate::rules::spec::output::WindowDays;
use crate::rules::spec::output::WindowSpec;
use crate::rules::spec::output::WindowWord;
use crate::rules::spec::value::Named;

/// The least base on which a share counts, where a guard says nothing.
const MIN_BASE: u64 = 20;

pub(super) fn read_group(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<GroupSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let membership = fields.get(decoder, "membership", read_word);
    let hidden = fields.get(decoder, "hidden", read_bool);
    let group = GroupSpec {
        account: fields.get(decoder, "account", read_named),
        each: fields.get(decoder, "each", read_named),
        key: fields.get(decoder, "key", read_expression),
        when: fields.get(decoder, "when", read_expression),
        name: fields.get(decoder, "name", read_expression),
        container: fields.get(decoder, "container", read_expression),
        minus: fields.names(decoder, "minus"),
        union: fields.names(decoder, "union"),
        intersect: fields.names(decoder, "intersect"),
        nested: fields.names(decoder, "nested"),
        window: window(decoder, &mut fields),
        membership: membership.unwrap_or(GroupMembership::Exact),
        hidden: hidden.unwrap_or(false),
        description: fields.get(decoder, "description", read_expression),
        owner: fields.list(decoder, "owner", read_expression),
        protected: fields.get(decoder, "protected", read_own_policy),
        keep_empty: fields.get(decoder, "keep_empty", read_days),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(group)
}

pub(super) fn read_licence(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<LicenceSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let account = fields.need(decoder, "account", read_named);
    let sku = fields.need(decoder, "sku", read_text);
    let when = fields.get(decoder, "when", read_expression);
    let each = fields.get(decoder, "each", read_named);
    let exclusive = fields.get(decoder, "exclusive", read_exclusive);
    let seats = fields.get(decoder, "seats", read_count);
    let needs = fields.names(decoder, "needs");
    let without = fields.names(decoder, "without");
    let through = fields.get(decoder, "through", read_named);
    let window = window(decoder, &mut fields);
    let protected = fields.get(decoder, "protected", read_own_policy);
    fields.close(decoder);
    Some(LicenceSpec {
        account: account?,
        sku: sku?,
        when,
        each,
        exclusive,
        seats,
        needs,
        without,
        through,
        window,
        protected,
        place: path.clone(),
    })
}

fn read_exclusive(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<ExclusiveSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let set = fields.need(decoder, "set", read_named);
    let over = fields.get(decoder, "over", read_word);
    let priority = fields.need(decoder, "priority", read_int);
    fields.close(decoder);
    Some(ExclusiveSpec {
        set: set?,
        over: over.unwrap_or(Over::Account),
        priority: priority?,
        place: path.clone(),
    })
}

pub(super) fn read_mailbox(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<MailboxSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let account = fields.need(decoder, "account", read_named);
    let when = fields.get(decoder, "when", read_expression);
    let kind = fields.get(decoder, "kind", read_word);
    let protected = fields.get(decoder, "protected", read_own_policy);
    fields.close(decoder);
    Some(MailboxSpec {
        account: account?,
        when,
        kind: kind.unwrap_or(MailboxKind::Remote),
        protected,
        place: path.clone(),
    })
}

pub(super) fn read_class_list(
    decoder: &mut Decoder,
    node: &Node,
    path: &Path,
) -> Option<ClassListSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let account = fields.need(decoder, "account", read_named);
    let each = fields.get(decoder, "each", read_named);
    let when = fields.get(decoder, "when", read_expression);
    let show = fields.map(decoder, "show", read_expression);
    let window = window(decoder, &mut fields);
    let protected = fields.get(decoder, "protected", read_own_policy);
    fields.close(decoder);
    Some(ClassListSpec {
        account: account?,
        each: each.unwrap_or_else(|| Named {
            text: String::from(MEMBERSHIP),
            place: path.clone(),
        }),
        when,
        show,
        window,
        protected,
        place: path.clone(),
    })
}

pub(super) fn read_notice(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<NoticeSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let on = fields.need(decoder, "on", read_word);
    let account = fields.need(decoder, "account", read_named);
    let each = fields.get(decoder, "each", read_named);
    let when = fields.get(decoder, "when", read_expression);
    let ahead = fields.get(decoder, "ahead", read_days);
    let since = fields.get(decoder, "since", read_date);
    let after_death = fields.get(decoder, "after_death", read_bool);
    let of_reasons = matches!(
        on,
        Some(NoticeEvent::ReasonAdded | NoticeEvent::ReasonRemoved)
    );
    if of_reasons && each.is_none() {
        let problem = messages::missing_key(path, "each");
        decoder.report(problem.help(
            "write the kind of affiliation that comes or goes, such as `each = \"employment\"`",
        ));
    }
    if on == Some(NoticeEvent::Ending) && ahead.is_none() {
        let problem = messages::missing_key(path, "ahead");
        decoder.report(
            problem.help("write how long before the day it goes out, such as `ahead = \"14d\"`"),
        );
    }
    let to = fields.filled_list(decoder, "to", read_expression);
    let values = fields.map(decoder, "fields", read_expression);
    let needs = fields.names(decoder, "needs");
    let protected = fields.get(decoder, "protected", read_own_notice_policy);
    fields.close(decoder);
    Some(NoticeSpec {
        on: on?,
        account: account?,
        each,
        when,
        ahead,
        since,
        after_death: after_death.unwrap_or(false),
        to,
        fields: values,
        needs: needs.into_iter().map(|name| name.text).collect(),
        protected,
        place: path.clone(),
    })
}

pub(super) fn read_guard(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<GuardSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    fields.either(decoder, "most", "share", false);
    let min_base = fields.get(decoder, "min_base", read_count);
    let effect = fields.get(decoder, "effect", read_word);
    let guard = GuardSpec {
        most: fields.get(decoder, "most", read_count),
        share: fields.get(decoder, "share", read_share),
        min_base: min_base.unwrap_or(MIN_BASE),
        per: fields.get(decoder, "per", read_days),
        effect: effect.unwrap_or(GuardEffect::Slice),
        season: fields.get(decoder, "season", read_season),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(guard)
}

fn read_season(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<SeasonSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    fields.either(decoder, "most", "share", false);
    let from = fields.need(decoder, "from", read_month_day);
    let to = fields.need(decoder, "to", read_month_day);
    let most = fields.get(decoder, "most", read_count);
    let share = fields.get(decoder, "share", read_share);
    fields.close(decoder);
    Some(SeasonSpec {
        from: from?,
        to: to?,
        most,
        share,
        place: path.clone(),
    })
}

fn window(decoder: &mut Decoder, fields: &mut Fields<'_>) -> WindowSpec {
    fields
        .get(decoder, "window", read_window)
        .unwrap_or(WindowSpec::Word(WindowWord::Active))
}

/// A word, or days of one's own.
fn read_window(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<WindowSpec> {
    if !matches!(node.value, Value::Table(_)) {
        return read_word(decoder, node, path).map(WindowSpec::Word);
    }
    let mut fields = Fields::open(decoder, node, path)?;
    let days = WindowDays {
        lead: fields.get(decoder, "lead", read_timed),
        grace: fields.get(decoder, "grace", read_timed),
    };
    fields.close(decoder);
    Some(WindowSpec::Own(Box::new(days)))
}
