//! LocalStack for the tests: one for all, started on first use and ended with the test run. Each
//! test has an account of its own, so that they run side by side.
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use tenfold::aws::{Options, connect};
use tenfold::cloud::Cloud;
use tenfold::exec::{self, Interrupt, Outcome};
use tenfold::graph::Graph;
use tenfold::kinds::cloud::AwsCloud;
use tenfold::plan::steps::steps;
use tenfold::plan::{Plan, PlanOptions, plan};
use tenfold::resource::{Id, Observation, Resource, observed};
use tenfold::{engine, kinds};

pub const REGION: &str = "us-east-1";

/// Where every request of the run is recorded, for botocore to judge.
pub fn record() -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("requests.jsonl")
}

/// A script of `localstack/`; how its Python is found is that folder's business.
pub fn script(name: &str) -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("localstack").join(name))
}

/// The address of the one LocalStack of this run.
///
/// # Panics
/// When it cannot be started, with what the script said: a test that cannot run has failed.
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

/// By how many calls reads lag: by so many that whoever takes what it is told for the truth is wrong.
fn lag(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| "3".into())
}

/// An account that nobody else uses.
pub fn account() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:012}", 100_000_000_000 + NEXT.fetch_add(1, Ordering::Relaxed))
}

pub async fn cloud(account: &str) -> AwsCloud {
    let options = Options {
        region: REGION.into(),
        endpoint: Some(endpoint().into()),
        emulator_key: Some(account.into()),
        ..Options::default()
    };
    AwsCloud::new(connect(&options).await.expect("LocalStack answers"))
}

/// A stack in a cloud, as the verbs drive it.
pub struct Stack<'a> {
    pub cloud: &'a dyn Cloud,
    pub name: &'a str,
    /// The kinds to look at, where a test knows which there can be; else all.
    pub only: Option<BTreeSet<String>>,
}

impl Stack<'_> {
    pub async fn observe(&self) -> Observation {
        let Some(only) = &self.only else {
            return self.cloud.observe(self.name).await.expect("the stack can be observed");
        };
        let lists = only.iter().map(|kind| self.cloud.list(self.name, kind));
        let found = futures::future::try_join_all(lists).await.expect("the kinds can be listed");
        observed(found.into_iter().flatten())
    }

    pub async fn plan(&self, wanted: &Graph<Id, Resource>, ask: &PlanOptions) -> Plan {
        plan(self.name, wanted, &self.observe().await, ask, kinds::registry())
    }

    /// Runs a plan to its end; whatever failed is an error by its own words.
    pub async fn run(&self, plan: &Plan) -> Result<Outcome, String> {
        let steps =
            steps(plan, kinds::registry()).map_err(|cycle| format!("a cycle: {cycle:?}"))?;
        let (_ask, interrupt) = tokio::sync::watch::channel(Interrupt::None);
        let known = exec::known_outputs(plan);
        let options = exec::Options::default();
        let (cloud, stack) = (self.cloud, self.name);
        let outcome = exec::run(steps, known, cloud, stack, options, interrupt, &mut |_| ()).await;
        let unseen =
            engine::consistency::wait_until_visible(plan, &outcome.done, cloud, kinds::registry())
                .await;
        let failed = outcome.failed.iter().map(|(key, error)| format!("{key}: {error}"));
        let unseen = unseen.iter().map(|key| format!("{key} is done, and not to be seen"));
        let wrong: Vec<String> = failed.chain(unseen).collect();
        if outcome.is_complete() && wrong.is_empty() { Ok(outcome) } else { Err(wrong.join("\n")) }
    }
}

/// Every request of an account so far, a line each.
pub fn requests_of(account: &str) -> Vec<String> {
    let all = std::fs::read_to_string(record()).expect("requests were recorded");
    let own = format!("\"account\":\"{account}\"");
    all.lines().filter(|line| line.contains(&own)).map(str::to_string).collect()
}

/// Holds every request of an account so far against botocore's service models.
///
/// # Panics
/// With each violation, or where there was no request at all.
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
