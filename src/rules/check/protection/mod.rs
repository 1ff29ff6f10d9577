//! Protection, proved before anything runs: each output gets a policy for each flag, and a rule set in which a withheld value
//! could reach an output that no policy covers does not load.
//!
//! The class of what an output reads is known from its programs. Whether an account exists and is enabled is decided by the
//! engine, from active intervals; that is the one declared exception.

mod keys;
mod others;
mod told;
mod way;

use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Path;
use crate::base::Place;
use crate::diagnostic::Problem;
use crate::language::Class;
use crate::language::Program;
use crate::rules::check::Checker;
use crate::rules::check::codes;
use crate::rules::compiled::Gate;
use crate::rules::compiled::GatePolicy;
use crate::rules::spec::OutputKind;
use crate::rules::spec::OwnPolicy;
use crate::rules::spec::PolicyKind;
use crate::rules::spec::Word;

pub(super) use others::Other;
pub(super) use others::ToldOfOthers;
use others::others_of;

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
    /// The rule that it is, where others decide what it gives: groups that it is made of, licences that come before it.
    pub(super) rule: Option<Other<'a>>,
    /// The account that the output hangs on.
    pub(super) account: Option<&'a Gate>,
    /// The same, by position.
    pub(super) position: Option<usize>,
    /// Whether the output may be left out and cleared where nothing else is said.
    pub(super) may_omit: bool,
    /// Whether an account cannot be without it: its login and where it stands.
    pub(super) is_needed: bool,
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
        let of_others = self.told_of_others(guarded.rule, flag);
        let highest = self.highest(guarded, flag).join(of_others);
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
                    ).help("take it out of the expression; where somebody works or goes to school is in `primary`"));
                }
                GatePolicy::Include
            }
            // Of an account as such nothing can be left out but all of it.
            Some(PolicyKind::Omit) if guarded.kind == OutputKind::Account => GatePolicy::Exclude,
            Some(kind @ (PolicyKind::Exclude | PolicyKind::Omit | PolicyKind::Task)) => {
                if guarded.is_needed {
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
    pub(super) fn stated(
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
            if self.class_of(placed.program, guarded, flag) > Class::Open {
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
        // Of so many problems that some are left out, each is told with its own reasons only.
        let rule = guarded
            .rule
            .filter(|_| self.problems.len() < self.limits.reported_problems);
        for other in rule.map_or_else(Vec::new, |rule| others_of(self.spec, rule)) {
            let class = self.class_of_other(other, flag);
            let told = self.told_of_other(other, flag);
            let (place, tells) = match other {
                Other::Group(name) => (
                    self.spec.groups.get(name).map(|spec| &spec.place),
                    alloc::format!(
                        "protected persons are included in group `{name}`, and who is in it tells {told}"
                    ),
                ),
                Other::Licence(name) => (
                    self.spec.licences.get(name).map(|spec| &spec.place),
                    alloc::format!(
                        "licence `{name}`, which comes first or is needed, includes protected persons, and who has it tells {told}"
                    ),
                ),
            };
            if let Some(place) = place.filter(|_| class >= flag.withholds()) {
                problem = problem.label(Place::at(place.clone()), tells);
            }
            if let Other::Licence(name) = other
                && let Some(spec) = self.spec.licences.get(name)
                && self.class_of_life(&spec.account, flag) >= flag.withholds()
            {
                let account = &spec.account.text;
                let tells = alloc::format!(
                    "licence `{name}` comes first where there is account `{account}`, which is included, and that it is there tells too much"
                );
                problem = problem.label(Place::at(spec.place.clone()), tells);
            }
        }
        let place = guarded
            .ordinary
            .iter()
            .find(|placed| self.class_of(placed.program, guarded, flag) >= flag.withholds())
            .map_or_else(|| guarded.place.clone(), |placed| placed.place.clone());
        problem.place = Place::at(place);
        problem = problem.help(if guarded.kind == OutputKind::Account {
            alloc::format!(
                "say what holds under `[protection.{}]` with `account = \"exclude\"`, let the account live by what is open, or include it \
                 with a written reason",
                flag.key()
            )
        } else if guarded.is_needed {
            String::from(
                "give an alternative under `protected`, made of `alias`, tables and constants, or include it with a written reason",
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
}
