//! Random rule sets: every kind of output, each with an expression of a random class and a random policy for each flag.
//!
//! Most of them would leak, and do not load. Those that load are what the law is about. Of each output that is included it is
//! remembered what it shows, since that is not withheld.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::prelude::v1::*;

use super::dice::Dice;
use super::narrow;
use super::narrow::Theme;

/// The two flags, as rules name them.
pub(super) const FLAGS: [&str; 2] = ["marking", "registration"];

/// An expression, and the fields of a person's records that it reads.
type Told = (&'static str, &'static [&'static str]);

const NUMBER: &[&str] = &["number", "birth_date"];
const NAMES: &[&str] = &["given_name", "called_name", "surname"];
/// What `primary.manager` leads to.
const MANAGER: &[&str] = &["manager"];

const OPEN: &[Told] = &[
    ("\"constant\"", &[]),
    ("person.key", &[]),
    ("primary.key", &[]),
    ("alias.name", &[]),
    ("person.number.kind == TF ? \"TF\" : \"other\"", &[]),
    ("register.verified ? \"known\" : \"unknown\"", &[]),
];
const PERSONAL: &[Told] = &[
    ("person.surname", &["surname"]),
    ("person.called_name + \" \" + person.surname", NAMES),
    ("person.number.text", NUMBER),
    ("person.surname == \"Berg\" ? \"A\" : \"B\"", &["surname"]),
    ("has(person.phone) ? \"reachable\" : \"not\"", &["phone"]),
    (
        "person.birth_date < date(\"1990-01-01\") ? \"older\" : \"younger\"",
        NUMBER,
    ),
    (
        "[person.surname].exists(name, name == \"Berg\") ? \"A\" : \"B\"",
        &["surname"],
    ),
    (
        "cel.bind(name, person.surname, fold(name).take(2))",
        &["surname"],
    ),
    ("person.?mail.orValue(\"none\")", &["mail"]),
];
const PLACE: &[Told] = &[
    ("primary.unit.name", &["unit"]),
    ("primary.unit.code == \"u1\" ? \"A\" : \"B\"", &["unit"]),
    ("primary.unit.municipality", &["unit"]),
    (
        "primary.unit.under(\"top\") ? \"below\" : \"elsewhere\"",
        &["unit"],
    ),
    (
        "primary.start < date(\"2026-01-01\") ? \"long\" : \"short\"",
        &["start"],
    ),
    (
        "[primary.unit.code].map(code, code + \"!\").join(\",\")",
        &["unit"],
    ),
];
const PLACE_OF_STAFF: &[Told] = &[
    ("primary.title", &["title"]),
    ("primary.employer.name", &["employer"]),
    ("primary.employer.key", &["employer"]),
    ("has(primary.manager) ? \"led\" : \"not led\"", MANAGER),
    ("primary.manager.account.staff.mail", MANAGER),
    (
        "primary.?leave_extent.orValue(0) > 0 ? \"in part\" : \"all\"",
        &["leave_start", "leave_end", "leave_extent"],
    ),
];
const REGISTERED: Told = (
    "register.?municipality.orValue(\"none\")",
    &["municipality"],
);

/// A rule set as text, with what its included outputs show.
pub(super) struct Drawn {
    pub(super) text: String,
    pub(super) theme: Theme,
    /// By flag: the fields that an included output reads.
    pub(super) shown: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Which kinds of policy were drawn for which kinds of output.
    pub(super) policies: BTreeSet<(&'static str, &'static str, &'static str)>,
}

/// Draws a rule set of a theme.
pub(super) fn draw(dice: &mut Dice, theme: Theme) -> Drawn {
    if theme.is_narrow() {
        return Drawn {
            text: format!("{HEAD}{}", narrow::drawn(dice, theme)),
            theme,
            shown: BTreeMap::new(),
            policies: BTreeSet::new(),
        };
    }
    let mut drawing = Drawing {
        // The careful author says of every output what holds; the careless one of few.
        careful: dice.happens(80),
        generous: dice.happens(40),
        dice,
        text: String::from(HEAD),
        shown: BTreeMap::new(),
        policies: BTreeSet::new(),
        several: theme == Theme::Several,
        primary: BTreeMap::new(),
    };
    drawing.account("staff", "employment");
    drawing.account("pupil", "enrolment");
    drawing.groups();
    drawing.licences();
    drawing.others();
    Drawn {
        text: drawing.text,
        theme,
        shown: drawing.shown,
        policies: drawing.policies,
    }
}

const HEAD: &str = r#"language = 1
name = "random"
[table.employer]
"1427" = { name = "Sotenäs kommun", domain = "sotenas.se" }
"1430" = { name = "Munkedals kommun", domain = "munkedal.se" }
[field.employment.employer]
table = "employer"
[field.employment.review]
type = "date"
class = "place"
[source.hr]
[source.school]
[source.register]
[source.fix]
override = true
[namespace.login]
holds = ["account.*.login", "group.*.sam"]
[namespace.address]
holds = ["account.*.mail"]
"#;

struct Drawing<'d> {
    dice: &'d mut Dice,
    careful: bool,
    /// Whether anything is included; what is shown on purpose is not withheld, and says little about the law.
    generous: bool,
    text: String,
    shown: BTreeMap<&'static str, BTreeSet<&'static str>>,
    policies: BTreeSet<(&'static str, &'static str, &'static str)>,
    /// Whether staff have several accounts, also those who are protected.
    several: bool,
    /// By account: what chooses its primary, and whether it is there.
    primary: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Drawing<'_> {
    /// An expression over an account's person; in which class it is depends on the dice.
    fn told(&mut self, account: &'static str) -> Told {
        match self.dice.roll(20) {
            0..4 => self.dice.one_of(OPEN),
            4..10 => self.dice.one_of(PERSONAL),
            15..19 if account == "staff" => self.dice.one_of(PLACE_OF_STAFF),
            10..19 => self.dice.one_of(PLACE),
            _ => REGISTERED,
        }
    }

    fn line(&mut self, line: &str) {
        writeln!(self.text, "{line}").unwrap();
    }

    /// Draws a policy for each flag, and gives the text that says so. What is included is remembered as shown.
    fn policy(
        &mut self,
        kind: &'static str,
        among: &[&'static str],
        reads: &BTreeSet<&'static str>,
    ) -> String {
        let mut said = Vec::new();
        for flag in FLAGS {
            if !self.careful && self.dice.happens(60) {
                continue;
            }
            let mut policy = self.dice.one_of(among);
            if policy == "include" && !self.generous {
                policy = if among.contains(&"omit") {
                    "omit"
                } else {
                    "exclude"
                };
            }
            if policy.is_empty() {
                continue;
            }
            self.policies.insert((kind, flag, policy));
            if policy == "include" {
                self.shown.entry(flag).or_default().extend(reads);
                said.push(format!(
                    "{flag} = {{ policy = \"include\", because = \"drawn\" }}"
                ));
            } else {
                said.push(format!("{flag} = \"{policy}\""));
            }
        }
        if said.is_empty() {
            String::new()
        } else {
            format!("{{ {} }}", said.join(", "))
        }
    }

    fn reads(&self, account: &str, told: &[Told]) -> BTreeSet<&'static str> {
        let mut reads: BTreeSet<&str> = told.iter().flat_map(|told| told.1).copied().collect();
        if told.iter().any(|told| told.0.contains("primary.")) {
            reads.extend(self.primary.get(account).into_iter().flatten());
        }
        reads
    }

    fn account(&mut self, account: &'static str, kind: &'static str) {
        let several = self.several && account == "staff";
        let slot: Option<Told> = match (account, self.dice.roll(10)) {
            _ if several => Some(("employment.form", &[])),
            ("staff", 0..2) => Some(("employment.employer.key", &["employer"])),
            ("staff", 2..5) => Some(("employment.form", &[])),
            _ => None,
        };
        let covers: Told = match (account, self.dice.roll(10)) {
            _ if several => ("true", &[]),
            ("staff", 0..3) => ("employment.title != \"Vakt\"", &["title"]),
            ("staff", 3..5) => ("employment.form != \"hourly\"", &[]),
            (_, 5) => ("person.surname != \"Berg\"", &["surname"]),
            _ => ("true", &[]),
        };
        let order: Option<Told> = match (account, self.dice.roll(6)) {
            ("staff", 0..3) => Some(("employment.title", &["title"])),
            ("staff", 3) if !several => Some(("employment.extent", &[])),
            ("staff", 3) if several => Some(("employment.title", &["title"])),
            ("staff", 3..5) => Some((
                "employment.?review.orValue(date(\"2020-01-01\")) < as_of",
                &["review"],
            )),
            ("pupil", 0) => Some(("enrolment.school_type", &["school_type"])),
            _ => None,
        };
        let grace: Option<Told> = match (account, self.dice.roll(6)) {
            _ if several => None,
            ("staff", 0) => Some(("employment.form", &[])),
            ("staff", 1) => Some(("employment.title", &["title"])),
            _ => None,
        };
        let life: BTreeSet<&str> = covers
            .1
            .iter()
            .chain(grace.iter().chain(&slot).flat_map(|told| told.1))
            .copied()
            .collect();
        let mut primary = life.clone();
        primary.extend(order.iter().flat_map(|told| told.1));
        self.primary.insert(account, primary);
        self.line(&format!("[account.{account}]"));
        self.line(&format!("covers = {{ {kind} = '{}' }}", covers.0));
        if let Some((by, _)) = slot {
            self.line(&format!("slot = {{ {kind} = '{by}' }}"));
        }
        if let Some((by, _)) = order {
            self.line(&format!("primary = [{{ by = '{by}' }}]"));
        }
        if self.dice.happens(30) {
            self.line("settle = \"14d\"");
        }
        if let Some((by, _)) = grace {
            self.line(&format!(
                "grace = {{ by = '{by}', permanent = \"30d\", Vakt = \"20d\", default = \"7d\" }}"
            ));
        }
        if self.dice.happens(30) {
            self.line("hide = 'person.surname == \"Berg\"'");
        }
        self.container_and_names(account);
        let alternatives = self.attributes(account);
        let policies: &[&str] = if several {
            &["alias"]
        } else {
            &["alias", "alias", "exclude", "exclude", "include"]
        };
        self.instead(account, policies, &life, alternatives);
    }

    fn container_and_names(&mut self, account: &'static str) {
        let container = if self.dice.happens(50) {
            ("\"OU=All\" + \",DC=x\"", &[][..])
        } else {
            ("\"OU=\" + primary.unit.code + \",DC=x\"", &["unit"][..])
        };
        self.line(&format!("container = '{}'", container.0));
        for name in ["login", "mail"] {
            let local: Told = self.dice.one_of(&[
                (
                    "fold(person.called_name).take(3) + fold(person.surname).take(3)",
                    NAMES,
                ),
                (
                    "fold(person.called_name) + \".\" + fold(person.surname)",
                    NAMES,
                ),
                ("\"u\" + person.key.take(6)", &[]),
            ]);
            self.line(&format!("[account.{account}.name.{name}]"));
            self.line(&format!("local = ['{}']", local.0));
            self.line("number = { from = 2 }");
            if name == "mail" {
                self.line("domain = '\"x.se\"'");
                self.line("follow = [\"surname\"]");
                self.line("alias = \"1y\"");
            }
            self.line(&format!(
                "unique = [\"{}\"]",
                if name == "mail" { "address" } else { "login" }
            ));
        }
    }

    /// Attributes, and what stands in place of some.
    fn attributes(&mut self, account: &'static str) -> Vec<(&'static str, &'static str)> {
        self.line(&format!("[account.{account}.set]"));
        let mut alternatives = Vec::new();
        for attribute in ["displayName", "department", "info", "title"] {
            let told = if attribute == "info" && self.dice.happens(40) {
                let name = self
                    .dice
                    .one_of(&["mail", "login", "displayName", "department"]);
                // Of several accounts of staff the first is meant where another account asks.
                let of = self.dice.one_of(&["staff", account]);
                let text: &'static str = format!("account.{of}.{name}").leak();
                (text, &[][..])
            } else {
                self.told(account)
            };
            let mut told = Vec::from([told]);
            if self.dice.happens(25) {
                told.push(self.told(account));
            }
            let reads = self.reads(account, &told);
            let values: Vec<String> = told.iter().map(|told| format!("'{}'", told.0)).collect();
            let value = match values.as_slice() {
                [one] => one.clone(),
                several => format!("[{}]", several.join(", ")),
            };
            let own = if self.dice.happens(15) {
                "own = \"initial\", "
            } else {
                ""
            };
            let policy = self.policy(
                "attribute",
                &["omit", "alias", "include", "omit", ""],
                &reads,
            );
            if policy.is_empty() {
                self.line(&format!("{attribute} = {{ {own}value = {value} }}"));
            } else {
                self.line(&format!(
                    "{attribute} = {{ {own}value = {value}, protected = {policy} }}"
                ));
            }
            if policy.contains("alias") || self.dice.happens(30) {
                let instead = match self.dice.roll(10) {
                    0 => "primary.key",
                    1 => "primary.unit.name",
                    2 => "keep()",
                    _ => "alias.name",
                };
                alternatives.push((attribute, instead));
            }
        }
        if account == "staff" {
            let reads = self.reads(account, &[("primary.manager", MANAGER)]);
            let policy = self.policy("attribute", &["omit", "include", "omit"], &reads);
            let value = "has(primary.manager) ? primary.manager.account.staff : none";
            if policy.is_empty() {
                self.line(&format!("manager = '{value}'"));
            } else {
                self.line(&format!(
                    "manager = {{ value = '{value}', protected = {policy} }}"
                ));
            }
        }
        alternatives
    }

    fn instead(
        &mut self,
        account: &'static str,
        policies: &[&'static str],
        life: &BTreeSet<&'static str>,
        alternatives: Vec<(&'static str, &'static str)>,
    ) {
        self.line(&format!("[account.{account}.protected]"));
        let policy = self.policy("account", policies, life);
        if !policy.is_empty() {
            self.line(&format!("policy = {policy}"));
        }
        self.line("container = '\"OU=Shared,DC=x\"'");
        self.line("name.login = { local = ['alias.login'], number = { from = 2 } }");
        self.line(
            "name.mail = { local = ['alias.mail'], domain = '\"x.se\"', number = { from = 2 } }",
        );
        for (attribute, instead) in alternatives {
            self.line(&format!("set.{attribute} = '{instead}'"));
        }
        if self.dice.happens(80) {
            self.line("others = \"clear\"");
        }
    }

    fn groups(&mut self) {
        let kinds: [(&str, &str, &str, Told, Told); 4] = [
            (
                "unit",
                "staff",
                "employment",
                ("\"g-\" + employment.unit.code", &["unit"]),
                ("true", &[]),
            ),
            (
                "chiefs",
                "staff",
                "employment",
                ("\"chiefs\"", &[]),
                (
                    "employment.is_manager || employment.title == \"Rektor\"",
                    &["is_manager", "title"],
                ),
            ),
            (
                "named",
                "staff",
                "",
                ("\"named\"", &[]),
                ("person.surname == \"Berg\"", &["surname"]),
            ),
            (
                "class",
                "pupil",
                "membership",
                ("\"c-\" + membership.group.name", &["group"]),
                ("true", &[]),
            ),
        ];
        for (group, account, each, key, when) in kinds {
            let mut reads = self.reads(account, &[key, when]);
            self.line(&format!("[group.{group}]"));
            self.line(&format!("account = \"{account}\""));
            if !each.is_empty() {
                self.line(&format!("each = \"{each}\""));
            }
            self.line(&format!("key = '{}'", key.0));
            self.line(&format!("when = '{}'", when.0));
            self.line("container = '\"OU=Groups,DC=x\"'");
            self.line("hidden = true");
            if self.dice.happens(40) {
                let told = self.told(account);
                reads.extend(self.reads(account, &[told]));
                self.line(&format!("description = '{}'", told.0));
            }
            if each == "employment" && self.dice.happens(50) {
                let owners: [Told; 2] = [
                    ("employment.unit.head.account.staff", &["unit"]),
                    ("employment.manager.account.staff", MANAGER),
                ];
                let owner = self.dice.one_of(&owners);
                reads.extend(owner.1);
                self.line(&format!("owner = ['{}']", owner.0));
            }
            if self.dice.happens(30) {
                self.line("window = \"enabled\"");
                reads.extend(self.primary.get(account).into_iter().flatten());
            }
            let policy = self.policy("group", &["omit", "include", "exclude", "omit", ""], &reads);
            if !policy.is_empty() {
                self.line(&format!("protected = {policy}"));
            }
        }
        self.line("[group.everybody]");
        self.line("account = \"staff\"");
        self.line("container = '\"OU=Groups,DC=x\"'");
        match self.dice.roll(4) {
            0 => self.line("minus = [\"named\"]"),
            1 => self.line("union = [\"class\"]"),
            2 => self.line("intersect = [\"chiefs\", \"unit\"]"),
            _ => self.line("nested = [\"unit\", \"carrier\"]"),
        }
        let policy = self.policy("group", &["omit", "include", ""], &BTreeSet::new());
        if !policy.is_empty() {
            self.line(&format!("protected = {policy}"));
        }
    }

    fn licences(&mut self) {
        self.line("[group.carrier]");
        self.line("container = '\"OU=Groups,DC=x\"'");
        self.line("hidden = true");
        let policy = self.policy("group", &["omit", "include", ""], &BTreeSet::new());
        if !policy.is_empty() {
            self.line(&format!("protected = {policy}"));
        }
        // By name, the account and the place in the set of which a person gets one.
        let licences = [
            ("a3", "staff", Some(20)),
            ("a1", "staff", Some(10)),
            ("a0", "pupil", Some(5)),
            ("phone", "staff", None),
        ];
        for (licence, account, priority) in licences {
            // Which of several accounts is the first shows in the licence that a person gets but once.
            let is_plain = self.several && licence == "a3";
            let when: Told = match self.dice.roll(4) {
                _ if is_plain || licence == "phone" => ("true", &[]),
                0 if account == "staff" => ("primary.title == \"Rektor\"", &["title"]),
                1 => ("person.surname != \"Berg\"", &["surname"]),
                _ => ("true", &[]),
            };
            let reads = self.reads(account, &[when]);
            self.line(&format!("[licence.{licence}]"));
            self.line(&format!("account = \"{account}\""));
            self.line(&format!("sku = \"{licence}\""));
            self.line(&format!("when = '{}'", when.0));
            // One that only a group gives, whoever has another, shows by itself.
            let is_free = licence == "a1" && self.dice.clone().happens(50);
            match priority {
                _ if is_free => {}
                Some(priority) => self.line(&format!(
                    "exclusive = {{ set = \"m365\", over = \"person\", priority = {priority} }}"
                )),
                None => self.line("needs = [\"a3\"]"),
            }
            if licence == "a1" && self.dice.happens(60) {
                self.line("through = \"carrier\"");
            }
            if !is_plain {
                self.line("seats = 2");
            }
            let policies: &[&str] = match licence {
                _ if is_plain => &[""],
                "phone" => &["", "", "omit", "include"],
                _ => &["omit", "include", "exclude", ""],
            };
            let policy = self.policy("licence", policies, &reads);
            if !policy.is_empty() {
                self.line(&format!("protected = {policy}"));
            }
        }
    }

    fn others(&mut self) {
        for (mailbox, kind) in [("cloud", "remote"), ("house", "on-premises")] {
            let when: Told = match self.dice.roll(3) {
                0 => ("primary.employer.key == \"1430\"", &["employer"]),
                1 => ("person.surname != \"Berg\"", &["surname"]),
                _ => ("true", &[]),
            };
            let reads = self.reads("staff", &[when]);
            self.line(&format!("[mailbox.{mailbox}]"));
            self.line("account = \"staff\"");
            self.line(&format!("kind = \"{kind}\""));
            self.line(&format!("when = '{}'", when.0));
            let policy = self.policy("mailbox", &["omit", "include", "exclude", ""], &reads);
            if !policy.is_empty() {
                self.line(&format!("protected = {policy}"));
            }
        }
        let column = self.told("pupil");
        let reads = self.reads("pupil", &[column, ("", &["group"])]);
        self.line("[class_list.class]");
        self.line("account = \"pupil\"");
        self.line("each = \"membership\"");
        self.line(&format!(
            "show = {{ mail = 'account.pupil.mail', more = '{}' }}",
            column.0
        ));
        let policy = self.policy(
            "class_list",
            &["omit", "include", "exclude", "omit"],
            &reads,
        );
        if !policy.is_empty() {
            self.line(&format!("protected = {policy}"));
        }
        let field = self.told("staff");
        let to: Told = self.dice.one_of(&[
            ("employment.manager", MANAGER),
            ("employment.unit.head", &["unit"]),
        ]);
        let reads = self.reads("staff", &[field, to]);
        self.line("[notice.welcome]");
        self.line("on = \"account.created\"");
        self.line("account = \"staff\"");
        self.line("each = \"employment\"");
        self.line(&format!("to = ['{}']", to.0));
        self.line(&format!(
            "fields = {{ mail = 'account.staff.mail', more = '{}' }}",
            field.0
        ));
        let policy = self.policy("notice", &["omit", "include", "exclude", "task"], &reads);
        if !policy.is_empty() {
            self.line(&format!("protected = {policy}"));
        }
        if self.dice.clone().happens(40) {
            self.line("[protection]");
            self.line("replace = \"new_account\"");
        }
        for guard in ["disable", "create_account", "rename_login", "remove_member"] {
            if self.dice.happens(30) {
                let effect = self.dice.one_of(&["slice", "all", "warn"]);
                self.line(&format!("[guard.{guard}]"));
                self.line(&format!("most = {}", self.dice.clone().roll(3)));
                self.line(&format!("effect = \"{effect}\""));
            }
        }
    }
}
