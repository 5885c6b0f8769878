//! Checks of routes: the load balancer exists, and every request matches at most one service.

use std::collections::BTreeMap;

use super::super::load_balancer::LoadBalancer;
use super::super::service::Protocol;
use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::load_balancer::route::Route;
use crate::blueprint::load_balancer::rule;
use crate::suggest;

/// AWS's default quota of rules per load balancer.
const DEFAULT_RULES: usize = 100;

/// A route with its position in the blueprint.
#[derive(Clone, Copy)]
struct ServiceRoute<'a> {
    service: &'a str,
    index: usize,
    route: &'a Route,
}

impl ServiceRoute<'_> {
    fn path(&self) -> String {
        format!("services.{}.routes.{}", self.service, self.index)
    }
}

impl Check<'_> {
    pub fn routes(&self) {
        let mut routes = Vec::new();
        for (service, decoded) in &self.blueprint.services {
            // Items that could not be decoded are missing, so that the indices would be wrong.
            let is_whole = self.is_whole(service, decoded);
            for (index, route) in decoded.routes.iter().enumerate() {
                let written = ServiceRoute { service, index, route };
                self.load_balancer_exists(written, decoded.protocol);
                if is_whole {
                    routes.push(written);
                }
            }
        }
        self.priorities(&routes);
        self.twice(&routes);
        self.rules();
    }

    fn load_balancer_exists(&self, written: ServiceRoute<'_>, protocol: Protocol) {
        let name = written.route.load_balancer.as_str();
        let path = format!("{}.load_balancer", written.path());
        let known: Vec<&str> = self.names("load_balancers");
        if !known.contains(&name) {
            let summary = format!("unknown load balancer `{name}`");
            let label = "not in `load_balancers`";
            let mut report = self.error(&path, code::UNKNOWN_LOAD_BALANCER, &summary, label);
            report.help = suggest::help(name, &known)
                .or_else(|| Some(format!("add it: `load_balancers: {{ {name}: {{}} }}`")));
            return self.report(report);
        }
        let needs_tls = matches!(protocol, Protocol::Http2 | Protocol::Grpc);
        let is_tls = self.is_written(&format!("load_balancers.{name}.certificate"))
            || self.is_written(&format!("load_balancers.{name}.certificates"))
            || self.blueprint.load_balancers.get(name).is_some_and(LoadBalancer::is_tls);
        if needs_tls && !is_tls {
            let service = written.service;
            let summary = format!("`{name}` needs a certificate for this protocol");
            let protocol = format!("services.{service}.protocol");
            let report = self.error(&protocol, code::NO_CERTIFICATE, &summary, "needs TLS");
            let report = self.mark(report, &path, "has no certificate");
            self.report(
                report.help(format!("add `certificate: arn:aws:acm:…` to `load_balancers.{name}`")),
            );
        }
        self.fits_rule(written);
    }

    fn fits_rule(&self, written: ServiceRoute<'_>) {
        let balancer = written.route.load_balancer.as_str();
        let room = self.blueprint.rule_value_limit(balancer);
        if rule::fits(written.route, room) {
            return;
        }
        let summary = "the route has more conditions than a rule supports";
        let mut report =
            self.error(&written.path(), code::TOO_MANY_CONDITIONS, summary, "this route");
        let cdns = self.blueprint.public_cdns(balancer);
        for cdn in &cdns {
            report =
                self.mark_key(report, &format!("cdn.{cdn}"), "its origin secret uses two values");
        }
        let rule = "a rule supports five values and six wildcards, with at least one value of each condition";
        self.report(report.help(match cdns.is_empty() {
            true => format!("{rule}: write fewer conditions"),
            false => format!(
                "{rule}: write fewer conditions, or remove `scheme` of `load_balancers.{balancer}`, so \
                 that CDNs reach it within its network"
            ),
        }));
    }

    fn priorities(&self, routes: &[ServiceRoute<'_>]) {
        let mut seen: BTreeMap<(&str, u32), String> = BTreeMap::new();
        for written in routes {
            let Some(priority) = written.route.priority else {
                continue;
            };
            let load_balancer = written.route.load_balancer.as_str();
            let path = format!("{}.priority", written.path());
            let Some(first) = seen.get(&(load_balancer, priority)) else {
                seen.insert((load_balancer, priority), path);
                continue;
            };
            let summary = format!("priority {priority} is used twice on `{load_balancer}`");
            let report = self.error(&path, code::PRIORITY_TWICE, &summary, "duplicate");
            let report = self.mark(report, first, "first used here");
            self.report(report.help("write another number: AWS evaluates lower priorities first"));
        }
    }

    fn twice(&self, routes: &[ServiceRoute<'_>]) {
        let mut seen: BTreeMap<(&str, &str), Vec<ServiceRoute<'_>>> = BTreeMap::new();
        for written in routes {
            let route = written.route;
            let mut reported = false;
            for path in &route.paths {
                let earlier = seen.entry((&route.load_balancer, path)).or_default();
                let twin = earlier.iter().find(|earlier| overlap(earlier.route, route));
                if let (Some(twin), false) = (twin, reported) {
                    reported = true;
                    self.routed_twice(*written, *twin, path);
                }
                earlier.push(*written);
            }
        }
    }

    fn routed_twice(&self, written: ServiceRoute<'_>, twin: ServiceRoute<'_>, path: &str) {
        if (written.service, written.index) == (twin.service, twin.index) {
            let summary = format!("`{path}` is listed twice in one route");
            let paths = format!("{}.paths", written.path());
            let report = self.error(&paths, code::ROUTED_TWICE, &summary, "duplicate path");
            return self.report(report.help("remove one of the two"));
        }
        let summary = format!("`{path}` is routed twice on `{}`", written.route.load_balancer);
        let at = |written: ServiceRoute<'_>| {
            let position = written.route.paths.iter().position(|one| one == path).unwrap_or(0);
            let paths = format!("{}.paths", written.path());
            if self.is_written_at(&paths) { format!("{paths}.{position}") } else { written.path() }
        };
        let report = self.error(&at(written), code::ROUTED_TWICE, &summary, "second route");
        let report = self.mark(report, &at(twin), "first route");
        self.report(
            report.help(
                "distinguish the routes by `methods`, `hosts` or `headers`, or set a `priority` of each",
            ),
        );
    }

    /// Like `is_written`, for a path with list indices.
    fn is_written_at(&self, path: &str) -> bool {
        let key = path.rsplit('.').next().unwrap_or_default();
        self.document.find(path).key.is_some_and(|position| position.span.text() == key)
    }

    fn rules(&self) {
        let rules = self.blueprint.listener_rules();
        for group in rules.chunk_by(|one, other| one.load_balancer == other.load_balancer) {
            let Some(first) = group.first().filter(|_| group.len() > DEFAULT_RULES) else {
                continue;
            };
            let name = &first.load_balancer;
            let summary = format!("`{name}` needs {} rules", group.len());
            let path = format!("load_balancers.{name}");
            let label = format!("AWS's default quota is {DEFAULT_RULES} rules per load balancer");
            let report = self.warning(&path, code::MANY_RULES, &summary, &label);
            self.report(report.help("combine routes with wildcards, or request a higher quota"));
        }
    }
}

/// Whether two routes of one path are equally specific and a request can match both.
fn overlap(a: &Route, b: &Route) -> bool {
    let have_common = |left: &[String], right: &[String]| {
        left.is_empty() && right.is_empty() || left.iter().any(|value| right.contains(value))
    };
    a.priority == b.priority
        && have_common(&a.hosts, &b.hosts)
        && have_common(&a.methods, &b.methods)
        && a.headers == b.headers
        && a.query == b.query
        && a.sources == b.sources
}
