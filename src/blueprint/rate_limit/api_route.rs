//! `routes` of an API: the requests that it accepts, whether they need a key, and their limits.

use serde::Serialize;
use std::collections::BTreeMap;

use super::tier::{self, Limit};
use crate::blueprint::language::decode::Value;

/// A set of paths and methods with common limits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApiRoute {
    /// Exact paths, or prefixes that end in `/*`. Default: `/*`.
    pub paths: Vec<String>,
    /// HTTP methods; empty: all.
    pub methods: Vec<String>,
    /// Whether a request must contain an API key. Default: true if the API has `tiers`.
    pub key: bool,
    /// The limit for all clients together, on each path and method.
    pub limit: Option<Limit>,
    /// The limit for each client of a tier, on each path and method.
    pub tiers: BTreeMap<String, Limit>,
}

/// The methods that API Gateway supports.
const METHODS: &[(&str, &str)] = &[
    ("DELETE", "DELETE"),
    ("GET", "GET"),
    ("HEAD", "HEAD"),
    ("OPTIONS", "OPTIONS"),
    ("PATCH", "PATCH"),
    ("POST", "POST"),
    ("PUT", "PUT"),
];
const MAX_PATHS: usize = 100;

impl ApiRoute {
    /// All paths and methods, without limits.
    pub fn all(key: bool) -> Self {
        let (methods, limit, tiers) = Default::default();
        ApiRoute { paths: vec!["/*".into()], methods, key, limit, tiers }
    }

    /// Whether the route includes a method.
    pub(super) fn accepts(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.iter().any(|known| known == method)
    }
}

/// `default_key` is the default of `key`.
pub(super) fn decode(value: Value<'_>, default_key: bool) -> Option<ApiRoute> {
    value.fields(|fields| ApiRoute {
        paths: fields.or("paths", vec!["/*".into()], |value| value.items(MAX_PATHS, path)),
        methods: fields.or("methods", Vec::new(), |value| {
            let methods = value.items(METHODS.len(), |value| value.word(METHODS))?;
            Some(methods.into_iter().map(str::to_string).collect())
        }),
        key: fields.or("key", default_key, Value::boolean),
        limit: tier::limit(fields),
        tiers: fields.or("tiers", BTreeMap::new(), |value| value.named(tier::rate_only)),
    })
}

/// An exact path, or a prefix that ends in `/*`. API Gateway matches whole segments, and only a
/// variable at the end of a path can match several of them.
fn path(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    if !text.starts_with('/') {
        return value.malformed("a path that starts with `/`", format!("write `/{text}`"));
    }
    let fixed = text.strip_suffix("/*").unwrap_or(text);
    if fixed.contains(['*', '?']) {
        let cut = fixed.find(['*', '?']).unwrap_or_default();
        let parent = fixed[..cut].rsplit_once('/').map_or("", |(parent, _)| parent);
        let help = format!("write `{parent}/*`: a path may contain `*` only as its last segment");
        return value.malformed("a path that API Gateway supports", help);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.~:/".contains(c);
    let is_whole = fixed.split('/').skip(1).all(|segment| !segment.is_empty());
    if text != "/" && (text.len() > 128 || !fixed.chars().all(allowed) || !is_whole) {
        let help = "write at most 128 letters, digits and `_ - . ~ :` between single slashes";
        return value.malformed("a path that API Gateway supports", help);
    }
    Some(text.to_string())
}

/// Whether a pattern covers a path, or everything that another pattern covers.
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
    fn star_covers_rest_of_path() {
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
