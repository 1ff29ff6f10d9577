//! Strata: every output is a node of one graph of dependencies, and the graph is cut into layers. Within a layer all is local to
//! a person; between layers names are given out and groups are settled.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use petgraph::algo::kosaraju_scc;
use petgraph::algo::toposort;
use petgraph::graph::DiGraph;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::Checker;
use super::codes;
use crate::base::Path;
use crate::diagnostic::Problem;
use crate::language::Program;
use crate::rules::compiled::ClassListRule;
use crate::rules::compiled::GroupRule;
use crate::rules::compiled::LicenceRule;
use crate::rules::compiled::MailboxRule;
use crate::rules::compiled::NamePrograms;
use crate::rules::compiled::NoticeRule;
use crate::rules::compiled::Output;

impl Checker<'_> {
    /// The outputs in strata; a problem for each circle.
    pub(super) fn strata(
        &mut self,
        groups: &[GroupRule],
        licences: &[LicenceRule],
        mailboxes: &[MailboxRule],
        class_lists: &[ClassListRule],
        notices: &[NoticeRule],
    ) -> Vec<Vec<Output>> {
        let mut graph = Graph::default();
        for (position, account) in self.accounts.iter().enumerate() {
            let exists = Output::Account(position);
            graph.node(&exists);
            for name in &account.names {
                let output = Output::Name(position, name.name.clone());
                graph.edge(&exists, &output);
                for programs in core::iter::once(&name.ordinary).chain(&name.protected) {
                    self.reads_of_name(&mut graph, programs, &output);
                }
            }
            for attribute in &account.attributes {
                let output = Output::Attribute(position, attribute.name.clone());
                graph.edge(&exists, &output);
                for program in core::iter::once(&attribute.ordinary).chain(&attribute.protected) {
                    self.reads(&mut graph, program, &output);
                }
            }
        }
        for (position, group) in groups.iter().enumerate() {
            let output = Output::Group(position);
            graph.node(&output);
            if let Some(account) = group.account {
                graph.edge(&Output::Account(account), &output);
            }
            for other in group
                .minus
                .iter()
                .chain(&group.union)
                .chain(&group.intersect)
            {
                graph.edge(&Output::Group(*other), &output);
            }
            for other in &group.nested {
                // A group in a group is written, not computed; a circle of them is refused all the same.
                graph.edge(&Output::Group(*other), &output);
            }
            let programs = core::iter::once(&group.key)
                .chain(&group.when)
                .chain(&group.display)
                .chain(&group.container)
                .chain(&group.description);
            for program in programs {
                self.reads(&mut graph, program, &output);
            }
        }
        for (position, licence) in licences.iter().enumerate() {
            let output = Output::Licence(position);
            graph.edge(&Output::Account(licence.account), &output);
            if let Some(program) = &licence.when {
                self.reads(&mut graph, program, &output);
            }
        }
        for (position, mailbox) in mailboxes.iter().enumerate() {
            let output = Output::Mailbox(position);
            graph.edge(&Output::Account(mailbox.account), &output);
            if let Some(program) = &mailbox.when {
                self.reads(&mut graph, program, &output);
            }
        }
        for (position, list) in class_lists.iter().enumerate() {
            let output = Output::ClassList(position);
            graph.edge(&Output::Account(list.account), &output);
            for program in list.show.values().chain(&list.when) {
                self.reads(&mut graph, program, &output);
            }
        }
        for (position, notice) in notices.iter().enumerate() {
            let output = Output::Notice(position);
            graph.edge(&Output::Account(notice.account), &output);
            for program in notice.fields.values().chain(&notice.to).chain(&notice.when) {
                self.reads(&mut graph, program, &output);
            }
        }
        self.cut(&graph)
    }

    fn reads_of_name(&self, graph: &mut Graph, programs: &NamePrograms, output: &Output) {
        for program in programs.local.iter().chain(&programs.domain) {
            self.reads(graph, program, output);
        }
    }

    /// An edge from every output of an account that a program reads.
    fn reads(&self, graph: &mut Graph, program: &Program, output: &Output) {
        for read in program.reads() {
            for (record, slot) in &read.steps {
                let account = self
                    .declared
                    .account_records
                    .iter()
                    .position(|known| known == record);
                if let Some(account) = account
                    && let Some(field) = self.declared.schema.language.field_at(*record, *slot)
                {
                    let name = field.name.clone();
                    let is_name = self
                        .accounts
                        .get(account)
                        .is_some_and(|rule| rule.names.iter().any(|known| known.name == name));
                    let from = if is_name {
                        Output::Name(account, name)
                    } else {
                        Output::Attribute(account, name)
                    };
                    graph.edge(&from, output);
                } else if *record == self.declared.accounts_record {
                    let field = self.declared.schema.language.field_at(*record, *slot);
                    let account = field.and_then(|field| {
                        self.spec
                            .accounts
                            .keys()
                            .position(|known| **known == *field.name)
                    });
                    if let Some(account) = account {
                        graph.edge(&Output::Account(account), output);
                    }
                }
            }
        }
    }

    fn cut(&mut self, graph: &Graph) -> Vec<Vec<Output>> {
        let Ok(order) = toposort(&graph.graph, None) else {
            for circle in kosaraju_scc(&graph.graph) {
                self.circle(graph, circle);
            }
            return Vec::new();
        };
        let mut level: BTreeMap<NodeIndex, usize> = BTreeMap::new();
        for node in &order {
            let mut own = 0;
            for edge in graph
                .graph
                .edges_directed(*node, petgraph::Direction::Incoming)
            {
                let before = level.get(&edge.source()).copied().unwrap_or(0);
                // A name is given out, and a group settled, between two strata.
                let settled_between = matches!(
                    graph.graph.node_weight(edge.source()),
                    Some(Output::Name(..) | Output::Group(_) | Output::Account(_))
                );
                own = own.max(before.saturating_add(usize::from(settled_between)));
            }
            level.insert(*node, own);
        }
        let depth = level
            .values()
            .copied()
            .max()
            .map_or(0, |last| last.saturating_add(1));
        let mut strata: Vec<Vec<Output>> = (0..depth).map(|_| Vec::new()).collect();
        // Inside a stratum the order of dependencies is kept, and nothing else: a stable order by name breaks ties.
        let mut sorted: Vec<(usize, usize, &Output)> = order
            .iter()
            .enumerate()
            .filter_map(|(position, node)| {
                Some((*level.get(node)?, position, graph.graph.node_weight(*node)?))
            })
            .collect();
        sorted.sort_by_key(|(level, position, _)| (*level, *position));
        for (level, _, output) in sorted {
            if let Some(stratum) = strata.get_mut(level) {
                stratum.push(output.clone());
            }
        }
        strata
    }

    fn circle(&mut self, graph: &Graph, mut circle: Vec<NodeIndex>) {
        let alone = circle.len() == 1;
        if alone
            && !circle
                .first()
                .is_some_and(|node| graph.graph.contains_edge(*node, *node))
        {
            return;
        }
        circle.sort_by_key(|node| graph.graph.node_weight(*node).cloned());
        let mut outputs = circle
            .iter()
            .filter_map(|node| graph.graph.node_weight(*node));
        let Some(first) = outputs.next() else {
            return;
        };
        let mut problem = Problem::new(
            &codes::CYCLE,
            self.place_of(first),
            alloc::format!("{} depends on itself", self.name_of(first)),
        )
        .help("let one of them read something else");
        for output in outputs.take(5) {
            problem = problem.label(
                self.place_of(output),
                alloc::format!("through {}", self.name_of(output)),
            );
        }
        self.problems.push(problem);
    }

    fn name_of(&self, output: &Output) -> alloc::string::String {
        let account = |position: usize| {
            self.spec
                .accounts
                .keys()
                .nth(position)
                .map_or("", |name| name.as_str())
        };
        match output {
            Output::Account(position) => alloc::format!("account `{}`", account(*position)),
            Output::Name(position, name) => {
                alloc::format!("name `{name}` of account `{}`", account(*position))
            }
            Output::Attribute(position, name) => {
                alloc::format!("attribute `{name}` of account `{}`", account(*position))
            }
            Output::Group(position) => alloc::format!(
                "group `{}`",
                self.spec
                    .groups
                    .keys()
                    .nth(*position)
                    .map_or("", |name| name.as_str())
            ),
            Output::Licence(_) | Output::Mailbox(_) | Output::ClassList(_) | Output::Notice(_) => {
                alloc::string::String::from("an output")
            }
        }
    }

    fn place_of(&self, output: &Output) -> Path {
        let account = |position: &usize| self.spec.accounts.values().nth(*position);
        let path = match output {
            Output::Account(position) => account(position).map(|spec| spec.place.clone()),
            Output::Name(position, name) => account(position)
                .and_then(|spec| spec.names.get(&**name))
                .map(|spec| spec.place.clone()),
            Output::Attribute(position, name) => account(position)
                .and_then(|spec| spec.set.get(&**name))
                .map(|spec| spec.value.place.clone()),
            Output::Group(position) => self
                .spec
                .groups
                .values()
                .nth(*position)
                .map(|spec| spec.place.clone()),
            Output::Licence(_) | Output::Mailbox(_) | Output::ClassList(_) | Output::Notice(_) => {
                None
            }
        };
        path.unwrap_or_default()
    }
}

/// The graph of dependencies.
#[derive(Default)]
struct Graph {
    graph: DiGraph<Output, ()>,
    nodes: BTreeMap<Output, NodeIndex>,
}

impl Graph {
    fn node(&mut self, output: &Output) -> NodeIndex {
        if let Some(known) = self.nodes.get(output) {
            return *known;
        }
        let index = self.graph.add_node(output.clone());
        self.nodes.insert(output.clone(), index);
        index
    }

    fn edge(&mut self, from: &Output, to: &Output) {
        let (from, to) = (self.node(from), self.node(to));
        if !self.graph.contains_edge(from, to) {
            self.graph.add_edge(from, to, ());
        }
    }
}
