//! Drafts: steps while a plan is made, before they have ids and an order; and what all parts of the making share.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Serialize;

#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::base::canonical_json;
use crate::base::sha256_hex;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
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
use crate::plan::cause::StepSubject;
use crate::plan::codes;
use crate::plan::inputs::PlanInputs;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::settlement::memo::Standing;
use crate::plan::settlement::memo::Want;
use crate::plan::step::NameOf;
use crate::plan::step::Raw;

/// The position of a draft.
pub(in crate::plan) type DraftId = usize;

/// A name that only one object holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Name {
    /// A login or the name of a group, folded.
    Login(String),
    /// An address, folded.
    Address(String),
    /// A place in the tree.
    Place(Dn),
}

/// A step that has no id yet.
pub(in crate::plan) struct Draft {
    pub(in crate::plan) phase: Phase,
    pub(in crate::plan) kind: StepKind,
    pub(in crate::plan) urgent: bool,
    pub(in crate::plan) object: String,
    pub(in crate::plan) field: Option<Text>,
    pub(in crate::plan) before: Raw,
    pub(in crate::plan) after: Raw,
    /// What tells it from other steps of its kind on the object.
    pub(in crate::plan) tail: String,
    pub(in crate::plan) seal: Seal,
    pub(in crate::plan) slice: Slice,
    pub(in crate::plan) subject: StepSubject,
    pub(in crate::plan) change: Change,
    pub(in crate::plan) want: Option<(AccountKey, String)>,
    pub(in crate::plan) needs: BTreeSet<DraftId>,
    pub(in crate::plan) unit: Option<DraftId>,
    pub(in crate::plan) retires: Vec<(NameOf, Text)>,
    pub(in crate::plan) kept: Option<Text>,
    /// The object that it changes, where that is there.
    pub(in crate::plan) who: Option<ObjectId>,
    pub(in crate::plan) acquires: Vec<Name>,
    pub(in crate::plan) releases: Vec<Name>,
    /// Whether it turned out that it cannot be.
    pub(in crate::plan) dropped: bool,
}

/// What of a step must not show.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says it of one part of a step"
)]
#[derive(Clone, Copy, Default)]
pub(in crate::plan) struct Seal {
    pub(in crate::plan) field: bool,
    pub(in crate::plan) before: bool,
    pub(in crate::plan) after: bool,
    pub(in crate::plan) tail: bool,
}

/// What becomes of an account or a group.
#[derive(Clone, Copy)]
pub(in crate::plan) enum Now<T> {
    /// It is there; where it is adopted, by which step.
    There(T, Option<DraftId>),
    /// It is made, by which step.
    Made(DraftId),
    /// It is not there, and not made.
    Nowhere,
}

/// Whoever makes a plan.
pub(in crate::plan) struct Builder<'a> {
    pub(in crate::plan) inputs: &'a PlanInputs<'a>,
    pub(in crate::plan) ours: BTreeMap<&'a AccountKey, &'a Account>,
    pub(in crate::plan) our_groups: BTreeMap<&'a GroupKey, &'a Group>,
    pub(in crate::plan) accounts: BTreeMap<&'a AccountKey, Now<&'a Account>>,
    /// The key that each object gets that is adopted.
    pub(in crate::plan) adopted: BTreeMap<&'a ObjectId, &'a AccountKey>,
    pub(in crate::plan) groups: BTreeMap<&'a GroupKey, Now<&'a Group>>,
    /// Accounts and groups that are deleted.
    pub(in crate::plan) ending: BTreeMap<String, DraftId>,
    /// Accounts that go over into another one, with the step that says so.
    pub(in crate::plan) merging: BTreeMap<&'a AccountKey, DraftId>,
    /// Names with other objects beneath them.
    pub(in crate::plan) parents: BTreeSet<Dn>,
    pub(in crate::plan) drafts: Vec<Draft>,
    pub(in crate::plan) findings: Findings,
    pub(in crate::plan) wants: BTreeMap<AccountKey, BTreeMap<String, Want>>,
    pub(in crate::plan) standing: Vec<Standing>,
}

impl Draft {
    /// A step about an object, with nothing else said yet.
    pub(in crate::plan) fn new(
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
    pub(in crate::plan) fn values(mut self, before: Raw, after: Raw) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// Says which field is changed. It tells the step from others.
    pub(in crate::plan) fn field(mut self, field: &Text) -> Self {
        self.tail = field.to_string();
        self.subject.field = Some(field.clone());
        self.field = Some(field.clone());
        self
    }

    /// Says which value tells it from others.
    pub(in crate::plan) fn tail(mut self, tail: &str) -> Self {
        self.tail = tail.to_string();
        self
    }

    /// Says which step must be done before.
    pub(in crate::plan) fn need(mut self, step: Option<DraftId>) -> Self {
        self.needs.extend(step);
        self
    }
}

impl<'a> Builder<'a> {
    pub(in crate::plan) fn new(inputs: &'a PlanInputs<'a>) -> Self {
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
            adopted: BTreeMap::new(),
            groups: BTreeMap::new(),
            ending: BTreeMap::new(),
            merging: BTreeMap::new(),
            parents,
            drafts: Vec::new(),
            findings: Findings::default(),
            wants: BTreeMap::new(),
            standing: Vec::new(),
        }
    }

    /// Takes up a draft about an account of ours.
    pub(in crate::plan) fn push_account(&mut self, key: &AccountKey, mut draft: Draft) -> DraftId {
        draft.subject.account = Some(key.clone());
        if self.is_sealed(key) {
            draft.seal.before = true;
            // Where somebody works is not told by whom a guard counts them with.
            withhold_place(&mut draft.slice);
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
    pub(in crate::plan) fn push(&mut self, draft: Draft) -> DraftId {
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
    pub(in crate::plan) fn want<T: Serialize>(
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
    pub(in crate::plan) fn blocked(&mut self, want: Option<&(AccountKey, String)>) {
        if let Some((account, output)) = want
            && let Some(want) = self
                .wants
                .get_mut(account)
                .and_then(|wants| wants.get_mut(output))
        {
            want.blocked = true;
        }
    }

    pub(in crate::plan) fn finding(
        &mut self,
        code: &'static Code,
        object: &impl ToString,
        field: Option<&str>,
        message: &'static str,
    ) {
        let mut finding = Finding::new(
            code,
            Subject::object(OpenText::vouched(object.to_string())),
            message,
        );
        if let Some(field) = field {
            finding = finding.field(OpenText::vouched(field));
        }
        if let Some(help) = advice(code) {
            finding = finding.help(help);
        }
        self.findings.push(finding);
    }

    /// Whether what the directory holds of an account must not show. Of an account that nobody speaks of nothing shows.
    pub(in crate::plan) fn is_sealed(&self, key: &AccountKey) -> bool {
        #[cfg(test)]
        if Leak::Sealing.is_planted() {
            return false;
        }
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
    pub(in crate::plan) fn slice_of(&self, key: &AccountKey) -> Slice {
        if let Some(wanted) = self.inputs.desired.accounts.get(key) {
            let mut slice = wanted.slice.clone();
            if wanted.sealed {
                withhold_place(&mut slice);
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
    pub(in crate::plan) fn coming(
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
    pub(in crate::plan) fn coming_group(
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

/// Leaves out of a slice where somebody is.
fn withhold_place(slice: &mut Slice) {
    #[cfg(test)]
    if Leak::Guards.is_planted() {
        return;
    }
    slice.municipality = Text::from("");
}

/// What to do about what hinders a plan.
fn advice(code: &'static Code) -> Option<&'static str> {
    [
        (
            &codes::NAME_HELD,
            "look which other object holds it; rename or remove that one, or let the rules give another value",
        ),
        (
            &codes::NOT_MADE,
            "look at the other findings about it: what lacks is made when its data are mended",
        ),
        (
            &codes::NOT_ADOPTED,
            "look the object up in the directory, and let one account only be meant by it",
        ),
        (
            &codes::BAD_NAME,
            "let the rule make it of letters and digits; `fold` does",
        ),
        (
            &codes::HAS_CHILDREN,
            "move what stands beneath it by hand",
        ),
    ]
    .into_iter()
    .find(|(known, _)| *known == code)
    .map(|(_, help)| help)
}
