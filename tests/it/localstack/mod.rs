//! Tests against LocalStack. The first test starts one LocalStack for all, which ends with the test
//! run. Each test has a dedicated account, so that tests run in parallel.
mod account;
mod conformance;
mod fixture;
mod given;
mod namesakes;
mod rotation;
mod shard_clients;
mod sharding;
mod shell;
mod techniques;
mod templates;
mod web;

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use tenfold::aws::{Aws, Fault, Options, connect};
use tenfold::kinds::cloud::AwsCloud;

pub const REGION: &str = "us-east-1";

/// The file that records every request of the run, for botocore to validate.
pub fn record() -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("requests.jsonl")
}

/// A script of `localstack/`, which finds its Python environment itself.
pub fn script(name: &str) -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("localstack").join(name))
}

/// The endpoint of this run's LocalStack.
///
/// # Panics
/// LocalStack cannot be started: a test that cannot run has failed.
pub fn endpoint() -> &'static str {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    ENDPOINT.get_or_init(|| {
        let _ = std::fs::remove_file(record());
        let up = script("up")
            .args(["--port", "0", "--while", &std::process::id().to_string()])
            .env("TENFOLD_LS_RECORD", record())
            .env("TENFOLD_LS_READ_LAG", lag("TENFOLD_LS_READ_LAG"))
            .env("TENFOLD_LS_TAG_LAG", lag("TENFOLD_LS_TAG_LAG"))
            .output()
            .expect("localstack/up can be run");
        let said = String::from_utf8_lossy(&up.stderr);
        assert!(up.status.success(), "localstack/up failed:\n{said}");
        String::from_utf8_lossy(&up.stdout).trim().to_string()
    })
}

/// By how many calls reads lag: far enough that code which trusts a single read fails.
fn lag(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| "3".into())
}

/// An account that no other test uses.
pub fn account() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:012}", 100_000_000_000 + NEXT.fetch_add(1, Ordering::Relaxed))
}

pub async fn cloud(account: &str) -> AwsCloud {
    AwsCloud::new(connected(account, Vec::new()).await)
}

/// A connection to LocalStack, with faults in chosen calls.
pub async fn connected(account: &str, faults: Vec<Fault>) -> Aws {
    let options = Options {
        region: REGION.into(),
        endpoint: Some(endpoint().into()),
        emulator_key: Some(account.into()),
        faults,
        ..Options::default()
    };
    connect(&options).await.expect("LocalStack answers")
}

/// The requests of an account so far, one line each.
pub fn requests_of(account: &str) -> Vec<String> {
    let all = std::fs::read_to_string(record()).expect("requests were recorded");
    let own = format!("\"account\":\"{account}\"");
    all.lines().filter(|line| line.contains(&own)).map(str::to_string).collect()
}

/// Validates the requests of an account so far against botocore's service models.
///
/// # Panics
/// A request is invalid, or there was none.
pub fn requests_are_valid(account: &str) {
    let lines = requests_of(account);
    assert!(!lines.is_empty(), "no request of account {account} was recorded");
    let file = record().with_file_name(format!("requests-{account}.jsonl"));
    std::fs::write(&file, lines.join("\n") + "\n").expect("a file of the requests");
    let check = script("python")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("localstack/check_requests.py"))
        .arg(&file)
        .output()
        .expect("the check runs");
    let said = String::from_utf8_lossy(&check.stdout);
    assert!(check.status.success(), "{said}");
}
