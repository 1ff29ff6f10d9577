//! Who may read a document that is made for people.
//!
//! Not what shows: that is decided where a document is made. Keeps true: where nothing is said, the audience is open.

use alloc::string::String;
use core::fmt;

use serde::Serialize;

/// Who may read a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody who may read what is open: of protected persons nothing withheld shows.
    #[default]
    Open,
    /// Those who may read the registers themselves. The document says so, and whose data it shows, for the host's access log.
    Cleared,
}

impl Audience {
    /// Whether everybody may read it who may read what is open.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// Writes the head of a document: of a cleared one that it is, and whose data it shows, by key.
    pub(crate) fn head(self, shows: &[String], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_open() {
            return Ok(());
        }
        let of = if shows.is_empty() {
            String::from("nobody who is protected")
        } else {
            shows.join(", ")
        };
        writeln!(formatter, "for a cleared reader only; shows data of {of}")
    }
}
