//! Protection, proved before anything runs: each output gets a policy for each flag, and a rule set in which a withheld value
//! could reach an output that no policy covers does not load.
//!
//! The class of what an output reads is known from its programs. Whether an account exists and is enabled is decided by the
//! engine, from active intervals; that is the one declared exception.

use alloc::string::String;
use alloc::vec::Vec;

use super::Checker;
use super::codes;
use crate::base::Path;
use crate::base::Place;
use crate::diagnostic::Problem;
use crate::language::Class;
use crate::language::Program;
use crate::rules::compiled::Gate;
use crate::rules::compiled::GatePolicy;
use crate::rules::spec::OutputKind;
use crate::rules::spec::Policy;
use crate::rules::spec::PolicyKind;
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
    pub(super) own: Option<&'a Policy>,
    pub(super) ordinary: Vec<Placed<'a>>,
    /// What stands instead, where there is something.
    pub(super) alternative: Option<Vec<Placed<'a>>>,
    /// The account that the output hangs on.
    pub(super) account: Option<&'a Gate>,
    /// Whether the output may be left out and cleared where nothing else is said.
    pub(super) may_omit: bool,
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
        let of_account = guarded.account.map(|gate| match flag {
            FlagName::Marking => gate.marking,
            FlagName::Registration => gate.registration,
        });
        if of_account == Some(GatePolicy::Exclude) {
            return GatePolicy::Exclude;
        }
        let defaults = match flag {
            FlagName::Marking => &self.spec.protection.marking,
            FlagName::Registration => &self.spec.protection.registration,
        };
        let stated = guarded.own.or_else(|| defaults.get(&guarded.kind));
        let highest = guarded
            .ordinary
            .iter()
            .map(|placed| self.class_of(placed.program, guarded.primary_class))
            .max()
            .unwrap_or(Class::Open);
        let passes = highest < flag.withholds();
        match stated.map(|policy| policy.kind) {
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
                GatePolicy::Pass
            }
            Some(kind @ (PolicyKind::Exclude | PolicyKind::Omit | PolicyKind::Task)) => {
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

    /// The policy `alias`: there is an alternative that reads nothing but what is open.
    fn alias(&mut self, guarded: &Guarded<'_>, flag: FlagName, passes: bool) -> GatePolicy {
        // An account as such has no alternative of its own: its parts do.
        if guarded.kind == OutputKind::Account {
            return GatePolicy::Alias;
        }
        let Some(alternative) = &guarded.alternative else {
            if passes {
                return GatePolicy::Pass;
            }
            self.problems.push(
                Problem::new(
                    &codes::NO_ALTERNATIVE,
                    guarded.place.clone(),
                    alloc::format!("{} has no alternative for a person with {}", guarded.what, flag.title()),
                )
                .help("write what stands instead under `protected`, made of `alias`, tables and constants"),
            );
            return GatePolicy::Omit;
        };
        for placed in alternative {
            if placed.program.class() > Class::Open {
                let problem = Problem::new(
                    &codes::LEAK,
                    placed.place.clone(),
                    alloc::format!("the alternative of {} reads what is withheld", guarded.what),
                )
                .help("an alternative may read `alias`, keys, tables and constants only");
                self.problems.push(with_path(problem, placed, Class::Place));
            }
        }
        GatePolicy::Alias
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
            problem = with_path(problem, placed, flag.withholds());
        }
        let place = guarded
            .ordinary
            .iter()
            .find(|placed| self.class_of(placed.program, guarded.primary_class) >= flag.withholds())
            .map_or_else(|| guarded.place.clone(), |placed| placed.place.clone());
        problem.place = Place::at(place);
        problem = problem.help(alloc::format!(
            "say what holds under `[protection.{}]` with `{} = \"exclude\"` or `\"omit\"`, give an alternative under \
             `protected`, or include it with a written reason",
            flag.key(),
            guarded.kind.word()
        ));
        self.problems.push(problem);
    }

    /// What an expression tells: the join over what it reads, and over what chooses the primary where it reads that.
    fn class_of(&self, program: &Program, primary_class: Class) -> Class {
        let reads_primary = program
            .variables()
            .any(|slot| slot == self.environments.slots.primary);
        if reads_primary {
            program.class().join(primary_class)
        } else {
            program.class()
        }
    }
}

/// Shows each read that tells too much.
fn with_path(mut problem: Problem, placed: &Placed<'_>, withheld: Class) -> Problem {
    for read in placed
        .program
        .reads()
        .iter()
        .filter(|read| read.class >= withheld)
    {
        problem = problem.label(
            Place::inside(placed.place.clone(), read.span.clone()),
            alloc::format!("`{}` is {}", read.path, read.class.name()),
        );
    }
    problem
}
