//! Codes of what is found while snapshots become a population.
//!
//! Only what they are called and how bad they are. Their messages stand where they are found, and name no value.

use crate::diagnostic::codes;

codes! {
    UNDECLARED_SOURCE "D101" "undeclared-source" Note
        "the rules do not name a source of the snapshot: its record ids count as stable and its ends as inclusive";
    INSTANCE_MISSING "D102" "instance-missing" Warning
        "a source instance that is known did not come: its records stand as last accepted and nothing ends because of it";
    INSTANCE_OLDER "D103" "instance-older" Warning
        "a source instance is older than the one last accepted: its records stand as last accepted";
    INSTANCE_TOO_OLD "D104" "instance-too-old" Warning
        "a source instance is older than the rules allow: its records stand as last accepted";
    INSTANCE_SHRUNKEN "D105" "instance-shrunken" Error
        "a source instance has too few records: its records stand as last accepted";
    COUNT_DIFFERS "D106" "count-differs" Warning
        "a source instance does not have as many records as it says: absence proves nothing";
    INSTANCE_TWICE "D107" "instance-twice" Error
        "a source instance stands twice in the snapshot with different content: its records stand as last accepted";
    RUN_BEFORE_LAST "D108" "run-before-last" Critical
        "the day of the run lies before that of the last run: everything stands as last accepted";
    DELTA_WITHOUT_BASE "D109" "delta-without-base" Warning
        "the first delivery of a source instance holds changes only";
    UNKNOWN_RECORD_KIND "D110" "unknown-record-kind" Warning
        "a record is of a kind that is not known and is not read";
    RECORD_TWICE "D111" "record-twice" Error
        "a record id stands twice with different content: the record stands as last accepted, or as far as the two agree";
    MAPPING_FAILED "D112" "mapping-failed" Warning
        "an expression of a source map gives no answer for a record: the field has no opinion";
    UNREADABLE_VALUE "D113" "unreadable-value" Warning
        "a value cannot be read as what its field holds: the field has no opinion";
    RECORD_HELD "D114" "record-held" Error
        "a record without readable dates stands as last accepted, or is set aside when it is new";
    RECORDS_GONE "D115" "records-gone" Note
        "records are gone from a source instance and are held for as long as the rules say";
    OVERRIDE_WITHOUT_END "D116" "override-without-end" Warning
        "an employment of an override source has neither an end nor a day on which it expires";
    INSTANCE_FROM_THE_FUTURE "D117" "instance-from-the-future" Warning
        "a source instance is dated after the day of the run";
    UNSEEN_LETTERS "D118" "unseen-letters" Warning
        "a value holds letters that nobody can see; it is taken without them";
    INVALID_NUMBER "D120" "invalid-number" Warning
        "an identity number cannot be read: the person stands without it";
    NOBODY_NAMED "D121" "nobody-named" Error
        "a record says nothing of whose it is and is set aside";
    LINK_HELD "D122" "link-held" Warning
        "evidence that two identity numbers are one person's is held until somebody decides";
    LINK_PROPOSED "D123" "link-proposed" Note
        "two persons may be one: somebody should decide";
    PERSONS_MERGED "D124" "persons-merged" Note
        "two persons that were known apart turned out to be one: the earlier key stays";
    NUMBERS_DIFFER "D126" "numbers-differ" Warning
        "records of one person in one source carry different identity numbers";
    DECISION_WITHOUT_EFFECT "D127" "decision-without-effect" Note
        "a decision is about somebody who is not known, or asks for what already is";
    SOURCES_DISAGREE "D130" "sources-disagree" Note
        "two sources say different things of one field: the one whose word counts more has it";
    CALLED_NAME_MARKING "D131" "called-name-marking" Warning
        "the given-name marking of the register does not lead to a called name: all given names are used";
    REGISTER_CONFLICT "D140" "register-conflict" Warning
        "the register knows the number under another name, birth date or sex";
    NOT_IN_REGISTER "D141" "not-in-register" Warning
        "the register was asked and does not know the number";
    DEREGISTERED "D142" "deregistered" Warning
        "the register, or a source, says that a person is deregistered";
    FLAG_UNREADABLE "D150" "flag-unreadable" Critical
        "a protection flag of a source instance cannot be read: the persons concerned count as protected";
    FLAG_COLUMN_GONE "D151" "flag-column-gone" Critical
        "a source instance no longer says who is protected, as it did before: its persons count as protected";
    FLAG_OFF_HELD "D152" "flag-off-held" Warning
        "no source gives a protection flag any more that stood: it stays until somebody decides";
    FLAG_FLOOD "D153" "flag-flood" Critical
        "more persons are protected at once than may be replaced in one run: all are concealed, and nobody is replaced";
    UNIT_CIRCLE "D160" "unit-circle" Error
        "units lie below each other in a circle, which is broken at one of them";
    UNRESOLVED_REFERENCE "D161" "unresolved-reference" Warning
        "a reference leads to no record";
    AMBIGUOUS_REFERENCE "D162" "ambiguous-reference" Warning
        "a reference fits more than one record and is not followed";
    NO_SUCH_ROW "D163" "no-such-row" Warning
        "a table of the rules has no row for a value";
    INVERTED_INTERVAL "D164" "inverted-interval" Error
        "a record ends before it starts and is set aside";
    OVERLAPPING_ENROLMENTS "D165" "overlapping-enrolments" Note
        "a person is enrolled in two schools on the same days";
    PARENT_MISSING "D166" "parent-missing" Warning
        "the affiliation that a placement belongs to is not there, or is another person's: the placement stands alone";
    ALIAS_DIFFERS "D167" "alias-differs" Warning
        "the alias that a source gives is not the one in use, or is somebody else's: it is not taken";
    SCHOOL_UNIT_CODE "D168" "school-unit-code" Warning
        "a school unit code does not have eight digits";
    REPLACED_TWICE "D169" "replaced-twice" Warning
        "two units say that they replace the same one: the first goes on as it, the other is a new unit";
}
