//! Inputs of a megabyte that mean harm: each is an answer or an error, soon, and within a small stack.
//!
//! The stack is checked in every build, as 512 KiB in an optimized one; time only there, where it means something. Each shape is read twice:
//! with the limits as they are, and with the length allowed but a quarter of the parts, so that the other limits have to hold.

use std::sync::LazyLock;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use folkform::Ruleset;
use folkform::base::Limits;
use folkform::language::canonical;

use super::generate::bindings;
use super::source::Source;
use super::world::World;

/// A build without optimization takes its time, and shows no less of the stack with less.
const SIZE: usize = if cfg!(debug_assertions) {
    100_000
} else {
    1_000_000
};
/// Frames of a build without optimization are several times as large.
const STACK: usize = if cfg!(debug_assertions) {
    2 * 1024 * 1024
} else {
    512 * 1024
};
const SOON: Duration = Duration::from_millis(100);
/// Whole rule sets of ten to fifty thousand rules or rows each, every one of which has to be looked at before anybody knows what is
/// wrong, or that nothing is: some ten microseconds each. What takes longer takes longer for every rule the more there are.
const IN_TIME: Duration = Duration::from_millis(200);

/// Repeats what opens, then what closes, up to the size.
fn nested(open: &str, middle: &str, close: &str) -> String {
    let times = SIZE / (open.len() + close.len());
    open.repeat(times) + middle + &close.repeat(times)
}

fn chain(first: &str, more: &str) -> String {
    first.to_owned() + &more.repeat(SIZE / more.len())
}

fn expressions() -> Vec<(&'static str, String)> {
    let mut shapes = Vec::new();
    for (name, open, close) in [
        ("brackets", "(", ")"),
        ("lists", "[", "]"),
        ("maps", "{1:", "}"),
        ("optional maps", "{?1:", "}"),
        ("calls", "size(", ")"),
        ("calls of what is not there", "f(", ")"),
        ("positions", "is[", "]"),
        ("optional positions", "is[?", "]"),
        ("methods", "s.split(", ")"),
        ("messages", "T{a:", "}"),
        ("macros", "is.map(x,", ")"),
        ("quantifiers", "is.exists(x,", ")"),
        ("bound names", "cel.bind(x,1,", ")"),
        ("has", "has(p.", ")"),
        ("choices in brackets", "(b?1:", ")"),
        ("choices before", "b?(", "):1"),
        ("and in brackets", "(b&&", ")"),
        ("sums in brackets", "(1+", ")"),
        ("mixed", "[(", ")]"),
    ] {
        shapes.push((name, nested(open, "1", close)));
        shapes.push((name, open.repeat(SIZE / open.len())));
        shapes.push((name, close.repeat(SIZE / close.len())));
    }
    for (name, first, more) in [
        ("sums", "1", "+1"),
        ("differences", "1", "-1"),
        ("products", "1", "*1"),
        ("equations", "1", "==1"),
        ("orders", "1", "<1"),
        ("memberships", "1", " in is"),
        ("conjunctions", "b", "&&b"),
        ("disjunctions", "b", "||b"),
        ("mixed connections", "b", "&&b||b"),
        ("positions one after another", "n", "[0][0]"),
        ("methods one after another", "s", ".trim()"),
        ("optional fields", "p", ".?boss"),
        ("fields", "p", ".boss"),
        ("fields that are not there", "a", ".b"),
        ("choices", "b", "?1:b"),
        ("choices of three", "1", "?1:1"),
        ("not", "", "!"),
        ("minus", "", "-"),
        ("not and minus", "", "!-"),
        ("texts joined", "s", "+\"x\""),
        ("many elements", "[1", ",1"),
        ("many names", "[q", ",q"),
        ("many unknown functions", "[q()", ",q()"),
        ("many arguments", "size(1", ",1"),
        ("signs of other languages", "1", " = 1"),
        ("typographic quotes", "", "“"),
        ("letters of no name", "", "å "),
        ("commas", "", ","),
        ("dots", "", "."),
        ("question marks", "", "?"),
        ("digits", "", "9"),
        ("one name", "", "a"),
        ("quotes", "", "\""),
        ("triple quotes", "", "'''"),
        ("backslashes", "\"", "\\"),
        ("escapes", "\"", "\\x"),
        ("backticks", "a.", "`"),
        ("comments", "", "//\n"),
        ("one comment", "//", "c"),
        ("white space", "", " \n"),
        ("words kept", "", "if "),
        ("nothing", "", "null "),
        ("prefixes of texts", "", "r"),
        ("unknown values", "[day", ",day==\"x\""),
        ("escape characters", "", "\u{1b}"),
        ("noughts", "", "\0"),
        ("combining marks", "\"", "\u{301}"),
        (
            "regular expressions",
            "[b",
            ",s.matches(\"(a{1,99}){1,9}\")",
        ),
    ] {
        shapes.push((name, chain(first, more)));
    }
    let long = "x".repeat(SIZE);
    shapes.push(("a text", format!("\"{long}\"")));
    shapes.push(("a text that does not end", format!("\"{long}")));
    shapes.push(("a raw text", format!("r'{long}'")));
    shapes.push(("bytes", format!("b'{long}'")));
    shapes.push(("a column", format!("p.`{long}`")));
    shapes.push(("an unknown name", long));
    shapes.push((
        "many keys",
        format!(
            "{{{}}}",
            (0..SIZE / 10)
                .map(|key| format!("{key}:1,"))
                .collect::<String>()
        ),
    ));
    shapes.push((
        "many regular expressions",
        format!(
            "[b{}]",
            (0..SIZE / 35)
                .map(|at| format!(",s.matches(\"(a{{1,99}}){{1,9}}b{at}\")"))
                .collect::<String>()
        ),
    ));
    shapes.push((
        "many equal keys",
        format!("{{{}1:1}}", "1:1,".repeat(SIZE / 4)),
    ));
    shapes
}

/// Runs in a thread with a small stack, and says so where it took long.
fn timed(name: &str, soon: Duration, work: impl FnOnce() + Send) -> Option<String> {
    let took = thread::scope(|scope| {
        let timed = move || {
            let begin = busy();
            work();
            busy().saturating_sub(begin)
        };
        thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, timed)
            .unwrap()
            .join()
            .unwrap_or_else(|_| panic!("{name} panics"))
    });
    println!("{:>7} us: {name}", took.as_micros());
    (took > soon && !cfg!(debug_assertions)).then(|| format!("{name} took {took:?}"))
}

/// How long this thread has worked: its own time, where the system tells, so that a busy machine changes nothing.
fn busy() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let own = told.and_then(|told| told.split(' ').next()?.parse().ok());
    own.map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}

#[test]
fn hostile_expressions_end_soon() {
    let world = World::new();
    let mut longer = Limits::default();
    longer.expression_bytes = 2 * SIZE;
    longer.expression_nodes = 32_768;
    let mut slow = Vec::new();
    let half = |text: &str| {
        let most = Limits::default().expression_bytes;
        text.get(..most).map(String::from)
    };
    let halves = expressions()
        .into_iter()
        .filter_map(|(name, text)| Some((name, half(&text)?)));
    for (name, text) in expressions().into_iter().chain(halves) {
        for limits in [&Limits::default(), &longer] {
            slow.extend(timed(name, SOON, || {
                if let Ok(program) = world.compile_within(&text, limits) {
                    let bindings = bindings(&mut Source::new(text.as_bytes()));
                    let _ = world.run(&program, &bindings);
                }
            }));
            slow.extend(timed(name, SOON, || {
                let _ = canonical(&text, limits);
            }));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

fn rule_files() -> Vec<(&'static str, String)> {
    let head = "language = 1\nname = \"x\"\n";
    let numbered = |of: &dyn Fn(usize) -> String, length: usize| -> String {
        (0..SIZE / length).map(of).collect()
    };
    vec![
        (
            "lists in lists",
            format!("{head}a = {}", nested("[", "1", "]")),
        ),
        (
            "tables in tables",
            format!("{head}a = {}", nested("{a=", "1", "}")),
        ),
        (
            "lists that do not end",
            format!("{head}a = {}", "[".repeat(SIZE)),
        ),
        (
            "tables that do not end",
            format!("{head}a = {}", "{a=".repeat(SIZE / 3)),
        ),
        (
            "a dotted key",
            format!("{head}a{} = 1", ".a".repeat(SIZE / 2)),
        ),
        ("a dotted header", format!("[a{}]", ".a".repeat(SIZE / 2))),
        (
            "many headers",
            numbered(&|at| format!("[account.a{at:05}]\n"), 17),
        ),
        ("deeper and deeper headers", {
            (1..1400)
                .map(|depth| format!("[{}a]\n", "a.".repeat(depth % 700)))
                .collect()
        }),
        (
            "many unknown keys",
            head.to_owned() + &numbered(&|at| format!("k{at:06} = 1\n"), 12),
        ),
        (
            "one key many times",
            head.to_owned() + &"k = 1\n".repeat(SIZE / 6),
        ),
        ("many wrong expressions", {
            let sets = numbered(&|at| format!("a{at:06} = 'x ='\n"), 15);
            format!("{head}[account.a.set]\n{sets}")
        }),
        (
            "one long expression",
            format!("{head}[account.a]\ncontainer = '{}'", "1+".repeat(SIZE / 2)),
        ),
        (
            "a text that does not end",
            format!("{head}a = \"{}", "x".repeat(SIZE)),
        ),
        (
            "escapes",
            format!("{head}a = \"{}\"", "\\u0041".repeat(SIZE / 6)),
        ),
        (
            "many wrong numbers",
            format!("{head}a = [{}]", "1_,".repeat(SIZE / 3)),
        ),
        ("equals signs", "=".repeat(SIZE)),
        ("line ends", "\r\n".repeat(SIZE / 2)),
        ("noughts", "\0".repeat(SIZE)),
    ]
}

fn rule_documents() -> Vec<(&'static str, String)> {
    vec![
        ("lists in lists", nested("[", "1", "]")),
        ("objects in objects", nested("{\"a\":", "1", "}")),
        ("lists that do not end", "[".repeat(SIZE)),
        ("objects that do not end", "{\"a\":".repeat(SIZE / 5)),
        ("many keys", {
            let keys: String = (0..SIZE / 12)
                .map(|at| format!("\"k{at:06}\":1,"))
                .collect();
            format!("{{{keys}\"name\":\"x\"}}")
        }),
        ("many elements", format!("[1{}]", ",1".repeat(SIZE / 2))),
        (
            "a text that does not end",
            format!("\"{}", "x".repeat(SIZE)),
        ),
        ("one key many times", {
            let keys = "\"name\":\"x\",".repeat(SIZE / 11);
            format!("{{{keys}\"language\":1}}")
        }),
        ("a long key", format!("{{\"{}\": 1}}", "k".repeat(SIZE))),
        (
            "numbers out of range",
            format!("[1{}]", ",1e999".repeat(SIZE / 6)),
        ),
        (
            "escapes",
            format!("{{\"name\": \"{}\"}}", "\\u00e5".repeat(SIZE / 6)),
        ),
    ]
}

/// Rule sets of a megabyte in which every rule speaks of others, or of what is not there.
fn rule_sets() -> Vec<(&'static str, String)> {
    const HEAD: &str = r#"
language = 1
name = "x"
[protection.marking]
account = "exclude"
[protection.registration]
account = "exclude"
[namespace.n]
[account.a]
covers = { employment = "true" }
name.login = { local = ["fold(person.surname)"], unique = ["n"] }
"#;
    let many = |of: &dyn Fn(usize) -> String| -> String {
        let length = of(10_000).len();
        let rules: String = (0..SIZE / length).map(of).collect();
        format!("{HEAD}{rules}")
    };
    let included = "protected = { policy = \"include\", because = \"x\" }";
    vec![
        (
            "groups made of each other in a chain",
            many(&|at| {
                format!(
                    "[group.g{at}]\naccount = \"a\"\nunion = [\"g{}\"]\n{included}\n",
                    at + 1
                )
            }),
        ),
        (
            "groups that all take out one that is made of another",
            many(&|at| {
                format!(
                    "[group.g{at}]\naccount = \"a\"\nminus = [\"g{}\", \"g0\"]\n",
                    at / 2
                )
            }),
        ),
        (
            "groups made of what is not there",
            many(&|at| format!("[group.g{at}]\naccount = \"a\"\nunion = [\"h{at}\"]\n")),
        ),
        (
            "groups of accounts that are not there",
            many(&|at| format!("[group.g{at}]\naccount = \"b{at}\"\nwhen = \"true\"\n")),
        ),
        (
            "licences of one set",
            many(&|at| {
                format!(
                    "[licence.l{at}]\naccount = \"a\"\nsku = \"s\"\nexclusive = {{ set = \"s\", priority = {at} }}\n"
                )
            }),
        ),
        (
            "mailboxes of one account",
            many(&|at| {
                format!("[mailbox.m{at}]\naccount = \"a\"\nwhen = 'person.surname == \"{at}\"'\n")
            }),
        ),
        (
            "conditions of names that are not there",
            many(&|at| {
                format!("[group.g{at}]\naccount = \"a\"\nwhen = 'person.surnam{at} == \"x\"'\n")
            }),
        ),
        (
            "many accounts",
            many(&|at| {
                format!(
                    "[account.b{at}]\ncovers = {{ employment = \"true\" }}\nname.login = {{ local = [\"'x'\"], unique = [\"n\"] }}\n"
                )
            }),
        ),
        ("many rows", {
            let rows = (0..SIZE / 20).map(|at| format!("r{at:06} = {{ n = 1 }}\n"));
            format!("{HEAD}[table.t]\n{}", rows.collect::<String>())
        }),
        ("many rows that many look up", {
            let rows = (0..SIZE / 40).map(|at| format!("r{at:06} = {{ n = 1 }}\n"));
            let reads = (0..SIZE / 160).map(|at| {
                format!("[group.g{at}]\naccount = \"a\"\nwhen = 'table.t[\"r000001\"].n == {at}'\n")
            });
            let often = " || table.t[\"r000001\"].n == 1".repeat(SIZE / 120);
            let all = format!("[group.a]\naccount = \"a\"\nwhen = 'false{often}'\n");
            let groups = reads.collect::<String>();
            format!("{HEAD}{all}{groups}[table.t]\n{}", rows.collect::<String>())
        }),
        (
            "attributes that read each other",
            format!("{HEAD}[account.a.set]\n{}", {
                let sets = (0..SIZE / 40).map(|at| format!("a{at} = 'account.a.a{}'\n", at + 1));
                sets.collect::<String>()
            }),
        ),
    ]
}

#[test]
fn hostile_rule_files_end_soon() {
    let mut slow = Vec::new();
    let small = rule_files()
        .into_iter()
        .map(|(name, text)| (name, text, SOON));
    let large = rule_sets()
        .into_iter()
        .map(|(name, text)| (name, text, IN_TIME));
    for (name, text, soon) in small.chain(large) {
        slow.extend(timed(name, soon, || {
            if let Err(problems) = Ruleset::from_toml(&text) {
                assert!(!problems.to_string().is_empty());
            }
        }));
    }
    for (name, text) in rule_documents() {
        slow.extend(timed(name, SOON, || {
            if let Err(problems) = Ruleset::from_json(&text) {
                assert!(!problems.to_string().is_empty());
            }
        }));
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
