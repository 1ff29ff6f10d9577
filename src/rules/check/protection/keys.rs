//! Keys of groups that are made of what another person's account shows.
//!
//! A key stands in every step about its group, whatever becomes of that person: what an account showed on the day on which the
//! group was made would stay in plans after its person is protected. Not here: what a key tells of the members, which is a matter
//! of the group's policy.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Place;
use crate::diagnostic::Problem;
use crate::language::Class;
use crate::language::Program;
use crate::language::Read;
use crate::rules::check::Checker;
use crate::rules::check::codes;
use crate::rules::compiled::NEXT;
use crate::rules::spec::Expression;

impl Checker<'_> {
    /// A problem where the key of a group shows another person.
    pub(in crate::rules::check) fn key_of_others(
        &mut self,
        name: &str,
        key: &Program,
        expression: Option<&Expression>,
    ) {
        let Some(expression) = expression else { return };
        let Some(read) = key.reads().iter().find(|read| self.shows_another(read)) else {
            return;
        };
        let place = expression.place.clone();
        let label = Place::inside(place.clone(), read.span.clone());
        let problem = Problem::new(
            &codes::LEAK,
            place,
            alloc::format!("the key of group `{name}` is made of what another person's account shows"),
        )
        .label(label, alloc::format!("`{}` may be made of what is withheld once that person is protected", read.path))
        .help("a key stays in plans whatever becomes of that person: make it of codes and keys, and say the rest in `name` or `description`");
        self.problems.push(problem);
    }

    /// Whether what is read comes of another person's account and is not open there, by way of outputs of one's own as well.
    fn shows_another(&self, read: &Read) -> bool {
        let is_own = |read: &Read| read.variable == Some(self.environments.slots.account);
        let mut seen = BTreeSet::new();
        // An output, and whether it is that of another person.
        let of = |read: &Read, other: bool| {
            let other = other || !is_own(read);
            self.outputs(read)
                .into_iter()
                .map(move |output| (output, other))
        };
        let mut left: Vec<((usize, String), bool)> = of(read, false).collect();
        while let Some((output, other)) = left.pop() {
            for program in self.written_by(&output) {
                if other && program.class() > Class::Open {
                    return true;
                }
                left.extend(program.reads().iter().flat_map(|read| of(read, other)));
            }
            left.retain(|next| !seen.contains(next));
            seen.insert((output, other));
        }
        false
    }

    /// The outputs of accounts that a read goes through.
    fn outputs(&self, read: &Read) -> Vec<(usize, String)> {
        let language = &self.declared.schema.language;
        let records = &self.declared.account_records;
        let output = |(record, slot): &_| {
            let account = records.iter().position(|known| known == record)?;
            let field = &language.field_at(*record, *slot)?.name;
            Some((
                account,
                String::from(field.strip_prefix(NEXT).unwrap_or(field)),
            ))
        };
        read.steps.iter().filter_map(output).collect()
    }

    /// The programs of an output of an account for somebody who is not protected.
    fn written_by(&self, (account, output): &(usize, String)) -> Vec<&Program> {
        let Some(rule) = self.accounts.get(*account) else {
            return Vec::new();
        };
        let names = rule.names.iter().filter(|name| *name.name == **output);
        let attributes = rule.attributes.iter().filter(|set| *set.name == **output);
        names
            .flat_map(|name| name.ordinary.all())
            .chain(attributes.flat_map(|set| &set.ordinary))
            .collect()
    }
}
