//! Only the executor, the engine and the call path wait, and every wait has a limit.
use super::scan::Call;
use super::tree::{File, Tree};
use super::{everything, refused, tree};

/// Where waiting belongs.
const WAITING: &[&str] = &["src/exec/", "src/engine/", "src/aws/call.rs"];

/// What else waits, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("src/actions/", "polls what an action started, with the executor's backoff"),
    ("src/aws/pace.rs", "delays a call until it is within AWS's request rate"),
    ("src/kinds/cloud.rs", "implements Cloud::pause for AWS"),
    ("src/sandbox/cloud.rs", "implements Cloud::pause on the sandbox's clock"),
];

/// The type that limits a repeated wait.
const BACKOFF: &str = "Backoff";

/// Files that repeat a wait without a backoff, with the constant that limits it.
const OTHER_LIMITS: &[(&str, &str)] = &[("src/aws/call.rs", "ATTEMPTS")];

const SLEEPS: &[&str] = &[
    "std::thread::park",
    "std::thread::sleep",
    "tokio::time::interval",
    "tokio::time::interval_at",
    "tokio::time::sleep",
    "tokio::time::sleep_until",
];

fn waits(call: &&Call) -> bool {
    ["pause", "sleep", "sleep_until"].contains(&call.name.as_str())
}

/// Waits outside the rooms that may wait.
fn misplaced(tree: &Tree) -> Vec<String> {
    let may_wait = |file: &&File| {
        let exceptions = EXCEPTIONS.iter().map(|(path, _)| path);
        WAITING.iter().chain(exceptions).any(|path| file.path.starts_with(path))
    };
    let mut offences = Vec::new();
    for file in tree.product().filter(|file| !may_wait(file)) {
        let calls = file.scan.calls.iter().filter(|call| !call.test).filter(waits);
        let calls = calls.map(|call| (call.line, call.name.clone()));
        let paths = tree.written(file).map(|path| (path.line, tree.full(file, path).join("::")));
        let sleeps = paths.filter(|(_, path)| SLEEPS.contains(&path.as_str()));
        offences.extend(calls.chain(sleeps).map(|(line, name)| {
            format!("{}:{line}: `{name}`: only the executor, the engine and src/aws/call.rs wait; move the wait there", file.path)
        }));
    }
    offences
}

/// Waits that `loop` or `while` repeats in a file without a limit.
fn unlimited(tree: &Tree) -> Vec<String> {
    let limited = |file: &&File| {
        let other = OTHER_LIMITS.iter().find(|(path, _)| *path == file.path);
        let limit = other.map_or(BACKOFF, |(_, limit)| limit);
        file.text.contains(limit)
    };
    let mut offences = Vec::new();
    for file in tree.product().filter(|file| !limited(file)) {
        let repeated = file.scan.calls.iter().filter(|call| !call.test && call.in_loop);
        offences.extend(repeated.filter(waits).map(|call| {
            format!(
                "{}:{}: `{}` in a loop without a limit; use {BACKOFF}",
                file.path, call.line, call.name
            )
        }));
    }
    offences
}

/// Async calls in tests that `loop` or `while` repeats: if they never succeed, the test hangs.
fn endless_tests<'a>(files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let mut offences = Vec::new();
    for file in files {
        let in_test = |call: &Call| call.test || file.test || file.path.starts_with("tests/");
        let calls = file.scan.calls.iter();
        let endless = calls.filter(|call| call.in_loop && call.name == "await" && in_test(call));
        offences.extend(endless.map(|call| {
            let (path, line) = (&file.path, call.line);
            format!(
                "{path}:{line}: awaits in a loop without a limit; use `for _ in 0..n`, then fail"
            )
        }));
    }
    offences
}

#[test]
fn only_executor_engine_and_call_path_wait() {
    refused(misplaced(tree()));
}

#[test]
fn repeated_waits_have_a_limit() {
    refused(unlimited(tree()));
}

#[test]
fn tests_cannot_hang() {
    refused(endless_tests(everything()));
}

#[test]
fn refuses_planted_wait() {
    let waits = [
        "async fn f(cloud: &dyn Cloud) { cloud.pause(1.0).await }",
        "use tokio::time;\nasync fn f() { time::sleep(s).await }",
        "use tokio::time::{Duration, sleep as nap};\nasync fn f() { nap(s).await }",
        "fn f() { std::thread::sleep(s) }",
        "#[cfg(test)] mod t {}\nasync fn f() { tokio::select! { () = cloud.pause(1.0) => {} } }",
    ];
    for text in waits {
        for path in ["src/kinds/ec2/vpc/calls.rs", "src/cli/logs.rs", "src/aws/connect.rs"] {
            assert!(!misplaced(&Tree::planted(&[(path, text)])).is_empty(), "{path}: {text}");
        }
        let tree = Tree::planted(&[("src/exec/wait.rs", text)]);
        assert_eq!(misplaced(&tree), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn refuses_planted_wait_without_a_limit() {
    let endless = "async fn f() { loop { tokio::select! { () = cloud.pause(1.0) => {} } } }";
    assert_eq!(unlimited(&Tree::planted(&[("src/engine/a.rs", endless)])).len(), 1);
    for text in [
        "async fn f() { for pause_s in PAUSES_S { cloud.pause(pause_s).await } }",
        "async fn f(backoff: Backoff) { while let Some(s) = backoff.pause_s() { cloud.pause(s).await } }",
    ] {
        assert_eq!(unlimited(&Tree::planted(&[("src/engine/a.rs", text)])), Vec::<String>::new());
    }
}

#[test]
fn refuses_planted_test_that_can_hang() {
    let found =
        |text: &str| endless_tests([File::new("tests/it/a.rs".into(), text.into())].iter()).len();
    assert_eq!(found("async fn f() { while plan().await.is_empty() {} }"), 1);
    assert_eq!(found("async fn f() { for _ in 0..8 { plan().await } }"), 0);
}
