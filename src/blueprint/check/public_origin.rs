//! Checks of load balancers that a CDN reaches over the internet. They admit only requests of the CDN.

use super::super::load_balancer::LoadBalancer;
use super::Check;
use crate::blueprint::language::code;
use crate::names::ORIGIN_HEADER;

/// The limit of rules per security group, and the number of rules for which the prefix list of
/// CloudFront's addresses counts,
/// <https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html>.
const MAX_RULES: usize = 60;
const CLOUDFRONT_RULES: usize = 55;

impl Check<'_> {
    pub fn public_origins(&self) {
        for (name, balancer) in &self.blueprint.load_balancers {
            let cdns = self.blueprint.public_cdns(name);
            let Some(cdn) = cdns.first() else { continue };
            self.has_domain(name, balancer, cdn);
            self.few_sources(name, balancer);
            self.is_not_behind_an_api(name, cdn);
            self.header_is_free(name, cdn);
        }
    }

    /// CloudFront connects with TLS to a domain that the certificate covers. It does not cover the load
    /// balancer's AWS domain.
    fn has_domain(&self, name: &str, balancer: &LoadBalancer, cdn: &str) {
        let path = format!("load_balancers.{name}");
        if !balancer.is_tls() || self.is_written(&format!("{path}.domain")) {
            return;
        }
        let one = format!("{path}.certificate");
        let at = if self.is_written(&one) { one } else { format!("{path}.certificates") };
        let summary = format!("CDN `{cdn}` cannot connect to `{name}`: its domain is not known");
        let label = "for which domain?";
        let report = self.error(&at, code::ORIGIN_WITHOUT_DOMAIN, &summary, label);
        let report = self.mark_key(report, &format!("cdn.{cdn}"), "connects over the internet");
        self.report(report.help(format!(
            "add `domain: origin.example.com` to `{path}` with a domain that the certificate covers"
        )));
    }

    fn few_sources(&self, name: &str, balancer: &LoadBalancer) {
        let sources = balancer.allow.as_ref().map(Vec::len).unwrap_or_default();
        let ports = if balancer.is_tls() && balancer.redirect_http { 2 } else { 1 };
        if sources * ports + CLOUDFRONT_RULES <= MAX_RULES {
            return;
        }
        let max = (MAX_RULES - CLOUDFRONT_RULES) / ports;
        let summary = format!(
            "`{name}` needs more rules than a security group can contain with CloudFront's addresses"
        );
        let allow = format!("load_balancers.{name}.allow");
        let label = format!("at most {max} sources");
        let report = self.error(&allow, code::MANY_SOURCES, &summary, &label);
        self.report(report.help(format!(
            "CloudFront's addresses use {CLOUDFRONT_RULES} of the {MAX_RULES} rules: merge blocks, or allow the other sources \
             in a security group of your own: `security_groups: [sg-0a1b2c3d]`"
        )));
    }

    /// An API cannot send the origin secret.
    fn is_not_behind_an_api(&self, name: &str, cdn: &str) {
        let target = format!("load_balancers.{name}");
        for api in self.blueprint.leads_to("rate_limits", &target) {
            let summary = format!("`{target}` admits only requests of `cdn.{cdn}`");
            let to = format!("rate_limits.{api}.to");
            let report = self.error(
                &to,
                code::SHARED_ORIGIN,
                &summary,
                "requests of this API would be refused",
            );
            let report = self.mark(
                report,
                &format!("{target}.scheme"),
                "reached by the CDN over the internet",
            );
            self.report(report.help(format!(
                "remove `scheme` of `{target}`: CDNs and APIs can reach internal load balancers"
            )));
        }
    }

    fn header_is_free(&self, balancer: &str, cdn: &str) {
        for (name, service) in &self.blueprint.services {
            if !self.is_whole(name, service) {
                continue;
            }
            for (index, route) in service.routes.iter().enumerate() {
                let is_reserved = |header: &&String| header.eq_ignore_ascii_case(ORIGIN_HEADER);
                let Some(header) = route.headers.keys().find(is_reserved) else { continue };
                if route.load_balancer != balancer {
                    continue;
                }
                let summary =
                    format!("header `{header}` is reserved for the origin secret of `cdn.{cdn}`");
                let at = format!("services.{name}.routes.{index}.headers");
                let label = "overrides the origin secret";
                let report = self.error(&at, code::SECRET_HEADER, &summary, label);
                self.report(
                    report.help("remove the header: the load balancer refuses requests without the origin secret"),
                );
            }
        }
    }
}
