//! The order of input means nothing: whatever list of whatever file is shuffled, all documents are the same, byte by byte.

use serde_json::Value;

use folkform::directory::Directory;

use super::TALE;
use super::documents;
use super::files;
use super::files::Day;
use super::files::Files;
use super::report;
use super::sources;
use super::story;
use super::story::Run;
use super::story::World;
use crate::trials;

/// A small generator of numbers, so that a failure can be seen again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.roll(at + 1));
        }
    }
}

/// Shuffles the rows of a table, and its columns.
fn shuffle_table(text: &str, dice: &mut Dice) -> String {
    let mut rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    let mut columns: Vec<usize> = (0..rows[0].len()).collect();
    dice.shuffle(&mut columns);
    dice.shuffle(&mut rows[1..]);
    let line = |row: &Vec<&str>| {
        columns
            .iter()
            .map(|at| row[*at])
            .collect::<Vec<_>>()
            .join(";")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Shuffles all lists of a JSON document.
fn shuffle_json(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Array(list) => {
            dice.shuffle(list);
            for value in list {
                shuffle_json(value, dice);
            }
        }
        Value::Object(map) => {
            for value in map.values_mut() {
                shuffle_json(value, dice);
            }
        }
        _ => {}
    }
}

/// Shuffles the elements of a name among themselves, and within each those of the next name.
fn shuffle_xml(text: &str, names: &[&str], dice: &mut Dice) -> String {
    let Some((name, inner)) = names.split_first() else {
        return text.to_owned();
    };
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut between = Vec::new();
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some(start) = find_element(rest, &open) {
        let Some(length) = rest[start..].find(&close) else {
            break;
        };
        let end = start + length + close.len();
        between.push(&rest[..start]);
        elements.push(shuffle_xml(&rest[start..end], inner, dice));
        rest = &rest[end..];
    }
    dice.shuffle(&mut elements);
    let mut whole: String = between
        .iter()
        .zip(&elements)
        .flat_map(|(before, element)| [*before, element])
        .collect();
    whole.push_str(rest);
    whole
}

/// Where an element begins whose name is not only the beginning of a longer one.
fn find_element(text: &str, open: &str) -> Option<usize> {
    text.match_indices(open)
        .find(|(at, _)| text[at + open.len()..].starts_with(['>', ' ']))
        .map(|(at, _)| at)
}

/// Shuffles the tables of the rules. What stands in a table stays in its order, since some of it is the meaning.
fn shuffle_rules(text: &str, dice: &mut Dice) -> String {
    let mut parts: Vec<String> = vec![String::new()];
    for line in text.lines() {
        if line.starts_with('[') {
            parts.push(String::new());
        }
        let part = parts.last_mut().unwrap();
        part.push_str(line);
        part.push('\n');
    }
    dice.shuffle(&mut parts[1..]);
    parts.concat()
}

fn shuffled_files(day: Day, dice: &mut Dice) -> Files {
    let mut files = Files::of(day).unwrap_or_else(|fault| panic!("{fault}"));
    for (path, text) in &mut files.texts {
        *text = match path.rsplit('.').next() {
            Some("csv") => shuffle_table(text, dice),
            Some("json") => {
                let mut value: Value = serde_json::from_str(text).unwrap();
                shuffle_json(&mut value, dice);
                value.to_string()
            }
            _ => {
                let shapes: [&[&str]; 6] = [
                    &["Folkbokforingspost"],
                    &["person", "userid"],
                    &["person", "employment", "placement"],
                    &["group"],
                    &["membership", "member"],
                    &["membership"],
                ];
                let shape = |text: String, names: &&[&str]| shuffle_xml(&text, names, dice);
                shapes.iter().fold(text.clone(), shape)
            }
        };
    }
    files
}

/// The story up to the ordinary run, with all that can be shuffled shuffled.
fn shuffled(seed: u64) -> (World, Run) {
    let mut dice = Dice(seed);
    let rules = shuffle_rules(&files::text("rules.toml").unwrap(), &mut dice);
    let mut world = World::empty(&rules).unwrap_or_else(|stop| panic!("{stop}"));
    let mut directory: Value =
        serde_json::from_str(&files::text("data/directory.json").unwrap()).unwrap();
    shuffle_json(&mut directory, &mut dice);
    world.directory = Directory::from_json(&directory.to_string()).unwrap();
    let run = |world: &World, day, as_of, dice: &mut Dice| {
        let files = shuffled_files(day, dice);
        let mut snapshot =
            sources::snapshot(&files, as_of).unwrap_or_else(|fault| panic!("{fault}"));
        dice.shuffle(&mut snapshot.instances);
        for instance in &mut snapshot.instances {
            dice.shuffle(&mut instance.records);
        }
        world
            .run_over(snapshot, as_of)
            .unwrap_or_else(|stop| panic!("{stop}"))
    };
    let pilot = run(&world, Day::Pilot, story::PILOT, &mut dice);
    assert!(world.carry_out(&pilot));
    let ordinary = run(&world, Day::Ordinary, story::ORDINARY, &mut dice);
    assert!(world.carry_out(&ordinary));
    (world, ordinary)
}

fn documents_of(run: &Run, world: &World) -> [(&'static str, String); 8] {
    [
        ("the plan", run.plan.to_json()),
        ("its annex", run.plan.annex()),
        ("its digest", run.plan.digest()),
        ("the findings", documents::findings(run)),
        ("the LDIF", documents::ldif(run).unwrap()),
        ("what is wanted", run.outcome.desired().to_sealed_json()),
        ("the ledger", world.ledger.to_sealed_json()),
        ("the directory", world.directory.to_sealed_json()),
    ]
}

/// How many orders are tried: one for sixteen cases that are asked for, since each is a whole run.
fn seeds() -> u64 {
    u64::from(trials::count()).div_ceil(16)
}

#[test]
fn shuffling_every_list_of_every_input_changes_no_document() {
    let expected = documents_of(&TALE.run, &TALE.after);
    for seed in 1..=seeds() {
        let (world, run) = shuffled(seed);
        for ((name, expected), (_, found)) in expected.iter().zip(documents_of(&run, &world)) {
            assert!(*expected == found, "{name} changed with seed {seed}");
        }
    }
}

#[test]
fn the_shuffling_shuffles() {
    let mut dice = Dice(1);
    assert_ne!(
        shuffle_table("A;B;C\n1;2;3\n4;5;6\n7;8;9", &mut dice),
        "A;B;C\n1;2;3\n4;5;6\n7;8;9"
    );
    let xml = "<r><m><a>1</a><a>2</a><a>3</a></m><m><a>4</a><a>5</a><a>6</a></m></r>";
    let shuffled = shuffle_xml(xml, &["m", "a"], &mut dice);
    assert_ne!(shuffled, xml);
    assert_eq!(shuffled.len(), xml.len());
    let one = report::report(&TALE.run);
    assert!(one.starts_with("Run of 2026-11-23"));
}
