//! Checks of routes: each leads somewhere, and no request has two answers.

use std::collections::BTreeMap;

use super::super::load_balancer::LoadBalancer;
use super::super::service::Protocol;
use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::load_balancer::route::Route;
use crate::blueprint::load_balancer::rule;
use crate::suggest;

/// Rules a listener takes before AWS has to be asked for more.
const USUAL_RULES: usize = 100;

/// A route and where it is written.
#[derive(Clone, Copy)]
struct Written<'a> {
    service: &'a str,
    index: usize,
    route: &'a Route,
}

impl Written<'_> {
    fn path(&self) -> String {
        format!("services.{}.routes.{}", self.service, self.index)
    }
}

impl Check<'_> {
    pub fn routes(&self) {
        let mut routes = Vec::new();
        for (service, decoded) in &self.blueprint.services {
            // An item that could not be decoded is missing: the indices would not fit.
            let is_whole = self.is_whole(service, decoded);
            for (index, route) in decoded.routes.iter().enumerate() {
                let written = Written { service, index, route };
                self.leads_somewhere(written, decoded.protocol);
                if is_whole {
                    routes.push(written);
                }
            }
        }
        self.priorities(&routes);
        self.twice(&routes);
        self.rules();
    }

    fn leads_somewhere(&self, written: Written<'_>, protocol: Protocol) {
        let name = written.route.load_balancer.as_str();
        let path = format!("{}.load_balancer", written.path());
        let known: Vec<&str> = self.names("load_balancers");
        if !known.contains(&name) {
            let summary = format!("no load balancer `{name}`");
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
            let summary = format!("`{name}` cannot speak this protocol without a certificate");
            let protocol = format!("services.{service}.protocol");
            let report = self.error(&protocol, code::NO_CERTIFICATE, &summary, "needs TLS");
            let report = self.mark(report, &path, "on this load balancer");
            self.report(
                report
                    .help(format!("write `certificate: arn:aws:acm:…` in `load_balancers.{name}`")),
            );
        }
        self.fits_a_rule(written);
    }

    fn fits_a_rule(&self, written: Written<'_>) {
        let balancer = written.route.load_balancer.as_str();
        let room = self.blueprint.rule_value_limit(balancer);
        if rule::fits(written.route, room) {
            return;
        }
        let summary = "more conditions than a rule takes";
        let mut report =
            self.error(&written.path(), code::TOO_MANY_CONDITIONS, summary, "this route");
        let cdns = self.blueprint.public_cdns(balancer);
        for cdn in &cdns {
            report = self.mark_key(report, &format!("cdn.{cdn}"), "its secret takes two values");
        }
        let rule =
            "a rule takes five values and six wildcards, one value at least of each condition";
        self.report(report.help(match cdns.is_empty() {
            true => format!("{rule}: write fewer conditions"),
            false => format!(
                "{rule}: write fewer conditions, or remove `scheme` of `load_balancers.{balancer}`, so \
                 that CDNs reach it within its network"
            ),
        }));
    }

    fn priorities(&self, routes: &[Written<'_>]) {
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
            let report = self.error(&path, code::PRIORITY_TWICE, &summary, "again here");
            let report = self.mark(report, first, "first here");
            self.report(report.help("write another number: the lower goes first"));
        }
    }

    fn twice(&self, routes: &[Written<'_>]) {
        let mut seen: BTreeMap<(&str, &str), Vec<Written<'_>>> = BTreeMap::new();
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

    fn routed_twice(&self, written: Written<'_>, twin: Written<'_>, path: &str) {
        if (written.service, written.index) == (twin.service, twin.index) {
            let summary = format!("`{path}` stands twice in one route");
            let paths = format!("{}.paths", written.path());
            let report = self.error(&paths, code::ROUTED_TWICE, &summary, "the same twice");
            return self.report(report.help("remove one of the two"));
        }
        let summary = format!("`{path}` is routed twice on `{}`", written.route.load_balancer);
        let place = |written: Written<'_>| {
            let position = written.route.paths.iter().position(|one| one == path).unwrap_or(0);
            let paths = format!("{}.paths", written.path());
            if self.is_written_at(&paths) { format!("{paths}.{position}") } else { written.path() }
        };
        let report = self.error(&place(written), code::ROUTED_TWICE, &summary, "again here");
        let report = self.mark(report, &place(twin), "first here");
        self.report(
            report.help(
                "distinguish them by `methods`, `hosts` or `headers`, or give each a `priority`",
            ),
        );
    }

    /// As `is_written`, for a path with list indices.
    fn is_written_at(&self, path: &str) -> bool {
        let key = path.rsplit('.').next().unwrap_or_default();
        self.document.find(path).key.is_some_and(|place| place.span.text() == key)
    }

    fn rules(&self) {
        let rules = self.blueprint.listener_rules();
        for group in rules.chunk_by(|one, other| one.load_balancer == other.load_balancer) {
            let Some(first) = group.first().filter(|_| group.len() > USUAL_RULES) else {
                continue;
            };
            let name = &first.load_balancer;
            let summary = format!("`{name}` needs {} rules", group.len());
            let path = format!("load_balancers.{name}");
            let label = "AWS gives a load balancer 100 unless asked";
            let report = self.warning(&path, code::MANY_RULES, &summary, label);
            self.report(report.help("join routes with wildcards, or have the quota raised"));
        }
    }
}

/// Whether two routes of one path are equally specific and some request meets both.
fn overlap(one: &Route, other: &Route) -> bool {
    let meet = |left: &[String], right: &[String]| {
        left.is_empty() && right.is_empty() || left.iter().any(|value| right.contains(value))
    };
    one.priority == other.priority
        && meet(&one.hosts, &other.hosts)
        && meet(&one.methods, &other.methods)
        && one.headers == other.headers
        && one.query == other.query
        && one.sources == other.sources
}
