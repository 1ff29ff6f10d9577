//! The documents of a run: which there are, which of them are sealed, and where they go.
//!
//! Open documents stand in `target/sml`, sealed ones in `target/sml/sealed`. The LDIF is a target payload and so by nature
//! sealed. Here it stands outside all the same: no protected person of the example has an account that was there before, so
//! all that it says of them is their alias data; a test sees to that. A host keeps its own LDIF with the sealed documents.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use folkform::base::canonical_json;
use folkform::diagnostic::Finding;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use folkform::render::ExchangeHybrid;
use folkform::render::LdifOptions;
use folkform::render::to_ldif;

use super::files::Fault;
use super::story::Run;

/// Where the documents go.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/sml")
}

/// The findings of a run, those of the plan too.
pub(super) fn findings(run: &Run) -> String {
    let findings: Vec<&Finding> = run
        .outcome
        .findings()
        .iter()
        .chain(run.plan.findings())
        .collect();
    canonical_json(&findings)
}

/// What the directory is told, as LDIF.
pub(super) fn ldif(run: &Run) -> Result<String, Fault> {
    let options = LdifOptions {
        // The rules set it as an attribute of its own.
        principal_name: false,
        exchange: Some(ExchangeHybrid {
            tenant: String::from("sml.mail.onmicrosoft.com"),
            kind: String::from("remote"),
        }),
        // Only a directory that Exchange has extended can hide members by an attribute; elsewhere rights on the group do it.
        // The country of use is an attribute of the cloud directory only.
        lacks: ["hideDLMembership", "usageLocation"]
            .map(String::from)
            .into(),
        ..LdifOptions::default()
    };
    to_ldif(&run.released, &run.before, &options).map_err(|error| Fault::new("plan.ldif", error))
}

/// Writes the documents of a run, and what is after it.
pub(super) fn write(run: &Run, directory: &Directory, ledger: &Ledger) -> Result<(), Fault> {
    put("plan.json", &run.plan.to_json())?;
    put("plan.ldif", &ldif(run)?)?;
    put("findings.json", &findings(run))?;
    put("sealed/annex.json", &run.plan.annex())?;
    put(
        "sealed/desired.json",
        &run.outcome.desired().to_sealed_json(),
    )?;
    put("sealed/ledger.json", &ledger.to_sealed_json())?;
    put("sealed/directory.json", &directory.to_sealed_json())
}

/// Writes one document.
pub(super) fn put(name: &str, text: &str) -> Result<(), Fault> {
    let path = folder().join(name);
    let parent = path.parent().unwrap_or(&path);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| Fault::new(name, error.kind()))
}
