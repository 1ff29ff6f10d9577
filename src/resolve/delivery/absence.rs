//! Absence: a record that is gone has a date, is held, and then ends as of that date or stays, as the rules say.
//!
//! Not the finding of what is gone. Keeps true: absence alone ends nothing before its hold is over, and never while an instance
//! is frozen; what has ended stays known for as long as an account may still depend on it.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::base::Horizon;
use crate::base::PersonKey;
use crate::base::shift;
use crate::ledger::Memory;
use crate::resolve::facts::fact::Accepted;
use crate::resolve::facts::fact::Standing;
use crate::resolve::setting::Terms;

/// How long a record that has ended is kept when no account of its person is left.
const KEPT_AFTER_END: i64 = 400;

/// Says how each record stands, and drops those that nothing depends on any more. For a frozen instance the clock stands still
/// on the day on which it was last accepted.
pub(in crate::resolve) fn judge<'a>(
    mut records: Vec<Accepted<'a>>,
    terms: &Terms<'_>,
    frozen_since: Option<NaiveDate>,
    memory: &Memory,
    horizon: &mut Horizon,
) -> Vec<Accepted<'a>> {
    if records.iter().all(|record| record.absent_since.is_none()) {
        return records;
    }
    let with_account: BTreeSet<PersonKey> = memory
        .accounts
        .iter()
        .filter(|(_, account)| account.deleted_on.is_none())
        .map(|(key, _)| memory.owner(key))
        .collect();
    records.retain_mut(|record| {
        let Some(since) = record.absent_since else {
            return true;
        };
        let over_on = shift(since, terms.hold.max(0));
        let over = match frozen_since {
            Some(clock) => clock >= over_on,
            None => horizon.reached(over_on),
        };
        if !over || !terms.ends_after_hold() {
            record.standing = Standing::Held;
            return true;
        }
        record.standing = Standing::Ended(since);
        let person = record
            .last
            .and_then(|last| last.person)
            .map(|key| memory.surviving(key));
        person.is_some_and(|person| with_account.contains(&person))
            || !horizon.reached(shift(over_on, KEPT_AFTER_END))
    });
    records
}
