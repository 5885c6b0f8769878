//! `routes` of a service: which requests of a load balancer it answers.

use ipnet::IpNet;
use serde::Serialize;
use std::collections::BTreeMap;

use super::cidr;
use crate::blueprint::as_texts;
use crate::blueprint::language::decode::Value;

/// All conditions must hold; an empty one holds always.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Route {
    /// Name in `load_balancers`.
    pub load_balancer: String,
    /// Patterns with `*` and `?`; `/*` if none is given.
    pub paths: Vec<String>,
    pub methods: Vec<String>,
    pub hosts: Vec<String>,
    /// Header name to patterns, any of which may match.
    pub headers: BTreeMap<String, Vec<String>>,
    /// Query parameter to patterns, any of which may match.
    pub query: BTreeMap<String, Vec<String>>,
    #[serde(serialize_with = "as_texts")]
    pub sources: Vec<IpNet>,
    /// Breaks ties between routes equally specific: the lower goes first.
    pub priority: Option<u32>,
}

/// Conditions of a kind a route may list; more than five become several rules.
const MOST_VALUES: usize = 100;

const METHODS: &[&str] =
    &["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

pub(crate) fn decode(value: Value<'_>) -> Option<Route> {
    value.fields(|fields| {
        let load_balancer =
            fields.required("load_balancer", "load_balancer: main", |value| reference(value));
        let sources = |value: Value<'_>| value.items(MOST_VALUES, cidr);
        Some(Route {
            paths: fields
                .or("paths", vec!["/*".to_string()], |value| value.items(MOST_VALUES, path)),
            methods: fields.or("methods", Vec::new(), |value| value.items(METHODS.len(), method)),
            hosts: fields.or("hosts", Vec::new(), |value| value.items(MOST_VALUES, host)),
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
        return value.malformed("a load balancer", help);
    }
    Some(name.to_string())
}

pub(crate) fn path(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    if !text.starts_with('/') && !text.starts_with('*') {
        return value.malformed("a path from the root", format!("write `/{text}`"));
    }
    let allowed = |one: char| one.is_ascii_alphanumeric() || "_-.$/~\"'@:+&*?".contains(one);
    if text.len() > 128 || !text.chars().all(allowed) {
        let help =
            "at most 128 letters, digits and `_ - . $ / ~ @ : + &`, with `*` and `?` as wildcards";
        return value.malformed("a path that a load balancer can match", help);
    }
    Some(text.to_string())
}

pub(crate) fn method(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let custom =
        text.len() <= 40 && text.chars().all(|one| one.is_ascii_uppercase() || "-_".contains(one));
    if custom && !text.is_empty() {
        return Some(text.to_string());
    }
    value.malformed("a method in capitals", format!("write `{}`", text.to_uppercase()))
}

fn host(value: Value<'_>) -> Option<String> {
    let is_host = |text: &str| {
        let allowed = |one: char| one.is_ascii_alphanumeric() || "-.*?".contains(one);
        !text.is_empty() && text.len() <= 128 && text.contains('.') && text.chars().all(allowed)
    };
    value.shaped(is_host, "a host name alone", "api.example.com")
}

/// One pattern, or a list of them.
fn patterns(value: Value<'_>) -> Option<Vec<String>> {
    let pattern = |value: Value<'_>| {
        let text = value.any_text()?;
        if text.is_empty() || text.len() > 128 {
            return value.malformed(
                "a pattern of 1 to 128 characters",
                "shorten it, with `*` for the rest",
            );
        }
        Some(text)
    };
    match value.node.scalar() {
        Some(_) => pattern(value).map(|one| vec![one]),
        None => value.items(MOST_VALUES, pattern),
    }
}
