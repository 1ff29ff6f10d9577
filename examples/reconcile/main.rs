//! The whole way for a host in any language: it reads rules, a snapshot, a directory and a ledger in the shapes of
//! `docs/guide.md`, and writes the plan, the findings and the next ledger.
//!
//! Run it once for the plan, carry out what it releases, and run it again with the results of the steps for the next ledger.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to people"
)]

mod arguments;
mod changes;
mod run;

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use arguments::Arguments;
use run::Report;
use run::Texts;
use run::reconcile;

fn main() -> ExitCode {
    let report = Arguments::read(env::args().skip(1)).and_then(|arguments| {
        let report = reconcile(&texts(&arguments)?, arguments.as_of)?;
        write(&arguments.out, &report)?;
        Ok(report)
    });
    match report {
        Ok(report) => {
            for line in &report.lines {
                println!("{line}");
            }
            ExitCode::from(if report.refused { 2 } else { 0 })
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(1)
        }
    }
}

fn texts(arguments: &Arguments) -> Result<Texts, String> {
    let optional = |path: &Option<std::path::PathBuf>| path.as_deref().map(read).transpose();
    Ok(Texts {
        rules: read(&arguments.rules)?,
        rules_are_json: arguments
            .rules
            .extension()
            .is_some_and(|extension| extension == "json"),
        snapshot: read(&arguments.snapshot)?,
        directory: read(&arguments.directory)?,
        ledger: optional(&arguments.ledger)?,
        results: optional(&arguments.results)?,
        approvals: optional(&arguments.approvals)?,
        decisions: optional(&arguments.decisions)?,
        salt: arguments.salt.clone(),
    })
}

fn read(path: &Path) -> Result<String, String> {
    // The kind of error, and not its text: a text that is no UTF-8 is data.
    fs::read_to_string(path)
        .map_err(|error| format!("`{}` cannot be read: {}", path.display(), error.kind()))
}

fn write(out: &Path, report: &Report) -> Result<(), String> {
    let failed = |path: &Path, error: &std::io::Error| {
        format!("`{}` cannot be written: {}", path.display(), error.kind())
    };
    let sealed = out.join("sealed");
    fs::create_dir_all(&sealed).map_err(|error| failed(&sealed, &error))?;
    close(&sealed).map_err(|error| failed(&sealed, &error))?;
    for name in &report.outdated {
        let path = out.join(name);
        if path.exists() {
            fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
        }
    }
    for (name, text) in &report.files {
        let path = out.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

/// Lets nobody but the owner into the folder of sealed documents.
#[cfg(unix)]
fn close(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn close(_: &Path) -> std::io::Result<()> {
    Ok(())
}
