//! How properties are tried: `FOLKFORM_CASES` times, 64 where nothing is said, and with the same cases each time;
//! `PROPTEST_RNG_SEED` tries others.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// How often a property is tried.
#[expect(
    clippy::disallowed_methods,
    reason = "how long to try is the tester's choice, and no input of the crate"
)]
pub(crate) fn count() -> u32 {
    std::env::var("FOLKFORM_CASES").map_or(64, |text| {
        text.parse()
            .expect("`FOLKFORM_CASES` is not a whole number")
    })
}

/// A property that is tried so often, and that leaves no file behind.
pub(crate) fn config() -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(count())
    };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(u64::from(count()));
    }
    config
}
