//! Checks of CDNs: every path has one origin that serves it, and no path bypasses the API keys of an
//! API.

use std::collections::BTreeMap;

use super::super::cdn::{Cache, Cdn, CdnRoute, Origin};
use super::{Check, glob};
use crate::blueprint::language::code;
use crate::blueprint::language::node::{Content, Node, Type};
use crate::blueprint::load_balancer::rule::path_rank;
use crate::suggest;

/// CloudFront's limit of cache behaviors per distribution, including the default behavior,
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>.
const MAX_BEHAVIORS: usize = 75;

impl Check<'_> {
    pub fn cdn(&self) {
        if self.blueprint.buckets.contains_key("logs") {
            let summary = "the name `logs` of a bucket is reserved";
            let label = "reserved for the log bucket of the stack";
            let report = self.error("buckets.logs", code::BUCKET_NAMED_LOGS, summary, label);
            self.report(report.help("choose another name, such as `records`"));
        }
        for (name, cdn) in &self.blueprint.cdn {
            self.one_cdn(name, cdn);
        }
    }

    fn one_cdn(&self, name: &str, cdn: &Cdn) {
        let path = format!("cdn.{name}.routes");
        let items = self.document.find(&path).value.items();
        // Items that could not be decoded are missing, so that the indices would be wrong.
        if items.is_none_or(|items| items.len() != cdn.routes.len()) {
            return;
        }
        for (index, route) in cdn.routes.iter().enumerate() {
            let at = format!("{path}.{index}");
            if self.has_origin(&at, route) {
                self.covered(&at, route);
                self.around_keys(&at, route);
            }
            self.functions(&at, name, cdn, route);
        }
        self.paths_once(&path, cdn);
    }

    /// Whether the origin of a route exists.
    fn has_origin(&self, at: &str, route: &CdnRoute) -> bool {
        let (section, name) = route.to.component();
        let known = self.names(section);
        let to = format!("{at}.to");
        if !known.contains(&name) {
            let summary = format!("unknown origin `{section}.{name}`");
            let label = format!("not in `{section}`");
            let mut report = self.error(&to, code::UNKNOWN_ORIGIN, &summary, &label);
            let near = suggest::nearest(name, known.iter().copied());
            report.help = Some(match near {
                Some(near) => format!("did you mean `{section}.{near}`?"),
                None => format!("add it: `{section}: {{ {name}: {{}} }}`"),
            });
            self.report(report);
            return false;
        }
        match &route.to {
            Origin::Bucket(name) => self.existing_bucket(&to, name),
            Origin::Api(name) => return self.is_api(&to, name),
            Origin::LoadBalancer(_) => {}
        }
        true
    }

    /// Whether an entry of `rate_limits` is an API. It can also be only a firewall, which is not an origin.
    fn is_api(&self, to: &str, name: &str) -> bool {
        let path = format!("rate_limits.{name}");
        let is_written = ["to", "url"].iter().any(|key| self.is_written(&format!("{path}.{key}")));
        let is_api = self.blueprint.rate_limits.get(name).is_none_or(|of| of.backend.is_some());
        if !is_api && !is_written {
            let summary = format!("`{path}` is a firewall without an API");
            let report = self.error(to, code::NO_API, &summary, "not an origin");
            let help = format!("add `to` or `url` to `{path}`, or use another origin");
            self.report(self.mark(report, &path, "has neither `to` nor `url`").help(help));
        }
        is_api
    }

    /// Warns of an existing bucket, whose policy must allow the distribution to read.
    fn existing_bucket(&self, to: &str, name: &str) {
        let existing = self.blueprint.buckets.get(name).and_then(|of| of.existing.as_ref());
        if let Some(bucket) = existing {
            let summary =
                format!("tenfold does not change the policy of existing bucket `{bucket}`");
            let label = "CloudFront needs permission to read it";
            let report = self.warning(to, code::FOREIGN_BUCKET, &summary, label);
            self.report(report.help(
                "in the policy of the bucket, allow `cloudfront.amazonaws.com` `s3:GetObject` where \
                 `AWS:SourceArn` is the ARN of the distribution",
            ));
        }
    }

    fn functions(&self, at: &str, name: &str, cdn: &Cdn, route: &CdnRoute) {
        let known: Vec<&str> = cdn.functions.keys().map(String::as_str).collect();
        let at = format!("{at}.functions");
        let mut seen = BTreeMap::new();
        for function in &route.functions {
            let Some(of) = cdn.functions.get(function) else {
                let summary = format!("unknown function `{function}`");
                let label = format!("not in `cdn.{name}.functions`");
                let mut report = self.error(&at, code::UNKNOWN_FUNCTION, &summary, &label);
                report.help = suggest::help(function, &known);
                self.report(report);
                continue;
            };
            if let Some(first) = seen.insert(of.on, function) {
                let summary = format!("`{first}` and `{function}` handle the same event");
                let label = "only one function per event";
                let report = self.error(&at, code::TWO_FUNCTIONS, &summary, label);
                self.report(report.help("merge the two functions into one file"));
            }
        }
    }

    fn paths_once(&self, at: &str, cdn: &Cdn) {
        let paths = cdn.paths();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (path, index) in &paths {
            if let Some(first) = seen.insert(path, *index) {
                let summary = format!("`{path}` is routed twice");
                let second = format!("{at}.{index}.paths");
                let report = self.error(&second, code::PATH_TWICE, &summary, "second route");
                let report = self.mark(report, &format!("{at}.{first}.paths"), "first route");
                self.report(report.help("remove the path from one of the routes"));
            }
        }
        if !seen.contains_key(Cdn::DEFAULT) {
            let summary = "no default route";
            let label = "none of these routes has the path `/*`";
            let report = self.error(at, code::NO_DEFAULT_ROUTE, summary, label);
            let to = cdn.routes.first().map(|route| route.to.component());
            let (section, name) = to.unwrap_or(("load_balancers", "main"));
            self.report(report.help(format!("add `{{ paths: [/*], to: {section}.{name} }}`")));
        }
        if paths.len() > MAX_BEHAVIORS {
            let summary = format!("the CDN has {} paths", paths.len());
            let label = format!("a distribution supports at most {MAX_BEHAVIORS}");
            let report = self.error(at, code::TOO_MANY_BEHAVIORS, &summary, &label);
            self.report(report.help("combine paths with wildcards"));
        }
    }

    /// Reports a path that the CDN forwards to a load balancer on which no service serves it.
    fn covered(&self, at: &str, route: &CdnRoute) {
        let Origin::LoadBalancer(name) = &route.to else { return };
        let services = &self.blueprint.services;
        if services.iter().any(|(name, service)| !self.is_whole(name, service)) {
            return;
        }
        let routes = services.values().flat_map(|service| &service.routes);
        let served: Vec<&String> =
            routes.filter(|of| of.load_balancer == *name).flat_map(|of| &of.paths).collect();
        let unserved =
            route.paths.iter().find(|path| !served.iter().any(|of| glob::overlap(of, path)));
        if let Some(path) = unserved {
            let summary = format!("no service of `load_balancers.{name}` serves `{path}`");
            let paths = format!("{at}.paths");
            let report =
                self.error(&paths, code::PATH_NOT_COVERED, &summary, "would be answered with 404");
            self.report(report.help(format!(
                "add `routes: [{{ load_balancer: {name}, paths: [{path}] }}]` to a service, or remove the path"
            )));
        }
    }

    /// Reports a path for which an API requires a key, but which the CDN forwards to the load balancer
    /// behind the API or serves from its cache.
    fn around_keys(&self, at: &str, route: &CdnRoute) {
        let sections = self.document.get("rate_limits").and_then(Node::map);
        for (api, entry) in sections.into_iter().flatten() {
            let to = entry.value.get("to").and_then(Node::scalar).map(|to| to.text.as_str());
            let bypass = match &route.to {
                Origin::LoadBalancer(name) => {
                    let same = to.map(|to| to.strip_prefix("load_balancers.").unwrap_or(to));
                    (same == Some(name.as_str())).then_some("bypasses the API")
                }
                Origin::Api(name) => {
                    let is_cached = route.cache != Cache::Nothing;
                    (name == api && is_cached).then_some("is served from the cache without a key")
                }
                Origin::Bucket(_) => None,
            };
            let Some(bypass) = bypass else { continue };
            let api_paths = ApiPath::all(&entry.value);
            let found = route.paths.iter().find(|path| needs_key(&api_paths, path, route.writes));
            if let Some(path) = found {
                let summary = format!("`rate_limits.{api}` requires a key for `{path}`");
                let report =
                    self.error(&format!("{at}.paths"), code::KEYS_BYPASSED, &summary, bypass);
                let report =
                    self.mark(report, &format!("rate_limits.{api}.routes"), "requires a key");
                self.report(report.help(format!(
                    "use `to: rate_limits.{api}` without `cache`, or set `key: false` in `rate_limits.{api}.routes`"
                )));
            }
        }
    }
}

/// A path of an API.
struct ApiPath<'a> {
    path: &'a str,
    /// Whether the route accepts GET, HEAD or OPTIONS.
    reads: bool,
    /// Whether the API requires a key.
    key: bool,
}

impl ApiPath<'_> {
    fn all(api: &Node) -> Vec<ApiPath<'_>> {
        let has_keys = api.get("keys").is_some() || api.get("tiers").is_some();
        let routes = api.get("routes").and_then(Node::items).unwrap_or_default();
        let of = |route| ApiPath::of(route, has_keys);
        routes.iter().flat_map(of).collect()
    }

    fn of(route: &Node, has_keys: bool) -> Vec<ApiPath<'_>> {
        let texts = |key: &str| -> Vec<&str> {
            let items = route.get(key).and_then(Node::items).unwrap_or_default();
            items.iter().filter_map(Node::scalar).map(|item| item.text.as_str()).collect()
        };
        let key = route.get("key").and_then(Node::scalar).map(|key| key.core_type());
        let unresolved = matches!(route.content, Content::Unresolved);
        let key = !unresolved && has_keys && key != Some(Type::Bool(false));
        let methods = texts("methods");
        let read = |method: &&str| ["GET", "HEAD", "OPTIONS"].contains(method);
        let reads = methods.is_empty() || methods.iter().any(read);
        texts("paths").into_iter().map(|path| ApiPath { path, reads, key }).collect()
    }
}

/// Whether an API requires a key for some of the requests that match `path`: by the most specific
/// route that covers `path`, or by a route within `path`.
fn needs_key(all: &[ApiPath<'_>], path: &str, writes: bool) -> bool {
    let fits = |of: &&ApiPath<'_>| writes || of.reads;
    let covering = all.iter().filter(fits).filter(|of| glob::covers(of.path, path));
    let nearest = covering.max_by_key(|of| path_rank(of.path));
    let within = all.iter().filter(fits).filter(|of| glob::covers(path, of.path));
    nearest.is_some_and(|of| of.key) || within.into_iter().any(|of| of.key && of.path != path)
}
