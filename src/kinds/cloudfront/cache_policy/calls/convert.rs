//! Converts a policy between the spec's types and the SDK's.
use crate::error::Result;
use crate::kinds::cloudfront::cache_policy::{Config, Cookies, Headers, Parameters, QueryStrings};
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use aws_sdk_cloudfront::types::{
    self, CachePolicyConfig, CachePolicyCookiesConfig, CachePolicyHeadersConfig,
    CachePolicyQueryStringsConfig, ParametersInCacheKeyAndForwardedToOrigin,
};
use std::collections::BTreeSet;

pub fn to_sdk(config: &Config) -> Result<CachePolicyConfig> {
    let parameters = parameters(&config.parameters_in_cache_key_and_forwarded_to_origin)?;
    CachePolicyConfig::builder()
        .name(&config.name)
        .comment(&config.comment)
        .default_ttl(config.default_ttl)
        .max_ttl(config.max_ttl)
        .min_ttl(config.min_ttl)
        .parameters_in_cache_key_and_forwarded_to_origin(parameters)
        .build()
        .map_err(unbuilt)
}

fn parameters(spec: &Parameters) -> Result<ParametersInCacheKeyAndForwardedToOrigin> {
    let (headers, cookies) = (&spec.headers_config, &spec.cookies_config);
    let queries = &spec.query_strings_config;
    ParametersInCacheKeyAndForwardedToOrigin::builder()
        .enable_accept_encoding_gzip(spec.enable_accept_encoding_gzip)
        .enable_accept_encoding_brotli(spec.enable_accept_encoding_brotli)
        .headers_config(
            CachePolicyHeadersConfig::builder()
                .header_behavior(headers.header_behavior.as_str().into())
                .set_headers(optional(&headers.headers, |quantity, items| {
                    types::Headers::builder().quantity(quantity).set_items(items).build()
                })?)
                .build()
                .map_err(unbuilt)?,
        )
        .cookies_config(
            CachePolicyCookiesConfig::builder()
                .cookie_behavior(cookies.cookie_behavior.as_str().into())
                .set_cookies(optional(&cookies.cookies, |quantity, items| {
                    types::CookieNames::builder().quantity(quantity).set_items(items).build()
                })?)
                .build()
                .map_err(unbuilt)?,
        )
        .query_strings_config(
            CachePolicyQueryStringsConfig::builder()
                .query_string_behavior(queries.query_string_behavior.as_str().into())
                .set_query_strings(optional(&queries.query_strings, |quantity, items| {
                    types::QueryStringNames::builder().quantity(quantity).set_items(items).build()
                })?)
                .build()
                .map_err(unbuilt)?,
        )
        .build()
        .map_err(unbuilt)
}

type Built<T> = std::result::Result<T, aws_sdk_cloudfront::error::BuildError>;

/// A list in the SDK's type; `None` if it is empty.
fn optional<T>(
    names: &BTreeSet<String>,
    build: impl FnOnce(i32, Option<Vec<String>>) -> Built<T>,
) -> Result<Option<T>> {
    if names.is_empty() {
        return Ok(None);
    }
    let (quantity, items) = counted(names.iter().cloned().collect());
    build(quantity, items).map(Some).map_err(unbuilt)
}

/// The configuration, or `None` if it lacks a part that every policy has.
pub fn from_sdk(config: CachePolicyConfig) -> Option<Config> {
    let parameters = config.parameters_in_cache_key_and_forwarded_to_origin?;
    let headers = parameters.headers_config?;
    let cookies = parameters.cookies_config?;
    let queries = parameters.query_strings_config?;
    let set = |items: Option<Option<Vec<String>>>| items.flatten().into_iter().flatten().collect();
    Some(Config {
        name: config.name,
        comment: config.comment.unwrap_or_default(),
        default_ttl: config.default_ttl.unwrap_or_default(),
        max_ttl: config.max_ttl.unwrap_or_default(),
        min_ttl: config.min_ttl,
        parameters_in_cache_key_and_forwarded_to_origin: Parameters {
            enable_accept_encoding_gzip: parameters.enable_accept_encoding_gzip,
            enable_accept_encoding_brotli: parameters
                .enable_accept_encoding_brotli
                .unwrap_or_default(),
            headers_config: Headers {
                header_behavior: headers.header_behavior.as_str().into(),
                headers: set(headers.headers.map(|list| list.items)),
            },
            cookies_config: Cookies {
                cookie_behavior: cookies.cookie_behavior.as_str().into(),
                cookies: set(cookies.cookies.map(|list| list.items)),
            },
            query_strings_config: QueryStrings {
                query_string_behavior: queries.query_string_behavior.as_str().into(),
                query_strings: set(queries.query_strings.map(|list| list.items)),
            },
        },
    })
}
