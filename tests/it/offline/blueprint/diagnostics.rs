//! Every diagnostic as people see it. A case is a file of `tests/diagnostics`, or a folder with a
//! blueprint and its overlays. Comments at the top of the first file set the command line:
//! `# --set path=value`, `# --var name=value`, `# --region name`, `# env NAME=value`.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tenfold::blueprint::{SourceFile, load};
use tenfold::diagnostic::Diagnostics;

use super::{options, reader};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// Files and folders of the cases, by name.
fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(directory()).expect("tests/diagnostics");
    let paths = entries.map(|entry| entry.expect("entry").path());
    let is_case = |path: &PathBuf| {
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml");
        is_yaml || path.join("base.yaml").exists()
    };
    let cases: BTreeSet<PathBuf> = paths.filter(is_case).collect();
    cases.into_iter().collect()
}

fn diagnose(case: &Path) -> Diagnostics {
    let mut files = vec![case.to_path_buf()];
    if case.is_dir() {
        let entries = fs::read_dir(case).expect("case").map(|entry| entry.expect("entry").path());
        files = entries.collect();
        // `base.yaml` comes before `overlay.yaml` and `second.yaml`.
        files.sort();
    }
    let inputs: Vec<SourceFile> = files
        .iter()
        .map(|path| {
            let name = path.file_name().expect("name").to_string_lossy();
            SourceFile::new(name, fs::read(path).expect("readable"))
        })
        .collect();
    let directory = directory();
    let read = reader(&directory);
    let mut options = options(&read);
    let header = String::from_utf8_lossy(&inputs[0].bytes).into_owned();
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').expect("name=value");
        (name.to_string(), value.to_string())
    };
    for line in header.lines().map_while(|line| line.strip_prefix("# ")) {
        if let Some(set) = line.strip_prefix("--set ") {
            options.sets.push(pair(set));
        } else if let Some(variable) = line.strip_prefix("--var ") {
            options.vars.extend([pair(variable)]);
        } else if let Some(variable) = line.strip_prefix("env ") {
            options.env.extend([pair(variable)]);
        } else if let Some(region) = line.strip_prefix("--region ") {
            options.region = Some(region.to_string());
        }
    }
    match load(&inputs, &options) {
        Ok(blueprint) => blueprint.warnings,
        Err(diagnostics) => diagnostics,
    }
}

#[test]
fn every_diagnostic_matches_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../diagnostics/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut failed = Vec::new();
    for case in cases() {
        let name = case.file_stem().expect("name").to_string_lossy().into_owned();
        let text = diagnose(&case).to_text(false);
        let trimmed: Vec<&str> = text.lines().map(str::trim_end).collect();
        let compare = || insta::assert_snapshot!(name.as_str(), trimmed.join("\n"));
        let outcome = catch_unwind(AssertUnwindSafe(|| settings.bind(compare)));
        failed.extend(outcome.is_err().then_some(name));
    }
    assert!(failed.is_empty(), "differ: {failed:?}");
}

#[test]
fn every_code_has_a_case() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/blueprint/language/code.rs");
    let source = fs::read_to_string(path).expect("code.rs");
    let codes: BTreeSet<&str> = source.split('"').skip(1).step_by(2).collect();
    let cases = cases();
    let shown: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| diagnose(case).into_iter().map(|diagnostic| diagnostic.code))
        .collect();
    let missing: Vec<_> = codes.difference(&shown).collect();
    assert!(missing.is_empty(), "no case in tests/diagnostics for {missing:?}");
}

#[test]
fn json_diagnostics_have_the_same_content() {
    let diagnostics = diagnose(&directory().join("unknown-key.yaml"));
    let json = serde_json::to_string_pretty(&diagnostics.to_json()).expect("json");
    insta::assert_snapshot!(json);
}
