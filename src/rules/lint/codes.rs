//! Codes of what loads and is probably not meant.

use crate::diagnostic::codes;

codes! {
    NEVER "R501" "never-true" Warning
        "a condition that never holds";
    SHADOWED "R502" "shadowed" Warning
        "a rule that another one of its set always comes before";
    TWO_WRITERS "R503" "two-writers" Warning
        "two places that write the same thing";
    UNWRITTEN "R504" "unwritten" Warning
        "a field or attribute that is read and that nothing writes";
    CONTRADICTION "R505" "contradiction" Warning
        "a part of a condition that can never count";
    UNUSED_ROW "R506" "unused-row" Warning
        "a row that is never used";
    NO_GRACE "R507" "no-grace" Warning
        "a condition by date that cuts off the grace of an account";
    UNKNOWN_LITERAL "R508" "unknown-literal" Warning
        "a literal that the table it is compared with does not contain";
    ALWAYS_EMPTY "R509" "always-empty" Warning
        "a group that can only be empty";
    NOT_INDEXED "R510" "not-indexed" Warning
        "a condition of which nothing can be looked up";
    UNUSED_ALLOWANCE "R511" "unused-allowance" Warning
        "an allowance for a warning that is not given";
    CONSTANT_SLOT "R512" "constant-slot" Warning
        "a slot that tells no accounts apart";
}
