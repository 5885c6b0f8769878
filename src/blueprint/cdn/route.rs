//! `routes` of a CDN: the origin of each path, and what CloudFront caches.

use serde::Serialize;
use std::collections::BTreeSet;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::units::show_seconds;

/// The component from which CloudFront fetches responses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    LoadBalancer(String),
    Api(String),
    Bucket(String),
}

impl Origin {
    /// The section of the component, and its name there.
    pub fn component(&self) -> (&'static str, &str) {
        match self {
            Origin::LoadBalancer(name) => ("load_balancers", name),
            Origin::Api(name) => ("rate_limits", name),
            Origin::Bucket(name) => ("buckets", name),
        }
    }
}

/// A route from paths of a CDN to an origin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CdnRoute {
    /// Patterns with `*` and `?`.
    pub paths: Vec<String>,
    pub to: Origin,
    /// Default: the origin's cache headers for a bucket, no caching otherwise.
    pub cache: Cache,
    /// Whether methods other than GET, HEAD and OPTIONS are allowed. Default: true if nothing is
    /// cached and the origin is not a bucket.
    pub writes: bool,
    /// Names in the CDN's `functions`, at most two.
    pub functions: Vec<String>,
}

/// What CloudFront caches.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cache {
    Nothing,
    /// What the cache headers of the origin's responses allow. CloudFront caches responses without
    /// cache headers for a day if they come from a bucket, and otherwise not at all.
    OriginHeaders,
    Policy(Policy),
}

/// A cache policy. Times are in seconds, up to a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    /// How long a response without cache headers is cached.
    pub ttl_s: u32,
    /// The shortest time, whatever the cache headers say. Default: 0.
    pub min_ttl_s: u32,
    /// The longest time, whatever the cache headers say. Default: one day, or `ttl_s` if longer.
    pub max_ttl_s: u32,
    /// Query parameters in the cache key, in addition to the path. The origin gets no others.
    /// Default: none.
    pub query: Names,
    /// Cookies in the cache key; the origin gets no others. Default: none.
    pub cookies: Names,
    /// Headers in the cache key, at most 10; the origin gets no others. Default: none.
    pub headers: BTreeSet<String>,
}

/// Names of query parameters or cookies.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    None,
    All,
    These(BTreeSet<String>),
}

/// CloudFront's default quota of behaviors of a distribution.
const MAX_PATHS: usize = 250;
const YEAR_S: u32 = 31_536_000;
const DAY_S: u32 = 86_400;

pub(super) fn decode(value: Value<'_>) -> Option<CdnRoute> {
    value.fields(|fields| {
        let paths = fields.required("paths", "paths: [/*]", |value| value.items(MAX_PATHS, path));
        let to = fields.required("to", "to: load_balancers.main", origin);
        let is_bucket = matches!(to, Some(Origin::Bucket(_)));
        let default = if is_bucket { Cache::OriginHeaders } else { Cache::Nothing };
        let cache = fields.or("cache", default, cache);
        let read_only = is_bucket || cache != Cache::Nothing;
        Some(CdnRoute {
            writes: fields
                .or("methods", !read_only, |value| value.word(&[("read", false), ("all", true)])),
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
            value.malformed("an origin", help)
        }
    }
}

/// A path pattern of CloudFront.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html>
fn path(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    if !text.starts_with('/') {
        return value.malformed("a path that starts with `/`", format!("write `/{text}`"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.*$/~\"'@:+&?".contains(c);
    if text.len() > 255 || !text.chars().all(allowed) {
        let help = "write at most 255 letters, digits and `_ - . $ / ~ @ : + &`, with `*` and `?`";
        return value.malformed("a path that CloudFront supports", help);
    }
    Some(text.to_string())
}

fn cache(value: Value<'_>) -> Option<Cache> {
    if value.is_false() {
        return Some(Cache::Nothing);
    }
    if value.is_true() {
        return Some(Cache::OriginHeaders);
    }
    value.fields(|fields| {
        let ttl_s = fields.required("ttl", "ttl: 60s", |value| value.seconds(0..=YEAR_S));
        let is_given = ttl_s.is_some();
        let ttl_s = ttl_s.unwrap_or(DAY_S);
        let seconds = |value: Value<'_>| value.seconds(0..=YEAR_S);
        let min_ttl_s = fields.or("min_ttl", 0, seconds);
        let max_ttl_s = fields.or("max_ttl", ttl_s.max(DAY_S), seconds);
        for (key, limit_s, is_wrong, relation) in [
            ("min_ttl", min_ttl_s, ttl_s < min_ttl_s, "below"),
            ("max_ttl", max_ttl_s, ttl_s > max_ttl_s, "above"),
        ] {
            if is_given && is_wrong {
                let summary = format!("`ttl` is {relation} `{key}`");
                let help = "write `min_ttl`, `ttl` and `max_ttl` in ascending order";
                fields.clash(
                    code::CACHE_TIMES,
                    summary,
                    ("ttl", &format!("is {}", show_seconds(ttl_s))),
                    (key, &format!("is {}", show_seconds(limit_s))),
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
    value.shaped(is_name, "a name without spaces", "page")
}
