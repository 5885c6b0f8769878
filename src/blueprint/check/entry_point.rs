//! Checks of entry points: which of them has the domain, and which of them a firewall protects.

use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::stack::Blueprint;

impl Check<'_> {
    pub fn entry_points(&self) {
        self.domain();
        self.firewalls();
    }

    fn domain(&self) {
        if self.blueprint.domain.is_none() {
            return;
        }
        let candidates = self.blueprint.domain_candidates();
        match candidates.as_slice() {
            [_] => {}
            [] => {
                let summary = "no entry point uses this domain";
                let label = "not used";
                let report = self.warning("domain", code::NO_ENTRY_POINT, summary, label);
                self.report(report.help(
                    "add a `cdn` or an API in `rate_limits`, set `scheme: internet-facing` of a load balancer, \
                     or remove `domain`",
                ));
            }
            [(section, first), ..] => {
                let summary = "more than one entry point could use this domain";
                let mut report = self.error("domain", code::TWO_ENTRY_POINTS, summary, "ambiguous");
                for (section, name) in &candidates {
                    report = self.mark_key(report, &format!("{section}.{name}"), "could use it");
                }
                self.report(report.help(format!(
                    "move `domain` to one of them: `{section}: {{ {first}: {{ domain: … }} }}`"
                )));
            }
        }
    }

    fn firewalls(&self) {
        let all = self.blueprint.rate_limits.iter();
        let all = all.filter(|(_, entry)| entry.firewall.is_some()).map(|(name, _)| name.as_str());
        let all: Vec<&str> = all.collect();
        let alone: Vec<&str> =
            all.iter().copied().filter(|name| !self.blueprint.is_api(name)).collect();
        let outermost = Blueprint::ENTRY_POINTS
            .iter()
            .find(|section| !self.blueprint.entry_points(section).is_empty());
        match outermost.copied() {
            None => alone.iter().for_each(|name| self.protects_nothing(name)),
            Some("cdn") => self.one_firewall(&all),
            Some("rate_limits") => alone.iter().for_each(|name| self.is_not_outermost(name)),
            Some(_) => self.one_firewall(&alone),
        }
    }

    fn protects_nothing(&self, name: &str) {
        let summary = "this firewall protects nothing";
        let label = "the stack has no entry point";
        let report = self.error(&firewall(name), code::FIREWALL_ALONE, summary, label);
        self.report(report.help(
            "add a `cdn`, add `to: load_balancers.…` next to `firewall` to create an API, or set \
             `scheme: internet-facing` of a load balancer",
        ));
    }

    fn is_not_outermost(&self, name: &str) {
        let Some(api) = self.blueprint.entry_points("rate_limits").into_iter().next() else {
            return;
        };
        let summary = "this firewall is not at the outermost entry point";
        let label = "behind an API";
        let report = self.error(&firewall(name), code::FIREWALL_INSIDE, summary, label);
        self.report(report.help(format!("move it to `rate_limits.{api}.firewall`")));
    }

    fn one_firewall(&self, names: &[&str]) {
        let [first, second, ..] = names else { return };
        let summary = "the outermost entry point has two firewalls";
        let label = "second firewall";
        let report = self.error(&firewall(second), code::TWO_FIREWALLS, summary, label);
        let report = self.mark_key(report, &firewall(first), "first firewall");
        self.report(report.help("merge the rules into one firewall"));
    }
}

fn firewall(name: &str) -> String {
    format!("rate_limits.{name}.firewall")
}
