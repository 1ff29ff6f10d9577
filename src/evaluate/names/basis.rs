//! What a name was made from, and which reasons change it.
//!
//! It gives out no name. A reason that is withheld of a protected person is none.

use alloc::string::String;
use alloc::vec::Vec;

use crate::base::RowKey;
use crate::evaluate::holder::Holder;
use crate::evaluate::world::World;
use crate::language::Class;
use crate::ledger::Basis;
use crate::model::Cell;
use crate::model::PersonRow;
use crate::model::Protection;
use crate::model::RecordKind;
use crate::rules::GatePolicy;
use crate::rules::NameRule;
use crate::rules::spec::FollowReason;
use crate::rules::spec::Word;

/// What a name of a protected person is made from.
pub(super) const ALIAS: &str = "alias";

/// What a reason for a change touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    Domain,
    Local,
}

/// The reasons for which a name changes: what is withheld of a protected person is none.
pub(in crate::evaluate) fn followed(
    rule: &NameRule,
    policy: GatePolicy,
    protection: Protection,
) -> Vec<FollowReason> {
    let reasons = rule.follow.iter().copied();
    let may_tell = |reason: &FollowReason| {
        policy == GatePolicy::Include || !protection.withholds(class(*reason))
    };
    reasons.filter(may_tell).collect()
}

/// How much a reason for a change tells.
const fn class(reason: FollowReason) -> Class {
    match reason {
        FollowReason::Surname | FollowReason::GivenName | FollowReason::Number => Class::Personal,
        FollowReason::Employer | FollowReason::Unit => Class::Place,
    }
}

/// What the reasons touch that differ between what a name was made from and what holds now.
pub(super) fn change(before: &Basis, now: &Basis, follow: &[FollowReason]) -> Change {
    let differs = |reason: &FollowReason| {
        let word = reason.word();
        before.contains_key(word) && before.get(word) != now.get(word) && now.contains_key(word)
    };
    let changed: Vec<&FollowReason> = follow.iter().filter(|reason| differs(reason)).collect();
    if changed.is_empty() {
        Change::Nothing
    } else if changed
        .iter()
        .all(|reason| matches!(reason, FollowReason::Employer | FollowReason::Unit))
    {
        Change::Domain
    } else {
        Change::Local
    }
}

/// Whether a name is made from the same again, as far as the reasons go that change it: what no reason is of tells nothing.
pub(super) fn same(before: &Basis, now: &Basis, follow: &[FollowReason]) -> bool {
    let mut words = follow.iter().map(|reason| reason.word()).chain([ALIAS]);
    words.all(|word| before.get(word) == now.get(word))
}

/// What a name is made from now, by reason.
pub(super) fn basis(world: &World<'_>, row: PersonRow, holder: &Holder, rule: &NameRule) -> Basis {
    let mut basis = Basis::new();
    for reason in &rule.follow {
        if let Some(value) = reason_value(world, row, holder, *reason) {
            basis.insert(String::from(reason.word()), value);
        }
    }
    basis
}

fn reason_value(
    world: &World<'_>,
    row: PersonRow,
    holder: &Holder,
    reason: FollowReason,
) -> Option<String> {
    let population = world.population;
    let text = |cell: Option<Cell>| match cell? {
        Cell::Open(text) => Some(String::from(&*text)),
        Cell::Personal(text) => Some(String::from(&**text.reveal())),
        Cell::Link(to) => match population.value(RecordKind::Unit, to.row(), "code")? {
            Cell::Open(code) => Some(String::from(&*code)),
            _ => None,
        },
        Cell::Several(_) | Cell::Date(_) | Cell::Count(_) | Cell::Flag(_) => None,
    };
    let of_person = |name| text(population.value(RecordKind::Person, row.row(), name));
    let of_primary = |name| {
        let primary = holder.primary?;
        let kind = population.affiliation(primary).kind.record();
        text(population.value(kind, primary.row(), name))
    };
    match reason {
        FollowReason::Surname => of_person("surname"),
        FollowReason::GivenName => of_person("called_name").or_else(|| of_person("given_name")),
        FollowReason::Number => text(population.value(RecordKind::Number, row.row(), "text")),
        FollowReason::Employer => of_primary("employer").or_else(|| {
            Some(String::from(
                &*crate::evaluate::accounts::account::municipality(world, holder.primary?)?,
            ))
        }),
        FollowReason::Unit => of_primary("unit"),
    }
}

/// What a name in place of the real one is made from.
pub(super) fn alias_basis(world: &World<'_>, row: PersonRow) -> String {
    match world
        .population
        .value(RecordKind::Alias, row.row(), "login")
    {
        Some(Cell::Open(text)) => String::from(&*text),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Text;
    use crate::model::Flag;
    use crate::rules::Gate;
    use crate::rules::NamePrograms;

    #[test]
    fn a_name_follows_nothing_that_is_withheld() {
        let rule = NameRule {
            name: Text::from("mail"),
            ordinary: NamePrograms {
                local: Vec::new(),
                number: None,
                domain: None,
            },
            protected: None,
            gate: Gate {
                marking: GatePolicy::Pass,
                registration: GatePolicy::Pass,
            },
            unique: Vec::new(),
            longest: 64,
            reserve: None,
            follow: Vec::from([FollowReason::Surname, FollowReason::Employer]),
            alias: None,
            wait: 0,
            unwanted: alloc::sync::Arc::from([]),
        };
        let mut protection = Protection::default();
        assert_eq!(followed(&rule, GatePolicy::Pass, protection), rule.follow);
        protection.marking = Flag::Yes;
        assert_eq!(
            followed(&rule, GatePolicy::Pass, protection),
            [FollowReason::Employer]
        );
        protection.registration = Flag::Yes;
        assert_eq!(followed(&rule, GatePolicy::Pass, protection), []);
        assert_eq!(
            followed(&rule, GatePolicy::Include, protection),
            rule.follow
        );
    }
}
