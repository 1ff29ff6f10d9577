//! Rule sets that would leak are refused, with the way from the field to the output; those that people need load, and work.

use folkform::Ruleset;
use folkform::base::PersonKey;
use folkform::diagnostic::Problems;
use folkform::directory::AccountKey;
use folkform::directory::DesiredAccount;
use folkform::directory::Directory;
use folkform::language::Class;
use folkform::language::FunctionDeclaration;
use folkform::language::Type;
use folkform::language::Value;
use folkform::ledger::Ledger;
use folkform::rules::Loader;
use folkform::source::Promise;
use folkform::source::Record;
use folkform::source::Snapshot;
use folkform::source::SourceInstance;

use super::law::Run;
use super::law::day;
use super::law::run;

const BASE: &str = include_str!("../../cases/rules/protection/base.toml");
const LEAKS: &str = include_str!("../../cases/rules/protection/leaks.toml");

fn text<'t>(leak: &'t toml::Value, key: &str) -> &'t str {
    leak.get(key).and_then(toml::Value::as_str).unwrap_or("")
}

fn changed(leak: &toml::Value) -> String {
    let mut rules = BASE.to_owned();
    for pair in leak
        .get("replace")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
    {
        let (from, to) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        assert!(
            rules.contains(from),
            "{}: `{from}` is not there",
            text(leak, "name")
        );
        rules = rules.replace(from, to);
    }
    rules + text(leak, "add")
}

#[test]
fn the_base_of_the_leaks_loads_and_warns_of_nothing() {
    let rules = Ruleset::from_toml(BASE).unwrap();
    assert!(rules.warnings().is_empty(), "{}", rules.warnings());
}

#[test]
fn every_leak_is_refused_and_the_way_is_shown() {
    let leaks: toml::Value = toml::from_str(LEAKS).unwrap();
    let mut shown = String::new();
    for leak in leaks["leak"].as_array().unwrap() {
        let name = text(leak, "name");
        let problems = match Ruleset::from_toml(&changed(leak)) {
            Ok(_) => panic!("{name} loads"),
            Err(problems) => problems.to_string(),
        };
        // Another person's facts are not there to be read.
        assert!(
            problems.contains(" R40") || problems.contains("other_person"),
            "{name}: {problems}"
        );
        shown = shown + "== " + name + "\n" + &problems + "\n\n";
    }
    insta::assert_snapshot!("leaks", shown);
}

/// One school, and one person there with a flag; another one without.
fn school(source: &str, flag: &str) -> Snapshot {
    let of = |name: &str, number: &str, flag: &str| {
        let mut record = Record::new("person", name)
            .with("number", number)
            .with("given_name", name)
            .with("surname", "Berg");
        if !flag.is_empty() {
            record = record.with(flag, "true");
        }
        record
    };
    let stay = |kind: &str, name: &str| {
        Record::new(kind, &format!("{kind}-{name}"))
            .with("person", name)
            .with("unit", "u1")
            .with("title", "Lärare")
            .with("start", "2025-08-01")
    };
    let member = |name: &str| {
        Record::new("membership", &format!("m-{name}"))
            .with("person", name)
            .with("group", "school.school_group:7B")
            .with("start", "2025-08-01")
    };
    let mut instance = SourceInstance::new(source, "all", Promise::Complete, day("2026-11-23"))
        .record(
            Record::new("unit", "u1")
                .with("code", "u1")
                .with("name", "Ängskolan"),
        )
        .record(of("Anna", "199902102384", flag))
        .record(of("Bodil", "198601112389", ""));
    if source == "school" {
        instance = instance.record(
            Record::new("school_group", "7B")
                .with("name", "7B")
                .with("unit", "u1"),
        );
    }
    for name in ["Anna", "Bodil"] {
        if source == "school" {
            instance = instance
                .record(stay("enrolment", name))
                .record(member(name));
        } else {
            instance = instance.record(stay("employment", name));
        }
    }
    Snapshot::new([instance])
}

/// A run of a rule set that people need, with who is protected in it.
fn needed(rules: &str, source: &str, flag: &str) -> (Run, PersonKey) {
    let rules = Ruleset::from_toml(rules).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(rules.warnings().is_empty(), "{}", rules.warnings());
    let snapshot = school(source, flag);
    let run = run(
        &rules,
        &snapshot,
        &Directory::default(),
        &Ledger::default(),
        day("2026-11-23"),
    );
    let person = run
        .outcome
        .person_of_record(&format!("{source}/all"), "person", "Anna")
        .unwrap();
    assert!(run.outcome.is_sealed(person));
    (run, person)
}

fn account<'r>(run: &'r Run, person: PersonKey, rule: &str) -> &'r DesiredAccount {
    &run.outcome.desired().accounts[&AccountKey::new(person, rule)]
}

fn set<'r>(account: &'r DesiredAccount, name: &str) -> Option<&'r str> {
    account
        .attributes
        .get(name)?
        .set()?
        .first()
        .map(|text| &**text)
}

#[test]
fn a_teacher_with_a_marking_keeps_the_share() {
    let (run, teacher) = needed(
        include_str!("../../cases/rules/protection/needed/teacher.toml"),
        "hr",
        "confidentiality_marking",
    );
    let groups = &run.outcome.desired().groups;
    let share = groups
        .iter()
        .find(|(key, _)| key.to_string() == "share:share-u1")
        .unwrap()
        .1;
    assert_eq!(share.members.len(), 2);
    assert_eq!(share.attributes.len(), 1, "its members are hidden");
    let account = account(&run, teacher, "staff");
    assert!(
        set(account, "displayName")
            .unwrap()
            .starts_with("Användare ")
    );
    assert_eq!(account.hidden.set(), Some(&true));
}

#[test]
fn a_pupil_with_a_protected_registration_has_an_account_and_no_row() {
    let rules = include_str!("../../cases/rules/protection/needed/pupil.toml");
    let (run, pupil) = needed(rules, "school", "protected_registration");
    let lists = &run.outcome.desired().class_lists;
    assert_eq!(lists.len(), 1);
    let rows = &lists.values().next().unwrap().rows;
    let key = AccountKey::new(pupil, "pupil");
    assert!(rows.len() == 1 && !rows.contains_key(&key));
    let account = account(&run, pupil, "pupil");
    assert_eq!(
        set(account, "department"),
        None,
        "where she goes to school is withheld"
    );
    // Under a marking the row is there, and shows the alias.
    let (run, pupil) = needed(rules, "school", "confidentiality_marking");
    let row = &run
        .outcome
        .desired()
        .class_lists
        .values()
        .next()
        .unwrap()
        .rows[&AccountKey::new(pupil, "pupil")];
    assert!(row.columns["name"].starts_with("Användare "));
}

#[test]
fn of_an_employee_the_unit_may_be_known_and_not_the_name() {
    let (run, employee) = needed(
        include_str!("../../cases/rules/protection/needed/unit.toml"),
        "hr",
        "protected_registration",
    );
    let account = account(&run, employee, "staff");
    assert_eq!(set(account, "department"), Some("Ängskolan"));
    assert_eq!(set(account, "title"), None);
    assert_eq!(
        account.container.set().unwrap().to_string(),
        "OU=Shared,DC=x"
    );
    assert!(
        set(account, "displayName")
            .unwrap()
            .starts_with("Användare ")
    );
    assert!(!run.plan.to_json().contains("Anna"));
}

#[test]
fn an_explanation_is_open_unless_it_says_that_its_reader_is_cleared() {
    let (run, employee) = needed(
        include_str!("../../cases/rules/protection/needed/unit.toml"),
        "hr",
        "protected_registration",
    );
    let why = |cleared: bool| {
        let output = "account.staff.department";
        let why = if cleared {
            run.outcome.why_cleared(employee, output)
        } else {
            run.outcome.why(employee, output)
        };
        why.unwrap()
    };
    let (open, cleared) = (why(false), why(true));
    assert!(open.shows.is_empty() && open.person.starts_with("sealed:"));
    assert!(!open.to_string().contains("Ängskolan"));
    assert_eq!(cleared.shows, [employee.to_hex()]);
    let text = cleared.to_string();
    let head = format!(
        "for a cleared reader only; shows data of {}",
        employee.to_hex()
    );
    assert!(
        text.starts_with(&head) && text.contains("Ängskolan"),
        "{text}"
    );
    assert!(
        serde_json::to_string(&cleared)
            .unwrap()
            .starts_with(r#"{"audience":"cleared""#)
    );
    assert!(!format!("{cleared:?}").contains("Ängskolan"));
    // Of somebody who is not protected a cleared one shows no more, and says so.
    let other = run
        .outcome
        .person_of_record("hr/all", "person", "Bodil")
        .unwrap();
    let why = run
        .outcome
        .why_cleared(other, "account.staff.department")
        .unwrap();
    assert!(why.shows.is_empty() && why.to_string().contains("nobody who is protected"));
}

/// The base with functions of a host: one that gives something personal out of nothing, one that gives something open of a text.
fn with_functions(rules: &str) -> Result<Ruleset, Problems> {
    let secret = FunctionDeclaration::new("town.secret", vec![], Type::Text)
        .doc("who it is")
        .class(Class::Personal);
    let mask = FunctionDeclaration::new("town.mask", vec![Type::Text], Type::Text)
        .doc("a name without what makes it one");
    Loader::new()
        .function(secret, |_| Ok(Value::from("Anna")))
        .unwrap()
        .function(mask, |_| Ok(Value::from("‹masked›")))
        .unwrap()
        .toml(rules)
}

/// A name of the base with what stands instead of it.
const NAME: &str = "local  = ['\"p\" + person.key.take(7)']\nunique = [\"login\"]\n[account.pupil.protected]\nname.login.local = ['alias.login']\n";

#[test]
fn a_function_of_the_host_has_its_class_in_every_place_and_makes_nothing_less_personal() {
    assert!(with_functions(BASE).is_ok());
    let (attribute, group) = ("'primary.form'", "group      = \"omit\"\n");
    for (what, from, to, more) in [
        ("an attribute", attribute, "'town.secret()'", ""),
        (
            "a condition",
            attribute,
            "'town.secret() == \"x\" ? \"a\" : \"b\"'",
            "",
        ),
        ("an argument", attribute, "'town.mask(person.surname)'", ""),
        (
            "an argument, by way of a list",
            attribute,
            "'[person.surname].map(x, town.mask(x))[0]'",
            "",
        ),
        (
            "a name",
            NAME,
            "local = ['town.secret()']\nunique = [\"login\"]\n",
            "",
        ),
        (
            "an alternative",
            "'alias.name'",
            "'town.mask(person.surname)'",
            "",
        ),
        (
            "that there is an account",
            "enrolment = 'true'",
            "enrolment = 'town.secret() == \"x\"'",
            "",
        ),
        (
            "what chooses the primary",
            "'employment.extent'",
            "'town.mask(employment.title)'",
            "",
        ),
        (
            "a container",
            "'\"OU=Shared,DC=sml,DC=test\"'",
            "'\"OU=\" + town.secret() + \",DC=x\"'",
            "",
        ),
        ("a group", group, "", "when = 'town.secret() == \"x\"'\n"),
        (
            "the description of a group",
            group,
            "",
            "description = 'town.mask(primary.title)'\n",
        ),
        (
            "a licence",
            "licence    = \"omit\"\n",
            "",
            "[licence.a3]\naccount = \"staff\"\nsku = \"A3\"\nwhen = 'town.secret() == \"x\"'\n",
        ),
        (
            "a mailbox",
            "mailbox    = \"omit\"\n",
            "",
            "[mailbox.house]\naccount = \"staff\"\nwhen = 'town.secret() == \"x\"'\n",
        ),
        (
            "a notice",
            "notice     = \"omit\"\n",
            "",
            "[notice.new]\non = \"account.created\"\naccount = \"staff\"\nto = ['primary.manager']\nfields = { x = 'town.secret()' }\n",
        ),
        (
            "a class list",
            "class_list = \"omit\"\n",
            "",
            "[class_list.class]\naccount = \"pupil\"\nshow = { x = 'town.secret()' }\n",
        ),
    ] {
        assert!(BASE.contains(from), "{what}: {from}");
        let rules = BASE.replace(from, to) + more;
        let problems = with_functions(&rules).expect_err(what).to_string();
        assert!(problems.contains(" R401 "), "{what}: {problems}");
    }
}

#[test]
fn an_exception_for_a_name_and_one_for_a_container_are_listed_each_for_itself() {
    let include = "{ policy = \"include\", because = \"wanted\", review = \"2027-10-01\" }";
    let rules = BASE
        .replace("employment.form != \"hourly\"", "true")
        .replace(
            "container = '\"OU=Staff,DC=sml,DC=test\"'",
            &format!("container = {{ value = '\"OU=\" + primary.unit.code + \",DC=x\"', protected = {include} }}"),
        )
        .replace("number = { from = 2 }", &format!("number = {{ from = 2 }}\nprotected = {include}"));
    let rules = Ruleset::from_toml(&rules).unwrap_or_else(|problems| panic!("{problems}"));
    let places: Vec<String> = rules
        .exceptions()
        .iter()
        .map(|exception| exception.place.to_string())
        .collect();
    assert_eq!(
        places,
        [
            "account.staff.container.protected",
            "account.staff.name.mail.protected"
        ]
    );
    let run = run(
        &rules,
        &school("hr", "confidentiality_marking"),
        &Directory::default(),
        &Ledger::default(),
        day("2026-11-23"),
    );
    let person = run
        .outcome
        .person_of_record("hr/all", "person", "Anna")
        .unwrap();
    let account = account(&run, person, "staff");
    assert_eq!(account.container.set().unwrap().to_string(), "OU=u1,DC=x");
    assert_eq!(account.mail.set().unwrap().to_string(), "anna.berg@sml.se");
    assert!(account.login.set().unwrap().starts_with('x'));
}
