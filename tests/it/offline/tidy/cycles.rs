//! No import cycles between folders.
use super::tree::{Import, Path, Tree};
use super::{refused, sources, tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

type Edges<'a> = BTreeMap<(Path, Path), Vec<Import<'a>>>;

/// At the top level any cycle is an offence, below it any that contains a folder.
fn offences(tree: &Tree) -> Vec<String> {
    let is_folder = |path: &Path| {
        let below = |module: &Path| module.len() > path.len() && module.starts_with(path);
        tree.product().any(|file| below(&file.module))
    };
    let mut offences = Vec::new();
    for (level, edges) in levels(tree) {
        for cycle in cycles(edges.keys()) {
            if level.is_empty() || cycle.iter().any(|path| is_folder(path)) {
                offences.push(described(&level, &cycle, &edges));
            }
        }
    }
    offences
}

/// The imports between the direct children of each module, by edge. A folder's
/// `mod.rs` belongs to the folder itself, so it counts one level up.
fn levels(tree: &Tree) -> BTreeMap<Path, Edges<'_>> {
    let mut levels: BTreeMap<Path, Edges> = BTreeMap::new();
    for import in tree.imports() {
        let (from, to) = (&import.from.module, &import.to.module);
        let common = from.iter().zip(to).take_while(|(from, to)| from == to).count();
        if common < from.len() && common < to.len() {
            let edge = (from[..=common].to_vec(), to[..=common].to_vec());
            levels
                .entry(from[..common].to_vec())
                .or_default()
                .entry(edge)
                .or_default()
                .push(import);
        }
    }
    levels
}

/// The sets of two or more nodes that all reach each other.
fn cycles<'a, Node: Ord + 'a>(
    edges: impl IntoIterator<Item = &'a (Node, Node)>,
) -> Vec<BTreeSet<&'a Node>> {
    let mut next: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let reached = |start: &'a Node| {
        let mut found = BTreeSet::new();
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            let after = next.get(node).into_iter().flatten().copied();
            open.extend(after.filter(|after| found.insert(*after)));
        }
        found
    };
    let reach: BTreeMap<&Node, BTreeSet<&Node>> =
        next.keys().map(|node| (*node, reached(node))).collect();
    let mutual = |(node, found): (&&'a Node, &BTreeSet<&'a Node>)| {
        let back = |other: &&&Node| reach.get(*other).is_some_and(|back| back.contains(node));
        found.iter().filter(back).copied().collect::<BTreeSet<_>>()
    };
    let sets: BTreeSet<BTreeSet<&Node>> = reach.iter().map(mutual).collect();
    sets.into_iter().filter(|set| set.len() > 1).collect()
}

fn described(level: &Path, cycle: &BTreeSet<&Path>, edges: &Edges) -> String {
    let last = |path: &Path| path.last().cloned().unwrap_or_default();
    let names: Vec<String> = cycle.iter().map(|path| last(path)).collect();
    let folder = format!("src/{}", level.join("/"));
    let mut text = format!(
        "{folder}: {} import each other; move what they share to a file that imports none of them",
        names.join(", ")
    );
    for ((from, to), imports) in edges {
        if cycle.contains(from) && cycle.contains(to) {
            let Import { from: file, written, .. } = imports[0];
            let (from, to, import) = (last(from), last(to), written.segments.join("::"));
            text += &format!("\n    {from} -> {to}: {}:{}: {import}", file.path, written.line);
            if imports.len() > 1 {
                text += &format!(", and {} more", imports.len() - 1);
            }
        }
    }
    text
}

#[test]
fn folders_have_no_import_cycles() {
    refused(offences(tree()));
}

/// Prints how many sets of files import each other, of this tree or of another whose `src` is in
/// the folder `TENFOLD_TIDY_SRC`:
/// `TENFOLD_TIDY_SRC=/tmp/old cargo test --no-default-features import_cycles_figure -- --nocapture`
#[test]
fn import_cycles_figure() {
    let other = std::env::var_os("TENFOLD_TIDY_SRC").map(PathBuf::from);
    let other = other.map(|folder| Tree::new(sources(&folder, "src", "rs")));
    let tree = other.as_ref().unwrap_or_else(|| tree());
    let edge = |import: &Import<'_>| (import.from.path.clone(), import.to.path.clone());
    let edges: Vec<(String, String)> = tree.imports().iter().map(edge).collect();
    let sets = cycles(&edges);
    let sizes: Vec<usize> = sets.iter().map(BTreeSet::len).collect();
    let (files, between) = (tree.product().count(), offences(tree).len());
    println!(
        "{files} files; {} sets of files that import each other, of {sizes:?} files; {between} \
         cycles between folders",
        sizes.len()
    );
    sets.iter().for_each(|set| println!("  {set:?}"));
    assert!(!edges.is_empty(), "no imports found");
}

#[test]
fn refuses_planted_cycle_between_folders() {
    let files = |inner: &'static str| {
        [
            ("src/lib.rs", "mod a;"),
            ("src/a/mod.rs", "mod b; mod c; pub use c::C;"),
            ("src/a/b/mod.rs", "mod d; use super::C;"),
            ("src/a/b/d.rs", ""),
            ("src/a/c.rs", inner),
        ]
    };
    assert_eq!(offences(&Tree::planted(&files("pub struct C;"))), Vec::<String>::new());
    let found = offences(&Tree::planted(&files("pub struct C;\nuse super::b::d::D;")));
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert!(found.contains("src/a: b, c import each other"), "{found}");
    assert!(found.contains("b -> c: src/a/b/mod.rs:1: super::C"), "{found}");
    assert!(found.contains("c -> b: src/a/c.rs:2: super::b::d::D"), "{found}");
}

#[test]
fn refuses_planted_cycle_at_top_level() {
    let found = offences(&Tree::planted(&[
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a.rs", "fn f() { crate::b::f() }"),
        ("src/b.rs", "use crate::a;"),
    ]));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn allows_cycle_between_files_of_one_folder() {
    let found = offences(&Tree::planted(&[
        ("src/lib.rs", "mod m;"),
        ("src/m/mod.rs", "mod a; mod b;"),
        ("src/m/a.rs", "use super::b;"),
        ("src/m/b.rs", "use super::a;"),
    ]));
    assert_eq!(found, Vec::<String>::new());
}
