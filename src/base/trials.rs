//! How often the properties of this crate are tried: `FOLKFORM_CASES` times, 64 where nothing is said.
//!
//! For the tests of all layers, and for nothing else: no input of the crate comes from the environment.

extern crate std;

use proptest::prelude::ProptestConfig;

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
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(count)
    }
}
