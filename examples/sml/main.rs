//! The whole way, end to end: three municipalities, from source files to a settled plan.
//!
//! `cargo run --release --example sml` reads the files of all the source systems, applies the rules, prints what would be done
//! and writes the documents of the run. Arguments:
//!
//! - `--as-of YYYY-MM-DD` sets the day; without it, 2026-11-23.
//! - `--from-empty` starts from an empty directory and an empty ledger; without it, a pilot has run two weeks before.
//! - `--again` carries the plan out on the model of the directory, settles, and runs once more: nothing is left to do.
//! - `--rollover` carries the plan out, and then runs over the files of the next school year.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people prints"
)]

mod documents;
mod files;
mod report;
mod sources;
mod story;

use std::process::ExitCode;

use chrono::NaiveDate;

use files::Day;
use files::Files;
use story::Stop;
use story::World;

const USAGE: &str = "usage: sml [--as-of YYYY-MM-DD] [--from-empty] [--again] [--rollover]";

/// What was asked for.
struct Asked {
    as_of: NaiveDate,
    from_empty: bool,
    again: bool,
    rollover: bool,
}

impl Asked {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut asked = Self {
            as_of: story::ORDINARY,
            from_empty: false,
            again: false,
            rollover: false,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--as-of" => {
                    let day = arguments.next().and_then(|day| day.parse().ok());
                    asked.as_of = day.ok_or("`--as-of` needs a day such as 2026-11-23")?;
                }
                "--from-empty" => asked.from_empty = true,
                "--again" => asked.again = true,
                "--rollover" => asked.rollover = true,
                other => return Err(format!("unknown argument `{other}`")),
            }
        }
        Ok(asked)
    }
}

fn main() -> ExitCode {
    let asked = match Asked::read(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(mistake) => {
            eprintln!("{mistake}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match tell(&asked) {
        Ok(code) => code,
        Err(stop) => {
            eprintln!("{stop}");
            ExitCode::FAILURE
        }
    }
}

fn tell(asked: &Asked) -> Result<ExitCode, Stop> {
    let mut world = if asked.from_empty {
        World::empty(&files::text("rules.toml")?)?
    } else {
        World::after_pilot()?
    };
    for warning in world.warnings() {
        eprintln!("rules.toml:{warning}");
    }
    let files = Files::of(Day::Ordinary)?;
    let run = world.run(&files, asked.as_of)?;
    print!("{}", report::report(&run));
    let all_done = world.carry_out(&run);
    documents::write(&run, &world.directory, &world.ledger)?;
    println!();
    match run.outcome.next_change().map_err(Stop::Limit)? {
        Some(day) => println!("The next change by time alone is on {day}."),
        None => println!("Nothing changes by time alone."),
    }
    println!(
        "Plan, LDIF and findings are in {}, sealed documents in its folder `sealed`.",
        documents::folder().display()
    );
    if !all_done {
        eprintln!("the model of the directory refused a step");
        return Ok(ExitCode::FAILURE);
    }
    if asked.again {
        let again = world.run(&files, asked.as_of)?;
        let steps = again.plan.steps().len();
        println!("\nOnce more, with all of it carried out: a plan of {steps} steps.");
        if steps > 0 {
            print!("\n{}", report::report(&again));
            return Ok(ExitCode::FAILURE);
        }
    }
    if asked.rollover {
        let next = world.run(&Files::of(Day::Rollover)?, story::ROLLOVER)?;
        documents::put("plan-rollover.json", &next.plan.to_json())?;
        documents::put("plan-rollover.ldif", &documents::ldif(&next)?)?;
        print!("\n{}", report::report(&next));
    }
    Ok(ExitCode::SUCCESS)
}
