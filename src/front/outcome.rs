//! From inputs to an outcome, and from an outcome to everything that follows.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::guard::guards;
use crate::base::LimitReached;
use crate::base::Path;
use crate::base::PersonKey;
use crate::base::Secret;
use crate::base::Text;
use crate::diagnostic::Audience;
use crate::diagnostic::Findings;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::Desired;
use crate::directory::Directory;
use crate::directory::Slice;
use crate::evaluate;
use crate::evaluate::Holders;
use crate::evaluate::World;
use crate::explain;
use crate::explain::Explanation;
use crate::explain::OutputName;
use crate::ledger::Ledger;
use crate::ledger::Memory;
use crate::model::Population;
use crate::model::Verdict;
use crate::plan::NamePolicy;
use crate::plan::Plan;
use crate::plan::PlanInputs;
use crate::resolve;
use crate::resolve::Decision;
use crate::rules::Ruleset;
use crate::source::Snapshot;

/// How many days on which something might change are looked at for the one on which something does.
const MOST_STEPS_AHEAD: usize = 64;

/// All that one run reads. Time is one of them.
#[derive(Clone)]
pub struct Inputs<'a> {
    /// What the sources say.
    pub snapshot: &'a Snapshot,
    /// What is.
    pub directory: &'a Directory,
    /// What is remembered.
    pub ledger: &'a Ledger,
    /// The day of the run.
    pub as_of: NaiveDate,
    /// A secret of the host that person keys are minted with: the same in every run.
    pub salt: &'a [u8],
    /// What people have decided.
    pub decisions: &'a [Decision],
}

/// The salt does not show.
impl fmt::Debug for Inputs<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Inputs")
            .field("snapshot", &self.snapshot)
            .field("directory", &self.directory)
            .field("ledger", &self.ledger)
            .field("as_of", &self.as_of)
            .field("salt", &Secret::new(()))
            .field("decisions", &self.decisions)
            .finish()
    }
}

/// What a run comes to. It owns what it needs.
pub struct Outcome {
    rules: Ruleset,
    snapshot: Snapshot,
    directory: Directory,
    ledger: Ledger,
    salt: Vec<u8>,
    decisions: Vec<Decision>,
    as_of: NaiveDate,
    population: Population,
    resolved: Memory,
    holders: Vec<Holders>,
    moved: evaluate::Moved,
    desired: Desired,
    findings: Findings,
    observed: Ledger,
    withheld: Secret<Findings>,
    sealed: Secret<BTreeMap<String, PersonKey>>,
    lookups: Vec<resolve::Lookup>,
    origins: BTreeMap<PersonKey, Vec<resolve::Origin>>,
    proposals: Vec<resolve::Proposal>,
    transitions: Vec<resolve::Transition>,
    quality: resolve::Quality,
    cleared: resolve::Quality,
    recheck_on: Option<NaiveDate>,
}

impl Ruleset {
    /// Evaluates the rules over all that is known on a day. Bad data gives findings; the one failure is a limit.
    ///
    /// # Errors
    ///
    /// [`LimitReached`] where an expression takes more steps than [`crate::base::Limits`] allows.
    pub fn evaluate(&self, inputs: &Inputs<'_>) -> Result<Outcome, LimitReached> {
        let compiled = self.compiled();
        let mut horizon = crate::base::Horizon::new(inputs.as_of);
        let mut resolution = resolve::resolve(
            compiled,
            inputs.snapshot,
            inputs.ledger,
            inputs.salt,
            inputs.as_of,
            inputs.decisions,
            &mut horizon,
        )?;
        let renamed = compiled.renamed_accounts();
        resolution.memory.follow_rules(&renamed);
        let anchors = inputs.directory.accounts.values();
        let anchors = anchors.filter_map(|account| account.anchor.as_ref());
        let there = anchors.map(|anchor| anchor.under(&renamed)).collect();
        resolution.memory.follow_merges(&there);
        let keys = |account: &Account| Some(account.anchor.as_ref()?.person);
        let anchors = inputs.directory.accounts.values().filter_map(keys);
        let population = &resolution.population;
        let is_person = |key| population.find_person(key).is_some();
        let persons = population.persons().map(|(_, person)| person.key);
        let memory = &mut resolution.memory;
        memory.recognise(inputs.salt, anchors, is_person, persons);
        let moved = evaluate::moved(
            compiled,
            &resolution.population,
            inputs.directory,
            &resolution.memory,
            inputs.as_of,
            inputs.salt,
        )?;
        resolution.memory.follow_accounts(moved.keys());
        let (mut evaluation, world) = evaluate::evaluate(
            compiled,
            &resolution.population,
            inputs.directory,
            &resolution.memory,
            inputs.as_of,
            inputs.salt,
            moved,
        )?;
        let (holders, moved) = (world.holders, world.moved);
        let owners = evaluation.memory.anew.values();
        let owners: BTreeSet<PersonKey> = owners
            .map(|anew| evaluation.memory.surviving(anew.of))
            .collect();
        let subjects =
            evaluate::sealed_subjects(&evaluation.findings, &resolution.population, &owners);
        resolution.sealed.extend(subjects);
        let mut findings = resolution.findings;
        findings.extend(evaluation.findings);
        findings.sort();
        // What the sources and the register say holds for everybody until this day.
        if let Some(day) = horizon.recheck_on() {
            for account in evaluation.desired.accounts.values_mut() {
                let known = account.recheck_on;
                account.recheck_on = Some(known.map_or(day, |known| known.min(day)));
            }
        }
        if let Some(day) = evaluation.recheck_on {
            horizon.changes_on(day);
        }
        Ok(Outcome {
            rules: self.clone(),
            snapshot: inputs.snapshot.clone(),
            directory: inputs.directory.clone(),
            ledger: inputs.ledger.clone(),
            salt: inputs.salt.to_vec(),
            decisions: inputs.decisions.to_vec(),
            as_of: inputs.as_of,
            resolved: resolution.memory,
            population: resolution.population,
            holders,
            moved,
            desired: evaluation.desired,
            findings,
            observed: Ledger::new(evaluation.memory),
            withheld: Secret::new(resolution.withheld),
            sealed: Secret::new(resolution.sealed),
            lookups: resolution.lookups,
            origins: resolution.origins,
            proposals: resolution.proposals,
            transitions: resolution.transitions,
            quality: resolution.quality,
            cleared: resolution.cleared,
            recheck_on: horizon.recheck_on(),
        })
    }
}

impl Outcome {
    /// The day of the run.
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The plan that would bring the directory to what is wanted. It is always there to read; only releasing it can be refused.
    pub fn plan(&self) -> Plan {
        let compiled = self.rules.compiled();
        let world = self.world();
        let name_policies = compiled
            .accounts
            .iter()
            .flat_map(|account| {
                account.names.iter().map(|name| {
                    (
                        (account.name.clone(), name.name.clone()),
                        NamePolicy {
                            namespaces: name.unique.clone(),
                            reserve_days: name.reserve,
                        },
                    )
                })
            })
            .collect();
        Plan::build(PlanInputs {
            desired: &self.desired,
            directory: &self.directory,
            ledger: &self.ledger,
            observed: self.observed.clone(),
            guards: &guards(&compiled.spec),
            as_of: self.as_of,
            rules_digest: &compiled.digest,
            recheck_on: self.recheck_on,
            name_policies,
            reasons: &|subject| explain::of_step(&world, subject),
        })
    }

    /// What is wanted. **Sealed** when written.
    pub const fn desired(&self) -> &Desired {
        &self.desired
    }

    /// What was found in the data and in what rules made of it, in order.
    pub const fn findings(&self) -> &Findings {
        &self.findings
    }

    /// What was found in data of protected persons. **Sealed** when written.
    pub const fn sealed_findings(&self) -> &Secret<Findings> {
        &self.withheld
    }

    /// What the mark of a slot in the key of an account stands for, of every account whose rule gives a person several and of whose
    /// slot something is known. **Sealed** when written: the value may be where a protected person works.
    pub fn sealed_slots(&self) -> Secret<BTreeMap<AccountKey, Text>> {
        let holders = self.holders.iter().flat_map(Holders::iter);
        let slots = holders
            .filter_map(|(_, holder)| Some((holder.key.clone(), holder.slot_value()?.clone())));
        Secret::new(slots.collect())
    }

    /// Whose the accounts are that were made anew: the key that stands for their person in their own, with the person's key and which
    /// account of theirs it is, from the second on. **Sealed** when written: it links what the directory does not.
    pub fn sealed_new_accounts(&self) -> Secret<BTreeMap<PersonKey, (PersonKey, u32)>> {
        let memory = self.observed.memory();
        let keys = memory.anew.iter();
        let whose = keys.map(|(key, anew)| (*key, (memory.surviving(anew.of), anew.generation)));
        Secret::new(whose.collect())
    }

    /// Whom each opaque id of the findings stands for. **Sealed** when written.
    pub const fn sealed_subjects(&self) -> &Secret<BTreeMap<String, PersonKey>> {
        &self.sealed
    }

    /// Persons that may be one: for people to decide, who answer with a [`Decision`].
    pub fn proposals(&self) -> &[resolve::Proposal] {
        &self.proposals
    }

    /// What the population register says of a person's data.
    pub fn verdict(&self, person: PersonKey) -> Option<Verdict> {
        let row = self.population.find_person(person)?;
        Some(self.population.person(row).verdict)
    }

    /// The persons with all that is known of them.
    pub const fn population(&self) -> &Population {
        &self.population
    }

    /// The ledger after this run, were nothing of it carried out: only what was seen.
    pub const fn observed(&self) -> &Ledger {
        &self.observed
    }

    /// The numbers to ask the population register about. **Sealed** when written.
    pub fn lookups(&self) -> &[resolve::Lookup] {
        &self.lookups
    }

    /// Who gives which of several values (addresses, telephone numbers) of a person, those of the first source first. **Sealed**.
    pub fn origins(&self, person: PersonKey) -> &[resolve::Origin] {
        self.origins.get(&person).map_or(&[], Vec::as_slice)
    }

    /// How good the data is, by source and municipality: verdicts, findings, and the share that the register confirms. Open.
    pub const fn quality(&self) -> &resolve::Quality {
        &self.quality
    }

    /// The same for a reader who may see what is withheld of protected persons: they count where they are, with what was found in
    /// their data. **Sealed.** It says so in its head, and whose data it shows: for the access log of the host.
    pub const fn quality_cleared(&self) -> &resolve::Quality {
        &self.cleared
    }

    /// What happened to persons since the last run, each once: appeared, another number, merged, parted, protected, died, emigrated,
    /// came back. **Sealed** when written: it tells who is protected.
    pub fn transitions(&self) -> &[resolve::Transition] {
        &self.transitions
    }

    /// The first day on which something may change by itself: sound, perhaps early.
    pub const fn recheck_on(&self) -> Option<NaiveDate> {
        self.recheck_on
    }

    /// The exact day of the next change by time alone, once it is remembered what this run has seen: the day before it, all that is
    /// wanted is as now. `None` where nothing changes by itself, or not within the days that are looked at. Sources are taken to go
    /// on being delivered, each as it is, and the directory to stay as it is.
    ///
    /// # Errors
    ///
    /// [`LimitReached`], as in [`Ruleset::evaluate`].
    pub fn next_change(&self) -> Result<Option<NaiveDate>, LimitReached> {
        let on = |day| {
            self.rules.evaluate(&Inputs {
                snapshot: &self.delivered_on(day),
                directory: &self.directory,
                ledger: &self.observed,
                as_of: day,
                salt: &self.salt,
                decisions: &self.decisions,
            })
        };
        // Since when something waits is known from this run on.
        let now = on(self.as_of)?;
        let mut day = now.recheck_on;
        for _ in 0..MOST_STEPS_AHEAD {
            let Some(next) = day else {
                return Ok(None);
            };
            let ahead = on(next)?;
            if !same(&now.desired, &ahead.desired) {
                return Ok(Some(next));
            }
            day = ahead.recheck_on;
        }
        Ok(None)
    }

    /// Why an output of a person is what it is, or why it is not. The output is named as in rules: `account.staff.mail`.
    ///
    /// `None` where the person or the output is not known. The audience is open: of a protected person nothing withheld shows.
    pub fn why(&self, person: PersonKey, output: &str) -> Option<Explanation> {
        self.explained(person, output, Audience::Open)
    }

    /// The same for a reader who may see what is withheld of protected persons. **Sealed.** It says so in its head, and whose data
    /// it shows: for the access log of the host.
    pub fn why_cleared(&self, person: PersonKey, output: &str) -> Option<Explanation> {
        self.explained(person, output, Audience::Cleared)
    }

    fn explained(
        &self,
        person: PersonKey,
        output: &str,
        audience: Audience,
    ) -> Option<Explanation> {
        let row = self.population.find_person(person)?;
        let output: OutputName = output.parse().ok()?;
        explain::why(
            &self.world(),
            &self.desired,
            row,
            &output,
            audience,
            &|path: &Path| self.rules.position(path),
        )
        .ok()
    }

    /// The person whom a record of a source belongs to, or belonged to when it was last seen.
    pub fn person_of_record(&self, instance: &str, kind: &str, id: &str) -> Option<PersonKey> {
        let record = alloc::format!("{instance}:{kind}:{id}");
        self.resolved
            .persons
            .iter()
            .find(|(_, memory)| memory.records.contains(&record))
            .map(|(key, _)| self.resolved.surviving(*key))
    }

    /// Where an account of a person is in its life; nothing where its rule covers nothing of the person.
    #[cfg(feature = "testing")]
    pub(crate) fn life(&self, person: PersonKey, account: usize) -> Option<evaluate::Life> {
        let row = self
            .population
            .find_person(self.resolved.surviving(person))?;
        let mut holders = self.holders.get(account)?.of(row);
        holders.next().map(|(_, holder)| holder.life)
    }

    /// The key of a person's account.
    #[cfg(feature = "testing")]
    pub(crate) fn account_of(&self, person: PersonKey, account: usize) -> Option<AccountKey> {
        let row = self
            .population
            .find_person(self.resolved.surviving(person))?;
        let mut holders = self.holders.get(account)?.of(row);
        holders.next().map(|(_, holder)| holder.key.clone())
    }

    /// Whether values of a person are withheld from open documents; somebody unknown counts as protected.
    pub fn is_sealed(&self, person: PersonKey) -> bool {
        self.population
            .find_person(person)
            .is_none_or(|row| self.population.person(row).protection.stands())
    }

    /// The snapshot as it would come on a later day, were nothing in the sources changed: as fresh as it is now.
    fn delivered_on(&self, day: NaiveDate) -> Snapshot {
        let later = day.signed_duration_since(self.as_of);
        let mut snapshot = self.snapshot.clone();
        for instance in &mut snapshot.instances {
            instance.as_of = instance.as_of.checked_add_signed(later).unwrap_or(day);
        }
        snapshot
    }

    fn world(&self) -> World<'_> {
        let mut world = World::new(
            self.rules.compiled(),
            &self.population,
            &self.directory,
            &self.resolved,
            self.as_of,
            &self.salt,
            self.moved.clone(),
        );
        world.holders.clone_from(&self.holders);
        world
    }
}

/// Whether two wishes are the same, apart from when to look again and whom a guard counts them with.
fn same(one: &Desired, other: &Desired) -> bool {
    let plain = |desired: &Desired| {
        let mut desired = desired.clone();
        for account in desired.accounts.values_mut() {
            account.recheck_on = None;
            account.slice = Slice::default();
        }
        for group in desired.groups.values_mut() {
            group.slice = Slice::default();
        }
        for list in desired.class_lists.values_mut() {
            list.slice = Slice::default();
        }
        desired.notices.clear();
        desired
    };
    plain(one) == plain(other)
}

impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Outcome({}, {:?}, {} findings)",
            self.as_of,
            self.desired,
            self.findings.len()
        )
    }
}
