//! What depends on what: every output is a node of one graph, and the graph is cut into strata. Within a stratum all is local to
//! a person; between strata names are given out and groups are settled.
//!
//! Every edge knows the key or the part of an expression that makes it, so that a circle can be shown edge by edge. A circle
//! does not load, so what is taken away is always settled before it is taken away.

mod circle;
mod graph;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Checker;
use crate::base::Path;
use crate::base::Text;
use crate::diagnostic::Problem;
use crate::language::FieldSlot;
use crate::language::Program;
use crate::language::Read;
use crate::rules::compiled::ClassListRule;
use crate::rules::compiled::GroupRule;
use crate::rules::compiled::LicenceRule;
use crate::rules::compiled::MailboxRule;
use crate::rules::compiled::NEXT;
use crate::rules::compiled::NamePrograms;
use crate::rules::compiled::NoticeRule;
use crate::rules::compiled::Output;
use crate::rules::spec::Expression;
use crate::rules::spec::Named;
use graph::Graph;
use graph::NodeIndex;

/// The outputs beside those of accounts, as far as they could be compiled.
pub(super) struct Rules<'a> {
    pub(super) groups: &'a [GroupRule],
    pub(super) licences: &'a [LicenceRule],
    pub(super) mailboxes: &'a [MailboxRule],
    pub(super) class_lists: &'a [ClassListRule],
    pub(super) notices: &'a [NoticeRule],
}

/// Why one output must be computed before another.
#[derive(Clone, Copy)]
enum Cause<'a> {
    /// It hangs on an account.
    Account,
    /// An expression reads it.
    Reads {
        program: &'a Program,
        read: &'a Read,
        place: &'a Path,
    },
    /// Its members are added.
    Union(&'a Path),
    /// Its members are required.
    Intersect(&'a Path),
    /// Its members are taken out.
    Minus(&'a Path),
    /// It must be given as well.
    Needs(&'a Path),
    /// It is put into the other group in the directory, which is written and not computed.
    Nested(&'a Path),
}

impl Cause<'_> {
    /// Whether more of the one means less of the other.
    fn is_negative(&self) -> bool {
        match self {
            Self::Minus(_) => true,
            Self::Reads { program, read, .. } => program.negates(&read.span),
            Self::Account
            | Self::Union(_)
            | Self::Intersect(_)
            | Self::Needs(_)
            | Self::Nested(_) => false,
        }
    }
}

type Dependencies<'a> = Graph<Output, Cause<'a>>;

impl Checker<'_> {
    /// The outputs in strata, none where there is a circle; and a problem for each circle.
    pub(super) fn strata(&self, rules: &Rules<'_>) -> (Vec<Vec<Output>>, Vec<Problem>) {
        let mut graph = Graph::new();
        let reader = Reader::new(self, &mut graph);
        reader.accounts(&mut graph);
        reader.groups(&mut graph, rules.groups);
        reader.others(&mut graph, rules);
        // A name is given out, and a group settled, between two strata.
        let settled = |output: &Output| {
            matches!(
                output,
                Output::Name(..) | Output::Group(_) | Output::Account(_)
            )
        };
        match graph.layers(settled) {
            Some(strata) => (strata, Vec::new()),
            None => (Vec::new(), circle::problems(self.spec, &graph)),
        }
    }
}

/// Reads rules and adds what they depend on to a graph.
struct Reader<'a> {
    checker: &'a Checker<'a>,
    /// The nodes of the fields of accounts, by account rule and slot: there may be thousands, which a slot finds faster than a name.
    shown: Vec<Vec<NodeIndex>>,
}

impl<'a> Reader<'a> {
    fn new(checker: &'a Checker<'_>, graph: &mut Dependencies<'a>) -> Self {
        let records = checker.declared.account_records.iter().enumerate();
        let shown = records.map(|(account, record)| {
            let fields = checker.declared.schema.language.fields(*record).iter();
            let mut nodes = Vec::with_capacity(fields.len());
            for field in fields {
                nodes.push(match shown_by(checker, account, &field.name) {
                    attribute @ Output::Attribute(..) => graph.add(attribute),
                    // A name is shown by two fields: as it is, and as it would be.
                    name => graph.node(&name),
                });
            }
            nodes
        });
        Self {
            checker,
            shown: shown.collect(),
        }
    }

    /// The node of a field of an account.
    fn shown(&self, account: usize, slot: FieldSlot) -> Option<NodeIndex> {
        let slot = usize::try_from(slot.index()).ok()?;
        self.shown.get(account)?.get(slot).copied()
    }

    /// The same by the name of the field.
    fn shown_as(&self, account: usize, field: &str) -> Option<NodeIndex> {
        let declared = &self.checker.declared;
        let record = declared.account_records.get(account)?;
        let slot = declared.schema.language.field_named(*record, field)?;
        self.shown(account, slot)
    }

    fn accounts(&self, graph: &mut Dependencies<'a>) {
        let rules = self.checker.accounts.iter();
        for ((position, rule), spec) in rules.enumerate().zip(self.checker.spec.accounts.values()) {
            let exists = graph.node(&Output::Account(position));
            for name in &rule.names {
                let output = graph.node(&Output::Name(position, name.name.clone()));
                add(graph, exists, output, Cause::Account);
                if let Some(own) = spec.names.get(&*name.name) {
                    let (local, domain) = (&own.local, own.domain.as_ref());
                    self.name(graph, &name.ordinary, local, domain, output);
                    let by = name.alias.as_ref().and_then(|alias| alias.by.as_ref());
                    let alias = own.alias.as_ref().and_then(|alias| alias.by.as_ref());
                    if let Some((program, expression)) = by.zip(alias) {
                        self.reads(graph, program, &expression.place, output);
                    }
                }
                let protected = spec.protected.as_ref();
                if let Some(programs) = &name.protected
                    && let Some(own) =
                        protected.and_then(|protected| protected.names.get(&*name.name))
                {
                    let (local, domain) = (&own.local, own.domain.as_ref());
                    self.name(graph, programs, local, domain, output);
                }
            }
            for attribute in &rule.attributes {
                // What reads a field that is both reads the name; the attribute is an output all the same.
                let is_name = spec.names.contains_key(&*attribute.name);
                let shown = self.shown_as(position, &attribute.name);
                let output = shown.filter(|_| !is_name).unwrap_or_else(|| {
                    graph.node(&Output::Attribute(position, attribute.name.clone()))
                });
                add(graph, exists, output, Cause::Account);
                if let Some(own) = spec.set.get(&*attribute.name) {
                    for (program, expression) in attribute.ordinary.iter().zip(own.alternatives()) {
                        self.reads(graph, program, &expression.place, output);
                    }
                }
                let protected = spec.protected.as_ref();
                if let Some(program) = &attribute.protected
                    && let Some(own) =
                        protected.and_then(|protected| protected.set.get(&*attribute.name))
                {
                    self.reads(graph, program, &own.place, output);
                }
            }
        }
    }

    fn name(
        &self,
        graph: &mut Dependencies<'a>,
        programs: &'a NamePrograms,
        local: &'a [Expression],
        domain: Option<&'a Expression>,
        output: NodeIndex,
    ) {
        for (program, expression) in programs.local.iter().zip(local) {
            self.reads(graph, program, &expression.place, output);
        }
        self.written(graph, programs.domain.as_ref(), domain, output);
    }

    fn groups(&self, graph: &mut Dependencies<'a>, rules: &'a [GroupRule]) {
        for rule in rules {
            let groups = &self.checker.positions.groups;
            let Some((position, spec)) = groups
                .get(&*rule.name)
                .copied()
                .zip(self.checker.spec.groups.get(&*rule.name))
            else {
                continue;
            };
            let output = graph.node(&Output::Group(position));
            if let Some(account) = rule.account {
                let account = graph.node(&Output::Account(account));
                add(graph, account, output, Cause::Account);
            }
            self.made_of(graph, &spec.minus, Cause::Minus, output);
            self.made_of(graph, &spec.union, Cause::Union, output);
            self.made_of(graph, &spec.intersect, Cause::Intersect, output);
            self.made_of(graph, &spec.nested, Cause::Nested, output);
            for (program, expression) in [
                (Some(&rule.key), &spec.key),
                (rule.when.as_ref(), &spec.when),
                (rule.display.as_ref(), &spec.name),
                (rule.container.as_ref(), &spec.container),
                (rule.description.as_ref(), &spec.description),
            ] {
                self.written(graph, program, expression.as_ref(), output);
            }
            for (program, expression) in rule.owner.iter().zip(&spec.owner) {
                self.reads(graph, program, &expression.place, output);
            }
        }
    }

    /// An edge from each group that is named.
    fn made_of(
        &self,
        graph: &mut Dependencies<'a>,
        names: &'a [Named],
        cause: impl Fn(&'a Path) -> Cause<'a>,
        output: NodeIndex,
    ) {
        for name in names {
            if let Some(other) = self.checker.positions.groups.get(name.text.as_str()) {
                let other = graph.node(&Output::Group(*other));
                add(graph, other, output, cause(&name.place));
            }
        }
    }

    fn others(&self, graph: &mut Dependencies<'a>, rules: &Rules<'a>) {
        let spec = self.checker.spec;
        for (position, rule) in rules.licences.iter().enumerate() {
            let output = of_account(graph, rule.account, &Output::Licence(position));
            let own = spec.licences.get(&*rule.name);
            let when = own.and_then(|own| own.when.as_ref());
            self.written(graph, rule.when.as_ref(), when, output);
            for (needed, name) in rule
                .needs
                .iter()
                .zip(own.into_iter().flat_map(|own| &own.needs))
            {
                let needed = graph.node(&Output::Licence(*needed));
                add(graph, needed, output, Cause::Needs(&name.place));
            }
        }
        for (position, rule) in rules.mailboxes.iter().enumerate() {
            let output = of_account(graph, rule.account, &Output::Mailbox(position));
            let own = spec.mailboxes.get(&*rule.name);
            let when = own.and_then(|own| own.when.as_ref());
            self.written(graph, rule.when.as_ref(), when, output);
        }
        for (position, rule) in rules.class_lists.iter().enumerate() {
            let output = of_account(graph, rule.account, &Output::ClassList(position));
            if let Some(own) = spec.class_lists.get(&*rule.name) {
                self.written(graph, rule.when.as_ref(), own.when.as_ref(), output);
                self.fields(graph, &rule.show, &own.show, output);
            }
        }
        for (position, rule) in rules.notices.iter().enumerate() {
            let output = of_account(graph, rule.account, &Output::Notice(position));
            if let Some(own) = spec.notices.get(&*rule.name) {
                self.written(graph, rule.when.as_ref(), own.when.as_ref(), output);
                self.fields(graph, &rule.fields, &own.fields, output);
                for (program, expression) in rule.to.iter().zip(&own.to) {
                    self.reads(graph, program, &expression.place, output);
                }
            }
        }
    }

    fn fields(
        &self,
        graph: &mut Dependencies<'a>,
        programs: &'a BTreeMap<Text, Program>,
        expressions: &'a BTreeMap<String, Expression>,
        output: NodeIndex,
    ) {
        for (name, program) in programs {
            self.written(graph, Some(program), expressions.get(&**name), output);
        }
    }

    /// An expression that may be missing from the file.
    fn written(
        &self,
        graph: &mut Dependencies<'a>,
        program: Option<&'a Program>,
        expression: Option<&'a Expression>,
        output: NodeIndex,
    ) {
        if let Some((program, expression)) = program.zip(expression) {
            self.reads(graph, program, &expression.place, output);
        }
    }

    /// An edge from every output of an account that a program reads.
    fn reads(
        &self,
        graph: &mut Dependencies<'a>,
        program: &'a Program,
        place: &'a Path,
        output: NodeIndex,
    ) {
        let declared = &self.checker.declared;
        for read in program.reads() {
            for (record, slot) in &read.steps {
                let cause = Cause::Reads {
                    program,
                    read,
                    place,
                };
                if *record == declared.accounts_record {
                    // The fields of this record stand in the order of the account rules.
                    let account = usize::try_from(slot.index()).unwrap_or(usize::MAX);
                    let account = graph.node(&Output::Account(account));
                    add(graph, account, output, cause);
                    continue;
                }
                let account = declared
                    .account_records
                    .iter()
                    .position(|known| known == record);
                if let Some(shown) = account.and_then(|account| self.shown(account, *slot)) {
                    add(graph, shown, output, cause);
                }
            }
        }
    }
}

/// The output that a field of an account is.
fn shown_by(checker: &Checker<'_>, account: usize, field: &Text) -> Output {
    let spec = checker.account_spec(account);
    let is_name = |field: &str| spec.is_some_and(|spec| spec.names.contains_key(field));
    let of = field.strip_prefix(NEXT).filter(|name| is_name(name));
    if let Some(name) = of {
        Output::Name(account, Text::from(name))
    } else if is_name(field) {
        Output::Name(account, field.clone())
    } else {
        Output::Attribute(account, field.clone())
    }
}

fn add<'a>(graph: &mut Dependencies<'a>, from: NodeIndex, to: NodeIndex, cause: Cause<'a>) {
    graph.edge(from, to, cause, |new, known| {
        new.is_negative() && !known.is_negative()
    });
}

/// The node of an output that hangs on an account.
fn of_account(graph: &mut Dependencies<'_>, account: usize, output: &Output) -> NodeIndex {
    let (account, output) = (graph.node(&Output::Account(account)), graph.node(output));
    add(graph, account, output, Cause::Account);
    output
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use alloc::vec::Vec;

    use crate::base::Text;
    use crate::rules::Ruleset;
    use crate::rules::compiled::Output;

    #[test]
    fn an_attribute_that_is_called_as_a_name_is_an_output_of_its_own() {
        let rules = Ruleset::from_toml(
            r#"
language = 1
name = "x"
[protection.marking]
account = "exclude"
[protection.registration]
account = "exclude"
[namespace.n]
[account.a]
covers = { employment = "true" }
name.login = { local = ["fold(person.surname)"], unique = ["n"] }
set = { login = '"x"', other = "account.a.login" }
"#,
        );
        let rules = rules.unwrap_or_else(|problems| panic!("{problems}"));
        let strata = &rules.compiled().strata;
        let found: Vec<(usize, &Output)> = strata
            .iter()
            .enumerate()
            .flat_map(|(stratum, outputs)| outputs.iter().map(move |output| (stratum, output)))
            .collect();
        let attribute = |name: &str| Output::Attribute(0, Text::from(name));
        let login = Output::Name(0, Text::from("login"));
        assert_eq!(
            found,
            [
                (0, &Output::Account(0)),
                (1, &login),
                (1, &attribute("login")),
                (2, &attribute("other")),
            ]
        );
    }
}
