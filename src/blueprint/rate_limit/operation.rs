//! The operations of an entry of `rate_limits`, which is an API gateway: each path and method, with
//! the most specific route that applies.

use super::RateLimit;
use super::api_route::{ApiRoute, covers};

/// The path of an API Gateway resource, one of its methods, and the route that applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation<'a> {
    /// `/v1/orders`, or `/v1/{proxy+}` for everything below `/v1/`.
    pub path: String,
    /// `GET`, or `ANY` for the methods without an operation on this path.
    pub method: String,
    pub route: &'a ApiRoute,
}

/// The method of an operation for all methods that the path does not list.
pub const ANY: &str = "ANY";
/// The key of `ANY` in a path of an OpenAPI document.
pub const ANY_KEY: &str = "x-amazon-apigateway-any-method";
const METHODS: &[&str] = &["delete", "get", "head", "options", "patch", "post", "put", ANY_KEY];

impl RateLimit {
    /// All operations, sorted by path and method.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut found: Vec<Operation<'_>> = match &self.openapi {
            Some(_) => self.of_document().collect(),
            None => self.of_routes(),
        };
        found.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
        found.dedup_by(|a, b| (&a.path, &a.method) == (&b.path, &b.method));
        found
    }

    /// The operations that the OpenAPI document describes and a route includes.
    fn of_document(&self) -> impl Iterator<Item = Operation<'_>> {
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

    /// The operations of the routes, without an OpenAPI document. API Gateway selects the path first
    /// and then one of its methods, so each path has all the methods of every route that covers it.
    fn of_routes(&self) -> Vec<Operation<'_>> {
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
                // `ANY` already includes a method with the same route.
                if method != ANY && any.is_some_and(|any| std::ptr::eq(any, route)) {
                    continue;
                }
                let operation = |path| Operation { path, method: method.to_string(), route };
                found.extend(resource_paths(pattern).into_iter().map(operation));
            }
        }
        found
    }

    /// The most specific route that includes a method on a path; the first of equally specific
    /// ones.
    fn route(&self, path: &str, method: &str) -> Option<&ApiRoute> {
        let accepts = |route: &&ApiRoute| route.accepts(method);
        // `max_by_key` returns the last of equal ones.
        let accepting = self.routes.iter().rev().filter(accepts);
        accepting
            .filter_map(|route| Some((rank(route, path)?, route)))
            .max_by_key(|(rank, _)| *rank)
            .map(|(_, route)| route)
    }
}

/// How specific a route is for a path: the length of its longest matching pattern, whether that is
/// exact, and whether the route lists methods.
fn rank(route: &ApiRoute, path: &str) -> Option<(usize, bool, bool)> {
    let fitting = route.paths.iter().filter(|pattern| covers(pattern, path));
    let best = fitting.map(|pattern| (pattern.len(), !pattern.ends_with('*'))).max()?;
    Some((best.0, best.1, !route.methods.is_empty()))
}

/// The paths of the API Gateway resources for a pattern. `{proxy+}` does not match an empty rest:
/// `/*` includes `/`, which therefore needs a resource too; `/v1/*` does not include `/v1`.
fn resource_paths(pattern: &str) -> Vec<String> {
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

    fn describe(api: &RateLimit) -> Vec<String> {
        let line = |o: &Operation<'_>| format!("{} {} {}", o.method, o.path, o.route.key);
        api.operations().iter().map(line).collect()
    }

    #[test]
    fn narrow_path_keeps_methods_of_wider_path() {
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
        assert_eq!(describe(&api(routes)), expected);
    }

    #[test]
    fn all_paths_include_root() {
        assert_eq!(
            describe(&api(vec![ApiRoute::all(false)])),
            ["ANY / false", "ANY /{proxy+} false"]
        );
    }

    #[test]
    fn document_determines_operations() {
        let mut described =
            api(vec![route("/v1/*", &[], true), route("/v1/items", &["GET"], false)]);
        let document = json!({ "paths": {
            "/v1/items": { "get": {}, "post": {} }, "/v1/items/{id}": { "get": {} }, "/x": { "get": {} },
        } });
        described.openapi = document.as_object().cloned();
        let expected = ["GET /v1/items false", "POST /v1/items true", "GET /v1/items/{id} true"];
        assert_eq!(describe(&described), expected);
    }
}
