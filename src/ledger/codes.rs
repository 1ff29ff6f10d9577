//! Codes of findings about what is remembered.

use crate::diagnostic::codes;

codes! {
    NOT_REMEMBERED "M101" "not-remembered" Warning
        "something was remembered that the directory does not tell";
}
