//! Checks of APIs: they lead somewhere, and their limits can hold.

use super::super::rate_limit::RateLimit;
use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::rate_limit::api_route::{ApiRoute, covers};
use crate::blueprint::rate_limit::tier::Limit;
use crate::suggest;

impl Check<'_> {
    pub fn rate_limits(&self) {
        for (name, api) in &self.blueprint.rate_limits {
            let path = format!("rate_limits.{name}");
            self.tiers_are_known(&path, api);
            self.limits_hold(&path, api);
            let items = self.document.find(&format!("{path}.routes")).value.items();
            let is_whole = items.is_none_or(|items| items.len() == api.routes.len());
            if is_whole {
                self.keys_are_of_use(&path, api);
                self.no_path_twice(&path, api);
            }
            if let Some(balancer) = api.load_balancer() {
                self.behind(&path, api, balancer, is_whole);
            }
        }
    }

    fn tiers_are_known(&self, path: &str, api: &RateLimit) {
        let named = api.keys.iter().map(|(key, tier)| (format!("{path}.keys.{key}"), tier));
        let limited = api.routes.iter().enumerate().flat_map(|(index, route)| {
            let place = move |tier: &String| format!("{path}.routes.{index}.tiers.{tier}");
            route.tiers.keys().map(move |tier| (place(tier), tier))
        });
        let written = format!("{path}.tiers");
        let map = self.document.find(&written).value.map();
        let known: Vec<&str> = match map.filter(|_| self.is_written(&written)) {
            Some(map) => map.keys().map(String::as_str).collect(),
            None => Vec::new(),
        };
        for (place, tier) in
            named.chain(limited).filter(|(_, tier)| !known.contains(&tier.as_str()))
        {
            let summary = format!("no tier `{tier}`");
            let mut report = self.error(&place, code::UNKNOWN_TIER, &summary, "not in `tiers`");
            report.help = suggest::help(tier, &known)
                .or_else(|| Some(format!("add it: `tiers: {{ {tier}: {{ rate: 10/s }} }}`")));
            self.report(report);
        }
    }

    /// A limit above the one around it never shows.
    fn limits_hold(&self, path: &str, api: &RateLimit) {
        let whole = api.limit.map(|limit| (format!("{path}.rate"), limit));
        for (tier, wanted) in &api.tiers {
            self.within(&format!("{path}.tiers.{tier}.rate"), wanted.limit, whole.as_ref());
        }
        for (index, route) in api.routes.iter().enumerate() {
            let place = format!("{path}.routes.{index}");
            self.within(&format!("{place}.rate"), route.limit, whole.as_ref());
            for (tier, limit) in &route.tiers {
                let around = api.tiers.get(tier).and_then(|tier| tier.limit);
                let around = around.map(|limit| (format!("{path}.tiers.{tier}.rate"), limit));
                let around = around.or_else(|| whole.clone());
                self.within(&format!("{place}.tiers.{tier}"), Some(*limit), around.as_ref());
            }
        }
    }

    fn within(&self, place: &str, limit: Option<Limit>, around: Option<&(String, Limit)>) {
        let (Some(limit), Some((other, around))) = (limit, around) else { return };
        if limit.rate <= around.rate {
            return;
        }
        let (own, outer) = (limit.rate, around.rate);
        let summary = format!("{own}/s within {outer}/s never limits anybody");
        let report = self.error(place, code::LIMIT_ABOVE, &summary, "more than");
        let report = self.mark(report, other, "this");
        self.report(report.help(format!("write {outer}/s or less, or raise the other")));
    }

    /// A key without a tier opens nothing.
    fn keys_are_of_use(&self, path: &str, api: &RateLimit) {
        let keyed = api.routes.iter().position(|route| route.key);
        if let (Some(index), true) = (keyed, api.tiers.is_empty() && api.backend.is_some()) {
            let place = format!("{path}.routes.{index}.key");
            let label = "nobody could pass";
            let summary = "a key is asked for, but no tier accepts one";
            let report = self.error(&place, code::KEYS_OPEN_NOTHING, summary, label);
            self.report(
                report.help("write `tiers: { standard: { rate: 50/s } }`, or `key: false`"),
            );
        }
        let limited = api.routes.iter().position(|route| !route.key && !route.tiers.is_empty());
        if let Some(index) = limited {
            let place = format!("{path}.routes.{index}.tiers");
            let summary = "who shows no key is of no tier";
            let report = self.error(&place, code::KEYS_OPEN_NOTHING, summary, "never counted");
            self.report(report.help("write `rate` to limit everybody, or leave `key: false` out"));
        }
    }

    fn no_path_twice(&self, path: &str, api: &RateLimit) {
        let mut seen: Vec<(usize, &ApiRoute, &str)> = Vec::new();
        for (index, route) in api.routes.iter().enumerate() {
            for pattern in &route.paths {
                let twin = seen.iter().find(|(_, other, earlier)| {
                    pattern == earlier && meet(&route.methods, &other.methods)
                });
                if let Some((first, ..)) = twin {
                    let summary = format!("`{pattern}` is routed twice");
                    let place = |index: usize| format!("{path}.routes.{index}");
                    let report =
                        self.error(&place(index), code::API_PATH_TWICE, &summary, "again here");
                    let report = self.mark(report, &place(*first), "first here");
                    self.report(report.help("distinguish them by `methods`, or remove one"));
                }
                seen.push((index, route, pattern));
            }
        }
    }

    /// What the load balancer behind it must be like.
    fn behind(&self, path: &str, api: &RateLimit, balancer: &str, is_whole: bool) {
        let to = format!("{path}.to");
        let known = self.names("load_balancers");
        if !known.contains(&balancer) {
            let summary = format!("no load balancer `{balancer}`");
            let label = "not in `load_balancers`";
            let mut report = self.error(&to, code::API_LEADS_NOWHERE, &summary, label);
            report.help = suggest::help(balancer, &known)
                .or_else(|| Some(format!("add it: `load_balancers: {{ {balancer}: {{}} }}`")));
            return self.report(report);
        }
        let Some(wanted) = self.blueprint.load_balancers.get(balancer) else { return };
        if wanted.is_tls() && wanted.domain.is_none() {
            let summary =
                format!("the name that the certificate of `{balancer}` is for is not known");
            let report = self.error(&to, code::BACKEND_NAME, &summary, "asks for that name");
            let help = format!(
                "write `domain: …` in `load_balancers.{balancer}`, as its certificate has it"
            );
            self.report(report.help(help));
        }
        self.no_hosts(&to, balancer);
        if is_whole {
            self.served(path, api, balancer);
        }
    }

    /// The API asks by the balancer's own name, whatever name the client used.
    fn no_hosts(&self, to: &str, balancer: &str) {
        for (service, wanted) in &self.blueprint.services {
            for (index, route) in wanted.routes.iter().enumerate() {
                if route.load_balancer != balancer || route.hosts.is_empty() {
                    continue;
                }
                let place = format!("services.{service}.routes.{index}.hosts");
                let summary = format!("requests reach `{balancer}` by its own name");
                let report = self.error(&place, code::HOSTS_BEHIND_API, &summary, "never match");
                let report = self.mark(report, to, "since this API stands before it");
                self.report(report.help("distinguish services by `paths` or `headers`"));
            }
        }
    }

    /// Whether each path that the API sends is some service's.
    fn served(&self, path: &str, api: &RateLimit, balancer: &str) {
        if !self.blueprint.services.iter().all(|(name, service)| self.is_whole(name, service)) {
            return;
        }
        let routes = self.blueprint.services.values().flat_map(|service| &service.routes);
        let served: Vec<&str> = routes
            .filter(|route| route.load_balancer == balancer)
            .flat_map(|route| &route.paths)
            .map(String::as_str)
            .collect();
        for (index, route) in api.routes.iter().enumerate() {
            let unserved = route.paths.iter().find(|path| !served.iter().any(|of| reach(of, path)));
            let Some(pattern) = unserved.filter(|_| !served.is_empty()) else { continue };
            let summary = format!("no service behind `{balancer}` answers `{pattern}`");
            let place = format!("{path}.routes.{index}");
            let report = self.error(&place, code::PATH_NOT_SERVED, &summary, "would get 404");
            let all = suggest::list(&served);
            self.report(report.help(format!("services answer {all}: route one of those")));
        }
    }
}

/// Whether some request meets both.
fn meet(one: &[String], other: &[String]) -> bool {
    one.is_empty() == other.is_empty() && (one.is_empty() || one.iter().any(|m| other.contains(m)))
}

/// Whether a balancer's pattern and an API's have a request in common. What the balancer matches
/// in the middle of a path is not looked at closely.
fn reach(of_balancer: &str, of_api: &str) -> bool {
    let fixed = &of_balancer[..of_balancer.find(['*', '?']).unwrap_or(of_balancer.len())];
    let open = fixed.len() < of_balancer.len();
    match of_api.strip_suffix('*') {
        Some(prefix) if open => prefix.starts_with(fixed) || fixed.starts_with(prefix),
        Some(_) => covers(of_api, fixed),
        None if open => of_api.starts_with(fixed),
        None => of_api == fixed,
    }
}

#[cfg(test)]
mod tests {
    use super::reach;

    #[test]
    fn patterns_reach_each_other_where_they_overlap() {
        for (balancer, api) in
            [("/v1/*", "/v1/*"), ("/*", "/v1/a"), ("/v1/a", "/v1/*"), ("/v1/*/x", "/v1/a/*")]
        {
            assert!(reach(balancer, api), "{balancer} {api}");
        }
        for (balancer, api) in [("/v1/*", "/v2/*"), ("/v1/*", "/v1"), ("/v1", "/v1/*")] {
            assert!(!reach(balancer, api), "{balancer} {api}");
        }
    }
}
