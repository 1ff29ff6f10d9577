//! Protection, proved before anything runs: each output gets a policy for each flag, and a rule set in which a withheld value
//! could reach an output that no policy covers does not load.
//!
//! The class of what an output reads is known from its programs. Whether an account exists and is enabled is decided by the
//! engine, from active intervals; that is the one declared exception.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::Checker;
use super::codes;
use crate::base::Path;
use crate::base::Place;
use crate::diagnostic::Problem;
use crate::language::Class;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::Program;
use crate::language::Read;
use crate::language::compile;
use crate::model::AffiliationKind;
use crate::rules::compiled::Gate;
use crate::rules::compiled::GatePolicy;
use crate::rules::spec::AccountSpec;
use crate::rules::spec::Expression;
use crate::rules::spec::OutputKind;
use crate::rules::spec::OwnPolicy;
use crate::rules::spec::PolicyKind;
use crate::rules::spec::RulesetSpec;
use crate::rules::spec::Word;

/// The two flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlagName {
    Marking,
    Registration,
}

impl FlagName {
    /// The lowest class that the flag withholds.
    const fn withholds(self) -> Class {
        match self {
            Self::Marking => Class::Personal,
            Self::Registration => Class::Place,
        }
    }

    const fn of(self, gate: &Gate) -> GatePolicy {
        match self {
            Self::Marking => gate.marking,
            Self::Registration => gate.registration,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Marking => "a confidentiality marking",
            Self::Registration => "a protected population registration",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Marking => "marking",
            Self::Registration => "registration",
        }
    }
}

/// A program of an output, and where it stands.
pub(super) struct Placed<'a> {
    pub(super) program: &'a Program,
    pub(super) place: &'a Path,
}

/// An output whose policies are to be found.
pub(super) struct Guarded<'a> {
    pub(super) kind: OutputKind,
    /// The output in words, such as "attribute `title` of account `staff`".
    pub(super) what: String,
    pub(super) place: &'a Path,
    /// The rule's own policy.
    pub(super) own: Option<&'a OwnPolicy>,
    pub(super) ordinary: Vec<Placed<'a>>,
    /// What stands instead, where there is something.
    pub(super) alternative: Option<Vec<Placed<'a>>>,
    /// Groups whose members decide who is in this one.
    pub(super) groups: Vec<&'a str>,
    /// The account that the output hangs on.
    pub(super) account: Option<&'a Gate>,
    /// Whether the output may be left out and cleared where nothing else is said.
    pub(super) may_omit: bool,
    /// Whether it is a login, which an account cannot be without.
    pub(super) is_login: bool,
    /// What reading `primary` tells beside the field itself: the join of what chooses it.
    pub(super) primary_class: Class,
}

impl Checker<'_> {
    /// The policies of an output; a problem where a withheld value could reach it.
    pub(super) fn gate(&mut self, guarded: &Guarded<'_>) -> Gate {
        Gate {
            marking: self.policy(guarded, FlagName::Marking),
            registration: self.policy(guarded, FlagName::Registration),
        }
    }

    fn policy(&mut self, guarded: &Guarded<'_>, flag: FlagName) -> GatePolicy {
        let of_account = guarded.account.map(|gate| flag.of(gate));
        if of_account == Some(GatePolicy::Exclude) {
            return GatePolicy::Exclude;
        }
        let stated = self.stated(guarded.own, guarded.kind, flag);
        let of_groups = guarded
            .groups
            .iter()
            .map(|group| self.class_of_group(group, flag));
        let highest = of_groups.fold(
            self.highest(&guarded.ordinary, guarded.primary_class, flag),
            Class::join,
        );
        let passes = highest < flag.withholds();
        match stated {
            Some(PolicyKind::Include) => {
                if highest >= Class::Registered {
                    self.problems.push(Problem::new(
                        &codes::REGISTERED,
                        guarded.place.clone(),
                        alloc::format!(
                            "{} reads the registered municipality, which no policy lets through for {}",
                            guarded.what,
                            flag.title()
                        ),
                    ));
                }
                GatePolicy::Include
            }
            // Of an account as such nothing can be left out but all of it.
            Some(PolicyKind::Omit) if guarded.kind == OutputKind::Account => GatePolicy::Exclude,
            Some(kind @ (PolicyKind::Exclude | PolicyKind::Omit | PolicyKind::Task)) => {
                if guarded.is_login {
                    self.no_alternative(guarded, flag);
                }
                GatePolicy::of(kind)
            }
            Some(PolicyKind::Alias) => self.alias(guarded, flag, passes),
            None if guarded.alternative.is_some() && of_account == Some(GatePolicy::Alias) => {
                self.alias(guarded, flag, passes)
            }
            None if passes => GatePolicy::Pass,
            None if guarded.may_omit && of_account == Some(GatePolicy::Alias) => GatePolicy::Omit,
            None => {
                self.leak(guarded, flag);
                GatePolicy::Omit
            }
        }
    }

    /// What the rule says itself, or what is said of its kind of output.
    fn stated(
        &self,
        own: Option<&OwnPolicy>,
        kind: OutputKind,
        flag: FlagName,
    ) -> Option<PolicyKind> {
        let (own, defaults) = match flag {
            FlagName::Marking => (
                own.and_then(|own| own.marking.as_ref()),
                &self.spec.protection.marking,
            ),
            FlagName::Registration => (
                own.and_then(|own| own.registration.as_ref()),
                &self.spec.protection.registration,
            ),
        };
        own.or_else(|| defaults.get(&kind))
            .map(|policy| policy.kind)
    }

    /// The policy `alias`: there is an alternative that reads nothing but what is open.
    fn alias(&mut self, guarded: &Guarded<'_>, flag: FlagName, passes: bool) -> GatePolicy {
        // An account as such has no alternative of its own: its parts do. That it is there still tells what it lives by.
        if guarded.kind == OutputKind::Account {
            if !passes {
                self.leak(guarded, flag);
            }
            return GatePolicy::Alias;
        }
        let Some(alternative) = &guarded.alternative else {
            if passes {
                return GatePolicy::Pass;
            }
            self.no_alternative(guarded, flag);
            return GatePolicy::Omit;
        };
        for placed in alternative {
            if self.class_of(placed.program, guarded.primary_class, flag) > Class::Open {
                let problem = Problem::new(
                    &codes::LEAK,
                    placed.place.clone(),
                    alloc::format!("the alternative of {} reads what is withheld", guarded.what),
                )
                .help("an alternative may read `alias`, keys, tables and constants only");
                let problem = self.with_path(problem, placed, guarded, Class::Place, flag);
                self.problems.push(problem);
            }
            if placed.program.may_keep() {
                let problem = Problem::new(
                    &codes::LEAK,
                    placed.place.clone(),
                    alloc::format!(
                        "the alternative of {} may keep what is withheld",
                        guarded.what
                    ),
                )
                .help(
                    "what stands in the directory may be the real value; write `none` to clear it",
                );
                self.problems.push(problem);
            }
        }
        GatePolicy::Alias
    }

    fn no_alternative(&mut self, guarded: &Guarded<'_>, flag: FlagName) {
        self.problems.push(
            Problem::new(
                &codes::NO_ALTERNATIVE,
                guarded.place.clone(),
                alloc::format!("{} has no alternative for a person with {}", guarded.what, flag.title()),
            )
            .help("write what stands instead under `protected`, made of `alias`, tables and constants"),
        );
    }

    fn leak(&mut self, guarded: &Guarded<'_>, flag: FlagName) {
        let mut problem = Problem::new(
            &codes::LEAK,
            guarded.place.clone(),
            alloc::format!(
                "{} could show what is withheld of a person with {}",
                guarded.what,
                flag.title()
            ),
        );
        for placed in &guarded.ordinary {
            problem = self.with_path(problem, placed, guarded, flag.withholds(), flag);
        }
        for group in &guarded.groups {
            let class = self.class_of_group(group, flag);
            if let Some(spec) = self
                .spec
                .groups
                .get(*group)
                .filter(|_| class >= flag.withholds())
            {
                problem = problem.label(
                    Place::at(spec.place.clone()),
                    alloc::format!(
                        "protected persons are included in group `{group}`, and who is in it is {}",
                        class.name()
                    ),
                );
            }
        }
        let place = guarded
            .ordinary
            .iter()
            .find(|placed| {
                self.class_of(placed.program, guarded.primary_class, flag) >= flag.withholds()
            })
            .map_or_else(|| guarded.place.clone(), |placed| placed.place.clone());
        problem.place = Place::at(place);
        problem = problem.help(if guarded.kind == OutputKind::Account {
            alloc::format!(
                "say what holds under `[protection.{}]` with `account = \"exclude\"`, let the account live by what is open, or include it \
                 with a written reason",
                flag.key()
            )
        } else {
            alloc::format!(
                "say what holds under `[protection.{}]` with `{} = \"exclude\"` or `\"omit\"`, give an alternative under \
                 `protected`, or include it with a written reason",
                flag.key(),
                guarded.kind.word()
            )
        });
        self.problems.push(problem);
    }

    fn highest(&self, placed: &[Placed<'_>], primary_class: Class, flag: FlagName) -> Class {
        placed
            .iter()
            .map(|placed| self.class_of(placed.program, primary_class, flag))
            .max()
            .unwrap_or(Class::Open)
    }

    /// What an expression tells of a person with a flag: the join over what it reads, over what chooses the primary where it
    /// reads that, and over what other outputs of the person tell that are let through on purpose.
    fn class_of(&self, program: &Program, primary_class: Class, flag: FlagName) -> Class {
        let mut seen = BTreeSet::new();
        let mut left: Vec<(Program, Class)> = Vec::from([(program.clone(), primary_class)]);
        let mut class = Class::Open;
        while let Some((program, primary_class)) = left.pop() {
            class = class.join(program.class());
            if self.reads_primary(&program) {
                class = class.join(primary_class);
            }
            for (account, output) in self.own_outputs(&program) {
                if seen.insert((account, output.clone())) {
                    left.extend(self.included(account, &output, flag));
                }
            }
        }
        class
    }

    /// What membership of another group tells of a person with a flag: nothing, but where that group includes them.
    fn class_of_group(&self, name: &str, flag: FlagName) -> Class {
        let Some(spec) = self.spec.groups.get(name) else {
            return Class::Open;
        };
        if self.stated(spec.protected.as_ref(), OutputKind::Group, flag)
            != Some(PolicyKind::Include)
        {
            return Class::Open;
        }
        let account = spec.account.as_ref().and_then(|account| {
            self.spec
                .accounts
                .keys()
                .position(|known| *known == account.text)
        });
        let kind = spec
            .each
            .as_ref()
            .and_then(|each| AffiliationKind::from_name(&each.text));
        let environment = self.environments.each(account, kind);
        let primary_class = self.primary_class(account);
        spec.when
            .iter()
            .chain(&spec.key)
            .filter_map(|expression| self.tried(expression, &environment))
            .map(|program| self.class_of(&program, primary_class, flag))
            .max()
            .unwrap_or(Class::Open)
    }

    fn reads_primary(&self, program: &Program) -> bool {
        program
            .variables()
            .any(|slot| slot == self.environments.slots.primary)
    }

    /// The outputs of the same person that a program reads. What is read of another person has passed the gate.
    fn own_outputs(&self, program: &Program) -> BTreeSet<(usize, String)> {
        let language = &self.declared.schema.language;
        let of_another = |read: &Read| {
            read.variable
                .is_some_and(|slot| slot != self.environments.slots.account)
        };
        program
            .reads()
            .iter()
            .filter(|read| !of_another(read))
            .flat_map(|read| &read.steps)
            .filter_map(|(record, slot)| {
                let account = self
                    .declared
                    .account_records
                    .iter()
                    .position(|known| known == record)?;
                let field = language.field_at(*record, *slot)?;
                Some((account, String::from(&*field.name)))
            })
            .collect()
    }

    /// The programs of an output that is included for a flag, with what chooses the primary of its account.
    fn included(&self, account: usize, output: &str, flag: FlagName) -> Vec<(Program, Class)> {
        let Some(spec) = self.spec.accounts.values().nth(account) else {
            return Vec::new();
        };
        let lives = self.environments.account(account);
        let (own, kind, expressions) = if let Some(names) = spec.names.get(output) {
            let expressions = names.local.iter().chain(&names.domain).collect();
            (None, OutputKind::Name, expressions)
        } else if let Some(attribute) = spec.set.get(output) {
            let own = attribute.protected.as_ref();
            (own, OutputKind::Attribute, Vec::from([&attribute.value]))
        } else {
            return Vec::new();
        };
        if self.stated(own, kind, flag) != Some(PolicyKind::Include) {
            return Vec::new();
        }
        let primary_class = self.primary_class(Some(account));
        expressions
            .into_iter()
            .filter_map(|expression| self.tried(expression, &lives))
            .map(|program| (program, primary_class))
            .collect()
    }

    /// What chooses the primary of an account: the conditions under which it covers an affiliation, for how long, and the order.
    pub(super) fn primary_class(&self, account: Option<usize>) -> Class {
        let known = account.and_then(|account| {
            let spec = self.spec.accounts.values().nth(account)?;
            let class = self.primary_classes.get(account)?;
            Some(*class.get_or_init(|| self.class_of_choice(spec)))
        });
        known.unwrap_or(Class::Open)
    }

    fn class_of_choice(&self, spec: &AccountSpec) -> Class {
        let kinds: Vec<AffiliationKind> = spec
            .covers
            .keys()
            .filter_map(|kind| AffiliationKind::from_name(kind))
            .collect();
        let environment = self.environments.affiliation(&kinds);
        let spans = [&spec.lead, &spec.grace, &spec.bridge];
        spec.covers
            .values()
            .chain(spec.primary.iter().map(|key| &key.by))
            .chain(
                spans
                    .into_iter()
                    .flatten()
                    .filter_map(|span| span.by.as_ref()),
            )
            .filter_map(|expression| self.tried(expression, &environment))
            .map(|program| program.class())
            .max()
            .unwrap_or(Class::Open)
    }

    /// The program of an expression whose problems are told elsewhere.
    fn tried(&self, expression: &Expression, environment: &Environment) -> Option<Program> {
        let language = &self.declared.schema.language;
        let expected = Expected::any().or_none().or_keep();
        compile(
            &expression.text,
            language,
            environment,
            &expected,
            self.limits,
        )
        .ok()
    }

    /// The way from an included output of the same person to what it tells too much of, hop by hop.
    fn way(
        &self,
        account: usize,
        output: &str,
        primary_class: Class,
        withheld: Class,
        flag: FlagName,
    ) -> Option<String> {
        let mut left = Vec::from([(account, String::from(output), String::new())]);
        let mut seen = BTreeSet::new();
        while let Some((account, output, before)) = left.pop() {
            let (name, _) = self.spec.accounts.iter().nth(account)?;
            let here = alloc::format!("{before}`account.{name}.{output}` is included, and shows ");
            for (program, primary) in self.included(account, &output, flag) {
                let told = program.reads().iter().find(|read| read.class >= withheld);
                if let Some(read) = told {
                    return Some(alloc::format!(
                        "{here}`{}`, which is {}",
                        read.path,
                        read.class.name()
                    ));
                }
                if self.reads_primary(&program) && primary.join(primary_class) >= withheld {
                    return Some(alloc::format!(
                        "{here}what depends on which affiliation is the primary"
                    ));
                }
                for (account, output) in self.own_outputs(&program) {
                    if seen.insert((account, output.clone())) {
                        left.push((account, output, here.clone()));
                    }
                }
            }
        }
        None
    }

    /// Shows each read that tells too much, and by way of which choice or output it does.
    fn with_path(
        &self,
        mut problem: Problem,
        placed: &Placed<'_>,
        guarded: &Guarded<'_>,
        withheld: Class,
        flag: FlagName,
    ) -> Problem {
        let inside = |read: &Read| Place::inside(placed.place.clone(), read.span.clone());
        for read in placed.program.reads() {
            if read.class >= withheld {
                problem = problem.label(
                    inside(read),
                    alloc::format!("`{}` is {}", read.path, read.class.name()),
                );
            } else if read.variable == Some(self.environments.slots.primary)
                && guarded.primary_class >= withheld
            {
                problem = problem.label(
                    inside(read),
                    alloc::format!(
                        "`{}` depends on which affiliation is the primary, and what chooses it is {}",
                        read.path,
                        guarded.primary_class.name()
                    ),
                );
            }
        }
        for (account, output) in self.own_outputs(placed.program) {
            if let Some(way) = self.way(account, &output, guarded.primary_class, withheld, flag) {
                problem = problem.label(Place::at(placed.place.clone()), way);
            }
        }
        problem
    }
}

/// The groups whose members decide who is in a group, by way of others as well.
pub(super) fn groups_behind<'s>(spec: &'s RulesetSpec, name: &'s str) -> Vec<&'s str> {
    let mut behind: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = Vec::from([name]);
    while let Some(group) = left.pop().and_then(|next| spec.groups.get(next)) {
        for other in group
            .union
            .iter()
            .chain(&group.intersect)
            .chain(&group.minus)
        {
            if spec.groups.contains_key(&other.text) && behind.insert(&other.text) {
                left.push(&other.text);
            }
        }
    }
    behind.into_iter().collect()
}
