//! `firewall`: which requests the outermost door refuses. WAF counts and judges them.

use ipnet::IpNet;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::Rate;
use crate::blueprint::load_balancer::route::{method, path};
use crate::blueprint::{as_texts, load_balancer, monitoring};

/// Addresses that one list of WAF's holds.
const MOST_ADDRESSES: usize = 10_000;
/// Limits that fit into one web ACL with what is there by default.
const MOST_LIMITS: usize = 20;
/// The windows over which WAF counts, in seconds,
/// <https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html>.
const WINDOWS: &[u32] = &[60, 120, 300, 600];
/// The least and the most that WAF counts up to.
const LEAST: f64 = 10.0;
const MOST: f64 = 2e9;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Firewall {
    pub limits: BTreeMap<String, Limit>,
    pub managed: Managed,
    /// Who gets in whatever the rules say.
    #[serde(serialize_with = "as_texts")]
    pub allow: Vec<IpNet>,
    /// Who is kept out.
    #[serde(serialize_with = "as_texts")]
    pub deny: Vec<IpNet>,
    pub countries: Option<Countries>,
    /// Days that the log of what was refused or counted is kept; none: there is no log.
    pub logs_days: Option<u32>,
}

/// How often somebody may come within a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limit {
    pub per: Per,
    pub count: u32,
    pub window_s: u32,
    /// Which requests count; all if none are given.
    pub paths: Vec<String>,
    pub methods: Vec<String>,
    pub action: Mode,
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Ip,
    /// The value of a header, in lower case.
    Header(String),
}

/// What becomes of a request that a rule is about.
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
    /// Addresses that AWS knows to attack.
    pub ip_reputation: Mode,
    /// What attacks on web sites have in common. Large bodies are counted, not refused.
    pub common: Mode,
    /// Requests that exploit known faults, such as that of Log4j.
    pub bad_inputs: Mode,
}

impl Managed {
    fn all(mode: Mode) -> Self {
        Managed { ip_reputation: mode, common: mode, bad_inputs: mode }
    }
}

/// Codes of two letters, ISO 3166.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Countries {
    /// Only from there.
    Allow(BTreeSet<String>),
    Deny(BTreeSet<String>),
}

pub(crate) fn decode(value: Value<'_>) -> Option<Firewall> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let addresses = |value: Value<'_>| value.items(MOST_ADDRESSES, block);
        Firewall {
            limits: fields.or("limits", BTreeMap::new(), |value| {
                let limits = value.named(limit)?;
                value.at_most(MOST_LIMITS, limits.len());
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

/// `ip`, `key` (the API's key) or `header:NAME`.
fn per(value: Value<'_>) -> Option<Per> {
    let text = value.text()?;
    let is_name = |name: &str| {
        let letter = |one: char| one.is_ascii_alphanumeric() || "-_".contains(one);
        !name.is_empty() && name.len() <= 64 && name.chars().all(letter)
    };
    match (text, text.strip_prefix("header:")) {
        ("ip", _) => Some(Per::Ip),
        ("key", _) => Some(Per::Header("x-api-key".into())),
        (_, Some(name)) if is_name(name) => Some(Per::Header(name.to_ascii_lowercase())),
        _ => value.malformed("what to count by", "write `ip`, `key` or `header:x-tenant`"),
    }
}

/// Requests and window, as WAF counts them.
fn rate(value: Value<'_>) -> Option<(u32, u32)> {
    let Rate { count, window_s } = value.rate()?;
    if !WINDOWS.contains(&window_s) {
        let better = (count * 300.0 / f64::from(window_s)).ceil().max(LEAST);
        let summary = format!("`{}`: WAF does not count over such a time", value.key);
        let label = "over 1, 2, 5 or 10 minutes only";
        let report = value.error(code::FIREWALL_WINDOW, summary, label);
        value.report(report.help(format!("write {better}/5m")));
        return None;
    }
    if !(LEAST..=MOST).contains(&count) || count.fract() != 0.0 {
        let summary = format!("`{}`: WAF counts from {LEAST} to {MOST} requests", value.key);
        let report = value.error(code::OUT_OF_RANGE, summary, "not so many");
        let minutes = window_s / 60;
        let better = count.ceil().clamp(LEAST, MOST);
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

/// A block of addresses; WAF takes all but the whole internet.
fn block(value: Value<'_>) -> Option<IpNet> {
    let block = load_balancer::cidr(value)?;
    if block.prefix_len() > 0 {
        return Some(block);
    }
    value.malformed("a part of the internet", "write the blocks that are meant")
}

fn countries(value: Value<'_>) -> Option<Countries> {
    let codes = |value: Value<'_>| {
        let is_code = |text: &str| text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase());
        let code = |value: Value<'_>| value.shaped(is_code, "a country's code", "DE");
        value.items(250, code).map(BTreeSet::from_iter)
    };
    value.fields(|fields| {
        let allow = fields.optional("allow", codes);
        let deny = fields.optional("deny", codes);
        if fields.has("allow") && fields.has("deny") {
            let help = "keep one: who is not allowed is denied already";
            let (one, other) = (("allow", "only from these"), ("deny", "and not from these"));
            fields.clash(code::EITHER_OR, "`allow` beside `deny`", one, other, help);
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
