//! What the source says has become of a record: `recstatus`, 1 new, 2 changed, 3 gone, 4 has swallowed another one.
//!
//! Keeps true: a status that the format does not list takes no record away, and is told of.

use crate::base::RawText;
use crate::intake::batch::Batch;
use crate::intake::codes;
use crate::intake::text;
use crate::source::Record;

const UNLISTED: &str = "the status of the record is none of those that the format lists";

fn is(status: Option<&RawText>, words: &[&'static str]) -> bool {
    text::filled(status).is_some_and(|status| text::listed(&status, words).is_some())
}

pub(super) fn is_gone(status: Option<&RawText>) -> bool {
    is(status, &["3"])
}

pub(super) fn has_swallowed(status: Option<&RawText>) -> bool {
    is(status, &["4"])
}

fn is_unlisted(status: Option<&RawText>) -> bool {
    text::filled(status).is_some() && !is(status, &["1", "2", "3", "4"])
}

/// Takes the status over into the record.
pub(super) fn take(record: &mut Record, status: Option<&RawText>, batch: &mut Batch) {
    record.deleted = is_gone(status);
    if is_unlisted(status) {
        batch.note(&codes::UNKNOWN_VALUE, record, "recstatus", UNLISTED);
    }
}

/// Tells of the status of a part that is no record of its own.
pub(super) fn count_unlisted(status: Option<&RawText>, batch: &mut Batch) {
    if is_unlisted(status) {
        batch.count(&codes::UNKNOWN_VALUE, UNLISTED);
    }
}
