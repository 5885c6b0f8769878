//! `routes` of an API: what it lets through, with or without a key, and how much of it.

use serde::Serialize;
use std::collections::BTreeMap;

use super::tier::{self, Limit};
use crate::blueprint::language::decode::Value;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApiRoute {
    /// Each exact, or ending in `/*`.
    pub paths: Vec<String>,
    /// Any method if empty.
    pub methods: Vec<String>,
    /// Whether a client must show a key.
    pub key: bool,
    /// For all clients together, on each path and method.
    pub limit: Option<Limit>,
    /// For each client of a tier, on each path and method.
    pub tiers: BTreeMap<String, Limit>,
}

/// The methods that API Gateway knows.
const METHODS: &[(&str, &str)] = &[
    ("DELETE", "DELETE"),
    ("GET", "GET"),
    ("HEAD", "HEAD"),
    ("OPTIONS", "OPTIONS"),
    ("PATCH", "PATCH"),
    ("POST", "POST"),
    ("PUT", "PUT"),
];
const MOST_PATHS: usize = 100;

impl ApiRoute {
    /// Everything.
    pub fn all(key: bool) -> Self {
        let (methods, limit, tiers) = Default::default();
        ApiRoute { paths: vec!["/*".into()], methods, key, limit, tiers }
    }

    /// Whether a request of this method may be one of the route's.
    pub fn takes(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.iter().any(|own| own == method)
    }
}

/// `key` is what holds where the route does not say.
pub(crate) fn decode(value: Value<'_>, key: bool) -> Option<ApiRoute> {
    value.fields(|fields| ApiRoute {
        paths: fields.or("paths", vec!["/*".into()], |value| value.items(MOST_PATHS, path)),
        methods: fields.or("methods", Vec::new(), |value| {
            let methods = value.items(METHODS.len(), |value| value.word(METHODS))?;
            Some(methods.into_iter().map(str::to_string).collect())
        }),
        key: fields.or("key", key, Value::boolean),
        limit: tier::limit(fields),
        tiers: fields.or("tiers", BTreeMap::new(), |value| value.named(tier::rate_alone)),
    })
}

/// API Gateway matches whole segments, and lets a variable stand for all the rest of a path.
fn path(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    if !text.starts_with('/') {
        return value.malformed("a path from the root", format!("write `/{text}`"));
    }
    let fixed = text.strip_suffix("/*").unwrap_or(text);
    if fixed.contains(['*', '?']) {
        let cut = fixed.find(['*', '?']).unwrap_or_default();
        let parent = fixed[..cut].rsplit_once('/').map_or("", |(parent, _)| parent);
        let help =
            format!("write `{parent}/*`: `*` stands for the rest of a path, at its end only");
        return value.malformed("a path that an API can match", help);
    }
    let allowed = |one: char| one.is_ascii_alphanumeric() || "_-.~:/".contains(one);
    let is_whole = fixed.split('/').skip(1).all(|segment| !segment.is_empty());
    if text != "/" && (text.len() > 128 || !fixed.chars().all(allowed) || !is_whole) {
        let help = "at most 128 letters, digits and `_ - . ~ :` between single slashes";
        return value.malformed("a path that an API can match", help);
    }
    Some(text.to_string())
}

/// Whether a pattern covers all of another, or a path.
pub fn covers(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix("/*") {
        Some(fixed) => path.strip_prefix(fixed).is_some_and(|rest| rest.starts_with('/')),
        None => pattern == path,
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_the_rest() {
        for (pattern, path) in
            [("/*", "/"), ("/*", "/v1/*"), ("/v1/*", "/v1/a/b"), ("/v1/*", "/v1/*"), ("/a", "/a")]
        {
            assert!(covers(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("/v1/*", "/v1"), ("/v1/*", "/v10/a"), ("/a", "/a/b"), ("/a", "/*")]
        {
            assert!(!covers(pattern, path), "{pattern} {path}");
        }
    }
}
