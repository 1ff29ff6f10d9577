//! Sources: what is asked of a delivery, what an absence means, and how records become facts.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::value::Days;
use super::value::Expression;
use super::value::Named;
use super::value::Share;
use super::word::words;
use crate::base::Path;

words! {
    /// Whether a source uses its record ids again.
    Ids {
        /// Never for anybody else.
        Stable = "stable",
        /// A record id may later stand for somebody else.
        Reused = "reused",
    }
}

words! {
    /// What the end dates of a source mean.
    Ends {
        /// The last day.
        Inclusive = "inclusive",
        /// The day after the last.
        Exclusive = "exclusive",
    }
}

words! {
    /// What follows when a record was gone for as long as it is held.
    AfterHold {
        /// It ends, as of the day on which it was first gone.
        End = "end",
        /// It stays.
        Keep = "keep",
    }
}

/// A source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSpec {
    /// Whether record ids are used again; stable where nothing is said.
    pub ids: Ids,
    /// What end dates mean; inclusive where nothing is said.
    pub ends: Ends,
    /// Whether it is an override source, kept by hand, whose records may expire.
    pub overrides: bool,
    /// The kinds of record that are taken from it; all of them where none is named.
    pub gives: Vec<Named>,
    /// What a delivery must fulfil.
    pub require: Option<SourceRequireSpec>,
    /// What an absence means.
    pub absent: Option<AbsentSpec>,
    /// The code of the municipality whose data it holds, where it is one for all.
    pub municipality: Option<String>,
    /// `[source.NAME.map.KIND]`: how records become facts, by kind of fact.
    pub map: BTreeMap<String, MappingSpec>,
    /// Where it stands.
    pub place: Path,
}

/// What a delivery must fulfil; one that does not is set aside, and nothing ends because of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRequireSpec {
    /// How old it may be.
    pub max_age: Option<Days>,
    /// How many records it must have, as a share of the delivery before.
    pub min_share_of_last: Option<Share>,
    /// Where it stands.
    pub place: Path,
}

/// What an absence means.
#[derive(Clone, Debug, PartialEq)]
pub struct AbsentSpec {
    /// How long a record that is gone is held.
    pub hold: Days,
    /// What then.
    pub then: AfterHold,
    /// Where it stands.
    pub place: Path,
}

/// How records become facts of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingSpec {
    /// The expression of each field.
    pub fields: BTreeMap<String, Expression>,
    /// Where it stands.
    pub place: Path,
}
