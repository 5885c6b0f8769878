//! Alarms of what other sections make, from resources as they make them.
use super::expand;
use crate::blueprint::monitoring::alarm_rules::rules;
use crate::blueprint::{Blueprint, Options, SourceFile, load};
use crate::desired::build::Build;
use crate::facts::Facts;
use crate::kinds;
use crate::resource::{Id, Resource};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const BLUEPRINT: &str = "
stack: shop
region: us-east-1
monitoring:
  notify: [ops@example.com, https://example.com/hook]
  slo: { latency_p99: 400ms, error_rate: 2% }
  queries:
    failed: { from: services.api, query: 'filter x = 1' }
load_balancers:
  main: {}
services:
  api:
    port: 80
    routes: [{ load_balancer: main, paths: [/*] }]
    alarms: { at_max: false, cpu: { threshold: 70%, for: 3m, severity: page } }
    metrics:
      checkout-failed: { match: '{ $.event = \"x\" }', alarm: { threshold: 20/5m, severity: page } }
";

fn blueprint(text: &str) -> Blueprint {
    let options = Options {
        sets: Vec::new(),
        vars: BTreeMap::new(),
        env: BTreeMap::new(),
        region: None,
        read: &|_, _| Err("no such file".into()),
    };
    load(&[SourceFile::new("shop.yaml", text)], &options)
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn resource(id: &str, component: &str, spec: Value) -> Resource {
    let id: Id = id.parse().unwrap();
    Resource { id, component: component.into(), spec, pins: Vec::new() }
}

/// One of each that is watched, as their sections make them.
fn everything() -> Vec<Resource> {
    let balancer = json!({ "LoadBalancerArn": "${load-balancer.main.arn}" });
    let rule =
        json!({ "ListenerArn": "${listener.main-80.arn}", "To": "${target-group.api-main.arn}" });
    vec![
        resource("load-balancer.main", "load_balancers.main", json!({})),
        resource("listener.main-80", "load_balancers.main", balancer),
        resource("target-group.api-main", "services.api", json!({})),
        resource("listener-rule.api-1", "services.api", rule),
        resource(
            "auto-scaling-group.api",
            "services.api",
            json!({ "MinSize": "2", "MaxSize": "9" }),
        ),
        resource(
            "replication-group.hot",
            "caches.hot",
            json!({ "NumNodeGroups": 2, "ReplicasPerNodeGroup": 1 }),
        ),
        resource(
            "db-instance.ledger-s000",
            "databases.ledger",
            json!({ "DBInstanceClass": "db.r7g.large", "AllocatedStorage": "400" }),
        ),
        resource(
            "db-instance.ledger-s000-r1",
            "databases.ledger",
            json!({ "SourceDBInstanceIdentifier": "${db-instance.ledger-s000.name}" }),
        ),
        resource(
            "queue.orders",
            "queues.orders",
            json!({ "RedrivePolicy": { "deadLetterTargetArn": "${queue.orders-dead.arn}" } }),
        ),
        resource("queue.orders-dead", "queues.orders", json!({})),
        resource("distribution.edge", "cdn.edge", json!({})),
        resource("rest-api.public", "rate_limits.public", json!({ "Name": "shop-public" })),
        resource(
            "log-group.api-public",
            "rate_limits.public",
            json!({ "LogGroupName": "/tenfold/shop/api-public" }),
        ),
        resource("nat-gateway.nat-1", "network", json!({})),
    ]
}

fn watched(text: &str, made: Vec<Resource>) -> BTreeMap<String, Value> {
    let blueprint = blueprint(text);
    let facts = Facts {
        account: "111122223333".into(),
        region: "us-east-1".into(),
        partition: "aws".into(),
        ..Facts::default()
    };
    let mut build = Build::new(&blueprint, &facts);
    build.resources = made;
    expand(&mut build);
    let found = build.finish().unwrap_or_else(|errors| panic!("{errors:?}"));
    let found = found.into_iter().map(|resource| (resource.id.to_string(), resource.spec));
    found.collect()
}

#[test]
fn without_monitoring_nothing_is_watched() {
    let made = watched("stack: shop\nregion: us-east-1\n", everything());
    assert_eq!(made.len(), everything().len());
}

#[test]
fn every_rule_is_one_that_blueprints_can_name() {
    let made = watched(BLUEPRINT, everything());
    let alarms = made.keys().filter(|id| id.starts_with("alarm."));
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
fn thresholds_come_from_the_promise_the_component_or_the_rule() {
    let made = watched(BLUEPRINT, everything());
    assert_eq!(made["alarm.load-balancer-main-latency-p99"]["Threshold"], 0.4);
    assert_eq!(made["alarm.load-balancer-main-target-error-rate"]["Threshold"], 2.0);
    let cpu = &made["alarm.service-api-cpu"];
    assert_eq!((&cpu["Threshold"], &cpu["EvaluationPeriods"]), (&json!(70.0), &json!(3)));
    assert!(cpu.get("AlarmActions").is_none(), "a page goes through the composite alarm: {cpu}");
    let connections = &made["alarm.database-ledger-s000-connections"];
    assert_eq!(connections["Threshold"], 1441.6);
    let storage = made["alarm.database-ledger-s000-free-storage"]["Threshold"].as_f64().unwrap();
    assert!((storage / 1_073_741_824.0 - 40.0).abs() < 1e-6, "{storage}");
    let counted = &made["alarm.metric-api-checkout-failed"];
    assert_eq!((&counted["Threshold"], &counted["Period"]), (&json!(20.0), &json!(300)));
}

#[test]
fn somebody_is_called_once_and_tickets_go_to_the_topic() {
    let made = watched(BLUEPRINT, everything());
    let composite = &made["composite-alarm.user-impact"];
    let rule = composite["AlarmRule"].as_str().unwrap();
    for alarm in
        ["service-api-main-no-healthy-hosts", "metric-api-checkout-failed", "service-api-cpu"]
    {
        assert!(rule.contains(&format!("ALARM(\"${{alarm.{alarm}.arn}}\")")), "{rule}");
    }
    assert!(!rule.contains("unhealthy"), "{rule}");
    let topic = json!(["${topic.alerts.arn}"]);
    assert_eq!(composite["AlarmActions"], topic);
    assert_eq!(made["alarm.cache-hot-0001-memory"]["AlarmActions"], topic);
    assert!(made.contains_key("subscription.email-ops-example-com"));
    assert!(made.contains_key("subscription.https-https-example-com-hook"));
}

#[test]
fn the_nodes_of_a_shard_are_watched_together() {
    let made = watched(BLUEPRINT, everything());
    let memory = made["alarm.cache-hot-0002-memory"]["Metrics"].as_array().unwrap();
    let expression = memory.iter().find_map(|query| query.get("Expression")).unwrap();
    assert_eq!(expression, "MAX([nodes0, nodes1])");
    let node = &memory[0]["MetricStat"]["Metric"]["Dimensions"][0]["Value"];
    assert_eq!(node, "${replication-group.hot.name}-0002-001");
    let hits = made["alarm.cache-hot-0001-hit-rate"]["Metrics"].to_string();
    assert!(hits.contains("100 * SUM([hits0, hits1])"), "{hits}");
}

#[test]
fn topics_of_others_are_told_without_one_of_the_stacks_own() {
    let text = "stack: shop\nregion: us-east-1\nmonitoring: \
                { notify: [\"arn:aws:sns:us-east-1:111122223333:pager\"] }\n";
    let made = watched(text, everything());
    assert!(!made.keys().any(|id| id.starts_with("topic.") || id.starts_with("key.")));
    let actions = &made["composite-alarm.user-impact"]["AlarmActions"];
    assert_eq!(actions, &json!(["arn:aws:sns:us-east-1:111122223333:pager"]));
}

#[test]
fn what_is_made_fits_its_kind_and_the_dashboard_its_grid() {
    let made = watched(BLUEPRINT, everything());
    for (id, spec) in made.iter().filter(|(id, _)| id.as_str() >= "alarm") {
        let kind = id.split_once('.').unwrap().0;
        let ours = ["alarm", "composite-alarm", "dashboard", "key", "metric-filter", "topic"];
        if ours.contains(&kind) {
            kinds::registry().get(kind).check(spec).unwrap_or_else(|error| panic!("{id}: {error}"));
        }
    }
    let body: Value =
        serde_json::from_str(made["dashboard.main"]["DashboardBody"].as_str().unwrap()).unwrap();
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
fn the_house_asks_the_logs_that_there_are() {
    let made = watched(BLUEPRINT, everything());
    let queries = made.keys().filter_map(|id| id.strip_prefix("query-definition."));
    let queries: Vec<&str> = queries.collect();
    let wanted = [
        "api-calls-by-key",
        "api-top-talkers",
        "errors",
        "failed",
        "failures-by-instance",
        "latency-by-route",
        "slowest-requests",
    ];
    assert_eq!(queries, wanted);
    let groups = &made["query-definition.failed"]["LogGroupNames"];
    assert_eq!(groups, &json!(["${log-group.api.name}"]));
}
