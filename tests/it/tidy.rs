//! What ARCHITECTURE.md promises, held: sizes, purity of the core, the registry, words.
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path: PathBuf = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} files in {folder}");
    found
}

/// Fails with every offence at once.
fn none(offences: Vec<String>) {
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[test]
fn files_are_short() {
    let long = |(name, text): (String, String)| {
        let lines = text.lines().count();
        (lines > 400).then(|| format!("{name} has {lines} lines: divide it (400 at most)"))
    };
    none(files("src", "rs").into_iter().chain(files("tests", "rs")).filter_map(long).collect());
}

#[test]
fn functions_are_short() {
    let mut offences = Vec::new();
    for (name, text) in files("src", "rs") {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let is_function = [
                "fn ",
                "pub fn ",
                "async fn ",
                "pub async fn ",
                "pub(crate) fn ",
                "pub(super) fn ",
            ]
            .iter()
            .any(|start| line.trim_start().starts_with(start));
            if !is_function || line.ends_with(';') || line.trim_end().ends_with('}') {
                continue;
            }
            let close = format!("{}}}", " ".repeat(indent));
            let length = lines[at..].iter().position(|line| *line == close).unwrap_or(0) + 1;
            if length > 70 {
                offences
                    .push(format!("{name}:{}: a function of {length} lines (70 at most)", at + 1));
            }
        }
    }
    none(offences);
}

/// The pure half: what it gives follows from what it is given.
const PURE: &[&str] = &[
    "src/blueprint/",
    "src/desired/",
    "src/plan/",
    "src/render/",
    "src/shards/",
    "src/diagnostic.rs",
    "src/graph.rs",
    "src/names.rs",
    "src/policy.rs",
    "src/reference.rs",
    "src/resource.rs",
    "src/spec.rs",
    "src/tags.rs",
    "src/facts.rs",
];

fn is_pure(name: &str) -> bool {
    let spec_of_a_kind =
        name.starts_with("src/kinds/") && name != "src/kinds/mod.rs" && !name.contains("/calls");
    spec_of_a_kind || PURE.iter().any(|part| name.starts_with(part))
}

/// The code of a file without its own tests, which may do as they like.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn the_core_is_pure() {
    let forbidden = [
        "async ",
        "aws_sdk",
        "aws_config",
        "tokio",
        "std::env",
        "std::fs",
        "std::net::Tcp",
        "std::process",
        "std::time::Instant",
        "SystemTime",
        "fastrand",
        "Timestamp::now",
        "Zoned::now",
        "println!",
        "eprintln!",
    ];
    let mut offences = Vec::new();
    for (name, text) in files("src", "rs").iter().filter(|(name, _)| is_pure(name)) {
        for (at, line) in code(text).lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            offences.extend(
                forbidden
                    .iter()
                    .filter(|word| line.contains(*word))
                    .map(|word| format!("{name}:{}: `{word}` in the pure half", at + 1)),
            );
        }
    }
    none(offences);
}

#[test]
fn dependencies_point_one_way() {
    let rules: &[(&str, &[&str])] = &[
        ("src/blueprint/", &["crate::desired", "crate::plan", "crate::kinds", "crate::exec"]),
        (
            "src/desired/",
            &[
                "crate::plan",
                "crate::exec",
                "crate::aws",
                "crate::cli",
                "tenfold::kinds::contract::",
            ],
        ),
        (
            "src/plan/",
            &["crate::kinds", "crate::desired", "crate::blueprint", "crate::aws", "crate::exec"],
        ),
        (
            "src/exec/",
            &["crate::kinds", "crate::desired", "crate::blueprint", "crate::aws", "crate::cli"],
        ),
        ("src/render/", &["crate::kinds", "crate::aws", "crate::cli", "crate::desired"]),
        (
            "src/kinds/",
            &["crate::desired", "crate::plan", "crate::exec", "crate::cli", "crate::blueprint"],
        ),
        (
            "src/aws/",
            &["crate::desired", "crate::plan", "crate::exec", "crate::cli", "crate::blueprint"],
        ),
        ("src/sandbox/", &["crate::aws", "crate::cli", "crate::desired", "crate::blueprint"]),
    ];
    let mut offences = Vec::new();
    for (name, text) in files("src", "rs") {
        for (_, forbidden) in rules.iter().filter(|(folder, _)| name.starts_with(folder)) {
            for word in forbidden.iter().filter(|word| code(&text).contains(**word)) {
                offences.push(format!("{name} uses {word}"));
            }
        }
    }
    none(offences);
}

#[test]
fn every_kind_is_registered_and_has_fixtures() {
    let registry = fs::read_to_string(root().join("src/kinds/mod.rs")).unwrap();
    let mut offences = Vec::new();
    for entry in fs::read_dir(root().join("src/kinds")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        if module == "mod" {
            continue;
        }
        if !registry.contains(&format!("Erased::<{module}::")) {
            offences.push(format!("src/kinds/{name} is not in KINDS"));
        }
    }
    for kind in tenfold::kinds::KINDS {
        let name = kind.info().name;
        if !root().join(format!("tests/fixtures/kinds/{name}.json")).exists() {
            offences.push(format!("tests/fixtures/kinds/{name}.json is missing"));
        }
        for other in kind.info().depends_on_kinds {
            if tenfold::kinds::registry().find(other).is_none() {
                offences.push(format!("{name} comes after {other}, which is no kind"));
            }
        }
    }
    none(offences);
}

#[test]
fn nothing_is_left_lying_about() {
    let forbidden = ["TODO", "FIXME", "XXX", "dbg!", "unimplemented!", "#[ignore"];
    let mut offences = Vec::new();
    let all = ["src", "tests"].iter().flat_map(|folder| files(folder, "rs"));
    let all = all.chain(files("localstack", "py")).filter(|(name, _)| name != "tests/it/tidy.rs");
    for (name, text) in all {
        for (at, line) in text.lines().enumerate() {
            for word in forbidden.iter().filter(|word| line.contains(**word)) {
                offences.push(format!("{name}:{}: {word}", at + 1));
            }
        }
    }
    none(offences);
}

/// The version is one, wherever it is written.
#[test]
fn the_changelog_knows_this_version() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(changelog.contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}
