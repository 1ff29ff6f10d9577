//! What a plan keeps for its settling: the ledger as it was seen, and what each step will mean for it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base::Text;
use crate::directory::AccountKey;
use crate::directory::DesiredNotice;
use crate::directory::GroupKey;
use crate::directory::Slice;
use crate::ledger::Ledger;
use crate::plan::inputs::NamePolicy;
use crate::plan::step::NameOf;

/// What a plan keeps for its settling.
pub(in crate::plan) struct Memo {
    pub(in crate::plan) observed: Ledger,
    pub(in crate::plan) policies: BTreeMap<(Text, Text), NamePolicy>,
    pub(in crate::plan) slices: BTreeMap<AccountKey, Slice>,
    /// For how many days an address that an account gives up stays its alias.
    pub(in crate::plan) alias_days: BTreeMap<AccountKey, i64>,
    pub(in crate::plan) wants: BTreeMap<AccountKey, BTreeMap<String, Want>>,
    pub(in crate::plan) standing: Vec<Standing>,
    pub(in crate::plan) notices: Vec<NoticeMemo>,
}

/// What is wanted of one output of an account: its digest, and the steps that make it so.
#[derive(Clone, Default)]
pub(in crate::plan) struct Want {
    pub(in crate::plan) digest: String,
    pub(in crate::plan) steps: Vec<usize>,
    /// Whether something keeps the plan from making it so.
    pub(in crate::plan) blocked: bool,
}

/// What the directory shows without any step.
pub(in crate::plan) enum Standing {
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
    /// Nothing of an account of a protected person is left to replace.
    Replaced(AccountKey),
    /// A group bears the name that it is to bear.
    Group(GroupKey, Text),
}

/// A notice with the steps that it tells of.
pub(in crate::plan) struct NoticeMemo {
    pub(in crate::plan) notice: DesiredNotice,
    /// The steps of its event; none where the event was confirmed earlier.
    pub(in crate::plan) events: Vec<usize>,
    /// Its own step; none where it cannot go yet.
    pub(in crate::plan) step: Option<usize>,
}
