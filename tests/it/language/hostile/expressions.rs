//! Expressions that mean harm. Each shape is read twice: with the limits as they are, and with the length allowed but a quarter of the
//! parts, so that the other limits have to hold.

use folkform::base::Limits;
use folkform::language::canonical;

use super::SIZE;
use super::chain;
use super::nested;
use super::timed;
use crate::language::generate::bindings;
use crate::language::source::Source;
use crate::language::world::World;

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
        shapes.push((name, nested(SIZE, open, "1", close)));
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
        shapes.push((name, chain(SIZE, first, more)));
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
            slow.extend(timed(name, || {
                if let Ok(program) = world.compile_within(&text, limits) {
                    let bindings = bindings(&mut Source::new(text.as_bytes()));
                    let _ = world.run(&program, &bindings);
                }
            }));
            slow.extend(timed(name, || {
                let _ = canonical(&text, limits);
            }));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
