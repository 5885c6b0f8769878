//! Alarms of services: the number of instances and their health,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html>.
use super::rule::{Measure, Rule, Signal, Subject, When, component_name};
use crate::blueprint::monitoring::alarms::Severity;
use crate::desired::build::{Added, Build};
use crate::kinds::autoscaling::auto_scaling_group::AutoScalingGroup;
use crate::kinds::elb::listener::Listener;
use crate::kinds::elb::listener_rule::ListenerRule;
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::kinds::elb::target_group::TargetGroup;

const AT_MAX: Rule = Rule {
    name: "at_max",
    description: "The service has run at its maximum number of instances for 15 minutes",
    measure: Measure::Math(
        "IF(running >= most, 1, 0)",
        &[("running", "GroupInServiceInstances", "Minimum"), ("most", "GroupMaxSize", "Maximum")],
    ),
    threshold: 1.0,
    when: When::AtLeast,
    datapoints: 15,
    periods: 15,
    missing_data: "missing",
    ..Rule::DEFAULT
};

const CAPACITY_GAP: Rule = Rule {
    name: "capacity_gap",
    description: "Fewer instances than desired have run for 15 minutes: launches fail",
    measure: Measure::Math(
        "wanted - running",
        &[
            ("wanted", "GroupDesiredCapacity", "Minimum"),
            ("running", "GroupInServiceInstances", "Maximum"),
        ],
    ),
    datapoints: 15,
    periods: 15,
    missing_data: "missing",
    severity: Severity::Page,
    ..Rule::DEFAULT
};

const INSTANCES: &[Rule] = &[
    Rule {
        name: "cpu",
        description: "Instances are busy",
        measure: Measure::Plain("CPUUtilization", "Average"),
        threshold: 85.0,
        datapoints: 8,
        periods: 10,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
    Rule {
        name: "status_checks",
        description: "Instances fail their status checks",
        measure: Measure::Plain("StatusCheckFailed", "Maximum"),
        threshold: 1.0,
        when: When::AtLeast,
        datapoints: 2,
        periods: 2,
        missing_data: "missing",
        ..Rule::DEFAULT
    },
];

const NO_HEALTHY_HOSTS: Rule = Rule {
    name: "no_healthy_hosts",
    description: "No instance is healthy: requests fail",
    measure: Measure::Plain("HealthyHostCount", "Minimum"),
    threshold: 1.0,
    when: When::Below,
    datapoints: 2,
    periods: 2,
    missing_data: "breaching",
    severity: Severity::Page,
    ..Rule::DEFAULT
};

const UNHEALTHY_HOSTS: Rule = Rule {
    name: "unhealthy_hosts",
    description: "Instances fail their health checks",
    measure: Measure::Plain("UnHealthyHostCount", "Maximum"),
    threshold: 1.0,
    when: When::AtLeast,
    ..Rule::DEFAULT
};

pub fn signals(build: &Build) -> Vec<Signal> {
    let groups = build.all().flat_map(|group| of_group(&group));
    let targets = build.all().flat_map(|target| of_target(build, &target));
    groups.chain(targets).collect()
}

fn of_group(group: &Added<AutoScalingGroup>) -> Vec<Signal> {
    let name = component_name(group.component());
    let subject = |namespace| {
        let title = format!("service {name}");
        let subject = Subject::new(group.component(), format!("service-{name}"), title, namespace);
        subject.node(vec![("AutoScalingGroupName", group.output("name"))])
    };
    let mut found = vec![(subject("AWS/AutoScaling"), CAPACITY_GAP)];
    // A group of a fixed size is always at its maximum.
    if group.spec.min_size != group.spec.max_size {
        found.push((subject("AWS/AutoScaling"), AT_MAX));
    }
    found.extend(INSTANCES.iter().map(|rule| (subject("AWS/EC2"), *rule)));
    found
}

/// CloudWatch has health metrics for a target group together with its load balancer.
fn of_target(build: &Build, target: &Added<TargetGroup>) -> Vec<Signal> {
    let Some(balancer) = balancer_of(build, target) else { return Vec::new() };
    let name = component_name(target.component());
    let prefix = format!("service-{}", target.name());
    let subject =
        Subject::new(target.component(), prefix, format!("service {name}"), "AWS/ApplicationELB");
    let subject = subject.node(vec![
        ("TargetGroup", target.output("full_name")),
        ("LoadBalancer", balancer.output("full_name")),
    ]);
    let mut found = vec![(subject.clone(), UNHEALTHY_HOSTS)];
    let services = &build.blueprint.services;
    // A service with a minimum of 0 may have no instances.
    if services.get(name).is_none_or(|service| service.scale.min > 0) {
        found.push((subject, NO_HEALTHY_HOSTS));
    }
    found
}

/// The load balancer that forwards requests to a target group, by a rule or by a listener itself.
fn balancer_of<'b>(
    build: &'b Build,
    target: &Added<TargetGroup>,
) -> Option<Added<'b, LoadBalancer>> {
    let rule = build.all::<ListenerRule>().find(|rule| rule.refers_to(target));
    let mut listeners = build.all::<Listener>();
    let listener = listeners.find(|listener| {
        listener.refers_to(target) || rule.as_ref().is_some_and(|rule| rule.refers_to(listener))
    })?;
    build.all::<LoadBalancer>().find(|balancer| listener.refers_to(balancer))
}
