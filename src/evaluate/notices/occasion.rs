//! Occasions: of which events of an account a notice rule may have to tell in this run, and for which reasons.
//!
//! An event is a step of the plan, or has come to pass without one: by time, or by a step whose answer never came. It is told of
//! until its notice is confirmed, and then not again.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::FOREVER;
use crate::base::Horizon;
use crate::base::Text;
use crate::base::shift;
use crate::directory::NoticeEvent;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::lifecycle::enabled_days;
use crate::evaluate::holder::Holder;
use crate::evaluate::world::World;
use crate::ledger::AccountMemory;
use crate::model::AffiliationKind;
use crate::model::AffiliationRow;
use crate::rules::NoticeRule;

/// What parts the affiliation from the day in the reason of a notice that is told for each day anew.
const DAY: char = '@';

/// One occasion.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::evaluate) struct Occasion {
    /// What tells it from others of the same rule and account.
    pub(in crate::evaluate) reason: Text,
    /// The affiliation, where the rule speaks of each.
    pub(in crate::evaluate) affiliation: Option<AffiliationRow>,
    /// Whether it has come to pass, whatever the plan does.
    pub(in crate::evaluate) happened: bool,
}

/// The occasions of a rule for one account.
pub(in crate::evaluate) fn find(
    world: &World<'_>,
    rule: &NoticeRule,
    event: NoticeEvent,
    holder: &Holder,
    horizon: &mut Horizon,
) -> Vec<Occasion> {
    if rule.since.is_some_and(|since| !horizon.reached(since)) {
        return Vec::new();
    }
    // A death is no matter for messages about accounts, unless the rule says so.
    if !rule.after_death && is_dead(world, rule, holder) {
        return Vec::new();
    }
    let asker = Asker {
        world,
        rule,
        holder,
        memory: world.memory.accounts.get(&holder.key),
    };
    let mut found: BTreeMap<Text, Occasion> = BTreeMap::new();
    for occasion in asker
        .of_event(event, horizon)
        .into_iter()
        .chain(asker.waiting(event))
    {
        found.entry(occasion.reason.clone()).or_insert(occasion);
    }
    found.into_values().collect()
}

fn is_dead(world: &World<'_>, rule: &NoticeRule, holder: &Holder) -> bool {
    let account = world.rules.accounts.get(rule.account);
    account.is_some_and(|account| {
        world
            .population
            .person(holder.person)
            .is_dead(&account.population)
    })
}

/// The keys of what covers an account on the day of the run.
pub(in crate::evaluate) fn covering(world: &World<'_>, holder: &Holder) -> BTreeSet<String> {
    holder
        .covered
        .iter()
        .filter(|coverage| coverage.enabled.contains(world.as_of))
        .map(|coverage| String::from(&*world.population.affiliation(coverage.affiliation).key))
        .collect()
}

struct Asker<'a> {
    world: &'a World<'a>,
    rule: &'a NoticeRule,
    holder: &'a Holder,
    memory: Option<&'a AccountMemory>,
}

impl Asker<'_> {
    fn of_event(&self, event: NoticeEvent, horizon: &mut Horizon) -> Vec<Occasion> {
        let existing = self.world.existing(self.holder);
        let is_enabled = existing.is_some_and(|account| account.enabled);
        let is_known = self
            .memory
            .is_some_and(|memory| memory.created_on.is_some() && memory.deleted_on.is_none());
        let is_disabled = self
            .memory
            .is_some_and(|memory| memory.disabled_on.is_some());
        match (event, self.holder.life) {
            // What was asked for and stands there now was made, though nobody said so; with an empty ledger nobody knows.
            (NoticeEvent::Created, Life::Enabled) => {
                let asked = self.memory.is_some_and(|memory| !memory.adopted);
                let made = existing.is_some() && asked && !is_known && !self.holder.adopt;
                self.each(existing.is_none() || made, made, true)
            }
            // One that was never in use is enabled for the first time: that is its creation.
            (NoticeEvent::Enabled, Life::Enabled) => {
                self.each(is_known && is_disabled, is_enabled, true)
            }
            (NoticeEvent::Disabled, Life::Disabled) => {
                let happened = existing.is_some() && !is_enabled && is_known && !is_disabled;
                self.each(is_enabled || happened, happened, false)
            }
            (NoticeEvent::Renamed, Life::Enabled) if !self.holder.adopt => {
                self.each(existing.is_some(), self.was_renamed(), true)
            }
            (NoticeEvent::Renaming, Life::Enabled) => self.renaming(),
            (NoticeEvent::Ending, Life::Enabled) => self.ending(horizon),
            (NoticeEvent::ReasonAdded | NoticeEvent::ReasonRemoved, Life::Enabled) if is_known => {
                self.reasons(event)
            }
            _ => Vec::new(),
        }
    }

    /// One occasion, or one for each affiliation of the rule's kind that covers the account: today, or whenever.
    fn each(&self, any: bool, happened: bool, today: bool) -> Vec<Occasion> {
        if !any {
            return Vec::new();
        }
        let Some(kind) = self.rule.each else {
            return alloc::vec![self.occasion(None, happened)];
        };
        let as_of = self.world.as_of;
        let covered = self.holder.covered.iter();
        covered
            .filter(|coverage| !today || coverage.enabled.contains(as_of))
            .map(|coverage| coverage.affiliation)
            .filter(|row| self.is_of(kind, *row))
            .map(|row| self.occasion(Some(row), happened))
            .collect()
    }

    fn is_of(&self, kind: AffiliationKind, row: AffiliationRow) -> bool {
        self.world.population.affiliation(row).kind == kind
    }

    fn occasion(&self, affiliation: Option<AffiliationRow>, happened: bool) -> Occasion {
        let key = affiliation.map(|row| self.world.population.affiliation(row).key.clone());
        Occasion {
            reason: key.unwrap_or_else(|| Text::from("")),
            affiliation,
            happened,
        }
    }

    /// The same, told anew for each day that it is about.
    fn on_day(&self, mut occasion: Occasion, day: chrono::NaiveDate) -> Option<Occasion> {
        occasion.reason = Text::from(alloc::format!("{}{DAY}{day}", occasion.reason));
        let told = self.world.memory.notices.values().any(|notice| {
            notice.rule == *self.rule.name
                && notice.account == self.holder.key
                && notice.reason == *occasion.reason
        });
        (!told).then_some(occasion)
    }

    /// Whether a name that was asked for in the place of another stands there now, though nobody said so.
    fn was_renamed(&self) -> bool {
        let existing = self.world.existing(self.holder);
        let names = self.memory.iter().flat_map(|memory| &memory.names);
        let mut asked = names.filter(|(_, held)| held.renames && !held.confirmed);
        asked.any(|(name, held)| {
            let stands = existing.and_then(|account| match name.as_str() {
                "login" => account.login.as_ref(),
                "mail" => account.mail.as_ref(),
                _ => None,
            });
            stands.is_some_and(|stands| **stands == *held.text)
        })
    }

    /// A name will change, on a day that is known.
    fn renaming(&self) -> Vec<Occasion> {
        let Some(day) = self.holder.next_names.values().map(|next| next.on).min() else {
            return Vec::new();
        };
        let each = self.each(true, true, true);
        each.into_iter()
            .filter_map(|occasion| self.on_day(occasion, day))
            .collect()
    }

    /// The account will be disabled: so long before that day as the rule says.
    fn ending(&self, horizon: &mut Horizon) -> Vec<Occasion> {
        let days = enabled_days(&self.holder.covered);
        let current = days
            .intervals()
            .iter()
            .find(|interval| interval.contains(self.world.as_of));
        let Some(end) = current
            .map(|interval| interval.end)
            .filter(|end| *end < FOREVER)
        else {
            return Vec::new();
        };
        let due = shift(end, self.rule.ahead.saturating_neg());
        if !horizon.reached(due) || self.was_due_before(due) {
            return Vec::new();
        }
        let each = self.each(true, true, true);
        each.into_iter()
            .filter_map(|occasion| self.on_day(occasion, end))
            .collect()
    }

    /// Whether a day was reached before the ledger was rebuilt: then those who are to know of it were told.
    fn was_due_before(&self, day: chrono::NaiveDate) -> bool {
        let was_there = self.memory.is_some_and(|memory| memory.adopted);
        let rebuilt = self.world.memory.rebuilt.as_ref();
        was_there && rebuilt.is_some_and(|rebuilt| day < rebuilt.on)
    }

    /// What covers the account and did not when it was last settled, or the other way about.
    fn reasons(&self, event: NoticeEvent) -> Vec<Occasion> {
        let Some(before) = self.memory.and_then(|memory| memory.reasons.as_ref()) else {
            return Vec::new();
        };
        let now = covering(self.world, self.holder);
        let changed: BTreeSet<&String> = if event == NoticeEvent::ReasonAdded {
            now.difference(before).collect()
        } else {
            before.difference(&now).collect()
        };
        self.rows(|key| changed.iter().any(|changed| **changed == *key))
            .map(|row| self.occasion(Some(row), true))
            .collect()
    }

    /// The person's affiliations of the rule's kind whose keys fit.
    fn rows(&self, fits: impl Fn(&str) -> bool) -> impl Iterator<Item = AffiliationRow> {
        let rows = self.world.affiliations_of(self.holder).iter();
        rows.copied().filter(move |row| {
            self.rule.each.is_some_and(|kind| self.is_of(kind, *row))
                && fits(&self.world.population.affiliation(*row).key)
        })
    }

    /// Events that were confirmed and not told of yet.
    fn waiting(&self, event: NoticeEvent) -> Vec<Occasion> {
        let mut waiting = Vec::new();
        for notice in self.world.memory.notices.values() {
            if *notice.rule != *self.rule.name
                || notice.account != self.holder.key
                || notice.event != event
                || notice.done_on.is_some()
            {
                continue;
            }
            let reason = Text::from(notice.reason.as_str());
            let key = reason.split(DAY).next().unwrap_or_default();
            let affiliation = self.rows(|known| known == key).next();
            if affiliation.is_some() || self.rule.each.is_none() || key.is_empty() {
                waiting.push(Occasion {
                    reason,
                    affiliation,
                    happened: false,
                });
            }
        }
        waiting
    }
}
