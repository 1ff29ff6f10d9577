//! Account rules: life, names, and what stands instead for protected persons.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Checker;
use super::codes;
use super::declare::kinds_meant;
use super::protection::Guarded;
use super::protection::Placed;
use super::unknown_key;
use crate::base::Path;
use crate::base::Place;
use crate::base::Text;
use crate::base::fold_case;
use crate::diagnostic::Problem;
use crate::language::Class;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::Program;
use crate::language::Type;
use crate::model::AffiliationKind;
use crate::rules::compiled::AccountRule;
use crate::rules::compiled::Gate;
use crate::rules::compiled::NamePrograms;
use crate::rules::compiled::NameRule;
use crate::rules::compiled::SortKey;
use crate::rules::compiled::Span;
use crate::rules::spec::AccountSpec;
use crate::rules::spec::Expression;
use crate::rules::spec::NameSpec;
use crate::rules::spec::Others;
use crate::rules::spec::OutputKind;
use crate::rules::spec::ProtectedSpec;
use crate::rules::spec::ReplacingByFlag;
use crate::rules::spec::RequireAt;
use crate::rules::spec::Timed;

/// A login in Active Directory has at most this many characters.
const LONGEST_LOGIN: usize = 20;
/// The local part of an address has at most this many characters.
const LONGEST_LOCAL_PART: usize = 64;

/// The account whose outputs are checked.
pub(super) struct Of<'a> {
    pub(super) position: usize,
    pub(super) name: &'a str,
    /// What holds of it as such.
    pub(super) gate: &'a Gate,
    /// What reading `primary` tells.
    pub(super) primary_class: Class,
}

impl Checker<'_> {
    pub(super) fn accounts(&mut self) {
        let spec = self.spec;
        for (position, (name, account)) in spec.accounts.iter().enumerate() {
            if self.is_full() {
                break;
            }
            let rule = self.account(position, name, account);
            self.accounts.push(rule);
        }
    }

    fn account(&mut self, position: usize, name: &str, spec: &AccountSpec) -> AccountRule {
        let covers = self.covers(name, spec);
        let slots = self.slots(name, spec);
        let kinds = kinds_meant(spec);
        let lives = self.environments.account(position);
        let primary = self.sort_keys(spec, &kinds);
        let person = self.environments.person();
        let affiliation = self.environments.affiliation(&kinds);
        let lead = self.span(spec.lead.as_ref(), &affiliation, 0);
        let grace = self.span(spec.grace.as_ref(), &affiliation, 0);
        let bridge = self.span(spec.bridge.as_ref(), &affiliation, 0);
        let retain = self.span(spec.retain.as_ref(), &affiliation, 180);
        let min_disabled = self.span(spec.min_disabled.as_ref(), &affiliation, 30);
        let require = spec
            .require
            .as_ref()
            .and_then(|require| Some((require.at, self.condition(&require.that, &person)?)));
        let primary_class = self.primary_class(Some(position));
        let lives_by = placed_life(
            spec,
            &covers,
            &slots,
            [&lead, &grace, &bridge, &retain, &min_disabled],
            require.as_ref(),
        );
        let gate = self.account_gate(position, name, spec, lives_by, primary_class);
        let where_it_stands = spec.container.as_ref().map(|container| &container.value);
        let container = self.optional_text(where_it_stands, &lives);
        let protected = spec.protected.as_ref();
        let instead = protected.and_then(|protected| protected.container.as_ref());
        let protected_container = self.optional_text(instead, &lives);
        let of = Of {
            position,
            name,
            gate: &gate,
            primary_class,
        };
        let container_gate = self.container_gate(
            &of,
            spec,
            placed(container.as_ref(), where_it_stands),
            protected_container
                .as_ref()
                .map(|program| placed(Some(program), instead)),
        );
        let clear_others = protected.is_some_and(|protected| protected.others == Others::Clear);
        let names = self.name_rules(&of, spec, &lives);
        let attributes = self.attribute_rules(&of, spec, &lives);
        AccountRule {
            name: Text::from(name),
            population: Text::from(spec.population.text.as_str()),
            lead,
            grace,
            bridge,
            retain,
            min_disabled,
            require,
            primary,
            settle: spec.settle.map_or(0, |days| days.0),
            container,
            container_gate,
            hide: self.optional_condition(spec.hide.as_ref(), &lives),
            adopt: {
                let adoption = self.environments.adoption(position);
                spec.adopt
                    .iter()
                    .filter_map(|expression| self.condition(expression, &adoption))
                    .collect()
            },
            was: spec
                .was
                .iter()
                .map(|name| Text::from(name.text.as_str()))
                .collect(),
            disabled_container: self.optional_text(
                spec.disabled
                    .as_ref()
                    .and_then(|disabled| disabled.container.as_ref()),
                &Environment::new(),
            ),
            disabled_hide: spec.disabled.as_ref().is_some_and(|disabled| disabled.hide),
            names,
            attributes,
            gate,
            protected_container,
            clear_others,
            replace: self.replacing(protected),
            record: self
                .declared
                .account_records
                .get(position)
                .copied()
                .unwrap_or(self.declared.accounts_record),
            covers,
            slots,
        }
    }

    /// What takes the place of an account: what the rule says itself, or what is said of all.
    fn replacing(&self, protected: Option<&ProtectedSpec>) -> ReplacingByFlag {
        let own = protected.and_then(|protected| protected.replace);
        let (own, all) = (own.unwrap_or_default(), self.spec.protection.replace);
        ReplacingByFlag {
            marking: own.marking.or(all.marking),
            registration: own.registration.or(all.registration),
        }
    }

    /// What holds for an account as such: that it is there and enabled.
    fn account_gate(
        &mut self,
        position: usize,
        name: &str,
        spec: &AccountSpec,
        lives_by: Vec<Placed<'_>>,
        primary_class: Class,
    ) -> Gate {
        let protected = spec.protected.as_ref();
        self.gate(&Guarded {
            kind: OutputKind::Account,
            what: alloc::format!("account `{name}`"),
            place: &spec.place,
            own: protected.and_then(|protected| protected.policy.as_ref()),
            ordinary: lives_by,
            alternative: None,
            account: None,
            position: Some(position),
            may_omit: false,
            is_needed: false,
            rule: None,
            primary_class,
        })
    }

    /// What holds for where an account stands.
    fn container_gate(
        &mut self,
        of: &Of<'_>,
        spec: &AccountSpec,
        ordinary: Vec<Placed<'_>>,
        alternative: Option<Vec<Placed<'_>>>,
    ) -> Gate {
        let container = spec.container.as_ref();
        self.gate(&Guarded {
            kind: OutputKind::Container,
            what: alloc::format!("the container of account `{}`", of.name),
            place: container.map_or(&spec.place, |container| &container.place),
            own: container.and_then(|container| container.protected.as_ref()),
            ordinary,
            alternative,
            account: Some(of.gate),
            position: Some(of.position),
            may_omit: false,
            is_needed: container.is_some(),
            rule: None,
            primary_class: of.primary_class,
        })
    }

    /// Expressions by the kind of affiliation that each reads.
    fn by_kind(
        &mut self,
        expressions: &BTreeMap<String, Expression>,
        expected: &Expected,
    ) -> BTreeMap<AffiliationKind, Program> {
        let mut programs = BTreeMap::new();
        for (kind, expression) in expressions {
            let Some(known) = AffiliationKind::from_name(kind) else {
                self.problems.push(unknown_key(
                    "kind of affiliation",
                    kind,
                    &expression.place,
                    AffiliationKind::ALL.iter().map(|kind| kind.name()),
                ));
                continue;
            };
            let environment = self.environments.affiliation(&[known]);
            if let Some(program) = self.program(expression, &environment, expected) {
                programs.insert(known, program);
            }
        }
        programs
    }

    fn covers(&mut self, name: &str, spec: &AccountSpec) -> BTreeMap<AffiliationKind, Program> {
        let covers = self.by_kind(&spec.covers, &Expected::value(Type::Bool));
        if spec.covers.is_empty() {
            self.problems.push(
                Problem::new(
                    &codes::NOT_COVERED,
                    spec.place.clone(),
                    alloc::format!("account `{name}` covers no kind of affiliation"),
                )
                .help("write `covers = { employment = 'true' }`, with the kinds that the account is for"),
            );
        }
        covers
    }

    /// What tells a person's accounts apart. What the account covers must have a slot; what it does not may have one.
    fn slots(&mut self, name: &str, spec: &AccountSpec) -> BTreeMap<AffiliationKind, Program> {
        let slots = self.by_kind(&spec.slot, &Expected::value(Type::Text).or_none());
        if spec.slot.is_empty() {
            return slots;
        }
        for (kind, expression) in &spec.covers {
            if spec.slot.contains_key(kind) || AffiliationKind::from_name(kind).is_none() {
                continue;
            }
            self.problems.push(
                Problem::new(
                    &codes::NO_SLOT,
                    spec.place.key("slot"),
                    alloc::format!("account `{name}` covers `{kind}` and does not say which of several accounts that leads to"),
                )
                .label(Place::at(expression.place.clone()), "it is covered here")
                .help(alloc::format!("add `{kind} = '…'` to `slot`, such as the employer or the school")),
            );
        }
        slots
    }

    fn sort_keys(&mut self, spec: &AccountSpec, kinds: &[AffiliationKind]) -> Vec<SortKey> {
        let environment = self.environments.affiliation(kinds);
        let slots = self.environments.slots;
        let mut keys = Vec::new();
        for key in &spec.primary {
            let Some(program) = self.program(&key.by, &environment, &Expected::any().or_none())
            else {
                continue;
            };
            let read: Vec<AffiliationKind> = kinds
                .iter()
                .copied()
                .filter(|kind| {
                    program
                        .variables()
                        .any(|slot| slot == slots.affiliation(*kind))
                })
                .collect();
            let ordered = matches!(
                program.ty(),
                Type::Bool | Type::Int | Type::Text | Type::Date | Type::Optional(_)
            );
            match read.as_slice() {
                [kind] if ordered => keys.push(SortKey {
                    kind: *kind,
                    by: program,
                    descending: key.descending,
                }),
                _ => self.problems.push(
                    Problem::new(
                        &codes::SORT_KEY,
                        key.by.place.clone(),
                        "a key of the order of affiliations reads one kind of affiliation and gives a bool, int, text or date",
                    )
                    .help("write `employment.main`, for instance; keys of other kinds stand in entries of their own"),
                ),
            }
        }
        keys
    }

    pub(super) fn span(
        &mut self,
        timed: Option<&Timed>,
        environment: &Environment,
        absent: i64,
    ) -> Span {
        let Some(timed) = timed else {
            return Span {
                default: absent,
                by: None,
                values: BTreeMap::new(),
            };
        };
        Span {
            default: timed.default.0,
            by: self.optional_text(timed.by.as_ref(), environment),
            values: timed
                .values
                .iter()
                .map(|(value, days)| (Text::from(value.as_str()), days.0))
                .collect(),
        }
    }

    fn name_rules(
        &mut self,
        of: &Of<'_>,
        spec: &AccountSpec,
        lives: &Environment,
    ) -> Vec<NameRule> {
        let mut rules = Vec::new();
        for (name, names) in &spec.names {
            let ordinary =
                self.name_programs(&names.local, names.number, names.domain.as_ref(), lives);
            let instead = spec
                .protected
                .as_ref()
                .and_then(|protected| protected.names.get(name));
            let protected = instead.map(|instead| {
                self.name_programs(
                    &instead.local,
                    instead.number,
                    instead.domain.as_ref(),
                    lives,
                )
            });
            let alias = names
                .alias
                .as_ref()
                .map(|alias| self.span(Some(alias), lives, 0));
            let mut told = placed_name(&ordinary, &names.local, names.domain.as_ref());
            told.extend(placed(
                alias.as_ref().and_then(|alias| alias.by.as_ref()),
                names.alias.as_ref().and_then(|alias| alias.by.as_ref()),
            ));
            let name_gate = self.gate(&Guarded {
                kind: OutputKind::Name,
                what: alloc::format!("name `{name}` of account `{}`", of.name),
                place: &names.place,
                own: names.protected.as_ref(),
                is_needed: name == "login",
                rule: None,
                ordinary: told,
                alternative: protected.as_ref().zip(instead).map(|(programs, instead)| {
                    placed_name(programs, &instead.local, instead.domain.as_ref())
                }),
                account: Some(of.gate),
                position: Some(of.position),
                may_omit: false,
                primary_class: of.primary_class,
            });
            rules.push(NameRule {
                name: Text::from(name.as_str()),
                longest: longest(name, names),
                unique: names
                    .unique
                    .iter()
                    .map(|space| Text::from(space.text.as_str()))
                    .collect(),
                reserve: names.reserve.map(|days| days.0),
                follow: names.follow.clone(),
                alias,
                wait: names.wait.map_or(0, |days| days.0),
                unwanted: self.unwanted(names),
                ordinary,
                protected,
                gate: name_gate,
            });
        }
        if let Some(protected) = &spec.protected {
            for (name, instead) in &protected.names {
                if !spec.names.contains_key(name) {
                    self.problems.push(unknown_key(
                        "name",
                        name,
                        &instead.place,
                        spec.names.keys().map(String::as_str),
                    ));
                }
            }
        }
        rules
    }

    /// What stands in no new name of the namespaces in which a name lives, folded.
    fn unwanted(&self, names: &NameSpec) -> Arc<[Text]> {
        let spaces = names.unique.iter();
        let spaces = spaces.filter_map(|space| self.spec.namespaces.get(&space.text));
        let words = spaces.flat_map(|space| &space.unwanted);
        let words: BTreeSet<Text> = words
            .map(|word| Text::from(fold_case(&word.text)))
            .collect();
        words.into_iter().collect()
    }

    fn name_programs(
        &mut self,
        local: &[Expression],
        number: Option<crate::rules::spec::Numbering>,
        domain: Option<&Expression>,
        lives: &Environment,
    ) -> NamePrograms {
        NamePrograms {
            local: local
                .iter()
                .filter_map(|expression| {
                    self.program(expression, lives, &Expected::value(Type::Text).or_none())
                })
                .collect(),
            number,
            domain: self.optional_text(domain, lives),
        }
    }

    /// Whether a type is that of an account.
    pub(super) fn is_account(&self, ty: &Type) -> bool {
        matches!(ty, Type::Record(record) if self.declared.account_records.contains(record))
    }
}

/// One program with its place, as a list.
pub(super) fn placed<'a>(
    program: Option<&'a Program>,
    expression: Option<&'a Expression>,
) -> Vec<Placed<'a>> {
    program
        .zip(expression)
        .map(|(program, expression)| Placed {
            program,
            place: &expression.place,
        })
        .into_iter()
        .collect()
}

/// All that decides whether an account is there and enabled, beside active intervals.
fn placed_life<'a>(
    spec: &'a AccountSpec,
    covers: &'a BTreeMap<AffiliationKind, Program>,
    slots: &'a BTreeMap<AffiliationKind, Program>,
    spans: [&'a Span; 5],
    require: Option<&'a (RequireAt, Program)>,
) -> Vec<Placed<'a>> {
    let mut all = Vec::new();
    for (kind, program) in covers {
        all.extend(placed(Some(program), spec.covers.get(kind.name())));
    }
    for (kind, program) in slots {
        all.extend(placed(Some(program), spec.slot.get(kind.name())));
    }
    let timed = [
        &spec.lead,
        &spec.grace,
        &spec.bridge,
        &spec.retain,
        &spec.min_disabled,
    ];
    for (span, timed) in spans.into_iter().zip(timed) {
        let by = timed.as_ref().and_then(|timed| timed.by.as_ref());
        all.extend(placed(span.by.as_ref(), by));
    }
    if let (Some((_, program)), Some(require)) = (require, &spec.require) {
        all.extend(placed(Some(program), Some(&require.that)));
    }
    all
}

fn placed_name<'a>(
    programs: &'a NamePrograms,
    local: &'a [Expression],
    domain: Option<&'a Expression>,
) -> Vec<Placed<'a>> {
    let places = local.iter().map(|expression| &expression.place);
    let mut all: Vec<Placed<'a>> = programs
        .local
        .iter()
        .zip(places)
        .map(|(program, place): (&Program, &Path)| Placed { program, place })
        .collect();
    all.extend(placed(programs.domain.as_ref(), domain));
    all
}

fn longest(name: &str, spec: &NameSpec) -> usize {
    spec.longest
        .and_then(|longest| usize::try_from(longest).ok())
        .unwrap_or(if name == "login" {
            LONGEST_LOGIN
        } else {
            LONGEST_LOCAL_PART
        })
}
