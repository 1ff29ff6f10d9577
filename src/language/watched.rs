//! What programs took while a test watched. It is part of tests only; every thread watches for itself.

extern crate std;

use alloc::vec::Vec;
use core::cell::RefCell;

use crate::language::Program;

std::thread_local! {
    static SEEN: RefCell<Option<Vec<(Program, u64)>>> = const { RefCell::new(None) };
}

/// Every program that the work evaluated, with the steps that it took, in the order of evaluation.
pub(crate) fn watched(work: impl FnOnce()) -> Vec<(Program, u64)> {
    SEEN.set(Some(Vec::new()));
    work();
    SEEN.take().unwrap_or_default()
}

/// Keeps what a program took, where somebody watches.
pub(super) fn note(program: &Program, spent: u64) {
    SEEN.with_borrow_mut(|seen| {
        if let Some(seen) = seen {
            seen.push((program.clone(), spent));
        }
    });
}
