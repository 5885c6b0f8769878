//! The meaning of blueprints: defaults, overlays, variables, the order of routes.

use tenfold::blueprint::load_balancer::IngressSource;
use tenfold::blueprint::service::scale::{Adjustment, Direction};
use tenfold::blueprint::service::{Architecture, Image};
use tenfold::blueprint::{Blueprint, Cache, SourceFile, load};

use super::{load_texts, options, reader};
use crate::support::root;

const STARTER: &str = "\
stack: hello
region: us-east-1
preset: dev
load_balancers:
  web: { scheme: internet-facing, insecure: true }
services:
  api:
    user_data: |
      #!/bin/sh
      echo ${HOME}
    port: 8080
    routes: [{ load_balancer: web }]
    health: { path: /healthz }
    scale: { min: 1, max: 3 }
";

fn good(texts: &[&str]) -> Blueprint {
    load_texts(texts).unwrap_or_else(|report| panic!("{}", report.to_text(false)))
}

/// A production blueprint whose only service has these further lines.
fn service(lines: &str) -> Blueprint {
    let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "stack: shop\nregion: us-east-1\nload_balancers: {{ main: {{ scheme: internal }} }}\nservices:\n  api:\n{indented}"
    );
    good(&[&text])
}

#[test]
fn defaults_of_starter_are_filled_in() {
    let json = serde_json::to_string_pretty(&good(&[STARTER])).expect("json");
    insta::assert_snapshot!(json);
}

#[test]
fn prod_preset_enables_deletion_protection() {
    let blueprint = service("port: 80\nroutes: [{ load_balancer: main }]");
    let network = blueprint.network.as_ref().expect("network");
    assert_eq!((network.zones, network.cidr.to_string()), (3, "10.0.0.0/16".to_string()));
    assert_eq!(network.flow_logs.as_ref().map(|logs| logs.retention_days), Some(90));
    let main = &blueprint.load_balancers["main"];
    assert!(main.deletion_protection && main.access_logs.is_some() && !main.is_tls());
    assert_eq!((&main.allow, main.sources()), (&None, vec![IngressSource::Network]));
    let api = &blueprint.services["api"];
    assert_eq!((api.scale.min, api.scale.max), (2, 6));
    assert_eq!((&api.image, api.architecture), (&Image::Newest, Architecture::Arm64));
    assert!(api.deletion_protection && api.detailed_monitoring && !api.public_ip);
}

#[test]
fn no_network_is_created_if_no_section_needs_one() {
    assert!(good(&["stack: shop\nregion: us-east-1\n"]).network.is_none());
}

#[test]
fn defaults_of_shipped_blueprints_are_filled_in() {
    let directory = root().join("blueprints");
    let file = |name: &str| {
        SourceFile::new(name, std::fs::read(directory.join(name)).expect("a blueprint"))
    };
    let read = reader(&directory);
    for files in [
        vec![file("starter.yaml")],
        vec![file("million-calls.yaml")],
        vec![file("million-calls.yaml"), file("million-calls.staging.yaml")],
    ] {
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let blueprint = load(&files, &options(&read))
            .unwrap_or_else(|report| panic!("{names:?}: {}", report.to_text(false)));
        let json = serde_json::to_string_pretty(&blueprint).expect("json");
        insta::assert_snapshot!(names.join("+").replace(".yaml", ""), json);
    }
}

#[test]
fn overlays_merge_maps_and_replace_the_rest() {
    let base = "\
stack: shop
region: us-east-1
tags: { team: platform, tier: one }
services:
  api:
    instances: [m7g.large, c7g.large]
    environment: { A: a, B: b }
    scale: { min: 2, max: 8, schedule: { night: { start: 0 22 * * *, end: 0 6 * * *, max: 4 } } }
  old: {}
";
    let overlay = "\
tags: { tier: two }
services:
  api:
    instances: [t4g.small]
    environment: !override { C: c }
    scale: { max: 4, schedule: !reset }
  old: !reset
";
    let blueprint = good(&[base, overlay]);
    assert_eq!(blueprint.tags["team"], "platform");
    assert_eq!(blueprint.tags["tier"], "two");
    assert_eq!(blueprint.services.keys().collect::<Vec<_>>(), ["api"]);
    let api = &blueprint.services["api"];
    assert_eq!(api.instances, ["t4g.small"]);
    assert_eq!(api.environment.keys().collect::<Vec<_>>(), ["C"]);
    assert_eq!((api.scale.min, api.scale.max), (2, 4));
    assert!(api.scale.schedule.is_empty());
}

#[test]
fn set_options_override_files_and_are_yaml() {
    let read = |_: &str, _: &str| Err("none".to_string());
    let mut options = options(&read);
    let set = |path: &str, value: &str| (path.to_string(), value.to_string());
    options.sets = vec![
        set("services.api.scale.max", "9"),
        set("services.api.instances", "[c7g.large, \"m7g.large\"]"),
        set("services.api.health", "{ path: /up }"),
        set("overrides.auto-scaling-group.api.MaxSize", "4"),
        set("tags.answer", "no"),
        set("services.api.scale.max", "10"),
    ];
    let files = [SourceFile::new("blueprint.yaml", STARTER)];
    let blueprint =
        load(&files, &options).unwrap_or_else(|report| panic!("{}", report.to_text(false)));
    let api = &blueprint.services["api"];
    assert_eq!((api.scale.max, api.health.path.as_str()), (10, "/up"));
    assert_eq!(api.instances, ["c7g.large", "m7g.large"]);
    assert_eq!(blueprint.tags["answer"], "no");
    assert_eq!(blueprint.overrides["auto-scaling-group.api"]["MaxSize"], 4);
}

#[test]
fn variables_take_the_type_of_their_key() {
    let text = "\
stack: shop-${var.stage}
region: ${env.AWS_REGION}
variables:
  stage: { default: blue, help: which of the two }
  most: { default: 7 }
  zip: { default: \"012\" }
  protect: { default: true }
services:
  api:
    scale: { max: \"${var.most}\" }
    detailed_monitoring: ${var.protect}
    environment: { ZIP: \"${var.zip}\", BOTH: \"${var.stage}-${var.most}\", PLAIN: \"$${var.x} $5\" }
    user_data: |
      #!/bin/sh
      echo ${var.stage} ${UNKNOWN}
";
    let read = |_: &str, _: &str| Err("none".to_string());
    let mut options = options(&read);
    options.vars.extend([("stage".to_string(), "green".to_string())]);
    options.env.extend([("AWS_REGION".to_string(), "eu-west-1".to_string())]);
    let files = [SourceFile::new("blueprint.yaml", text)];
    let blueprint =
        load(&files, &options).unwrap_or_else(|report| panic!("{}", report.to_text(false)));
    assert_eq!((blueprint.stack.as_str(), blueprint.region.as_str()), ("shop-green", "eu-west-1"));
    let api = &blueprint.services["api"];
    assert_eq!(api.scale.max, 7);
    let environment = ["ZIP", "BOTH", "PLAIN"].map(|name| api.environment[name].as_str());
    assert_eq!(environment, ["012", "green-7", "${var.x} $5"]);
    let script = api.user_data.as_deref().unwrap_or_default();
    assert!(script.contains("echo ${var.stage} ${UNKNOWN}"));
}

#[test]
fn anchors_and_merge_keys_work() {
    let text = "\
stack: shop
region: us-east-1
x-scale: &scale { min: 2, max: 4 }
x-more: &more { warmup: 60s, max: 9 }
services:
  api: { scale: &own { <<: [*scale, *more], min: 1 } }
  worker: { scale: *own }
";
    let blueprint = good(&[text]);
    for service in blueprint.services.values() {
        let scale = &service.scale;
        assert_eq!((scale.min, scale.max, scale.warmup_s), (1, 4, 60));
    }
}

#[test]
fn a_byte_order_mark_and_windows_lines_are_read() {
    let text = format!("\u{feff}{}", STARTER.replace('\n', "\r\n"));
    let blueprint = good(&[&text]);
    assert_eq!(blueprint.stack, "hello");
}

#[test]
fn step_policies_are_sorted() {
    let blueprint = service(
        "scale:\n  max: 20\n  steps:\n    up: { metric: cpu, changes: [{ above: 90, add: 50% }, { above: 70, add: 10% }] }\n    down: { metric: cpu, changes: [{ below: 10, remove: 2 }, { below: 20, remove: 1 }] }",
    );
    let scale = &blueprint.services["api"].scale;
    let up = &scale.steps["up"];
    assert_eq!((up.direction, up.adjustment), (Direction::Above, Adjustment::Percent));
    let changes: Vec<_> = up.changes.iter().map(|step| (step.threshold, step.change)).collect();
    assert_eq!(changes, [(70.0, 10), (90.0, 50)]);
    let down = &scale.steps["down"];
    let changes: Vec<_> = down.changes.iter().map(|step| (step.threshold, step.change)).collect();
    assert_eq!(changes, [(20.0, -1), (10.0, -2)]);
    assert!(scale.targets.is_empty(), "step scaling takes the place of the default target");
}

#[test]
fn the_most_specific_route_has_the_first_priority() {
    let blueprint = service(
        "port: 80\nroutes:\n  - { load_balancer: main }\n  - { load_balancer: main, paths: [/v1/*, /v1/orders/*, /healthz] }\n  - { load_balancer: main, paths: [/v1/orders/*], methods: [GET] }\n  - { load_balancer: main, paths: [/v2/*], priority: 20 }\n  - { load_balancer: main, paths: [/v3/*], priority: 10 }\n  - { load_balancer: main, hosts: [a.example.com, b.example.com] }",
    );
    let rules = blueprint.listener_rules();
    let shown: Vec<String> = rules
        .iter()
        .map(|rule| {
            let conditions = [&rule.paths, &rule.methods, &rule.hosts].map(|one| one.join(" "));
            format!("{} {}.{} {}", rule.priority, rule.route, rule.part, conditions.join("|"))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_route_with_many_conditions_becomes_several_rules() {
    let blueprint = service(
        "port: 80\nroutes:\n  - { load_balancer: main, paths: [/aa, /bb, /cc, /dd, /ee, /ff], methods: [GET, POST, PUT] }\n  - { load_balancer: main, paths: [/x*y*z*, /x*y*q*, /x*y*r*] }",
    );
    let rules = blueprint.listener_rules();
    assert!(rules.iter().all(|rule| rule.paths.len() + rule.methods.len() <= 5));
    let pairs: usize = rules.iter().map(|rule| rule.paths.len() * rule.methods.len()).sum();
    assert_eq!(pairs, 18, "each path with each method, once");
    let wildcards =
        |rule: &&tenfold::blueprint::ListenerRule| rule.paths.join("").matches('*').count() > 6;
    assert_eq!(rules.iter().find(wildcards), None);
    assert_eq!(rules.iter().filter(|rule| rule.route == 1).count(), 2);
}

#[test]
fn later_stages_report_the_source_position() {
    let blueprint = good(&[STARTER]);
    for (path, place) in [
        ("services.api.scale.max", "blueprint.yaml:14:27"),
        ("services.api.routes.0.load_balancer", "blueprint.yaml:12:31"),
        ("services.api.scale", "blueprint.yaml:14:5"),
        ("services.api.scale.warmup", "blueprint.yaml:14:5"),
        ("network.cidr", "blueprint.yaml:1:1"),
    ] {
        let head = blueprint.at(path, "E9999", "wrong", "write it right").head();
        assert_eq!(head, format!("{place}: error[E9999]: wrong"), "{path}");
    }
    let head = blueprint.at_key("services.api.scale.max", "E9999", "wrong", "help").head();
    assert_eq!(head, "blueprint.yaml:14:22: error[E9999]: wrong");
}

#[test]
fn yaml_round_trips() {
    let text = "\
stack: shop
region: us-east-1
tags: { zip: \"012\", version: \"17.10\", answer: \"no\", odd: \"0x1F\", big: \"1e3\", yes: \"true\" }
services:
  api: { environment: { A: \"null\", B: \"~\", C: \"\", D: \"1_000\", E: \"+5\", F: \"line\\nline\" } }
";
    let blueprint = good(&[text]);
    let again = good(&[&blueprint.to_yaml()]);
    assert_eq!(
        serde_json::to_value(&blueprint).expect("json"),
        serde_json::to_value(&again).expect("json"),
        "{}",
        blueprint.to_yaml()
    );
}

/// A blueprint of one cache with this body.
fn cache(preset: &str, body: &str) -> Cache {
    let text = format!(
        "stack: shop\nregion: us-east-1\npreset: {preset}\ncaches: {{ hot: {{ {body} }} }}\n"
    );
    good(&[&text]).caches["hot"].clone()
}

#[test]
fn caches_are_durable_in_prod_and_small_in_dev() {
    let prod = cache("prod", "");
    assert_eq!((prod.instance.as_str(), prod.shards, prod.replicas), ("r7g.large", 1, 1));
    assert!(prod.multi_az && prod.auth.is_some() && prod.logs);
    assert_eq!(prod.snapshots.map(|snapshots| snapshots.retention_days), Some(7));
    assert_eq!((prod.policy.as_str(), prod.version.as_str()), ("allkeys-lru", "8"));
    let dev = cache("dev", "engine: redis, auth: false");
    assert_eq!((dev.instance.as_str(), dev.shards, dev.replicas), ("t4g.small", 1, 0));
    assert!(!dev.multi_az && dev.auth.is_none());
    assert_eq!(dev.snapshots.map(|snapshots| snapshots.retention_days), Some(1));
    assert_eq!(dev.version, "7");
}

#[test]
fn a_scaled_cache_starts_at_its_minimum() {
    let scaled =
        cache("prod", "scale: { shards: { min: 3, max: 9 }, replicas: { min: 2, max: 4 } }");
    assert_eq!((scaled.shards, scaled.replicas), (3, 2));
    let shards = scaled.scale.shards.expect("shards are scaled");
    assert_eq!(shards.cpu.map(|cpu| cpu.target.0), Some(60.0));
    let written = cache(
        "prod",
        "shards: 5, maintenance: sun 23:30-00:30, scale: { shards: { min: 3, max: 9 } }",
    );
    assert_eq!((written.shards, written.maintenance.as_str()), (5, "sun:23:30-mon:00:30"));
}
