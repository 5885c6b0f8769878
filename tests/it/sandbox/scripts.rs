//! The binary: the transcripts in `tests/scripts`, and every blueprint created and destroyed.
use crate::support;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `TRYCMD=overwrite` writes the binary's output into the transcripts.
#[test]
fn transcripts() {
    let folder = support::root().join("tests/scripts");
    // Without an `.out` folder trycmd runs in the `.in` folder, and a run would start from the files of an
    // earlier one.
    for entry in std::fs::read_dir(&folder).unwrap().flatten() {
        let path = entry.path();
        let own = path.extension().is_some_and(|end| end == "in");
        assert!(!own || path.with_extension("out").is_dir(), "{path:?} has no .out beside it");
    }
    let cases = trycmd::TestCases::new();
    cases.register_bin("tenfold", Path::new(env!("CARGO_BIN_EXE_tenfold")));
    cases.register_bin("sed", on_path("sed").as_path());
    cases.env("COLUMNS", "100");
    cases.case(folder.join("*.trycmd"));
    cases.run();
}

fn on_path(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program));
    found.into_iter().find(|file| file.exists()).unwrap_or_else(|| panic!("there is no {program}"))
}

/// Runs the binary. Returns its exit code, stdout and stderr.
fn tenfold(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenfold"));
    let ran = command.args(words).current_dir(folder).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
}

/// Each apply is followed by an empty plan.
#[test]
fn every_blueprint_is_created_updated_and_destroyed() {
    for path in support::blueprints() {
        let folder = tempfile::tempdir().unwrap();
        let blueprint = path.display().to_string();
        let run = |expected: i32, words: &[&str]| {
            let words = [words, &["-f", &blueprint, "--sandbox"]].concat();
            let (code, stdout, stderr) = tenfold(folder.path(), &words);
            assert_eq!(code, Some(expected), "{}\n{stdout}{stderr}", words.join(" "));
            (stdout, stderr)
        };
        run(2, &["plan"]);
        run(0, &["apply", "--yes"]);
        run(0, &["plan"]);
        let (plan, _) = run(2, &["plan", "--set", "tags.changed=1"]);
        assert!(plan.contains("to update.") && !plan.contains("to create"), "{plan}");
        // `destroy` reports everything that it keeps, and deletes it with `--allow-data-loss all`.
        let (_, said) = run(0, &["destroy", "--yes"]);
        let (left, _) = run(0, &["show"]);
        for line in left.lines().filter_map(|line| line.strip_prefix("  ")) {
            let id = line.split_whitespace().next().unwrap();
            assert!(said.contains(&format!("Kept: {id} ")), "{id} is left of {blueprint}\n{said}");
        }
        run(0, &["destroy", "--yes", "--allow-data-loss", "all"]);
        let (left, _) = run(0, &["show"]);
        assert!(left.contains("0 resources") || !left.contains("  "), "{left}");
    }
}
