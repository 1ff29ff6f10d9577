//! What others have published, held against the crate: official numbers and the schemas of source systems.
//!
//! The files are not part of the crate. They are looked for in the folder that `FOLKFORM_DATA` names, else in `../shared/data`
//! beside the checkout; a test whose file is not there says so and passes. What must hold everywhere is tested with small
//! vectors that are part of the crate.

mod numbers;
mod sample;
mod schemas;

use std::path::PathBuf;

/// A published file; nothing where it is not there.
fn file(name: &str) -> Option<String> {
    let folder = std::env::var_os("FOLKFORM_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(name);
    if !path.exists() {
        println!("skipped: {name} is not there");
        return None;
    }
    Some(std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// A published JSON file; nothing where it is not there.
fn json(name: &str) -> Option<serde_json::Value> {
    let text = file(name)?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}
