//! The codes of everything that can be wrong with an expression.

use crate::diagnostic::codes;

codes! {
    SYNTAX "L101" "syntax" Error
        "the expression is not well formed";
    LITERAL "L102" "literal" Error
        "a text or number is not well formed";
    LIMIT "L103" "expression-limit" Error
        "the expression is longer, larger or deeper than allowed";
    SIGN "L104" "wrong-sign" Error
        "a sign of another language stands where ours has another";
    RESERVED "L105" "reserved-word" Error
        "a reserved word is used as a name";
    UNSIGNED "L111" "no-unsigned" Error
        "unsigned integers are not part of the language";
    NULL "L112" "no-null" Error
        "there is no null";
    MOMENT "L113" "no-moments" Error
        "moments and durations are not part of the language";
    DYNAMIC "L114" "no-dyn" Error
        "every value has a type";
    BYTES "L115" "no-bytes" Error
        "bytes are not part of the language";
    MESSAGE "L116" "no-messages" Error
        "message values are not part of the language";
    MATHEMATICS "L117" "no-math" Error
        "the math extension is not part of the language";
    NETWORK "L118" "no-network" Error
        "network addresses are text";
    TYPE_VALUE "L119" "no-type-values" Error
        "types are not values";
    UNKNOWN_NAME "L121" "unknown-name" Error
        "a name that nothing has";
    UNKNOWN_FIELD "L122" "unknown-field" Error
        "a field that a record does not have";
    UNKNOWN_FUNCTION "L123" "unknown-function" Error
        "a function that does not exist";
    UNKNOWN_VALUE "L124" "unknown-value" Error
        "a value that an enum does not have";
    OPERATOR "L131" "operator-types" Error
        "an operator cannot take values of these types";
    ARGUMENTS "L132" "argument-types" Error
        "a function cannot take arguments of these types";
    MIXED "L133" "mixed-types" Error
        "values that must have one type have several";
    CONDITION "L134" "condition" Error
        "a condition is not a truth value";
    SELECTION "L135" "selection" Error
        "a value has no fields or positions";
    MACRO "L136" "macro" Error
        "a macro is not used as it must be";
    TODAY "L137" "today" Error
        "the day of the run stands where nothing says when the answer changes";
    CONSTANT "L138" "constant" Error
        "a constant cannot be what it is to be";
    REPEATED_KEY "L139" "repeated-key" Error
        "a map has one key twice";
    RESULT "L141" "result-type" Error
        "the result has another type than what it is for";
    UNHANDLED_NONE "L142" "unhandled-none" Error
        "there may be no value, and nothing is said of that case";
    KEEP "L143" "keep" Error
        "`keep()` stands where it is no answer";
    FRACTION "L144" "fraction" Error
        "a number with a fraction cannot be a result";
    COSTLY "L145" "costly" Error
        "an expression could take more steps than are allowed";
}
