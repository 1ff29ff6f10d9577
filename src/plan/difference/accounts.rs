//! What is to be done about accounts: first whatever takes or gives up a name, then all the rest.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
use super::draft::Name;
use super::draft::Now;
use super::draft::Seal;
#[cfg(test)]
use crate::base::Leak;
use crate::base::Text;
use crate::base::fold_case;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::DesiredAccount;
use crate::directory::Dn;
use crate::directory::ObjectId;
use crate::directory::ObjectRef;
use crate::directory::Opinion;
use crate::directory::Urgency;
use crate::plan::codes;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::settlement::memo::Standing;
use crate::plan::step::NameOf;
use crate::plan::step::Raw;

impl<'a> Builder<'a> {
    /// Finds what becomes of each account, and drafts the steps that take or give up a name.
    pub(in crate::plan) fn account_names(&mut self) {
        let desired = self.inputs.desired;
        let mut adopted: BTreeMap<&ObjectId, u32> = BTreeMap::new();
        for (key, wanted) in &desired.accounts {
            if let Some(object) = wanted
                .adopt
                .as_ref()
                .filter(|_| !self.ours.contains_key(key))
            {
                let count = adopted.entry(object).or_default();
                *count = count.saturating_add(1);
            }
        }
        for (key, wanted) in &desired.accounts {
            let now = self.becomes(key, wanted, &adopted);
            self.accounts.insert(key, now);
            match now {
                Now::There(account, adopt) => {
                    if adopt.is_some() {
                        self.adopted.insert(&account.id, key);
                    }
                    if wanted.state == Opinion::Set(AccountState::Deleted) {
                        self.delete_account(key, wanted, account);
                    } else {
                        if adopt.is_none() {
                            self.standing.push(Standing::There(key.clone()));
                        }
                        self.rename_account(key, wanted, account, adopt);
                        self.change_addresses(key, wanted, Some(account), adopt);
                    }
                }
                Now::Made(step) => self.change_addresses(key, wanted, None, Some(step)),
                Now::Nowhere => {
                    if wanted.state == Opinion::Set(AccountState::Deleted) {
                        self.standing.push(Standing::Gone(key.clone()));
                    }
                }
            }
        }
    }

    /// Drafts all other steps of accounts. By now it is known which of them are made.
    pub(in crate::plan) fn account_values(&mut self) {
        self.merge_accounts();
        let desired = self.inputs.desired;
        for (key, wanted) in &desired.accounts {
            let Some((account, step)) = self.coming(key) else {
                continue;
            };
            // What a disabling brings with it waits for it: who is not disabled, since a guard holds it or the directory refuses,
            // loses nothing else either.
            let disabling = self.disable(key, wanted, account, step);
            let after = disabling.or(step);
            self.wait_to_move(key, disabling);
            self.change_attributes(key, wanted, account, step);
            self.change_references(key, wanted, account, step);
            let concealed = wanted.urgency != Urgency::None;
            let hide =
                self.change_hidden(key, wanted, account, if concealed { step } else { after });
            self.change_licences(key, wanted, account, after);
            self.change_mailbox(key, wanted, account, after);
            self.enable(key, wanted, account, step, hide);
        }
    }

    /// Lets a move of an account wait for its disabling.
    fn wait_to_move(&mut self, key: &AccountKey, disabling: Option<DraftId>) {
        let Some(disabling) = disabling else { return };
        let moves = self.drafts.iter_mut().filter(|draft| {
            draft.kind == StepKind::Move && draft.subject.account.as_ref() == Some(key)
        });
        for draft in moves {
            draft.needs.insert(disabling);
        }
    }

    /// Whether an object has no anchor, or one under which nothing is wanted: that of a rule that was renamed, or of a person who
    /// turned out to be somebody known.
    fn is_nobodys(&self, account: &Account) -> bool {
        let anchor = account.anchor.as_ref();
        anchor.is_none_or(|anchor| !self.inputs.desired.accounts.contains_key(anchor))
    }

    fn becomes(
        &mut self,
        key: &'a AccountKey,
        wanted: &'a DesiredAccount,
        adopted: &BTreeMap<&ObjectId, u32>,
    ) -> Now<&'a Account> {
        if let Some(account) = self.ours.get(key) {
            return Now::There(account, None);
        }
        if wanted.state == Opinion::Set(AccountState::Deleted) {
            return Now::Nowhere;
        }
        if let Some(object) = &wanted.adopt {
            let found = self
                .inputs
                .directory
                .accounts
                .get(object)
                .filter(|account| self.is_nobodys(account));
            let Some(account) = found.filter(|_| adopted.get(object) == Some(&1)) else {
                self.finding(
                    &codes::NOT_ADOPTED,
                    key,
                    None,
                    "the object to be adopted is not there, carries an anchor, or is wanted by two",
                );
                return Now::Nowhere;
            };
            let change = Change::AdoptAccount {
                object: object.clone(),
                account: key.clone(),
                from: account.anchor.clone(),
            };
            let draft = Draft::new(
                Phase::Adoptions,
                StepKind::AdoptAccount,
                key,
                &wanted.slice,
                change,
            )
            .values(Raw::Nothing, Raw::text(object));
            return Now::There(account, Some(self.push_account(key, draft)));
        }
        if wanted.state != Opinion::Set(AccountState::Enabled) {
            return Now::Nowhere;
        }
        self.create_account(key, wanted)
            .map_or(Now::Nowhere, Now::Made)
    }

    fn create_account(&mut self, key: &AccountKey, wanted: &DesiredAccount) -> Option<DraftId> {
        let (Some(container), Some(login)) = (wanted.container.set(), wanted.login.set()) else {
            let message = "the account cannot be made, since its container or its login is held";
            self.finding(&codes::NOT_MADE, key, None, message);
            return None;
        };
        let dn = self.child((key, "login"), container, login)?;
        let change = Change::CreateAccount {
            account: key.clone(),
            dn: dn.clone(),
            login: login.clone(),
        };
        let mut draft = Draft::new(
            Phase::Creations,
            StepKind::CreateAccount,
            key,
            &wanted.slice,
            change,
        )
        .values(Raw::Nothing, Raw::text(&dn));
        draft.want = Some(self.want(key, "state", &AccountState::Enabled));
        draft.acquires = Vec::from([Name::Login(fold_case(login)), Name::Place(dn)]);
        let id = self.push_account(key, draft);
        for (output, value) in [
            ("login", Raw::Text(login.clone())),
            ("container", Raw::text(container)),
        ] {
            let (account, output) = self.want(key, output, &value.shown());
            if let Some(want) = self
                .wants
                .get_mut(&account)
                .and_then(|wants| wants.get_mut(&output))
            {
                want.steps.push(id);
            }
        }
        Some(id)
    }

    /// The name of a child of a container, where a name can be made of the value.
    pub(in crate::plan) fn child(
        &mut self,
        (object, field): (&impl alloc::string::ToString, &str),
        container: &Dn,
        name: &Text,
    ) -> Option<Dn> {
        let dn = container.child("CN", name).ok();
        if dn.is_none() {
            let message = "the name is empty or holds control characters";
            self.finding(&codes::BAD_NAME, object, Some(field), message);
        }
        dn
    }

    fn delete_account(&mut self, key: &AccountKey, wanted: &DesiredAccount, account: &Account) {
        let want = self.want(key, "state", &AccountState::Deleted);
        if self.parents.contains(&account.dn) {
            self.blocked(Some(&want));
            let message = "the account has objects beneath it and is not deleted";
            return self.finding(&codes::HAS_CHILDREN, key, None, message);
        }
        let change = Change::DeleteAccount {
            account: key.clone(),
        };
        let mut draft = Draft::new(
            Phase::Deletions,
            StepKind::DeleteAccount,
            key,
            &wanted.slice,
            change,
        )
        .values(Raw::text(&account.dn), Raw::Nothing);
        draft.seal.before = self.place_shows_others(key);
        draft.want = Some(want);
        draft.who = Some(account.id.clone());
        draft.releases.push(Name::Place(account.dn.clone()));
        if let Some(login) = &account.login {
            draft.releases.push(Name::Login(fold_case(login)));
            draft.retires.push((NameOf::Login, login.clone()));
        }
        for address in account.mail.iter().chain(&account.aliases) {
            draft.releases.push(Name::Address(fold_case(address)));
            draft.retires.push((NameOf::Mail, address.clone()));
        }
        let id = self.push_account(key, draft);
        self.ending
            .insert(alloc::string::ToString::to_string(key), id);
    }

    fn rename_account(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: &Account,
        adopt: Option<DraftId>,
    ) {
        let mut renaming = None;
        if let Some(login) = wanted.login.set() {
            let want = self.want(key, "login", login);
            let same = account
                .login
                .as_ref()
                .is_some_and(|held| fold_case(held) == fold_case(login));
            if same {
                if adopt.is_none() {
                    self.standing
                        .push(Standing::Named(key.clone(), NameOf::Login, login.clone()));
                }
            } else {
                let change = Change::SetLogin {
                    account: key.clone(),
                    login: login.clone(),
                };
                let mut draft = Draft::new(
                    Phase::Renames,
                    StepKind::RenameLogin,
                    key,
                    &wanted.slice,
                    change,
                )
                .values(Raw::of(account.login.as_ref()), Raw::Text(login.clone()))
                .need(adopt);
                draft.seal.before = self.shows_others("account", &key.rule, "login");
                draft.want = Some(want);
                draft.who = Some(account.id.clone());
                draft.acquires.push(Name::Login(fold_case(login)));
                if let Some(old) = &account.login {
                    draft.releases.push(Name::Login(fold_case(old)));
                    draft.retires.push((NameOf::Login, old.clone()));
                }
                renaming = Some(self.push_account(key, draft));
            }
        }
        let want = wanted
            .container
            .set()
            .map(|container| self.want(key, "container", container));
        let object = ObjectRef::Account(key.clone());
        let to = self.destination(
            &object,
            &account.dn,
            wanted.container.set(),
            wanted.login.set(),
        );
        if let Some(to) = to {
            if self.parents.contains(&account.dn) {
                self.blocked(want.as_ref());
                let message = "the account has objects beneath it and is not moved";
                return self.finding(&codes::HAS_CHILDREN, key, None, message);
            }
            let mut draft = Draft::new(
                Phase::Renames,
                StepKind::Move,
                key,
                &wanted.slice,
                Change::Move {
                    object,
                    to: to.clone(),
                },
            )
            .values(Raw::text(&account.dn), Raw::text(&to))
            .need(adopt);
            // What is not ours to say is as in the directory: the name may be the real one, the container that of a workplace.
            let stays = |opinion: bool, output| {
                !opinion && (self.is_sealed(key) || self.shows_others("account", &key.rule, output))
            };
            draft.seal.after = stays(wanted.login.set().is_some(), "login")
                || stays(wanted.container.set().is_some(), "container");
            #[cfg(test)]
            if Leak::Container.is_planted() {
                draft.seal.after = stays(wanted.login.set().is_some(), "login");
            }
            draft.seal.before = self.place_shows_others(key);
            draft.want = want;
            draft.unit = renaming;
            draft.who = Some(account.id.clone());
            draft.acquires.push(Name::Place(to));
            draft.releases.push(Name::Place(account.dn.clone()));
            self.push_account(key, draft);
        }
    }

    /// Where an object is to stand, where that is elsewhere.
    pub(in crate::plan) fn destination(
        &mut self,
        object: &ObjectRef,
        dn: &Dn,
        container: Option<&Dn>,
        name: Option<&Text>,
    ) -> Option<Dn> {
        let above = container.cloned().or_else(|| dn.parent())?;
        let rdn = dn.rdn()?;
        let named = name.is_none_or(|name| fold_case(rdn.value()) == fold_case(name));
        let to = if named && !rdn.is_multi_valued() {
            dn.moved_to(&above)
        } else if named && Some(&above) == dn.parent().as_ref() {
            dn.clone()
        } else {
            let name = name.cloned().unwrap_or_else(|| Text::from(rdn.value()));
            let field = match object {
                ObjectRef::Group(_) => "name",
                ObjectRef::Account(_) | ObjectRef::Object(_) => "login",
            };
            self.child((object, field), &above, &name)?
        };
        (to != *dn).then_some(to)
    }

    fn change_addresses(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        account: Option<&Account>,
        step: Option<DraftId>,
    ) {
        let nothing = BTreeSet::new();
        let held_mail = account.and_then(|account| account.mail.as_ref());
        let mail = match &wanted.mail {
            Opinion::Set(mail) => Some(mail),
            Opinion::Clear => None,
            Opinion::Keep(_) => held_mail,
        };
        let mut addresses = Addresses {
            who: account.map(|account| account.id.clone()),
            step,
            mail: mail.map(|mail| fold_case(mail)),
            held_mail: held_mail.map(|mail| fold_case(mail)),
            held: folded(account.map_or(&nothing, |account| &account.aliases)),
            aliases: folded(&wanted.aliases),
            withdrawn: folded(&wanted.withdrawn),
        };
        if !wanted.mail.is_keep() {
            let want = self.want(key, "mail", &Raw::of(mail).shown());
            if addresses.mail != addresses.held_mail {
                self.change_mail(key, wanted, (held_mail, mail), &mut addresses, want);
            } else if let Some(mail) = mail.filter(|_| step.is_none()) {
                self.standing
                    .push(Standing::Named(key.clone(), NameOf::Mail, mail.clone()));
            }
        }
        self.change_aliases(key, wanted, &addresses);
    }

    /// Drafts the change of the primary address. An old one that stays counts as held from here on.
    fn change_mail(
        &mut self,
        key: &AccountKey,
        wanted: &DesiredAccount,
        (old, new): (Option<&Text>, Option<&Text>),
        addresses: &mut Addresses,
        want: (AccountKey, String),
    ) {
        let stays = |old: &String| {
            addresses.aliases.contains_key(old) && !addresses.withdrawn.contains_key(old)
        };
        let kept = addresses.held_mail.clone().filter(stays);
        let change = Change::ChangeMail {
            account: key.clone(),
            mail: new.cloned(),
            keep_old: kept.is_some(),
        };
        let phase = Phase::Attributes;
        let mut draft = Draft::new(phase, StepKind::ChangeMail, key, &wanted.slice, change)
            .values(Raw::of(old), Raw::of(new))
            .need(addresses.step);
        draft.seal.before = self.shows_others("account", &key.rule, "mail");
        draft.want = Some(want);
        draft.who.clone_from(&addresses.who);
        draft
            .acquires
            .extend(addresses.mail.clone().map(Name::Address));
        if kept.is_some() {
            draft.kept = old.cloned();
        } else if let (Some(old), Some(folded)) = (old, &addresses.held_mail) {
            draft.releases.push(Name::Address(folded.clone()));
            draft.retires.push((NameOf::Mail, old.clone()));
        }
        self.push_account(key, draft);
        if let (Some(kept), Some(old)) = (kept, old) {
            addresses.held.insert(kept, old.clone());
        }
    }

    fn change_aliases(&mut self, key: &AccountKey, wanted: &DesiredAccount, addresses: &Addresses) {
        let primary = |folded: &String| addresses.mail.as_ref() == Some(folded);
        // An alias is what an address was.
        let sealed = self.shows_others("account", &key.rule, "mail");
        let seal = Seal {
            before: sealed,
            after: sealed,
            tail: sealed,
            ..Seal::default()
        };
        for (folded, alias) in &addresses.aliases {
            let there = addresses.held.contains_key(folded);
            if there || primary(folded) || addresses.withdrawn.contains_key(folded) {
                continue;
            }
            let change = Change::AddAlias {
                account: key.clone(),
                alias: alias.clone(),
            };
            let phase = Phase::Attributes;
            let mut draft = Draft::new(phase, StepKind::AddAlias, key, &wanted.slice, change)
                .values(Raw::Nothing, Raw::Text(alias.clone()))
                .tail(folded)
                .need(addresses.step);
            draft.seal = seal;
            draft.who.clone_from(&addresses.who);
            draft.acquires.push(Name::Address(folded.clone()));
            self.push_account(key, draft);
        }
        for (folded, alias) in &addresses.held {
            if primary(folded) || !addresses.withdrawn.contains_key(folded) {
                continue;
            }
            let change = Change::RemoveAlias {
                account: key.clone(),
                alias: alias.clone(),
            };
            let phase = Phase::Releases;
            let mut draft = Draft::new(phase, StepKind::RemoveAlias, key, &wanted.slice, change)
                .values(Raw::Text(alias.clone()), Raw::Nothing)
                .tail(folded)
                .need(addresses.step);
            draft.seal = seal;
            draft.who.clone_from(&addresses.who);
            draft.releases.push(Name::Address(folded.clone()));
            draft.retires.push((NameOf::Mail, alias.clone()));
            self.push_account(key, draft);
        }
    }
}

/// The addresses of an account, folded: what is and what is wanted.
struct Addresses {
    who: Option<ObjectId>,
    step: Option<DraftId>,
    mail: Option<String>,
    held_mail: Option<String>,
    held: BTreeMap<String, Text>,
    aliases: BTreeMap<String, Text>,
    withdrawn: BTreeMap<String, Text>,
}

fn folded(texts: &BTreeSet<Text>) -> BTreeMap<String, Text> {
    texts
        .iter()
        .map(|text| (fold_case(text), text.clone()))
        .collect()
}
