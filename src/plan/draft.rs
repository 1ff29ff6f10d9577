//! Drafts: steps while a plan is made, before they have ids and an order; and what all parts of the making share.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Serialize;

use super::cause::StepSubject;
use super::inputs::PlanInputs;
use super::kind::Phase;
use super::kind::StepKind;
use super::memo::Standing;
use super::memo::Want;
use super::step::NameOf;
use super::step::Raw;
use crate::base::Text;
use crate::base::canonical_json;
use crate::base::sha256_hex;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::Subject;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::Change;
use crate::directory::Dn;
use crate::directory::Group;
use crate::directory::GroupKey;
use crate::directory::ObjectId;
use crate::directory::Slice;
use crate::directory::Urgency;

/// The position of a draft.
pub(super) type DraftId = usize;

/// A name that only one object holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// A login or the name of a group, folded.
    Login(String),
    /// An address, folded.
    Address(String),
    /// A place in the tree.
    Place(Dn),
}

/// A step that has no id yet.
pub(super) struct Draft {
    pub(super) phase: Phase,
    pub(super) kind: StepKind,
    pub(super) urgent: bool,
    pub(super) object: String,
    pub(super) field: Option<Text>,
    pub(super) before: Raw,
    pub(super) after: Raw,
    /// What tells it from other steps of its kind on the object.
    pub(super) tail: String,
    pub(super) seal: Seal,
    pub(super) slice: Slice,
    pub(super) subject: StepSubject,
    pub(super) change: Change,
    pub(super) want: Option<(AccountKey, String)>,
    pub(super) needs: BTreeSet<DraftId>,
    pub(super) unit: Option<DraftId>,
    pub(super) retires: Vec<(NameOf, Text)>,
    pub(super) kept: Option<Text>,
    /// The object that it changes, where that is there.
    pub(super) who: Option<ObjectId>,
    pub(super) acquires: Vec<Name>,
    pub(super) releases: Vec<Name>,
    /// Whether it turned out that it cannot be.
    pub(super) dropped: bool,
}

/// What of a step must not show.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says it of one part of a step"
)]
#[derive(Clone, Copy, Default)]
pub(super) struct Seal {
    pub(super) field: bool,
    pub(super) before: bool,
    pub(super) after: bool,
    pub(super) tail: bool,
}

/// What becomes of an account or a group.
#[derive(Clone, Copy)]
pub(super) enum Now<T> {
    /// It is there; where it is adopted, by which step.
    There(T, Option<DraftId>),
    /// It is made, by which step.
    Made(DraftId),
    /// It is not there, and not made.
    Nowhere,
}

/// Whoever makes a plan.
pub(super) struct Builder<'a> {
    pub(super) inputs: &'a PlanInputs<'a>,
    pub(super) ours: BTreeMap<&'a AccountKey, &'a Account>,
    pub(super) our_groups: BTreeMap<&'a GroupKey, &'a Group>,
    pub(super) accounts: BTreeMap<&'a AccountKey, Now<&'a Account>>,
    pub(super) groups: BTreeMap<&'a GroupKey, Now<&'a Group>>,
    /// Accounts and groups that are deleted.
    pub(super) ending: BTreeMap<String, DraftId>,
    /// Names with other objects beneath them.
    pub(super) parents: BTreeSet<Dn>,
    pub(super) drafts: Vec<Draft>,
    pub(super) findings: Findings,
    pub(super) wants: BTreeMap<AccountKey, BTreeMap<String, Want>>,
    pub(super) standing: Vec<Standing>,
}

impl Draft {
    /// A step about an object, with nothing else said yet.
    pub(super) fn new(
        phase: Phase,
        kind: StepKind,
        object: &impl ToString,
        slice: &Slice,
        change: Change,
    ) -> Self {
        Self {
            phase,
            kind,
            urgent: false,
            object: object.to_string(),
            field: None,
            before: Raw::Nothing,
            after: Raw::Nothing,
            tail: String::new(),
            seal: Seal::default(),
            slice: slice.clone(),
            subject: StepSubject {
                kind,
                account: None,
                group: None,
                class_list: None,
                field: None,
            },
            change,
            want: None,
            needs: BTreeSet::new(),
            unit: None,
            retires: Vec::new(),
            kept: None,
            who: None,
            acquires: Vec::new(),
            releases: Vec::new(),
            dropped: false,
        }
    }

    /// Says what is there before and after.
    pub(super) fn values(mut self, before: Raw, after: Raw) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// Says which field is changed. It tells the step from others.
    pub(super) fn field(mut self, field: &Text) -> Self {
        self.tail = field.to_string();
        self.subject.field = Some(field.clone());
        self.field = Some(field.clone());
        self
    }

    /// Says which value tells it from others.
    pub(super) fn tail(mut self, tail: &str) -> Self {
        self.tail = tail.to_string();
        self
    }

    /// Says which step must be done before.
    pub(super) fn need(mut self, step: Option<DraftId>) -> Self {
        self.needs.extend(step);
        self
    }
}

impl<'a> Builder<'a> {
    pub(super) fn new(inputs: &'a PlanInputs<'a>) -> Self {
        let directory = inputs.directory;
        let parents = directory
            .accounts
            .values()
            .map(|account| &account.dn)
            .chain(directory.groups.values().map(|group| &group.dn))
            .chain(&directory.containers)
            .filter_map(Dn::parent)
            .collect();
        Self {
            inputs,
            ours: directory.anchored_accounts(),
            our_groups: directory.anchored_groups(),
            accounts: BTreeMap::new(),
            groups: BTreeMap::new(),
            ending: BTreeMap::new(),
            parents,
            drafts: Vec::new(),
            findings: Findings::default(),
            wants: BTreeMap::new(),
            standing: Vec::new(),
        }
    }

    /// Takes up a draft about an account of ours.
    pub(super) fn push_account(&mut self, key: &AccountKey, mut draft: Draft) -> DraftId {
        draft.subject.account = Some(key.clone());
        if self.is_sealed(key) {
            draft.seal.before = true;
            // Where somebody works is not told by whom a guard counts them with.
            draft.slice.municipality = Text::from("");
            let open_after = !matches!(
                draft.kind,
                StepKind::SetAttribute | StepKind::WriteRow | StepKind::AddAlias | StepKind::Park
            );
            draft.seal.after = draft.seal.after || !open_after;
            if matches!(
                draft.kind,
                StepKind::AddAlias | StepKind::RemoveAlias | StepKind::Park
            ) {
                draft.seal.tail = true;
            }
        }
        draft.urgent = self.is_urgent(key, draft.kind)
            && draft.needs.iter().all(|need| self.may_be_urgent(*need));
        self.push(draft)
    }

    /// Takes up a draft.
    pub(super) fn push(&mut self, draft: Draft) -> DraftId {
        let id = self.drafts.len();
        if let Some((account, output)) = &draft.want {
            let want = self
                .wants
                .entry(account.clone())
                .or_default()
                .entry(output.clone())
                .or_default();
            want.steps.push(id);
        }
        self.drafts.push(draft);
        id
    }

    /// Remembers what is wanted of an output of an account, whether a step is needed for it or not.
    pub(super) fn want<T: Serialize>(
        &mut self,
        key: &AccountKey,
        output: &str,
        wanted: &T,
    ) -> (AccountKey, String) {
        let mut digest = sha256_hex(canonical_json(wanted).as_bytes());
        digest.truncate(32);
        let wants = self.wants.entry(key.clone()).or_default();
        wants.entry(output.to_string()).or_default().digest = digest;
        (key.clone(), output.to_string())
    }

    /// Remembers that something that is wanted is not made so by this plan.
    pub(super) fn blocked(&mut self, want: Option<&(AccountKey, String)>) {
        if let Some((account, output)) = want
            && let Some(want) = self
                .wants
                .get_mut(account)
                .and_then(|wants| wants.get_mut(output))
        {
            want.blocked = true;
        }
    }

    pub(super) fn finding(
        &mut self,
        code: &'static Code,
        object: &impl ToString,
        field: Option<&str>,
        message: &str,
    ) {
        let mut finding = Finding::new(
            code,
            Subject::Object {
                object: object.to_string(),
            },
            message,
        );
        if let Some(field) = field {
            finding = finding.field(field);
        }
        self.findings.push(finding);
    }

    /// Whether what the directory holds of an account must not show. Of an account that nobody speaks of nothing shows.
    pub(super) fn is_sealed(&self, key: &AccountKey) -> bool {
        self.inputs
            .desired
            .accounts
            .get(key)
            .is_none_or(|wanted| wanted.sealed)
    }

    /// Concealing and suspending are urgent; replacing is not.
    fn is_urgent(&self, key: &AccountKey, kind: StepKind) -> bool {
        let urgency = self
            .inputs
            .desired
            .accounts
            .get(key)
            .map_or(Urgency::None, |wanted| wanted.urgency);
        match urgency {
            Urgency::None => false,
            Urgency::Conceal => matches!(kind, StepKind::Hide | StepKind::RemoveRow),
            Urgency::Suspend => matches!(
                kind,
                StepKind::Hide | StepKind::RemoveRow | StepKind::Disable
            ),
        }
    }

    /// An adoption goes along with an urgent step that needs it; nothing else does.
    fn may_be_urgent(&self, draft: DraftId) -> bool {
        self.drafts
            .get(draft)
            .is_some_and(|draft| draft.kind == StepKind::AdoptAccount)
    }

    /// The slice that an account is counted with: that of all municipalities for those of whom nothing shows.
    pub(super) fn slice_of(&self, key: &AccountKey) -> Slice {
        if let Some(wanted) = self.inputs.desired.accounts.get(key) {
            let mut slice = wanted.slice.clone();
            if wanted.sealed {
                slice.municipality = Text::from("");
            }
            return slice;
        }
        let memory = self
            .inputs
            .ledger
            .memory()
            .accounts
            .get(key)
            .and_then(|memory| memory.slice.as_ref());
        memory.map_or_else(Slice::default, |(municipality, population)| Slice {
            municipality: Text::from(municipality.as_str()),
            population: Text::from(population.as_str()),
        })
    }

    /// An account as it will be when the plan is carried out: the object, where there is one, and the step that it waits for.
    pub(super) fn coming(
        &self,
        key: &AccountKey,
    ) -> Option<(Option<&'a Account>, Option<DraftId>)> {
        if self.ending.contains_key(&key.to_string()) {
            return None;
        }
        match self.accounts.get(key) {
            Some(Now::There(account, adopted)) => Some((Some(account), *adopted)),
            Some(Now::Made(step)) => Some((None, Some(*step))),
            Some(Now::Nowhere) => None,
            None => self.ours.get(key).map(|account| (Some(*account), None)),
        }
    }

    /// A group as it will be when the plan is carried out.
    pub(super) fn coming_group(
        &self,
        key: &GroupKey,
    ) -> Option<(Option<&'a Group>, Option<DraftId>)> {
        if self.ending.contains_key(&key.to_string()) {
            return None;
        }
        match self.groups.get(key) {
            Some(Now::There(group, adopted)) => Some((Some(group), *adopted)),
            Some(Now::Made(step)) => Some((None, Some(*step))),
            Some(Now::Nowhere) => None,
            None => self.our_groups.get(key).map(|group| (Some(*group), None)),
        }
    }
}
