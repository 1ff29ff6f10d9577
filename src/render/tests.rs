//! What LDIF says of a plan, as texts.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::LdifOptions;
use super::to_ldif;
use crate::base::PersonKey;
use crate::base::Text;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Desired;
use crate::directory::DesiredAccount;
use crate::directory::DesiredGroup;
use crate::directory::Directory;
use crate::directory::Dn;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::directory::Slice;
use crate::ledger::Ledger;
use crate::plan::Approvals;
use crate::plan::Plan;
use crate::plan::PlanInputs;

fn text(text: &str) -> Text {
    Text::from(text)
}

fn key() -> AccountKey {
    AccountKey::new(PersonKey::mint(b"", &["a"]), "staff")
}

fn wish(container: &str, login: &str, mail: &str) -> DesiredAccount {
    let mut wanted = DesiredAccount::undecided(Slice::default(), KeepCause::Rule);
    wanted.state = Opinion::Set(AccountState::Enabled);
    wanted.container = Opinion::Set(Dn::parse(container).unwrap());
    wanted.login = Opinion::Set(text(login));
    wanted.mail = Opinion::Set(text(mail));
    wanted
}

/// The LDIF of a plan, and the directory after it.
fn ldif(desired: &Desired, directory: &mut Directory, options: &LdifOptions) -> String {
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let ledger = Ledger::default();
    let plan = Plan::build(PlanInputs {
        desired,
        directory,
        ledger: &ledger,
        observed: Ledger::default(),
        guards: &[],
        as_of,
        rules_digest: "",
        recheck_on: None,
        name_policies: BTreeMap::new(),
        reasons: &|_| Vec::new(),
    });
    let released = plan.release(&Approvals::default(), as_of).unwrap();
    let text = to_ldif(&released, directory, options).unwrap();
    assert!(released.carry_out_on(directory).all_done());
    assert_eq!(
        to_ldif(&released, directory, options).err().is_some(),
        !released.is_empty()
    );
    text
}

#[test]
fn records_are_those_of_the_plan_with_the_names_of_their_moment() {
    let options = LdifOptions {
        base: Some(Dn::parse("DC=sml,DC=test").unwrap()),
        anchor: "info".to_string(),
        version: true,
        ..LdifOptions::default()
    };
    let mut directory = Directory::default();
    let mut desired = Desired::default();
    let mut wanted = wish("OU=Ort", "annber", "anna@sml.se");
    wanted.attributes.insert(
        text("title"),
        Opinion::Set(Vec::from([text("Lärare"), text("<b>")])),
    );
    wanted
        .references
        .insert(text("manager"), Opinion::Set(key()));
    wanted.hidden = Opinion::Set(true);
    desired.accounts.insert(key(), wanted);
    desired.groups.insert(
        GroupKey {
            rule: text("unit"),
            value: text("1"),
        },
        DesiredGroup {
            slice: Slice::default(),
            name: Opinion::Set(text("sg-1")),
            container: Opinion::Set(Dn::parse("OU=Ort").unwrap()),
            attributes: BTreeMap::new(),
            members: BTreeMap::from([(key(), Opinion::Set(()))]),
            nested: BTreeSet::new(),
            references: BTreeMap::from([(text("managedBy"), Opinion::Set(key()))]),
            carries: None,
            exact: true,
            ended: false,
        },
    );
    let key = key();
    assert_eq!(
        ldif(&desired, &mut directory, &options),
        alloc::format!(
            "version: 1\n\n\
            dn: OU=Ort,DC=sml,DC=test\nchangetype: add\nobjectClass: top\nobjectClass: organizationalUnit\nou: Ort\n\n\
            dn: CN=annber,OU=Ort,DC=sml,DC=test\nchangetype: add\nobjectClass: top\nobjectClass: person\n\
            objectClass: organizationalPerson\nobjectClass: user\ncn: annber\ninfo: {key}\nsAMAccountName: annber\n\
            userAccountControl: 514\n\n\
            dn: CN=annber,OU=Ort,DC=sml,DC=test\nchangetype: modify\nreplace: mail\nmail: anna@sml.se\n-\n\
            add: proxyAddresses\nproxyAddresses: SMTP:anna@sml.se\n-\nreplace: userPrincipalName\n\
            userPrincipalName: anna@sml.se\n-\n\n\
            dn: CN=annber,OU=Ort,DC=sml,DC=test\nchangetype: modify\nreplace: title\ntitle:: PGI+\ntitle:: TMOkcmFyZQ==\n-\n\n\
            dn: CN=annber,OU=Ort,DC=sml,DC=test\nchangetype: modify\nreplace: msExchHideFromAddressLists\n\
            msExchHideFromAddressLists: TRUE\n-\n\n\
            dn: CN=sg-1,OU=Ort,DC=sml,DC=test\nchangetype: add\nobjectClass: top\nobjectClass: group\ncn: sg-1\n\
            groupType: -2147483646\ninfo: unit:1\nsAMAccountName: sg-1\n\n\
            dn: CN=sg-1,OU=Ort,DC=sml,DC=test\nchangetype: modify\nadd: member\nmember: CN=annber,OU=Ort,DC=sml,DC=test\n-\n\n\
            dn: CN=annber,OU=Ort,DC=sml,DC=test\nchangetype: modify\nreplace: manager\n\
            manager: CN=annber,OU=Ort,DC=sml,DC=test\n-\n\n\
            dn: CN=sg-1,OU=Ort,DC=sml,DC=test\nchangetype: modify\nreplace: managedBy\n\
            managedBy: CN=annber,OU=Ort,DC=sml,DC=test\n-\n\n\
            dn: CN=annber,OU=Ort,DC=sml,DC=test\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 512\n-\n"
        )
    );
    // A rename and a move in one: what follows uses the new name.
    let mut wanted = wish("OU=Ny,OU=Ort", "Ösber", "ny@sml.se");
    wanted.aliases.insert(text("anna@sml.se"));
    wanted.hidden = Opinion::Clear;
    desired.accounts.insert(AccountKey::clone(&key), wanted);
    assert_eq!(
        ldif(
            &desired,
            &mut directory,
            &LdifOptions {
                version: false,
                ..options
            }
        ),
        "dn: OU=Ny,OU=Ort,DC=sml,DC=test\nchangetype: add\nobjectClass: top\nobjectClass: organizationalUnit\nou: Ny\n\n\
        dn: CN=annber,OU=Ort,DC=sml,DC=test\nchangetype: modrdn\nnewrdn:: Q049w5ZzYmVy\ndeleteoldrdn: 1\n\
        newsuperior: OU=Ny,OU=Ort,DC=sml,DC=test\n\n\
        dn:: Q049w5ZzYmVyLE9VPU55LE9VPU9ydCxEQz1zbWwsREM9dGVzdA==\nchangetype: modify\nreplace: sAMAccountName\n\
        sAMAccountName:: w5ZzYmVy\n-\n\n\
        dn:: Q049w5ZzYmVyLE9VPU55LE9VPU9ydCxEQz1zbWwsREM9dGVzdA==\nchangetype: modify\nreplace: mail\nmail: ny@sml.se\n-\n\
        delete: proxyAddresses\nproxyAddresses: SMTP:anna@sml.se\n-\nadd: proxyAddresses\nproxyAddresses: SMTP:ny@sml.se\n\
        proxyAddresses: smtp:anna@sml.se\n-\nreplace: userPrincipalName\nuserPrincipalName: ny@sml.se\n-\n\n\
        dn:: Q049w5ZzYmVyLE9VPU55LE9VPU9ydCxEQz1zbWwsREM9dGVzdA==\nchangetype: modify\nreplace: msExchHideFromAddressLists\n-\n"
    );
}

#[test]
fn an_account_that_goes_over_is_disabled_under_its_own_name() {
    let other = AccountKey::new(PersonKey::mint(b"", &["b"]), "staff");
    let options = LdifOptions::default();
    let mut directory = Directory::default();
    let mut desired = Desired::default();
    let container = "OU=Ort,DC=sml,DC=test";
    desired
        .accounts
        .insert(key(), wish(container, "annber", "anna@sml.se"));
    desired
        .accounts
        .insert(other.clone(), wish(container, "annb", "ann@sml.se"));
    ldif(&desired, &mut directory, &options);
    let goes = desired.accounts.get_mut(&other).unwrap();
    goes.state = Opinion::Set(AccountState::Disabled);
    goes.mail = Opinion::Clear;
    let goes_on = desired.accounts.get_mut(&key()).unwrap();
    goes_on.merges.insert(other.clone());
    goes_on.aliases.insert(text("ann@sml.se"));
    let written = ldif(&desired, &mut directory, &options);
    let disabled = written.find("dn: CN=annb,OU=Ort,DC=sml,DC=test\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514");
    let given_up = written.find("delete: proxyAddresses\nproxyAddresses: SMTP:ann@sml.se");
    let taken = written.find("add: proxyAddresses\nproxyAddresses: smtp:ann@sml.se");
    assert!(
        disabled.is_some() && disabled < given_up && given_up < taken,
        "{written}"
    );
    assert!(
        directory.anchored_accounts()[&key()]
            .aliases
            .contains("ann@sml.se")
    );
}

#[test]
fn attributes_that_the_target_lacks_are_left_out() {
    let mut desired = Desired::default();
    let mut wanted = wish("OU=Ort,DC=sml,DC=test", "annber", "anna@sml.se");
    wanted
        .attributes
        .insert(text("title"), Opinion::Set(Vec::from([text("Rektor")])));
    desired.accounts.insert(key(), wanted);
    let written = |lacks: BTreeSet<String>| {
        let options = LdifOptions {
            lacks,
            ..LdifOptions::default()
        };
        ldif(&desired, &mut Directory::default(), &options)
    };
    assert!(written(BTreeSet::new()).contains("title: Rektor"));
    let without = written(BTreeSet::from(["Title".to_string()]));
    assert!(!without.contains("title") && !without.contains("\n\n\n"));
}
