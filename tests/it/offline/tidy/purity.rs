//! The core is pure: what it returns follows from its arguments alone.
use super::scan::Name;
use super::tree::{File, Tree};
use super::{refused, tree};

/// The modules of the core. Kinds belong to it except for what calls AWS.
const PURE: &[&str] = &[
    "blueprint",
    "desired",
    "diagnostic",
    "facts",
    "graph",
    "names",
    "plan",
    "policy",
    "reference",
    "render",
    "resource",
    "shards",
    "spec",
    "suggest",
    "tags",
];

/// What reads a clock, a file, the network or the environment, or runs other code meanwhile.
const IMPURE: &[&str] = &[
    "crate::aws",
    "fastrand",
    "std::env",
    "std::fs",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "tempfile",
    "tokio",
    "tracing",
];

const IMPURE_MACROS: &[&str] = &["print", "println", "eprint", "eprintln"];

const REMEDY: &str = "the core is pure; pass the value in, or move the code to aws, engine or cli";

fn is_pure(file: &File) -> bool {
    let module: Vec<&str> = file.module.iter().map(String::as_str).collect();
    match module.as_slice() {
        ["kinds", "cloud" | "contract", ..] => false,
        ["kinds", rest @ ..] => !rest.contains(&"calls"),
        [first, ..] => PURE.contains(first),
        [] => false,
    }
}

fn offences(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    for file in tree.product().filter(|file| is_pure(file)) {
        let mut offence = |line: usize, what: &str| {
            offences.push(format!("{}:{line}: `{what}`: {REMEDY}", file.path));
        };
        for written in tree.written(file) {
            let path = tree.full(file, written).join("::");
            let below = |of: &str| {
                path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            if path.starts_with("aws_") || IMPURE.iter().any(|of| below(of)) {
                offence(written.line, &path);
            }
        }
        let product = |name: &&Name| !name.test;
        let macros = file.scan.macros.iter().filter(product);
        for name in macros.filter(|name| IMPURE_MACROS.contains(&name.text.as_str())) {
            offence(name.line, &format!("{}!", name.text));
        }
        for name in file.scan.asyncs.iter().filter(product) {
            offence(name.line, &name.text);
        }
    }
    offences
}

#[test]
fn core_is_pure() {
    refused(offences(tree()));
}

#[test]
fn refuses_planted_impurity() {
    let impure = [
        "use std::{fmt, time::{Duration, Instant}};",
        "use std::fs as files;",
        "fn f() { std::env::var(\"HOME\"); }",
        "use std::time;\nfn f() -> time::SystemTime { time::SystemTime::now() }",
        "fn f() { vec![fastrand::u8(..)] }",
        "async fn f() {}",
        "fn f() { let g = async || 1; }",
        "fn f() { println!() }",
        "use aws_sdk_ec2::types::Vpc;",
        "#[cfg(test)] mod t {}\nuse tokio::sync::watch;",
    ];
    for text in impure {
        for path in ["src/plan/diff.rs", "src/names.rs", "src/kinds/ec2/vpc/mod.rs"] {
            assert!(!offences(&Tree::planted(&[(path, text)])).is_empty(), "{path}: {text}");
        }
        for path in ["src/cli/plan.rs", "src/kinds/ec2/calls.rs", "src/kinds/waf/ip_set/calls/a.rs"]
        {
            assert!(offences(&Tree::planted(&[(path, text)])).is_empty(), "{path}: {text}");
        }
    }
    let pure = "/// println! std::fs\nuse std::net::Ipv4Addr;\n#[cfg(test)] use std::fs;\n#[test] fn t() { println!() }";
    assert_eq!(offences(&Tree::planted(&[("src/plan/diff.rs", pure)])), Vec::<String>::new());
}
