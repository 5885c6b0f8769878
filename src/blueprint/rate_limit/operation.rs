//! The operations of an API: what each path and method may do, by the most specific route.

use super::RateLimit;
use super::api_route::{ApiRoute, covers};

/// A resource's path and a method, as API Gateway has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation<'a> {
    /// `/v1/orders`, or `/v1/{proxy+}` for all below `/v1/`.
    pub path: String,
    /// `GET`, or `ANY` for those that have no operation of their own on this path.
    pub method: String,
    pub route: &'a ApiRoute,
}

pub const ANY: &str = "ANY";
/// The key of `ANY` within a path of OpenAPI.
pub const ANY_KEY: &str = "x-amazon-apigateway-any-method";
const METHODS: &[&str] = &["delete", "get", "head", "options", "patch", "post", "put", ANY_KEY];

impl RateLimit {
    /// Every operation, by path. API Gateway picks a path first and then a method of it, so each
    /// path has all methods that any route gives it.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut found: Vec<Operation<'_>> = match &self.openapi {
            Some(_) => self.described().collect(),
            None => self.derived(),
        };
        found.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
        found.dedup_by(|one, other| (&one.path, &one.method) == (&other.path, &other.method));
        found
    }

    /// Those that a document describes and a route lets through.
    fn described(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.openapi.as_ref().and_then(|document| document.get("paths"));
        let paths = paths.and_then(|paths| paths.as_object()).into_iter().flatten();
        paths.flat_map(move |(path, item)| {
            let has = |key: &&&str| item.get(**key).is_some();
            METHODS.iter().filter(has).filter_map(move |key| {
                let method = if *key == ANY_KEY { ANY.into() } else { key.to_uppercase() };
                let route = self.route(path, &method)?;
                Some(Operation { path: path.clone(), method, route })
            })
        })
    }

    fn derived(&self) -> Vec<Operation<'_>> {
        let mut found = Vec::new();
        for pattern in self.routes.iter().flat_map(|route| &route.paths) {
            let covering = self.routes.iter().filter(|route| rank(route, pattern).is_some());
            let mut methods: Vec<&str> =
                covering.flat_map(|route| &route.methods).map(String::as_str).collect();
            methods.sort_unstable();
            methods.dedup();
            let any = self.route(pattern, ANY);
            for method in methods.into_iter().chain([ANY]) {
                let Some(route) = self.route(pattern, method) else { continue };
                // What `ANY` says anyway need not be said again.
                if method != ANY && any.is_some_and(|any| std::ptr::eq(any, route)) {
                    continue;
                }
                let operation = |path| Operation { path, method: method.to_string(), route };
                found.extend(resources(pattern).into_iter().map(operation));
            }
        }
        found
    }

    /// The most specific route that takes a method on a path; the first of equals.
    fn route(&self, path: &str, method: &str) -> Option<&ApiRoute> {
        let takes = |route: &&ApiRoute| route.takes(method);
        let ranked = self.routes.iter().rev().filter(takes);
        ranked
            .filter_map(|route| Some((rank(route, path)?, route)))
            .max_by_key(|(rank, _)| *rank)
            .map(|(_, route)| route)
    }
}

/// How closely a route fits a path: by the length of its pattern, whether that is exact, and
/// whether it names methods.
fn rank(route: &ApiRoute, path: &str) -> Option<(usize, bool, bool)> {
    let fitting = route.paths.iter().filter(|pattern| covers(pattern, path));
    let best = fitting.map(|pattern| (pattern.len(), !pattern.ends_with('*'))).max()?;
    Some((best.0, best.1, !route.methods.is_empty()))
}

/// The resources that a pattern becomes. The root has no variable part, so it stands by itself.
fn resources(pattern: &str) -> Vec<String> {
    match pattern.strip_suffix("/*") {
        Some("") => vec!["/".into(), "/{proxy+}".into()],
        Some(fixed) => vec![format!("{fixed}/{{proxy+}}")],
        None => vec![pattern.into()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::rate_limit::{Backend, ExecutionLogs};
    use serde_json::json;

    fn route(path: &str, methods: &[&str], key: bool) -> ApiRoute {
        let methods = methods.iter().map(|method| method.to_string()).collect();
        ApiRoute { paths: vec![path.into()], methods, ..ApiRoute::all(key) }
    }

    fn api(routes: Vec<ApiRoute>) -> RateLimit {
        RateLimit {
            backend: Some(Backend::LoadBalancer("main".into())),
            domain: crate::blueprint::domain::Domain {
                name: None,
                zone: None,
                dns: true,
                certificates: Vec::new(),
            },
            openapi: None,
            limit: None,
            routes,
            tiers: Default::default(),
            keys: Default::default(),
            timeout_s: 29,
            access_logs_days: None,
            execution_logs: ExecutionLogs::Off,
            detailed_metrics: false,
            tracing: false,
            firewall: None,
            alarms: Default::default(),
        }
    }

    fn said(api: &RateLimit) -> Vec<String> {
        let say = |o: &Operation<'_>| format!("{} {} {}", o.method, o.path, o.route.key);
        api.operations().iter().map(say).collect()
    }

    #[test]
    fn a_narrow_path_keeps_the_methods_of_a_wide_one() {
        let routes = vec![
            route("/v1/*", &[], true),
            route("/v1/catalog/*", &["GET"], false),
            route("/v1/orders", &["POST"], true),
        ];
        let expected = [
            "ANY /v1/catalog/{proxy+} true",
            "GET /v1/catalog/{proxy+} false",
            "ANY /v1/orders true",
            "POST /v1/orders true",
            "ANY /v1/{proxy+} true",
        ];
        assert_eq!(said(&api(routes)), expected);
    }

    #[test]
    fn everything_includes_the_root() {
        assert_eq!(said(&api(vec![ApiRoute::all(false)])), ["ANY / false", "ANY /{proxy+} false"]);
    }

    #[test]
    fn a_document_says_which_operations_there_are() {
        let mut described =
            api(vec![route("/v1/*", &[], true), route("/v1/items", &["GET"], false)]);
        let document = json!({ "paths": {
            "/v1/items": { "get": {}, "post": {} }, "/v1/items/{id}": { "get": {} }, "/x": { "get": {} },
        } });
        described.openapi = document.as_object().cloned();
        let expected = ["GET /v1/items false", "POST /v1/items true", "GET /v1/items/{id} true"];
        assert_eq!(said(&described), expected);
    }
}
