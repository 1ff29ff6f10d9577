//! What everybody gets on a day, found in the plainest possible way: day by day and person by person, from the words of
//! `docs/rules.md` and of the design, with nothing of the crate.
//!
//! Days are counted one by one, nothing is looked up in an index, and whatever is remembered between runs is a list of its own.
//! This file holds affiliations, the life of an account and its primary; `outputs` what hangs on them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::town::AccountRule;
use super::town::Cond;
use super::town::Days;
use super::town::Fact;
use super::town::Key;
use super::town::Kind;
use super::town::Of;
use super::town::SCHOOL_GROUPS;
use super::town::Town;
use super::town::UNITS;
use super::town::Window;
use super::town::words;
use super::written::About;

/// The days that are looked at. No affiliation, lead or grace of a town reaches beyond them.
const FIRST_DAY: i64 = -150;
const LAST_DAY: i64 = 420;

/// An account by its person and rule.
pub(super) type Account = (usize, Of);

/// What was seen and done before, and what is to be remembered of this run.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    pub(super) accounts: BTreeMap<Account, Kept>,
    /// Who gave up or has a name, by namespace and name.
    pub(super) names: BTreeMap<(&'static str, String), Account>,
    /// Since when a group that is there has no members.
    pub(super) groups: BTreeMap<(usize, String), Option<i64>>,
    pub(super) lists: BTreeSet<usize>,
}

/// What is remembered of an account that is, or that was.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) there: bool,
    /// Since when it is disabled.
    pub(super) disabled: Option<i64>,
    pub(super) login: String,
    pub(super) mail: Option<Address>,
    pub(super) primary: Option<usize>,
    /// Another primary that comes first, and since when.
    pub(super) rival: Option<(usize, i64)>,
    pub(super) licences: BTreeSet<usize>,
}

/// An address with what it was made of, those before it with the day on which they go, and one that it is to become.
#[derive(Clone, Debug, Default)]
pub(super) struct Address {
    pub(super) local: String,
    pub(super) domain: String,
    pub(super) surname: usize,
    pub(super) aliases: BTreeMap<String, i64>,
    pub(super) next: Option<(String, String, i64)>,
}

/// What an account is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is there, and nothing is to be.
    None,
    Enabled,
    Disabled,
    Deleted,
}

/// A run: what sources say, the day, and the order of keys.
pub(super) struct World<'a> {
    pub(super) town: &'a Town,
    pub(super) facts: Vec<Option<Fact>>,
    pub(super) surnames: Vec<usize>,
    pub(super) today: i64,
    /// The key of each person and of each fact: opaque, and given only for their order.
    pub(super) persons: &'a [String],
    pub(super) keys: &'a [String],
}

impl World<'_> {
    pub(super) fn rule(&self, of: Of) -> &AccountRule {
        match of {
            Of::Staff => &self.town.rules.staff,
            Of::Pupil => &self.town.rules.pupil,
        }
    }

    pub(super) fn fact(&self, number: usize) -> &Fact {
        self.facts[number].as_ref().unwrap()
    }

    /// The facts of a person.
    pub(super) fn of(&self, person: usize) -> Vec<usize> {
        let told = |number: &usize| {
            self.facts[*number]
                .as_ref()
                .is_some_and(|fact| fact.person == person)
        };
        (0..self.facts.len()).filter(told).collect()
    }

    /// The first day of an affiliation: it lives within what it belongs to.
    pub(super) fn first(&self, number: usize) -> i64 {
        let fact = self.fact(number);
        fact.parent
            .map_or(fact.first, |parent| fact.first.max(self.first(parent)))
    }

    /// The last day.
    pub(super) fn last(&self, number: usize) -> i64 {
        let fact = self.fact(number);
        let own = fact.last.unwrap_or(i64::MAX);
        fact.parent.map_or(own, |parent| own.min(self.last(parent)))
    }

    fn in_force(&self, number: usize, day: i64) -> bool {
        self.first(number) <= day && day <= self.last(number)
    }

    fn on_full_leave(&self, number: usize, day: i64) -> bool {
        let fact = self.fact(number);
        let own = fact
            .leave
            .is_some_and(|(first, last, full)| full && first <= day && day <= last);
        own || fact
            .parent
            .is_some_and(|parent| self.on_full_leave(parent, day))
    }

    pub(super) fn is_active(&self, number: usize, day: i64) -> bool {
        self.in_force(number, day) && !self.on_full_leave(number, day)
    }

    pub(super) fn holds(&self, cond: &Cond, number: usize, about: About) -> bool {
        let fact = self.fact(number);
        match cond {
            Cond::Word(_) if !about.has_word() => true,
            Cond::Extent(_) if !about.has_extent() => true,
            Cond::Always => true,
            Cond::Word(word) if fact.kind == Kind::Membership => {
                SCHOOL_GROUPS[fact.unit].2 == words(Kind::Membership)[*word]
            }
            Cond::Word(word) => fact.word == *word,
            Cond::Extent(least) => fact.extent >= *least,
            Cond::Unit(unit) => unit_of(fact) == *unit,
            Cond::Before(day) => self.today < *day,
            Cond::Within(first, last) => *first <= self.today && self.today <= *last,
            Cond::Begun(days) => self.today >= self.first(number) + days,
            Cond::Not(one) => !self.holds(one, number, about),
            Cond::And(one, other) => {
                self.holds(one, number, about) && self.holds(other, number, about)
            }
            Cond::Or(one, other) => {
                self.holds(one, number, about) || self.holds(other, number, about)
            }
        }
    }

    /// How many days a duration is for an affiliation, where a table is by the word of a kind.
    fn days(&self, days: &Days, number: usize, by: Option<Kind>) -> i64 {
        let fact = self.fact(number);
        match days.by {
            Some((word, other)) if Some(fact.kind) == by && by != Some(Kind::Membership) => {
                if fact.word == word {
                    other
                } else {
                    days.default
                }
            }
            _ => days.default,
        }
    }

    /// The affiliations that an account lives by.
    pub(super) fn covered(&self, (person, of): Account) -> Vec<usize> {
        let rule = self.rule(of);
        let covers = |number: &usize| {
            let kind = self.fact(*number).kind;
            match (of, kind, &rule.duties) {
                (Of::Staff, Kind::Employment, _) | (Of::Pupil, Kind::Enrolment, _) => {
                    self.holds(&rule.covers, *number, About::Reason(kind))
                }
                (Of::Staff, Kind::Duty, Some(duties)) => {
                    self.holds(duties, *number, About::Reason(kind))
                }
                _ => false,
            }
        };
        self.of(person).into_iter().filter(covers).collect()
    }

    /// The days before an affiliation and after it on which it keeps an account of a rule enabled.
    fn lead_and_grace(&self, of: Of, number: usize) -> (i64, i64) {
        let rule = self.rule(of);
        let by = Some(main_kind(of));
        (
            self.days(&rule.lead, number, by),
            self.days(&rule.grace, number, by),
        )
    }

    fn widened(&self, of: Of, number: usize) -> (i64, i64) {
        let (lead, grace) = self.lead_and_grace(of, number);
        (
            self.first(number) - lead,
            self.last(number).saturating_add(grace),
        )
    }

    /// The days on which something covers an account.
    fn covered_days(&self, account: Account) -> BTreeSet<i64> {
        let mut days = BTreeSet::new();
        for number in self.covered(account) {
            if self.exists(number) {
                let (first, last) = self.widened(account.1, number);
                days.extend(first.max(FIRST_DAY)..=last.min(LAST_DAY));
            }
        }
        days
    }

    /// Whether there is any day of an affiliation: one that ends before it begins is none.
    fn exists(&self, number: usize) -> bool {
        self.first(number) <= self.last(number)
    }

    /// Whether an account is entitled to be there and enabled on a day: it is covered, or in a gap that is bridged. `covered` says
    /// of every day whether it is covered.
    fn is_enabled(&self, account: Account, covered: &BTreeSet<i64>, day: i64) -> bool {
        if covered.contains(&day) {
            return true;
        }
        let before = (FIRST_DAY..day).rev().find(|day| covered.contains(day));
        let after = (day..LAST_DAY).find(|day| covered.contains(day));
        let (Some(before), Some(after)) = (before, after) else {
            return false;
        };
        let reaching = self
            .covered(account)
            .into_iter()
            .filter(|number| self.exists(*number) && self.widened(account.1, *number).1 == before);
        let by = Some(main_kind(account.1));
        let bridge = reaching
            .map(|number| self.days(&self.rule(account.1).bridge, number, by))
            .max();
        after - before - 1 <= bridge.unwrap_or(0)
    }

    pub(super) fn state(&self, account: Account, kept: Option<&Kept>) -> State {
        let covered = self.covered_days(account);
        if self.is_enabled(account, &covered, self.today) {
            return State::Enabled;
        }
        let Some(kept) = kept.filter(|kept| kept.there) else {
            return State::None;
        };
        // Who is known to come back keeps it meanwhile, and without a confirmed disabling there is nothing to count from.
        let is_to_come = covered.iter().any(|day| *day > self.today);
        let Some(disabled) = kept.disabled.filter(|_| !is_to_come) else {
            return State::Disabled;
        };
        let entitled = (FIRST_DAY..self.today)
            .rev()
            .find(|day| self.is_enabled(account, &covered, *day));
        let ended = entitled.map_or(disabled, |last| last + 1);
        let rule = self.rule(account.1);
        if self.today >= ended + self.of_last(account, &rule.retain)
            && self.today >= disabled + self.of_last(account, &rule.min_disabled)
        {
            State::Deleted
        } else {
            State::Disabled
        }
    }

    /// A duration as what kept the account enabled last asks; of several the longest, also where none is known any more.
    fn of_last(&self, account: Account, days: &Days) -> i64 {
        let covered = self.covered(account);
        let until = |number: &usize| self.widened(account.1, *number).1;
        let ended = |number: &usize| self.exists(*number) && until(number) < self.today;
        let last = covered
            .iter()
            .copied()
            .filter(ended)
            .map(|number| until(&number))
            .max();
        let by = Some(main_kind(account.1));
        let of_last = covered
            .into_iter()
            .filter(ended)
            .filter(|number| Some(until(number)) == last)
            .map(|number| self.days(days, number, by))
            .max();
        let longest = days
            .by
            .map_or(days.default, |(_, other)| other.max(days.default));
        of_last.unwrap_or(longest)
    }

    /// How near an affiliation is to being worked in: active, on leave, in grace, in lead, or the last that is known.
    fn tier(&self, of: Of, number: usize) -> Option<usize> {
        let (first, last) = self.widened(of, number);
        let today = self.today;
        if self.is_active(number, today) {
            Some(0)
        } else if self.in_force(number, today) {
            Some(1)
        } else if !self.exists(number) {
            None
        } else if self.last(number) < today && today <= last {
            Some(2)
        } else if first <= today && today < self.first(number) {
            Some(3)
        } else if last < today {
            Some(4)
        } else {
            None
        }
    }

    /// The primary of an account, and another that comes before it with the day since when.
    pub(super) fn primary(
        &self,
        account: Account,
        kept: Option<&Kept>,
    ) -> (Option<usize>, Option<(usize, i64)>) {
        let of = account.1;
        let mut candidates: Vec<usize> = self
            .covered(account)
            .into_iter()
            .filter(|number| self.tier(of, *number).is_some())
            .collect();
        candidates.sort_by_key(|number| {
            (
                self.tier(of, *number),
                self.order(of, *number),
                &self.keys[*number],
            )
        });
        let Some(best) = candidates.first().copied() else {
            return (None, None);
        };
        let incumbent = kept.and_then(|kept| kept.primary);
        let in_force =
            |number: &usize| candidates.contains(number) && self.tier(of, *number) <= Some(1);
        match incumbent.filter(in_force) {
            Some(incumbent) if incumbent != best => {
                let since = kept
                    .and_then(|kept| kept.rival)
                    .filter(|(rival, _)| *rival == best)
                    .map_or(self.today, |(_, since)| since);
                if self.today - since < self.rule(of).settle {
                    (Some(incumbent), Some((best, since)))
                } else {
                    (Some(best), None)
                }
            }
            _ => (Some(best), None),
        }
    }

    /// What a primary is ordered by: the keys of its rule in turn. What has no value for a key comes after what has one.
    fn order(&self, of: Of, number: usize) -> Vec<(bool, i64)> {
        let fact = self.fact(number);
        let keys = self
            .rule(of)
            .primary
            .iter()
            .filter(|(key, _)| of == Of::Staff || matches!(key, Key::Start | Key::Unit));
        let order = keys.map(|(key, descending)| {
            if fact.kind != main_kind(of) {
                return (true, 0);
            }
            let value = match key {
                Key::Main => i64::from(fact.main),
                Key::Extent => i64::try_from(fact.extent).unwrap(),
                Key::Start => fact.first,
                Key::Unit => i64::try_from(fact.unit).unwrap(),
            };
            (false, if *descending { -value } else { value })
        });
        order.collect()
    }

    /// Whether an affiliation is a reason for something of an account on this day.
    pub(super) fn counts(&self, of: Of, window: &Window, number: usize, each: bool) -> bool {
        let (first, last) = (self.first(number), self.last(number));
        if first > last {
            return false;
        }
        let today = self.today;
        match window {
            Window::Active => self.is_active(number, today),
            Window::Enabled => {
                let account = (self.fact(number).person, of);
                let covered = self.covered(account);
                let giver = if covered.contains(&number) {
                    Some(number)
                } else {
                    self.fact(number).parent
                };
                let (lead, grace) = giver.map_or((0, 0), |giver| self.lead_and_grace(of, giver));
                first - lead <= today && today <= last.saturating_add(grace)
            }
            Window::Own(lead, grace) => {
                let kind = self.fact(number).kind;
                let by = if each || of == Of::Pupil || self.rule(of).duties.is_none() {
                    Some(kind)
                } else {
                    None
                };
                let lead = self.days(lead, number, by);
                let grace = self.days(grace, number, by);
                first - lead <= today && today <= last.saturating_add(grace)
            }
        }
    }
}

/// The kind by whose words the tables of an account rule are.
const fn main_kind(of: Of) -> Kind {
    match of {
        Of::Staff => Kind::Employment,
        Of::Pupil => Kind::Enrolment,
    }
}

/// Where an affiliation is.
pub(super) fn unit_of(fact: &Fact) -> usize {
    if fact.kind == Kind::Membership {
        SCHOOL_GROUPS[fact.unit].3
    } else {
        fact.unit
    }
}

/// The employer of an affiliation, by code.
pub(super) fn employer_of(fact: &Fact) -> &'static str {
    UNITS[fact.unit].2
}
