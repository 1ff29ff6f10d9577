//! Inputs of a megabyte that mean harm: each is an answer or an error, soon, and within a small stack.
//!
//! The stack is checked in every build, as 512 KiB in an optimized one; time only there, where it means something.

mod expressions;
mod rule_files;

use std::sync::LazyLock;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// A build without optimization takes its time, and shows no less of the stack with less.
const SIZE: usize = if cfg!(debug_assertions) {
    100_000
} else {
    1_000_000
};
/// Frames of a build without optimization are several times as large.
const STACK: usize = if cfg!(debug_assertions) {
    2 * 1024 * 1024
} else {
    512 * 1024
};
const SOON: Duration = Duration::from_millis(100);

/// Repeats what opens, then what closes, up to the size.
fn nested(size: usize, open: &str, middle: &str, close: &str) -> String {
    let times = size / (open.len() + close.len());
    open.repeat(times) + middle + &close.repeat(times)
}

fn chain(size: usize, first: &str, more: &str) -> String {
    first.to_owned() + &more.repeat(size / more.len())
}

/// Runs in a thread with a small stack, and says so where it took long.
fn timed(name: &str, work: impl FnOnce() + Send) -> Option<String> {
    let took = thread::scope(|scope| {
        let timed = move || {
            let begin = busy();
            work();
            busy().saturating_sub(begin)
        };
        thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, timed)
            .unwrap()
            .join()
            .unwrap_or_else(|_| panic!("{name} panics"))
    });
    println!("{:>7} us: {name}", took.as_micros());
    (took > SOON && !cfg!(debug_assertions)).then(|| format!("{name} took {took:?}"))
}

/// How long this thread has worked: its own time, where the system tells, so that a busy machine changes nothing.
fn busy() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let own = told.and_then(|told| told.split(' ').next()?.parse().ok());
    own.map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}
