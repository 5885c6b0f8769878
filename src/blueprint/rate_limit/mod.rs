//! `rate_limits`: an API in front of a load balancer or a URL, which counts what each client asks
//! for, and a firewall.
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
use super::language::node::LabelPlace;
use super::monitoring;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use crate::diagnostic::Diagnostic;
use api_route::ApiRoute;
use firewall::Firewall;
use tier::{Limit, Tier};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateLimit {
    /// What it stands in front of; none: there is no API, but only a firewall.
    pub backend: Option<Backend>,
    pub domain: Domain,
    /// A document that describes the operations; else they follow from the routes.
    pub openapi: Option<Map<String, Json>>,
    /// For all clients together; none: what the account grants, with a reserve.
    pub limit: Option<Limit>,
    pub routes: Vec<ApiRoute>,
    pub tiers: BTreeMap<String, Tier>,
    /// Clients of the house: the name of a key to its tier.
    pub keys: BTreeMap<String, String>,
    /// How long a backend may take to answer.
    pub timeout_s: u32,
    /// Days that access logs are kept; none: there are none.
    pub access_logs_days: Option<u32>,
    pub execution_logs: ExecutionLogs,
    /// Metrics of each path and method, which cost extra.
    pub detailed_metrics: bool,
    pub tracing: bool,
    pub firewall: Option<Firewall>,
    pub alarms: Alarms,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// A name in `load_balancers`, reached privately.
    LoadBalancer(String),
    /// An address without a slash at its end, reached over the internet.
    Url(String),
}

/// What API Gateway itself logs of each request, beside the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionLogs {
    Off,
    Error,
    Info,
}

impl RateLimit {
    /// The load balancer it stands in front of.
    pub fn load_balancer(&self) -> Option<&str> {
        match &self.backend {
            Some(Backend::LoadBalancer(name)) => Some(name),
            _ => None,
        }
    }
}

/// What makes sense only with an API.
const OF_AN_API: &[&str] =
    &["openapi", "rate", "burst", "routes", "tiers", "keys", "timeout", "domain", "access_logs"];

pub(crate) fn decode(value: Value<'_>) -> Option<RateLimit> {
    value.fields(|fields| {
        refuse_edge(fields);
        let backend = backend(fields);
        let tiers = fields.or("tiers", BTreeMap::new(), |value| value.named(tier::decode));
        let keyed = fields.has("tiers");
        let routes = fields
            .optional("routes", |value| value.list(|value| api_route::decode(value, keyed)))
            .unwrap_or_else(|| vec![ApiRoute::all(keyed)]);
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

/// An edge-optimised API is a CloudFront distribution that nobody can set.
fn refuse_edge(fields: &mut Fields<'_>) {
    let Some(value) = fields.get("endpoint") else { return };
    let text = value.text().unwrap_or_default();
    if text != "regional" {
        let summary = format!("`endpoint` cannot be `{text}`");
        let report = value.error(code::EDGE_API, summary, "APIs are regional");
        value.report(report.help(
            "leave `endpoint` out; for an edge put a CDN before it: \
             `cdn: { edge: { routes: [{ paths: [/*], to: rate_limits.… }] } }`",
        ));
    }
}

fn backend(fields: &mut Fields<'_>) -> Option<Backend> {
    let to = fields.optional("to", balancer).map(Backend::LoadBalancer);
    let url = fields.optional("url", url).map(Backend::Url);
    let written = ["to", "url"].iter().filter(|key| fields.has(key)).count();
    let of_an_api = OF_AN_API.iter().find(|key| fields.has(key));
    if written == 2 {
        fields.clash(
            code::EITHER_OR,
            "`to` beside `url`",
            ("to", "a load balancer"),
            ("url", "and an address"),
            "keep one of the two",
        );
    }
    if let (0, Some(key)) = (written, of_an_api) {
        let name = fields.value.key;
        let summary = format!("`{name}` has `{key}`, but nothing it leads to");
        let report = Diagnostic::error(code::API_LEADS_NOWHERE, summary)
            .place(fields.value.key_place, "to where?");
        let help = "write `to: load_balancers.…`, or `url: https://…` for what is elsewhere";
        fields.value.report(report.help(help));
    }
    to.or(url)
}

/// `load_balancers.main`, or `main` alone.
fn balancer(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let name = text.strip_prefix("load_balancers.").unwrap_or(text);
    if name.contains(['.', '/', ':']) {
        let help = "write the name of an entry of `load_balancers`; an address is a `url`";
        return value.malformed("a load balancer", help);
    }
    Some(name.to_string())
}

fn url(value: Value<'_>) -> Option<String> {
    let is_url = |text: &str| {
        let rest = text.strip_prefix("https://").unwrap_or_default();
        let allowed = |one: char| one.is_ascii_alphanumeric() || "-._~:/".contains(one);
        rest.starts_with(|one: char| one.is_ascii_alphanumeric()) && rest.chars().all(allowed)
    };
    let url = value.shaped(is_url, "an address with https", "https://api.example.com")?;
    Some(url.trim_end_matches('/').to_string())
}

fn access_logs(fields: &mut Fields<'_>) -> Option<u32> {
    let usual = fields.value.decoder.preset(30, 7);
    fields.switch("access_logs", Some(usual), |value| {
        if value.is_true() {
            return Some(usual);
        }
        value.fields(|fields| fields.or("retention", usual, monitoring::retention))
    })
}
