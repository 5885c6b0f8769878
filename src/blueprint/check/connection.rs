//! Checks of connections of services: the components exist, and no environment variable is set twice.

use std::collections::BTreeMap;

use super::super::service::Service;
use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::service::connection::Target;
use crate::suggest;

impl Check<'_> {
    pub fn uses(&self, name: &str, service: &Service) {
        let path = format!("services.{name}.uses");
        let items = self.document.find(&path).value.items();
        // Items that could not be decoded are missing, so that the indices would be wrong.
        let is_whole = items.is_some_and(|items| items.len() == service.uses.len());
        for (index, used) in service.uses.iter().enumerate().filter(|_| is_whole) {
            let at = format!("{path}.{index}");
            self.exists(&at, &used.to);
            let first = service.uses.iter().position(|other| other.to == used.to);
            if let Some(first) = first.filter(|first| *first < index) {
                let summary = format!("`{}` is listed twice", used.to);
                let report = self.error(&at, code::USED_TWICE, &summary, "duplicate");
                let report = self.mark(report, &format!("{path}.{first}"), "first listed here");
                self.report(report.help("remove one of the two"));
            }
        }
        self.secrets(name, service);
        self.variables(name, service);
    }

    fn exists(&self, at: &str, target: &Target) {
        let section = target.section.name();
        let known = self.names(section);
        if known.contains(&target.name.as_str()) {
            return;
        }
        let summary = format!("unknown component `{target}`");
        let label = format!("not in `{section}`");
        let mut report = self.error(at, code::UNKNOWN_USE, &summary, &label);
        let known: Vec<String> = known.iter().map(|name| format!("{section}.{name}")).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        report.help = suggest::help(&target.to_string(), &known)
            .or_else(|| Some(format!("add it: `{section}: {{ {}: … }}`", target.name)));
        self.report(report);
    }

    /// The secrets that a service reads exist.
    fn secrets(&self, name: &str, service: &Service) {
        let known = self.names("secrets");
        for (variable, secret) in &service.secrets {
            if known.contains(&secret.as_str()) {
                continue;
            }
            let at = format!("services.{name}.secrets.{variable}");
            let summary = format!("unknown secret `{secret}`");
            let mut report = self.error(&at, code::UNKNOWN_SECRET, &summary, "not in `secrets`");
            report.help = suggest::help(secret, &known)
                .or_else(|| Some(format!("add it: `secrets: {{ {secret}: {{ generate: 48 }} }}`")));
            self.report(report);
        }
    }

    /// A variable comes from `environment`, from `secrets` or from a connection, but only from one.
    fn variables(&self, name: &str, service: &Service) {
        let path = format!("services.{name}");
        let used = service.uses.iter().map(|used| ("uses", used.to.clone()));
        let consumed = service.consumes.keys().map(|queue| ("consumes", Target::queue(queue)));
        let mut from_connections = BTreeMap::new();
        for (key, target) in used.chain(consumed) {
            from_connections
                .extend(target.variables().map(|variable| (variable, format!("{path}.{key}"))));
        }
        let own = service.environment.keys().map(|variable| ("environment", variable));
        let own = own.chain(service.secrets.keys().map(|variable| ("secrets", variable)));
        for (key, variable) in own {
            let at = format!("{path}.{key}.{variable}");
            let other = match from_connections.get(variable) {
                Some(other) => other.clone(),
                None if key == "secrets" && service.environment.contains_key(variable) => {
                    format!("{path}.environment.{variable}")
                }
                None => continue,
            };
            let summary = format!("`{variable}` is set twice");
            let report = self.error(&at, code::VARIABLE_TWICE, &summary, "set here");
            let report = self.mark(report, &other, "also set here");
            self.report(report.help(format!("rename `{variable}` in `{key}`")));
        }
    }
}
