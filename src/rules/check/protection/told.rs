//! What an output tells of a protected person: the class of all that it reads, by way of other outputs as well.
//!
//! It judges nothing: which class is too high is a matter of policies. Keeps true: what another output shows counts where that
//! output is included, and only there; what chooses the primary counts where the primary is read.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::FlagName;
use super::Guarded;
use super::Other;
use crate::language::Class;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::Program;
use crate::language::Read;
use crate::language::compile;
use crate::model::AffiliationKind;
use crate::rules::check::Checker;
use crate::rules::compiled::NEXT;
use crate::rules::spec::Expression;
use crate::rules::spec::OutputKind;
use crate::rules::spec::PolicyKind;
use crate::rules::spec::WindowSpec;

impl Checker<'_> {
    pub(super) fn highest(&self, guarded: &Guarded<'_>, flag: FlagName) -> Class {
        guarded
            .ordinary
            .iter()
            .map(|placed| self.class_of(placed.program, guarded, flag))
            .max()
            .unwrap_or(Class::Open)
    }

    pub(super) fn class_of(
        &self,
        program: &Program,
        guarded: &Guarded<'_>,
        flag: FlagName,
    ) -> Class {
        self.told_by(program, guarded.position, guarded.primary_class, flag)
    }

    /// What an expression of an account's output tells of a person with a flag: the join over what it reads, over what chooses the
    /// primary where it reads that, over what other outputs of the person tell that are let through on purpose, and over what
    /// lets other accounts of the person be there.
    fn told_by(
        &self,
        program: &Program,
        position: Option<usize>,
        primary_class: Class,
        flag: FlagName,
    ) -> Class {
        let mut seen = BTreeSet::new();
        let mut lives = BTreeSet::from_iter(position);
        let mut left: Vec<(Program, Class)> = Vec::from([(program.clone(), primary_class)]);
        let mut class = Class::Open;
        while let Some((program, primary_class)) = left.pop() {
            class = class.join(program.class());
            if self.reads_primary(&program) {
                class = class.join(primary_class);
            }
            for account in self.own_accounts(&program) {
                if lives.insert(account) {
                    let life = self.included_life(account, flag);
                    left.extend(life.into_iter().map(|program| (program, Class::Open)));
                }
            }
            for (account, output) in self.own_outputs(&program) {
                if seen.insert((account, output.clone())) {
                    left.extend(self.included(account, &output, flag));
                }
            }
        }
        class
    }

    pub(super) fn class_of_other(&self, other: Other<'_>, flag: FlagName) -> Class {
        match other {
            Other::Group(name) => self.class_of_group(name, flag),
            Other::Licence(name) => self.class_of_licence(name, flag),
        }
    }

    /// What having another licence tells of a person with a flag: nothing, but where that licence includes them.
    fn class_of_licence(&self, name: &str, flag: FlagName) -> Class {
        let Some(spec) = self.spec.licences.get(name) else {
            return Class::Open;
        };
        if self.stated(spec.protected.as_ref(), OutputKind::Licence, flag)
            != Some(PolicyKind::Include)
        {
            return Class::Open;
        }
        self.highest_of(self.programs_of(Other::Licence(name)), flag)
    }

    /// What another rule tells, in words: what it reads of the highest class.
    pub(super) fn told_of_other(&self, other: Other<'_>, flag: FlagName) -> String {
        let (_, programs) = self.programs_of(other);
        let reads = programs.iter().flat_map(Program::reads);
        let told = reads.filter(|read| read.class >= flag.withholds());
        told.max_by_key(|read| read.class).map_or_else(
            || String::from("which affiliation is the primary, or what another output shows"),
            |read| alloc::format!("`{}`, which is {}", read.path, read.class.name()),
        )
    }

    fn highest_of(
        &self,
        (account, programs): (Option<usize>, Vec<Program>),
        flag: FlagName,
    ) -> Class {
        let primary_class = self.primary_class(account);
        programs
            .iter()
            .map(|program| self.told_by(program, account, primary_class, flag))
            .max()
            .unwrap_or(Class::Open)
    }

    /// The programs that decide who is in a group or has a licence, with the account that it hangs on.
    fn programs_of(&self, other: Other<'_>) -> (Option<usize>, Vec<Program>) {
        let spec = match other {
            Other::Group(name) => self.spec.groups.get(name).map(|spec| {
                let expressions: Vec<&Expression> = spec.when.iter().chain(&spec.key).collect();
                (
                    expressions,
                    &spec.window,
                    spec.account.as_ref(),
                    spec.each.as_ref(),
                )
            }),
            Other::Licence(name) => self.spec.licences.get(name).map(|spec| {
                let expressions: Vec<&Expression> = spec.when.iter().collect();
                (
                    expressions,
                    &spec.window,
                    Some(&spec.account),
                    spec.each.as_ref(),
                )
            }),
        };
        let Some((expressions, window, account, each)) = spec else {
            return (None, Vec::new());
        };
        let account = account.and_then(|account| {
            let mut known = self.spec.accounts.keys();
            known.position(|known| *known == account.text)
        });
        let kind = each.and_then(|each| AffiliationKind::from_name(&each.text));
        let environment = self.environments.each(account, kind);
        let kinds: Vec<AffiliationKind> = match (kind, account) {
            (Some(kind), _) => Vec::from([kind]),
            (None, Some(account)) => self.covered(account),
            (None, None) => Vec::new(),
        };
        let days = self.environments.affiliation(&kinds);
        let by = match window {
            WindowSpec::Own(days) => [days.lead.as_ref(), days.grace.as_ref()],
            WindowSpec::Word(_) => [None, None],
        };
        let by = by.into_iter().flatten().filter_map(|span| span.by.as_ref());
        let programs = expressions
            .into_iter()
            .filter_map(|expression| self.tried(expression, &environment))
            .chain(by.filter_map(|expression| self.tried(expression, &days)));
        (account, programs.collect())
    }

    /// What membership of another group tells of a person with a flag: nothing, but where that group includes them.
    pub(super) fn class_of_group(&self, name: &str, flag: FlagName) -> Class {
        let Some(spec) = self.spec.groups.get(name) else {
            return Class::Open;
        };
        if self.stated(spec.protected.as_ref(), OutputKind::Group, flag)
            != Some(PolicyKind::Include)
        {
            return Class::Open;
        }
        self.highest_of(self.programs_of(Other::Group(name)), flag)
    }

    pub(super) fn reads_primary(&self, program: &Program) -> bool {
        program
            .variables()
            .any(|slot| slot == self.environments.slots.primary)
    }

    /// The outputs of the same person that a program reads. What is read of another person has passed the gate.
    pub(super) fn own_outputs(&self, program: &Program) -> BTreeSet<(usize, String)> {
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

    /// The accounts of the same person of which a program reads whether they are there.
    pub(super) fn own_accounts(&self, program: &Program) -> BTreeSet<usize> {
        let of_another = |read: &Read| {
            read.variable
                .is_some_and(|slot| slot != self.environments.slots.account)
        };
        program
            .reads()
            .iter()
            .filter(|read| !of_another(read))
            .flat_map(|read| &read.steps)
            .filter(|(record, _)| *record == self.declared.accounts_record)
            .filter_map(|(_, slot)| usize::try_from(slot.index()).ok())
            .collect()
    }

    /// What an account lives by, where it is included for a flag.
    pub(super) fn included_life(&self, account: usize, flag: FlagName) -> Vec<Program> {
        let Some(spec) = self.account_spec(account) else {
            return Vec::new();
        };
        let own = spec
            .protected
            .as_ref()
            .and_then(|protected| protected.policy.as_ref());
        if self.stated(own, OutputKind::Account, flag) != Some(PolicyKind::Include) {
            return Vec::new();
        }
        let environment = self.environments.affiliation(&self.covered(account));
        let person = self.environments.person();
        let spans = [
            &spec.lead,
            &spec.grace,
            &spec.bridge,
            &spec.retain,
            &spec.min_disabled,
        ];
        let by = spans
            .into_iter()
            .flatten()
            .filter_map(|span| span.by.as_ref());
        let require = spec.require.iter().map(|require| &require.that);
        spec.covers
            .values()
            .chain(by)
            .filter_map(|expression| self.tried(expression, &environment))
            .chain(require.filter_map(|expression| self.tried(expression, &person)))
            .collect()
    }

    /// The kinds of affiliation that an account covers.
    fn covered(&self, account: usize) -> Vec<AffiliationKind> {
        let spec = self.account_spec(account);
        let kinds = spec.into_iter().flat_map(|spec| spec.covers.keys());
        kinds
            .filter_map(|kind| AffiliationKind::from_name(kind))
            .collect()
    }

    /// The programs of an output that is included for a flag, with what chooses the primary of its account.
    pub(super) fn included(
        &self,
        account: usize,
        output: &str,
        flag: FlagName,
    ) -> Vec<(Program, Class)> {
        let Some(spec) = self.account_spec(account) else {
            return Vec::new();
        };
        let lives = self.environments.account(account);
        // Which name an account will have tells what the name does.
        let next = output.strip_prefix(NEXT);
        let output = next
            .filter(|name| spec.names.contains_key(*name))
            .unwrap_or(output);
        let (own, kind, expressions) = if let Some(names) = spec.names.get(output) {
            let expressions: Vec<&Expression> = names.local.iter().chain(&names.domain).collect();
            (names.protected.as_ref(), OutputKind::Name, expressions)
        } else if let Some(attribute) = spec.set.get(output) {
            let own = attribute.protected.as_ref();
            (
                own,
                OutputKind::Attribute,
                attribute.alternatives().collect(),
            )
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

    /// What chooses the primary of an account: the conditions under which it covers an affiliation, for how long, the order,
    /// and which of several accounts it is.
    pub(in crate::rules::check) fn primary_class(&self, account: Option<usize>) -> Class {
        let known = account.and_then(|account| {
            let class = self.primary_classes.get(account)?;
            Some(*class.get_or_init(|| self.class_of_choice(account)))
        });
        known.unwrap_or(Class::Open)
    }

    fn class_of_choice(&self, account: usize) -> Class {
        let Some(spec) = self.account_spec(account) else {
            return Class::Open;
        };
        // A slot may be said of what is not covered.
        let environment = self.environments.affiliation(&AffiliationKind::ALL);
        let spans = [&spec.lead, &spec.grace, &spec.bridge];
        spec.covers
            .values()
            .chain(spec.primary.iter().map(|key| &key.by))
            .chain(spec.slot.values())
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
}
