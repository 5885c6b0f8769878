//! `rate_limits`: an API with its limits, its backend, its domain and its clients.
mod clients;
mod document;
pub mod firewall;
mod firewall_rules;
mod parts;

use super::build::{Build, Handle, int};
use super::network::Network;
use super::shared::domain::{Place, Target};
use super::shared::{access, domain, log_group};
use super::{code, load_balancer};
use crate::blueprint::rate_limit::tier::Limit;
use crate::blueprint::rate_limit::{ExecutionLogs, RateLimit};
use crate::facts::ApiGateway;
use crate::kinds::apigateway::api_account::{ApiAccount, ROLE, ROLE_PATH};
use crate::kinds::apigateway::api_domain::{ApiDomain, Mapping};
use crate::kinds::apigateway::rest_api::{AccessLog, Endpoint, MethodSetting, RestApi};
use crate::kinds::apigateway::vpc_link::VpcLink;
use parts::Parts;
use serde_json::json;

/// The only stage of an API. It is part of the API's default URL.
const STAGE: &str = "live";
/// The limit of API Gateway for the name of a VPC link.
const LINK_NAME: usize = 128;
/// The limit of API Gateway for the name of an API.
const API_NAME: usize = 1024;
/// The largest share of the account's limit for all its APIs that one API may have.
const SHARE: f64 = 0.8;
/// API Gateway's limit for the resources of an API.
const MAX_RESOURCES: usize = 300;

pub fn expand(build: &mut Build, network: Option<&Network>, name: &str, wanted: &RateLimit) {
    if wanted.backend.is_none() {
        return;
    }
    let parts = Parts { component: format!("rate_limits.{name}"), name, wanted };
    let account = build.facts.api_gateway.clone();
    let limit = limit(build, &parts, account.as_ref());
    check_path_count(build, &parts);
    let link = network.and_then(|network| link(build, network, &parts));
    let log = access_log(build, &parts);
    if log.is_some() || wanted.execution_logs != ExecutionLogs::Off {
        log_role(build, &parts, account.as_ref());
    }
    let host = domain::host(build, "rate_limits", name, &wanted.domain);
    let api_name = build.name(name, API_NAME);
    let description = format!("tenfold {}", parts.component);
    let spec = RestApi {
        body: Some(document::document(build, &parts, &api_name, &description, link.as_ref())),
        name: api_name,
        description,
        document: String::new(),
        endpoint_configuration: Endpoint::regional(),
        api_key_source_type: "HEADER".into(),
        // With a domain of its own the API answers only there.
        disable_execute_api_endpoint: host.is_some(),
        stage_name: STAGE.into(),
        method_settings: method_settings(wanted, limit),
        access_log_setting: log,
        tracing_enabled: wanted.tracing,
        tags: build.tags(&parts.component, name),
    };
    let api = build.add(&parts.component, name, &spec);
    if let Some(host) = host {
        custom_domain(build, &parts, &api, &host);
    }
    clients::expand(build, &parts, &api);
}

/// The limit for all clients together. The default leaves a part of the account's limit to other
/// APIs.
fn limit(build: &mut Build, parts: &Parts, account: Option<&ApiGateway>) -> Limit {
    let (rate, burst) = account.map_or((f64::MAX, i32::MAX), |of| (of.rate, of.burst));
    let most = (rate * SHARE).floor();
    let burst = u32::try_from(burst).unwrap_or(u32::MAX);
    let Some(wanted) = parts.wanted.limit else {
        return Limit { rate: most, burst: (burst / 5 * 4).max(1) };
    };
    if wanted.rate > most {
        let summary = format!(
            "{}/s is more than 80 % of the {rate}/s that all APIs of this account share",
            wanted.rate
        );
        let help = format!("set {most}/s or less, or request a higher limit for the account");
        let path = format!("{}.rate", parts.component);
        let report = build.blueprint.at(&path, code::ABOVE_ACCOUNT, summary, help);
        build.report(report);
    }
    // The account's burst limit applies in any case.
    Limit { burst: wanted.burst.min(burst), ..wanted }
}

fn check_path_count(build: &mut Build, parts: &Parts) {
    let operations = parts.wanted.operations();
    let mut resources = std::collections::BTreeSet::from(["".to_string()]);
    for operation in &operations {
        let mut path = operation.path.trim_end_matches('/');
        // Each segment of a path is a resource.
        while !path.is_empty() {
            resources.insert(path.to_string());
            path = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }
    if resources.len() > MAX_RESOURCES {
        let summary = format!("the paths of the API need {} resources", resources.len());
        let help = format!("API Gateway allows {MAX_RESOURCES}: combine paths, as in `/v1/*`");
        let report = build.blueprint.at_key(&parts.component, code::MANY_PATHS, summary, help);
        build.report(report);
    }
}

/// Adds a VPC link to the load balancer, and rules from its security group to the load balancer's.
fn link(build: &mut Build, network: &Network, parts: &Parts) -> Option<Handle> {
    let Parts { component, name, wanted } = parts;
    let to = wanted.load_balancer()?;
    let behind = build.blueprint.load_balancers.get(to)?;
    let own = format!("api-{name}");
    let group = access::group(build, &network.vpc, component, &own);
    let (to, port) = (load_balancer::group(to), load_balancer::port(behind));
    access::connect(build, component, (&own, &group), (&to.name, &to), port);
    let spec = VpcLink {
        name: build.name(name, LINK_NAME),
        security_group_ids: [group.output("id")].into(),
        subnet_ids: network.app.iter().cloned().collect(),
        tags: build.tags(component, name),
    };
    Some(build.add(component, name, &spec))
}

/// A line of JSON for each request,
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html>.
fn access_log(build: &mut Build, parts: &Parts) -> Option<AccessLog> {
    let Parts { component, name, wanted } = parts;
    let days = wanted.access_logs_days?;
    let own = format!("api-{name}");
    let group_name = log_group::name(build, &own);
    let group = log_group::add(build, (component, &own), group_name, int(days));
    let format = json!({
        "requestId": "$context.requestId",
        "time": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "method": "$context.httpMethod",
        "path": "$context.path",
        "resource": "$context.resourcePath",
        "status": "$context.status",
        "responseBytes": "$context.responseLength",
        "latencyMs": "$context.responseLatency",
        "backendStatus": "$context.integration.status",
        "backendLatencyMs": "$context.integration.latency",
        "apiKeyId": "$context.identity.apiKeyId",
        "userAgent": "$context.identity.userAgent",
        "errorType": "$context.error.responseType",
        "wafStatus": "$context.waf.status",
    });
    Some(AccessLog { destination_arn: group.output("arn"), format: format.to_string() })
}

/// All APIs of an account write logs with one role: the one that is already set, or else
/// `tenfold`'s.
fn log_role(build: &mut Build, parts: &Parts, account: Option<&ApiGateway>) {
    if build.all::<ApiAccount>().next().is_some() {
        return;
    }
    let (partition, id) = (&build.facts.partition, &build.facts.account);
    let own = format!("arn:{partition}:iam::{id}:role{ROLE_PATH}{ROLE}");
    let set = account.and_then(|account| account.log_role.clone());
    let spec = ApiAccount { cloud_watch_role_arn: set.unwrap_or(own) };
    build.add(&parts.component, "main", &spec);
}

/// One setting for all methods, and one for each method with a limit of its own. The latter
/// replaces the former as a whole, so it contains every property.
fn method_settings(wanted: &RateLimit, limit: Limit) -> Vec<MethodSetting> {
    let setting = |resource_path: String, http_method: &str, limit: Limit| MethodSetting {
        resource_path,
        http_method: http_method.into(),
        throttling_rate_limit: limit.rate,
        throttling_burst_limit: int(limit.burst),
        metrics_enabled: wanted.detailed_metrics,
        logging_level: match wanted.execution_logs {
            ExecutionLogs::Off => "OFF",
            ExecutionLogs::Error => "ERROR",
            ExecutionLogs::Info => "INFO",
        }
        .into(),
        data_trace_enabled: false,
    };
    let mut all = vec![setting("/*".into(), "*", limit)];
    all.extend(wanted.operations().iter().filter_map(|operation| {
        let path = MethodSetting::path_of(&operation.path);
        Some(setting(path, &operation.method, operation.route.limit?))
    }));
    all
}

/// Adds a domain of its own to an API.
fn custom_domain(build: &mut Build, parts: &Parts, api: &Handle, host: &str) {
    let Parts { component, name, wanted } = parts;
    let domain = &wanted.domain;
    let certificate = domain::certificate(build, component, name, domain, host, Place::Region);
    let Some(certificate) = certificate else { return };
    let spec = ApiDomain {
        domain_name: host.into(),
        regional_certificate_arn: certificate,
        security_policy: "TLS_1_2".into(),
        endpoint_configuration: Endpoint::regional(),
        mapping: Some(Mapping { rest_api_id: api.output("id"), stage: api.output("stage") }),
        tags: build.tags(component, name),
    };
    let made = build.add(component, name, &spec);
    let (dns_name, hosted_zone_id) = (made.output("target"), made.output("zone_id"));
    let target = Target { dns_name, hosted_zone_id, ipv6: false };
    domain::alias(build, component, name, domain, host, &target);
}
