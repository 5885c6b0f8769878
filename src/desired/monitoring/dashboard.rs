//! The dashboard: from the outside in, as a request goes. First what is wrong, then traffic,
//! errors and latency of each layer, then what fills up behind them.
use super::find::{of_kind, output, own_name};
use super::logs;
use super::widget::{Line, Rows, Widget, alarms, graph, log, text};
use crate::desired::build::Build;
use crate::facts::EDGE_REGION;
use crate::kinds::cloudwatch::dashboard::{Body, Dashboard, prefix};
use crate::resource::Resource;
use serde_json::Value;

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
        vec![text(format!("# {stack}\nMade by tenfold in {region}: changes here are undone."))],
    );
    let all = of_kind(build, "composite-alarm").chain(of_kind(build, "alarm"));
    let all: Vec<String> = all.map(|alarm| output(alarm, "arn")).take(MOST_ALARMS).collect();
    if !all.is_empty() {
        rows.add(TALL, vec![alarms("Alarms", all)]);
    }
    rows.add(TALL, doors(build));
    rows.add(TALL, services(build));
    rows.add(TALL, databases(build));
    rows.add(TALL, caches(build));
    rows.add(TALL, queues(build));
    rows.add(TALL, counted(build));
    rows.add(TALL, errors(build));
    let spec = Dashboard {
        dashboard_name: format!("{}main", prefix(stack, region)),
        dashboard_body: Body::new(&rows.body()),
    };
    build.add(COMPONENT, "main", &spec);
}

/// Lines of the same metric for several things.
struct Group {
    namespace: &'static str,
    things: Vec<(String, Vec<(&'static str, String)>)>,
}

impl Group {
    fn new<'a>(
        namespace: &'static str,
        found: impl Iterator<Item = &'a Resource>,
        dimensions: impl Fn(&'a Resource) -> Vec<(&'static str, String)>,
    ) -> Self {
        let things = found.map(|one| (own_name(&one.component).to_string(), dimensions(one)));
        Group { namespace, things: things.collect() }
    }

    fn lines(&self, metric: &str, statistic: &'static str, what: &str) -> Vec<Line> {
        let label = |name: &String| match what {
            "" => name.clone(),
            what => format!("{name} {what}"),
        };
        let line = |(name, dimensions): &(String, Vec<(&'static str, String)>)| {
            Line::new(self.namespace, metric, dimensions, statistic, label(name))
        };
        self.things.iter().map(line).collect()
    }
}

/// A graph, unless there is nothing to draw.
fn drawn(build: &Build, title: &str, lines: Vec<Line>) -> Option<Widget> {
    (!lines.is_empty()).then(|| graph(title, &build.facts.region, &lines))
}

/// CDN, API and load balancers: traffic, errors and latency, each layer beside the others.
fn doors(build: &Build) -> Vec<Widget> {
    // CloudFront has its metrics in one region, and a graph shows those of one region.
    let at_cdn = build.facts.region == EDGE_REGION;
    let cdn = of_kind(build, "distribution").filter(|_| at_cdn);
    let cdn = Group::new("AWS/CloudFront", cdn, |one| {
        vec![("DistributionId", output(one, "id")), ("Region", "Global".into())]
    });
    let apis = of_kind(build, "rest-api").filter(|api| title(api).is_some());
    let api = Group::new("AWS/ApiGateway", apis, |one| {
        vec![("ApiName", title(one).unwrap_or_default().into())]
    });
    let balancer = Group::new("AWS/ApplicationELB", of_kind(build, "load-balancer"), |one| {
        vec![("LoadBalancer", output(one, "full_name"))]
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
        .filter_map(|(title, lines)| drawn(build, title, lines))
        .collect()
}

fn title(api: &Resource) -> Option<&str> {
    api.spec.get("Name").or_else(|| api.spec.pointer("/Body/info/title")).and_then(Value::as_str)
}

fn services(build: &Build) -> Vec<Widget> {
    let of = |namespace| {
        Group::new(namespace, of_kind(build, "auto-scaling-group"), |one| {
            vec![("AutoScalingGroupName", output(one, "name"))]
        })
    };
    let sizes = of("AWS/AutoScaling");
    let mut instances = sizes.lines("GroupInServiceInstances", "Average", "");
    instances.extend(sizes.lines("GroupMaxSize", "Maximum", "at most"));
    let cpu = of("AWS/EC2").lines("CPUUtilization", "Average", "");
    [("Instances", instances), ("CPU, %", cpu)]
        .into_iter()
        .filter_map(|(title, lines)| drawn(build, title, lines))
        .collect()
}

fn databases(build: &Build) -> Vec<Widget> {
    let things = of_kind(build, "db-instance");
    let dimensions = |one: &Resource| vec![("DBInstanceIdentifier", output(one, "name"))];
    let things = things.map(|one| (one.id.name.clone(), dimensions(one)));
    let group = Group { namespace: "AWS/RDS", things: things.collect() };
    [
        ("Database CPU, %", "CPUUtilization"),
        ("Database connections", "DatabaseConnections"),
        ("Database free storage, bytes", "FreeStorageSpace"),
        ("Database disk queue", "DiskQueueDepth"),
    ]
    .into_iter()
    .filter_map(|(title, metric)| drawn(build, title, group.lines(metric, "Average", "")))
    .collect()
}

/// The nodes of a group come and go with its shards: they are searched for by their names.
fn caches(build: &Build) -> Vec<Widget> {
    let groups: Vec<String> =
        of_kind(build, "replication-group").map(|group| output(group, "name")).collect();
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
    let all: Vec<&Resource> = of_kind(build, "queue").collect();
    let things =
        all.iter().map(|one| (one.id.name.clone(), vec![("QueueName", output(one, "name"))]));
    let group = Group { namespace: "AWS/SQS", things: things.collect() };
    [
        ("Messages waiting", "ApproximateNumberOfMessagesVisible"),
        ("Oldest message, s", "ApproximateAgeOfOldestMessage"),
        ("Messages being handled", "ApproximateNumberOfMessagesNotVisible"),
    ]
    .into_iter()
    .filter_map(|(title, metric)| drawn(build, title, group.lines(metric, "Maximum", "")))
    .collect()
}

/// What the stack counts in its own logs.
fn counted(build: &Build) -> Vec<Widget> {
    let namespace = logs::namespace(build);
    let filters = of_kind(build, "metric-filter");
    let line = |filter: &Resource| {
        Line::new(&namespace, &filter.id.name, &[], "Sum", filter.id.name.clone())
    };
    let lines: Vec<Line> = filters.map(line).collect();
    drawn(build, "Counted in logs", lines).into_iter().collect()
}

fn errors(build: &Build) -> Vec<Widget> {
    let own = |group: &&Resource| group.component == format!("services.{}", group.id.name);
    let groups: Vec<String> =
        of_kind(build, "log-group").filter(own).map(|group| output(group, "name")).collect();
    let query = "filter level in [\"ERROR\", \"error\"] \
                 | stats count(*) as events by message | sort events desc | limit 20";
    match groups.is_empty() {
        true => Vec::new(),
        false => vec![log("Most frequent errors", &build.facts.region, &groups, query)],
    }
}
