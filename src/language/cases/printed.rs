//! What is printed reads as the same tree, and no text makes the way from text to answer fall over.

use proptest::prelude::*;

use super::*;
use crate::base::trials_of;
use crate::language::syntax::parser;
use crate::language::syntax::print;

/// Texts that together hold every form of the grammar.
const SAMPLES: &[&str] = &[
    "a || b && c == d + e * -f.g[h].i(j, k)[?l].?m",
    "x == 1 ? none : x == 7 ? keep() : (a ? b : c)",
    "[1, ?a, 2.5e3, 'å\\n', r\"\\d\", b'x', 1u, null, true,]",
    "{'a': 1, ?b: c, 2: [3]}.a.`b-c`.f(.d.e)",
    "person.employments.filter(e, e.form in [hourly, 'permanent']).map(e, e.unit.name).join(', ')",
    "cel.bind(y, fold(person.given_name).take(3), y + '.' + string(x))",
    "as_of >= employment.end - days(14) && !within(as_of, none, primary.end)",
    "a.T{b: 1, ?c: d} != --1 - -(-2) % 0x1F / 9223372036854775807 // end",
    "'%s-%d'.format([record['Efter namn'], -9223372036854775808])",
    "\"\"\"a\"b\"\"\" < '''c'd''' || “a” = b & c | d",
];

/// A sample of which a part was cut out, doubled, or replaced by a part of another.
fn mutated() -> impl Strategy<Value = String> {
    let sample = || prop::sample::select(SAMPLES);
    (sample(), sample(), any::<[u16; 4]>(), 0..4_u8).prop_map(|(one, two, cuts, kind)| {
        let part = |text: &str, from: u16, until: u16| -> String {
            let letters: Vec<char> = text.chars().collect();
            let from = usize::from(from) % (letters.len() + 1);
            let until = from + usize::from(until) % (letters.len() + 1 - from);
            letters[from..until].iter().collect()
        };
        let [a, b, c, d] = cuts;
        match kind {
            0 => part(one, a, b) + &part(two, c, d),
            1 => format!("({}) + {}", part(one, a, b), part(two, c, d)),
            2 => format!("{}{two}", part(one, a, b)),
            _ => format!("{one} {} {}", part(two, c, d), part(one, a, b)),
        }
    })
}

#[test]
fn every_sample_but_the_last_is_printed_and_read_again() {
    let limits = Limits::default();
    for sample in SAMPLES.iter().take(SAMPLES.len() - 1) {
        let parsed = parser::parse(sample, &limits);
        assert_eq!(parsed.problems, [], "{sample}");
        let printed = canonical(sample, &limits).unwrap();
        assert_eq!(canonical(&printed, &limits).unwrap(), printed);
    }
}

proptest! {
    #![proptest_config(trials_of(3_000))]

    #[test]
    fn what_is_printed_reads_as_the_same_tree(text in mutated()) {
        let limits = Limits::default();
        let parsed = parser::parse(&text, &limits);
        if parsed.problems.is_empty() {
            let printed = print::print(&parsed.tree);
            let again = parser::parse(&printed, &limits);
            prop_assert_eq!(again.problems, []);
            prop_assert!(again.tree == parsed.tree, "{} gave {}", text, printed);
        }
    }

    #[test]
    fn every_text_gets_an_answer_and_places_inside_it(text in mutated()) {
        let rows = rows();
        let limits = Limits::default();
        let world = &rows.world;
        let expected = Expected::any().or_none().or_keep();
        match compile(&text, &world.schema, &world.environment, &expected, &limits) {
            Ok(program) => {
                let mut horizon = Horizon::new(day("2026-08-01"));
                let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
                let answer = program.evaluate(&rows, &mut horizon, &mut meter, &mut ());
                if let Err(Failure::Data(error)) = answer {
                    prop_assert!(text.get(error.span).is_some());
                    prop_assert_ne!(error.kind, DataErrorKind::BadPattern);
                }
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(text.get(problem.span.clone()).is_some(), "{:?}", problem);
                    prop_assert!(!problem.message.ends_with('.') && !problem.message.contains('\n'));
                }
            }
        }
    }
}
