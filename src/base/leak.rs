//! Leaks that a test plants, to see that they are caught. It is compiled into the tests of the crate and into nothing else.
//!
//! Not here: leaks by way of a policy, which a test makes by changing checked rules. Keeps true: a leak is planted in one thread,
//! and only while its test runs.

extern crate std;

use core::cell::Cell;

/// Something that the engine keeps from open documents and from the outputs of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leak {
    /// The affiliation and the days in the reason of a step.
    Reasons,
    /// A finding that depends on a withheld value.
    Findings,
    /// An explanation for a cleared reader.
    Explanations,
    /// What the directory held before, in the steps of a plan.
    Sealing,
    /// The municipality by which a guard counts.
    Slices,
    /// The municipality by which the quality of data is counted.
    Counts,
    /// The order of notices.
    Order,
    /// The real name, among the names that are taken.
    Suffixes,
    /// What a digest is made of.
    Digest,
    /// What the next day of a change depends on.
    Forecast,
    /// What shows by itself.
    Debug,
    /// A rule that says who is hidden.
    Hidden,
    /// What orders the accounts of one person.
    Rank,
    /// Which groups have hidden members.
    Visibility,
    /// A reason that is withheld, for a name that waits.
    Waiting,
    /// What shows others by way of an output of the same account.
    OwnOutputs,
    /// Names and places that are made of others' outputs.
    Places,
    /// What a row showed that is removed.
    Rows,
    /// The container that a move leaves alone.
    Container,
    /// Days that hang on what sources say.
    Days,
    /// Records of the register, in findings.
    Register,
    /// What the key of an account is made of that takes the place of another one.
    NewKey,
    /// What an account showed whose place another one takes.
    Replaced,
    /// Whether records changed, in the cause of a step.
    Causes,
    /// The municipality in what guards tell.
    Guards,
    /// An output whose name tells, of which no exception speaks.
    LastCheck,
}

std::thread_local! {
    static PLANTED: Cell<Option<Leak>> = const { Cell::new(None) };
}

impl Leak {
    /// Whether it is planted in this thread.
    pub(crate) fn is_planted(self) -> bool {
        PLANTED.get() == Some(self)
    }
}

/// Plants a leak while something runs.
pub(crate) fn while_planted<T>(leak: Option<Leak>, run: impl FnOnce() -> T) -> T {
    PLANTED.set(leak);
    let result = run();
    PLANTED.set(None);
    result
}
