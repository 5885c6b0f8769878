//! Nothing unfinished is left behind, and the changelog has one heading per version.
use super::{refused, root, sources};
use std::fs;

/// Words of unfinished work, divided so that this file does not contain them.
const LEFTOVERS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
    concat!("dbg", "!"),
    concat!("unimplemented", "!"),
    concat!("todo", "!("),
    concat!("#[", "ignore"),
];

fn leftovers(files: &[(String, String)]) -> Vec<String> {
    let mut offences = Vec::new();
    for (path, text) in files {
        for (at, line) in text.lines().enumerate() {
            let found = LEFTOVERS.iter().filter(|word| line.contains(**word));
            offences.extend(found.map(|word| {
                format!("{path}:{}: {word}: finish it, or file an issue and delete it", at + 1)
            }));
        }
    }
    offences
}

/// A heading is `## 1.2.3`, with a date perhaps.
fn headings(changelog: &str, version: &str) -> Vec<String> {
    let heading = |line: &str| {
        let name = line.strip_prefix("## ")?.split_whitespace().next()?;
        Some(name.trim_matches(['[', ']']).to_string())
    };
    let mut found: Vec<String> = changelog.lines().filter_map(heading).collect();
    found.sort();
    let twice = found.windows(2).filter(|pair| pair[0] == pair[1]);
    let twice =
        twice.map(|pair| format!("CHANGELOG.md: two headings `## {}`; merge them", pair[0]));
    let missing = (!found.iter().any(|name| name == version))
        .then(|| format!("CHANGELOG.md: no heading `## {version}`; add it"));
    twice.chain(missing).collect()
}

#[test]
fn no_unfinished_work() {
    let folders = [("src", "rs"), ("tests", "rs"), ("localstack", "py"), ("tests", "py")];
    let all = folders.iter().flat_map(|(folder, ext)| sources(root(), folder, ext));
    refused(leftovers(&all.collect::<Vec<_>>()));
}

#[test]
fn changelog_has_one_heading_per_version() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    refused(headings(&changelog, env!("CARGO_PKG_VERSION")));
}

#[test]
fn refuses_planted_leftovers() {
    for word in LEFTOVERS {
        let file = ("src/a.rs".to_string(), format!("fn f() {{\n    // {word}\n}}"));
        assert_eq!(leftovers(&[file]).len(), 1, "{word}");
    }
}

#[test]
fn refuses_planted_changelog_headings() {
    let changelog = "## Unreleased\n### Added\n## 0.2.0\n### Added\n## 0.1.0 (2026-01-01)\n";
    assert_eq!(headings(changelog, "0.2.0"), Vec::<String>::new());
    assert_eq!(headings(changelog, "0.3.0").len(), 1);
    assert_eq!(headings(&format!("{changelog}## 0.1.0\n"), "0.2.0").len(), 1);
}
