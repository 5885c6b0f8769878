//! `cdn`: CloudFront distributions, the outermost entry points.
pub mod route;

use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::domain::{self, Domain};
use super::file;
use super::language::code;
use super::language::decode::Value;
use super::load_balancer::access_logs::{self, AccessLogs};
use super::load_balancer::rule::path_rank;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;

pub use route::{Cache, CdnRoute, Names, Origin, Policy};

/// A CloudFront distribution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cdn {
    /// The origin and the caching of each path.
    pub routes: Vec<CdnRoute>,
    #[serde(flatten)]
    pub domain: Domain,
    /// Default: the cheapest.
    pub price_class: PriceClass,
    /// The highest version that clients may use. Default: HTTP/3.
    pub http_version: HttpVersion,
    /// Whether clients may use IPv6. Default: true.
    pub ipv6: bool,
    /// Whether CloudFront compresses responses. Default: true.
    pub compress: bool,
    /// Whether plain HTTP redirects to HTTPS; otherwise CloudFront refuses it. Default: true.
    pub redirect_http: bool,
    /// CloudFront security policy, which sets the lowest TLS version for clients; applies only with
    /// a domain. Default: `TLSv1.2_2021`.
    pub tls_policy: String,
    /// Countries whose clients are served. Default: all.
    pub geo: Geo,
    /// Default: security headers.
    pub response_headers: ResponseHeaders,
    /// Name of the object that CloudFront requests for `/`, such as `index.html`.
    pub root: Option<String>,
    /// CloudFront Functions by name.
    pub functions: BTreeMap<String, Function>,
    /// None: off.
    pub access_logs: Option<AccessLogs>,
    /// Whether CloudFront publishes additional metrics, which cost extra: cache hit rate, origin
    /// latency, error rates by status code. Default: true, with the `dev` preset false.
    pub detailed_metrics: bool,
    /// Changes to the default alarms.
    pub alarms: Alarms,
}

impl Cdn {
    /// The path that matches requests that no other path matches.
    pub const DEFAULT: &str = "/*";

    /// All paths, each with the index of its route, the most specific path first.
    pub fn paths(&self) -> Vec<(&str, usize)> {
        let mut paths: Vec<(&str, usize)> = self
            .routes
            .iter()
            .enumerate()
            .flat_map(|(index, route)| route.paths.iter().map(move |path| (path.as_str(), index)))
            .collect();
        paths.sort_by_key(|(path, index)| (Reverse(path_rank(path)), *path, *index));
        paths
    }
}

/// The regions of the world from which CloudFront serves requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceClass {
    /// North America, Europe and Israel.
    Cheapest,
    /// All regions except South America and Oceania.
    Most,
    All,
}

/// The highest HTTP version that clients may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum HttpVersion {
    Http1,
    Http2,
    /// HTTP/2 and HTTP/3.
    Http3,
}

/// Countries as two-letter codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Geo {
    Everywhere,
    Allow(BTreeSet<String>),
    Block(BTreeSet<String>),
}

/// Headers that CloudFront adds to every response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseHeaders {
    Nothing,
    Security,
    Cors,
    CorsAndSecurity,
}

/// A CloudFront Function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Function {
    pub on: Event,
    /// The JavaScript source.
    pub code: String,
}

/// The viewer event that runs a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Request,
    Response,
}

/// The security policies without protocols older than TLS 1.2,
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html>.
const TLS_POLICIES: &[&str] =
    &["TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"];

/// The largest size of a function, in bytes,
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>.
const MAX_CODE: usize = 10_240;

pub(super) fn decode(value: Value<'_>) -> Option<Cdn> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let example = "routes: [{ paths: [/*], to: load_balancers.main }]";
        let routes = fields
            .required("routes", example, |value| value.items(250, route::decode))
            .unwrap_or_default();
        Cdn {
            routes,
            domain: domain::decode(fields),
            price_class: fields.or("price_class", PriceClass::Cheapest, |value| {
                value.word(&[
                    ("cheapest", PriceClass::Cheapest),
                    ("most", PriceClass::Most),
                    ("all", PriceClass::All),
                ])
            }),
            http_version: fields.or("http_version", HttpVersion::Http3, |value| {
                value.word(&[
                    ("1.1", HttpVersion::Http1),
                    ("2", HttpVersion::Http2),
                    ("3", HttpVersion::Http3),
                ])
            }),
            ipv6: fields.or("ipv6", true, Value::boolean),
            compress: fields.or("compress", true, Value::boolean),
            redirect_http: fields.or("redirect_http", true, Value::boolean),
            tls_policy: fields.or("tls_policy", "TLSv1.2_2021".to_string(), tls_policy),
            geo: fields.or("geo", Geo::Everywhere, geo),
            response_headers: fields.or("response_headers", ResponseHeaders::Security, headers),
            root: fields.optional("root", |value| {
                let is_object = |text: &str| !text.is_empty() && !text.starts_with('/');
                value.shaped(is_object, "an object name without a leading `/`", "index.html")
            }),
            functions: fields
                .optional("functions", |value| value.named(function))
                .unwrap_or_default(),
            access_logs: access_logs::decode(fields),
            detailed_metrics: fields.or(
                "detailed_metrics",
                decoder.preset(true, false),
                Value::boolean,
            ),
            alarms: fields
                .optional("alarms", |value| alarms::decode(value, "cdn"))
                .unwrap_or_default(),
        }
    })
}

fn tls_policy(value: Value<'_>) -> Option<String> {
    let words: Vec<(&str, &str)> = TLS_POLICIES.iter().map(|name| (*name, *name)).collect();
    value.word(&words).map(str::to_string)
}

fn headers(value: Value<'_>) -> Option<ResponseHeaders> {
    value.word(&[
        ("none", ResponseHeaders::Nothing),
        ("security", ResponseHeaders::Security),
        ("cors", ResponseHeaders::Cors),
        ("cors-and-security", ResponseHeaders::CorsAndSecurity),
    ])
}

fn geo(value: Value<'_>) -> Option<Geo> {
    value.fields(|fields| {
        let countries = |value: Value<'_>| -> Option<BTreeSet<String>> {
            let is_country =
                |text: &str| text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase());
            let country = |value: Value<'_>| {
                value.shaped(is_country, "a two-letter country code in capital letters", "DE")
            };
            Some(value.items(249, country)?.into_iter().collect())
        };
        let allow = fields.optional("allow", countries);
        let block = fields.optional("block", countries);
        match (allow, block) {
            (Some(_), Some(_)) => {
                fields.clash(
                    code::EITHER_OR,
                    "both `allow` and `block` are set",
                    ("allow", "serves only these"),
                    ("block", "serves all but these"),
                    "remove `allow` or `block`",
                );
                None
            }
            (Some(countries), None) => Some(Geo::Allow(countries)),
            (None, Some(countries)) => Some(Geo::Block(countries)),
            (None, None) => None,
        }
    })?
}

fn function(value: Value<'_>) -> Option<Function> {
    value.fields(|fields| {
        let on = fields.required("on", "on: request", |value| {
            value.word(&[("request", Event::Request), ("response", Event::Response)])
        });
        let code = fields.required("file", "file: edge/rewrite.js", |value| {
            let code = file::read_text(value)?;
            if code.len() <= MAX_CODE {
                return Some(code);
            }
            let summary = format!("the function has {} bytes", code.len());
            let report = value.error(
                code::TOO_LONG,
                summary,
                "CloudFront accepts at most 10240 bytes (10 KiB)",
            );
            value.report(
                report.help("shorten the function, or move a part of its work to the origin"),
            );
            None
        });
        Some(Function { on: on?, code: code? })
    })?
}
