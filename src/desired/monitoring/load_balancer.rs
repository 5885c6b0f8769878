//! Load balancers: errors, latency, and connections they cannot make,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html>.
use super::rule::{Measure, Rule, Signal, Subject, component_name};
use crate::blueprint::Monitoring;
use crate::blueprint::monitoring::alarms::Severity;
use crate::desired::build::{Added, Build};
use crate::kinds::elb::load_balancer::LoadBalancer;
use std::collections::BTreeMap;

/// Of fewer requests a minute than 20 a share says little.
const RULES: &[Rule] = &[
    Rule {
        name: "target_error_rate",
        about: "Too large a share of requests is answered with a 5xx status by the services",
        measure: Measure::Math(
            "IF(requests > 20, 100 * FILL(failed, 0) / requests, 0)",
            &[("requests", "RequestCount", "Sum"), ("failed", "HTTPCode_Target_5XX_Count", "Sum")],
        ),
        need: 3,
        severity: Severity::Page,
        ..Rule::USUAL
    },
    Rule {
        name: "error_rate",
        about: "Too large a share of requests is answered with a 5xx status by the load balancer",
        measure: Measure::Math(
            "IF(FILL(requests, 0) + failed > 20, 100 * failed / (FILL(requests, 0) + failed), 0)",
            &[("requests", "RequestCount", "Sum"), ("failed", "HTTPCode_ELB_5XX_Count", "Sum")],
        ),
        need: 3,
        severity: Severity::Page,
        ..Rule::USUAL
    },
    Rule {
        name: "latency_p99",
        about: "One request of a hundred takes longer than promised",
        measure: Measure::Plain("TargetResponseTime", "p99"),
        need: 3,
        severity: Severity::Page,
        ..Rule::USUAL
    },
    Rule {
        name: "latency_p50",
        about: "Half of the requests take long",
        measure: Measure::Plain("TargetResponseTime", "p50"),
        need: 8,
        of: 10,
        ..Rule::USUAL
    },
    Rule {
        name: "rejected",
        about: "Connections are rejected: the load balancer has as many as it can have",
        measure: Measure::Plain("RejectedConnectionCount", "Sum"),
        need: 1,
        of: 1,
        ..Rule::USUAL
    },
    Rule {
        name: "connection_errors",
        about: "Connections to instances fail",
        measure: Measure::Plain("TargetConnectionErrorCount", "Sum"),
        threshold: 10.0,
        need: 3,
        ..Rule::USUAL
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
