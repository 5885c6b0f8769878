//! Services: whether enough instances run, and whether those that run are well,
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
    about: "As many instances run as may, for a quarter of an hour",
    measure: Measure::Math(
        "IF(running >= most, 1, 0)",
        &[("running", "GroupInServiceInstances", "Minimum"), ("most", "GroupMaxSize", "Maximum")],
    ),
    threshold: 1.0,
    when: When::AtLeast,
    need: 15,
    of: 15,
    missing: "missing",
    ..Rule::USUAL
};

const CAPACITY_GAP: Rule = Rule {
    name: "capacity_gap",
    about: "Fewer instances run than should, for a quarter of an hour: launches fail",
    measure: Measure::Math(
        "wanted - running",
        &[
            ("wanted", "GroupDesiredCapacity", "Minimum"),
            ("running", "GroupInServiceInstances", "Maximum"),
        ],
    ),
    need: 15,
    of: 15,
    missing: "missing",
    severity: Severity::Page,
    ..Rule::USUAL
};

const INSTANCES: &[Rule] = &[
    Rule {
        name: "cpu",
        about: "Instances are busy",
        measure: Measure::Plain("CPUUtilization", "Average"),
        threshold: 85.0,
        need: 8,
        of: 10,
        missing: "missing",
        ..Rule::USUAL
    },
    Rule {
        name: "status_checks",
        about: "Instances fail their status checks",
        measure: Measure::Plain("StatusCheckFailed", "Maximum"),
        threshold: 1.0,
        when: When::AtLeast,
        need: 2,
        of: 2,
        missing: "missing",
        ..Rule::USUAL
    },
];

const NO_HEALTHY_HOSTS: Rule = Rule {
    name: "no_healthy_hosts",
    about: "No instance is healthy: nothing is answered",
    measure: Measure::Plain("HealthyHostCount", "Minimum"),
    threshold: 1.0,
    when: When::Below,
    need: 2,
    of: 2,
    missing: "breaching",
    severity: Severity::Page,
    ..Rule::USUAL
};

const UNHEALTHY_HOSTS: Rule = Rule {
    name: "unhealthy_hosts",
    about: "Instances fail their health checks",
    measure: Measure::Plain("UnHealthyHostCount", "Maximum"),
    threshold: 1.0,
    when: When::AtLeast,
    ..Rule::USUAL
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
    // A group of a fixed size is always at its ceiling.
    if group.spec.min_size != group.spec.max_size {
        found.push((subject("AWS/AutoScaling"), AT_MAX));
    }
    found.extend(INSTANCES.iter().map(|rule| (subject("AWS/EC2"), *rule)));
    found
}

/// Health is counted for a target group and the balancer that leads to it.
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
    // A service that may have no instances is meant to have none at times.
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
