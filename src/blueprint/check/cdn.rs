//! Checks of CDNs: each path leads somewhere, once, and around no key.

use std::collections::BTreeMap;

use super::super::cdn::{Cache, Cdn, CdnRoute, Origin};
use super::{Check, glob};
use crate::blueprint::language::code;
use crate::blueprint::language::node::{Content, Node, Type};
use crate::blueprint::load_balancer::rule::path_rank;
use crate::suggest;

/// Behaviors that a distribution may have, the default one included,
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>.
const MOST_BEHAVIORS: usize = 75;

impl Check<'_> {
    pub fn cdn(&self) {
        if self.blueprint.buckets.contains_key("logs") {
            let summary = "a bucket cannot be called `logs`";
            let label = "the stack's own logs are";
            let report = self.error("buckets.logs", code::BUCKET_NAMED_LOGS, summary, label);
            self.report(report.help("write another name, such as `records`"));
        }
        for (name, cdn) in &self.blueprint.cdn {
            self.one_cdn(name, cdn);
        }
    }

    fn one_cdn(&self, name: &str, cdn: &Cdn) {
        let path = format!("cdn.{name}.routes");
        let items = self.document.find(&path).value.items();
        // An item that could not be decoded is missing: the indices would not fit.
        if items.is_none_or(|items| items.len() != cdn.routes.len()) {
            return;
        }
        for (index, route) in cdn.routes.iter().enumerate() {
            let at = format!("{path}.{index}");
            if self.leads(&at, route) {
                self.covered(&at, route);
                self.around_keys(&at, route);
            }
            self.functions(&at, name, cdn, route);
        }
        self.paths_once(&path, cdn);
    }

    /// Whether what a route leads to is there.
    fn leads(&self, at: &str, route: &CdnRoute) -> bool {
        let (section, name) = route.to.place();
        let known = self.names(section);
        let to = format!("{at}.to");
        if !known.contains(&name) {
            let summary = format!("no `{section}.{name}`");
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
            Origin::Bucket(name) => self.own_bucket(&to, name),
            Origin::Api(name) => return self.is_api(&to, name),
            Origin::LoadBalancer(_) => {}
        }
        true
    }

    /// Rate limits may be a firewall alone, which answers nobody.
    fn is_api(&self, to: &str, name: &str) -> bool {
        let path = format!("rate_limits.{name}");
        let is_written = ["to", "url"].iter().any(|key| self.is_written(&format!("{path}.{key}")));
        let is_api = self.blueprint.rate_limits.get(name).is_none_or(|of| of.backend.is_some());
        if !is_api && !is_written {
            let summary = format!("`{path}` is a firewall and no API");
            let report = self.error(to, code::NO_API, &summary, "leads to nothing that answers");
            let help = format!("write `to` or `url` in `{path}`, or lead to what answers itself");
            self.report(self.mark(report, &path, "without `to` or `url`").help(help));
        }
        is_api
    }

    fn own_bucket(&self, to: &str, name: &str) {
        let existing = self.blueprint.buckets.get(name).and_then(|of| of.existing.as_ref());
        if let Some(bucket) = existing {
            let summary = format!("the policy of {bucket} is not tenfold's");
            let report = self.warning(to, code::FOREIGN_BUCKET, &summary, "reads from it");
            self.report(report.help(
                "let cloudfront.amazonaws.com s3:GetObject where AWS:SourceArn is the distribution",
            ));
        }
    }

    fn functions(&self, at: &str, name: &str, cdn: &Cdn, route: &CdnRoute) {
        let known: Vec<&str> = cdn.functions.keys().map(String::as_str).collect();
        let at = format!("{at}.functions");
        let mut seen = BTreeMap::new();
        for function in &route.functions {
            let Some(of) = cdn.functions.get(function) else {
                let summary = format!("no function `{function}`");
                let label = format!("not in `cdn.{name}.functions`");
                let mut report = self.error(&at, code::UNKNOWN_FUNCTION, &summary, &label);
                report.help = suggest::help(function, &known);
                self.report(report);
                continue;
            };
            if let Some(first) = seen.insert(of.on, function) {
                let summary = format!("`{first}` and `{function}` run at the same time");
                let report = self.error(&at, code::TWO_FUNCTIONS, &summary, "two for one event");
                self.report(report.help("join the two into one file"));
            }
        }
    }

    fn paths_once(&self, at: &str, cdn: &Cdn) {
        let paths = cdn.paths();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (path, index) in &paths {
            if let Some(first) = seen.insert(path, *index) {
                let summary = format!("`{path}` is routed twice");
                let again = format!("{at}.{index}.paths");
                let report = self.error(&again, code::PATH_TWICE, &summary, "again here");
                let report = self.mark(report, &format!("{at}.{first}.paths"), "first here");
                self.report(report.help("remove one of the two"));
            }
        }
        if !seen.contains_key(Cdn::DEFAULT) {
            let summary = "nothing answers what no path fits";
            let report = self.error(at, code::NO_DEFAULT_ROUTE, summary, "without `/*`");
            let to = cdn.routes.first().map(|route| route.to.place());
            let (section, name) = to.unwrap_or(("load_balancers", "main"));
            self.report(report.help(format!("add {{ paths: [/*], to: {section}.{name} }}")));
        }
        if paths.len() > MOST_BEHAVIORS {
            let summary = format!("{} paths", paths.len());
            let label = "a distribution takes 75";
            let report = self.error(at, code::TOO_MANY_BEHAVIORS, &summary, label);
            self.report(report.help("join paths with wildcards"));
        }
    }

    /// A path that is sent to a balancer, where no service answers it.
    fn covered(&self, at: &str, route: &CdnRoute) {
        let Origin::LoadBalancer(name) = &route.to else { return };
        let services = &self.blueprint.services;
        if services.iter().any(|(name, service)| !self.is_whole(name, service)) {
            return;
        }
        let routes = services.values().flat_map(|service| &service.routes);
        let answered: Vec<&String> =
            routes.filter(|of| of.load_balancer == *name).flat_map(|of| &of.paths).collect();
        let lost = route.paths.iter().find(|path| !answered.iter().any(|of| glob::meet(of, path)));
        if let Some(path) = lost {
            let summary = format!("no service answers `{path}` on `{name}`");
            let paths = format!("{at}.paths");
            let report = self.error(&paths, code::PATH_NOT_COVERED, &summary, "would be 404");
            self.report(report.help(format!(
                "add `routes: [{{ load_balancer: {name}, paths: [{path}] }}]` to a service, or remove it"
            )));
        }
    }

    /// A path that an API asks a key for, sent around it or answered from a cache.
    fn around_keys(&self, at: &str, route: &CdnRoute) {
        let sections = self.document.get("rate_limits").and_then(Node::map);
        for (api, entry) in sections.into_iter().flatten() {
            let to = entry.value.get("to").and_then(Node::scalar).map(|to| to.text.as_str());
            let doing = match &route.to {
                Origin::LoadBalancer(name) => {
                    let same = to.map(|to| to.strip_prefix("load_balancers.").unwrap_or(to));
                    (same == Some(name.as_str())).then_some("leads around them")
                }
                Origin::Api(name) => {
                    let keeps = route.cache != Cache::Nothing;
                    (name == api && keeps).then_some("answers from its cache without one")
                }
                Origin::Bucket(_) => None,
            };
            let Some(doing) = doing else { continue };
            let guarded = Guarded::all(&entry.value);
            let found = route.paths.iter().find(|path| guards(&guarded, path, route.writes));
            if let Some(path) = found {
                let summary = format!("`rate_limits.{api}` asks for a key at `{path}`");
                let report = self.error(
                    &format!("{at}.paths"),
                    code::AROUND_KEYS,
                    &summary,
                    &format!("and this {doing}"),
                );
                let report = self.mark(report, &format!("rate_limits.{api}.routes"), "asked here");
                self.report(report.help(format!(
                    "send it `to: rate_limits.{api}` without `cache`, or write `key: false` there"
                )));
            }
        }
    }
}

/// A path of an API, and whether it asks for a key.
struct Guarded<'a> {
    path: &'a str,
    reads: bool,
    key: bool,
}

impl Guarded<'_> {
    fn all(api: &Node) -> Vec<Guarded<'_>> {
        let has_keys = api.get("keys").is_some() || api.get("tiers").is_some();
        let routes = api.get("routes").and_then(Node::items).unwrap_or_default();
        let of = |route| Guarded::of(route, has_keys);
        routes.iter().flat_map(of).collect()
    }

    fn of(route: &Node, has_keys: bool) -> Vec<Guarded<'_>> {
        let texts = |key: &str| -> Vec<&str> {
            let items = route.get(key).and_then(Node::items).unwrap_or_default();
            items.iter().filter_map(|one| one.scalar()).map(|one| one.text.as_str()).collect()
        };
        let key = route.get("key").and_then(Node::scalar).map(|key| key.core_type());
        let unresolved = matches!(route.content, Content::Unresolved);
        let key = !unresolved && has_keys && key != Some(Type::Bool(false));
        let methods = texts("methods");
        let read = |method: &&str| ["GET", "HEAD", "OPTIONS"].contains(method);
        let reads = methods.is_empty() || methods.iter().any(read);
        texts("paths").into_iter().map(|path| Guarded { path, reads, key }).collect()
    }
}

/// Whether a key is asked for at some of what a path stands for: by the most specific route that
/// covers it, or by one within it.
fn guards(all: &[Guarded<'_>], path: &str, writes: bool) -> bool {
    let fits = |of: &&Guarded<'_>| writes || of.reads;
    let covering = all.iter().filter(fits).filter(|of| glob::covers(of.path, path));
    let nearest = covering.max_by_key(|of| path_rank(of.path));
    let within = all.iter().filter(fits).filter(|of| glob::covers(path, of.path));
    nearest.is_some_and(|of| of.key) || within.into_iter().any(|of| of.key && of.path != path)
}
