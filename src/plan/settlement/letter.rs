//! Letters: all that one recipient is told by what is released of one plan, so that nobody gets twelve messages on a morning.
//!
//! Whoever sends them confirms each notice by its own step. Keeps true: every released notice stands in exactly one letter.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::release::Released;
use super::release::ReleasedStep;
use crate::directory::AccountKey;
use crate::directory::Change;

/// To whom a letter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient<'a> {
    /// A person, by an account in use.
    Account(&'a AccountKey),
    /// An officer for protected persons, as the rules name them: the letter is a task, without names.
    Officer(&'a str),
    /// Nobody: none of those whom the rule names has an account in use. The host decides.
    Nobody,
}

/// What one recipient is told on one day.
#[derive(Clone)]
pub struct Letter<'a> {
    /// To whom it goes.
    pub to: Recipient<'a>,
    /// The day of the plan.
    pub on: NaiveDate,
    /// The notices in it, in the order of the plan. Each is a step with an id of its own.
    pub notices: Vec<ReleasedStep<'a>>,
}

impl Released {
    /// The released notices as letters, one for each recipient, in their order. **Sealed**, as notices are.
    pub fn letters(&self) -> Vec<Letter<'_>> {
        let mut letters: BTreeMap<Recipient<'_>, Vec<ReleasedStep<'_>>> = BTreeMap::new();
        for step in self.steps() {
            if let Change::Notice(notice) = step.change() {
                let officer = notice.fields.get("officer").filter(|_| notice.task);
                let to = match (&notice.to, officer) {
                    (_, Some(officer)) => Recipient::Officer(officer),
                    (Some(to), None) => Recipient::Account(to),
                    (None, None) => Recipient::Nobody,
                };
                letters.entry(to).or_default().push(step);
            }
        }
        let on = self.parts.as_of;
        let letters = letters.into_iter();
        letters
            .map(|(to, notices)| Letter { to, on, notices })
            .collect()
    }
}

impl fmt::Debug for Letter<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Letter({:?}, {}, {} notices)",
            self.to,
            self.on,
            self.notices.len()
        )
    }
}
