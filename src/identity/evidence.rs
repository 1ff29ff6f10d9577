//! Evidence that two identity numbers are one person's, and what became of it.
//!
//! Not where it comes from: whoever reads the sources makes it, and says what holds it. Keeps true: the kinds stand in
//! the order of their strength.

use super::number::IdentityNumber;

/// What speaks for two numbers being one identity, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// The host has decided: one identity, or two that are to be kept apart.
    Decision {
        /// Keep the two apart.
        apart: bool,
    },
    /// The same stable record id came with a new number.
    SameRecord,
    /// The two refer to each other in the register. It links only when exactly one of them is active.
    MutualReference {
        /// The first number is active in the register.
        a_active: bool,
        /// The second number is active in the register.
        b_active: bool,
    },
    /// A school system says that it merged the two.
    MergeRecord,
    /// Only one of the two refers to the other: a proposal to a person.
    OneSidedReference,
    /// Name and birth date are alike: a proposal to a person.
    Likeness,
}

impl EvidenceKind {
    /// The name that documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decision { apart: false } => "decision",
            Self::Decision { apart: true } => "decision-apart",
            Self::SameRecord => "same-record",
            Self::MutualReference { .. } => "mutual-reference",
            Self::MergeRecord => "merge-record",
            Self::OneSidedReference => "one-sided-reference",
            Self::Likeness => "likeness",
        }
    }

    /// Whether this kind only ever makes a proposal.
    pub const fn only_proposes(self) -> bool {
        matches!(self, Self::OneSidedReference | Self::Likeness)
    }

    /// The same evidence, told from the other side.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::MutualReference { a_active, b_active } => Self::MutualReference {
                a_active: b_active,
                b_active: a_active,
            },
            other => other,
        }
    }
}

/// Why evidence is held instead of applied, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HoldReason {
    /// A protection flag stands on either side.
    Protected,
    /// A decision keeps the two identities apart.
    KeptApart,
    /// The two numbers live as two persons elsewhere.
    TwoPersonsElsewhere,
    /// Birth date or sex jump together with the name: the record id was given to somebody else.
    RecordReused,
    /// Mutual references, but not exactly one of the two is active.
    NotExactlyOneActive,
    /// A number that counts only with its issuer came without one.
    IssuerUnknown,
    /// The rules hold numbers that were taken away for this cause.
    HeldByRules,
}

impl HoldReason {
    /// The name that documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::KeptApart => "kept-apart",
            Self::TwoPersonsElsewhere => "two-persons-elsewhere",
            Self::RecordReused => "record-reused",
            Self::NotExactlyOneActive => "not-exactly-one-active",
            Self::IssuerUnknown => "issuer-unknown",
            Self::HeldByRules => "held-by-rules",
        }
    }
}

/// One piece of evidence about two numbers. Which is `a` and which is `b` makes no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What speaks for it.
    pub kind: EvidenceKind,
    /// The one number.
    pub a: IdentityNumber,
    /// The other number.
    pub b: IdentityNumber,
    /// What holds it, if anything. A decision is never held by this.
    pub held: Option<HoldReason>,
}

impl Evidence {
    /// Evidence that nothing holds.
    pub const fn new(kind: EvidenceKind, a: IdentityNumber, b: IdentityNumber) -> Self {
        Self {
            kind,
            a,
            b,
            held: None,
        }
    }

    /// The same evidence, held for this reason.
    #[must_use]
    pub fn held(mut self, reason: HoldReason) -> Self {
        self.held = Some(reason);
        self
    }
}

/// A link between two numbers, applied or proposed; `a` comes before `b` in the order of numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// What speaks for it.
    pub kind: EvidenceKind,
    /// The one number.
    pub a: IdentityNumber,
    /// The other number.
    pub b: IdentityNumber,
}

/// A link that was not applied, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldLink {
    /// The link that would have been.
    pub link: Link,
    /// The gravest reason.
    pub reason: HoldReason,
}
