//! The check: from plain data to a compiled rule set, with every problem reported at once.
//!
//! What it gives cannot fail later for a reason that lies in the rules: names are resolved, expressions typed, dependencies
//! ordered, and no withheld value can reach an output that no policy covers (`protection`).

mod account;
mod attribute;
pub(crate) mod codes;
mod declare;
mod dependency;
pub(crate) mod environment;
mod exceptions;
mod expression;
mod licence;
mod output;
mod protection;
mod source;

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::cell::OnceCell;

use super::compiled::AccountRule;
use super::compiled::CauseRule;
use super::compiled::ClassListRule;
use super::compiled::Compiled;
use super::compiled::GroupRule;
use super::compiled::LicenceRule;
use super::compiled::MailboxRule;
use super::compiled::Namespace;
use super::compiled::NoticeRule;
use super::compiled::RegisterRules;
use super::host::HostFunction;
use super::lint::allow;
use super::lint::lint;
use super::spec::AccountSpec;
use super::spec::CauseEffect;
use super::spec::Decoded;
use super::spec::Named;
use super::spec::RuleFile;
use super::spec::RulesetSpec;
use crate::base::Limits;
use crate::base::Path;
use crate::base::Place;
use crate::base::Text;
use crate::base::canonical_value;
use crate::base::sha256_hex;
use crate::diagnostic::Problem;
use crate::diagnostic::Problems;
use crate::diagnostic::Severity;
use crate::diagnostic::listed;
use crate::diagnostic::suggest;
use crate::identity::Deregistration;
use crate::language::Class;
use declare::Declared;
use environment::Environments;
use protection::ToldOfOthers;

/// Checks what was decoded; gives the compiled rule set, or all problems with their places.
pub(crate) fn load(
    decoded: Decoded,
    limits: &Limits,
    host: &[HostFunction],
) -> Result<Compiled, Problems> {
    let mut found = decoded.problems;
    let file = Arc::new(decoded.file);
    // What is wrong in shape and fills all that is reported leaves no room for what is wrong in meaning.
    let most = limits.reported_problems.max(1);
    let room = found.iter().filter(|problem| is_error(problem)).count() < most;
    let spec = decoded.spec.filter(|_| room);
    let accounts = spec.as_ref().map_or(0, |spec| spec.accounts.len());
    if accounts > limits.account_rules {
        found.push(too_many_accounts(accounts, limits.account_rules));
    }
    let spec = spec.filter(|_| accounts <= limits.account_rules);
    let compiled = spec.and_then(|spec| compile(spec, Arc::clone(&file), limits, host, &mut found));
    if let Some(compiled) = &compiled {
        found.append(&mut lint(compiled));
        allow(&mut found, &compiled.spec.lint.allow, true);
    }
    let mut problems = Problems::default();
    problems.extend(found);
    problems.finish(
        file.text().cloned(),
        |place| file.bytes(place),
        |offset| file.position(offset),
        most,
    );
    match compiled {
        Some(mut compiled) => {
            compiled.warnings = problems;
            Ok(compiled)
        }
        None => Err(problems),
    }
}

fn is_error(problem: &Problem) -> bool {
    problem.severity >= Severity::Error
}

/// The state of one check.
pub(crate) struct Checker<'spec> {
    spec: &'spec RulesetSpec,
    limits: &'spec Limits,
    declared: Declared,
    environments: Environments,
    problems: Vec<Problem>,
    accounts: Vec<AccountRule>,
    /// What chooses the primary, by account rule; found when it is asked for, since every rule of an account asks.
    primary_classes: Vec<OnceCell<Class>>,
    positions: Positions<'spec>,
    /// What the rules that decide together with a rule tell; found for all of them when one asks.
    told_of_others: OnceCell<ToldOfOthers>,
    /// How many problems were looked at, and how many of them are errors.
    errors: Cell<(usize, usize)>,
}

/// What the rules say, and what the functions of the host promise.
fn digest(spec: &RulesetSpec, declared: &Declared, host: &[HostFunction]) -> String {
    let mut text = canonical_value(&spec.to_json());
    let mut promises: Vec<String> = host
        .iter()
        .map(|function| {
            let declaration = &function.declaration;
            let class = declaration.class;
            let signature = declared.schema.language.declaration(declaration);
            alloc::format!("\n{signature} {class} {}", declaration.cost)
        })
        .collect();
    promises.sort();
    text.extend(promises);
    sha256_hex(text.as_bytes())
}

/// The compiled rule set; none where there is an error.
fn compile(
    spec: RulesetSpec,
    file: Arc<RuleFile>,
    limits: &Limits,
    host: &[HostFunction],
    problems: &mut Vec<Problem>,
) -> Option<Compiled> {
    let (declared, found) = declare::declare(&spec, host);
    let environments = Environments::new(&declared);
    let mut checker = Checker {
        spec: &spec,
        limits,
        declared,
        environments,
        problems: found,
        accounts: Vec::new(),
        primary_classes: spec.accounts.keys().map(|_| OnceCell::new()).collect(),
        positions: Positions::new(&spec),
        told_of_others: OnceCell::new(),
        errors: Cell::new((0, 0)),
    };
    checker.names();
    let sources = checker.sources();
    let merge = checker.merge(&sources);
    checker.accounts();
    let groups: Vec<GroupRule> = checker.groups();
    let licences: Vec<LicenceRule> = checker.licences();
    let mailboxes: Vec<MailboxRule> = checker.mailboxes();
    let class_lists: Vec<ClassListRule> = checker.class_lists();
    let notices: Vec<NoticeRule> = checker.notices();
    let namespaces = checker.namespaces();
    if checker.is_full() {
        problems.append(&mut checker.problems);
        allow(problems, &spec.lint.allow, false);
        return None;
    }
    let (strata, mut circles) = checker.strata(&dependency::Rules {
        groups: &groups,
        licences: &licences,
        mailboxes: &mailboxes,
        class_lists: &class_lists,
        notices: &notices,
    });
    checker.problems.append(&mut circles);
    let register = RegisterRules {
        max_age: spec.register.max_age.map(|days| days.0),
        causes: spec
            .register
            .causes
            .iter()
            .map(|(cause, rule)| {
                let of_population =
                    |(name, effect): (&String, &CauseEffect)| (Text::from(name.as_str()), *effect);
                let rule = CauseRule {
                    usually: rule.effect,
                    by_population: rule.populations.iter().map(of_population).collect(),
                };
                (cause.to_ascii_uppercase(), rule)
            })
            .collect(),
    };
    let Checker {
        declared,
        environments,
        problems: found,
        accounts,
        ..
    } = checker;
    problems.extend(found);
    let (exceptions, found) = exceptions::list(&spec);
    problems.extend(found);
    if problems.iter().any(is_error) {
        allow(problems, &spec.lint.allow, false);
        return None;
    }
    Some(Compiled {
        exceptions,
        included: exceptions::included(&spec),
        digest: digest(&spec, &declared, host),
        warnings: Problems::default(),
        limits: limits.clone(),
        schema: Arc::new(declared.schema),
        functions: declared.functions,
        tables: declared.tables,
        sources,
        merge,
        register,
        accounts,
        namespaces,
        groups,
        licences,
        mailboxes,
        class_lists,
        notices,
        source_record: declared.source_record,
        tables_record: declared.tables_record,
        accounts_record: declared.accounts_record,
        current_record: declared.current_record,
        primary_records: declared.primary_records,
        slots: environments.slots,
        strata,
        spec,
        file,
    })
}

fn too_many_accounts(found: usize, most: usize) -> Problem {
    let message = alloc::format!("there are {found} account rules (at most {most})");
    Problem::new(
        &codes::TOO_MANY_ACCOUNTS,
        Place::of_key(Path::root().key("account")),
        message,
    )
    .help("one rule is for all accounts of a kind: tell them apart by `slot`, and by conditions in what they are given")
}

/// The ids of all warnings about rules.
fn warnings() -> impl Iterator<Item = &'static str> {
    codes::ALL
        .iter()
        .chain(super::lint::codes::ALL)
        .filter(|code| code.severity == Severity::Warning)
        .map(|code| code.id)
}

/// The kinds of step that a guard can be named after, in the order of a plan. A test of the front holds them equal to the plan's.
pub(crate) const GUARDED: &[&str] = &[
    "create_container",
    "create_account",
    "adopt_account",
    "merge_accounts",
    "replace",
    "park",
    "move",
    "rename_login",
    "rename_group",
    "change_mail",
    "add_alias",
    "remove_alias",
    "set_attribute",
    "set_reference",
    "hide",
    "show",
    "enable",
    "disable",
    "delete_account",
    "create_group",
    "delete_group",
    "add_member",
    "remove_member",
    "add_licences",
    "change_licences",
    "set_mailbox",
    "create_class_list",
    "rename_class_list",
    "write_row",
    "remove_row",
    "notice",
];

impl<'spec> Checker<'spec> {
    /// Names that refer to other parts of the file and that no other check looks at.
    fn names(&mut self) {
        let namespaces: BTreeSet<&str> = self.spec.namespaces.keys().map(String::as_str).collect();
        let accounts: BTreeSet<&str> = self.spec.accounts.keys().map(String::as_str).collect();
        let mut found = Vec::new();
        for (account, rule) in &self.spec.accounts {
            for (name, names) in &rule.names {
                for unique in &names.unique {
                    if !namespaces.contains(unique.text.as_str()) {
                        found.push(unknown("namespace", unique, namespaces.iter().copied()));
                    }
                }
                if names.unique.is_empty() {
                    let place = names.place.clone();
                    let text = alloc::format!(
                        "name `{name}` of account `{account}` lives in no namespace"
                    );
                    found.push(
                        Problem::new(&codes::NOT_UNIQUE, place, text)
                            .help("add `unique = [\"…\"]` with a namespace"),
                    );
                }
            }
        }
        for (name, space) in &self.spec.namespaces {
            for holds in &space.holds {
                let parts: Vec<&str> = holds.text.split('.').collect();
                let known = match parts.as_slice() {
                    ["account", account, _] => *account == "*" || accounts.contains(account),
                    ["group", "*", "sam" | "name"] => true,
                    _ => false,
                };
                if !known {
                    let text = alloc::format!("namespace `{name}` cannot hold `{}`", holds.text);
                    found.push(
                        Problem::new(&codes::UNKNOWN_REFERENCE, holds.place.clone(), text)
                            .help("write `account.NAME.NAME`, with `*` for every account, or `group.*.sam`"),
                    );
                }
            }
        }
        for allowance in &self.spec.lint.allow {
            let known = warnings().any(|id| id == allowance.code.text);
            if !known {
                found.push(unknown("warning", &allowance.code, warnings()));
            }
        }
        for (kind, guard) in &self.spec.guards {
            // A guard that guards nothing must not pass for one.
            if !GUARDED.contains(&kind.as_str()) {
                found.push(unknown_key(
                    "kind of step",
                    kind,
                    &guard.place,
                    GUARDED.iter().copied(),
                ));
            }
        }
        for (code, cause) in &self.spec.register.causes {
            let known = Deregistration::from_code(code);
            let known = known.is_some_and(|known| !matches!(known, Deregistration::Unknown(_)));
            let populations = || {
                let accounts = self.spec.accounts.values();
                accounts.map(|account| account.population.text.as_str())
            };
            for name in cause.populations.keys() {
                if !populations().any(|known| known == name) {
                    let place = cause.place.key(name);
                    found.push(unknown_key("population", name, &place, populations()));
                }
            }
            if !known && !code.eq_ignore_ascii_case("unknown") {
                let known = Deregistration::CODES.iter();
                let problem = Problem::new(
                    &codes::UNKNOWN_CAUSE,
                    Place::of_key(cause.place.clone()),
                    alloc::format!("`{code}` is no cause of deregistration that is known"),
                );
                // two letters are always close to some others
                let causes: Vec<String> = known.map(|code| alloc::format!("`{code}`")).collect();
                found.push(problem.help(alloc::format!(
                    "the causes are {}; `unknown` stands for all others",
                    causes.join(", ")
                )));
            }
        }
        self.problems.append(&mut found);
    }

    fn namespaces(&self) -> BTreeMap<Text, Namespace> {
        let mut namespaces: BTreeMap<Text, Namespace> = BTreeMap::new();
        for (name, spec) in &self.spec.namespaces {
            let space = namespaces.entry(Text::from(name.as_str())).or_default();
            space.reserved = spec
                .reserved
                .iter()
                .map(|word| Text::from(word.text.as_str()))
                .collect();
            space.groups = spec
                .holds
                .iter()
                .any(|holds| holds.text.starts_with("group."));
        }
        for account in &self.accounts {
            for name in &account.names {
                for unique in &name.unique {
                    if let Some(space) = namespaces.get_mut(unique) {
                        space
                            .names
                            .insert((account.name.clone(), name.name.clone()));
                    }
                }
            }
        }
        namespaces
    }

    /// The position of an account rule by name; a problem where there is none.
    fn account_named(&mut self, name: &Named) -> Option<usize> {
        let position = self.positions.accounts.get(name.text.as_str()).copied();
        if position.is_none() {
            let problem = self.unknown_named("account", name, &self.spec.accounts);
            self.problems.push(problem);
        }
        position
    }

    /// The plain data of an account rule, by position.
    fn account_spec(&self, account: usize) -> Option<&'spec AccountSpec> {
        self.positions.specs.get(account).copied()
    }

    /// The problem of a name that no rule has. Where so many problems were found that some are left out, it is not worth the while to
    /// look for the one that was meant: every name would be compared with every other.
    fn unknown_named<T>(&self, what: &str, name: &Named, named: &BTreeMap<String, T>) -> Problem {
        if self.problems.len() < self.limits.reported_problems {
            return unknown(what, name, named.keys().map(String::as_str));
        }
        no_such(what, &name.text, name.place.clone())
    }

    /// Whether ten times as many errors were found as are reported: then nobody looks for more.
    fn is_full(&self) -> bool {
        let (seen, errors) = self.errors.get();
        let more = self.problems.iter().skip(seen);
        let errors = errors.saturating_add(more.filter(|problem| is_error(problem)).count());
        self.errors.set((self.problems.len(), errors));
        errors >= self.limits.sought_problems()
    }
}

/// Where rules stand among their like, by name.
struct Positions<'spec> {
    accounts: BTreeMap<&'spec str, usize>,
    specs: Vec<&'spec AccountSpec>,
    groups: BTreeMap<&'spec str, usize>,
    licences: BTreeMap<&'spec str, usize>,
}

impl<'spec> Positions<'spec> {
    fn new(spec: &'spec RulesetSpec) -> Self {
        Self {
            accounts: positions(spec.accounts.keys()),
            specs: spec.accounts.values().collect(),
            groups: positions(spec.groups.keys()),
            licences: positions(spec.licences.keys()),
        }
    }
}

fn positions<'a>(names: impl Iterator<Item = &'a String>) -> BTreeMap<&'a str, usize> {
    names
        .enumerate()
        .map(|(position, name)| (name.as_str(), position))
        .collect()
}

/// The problem of a name that nothing has.
fn unknown<'a>(what: &str, name: &Named, known: impl IntoIterator<Item = &'a str>) -> Problem {
    unknown_at(what, &name.text, name.place.clone(), known)
}

/// The problem of a key that is the name of something, where nothing has that name.
fn unknown_key<'a>(
    what: &str,
    name: &str,
    path: &Path,
    known: impl IntoIterator<Item = &'a str>,
) -> Problem {
    unknown_at(what, name, Place::of_key(path.clone()), known)
}

/// The problem of a name that nothing has, at a place. What is not close to any is told of those that there are.
fn unknown_at<'a>(
    what: &str,
    name: &str,
    place: impl Into<Place>,
    known: impl IntoIterator<Item = &'a str>,
) -> Problem {
    let mut known: Vec<&str> = known.into_iter().collect();
    if !known.is_sorted_by(|one, two| one < two) {
        known.sort_unstable();
        known.dedup();
    }
    let problem = no_such(what, name, place);
    match (suggest(name, known.iter().copied()), listed(&known)) {
        (Some(close), _) => problem.did_you_mean(Some(close)),
        (None, Some(names)) => problem.help(alloc::format!("there is {names}")),
        (None, None) => problem.help(alloc::format!("there is no {what} yet")),
    }
}

fn no_such(what: &str, name: &str, place: impl Into<Place>) -> Problem {
    let message = alloc::format!("unknown {what} `{name}`");
    Problem::new(&codes::UNKNOWN_REFERENCE, place, message)
}
