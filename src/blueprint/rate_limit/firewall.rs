//! `firewall`: the requests that WAF blocks at the outermost entry point.

use ipnet::IpNet;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::serialize::as_texts;
use crate::blueprint::language::units::Rate;
use crate::blueprint::load_balancer::route::{method, path};
use crate::blueprint::{load_balancer, monitoring};

/// The addresses that an IP set of WAF may contain.
const MAX_ADDRESSES: usize = 10_000;
/// The limits that fit into a web ACL together with the default rules.
const MAX_LIMITS: usize = 20;
/// The periods over which WAF can count, in seconds,
/// <https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html>.
const WINDOWS: &[u32] = &[60, 120, 300, 600];
/// The range of WAF's request limits.
const MIN_COUNT: f64 = 10.0;
const MAX_COUNT: f64 = 2e9;

/// A web ACL.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Firewall {
    /// Rate-based rules by name, at most 20.
    pub limits: BTreeMap<String, Limit>,
    /// Rule groups that AWS maintains. Default: all block.
    pub managed: Managed,
    /// CIDR blocks of clients whose requests pass whatever the other rules say.
    #[serde(serialize_with = "as_texts")]
    pub allow: Vec<IpNet>,
    /// CIDR blocks of clients whose requests are blocked.
    #[serde(serialize_with = "as_texts")]
    pub deny: Vec<IpNet>,
    /// None: requests from all countries pass.
    pub countries: Option<Countries>,
    /// Days that the log of blocked and counted requests is kept; none: off. Default: 30, with the
    /// `dev` preset off.
    pub logs_days: Option<u32>,
}

/// A rate-based rule: how many requests a client may send within a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limit {
    /// Default: per IP address.
    pub per: Per,
    /// Requests that pass within the period, 10 to 2,000,000,000.
    pub count: u32,
    /// The period in seconds: 60, 120, 300 or 600.
    pub window_s: u32,
    /// Path patterns of the requests that count; empty: all.
    pub paths: Vec<String>,
    /// HTTP methods of the requests that count; empty: all.
    pub methods: Vec<String>,
    /// What happens to requests above the limit. Default: block.
    pub action: Mode,
}

/// What identifies the client whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Ip,
    /// The value of this header; its name is in lower case.
    Header(String),
}

/// What happens to a request that matches a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Block,
    Count,
    Off,
}

/// Rule groups that AWS maintains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Managed {
    /// Addresses that AWS knows as attackers.
    pub ip_reputation: Mode,
    /// Common attacks on web applications. Large bodies are counted, not blocked.
    pub common: Mode,
    /// Requests that exploit known vulnerabilities, such as that of Log4j.
    pub bad_inputs: Mode,
}

impl Managed {
    fn all(mode: Mode) -> Self {
        Managed { ip_reputation: mode, common: mode, bad_inputs: mode }
    }
}

/// Countries as two-letter codes, ISO 3166.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Countries {
    /// Only requests from these countries pass.
    Allow(BTreeSet<String>),
    /// Requests from these countries are blocked.
    Deny(BTreeSet<String>),
}

pub(super) fn decode(value: Value<'_>) -> Option<Firewall> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let addresses = |value: Value<'_>| value.items(MAX_ADDRESSES, block);
        Firewall {
            limits: fields.or("limits", BTreeMap::new(), |value| {
                let limits = value.named(limit)?;
                value.at_most(MAX_LIMITS, limits.len());
                Some(limits)
            }),
            managed: fields.or("managed", Managed::all(Mode::Block), managed),
            allow: fields.or("allow", Vec::new(), addresses),
            deny: fields.or("deny", Vec::new(), addresses),
            countries: fields.optional("countries", countries),
            logs_days: logs(fields, decoder.preset(Some(30), None), decoder.preset(30, 7)),
        }
    })
}

fn limit(value: Value<'_>) -> Option<Limit> {
    value.fields(|fields| {
        let per = fields.or("per", Per::Ip, per);
        let rate = fields.required("rate", "rate: 3000/5m", rate);
        let paths = |value: Value<'_>| value.items(20, path);
        let methods = |value: Value<'_>| value.items(9, method);
        let action =
            |value: Value<'_>| value.word(&[("block", Mode::Block), ("count", Mode::Count)]);
        let (count, window_s) = rate?;
        Some(Limit {
            per,
            count,
            window_s,
            paths: fields.or("paths", Vec::new(), paths),
            methods: fields.or("methods", Vec::new(), methods),
            action: fields.or("action", Mode::Block, action),
        })
    })?
}

/// `ip`, `key` (the client's API key) or `header:NAME`.
fn per(value: Value<'_>) -> Option<Per> {
    let text = value.text()?;
    let is_name = |name: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        !name.is_empty() && name.len() <= 64 && name.chars().all(letter)
    };
    match (text, text.strip_prefix("header:")) {
        ("ip", _) => Some(Per::Ip),
        ("key", _) => Some(Per::Header("x-api-key".into())),
        (_, Some(name)) if is_name(name) => Some(Per::Header(name.to_ascii_lowercase())),
        _ => value.malformed("a way to identify clients", "write `ip`, `key` or `header:x-tenant`"),
    }
}

/// The number of requests and the period in seconds, within the limits of WAF.
fn rate(value: Value<'_>) -> Option<(u32, u32)> {
    let Rate { count, window_s } = value.rate()?;
    if !WINDOWS.contains(&window_s) {
        let better = (count * 300.0 / f64::from(window_s)).ceil().max(MIN_COUNT);
        let summary = format!("`{}`: WAF does not support this period", value.key);
        let label = "must be per 1, 2, 5 or 10 minutes";
        let report = value.error(code::FIREWALL_WINDOW, summary, label);
        value.report(report.help(format!("write {better}/5m")));
        return None;
    }
    if !(MIN_COUNT..=MAX_COUNT).contains(&count) || count.fract() != 0.0 {
        let summary = format!(
            "`{}` must be a whole number of requests from {MIN_COUNT} to {MAX_COUNT}",
            value.key
        );
        let report = value.error(code::OUT_OF_RANGE, summary, "not supported by WAF");
        let minutes = window_s / 60;
        let better = count.ceil().clamp(MIN_COUNT, MAX_COUNT);
        value.report(report.help(format!("write {better}/{minutes}m")));
        return None;
    }
    Some((count as u32, window_s))
}

fn managed(value: Value<'_>) -> Option<Managed> {
    if value.node.scalar().is_some() {
        return mode(value).map(Managed::all);
    }
    value.fields(|fields| Managed {
        ip_reputation: fields.or("ip_reputation", Mode::Block, mode),
        common: fields.or("common", Mode::Block, mode),
        bad_inputs: fields.or("bad_inputs", Mode::Block, mode),
    })
}

fn mode(value: Value<'_>) -> Option<Mode> {
    value.word(&[("true", Mode::Block), ("false", Mode::Off), ("count", Mode::Count)])
}

/// A CIDR block. WAF accepts every block except that of the whole internet.
fn block(value: Value<'_>) -> Option<IpNet> {
    let block = load_balancer::cidr(value)?;
    if block.prefix_len() > 0 {
        return Some(block);
    }
    value.malformed("smaller than the whole internet", "write the CIDR blocks of the clients")
}

fn countries(value: Value<'_>) -> Option<Countries> {
    let codes = |value: Value<'_>| {
        let is_code = |text: &str| text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase());
        let code = |value: Value<'_>| {
            value.shaped(is_code, "a two-letter country code in capital letters", "DE")
        };
        value.items(250, code).map(BTreeSet::from_iter)
    };
    value.fields(|fields| {
        let allow = fields.optional("allow", codes);
        let deny = fields.optional("deny", codes);
        if fields.has("allow") && fields.has("deny") {
            let help = "remove `deny`: countries that are not in `allow` are blocked already";
            let (one, other) = (("allow", "only these pass"), ("deny", "these are blocked"));
            fields.clash(code::EITHER_OR, "both `allow` and `deny` are set", one, other, help);
        }
        allow.map(Countries::Allow).or(deny.map(Countries::Deny))
    })?
}

fn logs(fields: &mut Fields<'_>, default: Option<u32>, days: u32) -> Option<u32> {
    fields.switch("logs", default, |value| {
        if value.is_true() {
            return Some(days);
        }
        value.fields(|fields| fields.or("retention", days, monitoring::retention))
    })
}
