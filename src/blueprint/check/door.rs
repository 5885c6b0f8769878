//! Checks of doors: who takes the domain, and what a firewall guards.

use super::super::{Blueprint, code};
use super::Check;

impl Check<'_> {
    pub fn doors(&self) {
        self.domain();
        self.firewalls();
    }

    fn domain(&self) {
        if self.blueprint.domain.is_none() {
            return;
        }
        let takers = self.blueprint.takers();
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
        let all: Vec<&String> = self
            .blueprint
            .rate_limits
            .iter()
            .filter(|(_, entry)| entry.firewall.is_some())
            .map(|(name, _)| name)
            .collect();
        let outside = !self.blueprint.doors("cdn").is_empty();
        let apis = self.blueprint.doors("rate_limits");
        let alone = |name: &&&String| !self.blueprint.is_api(name);
        let path = |name: &str| format!("rate_limits.{name}.firewall");
        for name in &all {
            if self.guards_nothing(name) {
                let summary = "this firewall guards nothing";
                let report = self.error(&path(name), code::FIREWALL_ALONE, summary, "no door");
                self.report(report.help(
                    "add a `cdn`, write `to: load_balancers.…` beside it, or make a load balancer internet-facing",
                ));
            }
        }
        if let (false, Some(name), Some(api)) = (outside, all.iter().find(alone), apis.first()) {
            let summary = "this firewall stands behind the API";
            let report = self.error(
                &path(name),
                code::FIREWALL_INSIDE,
                summary,
                "not at the outermost door",
            );
            self.report(report.help(format!("move it to `rate_limits.{api}.firewall`")));
            return;
        }
        let several =
            if outside { all.clone() } else { all.iter().copied().filter(|n| alone(&n)).collect() };
        if let [first, second, ..] = several.as_slice() {
            let summary = "two firewalls for one door";
            let report = self.error(&path(second), code::TWO_FIREWALLS, summary, "this one too");
            let report = self.mark_key(report, &path(first), "the outermost door has this one");
            self.report(report.help("put their rules into one"));
        }
    }

    fn guards_nothing(&self, name: &str) -> bool {
        let doors = |section: &&&str| !self.blueprint.doors(section).is_empty();
        !self.blueprint.is_api(name) && Blueprint::DOORS.iter().find(|s| doors(&s)).is_none()
    }
}
