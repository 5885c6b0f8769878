//! `routes` of a service: which requests a load balancer forwards to it.

use ipnet::IpNet;
use serde::Serialize;
use std::collections::BTreeMap;

use super::cidr;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::serialize::as_texts;

/// A route from a load balancer to a service. A request must meet all conditions; an empty
/// condition matches every request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Route {
    /// Name in `load_balancers`.
    pub load_balancer: String,
    /// Path patterns with `*` and `?`. Default: `/*`.
    pub paths: Vec<String>,
    /// HTTP methods in capital letters.
    pub methods: Vec<String>,
    /// Host names, with `*` and `?` as wildcards.
    pub hosts: Vec<String>,
    /// Header name to patterns, any of which may match.
    pub headers: BTreeMap<String, Vec<String>>,
    /// Query parameter to patterns, any of which may match.
    pub query: BTreeMap<String, Vec<String>>,
    /// CIDR blocks of the clients.
    #[serde(serialize_with = "as_texts")]
    pub sources: Vec<IpNet>,
    /// Breaks ties between equally specific routes: the lower number has precedence. 1 to 50,000.
    pub priority: Option<u32>,
}

/// The values that each condition of a route may list. More than five become several rules.
const MAX_VALUES: usize = 100;

const METHODS: &[&str] =
    &["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

pub(in crate::blueprint) fn decode(value: Value<'_>) -> Option<Route> {
    value.fields(|fields| {
        let load_balancer =
            fields.required("load_balancer", "load_balancer: main", |value| reference(value));
        let sources = |value: Value<'_>| value.items(MAX_VALUES, cidr);
        Some(Route {
            paths: fields
                .or("paths", vec!["/*".to_string()], |value| value.items(MAX_VALUES, path)),
            methods: fields.or("methods", Vec::new(), |value| value.items(METHODS.len(), method)),
            hosts: fields.or("hosts", Vec::new(), |value| value.items(MAX_VALUES, host)),
            headers: fields.or("headers", BTreeMap::new(), |value| value.entries(patterns)),
            query: fields.or("query", BTreeMap::new(), |value| value.entries(patterns)),
            sources: fields.or("sources", Vec::new(), sources),
            priority: fields.optional("priority", |value| value.count(1..=50_000)),
            load_balancer: load_balancer?,
        })
    })?
}

/// `main` or `load_balancers.main`
fn reference(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let name = text.strip_prefix("load_balancers.").unwrap_or(text);
    if name.contains('.') {
        let help = format!("write the name of an entry of `load_balancers`, not `{text}`");
        return value.malformed("the name of a load balancer", help);
    }
    Some(name.to_string())
}

/// A path pattern that a load balancer accepts.
pub(in crate::blueprint) fn path(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    if !text.starts_with('/') && !text.starts_with('*') {
        return value.malformed("a path that starts with `/`", format!("write `/{text}`"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.$/~\"'@:+&*?".contains(c);
    if text.len() > 128 || !text.chars().all(allowed) {
        let help = "write at most 128 letters, digits and `_ - . $ / ~ @ : + &`, \
                    with `*` and `?` as wildcards";
        return value.malformed("a path that a load balancer supports", help);
    }
    Some(text.to_string())
}

/// An HTTP method, which may be a custom one.
pub(in crate::blueprint) fn method(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let custom =
        text.len() <= 40 && text.chars().all(|c| c.is_ascii_uppercase() || "-_".contains(c));
    if custom && !text.is_empty() {
        return Some(text.to_string());
    }
    value.malformed("an HTTP method in capital letters", format!("write `{}`", text.to_uppercase()))
}

fn host(value: Value<'_>) -> Option<String> {
    let is_host = |text: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-.*?".contains(c);
        !text.is_empty() && text.len() <= 128 && text.contains('.') && text.chars().all(allowed)
    };
    value.shaped(is_host, "a host name without scheme and path", "api.example.com")
}

/// A pattern, or a list of patterns.
fn patterns(value: Value<'_>) -> Option<Vec<String>> {
    let pattern = |value: Value<'_>| {
        let text = value.any_text()?;
        if text.is_empty() || text.len() > 128 {
            return value.malformed(
                "a pattern of 1 to 128 characters",
                "write at most 128 characters, with `*` for the rest",
            );
        }
        Some(text)
    };
    match value.node.scalar() {
        Some(_) => pattern(value).map(|pattern| vec![pattern]),
        None => value.items(MAX_VALUES, pattern),
    }
}
