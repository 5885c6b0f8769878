//! Every kind is registered, has a fixture, and names kinds that exist.
use super::tree::Tree;
use super::{refused, root, tree};
use std::collections::BTreeSet;

/// Kinds are folders two levels below src/kinds; what a service's kinds share is beside them.
fn unregistered(tree: &Tree) -> Vec<String> {
    let registry = tree.product().find(|file| file.path == "src/kinds/mod.rs");
    let named = registry.into_iter().flat_map(|file| {
        tree.written(file)
            .map(|written| tree.full(file, written).into_iter().skip(1).take(3).collect())
    });
    let named: BTreeSet<Vec<String>> = named.collect();
    let is_kind = |module: &[String]| matches!(module, [kinds, _, kind] if kinds == "kinds" && kind != "calls");
    let folders =
        tree.product().filter(|file| file.path.ends_with("/mod.rs") && is_kind(&file.module));
    let missing = folders.filter(|file| !named.contains(&file.module));
    missing
        .map(|file| format!("{}: not registered; add it to KINDS in src/kinds/mod.rs", file.path))
        .collect()
}

/// Kinds as (name, depends_on_kinds), and the names of fixture files.
fn incomplete(kinds: &[(&str, &[&str])], fixtures: &BTreeSet<String>) -> Vec<String> {
    let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
    let mut offences = Vec::new();
    for (at, (name, depends_on)) in kinds.iter().enumerate() {
        if names[..at].contains(name) {
            offences.push(format!("{name}: two kinds have this name; rename one"));
        }
        if !fixtures.contains(&format!("{name}.json")) {
            offences.push(format!("{name}: no fixture; write tests/fixtures/kinds/{name}.json"));
        }
        for other in depends_on.iter().filter(|other| !names.contains(other)) {
            offences.push(format!("{name}: depends_on_kinds names {other:?}, which is not a kind"));
        }
    }
    let of_kind = |file: &str| names.iter().any(|name| file.starts_with(name));
    let stray = fixtures.iter().filter(|file| !of_kind(file));
    offences
        .extend(stray.map(|file| format!("tests/fixtures/kinds/{file}: not a kind; delete it")));
    offences
}

fn fixtures() -> BTreeSet<String> {
    let folder = std::fs::read_dir(root().join("tests/fixtures/kinds")).unwrap();
    folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_kind_is_registered() {
    refused(unregistered(tree()));
}

#[test]
fn every_kind_has_a_fixture_and_depends_on_kinds_that_exist() {
    let infos = tenfold::kinds::KINDS.iter().map(|kind| kind.info());
    let kinds: Vec<(&str, &[&str])> =
        infos.map(|info| (info.name, info.depends_on_kinds)).collect();
    refused(incomplete(&kinds, &fixtures()));
}

#[test]
fn refuses_planted_unregistered_kind() {
    let kinds = "pub mod ec2;\npub static KINDS: &[E] = &[&Erased::<ec2::vpc::Vpc>(PhantomData)];";
    let files = [
        ("src/lib.rs", "pub mod kinds;"),
        ("src/kinds/mod.rs", kinds),
        ("src/kinds/ec2/mod.rs", "mod calls; pub mod vpc; pub mod subnet;"),
        ("src/kinds/ec2/calls/mod.rs", ""),
        ("src/kinds/ec2/vpc/mod.rs", ""),
        ("src/kinds/ec2/subnet/mod.rs", ""),
    ];
    let found = unregistered(&Tree::planted(&files));
    assert!(found.len() == 1 && found[0].starts_with("src/kinds/ec2/subnet"), "{found:?}");
}

#[test]
fn refuses_planted_incomplete_kind() {
    let fixtures = BTreeSet::from(["vpc.json", "old.json"].map(str::to_string));
    let found = incomplete(&[("vpc", &[]), ("subnet", &["net"]), ("vpc", &["subnet"])], &fixtures);
    assert_eq!(found.len(), 4, "{found:?}");
}
