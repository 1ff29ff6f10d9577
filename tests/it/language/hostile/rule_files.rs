//! Rule files that mean harm: broken ones, and such as have more of everything than a rule file has.
//!
//! Each shape is read twice: a megabyte of it, of which most are refused for their size, and as much of it as is not.

use folkform::Ruleset;
use folkform::base::Limits;
use folkform::rules::spec::Decoded;
use folkform::rules::spec::RulesetSpec;

use super::SIZE;
use super::nested;
use super::timed;

/// A shape is tried at so many sizes to find the largest that is read.
const SIZES: usize = 64;

/// A name, and the text of about so many bytes.
type Shape = (&'static str, Box<dyn Fn(usize) -> String>);

fn shape(name: &'static str, of: impl Fn(usize) -> String + 'static) -> Shape {
    (name, Box::new(of))
}

/// So many bytes of entries that differ in their number.
fn numbered(size: usize, of: impl Fn(usize) -> String) -> String {
    (0..size / of(10_000).len()).map(of).collect()
}

/// All of a shape, and as much of it as is not refused for its size.
fn twice((name, of): &Shape, decode: impl Fn(&str, &Limits) -> Decoded) -> Vec<(String, String)> {
    let limits = Limits::default();
    let part = |parts: usize| of(SIZE / SIZES * parts);
    let is_read = |parts: &usize| {
        let decoded = decode(&part(*parts), &limits);
        let mut problems = decoded.problems.iter();
        problems.all(|problem| problem.code.id != "R113")
    };
    let parts: Vec<usize> = (1..=SIZES).collect();
    let most = parts.partition_point(is_read);
    let mut texts = Vec::from([((*name).to_owned(), of(SIZE))]);
    if most < SIZES {
        texts.push((format!("{name}, as many as are read"), part(most)));
    }
    texts
}

fn broken() -> Vec<Shape> {
    const HEAD: &str = "language = 1\nname = \"x\"\n";
    let value =
        |name, of: fn(usize) -> String| shape(name, move |size| format!("{HEAD}a = {}", of(size)));
    vec![
        value("lists in lists", |size| nested(size, "[", "1", "]")),
        value("tables in tables", |size| nested(size, "{a=", "1", "}")),
        value("lists that do not end", |size| "[".repeat(size)),
        value("tables that do not end", |size| "{a=".repeat(size / 3)),
        value("a text that does not end", |size| {
            format!("\"{}", "x".repeat(size))
        }),
        value("escapes", |size| {
            format!("\"{}\"", "\\u0041".repeat(size / 6))
        }),
        value("many wrong numbers", |size| {
            format!("[{}]", "1_,".repeat(size / 3))
        }),
        value("many elements", |size| {
            format!("[{}]", "1,".repeat(size / 2))
        }),
        shape("a dotted key", |size| {
            format!("{HEAD}a{} = 1", ".a".repeat(size / 2))
        }),
        shape("a dotted header", |size| {
            format!("[a{}]", ".a".repeat(size / 2))
        }),
        shape("many headers", |size| {
            numbered(size, |at| format!("[account.a{at:05}]\n"))
        }),
        shape("deeper and deeper headers", |size| {
            let depths = (1..size / 714).map(|depth| depth % 700);
            depths
                .map(|depth| format!("[{}a]\n", "a.".repeat(depth)))
                .collect()
        }),
        shape("many unknown keys", |size| {
            HEAD.to_owned() + &numbered(size, |at| format!("k{at:06} = 1\n"))
        }),
        shape("one key many times", |size| {
            HEAD.to_owned() + &"k = 1\n".repeat(size / 6)
        }),
        shape("many wrong expressions", |size| {
            let sets = numbered(size, |at| format!("a{at:06} = 'x ='\n"));
            format!("{HEAD}[account.a.set]\n{sets}")
        }),
        shape("one long expression", |size| {
            format!("{HEAD}[account.a]\ncontainer = '{}'", "1+".repeat(size / 2))
        }),
        shape("equals signs", |size| "=".repeat(size)),
        shape("line ends", |size| "\r\n".repeat(size / 2)),
        shape("noughts", |size| "\0".repeat(size)),
    ]
}

fn documents() -> Vec<Shape> {
    vec![
        shape("lists in lists", |size| nested(size, "[", "1", "]")),
        shape("objects in objects", |size| {
            nested(size, "{\"a\":", "1", "}")
        }),
        shape("lists that do not end", |size| "[".repeat(size)),
        shape("objects that do not end", |size| "{\"a\":".repeat(size / 5)),
        shape("many keys", |size| {
            let keys = numbered(size, |at| format!("\"k{at:06}\":1,"));
            format!("{{{keys}\"name\":\"x\"}}")
        }),
        shape("many elements", |size| {
            format!("[1{}]", ",1".repeat(size / 2))
        }),
        shape("a text that does not end", |size| {
            format!("\"{}", "x".repeat(size))
        }),
        shape("one key many times", |size| {
            let keys = "\"name\":\"x\",".repeat(size / 11);
            format!("{{{keys}\"language\":1}}")
        }),
        shape("a long key", |size| {
            format!("{{\"{}\": 1}}", "k".repeat(size))
        }),
        shape("numbers out of range", |size| {
            format!("[1{}]", ",1e999".repeat(size / 6))
        }),
        shape("escapes", |size| {
            format!("{{\"name\": \"{}\"}}", "\\u00e5".repeat(size / 6))
        }),
    ]
}

/// Rule sets in which every rule speaks of others, or of what is not there.
fn rule_sets() -> Vec<Shape> {
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
    let many = |name, of: fn(usize) -> String| {
        shape(name, move |size| HEAD.to_owned() + &numbered(size, of))
    };
    vec![
        many("groups made of each other in a chain", |at| {
            let included = "protected = { policy = \"include\", because = \"x\" }";
            format!(
                "[group.g{at}]\naccount = \"a\"\nunion = [\"g{}\"]\n{included}\n",
                at + 1
            )
        }),
        many(
            "groups that all take out one that is made of another",
            |at| {
                format!(
                    "[group.g{at}]\naccount = \"a\"\nminus = [\"g{}\", \"g0\"]\n",
                    at / 2
                )
            },
        ),
        many("groups made of what is not there", |at| {
            format!("[group.g{at}]\naccount = \"a\"\nunion = [\"h{at}\"]\n")
        }),
        many("groups of accounts that are not there", |at| {
            format!("[group.g{at}]\naccount = \"b{at}\"\nwhen = \"true\"\n")
        }),
        many("licences of one set", |at| {
            format!(
                "[licence.l{at}]\naccount = \"a\"\nsku = \"s\"\nexclusive = {{ set = \"s\", priority = {at} }}\n"
            )
        }),
        many("mailboxes of one account", |at| {
            format!("[mailbox.m{at}]\naccount = \"a\"\nwhen = 'person.surname == \"{at}\"'\n")
        }),
        many("conditions of names that are not there", |at| {
            format!("[group.g{at}]\naccount = \"a\"\nwhen = 'person.surnam{at} == \"x\"'\n")
        }),
        many("many accounts", |at| {
            format!(
                "[account.b{at}]\ncovers = {{ employment = \"true\" }}\nname.login = {{ local = [\"'x'\"], unique = [\"n\"] }}\n"
            )
        }),
        shape("many rows", |size| {
            let rows = numbered(size, |at| format!("r{at:06} = {{ n = 1 }}\n"));
            format!("{HEAD}[table.t]\n{rows}")
        }),
        shape("many rows that many look up", |size| {
            let rows = numbered(size / 2, |at| format!("r{at:06} = {{ n = 1 }}\n"));
            let reads = numbered(size / 4, |at| {
                format!("[group.g{at}]\naccount = \"a\"\nwhen = 'table.t[\"r000001\"].n == {at}'\n")
            });
            let often = " || table.t[\"r000001\"].n == 1".repeat(size / 120);
            let all = format!("[group.a]\naccount = \"a\"\nwhen = 'false{often}'\n");
            format!("{HEAD}{all}{reads}[table.t]\n{rows}")
        }),
        shape("attributes that read each other", |size| {
            let sets = numbered(size, |at| format!("a{at} = 'account.a.a{}'\n", at + 1));
            format!("{HEAD}[account.a.set]\n{sets}")
        }),
    ]
}

#[test]
fn hostile_rule_files_end_soon() {
    let mut slow = Vec::new();
    for shape in broken().iter().chain(&rule_sets()) {
        for (name, text) in twice(shape, RulesetSpec::from_toml) {
            slow.extend(timed(&name, || {
                if let Err(problems) = Ruleset::from_toml(&text) {
                    assert!(!problems.to_string().is_empty());
                }
            }));
        }
    }
    for shape in documents() {
        for (name, text) in twice(&shape, RulesetSpec::from_json) {
            slow.extend(timed(&name, || {
                if let Err(problems) = Ruleset::from_json(&text) {
                    assert!(!problems.to_string().is_empty());
                }
            }));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
