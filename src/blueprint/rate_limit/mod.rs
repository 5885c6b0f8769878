//! `rate_limits`: an API in front of a load balancer or a URL that limits the requests of each
//! client, and a firewall.
pub mod api_route;
pub mod firewall;
pub mod openapi;
pub mod operation;
pub mod tier;

use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

use super::domain::{self, Domain};
use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::node::LabelPosition;
use super::monitoring;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use crate::diagnostic::Diagnostic;
use api_route::ApiRoute;
use firewall::Firewall;
use tier::{Limit, Tier};

/// An API Gateway API with its usage plans, a firewall, or both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateLimit {
    /// Where the API forwards requests; none: there is no API, only a firewall.
    pub backend: Option<Backend>,
    pub domain: Domain,
    /// An OpenAPI document that describes the operations; none: they follow from the routes.
    pub openapi: Option<Map<String, Json>>,
    /// The limit for all clients together; none: the account's limit, minus a reserve.
    pub limit: Option<Limit>,
    /// Which requests the API accepts. Default: all, with a key if there are `tiers`.
    pub routes: Vec<ApiRoute>,
    /// Limits for groups of clients, by name of the group.
    pub tiers: BTreeMap<String, Tier>,
    /// API keys that tenfold creates: name of the key to its tier.
    pub keys: BTreeMap<String, String>,
    /// Seconds in which a backend must respond, 1 to 29. Default: 29.
    pub timeout_s: u32,
    /// Days that access logs are kept; none: off. Default: 30, with the `dev` preset 7.
    pub access_logs_days: Option<u32>,
    /// Default: off.
    pub execution_logs: ExecutionLogs,
    /// Whether API Gateway publishes metrics of each path and method, which cost extra. Default:
    /// false.
    pub detailed_metrics: bool,
    /// Whether X-Ray traces requests. Default: false.
    pub tracing: bool,
    /// None: no firewall.
    pub firewall: Option<Firewall>,
    /// Changes to the default alarms.
    pub alarms: Alarms,
}

/// Where an API forwards requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// A name in `load_balancers`, reached over a private connection.
    LoadBalancer(String),
    /// A URL without a trailing slash, reached over the internet.
    Url(String),
}

/// What API Gateway logs about each request, in addition to the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionLogs {
    Off,
    Error,
    Info,
}

impl RateLimit {
    /// The load balancer that is the backend.
    pub fn load_balancer(&self) -> Option<&str> {
        match &self.backend {
            Some(Backend::LoadBalancer(name)) => Some(name),
            _ => None,
        }
    }
}

/// The keys that apply only if there is an API.
const API_KEYS: &[&str] =
    &["openapi", "rate", "burst", "routes", "tiers", "keys", "timeout", "domain", "access_logs"];

pub(super) fn decode(value: Value<'_>) -> Option<RateLimit> {
    value.fields(|fields| {
        refuse_edge(fields);
        let backend = backend(fields);
        let tiers = fields.or("tiers", BTreeMap::new(), |value| value.named(tier::decode));
        let needs_key = fields.has("tiers");
        let routes = fields
            .optional("routes", |value| value.list(|value| api_route::decode(value, needs_key)))
            .unwrap_or_else(|| vec![ApiRoute::all(needs_key)]);
        RateLimit {
            backend,
            domain: domain::decode(fields),
            openapi: fields.optional("openapi", openapi::decode),
            limit: tier::limit(fields),
            routes,
            tiers,
            keys: fields.or("keys", BTreeMap::new(), |value| {
                value.named(|value| value.text().map(str::to_string))
            }),
            timeout_s: fields.or("timeout", 29, |value| value.seconds(1..=29)),
            access_logs_days: access_logs(fields),
            execution_logs: fields.or("execution_logs", ExecutionLogs::Off, |value| {
                value.word(&[
                    ("off", ExecutionLogs::Off),
                    ("error", ExecutionLogs::Error),
                    ("info", ExecutionLogs::Info),
                ])
            }),
            detailed_metrics: fields.or("detailed_metrics", false, Value::boolean),
            tracing: fields.or("tracing", false, Value::boolean),
            firewall: fields.optional("firewall", firewall::decode),
            alarms: fields
                .or("alarms", Alarms::new(), |value| alarms::decode(value, "rate_limits")),
        }
    })
}

/// The CloudFront distribution of an edge-optimised API cannot be configured.
fn refuse_edge(fields: &mut Fields<'_>) {
    let Some(value) = fields.get("endpoint") else { return };
    let text = value.text().unwrap_or_default();
    if text != "regional" {
        let summary = format!("`endpoint` cannot be `{text}`");
        let report = value.error(code::EDGE_API, summary, "only `regional` is supported");
        value.report(report.help(
            "remove `endpoint`; to serve the API from the edge, put a CDN in front of it: \
             `cdn: { edge: { routes: [{ paths: [/*], to: rate_limits.… }] } }`",
        ));
    }
}

fn backend(fields: &mut Fields<'_>) -> Option<Backend> {
    let to = fields.optional("to", balancer).map(Backend::LoadBalancer);
    let url = fields.optional("url", url).map(Backend::Url);
    let backends = ["to", "url"].iter().filter(|key| fields.has(key)).count();
    let api_key = API_KEYS.iter().find(|key| fields.has(key));
    if backends == 2 {
        fields.clash(
            code::EITHER_OR,
            "both `to` and `url` are set",
            ("to", "a load balancer"),
            ("url", "a URL"),
            "remove `to` or `url`",
        );
    }
    if let (0, Some(key)) = (backends, api_key) {
        let name = fields.value.key;
        let summary = format!("`{name}` has `{key}`, but no backend");
        let report = Diagnostic::error(code::API_WITHOUT_BACKEND, summary)
            .label_at(fields.value.key_position, "needs `to` or `url`");
        let help =
            "add `to: load_balancers.…`, or `url: https://…` for a backend outside the stack";
        fields.value.report(report.help(help));
    }
    to.or(url)
}

/// `load_balancers.main` or `main`.
fn balancer(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let name = text.strip_prefix("load_balancers.").unwrap_or(text);
    if name.contains(['.', '/', ':']) {
        let help = "write the name of an entry of `load_balancers`, or use `url` for an address";
        return value.malformed("the name of a load balancer", help);
    }
    Some(name.to_string())
}

fn url(value: Value<'_>) -> Option<String> {
    let is_url = |text: &str| {
        let rest = text.strip_prefix("https://").unwrap_or_default();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(allowed)
    };
    let url = value.shaped(is_url, "an https URL", "https://api.example.com")?;
    Some(url.trim_end_matches('/').to_string())
}

fn access_logs(fields: &mut Fields<'_>) -> Option<u32> {
    let default = fields.value.decoder.preset(30, 7);
    fields.switch("access_logs", Some(default), |value| {
        if value.is_true() {
            return Some(default);
        }
        value.fields(|fields| fields.or("retention", default, monitoring::retention))
    })
}
