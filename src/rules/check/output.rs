//! Groups, mailboxes, class lists and notices.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Checker;
use super::account::placed;
use super::codes;
use super::protection::Guarded;
use super::protection::Other;
use super::protection::Placed;
use super::unknown;
use crate::base::Path;
use crate::base::Text;
use crate::diagnostic::Problem;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::Program;
use crate::language::Type;
use crate::model::AffiliationKind;
use crate::model::RecordKind;
use crate::rules::compiled::ClassListRule;
use crate::rules::compiled::Gate;
use crate::rules::compiled::GatePolicy;
use crate::rules::compiled::GroupRule;
use crate::rules::compiled::MailboxRule;
use crate::rules::compiled::NoticeRule;
use crate::rules::compiled::Window;
use crate::rules::spec::Expression;
use crate::rules::spec::GroupSpec;
use crate::rules::spec::Named;
use crate::rules::spec::NoticeSpec;
use crate::rules::spec::OutputKind;
use crate::rules::spec::OwnPolicy;
use crate::rules::spec::WindowDays;
use crate::rules::spec::WindowSpec;
use crate::rules::spec::WindowWord;
use crate::rules::spec::Word;

/// How many days a group is kept without members where nothing is said. One that is deleted and made again has another
/// identifier in its directory, and whatever was granted to it is gone.
const KEEP_EMPTY: i64 = 30;

impl Checker<'_> {
    pub(super) fn groups(&mut self) -> Vec<GroupRule> {
        let spec = self.spec;
        spec.groups
            .iter()
            .map_while(|(name, group)| (!self.is_full()).then(|| self.group(name, group)))
            .flatten()
            .collect()
    }

    fn group(&mut self, name: &str, spec: &GroupSpec) -> Option<GroupRule> {
        let account = spec
            .account
            .as_ref()
            .and_then(|account| self.account_named(account));
        let each = self.kind(spec.each.as_ref());
        let environment = self.environments.each(account, each);
        let key = match &spec.key {
            Some(key) => self.text(key, &environment)?,
            None => self.text(&literal(name, &spec.place), &environment)?,
        };
        self.key_of_others(name, &key, spec.key.as_ref());
        let when = self.optional_condition(spec.when.as_ref(), &environment);
        let display = self.optional_text(spec.name.as_ref(), &environment);
        let container = self.optional_text(spec.container.as_ref(), &environment);
        let description = self.optional_text(spec.description.as_ref(), &environment);
        let owner = self.owners(&spec.owner, &environment);
        let kinds = self.kinds(account, each);
        let (window, reads) = self.window(&spec.window, &kinds);
        let mut ordinary = placed(Some(&key), spec.key.as_ref());
        ordinary.extend(window_placed(&window, &reads));
        for (program, expression) in [
            (&when, &spec.when),
            (&display, &spec.name),
            (&container, &spec.container),
            (&description, &spec.description),
        ] {
            ordinary.extend(placed(program.as_ref(), expression.as_ref()));
        }
        for (program, expression) in owner.iter().zip(&spec.owner) {
            ordinary.extend(placed(Some(program), Some(expression)));
        }
        let of_account = account
            .and_then(|account| self.accounts.get(account))
            .map(|rule| rule.gate.clone());
        let gate = self.gate(&Guarded {
            kind: OutputKind::Group,
            what: alloc::format!("group `{name}`"),
            place: &spec.place,
            own: spec.protected.as_ref(),
            ordinary,
            alternative: None,
            account: of_account.as_ref(),
            may_omit: false,
            is_needed: false,
            rule: Some(Other::Group(name)),
            position: account,
            primary_class: self.primary_class(account),
        });
        let included = [gate.marking, gate.registration].contains(&GatePolicy::Include);
        if !spec.hidden && included {
            self.visible_members(name, &spec.place);
        }
        Some(GroupRule {
            name: Text::from(name),
            account,
            each,
            key,
            when,
            display,
            container,
            description,
            owner,
            minus: self.groups_named(&spec.minus),
            union: self.groups_named(&spec.union),
            intersect: self.groups_named(&spec.intersect),
            nested: self.groups_named(&spec.nested),
            window,
            membership: spec.membership,
            hidden: spec.hidden,
            keep_empty: spec.keep_empty.map_or(KEEP_EMPTY, |days| days.0),
            gate,
        })
    }

    /// Warns of a group that includes protected persons, at the place that includes them.
    pub(super) fn visible_members(&mut self, name: &str, place: &Path) {
        self.problems.push(
            Problem::new(
                &codes::VISIBLE_MEMBERS,
                place.clone(),
                alloc::format!(
                    "group `{name}` includes protected persons, and its members can be seen"
                ),
            )
            .help("add `hidden = true`"),
        );
    }

    /// The accounts of which the first that is in use owns a group.
    fn owners(&mut self, expressions: &[Expression], environment: &Environment) -> Vec<Program> {
        let mut owners = Vec::new();
        for expression in expressions {
            let Some(program) = self.program(expression, environment, &Expected::any().or_none())
            else {
                continue;
            };
            if self.is_account(program.ty()) {
                owners.push(program);
                continue;
            }
            let given = self.declared.schema.language.type_name(program.ty());
            self.problems.push(
                Problem::new(
                    &codes::WRONG_RESULT,
                    expression.place.clone(),
                    alloc::format!("an owner cannot be `{given}`"),
                )
                .help(
                    "give another person's account, such as `employment.unit.head.account.staff`",
                ),
            );
        }
        owners
    }

    pub(super) fn groups_named(&mut self, names: &[Named]) -> Vec<usize> {
        let mut positions = Vec::with_capacity(names.len());
        for name in names {
            let position = self.positions.groups.get(name.text.as_str());
            positions.extend(position);
            if position.is_none() {
                let problem = self.unknown_named("group", name, &self.spec.groups);
                self.problems.push(problem);
            }
        }
        positions
    }

    pub(super) fn mailboxes(&mut self) -> Vec<MailboxRule> {
        let spec = self.spec;
        let mut rules = Vec::new();
        for (name, mailbox) in &spec.mailboxes {
            if self.is_full() {
                break;
            }
            let Some(account) = self.account_named(&mailbox.account) else {
                continue;
            };
            let environment = self.environments.each(Some(account), None);
            let when = self.optional_condition(mailbox.when.as_ref(), &environment);
            let gate = self.output_gate(
                OutputKind::Mailbox,
                name,
                &mailbox.place,
                mailbox.protected.as_ref(),
                placed(when.as_ref(), mailbox.when.as_ref()),
                Some(account),
            );
            rules.push(MailboxRule {
                name: Text::from(name.as_str()),
                account,
                when,
                kind: mailbox.kind,
                gate,
            });
        }
        rules
    }

    pub(super) fn class_lists(&mut self) -> Vec<ClassListRule> {
        let spec = self.spec;
        let mut rules = Vec::new();
        for (name, list) in &spec.class_lists {
            if self.is_full() {
                break;
            }
            let (Some(account), each) = (
                self.account_named(&list.account),
                self.kind(Some(&list.each)),
            ) else {
                continue;
            };
            if each.is_some_and(|kind| kind != AffiliationKind::Membership) {
                let message = alloc::format!(
                    "class list `{name}` is made of each `membership`, and of nothing else"
                );
                self.problems.push(
                    Problem::new(&codes::WRONG_RESULT, list.each.place.clone(), message)
                        .help("leave `each` out, or write `each = \"membership\"`"),
                );
            }
            let environment = self
                .environments
                .each(Some(account), Some(AffiliationKind::Membership));
            let when = self.optional_condition(list.when.as_ref(), &environment);
            let show = self.texts(&list.show, &environment);
            let (window, window_reads) = self.window(&list.window, &[AffiliationKind::Membership]);
            let mut ordinary = placed(when.as_ref(), list.when.as_ref());
            ordinary.extend(window_placed(&window, &window_reads));
            for (column, program) in &show {
                ordinary.extend(placed(Some(program), list.show.get(&**column)));
            }
            // The list itself says where the pupil is, whatever it shows.
            let list_itself = Expression {
                text: String::from("membership.group"),
                place: list.place.clone(),
            };
            let reads = self.program(&list_itself, &environment, &Expected::any());
            ordinary.extend(placed(reads.as_ref(), Some(&list_itself)));
            let gate = self.output_gate(
                OutputKind::ClassList,
                name,
                &list.place,
                list.protected.as_ref(),
                ordinary,
                Some(account),
            );
            rules.push(ClassListRule {
                name: Text::from(name.as_str()),
                account,
                when,
                show,
                window,
                gate,
            });
        }
        rules
    }

    pub(super) fn notices(&mut self) -> Vec<NoticeRule> {
        let spec = self.spec;
        spec.notices
            .iter()
            .map_while(|(name, notice)| (!self.is_full()).then(|| self.notice(name, notice)))
            .flatten()
            .collect()
    }

    fn notice(&mut self, name: &str, spec: &NoticeSpec) -> Option<NoticeRule> {
        let account = self.account_named(&spec.account)?;
        let each = self.kind(spec.each.as_ref());
        let environment = self.environments.each(Some(account), each);
        let when = self.optional_condition(spec.when.as_ref(), &environment);
        let fields = self.texts(&spec.fields, &environment);
        let to: Vec<Program> = spec
            .to
            .iter()
            .filter_map(|expression| self.recipient(expression, &environment))
            .collect();
        let defaults = &self.spec.protection;
        let officer = spec
            .protected
            .as_ref()
            .into_iter()
            .flat_map(|own| own.marking.iter().chain(&own.registration))
            .chain(defaults.marking.get(&OutputKind::Notice))
            .chain(defaults.registration.get(&OutputKind::Notice))
            .find_map(|policy| policy.officer.as_ref())
            .and_then(|officer| self.text(officer, &Environment::new()));
        let mut ordinary = placed(when.as_ref(), spec.when.as_ref());
        for (field, program) in &fields {
            ordinary.extend(placed(Some(program), spec.fields.get(&**field)));
        }
        for (program, expression) in to.iter().zip(&spec.to) {
            ordinary.extend(placed(Some(program), Some(expression)));
        }
        let gate = self.output_gate(
            OutputKind::Notice,
            name,
            &spec.place,
            spec.protected.as_ref(),
            ordinary,
            Some(account),
        );
        Some(NoticeRule {
            name: Text::from(name),
            on: spec.on,
            ahead: spec.ahead.map_or(0, |days| days.0),
            since: spec.since,
            after_death: spec.after_death,
            account,
            each,
            when,
            to,
            fields,
            needs: spec
                .needs
                .iter()
                .map(|need| Text::from(need.as_str()))
                .collect(),
            officer,
            gate,
        })
    }

    /// A recipient: another person.
    fn recipient(&mut self, expression: &Expression, environment: &Environment) -> Option<Program> {
        let person = self.declared.schema.record_type(RecordKind::Other);
        self.program(expression, environment, &Expected::value(person).or_none())
    }

    fn texts(
        &mut self,
        expressions: &BTreeMap<String, Expression>,
        environment: &Environment,
    ) -> BTreeMap<Text, Program> {
        let mut programs = BTreeMap::new();
        for (name, expression) in expressions {
            if let Some(program) = self.program(expression, environment, &Expected::any().or_none())
            {
                if !matches!(
                    program.ty(),
                    Type::Text | Type::Int | Type::Date | Type::Bool | Type::Enum(_) | Type::Never
                ) {
                    self.wrong_result(
                        expression,
                        program.ty(),
                        &alloc::format!("`{name}` is shown as text and cannot be"),
                        "give a text, a number, a date or a truth value; `….join(\", \")` makes one text of a list",
                    );
                }
                programs.insert(Text::from(name.as_str()), program);
            }
        }
        programs
    }

    /// The kinds of affiliation that give reasons: the one that a rule names, or all that the account covers.
    pub(super) fn kinds(
        &self,
        account: Option<usize>,
        each: Option<AffiliationKind>,
    ) -> Vec<AffiliationKind> {
        let covered = account.and_then(|account| self.accounts.get(account));
        each.map_or_else(
            || covered.map_or_else(Vec::new, |rule| rule.covers.keys().copied().collect()),
            |kind| alloc::vec![kind],
        )
    }

    /// A window, with the expressions that it reads.
    pub(super) fn window<'s>(
        &mut self,
        spec: &'s WindowSpec,
        kinds: &[AffiliationKind],
    ) -> (Window, Vec<&'s Expression>) {
        match spec {
            WindowSpec::Word(WindowWord::Active) => (Window::Active, Vec::new()),
            WindowSpec::Word(WindowWord::Enabled) => (Window::Enabled, Vec::new()),
            WindowSpec::Own(days) => {
                let WindowDays { lead, grace } = &**days;
                let environment = self.environments.affiliation(kinds);
                let window = Window::Own {
                    lead: self.span(lead.as_ref(), &environment, 0),
                    grace: self.span(grace.as_ref(), &environment, 0),
                };
                let both = [lead, grace].into_iter().flatten();
                (window, both.filter_map(|timed| timed.by.as_ref()).collect())
            }
        }
    }

    /// The kind of affiliation that a rule speaks of.
    pub(super) fn kind(&mut self, each: Option<&Named>) -> Option<AffiliationKind> {
        let each = each?;
        let kind = AffiliationKind::from_name(&each.text);
        if kind.is_none() {
            self.problems.push(unknown(
                "kind of affiliation",
                each,
                AffiliationKind::ALL.iter().map(|kind| kind.name()),
            ));
        }
        kind
    }

    pub(super) fn output_gate(
        &mut self,
        kind: OutputKind,
        name: &str,
        place: &Path,
        own: Option<&OwnPolicy>,
        ordinary: Vec<Placed<'_>>,
        account: Option<usize>,
    ) -> Gate {
        let of_account = account
            .and_then(|account| self.accounts.get(account))
            .map(|rule| rule.gate.clone());
        self.gate(&Guarded {
            kind,
            what: alloc::format!("{} `{name}`", kind.word().replace('_', " ")),
            place,
            own,
            ordinary,
            alternative: None,
            account: of_account.as_ref(),
            may_omit: false,
            is_needed: false,
            rule: (kind == OutputKind::Licence).then_some(Other::Licence(name)),
            position: account,
            primary_class: self.primary_class(account),
        })
    }
}

/// The programs of a window with their places.
pub(super) fn window_placed<'a>(window: &'a Window, reads: &[&'a Expression]) -> Vec<Placed<'a>> {
    let Window::Own { lead, grace } = window else {
        return Vec::new();
    };
    let programs = [&lead.by, &grace.by].into_iter().flatten();
    programs
        .zip(reads)
        .map(|(program, expression)| Placed {
            program,
            place: &expression.place,
        })
        .collect()
}

/// The expression of a literal text.
fn literal(text: &str, place: &Path) -> Expression {
    Expression {
        text: alloc::format!("{text:?}"),
        place: place.clone(),
    }
}
