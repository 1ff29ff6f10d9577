//! Codes of findings that a plan makes.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

/// A name that is wanted is held by an object that does not give it up.
pub(crate) static NAME_HELD: Code = Code {
    id: "P101",
    name: "name-held",
    severity: Severity::Error,
    summary: "a login, an address or a name under a parent is held by an object that does not give it up",
};

/// An account or a group cannot be made, since something that it needs is held.
pub(crate) static NOT_MADE: Code = Code {
    id: "P102",
    name: "not-made",
    severity: Severity::Error,
    summary: "an object is wanted and cannot be made, since its container or its name is held",
};

/// An object cannot be adopted.
pub(crate) static NOT_ADOPTED: Code = Code {
    id: "P103",
    name: "not-adopted",
    severity: Severity::Error,
    summary: "an object that is to be adopted is not there, is ours already, or is wanted by two",
};

/// A reference to an account that is not there.
pub(crate) static NO_TARGET: Code = Code {
    id: "P104",
    name: "no-target",
    severity: Severity::Warning,
    summary: "a reference is wanted to an account that is not there and is not made by this plan",
};

/// A value that cannot be a name in the directory.
pub(crate) static BAD_NAME: Code = Code {
    id: "P105",
    name: "bad-name",
    severity: Severity::Error,
    summary: "a name is empty or holds control characters, so that no object can bear it",
};

/// An object with others beneath it is to be moved or deleted.
pub(crate) static HAS_CHILDREN: Code = Code {
    id: "P106",
    name: "has-children",
    severity: Severity::Error,
    summary: "an account or a group has objects beneath it and is neither moved nor deleted",
};

/// A guard holds steps.
pub(crate) static GUARD_HOLDS: Code = Code {
    id: "P201",
    name: "guard-holds",
    severity: Severity::Warning,
    summary: "a guard holds the steps of a slice until somebody approves of them",
};

/// A guard refuses the plan.
pub(crate) static GUARD_REFUSES: Code = Code {
    id: "P202",
    name: "guard-refuses",
    severity: Severity::Critical,
    summary: "a guard refuses the whole plan until somebody approves of it",
};

/// A guard warns.
pub(crate) static GUARD_WARNS: Code = Code {
    id: "P203",
    name: "guard-warns",
    severity: Severity::Warning,
    summary: "a guard was reached that only warns",
};
