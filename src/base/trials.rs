//! How the properties of this crate are tried: `FOLKFORM_CASES` times, 64 where nothing is said, and with the same cases each time;
//! `PROPTEST_RNG_SEED` tries others.
//!
//! For the tests of all layers, and for nothing else: no input of the crate comes from the environment.

extern crate std;

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// A property that is tried as often as is asked for, and that leaves no file behind.
#[expect(
    clippy::disallowed_methods,
    reason = "how long to try is the tester's choice, and no input of the crate"
)]
pub(crate) fn trials() -> ProptestConfig {
    let asked = std::env::var("FOLKFORM_CASES");
    let count = asked.map_or(64, |text| {
        text.parse()
            .expect("`FOLKFORM_CASES` is not a whole number")
    });
    trials_of(count)
}

/// A small property, which is tried so often whatever is asked for.
pub(crate) fn trials_of(count: u32) -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(count)
    };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(u64::from(count));
    }
    config
}
