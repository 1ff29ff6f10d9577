//! Names that only one object holds: who must wait for whom, what gets out of the way for a while, and what cannot be.
//!
//! A step that takes a name waits for the step that gives it up. Where they wait for each other in a circle, one of them
//! parks: it takes a name that nobody has, and comes back. Where the holder does not give the name up, the step cannot be, and
//! neither can what waits for it. So after every prefix of the plan each name is held once.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::draft::Builder;
use super::draft::Draft;
use super::draft::DraftId;
use super::draft::Name;
use super::draft::Seal;
use crate::base::Text;
use crate::base::fold_case;
use crate::base::sha256_hex;
use crate::directory::Change;
use crate::directory::Dn;
use crate::directory::ObjectId;
use crate::directory::ObjectRef;
use crate::plan::codes;
use crate::plan::kind::Phase;
use crate::plan::kind::StepKind;
use crate::plan::step::NameOf;
use crate::plan::step::Raw;

/// Who holds, takes and gives up which name.
pub(in crate::plan) struct Names {
    holders: BTreeMap<Name, BTreeSet<ObjectId>>,
    takers: BTreeMap<Name, DraftId>,
    givers: BTreeMap<Name, DraftId>,
}

impl Builder<'_> {
    /// Puts all drafts that take or give up names in relation to each other. Those that cannot be are dropped.
    pub(in crate::plan) fn resolve_names(&mut self) {
        let mut names = self.names();
        let mut left: Vec<DraftId> = Vec::new();
        for id in 0..self.drafts.len() {
            let places = self.wanted_places(id);
            if places
                .iter()
                .any(|dn| !self.has_room_for_containers(dn, &names))
                || self.loses_a_name(id, &names)
            {
                left.push(id);
            }
        }
        // Whoever cannot get a name keeps the old one, so that the next cannot get that.
        while let Some(id) = left.pop() {
            if self.drop_draft(id) {
                left.extend(self.fall_with(id, &names));
            }
        }
        self.park(&mut names);
    }

    fn names(&self) -> Names {
        let directory = self.inputs.directory;
        let mut names = Names {
            holders: BTreeMap::new(),
            takers: BTreeMap::new(),
            givers: BTreeMap::new(),
        };
        let mut hold = |name: Name, id: &ObjectId| {
            names.holders.entry(name).or_default().insert(id.clone());
        };
        for (id, account) in &directory.accounts {
            hold(Name::Place(account.dn.clone()), id);
            if let Some(login) = &account.login {
                hold(Name::Login(fold_case(login)), id);
            }
            for address in account.mail.iter().chain(&account.aliases) {
                hold(Name::Address(fold_case(address)), id);
            }
        }
        for (id, group) in &directory.groups {
            hold(Name::Place(group.dn.clone()), id);
            hold(Name::Login(fold_case(&group.name)), id);
        }
        for (id, draft) in self.drafts.iter().enumerate() {
            for name in &draft.releases {
                names.givers.insert(name.clone(), id);
            }
            for name in &draft.acquires {
                let taker = names.takers.entry(name.clone()).or_insert(id);
                let first = self.drafts.get(*taker).map(|first| &first.object);
                if first.is_some_and(|first| draft.object < *first) {
                    *taker = id;
                }
            }
        }
        names
    }

    /// Whether a name that a draft takes goes to another, or stays with its holder whatever the plan does.
    fn loses_a_name(&self, id: DraftId, names: &Names) -> bool {
        let Some(draft) = self.drafts.get(id) else {
            return false;
        };
        draft.acquires.iter().any(|name| {
            let other = names.others(name, draft.who.as_ref());
            names.takers.get(name) != Some(&id)
                || matches!(name, Name::Place(dn) if self.inputs.directory.containers.contains(dn))
                || match other.as_slice() {
                    [] => false,
                    [holder] => {
                        let giver = names
                            .givers
                            .get(name)
                            .and_then(|giver| self.drafts.get(*giver));
                        !giver.is_some_and(|giver| {
                            !giver.dropped && giver.who.as_ref() == Some(*holder)
                        })
                    }
                    _ => true,
                }
        })
    }

    fn wanted_places(&self, id: DraftId) -> Vec<Dn> {
        let acquires = self
            .drafts
            .get(id)
            .map(|draft| draft.acquires.as_slice())
            .unwrap_or_default();
        acquires
            .iter()
            .filter_map(|name| match name {
                Name::Place(dn) => dn.parent(),
                _ => None,
            })
            .collect()
    }

    /// Whether all containers down to this one are there or can be made: no other object stands at their names.
    fn has_room_for_containers(&self, dn: &Dn, names: &Names) -> bool {
        let mut dn = dn.clone();
        while !self.inputs.directory.has_container(&dn) {
            let name = Name::Place(dn);
            if names.holders.contains_key(&name) || names.takers.contains_key(&name) {
                return false;
            }
            let Name::Place(missing) = name else {
                return false;
            };
            match missing.parent() {
                Some(parent) => dn = parent,
                None => return true,
            }
        }
        true
    }

    fn drop_draft(&mut self, id: DraftId) -> bool {
        let Some(draft) = self.drafts.get_mut(id).filter(|draft| !draft.dropped) else {
            return false;
        };
        draft.dropped = true;
        let (object, field) = (draft.object.clone(), draft.kind.name());
        if draft.kind.creates() {
            self.finding(
                &codes::NOT_MADE,
                &object,
                None,
                "the object cannot be made, since its name is held by another",
            );
        } else if !draft.acquires.is_empty() {
            let message = "the value is held by another object that does not give it up";
            self.finding(&codes::NAME_HELD, &object, Some(field), message);
        }
        true
    }

    /// Drafts that cannot be without this one.
    fn fall_with(&self, id: DraftId, names: &Names) -> Vec<DraftId> {
        let Some(gone) = self.drafts.get(id) else {
            return Vec::new();
        };
        let takers = gone
            .releases
            .iter()
            .filter_map(|name| names.takers.get(name).copied());
        let mut fall: Vec<DraftId> = takers.filter(|taker| *taker != id).collect();
        // Only the drafts of the same object stand close by; they come after the one that they need.
        for (other, draft) in self.drafts.iter().enumerate().skip(id) {
            if draft.object != gone.object {
                break;
            }
            if draft.needs.contains(&id) || draft.unit == Some(id) {
                fall.push(other);
            }
        }
        fall
    }

    /// Lets takers wait for givers, and parks where that is not enough.
    fn park(&mut self, names: &mut Names) {
        let mut waits: BTreeMap<DraftId, DraftId> = BTreeMap::new();
        for id in 0..self.drafts.len() {
            let Some(draft) = self.drafts.get(id).filter(|draft| !draft.dropped) else {
                continue;
            };
            let (who, acquires) = (draft.who.clone(), draft.acquires.clone());
            for name in &acquires {
                if names.others(name, who.as_ref()).is_empty() {
                    continue;
                }
                let Some(giver) = names.givers.get(name).copied() else {
                    continue;
                };
                let deletes = self
                    .drafts
                    .get(giver)
                    .is_some_and(|giver| giver.phase == Phase::Deletions);
                if deletes {
                    let parked = self.park_one(giver, name, names);
                    self.together([id, giver].into_iter().chain(parked));
                    self.let_wait(id, parked);
                } else {
                    waits.insert(id, giver);
                    self.let_wait(id, Some(giver));
                }
            }
        }
        for circle in circles(&waits) {
            let first = circle
                .iter()
                .copied()
                .min_by_key(|id| self.drafts.get(*id).map(|draft| &draft.object));
            let Some(first) = first else { continue };
            let Some(name) = self
                .drafts
                .get(first)
                .and_then(|draft| draft.releases.first().cloned())
            else {
                continue;
            };
            let parked = self.park_one(first, &name, names);
            if let Some(taker) = names.takers.get(&name).copied()
                && let Some(taker) = self.drafts.get_mut(taker)
            {
                taker.needs.remove(&first);
                taker.needs.extend(parked);
            }
            self.together(circle.into_iter().chain(parked));
        }
    }

    fn let_wait(&mut self, id: DraftId, giver: Option<DraftId>) {
        if let Some(draft) = self.drafts.get_mut(id) {
            draft.needs.extend(giver);
        }
    }

    /// Makes drafts one unit.
    pub(in crate::plan) fn together(&mut self, drafts: impl IntoIterator<Item = DraftId>) {
        let roots: BTreeSet<DraftId> = drafts.into_iter().map(|id| self.unit(id)).collect();
        let Some(first) = roots.first().copied() else {
            return;
        };
        for root in roots {
            if let Some(draft) = self.drafts.get_mut(root) {
                draft.unit = Some(first);
            }
        }
    }

    /// The draft that stands for the unit of a draft.
    pub(in crate::plan) fn unit(&self, id: DraftId) -> DraftId {
        let mut root = id;
        while let Some(above) = self
            .drafts
            .get(root)
            .and_then(|draft| draft.unit)
            .filter(|above| *above != root)
        {
            root = above;
        }
        root
    }

    /// Drafts the step by which the object of a draft gets out of the way of a name.
    fn park_one(&mut self, of: DraftId, name: &Name, names: &mut Names) -> Option<DraftId> {
        let temporary = names.temporary(self.drafts.get(of)?.object.as_str(), name);
        let from = self.drafts.get(of)?;
        let parking = self.parking(from, name, temporary)?;
        let account = from.subject.account.clone();
        let (phase, kind) = (Phase::Releases, StepKind::Park);
        let mut draft = Draft::new(phase, kind, &from.object, &from.slice, parking.change)
            .values(parking.before, parking.after.clone())
            .tail(&parking.tail);
        draft.who.clone_from(&from.who);
        // What adopts the object comes before everything else about it.
        draft.needs = from
            .needs
            .iter()
            .copied()
            .filter(|need| {
                self.drafts
                    .get(*need)
                    .is_some_and(|need| need.kind == StepKind::AdoptAccount)
            })
            .collect();
        draft.retires.extend(parking.retires.clone());
        draft.subject.group.clone_from(&from.subject.group);
        let shows_others = match (&account, &from.subject.group) {
            (Some(key), _) => match name {
                Name::Login(_) => self.shows_others("account", &key.rule, "login"),
                Name::Address(_) => self.shows_others("account", &key.rule, "mail"),
                Name::Place(_) => self.place_shows_others(key),
            },
            (None, Some(key)) => self.group_shows_others(key),
            (None, None) => false,
        };
        draft.seal = Seal {
            before: shows_others,
            after: shows_others,
            tail: shows_others,
            ..Seal::default()
        };
        let id = match &account {
            Some(key) => self.push_account(key, draft),
            None => self.push(draft),
        };
        let from = self.drafts.get_mut(of)?;
        from.needs.insert(id);
        from.retires
            .retain(|retired| Some(retired) != parking.retires.as_ref());
        if from.phase != Phase::Deletions || matches!(name, Name::Place(_)) {
            from.before = parking.after;
        }
        Some(id)
    }

    /// How the object of a draft gets out of the way of a name.
    fn parking(&self, from: &Draft, name: &Name, temporary: Text) -> Option<Parking> {
        let directory = self.inputs.directory;
        let held = from.who.as_ref()?;
        let there = directory.accounts.get(held);
        let account = from.subject.account.clone();
        match name {
            Name::Login(_) => {
                let (old, change) = if let Some(account) = account {
                    let login = temporary.clone();
                    (there?.login.clone()?, Change::SetLogin { account, login })
                } else {
                    let group = from.subject.group.clone()?;
                    let name = temporary.clone();
                    let old = directory.groups.get(held)?.name.clone();
                    (old, Change::RenameGroup { group, name })
                };
                Some(Parking {
                    tail: String::from("login"),
                    before: Raw::Text(old.clone()),
                    after: Raw::Text(temporary),
                    retires: there.map(|_| (NameOf::Login, old)),
                    change,
                })
            }
            Name::Place(dn) => {
                let to = dn.parent()?.child("CN", &temporary).ok()?;
                let object = match account {
                    Some(key) => ObjectRef::Account(key),
                    None => ObjectRef::Group(from.subject.group.clone()?),
                };
                Some(Parking {
                    tail: String::from("name"),
                    before: Raw::text(dn),
                    after: Raw::text(&to),
                    retires: None,
                    change: Change::Move { object, to },
                })
            }
            Name::Address(folded) => {
                let (account, there) = (account?, there?);
                let same = |address: &&Text| fold_case(address) == *folded;
                let (tail, old, change) = if let Some(mail) = there.mail.as_ref().filter(same) {
                    let change = Change::ChangeMail {
                        account,
                        mail: None,
                        keep_old: false,
                    };
                    (String::from("address"), mail.clone(), change)
                } else {
                    let alias = there.aliases.iter().find(same)?.clone();
                    let change = Change::RemoveAlias {
                        account,
                        alias: alias.clone(),
                    };
                    (alloc::format!("address {folded}"), alias, change)
                };
                Some(Parking {
                    tail,
                    before: Raw::Text(old.clone()),
                    after: Raw::Nothing,
                    retires: Some((NameOf::Mail, old)),
                    change,
                })
            }
        }
    }
}

/// How an object gets out of the way.
struct Parking {
    tail: String,
    before: Raw,
    after: Raw,
    retires: Option<(NameOf, Text)>,
    change: Change,
}

impl Names {
    fn others<'a>(&'a self, name: &Name, who: Option<&ObjectId>) -> Vec<&'a ObjectId> {
        self.holders
            .get(name)
            .into_iter()
            .flatten()
            .filter(|holder| Some(*holder) != who)
            .collect()
    }

    /// A name that nobody holds or takes: opaque, short enough for a login, the same in every run.
    fn temporary(&mut self, object: &str, name: &Name) -> Text {
        let kind = match name {
            Name::Login(_) => "login",
            Name::Address(_) => "address",
            Name::Place(_) => "name",
        };
        let mut number = 0_u32;
        loop {
            let digest = sha256_hex(alloc::format!("park\n{kind}\n{object}\n{number}").as_bytes());
            let mut text = String::from("park");
            text.extend(digest.chars().take(16));
            let taken = match name {
                Name::Place(dn) => match dn
                    .parent()
                    .and_then(|parent| parent.child("CN", &text).ok())
                {
                    Some(dn) => Name::Place(dn),
                    None => return Text::from(text),
                },
                _ => Name::Login(text.clone()),
            };
            if !self.holders.contains_key(&taken) && !self.takers.contains_key(&taken) {
                self.holders.entry(taken).or_default();
                return Text::from(text);
            }
            number = number.saturating_add(1);
        }
    }
}

/// The circles among drafts of which each waits for one other.
fn circles(waits: &BTreeMap<DraftId, DraftId>) -> Vec<Vec<DraftId>> {
    let mut seen: BTreeSet<DraftId> = BTreeSet::new();
    let mut circles = Vec::new();
    for start in waits.keys() {
        let mut way: Vec<DraftId> = Vec::new();
        let mut here: BTreeSet<DraftId> = BTreeSet::new();
        let mut next = Some(*start);
        while let Some(id) = next.filter(|id| seen.insert(*id)) {
            way.push(id);
            here.insert(id);
            next = waits.get(&id).copied();
        }
        if let Some(closed) = next.filter(|id| here.contains(id)) {
            circles.push(way.into_iter().skip_while(|id| *id != closed).collect());
        }
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_once_and_chains_are_none() {
        let waits = BTreeMap::from([(1, 2), (2, 3), (3, 1), (4, 1), (5, 6), (6, 7), (8, 8)]);
        assert_eq!(circles(&waits), [Vec::from([1, 2, 3]), Vec::from([8])]);
    }
}
