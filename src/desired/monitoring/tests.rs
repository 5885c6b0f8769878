//! Alarms, queries and dashboard of a blueprint with every section that has alarms.
use crate::blueprint::monitoring::alarm_rules::rules;
use crate::blueprint::{Options, SourceFile, load};
use crate::cloud::Cloud;
use crate::desired::{desired, query};
use crate::kinds;
use crate::sandbox::{Sandbox, runtime};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const REGION: &str = "us-east-1";

const MONITORING: &str = "
monitoring:
  notify: [ops@example.com, https://example.com/hook]
  slo: { latency_p99: 400ms, error_rate: 2% }
  queries:
    failed: { from: services.api, query: 'filter x = 1' }
";

const SECTIONS: &str = "
load_balancers:
  main: {}
services:
  api:
    port: 80
    routes: [{ load_balancer: main, paths: [/*] }]
    scale: { min: 2, max: 9 }
    alarms: { at_max: false, cpu: { threshold: 70%, for: 3m, severity: page } }
    metrics:
      checkout-failed: { match: '{ $.event = \"x\" }', alarm: { threshold: 20/5m, severity: page } }
caches:
  hot: { shards: 2, replicas: 1 }
databases:
  ledger: { version: '17', instance: r7g.large, storage: 400GiB, replicas: 1 }
queues:
  orders: {}
rate_limits:
  public: { to: main }
cdn:
  edge: { routes: [{ paths: [/*], to: load_balancers.main }] }
";

/// The specs of all resources that the sections and `monitoring` expand to, by id.
fn expand(monitoring: &str) -> BTreeMap<String, Value> {
    let text = format!("stack: shop\nregion: {REGION}\n{SECTIONS}{monitoring}");
    let blueprint = load(&[SourceFile::new("shop.yaml", text)], &Options::default())
        .unwrap_or_else(|errors| panic!("{}", errors.to_text(false)));
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(&folder.path().join("sandbox.json"), REGION).unwrap();
    let facts = runtime().unwrap().block_on(sandbox.facts(&query(&blueprint))).unwrap();
    let resources = desired(&blueprint, &facts, kinds::registry())
        .unwrap_or_else(|errors| panic!("{}", errors.to_text(false)));
    resources.into_iter().map(|resource| (resource.id.to_string(), resource.spec)).collect()
}

/// The kinds that only monitoring adds.
const OWN_KINDS: &[&str] =
    &["alarm", "composite-alarm", "dashboard", "key", "metric-filter", "topic"];

fn kind(id: &str) -> &str {
    id.split_once('.').map_or(id, |(kind, _)| kind)
}

#[test]
fn without_monitoring_nothing_is_watched() {
    let found = expand("");
    assert!(found.len() > 50);
    assert!(found.keys().all(|id| !OWN_KINDS.contains(&kind(id))), "{:?}", found.keys());
}

#[test]
fn every_rule_has_a_name_in_blueprints() {
    let found = expand(MONITORING);
    let alarms = found.keys().filter(|id| id.starts_with("alarm."));
    let alarms: BTreeSet<&str> = alarms.map(|id| id.split_once('.').unwrap().1).collect();
    let sections = [
        ("load_balancers", "load-balancer-main"),
        ("services", "service-api"),
        ("caches", "cache-hot-0001"),
        ("databases", "database-ledger-s000"),
        ("queues", "queue-orders"),
        ("cdn", "cdn-edge"),
        ("rate_limits", "api-public"),
    ];
    for (section, prefix) in sections {
        for (rule, _) in rules(section) {
            let rule = rule.replace('_', "-");
            let off = section == "services" && rule == "at-max";
            let ends = |id: &&&str| id.starts_with(prefix) && id.ends_with(&rule);
            assert_eq!(alarms.iter().find(ends).is_none(), off, "{section} {rule} in {alarms:?}");
        }
    }
    let known: usize = sections.iter().map(|(section, _)| rules(section).len()).sum();
    let names: BTreeSet<String> = sections
        .iter()
        .flat_map(|(section, _)| rules(section).iter().map(|(rule, _)| rule.replace('_', "-")))
        .collect();
    assert!(known > 30);
    for alarm in alarms.iter().filter(|id| !id.starts_with("nat-") && !id.starts_with("metric-")) {
        assert!(names.iter().any(|rule| alarm.ends_with(rule.as_str())), "{alarm}");
    }
}

#[test]
fn thresholds_come_from_the_slo_the_component_or_the_rule() {
    let found = expand(MONITORING);
    assert_eq!(found["alarm.load-balancer-main-latency-p99"]["Threshold"], 0.4);
    assert_eq!(found["alarm.load-balancer-main-target-error-rate"]["Threshold"], 2.0);
    let cpu = &found["alarm.service-api-cpu"];
    assert_eq!((&cpu["Threshold"], &cpu["EvaluationPeriods"]), (&json!(70.0), &json!(3)));
    assert!(cpu.get("AlarmActions").is_none(), "a page goes through the composite alarm: {cpu}");
    let connections = &found["alarm.database-ledger-s000-connections"];
    assert_eq!(connections["Threshold"], 1441.6);
    let storage = found["alarm.database-ledger-s000-free-storage"]["Threshold"].as_f64().unwrap();
    assert!((storage / 1_073_741_824.0 - 40.0).abs() < 1e-6, "{storage}");
    let counted = &found["alarm.metric-api-checkout-failed"];
    assert_eq!((&counted["Threshold"], &counted["Period"]), (&json!(20.0), &json!(300)));
}

#[test]
fn pages_go_through_the_composite_alarm_and_tickets_to_the_topic() {
    let found = expand(MONITORING);
    let composite = &found["composite-alarm.user-impact"];
    let rule = composite["AlarmRule"].as_str().unwrap();
    for alarm in
        ["service-api-main-no-healthy-hosts", "metric-api-checkout-failed", "service-api-cpu"]
    {
        assert!(rule.contains(&format!("ALARM(\"${{alarm.{alarm}.arn}}\")")), "{rule}");
    }
    assert!(!rule.contains("unhealthy"), "{rule}");
    let topic = json!(["${topic.alerts.arn}"]);
    assert_eq!(composite["AlarmActions"], topic);
    assert_eq!(found["alarm.cache-hot-0001-memory"]["AlarmActions"], topic);
    assert!(found.contains_key("subscription.email-ops-example-com"));
    assert!(found.contains_key("subscription.https-https-example-com-hook"));
}

#[test]
fn nodes_of_a_shard_share_an_alarm() {
    let found = expand(MONITORING);
    let memory = found["alarm.cache-hot-0002-memory"]["Metrics"].as_array().unwrap();
    let expression = memory.iter().find_map(|query| query.get("Expression")).unwrap();
    assert_eq!(expression, "MAX([nodes0, nodes1])");
    let node = &memory[0]["MetricStat"]["Metric"]["Dimensions"][0]["Value"];
    assert_eq!(node, "${replication-group.hot.name}-0002-001");
    let hits = found["alarm.cache-hot-0001-hit-rate"]["Metrics"].to_string();
    assert!(hits.contains("100 * SUM([hits0, hits1])"), "{hits}");
}

#[test]
fn foreign_topics_need_no_topic_of_the_stack() {
    let found = expand("monitoring: { notify: [\"arn:aws:sns:us-east-1:111122223333:pager\"] }\n");
    assert!(!found.keys().any(|id| id.starts_with("topic.") || id.starts_with("key.")));
    let actions = &found["composite-alarm.user-impact"]["AlarmActions"];
    assert_eq!(actions, &json!(["arn:aws:sns:us-east-1:111122223333:pager"]));
}

#[test]
fn specs_fit_their_kinds_and_widgets_the_grid() {
    let found = expand(MONITORING);
    for (id, spec) in &found {
        let fits = kinds::registry().get(kind(id)).check(spec);
        fits.unwrap_or_else(|error| panic!("{id}: {error}"));
    }
    let body: Value =
        serde_json::from_str(found["dashboard.main"]["DashboardBody"].as_str().unwrap()).unwrap();
    let widgets = body["widgets"].as_array().unwrap();
    assert!(widgets.len() > 15, "{}", widgets.len());
    for widget in widgets {
        let (x, width) = (widget["x"].as_u64().unwrap(), widget["width"].as_u64().unwrap());
        assert!(x + width <= 24, "{widget}");
    }
    let text = body.to_string();
    assert!(text.contains("${load-balancer.main.full_name}"), "{text}");
}

#[test]
fn built_in_queries_read_the_logs_that_exist() {
    let found = expand(MONITORING);
    let queries = found.keys().filter_map(|id| id.strip_prefix("query-definition."));
    let queries: Vec<&str> = queries.collect();
    let wanted = [
        "api-calls-by-key",
        "api-top-talkers",
        "errors",
        "failed",
        "failures-by-instance",
        "latency-by-route",
        "slow-commands",
        "slow-statements",
        "slowest-requests",
    ];
    assert_eq!(queries, wanted);
    let groups = &found["query-definition.failed"]["LogGroupNames"];
    assert_eq!(groups, &json!(["${log-group.api.name}"]));
}
