//! A service's routes: a target group for each load balancer, and the rules that forward to it.
use super::parts::{BALANCER_NAME, listener};
use crate::blueprint::service::Protocol;
use crate::blueprint::service::target_group::Algorithm;
use crate::blueprint::{ListenerRule as Wanted, Service};
use crate::desired::build::{Build, Handle, int};
use crate::desired::network::Network;
use crate::desired::shared::origin_secret;
use crate::kinds::elb::listener::Action;
use crate::kinds::elb::listener_rule::{
    Condition, HttpHeader, KeyValue, ListenerRule, QueryString, Values,
};
use crate::kinds::elb::load_balancer::Attributes;
use crate::kinds::elb::target_group::{Matcher, OfTargetGroup, TargetGroup};
use crate::names;
use crate::names::ORIGIN_HEADER;
use crate::reference::literal;
use std::collections::BTreeSet;

/// A service behind one load balancer.
pub struct Target {
    pub balancer: String,
    pub group: Handle,
}

pub fn expand(
    build: &mut Build,
    network: &Network,
    component: &str,
    name: &str,
    service: &Service,
) -> Vec<Target> {
    let rules: Vec<Wanted> =
        build.blueprint.listener_rules().into_iter().filter(|rule| rule.service == name).collect();
    let balancers: BTreeSet<String> = rules.iter().map(|rule| rule.load_balancer.clone()).collect();
    let Some(port) = service.port else { return Vec::new() };
    let target = |balancer: String| {
        // A target group belongs to one load balancer at most, so its name contains that one's.
        let own = format!("{name}-{balancer}");
        let spec = target_group(build, network, component, &own, service, port);
        Target { group: build.add(component, &own, &spec), balancer }
    };
    let targets: Vec<Target> = balancers.into_iter().map(target).collect();
    for rule in &rules {
        if let Some(target) = targets.iter().find(|target| target.balancer == rule.load_balancer) {
            add_rule(build, component, name, rule, target);
        }
    }
    targets
}

fn target_group(
    build: &Build,
    network: &Network,
    component: &str,
    name: &str,
    service: &Service,
    port: u16,
) -> TargetGroup {
    let (protocol, version) = match service.protocol {
        Protocol::Http => ("HTTP", "HTTP1"),
        Protocol::Https => ("HTTPS", "HTTP1"),
        Protocol::Http2 => ("HTTP", "HTTP2"),
        Protocol::Grpc => ("HTTP", "GRPC"),
    };
    let health = &service.health;
    let code = Some(health.status.clone());
    let what = format!("{port} {protocol} {version} {} instance ipv4", network.vpc);
    TargetGroup {
        name: names::successor(&[&build.blueprint.stack, name], &what, BALANCER_NAME),
        port: port.into(),
        protocol: protocol.into(),
        protocol_version: version.into(),
        vpc_id: network.vpc.clone(),
        target_type: "instance".into(),
        ip_address_type: "ipv4".into(),
        health_check_enabled: true,
        health_check_path: literal(&health.path),
        health_check_port: health.port.map_or("traffic-port".into(), |port| port.to_string()),
        health_check_protocol: protocol.into(),
        health_check_interval_seconds: int(health.interval_s),
        health_check_timeout_seconds: int(health.timeout_s),
        healthy_threshold_count: int(health.healthy),
        unhealthy_threshold_count: int(health.unhealthy),
        matcher: match service.protocol {
            Protocol::Grpc => Matcher { grpc_code: code, http_code: None },
            _ => Matcher { http_code: code, grpc_code: None },
        },
        target_group_attributes: attributes(service),
        tags: build.tags(component, name),
    }
}

fn attributes(service: &Service) -> Attributes<OfTargetGroup> {
    let wanted = &service.target_group;
    let algorithm = match wanted.algorithm {
        Algorithm::RoundRobin => "round_robin",
        Algorithm::LeastOutstandingRequests => "least_outstanding_requests",
        Algorithm::WeightedRandom => "weighted_random",
    };
    let anomaly = if wanted.algorithm == Algorithm::WeightedRandom { "on" } else { "off" };
    let cross_zone = if wanted.cross_zone { "use_load_balancer_configuration" } else { "false" };
    let mut all = vec![
        ("deregistration_delay.timeout_seconds", wanted.deregistration_delay_s.to_string()),
        ("load_balancing.algorithm.anomaly_mitigation", anomaly.into()),
        ("load_balancing.algorithm.type", algorithm.into()),
        ("load_balancing.cross_zone.enabled", cross_zone.into()),
        ("slow_start.duration_seconds", wanted.slow_start_s.to_string()),
        ("stickiness.enabled", wanted.stickiness.is_some().to_string()),
    ];
    if let Some(sticky) = &wanted.stickiness {
        let duration = sticky.duration_s.to_string();
        match &sticky.cookie {
            Some(cookie) => all.extend([
                ("stickiness.type", "app_cookie".into()),
                ("stickiness.app_cookie.cookie_name", literal(cookie)),
                ("stickiness.app_cookie.duration_seconds", duration),
            ]),
            None => all.extend([("stickiness.lb_cookie.duration_seconds", duration)]),
        }
    }
    Attributes::new(all)
}

fn add_rule(build: &mut Build, component: &str, name: &str, wanted: &Wanted, target: &Target) {
    let Some(balancer) = build.blueprint.load_balancers.get(&wanted.load_balancer) else { return };
    let listener = listener(&wanted.load_balancer, balancer);
    let own = format!("{name}-{}-{}", wanted.route + 1, wanted.part + 1);
    let spec = ListenerRule {
        listener_arn: listener.output("arn"),
        priority: int(wanted.priority),
        conditions: conditions(wanted).into_iter().chain(secret_condition(build, wanted)).collect(),
        actions: vec![Action::forward(&target.group.output("arn"))],
        tags: build.tags(component, &own),
    };
    build.add(component, &own, &spec);
}

/// Accepts only requests with the secret of a CDN, if CDNs reach the load balancer over the
/// internet.
fn secret_condition(build: &Build, wanted: &Wanted) -> Option<Condition> {
    let cdns = build.blueprint.public_cdns(&wanted.load_balancer);
    let http_header_config = HttpHeader {
        http_header_name: ORIGIN_HEADER.into(),
        values: cdns.iter().map(|cdn| origin_secret::value(cdn)).collect(),
    };
    (!cdns.is_empty()).then_some(Condition::HttpHeader { http_header_config })
}

/// The conditions of a rule. AWS requires one: without any, the rule matches every path.
fn conditions(wanted: &Wanted) -> BTreeSet<Condition> {
    let values = |of: &[String]| Values { values: of.iter().map(|text| literal(text)).collect() };
    let given = |of: &[String]| (!of.is_empty()).then(|| values(of));
    let sources: Vec<String> = wanted.sources.iter().map(ToString::to_string).collect();
    let plain = [
        given(&wanted.paths).map(|config| Condition::PathPattern { path_pattern_config: config }),
        given(&wanted.hosts).map(|config| Condition::HostHeader { host_header_config: config }),
        given(&wanted.methods)
            .map(|config| Condition::HttpRequestMethod { http_request_method_config: config }),
        given(&sources).map(|config| Condition::SourceIp { source_ip_config: config }),
    ];
    let mut all: BTreeSet<Condition> = plain.into_iter().flatten().collect();
    all.extend(wanted.headers.iter().map(|(name, of)| Condition::HttpHeader {
        http_header_config: HttpHeader {
            http_header_name: literal(name),
            values: values(of).values,
        },
    }));
    all.extend(wanted.query.iter().map(|(name, of)| query(name, of)));
    if all.is_empty() {
        all.insert(Condition::PathPattern { path_pattern_config: values(&["/*".into()]) });
    }
    all
}

/// Each parameter is a separate condition: all conditions must match, each with any of its values.
fn query(name: &str, values: &[String]) -> Condition {
    let pair = |value: &String| KeyValue { key: Some(literal(name)), value: literal(value) };
    let values = values.iter().map(pair).collect();
    Condition::QueryString { query_string_config: QueryString { values } }
}
