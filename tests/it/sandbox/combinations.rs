//! Any subset of the techniques, with any settings: a blueprint is refused with a reason at a line,
//! or its stack is created in the sandbox, has an empty plan, and is destroyed.
use crate::support::REGION;
use crate::support::testing::property_test;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::path::Path;
use tenfold::blueprint::{self, Blueprint, Options, SourceFile};
use tenfold::diagnostic::Diagnostics;
use tenfold::engine::{self, Control, Engine, Planned};
use tenfold::kinds;
use tenfold::plan::{Action, Data, PlanOptions, finding};
use tenfold::sandbox::{Sandbox, runtime};

/// The line of a section, if one is drawn.
type Line = Option<String>;

/// A drawn stack: its sections as text.
#[derive(Debug, Clone)]
struct Drawn {
    preset: &'static str,
    cdn: Line,
    rate_limits: Line,
    load_balancers: Line,
    services: Vec<String>,
    caches: Line,
    databases: Line,
    queues: Line,
    buckets: Line,
    secrets: Line,
    monitoring: Line,
    domain: bool,
    nat: &'static str,
}

impl Drawn {
    fn yaml(&self) -> String {
        let mut text = format!("stack: drawn\nregion: {REGION}\npreset: {}\n", self.preset);
        if self.domain {
            text.push_str("domain: api.example.com\n");
        }
        text.push_str(&format!("network: {{ nat: {}, zones: 2 }}\n", self.nat));
        let sections = [
            ("cdn", &self.cdn),
            ("rate_limits", &self.rate_limits),
            ("load_balancers", &self.load_balancers),
            ("caches", &self.caches),
            ("databases", &self.databases),
            ("queues", &self.queues),
            ("buckets", &self.buckets),
            ("secrets", &self.secrets),
        ];
        for (section, line) in sections {
            if let Some(line) = line {
                text.push_str(&format!("{section}:\n  {line}\n"));
            }
        }
        if !self.services.is_empty() {
            text.push_str("services:\n");
            self.services.iter().for_each(|service| text.push_str(&format!("  {service}\n")));
        }
        if let Some(monitoring) = &self.monitoring {
            text.push_str(&format!("monitoring: {monitoring}\n"));
        }
        text
    }
}

/// One of these lines, or none.
fn some_of(lines: &'static [&'static str]) -> impl Strategy<Value = Line> {
    prop_oneof![1 => Just(None), 2 => select(lines).prop_map(|line| Some(line.to_string()))]
}

const BALANCERS: &[&str] = &[
    "main: {}",
    "main: { scheme: internet-facing, insecure: true }",
    "main: { scheme: internet-facing }",
    "main: { scheme: internet-facing, insecure: true, access_logs: false, idle_timeout: 90s }",
    "main: { scheme: internet-facing, insecure: true, allow: [203.0.113.0/24] }",
    "main: { scheme: internet-facing, domain: origin.example.com }",
];

const CDNS: &[&str] = &[
    "edge: { routes: [{ paths: [/*], to: load_balancers.main }] }",
    "edge: { routes: [{ paths: [/*], to: buckets.files }] }",
    "edge: { routes: [{ paths: [/*], to: rate_limits.public }, { paths: [/files/*], to: buckets.files, cache: { ttl: 1h } }] }",
    "edge: { routes: [{ paths: [/*], to: load_balancers.main }, { paths: [/v1/list/*], to: load_balancers.main, cache: { ttl: 60s, query: [page] } }] }",
];

const APIS: &[&str] = &[
    "public: { to: load_balancers.main, rate: 100/s, burst: 50, routes: [{ paths: [/v1/*] }] }",
    "public: { to: load_balancers.main, rate: 100/s, routes: [{ paths: [/v1/*], key: false }], firewall: { limits: { per-ip: { per: ip, rate: 2000/5m } } } }",
    "public: { to: load_balancers.main, rate: 500/s, routes: [{ paths: [/v1/*] }], tiers: { free: { rate: 5/s, quota: 10k/day }, paid: { rate: 50/s } }, keys: { one: free, two: paid } }",
    "public: { firewall: { limits: { per-ip: { per: ip, rate: 2000/5m } } } }",
    "public: { to: load_balancers.main, rate: 10/s, routes: [{ paths: [/v1/*] }], tiers: { free: { rate: 50/s } }, keys: { one: free } }",
];

const CACHES: &[&str] = &[
    "hot: {}",
    "hot: { instance: r7g.large, shards: 2, replicas: 1 }",
    "hot: { instance: t4g.small, shards: 1, replicas: 0 }",
];

const DATABASES: &[&str] = &[
    "main: { version: \"17\", instance: m7g.large, storage: 100GiB }",
    "main: { version: \"17\", instance: r7g.large, shards: 2, shard_key: tenant, replicas: 1, storage: 400GiB }",
    "main: { version: \"17\", instance: r7g.large, shards: { s000: {}, s001: { weight: 2 } }, shard_key: tenant, replicas: 0, storage: 400GiB }",
];

const QUEUES: &[&str] = &[
    "jobs: {}",
    "jobs: { visibility: 60s, dead_letter: { after: 3 } }",
    "jobs: { visibility: 10m, dead_letter: false }",
    "jobs: { fifo: true, visibility: 2m }",
];

const BUCKETS: &[&str] = &["files: {}", "files: { expire: 30d }", "files: { versioning: true }"];

const MONITORING: &[&str] = &[
    "{ notify: [ops@example.com] }",
    "{ notify: [ops@example.com], slo: { latency_p99: 500ms, error_rate: 1% }, log_retention: 30d, dashboard: true }",
];

const USES: &[&str] = &[
    "caches.hot",
    "databases.main",
    "queues.jobs",
    "buckets.files",
    "{ to: databases.main, pool: 2, access: read }",
];

fn service() -> impl Strategy<Value = String> {
    let uses = proptest::collection::btree_set(select(USES), 0..4);
    (uses, any::<bool>(), any::<bool>(), 0..3_u32, 1..9_u32).prop_map(
        |(uses, routed, secret, min, more)| {
            let uses: Vec<&str> = uses.into_iter().collect();
            let route = match routed {
                true => "port: 8080, routes: [{ load_balancer: main, paths: [/v1/*] }], ",
                false => "",
            };
            let secret = if secret { "secrets: { KEY: session }, " } else { "" };
            let max = min + more;
            format!(
                "api: {{ {route}{secret}uses: [{}], scale: {{ min: {min}, max: {max} }} }}",
                uses.join(", ")
            )
        },
    )
}

fn worker() -> impl Strategy<Value = String> {
    (select(&[0_u32, 1, 2][..]), select(&["5s", "30s", "20m"][..]), any::<bool>()).prop_map(
        |(min, within, spot)| {
            let spot = if spot { "spot: { share: 50% }, " } else { "" };
            format!(
                "worker: {{ {spot}consumes: {{ jobs: {{ within: {within}, handler_time: 250ms, concurrency: 4 }} }}, scale: {{ min: {min}, max: 4 }} }}"
            )
        },
    )
}

fn services() -> impl Strategy<Value = Vec<String>> {
    (proptest::option::of(service()), proptest::option::of(worker()))
        .prop_map(|(api, worker)| api.into_iter().chain(worker).collect())
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let data = (
        some_of(CACHES),
        some_of(DATABASES),
        some_of(QUEUES),
        some_of(BUCKETS),
        some_of(&["session: { generate: 48 }"]),
    );
    let entry_points = (some_of(CDNS), some_of(APIS), some_of(BALANCERS), any::<bool>());
    let rest = (
        select(&["prod", "dev"][..]),
        services(),
        some_of(MONITORING),
        select(&["per_zone", "single", "none"][..]),
    );
    (data, entry_points, rest).prop_map(|(data, entry_points, rest)| {
        let (caches, databases, queues, buckets, secrets) = data;
        let (cdn, rate_limits, load_balancers, domain) = entry_points;
        let (preset, services, monitoring, nat) = rest;
        Drawn {
            preset,
            cdn,
            rate_limits,
            load_balancers,
            services,
            caches,
            databases,
            queues,
            buckets,
            secrets,
            monitoring,
            domain,
            nat,
        }
    })
}

fn load(text: &str) -> Result<Blueprint, Diagnostics> {
    blueprint::load(&[SourceFile::new("drawn.yaml", text)], &Options::default())
}

/// Applies a plan that has no errors.
async fn apply(engine: Engine<'_>, planned: &Planned) {
    let errors = planned.findings.iter().filter(|f| f.severity == finding::Severity::Error);
    assert_eq!(errors.count(), 0, "{:?}", planned.findings);
    let steps = engine.steps(&planned.plan).unwrap();
    let applied = engine.apply(&planned.plan, steps, Control::default()).await;
    assert!(applied.outcome.is_complete(), "{:?}", applied.outcome.failed);
    assert!(applied.not_visible.is_empty(), "{:?}", applied.not_visible);
}

/// The result of trying a blueprint.
#[derive(Debug, PartialEq)]
enum Became {
    Refused,
    Stack { resources: usize },
}

fn refused(reports: &Diagnostics) -> Became {
    let text = reports.to_text(false);
    assert!(reports.has_errors(), "{text}");
    // Every error names a line of the blueprint, and has a help text.
    for error in text.split("\n\n").filter(|part| part.contains("error[")) {
        let first = error.trim_start().lines().next().unwrap_or_default();
        let place = first.strip_prefix("drawn.yaml:");
        let line = place.and_then(|rest| rest.split(':').next()).map(str::parse::<u32>);
        assert!(matches!(line, Some(Ok(_))), "{first}\n{text}");
        assert!(error.contains("help:"), "{error}");
    }
    Became::Refused
}

async fn up_and_down(blueprint: &Blueprint, folder: &Path) -> Became {
    let sandbox = Sandbox::open(&folder.join("sandbox.json"), REGION).unwrap();
    let engine = Engine::new(&sandbox, kinds::registry());
    let stack = blueprint.stack.as_str();
    let plan = async |options: &PlanOptions| engine.plan(stack, Some(blueprint), options).await;
    let ask = PlanOptions::default();
    let up = match plan(&ask).await {
        Ok(planned) => planned,
        Err(engine::Error::Blueprint(reports)) => return refused(&reports),
        Err(error) => panic!("{error}"),
    };
    apply(engine, &up).await;
    let left = plan(&ask).await.unwrap().plan;
    let differs: Vec<_> = left.effective().map(|c| (&c.id, c.action, &c.properties)).collect();
    assert!(differs.is_empty(), "after apply: {differs:?}");
    let data = Data { all: true, named: Default::default() };
    let down = PlanOptions { destroy: true, data, ..PlanOptions::default() };
    let down = plan(&down).await.unwrap();
    assert_eq!(down.plan.count(Action::Delete), down.plan.changes.len());
    apply(engine, &down).await;
    let observation = engine.observe(stack).await.unwrap();
    assert!(observation.is_empty(), "{:?}", observation.keys());
    Became::Stack { resources: up.plan.changes.len() }
}

fn tried(text: &str) -> Became {
    let blueprint = match load(text) {
        Ok(blueprint) => blueprint,
        Err(reports) => return refused(&reports),
    };
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(up_and_down(&blueprint, folder.path()))
}

proptest! {
    #![proptest_config(property_test(96))]

    #[test]
    fn any_combination_is_created_and_destroyed_or_refused_at_a_line(drawn in drawn()) {
        tried(&drawn.yaml());
    }

    /// A section may refer to something that is missing.
    #[test]
    fn a_blueprint_without_any_one_line_is_created_or_refused_at_a_line(drawn in drawn(), cut in any::<Index>()) {
        let text = drawn.yaml();
        let lines: Vec<&str> = text.lines().collect();
        let without = cut.index(lines.len());
        let rest: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| *at != without).map(|(_, line)| *line).collect();
        tried(&rest.join("\n"));
    }
}

/// Otherwise the properties above would check nothing.
#[test]
fn generator_draws_valid_and_invalid_blueprints() {
    let all = "edge: { routes: [{ paths: [/*], to: buckets.files }] }";
    let good = format!("stack: drawn\nregion: {REGION}\ncdn:\n  {all}\nbuckets:\n  files: {{}}\n");
    assert!(matches!(tried(&good), Became::Stack { resources } if resources > 2));
    let public = "stack: drawn\nregion: us-east-1\nnetwork: {}\n\
        cdn:\n  edge: { routes: [{ paths: [/v1/*, /*], to: load_balancers.main }] }\n\
        load_balancers:\n  main: { scheme: internet-facing, insecure: true }\n\
        services:\n  api: { port: 8080, routes: [{ load_balancer: main, paths: [/v1/*] }] }\n";
    assert!(matches!(tried(public), Became::Stack { resources } if resources > 20));
    let bad = format!("stack: drawn\nregion: {REGION}\ncdn:\n  {all}\n");
    assert_eq!(tried(&bad), Became::Refused);
}
