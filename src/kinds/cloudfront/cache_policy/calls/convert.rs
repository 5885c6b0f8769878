//! A policy between the spec's shapes and the SDK's.
use crate::error::Result;
use crate::kinds::cloudfront::cache_policy::{Config, Cookies, Headers, Parameters, QueryStrings};
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use aws_sdk_cloudfront::types::{
    self, CachePolicyConfig, CachePolicyCookiesConfig, CachePolicyHeadersConfig,
    CachePolicyQueryStringsConfig, ParametersInCacheKeyAndForwardedToOrigin,
};
use std::collections::BTreeSet;

pub fn to(of: &Config) -> Result<CachePolicyConfig> {
    let parameters = parameters(&of.parameters_in_cache_key_and_forwarded_to_origin)?;
    CachePolicyConfig::builder()
        .name(&of.name)
        .comment(&of.comment)
        .default_ttl(of.default_ttl)
        .max_ttl(of.max_ttl)
        .min_ttl(of.min_ttl)
        .parameters_in_cache_key_and_forwarded_to_origin(parameters)
        .build()
        .map_err(unbuilt)
}

fn parameters(of: &Parameters) -> Result<ParametersInCacheKeyAndForwardedToOrigin> {
    let (headers, cookies) = (&of.headers_config, &of.cookies_config);
    let queries = &of.query_strings_config;
    ParametersInCacheKeyAndForwardedToOrigin::builder()
        .enable_accept_encoding_gzip(of.enable_accept_encoding_gzip)
        .enable_accept_encoding_brotli(of.enable_accept_encoding_brotli)
        .headers_config(
            CachePolicyHeadersConfig::builder()
                .header_behavior(headers.header_behavior.as_str().into())
                .set_headers(some(&headers.headers, |quantity, items| {
                    types::Headers::builder().quantity(quantity).set_items(items).build()
                })?)
                .build()
                .map_err(unbuilt)?,
        )
        .cookies_config(
            CachePolicyCookiesConfig::builder()
                .cookie_behavior(cookies.cookie_behavior.as_str().into())
                .set_cookies(some(&cookies.cookies, |quantity, items| {
                    types::CookieNames::builder().quantity(quantity).set_items(items).build()
                })?)
                .build()
                .map_err(unbuilt)?,
        )
        .query_strings_config(
            CachePolicyQueryStringsConfig::builder()
                .query_string_behavior(queries.query_string_behavior.as_str().into())
                .set_query_strings(some(&queries.query_strings, |quantity, items| {
                    types::QueryStringNames::builder().quantity(quantity).set_items(items).build()
                })?)
                .build()
                .map_err(unbuilt)?,
        )
        .build()
        .map_err(unbuilt)
}

type Built<T> = std::result::Result<T, aws_sdk_cloudfront::error::BuildError>;

/// A list that is left out when it is empty.
fn some<T>(
    names: &BTreeSet<String>,
    build: impl FnOnce(i32, Option<Vec<String>>) -> Built<T>,
) -> Result<Option<T>> {
    if names.is_empty() {
        return Ok(None);
    }
    let (quantity, items) = counted(names.iter().cloned().collect());
    build(quantity, items).map(Some).map_err(unbuilt)
}

pub fn from(of: CachePolicyConfig) -> Option<Config> {
    let parameters = of.parameters_in_cache_key_and_forwarded_to_origin?;
    let headers = parameters.headers_config?;
    let cookies = parameters.cookies_config?;
    let queries = parameters.query_strings_config?;
    let set = |items: Option<Option<Vec<String>>>| items.flatten().into_iter().flatten().collect();
    Some(Config {
        name: of.name,
        comment: of.comment.unwrap_or_default(),
        default_ttl: of.default_ttl.unwrap_or_default(),
        max_ttl: of.max_ttl.unwrap_or_default(),
        min_ttl: of.min_ttl,
        parameters_in_cache_key_and_forwarded_to_origin: Parameters {
            enable_accept_encoding_gzip: parameters.enable_accept_encoding_gzip,
            enable_accept_encoding_brotli: parameters
                .enable_accept_encoding_brotli
                .unwrap_or_default(),
            headers_config: Headers {
                header_behavior: headers.header_behavior.as_str().into(),
                headers: set(headers.headers.map(|of| of.items)),
            },
            cookies_config: Cookies {
                cookie_behavior: cookies.cookie_behavior.as_str().into(),
                cookies: set(cookies.cookies.map(|of| of.items)),
            },
            query_strings_config: QueryStrings {
                query_string_behavior: queries.query_string_behavior.as_str().into(),
                query_strings: set(queries.query_strings.map(|of| of.items)),
            },
        },
    })
}
