//! The way from a field to an output that tells too much of it, hop by hop, for people to read.
//!
//! It decides nothing. Keeps true: whatever made an output too telling has a label.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::FlagName;
use super::Guarded;
use super::Placed;
use crate::base::Place;
use crate::diagnostic::Problem;
use crate::language::Class;
use crate::language::Program;
use crate::language::Read;
use crate::rules::check::Checker;

impl Checker<'_> {
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
    pub(super) fn with_path(
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
        for account in self.own_accounts(placed.program) {
            if guarded.position == Some(account) {
                continue;
            }
            let life = self.included_life(account, flag);
            let mut reads = life.iter().flat_map(Program::reads);
            let told = reads.find(|read| read.class >= withheld);
            if let Some((told, (name, _))) = told.zip(self.spec.accounts.iter().nth(account)) {
                let way = alloc::format!(
                    "`account.{name}` is included, and that it is there tells `{}`, which is {}",
                    told.path,
                    told.class.name()
                );
                problem = problem.label(Place::at(placed.place.clone()), way);
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
