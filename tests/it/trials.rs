//! How often properties are tried: `FOLKFORM_CASES` times, 64 where nothing is said.

use proptest::prelude::ProptestConfig;

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
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(count())
    }
}
