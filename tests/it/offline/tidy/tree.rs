//! The source files of the crate as a module tree, and the imports between them.
use super::scan::{Module, Scan, Written, scan};
use std::collections::BTreeMap;

/// A module's path from the crate's root, which is the empty path.
pub type Path = Vec<String>;

pub struct File {
    pub path: String,
    pub text: String,
    pub module: Path,
    /// The file belongs to a module that exists under `#[cfg(test)]` only.
    pub test: bool,
    pub scan: Scan,
}

impl File {
    pub fn new(path: String, text: String) -> File {
        let (module, scan) =
            (module_of(path.strip_prefix("src/").unwrap_or(&path)), scan(&path, &text));
        File { path, text, module, test: false, scan }
    }
}

/// Files below `src`, parsed.
pub struct Tree {
    pub files: Vec<File>,
    modules: BTreeMap<Path, usize>,
}

/// One file uses something that another file defines.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    pub from: &'a File,
    pub to: &'a File,
    pub written: &'a Written,
}

/// Follows a chain of re-exports at most this far.
const MAX_REEXPORTS: usize = 8;

impl Tree {
    /// Parses files given as (path, text); paths begin with `src/`.
    pub fn new(sources: Vec<(String, String)>) -> Tree {
        let mut files: Vec<File> =
            sources.into_iter().map(|(path, text)| File::new(path, text)).collect();
        let declared: Vec<Declared> = files.iter().flat_map(declared).collect();
        for file in &mut files {
            let by_path = declared.iter().find(|module| module.file.as_ref() == Some(&file.path));
            if let Some(module) = by_path {
                file.module.clone_from(&module.path);
            }
            let mut tests = declared.iter().filter(|module| module.test);
            file.test = tests.any(|test| file.module.starts_with(&test.path));
        }
        let modules =
            files.iter().enumerate().map(|(at, file)| (file.module.clone(), at)).collect();
        Tree { files, modules }
    }

    pub fn planted(sources: &[(&str, &str)]) -> Tree {
        Tree::new(sources.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect())
    }

    /// All files outside test modules. What they mark as test code is still in their scan.
    pub fn product(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| !file.test)
    }

    /// Every path of product code that leads to another file of the crate.
    pub fn imports(&self) -> Vec<Import<'_>> {
        let of_file = |from| {
            let written = self.written(from).filter_map(move |written| {
                let to = self.target(&self.absolute(from, written)?)?;
                Some(Import { from, to, written })
            });
            written.filter(|import| import.from.module != import.to.module)
        };
        self.product().flat_map(of_file).collect()
    }

    /// The paths in a file's product code.
    pub fn written<'a>(&self, file: &'a File) -> impl Iterator<Item = &'a Written> + use<'a> {
        file.scan.paths.iter().filter(|written| !written.test)
    }

    /// A path with its first segment resolved, by the imports of its file too. A path into the
    /// crate begins with `crate`, any other with the name of an external crate.
    pub fn full(&self, file: &File, written: &Written) -> Path {
        match self.absolute(file, written) {
            Some(path) => std::iter::once("crate".to_string()).chain(path).collect(),
            None => match (&written.binds, imported(file, written)) {
                (None, Some(import)) => joined(&import.segments, &written.segments[1..]),
                _ => written.segments.clone(),
            },
        }
    }

    /// A path from the crate's root; None if it leads into another crate.
    fn absolute(&self, file: &File, written: &Written) -> Option<Path> {
        let mut base: Path = file.module.iter().chain(&written.within).cloned().collect();
        let mut rest = written.segments.as_slice();
        let first = rest.first()?;
        match first.as_str() {
            "crate" | "tenfold" => return Some(rest[1..].to_vec()),
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            _ => match imported(file, written).filter(|_| written.binds.is_none()) {
                Some(import) => {
                    let start = self.absolute(file, import)?;
                    return Some(joined(&start, &rest[1..]));
                }
                None if self.modules.contains_key(&joined(&base, &rest[..1])) => {}
                None => return None,
            },
        }
        Some(joined(&base, rest))
    }

    /// The file that defines what a path from the crate's root names.
    fn target(&self, path: &[String]) -> Option<&File> {
        self.defining(path, MAX_REEXPORTS).map(|at| &self.files[at])
    }

    fn defining(&self, path: &[String], depth: usize) -> Option<usize> {
        let longest =
            (0..=path.len()).rev().find(|end| self.modules.contains_key(&path[..*end]))?;
        let at = *self.modules.get(&path[..longest])?;
        let file = &self.files[at];
        let Some(name) = path.get(longest).filter(|_| depth > 0) else { return Some(at) };
        if file.scan.definitions.iter().any(|item| item.name == *name && item.within.is_empty()) {
            return Some(at);
        }
        let uses = || self.written(file).filter(|written| written.within.is_empty());
        let follow = |written: &Written, rest: &[String]| {
            let start = self.absolute(file, written)?;
            self.defining(&joined(&start, rest), depth - 1)
        };
        let named = uses().find(|written| written.binds.as_deref() == Some(name));
        if let Some(written) = named {
            return follow(written, &path[longest + 1..]).or(Some(at));
        }
        let globs = uses().filter(|written| written.binds.as_deref() == Some("*"));
        let defines = |found: &usize| {
            self.files[*found].scan.definitions.iter().any(|item| item.name == *name)
        };
        let by_glob = globs.filter_map(|written| follow(written, &path[longest..])).find(defines);
        by_glob.or(Some(at))
    }
}

/// The import that binds the first segment of a path.
fn imported<'a>(file: &'a File, written: &Written) -> Option<&'a Written> {
    let first = written.segments.first()?;
    let mut uses = file.scan.paths.iter().filter(|other| other.within == written.within);
    uses.find(|other| other.binds.as_ref() == Some(first) && !std::ptr::eq(*other, written))
}

fn joined(start: &[String], rest: &[String]) -> Path {
    start.iter().chain(rest).cloned().collect()
}

/// `kinds/ec2/mod.rs` is the module kinds::ec2, `lib.rs` the crate's root.
pub fn module_of(path: &str) -> Path {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut module: Path = path.split('/').map(str::to_string).collect();
    if module == ["lib"] || module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// A module that a `mod` item declares.
struct Declared {
    path: Path,
    /// The file that a `#[path]` attribute names.
    file: Option<String>,
    test: bool,
}

fn declared(file: &File) -> Vec<Declared> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let module = |module: &Module| Declared {
        path: joined(&file.module, std::slice::from_ref(&module.name)),
        file: module.path.as_ref().map(|path| format!("{folder}/{path}")),
        test: module.test,
    };
    file.scan.modules.iter().map(module).collect()
}

#[test]
fn resolves_paths_against_the_module_of_the_file() {
    let tree = Tree::planted(&[
        ("src/lib.rs", "mod a; mod b;"),
        ("src/b.rs", "pub struct B;"),
        ("src/a/mod.rs", "mod c; mod d; pub use d::Deep; use crate::b;"),
        ("src/a/c.rs", "use super::{Deep, d::{self, Other}};\nfn f() { crate::b::g(d::x()) }"),
        ("src/a/d.rs", "mod m { use super::super::super::b::B; }\nfn f() { vec![super::b::B] }"),
    ]);
    let show = |import: Import| {
        let Import { from, to, written } = import;
        format!("{}:{} {}", from.path, written.line, to.path)
    };
    let mut found: Vec<String> = tree.imports().into_iter().map(show).collect();
    found.sort();
    found.dedup();
    let expected = [
        "src/a/c.rs:1 src/a/d.rs",
        "src/a/c.rs:2 src/a/d.rs",
        "src/a/c.rs:2 src/b.rs",
        "src/a/d.rs:1 src/b.rs",
        "src/a/d.rs:2 src/b.rs",
        "src/a/mod.rs:1 src/a/d.rs",
        "src/a/mod.rs:1 src/b.rs",
    ];
    assert_eq!(found, expected);
}

#[test]
fn leaves_out_test_code_by_attribute() {
    let tree = Tree::planted(&[
        ("src/lib.rs", "mod a; mod b; #[cfg(test)] mod t; #[cfg(test)] #[path = \"p.rs\"] mod q;"),
        ("src/a.rs", "#[cfg(test)] use crate::b;\n#[test] fn t() { crate::b::f() }\nuse crate::b;"),
        ("src/b.rs", ""),
        ("src/t.rs", "use crate::a;"),
        ("src/p.rs", "use crate::a;"),
    ]);
    let lines: Vec<usize> = tree.imports().iter().map(|import| import.written.line).collect();
    assert_eq!(lines, [3]);
}
