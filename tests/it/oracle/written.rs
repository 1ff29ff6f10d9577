//! A town in the words that the crate reads: rules as TOML, and what its source delivers.

use std::fmt::Write;

use chrono::NaiveDate;
use chrono::TimeDelta;
use folkform::source::Promise;
use folkform::source::Record;
use folkform::source::Snapshot;
use folkform::source::SourceInstance;

use super::town::AccountRule;
use super::town::Cond;
use super::town::Days;
use super::town::Fact;
use super::town::GIVEN;
use super::town::Key;
use super::town::Kind;
use super::town::Of;
use super::town::Reasons;
use super::town::Rules;
use super::town::SCHOOL_GROUPS;
use super::town::SURNAMES;
use super::town::Town;
use super::town::UNITS;
use super::town::Window;
use super::town::words;

const HEAD: &str = r#"
language = 1
name = "a town"
[table.employer]
"1427" = { name = "Sotenäs kommun",   domain = "sotenas.se",  ou = "OU=1427,DC=sml,DC=test" }
"1430" = { name = "Munkedals kommun", domain = "munkedal.se", ou = "OU=1430,DC=sml,DC=test" }
[field.employment.employer]
table = "employer"
[protection.marking]
account = "exclude"
[protection.registration]
account = "exclude"
[source.heroma]
[namespace.login]
holds = ["account.*.login", "group.*.sam"]
reserved = ["tovber"]
[namespace.address]
holds = ["account.*.mail"]
"#;

/// Numbers that the tax agency has set apart for tests.
const NUMBERS: &[&str] = &[
    "200205162399",
    "198601112389",
    "199909122393",
    "200309182392",
    "199902102384",
];

/// How logins are made, and what of a folded given name and surname they take.
pub(super) const PATTERNS: &[(&str, usize, usize)] = &[
    (
        "fold(person.given_name).take(3) + fold(person.surname).take(3)",
        3,
        3,
    ),
    (
        "fold(person.given_name).take(1) + fold(person.surname)",
        1,
        20,
    ),
    (
        "fold(person.given_name) + fold(person.surname).take(1)",
        20,
        1,
    ),
];

/// What a condition is about: an affiliation of a kind, or the primary one of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Reason(Kind),
    Primary(Of),
    /// Of an account that covers several kinds.
    Shared,
}

impl About {
    pub(super) const fn has_word(self) -> bool {
        !matches!(self, Self::Shared)
    }

    pub(super) const fn has_extent(self) -> bool {
        matches!(
            self,
            Self::Reason(Kind::Employment | Kind::Duty) | Self::Primary(Of::Staff) | Self::Shared
        )
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Reason(kind) => kind,
            Self::Primary(Of::Pupil) => Kind::Enrolment,
            Self::Primary(Of::Staff) | Self::Shared => Kind::Employment,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Reason(kind) => name(kind),
            Self::Primary(_) | Self::Shared => "primary",
        }
    }
}

pub(super) const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Employment => "employment",
        Kind::Duty => "duty",
        Kind::Enrolment => "enrolment",
        Kind::Membership => "membership",
    }
}

pub(super) const fn account(of: Of) -> &'static str {
    match of {
        Of::Staff => "staff",
        Of::Pupil => "pupil",
    }
}

pub(super) fn date(day: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).unwrap() + TimeDelta::days(day)
}

pub(super) fn condition(cond: &Cond, about: About) -> String {
    let name = about.name();
    match cond {
        Cond::Word(_) if !about.has_word() => "true".into(),
        Cond::Extent(_) if !about.has_extent() => "true".into(),
        Cond::Always => "true".into(),
        Cond::Word(word) => match about.kind() {
            Kind::Employment => format!("{name}.form == {:?}", words(Kind::Employment)[*word]),
            Kind::Duty => format!("{name}.role == {:?}", words(Kind::Duty)[*word]),
            Kind::Enrolment => {
                format!("{name}.school_type == {:?}", words(Kind::Enrolment)[*word])
            }
            Kind::Membership => format!("{name}.group.type == {}", words(Kind::Membership)[*word]),
        },
        Cond::Extent(least) => format!("{name}.extent >= {least}"),
        Cond::Unit(unit) if about == About::Reason(Kind::Membership) => {
            format!("{name}.group.unit.code == {:?}", UNITS[*unit].0)
        }
        Cond::Unit(unit) => format!("{name}.unit.code == {:?}", UNITS[*unit].0),
        Cond::Before(day) => format!("as_of < date(\"{}\")", date(*day)),
        Cond::Within(first, last) => {
            format!(
                "as_of.within(date(\"{}\"), date(\"{}\"))",
                date(*first),
                date(*last)
            )
        }
        Cond::Begun(days) => format!("as_of >= {name}.start.add_days({days})"),
        Cond::Not(one) => format!("!({})", condition(one, about)),
        Cond::And(one, other) => {
            format!(
                "({}) && ({})",
                condition(one, about),
                condition(other, about)
            )
        }
        Cond::Or(one, other) => {
            format!(
                "({}) || ({})",
                condition(one, about),
                condition(other, about)
            )
        }
    }
}

/// A duration, or a table by the word of a kind.
fn duration(days: &Days, kind: Option<Kind>) -> String {
    match (&days.by, kind.and_then(field)) {
        (Some((word, other)), Some((kind, field))) => {
            let word = words(kind)[*word];
            format!(
                "{{ by = '{}.{field}', \"{word}\" = \"{other}d\", default = \"{}d\" }}",
                name(kind),
                days.default
            )
        }
        _ => format!("\"{}d\"", days.default),
    }
}

/// The field that holds the word of a kind.
const fn field(kind: Kind) -> Option<(Kind, &'static str)> {
    match kind {
        Kind::Employment => Some((kind, "form")),
        Kind::Duty => Some((kind, "role")),
        Kind::Enrolment => Some((kind, "school_type")),
        Kind::Membership => None,
    }
}

fn account_rule(text: &mut String, of: Of, rule: &AccountRule, managers: bool) {
    let (kind, rule_name) = match of {
        Of::Staff => (Kind::Employment, "staff"),
        Of::Pupil => (Kind::Enrolment, "pupil"),
    };
    let mixed = of == Of::Staff && rule.duties.is_some();
    let plain = of == Of::Staff && !mixed;
    let mut covers = format!(
        "{} = '{}'",
        name(kind),
        condition(&rule.covers, About::Reason(kind))
    );
    if let Some(duties) = rule.duties.as_ref().filter(|_| mixed) {
        write!(
            covers,
            ", duty = '{}'",
            condition(duties, About::Reason(Kind::Duty))
        )
        .unwrap();
    }
    let keys = rule.primary.iter().filter_map(|(key, descending)| {
        let key = match (key, of) {
            (Key::Main, Of::Staff) => "employment.main".to_owned(),
            (Key::Extent, Of::Staff) => "employment.extent".to_owned(),
            (Key::Main | Key::Extent, Of::Pupil) => return None,
            (Key::Start, _) => format!("{}.start", name(kind)),
            (Key::Unit, _) => format!("{}.unit.code", name(kind)),
        };
        Some(format!("{{ by = '{key}', descending = {descending} }}"))
    });
    let keys = keys.collect::<Vec<_>>().join(", ");
    let by = Some(kind);
    let container = if plain {
        "primary.employer.ou"
    } else {
        "\"OU=All,DC=sml,DC=test\""
    };
    write!(
        text,
        "[account.{rule_name}]\ncovers = {{ {covers} }}\nlead = {}\ngrace = {}\nbridge = {}\nretain = {}\nmin_disabled = {}\nprimary = [{keys}]\nsettle = \"{}d\"\ncontainer = '{container}'\n",
        duration(&rule.lead, by),
        duration(&rule.grace, by),
        duration(&rule.bridge, by),
        duration(&rule.retain, by),
        duration(&rule.min_disabled, by),
        rule.settle,
    )
    .unwrap();
    if rule.disabled {
        write!(text, "[account.{rule_name}.disabled]\ncontainer = '\"OU=Gone,DC=sml,DC=test\"'\nhide = true\n").unwrap();
    }
    let patterns = rule
        .patterns
        .iter()
        .map(|pattern| format!("'{}'", PATTERNS[*pattern].0));
    let patterns = patterns.collect::<Vec<_>>().join(", ");
    let width = if rule.width == 0 {
        String::new()
    } else {
        format!(", width = {}", rule.width)
    };
    write!(text, "[account.{rule_name}.name.login]\nlocal = [{patterns}]\nnumber = {{ from = 1{width} }}\nunique = [\"login\"]\n").unwrap();
    if let Some(mail) = &rule.mail {
        let domain = if mail.by_employer && plain {
            "primary.employer.domain"
        } else {
            "\"sml.se\""
        };
        let mut follow = Vec::new();
        if mail.follows_surname {
            follow.push("\"surname\"");
        }
        if mail.follows_employer {
            follow.push("\"employer\"");
        }
        write!(text, "[account.{rule_name}.name.mail]\nlocal = ['fold(person.given_name) + \".\" + fold(person.surname)']\nnumber = {{ from = 2 }}\ndomain = '{domain}'\nunique = [\"address\"]\nfollow = [{}]\nwait = \"{}d\"\n", follow.join(", "), mail.wait).unwrap();
        if let Some(alias) = mail.alias {
            writeln!(text, "alias = \"{alias}d\"").unwrap();
        }
    }
    write!(text, "[account.{rule_name}.set]\ndisplayName = 'person.given_name + \" \" + person.surname'\ndepartment = 'primary.unit.name'\ninfo = 'account.{rule_name}.login + \"!\"'\n").unwrap();
    if plain {
        text.push_str("division = 'primary.?position_code'\nemployeeType = { value = 'primary.form', own = \"initial\" }\ncompany = 'primary.employer.key == \"1430\" ? primary.employer.name : keep()'\n");
        if managers {
            text.push_str("manager = 'primary.manager.account.staff'\n");
        }
    }
}

fn reasons(text: &mut String, rules: &Rules, reasons: &Reasons) {
    writeln!(text, "account = \"{}\"", account(reasons.of)).unwrap();
    if let Some(kind) = reasons.each {
        writeln!(text, "each = \"{}\"", name(kind)).unwrap();
    }
    let about = about(rules, reasons);
    writeln!(text, "when = '{}'", condition(&reasons.when, about)).unwrap();
    let by = reasons.each.or(match (reasons.of, &rules.staff.duties) {
        (Of::Staff, Some(_)) => None,
        (Of::Staff, None) => Some(Kind::Employment),
        (Of::Pupil, _) => Some(Kind::Enrolment),
    });
    window(text, &reasons.window, by);
}

fn window(text: &mut String, window: &Window, by: Option<Kind>) {
    match window {
        Window::Active => {}
        Window::Enabled => text.push_str("window = \"enabled\"\n"),
        Window::Own(lead, grace) => {
            let (lead, grace) = (duration(lead, by), duration(grace, by));
            writeln!(text, "window = {{ lead = {lead}, grace = {grace} }}").unwrap();
        }
    }
}

/// What the condition of a rule is about.
pub(super) fn about(rules: &Rules, reasons: &Reasons) -> About {
    match (reasons.each, reasons.of) {
        (Some(kind), _) => About::Reason(kind),
        (None, Of::Staff) if rules.staff.duties.is_some() => About::Shared,
        (None, of) => About::Primary(of),
    }
}

/// The rule before a rule that it is made of.
pub(super) fn before(rule: usize, other: Option<usize>) -> Option<usize> {
    other.filter(|_| rule > 0).map(|other| other % rule)
}

pub(super) fn rules(rules: &Rules) -> String {
    let mut text = HEAD.to_owned();
    account_rule(&mut text, Of::Staff, &rules.staff, rules.managers);
    account_rule(&mut text, Of::Pupil, &rules.pupil, false);
    for (number, group) in rules.groups.iter().enumerate() {
        writeln!(text, "[group.g{number}]").unwrap();
        reasons(&mut text, rules, &group.reasons);
        text.push_str("container = '\"OU=Groups,DC=sml,DC=test\"'\n");
        if group.keyed {
            let key = match group.reasons.each {
                Some(Kind::Membership) => "membership.group.name".to_owned(),
                Some(kind) => format!("{}.unit.code", name(kind)),
                None => "primary.unit.code".to_owned(),
            };
            writeln!(text, "key = '{key}'\nname = '\"g{number}-\" + {key}'").unwrap();
        }
        if let Some(days) = group.keep_empty {
            writeln!(text, "keep_empty = \"{days}d\"").unwrap();
        }
        if group.ours {
            text.push_str("membership = \"ours\"\n");
        }
        for (key, other) in [
            ("minus", group.minus),
            ("union", group.union),
            ("intersect", group.intersect),
            ("nested", group.nested),
        ] {
            if let Some(other) = before(number, other) {
                writeln!(text, "{key} = [\"g{other}\"]").unwrap();
            }
        }
    }
    for (number, licence) in rules.licences.iter().enumerate() {
        writeln!(text, "[licence.l{number}]\nsku = \"SKU{number}\"").unwrap();
        reasons(&mut text, rules, &licence.reasons);
        if let Some(seats) = licence.seats {
            writeln!(text, "seats = {seats}").unwrap();
        }
        if let Some(over_person) = licence.set {
            let over = if over_person { "person" } else { "account" };
            let priority = licence.priority * 10 + number;
            writeln!(
                text,
                "exclusive = {{ set = \"{over}\", over = \"{over}\", priority = {priority} }}"
            )
            .unwrap();
        }
    }
    for (number, not) in rules.mailboxes.iter().enumerate() {
        writeln!(
            text,
            "[mailbox.m{number}]\naccount = \"staff\"\nkind = \"{}\"",
            mailbox(number)
        )
        .unwrap();
        if let Some(unit) = not {
            writeln!(text, "when = 'primary.unit.code != \"{}\"'", UNITS[*unit].0).unwrap();
        }
    }
    if let Some((when, of)) = &rules.class_list {
        let when = condition(when, About::Reason(Kind::Membership));
        write!(text, "[class_list.class]\naccount = \"pupil\"\nwhen = '{when}'\nshow = {{ login = 'account.pupil.login' }}\n").unwrap();
        window(&mut text, of, None);
    }
    text
}

pub(super) const fn mailbox(number: usize) -> &'static str {
    if number.is_multiple_of(2) {
        "remote"
    } else {
        "on-premises"
    }
}

/// What the source delivers in a run.
pub(super) fn snapshot(town: &Town, run: usize, day: i64) -> Snapshot {
    let (facts, surnames) = town.told(run);
    let mut instance = SourceInstance::new("heroma", "sml", Promise::Complete, date(day));
    for (code, name, municipality) in UNITS {
        let unit = Record::new("unit", code)
            .with("code", *code)
            .with("name", *name);
        instance = instance.record(unit.with("municipality", *municipality));
    }
    for (id, name, kind, unit) in SCHOOL_GROUPS {
        let group = Record::new("school_group", id).with("name", *name);
        instance = instance.record(group.with("type", *kind).with("unit", UNITS[*unit].0));
    }
    for (person, number) in NUMBERS.iter().enumerate() {
        let record = Record::new("person", &format!("p{person}"))
            .with("number", *number)
            .with("given_name", GIVEN[person].0)
            .with("surname", SURNAMES[surnames[person]].0);
        instance = instance.record(record);
    }
    for (number, fact) in facts.iter().enumerate() {
        if let Some(fact) = fact {
            instance = instance.record(record(number, fact));
        }
    }
    Snapshot::new([instance])
}

fn record(number: usize, fact: &Fact) -> Record {
    let mut record = Record::new(name(fact.kind), &number.to_string())
        .with("person", format!("p{}", fact.person))
        .with("start", date(fact.first).to_string());
    if let Some(last) = fact.last {
        record = record.with("end", date(last).to_string());
    }
    if fact.kind == Kind::Membership {
        let group = format!("heroma.school_group:{}", SCHOOL_GROUPS[fact.unit].0);
        record = record.with("group", group);
    } else {
        record = record.with("unit", UNITS[fact.unit].0);
    }
    if let Some((_, field)) = field(fact.kind) {
        record = record.with(field, words(fact.kind)[fact.word]);
    }
    if fact.kind == Kind::Employment || fact.kind == Kind::Duty {
        record = record.with("extent", fact.extent.to_string());
    }
    if fact.kind == Kind::Employment {
        record = record
            .with("employer", UNITS[fact.unit].2)
            .with("main", fact.main.to_string());
        if fact.code {
            record = record.with("position_code", format!("X{number}"));
        }
        if let Some((first, last, full)) = fact.leave {
            record = record
                .with("leave_start", date(first).to_string())
                .with("leave_end", date(last).to_string())
                .with("leave_extent", if full { "1000" } else { "500" });
        }
        if let Some(manager) = fact.manager {
            record = record.with("manager", format!("heroma.employment:{manager}"));
        }
    }
    if let Some(parent) = fact.parent {
        let of = if fact.kind == Kind::Duty {
            "employment"
        } else {
            "enrolment"
        };
        record = record.with("parent", format!("heroma.{of}:{parent}"));
    }
    record
}
