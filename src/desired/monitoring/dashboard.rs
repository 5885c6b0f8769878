//! The dashboard, in the order in which a request passes the layers: first alarms, then traffic,
//! errors and latency of the entry points, then services, databases, caches and queues.
use super::logs;
use super::rule::{Dimensions, component_name};
use super::widget::{Line, Rows, Widget, alarms, graph, log, text};
use crate::desired::build::{Added, Build};
use crate::facts::EDGE_REGION;
use crate::kinds::apigateway::rest_api::RestApi;
use crate::kinds::autoscaling::auto_scaling_group::AutoScalingGroup;
use crate::kinds::cloudfront::distribution::Distribution;
use crate::kinds::cloudwatch::alarm::Alarm;
use crate::kinds::cloudwatch::composite_alarm::CompositeAlarm;
use crate::kinds::cloudwatch::dashboard::{Body, Dashboard, prefix};
use crate::kinds::elasticache::replication_group::ReplicationGroup;
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::kinds::logs::log_group::LogGroup;
use crate::kinds::logs::metric_filter::MetricFilter;
use crate::kinds::rds::db_instance::DbInstance;
use crate::kinds::sqs::queue::Queue;
use crate::spec::Spec;

const COMPONENT: &str = "monitoring";
/// AWS's limit for the alarms of one widget.
const MOST_ALARMS: usize = 100;
const TALL: usize = 6;
const LOW: usize = 2;

pub fn expand(build: &mut Build) {
    let (stack, region) = (&build.blueprint.stack, &build.facts.region);
    let mut rows = Rows::default();
    rows.add(
        LOW,
        vec![text(format!(
            "# {stack}\nManaged by tenfold in {region}: manual changes are overwritten."
        ))],
    );
    let composite = build.all::<CompositeAlarm>().map(|alarm| alarm.output("arn"));
    let all = composite.chain(build.all::<Alarm>().map(|alarm| alarm.output("arn")));
    let all: Vec<String> = all.take(MOST_ALARMS).collect();
    if !all.is_empty() {
        rows.add(TALL, vec![alarms("Alarms", all)]);
    }
    rows.add(TALL, entry_points(build));
    rows.add(TALL, services(build));
    rows.add(TALL, databases(build));
    rows.add(TALL, caches(build));
    rows.add(TALL, queues(build));
    rows.add(TALL, log_metrics(build));
    rows.add(TALL, errors(build));
    let spec = Dashboard {
        dashboard_name: format!("{}main", prefix(stack, region)),
        dashboard_body: Body::new(&rows.body()),
    };
    build.add(COMPONENT, "main", &spec);
}

/// Lines of the same metric for several resources, each with its label and dimensions.
struct Group {
    namespace: &'static str,
    members: Vec<(String, Dimensions)>,
}

impl Group {
    /// The resources of a kind, labelled with the names of their components.
    fn of_components<K: Spec>(
        build: &Build,
        namespace: &'static str,
        dimensions: impl Fn(&Added<K>) -> Dimensions,
    ) -> Self {
        let member = |one: Added<K>| (component_name(one.component()).into(), dimensions(&one));
        Group { namespace, members: build.all().map(member).collect() }
    }

    /// The resources of a kind, labelled with their own names.
    fn of_resources<K: Spec>(
        build: &Build,
        namespace: &'static str,
        dimensions: impl Fn(&Added<K>) -> Dimensions,
    ) -> Self {
        let member = |one: Added<K>| (one.name().into(), dimensions(&one));
        Group { namespace, members: build.all().map(member).collect() }
    }

    fn lines(&self, metric: &str, statistic: &'static str, what: &str) -> Vec<Line> {
        let label = |name: &String| match what {
            "" => name.clone(),
            what => format!("{name} {what}"),
        };
        let line = |(name, dimensions): &(String, Dimensions)| {
            Line::new(self.namespace, metric, dimensions, statistic, label(name))
        };
        self.members.iter().map(line).collect()
    }
}

/// A graph, unless it has no lines.
fn graph_of(build: &Build, title: &str, lines: Vec<Line>) -> Option<Widget> {
    (!lines.is_empty()).then(|| graph(title, &build.facts.region, &lines))
}

/// Traffic, errors and latency of CDNs, APIs and load balancers.
fn entry_points(build: &Build) -> Vec<Widget> {
    // CloudFront publishes its metrics in one region only, and a graph shows metrics of one region.
    let mut cdn = Group::of_components(build, "AWS/CloudFront", |one: &Added<Distribution>| {
        vec![("DistributionId", one.output("id")), ("Region", "Global".into())]
    });
    if build.facts.region != EDGE_REGION {
        cdn.members.clear();
    }
    let api = Group::of_components(build, "AWS/ApiGateway", |one: &Added<RestApi>| {
        vec![("ApiName", one.spec.name.clone())]
    });
    let balancer =
        Group::of_components(build, "AWS/ApplicationELB", |one: &Added<LoadBalancer>| {
            vec![("LoadBalancer", one.output("full_name"))]
        });
    let mut traffic = cdn.lines("Requests", "Sum", "(CDN)");
    traffic.extend(api.lines("Count", "Sum", "(API)"));
    traffic.extend(balancer.lines("RequestCount", "Sum", ""));
    let mut errors = balancer.lines("HTTPCode_Target_5XX_Count", "Sum", "5xx of services");
    errors.extend(balancer.lines("HTTPCode_ELB_5XX_Count", "Sum", "5xx of the balancer"));
    errors.extend(api.lines("5XXError", "Sum", "5xx (API)"));
    errors.extend(api.lines("4XXError", "Sum", "4xx (API)"));
    let mut latency = balancer.lines("TargetResponseTime", "p50", "p50, s");
    latency.extend(balancer.lines("TargetResponseTime", "p90", "p90, s"));
    latency.extend(balancer.lines("TargetResponseTime", "p99", "p99, s"));
    let rates = cdn.lines("5xxErrorRate", "Average", "5xx, % (CDN)");
    [("Requests", traffic), ("Errors", errors), ("Latency", latency), ("CDN error rate", rates)]
        .into_iter()
        .filter_map(|(title, lines)| graph_of(build, title, lines))
        .collect()
}

fn services(build: &Build) -> Vec<Widget> {
    let of = |namespace| {
        Group::of_components(build, namespace, |one: &Added<AutoScalingGroup>| {
            vec![("AutoScalingGroupName", one.output("name"))]
        })
    };
    let sizes = of("AWS/AutoScaling");
    let mut instances = sizes.lines("GroupInServiceInstances", "Average", "");
    instances.extend(sizes.lines("GroupMaxSize", "Maximum", "maximum"));
    let cpu = of("AWS/EC2").lines("CPUUtilization", "Average", "");
    [("Instances", instances), ("CPU, %", cpu)]
        .into_iter()
        .filter_map(|(title, lines)| graph_of(build, title, lines))
        .collect()
}

fn databases(build: &Build) -> Vec<Widget> {
    let group = Group::of_resources(build, "AWS/RDS", |one: &Added<DbInstance>| {
        vec![("DBInstanceIdentifier", one.output("name"))]
    });
    [
        ("Database CPU, %", "CPUUtilization"),
        ("Database connections", "DatabaseConnections"),
        ("Database free storage, bytes", "FreeStorageSpace"),
        ("Database disk queue", "DiskQueueDepth"),
    ]
    .into_iter()
    .filter_map(|(title, metric)| graph_of(build, title, group.lines(metric, "Average", "")))
    .collect()
}

/// The nodes of a group change with its shards, so graphs search for them by name.
fn caches(build: &Build) -> Vec<Widget> {
    let groups = build.all::<ReplicationGroup>().map(|group| group.output("name"));
    let groups: Vec<String> = groups.collect();
    if groups.is_empty() {
        return Vec::new();
    }
    let widget = |(title, metric): (&str, &str)| {
        let searches = groups.iter().map(|group| Line::search(group, metric));
        graph(title, &build.facts.region, &searches.collect::<Vec<_>>())
    };
    [
        ("Cache engine CPU, %", "EngineCPUUtilization"),
        ("Cache memory, %", "DatabaseMemoryUsagePercentage"),
        ("Cache hit rate, %", "CacheHitRate"),
        ("Cache evictions", "Evictions"),
    ]
    .into_iter()
    .map(widget)
    .collect()
}

fn queues(build: &Build) -> Vec<Widget> {
    let group = Group::of_resources(build, "AWS/SQS", |one: &Added<Queue>| {
        vec![("QueueName", one.output("name"))]
    });
    [
        ("Messages waiting", "ApproximateNumberOfMessagesVisible"),
        ("Oldest message, s", "ApproximateAgeOfOldestMessage"),
        ("Messages in flight", "ApproximateNumberOfMessagesNotVisible"),
    ]
    .into_iter()
    .filter_map(|(title, metric)| graph_of(build, title, group.lines(metric, "Maximum", "")))
    .collect()
}

/// Metrics that the stack counts in its logs.
fn log_metrics(build: &Build) -> Vec<Widget> {
    let namespace = logs::namespace(build);
    let line = |filter: Added<MetricFilter>| {
        Line::new(&namespace, filter.name(), &[], "Sum", filter.name())
    };
    let lines: Vec<Line> = build.all().map(line).collect();
    graph_of(build, "Log metrics", lines).into_iter().collect()
}

fn errors(build: &Build) -> Vec<Widget> {
    let of_service =
        |group: &Added<LogGroup>| group.component() == format!("services.{}", group.name());
    let groups: Vec<String> =
        build.all().filter(of_service).map(|group| group.output("name")).collect();
    let query = "filter level in [\"ERROR\", \"error\"] \
                 | stats count(*) as events by message | sort events desc | limit 20";
    match groups.is_empty() {
        true => Vec::new(),
        false => vec![log("Most frequent errors", &build.facts.region, &groups, query)],
    }
}
