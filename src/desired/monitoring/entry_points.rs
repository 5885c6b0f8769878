//! What stands before the load balancers, and the way out: CDN, API gateway, NAT,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html>,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html>.
use super::rule::{Measure, Rule, Signal, Subject, component_name};
use crate::blueprint::monitoring::alarms::Severity;
use crate::desired::build::Build;
use crate::facts::EDGE_REGION;
use crate::kinds::apigateway::rest_api::RestApi;
use crate::kinds::cloudfront::distribution::Distribution;
use crate::kinds::ec2::nat_gateway::NatGateway;

const CDN: &[Rule] = &[
    Rule {
        name: "error_rate",
        about: "Too large a share of requests is answered with a 5xx status",
        measure: Measure::Plain("5xxErrorRate", "Average"),
        threshold: 1.0,
        severity: Severity::Page,
        ..Rule::USUAL
    },
    Rule {
        name: "client_error_rate",
        about: "A large share of requests is answered with a 4xx status",
        measure: Measure::Plain("4xxErrorRate", "Average"),
        threshold: 10.0,
        need: 15,
        of: 15,
        ..Rule::USUAL
    },
];

const API: &[Rule] = &[
    Rule {
        name: "error_rate",
        about: "Too large a share of calls is answered with a 5xx status",
        measure: Measure::Plain("5XXError", "Average"),
        threshold: 1.0,
        scale: Some(0.01),
        need: 3,
        of: 3,
        severity: Severity::Page,
        ..Rule::USUAL
    },
    Rule {
        name: "client_error_rate",
        about: "A large share of calls is answered with a 4xx status",
        measure: Measure::Plain("4XXError", "Average"),
        threshold: 20.0,
        scale: Some(0.01),
        ..Rule::USUAL
    },
    Rule {
        name: "latency_p90",
        about: "One call of ten takes long",
        measure: Measure::Plain("Latency", "p90"),
        threshold: 2.5,
        scale: Some(1000.0),
        ..Rule::USUAL
    },
];

/// Counted in the access log, see `logs`.
pub const THROTTLED: Rule = Rule {
    name: "throttled",
    about: "Many calls are turned away by a limit",
    measure: Measure::Plain("", "Sum"),
    threshold: 600.0,
    ..Rule::USUAL
};

const NAT: Rule = Rule {
    name: "port_allocation",
    about: "Connections fail: all ports to one destination are taken",
    measure: Measure::Plain("ErrorPortAllocation", "Sum"),
    ..Rule::USUAL
};

pub fn signals(build: &Build) -> Vec<Signal> {
    let at_cdn = build.facts.region == EDGE_REGION;
    let distributions = build.all::<Distribution>().filter(|_| at_cdn);
    let mut found: Vec<Signal> = Vec::new();
    for distribution in distributions {
        let name = component_name(distribution.component());
        let (prefix, title) = (format!("cdn-{name}"), format!("CDN {name}"));
        let subject = Subject::new(distribution.component(), prefix, title, "AWS/CloudFront");
        let subject = subject
            .node(vec![("DistributionId", distribution.output("id")), ("Region", "Global".into())]);
        found.extend(CDN.iter().map(|rule| (subject.clone(), *rule)));
    }
    for api in build.all::<RestApi>() {
        let subject = api_subject(api.component(), "AWS/ApiGateway");
        let subject = subject.node(vec![("ApiName", api.spec.name.clone())]);
        found.extend(API.iter().map(|rule| (subject.clone(), *rule)));
    }
    for nat in build.all::<NatGateway>() {
        let (prefix, title) = (nat.name().to_string(), format!("NAT gateway {}", nat.name()));
        let subject = Subject::new(nat.component(), prefix, title, "AWS/NATGateway");
        found.push((subject.node(vec![("NatGatewayId", nat.output("id"))]), NAT));
    }
    found
}

pub fn api_subject(component: &str, namespace: &str) -> Subject {
    let name = component_name(component);
    Subject::new(component, format!("api-{name}"), format!("API {name}"), namespace)
}
