//! The behaviors of a distribution, the most specific path first, and the cache policies of routes
//! that no policy of AWS fits.
use super::origin;
use crate::blueprint::Cdn;
use crate::blueprint::cdn::{Cache, CdnRoute, Event, Names, Origin, Policy, ResponseHeaders};
use crate::desired::build::Build;
use crate::desired::shared::access::slug;
use crate::kinds::cloudfront::cache_policy::{
    CachePolicy, Config, Cookies, Headers, Parameters, QueryStrings,
};
use crate::kinds::cloudfront::distribution::{Behavior, FunctionAssociation};
use crate::names::{self, marker};
use std::collections::{BTreeMap, BTreeSet};

// Policies that AWS manages, with the same IDs in every account,
// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>,
// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html>,
// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html>.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const ORIGIN_CACHE_CONTROL: &str = "4cc15a8a-d715-48a4-82b8-cc0b614638fe";
const ALL_VIEWER: &str = "216adef6-5c7f-47e4-b989-5492eafa07d3";
const ALL_VIEWER_EXCEPT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const HOST_ONLY: &str = "bf0718e1-ba1e-49d1-88b1-f726733018ae";
const SECURITY_HEADERS: &str = "67f7725c-6f97-4210-82d7-5512b31e9d03";
const CORS: &str = "60669652-455b-4ae9-85a4-c4c02393f86c";
const CORS_AND_SECURITY: &str = "eaab4381-ed33-4a86-88ca-d9558dc6cd63";

/// The limit of CloudFront for the name of a policy.
const POLICY_NAME: usize = 128;
/// Short enough for the marker of a policy to fit into a comment of 128 characters, with names of
/// the maximum length: 20 for a stack, 40 for a CDN, and seven more for a hash.
const OWN_NAME: usize = 47;
/// A day, in seconds.
const DAY_S: u32 = 86_400;
const READ: &[&str] = &["GET", "HEAD", "OPTIONS"];
const WRITE: &[&str] = &["DELETE", "PATCH", "POST", "PUT"];

/// By the name of a function: when it runs, and its ARN.
pub type Functions = BTreeMap<String, (Event, String)>;

/// The default behavior, and the behaviors of the other paths in their order.
pub fn expand(
    build: &mut Build,
    component: &str,
    name: &str,
    wanted: &Cdn,
    functions: &Functions,
) -> (Option<Behavior>, Vec<Behavior>) {
    let mut taken = BTreeSet::new();
    let made: Vec<Behavior> = wanted
        .routes
        .iter()
        .map(|route| {
            let policy = policy(build, component, name, route, &mut taken);
            behavior(wanted, route, policy, functions)
        })
        .collect();
    let mut default = None;
    let mut behaviors = Vec::new();
    for (path, index) in wanted.paths() {
        let Some(behavior) = made.get(index) else { continue };
        match path {
            Cdn::DEFAULT => default = Some(behavior.clone()),
            path => behaviors.push(Behavior {
                path_pattern: Some(crate::reference::literal(path)),
                ..behavior.clone()
            }),
        }
    }
    (default, behaviors)
}

fn behavior(
    wanted: &Cdn,
    route: &CdnRoute,
    cache_policy_id: String,
    functions: &Functions,
) -> Behavior {
    let methods = |lists: &[&[&str]]| lists.concat().iter().map(|one| (*one).to_string()).collect();
    let function = |name: &String| {
        let (on, arn) = functions.get(name)?;
        let event_type = match on {
            Event::Request => "viewer-request",
            Event::Response => "viewer-response",
        };
        Some(FunctionAssociation { event_type: event_type.into(), function_arn: arn.clone() })
    };
    let redirect = wanted.redirect_http;
    Behavior {
        path_pattern: None,
        target_origin_id: origin::id(&route.to),
        viewer_protocol_policy: if redirect { "redirect-to-https" } else { "https-only" }.into(),
        allowed_methods: if route.writes { methods(&[READ, WRITE]) } else { methods(&[READ]) },
        cached_methods: ["GET".to_string(), "HEAD".to_string()].into(),
        compress: wanted.compress,
        cache_policy_id: Some(cache_policy_id),
        origin_request_policy_id: forwarded(route).map(Into::into),
        response_headers_policy_id: response_headers(wanted.response_headers).map(Into::into),
        function_associations: route.functions.iter().filter_map(function).collect(),
    }
}

/// The origin request policy: what an origin receives of a request beyond the cache key. If
/// responses are cached, the origin receives nothing that would change the response but is not in
/// the cache key.
fn forwarded(route: &CdnRoute) -> Option<&'static str> {
    match (&route.to, &route.cache) {
        (Origin::Bucket(_), _) => None,
        (Origin::LoadBalancer(_), Cache::Nothing) => Some(ALL_VIEWER),
        (Origin::LoadBalancer(_), _) => Some(HOST_ONLY),
        // An API accepts only its own host name.
        (Origin::Api(_), Cache::Nothing) => Some(ALL_VIEWER_EXCEPT_HOST),
        (Origin::Api(_), _) => None,
    }
}

fn response_headers(of: ResponseHeaders) -> Option<&'static str> {
    match of {
        ResponseHeaders::Nothing => None,
        ResponseHeaders::Security => Some(SECURITY_HEADERS),
        ResponseHeaders::Cors => Some(CORS),
        ResponseHeaders::CorsAndSecurity => Some(CORS_AND_SECURITY),
    }
}

/// The ID of a route's cache policy: one that AWS manages, or a new one.
fn policy(
    build: &mut Build,
    component: &str,
    name: &str,
    route: &CdnRoute,
    taken: &mut BTreeSet<String>,
) -> String {
    let wanted = match (&route.cache, &route.to) {
        (Cache::Nothing, _) => return CACHING_DISABLED.into(),
        (Cache::OriginHeaders, Origin::Bucket(_)) => return CACHING_OPTIMIZED.into(),
        (Cache::OriginHeaders, Origin::LoadBalancer(_)) => return ORIGIN_CACHE_CONTROL.into(),
        // The managed policy has the host in the cache key and so sends it to the origin, and an
        // API accepts only its own.
        (Cache::OriginHeaders, Origin::Api(_)) => &by_origin(),
        (Cache::Policy(policy), _) => policy,
    };
    let path = route.paths.first().map_or("", String::as_str);
    let words = slug(path);
    let words = if words.is_empty() { "all" } else { &words };
    let mut own = names::name(&[name, words], OWN_NAME);
    if !taken.insert(own.clone()) {
        own = format!("{own}-{}", names::hash(path, 6));
        taken.insert(own.clone());
    }
    let spec = CachePolicy {
        cache_policy_config: Config {
            name: build.name(&own, POLICY_NAME),
            comment: marker(&build.blueprint.stack, component, &own),
            default_ttl: wanted.ttl_s.into(),
            max_ttl: wanted.max_ttl_s.into(),
            min_ttl: wanted.min_ttl_s.into(),
            parameters_in_cache_key_and_forwarded_to_origin: parameters(wanted),
        },
    };
    build.add(component, &own, &spec).output("id")
}

/// Caches as the `Cache-Control` headers of the origin say.
fn by_origin() -> Policy {
    Policy {
        ttl_s: 0,
        min_ttl_s: 0,
        max_ttl_s: DAY_S,
        query: Names::All,
        cookies: Names::None,
        headers: BTreeSet::new(),
    }
}

/// With a maximum TTL of 0 CloudFront caches nothing, and the cache key contains no encodings.
fn parameters(wanted: &Policy) -> Parameters {
    let list = |of: &Names| match of {
        Names::None => ("none".to_string(), BTreeSet::new()),
        Names::All => ("all".to_string(), BTreeSet::new()),
        Names::These(names) => ("whitelist".to_string(), names.clone()),
    };
    let (cookie_behavior, cookies) = list(&wanted.cookies);
    let (query_string_behavior, query_strings) = list(&wanted.query);
    let header_behavior = if wanted.headers.is_empty() { "none" } else { "whitelist" };
    let keeps = wanted.max_ttl_s > 0;
    Parameters {
        enable_accept_encoding_gzip: keeps,
        enable_accept_encoding_brotli: keeps,
        headers_config: Headers {
            header_behavior: header_behavior.into(),
            headers: wanted.headers.clone(),
        },
        cookies_config: Cookies { cookie_behavior, cookies },
        query_strings_config: QueryStrings { query_string_behavior, query_strings },
    }
}
