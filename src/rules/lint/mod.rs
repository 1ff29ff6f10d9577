//! Lints: what loads and is probably not meant. Each is a warning, in a file of its own by subject.
//!
//! They look at rules that have been checked, and read no data. What they claim is certain: `question` says *never* only where no
//! data could make it otherwise, and a test holds it against every value of finite domains. What an author knows better can be
//! allowed, with a reason (`allow`).

mod allow;
pub(crate) mod codes;
mod conditions;
mod domain;
mod empty;
mod grace;
mod index;
mod never;
mod question;
mod rows;
mod shadow;
mod slots;
#[cfg(test)]
mod tests;
mod unwritten;
mod values;
mod writers;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::compiled::Compiled;
use crate::diagnostic::Problem;
use crate::language::Read;
use crate::language::Sizes;
pub(crate) use allow::allow;
use domain::Domain;
use question::Question;

/// Everything that is probably not meant, in no particular order.
pub(crate) fn lint(compiled: &Compiled) -> Vec<Problem> {
    let rules = Rules { compiled };
    let mut problems = Vec::new();
    let mut never = BTreeSet::new();
    for placed in conditions::all(compiled) {
        unwritten::look(rules, &placed, &mut problems);
        if !rows::literals(rules, &placed, &mut problems) {
            let holds = never::look(rules, &placed, &mut problems);
            if !holds && placed.rule.kind == "group" {
                never.insert(placed.rule.name);
            }
        }
        index::look(rules, &placed, &mut problems);
    }
    shadow::look(rules, &mut problems);
    writers::look(rules, &mut problems);
    rows::look(rules, &mut problems);
    grace::look(rules, &mut problems);
    slots::look(rules, &mut problems);
    empty::look(rules, &never, &mut problems);
    problems
}

/// The rule set that is looked at.
#[derive(Clone, Copy)]
struct Rules<'a> {
    compiled: &'a Compiled,
}

impl<'a> Rules<'a> {
    fn domain(self) -> Domain<'a> {
        Domain {
            schema: &self.compiled.schema.language,
            tables: &self.compiled.tables,
        }
    }

    /// The most that an expression may read.
    fn sizes(self) -> Sizes {
        let limits = &self.compiled.limits;
        Sizes {
            text: limits.read_text,
            list: limits.read_list,
        }
    }

    fn question(self) -> Question<'a> {
        Question::new(self.domain())
    }

    /// Whether a read goes through what an account shows.
    fn reads_outputs(self, read: &Read) -> bool {
        read.steps
            .iter()
            .any(|(record, _)| *record == self.compiled.accounts_record)
    }

    /// Whether some expression reads a row of a table, or looks it up.
    fn reads_rows_of(self, table: &str) -> bool {
        let record = self.compiled.tables.get(table).map(|table| table.record);
        let tables = self.compiled.tables_record;
        let slot = self.compiled.schema.language.field_named(tables, table);
        conditions::all(self.compiled).iter().any(|placed| {
            placed
                .program
                .reads()
                .iter()
                .flat_map(|read| &read.steps)
                .any(|(known, field)| {
                    Some(*known) == record || (*known == tables && Some(*field) == slot)
                })
        })
    }
}
