//! Days on which what sources say may come to mean something else, while they are still tied to records and persons, so that it can
//! be decided last which of them are told.
//!
//! The next day of a change is open. Keeps true: of a protected person a day is told only where it hangs on what is not withheld;
//! where it would hang on how something withheld is spelled, the same day is told however that is spelled.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::Datelike;
use chrono::NaiveDate;

use super::note::About;
use crate::base::EVER_BEFORE;
use crate::base::Horizon;
use crate::base::Interval;
#[cfg(test)]
use crate::base::Leak;
use crate::base::shift;
use crate::identity::IdentityError;
use crate::identity::IdentityNumber;
use crate::model::Protection;
use crate::model::RecordKind;

/// A field of a kind of record.
pub(super) type Field = (RecordKind, String);

/// Days with whom each is about.
#[derive(Default)]
pub(super) struct Days {
    days: Vec<(About, Day)>,
}

enum Day {
    /// From this day on one of the fields may say something else.
    Of(Vec<Field>, NaiveDate),
    /// An identity number was read.
    Number {
        /// Whether what it means depends on the day of reading.
        depends: bool,
        /// Whether it cannot be read today.
        failed: bool,
    },
}

impl Days {
    /// From a day on, what is said of any of these fields may be something else.
    pub(super) fn changes_on(&mut self, about: About, fields: Vec<Field>, day: NaiveDate) {
        self.days.push((about, Day::Of(fields, day)));
    }

    /// The same on both bounds of an interval.
    pub(super) fn changes_within(&mut self, about: About, fields: Vec<Field>, days: Interval) {
        if days.start > EVER_BEFORE {
            self.changes_on(about, fields.clone(), days.start);
        }
        self.changes_on(about, fields, days.end);
    }

    /// A number was read; one without its century, or from a day that has not come, may mean something else on another day.
    pub(super) fn number(
        &mut self,
        about: About,
        text: &str,
        read: Result<&IdentityNumber, &IdentityError>,
    ) {
        let n_signs = text.chars().filter(char::is_ascii_alphanumeric).count();
        let unclear = matches!(
            read,
            Err(IdentityError::FutureDate | IdentityError::CenturyUnclear)
        );
        let number = Day::Number {
            depends: n_signs < 12 || unclear,
            failed: read.is_err(),
        };
        self.days.push((about, number));
    }

    /// Tells all that may be told. `protection_of` says who is protected; `may_show` whether a field of somebody protected may show.
    pub(super) fn tell(
        self,
        horizon: &mut Horizon,
        protection_of: impl Fn(About) -> Protection,
        may_show: impl Fn(&Field, Protection) -> bool,
    ) {
        let as_of = horizon.as_of();
        let tomorrow = shift(as_of, 1);
        let new_year = as_of.year().checked_add(1);
        let new_year = new_year.and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
        for (about, day) in self.days {
            let protection = protection_of(about);
            #[cfg(test)]
            let protection = if Leak::Days.is_planted() {
                Protection::default()
            } else {
                protection
            };
            match day {
                Day::Of(fields, day) => {
                    if !protection.stands()
                        || fields.iter().any(|field| may_show(field, protection))
                    {
                        horizon.changes_on(day);
                    }
                }
                Day::Number { depends, failed } if depends || protection.stands() => {
                    if failed {
                        horizon.changes_on(tomorrow);
                    }
                    if let Some(new_year) = new_year {
                        horizon.changes_on(new_year);
                    }
                }
                Day::Number { .. } => {}
            }
        }
    }
}
