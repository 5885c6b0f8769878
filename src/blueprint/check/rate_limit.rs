//! Checks of APIs: their backends exist, and their limits and keys have an effect.

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
            self.limits_are_effective(&path, api);
            let items = self.document.find(&format!("{path}.routes")).value.items();
            let is_whole = items.is_none_or(|items| items.len() == api.routes.len());
            if is_whole {
                self.keys_are_effective(&path, api);
                self.paths_are_unique(&path, api);
            }
            if let Some(balancer) = api.load_balancer() {
                self.backend(&path, api, balancer, is_whole);
            }
        }
    }

    fn tiers_are_known(&self, path: &str, api: &RateLimit) {
        let named = api.keys.iter().map(|(key, tier)| (format!("{path}.keys.{key}"), tier));
        let limited = api.routes.iter().enumerate().flat_map(|(index, route)| {
            let at = move |tier: &String| format!("{path}.routes.{index}.tiers.{tier}");
            route.tiers.keys().map(move |tier| (at(tier), tier))
        });
        let written = format!("{path}.tiers");
        let map = self.document.find(&written).value.map();
        let known: Vec<&str> = match map.filter(|_| self.is_written(&written)) {
            Some(map) => map.keys().map(String::as_str).collect(),
            None => Vec::new(),
        };
        for (at, tier) in named.chain(limited).filter(|(_, tier)| !known.contains(&tier.as_str())) {
            let summary = format!("unknown tier `{tier}`");
            let mut report = self.error(&at, code::UNKNOWN_TIER, &summary, "not in `tiers`");
            report.help = suggest::help(tier, &known)
                .or_else(|| Some(format!("add it: `tiers: {{ {tier}: {{ rate: 10/s }} }}`")));
            self.report(report);
        }
    }

    /// A limit above the limit that contains it has no effect.
    fn limits_are_effective(&self, path: &str, api: &RateLimit) {
        let whole = api.limit.map(|limit| (format!("{path}.rate"), limit));
        for (tier, settings) in &api.tiers {
            self.within(&format!("{path}.tiers.{tier}.rate"), settings.limit, whole.as_ref());
        }
        for (index, route) in api.routes.iter().enumerate() {
            let at = format!("{path}.routes.{index}");
            self.within(&format!("{at}.rate"), route.limit, whole.as_ref());
            for (tier, limit) in &route.tiers {
                let around = api.tiers.get(tier).and_then(|tier| tier.limit);
                let around = around.map(|limit| (format!("{path}.tiers.{tier}.rate"), limit));
                let around = around.or_else(|| whole.clone());
                self.within(&format!("{at}.tiers.{tier}"), Some(*limit), around.as_ref());
            }
        }
    }

    fn within(&self, at: &str, limit: Option<Limit>, around: Option<&(String, Limit)>) {
        let (Some(limit), Some((other, around))) = (limit, around) else { return };
        if limit.rate <= around.rate {
            return;
        }
        let (own, outer) = (limit.rate, around.rate);
        let summary = format!("a limit of {own}/s within a limit of {outer}/s has no effect");
        let report = self.error(at, code::LIMIT_ABOVE, &summary, "has no effect");
        let report = self.mark(report, other, "the lower limit");
        self.report(report.help(format!("write {outer}/s or less, or raise the other limit")));
    }

    /// API keys belong to tiers, so that a route with a key needs tiers and a tier needs a key.
    fn keys_are_effective(&self, path: &str, api: &RateLimit) {
        let keyed = api.routes.iter().position(|route| route.key);
        if let (Some(index), true) = (keyed, api.tiers.is_empty() && api.backend.is_some()) {
            let at = format!("{path}.routes.{index}.key");
            let label = "would refuse every request";
            let summary = "the route requires a key, but there are no tiers";
            let report = self.error(&at, code::KEYS_WITHOUT_EFFECT, summary, label);
            self.report(
                report.help("add `tiers: { standard: { rate: 50/s } }`, or set `key: false`"),
            );
        }
        let limited = api.routes.iter().position(|route| !route.key && !route.tiers.is_empty());
        if let Some(index) = limited {
            let at = format!("{path}.routes.{index}.tiers");
            let summary = "the route has limits of tiers, but requires no key";
            let report = self.error(&at, code::KEYS_WITHOUT_EFFECT, summary, "has no effect");
            self.report(report.help("add `rate` to limit all clients, or remove `key: false`"));
        }
    }

    fn paths_are_unique(&self, path: &str, api: &RateLimit) {
        let mut seen: Vec<(usize, &ApiRoute, &str)> = Vec::new();
        for (index, route) in api.routes.iter().enumerate() {
            for pattern in &route.paths {
                let twin = seen.iter().find(|(_, other, earlier)| {
                    pattern == earlier && have_common(&route.methods, &other.methods)
                });
                if let Some((first, ..)) = twin {
                    let summary = format!("`{pattern}` is routed twice");
                    let at = |index: usize| format!("{path}.routes.{index}");
                    let report =
                        self.error(&at(index), code::API_PATH_TWICE, &summary, "second route");
                    let report = self.mark(report, &at(*first), "first route");
                    self.report(report.help("distinguish the routes by `methods`, or remove one"));
                }
                seen.push((index, route, pattern));
            }
        }
    }

    /// Checks the load balancer that is the backend of an API.
    fn backend(&self, path: &str, api: &RateLimit, balancer: &str, is_whole: bool) {
        let to = format!("{path}.to");
        let known = self.names("load_balancers");
        if !known.contains(&balancer) {
            let summary = format!("unknown load balancer `{balancer}`");
            let label = "not in `load_balancers`";
            let mut report = self.error(&to, code::API_WITHOUT_BACKEND, &summary, label);
            report.help = suggest::help(balancer, &known)
                .or_else(|| Some(format!("add it: `load_balancers: {{ {balancer}: {{}} }}`")));
            return self.report(report);
        }
        let Some(settings) = self.blueprint.load_balancers.get(balancer) else { return };
        if settings.is_tls() && settings.domain.is_none() {
            let summary =
                format!("the API cannot connect to `{balancer}`: its domain is not known");
            let label = "needs the domain of the certificate";
            let report = self.error(&to, code::BACKEND_NAME, &summary, label);
            let help = format!(
                "add `domain: …` to `load_balancers.{balancer}` with a domain that its certificate covers"
            );
            self.report(report.help(help));
        }
        self.no_hosts(&to, balancer);
        if is_whole {
            self.served(path, api, balancer);
        }
    }

    /// The API sends requests with the host of the load balancer, not with that of the client.
    fn no_hosts(&self, to: &str, balancer: &str) {
        for (service, settings) in &self.blueprint.services {
            for (index, route) in settings.routes.iter().enumerate() {
                if route.load_balancer != balancer || route.hosts.is_empty() {
                    continue;
                }
                let at = format!("services.{service}.routes.{index}.hosts");
                let summary = format!("requests of the API have the host of `{balancer}`");
                let report = self.error(&at, code::HOSTS_BEHIND_API, &summary, "never match");
                let report = self.mark(report, to, "behind this API");
                self.report(report.help("distinguish services by `paths` or `headers`"));
            }
        }
    }

    /// Reports a path of the API that no service behind the load balancer serves.
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
            let unserved =
                route.paths.iter().find(|path| !served.iter().any(|of| overlap(of, path)));
            let Some(pattern) = unserved.filter(|_| !served.is_empty()) else { continue };
            let summary = format!("no service of `load_balancers.{balancer}` serves `{pattern}`");
            let at = format!("{path}.routes.{index}");
            let report =
                self.error(&at, code::PATH_NOT_SERVED, &summary, "would be answered with 404");
            let all = suggest::list(&served);
            self.report(report.help(format!("use a path that services serve: {all}")));
        }
    }
}

/// Whether two lists of methods are both empty or have a method in common.
fn have_common(a: &[String], b: &[String]) -> bool {
    a.is_empty() == b.is_empty() && (a.is_empty() || a.iter().any(|method| b.contains(method)))
}

/// Whether a request can match the path of a load balancer and that of an API. Of the load balancer's
/// path, only the part before its first wildcard is compared.
fn overlap(of_balancer: &str, of_api: &str) -> bool {
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
    use super::overlap;

    #[test]
    fn finds_overlapping_paths() {
        for (balancer, api) in
            [("/v1/*", "/v1/*"), ("/*", "/v1/a"), ("/v1/a", "/v1/*"), ("/v1/*/x", "/v1/a/*")]
        {
            assert!(overlap(balancer, api), "{balancer} {api}");
        }
        for (balancer, api) in [("/v1/*", "/v2/*"), ("/v1/*", "/v1"), ("/v1", "/v1/*")] {
            assert!(!overlap(balancer, api), "{balancer} {api}");
        }
    }
}
