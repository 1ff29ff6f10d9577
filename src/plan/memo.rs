//! What a plan keeps for its settling: the ledger as it was seen, and what each step will mean for it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::inputs::NamePolicy;
use super::step::NameOf;
use crate::base::Text;
use crate::directory::AccountKey;
use crate::directory::DesiredNotice;
use crate::directory::GroupKey;
use crate::directory::Slice;
use crate::ledger::Ledger;

/// What a plan keeps for its settling.
pub(super) struct Memo {
    pub(super) observed: Ledger,
    pub(super) policies: BTreeMap<(Text, Text), NamePolicy>,
    pub(super) slices: BTreeMap<AccountKey, Slice>,
    pub(super) wants: BTreeMap<AccountKey, BTreeMap<String, Want>>,
    pub(super) standing: Vec<Standing>,
    pub(super) notices: Vec<NoticeMemo>,
}

/// What is wanted of one output of an account: its digest, and the steps that make it so.
#[derive(Clone, Default)]
pub(super) struct Want {
    pub(super) digest: String,
    pub(super) steps: Vec<usize>,
    /// Whether something keeps the plan from making it so.
    pub(super) blocked: bool,
}

/// What the directory shows without any step.
pub(super) enum Standing {
    /// An account bears the name that it is to bear.
    Named(AccountKey, NameOf, Text),
    /// An account is there, as wanted.
    There(AccountKey),
    /// An account is disabled, as wanted.
    Disabled(AccountKey),
    /// An account is enabled, as wanted.
    Enabled(AccountKey),
    /// An account that is to be deleted is not there.
    Gone(AccountKey),
    /// A group bears the name that it is to bear.
    Group(GroupKey, Text),
}

/// A notice with the steps that it tells of.
pub(super) struct NoticeMemo {
    pub(super) notice: DesiredNotice,
    /// The steps of its event; none where the event was confirmed earlier.
    pub(super) events: Vec<usize>,
    pub(super) step: usize,
}
