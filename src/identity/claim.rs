//! Evidence of one kind about one pair of numbers, taken together.
//!
//! Not the linking. Keeps true: taking pieces together gives the same for every order of them, and what is unclear or in
//! contradiction is held.

use super::evidence::Evidence;
use super::evidence::EvidenceKind;
use super::evidence::HoldReason;

/// Kinds of evidence in the order of their strength, without what they carry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Decision,
    SameRecord,
    MutualReference,
    MergeRecord,
    OneSidedReference,
    Likeness,
}

impl Strength {
    /// What links below a decision.
    pub(super) const LINKING: [Self; 3] =
        [Self::SameRecord, Self::MutualReference, Self::MergeRecord];

    pub(super) const fn of(kind: EvidenceKind) -> Self {
        match kind {
            EvidenceKind::Decision { .. } => Self::Decision,
            EvidenceKind::SameRecord => Self::SameRecord,
            EvidenceKind::MutualReference { .. } => Self::MutualReference,
            EvidenceKind::MergeRecord => Self::MergeRecord,
            EvidenceKind::OneSidedReference => Self::OneSidedReference,
            EvidenceKind::Likeness => Self::Likeness,
        }
    }
}

/// All evidence of one kind about one pair, taken together.
#[derive(Clone, Copy)]
pub(super) struct Claim {
    pub(super) strength: Strength,
    pub(super) kind: EvidenceKind,
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) held: Option<HoldReason>,
}

/// What holds one piece of evidence by itself: its own reason, or what its kind asks for.
pub(super) fn own_hold(one: &Evidence) -> Option<HoldReason> {
    let unclear = match one.kind {
        EvidenceKind::Decision { .. } => return None,
        EvidenceKind::MutualReference { a_active, b_active } if a_active == b_active => {
            Some(HoldReason::NotExactlyOneActive)
        }
        _ if one.a.is_qualified() && one.b.is_qualified() => None,
        _ => Some(HoldReason::IssuerUnknown),
    };
    gravest(one.held, unclear)
}

/// Two pieces of evidence of one kind about one pair: the gravest hold counts, and so does a contradiction about which of
/// the two is active.
pub(super) fn together(one: Claim, other: Claim) -> Claim {
    let contradiction = (one.kind != other.kind).then_some(HoldReason::NotExactlyOneActive);
    Claim {
        kind: one.kind.min(other.kind),
        held: gravest(gravest(one.held, other.held), contradiction),
        ..one
    }
}

fn gravest(one: Option<HoldReason>, other: Option<HoldReason>) -> Option<HoldReason> {
    one.into_iter().chain(other).min()
}
