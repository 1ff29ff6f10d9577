//! What came of a run, as plain texts under plain names, with the case's own words in place of opaque keys.
//!
//! Every field of an object stands here, `none` where it has no value, so that an expectation that names another one is a
//! mistake of the case.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use folkform::Outcome;
use folkform::base::PersonKey;
use folkform::base::Text;
use folkform::diagnostic::Finding;
use folkform::diagnostic::Subject;
use folkform::directory::Account;
use folkform::directory::Desired;
use folkform::directory::DesiredAccount;
use folkform::directory::Directory;
use folkform::directory::ObjectId;
use folkform::directory::Opinion;
use folkform::directory::Row;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::plan::Recipient;
use folkform::plan::Released;
use folkform::plan::ReleasedStep;
use folkform::plan::Shown;
use folkform::plan::Step;
use folkform::plan::StepKind;

use super::history::SALT;
use super::snapshot::Sources;

/// One fact: a text, or several without an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    One(String),
    Many(BTreeSet<String>),
}

/// The facts of an object by field.
pub(super) type Facts = BTreeMap<String, Fact>;

/// Objects by kind (`account`), rule (`staff`) or the like, and key.
pub(super) type Objects = BTreeMap<(String, String), Facts>;

/// What opaque keys stand for, in the words of the case.
pub(super) struct Words {
    words: BTreeMap<String, String>,
    /// Records by the key of what they give: a person that was first seen in a record has the key of its affiliation.
    records: BTreeMap<String, String>,
}

impl Words {
    pub(super) fn of(sources: &Sources, outcome: &Outcome) -> Self {
        let mut records = BTreeMap::new();
        for (instance, record) in sources.records() {
            let key = PersonKey::mint(SALT, &[instance, &record.kind, &record.id]).to_hex();
            records.insert(key, format!("{} {}", record.kind, record.id));
        }
        let mut words = records.clone();
        for key in outcome.population().keys() {
            words.insert(key.to_hex(), format!("somebody {}", &key.to_hex()[..8]));
        }
        for (key, value) in outcome.sealed_slots().reveal() {
            words.insert(key.slot.to_string(), value.to_string());
        }
        // Of two names of one person the first in the alphabet shows.
        for (name, (instance, kind, id)) in sources.names.iter().rev() {
            if let Some(key) = outcome.person_of_record(instance, kind, id) {
                words.insert(key.to_hex(), name.clone());
            }
        }
        // `tove-2` is the second account of Tove.
        for (key, (person, number)) in outcome.sealed_new_accounts().reveal() {
            let name = words[&person.to_hex()].clone();
            words.insert(key.to_hex(), format!("{name}-{number}"));
        }
        Self { words, records }
    }

    pub(super) fn say(&self, text: &str) -> String {
        self.words
            .iter()
            .fold(text.to_owned(), |text, (key, word)| {
                if text.contains(key.as_str()) {
                    text.replace(key.as_str(), word)
                } else {
                    text
                }
            })
    }
}

impl Words {
    /// An affiliation by its key.
    fn affiliation<'a>(&'a self, key: &'a str) -> &'a str {
        self.records.get(key).map_or(key, String::as_str)
    }
}

/// The person of a name.
pub(super) fn person(sources: &Sources, outcome: &Outcome, name: &str) -> Option<PersonKey> {
    let (instance, kind, id) = sources.names.get(name)?;
    outcome.person_of_record(instance, kind, id)
}

/// A text.
#[expect(
    clippy::needless_pass_by_value,
    reason = "texts, references and numbers alike"
)]
fn one(text: impl ToString) -> Fact {
    Fact::One(text.to_string())
}

fn optional<T: ToString>(text: Option<&T>) -> Fact {
    text.map_or_else(|| one("none"), |text| Fact::One(text.to_string()))
}

fn many<T: ToString>(texts: impl IntoIterator<Item = T>) -> Fact {
    Fact::Many(texts.into_iter().map(|text| text.to_string()).collect())
}

/// Services that are off, each with the SKU of its licence: `A3 YAMMER`.
fn services(off: &BTreeMap<Text, BTreeSet<Text>>) -> Fact {
    let of_sku = |(sku, services): (&Text, &BTreeSet<Text>)| {
        let sku = sku.clone();
        let services = services.clone().into_iter();
        services.map(move |service| format!("{sku} {service}"))
    };
    many(off.iter().flat_map(of_sku))
}

fn values(texts: &[Text]) -> Fact {
    match texts {
        [text] => one(text),
        texts => many(texts),
    }
}

fn opinion<T>(opinion: &Opinion<T>, fact: impl FnOnce(&T) -> Fact) -> Fact {
    match opinion {
        Opinion::Set(value) => fact(value),
        Opinion::Clear => one("clear"),
        Opinion::Keep(cause) => one(format!("keep {}", snake(cause))),
    }
}

/// The name of a value of an enumeration, as documents have it.
pub(super) fn snake(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        other => format!("{other:?}"),
    }
}

/// Items of which some are held or unwanted.
fn marked(item: &str, opinion: &Opinion<()>) -> String {
    match opinion {
        Opinion::Set(()) => item.to_owned(),
        Opinion::Clear => format!("{item} clear"),
        Opinion::Keep(cause) => format!("{item} keep {}", snake(cause)),
    }
}

/// What is wanted of accounts, groups, class lists and notices.
pub(super) fn wanted(desired: &Desired, words: &Words) -> BTreeMap<&'static str, Objects> {
    let mut accounts = Objects::new();
    for (key, account) in &desired.accounts {
        let groups = desired.groups.iter().filter_map(|(group, wanted)| {
            wanted
                .members
                .get(key)
                .map(|member| marked(&group.to_string(), member))
        });
        let mut facts = wanted_account(account, words);
        facts.insert("groups".into(), many(groups));
        accounts.insert(split(&words.say(&key.to_string()), '/'), facts);
    }
    let mut groups = Objects::new();
    for (key, group) in &desired.groups {
        let members = group.members.iter();
        let members =
            members.map(|(member, opinion)| marked(&words.say(&member.to_string()), opinion));
        let mut facts = Facts::from([
            ("name".into(), opinion(&group.name, |name| one(name))),
            ("container".into(), opinion(&group.container, |dn| one(dn))),
            ("members".into(), many(members)),
            ("nested".into(), many(&group.nested)),
            ("exact".into(), one(group.exact)),
            ("ended".into(), one(group.ended)),
            ("carries".into(), optional(group.carries.as_ref())),
        ]);
        for (name, of) in &group.attributes {
            facts.insert(format!("set.{name}"), opinion(of, |texts| values(texts)));
        }
        for (name, of) in &group.references {
            let to = opinion(of, |to| one(words.say(&to.to_string())));
            facts.insert(format!("ref.{name}"), to);
        }
        groups.insert(split(&key.to_string(), ':'), facts);
    }
    let mut lists = Objects::new();
    for (key, list) in &desired.class_lists {
        let rows = list.rows.iter().map(|(account, row)| {
            format!(
                "{} {}{}",
                words.say(&account.to_string()),
                snake(&row.state),
                columns(&row.columns)
            )
        });
        let facts = Facts::from([
            ("name".into(), one(&list.name)),
            ("rows".into(), many(rows)),
        ]);
        lists.insert(split(&key.to_string(), ':'), facts);
    }
    let mut notices = Objects::new();
    for notice in &desired.notices {
        let to = notice.to.as_ref().map(|to| words.say(&to.to_string()));
        let mut facts = Facts::from([
            ("on".into(), one(snake(&notice.event))),
            ("to".into(), optional(to.as_ref())),
            ("task".into(), one(notice.task)),
            ("needs".into(), many(&notice.needs)),
        ]);
        for (name, text) in &notice.fields {
            facts.insert(format!("field.{name}"), one(words.say(text)));
        }
        let mut about = words.say(&notice.account.to_string());
        if !notice.reason.is_empty() {
            about = format!("{about} {}", words.affiliation(&notice.reason));
        }
        notices.insert((notice.rule.to_string(), about), facts);
    }
    BTreeMap::from([
        ("account", accounts),
        ("group", groups),
        ("class_list", lists),
        ("notice", notices),
    ])
}

fn wanted_account(account: &DesiredAccount, words: &Words) -> Facts {
    let licences = account.licences.iter();
    let licences = licences.filter(|(_, of)| **of != Opinion::Clear);
    let licences = licences.map(|(sku, of)| marked(sku, of));
    let mut facts = Facts::from([
        (
            "state".into(),
            opinion(&account.state, |state| one(snake(state))),
        ),
        (
            "slice".into(),
            one(format!(
                "{} {}",
                account.slice.municipality, account.slice.population
            )),
        ),
        ("sealed".into(), one(account.sealed)),
        ("urgency".into(), one(snake(&account.urgency))),
        ("adopt".into(), optional(account.adopt.as_ref())),
        (
            "container".into(),
            opinion(&account.container, |dn| one(dn)),
        ),
        ("login".into(), opinion(&account.login, |login| one(login))),
        ("mail".into(), opinion(&account.mail, |mail| one(mail))),
        ("aliases".into(), many(&account.aliases)),
        ("withdrawn".into(), many(&account.withdrawn)),
        (
            "hidden".into(),
            opinion(&account.hidden, |hidden| one(hidden)),
        ),
        ("clear_others".into(), one(account.clear_others)),
        ("licences".into(), many(licences)),
        ("services_off".into(), services(&account.services_off)),
        (
            "mailbox".into(),
            opinion(&account.mailbox, |mailbox| one(mailbox)),
        ),
    ]);
    for (name, of) in &account.attributes {
        facts.insert(format!("set.{name}"), opinion(of, |texts| values(texts)));
    }
    for (name, of) in &account.references {
        let to = opinion(of, |to| one(words.say(&to.to_string())));
        facts.insert(format!("ref.{name}"), to);
    }
    facts
}

/// What there is in a directory; objects that are not ours go by their ids.
pub(super) fn actual(directory: &Directory, words: &Words) -> BTreeMap<&'static str, Objects> {
    let key_of = |id: &ObjectId| {
        let account = directory
            .accounts
            .get(id)
            .and_then(|account| account.anchor.as_ref());
        let account = account.map(|key| words.say(&key.to_string()));
        let group = directory
            .groups
            .get(id)
            .and_then(|group| group.anchor.as_ref());
        account
            .or(group.map(ToString::to_string))
            .unwrap_or_else(|| id.to_string())
    };
    let mut accounts = Objects::new();
    for (id, account) in &directory.accounts {
        let mut facts = actual_account(account, &key_of);
        let groups = directory
            .groups
            .values()
            .filter(|group| group.members.contains(id));
        facts.insert("groups".into(), many(groups.map(|group| key_of(&group.id))));
        accounts.insert(split(&key_of(id), '/'), facts);
    }
    let mut groups = Objects::new();
    for (id, group) in &directory.groups {
        let mut facts = Facts::from([
            ("id".into(), one(id)),
            ("name".into(), one(&group.name)),
            ("container".into(), optional(group.dn.parent().as_ref())),
            ("members".into(), many(group.members.iter().map(key_of))),
        ]);
        for (name, texts) in &group.attributes {
            facts.insert(format!("set.{name}"), values(texts));
        }
        for (name, to) in &group.references {
            facts.insert(format!("ref.{name}"), one(key_of(to)));
        }
        groups.insert(split(&key_of(id), ':'), facts);
    }
    let mut lists = Objects::new();
    for (key, list) in &directory.class_lists {
        let rows = list.rows.iter().map(|(account, row)| {
            let account = words.say(&account.to_string());
            format!("{account}{}", columns(row))
        });
        let facts = Facts::from([
            ("name".into(), one(&list.name)),
            ("rows".into(), many(rows)),
        ]);
        lists.insert(split(&key.to_string(), ':'), facts);
    }
    BTreeMap::from([
        ("account", accounts),
        ("group", groups),
        ("class_list", lists),
    ])
}

fn actual_account(account: &Account, key_of: &dyn Fn(&ObjectId) -> String) -> Facts {
    let mut facts = Facts::from([
        ("id".into(), one(&account.id)),
        (
            "state".into(),
            one(if account.enabled {
                "enabled"
            } else {
                "disabled"
            }),
        ),
        ("container".into(), optional(account.dn.parent().as_ref())),
        ("login".into(), optional(account.login.as_ref())),
        ("mail".into(), optional(account.mail.as_ref())),
        ("aliases".into(), many(&account.aliases)),
        ("hidden".into(), one(account.hidden)),
        ("licences".into(), many(&account.licences)),
        ("services_off".into(), services(&account.services_off)),
        ("mailbox".into(), optional(account.mailbox.as_ref())),
    ]);
    for (name, texts) in &account.attributes {
        facts.insert(format!("set.{name}"), values(texts));
    }
    for (name, to) in &account.references {
        facts.insert(format!("ref.{name}"), one(key_of(to)));
    }
    facts
}

/// A person, as far as an outcome says.
pub(super) fn of_person(outcome: &Outcome, key: PersonKey, words: &Words) -> Facts {
    let transitions = outcome
        .transitions()
        .iter()
        .filter(|transition| transition.person == key);
    let transitions =
        transitions.map(|transition| words.say(&spaced(&format!("{:?}", transition.kind))));
    let ledger: serde_json::Value =
        serde_json::from_str(&outcome.observed().to_sealed_json()).unwrap();
    let memory = &ledger["persons"][key.to_hex()];
    let numbers = memory["numbers"].as_array().into_iter().flatten();
    let records = memory["records"].as_array().into_iter().flatten();
    Facts::from([
        (
            "verdict".into(),
            outcome
                .verdict(key)
                .map_or_else(|| one("none"), |verdict| one(verdict.name())),
        ),
        ("sealed".into(), one(outcome.is_sealed(key))),
        ("transitions".into(), many(transitions)),
        (
            "numbers".into(),
            many(numbers.map(|number| number["number"].as_str().unwrap())),
        ),
        (
            "records".into(),
            many(records.map(|record| record.as_str().unwrap())),
        ),
    ])
}

/// `Merged { into: PersonKey(…) }` as `Merged …`, and so on: the words of a `Debug` without its marks.
fn spaced(debug: &str) -> String {
    let plain = debug
        .replace("into: ", "")
        .replace("from: ", "")
        .replace("to: ", "")
        .replace("PersonKey", "");
    let plain = plain.replace(['{', '}', '(', ')', ','], " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A step in one line: `change_mail tove/staff: old -> new`.
pub(super) fn line(step: &Step, words: &Words) -> String {
    let mut line = format!("{} {}", step.kind, step.object);
    if let Some(field) = &step.field {
        line = format!("{line} {field}");
    }
    if step.before != Shown::Nothing || step.after != Shown::Nothing {
        line = format!("{line}: {} -> {}", shown(&step.before), shown(&step.after));
    }
    words.say(&line)
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Nothing => String::from("nothing"),
        Shown::Text(text) | Shown::Sealed(text) => text.clone(),
        Shown::List(texts) => texts.join(", "),
    }
}

/// The columns of a row, each as ` name=text`.
fn columns(row: &Row) -> String {
    row.iter().fold(String::new(), |line, (name, text)| {
        format!("{line} {name}={text}")
    })
}

/// A finding in one line: `D121 employment 4711 heroma/sml end`.
pub(super) fn finding(finding: &Finding, words: &Words) -> String {
    let subject = match &finding.subject {
        Subject::Run => String::from("run"),
        Subject::Instance { instance } => instance.to_string(),
        Subject::Record {
            instance,
            record_kind,
            record,
        } => {
            format!("{record_kind} {record} {instance}")
        }
        Subject::Person { person } => person.to_string(),
        Subject::Object { object } => object.to_string(),
        Subject::Sealed { .. } => String::from("sealed"),
    };
    let field = finding
        .field
        .as_ref()
        .map(|field| format!(" {field}"))
        .unwrap_or_default();
    words.say(&format!("{} {subject}{field}", finding.code.id))
}

/// What a run gives beside its objects: lists in the words of the case.
pub(super) fn lists(
    outcome: &Outcome,
    plan: &Plan,
    words: &Words,
) -> BTreeMap<&'static str, Vec<String>> {
    let steps = |keep: &dyn Fn(&Step) -> bool| {
        plan.steps()
            .iter()
            .filter(|step| keep(step))
            .map(|step| line(step, words))
            .collect()
    };
    let say_all = |texts: Vec<String>| texts.iter().map(|text| words.say(text)).collect();
    let findings = outcome.findings().iter().chain(plan.findings());
    let proposals = outcome.proposals().iter().map(|proposal| {
        let other = proposal
            .other
            .map_or(String::from("nobody"), PersonKey::to_hex);
        format!("{:?} {} {other}", proposal.evidence, proposal.one.to_hex())
    });
    let lookups = outcome.lookups().iter();
    let lookups =
        lookups.map(|lookup| format!("{} {:?}", lookup.person().to_hex(), lookup.cause()));
    let trips = plan.trips().iter().map(|trip| match &trip.slice {
        Some(slice) => format!("{} {} {}", trip.guard, slice.municipality, slice.population),
        None => format!("{} total", trip.guard),
    });
    let released = plan.release(&Approvals::default(), plan.as_of());
    let letters = released.iter().flat_map(Released::letters).map(|letter| {
        let to = match letter.to {
            Recipient::Account(to) => to.to_string(),
            Recipient::Officer(officer) => officer.to_owned(),
            Recipient::Nobody => String::from("nobody"),
        };
        let about = letter.notices.iter().map(ReleasedStep::shown);
        let about = about.map(|step| format!("{} {}", step.field.as_deref().unwrap(), step.object));
        format!(
            "{to} {}: {}",
            letter.on,
            about.collect::<Vec<_>>().join(", ")
        )
    });
    let letters: Vec<String> = letters.collect();
    BTreeMap::from([
        ("letters", say_all(letters)),
        ("steps", steps(&|_| true)),
        ("urgent", steps(&|step| step.urgent)),
        ("held", steps(&|step| step.holds.is_some())),
        ("notices", steps(&|step| step.kind == StepKind::Notice)),
        ("trips", trips.collect()),
        ("findings", findings.map(|of| finding(of, words)).collect()),
        (
            "sealed_findings",
            outcome
                .sealed_findings()
                .reveal()
                .iter()
                .map(|of| finding(of, words))
                .collect(),
        ),
        ("proposals", say_all(proposals.collect())),
        ("lookups", say_all(lookups.collect())),
    ])
}

/// `a/b` as (`b`, `a`) for accounts, `a:b` as (`a`, `b`) for the rest: the rule first. What has no such mark has no rule.
fn split(key: &str, mark: char) -> (String, String) {
    match key.split_once(mark) {
        None => (String::from("other"), key.to_owned()),
        Some((person, rule)) if mark == '/' => (person.to_owned(), rule.to_owned()),
        Some((rule, value)) => (rule.to_owned(), value.to_owned()),
    }
}
