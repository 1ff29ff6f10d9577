//! Linking identity numbers into identities: the strongest evidence first, transitively, under the decisions that keep
//! some apart.
//!
//! Not persons and not keys: a cluster is a set of numbers. What is held or proposed is handed back, never applied.
//!
//! What it keeps true, each with a test below: the result is the same for every order of evidence, and for either way
//! round of each pair; nobody kept apart is joined, not even through others; which of several links is held never depends
//! on the digits of a number; no recursion, so a chain of any length is fine.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use petgraph::unionfind::UnionFind;

use super::claim::Claim;
use super::claim::Strength;
use super::claim::own_hold;
use super::claim::together;
use super::evidence::Evidence;
use super::evidence::EvidenceKind;
use super::evidence::HeldLink;
use super::evidence::HoldReason;
use super::evidence::Link;
use super::number::IdentityNumber;

/// What a batch of evidence amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    clusters: Vec<Vec<IdentityNumber>>,
    cluster_by_number: BTreeMap<IdentityNumber, usize>,
    applied: Vec<Link>,
    held: Vec<HeldLink>,
    proposals: Vec<Link>,
}

impl Lineage {
    /// The identities: every number of the evidence stands in exactly one. Numbers, and identities by their first, are in
    /// the order of numbers.
    pub fn clusters(&self) -> &[Vec<IdentityNumber>] {
        &self.clusters
    }

    /// All numbers of the identity with this number, itself included; nothing when no evidence names it.
    pub fn numbers_of(&self, number: &IdentityNumber) -> Option<&[IdentityNumber]> {
        let idx = self.cluster_by_number.get(number)?;
        self.clusters.get(*idx).map(Vec::as_slice)
    }

    /// Whether the two numbers are one identity.
    pub fn is_one(&self, a: &IdentityNumber, b: &IdentityNumber) -> bool {
        a == b
            || match (self.cluster_by_number.get(a), self.cluster_by_number.get(b)) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            }
    }

    /// The links that made the identities, the strongest first.
    pub fn applied(&self) -> &[Link] {
        &self.applied
    }

    /// The links that were not applied, with their reason, the strongest first. A link between numbers that other
    /// evidence has made one is not among them.
    pub fn held(&self) -> &[HeldLink] {
        &self.held
    }

    /// The links that a person should decide about, the strongest first: none between numbers that are one already, or
    /// that a decision keeps apart.
    pub fn proposals(&self) -> &[Link] {
        &self.proposals
    }
}

/// Links numbers into identities.
pub fn link(evidence: &[Evidence]) -> Lineage {
    let numbers: BTreeSet<&IdentityNumber> = evidence.iter().flat_map(|e| [&e.a, &e.b]).collect();
    let numbers: Vec<&IdentityNumber> = numbers.into_iter().collect();
    let mut batch = Batch {
        joined: UnionFind::new(numbers.len()),
        barred: BTreeMap::new(),
        numbers,
        applied: Vec::new(),
        held: Vec::new(),
        proposals: Vec::new(),
    };
    let claims = batch.read(evidence);
    batch.join(&claims, Strength::Decision);
    batch.bar(&claims);
    for strength in Strength::LINKING {
        batch.join(&claims, strength);
    }
    batch.propose(&claims);
    batch.finish()
}

struct Batch<'a> {
    /// In their order, each once; a place in this list stands for a number.
    numbers: Vec<&'a IdentityNumber>,
    /// Which of them are one so far.
    joined: UnionFind<usize>,
    /// The pairs that must not become one, and why.
    barred: BTreeMap<(usize, usize), HoldReason>,
    applied: Vec<Claim>,
    held: Vec<Claim>,
    proposals: Vec<Claim>,
}

impl Batch<'_> {
    /// One claim for each kind and pair, in order, and the pairs that are kept apart.
    fn read(&mut self, evidence: &[Evidence]) -> Vec<Claim> {
        let mut claims: BTreeMap<(Strength, usize, usize), Claim> = BTreeMap::new();
        for one in evidence {
            let (Ok(a), Ok(b)) = (
                self.numbers.binary_search(&&one.a),
                self.numbers.binary_search(&&one.b),
            ) else {
                continue;
            };
            let (a, b, kind) = match a.cmp(&b) {
                core::cmp::Ordering::Less => (a, b, one.kind),
                core::cmp::Ordering::Equal => continue,
                core::cmp::Ordering::Greater => (b, a, one.kind.turned()),
            };
            if kind == (EvidenceKind::Decision { apart: true }) {
                self.barred.insert((a, b), HoldReason::KeptApart);
                continue;
            }
            let claim = Claim {
                strength: Strength::of(kind),
                kind,
                a,
                b,
                held: own_hold(one),
            };
            claims
                .entry((claim.strength, a, b))
                .and_modify(|known| *known = together(*known, claim))
                .or_insert(claim);
        }
        claims.into_values().collect()
    }

    /// Below decisions, a flag or two lives elsewhere hold for the pair, not for one kind of evidence only, and so they
    /// hold for ways around through other numbers as well.
    fn bar(&mut self, claims: &[Claim]) {
        for claim in claims {
            if let Some(reason @ (HoldReason::Protected | HoldReason::TwoPersonsElsewhere)) =
                claim.held
            {
                let known = self.barred.entry((claim.a, claim.b)).or_insert(reason);
                if *known != HoldReason::KeptApart {
                    *known = reason.min(*known);
                }
            }
        }
    }

    /// Applies claims of one strength. Where they would together join what is kept apart, all that take part are held:
    /// choosing among equals would be a guess.
    fn join(&mut self, claims: &[Claim], strength: Strength) {
        let claims = claims.iter().filter(|claim| claim.strength == strength);
        let mut tried = self.joined.clone();
        for claim in claims.clone().filter(|claim| claim.held.is_none()) {
            tried.union(claim.a, claim.b);
        }
        let mut clashing: BTreeMap<usize, HoldReason> = BTreeMap::new();
        for ((a, b), reason) in &self.barred {
            let root = tried.find_mut(*a);
            if root == tried.find_mut(*b) && self.joined.find_mut(*a) != self.joined.find_mut(*b) {
                let gravest = clashing.entry(root).or_insert(*reason);
                *gravest = (*reason).min(*gravest);
            }
        }
        for claim in claims {
            let is_one = self.joined.find_mut(claim.a) == self.joined.find_mut(claim.b);
            let clash = clashing.get(&tried.find_mut(claim.a)).filter(|_| !is_one);
            match claim.held.or(clash.copied()) {
                None => self.applied.push(*claim),
                held => self.held.push(Claim { held, ..*claim }),
            }
        }
        for claim in &self.applied {
            self.joined.union(claim.a, claim.b);
        }
    }

    fn propose(&mut self, claims: &[Claim]) {
        let mut decided = BTreeSet::new();
        let kept_apart = |reason: &HoldReason| *reason == HoldReason::KeptApart;
        for ((a, b), _) in self.barred.iter().filter(|(_, reason)| kept_apart(reason)) {
            let (a, b) = (self.joined.find_mut(*a), self.joined.find_mut(*b));
            decided.insert((a.min(b), a.max(b)));
        }
        let weak = claims.iter().filter(|c| c.strength > Strength::MergeRecord);
        for claim in weak {
            let (a, b) = (self.joined.find_mut(claim.a), self.joined.find_mut(claim.b));
            if decided.contains(&(a.min(b), a.max(b))) {
                continue;
            }
            match claim.held {
                Some(_) => self.held.push(*claim),
                None if a != b => self.proposals.push(*claim),
                None => {}
            }
        }
    }

    fn finish(mut self) -> Lineage {
        let mut lineage = Lineage::default();
        let mut idx_by_root = BTreeMap::new();
        for (place, number) in self.numbers.iter().enumerate() {
            let root = self.joined.find_mut(place);
            let idx = *idx_by_root.entry(root).or_insert(lineage.clusters.len());
            match lineage.clusters.get_mut(idx) {
                Some(cluster) => cluster.push((*number).clone()),
                None => lineage.clusters.push(Vec::from([(*number).clone()])),
            }
            lineage.cluster_by_number.insert((*number).clone(), idx);
        }
        let held = core::mem::take(&mut self.held);
        for claim in held {
            let is_one = self.joined.find_mut(claim.a) == self.joined.find_mut(claim.b);
            if let (false, Some(reason), Some(link)) = (is_one, claim.held, self.shown(&claim)) {
                lineage.held.push(HeldLink { link, reason });
            }
        }
        lineage.applied = self.applied.iter().filter_map(|c| self.shown(c)).collect();
        lineage.proposals = self
            .proposals
            .iter()
            .filter_map(|c| self.shown(c))
            .collect();
        lineage
    }

    fn shown(&self, claim: &Claim) -> Option<Link> {
        Some(Link {
            kind: claim.kind,
            a: (*self.numbers.get(claim.a)?).clone(),
            b: (*self.numbers.get(claim.b)?).clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use chrono::NaiveDate;

    use super::Lineage;
    use super::link;
    use crate::identity::evidence::Evidence;
    use crate::identity::evidence::EvidenceKind;
    use crate::identity::evidence::HoldReason;
    use crate::identity::number::IdentityNumber;

    const TOGETHER: EvidenceKind = EvidenceKind::Decision { apart: false };
    const APART: EvidenceKind = EvidenceKind::Decision { apart: true };
    const ONE_ACTIVE: EvidenceKind = EvidenceKind::MutualReference {
        a_active: true,
        b_active: false,
    };

    /// Official test numbers, told apart by a letter.
    fn number(letter: char) -> IdentityNumber {
        let text = match letter {
            'a' => "200904292398",
            'b' => "201005202385",
            'c' => "201301072383",
            'd' => "201109282390",
            'e' => "197006622398",
            _ => "200606872380",
        };
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        IdentityNumber::parse(text, on).unwrap()
    }

    fn says(kind: EvidenceKind, pair: &str) -> Evidence {
        let mut letters = pair.chars().map(number);
        Evidence::new(kind, letters.next().unwrap(), letters.next().unwrap())
    }

    /// Links, and checks that neither the order nor the way round of any piece makes a difference.
    fn linked(evidence: &[Evidence]) -> Lineage {
        let lineage = link(evidence);
        let mut turned = evidence.to_vec();
        for _ in 0..evidence.len() {
            turned.rotate_left(1);
            assert_eq!(link(&turned), lineage);
            let mut swapped = turned.clone();
            swapped.reverse();
            for one in &mut swapped {
                core::mem::swap(&mut one.a, &mut one.b);
                one.kind = one.kind.turned();
            }
            swapped.extend(turned.iter().cloned());
            assert_eq!(link(&swapped), lineage);
        }
        lineage
    }

    fn is_one(lineage: &Lineage, pair: &str) -> bool {
        let letters: Vec<_> = pair.chars().map(number).collect();
        letters
            .windows(2)
            .all(|two| lineage.is_one(&two[0], &two[1]))
    }

    fn reasons(lineage: &Lineage) -> Vec<HoldReason> {
        lineage.held().iter().map(|held| held.reason).collect()
    }

    #[test]
    fn links_through_others_and_proposes_the_rest() {
        let lineage = linked(&[
            says(EvidenceKind::SameRecord, "ab"),
            says(EvidenceKind::MergeRecord, "bc"),
            says(EvidenceKind::Likeness, "ac"),
            says(EvidenceKind::OneSidedReference, "de"),
        ]);
        assert!(is_one(&lineage, "abc") && !is_one(&lineage, "ad") && !is_one(&lineage, "de"));
        assert_eq!(lineage.clusters().len(), 3);
        assert_eq!(lineage.numbers_of(&number('b')).unwrap().len(), 3);
        assert_eq!(lineage.numbers_of(&number('f')), None);
        assert_eq!(lineage.applied().len(), 2);
        assert_eq!(lineage.proposals().len(), 1);
        assert!(lineage.held().is_empty());
    }

    #[test]
    fn a_reference_there_and_back_is_no_error() {
        let lineage = linked(&[says(ONE_ACTIVE, "ab"), says(ONE_ACTIVE, "ab")]);
        assert!(is_one(&lineage, "ab"));
        assert_eq!(lineage.applied().len(), 1);
        assert!(
            link(&[says(EvidenceKind::SameRecord, "aa")])
                .applied()
                .is_empty()
        );
    }

    #[test]
    fn mutual_references_need_exactly_one_active() {
        for (a_active, b_active) in [(true, true), (false, false)] {
            let kind = EvidenceKind::MutualReference { a_active, b_active };
            let lineage = linked(&[says(kind, "ab")]);
            assert!(!is_one(&lineage, "ab"));
            assert_eq!(reasons(&lineage), [HoldReason::NotExactlyOneActive]);
        }
        // Two sources that differ about which of the two is active.
        let lineage = linked(&[says(ONE_ACTIVE, "ab"), says(ONE_ACTIVE, "ba")]);
        assert_eq!(reasons(&lineage), [HoldReason::NotExactlyOneActive]);
    }

    #[test]
    fn a_decision_apart_wins_over_weaker_evidence_between_the_two_sides() {
        let lineage = linked(&[
            says(EvidenceKind::SameRecord, "ab"),
            says(EvidenceKind::SameRecord, "cd"),
            says(ONE_ACTIVE, "bc"),
            says(EvidenceKind::Likeness, "bd"),
            says(APART, "ad"),
        ]);
        assert!(is_one(&lineage, "ab") && is_one(&lineage, "cd") && !is_one(&lineage, "bc"));
        assert_eq!(reasons(&lineage), [HoldReason::KeptApart]);
        assert!(lineage.proposals().is_empty());
    }

    #[test]
    fn among_equals_that_clash_none_is_chosen() {
        let lineage = linked(&[
            says(EvidenceKind::SameRecord, "ab"),
            says(EvidenceKind::SameRecord, "bc"),
            says(EvidenceKind::SameRecord, "de"),
            says(APART, "ac"),
        ]);
        assert!(!is_one(&lineage, "ab") && !is_one(&lineage, "bc") && is_one(&lineage, "de"));
        assert_eq!(reasons(&lineage), [HoldReason::KeptApart; 2]);
        let contrary = linked(&[says(TOGETHER, "ab"), says(APART, "ab")]);
        assert!(!is_one(&contrary, "ab"));
        assert_eq!(reasons(&contrary), [HoldReason::KeptApart]);
    }

    #[test]
    fn protection_holds_everything_but_a_decision() {
        for kind in [
            EvidenceKind::SameRecord,
            ONE_ACTIVE,
            EvidenceKind::MergeRecord,
            EvidenceKind::OneSidedReference,
            EvidenceKind::Likeness,
        ] {
            let held = says(kind, "ab").held(HoldReason::Protected);
            let lineage = linked(core::slice::from_ref(&held));
            assert!(!is_one(&lineage, "ab") && lineage.proposals().is_empty());
            assert_eq!(reasons(&lineage), [HoldReason::Protected]);
            let decided = linked(&[held, says(TOGETHER, "ab").held(HoldReason::Protected)]);
            assert!(is_one(&decided, "ab") && decided.held().is_empty());
        }
    }

    #[test]
    fn a_held_pair_is_not_joined_another_way() {
        for reason in [HoldReason::Protected, HoldReason::TwoPersonsElsewhere] {
            let lineage = linked(&[
                says(EvidenceKind::SameRecord, "ab").held(reason),
                says(ONE_ACTIVE, "ab"),
                says(EvidenceKind::SameRecord, "bc"),
                says(EvidenceKind::MergeRecord, "ca"),
            ]);
            assert!(!is_one(&lineage, "ab") && is_one(&lineage, "bc") && !is_one(&lineage, "ac"));
            assert_eq!(reasons(&lineage), [reason; 3]);
        }
        // A reused record says nothing against other evidence.
        let lineage = linked(&[
            says(EvidenceKind::SameRecord, "ab").held(HoldReason::RecordReused),
            says(ONE_ACTIVE, "ab"),
        ]);
        assert!(is_one(&lineage, "ab") && lineage.held().is_empty());
    }

    #[test]
    fn a_temporary_number_counts_only_with_its_municipality() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let temporary = |issuer| IdentityNumber::parse_issued("20130107TF01", on, issuer).unwrap();
        let one = |issuer, letter| {
            Evidence::new(EvidenceKind::SameRecord, temporary(issuer), number(letter))
        };
        let lineage = linked(&[one(Some("1430"), 'c'), one(Some("1484"), 'd')]);
        assert!(!is_one(&lineage, "cd"));
        assert!(lineage.is_one(&temporary(Some("1430")), &number('c')));
        let unknown = linked(&[one(None, 'c'), one(None, 'd')]);
        assert!(!is_one(&unknown, "cd"));
        assert_eq!(reasons(&unknown), [HoldReason::IssuerUnknown; 2]);
    }

    #[test]
    fn a_long_chain_is_one_identity() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let numbers: Vec<_> = (0..200_000)
            .map(|idx| {
                let issuer = alloc::format!("{idx:06}");
                IdentityNumber::parse_issued("20130107TF01", on, Some(&issuer)).unwrap()
            })
            .collect();
        let mut chain: Vec<_> = numbers
            .windows(2)
            .map(|two| Evidence::new(EvidenceKind::SameRecord, two[0].clone(), two[1].clone()))
            .collect();
        let lineage = link(&chain);
        assert_eq!(lineage.clusters().len(), 1);
        chain.reverse();
        assert_eq!(link(&chain), lineage);
        let ends = (numbers[0].clone(), numbers[199_999].clone());
        chain.push(Evidence::new(APART, ends.0, ends.1));
        let parted = link(&chain);
        assert_eq!(parted.clusters().len(), 200_000);
        assert_eq!(parted.held().len(), 199_999);
        assert_eq!(link(&[]), Lineage::default());
    }
}
