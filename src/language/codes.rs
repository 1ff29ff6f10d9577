//! The codes of everything that can be wrong with an expression.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

macro_rules! codes {
    ($($constant:ident $id:literal $name:literal $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $constant: Code = Code {
                id: $id,
                name: $name,
                severity: Severity::Error,
                summary: $summary,
            };
        )*

        /// All codes of this layer, in the order of their ids.
        pub static ALL: &[&Code] = &[$(&$constant),*];
    };
}

codes! {
    SYNTAX "L101" "syntax" "the expression is not well formed";
    LITERAL "L102" "literal" "a text or number is not well formed";
    LIMIT "L103" "expression-limit" "the expression is longer, larger or deeper than allowed";
    SIGN "L104" "wrong-sign" "a sign of another language stands where ours has another";
    RESERVED "L105" "reserved-word" "a reserved word is used as a name";
    UNSIGNED "L111" "no-unsigned" "unsigned integers are not part of the language";
    NULL "L112" "no-null" "there is no null";
    MOMENT "L113" "no-moments" "moments and durations are not part of the language";
    DYNAMIC "L114" "no-dyn" "every value has a type";
    BYTES "L115" "no-bytes" "bytes are not part of the language";
    MESSAGE "L116" "no-messages" "message values are not part of the language";
    MATHEMATICS "L117" "no-math" "the math extension is not part of the language";
    NETWORK "L118" "no-network" "network addresses are text";
    TYPE_VALUE "L119" "no-type-values" "types are not values";
    UNKNOWN_NAME "L121" "unknown-name" "a name that nothing has";
    UNKNOWN_FIELD "L122" "unknown-field" "a field that a record does not have";
    UNKNOWN_FUNCTION "L123" "unknown-function" "a function that does not exist";
    UNKNOWN_VALUE "L124" "unknown-value" "a value that an enum does not have";
    OPERATOR "L131" "operator-types" "an operator cannot take values of these types";
    ARGUMENTS "L132" "argument-types" "a function cannot take arguments of these types";
    MIXED "L133" "mixed-types" "values that must have one type have several";
    CONDITION "L134" "condition" "a condition is not a truth value";
    SELECTION "L135" "selection" "a value has no fields or positions";
    MACRO "L136" "macro" "a macro is not used as it must be";
    TODAY "L137" "today" "the day of the run stands where nothing says when the answer changes";
    CONSTANT "L138" "constant" "a constant cannot be what it is to be";
    REPEATED_KEY "L139" "repeated-key" "a map has one key twice";
    RESULT "L141" "result-type" "the result has another type than what it is for";
    UNHANDLED_NONE "L142" "unhandled-none" "there may be no value, and nothing is said of that case";
    KEEP "L143" "keep" "`keep()` stands where it is no answer";
    FRACTION "L144" "fraction" "a number with a fraction cannot be a result";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_order_and_used_once() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(ALL.iter().all(|code| !code.summary.ends_with('.')));
    }
}
