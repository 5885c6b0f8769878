//! Checks of load balancers that a CDN reaches by the internet: only what it sends gets in.

use super::super::load_balancer::LoadBalancer;
use super::Check;
use crate::blueprint::language::code;
use crate::names::ORIGIN_HEADER;

/// Rules that a security group takes, and for how many of them the list of the addresses that
/// CloudFront comes from counts,
/// <https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html>.
const MOST_RULES: usize = 60;
const EDGE_LIST: usize = 55;

impl Check<'_> {
    pub fn public_origins(&self) {
        for (name, balancer) in &self.blueprint.load_balancers {
            let cdns = self.blueprint.public_cdns(name);
            let Some(cdn) = cdns.first() else { continue };
            self.named(name, balancer, cdn);
            self.few_sources(name, balancer);
            self.nobody_else(name, cdn);
            self.header_is_free(name, cdn);
        }
    }

    /// CloudFront speaks TLS to a name that the certificate covers, and that of AWS's own is not.
    fn named(&self, name: &str, balancer: &LoadBalancer, cdn: &str) {
        let path = format!("load_balancers.{name}");
        if !balancer.is_tls() || self.is_written(&format!("{path}.domain")) {
            return;
        }
        let one = format!("{path}.certificate");
        let place = if self.is_written(&one) { one } else { format!("{path}.certificates") };
        let summary = format!("`{name}` has no name by which a CDN could call it");
        let label = "covers which name?";
        let report = self.error(&place, code::NAMELESS_ORIGIN, &summary, label);
        let report = self.mark_key(report, &format!("cdn.{cdn}"), "comes to it by the internet");
        self.report(report.help(format!(
            "write `domain: origin.example.com` in `{path}`, a name that the certificate covers"
        )));
    }

    fn few_sources(&self, name: &str, balancer: &LoadBalancer) {
        let sources = balancer.allow.as_ref().map(Vec::len).unwrap_or_default();
        let ports = if balancer.is_tls() && balancer.redirect_http { 2 } else { 1 };
        if sources * ports + EDGE_LIST <= MOST_RULES {
            return;
        }
        let most = (MOST_RULES - EDGE_LIST) / ports;
        let summary = "more than a security group takes beside CloudFront's addresses";
        let allow = format!("load_balancers.{name}.allow");
        let label = format!("at most {most} here");
        let report = self.error(&allow, code::MANY_SOURCES, summary, &label);
        self.report(report.help(format!(
            "these addresses count for {EDGE_LIST} of a group's {MOST_RULES} rules: join blocks, or let the others \
             in by a group of your own, `security_groups: [sg-0a1b2c3d]`"
        )));
    }

    /// An API does not know the secret.
    fn nobody_else(&self, name: &str, cdn: &str) {
        let target = format!("load_balancers.{name}");
        for api in self.blueprint.leads_to("rate_limits", &target) {
            let summary = format!("`{name}` answers what comes from `cdn.{cdn}`, and nothing else");
            let to = format!("rate_limits.{api}.to");
            let report = self.error(&to, code::SHARED_ORIGIN, &summary, "an API before it");
            let report = self.mark(report, &format!("{target}.scheme"), "because of this");
            self.report(
                report.help(format!(
                    "remove `scheme` of `{target}`: CDNs and APIs reach internal ones"
                )),
            );
        }
    }

    fn header_is_free(&self, balancer: &str, cdn: &str) {
        for (name, service) in &self.blueprint.services {
            if !self.is_whole(name, service) {
                continue;
            }
            for (index, route) in service.routes.iter().enumerate() {
                let is_it = |header: &&String| header.eq_ignore_ascii_case(ORIGIN_HEADER);
                let Some(header) = route.headers.keys().find(is_it) else { continue };
                if route.load_balancer != balancer {
                    continue;
                }
                let summary = format!("`cdn.{cdn}` proves itself by the header `{header}`");
                let place = format!("services.{name}.routes.{index}.headers");
                let label = "and has a value of its own";
                let report = self.error(&place, code::SECRET_HEADER, &summary, label);
                self.report(
                    report.help("remove it: requests without the CDN's secret are refused"),
                );
            }
        }
    }
}
