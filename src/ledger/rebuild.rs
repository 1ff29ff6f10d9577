//! Rebuilding: a ledger from the directory alone, where the one that was kept is lost.
//!
//! The directory tells whose accounts and groups are ours, what they are called and who can log in. It does not tell what was
//! made of what, nor since when. What is rebuilt takes everything as it stands on the day: nothing is renamed, nothing is told of
//! twice, and no time that must pass has begun before that day.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use super::account::AccountMemory;
use super::account::Basis;
use super::account::GroupMemory;
use super::account::HeldName;
use super::account::Replacement;
use super::codes::NOT_REMEMBERED;
use super::memory::Ledger;
use super::memory::Memory;
use crate::base::PersonKey;
use crate::base::Text;
use crate::diagnostic::Finding;
use crate::diagnostic::Findings;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::directory::Account;
use crate::directory::Directory;

/// That a ledger was rebuilt, and what is left to be found again.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rebuilt {
    /// The day.
    pub(crate) on: NaiveDate,
    /// The persons of the accounts that were there. Whoever is one of them is known again by a record that the key was made of.
    pub(crate) persons: BTreeSet<PersonKey>,
}

impl Ledger {
    /// Rebuilds a lost ledger from the directory, as of a day; and says what of it cannot be known any more.
    ///
    /// Names stay as they are: what they were made of is taken from what the sources say at the first run. An account that is
    /// disabled counts as disabled since that day, and nobody whom the directory lets in is disabled before records that are gone
    /// would have been held. Aliases stay until somebody removes them. Of what was due before that day nobody is told.
    pub fn rebuild(directory: &Directory, as_of: NaiveDate) -> (Self, Findings) {
        let mut memory = Memory::default();
        let mut persons = BTreeSet::new();
        let mut unknown = Unknown::default();
        for (key, account) in directory.anchored_accounts() {
            persons.insert(key.person);
            unknown.accounts = unknown.accounts.saturating_add(1);
            let disabled = usize::from(!account.enabled);
            unknown.disabled = unknown.disabled.saturating_add(disabled);
            let with_aliases = usize::from(!account.aliases.is_empty());
            unknown.aliases = unknown.aliases.saturating_add(with_aliases);
            memory
                .accounts
                .insert(key.clone(), of_account(account, as_of));
        }
        for (key, group) in directory.anchored_groups() {
            let remembered = GroupMemory {
                created_on: Some(as_of),
                name: group.name.to_string(),
                empty_since: None,
            };
            memory.groups.insert(key.clone(), remembered);
        }
        let findings = unknown.told(as_of);
        if !persons.is_empty() {
            memory.rebuilt = Some(Rebuilt { on: as_of, persons });
        }
        (Self::new(memory), findings)
    }
}

fn of_account(account: &Account, as_of: NaiveDate) -> AccountMemory {
    let held = |text: &Text| HeldName {
        text: text.to_string(),
        confirmed: true,
        basis: Basis::new(),
        renames: false,
    };
    let login = account.login.as_ref().map(|text| ("login", held(text)));
    let mail = account.mail.as_ref().map(|text| ("mail", held(text)));
    let names: BTreeMap<String, HeldName> = [login, mail]
        .into_iter()
        .flatten()
        .map(|(name, held)| (String::from(name), held))
        .collect();
    AccountMemory {
        created_on: Some(as_of),
        disabled_on: (!account.enabled).then_some(as_of),
        names,
        concealed: account.hidden,
        // What is hidden was made for somebody protected, or has been replaced, as far as anybody knows.
        replace: account.hidden.then_some(Replacement::Done),
        adopted: true,
        ..AccountMemory::default()
    }
}

/// What the directory does not tell, counted.
#[derive(Default)]
struct Unknown {
    accounts: usize,
    disabled: usize,
    aliases: usize,
}

impl Unknown {
    fn told(&self, as_of: NaiveDate) -> Findings {
        let mut findings = Findings::default();
        let mut tell = |field: &'static str, message: OpenText, help: &'static str| {
            findings.push(
                Finding::new(&NOT_REMEMBERED, Subject::Run, message)
                    .field(field)
                    .help(help),
            );
        };
        if self.accounts == 0 {
            return findings;
        }
        tell(
            "persons",
            OpenText::words(
                "which records and numbers were whose, what was decided, and which protection waits to be lifted",
            ),
            "hand in the decisions again; look at accounts that nobody is found for",
        );
        tell(
            "names",
            OpenText::words(
                "what names were made of, which change was on its way, and which names of accounts that are gone are reserved",
            ),
            "add names that must go to nobody to `reserved` of their namespace",
        );
        tell(
            "notices",
            OpenText::words("who was told of what; nobody is told of what was due before ")
                .and(as_of),
            "look which notices were not confirmed, and send them by hand",
        );
        tell(
            "guards",
            OpenText::words("how much was done in the days before, and how large deliveries were"),
            "read the first plan before anything of it is released",
        );
        if self.disabled > 0 {
            let message = OpenText::words("since when accounts are disabled (")
                .and(self.disabled)
                .and("); their time is counted from ")
                .and(as_of);
            tell("disabled", message, "remove by hand what has to go sooner");
        }
        if self.aliases > 0 {
            let message = OpenText::words("until when old addresses are kept (accounts: ")
                .and(self.aliases)
                .and("); they stay");
            tell(
                "aliases",
                message,
                "remove by hand those whose time is over",
            );
        }
        findings.sort();
        findings
    }
}
