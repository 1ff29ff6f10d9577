//! For rule authors: describe persons with their affiliations in a few lines, run a rule file over them on a day, and assert
//! what comes of it. A failed assertion panics with the reasons of what happened instead.
//!
//! It is no second engine: a [`Scenario`] writes records of sources, and [`Scenario::run`] is the same run that a host makes.
//! Everything in a scenario is invented, so that a failed assertion may show it.
//!
//! ```
//! use folkform::Ruleset;
//! use folkform::testing::Scenario;
//!
//! # fn main() -> Result<(), folkform::diagnostic::Problems> {
//! let rules = Ruleset::from_json(r#"{
//!     "language": 1,
//!     "name": "small",
//!     "account": { "staff": {
//!         "covers": { "employment": "true" },
//!         "container": "\"OU=Staff,DC=example,DC=test\"",
//!         "name": { "login": { "local": ["fold(person.given_name)"], "unique": ["login"] } }
//!     } },
//!     "namespace": { "login": { "holds": ["account.*.login"] } },
//!     "protection": { "marking": { "account": "exclude" }, "registration": { "account": "exclude" } }
//! }"#)?;
//! let checked = Scenario::new(&rules)
//!     .on("2026-11-23")
//!     .person("anna", |person| {
//!         person.number("198412022389").given_name("Anna").surname("Berg")
//!             .employment(|job| job.form("permanent").from("2026-01-01").to("2026-12-31"))
//!     })
//!     .run();
//! checked.account("anna", "staff").is_enabled().has("login", "anna");
//!
//! let later = checked.carry_out().on("2027-01-15").run();
//! later.account("anna", "staff").is_disabled();
//! # Ok(())
//! # }
//! ```

mod account;
mod affiliation;
mod checked;
mod draft;
mod existing;
mod group;
mod message;
mod person;
mod place;
mod plan;
mod scenario;
mod snapshot;
#[cfg(test)]
mod tests;

pub use account::AccountCheck;
pub use affiliation::Duty;
pub use affiliation::Employment;
pub use affiliation::Enrolment;
pub use affiliation::Membership;
pub use checked::Checked;
pub use existing::Existing;
pub use group::GroupCheck;
pub use person::Person;
pub use place::SchoolGroup;
pub use place::Unit;
pub use plan::PlanCheck;
pub use scenario::Scenario;
