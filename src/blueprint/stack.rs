//! The top level of a blueprint: the stack, its account and region, and its sections.

use serde::Serialize;
use std::collections::BTreeMap;

use super::bucket::{self, Bucket};
use super::cache::{self, Cache};
use super::cdn::{self, Cdn};
use super::database::{self, Database};
use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::{is_account_id, is_region, is_stack_name, to_kebab_case};
use super::language::node::{LabelPosition, Node};
use super::load_balancer::{self, LoadBalancer, domain};
use super::monitoring::alarms::Alarms;
use super::monitoring::{self, Monitoring};
use super::network::{self, Network};
use super::options::{Options, argument};
use super::overrides::{self, Specs};
use super::preset::Preset;
use super::queue::{self, Queue};
use super::rate_limit::{self, RateLimit};
use super::secret::{self, Secret};
use super::service::{self, Service};
use super::tags;
use super::workload::{self, Workload};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// The stack that the user wants, with every default that follows from the blueprint filled in.
#[derive(Debug, Clone, Serialize)]
pub struct Blueprint {
    /// `^[a-z](?:-?[a-z0-9]){1,19}$`
    pub stack: String,
    /// An AWS region such as `us-east-1`.
    pub region: String,
    /// The 12-digit ID of the only account that tenfold may change; none: any account.
    pub account: Option<String>,
    /// Default: prod.
    pub preset: Preset,
    /// The domain of the outermost entry point.
    pub domain: Option<String>,
    /// Tags of every resource, in addition to those of tenfold.
    pub tags: BTreeMap<String, String>,
    /// The expected load, for estimates.
    pub workload: Option<Workload>,
    /// None: no component needs a network.
    pub network: Option<Network>,
    pub cdn: BTreeMap<String, Cdn>,
    pub buckets: BTreeMap<String, Bucket>,
    pub load_balancers: BTreeMap<String, LoadBalancer>,
    pub services: BTreeMap<String, Service>,
    pub caches: BTreeMap<String, Cache>,
    pub databases: BTreeMap<String, Database>,
    pub queues: BTreeMap<String, Queue>,
    pub secrets: BTreeMap<String, Secret>,
    /// None: no alarms, notifications or dashboard.
    pub monitoring: Option<Monitoring>,
    pub rate_limits: BTreeMap<String, RateLimit>,
    /// Properties that replace those of a resource, by resource ID (`auto-scaling-group.api`), with
    /// the names and units of CloudFormation.
    pub overrides: Specs,
    /// Additional resources by resource ID, with the names and units of CloudFormation.
    pub resources: Specs,
    /// The warnings about the blueprint.
    #[serde(skip)]
    pub warnings: Diagnostics,
    /// The merged document, with variables replaced.
    #[serde(skip)]
    pub(super) document: Node,
}

impl Blueprint {
    /// Whether the document contains a section.
    pub fn has(&self, section: &str) -> bool {
        self.document.get(section).is_some()
    }

    /// The names of the entries of a section.
    pub fn names(&self, section: &str) -> impl Iterator<Item = &str> {
        let map = self.document.get(section).and_then(|section| section.map());
        map.into_iter().flat_map(|map| map.keys().map(String::as_str))
    }

    /// The `alarms` of a component such as `caches.hot`; none if the component does not exist or cannot
    /// have alarms.
    pub fn alarms(&self, component: &str) -> Option<&Alarms> {
        let (section, name) = component.split_once('.')?;
        match section {
            "caches" => self.caches.get(name).map(|cache| &cache.alarms),
            "cdn" => self.cdn.get(name).map(|cdn| &cdn.alarms),
            "databases" => self.databases.get(name).map(|database| &database.alarms),
            "load_balancers" => self.load_balancers.get(name).map(|balancer| &balancer.alarms),
            "queues" => self.queues.get(name).map(|queue| &queue.alarms),
            "rate_limits" => self.rate_limits.get(name).map(|api| &api.alarms),
            "services" => self.services.get(name).map(|service| &service.alarms),
            _ => None,
        }
    }

    /// The text of the scalar at a dotted path.
    pub fn text(&self, path: &str) -> Option<&str> {
        let mut node = &self.document;
        for key in path.split('.') {
            node = node.get(key)?;
        }
        node.scalar().map(|scalar| scalar.text.as_str())
    }

    /// An error about the value at a dotted path (`services.api.scale.max`). If the document does not
    /// contain the path, the error labels its nearest ancestor that the document contains.
    pub fn at(
        &self,
        path: &str,
        code: &'static str,
        summary: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let found = self.document.find(path);
        match found.value.scalar() {
            Some(_) => {
                Diagnostic::error(code, summary).label_at(&found.value.position, "").help(help)
            }
            None => self.at_key(path, code, summary, help),
        }
    }

    /// Like [`Blueprint::at`], but labels the key instead of the value.
    pub fn at_key(
        &self,
        path: &str,
        code: &'static str,
        summary: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let found = self.document.find(path);
        let position = found.key.unwrap_or(&found.value.position);
        Diagnostic::error(code, summary).label_at(position, "").help(help)
    }

    /// The blueprint as YAML, with overlays, `--set` and variables applied.
    pub fn to_yaml(&self) -> String {
        serde_yaml::to_string(&self.document.to_yaml()).unwrap_or_default()
    }
}

/// Decodes all sections.
pub(super) fn decode(fields: &mut Fields<'_>, options: &Options<'_>) -> Blueprint {
    fields.get("variables");
    let load_balancers =
        fields.optional("load_balancers", |value| value.named(load_balancer::decode));
    let services = fields.optional("services", |value| value.named(service::decode));
    let caches = fields.optional("caches", |value| value.named(cache::decode));
    let databases = fields.optional("databases", |value| value.named(database::decode));
    let services = services.unwrap_or_default();
    let slowest = service::slowest_handlers(&services);
    let queues =
        fields.optional("queues", |value| value.named(|value| queue::decode(value, &slowest)));
    let rate_limits = fields.optional("rate_limits", |value| value.named(rate_limit::decode));
    let network = fields.get("network").map(network::decode);
    let in_network = ["services", "load_balancers", "caches", "databases"];
    let needs_network = in_network.iter().any(|section| fields.has(section));
    let default_network = needs_network.then(|| network::default(fields.value.decoder));
    Blueprint {
        stack: fields.required("stack", "stack: shop", stack).unwrap_or_default(),
        region: region(fields, options).unwrap_or_default(),
        account: fields.optional("account", account),
        preset: fields.or("preset", Preset::Prod, |value| {
            value.word(&[("prod", Preset::Prod), ("dev", Preset::Dev)])
        }),
        domain: fields.optional("domain", domain),
        tags: fields.optional("tags", tags::decode).unwrap_or_default(),
        workload: fields.optional("workload", workload::decode),
        network: network.unwrap_or(default_network),
        cdn: fields.optional("cdn", |value| value.named(cdn::decode)).unwrap_or_default(),
        buckets: fields
            .optional("buckets", |value| value.named(bucket::decode))
            .unwrap_or_default(),
        load_balancers: load_balancers.unwrap_or_default(),
        caches: caches.unwrap_or_default(),
        databases: databases.unwrap_or_default(),
        services,
        queues: queues.unwrap_or_default(),
        secrets: fields
            .optional("secrets", |value| value.named(secret::decode))
            .unwrap_or_default(),
        monitoring: fields.optional("monitoring", monitoring::decode),
        rate_limits: rate_limits.unwrap_or_default(),
        overrides: fields.optional("overrides", overrides::decode).unwrap_or_default(),
        resources: fields.optional("resources", overrides::decode).unwrap_or_default(),
        warnings: Diagnostics::default(),
        document: fields.value.node.clone(),
    }
}

fn stack(value: Value<'_>) -> Option<String> {
    let name = value.text()?;
    if is_stack_name(name) {
        return Some(name.to_string());
    }
    let better: String = to_kebab_case(name).chars().take(20).collect();
    let better = better.trim_end_matches('-');
    let summary = format!("`{name}` is not a valid name of a stack");
    let label = "needs 2 to 20 letters and digits in kebab-case, starting with a letter";
    let report = value.error(code::BAD_NAME, summary, label);
    let help = if is_stack_name(better) { better } else { "shop" };
    value.report(report.help(format!("write it like `{help}`")));
    None
}

/// The region of `--region`, of the blueprint or of the environment, in this order.
fn region(fields: &mut Fields<'_>, options: &Options<'_>) -> Option<String> {
    if let Some(region) = &options.region {
        return region_option(fields, region);
    }
    match &options.fallback_region {
        Some(region) if !fields.has("region") => fallback_region(fields, region),
        _ => fields.required("region", "region: us-east-1", region_name),
    }
}

/// Checks the region of `--region`, which must not contradict the blueprint.
fn region_option(fields: &mut Fields<'_>, given: &str) -> Option<String> {
    if !is_region(given) {
        let summary = format!("`{given}` is not a region");
        let report = Diagnostic::error(code::MALFORMED, summary)
            .label(argument("--region", given, given.len()), "not valid")
            .help("write it like `us-east-1`");
        fields.value.report(report);
        return None;
    }
    let value = fields.get("region");
    let region = value.and_then(region_name);
    if let (Some(value), Some(region)) = (value, &region)
        && region != given
    {
        let summary =
            format!("the blueprint sets region `{region}`, but `--region` sets `{given}`");
        let report = value
            .error(code::TWO_REGIONS, summary, "the region of the stack")
            .label(argument("--region", given, given.len()), "a different region")
            .help("remove `--region`; a second region needs a blueprint with another `stack`");
        value.report(report);
    }
    Some(given.to_string())
}

/// Checks the region of the environment.
fn fallback_region(fields: &mut Fields<'_>, region: &str) -> Option<String> {
    // So that `region` is a known key.
    fields.get("region");
    if is_region(region) {
        return Some(region.to_string());
    }
    let report = Diagnostic::error(code::MALFORMED, format!("`{region}` is not a region"))
        .label(argument("environment", region, region.len()), "not valid")
        .help("set `AWS_REGION` to a region such as `us-east-1`, or add `region` to the blueprint");
    fields.value.report(report);
    None
}

fn region_name(value: Value<'_>) -> Option<String> {
    let name = value.text()?;
    if is_region(name) {
        return Some(name.to_string());
    }
    let without_zone = name.trim_end_matches(|last: char| last.is_ascii_lowercase());
    let help = if is_region(without_zone) { without_zone } else { "us-east-1" };
    value.malformed("a region", format!("write it like `{help}`"))
}

/// An account ID must be quoted, because a number would lose leading zeros.
fn account(value: Value<'_>) -> Option<String> {
    value.shaped(is_account_id, "a 12-digit account ID in quotes", "\"111122223333\"")
}

#[cfg(test)]
mod tests {
    use super::super::monitoring::alarm_rules::rules;
    use super::super::{SourceFile, load};
    use super::*;

    fn load_with(
        text: &str,
        region: Option<&str>,
        fallback: Option<&str>,
        sets: &[(&str, &str)],
    ) -> Result<Blueprint, Diagnostics> {
        let owned = |text: &str| text.to_string();
        let options = Options {
            sets: sets.iter().map(|(path, value)| (owned(path), owned(value))).collect(),
            region: region.map(owned),
            fallback_region: fallback.map(owned),
            ..Options::default()
        };
        load(&[SourceFile::new("shop.yaml", text)], &options)
    }

    #[test]
    fn uses_the_fallback_region_only_if_no_other_region_is_set() {
        let region = |text: &str, region, sets: &[(&str, &str)]| {
            load_with(text, region, Some("ap-south-1"), sets).expect("a blueprint").region
        };
        let without = "stack: shop\n";
        assert_eq!(region(without, None, &[]), "ap-south-1");
        assert_eq!(region("stack: shop\nregion: eu-west-1\n", None, &[]), "eu-west-1");
        assert_eq!(region(without, None, &[("region", "us-east-1")]), "us-east-1");
        assert_eq!(region(without, Some("us-west-2"), &[]), "us-west-2");
    }

    #[test]
    fn reports_an_invalid_fallback_region_only_if_it_is_used() {
        let report = load_with("stack: shop\n", None, Some("virginia"), &[]).unwrap_err();
        assert!(report.to_string().starts_with("environment:1:1: error[E0408]"), "{report}");
        let region = "stack: shop\nregion: eu-west-1\n";
        assert!(load_with(region, None, Some("virginia"), &[]).is_ok());
        let empty = load_with("stack: shop\nregion:\n", None, Some("eu-west-1"), &[]).unwrap_err();
        assert!(empty.to_string().contains("error[E0201]"), "{empty}");
    }

    #[test]
    fn finds_the_alarms_of_every_section_with_rules() {
        let text = "stack: shop
region: us-east-1
monitoring: {}
load_balancers: { a: { alarms: { rejected: false } } }
services:
  a:
    image: ami-0a1b2c3d
    instances: [m7g.large]
    port: 8080
    routes: [{ load_balancer: a }]
    alarms: { cpu: false }
caches: { a: { alarms: { cpu: false } } }
databases: { a: { alarms: { cpu: false } } }
queues: { a: { alarms: { age: false } } }
cdn: { a: { routes: [{ paths: [/*], to: load_balancers.a }], alarms: { error_rate: false } } }
rate_limits: { a: { to: load_balancers.a, alarms: { throttled: false } } }
";
        let blueprint =
            load_with(text, None, None, &[]).unwrap_or_else(|report| panic!("{report}"));
        let with_rules: Vec<&str> = blueprint
            .document
            .map()
            .into_iter()
            .flat_map(|map| map.keys().map(String::as_str))
            .filter(|section| !rules(section).is_empty())
            .collect();
        assert_eq!(with_rules.len(), 7, "{with_rules:?}");
        for section in with_rules {
            let alarms = blueprint.alarms(&format!("{section}.a"));
            assert_eq!(alarms.map(BTreeMap::len), Some(1), "{section}");
            assert_eq!(blueprint.alarms(&format!("{section}.b")), None);
        }
        assert_eq!(blueprint.alarms("monitoring"), None);
    }
}
