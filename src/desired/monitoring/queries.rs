//! Saved queries: built-in ones for the logs that exist, and those of the blueprint.
use crate::blueprint::Monitoring;
use crate::blueprint::monitoring::Query;
use crate::desired::build::{Added, Build};
use crate::desired::code;
use crate::facts::EDGE_REGION;
use crate::kinds::logs::log_group::LogGroup;
use crate::kinds::logs::query_definition::QueryDefinition;
use crate::reference::literal;
use std::collections::{BTreeMap, BTreeSet};

const COMPONENT: &str = "monitoring";

/// A built-in query: its name, the prefix of the log groups that it reads (empty: those of
/// services), and its text.
type BuiltIn = (&'static str, &'static str, &'static str);

/// The queries expect logs of services as JSON with `level`, `route`, `status` and `duration_ms`,
/// and access logs of APIs with `apiKeyId`, `ip` and `status`.
const BUILT_IN: &[BuiltIn] = &[
    (
        "errors",
        "",
        "filter level in [\"ERROR\", \"error\", \"FATAL\", \"fatal\"] \
         | stats count(*) as events, latest(@timestamp) as last by message | sort events desc | limit 50",
    ),
    (
        "latency-by-route",
        "",
        "filter ispresent(duration_ms) | stats count(*) as requests, pct(duration_ms, 50) as p50, \
         pct(duration_ms, 99) as p99 by route | sort p99 desc | limit 50",
    ),
    (
        "slowest-requests",
        "",
        "filter ispresent(duration_ms) | fields @timestamp, route, status, duration_ms, request_id \
         | sort duration_ms desc | limit 50",
    ),
    (
        "failures-by-instance",
        "",
        "filter status >= 500 | stats count(*) as failures by @logStream, bin(5m) \
         | sort failures desc | limit 100",
    ),
    (
        "api-calls-by-key",
        "api-",
        "fields strcontains(status, \"429\") as limited \
         | stats count(*) as calls, sum(limited) as turned_away by apiKeyId \
         | sort calls desc | limit 50",
    ),
    ("api-top-talkers", "api-", "stats count(*) as calls by ip | sort calls desc | limit 50"),
    (
        "waf-blocked",
        "waf-",
        "filter action = \"BLOCK\" | stats count(*) as requests by terminatingRuleId, \
         httpRequest.country, httpRequest.clientIp | sort requests desc | limit 50",
    ),
    (
        "slow-statements",
        "database-",
        "filter @message like /duration:/ | parse @message /duration: (?<duration_ms>[0-9.]+) ms/ \
         | sort duration_ms desc | limit 50",
    ),
    (
        "slow-commands",
        "cache-",
        "filter ispresent(Duration) | fields @timestamp, Duration, Command \
         | sort Duration desc | limit 50",
    ),
];

pub fn expand(build: &mut Build, wanted: &Monitoring) {
    for (name, prefix, text) in BUILT_IN {
        let of = |region| (built_in_groups(build, prefix, region), region);
        let mut some =
            [None, Some(EDGE_REGION)].map(of).into_iter().filter(|(of, _)| !of.is_empty());
        if let Some((groups, region)) = some.next()
            && !wanted.queries.contains_key(*name)
        {
            add(build, name, text, groups, region);
        }
    }
    let logs = logs(build);
    for (name, query) in &wanted.queries {
        let groups = groups_of(build, name, query, &logs);
        add(build, name, &literal(&query.query), groups, None);
    }
}

fn add(
    build: &mut Build,
    name: &str,
    text: &str,
    log_group_names: BTreeSet<String>,
    region: Option<&str>,
) {
    let spec = QueryDefinition {
        name: format!("{}/{name}", build.blueprint.stack),
        query_string: text.into(),
        log_group_names,
        region: region.map(str::to_string),
    };
    build.add(COMPONENT, name, &spec);
}

/// The log groups that a built-in query reads. Log groups of services have the name of the service.
fn built_in_groups(build: &Build, prefix: &str, region: Option<&str>) -> BTreeSet<String> {
    let matches = |group: &Added<LogGroup>| match prefix {
        "" => group.component() == format!("services.{}", group.name()),
        prefix => group.name().starts_with(prefix) && !group.component().starts_with("services."),
    };
    let groups = build.all().filter(matches);
    // One query is about one region.
    let groups = groups.filter(|group| group.spec.region.as_deref() == region);
    groups.map(|group| group.output("name")).collect()
}

/// The log groups of each component that has any in the stack's region.
fn logs(build: &Build) -> BTreeMap<String, BTreeSet<String>> {
    let mut logs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for group in build.all::<LogGroup>().filter(|group| group.spec.region.is_none()) {
        logs.entry(group.component().into()).or_default().insert(group.output("name"));
    }
    logs
}

fn groups_of(
    build: &mut Build,
    name: &str,
    query: &Query,
    logs: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<String> {
    let mut groups = BTreeSet::new();
    for component in &query.from {
        match logs.get(component) {
            Some(of) => groups.extend(of.iter().cloned()),
            None => {
                let known: Vec<String> = logs.keys().map(|one| format!("`{one}`")).collect();
                let help = match known.is_empty() {
                    true => "no component of this stack writes logs".to_string(),
                    false => format!("components with logs: {}", known.join(", ")),
                };
                let path = format!("monitoring.queries.{name}.from");
                let summary = format!("`{component}` has no logs to query");
                build.report(build.blueprint.at(&path, code::NO_LOGS, summary, help));
            }
        }
    }
    groups
}
