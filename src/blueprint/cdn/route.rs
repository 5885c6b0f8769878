//! `routes` of a CDN: which paths are answered from where, and what of it is kept at the edge.

use serde::Serialize;
use std::collections::BTreeSet;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;

/// Where answers come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    LoadBalancer(String),
    Api(String),
    Bucket(String),
}

impl Origin {
    /// The section it stands in, and its name there.
    pub fn place(&self) -> (&'static str, &str) {
        match self {
            Origin::LoadBalancer(name) => ("load_balancers", name),
            Origin::Api(name) => ("rate_limits", name),
            Origin::Bucket(name) => ("buckets", name),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CdnRoute {
    /// Patterns with `*` and `?`.
    pub paths: Vec<String>,
    pub to: Origin,
    pub cache: Cache,
    /// Whether it takes more than GET, HEAD and OPTIONS.
    pub writes: bool,
    /// Names of the CDN's functions.
    pub functions: Vec<String>,
}

/// What is kept at the edge.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cache {
    Nothing,
    /// What the origin's answers allow; those that say nothing are kept for a day at a bucket, and
    /// not at all elsewhere.
    AsTold,
    Policy(Policy),
}

/// Times are in seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    /// How long an answer is kept that says nothing of it.
    pub ttl_s: u32,
    pub min_ttl_s: u32,
    pub max_ttl_s: u32,
    /// What tells two requests apart, beside the path; the origin sees nothing else of it.
    pub query: Names,
    pub cookies: Names,
    pub headers: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    None,
    All,
    These(BTreeSet<String>),
}

/// Behaviors that a distribution may have, unless AWS is asked for more.
const MOST_PATHS: usize = 250;
const YEAR_S: u32 = 31_536_000;
const DAY_S: u32 = 86_400;

pub(crate) fn decode(value: Value<'_>) -> Option<CdnRoute> {
    value.fields(|fields| {
        let paths = fields.required("paths", "paths: [/*]", |value| value.items(MOST_PATHS, path));
        let to = fields.required("to", "to: load_balancers.main", origin);
        let is_bucket = matches!(to, Some(Origin::Bucket(_)));
        let default = if is_bucket { Cache::AsTold } else { Cache::Nothing };
        let cache = fields.or("cache", default, cache);
        let reads_only = is_bucket || cache != Cache::Nothing;
        Some(CdnRoute {
            writes: fields
                .or("methods", !reads_only, |value| value.word(&[("read", false), ("all", true)])),
            functions: fields.or("functions", Vec::new(), |value| {
                value.items(2, |value| value.text().map(str::to_string))
            }),
            cache,
            paths: paths?,
            to: to?,
        })
    })?
}

fn origin(value: Value<'_>) -> Option<Origin> {
    let text = value.text()?;
    match text.split_once('.') {
        Some(("load_balancers", name)) => Some(Origin::LoadBalancer(name.into())),
        Some(("rate_limits", name)) => Some(Origin::Api(name.into())),
        Some(("buckets", name)) => Some(Origin::Bucket(name.into())),
        _ => {
            let help = "write `load_balancers.NAME`, `rate_limits.NAME` or `buckets.NAME`";
            value.malformed("where answers come from", help)
        }
    }
}

/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html>
fn path(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    if !text.starts_with('/') {
        return value.malformed("a path from the root", format!("write `/{text}`"));
    }
    let allowed = |one: char| one.is_ascii_alphanumeric() || "_-.*$/~\"'@:+&?".contains(one);
    if text.len() > 255 || !text.chars().all(allowed) {
        let help = "at most 255 letters, digits and `_ - . $ / ~ @ : + &`, with `*` and `?`";
        return value.malformed("a path that CloudFront can match", help);
    }
    Some(text.to_string())
}

fn cache(value: Value<'_>) -> Option<Cache> {
    if value.is_false() {
        return Some(Cache::Nothing);
    }
    if value.is_true() {
        return Some(Cache::AsTold);
    }
    value.fields(|fields| {
        let ttl_s = fields.required("ttl", "ttl: 60s", |value| value.seconds(0..=YEAR_S));
        let is_given = ttl_s.is_some();
        let ttl_s = ttl_s.unwrap_or(DAY_S);
        let seconds = |value: Value<'_>| value.seconds(0..=YEAR_S);
        let min_ttl_s = fields.or("min_ttl", 0, seconds);
        let max_ttl_s = fields.or("max_ttl", ttl_s.max(DAY_S), seconds);
        for (key, is_wrong) in [("min_ttl", min_ttl_s > ttl_s), ("max_ttl", max_ttl_s < ttl_s)] {
            if is_given && is_wrong {
                let summary = format!("`ttl` lies beyond `{key}`");
                let help = "write `min_ttl`, `ttl` and `max_ttl` in rising order";
                fields.clash(
                    code::CACHE_TIMES,
                    summary,
                    ("ttl", "how long unless told"),
                    (key, "the bound"),
                    help,
                );
            }
        }
        let policy = Cache::Policy(Policy {
            ttl_s,
            min_ttl_s,
            max_ttl_s,
            query: fields.or("query", Names::None, names),
            cookies: fields.or("cookies", Names::None, names),
            headers: fields.or("headers", BTreeSet::new(), |value| {
                Some(value.items(10, name)?.into_iter().collect())
            }),
        });
        is_given.then_some(policy)
    })?
}

/// `all`, `none` or a list.
fn names(value: Value<'_>) -> Option<Names> {
    if value.node.scalar().is_some() {
        return match value.text()? {
            "all" => Some(Names::All),
            "none" => Some(Names::None),
            other => value.malformed("`all`, `none` or a list", format!("write [{other}]")),
        };
    }
    Some(Names::These(value.items(10, name)?.into_iter().collect()))
}

fn name(value: Value<'_>) -> Option<String> {
    let is_name = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    value.shaped(is_name, "a name", "page")
}
