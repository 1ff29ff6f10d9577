//! Why, and why not: one output of one person.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::explanation::Explanation;
use super::explanation::ReasonLine;
use super::licence;
use super::output::OutputName;
use crate::base::EVER_BEFORE;
use crate::base::FOREVER;
use crate::base::Horizon;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
use crate::base::Path;
use crate::base::Text;
use crate::diagnostic::Audience;
use crate::diagnostic::OpenText;
use crate::diagnostic::Position;
use crate::directory::Desired;
use crate::directory::Opinion;
use crate::evaluate;
use crate::evaluate::Holder;
use crate::evaluate::Life;
use crate::evaluate::RuleScope;
use crate::evaluate::World;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::rules::GatePolicy;

/// Explains one output of a person.
pub(crate) fn why(
    world: &World<'_>,
    desired: &Desired,
    person: PersonRow,
    output: &OutputName,
    audience: Audience,
    position: &dyn Fn(&Path) -> Option<Position>,
) -> Result<Explanation, LimitReached> {
    let stands = world.population.person(person).protection.stands();
    let protected = stands && audience == Audience::Open;
    #[cfg(test)]
    let protected = protected && !Leak::Explanations.is_planted();
    let key = world.population.person(person).key.to_hex();
    let explainer = Explainer {
        world,
        desired,
        person,
        protected,
        position,
    };
    let holders = explainer.holders(output);
    let mut each = holders
        .iter()
        .map(|holder| explainer.of(output, *holder))
        .collect::<Result<Vec<Explained>, LimitReached>>()?;
    let (is, mut reasons) = match (each.pop(), each.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            each.extend(last);
            explainer.of_slots(&holders, each)
        }
    };
    reasons.sort_by(|a, b| {
        b.holds
            .cmp(&a.holds)
            .then_with(|| a.affiliation.cmp(&b.affiliation))
    });
    let shown = match world.subject(person) {
        crate::diagnostic::Subject::Sealed { sealed } if protected => sealed.into(),
        _ => key.clone(),
    };
    Ok(Explanation {
        audience,
        shows: (stands && !protected).then_some(key).into_iter().collect(),
        person: shown,
        output: format!("{output}"),
        is,
        reasons,
    })
}

/// What a policy says, in words.
pub(super) const fn said(policy: GatePolicy) -> &'static str {
    match policy {
        GatePolicy::Exclude => "left out: the policy for protected persons is `exclude`",
        GatePolicy::Omit => "left out: the policy for protected persons is `omit`",
        GatePolicy::Alias => "the policy for protected persons is `alias`",
        GatePolicy::Task => {
            "a task for the officer takes its place, by the policy for protected persons"
        }
        GatePolicy::Include => "the policy for protected persons is `include`",
        GatePolicy::Pass => "nothing that it reads is withheld",
    }
}

pub(super) struct Explainer<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) desired: &'a Desired,
    pub(super) person: PersonRow,
    pub(super) protected: bool,
    pub(super) position: &'a dyn Fn(&Path) -> Option<Position>,
}

pub(super) type Explained = (OpenText, Vec<ReasonLine>);

impl<'a> Explainer<'a> {
    /// The accounts that an output hangs on: one where the person has none, or but one.
    fn holders(&self, output: &OutputName) -> Vec<Option<&'a Holder>> {
        let rules = self.world.rules;
        let account = match output {
            OutputName::Account(name) | OutputName::Field(name, _) => self.account_rule(name),
            OutputName::Group(name) => {
                let rule = rules.groups.iter().find(|rule| *rule.name == **name);
                rule.and_then(|rule| rule.account)
            }
            OutputName::Licence(name) => {
                let rule = rules.licences.iter().find(|rule| *rule.name == **name);
                rule.map(|rule| rule.account)
            }
            OutputName::Mailbox(name) => {
                let rule = rules.mailboxes.iter().find(|rule| *rule.name == **name);
                rule.map(|rule| rule.account)
            }
            OutputName::ClassList(name) => {
                let rule = rules.class_lists.iter().find(|rule| *rule.name == **name);
                rule.map(|rule| rule.account)
            }
        };
        let mut holders: Vec<Option<&Holder>> = account
            .into_iter()
            .flat_map(|account| self.world.holders_of(account, self.person))
            .map(|(_, holder)| Some(holder))
            .collect();
        if holders.is_empty() {
            holders.push(None);
        }
        holders
    }

    fn of(&self, output: &OutputName, holder: Option<&Holder>) -> Result<Explained, LimitReached> {
        Ok(match output {
            OutputName::Account(rule) => self.account(rule, holder),
            OutputName::Field(rule, field) => self.field(rule, field, holder)?,
            OutputName::Group(rule) => self.group(rule, holder)?,
            OutputName::Licence(rule) => self.licence(rule, holder)?,
            OutputName::Mailbox(rule) => self.mailbox(rule, holder)?,
            OutputName::ClassList(rule) => self.class_list(rule, holder),
        })
    }

    /// One explanation of several accounts, each by its slot.
    fn of_slots(&self, holders: &[Option<&Holder>], each: Vec<Explained>) -> Explained {
        let (mut is, mut reasons) = (Vec::new(), Vec::new());
        for (position, (holder, (said, why))) in holders.iter().zip(each).enumerate() {
            let slot = holder.and_then(Holder::slot_value);
            let slot = slot.filter(|_| !self.protected).map_or_else(
                || OpenText::words("account ").and(position.saturating_add(1)),
                |slot| self.shown(slot),
            );
            is.push(slot.and(": ").and(said));
            reasons.extend(why);
        }
        (OpenText::joined(is, "; "), reasons)
    }

    pub(super) fn account(&self, name: &str, holder: Option<&Holder>) -> Explained {
        let world = self.world;
        let Some(account) = self.account_rule(name) else {
            return self.no_rule("account", name);
        };
        let place = Path::root().key("account").key(name);
        let rule = format!("account.{name}");
        let protection = world.population.person(self.person).protection;
        let excluded = world
            .rules
            .accounts
            .get(account)
            .is_some_and(|rule| evaluate::is_excluded(rule, protection));
        let Some(holder) = holder else {
            let reasons = if excluded {
                alloc::vec![self.line(false, &rule, &place, said(GatePolicy::Exclude))]
            } else {
                self.not_covered(account, &rule, &place)
            };
            return (OpenText::words("no account"), reasons);
        };
        let is = match holder.life {
            Life::Pending => "not yet: what it covers begins later than the lead",
            Life::Enabled => "enabled",
            Life::Disabled => "disabled",
            Life::Deleted => "to be deleted",
            Life::Held => "held: it stays as it is, and is not created",
        };
        let mut reasons = Vec::new();
        if excluded {
            reasons.push(self.line(false, &rule, &place, said(GatePolicy::Exclude)));
            return (OpenText::words(is), reasons);
        }
        for coverage in &holder.covered {
            let (row, interval) = (coverage.affiliation, coverage.enabled);
            let holds = interval.contains(world.as_of);
            let because = if holds {
                "the account covers this affiliation, and the day lies within it with lead and grace"
            } else {
                "the account covers this affiliation, and the day lies outside it with lead and grace"
            };
            let mut line = self.line(holds, &rule, &place, because);
            if !self.protected {
                line = self.with_affiliation(line, row);
                line.from = (interval.start != EVER_BEFORE).then_some(interval.start);
                line.until = (interval.end != FOREVER).then_some(interval.end);
            }
            reasons.push(line);
        }
        if holder.life == Life::Held {
            reasons.push(self.line(
                false,
                &rule,
                &place.key("require"),
                "a requirement is not met, data is missing, or a person must decide first; the findings say which",
            ));
        }
        (OpenText::words(is), reasons)
    }

    /// Why an account covers nothing of this person.
    fn not_covered(&self, account: usize, rule: &str, place: &Path) -> Vec<ReasonLine> {
        let world = self.world;
        let Some(compiled) = world.rules.accounts.get(account) else {
            return Vec::new();
        };
        let mut reasons = Vec::new();
        for row in world.population.affiliations_of(self.person) {
            let kind = world.population.affiliation(*row).kind;
            let (because, place) = if compiled.covers.contains_key(&kind) {
                (
                    "its condition is false",
                    place.key("covers").key(kind.name()),
                )
            } else {
                (
                    "the account does not cover this kind of affiliation",
                    place.key("covers"),
                )
            };
            let line = self.line(false, rule, &place, because);
            reasons.push(if self.protected {
                line
            } else {
                self.with_affiliation(line, *row)
            });
        }
        if reasons.is_empty() {
            reasons.push(self.line(false, rule, place, "the person has no affiliation"));
        }
        reasons
    }

    fn group(&self, name: &str, holder: Option<&Holder>) -> Result<Explained, LimitReached> {
        let world = self.world;
        let Some(rule) = world.rules.groups.iter().find(|rule| &*rule.name == name) else {
            return Ok(self.no_rule("group", name));
        };
        let place = Path::root().key("group").key(name);
        let output = format!("group.{name}");
        if rule.account.is_none() {
            if let Some(licence) = licence::carried_by(world, &rule.name) {
                return self.carrier(licence, &output, &place);
            }
            return Ok((
                OpenText::words("made of other groups"),
                alloc::vec![self.line(
                    false,
                    &output,
                    &place,
                    "the rule speaks of no account; ask about the groups it is made of"
                )],
            ));
        }
        let holder = match self.gated(&rule.gate, &rule.window, holder, &output, &place) {
            Ok(holder) => holder,
            Err(explained) => return Ok(explained),
        };
        let mut horizon = Horizon::new(world.as_of);
        let account = rule.account.unwrap_or_default();
        let found = evaluate::group_reasons(world, account, rule, holder, &mut horizon)?;
        let mut reasons = Vec::new();
        let mut values: Vec<&Text> = found.found.iter().map(|(value, _)| value).collect();
        values.sort();
        values.dedup();
        // What other groups take away is settled after the rule itself.
        let key = &holder.key;
        values.retain(|value| {
            self.desired.groups.iter().any(|(group, wanted)| {
                group.rule == rule.name
                    && group.value == **value
                    && wanted
                        .members
                        .get(key)
                        .is_some_and(|member| *member != Opinion::Clear)
            })
        });
        for (value, reason) in &found.found {
            let holds = values.contains(&value);
            let because = if !holds {
                OpenText::words("matches, and another group takes it away")
            } else if self.protected {
                OpenText::words("active and matches")
            } else {
                OpenText::words("active and matches: member of ").quote(self.shown(value))
            };
            let mut line = self.line(holds, &output, &place, because);
            if let (Some(row), false) = (reason.affiliation, self.protected) {
                line = self.with_affiliation(line, row);
            }
            reasons.push(line);
        }
        if let Some(error) = &found.error {
            reasons.push(self.line(
                false,
                &output,
                &place,
                OpenText::words("cannot be computed: ").and(error),
            ));
        }
        let matched: Vec<AffiliationRow> = found
            .found
            .iter()
            .filter_map(|(_, reason)| reason.affiliation)
            .collect();
        self.not_matching(
            rule.each,
            &matched,
            rule.when.is_some(),
            holder,
            (&output, &place),
            &mut reasons,
        );
        let is = if values.is_empty() {
            OpenText::words("not a member")
        } else if self.protected {
            OpenText::words("member")
        } else {
            let names = values.iter().map(|value| self.shown(value));
            OpenText::words("member of ").and(OpenText::joined(names, ", "))
        };
        Ok((is, reasons))
    }

    fn mailbox(&self, name: &str, holder: Option<&Holder>) -> Result<Explained, LimitReached> {
        let world = self.world;
        let Some(rule) = world
            .rules
            .mailboxes
            .iter()
            .find(|rule| &*rule.name == name)
        else {
            return Ok(self.no_rule("mailbox", name));
        };
        let place = Path::root().key("mailbox").key(name);
        let output = format!("mailbox.{name}");
        let window = crate::rules::Window::Enabled;
        let holder = match self.gated(&rule.gate, &window, holder, &output, &place) {
            Ok(holder) => holder,
            Err(explained) => return Ok(explained),
        };
        let scope = RuleScope::of(world, self.person).account(rule.account, holder);
        let mut horizon = Horizon::new(world.as_of);
        let matched = match &rule.when {
            Some(when) => world.condition(when, &scope, &mut horizon)?,
            None => Ok(true),
        };
        let (is, because) = match matched {
            Ok(true) => ("selected", "the rule matches"),
            Ok(false) => ("not selected by this rule", "its condition is false"),
            Err(_) => ("left as it is", "the rule cannot be computed from the data"),
        };
        Ok((
            OpenText::words(is),
            alloc::vec![self.line(matched == Ok(true), &output, &place, because)],
        ))
    }

    fn class_list(&self, name: &str, holder: Option<&Holder>) -> Explained {
        let world = self.world;
        let Some(rule) = world
            .rules
            .class_lists
            .iter()
            .find(|rule| &*rule.name == name)
        else {
            return self.no_rule("class_list", name);
        };
        let place = Path::root().key("class_list").key(name);
        let output = format!("class_list.{name}");
        let holder = match self.gated(&rule.gate, &rule.window, holder, &output, &place) {
            Ok(holder) => holder,
            Err(explained) => return explained,
        };
        let lists = self
            .desired
            .class_lists
            .iter()
            .filter(|(list, wanted)| {
                list.rule == rule.name && wanted.rows.contains_key(&holder.key)
            })
            .count();
        let mut reasons = Vec::new();
        if lists > 0 {
            reasons.push(self.line(true, &output, &place, "an active membership matches"));
        } else {
            self.not_matching(
                Some(crate::model::AffiliationKind::Membership),
                &[],
                rule.when.is_some(),
                holder,
                (&output, &place),
                &mut reasons,
            );
        }
        (
            OpenText::words("on ").and(lists).and(" class lists"),
            reasons,
        )
    }

    /// The account that an output hangs on; or what keeps the output from it before its rule is even asked.
    pub(super) fn gated<'h>(
        &self,
        gate: &crate::rules::Gate,
        window: &crate::rules::Window,
        holder: Option<&'h Holder>,
        output: &str,
        place: &Path,
    ) -> Result<&'h Holder, Explained> {
        let protection = self.world.population.person(self.person).protection;
        let policy = evaluate::policy(gate, protection);
        if !policy.is_ordinary() {
            return Err((
                OpenText::words("left out"),
                alloc::vec![self.line(false, output, place, said(policy))],
            ));
        }
        match holder {
            Some(holder) if evaluate::may_have(holder, window) => Ok(holder),
            _ => Err((
                OpenText::words("not given"),
                alloc::vec![self.line(
                    false,
                    output,
                    place,
                    "the account that it hangs on is not enabled"
                )],
            )),
        }
    }

    /// Why each other affiliation of the kind does not count.
    fn not_matching(
        &self,
        kind: Option<crate::model::AffiliationKind>,
        matched: &[AffiliationRow],
        conditional: bool,
        holder: &Holder,
        (output, place): (&str, &Path),
        reasons: &mut Vec<ReasonLine>,
    ) {
        let world = self.world;
        let Some(kind) = kind else {
            if reasons.is_empty() {
                reasons.push(self.line(
                    false,
                    output,
                    &place.key("when"),
                    "its condition is false",
                ));
            }
            return;
        };
        for row in world.affiliations_of(holder) {
            if world.population.affiliation(*row).kind != kind || matched.contains(row) {
                continue;
            }
            let mut horizon = Horizon::new(world.as_of);
            let (because, at) = if !evaluate::is_active(world, *row, &mut horizon) {
                ("not active on this day", place.clone())
            } else if conditional {
                ("its condition is false", place.key("when"))
            } else {
                ("gives no key", place.key("key"))
            };
            let line = self.line(false, output, &at, because);
            reasons.push(if self.protected {
                line
            } else {
                self.with_affiliation(line, *row)
            });
        }
        if reasons.is_empty() {
            let because = OpenText::words("the person has no ").and(kind.name());
            reasons.push(self.line(false, output, place, because));
        }
    }

    pub(super) fn line(
        &self,
        holds: bool,
        rule: &str,
        place: &Path,
        because: impl Into<OpenText>,
    ) -> ReasonLine {
        ReasonLine::new(holds, String::from(rule), place, because).at((self.position)(place))
    }

    fn with_affiliation(&self, mut line: ReasonLine, row: AffiliationRow) -> ReasonLine {
        let affiliation = self.world.population.affiliation(row);
        let short = affiliation.key.get(..8).unwrap_or(&affiliation.key);
        let stands = if affiliation.frozen {
            ", as last accepted"
        } else {
            ""
        };
        let named = OpenText::words(affiliation.kind.name()).and(" ");
        line.affiliation = Some(named.and(OpenText::vouched(short)).and(stands));
        let interval = affiliation.in_force;
        line.from = (interval.start != EVER_BEFORE).then_some(interval.start);
        line.until = (interval.end != FOREVER).then_some(interval.end);
        line
    }

    /// A value; of a protected person a mark, unless the reader is cleared.
    pub(super) fn shown(&self, text: &str) -> OpenText {
        if self.protected {
            OpenText::words("‹secret›")
        } else {
            OpenText::vouched(text)
        }
    }

    pub(super) fn account_rule(&self, name: &str) -> Option<usize> {
        self.world
            .rules
            .accounts
            .iter()
            .position(|rule| &*rule.name == name)
    }

    pub(super) fn no_rule(&self, kind: &str, name: &str) -> Explained {
        (
            OpenText::words("nothing"),
            alloc::vec![self.line(
                false,
                &format!("{kind}.{name}"),
                &Path::root(),
                "there is no such rule"
            )],
        )
    }
}
