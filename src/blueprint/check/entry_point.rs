//! Checks of doors: who takes the domain, and what a firewall guards.

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
        let takers = self.blueprint.domain_candidates();
        match takers.as_slice() {
            [_] => {}
            [] => {
                let summary = "nothing answers at this domain";
                let label = "no door takes it";
                let report = self.warning("domain", code::NO_DOOR, summary, label);
                self.report(report.help(
                    "add a `cdn`, an API in `rate_limits`, or write `scheme: internet-facing` in a load \
                     balancer; else remove it",
                ));
            }
            [(section, first), ..] => {
                let summary = "more than one door could take this domain";
                let mut report = self.error("domain", code::TWO_DOORS, summary, "whose is it?");
                for (section, name) in &takers {
                    report = self.mark_key(report, &format!("{section}.{name}"), "here");
                }
                self.report(report.help(format!(
                    "write `domain` in one of them instead, such as `{section}: {{ {first}: {{ domain: … }} }}`"
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
            None => alone.iter().for_each(|name| self.guards_nothing(name)),
            Some("cdn") => self.one_firewall(&all),
            Some("rate_limits") => alone.iter().for_each(|name| self.stands_inside(name)),
            Some(_) => self.one_firewall(&alone),
        }
    }

    fn guards_nothing(&self, name: &str) {
        let summary = "this firewall guards nothing";
        let report = self.error(&firewall(name), code::FIREWALL_ALONE, summary, "there is no door");
        self.report(report.help(
            "add a `cdn`, write `to: load_balancers.…` beside it for an API, or write \
             `scheme: internet-facing` in a load balancer",
        ));
    }

    fn stands_inside(&self, name: &str) {
        let Some(api) = self.blueprint.entry_points("rate_limits").into_iter().next() else {
            return;
        };
        let summary = "this firewall is not at the outermost door";
        let label = "behind the API";
        let report = self.error(&firewall(name), code::FIREWALL_INSIDE, summary, label);
        self.report(report.help(format!("move it to `rate_limits.{api}.firewall`")));
    }

    fn one_firewall(&self, names: &[&str]) {
        let [first, second, ..] = names else { return };
        let summary = "two firewalls for the outermost door";
        let label = "it has one already";
        let report = self.error(&firewall(second), code::TWO_FIREWALLS, summary, label);
        let report = self.mark_key(report, &firewall(first), "this one");
        self.report(report.help("put the rules of both into one"));
    }
}

fn firewall(name: &str) -> String {
    format!("rate_limits.{name}.firewall")
}
