//! Every expression of a rule set with its place; and for those that are conditions, of what, and whom they are asked about.

use core::fmt;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Path;
use crate::base::Text;
use crate::language::Program;
use crate::model::AffiliationKind;
use crate::rules::compiled::AccountRule;
use crate::rules::compiled::Compiled;
use crate::rules::compiled::NamePrograms;
use crate::rules::compiled::Span;
use crate::rules::compiled::Window;
use crate::rules::spec::AccountSpec;
use crate::rules::spec::AttributeSpec;
use crate::rules::spec::Expression;
use crate::rules::spec::Timed;
use crate::rules::spec::WindowSpec;

/// A rule in words, such as "group `teachers`".
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule<'a> {
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
}

impl fmt::Display for Rule<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} `{}`", self.kind, self.name)
    }
}

/// An expression of the rules.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) program: &'a Program,
    pub(super) place: &'a Path,
    pub(super) rule: Rule<'a>,
    /// What it is a condition of; none where it gives a value.
    pub(super) asked: Option<Asked>,
}

/// Whom a condition is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The account rule whose holders are asked about, where there is one.
    pub(super) account: Option<usize>,
    /// The kind of affiliation of which each is asked about.
    pub(super) each: Option<AffiliationKind>,
    /// Whether it picks those to whom an output goes, so that an index could find them.
    pub(super) picks: bool,
}

impl Asked {
    /// Of a rule itself, before there is an account.
    const BEFORE: Self = Self {
        account: None,
        each: None,
        picks: false,
    };
}

/// All expressions of a rule set, in the order of its parts.
pub(super) fn all(compiled: &Compiled) -> Vec<Placed<'_>> {
    let mut found = Found {
        placed: Vec::new(),
        rule: Rule { kind: "", name: "" },
    };
    for (name, spec) in &compiled.spec.sources {
        found.rule = Rule {
            kind: "source",
            name,
        };
        let rule = compiled.sources.get(name);
        for (kind, map) in &spec.map {
            let programs = rule.and_then(|rule| rule.maps.get(kind));
            for (field, program) in programs.into_iter().flatten() {
                found.value(Some(program), map.fields.get(field));
            }
        }
    }
    let accounts = compiled.accounts.iter().zip(&compiled.spec.accounts);
    for (position, (rule, (name, spec))) in accounts.enumerate() {
        found.rule = Rule {
            kind: "account",
            name,
        };
        found.account(position, rule, spec);
    }
    found.outputs(compiled);
    found.placed
}

/// The durations of a window of its own, each with what was written for it.
pub(super) fn spans<'a>(window: &'a Window, spec: &'a WindowSpec) -> Vec<(&'a Span, &'a Timed)> {
    let (Window::Own { lead, grace }, WindowSpec::Own(days)) = (window, spec) else {
        return Vec::new();
    };
    [(lead, &days.lead), (grace, &days.grace)]
        .into_iter()
        .filter_map(|(span, timed)| Some((span, timed.as_ref()?)))
        .collect()
}

struct Found<'a> {
    placed: Vec<Placed<'a>>,
    rule: Rule<'a>,
}

impl<'a> Found<'a> {
    fn add(
        &mut self,
        program: Option<&'a Program>,
        expression: Option<&'a Expression>,
        asked: Option<Asked>,
    ) {
        if let Some((program, expression)) = program.zip(expression) {
            self.placed.push(Placed {
                program,
                place: &expression.place,
                rule: self.rule,
                asked,
            });
        }
    }

    fn value(&mut self, program: Option<&'a Program>, expression: Option<&'a Expression>) {
        self.add(program, expression, None);
    }

    fn values(
        &mut self,
        programs: &'a BTreeMap<Text, Program>,
        expressions: &'a BTreeMap<String, Expression>,
    ) {
        for (name, program) in programs {
            self.value(Some(program), expressions.get(&**name));
        }
    }

    fn window(&mut self, window: &'a Window, spec: &'a WindowSpec) {
        for (span, timed) in spans(window, spec) {
            self.value(span.by.as_ref(), timed.by.as_ref());
        }
    }

    fn name(
        &mut self,
        programs: &'a NamePrograms,
        local: &'a [Expression],
        domain: Option<&'a Expression>,
    ) {
        for (program, expression) in programs.local.iter().zip(local) {
            self.value(Some(program), Some(expression));
        }
        self.value(programs.domain.as_ref(), domain);
    }

    fn account(&mut self, position: usize, rule: &'a AccountRule, spec: &'a AccountSpec) {
        for (kind, program) in &rule.covers {
            let asked = Asked {
                each: Some(*kind),
                ..Asked::BEFORE
            };
            self.add(Some(program), spec.covers.get(kind.name()), Some(asked));
        }
        for (span, timed) in [
            (&rule.lead, &spec.lead),
            (&rule.grace, &spec.grace),
            (&rule.bridge, &spec.bridge),
            (&rule.retain, &spec.retain),
            (&rule.min_disabled, &spec.min_disabled),
        ] {
            let by = timed.as_ref().and_then(|timed| timed.by.as_ref());
            self.value(span.by.as_ref(), by);
        }
        let required = rule.require.as_ref().map(|(_, program)| program);
        let require = spec.require.as_ref().map(|require| &require.that);
        self.add(required, require, Some(Asked::BEFORE));
        for (key, own) in rule.primary.iter().zip(&spec.primary) {
            self.value(Some(&key.by), Some(&own.by));
        }
        for (program, expression) in rule.adopt.iter().zip(&spec.adopt) {
            self.add(Some(program), Some(expression), Some(Asked::BEFORE));
        }
        let lives = Asked {
            account: Some(position),
            ..Asked::BEFORE
        };
        let container = spec.container.as_ref().map(|container| &container.value);
        self.value(rule.container.as_ref(), container);
        self.add(rule.hide.as_ref(), spec.hide.as_ref(), Some(lives));
        let protected = spec.protected.as_ref();
        for name in &rule.names {
            if let Some(own) = spec.names.get(&*name.name) {
                self.name(&name.ordinary, &own.local, own.domain.as_ref());
                let by = name.alias.as_ref().and_then(|alias| alias.by.as_ref());
                let alias = own.alias.as_ref().and_then(|alias| alias.by.as_ref());
                self.value(by, alias);
            }
            let instead = protected.and_then(|protected| protected.names.get(&*name.name));
            if let Some((programs, own)) = name.protected.as_ref().zip(instead) {
                self.name(programs, &own.local, own.domain.as_ref());
            }
        }
        for attribute in &rule.attributes {
            let own = spec.set.get(&*attribute.name);
            let alternatives = own.into_iter().flat_map(AttributeSpec::alternatives);
            for (program, expression) in attribute.ordinary.iter().zip(alternatives) {
                self.value(Some(program), Some(expression));
            }
            let instead = protected.and_then(|protected| protected.set.get(&*attribute.name));
            self.value(attribute.protected.as_ref(), instead);
        }
        let container = protected.and_then(|protected| protected.container.as_ref());
        self.value(rule.protected_container.as_ref(), container);
    }

    fn outputs(&mut self, compiled: &'a Compiled) {
        let spec = &compiled.spec;
        let picks = |account, each| {
            Some(Asked {
                account,
                each,
                picks: true,
            })
        };
        for (rule, (name, own)) in compiled.groups.iter().zip(&spec.groups) {
            self.rule = Rule {
                kind: "group",
                name,
            };
            let asked = picks(rule.account, rule.each);
            self.window(&rule.window, &own.window);
            self.add(rule.when.as_ref(), own.when.as_ref(), asked);
            self.value(Some(&rule.key), own.key.as_ref());
            self.value(rule.display.as_ref(), own.name.as_ref());
            self.value(rule.container.as_ref(), own.container.as_ref());
            self.value(rule.description.as_ref(), own.description.as_ref());
            for (program, owner) in rule.owner.iter().zip(&own.owner) {
                self.value(Some(program), Some(owner));
            }
        }
        for (rule, (name, own)) in compiled.licences.iter().zip(&spec.licences) {
            self.rule = Rule {
                kind: "licence",
                name,
            };
            let asked = picks(Some(rule.account), rule.each);
            self.window(&rule.window, &own.window);
            self.add(rule.when.as_ref(), own.when.as_ref(), asked);
        }
        for (rule, (name, own)) in compiled.mailboxes.iter().zip(&spec.mailboxes) {
            self.rule = Rule {
                kind: "mailbox",
                name,
            };
            let asked = picks(Some(rule.account), None);
            self.add(rule.when.as_ref(), own.when.as_ref(), asked);
        }
        for (rule, (name, own)) in compiled.class_lists.iter().zip(&spec.class_lists) {
            self.rule = Rule {
                kind: "class list",
                name,
            };
            let each = Some(AffiliationKind::Membership);
            let asked = picks(Some(rule.account), each);
            self.window(&rule.window, &own.window);
            self.add(rule.when.as_ref(), own.when.as_ref(), asked);
            self.values(&rule.show, &own.show);
        }
        for (rule, (name, own)) in compiled.notices.iter().zip(&spec.notices) {
            self.rule = Rule {
                kind: "notice",
                name,
            };
            let asked = Asked {
                each: rule.each,
                ..Asked::BEFORE
            };
            self.add(rule.when.as_ref(), own.when.as_ref(), Some(asked));
            self.values(&rule.fields, &own.fields);
            for (program, expression) in rule.to.iter().zip(&own.to) {
                self.value(Some(program), Some(expression));
            }
        }
    }
}
