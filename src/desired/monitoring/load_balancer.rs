//! Alarms of load balancers: errors, latency, and failed connections,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html>.
use super::rule::{Measure, Rule, Signal, Subject, component_name};
use crate::blueprint::Monitoring;
use crate::blueprint::monitoring::alarms::Severity;
use crate::desired::build::{Added, Build};
use crate::kinds::elb::load_balancer::LoadBalancer;
use std::collections::BTreeMap;

/// A share of fewer than 20 requests per minute says little.
const RULES: &[Rule] = &[
    Rule {
        name: "target_error_rate",
        description: "The share of requests that services answer with a 5xx status is too high",
        measure: Measure::Math(
            "IF(requests > 20, 100 * FILL(failed, 0) / requests, 0)",
            &[("requests", "RequestCount", "Sum"), ("failed", "HTTPCode_Target_5XX_Count", "Sum")],
        ),
        datapoints: 3,
        severity: Severity::Page,
        ..Rule::DEFAULT
    },
    Rule {
        name: "error_rate",
        description: "The share of requests that the load balancer answers with a 5xx status is too high",
        measure: Measure::Math(
            "IF(FILL(requests, 0) + failed > 20, 100 * failed / (FILL(requests, 0) + failed), 0)",
            &[("requests", "RequestCount", "Sum"), ("failed", "HTTPCode_ELB_5XX_Count", "Sum")],
        ),
        datapoints: 3,
        severity: Severity::Page,
        ..Rule::DEFAULT
    },
    Rule {
        name: "latency_p99",
        description: "One in a hundred requests takes longer than the SLO allows",
        measure: Measure::Plain("TargetResponseTime", "p99"),
        datapoints: 3,
        severity: Severity::Page,
        ..Rule::DEFAULT
    },
    Rule {
        name: "latency_p50",
        description: "Half of the requests take long",
        measure: Measure::Plain("TargetResponseTime", "p50"),
        datapoints: 8,
        periods: 10,
        ..Rule::DEFAULT
    },
    Rule {
        name: "rejected",
        description: "Connections are rejected: the load balancer has reached its limit",
        measure: Measure::Plain("RejectedConnectionCount", "Sum"),
        datapoints: 1,
        periods: 1,
        ..Rule::DEFAULT
    },
    Rule {
        name: "connection_errors",
        description: "Connections to instances fail",
        measure: Measure::Plain("TargetConnectionErrorCount", "Sum"),
        threshold: 10.0,
        datapoints: 3,
        ..Rule::DEFAULT
    },
];

pub fn signals(build: &Build, wanted: &Monitoring) -> Vec<Signal> {
    let (errors, latency_s) = (wanted.slo.error_rate.0, wanted.slo.latency_p99_s);
    let subject = |balancer: Added<LoadBalancer>| {
        let name = component_name(balancer.component());
        let prefix = format!("load-balancer-{name}");
        let title = format!("load balancer {name}");
        let subject = Subject::new(balancer.component(), prefix, title, "AWS/ApplicationELB");
        Subject {
            thresholds: BTreeMap::from([
                ("target_error_rate", errors),
                ("error_rate", errors),
                ("latency_p99", latency_s),
                ("latency_p50", latency_s / 4.0),
            ]),
            ..subject.node(vec![("LoadBalancer", balancer.output("full_name"))])
        }
    };
    let subjects = build.all().map(subject);
    subjects.flat_map(|subject| RULES.iter().map(move |rule| (subject.clone(), *rule))).collect()
}
