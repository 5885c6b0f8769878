//! The rules of ARCHITECTURE.md as tests of the sources. Each rule is a function over files, so
//! that a test can plant an offence in files of its own and expect the rule to report it.
mod cycles;
mod invariants;
mod layers;
mod leftovers;
mod prose;
mod purity;
mod registry;
mod scan;
mod sizes;
mod tree;
mod visitor;
mod vocabulary;
mod waits;
mod words;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use tree::{File, Tree};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The (path, text) of all files below a folder that have an extension, sorted by path. Paths are
/// relative to the root.
fn sources(root: &Path, folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} files in {folder}");
    found
}

/// The crate's own sources, parsed once for all rules.
fn tree() -> &'static Tree {
    static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::new(sources(root(), "src", "rs")));
    &TREE
}

/// All Rust files of the project, those of tests included.
fn everything() -> impl Iterator<Item = &'static File> {
    static OTHERS: LazyLock<Vec<File>> = LazyLock::new(|| {
        let folders = ["tests", "examples"].iter();
        let files = folders.flat_map(|folder| sources(root(), folder, "rs"));
        files.map(|(path, text)| File::new(path, text)).collect()
    });
    tree().files.iter().chain(&*OTHERS)
}

/// Fails with every offence at once.
#[track_caller]
fn refused(offences: Vec<String>) {
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}
