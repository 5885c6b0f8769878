//! Checks across components. The checks look for absent keys in the document instead of the decoded
//! values, because a key with a wrong value has already been reported.

mod cdn;
mod connection;
mod entry_point;
mod glob;
mod monitoring;
mod network;
mod pool;
mod public_origin;
mod queue;
mod rate_limit;
mod route;

use std::collections::BTreeSet;

use super::language::code;
use super::language::decode::Decoder;
use super::language::node::{Content, LabelPosition, Node};
use super::load_balancer::{LoadBalancer, Scheme};
use super::service::Service;
use super::stack::Blueprint;
use crate::diagnostic::Diagnostic;

pub fn check(blueprint: &Blueprint, document: &Node, decoder: &Decoder<'_>) {
    let check = Check { blueprint, document, decoder };
    let routed = check.routed();
    for (name, load_balancer) in &blueprint.load_balancers {
        check.load_balancer(name, load_balancer, routed.as_ref());
    }
    for (name, service) in &blueprint.services {
        check.service(name, service);
        check.uses(name, service);
        check.consumes(name, service);
    }
    check.pools();
    check.stack_name();
    check.entry_points();
    check.routes();
    check.rate_limits();
    check.network();
    check.monitoring();
    check.cdn();
    check.public_origins();
}

struct Check<'a> {
    blueprint: &'a Blueprint,
    document: &'a Node,
    decoder: &'a Decoder<'a>,
}

impl Check<'_> {
    /// Whether the document contains a path and its value is not an empty list.
    fn is_written(&self, path: &str) -> bool {
        let mut node = self.document;
        for key in path.split('.') {
            match node.get(key) {
                Some(below) => node = below,
                None => return matches!(node.content, Content::Unresolved),
            }
        }
        !matches!(&node.content, Content::List(items) if items.is_empty())
    }

    /// The names of the entries of a section, including entries that could not be decoded.
    fn names(&self, section: &str) -> Vec<&str> {
        self.blueprint.names(section).collect()
    }

    fn error(&self, path: &str, code: &'static str, summary: &str, label: &str) -> Diagnostic {
        self.mark(Diagnostic::error(code, summary), path, label)
    }

    fn warning(&self, path: &str, code: &'static str, summary: &str, label: &str) -> Diagnostic {
        self.mark(Diagnostic::warning(code, summary), path, label)
    }

    /// Labels the scalar at a path. Labels the key instead if the value is a list or map, or that of the
    /// nearest ancestor if the document does not contain the path.
    fn mark(&self, diagnostic: Diagnostic, path: &str, label: &str) -> Diagnostic {
        let found = self.document.find(path);
        let position = match (found.value.scalar(), found.key) {
            (None, Some(key)) => key,
            _ => &found.value.position,
        };
        diagnostic.label_at(position, label)
    }

    /// Labels the key at a path.
    fn mark_key(&self, diagnostic: Diagnostic, path: &str, label: &str) -> Diagnostic {
        let found = self.document.find(path);
        diagnostic.label_at(found.key.unwrap_or(&found.value.position), label)
    }

    fn report(&self, diagnostic: Diagnostic) {
        self.decoder.report(diagnostic);
    }

    /// AWS reserves names of load balancers that start with `internal-`.
    fn stack_name(&self) {
        let stack = self.blueprint.stack.as_str();
        let is_internal = stack == "internal" || stack.starts_with("internal-");
        if is_internal && !self.blueprint.load_balancers.is_empty() {
            let summary = "the name of a stack with load balancers cannot start with `internal`";
            let label = "AWS reserves this prefix of load balancer names";
            let report = self.error("stack", code::STACK_INTERNAL, summary, label);
            self.report(report.help("write another name, such as `inner`"));
        }
    }

    fn load_balancer(
        &self,
        name: &str,
        load_balancer: &LoadBalancer,
        routed: Option<&BTreeSet<&str>>,
    ) {
        let path = format!("load_balancers.{name}");
        let this = ("load_balancers", name.to_string());
        let has_certificate = self.is_written(&format!("{path}.certificate"))
            || self.is_written(&format!("{path}.certificates"))
            || self.is_written(&format!("{path}.domain"))
            || self.blueprint.domain.is_some()
                && self.blueprint.domain_candidates().contains(&this);
        let is_public = load_balancer.scheme == Scheme::InternetFacing;
        if is_public && !has_certificate && !self.is_written(&format!("{path}.insecure")) {
            let summary = format!("`{name}` is internet-facing and has no certificate");
            let scheme = format!("{path}.scheme");
            let report = self.error(&scheme, code::PLAIN_HTTP, &summary, "would serve plain HTTP");
            self.report(report.help(
                "add `domain: api.example.com`, for which tenfold requests a certificate, or \
                 `certificate: arn:aws:acm:…`; to serve plain HTTP, add `insecure: true`",
            ));
        }
        if is_public && !has_certificate && self.is_false(&format!("{path}.insecure")) {
            let summary = format!("`{name}` is internet-facing and has no certificate");
            let insecure = format!("{path}.insecure");
            let report =
                self.error(&insecure, code::PLAIN_HTTP, &summary, "does not allow plain HTTP");
            self.report(report.help("add `certificate: arn:aws:acm:…`"));
        }
        if !has_certificate && self.is_true(&format!("{path}.redirect_http")) {
            let summary = "`redirect_http` needs a certificate";
            let redirect = format!("{path}.redirect_http");
            let label = "there is no HTTPS listener to redirect to";
            let report = self.error(&redirect, code::NO_CERTIFICATE, summary, label);
            self.report(report.help("add `domain` or `certificate: arn:aws:acm:…`"));
        }
        self.certificates(&path, load_balancer);
        self.reached(name, &path, load_balancer, routed);
    }

    /// A load balancer can use only certificates of its own region.
    fn certificates(&self, path: &str, load_balancer: &LoadBalancer) {
        let region = self.blueprint.region.as_str();
        let elsewhere = load_balancer.certificates.iter().find_map(|arn| {
            let of = arn.split(':').nth(3).unwrap_or_default();
            (!of.is_empty() && !region.is_empty() && of != region).then_some(of)
        });
        let Some(elsewhere) = elsewhere else { return };
        let one = format!("{path}.certificate");
        let at = if self.is_written(&one) { one } else { format!("{path}.certificates") };
        let summary =
            format!("the load balancer is in {region}, but its certificate is in {elsewhere}");
        let label = format!("a certificate of {elsewhere}");
        let report = self.error(&at, code::CERTIFICATE_ELSEWHERE, &summary, &label);
        self.report(report.help(format!("use a certificate of {region}")));
    }

    fn is_false(&self, path: &str) -> bool {
        self.says(path, "false")
    }

    fn is_true(&self, path: &str) -> bool {
        self.says(path, "true")
    }

    fn says(&self, path: &str, word: &str) -> bool {
        let found = self.document.find(path);
        self.is_written(path)
            && found.value.scalar().is_some_and(|scalar| scalar.text.eq_ignore_ascii_case(word))
    }

    /// Warns of a load balancer without services, or that only the stack's network can reach.
    fn reached(
        &self,
        name: &str,
        path: &str,
        load_balancer: &LoadBalancer,
        routed: Option<&BTreeSet<&str>>,
    ) {
        if routed.is_some_and(|routed| !routed.contains(name)) {
            let summary = format!("no service routes to `{name}`");
            let report = self.warning(
                path,
                code::NOTHING_ROUTED,
                &summary,
                "answers every request with 404",
            );
            self.report(report.help(format!(
                "add `routes: [{{ load_balancer: {name} }}]` to a service, or remove `{name}`"
            )));
        }
        let has_source = ["cdn", "rate_limits"].iter().any(|section| {
            !self.blueprint.leads_to(section, &format!("load_balancers.{name}")).is_empty()
        });
        let is_intended = has_source
            || self.is_written(&format!("{path}.scheme"))
            || self.is_written(&format!("{path}.allow"));
        if load_balancer.scheme == Scheme::Internal && !is_intended {
            let summary = format!("only the stack's network can reach `{name}`");
            let report = self.warning(path, code::NOTHING_REACHES, &summary, "is internal");
            self.report(report.help(
                "add `scheme: internet-facing` to publish it, or `scheme: internal` if this is intended",
            ));
        }
    }

    /// The load balancers that services route to, if all routes could be decoded.
    fn routed(&self) -> Option<BTreeSet<&str>> {
        let mut routed = BTreeSet::new();
        for (name, service) in &self.blueprint.services {
            if !self.is_whole(name, service) {
                return None;
            }
            routed.extend(service.routes.iter().map(|route| route.load_balancer.as_str()));
        }
        Some(routed)
    }

    /// Whether all routes of a service could be decoded.
    fn is_whole(&self, name: &str, service: &Service) -> bool {
        let path = format!("services.{name}.routes");
        let items = self.document.find(&path).value.items();
        !self.is_written(&path) || items.is_some_and(|items| items.len() == service.routes.len())
    }

    fn service(&self, name: &str, service: &Service) {
        let path = format!("services.{name}");
        let has_routes = self.is_written(&format!("{path}.routes"));
        let has_port = self.is_written(&format!("{path}.port"));
        if has_routes && !has_port {
            let summary = format!("`{name}` has `routes`, but no `port`");
            let routes = format!("{path}.routes");
            let label = "needs `port`";
            let report = self.error(&routes, code::ROUTES_WITHOUT_PORT, &summary, label);
            self.report(report.help("add `port: 8080` with the port on which the service listens"));
        }
        if has_port && !has_routes {
            let summary = format!("`{name}` has `port`, but no `routes`");
            let port = format!("{path}.port");
            let label = "receives no requests";
            let report = self.error(&port, code::PORT_WITHOUT_ROUTES, &summary, label);
            let help = match self.blueprint.load_balancers.keys().next() {
                Some(main) => {
                    format!("add `routes: [{{ load_balancer: {main} }}]`, or remove `port`")
                }
                None => "add a load balancer and `routes` to it, or remove `port`".to_string(),
            };
            self.report(report.help(help));
        }
        if service.scale.targets.requests.is_some() && !has_routes {
            let target = format!("{path}.scale.targets.requests");
            let summary = format!("`{name}` scales on requests, but has no `routes`");
            let label = "load balancers count requests";
            let report = self.error(&target, code::REQUESTS_WITHOUT_ROUTES, &summary, label);
            self.report(
                report.help("add `routes` and `port`, or use another target such as `cpu: 55%`"),
            );
        }
    }
}
