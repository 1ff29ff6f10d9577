//! A town: a rule set, the affiliations that sources tell of, and what changes from one run to the next, as plain data that can be
//! made smaller. Few people, units and words, and days close to each other, so that things meet.
//!
//! Days are numbers, counted from the first run. Nothing here decides what follows.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// A kind of affiliation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Employment,
    Duty,
    Enrolment,
    Membership,
}

/// A rule for accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of {
    Staff,
    Pupil,
}

/// An affiliation, as its source has it. Both days are days of it.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) kind: Kind,
    pub(super) person: usize,
    /// Where; of a membership its group.
    pub(super) unit: usize,
    /// Its form, role or school type.
    pub(super) word: usize,
    pub(super) extent: u64,
    pub(super) main: bool,
    pub(super) code: bool,
    pub(super) first: i64,
    pub(super) last: Option<i64>,
    /// A leave from a day to a day, and whether it is a full one.
    pub(super) leave: Option<(i64, i64, bool)>,
    /// The fact that it belongs to, where that can be.
    pub(super) parent: Option<usize>,
    /// The fact whose person is its manager.
    pub(super) manager: Option<usize>,
    /// The first run that tells of it.
    pub(super) known: usize,
}

/// What is otherwise in a later run.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Ends(usize, Option<i64>),
    Moves(usize, usize),
    Word(usize, usize),
    Main(usize),
    Leave(usize, i64, i64),
    Surname(usize, usize),
}

/// A later run: how many days after the one before, and what is otherwise.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) days: i64,
    pub(super) changes: Vec<Change>,
}

/// A condition about an affiliation and the day.
#[derive(Clone, Debug)]
pub(super) enum Cond {
    Always,
    Word(usize),
    Extent(u64),
    Unit(usize),
    /// The day of the run lies before a day.
    Before(i64),
    /// It lies between two days, both included.
    Within(i64, i64),
    /// The affiliation began so many days ago or more.
    Begun(i64),
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
}

/// So many days, and other ones for a word.
#[derive(Clone, Debug)]
pub(super) struct Days {
    pub(super) default: i64,
    pub(super) by: Option<(usize, i64)>,
}

/// What a primary is chosen by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key {
    Main,
    Extent,
    Start,
    Unit,
}

/// A rule for an address.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    pub(super) by_employer: bool,
    pub(super) follows_surname: bool,
    pub(super) follows_employer: bool,
    pub(super) alias: Option<i64>,
    pub(super) wait: i64,
}

#[derive(Clone, Debug)]
pub(super) struct AccountRule {
    /// Which employments or enrolments it covers, and which duties.
    pub(super) covers: Cond,
    pub(super) duties: Option<Cond>,
    pub(super) lead: Days,
    pub(super) grace: Days,
    pub(super) bridge: Days,
    pub(super) retain: Days,
    pub(super) min_disabled: Days,
    pub(super) primary: Vec<(Key, bool)>,
    pub(super) settle: i64,
    /// How its login is made: which of the patterns, and the width of its number.
    pub(super) patterns: Vec<usize>,
    pub(super) width: usize,
    pub(super) mail: Option<Mail>,
    /// Whether it says where a disabled one stands.
    pub(super) disabled: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Window {
    Active,
    Enabled,
    Own(Days, Days),
}

/// Who gets a group or a licence.
#[derive(Clone, Debug)]
pub(super) struct Reasons {
    pub(super) of: Of,
    pub(super) each: Option<Kind>,
    pub(super) when: Cond,
    pub(super) window: Window,
}

#[derive(Clone, Debug)]
pub(super) struct GroupRule {
    pub(super) reasons: Reasons,
    /// Whether there is one for each unit.
    pub(super) keyed: bool,
    pub(super) keep_empty: Option<i64>,
    pub(super) ours: bool,
    /// Rules before it that it is made of.
    pub(super) minus: Option<usize>,
    pub(super) union: Option<usize>,
    pub(super) intersect: Option<usize>,
    pub(super) nested: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct LicenceRule {
    pub(super) reasons: Reasons,
    /// Whether it is one of a set, and over persons.
    pub(super) set: Option<bool>,
    pub(super) priority: usize,
    pub(super) seats: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) staff: AccountRule,
    pub(super) pupil: AccountRule,
    pub(super) groups: Vec<GroupRule>,
    pub(super) licences: Vec<LicenceRule>,
    /// What the employer of the primary must not be, for each kind of mailbox.
    pub(super) mailboxes: Vec<Option<usize>>,
    pub(super) class_list: Option<(Cond, Window)>,
    pub(super) managers: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Town {
    pub(super) rules: Rules,
    pub(super) facts: Vec<Fact>,
    pub(super) turns: Vec<Turn>,
}

/// Given names and surnames with what is left of them when they are folded. Several are the same then, or share their beginning.
pub(super) const GIVEN: &[(&str, &str)] = &[
    ("Tove", "tove"),
    ("Tove", "tove"),
    ("Tora", "tora"),
    ("Åsa", "asa"),
    ("Asa", "asa"),
];
pub(super) const SURNAMES: &[(&str, &str)] = &[
    ("Berg", "berg"),
    ("Ek", "ek"),
    ("Bergström", "bergstrom"),
    ("Bérg", "berg"),
];

/// Units with their names and municipalities.
pub(super) const UNITS: &[(&str, &str, &str)] = &[
    ("u-a", "Skola A", "1430"),
    ("u-b", "Skola B", "1430"),
    ("u-c", "Skola C", "1427"),
];

/// School groups: their ids, names, types and units.
pub(super) const SCHOOL_GROUPS: &[(&str, &str, &str, usize)] = &[
    ("7b", "7B", "Klass", 0),
    ("7b-next", "7B", "Klass", 0),
    ("math", "Math", "Undervisning", 1),
];

/// The words of each kind: forms, roles, school types. Those of a membership are the types of its group.
pub(super) fn words(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Employment => &["permanent", "hourly", "substitute"],
        Kind::Duty => &["Lärare", "Rektor", "Vikarie"],
        Kind::Enrolment => &["GR", "GY", "FS"],
        Kind::Membership => &["Klass", "Undervisning", "Klass"],
    }
}

impl Town {
    /// The facts of a run, by their numbers, with surnames; what was not told of yet is not there.
    pub(super) fn told(&self, run: usize) -> (Vec<Option<Fact>>, Vec<usize>) {
        let mut facts = self.facts.clone();
        let mut surnames = vec![0, 0, 0, 1, 1];
        let count = facts.len().max(1);
        for change in self.turns.iter().take(run).flat_map(|turn| &turn.changes) {
            match *change {
                Change::Surname(person, surname) => surnames[person] = surname,
                _ if facts.is_empty() => {}
                Change::Ends(fact, last) => {
                    let fact = &mut facts[fact % count];
                    fact.last = last.map(|last| last.max(fact.first));
                }
                Change::Moves(fact, unit) => facts[fact % count].unit = unit,
                Change::Word(fact, word) => facts[fact % count].word = word,
                Change::Main(fact) => facts[fact % count].main ^= true,
                Change::Leave(fact, first, days) => {
                    let fact = &mut facts[fact % count];
                    if fact.kind == Kind::Employment {
                        fact.leave = Some((first, first + days, true));
                    }
                }
            }
        }
        let known = |number: &usize| facts[*number].known <= run;
        let of = |fact: &Fact, other: Option<usize>, kind: Kind| {
            other
                .map(|other| other % count)
                .filter(known)
                .filter(|other| facts[*other].kind == kind && facts[*other].person == fact.person)
        };
        let told = facts.iter().enumerate().map(|(number, fact)| {
            known(&number).then(|| Fact {
                parent: match fact.kind {
                    Kind::Duty => of(fact, fact.parent, Kind::Employment),
                    Kind::Membership => of(fact, fact.parent, Kind::Enrolment),
                    Kind::Employment | Kind::Enrolment => None,
                },
                manager: fact
                    .manager
                    .map(|other| other % count)
                    .filter(known)
                    .filter(|other| facts[*other].kind == Kind::Employment),
                ..fact.clone()
            })
        });
        (told.collect(), surnames)
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => Just(Kind::Employment),
        2 => Just(Kind::Duty),
        2 => Just(Kind::Enrolment),
        2 => Just(Kind::Membership),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    let who = (kind(), 0..5_usize, 0..3_usize, 0..3_usize);
    let what = (
        prop_oneof![Just(1000_u64), Just(500), Just(400)],
        any::<bool>(),
        any::<bool>(),
    );
    let when = (
        -40..40_i64,
        of(0..50_i64),
        of((-20..30_i64, 0..30_i64, any::<bool>())),
    );
    let links = (
        of(0..12_usize),
        of(0..12_usize),
        prop_oneof![4 => Just(0_usize), 1 => 1..3_usize],
    );
    (who, what, when, links).prop_map(|(who, what, when, links)| {
        let leave = when
            .2
            .map(|(first, days, full)| (first, first + days, full));
        Fact {
            kind: who.0,
            person: who.1,
            unit: who.2,
            word: who.3,
            extent: what.0,
            main: what.1,
            code: what.2,
            first: when.0,
            last: when.1.map(|days| when.0 + days),
            leave: leave.filter(|_| who.0 == Kind::Employment),
            parent: links.0,
            manager: links.1,
            known: links.2,
        }
    })
}

fn change() -> impl Strategy<Value = Change> {
    let fact = 0..12_usize;
    prop_oneof![
        (fact.clone(), of(-10..80_i64)).prop_map(|(fact, last)| Change::Ends(fact, last)),
        (fact.clone(), 0..3_usize).prop_map(|(fact, unit)| Change::Moves(fact, unit)),
        (fact.clone(), 0..3_usize).prop_map(|(fact, word)| Change::Word(fact, word)),
        fact.clone().prop_map(Change::Main),
        (fact, 0..60_i64, 0..30_i64)
            .prop_map(|(fact, first, days)| Change::Leave(fact, first, days)),
        (0..5_usize, 0..4_usize).prop_map(|(person, surname)| Change::Surname(person, surname)),
    ]
}

fn turn() -> impl Strategy<Value = Turn> {
    let days = prop_oneof![0..4_i64, 1..60_i64];
    (days, vec(change(), 0..4)).prop_map(|(days, changes)| Turn { days, changes })
}

fn cond() -> impl Strategy<Value = Cond> {
    let leaf = prop_oneof![
        3 => Just(Cond::Always),
        2 => (0..3_usize).prop_map(Cond::Word),
        1 => Just(Cond::Extent(500)),
        1 => (0..3_usize).prop_map(Cond::Unit),
        1 => (-5..40_i64).prop_map(Cond::Before),
        1 => (-5..40_i64, 0..20_i64).prop_map(|(first, days)| Cond::Within(first, first + days)),
        1 => (-5..20_i64).prop_map(Cond::Begun),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Cond::Not(Box::new(one))),
            (inner.clone(), inner.clone())
                .prop_map(|(one, other)| Cond::And(Box::new(one), Box::new(other))),
            (inner.clone(), inner)
                .prop_map(|(one, other)| Cond::Or(Box::new(one), Box::new(other))),
        ]
    })
}

/// A condition of what an account covers: about the affiliation, and not about the day.
fn covers() -> impl Strategy<Value = Cond> {
    prop_oneof![
        3 => Just(Cond::Always),
        1 => (0..3_usize).prop_map(Cond::Word),
        1 => (0..3_usize).prop_map(|word| Cond::Not(Box::new(Cond::Word(word)))),
        1 => Just(Cond::Extent(500)),
    ]
}

fn days(most: i64) -> impl Strategy<Value = Days> {
    (0..most, of((0..3_usize, 0..most))).prop_map(|(default, by)| Days { default, by })
}

fn key() -> impl Strategy<Value = (Key, bool)> {
    let key = prop_oneof![
        Just(Key::Main),
        Just(Key::Extent),
        Just(Key::Start),
        Just(Key::Unit)
    ];
    (key, any::<bool>())
}

fn mail() -> impl Strategy<Value = Mail> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (
        flags,
        of(0..40_i64),
        prop_oneof![2 => Just(0_i64), 1 => 1..10_i64],
    )
        .prop_map(|(flags, alias, wait)| Mail {
            by_employer: flags.0,
            follows_surname: flags.1,
            follows_employer: flags.2,
            alias,
            wait,
        })
}

fn account_rule() -> impl Strategy<Value = AccountRule> {
    let spans = (days(20), days(20), days(30), days(40), days(30));
    let primary = (vec(key(), 0..3), prop_oneof![Just(0_i64), 1..20_i64]);
    let names = (vec(0..3_usize, 1..3), 0..3_usize, of(mail()));
    let covers = (covers(), of(covers()), any::<bool>());
    (covers, spans, primary, names).prop_map(|(covers, spans, primary, names)| AccountRule {
        covers: covers.0,
        duties: covers.1,
        disabled: covers.2,
        lead: spans.0,
        grace: spans.1,
        bridge: spans.2,
        retain: spans.3,
        min_disabled: spans.4,
        primary: primary.0,
        settle: primary.1,
        patterns: names.0,
        width: names.1,
        mail: names.2,
    })
}

fn window() -> impl Strategy<Value = Window> {
    prop_oneof![
        2 => Just(Window::Active),
        1 => Just(Window::Enabled),
        1 => (days(20), days(40)).prop_map(|(lead, grace)| Window::Own(lead, grace)),
    ]
}

fn reasons() -> impl Strategy<Value = Reasons> {
    (of(kind()), any::<bool>(), cond(), window()).prop_map(|(each, staff, when, window)| Reasons {
        of: match each {
            Some(Kind::Employment | Kind::Duty) => Of::Staff,
            None if staff => Of::Staff,
            Some(Kind::Enrolment | Kind::Membership) | None => Of::Pupil,
        },
        each,
        when,
        window,
    })
}

fn group_rule() -> impl Strategy<Value = GroupRule> {
    let made = (
        of(0..4_usize),
        of(0..4_usize),
        of(0..4_usize),
        of(0..4_usize),
    );
    let flags = (any::<bool>(), of(0..20_i64), any::<bool>());
    (reasons(), flags, made).prop_map(|(reasons, flags, made)| GroupRule {
        reasons,
        keyed: flags.0,
        keep_empty: flags.1,
        ours: flags.2,
        minus: made.0,
        union: made.1,
        intersect: made.2,
        nested: made.3,
    })
}

fn licence_rule() -> impl Strategy<Value = LicenceRule> {
    (reasons(), of(any::<bool>()), any::<usize>(), of(1..3_usize)).prop_map(
        |(reasons, set, priority, seats)| LicenceRule {
            reasons,
            set,
            priority: priority % 7,
            seats,
        },
    )
}

pub(super) fn town() -> impl Strategy<Value = Town> {
    let accounts = (account_rule(), account_rule());
    let shared = (vec(group_rule(), 0..4), vec(licence_rule(), 0..4));
    let others = (
        vec(of(0..2_usize), 0..3),
        of((
            cond(),
            prop_oneof![Just(Window::Active), Just(Window::Enabled)],
        )),
        any::<bool>(),
    );
    let told = (vec(fact(), 0..10), vec(turn(), 0..3));
    (accounts, shared, others, told).prop_map(|(accounts, shared, others, told)| Town {
        rules: Rules {
            staff: accounts.0,
            pupil: accounts.1,
            groups: shared.0,
            licences: shared.1,
            mailboxes: others.0,
            class_list: others.1,
            managers: others.2,
        },
        facts: told.0,
        turns: told.1,
    })
}
