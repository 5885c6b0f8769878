//! Shared by several tests: the shipped blueprints, facts, stacks.
pub mod sharding;
mod stack;
/// The settings of property tests, the same as those of the unit tests.
#[allow(clippy::print_stdout)]
#[path = "../../../src/testing.rs"]
pub mod testing;

pub use stack::Stack;

use std::fs;
use std::path::{Path, PathBuf};
use tenfold::blueprint::{self, Blueprint, SourceFile};
use tenfold::cloud::Cloud;
use tenfold::facts::{Facts, Query};
use tenfold::sandbox::Sandbox;

pub const REGION: &str = "us-east-1";

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every shipped blueprint and example, without overlays (`base.staging.yaml`).
pub fn blueprints() -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect()
    };
    let examples = entries(&root().join("examples"));
    let folders = examples.into_iter().filter(|path| path.is_dir());
    let files = folders.chain([root().join("blueprints")]).flat_map(|folder| entries(&folder));
    let is_blueprint = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(".yaml") && name.matches('.').count() == 1
    };
    let mut found: Vec<PathBuf> = files.filter(is_blueprint).collect();
    found.sort();
    assert!(found.len() >= 10, "{found:?}");
    found
}

pub fn load(path: &Path) -> Blueprint {
    load_with(path, &[])
}

pub fn load_with(path: &Path, sets: &[(&str, &str)]) -> Blueprint {
    let read = |from: &str, named: &str| {
        let path = Path::new(from).parent().unwrap().join(named);
        fs::read(&path).map_err(|error| error.to_string())
    };
    let options = blueprint::Options {
        sets: sets.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        read: &read,
        ..blueprint::Options::default()
    };
    let file = SourceFile::new(path.display().to_string(), fs::read(path).unwrap());
    blueprint::load(&[file], &options)
        .unwrap_or_else(|reports| panic!("{}", reports.to_text(false)))
}

/// The facts that the sandbox returns.
pub fn facts(query: &Query) -> Facts {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(&folder.path().join("sandbox.json"), REGION).unwrap();
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(sandbox.facts(query))
        .unwrap()
}
