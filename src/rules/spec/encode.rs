//! Encoding: from the plain data of rules to JSON, in the shortest form that decodes to the same.
//!
//! What says nothing is left out: defaults, empty lists, absent keys. The law `decode(encode(spec)) == spec`, places aside, is
//! held by a test.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde_json::Map;
use serde_json::Value;

use super::account::AccountSpec;
use super::account::AttributeSpec;
use super::account::ContainerSpec;
use super::account::NameSpec;
use super::account::Numbering;
use super::account::Others;
use super::account::Ownership;
use super::account::ProtectedNameSpec;
use super::account::ProtectedSpec;
use super::lint::LintSpec;
use super::output::ClassListSpec;
use super::output::ExclusiveSpec;
use super::output::GroupMembership;
use super::output::GroupSpec;
use super::output::GuardEffect;
use super::output::GuardSpec;
use super::output::LicenceSpec;
use super::output::MEMBERSHIP;
use super::output::MailboxKind;
use super::output::MailboxSpec;
use super::output::NoticeSpec;
use super::output::SeasonSpec;
use super::output::WindowSpec;
use super::output::WindowWord;
use super::ruleset::FieldClass;
use super::ruleset::FieldSpec;
use super::ruleset::FieldType;
use super::ruleset::OutputKind;
use super::ruleset::RegisterSpec;
use super::ruleset::RulesetSpec;
use super::source::Ends;
use super::source::Ids;
use super::source::SourceSpec;
use super::value::Expression;
use super::value::Named;
use super::value::OwnPolicy;
use super::value::Policy;
use super::value::Replacing;
use super::value::ReplacingByFlag;
use super::value::Scalar;
use super::value::Timed;
use super::word::Word;

impl RulesetSpec {
    /// The rules as JSON, without places.
    pub fn to_json(&self) -> Value {
        let protection = Object::default()
            .table("marking", policies(&self.protection.marking))
            .table("registration", policies(&self.protection.registration))
            .opt("replace", replacing(self.protection.replace))
            .opt("replace_most", self.protection.replace_most);
        let mut accounts = Object::default();
        for (name, value) in &self.accounts {
            accounts = accounts.put(name, account(name, value));
        }
        Object::default()
            .put("language", self.language)
            .put("name", self.name.as_str())
            .map("table", &self.tables, |table| {
                map(&table.rows, |row| {
                    map(&row.columns, |cell| match &cell.value {
                        Scalar::Text(text) => Value::from(text.as_str()),
                        Scalar::Int(value) => Value::from(*value),
                        Scalar::Bool(value) => Value::from(*value),
                    })
                })
            })
            .map("field", &self.fields, |fields| map(fields, field))
            .table("protection", protection)
            .map("source", &self.sources, source)
            .map("merge", &self.merge, |merge| match merge.max_age {
                None => names(&merge.sources),
                max_age => Object::default()
                    .names("sources", &merge.sources)
                    .shown("max_age", max_age)
                    .done(),
            })
            .table("register", register(&self.register))
            .table("account", accounts)
            .map("namespace", &self.namespaces, |namespace| {
                Object::default()
                    .names("holds", &namespace.holds)
                    .names("reserved", &namespace.reserved)
                    .names("unwanted", &namespace.unwanted)
                    .done()
            })
            .map("group", &self.groups, group)
            .map("licence", &self.licences, licence)
            .map("mailbox", &self.mailboxes, mailbox)
            .map("class_list", &self.class_lists, class_list)
            .map("notice", &self.notices, notice)
            .map("guard", &self.guards, guard)
            .table("lint", lint(&self.lint))
            .done()
    }
}

/// An object that leaves out what says nothing.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn put(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(String::from(key), value.into());
        self
    }

    fn opt(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    fn expression(self, key: &str, value: Option<&Expression>) -> Self {
        self.opt(key, value.map(|value| value.text.as_str()))
    }

    fn expressions(self, key: &str, values: &[Expression]) -> Self {
        let texts = values.iter().map(|value| value.text.as_str());
        self.list(key, texts.map(Value::from).collect())
    }

    fn names(self, key: &str, values: &[Named]) -> Self {
        match names(values) {
            Value::Array(values) => self.list(key, values),
            _ => self,
        }
    }

    /// A list, unless it is empty.
    fn list(self, key: &str, values: Vec<Value>) -> Self {
        if values.is_empty() {
            return self;
        }
        self.put(key, values)
    }

    /// A text, where there is a value.
    fn shown(self, key: &str, value: Option<impl ToString>) -> Self {
        self.opt(key, value.map(|value| value.to_string()))
    }

    /// A word, unless it is the one that holds where nothing is said.
    fn word<W: Word>(self, key: &str, word: W, default: W) -> Self {
        if word == default {
            return self;
        }
        self.put(key, word.word())
    }

    /// `true`, or nothing.
    fn flag(self, key: &str, value: bool) -> Self {
        if value { self.put(key, true) } else { self }
    }

    /// The table of a map, unless it is empty.
    fn map<T>(self, key: &str, values: &BTreeMap<String, T>, one: impl Fn(&T) -> Value) -> Self {
        if values.is_empty() {
            return self;
        }
        self.put(key, map(values, one))
    }

    /// A table, unless it is empty.
    fn table(self, key: &str, table: Self) -> Self {
        if table.0.is_empty() {
            return self;
        }
        self.put(key, table.done())
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn map<T>(values: &BTreeMap<String, T>, one: impl Fn(&T) -> Value) -> Value {
    let fields = values.iter().map(|(key, value)| (key.clone(), one(value)));
    Value::Object(fields.collect())
}

fn names(values: &[Named]) -> Value {
    let texts = values.iter().map(|value| Value::from(value.text.as_str()));
    Value::Array(texts.collect())
}

fn text(value: &Expression) -> Value {
    Value::from(value.text.as_str())
}

fn timed(value: &Timed) -> Value {
    let Some(by) = &value.by else {
        return Value::from(value.default.to_string());
    };
    let mut object = Object::default();
    for (key, days) in &value.values {
        object = object.put(key, days.to_string());
    }
    object
        .put("by", by.text.as_str())
        .put("default", value.default.to_string())
        .done()
}

fn policy(value: &Policy) -> Value {
    if value.because.is_none() && value.review.is_none() && value.officer.is_none() {
        return Value::from(value.kind.word());
    }
    Object::default()
        .put("policy", value.kind.word())
        .opt("because", value.because.as_deref())
        .shown("review", value.review)
        .expression("officer", value.officer.as_ref())
        .done()
}

fn own_policy(value: &OwnPolicy) -> Value {
    match (&value.marking, &value.registration) {
        (Some(marking), Some(registration)) if marking == registration => policy(marking),
        (marking, registration) => Object::default()
            .opt("marking", marking.as_ref().map(policy))
            .opt("registration", registration.as_ref().map(policy))
            .done(),
    }
}

fn replacing(value: ReplacingByFlag) -> Option<Value> {
    let word = |word: Replacing| Value::from(word.word());
    match (value.marking, value.registration) {
        (None, None) => None,
        (Some(marking), Some(registration)) if marking == registration => Some(word(marking)),
        (marking, registration) => Some(
            Object::default()
                .opt("marking", marking.map(word))
                .opt("registration", registration.map(word))
                .done(),
        ),
    }
}

fn policies(values: &BTreeMap<OutputKind, Policy>) -> Object {
    let mut object = Object::default();
    for (kind, value) in values {
        object = object.put(kind.word(), policy(value));
    }
    object
}

fn field(value: &FieldSpec) -> Value {
    let object = match &value.holds {
        FieldType::Plain(plain) => Object::default().put("type", plain.word()),
        FieldType::Row(table) => Object::default().put("table", table.text.as_str()),
    };
    object
        .word("class", value.class, FieldClass::Personal)
        .done()
}

fn source(value: &SourceSpec) -> Value {
    let require = value.require.as_ref().map(|require| {
        Object::default()
            .shown("max_age", require.max_age)
            .shown("min_share_of_last", require.min_share_of_last)
            .done()
    });
    let absent = value.absent.as_ref().map(|absent| {
        Object::default()
            .put("hold", absent.hold.to_string())
            .put("then", absent.then.word())
            .done()
    });
    Object::default()
        .word("ids", value.ids, Ids::Stable)
        .word("ends", value.ends, Ends::Inclusive)
        .flag("override", value.overrides)
        .names("gives", &value.gives)
        .opt("require", require)
        .opt("absent", absent)
        .opt("municipality", value.municipality.as_deref())
        .map("map", &value.map, |mapping| map(&mapping.fields, text))
        .done()
}

fn register(value: &RegisterSpec) -> Object {
    Object::default()
        .shown("max_age", value.max_age)
        .map("cause", &value.causes, |cause| match cause.effect {
            Some(effect) if cause.populations.is_empty() => Value::from(effect.word()),
            effect => {
                let usually = Object::default().opt("default", effect.map(Word::word));
                let populations = cause.populations.iter();
                populations
                    .fold(usually, |table, (name, effect)| {
                        table.put(name, effect.word())
                    })
                    .done()
            }
        })
}

fn lint(value: &LintSpec) -> Object {
    let allow = value.allow.iter().map(|allowed| {
        Object::default()
            .put("code", allowed.code.text.as_str())
            .put("at", allowed.at.as_str())
            .put("because", allowed.because.as_str())
            .done()
    });
    Object::default().list("allow", allow.collect())
}

fn account(name: &str, value: &AccountSpec) -> Value {
    let require = value.require.as_ref().map(|require| {
        Object::default()
            .put("at", require.at.word())
            .put("that", require.that.text.as_str())
            .done()
    });
    let primary = value.primary.iter().map(|key| {
        Object::default()
            .put("by", key.by.text.as_str())
            .flag("descending", key.descending)
            .done()
    });
    let disabled = value.disabled.as_ref().map(|disabled| {
        Object::default()
            .expression("container", disabled.container.as_ref())
            .flag("hide", disabled.hide)
            .done()
    });
    let population = Some(value.population.text.as_str()).filter(|population| *population != name);
    Object::default()
        .opt("population", population)
        .map("covers", &value.covers, text)
        .map("slot", &value.slot, text)
        .opt("lead", value.lead.as_ref().map(timed))
        .opt("grace", value.grace.as_ref().map(timed))
        .opt("bridge", value.bridge.as_ref().map(timed))
        .opt("retain", value.retain.as_ref().map(timed))
        .opt("min_disabled", value.min_disabled.as_ref().map(timed))
        .opt("require", require)
        .list("primary", primary.collect())
        .shown("settle", value.settle)
        .opt("container", value.container.as_ref().map(container))
        .expressions("adopt", &value.adopt)
        .names("was", &value.was)
        .expression("hide", value.hide.as_ref())
        .opt("disabled", disabled)
        .map("name", &value.names, unique_name)
        .map("set", &value.set, attribute)
        .opt("protected", value.protected.as_ref().map(protected))
        .done()
}

fn numbering(value: Numbering) -> Value {
    Object::default()
        .put("from", value.from)
        .put("width", value.width)
        .done()
}

fn unique_name(value: &NameSpec) -> Value {
    let follow = value.follow.iter().map(|reason| reason.word());
    Object::default()
        .expressions("local", &value.local)
        .opt("number", value.number.map(numbering))
        .expression("domain", value.domain.as_ref())
        .names("unique", &value.unique)
        .opt("longest", value.longest)
        .shown("reserve", value.reserve)
        .list("follow", follow.map(Value::from).collect())
        .opt("alias", value.alias.as_ref().map(timed))
        .shown("wait", value.wait)
        .opt("protected", value.protected.as_ref().map(own_policy))
        .done()
}

fn container(value: &ContainerSpec) -> Value {
    if value.protected.is_none() {
        return text(&value.value);
    }
    Object::default()
        .put("value", value.value.text.as_str())
        .opt("protected", value.protected.as_ref().map(own_policy))
        .done()
}

fn attribute(value: &AttributeSpec) -> Value {
    let written = if value.otherwise.is_empty() {
        text(&value.value)
    } else {
        let all = core::iter::once(&value.value).chain(&value.otherwise);
        Value::Array(all.map(text).collect())
    };
    if value.own == Ownership::Always && value.protected.is_none() {
        return written;
    }
    Object::default()
        .put("value", written)
        .word("own", value.own, Ownership::Always)
        .opt("protected", value.protected.as_ref().map(own_policy))
        .done()
}

fn protected(value: &ProtectedSpec) -> Value {
    Object::default()
        .opt("policy", value.policy.as_ref().map(own_policy))
        .opt("replace", value.replace.and_then(replacing))
        .expression("container", value.container.as_ref())
        .word("others", value.others, Others::Clear)
        .map("name", &value.names, protected_name)
        .map("set", &value.set, text)
        .done()
}

fn protected_name(value: &ProtectedNameSpec) -> Value {
    Object::default()
        .expressions("local", &value.local)
        .expression("domain", value.domain.as_ref())
        .opt("number", value.number.map(numbering))
        .done()
}

fn group(value: &GroupSpec) -> Value {
    Object::default()
        .opt("account", named(value.account.as_ref()))
        .opt("each", named(value.each.as_ref()))
        .expression("key", value.key.as_ref())
        .expression("when", value.when.as_ref())
        .expression("name", value.name.as_ref())
        .expression("container", value.container.as_ref())
        .names("minus", &value.minus)
        .names("union", &value.union)
        .names("intersect", &value.intersect)
        .names("nested", &value.nested)
        .opt("window", window(&value.window))
        .word("membership", value.membership, GroupMembership::Exact)
        .flag("hidden", value.hidden)
        .expression("description", value.description.as_ref())
        .expressions("owner", &value.owner)
        .opt("protected", value.protected.as_ref().map(own_policy))
        .shown("keep_empty", value.keep_empty)
        .done()
}

fn named(value: Option<&Named>) -> Option<&str> {
    value.map(|value| value.text.as_str())
}

fn window(value: &WindowSpec) -> Option<Value> {
    match value {
        WindowSpec::Word(WindowWord::Active) => None,
        WindowSpec::Word(word) => Some(Value::from(word.word())),
        WindowSpec::Own(days) => Some(
            Object::default()
                .opt("lead", days.lead.as_ref().map(timed))
                .opt("grace", days.grace.as_ref().map(timed))
                .done(),
        ),
    }
}

fn exclusive(value: &ExclusiveSpec) -> Value {
    Object::default()
        .put("set", value.set.text.as_str())
        .put("over", value.over.word())
        .put("priority", value.priority)
        .done()
}

fn licence(value: &LicenceSpec) -> Value {
    Object::default()
        .put("account", value.account.text.as_str())
        .put("sku", value.sku.as_str())
        .expression("when", value.when.as_ref())
        .opt("each", named(value.each.as_ref()))
        .opt("exclusive", value.exclusive.as_ref().map(exclusive))
        .opt("seats", value.seats)
        .names("needs", &value.needs)
        .names("without", &value.without)
        .opt("through", named(value.through.as_ref()))
        .opt("window", window(&value.window))
        .opt("protected", value.protected.as_ref().map(own_policy))
        .done()
}

fn mailbox(value: &MailboxSpec) -> Value {
    Object::default()
        .put("account", value.account.text.as_str())
        .expression("when", value.when.as_ref())
        .word("kind", value.kind, MailboxKind::Remote)
        .opt("protected", value.protected.as_ref().map(own_policy))
        .done()
}

fn class_list(value: &ClassListSpec) -> Value {
    let each = Some(value.each.text.as_str()).filter(|each| *each != MEMBERSHIP);
    Object::default()
        .put("account", value.account.text.as_str())
        .opt("each", each)
        .expression("when", value.when.as_ref())
        .map("show", &value.show, text)
        .opt("window", window(&value.window))
        .opt("protected", value.protected.as_ref().map(own_policy))
        .done()
}

fn notice(value: &NoticeSpec) -> Value {
    let needs = value.needs.iter().map(|need| Value::from(need.as_str()));
    Object::default()
        .put("on", value.on.word())
        .put("account", value.account.text.as_str())
        .opt("each", named(value.each.as_ref()))
        .expression("when", value.when.as_ref())
        .shown("ahead", value.ahead)
        .shown("since", value.since)
        .flag("after_death", value.after_death)
        .expressions("to", &value.to)
        .map("fields", &value.fields, text)
        .list("needs", needs.collect())
        .opt("protected", value.protected.as_ref().map(own_policy))
        .done()
}

fn guard(value: &GuardSpec) -> Value {
    let season = value.season.as_ref().map(|season: &SeasonSpec| {
        Object::default()
            .put("from", season.from.to_string())
            .put("to", season.to.to_string())
            .opt("most", season.most)
            .shown("share", season.share)
            .done()
    });
    Object::default()
        .opt("most", value.most)
        .shown("share", value.share)
        .put("min_base", value.min_base)
        .shown("per", value.per)
        .word("effect", value.effect, GuardEffect::Slice)
        .opt("season", season)
        .done()
}
