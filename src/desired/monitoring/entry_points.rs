//! Alarms of CDNs, APIs and NAT gateways,
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
        description: "The share of requests with a 5xx status is too high",
        measure: Measure::Plain("5xxErrorRate", "Average"),
        threshold: 1.0,
        severity: Severity::Page,
        ..Rule::DEFAULT
    },
    Rule {
        name: "client_error_rate",
        description: "The share of requests with a 4xx status is high",
        measure: Measure::Plain("4xxErrorRate", "Average"),
        threshold: 10.0,
        datapoints: 15,
        periods: 15,
        ..Rule::DEFAULT
    },
];

const API: &[Rule] = &[
    Rule {
        name: "error_rate",
        description: "The share of calls with a 5xx status is too high",
        measure: Measure::Plain("5XXError", "Average"),
        threshold: 1.0,
        scale: Some(0.01),
        datapoints: 3,
        periods: 3,
        severity: Severity::Page,
        ..Rule::DEFAULT
    },
    Rule {
        name: "client_error_rate",
        description: "The share of calls with a 4xx status is high",
        measure: Measure::Plain("4XXError", "Average"),
        threshold: 20.0,
        scale: Some(0.01),
        ..Rule::DEFAULT
    },
    Rule {
        name: "latency_p90",
        description: "One in ten calls takes long",
        measure: Measure::Plain("Latency", "p90"),
        threshold: 2.5,
        scale: Some(1000.0),
        ..Rule::DEFAULT
    },
];

/// Counted in the access log, see [`super::logs`].
pub const THROTTLED: Rule = Rule {
    name: "throttled",
    description: "Many calls are throttled by a rate limit",
    measure: Measure::Plain("", "Sum"),
    threshold: 600.0,
    ..Rule::DEFAULT
};

const NAT: Rule = Rule {
    name: "port_allocation",
    description: "Connections fail: all ports to one destination are in use",
    measure: Measure::Plain("ErrorPortAllocation", "Sum"),
    ..Rule::DEFAULT
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
