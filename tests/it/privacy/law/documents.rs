//! All that can come out of a run: every open document, and what everybody gets.

use std::fmt::Write;
use std::prelude::v1::*;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Outcome;
use folkform::Ruleset;
use folkform::base::PersonKey;
use folkform::directory::DesiredAccount;
use folkform::directory::Directory;
use folkform::directory::Dn;
use folkform::directory::Opinion;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::plan::Plan;
use folkform::render::LdifOptions;
use folkform::render::to_ldif;
use folkform::source::Snapshot;

/// The salt of all runs.
const SALT: &[u8] = b"privacy";

/// What can be asked about in all random rule sets.
const OUTPUTS: [&str; 27] = [
    "account.staff",
    "account.staff.login",
    "account.staff.mail",
    "account.staff.displayName",
    "account.staff.department",
    "account.staff.info",
    "account.staff.title",
    "account.staff.manager",
    "account.staff.chief",
    "account.pupil",
    "account.pupil.login",
    "account.pupil.mail",
    "account.pupil.displayName",
    "group.unit",
    "group.chiefs",
    "group.named",
    "group.class",
    "group.everybody",
    "group.carrier",
    "group.team",
    "licence.a3",
    "licence.a1",
    "licence.a0",
    "licence.phone",
    "mailbox.cloud",
    "mailbox.house",
    "class_list.class",
];

/// A run.
pub(crate) struct Run {
    /// All that went in, as it shows by itself.
    inputs: String,
    pub(crate) before: Directory,
    pub(crate) outcome: Outcome,
    pub(crate) plan: Plan,
}

pub(crate) fn run(
    rules: &Ruleset,
    snapshot: &Snapshot,
    directory: &Directory,
    ledger: &Ledger,
    as_of: NaiveDate,
) -> Run {
    let inputs = Inputs {
        snapshot,
        directory,
        ledger,
        as_of,
        salt: SALT,
        decisions: &[],
    };
    let outcome = rules.evaluate(&inputs).unwrap();
    let plan = outcome.plan();
    Run {
        inputs: format!("{inputs:?} {:?}", snapshot.instances),
        before: directory.clone(),
        outcome,
        plan,
    }
}

impl Run {
    /// Carries out all that is released, and gives what is then.
    pub(crate) fn carried_out(&self) -> (Directory, Ledger) {
        let mut directory = self.before.clone();
        let released = self
            .plan
            .release(&Approvals::default(), self.plan.as_of())
            .unwrap_or_else(|_| self.plan.urgent());
        let results = released.carry_out_on(&mut directory);
        (directory, released.settle(&results))
    }

    /// The open documents by name.
    pub(crate) fn open(
        &self,
        persons: &[PersonKey],
        rules: &Ruleset,
        ahead: bool,
    ) -> Vec<(&'static str, String)> {
        let (outcome, plan) = (&self.outcome, &self.plan);
        let ahead = ahead.then(|| outcome.next_change());
        let refusal = match plan.release(&Approvals::default(), plan.as_of()) {
            Ok(released) => format!("{released:?}"),
            Err(refusal) => format!("{refusal} {refusal:?}"),
        };
        let steps: Vec<String> = plan
            .steps()
            .iter()
            .map(|step| format!("{step:?}"))
            .collect();
        let steps = steps.join("\n");
        let public = format!(
            "{outcome:#?}\n{plan:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}",
            outcome.population(),
            outcome.desired(),
            outcome.observed(),
            outcome.lookups(),
            outcome.proposals(),
            outcome.transitions(),
            outcome.quality_cleared(),
            self.before,
            rules,
        );
        vec![
            ("plan", plan.to_json()),
            ("digest", plan.digest()),
            (
                "findings",
                serde_json::to_string_pretty(outcome.findings()).unwrap(),
            ),
            (
                "findings of the plan",
                serde_json::to_string_pretty(plan.findings()).unwrap(),
            ),
            (
                "guards",
                format!("{:?} {} {refusal}", plan.trips(), plan.summary()),
            ),
            (
                "forecast",
                format!("{:?} {:?}", outcome.recheck_on(), ahead),
            ),
            (
                "quality",
                format!("{} {:?}", outcome.quality(), outcome.quality()),
            ),
            ("explanations", self.explanations(persons)),
            (
                "debug",
                format!(
                    "{public}\n{steps}\n{}\n{}",
                    self.inputs,
                    self.parts_by_themselves()
                ),
            ),
        ]
    }

    /// How every part that a reader can get hold of shows by itself.
    fn parts_by_themselves(&self) -> String {
        let mut text = String::new();
        let desired = self.outcome.desired();
        for (key, account) in &desired.accounts {
            let values = account.attributes.values();
            writeln!(
                text,
                "{key} {account:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                account.login,
                account.mail,
                account.container,
                account.mailbox,
                values.collect::<Vec<_>>(),
                account.slice,
            )
            .unwrap();
        }
        for (key, group) in &desired.groups {
            let values = group.attributes.values().collect::<Vec<_>>();
            writeln!(
                text,
                "{key} {group:?} {:?} {:?} {values:?}",
                group.name, group.container
            )
            .unwrap();
        }
        for list in desired.class_lists.values() {
            writeln!(text, "{list:?}").unwrap();
        }
        for notice in &desired.notices {
            writeln!(text, "{notice:?}").unwrap();
        }
        for account in self.before.accounts.values() {
            writeln!(text, "{account:?} {:?} {:?}", account.dn, account.dn.rdn()).unwrap();
        }
        for group in self.before.groups.values() {
            writeln!(text, "{group:?} {:?}", group.dn).unwrap();
        }
        for transition in self.outcome.transitions() {
            writeln!(text, "{transition:?}").unwrap();
        }
        text
    }

    /// How each part that only cleared readers get shows by itself. How many there are is theirs to know.
    pub(crate) fn cleared_parts(&self, persons: &[PersonKey]) -> String {
        let mut text = String::new();
        for row in self.outcome.quality_cleared().rows() {
            writeln!(text, "{row:?}").unwrap();
        }
        for person in persons {
            for output in OUTPUTS {
                let why = self.outcome.why_cleared(*person, output);
                for reason in why.iter().flat_map(|why| &why.reasons) {
                    writeln!(text, "{reason:?}").unwrap();
                }
            }
        }
        text
    }

    /// What everybody gets: what is wanted, and what is written to a target.
    pub(crate) fn outputs(&self) -> Vec<(&'static str, String)> {
        let released = self
            .plan
            .release(&Approvals::default(), self.plan.as_of())
            .unwrap_or_else(|_| self.plan.urgent());
        let ldif = to_ldif(&released, &self.before, &LdifOptions::default());
        vec![
            ("desired", self.outcome.desired().to_sealed_json()),
            ("LDIF", format!("{ldif:?}")),
        ]
    }

    /// What is wanted, part by part.
    pub(crate) fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = self.parts_of_accounts();
        let desired = self.outcome.desired();
        let groups: Vec<String> = desired
            .groups
            .iter()
            .map(|(key, group)| {
                let attributes: Vec<_> = group.attributes.values().map(Opinion::set).collect();
                format!(
                    "{key} {:?} {:?} {attributes:?}",
                    group.name.set(),
                    group.container.set().map(Dn::to_string)
                )
            })
            .collect();
        let owners: Vec<String> = desired
            .groups
            .iter()
            .map(|(key, group)| {
                format!("{key} {}", set(group.references.values().map(Opinion::set)))
            })
            .collect();
        let visible: Vec<String> = desired
            .groups
            .iter()
            .map(|(key, group)| format!("{key} {}", said(group.attributes.get("hideDLMembership"))))
            .collect();
        let nested: Vec<String> = desired
            .groups
            .iter()
            .map(|(key, group)| format!("{key} {:?}", group.nested))
            .collect();
        let carried: Vec<String> = desired
            .groups
            .iter()
            .filter(|(_, group)| group.carries.is_some())
            .map(|(key, group)| {
                let members = group.members.iter();
                let members =
                    members.map(|(key, opinion)| format!("{key} {}", said(Some(opinion))));
                format!("{key} {:?}", members.collect::<Vec<_>>())
            })
            .collect();
        let members: Vec<String> = desired
            .groups
            .iter()
            .map(|(key, group)| format!("{key} {:?}", group.members.keys().collect::<Vec<_>>()))
            .collect();
        let lists: Vec<String> = desired
            .class_lists
            .iter()
            .map(|(key, list)| {
                let rows: Vec<_> = list
                    .rows
                    .iter()
                    .map(|(key, row)| (key, &row.columns))
                    .collect();
                format!("{key} {} {rows:?}", list.name)
            })
            .collect();
        let notices: Vec<String> = desired
            .notices
            .iter()
            .map(|notice| format!("{} {:?} {:?}", notice.account, notice.to, notice.fields))
            .collect();
        parts.extend([
            ("group", groups.join("\n")),
            ("members", members.join("\n")),
            ("owner", owners.join("\n")),
            ("visibility", visible.join("\n")),
            ("nested", nested.join("\n")),
            ("carried", carried.join("\n")),
            ("class list", lists.join("\n")),
            ("notice", notices.join("\n")),
        ]);
        parts
    }

    fn parts_of_accounts(&self) -> Vec<(&'static str, String)> {
        let accounts = &self.outcome.desired().accounts;
        let of = |part: &dyn Fn(&DesiredAccount) -> String| -> String {
            let lines: Vec<String> = accounts
                .iter()
                .map(|(key, account)| format!("{key} {}", part(account)))
                .collect();
            lines.join("\n")
        };
        vec![
            ("account", of(&|account| said(Some(&account.state)))),
            ("login", of(&|account| format!("{:?}", account.login.set()))),
            (
                "mail",
                of(&|account| format!("{:?} {:?}", account.mail.set(), account.aliases)),
            ),
            (
                "container",
                of(&|account| format!("{:?}", account.container.set().map(Dn::to_string))),
            ),
            ("hidden", of(&|account| said(Some(&account.hidden)))),
            ("days", of(&|account| format!("{:?}", account.recheck_on))),
            (
                "slice",
                of(&|account| account.slice.municipality.to_string()),
            ),
            (
                "attributes",
                of(&|account| set(account.attributes.values().map(Opinion::set))),
            ),
            (
                "references",
                of(&|account| set(account.references.values().map(Opinion::set))),
            ),
            (
                "licences",
                of(&|account| set(account.licences.values().map(Opinion::set))),
            ),
            (
                "needing",
                of(&|account| said(account.licences.get("phone"))),
            ),
            (
                "mailbox",
                of(&|account| format!("{:?}", account.mailbox.set())),
            ),
        ]
    }

    fn explanations(&self, persons: &[PersonKey]) -> String {
        let mut text = String::new();
        for person in persons {
            for output in OUTPUTS {
                if let Some(why) = self.outcome.why(*person, output) {
                    writeln!(text, "{why}\n{}", serde_json::to_string(&why).unwrap()).unwrap();
                }
            }
        }
        text
    }
}

/// An opinion with its value, which does not show by itself.
fn said<T: std::fmt::Debug>(opinion: Option<&Opinion<T>>) -> String {
    match opinion {
        Some(Opinion::Set(value)) => format!("{value:?}"),
        other => format!("{other:?}"),
    }
}

fn set<T: std::fmt::Debug>(opinions: impl Iterator<Item = T>) -> String {
    format!("{:?}", opinions.collect::<Vec<T>>())
}
