//! ARCHITECTURE.md states only what a test checks, and names only files that exist.
use super::tree::File;
use super::{everything, refused, root};
use std::fs;

/// Every item of the list under `## Invariants` ends with the tests that check it, in backticks
/// and by the path that `cargo test` prints: `offline::tidy::cycles::folders_have_no_cycles`.
fn unchecked<'a>(document: &str, files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let tests: Vec<String> = files.flat_map(tests_of).collect();
    let mut offences = Vec::new();
    for (line, item) in invariants(document) {
        let names: Vec<&str> = code_spans(&item).filter(is_test_name).collect();
        if names.is_empty() {
            offences.push(format!(
                "ARCHITECTURE.md:{line}: names no test; name one, or delete the invariant"
            ));
        }
        for name in names.into_iter().filter(|name| !tests.iter().any(|test| test == name)) {
            offences.push(format!(
                "ARCHITECTURE.md:{line}: `{name}` is not a test; name the test that checks this"
            ));
        }
    }
    offences
}

fn is_test_name(code: &&str) -> bool {
    code.contains("::") && !code.contains(char::is_uppercase)
}

/// The items of the list, joined to one line each, with the number of their first line.
fn invariants(document: &str) -> Vec<(usize, String)> {
    let lines = document.lines().zip(1..);
    let section = lines.skip_while(|(line, _)| *line != "## Invariants").skip(1);
    let mut items: Vec<(usize, String)> = Vec::new();
    for (line, at) in section.take_while(|(line, _)| !line.starts_with("## ")) {
        match (line.strip_prefix("- "), items.last_mut()) {
            (Some(start), _) => items.push((at, start.to_string())),
            (None, Some((_, item))) => *item += &format!(" {}", line.trim()),
            (None, None) => {}
        }
    }
    items
}

fn tests_of(file: &File) -> impl Iterator<Item = String> {
    let module = match file.path.strip_prefix("tests/it/") {
        Some(path) => super::tree::module_of(path).join("::"),
        None => file.module.join("::"),
    };
    let tests = file.scan.functions.iter().filter(|function| function.runs_as_test);
    tests.map(move |test| {
        let within = test.within.iter().chain([&test.name]);
        let names = within.map(String::as_str).collect::<Vec<_>>().join("::");
        format!("{module}::{names}")
    })
}

fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Paths in backticks that contain a slash or end in `.rs`: relative to the root or to `src`, or
/// the bare name of a file.
fn dead_paths(document: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let is_path = |code: &&str| {
        let plain = |char: char| char.is_alphanumeric() || "/._-".contains(char);
        (code.contains('/') || code.ends_with(".rs")) && code.chars().all(plain)
    };
    let mut offences = Vec::new();
    for (line, at) in document.lines().zip(1..) {
        for path in code_spans(line).filter(is_path) {
            if !exists(path) && !exists(&format!("src/{path}")) {
                offences.push(format!("ARCHITECTURE.md:{at}: `{path}` does not exist; correct it"));
            }
        }
    }
    offences
}

fn document() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    refused(unchecked(&document(), everything()));
}

#[test]
fn every_path_in_architecture_exists() {
    let named = |path: &str| everything().any(|file| file.path.ends_with(&format!("/{path}")));
    refused(dead_paths(&document(), |path| {
        root().join(path).exists() || (!path.contains('/') && named(path))
    }));
}

#[test]
fn refuses_planted_invariant_without_a_test() {
    let files = [
        File::new("src/a/b.rs".into(), "#[cfg(test)] mod tests { #[test] fn holds() {} }".into()),
        File::new("tests/it/offline/c.rs".into(), "#[tokio::test]\nasync fn ends() {}".into()),
    ];
    let document =
        |items: &str| format!("# A\n- none\n## Invariants\n\nText.\n\n{items}\n## B\n- b");
    let good = "- One\n  `a::b::tests::holds`.\n- Two `offline::c::ends`.";
    assert_eq!(unchecked(&document(good), files.iter()), Vec::<String>::new());
    for bad in ["- One.", "- One `a::b::tests::other`.", "- One `holds`."] {
        assert_eq!(unchecked(&document(bad), files.iter()).len(), 1, "{bad}");
    }
}

#[test]
fn refuses_planted_path_that_does_not_exist() {
    let exists = |path: &str| path == "src/plan/";
    assert_eq!(dead_paths("`plan/` and `x/y` {`a/{b,c}`}", exists).len(), 1);
}
