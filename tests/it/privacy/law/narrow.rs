//! Rule sets that are drawn for one thing: of those that are drawn at random, few that load reach it.
//!
//! They say what holds of every output, so that almost all of them load, and include nothing.

use std::fmt::Write;
use std::prelude::v1::*;

use super::dice::Dice;

/// What a rule set is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Theme {
    /// Nothing in particular.
    Any,
    /// Protected persons have several accounts whose order is withheld.
    Several,
    /// Addresses wait for their day, also those of protected persons.
    Waiting,
    /// Whatever can be is named, placed and described after others.
    Others,
    /// Accounts are found in the directory, and no rule says where they stand.
    Found,
}

impl Theme {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        match dice.roll(100) {
            0..15 => Self::Several,
            15..20 => Self::Waiting,
            20..25 => Self::Others,
            25..30 => Self::Found,
            _ => Self::Any,
        }
    }

    pub(super) const fn is_narrow(self) -> bool {
        !matches!(self, Self::Any | Self::Several)
    }
}

/// The outputs of a rule set of a theme.
pub(super) fn drawn(dice: &mut Dice, theme: Theme) -> String {
    let mut text = String::new();
    let mut line = |line: &str| writeln!(text, "{line}").unwrap();
    let registration = match theme {
        Theme::Found => "alias",
        _ => "exclude",
    };
    for (flag, account) in [("marking", "alias"), ("registration", registration)] {
        line(&format!("[protection.{flag}]"));
        line(&format!("account = \"{account}\""));
        line("group = \"omit\"");
        line("class_list = \"omit\"");
    }
    line("[account.staff]");
    line("covers = { employment = 'true' }");
    if theme == Theme::Found {
        line("adopt = ['current.employeeNumber == person.number.text']");
    } else {
        line("container = '\"OU=All,DC=x\"'");
    }
    line("[account.staff.name.login]");
    line("local = ['fold(person.given_name) + \".\" + fold(person.surname)']");
    line("number = { from = 2 }");
    line("unique = [\"login\"]");
    line("[account.staff.name.mail]");
    if theme == Theme::Waiting {
        line("local = ['\"u\" + person.key.take(6)']");
        line("domain = 'primary.employer.domain'");
        let follow = dice.one_of(&["\"surname\", \"employer\"", "\"employer\", \"given_name\""]);
        line(&format!("follow = [{follow}]"));
        line("wait = \"7d\"");
    } else {
        line("local = ['fold(person.surname)']");
        line("domain = '\"x.se\"'");
        line("follow = [\"surname\"]");
    }
    line("number = { from = 2 }");
    line("alias = \"1y\"");
    line("unique = [\"address\"]");
    line("[account.staff.set]");
    line("displayName = 'person.given_name + \" \" + person.surname'");
    if theme == Theme::Others {
        line("chief = 'has(primary.manager) ? primary.manager.account.staff.displayName : none'");
        line("info = 'account.staff.?chief.orValue(\"nobody\")'");
        line("title = 'account.staff.?info.orValue(\"nobody\")'");
    }
    line("[account.staff.protected]");
    if theme != Theme::Found {
        line("container = '\"OU=Shared,DC=x\"'");
    }
    line("name.login = { local = ['alias.login'], number = { from = 2 } }");
    if theme != Theme::Waiting {
        line("name.mail = { local = ['alias.mail'], domain = '\"x.se\"', number = { from = 2 } }");
    }
    line("set.displayName = 'alias.name'");
    line("others = \"clear\"");
    if theme == Theme::Others {
        line(OTHERS);
    }
    text
}

/// Names, places and rows that are made of what others' accounts show.
const OTHERS: &str = r#"[account.pupil]
covers = { enrolment = 'true' }
container = '"OU=" + primary.unit.head.account.staff.login + ",DC=x"'
[account.pupil.name.login]
local = ['primary.unit.head.account.staff.login + "-" + fold(person.surname)']
number = { from = 2 }
follow = ["surname"]
unique = ["login"]
[account.pupil.name.mail]
local = ['primary.unit.head.account.staff.login + "." + fold(person.surname)']
domain = '"elev.x.se"'
number = { from = 2 }
follow = ["surname"]
alias = "1y"
unique = ["address"]
[account.pupil.protected]
container = '"OU=Shared,DC=x"'
name.login = { local = ['alias.login'], number = { from = 2 } }
name.mail = { local = ['alias.mail'], domain = '"elev.x.se"', number = { from = 2 } }
others = "clear"
[group.team]
account = "staff"
each = "employment"
when = 'has(employment.manager)'
key = '"team-" + employment.key'
name = '"Team " + employment.manager.account.staff.displayName + " " + employment.key.take(6)'
container = '"OU=" + employment.manager.account.staff.login + ",DC=x"'
description = 'employment.manager.account.staff.displayName'
keep_empty = "0d"
hidden = true
[class_list.class]
account = "pupil"
each = "membership"
show = { head = 'membership.group.unit.head.account.staff.displayName' }
"#;
